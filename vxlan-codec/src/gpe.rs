//! VXLAN-GPE: VXLAN that says what it carries.
//!
//! ```text
//!  0               8                               24              32
//!  +-+-+-+-+-+-+-+-+-------------------------------+---------------+
//!  |R|R|Ver|I|P|B|O| reserved                      | next protocol |
//!  +-+-+-+-+-+-+-+-+-------------------------------+---------------+
//!  | VXLAN network identifier (VNI)                | reserved      |
//!  +-----------------------------------------------+---------------+
//! ```
//!
//! draft-ietf-nvo3-vxlan-gpe-13 §3: version, P (a next protocol is there), B (broadcast and the like: replicated at the
//! ingress), O (operations and maintenance). Linux follows -01, where B is reserved.

use ether_ip::ethernet::EtherType;
use ether_ip::view::take_header;
use ether_ip::{PacketBuffer, open_set, vni::Vni};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::Error;
use crate::error::VXLAN;

/// The UDP port that IANA gave to VXLAN-GPE.
pub const PORT: u16 = 4790;

const I: u8 = 0x08;
const P: u8 = 0x04;
const B: u8 = 0x02;
const O: u8 = 0x01;

open_set! {
    /// What a VXLAN-GPE packet carries.
    pub struct NextProtocol(u8) {
        /// An IPv4 packet.
        IPV4 = 1, "IPv4";
        /// An IPv6 packet.
        IPV6 = 2, "IPv6";
        /// An Ethernet frame.
        ETHERNET = 3, "Ethernet";
        /// A network service header (RFC 8300).
        NSH = 4, "NSH";
        /// An MPLS label stack.
        MPLS = 5, "MPLS";
    }
}

impl NextProtocol {
    /// The EtherType that stands for the same protocol.
    #[must_use]
    pub const fn ether_type(self) -> Option<EtherType> {
        match self {
            Self::IPV4 => Some(EtherType::IPV4),
            Self::IPV6 => Some(EtherType::IPV6),
            Self::ETHERNET => Some(EtherType::TRANSPARENT_ETHERNET),
            Self::NSH => Some(EtherType(0x894f)),
            Self::MPLS => Some(EtherType::MPLS),
            _ => None,
        }
    }
}

/// The 8 bytes between UDP and the inner packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct GpeHeader {
    flags: u8,
    reserved: U16,
    next_protocol: u8,
    vni: Vni,
    reserved_2: u8,
}

impl GpeHeader {
    /// A header with a VNI and a next protocol.
    #[inline]
    #[must_use]
    pub const fn new(vni: Vni, next_protocol: NextProtocol) -> Self {
        Self { flags: I | P, reserved: U16::new(0), next_protocol: next_protocol.0, vni, reserved_2: 0 }
    }

    /// The header's first byte.
    #[inline]
    #[must_use]
    pub const fn flags(&self) -> u8 {
        self.flags
    }

    /// Version: 0 is the only one.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> u8 {
        (self.flags >> 4) & 3
    }

    /// Whether the VNI is valid: the I flag.
    #[inline]
    #[must_use]
    pub const fn has_vni(&self) -> bool {
        self.flags & I != 0
    }

    /// Whether the packet was replicated at the ingress: the B flag.
    #[inline]
    #[must_use]
    pub const fn is_replicated(&self) -> bool {
        self.flags & B != 0
    }

    /// Whether it is operations and maintenance: the O flag.
    #[inline]
    #[must_use]
    pub const fn is_oam(&self) -> bool {
        self.flags & O != 0
    }

    /// What is carried; Ethernet without the P flag, as in plain VXLAN.
    #[inline]
    #[must_use]
    pub const fn next_protocol(&self) -> NextProtocol {
        if self.flags & P == 0 { NextProtocol::ETHERNET } else { NextProtocol(self.next_protocol) }
    }

    /// The virtual network's identifier.
    #[inline]
    #[must_use]
    pub const fn vni(&self) -> Vni {
        self.vni
    }

    /// The two reserved fields: 16 bits, and the last byte.
    #[inline]
    #[must_use]
    pub const fn reserved(&self) -> (u16, u8) {
        (self.reserved.get(), self.reserved_2)
    }

    /// Sets whether the packet was replicated at the ingress.
    #[inline]
    pub fn set_replicated(&mut self, on: bool) {
        self.flags = self.flags & !B | if on { B } else { 0 };
    }

    /// Sets whether it is operations and maintenance.
    #[inline]
    pub fn set_oam(&mut self, on: bool) {
        self.flags = self.flags & !O | if on { O } else { 0 };
    }

    /// Sets the virtual network's identifier.
    #[inline]
    pub fn set_vni(&mut self, vni: Vni) {
        self.vni = vni;
    }

    /// Checks what Linux checks in its GPE mode, but for bits that are reserved and that the draft has ignored.
    ///
    /// # Errors
    /// [`Error::NoVni`], [`Error::GpeVersion`], [`Error::GpeOam`], or [`Error::GpeNextProtocol`] if P is clear or the
    /// protocol has no name here.
    pub const fn check(&self) -> Result<(), Error> {
        if !self.has_vni() {
            return Err(Error::NoVni { flags: (self.flags as u16) << 8 });
        }
        if self.version() != 0 {
            return Err(Error::GpeVersion { version: self.version() });
        }
        if self.is_oam() {
            return Err(Error::GpeOam);
        }
        if self.flags & P == 0 || NextProtocol(self.next_protocol).name().is_none() {
            return Err(Error::GpeNextProtocol { flags: self.flags, next_protocol: self.next_protocol });
        }
        Ok(())
    }

    /// Puts the header in front of `packet`, the inner packet, as it is.
    ///
    /// # Errors
    /// [`Error::Packet`] if there are not 8 bytes free. Nothing is written then.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        Ok(packet.prepend(VXLAN, self)?)
    }
}

/// A VXLAN-GPE packet, a UDP datagram's payload, over the bytes `Bytes`.
///
/// ```
/// use vxlan_codec::gpe::{GpePacket, NextProtocol};
///
/// let packet = GpePacket::parse(&[0x0c, 0, 0, 1, 0, 0, 1, 0, 0x45][..])?;
/// assert_eq!(packet.next_protocol(), NextProtocol::IPV4);
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
pub struct GpePacket<B> {
    header: Ref<B, GpeHeader>,
    payload: B,
}

ether_ip::view!(GpePacket => GpeHeader { payload } payload "The inner packet");

impl<B: SplitByteSlice> GpePacket<B> {
    /// Reads a packet and checks its flags.
    ///
    /// # Errors
    /// [`Error::Packet`], truncated, under 8 bytes; what [`GpeHeader::check`] finds.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let packet = Self::parse_lax(bytes)?;
        packet.check()?;
        Ok(packet)
    }

    /// Reads a packet whatever its flags are, to be looked at.
    ///
    /// # Errors
    /// [`Error::Packet`], truncated, under 8 bytes.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = ether_ip::Error::Truncated { layer: VXLAN, needed: size_of::<GpeHeader>(), available };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ether_ip::Headroom;

    const IPV4: [u8; 9] = [0x0c, 0, 0, 1, 0, 0, 7, 0, 0x45];

    #[test]
    fn reads_builds_and_changes() {
        let packet = GpePacket::parse(&IPV4[..]).unwrap();
        assert_eq!((packet.vni().get(), packet.version(), packet.payload()), (7, 0, &[0x45][..]));
        let mut buffer = [0; 9];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        GpeHeader::new(packet.vni(), NextProtocol::IPV4).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), IPV4);
        let mut packet = GpePacket::parse(built.into_packet()).unwrap();
        packet.set_replicated(true);
        packet.set_oam(true);
        packet.set_vni(Vni::MAX);
        packet.payload_mut()[0] = 0x46;
        assert!(packet.is_replicated() && packet.is_oam());
        assert_eq!(buffer, [0x0f, 0, 0, 1, 0xff, 0xff, 0xff, 0, 0x46]);
        // Set again, and cleared.
        let mut packet = GpePacket::parse_lax(&mut buffer[..]).unwrap();
        packet.set_replicated(true);
        packet.set_oam(true);
        assert_eq!(packet.flags(), 0x0f);
        packet.set_replicated(false);
        assert_eq!((packet.flags(), packet.is_replicated(), packet.is_oam()), (0x0d, false, true));
        packet.set_oam(false);
        assert_eq!((packet.flags(), packet.is_replicated(), packet.is_oam()), (0x0c, false, false));
    }

    /// draft-ietf-nvo3-vxlan-gpe-12 §3.1: what is reserved is ignored, and can be looked at.
    #[test]
    fn reserved() {
        let packet = GpePacket::parse(&[0x0c, 0x12, 0x34, 1, 0, 0, 7, 0x56][..]).unwrap();
        assert_eq!((packet.reserved(), packet.vni().get()), ((0x1234, 0x56), 7));
    }

    #[test]
    fn next_protocols() {
        let types =
            [EtherType::IPV4, EtherType::IPV6, EtherType::TRANSPARENT_ETHERNET, EtherType(0x894f), EtherType::MPLS];
        for (next, ether_type) in (1..).zip(types) {
            let mut bytes = IPV4;
            bytes[3] = next;
            let packet = GpePacket::parse(&bytes[..]).unwrap();
            assert_eq!(packet.next_protocol().ether_type(), Some(ether_type));
        }
        let mut bytes = IPV4;
        bytes[3] = 0x77;
        let unknown = Error::GpeNextProtocol { flags: 0x0c, next_protocol: 0x77 };
        assert_eq!(GpePacket::parse(&bytes[..]).unwrap_err(), unknown);
        assert_eq!(GpePacket::parse_lax(&bytes[..]).unwrap().next_protocol().ether_type(), None);
        bytes[0] = 0x08;
        let none = Error::GpeNextProtocol { flags: 0x08, next_protocol: 0x77 };
        assert_eq!(GpePacket::parse(&bytes[..]).unwrap_err(), none);
        assert_eq!(GpePacket::parse_lax(&bytes[..]).unwrap().next_protocol(), NextProtocol::ETHERNET);
    }

    #[test]
    fn flags() {
        let error = |flags| {
            let mut bytes = IPV4;
            bytes[0] = flags;
            GpePacket::parse(&bytes[..]).map(|_| ()).unwrap_err()
        };
        assert_eq!(error(0x04), Error::NoVni { flags: 0x0400 });
        assert_eq!(error(0x1c), Error::GpeVersion { version: 1 });
        assert_eq!(error(0x3c), Error::GpeVersion { version: 3 });
        assert_eq!(error(0x0d), Error::GpeOam);
        // Without P there is no protocol to know, whatever stands there.
        assert_eq!(error(0x08), Error::GpeNextProtocol { flags: 0x08, next_protocol: 1 });
        let available = 7;
        let truncated = ether_ip::Error::Truncated { layer: VXLAN, needed: 8, available };
        assert_eq!(GpePacket::parse(&IPV4[..available]).unwrap_err(), Error::Packet(truncated));
    }
}
