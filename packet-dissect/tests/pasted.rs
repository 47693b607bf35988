//! `hex`: what people paste, made by the tools that they paste from (testdata/hex), and the same bytes in each.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::fs::File;
use std::process::Output;

use packet_dissect::Capture;

mod common;
use common::{program, said, testdata};

fn hex(arguments: &[&str]) -> Output {
    program(&["hex"]).args(arguments).output().unwrap()
}

fn paste(name: &str, arguments: &[&str]) -> Output {
    let file = File::open(testdata("hex").join(name)).unwrap();
    program(&["hex"]).args(arguments).arg("-").stdin(file).output().unwrap()
}

/// The bytes that an output's dumps show, packet by packet.
fn bytes(output: &Output) -> Vec<Vec<u8>> {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let packets = text.split("\n\n").filter(|packet| !packet.trim().is_empty());
    packets.map(|packet| packet.lines().flat_map(bytes_of_line).collect()).collect()
}

fn bytes_of_line(line: &str) -> Vec<u8> {
    let is_offset = |text: &str| text.bytes().all(|digit| digit.is_ascii_hexdigit());
    if line.len() < 70 || !is_offset(&line[14..18]) || &line[18..20] != "  " || &line[12..14] != "  " {
        return Vec::new();
    }
    line[20..68].split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

/// Frames of the capture that the pastes are of.
fn frames(numbers: &[u64]) -> Vec<Vec<u8>> {
    let capture = Capture::open(testdata("calico-vxlan.pcap")).unwrap();
    let frames = capture.map(Result::unwrap).filter(|frame| numbers.contains(&frame.number));
    frames.map(|frame| frame.bytes.to_vec()).collect()
}

#[track_caller]
fn is_the_ping(name: &str) {
    let output = paste(name, &[]);
    assert_eq!(bytes(&output), frames(&[7]), "{name}");
    assert_eq!(said(&output), "packet-dissect: read as Ethernet, by its type or length; --as says otherwise\n");
    assert_eq!(bytes(&paste(name, &["--as", "ethernet"])), frames(&[7]));
}

#[track_caller]
fn is_the_three(name: &str) {
    assert_eq!(bytes(&paste(name, &[])), frames(&[1, 7, 8]), "{name}");
}

macro_rules! pastes {
    ($check:ident: $($test:ident $file:literal),+ $(,)?) => {$(
        #[test]
        fn $test() {
            $check($file);
        }
    )+};
}

pastes!(is_the_ping:
    xxd "xxd.txt",
    xxd_of_eight_columns "xxd-c8.txt",
    xxd_plain "xxd-p.txt",
    xxd_include "xxd-i.txt",
    hexdump_canonical "hexdump-C.txt",
    od_with_hexadecimal_offsets "od-Ax.txt",
    od_with_octal_offsets "od.txt",
    od_with_decimal_offsets_and_text "od-Ad-z.txt",
    colons "colons.txt",
    python_bytes "python-bytes.txt",
    python_list "python-list.txt",
    escapes "escapes.txt",
    go_slice "go.txt",
    kernel_log "dmesg.txt",
    kernel_log_with_clock_time "dmesg-T.txt",
    kernel_log_with_levels "dmesg-iso-x.txt",
    journal "journalctl.txt",
    kernel_packet_in_fragments "skb-frags.txt",
    kernel_packet_in_a_list "skb-fraglist.txt",
);

pastes!(is_the_three:
    tcpdump_with_link_layer "tcpdump-xx.txt",
    tcpdump_with_link_layer_and_text "tcpdump-XX.txt",
    tshark "tshark-x.txt",
    tshark_with_fields "tshark-V-x.txt",
    own_dump "own-x.txt",
);

/// Without the link layer: raw IP, which is seen.
#[test]
fn tcpdump_without_link_layer() {
    for name in ["tcpdump-x.txt", "tcpdump-X.txt"] {
        let output = paste(name, &[]);
        let packets: Vec<_> = frames(&[1, 7, 8]).iter().map(|frame| frame[14..].to_vec()).collect();
        assert_eq!(bytes(&output), packets, "{name}");
        assert_eq!(said(&output), "packet-dissect: read as raw IP, by version and length; --as says otherwise\n");
    }
}

#[test]
fn hexdump_with_lines_that_repeat() {
    assert_eq!(bytes(&paste("hexdump-C-zeros.txt", &[])), [[&frames(&[7])[0][..], &[0; 60]].concat()]);
}

/// The order of the bytes in words is the machine's, and in no paste.
#[test]
fn hexdump_of_words_is_refused() {
    let output = paste("hexdump-words.txt", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("hexdump -C, od -Ax -tx1 and xxd write bytes"), "{}", said(&output));
}

#[test]
fn words_in_reverse_are_refused() {
    let output = paste("xxd-e.txt", &[]);
    assert_eq!(output.status.code(), Some(2));
    let why = "packet-dissect: the dump is of words, whose bytes stand in reverse, as the text beside them shows: xxd without -e \
        writes bytes\n";
    assert!(said(&output).starts_with(why), "{}", said(&output));
}

/// The header of the kernel's dump says 148 bytes, and 96 of them follow.
#[test]
fn a_cut_packet_has_the_length_that_the_kernel_tells() {
    let output = paste("skb-cut.txt", &[]);
    assert_eq!(bytes(&output), [&frames(&[7])[0][..96]]);
    let text = String::from_utf8(output.stdout).unwrap();
    let lengths: Vec<_> =
        text.lines().filter(|line| line.contains("  frame.len") || line.contains("  frame.cap_len")).collect();
    assert_eq!(
        lengths,
        [
            "    Length on the wire                         148  frame.len",
            "    Length captured                            96  frame.cap_len"
        ]
    );
}

/// Each packet stands apart, with its number.
#[test]
fn many_packets_are_shown_apart() {
    let text = String::from_utf8(paste("tcpdump-xx.txt", &[]).stdout).unwrap();
    let frames: Vec<_> = text.lines().filter(|line| line.starts_with("Frame ")).collect();
    assert_eq!(frames, ["Frame 1", "Frame 2", "Frame 3"]);
    let json = String::from_utf8(paste("tcpdump-xx.txt", &["-T", "json"]).stdout).unwrap();
    let objects: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[2]["frame.number"], 3);
    assert!(objects[2]["layers"].as_array().unwrap().iter().any(|layer| layer["vxlan.vni"] == 4096));
}

#[test]
fn bgp_is_seen_by_its_marker() {
    let keepalive = format!("{}0013 04", "ff".repeat(16));
    let output = hex(&[&keepalive]);
    assert_eq!(said(&output), "packet-dissect: read as BGP, by the marker; --as says otherwise\n");
    assert!(String::from_utf8_lossy(&output.stdout).contains("KEEPALIVE"));
    let json: serde_json::Value = serde_json::from_slice(&hex(&["-T", "json", &keepalive]).stdout).unwrap();
    assert_eq!(json["layers"][0]["bgp.type"], 4);
}

#[test]
fn how_bytes_begin_is_listed() {
    let help = String::from_utf8(hex(&["--help"]).stdout).unwrap();
    for name in ["ethernet", "raw", "ipv6", "sll2", "bgp"] {
        assert!(help.contains(name), "{help}");
    }
    let output = hex(&["--as", "ethernt", "45"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("'ethernet'"), "{}", said(&output));
}
