//! Bytes that are handed in: `bytes`, `bytearray`, `memoryview`, numpy arrays, whatever has them in one piece. They are not copied.

use core::ffi::c_int;
use core::marker::PhantomData;

use pyo3::exceptions::PyBufferError;
use pyo3::prelude::*;
use pyo3::{Borrowed, ffi};

/// What CPython's `Py_buffer` is. The stable interface has it from 3.11 on alone, but it has been the same since 3.3, and will be while that lasts.
#[repr(C)]
struct View {
    bytes: *mut u8,
    object: *mut ffi::PyObject,
    length: isize,
    item_size: isize,
    is_readonly: c_int,
    dimensions: c_int,
    format: *mut u8,
    shape: *mut isize,
    strides: *mut isize,
    suboffsets: *mut isize,
    internal: *mut u8,
}

/// `PyBUF_SIMPLE`: bytes in one piece, whatever they mean.
const SIMPLE: c_int = 0;

unsafe extern "C" {
    fn PyObject_GetBuffer(object: *mut ffi::PyObject, view: *mut View, flags: c_int) -> c_int;
    fn PyBuffer_Release(view: *mut View);
}

/// The bytes of an object, which stays locked for whoever would change its length.
pub(crate) struct Buffer<'py> {
    /// In a box, since its address may be remembered by whose bytes they are.
    view: Box<View>,
    /// It is given back with the interpreter's lock held.
    of: PhantomData<Python<'py>>,
}

impl Buffer<'_> {
    /// The bytes. No Python runs while they are looked at, so that nobody changes them: who lets others go on copies them before.
    pub(crate) fn as_slice(&self) -> &[u8] {
        if self.view.length <= 0 || self.view.bytes.is_null() {
            return &[];
        }
        // SAFETY: the object promises that so many bytes are there until it has its view back.
        unsafe { core::slice::from_raw_parts(self.view.bytes, self.view.length as usize) }
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        // SAFETY: the view was filled in by the object, and is given back once, with the lock held, as `of` says.
        unsafe { PyBuffer_Release(&mut *self.view) };
    }
}

impl<'py> FromPyObject<'_, 'py> for Buffer<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let mut view = Box::new(View {
            bytes: core::ptr::null_mut(),
            object: core::ptr::null_mut(),
            length: 0,
            item_size: 0,
            is_readonly: 0,
            dimensions: 0,
            format: core::ptr::null_mut(),
            shape: core::ptr::null_mut(),
            strides: core::ptr::null_mut(),
            suboffsets: core::ptr::null_mut(),
            internal: core::ptr::null_mut(),
        });
        // SAFETY: the object is alive, the view has the shape that CPython fills in, and the lock is held, as 'py says.
        let got = unsafe { PyObject_GetBuffer(object.as_ptr(), &mut *view, SIMPLE) };
        if got == 0 {
            return Ok(Self { view, of: PhantomData });
        }
        // It gave nothing, so that nothing is given back.
        let error = PyErr::take(object.py());
        Err(error.unwrap_or_else(|| PyBufferError::new_err("the bytes are not in one piece")))
    }
}
