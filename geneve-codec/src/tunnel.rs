//! A tunnel's end, both ways, as `vxlan-codec` has it; with options.

use core::net::IpAddr;
use core::ops::Range;

use ether_ip::ethernet::EtherType;
use ether_ip::ip::{self, Version};
use ether_ip::outer::{Inner, Outer, OuterChecksum, OuterDatagram, UdpDecapsulator, UdpTemplate, Underlay, range_in};
use ether_ip::rewrite::{self, Carried, Rewriter};
use ether_ip::udp;
use ether_ip::vni::Vni;
use ether_ip::{Headroom, PacketBuffer, Rule};

use crate::Error;
use crate::geneve::{
    GENEVE, GeneveHeader, GeneveOptions, GenevePacket, HEADER_LEN, MAX_OPTIONS_LEN, OptionClass, PORT, check_options,
};

/// A tunnel to one remote, as a caller describes it: Ethernet inside, to port 6081, no options unless told otherwise.
///
/// ```
/// use ether_ip::{Headroom, ethernet::MacAddr, outer::Outer};
/// use ether_ip::writer::Writer;
/// use geneve_codec::{GENEVE_OPTION, GeneveTunnel, KnownOption, Vni};
///
/// let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into())
///     .ethernet(MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2]));
/// let mut options = [0; 8];
/// KnownOption::OvnLogicalPorts { ingress: 1, egress: 2 }.write(&mut Writer::new(GENEVE_OPTION, &mut options))?;
/// let template = GeneveTunnel::new(Vni::new(7)?, outer).template(&options)?;
///
/// let mut buffer = [0; 50 + 8 + 64];
/// let mut packet = Headroom::new(&mut buffer, 64)?;
/// template.encapsulate(&mut packet)?;
/// assert_eq!(packet.len(), 50 + 8 + 64);
/// # Ok::<(), geneve_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GeneveTunnel {
    header: GeneveHeader,
    outer: Outer,
    port: u16,
}

impl GeneveTunnel {
    /// A tunnel for a network to a remote.
    #[must_use]
    pub const fn new(vni: Vni, outer: Outer) -> Self {
        //= RFC 8926 §3.3/port-6081
        Self { header: GeneveHeader::new(vni, EtherType::TRANSPARENT_ETHERNET), outer, port: PORT }
    }

    /// To this UDP port.
    #[must_use]
    //= RFC 8926 §3.3/port-configurable
    pub const fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// For this inside: Ethernet, IPv4 or IPv6.
    #[must_use]
    pub const fn carrying(self, protocol_type: EtherType) -> Self {
        Self { header: GeneveHeader::new(self.header.vni(), protocol_type), ..self }
    }

    /// The outer headers with these options, ready to be copied. Where options differ from packet to packet, a template each is
    /// cheap: it is some 330 bytes, and nothing is computed but the header's sum.
    ///
    /// # Errors
    /// [`Error::Packet`] if the options are longer than 252 bytes or no multiple of 4, or one of them reaches past their end.
    pub fn template(&self, options: &[u8]) -> Result<GeneveTemplate, Error> {
        check_options(options)?;
        GeneveOptions::new(options).try_for_each(|option| option.map(drop))?;
        let mut all = [0; MAX_OPTIONS_LEN];
        all.iter_mut().zip(options).for_each(|(to, from)| *to = *from);
        let header = self.header.with_options(options);
        let headers = UdpTemplate::new(&self.outer, self.port, header);
        let is_ip = matches!(header.protocol_type(), EtherType::IPV4 | EtherType::IPV6);
        let is_plain = !is_ip && options.is_empty();
        Ok(GeneveTemplate { headers, options: all, options_len: options.len() as u8, is_ip, is_plain })
    }
}

/// The outer headers of a tunnel to one remote, ready to be copied in front of each packet.
#[derive(Debug, Clone, Copy)]
pub struct GeneveTemplate {
    /// Neither IP nor options.
    is_plain: bool,
    headers: UdpTemplate<GeneveHeader>,
    is_ip: bool,
    options_len: u8,
    options: [u8; MAX_OPTIONS_LEN],
}

impl GeneveTemplate {
    /// Puts the outer headers in front of `packet`, the inner frame or IP packet. The source port comes from its flow's entropy.
    ///
    /// # Errors
    /// [`Error::Packet`] if the outer packet would be too long, or there is too little free space in front of the packet.
    /// Nothing is written then.
    #[inline(always)]
    pub fn encapsulate(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        if self.is_plain {
            return Ok(self.headers.encapsulate_frame(packet)?);
        }
        let inner = self.inner(packet.packet());
        self.encapsulate_rarer(packet, inner)
    }

    /// The same where the caller has hashed the inner flow already, as a network card does, and knows its traffic class.
    ///
    /// # Errors
    /// As [`encapsulate`](Self::encapsulate).
    #[inline]
    pub fn encapsulate_with(&self, packet: &mut impl PacketBuffer, inner: Inner) -> Result<(), Error> {
        if self.options_len == 0 {
            return Ok(self.headers.encapsulate_with(packet, inner)?);
        }
        self.encapsulate_rarer(packet, inner)
    }

    #[inline(never)]
    fn inner(&self, packet: &[u8]) -> Inner {
        match self.is_ip {
            false => self.headers.inner_frame(packet),
            true => self.headers.inner_ip(packet),
        }
    }

    /// Apart from the frame without options, which would pay for what it has not. No more than the buffer's bytes go to where the
    /// headers are written, so that the buffer itself stays in registers.
    #[inline]
    fn encapsulate_rarer(&self, packet: &mut impl PacketBuffer, inner: Inner) -> Result<(), Error> {
        let len = packet.len();
        packet.prepend_space(GENEVE, self.overhead())?;
        let written = self.write(packet.packet_mut(), len, inner);
        // Nothing is written unless all is.
        if written.is_err() {
            packet.take_back(len);
        }
        Ok(written?)
    }

    /// Options and headers into the free space in front of the last `len` bytes.
    #[inline(never)]
    fn write(&self, buffer: &mut [u8], len: usize, inner: Inner) -> Result<(), ether_ip::Error> {
        let mut packet = Headroom::new(buffer, len)?;
        let options = self.options.get(..usize::from(self.options_len)).unwrap_or_default();
        packet.prepend_bytes(GENEVE, options)?;
        self.headers.encapsulate_with(&mut packet, inner)
    }

    /// What encapsulation adds to a packet, in bytes: 50 over IPv4, 70 over IPv6, 14 less without Ethernet; and the options.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        self.headers.overhead() + self.options_len as usize
    }
}

/// What an outer packet must be to be taken apart. Unless told otherwise: port 6081; any VNI; no critical option, since none is known
/// here (RFC 8926 §3.5); and outer checksums that are right (§3.3), UDP's not zero over IPv6, which RFC 8200 §8.1 has discarded where
/// the node was not configured for it ([`OuterChecksum::VerifiedOrZero`]). Where a network card has verified them,
/// [`OuterChecksum::Ignored`] saves the second look.
///
/// Linux takes a packet with critical options apart only for who reads them by himself ([`any_option`](Self::any_option)), too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decapsulator<'o> {
    outer: UdpDecapsulator,
    vni: Option<Vni>,
    /// `None` if the caller looks at the options.
    known: Option<&'o [(OptionClass, u8)]>,
}

/// What a Geneve packet held.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decapsulated {
    /// Where in the bytes that were given the inner packet stands.
    pub inner: Range<usize>,
    /// Where the options stand.
    pub options: Range<usize>,
    /// The Geneve header: VNI, what is inside, flags. A control packet ([`GeneveHeader::is_oam`]) is not for the inner network.
    pub header: GeneveHeader,
    /// Where the outer IP packet stands, up to where it says it ends: to be changed in place, or answered.
    pub outer: Range<usize>,
    /// Where the outer packet came from: the tunnel's other end, behind which the inner sender is.
    pub source: IpAddr,
    /// Where it went to: the tunnel's own end, or a multicast group.
    pub destination: IpAddr,
    /// The outer UDP source port.
    pub source_port: u16,
    /// The outer traffic class; its mark is for the inner packet: see [`ether_ip::ecn`].
    pub traffic_class: u8,
}

impl Default for Decapsulator<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'o> Decapsulator<'o> {
    /// The defaults.
    #[must_use]
    pub const fn new() -> Self {
        //= RFC 8926 §3.3/checksum-verified
        let outer = UdpDecapsulator::new(PORT).checksum(OuterChecksum::Verified);
        Self { outer, vni: None, known: Some(&[]) }
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

    /// Takes the outer checksums so: the IPv4 header's and UDP's.
    #[must_use]
    pub const fn checksum(self, checksum: OuterChecksum) -> Self {
        Self { outer: self.outer.checksum(checksum), ..self }
    }

    /// Knows these options, by class and type with the critical bit: a packet with any other critical one is refused, as
    /// RFC 8926 §3.5 has it.
    #[must_use]
    pub const fn known(self, options: &'o [(OptionClass, u8)]) -> Self {
        Self { known: Some(options), ..self }
    }

    /// Takes packets with any option. The caller looks at [`Decapsulated::options`], and drops a packet with a critical one that it
    /// does not know (RFC 8926 §3.5).
    #[must_use]
    pub const fn any_option(self) -> Self {
        Self { known: None, ..self }
    }

    /// Takes apart an outer Ethernet frame, with VLAN tags or without.
    ///
    /// # Errors
    /// Why it is not a packet of this tunnel: every variant of [`Error`].
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
        let geneve = GenevePacket::parse(outer.payload)?;
        if let Some(expected) = self.vni.filter(|expected| *expected != geneve.vni()) {
            return Err(Error::OtherVni { vni: geneve.vni(), expected });
        }
        // RFC 8926 §3.5: options that do not fill their area exactly make the packet be dropped.
        //= RFC 8926 §3.4/critical, §3.5/length
        for option in geneve.options() {
            let option = option?;
            let is_unknown = self.known.is_some_and(|known| !known.contains(&(option.class, option.kind)));
            //= RFC 8926 §3.5/critical-dropped, §3.5.1/unknown
            if is_unknown && option.is_critical() {
                return Err(Error::UnknownCritical { class: option.class, kind: option.kind });
            }
        }
        //= RFC 8926 §3.4/control
        let header = *geneve.header();
        let inner = range_in(whole, geneve.into_payload());
        let options = inner.start.saturating_sub(header.header_len().saturating_sub(HEADER_LEN))..inner.start;
        let OuterDatagram { source_port, source, destination, traffic_class, .. } = *outer;
        let outer = range_in(whole, outer.packet);
        Ok(Decapsulated { inner, options, header, outer, source, destination, source_port, traffic_class })
    }
}

/// The IP packet that a Geneve packet to this UDP port carries behind its options, in an Ethernet frame, with VLAN tags or without, or
/// with nothing around it: to be changed in place, as a NAT between two tunnel ends does. The outer UDP checksum, where there is one, is
/// patched with it, and stays as right or as wrong as it was. Options are for the tunnel's ends, critical ones too, and are left (RFC
/// 8926 §3.5.1); what a control packet carries ([`GeneveHeader::is_oam`]) is none of the inner network's, and
/// refused.
///
/// # Errors
/// [`Error::Outer`] if the packet carries something else than UDP, is a fragment that is not the first, or goes to another port;
/// [`Error::Packet`] as [`GenevePacket::parse`] and [`Rewriter::inside`], and if what is carried is no IP packet, or another than the
/// header says.
pub fn rewrite_inner<'p>(outer: &'p mut Rewriter<'_>, port: u16) -> Result<Rewriter<'p>, Error> {
    let (at, protocol_type) = carried_by(outer.datagram_to(port)?)?;
    if protocol_type == EtherType::TRANSPARENT_ETHERNET {
        return Ok(outer.inside_ethernet(at)?);
    }
    let inner = outer.inside(at)?;
    check_version(protocol_type, inner.flow().source.is_ipv4())?;
    Ok(inner)
}

/// The frame, or the IP packet, that a Geneve packet to this UDP port carries behind its options, to be made longer or shorter; which of
/// both, [`GeneveHeader::protocol_type`] says. When it goes out of scope the outer lengths and checksums are right, the protocol type
/// says what an IP packet has become, and options are as they were: what is said of them at [`rewrite_inner`] holds here too.
///
/// # Errors
/// As [`rewrite_inner`] for the outer packet, for what is carried without Ethernet, and for what is neither; and [`Error::Packet`] as
/// [`Carried::in_ip`]. Of a frame nothing is asked.
pub fn resize_inner<P: PacketBuffer>(outer: &mut P, port: u16) -> Result<Carried<'_, P>, Error> {
    let (at, protocol_type) = carried_by(rewrite::datagram_to(outer.packet(), port)?)?;
    let inner = Carried::in_ip(outer, at)?;
    if protocol_type == EtherType::TRANSPARENT_ETHERNET {
        return Ok(inner);
    }
    check_version(protocol_type, ip::version(inner.packet())? == Version::V4)?;
    Ok(inner.with_ether_type(udp::HEADER_LEN + PROTOCOL_TYPE_AT))
}

/// Where in the header the protocol type stands.
const PROTOCOL_TYPE_AT: usize = 2;

/// How far behind the first byte of UDP that begins which a device on the way may look at, and what it is.
fn carried_by(payload: &[u8]) -> Result<(usize, EtherType), Error> {
    //= RFC 8926 §3.4/version-transit
    let geneve = GenevePacket::parse(payload)?;
    //= RFC 8926 §3.4/control-transit
    if geneve.is_oam() {
        return Err(other("O bit", 1, Rule::Exactly(0)));
    }
    //= RFC 8926 §3.5.1/transit
    let (at, protocol_type) = (udp::HEADER_LEN.saturating_add(geneve.header_len()), geneve.protocol_type());
    match protocol_type {
        EtherType::TRANSPARENT_ETHERNET | EtherType::IPV4 | EtherType::IPV6 => Ok((at, protocol_type)),
        _ => Err(other("protocol type", protocol_type.0.into(), Rule::Known)),
    }
}

/// Whether IP is of the version that the header says.
fn check_version(protocol_type: EtherType, is_ipv4: bool) -> Result<(), Error> {
    let found = if is_ipv4 { EtherType::IPV4 } else { EtherType::IPV6 };
    if found == protocol_type {
        return Ok(());
    }
    Err(other("protocol type", protocol_type.0.into(), Rule::Exactly(found.0.into())))
}

fn other(field: &'static str, value: u32, rule: Rule) -> Error {
    Error::Packet(ether_ip::Error::OtherLayer { layer: GENEVE, field, value, rule })
}

/// What Geneve with so many bytes of options costs of an underlay's MTU, with Ethernet inside, in bytes; 65535 if it is more.
///
/// ```
/// use ether_ip::outer::Underlay;
/// assert_eq!(geneve_codec::mtu_overhead(Underlay::Ipv4, 0), 50);
/// assert_eq!(geneve_codec::inner_mtu(Underlay::Ipv6, 1500, 8), Some(1422));
/// ```
#[must_use]
pub const fn mtu_overhead(underlay: Underlay, options_len: u16) -> u16 {
    underlay.overhead(options_len.saturating_add(HEADER_LEN as u16))
}

/// The MTU for what is inside, given the underlay's; both are the length of an IP packet. `None` if nothing is left.
#[must_use]
pub const fn inner_mtu(underlay: Underlay, underlay_mtu: u16, options_len: u16) -> Option<u16> {
    underlay.inner_mtu(underlay_mtu, options_len.saturating_add(HEADER_LEN as u16))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::geneve::GENEVE_OPTION;
    use crate::geneve::GeneveOption;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use ether_ip::ecn::ClassMode;
    use ether_ip::ethernet::MacAddr;
    use ether_ip::outer::OuterError;
    use ether_ip::writer::Writer;
    use ether_ip::{Error as Packet, LayerName, Rule};
    use std::vec::Vec;

    const A4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
    const B4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
    const CRITICAL: [u8; 8] = [0x01, 0x4b, 0x81, 1, 1, 2, 3, 4];
    const PLAIN: [u8; 4] = [0x01, 0x02, 0x05, 0];

    fn tunnel() -> GeneveTunnel {
        GeneveTunnel::new(Vni::new(7).unwrap(), Outer::ipv4(A4, B4))
    }

    fn encapsulated(tunnel: &GeneveTunnel, options: &[u8], inner: &[u8]) -> Vec<u8> {
        let template = tunnel.template(options).unwrap();
        let mut buffer = std::vec![0; template.overhead() + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
        template.encapsulate(&mut packet).unwrap();
        buffer
    }

    #[test]
    fn there_and_back() {
        //= RFC 8926 §3.3/port-6081, §3.3/port-configurable
        let v6 = Outer::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST).ethernet(MacAddr([2; 6]), MacAddr([4; 6]));
        for tunnel in [tunnel(), GeneveTunnel::new(Vni::MAX, v6).port(6082)] {
            for (options, is_critical) in [(&[][..], false), (&CRITICAL, true), (&PLAIN, false)] {
                let packet = encapsulated(&tunnel, options, &[7; 64]);
                let vtep = Decapsulator::new().any_option();
                let found = match tunnel.port {
                    PORT => vtep.decapsulate_ip(&packet),
                    port => vtep.port(port).vni(Vni::MAX).decapsulate(&packet),
                };
                let found = found.unwrap();
                assert_eq!((&packet[found.inner], &packet[found.options]), (&[7; 64][..], options));
                let (ends, at) = match tunnel.port {
                    PORT => ((IpAddr::V4(A4), IpAddr::V4(B4)), 0),
                    _ => ((Ipv6Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()), 14),
                };
                assert_eq!(((found.source, found.destination), found.outer), (ends, at..packet.len()));
                assert_eq!((found.header.has_critical_options(), found.header.is_oam()), (is_critical, false));
                assert_eq!(found.header.protocol_type(), EtherType::TRANSPARENT_ETHERNET);
            }
        }
    }

    /// IP inside without Ethernet: the class is copied from it, and the port comes from its flow.
    #[test]
    fn ip_inside() {
        let inner = [0x45, 0x2e, 0, 20, 0, 0, 0x40, 0, 63, 17, 0x63, 0xef, 10, 244, 1, 2, 10, 244, 2, 3];
        let outer = Outer::ipv4(A4, B4).class_mode(ClassMode::CopyAll);
        let tunnel = GeneveTunnel::new(Vni::new(7).unwrap(), outer).carrying(EtherType::IPV4);
        let packet = encapsulated(&tunnel, &[], &inner);
        let found = Decapsulator::new().decapsulate_ip(&packet).unwrap();
        assert_eq!((found.traffic_class, found.header.protocol_type()), (0x2e, EtherType::IPV4));
        assert_eq!(&packet[found.inner], inner);
        let ip = ether_ip::ipv4::Ipv4Packet::parse(&packet[..]).unwrap();
        assert!(ip.checksum_is_valid());
    }

    /// C set with no critical option, and the reverse: the flag and the options are each told as they stand, and the options
    /// decide. The O bit is told too.
    #[test]
    fn flags_that_contradict_the_options() {
        //= RFC 8926 §3.4/control, §3.4/critical
        let vtep = Decapsulator::new();
        let mut packet = encapsulated(&tunnel(), &PLAIN, &[7; 64]);
        packet[29] |= 0xc0;
        let found = vtep.decapsulate_ip(&packet).unwrap();
        assert!(found.header.has_critical_options() && found.header.is_oam());
        let mut packet = encapsulated(&tunnel(), &CRITICAL, &[7; 64]);
        packet[29] = 0;
        let found = vtep.any_option().decapsulate_ip(&packet).unwrap();
        assert!(!found.header.has_critical_options());
        assert!(GeneveOptions::new(&packet[found.options]).flatten().all(|option| option.is_critical()));
        assert!(matches!(vtep.decapsulate_ip(&packet), Err(Error::UnknownCritical { .. })));
    }

    /// RFC 8926 §3.3: computed over IPv6 unless told otherwise, and validated unless told otherwise. RFC 8200 §8.1: zero over IPv6 is for
    /// who was configured for it.
    #[test]
    fn outer_checksums() {
        //= RFC 8926 §3.3/checksum-ipv6, §3.3/checksum-verified
        let v6 = GeneveTunnel::new(Vni::MAX, Outer::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST));
        let mut packet = encapsulated(&v6, &PLAIN, &[7; 64]);
        assert_ne!(packet[46..48], [0, 0]);
        assert!(Decapsulator::new().decapsulate_ip(&packet).is_ok());
        *packet.last_mut().unwrap() ^= 1;
        let wrong = Decapsulator::new().decapsulate_ip(&packet);
        assert!(matches!(wrong, Err(Error::Outer(OuterError::Checksum { .. }))), "{wrong:?}");
        assert!(Decapsulator::new().checksum(OuterChecksum::Ignored).decapsulate_ip(&packet).is_ok());
        let packet = {
            let zero = Outer::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST).checksum(false);
            encapsulated(&GeneveTunnel::new(Vni::MAX, zero), &PLAIN, &[7; 64])
        };
        let refused = OuterError::Checksum { layer: LayerName::UDP, checksum: 0 };
        assert_eq!(Decapsulator::new().decapsulate_ip(&packet), Err(Error::Outer(refused)));
        assert!(Decapsulator::new().checksum(OuterChecksum::VerifiedOrZero).decapsulate_ip(&packet).is_ok());
        // Zero is accepted over IPv4, as it is sent there.
        let packet = encapsulated(&tunnel(), &PLAIN, &[7; 64]);
        assert_eq!(packet[26..28], [0, 0]);
        assert!(Decapsulator::new().decapsulate_ip(&packet).is_ok());
    }

    /// RFC 8926 §3.5: an unknown critical option drops the packet. Here one of class ffff, of a word.
    #[test]
    fn critical_options_are_known_or_refused() {
        //= RFC 8926 §3.5/critical-dropped, §3.5.1/unknown
        let unknown = |class, kind| Err(Error::UnknownCritical { class, kind });
        let packet = encapsulated(&tunnel(), &[0xff, 0xff, 0x81, 1, 1, 2, 3, 4], &[7; 64]);
        let vtep = Decapsulator::new();
        assert_eq!(vtep.decapsulate_ip(&packet), unknown(OptionClass(0xffff), 0x81));
        assert!(vtep.any_option().decapsulate_ip(&packet).is_ok());
        let packet = encapsulated(&tunnel(), &[&CRITICAL[..], &PLAIN].concat(), &[7; 64]);
        assert_eq!(vtep.decapsulate_ip(&packet), unknown(OptionClass::CILIUM, 0x81));
        let known = [(OptionClass::CILIUM, 0x81)];
        assert!(vtep.known(&known).decapsulate_ip(&packet).is_ok());
        let packet = encapsulated(&tunnel(), &PLAIN, &[7; 64]);
        assert!(vtep.decapsulate_ip(&packet).is_ok());
    }

    #[test]
    fn what_is_refused() {
        //= RFC 8926 §3.3/port-not-reversed, §3.5/length
        let packet = encapsulated(&tunnel(), &CRITICAL, &[7; 64]);
        let with = |at: usize, byte: u8| {
            let mut packet = packet.clone();
            packet[at] = byte;
            Decapsulator::new().any_option().decapsulate_ip(&packet).unwrap_err()
        };
        assert_eq!(with(23, 0xc2), Error::Outer(OuterError::OtherPort { port: 6082, expected: 6081 }));
        assert!(matches!(with(28, 0x42), Error::Packet(Packet::Malformed { field: "version", value: 1, .. })));
        // An option past the area, and one that leaves two words of it.
        assert!(matches!(with(39, 2), Error::Packet(Packet::Truncated { needed: 12, available: 8, .. })));
        let other = Decapsulator::new().vni(Vni::MAX).decapsulate_ip(&packet).unwrap_err();
        assert!(matches!(other, Error::OtherVni { .. }));

        let refused = |options: &[u8]| tunnel().template(options).unwrap_err();
        let field = "length of the options";
        let unbuildable = |value, rule| Error::Packet(Packet::Unbuildable { layer: GENEVE, field, value, rule });
        assert_eq!(refused(&[0; 256]), unbuildable(256, Rule::AtMost(252)));
        assert_eq!(refused(&[0; 6]), unbuildable(6, Rule::MultipleOf(4)));
        assert!(matches!(refused(&[1, 2, 3, 9]), Error::Packet(Packet::Truncated { .. })));
        let mut option = [0; 128];
        let longest = GeneveOption { class: OptionClass::OVN, kind: 1, reserved: 0, data: &[0; 124] };
        longest.write(&mut Writer::new(GENEVE_OPTION, &mut option)).unwrap();
        let template = tunnel().template(&[&option[..], &option[..124]].concat());
        assert!(template.is_err(), "the second is cut");
        let template = tunnel().template(&option).unwrap();
        let mut small = [0; 200];
        let mut packet = Headroom::new(&mut small, 64).unwrap();
        let no_room = Packet::NoRoom { layer: GENEVE, needed: 164, available: 136 };
        assert_eq!((template.encapsulate(&mut packet), packet.len()), (Err(Error::Packet(no_room)), 64));
        let mut large = std::vec![0; 66_000];
        let mut packet = Headroom::new(&mut large, 65_450).unwrap();
        let written = template.encapsulate(&mut packet);
        assert!(matches!(written, Err(Error::Packet(Packet::Unbuildable { layer: LayerName::IPV4, .. }))));
        assert_eq!(packet.len(), 65_450);
    }

    /// More options than there can be: nothing is left, in a build with overflow checks or without.
    #[test]
    fn mtus_with_options_that_cannot_be() {
        assert_eq!(inner_mtu(Underlay::Ipv4, 1500, 65_500), None);
        assert_eq!(
            (mtu_overhead(Underlay::Ipv6, u16::MAX), inner_mtu(Underlay::Ipv6, u16::MAX, u16::MAX)),
            (u16::MAX, None)
        );
        assert_eq!((mtu_overhead(Underlay::Ipv4, 252), inner_mtu(Underlay::Ipv4, 1500, 252)), (302, Some(1198)));
    }
}
