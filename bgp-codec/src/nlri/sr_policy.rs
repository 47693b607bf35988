//! Segment routing policies (RFC 9830 §2.1). What a policy is made of stands in the Tunnel Encapsulation attribute.
//!
//! ```text
//!  0       8                       40                      72
//!  +-------+-----------------------+-----------------------+-----------------+
//!  | length| distinguisher         | colour                | endpoint, 4 or 16 bytes
//!  +-------+-----------------------+-----------------------+-----------------+
//! ```
//!
//! The length is in bits: 96 or 192.

use core::fmt;
use core::net::IpAddr;

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::value::address::{read_bare_address, write_bare_address};
use crate::wire::{Reader, hex};

/// A segment routing policy's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SrPolicy<'a> {
    /// One of the two lengths that are known.
    Policy {
        /// Tells policies of one colour and endpoint apart.
        distinguisher: u32,
        /// The intent.
        color: u32,
        /// Where it ends.
        endpoint: IpAddr,
    },
    /// One of another length: the length in bits, and the bytes.
    Other {
        /// The length in bits.
        bits: u8,
        /// The bytes.
        value: &'a [u8],
    },
}

impl<'a> SrPolicy<'a> {
    pub(crate) fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        let bits = from.u8()?;
        let value = from.take(usize::from(bits).div_ceil(8))?;
        let mut inner = Reader::new(from.layer(), value);
        Ok(match bits {
            96 | 192 => Self::Policy {
                distinguisher: inner.u32()?,
                color: inner.u32()?,
                endpoint: read_bare_address(&mut inner)?,
            },
            _ => Self::Other { bits, value },
        })
    }

    /// Its length in bits: 96 or 192 (RFC 9830 §2.1).
    #[must_use]
    pub const fn bits(&self) -> u8 {
        match self {
            Self::Policy { endpoint: IpAddr::V4(_), .. } => 96,
            Self::Policy { endpoint: IpAddr::V6(_), .. } => 192,
            Self::Other { bits, .. } => *bits,
        }
    }

    /// Writes length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::Policy { distinguisher, color, endpoint } => {
                to.u8(self.bits())?.u32(distinguisher)?.u32(color)?;
                write_bare_address(endpoint, to)
            }
            Self::Other { bits, value } => to.write_all(&[&[bits], value]),
        }
    }
}

impl fmt::Display for SrPolicy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy { distinguisher, color, endpoint } => {
                write!(f, "distinguisher {distinguisher} color {color} endpoint {endpoint}")
            }
            Self::Other { value, .. } => hex(value, f),
        }
    }
}
