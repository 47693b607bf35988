//! AGGREGATOR and AS4_AGGREGATOR: who formed an aggregate (RFC 4271 §4.3 g, RFC 6793 §3).
//!
//! ```text
//!  0               2 or 4          6 or 8 bytes
//!  +---------------+---------------+
//!  | AS            | identifier    |
//!  +---------------+---------------+
//! ```

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};

use super::body::Body;
use crate::session::Negotiated;
use crate::value::as_number::{AsSize, write_as};
use crate::wire::exactly;

/// Who formed an aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Aggregator {
    /// The AS.
    pub as_number: u32,
    /// The speaker's identifier.
    pub identifier: Ipv4Addr,
}

impl Aggregator {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it is not 6 bytes, or 8 with 4-octet AS numbers.
    #[inline]
    pub fn parse(layer: LayerName, size: AsSize, bytes: &[u8]) -> Result<Self, Error> {
        Ok(match size {
            AsSize::Two => {
                let [a, b, identifier @ ..] = exactly::<6>(layer, bytes)?;
                Self { as_number: u32::from_be_bytes([0, 0, a, b]), identifier: identifier.into() }
            }
            AsSize::Four => {
                let [a, b, c, d, identifier @ ..] = exactly::<8>(layer, bytes)?;
                Self { as_number: u32::from_be_bytes([a, b, c, d]), identifier: identifier.into() }
            }
        })
    }
}

impl fmt::Display for Aggregator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.as_number, self.identifier)
    }
}

impl Body<'_> for Aggregator {
    #[inline]
    fn read(layer: LayerName, bytes: &[u8], session: &Negotiated) -> Result<Self, Error> {
        Self::parse(layer, session.as_size(), bytes)
    }

    fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        write_as(self.as_number, size, to)?;
        to.put(&self.identifier.octets())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
