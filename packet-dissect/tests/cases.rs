//! Small captures that were read wrongly once: what is right of each stands in `../shared/cases/README.md`, made from the formats' own
//! definitions.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail loudly")]

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
