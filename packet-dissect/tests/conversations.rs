//! Conversations, beside what tshark makes of the same captures.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail loudly")]

use std::path::Path;

mod common;
use common::{program, testdata, text};

/// The fields of a capture's packets, a line each.
fn fields(capture: &Path, names: &[&str], more: &[&str]) -> String {
    let mut program = program(&["-T", "fields", "-r"]);
    program.arg(capture).args(more);
    for name in names {
        program.args(["-e", name]);
    }
    text(&program.output().unwrap())
}

/// Every `*.conversations.tsv`: numbers of conversations, relative numbers, windows, and what a segment looks like.
#[test]
fn as_tshark_tells_them() {
    let mut compared = 0;
    for entry in testdata("").read_dir().unwrap() {
        let path = entry.unwrap().path();
        let Some(capture) = path.to_str().unwrap().strip_suffix(".conversations.tsv") else { continue };
        let expected = std::fs::read_to_string(&path).unwrap();
        let (names, rows) = expected.split_once('\n').unwrap();
        let names: Vec<_> = names.split('\t').collect();
        assert_eq!(fields(Path::new(capture), &names, &[]), rows, "{capture}");
        compared += 1;
    }
    assert_eq!(compared, 3);
}

/// What is not shown is followed too: a test on something else changes no number.
#[test]
fn what_is_not_shown_counts() {
    let capture = testdata("tcp-trouble.pcap");
    let names = ["frame.number", "tcp.stream", "tcp.seq", "tcp.analysis.retransmission"];
    let all = fields(&capture, &names, &[]);
    let last = all.lines().last().unwrap();
    assert_eq!(fields(&capture, &names, &["-Y", "frame.number == 340"]), format!("{last}\n"));
    assert_eq!(fields(&capture, &["frame.number"], &["-Y", "tcp.stream == 2 && tcp.seq == 0"]).lines().count(), 2);
    let again = "tcp.analysis.retransmission && !tcp.analysis.fast_retransmission";
    assert_eq!(fields(&capture, &["frame.number"], &["-Y", again]).lines().count(), 12);
}
