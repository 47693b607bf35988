//! Packets written and captured: what is in the files, what is said, and with which status.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::path::{Path, PathBuf};

mod common;
use common::{program, said, testdata};

/// An empty folder of the test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What it prints, if all is well.
fn text(arguments: &[&str]) -> String {
    let output = program(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it says when it ends with that status.
fn complaint(status: i32, arguments: &[&str]) -> String {
    let output = program(arguments).output().unwrap();
    let message = said(&output);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {message}");
    message
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_reads_the_same() {
    let folder = folder("same");
    for name in ["flannel-vxlan.pcap", "linux-cooked-2.pcap", "ppp.pcap", "bgp-frr.pcap"] {
        let (from, to) = (testdata(name), folder.join("out.pcapng"));
        let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
        assert_eq!(text(&["-w", to, from]), "");
        assert_eq!(text(&["-V", "-x", to]), text(&["-V", "-x", from]), "{name}");
    }
}

#[test]
fn what_is_written_is_what_the_test_is_true_of() {
    let from = testdata("flannel-vxlan.pcap");
    let from = from.to_str().unwrap();
    let folder = folder("test");
    let to = folder.join("out.pcapng");
    let to = to.to_str().unwrap();
    let lines = text(&["-Y", "icmp", from]);
    assert_eq!(text(&["-Y", "icmp", "-w", to, "-P", from]), lines);
    assert_eq!(text(&[to]).lines().count(), lines.lines().count());
    // Cut, they keep their length.
    text(&["-s", "60", "-w", to, "-c", "1", from]);
    let lengths = ["-T", "fields", "-e", "frame.len", "-e", "frame.cap_len"];
    assert_eq!(text(&[&lengths[..], &[to]].concat()), "150\t60\n");
}

#[test]
fn the_pods_packets_on_their_own() {
    let folder = folder("pods");
    let to = folder.join("out.pcapng");
    let to = to.to_str().unwrap();
    let vxlan = testdata("flannel-vxlan.pcap");
    text(&["--decapsulate", "-w", to, vxlan.to_str().unwrap()]);
    let fields = ["-T", "fields", "-e", "frame.protocols", "-c", "1", to];
    assert_eq!(text(&fields), "eth:ip:icmp:data\n");
    assert!(text(&["-Y", "vxlan", to]).is_empty());
    let ip_in_ip = testdata("ip-in-ip.pcap");
    text(&["--decapsulate", "-w", to, ip_in_ip.to_str().unwrap()]);
    assert!(text(&fields).starts_with("ip:udp"), "{}", text(&fields));
    // What is in no tunnel is no pod's.
    let plain = testdata("bgp-frr.pcap");
    text(&["--decapsulate", "-w", to, plain.to_str().unwrap()]);
    assert_eq!(text(&[to]), "");
}

#[test]
fn files_in_turn() {
    let from = testdata("flannel-vxlan.pcap");
    let from = from.to_str().unwrap();
    let all = text(&["-T", "fields", "-e", "frame.time_epoch", from]);
    for (name, limit) in [("packets", "packets:10"), ("filesize", "filesize:5"), ("duration", "duration:1")] {
        let folder = folder(name);
        text(&["-b", limit, "-w", folder.join("node.pcapng").to_str().unwrap(), from]);
        let names = names(&folder);
        assert!(names.len() > 1, "{names:?}");
        let mut read = String::new();
        for (number, name) in (1..).zip(&names) {
            assert!(name.starts_with(&format!("node_{number:05}_20261124")) && name.ends_with(".pcapng"), "{name}");
            read += &text(&["-T", "fields", "-e", "frame.time_epoch", folder.join(name).to_str().unwrap()]);
        }
        assert_eq!(read, all, "{name}");
    }
    // In the zone of TZ, where it is tomorrow.
    let zone = folder("zone");
    let path = zone.join("n.pcapng");
    let mut tokyo = program(&["-b", "packets:100", "-w", path.to_str().unwrap(), from]);
    assert!(tokyo.env("TZ", "Pacific/Kiritimati").status().unwrap().success());
    assert_eq!(names(&zone), ["n_00001_20261124194346.pcapng"]);
    let folder = folder("ring");
    text(&["-b", "packets:10", "-b", "files:2", "-a", "packets:35", "-w", folder.join("n").to_str().unwrap(), from]);
    let names = names(&folder);
    assert_eq!(names.iter().map(|name| &name[..7]).collect::<Vec<_>>(), ["n_00003", "n_00004"]);
    assert_eq!(text(&["-a", "packets:3", from]).lines().count(), 3);
    // All of the first second and nothing behind it, wherever in a second the first packet came.
    let relative = ["-T", "fields", "-e", "frame.time_relative", from];
    let times = text(&relative);
    let within = times.lines().filter(|time| time.starts_with("0.")).count();
    assert_eq!(text(&[&["-a", "duration:1"], &relative[..]].concat()).lines().count(), within);
    assert!(within > 0 && within < 52, "{times}");
}

/// Several files merged into one: in the order of time, each packet of the interface that it came from.
#[test]
fn files_are_merged_into_one() {
    let to = folder("merged").join("out.pcapng");
    let to = to.to_str().unwrap();
    let files = ["flannel-udp-underlay.pcap", "flannel-udp-pod.pcap", "flannel-udp-tun.pcap"].map(testdata);
    let files: Vec<_> = files.iter().map(|file| file.to_str().unwrap()).collect();
    assert_eq!(text(&[&["--merge", "-w", to], &files[..]].concat()), "");
    let fields =
        ["-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.protocols", "-e", "ip.id"];
    assert_eq!(text(&[&fields[..], &[to]].concat()), text(&[&fields[..], &["--merge"], &files].concat()));
}

#[test]
fn a_capture_filter_over_files() {
    let from = testdata("flannel-vxlan.pcap");
    let from = from.to_str().unwrap();
    // As tcpdump counts them.
    for (filter, count) in [("udp port 8472", 42), ("icmp", 0), ("src host 192.0.2.1 and not tcp", 21), ("", 52)] {
        assert_eq!(text(&["-f", filter, from]).lines().count(), count, "{filter:?}");
    }
    let message = complaint(2, &["-f", "udp and tcp[13] = 2", from]);
    let lines: Vec<_> = message.lines().collect();
    assert!(lines[0].contains("not of the subset"), "{message}");
    assert_eq!(lines[1..], ["  udp and tcp[13] = 2", "          ^"]);
    for (filter, says) in [
        ("host www", "names of hosts are not looked up"),
        ("host 10.0.0.1 port", "and or or is missing"),
        ("(udp", "a closing parenthesis is missing"),
        ("tcp and", "a test is missing at the end"),
        ("net 10.244.1.2/16", "has bits that the network does not count"),
        ("vxlan", "is not of the subset"),
        ("port 70000", "no number up to 65535"),
        (&"not ".repeat(1000), "nested too deep"),
    ] {
        let message = complaint(2, &["-f", filter, from]);
        assert!(message.contains(says), "{filter:?}: {message}");
    }
    let message = complaint(1, &["-f", "tcp", testdata("ppp.pcap").to_str().unwrap()]);
    assert!(message.contains("does not know how packets of link type"), "{message}");
}

#[test]
fn what_does_not_go_together() {
    let from = testdata("flannel-vxlan.pcap");
    let from = from.to_str().unwrap();
    for arguments in [
        &["-w", "-", "-P", from][..],
        &["-w", "-", "--stats", from],
        &["-w", from, from],
        &["-P", from],
        &["-b", "packets:1", from],
        &["-b", "packet:1", "-w", "x", from],
        &["-a", "packets:none", from],
        &["-i", "lo", from],
        &["-i", "lo", "-r", from],
        &["-s", "262145", from],
        &["--decapsulate", from],
        &["-w", "x", testdata("bgp-bird-rib.mrt").to_str().unwrap()],
    ] {
        complaint(2, arguments);
    }
    assert!(std::fs::metadata(from).unwrap().len() > 0);
    let message = complaint(1, &["-w", "/nonexistent/x.pcapng", from]);
    assert!(message.contains("/nonexistent/x.pcapng: No such file"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn interfaces_that_there_are() {
    let lines = text(&["-D"]);
    assert!(lines.lines().last().unwrap().ends_with(". any  all interfaces at once"), "{lines}");
    let message = complaint(1, &["-i", "no-such-interface"]);
    assert!(message.contains("no-such-interface: there is no such interface; there are "), "{message}");
    let message = complaint(1, &["-D", "--netns", "no-such-namespace"]);
    assert!(message.contains("--netns: /run/netns/no-such-namespace: "), "{message}");
}

/// The packets' comments, from a pcapng file back into one.
#[test]
fn comments_are_kept() {
    let folder = folder("comments");
    let block = |block_type: u32, body: &[u8]| {
        let len = (body.len() as u32 + 12).to_le_bytes();
        [&block_type.to_le_bytes()[..], &len, body, &len].concat()
    };
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let section = block(0x0a0d_0d0a, &words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]));
    // Raw IP, cut at 96 bytes, called "pod0", in milliseconds, and 10 seconds later than they say.
    let named = [&words(&[101, 96])[..], &[2, 0, 4, 0], b"pod0", &[9, 0, 1, 0, 3, 0, 0, 0]].concat();
    let interface = block(1, &[&named[..], &[14, 0, 8, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]].concat());
    let comments = [&[1, 0, 5, 0][..], b"first\0\0\0", &[1, 0, 2, 0], b"2.\0\0", &[0; 4]].concat();
    let packet = block(6, &[&words(&[0, 0, 1_500, 3, 60])[..], &[0x45, 0, 0, 0], &comments].concat());
    let (from, to) = (folder.join("in.pcapng"), folder.join("out.pcapng"));
    std::fs::write(&from, [section, interface, packet].concat()).unwrap();
    text(&["-w", to.to_str().unwrap(), from.to_str().unwrap()]);
    let written = std::fs::read(&to).unwrap();
    let holds = |what: &[u8]| written.windows(what.len()).any(|window| window == what);
    assert!(holds(&comments) && holds(b"\x02\0\x04\0pod0") && holds(&words(&[101, 96])));
    assert!(holds(&[14, 0, 8, 0, 10, 0, 0, 0, 0, 0, 0, 0]));
    let times = text(&["-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", to.to_str().unwrap()]);
    assert_eq!(times, "11.500000000\t60\n");
}
