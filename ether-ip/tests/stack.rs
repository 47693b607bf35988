//! Stacks of layers over packets of the captures in `testdata`; what their fields are is what tshark says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::{EtherType, MacAddr};
use ether_ip::icmpv6::{Icmpv6Message, Icmpv6Type};
use ether_ip::ip::IpProtocol;
use ether_ip::stack::{Arp, Ethernet, Icmpv4, Icmpv6, Ip, IpHeaderMut, IpPacket, Ipv4, Ipv6, Tcp, Udp, Vlans, quoted};
use ether_ip::{Error, LayerName, Rule};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// icmp-errors.pcap, frame 5: who has 192.0.2.2?
const ARP: &str = "ffffffffffff 020000000001 0806 0001080006040001 020000000001c0000201 000000000000c0000202";
/// icmp-errors.pcap, frame 8: time exceeded, about an echo request.
const TIME_EXCEEDED: &str = "020000000001 020000000002 0800 45c00070f14a00004001047fc0000202c0000201 0b00f4ff00000000
    450000541ec5400001016eadc0000201c6336402 080097d83e080001
    be180a6b000000008ec70c0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";
/// icmp-errors.pcap, frame 32: port unreachable, about a datagram to port 9.
const PORT_UNREACHABLE: &str =
    "020000000001 020000000002 0800 45c00046c29300003f01cc2cc6336402c0000201 0303e95b00000000
    4500002a488f40003f1106fdc0000201c6336402 cc6900090016a507 6e6f626f6479206c697374656e73";
/// icmp-errors.pcap, frame 34: the same of IPv6.
const PORT_UNREACHABLE_6: &str = "020000000001 020000000002 86dd
    600ce1fc00463a3f20010db800010000000000000000000220010db8000000000000000000000001 0104 5b3700000000
    6001d69e0016113f20010db800000000000000000000000120010db8000100000000000000000002 e0920009001621a0
    6e6f626f6479206c697374656e73";
/// icmp-errors.pcap, frame 1: a report of a multicast listener, behind hop-by-hop options.
const REPORT: &str = "333300000016 020000000001 86dd
    6000000000240001fe80000000000000000000fffe000001ff020000000000000000000000000016 3a00050200000100
    8f0072070000000104000000ff0200000000000000000001ff000001";
/// fragments-ipv6.pcap, frame 50, cut behind the first bytes: the last fragment of an echo request, at 2896.
const LAST_FRAGMENT: &str = "020000000002 020000000001 86dd
    6002518f0078 2c4020010db800000000000000000000000120010db8000000000000000000000002 3a000b50bd51b5c2 48494a4b";

fn other(layer: LayerName, field: &'static str, value: u32, rule: Rule) -> Error {
    Error::OtherLayer { layer, field, value, rule }
}

#[test]
fn arp() {
    let bytes = unhex(ARP);
    let (ethernet, arp) = (Ethernet / Arp).parse(&bytes).unwrap();
    assert_eq!((ethernet.source(), arp.operation().0), (MacAddr([2, 0, 0, 0, 0, 1]), 1));
    assert_eq!(arp.addresses().unwrap().target_protocol(), Ipv4Addr::new(192, 0, 2, 2));
    let (_, vlans, arp) = (Ethernet / Vlans / Arp).parse(&bytes).unwrap();
    assert_eq!((vlans.len(), vlans.ether_type(), arp.trailer()), (0, EtherType::ARP, &[][..]));
}

/// RFC 792: an error quotes the header and the first bytes of what it is about.
#[test]
fn what_an_icmp_error_quotes() {
    let bytes = unhex(PORT_UNREACHABLE);
    let (_, ip, icmp, about, udp) = (Ethernet / Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Udp).parse(&bytes).unwrap();
    assert_eq!((ip.source(), icmp.code()), (Ipv4Addr::new(198, 51, 100, 2), 3));
    assert_eq!((about.destination(), about.ttl()), (Ipv4Addr::new(198, 51, 100, 2), 63));
    assert_eq!((udp.destination_port(), udp.payload()), (9, &b"nobody listens"[..]));
    let tcp = (Ethernet / Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Tcp).parse(&bytes).err();
    assert_eq!(tcp, Some(other(LayerName::IPV4, "protocol", 17, Rule::Exactly(6))));

    let bytes = unhex(TIME_EXCEEDED);
    let (_, _, _, echo) = (Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Icmpv4).parse(&bytes[14..]).unwrap();
    assert_eq!((echo.kind().0, echo.checksum_is_valid(), echo.payload().len()), (8, true, 56));

    let bytes = unhex(PORT_UNREACHABLE_6);
    let (_, _, icmp, about, udp) = (Ethernet / Ipv6 / Icmpv6 / quoted::Ipv6 / quoted::Udp).parse(&bytes).unwrap();
    assert_eq!(icmp.message(), Some(Icmpv6Message::DestinationUnreachable { code: 4, unused: [0; 4] }));
    assert_eq!((about.hop_limit(), udp.source_port(), udp.payload()), (63, 0xe092, &b"nobody listens"[..]));
    let echo = (Ethernet / Ipv6 / Icmpv6 / quoted::Ipv6 / quoted::Icmpv6).parse(&bytes).err();
    assert_eq!(echo, Some(other(LayerName::IPV6, "next header", 17, Rule::Exactly(58))));
}

/// RFC 792: of TCP no more than eight bytes need be quoted; less is truncated. RFC 4443 §2.4 has more quoted, and cuts as well.
#[test]
fn quotes_that_are_cut() {
    let whole = unhex(PORT_UNREACHABLE);
    let stack = Ethernet / Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Udp;
    // The outer packet's length is as it was quoted: 14, 20, 8, 20 and 8 bytes.
    for len in 62..whole.len() {
        let mut bytes = whole[..len].to_vec();
        bytes[16..18].copy_from_slice(&(len as u16 - 14).to_be_bytes());
        if len < 70 {
            let cut = Error::Truncated { layer: LayerName::UDP, needed: 8, available: len - 62 };
            assert_eq!(stack.parse(&bytes).err(), Some(cut));
            continue;
        }
        let (_, _, _, about, udp) = stack.parse(&bytes).unwrap();
        assert_eq!((udp.payload(), about.missing()), (&whole[70..len], whole.len() - len));
    }
}

/// What is quoted is changed where it is, as a router that translates addresses does (RFC 5508 §4.2).
#[test]
fn changes_what_is_quoted() {
    let mut bytes = unhex(PORT_UNREACHABLE);
    let (ethernet, ip, icmp, about, mut udp) =
        (Ethernet / Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Udp).parse_mut(&mut bytes).unwrap();
    ethernet.set_source(MacAddr([2; 6]));
    ip.set_ttl(1);
    icmp.set_checksum(0x1234);
    about.set_source([10, 0, 0, 1].into());
    udp.set_source_port(0x0102);
    udp.payload_mut()[0] = b'N';
    let expected = "020000000001 020202020202 0800 45c00046c29300000101cc2cc6336402c0000201 0303123400000000
        4500002a488f40003f1106fd0a000001c6336402 010200090016a507 4e6f626f6479206c697374656e73";
    assert_eq!(bytes, unhex(expected));

    let mut bytes = unhex(PORT_UNREACHABLE_6);
    let (_, ip, icmp, _, mut udp) =
        (Ethernet / Ipv6 / Icmpv6 / quoted::Ipv6 / quoted::Udp).parse_mut(&mut bytes).unwrap();
    udp.set_destination_port(0xaabb);
    ip.set_hop_limit(7);
    icmp.set_checksum(0);
    assert_eq!((bytes[21], &bytes[56..58], &bytes[104..106]), (7, &[0, 0][..], &[0xaa, 0xbb][..]));
}

/// RFC 8200 §4: extension headers stand between IPv6 and what is asked for.
#[test]
fn extension_headers_are_looked_through() {
    let mut bytes = unhex(REPORT);
    let (_, ip, icmp) = (Ethernet / Ipv6 / Icmpv6).parse(&bytes).unwrap();
    assert_eq!((ip.next_header(), ip.payload().len()), (IpProtocol::HOP_BY_HOP, 36));
    assert_eq!((icmp.kind(), icmp.body().len()), (Icmpv6Type::MULTICAST_LISTENER_REPORT_V2, 24));
    assert!(icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6)));
    let udp = (Ethernet / Vlans / Ip / Udp).parse(&bytes).err();
    assert_eq!(udp, Some(other(LayerName::IPV6, "next header", 58, Rule::Exactly(17))));
    let (_, ip, mut icmp) = (Ethernet / Ipv6 / Icmpv6).parse_mut(&mut bytes).unwrap();
    ip.set_destination(Ipv6Addr::LOCALHOST);
    icmp.fill_checksum(&ip.pseudo_header(IpProtocol::ICMPV6)).unwrap();
    let (_, ip, icmp) = (Ethernet / Ipv6 / Icmpv6).parse(&bytes).unwrap();
    assert!(icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6)));
    // An option that reaches past the header's end is the header's own error.
    bytes[55] = 9;
    let cut = Error::Truncated { layer: LayerName::HOP_BY_HOP, needed: 80, available: 36 };
    assert_eq!((Ethernet / Ipv6 / Icmpv6).parse(&bytes).err(), Some(cut));
}

/// RFC 791 §3.2, RFC 8200 §4.5: a later fragment does not start with a header, whatever its first bytes look like.
#[test]
fn later_fragments_have_no_next_layer() {
    let mut bytes = unhex(LAST_FRAGMENT);
    bytes[19] = 12;
    let refused = other(LayerName::FRAGMENT, "fragment offset", 2896, Rule::Exactly(0));
    assert_eq!((Ethernet / Ipv6 / Icmpv6).parse(&bytes).err(), Some(refused));
    assert_eq!((Ethernet / Ip / Udp).parse_mut(&mut bytes).err(), Some(refused));
    assert!((Ethernet / Ipv6).parse(&bytes).is_ok());
    let mut bytes = unhex(TIME_EXCEEDED);
    bytes[21] = 1;
    let refused = other(LayerName::IPV4, "fragment offset", 8, Rule::Exactly(0));
    assert_eq!((Ethernet / Ipv4 / Icmpv4).parse(&bytes).err(), Some(refused));
    let (_, ip) = (Ethernet / Ipv4).parse(&bytes).unwrap();
    assert_eq!(ip.payload().len(), 92);
}

#[test]
fn what_is_another_layer() {
    let arp = unhex(ARP);
    let not = |value, rule| Some(other(LayerName::ETHERNET, "EtherType", value, rule));
    assert_eq!((Ethernet / Ipv4).parse(&arp).err(), not(0x806, Rule::Exactly(0x800)));
    assert_eq!((Ethernet / Vlans / Ip / Udp).parse(&arp).err(), not(0x806, Rule::Either(0x800, 0x86dd)));
    let echo = unhex(TIME_EXCEEDED);
    assert_eq!((Ethernet / Ipv6 / Udp).parse(&echo).err(), not(0x800, Rule::Exactly(0x86dd)));
    let protocol = other(LayerName::IPV4, "protocol", 1, Rule::Exactly(6));
    assert_eq!((Ethernet / Ip / Tcp).parse(&echo).err(), Some(protocol));
    // Of what quotes nothing nothing is quoted: an echo request, and a report of a multicast listener.
    let none = |layer, kind| Some(other(layer, "type of error", kind, Rule::Known));
    assert_eq!((Icmpv4 / quoted::Ipv4).parse(&echo[62..]).err(), none(LayerName::ICMPV4, 8));
    assert_eq!((Ethernet / Ipv6 / Icmpv6 / quoted::Ipv6).parse(&unhex(REPORT)).err(), none(LayerName::ICMPV6, 143));
}

/// RFC 1122 §3.2.1.1, IEEE 802.3 §3.2.6: which IP it is says the EtherType; where there is none, the first byte.
#[test]
fn either_ip() {
    let (four, six) = (unhex(PORT_UNREACHABLE), unhex(REPORT));
    let (_, ip) = (Ethernet / Ip).parse(&four).unwrap();
    assert_eq!((ip.source(), ip.payload().len()), (IpAddr::from([198, 51, 100, 2]), 50));
    let (_, _, ip) = (Ethernet / Vlans / Ip).parse(&six).unwrap();
    assert_eq!(ip.source(), "fe80::ff:fe00:1".parse::<IpAddr>().unwrap());
    let mut crossed = four.clone();
    crossed[12..14].copy_from_slice(&[0x86, 0xdd]);
    let version = Error::Malformed { layer: LayerName::IPV6, field: "version", value: 4, rule: Rule::Exactly(6) };
    assert_eq!((Ethernet / Ip).parse(&crossed).err(), Some(version));

    // IP in IP in IP (RFC 2003, RFC 2473): each says which version the next one has.
    let mut ip = vec![0x60, 0, 0, 0, 0, 28, 4, 64];
    ip.extend([0xfd; 32]);
    ip.extend([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0, 7, 0, 9, 0, 8, 0, 0]);
    let (outer, inner, udp) = (Ip / Ip / Udp).parse(&ip).unwrap();
    assert!(matches!((outer, inner), (IpPacket::V6(_), IpPacket::V4(_))));
    assert_eq!((inner.destination(), udp.destination_port()), (IpAddr::from([192, 0, 2, 2]), 9));
    let (_, inner, mut udp) = (Ipv6 / Ip / Udp).parse_mut(&mut ip).unwrap();
    udp.fill_checksum(&inner.pseudo_header(IpProtocol::UDP)).unwrap();
    let IpHeaderMut::V4(header) = inner else { panic!("it is IPv4") };
    header.set_ttl(9);
    // By hand: c000, 0201, c000, 0202, 0011, 0008, 0007, 0009 and 0008 are 1_8434, folded 8435.
    assert_eq!((ip[48], &ip[66..]), (9, &[0x7b, 0xca][..]));
    let rule = Rule::Either(4, 41);
    assert_eq!((Ip / Ip / Ip).parse(&ip).err(), Some(other(LayerName::IPV4, "protocol", 17, rule)));
    assert_eq!((Ip / Udp).parse(&[]).err(), Some(Error::Truncated { layer: LayerName::IP, needed: 1, available: 0 }));
}

/// IEEE 802.1Q: one tag and two, in the way of what they are on, and changed where they are.
#[test]
fn tags() {
    let arp = unhex(ARP);
    for (tags, ids) in [("8100 2007", &[7][..]), ("88a8 0001 8100 0fff", &[1, 4095])] {
        let mut bytes = [&arp[..12], &unhex(tags), &arp[12..]].concat();
        let (_, vlans, found) = (Ethernet / Vlans / Arp).parse(&bytes).unwrap();
        assert_eq!(vlans.iter().map(|tag| tag.id()).collect::<Vec<_>>(), ids);
        assert_eq!((vlans.ether_type(), found.operation().0), (EtherType::ARP, 1));
        let not = other(LayerName::VLAN, "EtherType", 0x806, Rule::Exactly(0x800));
        assert_eq!((Ethernet / Vlans / Ipv4).parse(&bytes).err(), Some(not));
        let (_, vlans, mut found) = (Ethernet / Vlans / Arp).parse_mut(&mut bytes).unwrap();
        vlans[0].set_id(42);
        found.set_operation(ether_ip::arp::ArpOperation::REPLY);
        assert_eq!((bytes[15], bytes[bytes.len() - 21]), (42, 2));
        // Cut in the last tag.
        let cut = Error::Truncated { layer: LayerName::VLAN, needed: 4, available: 3 };
        assert_eq!((Ethernet / Vlans).parse(&bytes[..13 + 4 * ids.len()]).err(), Some(cut));
    }
    // An 802.3 length in the tag cuts the padding off, and is no EtherType.
    let bytes = [&arp[..12], &[0x81, 0, 0, 7, 0, 2, 0xaa, 0xbb, 0, 0]].concat();
    let (_, vlans) = (Ethernet / Vlans).parse(&bytes).unwrap();
    assert_eq!((vlans.payload(), vlans.trailer()), (&[0xaa, 0xbb][..], &[0, 0][..]));
}
