//! One line a layer. These lines stay the same from release to release: tests of other projects compare them.

use core::{fmt, mem};

use ether_ip::arp::{ArpOperation, ArpPacket};
use ether_ip::esp::EspInUdp;
use ether_ip::icmpv4::{Icmpv4Message, Icmpv4Packet};
use ether_ip::icmpv6::{Icmpv6Message, Icmpv6Packet};
use ether_ip::igmp::{IgmpMessage, IgmpPacket};
use ether_ip::mld::MldMessage;
use ether_ip::ndp::NdpMessage;
use ether_ip::tcp::TcpSegment;
use ether_ip::wireguard::{TAG_LEN, WireGuardMessage};

use crate::Layer;

impl fmt::Display for Layer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Summaries::default().of(self).fmt(f)
    }
}

/// The summaries of a packet's layers: TCP has no length of its own, but what the IP header before it says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Summaries {
    /// How many bytes of what the IP header carries were not captured.
    missing: usize,
}

impl Summaries {
    /// The next layer's.
    pub(crate) fn of<'s, 'a>(&mut self, layer: &'s Layer<'a>) -> Summary<'s, 'a> {
        self.missing = match layer {
            Layer::Ipv4(ip) => ip.missing(),
            Layer::Ipv6(ip) => ip.missing(),
            _ => self.missing,
        };
        Summary { layer, missing: self.missing }
    }
}

/// How long a segment's data was on the wire, by the IP header before it of whose payload so many bytes were not captured: of those the
/// options' are the first.
#[inline]
pub(crate) fn tcp_len(segment: &TcpSegment<&[u8]>, missing: usize) -> usize {
    segment.payload().len() + missing.saturating_sub(segment.missing())
}

/// A layer in a line.
pub(crate) struct Summary<'s, 'a> {
    layer: &'s Layer<'a>,
    missing: usize,
}

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.layer {
            Layer::LinuxCooked(packet) => write!(f, "SLL {}, {}", packet.packet_type(), packet.protocol()),
            Layer::LinuxCooked2(packet) => write!(f, "SLL2 {}, {}", packet.packet_type(), packet.protocol()),
            Layer::BsdLoopback(packet) => write!(f, "loopback {}", packet.family()),
            Layer::Ethernet(frame) => {
                write!(f, "Ethernet {} > {}", frame.source(), frame.destination())?;
                match frame.ether_type().as_length() {
                    Some(length) => write!(f, ", length {length}"),
                    None => write!(f, ", {}", EtherTypeName(frame.ether_type())),
                }
            }
            Layer::Vlan(tag) => write!(f, "VLAN {}, {}", tag.id(), EtherTypeName(tag.ether_type())),
            Layer::Nflog(packet) => write!(f, "netfilter log, group {}", packet.header().group()),
            Layer::Ppp(packet) => write!(f, "PPP {}", packet.protocol()),
            Layer::Pppoe(packet) => write!(f, "PPPoE session {:#06x}, length {}", packet.session(), packet.length()),
            Layer::CiscoHdlc(packet) => write!(f, "Cisco HDLC {}", EtherTypeName(packet.protocol())),
            Layer::VnTag(tag) => {
                let (from, to) = (tag.source_interface(), tag.destination_interface());
                write!(f, "VN-Tag {from} > {to}, {}", EtherTypeName(tag.ether_type()))
            }
            Layer::ServiceInstance(tag) => {
                let (id, from, to) = (tag.id(), tag.source(), tag.destination());
                write!(f, "service instance {id}, {from} > {to}, {}", EtherTypeName(tag.ether_type()))
            }
            Layer::Arista(stamp) => write!(f, "Arista time stamp, {}", EtherTypeName(stamp.ether_type())),
            Layer::Llc(pdu) => write!(f, "LLC {:#04x} > {:#04x}", pdu.source(), pdu.destination()),
            Layer::Snap(pdu) => {
                let [a, b, c] = pdu.oui();
                write!(f, "SNAP {a:02x}:{b:02x}:{c:02x} {:#06x}", pdu.protocol())
            }
            Layer::Arp(arp) => arp_summary(arp, f),
            Layer::Mpls(stack) => {
                f.write_str("MPLS")?;
                stack.labels().iter().try_for_each(|label| write!(f, " {}", label.label()))
            }
            Layer::Ipv4(ip) => {
                write!(f, "IPv4 {} > {}, {}, ttl {}", ip.source(), ip.destination(), ip.protocol(), ip.ttl())?;
                if ip.is_fragment() {
                    let more = if ip.more_fragments() { "+" } else { "" };
                    write!(f, ", fragment {:#06x} at {}{more}", ip.identification(), ip.fragment_offset())?;
                }
                write!(f, ", length {}", ip.total_length())
            }
            Layer::Ipv6(ip) => {
                let (next, hops, length) = (ip.next_header(), ip.hop_limit(), ip.payload_length());
                write!(f, "IPv6 {} > {}, {next}, hop limit {hops}, length {length}", ip.source(), ip.destination())
            }
            Layer::HopByHop(header) => write!(f, "hop-by-hop options, length {}", header.header_len()),
            Layer::DestinationOptions(header) => write!(f, "destination options, length {}", header.header_len()),
            Layer::Routing(header) => {
                write!(f, "routing header, {}, segments left {}", header.routing_type(), header.segments_left())
            }
            Layer::Fragment(header) => {
                let more = if header.more_fragments() { "+" } else { "" };
                write!(f, "fragment {:#010x} at {}{more}", header.identification(), header.fragment_offset())
            }
            Layer::Authentication(header) => write!(f, "AH spi {:#010x}, sequence {}", header.spi(), header.sequence()),
            Layer::Esp(packet) => write!(f, "ESP spi {:#010x}, sequence {}", packet.spi(), packet.sequence()),
            Layer::EspInUdp(EspInUdp::Esp(_)) => f.write_str("ESP in UDP"),
            Layer::EspInUdp(EspInUdp::Ike(message)) => write!(f, "IKE in UDP, length {}", message.len()),
            Layer::EspInUdp(EspInUdp::Keepalive) => f.write_str("NAT keepalive"),
            Layer::WireGuard(message) => wireguard_summary(message, f),
            Layer::Udp(datagram) => {
                let (from, to) = (datagram.source_port(), datagram.destination_port());
                write!(f, "UDP {from} > {to}, length {}", datagram.payload().len() + datagram.missing())
            }
            Layer::Tcp(segment) => {
                let (from, to) = (segment.source_port(), segment.destination_port());
                write!(f, "TCP {from} > {to} [{}], seq {}", segment.flags(), segment.sequence())?;
                if segment.flags().contains(ether_ip::tcp::TcpFlags::ACK) {
                    write!(f, ", ack {}", segment.acknowledgment())?;
                }
                let len = tcp_len(segment, self.missing);
                write!(f, ", win {}, length {len}", segment.window())
            }
            Layer::TcpStart(start) => {
                write!(f, "TCP {} > {}, seq {}", start.source_port(), start.destination_port(), start.sequence())
            }
            Layer::Icmpv4(packet) => icmpv4_summary(packet, f),
            Layer::Icmpv6(packet) => icmpv6_summary(packet, f),
            Layer::Igmp(packet) => igmp_summary(packet, f),
            Layer::Gre(packet) => {
                write!(f, "GRE {}", EtherTypeName(packet.protocol_type()))?;
                packet.key().map_or(Ok(()), |key| write!(f, ", key {key}"))
            }
            Layer::GtpU(packet) => write!(f, "GTP-U {}, {}", packet.teid(), packet.kind()),
            Layer::Vxlan(packet) => {
                write!(f, "VXLAN {}", packet.vni())?;
                packet.group_policy().map_or(Ok(()), |policy| write!(f, ", group {}", policy.id))
            }
            Layer::VxlanGpe(packet) => write!(f, "VXLAN-GPE {}, {}", packet.vni(), packet.next_protocol()),
            Layer::Geneve(packet) => write!(f, "Geneve {}, {}", packet.vni(), EtherTypeName(packet.protocol_type())),
            Layer::FlannelUdp(packet) => write!(f, "Flannel UDP, {} bytes", packet.len()),
            Layer::Sleeve(packet) => write!(f, "Weave sleeve from {}, {} bytes", packet.sender(), packet.body().len()),
            Layer::Sflow(datagram) => write!(f, "sFlow from {}, {} samples", datagram.agent, datagram.count),
            Layer::Bgp(messages) => {
                f.write_str("BGP")?;
                messages.into_iter().try_for_each(|message| match message.kind_name() {
                    Some(name) => write!(f, " {name}"),
                    None => write!(f, " type {}", message.kind),
                })
            }
            Layer::Bmp(messages) => {
                f.write_str("BMP")?;
                let mut gap = " ";
                messages
                    .into_iter()
                    .try_for_each(|message| write!(f, "{}{}", mem::replace(&mut gap, ", "), message.kind))
            }
            Layer::Payload(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

/// An EtherType's name, or its number as people write it.
pub(crate) fn wireguard_summary(message: &WireGuardMessage<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "WireGuard {}", message.kind())?;
    if let Some(sender) = message.sender() {
        write!(f, ", sender {sender}")?;
    }
    if let Some(receiver) = message.receiver() {
        write!(f, ", receiver {receiver}")?;
    }
    let WireGuardMessage::Data(header, sealed) = message else { return Ok(()) };
    match sealed.len().checked_sub(TAG_LEN) {
        Some(0) => write!(f, ", counter {}, keepalive", header.counter()),
        Some(len) => write!(f, ", counter {}, {len} bytes sealed", header.counter()),
        None => write!(f, ", counter {}", header.counter()),
    }
}

struct EtherTypeName(pub(crate) ether_ip::ethernet::EtherType);

impl fmt::Display for EtherTypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#06x}", self.0.0),
        }
    }
}

fn arp_summary(arp: &ArpPacket<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (arp.addresses(), arp.operation()) {
        (Some(a), ArpOperation::REQUEST) => {
            write!(f, "ARP who has {}? tell {}", a.target_protocol(), a.sender_protocol())
        }
        (Some(a), ArpOperation::REPLY) => write!(f, "ARP {} is at {}", a.sender_protocol(), a.sender_hardware),
        (_, operation) => write!(f, "ARP {operation}"),
    }
}

fn icmpv4_summary(packet: &Icmpv4Packet<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (kind, code) = (packet.kind(), packet.code());
    write!(f, "ICMP {kind}")?;
    match packet.message() {
        Icmpv4Message::EchoReply { identifier, sequence } | Icmpv4Message::EchoRequest { identifier, sequence } => {
            write!(f, ", id {identifier}, seq {sequence}")
        }
        message => {
            write!(f, ", {}", Named(code, kind.code_name(code)))?;
            match message {
                Icmpv4Message::DestinationUnreachable { code: 4, next_hop_mtu, .. } => {
                    write!(f, ", mtu {next_hop_mtu}")
                }
                Icmpv4Message::Redirect { gateway, .. } => write!(f, ", gateway {gateway}"),
                _ => Ok(()),
            }
        }
    }
}

/// What a code says, or its number.
struct Named(u8, Option<&'static str>);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(name) => f.write_str(name),
            None => write!(f, "code {}", self.0),
        }
    }
}

fn icmpv6_summary(packet: &Icmpv6Packet<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (kind, code) = (packet.kind(), packet.code());
    write!(f, "ICMPv6 {kind}")?;
    match packet.message() {
        Some(
            Icmpv6Message::EchoReply { identifier, sequence } | Icmpv6Message::EchoRequest { identifier, sequence },
        ) => return write!(f, ", id {identifier}, seq {sequence}"),
        Some(Icmpv6Message::PacketTooBig { mtu, .. }) => return write!(f, ", mtu {mtu}"),
        Some(_) => return write!(f, ", {}", Named(code, kind.code_name(code))),
        None => {}
    }
    match NdpMessage::parse(packet) {
        Some(Ok((NdpMessage::NeighborSolicitation(neighbor) | NdpMessage::NeighborAdvertisement(neighbor), _))) => {
            write!(f, ", {}", neighbor.target())
        }
        _ => match MldMessage::parse(packet) {
            Some(Ok(message)) => mld_summary(&message, f),
            _ => kind.code_name(code).map_or(Ok(()), |name| write!(f, ", {name}")),
        },
    }
}

fn mld_summary(message: &MldMessage<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match message {
        MldMessage::Query { group, .. } | MldMessage::QueryV2 { group, .. } if group.is_unspecified() => {
            f.write_str(", all groups")
        }
        MldMessage::Query { group, .. } | MldMessage::Report { group } | MldMessage::Done { group } => {
            write!(f, ", {group}")
        }
        MldMessage::QueryV2 { group, query, .. } => {
            write!(f, ", {group}")?;
            sources(query.sources.len(), f)
        }
        MldMessage::ReportV2(records) => write!(f, ", {}", Several(records.count().into(), "group")),
        _ => Ok(()),
    }
}

fn igmp_summary(packet: &IgmpPacket<&[u8]>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Ok(message) = IgmpMessage::parse(packet) else { return write!(f, "IGMP {}", packet.kind()) };
    match message.version() {
        Some(version) => write!(f, "IGMPv{version} ")?,
        None => f.write_str("IGMP ")?,
    }
    match message {
        IgmpMessage::Query { group, .. } | IgmpMessage::QueryV3 { group, .. } if group.is_unspecified() => {
            f.write_str("query, all groups")
        }
        IgmpMessage::Query { group, .. } => write!(f, "query, {group}"),
        IgmpMessage::QueryV3 { group, query, .. } => {
            write!(f, "query, {group}")?;
            sources(query.sources.len(), f)
        }
        IgmpMessage::ReportV1 { group } | IgmpMessage::ReportV2 { group } => write!(f, "report, {group}"),
        IgmpMessage::Leave { group } => write!(f, "leave, {group}"),
        IgmpMessage::ReportV3(records) => write!(f, "report, {}", Several(records.count().into(), "group")),
        _ => write!(f, "{}", packet.kind()),
    }
}

/// The sources that a query asks for, if it asks for some.
fn sources(count: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if count == 0 { Ok(()) } else { write!(f, ", {}", Several(count, "source")) }
}

/// So many of something.
struct Several(usize, &'static str);

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}
