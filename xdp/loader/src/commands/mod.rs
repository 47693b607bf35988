//! What the program does by name, a file each.

pub mod balancer;
pub mod meter;
pub mod send;
pub mod sink;
pub mod vtep;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{io, thread};

use clap::Subcommand;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// One of the programs for the kernel, and what is wanted of it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Balances the flows to services over their pods
    Balancer(balancer::Balancer),
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
            Self::Meter(meter) => meter.run(),
            Self::Send(send) => send.run(),
            Self::Sink(sink) => sink.run(),
            Self::Vtep(vtep) => vtep.run(),
        }
    }
}

/// Says that all is in place, and waits so long, or until it is told to end: the kernel takes the programs off the devices when this one does.
fn wait(seconds: Option<u64>) -> io::Result<()> {
    let is_told = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&is_told))?;
    }
    println!("ready");
    let began = Instant::now();
    let is_over = || seconds.is_some_and(|seconds| began.elapsed().as_secs() >= seconds);
    while !is_told.load(Ordering::Relaxed) && !is_over() {
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
