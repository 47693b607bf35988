//! ADD-PATH: several paths to a prefix, told apart by a path identifier (RFC 7911 §4), and how many of them a peer takes
//! (draft-abraitis-idr-addpath-paths-limit).
//!
//! ```text
//!  0               16      24      32
//!  +---------------+-------+-------+
//!  | AFI           | SAFI  | mode  |     of ADD-PATH
//!  +---------------+-------+-------+-------+
//!  | AFI           | SAFI  | limit         |     of the paths limit
//!  +---------------+-------+---------------+
//! ```

use ether_ip::open_set;
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::Family;

open_set! {
    /// What a speaker does with several paths to a prefix.
    pub struct AddPathMode(u8) {
        /// It takes them.
        RECEIVE = 1, "receive";
        /// It sends them.
        SEND = 2, "send";
        /// Both.
        BOTH = 3, "send and receive";
    }
}

impl AddPathMode {
    /// Whether it takes several paths. A mode that is not known is none (RFC 7911 §4).
    #[must_use]
    pub const fn receives(self) -> bool {
        matches!(self, Self::RECEIVE | Self::BOTH)
    }

    /// Whether it sends several paths.
    #[must_use]
    pub const fn sends(self) -> bool {
        //= RFC 7911 §4/other-value
        matches!(self, Self::SEND | Self::BOTH)
    }
}

/// A family, and what is done with several paths in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct AddPathFamily {
    afi: U16,
    safi: u8,
    mode: u8,
}

impl AddPathFamily {
    /// An entry.
    #[must_use]
    pub const fn new(family: Family, mode: AddPathMode) -> Self {
        Self { afi: U16::new(family.afi.0), safi: family.safi.0, mode: mode.0 }
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        Family::new(self.afi.get(), self.safi)
    }

    /// What is done.
    #[must_use]
    pub const fn mode(&self) -> AddPathMode {
        AddPathMode(self.mode)
    }
}

/// A family, and how many paths to a prefix are taken in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct PathsLimit {
    afi: U16,
    safi: u8,
    limit: U16,
}

impl PathsLimit {
    /// An entry.
    #[must_use]
    pub const fn new(family: Family, limit: u16) -> Self {
        Self { afi: U16::new(family.afi.0), safi: family.safi.0, limit: U16::new(limit) }
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        Family::new(self.afi.get(), self.safi)
    }

    /// How many paths are taken.
    #[must_use]
    pub const fn limit(&self) -> u16 {
        self.limit.get()
    }
}
