//! Headers changed in place, as a NAT does, and what refuses to be summed. The packets and their sums are from another program, which
//! takes RFC 1071's sum word by word over each packet anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::checksum::PseudoHeader;
use ether_ip::icmpv4::{Icmpv4Packet, Icmpv4Type};
use ether_ip::icmpv6::{Icmpv6Packet, Icmpv6Type};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::tcp::{TcpSegment, TcpStart};
use ether_ip::udp::UdpDatagram;
use ether_ip::view::take_header;
use ether_ip::{Error, LayerName};

const POD4: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 2);
const NODE4: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);
const POD6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2);
const NODE6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 7);
const SERVER6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9);

/// 10.244.1.2:40000 to 192.0.2.2:53.
const UDP4: [u8; 33] =
    *b"\x45\0\0\x21\x1c\x46\x40\0\x40\x11\x50\x8e\x0a\xf4\x01\x02\xc0\0\x02\x02\x9c\x40\0\x35\0\x0d\x51\x94hello";

const TCP4: [u8; 43] = *b"\x45\0\0\x2b\x1c\x46\x40\0\x40\x06\x50\x8f\x0a\xf4\x01\x02\xc0\0\x02\x02\
    \x9c\x40\0\x35\0\0\0\x01\0\0\0\x02\x50\x18\x01\xf6\xb9\xf9\0\0hi!";

/// fd00::2 to 2001:db8::9, with the header of `next` in front of `upper`.
fn ipv6(next: IpProtocol, headers: &[u8], upper: &[u8]) -> Vec<u8> {
    let len = (headers.len() + upper.len()) as u16;
    let start = [&[0x60, 0, 0, 0][..], &len.to_be_bytes(), &[next.0, 64], &POD6.octets(), &SERVER6.octets()].concat();
    [&start, headers, upper].concat()
}

/// RFC 1624: the header's own sum, and UDP's and TCP's over the pseudo-header and the ports, both ways.
#[test]
fn a_nat_over_ipv4() {
    let mut bytes = UDP4;
    let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
    let change = ip.change_source(NODE4);
    let mut udp = UdpDatagram::parse(ip.payload_mut()).unwrap();
    udp.change_checksum(change);
    udp.change_source_port(61_000);
    assert_eq!(
        (&bytes[10..16], &bytes[20..28]),
        (&b"\x32\x49\xc6\x33\x64\x07"[..], &b"\xee\x48\0\x35\0\x0d\xe1\x46"[..])
    );

    let mut bytes = UDP4;
    let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
    let change = ip.change_destination(Ipv4Addr::new(10, 244, 7, 9));
    let mut udp = UdpDatagram::parse(ip.payload_mut()).unwrap();
    udp.change_destination_port(5353);
    udp.change_checksum(change);
    assert_eq!(
        (&bytes[10..12], &bytes[16..28]),
        (&[0, 0x94][..], &b"\x0a\xf4\x07\x09\x9c\x40\x14\xe9\0\x0d\xec\xe5"[..])
    );

    let (mut out, mut back) = (TCP4, TCP4);
    let mut ip = Ipv4Packet::parse(&mut out[..]).unwrap();
    let change = ip.change_source(NODE4);
    let mut tcp = TcpSegment::parse(ip.payload_mut()).unwrap();
    tcp.change_source_port(61_000);
    tcp.change_checksum(change);
    assert_eq!((ip.checksum(), &out[20..22], &out[36..38]), (0x324a, &[0xee, 0x48][..], &[0x49, 0xac][..]));
    let mut ip = Ipv4Packet::parse(&mut back[..]).unwrap();
    let change = ip.change_destination(Ipv4Addr::new(10, 244, 7, 9));
    let mut tcp = TcpSegment::parse(ip.payload_mut()).unwrap();
    tcp.change_destination_port(5353);
    tcp.change_checksum(change);
    assert_eq!((ip.checksum(), &back[22..24], &back[36..38]), (0x0095, &[0x14, 0xe9][..], &[0x55, 0x4b][..]));
}

/// RFC 8200 §8.1: there is no sum but the upper layer's, and it stands behind the extension headers.
#[test]
fn a_nat_over_ipv6() {
    let udp = *b"\x9c\x40\0\x35\0\x0d\xf4\xc7hello";
    let options = [17, 0, 1, 4, 0, 0, 0, 0];
    for (next, headers) in [(IpProtocol::UDP, &[][..]), (IpProtocol::DESTINATION_OPTIONS, &options)] {
        let mut bytes = ipv6(next, headers, &udp);
        let mut ip = Ipv6Packet::parse(&mut bytes[..]).unwrap();
        let change = ip.change_source(NODE6);
        let upper = ip.upper_layer_mut().unwrap();
        assert_eq!((upper.protocol, upper.is_fragment, upper.is_later_fragment), (IpProtocol::UDP, false, false));
        let mut udp = UdpDatagram::parse(upper.payload).unwrap();
        udp.change_source_port(61_000);
        udp.change_checksum(change);
        assert_eq!((ip.source(), ip.upper_layer_mut().unwrap().payload.len()), (NODE6, 13));
        assert_eq!(bytes[40 + headers.len()..][..8], *b"\xee\x48\0\x35\0\x0d\x72\x01");
    }
    let mut bytes = ipv6(IpProtocol::TCP, &[], b"\x9c\x40\0\x35\0\0\0\x01\0\0\0\x02\x50\x18\x01\xf6\x5d\x2d\0\0hi!");
    let mut ip = Ipv6Packet::parse(&mut bytes[..]).unwrap();
    let change = ip.change_destination(Ipv6Addr::new(0xfd00, 0, 0, 7, 0, 0, 0, 5));
    let mut tcp = TcpSegment::parse(ip.payload_mut()).unwrap();
    tcp.change_destination_port(5353);
    tcp.change_checksum(change);
    assert_eq!((&bytes[42..44], &bytes[56..58]), (&[0x14, 0xe9][..], &[0x79, 0x2e][..]));

    // Cut in an extension header: the error of that one.
    let mut bytes = ipv6(IpProtocol::DESTINATION_OPTIONS, &options[..7], &[]);
    let truncated = Error::Truncated { layer: LayerName::DESTINATION_OPTIONS, needed: 8, available: 7 };
    assert_eq!(Ipv6Packet::parse(&mut bytes[..]).unwrap().upper_layer_mut(), Err(truncated));
}

/// RFC 5508 §3.1: a query's identifier is its port. ICMP's checksum covers no address, ICMPv6's does.
#[test]
fn a_nat_of_pings() {
    let mut ping = [8, 0, 0x84, 0x83, 0x12, 0x34, 0, 1, b'a', b'G'];
    let mut icmp = Icmpv4Packet::parse(&mut ping[..]).unwrap();
    assert_eq!((icmp.change_identifier(0xbeef), icmp.identifier()), (Some(0x1234), Some(0xbeef)));
    assert_eq!(ping, [8, 0, 0xd7, 0xc7, 0xbe, 0xef, 0, 1, b'a', b'G']);

    let mut bytes = ipv6(IpProtocol::ICMPV6, &[], &[128, 0, 0xf3, 0x8b, 0, 7, 0, 1, b'a', b'b']);
    let mut ip = Ipv6Packet::parse(&mut bytes[..]).unwrap();
    let change = ip.change_source(NODE6);
    let mut icmp = Icmpv6Packet::parse(ip.payload_mut()).unwrap();
    icmp.change_checksum(change);
    assert_eq!(icmp.checksum(), 0xc2cd);
    assert_eq!((icmp.change_identifier(0xbeef), icmp.identifier()), (Some(7), Some(0xbeef)));
    assert_eq!(bytes[40..], [128, 0, 0x03, 0xe5, 0xbe, 0xef, 0, 1, b'a', b'b']);

    // IANA's "ICMP Type Numbers" and "ICMPv6 type Numbers": what has an identifier, and nothing else is changed.
    let has = [0, 8, 13, 14, 15, 16, 17, 18, 42, 43];
    let has6 = [128, 129, 160, 161];
    for kind in 0..=255 {
        let mut bytes = [kind, 0, 0, 0, 0, 7, 0, 1];
        let (is4, is6) = (has.contains(&kind), has6.contains(&kind));
        assert_eq!((Icmpv4Type(kind).has_identifier(), Icmpv6Type(kind).has_identifier()), (is4, is6));
        assert_eq!(Icmpv4Packet::parse(&mut bytes[..]).unwrap().change_identifier(8), is4.then_some(7));
        assert_eq!(bytes[5], if is4 { 8 } else { 7 });
        bytes[5] = 7;
        assert_eq!(Icmpv6Packet::parse(&mut bytes[..]).unwrap().change_identifier(8), is6.then_some(7));
        assert_eq!(bytes[5], if is6 { 8 } else { 7 });
    }
    assert_eq!(Icmpv6Packet::parse(&mut [160, 0, 0, 0, 7][..]).unwrap().change_identifier(8), None, "cut in it");
}

/// RFC 768: none is none, and one that comes to 0 is ffff. A sum whose complement is 5194 lacks as
/// much to ffff: the port gets it.
#[test]
fn udp_has_one_zero() {
    let mut datagram = *b"\x9c\x40\0\x35\0\x0d\0\0hello";
    let mut udp = UdpDatagram::parse(&mut datagram[..]).unwrap();
    udp.change_source_port(61_000);
    udp.change_destination_port(54);
    let mut around = UDP4;
    udp.change_checksum(Ipv4Packet::parse(&mut around[..]).unwrap().change_source(NODE4));
    assert_eq!(datagram, *b"\xee\x48\0\x36\0\x0d\0\0hello");

    let mut bytes = UDP4;
    let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
    let mut udp = UdpDatagram::parse(ip.payload_mut()).unwrap();
    udp.change_source_port(0x9c40 + 0x5194);
    assert_eq!(udp.checksum(), 0xffff);
    udp.change_source_port(40_000);
    assert_eq!(bytes, UDP4);
    // TCP has two, and a receiver takes both (RFC 1071 §1).
    let mut segment = TCP4;
    let mut tcp = TcpSegment::parse(&mut segment[20..]).unwrap();
    tcp.change_source_port((0x9c40_u32 + 0xb9f9 - 0xffff) as u16);
    assert_eq!(tcp.checksum(), 0);
}

#[test]
fn fields_of_ipv4() {
    let changed = |change: &dyn Fn(&mut Ipv4Packet<&mut [u8]>)| {
        let mut bytes = UDP4;
        let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
        change(&mut ip);
        (ip.checksum(), bytes)
    };
    let (checksum, bytes) = changed(&|ip| ip.change_ttl(1));
    assert_eq!((checksum, bytes[8]), (0x8f8e, 1));
    let (checksum, bytes) = changed(&|ip| ip.change_identification(0xabcd));
    assert_eq!((checksum, &bytes[4..6]), (0xc106, &[0xab, 0xcd][..]));
    let (checksum, bytes) = changed(&|ip| ip.change_dont_fragment(false));
    assert_eq!((checksum, bytes[6]), (0x908e, 0));
    assert_eq!(changed(&|ip| ip.change_dont_fragment(true)).1, UDP4);
}

/// RFC 5508 §4.2 (REQ-4): what an error quotes is what the NAT sent, and is turned back into what was sent to it.
#[test]
fn the_packet_that_an_error_quotes() {
    let mut error = *b"\x0b\0\x25\x2e\0\0\0\0\
        \x45\0\0\x21\x1c\x46\x40\0\x01\x11\x71\x49\xc6\x33\x64\x07\xc0\0\x02\x02\xee\x48\0\x35\0\x0d\xe1\x46";
    let mut icmp = Icmpv4Packet::parse(&mut error[..]).unwrap();
    let mut ip = Ipv4Packet::parse_lax(icmp.quoted_mut().unwrap()).unwrap();
    let change = ip.change_source(POD4);
    let mut udp = UdpDatagram::parse_lax(ip.payload_mut()).unwrap();
    udp.change_checksum(change);
    udp.change_source_port(40_000);
    icmp.fill_checksum();
    assert_eq!(
        error,
        *b"\x0b\0\x06\xe9\0\0\0\0\
            \x45\0\0\x21\x1c\x46\x40\0\x01\x11\x8f\x8e\x0a\xf4\x01\x02\xc0\0\x02\x02\x9c\x40\0\x35\0\x0d\x51\x94"
    );
    // RFC 792: 8 bytes of TCP have no checksum, and nothing else of them is changed.
    let mut start = [0xee, 0x48, 0, 80, 0, 0, 0, 1];
    let (mut tcp, _) = take_header::<TcpStart, _>(&mut start[..]).unwrap();
    tcp.set_source_port(40_000);
    tcp.set_destination_port(81);
    tcp.set_sequence(0x0203_0405);
    assert_eq!(start, [0x9c, 0x40, 0, 81, 2, 3, 4, 5]);
    // RFC 4443 §3: 4 bytes behind the header; RFC 4884 §4.4: what stands behind the quoted packet is no part of it.
    let mut bytes = [0; 8 + 136 + 4];
    (bytes[0], bytes[4], bytes[8]) = (1, 17, 0x60);
    let mut icmp = Icmpv6Packet::parse(&mut bytes[..]).unwrap();
    let quoted = icmp.quoted_mut().unwrap();
    assert_eq!((quoted[0], quoted.len()), (0x60, 136));
    quoted[0] = 0x61;
    assert_eq!(bytes[8], 0x61);
    let mut unreachable = [0; 8 + 136 + 4];
    (unreachable[0], unreachable[5]) = (3, 34);
    assert_eq!(Icmpv4Packet::parse(&mut unreachable[..]).unwrap().quoted_mut().unwrap().len(), 136);
    assert_eq!(Icmpv4Packet::parse(&mut [8, 0, 0, 0, 0, 0, 0, 0, 1][..]).unwrap().quoted_mut(), None);
    assert_eq!(Icmpv6Packet::parse(&mut [128, 0, 0, 0, 0, 0, 0, 0, 1][..]).unwrap().quoted_mut(), None);
}

fn not_whole<T>(layer: LayerName) -> Result<T, Error> {
    Err(Error::NotWhole { layer })
}

/// RFC 768, RFC 9293 §3.1: the sum is over all of it. What was cut, and what a fragment holds, is not.
#[test]
fn what_is_not_whole_gets_no_checksum() {
    let pseudo = PseudoHeader::ipv4(POD4, NODE4, IpProtocol::UDP);
    for cut in 28..33 {
        let mut bytes = UDP4;
        let mut ip = Ipv4Packet::parse_lax(&mut bytes[..cut]).unwrap();
        let own = ip.pseudo_header();
        assert!(!ip.is_whole() && !own.is_whole());
        let mut udp = UdpDatagram::parse_lax(ip.payload_mut()).unwrap();
        assert_eq!(
            (udp.fill_checksum(&own), udp.fill_checksum(&pseudo)),
            (not_whole(LayerName::UDP), not_whole(LayerName::UDP))
        );
        assert_eq!(ip.whole_payload_mut(), not_whole(LayerName::IPV4));
        ip.fill_checksum();
        assert_eq!(bytes, UDP4);
    }
    // TCP has no length of its own: the packet that it is in knows.
    let mut bytes = TCP4;
    let mut ip = Ipv4Packet::parse_lax(&mut bytes[..41]).unwrap();
    let own = ip.pseudo_header();
    assert_eq!(TcpSegment::parse(ip.payload_mut()).unwrap().fill_checksum(&own), not_whole(LayerName::TCP));
    // Cut in its options, it knows of itself.
    let mut options = [0; 22];
    options[12] = 0x60;
    let mut tcp = TcpSegment::parse_lax(&mut options[..]).unwrap();
    assert_eq!(tcp.fill_checksum(&PseudoHeader::ipv4(POD4, NODE4, IpProtocol::TCP)), not_whole(LayerName::TCP));
    // RFC 791 §3.2: the first fragment, a later one, the last.
    for (flags, is_whole) in [(0x2000_u16, false), (0x2001, false), (1, false), (0x4000, true), (0x8000, true)] {
        let mut bytes = UDP4;
        bytes[6..8].copy_from_slice(&flags.to_be_bytes());
        let mut ip = Ipv4Packet::parse(&mut bytes[..]).unwrap();
        let (own, header) = (ip.pseudo_header(), ip.header().pseudo_header());
        assert_eq!((own.is_whole(), header.is_whole(), ip.whole_payload_mut().is_ok()), (is_whole, is_whole, is_whole));
        let mut udp = UdpDatagram::parse(ip.payload_mut()).unwrap();
        udp.set_checksum(0x1234);
        assert_eq!(udp.fill_checksum(&own), if is_whole { Ok(()) } else { not_whole(LayerName::UDP) });
        assert_eq!(udp.checksum(), if is_whole { 0x5194 } else { 0x1234 });
    }
}

/// RFC 8200 §4.5, and RFC 6946: an atomic fragment is a whole packet.
#[test]
fn what_is_not_whole_in_ipv6() {
    let ping = [128, 0, 0, 0, 0, 7, 0, 1];
    for (offset_and_more, is_whole) in [(0, true), (1, false), (9, false), (8, false)] {
        let mut bytes = ipv6(IpProtocol::FRAGMENT, &[58, 0, 0, offset_and_more, 0, 0, 0, 7], &ping);
        let mut ip = Ipv6Packet::parse(&mut bytes[..]).unwrap();
        let pseudo = ip.pseudo_header(IpProtocol::ICMPV6);
        assert_eq!((ip.is_whole(), pseudo.is_whole()), (is_whole, is_whole), "{offset_and_more}");
        let upper = ip.upper_layer_mut().unwrap();
        assert_eq!(upper.is_fragment, !is_whole);
        let filled = Icmpv6Packet::parse(upper.payload).unwrap().fill_checksum(&pseudo);
        assert_eq!(filled, if is_whole { Ok(()) } else { not_whole(LayerName::ICMPV6) });
    }
    let mut bytes = ipv6(IpProtocol::ICMPV6, &[], &[128, 0, 0, 0, 0, 7, 0, 1, b'a']);
    assert!(Ipv6Packet::parse(&bytes[..]).unwrap().is_whole());
    let mut ip = Ipv6Packet::parse_lax(&mut bytes[..48]).unwrap();
    let pseudo = ip.pseudo_header(IpProtocol::ICMPV6);
    assert_eq!(Icmpv6Packet::parse(ip.payload_mut()).unwrap().fill_checksum(&pseudo), not_whole(LayerName::ICMPV6));
}
