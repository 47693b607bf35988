//! The tunnels whose ends the programs are.

use std::net::IpAddr;

use anyhow::Context;
use aya::Ebpf;
use aya::maps::HashMap;
use ether_ip::PacketBuffer;
use ether_ip::ecn::ClassMode;
use ether_ip::ethernet::MacAddr;
use ether_ip::outer::{Outer, SourcePorts};
use ether_ip::vni::Vni;
use geneve_codec::{GeneveTemplate, GeneveTunnel};
use vxlan_codec::{GroupPolicy, VxlanTemplate, VxlanTunnel};
use xdp_maps::{Receiver, Remote, Template, Tunnel};

use crate::device::Device;
use crate::template::template;

/// What all tunnels of a network have in common.
#[derive(Debug, Clone)]
pub struct Network {
    /// Its number.
    pub vni: Vni,
    /// The tunnels that its frames go through.
    pub tunnel: Tunnel,
    /// The port that tunnels end at.
    pub port: u16,
    /// This node's address.
    pub local: IpAddr,
    /// The hops that outer packets have, at most.
    pub ttl: u8,
    /// The group that all frames are of (draft-smith-vxlan-group-policy), if the tunnel is VXLAN.
    pub group: Option<u16>,
}

impl Network {
    /// The headers of frames to another node, that is behind this device, next to or behind a router of this hardware address.
    ///
    /// # Errors
    ///
    /// If the two nodes' addresses are of different families.
    pub fn headers(&self, remote: IpAddr, next_hop: MacAddr, underlay: &Device) -> anyhow::Result<Headers> {
        let outer = Outer::ip(self.local, remote).context("the two nodes' addresses are of different families")?;
        let outer =
            outer.ethernet(underlay.address, next_hop).class_mode(ClassMode::CopyEcn).ttl(self.ttl).checksum(false);
        // The kernel's own range, so that firewalls need not be told.
        let outer = outer.source_ports(SourcePorts::LINUX);
        if self.tunnel == Tunnel::Geneve {
            let geneve = GeneveTunnel::new(self.vni, outer).port(self.port).template(&[])?;
            return Ok(Headers::Geneve(geneve));
        }
        let vxlan = VxlanTunnel::new(self.vni, outer).port(self.port);
        let policy = self.group.map(|id| GroupPolicy { id, ..GroupPolicy::default() });
        Ok(Headers::Vxlan(policy.map_or(vxlan, |policy| vxlan.group_policy(policy)).template()))
    }

    /// The same for the map that the program takes them from.
    ///
    /// # Errors
    ///
    /// As [`headers`](Self::headers).
    pub fn to(&self, remote: IpAddr, next_hop: MacAddr, underlay: &Device) -> anyhow::Result<Template> {
        let headers = self.headers(remote, next_hop, underlay)?;
        template(|packet| headers.encapsulate(packet), (32_768, 60_999), underlay.mtu, underlay.index)
    }

    /// Whose packets are this network's.
    #[must_use]
    pub fn from(&self, remote: IpAddr) -> Remote {
        Remote { address: remote.into(), vni: self.vni.get(), tunnel: self.tunnel as u32 }
    }
}

/// The headers of a tunnel to one remote, as its codec makes them.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there are few of them, and each frame would have one step more to go to a boxed one"
)]
pub enum Headers {
    /// RFC 7348.
    Vxlan(VxlanTemplate),
    /// RFC 8926.
    Geneve(GeneveTemplate),
}

impl Headers {
    /// Puts them in front of a frame.
    ///
    /// # Errors
    ///
    /// If there is too little room.
    pub fn encapsulate(&self, packet: &mut impl PacketBuffer) -> anyhow::Result<()> {
        match self {
            Self::Vxlan(vxlan) => Ok(vxlan.encapsulate(packet)?),
            Self::Geneve(geneve) => Ok(geneve.encapsulate(packet)?),
        }
    }

    /// How many bytes they are.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        match self {
            Self::Vxlan(vxlan) => vxlan.overhead(),
            Self::Geneve(geneve) => geneve.overhead(),
        }
    }
}

/// From now on, what comes from this remote is taken apart, and goes out by this device.
///
/// # Errors
///
/// If the object has no such map, or it is full.
pub fn take(ebpf: &mut Ebpf, remote: Remote, overlay: &Device) -> anyhow::Result<()> {
    let map = ebpf.map_mut("REMOTES").context("the object has no map of remotes")?;
    let mut map: HashMap<_, Remote, u32> = map.try_into()?;
    Ok(map.insert(remote, overlay.index, 0)?)
}

/// From now on, what is for this receiver goes out behind these headers; what is for several does if the receiver is all
/// ([`MacAddr::BROADCAST`]).
///
/// # Errors
///
/// As [`take`].
pub fn put(ebpf: &mut Ebpf, MacAddr(address): MacAddr, template: &Template) -> anyhow::Result<()> {
    let map = ebpf.map_mut("TEMPLATES").context("the object has no map of templates")?;
    let mut map: HashMap<_, Receiver, Template> = map.try_into()?;
    Ok(map.insert(Receiver { address, unused: [0; 2] }, template, 0)?)
}
