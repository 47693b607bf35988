//! Errors: `CodecError`, which names layer, field, value and limit.

use container_codecs_core::Parts;
use ether_ip::Error;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    container_codecs,
    CodecError,
    PyException,
    "A packet, message or capture that cannot be read, or not be built: `layer`, `field`, `value`, `limit` and `offset` say where and why, or are None."
);

/// What is wrong with a packet.
pub(crate) fn of_packet(py: Python<'_>, error: &packet_dissect::Error) -> PyErr {
    match error {
        packet_dissect::Error::Layer { offset, error: of } => {
            raised(py, error.to_string(), Some(*offset), Some(of.into()))
        }
        packet_dissect::Error::TooDeep { offset } => raised(py, error.to_string(), Some(*offset), None),
        _ => raised(py, error.to_string(), None, None),
    }
}

/// What is wrong with a layer.
pub(crate) fn of_layer(py: Python<'_>, error: &Error) -> PyErr {
    raised(py, error.to_string(), None, Some(error.into()))
}

/// What has no more to it than words.
pub(crate) fn of_words(py: Python<'_>, words: impl ToString) -> PyErr {
    raised(py, words.to_string(), None, None)
}

/// The same where other threads may have Python meanwhile, as while a capture is read.
pub(crate) fn of_capture(words: impl ToString) -> PyErr {
    Python::attach(|py| of_words(py, words))
}

pub(crate) fn raised(py: Python<'_>, words: String, offset: Option<usize>, parts: Option<Parts>) -> PyErr {
    let raised = CodecError::new_err(words);
    let value = raised.value(py);
    let set = value.setattr("layer", parts.map(|parts| parts.layer));
    let set = set.and_then(|()| value.setattr("field", parts.and_then(|parts| parts.field)));
    let set = set.and_then(|()| value.setattr("value", parts.and_then(|parts| parts.value)));
    let set = set.and_then(|()| value.setattr("limit", parts.and_then(|parts| parts.limit)));
    match set.and_then(|()| value.setattr("offset", offset)) {
        Ok(()) => raised,
        Err(other) => other,
    }
}
