//! Laws that hold for all values.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails loudly"
)]

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::checksum::{self, Change, Checksum, PseudoHeader};
use ether_ip::ecn;
use ether_ip::ethernet::{EtherType, EthernetFrame, EthernetHeader, MacAddr};
use ether_ip::gre::Gre;
use ether_ip::gtp_u::{GtpU, GtpUExtension, GtpUExtensionType, GtpUPacket};
use ether_ip::igmp::{IgmpMessage, IgmpPacket};
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ip_tunnel::{GreTemplate, IpDecapsulator, IpTemplate};
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::ipv6_extension::{Extension, Extensions};
use ether_ip::multicast::{GROUP_RECORD, GroupRecord, GroupRecords};
use ether_ip::outer::Outer;
use ether_ip::stack::{Ethernet, Ip, Udp, Vlans};
use ether_ip::udp::{UdpChecksum, UdpDatagram, UdpHeader};
use ether_ip::vlan::{VlanHeader, VlanTag};
use ether_ip::writer::Writer;
use ether_ip::{Error, Headroom, LayerName, PacketBuffer, Rule, flow};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// Bytes, of odd and even lengths.
fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..=most)
}

/// A UDP packet over IPv4 or IPv6 with any addresses, class and hops, and what is in it.
fn udp_packet() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let ends = prop_oneof![
        any::<(Ipv4Addr, Ipv4Addr)>().prop_map(|(from, to)| (IpAddr::V4(from), IpAddr::V4(to))),
        any::<(Ipv6Addr, Ipv6Addr)>().prop_map(|(from, to)| (IpAddr::V6(from), IpAddr::V6(to))),
    ];
    (ends, any::<(u16, u16, u8)>(), 1..=u8::MAX, bytes(300)).prop_map(|(ends, (from, to, class), hops, payload)| {
        let mut buffer = vec![0; 48 + payload.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &payload).unwrap();
        match ends {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let mut ip = Ipv4Header::new(source, destination, IpProtocol::UDP);
                ip.set_dscp(class >> 2);
                ip.set_ecn(Ecn::from_bits(class));
                ip.set_ttl(hops);
                let checksum = UdpChecksum::Computed(ip.pseudo_header());
                UdpHeader::new(from, to).prepend(&mut packet, checksum).unwrap();
                ip.prepend(&[], &mut packet).unwrap();
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                let mut ip = Ipv6Header::new(source, destination, IpProtocol::UDP);
                ip.set_traffic_class(class);
                ip.set_hop_limit(hops);
                let checksum = UdpChecksum::Computed(ip.pseudo_header(IpProtocol::UDP));
                UdpHeader::new(from, to).prepend(&mut packet, checksum).unwrap();
                ip.prepend(&mut packet).unwrap();
            }
            _ => unreachable!("both are of one family"),
        }
        (packet.packet().to_vec(), payload)
    })
}

fn outer() -> impl Strategy<Value = Outer> {
    prop_oneof![
        any::<(Ipv4Addr, Ipv4Addr)>().prop_map(|(from, to)| Outer::ipv4(from, to)),
        any::<(Ipv6Addr, Ipv6Addr)>().prop_map(|(from, to)| Outer::ipv6(from, to)),
    ]
}

/// What can be done with a [`PacketBuffer`].
#[derive(Debug, Clone)]
enum Step {
    Prepend(Vec<u8>),
    Append(Vec<u8>),
    TrimFront(usize),
    TrimBack(usize),
    TakeBack(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        bytes(20).prop_map(Step::Prepend),
        bytes(20).prop_map(Step::Append),
        (0_usize..30).prop_map(Step::TrimFront),
        (0_usize..30).prop_map(Step::TrimBack),
        (0_usize..60).prop_map(Step::TakeBack),
        Just(Step::TrimFront(usize::MAX)),
    ];
    vec(step, 0..20)
}

fn take(step: &Step, packet: &mut impl PacketBuffer) -> Result<(), Error> {
    match step {
        Step::Prepend(bytes) => packet.prepend_bytes(LayerName::PACKET, bytes)?,
        Step::Append(bytes) => packet.append_bytes(LayerName::PACKET, bytes)?,
        Step::TrimFront(len) => packet.trim_front(*len),
        Step::TrimBack(len) => packet.trim_back(*len),
        Step::TakeBack(len) => packet.take_back(*len),
    }
    Ok(())
}

/// The same, as the words say it.
fn expected(step: &Step, packet: &[u8]) -> Vec<u8> {
    let len = packet.len();
    match step {
        Step::Prepend(bytes) => [bytes, packet].concat(),
        Step::Append(bytes) => [packet, bytes].concat(),
        Step::TrimFront(by) => packet[len.min(*by)..].to_vec(),
        Step::TrimBack(by) => packet[..len - len.min(*by)].to_vec(),
        Step::TakeBack(last) => packet[len - len.min(*last)..].to_vec(),
    }
}

/// Headers of a frame, tags, the ends of an IP packet, a datagram's header and payload.
type Found = (EthernetHeader, Vec<VlanHeader>, (IpAddr, IpAddr), UdpHeader, Vec<u8>);

/// What `Ethernet / Vlans / Ip / Udp` is, one by one.
fn by_hand(bytes: &[u8]) -> Result<Found, Error> {
    let other = |layer, field, value, rule| Err(Error::OtherLayer { layer, field, value, rule });
    let frame = EthernetFrame::parse(bytes)?;
    let (mut layer, mut ether_type, mut rest) = (LayerName::ETHERNET, frame.ether_type(), frame.into_payload());
    let mut tags = Vec::new();
    while ether_type.is_vlan() {
        let tag = VlanTag::parse(rest)?;
        tags.push(*tag.header());
        (layer, ether_type, rest) = (LayerName::VLAN, tag.ether_type(), tag.into_payload());
    }
    let (ends, layer, field, protocol, rest) = match ether_type {
        EtherType::IPV4 => {
            let ip = Ipv4Packet::parse(rest)?;
            if ip.fragment_offset() > 0 {
                return other(LayerName::IPV4, "fragment offset", ip.fragment_offset() as u32, Rule::Exactly(0));
            }
            let ends = (ip.source().into(), ip.destination().into());
            (ends, LayerName::IPV4, "protocol", ip.protocol(), ip.into_payload())
        }
        EtherType::IPV6 => {
            let ip = Ipv6Packet::parse(rest)?;
            let upper = Extensions::new(ip.next_header(), ip.into_payload()).upper_layer()?;
            if upper.is_later_fragment {
                let offset =
                    Extensions::new(ip.next_header(), ip.into_payload()).find_map(|extension| match extension {
                        Ok(Extension::Fragment(fragment)) => {
                            Some(fragment.fragment_offset()).filter(|offset| *offset > 0)
                        }
                        _ => None,
                    });
                return other(LayerName::FRAGMENT, "fragment offset", offset.unwrap() as u32, Rule::Exactly(0));
            }
            let ends = (ip.source().into(), ip.destination().into());
            (ends, LayerName::IPV6, "next header", upper.protocol, upper.payload)
        }
        _ => return other(layer, "EtherType", ether_type.0.into(), Rule::Either(0x800, 0x86dd)),
    };
    if protocol != IpProtocol::UDP {
        return other(layer, field, protocol.0.into(), Rule::Exactly(17));
    }
    let udp = UdpDatagram::parse(rest)?;
    Ok((*frame.header(), tags, ends, *udp.header(), udp.payload().to_vec()))
}

/// Frames with a UDP packet in them, tags in front of it and extension headers, some of them not quite right; and any bytes.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let tags = vec((0_u16..4096, any::<bool>()), 0..4);
    let options = proptest::option::of(prop_oneof![Just(60_u8), Just(43), Just(44), Just(0)]);
    let changes = vec((any::<Index>(), any::<u8>()), 0..3);
    let frames = (udp_packet(), tags, options, changes, any::<Index>(), any::<bool>());
    let good = frames.prop_map(|((mut packet, _), tags, options, changes, cut, is_cut)| {
        let mut ether_type = if packet[0] >> 4 == 4 { EtherType::IPV4 } else { EtherType::IPV6 };
        if let (EtherType::IPV6, Some(header)) = (ether_type, options) {
            let next = std::mem::replace(&mut packet[6], header);
            packet.splice(40..40, [next, 0, 0, 0, 1, 0, 0, 0]);
            packet[5] = packet[5].wrapping_add(8);
        }
        let mut buffer = vec![0; 30 + packet.len()];
        let mut frame = Headroom::with_payload(&mut buffer, &packet).unwrap();
        for (id, is_service) in tags {
            VlanHeader::new(id, ether_type).prepend(&mut frame).unwrap();
            ether_type = if is_service { EtherType::SERVICE_VLAN } else { EtherType::VLAN };
        }
        EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), ether_type).prepend(&mut frame).unwrap();
        let mut frame = frame.packet().to_vec();
        // In the headers mostly.
        let headers = frame.len().min(60);
        changes.iter().for_each(|(at, byte)| frame[at.index(headers)] = *byte);
        frame.truncate(if is_cut { cut.index(frame.len()) } else { frame.len() });
        frame
    });
    prop_oneof![9 => good, 1 => bytes(100)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A stack gives what its layers give one by one, to be read and to be changed, and the same errors.
    #[test]
    fn a_stack_is_its_layers_one_by_one(mut bytes in frame()) {
        let expected = by_hand(&bytes);
        let stack = Ethernet / Vlans / Ip / Udp;
        let found = stack.parse(&bytes).map(|(ethernet, vlans, ip, udp)| {
            let ends = (ip.source(), ip.destination());
            (*ethernet.header(), vlans.to_vec(), ends, *udp.header(), udp.payload().to_vec())
        });
        prop_assert_eq!(&found, &expected);
        let found = stack.parse_mut(&mut bytes).map(|(ethernet, vlans, ip, udp)| {
            let ends = (ip.source(), ip.destination());
            (*ethernet, vlans.to_vec(), ends, *udp.header(), udp.payload().to_vec())
        });
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    /// All buffers hold the same packet, whatever was put in front of it and behind it and taken off again; and a slice, whose room ends,
    /// is as it was after what does not fit.
    #[test]
    fn buffers_agree(payload in bytes(30), rooms in (0_usize..80, 0_usize..80), steps in steps()) {
        let mut buffer = vec![0xee; rooms.0 + payload.len() + rooms.1];
        buffer[rooms.0..][..payload.len()].copy_from_slice(&payload);
        let whole = buffer.len();
        let mut slice = Headroom::between(&mut buffer, rooms.0..rooms.0 + payload.len()).unwrap();
        let mut packet = payload.clone();
        #[cfg(feature = "alloc")]
        let mut owned = payload.clone();
        #[cfg(feature = "bytes")]
        let mut shared = bytes::BytesMut::from(&payload[..]);
        for step in &steps {
            let (room, needed) = match step {
                Step::Prepend(bytes) => (slice.headroom(), bytes.len()),
                Step::Append(bytes) => (slice.tailroom(), bytes.len()),
                _ => (0, 0),
            };
            if room < needed {
                let no_room = Error::NoRoom { layer: LayerName::PACKET, needed, available: room };
                prop_assert_eq!(take(step, &mut slice), Err(no_room));
                continue;
            }
            packet = expected(step, &packet);
            take(step, &mut slice).unwrap();
            prop_assert_eq!(slice.packet(), &packet[..]);
            prop_assert_eq!(slice.headroom() + slice.len() + slice.tailroom(), whole);
            #[cfg(feature = "alloc")]
            {
                take(step, &mut owned).unwrap();
                prop_assert_eq!(owned.packet(), &packet[..]);
            }
            #[cfg(feature = "bytes")]
            {
                take(step, &mut shared).unwrap();
                prop_assert_eq!(shared.packet(), &packet[..]);
            }
        }
        prop_assert_eq!(slice.packet_mut(), &packet[..]);
        prop_assert_eq!(slice.into_packet(), &packet[..]);
    }

    /// RFC 1071: the sum word by word, as the RFC's own text has it.
    #[test]
    fn a_checksum_is_the_sum_of_words(bytes in bytes(2000)) {
        let words = bytes.chunks(2).map(|word| u32::from(word[0]) << 8 | u32::from(*word.get(1).unwrap_or(&0)));
        let mut sum: u32 = words.sum();
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        prop_assert_eq!(checksum::of(&bytes), !(sum as u16));
    }

    /// Pieces give what the whole gives, wherever it is cut.
    #[test]
    fn a_checksum_may_be_taken_in_pieces(bytes in bytes(300), cuts in vec(any::<Index>(), 0..6)) {
        let mut at: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        let pieces = at.windows(2).map(|ends| &bytes[ends[0]..ends[1]]);
        prop_assert_eq!(pieces.fold(Checksum::new(), Checksum::bytes).finish(), checksum::of(&bytes));
    }

    /// RFC 1624: headers that are changed in place are right where they were, and wrong where they were wrong.
    #[test]
    fn a_packet_changed_in_place_is_as_right_as_it_was(
        (mut packet, payload) in udp_packet(), ends in any::<(Ipv6Addr, Ipv6Addr)>(), ports in any::<(u16, u16)>(), is_right: bool,
    ) {
        let is_v4 = packet[0] >> 4 == 4;
        let v4 = |address: Ipv6Addr| Ipv4Addr::from_bits(address.to_bits() as u32);
        // A port of one bit more makes it wrong, whatever is in it.
        let port = packet.len() - payload.len() - 8;
        packet[port] ^= u8::from(!is_right);
        let (changes, at) = if is_v4 {
            let mut ip = Ipv4Packet::parse(&mut packet[..]).unwrap();
            ([ip.change_source(v4(ends.0)), ip.change_destination(v4(ends.1))], 20)
        } else {
            let mut ip = Ipv6Packet::parse(&mut packet[..]).unwrap();
            ([ip.change_source(ends.0), ip.change_destination(ends.1)], 40)
        };
        let mut udp = UdpDatagram::parse(&mut packet[at..]).unwrap();
        changes.into_iter().for_each(|change| udp.change_checksum(change));
        udp.change_source_port(ports.0);
        udp.change_destination_port(ports.1);
        prop_assert_ne!(udp.checksum(), 0);
        let pseudo = if is_v4 {
            let ip = Ipv4Packet::parse(&packet[..]).unwrap();
            prop_assert!(ip.checksum_is_valid());
            prop_assert_eq!((ip.source(), ip.destination()), (v4(ends.0), v4(ends.1)));
            ip.pseudo_header()
        } else {
            let ip = Ipv6Packet::parse(&packet[..]).unwrap();
            prop_assert_eq!((ip.source(), ip.destination()), ends);
            ip.pseudo_header(IpProtocol::UDP)
        };
        let udp = UdpDatagram::parse(&packet[at..]).unwrap();
        prop_assert_eq!((udp.source_port(), udp.destination_port()), ports);
        prop_assert_eq!(udp.checksum_is_valid(&pseudo), is_right);
    }

    /// RFC 1624: a checksum that is patched is the one of the changed bytes, wherever they stand. The two zeros of ones' complement
    /// are one number.
    #[test]
    fn a_patched_checksum_is_that_of_the_changed(
        old in vec(any::<u8>(), 8..200), new in any::<[u8; 7]>(), words in vec(any::<[u8; 2]>(), 0..8), at in any::<Index>(),
    ) {
        let at = at.index(old.len() - 7);
        let before: [u8; 7] = old[at..at + 7].try_into().unwrap();
        let mut changed = old.clone();
        changed[at..at + 7].copy_from_slice(&new);
        let is_same = |a: u16, b: u16| a == b || [a, b].iter().all(|sum| matches!(sum, 0 | 0xffff));
        let patched = Change::new().bytes(at, &before, &new).apply(checksum::of(&old));
        prop_assert!(is_same(patched, checksum::of(&changed)));
        // Byte by byte comes to the same.
        let bytes = before.into_iter().zip(new).zip(at..);
        let by_bytes = bytes.fold(Change::new(), |sum, ((old, new), at)| sum.bytes(at, &[old], &[new]));
        prop_assert!(is_same(by_bytes.apply(checksum::of(&old)), checksum::of(&changed)));
        let word = |bytes: &[u8]| u16::from_be_bytes([bytes[0], bytes[1]]);
        let by_word = Change::new().word(at, word(&before), word(&new)).bytes(at + 2, before[2..].first_chunk::<5>().unwrap(), new[2..].first_chunk().unwrap());
        prop_assert!(is_same(by_word.apply(checksum::of(&old)), checksum::of(&changed)));
        // Words come in, and go out again.
        let grown = [&old[..at], words.as_flattened(), &old[at..]].concat();
        prop_assert!(is_same(Change::new().inserted(at, &words).apply(checksum::of(&old)), checksum::of(&grown)));
        prop_assert!(is_same(Change::new().removed(at, &words).apply(checksum::of(&grown)), checksum::of(&old)));
    }

    /// What is built is read: addresses, ports, payload; and the checksums are right until a bit changes.
    #[test]
    fn what_is_built_is_read((packet, payload) in udp_packet(), bit in any::<Index>()) {
        let checked = |packet: &[u8]| -> Option<(bool, Vec<u8>)> {
            let (pseudo, ip_is_good, upper) = match packet[0] >> 4 {
                4 => {
                    let ip = Ipv4Packet::parse(packet).ok()?;
                    (ip.pseudo_header(), ip.checksum_is_valid(), ip.into_payload())
                }
                _ => {
                    let ip = Ipv6Packet::parse(packet).ok()?;
                    (ip.pseudo_header(IpProtocol::UDP), true, ip.into_payload())
                }
            };
            let udp = UdpDatagram::parse(upper).ok()?;
            Some((ip_is_good && udp.checksum_is_valid(&pseudo), udp.payload().to_vec()))
        };
        prop_assert_eq!(checked(&packet), Some((true, payload.clone())));
        // A bit of what the checksums cover: not of IPv6's class, flow label, next header and hops.
        let at = bit.index(8 * packet.len());
        let is_covered = packet[0] >> 4 == 4 || !matches!(at / 8, 0..=3 | 6 | 7);
        let mut broken = packet.clone();
        broken[at / 8] ^= 0x80 >> (at % 8);
        // UDP's checksum may have become zero: then there is none.
        let has_none = broken[packet.len() - payload.len() - 2..][..2] == [0, 0];
        if is_covered && !has_none {
            prop_assert!(checked(&broken).is_none_or(|(is_good, _)| !is_good));
        }
    }

    /// A router's step patches the checksum to the one that it would compute.
    #[test]
    fn a_hop_leaves_the_checksum_right((packet, _) in udp_packet()) {
        let mut packet = packet;
        if packet[0] >> 4 == 4 {
            let mut ip = Ipv4Packet::parse(&mut packet[..]).unwrap();
            let before = ip.ttl();
            prop_assert_eq!(ip.decrement_ttl(), Some(before - 1));
            prop_assert!(ip.checksum_is_valid());
            ip.change_traffic_class(0xb9);
            prop_assert!(ip.checksum_is_valid());
        }
    }

    /// Tags come off in the order in which they were put on, reversed.
    #[test]
    fn tags_come_off_as_they_went_on(ids in vec(0_u16..4096, 0..8), payload in vec(any::<u8>(), 1..100)) {
        let mut buffer = vec![0; 14 + 4 * 8 + 100];
        let mut packet = Headroom::with_payload(&mut buffer, &payload).unwrap();
        let mut ether_type = EtherType(0x88b5);
        for id in &ids {
            VlanHeader::new(*id, ether_type).prepend(&mut packet).unwrap();
            ether_type = EtherType::VLAN;
        }
        EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), ether_type).prepend(&mut packet).unwrap();
        let frame = EthernetFrame::parse(packet.packet()).unwrap();
        let (mut ether_type, mut rest) = (frame.ether_type(), frame.into_payload());
        for id in ids.iter().rev() {
            prop_assert_eq!(ether_type, EtherType::VLAN);
            let tag = VlanTag::parse(rest).unwrap();
            prop_assert_eq!(tag.id(), *id);
            (ether_type, rest) = (tag.ether_type(), tag.into_payload());
        }
        prop_assert_eq!((ether_type, rest), (EtherType(0x88b5), &payload[..]));
    }

    /// `decapsulate(encapsulate(x)) == x`: IP in IP and GRE, of either family in either.
    #[test]
    fn a_packet_comes_out_of_a_tunnel_as_it_went_in(
        (inner, _) in udp_packet(), outer in outer(), key in any::<Option<u32>>(), sequence in any::<Option<u32>>(),
    ) {
        let ether_type = if inner[0] >> 4 == 4 { EtherType::IPV4 } else { EtherType::IPV6 };
        let gre = Gre { key, ..Gre::new(ether_type) };
        let (ip, gre) = (IpTemplate::new(&outer), GreTemplate::new(&outer, gre));
        let mut buffer = vec![0; 100 + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
        ip.encapsulate(&mut packet).unwrap();
        let found = IpDecapsulator::new().decapsulate_ip(packet.packet()).unwrap();
        prop_assert_eq!(&packet.packet()[found.inner], &inner[..]);
        prop_assert_eq!((found.protocol_type, packet.len()), (ether_type, ip.overhead() + inner.len()));
        let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
        match sequence {
            Some(number) => gre.encapsulate_with(&mut packet, number),
            None => gre.encapsulate(&mut packet),
        }
        .unwrap();
        let found = IpDecapsulator::new().decapsulate_ip(packet.packet()).unwrap();
        prop_assert_eq!(&packet.packet()[found.inner], &inner[..]);
        prop_assert_eq!((found.key, found.sequence), (key, sequence));
    }

    /// Packets of a flow have one entropy, whatever else is in them; and a tag does not change it.
    #[test]
    fn a_flow_has_one_entropy((packet, _) in udp_packet(), class in any::<u8>(), payload in any::<u8>()) {
        let mut other = packet.clone();
        match other[0] >> 4 {
            4 => Ipv4Packet::parse(&mut other[..]).unwrap().change_traffic_class(class),
            _ => Ipv6Packet::parse(&mut other[..]).unwrap().set_traffic_class(class),
        }
        let last = other.len() - 1;
        if last >= 48 {
            other[last] = payload;
        }
        prop_assert_eq!(flow::ip_entropy(&packet), flow::ip_entropy(&other));
    }

    /// A packet that leaves a tunnel has the mark that [`ecn::leave`] says, and a right checksum; or it is as it was.
    #[test]
    fn a_mark_leaves_the_checksum_right((packet, _) in udp_packet(), outer in 0_u8..4) {
        let outer = Ecn::from_bits(outer);
        let class = ecn::ip_class(&packet).unwrap();
        let mut left = packet.clone();
        let expected = ecn::leave(Ecn::from_bits(class), outer);
        prop_assert_eq!(ecn::leave_ip(&mut left, outer), expected);
        match expected {
            None => prop_assert_eq!(&left, &packet),
            Some(of) => prop_assert_eq!(ecn::ip_class(&left), Some(class & !3 | of.ecn as u8)),
        }
        prop_assert!(left[0] >> 4 == 6 || Ipv4Packet::parse(&left[..]).unwrap().checksum_is_valid());
    }

    /// With the right checksum in place the sum over all is zero, whatever the pseudo-header.
    #[test]
    fn the_sum_over_a_right_checksum_is_zero(ends in any::<(Ipv6Addr, Ipv6Addr)>(), mut bytes in vec(any::<u8>(), 2..100)) {
        let pseudo = PseudoHeader::ipv6(ends.0, ends.1, IpProtocol::UDP);
        bytes[..2].copy_from_slice(&[0, 0]);
        let sum = pseudo.checksum(&bytes);
        bytes[..2].copy_from_slice(&sum.to_be_bytes());
        prop_assert_eq!(pseudo.checksum(&bytes), 0);
    }

    /// A report of any group records is read as it was built, and one bit that fell over is noticed.
    #[test]
    fn what_listeners_say_is_read(
        records in vec((any::<u8>(), any::<[u8; 4]>(), vec(any::<[u8; 4]>(), 0..5), 0_usize..3), 0..6),
        bit in any::<Index>(),
    ) {
        let auxiliary = [7; 8];
        let records: Vec<_> = records
            .iter()
            .map(|(kind, group, sources, words)| GroupRecord {
                auxiliary: &auxiliary[..words * 4],
                ..GroupRecord::new((*kind).into(), *group, sources)
            })
            .collect();
        let mut written = [0; 300];
        let mut writer = Writer::new(GROUP_RECORD, &mut written);
        records.iter().try_for_each(|record| record.write(&mut writer)).unwrap();
        let report = IgmpMessage::ReportV3(GroupRecords::of(writer.written()).unwrap());
        let mut buffer = [0; 308];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        report.prepend(&mut packet).unwrap();
        let packet = packet.into_packet();
        let read = IgmpPacket::parse(&packet[..]).unwrap();
        prop_assert!(read.checksum_is_valid());
        let Ok(IgmpMessage::ReportV3(said)) = IgmpMessage::parse(&read) else { panic!("{read:?}") };
        prop_assert!(said.iter().eq(records.iter().copied().map(Ok)));
        let bit = bit.index(packet.len() * 8);
        packet[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!IgmpPacket::parse(&packet[..]).unwrap().checksum_is_valid());
    }

    /// A message of GTP-U is read as it was built, whatever its fields and extension headers.
    #[test]
    fn what_gtp_u_carries_is_read(
        (kind, teid, sequence, npdu_number) in any::<(u8, u32, Option<u16>, Option<u8>)>(),
        chain in vec((1_u8.., 0_usize..5, any::<u8>()), 0..6),
        payload in bytes(100),
    ) {
        let contents: Vec<_> = chain.iter().map(|(_, words, byte)| vec![*byte; words * 4 + 2]).collect();
        let kinds = chain.iter().map(|(kind, ..)| GtpUExtensionType(*kind));
        let extensions: Vec<_> =
            kinds.zip(&contents).map(|(kind, content)| GtpUExtension { kind, content }).collect();
        let message = GtpU { kind: kind.into(), teid, sequence, npdu_number, extensions: &extensions };
        let mut buffer = [0; 300];
        let mut packet = Headroom::with_payload(&mut buffer, &payload).unwrap();
        message.prepend(&mut packet).unwrap();
        let read = GtpUPacket::parse(packet.packet()).unwrap();
        let said = (read.kind().0, read.teid(), read.sequence(), read.npdu_number());
        prop_assert_eq!(said, (kind, teid, sequence, npdu_number));
        prop_assert!(read.extensions().eq(extensions.iter().copied()));
        prop_assert_eq!((read.payload(), read.trailer()), (&payload[..], &[][..]));
    }
}
