//! Ends tunnels between two devices.

use std::net::IpAddr;
use std::str::FromStr;

use anyhow::{Context, anyhow};
use aya::programs::{Xdp, XdpMode};
use clap::Args;
use ether_ip::ethernet::MacAddr;
use xdp_maps::Tunnel;

use super::until::wait;
use crate::device::Device;
use crate::object;
use crate::vtep::{Network, put, take};

/// Between which devices, and which tunnels.
#[derive(Debug, Args)]
pub struct Vtep {
    /// The device that other nodes are behind
    #[arg(long)]
    underlay: String,
    /// The device that pods are behind
    #[arg(long)]
    overlay: String,
    /// The network's number
    #[arg(long)]
    vni: u32,
    /// Geneve in place of VXLAN
    #[arg(long, conflicts_with = "group")]
    geneve: bool,
    /// The port that tunnels end at [default: the protocol's own]
    #[arg(long)]
    port: Option<u16>,
    /// This node's address
    #[arg(long)]
    local: IpAddr,
    /// Another node, and the hardware address of it or of the router before it
    #[arg(long, value_name = "ADDRESS=MAC", required = true)]
    remote: Vec<Pair<IpAddr, MacAddr>>,
    /// A pod, by its hardware address, and the node that it is on; ff:ff:ff:ff:ff:ff for what is for several
    #[arg(long, value_name = "MAC=ADDRESS")]
    receiver: Vec<Pair<MacAddr, IpAddr>>,
    /// The hops of outer packets
    #[arg(long, default_value_t = 64)]
    ttl: u8,
    /// The policy group of all frames
    #[arg(long)]
    group: Option<u16>,
    /// Ends after so long [default: when it is told to]
    #[arg(long)]
    seconds: Option<u64>,
}

/// Two things, an equals sign between them.
#[derive(Debug, Clone, Copy)]
struct Pair<A, B>(A, B);

impl<A: FromStr, B: FromStr> FromStr for Pair<A, B> {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (one, other) = text.split_once('=').context("an equals sign has to stand in it")?;
        Ok(Self(part(one)?, part(other)?))
    }
}

fn part<T: FromStr>(text: &str) -> anyhow::Result<T> {
    text.parse().map_err(|_| anyhow!("{text:?} is no address"))
}

impl Vtep {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (underlay, overlay) = (Device::named(&self.underlay)?, Device::named(&self.overlay)?);
        let network = self.network()?;
        let mut ebpf = object::load("vtep")?;
        for Pair(address, _) in &self.remote {
            take(&mut ebpf, network.from(*address), &overlay)?;
        }
        for Pair(receiver, node) in &self.receiver {
            let remote = self.remote.iter().find(|remote| remote.0 == *node);
            let Pair(_, next_hop) = remote.with_context(|| format!("{receiver} is on {node}, which is no remote"))?;
            put(&mut ebpf, *receiver, &network.to(*node, *next_hop, &underlay)?)?;
        }
        for (name, device) in [("decapsulate", &underlay), ("encapsulate", &overlay)] {
            let program: &mut Xdp = object::program(&mut ebpf, name)?;
            program.load()?;
            program.attach(&device.name, XdpMode::default())?;
        }
        wait(self.seconds)?;
        Ok(())
    }

    fn network(&self) -> anyhow::Result<Network> {
        let (tunnel, port) =
            if self.geneve { (Tunnel::Geneve, geneve_codec::PORT) } else { (Tunnel::Vxlan, vxlan_codec::PORT) };
        let (vni, port) = (self.vni.try_into()?, self.port.unwrap_or(port));
        Ok(Network { vni, tunnel, port, local: self.local, ttl: self.ttl, group: self.group })
    }
}
