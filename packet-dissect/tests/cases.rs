//! Small captures that were read wrongly once: what is right of each stands in `../shared/cases/README.md`, made from the formats' own
//! definitions.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::path::Path;
use std::process::{Command, Output};

/// The program's output of a case; `None`, and that it was skipped, where the cases are not beside the project.
fn on(name: &str, arguments: &[&str]) -> Option<Output> {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases").join(name);
    if !case.exists() {
        eprintln!("SKIPPED: {name} is not beside the project");
        return None;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
    let output = command.args(arguments).arg(case).env_remove("WEAVE_KEY").output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Some(output)
}

/// The values of fields, a row a packet.
fn fields(name: &str, fields: &[&str]) -> Option<Vec<Vec<String>>> {
    let named: Vec<_> = fields.iter().flat_map(|field| ["-e", field]).collect();
    let output = on(name, &[&["-T", "fields"], &named[..]].concat())?;
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// Resolutions of powers of two, offsets, obsolete Packet Blocks; a Simple Packet Block has no time, told or relative.
#[test]
fn blocks() {
    let Some(rows) = fields("blocks.pcapng", &["frame.time_epoch", "frame.time_relative", "udp.srcport"]) else {
        return;
    };
    let expected = [
        ["3.500000000", "0.000000000", "1000"],
        ["5.250000000", "1.750000000", "1001"],
        ["7.000000000", "3.500000000", "1002"],
        ["", "", "1003"],
    ];
    assert_eq!(rows, expected);
}

/// Lines, without number and time.
fn lines(name: &str, arguments: &[&str]) -> Option<Vec<String>> {
    let text = String::from_utf8(on(name, arguments)?.stdout).unwrap();
    Some(text.lines().map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")).collect())
}

const JUDGED: [&str; 4] = ["bgp.type", "bgp.announced", "bgp.finding", "bgp.outcome"];

/// Without an OPEN nothing tells whether the peer is internal: neither its attributes nor those of one that looks external are wrong,
/// unless the user says what it is.
#[test]
fn sessions_that_nobody_saw_begin() {
    let Some(rows) = fields("bgp-internal-midstream.pcap", &JUDGED) else { return };
    assert_eq!(rows, [["4", "", "", ""], ["2", "198.51.100.0/24", "", ""]]);
    assert_eq!(fields("bgp-external-local-pref.pcap", &JUDGED).unwrap(), [["2", "198.51.100.0/24", "", ""]]);
    let outcome = |name, peer| {
        let arguments = ["-T", "fields", "-e", "bgp.outcome", "-o", peer];
        String::from_utf8(on(name, &arguments).unwrap().stdout).unwrap().trim().to_owned()
    };
    assert_eq!(outcome("bgp-external-local-pref.pcap", "bgp.peer:external"), "attribute discard");
    assert_eq!(outcome("bgp-external-local-pref.pcap", "bgp.peer:internal"), "");
    assert_eq!(outcome("bgp-internal-midstream.pcap", "bgp.peer:internal"), "");
}

/// An OPEN in the SYN's segment, and a next sequence number that does not count the SYN.
#[test]
fn data_in_a_syn() {
    let Some(lines) = lines("bgp-data-in-syn.pcap", &[]) else { return };
    assert_eq!(
        lines,
        ["OPEN", "KEEPALIVE", "UPDATE +198.51.100.0/24"].map(|name| format!("192.0.2.1 > 192.0.2.2 BGP {name}"))
    );
    assert_eq!(fields("bgp-data-in-syn.pcap", &JUDGED[..2]).unwrap()[2], ["2", "198.51.100.0/24"]);
}

/// A length below 19 is an error (RFC 4271 §6.1), and the stream goes on at the next header.
#[test]
fn a_short_length() {
    let Some(rows) = fields("bgp-short-length.pcap", &["bgp.length", "bgp.type", "bgp.error"]) else { return };
    let [length, _, error] = rows[0].as_slice() else { panic!("{rows:?}") };
    assert_eq!(length, "5");
    assert!(error.contains("length is 5, it must be from 19 to ") && error.contains("NOTIFICATION 1/2"), "{error}");
    assert_eq!(rows[1], ["19", "4", ""]);
    let lines = lines("bgp-short-length.pcap", &[]).unwrap();
    assert!(lines[0].contains("length is 5"), "{lines:?}");
    assert_eq!(
        lines[1],
        "192.0.2.1 > 192.0.2.2 BGP KEEPALIVE 20 bytes before this message are of none that was seen to begin"
    );
}

/// RFC 5291 §4: a request with filters is longer than one without.
#[test]
fn a_refresh_with_a_filter() {
    let names = ["flag", "type", "length", "entry.action"].map(|name| format!("bgp.route_refresh.orf.{name}"));
    let names: Vec<_> = names.iter().map(String::as_str).chain(["bgp.error"]).collect();
    let Some(rows) = fields("bgp-refresh-with-filter.pcap", &names) else { return };
    assert_eq!(rows, [["1", "64", "1", "2", ""]]);
}

/// RFC 6396 §4.2.
#[test]
fn the_first_table_dump() {
    let Some(lines) = lines("table-dump-1.mrt", &[]) else { return };
    assert_eq!(lines, ["192.0.2.1 AS65001 198.51.100.0/24 via 192.0.2.1 path 65001"]);
}

/// Path identifiers under a subtype that has none, which is said.
#[test]
fn paths_that_nobody_announced() {
    let names = ["bgp.announced", "bgp.withdrawn", "bgp.inferred"];
    let Some(rows) = fields("unannounced-paths.mrt", &names) else { return };
    let both = "198.51.100.0/24 path 250,203.0.113.0/24 path 1";
    let expected = [["198.51.100.0/24", "", ""], [both, "", "path identifiers"], ["", both, "path identifiers"]];
    assert_eq!(rows, expected);
}

/// RFC 8086.
#[test]
fn gre_in_udp() {
    let Some(lines) = lines("gre-in-udp.pcap", &[]) else { return };
    assert_eq!(lines, ["10.244.1.2 > 10.244.2.2 UDP 4000 > 53 len 8 gre"]);
}

#[test]
fn wireguard() {
    let Some(lines) = lines("wireguard.pcap", &[]) else { return };
    let expected = [
        "handshake initiation, sender 7",
        "handshake response, sender 9, receiver 7",
        "cookie reply, receiver 7",
        "data, receiver 9, counter 5, 48 bytes sealed",
        "data, receiver 9, counter 6, keepalive",
    ];
    assert_eq!(lines, expected.map(|words| format!("192.0.2.1 > 192.0.2.2 WireGuard {words}")));
    // As tshark 4.0.17 has them.
    let names = ["wg.type", "wg.sender", "wg.receiver", "wg.counter", "wg.ephemeral"];
    let rows = fields("wireguard.pcap", &names).unwrap();
    let expected = [
        ["1", "0x00000007", "", "", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="],
        ["2", "0x00000009", "0x00000007", "", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
        ["3", "", "0x00000007", "", ""],
        ["4", "", "0x00000009", "5", ""],
        ["4", "", "0x00000009", "6", ""],
    ];
    assert_eq!(rows, expected);
}

/// RFC 4303, and RFC 3948 §2.
#[test]
fn esp() {
    let Some(rows) = fields("esp.pcap", &["frame.protocols", "esp.spi", "esp.sequence"]) else { return };
    let expected = [
        ["ip:esp", "0x00000100", "1"],
        ["ip:udp:udpencap:esp", "0x00000100", "1"],
        ["ip:udp:udpencap:data", "", ""],
        ["ip:udp:udpencap", "", ""],
    ];
    assert_eq!(rows, expected);
    let lines = lines("esp.pcap", &[]).unwrap();
    let expected =
        ["ESP spi 0x00000100, sequence 1", "ESP spi 0x00000100, sequence 1", "IKE in UDP, length 28", "NAT keepalive"];
    assert_eq!(lines, expected.map(|words| format!("192.0.2.1 > 192.0.2.2 {words}")));
}

/// RFC 768: a checksum that the network card left wrong is said where the packet is. The right one is tshark 4.0.17's.
#[test]
fn an_outer_checksum_that_is_wrong() {
    let Some(lines) = lines("offloaded-checksum.pcap", &[]) else { return };
    let flow = "10.244.1.2 > 10.244.2.2 UDP 4000 > 53 len 8 vxlan 4096";
    assert_eq!(lines, [format!("{flow} outer UDP checksum 0xffff is wrong, 0xd16a is right")]);
}
