//! The Internet checksum: over bytes in one piece or in several, with a pseudo-header, and after a change.

use ether_ip::checksum::{self, Change, Checksum, PseudoHeader};
use ether_ip::ip::IpProtocol;

use crate::border::{Outcome, answer, owned, place, shared, slice};
use crate::error::{CodecError, Status};
use crate::memory::{IpAddress, Segment};

/// The checksum over bytes, as it stands in a header, in the machine's byte order (RFC 1071): 0 over what holds its own, and holds the
/// right one. `CC_STATUS_NULL` of a null pointer, unless there are no bytes. Any number of threads may call it.
///
/// # Safety
/// `bytes` points to `length` bytes, `checksum` to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_checksum(bytes: *const u8, length: usize, checksum: *mut u16) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, length) }?;
        // SAFETY: the caller's promise of the number.
        let to = unsafe { place(checksum) }?;
        to.write(checksum::of(bytes));
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// The same over bytes in several pieces, in their order: where one has an odd length, the next goes on at the odd byte. `CC_STATUS_NULL`
/// and threads as with `cc_checksum`.
///
/// # Safety
/// `segments` points to `count` pieces, whose bytes are there; `checksum` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_checksum_segments(segments: *const Segment, count: usize, checksum: *mut u16) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the pieces.
        let segments = unsafe { slice(segments, count) }?;
        // SAFETY: the caller's promise of the number.
        let to = unsafe { place(checksum) }?;
        // SAFETY: the caller's promise of their bytes.
        to.write(unsafe { add(Checksum::new(), segments) }?.finish());
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// The checksum of UDP, TCP, ICMPv6 and their like over a pseudo-header and an upper-layer packet in pieces, its header first (RFC 768, RFC
/// 9293 §3.1, RFC 8200 §8.1): what its checksum field must hold if that is zero now, and 0 if it holds the right one. UDP sends a 0 as
/// ffff. `CC_STATUS_ARGUMENT` if the addresses are none or of different families, `CC_STATUS_NULL` of a null pointer; only `error` may be
/// null. Any number of threads may call it.
///
/// # Safety
/// `source` and `destination` point to addresses, `segments` to `count` pieces, whose bytes are there; `checksum` points to a number,
/// `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_checksum_upper_layer(
    source: *const IpAddress,
    destination: *const IpAddress,
    protocol: u8,
    segments: *const Segment,
    count: usize,
    checksum: *mut u16,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the source.
        let source = unsafe { shared(source) }?;
        // SAFETY: the caller's promise of the destination.
        let destination = unsafe { shared(destination) }?;
        // SAFETY: the caller's promise of the pieces.
        let segments = unsafe { slice(segments, count) }?;
        // SAFETY: the caller's promise of the number.
        let to = unsafe { place(checksum) }?;
        let pseudo = pseudo_header(source, destination, protocol)?;
        let length = segments.iter().fold(0_usize, |sum, segment| sum.saturating_add(segment.length));
        // SAFETY: the caller's promise of their bytes.
        to.write(unsafe { add(pseudo.with_length(length), segments) }?.finish());
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// A checksum after a change of bytes that it covers (RFC 1624, equation 3), `offset` bytes behind the first that it covers. Where 0 stands
/// for no checksum, as in UDP, it is the caller's to leave it, and to write a 0 that comes of this as ffff. `CC_STATUS_NULL` of a null
/// pointer, unless there are no bytes; nothing is changed then. Any number of threads may call it.
///
/// # Safety
/// `before` and `after` point to `length` bytes, `checksum` to the one to be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_checksum_update(
    checksum: *mut u16,
    offset: usize,
    before: *const u8,
    after: *const u8,
    length: usize,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the checksum.
        let of = unsafe { owned(checksum) }?;
        // SAFETY: the caller's promise of the bytes that were.
        let before = unsafe { slice(before, length) }?;
        // SAFETY: the caller's promise of the bytes that are.
        let after = unsafe { slice(after, length) }?;
        *of = change(offset, before, after).apply(*of);
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// A checksum after one 16-bit word that it covers, at an even offset, became another (RFC 1624); all in the machine's byte order. Any
/// number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_checksum_update_word(checksum: u16, before: u16, after: u16) -> u16 {
    Change::new().word(0, before, after).apply(checksum)
}

/// Adds pieces to a sum.
///
/// # Safety
/// Their bytes are there.
unsafe fn add(sum: Checksum, segments: &[Segment]) -> Outcome<Checksum> {
    segments.iter().try_fold(sum, |sum, segment| {
        // SAFETY: the caller's promise.
        Ok(sum.bytes(unsafe { segment.get() }?))
    })
}

fn pseudo_header(source: &IpAddress, destination: &IpAddress, protocol: u8) -> Outcome<PseudoHeader> {
    let (from, to) = (source.ip("source")?, destination.ip("destination")?);
    let unlike = || CodecError::argument("destination", destination.family, source.family.into());
    PseudoHeader::ip(from, to, IpProtocol(protocol)).ok_or_else(unlike)
}

/// A change of bytes to as many others.
fn change(mut offset: usize, mut before: &[u8], mut after: &[u8]) -> Change {
    let mut change = Change::new();
    while let (Some((old, old_rest)), Some((new, new_rest))) = (before.split_first_chunk(), after.split_first_chunk()) {
        change = change.bytes::<2>(offset, old, new);
        (offset, before, after) = (offset.wrapping_add(2), old_rest, new_rest);
    }
    match (before, after) {
        (&[old], &[new]) => change.bytes(offset, &[old], &[new]),
        _ => change,
    }
}
