//! A VTEP's hot path, both ways.
//!
//! Out: the outer headers are worked out once a remote ([`VxlanTemplate`]); then each frame costs one copy of 50 bytes
//! (70 over IPv6) to the front of it, a hash of its flow, and four fields written. In: [`Decapsulator`] checks what an
//! outer frame must be and tells where in it the inner frame stands.

use core::net::IpAddr;
use core::ops::Range;

use ether_ip::PacketBuffer;
use ether_ip::ethernet::EthernetHeader;
use ether_ip::outer::{Inner, Outer, OuterChecksum, OuterDatagram, UdpDecapsulator, UdpTemplate, range_in};
use ether_ip::rewrite::{self, Carried, Rewriter};
use ether_ip::udp;
use ether_ip::view::take_header;
use ether_ip::vni::Vni;

use crate::vxlan::{self, GroupPolicy, Reading, VxlanHeader, VxlanPacket};
use crate::{Error, vxlan::PORT};

/// A tunnel to one remote, as a caller describes it: port 4789 and source ports 49152–65535 unless told otherwise.
///
/// ```
/// use ether_ip::{Headroom, ethernet::MacAddr, outer::{Outer, SourcePorts}};
/// use vxlan_codec::{PORT_LINUX, Vni, VxlanTunnel};
///
/// let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into())
///     .ethernet(MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2]))
///     .source_ports(SourcePorts::LINUX);
/// let flannel = VxlanTunnel::new(Vni::new(1)?, outer).port(PORT_LINUX);
/// let template = flannel.template();
///
/// let inner = [0; 64];
/// let mut buffer = [0; 114];
/// let mut packet = Headroom::with_payload(&mut buffer, &inner)?;
/// template.encapsulate(&mut packet)?;
/// assert_eq!(packet.len(), 50 + inner.len());
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VxlanTunnel {
    header: VxlanHeader,
    outer: Outer,
    port: u16,
}

impl VxlanTunnel {
    /// A tunnel for a network to a remote.
    #[must_use]
    pub const fn new(vni: Vni, outer: Outer) -> Self {
        //= RFC 7348 §5/port-4789
        Self { header: VxlanHeader::new(vni), outer, port: PORT }
    }

    /// To this UDP port.
    #[must_use]
    //= RFC 7348 §5/port-configurable
    pub const fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// With the Group Policy extension.
    #[must_use]
    pub const fn group_policy(self, policy: GroupPolicy) -> Self {
        Self { header: VxlanHeader::with_group_policy(self.header.vni(), policy), ..self }
    }

    /// The outer headers, ready to be copied.
    #[must_use]
    pub fn template(&self) -> VxlanTemplate {
        VxlanTemplate { headers: UdpTemplate::new(&self.outer, self.port, self.header) }
    }
}

/// The outer headers of a tunnel to one remote, ready to be copied in front of each frame.
#[derive(Debug, Clone, Copy)]
pub struct VxlanTemplate {
    headers: UdpTemplate<VxlanHeader>,
}

impl VxlanTemplate {
    /// Puts the outer headers in front of `packet`, the inner frame. The source port comes from its flow's entropy.
    ///
    /// # Errors
    /// [`Error::Packet`] if the outer packet would be too long, or there is too little free space in front of the
    /// frame. Nothing is written then.
    #[inline]
    pub fn encapsulate(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        Ok(self.headers.encapsulate_frame(packet)?)
    }

    /// The same where the caller has hashed the inner flow already, as a network card does, and knows its traffic class.
    ///
    /// # Errors
    /// As [`encapsulate`](Self::encapsulate).
    #[inline]
    pub fn encapsulate_with(&self, packet: &mut impl PacketBuffer, inner: Inner) -> Result<(), Error> {
        Ok(self.headers.encapsulate_with(packet, inner)?)
    }

    /// What encapsulation adds to a frame, in bytes: 50 over IPv4, 70 over IPv6, 14 less without Ethernet.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        self.headers.overhead()
    }
}

/// What an outer packet must be to be taken apart. Port 4789, any VNI, RFC 7348's reading (so that an inner frame has no VLAN tag) and no
/// look at the outer checksums unless told otherwise: §5 of it leaves that to the receiver, and has zero accepted, over IPv6 too. Linux does not take it
/// there unless told so (`udp6zerocsumrx`): that is [`OuterChecksum::Verified`].
///
/// ```
/// use vxlan_codec::{Decapsulator, PORT_LINUX, Reading, Vni};
///
/// let vtep = Decapsulator::new().port(PORT_LINUX).vni(Vni::new(1)?).reading(Reading::Linux);
/// # let frame = {
/// #     use ether_ip::{Headroom, ethernet::MacAddr, outer::Outer};
/// #     let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into()).ethernet(MacAddr([2; 6]), MacAddr([4; 6]));
/// #     let mut buffer = vec![0; 114];
/// #     let mut packet = Headroom::new(&mut buffer, 64)?;
/// #     vxlan_codec::VxlanTunnel::new(Vni::new(1)?, outer).port(PORT_LINUX).template().encapsulate(&mut packet)?;
/// #     buffer
/// # };
/// let inner = vtep.decapsulate(&frame)?.inner;
/// assert_eq!(inner, 50..114);
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decapsulator {
    outer: UdpDecapsulator,
    vni: Option<Vni>,
    reading: Reading,
    takes_tagged: bool,
}

/// What a VXLAN packet held.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decapsulated {
    /// Where in the bytes that were given the inner Ethernet frame stands.
    pub inner: Range<usize>,
    /// The VXLAN header: VNI, group policy, flags.
    pub header: VxlanHeader,
    /// Where the outer IP packet stands, up to where it says it ends: to be changed in place, or answered.
    pub outer: Range<usize>,
    /// Where the outer packet came from: the tunnel's other end, behind which the inner source address is found (RFC 7348 §4.1).
    pub source: IpAddr,
    /// Where it went to: the tunnel's own end, or a multicast group.
    pub destination: IpAddr,
    /// The outer UDP source port.
    pub source_port: u16,
    /// The outer traffic class; its mark is for the inner packet: see [`ether_ip::ecn::leave_frame`].
    pub traffic_class: u8,
}

impl Default for Decapsulator {
    fn default() -> Self {
        Self::new()
    }
}

impl Decapsulator {
    /// The defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { outer: UdpDecapsulator::new(PORT), vni: None, reading: Reading::Rfc7348, takes_tagged: false }
    }

    /// Takes packets to this UDP port only.
    #[must_use]
    pub const fn port(self, port: u16) -> Self {
        Self { outer: self.outer.port(port), ..self }
    }

    /// Takes packets of this network only.
    #[must_use]
    pub const fn vni(self, vni: Vni) -> Self {
        Self { vni: Some(vni), ..self }
    }

    /// Takes the flags, and inner VLAN tags, so.
    #[must_use]
    pub const fn reading(self, reading: Reading) -> Self {
        Self { reading, ..self }
    }

    /// Takes inner frames with a VLAN tag in RFC 7348's reading too, which has them discarded unless the VTEP was configured
    /// otherwise (§6.1). Linux takes them.
    #[must_use]
    pub const fn tagged(self) -> Self {
        Self { takes_tagged: true, ..self }
    }

    /// Takes the outer checksums so: the IPv4 header's and UDP's.
    #[must_use]
    pub const fn checksum(self, checksum: OuterChecksum) -> Self {
        Self { outer: self.outer.checksum(checksum), ..self }
    }

    /// Takes apart an outer Ethernet frame, with VLAN tags or without.
    ///
    /// # Errors
    /// Why it is not a packet of this tunnel: every variant of [`Error`] but GPE's.
    pub fn decapsulate(&self, frame: &[u8]) -> Result<Decapsulated, Error> {
        self.take_apart(frame, &self.outer.decapsulate(frame)?)
    }

    /// Takes apart an outer IP packet, as a raw socket gives it.
    ///
    /// # Errors
    /// As [`decapsulate`](Self::decapsulate).
    pub fn decapsulate_ip(&self, packet: &[u8]) -> Result<Decapsulated, Error> {
        self.take_apart(packet, &self.outer.decapsulate_ip(packet)?)
    }

    fn take_apart(&self, whole: &[u8], outer: &OuterDatagram<'_>) -> Result<Decapsulated, Error> {
        let vxlan = VxlanPacket::parse_as(outer.payload, self.reading)?;
        if let Some(expected) = self.vni.filter(|expected| *expected != vxlan.vni()) {
            return Err(Error::OtherVni { vni: vxlan.vni(), expected });
        }
        if self.reading == Reading::Rfc7348 && !self.takes_tagged {
            check_untagged(vxlan.payload())?;
        }
        let header = *vxlan.header();
        let inner = range_in(whole, vxlan.into_payload());
        let OuterDatagram { source_port, source, destination, traffic_class, .. } = *outer;
        let outer = range_in(whole, outer.packet);
        Ok(Decapsulated { inner, header, outer, source, destination, source_port, traffic_class })
    }
}

/// The IP packet in the frame that a VXLAN packet to this UDP port carries, behind VLAN tags or without, to be changed in place as a NAT
/// between two VTEPs does: the outer UDP checksum, where there is one, is patched with it. What is not asked is whether the outer
/// checksum is right: it stays as right or as wrong as it was.
///
/// ```
/// use ether_ip::rewrite::Rewriter;
/// use vxlan_codec::{PORT, Reading, rewrite_inner};
///
/// # let mut bytes = [
/// #     &[0x45, 0, 0, 78, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2][..], // IPv4
/// #     &[0xc0, 0, 18, 181, 0, 58, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0], // UDP, VXLAN
/// #     &[2, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 9, 8, 0], // Ethernet
/// #     &[0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0], // IPv4, UDP
/// # ].concat();
/// let mut outer = Rewriter::ip(&mut bytes)?;
/// let mut inner = rewrite_inner(&mut outer, PORT, Reading::Rfc7348)?;
/// assert_eq!(inner.flow().source.to_string(), "10.0.0.1");
/// inner.change_source([203, 0, 113, 7].into())?;
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
///
/// # Errors
/// [`Error::Outer`] if the packet carries something else than UDP, is a fragment that is not the first, or goes to another port; what
/// [`VxlanHeader::check`] finds; [`Error::Packet`] as [`Rewriter::inside_ethernet`], if what is in the frame is no IP packet.
pub fn rewrite_inner<'p>(outer: &'p mut Rewriter<'_>, port: u16, reading: Reading) -> Result<Rewriter<'p>, Error> {
    VxlanPacket::parse_as(outer.datagram_to(port)?, reading)?;
    Ok(outer.inside_ethernet(udp::HEADER_LEN + vxlan::HEADER_LEN)?)
}

/// The frame that a VXLAN packet to this UDP port carries, to be made longer or shorter: to have tags put on it or taken off, or the IP
/// packet in it [changed](Carried::in_ethernet) to one of the other version. When it goes out of scope the outer lengths and checksums are
/// right; a UDP checksum of zero stays zero.
///
/// ```
/// use ether_ip::{Headroom, ethernet::EtherType, rewrite, vlan::VlanHeader};
/// use vxlan_codec::{PORT, Reading, resize_inner};
///
/// # let bytes = [
/// #     &[0x45, 0, 0, 78, 0, 0, 0x40, 0, 64, 17, 0xb6, 0x9b, 192, 0, 2, 1, 192, 0, 2, 2][..], // IPv4
/// #     &[0xc0, 0, 18, 181, 0, 58, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0], // UDP, VXLAN
/// #     &[2, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 9, 8, 0], // Ethernet
/// #     &[0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0], // IPv4, UDP
/// # ].concat();
/// let mut buffer = [0; 82];
/// let mut packet = Headroom::with_payload(&mut buffer, &bytes)?;
/// let mut frame = resize_inner(&mut packet, PORT, Reading::Rfc7348)?;
/// rewrite::push_tag(&mut frame, EtherType::VLAN, VlanHeader::new(7, EtherType::IPV4))?;
/// drop(frame);
/// assert_eq!(packet.packet()[..4], [0x45, 0, 0, 82]);
/// assert_eq!(packet.packet()[24..28], [0, 62, 0, 0]); // UDP's length, and no checksum
/// # assert!(ether_ip::ipv4::Ipv4Packet::parse(packet.packet())?.checksum_is_valid());
/// # Ok::<(), vxlan_codec::Error>(())
/// ```
///
/// # Errors
/// As [`rewrite_inner`] for the outer packet; and [`Error::Packet`] as [`Carried::in_ip`]. Of the frame nothing is asked.
pub fn resize_inner<P: PacketBuffer>(outer: &mut P, port: u16, reading: Reading) -> Result<Carried<'_, P>, Error> {
    VxlanPacket::parse_as(rewrite::datagram_to(outer.packet(), port)?, reading)?;
    Ok(Carried::in_ip(outer, udp::HEADER_LEN + vxlan::HEADER_LEN)?)
}

/// RFC 7348 §6.1: an inner frame with a VLAN tag is discarded. One that is cut before its EtherType has none.
#[inline]
fn check_untagged(frame: &[u8]) -> Result<(), Error> {
    //= RFC 7348 §6.1/inner-vlan
    match take_header::<EthernetHeader, _>(frame) {
        Some((header, _)) if header.ether_type().is_vlan() => Err(Error::InnerVlan { ether_type: header.ether_type() }),
        _ => Ok(()),
    }
}

/// What VXLAN costs of an underlay's MTU, in bytes: 50 over IPv4, 70 over IPv6.
///
/// ```
/// use ether_ip::outer::Underlay;
/// assert_eq!(vxlan_codec::mtu_overhead(Underlay::Ipv4), 50);
/// assert_eq!(vxlan_codec::inner_mtu(Underlay::Ipv6, 1500), Some(1430));
/// ```
#[must_use]
pub const fn mtu_overhead(underlay: ether_ip::outer::Underlay) -> u16 {
    underlay.overhead(vxlan::HEADER_LEN as u16)
}

/// The MTU for what is inside, given the underlay's; both are the length of an IP packet. `None` if nothing is left.
#[must_use]
pub const fn inner_mtu(underlay: ether_ip::outer::Underlay, underlay_mtu: u16) -> Option<u16> {
    underlay.inner_mtu(underlay_mtu, vxlan::HEADER_LEN as u16)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use ether_ip::Headroom;
    use ether_ip::ethernet::{EtherType, MacAddr};
    use ether_ip::ip::IpProtocol;
    use ether_ip::ipv4::Ipv4Packet;
    use ether_ip::outer::{OuterError, SourcePorts};
    use ether_ip::{LayerName, Rule};
    use std::vec::Vec;

    const A4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
    const B4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
    const A6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    const B6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
    const MACS: (MacAddr, MacAddr) = (MacAddr([2; 6]), MacAddr([4; 6]));

    fn vni() -> Vni {
        Vni::new(1).unwrap()
    }

    fn encapsulated(tunnel: &VxlanTunnel, inner: &[u8]) -> Vec<u8> {
        let template = tunnel.template();
        let mut buffer = std::vec![0; template.overhead() + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
        template.encapsulate(&mut packet).unwrap();
        buffer
    }

    fn frame(outer: Outer) -> Vec<u8> {
        encapsulated(&VxlanTunnel::new(vni(), outer.ethernet(MACS.0, MACS.1)), &[7; 60])
    }

    #[test]
    fn there_and_back_over_both_underlays() {
        //= RFC 7348 §5/source-port, §5/port-range, §5/port-4789, §5/checksum-computed
        for (outer, overhead) in [(Outer::ipv4(A4, B4), 50), (Outer::ipv6(A6, B6), 70)] {
            for checksum in [false, true] {
                let outer = outer.checksum(checksum);
                let found = Decapsulator::new().checksum(OuterChecksum::VerifiedOrZero).decapsulate(&frame(outer));
                let found = found.unwrap();
                assert_eq!((found.inner, found.header.vni()), (overhead..overhead + 60, vni()));
                assert!(found.source_port >= 49_152);
                let packet = encapsulated(&VxlanTunnel::new(vni(), outer), &[7; 60]);
                let found = Decapsulator::new().decapsulate_ip(&packet).unwrap();
                assert_eq!(found.inner, overhead - 14..overhead - 14 + 60);
            }
        }
    }

    /// RFC 7348 §4.1: the inner source is learnt with the outer one. And the outer packet is changed where it stands: padding is no
    /// part of it, VLAN tags stand in front.
    #[test]
    fn the_outer_packet() {
        for (outer, source, destination, len) in [
            (Outer::ipv4(A4, B4), IpAddr::V4(A4), IpAddr::V4(B4), 96),
            (Outer::ipv6(A6, B6), IpAddr::V6(A6), IpAddr::V6(B6), 116),
        ] {
            let mut bytes = frame(outer);
            bytes.splice(12..12, [0x81, 0, 0, 7]);
            bytes.extend([0; 6]);
            let found = Decapsulator::new().decapsulate(&bytes).unwrap();
            assert_eq!((found.source, found.destination, found.outer.clone()), (source, destination, 18..18 + len));
            assert_eq!(found.inner, 18 + len - 60..18 + len);
            if let Ok(mut ip) = Ipv4Packet::parse(&mut bytes[found.outer]) {
                ip.change_traffic_class(0xb8);
                assert!(ip.checksum_is_valid());
                let checked = Decapsulator::new().checksum(OuterChecksum::Verified).decapsulate(&bytes).unwrap();
                assert_eq!(checked.traffic_class, 0xb8);
            }
            let packet = encapsulated(&VxlanTunnel::new(vni(), outer), &[7; 60]);
            let found = Decapsulator::new().decapsulate_ip(&packet).unwrap();
            assert_eq!((found.source, found.destination, found.outer), (source, destination, 0..len));
        }
    }

    #[test]
    fn what_is_not_the_tunnels() {
        let good = frame(Outer::ipv4(A4, B4));
        let vtep = Decapsulator::new().vni(vni());
        assert!(vtep.decapsulate(&good).is_ok());
        let error = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            vtep.decapsulate(&bytes).unwrap_err()
        };
        assert_eq!(error(13, 6), Error::Outer(OuterError::NotIp { ether_type: EtherType::ARP }));
        assert_eq!(error(23, 6), Error::Outer(OuterError::OtherProtocol { protocol: IpProtocol::TCP }));
        assert_eq!(error(20, 0x20), Error::Outer(OuterError::Fragment));
        assert_eq!(error(37, 0xb6), Error::Outer(OuterError::OtherPort { port: 4790, expected: 4789 }));
        assert_eq!(error(42, 0), Error::NoVni { flags: 0 });
        let expected = vni();
        assert_eq!(error(48, 2), Error::OtherVni { vni: Vni::new(2).unwrap(), expected });
        let linux = vtep.reading(Reading::Linux);
        let mut bytes = good.clone();
        bytes[49] = 1;
        assert!(vtep.decapsulate(&bytes).is_ok());
        assert_eq!(linux.decapsulate(&bytes), Err(Error::ReservedBits { flags: 0, reserved: 1 }));
        for len in 0..50 {
            assert!(matches!(vtep.decapsulate(&good[..len]), Err(Error::Packet(error)) if error.is_truncated()));
        }
    }

    /// RFC 6935 §5: zero over IPv6 is for tunnels that were configured so.
    #[test]
    fn outer_checksums() {
        //= RFC 7348 §5/checksum-zero-accepted, §5/checksum-wrong, §5/checksum-unverified
        let zero = frame(Outer::ipv6(A6, B6).checksum(false));
        let vtep = Decapsulator::new();
        assert!(vtep.decapsulate(&zero).is_ok());
        assert!(vtep.checksum(OuterChecksum::VerifiedOrZero).decapsulate(&zero).is_ok());
        let refused = Err(Error::Outer(OuterError::Checksum { layer: LayerName::UDP, checksum: 0 }));
        assert_eq!(vtep.checksum(OuterChecksum::Verified).decapsulate(&zero), refused);
        assert!(vtep.checksum(OuterChecksum::Verified).decapsulate(&frame(Outer::ipv4(A4, B4))).is_ok());
        let mut wrong = frame(Outer::ipv6(A6, B6));
        *wrong.last_mut().unwrap() ^= 1;
        assert!(vtep.decapsulate(&wrong).is_ok());
        for checksum in [OuterChecksum::Verified, OuterChecksum::VerifiedOrZero] {
            assert!(matches!(
                vtep.checksum(checksum).decapsulate(&wrong),
                Err(Error::Outer(OuterError::Checksum { .. }))
            ));
        }
    }

    /// RFC 7348 §6.1: inner frames with a tag, of any of the three kinds, are discarded unless the VTEP is told otherwise. Linux takes
    /// them.
    #[test]
    fn inner_tags() {
        //= RFC 7348 §6.1/inner-vlan
        let vtep = Decapsulator::new();
        for (kind, is_tag) in [([0x81, 0], true), ([0x88, 0xa8], true), ([0x91, 0], true), ([8, 0], false)] {
            let inner = [&[2; 12][..], &kind, &[0, 5, 8, 0]].concat();
            let packet = encapsulated(&VxlanTunnel::new(vni(), Outer::ipv4(A4, B4)), &inner);
            let ether_type = EtherType(u16::from_be_bytes(kind));
            let error = vtep.decapsulate_ip(&packet).err();
            assert_eq!(error, is_tag.then_some(Error::InnerVlan { ether_type }));
            for vtep in [vtep.tagged(), vtep.reading(Reading::Linux)] {
                assert_eq!(vtep.decapsulate_ip(&packet).unwrap().inner, 36..54);
            }
        }
        // A frame that is cut before its EtherType.
        let packet = encapsulated(&VxlanTunnel::new(vni(), Outer::ipv4(A4, B4)), &[2; 13]);
        assert_eq!(vtep.decapsulate_ip(&packet).unwrap().inner, 36..49);
    }

    /// The outer frame may be tagged, its padding is not the inner frame's.
    #[test]
    fn tagged_and_padded() {
        let mut bytes = frame(Outer::ipv4(A4, B4));
        bytes.splice(12..12, [0x81, 0, 0, 5]);
        bytes.extend([0; 9]);
        assert_eq!(Decapsulator::new().decapsulate(&bytes).unwrap().inner, 54..114);
    }

    #[test]
    fn group_policy_and_ports() {
        //= RFC 7348 §5/port-configurable
        let policy = GroupPolicy { id: 7, dont_learn: false, applied: true };
        let outer = Outer::ipv4(A4, B4).source_ports(SourcePorts::new(9, 9));
        let tunnel = VxlanTunnel::new(vni(), outer).group_policy(policy).port(8472);
        let packet = encapsulated(&tunnel, &[7; 60]);
        let vtep = Decapsulator::new().port(8472).reading(Reading::LinuxGroupPolicy);
        let found = vtep.decapsulate_ip(&packet).unwrap();
        assert_eq!((found.header.group_policy(), found.source_port), (Some(policy), 9));
        assert!(vtep.reading(Reading::Linux).decapsulate_ip(&packet).is_err());
    }

    /// BAD-INPUTS: an inner packet that makes the outer length exceed 65535: an error, nothing written.
    #[test]
    fn too_long_writes_nothing() {
        let mut buffer = std::vec![7; 70_000];
        let mut packet = Headroom::new(&mut buffer, 65_500).unwrap();
        let (field, value, rule) = ("total length", 65_536, Rule::AtMost(65_535));
        let refused = ether_ip::Error::Unbuildable { layer: LayerName::IPV4, field, value, rule };
        let template = VxlanTunnel::new(vni(), Outer::ipv4(A4, B4)).template();
        assert_eq!(template.encapsulate(&mut packet), Err(Error::Packet(refused)));
        assert!(buffer.iter().all(|byte| *byte == 7));
    }
}
