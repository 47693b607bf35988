//! `packet-dissect`: captured container traffic, decoded to the bottom.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
