//! The packet inside Geneve changed in place, in a packet of a capture in `testdata`: behind options, in a frame and with none around it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::Rule;
use ether_ip::outer::OuterError;
use ether_ip::rewrite::Rewriter;
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
use ether_ip::rewrite::{Carried, push_tag};
use ether_ip::stack::{Ethernet, Icmpv4, Ipv4, Udp};
use ether_ip::stack::{Icmpv6, Ipv6, Vlans};
use ether_ip::udp::UdpDatagram;
use ether_ip::vlan::VlanHeader;
use ether_ip::{Headroom, ethernet::EtherType};
use geneve_codec::{Error, GENEVE, Geneve, PORT, resize_inner, rewrite_inner};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// geneve-options.pcap, frame 6: an echo request, behind 20 bytes of options.
const ECHO: &str = "02000000020102000000020208004500009a000040004011b64fc0000202c00002019a5817c10086000005406558000007000102800100010002ffff01021122
    33445566778886b8ef020649ea474d95b1d708004500005422694000400102560af400020af400010800a76848610001147e056b0000000023790c0000000000
    101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";
/// Where in it UDP begins, Geneve, and the inner frame.
const UDP: usize = 34;
const GENEVE_AT: usize = 42;
const FRAME: usize = GENEVE_AT + 8 + 20;

/// The same with this protocol type, without the inner Ethernet header, if so wanted, and with an outer checksum.
fn echo(protocol_type: u16, has_ethernet: bool) -> Vec<u8> {
    let mut bytes = unhex(ECHO);
    bytes[GENEVE_AT + 2..GENEVE_AT + 4].copy_from_slice(&protocol_type.to_be_bytes());
    if !has_ethernet {
        bytes.drain(FRAME..FRAME + 14);
        let mut outer = ether_ip::ipv4::Ipv4Packet::parse_lax(&mut bytes[14..]).unwrap();
        let length = outer.total_length() - 14;
        outer.set_total_length(length);
        outer.fill_checksum();
        bytes[UDP + 5] -= 14;
    }
    let pseudo = ether_ip::ipv4::Ipv4Packet::parse(&bytes[14..]).unwrap().pseudo_header();
    UdpDatagram::parse(&mut bytes[UDP..]).unwrap().fill_checksum(&pseudo).unwrap();
    bytes
}

#[test]
fn in_a_frame_and_without() {
    for (protocol_type, has_ethernet) in [(0x6558, true), (0x0800, false)] {
        let mut bytes = echo(protocol_type, has_ethernet);
        let mut outer = Rewriter::ethernet(&mut bytes).unwrap();
        let mut inner = rewrite_inner(&mut outer, PORT).unwrap();
        assert_eq!(inner.flow().source.to_string(), "10.244.0.2");
        inner.change_source([203, 0, 113, 7].into()).unwrap();
        assert_eq!((inner.decrement_ttl(), inner.change_source_port(0x1234)), (Some(63), Some(0x4861)));

        //= RFC 8926 §3.5.1/transit
        let options = GENEVE_AT + 8..FRAME;
        assert_eq!(bytes[options.clone()], unhex(ECHO)[options]);
        let outer = Ethernet / Ipv4 / Udp / Geneve(PORT);
        let (_, ip, udp, _) = outer.parse(&bytes).unwrap();
        assert!(ip.checksum_is_valid() && udp.checksum() != 0 && udp.checksum_is_valid(&ip.pseudo_header()));
        let at = if has_ethernet { FRAME + 14 } else { FRAME };
        let (inner, icmp) = (Ipv4 / Icmpv4).parse(&bytes[at..]).unwrap();
        assert!(inner.checksum_is_valid() && icmp.checksum_is_valid());
        assert_eq!((inner.source().octets(), inner.ttl(), icmp.identifier()), ([203, 0, 113, 7], 63, Some(0x1234)));
    }
}

#[test]
fn what_is_refused() {
    let refused = |mut bytes: Vec<u8>, port| {
        let mut outer = Rewriter::ethernet(&mut bytes).unwrap();
        rewrite_inner(&mut outer, port).map(drop).unwrap_err()
    };
    let other_port = OuterError::OtherPort { port: PORT, expected: 6082 };
    assert_eq!(refused(echo(0x6558, true), 6082), Error::Outer(other_port));
    let other = |field, value, rule| Error::Packet(ether_ip::Error::OtherLayer { layer: GENEVE, field, value, rule });
    // MPLS; and IPv4 where the header says IPv6.
    assert_eq!(refused(echo(0x8847, true), PORT), other("protocol type", 0x8847, Rule::Known));
    assert_eq!(refused(echo(0x86dd, false), PORT), other("protocol type", 0x86dd, Rule::Exactly(0x800)));
    //= RFC 8926 §3.4/control-transit, §3.4/version-transit
    let mut control = echo(0x6558, true);
    control[GENEVE_AT + 1] |= 0x80;
    assert_eq!(refused(control, PORT), other("O bit", 1, Rule::Exactly(0)));
    // The version.
    let mut version = echo(0x6558, true);
    version[GENEVE_AT] |= 0x40;
    assert!(matches!(refused(version, PORT), Error::Packet(ether_ip::Error::Malformed { layer: GENEVE, .. })));
}

/// The frame behind options gets a tag, and the ping in it is made one over IPv6; without Ethernet the protocol type says so too.
#[test]
fn longer_in_a_frame_and_without() {
    let translator = Translator::new();
    let embed = |address| Some(Nat64Prefix::WELL_KNOWN.embed(address));
    let outer = Ipv4 / Udp / Geneve(PORT);
    for (protocol_type, has_ethernet) in [(0x6558, true), (0x0800, false)] {
        let bytes = echo(protocol_type, has_ethernet);
        let mut area = [vec![0; 24], bytes[14..].to_vec()].concat();
        let mut packet = Headroom::new(&mut area, bytes.len() - 14).unwrap();
        let mut inner = resize_inner(&mut packet, PORT).unwrap();
        if has_ethernet {
            push_tag(&mut inner, EtherType::VLAN, VlanHeader::new(7, EtherType(0))).unwrap();
            translator.to_ipv6(&mut Carried::in_ethernet(&mut inner).unwrap(), embed).unwrap();
        } else {
            translator.to_ipv6(&mut inner, embed).unwrap();
        }
        drop(inner);
        let grown = if has_ethernet { 24 } else { 20 };
        let (ip, udp, geneve) = outer.parse(packet.packet()).unwrap();
        assert!(ip.checksum_is_valid() && udp.checksum() != 0 && udp.checksum_is_valid(&ip.pseudo_header()));
        assert_eq!(usize::from(ip.total_length()), bytes.len() - 14 + grown);
        //= RFC 8926 §3.5.1/transit
        assert_eq!(geneve.options_bytes(), &bytes[GENEVE_AT + 8..FRAME]);
        let (ip, icmp) = if has_ethernet {
            let (_, tags, ip, icmp) = (Ethernet / Vlans / Ipv6 / Icmpv6).parse(geneve.payload()).unwrap();
            assert_eq!((geneve.protocol_type().0, tags[0].id()), (0x6558, 7));
            (ip, icmp)
        } else {
            let (_, _, _, ip, icmp) = (outer / Ipv6 / Icmpv6).parse(packet.packet()).unwrap();
            (ip, icmp)
        };
        assert!(icmp.checksum_is_valid(&ip.pseudo_header(58.into())));
        assert_eq!((ip.source(), icmp.identifier()), (embed([10, 244, 0, 2].into()).unwrap(), Some(0x4861)));
    }
}

#[test]
fn what_is_not_resized() {
    let refused = |mut bytes: Vec<u8>, port| {
        let len = bytes.len() - 14;
        let mut packet = Headroom::new(&mut bytes[14..], len).unwrap();
        resize_inner(&mut packet, port).map(drop).unwrap_err()
    };
    let other_port = OuterError::OtherPort { port: PORT, expected: 6082 };
    assert_eq!(refused(echo(0x6558, true), 6082), Error::Outer(other_port));
    let other = |field, value, rule| Error::Packet(ether_ip::Error::OtherLayer { layer: GENEVE, field, value, rule });
    assert_eq!(refused(echo(0x8847, true), PORT), other("protocol type", 0x8847, Rule::Known));
    assert_eq!(refused(echo(0x86dd, false), PORT), other("protocol type", 0x86dd, Rule::Exactly(0x800)));
    //= RFC 8926 §3.4/control-transit
    let mut control = echo(0x6558, true);
    control[GENEVE_AT + 1] |= 0x80;
    assert_eq!(refused(control, PORT), other("O bit", 1, Rule::Exactly(0)));
}
