//! Building UPDATEs: attributes that routes share are written once, the routes are packed into as few messages as hold them.
//!
//! The attributes stand in ascending order of their types, with MP_REACH_NLRI or MP_UNREACH_NLRI in front of all (RFC 7606
//! §5.1). A message is as long as the session allows (RFC 8654). To a peer that knows 2-octet AS numbers only, AS_TRANS and
//! AS4_PATH or AS4_AGGREGATOR are sent (RFC 6793 §4.2.2).

use core::cell::Cell;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::IntoBytes;

use crate::attribute::as_path::write_path_without_confederation;
use crate::attribute::{AttributeFlags, AttributeType, AttributeValue, NextHop, write_header};
use crate::family::{Afi, Family, Safi};
use crate::header::{HEADER_LEN, MESSAGE, MessageHeader, MessageType, build};
use crate::nlri::{Route, RouteFormat};
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::value::prefix::{Ipv4Prefix, Ipv6Prefix};

/// The attributes that routes share, as they stand in each message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedAttributes<'b> {
    bytes: &'b [u8],
}

impl<'b> SharedAttributes<'b> {
    /// Writes attributes to the start of `to`, in ascending order of their types, whatever the order of `values`.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if `to` is too short; [`Error::Unbuildable`] if a type stands there twice, or is MP_REACH_NLRI or
    /// MP_UNREACH_NLRI, which [`Updates`] writes. What stands in `to` then is of no account.
    pub fn write(values: &[AttributeValue<'_>], session: &Negotiated, to: &'b mut [u8]) -> Result<Self, Error> {
        let is_routes =
            |value: &AttributeValue<'_>| matches!(value, AttributeValue::MpReach(_) | AttributeValue::MpUnreach(_));
        let is_ascending = values.is_sorted_by(|a, b| a.kind() < b.kind());
        if values.iter().any(is_routes) || !is_ascending && has_repeated(values) {
            let rule = Rule::AtMost(1);
            return Err(Error::Unbuildable { layer: MESSAGE, field: "attributes of a type", value: 2, rule });
        }
        let mut writer = Writer::new(MESSAGE, to);
        if is_ascending && values.iter().all(|value| !needs_four_octets(value, session.as_size())) {
            values.iter().try_for_each(|value| value.write(session.as_size(), &mut writer))?;
        } else {
            write_sorted(values, session, &mut writer)?;
        }
        Ok(Self { bytes: writer.into_written() })
    }

    /// Attributes that were written before, taken over from a received UPDATE perhaps. They are not looked at.
    #[must_use]
    pub const fn from_bytes(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// The attributes as they stand on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &'b [u8] {
        self.bytes
    }
}

fn write_sorted(values: &[AttributeValue<'_>], session: &Negotiated, to: &mut Writer<'_>) -> Result<(), Error> {
    let size = session.as_size();
    let mut next = 0_u16;
    // The least type that was not written yet, until there is none: a handful of attributes needs no sorting.
    while let Some(kind) = values.iter().flat_map(|value| types(value, size)).filter(|kind| *kind >= next).min() {
        next = kind + 1;
        let kind = AttributeType(kind as u8);
        for value in values {
            match value {
                value if value.kind() == kind => {
                    value.write(size, to)?;
                }
                //= RFC 6793 §4.2.2/as4-path
                AttributeValue::AsPath(path) if kind == AttributeType::AS4_PATH && needs_four_octets(value, size) => {
                    let mut count = Writer::count(MESSAGE);
                    //= RFC 6793 §3/no-confederation
                    write_path_without_confederation(*path, &mut count)?;
                    write_header(AttributeFlags::OPTIONAL_TRANSITIVE, kind, count.len(), to)?;
                    write_path_without_confederation(*path, to)?;
                }
                //= RFC 6793 §4.2.2/aggregator
                AttributeValue::Aggregator(of)
                    if kind == AttributeType::AS4_AGGREGATOR && needs_four_octets(value, size) =>
                {
                    AttributeValue::As4Aggregator(*of).write(size, to)?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The types of the attributes that a value becomes: itself, and what a 2-octet peer needs beside it.
fn types(value: &AttributeValue<'_>, size: AsSize) -> impl Iterator<Item = u16> + use<> {
    let beside = match value {
        AttributeValue::AsPath(_) => AttributeType::AS4_PATH,
        _ => AttributeType::AS4_AGGREGATOR,
    };
    let beside = needs_four_octets(value, size).then_some(u16::from(beside.0));
    [Some(u16::from(value.kind().0)), beside].into_iter().flatten()
}

fn needs_four_octets(value: &AttributeValue<'_>, size: AsSize) -> bool {
    //= RFC 6793 §4.1/not-sent, §4.2.2/not-needed
    size == AsSize::Two
        && match value {
            AttributeValue::AsPath(path) => path.needs_four_octets(),
            AttributeValue::Aggregator(aggregator) => aggregator.as_number > u32::from(u16::MAX),
            _ => false,
        }
}

fn has_repeated(values: &[AttributeValue<'_>]) -> bool {
    let mut rest = values;
    while let [first, others @ ..] = rest {
        if others.iter().any(|other| other.kind() == first.kind()) {
            return true;
        }
        rest = others;
    }
    false
}

/// What can be written as a route of a family.
pub trait WriteRoute {
    /// Writes it to the start of `to`, with a path identifier if the format has them: 0 where the route has none. How many
    /// bytes it took.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if a part exceeds what its length has room for, or if it is a route of another
    /// family than the format's. What stands in `to` then is of no account.
    fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error>;

    /// Whether routes of this kind can be of a family.
    #[must_use]
    fn can_be_of(family: Family) -> bool;

    /// The most bytes that a route takes, with a path identifier or without; `usize::MAX` where that is not known. Routes that
    /// are short are written several between two looks at the room there is.
    #[inline(always)]
    #[must_use]
    fn longest(_has_path_ids: bool) -> usize {
        usize::MAX
    }
}

macro_rules! write_route {
    ($($prefix:ty, $afi:ident, $longest:expr;)*) => {$(
        impl WriteRoute for $prefix {
            #[inline(always)]
            fn longest(has_path_ids: bool) -> usize {
                if has_path_ids { 4 + $longest } else { $longest }
            }

            #[inline(always)]
            fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error> {
                if format.has_path_ids { (0, *self).write_route(format, to) } else { self.write_to(to) }
            }

            fn can_be_of(family: Family) -> bool {
                family.afi == Afi::$afi && matches!(family.safi, Safi::UNICAST | Safi::MULTICAST)
            }
        }

        impl WriteRoute for (u32, $prefix) {
            #[inline(always)]
            fn longest(has_path_ids: bool) -> usize {
                <$prefix>::longest(has_path_ids)
            }

            #[inline(always)]
            fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error> {
                let (path_id, prefix) = self;
                if !format.has_path_ids {
                    return prefix.write_to(to);
                }
                let available = to.len();
                let no_room = Error::NoRoom { layer: MESSAGE, needed: 4 + prefix.wire_len(), available };
                let (slot, behind) = to.split_first_chunk_mut().ok_or(no_room)?;
                //= RFC 7911 §3/opaque
                *slot = path_id.to_be_bytes();
                prefix.write_to(behind).map(|len| len + 4)
            }

            fn can_be_of(family: Family) -> bool {
                <$prefix>::can_be_of(family)
            }
        }
    )*};
}

write_route! {
    Ipv4Prefix, IPV4, 5;
    Ipv6Prefix, IPV6, 17;
}

impl WriteRoute for Route<'_> {
    fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error> {
        let write = |to: &mut Writer<'_>| {
            if format.has_path_ids {
                to.u32(self.path_id.unwrap_or(0))?;
            }
            self.nlri.write(format, to)
        };
        let mut count = Writer::count(MESSAGE);
        write(&mut count)?;
        let (needed, available) = (count.len(), to.len());
        if needed > available {
            return Err(Error::NoRoom { layer: MESSAGE, needed, available });
        }
        write(&mut Writer::new(MESSAGE, to))?;
        Ok(needed)
    }

    fn can_be_of(_: Family) -> bool {
        true
    }
}

/// Where in an UPDATE the routes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
//= RFC 7606 §5.1/one
enum Place<'a> {
    Nlri,
    Withdrawn,
    Reach(Family, NextHop<'a>),
    Unreach(Family),
}

/// UPDATEs for routes: one after the other, until all routes are in one.
///
/// ```
/// use bgp_codec::attribute::{AsPath, Origin};
/// use bgp_codec::build::{SharedAttributes, Updates};
/// use bgp_codec::{Ipv4Prefix, Negotiated, Update, AttributeValue};
///
/// let session = Negotiated::assumed();
/// let blocks: [Ipv4Prefix; 2] = ["10.244.1.0/26".parse()?, "10.244.1.64/26".parse()?];
/// let values = [AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(AsPath::EMPTY), AttributeValue::NextHop([192, 0, 2, 1].into())];
/// let mut area = [0; 64];
/// let attributes = SharedAttributes::write(&values, &session, &mut area)?;
/// let mut updates = Updates::announce_ipv4(attributes, blocks.iter().copied(), &session);
/// let mut buffer = [0; 4096];
/// while let Some(message) = updates.next(&mut buffer)? {
///     let update = Update::parse(&message[19..], &session)?;
///     assert!(update.validate().is_accept());
///     assert!(update.nlri().map(|(_, prefix)| prefix).eq(blocks));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Updates<'a, I: Iterator> {
    place: Place<'a>,
    attributes: &'a [u8],
    format: RouteFormat,
    max_len: usize,
    routes: I,
    pending: Option<I::Item>,
}

impl<'a, R: WriteRoute, I: Iterator<Item = R>> Updates<'a, I> {
    /// Announces IPv4 unicast routes in the NLRI. NEXT_HOP is among the attributes.
    pub fn announce_ipv4(attributes: SharedAttributes<'a>, routes: I, session: &Negotiated) -> Self {
        Self::new(Place::Nlri, Family::IPV4_UNICAST, attributes.bytes, routes, session)
    }

    /// Announces routes of any family in MP_REACH_NLRI.
    pub fn announce(
        family: Family,
        next_hop: NextHop<'a>,
        attributes: SharedAttributes<'a>,
        routes: I,
        session: &Negotiated,
    ) -> Self {
        Self::new(Place::Reach(family, next_hop), family, attributes.bytes, routes, session)
    }

    /// Withdraws routes: in MP_UNREACH_NLRI, but for IPv4 unicast.
    pub fn withdraw(family: Family, routes: I, session: &Negotiated) -> Self {
        let place = if family == Family::IPV4_UNICAST { Place::Withdrawn } else { Place::Unreach(family) };
        Self::new(place, family, &[], routes, session)
    }

    fn new(place: Place<'a>, family: Family, attributes: &'a [u8], routes: I, session: &Negotiated) -> Self {
        //= RFC 7911 §5/encoding
        let format = match place {
            Place::Nlri | Place::Reach(..) => session.sent(family),
            Place::Withdrawn | Place::Unreach(_) => session.sent_withdrawn(family),
        };
        let max_len = usize::from(session.max_len_send);
        Self { place, attributes, format, max_len, routes, pending: None }
    }

    /// Writes the next message to the start of `to`; `None` when all routes are in one. A message is as long as the session
    /// and `to` allow.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if not even one route fits; [`Error::Unbuildable`] for a route that cannot be written. Nothing is
    /// written then, and the route is left out.
    #[inline]
    pub fn next<'b>(&mut self, to: &'b mut [u8]) -> Result<Option<&'b [u8]>, Error> {
        let Some(first) = self.pending.take().or_else(|| self.routes.next()) else {
            return Ok(None);
        };
        let len = self.write(first, to)?;
        Ok(to.get(..len))
    }

    /// The bytes in front of the routes and behind them, at least.
    fn around(&self) -> Result<(usize, usize), Error> {
        let behind = self.attributes.len();
        Ok(match self.place {
            Place::Nlri => (HEADER_LEN + 4 + behind, 0),
            Place::Withdrawn => (HEADER_LEN + 2, 2),
            Place::Unreach(_) => (HEADER_LEN + 4 + 4 + 3, behind),
            //= RFC 7606 §5.1/first
            Place::Reach(_, next_hop) => {
                let mut count = Writer::count(MESSAGE);
                next_hop.write(&mut count)?;
                (HEADER_LEN + 4 + 4 + 5 + count.len(), behind)
            }
        })
    }

    #[inline]
    fn write(&mut self, first: R, to: &mut [u8]) -> Result<usize, Error> {
        let (before, behind) = self.around()?;
        let available = self.max_len.min(to.len());
        let format = self.format;
        let no_room = |first: &R| {
            // What no room has room for says how much it needs.
            let needed = match first.write_route(format, &mut []) {
                Err(Error::NoRoom { needed, .. }) => needed,
                Err(other) => return other,
                Ok(len) => len,
            };
            Error::NoRoom { layer: MESSAGE, needed: before + needed + behind, available }
        };
        // The routes come first, in their place: as long as none fits, nothing else is written.
        let limit = available.saturating_sub(behind);
        let free = to.get_mut(before..limit).ok_or_else(|| no_room(&first))?;
        let mut used = first.write_route(self.format, free).map_err(|_| no_room(&first))?;
        used += self.write_blocks(free.get_mut(used..).unwrap_or_default());
        while self.pending.is_none() {
            let Some(route) = self.routes.next() else { break };
            match free.get_mut(used..).map(|to| route.write_route(self.format, to)) {
                Some(Ok(len)) => used += len,
                _ => self.pending = Some(route),
            }
        }
        let end = before + used;
        let mut writer = Writer::new(MESSAGE, to);
        self.write_front(&mut writer)?;
        self.finish(to, before, end)
    }

    /// Writes routes as long as there is room for a whole block of them; how many bytes. In a block nothing is left to be
    /// checked: an offset of at most 31 in 64 bytes has room for any route that is short.
    #[inline(always)]
    fn write_blocks(&mut self, free: &mut [u8]) -> usize {
        const BLOCK: usize = 64;
        const OFFSETS: usize = 31;
        let in_block = 1 + OFFSETS / R::longest(self.format.has_path_ids);
        let mut used = 0;
        if in_block == 1 {
            return used;
        }
        while let Some(block) = free.get_mut(used..).and_then(|free| free.first_chunk_mut::<BLOCK>()) {
            let mut at = 0;
            for _ in 0..in_block {
                let Some(route) = self.routes.next() else { return used + at };
                let to = block.get_mut(at & OFFSETS..).unwrap_or_default();
                let Ok(len) = route.write_route(self.format, to) else {
                    self.pending = Some(route);
                    return used + at;
                };
                at += len;
            }
            used += at;
        }
        used
    }

    /// What stands in front of the routes, its lengths not known yet.
    fn write_front(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(MessageHeader::new(MessageType::UPDATE, 0).as_bytes())?.u16(0)?;
        let header = |kind: AttributeType| [AttributeFlags::OPTIONAL.0 | 0x10, kind.0, 0, 0];
        match self.place {
            Place::Withdrawn => {}
            Place::Nlri => {
                to.u16(self.attributes.len() as u16)?.put(self.attributes)?;
            }
            Place::Unreach(family) => {
                to.u16(0)?.put(&header(AttributeType::MP_UNREACH_NLRI))?.put(&family.to_bytes())?;
            }
            Place::Reach(family, next_hop) => {
                to.u16(0)?.put(&header(AttributeType::MP_REACH_NLRI))?.put(&family.to_bytes())?;
                //= RFC 4760 §3/reserved-zero
                to.with_len_u8(0, |to| next_hop.write(to))?.u8(0)?;
            }
        }
        Ok(())
    }

    /// Fills lengths in, and puts behind the routes what belongs there. The routes stand from `start` to `end`.
    fn finish(&self, to: &mut [u8], start: usize, mut end: usize) -> Result<usize, Error> {
        const ATTRIBUTES: usize = HEADER_LEN + 4;
        let value = end.saturating_sub(ATTRIBUTES + 4);
        match self.place {
            Place::Nlri => {}
            Place::Withdrawn => {
                set_u16(to, HEADER_LEN, end - start);
                set_u16(to, end, 0);
                end += 2;
            }
            Place::Reach(..) | Place::Unreach(_) => {
                if value > 255 {
                    set_u16(to, ATTRIBUTES + 2, value);
                } else {
                    // One byte of length is enough: what stands behind the second moves up.
                    let moved = to.get_mut(ATTRIBUTES + 3..end).unwrap_or_default();
                    let cells = Cell::from_mut(moved).as_slice_of_cells();
                    for pair in cells.windows(2) {
                        if let [to, from] = pair {
                            to.set(from.get());
                        }
                    }
                    if let Some([flags, _, len]) = to.get_mut(ATTRIBUTES..).and_then(|from| from.first_chunk_mut()) {
                        (*flags, *len) = (AttributeFlags::OPTIONAL.0, value as u8);
                    }
                    end -= 1;
                }
                let mut writer = Writer::new(MESSAGE, to.get_mut(end..).unwrap_or_default());
                writer.put(self.attributes)?;
                end += self.attributes.len();
                set_u16(to, HEADER_LEN + 2, end - ATTRIBUTES);
            }
        }
        set_u16(to, 16, end);
        Ok(end)
    }
}

fn set_u16(to: &mut [u8], at: usize, value: usize) {
    if let Some(slot) = to.get_mut(at..).and_then(|from| from.first_chunk_mut()) {
        *slot = (value as u16).to_be_bytes();
    }
}

/// Writes the message that says that all routes of a family have been sent (RFC 4724 §2).
///
/// # Errors
/// [`Error::NoRoom`] if `to` is too short. Nothing is written then.
pub fn end_of_rib(family: Family, to: &mut [u8]) -> Result<&[u8], Error> {
    build(MessageType::UPDATE, crate::header::MAX_LEN, to, |to| {
        if family == Family::IPV4_UNICAST {
            return to.write_all(&[&[0; 4]]);
        }
        let [a, b, c] = family.to_bytes();
        to.write_all(&[&[0, 0, 0, 6, AttributeFlags::OPTIONAL.0, AttributeType::MP_UNREACH_NLRI.0, 3, a, b, c]])
    })
}
