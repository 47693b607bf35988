//! BMP: what a router tells a monitoring station of its sessions (RFC 7854).

use bgp_codec::bmp::{BMP, BmpBody, BmpMessage, BmpPeer};
use bgp_codec::tlv::{Shape, Tlvs};

use super::mrt::{address, address_of};
use super::{BgpSession, offset_in};
use crate::border::{Outcome, answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// The bytes of a message's header.
const HEADER: usize = 6;

/// A message of BMP. What its type does not have is 0.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BmpHead {
    /// How many bytes the message has: the next one begins behind them.
    pub length: usize,
    /// Where what it holds begins, in bytes from the message's first: of type 0 an UPDATE from its marker; of 3 the two OPENs, sent and
    /// received, and TLVs behind them; of 2 what belongs to the reason (1, 3 a NOTIFICATION, 2 an event's number); of 1, 4, 5, 6 TLVs, which
    /// `cc_bmp_tlvs` reads; of others the body.
    pub content_offset: usize,
    /// How many bytes it has.
    pub content_length: usize,
    /// Which VPN the peer is of.
    pub distinguisher: u64,
    /// The peer's address; of IPv4 the first four bytes.
    pub address: [u8; 16],
    /// The router's own address, of type 3.
    pub local: [u8; 16],
    /// The peer's AS.
    pub peer_as: u32,
    /// The peer's identifier.
    pub identifier: [u8; 4],
    /// Seconds since 1970; 0 if the time is not known.
    pub seconds: u32,
    /// Microseconds.
    pub microseconds: u32,
    /// How many counters there should be, of type 1.
    pub count: u32,
    /// The router's port, of type 3.
    pub local_port: u16,
    /// The peer's.
    pub peer_port: u16,
    /// The type: 0 routes of a peer, 1 counters, 2 a session ended, 3 one began, 4 the router begins, 5 ends, 6 messages as they came.
    pub kind: u8,
    /// 1 if it is about a peer.
    pub has_peer: u8,
    /// The kind of peer: 0 global, 1 of a VPN, 2 local, 3 the router's own table (RFC 9069).
    pub peer_kind: u8,
    /// Its flags (RFC 7854 §4.2, RFC 8671, RFC 9069).
    pub peer_flags: u8,
    /// How many bytes the addresses have: 4 or 16.
    pub address_length: u8,
    /// Why the session ended, of type 2.
    pub reason: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
}

/// A value with its type, of BMP.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BmpTlv {
    /// Where the value begins, in bytes from the first of the TLVs.
    pub offset: u32,
    /// How many bytes it has.
    pub length: u16,
    /// The type.
    pub kind: u16,
}

/// Reads the message that bytes begin with. `CC_STATUS_PARTIAL` if its end is not there yet. `CC_STATUS_MALFORMED` if it is of another version
/// than 3 and 4 or under 6 bytes: what follows cannot be found. `CC_STATUS_TRUNCATED` if it does not hold what its type says: its `length` is told, so
/// that the next one can be read. Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `bytes` points to `len` bytes, `head` to a place for one, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bmp_next(
    bytes: *const u8,
    len: usize,
    head: *mut BmpHead,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the head.
        let head = unsafe { owned(head) }?;
        *head = BmpHead::default();
        tell(bytes, head)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn failed(error: bgp_codec::FieldError) -> CodecError {
    CodecError::of_layer(0, &error, error)
}

fn tell(bytes: &[u8], head: &mut BmpHead) -> Outcome<()> {
    let (message, rest) = BmpMessage::split(bytes).map_err(failed)?.ok_or_else(|| {
        let length = bytes.get(1..5).and_then(|length| length.first_chunk());
        let needed = length.map_or(HEADER, |length| HEADER.max(u32::from_be_bytes(*length) as usize));
        CodecError::partial(bytes.len(), needed)
    })?;
    (head.length, head.kind) = (bytes.len().wrapping_sub(rest.len()), message.kind.0);
    let (peer, content) = match message.parse().map_err(failed)? {
        BmpBody::RouteMonitoring(peer, update) => (Some(peer), update),
        BmpBody::RouteTlvs(peer, tlvs) => (Some(peer), tlvs.message().unwrap_or_default()),
        BmpBody::Statistics(peer, statistics) => {
            head.count = statistics.count;
            (Some(peer), statistics.tlvs().as_bytes())
        }
        BmpBody::PeerDown(peer, down) => {
            head.reason = down.reason.0;
            (Some(peer), down.data)
        }
        BmpBody::PeerUp(peer, up) => {
            (head.local_port, head.peer_port) = up.ports;
            (head.local, _) = address(up.local);
            (Some(peer), up.opens)
        }
        BmpBody::Information(told) => (None, told.tlvs().as_bytes()),
        BmpBody::RouteMirroring(peer, told) => (Some(peer), told.tlvs().as_bytes()),
        _ => (None, message.body()),
    };
    if let Some(peer) = peer {
        tell_peer(&peer, head);
    }
    head.content_offset = offset_in(bytes, content).unwrap_or_default();
    head.content_length = content.len();
    Ok(())
}

fn tell_peer(peer: &BmpPeer, head: &mut BmpHead) {
    head.has_peer = 1;
    (head.peer_kind, head.peer_flags, head.distinguisher) = (peer.kind.0, peer.flags, peer.distinguisher);
    (head.address, head.address_length) = address(peer.address);
    (head.peer_as, head.identifier) = (peer.as_number, peer.identifier.octets());
    (head.seconds, head.microseconds) = peer.time;
}

/// How the messages of a peer are to be read that a message of BMP holds. `CC_STATUS_NULL` for null. Any number of threads may call it.
///
/// # Safety
/// `head` points to one, `session` to a place for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bmp_session(head: *const BmpHead, session: *mut BgpSession) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the head.
        let head = unsafe { shared(head) }?;
        // SAFETY: the caller's promise of the session.
        let session = unsafe { owned(session) }?;
        let peer = BmpPeer {
            kind: head.peer_kind.into(),
            flags: head.peer_flags,
            distinguisher: head.distinguisher,
            address: address_of(head.address, head.address_length),
            as_number: head.peer_as,
            identifier: head.identifier.into(),
            time: (head.seconds, head.microseconds),
        };
        *session = (&peer.session()).into();
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// Reads TLVs, what a message of BMP holds, as many as there is room for; `count` gets how many there are. `CC_STATUS_TRUNCATED` if one is cut.
/// Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `bytes` points to `len` bytes, `tlvs` to `room` places, `count` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bmp_tlvs(
    bytes: *const u8,
    len: usize,
    tlvs: *mut BmpTlv,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the TLVs.
        let places = unsafe { slice_mut(tlvs, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        *count = 0;
        for tlv in Tlvs::parse(BMP, Shape::Word, bytes).map_err(failed)? {
            if let Some(place) = places.get_mut(*count) {
                let offset = offset_in(bytes, tlv.value).unwrap_or_default() as u32;
                *place = BmpTlv { offset, length: tlv.value.len() as u16, kind: tlv.kind };
            }
            *count += 1;
        }
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}
