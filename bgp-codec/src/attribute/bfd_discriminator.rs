//! BFD Discriminator: which BFD session watches a tunnel (RFC 9026 §3.1.6).
//!
//! ```text
//!  0       8                               40
//!  +-------+-------------------------------+-----------------+
//!  | mode  | discriminator                 | TLVs …          |
//!  +-------+-------------------------------+-----------------+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};

use super::body::Body;
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlvs};
use crate::value::as_number::AsSize;
use crate::wire::Reader;

/// BFD Discriminator, as an error names it.
pub const BFD_DISCRIMINATOR: LayerName = LayerName::new("BFD Discriminator");

/// Which BFD session watches a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BfdDiscriminator<'a> {
    /// The mode: 1 is from one to many.
    pub mode: u8,
    /// The session's discriminator.
    pub discriminator: u32,
    /// Type 1: the address that BFD packets come from.
    pub tlvs: Tlvs<'a>,
}

impl<'a> BfdDiscriminator<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 5 bytes, or if a TLV goes past the end.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(BFD_DISCRIMINATOR, bytes);
        let (mode, discriminator) = (reader.u8()?, reader.u32()?);
        Ok(Self { mode, discriminator, tlvs: Tlvs::parse(BFD_DISCRIMINATOR, Shape::Byte, reader.rest())? })
    }
}

impl<'a> Body<'a> for BfdDiscriminator<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.mode)?.u32(self.discriminator)?.put(self.tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mode {} discriminator {}", self.mode, self.discriminator)
    }
}
