//! Laws of what is carried being made longer and shorter: the packet is what it would be if it were built anew around what was changed
//! alone, a checksum that was wrong is wrong by the same difference, and what is refused is as it was.
#![cfg(feature = "arbitrary")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod random;
mod sums;

use arbitrary::{Arbitrary, Unstructured};
use ether_ip::arbitrary::{IpPacket, Nearly};
use ether_ip::ethernet::EtherType;
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
use ether_ip::rewrite::{Carried, Rewriter, pop_tag, push_tag, swap_tag};
use ether_ip::vlan::VlanHeader;
use ether_ip::{Error, Headroom, LayerName, PacketBuffer, Rule};
use random::Random;
use sums::with_one_zero;

const ROUNDS: usize = 20_000;
const ROOM: usize = 64;

/// What stands around a packet: IP of either version, and behind it UDP or GRE with so many bytes of a header, or nothing.
#[derive(Debug, Clone, Copy)]
struct Tunnel {
    is_ipv6: bool,
    upper: Upper,
    /// What stands behind the IP packet.
    padding: usize,
}

#[derive(Debug, Clone, Copy)]
enum Upper {
    Ip,
    Udp { behind: usize, has_checksum: bool },
    Gre { has_checksum: bool, has_key: bool },
}

impl Tunnel {
    fn any(random: &mut Random) -> Self {
        let number = random.next();
        let has_checksum = number >> 8 & 1 == 1;
        let upper = match number % 4 {
            0 => Upper::Ip,
            1 => Upper::Gre { has_checksum, has_key: number >> 9 & 1 == 1 },
            _ => Upper::Udp { behind: number as usize >> 10 & 15, has_checksum },
        };
        Self { is_ipv6: number >> 16 & 1 == 1, upper, padding: number as usize >> 17 & 7 }
    }

    /// How far behind the upper layer's first byte that begins which is carried.
    fn at(&self) -> usize {
        match self.upper {
            Upper::Ip => 0,
            Upper::Udp { behind, .. } => 8 + behind,
            Upper::Gre { has_checksum, has_key } => 4 + 4 * usize::from(has_checksum) + 4 * usize::from(has_key),
        }
    }

    /// The packet, by hand: all lengths and checksums as the RFCs have them.
    fn around(&self, carried: &[u8], is_frame: bool) -> Vec<u8> {
        let is_inner_ipv6 = !is_frame && carried.first().is_some_and(|first| first >> 4 == 6);
        let (protocol, mut upper, checksum) = match self.upper {
            Upper::Ip => (if is_inner_ipv6 { 41 } else { 4 }, vec![], None),
            Upper::Udp { behind, has_checksum } => {
                let mut upper = vec![0x12; 8 + behind];
                upper[4..6].copy_from_slice(&((8 + behind + carried.len()) as u16).to_be_bytes());
                upper[6..8].fill(if has_checksum { 0xff } else { 0 });
                (17, upper, has_checksum.then_some(6))
            }
            Upper::Gre { has_checksum, has_key } => {
                let mut upper = vec![0; self.at()];
                upper[0] = (0x80 * u8::from(has_checksum)) | (0x20 * u8::from(has_key));
                let kind: u16 = if is_frame {
                    0x6558
                } else if is_inner_ipv6 {
                    0x86dd
                } else {
                    0x0800
                };
                upper[2..4].copy_from_slice(&kind.to_be_bytes());
                (47, upper, has_checksum.then_some(4))
            }
        };
        upper.extend(carried);
        let mut packet = if self.is_ipv6 {
            let [a, b] = (upper.len() as u16).to_be_bytes();
            [&[0x60, 0, 0, 0, a, b, protocol, 64][..], &[0xfd; 16], &[0xfe; 16]].concat()
        } else {
            let [a, b] = (20 + upper.len() as u16).to_be_bytes();
            vec![0x45, 0, a, b, 0, 0, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
        };
        let at = packet.len();
        packet.extend(upper);
        packet.extend(vec![0xee; self.padding]);
        for field in [(!self.is_ipv6).then_some(10), checksum.map(|field| at + field)].into_iter().flatten() {
            let rest = sums::of(&packet, 0, None).iter().find(|sum| sum.at == field).unwrap().rest;
            packet[field..field + 2].copy_from_slice(&(0xffff - rest).to_be_bytes());
        }
        packet
    }
}

/// What is done to a packet, alone and where it is carried.
#[derive(Debug)]
enum Op {
    Push(u16),
    Pop,
    Swap(u16),
    Translate,
    /// The same in a frame.
    TranslateInFrame,
    Prepend(Vec<u8>),
    Append(Vec<u8>),
    TrimFront(usize),
    TrimBack(usize),
    Touch(usize, u8),
}

impl Op {
    fn any(random: &mut Random, is_frame: bool) -> Self {
        let number = random.next();
        let some = (number >> 8 & 15) as usize;
        let bytes = number.to_le_bytes()[..some % 8].to_vec();
        match (number % 8, is_frame) {
            (0, true) => Self::Push(number as u16),
            (1, true) => Self::Pop,
            (2, true) => Self::Swap(number as u16),
            (3, true) => Self::TranslateInFrame,
            (0..=3, false) => Self::Translate,
            // What IP in IP carries stays IP.
            (4, true) => Self::Prepend(bytes),
            (5, _) => Self::Append(bytes),
            (6, true) => Self::TrimFront(some),
            (6, false) => Self::TrimBack(some),
            _ => Self::Touch(1 + (number >> 32) as usize % 200, number as u8),
        }
    }

    fn apply(&self, packet: &mut impl PacketBuffer) -> bool {
        match self {
            Self::Push(id) => push_tag(packet, EtherType::VLAN, VlanHeader::new(*id, EtherType(0))).is_ok(),
            Self::Pop => pop_tag(packet).is_ok(),
            Self::Swap(id) => swap_tag(packet.front_mut(18), *id).is_ok(),
            Self::Translate => translate(packet),
            Self::TranslateInFrame => Carried::in_ethernet(packet).is_ok_and(|mut packet| translate(&mut packet)),
            Self::Prepend(bytes) => packet.prepend_bytes(LayerName::PACKET, bytes).is_ok(),
            Self::Append(bytes) => packet.append_bytes(LayerName::PACKET, bytes).is_ok(),
            Self::TrimFront(len) => {
                packet.trim_front(*len);
                true
            }
            Self::TrimBack(len) => {
                packet.trim_back(*len);
                true
            }
            Self::Touch(at, with) => {
                let Some(byte) = packet.packet_mut().get_mut(*at) else { return false };
                *byte = *with;
                true
            }
        }
    }
}

fn translate(packet: &mut impl PacketBuffer) -> bool {
    let translator = Translator::new();
    let prefix = Nat64Prefix::new("2001:db8:1:2::".parse().unwrap(), 96).unwrap();
    match packet.packet().first().map(|first| first >> 4) {
        Some(4) => translator.to_ipv6(packet, |address| Some(prefix.embed(address))).is_ok(),
        _ => translator.to_ipv4(packet, 7, |address| Some((address.to_bits() as u32).into())).is_ok(),
    }
}

fn made<T: for<'a> Arbitrary<'a>>(random: &mut Random) -> T {
    loop {
        let noise: Vec<u8> = (0..200).flat_map(|_| random.next().to_le_bytes()).collect();
        if let Ok(made) = T::arbitrary(&mut Unstructured::new(&noise)) {
            return made;
        }
    }
}

/// What a tunnel carries: a packet, right or nearly so, or such a packet in a frame.
fn inner(random: &mut Random) -> (Vec<u8>, bool) {
    let nearly = made::<Nearly<IpPacket>>(random).0.0;
    let packet = if random.next() % 2 == 0 || nearly.is_empty() { made::<IpPacket>(random).0 } else { nearly };
    let is_frame = random.next() % 2 == 0;
    let ether_type: &[u8] = if packet.first().is_some_and(|first| first >> 4 == 6) { &[0x86, 0xdd] } else { &[8, 0] };
    let link: &[u8] = if is_frame { &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] } else { &[] };
    let ether_type: &[u8] = if is_frame { ether_type } else { &[] };
    ([link, ether_type, &packet].concat(), is_frame)
}

fn with_room(packet: &[u8]) -> Vec<u8> {
    [&[0xa5; ROOM][..], packet, &[0xa5; ROOM]].concat()
}

/// The tunnel's checksums are taken anew by hand, and those that were wrong are wrong by what they were.
#[test]
fn as_if_it_were_built_anew() {
    let mut random = Random(7915);
    for _ in 0..ROUNDS {
        let (tunnel, (carried, is_frame)) = (Tunnel::any(&mut random), inner(&mut random));
        let mut packet = tunnel.around(&carried, is_frame);
        let is_wrong = random.next() % 4 == 0;
        let mut before = sums::of(&packet, 0, None);
        if is_wrong {
            for sum in &before {
                packet[sum.at] ^= random.next() as u8 & 0x7f;
            }
            before = sums::of(&packet, 0, None);
        }
        let (mut alone, mut area) = (with_room(&carried), with_room(&packet));
        let mut alone = Headroom::between(&mut alone, ROOM..ROOM + carried.len()).unwrap();
        let mut area = Headroom::between(&mut area, ROOM..ROOM + packet.len()).unwrap();
        let mut inside = Carried::in_ip(&mut area, tunnel.at()).unwrap();
        assert_eq!(inside.packet(), carried);
        let ops: Vec<_> = (0..=random.next() % 3).map(|_| Op::any(&mut random, is_frame)).collect();
        for op in &ops {
            assert_eq!(op.apply(&mut alone), op.apply(&mut inside), "{op:?} in {tunnel:?}");
            assert_eq!(alone.packet(), inside.packet(), "{op:?} in {tunnel:?}");
        }
        drop(inside);
        // IPv6 with nothing in it says 0, which stands for more than there is room to say.
        if alone.is_empty() {
            continue;
        }
        let after = sums::of(area.packet(), 0, None);
        assert_eq!(after, before, "{ops:?} in {tunnel:?}");
        if !is_wrong {
            let anew = tunnel.around(alone.packet(), is_frame);
            let one_zero = |packet: &[u8]| with_one_zero(packet.to_vec(), &after);
            assert_eq!(one_zero(area.packet()), one_zero(&anew), "{ops:?} in {tunnel:?}");
        }
    }
}

/// A tag on and off again, in a tunnel in a tunnel: the bytes are as they were, and between the two all sums are right.
#[test]
fn there_and_back_in_two_tunnels() {
    let mut random = Random(8021);
    for _ in 0..ROUNDS / 4 {
        let (first, second) = (Tunnel::any(&mut random), Tunnel::any(&mut random));
        let (carried, is_frame) = inner(&mut random);
        if !is_frame {
            continue;
        }
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
