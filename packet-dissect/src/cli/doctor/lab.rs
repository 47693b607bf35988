//! Packets for the rules' tests, built by the crates' own builders, and what is found in them.

use std::net::Ipv4Addr;

use crate::{LinkType, Record, Timestamp, Tunnels};
use ether_ip::arp::{ArpAddresses, ArpOperation};
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::tcp::{TcpFlags, TcpHeader};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::vni::Vni;
use ether_ip::{Error, Headroom};
use vxlan_codec::VxlanHeader;

use super::super::cluster::Cluster;
use super::{Doctor, Finding, Known};

/// Two pods, and the nodes that they are on.
pub(super) const A: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 2);
pub(super) const B: Ipv4Addr = Ipv4Addr::new(10, 244, 2, 2);
pub(super) const NODE_A: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
pub(super) const NODE_B: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);

pub(super) const SYN: TcpFlags = TcpFlags::SYN;
pub(super) const ACK: TcpFlags = TcpFlags::ACK;
pub(super) const SYN_ACK: TcpFlags = TcpFlags(TcpFlags::SYN.0 | TcpFlags::ACK.0);
pub(super) const RST_ACK: TcpFlags = TcpFlags(TcpFlags::RST.0 | TcpFlags::ACK.0);

/// What an IP header says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ip {
    pub(super) from: Ipv4Addr,
    pub(super) to: Ipv4Addr,
    pub(super) id: u16,
    pub(super) ttl: u8,
    /// Where the payload stands in the packet that it is a fragment of, and whether more follow.
    pub(super) fragment: Option<(u16, bool)>,
}

impl Ip {
    pub(super) const fn new(from: Ipv4Addr, to: Ipv4Addr) -> Self {
        Self { from, to, id: 0, ttl: 64, fragment: None }
    }

    fn header(self, protocol: IpProtocol) -> Ipv4Header {
        let mut header = Ipv4Header::new(self.from, self.to, protocol);
        header.set_identification(self.id);
        header.set_ttl(self.ttl);
        if let Some((offset, more)) = self.fragment {
            header.set_dont_fragment(false);
            header.set_fragment_offset(offset);
            header.set_more_fragments(more);
        }
        header
    }

    /// A packet with this payload.
    pub(super) fn with(self, protocol: IpProtocol, payload: &[u8]) -> Vec<u8> {
        on(payload, |packet| self.header(protocol).prepend(&[], packet))
    }

    pub(super) fn udp(self, ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
        let pseudo = self.header(IpProtocol::UDP).pseudo_header();
        let header = UdpHeader::new(ports.0, ports.1);
        self.with(IpProtocol::UDP, &on(payload, |packet| header.prepend(packet, UdpChecksum::Computed(pseudo))))
    }

    pub(super) fn tcp(self, of: Tcp<'_>) -> Vec<u8> {
        let pseudo = self.header(IpProtocol::TCP).pseudo_header();
        let mut header = TcpHeader::new(of.ports.0, of.ports.1, of.sequence, of.flags);
        header.set_acknowledgment(of.acknowledgment);
        header.set_window(of.window);
        let segment = on(&vec![7; of.len], |packet| header.prepend(of.options, &pseudo, packet));
        self.with(IpProtocol::TCP, &segment)
    }

    pub(super) fn icmp(self, message: Icmpv4Message, payload: &[u8]) -> Vec<u8> {
        self.with(IpProtocol::ICMP, &on(payload, |packet| Icmpv4Header::new(message).prepend(packet)))
    }

    /// A ping.
    pub(super) fn ping(self, sequence: u16) -> Vec<u8> {
        self.icmp(Icmpv4Message::EchoRequest { identifier: 7, sequence }, &[7; 56])
    }

    /// The answer to one.
    pub(super) fn pong(self, sequence: u16) -> Vec<u8> {
        self.icmp(Icmpv4Message::EchoReply { identifier: 7, sequence }, &[7; 56])
    }
}

/// What a segment says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tcp<'a> {
    pub(super) ports: (u16, u16),
    pub(super) flags: TcpFlags,
    pub(super) sequence: u32,
    pub(super) acknowledgment: u32,
    pub(super) window: u16,
    pub(super) options: &'a [u8],
    pub(super) len: usize,
}

impl Tcp<'_> {
    /// From the client of a connection to port 80.
    pub(super) const fn there(flags: TcpFlags, sequence: u32, acknowledgment: u32) -> Self {
        Self { ports: (40_000, 80), flags, sequence, acknowledgment, window: 64_000, options: &[], len: 0 }
    }

    /// From its server.
    pub(super) const fn back(flags: TcpFlags, sequence: u32, acknowledgment: u32) -> Self {
        Self { ports: (80, 40_000), ..Self::there(flags, sequence, acknowledgment) }
    }
}

/// Headers in front of a payload.
fn on(payload: &[u8], build: impl FnOnce(&mut Headroom<'_>) -> Result<(), Error>) -> Vec<u8> {
    let mut buffer = vec![0; payload.len() + 128];
    let mut packet = Headroom::with_payload(&mut buffer, payload).unwrap();
    build(&mut packet).unwrap();
    packet.packet().to_vec()
}

/// The hardware address of whoever has an address.
pub(super) fn mac(of: Ipv4Addr) -> MacAddr {
    let [a, b, c, d] = of.octets();
    MacAddr([2, 0, a, b, c, d])
}

/// An IP packet in a frame from one to another.
pub(super) fn frame(packet: &[u8]) -> Vec<u8> {
    let address = |at: usize| Ipv4Addr::new(packet[at], packet[at + 1], packet[at + 2], packet[at + 3]);
    let header = EthernetHeader::new(mac(address(16)), mac(address(12)), EtherType::IPV4);
    on(packet, |frame| header.prepend(frame))
}

/// A frame in VXLAN, in a frame between nodes.
pub(super) fn vxlan(nodes: Ip, port: u16, vni: u32, inner: &[u8]) -> Vec<u8> {
    let inner = on(inner, |packet| {
        VxlanHeader::new(Vni::new(vni).unwrap()).prepend(packet).unwrap();
        Ok(())
    });
    frame(&nodes.udp((50_000, port), &inner))
}

/// A packet of Weave's sleeve, in a frame between nodes.
pub(super) fn sleeve(nodes: Ip, payload: &[u8]) -> Vec<u8> {
    frame(&nodes.udp((6783, 6783), payload))
}

/// Who has an address, or the answer.
pub(super) fn arp(operation: ArpOperation, from: Ipv4Addr, to: Ipv4Addr) -> Vec<u8> {
    let hardware = if operation == ArpOperation::REQUEST { MacAddr::BROADCAST } else { mac(to) };
    let addresses = ArpAddresses::new((mac(from), from), (MacAddr::UNSPECIFIED, to));
    let arp = on(&[], |packet| addresses.prepend(operation, packet));
    on(&arp, |frame| EthernetHeader::new(hardware, mac(from), EtherType::ARP).prepend(frame))
}

/// Frames, each with its time in milliseconds.
pub(super) type Capture = Vec<(u64, Vec<u8>)>;

/// What is found in them.
pub(super) fn findings(capture: &Capture) -> Vec<Finding> {
    in_cluster(capture, None)
}

/// The same where it is told who is where.
pub(super) fn in_cluster(capture: &Capture, cluster: Option<&Cluster>) -> Vec<Finding> {
    doctor(capture, cluster, true).findings()
}

/// What the captures do not allow to be said.
pub(super) fn remarks(capture: &Capture, has_times: bool) -> Vec<String> {
    doctor(capture, None, has_times).report().remarks
}

/// What is found in a packet that netfilter logged with this prefix.
pub(super) fn logged(prefix: &str, packet: &[u8]) -> Vec<Finding> {
    let mut bytes = vec![2, 0, 0, 1];
    // nfnetlink_log.h: the prefix, and the packet.
    for (kind, value) in [(10_u16, [prefix.as_bytes(), &[0]].concat()), (9, packet.to_vec())] {
        bytes.extend((4 + value.len() as u16).to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    let mut doctor = Doctor::new(Tunnels::DEFAULT);
    let original_len = bytes.len() as u32;
    doctor.take(&Record { number: 1, time: None, original_len, link_type: LinkType::NFLOG, bytes: &bytes });
    doctor.findings()
}

/// A message of BGP (RFC 4271 §4.1) in a segment on its own: node A asked for the connection.
pub(super) fn bgp_message(from: Ipv4Addr, to: Ipv4Addr, sequence: u32, kind: u8, body: &[u8]) -> (u64, Vec<u8>) {
    let length = (19 + body.len()) as u16;
    let message = [&[0xff; 16][..], &length.to_be_bytes(), &[kind], body].concat();
    let ports = if from == NODE_A { (40_000, 179) } else { (179, 40_000) };
    let pseudo = Ip::new(from, to).header(IpProtocol::TCP).pseudo_header();
    let mut header = TcpHeader::new(ports.0, ports.1, sequence, TcpFlags::ACK);
    header.set_window(64_000);
    let segment = on(&message, |packet| header.prepend(&[], &pseudo, packet));
    (0, frame(&Ip::new(from, to).with(IpProtocol::TCP, &segment)))
}

/// An OPEN (RFC 4271 §4.2): version, AS, hold time, identifier, no parameters. Its 29 bytes begin at sequence number 1.
pub(super) fn bgp_open(from: Ipv4Addr, to: Ipv4Addr, number: u16, hold_time: u16) -> (u64, Vec<u8>) {
    let ([a, b], [c, d]) = (number.to_be_bytes(), hold_time.to_be_bytes());
    bgp_message(from, to, 1, 1, &[4, a, b, c, d, 10, 0, 0, 1, 0])
}

fn doctor<'a>(capture: &Capture, cluster: Option<&'a Cluster>, has_times: bool) -> Doctor<'a> {
    let mut doctor = Doctor::of(Known { tunnels: Tunnels::DEFAULT, cluster, mtu: 1500, keys: None });
    doctor.begin("lab.pcap");
    for (number, (at, bytes)) in (1..).zip(capture) {
        let time = Timestamp { seconds: 1_000 + (at / 1000) as i64, nanoseconds: (at % 1000) as u32 * 1_000_000 };
        let (time, original_len) = (Some(time).filter(|_| has_times), bytes.len() as u32);
        doctor.take(&Record { number, time, original_len, link_type: LinkType::ETHERNET, bytes });
    }
    doctor
}

/// Their codes.
pub(super) fn codes(capture: &Capture) -> Vec<&'static str> {
    findings(capture).iter().map(Finding::code).collect()
}

/// A finding's sentence, and the frames that show it.
pub(super) fn told(findings: &[Finding], code: &str) -> (String, Vec<u64>) {
    let of =
        findings.iter().find(|finding| finding.code() == code).unwrap_or_else(|| panic!("no {code}: {findings:?}"));
    (of.sentence().to_owned(), of.evidence().frames.iter().map(|frame| frame.number).collect())
}
