//! IPv4 routes whose next hop is an IPv6 address (RFC 8950 §4).
//!
//! ```text
//!  0               16              32              48
//!  +---------------+---------------+---------------+
//!  | AFI           | SAFI          | next hop AFI  |
//!  +---------------+---------------+---------------+
//! ```

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::{Afi, Family};

/// A family, and what else than its own kind of address its next hops can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct ExtendedNextHop {
    afi: U16,
    safi: U16,
    next_hop_afi: U16,
}

impl ExtendedNextHop {
    /// An entry.
    #[must_use]
    pub const fn new(family: Family, next_hop: Afi) -> Self {
        let safi = U16::new(family.safi.0 as u16);
        Self { afi: U16::new(family.afi.0), safi, next_hop_afi: U16::new(next_hop.0) }
    }

    /// The family. `None` if its SAFI exceeds the byte that a SAFI has elsewhere.
    #[must_use]
    pub const fn family(&self) -> Option<Family> {
        let safi = self.safi.get();
        if safi > 255 { None } else { Some(Family::new(self.afi.get(), safi as u8)) }
    }

    /// The next hop's address family.
    #[must_use]
    pub const fn next_hop(&self) -> Afi {
        Afi(self.next_hop_afi.get())
    }
}
