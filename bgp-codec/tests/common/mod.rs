//! What several of the tests need: bytes from text, and bytes that were written.
#![allow(dead_code, reason = "not every test needs all")]

use bgp_codec::LayerName;
use ether_ip::Error;
use ether_ip::writer::Writer;

/// The bytes of hexadecimal digits; spaces and colons between them count for nothing.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// What is written, where there is room for more than any test writes.
pub(crate) fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>) -> Result<Vec<u8>, Error> {
    let mut buffer = [0; 4200];
    let mut writer = Writer::new(LayerName::new("test"), &mut buffer);
    write(&mut writer)?;
    Ok(writer.written().to_vec())
}
