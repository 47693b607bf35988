//! The walk: a packet's layers, without what they say.

use packet_dissect::{LinkType, layers};
use pyo3::prelude::*;

use crate::buffer::Buffer;
use crate::error::of_packet;

/// Where the layers of a packet are: name, offset, and how many bytes are its own. Raises CodecError at what cannot be read.
#[pyfunction]
#[pyo3(signature = (data, link_type=1))]
pub(crate) fn walk(py: Python<'_>, data: Buffer<'_>, link_type: u32) -> PyResult<Vec<(&'static str, usize, usize)>> {
    let mut walk = layers(LinkType(link_type), data.as_slice());
    let mut found = Vec::new();
    while let Some(layer) = walk.next() {
        match layer {
            Ok(layer) => found.push((layer.name(), walk.range().start, walk.range().len())),
            Err(error) => return Err(of_packet(py, &error)),
        }
    }
    Ok(found)
}
