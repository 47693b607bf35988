//! Multiple Labels: how many labels of a route a speaker takes (RFC 8277 §2.1).
//!
//! ```text
//!  0               16      24      32
//!  +---------------+-------+-------+
//!  | AFI           | SAFI  | count |
//!  +---------------+-------+-------+
//! ```

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::Family;

/// A family, and how many labels of a route are taken in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LabelsFamily {
    afi: U16,
    safi: u8,
    count: u8,
}

impl LabelsFamily {
    /// An entry. A count of 0 or 1 says nothing, and is not to be sent.
    #[must_use]
    pub const fn new(family: Family, count: u8) -> Self {
        Self { afi: U16::new(family.afi.0), safi: family.safi.0, count }
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        Family::new(self.afi.get(), self.safi)
    }

    /// How many labels are taken: 255 for as many as have room.
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }
}
