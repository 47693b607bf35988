//! The packet inside Geneve changed in place, in a packet of a capture in `testdata`: behind options, in a frame and with none around it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::Rule;
use ether_ip::outer::OuterError;
use ether_ip::rewrite::Rewriter;
use ether_ip::stack::{Ethernet, Icmpv4, Ipv4, Udp};
use ether_ip::udp::UdpDatagram;
use geneve_codec::{Error, GENEVE, Geneve, PORT, rewrite_inner};

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
