//! Counts what arrives at a device.

use aya::programs::{Xdp, XdpMode};
use clap::Args;

use super::until::wait;
use crate::{object, sink};

/// At which device, and what becomes of it.
#[derive(Debug, Args)]
pub struct Sink {
    /// The device
    #[arg(short)]
    interface: String,
    /// Drops what arrives
    #[arg(long)]
    drop: bool,
    /// Ends after so long, and says what arrived [default: when it is told to]
    #[arg(long)]
    seconds: Option<u64>,
}

impl Sink {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut ebpf = object::load("sink")?;
        let program: &mut Xdp = object::program(&mut ebpf, if self.drop { "drop" } else { "pass" })?;
        program.load()?;
        program.attach(&self.interface, XdpMode::default())?;
        wait(self.seconds)?;
        let sunk = sink::sunk(&ebpf)?;
        println!("{} packets, {} bytes", sunk.packets, sunk.bytes);
        Ok(())
    }
}
