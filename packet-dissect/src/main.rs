//! `packet-dissect`: captured container traffic, decoded to the bottom.

fn main() -> std::process::ExitCode {
    packet_dissect::cli::run()
}
