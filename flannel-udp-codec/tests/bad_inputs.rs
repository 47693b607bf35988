//! The Flannel part of BAD-INPUTS.md, line by line: bytes, and the exact outcome. The lines about leases are in `lease.rs`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::net::Ipv4Addr;

use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message, Icmpv4Packet};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::{Headroom, LayerName, Rule};
use flannel_udp_codec::{
    ByteOrder, Control, ControlRecord, Error, FLANNEL_UDP, FirstMatch, FlannelFrame, Forwarding, MAX_ANSWER, Node,
    Reason, Style, SubnetRoute, inner_mtu,
};

const POD: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 2);
const FAR_POD: Ipv4Addr = Ipv4Addr::new(10, 244, 2, 2);
const NOWHERE: Ipv4Addr = Ipv4Addr::new(10, 244, 77, 7);
const TUN: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 0);

/// A packet of `payload`, its header as `change` leaves it, with a right checksum.
fn packet(destination: Ipv4Addr, payload: &[u8], change: impl FnOnce(&mut Ipv4Header)) -> Vec<u8> {
    let mut header = Ipv4Header::new(POD, destination, IpProtocol::UDP);
    change(&mut header);
    let mut buffer = vec![0; 20 + payload.len()];
    header.prepend(&[], &mut Headroom::with_payload(&mut buffer, payload).unwrap()).unwrap();
    buffer
}

fn forward(node: Node, bytes: &mut [u8]) -> Forwarding {
    let mut places = [SubnetRoute::NONE; 1];
    let mut routes = FirstMatch::new(&mut places);
    routes.set(SubnetRoute::new("10.244.2.0/24".parse().unwrap(), "192.0.2.2:8285".parse().unwrap())).unwrap();
    node.forward(bytes, &mut routes)
}

fn send() -> Forwarding {
    Forwarding::Send("192.0.2.2:8285".parse().unwrap())
}

/// Both ways refuse it alike, and leave it as it was.
fn malformed(bytes: &[u8], error: Error) {
    let mut changed = bytes.to_vec();
    assert_eq!(FlannelFrame::parse(bytes).unwrap_err(), error);
    assert_eq!(forward(Node::new(TUN), &mut changed), Forwarding::Drop(Reason::Malformed(error)));
    assert_eq!(Node::new(TUN).deliver(&mut changed), Forwarding::Drop(Reason::Malformed(error)));
    assert_eq!(changed, bytes);
}

#[test]
fn payload_under_20_bytes() {
    let whole = packet(FAR_POD, &[], |_| {});
    for available in 0..20 {
        malformed(&whole[..available], Error::Truncated { layer: LayerName::IPV4, needed: 20, available });
    }
}

#[test]
fn first_nibble_6() {
    let mut bytes = packet(FAR_POD, &[0; 30], |_| {});
    bytes[0] = 0x65;
    let (field, rule) = ("version", Rule::Exactly(4));
    malformed(&bytes, Error::Malformed { layer: LayerName::IPV4, field, value: 6, rule });
}

#[test]
fn total_length_under_and_over_the_payload() {
    let mut bytes = packet(FAR_POD, &[0; 30], |_| {});
    bytes[2..4].copy_from_slice(&51_u16.to_be_bytes());
    malformed(&bytes, Error::Truncated { layer: LayerName::IPV4, needed: 51, available: 50 });
    let exactly = |value| {
        let (field, rule) = ("total length", Rule::Exactly(50));
        Error::Malformed { layer: FLANNEL_UDP, field, value, rule }
    };
    // 0 is what a network card was to fill, which never happens in a datagram.
    for length in [49_u16, 20, 0] {
        bytes[2..4].copy_from_slice(&length.to_be_bytes());
        malformed(&bytes, exactly(u32::from(length)));
    }
    bytes[2..4].copy_from_slice(&19_u16.to_be_bytes());
    let (field, rule) = ("total length", Rule::AtLeast(20));
    malformed(&bytes, Error::Malformed { layer: LayerName::IPV4, field, value: 19, rule });
}

/// RFC 1812 §5.3.1: a packet with a TTL of 0 or 1 goes no further; flannel sends 0 on as 255.
#[test]
fn ttl_0_1_and_2() {
    for ttl in [0, 1] {
        let bytes = packet(FAR_POD, &[0; 8], |header| header.set_ttl(ttl));
        let mut changed = bytes.clone();
        let expired = Forwarding::Drop(Reason::TtlExpired { ttl });
        assert_eq!(forward(Node::new(TUN), &mut changed), expired);
        assert_eq!(Node::new(TUN).deliver(&mut changed), expired);
        assert_eq!(changed, bytes);
        let router = Node::new(TUN).time_exceeded(true);
        for outcome in [forward(router, &mut changed), router.deliver(&mut changed)] {
            let Forwarding::Answer(answer) = outcome else { panic!("{outcome:?}") };
            assert_eq!(answer.message, Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] });
            assert_eq!(answer.reason, Reason::TtlExpired { ttl });
        }
        // RFC 1812 §4.3.2.4: the packet is quoted as it came, with the TTL that it had.
        assert_eq!(changed, bytes);
    }
    let mut bytes = packet(FAR_POD, &[0; 8], |header| header.set_ttl(2));
    assert_eq!(forward(Node::new(TUN), &mut bytes), send());
    assert_eq!(bytes, packet(FAR_POD, &[0; 8], |header| header.set_ttl(1)));
}

/// RFC 1624 §3, and the patch of proxy_amd64.c, whose arithmetic is this: one added to the checksum as a little-endian number,
/// and one more where that passes 0xfffe.
#[test]
fn checksum_after_the_decrement() {
    let flannel = |checksum: u16| {
        let stored = checksum.swap_bytes();
        stored.wrapping_add(if stored >= 0xfffe { 2 } else { 1 }).swap_bytes()
    };
    assert_eq!([0x0000, 0xfeff, 0xffff].map(flannel), [0x0100, 0x0000, 0x0100]);
    let mut bytes = packet(FAR_POD, &[1, 2, 3], |_| {});
    for ttl in 2..=255 {
        // Every checksum with one TTL; with the others those at which the sum wraps.
        let all = (0..=u16::MAX).filter(|of| ttl == 64 || [0, 0xff, 0xfeff, 0xff00, 0xffff].contains(of));
        for checksum in all {
            bytes[8] = ttl;
            bytes[10..12].copy_from_slice(&checksum.to_be_bytes());
            assert_eq!(Node::new(TUN).deliver(&mut bytes), Forwarding::Deliver);
            let after = u16::from_be_bytes([bytes[10], bytes[11]]);
            assert_eq!((bytes[8], after), (ttl - 1, flannel(checksum)), "checksum {checksum:#06x}");
        }
        // A right checksum stays right.
        let mut good = packet(FAR_POD, &[1, 2, 3], |header| header.set_ttl(ttl));
        assert_eq!(forward(Node::new(TUN), &mut good), send());
        assert_eq!(good, packet(FAR_POD, &[1, 2, 3], |header| header.set_ttl(ttl - 1)));
    }
}

/// RFC 1812 §5.2.2, on request.
#[test]
fn wrong_checksum() {
    let mut bytes = packet(FAR_POD, &[0; 8], |_| {});
    bytes[10] ^= 1;
    let checksum = u16::from_be_bytes([bytes[10], bytes[11]]);
    let strict = Node::new(TUN).checksum(true);
    assert_eq!(strict.deliver(&mut bytes), Forwarding::Drop(Reason::Checksum { checksum }));
    assert_eq!(Node::new(TUN).deliver(&mut bytes.clone()), Forwarding::Deliver);
    bytes[10] ^= 1;
    assert_eq!(strict.deliver(&mut bytes), Forwarding::Deliver);
}

/// What is said about a packet that has no route.
fn about(style: Style, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut changed = bytes.to_vec();
    match forward(Node::new(TUN).style(style), &mut changed) {
        Forwarding::Answer(answer) => {
            assert_eq!(answer.message, Icmpv4Message::unreachable(0));
            Some(answer.write(bytes, &mut [0; MAX_ANSWER]).unwrap().to_vec())
        }
        Forwarding::Drop(Reason::NoRoute { .. }) => None,
        other => panic!("{other:?}"),
    }
}

const STYLES: [Style; 2] = [Style::Flannel, Style::Rfc1812];

#[test]
fn no_route_gets_net_unreachable() {
    let bytes = packet(NOWHERE, &[7; 1000], |_| {});
    for (style, ttl, dscp, total_length) in [(Style::Flannel, 8, 0, 56), (Style::Rfc1812, 64, 48, 576)] {
        let answer = about(style, &bytes).unwrap();
        let ip = Ipv4Packet::parse(&answer[..]).unwrap();
        assert!(ip.checksum_is_valid() && ip.trailer().is_empty());
        assert_eq!((ip.source(), ip.destination(), ip.protocol()), (TUN, POD, IpProtocol::ICMP));
        assert_eq!((ip.ttl(), ip.dscp(), ip.identification(), ip.dont_fragment()), (ttl, dscp, 0, false));
        assert_eq!(ip.total_length(), total_length);
        let icmp = Icmpv4Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid());
        assert_eq!((icmp.kind().0, icmp.code(), icmp.rest()), (3, 0, [0; 4]));
        assert_eq!(icmp.payload(), &bytes[..usize::from(total_length) - 28]);
    }
    // Less than 8 bytes of payload: all of them.
    assert_eq!(about(Style::Flannel, &packet(NOWHERE, &[7; 3], |_| {})).unwrap().len(), 28 + 23);
}

#[test]
fn never_about_an_icmp_error() {
    let icmp = |message| {
        let mut buffer = [0; 36];
        let mut answer = Headroom::with_payload(&mut buffer, &[0; 28]).unwrap();
        Icmpv4Header::new(message).prepend(&mut answer).unwrap();
        packet(NOWHERE, &buffer, |header| header.set_protocol(IpProtocol::ICMP))
    };
    for message in [Icmpv4Message::unreachable(3), Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] }] {
        assert_eq!(STYLES.map(|style| about(style, &icmp(message))), [None, None]);
    }
    // RFC 1122 §3.2.2 speaks of errors; flannel's proxy is silent about any ICMP.
    let ping = icmp(Icmpv4Message::EchoRequest { identifier: 1, sequence: 1 });
    assert_eq!(STYLES.map(|style| about(style, &ping).is_some()), [false, true]);
    let empty = packet(NOWHERE, &[], |header| header.set_protocol(IpProtocol::ICMP));
    assert_eq!(STYLES.map(|style| about(style, &empty)), [None, None]);
}

#[test]
fn never_about_a_later_fragment() {
    for (offset, more, is_answered) in [(8, true, false), (8, false, false), (0, true, true)] {
        let bytes = packet(NOWHERE, &[0; 16], |header| {
            header.set_fragment_offset(offset);
            header.set_more_fragments(more);
        });
        assert_eq!(STYLES.map(|style| about(style, &bytes).is_some()), [is_answered; 2]);
    }
}

/// proxy_amd64.c, `send_net_unreachable`: a header of 60 bytes or more is "mulformed". It is not (RFC 791 §3.1), and a router answers.
#[test]
fn about_a_header_of_60_bytes() {
    for (len, is_answered) in [(56, [true, true]), (60, [false, true])] {
        let mut bytes = vec![1; len + 8];
        let header = Ipv4Header::new(POD, NOWHERE, IpProtocol::UDP);
        header.prepend(&[1; 40][..len - 20], &mut Headroom::new(&mut bytes, 8).unwrap()).unwrap();
        assert_eq!(STYLES.map(|style| about(style, &bytes).is_some()), is_answered, "{len}");
    }
}

#[test]
fn never_about_many_or_nobody() {
    for source in ["0.0.0.0", "224.0.0.1", "239.255.255.255", "255.255.255.255", "127.0.0.1", "240.0.0.1"] {
        let bytes = packet(NOWHERE, &[0; 16], |header| header.set_source(source.parse().unwrap()));
        assert_eq!(STYLES.map(|style| about(style, &bytes)), [None, None], "from {source}");
    }
    for destination in ["224.0.0.251", "255.255.255.255"] {
        let bytes = packet(destination.parse().unwrap(), &[0; 16], |_| {});
        assert_eq!(STYLES.map(|style| about(style, &bytes)), [None, None], "to {destination}");
    }
}

/// RFC 1191 §4: the MTU of the next hop stands in the lower 16 bits.
#[test]
fn longer_than_the_tunnel_takes() {
    let node = Node::new(TUN).mtu(1472);
    let long = packet(FAR_POD, &[0; 1453], |_| {});
    let outcome = forward(node, &mut long.clone());
    let Forwarding::Answer(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!(answer.reason, Reason::TooLong { len: 1473, mtu: 1472 });
    let mut buffer = [0; MAX_ANSWER];
    let icmp = Icmpv4Packet::parse(&answer.write(&long, &mut buffer).unwrap()[20..]).unwrap();
    assert_eq!((icmp.kind().0, icmp.code(), icmp.rest()), (3, 4, [0, 0, 0x05, 0xc0]));
    assert_eq!(forward(node, &mut long[..].to_vec()), outcome);
    // What fits goes, and so does what may be fragmented.
    assert_eq!(forward(node, &mut packet(FAR_POD, &[0; 1452], |_| {})), send());
    assert_eq!(forward(node, &mut packet(FAR_POD, &[0; 1453], |header| header.set_dont_fragment(false))), send());
    // What came through the tunnel is delivered, however long it is.
    assert_eq!(node.deliver(&mut long.clone()), Forwarding::Deliver);
    // Silence about ICMP in flannel's style, as ever.
    let mut ping = packet(FAR_POD, &[8; 1453], |header| header.set_protocol(IpProtocol::ICMP));
    assert_eq!(forward(node, &mut ping), Forwarding::Drop(Reason::TooLong { len: 1473, mtu: 1472 }));
}

/// An IPv4 header and UDP's: 28 bytes; and a header's room is to be left.
#[test]
fn mtus() {
    assert_eq!([1500, 1450, u16::MAX].map(inner_mtu), [Some(1472), Some(1422), Some(65_507)]);
    assert_eq!([0, 27, 28, 47, 48].map(inner_mtu), [None, None, None, None, Some(20)]);
}

/// A capture that kept the first 40 of 120 bytes: the total length is still held against what there was.
#[test]
fn cut_by_a_capture() {
    let whole = packet(FAR_POD, &[7; 100], |_| {});
    let cut = FlannelFrame::parse_lax(&whole[..40]).unwrap();
    assert_eq!((cut.total_length(), cut.payload(), cut.missing()), (120, &[7; 20][..], 80));
    assert!(FlannelFrame::parse(&whole[..40]).is_err());
    let longer = [&whole[..], &[0]].concat();
    let (field, value, rule) = ("total length", 120, Rule::Exactly(121));
    let error = Error::Malformed { layer: FLANNEL_UDP, field, value, rule };
    assert_eq!(FlannelFrame::parse_lax(&longer[..]).unwrap_err(), error);
}

#[test]
fn no_room_for_an_answer() {
    let bytes = packet(NOWHERE, &[0; 16], |_| {});
    let Forwarding::Answer(answer) = forward(Node::new(TUN), &mut bytes.clone()) else { panic!() };
    let no_room = Error::NoRoom { layer: FLANNEL_UDP, needed: 56, available: 55 };
    assert_eq!(answer.write(&bytes, &mut [0; 55]), Err(no_room));
    assert_eq!(answer.write(&bytes, &mut [0; 56]).unwrap().len(), 56);
}

mod control {
    use super::*;
    use flannel_udp_codec::control::{CONTROL, Command};

    const SET: [u8; 20] = [1, 0, 0, 0, 10, 244, 2, 0, 24, 0, 0, 0, 192, 0, 2, 2, 0x5d, 0x20, 0, 0];

    fn with(at: usize, bytes: &[u8]) -> ControlRecord {
        let mut record = SET;
        record[at..at + bytes.len()].copy_from_slice(bytes);
        ControlRecord::parse(&record, ByteOrder::Little).unwrap()
    }

    fn malformed(field: &'static str, value: i32, rule: Rule) -> Error {
        Error::Malformed { layer: CONTROL, field, value: value as u32, rule }
    }

    #[test]
    fn of_0_18_19_20_and_21_bytes() {
        let parse = |len: usize| ControlRecord::parse(&[SET, [0; 20]].concat()[..len], ByteOrder::Little);
        for available in [0, 1, 17] {
            assert_eq!(parse(available), Err(Error::Truncated { layer: CONTROL, needed: 18, available }));
        }
        assert_eq!(parse(18).unwrap().padding, None);
        assert_eq!(parse(20).unwrap().padding, Some([0, 0]));
        assert_eq!(parse(18).unwrap().control(), parse(20).unwrap().control());
        for len in [19, 21, 40] {
            assert_eq!(parse(len), Err(malformed("length", len as i32, Rule::Either(18, 20))));
        }
    }

    #[test]
    fn written_back_equal_in_both_orders_and_forms() {
        let big = [0, 0, 0, 1, 10, 244, 2, 0, 0, 0, 0, 24, 192, 0, 2, 2, 0x20, 0x5d, 0xaa, 0xbb];
        for (bytes, order) in [(SET, ByteOrder::Little), (big, ByteOrder::Big)] {
            for len in [18, 20] {
                let record = ControlRecord::parse(&bytes[..len], order).unwrap();
                assert_eq!(record.control().unwrap(), with(0, &[]).control().unwrap());
                assert_eq!(record.write(order, &mut [0; 20]).unwrap(), &bytes[..len]);
                assert!(record.write(order, &mut [0; 20][..len - 1]).is_err());
            }
        }
    }

    #[test]
    fn unknown_command() {
        for command in [0, 4, -1] {
            let record = with(0, &i32::to_le_bytes(command));
            assert_eq!(record.command, Command(command));
            assert_eq!(record.control(), Err(malformed("command", command, Rule::Known)));
        }
    }

    #[test]
    fn prefix_length_minus_1_and_33() {
        for len in [-1, 33, i32::MIN, 256] {
            let error = Err(malformed("prefix length", len, Rule::AtMost(32)));
            assert_eq!(with(8, &len.to_le_bytes()).control(), error);
            let mut delete = with(8, &len.to_le_bytes());
            delete.command = Command::DEL_ROUTE;
            assert_eq!(delete.control(), error);
        }
        for (len, subnet) in [(0, "0.0.0.0/0"), (32, "10.244.2.0/32"), (15, "10.244.0.0/15")] {
            let Ok(Control::SetRoute(route)) = with(8, &i32::to_le_bytes(len)).control() else { panic!("{len}") };
            assert_eq!(route.subnet(), subnet.parse().unwrap());
        }
    }

    #[test]
    fn port_0_and_negative_short() {
        assert_eq!(with(16, &[0, 0]).control(), Err(malformed("next hop port", 0, Rule::AtLeast(1))));
        let Ok(Control::SetRoute(route)) = with(16, &i16::to_le_bytes(-25_536)).control() else { panic!() };
        assert_eq!(route.next_hop().port(), 40_000);
    }

    #[test]
    fn the_table_does_what_records_say() {
        let mut places = [SubnetRoute::NONE; 1];
        let mut routes = FirstMatch::new(&mut places);
        routes.apply(&with(0, &[])).unwrap();
        assert_eq!(routes.routes().len(), 1);
        assert!(routes.apply(&with(8, &[33])).is_err());
        assert_eq!(routes.apply(&with(0, &[2])), Ok(Control::DelRoute("10.244.2.0/24".parse().unwrap())));
        assert_eq!(routes.routes(), []);
        assert_eq!(routes.apply(&with(0, &[3])), Ok(Control::Stop));
    }
}

/// The whole step, answers included, allocates nothing.
#[test]
fn nothing_is_allocated() {
    let bytes = [
        packet(FAR_POD, &[0; 100], |_| {}),
        packet(NOWHERE, &[0; 100], |_| {}),
        packet(FAR_POD, &[0; 100], |header| header.set_ttl(1)),
    ];
    let mut changed = bytes.clone();
    let mut kinds = [0; 3];
    let info = allocation_counter::measure(|| {
        for (bytes, changed) in bytes.iter().zip(&mut changed) {
            match forward(Node::new(TUN), changed) {
                Forwarding::Send(_) => kinds[0] += 1,
                Forwarding::Answer(answer) => kinds[1] += answer.write(bytes, &mut [0; MAX_ANSWER]).unwrap().len(),
                _ => kinds[2] += 1,
            }
        }
    });
    assert_eq!((kinds, info.count_total), ([1, 56, 1], 0));
    assert_eq!(
        allocation_counter::measure(|| drop(std::hint::black_box(vec![1]))).count_total,
        1,
        "allocations are counted"
    );
}
