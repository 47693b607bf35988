//! A frame in, and what becomes of it out. The bytes are worked out by hand from the RFCs that are named; sums by the rule of RFC 1071.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::net::IpAddr;

use afxdp_vtep::counts::{Reason, Verdict};
use afxdp_vtep::vtep::Vtep;
use ether_ip::Headroom;
use ether_ip::ethernet::MacAddr;
use ether_ip::flow;
use ether_ip::outer::SourcePorts;
use xdp_loader::device::Device;
use xdp_loader::vtep::Network;
use xdp_maps::Tunnel;

const RECEIVER: &[u8] = b"\x02\0\0\0\0\x02";
const MACS: &[u8] = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01";
const OUTER_MACS: &[u8] = b"\x02\0\0\0\x02\x02\x02\0\0\0\x02\x01";
/// 203.0.113.1 to 203.0.113.2: 83 bytes, ECT(0), not to be fragmented, TTL 64, UDP.
const OUTER_V4: &[u8] = b"\x08\0\x45\x02\0\x53\0\0\x40\0\x40\x11\xc2\x93\xcb\0\x71\x01\xcb\0\x71\x02";
/// 2001:db8::1 to 2001:db8::2: 63 bytes behind the header, ECT(0), hop limit 64, UDP.
const OUTER_V6: &[u8] = b"\x86\xdd\x60\x20\0\0\0\x3f\x11\x40\
    \x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02";
/// Length 63 and no checksum (RFC 7348 §5), behind the ports.
const UDP: &[u8] = b"\0\x3f\0\0";
/// RFC 7348 §5: the I flag, VNI 7; and with group 7 (draft-smith-vxlan-group-policy §2.1: the G flag).
const VXLAN: &[u8] = b"\x08\0\0\0\0\0\x07\0";
const VXLAN_GROUP: &[u8] = b"\x88\0\0\x07\0\0\x07\0";
/// RFC 8926 §3.4: no options, an Ethernet frame, VNI 7.
const GENEVE: &[u8] = b"\0\0\x65\x58\0\0\x07\0";

/// IPv4 from 192.0.2.1 to 192.0.2.2 with these two for its mark and header checksum, UDP from 4000 to 53 with this checksum, `hello`. The sum
/// of the pseudo-header is 0x8422, and the checksum 0x2829.
fn datagram(mark: u8, sum: u16, checksum: u16) -> Vec<u8> {
    let (mark, sum, checksum) = ([mark], sum.to_be_bytes(), checksum.to_be_bytes());
    let parts: [&[u8]; 8] = [
        b"\x08\0\x45",
        &mark,
        b"\0\x21\0\0\x40\0\x40\x11",
        &sum,
        b"\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d",
        &checksum,
        b"hello",
        b"",
    ];
    [MACS, &parts.concat()].concat()
}

const PARTIAL: u16 = 0x8422;
const COMPLETE: u16 = 0x2829;

fn vtep(local: &str, remote: &str, tunnel: Tunnel, group: Option<u16>) -> Vtep {
    let port = if tunnel == Tunnel::Geneve { 6081 } else { 4789 };
    let (local, remote): (IpAddr, IpAddr) = (local.parse().unwrap(), remote.parse().unwrap());
    let network = Network { vni: 7_u16.into(), tunnel, port, local, ttl: 64, group };
    let underlay = Device { name: String::new(), index: 0, address: MacAddr([2, 0, 0, 0, 2, 1]), mtu: 1500 };
    let headers = network.headers(remote, MacAddr([2, 0, 0, 0, 2, 2]), &underlay).unwrap();
    let mut vtep = Vtep::new(network, underlay.mtu, 1450);
    vtep.take(remote);
    vtep.put(MacAddr(RECEIVER.try_into().unwrap()), headers);
    vtep
}

fn over_v4(tunnel: Tunnel) -> Vtep {
    vtep("203.0.113.1", "203.0.113.2", tunnel, None)
}

fn over_v6(tunnel: Tunnel) -> Vtep {
    vtep("2001:db8::1", "2001:db8::2", tunnel, None)
}

/// What becomes of a frame in a buffer with room in front of it.
fn done(frame: &[u8], work: impl Fn(&mut Headroom<'_>) -> Verdict) -> (Verdict, Vec<u8>) {
    let mut buffer = [&[0xaa; 128][..], frame, &[0xaa; 16]].concat();
    let mut packet = Headroom::between(&mut buffer, 128..128 + frame.len()).unwrap();
    let verdict = work(&mut packet);
    (verdict, packet.packet().to_vec())
}

#[test]
fn frames_are_put_in() {
    let frame = datagram(2, 0xb6c6, PARTIAL);
    let inner = datagram(2, 0xb6c6, COMPLETE);
    let port = SourcePorts::LINUX.pick(flow::entropy(&frame)).to_be_bytes();
    let (to_vxlan, to_geneve): (&[u8], &[u8]) = (&4789_u16.to_be_bytes(), &6081_u16.to_be_bytes());
    let with_group = vtep("203.0.113.1", "203.0.113.2", Tunnel::Vxlan, Some(7));
    for (vtep, outer, to, header) in [
        (over_v4(Tunnel::Vxlan), OUTER_V4, to_vxlan, VXLAN),
        (over_v6(Tunnel::Vxlan), OUTER_V6, to_vxlan, VXLAN),
        (with_group, OUTER_V4, to_vxlan, VXLAN_GROUP),
        (over_v4(Tunnel::Geneve), OUTER_V4, to_geneve, GENEVE),
        (over_v6(Tunnel::Geneve), OUTER_V6, to_geneve, GENEVE),
    ] {
        let whole = [OUTER_MACS, outer, &port, to, UDP, header, &inner].concat();
        assert_eq!(done(&frame, |frame| vtep.encapsulate(frame)), (Verdict::Across, whole));
    }
}

/// What another node sends: from who `OUTER_V4` and `OUTER_V6` are to.
fn from_remote(outer: &[u8], to: u16, header: &[u8], inner: &[u8]) -> Vec<u8> {
    let mut outer = outer.to_vec();
    let half = if outer.len() == OUTER_V4.len() { 4 } else { 16 };
    let at = outer.len() - 2 * half;
    outer[at..].rotate_left(half);
    [OUTER_MACS, &outer, &[0xc0, 0], &to.to_be_bytes(), UDP, header, inner].concat()
}

#[test]
fn frames_are_taken_out() {
    let (carried, frame) = (datagram(2, 0xb6c6, PARTIAL), datagram(2, 0xb6c6, COMPLETE));
    // An outer packet that met congestion has the inner one told (RFC 6040 §4.2): its header's checksum is one less.
    let congested = datagram(3, 0xb6c5, COMPLETE);
    for (vtep, outer, port, header) in [
        (over_v4(Tunnel::Vxlan), OUTER_V4, 4789, VXLAN),
        (over_v6(Tunnel::Vxlan), OUTER_V6, 4789, VXLAN),
        (over_v4(Tunnel::Vxlan), OUTER_V4, 4789, VXLAN_GROUP),
        (over_v4(Tunnel::Geneve), OUTER_V4, 6081, GENEVE),
        (over_v6(Tunnel::Geneve), OUTER_V6, 6081, GENEVE),
    ] {
        let mut packet = from_remote(outer, port, header, &carried);
        assert_eq!(done(&packet, |packet| vtep.decapsulate(packet)), (Verdict::Across, frame.clone()));
        // An Ethernet frame may be padded.
        packet.extend([0; 7]);
        assert_eq!(done(&packet, |packet| vtep.decapsulate(packet)), (Verdict::Across, frame.clone()));
        if outer == OUTER_V4 {
            // The header's checksum is one less.
            packet[15] |= 1;
            packet[25] -= 1;
        } else {
            packet[15] |= 0x10;
        }
        assert_eq!(done(&packet, |packet| vtep.decapsulate(packet)), (Verdict::Across, congested.clone()));
    }
}

#[test]
fn what_is_none_of_the_tunnels_is_dropped() {
    let (vxlan, geneve) = (over_v4(Tunnel::Vxlan), over_v4(Tunnel::Geneve));
    let good = datagram(2, 0xb6c6, COMPLETE);
    let change = |packet: Vec<u8>, at: usize, byte: u8| {
        let mut packet = packet;
        packet[at] = byte;
        packet
    };
    let packet = || from_remote(OUTER_V4, 4789, VXLAN, &good);
    let option = || from_remote(OUTER_V4, 6081, GENEVE, &good);
    let partial = from_remote(OUTER_V4, 4789, VXLAN, &datagram(2, 0xb6c6, PARTIAL));
    for (vtep, bytes, reason) in [
        // Another source, 7 more and the checksum 7 less; VNI 8 in both.
        (&vxlan, change(change(packet(), 29, 9), 25, 0x8c), Reason::Stranger),
        (&vxlan, change(packet(), 48, 8), Reason::Stranger),
        (&geneve, change(option(), 48, 8), Reason::Stranger),
        // A wrong checksum of the outer header (RFC 1122 §3.2.1.2).
        (&vxlan, change(packet(), 25, 0x94), Reason::Malformed),
        // No I flag; a control packet (RFC 8926 §3.4); what is no Ethernet.
        (&vxlan, change(packet(), 42, 0), Reason::Malformed),
        (&geneve, change(option(), 43, 0x80), Reason::Malformed),
        (&geneve, change(option(), 45, 0x59), Reason::Malformed),
        // UDP's length ends in the inner Ethernet header.
        (&vxlan, change(packet(), 39, 8 + 8 + 13), Reason::Malformed),
        // Congested, with the checksum one less, and the inner packet's sender does not know.
        (&vxlan, change(change(change(packet(), 15, 3), 25, 0x92), 65, 0), Reason::Congested),
        // The inner packet says that it is a byte longer than what carries it, and so does its pseudo-header's sum.
        (&vxlan, change(change(partial, 67, 0x22), 91, 0x23), Reason::Incomplete),
    ] {
        assert_eq!(done(&bytes, |packet| vtep.decapsulate(packet)).0, Verdict::Drop(reason));
    }
    // A packet of 1451 bytes, to where 1450 go.
    let long = [MACS, b"\x08\0", &[0; 1451]].concat();
    let mut packet = from_remote(OUTER_V4, 4789, VXLAN, &long);
    packet[16..18].copy_from_slice(&(20 + 16 + 1465_u16).to_be_bytes());
    packet[38..40].copy_from_slice(&(16 + 1465_u16).to_be_bytes());
    // 1501 where 83 was: the checksum is 1418 less.
    packet[24..26].copy_from_slice(&(0xc293_u16 - 1418).to_be_bytes());
    assert_eq!(done(&packet, |packet| vxlan.decapsulate(packet)).0, Verdict::Drop(Reason::TooLong));
}

/// 10.244.0.1 to 10.244.0.2, UDP in 1451 bytes, which may not be fragmented.
const LONG_V4: &[u8] = b"\x45\0\x05\xab\0\0\x40\0\x40\x11\x1f\x58\x0a\xf4\0\x01\x0a\xf4\0\x02";
const POD_1: &[u8] = b"\xfd\0\x02\x44\0\0\0\0\0\0\0\0\0\0\0\x01";
const POD_2: &[u8] = b"\xfd\0\x02\x44\0\0\0\0\0\0\0\0\0\0\0\x02";

#[test]
fn the_sender_of_what_is_too_long_is_told() {
    // 1450 bytes go through VXLAN over IPv4 (RFC 1191 §4 has the MTU behind two zero bytes). 576 bytes quote 548 (RFC 1812 §4.3.2.3).
    let packet = [LONG_V4, &[0; 1431]].concat();
    let told = [
        b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0",
        &b"\x45\0\x02\x40\0\0\x40\0\x40\x01\x22\xd3\x0a\xf4\0\x02\x0a\xf4\0\x01"[..],
        b"\x03\x04\xf7\x51\0\0\x05\xaa",
        &packet[..548],
    ];
    let vtep = over_v4(Tunnel::Vxlan);
    let frame = [MACS, b"\x08\0", &packet].concat();
    assert_eq!(done(&frame, |frame| vtep.encapsulate(frame)), (Verdict::Back, told.concat()));
    // One byte less goes.
    let mut shorter = frame[..14 + 1450].to_vec();
    shorter[17] -= 1;
    shorter[25] += 1;
    assert_eq!(done(&shorter, |frame| vtep.encapsulate(frame)).0, Verdict::Across);

    // 1430 go over IPv6. 1280 bytes quote 1232 (RFC 4443 §2.4 c, §3.2).
    let packet = [b"\x60\0\0\0\x05\x6f\x11\x40", POD_1, POD_2, &[0; 1391]].concat();
    let told = [
        b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x86\xdd",
        &[b"\x60\0\0\0\x04\xd8\x3a\x40", POD_2, POD_1].concat()[..],
        b"\x02\0\x7f\x8e\0\0\x05\x96",
        &packet[..1232],
    ];
    let frame = [MACS, b"\x86\xdd", &packet].concat();
    let vtep = over_v6(Tunnel::Vxlan);
    assert_eq!(done(&frame, |frame| vtep.encapsulate(frame)), (Verdict::Back, told.concat()));
}

#[test]
fn who_may_not_be_told_is_not() {
    let vtep = over_v4(Tunnel::Vxlan);
    let packet = [LONG_V4, &[0; 1431]].concat();
    let frame = |at: usize, byte: u8| {
        let mut packet = packet.clone();
        packet[at] = byte;
        [MACS, b"\x08\0", &packet].concat()
    };
    // It may be fragmented; it is an error itself; to a group, from nobody (RFC 1122 §3.2.2).
    let mut error = frame(9, 1);
    error[34] = 3;
    for frame in [frame(6, 0), error, frame(16, 224), frame(12, 0)] {
        assert_eq!(done(&frame, |frame| vtep.encapsulate(frame)), (Verdict::Drop(Reason::TooLong), frame.clone()));
    }
}

#[test]
fn what_a_pod_sends_to_nobody_is_dropped() {
    let vtep = over_v4(Tunnel::Vxlan);
    let good = datagram(2, 0xb6c6, COMPLETE);
    let mut unknown = good.clone();
    unknown[5] = 3;
    assert_eq!(done(&unknown, |frame| vtep.encapsulate(frame)).0, Verdict::Drop(Reason::Unknown));
    // What is for several goes nowhere either, as nobody is for them here.
    unknown[0] = 3;
    assert_eq!(done(&unknown, |frame| vtep.encapsulate(frame)).0, Verdict::Drop(Reason::Unknown));
    assert_eq!(done(&good[..13], |frame| vtep.encapsulate(frame)).0, Verdict::Drop(Reason::Malformed));
    // A partial checksum over what is not all there.
    let cut = datagram(2, 0xb6c6, PARTIAL);
    assert_eq!(done(&cut[..46], |frame| vtep.encapsulate(frame)).0, Verdict::Drop(Reason::Incomplete));
}
