//! How captures begin where there is no Ethernet: Linux cooked captures and BSD loopback.
//!
//! ```text
//!  Linux cooked v1 (LINKTYPE_LINUX_SLL, 113)
//!  0               2               4               6                       14              16
//!  +---------------+---------------+---------------+-----------------------+---------------+
//!  | packet type   | ARPHRD type   | address length| address, 8 bytes      | protocol      |
//!  +---------------+---------------+---------------+-----------------------+---------------+
//!  Linux cooked v2 (LINKTYPE_LINUX_SLL2, 276)
//!  0               2               4               8               10      11      12      20
//!  +---------------+---------------+---------------+---------------+-------+-------+-------+
//!  | protocol      | reserved      | interface     | ARPHRD type   | packet| addr. | address
//!  |               |               | index         |               | type  | length| 8 bytes
//!  +---------------+---------------+---------------+---------------+-------+-------+-------+
//!  BSD null (LINKTYPE_NULL, 0: the writer's byte order) and loop (LINKTYPE_LOOP, 108: big-endian)
//!  0                               4
//!  +-------------------------------+
//!  | address family                |
//!  +-------------------------------+
//! ```
//!
//! The formats are those of libpcap's link-layer header types.

use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::EtherType;
use crate::view::take_header;
use crate::{Error, LayerName, PacketBuffer};

crate::open_set! {
    /// Which way a packet of a cooked capture went.
    pub struct PacketType(u16) {
        /// To this host.
        TO_US = 0, "to us";
        /// Broadcast.
        BROADCAST = 1, "broadcast";
        /// Multicast.
        MULTICAST = 2, "multicast";
        /// To another host.
        TO_OTHERS = 3, "to others";
        /// From this host.
        FROM_US = 4, "from us";
    }
}

/// The 16 bytes of a Linux cooked capture, v1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LinuxCookedHeader {
    packet_type: U16,
    hardware_type: U16,
    address_len: U16,
    address: [u8; 8],
    protocol: U16,
}

impl LinuxCookedHeader {
    /// A header of a packet from or to Ethernet.
    #[must_use]
    pub const fn new(packet_type: PacketType, source: crate::ethernet::MacAddr, protocol: EtherType) -> Self {
        let [a, b, c, d, e, f] = source.0;
        Self {
            packet_type: U16::new(packet_type.0),
            hardware_type: U16::new(1),
            address_len: U16::new(6),
            address: [a, b, c, d, e, f, 0, 0],
            protocol: U16::new(protocol.0),
        }
    }

    /// Which way the packet went.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        PacketType(self.packet_type.get())
    }

    /// Linux's ARPHRD number of the device; 1 is Ethernet.
    #[must_use]
    pub const fn hardware_type(&self) -> u16 {
        self.hardware_type.get()
    }

    /// The sender's link-layer address: as much of it as fits in 8 bytes.
    #[must_use]
    pub fn address(&self) -> &[u8] {
        self.address.get(..usize::from(self.address_len.get())).unwrap_or(&self.address)
    }

    /// The payload's type.
    #[must_use]
    pub const fn protocol(&self) -> EtherType {
        EtherType(self.protocol.get())
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 16 bytes free.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::LINUX_COOKED, self)
    }
}

/// The 20 bytes of a Linux cooked capture, v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LinuxCooked2Header {
    protocol: U16,
    reserved: U16,
    interface: U32,
    hardware_type: U16,
    packet_type: u8,
    address_len: u8,
    address: [u8; 8],
}

impl LinuxCooked2Header {
    /// A header of a packet from or to Ethernet.
    #[must_use]
    pub const fn new(
        packet_type: PacketType,
        source: crate::ethernet::MacAddr,
        protocol: EtherType,
        interface: u32,
    ) -> Self {
        let [a, b, c, d, e, f] = source.0;
        Self {
            protocol: U16::new(protocol.0),
            reserved: U16::new(0),
            interface: U32::new(interface),
            hardware_type: U16::new(1),
            packet_type: packet_type.0 as u8,
            address_len: 6,
            address: [a, b, c, d, e, f, 0, 0],
        }
    }

    /// The payload's type.
    #[must_use]
    pub const fn protocol(&self) -> EtherType {
        EtherType(self.protocol.get())
    }

    /// The device's index.
    #[must_use]
    pub const fn interface(&self) -> u32 {
        self.interface.get()
    }

    /// Linux's ARPHRD number of the device; 1 is Ethernet.
    #[must_use]
    pub const fn hardware_type(&self) -> u16 {
        self.hardware_type.get()
    }

    /// Which way the packet went.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        PacketType(self.packet_type as u16)
    }

    /// The sender's link-layer address: as much of it as fits in 8 bytes.
    #[must_use]
    pub fn address(&self) -> &[u8] {
        self.address.get(..usize::from(self.address_len)).unwrap_or(&self.address)
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 20 bytes free.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::LINUX_COOKED, self)
    }
}

crate::open_set! {
    /// The address family of a BSD loopback packet: the numbers of libpcap's pages. IPv6's differs from system to system.
    pub struct AddressFamily(u32) {
        /// IPv4, everywhere.
        IPV4 = 2, "IPv4";
        /// OSI.
        OSI = 7, "OSI";
        /// IPX.
        IPX = 23, "IPX";
        /// IPv6 on NetBSD, OpenBSD and BSD/OS, and from Npcap.
        IPV6_NETBSD = 24, "IPv6 (NetBSD, OpenBSD)";
        /// IPv6 on FreeBSD.
        IPV6_FREEBSD = 28, "IPv6 (FreeBSD)";
        /// IPv6 on macOS.
        IPV6_DARWIN = 30, "IPv6 (macOS)";
    }
}

impl AddressFamily {
    /// The EtherType that stands for the same protocol, if there is one.
    #[must_use]
    pub const fn ether_type(self) -> Option<EtherType> {
        match self {
            Self::IPV4 => Some(EtherType::IPV4),
            Self::IPV6_NETBSD | Self::IPV6_FREEBSD | Self::IPV6_DARWIN => Some(EtherType::IPV6),
            _ => None,
        }
    }
}

/// The 4 bytes of a BSD null or loop capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct BsdLoopbackHeader {
    family: [u8; 4],
}

impl BsdLoopbackHeader {
    /// A header in network byte order, as LINKTYPE_LOOP has it.
    #[must_use]
    pub const fn new(family: AddressFamily) -> Self {
        Self { family: family.0.to_be_bytes() }
    }

    /// A header in little-endian order, as LINKTYPE_NULL has it on most machines.
    #[must_use]
    pub const fn new_little_endian(family: AddressFamily) -> Self {
        Self { family: family.0.to_le_bytes() }
    }

    /// Whether the family stands in little-endian order. Families are small, so the order shows. In LINKTYPE_LOOP it should not; tcpdump
    /// reads it all the same.
    #[must_use]
    pub const fn is_little_endian(&self) -> bool {
        let [first, second, ..] = self.family;
        first != 0 || second != 0
    }

    /// The address family, in whichever byte order it was written.
    #[must_use]
    pub const fn family(&self) -> AddressFamily {
        AddressFamily(if self.is_little_endian() {
            u32::from_le_bytes(self.family)
        } else {
            u32::from_be_bytes(self.family)
        })
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 4 bytes free.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::BSD_LOOPBACK, self)
    }
}

macro_rules! captured {
    ($(#[$doc:meta])* $view:ident, $header:ty, $layer:expr) => {
        $(#[$doc])*
        pub struct $view<B> {
            header: Ref<B, $header>,
            payload: B,
        }

        crate::view!($view => $header { payload } payload "What follows the header");

        impl<B: SplitByteSlice> $view<B> {
            /// Reads the header.
            ///
            /// # Errors
            /// [`Error::Truncated`] if it does not fit in the bytes.
            pub fn parse(bytes: B) -> Result<Self, Error> {
                let (needed, available) = (size_of::<$header>(), bytes.len());
                let truncated = Error::Truncated { layer: $layer, needed, available };
                let (header, payload) = take_header(bytes).ok_or(truncated)?;
                Ok(Self { header, payload })
            }
        }
    };
}

captured! {
    /// A packet of a Linux cooked capture v1, over the bytes `B`.
    LinuxCookedPacket, LinuxCookedHeader, LayerName::LINUX_COOKED
}
captured! {
    /// A packet of a Linux cooked capture v2, over the bytes `B`.
    LinuxCooked2Packet, LinuxCooked2Header, LayerName::LINUX_COOKED
}
captured! {
    /// A packet of a BSD null or loop capture, over the bytes `B`.
    BsdLoopbackPacket, BsdLoopbackHeader, LayerName::BSD_LOOPBACK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;
    use crate::ethernet::MacAddr;

    const MAC: MacAddr = MacAddr([2, 0, 0, 0, 0, 9]);

    #[test]
    fn linux_cooked() {
        let bytes = [0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0, 0x45];
        let packet = LinuxCookedPacket::parse(&bytes[..]).unwrap();
        assert_eq!((packet.packet_type(), packet.hardware_type()), (PacketType::FROM_US, 1));
        assert_eq!((packet.address(), packet.protocol()), (&MAC.0[..], EtherType::IPV4));
        assert_eq!(packet.payload(), [0x45]);
        let mut buffer = [0; 17];
        let mut built = Headroom::with_payload(&mut buffer, &[0x45]).unwrap();
        LinuxCookedHeader::new(PacketType::FROM_US, MAC, EtherType::IPV4).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), bytes);
        let error = LinuxCookedPacket::parse(&bytes[..15]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::LINUX_COOKED, needed: 16, available: 15 });
        let mut long = bytes;
        long[5] = 20; // an InfiniBand address: 8 bytes of it are there
        assert_eq!(LinuxCookedPacket::parse(&long[..]).unwrap().address().len(), 8);
    }

    #[test]
    fn linux_cooked_2() {
        let bytes = [0x86, 0xdd, 0, 0, 0, 0, 0, 7, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 0x60];
        let packet = LinuxCooked2Packet::parse(&bytes[..]).unwrap();
        assert_eq!((packet.packet_type(), packet.hardware_type()), (PacketType::TO_US, 1));
        assert_eq!((packet.address(), packet.protocol(), packet.interface()), (&MAC.0[..], EtherType::IPV6, 7));
        let mut buffer = [0; 21];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        LinuxCooked2Header::new(PacketType::TO_US, MAC, EtherType::IPV6, 7).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), bytes);
        let error = LinuxCooked2Packet::parse(&bytes[..19]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::LINUX_COOKED, needed: 20, available: 19 });
    }

    #[test]
    fn bsd_loopback_in_both_byte_orders() {
        for (bytes, family) in [
            ([0, 0, 0, 2], AddressFamily::IPV4),
            ([2, 0, 0, 0], AddressFamily::IPV4),
            ([0, 0, 0, 30], AddressFamily::IPV6_DARWIN),
            ([24, 0, 0, 0], AddressFamily::IPV6_NETBSD),
        ] {
            let packet = BsdLoopbackPacket::parse(&bytes[..]).unwrap();
            assert_eq!(packet.family(), family);
            let build =
                if packet.is_little_endian() { BsdLoopbackHeader::new_little_endian } else { BsdLoopbackHeader::new };
            assert_eq!(build(family).as_bytes(), bytes);
        }
        assert_eq!(AddressFamily::IPV6_FREEBSD.ether_type(), Some(EtherType::IPV6));
        assert_eq!(AddressFamily(7).ether_type(), None);
        let error = BsdLoopbackPacket::parse(&[0; 3][..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::BSD_LOOPBACK, needed: 4, available: 3 });
    }
}
