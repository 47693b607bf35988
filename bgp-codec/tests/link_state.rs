//! Link state: every TLV read from bytes, told in words, built back the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use bgp_codec::link_state::{LinkStateTlv, LinkStateValue};
use bgp_codec::nlri::{RouteFormat, Routes};
use bgp_codec::tlv::{Shape, Tlv, Tlvs};
use bgp_codec::{Family, LayerName};
use common::{unhex, written};

fn only(bytes: &[u8]) -> Tlv<'_> {
    let mut tlvs = Tlvs::parse(LayerName::new("test"), Shape::Word, bytes).unwrap();
    let tlv = tlvs.next().unwrap();
    assert!(tlvs.next().is_none());
    tlv
}

#[track_caller]
fn is(hex: &str, words: &str) {
    let bytes = unhex(hex);
    let tlv = only(&bytes);
    let value = LinkStateValue::parse(tlv).unwrap();
    assert_eq!(value.to_string(), words);
    assert_eq!((value.kind(), matches!(value, LinkStateValue::Other(_))), (LinkStateTlv(tlv.kind), false));
    assert_eq!(written(|to| value.write(to)).unwrap(), bytes, "{words}");
    // Cut anywhere: an error, or another value that is built back as it is.
    for cut in 0..tlv.value.len() {
        let cut = Tlv { kind: tlv.kind, value: &tlv.value[..cut] };
        if let Ok(value) = LinkStateValue::parse(cut) {
            assert_eq!(written(|to| value.write(to)).unwrap(), written(|to| cut.write(Shape::Word, to)).unwrap());
        }
    }
}

/// Values that GoBGP 3.10's packet library reads from the same bytes and writes back the same; beside each what it says.
#[test]
fn as_gobgp_reads_them() {
    for (hex, words, _theirs) in [
        ("0400 0001 98", "node-flags 0x98 (O B R)", "Node Flags: ***RB**O"),
        ("0401 0003 010203", "opaque-node 0x010203", "Opaque attribute: [1 2 3]"),
        ("0402 0007 727472312e6578", "node-name \"rtr1.ex\"", "Node Name: rtr1.ex"),
        ("0403 0003 490001", "isis-area 49.0001", "ISIS Area ID: [73 0 1]"),
        ("0404 0004 c0000201", "local-ipv4-router-id 192.0.2.1", "Local RouterID IPv4: 192.0.2.1"),
        (
            "0405 0010 20010db8000000000000000000000001",
            "local-ipv6-router-id 2001:db8::1",
            "Local RouterID IPv6: 2001:db8::1",
        ),
        ("0406 0004 c0000202", "remote-ipv4-router-id 192.0.2.2", "Remote RouterID IPv4: 192.0.2.2"),
        (
            "0407 0010 20010db8000000000000000000000002",
            "remote-ipv6-router-id 2001:db8::2",
            "Remote RouterID IPv6: 2001:db8::2",
        ),
        (
            "040a 000c 80 00 001f40 0489 0003 003e80",
            "sr-capabilities flags 0x80 8000 from label 16000",
            "SR Capabilities: Flags:128 SRGB Ranges: 16000:24000 ",
        ),
        ("040b 0003 00 01 80", "sr-algorithm 0,1,128", "SR Algorithms: [0 1 128]"),
        (
            "040c 000c 00 00 0003e8 0489 0003 003a98",
            "sr-local-block flags 0x00 1000 from label 15000",
            "SR LocalBlock: Flags:0 SRGB Ranges: 15000:16000 ",
        ),
        ("0440 0004 00000005", "admin-group 0x00000005", "Admin Group: 00000005"),
        ("0441 0004 4cee6b28", "max-bandwidth 125000000 B/s", "Max Link BW: 1.25e+08"),
        ("0442 0004 4cbebc20", "max-reservable-bandwidth 100000000 B/s", "Max Reservable Link BW: 1e+08"),
        (
            "0443 0020 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cee6b28 4cbebc20",
            "unreserved-bandwidth 125000000 B/s,125000000 B/s,125000000 B/s,125000000 B/s,125000000 B/s,125000000 B/s,125000000 B/s,100000000 B/s",
            "Unreserved BW: [1.25e+08 1.25e+08 1.25e+08 1.25e+08 1.25e+08 1.25e+08 1.25e+08 1e+08]",
        ),
        ("0444 0004 0000000a", "te-metric 10", "TE Default metric: 10"),
        ("0447 0001 0a", "igp-metric 10", "IGP metric: 10"),
        ("0447 0002 000a", "igp-metric 10", "IGP metric: 10"),
        ("0447 0003 00000a", "igp-metric 10", "IGP metric: 10"),
        ("0448 0008 00000001 00000100", "shared-risk-link-groups 1,256", "SRLG link attribute: [1 256]"),
        ("0449 0002 abcd", "opaque-link 0xabcd", "Opaque link attribute: [171 205]"),
        ("044a 0004 67652d30", "link-name \"ge-0\"", "Link Name: ge-0"),
        ("044b 0007 30 05 0000 003e81", "adjacency-sid label 16001 flags 0x30 weight 5", "Adjacency SID: 16001"),
        ("044b 0008 00 05 0000 00000019", "adjacency-sid index 25 flags 0x00 weight 5", "Adjacency SID: 25"),
        ("044d 0007 c0 00 0000 003e83", "peer-node-sid label 16003 flags 0xc0 weight 0", "Peer Node SID: 16003"),
        (
            "044e 0007 c0 00 0000 003e84",
            "peer-adjacency-sid label 16004 flags 0xc0 weight 0",
            "Peer Adjacency SID: 16004",
        ),
        ("044f 0007 c0 00 0000 003e85", "peer-set-sid label 16005 flags 0xc0 weight 0", "Peer Set SID: 16005"),
        ("0480 0001 c0", "igp-flags 0xc0 (D N)", "IGP Flags: ******ND"),
        ("0485 0002 abcd", "opaque-prefix 0xabcd", "Prefix opaque attribute: [171 205]"),
        ("0486 0008 40 00 0000 00000064", "prefix-sid index 100 flags 0x40 algorithm 0", "Prefix SID: 100"),
        ("0486 0007 4c 80 0000 003e86", "prefix-sid label 16006 flags 0x4c algorithm 128", "Prefix SID: 16006"),
    ] {
        is(hex, words);
    }
}

/// Values that tshark 4.0.17 reads from the same bytes.
#[test]
fn as_tshark_reads_them() {
    for (hex, words) in [
        ("0102 0008 00000007 00000009", "link-identifiers 7:9"),
        ("0107 0004 0000 0002", "multi-topology-id 0,2"),
        ("010a 0004 01 0a 02 08", "node-msd base-mpls:10,entropy:8"),
        ("010b 0002 01 0c", "link-msd base-mpls:12"),
        (
            "040f 000c 80 01 00 64 0410 0004 00000006",
            "flexible-algorithm 128 metric min-delay calculation 0 priority 100 {exclude-any-affinity 0x00000006}",
        ),
        ("0445 0002 04 00", "link-protection 0x04 (shared)"),
        ("0446 0001 c0", "mpls-protocols 0xc0 (LDP RSVP-TE)"),
        ("045a 0004 00 0003e8", "unidirectional-delay 1000 us"),
        ("045b 0008 80 0003e8 00 0007d0", "min-max-delay 1000 us anomalous to 2000 us"),
        ("045c 0004 00 000014", "delay-variation 20 us"),
        ("045d 0004 80 00014d", "link-loss 0.000999 % anomalous"),
        ("045e 0004 4cee6b28", "residual-bandwidth 125000000 B/s"),
        ("045f 0004 4cee6b28", "available-bandwidth 125000000 B/s"),
        ("0460 0004 4cee6b28", "utilized-bandwidth 125000000 B/s"),
        (
            "0462 0010 04 00 0000 10000000 0444 0004 0000000a",
            "application-specific 0x10 (flexible-algorithm) {te-metric 10}",
        ),
        ("0481 0008 00000064 000000c8", "route-tag 100,200"),
        ("0482 0008 0000000000000064", "extended-route-tag 100"),
        ("0483 0004 00000014", "prefix-metric 20"),
        ("0484 0004 c0000209", "ospf-forwarding-address 192.0.2.9"),
        ("0484 0010 20010db8000000000000000000000009", "ospf-forwarding-address 2001:db8::9"),
        ("0492 0001 20", "prefix-attribute-flags 0x20"),
        ("0495 0008 00000001 80000000", "extended-admin-group 0x00000001,0x80000000"),
    ] {
        is(hex, words);
    }
}

/// Values that neither of them knows, by the RFCs' figures: RFC 9247 §2.1, 9085 §2, 9514 §3 to §8, 9351 §3.
#[test]
fn by_the_figures() {
    for (hex, words) in [
        ("0408 0008 00000001 00000002", "s-bfd-discriminators 1,2"),
        ("040d 0001 80", "srms-preference 128"),
        ("040e 0004 4000 0000", "srv6-capabilities flags 0x4000"),
        ("0413 0001 80", "flexible-algorithm-flags 0x80"),
        ("0414 0008 80 00 0000 0000000a", "flexible-algorithm-prefix-metric 10 by algorithm 128 flags 0x00"),
        (
            "044c 000d 30 00 0000 192016800002 003e82",
            "lan-adjacency-sid label 16002 flags 0x30 weight 0 neighbor 1920.1680.0002",
        ),
        (
            "044c 000b 30 00 0000 c0000202 003e82",
            "lan-adjacency-sid label 16002 flags 0x30 weight 0 neighbor 192.0.2.2",
        ),
        (
            "0452 0016 0005 40 80 0a 00 fc000000000100000000000000000001",
            "srv6-end-x-sid fc00:0:1::1 behavior End.X flags 0x40 algorithm 128 weight 10",
        ),
        (
            "0453 001c 0005 40 00 00 00 192016800002 fc000000000100000000000000000002",
            "srv6-isis-lan-end-x-sid fc00:0:1::2 behavior End.X flags 0x40 algorithm 0 weight 0 neighbor 1920.1680.0002",
        ),
        (
            "0454 001a 0005 40 00 00 00 c0000202 fc000000000100000000000000000003",
            "srv6-ospfv3-lan-end-x-sid fc00:0:1::3 behavior End.X flags 0x40 algorithm 0 weight 0 neighbor 192.0.2.2",
        ),
        (
            "0487 0010 80 00 0064 0486 0008 00 00 0000 00000064",
            "range 100 prefixes flags 0x80 {prefix-sid index 100 flags 0x00 algorithm 0}",
        ),
        ("0489 0003 003e80", "sid label 16000"),
        ("0489 0004 00000064", "sid index 100"),
        ("048a 0008 00 80 0000 0000000a", "srv6-locator metric 10 flags 0x00 algorithm 128"),
        ("0493 0004 c0000201", "source-router-id 192.0.2.1"),
        ("0493 0010 20010db8000000000000000000000001", "source-router-id 2001:db8::1"),
        ("0494 000b 00000003 0447 0003 00000a", "l2-bundle-member 3 {igp-metric 10}"),
        ("0496 0004 c0000201", "source-ospf-router-id 192.0.2.1"),
        ("04e2 0004 0005 00 80", "srv6-endpoint-behavior End.X flags 0x00 algorithm 128"),
        ("04e3 000c 80 0a 0000 0000fde9 c0000202", "srv6-peer-node-sid AS 65001 192.0.2.2 flags 0x80 weight 10"),
        ("04e4 0004 20 10 10 00", "srv6-sid-structure block 32 node 16 function 16 argument 0"),
    ] {
        is(hex, words);
    }
}

/// Policies, by the figures of RFC 9857 §4.1 and §5.
#[test]
fn policies() {
    for (hex, words) in [
        (
            "022a 0018 02 00 0000 c6336401 00000064 0000fde8 c0000201 00000007",
            "sr-policy-candidate-path {bgp endpoint 198.51.100.1 color 100 originator 65000:192.0.2.1 discriminator 7}",
        ),
        (
            "022a 0030 01 c0 0000 20010db8000000000000000000000001 00000064 00000000 20010db8000000000000000000000002 00000007",
            "sr-policy-candidate-path {pcep endpoint 2001:db8::1 color 100 originator 0:2001:db8::2 discriminator 7}",
        ),
        ("04b1 000c 5000 0000 03e81000 00000000", "sr-binding-sid label 16001 specified label 0 flags 0x5000 (B L)"),
        (
            "04b1 0024 c000 0000 fc000000000100000000000000000001 00000000000000000000000000000000",
            "sr-binding-sid fc00:0:1::1 specified :: flags 0xc000 (D B)",
        ),
        ("04b2 0008 05 00 5800 00000064", "sr-candidate-path-state preference 100 priority 5 flags 0x5800 (A E V)"),
        ("04b3 0003 637031", "sr-candidate-path-name \"cp1\""),
        (
            "04b4 0010 8400 0000 0002 80 00 04ba 0004 4cee6b28",
            "sr-candidate-path-constraints flags 0x8400 (D S) topology 2 algorithm 128 \
             {sr-bandwidth-constraint 125000000 B/s}",
        ),
        (
            "04b5 0021 4800 0000 0000 00 00 00000001 04b6 0009 01 00 c000 03e81000 00 04c1 0004 00000003",
            "sr-segment-list weight 1 flags 0x4800 (E R) topology 0 algorithm 0 \
             {sr-segment type 1 label 16001 algorithm 0 flags 0xc000 (S E), sr-segment-list-identifier 3}",
        ),
        ("04b6 0009 01 00 c000 03e81000 00", "sr-segment type 1 label 16001 algorithm 0 flags 0xc000 (S E)"),
        (
            "04b6 0025 02 00 8000 fc000000000100000000000000000001 80 04e2 0004 0001 00 00 04e4 0004 20 10 10 00",
            "sr-segment type 2 fc00:0:1::1 algorithm 128 flags 0x8000 (S) {srv6-endpoint-behavior End flags 0x00 algorithm 0, \
             srv6-sid-structure block 32 node 16 function 16 argument 0}",
        ),
        ("04b6 0009 03 00 0800 80 c0000202", "sr-segment type 3 algorithm 128 node 192.0.2.2 flags 0x0800 (A)"),
        (
            "04b6 0015 04 00 0000 00 20010db8000000000000000000000002",
            "sr-segment type 4 algorithm 0 node 2001:db8::2 flags 0x0000",
        ),
        ("04b6 000c 05 00 0000 c0000202 00000007", "sr-segment type 5 node 192.0.2.2 interface 7 flags 0x0000"),
        ("04b6 000c 06 00 0000 0a010001 0a010002", "sr-segment type 6 local 10.1.0.1 remote 10.1.0.2 flags 0x0000"),
        (
            "04b6 002c 07 00 0000 20010db8000000000000000000000001 00000007 20010db8000000000000000000000002 00000009",
            "sr-segment type 7 local 2001:db8::1 interface 7 remote 2001:db8::2 interface 9 flags 0x0000",
        ),
        (
            "04b6 0024 08 00 0000 20010db8000000000000000000000001 20010db8000000000000000000000002",
            "sr-segment type 8 local 2001:db8::1 remote 2001:db8::2 flags 0x0000",
        ),
        (
            "04b6 0025 09 00 8000 fc000000000100000000000000000001 00 20010db8000000000000000000000002",
            "sr-segment type 9 fc00:0:1::1 algorithm 0 node 2001:db8::2 flags 0x8000 (S)",
        ),
        ("04b6 0006 63 00 8000 abcd", "sr-segment type 99 0xabcd flags 0x8000 (S)"),
        (
            "04b7 0010 02 90 0000 00000000 00000000 0000001e",
            "sr-segment-list-metric te 30 margin 0 bound 0 flags 0x90 (M V)",
        ),
        (
            "04b8 000c 01 00 01 00 00000002 00000004",
            "sr-affinity-constraint exclude-any 0x00000002 include-all 0x00000004",
        ),
        ("04b9 0008 00000001 00000002", "sr-srlg-constraint 1,2"),
        ("04ba 0004 4cee6b28", "sr-bandwidth-constraint 125000000 B/s"),
        ("04bb 0008 40 44 0000 00000009", "sr-disjoint-group-constraint request 0x40 status 0x44 group 0x00000009"),
        (
            "04bc 002c 8000 0000 fc000000000100000000000000000001 00000000000000000000000000000000 04e4 0004 20 10 10 00",
            "srv6-binding-sid fc00:0:1::1 specified :: flags 0x8000 (B) \
             {srv6-sid-structure block 32 node 16 function 16 argument 0}",
        ),
        ("04bd 0002 7031", "sr-policy-name \"p1\""),
        ("04be 0008 c000 0000 00000009", "sr-bidirectional-group-constraint flags 0xc000 group 0x00000009"),
        ("04bf 000c 02 90 0000 00000000 0000000a", "sr-metric-constraint te margin 0 bound 10 flags 0x90 (O B)"),
        ("04c0 0004 4cee6b28", "sr-segment-list-bandwidth 125000000 B/s"),
        ("04c1 0004 00000003", "sr-segment-list-identifier 3"),
    ] {
        is(hex, words);
    }
}

/// Nodes, links and prefixes; behind each what GoBGP 3.10's packet library says, which writes them back the same.
#[test]
fn routes_as_gobgp_reads_them() {
    let node = |router: &str| format!("0200 0004 0000fde8 0201 0004 00000000 0203 0006 {router}");
    let (near, far) = (node("192016800001"), node("192016800002"));
    let of = |router: &str| format!("{{autonomous-system=65000 bgp-ls-identifier=0 igp-router-id={router}}}");
    let (near_words, far_words) = (of("1920.1680.0001"), of("1920.1680.0002"));
    for (hex, words, _theirs) in [
        (
            format!("0001 0027 02 0000000000000000 0100 001a {near}"),
            format!("node isis-l2 0 local-node={near_words}"),
            "NODE { AS:65000 BGP-LS ID:0 1920.1680.0001 ISIS-L2:0 }",
        ),
        (
            "0001 0028 01 0000000000000020 0100 001b 0200 0004 0000fde8 0201 0004 00000000 0203 0007 192016800001 03".into(),
            format!("node isis-l1 32 local-node={}", of("1920.1680.0001.03")),
            "NODE { AS:65000 BGP-LS ID:0 1920.1680.0001-03 ISIS-L1:32 }",
        ),
        (
            "0001 0029 03 0000000000000000 0100 001c 0200 0004 0000fde8 0202 0004 00000a01 0203 0008 c0000201 c0000202".into(),
            "node ospfv2 0 local-node={autonomous-system=65000 ospf-area-id=0.0.10.1 igp-router-id=192.0.2.1:192.0.2.2}"
                .into(),
            "NODE { AS:65000 BGP-LS ID:0 192.0.2.1:192.0.2.2 OSPFv2:0 }",
        ),
        (
            format!("0002 0051 02 0000000000000000 0100 001a {near} 0101 001a {far} 0102 0008 00000007 00000009"),
            format!("link isis-l2 0 local-node={near_words} remote-node={far_words} link-identifiers=7:9"),
            "LINK { LOCAL_NODE: 1920.1680.0001 REMOTE_NODE: 1920.1680.0002 LINK: 7->9}",
        ),
        (
            format!(
                "0002 0055 02 0000000000000000 0100 001a {near} 0101 001a {far} 0103 0004 0a010001 0104 0004 0a010002"
            ),
            format!(
                "link isis-l2 0 local-node={near_words} remote-node={far_words} ipv4-interface-address=10.1.0.1 \
                 ipv4-neighbor-address=10.1.0.2"
            ),
            "LINK { LOCAL_NODE: 1920.1680.0001 REMOTE_NODE: 1920.1680.0002 LINK: 10.1.0.1->10.1.0.2}",
        ),
        (
            "0003 0032 03 0000000000000000 0100 0018 0200 0004 0000fde8 0202 0004 00000000 0203 0004 c0000201 \
             0108 0001 02 0109 0004 18 c63364"
                .into(),
            "ipv4-prefix ospfv2 0 local-node={autonomous-system=65000 ospf-area-id=0.0.0.0 igp-router-id=192.0.2.1} \
             ospf-route-type=inter-area ip-reachability=198.51.100.0/24"
                .into(),
            "PREFIXv4 { LOCAL_NODE: 192.0.2.1 PREFIX: [198.51.100.0/24] OSPF_ROUTE_TYPE:INTER-AREA }",
        ),
        (
            format!("0004 0030 02 0000000000000000 0100 001a {near} 0109 0005 20 20010db8"),
            format!("ipv6-prefix isis-l2 0 local-node={near_words} ip-reachability=2001:db8::/32"),
            "PREFIXv6 { LOCAL_NODE: 1920.1680.0001 PREFIX: [2001:db8::/32] }",
        ),
    ] {
        route_is(&hex, &words);
    }
}

/// RFC 9086 §4: two speakers, and the link between them; RFC 9514 §6, RFC 9857 §4: what GoBGP 3.10 does not know.
#[test]
fn routes_by_the_figures() {
    let speaker = |number: &str, id: &str| format!("0200 0004 {number} 0201 0004 00000000 0204 0004 {id}");
    let (near, far) = (speaker("0000fde8", "c0000201"), speaker("0000fde9", "c0000202"));
    route_is(
        &format!(
            "0002 0051 07 0000000000000000 0100 0018 {near} 0101 0018 {far} 0103 0004 0a010001 0104 0004 0a010002"
        ),
        "link bgp 0 local-node={autonomous-system=65000 bgp-ls-identifier=0 bgp-router-id=192.0.2.1} \
         remote-node={autonomous-system=65001 bgp-ls-identifier=0 bgp-router-id=192.0.2.2} \
         ipv4-interface-address=10.1.0.1 ipv4-neighbor-address=10.1.0.2",
    );
    route_is(
        "0006 0033 02 0000000000000000 0100 0012 0200 0004 0000fde8 0203 0006 192016800001 \
         0206 0010 20010db8000000010000000000000001",
        "srv6-sid isis-l2 0 local-node={autonomous-system=65000 igp-router-id=1920.1680.0001} srv6-sid=2001:db8:0:1::1",
    );
    route_is(
        "0005 0039 09 0000000000000000 0100 0010 0200 0004 0000fde8 0204 0004 c0000201 \
         022a 0018 03 00 0000 c6336401 00000064 0000fde8 c0000201 00000007",
        "sr-policy segment-routing 0 local-node={autonomous-system=65000 bgp-router-id=192.0.2.1} \
         sr-policy-candidate-path={configuration endpoint 198.51.100.1 color 100 originator 65000:192.0.2.1 \
         discriminator 7}",
    );
}

#[track_caller]
fn route_is(hex: &str, words: &str) {
    let (format, bytes) = (RouteFormat::of(Family::LINK_STATE), unhex(hex));
    let routes: Vec<_> = Routes::new(format, &bytes).collect();
    assert_eq!(routes.iter().map(ToString::to_string).collect::<Vec<_>>(), [words]);
    assert_eq!(written(|to| routes[0].nlri.write(format, to)).unwrap(), bytes);
}

/// Lengths that lie, and what stands where it may not: each is an error that says so, and the TLV is shown as it is.
#[test]
fn malformed() {
    for (hex, words) in [
        // Less than the fields need, and more.
        ("0400 0000", "BGP-LS is truncated: 1 bytes are needed, 0 are there"),
        ("0400 0002 8000", "BGP-LS is malformed: length is 2, it must be 1"),
        ("0404 0005 c000020100", "BGP-LS is malformed: length is 5, it must be 4"),
        ("0441 0003 4cee6b", "BGP-LS is truncated: 4 bytes are needed, 3 are there"),
        // RFC 9552 §5.3.2.4: one, two or three bytes.
        ("0447 0000", "BGP-LS is malformed: length is 0, it must be at least 1"),
        ("0447 0004 0000000a", "BGP-LS is malformed: length is 4, it must be at most 3"),
        // RFC 9085 §2.1.1: three or four.
        ("0489 0002 003e", "BGP-LS is malformed: length is 2, it must be 3 or 4"),
        // Lists of nothing, and of a half.
        ("0448 0000", "BGP-LS is malformed: length is 0, it must be a multiple of 4 and not 0"),
        ("0448 0006 000000010000", "BGP-LS is malformed: length is 6, it must be a multiple of 4 and not 0"),
        // A prefix of more bits than there are, and with more bytes than bits.
        ("0109 0003 18 c000", "BGP-LS is truncated: 4 bytes are needed, 3 are there"),
        ("0109 0005 18 c0000200", "BGP-LS is malformed: length is 5, it must be 4"),
        ("0109 0001 ff", "BGP-LS is malformed: prefix length is 255, it must be at most 128"),
        // Behind the size of a range stands something else than a label.
        (
            "040a 000c 80 00 001f40 048a 0003 003e80",
            "BGP-LS is malformed: type behind a range's size is 1162, it must be 1161",
        ),
        // A TLV within that goes past the end; masks that do.
        ("0494 000a 00000003 0447 0003 0000", "BGP-LS is truncated: 7 bytes are needed, 6 are there"),
        ("0462 0004 08 00 0000", "BGP-LS is truncated: 12 bytes are needed, 4 are there"),
        ("04b8 0008 02 00 00 00 00000001", "BGP-LS is truncated: 12 bytes are needed, 8 are there"),
        // Flag D of a binding segment identifier says SRv6.
        ("04b1 000c 8000 0000 03e81000 00000000", "BGP-LS is truncated: 20 bytes are needed, 12 are there"),
    ] {
        let bytes = unhex(hex);
        assert_eq!(LinkStateValue::parse(only(&bytes)).unwrap_err().to_string(), words, "{hex}");
    }
}

/// What is not known is kept (RFC 9552 §5.1).
#[test]
fn unknown() {
    //= RFC 9552 §5.1/unknown
    let bytes = unhex("ffff 0002 abcd");
    let value = LinkStateValue::parse(only(&bytes)).unwrap();
    assert_eq!(value, LinkStateValue::Other(Tlv { kind: 65_535, value: &[0xab, 0xcd] }));
    assert_eq!((value.to_string(), value.kind()), ("65535 0xabcd".to_owned(), LinkStateTlv(65_535)));
    assert_eq!(written(|to| value.write(to)).unwrap(), bytes);
}

/// What is reserved is not looked at, and kept.
#[test]
fn reserved() {
    //= RFC 9552 §5.2.2.1/reserved, §5.3.2.4/small
    is("0107 0002 f002", "multi-topology-id 2");
    is("0447 0001 ca", "igp-metric 10");
    //= RFC 9085 §2.1.1/label
    is("0489 0003 f03e80", "sid label 16000");
    //= RFC 9085 §2.2.1/reserved
    is("044b 0007 30 05 ffff 003e81", "adjacency-sid label 16001 flags 0x30 weight 5");
    //= RFC 8571 §2.3/reserved
    is("045c 0004 7f 000014", "delay-variation 20 us");
    //= RFC 9514 §4.1/reserved
    is(
        "0452 0016 0005 40 80 0a ff fc000000000100000000000000000001",
        "srv6-end-x-sid fc00:0:1::1 behavior End.X flags 0x40 algorithm 128 weight 10",
    );
    //= RFC 9351 §4/reserved
    is("0414 0008 80 00 ffff 0000000a", "flexible-algorithm-prefix-metric 10 by algorithm 128 flags 0x00");
    //= RFC 9857 §5.1/label
    is("04b1 000c 4000 ffff 03e81fff 00000fff", "sr-binding-sid label 16001 specified label 0 flags 0x4000 (B)");
}

/// A label of 20 bits, a metric of 6 and a topology of 12 are what counts; TLVs within are at hand.
#[test]
fn values() {
    use bgp_codec::link_state::{IgpMetric, Loss, Sid, Topology};
    let read = |hex: &str| {
        let bytes = unhex(hex).leak();
        LinkStateValue::parse(only(bytes)).unwrap()
    };
    assert_eq!(read("0447 0001 ca"), LinkStateValue::IgpMetric(IgpMetric::Narrow(0xca)));
    assert_eq!((IgpMetric::Narrow(0xca).get(), IgpMetric::Wide(0xff00_000a).get()), (10, 10));
    assert_eq!((Topology::new(0xf002).id(), read("0107 0002 f002").sub_tlvs()), (2, None));
    assert_eq!(read("0489 0003 f03e80"), LinkStateValue::Sid(Sid::Label(0x00f0_3e80)));
    // RFC 8571 §2.4: the most that can be told is 50.331642 %.
    assert_eq!(Loss::new(0xff_fffe, true).to_string(), "50.331642 % anomalous");
    let within = read("0494 000b 00000003 0447 0003 00000a").sub_tlvs().unwrap();
    assert_eq!(within.map(|tlv| (tlv.kind, tlv.value)).collect::<Vec<_>>(), [(1095, &[0, 0, 10][..])]);
    let node = read("0100 0008 0200 0004 0000fde8");
    assert_eq!(
        (node.sub_tlvs().unwrap().count(), node.to_string()),
        (1, "local-node {autonomous-system 65000}".into())
    );
}

/// Router identifiers in four notations (RFC 9552 §5.2.1.4), and which stand for LANs.
#[test]
fn router_identifiers() {
    use bgp_codec::link_state::RouterId;
    for (hex, words, is_pseudonode) in [
        ("c0000201", "192.0.2.1", false),
        ("c0000201 0a000001", "192.0.2.1:10.0.0.1", true),
        ("192016800001", "1920.1680.0001", false),
        ("192016800001 03", "1920.1680.0001.03", true),
        ("192016800001 00", "1920.1680.0001.00", false),
        ("c00002", "0xc00002", false),
    ] {
        let bytes = unhex(hex);
        assert_eq!(RouterId(&bytes).is_pseudonode(), is_pseudonode, "{hex}");
        let tlv = Tlv { kind: LinkStateTlv::IGP_ROUTER_ID.0, value: &bytes };
        assert_eq!(LinkStateValue::parse(tlv).unwrap().to_string(), format!("igp-router-id {words}"));
    }
}

/// Labels of a node, written range by range (RFC 9085 §2.1.2).
#[test]
fn ranges_of_labels() {
    use bgp_codec::link_state::{Sid, SidRange, SidRanges};
    let ranges =
        [SidRange { size: 8000, first: Sid::Label(16_000) }, SidRange { size: 1000, first: Sid::Index(100_000) }];
    let bytes = written(|to| ranges.iter().try_for_each(|range| range.write(to))).unwrap();
    assert_eq!(bytes, unhex("001f40 0489 0003 003e80 0003e8 0489 0004 000186a0"));
    let value = LinkStateValue::SrCapabilities(SidRanges::new(0x80, &bytes).unwrap());
    let whole = unhex("040a 0017 80 00 001f40 0489 0003 003e80 0003e8 0489 0004 000186a0");
    assert_eq!(written(|to| value.write(to)).unwrap(), whole);
    assert_eq!(LinkStateValue::parse(only(&whole)).unwrap(), value);
    let LinkStateValue::SrCapabilities(read) = value else { panic!("{value}") };
    assert_eq!(read.ranges().collect::<Vec<_>>(), ranges);
    assert_eq!(value.to_string(), "sr-capabilities flags 0x80 8000 from label 16000 1000 from index 100000");
    assert!(SidRanges::new(0, &bytes[1..]).is_err());
}
