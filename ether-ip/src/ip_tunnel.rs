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
//! Out: a template a remote, as [`UdpTemplate`](crate::outer::UdpTemplate) is. In: [`IpCheck`]. And [`relay`] turns the ICMP errors
//! that come back to a tunnel's entry into ones for those who sent what is inside.
//!
//! RFC 2003 (IPv4 in IPv4), RFC 2473 (in IPv6), RFC 4213 §3 (IPv6 in IPv4), RFC 2784 (GRE); RFC 6040 (ECN).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range;

use crate::checksum::Checksum;
use crate::ecn::{self, ClassMode};
use crate::ethernet::{EtherType, EthernetHeader};
use crate::gre::{Gre, GrePacket};
use crate::icmpv4::{self, Icmpv4Header, Icmpv4Message, Icmpv4Packet, Icmpv4Type};
use crate::icmpv6::{Icmpv6Message, Icmpv6Packet};
use crate::ip::{IpProtocol, Version, version};
use crate::ipv4::{self, Ipv4Header, Ipv4Packet};
use crate::ipv6::{Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::Extensions;
use crate::outer::{Network, Outer, OuterError, OuterIp, ip_of_frame, outer_ip, range_in};
use crate::{Error, Headroom, LayerName, Rule};

/// The outer headers of an IP-in-IP tunnel to one remote, ready to be copied in front of each packet. The checksum and the
/// source ports of [`Outer`] are of no account here.
///
/// Unless the outer packets may never be fragmented, as by default, they may not where the inner one may not (RFC 2003 §3.1).
///
/// ```
/// use ether_ip::{Headroom, ip_tunnel::{IpCheck, IpTemplate}, outer::Outer};
///
/// let calico = IpTemplate::new(&Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into()));
/// let inner = [0x45, 0, 0, 20, 0, 0, 0x40, 0, 63, 17, 0x63, 0xef, 10, 244, 1, 2, 10, 244, 2, 3];
/// let mut buffer = [0; 40];
/// let mut packet = Headroom::with_payload(&mut buffer, &inner)?;
/// calico.encapsulate(&mut packet)?;
/// assert_eq!(packet.packet()[9], 4); // IPv4 in IPv4
/// assert_eq!(IpCheck::new().packet(packet.packet()).unwrap().inner, 20..40);
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct IpTemplate {
    link: Option<EthernetHeader>,
    network: NetworkHeader,
    class_mode: ClassMode,
    class: u8,
}

#[derive(Debug, Clone, Copy)]
enum NetworkHeader {
    /// And the sum of it, but for its length and protocol.
    //= RFC 2003 §3.1/options
    V4(Ipv4Header, Checksum),
    V6(Ipv6Header),
}

const TTL: &str = "time to live";

/// Whether an IPv4 packet has no hop left. One that is too short for the field is refused elsewhere.
#[inline(always)]
fn ttl_is_zero(packet: &[u8]) -> bool {
    packet.get(8) == Some(&0)
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
        let Outer { class_mode, traffic_class: class, .. } = *outer;
        Self { link: outer.ethernet_header(ether_type), network, class_mode, class }
    }

    /// What encapsulation adds to a packet, in bytes: 20 over IPv4, 40 over IPv6, 14 more with Ethernet.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        let link = if self.link.is_some() { size_of::<EthernetHeader>() } else { 0 };
        link + match self.network {
            NetworkHeader::V4(..) => size_of::<Ipv4Header>(),
            NetworkHeader::V6(_) => size_of::<Ipv6Header>(),
        }
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
        let network = match self.network {
            NetworkHeader::V4(..) => size_of::<Ipv4Header>(),
            NetworkHeader::V6(_) => size_of::<Ipv6Header>(),
        };
        match underlay_mtu.checked_sub(network as u16) {
            None | Some(0) => None,
            mtu => mtu,
        }
    }

    /// Puts the outer headers in front of `packet`, an IP packet: protocol 4 or 41, by its version.
    ///
    /// # Errors
    /// [`Error::Truncated`] and [`Error::Malformed`] if it is neither IPv4 nor IPv6; [`Error::Unbuildable`] if the outer packet
    /// would be longer than its length field can say, or an IPv4 packet's time to live is 0 (RFC 2003 §3.1); [`Error::NoRoom`].
    /// Nothing is written then.
    #[inline]
    pub fn encapsulate(&self, packet: &mut Headroom<'_>) -> Result<(), Error> {
        let protocol = match version(packet.packet())? {
            //= RFC 2003 §3.1/ttl-zero-in
            Version::V4 if ttl_is_zero(packet.packet()) => {
                return Err(Error::Unbuildable {
                    layer: LayerName::IPV4,
                    field: TTL,
                    value: 0,
                    rule: Rule::AtLeast(1),
                });
            }
            Version::V4 => IpProtocol::IPV4,
            Version::V6 => IpProtocol::IPV6,
        };
        //= RFC 2003 §3.1/ttl-unchanged
        self.prepend(protocol, self.of(packet.packet()), packet)
    }

    /// What of an inner packet the outer header depends on: its traffic class, and whether it may not be fragmented.
    #[inline(always)]
    fn of(&self, inner: &[u8]) -> (u8, bool) {
        //= RFC 2003 §3.1/tos
        let class = match self.class_mode {
            ClassMode::Fixed => self.class,
            mode => mode.class(self.class, ecn::ip_class(inner)),
        };
        //= RFC 2003 §3.1/df-set
        let copies = matches!(&self.network, NetworkHeader::V4(header, _) if !header.dont_fragment());
        (class, copies && ecn::dont_fragment(inner))
    }

    #[inline(always)]
    fn prepend(&self, protocol: IpProtocol, of: (u8, bool), packet: &mut Headroom<'_>) -> Result<(), Error> {
        let (class, dont_fragment) = of;
        let (needed, available) = (self.overhead(), packet.room());
        match &self.network {
            NetworkHeader::V4(header, sum) => {
                let len = LayerName::IPV4.fit_u16("total length", size_of::<Ipv4Header>() + packet.len())?;
                if needed > available {
                    return Err(Error::NoRoom { layer: LayerName::IPV4, needed, available });
                }
                let outer = packet.prepend_mut(LayerName::IPV4, *header)?;
                outer.set_total_length(len);
                //= RFC 2003 §3.1/outer-fields
                outer.set_protocol(protocol);
                let mut sum = sum.word(len).word(u16::from(protocol.0));
                if dont_fragment {
                    outer.set_dont_fragment(true);
                    sum = sum.word(0x4000);
                }
                outer.set_checksum(sum.finish());
                if class != self.class {
                    outer.change_traffic_class(class);
                }
            }
            NetworkHeader::V6(header) => {
                let len = LayerName::IPV6.fit_u16("payload length", packet.len())?;
                if needed > available {
                    return Err(Error::NoRoom { layer: LayerName::IPV6, needed, available });
                }
                let outer = packet.prepend_mut(LayerName::IPV6, *header)?;
                outer.set_payload_length(len);
                outer.set_next_header(protocol);
                outer.set_traffic_class(class);
            }
        }
        match self.link {
            Some(link) => packet.prepend(LayerName::ETHERNET, link),
            None => Ok(()),
        }
    }
}

/// The outer headers of a GRE tunnel to one remote. Of the inner packet traffic class and DF are passed on as IP-in-IP does, if
/// it is IP.
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
/// tunnel.encapsulate(&mut packet, None)?;
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

    /// What encapsulation adds to a packet, in bytes, without a sequence number.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        self.ip.overhead() + self.gre.header_len()
    }

    /// Puts the outer headers in front of `packet`, with this sequence number if there is one.
    ///
    /// # Errors
    /// As [`IpTemplate::encapsulate`]. What stands in front of the packet then is of no account, and the packet as it was.
    pub fn encapsulate(&self, packet: &mut Headroom<'_>, sequence: Option<u32>) -> Result<(), Error> {
        let of = match self.gre.protocol_type {
            EtherType::IPV4 | EtherType::IPV6 => self.ip.of(packet.packet()),
            _ => (self.ip.class, false),
        };
        let gre = Gre { sequence: sequence.or(self.gre.sequence), ..self.gre };
        let (needed, available) = (self.ip.overhead() + gre.header_len(), packet.room());
        if needed > available {
            return Err(Error::NoRoom { layer: LayerName::GRE, needed, available });
        }
        // So that nothing is written if the whole would be too long.
        LayerName::IPV4.fit_u16("total length", size_of::<Ipv4Header>() + gre.header_len() + packet.len())?;
        gre.prepend(packet)?;
        self.ip.prepend(IpProtocol::GRE, of, packet)
    }
}

/// What an outer packet must be to be one of an IP-in-IP or GRE tunnel's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct IpCheck {
    ends: Option<(IpAddr, IpAddr)>,
}

/// What a packet of the tunnel held.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decapsulated {
    /// Where in the bytes that were given the inner packet stands.
    pub inner: Range<usize>,
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

impl IpCheck {
    /// Takes packets from anybody to anybody.
    #[must_use]
    pub const fn new() -> Self {
        Self { ends: None }
    }

    /// Takes packets from this remote to this address of ours only, as a tunnel's end should (RFC 2003 §6).
    #[must_use]
    pub const fn ends(self, remote: IpAddr, local: IpAddr) -> Self {
        Self { ends: Some((remote, local)) }
    }

    /// Checks an outer Ethernet frame, with VLAN tags or without.
    ///
    /// # Errors
    /// Why it is none of the tunnel's: every variant of [`OuterError`] but those of UDP. An inner IP packet is to be whole, and in
    /// IP in IP to have a time to live (RFC 2003 §3.1).
    pub fn frame(&self, frame: &[u8]) -> Result<Decapsulated, OuterError> {
        self.take_apart(frame, outer_ip(ip_of_frame(frame)?)?)
    }

    /// Checks an outer IP packet, as a raw socket gives it.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn packet(&self, packet: &[u8]) -> Result<Decapsulated, OuterError> {
        self.take_apart(packet, outer_ip(packet)?)
    }

    fn take_apart(&self, whole: &[u8], outer: OuterIp<'_>) -> Result<Decapsulated, OuterError> {
        let OuterIp { source, destination, ttl, traffic_class, protocol, payload, .. } = outer;
        if self.ends.is_some_and(|ends| ends != (source, destination)) {
            return Err(OuterError::OtherEnds { source_address: source, destination });
        }
        let (protocol_type, payload, key, sequence) = match protocol {
            //= RFC 2003 §3.1/ttl-zero-out
            // RFC 2003 §3.1: such a packet ends here.
            IpProtocol::IPV4 if ttl_is_zero(payload) => {
                return Err(
                    Error::Malformed { layer: LayerName::IPV4, field: TTL, value: 0, rule: Rule::AtLeast(1) }.into()
                );
            }
            IpProtocol::IPV4 => (EtherType::IPV4, payload, None, None),
            IpProtocol::IPV6 => (EtherType::IPV6, payload, None, None),
            IpProtocol::GRE => {
                let gre = GrePacket::parse(payload)?;
                if !gre.checksum_is_valid() {
                    return Err(OuterError::Checksum { checksum: gre.checksum().unwrap_or_default() });
                }
                let (key, sequence) = (gre.key(), gre.sequence());
                (gre.protocol_type(), gre.into_payload(), key, sequence)
            }
            protocol => return Err(OuterError::OtherProtocol { protocol }),
        };
        // An IP packet ends where it says.
        let inner_len = match protocol_type {
            EtherType::IPV4 => payload.len() - Ipv4Packet::parse(payload)?.trailer().len(),
            EtherType::IPV6 => payload.len() - Ipv6Packet::parse(payload)?.trailer().len(),
            _ => payload.len(),
        };
        let inner = range_in(whole, payload.get(..inner_len).unwrap_or(payload));
        Ok(Decapsulated { inner, protocol_type, key, sequence, source, destination, ttl, traffic_class })
    }
}

/// An ICMP error for the sender of what a tunnel carried, not built yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relay<'a> {
    /// What it says.
    pub message: RelayMessage,
    /// The inner packet as far as the error quoted it.
    pub quoted: &'a [u8],
}

/// What a relayed error says, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayMessage {
    /// The inner packet was IPv4.
    V4(Ipv4Addr, Icmpv4Message),
    /// The inner packet was IPv6.
    V6(Ipv6Addr, Icmpv6Message),
}

/// Turns an ICMP error about an outer packet, which came back to the tunnel's entry, into one for the sender of what was inside
/// (RFC 2003 §4; RFC 4213 §3.2, §3.4 for IPv6 inside). `icmp` is the message, without its IP header.
///
/// `None` if it is not to be relayed: a port unreachable, a failed source route, a redirect, a source quench, a parameter
/// problem in the outer header; or if the error quotes too little: RFC 792 asks for 8 bytes behind the outer header alone, RFC 1812
/// for as much as goes into 576. A time exceeded is told as host unreachable, since it speaks of a loop within the tunnel; a
/// datagram too big with the MTU that the tunnel leaves.
#[must_use]
pub fn relay(icmp: &[u8]) -> Option<Relay<'_>> {
    let error = Icmpv4Packet::parse(icmp).ok()?;
    let len = error.quoted()?.len();
    let outer = Ipv4Packet::parse_lax(error.into_payload().get(..len)?).ok()?;
    let outer_len = outer.header_len() as u16;
    let quoted = outer.into_payload();
    // RFC 2003 §4: code by code.
    let (code, mtu) = match error.message() {
        //= RFC 2003 §4.1/too-big
        Icmpv4Message::DestinationUnreachable { code: 4, next_hop_mtu, .. } => {
            (4, next_hop_mtu.saturating_sub(outer_len))
        }
        //= RFC 2003 §4.1/network, §4.1/protocol
        Icmpv4Message::DestinationUnreachable { code: 0 | 2 | 6 | 9 | 11, .. } => (0, 0),
        //= RFC 2003 §4.1/host
        Icmpv4Message::DestinationUnreachable { code: 1 | 7 | 8 | 10 | 12 | 13, .. } => (1, 0),
        //= RFC 2003 §4.4/time-exceeded
        Icmpv4Message::TimeExceeded { .. } => (1, 0),
        //= RFC 2003 §4.1/source-route, §4.2/source-quench, §4.3/redirect, §4.5/parameter
        _ => return None,
    };
    of_inner(outer.protocol(), quoted, code, mtu)
}

/// The same for an ICMPv6 error about an outer IPv6 packet (RFC 2473 §8). Any unreachable, and a hop limit that was exceeded, are told as
/// host or address unreachable; packet too big with the MTU that the tunnel leaves, to an IPv4 sender only if its packet may not be
/// fragmented; a parameter problem is the tunnel's own, and not relayed.
#[must_use]
pub fn relay_v6(icmp: &[u8]) -> Option<Relay<'_>> {
    let error = Icmpv6Packet::parse(icmp).ok()?;
    let (code, mtu) = match error.message()? {
        Icmpv6Message::PacketTooBig { mtu, .. } => {
            let left = mtu.saturating_sub(size_of::<Ipv6Header>() as u32);
            (4, u16::try_from(left).unwrap_or(u16::MAX))
        }
        Icmpv6Message::DestinationUnreachable { .. } | Icmpv6Message::TimeExceeded { .. } => (1, 0),
        _ => return None,
    };
    let outer = Ipv6Packet::parse_lax(error.into_data()?).ok()?;
    // A tunnel encapsulation limit may stand before the inner packet (RFC 2473 §4.1.1).
    let upper = Extensions::new(outer.next_header(), outer.into_payload()).upper_layer().ok()?;
    if code == 4 && upper.protocol == IpProtocol::IPV4 && !ecn::dont_fragment(upper.payload) {
        return None;
    }
    of_inner(upper.protocol, upper.payload, code, mtu)
}

/// What a code of RFC 2003's says to the sender of the inner packet.
fn of_inner(protocol: IpProtocol, quoted: &[u8], code: u8, mtu: u16) -> Option<Relay<'_>> {
    let message = match protocol {
        IpProtocol::IPV4 => {
            let inner = Ipv4Packet::parse_lax(quoted).ok()?;
            // Nothing is said about an error, or to nobody (RFC 1122 §3.2.2).
            let is_error = inner.protocol() == IpProtocol::ICMP
                && inner.payload().first().is_none_or(|kind| Icmpv4Type(*kind).is_error());
            if is_error || inner.fragment_offset() > 0 || inner.source().is_unspecified() {
                return None;
            }
            RelayMessage::V4(
                inner.source(),
                Icmpv4Message::DestinationUnreachable { code, unused_and_length: 0, next_hop_mtu: mtu },
            )
        }
        IpProtocol::IPV6 => {
            let inner = Ipv6Packet::parse_lax(quoted).ok()?;
            let message = match code {
                // RFC 4213 §3.2.2: no IPv6 link may take less than 1280.
                4 => Icmpv6Message::PacketTooBig { code: 0, mtu: u32::from(mtu).max(1280) },
                // Address unreachable.
                _ => Icmpv6Message::DestinationUnreachable { code: 3, unused: [0; 4] },
            };
            RelayMessage::V6(inner.source(), message)
        }
        _ => return None,
    };
    Some(Relay { message, quoted })
}

impl Relay<'_> {
    /// The longest IPv4 message that is built, in bytes (RFC 1812 §4.3.2.3).
    const LONGEST_V4: usize = 576;
    /// The longest IPv6 message that is built, in bytes (RFC 4443 §2.4).
    const LONGEST_V6: usize = 1280;

    /// Builds the message at the start of `to`, from `node`, an address of the tunnel's entry. 1280 bytes are always enough.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; nothing is written then. [`Error::Malformed`] if `node` is of another family than the inner packet.
    pub fn write<'b>(&self, node: IpAddr, to: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let (layer, headers, longest) = match self.message {
            RelayMessage::V4(..) => (LayerName::IPV4, ipv4::HEADER_LEN + icmpv4::HEADER_LEN, Self::LONGEST_V4),
            RelayMessage::V6(..) => (LayerName::IPV6, size_of::<Ipv6Header>() + 8, Self::LONGEST_V6),
        };
        let quoted = self.quoted.get(..longest - headers).unwrap_or(self.quoted);
        let (needed, available) = (headers + quoted.len(), to.len());
        let area = to.get_mut(..needed).ok_or(Error::NoRoom { layer, needed, available })?;
        let mut packet = Headroom::with_payload(area, quoted)?;
        match (self.message, node) {
            (RelayMessage::V4(to, message), IpAddr::V4(node)) => {
                Icmpv4Header::new(message).prepend(&mut packet)?;
                Ipv4Header::new(node, to, IpProtocol::ICMP).prepend(&[], &mut packet)?;
            }
            (RelayMessage::V6(to, message), IpAddr::V6(node)) => {
                let header = Ipv6Header::new(node, to, IpProtocol::ICMPV6);
                message.prepend(&header.pseudo_header(IpProtocol::ICMPV6), &mut packet)?;
                header.prepend(&mut packet)?;
            }
            (RelayMessage::V4(..), _) => return Err(other_family(layer, 4)),
            (RelayMessage::V6(..), _) => return Err(other_family(layer, 6)),
        }
        to.get(..needed).ok_or(Error::NoRoom { layer, needed, available })
    }
}

fn other_family(layer: LayerName, expected: u32) -> Error {
    let (field, rule) = ("version of the node's address", Rule::Exactly(expected));
    Error::Malformed { layer, field, value: 10 - expected, rule }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ip::Ecn;
    use crate::udp::{UdpChecksum, UdpHeader};
    use std::string::ToString;
    use std::vec::Vec;

    const A4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
    const B4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
    const A6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    const B6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
    const POD4: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 2);
    const POD6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2);

    fn inner_v4(change: impl FnOnce(&mut Ipv4Header)) -> Vec<u8> {
        let mut header = Ipv4Header::new(POD4, Ipv4Addr::new(10, 244, 2, 3), IpProtocol::UDP);
        change(&mut header);
        let mut buffer = std::vec![7; 128];
        let mut packet = Headroom::new(&mut buffer, 100).unwrap();
        UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Zero).unwrap();
        header.prepend(&[], &mut packet).unwrap();
        buffer
    }

    fn inner_v6() -> Vec<u8> {
        let mut header = Ipv6Header::new(POD6, B6, IpProtocol::UDP);
        header.set_traffic_class(0x2e);
        let mut buffer = std::vec![7; 148];
        let mut packet = Headroom::new(&mut buffer, 100).unwrap();
        UdpHeader::new(4000, 53)
            .prepend(&mut packet, UdpChecksum::Computed(header.pseudo_header(IpProtocol::UDP)))
            .unwrap();
        header.prepend(&mut packet).unwrap();
        buffer
    }

    fn encapsulated(template: &IpTemplate, inner: &[u8]) -> Vec<u8> {
        let mut buffer = std::vec![0; template.overhead() + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
        template.encapsulate(&mut packet).unwrap();
        buffer
    }

    /// 4 in 4 (RFC 2003), 6 in 4 (RFC 4213), 4 in 6 and 6 in 6 (RFC 2473): what the builders give, header by header; and back.
    #[test]
    fn each_in_each() {
        //= RFC 2003 §3.1/ttl-unchanged, §3.1/outer-fields, §3.1/options
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
                        true => IpCheck::new().ends(A4.into(), B4.into()),
                        false => IpCheck::new().ends(A6.into(), B6.into()),
                    };
                    let found = if has_link { check.frame(&packet) } else { check.packet(&packet) }.unwrap();
                    assert_eq!(&packet[found.inner], inner);
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
        let ipv6 = encapsulated(&IpTemplate::new(&may), &inner_v6());
        assert!(Ipv4Packet::parse(&ipv6[..]).unwrap().dont_fragment());

        let class = |outer: Outer, mode| {
            let header = |header: &mut Ipv4Header| header.change_traffic_class(0x2e);
            let packet = encapsulated(&IpTemplate::new(&outer.traffic_class(0xb8).class_mode(mode)), &inner_v4(header));
            let checked = IpCheck::new().packet(&packet).unwrap();
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

    #[test]
    fn gre() {
        let outer = Outer::ipv4(A4, B4).dont_fragment(false).class_mode(ClassMode::CopyAll);
        let gre = Gre { checksum: true, key: Some(7), ..Gre::new(EtherType::IPV4) };
        let template = GreTemplate::new(&outer, gre);
        let inner = inner_v4(|header| header.change_traffic_class(0x2e));
        let mut buffer = std::vec![0; template.overhead() + 4 + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
        template.encapsulate(&mut packet, Some(9)).unwrap();
        let ip = Ipv4Packet::parse(packet.packet()).unwrap();
        assert!(ip.checksum_is_valid() && ip.dont_fragment() && ip.traffic_class() == 0x2e);
        let found = IpCheck::new().packet(packet.packet()).unwrap();
        assert_eq!((found.key, found.sequence, found.protocol_type), (Some(7), Some(9), EtherType::IPV4));
        assert_eq!(&buffer[found.inner], inner);
        buffer[24] ^= 1;
        assert!(matches!(IpCheck::new().packet(&buffer), Err(OuterError::Checksum { .. })));
        let mut small = [0; 40];
        let mut packet = Headroom::new(&mut small, 20).unwrap();
        assert!(matches!(template.encapsulate(&mut packet, None), Err(Error::NoRoom { .. })));
        assert_eq!(packet.len(), 20);
    }

    #[test]
    fn what_is_refused() {
        //= RFC 2003 §3.1/ttl-zero-in, §3.1/ttl-zero-out
        let template = IpTemplate::new(&Outer::ipv4(A4, B4));
        let packet = encapsulated(&template, &inner_v4(|_| {}));
        let with = |at: usize, byte: u8| {
            let mut packet = packet.clone();
            packet[at] = byte;
            IpCheck::new().packet(&packet).unwrap_err()
        };
        assert_eq!(with(6, 0x20), OuterError::Fragment);
        assert_eq!(with(9, 17), OuterError::OtherProtocol { protocol: IpProtocol::UDP });
        // Protocol 41 over an IPv4 packet, and an inner length past the end.
        assert!(matches!(with(9, 41), OuterError::Packet(Error::Malformed { layer: LayerName::IPV6, .. })));
        assert!(matches!(with(23, 129), OuterError::Packet(Error::Truncated { layer: LayerName::IPV4, .. })));
        let other = IpCheck::new().ends(B4.into(), A4.into()).packet(&packet).unwrap_err();
        assert_eq!(other.to_string(), "not the tunnel's: it goes from 192.0.2.1 to 192.0.2.2");
        // RFC 2003 §3.1: a time to live of 0, on the way in and on the way out.
        let (layer, field, value, rule) = (LayerName::IPV4, "time to live", 0, Rule::AtLeast(1));
        assert_eq!(with(28, 0), OuterError::Packet(Error::Malformed { layer, field, value, rule }));
        let mut dead = [0; 148];
        let mut dead = Headroom::with_payload(&mut dead, &inner_v4(|header| header.set_ttl(0))).unwrap();
        let refused = Error::Unbuildable { layer, field, value: 0, rule };
        assert_eq!((template.encapsulate(&mut dead), dead.len()), (Err(refused), 128));
        let mut buffer = std::vec![0x45; 65_600];
        let mut long = Headroom::new(&mut buffer, 65_520).unwrap();
        assert!(matches!(template.encapsulate(&mut long), Err(Error::Unbuildable { value: 65_540, .. })));
        assert_eq!(long.len(), 65_520);
        assert!(template.encapsulate(&mut Headroom::new(&mut [0; 40], 0).unwrap()).is_err());
    }

    /// RFC 2003 §4, code by code.
    #[test]
    fn icmp_errors_come_back_to_the_pod() {
        //= RFC 2003 §4.1/network, §4.1/host, §4.1/protocol, §4.1/too-big, §4.1/source-route, §4.2/source-quench
        //= RFC 2003 §4.3/redirect, §4.4/time-exceeded, §4.5/parameter
        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &inner_v4(|_| {}));
        let error = |message: Icmpv4Message, quoted: &[u8]| {
            let mut buffer = std::vec![0; 8 + quoted.len()];
            let mut icmp = Headroom::with_payload(&mut buffer, quoted).unwrap();
            Icmpv4Header::new(message).prepend(&mut icmp).unwrap();
            buffer
        };
        let relayed = |message| relay(&error(message, &packet)).map(|relay| relay.message);
        let v4 = |message| Some(RelayMessage::V4(POD4, message));
        let unreachable = Icmpv4Message::unreachable;
        let time_exceeded = Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] };
        for (got, told) in [
            (unreachable(0), v4(unreachable(0))),
            (unreachable(1), v4(unreachable(1))),
            (unreachable(2), v4(unreachable(0))),
            (unreachable(3), None),
            (Icmpv4Message::fragmentation_needed(1400), v4(Icmpv4Message::fragmentation_needed(1380))),
            (unreachable(5), None),
            (time_exceeded, v4(unreachable(1))),
            (Icmpv4Message::Redirect { code: 0, gateway: A4 }, None),
            (Icmpv4Message::ParameterProblem { code: 0, pointer: 1, unused: [0; 3] }, None),
            (Icmpv4Message::EchoReply { identifier: 1, sequence: 1 }, None),
        ] {
            assert_eq!(relayed(got), told, "{got:?}");
        }
        // 8 bytes behind the outer header are not enough to know whose packet it was.
        assert_eq!(relay(&error(unreachable(1), &packet[..28])), None);
        let icmp = error(Icmpv4Message::fragmentation_needed(1400), &packet[..48]);
        let relayed = relay(&icmp).unwrap();
        let mut buffer = [0; 1280];
        let message = relayed.write(A4.into(), &mut buffer).unwrap();
        let ip = Ipv4Packet::parse(message).unwrap();
        assert_eq!((ip.source(), ip.destination(), ip.checksum_is_valid()), (A4, POD4, true));
        let icmp = Icmpv4Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid() && icmp.payload() == &packet[20..48]);
        assert!(relayed.write(A6.into(), &mut buffer).is_err() && relayed.write(A4.into(), &mut [0; 20]).is_err());

        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &inner_v6());
        let icmp = error(Icmpv4Message::fragmentation_needed(1400), &packet);
        let relayed = relay(&icmp).unwrap();
        assert_eq!(relayed.message, RelayMessage::V6(POD6, Icmpv6Message::PacketTooBig { code: 0, mtu: 1380 }));
        let message = relayed.write(A6.into(), &mut buffer).unwrap();
        let ip = Ipv6Packet::parse(message).unwrap();
        let icmp = Icmpv6Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6)) && ip.destination() == POD6);
        let icmp = error(Icmpv4Message::fragmentation_needed(1000), &packet);
        assert_eq!(
            relay(&icmp).map(|relay| relay.message),
            Some(RelayMessage::V6(POD6, Icmpv6Message::PacketTooBig { code: 0, mtu: 1280 }))
        );
    }

    /// RFC 2473 §8: IPv4 and IPv6 inside, the outer packet IPv6.
    #[test]
    fn icmpv6_errors_come_back_to_the_pod() {
        let pseudo = Ipv6Header::new(B6, A6, IpProtocol::ICMPV6).pseudo_header(IpProtocol::ICMPV6);
        let relayed = |message: Icmpv6Message, inner: &[u8]| {
            let quoted = encapsulated(&IpTemplate::new(&Outer::ipv6(A6, B6)), inner);
            let mut buffer = std::vec![0; 8 + quoted.len()];
            let mut icmp = Headroom::with_payload(&mut buffer, &quoted).unwrap();
            message.prepend(&pseudo, &mut icmp).unwrap();
            relay_v6(&buffer).map(|relay| relay.message)
        };
        let too_big = |mtu| Icmpv6Message::PacketTooBig { code: 0, mtu };
        let address = Icmpv6Message::DestinationUnreachable { code: 3, unused: [0; 4] };
        let hop_limit = Icmpv6Message::TimeExceeded { code: 0, unused: [0; 4] };
        let v6 = |message| Some(RelayMessage::V6(POD6, message));
        assert_eq!(relayed(too_big(1400), &inner_v6()), v6(too_big(1360)));
        assert_eq!(relayed(too_big(1280), &inner_v6()), v6(too_big(1280)));
        assert_eq!(relayed(hop_limit, &inner_v6()), v6(address));
        assert_eq!(
            relayed(Icmpv6Message::DestinationUnreachable { code: 0, unused: [0; 4] }, &inner_v6()),
            v6(address)
        );
        assert_eq!(relayed(Icmpv6Message::ParameterProblem { code: 0, pointer: 4 }, &inner_v6()), None);
        let v4 = |message| Some(RelayMessage::V4(POD4, message));
        let (whole, may) = (inner_v4(|_| {}), inner_v4(|header| header.set_dont_fragment(false)));
        assert_eq!(relayed(too_big(1400), &whole), v4(Icmpv4Message::fragmentation_needed(1360)));
        assert_eq!(relayed(too_big(1400), &may), None);
        assert_eq!(relayed(hop_limit, &whole), v4(Icmpv4Message::unreachable(1)));
    }
}
