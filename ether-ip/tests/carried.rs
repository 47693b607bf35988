//! Laws of what is carried being made longer and shorter: the packet is what it would be if it were built anew around what was changed
//! alone, a checksum that was wrong is wrong by the same difference, and what is refused is as it was.
#![cfg(feature = "arbitrary")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod carrying;
mod random;
mod sums;

use arbitrary::{Arbitrary, Unstructured};
use carrying::{Case, Inner, Tunnel, Upper, translate};
use ether_ip::ethernet::EtherType;
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
use ether_ip::rewrite::{Carried, Rewriter, pop_tag, push_tag};
use ether_ip::vlan::VlanHeader;
use ether_ip::{Error, Headroom, LayerName, PacketBuffer, Rule};
use random::Random;
use sums::with_one_zero;

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

const ROUNDS: usize = 20_000;
const ROOM: usize = 64;

fn made<T: for<'a> Arbitrary<'a>>(random: &mut Random) -> T {
    loop {
        let noise: Vec<u8> = (0..200).flat_map(|_| random.next().to_le_bytes()).collect();
        if let Ok(made) = T::arbitrary(&mut Unstructured::new(&noise)) {
            return made;
        }
    }
}

fn with_room(packet: &[u8]) -> Vec<u8> {
    [&[0xa5; ROOM][..], packet, &[0xa5; ROOM]].concat()
}

#[test]
fn as_if_it_were_built_anew() {
    let mut random = Random(7915);
    for _ in 0..ROUNDS {
        made::<Case>(&mut random).hold();
    }
}

/// A tag on and off again, in a tunnel in a tunnel: the bytes are as they were, and between the two all sums are right.
#[test]
fn there_and_back_in_two_tunnels() {
    let mut random = Random(8021);
    for _ in 0..ROUNDS / 4 {
        let [first, second]: [Tunnel; 2] = made(&mut random);
        let inner: Inner = made(&mut random);
        if !inner.is_frame {
            continue;
        }
        let carried = inner.bytes();
        let second_packet = second.around(&carried, true);
        let packet = first.around(&second_packet, false);
        let mut area = with_room(&packet);
        let mut area = Headroom::between(&mut area, ROOM..ROOM + packet.len()).unwrap();
        let tag = VlanHeader::new(7, EtherType(0));
        let mut sums_between = vec![];
        for is_there in [true, false] {
            let mut outer = Carried::in_ip(&mut area, first.at()).unwrap();
            let mut frame = Carried::in_ip(&mut outer, second.at()).unwrap();
            if is_there {
                push_tag(&mut frame, EtherType::VLAN, tag).unwrap();
            } else {
                assert!(pop_tag(&mut frame).unwrap().is_some());
            }
            drop(frame);
            drop(outer);
            sums_between = sums::of(area.packet(), 0, Some(first.at()));
            let outer_only = sums_between.iter().filter(|sum| sum.at < packet.len() - carried.len());
            assert!(outer_only.clone().all(|sum| sum.rest == 0), "{sums_between:?} {first:?} {second:?}");
        }
        let one_zero = |packet: &[u8]| with_one_zero(packet.to_vec(), &sums_between);
        assert_eq!(one_zero(area.packet()), one_zero(&packet));
    }
}

const HELLO: &[u8] =
    b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
const OVER_UDP: Tunnel = Tunnel { is_ipv6: false, upper: Upper::Udp { behind: 8, has_checksum: true }, padding: 0 };

fn refused(packet: &[u8], at: usize) -> Error {
    let mut area = packet.to_vec();
    let mut area = Headroom::new(&mut area, packet.len()).unwrap();
    Carried::in_ip(&mut area, at).map(drop).unwrap_err()
}

#[test]
fn what_is_refused() {
    let right = OVER_UDP.around(HELLO, false);
    let with = |at: usize, byte: u8| {
        let mut packet = right.clone();
        packet[at] = byte;
        packet
    };
    // RFC 791 §3.2: fragments, the first and another.
    assert_eq!(refused(&with(6, 0x20), 16), Error::NotWhole { layer: LayerName::IPV4 });
    assert_eq!(refused(&with(7, 1), 16), Error::NotWhole { layer: LayerName::IPV4 });
    let cut = Error::Truncated { layer: LayerName::IPV4, needed: right.len(), available: right.len() - 1 };
    assert_eq!(refused(&right[..right.len() - 1], 16), cut);
    // What a card is to segment says 0.
    let (field, rule) = ("total length", Rule::Exactly(right.len() as u32));
    let unsaid = Error::Malformed { layer: LayerName::IPV4, field, value: 0, rule };
    assert_eq!(refused(&with(3, 0), 16), unsaid);
    // TCP carries no packets, and neither does an authentication header one that can be changed.
    let (field, rule) = ("protocol of a tunnel", Rule::Known);
    let no_tunnel = |value| Error::Malformed { layer: LayerName::IP, field, value, rule };
    assert_eq!(refused(&with(9, 6), 16), no_tunnel(6));
    let authenticated = [
        b"\x45\0\0\x44\0\0\0\0\x40\x33\0\0\xc0\0\x02\x01\xc0\0\x02\x02".as_slice(),
        &[4, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
        HELLO,
        &[0; 3],
    ];
    assert_eq!(refused(&authenticated.concat(), 0), no_tunnel(51));
    // RFC 2675: a jumbogram says 0 too.
    let jumbo = [&[0x60, 0, 0, 0, 0, 0, 0, 64][..], &[0; 32], &[17, 0, 194, 4, 0, 1, 0, 8], &[0; 65_536]].concat();
    let (field, rule) = ("payload length", Rule::Exactly(65_544));
    assert_eq!(refused(&jumbo, 8), Error::Malformed { layer: LayerName::IPV6, field, value: 0, rule });
    let short = Error::Truncated { layer: LayerName::UDP, needed: 50, available: 49 };
    assert_eq!(refused(&right, 50), short);
    // In a header, or where IP in IP has something in front.
    let in_header = |layer, value, rule| Error::Unbuildable { layer, field: "place of what is carried", value, rule };
    assert_eq!(refused(&right, 7), in_header(LayerName::UDP, 7, Rule::AtLeast(8)));
    let ip = Tunnel { upper: Upper::Ip, ..OVER_UDP }.around(HELLO, false);
    assert_eq!(refused(&ip, 4), in_header(LayerName::IPV4, 4, Rule::Exactly(0)));
    // RFC 768: a length under 8, and past the packet.
    let udp = |length: u8| refused(&with(25, length), 16);
    let (field, rule) = ("length", Rule::AtLeast(8));
    assert_eq!(udp(7), Error::Malformed { layer: LayerName::UDP, field, value: 7, rule });
    assert_eq!(udp(50), Error::Truncated { layer: LayerName::UDP, needed: 50, available: 49 });
    // RFC 2784 §2.3, RFC 2637 §4.1: routing, and PPTP, whose header tells a length too; cut behind its checksum.
    let gre = Tunnel { upper: Upper::Gre { has_checksum: true, has_key: true }, ..OVER_UDP }.around(HELLO, false);
    let gre_with = |at: usize, byte: u8| {
        let mut packet = gre.clone();
        packet[at] = byte;
        refused(&packet, 12)
    };
    let gre_malformed = |field, value| Error::Malformed { layer: LayerName::GRE, field, value, rule: Rule::Exactly(0) };
    assert_eq!(gre_with(20, 0xe0), gre_malformed("reserved bits", 0x4000));
    assert_eq!(gre_with(21, 1), gre_malformed("version", 1));
    assert_eq!(refused(&gre, 11), in_header(LayerName::GRE, 11, Rule::AtLeast(12)));
    let mut cut = gre[..28].to_vec();
    cut[3] = 28;
    assert_eq!(refused(&cut, 12), Error::Truncated { layer: LayerName::GRE, needed: 12, available: 8 });
    let arp = *b"\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01\x08\x06....";
    let mut area = arp;
    let (field, rule) = ("EtherType", Rule::Either(0x0800, 0x86dd));
    let other = Error::Malformed { layer: LayerName::ETHERNET, field, value: 0x806, rule };
    assert_eq!(Carried::in_ethernet(&mut Headroom::new(&mut area, 18).unwrap()).map(drop), Err(other));
}

/// There is no room in front, or none that the outer lengths could tell; nothing is changed then.
#[test]
fn what_does_not_fit() {
    let tag = VlanHeader::new(7, EtherType(0));
    let link = *b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0";
    for (len, room, available) in [(100, 3, 3), (65_535 - 28 - 8 - 3, 100, 3), (65_535 - 28 - 8, 100, 0)] {
        for is_ipv6 in [false, true] {
            // IPv6's length does not count its header.
            let len = if is_ipv6 && len > 100 { len + 20 } else { len };
            let frame = [&link[..], &vec![7; len - link.len()]].concat();
            let packet = Tunnel { is_ipv6, ..OVER_UDP }.around(&frame, true);
            let mut area = [&vec![0xa5; room], &packet[..]].concat();
            let before = area.clone();
            let mut buffer = Headroom::new(&mut area, packet.len()).unwrap();
            let mut inside = Carried::in_ip(&mut buffer, 16).unwrap();
            assert_eq!(inside.headroom(), available);
            let no_room = Error::NoRoom { layer: LayerName::VLAN, needed: 4, available };
            assert_eq!(push_tag(&mut inside, EtherType::VLAN, tag), Err(no_room));
            drop(inside);
            assert_eq!(area, before);
        }
    }
}

/// RFC 768: a checksum of zero stays zero; and what is changed by a rewriter is carried too.
#[test]
fn no_checksum_and_a_rewriter_inside() {
    let mut tunnel = OVER_UDP;
    tunnel.upper = Upper::Udp { behind: 8, has_checksum: false };
    for tunnel in [tunnel, OVER_UDP] {
        let packet = tunnel.around(HELLO, false);
        let mut area = with_room(&packet);
        let mut area = Headroom::between(&mut area, ROOM..ROOM + packet.len()).unwrap();
        let mut inside = Carried::in_ip(&mut area, 16).unwrap();
        Rewriter::ip(inside.packet_mut()).unwrap().change_source([203, 0, 113, 7].into()).unwrap();
        assert!(translate(&mut inside));
        drop(inside);
        let has_checksum = packet[26..28] != [0, 0];
        assert_eq!(area.packet()[26..28] != [0, 0], has_checksum);
        assert_eq!(area.packet()[24..26], [0, 8 + 8 + 53]);
        assert!(sums::of(area.packet(), 0, Some(16)).iter().all(|sum| sum.rest == 0));
    }
}

/// RFC 8926 §3.4: Geneve has an EtherType 2 bytes behind its first one, which says what is carried; that of something else stays. The sums are
/// from another program, which takes them over each packet anew.
#[test]
fn an_ether_type_of_a_tunnel() {
    let link = "4500004500004000401126a60a0000010a000002 c00117c1003188e9 0000 0800 00000700";
    let packet = [&unhex(link)[..], HELLO].concat();
    // 64:ff9b::/96 leaves the inner sum as it is (RFC 6052 §4.1).
    let inner = "
        60000000000d113f 0064ff9b0000000000000000c0000201 0064ff9b0000000000000000c0000202
        0fa00035000d2829 68656c6c6f";
    let named = "4500005900004000401126920a0000010a000002 c00117c100451493 0000 86dd 00000700";
    let unnamed = "4500005900004000401126920a0000010a000002 c00117c100459370 0000 0800 00000700";
    for (at, expected) in [(Some(10), named), (Some(12), unnamed), (None, unnamed)] {
        let mut area = with_room(&packet);
        let mut area = Headroom::between(&mut area, ROOM..ROOM + packet.len()).unwrap();
        let mut inside = Carried::in_ip(&mut area, 16).unwrap();
        if let Some(at) = at {
            inside = inside.with_ether_type(at);
        }
        let prefix = Nat64Prefix::WELL_KNOWN;
        Translator::new().to_ipv6(&mut inside, |address| Some(prefix.embed(address))).unwrap();
        drop(inside);
        assert_eq!(area.packet(), unhex(&[expected, inner].concat()), "{at:?}");
    }
}

/// RFC 8200 §4: the protocol is named in the last header in front: of destination options (RFC 2473 §4.1.1), and of fragments that are whole.
#[test]
fn behind_extension_headers() {
    let options = [41, 0, 4, 1, 4, 1, 1, 0];
    let inner = [0x60, 0, 0, 0, 0, 8, 17, 64, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let inner = [&inner[..], &[0xfd; 16], &[0x0f, 0xa0, 0, 53, 0, 8, 0x12, 0x34]].concat();
    for (first, extensions) in
        [(60, options.to_vec()), (60, [&[44][..], &options[1..], &[41, 0, 0, 0, 0, 0, 0, 7]].concat())]
    {
        let len = (extensions.len() + inner.len()) as u8;
        let packet = [&[0x60, 0, 0, 0, 0, len, first, 64][..], &[0xfd; 32], &extensions, &inner].concat();
        let mut area = with_room(&packet);
        let mut area = Headroom::between(&mut area, ROOM..ROOM + packet.len()).unwrap();
        assert!(translate(&mut Carried::in_ip(&mut area, 0).unwrap()));
        let named = 40 + extensions.len() - 8;
        assert_eq!((area.packet()[6], area.packet()[named], area.packet()[5]), (first, 4, len - 20));
        assert!(translate(&mut Carried::in_ip(&mut area, 0).unwrap()));
        assert_eq!((area.packet()[named], area.packet()[5]), (41, len));
    }
}
