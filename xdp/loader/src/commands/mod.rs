//! What the program does by name, a file each.

pub mod drops;
pub mod meter;
mod until;

use clap::Subcommand;

/// One of the programs for the kernel, and what is wanted of it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tells why packets would be dropped, counts them, and writes some of them to a file.
    Drops(drops::Drops),
    /// Counts packets and bytes by inner flow and network.
    Meter(meter::Meter),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// If the kernel allows it not, or a device is not there.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Drops(drops) => drops.run(),
            Self::Meter(meter) => meter.run(),
        }
    }
}
