//! What the program does by name, a file each.

pub mod balancer;
pub mod drops;
pub mod meter;
pub mod send;
pub mod sink;
pub mod tunnels;
mod until;
pub mod vtep;

use clap::Subcommand;

/// One of the programs for the kernel, and what is wanted of it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Balances the flows to services over their pods
    Balancer(balancer::Balancer),
    /// Tells why packets would be dropped, counts them, and writes some of them to a file.
    Drops(drops::Drops),
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
            Self::Balancer(balancer) => balancer.run(),
            Self::Drops(drops) => drops.run(),
            Self::Meter(meter) => meter.run(),
            Self::Send(send) => send.run(),
            Self::Sink(sink) => sink.run(),
            Self::Vtep(vtep) => vtep.run(),
        }
    }
}
