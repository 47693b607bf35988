//! ORIGIN: where a route came from (RFC 4271 §4.3 a). One byte.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::body::Body;
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::wire::exactly;

/// Where a route came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(u8)]
pub enum Origin {
    /// From inside of the originating AS.
    Igp = 0,
    /// From EGP (RFC 904).
    Egp = 1,
    /// From elsewhere.
    Incomplete = 2,
}

impl Origin {
    /// The origin that a byte stands for; `None` over 2.
    #[inline]
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Igp),
            1 => Some(Self::Egp),
            2 => Some(Self::Incomplete),
            _ => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Igp => "igp",
            Self::Egp => "egp",
            Self::Incomplete => "incomplete",
        })
    }
}

impl Body<'_> for Origin {
    #[inline]
    fn read(layer: LayerName, bytes: &[u8], _: &Negotiated) -> Result<Self, Error> {
        let [byte] = exactly::<1>(layer, bytes)?;
        Self::from_byte(byte).ok_or_else(|| invalid(layer, byte))
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(*self as u8)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cold]
fn invalid(layer: LayerName, byte: u8) -> Error {
    Error::Malformed { layer, field: "value", value: u32::from(byte), rule: Rule::AtMost(2) }
}
