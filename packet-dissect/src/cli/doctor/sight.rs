//! What rules look at: a packet's headers from the outermost in, and what it says, without what sFlow samples or an ICMP error quotes.

use std::net::IpAddr;
use std::ops::Range;

use crate::bgp::{BgpMessage, Inferred};
use crate::conversations::{Analysis, Standing};
use crate::reassembly::{Fragment, Outcome, PacketId};
use crate::{Error, Layer, Record, Tunnels};
use bgp_codec::Negotiated;
use bgp_codec::bmp::BmpMessage;
use ether_ip::arp::ArpOperation;
use ether_ip::ethernet::MacAddr;
use ether_ip::icmpv4::{Icmpv4Message, Icmpv4Packet};
use ether_ip::icmpv6::{Icmpv6Message, Icmpv6Packet};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ndp::NdpMessage;
use ether_ip::nflog::NflogType;
use ether_ip::sflow::{FlowSample, SampledHeader};
use ether_ip::tcp::{TcpFlags, TcpOption, TcpSegment};
use ether_ip::udp::UdpDatagram;
use ether_ip::wireguard::WireGuardMessage;
use weave_codec::{
    FAST_DATAPATH_PORT, FastDatapathHeartbeat, FrameKind, PeerName, Sequence, SleeveFrame, SleevePacket,
};

use super::super::checksums::Verdict;
use super::super::listener::{BmpRead, Listener, Shown};
use super::super::opened::Opening;
use super::super::packet::Addresses;
use super::bounded::fingerprint;
use super::finding::{At, Frame};
use super::passage::{Flow, Passage, Quote, telling};
use super::said::Said;

/// An IP header, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) addresses: Addresses,
    /// The outermost header's, if a tunnel is around.
    pub(super) nodes: Option<Addresses>,
    /// In how many tunnels it is.
    pub(super) depth: usize,
    pub(super) hops: u8,
    pub(super) traffic_class: u8,
    pub(super) protocol: IpProtocol,
    /// How long its packet is, as it says, in bytes: 0 is what a card had yet to segment.
    pub(super) len: usize,
    pub(super) identification: u16,
    pub(super) is_fragment: bool,
    /// From the outermost header to this one, in bytes, if both stand in the record.
    pub(super) overhead: Option<usize>,
    /// Of the frame around it, if it has such.
    pub(super) macs: Option<(MacAddr, MacAddr)>,
    /// The same for all that carry the same.
    pub(super) payload: u64,
}

impl Header {
    const fn new(addresses: Addresses, protocol: IpProtocol) -> Self {
        Self {
            addresses,
            nodes: None,
            depth: 0,
            hops: 0,
            traffic_class: 0,
            protocol,
            len: 0,
            identification: 0,
            is_fragment: false,
            overhead: None,
            macs: None,
            payload: 0,
        }
    }

    /// From whom to whom an answer goes.
    pub(super) fn way_back(&self) -> Addresses {
        (self.addresses.1, self.addresses.0)
    }
}

/// A tunnel's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encapsulation {
    pub(super) kind: &'static str,
    /// The network's number.
    pub(super) network: Option<u32>,
    /// The port that it goes to, of UDP's.
    pub(super) port: Option<u16>,
    pub(super) nodes: Addresses,
    /// VXLAN's I flag is clear: the number is none (RFC 7348 §5).
    pub(super) has_no_flag: bool,
}

/// A TCP segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) header: Header,
    pub(super) ports: (u16, u16),
    pub(super) flags: TcpFlags,
    pub(super) sequence: u32,
    pub(super) acknowledgment: u32,
    pub(super) checksum: u16,
    pub(super) mss: Option<u16>,
    /// What it is signed by, if it is a SYN.
    pub(super) signature: Option<&'static str>,
    /// How long its data is, and how it stands in its conversation.
    pub(super) len: u32,
    pub(super) window: u32,
    pub(super) analysis: Analysis,
}

/// What an ICMP error says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Unreachable(&'static str),
    /// The packet is longer than so many bytes.
    TooBig(u32),
    HopsExhausted,
    /// Fragments were waited for too long.
    NotWhole,
}

/// An ICMP error, and of which packet.
#[derive(Debug, Clone, Copy)]
pub(super) struct IcmpError {
    pub(super) header: Header,
    pub(super) trouble: Trouble,
    pub(super) quoted: Option<Quoted>,
}

/// The packet that an ICMP error quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) addresses: Addresses,
    pub(super) protocol: IpProtocol,
    pub(super) identification: u16,
    pub(super) len: usize,
    /// As a flow has them: a ping's identifier is both.
    pub(super) ports: Option<(u16, u16)>,
}

/// A question of DNS, or the answer (RFC 1035 §4.1.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Dns {
    pub(super) header: Header,
    pub(super) ports: (u16, u16),
    pub(super) identifier: u16,
    pub(super) is_answer: bool,
}

/// The port of DNS.
const DNS: u16 = 53;

/// A ping, or its answer, that is whole (RFC 792, RFC 4443 §4).
#[derive(Debug, Clone, Copy)]
pub(super) struct Echo {
    pub(super) header: Header,
    pub(super) identifier: u16,
    pub(super) sequence: u16,
    pub(super) is_answer: bool,
}

/// A question for a neighbour's hardware address, or the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    pub(super) is_answer: bool,
    /// Who asks; of an answer whom it goes to. `None` where nobody is told.
    pub(super) asker: Option<IpAddr>,
    pub(super) target: IpAddr,
    pub(super) macs: Option<(MacAddr, MacAddr)>,
    pub(super) nodes: Option<Addresses>,
}

/// A checksum that is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct WrongChecksum {
    pub(super) header: Header,
    pub(super) layer: &'static str,
    pub(super) found: u16,
    pub(super) right: u16,
    /// Of a datagram to a tunnel's port.
    to_tunnel: bool,
}

/// A fragment, and what came of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) of: PacketId,
    /// Where it stands in its packet.
    pub(super) offset: usize,
    pub(super) is_last: bool,
    pub(super) is_waiting: bool,
    /// Whether the packet carries a tunnel, as its ports or its protocol have it; the first fragment alone tells ports.
    pub(super) has_tunnel: bool,
    pub(super) nodes: Option<Addresses>,
}

/// What a packet of Weave's is.
#[derive(Debug, Clone, Copy)]
pub(super) enum OfWeave {
    /// A heartbeat of the fast datapath.
    Heartbeat,
    /// A frame of pods by the fast datapath, and by the sleeve.
    FastFrame,
    SleeveFrame,
    /// A packet of the sleeve that is sealed: what is the same for none but a copy.
    Sealed {
        sender: PeerName,
        sequence: Sequence,
        hash: u64,
    },
}

/// A packet as rules look at it. One is taken for all, so that what it holds is allocated once.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub(super) at: At,
    /// No packet so far came long behind its time: what comes again is known by that.
    pub(super) is_in_order: bool,
    pub(super) headers: Vec<Header>,
    /// Whether packets are to be found at several taps.
    pub(super) is_compared: bool,
    /// The packets that no tunnel stands in, if so.
    pub(super) passages: Vec<Passage>,
    pub(super) tunnels: Vec<Encapsulation>,
    pub(super) segments: Vec<Segment>,
    pub(super) datagrams: Vec<(Header, (u16, u16))>,
    /// What netfilter's rule that logged the packet calls itself.
    pub(super) logged: Option<Vec<u8>>,
    /// Questions and answers of DNS.
    pub(super) dns: Vec<Dns>,
    pub(super) echoes: Vec<Echo>,
    pub(super) icmp_errors: Vec<IcmpError>,
    pub(super) neighbours: Vec<Neighbour>,
    pub(super) checksums: Vec<WrongChecksum>,
    /// A checksum is left to a card; `None` if not all was captured, so that nobody can tell.
    pub(super) is_partial: Option<bool>,
    pub(super) fragments: Vec<Piece>,
    pub(super) errors: Vec<(Error, Option<Header>)>,
    /// Who says to whom what of their session.
    pub(super) bgp: Vec<(Addresses, Said)>,
    /// What Weave's nodes send each other.
    pub(super) weave: Vec<(Addresses, OfWeave)>,
    /// Who sends whom a message of WireGuard, whatever is sealed in it, and whether it begins a handshake.
    pub(super) wireguard: Option<(Addresses, bool)>,
    /// On which ports tunnels are.
    ports: Tunnels<'a>,
    place: Place,
}

/// What is to be known of a layer's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Carries {
    #[default]
    Nothing,
    Ip,
    Datagram,
    Message,
    /// It quotes a packet, whose addresses may be translated as those of the packet itself.
    Error,
}

/// Where in the packet the walk is.
#[derive(Debug, Default)]
struct Place {
    /// Where the outermost header stands.
    start: Option<usize>,
    macs: Option<(MacAddr, MacAddr)>,
    udp_port: Option<u16>,
    /// The layer before was an IP header.
    is_behind_ip: bool,
    /// What the bytes of the layer shown last are.
    carries: Carries,
    /// How many headers and tunnels are around the sleeve's frames.
    sleeve: Option<(usize, usize)>,
    /// What follows was sealed. Another tap may not have what opens it: it is found again as it went by.
    is_opened: bool,
    /// Nothing that follows is the packet's own.
    is_sampled: bool,
    /// BGP messages that follow are told of, and not sent here.
    is_monitored: bool,
}

impl<'a> Sight<'a> {
    pub(super) fn new(ports: Tunnels<'a>) -> Self {
        Self {
            at: At { frame: Frame { file: "".into(), number: 0 }, time: None },
            is_in_order: true,
            headers: Vec::new(),
            is_compared: false,
            passages: Vec::new(),
            tunnels: Vec::new(),
            segments: Vec::new(),
            datagrams: Vec::new(),
            logged: None,
            dns: Vec::new(),
            echoes: Vec::new(),
            icmp_errors: Vec::new(),
            neighbours: Vec::new(),
            checksums: Vec::new(),
            is_partial: None,
            fragments: Vec::new(),
            errors: Vec::new(),
            bgp: Vec::new(),
            weave: Vec::new(),
            wireguard: None,
            ports,
            place: Place::default(),
        }
    }

    /// Looks at a packet.
    pub(super) fn take(&mut self, record: &Record<'_>, packet: &impl Shown) {
        (self.at.frame.number, self.at.time) = (record.number, record.time);
        self.headers.clear();
        self.passages.clear();
        self.tunnels.clear();
        self.segments.clear();
        self.datagrams.clear();
        self.logged = None;
        self.dns.clear();
        self.echoes.clear();
        self.icmp_errors.clear();
        self.neighbours.clear();
        self.checksums.clear();
        self.is_partial = Some(false).filter(|_| record.missing() == 0);
        self.fragments.clear();
        self.errors.clear();
        self.bgp.clear();
        self.weave.clear();
        self.wireguard = None;
        self.place = Place::default();
        packet.show(self);
    }

    /// Whether nothing in it was sent because of what came from the other side: a ping, a SYN, a question for a neighbour.
    pub(super) fn is_first_word(&self) -> bool {
        let asks = |segment: &Segment| segment.flags.contains(TcpFlags::SYN) && !segment.flags.contains(TcpFlags::ACK);
        self.echoes.iter().any(|echo| !echo.is_answer)
            || self.segments.iter().any(asks)
            || self.neighbours.iter().any(|of| !of.is_answer)
    }

    /// Whether a checksum is one of those around a tunnel.
    pub(super) fn is_outer(&self, wrong: &WrongChecksum) -> bool {
        wrong.to_tunnel || wrong.header.depth < self.tunnels.len()
    }

    fn ip(&mut self, at: &Range<usize>, of: Header) {
        if self.place.is_behind_ip {
            self.tunnel("ipip", None, None);
        }
        // Bytes that are none of the record's have no place.
        let is_there = !at.is_empty();
        let start = *self.place.start.get_or_insert(at.start);
        let depth = self.tunnels.len();
        let header = Header {
            nodes: self.headers.first().filter(|_| depth > 0).map(|outer| outer.addresses),
            depth,
            overhead: at.start.checked_sub(start).filter(|_| is_there),
            macs: self.place.macs,
            ..of
        };
        self.headers.push(header);
        if !self.is_compared || self.place.is_opened {
            return;
        }
        let flow = Flow { addresses: header.addresses, ports: (0, 0), protocol: header.protocol };
        let Header { nodes, hops, traffic_class, identification, .. } = header;
        let outer = self.headers.first().filter(|_| nodes.is_some()).map(|outer| {
            let ports = self.datagrams.first().map_or((0, 0), |(_, ports)| *ports);
            let flow = Flow { addresses: outer.addresses, ports, protocol: outer.protocol };
            Quote::new(flow, outer.identification)
        });
        let mut passage = Passage::new(flow, nodes, hops, traffic_class, identification);
        (passage.around, passage.is_fragment) = (outer, header.is_fragment);
        self.passages.push(passage);
        self.place.carries = Carries::Ip;
    }

    /// The packet that the layer shown last is of, if it is not a tunnel's.
    fn passage(&mut self) -> Option<&mut Passage> {
        let header = self.headers.last().filter(|_| !self.place.is_opened)?;
        self.passages.last_mut().filter(|passage| passage.flow.addresses == header.addresses)
    }

    fn tunnel(&mut self, kind: &'static str, network: Option<u32>, port: Option<u16>) {
        // What comes from a tunnel's port may go to any.
        let port = port.filter(|port| self.ports.of_port(*port).is_some());
        if let Some(header) = self.headers.last() {
            if !self.place.is_opened {
                self.passages.pop();
            }
            self.tunnels.push(Encapsulation { kind, network, port, nodes: header.addresses, has_no_flag: false });
            self.place.macs = None;
        }
    }

    fn of_weave(&mut self, what: Option<OfWeave>) {
        let nodes = self.tunnels.last().map(|tunnel| tunnel.nodes);
        self.weave.extend(nodes.zip(what));
    }

    fn tcp(&mut self, segment: &TcpSegment<&[u8]>) {
        self.passage().into_iter().for_each(|passage| passage.segment(segment));
        let Some(header) = self.headers.last() else { return };
        let is_syn = segment.flags().contains(TcpFlags::SYN);
        let mss = |option| match option {
            TcpOption::MaximumSegmentSize(mss) => Some(mss),
            _ => None,
        };
        self.segments.push(Segment {
            header: *header,
            ports: (segment.source_port(), segment.destination_port()),
            flags: segment.flags(),
            sequence: segment.sequence(),
            acknowledgment: segment.acknowledgment(),
            checksum: segment.checksum(),
            signature: if is_syn { segment.options().flatten().find_map(signature) } else { None },
            mss: if is_syn { segment.options().flatten().find_map(mss) } else { None },
            len: segment.payload().len() as u32,
            window: segment.window().into(),
            analysis: Analysis::default(),
        });
    }

    /// What a layer carries, for its packet.
    fn carried(&mut self, own: usize, bytes: &[u8]) {
        let len = self.headers.last().map_or(0, |header| header.len.saturating_sub(own));
        let (carries, Some(passage)) = (self.place.carries, self.passage()) else { return };
        match (carries, bytes) {
            (Carries::Ip, _) => {
                passage.len = len;
                passage.payload(bytes.get(own..).unwrap_or(&[]));
            }
            (Carries::Datagram, _) => passage.payload(bytes.get(own..).unwrap_or(&[])),
            // Behind the checksum, which a translation changes.
            (Carries::Message, [kind, _, _, _, rest @ ..]) => {
                passage.payload(rest);
                passage.of_type(*kind);
                if let [a, b, ..] = rest {
                    let identifier = u16::from_be_bytes([*a, *b]);
                    passage.flow.ports = (identifier, identifier);
                }
            }
            (Carries::Error, [kind, code, ..]) => passage.payload(&[*kind, *code]),
            _ => {}
        }
    }

    fn message(&mut self, is_error: bool) {
        self.place.carries = if is_error { Carries::Error } else { Carries::Message };
    }

    fn dns(&mut self, ports: (u16, u16), payload: &[u8]) {
        let (Some(header), [a, b, flags, ..]) = (self.headers.last(), payload) else { return };
        let (identifier, is_answer) = (u16::from_be_bytes([*a, *b]), flags & 0x80 != 0);
        self.dns.push(Dns { header: *header, ports, identifier, is_answer });
    }

    fn echo(&mut self, is_answer: bool, identifier: u16, sequence: u16) {
        let header = self.headers.last().filter(|header| !header.is_fragment);
        self.echoes.extend(header.map(|header| Echo { header: *header, identifier, sequence, is_answer }));
        self.passage().into_iter().for_each(|passage| passage.is_answer = is_answer);
    }

    fn icmp(&mut self, trouble: Option<Trouble>) {
        if let (Some(header), Some(trouble)) = (self.headers.last(), trouble) {
            self.icmp_errors.push(IcmpError { header: *header, trouble, quoted: None });
        }
    }

    /// A layer that the ICMP error seen last quotes: the outermost packet there counts.
    fn quoted(&mut self, layer: &Layer<'_>) {
        let Some(error) = self.icmp_errors.last_mut() else { return };
        let quoted = |addresses, protocol, len| Quoted { addresses, protocol, identification: 0, len, ports: None };
        match (layer, &mut error.quoted) {
            (Layer::Ipv4(ip), place @ None) => {
                let addresses = (ip.source().into(), ip.destination().into());
                let quoted = quoted(addresses, ip.protocol(), ip.total_length().into());
                *place = Some(Quoted { identification: ip.identification(), ..quoted });
            }
            (Layer::Ipv6(ip), place @ None) => {
                let addresses = (ip.source().into(), ip.destination().into());
                // What a card has yet to segment tells no length.
                let len = Some(usize::from(ip.payload_length())).filter(|len| *len > 0).map_or(0, |len| 40 + len);
                *place = Some(quoted(addresses, ip.next_header(), len));
            }
            (Layer::Udp(of), Some(Quoted { ports: ports @ None, .. })) => {
                *ports = Some((of.source_port(), of.destination_port()));
            }
            (Layer::Tcp(of), Some(Quoted { ports: ports @ None, .. })) => {
                *ports = Some((of.source_port(), of.destination_port()));
            }
            (Layer::TcpStart(of), Some(Quoted { ports: ports @ None, .. })) => {
                *ports = Some((of.source_port(), of.destination_port()));
            }
            (Layer::Icmpv4(of), Some(Quoted { ports: ports @ None, .. })) => {
                use Icmpv4Message::{EchoReply, EchoRequest};
                if let EchoRequest { identifier, .. } | EchoReply { identifier, .. } = of.message() {
                    *ports = Some((identifier, identifier));
                }
            }
            (Layer::Icmpv6(of), Some(Quoted { ports: ports @ None, .. })) => {
                use Icmpv6Message::{EchoReply, EchoRequest};
                if let Some(EchoRequest { identifier, .. } | EchoReply { identifier, .. }) = of.message() {
                    *ports = Some((identifier, identifier));
                }
            }
            _ => {}
        }
    }

    fn neighbour(&mut self, is_answer: bool, asker: IpAddr, target: IpAddr) {
        self.neighbours.push(Neighbour {
            is_answer,
            asker: Some(asker).filter(|asker| !asker.is_unspecified()),
            target,
            macs: self.place.macs,
            nodes: self.headers.first().filter(|_| !self.tunnels.is_empty()).map(|outer| outer.addresses),
        });
    }

    fn icmpv6(&mut self, packet: &Icmpv6Packet<&[u8]>) {
        let Some(&Header { addresses, .. }) = self.headers.last() else { return };
        match packet.message() {
            Some(Icmpv6Message::EchoRequest { identifier, sequence }) => return self.echo(false, identifier, sequence),
            Some(Icmpv6Message::EchoReply { identifier, sequence }) => return self.echo(true, identifier, sequence),
            _ => {}
        }
        match NdpMessage::parse(packet) {
            Some(Ok((NdpMessage::NeighborSolicitation(of), _))) => {
                self.neighbour(false, addresses.0, of.target().into());
            }
            Some(Ok((NdpMessage::NeighborAdvertisement(of), _))) => {
                self.neighbour(true, addresses.1, of.target().into());
            }
            _ => self.icmp(of_icmpv6(packet)),
        }
    }
}

/// What an IPv4 header says by itself.
fn of_ipv4(ip: &Ipv4Packet<&[u8]>) -> Header {
    Header {
        hops: ip.ttl(),
        traffic_class: (ip.dscp() << 2) | ip.ecn() as u8,
        len: ip.total_length().into(),
        identification: ip.identification(),
        is_fragment: ip.is_fragment(),
        ..Header::new((ip.source().into(), ip.destination().into()), ip.protocol())
    }
}

/// The same of an IPv6 header.
fn of_ipv6(ip: &Ipv6Packet<&[u8]>) -> Header {
    Header {
        hops: ip.hop_limit(),
        traffic_class: ip.traffic_class(),
        len: Some(usize::from(ip.payload_length())).filter(|len| *len > 0).map_or(0, |len| 40 + len),
        ..Header::new((ip.source().into(), ip.destination().into()), ip.next_header())
    }
}

/// What a frame of the fast datapath is. One to a group tells nothing of pods: the device sends such of its own.
fn of_fast_datapath(frame: &[u8]) -> Option<OfWeave> {
    let is_to_group = frame.first().is_some_and(|first| first & 1 == 1);
    let is_heartbeat = FastDatapathHeartbeat::read(frame).is_some();
    Some(if is_heartbeat { OfWeave::Heartbeat } else { OfWeave::FastFrame }).filter(|_| !is_to_group)
}

/// No connection of the sleeve comes so far: what stands there is a peer's name, with which plain frames begin.
const MOST_SEALED: u64 = 1 << 40;

/// What is sealed in a packet of the sleeve, if it is. One that the capture cut short may be plain, though it does not read as frames.
fn sealed(packet: &SleevePacket<&[u8]>) -> Option<OfWeave> {
    let body = packet.encrypted().ok().filter(|_| !packet.looks_plain())?;
    if packet.body().starts_with(&packet.sender().0) || body.sequence.number() >= MOST_SEALED {
        return None;
    }
    Some(OfWeave::Sealed { sender: packet.sender(), sequence: body.sequence, hash: fingerprint(&body.sealed) })
}

fn of_icmpv4(packet: &Icmpv4Packet<&[u8]>) -> Option<Trouble> {
    match packet.message() {
        Icmpv4Message::DestinationUnreachable { code: 4, next_hop_mtu, .. } => {
            Some(Trouble::TooBig(next_hop_mtu.into()))
        }
        Icmpv4Message::DestinationUnreachable { code, .. } => {
            Some(Trouble::Unreachable(packet.kind().code_name(code).unwrap_or("unreachable")))
        }
        Icmpv4Message::TimeExceeded { code: 0, .. } => Some(Trouble::HopsExhausted),
        Icmpv4Message::TimeExceeded { code: 1, .. } => Some(Trouble::NotWhole),
        _ => None,
    }
}

fn of_icmpv6(packet: &Icmpv6Packet<&[u8]>) -> Option<Trouble> {
    match packet.message()? {
        Icmpv6Message::PacketTooBig { mtu, .. } => Some(Trouble::TooBig(mtu)),
        Icmpv6Message::DestinationUnreachable { code, .. } => {
            Some(Trouble::Unreachable(packet.kind().code_name(code).unwrap_or("unreachable")))
        }
        Icmpv6Message::TimeExceeded { code: 0, .. } => Some(Trouble::HopsExhausted),
        Icmpv6Message::TimeExceeded { code: 1, .. } => Some(Trouble::NotWhole),
        _ => None,
    }
}

/// What an option signs its segment by (RFC 2385 §3, RFC 5925 §2.2).
fn signature(option: TcpOption<'_>) -> Option<&'static str> {
    match option.kind().0 {
        19 => Some("TCP MD5"),
        29 => Some("TCP-AO"),
        _ => None,
    }
}

impl Listener for Sight<'_> {
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool) {
        if self.place.is_sampled {
            return;
        }
        if is_quoted {
            return self.quoted(layer);
        }
        self.place.carries = Carries::Nothing;
        match layer {
            Layer::Nflog(packet) => {
                let prefix = packet.attributes().flatten().find(|attribute| attribute.kind == NflogType::PREFIX);
                self.logged = prefix.map(|prefix| prefix.value.to_vec());
            }
            Layer::Ethernet(frame) => self.place.macs = Some((frame.source(), frame.destination())),
            Layer::Ipv4(ip) => self.ip(&range, of_ipv4(ip)),
            Layer::Ipv6(ip) => self.ip(&range, of_ipv6(ip)),
            Layer::Tcp(segment) => self.tcp(segment),
            Layer::Udp(datagram) => {
                let ports = (datagram.source_port(), datagram.destination_port());
                self.place.udp_port = Some(ports.1);
                self.place.carries = Carries::Datagram;
                self.passage().into_iter().for_each(|passage| passage.flow.ports = ports);
                self.datagrams.extend(self.headers.last().map(|header| (*header, ports)));
                if ports.0 == DNS || ports.1 == DNS {
                    self.dns(ports, datagram.payload());
                }
            }
            Layer::Icmpv4(packet) => {
                self.message(packet.kind().is_error());
                match packet.message() {
                    Icmpv4Message::EchoRequest { identifier, sequence } => self.echo(false, identifier, sequence),
                    Icmpv4Message::EchoReply { identifier, sequence } => self.echo(true, identifier, sequence),
                    _ => self.icmp(of_icmpv4(packet)),
                }
            }
            Layer::Icmpv6(packet) => {
                self.message(packet.kind().is_error());
                self.icmpv6(packet);
            }
            Layer::Arp(arp) => {
                if let (Some(of), ArpOperation::REQUEST | ArpOperation::REPLY) = (arp.addresses(), arp.operation()) {
                    let is_answer = arp.operation() == ArpOperation::REPLY || arp.is_gratuitous();
                    let (sender, target) = (of.sender_protocol().into(), of.target_protocol().into());
                    let (asker, target) = if is_answer { (target, sender) } else { (sender, target) };
                    self.neighbour(is_answer, asker, target);
                }
            }
            Layer::FlannelUdp(_) => self.tunnel("flannel-udp", None, self.place.udp_port),
            Layer::WireGuard(message) => {
                let begins = matches!(message, WireGuardMessage::Initiation(_));
                self.wireguard = self.headers.last().map(|header| (header.addresses, begins));
            }
            Layer::Sleeve(packet) => {
                self.tunnel("sleeve", None, self.place.udp_port);
                self.of_weave(sealed(packet));
                self.place.sleeve = Some((self.headers.len(), self.tunnels.len()));
            }
            _ => {}
        }
        if let Some((kind, network)) = layer.tunnel() {
            let port = self.place.udp_port.filter(|_| kind != "gre");
            self.tunnel(kind, network, port);
            if let (Layer::Vxlan(packet), Some(tunnel)) = (layer, self.tunnels.last_mut()) {
                tunnel.has_no_flag = !packet.has_vni();
                if self.place.udp_port == Some(FAST_DATAPATH_PORT) {
                    self.of_weave(of_fast_datapath(packet.payload()));
                }
            }
        }
        self.place.is_behind_ip = matches!(layer, Layer::Ipv4(_) | Layer::Ipv6(_));
    }

    fn layer_bytes(&mut self, own: usize, bytes: &[u8]) {
        if self.is_compared {
            self.carried(own, bytes);
        }
        if self.place.is_behind_ip && !self.place.is_sampled {
            if let (Some(header), Some(payload)) = (self.headers.last_mut(), bytes.get(own..)) {
                header.payload = telling(payload);
            }
        }
    }

    fn wants_conversations(&self) -> bool {
        true
    }

    fn standing(&mut self, standing: &Standing) {
        if let Some(segment) = self.segments.last_mut() {
            segment.len = standing.next.wrapping_sub(standing.sequence);
            let counts = [TcpFlags::SYN, TcpFlags::FIN].iter().any(|flag| segment.flags.contains(*flag));
            segment.len = segment.len.saturating_sub(u32::from(counts));
            (segment.window, segment.analysis) = (standing.window, standing.analysis);
            let len = segment.len;
            self.passage().and_then(|of| of.tcp.as_mut()).into_iter().for_each(|of| of.len = len);
        }
    }

    fn wants_checksums(&self) -> bool {
        true
    }

    fn checksum(&mut self, layer: &'static str, verdict: Verdict) {
        if verdict == Verdict::Partial {
            self.is_partial = Some(true);
            // A tunnel's was worked out for what a card makes of what is in it (Linux's local checksum offload).
            self.checksums.retain(|wrong| !wrong.to_tunnel);
        }
        if let (Verdict::Wrong { found, right }, Some(header)) = (verdict, self.headers.last()) {
            let to_tunnel =
                layer == "outer UDP" && self.place.udp_port.is_some_and(|of| self.ports.of_port(of).is_some());
            self.checksums.push(WrongChecksum { header: *header, layer, found, right, to_tunnel });
        }
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>, _: bool) {
        if let Some((headers, tunnels)) = self.place.sleeve {
            self.headers.truncate(headers);
            self.tunnels.truncate(tunnels);
        }
        (self.place.macs, self.place.is_behind_ip) = (None, false);
        self.of_weave(Some(OfWeave::SleeveFrame).filter(|_| frame.kind() == FrameKind::Ethernet));
    }

    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {
        self.place.is_sampled = true;
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, outcome: &Outcome) {
        let is_udp_tunnel = |bytes: &[u8]| {
            UdpDatagram::parse_lax(bytes).is_ok_and(|of| self.ports.of_port(of.destination_port()).is_some())
        };
        let tunnels = [IpProtocol::GRE, IpProtocol::IPV4, IpProtocol::IPV6];
        let has_tunnel = match outcome {
            _ if tunnels.contains(&fragment.protocol) => true,
            Outcome::Whole(whole) => whole.protocol == IpProtocol::UDP && is_udp_tunnel(&whole.payload),
            _ => fragment.protocol == IpProtocol::UDP && fragment.offset == 0 && is_udp_tunnel(fragment.bytes),
        };
        self.place.is_behind_ip = false;
        match outcome {
            Outcome::Whole(whole) => self.passage().into_iter().for_each(|passage| passage.len = whole.payload.len()),
            _ => self.passages.truncate(self.passages.len().saturating_sub(1)),
        }
        self.fragments.push(Piece {
            of: fragment.of,
            offset: fragment.offset,
            is_last: !fragment.more,
            is_waiting: *outcome == Outcome::Waiting,
            has_tunnel,
            nodes: self.headers.first().filter(|_| !self.tunnels.is_empty()).map(|outer| outer.addresses),
        });
    }

    fn opened(&mut self, opening: &Opening) {
        self.place.is_opened = true;
        if let Some((kind, true)) = opening.tunnel() {
            self.tunnel(kind, None, None);
        }
        self.place.is_behind_ip = false;
    }

    fn bmp(&mut self, _: &BmpMessage<'_>, _: &BmpRead<'_>) {
        self.place.is_monitored = true;
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        if let (Some(header), false) = (self.headers.last(), self.place.is_monitored) {
            self.bgp.extend(Said::of(message, session).map(|said| (header.addresses, said)));
        }
    }

    fn inferred(&mut self, _: &Inferred) {
        // Read as another session's it may be good.
        if let Some((_, Said::Malformed(_))) = self.bgp.last() {
            self.bgp.pop();
        }
    }

    fn error(&mut self, error: &Error) {
        // Tunnels send from high ports (RFC 7348 §5, RFC 8926 §3.3): what a service sends to such a port is an answer of its own.
        let is_answer =
            self.datagrams.last().is_some_and(|(_, (from, to))| *from < 1024 && self.ports.of_port(*to).is_some());
        // A frame of zeros behind VXLAN's header is the peers' own.
        let is_heartbeat = matches!(self.weave.last(), Some((_, OfWeave::Heartbeat)));
        // Without VXLAN's flag it may be another protocol.
        if !is_answer && !is_heartbeat && !self.tunnels.iter().any(|tunnel| tunnel.has_no_flag) {
            self.errors.push((*error, self.headers.last().copied()));
        }
    }
}
