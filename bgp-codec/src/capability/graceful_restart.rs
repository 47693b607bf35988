//! Graceful restart (RFC 4724 §3, RFC 8538 §2), and its long-lived form (RFC 9494 §3.1).
//!
//! ```text
//!  0     4                       16
//!  +-----+-----------------------+
//!  |R|N| | restart time          |
//!  +-----+---------+-------+-----+-+
//!  | AFI           | SAFI  | F     |   a family; any number of them
//!  +---------------+-------+-------+-----------------------+
//!  | AFI           | SAFI  | F     | stale time            |   the long-lived form's families
//!  +---------------+-------+-------+-----------------------+
//! ```

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::Family;
use crate::wire::items;

/// Whether forwarding state was kept, in a family's flags.
const FORWARDING: u8 = 0x80;

/// What a speaker tells of its restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GracefulRestart<'a> {
    pub(crate) flags_and_time: u16,
    /// The families whose forwarding goes on.
    pub families: &'a [RestartFamily],
}

impl<'a> GracefulRestart<'a> {
    /// A restart time in seconds, of which 12 bits count, and families.
    #[must_use]
    pub const fn new(restart_time: u16, families: &'a [RestartFamily]) -> Self {
        Self { flags_and_time: restart_time & 0x0fff, families }
    }

    pub(crate) fn parse(value: &'a [u8]) -> Option<Self> {
        let (time, families) = value.split_first_chunk()?;
        Some(Self { flags_and_time: u16::from_be_bytes(*time), families: items(families)? })
    }

    /// The same with the R flag: the speaker has restarted.
    #[must_use]
    pub const fn restarting(self) -> Self {
        Self { flags_and_time: self.flags_and_time | 0x8000, ..self }
    }

    /// The same with the N flag: NOTIFICATIONs are restarts too (RFC 8538 §2).
    #[must_use]
    pub const fn with_notifications(self) -> Self {
        Self { flags_and_time: self.flags_and_time | 0x4000, ..self }
    }

    /// Whether the speaker has restarted: the R flag.
    #[must_use]
    pub const fn is_restarting(&self) -> bool {
        self.flags_and_time & 0x8000 != 0
    }

    /// Whether a NOTIFICATION is a restart too: the N flag (RFC 8538 §2).
    #[must_use]
    pub const fn covers_notifications(&self) -> bool {
        self.flags_and_time & 0x4000 != 0
    }

    /// How long a restart may take, in seconds.
    #[must_use]
    pub const fn restart_time(&self) -> u16 {
        self.flags_and_time & 0x0fff
    }
}

/// A family whose forwarding goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct RestartFamily {
    afi: U16,
    safi: u8,
    flags: u8,
}

impl RestartFamily {
    /// An entry.
    #[must_use]
    pub const fn new(family: Family, is_forwarding: bool) -> Self {
        let flags = if is_forwarding { FORWARDING } else { 0 };
        Self { afi: U16::new(family.afi.0), safi: family.safi.0, flags }
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        Family::new(self.afi.get(), self.safi)
    }

    /// Whether forwarding state was kept through the last restart: the F flag.
    #[must_use]
    pub const fn is_forwarding(&self) -> bool {
        self.flags & FORWARDING != 0
    }
}

/// A family whose routes are kept for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LongLivedFamily {
    afi: U16,
    safi: u8,
    flags: u8,
    stale_time: [u8; 3],
}

impl LongLivedFamily {
    /// An entry. Of the stale time in seconds 24 bits count.
    #[must_use]
    pub const fn new(family: Family, is_forwarding: bool, stale_time: u32) -> Self {
        let flags = if is_forwarding { FORWARDING } else { 0 };
        let [_, a, b, c] = stale_time.to_be_bytes();
        Self { afi: U16::new(family.afi.0), safi: family.safi.0, flags, stale_time: [a, b, c] }
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        Family::new(self.afi.get(), self.safi)
    }

    /// Whether forwarding state was kept: the F flag.
    #[must_use]
    pub const fn is_forwarding(&self) -> bool {
        self.flags & FORWARDING != 0
    }

    /// How long routes are kept, in seconds.
    #[must_use]
    pub const fn stale_time(&self) -> u32 {
        let [a, b, c] = self.stale_time;
        u32::from_be_bytes([0, a, b, c])
    }
}
