//! Loads the programs for the kernel onto devices, and says what they counted.

use clap::Parser;
use xdp_loader::commands::Command;

#[derive(Debug, Parser)]
#[command(about)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

fn main() -> anyhow::Result<()> {
    Args::parse().command.run()
}
