//! VXLAN: an Ethernet frame in UDP, with the number of the virtual network that it belongs to; and the Group Policy
//! extension, which adds the sender's policy group.
//!
//! ```text
//!  0               8               16                              32
//!  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-------------------------------+
//!  |G|R R R|I|R R R|R|D|R R|A|R R R| group policy ID (with G)      |
//!  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-------------------------------+
//!  | VXLAN network identifier (VNI)                | reserved      |
//!  +-----------------------------------------------+---------------+
//! ```
//!
//! RFC 7348 §5; draft-smith-vxlan-group-policy §2.1 for G, D (don't learn), A (policy applied) and the group.

use core::ops::Div;

use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::EthernetHeader;
use ether_ip::headers::{Announces, Header, Headers};
use ether_ip::stack::{Carrier, Ethernet, Follows, Layer, Next, Stack, Udp};
use ether_ip::udp::UdpHeader;
use ether_ip::view::take_header;
use ether_ip::{PacketBuffer, Rule, vni::Vni};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::Error;
use crate::error::VXLAN;

/// The header's length, in bytes.
pub const HEADER_LEN: usize = size_of::<VxlanHeader>();
/// The UDP port that IANA gave to VXLAN: Calico's, and Windows' in Flannel.
pub const PORT: u16 = 4789;
/// The UDP port that Linux takes unless told otherwise: Flannel's and Cilium's.
pub const PORT_LINUX: u16 = 8472;

const I: u16 = 0x0800;
const G: u16 = 0x8000;
const D: u16 = 0x0040;
const A: u16 = 0x0008;

/// The 8 bytes between UDP and the inner Ethernet frame.
///
/// It stands in an expression of [headers](ether_ip::headers) too. A UDP destination port of 0 in front of it becomes [`PORT`]; another is
/// what was agreed, [`PORT_LINUX`] or any.
///
/// ```
/// use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
/// use ether_ip::{Headroom, ip::IpProtocol, ipv4::Ipv4Header, udp::UdpHeader};
/// use vxlan_codec::{Vni, VxlanHeader};
///
/// let ip = |from, to| Ipv4Header::new([192, 0, 2, from].into(), [192, 0, 2, to].into(), IpProtocol::UDP);
/// let inner = EthernetHeader::new(MacAddr([2, 0, 0, 0, 0, 2]), MacAddr([2, 0, 0, 0, 0, 1]), EtherType::IPV4);
/// let vxlan = VxlanHeader::new(Vni::new(7)?);
/// let mut buffer = [0; 96];
/// let mut packet = Headroom::with_payload(&mut buffer, b"hello")?;
/// (ip(1, 2) / UdpHeader::new(49_152, 0) / vxlan / inner / ip(3, 4) / UdpHeader::new(4000, 53)).prepend(&mut packet)?;
/// assert_eq!(packet.packet()[..4], [0x45, 0, 0, 83]);
/// assert_eq!(packet.packet()[20..36], *b"\xc0\x00\x12\xb5\x00\x3f\x11\xda\x08\x00\x00\x00\x00\x00\x07\x00");
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// # use ether_ip::ipv4::Ipv4Header;
/// # use vxlan_codec::VxlanHeader;
/// fn put(vxlan: VxlanHeader, ip: Ipv4Header) {
///     let _ = vxlan / ip; // VXLAN carries Ethernet
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct VxlanHeader {
    flags: U16,
    group: U16,
    vni: Vni,
    reserved: u8,
}

/// What the Group Policy extension says of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct GroupPolicy {
    /// The policy group of the inner packet's source.
    pub id: u16,
    /// The receiver must not learn the source address (D).
    pub dont_learn: bool,
    /// The sender has applied the policy already (A).
    pub applied: bool,
}

/// How a header's reserved bits are taken; and, by [`Decapsulator`](crate::Decapsulator), inner VLAN tags, which the RFC has discarded
/// (§6.1) and Linux takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// As RFC 7348 §5 has it: the I flag must be set, reserved bits are ignored.
    #[default]
    Rfc7348,
    /// As Linux does it: the I flag must be set, and no other bit outside the VNI.
    Linux,
    /// As Linux does it with Group Policy on: the lower 24 of the first 32 bits, and G, are the extension's.
    LinuxGroupPolicy,
}

impl VxlanHeader {
    /// A header with the I flag, the VNI, and nothing else.
    #[inline]
    #[must_use]
    pub const fn new(vni: Vni) -> Self {
        //= RFC 7348 §5/reserved-zero
        Self { flags: U16::new(I), group: U16::new(0), vni, reserved: 0 }
    }

    /// The same with the Group Policy extension.
    #[inline]
    #[must_use]
    pub const fn with_group_policy(vni: Vni, policy: GroupPolicy) -> Self {
        let flags = I | G | if policy.dont_learn { D } else { 0 } | if policy.applied { A } else { 0 };
        Self { flags: U16::new(flags), group: U16::new(policy.id), vni, reserved: 0 }
    }

    /// The header's first 16 bits: 0x0800 is the I flag.
    #[inline]
    #[must_use]
    pub const fn flags(&self) -> u16 {
        self.flags.get()
    }

    /// Whether the VNI is valid: the I flag.
    #[inline]
    #[must_use]
    pub const fn has_vni(&self) -> bool {
        self.flags.get() & I != 0
    }

    /// The virtual network's identifier.
    #[inline]
    #[must_use]
    pub const fn vni(&self) -> Vni {
        self.vni
    }

    /// The 16 bits of the group policy ID, whether G is set or not; reserved in RFC 7348.
    #[inline]
    #[must_use]
    pub const fn group_id(&self) -> u16 {
        self.group.get()
    }

    /// The Group Policy extension, if the G flag says that it is there.
    #[inline]
    #[must_use]
    pub const fn group_policy(&self) -> Option<GroupPolicy> {
        let flags = self.flags.get();
        if flags & G == 0 {
            return None;
        }
        Some(GroupPolicy { id: self.group.get(), dont_learn: flags & D != 0, applied: flags & A != 0 })
    }

    /// The header's last byte, which is reserved.
    #[inline]
    #[must_use]
    pub const fn reserved(&self) -> u8 {
        self.reserved
    }

    /// Sets all the flags.
    #[inline]
    pub fn set_flags(&mut self, flags: u16) {
        self.flags.set(flags);
    }

    /// Sets the virtual network's identifier.
    #[inline]
    pub fn set_vni(&mut self, vni: Vni) {
        self.vni = vni;
    }

    /// Sets or clears the Group Policy extension.
    #[inline]
    pub fn set_group_policy(&mut self, policy: Option<GroupPolicy>) {
        let kept = self.flags.get() & !(G | D | A);
        let header = match policy {
            Some(policy) => Self::with_group_policy(self.vni, policy),
            None => Self::new(self.vni),
        };
        self.flags.set(kept | header.flags.get() & (G | D | A));
        self.group = header.group;
    }

    /// Sets the last byte, which RFC 7348 has zero.
    #[inline]
    pub fn set_reserved(&mut self, byte: u8) {
        self.reserved = byte;
    }

    /// Checks the flags in this reading.
    ///
    /// # Errors
    /// [`Error::NoVni`] if the I flag is clear; in Linux's readings [`Error::ReservedBits`] with the bits that nothing
    /// explains.
    #[inline]
    pub const fn check(&self, reading: Reading) -> Result<(), Error> {
        let others = ((self.flags.get() & !I) as u32) << 16 | self.group.get() as u32;
        let (flags, reserved) = match reading {
            //= RFC 7348 §5/reserved-ignored
            Reading::Rfc7348 => (0, 0),
            Reading::Linux => (others, self.reserved),
            Reading::LinuxGroupPolicy => (others & 0x7f00_0000, self.reserved),
        };
        //= RFC 7348 §5/i-flag
        if self.has_vni() && flags == 0 && reserved == 0 { Ok(()) } else { Err(self.refused(flags, reserved)) }
    }

    #[cold]
    const fn refused(&self, flags: u32, reserved: u8) -> Error {
        if self.has_vni() { Error::ReservedBits { flags, reserved } } else { Error::NoVni { flags: self.flags.get() } }
    }

    /// Puts the header in front of `packet`, the inner frame, as it is. A VTEP does this with
    /// [`VxlanTemplate`](crate::VxlanTemplate), outer headers and all.
    ///
    /// # Errors
    /// [`Error::Packet`] if there are not 8 bytes free. Nothing is written then.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        Ok(packet.prepend(VXLAN, self)?)
    }
}

/// A VXLAN packet, a UDP datagram's payload, over the bytes `B`.
///
/// ```
/// use vxlan_codec::{Vni, VxlanPacket};
///
/// let packet = VxlanPacket::parse(&[8, 0, 0, 0, 0, 0, 1, 0, 0xaa][..])?;
/// assert_eq!(packet.vni(), Vni::new(1)?);
/// assert_eq!(packet.payload(), [0xaa]);
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
pub struct VxlanPacket<B> {
    header: Ref<B, VxlanHeader>,
    payload: B,
}

ether_ip::view!(VxlanPacket => VxlanHeader { payload } payload "The inner Ethernet frame");

impl<B: SplitByteSlice> VxlanPacket<B> {
    /// Reads a packet in RFC 7348's way.
    ///
    /// # Errors
    /// [`Error::Packet`], truncated, under 8 bytes; [`Error::NoVni`] if the I flag is clear.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::parse_as(bytes, Reading::Rfc7348)
    }

    /// Reads a packet in the reading of the caller's choice.
    ///
    /// # Errors
    /// [`Error::Packet`], truncated, under 8 bytes; what [`VxlanHeader::check`] finds.
    #[inline]
    pub fn parse_as(bytes: B, reading: Reading) -> Result<Self, Error> {
        let packet = Self::parse_lax(bytes)?;
        packet.check(reading)?;
        Ok(packet)
    }

    /// Reads a packet whatever its flags are, to be looked at.
    ///
    /// # Errors
    /// [`Error::Packet`], truncated, under 8 bytes.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = ether_ip::Error::Truncated { layer: VXLAN, needed: HEADER_LEN, available };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

impl Header for VxlanHeader {
    #[inline(always)]
    fn put(self, _: Option<PseudoHeader>, packet: &mut impl PacketBuffer) -> Result<(), ether_ip::Error> {
        packet.prepend(VXLAN, self)
    }
}

impl Announces<VxlanHeader> for UdpHeader {
    #[inline(always)]
    fn announce(&mut self) {
        if self.destination_port() == 0 {
            self.set_destination_port(PORT);
        }
    }
}

/// Ethernet is all that VXLAN carries: nothing says so.
impl Announces<EthernetHeader> for VxlanHeader {
    #[inline(always)]
    fn announce(&mut self) {}
}

impl<R: Header> Div<R> for VxlanHeader
where
    VxlanHeader: Announces<R>,
{
    type Output = Headers<VxlanHeader, R>;

    #[inline(always)]
    fn div(mut self, behind: R) -> Headers<VxlanHeader, R> {
        self.announce();
        Headers::new(self, behind)
    }
}

/// VXLAN as a layer of a [stack](ether_ip::stack): in UDP to this port, and an Ethernet frame behind it. It is read in RFC 7348's way;
/// its rule about inner VLAN tags (§6.1) is the stack's, which has [`Vlans`](ether_ip::stack::Vlans) behind the inner Ethernet or not.
///
/// ```
/// use ether_ip::stack::{Arp, Ethernet, Ipv4, Udp};
/// use vxlan_codec::{PORT, Vxlan};
///
/// # let bytes = [
/// #     &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0][..], // Ethernet
/// #     &[0x45, 0, 0, 78, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2], // IPv4
/// #     &[0xc0, 0, 18, 181, 0, 58, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0], // UDP, VXLAN
/// #     &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 6], // Ethernet
/// #     &[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2], // ARP
/// # ].concat();
/// let (_, outer, _, vxlan, inner, arp) = (Ethernet / Ipv4 / Udp / Vxlan(PORT) / Ethernet / Arp).parse(&bytes)?;
/// assert_eq!((vxlan.vni().get(), inner.destination().is_multicast(), arp.operation().0), (7, true, 1));
/// # assert_eq!(outer.ttl(), 64);
/// # Ok::<(), ether_ip::Error>(())
/// ```
///
/// VXLAN carries Ethernet, and no IP:
///
/// ```compile_fail,E0277
/// use ether_ip::stack::{Ipv4, Udp};
/// use vxlan_codec::{PORT, Vxlan};
/// let _ = Udp / Vxlan(PORT) / Ipv4;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vxlan(
    /// The UDP port: [`PORT`], [`PORT_LINUX`], or what was agreed.
    pub u16,
);

impl Layer for Vxlan {
    type View<B: SplitByteSlice> = VxlanPacket<B>;

    #[inline(always)]
    fn read<B: SplitByteSlice>(self, _: Option<Next>, bytes: B) -> Result<VxlanPacket<B>, ether_ip::Error> {
        VxlanPacket::parse(bytes).map_err(|error| match error {
            Error::Packet(error) => error,
            _ => ether_ip::Error::Malformed { layer: VXLAN, field: "I flag", value: 0, rule: Rule::Exactly(1) },
        })
    }
}

impl Carrier for Vxlan {
    type Head<'a> = &'a mut VxlanHeader;

    #[inline(always)]
    fn next<'a>(view: &Self::View<&'a [u8]>) -> Result<(Next, &'a [u8]), ether_ip::Error> {
        Ok((FRAME, view.into_payload()))
    }

    #[inline(always)]
    fn split<'a>(view: Self::View<&'a mut [u8]>) -> Result<(Self::Head<'a>, Next, &'a mut [u8]), ether_ip::Error> {
        let (header, payload) = view.into_parts();
        Ok((header, FRAME, payload))
    }
}

/// What follows is an Ethernet frame, whatever the header says.
const FRAME: Next = Next { layer: VXLAN, field: "I flag", value: 1 };

impl Follows<Udp> for Vxlan {
    #[inline(always)]
    fn when(self) -> Rule {
        Rule::Exactly(u32::from(self.0))
    }
}

impl Follows<Vxlan> for Ethernet {
    #[inline(always)]
    fn when(self) -> Rule {
        Rule::Exactly(FRAME.value)
    }
}

impl<R: Follows<Vxlan>> Div<R> for Vxlan {
    type Output = Stack<Vxlan, R>;

    #[inline(always)]
    fn div(self, behind: R) -> Stack<Vxlan, R> {
        Stack::new(self, behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ether_ip::Headroom;
    use ether_ip::ethernet::EthernetFrame;

    const PLAIN: [u8; 9] = [8, 0, 0, 0, 0x12, 0x34, 0x56, 0, 0xaa];

    #[test]
    fn reads_builds_and_changes() {
        //= RFC 7348 §5/reserved-zero, §5/i-flag
        let packet = VxlanPacket::parse(&PLAIN[..]).unwrap();
        assert_eq!((packet.vni().get(), packet.flags(), packet.group_policy()), (0x12_3456, 0x0800, None));
        let mut buffer = [0; 9];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        VxlanHeader::new(packet.vni()).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), PLAIN);

        let mut packet = VxlanPacket::parse(built.into_packet()).unwrap();
        packet.set_vni(Vni::MAX);
        packet.set_group_policy(Some(GroupPolicy { id: 0x0102, dont_learn: true, applied: true }));
        packet.set_reserved(3);
        packet.payload_mut()[0] = 0xbb;
        assert_eq!(buffer, [0x88, 0x48, 1, 2, 0xff, 0xff, 0xff, 3, 0xbb]);
        let mut packet = VxlanPacket::parse(&mut buffer[..]).unwrap();
        assert_eq!((packet.group_id(), packet.reserved()), (0x0102, 3));
        packet.set_group_policy(None);
        packet.set_reserved(0);
        assert_eq!((packet.group_id(), packet.reserved()), (0, 0));
        packet.set_flags(0x0840);
        assert_eq!(buffer, [8, 0x40, 0, 0, 0xff, 0xff, 0xff, 0, 0xbb]);
    }

    #[test]
    fn under_8_bytes_is_truncated() {
        for available in 0..8 {
            let error = VxlanPacket::parse(&PLAIN[..available]).unwrap_err();
            let expected = ether_ip::Error::Truncated { layer: VXLAN, needed: 8, available };
            assert_eq!(error, Error::Packet(expected));
        }
    }

    /// RFC 7348 §5: the I flag MUST be set for a valid VNI.
    #[test]
    fn i_clear() {
        //= RFC 7348 §5/i-flag
        let mut bytes = PLAIN;
        bytes[0] = 0x80;
        for reading in [Reading::Rfc7348, Reading::Linux, Reading::LinuxGroupPolicy] {
            assert_eq!(VxlanPacket::parse_as(&bytes[..], reading).unwrap_err(), Error::NoVni { flags: 0x8000 });
        }
        assert_eq!(VxlanPacket::parse_lax(&bytes[..]).unwrap().vni().get(), 0x12_3456);
    }

    /// Every reserved bit alone: ignored in RFC 7348's reading (§5, "MUST be ignored on receipt"), refused in Linux's,
    /// but for the extension's own 25 bits where it is on.
    #[test]
    fn every_reserved_bit_in_each_reading() {
        //= RFC 7348 §5/reserved-ignored
        for bit in (0..40).filter(|bit| *bit != 4) {
            let mut bytes = PLAIN;
            let at = if bit < 32 { bit / 8 } else { 7 };
            bytes[at] |= 0x80 >> (bit % 8);
            assert!(VxlanPacket::parse(&bytes[..]).is_ok(), "bit {bit}");
            let linux = VxlanPacket::parse_as(&bytes[..], Reading::Linux).unwrap_err();
            let (flags, reserved) = if bit < 32 { (0x8000_0000_u32 >> bit, 0) } else { (0, 0x80_u8 >> (bit - 32)) };
            assert_eq!(linux, Error::ReservedBits { flags, reserved }, "bit {bit}");
            let group_policy = VxlanPacket::parse_as(&bytes[..], Reading::LinuxGroupPolicy);
            let explained = bit == 0 || (8..32).contains(&bit);
            assert_eq!(group_policy.is_ok(), explained, "bit {bit}");
        }
    }

    /// draft-smith-vxlan-group-policy §2.1: A and D mean something with G only.
    #[test]
    fn group_policy() {
        for (flags, dont_learn, applied) in
            [(0x8800, false, false), (0x8840, true, false), (0x8808, false, true), (0x8848, true, true)]
        {
            let policy = GroupPolicy { id: 0x1234, dont_learn, applied };
            let header = VxlanHeader::with_group_policy(Vni::MAX, policy);
            assert_eq!((header.flags(), header.group_policy()), (flags, Some(policy)));
            assert_eq!(header.check(Reading::LinuxGroupPolicy), Ok(()));
            assert!(header.check(Reading::Linux).is_err());
        }
        let mut without = VxlanHeader::new(Vni::MAX);
        without.set_flags(0x0848);
        assert_eq!(without.group_policy(), None);
    }

    #[test]
    fn vni_0_and_the_largest() {
        for vni in [Vni::default(), Vni::MAX] {
            let header = VxlanHeader::new(vni);
            let packet = VxlanPacket::parse(header.as_bytes()).unwrap();
            assert_eq!((packet.vni(), packet.payload()), (vni, &[][..]));
        }
    }

    /// An inner frame that is empty or under 14 bytes: VXLAN is good, the frame is not.
    #[test]
    fn short_inner_frames() {
        let packet = VxlanPacket::parse(&PLAIN[..]).unwrap();
        let error = EthernetFrame::parse(packet.payload()).unwrap_err();
        let layer = ether_ip::LayerName::ETHERNET;
        assert_eq!(error, ether_ip::Error::Truncated { layer, needed: 14, available: 1 });
        assert!(EthernetFrame::parse(VxlanPacket::parse(&PLAIN[..8]).unwrap().payload()).is_err());
    }
}
