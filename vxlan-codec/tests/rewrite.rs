//! The packet inside VXLAN changed in place, in packets of the captures in `testdata`: all checksums, the outer one too, are right before
//! and afterwards.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::ethernet::EtherType;
use ether_ip::outer::OuterError;
use ether_ip::rewrite::Rewriter;
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
use ether_ip::rewrite::{Carried, pop_tag, push_tag, swap_tag};
use ether_ip::stack::Icmpv6;
use ether_ip::stack::{Ethernet, Icmpv4, Ipv4, Ipv6, Udp, Vlans};
use ether_ip::vlan::VlanHeader;
use ether_ip::{Headroom, PacketBuffer};
use vxlan_codec::{Error, PORT, PORT_LINUX, Reading, Vxlan, resize_inner, rewrite_inner};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// vxlan-inner-vlan.pcap, frame 11: an echo request with two tags, under an outer checksum.
const TAGGED: &str = "020000000002 020000000001 0800
    4500005c9408000040116285c0000201c0000202 9221211800489848 0800000000000100
    0a0000000002 0a0000000001 88a800c8 81000064 0800
    45000022000140004001e66fc6336401c6336402 0800b6ca00070001746167676564";

/// vxlan-ipv6-underlay.pcap, frame 6: an echo request, under an outer checksum.
const OVER_IPV6: &str = "02000000000202000000000186dd600000000072114020010db800000000000000000000000120010db8000000000000000000000002c235211800729b440800
    0000000001000a00000000020a00000000010800450000546b6740003f01b7560af401020af402020800835b4ab200011d24056b00000000478f010000000000
    101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";

#[test]
fn behind_tags_and_over_ipv6() {
    let mut bytes = unhex(TAGGED);
    let mut outer = Rewriter::ethernet(&mut bytes).unwrap();
    let mut inner = rewrite_inner(&mut outer, PORT_LINUX, Reading::Linux).unwrap();
    inner.change_source([203, 0, 113, 7].into()).unwrap();
    assert_eq!((inner.decrement_ttl(), inner.change_source_port(0x1234)), (Some(63), Some(7)));
    let stack = Ethernet / Ipv4 / Udp / Vxlan(PORT_LINUX) / Ethernet / Vlans / Ipv4 / Icmpv4;
    let (_, outer, udp, _, _, _, ip, icmp) = stack.parse(&bytes).unwrap();
    assert!(outer.checksum_is_valid() && udp.checksum_is_valid(&outer.pseudo_header()) && ip.checksum_is_valid());
    // What changes in a header and in its own checksum adds up to nothing further out.
    assert_eq!((udp.checksum(), icmp.checksum_is_valid()), (0x9848, true));
    assert_eq!((ip.source().octets(), ip.ttl(), icmp.identifier()), ([203, 0, 113, 7], 63, Some(0x1234)));

    // Without an outer checksum none is made.
    let mut bytes = unhex(TAGGED);
    bytes[40..42].fill(0);
    let mut outer = Rewriter::ip(&mut bytes[14..]).unwrap();
    rewrite_inner(&mut outer, PORT_LINUX, Reading::Linux).unwrap().change_destination([203, 0, 113, 7].into()).unwrap();
    let (_, _, udp, _, _, _, ip, _) = stack.parse(&bytes).unwrap();
    assert_eq!((udp.checksum(), ip.destination().octets()), (0, [203, 0, 113, 7]));
    assert!(ip.checksum_is_valid());

    let mut bytes = unhex(OVER_IPV6);
    let mut outer = Rewriter::ethernet(&mut bytes).unwrap();
    let mut inner = rewrite_inner(&mut outer, PORT_LINUX, Reading::Linux).unwrap();
    inner.change_source([203, 0, 113, 7].into()).unwrap();
    let (_, outer, udp, _, _, ip, icmp) =
        (Ethernet / Ipv6 / Udp / Vxlan(PORT_LINUX) / Ethernet / Ipv4 / Icmpv4).parse(&bytes).unwrap();
    assert!(udp.checksum_is_valid(&outer.pseudo_header(outer.next_header())) && ip.checksum_is_valid());
    assert_eq!((ip.source().octets(), icmp.checksum_is_valid()), ([203, 0, 113, 7], true));
}

#[test]
fn what_is_refused() {
    let refused = |bytes: &mut [u8], port, reading| {
        let mut outer = Rewriter::ethernet(bytes).unwrap();
        rewrite_inner(&mut outer, port, reading).map(drop).unwrap_err()
    };
    let with = |at: usize, byte: u8| {
        let mut bytes = unhex(TAGGED);
        bytes[at] = byte;
        refused(&mut bytes, PORT_LINUX, Reading::Linux)
    };
    let other_port = OuterError::OtherPort { port: PORT_LINUX, expected: PORT };
    assert_eq!(refused(&mut unhex(TAGGED), PORT, Reading::Linux), Error::Outer(other_port));
    assert_eq!(with(42, 0), Error::NoVni { flags: 0 });
    assert_eq!(with(43, 1), Error::ReservedBits { flags: 0x10000, reserved: 0 });
    assert_eq!(with(23, 6), Error::Outer(OuterError::OtherProtocol { protocol: 6.into() }));
    // A fragment that is not the first has no UDP header.
    assert_eq!(with(21, 1), Error::Outer(OuterError::Fragment));
    // Something else than IP in the frame.
    assert!(matches!(with(70, 6), Error::Packet(_)));
    assert!(matches!(with(71, 6), Error::Packet(ether_ip::Error::Malformed { field: "EtherType", value: 0x806, .. })));
}

/// RFC 768, RFC 791 §3.1: 88a8 and the tag's 00c8 go out of what the outer checksum is over, and 4 out of the length, which it is over
/// twice: 67b7, what 9848 is the complement of, less these is de3e.
#[test]
fn tags_off_and_on_again() {
    let bytes = unhex(TAGGED);
    let mut area = bytes.clone();
    let mut packet = Headroom::new(&mut area[14..], bytes.len() - 14).unwrap();
    let mut frame = resize_inner(&mut packet, PORT_LINUX, Reading::Linux).unwrap();
    assert_eq!(pop_tag(&mut frame).unwrap(), Some((EtherType::SERVICE_VLAN, VlanHeader::new(200, EtherType::VLAN))));
    drop(frame);
    let popped = unhex(
        "4500005894080000 40116289c0000201 c0000202 92212118004421c1 0800000000000100 0a00000000020a0000000001 81000064
        0800 45000022000140004001e66fc6336401c6336402 0800b6ca00070001746167676564",
    );
    assert_eq!(packet.packet(), popped);
    let mut frame = resize_inner(&mut packet, PORT_LINUX, Reading::Linux).unwrap();
    push_tag(&mut frame, EtherType::SERVICE_VLAN, VlanHeader::new(200, EtherType::VLAN)).unwrap();
    drop(frame);
    assert_eq!(packet.packet(), &bytes[14..]);

    // Another identifier, 201, changes no length.
    let mut frame = resize_inner(&mut packet, PORT_LINUX, Reading::Linux).unwrap();
    assert_eq!(swap_tag(frame.front_mut(18), 201), Ok(Some(200)));
    drop(frame);
    assert_eq!((&packet.packet()[2..12], &packet.packet()[26..28]), (&bytes[16..26], &[0x98, 0x47][..]));

    // RFC 7348 §5: without an outer checksum none is made.
    let mut area = bytes.clone();
    area[40..42].fill(0);
    let mut packet = Headroom::new(&mut area[14..], bytes.len() - 14).unwrap();
    let _ = pop_tag(&mut resize_inner(&mut packet, PORT_LINUX, Reading::Linux).unwrap()).unwrap();
    assert_eq!((&packet.packet()[..26], &packet.packet()[26..28]), (&popped[..26], &[0, 0][..]));
    assert_eq!(packet.packet()[28..], popped[28..]);
}

/// RFC 7915: the ping in VXLAN over IPv6 becomes one over IPv6, in a frame that says so, and comes back two hops older.
#[test]
fn nat64_in_a_frame() {
    let bytes = unhex(OVER_IPV6);
    let mut area = [vec![0; 20], bytes.clone()].concat();
    let mut packet = Headroom::new(&mut area, bytes.len()).unwrap();
    let translator = Translator::new();
    {
        let mut outer = Carried::in_ethernet(&mut packet).unwrap();
        let mut frame = resize_inner(&mut outer, PORT_LINUX, Reading::Linux).unwrap();
        let mut inner = Carried::in_ethernet(&mut frame).unwrap();
        translator.to_ipv6(&mut inner, |address| Some(Nat64Prefix::WELL_KNOWN.embed(address))).unwrap();
    }
    let over_ipv6 = Ethernet / Ipv6 / Udp / Vxlan(PORT_LINUX) / Ethernet / Ipv6 / Icmpv6;
    let (_, outer, udp, _, _, ip, icmp) = over_ipv6.parse(packet.packet()).unwrap();
    assert_eq!((outer.payload_length(), udp.length(), ip.payload_length(), ip.hop_limit()), (134, 134, 64, 62));
    assert!(
        udp.checksum_is_valid(&outer.pseudo_header(17.into())) && icmp.checksum_is_valid(&ip.pseudo_header(58.into()))
    );
    {
        let mut outer = Carried::in_ethernet(&mut packet).unwrap();
        let mut frame = resize_inner(&mut outer, PORT_LINUX, Reading::Linux).unwrap();
        let mut inner = Carried::in_ethernet(&mut frame).unwrap();
        translator.to_ipv4(&mut inner, 0x6b67, |address| Nat64Prefix::WELL_KNOWN.extract(address)).unwrap();
    }
    // What is not as it was: DF, which IPv6 has none of and 84 bytes need none, two hops, and the IPv4 checksum over both.
    let mut expected = bytes;
    let inner = 14 + 40 + 16 + 14;
    (expected[inner + 6], expected[inner + 8]) = (0, 61);
    ether_ip::ipv4::Ipv4Packet::parse(&mut expected[inner..]).unwrap().fill_checksum();
    assert_eq!(packet.packet(), expected);
}

#[test]
fn what_is_not_resized() {
    let refused = |at: usize, byte: u8| {
        let mut bytes = unhex(TAGGED);
        bytes[at] = byte;
        let len = bytes.len() - 14;
        let mut packet = Headroom::new(&mut bytes[14..], len).unwrap();
        resize_inner(&mut packet, PORT_LINUX, Reading::Linux).map(drop).unwrap_err()
    };
    let other_port = OuterError::OtherPort { port: 0x2119, expected: PORT_LINUX };
    assert_eq!(refused(37, 0x19), Error::Outer(other_port));
    assert_eq!(refused(42, 0), Error::NoVni { flags: 0 });
    assert_eq!(refused(21, 1), Error::Outer(OuterError::Fragment));
    // The first fragment is UDP, and not all of it.
    assert_eq!(refused(20, 0x20), Error::Packet(ether_ip::Error::NotWhole { layer: ether_ip::LayerName::IPV4 }));
}
