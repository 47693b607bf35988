//! The one-line summaries, which stay the same from release to release: a change here is a breaking change.
#![cfg(feature = "capture")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use ether_ip::arp::{ArpAddresses, ArpOperation};
use ether_ip::capture_link::{LinuxCookedHeader, PacketType};
use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::gre::Gre;
use ether_ip::gtp_u::{GtpU, GtpUExtension, GtpUExtensionType, GtpUHeader, GtpUType};
use ether_ip::icmpv6::Icmpv6Message;
use ether_ip::igmp::IgmpMessage;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::ipv6_extension::FragmentHeader;
use ether_ip::mld::MldMessage;
use ether_ip::mpls::MplsLabel;
use ether_ip::multicast::{GroupRecords, SourceQuery};
use ether_ip::ndp::{NdpMessage, Neighbor};
use ether_ip::tcp::{TcpFlags, TcpHeader};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::vlan::VlanHeader;
use ether_ip::{Headroom, LayerName, PacketBuffer};
use geneve_codec::GeneveHeader;
use packet_dissect::{Capture, LinkType, Packet};
use vxlan_codec::{GroupPolicy, Vni, VxlanHeader};

const A: MacAddr = MacAddr([2, 0, 0, 0, 0, 1]);
const B: MacAddr = MacAddr([2, 0, 0, 0, 0, 2]);

/// What a packet that is built from the inside out prints as.
fn summary(link_type: LinkType, payload: &[u8], build: impl FnOnce(&mut Headroom<'_>)) -> String {
    let mut buffer = [0; 512];
    let mut packet = Headroom::with_payload(&mut buffer, payload).unwrap();
    build(&mut packet);
    Packet::new(link_type, packet.packet()).to_string()
}

fn ipv4(protocol: IpProtocol) -> Ipv4Header {
    Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), protocol)
}

fn ipv6(next: IpProtocol) -> Ipv6Header {
    Ipv6Header::new("fd00::1".parse().unwrap(), "fd00::2".parse().unwrap(), next)
}

#[test]
fn link_layers() {
    let arp = ArpAddresses::new((A, [10, 0, 0, 1].into()), (MacAddr::UNSPECIFIED, [10, 0, 0, 2].into()));
    let request = summary(LinkType::ETHERNET, &[], |packet| {
        arp.prepend(ArpOperation::REQUEST, packet).unwrap();
        VlanHeader::new(100, EtherType::ARP).prepend(packet).unwrap();
        EthernetHeader::new(B, A, EtherType::VLAN).prepend(packet).unwrap();
    });
    let expected = "Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02, 802.1Q VLAN / VLAN 100, ARP / \
        ARP who has 10.0.0.2? tell 10.0.0.1";
    assert_eq!(request, expected);
    let reply = summary(LinkType::LINUX_SLL, &[], |packet| {
        arp.prepend(ArpOperation::REPLY, packet).unwrap();
        LinuxCookedHeader::new(PacketType::FROM_US, A, EtherType::ARP).prepend(packet).unwrap();
    });
    assert_eq!(reply, "SLL from us, ARP / ARP 10.0.0.1 is at 02:00:00:00:00:01");
    let unknown = summary(LinkType::ETHERNET, b"abc", |packet| {
        EthernetHeader::new(B, A, EtherType(0x1234)).prepend(packet).unwrap();
    });
    assert_eq!(unknown, "Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02, 0x1234 / 3 bytes");
}

#[test]
fn network_and_transport() {
    let tcp = summary(LinkType::RAW, b"hello", |packet| {
        let ip = ipv4(IpProtocol::TCP);
        let mut header = TcpHeader::new(40_000, 80, 7, TcpFlags::PSH | TcpFlags::ACK);
        header.set_acknowledgment(9);
        header.set_window(512);
        header.prepend(&[], &ip.pseudo_header(), packet).unwrap();
        ip.prepend(&[], packet).unwrap();
    });
    let expected = "IPv4 192.0.2.1 > 192.0.2.2, TCP, ttl 64, length 45 / \
        TCP 40000 > 80 [PSH ACK], seq 7, ack 9, win 512, length 5 / 5 bytes";
    assert_eq!(tcp, expected);
    let fragment = summary(LinkType::RAW, b"abcdefgh", |packet| {
        FragmentHeader::new(IpProtocol::UDP, 8, true, 7).prepend(packet).unwrap();
        ipv6(IpProtocol::FRAGMENT).prepend(packet).unwrap();
    });
    let expected =
        "IPv6 fd00::1 > fd00::2, IPv6 fragment, hop limit 64, length 16 / fragment 0x00000007 at 8+ / 8 bytes";
    assert_eq!(fragment, expected);
}

#[test]
fn icmpv6() {
    let build = |put: &dyn Fn(&PseudoHeader, &mut Headroom<'_>)| {
        summary(LinkType::IPV6, &[], |packet| {
            let ip = ipv6(IpProtocol::ICMPV6);
            put(&ip.pseudo_header(IpProtocol::ICMPV6), packet);
            ip.prepend(packet).unwrap();
        })
    };
    let echo = Icmpv6Message::EchoRequest { identifier: 7, sequence: 1 };
    let echo = build(&|pseudo, packet| echo.prepend(pseudo, packet).unwrap());
    assert!(echo.ends_with(" / ICMPv6 echo request, id 7, seq 1"), "{echo}");
    let solicitation = NdpMessage::NeighborSolicitation(Neighbor::new(0, "fd00::9".parse().unwrap()));
    let solicitation = build(&|pseudo, packet| solicitation.prepend(pseudo, packet).unwrap());
    assert!(solicitation.ends_with(" / ICMPv6 neighbor solicitation, fd00::9"), "{solicitation}");
    let (all, group) = ("::".parse().unwrap(), "ff0e::9".parse().unwrap());
    let sources = [[7; 16]; 2];
    let query = |sources| SourceQuery { flags: 2, interval_code: 10, sources };
    for (message, expected) in [
        (MldMessage::Query { max_response: 9, group: all }, "query, all groups"),
        (MldMessage::Query { max_response: 9, group }, "query, ff0e::9"),
        (MldMessage::QueryV2 { max_response_code: 9, group: all, query: query(&[]) }, "query, all groups"),
        (MldMessage::QueryV2 { max_response_code: 9, group, query: query(&[]) }, "query, ff0e::9"),
        (MldMessage::QueryV2 { max_response_code: 9, group, query: query(&sources) }, "query, ff0e::9, 2 sources"),
        (MldMessage::Report { group }, "report, ff0e::9"),
        (MldMessage::Done { group }, "done, ff0e::9"),
        (
            MldMessage::ReportV2(GroupRecords::of(&[&[1, 0, 0, 0][..], &[7; 16]].concat()).unwrap()),
            "report v2, 1 group",
        ),
    ] {
        let line = build(&|pseudo, packet| message.prepend(pseudo, packet).unwrap());
        assert!(line.ends_with(&format!(" / ICMPv6 multicast listener {expected}")), "{line}");
    }
}

#[test]
fn igmp() {
    let (all, group) = ([0; 4].into(), [233, 252, 0, 1].into());
    let source = [[198, 51, 100, 9]];
    let query = |sources| SourceQuery { flags: 2, interval_code: 10, sources };
    let records = [1, 0, 0, 0, 233, 252, 0, 1, 4, 0, 0, 0, 233, 252, 0, 2];
    let version = |max_response_code, group, query| IgmpMessage::QueryV3 { max_response_code, group, query };
    for (message, expected) in [
        (IgmpMessage::Query { max_response: 0, group: all }, "IGMPv1 query, all groups"),
        (IgmpMessage::Query { max_response: 9, group }, "IGMPv2 query, 233.252.0.1"),
        (version(9, all, query(&[])), "IGMPv3 query, all groups"),
        (version(9, group, query(&source)), "IGMPv3 query, 233.252.0.1, 1 source"),
        (IgmpMessage::ReportV1 { group }, "IGMPv1 report, 233.252.0.1"),
        (IgmpMessage::ReportV2 { group }, "IGMPv2 report, 233.252.0.1"),
        (IgmpMessage::Leave { group }, "IGMPv2 leave, 233.252.0.1"),
        (IgmpMessage::ReportV3(GroupRecords::of(&records).unwrap()), "IGMPv3 report, 2 groups"),
        (IgmpMessage::Other { kind: 0x13.into(), code: 0, rest: [0; 4] }, "IGMP DVMRP"),
    ] {
        let line = summary(LinkType::RAW, &[], |packet| {
            message.prepend(packet).unwrap();
            ipv4(IpProtocol::IGMP).prepend(&[], packet).unwrap();
        });
        assert!(line.ends_with(&format!(" / {expected}")), "{line}");
    }
}

/// TS 29.281: what is in a tunnel is opened by its first bits; a message that is none of GTP-U's is left closed.
#[test]
fn gtp_u() {
    let line = |payload: &[u8], put: &dyn Fn(&mut Headroom<'_>)| {
        let line = summary(LinkType::RAW, payload, |packet| {
            put(packet);
            UdpHeader::new(40_000, 2152).prepend(packet, UdpChecksum::Zero).unwrap();
            ipv4(IpProtocol::UDP).prepend(&[], packet).unwrap();
        });
        line.split_once("> 2152, ").unwrap().1.to_owned()
    };
    let session = GtpUExtension { kind: GtpUExtensionType::PDU_SESSION, content: &[0x10, 9] };
    let inner = [&[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 99, 0, 0, 10, 45, 0, 2, 198, 51, 100, 7][..], &[]].concat();
    let message = GtpU { extensions: &[session], ..GtpU::new(7) };
    let opened = "length 36 / GTP-U 7, G-PDU / IPv4 10.45.0.2 > 198.51.100.7, 99, ttl 64, length 20";
    assert_eq!(line(&inner, &|to| message.prepend(to).unwrap()), opened);
    let frame = "length 10 / GTP-U 7, G-PDU / 2 bytes";
    assert_eq!(line(&[2, 0], &|to| GtpU::new(7).prepend(to).unwrap()), frame);
    let end = GtpU { kind: GtpUType::END_MARKER, ..GtpU::new(7) };
    assert_eq!(line(&[], &|to| end.prepend(to).unwrap()), "length 8 / GTP-U 7, end marker");
    let echo = GtpU { kind: GtpUType::ECHO_RESPONSE, sequence: Some(1), ..GtpU::new(0) };
    let broken = "length 13 / GTP-U 0, echo response / \
        at byte 28: GTP-U information element is truncated: 2 bytes are needed, 1 are there";
    assert_eq!(line(&[14], &|to| echo.prepend(to).unwrap()), broken);
    let header = |flags, length| {
        let mut header = GtpUHeader::new(GtpUType::G_PDU, 7);
        header.set_flags(flags);
        header.set_length(length);
        header
    };
    // GTP', and a version that is not known.
    for flags in [0x20, 0x50] {
        let closed = line(&[7], &|to| header(flags, 1).prepend_as_is(&[], to).unwrap());
        assert_eq!(closed, "length 9 / 9 bytes", "{flags:#x}");
    }
    let zero = line(&[], &|to| header(0x34, 8).prepend_as_is(&[0, 0, 0, 0x85, 0, 0x10, 9, 0], to).unwrap());
    let error = "at byte 28: GTP-U extension header is malformed: length is 0, it must be at least 1";
    assert_eq!(zero, format!("length 16 / {error}"));
    let long = line(&[7], &|to| header(0x30, 2).prepend_as_is(&[], to).unwrap());
    let error = "at byte 28: GTP-U is truncated: 10 bytes are needed, 9 are there";
    assert_eq!(long, format!("length 9 / GTP-U 7, G-PDU / 1 bytes / {error}"));
}

#[test]
fn tunnels() {
    let gre = summary(LinkType::RAW, &[], |packet| {
        MplsLabel::new(16, 64, true).prepend(packet).unwrap();
        Gre { key: Some(42), ..Gre::new(EtherType::MPLS) }.prepend(packet).unwrap();
        ipv4(IpProtocol::GRE).prepend(&[], packet).unwrap();
    });
    assert_eq!(gre, "IPv4 192.0.2.1 > 192.0.2.2, GRE, ttl 64, length 32 / GRE MPLS, key 42 / MPLS 16");
    let over_udp = |port, put: &dyn Fn(&mut Headroom<'_>)| {
        summary(LinkType::RAW, &[], |packet| {
            put(packet);
            let udp = UdpHeader::new(50_000, port);
            udp.prepend(packet, UdpChecksum::Zero).unwrap();
            ipv4(IpProtocol::UDP).prepend(&[], packet).unwrap();
        })
    };
    let policy = GroupPolicy { id: 7, ..GroupPolicy::default() };
    let vxlan = over_udp(8472, &|packet| {
        EthernetHeader::new(B, A, EtherType(0x1234)).prepend(packet).unwrap();
        VxlanHeader::with_group_policy(Vni::from(1), policy).prepend(packet).unwrap();
    });
    let expected = "IPv4 192.0.2.1 > 192.0.2.2, UDP, ttl 64, length 50 / UDP 50000 > 8472, length 22 / \
        VXLAN 1, group 7 / Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02, 0x1234";
    assert_eq!(vxlan, expected);
    let geneve = over_udp(6081, &|packet| {
        ipv4(IpProtocol(253)).prepend(&[], packet).unwrap();
        GeneveHeader::new(Vni::from(9), EtherType::IPV4).prepend(&[], packet).unwrap();
    });
    let expected = "IPv4 192.0.2.1 > 192.0.2.2, UDP, ttl 64, length 56 / UDP 50000 > 6081, length 28 / \
        Geneve 9, IPv4 / IPv4 192.0.2.1 > 192.0.2.2, 253, ttl 64, length 20";
    assert_eq!(geneve, expected);
    let last = |port, bytes: &[u8]| {
        let line = over_udp(port, &|packet| packet.prepend_bytes(LayerName::PACKET, bytes).unwrap());
        line.rsplit_once(&format!("UDP 50000 > {port}, ")).unwrap().1.to_owned()
    };
    let with_room = |start: &[u8], len: usize| [start, &vec![0; len - start.len()]].concat();
    let initiation = last(51_820, &with_room(&[1, 0, 0, 0, 7], 148));
    assert_eq!(initiation, "length 148 / WireGuard handshake initiation, sender 7");
    let response = last(51_820, &with_room(&[2, 0, 0, 0, 9, 0, 0, 0, 7], 92));
    assert_eq!(response, "length 92 / WireGuard handshake response, sender 9, receiver 7");
    let cookie = last(51_821, &with_room(&[3, 0, 0, 0, 7], 64));
    assert_eq!(cookie, "length 64 / WireGuard cookie reply, receiver 7");
    let data = [4, 0, 0, 0, 9, 0, 0, 0, 5];
    assert_eq!(
        last(51_871, &with_room(&data, 80)),
        "length 80 / WireGuard data, receiver 9, counter 5, 48 bytes sealed"
    );
    assert_eq!(last(51_820, &with_room(&data, 32)), "length 32 / WireGuard data, receiver 9, counter 5, keepalive");
    assert_eq!(last(51_820, &with_room(&data, 31)), "length 31 / WireGuard data, receiver 9, counter 5");
    // The port is anybody's: of another type, or with a byte behind the message, it is none.
    assert_eq!(last(51_820, &[4, 0, 0, 1]), "length 4 / 4 bytes");
    assert_eq!(last(51_820, &with_room(&[3, 0, 0, 0, 7], 65)), "length 65 / 65 bytes");
    let esp = [0, 0, 1, 0, 0, 0, 0, 1, 7];
    assert_eq!(last(4500, &esp), "length 9 / ESP in UDP / ESP spi 0x00000100, sequence 1");
    assert_eq!(last(4500, &[0, 0, 0, 0, 7]), "length 5 / IKE in UDP, length 1 / 1 bytes");
    assert_eq!(last(4500, &[0xff]), "length 1 / NAT keepalive");
    assert_eq!(
        last(4754, &[0, 0, 8, 0, 7]),
        "length 5 / GRE IPv4 / at byte 32: IPv4 is truncated: 20 bytes are needed, 1 are there"
    );
}

/// Frame 49 of the capture, by its expected decode: a datagram to a port where nobody listens; frame 50 the answer, which
/// quotes it.
#[test]
fn a_quote_is_part_of_the_line() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/flannel-vxlan.pcap");
    let packet = Capture::open(path).unwrap().map(Result::unwrap).find(|packet| packet.number == 50).unwrap();
    let line = packet.packet().to_string();
    let (_, inner) = line.split_once("VXLAN 1 / ").unwrap();
    let (_, ip) = inner.split_once(" / ").unwrap();
    let expected = "IPv4 10.244.2.2 > 10.244.1.2, ICMP, ttl 63, length 70 / ICMP destination unreachable, port unreachable / \
        IPv4 10.244.1.2 > 10.244.2.2, UDP, ttl 62, length 42 / UDP 41188 > 9, length 14 / 14 bytes";
    assert_eq!(ip, expected);
}
