//! Routes of every family: read from bytes, told in words, written back the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use bgp_codec::attribute::ExtendedCommunity;
use bgp_codec::nlri::flow_spec::ComponentType;
use bgp_codec::nlri::{
    Esi, EvpnRoute, FlowSpec, KnownMup, Label, LabelCounts, LabelFormat, Labeled, Mup, RouteDistinguisher, RouteFormat,
    RouteTargetMembership, Routes, Vpn,
};
use bgp_codec::{Afi, Family, IpPrefix, Nlri};
use common::{unhex, written};

#[track_caller]
fn is(family: Family, hex: &str, words: &str) {
    is_in(RouteFormat::of(family), hex, words);
}

#[track_caller]
fn is_in(format: RouteFormat, hex: &str, words: &str) {
    let bytes = unhex(hex);
    let routes = Routes::new(format, &bytes);
    assert_eq!(routes.check(), Ok(()));
    let read: Vec<_> = routes.collect();
    let told: Vec<_> = read.iter().map(ToString::to_string).collect();
    assert_eq!(told.join(", "), words);
    assert_eq!(written(|to| read.iter().try_for_each(|route| route.nlri.write(format, to))).unwrap(), bytes);
    // With a path identifier in front of each (RFC 7911 §3).
    let mut with_ids = Vec::new();
    for route in &read {
        with_ids.extend([0, 0, 0, 5]);
        with_ids.extend(written(|to| route.nlri.write(format, to)).unwrap());
    }
    let again: Vec<_> =
        Routes::new(format.with_path_ids(), &with_ids).map(|route| (route.path_id, route.nlri)).collect();
    if !matches!(read[0].nlri, Nlri::Other(_)) {
        assert!(again.into_iter().eq(read.iter().map(|route| (Some(5), route.nlri))));
    }
    // Cut anywhere, it is an error or fewer routes, and never more bytes than there are.
    for cut in 0..bytes.len() {
        let mut routes = Routes::new(format, &bytes[..cut]);
        let whole = routes.by_ref().count();
        assert!(whole <= read.len() && routes.as_bytes().len() <= cut);
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

/// RFC 8277 §2.2 to §2.4: one label, several where that was agreed on, none where a route is withdrawn.
#[test]
fn labeled() {
    //= RFC 8277 §2.1/not-more, §2.2/s-bit-ignored, §2.2/s-bit-sent, §2.3/s-bit, §2.4/ignored, §2.4/one-field
    let stack = |family| RouteFormat::of(family).with_labels(LabelFormat::Stack(255));
    let withdrawn = |family| RouteFormat::of(family).with_labels(LabelFormat::Withdrawn);
    is(Family::IPV4_LABELED, "30 00 06 41 c0 00 02", "192.0.2.0/24 label 100");
    is_in(stack(Family::IPV4_LABELED), "48 00 06 40 00 0c 81 c0 00 02", "192.0.2.0/24 label 100/200");
    // The two values that end a withdrawal's are labels like others: implicit nothing, and explicit null.
    is_in(stack(Family::IPV4_LABELED), "48 000000 000101 0a0000", "10.0.0.0/24 label 0/16");
    is_in(stack(Family::IPV4_LABELED), "48 800000 000101 0a0000", "10.0.0.0/24 label 524288/16");
    is_in(withdrawn(Family::IPV6_LABELED), "38 80 00 00 20 01 0d b8", "2001:db8::/32 label 524288");
    // What is read, whatever the S bit and the compatibility field are.
    let read = |format, hex: &str| {
        let bytes = unhex(hex);
        assert_eq!(Routes::new(format, &bytes).check(), Ok(()), "{hex}");
        Routes::new(format, &bytes).map(|route| route.to_string()).collect::<Vec<_>>().join(", ")
    };
    let one = RouteFormat::of;
    assert_eq!(read(one(Family::IPV4_LABELED), "30 000100 0a0000"), "10.0.0.0/24 label 16");
    assert_eq!(read(one(Family::IPV4_VPN), "70 000100 0000fde800000064 0a0000"), "65000:100 10.0.0.0/24 label 16");
    assert_eq!(read(one(Family::IPV6_VPN), "78 000100 0000fde800000064 20010db8"), "65000:100 2001:db8::/32 label 16");
    assert_eq!(
        read(withdrawn(Family::IPV4_VPN), "70 000100 0000fde800000064 0a0000"),
        "65000:100 10.0.0.0/24 label 16"
    );
    assert_eq!(read(withdrawn(Family::IPV4_LABELED), "30 000100 0a0000"), "10.0.0.0/24 label 16");
    assert_eq!(read(withdrawn(Family::IPV4_LABELED), "38 123456 0a000101"), "10.0.1.1/32 label 74565");
    // Where nobody saw what was agreed on: one label, unless what is left is no prefix.
    let likely = |family| RouteFormat::of(family).with_labels(LabelFormat::Likely);
    assert_eq!(read(likely(Family::IPV4_LABELED), "30 000100 0a0000"), "10.0.0.0/24 label 16");
    assert_eq!(read(likely(Family::IPV4_LABELED), "50 000100 000111 0a0000ff"), "10.0.0.255/32 label 16/17");
    assert_eq!(
        read(likely(Family::IPV4_VPN), "90 000100 000111 0000fde800000064 0a000001"),
        "65000:100 10.0.0.1/32 label 16/17"
    );
    // What is written: the S bit on the last alone, as many labels as there may be, one field where a route is withdrawn.
    let labels = [Label::new(16, true), Label::new(17, false)];
    let write = |format, labels: &[Label]| {
        let prefix = "10.0.0.0/24".parse().unwrap();
        let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        written(|to| Labeled { labels, prefix }.write(format, to)).map(hex).map_err(|error| error.to_string())
    };
    let ipv4 = Family::IPV4_LABELED;
    assert_eq!(write(one(ipv4), &labels[1..]), Ok("300001110a0000".into()));
    assert_eq!(write(stack(ipv4), &labels), Ok("480001000001110a0000".into()));
    assert_eq!(write(likely(ipv4), &labels), Ok("480001000001110a0000".into()));
    for labels in [&labels[..], &[]] {
        assert_eq!(write(withdrawn(ipv4), labels), Ok("308000000a0000".into()));
    }
    let refused = |count, rule| format!("test cannot be built: number of labels would be {count}, it must be {rule}");
    assert_eq!(write(one(ipv4), &labels), Err(refused(2, "1")));
    assert_eq!(write(one(ipv4), &[]), Err(refused(0, "1")));
    assert_eq!(write(stack(ipv4), &[]), Err(refused(0, "at least 1")));
    assert_eq!(write(likely(ipv4), &[]), Err(refused(0, "at least 1")));
    let three = [labels[0]; 3];
    assert_eq!(write(one(ipv4).with_labels(LabelFormat::Stack(2)), &three), Err(refused(3, "at most 2")));
    let error = "test cannot be built: address family of the prefix would be 1, it must be 2";
    assert_eq!(write(one(Family::IPV6_LABELED), &labels[1..]), Err(error.into()));
}

/// RFC 8277 §2.1: in which families there may be several.
#[test]
fn label_counts() {
    for family in LabelCounts::FAMILIES {
        let counts = LabelCounts::ONE.with(family, 7);
        for other in Family::KNOWN {
            assert_eq!(counts.of(*other), if *other == family { 7 } else { 1 }, "{other}");
        }
    }
    assert_eq!(LabelCounts::ONE.with(Family::EVPN, 7), LabelCounts::default());
}

/// RFC 4364 §4.2: distinguishers of all three types.
#[test]
fn vpn() {
    is(Family::IPV4_VPN, "70 00 06 41 00 00 fd e8 00 00 00 64 c0 00 02", "65000:100 192.0.2.0/24 label 100");
    is(Family::IPV4_VPN, "58 00 06 41 00 01 c0 00 02 01 00 07", "192.0.2.1:7 0.0.0.0/0 label 100");
    is(Family::IPV6_VPN, "78 00 06 41 00 02 00 01 00 00 00 07 20 01 0d b8", "65536:7 2001:db8::/32 label 100");
    let labels = [Label::new(16, true)];
    let (distinguisher, prefix) = (RouteDistinguisher::of_as(65_000, 100), "192.0.2.0/24".parse().unwrap());
    let write = |family, labels| {
        let vpn = Vpn { labels, distinguisher, prefix };
        written(|to| vpn.write(RouteFormat::of(family), to)).map(|bytes| bytes.len()).map_err(|error| error.to_string())
    };
    assert_eq!(write(Family::IPV4_VPN, &labels), Ok(15));
    assert_eq!(write(Family::IPV4_VPN_MULTICAST, &[]), Ok(12));
    let refused = |count, rule| format!("test cannot be built: number of labels would be {count}, it must be {rule}");
    assert_eq!(write(Family::IPV4_VPN, &[]), Err(refused(0, 1)));
    assert_eq!(write(Family::IPV4_VPN_MULTICAST, &labels), Err(refused(1, 0)));
    let error = "test cannot be built: address family of the prefix would be 1, it must be 2";
    assert_eq!(write(Family::IPV6_VPN, &labels), Err(error.into()));
    is(Family::IPV4_VPN_MULTICAST, "58 00 00 fd e8 00 00 00 64 c0 00 02", "65000:100 192.0.2.0/24");
}

/// RFC 7432 §7, RFC 9136 §3.1, RFC 9251 §9, RFC 9572 §3.
#[test]
fn evpn() {
    //= RFC 9136 §3.1/family
    //= RFC 9572 §3.1/region
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
        "per-region-i-pmsi 192.0.2.1:7 tag 0 region source-as:0:1",
    );
    is(
        e,
        &format!("0a 17 {rd} 00 00 00 00 20 0a 00 00 01 00 20 c0 00 02 01"),
        "s-pmsi 192.0.2.1:7 tag 0 source 10.0.0.1 originator 192.0.2.1",
    );
    // One that is odd inside is kept: a MAC address of 40 bits, and a type that is not known.
    is(e, "02 01 28 63 02 01 02", "mac-ip 0x28, 99 0x0102");
}

/// What is not told, IPv6 addresses, and what does not fill its length: it is kept as it is.
#[test]
fn evpn_with_less_and_with_more() {
    let (rd, v6) = ("00 01 c0 00 02 01 00 07", "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01");
    let e = Family::EVPN;
    is(e, &format!("03 0d {rd} 00 00 00 09 00"), "inclusive-multicast 192.0.2.1:7 tag 9");
    is(e, &format!("03 1d {rd} 00 00 00 09 80 {v6}"), "inclusive-multicast 192.0.2.1:7 tag 9 2001:db8::1");
    is(
        e,
        &format!("04 13 {rd} 00 11 22 33 44 55 66 77 88 99 00"),
        "ethernet-segment 192.0.2.1:7 esi 00:11:22:33:44:55:66:77:88:99",
    );
    is(e, "0b 02 01 02", "leaf 0x0102");
    assert_eq!(format!("{:?}", Esi([0, 1, 2, 3, 4, 5, 6, 7, 8, 0xff])), "00:01:02:03:04:05:06:07:08:ff");
    is(e, &format!("0b 09 {rd} 07"), "leaf 0x0001c0000201000707");
    is(e, "63 02 01 02", "99 0x0102");
    for (kind, fields) in [
        ("01", "00 11 22 33 44 55 66 77 88 99 00 00 00 05 00 27 11"),
        ("03", "00 00 00 09 00"),
        ("04", "00 11 22 33 44 55 66 77 88 99 00"),
        ("06", "00 00 00 00 00 00 00 02"),
        ("09", "00 00 00 00 00 09 00 00 00 00 00 01"),
        ("0a", "00 00 00 00 00 00 00"),
    ] {
        let whole = unhex(&format!("{rd} {fields}"));
        for value in [&whole[..whole.len() - 1], &[&whole[..], &[0]].concat()] {
            let route = [&[u8::from_str_radix(kind, 16).unwrap(), value.len() as u8], value].concat();
            let Some(Nlri::Evpn(EvpnRoute::Other { kind, value: kept })) =
                Routes::new(RouteFormat::of(e), &route).next().map(|of| of.nlri)
            else {
                panic!("{kind} {} is read", value.len())
            };
            assert_eq!((kind.0, kept), (route[0], value));
        }
    }
}

/// RFC 8277 §2.1 and RFC 8365 §5.1.3: a label's 20 bits, its class and its end; a VNI in all of 24.
#[test]
fn labels() {
    let label = Label::new(100, true);
    assert_eq!((label.to_bytes(), label.label(), label.is_last()), ([0, 0x06, 0x41], 100, true));
    assert_eq!((Label::new(0xf_ffff, false).to_bytes(), Label::new(7, false).is_last()), ([0xff, 0xff, 0xf0], false));
    let vni = Label::of_vni(10_000);
    assert_eq!((vni.to_bytes(), vni.vni(), vni.label()), ([0, 0x27, 0x10], 10_000, 625));
    let with_class = Label::of_vni(0x00_064b);
    assert_eq!((with_class.label(), with_class.traffic_class(), with_class.is_last()), (100, 5, true));
    assert_eq!((Label::of_vni(0x0e).traffic_class(), Label::of_vni(0x01).traffic_class()), (7, 0));
    assert_eq!((format!("{label:?}"), label.to_string()), ("0x000641".into(), "100".into()));
    assert_eq!(Label::WITHDRAWN.to_bytes(), [0x80, 0, 0]);
    // A stack that does not end takes bits until there are none.
    let stack = RouteFormat::of(Family::IPV4_LABELED).with_labels(LabelFormat::Stack(255));
    let check = |hex: &str| Routes::new(stack, &unhex(hex)).check().map_err(|of| of.to_string());
    assert_eq!(check("18 000640").unwrap_err(), "NLRI is malformed: bits for a label is 0, it must be at least 24");
    assert_eq!(check("17 000641").unwrap_err(), "NLRI is malformed: bits for a label is 23, it must be at least 24");
    assert_eq!(
        check("31 000640 000c80 c0").unwrap_err(),
        "NLRI is malformed: bits for a label is 1, it must be at least 24"
    );
    is(Family::IPV4_LABELED, "20 00 00 01 0a", "10.0.0.0/8 label 0");
    is(Family::IPV4_LABELED, "18 00 06 41", "0.0.0.0/0 label 100");
    // As many as the length has room for: 10 in front of a default route, and no more.
    let nine = [Label::new(1, false); 9];
    let prefix: IpPrefix = "0.0.0.0/0".parse().unwrap();
    let write = |labels: &[Label], prefix| {
        written(|to| Labeled { labels, prefix }.write(stack, to))
            .map(|bytes| bytes[0])
            .map_err(|error| error.to_string())
    };
    let ten = [&nine[..], &[Label::new(2, true)]].concat();
    assert_eq!(write(&ten, prefix), Ok(240));
    assert_eq!(write(&ten, "10.0.0.0/15".parse().unwrap()), Ok(255));
    let error = "test cannot be built: prefix length would be 256, it must be at most 255";
    assert_eq!(write(&ten, "10.0.0.0/16".parse().unwrap()), Err(error.into()));
}

/// RFC 4364 §4.2.
#[test]
fn distinguishers() {
    for (rd, kind, bytes, words) in [
        (RouteDistinguisher::of_as(65_000, 100), 0, "0000 fde8 00000064", "65000:100"),
        (RouteDistinguisher::of_address([192, 0, 2, 1].into(), 7), 1, "0001 c0000201 0007", "192.0.2.1:7"),
        (RouteDistinguisher::of_four_octet_as(65_536, 7), 2, "0002 00010000 0007", "65536:7"),
        (RouteDistinguisher([1, 3, 1, 2, 3, 4, 5, 6]), 0x103, "0103 010203040506", "0x0103010203040506"),
    ] {
        assert_eq!((rd.kind(), &rd.0[..], rd.to_string().as_str()), (kind, &unhex(bytes)[..], words));
        assert_eq!(format!("{rd:?}"), words);
    }
    let check =
        |family, hex: &str| Routes::new(RouteFormat::of(family), &unhex(hex)).check().map_err(|of| of.to_string());
    let error = "NLRI is malformed: bits for a distinguisher is 63, it must be at least 64";
    assert_eq!(check(Family::IPV4_VPN, "57 000641 0000fde8000000"), Err(error.into()));
    assert_eq!(check(Family::IPV4_VPN_MULTICAST, "3f 0000fde8000000"), Err(error.into()));
    let error = "NLRI is malformed: prefix length is 33, it must be at most 32";
    assert_eq!(check(Family::IPV4_VPN, "79 000641 0000fde800000064 c000020100"), Err(error.into()));
}

/// Of two routes to one destination the second takes the place of the first: RFC 8277 §2.4, RFC 4364 §4.3.4, RFC 7432 §7, RFC 9136
/// §3.1.
#[test]
fn destinations() {
    let destination = |format, hex: &str| {
        let bytes = unhex(hex);
        let route = Routes::new(format, &bytes).next().unwrap();
        route.nlri.destination().to_string()
    };
    let withdrawn = |family| RouteFormat::of(family).with_labels(LabelFormat::Withdrawn);
    let one = RouteFormat::of;
    let (labeled, vpn, evpn) = (Family::IPV4_LABELED, Family::IPV4_VPN, Family::EVPN);
    assert_eq!(destination(one(labeled), "30 000641 c00002"), destination(withdrawn(labeled), "30 800000 c00002"));
    assert_eq!(destination(one(labeled), "30 000641 c00002"), "192.0.2.0/24");
    let rd = "0000fde800000064";
    assert_eq!(
        destination(one(vpn), &format!("70 000641 {rd} c00002")),
        destination(withdrawn(vpn), &format!("70 800000 {rd} c00002"))
    );
    // The segment and the labels of a MAC address, and what a prefix is reached through, are told of it.
    let (esi, none) = ("00112233445566778899", "00".repeat(10));
    let mac = |esi: &str, label: &str| {
        destination(one(evpn), &format!("0221 {rd} {esi} 00000005 30 020000000001 00 {label}"))
    };
    assert_eq!(mac(esi, "002710"), mac(&none, "000000"));
    let prefix = |esi: &str, gateway: &str, label: &str| {
        destination(one(evpn), &format!("0522 {rd} {esi} 00000005 18 0a000000 {gateway} {label}"))
    };
    assert_eq!(prefix(esi, "00000000", "002710"), prefix(&none, "c0000201", "000000"));
    // But the segment is what an auto-discovery route is about.
    let discovery = |esi: &str, label: &str| destination(one(evpn), &format!("0119 {rd} {esi} 00000005 {label}"));
    assert_eq!(discovery(esi, "002710"), discovery(esi, "000000"));
    assert_ne!(discovery(esi, "002710"), discovery(&none, "002710"));
    assert_eq!(destination(one(Family::IPV4_UNICAST), "18 c00002"), "192.0.2.0/24");
}

/// Which routes are of a prefix.
#[test]
fn prefixes_route_types() {
    let prefix = |family, hex: &str| {
        let bytes = unhex(hex);
        Routes::new(RouteFormat::of(family), &bytes)
            .next()
            .unwrap()
            .nlri
            .prefix()
            .map(|prefix| (prefix.to_string(), prefix.len()))
    };
    let documentation = Some(("192.0.2.0/24".to_owned(), 24));
    assert_eq!(prefix(Family::IPV4_UNICAST, "18 c00002"), documentation);
    assert_eq!(prefix(Family::IPV4_LABELED, "30 000641 c00002"), documentation);
    assert_eq!(prefix(Family::IPV4_VPN, "70 000641 0000fde800000064 c00002"), documentation);
    assert_eq!(prefix(Family::IPV6_MULTICAST, "10 2001"), Some(("2001::/16".to_owned(), 16)));
    assert_eq!(prefix(Family::ROUTE_TARGET, "00"), None);
    let address = "2001:db8::/32".parse::<IpPrefix>().unwrap().address();
    assert_eq!((address.to_string().as_str(), address.is_ipv6()), ("2001:db8::", true));
    assert_eq!(format!("{:?}", "2001:db8::/32".parse::<IpPrefix>().unwrap()), "2001:db8::/32");
    assert_eq!("10.0.0.0/8".parse::<IpPrefix>().unwrap().address().to_string(), "10.0.0.0");
}

/// What routes are of, and who reads them faster.
#[test]
fn kinds_route_types() {
    let bytes = unhex("00000007 08 0a");
    for family in Family::KNOWN {
        let routes = Routes::new(RouteFormat::of(*family).with_path_ids(), &bytes);
        assert_eq!((routes.family(), routes.format().has_path_ids, routes.as_bytes()), (*family, true, &bytes[..]));
        let is_plain = |afi: u16| family.afi.0 == afi && matches!(family.safi.0, 1 | 2);
        assert_eq!((routes.ipv4().is_some(), routes.ipv6().is_some()), (is_plain(1), is_plain(2)));
    }
    assert!(!Routes::NONE.format().has_path_ids && Routes::NONE.count() == 0);
    let mut routes = Routes::new(RouteFormat::of(Family::IPV4_UNICAST).with_path_ids(), &bytes).ipv4().unwrap();
    assert_eq!(routes.routes().next().unwrap().to_string(), "10.0.0.0/8 path 7");
    assert_eq!(routes.next(), Some((Some(7), "10.0.0.0/8".parse().unwrap())));
    assert_eq!((routes.next(), routes.as_bytes()), (None, &[][..]));
    let bytes = unhex("00000007 10 2001");
    let mut routes = Routes::new(RouteFormat::of(Family::IPV6_UNICAST).with_path_ids(), &bytes).ipv6().unwrap();
    assert_eq!(routes.routes().next().unwrap().to_string(), "2001::/16 path 7");
    assert_eq!(routes.next(), Some((Some(7), "2001::/16".parse().unwrap())));
    assert_eq!((routes.next(), routes.as_bytes()), (None, &[][..]));
    // One route from the front, and what is behind it.
    let (nlri, rest) = Nlri::split(RouteFormat::of(Family::IPV4_UNICAST), &[8, 10, 9]).unwrap();
    assert_eq!((nlri.to_string().as_str(), rest), ("10.0.0.0/8", &[9][..]));
}

/// RFC 4684 §4.
#[test]
fn route_targets() {
    let target = ExtendedCommunity([0, 2, 0xfd, 0xe8, 0, 0, 0, 0x64]);
    let whole = RouteTargetMembership::new(65_000, target);
    assert_eq!((whole.bits(), whole.origin_as(), whole.target()), (96, 65_000, target));
    assert_eq!((RouteTargetMembership::ALL.bits(), RouteTargetMembership::ALL.origin_as()), (0, 0));
    // What stands behind the length counts for nothing; lengths that the RFC does not have are refused.
    for bits in 0..=97_u8 {
        let bytes = [&[bits][..], &[0xff; 12]].concat();
        let Ok((Nlri::RouteTarget(read), _)) = Nlri::split(RouteFormat::of(Family::ROUTE_TARGET), &bytes) else {
            assert!((1..32).contains(&bits) || bits == 97, "{bits}");
            continue;
        };
        let kept = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0).to_be_bytes();
        assert_eq!(
            (read.origin_as().to_be_bytes(), read.target().0),
            (kept[..4].try_into().unwrap(), kept[4..12].try_into().unwrap()),
            "{bits}"
        );
    }
    is(Family::ROUTE_TARGET, "00 60 00 00 fd e8 00 02 fd e8 00 00 00 64", "all route targets, 65000 target:65000:100");
    is(Family::ROUTE_TARGET, "20 00 00 fd e8", "65000 0x0000000000000000 /32");
    for hex in ["61 00 00 00 00 00 00 00 00 00 00 00 00 00", "08 00"] {
        assert!(Routes::new(RouteFormat::of(Family::ROUTE_TARGET), &unhex(hex)).check().is_err());
    }
}

/// RFC 8955 §4, RFC 8956 §3.
#[test]
fn flows() {
    //= RFC 8955 §4.2/order
    is(
        Family::IPV4_FLOW_SPEC,
        "0c 01 18 c0 00 02 03 81 06 05 91 0c 38",
        "destination 192.0.2.0/24 protocol =6 destination-port =3128",
    );
    // Types out of order, unknown, repeated (RFC 8955 §4.2): the flow is useless, its neighbours are not.
    for hex in ["06 0a 81 05 09 81 02 03 05 81 06", "03 63 81 06", "06 03 81 06 03 81 11"] {
        let bytes = unhex(hex);
        let Some(Nlri::FlowSpec(flow)) =
            Routes::new(RouteFormat::of(Family::IPV4_FLOW_SPEC), &bytes).next().map(|of| of.nlri)
        else {
            panic!("no flow")
        };
        assert!(flow.check().is_err(), "{hex}");
    }
}

/// RFC 8955 §4.2.1: every comparison, every mask, every width, "and" and "or".
#[test]
fn operators() {
    let f = Family::IPV4_FLOW_SPEC;
    is(f, "07 0a 01 01 03 02 85 03", "packet-length =1,>=2,<=3");
    is(f, "0b 0a 00 01 02 02 04 03 06 04 87 05", "packet-length false1,>2,<3,!=4,true5");
    is(f, "09 0a 03 0a 55 000a d6 000b", "packet-length >=10&<=10&!=11");
    is(f, "06 0a 11 0001 81 02", "packet-length =1,=2");
    is(Family::IPV6_FLOW_SPEC, "06 0d a1 00012345", "flow-label =74565");
    is(f, "09 09 00 01 01 02 42 03 83 04", "tcp-flags 0x1,=0x2&!0x3,!=0x4");
    is(f, "03 0c 81 01", "fragment =0x1");
    let flow = FlowSpec::new(Afi::IPV4, None, &[3, 0x81, 6]).unwrap();
    assert_eq!((flow.afi(), flow.components().count()), (Afi::IPV4, 1));
    assert!(ComponentType::TCP_FLAGS.is_mask() && ComponentType::FRAGMENT.is_mask() && !ComponentType::PORT.is_mask());
    // A list that does not end, and a value that is cut.
    for list in [&[3, 0x01, 6][..], &[4, 0x91, 6], &[3, 0x81], &[3]] {
        assert!(FlowSpec::new(Afi::IPV4, None, list).unwrap_err().is_truncated(), "{list:?}");
    }
    let error = FlowSpec::new(Afi::IPV4, None, &[3, 0x81, 6, 3, 0x81, 17]).unwrap_err();
    assert_eq!(error.to_string(), "NLRI is malformed: component type is 3, it must be at least 4");
    // RFC 8956 §3.7: a flow label is IPv6's.
    assert!(FlowSpec::new(Afi::IPV4, None, &[13, 0x81, 6]).is_err());
    assert!(FlowSpec::new(Afi::IPV6, None, &[13, 0x81, 6]).is_ok());
}

/// RFC 8956 §3.1: a pattern of the bits from the offset on.
#[test]
fn patterns() {
    //= RFC 8956 §3.1/offset
    let read = |component: &[u8]| {
        let flow = FlowSpec::new(Afi::IPV6, None, component);
        flow.map(|flow| flow.to_string()).map_err(|error| error.to_string())
    };
    assert_eq!(read(&[1, 0, 0]).as_deref(), Ok("destination ::/0"));
    assert_eq!(
        read(&[&[2, 128, 0][..], &[0x20; 16]].concat()).unwrap(),
        format!("source {}/128", ["2020"; 8].join(":"))
    );
    assert_eq!(read(&[1, 128, 127, 0x80]).as_deref(), Ok("destination ::1/128 offset 127"));
    assert_eq!(read(&[1, 16, 8, 0xff]).as_deref(), Ok("destination ff::/16 offset 8"));
    let offset =
        |value, most: &str| Err(format!("NLRI is malformed: prefix offset is {value}, it must be at most {most}"));
    assert_eq!(read(&[1, 64, 64]), offset(64, "63"));
    assert_eq!(read(&[1, 64, 65]), offset(65, "63"));
    assert_eq!(read(&[1, 0, 1]), offset(1, "0"));
    let error = "NLRI is malformed: prefix length is 129, it must be at most 128";
    assert_eq!(read(&[&[1, 129, 0][..], &[0; 17]].concat()), Err(error.into()));
    assert!(read(&[1, 17, 8, 0xff]).is_err(), "9 bits take two bytes");
}

/// RFC 8955 §4.1: lengths of one byte and of two.
#[test]
fn lengths_of_flows() {
    let value = |len: usize| [&[10][..], &[1, 0].repeat((len - 3) / 2), &[0x81, 0]].concat();
    for (len, head) in [(239, &[239][..]), (241, &[0xf0, 241]), (4095, &[0xff, 0xff])] {
        let components = value(len);
        let flow = FlowSpec::new(Afi::IPV4, None, &components).unwrap();
        let bytes = written(|to| flow.write(to)).unwrap();
        assert_eq!((bytes.len(), &bytes[..head.len()]), (head.len() + len, head));
        assert_eq!(
            Routes::new(RouteFormat::of(Family::IPV4_FLOW_SPEC), &bytes).next().unwrap().nlri,
            Nlri::FlowSpec(flow)
        );
    }
    // 239 bytes and a distinguisher's eight, 240 of them, and 4096 with it.
    let distinguisher = Some(RouteDistinguisher::of_as(65_000, 1));
    let write = |components: &[u8]| {
        let flow = FlowSpec::new(Afi::IPV4, distinguisher, components).unwrap();
        written(|to| flow.write(to)).map(|bytes| bytes[..2].to_vec()).map_err(|error| error.to_string())
    };
    assert_eq!(write(&value(231)), Ok(vec![239, 0]));
    assert_eq!(write(&[&[3, 0x81, 6], &value(229)[..]].concat()), Ok(vec![0xf0, 240]));
    assert_eq!(write(&value(4087)), Ok(vec![0xff, 0xff]));
    let error = "test cannot be built: length would be 4096, it must be at most 4095";
    assert_eq!(write(&[&[3, 0x81, 6], &value(4085)[..]].concat()), Err(error.into()));
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
    let mut routes = Routes::new(RouteFormat::of(Family::IPV4_FLOW_SPEC), &bytes);
    let Some(Nlri::FlowSpec(flow)) = routes.next().map(|route| route.nlri) else { panic!("no flow") };
    assert!(flow.check().is_err(), "two bytes too many");
    assert_eq!(written(|to| flow.write(to)).unwrap(), bytes);
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
    is(m, &format!("04 0a {rd} 01 02"), "leaf 0x0000fde80001869f0102");
    is(
        m,
        &format!("06 16 {rd} 00 00 fd e8 20 0a 00 00 01 20 ef 01 01 01"),
        "shared-tree-join 65000:99999 source-as 65000 source 10.0.0.1 group 239.1.1.1",
    );
    let v6 = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01";
    let six = Family::IPV6_MCAST_VPN;
    is(six, &format!("01 18 {rd} {v6}"), "intra-as-i-pmsi 65000:99999 2001:db8::1");
    is(six, &format!("05 1a {rd} 00 80 {v6}"), "source-active 65000:99999 group 2001:db8::1");
    // A byte more, a byte less, an address of neither kind: kept as it is.
    is(m, &format!("02 0d {rd} 00 00 fd e8 07"), "inter-as-i-pmsi 0x0000fde80001869f0000fde807");
    is(m, &format!("02 0b {rd} 00 00 fd"), "inter-as-i-pmsi 0x0000fde80001869f0000fd");
    is(m, &format!("01 0d {rd} c0 00 02 01 07"), "intra-as-i-pmsi 0x0000fde80001869fc000020107");
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
    let told = "local-node={autonomous-system=65000 igp-router-id=0000.0000.0001}";
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
    is(Family::LINK_STATE, "00 06 00 09 03 00 00 00 00 00 00 00 07", "srv6-sid ospfv2 7");
    is(Family::LINK_STATE, "00 02 00 08 03 00 00 00 00 00 00 00", "link 0x0300000000000000");
    is(
        Family::LINK_STATE_VPN,
        "00 01 00 10 00 00 fd e8 00 00 00 64 03 00 00 00 00 00 00 00",
        "node 0x0000fde8000000640300000000000000",
    );
    is(
        Family::LINK_STATE_VPN,
        "00 01 00 11 00 00 fd e8 00 00 00 64 03 00 00 00 00 00 00 00 07",
        "node ospfv2 7 rd 65000:100",
    );
    is(
        Family::LINK_STATE,
        "00 02 00 15 07 00 00 00 00 00 00 00 00 01 01 00 00 01 03 00 04 c0 00 02 01",
        "link bgp 0 remote-node={} ipv4-interface-address=192.0.2.1",
    );
    // A descriptor past the end.
    is(Family::LINK_STATE, "00 01 00 0d 02 00 00 00 00 00 00 00 07 01 00 00 12", "node 0x02000000000000000701000012");
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
    let session = format!("{rd} 20 c0 a8 00 01 00 00 30 39 09 20 0a 00 00 01");
    let told = "type-1-session-transformed 100:100 192.168.0.1/32 teid 12345 qfi 9 endpoint 10.0.0.1";
    is(m, &format!("01 00 03 1c {session} 20 0a 00 00 02"), &format!("{told} source 10.0.0.2"));
    is(m, &format!("01 00 03 18 {session} 00"), told);
    is(m, &format!("01 00 04 0d {rd} 20 0a 00 00 01"), "type-2-session-transformed 100:100 endpoint 10.0.0.1 teid 0/0");
    is(
        m,
        &format!("01 00 04 11 {rd} 40 0a 00 00 01 ff ff ff ff"),
        "type-2-session-transformed 100:100 endpoint 10.0.0.1 teid 4294967295/32",
    );
    let v6 = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01";
    let six = Family::IPV6_MUP;
    is(six, &format!("01 00 01 0d {rd} 20 20 01 0d b8"), "interwork-segment-discovery 100:100 2001:db8::/32");
    is(six, &format!("01 00 02 18 {rd} {v6}"), "direct-segment-discovery 100:100 2001:db8::1");
    is(
        six,
        &format!("01 00 04 1d {rd} a0 {v6} 00 00 30 39"),
        "type-2-session-transformed 100:100 endpoint 2001:db8::1 teid 12345/32",
    );
    // A TEID of 33 bits, an endpoint of 31, a byte too many: kept as they are.
    is(
        m,
        &format!("01 00 04 12 {rd} 41 0a 00 00 01 00 00 00 00 00"),
        "type-2-session-transformed 0x0000006400000064410a0000010000000000",
    );
    is(m, &format!("01 00 04 0d {rd} 1f 0a 00 00 01"), "type-2-session-transformed 0x00000064000000641f0a000001");
    is(m, &format!("01 00 01 0d {rd} 18 0a 00 01 07"), "interwork-segment-discovery 0x0000006400000064180a000107");
    let write = |teid_bits| {
        let endpoint = "192.0.2.1".parse().unwrap();
        let route = KnownMup::Type2Session { endpoint, teid_bits, teid: 1 };
        let route = Mup::Known { distinguisher: RouteDistinguisher([0; 8]), route };
        assert_eq!((route.kind().architecture, route.kind().route_type.0), (1, 4));
        written(|to| route.write(to)).map(|bytes| bytes.len()).map_err(|error| error.to_string())
    };
    assert_eq!(write(32), Ok(4 + 8 + 1 + 4 + 4));
    assert_eq!(write(33), Err("test cannot be built: TEID length would be 33, it must be at most 32".into()));
    let other = unhex("02 00 03 01 07");
    let Some(Nlri::Mup(route)) = Routes::new(RouteFormat::of(m), &other).next().map(|of| of.nlri) else {
        panic!("no route")
    };
    assert_eq!((route.kind().architecture, route.kind().route_type.0), (2, 3));
}

#[test]
fn what_is_not_known_is_kept() {
    is(Family::new(77, 7), "01 02 03", "0x010203");
}
