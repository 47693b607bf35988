//! OPEN: begins a session (RFC 4271 §4.2, RFC 5492).

use bgp_codec::capability::Capabilities;
use bgp_codec::message::open::OpenConfig;
use bgp_codec::{Capability, Open};

use super::session::open;
use super::{offset_in, tell_written};
use crate::border::{Outcome, answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// The code of an OPEN's optional parameter that holds capabilities (RFC 5492 §4).
const CAPABILITIES: u8 = 2;

/// What an OPEN says, beside its capabilities.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpOpen {
    /// The speaker's AS, with all its octets (RFC 6793).
    pub as_number: u32,
    /// The speaker's identifier.
    pub identifier: [u8; 4],
    /// The hold time that it proposes, in seconds; 0 for none.
    pub hold_time: u16,
    /// The AS in the fixed part: 23456 if it has no room there. Not looked at when one is built.
    pub my_as: u16,
    /// 4. Not looked at when one is built.
    pub version: u8,
    /// 1 if the parameters are in the extended form (RFC 9072). Not looked at when one is built: it is used where it is needed.
    pub is_extended: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
}

/// Where a capability's value stands.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpCapability {
    /// Where its value begins, in bytes from the message's marker.
    pub offset: u32,
    /// How many bytes the value has.
    pub length: u8,
    /// The code.
    pub code: u8,
    /// 1 if the value is what the RFC of the code says; 0 too if the code is not known. What is 0 has no effect (RFC 5492 §3).
    pub is_known: u8,
    /// Nothing yet.
    pub reserved: u8,
}

/// Reads an OPEN, a whole message, and where its capabilities stand, as many as there is room for; `count` gets how many there are.
/// `CC_STATUS_BGP` for what RFC 4271 §6.2 refuses, with the NOTIFICATION; `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no whole OPEN.
/// Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `message` points to `len` bytes, `to` to a place for an OPEN, `capabilities` to `room` places, `count` to a number, `error` is null or points
/// to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_open_read(
    message: *const u8,
    len: usize,
    to: *mut BgpOpen,
    capabilities: *mut BgpCapability,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the message.
        let message = unsafe { slice(message, len) }?;
        // SAFETY: the caller's promise of the OPEN.
        let to = unsafe { owned(to) }?;
        // SAFETY: the caller's promise of the capabilities.
        let places = unsafe { slice_mut(capabilities, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        let open = open(message)?;
        *to = BgpOpen {
            as_number: open.as_number(),
            identifier: open.identifier().octets(),
            hold_time: open.hold_time(),
            my_as: open.my_as(),
            version: open.version(),
            is_extended: open.is_extended().into(),
            reserved: [0; 2],
        };
        *count = list(&open, message, places);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn list(open: &Open<'_>, message: &[u8], places: &mut [BgpCapability]) -> usize {
    let mut count = 0;
    for (_, value) in open.parameters().filter(|(kind, _)| *kind == CAPABILITIES) {
        let mut all = Capabilities::new(value);
        while let Some((raw, capability)) = next(&mut all) {
            let &[code, length, ..] = raw else { break };
            if let Some(place) = places.get_mut(count) {
                let offset = offset_in(message, raw).map_or(0, |at| at.wrapping_add(2)) as u32;
                let is_known = !matches!(capability, Capability::Other { .. });
                *place = BgpCapability { offset, length, code, is_known: is_known.into(), reserved: 0 };
            }
            count += 1;
        }
    }
    count
}

/// The next capability, and its bytes.
fn next<'a>(all: &mut Capabilities<'a>) -> Option<(&'a [u8], Capability<'a>)> {
    let before = all.as_bytes();
    let capability = all.next()?;
    let raw = before.get(..before.len().checked_sub(all.as_bytes().len())?)?;
    Some((raw, capability))
}

/// Writes an OPEN with capabilities as they stand on the wire, each with code, length and value (RFC 5492 §4), to `to`; `written` gets how many
/// bytes it has. `CC_STATUS_ROOM` if there are fewer than the error's limit. `CC_STATUS_UNBUILDABLE` for what a peer refuses: an AS of 0 or
/// 23456, one that is not the capability's or needs it, a hold time of 1 or 2, an identifier of 0; and for a message of over 4096 bytes.
/// `CC_STATUS_TRUNCATED` for a capability that is cut. Any number of threads may call it. `error` may be null.
///
/// # Safety
/// `open` points to one, `capabilities` to `capabilities_len` bytes, `to` to `room` bytes, `written` to a number, `error` is null or points to
/// an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_open_build(
    open: *const BgpOpen,
    capabilities: *const u8,
    capabilities_len: usize,
    to: *mut u8,
    room: usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the OPEN.
        let open = unsafe { shared(open) }?;
        // SAFETY: the caller's promise of the capabilities.
        let capabilities = unsafe { slice(capabilities, capabilities_len) }?;
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        build(open, capabilities, to, written)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn build(open: &BgpOpen, capabilities: &[u8], to: &mut [u8], written: &mut usize) -> Outcome<()> {
    let failed = |error: ether_ip::Error| CodecError::of_layer(0, &error, error);
    // An OPEN is built once a session: a list of its capabilities may be.
    let all: Vec<_> = Capabilities::parse(capabilities).map_err(failed)?.collect();
    let config = OpenConfig {
        as_number: open.as_number,
        hold_time: open.hold_time,
        identifier: open.identifier.into(),
        capabilities: &all,
    };
    tell_written(config.build(to), written)
}
