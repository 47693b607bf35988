//! A stream cut into messages (RFC 4271 §4.1, §6.1; RFC 8654).

use bgp_codec::Framer;
use bgp_codec::framer::HEADER_LEN;

use crate::border::{Outcome, answer, owned, slice, slice_mut};
use crate::error::{CodecError, Status};

/// Where a message stands.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpFrame {
    /// Where it begins, with its marker.
    pub offset: usize,
    /// How many bytes it has, the header's 19 among them.
    pub length: u32,
    /// Its type: 1 OPEN, 2 UPDATE, 3 NOTIFICATION, 4 KEEPALIVE, 5 ROUTE-REFRESH.
    pub kind: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// Cuts what TCP delivered into messages, as many as there is room for; `count` gets how many. What stands behind the last of them is handed in
/// again with what comes later. No message is longer than `max_len`: 4096, or 65535 where a session agreed on it (RFC 8654 §4). Any number of
/// threads may call it. Nothing is allocated.
///
/// `CC_STATUS_OK`: all bytes are in messages, or there is no more room. `CC_STATUS_PARTIAL`: so is all but the beginning of a message, of which
/// `value` bytes are there and `limit` needed. `CC_STATUS_BGP`: behind the last message stands none (RFC 4271 §6.1); the error's
/// notification counts from there, and `limit` bytes of it may be thrown away. `error` may be null.
///
/// # Safety
/// `bytes` points to `len` bytes, `frames` to `room` places for a frame, `count` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_frames(
    bytes: *const u8,
    len: usize,
    max_len: u16,
    frames: *mut BgpFrame,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the frames.
        let places = unsafe { slice_mut(frames, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        frames_of(bytes, Framer::with_max_len(max_len), places, count)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn frames_of(bytes: &[u8], framer: Framer, places: &mut [BgpFrame], count: &mut usize) -> Outcome<()> {
    let mut rest = bytes;
    *count = 0;
    for place in places {
        if rest.is_empty() {
            return Ok(());
        }
        let offset = bytes.len().wrapping_sub(rest.len());
        let frame = framer.next(&mut rest).map_err(|error| CodecError {
            value: 0,
            limit: error.discard() as u64,
            ..CodecError::of_bgp(&error, rest)
        })?;
        let frame = frame.ok_or_else(|| CodecError::partial(rest.len(), needed(rest)))?;
        let length = frame.bytes().len() as u32;
        *place = BgpFrame { offset, length, kind: frame.kind().0, reserved: [0; 3] };
        *count += 1;
    }
    Ok(())
}

/// How many bytes the message has that these begin: as long as its length has not come, its header's.
pub(super) fn needed(bytes: &[u8]) -> usize {
    let length = bytes.get(16..18).and_then(|length| length.first_chunk());
    length.map_or(HEADER_LEN, |length| usize::from(u16::from_be_bytes(*length)).max(HEADER_LEN))
}
