//! Counts for a while, and prints the counts.

use std::thread::sleep;
use std::time::Duration;

use aya::programs::{Xdp, XdpMode};
use clap::Args;

use crate::{meter, object};

/// Which device is metered, and for how long.
#[derive(Debug, Args)]
pub struct Meter {
    /// The device.
    #[arg(short)]
    interface: String,
    /// For so many seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

impl Meter {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut ebpf = object::load("meter")?;
        let program: &mut Xdp = object::program(&mut ebpf, "meter")?;
        program.load()?;
        program.attach(&self.interface, XdpMode::default())?;
        sleep(Duration::from_secs(self.seconds));
        for (flow, count) in meter::counts(&ebpf)? {
            println!("{flow:?} {count:?}");
        }
        Ok(())
    }
}
