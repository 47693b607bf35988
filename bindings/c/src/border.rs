//! What crosses the border, and how: the places where pointers become references, and where a call's end is told.

use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{CodecError, Status};

/// What a call gives, or why it does not.
pub(crate) type Outcome<T> = Result<T, CodecError>;

/// A slice of what C points to; of null only if it is empty.
///
/// # Safety
/// What is not null points to `len` values that are there, and are not changed, for as long as the slice is used.
pub(crate) unsafe fn slice<'a, T>(start: *const T, len: usize) -> Outcome<&'a [T]> {
    match (start.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(CodecError::null()),
        // SAFETY: it is not null, and the rest is the caller's promise.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts(start, len) }),
    }
}

/// The same, to be written.
///
/// # Safety
/// As [`slice`]'s, and nobody else looks at them meanwhile.
pub(crate) unsafe fn slice_mut<'a, T>(start: *mut T, len: usize) -> Outcome<&'a mut [T]> {
    match (start.is_null(), len) {
        (_, 0) => Ok(&mut []),
        (true, _) => Err(CodecError::null()),
        // SAFETY: it is not null, and the rest is the caller's promise.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts_mut(start, len) }),
    }
}

/// What C points to, which may not be null.
///
/// # Safety
/// What is not null is there, and is not changed, for as long as the reference is used.
pub(crate) unsafe fn shared<'a, T>(of: *const T) -> Outcome<&'a T> {
    // SAFETY: null becomes none, and the rest is the caller's promise.
    unsafe { of.as_ref() }.ok_or_else(CodecError::null)
}

/// The same, to be written.
///
/// # Safety
/// As [`shared`]'s, and nobody else looks at it meanwhile.
pub(crate) unsafe fn owned<'a, T>(of: *mut T) -> Outcome<&'a mut T> {
    // SAFETY: null becomes none, and the rest is the caller's promise.
    unsafe { of.as_mut() }.ok_or_else(CodecError::null)
}

/// Places of C for values, which are written and never read.
///
/// # Safety
/// What is not null points to `len` places, and nobody else looks at them meanwhile.
pub(crate) unsafe fn places<'a, T>(start: *mut T, len: usize) -> Outcome<&'a mut [MaybeUninit<T>]> {
    // SAFETY: what is there need be no value, and the rest is the caller's promise.
    unsafe { slice_mut(start.cast(), len) }
}

/// One of them.
///
/// # Safety
/// As [`places`]'s.
pub(crate) unsafe fn place<'a, T>(of: *mut T) -> Outcome<&'a mut MaybeUninit<T>> {
    // SAFETY: what is there need be no value, and the rest is the caller's promise.
    unsafe { owned(of.cast()) }
}

/// A text of C.
///
/// # Safety
/// What is not null ends with a zero, and is there and is not changed for as long as the text is used.
pub(crate) unsafe fn text<'a>(start: *const c_char) -> Outcome<&'a str> {
    if start.is_null() {
        return Err(CodecError::null());
    }
    // SAFETY: it is not null, and the rest is the caller's promise.
    unsafe { CStr::from_ptr(start) }.to_str().map_err(|_| CodecError::new(Status::Text, "a text is no UTF-8"))
}

/// Does what a call does, and tells how it ended: as its status, and in `error`, which may be null. No panic crosses the border; what one leaves
/// half done is not looked at again but by its owner, who is told.
///
/// # Safety
/// An `error` that is not null is a place for one.
pub(crate) unsafe fn answer(error: *mut CodecError, work: impl FnOnce() -> Outcome<()>) -> Status {
    match catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(CodecError::internal())) {
        Ok(()) => Status::Ok,
        Err(wrong) => {
            let status = wrong.status;
            if !error.is_null() {
                // SAFETY: it is not null, and the rest is the caller's promise.
                unsafe { error.write(wrong) };
            }
            status
        }
    }
}

/// The same of what makes something, which is the caller's from then on: null, if it could not be made.
///
/// # Safety
/// As [`answer`]'s.
pub(crate) unsafe fn make<T>(error: *mut CodecError, work: impl FnOnce() -> Outcome<T>) -> *mut T {
    let mut made = core::ptr::null_mut();
    let keep = || {
        made = Box::into_raw(Box::new(work()?));
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, keep) };
    made
}

/// Takes back what [`make`] made; of null nothing.
///
/// # Safety
/// It is null, or of `make`, and not taken back before.
pub(crate) unsafe fn take_back<T>(made: *mut T) {
    if !made.is_null() {
        // SAFETY: it was made by `Box::into_raw`, and is the caller's to give back, once.
        drop(unsafe { Box::from_raw(made) });
    }
}
