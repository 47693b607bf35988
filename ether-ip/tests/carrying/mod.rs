//! A packet in a tunnel that is made longer and shorter, against the same packet alone and all that is around it built anew by hand: for
//! the tests and the fuzz target.

use arbitrary::Arbitrary;
use ether_ip::arbitrary::{IpPacket, Nearly};
use ether_ip::ethernet::EtherType;
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
use ether_ip::rewrite::{Carried, pop_tag, push_tag, swap_tag};
use ether_ip::vlan::VlanHeader;
use ether_ip::{Headroom, LayerName, PacketBuffer};

use crate::sums::{self, with_one_zero};

/// What stands around a packet: IP of either version, and behind it UDP or GRE with so many bytes of a header, or nothing.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) struct Tunnel {
    pub is_ipv6: bool,
    pub upper: Upper,
    /// How many bytes stand behind the IP packet.
    pub padding: u8,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub(crate) enum Upper {
    Ip,
    Udp { behind: u8, has_checksum: bool },
    Gre { has_checksum: bool, has_key: bool },
}

impl Tunnel {
    /// How far behind the upper layer's first byte that begins which is carried.
    pub(crate) fn at(&self) -> usize {
        match self.upper {
            Upper::Ip => 0,
            Upper::Udp { behind, .. } => 8 + usize::from(behind),
            Upper::Gre { has_checksum, has_key } => 4 + 4 * usize::from(has_checksum) + 4 * usize::from(has_key),
        }
    }

    /// The packet, by hand: all lengths and checksums as the RFCs have them.
    pub(crate) fn around(&self, carried: &[u8], is_frame: bool) -> Vec<u8> {
        let is_inner_ipv6 = !is_frame && carried.first().is_some_and(|first| first >> 4 == 6);
        let (protocol, mut upper, checksum) = match self.upper {
            Upper::Ip => (if is_inner_ipv6 { 41 } else { 4 }, vec![], None),
            Upper::Udp { has_checksum, .. } => {
                let mut upper = vec![0x12; self.at()];
                upper[4..6].copy_from_slice(&((self.at() + carried.len()) as u16).to_be_bytes());
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
        packet.extend(vec![0xee; usize::from(self.padding)]);
        for field in [(!self.is_ipv6).then_some(10), checksum.map(|field| at + field)].into_iter().flatten() {
            let rest = sums::of(&packet, 0, None).iter().find(|sum| sum.at == field).unwrap().rest;
            packet[field..field + 2].copy_from_slice(&(0xffff - rest).to_be_bytes());
        }
        packet
    }
}

/// What is done to a packet, alone and where it is carried.
#[derive(Debug, Arbitrary)]
enum Op {
    Push(u16),
    Pop,
    Swap(u16),
    Translate,
    Prepend([u8; 7], u8),
    Append([u8; 7], u8),
    TrimFront(u8),
    TrimBack(u8),
    Touch(u8, u8),
}

impl Op {
    /// Does it. What would leave no IP behind IP is not done.
    fn apply(&self, packet: &mut impl PacketBuffer, is_frame: bool) -> bool {
        match *self {
            Self::Push(id) if is_frame => push_tag(packet, EtherType::VLAN, VlanHeader::new(id, EtherType(0))).is_ok(),
            Self::Pop if is_frame => pop_tag(packet).is_ok(),
            Self::Swap(id) if is_frame => swap_tag(packet.front_mut(18), id).is_ok(),
            Self::Translate if is_frame => Carried::in_ethernet(packet).is_ok_and(|mut packet| translate(&mut packet)),
            Self::Translate => translate(packet),
            Self::Prepend(bytes, len) if is_frame => packet.prepend_bytes(LayerName::PACKET, some(&bytes, len)).is_ok(),
            Self::Append(bytes, len) => packet.append_bytes(LayerName::PACKET, some(&bytes, len)).is_ok(),
            Self::TrimFront(len) if is_frame => {
                packet.trim_front((len % 32).into());
                true
            }
            Self::TrimBack(len) => {
                packet.trim_back(usize::from(len % 64).min(packet.len().saturating_sub(1)));
                true
            }
            Self::Touch(at, with) if is_frame || at > 0 => {
                packet.packet_mut().get_mut(usize::from(at)).map(|byte| *byte = with).is_some()
            }
            _ => false,
        }
    }
}

fn some(bytes: &[u8; 7], len: u8) -> &[u8] {
    &bytes[..usize::from(len % 8)]
}

/// IPv4 made IPv6, or back.
pub(crate) fn translate(packet: &mut impl PacketBuffer) -> bool {
    let translator = Translator::new();
    let prefix = Nat64Prefix::new("2001:db8:1:2::".parse().unwrap(), 96).unwrap();
    match packet.packet().first().map(|first| first >> 4) {
        Some(4) => translator.to_ipv6(packet, |address| Some(prefix.embed(address))).is_ok(),
        _ => translator.to_ipv4(packet, 7, |address| Some((address.to_bits() as u32).into())).is_ok(),
    }
}

/// A packet, right or nearly so, or a frame with such a packet.
#[derive(Debug, Arbitrary)]
pub(crate) struct Inner {
    packet: Packet,
    pub is_frame: bool,
}

#[derive(Debug, Arbitrary)]
enum Packet {
    Right(IpPacket),
    Nearly(Nearly<IpPacket>),
}

impl Inner {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let (Packet::Right(IpPacket(packet)) | Packet::Nearly(Nearly(IpPacket(packet)))) = &self.packet;
        let is_ipv6 = packet.first().is_some_and(|first| first >> 4 == 6);
        let ether_type: [u8; 2] = if is_ipv6 { [0x86, 0xdd] } else { [8, 0] };
        let link = [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1][..], &ether_type].concat();
        [if self.is_frame { &link[..] } else { &[] }, packet].concat()
    }
}

/// What is carried, in what, and what is done to it.
#[derive(Debug, Arbitrary)]
pub(crate) struct Case {
    tunnel: Tunnel,
    inner: Inner,
    /// By what the outer checksums are wrong.
    wrong: Option<[u8; 2]>,
    ops: [Option<Op>; 3],
    room: u8,
}

impl Case {
    /// The packet is what it would be if it were built anew around what was changed alone; the checksums that were wrong are wrong by what
    /// they were.
    pub(crate) fn hold(&self) {
        let Self { tunnel, inner, wrong, ops, room } = self;
        let carried = inner.bytes();
        if carried.is_empty() || carried.len() > 60_000 {
            return;
        }
        let mut packet = tunnel.around(&carried, inner.is_frame);
        for (sum, wrong) in sums::of(&packet, 0, None).iter().zip(wrong.iter().flatten()) {
            packet[sum.at] ^= wrong & 0x7f;
        }
        let before = sums::of(&packet, 0, None);
        let room = usize::from(*room);
        let with_room = |packet: &[u8]| [&vec![0xa5; room], packet, &vec![0xa5; room]].concat();
        let (mut alone, mut area) = (with_room(&carried), with_room(&packet));
        let mut alone = Headroom::between(&mut alone, room..room + carried.len()).unwrap();
        let mut area = Headroom::between(&mut area, room..room + packet.len()).unwrap();
        let mut inside = Carried::in_ip(&mut area, tunnel.at()).unwrap();
        assert_eq!(inside.packet(), carried);
        for op in ops.iter().flatten() {
            let is_done = [op.apply(&mut alone, inner.is_frame), op.apply(&mut inside, inner.is_frame)];
            assert_eq!(is_done[0], is_done[1], "{op:?} in {tunnel:?}");
            assert_eq!(alone.packet(), inside.packet(), "{op:?} in {tunnel:?}");
        }
        drop(inside);
        // IPv6 with nothing in it says 0, which stands for more than there is room to say.
        if alone.is_empty() {
            return;
        }
        let after = sums::of(area.packet(), 0, None);
        assert_eq!(after, before, "{ops:?} in {tunnel:?}");
        if wrong.is_none() {
            let anew = tunnel.around(alone.packet(), inner.is_frame);
            let one_zero = |packet: &[u8]| with_one_zero(packet.to_vec(), &after);
            assert_eq!(one_zero(area.packet()), one_zero(&anew), "{ops:?} in {tunnel:?}");
        }
    }
}
