//! What crosses the border, and how: the places where pointers become references.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A slice of what C points to. None, if it is null and not empty.
///
/// # Safety
/// What is not null points to `len` values that are there, and are not changed, for as long as the slice is used.
pub(crate) unsafe fn slice<'a, T>(start: *const T, len: usize) -> Option<&'a [T]> {
    match (start.is_null(), len) {
        (_, 0) => Some(&[]),
        (true, _) => None,
        // SAFETY: it is not null, and the rest is the caller's promise.
        (false, _) => Some(unsafe { core::slice::from_raw_parts(start, len) }),
    }
}

/// The same, to be written.
///
/// # Safety
/// As [`slice`]'s, and nobody else looks at them meanwhile.
pub(crate) unsafe fn slice_mut<'a, T>(start: *mut T, len: usize) -> Option<&'a mut [T]> {
    match (start.is_null(), len) {
        (_, 0) => Some(&mut []),
        (true, _) => None,
        // SAFETY: it is not null, and the rest is the caller's promise.
        (false, _) => Some(unsafe { core::slice::from_raw_parts_mut(start, len) }),
    }
}

/// What `work` gives; `otherwise` where it panics, which nothing is known to make it do.
pub(crate) fn guarded<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    // What a panic leaves half done is not looked at again but by its owner, who is told.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(otherwise)
}
