//! Ends tunnels between two devices.

use aya::programs::{Xdp, XdpMode};
use clap::Args;

use super::tunnels::{Place, Tunnels};
use super::until::wait;
use crate::object;
use crate::vtep::{put, take};

/// Which tunnels, and how long.
#[derive(Debug, Args)]
pub struct Vtep {
    #[command(flatten)]
    tunnels: Tunnels,
    /// Ends after so long [default: when it is told to]
    #[arg(long)]
    seconds: Option<u64>,
}

impl Vtep {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (underlay, overlay) = self.tunnels.devices()?;
        let network = self.tunnels.network()?;
        let mut ebpf = object::load("vtep")?;
        for remote in self.tunnels.remotes() {
            take(&mut ebpf, network.from(remote), &overlay)?;
        }
        for Place { receiver, node, next_hop } in self.tunnels.receivers()? {
            put(&mut ebpf, receiver, &network.to(node, next_hop, &underlay)?)?;
        }
        for (name, device) in [("decapsulate", &underlay), ("encapsulate", &overlay)] {
            let program: &mut Xdp = object::program(&mut ebpf, name)?;
            program.load()?;
            program.attach(&device.name, XdpMode::default())?;
        }
        wait(self.seconds)?;
        Ok(())
    }
}
