//! `diagnose` over testdata/doctor, doctor-bgp and doctor-vm: networks and BGP sessions in which one thing was made wrong, recorded at both ends by
//! `interop/run doctor`, `doctor-bgp` and `doctor-vm`, and healthy ones. What must be found stands in `expected.tsv` there, which those hold fresh recordings against.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{program, testdata};
use serde_json::Value as Json;

/// A line of the table; "-" is nothing.
struct Row<'a> {
    captures: Vec<&'a str>,
    arguments: Vec<&'a str>,
    required: BTreeSet<&'a str>,
    allowed: BTreeSet<&'a str>,
    /// What a finding of a code says.
    evidence: Vec<(&'a str, &'a str)>,
}

impl<'a> Row<'a> {
    fn of(line: &'a str) -> Self {
        let columns: Vec<_> = line.split('\t').map(|column| if column == "-" { "" } else { column }).collect();
        let [captures, arguments, required, allowed, evidence] = columns[..] else { panic!("{line}") };
        Self {
            captures: captures.split(' ').collect(),
            arguments: arguments.split_whitespace().collect(),
            required: required.split_whitespace().collect(),
            allowed: allowed.split_whitespace().collect(),
            evidence: evidence.split(" | ").filter_map(|item| item.split_once(": ")).collect(),
        }
    }

    /// What is not as it should be.
    fn faults(&self, folder: &str) -> Vec<String> {
        let mut command = program(&["diagnose", "-T", "json"]);
        let output = command.args(&self.arguments).args(&self.captures).current_dir(testdata(folder)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let findings: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<_> =
            findings.iter().map(|of| (of["code"].as_str().unwrap(), of["sentence"].as_str().unwrap())).collect();
        let codes: BTreeSet<_> = told.iter().map(|(code, _)| *code).collect();
        let mut faults: Vec<_> = self.required.difference(&codes).map(|code| format!("no {code}")).collect();
        let is_known = |code: &str| self.required.contains(code) || self.allowed.contains(code);
        faults.extend(
            told.iter().filter(|(code, _)| !is_known(code)).map(|(code, sentence)| format!("{code}: {sentence}")),
        );
        let is_there =
            |(code, text): &(&str, &str)| told.iter().any(|(of, sentence)| of == code && sentence.contains(text));
        faults.extend(
            self.evidence.iter().filter(|item| !is_there(item)).map(|item| format!("not said: {item:?} in {told:?}")),
        );
        if output.status.code() != Some(if told.is_empty() { 0 } else { 3 }) {
            faults.push(format!("{}", output.status));
        }
        faults
    }
}

/// Holds what is found against a folder's table, which has more captures than that, more rows, and more of them of what must be found.
fn hold(folder: &str, [captures, lines, required]: [usize; 3]) {
    let table = fs::read_to_string(testdata(folder).join("expected.tsv")).unwrap();
    let rows: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).skip(1).map(Row::of).collect();
    let faults: Vec<_> = rows
        .iter()
        .map(|row| (&row.captures, &row.arguments, row.faults(folder)))
        .filter(|(.., faults)| !faults.is_empty())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    // No capture is forgotten.
    let named: BTreeSet<_> = rows.iter().flat_map(|row| row.captures.iter().map(|name| (*name).to_owned())).collect();
    let names = fs::read_dir(testdata(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.ends_with(".pcap")).collect::<BTreeSet<_>>(), named);
    // And the table is no empty promise.
    assert!(named.len() > captures && rows.len() > lines);
    assert!(rows.iter().filter(|row| !row.required.is_empty()).count() > required);
}

/// Each code, and captures of the same network in which it could be found and nothing is wrong: of the same kind of wiring and traffic, with the
/// same files. Of `doctor`, unless it is BGP's.
const TWINS: [(&str, &str, &str); 39] = [
    ("outer-checksum", "healthy-checksum-2.pcap", "-"),
    ("inner-checksum", "healthy-flannel-1.pcap", "-"),
    ("malformed", "healthy-udp-1.pcap", "-"),
    ("unreachable", "healthy-calico-1.pcap", "-"),
    ("pmtu-refused", "healthy-flannel-1.pcap", "-"),
    ("hops-exhausted", "healthy-flannel-1.pcap", "-"),
    ("refused", "healthy-calico-1.pcap", "-"),
    ("syn-unanswered", "healthy-half-there.pcap", "-"),
    ("retransmissions", "healthy-taps-1.pcap", "-"),
    ("zero-window", "healthy-flannel-1.pcap", "-"),
    ("mss-exceeds-tunnel", "healthy-flannel-1.pcap", "-"),
    ("neighbour-unanswered", "healthy-weave-1.pcap", "-"),
    ("fragmented-outer", "healthy-flannel-1.pcap", "-"),
    ("fragment-missing", "healthy-flannel-1.pcap", "-"),
    ("mtu-black-hole", "healthy-ipv6-1.pcap", "-"),
    ("lost-between", "healthy-segments-pod.pcap healthy-segments-1.pcap healthy-segments-2.pcap", "-"),
    ("one-way-tunnel", "healthy-ecmp-1.pcap", "-"),
    ("wrong-port", "healthy-flannel-1.pcap", "-"),
    ("wrong-vni", "healthy-cilium-1.pcap", "-"),
    ("vni-without-flag", "healthy-flannel-1.pcap", "-"),
    ("unknown-peer", "healthy-flannel-1.pcap", FLANNEL),
    ("wrong-vtep-mac", "healthy-calico-1.pcap", CALICO),
    ("unencapsulated-pod", "healthy-cilium-1.pcap", CILIUM),
    ("double-encapsulation", "healthy-flannel-1.pcap", "-"),
    ("routing-loop", "healthy-taps-1.pcap", "-"),
    ("bgp-reset", "healthy-1.pcap", "-"),
    ("bgp-open-mismatch", "healthy-1.pcap", "-"),
    ("bgp-hold-expired", "healthy-long-1.pcap", "-"),
    ("bgp-malformed", "healthy-1.pcap", "-"),
    ("bgp-flap", "healthy-long-1.pcap", "-"),
    ("bgp-loop", "healthy-ibgp-1.pcap", "-"),
    ("bgp-unreachable-next-hop", "healthy-ibgp-1.pcap", "-"),
    ("bgp-md5", "healthy-md5-1.pcap", "-"),
    ("dns-unanswered", "healthy-calico-1.pcap", "-"),
    ("policy-dropped", "healthy-policy-1.pcap", "-"),
    ("cilium-identity", "healthy-cilium-1.pcap", CILIUM),
    ("flannel-no-route", "healthy-udp-pod.pcap", "-"),
    ("weave-fallback", "healthy-fast-1.pcap", WEAVE),
    ("weave-replay", "healthy-sealed-2.pcap", "-"),
];
const FLANNEL: &str = "--cluster flannel.json";
const CALICO: &str = "--cluster calico-nodes.json --cluster calico.json";
const CILIUM: &str = "--cluster cilium-nodes.json --cluster cilium-endpoints.json";
const WEAVE: &str = "--cluster weave.json";

/// Each code of `diagnose --list` is required by a row, and a healthy twin's row allows nothing.
#[test]
fn each_code_has_a_lab_and_a_twin() {
    let output = program(&["diagnose", "--list"]).output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    let listed: Vec<_> =
        list.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_once(" (")).collect();
    let codes: Vec<_> = listed.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, TWINS.map(|(code, ..)| code));
    for (code, captures, arguments) in TWINS {
        let folder = if code.starts_with("bgp-") { "doctor-bgp" } else { "doctor" };
        let table = fs::read_to_string(testdata(folder).join("expected.tsv")).unwrap();
        let rows: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
        assert!(rows.iter().any(|line| Row::of(line).required.contains(code)), "{code} has no lab");
        let twin = format!("{captures}\t{arguments}\t-\t-\t-");
        assert!(rows.contains(&twin.as_str()), "{code} has no twin");
    }
}

/// What is told by a cluster's files is found in labs of each network that has it: Cilium's and Weave's devices have no address that counts.
#[test]
fn networks_that_files_tell_of() {
    let table = fs::read_to_string(testdata("doctor").join("expected.tsv")).unwrap();
    let rows: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).skip(1).map(Row::of).collect();
    for (code, files) in [
        ("unknown-peer", &[FLANNEL, CALICO, CILIUM, WEAVE][..]),
        ("wrong-vtep-mac", &[FLANNEL, CALICO]),
        ("unencapsulated-pod", &[FLANNEL, CALICO, CILIUM, WEAVE]),
    ] {
        for file in files {
            let is_row = |row: &&Row<'_>| row.arguments.join(" ") == *file;
            assert!(rows.iter().filter(is_row).any(|row| row.required.contains(code)), "{code}: {file}");
            let is_healthy = |row: &Row<'_>| row.required.is_empty() && row.allowed.is_empty();
            assert!(rows.iter().filter(is_row).any(is_healthy), "{file} has no twin");
        }
    }
}

#[test]
fn in_networks() {
    hold("doctor", [140, 280, 150]);
}

#[test]
fn beside_bgp_sessions() {
    hold("doctor-bgp", [40, 60, 40]);
}

#[test]
fn in_a_virtual_machine() {
    hold("doctor-vm", [60, 90, 40]);
}

/// Nothing can be given of a capture that there is not, or of the first one, by whose clock the others are told; or what is no clock.
#[test]
fn clocks_that_cannot_be_given() {
    for (clock, told) in [
        ("other.pcap=1", "--clock other.pcap: no such capture is to be read"),
        ("delay-5-12-1.pcap=1", "--clock delay-5-12-1.pcap: it is by the first capture's clock that others are told"),
        ("delay-5-12-2.pcap", "it must look like node-2.pcap=-0.000012"),
        ("delay-5-12-2.pcap=3s", "it must be ahead by seconds, such as -0.000012"),
        ("delay-5-12-2.pcap=3,fast", "it must gain millionths, such as -1.5"),
    ] {
        let mut command = program(&["diagnose", "--clock", clock, "delay-5-12-1.pcap", "delay-5-12-2.pcap"]);
        let output = command.current_dir(testdata("doctor-vm")).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{clock}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(told), "{text}");
    }
}

/// What one and the same clock has of each packet, as interop/lib/doctor_vm_delays.py works it out; netem was told 5 ms there and 12 ms back, or
/// 20 ms both.
#[test]
fn delays() {
    const NEAR: i64 = 20_000;
    let folder = testdata("doctor-vm");
    let table = fs::read_to_string(folder.join("delays.tsv")).unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 32);
    for row in rows {
        let [captures, arguments, pods, one_way, round_trip, said, unsaid] = row[..] else { panic!("{row:?}") };
        let told = |form: &[&str]| {
            let mut command = program(&["diagnose"]);
            let arguments = arguments.split(' ').filter(|argument| *argument != "-");
            let output = command.args(form).args(arguments).args(captures.split(' ')).current_dir(&folder).output();
            String::from_utf8(output.unwrap().stdout).unwrap()
        };
        let text = told(&[]).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(said) && !text.contains(unsaid), "{row:?}: {text}");
        let lines = told(&["-T", "json", "--paths"]);
        let pods: Vec<&str> = pods.split(' ').collect();
        let paths = lines.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        let path = paths.into_iter().find(|path| path["pods"] == serde_json::json!(pods)).unwrap();
        for (key, expected) in [("one_way_ns", one_way), ("round_trip_ns", round_trip)] {
            if expected == "-" {
                assert!(path[key].is_null(), "{row:?}: {path}");
                continue;
            }
            for (figure, expected) in ["least", "median", "p99"].into_iter().zip(expected.split(' ')) {
                let wrong = path[key][figure].as_i64().unwrap() - expected.parse::<i64>().unwrap();
                assert!(wrong.abs() <= NEAR, "{row:?}: {figure}: {path}");
            }
        }
    }
}
