//! Attributes of every type: read from bytes, told in words, written back the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use std::net::{Ipv4Addr, Ipv6Addr};

use bgp_codec::attribute::tunnel_encapsulation::Egress;
use bgp_codec::attribute::tunnel_encapsulation::TunnelType;
use bgp_codec::attribute::{
    Administrator, Aggregator, AttributeFlags, ClusterId, Community, ExtendedCommunity, Ipv6ExtendedCommunity,
    LargeCommunities, LargeCommunity, MpReach, NextHop, Origin, PrefixSid, TunnelEncapsulation,
};
use bgp_codec::nlri::RouteDistinguisher;
use bgp_codec::session::AsSize;
use bgp_codec::{AttributeType, AttributeValue, Family, FamilySet, LayerName, Negotiated};
use common::{unhex, written};
use ether_ip::ethernet::MacAddr;

#[track_caller]
fn is(kind: AttributeType, hex: &str, words: &str) {
    let (bytes, session) = (unhex(hex), Negotiated::assumed());
    let value = AttributeValue::parse(kind, &bytes, &session).unwrap();
    assert_eq!((value.kind(), value.to_string().as_str()), (kind, words));
    assert_eq!(written(|to| value.write_value(AsSize::Four, to)).unwrap(), bytes);
    let flags = kind.flags().unwrap_or(AttributeFlags::OPTIONAL_TRANSITIVE).0;
    let whole = written(|to| value.write(AsSize::Four, to)).unwrap();
    assert_eq!(whole, [&[flags, kind.0, bytes.len() as u8], &bytes[..]].concat());
    // With the long length, which the caller may ask for.
    let long = written(|to| value.write_with(AttributeFlags(flags | 0x10), AsSize::Four, to)).unwrap();
    assert_eq!(long, [&[flags | 0x10, kind.0, 0, bytes.len() as u8], &bytes[..]].concat());
}

/// RFC 4271 §4.3, RFC 4456 §8, RFC 9234 §5.
#[test]
fn numbers_and_paths() {
    for (hex, words) in [("00", "igp"), ("01", "egp"), ("02", "incomplete")] {
        is(AttributeType::ORIGIN, hex, words);
    }
    is(AttributeType::AS_PATH, "02 02 0000fde8 00010000 01 02 00000007 00000008", "65000 65536 {7,8}");
    is(AttributeType::AS_PATH, "", "");
    is(AttributeType::NEXT_HOP, "c0000201", "192.0.2.1");
    is(AttributeType::MULTI_EXIT_DISC, "00000064", "100");
    is(AttributeType::LOCAL_PREF, "000000c8", "200");
    is(AttributeType::ATOMIC_AGGREGATE, "", "");
    is(AttributeType::AGGREGATOR, "0000fde8 c0000201", "65000 192.0.2.1");
    is(AttributeType::ORIGINATOR_ID, "c0000207", "192.0.2.7");
    is(AttributeType::CLUSTER_LIST, "c0000201 c0000202", "192.0.2.1 192.0.2.2");
    is(AttributeType::AS4_PATH, "02 01 00010000", "65536");
    is(AttributeType::AS4_AGGREGATOR, "00010000 c0000201", "65536 192.0.2.1");
    is(AttributeType::ONLY_TO_CUSTOMER, "0000fde8", "65000");
    is(AttributeType(99), "0102", "0x0102");
    let cluster = ClusterId::from(Ipv4Addr::new(192, 0, 2, 1));
    assert_eq!((cluster.0, format!("{cluster:?}").as_str()), ([192, 0, 2, 1], "192.0.2.1"));
    assert_eq!((Origin::from_byte(3), Origin::Egp as u8), (None, 1));
}

/// RFC 1997, RFC 8092 and those that gave out the well-known ones.
#[test]
fn communities() {
    is(AttributeType::COMMUNITIES, "fde80064 ffffff01 ffff029a", "65000:100 no-export blackhole");
    is(AttributeType::LARGE_COMMUNITY, "00010000 00000001 00000002", "65536:1:2");
    let community = Community::new(65_000, 100);
    assert_eq!((community.get(), community.as_number(), community.number()), (0xfde8_0064, 65_000, 100));
    assert_eq!((format!("{community:?}").as_str(), community.name()), ("65000:100", None));
    for (value, name) in [
        (0xffff_0000, "graceful-shutdown"),
        (0xffff_0001, "accept-own"),
        (0xffff_0002, "route-filter-translated-v4"),
        (0xffff_0003, "route-filter-v4"),
        (0xffff_0004, "route-filter-translated-v6"),
        (0xffff_0005, "route-filter-v6"),
        (0xffff_0006, "llgr-stale"),
        (0xffff_0007, "no-llgr"),
        (0xffff_0008, "accept-own-nexthop"),
        (0xffff_0009, "standby-pe"),
        (0xffff_029a, "blackhole"),
        (0xffff_ff01, "no-export"),
        (0xffff_ff02, "no-advertise"),
        (0xffff_ff03, "no-export-subconfed"),
        (0xffff_ff04, "no-peer"),
    ] {
        assert_eq!((Community::from(value).get(), Community::from(value).name()), (value, Some(name)));
    }
    let large = LargeCommunity::new(65_536, 1, 2);
    assert_eq!((large.global(), large.local(), format!("{large:?}").as_str()), (65_536, (1, 2), "65536:1:2"));
    //= RFC 8092 §3/once
    // One that stands there twice counts once, and is sent once.
    let all = [large, LargeCommunity::new(65_536, 1, 3), large];
    let communities = LargeCommunities::new(&all);
    assert!(communities.iter().eq(&all[..2]) && communities.has_repeated());
    assert!(!LargeCommunities::new(&all[..2]).has_repeated());
    assert_eq!(
        (communities.as_slice().len(), format!("{communities:?}").as_str()),
        (3, "[65536:1:2, 65536:1:3, 65536:1:2]")
    );
    let written = written(|to| AttributeValue::LargeCommunities(communities).write(AsSize::Four, to)).unwrap();
    assert_eq!(written, unhex("c02018 00010000 00000001 00000002 00010000 00000001 00000003"));
}

/// Each type's own RFC: `attribute::extended_community::Typed` names it.
#[test]
fn extended_communities() {
    for (hex, words) in [
        ("0002 fde8 00000064", "target:65000:100"),
        ("0102 c0000201 0007", "target:192.0.2.1:7"),
        ("0202 00010000 0007", "target:65536:7"),
        ("0003 fde8 00000064", "origin:65000:100"),
        ("0103 c0000201 0007", "origin:192.0.2.1:7"),
        ("0203 00010000 0007", "origin:65536:7"),
        ("0005 fde8 00000001", "ospf-domain:65000:1"),
        ("0105 c0000201 0002", "ospf-domain:192.0.2.1:2"),
        ("0205 00010000 0002", "ospf-domain:65536:2"),
        ("0004 fde8 4a000000", "bandwidth:65000:2097152"),
        ("4004 fde8 4a000000", "bandwidth:65000:2097152"),
        ("0107 c0000201 0000", "ospf-router:192.0.2.1"),
        ("010c c0000201 0000", "redirect-to-ip:192.0.2.1"),
        ("010c c0000201 0001", "copy-to-ip:192.0.2.1"),
        ("010c c0000201 0002", "redirect-to-ip:192.0.2.1"),
        ("0306 00000001 02 01", "ospf-route-type:0.0.0.1:2:1"),
        ("030b 4000 00000064", "color:01:100"),
        ("030b c000 00000064", "color:11:100"),
        ("030c 00000000 0008", "encapsulation:vxlan"),
        ("030c 00000000 0063", "encapsulation:99"),
        ("030d 000000000000", "default-gateway"),
        ("0600 01 00 0000000a", "mac-mobility:10:static"),
        ("0600 02 00 0000000a", "mac-mobility:10"),
        ("0601 01 0000 0186a0", "esi-label:1:100000"),
        ("0602 020000000001", "es-import:02:00:00:00:00:01"),
        ("0603 020000000001", "router-mac:02:00:00:00:00:01"),
        ("0604 0002 05dc 0000", "l2-attributes:0x2:1500"),
        ("0606 e2 4000 000000", "df-election:2:0x4000"),
        ("0800 000000000000", "redirect-to-nexthop"),
        ("0800 000000000001", "copy-to-nexthop"),
        ("0800 000000000002", "redirect-to-nexthop"),
        ("0c00 000a 00000064", "mup:10:100"),
        ("4300 0000000000 02", "origin-validation:2"),
        ("8006 fde8 461c4000", "rate-limit:10000"),
        ("8007 0000000000 00", "action:none"),
        ("8007 0000000000 01", "action:terminal"),
        ("8007 0000000000 02", "action:sample"),
        ("8007 0000000000 03", "action:sample-terminal"),
        ("8008 fde8 00000064", "redirect:65000:100"),
        ("8108 c0000201 0007", "redirect:192.0.2.1:7"),
        ("8208 00010000 0007", "redirect:65536:7"),
        ("8009 0000000000 2e", "mark:46"),
        ("800a 13 02 05dc 0064", "l2info:19:2:1500:100"),
        ("800c fde8 461c4000", "rate-limit:10000:packets"),
        ("0707 010203040506", "0x0707010203040506"),
    ] {
        is(AttributeType::EXTENDED_COMMUNITIES, hex, words);
    }
    is(
        AttributeType::EXTENDED_COMMUNITIES,
        "0002 fde8 00000064 030c 00000000 0013",
        "target:65000:100 encapsulation:geneve",
    );
}

/// What makes them, and RFC 4360 §2: bit 6 says that it stays in the AS.
#[test]
fn extended_communities_are_made() {
    let of_an_address = Administrator::Address([192, 0, 2, 1].into(), 7);
    for (community, hex) in [
        (ExtendedCommunity::route_target(Administrator::As(65_000, 100)), "0002 fde8 00000064"),
        (ExtendedCommunity::route_target(of_an_address), "0102 c0000201 0007"),
        (ExtendedCommunity::of(Administrator::FourOctetAs(65_536, 7), 3), "0203 00010000 0007"),
        (ExtendedCommunity::traffic_rate(65_000, 10_000.0), "8006 fde8 461c4000"),
        (ExtendedCommunity::encapsulation(8), "030c 00000000 0008"),
        (ExtendedCommunity::router_mac(MacAddr([2, 0, 0, 0, 0, 1])), "0603 020000000001"),
        (ExtendedCommunity::new(7, 9, [1, 2, 3, 4, 5, 6]), "0709 010203040506"),
    ] {
        assert_eq!(community.0[..], unhex(hex));
        assert_eq!(community.kind(), (community.0[0], community.0[1]));
    }
    assert!(ExtendedCommunity([0; 8]).is_transitive() && ExtendedCommunity([0x83; 8]).is_transitive());
    assert!(!ExtendedCommunity([0x40; 8]).is_transitive());
    assert_eq!(format!("{:?}", ExtendedCommunity::encapsulation(19)), "encapsulation:geneve");
}

/// RFC 5701 §2.
#[test]
fn extended_communities_of_ipv6() {
    let address = "20010db8 00000000 00000000 00000001";
    let kind = AttributeType::IPV6_EXTENDED_COMMUNITIES;
    is(kind, &format!("0002 {address} 0007"), "target:[2001:db8::1]:7");
    is(kind, &format!("0003 {address} 0007"), "origin:[2001:db8::1]:7");
    is(kind, &format!("000c {address} 0000"), "redirect-to-ip:[2001:db8::1]:0");
    is(kind, &format!("4009 {address} 0102"), "0x4009:[2001:db8::1]:258");
    let community = Ipv6ExtendedCommunity(unhex(&format!("4009 {address} 0102")).try_into().unwrap());
    assert_eq!((community.kind(), community.value()), ((0x40, 9), ("2001:db8::1".parse().unwrap(), 258)));
    assert_eq!(format!("{community:?}"), "0x4009:[2001:db8::1]:258");
}

/// RFC 4760 §3, §4.
#[test]
fn routes_of_other_families() {
    is(
        AttributeType::MP_REACH_NLRI,
        "0002 01 10 20010db8 00000000 00000000 00000001 00 20 20010db8 00",
        "ipv6 unicast next hop 2001:db8::1: 2001:db8::/32 ::/0",
    );
    is(AttributeType::MP_UNREACH_NLRI, "0002 01 20 20010db8", "ipv6 unicast: 2001:db8::/32");
    is(AttributeType::MP_UNREACH_NLRI, "0019 46", "l2vpn evpn: ");
}

/// How long a next hop may be (RFC 4760 §3) by family, for all lengths: RFC 2545 §3, RFC 4364 §4.3.2, RFC 4659 §3.2.1,
/// RFC 4798 §2, RFC 8955 §4, RFC 7432 §11, RFC 4761, RFC 4684 §4, RFC 6514 §4, RFC 9830 §2.1, RFC 9552 §5.5; and where
/// RFC 8950 was agreed on.
#[test]
fn next_hops_by_family() {
    //= RFC 4760 §3/next-hop-length
    let [plain, other] = [FamilySet::EMPTY, FamilySet::ALL].map(|families| {
        let mut session = Negotiated::assumed();
        (session.extended_next_hop_receive, session.extended_next_hop_send) = (families, families);
        session
    });
    let lengths = |family: Family, session: &Negotiated| {
        let taken = |len: &u8| {
            let value = [&family.to_bytes()[..], &[*len], &vec![1; usize::from(*len) + 1]].concat();
            MpReach::parse(&value, session).is_ok()
        };
        (0..=50).filter(taken).collect::<Vec<u8>>()
    };
    let of_either_kind = [4, 16, 32];
    let any: Vec<u8> = (0..=50).collect();
    for family in Family::KNOWN {
        let (afi, safi) = (family.afi.0, family.safi.0);
        let (without, with): (&[u8], &[u8]) = match (afi, safi) {
            (1, 1 | 2 | 4) => (&[4], &[4, 16, 32]),
            (1, 128 | 129) => (&[12], &[12, 24, 48]),
            (2, 1 | 2 | 4) => (&[16, 32], &[4, 16, 32]),
            (2, 128 | 129) => (&[24, 48], &[12, 24, 48]),
            (1 | 2, 133 | 134) => (&any, &any),
            (25, 65 | 70) | (1, 132) | (1 | 2, 5 | 73 | 85) | (16_388, 71) => (&of_either_kind, &of_either_kind),
            (16_388, 72) => (&[12, 24, 48], &[12, 24, 48]),
            _ => panic!("{family} has no row here"),
        };
        assert_eq!((lengths(*family, &plain), lengths(*family, &other)), (without.to_vec(), with.to_vec()), "{family}");
    }
    assert_eq!(lengths(Family::new(77, 7), &plain).len(), 51, "those of a family that is not known may have any");
}

#[test]
fn next_hops_are_read_told_and_written() {
    let (v4, v6) = ("c0000201", "20010db8 00000000 00000000 00000001");
    let (link_local, rd) = ("fe800000 00000000 00000000 00000001", "0000 fde8 00000064");
    let address = "2001:db8::1".parse::<Ipv6Addr>().unwrap();
    let (local, distinguisher) =
        ("fe80::1".parse::<Ipv6Addr>().unwrap(), RouteDistinguisher([0, 0, 253, 232, 0, 0, 0, 100]));
    for (hex, next_hop, words, counts) in [
        ("", NextHop::None, "none", None),
        (v4, NextHop::Ipv4([192, 0, 2, 1].into()), "192.0.2.1", Some("192.0.2.1")),
        (v6, NextHop::Ipv6(address), "2001:db8::1", Some("2001:db8::1")),
        (
            &format!("{v6} {link_local}"),
            NextHop::Ipv6LinkLocal(address, local),
            "2001:db8::1 fe80::1",
            Some("2001:db8::1"),
        ),
        (
            &format!("{rd} {v4}"),
            NextHop::VpnIpv4(distinguisher, [192, 0, 2, 1].into()),
            "65000:100 192.0.2.1",
            Some("192.0.2.1"),
        ),
        (&format!("{rd} {v6}"), NextHop::VpnIpv6(distinguisher, address), "65000:100 2001:db8::1", Some("2001:db8::1")),
        (
            &format!("{rd} {v6} {rd} {link_local}"),
            NextHop::VpnIpv6LinkLocal([(distinguisher, address), (distinguisher, local)]),
            "65000:100 2001:db8::1 65000:100 fe80::1",
            Some("2001:db8::1"),
        ),
        ("010203", NextHop::Other(&[1, 2, 3]), "0x010203", None),
    ] {
        let bytes = unhex(hex);
        assert_eq!((NextHop::parse(&bytes), next_hop.to_string().as_str()), (next_hop, words));
        assert_eq!(next_hop.address().map(|of| of.to_string()).as_deref(), counts);
        assert_eq!(written(|to| next_hop.write(to)).unwrap(), bytes);
    }
    assert_eq!(NextHop::from("192.0.2.1".parse::<std::net::IpAddr>().unwrap()), NextHop::Ipv4([192, 0, 2, 1].into()));
    assert_eq!(NextHop::from("2001:db8::1".parse::<std::net::IpAddr>().unwrap()), NextHop::Ipv6(address));
}

/// RFC 6514 §5; RFC 7432 §11.2 and RFC 8365 §5.1.3: the label's place holds the VNI.
#[test]
fn multicast_tunnels() {
    //= RFC 6514 §5/identifier
    let kind = AttributeType::PMSI_TUNNEL;
    is(kind, "00 06 002710 c0000201", "ingress-replication label 625 vni 10000 192.0.2.1");
    is(kind, "01 00 000000", "none label 0 vni 0 flags 0x01");
    is(kind, "00 03 000000 c0000201 ef010101", "pim-ssm label 0 vni 0 sender 192.0.2.1 group 239.1.1.1");
    let taken = |tunnel: u8, len: usize| {
        let bytes = [&[0, tunnel, 0, 0, 0][..], &vec![0; len]].concat();
        AttributeValue::parse(kind, &bytes, &Negotiated::assumed()).is_ok()
    };
    for (tunnel, lengths) in
        [(0, &[0][..]), (1, &[12, 24]), (3, &[8, 32]), (4, &[8, 32]), (5, &[8, 32]), (6, &[4, 16]), (9, &[]), (13, &[])]
    {
        assert!((0..40).filter(|len| taken(tunnel, *len)).eq(lengths.iter().copied()), "{tunnel}");
    }
    assert!([2, 7, 8, 10, 11, 12].iter().all(|tunnel| (0..40).all(|len| taken(*tunnel, len))));
}

/// RFC 9012 §2, §3; RFC 9830 §2.4.
#[test]
fn tunnels() {
    //= RFC 9012 §3.1/families
    let kind = AttributeType::TUNNEL_ENCAPSULATION;
    let endpoint = "06 0a 00000000 0001 c0000201";
    is(
        kind,
        &format!("0008 000f {endpoint} 04 01 07 0013 0000"),
        // A colour of one byte is malformed, and counts as if it were not known (RFC 9012 §13).
        "vxlan {tunnel-egress-endpoint 192.0.2.1, color malformed 0x07} geneve {}",
    );
    let policy = "000f 002b 0c 06 0000 00000064 0d 02 0000 80 000f 00 09 06 0000 00000001 0d 04 00000007 0b01 63";
    // What is behind it does not fit: 43 bytes are told, 32 are there.
    assert!(TunnelEncapsulation::parse(&unhex(policy)).unwrap_err().is_truncated());
    let list = "00 09 06 0000 00000001 01 06 0000 00064100"; // label 100, and the S bit
    let policy = format!("000f 0020 0c 06 0000 00000064 80 0011 {list} 81 0001 41");
    let bytes = unhex(&policy);
    let tunnel = TunnelEncapsulation::parse(&bytes).unwrap().next().unwrap();
    assert_eq!((tunnel.kind, tunnel.preference(), tunnel.egress()), (TunnelType::SR_POLICY, Some(100), None));
    let lists: Vec<(u32, Vec<_>)> = tunnel
        .segment_lists()
        .map(|list| (list.weight(), list.values().map(|part| part.unwrap().to_string()).collect()))
        .collect();
    assert_eq!(lists, [(1, vec!["weight 1".to_owned(), "label 100".to_owned()])]);
    let egress = |hex: &str| TunnelEncapsulation::parse(&unhex(hex)).unwrap().next().unwrap().egress();
    assert_eq!(egress(&format!("0008 000c {endpoint}")), Some(Egress::Address([192, 0, 2, 1].into())));
    let v6 = "0008 0018 06 16 00000000 0002 20010db8 00000000 00000000 00000001";
    assert_eq!(egress(v6), Some(Egress::Address("2001:db8::1".parse().unwrap())));
    // RFC 9012 §3.1: family 0 stands for the route's next hop.
    assert_eq!(egress("0008 0008 06 06 00000000 0000"), Some(Egress::NextHop));
    // None, two, and one that is malformed: no tunnel that could be used.
    assert_eq!(egress("0008 0000"), None);
    assert_eq!(egress(&format!("0008 0018 {endpoint} {endpoint}")), None);
    assert_eq!(egress("0008 0009 06 07 00000000 0001 c0"), None);
    assert_eq!(egress("0008 000b 06 09 00000000 0001 c00002"), None);
    assert_eq!(egress("0008 0009 06 07 00000000 0002 20"), None);
}

/// RFC 7311 §3, RFC 9026 §3.1.6, RFC 6368 §5, RFC 9552 §5.3.
#[test]
fn metrics_sessions_and_sets() {
    is(AttributeType::AIGP, "01 000b 0000000000000064", "100");
    is(AttributeType::AIGP, "02 0004 07 03 0003", "2 0x07 3 0x");
    let short = AttributeValue::parse(AttributeType::AIGP, &[1, 0, 10, 0, 0, 0, 0, 0, 0, 0], &Negotiated::assumed());
    assert_eq!(short.unwrap_err().to_string(), "AIGP is malformed: length is 10, it must be 11");
    is(AttributeType::BFD_DISCRIMINATOR, "01 00000007 01 04 c0000201", "mode 1 discriminator 7 source 192.0.2.1");
    is(AttributeType::ATTR_SET, "0000fde8 40 01 01 00 40 03 04 c0000201", "65000 {ORIGIN igp, NEXT_HOP 192.0.2.1}");
    // An attribute of the set that is cut: what can be read is 4 bytes and 4.
    let cut = unhex("0000fde8 40010100 400304c0");
    let error = AttributeValue::parse(AttributeType::ATTR_SET, &cut, &Negotiated::assumed());
    let words = "ATTR_SET is malformed: length is 12, it must be at most 8";
    assert_eq!(error.unwrap_err().to_string(), words);
    is(AttributeType::LINK_STATE, "0447 0003 00000a 0402 0003 727472", "igp-metric 10, node-name \"rtr\"");
}

/// RFC 8669 §3, RFC 9252 §2, §3.
#[test]
fn segment_identifiers() {
    //= RFC 8669 §3.1/length, §3.2/length
    let kind = AttributeType::PREFIX_SID;
    is(kind, "01 0007 00 0000 00000064", "label-index 100");
    is(
        kind,
        "01 0007 00 0000 00000064 03 000e 0000 003e80 001f40 00c350 0003e8",
        "label-index 100 srgb 16000+8000 50000+1000",
    );
    is(kind, "07 0001 63", "7 0x63");
    let information =
        |parts: &str, len: &str| format!("01 {len} 00 20010db8 00010000 00000000 00000000 80 0013 00 {parts}");
    let structure = "01 0006 28 18 10 00 10 40";
    is(
        kind,
        &format!("05 0022 00 {}", information(structure, "001e")),
        "l3-service {sid 2001:db8:1:: behavior End.DT4 flags 0x80 {structure block 40 node 24 function 16 argument 0 transposed 16 at 64}}",
    );
    is(
        kind,
        &format!("03 0008 0000 003e80 001f40 06 0019 00 {}", information("", "0015")),
        "srgb 16000+8000 l2-service {sid 2001:db8:1:: behavior End.DT4 flags 0x80}",
    );
    let bytes = unhex(&format!("05 0022 00 {}", information(structure, "001e")));
    let services: Vec<_> = PrefixSid::parse(&bytes).unwrap().services().collect();
    let [service] = services[..] else { panic!("{services:?}") };
    assert_eq!((service.is_layer_2, service.flags, service.behavior), (false, 0x80, 19));
    assert_eq!(service.structure, Some([40, 24, 16, 0, 16, 64]));
    let ranges = PrefixSid::parse(&unhex("03 0008 0000 003e80 001f40")).unwrap().label_ranges().len();
    assert_eq!(ranges, 1);
    // RFC 9252 §7: what is known of a service must be whole; what is not known is passed over.
    let services = |hex: &str| PrefixSid::parse(&unhex(hex)).unwrap().check_services().is_ok();
    assert!(services("05 0007 00 02 0003 010203") && !services("05 0007 00 01 0003 010203"));
    assert!(services(&format!("05 0022 00 {}", information(structure, "001e"))));
    // RFC 8669 §6: lengths that no label index and no ranges have.
    let taken =
        |kind: u8, len: u8| PrefixSid::parse(&[&[kind, 0, len][..], &vec![0; usize::from(len)]].concat()).is_ok();
    assert!((0..30).filter(|len| taken(1, *len)).eq([7]));
    assert!((0..30).filter(|len| taken(3, *len)).eq([8, 14, 20, 26]));
    assert!((0..30).all(|len| taken(2, len)));
    let words =
        |len: u8| PrefixSid::parse(&[&[3, 0, len][..], &vec![0; usize::from(len)]].concat()).unwrap_err().to_string();
    assert_eq!(words(2), "Prefix-SID is malformed: length is 2, it must be at least 8");
    assert_eq!(words(12), "Prefix-SID is malformed: length is 12, it must be 2 more than a multiple of 6");
}

/// RFC 8205 §3.
#[test]
fn signed_paths() {
    let key = "00 ".repeat(19);
    let one = format!("{key} 07 0002 aabb");
    let hex = format!("000e 01 80 0000fde8 02 00 0000fde9 0033 01 {one} {one}");
    is(AttributeType::BGPSEC_PATH, &hex, "65000 65001");
    let (bytes, session) = (unhex(&hex), Negotiated::assumed());
    let Ok(AttributeValue::BgpsecPath(path)) = AttributeValue::parse(AttributeType::BGPSEC_PATH, &bytes, &session)
    else {
        panic!("no path")
    };
    let segments: Vec<_> = path.segments.iter().map(|of| (of.count(), of.flags(), of.as_number())).collect();
    assert_eq!(segments, [(1, 0x80, 65_000), (2, 0, 65_001)]);
    let blocks: Vec<_> = path.blocks().collect();
    assert_eq!((blocks.len(), blocks[0].algorithm), (1, 1));
    let signatures: Vec<_> = blocks[0].signatures().map(|of| (of.key[19], of.signature)).collect();
    assert_eq!(signatures, [(7, &[0xaa, 0xbb][..]); 2]);
    // Two blocks are good, three or none are not; nor are more or fewer signatures than ASes.
    let parse = |hex: &str| AttributeValue::parse(AttributeType::BGPSEC_PATH, &unhex(hex), &session).is_ok();
    let block = format!("001b 01 {one}");
    let path = "0008 01 00 0000fde8";
    assert!(parse(&format!("{path} {block}")) && parse(&format!("{path} {block} {block}")));
    assert!(!parse(path) && !parse(&format!("{path} {block} {block} {block}")));
    assert!(!parse(&format!("{path} 0003 01")) && !parse(&format!("{path} 0033 01 {one} {one}")));
    // Lengths that are less than what they count, and more than is there.
    assert!(!parse("0001") && !parse("0002") && !parse("0007 01 00 0000fd"));
    assert!(!parse(&format!("{path} 0002 01 {one}")) && !parse(&format!("{path} 001c 01 {one}")));
}

/// RFC 6793 §3: in two bytes and in four.
#[test]
fn aggregators() {
    let parse =
        |size, bytes: &[u8]| Aggregator::parse(LayerName::new("AGGREGATOR"), size, bytes).map(|of| of.to_string());
    assert_eq!(parse(AsSize::Two, &[0xfd, 0xe8, 192, 0, 2, 1]).as_deref(), Ok("65000 192.0.2.1"));
    assert_eq!(parse(AsSize::Four, &[0, 1, 0, 0, 192, 0, 2, 1]).as_deref(), Ok("65536 192.0.2.1"));
    assert_eq!([AsSize::Two, AsSize::Four].map(|size| size.to_string()), ["2", "4"]);
    assert!(parse(AsSize::Two, &[0; 8]).is_err() && parse(AsSize::Four, &[0; 6]).is_err());
}

/// RFC 4271 §4.3: the bits of the flags.
#[test]
fn flags() {
    for (bits, told) in [
        (0x80, [true, false, false, false]),
        (0x40, [false, true, false, false]),
        (0x20, [false, false, true, false]),
        (0x10, [false, false, false, true]),
        (0x0f, [false; 4]),
    ] {
        let flags = AttributeFlags(bits);
        assert_eq!([flags.is_optional(), flags.is_transitive(), flags.is_partial(), flags.is_extended()], told);
    }
    assert_eq!(AttributeFlags(0xe0).partial(), AttributeFlags(0xe0), "what is partial stays so");
    assert_eq!(
        (AttributeFlags(0xc0).partial(), format!("{:?}", AttributeFlags(8)).as_str()),
        (AttributeFlags(0xe0), "0x08")
    );
    assert!(AttributeFlags(0xc0).is_same_category(AttributeFlags(0xff)));
    assert!(!AttributeFlags(0xc0).is_same_category(AttributeFlags(0x40)));
    assert!(!AttributeFlags(0xc0).is_same_category(AttributeFlags(0x80)));
}
