//! BFD Discriminator: which BFD session watches a tunnel (RFC 9026 §3.1.6).
//!
//! ```text
//!  0       8                               40
//!  +-------+-------------------------------+-----------------+
//!  | mode  | discriminator                 | TLVs …          |
//!  +-------+-------------------------------+-----------------+
//! ```

use ether_ip::{Error, LayerName};

use crate::tlv::{Shape, Tlvs};
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
