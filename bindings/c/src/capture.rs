//! Captures: pcap and pcapng, compressed or not.

use core::ffi::c_char;
use std::fs::File;

use packet_dissect::{Capture, Timestamp};

use crate::border::{Outcome, answer, make, owned, take_back, text};
use crate::error::{CodecError, Status};

/// A capture that is being read.
#[derive(Debug)]
pub struct OpenCapture(Capture);

/// A packet.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacketRecord {
    /// Its bytes, as far as they were captured.
    pub bytes: *const u8,
    /// How many of them.
    pub captured: u32,
    /// How long it was on the wire.
    pub original: u32,
    /// How it begins: 1 is Ethernet, 101 raw IP.
    pub link_type: u32,
    /// The nanoseconds of its time.
    pub nanoseconds: u32,
    /// The seconds of its time, since 1970.
    pub seconds: i64,
    /// Its number, from 1.
    pub number: u64,
    /// 1 if it has a time.
    pub has_time: u8,
    /// Nothing yet.
    pub reserved: [u8; 7],
}

/// Opens a file. Null, with the reason in `error`, if that cannot be. What it gives goes to `cc_capture_free`.
/// Any number of threads may call it.
///
/// # Safety
/// `path` ends with a zero; `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_capture_open(path: *const c_char, error: *mut CodecError) -> *mut OpenCapture {
    let work = || {
        // SAFETY: the caller's promise of the path.
        let path = unsafe { text(path) }?;
        let failed = |error: &dyn core::fmt::Display| CodecError::new(Status::Capture, format_args!("{path}: {error}"));
        let file = File::open(path).map_err(|error| failed(&error))?;
        Capture::new(file).map(OpenCapture).map_err(|error| failed(&error))
    };
    // SAFETY: the caller's promise of the error.
    unsafe { make(error, work) }
}

/// Reads the next packet. It stays where it is until the next call with this capture. `CC_STATUS_END` behind the last one.
///
/// # Safety
/// `capture` is of `cc_capture_open` and not freed, and nobody else uses it; `packet` points to a packet, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_capture_next(
    capture: *mut OpenCapture,
    packet: *mut PacketRecord,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the capture.
        let capture = unsafe { owned(capture) }?;
        // SAFETY: the caller's promise of the packet.
        let packet = unsafe { owned(packet) }?;
        *packet = next(capture)?;
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn next(capture: &mut OpenCapture) -> Outcome<PacketRecord> {
    let end = || CodecError::new(Status::End, "the capture has no more packets");
    let record = capture.0.next_record().ok_or_else(end)?;
    let record = record.map_err(|error| CodecError::new(Status::Capture, error))?;
    let Timestamp { seconds, nanoseconds } = record.time.unwrap_or(Timestamp { seconds: 0, nanoseconds: 0 });
    Ok(PacketRecord {
        bytes: record.bytes.as_ptr(),
        captured: record.bytes.len() as u32,
        original: record.original_len,
        link_type: record.link_type.0,
        nanoseconds,
        seconds,
        number: record.number,
        has_time: record.time.is_some().into(),
        reserved: [0; 7],
    })
}

/// Closes a capture; of null nothing. By one thread, once no other uses it.
///
/// # Safety
/// `capture` is null, or of `cc_capture_open` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_capture_free(capture: *mut OpenCapture) {
    // SAFETY: the caller's promise.
    unsafe { take_back(capture) };
}
