//! What the crates themselves say of the table of bad inputs, which the languages are held to: `bad_inputs/cases.txt`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::fmt::Display;

use bgp_codec::{Action, Error, FamilySet, Framer, Message, Negotiated, NotificationCode, Open, Outcome, Peer, Update};
use container_codecs_core::Parts;
use ether_ip::ip_tunnel::IpDecapsulator;
use ether_ip::outer::OuterError;
use flannel_udp_codec::{Forwarding, Node, Reason};
use packet_dissect::{Capture, LinkType, layers};
use vxlan_codec::Reading;

/// A case, or what is told of one: a column is empty where there is nothing to tell.
#[derive(Debug, Default, Clone, PartialEq)]
struct Told {
    status: String,
    layer: String,
    field: String,
    value: String,
    limit: String,
    offset: String,
    notification: String,
    text: String,
}

struct Case {
    name: String,
    interface: Vec<String>,
    bytes: Vec<u8>,
    expected: Told,
}

fn bytes(hex: &str) -> Vec<u8> {
    let word = |word: &str| {
        let (digits, times) = word.split_once('*').unwrap_or((word, "1"));
        let digits = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
        digits.collect::<Vec<_>>().repeat(times.parse().unwrap())
    };
    hex.split_whitespace().flat_map(word).collect()
}

fn cases() -> Vec<Case> {
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../bad_inputs/cases.txt")).unwrap();
    let lines = table.lines().filter(|line| !line.starts_with('#') && line.contains('|'));
    let case = |line: &str| {
        let columns: Vec<String> = line.split('|').map(|column| column.trim().to_owned()).collect();
        let [name, interface, hex, status, layer, field, value, limit, offset, notification, text] =
            <[String; 11]>::try_from(columns).unwrap();
        let interface = interface.split_whitespace().map(ToOwned::to_owned).collect();
        let expected = Told { status, layer, field, value, limit, offset, notification, text };
        Case { name, interface, bytes: bytes(&hex), expected }
    };
    lines.map(case).collect()
}

fn or_none(of: Option<impl ToString>) -> String {
    of.map(|of| of.to_string()).unwrap_or_default()
}

fn good(value: impl ToString, limit: impl ToString, offset: impl ToString, text: &str) -> Told {
    let (value, limit, offset) = (value.to_string(), limit.to_string(), offset.to_string());
    Told { status: "ok".into(), value, limit, offset, text: text.into(), ..Told::default() }
}

fn wrong(status: &str, parts: Parts, offset: usize, words: impl Display) -> Told {
    let (layer, field) = (parts.layer.into(), or_none(parts.field));
    let (value, limit, text) = (or_none(parts.value), or_none(parts.limit), words.to_string());
    let (status, offset) = (status.into(), offset.to_string());
    Told { status, layer, field, value, limit, offset, text, notification: String::new() }
}

fn of_layer(error: &ether_ip::Error, offset: usize, words: impl Display) -> Told {
    let status = match error {
        ether_ip::Error::Truncated { .. } => "truncated",
        ether_ip::Error::Malformed { .. } => "malformed",
        other => panic!("{other}"),
    };
    wrong(status, error.into(), offset, words)
}

fn walk(link_type: u32, bytes: &[u8]) -> Told {
    let mut names = Vec::new();
    for layer in layers(LinkType(link_type), bytes) {
        match layer {
            Ok(layer) => names.push(layer.name()),
            Err(packet_dissect::Error::Layer { offset, ref error }) => {
                return of_layer(error, offset, layer.as_ref().unwrap_err());
            }
            Err(error @ packet_dissect::Error::TooDeep { offset }) => {
                let (status, offset, text) = ("too-deep".into(), offset.to_string(), error.to_string());
                return Told { status, offset, text, ..Told::default() };
            }
            Err(other) => panic!("{other}"),
        }
    }
    good(names.len(), "", "", &names.join(":"))
}

/// What is no layer's fault, another port say, has no more than words here: which field that is, the bindings say.
fn of_tunnel(status: &str, expected: &Told, words: impl Display) -> Told {
    Told { status: status.into(), text: words.to_string(), ..expected.clone() }
}

fn of_outer(error: &OuterError, expected: &Told) -> Told {
    match error {
        OuterError::Packet(error) => of_layer(error, 0, error),
        OuterError::Checksum { .. } => of_tunnel("checksum", expected, error),
        OuterError::Fragment => of_tunnel("refused", expected, error),
        _ => of_tunnel("not-ours", expected, error),
    }
}

fn tunnel(kind: &str, bytes: &[u8], expected: &Told) -> Told {
    let vxlan = |reading| match vxlan_codec::Decapsulator::new().reading(reading).decapsulate_ip(bytes) {
        Ok(found) => good(found.inner.len(), found.header.vni().get(), found.inner.start, ""),
        Err(vxlan_codec::Error::Packet(error)) => of_layer(&error, 0, error),
        Err(vxlan_codec::Error::Outer(error)) => of_outer(&error, expected),
        Err(error @ vxlan_codec::Error::NoVni { .. }) => of_tunnel("malformed", expected, error),
        Err(error) => of_tunnel("refused", expected, error),
    };
    match kind {
        "vxlan" => vxlan(Reading::Rfc7348),
        "vxlan-linux" => vxlan(Reading::Linux),
        "geneve" => match geneve_codec::Decapsulator::new().known(&[]).decapsulate_ip(bytes) {
            Ok(found) => good(found.inner.len(), found.header.vni().get(), found.inner.start, ""),
            Err(geneve_codec::Error::Packet(error)) => of_layer(&error, 0, error),
            Err(geneve_codec::Error::Outer(error)) => of_outer(&error, expected),
            Err(error) => of_tunnel("refused", expected, error),
        },
        _ => match IpDecapsulator::new().decapsulate_ip(bytes) {
            Ok(found) => good(found.inner.len(), found.key.unwrap_or(0), found.inner.start, ""),
            Err(error) => of_outer(&error, expected),
        },
    }
}

fn flannel(bytes: &[u8]) -> Told {
    let (status, reason) = match Node::new([10, 244, 1, 0].into()).deliver(&mut bytes.to_vec()) {
        Forwarding::Deliver => ("delivered", ""),
        Forwarding::Drop(Reason::Malformed(_)) => ("dropped", "malformed"),
        Forwarding::Drop(Reason::TtlExpired { .. }) => ("dropped", "ttl-expired"),
        other => panic!("{other:?}"),
    };
    Told { status: status.into(), field: reason.into(), ..Told::default() }
}

fn notification(code: NotificationCode, data: &[u8]) -> String {
    let data: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}/{} {data}", code.code, code.subcode).trim_end().to_owned()
}

fn of_bgp(error: &Error, message: &[u8], offset: usize) -> Told {
    let told = error.notification(message);
    let notification = notification(told.code, told.data);
    Told { notification, ..wrong("bgp", (&error.fault).into(), offset, error) }
}

/// The types of the messages in front are the case's, or the test fails.
fn frames(most: &str, types: &str, bytes: &[u8]) -> Told {
    let (framer, mut rest, mut kinds) = (Framer::with_max_len(most.parse().unwrap()), bytes, Vec::new());
    let told = loop {
        if rest.is_empty() {
            break good("", "", "", "");
        }
        match framer.next(&mut rest) {
            Ok(Some(frame)) => kinds.push(frame.kind().0.to_string()),
            Ok(None) => {
                let length = rest.get(16..18).map_or(19, |of| u16::from_be_bytes([of[0], of[1]]));
                break Told { status: "partial".into(), ..good(rest.len(), length, "", "") };
            }
            Err(error) => break of_bgp(&error, rest, error.discard()),
        }
    };
    assert_eq!(kinds.join(","), types.trim_start_matches('-'));
    told
}

fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    let mut rest = bytes;
    core::iter::from_fn(|| Framer::with_max_len(65_535).next(&mut rest).unwrap().map(|frame| frame.bytes())).collect()
}

fn negotiate(bytes: &[u8]) -> Told {
    let [ours, theirs] = messages(bytes)[..] else { panic!("two OPENs") };
    let (ours, theirs_open) = (Open::parse(&ours[19..]).unwrap(), Open::parse(&theirs[19..]).unwrap());
    match Negotiated::between(&ours, &theirs_open) {
        Ok(session) => good(session.peer_as, session.hold_time, "", ""),
        Err(error) => of_bgp(&error, theirs, 0),
    }
}

fn update(session: &str, message: &[u8]) -> Told {
    let mut of = Negotiated::assumed();
    match session {
        "internal" => of.peer = Peer::Internal,
        "add-path" => of.add_path_receive = FamilySet::of(bgp_codec::Family::IPV4_UNICAST),
        _ => {}
    }
    let update = match Update::parse(&message[19..], &of) {
        Ok(update) => update,
        Err(error) => return of_bgp(&error, message, 0),
    };
    let mut findings = Vec::new();
    let outcome = update.validate_each(|finding| findings.push(*finding));
    let (status, routes) = match outcome.action() {
        Action::Accept => ("accept", None),
        Action::AttributeDiscard => ("attribute-discard", None),
        Action::TreatAsWithdraw => ("treat-as-withdraw", None),
        Action::SessionReset => ("session-reset", Some(0)),
        other => panic!("{other:?}"),
    };
    let routes = routes.unwrap_or_else(|| update.announced().count() + update.withdrawn().count());
    let mut told = Told { status: status.into(), limit: routes.to_string(), ..Told::default() };
    if let Some(first) = findings.first() {
        (told.field, told.text) = (first.clause.into(), first.fault.to_string());
        (told.value, told.offset) = (first.attribute.map_or(0, |kind| kind.0).to_string(), first.offset.to_string());
    }
    if let Outcome::SessionReset(error) = outcome {
        let of = error.notification(message);
        told.notification = notification(of.code, of.data);
    }
    told
}

fn capture(bytes: &[u8]) -> Told {
    let mut packets = 0;
    let failed = match Capture::new(std::io::Cursor::new(bytes.to_vec())) {
        Err(error) => Some(error),
        Ok(capture) => capture.map(|packet| packet.map(|_| packets += 1)).find_map(Result::err),
    };
    let status = if failed.is_some() { "capture" } else { "ok" };
    Told { status: status.into(), value: packets.to_string(), text: or_none(failed), ..Told::default() }
}

fn told(case: &Case) -> Told {
    let interface: Vec<&str> = case.interface.iter().map(String::as_str).collect();
    match interface[..] {
        ["walk", link_type] => walk(link_type.parse().unwrap(), &case.bytes),
        ["frame", most, types] => frames(most, types, &case.bytes),
        ["open"] => match Open::parse(&case.bytes[19..]) {
            Ok(open) => good(open.as_number(), open.hold_time(), "", ""),
            Err(error) => of_bgp(&error, &case.bytes, 0),
        },
        ["negotiate"] => negotiate(&case.bytes),
        ["update", session] => update(session, &case.bytes),
        ["notification"] => {
            let frame = Framer::new().next(&mut &case.bytes[..]).unwrap().unwrap();
            match frame.parse(&Negotiated::assumed()) {
                Ok(Message::Notification(of)) => good(of.code.code, of.code.subcode, "", ""),
                other => panic!("{other:?}"),
            }
        }
        ["flannel"] => flannel(&case.bytes),
        ["capture"] => capture(&case.bytes),
        [kind] => tunnel(kind, &case.bytes, &case.expected),
        _ => panic!("{}: no such interface", case.name),
    }
}

#[test]
fn the_crates_say_what_the_table_says() {
    let cases = cases();
    assert!(cases.len() >= 150, "{}", cases.len());
    let mut failed = 0;
    for case in cases {
        let (mut told, expected) = (told(&case), &case.expected);
        let is_good = matches!(expected.status.as_str(), "ok" | "partial");
        let columns = [
            (&mut told.value, &expected.value, is_good),
            (&mut told.limit, &expected.limit, is_good),
            (&mut told.offset, &expected.offset, is_good),
            (&mut told.text, &expected.text, true),
        ];
        for (told, expected, may_be_left_out) in columns {
            if may_be_left_out && expected.is_empty() {
                told.clear();
            }
        }
        if told != *expected {
            println!("{}:\n  {told:?}\n  {expected:?}", case.name);
            failed += 1;
        }
    }
    assert_eq!(failed, 0, "of these the crates say something else");
}
