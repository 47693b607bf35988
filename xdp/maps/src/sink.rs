//! How much arrived.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Packets and their bytes, from Ethernet on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Sunk {
    /// Packets.
    pub packets: u64,
    /// All their bytes.
    pub bytes: u64,
}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Sunk {}
