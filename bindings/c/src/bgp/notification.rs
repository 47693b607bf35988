//! NOTIFICATION and KEEPALIVE: why a session ends, and that it goes on (RFC 4271 §4.4, §4.5).

use bgp_codec::framer::MAX_LEN_EXTENDED;
use bgp_codec::message::KEEPALIVE;
use bgp_codec::{MessageType, Notification, NotificationCode};

use super::{offset_in, tell_written, whole};
use crate::border::{Outcome, answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// What a NOTIFICATION says (RFC 4271 §4.5), and where the data stands that it quotes.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpNotification {
    /// The error code; 0 if there is no NOTIFICATION.
    pub code: u8,
    /// The error subcode.
    pub subcode: u8,
    /// 1 if the data is `own`; else it is a part of the message.
    pub is_own: u8,
    /// The data that is no part of the message, as many bytes of it as `data_length` says.
    pub own: [u8; 2],
    /// Nothing yet.
    pub reserved: [u8; 3],
    /// Where the data begins, in bytes from the message's marker.
    pub data_offset: u32,
    /// How many bytes of data there are.
    pub data_length: u32,
}

impl BgpNotification {
    pub(crate) fn of(notification: &Notification<'_>, message: &[u8]) -> Self {
        let (NotificationCode { code, subcode }, data) = (notification.code, notification.data);
        let of = Self { code, subcode, data_length: data.len() as u32, ..Self::default() };
        match (data, offset_in(message, data)) {
            (&[one], None) => Self { is_own: 1, own: [one, 0], ..of },
            (&[one, two], None) => Self { is_own: 1, own: [one, two], ..of },
            (_, offset) => Self { data_offset: offset.unwrap_or_default() as u32, ..of },
        }
    }

    /// The data, of the message that it quotes or its own.
    fn data<'a>(&'a self, message: &'a [u8]) -> Outcome<&'a [u8]> {
        let (all, start) = match self.is_own {
            0 => (message, self.data_offset as usize),
            _ => (&self.own[..], 0),
        };
        let data = all.get(start..).and_then(|from| from.get(..self.data_length as usize));
        data.ok_or_else(|| {
            CodecError::argument_in_words(
                "data_length",
                self.data_length.into(),
                "a NOTIFICATION's data goes past the end",
            )
        })
    }
}

/// A NOTIFICATION that was read.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpReason {
    /// What it says.
    pub notification: BgpNotification,
    /// The NOTIFICATION inside of a hard reset (RFC 8538 §3), which says why; its code is 0 if there is none, or if it is cut.
    pub inner: BgpNotification,
    /// Where the text of an administrative shutdown or reset begins (RFC 9003 §2), its own or the inner one's, in bytes from the marker.
    pub text_offset: u32,
    /// How many bytes it has; 0 if there is none.
    pub text_length: u32,
    /// 1 if the text is UTF-8, as it should be.
    pub is_utf8: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// Reads a NOTIFICATION, a whole message of a session of any length. Codes that are not known are values too. `CC_STATUS_BGP` with 1/2 if code
/// and subcode are not there: for the log, since a NOTIFICATION is not answered (RFC 4271 §6.4). `CC_STATUS_PARTIAL` and
/// `CC_STATUS_ARGUMENT` for what is no whole NOTIFICATION. Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `message` points to `len` bytes, `reason` to a place for one, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_notification_read(
    message: *const u8,
    len: usize,
    reason: *mut BgpReason,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the message.
        let message = unsafe { slice(message, len) }?;
        // SAFETY: the caller's promise of the reason.
        let reason = unsafe { owned(reason) }?;
        let frame = whole(message, MAX_LEN_EXTENDED, MessageType::NOTIFICATION)?;
        let read = Notification::parse(frame.body()).map_err(|error| CodecError::of_bgp(&error, message))?;
        let inner = read.hard_reset().and_then(Result::ok);
        let text = read.text_bytes().or_else(|| inner.and_then(|inner| inner.text_bytes())).unwrap_or_default();
        *reason = BgpReason {
            notification: BgpNotification::of(&read, message),
            inner: inner.map(|inner| BgpNotification::of(&inner, message)).unwrap_or_default(),
            text_offset: offset_in(message, text).unwrap_or_default() as u32,
            text_length: text.len() as u32,
            is_utf8: core::str::from_utf8(text).is_ok_and(|text| !text.is_empty()).into(),
            reserved: [0; 3],
        };
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Writes a NOTIFICATION, as an error has it or as the caller put it together, to `to`; `written` gets how many bytes it has. Data that is not
/// its own is a part of `message`: what the error was about, from the marker, or any bytes. It is cut where the message would exceed
/// `max_len`, 4096 or 65535 (RFC 8654 §4). `CC_STATUS_ROOM` if there is less room than the error's limit, `CC_STATUS_ARGUMENT` if the
/// data goes past the end. Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `notification` points to one, `message` to `len` bytes, `to` to `room` bytes, `written` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_notification_build(
    notification: *const BgpNotification,
    message: *const u8,
    len: usize,
    max_len: u16,
    to: *mut u8,
    room: usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the notification.
        let of = unsafe { shared(notification) }?;
        // SAFETY: the caller's promise of the message.
        let message = unsafe { slice(message, len) }?;
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        let code = NotificationCode { code: of.code, subcode: of.subcode };
        tell_written(Notification { code, data: of.data(message)? }.build(max_len, to), written)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Writes a KEEPALIVE, 19 bytes. `CC_STATUS_NULL` for null. Any number of threads may call it.
///
/// # Safety
/// `to` points to 19 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_keepalive_build(to: *mut u8) -> Status {
    let work = || {
        // SAFETY: the caller's promise.
        unsafe { slice_mut(to, KEEPALIVE.len()) }?.copy_from_slice(&KEEPALIVE);
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}
