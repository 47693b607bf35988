//! What is handed to sockets.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::Address;

/// Where tunnels end: what comes here is for a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct TunnelEnd {
    /// This node's address.
    pub address: Address,
    /// The UDP port.
    pub port: u64,
}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for TunnelEnd {}
