//! A rewriter's changes one by one, and a flow's rewrite, in packets whose every byte is known: the sums are from another program, which
//! takes RFC 1071's sum word by word over each packet anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::net::IpAddr;

use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::outer::OuterError;
use ether_ip::rewrite::{Flow, MAX_NESTED, Outcome, Ports, Rewrite, Rewriter, datagram_to};
use ether_ip::udp::{UdpChecksum, UdpDatagram, UdpHeader};
use ether_ip::{Error, Headroom, LayerName, Rule};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// 192.0.2.1, port 4000, to 192.0.2.2, port 53.
const UDP4: &str = "45000021000040004011b6c8c0000201c0000202 0fa00035000d2829 68656c6c6f";
/// fd00::2, port 40000, to 2001:db8::9, port 53.
const UDP6: &str = "
    60000000000d1140 fd000000000000000000000000000002 20010db8000000000000000000000009 9c400035000df4c7 68656c6c6f";
/// VXLAN from 10.0.0.1 to 10.0.0.2, with a UDP checksum; in it a frame with a tag, and in that `UDP4`.
const VXLAN: &str = "
    4500005700004000401126940a0000010a000002 c00012b5004300c8 0800000000000700 020000000002020000000001 81000007 0800
    45000021000040004011b6c8c0000201c0000202 0fa00035000d2829 68656c6c6f";

const NAT: IpAddr = IpAddr::V4(core::net::Ipv4Addr::new(203, 0, 113, 7));

/// What a change leaves of the packet: the bytes that differ, and what they are.
fn changed(before: &[u8], change: impl FnOnce(&mut Rewriter<'_>)) -> Vec<(usize, u8)> {
    let mut bytes = before.to_vec();
    change(&mut Rewriter::ip(&mut bytes).unwrap());
    before.iter().zip(bytes).enumerate().filter(|(_, (old, new))| *old != new).map(|(at, (_, new))| (at, new)).collect()
}

/// Behind Ethernet, and behind Ethernet, UDP, VXLAN and a tagged frame: RFC 7348 §5 has 8 bytes of VXLAN behind 8 of UDP.
#[test]
fn behind_ethernet() {
    let mut frame = [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0][..], &unhex(UDP4)].concat();
    Rewriter::ethernet(&mut frame).unwrap().change_source(NAT).unwrap();
    // The IPv4 sum, the address, the UDP sum.
    assert_eq!(frame[24..34], [0x3c, 0xc2, 203, 0, 113, 7, 192, 0, 2, 2]);
    assert_eq!(frame[38..42], [0, 13, 0xae, 0x22]);
    frame[13] = 6;
    let other = Error::Malformed {
        layer: LayerName::ETHERNET,
        field: "EtherType",
        value: 0x0806,
        rule: Rule::Either(0x0800, 0x86dd),
    };
    assert_eq!(Rewriter::ethernet(&mut frame).unwrap_err(), other);

    let differs = changed(&unhex(VXLAN), |packet| {
        let mut inner = packet.inside_ethernet(16).unwrap();
        assert_eq!(inner.flow(), Flow::of(&unhex(UDP4)).unwrap());
        inner.change_source(NAT).unwrap();
    });
    // The outer UDP sum is over both inner ones.
    let expected =
        [(26, 0x7a), (27, 0xce), (64, 0x3c), (65, 0xc2), (66, 203), (68, 113), (69, 7), (80, 0xae), (81, 0x22)];
    assert_eq!(differs, expected);
}

/// RFC 791 §3.1, RFC 8200 §3, RFC 2474 §3, RFC 3168 §5: DSCP, the mark and the label change no bits of each other.
#[test]
fn class_and_label() {
    // 4500 becomes 45b8, and the sum less by that.
    assert_eq!(changed(&unhex(UDP4), |packet| packet.change_dscp(0x2e)), [(1, 0xb8), (11, 0x10)]);
    assert_eq!(changed(&unhex(UDP4), |packet| packet.change_ecn(Ecn::Capable1)), [(1, 1), (11, 0xc7)]);
    let both = changed(&unhex(UDP4), |packet| {
        packet.change_dscp(0x2e);
        packet.change_ecn(Ecn::CongestionExperienced);
        packet.change_ecn(Ecn::Capable1);
        assert_eq!(packet.traffic_class(), 0xb9);
    });
    assert_eq!(both, [(1, 0xb9), (11, 0x0f)]);
    let both = changed(&unhex(UDP6), |packet| {
        packet.change_ecn(Ecn::CongestionExperienced);
        packet.change_dscp(0x2e);
        packet.change_ecn(Ecn::Capable0);
        assert_eq!(packet.traffic_class(), 0xba);
        assert_eq!(packet.change_flow_label(0xfff1_2345), Some(0));
        assert_eq!(packet.change_flow_label(0x000a_bcde), Some(0x1_2345));
    });
    assert_eq!(both, [(0, 0x6b), (1, 0xaa), (2, 0xbc), (3, 0xde)]);
    assert!(changed(&unhex(UDP4), |packet| assert_eq!(packet.change_flow_label(7), None)).is_empty());
    assert_eq!(
        changed(&unhex(UDP4), |packet| assert_eq!(packet.change_identification(7), Some(0))),
        [(5, 7), (11, 0xc1)]
    );
    assert!(changed(&unhex(UDP6), |packet| assert_eq!(packet.change_identification(7), None)).is_empty());
}

/// RFC 791 §3.1, RFC 8200 §3: a hop is taken off, and none off 0.
#[test]
fn hops() {
    for (packet, at) in [(UDP4, 8), (UDP6, 7)] {
        let mut bytes = unhex(packet);
        let mut rewriter = Rewriter::ip(&mut bytes).unwrap();
        assert_eq!((rewriter.ttl(), rewriter.decrement_ttl(), rewriter.ttl()), (64, Some(63), 63));
        rewriter.change_ttl(1);
        assert_eq!((rewriter.decrement_ttl(), rewriter.decrement_ttl()), (Some(0), None));
        assert_eq!(bytes[at], 0);
    }
    // 4011 becomes 3f11: the sum is 0100 more.
    assert_eq!(changed(&unhex(UDP4), |packet| packet.change_ttl(63)), [(8, 63), (10, 0xb7)]);
}

/// RFC 9293 §3.2: a SYN's option of kind 2; here its value stands at an odd place, behind a no-operation.
#[test]
fn the_largest_segment() {
    const SYN: &str = "
        45000030000040004006b6c4c0000201c0000202 0fa00050000000010000000070 02ffff41dd0000 01 020405b4 01 01 00";
    let clamp = |packet: &[u8], most| {
        let mut result = Ok(None);
        let differs = changed(packet, |packet| result = packet.clamp_mss(most));
        (result, differs)
    };
    // 1460 becomes 1400, which is 05b4 and 0578.
    assert_eq!(clamp(&unhex(SYN), 1400), (Ok(Some(1460)), vec![(36, 0x7d), (44, 0x78)]));
    assert_eq!(clamp(&unhex(SYN), 1460), (Ok(None), vec![]));
    assert_eq!(clamp(&unhex(SYN), 1459).0, Ok(Some(1460)));
    assert_eq!(clamp(&unhex(UDP4), 0), (Ok(None), vec![]));
    let with = |at: usize, byte| {
        let mut bytes = unhex(SYN);
        bytes[at] = byte;
        clamp(&bytes, 1400)
    };
    assert_eq!(with(33, 0x12).0, Ok(Some(1460)), "a SYN that acknowledges");
    assert_eq!(with(33, 0x10), (Ok(None), vec![]), "no SYN");
    assert_eq!(with(32, 0x50), (Ok(None), vec![]), "no options");
    assert_eq!(with(41, 3), (Ok(None), vec![]), "another kind");
    assert_eq!(with(41, 0), (Ok(None), vec![]), "the list ends before it");
    assert_eq!(with(42, 3), (Ok(None), vec![]), "one byte of a value");
    assert_eq!(with(42, 7).0, Ok(Some(1460)), "to the last byte");
    assert_eq!(with(42, 8), (Ok(None), vec![]), "behind the end");
    let truncated = Error::Truncated { layer: LayerName::TCP, needed: 32, available: 28 };
    assert_eq!(with(32, 0x80), (Err(truncated), vec![]));
    assert_eq!(with(7, 1), (Ok(None), vec![]), "a later fragment");
}

/// RFC 7348 §5: what a datagram to the tunnel's port carries.
#[test]
fn datagrams_to_a_port() {
    let mut bytes = unhex(VXLAN);
    assert_eq!(datagram_to(&bytes, 4789), Ok(&bytes[28..]));
    let other = OuterError::OtherPort { port: 4789, expected: 4790 };
    assert_eq!(datagram_to(&bytes, 4790), Err(other));
    let carried = bytes[28..].to_vec();
    let packet = Rewriter::ip(&mut bytes).unwrap();
    assert_eq!((packet.datagram_to(4789), packet.datagram_to(4790)), (Ok(&carried[..]), Err(other)));
    bytes[7] = 1;
    assert_eq!(datagram_to(&bytes, 4789), Err(OuterError::Fragment));
    bytes[9] = 132;
    assert_eq!(datagram_to(&bytes, 4789), Err(OuterError::OtherProtocol { protocol: IpProtocol::SCTP }));
    let truncated = Error::Truncated { layer: LayerName::IPV4, needed: 20, available: 3 };
    assert_eq!(datagram_to(&[0x45, 0, 0], 4789), Err(OuterError::Packet(truncated)));
}

/// What cannot be: nothing is changed then.
#[test]
fn changes_that_are_refused() {
    let unbuildable = |layer, field, value, rule| Err(Error::Unbuildable { layer, field, value, rule });
    let [v4, v6]: [IpAddr; 2] = [[203, 0, 113, 7].into(), [0xfd; 16].into()];
    let version = |layer, value, expected| unbuildable(layer, "version of the address", value, Rule::Exactly(expected));
    for (packet, other, error) in
        [(UDP4, v6, version(LayerName::IPV4, 6, 4)), (UDP6, v4, version(LayerName::IPV6, 4, 6))]
    {
        let differs = changed(&unhex(packet), |packet| {
            assert_eq!((packet.change_source(other), packet.change_destination(other)), (error, error));
            let flow = packet.flow();
            assert_eq!(packet.change_flow(&Flow { source: other, destination: other, ..flow }), error);
            let mixed = version(LayerName::IP, 6, 4);
            assert_eq!(packet.change_flow(&Flow { source: other, ..flow }), mixed);
            assert_eq!(packet.change_flow(&Flow { destination: other, ..flow }), mixed);
            let tcp = Flow { protocol: IpProtocol::TCP, ..flow };
            assert_eq!(packet.change_flow(&tcp), unbuildable(LayerName::IP, "protocol", 6, Rule::Exactly(17)));
            let ports = unbuildable(LayerName::UDP, "protocol of other ports", 17, Rule::Known);
            assert_eq!(packet.change_flow(&Flow { ports: Ports::Identifier(7), ..flow }), ports);
            assert_eq!(packet.change_flow(&flow.without_ports()), Ok(()), "those that it has stay");
        });
        assert_eq!(differs, []);
    }
    // SCTP's checksum is a CRC (RFC 9260 §6.8): its ports stay.
    let sctp = "4500002000004000408400 00c0000201c0000202 0fa0003500000000 00000000";
    let differs = changed(&unhex(sctp), |packet| {
        let flow = packet.flow();
        assert_eq!(flow.ports, Ports::Pair { source: 4000, destination: 53 });
        assert_eq!((packet.change_source_port(1), packet.change_destination_port(1)), (None, None));
        let other = Flow { ports: flow.ports.reversed(), ..flow };
        let refused = Err(Error::Unbuildable {
            layer: LayerName::new("SCTP"),
            field: "protocol of other ports",
            value: 132,
            rule: Rule::Known,
        });
        assert_eq!(packet.change_flow(&other), refused);
        assert_eq!(packet.change_flow(&flow), Ok(()));
        // It carries no packet.
        assert!(packet.quoted().is_none());
    });
    assert_eq!(differs, []);
}

/// The same before there is a packet.
#[test]
fn flows_that_do_not_become_each_other() {
    let flow = Flow::of(&unhex(UDP4)).unwrap();
    let (other, v6) = (Flow { source: NAT, ..flow }, Flow::of(&unhex(UDP6)).unwrap());
    let unbuildable = |field, value, rule| Err(Error::Unbuildable { layer: LayerName::IP, field, value, rule });
    assert_eq!(Rewrite::between(&flow, &v6), unbuildable("version of the address", 6, Rule::Exactly(4)));
    for mixed in [Flow { source: v6.source, ..flow }, Flow { destination: v6.source, ..flow }] {
        assert_eq!(Rewrite::between(&flow, &mixed), unbuildable("version of the address", 6, Rule::Exactly(4)));
    }
    let tcp = Flow { protocol: IpProtocol::TCP, ..other };
    assert_eq!(Rewrite::between(&flow, &tcp), unbuildable("protocol", 6, Rule::Exactly(17)));
    let ports = unbuildable("protocol of other ports", 17, Rule::Known);
    assert_eq!(Rewrite::between(&flow, &other.without_ports()), ports);
    let sctp = Flow { protocol: IpProtocol::SCTP, ..flow };
    let other_ports = Flow { ports: flow.ports.reversed(), ..sctp };
    assert_eq!(Rewrite::between(&sctp, &other_ports), unbuildable("protocol of other ports", 132, Rule::Known));
    let rewrite = Rewrite::between(&sctp, &Flow { source: NAT, ..sctp }).unwrap();
    assert_eq!((rewrite.before(), rewrite.after()), (sctp, Flow { source: NAT, ..sctp }));
    assert_eq!(Ports::Identifier(7).reversed(), Ports::Identifier(7));
    assert_eq!(flow.ports.reversed(), Ports::Pair { source: 53, destination: 4000 });
}

/// Whether `packet`, which is of another flow than `UDP4` or `UDP6` by one byte, is taken for one of it.
fn is_of_other_flow(packet: &str, at: usize, byte: u8) -> bool {
    let mut bytes = unhex(packet);
    let old = Flow::of(&bytes).unwrap();
    let rewrite = Rewrite::between(&old, &Flow { ports: Ports::Pair { source: 1, destination: 2 }, ..old }).unwrap();
    bytes[at] = byte;
    let before = bytes.clone();
    let outcome = rewrite.apply(&mut bytes).unwrap();
    assert_eq!(outcome == Outcome::OtherFlow, bytes == before);
    outcome == Outcome::OtherFlow
}

/// Each of what makes a flow is looked at (RFC 3022 §2.1), and nothing else.
#[test]
fn packets_of_other_flows() {
    // Protocol (UDP-Lite has the same header), addresses, ports.
    for (at, byte) in [(9, 136), (12, 193), (15, 9), (16, 193), (19, 9), (20, 0x1f), (21, 0), (22, 1), (23, 0)] {
        assert!(is_of_other_flow(UDP4, at, byte), "{at}");
    }
    for (at, byte) in [(6, 136), (8, 0xfc), (23, 3), (24, 0x30), (39, 8), (40, 0x8c), (41, 0), (42, 1), (43, 0)] {
        assert!(is_of_other_flow(UDP6, at, byte), "{at}");
    }
    // The class, the identification, that it may be fragmented, hops.
    for (at, byte) in [(1, 3), (4, 1), (6, 0), (8, 1)] {
        assert!(!is_of_other_flow(UDP4, at, byte), "{at}");
    }
    for (at, byte) in [(0, 0x6b), (1, 0xff), (3, 1), (7, 1)] {
        assert!(!is_of_other_flow(UDP6, at, byte), "{at}");
    }
}

/// RFC 791 §3.2, §3.1: fragments, and headers with options, are not plain, and rewritten as well.
#[test]
fn what_is_not_plain() {
    let mut bytes = unhex(UDP4);
    let old = Flow::of(&bytes).unwrap();
    let rewrite = Rewrite::between(&old, &Flow { source: NAT, ..old }).unwrap();
    // A later fragment has no ports: the bytes in their place are data, and so is the sum's.
    bytes[7] = 1;
    bytes[10..12].copy_from_slice(&[0xb6, 0xc7]);
    let data = bytes[20..].to_vec();
    assert_eq!(rewrite.apply(&mut bytes), Ok(Outcome::LaterFragment));
    assert_eq!((&bytes[10..16], &bytes[20..]), (&[0x3c, 0xc1, 203, 0, 113, 7][..], &data[..]));
    // One that would end behind 65535: 13 bytes at 65528, and the header.
    let mut bytes = unhex(UDP4);
    bytes[6..8].copy_from_slice(&[0x3f, 0xff]);
    let (layer, field, rule) = (LayerName::IPV4, "end of the fragment", Rule::AtMost(65_535));
    assert_eq!(rewrite.apply(&mut bytes), Err(Error::Malformed { layer, field, value: 65_561, rule }));
    // The first one has.
    let mut bytes = unhex(UDP4);
    bytes[6] = 0x20;
    bytes[10..12].copy_from_slice(&[0xd6, 0xc8]);
    assert_eq!(rewrite.apply(&mut bytes), Ok(Outcome::Rewritten));
    assert_eq!((&bytes[10..16], &bytes[26..28]), (&[0x5c, 0xc2, 203, 0, 113, 7][..], &[0xae, 0x22][..]));
    // An option of four no-operations; 0101 0101 and 0104 more than before in the header's sum.
    let mut bytes = unhex("46000025000040004011 b3c2 c0000201c0000202 01010101 0fa00035000d2829 68656c6c6f");
    assert_eq!(rewrite.apply(&mut bytes), Ok(Outcome::Rewritten));
    assert_eq!((&bytes[10..16], &bytes[30..32]), (&[0x39, 0xbc, 203, 0, 113, 7][..], &[0xae, 0x22][..]));
    // A length that is shorter than the headers is no packet's, whatever stands behind.
    let mut bytes = unhex(UDP4);
    bytes[3] = 27;
    let truncated = Error::Truncated { layer: LayerName::UDP, needed: 8, available: 7 };
    assert_eq!(rewrite.apply(&mut bytes), Err(truncated));
    // Options that look like the flow's ports, and other ports behind them; another version.
    let mut bytes = unhex("46000025000040004011b5c4 c0000201c0000202 0fa00035 0fa1003500 0d2828 68656c6c6f");
    let before = bytes.clone();
    assert_eq!((rewrite.apply(&mut bytes), &bytes), (Ok(Outcome::OtherFlow), &before));
    for (packet, first) in [(UDP4, 0x55), (UDP6, 0x70)] {
        let mut bytes = unhex(packet);
        let old = Flow::of(&bytes).unwrap();
        let rewrite = Rewrite::between(&old, &Flow { source: old.destination, ..old }).unwrap();
        bytes[0] = first;
        let before = bytes.clone();
        assert!(rewrite.apply(&mut bytes).is_err());
        assert_eq!(bytes, before);
        for len in 0..28 {
            assert!(rewrite.apply(&mut unhex(packet)[..len]).unwrap_err().is_truncated(), "{len}");
        }
    }
    let mut bytes = unhex(UDP6);
    let old = Flow::of(&bytes).unwrap();
    let rewrite = Rewrite::between(&old, &Flow { source: [0xfd; 16].into(), ..old }).unwrap();
    bytes[5] = 7;
    assert_eq!(rewrite.apply(&mut bytes), Err(truncated));
    bytes[5] = 8;
    assert_eq!(rewrite.apply(&mut bytes), Ok(Outcome::Rewritten));
}

/// RFC 5508 §4.2: the error is the pod's, and what it quotes is what the pod sent. From a router on the way, and from the server itself,
/// which the pod knows by another address.
#[test]
fn errors_on_their_way_back() {
    const OUT: &str = "
        45000038000040004001d488c6336401cb007107 0b0036fb00000000
        450000210000400001117bc2cb007107c0000202 ee480035000dcf79";
    const BACK: &str = "
        45000038000040004001049bc63364010af40102 0b0006e900000000
        45000021000040000111abd40af40102c0000202 9c400035000d5194";
    const OUT6: &str = "
        60000000003d3a40 20010db8000200000000000000000001 20010db8000100000000000000000007 02002b6400000578
        60000000000d1140 20010db8000100000000000000000007 20010db8000000000000000000000009 ee480035000d7201 68656c6c6f";
    const BACK6: &str = "
        60000000003d3a40 20010db8000200000000000000000001 fd000000000000000000000000000002 02005c2200000578
        60000000000d1140 fd000000000000000000000000000002 20010db8000000000000000000000009 9c400035000df4c7 68656c6c6f";
    for (out, back, quote, pod) in [(OUT, BACK, 28, "10.244.1.2"), (OUT6, BACK6, 48, "fd00::2")] {
        let (out, back) = (unhex(out), unhex(back));
        let mut quoted = out.clone();
        let new = Rewriter::ip(&mut quoted).unwrap().quoted().unwrap().flow();
        assert_eq!(new.ports, Ports::Pair { source: 61_000, destination: 53 });
        let old = Flow { source: pod.parse().unwrap(), ports: Ports::Pair { source: 40_000, destination: 53 }, ..new };
        let rewrite = Rewrite::between(&old, &new).unwrap();
        let undone = |packet: &[u8]| {
            let mut packet = packet.to_vec();
            (rewrite.undo_in_error(&mut packet), packet)
        };
        assert_eq!(undone(&out), (Ok(Outcome::Rewritten), back));
        // About another packet: another port. To another than the quoted packet's sender. Not an error.
        let ports = quote + if new.source.is_ipv4() { 20 } else { 40 };
        let destination = if new.source.is_ipv4() { 19 } else { 39 };
        for (at, byte) in [(ports + 1, 0x49), (destination, 8), (quote - 8, if quote == 28 { 8 } else { 128 })] {
            let mut other = out.clone();
            other[at] = byte;
            assert_eq!(undone(&other), (Ok(Outcome::OtherFlow), other), "{at}");
        }
    }
    // From 192.0.2.2, whom the pod asked as 10.96.0.10: so it is told.
    let mut error = unhex(
        "450000380000400040013cbbc0000202cb007107 0b0036fb00000000
        450000210000400001117bc2cb007107c0000202 ee480035000dcf79",
    );
    let new = Rewriter::ip(&mut error).unwrap().quoted().unwrap().flow();
    let old = Flow { source: [10, 244, 1, 2].into(), destination: [10, 96, 0, 10].into(), ..new };
    let rewrite = Rewrite::between(&old, &new).unwrap();
    assert_eq!(rewrite.undo_in_error(&mut error), Ok(Outcome::Rewritten));
    assert_eq!(error[12..20], [10, 96, 0, 10, 10, 244, 1, 2]);
    assert_eq!(error[40..48], [10, 244, 1, 2, 10, 96, 0, 10]);
    // About a later fragment, whose data is no ports: its addresses are turned back, and the data is what it was.
    let mut error = unhex(
        "450000380000400040013cbbc0000202cb007107 0b0036fb00000000
        450000210000000101117bc2cb007107c0000202 ee480035000dcf79",
    );
    assert_eq!(rewrite.undo_in_error(&mut error), Ok(Outcome::LaterFragment));
    assert_eq!(error[40..], [10, 244, 1, 2, 10, 96, 0, 10, 0xee, 0x48, 0, 0x35, 0, 13, 0xcf, 0x79]);
    assert_eq!(rewrite.undo_in_error(&mut unhex(UDP4)), Ok(Outcome::OtherFlow));
}

/// RFC 8200 §8.1, §4.4: with a segment left the sum is over the last stop, not over the next one; of a type that is not known nothing is said,
/// and with none left the destination is the last. RFC 6275 §9.3.1: with a home address it is over that, and not over the source.
#[test]
fn addresses_that_no_sum_is_over() {
    let behind = |next: u8, extension: &[u8]| {
        let mut bytes = unhex(UDP6);
        (bytes[6], bytes[5]) = (next, bytes[5] + extension.len() as u8);
        bytes.splice(40..40, extension.iter().copied());
        bytes
    };
    // RFC 8754 §2: one segment, of which `left` are left.
    let route = |kind, left| [&[17, 2, kind, left, 0, 0, 0, 0][..], &[0xfd; 16]].concat();
    let home = [&[17, 2, 1, 2, 0, 0, 201, 16][..], &[0xfd; 16]].concat();
    for (next, extension, covers) in [
        (43, route(4, 1), [true, false]),
        (43, route(0, 1), [true, false]),
        (43, route(200, 1), [true, true]),
        (43, route(4, 0), [true, true]),
        (60, home, [false, true]),
    ] {
        let bytes = behind(next, &extension);
        // 2 becomes 3, and 9 becomes 10: f4c7 less by one.
        let sum = |is_covered| if is_covered { vec![(71, 0xc6)] } else { vec![] };
        let source = changed(&bytes, |packet| {
            assert!(packet.left().addresses);
            assert_eq!(packet.flow().ports, Ports::Pair { source: 40_000, destination: 53 });
            packet.change_source("fd00::3".parse().unwrap()).unwrap();
        });
        assert_eq!(source, [vec![(23, 3)], sum(covers[0])].concat(), "{extension:?}");
        let destination = changed(&bytes, |packet| packet.change_destination("2001:db8::a".parse().unwrap()).unwrap());
        assert_eq!(destination, [vec![(39, 10)], sum(covers[1])].concat(), "{extension:?}");
    }
}

/// RFC 791 §3.1: with a source route that is not gone to its end the sum is over the last stop; a recorded route is none.
#[test]
fn source_routes() {
    for (kind, pointer, is_covered) in
        [(131, 4, false), (137, 4, false), (131, 7, false), (131, 8, true), (137, 8, true), (7, 4, true), (7, 8, true)]
    {
        let mut bytes = unhex(UDP4);
        (bytes[0], bytes[3]) = (0x47, 41);
        bytes.splice(20..20, [kind, 7, pointer, 10, 0, 0, 9, 0]);
        let differs = changed(&bytes, |packet| {
            assert!(packet.left().addresses);
            packet.change_destination([192, 0, 2, 3].into()).unwrap();
        });
        // 2829 and the header's b6c8, which was left as it was without the route, less by one.
        let sum = if is_covered { vec![(35, 0x28)] } else { vec![] };
        assert_eq!(differs, [vec![(11, 0xc7), (19, 3)], sum].concat(), "{kind}, {pointer}");
        let source = changed(&bytes, |packet| packet.change_source([192, 0, 2, 2].into()).unwrap());
        assert_eq!(source, [(11, 0xc7), (15, 2), (35, 0x28)], "{kind}, {pointer}");
    }
}

/// RFC 768, RFC 3828 §3.1: what a sum is over in part, or a CRC, or what carries nothing: no packet in it can be changed.
#[test]
fn nothing_is_carried() {
    let inside = |protocol: u8, at| {
        let mut bytes = unhex(VXLAN);
        bytes[9] = protocol;
        let mut packet = Rewriter::ip(&mut bytes).unwrap();
        packet.inside_ethernet(at).map(|inner| inner.flow())
    };
    let no_tunnel = |value| {
        let (field, rule) = ("protocol of a tunnel", Rule::Known);
        Err(Error::Malformed { layer: LayerName::IP, field, value, rule })
    };
    assert_eq!(inside(17, 16), Ok(Flow::of(&unhex(UDP4)).unwrap()));
    assert_eq!([inside(136, 16), inside(33, 16)], [no_tunnel(136), no_tunnel(33)], "UDP-Lite, DCCP");
    let mut later = unhex(VXLAN);
    later[7] = 1;
    assert_eq!(Rewriter::ip(&mut later).unwrap().inside(16).map(|inner| inner.flow()), no_tunnel(17));
    let truncated = Error::Truncated { layer: LayerName::IP, needed: 1, available: 0 };
    let mut bytes = unhex(VXLAN);
    assert_eq!(Rewriter::ip(&mut bytes).unwrap().inside(67).map(|inner| inner.flow()), Err(truncated));
}

/// The packet `depth` UDP datagrams deep in this one, changed; and how far that goes.
fn change_inside(packet: &mut Rewriter<'_>, depth: usize) -> Result<(), Error> {
    match depth.checked_sub(1) {
        Some(depth) => change_inside(&mut packet.inside(8)?, depth),
        None => packet.change_source(NAT),
    }
}

/// Sums over sums, as deep as they are kept; each is right again (RFC 1071 §1: the sum over all is zero).
#[test]
fn as_deep_as_it_goes() {
    for depth in [1, MAX_NESTED, MAX_NESTED + 1] {
        let mut buffer = [0; 512];
        let mut packet = Headroom::with_payload(&mut buffer, &unhex(UDP4)).unwrap();
        for _ in 0..depth {
            let ip = Ipv4Header::new([10, 0, 0, 1].into(), [10, 0, 0, 2].into(), IpProtocol::UDP);
            UdpHeader::new(1, 2).prepend(&mut packet, UdpChecksum::Computed(ip.pseudo_header())).unwrap();
            ip.prepend(&[], &mut packet).unwrap();
        }
        let before = packet.packet().to_vec();
        let result = change_inside(&mut Rewriter::ip(packet.packet_mut()).unwrap(), depth);
        if depth > MAX_NESTED {
            let (value, rule) = (depth as u32, Rule::AtMost(MAX_NESTED as u32));
            assert_eq!(result, Err(Error::Malformed { layer: LayerName::IP, field: "nesting", value, rule }));
            assert_eq!(packet.packet(), before);
            continue;
        }
        assert_eq!(result, Ok(()));
        let mut rest = packet.packet();
        for at in 0..=depth {
            let ip = Ipv4Packet::parse(rest).unwrap();
            let udp = UdpDatagram::parse(ip.into_payload()).unwrap();
            assert!(ip.checksum_is_valid() && udp.checksum_is_valid(&ip.pseudo_header()), "{at} of {depth}");
            assert_eq!(IpAddr::V4(ip.source()) == NAT, at == depth);
            rest = udp.into_payload();
        }
    }
}

/// Protocol, and where its checksum stands that is over the addresses: over IPv4, over IPv6. How many bytes of it are needed, over either.
const TRANSPORTS: [(u8, [Option<usize>; 2], [usize; 2]); 16] = [
    // RFC 9293 §3.1, RFC 768, RFC 3828 §3.1, RFC 4340 §5.1.
    (6, [Some(16), Some(16)], [18, 18]),
    (17, [Some(6), Some(6)], [8, 8]),
    (136, [Some(6), Some(6)], [8, 8]),
    (33, [Some(6), Some(6)], [8, 8]),
    // RFC 9260 §3.1: its ports are needed, and its checksum is over itself alone.
    (132, [None, None], [4, 4]),
    // RFC 792, RFC 4443 §2.3: each in its own version; in the other one nothing is known of it.
    (1, [None, None], [4, 0]),
    (58, [None, Some(2)], [0, 4]),
    // RFC 2784 §2.1: here without a checksum.
    (47, [None, None], [0, 0]),
    // RFC 7761 §4.9, RFC 5340 §A.3.1, RFC 9568 §5.2.8, RFC 6275 §6.1.1, RFC 7401 §5.1.1.
    (103, [None, Some(2)], [0, 4]),
    (89, [None, Some(12)], [0, 14]),
    (112, [None, Some(6)], [0, 8]),
    (135, [None, Some(4)], [0, 6]),
    (139, [Some(4), Some(4)], [6, 6]),
    // RFC 4303, RFC 8200 §4.7, RFC 3692.
    (50, [None, None], [0, 0]),
    (59, [None, None], [0, 0]),
    (253, [None, None], [0, 0]),
];

/// 192.0.2.1 to 192.0.2.2, or ::1 to ::2, and a protocol's bytes; and how long the header in front is.
fn with_upper(is_ipv6: bool, protocol: u8, upper: &[u8]) -> (Vec<u8>, usize) {
    let len = upper.len() as u8;
    let start = if is_ipv6 {
        let (mut from, mut to) = ([0; 16], [0; 16]);
        (from[15], to[15]) = (1, 2);
        [&[0x60, 0, 0, 0, 0, len, protocol, 64][..], &from, &to].concat()
    } else {
        vec![0x45, 0, 0, 20 + len, 0, 0, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
    };
    ([&start, upper].concat(), start.len())
}

/// Each protocol over each version: where its sum stands, and how many bytes of it are needed.
fn transports() -> impl Iterator<Item = (bool, u8, Option<usize>, usize)> {
    [false, true].into_iter().flat_map(|is_ipv6| {
        let version = usize::from(is_ipv6);
        TRANSPORTS.into_iter().map(move |(protocol, sums, needed)| (is_ipv6, protocol, sums[version], needed[version]))
    })
}

/// What a change leaves of a protocol's bytes.
fn changed_in_upper(
    is_ipv6: bool,
    protocol: u8,
    upper: &[u8],
    change: impl FnOnce(&mut Rewriter<'_>),
) -> Vec<(usize, u8)> {
    let (packet, header) = with_upper(is_ipv6, protocol, upper);
    changed(&packet, change).into_iter().filter_map(|(at, byte)| Some((at.checked_sub(header)?, byte))).collect()
}

/// One more in what is summed is one less in the sum.
#[test]
fn sums_over_addresses() {
    for (is_ipv6, protocol, sum, _) in transports() {
        let with = |upper: &[u8]| {
            changed_in_upper(is_ipv6, protocol, upper, |packet| {
                let to = if is_ipv6 { "::2" } else { "192.0.2.2" };
                packet.change_source(to.parse().unwrap()).unwrap();
            })
        };
        let Some(at) = sum else {
            assert_eq!(with(&[0x22; 24]), [], "{protocol}");
            continue;
        };
        assert_eq!(with(&[0x22; 24]), [(at + 1, 0x21)], "{protocol}");
        // RFC 768: none (0) stays none, and what comes to 0 is sent as ffff. In all but UDP and UDP-Lite 0 is a sum as any other.
        let has_none = matches!(protocol, 17 | 136);
        assert_eq!(with(&[0; 24]), if has_none { vec![] } else { vec![(at, 0xff), (at + 1, 0xfe)] }, "{protocol}");
        let mut one = [0x22; 24];
        one[at..at + 2].copy_from_slice(&[0, 1]);
        let zero = if has_none { vec![(at, 0xff), (at + 1, 0xff)] } else { vec![(at + 1, 0)] };
        assert_eq!(with(&one), zero, "{protocol}");
    }
}

#[test]
fn ports_of_each_transport() {
    for (is_ipv6, protocol, sum, _) in transports() {
        let sum = sum.filter(|_| matches!(protocol, 6 | 17 | 33 | 136));
        let before = sum.map(|_| 0x2222);
        let source = changed_in_upper(is_ipv6, protocol, &[0x22; 24], |packet| {
            assert_eq!(packet.change_source_port(0x2223), before, "{protocol}");
        });
        let destination = changed_in_upper(is_ipv6, protocol, &[0x22; 24], |packet| {
            assert_eq!(packet.change_destination_port(0x2223), before, "{protocol}");
        });
        let patched = |port| sum.map_or(vec![], |at| vec![(port, 0x23), (at + 1, 0x21)]);
        assert_eq!((source, destination), (patched(1), patched(3)), "{protocol}");
    }
}

#[test]
fn how_much_of_each_transport_is_needed() {
    for (is_ipv6, protocol, _, needed) in transports() {
        // Of which type an ICMP message is says its first byte.
        for available in 1..24 {
            let (mut packet, _) = with_upper(is_ipv6, protocol, &[0x22; 24][..available]);
            let told = match Rewriter::ip(&mut packet) {
                Ok(_) => None,
                Err(Error::Truncated { needed, available, .. }) => Some((needed, available)),
                Err(other) => panic!("{protocol}: {other}"),
            };
            assert_eq!(told, (available < needed).then_some((needed, available)), "{protocol}");
        }
    }
}

/// RFC 792, RFC 4443 §4.1: an echo has an identifier, an error none; RFC 2784 §2.1: GRE's sum is there if its first bit says so.
#[test]
fn identifiers() {
    for (is_ipv6, protocol, kind) in [(false, 1, 8), (true, 58, 128)] {
        let (packet, header) = with_upper(is_ipv6, protocol, &[kind, 0, 0x12, 0x34, 0, 7, 0, 1]);
        let differs = changed(&packet, |packet| {
            assert_eq!(packet.flow().ports, Ports::Identifier(7));
            assert_eq!(packet.change_destination_port(8), Some(7));
        });
        assert_eq!(differs, [(header + 3, 0x33), (header + 5, 8)]);
        let truncated = |len: usize, kind: u8| {
            let (mut packet, _) = with_upper(is_ipv6, protocol, &[kind, 0, 0x12, 0x34, 0, 7][..len]);
            Rewriter::ip(&mut packet).err()
        };
        let layer = if is_ipv6 { LayerName::ICMPV6 } else { LayerName::ICMPV4 };
        assert_eq!(truncated(5, kind), Some(Error::Truncated { layer, needed: 6, available: 5 }));
        assert_eq!((truncated(6, kind), truncated(5, 3)), (None, None));
    }
    for (first, len, error) in [
        (0x80, 5, Some(Error::Truncated { layer: LayerName::GRE, needed: 6, available: 5 })),
        (0x80, 6, None),
        (0x7f, 1, None),
    ] {
        let (mut packet, _) = with_upper(false, 47, &[first, 0, 8, 0, 0, 0][..len]);
        assert_eq!(Rewriter::ip(&mut packet).err(), error);
    }
}

/// RFC 792: of eight bytes of TCP the ports are there and the sum is not; of three nothing is.
#[test]
fn what_is_quoted_of_a_segment() {
    for (quoted, has_ports, has_sum) in
        [(3, false, false), (4, true, false), (8, true, false), (17, true, false), (18, true, true)]
    {
        let (inner, _) = with_upper(false, 6, &[0x11; 24]);
        let error = [&[3, 1, 0x12, 0x34, 0, 0, 0, 0][..], &inner[..20 + quoted]].concat();
        let (packet, _) = with_upper(false, 1, &error);
        let differs = changed(&packet, |packet| {
            let mut quote = packet.quoted().unwrap();
            let pair = Ports::Pair { source: 0x1111, destination: 0x1111 };
            assert_eq!(quote.flow().ports, if has_ports { pair } else { Ports::None });
            assert_eq!(quote.change_source_port(0x1112), has_ports.then_some(0x1111), "{quoted}");
        });
        // The port, TCP's sum less by one, and the error's over both.
        let expected = match (has_ports, has_sum) {
            (false, _) => vec![],
            (true, false) => vec![(23, 0x33), (49, 0x12)],
            (true, true) => vec![(49, 0x12), (65, 0x10)],
        };
        assert_eq!(differs, expected, "{quoted}");
    }
}
