//! ORIGIN: where a route came from (RFC 4271 §4.3 a). One byte.

use core::fmt;

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
