//! What is known of a cluster, whoever said it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use crate::Outside;
use ether_ip::ethernet::MacAddr;
use ether_ip::vni::Vni;
use flannel_udp_codec::ipnet::IpNet;
use flannel_udp_codec::lease::VxlanData;

/// All that is known. Names are kept as they may be shown.
#[derive(Debug, Default)]
pub(in super::super) struct Cluster {
    nodes: Vec<Node>,
    by_name: HashMap<String, usize>,
    by_address: HashMap<IpAddr, usize>,
    /// Nodes' pod networks by their first address: they do not overlap.
    networks: BTreeMap<IpAddr, (IpNet, usize)>,
    /// The same of single addresses, which go before: a pod may have one of another node's network.
    pods: HashMap<IpAddr, usize>,
    names: HashMap<IpAddr, String>,
    /// Cilium's identities of pods.
    identities: HashMap<IpAddr, u32>,
    pub(super) pools: Vec<Pool>,
    /// Calico's VXLAN network, where Felix was told another than its own.
    pub(super) calico_vni: Option<Vni>,
    /// Flannel leaves the tunnel out between nodes on one link.
    pub(super) has_direct_routing: bool,
    /// How Cilium's pods travel, if its configuration says so.
    pub(super) cilium: Option<Carriage<'static>>,
    /// Weave tries its fast datapath.
    pub(super) has_fast_datapath: bool,
}

/// A node, and what each network says of it.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Empty where nobody told it.
    name: String,
    /// The first of a family is what the others know it by.
    addresses: Vec<IpAddr>,
    /// Its addresses with their links' networks, as Calico tells them.
    pub(super) links: Vec<IpNet>,
    pub(super) flannel: Option<Flannel>,
    pub(super) calico: Option<Calico>,
    pub(super) is_cilium: bool,
    /// Weave's peer of this number.
    pub(super) peer: Option<u16>,
    pub(super) is_weave: bool,
}

/// What flannel says of a node.
#[derive(Debug, Default)]
pub(super) struct Flannel {
    pub(super) backend: String,
    /// The VXLAN devices for IPv4 and IPv6.
    pub(super) devices: [Option<VxlanData>; 2],
}

/// What Calico says of a node.
#[derive(Debug, Default)]
pub(super) struct Calico {
    /// The VXLAN devices' addresses for IPv4 and IPv6.
    pub(super) macs: [Option<MacAddr>; 2],
    /// These devices are there, as they have addresses.
    pub(super) has_vxlan: [bool; 2],
    /// It has a WireGuard key, for IPv4 and IPv6.
    pub(super) has_key: [bool; 2],
}

/// A pool of Calico's.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) network: IpNet,
    /// By which tunnel its pods are reached, and whether on one link too; `None` for none at all.
    pub(super) tunnel: Option<(&'static str, bool)>,
}

/// How packets of pods go from node to node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Carriage<'a> {
    Plain,
    /// In a tunnel of this kind.
    In(&'a str),
}

/// A VXLAN device, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Device {
    pub(in super::super) mac: Option<MacAddr>,
    pub(in super::super) vni: Option<Vni>,
}

/// Where an address is.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Place<'a> {
    /// The node: its own address.
    pub(in super::super) node: IpAddr,
    /// Flannel's backend there; udp's where the lease has none, as udp writes it. Empty on a node that is not Flannel's.
    pub(in super::super) backend: &'a str,
    /// The pod network that the address is in; `None` if it is the node's own.
    pub(in super::super) subnet: Option<IpNet>,
}

/// What files say, one thing after the other. What contradicts what was said before is refused.
impl Cluster {
    /// The node of a name: a new one, if it was not named before.
    pub(super) fn node(&mut self, name: &str) -> usize {
        let name = shown(name);
        *self.by_name.entry(name).or_insert_with_key(|name| {
            self.nodes.push(Node { name: name.clone(), ..Node::default() });
            self.nodes.len() - 1
        })
    }

    /// The node that has one of these addresses: a new one without a name, if none has.
    pub(super) fn node_at(&mut self, addresses: &[IpAddr]) -> usize {
        addresses.iter().find_map(|address| self.node_of(*address)).unwrap_or_else(|| {
            self.nodes.push(Node::default());
            self.nodes.len() - 1
        })
    }

    /// The node that has an address.
    pub(super) fn node_of(&self, address: IpAddr) -> Option<usize> {
        self.by_address.get(&address).copied()
    }

    pub(super) fn of_node(&mut self, node: usize) -> Option<&mut Node> {
        self.nodes.get_mut(node)
    }

    /// A node has an address of its own, between which tunnels go.
    pub(super) fn add_address(&mut self, node: usize, address: IpAddr) -> Result<(), String> {
        match self.by_address.get(&address) {
            Some(known) if *known == node => return Ok(()),
            Some(known) => {
                return Err(format!("{address} is {}'s, and {}'s too", self.name_of(node), self.name_of(*known)));
            }
            None => _ = self.by_address.insert(address, node),
        }
        if let Some(node) = self.nodes.get_mut(node) {
            node.addresses.push(address);
            if !node.name.is_empty() {
                self.names.insert(address, node.name.clone());
            }
        }
        Ok(())
    }

    /// A node's pods have addresses of a network.
    pub(super) fn add_network(&mut self, node: usize, network: IpNet) -> Result<(), String> {
        let network = network.trunc();
        if network.prefix_len() == 0 {
            return Err(format!("{network} is no pod network"));
        }
        let before = self.networks.range(..=network.broadcast()).next_back().map(|(_, known)| *known);
        match before.filter(|(known, _)| known.contains(&network.network()) || network.contains(&known.network())) {
            Some(known) if known == (network, node) => {}
            Some((known, of)) => {
                let (one, other) = (self.name_of(of), self.name_of(node));
                return Err(format!("the pod network {network} is {other}'s, and {known} {one}'s"));
            }
            None => _ = self.networks.insert(network.network(), (network, node)),
        }
        Ok(())
    }

    /// A pod, or a node's end of its pods' network, is on a node.
    pub(super) fn add_pod(&mut self, node: usize, address: IpAddr) -> Result<(), String> {
        match *self.pods.entry(address).or_insert(node) {
            known if known == node => Ok(()),
            known => {
                let (one, other) = (self.name_of(known), self.name_of(node));
                Err(format!("{address} is a pod's on {other}, and another's on {one}"))
            }
        }
    }

    /// An address is called so, unless something else was said before.
    pub(super) fn call(&mut self, address: IpAddr, name: &str) {
        self.names.entry(address).or_insert_with(|| shown(name));
    }

    /// A pod's packets have this identity.
    pub(super) fn add_identity(&mut self, pod: IpAddr, identity: u32) -> Result<(), String> {
        match *self.identities.entry(pod).or_insert(identity) {
            known if known == identity => Ok(()),
            known => Err(format!("{pod} has identity {identity}, and {known} too")),
        }
    }

    /// Whether nobody said which networks nodes' pods have.
    pub(super) fn has_no_networks(&self) -> bool {
        self.networks.is_empty()
    }

    fn name_of(&self, node: usize) -> String {
        let node = self.nodes.get(node);
        let name = node.and_then(|node| Some(node.name.clone()).filter(|name| !name.is_empty()));
        let address = || node.and_then(|node| node.addresses.first()).map(IpAddr::to_string);
        name.or_else(address).unwrap_or_else(|| "another node".to_owned())
    }
}

/// What is asked.
impl Cluster {
    /// Where an address is.
    pub(in super::super) fn of(&self, address: IpAddr) -> Option<Place<'_>> {
        let pod = self.home(address);
        let number = pod.map(|(_, node)| node).or_else(|| self.by_address.get(&address).copied())?;
        let of = self.nodes.get(number)?;
        let is_family = |of: &&IpAddr| of.is_ipv6() == address.is_ipv6();
        let node = *of.addresses.iter().find(is_family).or(of.addresses.first())?;
        let backend = of.flannel.as_ref().map_or("", |flannel| &flannel.backend);
        Some(Place { node, backend, subnet: pod.map(|(network, _)| network) })
    }

    /// What an address is called.
    pub(in super::super) fn name(&self, address: IpAddr) -> Option<&str> {
        self.names.get(&address).map(String::as_str)
    }

    /// Whether an address is one of a pod's.
    pub(in super::super) fn is_pod(&self, address: IpAddr) -> bool {
        self.home(address).is_some()
    }

    /// Whether tunnels go to and from an address.
    pub(in super::super) fn is_node(&self, address: IpAddr) -> bool {
        self.by_address.contains_key(&address)
    }

    /// Whether every node's address is known, of IPv4 and of IPv6, so that another is none.
    pub(in super::super) fn knows_all_nodes(&self) -> [bool; 2] {
        [false, true].map(|is_ipv6| {
            let has = |node: &Node| node.addresses.iter().any(|of| of.is_ipv6() == is_ipv6);
            !self.nodes.is_empty() && self.nodes.iter().all(has)
        })
    }

    /// Whether Cilium is there.
    pub(in super::super) fn has_cilium(&self) -> bool {
        self.nodes.iter().any(|node| node.is_cilium)
    }

    /// The short ids of Weave's peers; none if not all are known.
    pub(in super::super) fn peers(&self) -> HashSet<u16> {
        let peers = self.nodes.iter().filter(|node| node.is_weave);
        peers.map(|node| node.peer).collect::<Option<_>>().unwrap_or_default()
    }

    /// Whether Weave tries its fast datapath, as its report says.
    pub(in super::super) const fn tries_fast_datapath(&self) -> bool {
        self.has_fast_datapath
    }

    /// The identity that a pod's packets have by Cilium.
    pub(in super::super) fn identity(&self, pod: IpAddr) -> Option<u32> {
        self.identities.get(&pod).copied()
    }

    /// The VXLAN device of the node that has a pod.
    pub(in super::super) fn device(&self, pod: IpAddr) -> Option<Device> {
        let node = self.nodes.get(self.home(pod)?.1)?;
        let family = usize::from(pod.is_ipv6());
        match (&node.calico, self.pool(pod), &node.flannel) {
            (Some(calico), Some(Pool { tunnel: Some(("vxlan", _)), .. }), _) => {
                let vni = self.calico_vni.or_else(|| Vni::new(CALICO_VNI).ok());
                Some(Device { mac: calico.macs.get(family).copied().flatten(), vni })
            }
            // No pool was told, and it has a VXLAN device.
            (Some(calico), None, None) if self.pools.is_empty() => {
                let mac = calico.macs.get(family).copied().flatten();
                let has_device = calico.has_vxlan.get(family).copied().unwrap_or_default();
                Some(Device { mac: mac.filter(|_| has_device), vni: None })
            }
            (_, None, Some(flannel)) => {
                let of = flannel.devices.get(family).copied().flatten()?;
                Some(Device { mac: Some(of.vtep_mac), vni: of.vni })
            }
            _ => None,
        }
    }

    /// How packets go from one node's pod to another's; `None` where that is not known, or it is one node.
    pub(in super::super) fn carriage(&self, from: IpAddr, to: IpAddr) -> Option<Carriage<'_>> {
        let ((_, one), (_, other)) = (self.home(from)?, self.home(to)?);
        let (one, other) = (self.nodes.get(one)?, self.nodes.get(other).filter(|_| one != other)?);
        let family = usize::from(to.is_ipv6());
        let has_key =
            |node: &Node| node.calico.as_ref().is_some_and(|of| of.has_key.get(family).copied().unwrap_or_default());
        if has_key(one) && has_key(other) {
            return Some(Carriage::In("wireguard"));
        }
        if let Some(pool) = self.pool(to) {
            return match pool.tunnel {
                None => Some(Carriage::Plain),
                Some((kind, true)) => Some(Carriage::In(kind)),
                Some((kind, false)) => {
                    let link =
                        |node: &Node| node.links.iter().find(|link| link.addr().is_ipv6() == to.is_ipv6()).copied();
                    let is_one = link(one)?.trunc() == link(other)?.trunc();
                    Some(if is_one { Carriage::Plain } else { Carriage::In(kind) })
                }
            };
        }
        match &other.flannel {
            Some(Flannel { backend, .. }) => match backend.as_str() {
                "host-gw" => Some(Carriage::Plain),
                "vxlan" | "ipip" if self.has_direct_routing => None,
                "udp" | "vxlan" | "ipip" | "ipsec" | "wireguard" => Some(Carriage::In(backend)),
                _ => None,
            },
            None if other.is_cilium => self.cilium,
            None if other.is_weave => Some(Carriage::In("weave")),
            None => None,
        }
    }

    /// Whether two addresses are of pods on two nodes of Cilium's, which does not say how they travel.
    pub(in super::super) fn are_ciliums(&self, from: IpAddr, to: IpAddr) -> bool {
        let node = |pod| {
            self.home(pod)
                .and_then(|(_, node)| Some(node).filter(|_| self.nodes.get(node).is_some_and(|of| of.is_cilium)))
        };
        self.carriage(from, to).is_none() && matches!((node(from), node(to)), (Some(one), Some(other)) if one != other)
    }

    /// The network of a pod's address, and the node that has it.
    fn home(&self, pod: IpAddr) -> Option<(IpNet, usize)> {
        // A pod in the node's own network has the node's address.
        if let Some(node) = self.pods.get(&pod).filter(|_| !self.is_node(pod)) {
            return Some((pod.into(), *node));
        }
        let known = self.networks.range(..=pod).next_back().map(|(_, known)| *known);
        known.filter(|(network, _)| network.contains(&pod))
    }

    /// Calico's pool of a pod's address.
    fn pool(&self, pod: IpAddr) -> Option<&Pool> {
        self.pools.iter().filter(|pool| pool.network.contains(&pod)).max_by_key(|pool| pool.network.prefix_len())
    }
}

/// Calico's network unless Felix is told another (`vxlanVNI`).
const CALICO_VNI: u32 = 4096;

fn shown(name: &str) -> String {
    Outside(name.as_bytes()).to_string()
}
