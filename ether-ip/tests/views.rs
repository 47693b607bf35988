//! What all views have beside their header: that they print, are copied, and give what they were split into, to be read and to be changed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::clone_on_copy,
    reason = "a test fails loudly, and tries `clone`"
)]

use ether_ip::ethernet::{EtherType, EthernetFrame};
use ether_ip::gre::GrePacket;
use ether_ip::igmp::{IgmpHeader, IgmpMessage, IgmpPacket, IgmpType};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::Ipv6OptionsHeader;
use ether_ip::llc::LlcHeader;
use ether_ip::mpls::{MplsLabel, MplsStack};
use ether_ip::ppp::{CiscoHdlcHeader, PppProtocol};
use ether_ip::rewrite::nat64::Translator;
use ether_ip::stack::{Ethernet, Icmpv4, Ip, IpPacket, Ipv4, Udp, quoted};
use ether_ip::tcp::{TcpOption, TcpSegment};
use ether_ip::udp::UdpDatagram;
use ether_ip::vlan::{VlanHeader, VlanTags};
use ether_ip::vni::Vni;
use ether_ip::zerocopy::{FromBytes, IntoBytes};
use ether_ip::{Error, LayerName};

/// 192.0.2.1, port 4000, to 192.0.2.2, port 53; a byte stands behind.
const UDP4: [u8; 34] =
    *b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello!";

/// ::1 to ::2, an empty UDP datagram in it; a byte stands behind.
const UDP6: [u8; 49] = {
    let mut bytes = [0; 49];
    (bytes[0], bytes[5], bytes[6], bytes[7]) = (0x60, 8, 17, 64);
    (bytes[23], bytes[39], bytes[45], bytes[48]) = (1, 2, 8, b'!');
    bytes
};

#[test]
fn what_is_printed() {
    let udp = UdpDatagram::parse(&[0, 7, 0, 9, 0, 9, 0, 0, 1, 2][..]).unwrap();
    let header = "UdpHeader { source_port: U16(7), destination_port: U16(9), length: U16(9), checksum: U16(0) }";
    assert_eq!(format!("{:?}", udp.clone()), format!("UdpDatagram {{ header: {header}, payload: [1], trailer: [2] }}"));
    let ipv6 = format!("{:?}", Ipv6Packet::parse_lax(&UDP6[..47]).unwrap());
    assert!(
        ipv6.starts_with("Ipv6Packet { header: Ipv6Header {") && ipv6.ends_with("trailer: [], missing: 1 }"),
        "{ipv6}"
    );

    let tags = VlanTags::parse(EtherType::VLAN, &[0, 7, 8, 0, 0x45][..]).unwrap();
    let printed = format!("{:?}", tags.clone());
    let tag = format!("{:?}", VlanHeader::new(7, EtherType::IPV4));
    assert_eq!(
        printed,
        format!("VlanTags {{ tags: [{tag}], announced: EtherType(33024), payload: [69], trailer: [] }}")
    );
    let stack = MplsStack::parse(&[0, 2, 0x0b, 0x40, 0x45][..]).unwrap();
    let label = format!("{:?}", stack.labels()[0]);
    assert_eq!(format!("{:?}", stack.clone()), format!("MplsStack {{ labels: [{label}], payload: [69] }}"));

    // Of either version it is that version's.
    let (four, _) = (Ip / Udp).parse(&UDP4).unwrap();
    let (six, _) = (Ip / Udp).parse(&UDP6).unwrap();
    assert_eq!(format!("{:?}", four.clone()), format!("{:?}", Ipv4Packet::parse(&UDP4[..]).unwrap()));
    assert_eq!(format!("{six:?}"), format!("{:?}", Ipv6Packet::parse(&UDP6[..]).unwrap()));
    assert_eq!(Vni::new(4096).unwrap().to_string(), "4096");
    assert_eq!(format!("{:?}", Vni::new(4096).unwrap()), "Vni(4096)");
}

/// The payload and what is behind it, changed where they stand.
#[test]
fn what_is_changed() {
    let mut bytes = UDP4;
    let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
    ip.payload_mut()[12] = b'O';
    let (header, payload) = ip.into_parts();
    header.set_ttl(9);
    payload[8] = b'H';
    assert_eq!((bytes[8], &bytes[28..]), (9, &b"HellO!"[..]));

    let mut bytes = [0x46, 0, 0, 25, 0, 0, 0, 0, 64, 253, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 1, 1, 1, 0, 7];
    let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
    assert_eq!(ip.options_bytes_mut(), [1, 1, 1, 0]);
    ip.options_bytes_mut()[0] = 0;
    assert_eq!(bytes[19..22], [2, 0, 1]);

    // RFC 9293 §3.1: two words of options, and what they say.
    let mut bytes = [0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0x70, 2, 0, 0, 0, 0, 0, 0, 2, 4, 5, 0xb4, 1, 3, 3, 7, 9];
    let mut tcp = TcpSegment::parse(&mut bytes[..]).unwrap();
    let options: Vec<_> = tcp.options().collect();
    let expected = [TcpOption::MaximumSegmentSize(1460), TcpOption::NoOperation, TcpOption::WindowScale(7)];
    assert_eq!(options, expected.map(Ok));
    assert_eq!(tcp.options_bytes_mut(), [2, 4, 5, 0xb4, 1, 3, 3, 7]);
    tcp.options_bytes_mut()[7] = 8;
    assert_eq!(bytes[26..], [3, 8, 9]);

    let mut bytes = [0, 2, 0x0b, 0x40, 0x45, 6];
    let mut stack = MplsStack::parse(&mut bytes[..]).unwrap();
    stack.payload_mut()[1] = 7;
    assert_eq!(stack.into_payload(), [0x45, 7]);
    assert_eq!(bytes, [0, 2, 0x0b, 0x40, 0x45, 7]);

    let mut bytes = [0, 7, 0x81, 0, 0, 9, 0, 1, 0x42, 5];
    let mut tags = VlanTags::parse(EtherType::VLAN, &mut bytes[..]).unwrap();
    tags[1].set_id(0xabc);
    tags.payload_mut()[0] = 0x43;
    assert_eq!(tags.trailer(), [5]);
    assert_eq!(tags.into_payload(), [0x43]);
    assert_eq!(bytes, [0, 7, 0x81, 0, 0x0a, 0xbc, 0, 1, 0x43, 5]);
}

/// Those that are read on a straight line are what the others read, and are refused where they are not as most are.
#[test]
fn the_usual() {
    let usual = Ipv4Packet::parse_usual(&UDP4[..]).unwrap();
    assert_eq!((usual.payload(), usual.trailer(), usual.options_bytes()), (&UDP4[20..33], &b"!"[..], &[][..]));
    assert_eq!(usual.header(), Ipv4Packet::parse(&UDP4[..]).unwrap().header());
    // Another version, options, a fragment (the first, a later one), cut, a length that is none.
    for (at, byte) in [(0, 0x55), (0, 0x46), (6, 0x20), (7, 1), (3, 35), (3, 19), (3, 0)] {
        let mut bytes = UDP4;
        bytes[at] = byte;
        assert!(Ipv4Packet::parse_usual(&bytes[..]).is_none(), "{at}: {byte:#x}");
    }
    for len in 0..33 {
        assert!(Ipv4Packet::parse_usual(&UDP4[..len]).is_none(), "{len}");
    }

    let usual = Ipv6Packet::parse_usual(&UDP6[..]).unwrap();
    assert_eq!((usual.payload(), usual.trailer(), usual.missing()), (&UDP6[40..48], &b"!"[..], 0));
    // Another version, hop-by-hop options, no length, one past the end.
    for (at, byte) in [(0, 0x40), (6, 0), (5, 0), (5, 10)] {
        let mut bytes = UDP6;
        bytes[at] = byte;
        assert!(Ipv6Packet::parse_usual(&bytes[..]).is_none(), "{at}: {byte:#x}");
    }
    for len in 0..48 {
        assert!(Ipv6Packet::parse_usual(&UDP6[..len]).is_none(), "{len}");
    }

    let usual = UdpDatagram::parse_usual(&UDP4[20..]).unwrap();
    assert_eq!((usual.source_port(), usual.payload(), usual.trailer()), (4000, &b"hello"[..], &b"!"[..]));
    for length in [0, 7, 15] {
        let mut bytes = UDP4;
        bytes[25] = length;
        assert!(UdpDatagram::parse_usual(&bytes[20..]).is_none(), "{length}");
    }
    for len in 0..13 {
        assert!(UdpDatagram::parse_usual(&UDP4[20..20 + len]).is_none(), "{len}");
    }
}

/// The parts that are bytes: GRE's fields, options, and the rest of an IGMP header.
#[test]
fn parts_as_bytes() {
    let gre = [0x20, 0, 8, 0, 0, 0, 0, 7, 0x45];
    let packet = GrePacket::parse(&gre[..]).unwrap();
    assert_eq!((packet.fields_bytes(), packet.payload()), (&[0, 0, 0, 7][..], &[0x45][..]));
    let options = Ipv6OptionsHeader::parse(&[17, 0, 5, 2, 0, 1, 1, 0, 9][..], LayerName::HOP_BY_HOP).unwrap();
    assert_eq!((options.options_bytes(), options.payload()), (&[5, 2, 0, 1, 1, 0][..], &[9][..]));
    let igmp = [0x16, 7, 0x12, 0x34, 233, 252, 0, 1];
    let packet = IgmpPacket::parse(&igmp[..]).unwrap();
    assert_eq!((packet.kind(), packet.code(), packet.checksum()), (IgmpType::REPORT_V2, 7, 0x1234));
    assert_eq!(packet.rest(), [233, 252, 0, 1]);
    let mut header = IgmpHeader::new(IgmpType::REPORT_V2, 7, [233, 252, 0, 1]);
    header.set_checksum(0x1234);
    assert_eq!(header.as_bytes(), igmp);
    let kind = IgmpType::ROUTER_ADVERTISEMENT;
    assert_eq!(IgmpMessage::Other { kind, code: 0, rest: [0; 4] }.kind(), kind);
}

/// IEEE 802.2 §5.4: 3 is an unnumbered information frame. RFC 1661, RFC 5332: what PPP carries by EtherType. Cisco's HDLC.
#[test]
fn headers_of_links() {
    assert_eq!(LlcHeader::new(0x42, 0x43).as_bytes(), [0x42, 0x43, 3]);
    assert_eq!(LlcHeader::SNAP.as_bytes(), [0xaa, 0xaa, 3]);
    let types = [0x0021, 0x0057, 0x0281, 0x0283, 0xc021].map(|protocol| PppProtocol(protocol).ether_type());
    let known = [EtherType(0x0800), EtherType(0x86dd), EtherType(0x8847), EtherType(0x8848)].map(Some);
    assert_eq!((&types[..4], types[4]), (&known[..], None));
    let begins: Vec<u8> = (0..=255).filter(|address| CiscoHdlcHeader::is_address(*address)).collect();
    assert_eq!(begins, [0x0f, 0x8f]);
    assert_eq!((u16::from(EtherType::ARP), EtherType::from(0x0806)), (0x0806, EtherType::ARP));
    assert_eq!((u8::from(IpProtocol::UDP), IpProtocol::from(17)), (17, IpProtocol::UDP));
    let lengths = [0, 1, 1500, 1501, 1536].map(|number| EtherType(number).as_length());
    assert_eq!(lengths, [Some(0), Some(1), Some(1500), None, None], "IEEE 802.3 §3.2.6");
    assert_eq!(Translator::default(), Translator::new());
}

/// RFC 1624 §4: the sum stays right with the header's length.
#[test]
fn a_total_length_that_changes() {
    let mut bytes = UDP4;
    let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
    // 1500 is 05dc, where 0021 was: b6c8 less 05bb.
    ip.change_total_length(1500);
    assert_eq!((ip.total_length(), ip.checksum()), (1500, 0xb10d));
    assert_eq!(bytes[2..4], [0x05, 0xdc]);
}

/// What both versions have in common, of a packet whose version shows from its first byte.
#[test]
fn of_either_version() {
    let (four, _) = (Ip / Udp).parse(&UDP4).unwrap();
    let (six, _) = (Ip / Udp).parse(&UDP6).unwrap();
    assert!(matches!((four, six), (IpPacket::V4(_), IpPacket::V6(_))));
    assert_eq!((four.payload(), six.payload()), (&UDP4[20..33], &UDP6[40..48]));
    assert_eq!(four.pseudo_header(IpProtocol::UDP).checksum(&UDP4[20..33]), 0);
    assert_eq!((four.source(), four.destination()), ([192, 0, 2, 1].into(), [192, 0, 2, 2].into()));
    assert_eq!(six.source(), core::net::Ipv6Addr::LOCALHOST);
    let mut bytes = UDP4;
    let (header, _) = (Ip / Udp).parse_mut(&mut bytes).unwrap();
    assert_eq!((header.source(), header.destination()), (four.source(), four.destination()));
    // By hand: 1, 2, 17, the length 8 twice. All zeros are 0 without it.
    assert_eq!(six.pseudo_header(IpProtocol::UDP).checksum(&UDP6[40..48]), !36);
}

/// RFC 792: the ports and the sequence number of a TCP segment are quoted, and may be all.
#[test]
fn a_quoted_segment() {
    let mut bytes = [0; 64];
    let ip = |protocol| Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol(protocol));
    let (mut outer, mut inner) = (ip(1), ip(6));
    outer.set_total_length(50);
    inner.set_total_length(1500);
    bytes[..20].copy_from_slice(outer.as_bytes());
    bytes[20] = 11;
    bytes[28..48].copy_from_slice(inner.as_bytes());
    bytes[48..58].copy_from_slice(&[0x0f, 0xa0, 0, 80, 1, 2, 3, 4, 0xaa, 0xbb]);
    outer.set_total_length(58);
    bytes[..20].copy_from_slice(outer.as_bytes());
    let stack = Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Tcp;
    let (.., tcp) = stack.parse(&bytes).unwrap();
    assert_eq!((tcp.source_port(), tcp.destination_port(), tcp.sequence()), (4000, 80, 0x0102_0304));
    assert_eq!(tcp.payload(), [0xaa, 0xbb]);
    bytes[3] = 55;
    let truncated = Error::Truncated { layer: LayerName::TCP, needed: 8, available: 7 };
    assert_eq!(stack.parse(&bytes).err(), Some(truncated));
}

/// Views over bytes that may be changed give their header to be changed.
#[test]
fn headers_are_changed_in_place() {
    let mut frame = [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0][..], &UDP4].concat();
    EthernetFrame::parse(&mut frame[..]).unwrap().set_ether_type(EtherType::IPV6);
    assert_eq!(frame[12..14], [0x86, 0xdd]);
    assert_eq!((Ethernet / Ipv4).parse(&frame).err().unwrap().layer(), LayerName::ETHERNET);
    let (label, _) = MplsLabel::ref_from_prefix(&[0, 2, 0x0b, 0x40]).unwrap();
    assert_eq!((label.label(), label.ttl()), (32, 64));
}
