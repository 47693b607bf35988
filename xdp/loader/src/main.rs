//! Loads a program onto a device, and says what it counted.

use std::time::Duration;

use aya::programs::{Xdp, XdpMode};
use clap::{Parser, Subcommand};
use xdp_loader::{meter, object};

#[derive(Debug, Parser)]
#[command(about)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Counts packets and bytes by inner flow and network.
    Meter {
        /// The device.
        #[arg(short)]
        interface: String,
        /// For so many seconds.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
}

fn main() -> anyhow::Result<()> {
    let What::Meter { interface, seconds } = Args::parse().what;
    let mut ebpf = object::load("meter")?;
    let program: &mut Xdp = ebpf.program_mut("meter").ok_or_else(|| anyhow::anyhow!("no program"))?.try_into()?;
    program.load()?;
    program.attach(&interface, XdpMode::default())?;
    std::thread::sleep(Duration::from_secs(seconds));
    for (flow, count) in meter::counts(&ebpf)? {
        println!("{flow:?} {count:?}");
    }
    Ok(())
}
