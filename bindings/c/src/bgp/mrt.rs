//! MRT: dumps of routing tables and of sessions (RFC 6396, RFC 8050).

use core::net::{IpAddr, Ipv4Addr};

use bgp_codec::mrt::{Ends, MRT, MrtBody, MrtRecord, RibEntry, SessionMessage};
use bgp_codec::nlri::{LabelFormat, Nlri, RouteFormat};
use bgp_codec::{Family, FieldError, Negotiated, Writer};

use super::decode::{next_hop, v4_in_16};
use super::{BgpRoute, BgpSession, BgpUpdate, offset_in};
use crate::border::{Outcome, answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// The bytes of a record's header.
const HEADER: usize = 12;

/// What a record of MRT holds.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MrtForm {
    /// Something that is not read here: `content` is its body.
    Other = 0,
    /// A message of a session: `content` is it, from its marker.
    Message = 1,
    /// A change of a session's state.
    StateChange = 2,
    /// The peers of a table: `content` is the table's name, `cc_mrt_peers` reads them.
    Peers = 3,
    /// The routes to one destination: `cc_mrt_entries` reads them.
    Routes = 4,
    /// A route of a table before version 2: `content` is its attributes.
    Table = 5,
}

/// A record of MRT. What its form does not have is 0.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MrtHead {
    /// How many bytes the record has: the next one begins behind them.
    pub length: usize,
    /// Where what it holds begins, in bytes from the record's first.
    pub content_offset: usize,
    /// How many bytes it has.
    pub content_length: usize,
    /// Seconds since 1970.
    pub seconds: u32,
    /// Microseconds, if it has them.
    pub microseconds: u32,
    /// Where the routes lead, of routes and tables. Its offset counts from the record's first byte.
    pub route: BgpRoute,
    /// The peer's address, of messages, changes and tables; of IPv4 the first four bytes. The collector's identifier, of peers.
    pub peer: [u8; 16],
    /// The collector's address, of messages and changes.
    pub local: [u8; 16],
    /// The peer's AS, of messages, changes and tables.
    pub peer_as: u32,
    /// The collector's AS, of messages and changes.
    pub local_as: u32,
    /// The record's number in the table, of routes and tables.
    pub sequence: u32,
    /// Since when the route is known, in seconds since 1970, of tables.
    pub originated: u32,
    /// The type: 13 TABLE_DUMP_V2, 16 BGP4MP …
    pub kind: u16,
    /// The subtype.
    pub subtype: u16,
    /// The interface's number, of messages and changes; the table's, of tables.
    pub interface: u16,
    /// How many peers or entries there should be.
    pub count: u16,
    /// The state before, of changes (RFC 4271 §8.2.2: 1 Idle to 6 Established).
    pub old_state: u16,
    /// The state now.
    pub new_state: u16,
    /// What it holds: a `cc_mrt_form`.
    pub form: u8,
    /// How many bytes the addresses have: 4 or 16.
    pub address_length: u8,
    /// 1 if it has microseconds.
    pub has_microseconds: u8,
    /// 1 if the collector sent the message.
    pub is_local: u8,
    /// 1 if AS numbers have four bytes in it.
    pub four_octet_as: u8,
    /// 1 if its routes have path identifiers (RFC 8050).
    pub has_path_ids: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
}

/// A peer of a table.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MrtPeer {
    /// Its address; of IPv4 the first four bytes.
    pub address: [u8; 16],
    /// Its AS.
    pub as_number: u32,
    /// Its identifier.
    pub identifier: [u8; 4],
    /// How many bytes the address has: 4 or 16.
    pub address_length: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// A route of a table.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MrtEntry {
    /// Its next hop; of IPv4 the first four bytes, of IPv6 the global address.
    pub next_hop: [u8; 16],
    /// The link-local address beside it.
    pub link_local: [u8; 16],
    /// Where its attributes begin, in bytes from the record's first: `cc_bgp_attributes_read` reads them.
    pub attributes_offset: u32,
    /// How many bytes they have.
    pub attributes_length: u32,
    /// Since when it is known, in seconds since 1970.
    pub originated: u32,
    /// Which of several paths, if it has a path identifier.
    pub path_id: u32,
    /// The peer that it is from: its place among the table's peers.
    pub peer: u16,
    /// 1 if it has a path identifier (RFC 8050 §4).
    pub has_path_id: u8,
    /// How many bytes `next_hop` and `link_local` have: 0, 4, 16 or 32.
    pub next_hop_length: u8,
}

/// Reads the record that bytes begin with: what it is, and where what it holds stands. `CC_STATUS_END` if there are no bytes,
/// `CC_STATUS_PARTIAL` if its end is not there yet. `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` for one that does not hold what its subtype
/// says: its `length` is told, if that is known, so that the next one can be read. Any number of threads may call it. Nothing is allocated.
/// `error` may be null.
///
/// # Safety
/// `bytes` points to `len` bytes, `head` to a place for one, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_mrt_next(
    bytes: *const u8,
    len: usize,
    head: *mut MrtHead,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the head.
        let head = unsafe { owned(head) }?;
        *head = MrtHead::default();
        let (record, length) = split(bytes)?;
        head.length = length;
        tell(&record, bytes, head)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn failed(error: FieldError) -> CodecError {
    CodecError::of_layer(0, &error, error)
}

/// The record that bytes begin with, and how long it is.
fn split(bytes: &[u8]) -> Outcome<(MrtRecord<'_>, usize)> {
    if bytes.is_empty() {
        return Err(CodecError::new(Status::End, "there are no more records"));
    }
    let split = MrtRecord::split(bytes).map_err(failed)?;
    let (record, rest) = split.ok_or_else(|| {
        let length = bytes.get(8..HEADER).and_then(|length| length.first_chunk());
        let body = length.map_or(0, |length| u32::from_be_bytes(*length) as usize);
        CodecError::partial(bytes.len(), HEADER.saturating_add(body))
    })?;
    Ok((record, bytes.len().wrapping_sub(rest.len())))
}

fn tell(record: &MrtRecord<'_>, bytes: &[u8], head: &mut MrtHead) -> Outcome<()> {
    (head.seconds, head.microseconds) = (record.timestamp, record.microseconds.unwrap_or_default());
    head.has_microseconds = record.microseconds.is_some().into();
    (head.kind, head.subtype) = (record.kind.0, record.subtype);
    let content = match record.parse().map_err(failed)? {
        MrtBody::Message(of) => {
            head.form = MrtForm::Message as u8;
            ends(&of.ends, head);
            head.is_local = of.is_local.into();
            head.four_octet_as = of.four_octet_as.into();
            head.has_path_ids = of.has_path_ids.into();
            of.message
        }
        MrtBody::StateChange(of) => {
            head.form = MrtForm::StateChange as u8;
            ends(&of.ends, head);
            (head.old_state, head.new_state) = (of.old, of.new);
            &[]
        }
        MrtBody::Peers(of) => {
            head.form = MrtForm::Peers as u8;
            (head.peer, head.address_length, head.count) = (v4_in_16(of.collector), 4, of.count);
            of.view
        }
        MrtBody::Rib(of) => {
            head.form = MrtForm::Routes as u8;
            (head.sequence, head.count, head.four_octet_as) = (of.sequence, of.count, 1);
            head.has_path_ids = (record.subtype >= 8).into();
            head.route = route_of(of.family, &of.nlri);
            nlri_place(record, bytes, &of.nlri, &mut head.route);
            &[]
        }
        MrtBody::Table(of) => {
            head.form = MrtForm::Table as u8;
            (head.sequence, head.interface, head.originated) = (of.sequence.into(), of.view, of.originated);
            head.peer_as = of.peer_as.into();
            (head.peer, head.address_length) = address(of.peer);
            head.route = route_of(of.route.family, &of.route.nlri);
            of.attributes.as_bytes()
        }
        _ => record.body,
    };
    head.content_offset = offset_in(bytes, content).unwrap_or_default();
    head.content_length = content.len();
    Ok(())
}

fn route_of(family: Family, nlri: &Nlri<'_>) -> BgpRoute {
    let mut route = BgpRoute { afi: family.afi.0, safi: family.safi.0, ..BgpRoute::default() };
    route.set_nlri(nlri);
    route
}

/// Where the bytes stand of what a table's routes lead to: behind the number, and the family where it is told.
fn nlri_place(record: &MrtRecord<'_>, bytes: &[u8], nlri: &Nlri<'_>, route: &mut BgpRoute) {
    let before = if matches!(record.subtype, 6 | 12) { 7 } else { 4 };
    let body = offset_in(bytes, record.body).unwrap_or_default();
    let mut count = Writer::count(MRT);
    let format = RouteFormat::of(Family::new(route.afi, route.safi)).with_labels(LabelFormat::Likely);
    if nlri.write(format, &mut count).is_ok() {
        (route.offset, route.length) = (body.saturating_add(before) as u32, count.len() as u16);
    }
}

fn ends(of: &Ends, head: &mut MrtHead) {
    (head.peer_as, head.local_as, head.interface) = (of.peer_as, of.local_as, of.interface);
    (head.peer, head.address_length) = address(of.peer);
    (head.local, _) = address(of.local);
}

/// An address in sixteen bytes, and how many of them it has.
pub(super) fn address(of: IpAddr) -> ([u8; 16], u8) {
    match of {
        IpAddr::V4(address) => (v4_in_16(address), 4),
        IpAddr::V6(address) => (address.octets(), 16),
    }
}

/// The same the other way round.
pub(super) fn address_of(bytes: [u8; 16], length: u8) -> IpAddr {
    let [a, b, c, d, ..] = bytes;
    if length == 16 { bytes.into() } else { Ipv4Addr::new(a, b, c, d).into() }
}

/// How what a record holds is to be read: a message by `cc_bgp_decode`, attributes by `cc_bgp_attributes_read`. `CC_STATUS_NULL` for null.
/// Any number of threads may call it.
///
/// # Safety
/// `head` points to one, `session` to a place for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_mrt_session(head: *const MrtHead, session: *mut BgpSession) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the head.
        let head = unsafe { shared(head) }?;
        // SAFETY: the caller's promise of the session.
        let session = unsafe { owned(session) }?;
        let ends = Ends {
            peer_as: head.peer_as,
            local_as: head.local_as,
            interface: head.interface,
            peer: address_of(head.peer, head.address_length),
            local: address_of(head.local, head.address_length),
        };
        let (four_octet_as, has_path_ids) = (head.four_octet_as != 0, head.has_path_ids != 0);
        *session = match head.kind {
            16 | 17 => {
                let message =
                    SessionMessage { ends, is_local: head.is_local != 0, four_octet_as, has_path_ids, message: &[] };
                (&message.session()).into()
            }
            _ => {
                let mut of = Negotiated::unknown();
                of.four_octet_as = four_octet_as;
                (&of).into()
            }
        };
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// Reads the peers of a table, as many as there is room for; `count` gets how many there are. `bytes` begin with the record. As
/// `cc_mrt_next` for one that cannot be read, and `CC_STATUS_ARGUMENT` for one of another form; `CC_STATUS_TRUNCATED` if a peer is cut: those in
/// front of it are good. Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `bytes` points to `len` bytes, `peers` to `room` places, `count` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_mrt_peers(
    bytes: *const u8,
    len: usize,
    peers: *mut MrtPeer,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the peers.
        let places = unsafe { slice_mut(peers, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        *count = 0;
        let MrtBody::Peers(peers) = split(bytes)?.0.parse().map_err(failed)? else {
            return Err(CodecError::argument_in_words("bytes", 0, "the record holds no peers"));
        };
        each(peers, places, count, |peer| {
            let (address, address_length) = address(peer.address);
            let identifier = peer.identifier.octets();
            MrtPeer { address, address_length, as_number: peer.as_number, identifier, reserved: [0; 3] }
        })
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Reads the routes of a record to its one destination, as many as there is room for; `count` gets how many there are. Else as
/// `cc_mrt_peers`. Any number of threads may call it.
///
/// # Safety
/// `bytes` points to `len` bytes, `entries` to `room` places, `count` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_mrt_entries(
    bytes: *const u8,
    len: usize,
    entries: *mut MrtEntry,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the entries.
        let places = unsafe { slice_mut(entries, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        *count = 0;
        let MrtBody::Rib(routes) = split(bytes)?.0.parse().map_err(failed)? else {
            return Err(CodecError::argument_in_words("bytes", 0, "the record holds no routes"));
        };
        each(routes, places, count, |entry| entry_of(&entry, bytes))
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Hands items to places, as long as they can be read.
fn each<T, P>(
    mut items: impl Iterator<Item = Result<T, FieldError>>,
    places: &mut [P],
    count: &mut usize,
    of: impl Fn(T) -> P,
) -> Outcome<()> {
    items.try_for_each(|item| {
        let item = item.map_err(failed)?;
        if let Some(place) = places.get_mut(*count) {
            *place = of(item);
        }
        *count += 1;
        Ok(())
    })
}

fn entry_of(entry: &RibEntry<'_>, bytes: &[u8]) -> MrtEntry {
    let mut told = BgpUpdate::default();
    if let Some(of) = entry.next_hop() {
        next_hop(of, &mut told);
    }
    let attributes = entry.attributes.as_bytes();
    MrtEntry {
        next_hop: told.next_hop,
        link_local: told.link_local,
        attributes_offset: offset_in(bytes, attributes).unwrap_or_default() as u32,
        attributes_length: attributes.len() as u32,
        originated: entry.originated,
        path_id: entry.path_id.unwrap_or_default(),
        peer: entry.peer,
        has_path_id: entry.path_id.is_some().into(),
        next_hop_length: told.next_hop_length,
    }
}
