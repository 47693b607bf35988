//! The program as tests run it.
#![allow(dead_code, reason = "each test is a crate of its own, and takes what it needs")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file of the project's captures and vectors.
pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

/// The program, in UTC, and whatever the environment says of colours and keys forgotten.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
    command.args(arguments).env("TZ", "UTC");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "WEAVE_KEY", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// What it wrote to standard output.
pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
