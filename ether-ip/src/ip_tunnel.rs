//! Tunnels that have no UDP: IP in IP, and GRE in IP, over IPv4 and over IPv6.
//!
//! ```text
//!   14 bytes     20 or 40       0 or 4 and more
//!  +------------+--------------+--------+--------------------
//!  | Ethernet   | IPv4 / IPv6  | GRE    | the inner packet …
//!  +------------+--------------+--------+--------------------
//!                protocol 4, 41 or 47: by what is inside
//! ```
//!
//! Out: a template a remote, as [`UdpTemplate`](crate::outer::UdpTemplate) is. In: [`IpDecapsulator`].
//! ICMP errors that come back to a tunnel's entry are for [`icmp_relay`](crate::icmp_relay).
//!
//! RFC 2003 (IPv4 in IPv4), RFC 2473 (in IPv6), RFC 4213 §3 (IPv6 in IPv4), RFC 2784 (GRE); RFC 6040 (ECN).

use core::net::IpAddr;
use core::ops::Range;

use crate::checksum::Checksum;
use crate::ecn::{self, ClassMode};
use crate::ethernet::{EtherType, EthernetHeader};
use crate::gre::{Gre, GrePacket};
use crate::ip::{IpProtocol, Version, version};
use crate::ipv4::{self, Ipv4Header};
use crate::ipv6::{self, Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::{Ipv6OptionType, is_extension};
use crate::outer::{
    Network, Outer, OuterChecksum, OuterError, OuterIp, outer_frame, outer_ip, range_in, whole_ipv4, whole_ipv6,
    without,
};
use crate::{Error, LayerName, PacketBuffer, Rule, flow};

/// The outer headers of an IP-in-IP tunnel to one remote, ready to be copied in front of each packet. The checksum and the
/// source ports of [`Outer`] are of no account here.
///
/// Unless the outer packets may [never be fragmented](Outer::dont_fragment), as by default, they may not where an inner IPv4 packet
/// may not (RFC 2003 §3.1). Around IPv6 they always may then: that is RFC 4213 §3.2.1's tunnel of a static MTU. The default is
/// §3.2.2's, for who follows the path's MTU; where that falls under 1300, packets of up to 1280 bytes need outer ones that may be
/// fragmented, or nothing gets through.
///
/// ```
/// use ether_ip::{Headroom, ip_tunnel::{IpDecapsulator, IpTemplate}, outer::Outer};
///
/// let calico = IpTemplate::new(&Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into()));
/// let inner = [0x45, 0, 0, 20, 0, 0, 0x40, 0, 63, 17, 0x63, 0xef, 10, 244, 1, 2, 10, 244, 2, 3];
/// let mut buffer = [0; 40];
/// let mut packet = Headroom::with_payload(&mut buffer, &inner)?;
/// calico.encapsulate(&mut packet)?;
/// assert_eq!(packet.packet()[9], 4); // IPv4 in IPv4
/// assert_eq!(IpDecapsulator::new().decapsulate_ip(packet.packet()).unwrap().inner, 20..40);
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct IpTemplate {
    link: Option<EthernetHeader>,
    network: NetworkHeader,
    class_mode: ClassMode,
    class: u8,
    label_by_flow: bool,
    is_symmetric: bool,
    /// Over IPv4 without Ethernet, where the outer header is the same around all packets, but for length and protocol.
    passes_nothing: bool,
}

#[derive(Debug, Clone, Copy)]
enum NetworkHeader {
    /// And the sum of it, but for its length and protocol.
    //= RFC 2003 §3.1/options
    V4(Ipv4Header, Checksum),
    V6(Ipv6Header),
}

impl NetworkHeader {
    const fn len(&self) -> usize {
        match self {
            Self::V4(..) => ipv4::HEADER_LEN,
            Self::V6(_) => ipv6::HEADER_LEN,
        }
    }

    /// What the header's length field says with so many bytes behind it.
    #[inline(always)]
    fn length_field(&self, behind: usize) -> Result<u16, Error> {
        match self {
            Self::V4(..) => ipv4::total_length(behind),
            Self::V6(_) => ipv6::payload_length(behind),
        }
    }
}

/// Whether an inner IPv4 packet has no hop left. One that is too short for the field is refused elsewhere.
#[inline(always)]
fn ttl_is_zero(packet: &[u8]) -> bool {
    packet.get(8) == Some(&0)
}

/// What the outer header calls an inner packet, which must have a hop left.
#[inline(always)]
fn protocol_of(packet: &[u8]) -> Result<IpProtocol, Error> {
    let version = version(packet)?;
    check_hops(version, packet)?;
    Ok(match version {
        Version::V4 => IpProtocol::IPV4,
        Version::V6 => IpProtocol::IPV6,
    })
}

/// Refuses an inner packet without a hop left on the way in: entering a tunnel is forwarding.
#[inline(always)]
fn check_hops(version: Version, packet: &[u8]) -> Result<(), Error> {
    match version {
        //= RFC 2003 §3.1/ttl-zero-in
        Version::V4 if ttl_is_zero(packet) => Err(no_hop(LayerName::IPV4, "time to live")),
        // RFC 8200 §3: forwarding discards it.
        Version::V6 if packet.get(7) == Some(&0) => Err(no_hop(LayerName::IPV6, "hop limit")),
        _ => Ok(()),
    }
}

#[cold]
fn no_hop(layer: LayerName, field: &'static str) -> Error {
    Error::Unbuildable { layer, field, value: 0, rule: Rule::AtLeast(1) }
}

/// What of an inner packet goes into the outer headers.
#[derive(Clone, Copy)]
struct Passed {
    class: u8,
    dont_fragment: bool,
    /// The tunnel encapsulation limit that the outer packet is to have.
    limit: Option<u8>,
    /// Its flow label, if that goes by the flow.
    label: Option<u32>,
}

impl Passed {
    const fn options_len(&self) -> usize {
        if self.limit.is_some() { LIMIT_OPTIONS_LEN } else { 0 }
    }
}

/// Destination options with the limit and padding.
const LIMIT_OPTIONS_LEN: usize = 8;

/// The tunnel encapsulation limit around a packet: one less than its own, if it has one (RFC 2473 §4.1.1).
#[inline(always)]
fn limit_of(inner: &[u8]) -> Result<Option<u8>, Error> {
    match inner {
        // Most packets have no extension headers.
        [first, _, _, _, _, _, next, ..] if first >> 4 == 6 && is_extension(IpProtocol(*next)) => limit_behind(inner),
        _ => Ok(None),
    }
}

#[cold]
fn limit_behind(inner: &[u8]) -> Result<Option<u8>, Error> {
    let limit = Ipv6Packet::parse_lax(inner).ok().and_then(|packet| packet.encapsulation_limit());
    let (layer, field) = (LayerName::IPV6_OPTION, "tunnel encapsulation limit");
    let used_up = Error::Unbuildable { layer, field, value: 0, rule: Rule::AtLeast(1) };
    limit.map(|(limit, _)| limit.checked_sub(1).ok_or(used_up)).transpose()
}

/// Destination options with the limit and padding, as Linux has them.
const fn limit_options(next: IpProtocol, limit: u8) -> [u8; LIMIT_OPTIONS_LEN] {
    let kind = Ipv6OptionType::TUNNEL_ENCAPSULATION_LIMIT.0;
    [next.0, 0, kind, 1, limit, Ipv6OptionType::PADN.0, 1, 0]
}

impl IpTemplate {
    /// The template of `outer`.
    #[must_use]
    pub fn new(outer: &Outer) -> Self {
        let nothing = IpProtocol(0);
        let (network, ether_type) = match outer.network {
            Network::V4(source, destination) => {
                let header = outer.ipv4_header(source, destination, nothing);
                (NetworkHeader::V4(header, ipv4::template_sum(&header)), EtherType::IPV4)
            }
            Network::V6(source, destination) => {
                (NetworkHeader::V6(outer.ipv6_header(source, destination, nothing)), EtherType::IPV6)
            }
        };
        let Outer { class_mode, traffic_class: class, label_by_flow, is_symmetric, .. } = *outer;
        let link = outer.ethernet_header(ether_type);
        // An outer header that may be fragmented takes the inner one's word for it.
        let is_fixed = matches!(&network, NetworkHeader::V4(header, _) if header.dont_fragment());
        let passes_nothing = is_fixed && link.is_none() && class_mode == ClassMode::Fixed;
        Self { link, network, class_mode, class, label_by_flow, is_symmetric, passes_nothing }
    }

    /// What encapsulation adds to a packet, in bytes: 20 over IPv4, 40 over IPv6, 14 more with Ethernet; and 8 more in IPv6 to an IPv6
    /// packet that has a tunnel encapsulation limit.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        let link = if self.link.is_some() { size_of::<EthernetHeader>() } else { 0 };
        link + self.network.len()
    }

    /// The MTU for what is inside, given the underlay's; both are the length of an IP packet. `None` if nothing is left.
    ///
    /// ```
    /// use ether_ip::{ip_tunnel::IpTemplate, outer::Outer};
    ///
    /// let calico = IpTemplate::new(&Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into()));
    /// assert_eq!(calico.inner_mtu(1500), Some(1480));
    /// ```
    #[must_use]
    pub const fn inner_mtu(&self, underlay_mtu: u16) -> Option<u16> {
        match underlay_mtu.checked_sub(self.network.len() as u16) {
            None | Some(0) => None,
            mtu => mtu,
        }
    }

    /// Puts the outer headers in front of `packet`, an IP packet: protocol 4 or 41, by its version.
    ///
    /// In IPv6 an IPv6 packet's tunnel encapsulation limit goes on, one less, in destination options of the outer packet (RFC 2473
    /// §4.1.1).
    ///
    /// # Errors
    /// [`Error::Truncated`] and [`Error::Malformed`] if it is neither IPv4 nor IPv6; [`Error::Unbuildable`] if the outer packet
    /// would be longer than its length field can say, if the time to live is 0 (RFC 2003 §3.1) or the hop limit (RFC 8200 §3), or if
    /// the tunnel encapsulation limit is 0: then a parameter problem, code 0, tells its sender so
    /// ([`Ipv6Packet::encapsulation_limit`] has the pointer); [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn encapsulate(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let protocol = protocol_of(packet.packet())?;
        // What is most often asked for runs straight through: of the inner packet nothing is passed on.
        match &self.network {
            NetworkHeader::V4(header, sum) if self.passes_nothing => {
                let len = ipv4::total_length(packet.len())?;
                let outer = packet.prepend_mut(LayerName::IPV4, *header)?;
                outer.set_total_length(len);
                outer.set_protocol(protocol);
                outer.set_checksum(sum.finish_with([len, u16::from(protocol.0)]));
                Ok(())
            }
            _ => self.encapsulate_passing(protocol, packet),
        }
    }

    #[inline(never)]
    fn encapsulate_passing(&self, protocol: IpProtocol, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        //= RFC 2003 §3.1/ttl-unchanged
        self.prepend(protocol, self.of(packet.packet())?, packet)
    }

    /// What of an inner IP packet the outer header depends on.
    #[inline(always)]
    fn of(&self, inner: &[u8]) -> Result<Passed, Error> {
        //= RFC 6438 §3/classify
        let passed = self.of_class(inner);
        Ok(match &self.network {
            NetworkHeader::V4(..) => passed,
            NetworkHeader::V6(_) => Passed {
                limit: limit_of(inner)?,
                label: self.label(inner, [flow::ip_entropy, flow::symmetric_ip_entropy]),
                ..passed
            },
        })
    }

    /// What of an inner Ethernet frame it depends on: the IP packet in it is nobody's to forward here.
    fn of_frame(&self, frame: &[u8]) -> Passed {
        //= RFC 6438 §3/classify
        let inner = ecn::ip_in(frame).and_then(|at| frame.get(at..)).unwrap_or_default();
        Passed { label: self.label(frame, [flow::entropy, flow::symmetric_entropy]), ..self.of_class(inner) }
    }

    /// The traffic class, and whether the outer packet may not be fragmented.
    #[inline(always)]
    fn of_class(&self, inner: &[u8]) -> Passed {
        //= RFC 2003 §3.1/tos
        let class = match self.class_mode {
            ClassMode::Fixed => self.class,
            mode => mode.class(self.class, ecn::ip_class(inner)),
        };
        //= RFC 2003 §3.1/df-set
        // RFC 4213 §3.2.1: never because of an inner IPv6 packet.
        let copies = matches!(&self.network, NetworkHeader::V4(header, _) if !header.dont_fragment());
        Passed { class, dont_fragment: copies && ecn::dont_fragment(inner), limit: None, label: None }
    }

    #[inline(always)]
    fn label(&self, inner: &[u8], [in_order, symmetric]: [fn(&[u8]) -> u32; 2]) -> Option<u32> {
        let entropy = if self.is_symmetric { symmetric } else { in_order };
        self.label_by_flow.then(|| flow::label(entropy(inner)))
    }

    /// Whether all headers fit, so that nothing is written if they do not.
    #[inline(always)]
    fn check_room(&self, layer: LayerName, options_len: usize, packet: &impl PacketBuffer) -> Result<(), Error> {
        let (needed, available) = (self.overhead().saturating_add(options_len), packet.headroom());
        if needed > available { Err(Error::NoRoom { layer, needed, available }) } else { Ok(()) }
    }

    #[inline(always)]
    fn prepend(&self, protocol: IpProtocol, passed: Passed, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let Passed { class, dont_fragment, .. } = passed;
        match &self.network {
            NetworkHeader::V4(header, sum) => {
                let len = ipv4::total_length(packet.len())?;
                self.check_room(LayerName::IPV4, 0, packet)?;
                let outer = packet.prepend_mut(LayerName::IPV4, *header)?;
                outer.set_total_length(len);
                //= RFC 2003 §3.1/outer-fields
                outer.set_protocol(protocol);
                if dont_fragment {
                    outer.set_dont_fragment(true);
                }
                let flag = if dont_fragment { 0x4000 } else { 0 };
                outer.set_checksum(sum.finish_with([len, u16::from(protocol.0), flag]));
                if class != self.class {
                    outer.change_traffic_class(class);
                }
            }
            NetworkHeader::V6(header) => {
                let options_len = passed.options_len();
                let len = ipv6::payload_length(packet.len().saturating_add(options_len))?;
                self.check_room(LayerName::IPV6, options_len, packet)?;
                let protocol = match passed.limit {
                    None => protocol,
                    Some(limit) => {
                        packet.prepend_bytes(LayerName::DESTINATION_OPTIONS, &limit_options(protocol, limit))?;
                        IpProtocol::DESTINATION_OPTIONS
                    }
                };
                let outer = packet.prepend_mut(LayerName::IPV6, *header)?;
                outer.set_payload_length(len);
                outer.set_next_header(protocol);
                outer.set_traffic_class(class);
                if let Some(label) = passed.label {
                    outer.set_flow_label(label);
                }
            }
        }
        match self.link {
            Some(link) => packet.prepend(LayerName::ETHERNET, link),
            None => Ok(()),
        }
    }
}

/// The outer headers of a GRE tunnel to one remote. Of the inner packet traffic class, DF and tunnel encapsulation limit are passed
/// on as IP-in-IP does, if it is IP; of an Ethernet frame with IP in it traffic class and DF, as Linux's gretap does.
///
/// ```
/// use ether_ip::ethernet::EtherType;
/// use ether_ip::gre::Gre;
/// use ether_ip::{Headroom, ip_tunnel::GreTemplate, outer::Outer};
///
/// let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
/// let tunnel = GreTemplate::new(&outer, Gre { key: Some(7), ..Gre::new(EtherType::TRANSPARENT_ETHERNET) });
/// let mut buffer = [0; 88];
/// let mut packet = Headroom::new(&mut buffer, 60)?;
/// tunnel.encapsulate(&mut packet)?;
/// assert_eq!(packet.len(), 20 + 8 + 60);
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct GreTemplate {
    ip: IpTemplate,
    gre: Gre,
}

impl GreTemplate {
    /// The template of `outer`, with a GRE header of these fields.
    #[must_use]
    pub fn new(outer: &Outer, gre: Gre) -> Self {
        Self { ip: IpTemplate::new(outer), gre }
    }

    /// What encapsulation adds to a packet, in bytes; a sequence number that only the caller knows is 4 more.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        self.ip.overhead() + self.gre.header_len()
    }

    /// Puts the outer headers in front of `packet`, with the GRE header as the template has it.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the outer packet would be longer than its length field can say, or an inner IP packet's hops or
    /// tunnel encapsulation limit are used up, as in [`IpTemplate::encapsulate`]; [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn encapsulate(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.prepend(self.gre, packet)
    }

    /// The same with this sequence number, which the caller counts.
    ///
    /// # Errors
    /// As [`encapsulate`](Self::encapsulate).
    #[inline]
    pub fn encapsulate_with(&self, packet: &mut impl PacketBuffer, sequence: u32) -> Result<(), Error> {
        self.prepend(Gre { sequence: Some(sequence), ..self.gre }, packet)
    }

    fn forwarded(&self, version: Version, inner: &[u8]) -> Result<Passed, Error> {
        check_hops(version, inner)?;
        self.ip.of(inner)
    }

    fn prepend(&self, gre: Gre, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let passed = match self.gre.protocol_type {
            EtherType::IPV4 => self.forwarded(Version::V4, packet.packet())?,
            EtherType::IPV6 => self.forwarded(Version::V6, packet.packet())?,
            EtherType::TRANSPARENT_ETHERNET => self.ip.of_frame(packet.packet()),
            _ => Passed { class: self.ip.class, dont_fragment: false, limit: None, label: None },
        };
        let headers_len = passed.options_len().saturating_add(gre.header_len());
        let (needed, available) = (self.ip.overhead().saturating_add(headers_len), packet.headroom());
        if needed > available {
            return Err(Error::NoRoom { layer: LayerName::GRE, needed, available });
        }
        // So that nothing is written if the whole would be too long.
        self.ip.network.length_field(packet.len().saturating_add(headers_len))?;
        gre.prepend(packet)?;
        self.ip.prepend(IpProtocol::GRE, passed, packet)
    }
}

/// What an outer packet must be to be one of an IP-in-IP or GRE tunnel's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct IpDecapsulator {
    ends: Option<(IpAddr, IpAddr)>,
    checksum: OuterChecksum,
}

/// What a packet of the tunnel held.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decapsulated {
    /// Where in the bytes that were given the inner packet stands.
    pub inner: Range<usize>,
    /// Where the outer IP packet stands, up to where it says it ends.
    pub outer: Range<usize>,
    /// What it is.
    pub protocol_type: EtherType,
    /// The key of GRE.
    pub key: Option<u32>,
    /// The sequence number of GRE.
    pub sequence: Option<u32>,
    /// The outer packet's source.
    pub source: IpAddr,
    /// The outer packet's destination.
    pub destination: IpAddr,
    /// The outer time to live or hop limit.
    pub ttl: u8,
    /// The outer traffic class; its mark is for the inner packet: see [`ecn::leave_ip`].
    pub traffic_class: u8,
}

impl IpDecapsulator {
    /// Takes packets from anybody to anybody, and does not look at the IPv4 header's checksum.
    #[must_use]
    pub const fn new() -> Self {
        Self { ends: None, checksum: OuterChecksum::Ignored }
    }

    /// Takes the IPv4 header's checksum so. GRE's is verified always, which no network card does.
    #[must_use]
    pub const fn checksum(self, checksum: OuterChecksum) -> Self {
        Self { checksum, ..self }
    }

    /// Takes packets from this remote to this address of ours only, as a tunnel's end should (RFC 2003 §6).
    #[must_use]
    pub const fn ends(self, remote: IpAddr, local: IpAddr) -> Self {
        Self { ends: Some((remote, local)), ..self }
    }

    /// Takes apart an outer Ethernet frame, with VLAN tags or without.
    ///
    /// # Errors
    /// Why it is none of the tunnel's: every variant of [`OuterError`] but those of UDP. An inner IP packet is to be whole, and an
    /// IPv4 one to have a time to live (RFC 2003 §3.1). An IPv6 one with a hop limit of 0 may be for this node, which RFC 8200 §3 has
    /// take it; forwarding discards it.
    pub fn decapsulate(&self, frame: &[u8]) -> Result<Decapsulated, OuterError> {
        self.take_apart(frame, outer_frame(frame, self.checksum)?)
    }

    /// Takes apart an outer IP packet, as a raw socket gives it.
    ///
    /// # Errors
    /// As [`decapsulate`](Self::decapsulate).
    pub fn decapsulate_ip(&self, packet: &[u8]) -> Result<Decapsulated, OuterError> {
        self.take_apart(packet, outer_ip(packet, self.checksum)?)
    }

    fn take_apart(&self, whole: &[u8], outer: OuterIp<'_>) -> Result<Decapsulated, OuterError> {
        let OuterIp { source, destination, ttl, traffic_class, protocol, packet, payload, .. } = outer;
        if self.ends.is_some_and(|ends| ends != (source, destination)) {
            return Err(OuterError::OtherEnds { source_address: source, destination });
        }
        let (protocol_type, payload, key, sequence) = match protocol {
            IpProtocol::IPV4 => (EtherType::IPV4, payload, None, None),
            IpProtocol::IPV6 => (EtherType::IPV6, payload, None, None),
            IpProtocol::GRE => {
                let gre = GrePacket::parse(payload)?;
                gre.check()?;
                if !gre.checksum_is_valid() {
                    let checksum = gre.checksum().unwrap_or_default();
                    return Err(OuterError::Checksum { layer: LayerName::GRE, checksum });
                }
                let (key, sequence) = (gre.key(), gre.sequence());
                (gre.protocol_type(), gre.into_payload(), key, sequence)
            }
            protocol => return Err(OuterError::OtherProtocol { protocol }),
        };
        //= RFC 2003 §3.1/ttl-zero-out
        // RFC 2003 §3.1, RFC 2784 §3.1: such a packet ends here.
        if protocol_type == EtherType::IPV4 && ttl_is_zero(payload) {
            let (layer, field, value, rule) = (LayerName::IPV4, "time to live", 0, Rule::AtLeast(1));
            return Err(Error::Malformed { layer, field, value, rule }.into());
        }
        // An IP packet ends where it says.
        let inner = match protocol_type {
            EtherType::IPV4 => without(payload, whole_ipv4(payload)?.trailer()),
            EtherType::IPV6 => without(payload, whole_ipv6(payload)?.trailer()),
            _ => payload,
        };
        let (inner, outer) = (range_in(whole, inner), range_in(whole, packet));
        Ok(Decapsulated { inner, outer, protocol_type, key, sequence, source, destination, ttl, traffic_class })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use crate::ip::Ecn;
    use crate::ipv4::Ipv4Packet;
    use crate::udp::{UdpChecksum, UdpHeader};
    use core::net::{Ipv4Addr, Ipv6Addr};
    use std::string::ToString;
    use std::vec::Vec;

    pub(crate) const A4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
    pub(crate) const B4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
    pub(crate) const A6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    pub(crate) const B6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
    pub(crate) const POD4: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 2);
    pub(crate) const POD6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2);

    pub(crate) fn inner_v4(change: impl FnOnce(&mut Ipv4Header)) -> Vec<u8> {
        let mut header = Ipv4Header::new(POD4, Ipv4Addr::new(10, 244, 2, 3), IpProtocol::UDP);
        change(&mut header);
        let mut buffer = std::vec![7; 128];
        let mut packet = Headroom::new(&mut buffer, 100).unwrap();
        UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Zero).unwrap();
        header.prepend(&[], &mut packet).unwrap();
        buffer
    }

    pub(crate) fn inner_v6() -> Vec<u8> {
        long_v6(148)
    }

    pub(crate) fn long_v6(len: usize) -> Vec<u8> {
        let mut header = Ipv6Header::new(POD6, B6, IpProtocol::UDP);
        header.set_traffic_class(0x2e);
        let mut buffer = std::vec![7; len];
        let mut packet = Headroom::new(&mut buffer, len - 48).unwrap();
        UdpHeader::new(4000, 53)
            .prepend(&mut packet, UdpChecksum::Computed(header.pseudo_header(IpProtocol::UDP)))
            .unwrap();
        header.prepend(&mut packet).unwrap();
        buffer
    }

    pub(crate) fn encapsulated(template: &IpTemplate, inner: &[u8]) -> Vec<u8> {
        let mut buffer = std::vec![0; template.overhead() + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
        template.encapsulate(&mut packet).unwrap();
        buffer
    }

    /// 4 in 4 (RFC 2003), 6 in 4 (RFC 4213), 4 in 6 and 6 in 6 (RFC 2473): what the builders give, header by header; and back.
    #[test]
    fn each_in_each() {
        //= RFC 2003 §3.1/ttl-unchanged, §3.1/outer-fields, §3.1/options
        //= RFC 6438 §3/ends
        let macs = (crate::ethernet::MacAddr([2; 6]), crate::ethernet::MacAddr([4; 6]));
        for (inner, protocol) in [(inner_v4(|_| {}), IpProtocol::IPV4), (inner_v6(), IpProtocol::IPV6)] {
            for outer in [Outer::ipv4(A4, B4).ttl(9), Outer::ipv6(A6, B6).flow_label(5)] {
                for has_link in [false, true] {
                    let outer = if has_link { outer.ethernet(macs.0, macs.1) } else { outer };
                    let (is_v4, template) = (matches!(outer.network, Network::V4(..)), IpTemplate::new(&outer));
                    let packet = encapsulated(&template, &inner);
                    let mut expected = std::vec![0; packet.len()];
                    let mut built = Headroom::with_payload(&mut expected, &inner).unwrap();
                    let ether_type = if is_v4 {
                        let mut header = Ipv4Header::new(A4, B4, protocol);
                        header.set_ttl(9);
                        header.prepend(&[], &mut built).unwrap();
                        EtherType::IPV4
                    } else {
                        let mut header = Ipv6Header::new(A6, B6, protocol);
                        header.set_flow_label(5);
                        header.prepend(&mut built).unwrap();
                        EtherType::IPV6
                    };
                    if has_link {
                        EthernetHeader::new(macs.1, macs.0, ether_type).prepend(&mut built).unwrap();
                    }
                    assert_eq!(packet, built.packet());
                    let check = match is_v4 {
                        true => IpDecapsulator::new().ends(A4.into(), B4.into()),
                        false => IpDecapsulator::new().ends(A6.into(), B6.into()),
                    };
                    let found =
                        if has_link { check.decapsulate(&packet) } else { check.decapsulate_ip(&packet) }.unwrap();
                    assert_eq!(&packet[found.inner], inner);
                    assert_eq!(found.outer, if has_link { 14 } else { 0 }..packet.len());
                    assert_eq!(found.ttl, if is_v4 { 9 } else { 64 });
                }
            }
        }
        let ipv4 = IpTemplate::new(&Outer::ipv4(A4, B4));
        assert_eq!((ipv4.inner_mtu(1500), ipv4.inner_mtu(20)), (Some(1480), None));
        assert_eq!(IpTemplate::new(&Outer::ipv6(A6, B6)).inner_mtu(1500), Some(1460));
    }

    /// RFC 2003 §3.1: DF set inside must be set outside; RFC 6040 §4.1: ECN is copied in normal mode, and not otherwise.
    #[test]
    fn dont_fragment_and_class() {
        //= RFC 2003 §3.1/df-set, §3.1/tos
        //= RFC 6040 §4.1/normal, §4.1/compatibility, §4.3/mode
        let df = |outer: Outer, inner: bool| {
            let packet = encapsulated(&IpTemplate::new(&outer), &inner_v4(|header| header.set_dont_fragment(inner)));
            let ip = Ipv4Packet::parse(&packet[..]).unwrap();
            assert!(ip.checksum_is_valid());
            ip.dont_fragment()
        };
        let (always, may) = (Outer::ipv4(A4, B4), Outer::ipv4(A4, B4).dont_fragment(false));
        assert_eq!([df(always, true), df(always, false), df(may, true), df(may, false)], [true, true, true, false]);
        // RFC 4213: §3.2.1 forbids it around IPv6 where the MTU is static, §3.2.2 asks for it where it is not.
        let around_v6 = [may, always].map(|outer| {
            let packet = encapsulated(&IpTemplate::new(&outer), &inner_v6());
            let ip = Ipv4Packet::parse(&packet[..]).unwrap();
            assert!(ip.checksum_is_valid());
            ip.dont_fragment()
        });
        assert_eq!(around_v6, [false, true]);

        let class = |outer: Outer, mode| {
            let header = |header: &mut Ipv4Header| header.change_traffic_class(0x2e);
            let packet = encapsulated(&IpTemplate::new(&outer.traffic_class(0xb8).class_mode(mode)), &inner_v4(header));
            let checked = IpDecapsulator::new().decapsulate_ip(&packet).unwrap();
            if let Ok(ip) = Ipv4Packet::parse(&packet[..]) {
                assert!(ip.checksum_is_valid());
            }
            checked.traffic_class
        };
        for outer in [Outer::ipv4(A4, B4), Outer::ipv6(A6, B6)] {
            assert_eq!(class(outer, ClassMode::Fixed), 0xb8);
            assert_eq!(class(outer, ClassMode::CopyEcn), 0xb8 | Ecn::Capable0 as u8);
            assert_eq!(class(outer, ClassMode::CopyAll), 0x2e);
        }
    }

    /// Of a frame in GRE the IP packet's class and DF are passed on too; of what has no IP in it, nothing.
    #[test]
    fn frames_in_gre() {
        let frame = |ether_type: u16| {
            let mut frame = std::vec![2; 12];
            frame.extend(ether_type.to_be_bytes());
            frame.extend(inner_v4(|header| header.change_traffic_class(0x2e)));
            frame
        };
        for (mode, classes) in
            [(ClassMode::Fixed, [0xb8, 0xb8]), (ClassMode::CopyEcn, [0xba, 0xb8]), (ClassMode::CopyAll, [0x2e, 0xb8])]
        {
            let outer = Outer::ipv4(A4, B4).dont_fragment(false).traffic_class(0xb8).class_mode(mode);
            let template = GreTemplate::new(&outer, Gre::new(EtherType::TRANSPARENT_ETHERNET));
            let seen = [0x0800, 0x88cc].map(|ether_type| {
                let mut buffer = [0; 200];
                let mut packet = Headroom::with_payload(&mut buffer, &frame(ether_type)).unwrap();
                template.encapsulate(&mut packet).unwrap();
                let ip = Ipv4Packet::parse(packet.packet()).unwrap();
                assert!(ip.checksum_is_valid());
                (ip.traffic_class(), ip.dont_fragment())
            });
            assert_eq!(seen, [(classes[0], true), (classes[1], false)], "{mode:?}");
        }
    }

    /// RFC 6438 §3: a label for each flow, where that is asked for; the same for a packet and for the frame that it is in.
    #[test]
    fn flow_labels() {
        //= RFC 6438 §3/classify, §3/same, §3/hash
        let outer = Outer::ipv6(A6, B6).flow_label(7);
        let label = |outer: Outer, inner: &[u8]| {
            Ipv6Packet::parse(&encapsulated(&IpTemplate::new(&outer), inner)[..]).unwrap().flow_label()
        };
        let other = inner_v4(|header| header.set_source(B4));
        let by_flow = label(outer.label_by_flow(), &inner_v4(|_| {}));
        assert_eq!(by_flow, flow::label(flow::ip_entropy(&inner_v4(|_| {}))));
        assert_eq!((label(outer, &other), label(outer, &inner_v6())), (7, 7));
        assert!(by_flow != 7 && by_flow != label(outer.label_by_flow(), &other));
        let in_gre = |protocol, inner: &[u8]| {
            let mut buffer = [0; 200];
            let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
            GreTemplate::new(&outer.label_by_flow(), Gre::new(protocol)).encapsulate(&mut packet).unwrap();
            Ipv6Packet::parse(packet.packet()).unwrap().flow_label()
        };
        let frame = [&[2; 12][..], &[8, 0], &inner_v4(|_| {})].concat();
        assert_eq!(in_gre(EtherType::IPV4, &frame[14..]), by_flow);
        assert_eq!(in_gre(EtherType::TRANSPARENT_ETHERNET, &frame), by_flow);
        assert_eq!(in_gre(EtherType::MPLS, &frame), 7);
        // For both directions alike, where that is asked for.
        let symmetric = label(outer.label_by_flow().symmetric(), &frame[14..]);
        assert_eq!(symmetric, flow::label(flow::symmetric_ip_entropy(&frame[14..])));
        assert_ne!(symmetric, by_flow);
    }

    /// RFC 8200 §3: IPv6 counts 65 535 bytes behind its header, of which GRE is four.
    #[test]
    fn gre_over_ipv6_takes_what_its_length_can_say() {
        let template = GreTemplate::new(&Outer::ipv6(A6, B6), Gre::new(EtherType::TRANSPARENT_ETHERNET));
        let mut buffer = std::vec![0; 65_600];
        for len in [65_512, 65_531] {
            let mut packet = Headroom::new(&mut buffer, len).unwrap();
            assert_eq!((template.encapsulate(&mut packet), packet.len()), (Ok(()), len + 44));
        }
        let mut packet = Headroom::new(&mut buffer, 65_532).unwrap();
        let (layer, field, value) = (LayerName::IPV6, "payload length", 65_536);
        let refused = Error::Unbuildable { layer, field, value, rule: Rule::AtMost(65_535) };
        assert_eq!((template.encapsulate(&mut packet), packet.len()), (Err(refused), 65_532));
    }

    /// RFC 2473 §4.1.1: at 0 a packet enters no further tunnel; else the outer packet's limit is one less. The bytes are those of Linux:
    /// the limit, and PadN.
    #[test]
    fn encapsulation_limits() {
        let inner = |limit: u8| {
            let mut buffer = std::vec![0; 40 + 8 + 4];
            let mut packet = Headroom::new(&mut buffer, 4).unwrap();
            packet.prepend_bytes(LayerName::DESTINATION_OPTIONS, &[59, 0, 4, 1, limit, 1, 1, 0]).unwrap();
            Ipv6Header::new(POD6, B6, IpProtocol::DESTINATION_OPTIONS).prepend(&mut packet).unwrap();
            buffer
        };
        let (v6, v4) = (Outer::ipv6(A6, B6), Outer::ipv4(A4, B4));
        let (ip, gre) = (IpTemplate::new(&v6), GreTemplate::new(&v6, Gre::new(EtherType::IPV6)));
        let enter = |inner: &[u8], put: &dyn Fn(&mut Headroom<'_>) -> Result<(), Error>| {
            let mut buffer = std::vec![0; 120];
            let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
            put(&mut packet).map(|()| packet.packet().to_vec()).inspect_err(|_| assert_eq!(packet.packet(), inner))
        };
        for limit in [1, 4, 255] {
            let inner = inner(limit);
            let packet = enter(&inner, &|packet| ip.encapsulate(packet)).unwrap();
            assert_eq!(packet[4..8], [0, 8 + 52, 60, 64]);
            assert_eq!((&packet[40..48], &packet[48..]), (&[41, 0, 4, 1, limit - 1, 1, 1, 0][..], &inner[..]));
            assert_eq!(IpDecapsulator::new().decapsulate_ip(&packet).unwrap().inner, 48..100);
            let packet = enter(&inner, &|packet| gre.encapsulate(packet)).unwrap();
            assert_eq!(packet[4..8], [0, 8 + 4 + 52, 60, 64]);
            assert_eq!(packet[40..52], [47, 0, 4, 1, limit - 1, 1, 1, 0, 0, 0, 0x86, 0xdd]);
            assert_eq!(IpDecapsulator::new().decapsulate_ip(&packet).unwrap().inner, 52..104);
            // A tunnel over IPv4 has nowhere to say it.
            assert_eq!(encapsulated(&IpTemplate::new(&v4), &inner)[20..], inner);
        }
        let (layer, field) = (LayerName::IPV6_OPTION, "tunnel encapsulation limit");
        let used_up = Err(Error::Unbuildable { layer, field, value: 0, rule: Rule::AtLeast(1) });
        assert_eq!(enter(&inner(0), &|packet| ip.encapsulate(packet)), used_up);
        assert_eq!(enter(&inner(0), &|packet| gre.encapsulate(packet)), used_up);
        // 8 bytes more are needed, and count in the length.
        let mut buffer = [0; 52 + 47];
        let mut packet = Headroom::with_payload(&mut buffer, &inner(1)).unwrap();
        let no_room = Error::NoRoom { layer: LayerName::IPV6, needed: 48, available: 47 };
        assert_eq!((ip.encapsulate(&mut packet), packet.len()), (Err(no_room), 52));
        let mut long = inner(1);
        long.resize(65_528, 0);
        let mut buffer = std::vec![0; 66_000];
        let mut packet = Headroom::with_payload(&mut buffer, &long).unwrap();
        assert!(matches!(ip.encapsulate(&mut packet), Err(Error::Unbuildable { value: 65_536, .. })));
        assert_eq!(packet.len(), 65_528);
    }

    /// RFC 2784 §2.4: what is no IP is carried as it is, to the end.
    #[test]
    fn gre_around_something_else() {
        let template = GreTemplate::new(&Outer::ipv4(A4, B4), Gre::new(EtherType::MPLS));
        let mut buffer = [0; 28];
        let mut packet = Headroom::with_payload(&mut buffer, &[0, 0, 0x11, 64]).unwrap();
        template.encapsulate(&mut packet).unwrap();
        let expected = Decapsulated {
            inner: 24..28,
            outer: 0..28,
            protocol_type: EtherType::MPLS,
            key: None,
            sequence: None,
            source: A4.into(),
            destination: B4.into(),
            ttl: 64,
            traffic_class: 0,
        };
        assert_eq!(IpDecapsulator::new().decapsulate_ip(&buffer), Ok(expected));
        assert_eq!(buffer[20..], [0, 0, 0x88, 0x47, 0, 0, 0x11, 64]);
    }

    #[test]
    fn gre() {
        let outer = Outer::ipv4(A4, B4).dont_fragment(false).class_mode(ClassMode::CopyAll);
        let gre = Gre { checksum: true, key: Some(7), ..Gre::new(EtherType::IPV4) };
        let template = GreTemplate::new(&outer, gre);
        let inner = inner_v4(|header| header.change_traffic_class(0x2e));
        let mut buffer = std::vec![0; template.overhead() + 4 + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
        template.encapsulate_with(&mut packet, 9).unwrap();
        let ip = Ipv4Packet::parse(packet.packet()).unwrap();
        assert!(ip.checksum_is_valid() && ip.dont_fragment() && ip.traffic_class() == 0x2e);
        let found = IpDecapsulator::new().decapsulate_ip(packet.packet()).unwrap();
        assert_eq!((found.key, found.sequence, found.protocol_type), (Some(7), Some(9), EtherType::IPV4));
        assert_eq!(&buffer[found.inner], inner);
        buffer[24] ^= 1;
        assert!(matches!(IpDecapsulator::new().decapsulate_ip(&buffer), Err(OuterError::Checksum { .. })));
        let mut small = [1; 40];
        let mut packet = Headroom::new(&mut small, 20).unwrap();
        assert!(matches!(template.encapsulate(&mut packet), Err(Error::NoRoom { .. })));
        assert_eq!(packet.len(), 20);
    }

    /// RFC 8200 §4.5: GRE in a first fragment would give a frame that is cut.
    #[test]
    fn a_first_fragment_over_ipv6() {
        let mut buffer = [0; 40 + 8 + 4 + 14];
        let mut packet = Headroom::new(&mut buffer, 14).unwrap();
        packet.prepend_bytes(LayerName::GRE, &[0, 0, 0x65, 0x58]).unwrap();
        packet.prepend_bytes(LayerName::FRAGMENT, &[0x2f, 0, 0, 1, 0, 0, 0, 7]).unwrap();
        Ipv6Header::new(A6, B6, IpProtocol::FRAGMENT).prepend(&mut packet).unwrap();
        assert_eq!(IpDecapsulator::new().decapsulate_ip(packet.packet()), Err(OuterError::Fragment));
    }

    /// RFC 2784 §2.3: routing, the other bits that must be zero, and PPTP are none of the tunnel's. The inner frame would be routing
    /// entries.
    #[test]
    fn gre_that_is_refused() {
        for (flags, field, value) in [
            ([0x40, 0], "reserved bits", 0x4000),
            ([0x08, 0], "reserved bits", 0x0800),
            ([0x04, 0], "reserved bits", 0x0400),
            ([0x30, 0x81], "version", 1),
            ([0x00, 0x01], "version", 1),
        ] {
            let mut packet = std::vec![0; 20 + 40];
            packet[..20].copy_from_slice(&[0x45, 0, 0, 60, 0, 0, 0, 0, 64, 47, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
            packet[20..24].copy_from_slice(&[flags[0], flags[1], 0x65, 0x58]);
            let refused = Error::Malformed { layer: LayerName::GRE, field, value, rule: Rule::Exactly(0) };
            assert_eq!(IpDecapsulator::new().decapsulate_ip(&packet), Err(refused.into()), "{flags:x?}");
        }
    }

    #[test]
    fn what_is_refused() {
        //= RFC 2003 §3.1/ttl-zero-in, §3.1/ttl-zero-out
        let template = IpTemplate::new(&Outer::ipv4(A4, B4));
        let packet = encapsulated(&template, &inner_v4(|_| {}));
        let with = |at: usize, byte: u8| {
            let mut packet = packet.clone();
            packet[at] = byte;
            IpDecapsulator::new().decapsulate_ip(&packet).unwrap_err()
        };
        assert_eq!(with(6, 0x20), OuterError::Fragment);
        assert_eq!(with(9, 17), OuterError::OtherProtocol { protocol: IpProtocol::UDP });
        // RFC 1122 §3.2.1.2, where it is asked for: another hop count without another checksum.
        let mut other_hops = packet.clone();
        other_hops[8] -= 1;
        let checksum = u16::from_be_bytes([packet[10], packet[11]]);
        let wrong = OuterError::Checksum { layer: LayerName::IPV4, checksum };
        let verified = IpDecapsulator::new().checksum(OuterChecksum::Verified);
        assert!(verified.decapsulate_ip(&packet).is_ok() && IpDecapsulator::new().decapsulate_ip(&other_hops).is_ok());
        assert_eq!(verified.decapsulate_ip(&other_hops), Err(wrong));
        // Protocol 41 over an IPv4 packet, and an inner length past the end.
        assert!(matches!(with(9, 41), OuterError::Packet(Error::Malformed { layer: LayerName::IPV6, .. })));
        assert!(matches!(with(23, 129), OuterError::Packet(Error::Truncated { layer: LayerName::IPV4, .. })));
        // An inner packet that does not say how long it is, of either version.
        let unsaid = OuterError::Packet(Error::Malformed {
            layer: LayerName::IPV4,
            field: "total length",
            value: 0,
            rule: Rule::AtLeast(20),
        });
        assert_eq!(with(23, 0), unsaid);
        let mut inner = encapsulated(&template, &inner_v6());
        inner[24..26].fill(0);
        let (layer, field, rule) = (LayerName::IPV6, "payload length", Rule::AtLeast(1));
        let unsaid = Error::Malformed { layer, field, value: 0, rule };
        assert_eq!(IpDecapsulator::new().decapsulate_ip(&inner), Err(unsaid.into()));
        let other = IpDecapsulator::new().ends(B4.into(), A4.into()).decapsulate_ip(&packet).unwrap_err();
        assert_eq!(other.to_string(), "not the tunnel's: it goes from 192.0.2.1 to 192.0.2.2");
        // RFC 2003 §3.1: a time to live of 0, on the way in and on the way out.
        let (layer, field, value, rule) = (LayerName::IPV4, "time to live", 0, Rule::AtLeast(1));
        assert_eq!(with(28, 0), OuterError::Packet(Error::Malformed { layer, field, value, rule }));
        let mut dead = [0; 148];
        let mut dead = Headroom::with_payload(&mut dead, &inner_v4(|header| header.set_ttl(0))).unwrap();
        let refused = Error::Unbuildable { layer, field, value: 0, rule };
        assert_eq!((template.encapsulate(&mut dead), dead.len()), (Err(refused), 128));
        // In GRE too, and so with a hop limit of 0; on the way out that one may be for the node itself (RFC 8200 §3).
        let gre = |ether_type| GreTemplate::new(&Outer::ipv4(A4, B4), Gre::new(ether_type));
        assert_eq!((gre(EtherType::IPV4).encapsulate(&mut dead), dead.len()), (Err(refused), 128));
        let mut buffer = [0; 152];
        let mut alive = Headroom::with_payload(&mut buffer, &inner_v4(|_| {})).unwrap();
        gre(EtherType::IPV4).encapsulate(&mut alive).unwrap();
        buffer[24 + 8] = 0;
        let malformed = Error::Malformed { layer, field, value, rule };
        assert_eq!(IpDecapsulator::new().decapsulate_ip(&buffer), Err(malformed.into()));
        let mut inner = inner_v6();
        inner[7] = 0;
        let mut buffer = [0; 172];
        let mut dead = Headroom::with_payload(&mut buffer, &inner).unwrap();
        let refused = Error::Unbuildable { layer: LayerName::IPV6, field: "hop limit", value: 0, rule };
        assert_eq!((template.encapsulate(&mut dead), dead.len()), (Err(refused), 148));
        assert_eq!((gre(EtherType::IPV6).encapsulate(&mut dead), dead.len()), (Err(refused), 148));
        let mut packet = encapsulated(&template, &inner_v6());
        packet[20 + 7] = 0;
        assert_eq!(IpDecapsulator::new().decapsulate_ip(&packet).unwrap().inner, 20..168);
        let mut buffer = std::vec![0x45; 65_600];
        let mut long = Headroom::new(&mut buffer, 65_520).unwrap();
        assert!(matches!(template.encapsulate(&mut long), Err(Error::Unbuildable { value: 65_540, .. })));
        assert_eq!(long.len(), 65_520);
        assert!(template.encapsulate(&mut Headroom::new(&mut [0; 40], 0).unwrap()).is_err());
    }
}
