//! ROUTE-REFRESH: asks for routes again (RFC 2918, RFC 7313, RFC 5291).

use bgp_codec::message::route_refresh::Subtype;
use bgp_codec::{MessageType, RouteRefresh};

use super::{BgpFamily, BgpSession, offset_in, tell_written, whole};
use crate::border::{answer, owned, shared, slice, slice_mut};
use crate::error::{CodecError, Status};

/// What a ROUTE-REFRESH says.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpRefresh {
    /// The family whose routes are meant.
    pub family: BgpFamily,
    /// 0 asks for routes, or brings filters; 1 and 2 say where they begin and end (RFC 7313 §3.2). One that is not known is to be ignored.
    pub subtype: u8,
    /// 1 if the filters of a type go past the end: what stands in front of them is good. Not looked at when one is built.
    pub is_cut: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
    /// Where the filters begin that a request brings (RFC 5291 §4), in bytes from the message's marker.
    pub filters_offset: u32,
    /// How many bytes they have.
    pub filters_length: u32,
}

/// Reads a ROUTE-REFRESH, a whole message. `CC_STATUS_BGP` with 7/1 for a mark of a wrong length where that was agreed on (RFC 7313 §5), 1/2 for
/// one that is too short. `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no whole ROUTE-REFRESH, or a session that can be none. Any
/// number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `session` points to one, `message` to `len` bytes, `refresh` to a place for one, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_refresh_read(
    session: *const BgpSession,
    message: *const u8,
    len: usize,
    refresh: *mut BgpRefresh,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the message.
        let message = unsafe { slice(message, len) }?;
        // SAFETY: the caller's promise of the refresh.
        let refresh = unsafe { owned(refresh) }?;
        let frame = whole(message, session.max_len_receive, MessageType::ROUTE_REFRESH)?;
        let read = RouteRefresh::parse(frame.body(), &session);
        let read = read.map_err(|error| CodecError::of_bgp(&error, message))?;
        *refresh = BgpRefresh {
            family: read.family.into(),
            subtype: read.subtype.0,
            is_cut: read.filters().is_some_and(|mut filters| filters.any(|group| group.is_err())).into(),
            reserved: [0; 2],
            filters_offset: offset_in(message, read.filters).unwrap_or_default() as u32,
            filters_length: read.filters.len() as u32,
        };
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Writes a ROUTE-REFRESH, with filters as they stand on the wire, to `to`; `written` gets how many bytes it has. Of `refresh` the family and the
/// subtype count. `CC_STATUS_ROOM` if there is less room than the error's limit; `CC_STATUS_UNBUILDABLE` if it would exceed what the session
/// sends, or for a mark with filters. Any number of threads may call it. Nothing is allocated. `error` may be null.
///
/// # Safety
/// `session` and `refresh` point to one each, `filters` to `filters_len` bytes, `to` to `room` bytes, `written` to a number, `error` is null or
/// points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_refresh_build(
    session: *const BgpSession,
    refresh: *const BgpRefresh,
    filters: *const u8,
    filters_len: usize,
    to: *mut u8,
    room: usize,
    written: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?.negotiated()?;
        // SAFETY: the caller's promise of the refresh.
        let of = unsafe { shared(refresh) }?;
        // SAFETY: the caller's promise of the filters.
        let filters = unsafe { slice(filters, filters_len) }?;
        // SAFETY: the caller's promise of the room.
        let to = unsafe { slice_mut(to, room) }?;
        // SAFETY: the caller's promise of the count.
        let written = unsafe { owned(written) }?;
        let message = RouteRefresh { family: of.family.into(), subtype: Subtype(of.subtype), filters };
        tell_written(message.build(session.max_len_built(), to), written)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}
