use super::*;
use crate::bgp::sessions::Overrule;
use crate::{LinkType, Record, Timestamp, Tunnels};

use super::super::network::Network;
use super::super::opened::Openers;
use super::super::session::Session;
use super::super::undecoded;

/// An ICMP echo request in IPv4 in Ethernet, with "ping" behind it.
const PING: [u8; 46] = [
    2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 1, 0x21, 0xf1, 10, 244, 1, 2, 10, 244,
    2, 3, 8, 0, 0x19, 0x27, 0, 7, 0, 1, b'p', b'i', b'n', b'g',
];

fn holds(test: &str) -> bool {
    let time = Some(Timestamp { seconds: 1_600_000_000, nanoseconds: 250_000_000 });
    let record = Record { number: 3, time, original_len: 46, link_type: LinkType::ETHERNET, bytes: &PING };
    let mut session = Session::new(Network::new(Tunnels::DEFAULT), Overrule::default(), Openers::default());
    Filter::parse(test).unwrap_or_else(|error| panic!("{error:?}")).accepts(&session.take(&record))
}

#[test]
fn tests_that_hold() {
    for test in [
        "",
        "icmp",
        "ip.addr == 10.244.1.2 && ip.addr == 10.244.2.3",
        "ip.addr == 10.244.0.0/16",
        "ip.ttl >= 64 and ip.ttl <= 64",
        "ip.ttl > 63 && ip.ttl < 0x41",
        "!tcp && not udp",
        "tcp || (icmp.type == 8 && frame.number == 3)",
        "eth.src == 02:00:00:00:00:01",
        "eth.src == 02-00-00-00-00-01",
        "eth.src == 0200.0000.0001",
        "ip.flags.df == true",
        "icmp.type in {0, 8}",
        "icmp.type in {7 .. 9}",
        "icmp.type in {7..9}",
        "icmp.type not in {0, 3}",
        "ip.addr != 10.0.0.1",
        "eth.type eq 0x0800",
        "frame",
        "frame && eth",
        // Of several values: any, all, and what the signs mean.
        "any ip.addr == 10.244.1.2",
        "all ip.addr == 10.244.0.0/16",
        "ip.addr ~= 10.244.1.2",
        "ip.addr !== 10.244.1.2",
        "ip.ttl === 64",
        "tcp xor icmp",
        "tcp ^^ icmp",
        // What is compared may be a field or a date in quotes.
        "ip.dst != ip.src",
        "ip.addr == max(ip.src)",
        "frame.time > \"2020-09-13\"",
        // Slices, of fields, of layers, of the frame.
        "eth.src[0] == 2",
        "eth.src[0:3] == 02:00:00",
        "eth.src[4-5] == 00:01",
        "eth.src[:1] == 02",
        "eth.src[5:] == 01",
        "eth.src[-1] == 1",
        "eth.src[0,5] == 02:01",
        "ip[8] == 40",
        "ip[9:1] == 01",
        "frame[12:2] == 08:00",
        "frame[42:4] == \"ping\"",
        "icmp[0] & 8",
        // Layers by number.
        "ip.src#1 == 10.244.1.2",
        "ip.src#[-1] == 10.244.1.2",
        "ip.src#[1-2] == 10.244.1.2",
        "ip#1",
        // Text, bytes and patterns.
        "frame contains \"ping\"",
        "ip contains \"pin\"",
        "icmp contains 70:69",
        "icmp contains 7069",
        "frame contains 'p'",
        r#"frame matches "P.NG$""#,
        r#"frame ~ "(?-i)ping""#,
        r#"frame matches r"\x70""#,
        r#"frame matches "\x02\x00{4}""#,
        "frame.protocols contains \"ip:icmp\"",
        "upper(frame.protocols) contains \"ICMP\"",
        "string(ip.src) == \"10.244.1.2\"",
        "string(ip.ttl) matches \"^6\"",
        // Arithmetic.
        "ip.ttl + 1 == 65",
        "ip.ttl * 2 - 1 == 127",
        "{ip.ttl + 1} * 2 == 130",
        "ip.ttl & 0x40",
        "ip.ttl & 0x40 == 64",
        "ip.ttl == {60 + 4}",
        "ip.ttl % 3 == 1 && ip.ttl / 2 == 32",
        "-ip.ttl < 0",
        "ip.ttl == 0100 and ip.ttl == 0b1000000 and ip.ttl == '@'",
        "ip.len == ip.hdr_len + 12",
        "abs(icmp.type - ip.ttl) == 56",
        "max(ip.ttl, icmp.type) == 64 && min(ip.ttl, icmp.type) == 8",
        "len(frame) == 46 && len(ip) == 20 && len(eth.src) == 6",
        "count(ip.addr) == 2 && count(ip) == 1",
        // Field against field.
        "ip.src < ip.dst",
        "ip.src != ip.dst",
        // Numbers by name.
        "ip.proto == icmp",
        "ip.proto == \"ICMP\"",
        "icmp.checksum.status == \"Good\"",
        "ip.checksum.status == good",
        "eth.type == IPv4",
        "eth.dst.lg == 1 && eth.ig == False",
        // Times.
        "frame.time_epoch == 1600000000.25",
        "frame.time_epoch > 1600000000",
        "frame.time_relative == 0",
    ] {
        assert!(holds(test), "{test}");
    }
}

#[test]
fn tests_that_do_not() {
    for test in [
        "tcp",
        "ip.addr != 10.244.1.2",
        "tcp.port != 80",
        "all tcp.port > 80",
        "tcp.port not in {80} && tcp",
        "ip.src == 10.244.2.0/24",
        "icmp.type in {0, 3}",
        "!(icmp || arp)",
        "ip.ttl < 64",
        "!frame",
        "eth.src[4:5]",
        "eth.src[6]",
        "ip.src#2",
        "ip#2 || ip#[2:]",
        "ip contains \"PING\"",
        "ip[20:1] == 08",
        "ip.ttl & 1",
        "ip.ttl / 0 == 0",
        "frame matches \"(?-i)PING\"",
        "icmp xor ip",
        "tcp.flags.syn",
        "frame.time_epoch > 1600000000.25",
    ] {
        assert!(!holds(test), "{test}");
    }
}

/// `&&` binds before `xor`, that before `||`, as Wireshark has it; `&` before a comparison.
#[test]
fn what_binds_first() {
    assert!(holds("icmp || tcp && tcp"));
    assert!(!holds("(icmp || tcp) && tcp"));
    assert!(holds("icmp or icmp xor icmp"));
    assert!(holds("!tcp && icmp"));
    assert!(!holds("!(tcp or icmp)"));
    assert!(holds("ip.ttl == 32 + 4 * 8"));
}

#[test]
fn what_cannot_be_understood_is_shown() {
    for (test, message) in [
        (
            "vxlan.vnii == 1",
            "-Y: there is no field \"vxlan.vnii\"; is \"vxlan.vni\" meant?\n  vxlan.vnii == 1\n  ^~~~~~~~~~",
        ),
        ("ip.src=10.0.0.1", "-Y: \"=\" compares nothing; is \"==\" meant?\n  ip.src=10.0.0.1\n        ^"),
        (
            "http.request.method == \"GET\"",
            "-Y: http is not decoded here; its packets are those of tcp.port == 80, as a rule\n  http.request.method == \"GET\"\n  ^~~~~~~~~~~~~~~~~~~",
        ),
        ("dns", "-Y: dns is not decoded here; its packets are those of udp.port == 53, as a rule\n  dns\n  ^~~"),
        ("ipv4.src", "-Y: there is no field \"ipv4.src\"; is \"ip.src\" meant?\n  ipv4.src\n  ^~~~~~~~"),
        (
            "frame.time>2026-11-24",
            "-Y: a date stands in quotes: \"2026-11-24\"\n  frame.time>2026-11-24\n             ^~~~~~~~~~",
        ),
        (
            "frame.time > 2026-11-24 05:43Z && tcp",
            "-Y: a date stands in quotes: \"2026-11-24 05:43Z\"\n  frame.time > 2026-11-24 05:43Z && tcp\n               ^~~~~~~~~~~~~~~~~",
        ),
        (
            "ip.addr==client.default",
            "-Y: \"client.default\" is not an IPv4 address, as ip.addr is; names are asked for with src.name == \"client.default\" or dst.name == \"client.default\"\n  ip.addr==client.default\n           ^~~~~~~~~~~~~~",
        ),
        (
            "ipv6.dst in {my-pod.default}",
            "-Y: \"my-pod.default\" is not an IPv6 address, as ipv6.dst is; names are asked for with dst.name == \"my-pod.default\"\n  ipv6.dst in {my-pod.default}\n               ^~~~~~~~~~~~~~",
        ),
        ("hello", "-Y: there is no field \"hello\"\n  hello\n  ^~~~~"),
        ("ip.ttl == many", "-Y: \"many\" is not a number, as ip.ttl is\n  ip.ttl == many\n            ^~~~"),
        (
            "ip.src == 10.0.0.1/33",
            "-Y: \"10.0.0.1/33\" is not an IPv4 address, as ip.src is\n  ip.src == 10.0.0.1/33\n            ^~~~~~~~~~~",
        ),
        ("ip.ttl ==", "-Y: something is missing at the end\n  ip.ttl ==\n           ^"),
        ("(icmp", "-Y: a parenthesis is not closed\n  (icmp\n       ^"),
        ("icmp icmp", "-Y: \"icmp\" was not expected\n  icmp icmp\n       ^~~~"),
        (
            "frame.protocols == \"eth",
            "-Y: a quote is not closed\n  frame.protocols == \"eth\n                     ^~~~",
        ),
        (
            "ip.src contains 0a",
            "-Y: \"contains\" wants text, bytes or a layer, and this is an IPv4 address\n  ip.src contains 0a\n  ^~~~~~",
        ),
        ("ip.ttl[0] == 1", "-Y: a number cannot be sliced\n  ip.ttl[0] == 1\n        ^~~"),
        (
            "ip.proto == icmpp",
            "-Y: \"icmpp\" is not a number or the name of one, as ip.proto is\n  ip.proto == icmpp\n              ^~~~~",
        ),
        (
            "ip.src == ip.ttl",
            "-Y: an IPv4 address and a number cannot be compared\n  ip.src == ip.ttl\n            ^~~~~~",
        ),
        (
            "size(frame) > 3",
            "-Y: there is no function \"size\"; known are len, count, upper, lower, string, max, min, abs\n  size(frame) > 3\n  ^~~~",
        ),
        (
            "frame matches \"(\"",
            "-Y: \"(\" is no pattern: error: unclosed group\n  frame matches \"(\"\n                ^~~",
        ),
        ("any tcp", "-Y: \"any\" and \"all\" want a comparison\n  any tcp\n         ^"),
        (
            "eth.src[0:0]",
            "-Y: a slice looks like [3], [0:3], [0-2], [:3], [3:], and several with commas\n  eth.src[0:0]\n         ^~~~~",
        ),
    ] {
        assert_eq!(Filter::parse(test).unwrap_err().join("\n"), message, "{test}");
    }
    let long = format!("{} || nothing || {}", ["tcp"; 100].join(" || "), ["udp"; 100].join(" || "));
    let lines = Filter::parse(&long).unwrap_err();
    assert!(lines.iter().all(|line| line.len() < 140), "{lines:?}");
    assert_eq!(lines[1].find("nothing"), lines[2].find('^'));
    for deep in ["!", "(", "{", "-", "len(", "ip.ttl == {"] {
        assert!(Filter::parse(&deep.repeat(100_000)).is_err(), "{deep}");
    }
}

/// What is told to be asked for instead can be asked for.
#[test]
fn what_is_not_decoded_has_a_test() {
    for (protocol, test) in undecoded::UNDECODED {
        Filter::parse(test).unwrap_or_else(|error| panic!("{protocol}: {error:?}"));
        assert!(Filter::parse(protocol).unwrap_err()[0].contains(test), "{protocol}");
    }
}

#[test]
fn a_filter_for_captures_is_known_as_one() {
    for (test, filter) in [
        ("host 10.244.1.2", "ip.addr == 10.244.1.2"),
        ("src host fe80::1", "ipv6.src == fe80::1"),
        ("net 10.244.0.0/16", "ip.addr == 10.244.0.0/16"),
        ("tcp port 179", "tcp.port == 179"),
        ("port 53", "tcp.port == 53 or udp.port == 53"),
        ("portrange 1-9", "tcp.port in {1 .. 9} or udp.port in {1 .. 9}"),
        ("udp and port 8472", "udp and (tcp.port == 8472 or udp.port == 8472)"),
    ] {
        let error = Filter::parse(test).unwrap_err().pop().unwrap();
        let (_, told) = error.split_once("here it is: ").unwrap_or_else(|| panic!("{error}"));
        assert_eq!(told, filter, "{test}");
        Filter::parse(told).unwrap();
    }
}
