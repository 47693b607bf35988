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
    let two = Negotiated { four_octet_as: false, ..internal() };
    let body = body("", &[ORIGIN, "400204 0201fde8", NEXT_HOP, "c01100"], "18c00002");
    let words = "AS4_PATH is malformed: length is 0, it must be at least 1".to_owned();
    assert_eq!(judge(&body, &two).1, [(AttributeDiscard, "RFC 6793 §6", words)]);
    is_good("40060 0");
}
