//! What several of the tests need: bytes from text, and bytes that were written.
#![allow(dead_code, reason = "not every test needs all")]

use bgp_codec::LayerName;
use ether_ip::Error;
use ether_ip::writer::Writer;

#[path = "../../../testdata/unhex.rs"]
mod unhex;
#[allow(unused_imports, reason = "as above")]
pub(crate) use unhex::unhex;

/// What is written, where there is room for more than any test writes.
pub(crate) fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>) -> Result<Vec<u8>, Error> {
    let mut buffer = [0; 4200];
    let mut writer = Writer::new(LayerName::new("test"), &mut buffer);
    write(&mut writer)?;
    Ok(writer.written().to_vec())
}
