//! Route distinguishers (RFC 4364 §4.2).
//!
//! ```text
//!  0               16                                              64
//!  +---------------+-----------------------------------------------+
//!  | type          | value …                                       |
//!  +---------------+-----------------------------------------------+
//! ```
//!
//! | type | value |
//! | --- | --- |
//! | 0 | AS (16 bits), number (32) |
//! | 1 | IPv4 address (32), number (16) |
//! | 2 | AS (32), number (16) |

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::Error;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::wire::{Reader, hex};

/// What tells the equal prefixes of two VPNs apart (RFC 4364 §4.2).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct RouteDistinguisher(pub [u8; 8]);

impl RouteDistinguisher {
    /// Type 0: a 2-octet AS and a number.
    #[must_use]
    pub const fn of_as(as_number: u16, number: u32) -> Self {
        let ([a, b], [c, d, e, f]) = (as_number.to_be_bytes(), number.to_be_bytes());
        Self([0, 0, a, b, c, d, e, f])
    }

    /// Type 1: an address and a number.
    #[must_use]
    pub const fn of_address(address: Ipv4Addr, number: u16) -> Self {
        let ([a, b, c, d], [e, f]) = (address.octets(), number.to_be_bytes());
        Self([0, 1, a, b, c, d, e, f])
    }

    /// Type 2: a 4-octet AS and a number.
    #[must_use]
    pub const fn of_four_octet_as(as_number: u32, number: u16) -> Self {
        let ([a, b, c, d], [e, f]) = (as_number.to_be_bytes(), number.to_be_bytes());
        Self([0, 2, a, b, c, d, e, f])
    }

    /// The type.
    #[must_use]
    pub const fn kind(self) -> u16 {
        let [a, b, ..] = self.0;
        u16::from_be_bytes([a, b])
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        from.array().map(Self)
    }
}

impl fmt::Display for RouteDistinguisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, a, b, c, d, e, g] = self.0;
        let long = u32::from_be_bytes([a, b, c, d]);
        let short = u16::from_be_bytes([e, g]);
        match self.kind() {
            0 => write!(f, "{}:{}", u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, g])),
            1 => write!(f, "{}:{short}", Ipv4Addr::from_bits(long)),
            2 => write!(f, "{long}:{short}"),
            _ => hex(&self.0, f),
        }
    }
}

impl fmt::Debug for RouteDistinguisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
