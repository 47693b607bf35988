//! UPDATEs in batches: routes, attributes and what is to be done, in the caller's memory.

use bgp_codec::attribute::{ATTRIBUTE, AsPath, Attribute, Attributes, MpReach, MpUnreach, NextHop, Segment};
use bgp_codec::framer::HEADER_LEN;
use bgp_codec::nlri::Routes;
use bgp_codec::validate::{AttributeSet, UpdateVisitor};
use bgp_codec::value::label::Label;
use bgp_codec::{
    AttributeType, AttributeValue, Error, FieldError, Framer, IpPrefix, Ipv4Prefix, Ipv6Prefix, MessageType,
    Negotiated, Nlri, Outcome as Answer, Update,
};
use core::net::Ipv4Addr;

use super::{BgpAction, BgpAttribute, BgpFrame, BgpNotification, BgpPlace, BgpRoom, BgpRoute, BgpSession, BgpUpdate};
use crate::border::{self, Outcome, answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// Bytes of a message in front of the withdrawn routes: header and length.
const BEFORE: usize = HEADER_LEN + 2;

/// Reads UPDATEs, `count` of them, where `frames` say that they stand in `bytes` (as `cc_bgp_frames` has it, or whoever has messages of
/// elsewhere). `updates` has a place for each, and gets what is to be done with it (RFC 7606): what is wrong with a message is in there, and
/// is no error. A message of another type has no routes and no attributes. `done` gets how many were read. Nothing is allocated. Any number
/// of threads may call it.
///
/// `CC_STATUS_OK`: all. `CC_STATUS_ROOM`: so many that the next does not fit into `room`; if that is the first, the room's counts say how
/// much it needs. `CC_STATUS_ARGUMENT`: a frame is not a whole message, or the session can be none. `CC_STATUS_NULL`. `error` may be null.
///
/// # Safety
/// `session` points to one, `bytes` to `len` bytes, `frames` and `updates` to `count` of them, `room` to one whose places are there, `done` to
/// a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_decode(
    session: *const BgpSession,
    bytes: *const u8,
    len: usize,
    frames: *const BgpFrame,
    updates: *mut BgpUpdate,
    count: usize,
    room: *mut BgpRoom,
    done: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the frames.
        let frames = unsafe { slice(frames, count) }?;
        // SAFETY: the caller's promise of the updates.
        let updates = unsafe { border::places(updates, count) }?;
        // SAFETY: the caller's promise of the room.
        let room = unsafe { owned(room) }?;
        // SAFETY: the caller's promise of `done`.
        let done = unsafe { owned(done) }?;
        // SAFETY: the caller's promise of the room's places.
        let mut to = unsafe { places(room) }?;
        *done = 0;
        let mut ended = Ok(());
        for (frame, update) in frames.iter().zip(updates) {
            let before = to.lengths();
            ended = message(bytes, frame)
                .and_then(|message| read(&session, message, &mut to, update.write(BgpUpdate::default())));
            if ended.is_err() {
                if to.fits() || *done > 0 {
                    to.set_lengths(before);
                }
                break;
            }
            *done += 1;
        }
        (room.routes_count, room.attributes_count, room.words_count) = to.lengths();
        ended
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Reads attributes alone, without what an UPDATE is checked for: of a route in a dump of a table (RFC 6396 §4.3.4). `room` gets them, with
/// offsets from the first of `bytes`; its routes are not looked at. Of MP_REACH_NLRI and MP_UNREACH_NLRI there are the bytes, since a table has
/// the next hop alone; AS_PATH and AGGREGATOR stand by themselves. `CC_STATUS_ROOM` if they do not fit: the room's counts say how much they
/// need. `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` for an attribute that cannot be read: those in front of it are good. Any number of
/// threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `session` points to one, `bytes` to `len` bytes, `room` to one whose places are there, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_attributes_read(
    session: *const BgpSession,
    bytes: *const u8,
    len: usize,
    room: *mut BgpRoom,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the room.
        let room = unsafe { owned(room) }?;
        // SAFETY: the caller's promise of the room's places.
        let mut to = unsafe { places(room) }?;
        let ended = attributes(&session, bytes, &mut to);
        (room.routes_count, room.attributes_count, room.words_count) = to.lengths();
        ended?;
        if to.fits() { Ok(()) } else { Err(CodecError::new(Status::Room, "the attributes do not fit")) }
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn attributes(session: &Negotiated, bytes: &[u8], to: &mut Sinks<'_>) -> Outcome<()> {
    let failed = |at: usize, error: FieldError| CodecError::of_layer(at, &error, error);
    let mut all = Attributes::new(bytes, 0);
    for attribute in all.by_ref() {
        let start = to.words.len;
        if !matches!(attribute.kind, AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI) {
            words(&attribute.parse(session).map_err(|error| failed(attribute.offset, error))?, &mut to.words);
        }
        to.attributes.push(place_of(&attribute, start, to.words.len.wrapping_sub(start)));
    }
    match all.as_bytes().len() {
        0 => Ok(()),
        available => {
            let (layer, needed) = (ATTRIBUTE, available.saturating_add(1));
            Err(failed(all.offset(), FieldError::Truncated { layer, needed, available }))
        }
    }
}

/// # Safety
/// The room's places are there, and nobody else looks at them meanwhile.
unsafe fn places<'r>(room: &BgpRoom) -> Outcome<Sinks<'r>> {
    // SAFETY: the caller's promise of the routes.
    let routes = unsafe { slice_mut(room.routes, room.routes_room) }?;
    // SAFETY: the caller's promise of the attributes.
    let attributes = unsafe { slice_mut(room.attributes, room.attributes_room) }?;
    // SAFETY: the caller's promise of the numbers.
    let words = unsafe { slice_mut(room.words, room.words_room) }?;
    Ok(Sinks { routes: Sink::new(routes), attributes: Sink::new(attributes), words: Sink::new(words) })
}

/// Takes values as long as there is room, and counts them all.
struct Sink<'r, T> {
    room: &'r mut [T],
    len: usize,
}

impl<'r, T> Sink<'r, T> {
    const fn new(room: &'r mut [T]) -> Self {
        Self { room, len: 0 }
    }

    #[inline(always)]
    fn push(&mut self, value: T) {
        if let Some(place) = self.room.get_mut(self.len) {
            *place = value;
        }
        self.len = self.len.wrapping_add(1);
    }

    /// The places that are left, and a count of their own: a loop over many has them in registers, and tells `len` in the end.
    fn places(&mut self) -> (core::slice::IterMut<'_, T>, &mut usize) {
        (self.room.get_mut(self.len..).unwrap_or_default().iter_mut(), &mut self.len)
    }
}

/// Where what is read goes.
struct Sinks<'r> {
    routes: Sink<'r, BgpRoute>,
    attributes: Sink<'r, BgpAttribute>,
    words: Sink<'r, u32>,
}

impl Sinks<'_> {
    const fn lengths(&self) -> (usize, usize, usize) {
        (self.routes.len, self.attributes.len, self.words.len)
    }

    const fn set_lengths(&mut self, to: (usize, usize, usize)) {
        (self.routes.len, self.attributes.len, self.words.len) = to;
    }

    const fn fits(&self) -> bool {
        self.routes.len <= self.routes.room.len()
            && self.attributes.len <= self.attributes.room.len()
            && self.words.len <= self.words.room.len()
    }
}

/// The bytes of a frame.
fn message<'a>(bytes: &'a [u8], frame: &BgpFrame) -> Outcome<&'a [u8]> {
    let part = bytes.get(frame.offset..).and_then(|from| from.get(..frame.length as usize));
    part.ok_or_else(|| {
        CodecError::argument_in_words("frame", frame.offset as u64, "a frame goes past the end of the bytes")
    })
}

/// Reads a message into the places.
fn read(session: &Negotiated, message: &[u8], to: &mut Sinks<'_>, update: &mut BgpUpdate) -> Outcome<()> {
    let before = to.lengths();
    let mut rest = message;
    match Framer::with_max_len(session.max_len_receive).next(&mut rest) {
        Err(error) => reset(&error, message, update),
        Ok(Some(frame)) if rest.is_empty() => {
            update.kind = frame.kind().0;
            if frame.kind() == MessageType::UPDATE {
                match Update::parse(frame.body(), session) {
                    Ok(parsed) => walk(&parsed, message, to, update),
                    Err(error) => reset(&error, message, update),
                }
            }
        }
        Ok(_) => {
            return Err(CodecError::argument_in_words("frame", message.len() as u64, "a frame is no whole message"));
        }
    }
    if update.action == BgpAction::SessionReset {
        to.set_lengths(before);
    }
    (update.routes_end, update.attributes_end, _) = to.lengths();
    if to.fits() { Ok(()) } else { Err(CodecError::new(Status::Room, "what an UPDATE says does not fit")) }
}

/// What ends a session.
#[cold]
fn reset(error: &Error, message: &[u8], update: &mut BgpUpdate) {
    let notification = BgpNotification::of(&error.notification(message), message);
    *update = BgpUpdate { kind: update.kind, action: BgpAction::SessionReset, notification, ..BgpUpdate::default() };
}

fn walk<'a>(of: &Update<'a>, message: &'a [u8], to: &mut Sinks<'_>, update: &mut BgpUpdate) {
    let routes = to.routes.len;
    update.end_of_rib = of.end_of_rib().map(Into::into).unwrap_or_default();
    withdrawn(of, &mut to.routes);
    let unread = nlri(of, message, &mut to.routes);
    let brief = if unread == 0 { brief(of, message) } else { None };
    let mut collector = Collector { of, to, update };
    let outcome = brief.as_ref().unwrap_or(of).walk(&mut collector);
    if !outcome.is_accept() {
        collector.unsound(&outcome, routes, message);
    }
}

/// The UPDATE with no more than the first route of its NLRI, which was read and is good: that is all that the walk asks of it, and it would read
/// the others again.
fn brief<'a>(of: &Update<'a>, message: &'a [u8]) -> Option<Update<'a>> {
    let mut others = of.nlri();
    others.next()?;
    let end = message.len().checked_sub(others.as_bytes().len())?;
    Update::parse(message.get(HEADER_LEN..end)?, of.session()).ok()
}

/// The routes in front.
fn withdrawn(of: &Update<'_>, to: &mut Sink<'_, BgpRoute>) {
    let routes = of.withdrawn_routes().routes();
    routes_of(routes, BgpPlace::Withdrawn, BEFORE.wrapping_add(routes.as_bytes().len()), to);
}

/// The routes at the end; how many bytes of them cannot be read.
fn nlri(of: &Update<'_>, message: &[u8], to: &mut Sink<'_, BgpRoute>) -> usize {
    routes_of(of.nlri().routes(), BgpPlace::Nlri, message.len(), to)
}

/// Takes the attributes that the walk comes by. Routes that stand beside them are taken in a loop of their own.
struct Collector<'c, 'r, 'a> {
    of: &'c Update<'a>,
    to: &'c mut Sinks<'r>,
    update: &'c mut BgpUpdate,
}

impl<'a> UpdateVisitor<'a> for Collector<'_, '_, 'a> {
    #[inline(always)]
    fn attribute(&mut self, attribute: &Attribute<'a>, value: AttributeValue<'a>) {
        let start = self.to.words.len;
        let behind = attribute.offset.wrapping_add(attribute.wire_len());
        match value {
            AttributeValue::MpReach(reach) => self.reach(&reach, behind),
            AttributeValue::MpUnreach(MpUnreach { routes, .. }) => {
                routes_of(routes, BgpPlace::Unreach, behind, &mut self.to.routes);
            }
            AttributeValue::NextHop(address) => {
                self.update.plain_next_hop = address.octets();
                self.to.words.push(address.to_bits());
            }
            AttributeValue::AsPath(_) if !self.of.session().four_octet_as => {
                segments(self.of.as_path().into_iter().flatten(), &mut self.to.words);
            }
            AttributeValue::Aggregator(own) if !self.of.session().four_octet_as => {
                let of = self.of.aggregator().unwrap_or(own);
                words(&AttributeValue::Aggregator(of), &mut self.to.words);
            }
            _ => words(&value, &mut self.to.words),
        }
        let count = self.to.words.len.wrapping_sub(start);
        self.to.attributes.push(place_of(attribute, start, count));
    }
}

impl Collector<'_, '_, '_> {
    fn reach(&mut self, reach: &MpReach<'_>, behind: usize) {
        next_hop(reach.next_hop(), self.update);
        routes_of(reach.routes, BgpPlace::Reach, behind, &mut self.to.routes);
    }

    /// What is done with an UPDATE that is not as it should be. Its routes are gathered again from what can be read, since the walk hands out
    /// none of an attribute in which one is wrong.
    #[cold]
    fn unsound(&mut self, outcome: &Answer, routes: usize, message: &[u8]) {
        let mut gone = AttributeSet::EMPTY;
        self.update.action = match *outcome {
            Answer::Accept => BgpAction::Accept,
            Answer::RouteDiscard => BgpAction::RouteDiscard,
            Answer::AttributeDiscard(_) => BgpAction::AttributeDiscard,
            Answer::TreatAsWithdraw => BgpAction::TreatAsWithdraw,
            Answer::DisableFamily { families, discarded } => {
                gone = discarded;
                self.update.families = families.map(|family| family.map(Into::into).unwrap_or_default());
                BgpAction::DisableFamily
            }
            Answer::SessionReset(error) => return reset(&error, message, self.update),
        };
        self.to.routes.len = routes;
        withdrawn(self.of, &mut self.to.routes);
        for kind in [AttributeType::MP_UNREACH_NLRI, AttributeType::MP_REACH_NLRI] {
            let Some(attribute) = self.of.attribute(kind).filter(|_| !gone.contains(kind)) else { continue };
            let behind = attribute.offset.wrapping_add(attribute.wire_len());
            match attribute.parse(self.of.session()) {
                Ok(AttributeValue::MpReach(reach)) => self.reach(&reach, behind),
                Ok(AttributeValue::MpUnreach(unreach)) => {
                    routes_of(unreach.routes, BgpPlace::Unreach, behind, &mut self.to.routes);
                }
                _ => {}
            }
        }
        nlri(self.of, message, &mut self.to.routes);
    }
}

/// Where an attribute's value and its numbers stand.
fn place_of(attribute: &Attribute<'_>, start: usize, count: usize) -> BgpAttribute {
    let length = attribute.value.len();
    BgpAttribute {
        words_start: start as u32,
        words_count: count as u32,
        offset: attribute.offset.wrapping_add(attribute.wire_len()).wrapping_sub(length) as u32,
        length: length as u16,
        kind: attribute.kind.0,
        flags: attribute.flags.0,
    }
}

/// The routes of a family, which end where `behind` is; how many bytes of them cannot be read.
fn routes_of(mut routes: Routes<'_>, place: BgpPlace, behind: usize, to: &mut Sink<'_, BgpRoute>) -> usize {
    let has_path_ids = routes.format().has_path_ids;
    let before = if has_path_ids { 4 } else { 0 };
    let (mut places, len) = to.places();
    let (mut rest, mut count) = (routes.as_bytes().len(), 0_usize);
    // What all have in common; a prefix is written over that, in few stores.
    let common = BgpRoute {
        afi: routes.family().afi.0,
        safi: routes.family().safi.0,
        place: place as u8,
        is_prefix: 1,
        has_path_id: has_path_ids.into(),
        ..BgpRoute::default()
    };
    let mut put = |left: usize, path_id: Option<u32>| {
        let (whole, behind_this) = (rest.wrapping_sub(left), behind.wrapping_sub(rest));
        (rest, count) = (left, count.wrapping_add(1));
        let route = places.next()?;
        *route = common;
        route.path_id = path_id.unwrap_or_default();
        route.offset = behind_this.wrapping_add(before) as u32;
        route.length = whole.wrapping_sub(before) as u16;
        Some(route)
    };
    // A loop each for the two that are seen often.
    if let Some(mut routes) = routes.ipv4() {
        while let Some((path_id, prefix)) = routes.next() {
            if let Some(route) = put(routes.as_bytes().len(), path_id) {
                route.set_ipv4(prefix);
            }
        }
    } else if let Some(mut routes) = routes.ipv6() {
        while let Some((path_id, prefix)) = routes.next() {
            if let Some(route) = put(routes.as_bytes().len(), path_id) {
                route.set_ipv6(prefix);
            }
        }
    } else {
        while let Some(of) = routes.next() {
            if let Some(route) = put(routes.as_bytes().len(), of.path_id) {
                route.set_nlri(&of.nlri);
            }
        }
    }
    *len = len.wrapping_add(count);
    rest
}

impl BgpRoute {
    #[inline(always)]
    fn set_ipv4(&mut self, prefix: Ipv4Prefix) {
        let [a, b, c, d, ..] = &mut self.address;
        [*a, *b, *c, *d] = prefix.address().octets();
        self.prefix_length = prefix.len();
    }

    #[inline(always)]
    fn set_ipv6(&mut self, prefix: Ipv6Prefix) {
        self.address = prefix.address().octets();
        self.prefix_length = prefix.len();
    }

    /// What it leads to, as far as that has a place of its own.
    pub(super) fn set_nlri(&mut self, nlri: &Nlri<'_>) {
        let labels: &[Label] = match nlri {
            Nlri::Labeled(of) => of.labels,
            Nlri::Vpn(of) => {
                self.distinguisher = of.distinguisher.0;
                of.labels
            }
            _ => &[],
        };
        self.label = labels.first().map_or(0, |label| label.label());
        self.labels = labels.len() as u8;
        self.is_prefix = nlri.prefix().is_some().into();
        match nlri.prefix() {
            Some(IpPrefix::V4(prefix)) => self.set_ipv4(prefix),
            Some(IpPrefix::V6(prefix)) => self.set_ipv6(prefix),
            None => {}
        }
    }
}

/// Tells where packets go next.
pub(super) fn next_hop(of: NextHop<'_>, update: &mut BgpUpdate) {
    let link_local = match of {
        NextHop::Ipv6LinkLocal(_, link_local) | NextHop::VpnIpv6LinkLocal([_, (_, link_local)]) => Some(link_local),
        _ => None,
    };
    update.link_local = link_local.map(|address| address.octets()).unwrap_or_default();
    (update.next_hop, update.next_hop_length) = match of.address() {
        None => ([0; 16], 0),
        Some(core::net::IpAddr::V4(address)) => (v4_in_16(address), 4),
        Some(core::net::IpAddr::V6(address)) => (address.octets(), if link_local.is_some() { 32 } else { 16 }),
    };
}

/// An IPv4 address in the place of an IPv6 one.
pub(super) const fn v4_in_16(address: Ipv4Addr) -> [u8; 16] {
    let [a, b, c, d] = address.octets();
    [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
}

/// A value as numbers.
#[inline(always)]
fn words(value: &AttributeValue<'_>, to: &mut Sink<'_, u32>) {
    match value {
        AttributeValue::Origin(origin) => to.push(*origin as u32),
        AttributeValue::AsPath(path) => path_words(path, to),
        AttributeValue::MultiExitDisc(number)
        | AttributeValue::LocalPref(number)
        | AttributeValue::OnlyToCustomer(number) => to.push(*number),
        AttributeValue::NextHop(address) | AttributeValue::OriginatorId(address) => to.push(address.to_bits()),
        AttributeValue::Aggregator(of) | AttributeValue::As4Aggregator(of) => {
            to.push(of.as_number);
            to.push(of.identifier.to_bits());
        }
        AttributeValue::Communities(all) => all.iter().for_each(|community| to.push(community.get())),
        AttributeValue::ClusterList(all) => all.iter().for_each(|id| to.push(u32::from_be_bytes(id.0))),
        AttributeValue::ExtendedCommunities(all) => all.iter().for_each(|community| put_bytes(&community.0, to)),
        AttributeValue::LargeCommunities(all) => all.as_slice().iter().for_each(|community| {
            let (first, second) = community.local();
            to.push(community.global());
            to.push(first);
            to.push(second);
        }),
        AttributeValue::Ipv6ExtendedCommunities(all) => all.iter().for_each(|community| put_bytes(&community.0, to)),
        AttributeValue::As4Path(path) => path_words(path, to),
        _ => {}
    }
}

fn path_words(path: &AsPath<'_>, to: &mut Sink<'_, u32>) {
    segments(path.segments(), to);
}

fn segments<'a>(segments: impl Iterator<Item = Segment<'a>>, to: &mut Sink<'_, u32>) {
    for segment in segments {
        to.push(u32::from(segment.kind.0) << 8 | segment.count() as u32);
        segment.as_numbers().for_each(|number| to.push(number));
    }
}

/// Four bytes a number.
fn put_bytes(bytes: &[u8], to: &mut Sink<'_, u32>) {
    bytes.chunks_exact(4).filter_map(<[u8]>::first_chunk).for_each(|word| to.push(u32::from_be_bytes(*word)));
}
