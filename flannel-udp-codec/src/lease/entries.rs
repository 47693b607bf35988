//! What flannel tells its proxy or the kernel of another node.

use alloc::vec::Vec;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, SocketAddrV4};

use ether_ip::ethernet::MacAddr;
use ether_ip::vni::Vni;
use ipnet::{IpNet, Ipv4Net};

use super::config::BackendConfig;
use super::error::LeaseError;
use super::value::{Backend, Lease};
use crate::routes::SubnetRoute;

/// One entry of one table. It prints as the command that makes it on Linux; for the proxy as a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// udp: a route of the proxy, which goes to it as a [`ControlRecord`](crate::ControlRecord).
    Proxy(SubnetRoute),
    /// vxlan: the neighbour that is the other node's VXLAN device. Nobody asks for it by ARP.
    Neighbour {
        /// The device's address: the subnet's first.
        address: IpAddr,
        /// Its MAC address.
        mac: MacAddr,
        /// Which network's device it is for.
        vni: Vni,
    },
    /// vxlan: where frames to a MAC address are sent.
    Fdb {
        /// The other node's VXLAN device.
        mac: MacAddr,
        /// The other node.
        node: IpAddr,
        /// Which network's device it is for.
        vni: Vni,
    },
    /// vxlan: the pods' route, via the neighbour.
    VxlanRoute {
        /// The pods.
        subnet: IpNet,
        /// Which network's device it is for.
        vni: Vni,
    },
    /// host-gw, and vxlan between nodes on one link with direct routing: the pods' route, via the node.
    Gateway {
        /// The pods.
        subnet: IpNet,
        /// The node.
        node: IpAddr,
    },
}

impl Entry {
    /// The VXLAN device that an entry is for: `flannel.1`, for IPv6 `flannel-v6.1`.
    fn device(address: IpAddr, vni: Vni) -> impl fmt::Display {
        let prefix = if address.is_ipv6() { "flannel-v6" } else { "flannel" };
        alloc::format!("{prefix}.{vni}")
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Proxy(route) => write!(f, "proxy route {} via {}", route.subnet(), route.next_hop()),
            Self::Neighbour { address, mac, vni } => {
                let device = Self::device(address, vni);
                write!(f, "ip neigh replace {address} lladdr {mac} dev {device} nud permanent")
            }
            Self::Fdb { mac, node, vni } => {
                let device = Self::device(node, vni);
                write!(f, "bridge fdb replace {mac} dev {device} dst {node} self permanent")
            }
            Self::VxlanRoute { subnet, vni } => {
                let device = Self::device(subnet.addr(), vni);
                write!(f, "ip route replace {subnet} via {} dev {device} onlink", subnet.addr())
            }
            Self::Gateway { subnet, node } => write!(f, "ip route replace {subnet} via {node}"),
        }
    }
}

impl Lease {
    /// The IPv4 pods and their node; `None` if there are none, or their node has no address: 0.0.0.0 is no way to anywhere.
    fn ipv4(&self) -> Option<(Ipv4Net, Ipv4Addr)> {
        let (subnet, node) = (self.key.ipv4, self.value.public_ip);
        (subnet.prefix_len() != 0 && !node.is_unspecified()).then_some((subnet, node))
    }

    /// The proxy's route to this node's pods, with a backend that has one; `None` with any other, and for a node without IPv4.
    #[must_use]
    pub fn route(&self, config: &BackendConfig) -> Option<SubnetRoute> {
        let (subnet, node) = self.ipv4().filter(|_| self.value.backend() == Backend::Udp)?;
        Some(SubnetRoute::new(subnet, SocketAddrV4::new(node, config.port)))
    }

    /// What flannel on another node enters for this one, in the order in which it does: for vxlan the route last, since the
    /// kernel would ask for the neighbour otherwise. The VNI is that of the reader's own configuration. Nothing for a backend that
    /// is none of udp, vxlan and host-gw or not the reader's own, nor for a family in which the node has no address.
    ///
    /// # Errors
    /// As [`LeaseValue::vxlan`](super::LeaseValue::vxlan).
    pub fn entries(&self, config: &BackendConfig) -> Result<Vec<Entry>, LeaseError> {
        let ipv4 = self.ipv4().map(|(subnet, node)| (IpNet::V4(subnet), node.into()));
        let ipv6 = self.key.ipv6.zip(self.value.public_ipv6).map(|(subnet, node)| (IpNet::V6(subnet), node.into()));
        let both = ipv4.into_iter().chain(ipv6);
        let backend = self.value.backend();
        if backend != config.kind {
            return Ok(Vec::new());
        }
        match backend {
            Backend::Udp => Ok(self.route(config).map(Entry::Proxy).into_iter().collect()),
            Backend::HostGw => Ok(both.map(|(subnet, node)| Entry::Gateway { subnet, node }).collect()),
            Backend::Vxlan => {
                let mut entries = Vec::new();
                for (subnet, node) in both {
                    let data = if subnet.addr().is_ipv4() { self.value.vxlan()? } else { self.value.vxlan_v6()? };
                    let (vni, mac) = (config.vni, data.vtep_mac);
                    entries.extend([
                        Entry::Neighbour { address: subnet.addr(), mac, vni },
                        Entry::Fdb { mac, node, vni },
                        Entry::VxlanRoute { subnet, vni },
                    ]);
                }
                Ok(entries)
            }
            // A peer of WireGuard, a policy of IPsec, a cloud's route, a command: those are no entries of these tables.
            _ => Ok(Vec::new()),
        }
    }
}
