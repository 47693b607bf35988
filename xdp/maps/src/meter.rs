//! What packets are metered by, and how much.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::Address;

/// Which tunnel a packet is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tunnel {
    /// None.
    No = 0,
    /// RFC 7348.
    Vxlan = 1,
    /// RFC 8926.
    Geneve = 2,
}

/// What packets are metered by: one direction of a conversation, and the tunnel that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Flow {
    /// Between which nodes, if it is in a tunnel; both `::` if not.
    pub nodes: [Address; 2],
    /// From where to where; both `::` if no IP is in the tunnel.
    pub ends: [Address; 2],
    /// The tunnel's network.
    pub vni: u32,
    /// The ports, or zero.
    pub ports: [u16; 2],
    /// See [`Tunnel`].
    pub tunnel: u8,
    /// What IP carries.
    pub protocol: u8,
    /// Nothing: the kernel compares all bytes of a key.
    pub unused: [u8; 6],
}

impl Flow {
    /// Of nothing yet.
    pub const NOTHING: Self = Self {
        nodes: [Address::UNSPECIFIED; 2],
        ends: [Address::UNSPECIFIED; 2],
        vni: 0,
        ports: [0; 2],
        tunnel: Tunnel::No as u8,
        protocol: 0,
        unused: [0; 6],
    };
}

/// How much was metered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Count {
    /// Packets.
    pub packets: u64,
    /// All their bytes, from Ethernet on.
    pub bytes: u64,
    /// Those of them that the tunnel costs.
    pub overhead: u64,
}

impl core::iter::Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            packets: sum.packets + count.packets,
            bytes: sum.bytes + count.bytes,
            overhead: sum.overhead + count.overhead,
        })
    }
}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Flow {}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Count {}
