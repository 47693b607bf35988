//! What the program does by name, a file each.

pub mod meter;
pub mod send;
pub mod sink;
pub mod tunnels;
pub mod vtep;

use std::thread;
use std::time::Duration;

use clap::Subcommand;

/// One of the programs for the kernel, and what is wanted of it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Counts packets and bytes by inner flow and network.
    Meter(meter::Meter),
    /// Sends the same datagram as often as the kernel can, to measure what takes it
    Send(send::Send),
    /// Counts packets, and lets them pass or drops them: the other end of a veth that something is sent to by XDP has to have a program
    Sink(sink::Sink),
    /// Ends VXLAN and Geneve tunnels between two devices
    Vtep(vtep::Vtep),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// If the kernel allows it not, or a device is not there.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Meter(meter) => meter.run(),
            Self::Send(send) => send.run(),
            Self::Sink(sink) => sink.run(),
            Self::Vtep(vtep) => vtep.run(),
        }
    }
}

/// Says that all is in place, and waits so long, or for ever: the kernel takes the programs off the devices when this one ends.
fn wait(seconds: Option<u64>) {
    println!("ready");
    match seconds {
        Some(seconds) => thread::sleep(Duration::from_secs(seconds)),
        None => loop {
            thread::park();
        },
    }
}
