//! What is known of the network that a capture comes from: how its packets are read, and what its numbers mean.

use crate::fields::{Field, FieldVisitor};
use crate::reassembly::Whole;
use crate::{TcpPorts, TcpProtocol, Tunnel, Tunnels};
use cilium_codec::{Identity, Mesh};
use ether_ip::ip::IpProtocol;
use ether_ip::udp::UdpDatagram;
use ether_ip::vni::Vni;
use weave_codec::FastDatapathPeers;
use weave_codec::crypto::SessionKey;

use super::args::{Cni, DecodeAs};
use super::cluster::Cluster;
use super::hosts::Hosts;
use super::preferences::{Defragment, Preferences};

/// What is known of a network.
pub(super) struct Network<'a> {
    pub(super) tunnels: Tunnels<'a>,
    /// Which fragments are put together.
    pub(super) defragment: Defragment,
    /// Whose an address is, if leases were given.
    pub(super) places: Option<&'a Cluster>,
    /// What an address is called, if names were given.
    pub(super) hosts: Option<&'a Hosts>,
    /// What kind of network it is.
    pub(super) cni: Option<Cni>,
    /// Weave's session key.
    pub(super) key: Option<SessionKey>,
}

impl<'a> Network<'a> {
    /// One of which nothing is known but its tunnels.
    pub(super) fn new(tunnels: Tunnels<'a>) -> Self {
        Self {
            tunnels,
            defragment: Preferences::default().defragments(),
            places: None,
            hosts: None,
            cni: None,
            key: None,
        }
    }

    /// Whether what fragments made whole is walked through. The sleeve's is where somebody said that the network is Weave's: its port is
    /// anybody's, and its packets are no tunnel's that other programs open.
    pub(super) fn opens(&self, whole: &Whole) -> bool {
        let is_sleeve = |datagram: UdpDatagram<&[u8]>| {
            let ports = [datagram.source_port(), datagram.destination_port()];
            ports.iter().any(|port| self.tunnels.of_port(*port) == Some(Tunnel::Sleeve))
        };
        let is_weave = self.cni == Some(Cni::Weave) || self.key.is_some();
        is_weave
            || whole.protocol != IpProtocol::UDP
            || !UdpDatagram::parse_lax(&whole.payload[..]).is_ok_and(is_sleeve)
    }

    /// What a VNI says beside its number.
    pub(super) fn meaning(&self, vni: Vni, ports: (u16, u16), has_cilium: bool) -> Option<Meaning> {
        let is_weave = ports.0 == weave_codec::FAST_DATAPATH_PORT || ports.1 == weave_codec::FAST_DATAPATH_PORT;
        match self.cni {
            Some(Cni::Weave | Cni::Auto) if is_weave => Some(Meaning::Peers(vni.into())),
            Some(Cni::Cilium) => Some(Meaning::Identity(Identity::from_vni(vni))),
            Some(Cni::Auto) if has_cilium => Some(Meaning::Identity(Identity::from_vni(vni))),
            _ => None,
        }
    }
}

/// The tables of ports with the caller's rows first.
pub(super) struct Ports {
    udp: Vec<(u16, Tunnel)>,
    tcp: Vec<(u16, TcpProtocol)>,
}

impl Ports {
    pub(super) fn of(decode_as: &[DecodeAs]) -> Self {
        let (mut udp, mut tcp) = (Vec::new(), Vec::new());
        for row in decode_as {
            match *row {
                DecodeAs::Udp(port, tunnel) => udp.push((port, tunnel)),
                DecodeAs::Tcp(port, protocol) => tcp.push((port, protocol)),
            }
        }
        udp.extend(Tunnels::DEFAULT.rows());
        tcp.extend(TcpPorts::DEFAULT.rows());
        Self { udp, tcp }
    }

    pub(super) fn tcp(&self) -> TcpPorts<'_> {
        TcpPorts::new(&self.tcp)
    }

    pub(super) fn tunnels<'a>(&'a self, tcp: &'a TcpPorts<'a>) -> Tunnels<'a> {
        Tunnels::new(&self.udp).with_tcp(tcp)
    }
}

/// What a VNI says beside its number.
pub(super) enum Meaning {
    /// Cilium's: who sent the packet.
    Identity(Identity),
    /// Weave's: between which peers.
    Peers(FastDatapathPeers),
}

impl Meaning {
    pub(super) fn visit(&self, v: &mut impl FieldVisitor) {
        match self {
            Self::Identity(identity) => {
                v.named(Field::CiliumIdentity, identity.0, identity.name());
                v.number(Field::CiliumCluster, identity.cluster(Mesh::default()));
            }
            Self::Peers(peers) => {
                v.number(Field::WeaveFastSource, peers.source.get());
                v.number(Field::WeaveFastDestination, peers.destination.get());
            }
        }
    }
}
