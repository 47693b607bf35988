//! Routes of every family: read from bytes, told in words, written back the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use bgp_codec::nlri::Routes;
use bgp_codec::{Family, Layer, Nlri};
use ether_ip::writer::Writer;

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[track_caller]
fn is(family: Family, hex: &str, words: &str) {
    let bytes = unhex(hex);
    let routes = Routes::new(family, false, &bytes);
    assert_eq!(routes.check(), Ok(()));
    let read: Vec<_> = routes.collect();
    let told: Vec<_> = read.iter().map(ToString::to_string).collect();
    assert_eq!(told.join(", "), words);
    let mut buffer = [0; 512];
    let mut writer = Writer::new(Layer::new("test"), &mut buffer);
    read.iter().for_each(|route| route.nlri.write(&mut writer).unwrap());
    assert_eq!(writer.written(), bytes);
    // With a path identifier in front of each (RFC 7911 §3).
    let mut with_ids = Vec::new();
    for route in &read {
        let mut buffer = [0; 512];
        let mut writer = Writer::new(Layer::new("test"), &mut buffer);
        route.nlri.write(&mut writer).unwrap();
        with_ids.extend([0, 0, 0, 5]);
        with_ids.extend(writer.written());
    }
    let again: Vec<_> = Routes::new(family, true, &with_ids).map(|route| (route.path_id, route.nlri)).collect();
    if !matches!(read[0].nlri, Nlri::Other(_)) {
        assert!(again.into_iter().eq(read.iter().map(|route| (Some(5), route.nlri))));
    }
    // Cut anywhere, it is an error or fewer routes, and never more bytes than there are.
    for cut in 0..bytes.len() {
        let mut routes = Routes::new(family, false, &bytes[..cut]);
        let whole = routes.by_ref().count();
        assert!(whole <= read.len() && routes.rest().len() <= cut);
    }
}

#[test]
fn unicast_and_multicast() {
    is(
        Family::IPV4_UNICAST,
        "00 08 0a 18 c0 00 02 20 c0 00 02 01",
        "0.0.0.0/0, 10.0.0.0/8, 192.0.2.0/24, 192.0.2.1/32",
    );
    is(Family::IPV4_MULTICAST, "1a 0a f4 03 40", "10.244.3.64/26");
    is(
        Family::IPV6_UNICAST,
        "00 20 20 01 0d b8 7a fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 40",
        "::/0, 2001:db8::/32, fd00::40/122",
    );
    is(Family::IPV6_MULTICAST, "10 20 01", "2001::/16");
}

/// RFC 8277 §2.2–2.4: one label, two, and the value for a withdrawal.
#[test]
fn labeled() {
    is(Family::IPV4_LABELED, "30 00 06 41 c0 00 02", "192.0.2.0/24 label 100");
    is(Family::IPV4_LABELED, "48 00 06 40 00 0c 81 c0 00 02", "192.0.2.0/24 label 100/200");
    is(Family::IPV6_LABELED, "38 80 00 00 20 01 0d b8", "2001:db8::/32 label 524288");
}

/// RFC 4364 §4.2: distinguishers of all three types.
#[test]
fn vpn() {
    is(Family::IPV4_VPN, "70 00 06 41 00 00 fd e8 00 00 00 64 c0 00 02", "65000:100 192.0.2.0/24 label 100");
    is(Family::IPV4_VPN, "58 00 06 41 00 01 c0 00 02 01 00 07", "192.0.2.1:7 0.0.0.0/0 label 100");
    is(Family::IPV6_VPN, "78 00 06 41 00 02 00 01 00 00 00 07 20 01 0d b8", "65536:7 2001:db8::/32 label 100");
    is(Family::IPV4_VPN_MULTICAST, "58 00 00 fd e8 00 00 00 64 c0 00 02", "65000:100 192.0.2.0/24");
}

/// RFC 7432 §7, RFC 9136 §3.1, RFC 9251 §9, RFC 9572 §3.
#[test]
fn evpn() {
    let rd = "00 01 c0 00 02 01 00 07";
    let esi = "00 11 22 33 44 55 66 77 88 99";
    let e = Family::EVPN;
    is(
        e,
        &format!("01 19 {rd} {esi} 00 00 00 05 00 27 11"),
        "ethernet-auto-discovery 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 5 label 625",
    );
    is(
        e,
        &format!("02 21 {rd} {esi} 00 00 00 00 30 02 00 00 00 00 01 00 00 27 10"),
        "mac-ip 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 0 02:00:00:00:00:01 label 625",
    );
    is(
        e,
        &format!("02 28 {rd} {esi} 00 00 00 00 30 02 00 00 00 00 01 20 0a 00 00 01 00 27 10 00 4e 20"),
        "mac-ip 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 0 02:00:00:00:00:01 10.0.0.1 label 625/1250",
    );
    is(e, &format!("03 11 {rd} 00 00 00 00 20 c0 00 02 01"), "inclusive-multicast 192.0.2.1:7 tag 0 192.0.2.1");
    is(
        e,
        &format!("04 17 {rd} {esi} 20 c0 00 02 01"),
        "ethernet-segment 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 192.0.2.1",
    );
    is(
        e,
        &format!("05 22 {rd} {esi} 00 00 00 00 18 0a 01 02 00 00 00 00 00 00 27 10"),
        "ip-prefix 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 0 10.1.2.0/24 gateway 0.0.0.0 label 625",
    );
    let zero = "00 ".repeat(16);
    is(
        e,
        &format!("05 3a {rd} {esi} 00 00 00 00 00 {zero} {zero} 00 27 10"),
        "ip-prefix 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 0 ::/0 gateway :: label 625",
    );
    is(
        e,
        &format!("06 1c {rd} 00 00 00 00 20 0a 00 00 01 20 ef 01 01 01 20 c0 00 02 01 02"),
        "selective-multicast 192.0.2.1:7 tag 0 source 10.0.0.1 group 239.1.1.1 originator 192.0.2.1 flags 0x02",
    );
    is(
        e,
        &format!("07 22 {rd} {esi} 00 00 00 00 00 20 ef 01 01 01 20 c0 00 02 01 02"),
        "multicast-join-sync 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 0 group 239.1.1.1 originator 192.0.2.1 flags 0x02",
    );
    is(
        e,
        &format!("08 27 {rd} {esi} 00 00 00 00 00 20 ef 01 01 01 20 c0 00 02 01 00 00 00 00 0a 02"),
        "multicast-leave-sync 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99 tag 0 group 239.1.1.1 originator 192.0.2.1 flags 0x02",
    );
    is(
        e,
        &format!("09 14 {rd} 00 00 00 00 00 09 00 00 00 00 00 01"),
        "per-region-i-pmsi 192.0.2.1:7 tag 0 region 0x0009000000000001",
    );
    is(
        e,
        &format!("0a 17 {rd} 00 00 00 00 20 0a 00 00 01 00 20 c0 00 02 01"),
        "s-pmsi 192.0.2.1:7 tag 0 source 10.0.0.1 originator 192.0.2.1",
    );
    // One that is odd inside is kept: a MAC address of 40 bits, and a type that is not known.
    is(e, "02 01 28 63 02 01 02", "mac-ip 0x28, 99 0x0102");
}

/// RFC 4684 §4.
#[test]
fn route_targets() {
    is(Family::ROUTE_TARGET, "00 60 00 00 fd e8 00 02 fd e8 00 00 00 64", "all route targets, 65000 target:65000:100");
    is(Family::ROUTE_TARGET, "20 00 00 fd e8", "65000 0x0000000000000000 /32");
    for hex in ["61 00 00 00 00 00 00 00 00 00 00 00 00 00", "08 00"] {
        assert!(Routes::new(Family::ROUTE_TARGET, false, &unhex(hex)).check().is_err());
    }
}

/// RFC 8955 §4, RFC 8956 §3.
#[test]
fn flows() {
    is(
        Family::IPV4_FLOW_SPEC,
        "0c 01 18 c0 00 02 03 81 06 05 91 0c 38",
        "destination 192.0.2.0/24 protocol =6 destination-port =3128",
    );
    // Types out of order, unknown, repeated (RFC 8955 §4.2): the flow is useless, its neighbours are not.
    for hex in ["06 0a 81 05 09 81 02 03 05 81 06", "03 63 81 06", "06 03 81 06 03 81 11"] {
        let bytes = unhex(hex);
        let Some(Nlri::FlowSpec(flow)) = Routes::new(Family::IPV4_FLOW_SPEC, false, &bytes).next().map(|of| of.nlri)
        else {
            panic!("no flow")
        };
        assert!(flow.check().is_err(), "{hex}");
    }
}

#[test]
fn flows_with_ranges_and_masks() {
    is(Family::IPV4_FLOW_SPEC, "0a 09 81 02 0a 12 00 c8 d4 01 2c", "tcp-flags =0x2 packet-length >200&<300");
    is(Family::IPV4_FLOW_SPEC_VPN, "0d 00 00 fd e8 00 00 00 64 02 18 0a 00 00", "rd 65000:100 source 10.0.0.0/24");
    // An offset: of 0:0:0:1::/64 the last 32 bits.
    is(
        Family::IPV6_FLOW_SPEC,
        "0b 01 40 20 00 00 00 01 0d 91 07 dd",
        "destination 0:0:0:1::/64 offset 32 flow-label =2013",
    );
    // RFC 8955 §4.1: from 240 bytes the length has two.
    let long = format!("f0f1 04 {} 81 50 0000", "01 50 ".repeat(118));
    let bytes = unhex(&long);
    let mut routes = Routes::new(Family::IPV4_FLOW_SPEC, false, &bytes);
    let Some(Nlri::FlowSpec(flow)) = routes.next().map(|route| route.nlri) else { panic!("no flow") };
    assert!(flow.check().is_err(), "two bytes too many");
    let mut buffer = [0; 512];
    let mut writer = Writer::new(Layer::new("test"), &mut buffer);
    flow.write(&mut writer).unwrap();
    assert_eq!(writer.written(), bytes);
}

/// RFC 4761 §3.2.2; RFC 6074 §3.2.2.1.
#[test]
fn vpls() {
    is(
        Family::VPLS,
        "00 11 00 01 c0 00 02 01 00 7b 00 05 00 01 00 08 02 9c e1",
        "192.0.2.1:123 endpoint 5 offset 1 size 8 base 10702",
    );
    is(Family::VPLS, "00 0c 00 00 fd e8 00 00 00 64 c0 00 02 01 00 01 07", "65000:100 192.0.2.1, 0x07");
}

/// RFC 6514 §4.
#[test]
fn multicast_vpn() {
    let rd = "00 00 fd e8 00 01 86 9f";
    let m = Family::IPV4_MCAST_VPN;
    is(m, &format!("01 0c {rd} c0 00 02 01"), "intra-as-i-pmsi 65000:99999 192.0.2.1");
    is(m, &format!("02 0c {rd} 00 00 fd e8"), "inter-as-i-pmsi 65000:99999 source-as 65000");
    is(
        m,
        &format!("03 16 {rd} 20 0a 00 00 01 20 ef 01 01 01 c0 00 02 01"),
        "s-pmsi 65000:99999 source 10.0.0.1 group 239.1.1.1 originator 192.0.2.1",
    );
    is(
        m,
        &format!("05 12 {rd} 20 0a 00 00 01 20 ef 01 01 01"),
        "source-active 65000:99999 source 10.0.0.1 group 239.1.1.1",
    );
    is(
        m,
        &format!("07 16 {rd} 00 00 fd e8 20 0a 00 00 01 20 ef 01 01 01"),
        "source-tree-join 65000:99999 source-as 65000 source 10.0.0.1 group 239.1.1.1",
    );
    is(m, "04 02 01 02", "leaf 0x0102");
}

/// RFC 9830 §2.1.
#[test]
fn policies() {
    is(
        Family::IPV4_SR_POLICY,
        "60 00 00 00 01 00 00 00 64 c0 00 02 01",
        "distinguisher 1 color 100 endpoint 192.0.2.1",
    );
    is(
        Family::IPV6_SR_POLICY,
        "c0 00 00 00 01 00 00 00 64 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01",
        "distinguisher 1 color 100 endpoint 2001:db8::1",
    );
}

/// RFC 9552 §5.2: a node with its descriptors, and in a VPN.
#[test]
fn link_state() {
    let node = "01 00 00 12 02 00 00 04 00 00 fd e8 02 03 00 06 00 00 00 00 00 01";
    let told = "local-node={autonomous-system=0x0000fde8 igp-router-id=0x000000000001}";
    is(
        Family::LINK_STATE,
        &format!("00 01 00 1f 02 00 00 00 00 00 00 00 07 {node}"),
        &format!("node isis-l2 7 {told}"),
    );
    is(
        Family::LINK_STATE_VPN,
        &format!("00 01 00 27 00 00 fd e8 00 00 00 64 02 00 00 00 00 00 00 00 07 {node}"),
        &format!("node isis-l2 7 rd 65000:100 {told}"),
    );
    let cut = unhex("00 01 00 0d 02 00 00 00 00 00 00 00 07 01 00 00 12");
    assert!(Routes::new(Family::LINK_STATE, false, &cut).check().is_err(), "a descriptor past the end");
}

/// draft-ietf-bess-mup-safi §3.1.
#[test]
fn mobile_user_plane() {
    let rd = "00 00 00 64 00 00 00 64";
    let m = Family::IPV4_MUP;
    is(m, &format!("01 00 01 0c {rd} 18 0a 00 01"), "interwork-segment-discovery 100:100 10.0.1.0/24");
    is(m, &format!("01 00 02 0c {rd} 0a 00 00 01"), "direct-segment-discovery 100:100 10.0.0.1");
    is(
        m,
        &format!("01 00 03 17 {rd} 20 c0 a8 00 01 00 00 30 39 09 20 0a 00 00 01"),
        "type-1-session-transformed 100:100 192.168.0.1/32 teid 12345 qfi 9 endpoint 10.0.0.1",
    );
    is(
        m,
        &format!("01 00 04 10 {rd} 37 0a 00 00 01 00 30 39"),
        "type-2-session-transformed 100:100 endpoint 10.0.0.1 teid 12345/23",
    );
    is(m, "01 00 63 01 07 02 00 01 01 07", "99 0x07, interwork-segment-discovery 0x07");
}

#[test]
fn what_is_not_known_is_kept() {
    is(Family::new(77, 7), "01 02 03", "0x010203");
}
