//! `diagnose`, over the project's captures: what is found in each is true, and stands here with the reason.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{program, said, testdata, text};
use packet_dissect::{Capture, Doctor, Tunnels};
use serde_json::Value as Json;

/// What is found in captures, and why it is true. Nothing is found in any other.
const TRUE: &[(&str, &[&str])] = &[
    // The peer's daemon starts a little later, and refuses the first connection; at the end a session is shut down with a text.
    ("bgp-bird-add-path.pcap", &["bgp-reset", "refused"]),
    ("bgp-bird.pcap", &["bgp-reset", "refused"]),
    ("bgp-exabgp.pcap", &["bgp-reset", "refused"]),
    ("bgp-frr-families.pcap", &["bgp-reset", "refused"]),
    ("bgp-frr.pcap", &["bgp-reset", "refused"]),
    ("bgp-gobgp-families.pcap", &["bgp-reset"]),
    ("bgp-gobgp.pcap", &["bgp-reset"]),
    ("bgp-openbgpd.pcap", &["bgp-reset"]),
    // Datagrams to ports on which nobody listens, and to a pod network that no node has.
    ("flannel-udp-pod.pcap", &["flannel-no-route", "unreachable"]),
    ("flannel-udp-tun.pcap", &["flannel-no-route", "unreachable"]),
    ("flannel-udp-underlay.pcap", &["unreachable"]),
    // The same, packets with few hops on purpose, and a connection to a port on which nobody listens.
    ("flannel-vxlan.pcap", &["hops-exhausted", "refused", "unreachable"]),
    // Tunnels' packets in fragments, on purpose.
    ("fragments-ipv4.pcap", &["fragmented-outer"]),
    // The answer to an echo has a wrong checksum: Linux's gtp sends it so, and tshark says the same of it.
    ("gtp-u-linux.pcap", &["outer-checksum"]),
    // All errors of ICMP, on purpose; 192.0.2.3 is nobody's address.
    ("icmp-errors.pcap", &["hops-exhausted", "neighbour-unanswered", "pmtu-refused", "unreachable"]),
    // A link that loses packets, and a receiver that stops reading, on purpose.
    ("tcp-trouble.pcap", &["retransmissions", "zero-window"]),
];

fn found(capture: &str) -> BTreeSet<String> {
    let mut doctor = Doctor::new(Tunnels::DEFAULT);
    let mut capture = Capture::open(testdata(capture)).unwrap();
    while let Some(record) = capture.next_record() {
        doctor.take(&record.unwrap());
    }
    doctor.findings().iter().map(|finding| finding.code().to_owned()).collect()
}

#[test]
fn nothing_is_found_that_is_not_true() {
    let names = fs::read_dir(testdata("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let captures: BTreeSet<_> = names.filter(|name| name.ends_with(".pcap")).collect();
    assert!(captures.len() > 40, "{captures:?}");
    for capture in &captures {
        let codes = TRUE.iter().find(|(name, _)| name == capture).map_or(&[][..], |(_, codes)| codes);
        assert_eq!(found(capture).into_iter().collect::<Vec<_>>(), codes, "{capture}");
    }
    assert!(TRUE.iter().all(|(name, _)| captures.contains(*name)));
}

#[test]
fn exit_status() {
    let path = |name| testdata(name).into_os_string().into_string().unwrap();
    let status = |arguments: &[&str]| program(arguments).output().unwrap().status.code();
    let (healthy, ill) = (path("calico-vxlan.pcap"), path("icmp-errors.pcap"));
    assert_eq!(status(&["diagnose", &healthy]), Some(0));
    assert_eq!(status(&["diagnose", &healthy, &ill]), Some(3));
    assert_eq!(status(&["diagnose", "-T", "json", &ill]), Some(3));
    assert_eq!(status(&["diagnose", &healthy, "/nowhere.pcap"]), Some(1));
    assert_eq!(status(&["diagnose"]), Some(2));
    assert_eq!(status(&["diagnose", "--list"]), Some(0));
}

/// A capture that ends within a packet: the sentence, what was found before, and nothing that is not true.
#[test]
fn cut_short() {
    let cut = |name: &str, len: usize| {
        let path = std::env::temp_dir().join(format!("doctor-{}-{name}", std::process::id()));
        fs::write(&path, &fs::read(testdata(name)).unwrap()[..len]).unwrap();
        let output = program(&["diagnose", path.to_str().unwrap()]).output().unwrap();
        fs::remove_file(&path).unwrap();
        output
    };
    let healthy = cut("calico-vxlan.pcap", 2_600);
    assert_eq!(healthy.status.code(), Some(1));
    assert!(said(&healthy).contains("calico-vxlan.pcap: ") && text(&healthy).starts_with("Nothing found in "));
    let ill = cut("icmp-errors.pcap", 5_000);
    assert_eq!(ill.status.code(), Some(3), "{}", text(&ill));
    assert!(!said(&ill).is_empty());
}

#[test]
fn an_object_a_finding() {
    let path = testdata("tcp-trouble.pcap");
    let output = program(&["diagnose", "-T", "json", path.to_str().unwrap()]).output().unwrap();
    let objects: Vec<Json> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<_> = objects.iter().map(|object| object["code"].as_str().unwrap()).collect();
    // The gravest first.
    assert_eq!(codes, ["retransmissions", "zero-window"]);
    let evidence = &objects[0]["evidence"];
    assert_eq!(evidence["pods"], serde_json::json!(["192.0.2.1", "192.0.2.2"]));
    assert_eq!(evidence["frames"][0]["file"], path.to_str().unwrap());
    assert_eq!(evidence["numbers"]["again"], evidence["count"]);
    for key in ["gravity", "sentence", "cause", "try"] {
        assert!(objects[0][key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
}

/// Lines fit the terminal, and a file's name cannot move its cursor.
#[test]
fn for_a_person() {
    let path = std::env::temp_dir().join(format!("doctor-{}-\u{1b}[2J.pcap", std::process::id()));
    fs::copy(testdata("icmp-errors.pcap"), &path).unwrap();
    let output = program(&["diagnose", path.to_str().unwrap()]).env("COLUMNS", "80").output().unwrap();
    fs::remove_file(&path).unwrap();
    let text = text(&output);
    assert!(
        text.starts_with(
            "neighbour-unanswered (fault)\n  192.0.2.1 asks by ARP who has 192.0.2.3, and nobody answers.\n"
        ),
        "{text}"
    );
    assert!(!text.contains('\u{1b}') && text.contains("\\x1b[2J"), "{text}");
    let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > 80 && line.trim().contains(' ')).collect();
    assert!(wide.iter().all(|line| line.contains("\\x1b")), "{wide:#?}");
    assert!(text.ends_with("14 findings in 46 packets.\n"), "{text}");
}

/// Every code that is found is documented, for a person and for a program.
/// With keys it looks into what is sealed, beside what else is wrong there; of several captures it is found again as it went by, since one may
/// begin behind the handshake that opens it.
#[test]
fn sealed() {
    let (keys, whole) = (testdata("wireguard.pcap.keys"), testdata("wireguard.pcap"));
    let diagnose = |captures: &[&Path], arguments: &[&str]| {
        program(&["diagnose", "-T", "json", "--paths"]).args(arguments).args(captures).output().unwrap()
    };
    let keys = ["--wireguard-keys", keys.to_str().unwrap()];
    // A cluster whose nodes they are not: who opens it sees pods' packets between strangers.
    let cluster = testdata("cluster/flannel.json");
    let moved = std::env::temp_dir().join(format!("sealed-{}.json", std::process::id()));
    fs::write(&moved, fs::read_to_string(cluster).unwrap().replace("192.0.2.", "198.51.100.")).unwrap();
    let strangers = ["--cluster", moved.to_str().unwrap()];
    assert_eq!(diagnose(&[&whole], &strangers).status.code(), Some(0));
    let output = diagnose(&[&whole], &[keys, strangers].concat());
    let lines = text(&output);
    assert_eq!(output.status.code(), Some(3), "{lines}");
    assert!(
        lines.contains("A tunnel's packets go between 192.0.2.1 and 192.0.2.2, and 192.0.2.1 is no node's."),
        "{lines}"
    );
    fs::remove_file(&moved).unwrap();
    // From behind the handshake on: 16 bytes of a record's header, and 24 of the file's.
    let bytes = fs::read(&whole).unwrap();
    let next = |at: usize, _| at + 16 + u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize;
    let at = (0..4).fold(24, next);
    let late = std::env::temp_dir().join(format!("sealed-{}.pcap", std::process::id()));
    fs::write(&late, [&bytes[..24], &bytes[at..]].concat()).unwrap();
    let (with, without) = (diagnose(&[&whole, &late], &keys), diagnose(&[&whole, &late], &[]));
    fs::remove_file(&late).unwrap();
    assert_eq!((with.status.code(), text(&with)), (Some(0), text(&without)));
    assert_eq!(text(&with).lines().count(), 2, "{}", text(&with));
}

#[test]
fn all_codes_are_listed() {
    let list = text(&program(&["diagnose", "--list"]).output().unwrap());
    let objects = text(&program(&["diagnose", "--list", "-T", "json"]).output().unwrap());
    let listed: BTreeSet<String> = objects
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).unwrap()["code"].as_str().unwrap().to_owned())
        .collect();
    assert!(TRUE.iter().flat_map(|(_, codes)| *codes).all(|code| listed.contains(*code)));
    assert!(listed.iter().all(|code| list.contains(&format!("{code} ("))));
    assert!(listed.len() > 25, "{listed:?}");
}

/// The README shows what the program says of a real lab's capture.
#[test]
fn as_the_readme_has_it() {
    let readme = include_str!("../README.md");
    let command = "$ packet-dissect diagnose testdata/doctor/mtu-ping-1.pcap\n";
    let shown = readme.split_once(command).and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
    let folder = testdata("..");
    let output = program(&["diagnose", "testdata/doctor/mtu-ping-1.pcap"]).current_dir(folder).output().unwrap();
    assert_eq!(text(&output), shown);
}
