//! Counts for a while, and prints the counts as `packet-dissect --stats` would.

use std::io::{self, Write};

use aya::programs::{Xdp, XdpMode};
use clap::Args;

use super::until::{Turn, Until};
use crate::{meter, object};

/// Which devices are metered, and for how long.
#[derive(Debug, Args)]
pub struct Meter {
    /// The devices.
    #[arg(short, required = true)]
    interface: Vec<String>,
    /// Print JSON, a line each time.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    until: Until,
}

impl Meter {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut ebpf = object::load("meter")?;
        let program: &mut Xdp = object::program(&mut ebpf, "meter")?;
        program.load()?;
        for interface in &self.interface {
            program.attach(interface, XdpMode::default())?;
        }
        self.until.each_turn(|turn| {
            if let Turn::Tell = turn {
                let stats = meter::stats(&meter::counts(&ebpf)?);
                io::stdout().write_all(&if self.json { stats.json() } else { stats.text() })?;
            }
            Ok(())
        })
    }
}
