//! `packet-dissect`: captured container traffic, decoded to the bottom.

#![allow(clippy::indexing_slicing, reason = "the program indexes tables and columns that it made; no packet's bytes")]

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
