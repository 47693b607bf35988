//! UPDATEs built: attributes that routes share, and as few messages as hold the routes (RFC 4271 §4.3, RFC 7606 §5.1).

use core::cell::Cell;

use bgp_codec::attribute::{Attributes, NextHop};
use bgp_codec::build::{SharedAttributes, Updates, WriteRoute, end_of_rib};
use bgp_codec::nlri::{Label, Labeled, NLRI, RouteDistinguisher, RouteFormat, Vpn};
use bgp_codec::{
    Afi, AttributeType, AttributeValue, Family, Fault, FieldError, IpPrefix, Ipv4Prefix, Ipv6Prefix, Negotiated, Nlri,
    Route, Rule, Safi,
};

use super::{BgpAttribute, BgpFamily, BgpRoute, BgpSession, tell_written};
use crate::border::{Outcome, answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// Writes attributes as they stand in each message of a session, in ascending order of their types, to `to`; `written` gets how many bytes. An
/// attribute's value is numbers, as `cc_bgp_attribute` has them, or, of other types, bytes at `offset`. Whether it is optional and transitive is
/// told by its type, and by its flags where that is not known. To a peer of 2-octet AS numbers AS4_PATH and AS4_AGGREGATOR are added where they are needed (RFC 6793 §4.2.2). MP_REACH_NLRI
/// and MP_UNREACH_NLRI are not among them: `cc_bgp_announce` and `cc_bgp_withdraw` write them.
///
/// `CC_STATUS_ROOM` if `to` is too short; `CC_STATUS_ARGUMENT`, `CC_STATUS_UNBUILDABLE`, `CC_STATUS_MALFORMED` and `CC_STATUS_TRUNCATED` for what a peer would find fault
/// with, or a session that can be none. Any number of threads may call it. `error` may be null.
///
/// # Safety
/// `session` points to one, `attributes` to `count` of them, `words` to `words_len` numbers, `bytes` to `len` bytes, `to` to `room` bytes,
/// `written` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_attributes_build(
    session: *const BgpSession,
    attributes: *const BgpAttribute,
    count: usize,
    words: *const u32,
    words_len: usize,
    bytes: *const u8,
    len: usize,
    to: *mut u8,
    room: usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the attributes.
        let attributes = unsafe { slice(attributes, count) }?;
        // SAFETY: the caller's promise of the numbers.
        let words = unsafe { slice(words, words_len) }?;
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        // As they stand on the wire with 4-octet AS numbers, to be read back: what is read is what is written.
        let mut wire = Vec::new();
        attributes.iter().try_for_each(|attribute| put(attribute, words, bytes, &mut wire))?;
        *written = write(&wire, &session, to).map_err(|fault| CodecError::of_fault(&fault, fault))?;
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn write(wire: &[u8], session: &Negotiated, to: &mut [u8]) -> Result<usize, Fault> {
    let all = Attributes::new(wire, 0);
    let four_octet = Negotiated::assumed();
    let values = all.filter(|attribute| is_words(attribute.kind)).map(|attribute| attribute.parse(&four_octet));
    let values = values.collect::<Result<Vec<AttributeValue<'_>>, FieldError>>()?;
    let passed_on = all.filter(|attribute| !is_words(attribute.kind));
    Ok(SharedAttributes::write_with(&values, passed_on, session, to)?.as_bytes().len())
}

/// Whether an attribute's value is handed in as numbers.
const fn is_words(kind: AttributeType) -> bool {
    matches!(kind.0, 1..=10 | 16..=18 | 25 | 32 | 35)
}

/// Writes an attribute as it stands on the wire.
fn put(attribute: &BgpAttribute, words: &[u32], bytes: &[u8], to: &mut Vec<u8>) -> Outcome<()> {
    let kind = AttributeType(attribute.kind);
    let past =
        |field| CodecError::argument_in_words(field, attribute.kind.into(), "an attribute's value goes past the end");
    let mut value = Vec::new();
    if is_words(kind) {
        let of = words.get(attribute.words_start as usize..);
        let of = of.and_then(|from| from.get(..attribute.words_count as usize)).ok_or_else(|| past("words_start"))?;
        put_words(kind, of, &mut value);
    } else {
        let of = bytes.get(attribute.offset as usize..);
        value.extend(of.and_then(|from| from.get(..attribute.length.into())).ok_or_else(|| past("offset"))?);
    }
    let length = u16::try_from(value.len()).map_err(|_| past("words_count"))?;
    let category = kind.flags().map_or(attribute.flags & 0xc0, |flags| flags.0);
    let flags = category | attribute.flags & 0x30;
    match u8::try_from(length) {
        Ok(length) if flags & 0x10 == 0 => to.extend([flags, kind.0, length]),
        _ => {
            let [high, low] = length.to_be_bytes();
            to.extend([flags | 0x10, kind.0, high, low]);
        }
    }
    to.extend(value);
    Ok(())
}

/// Writes numbers as a type has them.
fn put_words(kind: AttributeType, words: &[u32], to: &mut Vec<u8>) {
    match kind {
        AttributeType::ORIGIN => to.extend(words.iter().map(|word| u8::try_from(*word).unwrap_or(u8::MAX))),
        AttributeType::AS_PATH | AttributeType::AS4_PATH => {
            let mut words = words.iter();
            while let Some(segment) = words.next() {
                let [_, _, kind, count] = segment.to_be_bytes();
                to.extend([kind, count]);
                words.by_ref().take(count.into()).for_each(|number| to.extend(number.to_be_bytes()));
            }
        }
        _ => words.iter().for_each(|word| to.extend(word.to_be_bytes())),
    }
}

/// Announces routes of a family: writes messages back to back to `to`, as few as hold them, as long as there is room for another of full
/// length. `written` gets how many bytes, `taken` how many routes are in them: the rest is handed in again. `attributes` are of
/// `cc_bgp_attributes_build`, for a session of the same kind. Without a next hop IPv4 unicast routes go to the NLRI, and NEXT_HOP is among the
/// attributes; with one, routes go to MP_REACH_NLRI. It has as many bytes as there (RFC 4760 §3): 4, 16 or 32, and in VPNs 8 more an address.
///
/// A route is a prefix with at most one label, of the family; or, if it is none or has several labels, the `length` bytes at `offset` of
/// `bytes`, without a path identifier. Where it stands (`place`) is not looked at.
///
/// `CC_STATUS_ROOM`: not even one route fits. `CC_STATUS_ARGUMENT`, `CC_STATUS_UNBUILDABLE`, `CC_STATUS_MALFORMED`, `CC_STATUS_TRUNCATED`: the session, the attributes, the
/// next hop or the first of the routes is nothing that a peer takes. Nothing is taken then. Any number of threads may call it. Nothing is
/// allocated. `error` may be null.
///
/// # Safety
/// `session` points to one, `attributes`, `next_hop` and `bytes` to as many bytes as are said, `routes` to `count` of them, `to` to `room` bytes,
/// `taken` and `written` to a number each, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_announce(
    session: *const BgpSession,
    family: BgpFamily,
    attributes: *const u8,
    attributes_len: usize,
    next_hop: *const u8,
    next_hop_len: usize,
    routes: *const BgpRoute,
    count: usize,
    bytes: *const u8,
    len: usize,
    to: *mut u8,
    room: usize,
    taken: *mut usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the attributes.
        let attributes = unsafe { slice(attributes, attributes_len) }?;
        // SAFETY: the caller's promise of the next hop.
        let next_hop = unsafe { slice(next_hop, next_hop_len) }?;
        // SAFETY: the caller's promise of the routes.
        let routes = unsafe { slice(routes, count) }?;
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of what was taken.
        let taken = unsafe { owned(taken) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        (*taken, *written) = (0, 0);
        let failed = |fault: Fault| CodecError::of_fault(&fault, fault);
        let attributes = SharedAttributes::from_bytes(attributes, &session).map_err(failed)?;
        let given = Given::all(routes, bytes, family);
        let family = Family::from(family);
        let updates = match next_hop.is_empty() && family == Family::IPV4_UNICAST {
            true => Updates::announce_ipv4(attributes, given.routes(), &session),
            false => Updates::announce(family, NextHop::parse(next_hop), attributes, given.routes(), &session),
        };
        given.pack(updates.map_err(failed)?, session.max_len_built(), to, taken, written)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Withdraws routes of a family, as `cc_bgp_announce` announces them: IPv4 unicast in front, others in MP_UNREACH_NLRI. Labels are not looked at.
/// Any number of threads may call it.
///
/// # Safety
/// As `cc_bgp_announce`'s.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_withdraw(
    session: *const BgpSession,
    family: BgpFamily,
    routes: *const BgpRoute,
    count: usize,
    bytes: *const u8,
    len: usize,
    to: *mut u8,
    room: usize,
    taken: *mut usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the routes.
        let routes = unsafe { slice(routes, count) }?;
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of what was taken.
        let taken = unsafe { owned(taken) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        (*taken, *written) = (0, 0);
        let given = Given::all(routes, bytes, family);
        let updates = Updates::withdraw(family.into(), given.routes(), &session);
        let updates = updates.map_err(|fault| CodecError::of_fault(&fault, fault))?;
        given.pack(updates, session.max_len_built(), to, taken, written)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Writes the message that says that all routes of a family have been sent (RFC 4724 §2) to `to`; `written` gets how many bytes it has.
/// `CC_STATUS_ROOM` if there is less room than the error's limit. Any number of threads may call it. `error` may be null.
///
/// # Safety
/// `to` points to `room` bytes, `written` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_end_of_rib_build(
    family: BgpFamily,
    to: *mut u8,
    room: usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        tell_written(end_of_rib(family.into(), to), written)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Routes as C hands them in, and how many of them were asked for.
struct Given<'a> {
    routes: &'a [BgpRoute],
    bytes: &'a [u8],
    family: BgpFamily,
    pulled: Cell<usize>,
}

impl<'a> Given<'a> {
    const fn all(routes: &'a [BgpRoute], bytes: &'a [u8], family: BgpFamily) -> Self {
        Self { routes, bytes, family, pulled: Cell::new(0) }
    }

    fn routes(&self) -> impl Iterator<Item = GivenRoute<'a>> + use<'a, '_> {
        self.routes.iter().map(|route| {
            self.pulled.set(self.pulled.get().wrapping_add(1));
            GivenRoute { route, bytes: self.bytes, family: self.family }
        })
    }

    /// Writes messages as long as there is room.
    fn pack<I: Iterator<Item = GivenRoute<'a>>>(
        &self,
        mut updates: Updates<'_, I>,
        max_len: u16,
        to: &mut [u8],
        taken: &mut usize,
        written: &mut usize,
    ) -> Outcome<()> {
        loop {
            let free = to.get_mut(*written..).unwrap_or_default();
            if *written > 0 && free.len() < max_len.into() {
                break;
            }
            match updates.next(free) {
                Ok(Some(message)) => *written = written.wrapping_add(message.len()),
                Ok(None) => break,
                Err(error) if *written == 0 => return Err(CodecError::of_layer(0, &error, error)),
                // The route is told of when it is the first.
                Err(_) => {
                    *taken = self.pulled.get().saturating_sub(1);
                    return Ok(());
                }
            }
        }
        // Of what was asked for, the last is in no message if there is one to be written yet.
        let is_left = !matches!(updates.next(&mut []), Ok(None));
        *taken = self.pulled.get().wrapping_sub(is_left.into());
        Ok(())
    }
}

/// A route, as it is handed in.
struct GivenRoute<'a> {
    route: &'a BgpRoute,
    bytes: &'a [u8],
    family: BgpFamily,
}

impl GivenRoute<'_> {
    fn prefix(&self) -> Result<IpPrefix, FieldError> {
        let (address, len) = (self.route.address, self.route.prefix_length);
        let [a, b, c, d, ..] = address;
        Ok(match Afi(self.family.afi) {
            Afi::IPV6 => IpPrefix::V6(Ipv6Prefix::new(address.into(), len)?),
            _ => IpPrefix::V4(Ipv4Prefix::new([a, b, c, d].into(), len)?),
        })
    }
}

impl WriteRoute for GivenRoute<'_> {
    fn can_be_of(_: Family) -> bool {
        true
    }

    fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, FieldError> {
        let refused = |field, value: usize| FieldError::Unbuildable { layer: NLRI, field, value, rule: Rule::Known };
        let Self { route, bytes, family } = *self;
        if (route.afi, route.safi) != (family.afi, family.safi) {
            return Err(refused("family of the route", route.afi.into()));
        }
        let path_id = (route.has_path_id != 0).then_some(route.path_id);
        let write =
            |nlri: Nlri<'_>, to: &mut [u8]| Route { family: format.family, path_id, nlri }.write_route(format, to);
        if route.is_prefix == 0 || route.labels > 1 {
            let raw = bytes.get(route.offset as usize..).and_then(|from| from.get(..route.length.into()));
            let (nlri, rest) = Nlri::split(format, raw.ok_or_else(|| refused("offset", route.offset as usize))?)?;
            return match rest {
                [] => write(nlri, to),
                _ => Err(refused("length", route.length.into())),
            };
        }
        let (prefix, label) = (self.prefix()?, [Label::new(route.label, true)]);
        let labels = label.get(..route.labels.into()).unwrap_or_default();
        match (format.family.safi, prefix) {
            (Safi::UNICAST | Safi::MULTICAST, IpPrefix::V4(prefix)) => write(Nlri::Ipv4(prefix), to),
            (Safi::UNICAST | Safi::MULTICAST, IpPrefix::V6(prefix)) => write(Nlri::Ipv6(prefix), to),
            (Safi::LABELED, prefix) => write(Nlri::Labeled(Labeled { labels, prefix }), to),
            (Safi::VPN | Safi::VPN_MULTICAST, prefix) => {
                let distinguisher = RouteDistinguisher(route.distinguisher);
                write(Nlri::Vpn(Vpn { labels, distinguisher, prefix }), to)
            }
            _ => Err(refused("prefix in a family that has none", format.family.safi.0.into())),
        }
    }
}
