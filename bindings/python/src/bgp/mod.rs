//! BGP: messages read, and built.

mod build;
mod message;
mod session;

use bgp_codec::Error;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyModule};

use crate::error::raised;

/// What ends a session: `notification` is the message to send.
fn of_bgp(py: Python<'_>, error: &Error, message: &[u8]) -> PyErr {
    let raised = raised(py, error.to_string(), None, Some((&error.fault).into()));
    match raised.value(py).setattr("notification", notification(py, error, message)) {
        Ok(()) => raised,
        Err(other) => other,
    }
}

/// The message to send to who sent `message`.
fn notification<'py>(py: Python<'py>, error: &Error, message: &[u8]) -> Option<Bound<'py, PyBytes>> {
    let mut room = [0; 4096];
    error.notification(message).build(4096, &mut room).map(|bytes| PyBytes::new(py, bytes)).ok()
}

/// What a message is not built with.
fn of_fault(py: Python<'_>, fault: &bgp_codec::Fault) -> PyErr {
    raised(py, fault.to_string(), None, Some(fault.into()))
}

/// `container_codecs.bgp` takes these from here.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let of = PyModule::new(module.py(), "_bgp")?;
    of.add_class::<session::Session>()?;
    of.add_class::<message::Message>()?;
    of.add_class::<message::Route>()?;
    of.add_function(wrap_pyfunction!(message::read, &of)?)?;
    of.add_function(wrap_pyfunction!(build::open, &of)?)?;
    of.add_function(wrap_pyfunction!(build::update, &of)?)?;
    of.add_function(wrap_pyfunction!(build::keepalive, &of)?)?;
    of.add_function(wrap_pyfunction!(build::notification, &of)?)?;
    module.add_submodule(&of)
}
