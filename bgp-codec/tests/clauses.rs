//! What the RFCs say about attributes and routes that a peer sends, clause by clause: bytes, and what is to be done about them.
//! Nothing here was worked out by this crate.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use bgp_codec::nlri::LabelCounts;
use bgp_codec::{Action, Family, Negotiated, Outcome, Peer, Update};
use common::unhex;

const ORIGIN: &str = "40010100";
const AS_PATH: &str = "40020602010000fde8";
const NEXT_HOP: &str = "400304c0000201";

fn internal() -> Negotiated {
    let mut session = Negotiated::assumed();
    session.peer = Peer::Internal;
    session
}

/// An UPDATE's body: withdrawn routes, attributes, routes.
fn body(withdrawn: &str, attributes: &[&str], routes: &str) -> Vec<u8> {
    let (withdrawn, attributes) = (unhex(withdrawn), unhex(&attributes.concat()));
    let len = |bytes: &[u8]| (bytes.len() as u16).to_be_bytes();
    [&len(&withdrawn)[..], &withdrawn, &len(&attributes), &attributes, &unhex(routes)].concat()
}

/// What is to be done about a message, and of each finding its action, its clause and its words.
fn judge(body: &[u8], session: &Negotiated) -> (Outcome, Vec<(Action, &'static str, String)>) {
    let mut findings = Vec::new();
    let update = Update::parse(body, session).unwrap();
    let outcome = update.validate_each(|of| findings.push((of.action, of.clause, of.fault.to_string())));
    assert_eq!(update.validate(), outcome);
    (outcome, findings)
}

/// Routes that a message with these attributes announces and withdraws.
fn routes(body: &[u8], session: &Negotiated) -> (String, String) {
    let update = Update::parse(body, session).unwrap();
    let words = |routes: Vec<String>| routes.join(", ");
    (
        words(update.announced().map(|route| route.to_string()).collect()),
        words(update.withdrawn().map(|route| route.to_string()).collect()),
    )
}

/// A message with one route, 192.0.2.0/24, what must be there, and one attribute more.
fn with(attribute: &str) -> Vec<u8> {
    body("", &[ORIGIN, AS_PATH, NEXT_HOP, attribute], "18c00002")
}

/// What is to be done about a message with an attribute more, of an internal peer.
#[track_caller]
fn gets(attribute: &str, action: Action, clause: &'static str, words: &str) {
    let (outcome, findings) = judge(&with(attribute), &internal());
    assert_eq!((outcome.action(), findings), (action, vec![(action, clause, words.to_owned())]), "{attribute}");
}

#[track_caller]
fn is_good(attribute: &str) {
    assert_eq!(judge(&with(attribute), &internal()), (Outcome::Accept, vec![]), "{attribute}");
}

/// A message of MP_REACH_NLRI or MP_UNREACH_NLRI and what must be there.
fn multiprotocol(attribute: &str) -> Vec<u8> {
    body("", &[ORIGIN, AS_PATH, attribute], "")
}

/// RFC 8277 §2.4: three bytes stand in the labels' place, ignored on receipt.
#[test]
fn withdrawals_have_no_labels() {
    for (attribute, withdrawn) in [
        ("800f12 000180 70 000100 0000fde800000064 0a0000", "65000:100 10.0.0.0/24 label 16"),
        ("800f0a 000104 30 000100 0a0000", "10.0.0.0/24 label 16"),
        ("800f0b 000104 38 123456 0a000101", "10.0.1.1/32 label 74565"),
        ("800f0a 000104 30 000000 0a0000", "10.0.0.0/24 label 0"),
        ("800f13 000280 78 000100 0000fde800000064 20010db8", "65000:100 2001:db8::/32 label 16"),
        ("800f0b 000204 38 000100 20010db8", "2001:db8::/32 label 16"),
    ] {
        let body = multiprotocol(attribute);
        assert_eq!(judge(&body, &internal()), (Outcome::Accept, vec![]), "{attribute}");
        assert_eq!(routes(&body, &internal()), (String::new(), withdrawn.into()), "{attribute}");
    }
}

/// RFC 8277 §2.2: without Multiple Labels there is one label, and its S bit is ignored; §2.3: with it the S bit ends the labels; §2.1:
/// not more than were told of.
#[test]
fn labels_of_announced_routes() {
    //= RFC 8277 §2.1/too-many
    let vpn = "800e20 000180 0c 0000000000000000c0000201 00 70 000100 0000fde800000064 0a0000";
    let labeled = "800e10 000104 04 c0000201 00 30 000100 0a0000";
    for (attribute, announced) in [(vpn, "65000:100 10.0.0.0/24 label 16"), (labeled, "10.0.0.0/24 label 16")] {
        let body = multiprotocol(attribute);
        assert_eq!(judge(&body, &internal()), (Outcome::Accept, vec![]), "{attribute}");
        assert_eq!(routes(&body, &internal()).0, announced);
    }
    let several = |count| {
        let mut session = internal();
        session.labels_receive = LabelCounts::ONE.with(Family::IPV4_LABELED, count);
        session
    };
    for (first, label) in [("000000", 0), ("800000", 524_288), ("000100", 16)] {
        let body = multiprotocol(&format!("800e13 000104 04 c0000201 00 48 {first} 000101 0a0000"));
        assert_eq!(judge(&body, &several(2)), (Outcome::Accept, vec![]), "{first}");
        assert_eq!(routes(&body, &several(2)).0, format!("10.0.0.0/24 label {label}/16"));
    }
    let three = multiprotocol("800e16 000104 04 c0000201 00 60 000100 000100 000101 0a0000");
    let words = "NLRI is malformed: number of labels is 3, it must be at most 2".to_owned();
    assert_eq!(
        judge(&three, &several(2)),
        (Outcome::TreatAsWithdraw, vec![(Action::TreatAsWithdraw, "RFC 8277 §2.1", words)])
    );
    assert_eq!(judge(&three, &several(3)).0, Outcome::Accept);
}

/// RFC 7606 §4: only AS_PATH and ATOMIC_AGGREGATE may be empty. What is done is each attribute's own: RFC 6793 §6, RFC 9012 §13, RFC 7311
/// §3.2, RFC 9552 §8.2.2, RFC 8669 §6.
#[test]
fn empty_attributes() {
    //= RFC 9552 §8.2.2/attribute
    use Action::{AttributeDiscard, TreatAsWithdraw};
    for (attribute, action, clause, layer) in [
        ("801a00", AttributeDiscard, "RFC 7311 §3.2", "AIGP"),
        ("801d00", AttributeDiscard, "RFC 9552 §8.2.2", "BGP-LS"),
        ("c01600", TreatAsWithdraw, "RFC 6514 §5", "PMSI_TUNNEL"),
        ("c01700", TreatAsWithdraw, "RFC 9012 §13", "Tunnel Encapsulation"),
        ("c02600", AttributeDiscard, "RFC 9026 §3.1.6", "BFD Discriminator"),
        ("c02800", AttributeDiscard, "RFC 8669 §6", "Prefix-SID"),
        ("c08000", TreatAsWithdraw, "RFC 7606 §7.16", "ATTR_SET"),
    ] {
        gets(attribute, action, clause, &format!("{layer} is malformed: length is 0, it must be at least 1"));
    }
    let mut two = internal();
    two.four_octet_as = false;
    let body = body("", &[ORIGIN, "400204 0201fde8", NEXT_HOP, "c01100"], "18c00002");
    let words = "AS4_PATH is malformed: length is 0, it must be at least 1".to_owned();
    assert_eq!(judge(&body, &two).1, [(AttributeDiscard, "RFC 6793 §6", words)]);
    is_good("400600");
}

/// RFC 6793 §4.2.3: AS4_PATH is ignored where both AGGREGATOR and AS4_AGGREGATOR came, and the first does not say AS_TRANS.
#[test]
fn four_octet_paths() {
    //= RFC 6793 §4.2.3/aggregator, §4.2.3/merge
    let mut two = internal();
    two.four_octet_as = false;
    let path = "40020802 0300ae5ba00d1c";
    let as4_path = "c0110e 0203 000000ae fa56ea00 00000d1c";
    let merged = |attributes: &[&str]| {
        let body = body("", &[&[ORIGIN, path, NEXT_HOP][..], attributes].concat(), "18c00002");
        let update = Update::parse(&body, &two).unwrap();
        let path: Vec<_> = update.as_path().unwrap().map(|segment| segment.to_string()).collect();
        (path.join(" "), update.aggregator().map(|of| (of.as_number, of.identifier.to_string())))
    };
    let (old, new) = ("174 23456 3356".to_owned(), "174 4200000000 3356".to_owned());
    let by = |as_number, identifier: &str| Some((as_number, identifier.to_owned()));
    // AGGREGATOR alone, of AS 3356.
    assert_eq!(merged(&["c007060d1cc0000201", as4_path]), (new.clone(), by(3356, "192.0.2.1")));
    // With AS4_AGGREGATOR: a speaker of two octets has aggregated after one of four.
    let four = "c01208 fa56ea00 c0000202";
    assert_eq!(merged(&["c007060d1cc0000201", as4_path, four]), (old, by(3356, "192.0.2.1")));
    // AS_TRANS stands for what AS4_AGGREGATOR says.
    assert_eq!(merged(&["c007065ba0c0000201", as4_path, four]), (new.clone(), by(4_200_000_000, "192.0.2.2")));
    assert_eq!(merged(&["c007065ba0c0000201", as4_path]), (new.clone(), by(23_456, "192.0.2.1")));
    // Discarded ones did not come: AS number 0 (RFC 7607 §2), and a length of 7 (RFC 6793 §6).
    assert_eq!(merged(&["c007060000c0000201", as4_path, four]), (new.clone(), None));
    assert_eq!(merged(&["c007060d1cc0000201", as4_path, "c01208 00000000 c0000202"]).0, new);
    assert_eq!(merged(&["c007060d1cc0000201", as4_path, "c01207 fa56ea00 c00002"]).0, new);
    assert_eq!(merged(&[as4_path]), (new, None));
}

/// RFC 8205 §3, §5.2: BGPsec_PATH stands in AS_PATH's place, and not beside it.
#[test]
fn bgpsec_in_place_of_a_path() {
    //= RFC 8205 §3/no-as-path, §5.2/no-as-path, §5.2/syntax
    let reach = "800e0d 000101 04 c0000201 00 18 c00002";
    // One AS, and a block of one signature of 2 bytes by suite 1: RFC 8205 §3.1, §3.2.
    let segment = "01 00 0000fde8";
    let block = format!("001b 01 {} 0002 aabb", "11".repeat(20));
    let path = format!("802123 0008 {segment} {block}");
    assert_eq!(judge(&body("", &[reach, ORIGIN, &path], ""), &internal()), (Outcome::Accept, vec![]));
    let words = "BGPsec_PATH stands there beside AS_PATH".to_owned();
    assert_eq!(
        judge(&body("", &[reach, ORIGIN, AS_PATH, &path], ""), &internal()),
        (Outcome::TreatAsWithdraw, vec![(Action::TreatAsWithdraw, "RFC 8205 §5.2", words)])
    );
    let cut = judge(&body("", &[reach, ORIGIN, "802102 0002"], ""), &internal());
    assert_eq!((cut.0, cut.1[0].1, cut.1.len()), (Outcome::TreatAsWithdraw, "RFC 8205 §5.2", 1));
    let words = "AS_PATH is missing".to_owned();
    assert_eq!(
        judge(&body("", &[reach, ORIGIN], ""), &internal()).1,
        [(Action::TreatAsWithdraw, "RFC 7606 §3 d", words)]
    );
}

fn judge_path(path: &str, session: &Negotiated) -> Vec<(Action, &'static str, String)> {
    judge(&body("", &[ORIGIN, path, NEXT_HOP], "18c00002"), session).1
}

/// RFC 5065 §5: a path from another member of the confederation begins with AS_CONFED_SEQUENCE.
#[test]
fn paths_in_a_confederation() {
    //= RFC 5065 §5/first
    let mut member = internal();
    member.peer = Peer::Confederation;
    let words =
        "AS_PATH is malformed: the peer is a member of the confederation, and AS_CONFED_SEQUENCE does not stand first";
    let missing = [(Action::TreatAsWithdraw, "RFC 5065 §5", words.to_owned())];
    member.may_have_as_sets = true;
    for path in ["40020602010000fde8", "400200", "40020604010000fde8", "40020c 02010000fde8 03010000fde8"] {
        assert_eq!(judge_path(path, &member), missing, "{path}");
    }
    for path in ["40020603010000fde8", "40020c 03010000fde8 02010000fde8"] {
        assert_eq!(judge_path(path, &member), [], "{path}");
    }
    assert_eq!(judge_path("400200", &internal()), []);
}

/// RFC 9774 §3: sets are treated as withdrawn, unless an operator says otherwise.
#[test]
fn sets_in_paths() {
    //= RFC 9774 §3/received
    let judged = |kind: &str| {
        let words = format!("AS_PATH is malformed: it has an {kind}");
        [(Action::TreatAsWithdraw, "RFC 9774 §3", words)]
    };
    let set = "40021002010000fde801020000000100000002";
    let confederation = "40021002010000fde804020000000100000002";
    assert_eq!(judge_path(set, &internal()), judged("AS_SET"));
    assert_eq!(judge_path(confederation, &internal()), judged("AS_CONFED_SET"));
    let mut two = internal();
    two.four_octet_as = false;
    let as4 = body("", &[ORIGIN, "400206 02020001 5ba0", NEXT_HOP, "c0110c 0201 00000001 0101 00010000"], "18c00002");
    let words = "AS4_PATH is malformed: it has an AS_SET".to_owned();
    assert_eq!(judge(&as4, &two).1, [(Action::TreatAsWithdraw, "RFC 9774 §3", words)]);
    two.may_have_as_sets = true;
    assert_eq!(judge(&as4, &two), (Outcome::Accept, vec![]));
    // Where nobody saw the session begin, nobody knows what the operator says.
    let mut unknown = Negotiated::unknown();
    assert_eq!(judge_path(set, &unknown), []);
    unknown.may_have_as_sets = false;
    assert_eq!(judge_path(set, &unknown), judged("AS_SET"));
}

/// RFC 7311 §3.2: an AIGP with the Transitive flag is malformed, and discarded.
#[test]
fn aigp_with_a_flag_too_many() {
    //= RFC 7311 §3.2/malformed
    let (action, clause) = (Action::AttributeDiscard, "RFC 7311 §3.2");
    gets("c01a0b01000b0000000000000001", action, clause, "AIGP is malformed: flags are 0xc0");
    gets("401a0b01000b0000000000000001", action, clause, "AIGP is malformed: flags are 0x40");
    is_good("801a0b01000b0000000000000001");
}

/// RFC 9012 §13: a tunnel without one egress endpoint that can be read is ignored, and with none left the routes are withdrawn.
#[test]
fn tunnels_without_an_end() {
    //= RFC 9012 §13/endpoint
    //= RFC 9830 §2.3/no-endpoint
    let words =
        "Tunnel Encapsulation is malformed: number of tunnels with one egress endpoint is 0, it must be at least 1";
    let endpoint = "060a000000000001c0000201";
    let (action, clause) = (Action::TreatAsWithdraw, "RFC 9012 §13");
    gets("c01704 00080000", action, clause, words);
    gets(&format!("c0171c 00080018 {endpoint} {endpoint}"), action, clause, words);
    gets("c0170d 00080009 0607000000000001c0", action, clause, words);
    gets("c0170c 00080008 0606000000000003", action, clause, words);
    is_good(&format!("c01710 0008000c {endpoint}"));
    is_good("c0170c 00080008 0606000000000000");
    is_good(&format!("c01714 00080000 0008000c {endpoint}"));
    // A segment routing policy has none (RFC 9830 §2.3).
    is_good("c0170c 000f0008 0c06000000000064");
}

/// RFC 9252 §7, §3.2.1: a malformed service withdraws the routes, where a malformed Prefix-SID is discarded (RFC 8669 §6).
#[test]
fn services_of_segment_routing() {
    //= RFC 9252 §3.2.1/lengths, §7/first
    let (action, clause) = (Action::TreatAsWithdraw, "RFC 9252 §7");
    let cut = "Prefix-SID is truncated: 12 bytes are needed, 4 are there";
    gets("c02804 05000900", action, clause, cut);
    gets("c02804 06000900", action, clause, cut);
    gets("c02804 01000900", Action::AttributeDiscard, "RFC 8669 §6", cut);
    let information =
        |len: &str, parts: &str| format!("0100{len} 00 20010db8000100000000000000000000 00 0013 00 {parts}");
    let service = |kind: &str, len: &str, information: &str| format!("{kind}00{len} 00 {information}");
    let five = service("05", "21", &information("1d", "010005 2818100010"));
    gets(&format!("c02824 {five}"), action, clause, "Prefix-SID is malformed: length is 5, it must be 6");
    let long = service("05", "22", &information("1e", "010006 282840190000"));
    let words = "Prefix-SID is malformed: bits of the SID's parts is 169, it must be at most 128";
    gets(&format!("c02825 {long}"), action, clause, words);
    let good = service("05", "22", &information("1e", "010006 281810000000"));
    is_good(&format!("c02825 {good}"));
    // Of two of a layer the first counts.
    let other = good.replace("0013", "0012");
    let both = with(&format!("c0286f {good} {other} {}", other.replacen("05", "06", 1)));
    let session = internal();
    let update = Update::parse(&both, &session).unwrap();
    let Some(bgp_codec::AttributeValue::PrefixSid(sid)) = update.value(bgp_codec::AttributeType::PREFIX_SID) else {
        panic!("no Prefix-SID")
    };
    let services: Vec<_> = sid.services().map(|of| (of.is_layer_2, of.behavior)).collect();
    assert_eq!(services, [(false, 0x13), (true, 0x12)]);
}

/// RFC 9552 §5.1, §8.2.2: a link state route that is malformed inside is discarded, and its neighbours stay.
#[test]
fn link_state_that_is_malformed() {
    //= RFC 9552 §5.1/order, §8.2.2/discard
    let node = |descriptors: &str| {
        let descriptors = unhex(descriptors).len() as u16 + 9;
        format!("0001 {descriptors:04x} 02 0000000000000001")
    };
    let good_descriptors = "0100 0008 0200 0004 0000fde8";
    let good = format!("{} {good_descriptors}", node(good_descriptors));
    let reach = |bad: &str| {
        let value = format!("4004 47 04 c0000201 00 {} {bad} {good}", node(bad));
        multiprotocol(&format!("800e{:02x} {value}", unhex(&value).len()))
    };
    let unreach = |bad: &str| {
        let value = format!("4004 47 {} {bad} {good}", node(bad));
        multiprotocol(&format!("800f{:02x} {value}", unhex(&value).len()))
    };
    let told = "node isis-l2 1 local-node={autonomous-system=65000}";
    for (bad, words) in [
        // A TLV that goes past the end.
        ("0100 0009 0200 0004 0000fde8", "NLRI is truncated: 13 bytes are needed, 12 are there"),
        // 257 in front of 256.
        (
            "0101 0008 0200 0004 0000fde8 0100 0008 0200 0004 0000fde8",
            "NLRI is malformed: descriptor is 256, it must be at least 257",
        ),
        // The same inside of a node.
        (
            "0100 0010 0201 0004 00000000 0200 0004 0000fde8",
            "NLRI is malformed: descriptor is 512, it must be at least 513",
        ),
        // Two of a type by their values.
        ("0103 0004 c0000202 0103 0004 c0000201", "NLRI is malformed: descriptor is 259, it must be at least 259"),
    ] {
        let finding = (Action::RouteDiscard, "RFC 9552 §8.2.2", words.to_owned());
        assert_eq!(judge(&reach(bad), &internal()), (Outcome::RouteDiscard, vec![finding.clone()]), "{bad}");
        assert_eq!(judge(&unreach(bad), &internal()), (Outcome::RouteDiscard, vec![finding]), "{bad}");
        assert!(routes(&reach(bad), &internal()).0.ends_with(told), "{bad}");
    }
    let in_order = "0103 0004 c0000201 0103 0004 c0000202 0104 0004 00000000";
    assert_eq!(judge(&reach(in_order), &internal()), (Outcome::Accept, vec![]));
}

/// RFC 4760 §7: both families are told where both are broken, and what is discarded beside stays so.
#[test]
fn two_broken_families() {
    //= RFC 4760 §7/disable
    let mut session = internal();
    session.may_disable_family = true;
    let (reach, unreach) = ("800e0a 000201 04 c0000201 00 81", "800f04 000104 ff");
    let both = body("", &[reach, ORIGIN, AS_PATH, NEXT_HOP, "40060100", unreach], "18c00002");
    let update = Update::parse(&both, &session).unwrap();
    let outcome = update.validate();
    let Outcome::DisableFamily { families, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(families, [Some(Family::IPV6_UNICAST), Some(Family::IPV4_LABELED)]);
    let kept: Vec<_> = update.kept_attributes(&outcome).map(|attribute| attribute.kind.0).collect();
    assert_eq!(kept, [1, 2, 3], "without MP_REACH_NLRI, MP_UNREACH_NLRI and ATOMIC_AGGREGATE");
    // The same family twice is told once.
    let same = body("", &[reach, ORIGIN, AS_PATH, NEXT_HOP, "800f04 000201 ff"], "18c00002");
    let Outcome::DisableFamily { families, .. } = Update::parse(&same, &session).unwrap().validate() else {
        panic!("another outcome")
    };
    assert_eq!(families, [Some(Family::IPV6_UNICAST), None]);
}

/// RFC 4760 §3: NEXT_HOP is for the routes at the end, MP_REACH_NLRI's own for those in it, also where both are IPv4 unicast.
#[test]
fn two_next_hops() {
    let both = body("", &["800e0d 000101 04 c0000202 00 18 c63364", ORIGIN, AS_PATH, NEXT_HOP], "18c00002");
    let session = internal();
    let update = Update::parse(&both, &session).unwrap();
    let told: Vec<_> = update
        .announced_with_next_hops()
        .map(|(route, next_hop)| format!("{route} via {}", next_hop.unwrap()))
        .collect();
    assert_eq!(told, ["192.0.2.0/24 via 192.0.2.1", "198.51.100.0/24 via 192.0.2.2"]);
    assert_eq!(update.next_hop(Family::IPV4_UNICAST).unwrap().to_string(), "192.0.2.1");
    let alone = body("", &["800e0d 000101 04 c0000202 00 18 c63364", ORIGIN, AS_PATH, NEXT_HOP], "");
    let update = Update::parse(&alone, &session).unwrap();
    assert_eq!(update.next_hop(Family::IPV4_UNICAST).unwrap().to_string(), "192.0.2.2");
}

/// RFC 4724 §2, RFC 7606 §3 c: MP_UNREACH_NLRI with flags that it has not is no End-of-RIB.
#[test]
fn no_end_of_rib() {
    let session = internal();
    let end = |attribute: &str| Update::parse(&body("", &[attribute], ""), &session).unwrap().end_of_rib();
    assert_eq!(end("800f03000201"), Some(Family::IPV6_UNICAST));
    assert_eq!(end("900f0003000201"), Some(Family::IPV6_UNICAST));
    assert_eq!((end("c00f03000201"), end("400f03000201")), (None, None));
}

/// RFC 8955 §4, §4.2.2: how wide values may be; a next hop of any length is ignored; a malformed flow that is withdrawn is left out.
#[test]
fn flow_specifications() {
    let reach = |flow: &str| {
        let value = format!("000185 00 00 {:02x} {flow}", unhex(flow).len());
        multiprotocol(&format!("800e{:02x} {value}", unhex(&value).len()))
    };
    for (flow, most, width) in [
        ("03910006", 1, 2),
        ("0791 0008", 1, 2),
        ("0891 0000", 1, 2),
        ("04a1 00000050", 2, 4),
        ("05a1 00000050", 2, 4),
        ("06a1 00000050", 2, 4),
        ("09a100000002", 2, 4),
        ("0aa1 00000050", 2, 4),
        ("0b91002e", 1, 2),
        ("0c910001", 1, 2),
    ] {
        let words = format!("NLRI is malformed: length of a value is {width}, it must be at most {most}");
        let expected = (Outcome::TreatAsWithdraw, vec![(Action::TreatAsWithdraw, "RFC 8955 §10", words)]);
        assert_eq!(judge(&reach(flow), &internal()), expected, "{flow}");
    }
    for flow in ["038106", "078108", "04910050", "09910002", "0a9105dc", "0b812e", "0c8101"] {
        assert_eq!(judge(&reach(flow), &internal()), (Outcome::Accept, vec![]), "{flow}");
    }
    let odd = multiprotocol("800e11 000185 08 0102030405060708 00 03 038106");
    assert_eq!(judge(&odd, &internal()), (Outcome::Accept, vec![]));
    let withdrawn = multiprotocol("800f08 000185 04 0c910001");
    let words = "NLRI is malformed: length of a value is 2, it must be at most 1".to_owned();
    assert_eq!(
        judge(&withdrawn, &internal()),
        (Outcome::RouteDiscard, vec![(Action::RouteDiscard, "RFC 8955 §10", words)])
    );
    // §4.2.1.1: the first operator has none to be joined to.
    assert_eq!(routes(&reach("03c106"), &internal()).0, "protocol =6");
    assert_eq!(routes(&reach("03 4106 c111"), &internal()).0, "protocol =6&=17");
}

/// RFC 7432 §7, RFC 9136 §3.1 and §3.2: what an Ethernet VPN's routes may not have.
#[test]
fn ethernet_vpn_routes() {
    //= RFC 7432 §7/lengths, §7.2/mac-length
    //= RFC 9136 §3.1/label, §3.2/one-index
    let rd = "0000fde800000064";
    let none = "00".repeat(10);
    let reach = |route: &str, others: &[&str]| {
        let value = format!("001946 04 c0000201 00 {route}");
        let attribute = format!("800e{:02x} {value}", unhex(&value).len());
        body("", &[&[ORIGIN, AS_PATH, &attribute][..], others].concat(), "")
    };
    let prefix = |esi: &str, len: &str, gateway: &str, label: &str| {
        format!("0522 {rd} {esi} 00000000 {len} 0a000000 {gateway} {label}")
    };
    let finding =
        |clause, words: &str| (Outcome::TreatAsWithdraw, vec![(Action::TreatAsWithdraw, clause, words.to_owned())]);
    let good = (Outcome::Accept, vec![]);
    let esi = "00112233445566778899";
    // Nothing that the prefix is reached through; the router's MAC address is such a thing (RFC 9136 §3.2).
    let unlabelled = prefix(&none, "18", "00000000", "000000");
    let words = "NLRI is malformed: label is 0, it must be at least 1";
    assert_eq!(judge(&reach(&unlabelled, &[]), &internal()), finding("RFC 9136 §3.1", words));
    assert_eq!(judge(&reach(&unlabelled, &["c01008 0603020000000001"]), &internal()), good);
    assert_eq!(judge(&reach(&prefix(&none, "18", "00000000", "002710"), &[]), &internal()), good);
    assert_eq!(judge(&reach(&prefix(esi, "18", "00000000", "000000"), &[]), &internal()), good);
    assert_eq!(judge(&reach(&prefix(&none, "18", "c0000209", "000000"), &[]), &internal()), good);
    let words = "NLRI is malformed: number of overlay indexes is 2, it must be at most 1";
    assert_eq!(
        judge(&reach(&prefix(esi, "18", "c0000209", "002710"), &[]), &internal()),
        finding("RFC 9136 §3.2", words)
    );
    let words = "NLRI is malformed: prefix length is 33, it must be at most 32";
    assert_eq!(
        judge(&reach(&prefix(&none, "21", "00000000", "002710"), &[]), &internal()),
        finding("RFC 7432 §7", words)
    );
    let mac = |bits: &str| format!("0221 {rd} {none} 00000000 {bits} 020000000001 00 002710");
    let words = "NLRI is malformed: MAC address length is 40, it must be 48";
    assert_eq!(judge(&reach(&mac("28"), &[]), &internal()), finding("RFC 7432 §7", words));
    assert_eq!(judge(&reach(&mac("30"), &[]), &internal()), good);
    // A withdrawn one needs nothing to be reached through. A type that is not known is nobody's fault.
    let withdrawn = multiprotocol(&format!("800f27 001946 {unlabelled}"));
    assert_eq!(judge(&withdrawn, &internal()), good);
    assert_eq!(judge(&reach("2a03 010203", &[]), &internal()), good);
}

/// RFC 9830 §2.1: a policy has 96 bits with IPv4, 192 with IPv6.
#[test]
fn policies_of_the_other_length() {
    //= RFC 9830 §2.1/length
    let (short, long) = ("60 00000001 00000064 c0000201", "c0 00000001 00000064 20010db8000000000000000000000001");
    let reach = |afi: u16, route: &str| {
        let value = format!("{afi:04x}49 04 c0000201 00 {route}");
        multiprotocol(&format!("800e{:02x} {value}", unhex(&value).len()))
    };
    for (afi, right, wrong, is, needed) in [(1, short, long, 192, 96), (2, long, short, 96, 192)] {
        assert_eq!(judge(&reach(afi, right), &internal()), (Outcome::Accept, vec![]));
        let words = format!("NLRI is malformed: length is {is}, it must be {needed}");
        assert_eq!(
            judge(&reach(afi, wrong), &internal()),
            (Outcome::TreatAsWithdraw, vec![(Action::TreatAsWithdraw, "RFC 9830 §2.1", words)])
        );
    }
}
