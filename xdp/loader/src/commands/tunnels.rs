//! Between which devices tunnels end, and which: what all who end them are told.

use std::net::IpAddr;
use std::str::FromStr;

use anyhow::{Context, anyhow};
use clap::Args;
use ether_ip::ethernet::MacAddr;
use xdp_maps::Tunnel;

use crate::device::Device;
use crate::vtep::Network;

/// Between which devices, and which tunnels.
#[derive(Debug, Args)]
pub struct Tunnels {
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

/// Who receives frames, and the node that it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its hardware address.
    pub receiver: MacAddr,
    /// The node's address.
    pub node: IpAddr,
    /// The hardware address of the node, or of the router before it.
    pub next_hop: MacAddr,
}

impl Tunnels {
    /// The device that other nodes are behind, and the one that pods are behind.
    ///
    /// # Errors
    ///
    /// If one is not there.
    pub fn devices(&self) -> anyhow::Result<(Device, Device)> {
        Ok((Device::named(&self.underlay)?, Device::named(&self.overlay)?))
    }

    /// The network.
    ///
    /// # Errors
    ///
    /// If it can have no such number.
    pub fn network(&self) -> anyhow::Result<Network> {
        let (tunnel, port) =
            if self.geneve { (Tunnel::Geneve, geneve_codec::PORT) } else { (Tunnel::Vxlan, vxlan_codec::PORT) };
        let (vni, port) = (self.vni.try_into()?, self.port.unwrap_or(port));
        Ok(Network { vni, tunnel, port, local: self.local, ttl: self.ttl, group: self.group })
    }

    /// The other nodes.
    pub fn remotes(&self) -> impl Iterator<Item = IpAddr> {
        self.remote.iter().map(|Pair(address, _)| *address)
    }

    /// Who receives frames.
    ///
    /// # Errors
    ///
    /// If one is on a node that is no remote.
    pub fn receivers(&self) -> anyhow::Result<Vec<Place>> {
        let place = |&Pair(receiver, node): &Pair<MacAddr, IpAddr>| {
            let remote = self.remote.iter().find(|remote| remote.0 == node);
            let Pair(_, next_hop) = *remote.with_context(|| format!("{receiver} is on {node}, which is no remote"))?;
            Ok(Place { receiver, node, next_hop })
        };
        self.receiver.iter().map(place).collect()
    }
}
