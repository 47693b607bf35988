//! BFD Discriminator: which BFD session watches a tunnel (RFC 9026 §3.1.6).
//!
//! ```text
//!  0       8                               40
//!  +-------+-------------------------------+-----------------+
//!  | mode  | discriminator                 | TLVs …          |
//!  +-------+-------------------------------+-----------------+
//! ```

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};

use super::body::Body;
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlvs};
use crate::tlv_value::tlv_values;
use crate::value::as_number::AsSize;
use crate::wire::Reader;

/// BFD Discriminator, as an error names it.
pub const BFD_DISCRIMINATOR: LayerName = LayerName::new("BFD Discriminator");

tlv_values! {
    /// What a TLV of a BFD Discriminator tells.
    pub struct BfdDiscriminatorType(u8);

    /// What a TLV of a BFD Discriminator tells, and its value.
    pub enum BfdDiscriminatorValue in BFD_DISCRIMINATOR, Shape::Byte;

    /// The address that BFD packets come from (RFC 9026 §3.1.6.1).
    SOURCE = 1, "source", Source(IpAddr);
}

/// Which BFD session watches a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BfdDiscriminator<'a> {
    /// The mode: 1 is from one to many.
    pub mode: u8,
    /// The session's discriminator.
    pub discriminator: u32,
    /// More of it: [`values`](Self::values) reads it.
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

    /// What is told beside mode and discriminator, in order; an error for what is malformed.
    pub fn values(&self) -> impl Iterator<Item = Result<BfdDiscriminatorValue<'a>, Error>> + use<'a> {
        self.tlvs.map(BfdDiscriminatorValue::parse)
    }

    /// The address that BFD packets come from.
    #[must_use]
    pub fn source(&self) -> Option<IpAddr> {
        self.values().find_map(|value| match value {
            Ok(BfdDiscriminatorValue::Source(address)) => Some(address),
            _ => None,
        })
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
        write!(f, "mode {} discriminator {}", self.mode, self.discriminator)?;
        self.tlvs.into_iter().try_for_each(|tlv| {
            f.write_str(" ")?;
            BfdDiscriminatorValue::say(BfdDiscriminatorValue::parse(tlv), tlv, f)
        })
    }
}
