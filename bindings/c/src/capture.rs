//! Captures: pcap and pcapng, compressed or not.
#![allow(clippy::result_large_err, reason = "errors are values of a size that C knows; a capture has one at most")]

use core::ffi::{CStr, c_char};
use std::fs::File;

use packet_dissect::{Capture, Timestamp};

use crate::border::guarded;
use crate::error::{CodecError, Status, tell};

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
///
/// # Safety
/// `path` ends with a zero; `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_capture_open(path: *const c_char, error: *mut CodecError) -> *mut OpenCapture {
    let opened = if path.is_null() {
        Err(CodecError::new(Status::Null, "the path is null"))
    } else {
        // SAFETY: it is not null, and the rest is the caller's promise.
        open(unsafe { CStr::from_ptr(path) })
    };
    match opened {
        Ok(capture) => Box::into_raw(Box::new(capture)),
        Err(wrong) => {
            // SAFETY: the caller's promise of the error.
            unsafe { tell(error, wrong) };
            core::ptr::null_mut()
        }
    }
}

fn open(path: &CStr) -> Result<OpenCapture, CodecError> {
    let path = path.to_str().map_err(|_| CodecError::new(Status::Text, "the path is no UTF-8"))?;
    let open = || {
        let file =
            File::open(path).map_err(|error| CodecError::new(Status::Capture, format_args!("{path}: {error}")))?;
        let capture =
            Capture::new(file).map_err(|error| CodecError::new(Status::Capture, format_args!("{path}: {error}")))?;
        Ok(OpenCapture(capture))
    };
    guarded(Err(CodecError::new(Status::Internal, "the library failed")), open)
}

/// Reads the next packet. It stays where it is until the next call with this capture. `Status::End` behind the last one.
///
/// # Safety
/// `capture` is of `cc_capture_open` and not freed, and nobody else uses it; `packet` points to a packet, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_capture_next(
    capture: *mut OpenCapture,
    packet: *mut PacketRecord,
    error: *mut CodecError,
) -> Status {
    if capture.is_null() || packet.is_null() {
        // SAFETY: the caller's promise of the error.
        return unsafe { tell(error, CodecError::new(Status::Null, "a pointer is null")) };
    }
    // SAFETY: it is not null, and the rest is the caller's promise.
    let capture = unsafe { &mut *capture };
    match guarded(Err(CodecError::new(Status::Internal, "the library failed")), || next(capture)) {
        Ok(Some(next)) => {
            // SAFETY: it is not null, and the rest is the caller's promise.
            unsafe { packet.write(next) };
            Status::Ok
        }
        Ok(None) => Status::End,
        // SAFETY: the caller's promise of the error.
        Err(wrong) => unsafe { tell(error, wrong) },
    }
}

fn next(capture: &mut OpenCapture) -> Result<Option<PacketRecord>, CodecError> {
    let Some(record) = capture.0.next_record() else { return Ok(None) };
    let record = record.map_err(|error| CodecError::new(Status::Capture, error))?;
    let Timestamp { seconds, nanoseconds } = record.time.unwrap_or(Timestamp { seconds: 0, nanoseconds: 0 });
    Ok(Some(PacketRecord {
        bytes: record.bytes.as_ptr(),
        captured: record.bytes.len() as u32,
        original: record.original_len,
        link_type: record.link_type.0,
        nanoseconds,
        seconds,
        number: record.number,
        has_time: record.time.is_some().into(),
        reserved: [0; 7],
    }))
}

/// Closes a capture; of null nothing.
///
/// # Safety
/// `capture` is null, or of `cc_capture_open` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_capture_free(capture: *mut OpenCapture) {
    if !capture.is_null() {
        // SAFETY: it was made by `Box::into_raw`, and is the caller's to give back, once.
        drop(unsafe { Box::from_raw(capture) });
    }
}
