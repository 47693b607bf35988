//! Whose tunnels are ended, and what is put in front of frames.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::Address;

/// Whose tunnel's packets are taken apart: of another node, in a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Remote {
    /// The outer source.
    pub address: Address,
    /// The tunnel's network.
    pub vni: u32,
    /// See [`Tunnel`].
    pub tunnel: u32,
}

/// The address of a frame's receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Receiver {
    /// Its hardware address.
    pub address: [u8; 6],
    /// Nothing: the kernel compares all bytes of a key.
    pub unused: [u8; 2],
}

/// The longest headers of a tunnel: Ethernet, IPv6, UDP, and Geneve with 58 bytes of options.
pub const MAX_HEADERS: usize = 128;

/// The headers of a tunnel to a remote, ready to be copied in front of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Template {
    /// Ethernet, IP, UDP and the tunnel's, with lengths and the source port of zero, and IPv4's checksum as it is with them.
    pub headers: [u8; MAX_HEADERS],
    /// How many bytes of them there are.
    pub len: u32,
    /// The longest outer IP packet, in bytes.
    pub mtu: u32,
    /// The device that the packet goes out by.
    pub device: u32,
    /// The first of the source ports.
    pub first_port: u16,
    /// And the last.
    pub last_port: u16,
}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Remote {}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Receiver {}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Template {}
