//! What the programs in the kernel and what loads them tell each other: keys and values of maps, as they stand in memory.
#![no_std]

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// An address of either family: IPv4's as IPv6 maps it (RFC 4291 §2.5.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Address([u64; 2]);

impl Address {
    /// `::`, for none.
    pub const UNSPECIFIED: Self = Self([0; 2]);
}

impl From<Ipv4Addr> for Address {
    #[inline(always)]
    fn from(address: Ipv4Addr) -> Self {
        let [a, b, c, d] = address.octets();
        Self([0, u64::from_ne_bytes([0, 0, 0xff, 0xff, a, b, c, d])])
    }
}

impl From<Ipv6Addr> for Address {
    #[inline(always)]
    fn from(address: Ipv6Addr) -> Self {
        Self(zerocopy::transmute!(address.octets()))
    }
}

impl From<IpAddr> for Address {
    #[inline(always)]
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => address.into(),
        }
    }
}

impl From<Address> for IpAddr {
    fn from(Address(words): Address) -> Self {
        let octets: [u8; 16] = zerocopy::transmute!(words);
        Ipv6Addr::from(octets).to_canonical()
    }
}

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
    /// From where to where.
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
        nodes: [Address([0; 2]); 2],
        ends: [Address([0; 2]); 2],
        vni: 0,
        ports: [0; 2],
        tunnel: Tunnel::No as u8,
        protocol: 0,
        unused: [0; 6],
    };
}

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

#[cfg(feature = "user")]
mod user {
    use super::{Count, Flow, Receiver, Remote, Template};

    // SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
    unsafe impl aya::Pod for Flow {}
    // SAFETY: the same.
    unsafe impl aya::Pod for Count {}
    // SAFETY: the same.
    unsafe impl aya::Pod for Remote {}
    // SAFETY: the same.
    unsafe impl aya::Pod for Receiver {}
    // SAFETY: the same.
    unsafe impl aya::Pod for Template {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in ["192.0.2.1", "2001:db8::1", "::"] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(IpAddr::from(Address::from(address)), address);
        }
        assert_eq!(
            Address::from(Ipv4Addr::new(192, 0, 2, 1)).as_bytes(),
            b"\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01"
        );
    }
}
