//! Calico's nodes, pools and blocks.
//!
//! libcalico-go/lib/backend/k8s/resources/node.go, libcalico-go/lib/apis/v3, api/pkg/apis/projectcalico/v3.

use sha1::{Digest, Sha1};

use ether_ip::ethernet::MacAddr;
use ether_ip::vni::Vni;

use super::item::{Item, address, address_on_link, network};
use super::model::{Calico, Cluster, Pool};

/// Where one thing stands in a Kubernetes node's annotations, and where in Calico's own node.
struct Told {
    annotation: &'static str,
    pointer: &'static str,
}

const fn told(annotation: &'static str, pointer: &'static str) -> Told {
    Told { annotation, pointer }
}

const ADDRESSES: [Told; 2] = [
    told("projectcalico.org/IPv4Address", "/spec/bgp/ipv4Address"),
    told("projectcalico.org/IPv6Address", "/spec/bgp/ipv6Address"),
];
/// The ends of tunnels, which have a pod's address each.
const TUNNELS: [Told; 5] = [
    told("projectcalico.org/IPv4IPIPTunnelAddr", "/spec/bgp/ipv4IPIPTunnelAddr"),
    told("projectcalico.org/IPv4VXLANTunnelAddr", "/spec/ipv4VXLANTunnelAddr"),
    told("projectcalico.org/IPv6VXLANTunnelAddr", "/spec/ipv6VXLANTunnelAddr"),
    told("projectcalico.org/IPv4WireguardInterfaceAddr", "/spec/wireguard/interfaceIPv4Address"),
    told("projectcalico.org/IPv6WireguardInterfaceAddr", "/spec/wireguard/interfaceIPv6Address"),
];
const MACS: [Told; 2] = [
    told("projectcalico.org/VXLANTunnelMACAddr", "/spec/vxlanTunnelMACAddr"),
    told("projectcalico.org/VXLANTunnelMACAddrV6", "/spec/vxlanTunnelMACAddrV6"),
];
const KEYS: [Told; 2] = [
    told("projectcalico.org/WireguardPublicKey", "/status/wireguardPublicKey"),
    told("projectcalico.org/WireguardPublicKeyV6", "/status/wireguardPublicKeyV6"),
];

/// What Calico says of a node, in annotations or in a node of its own; whether it says anything.
pub(super) fn node(cluster: &mut Cluster, node: usize, item: Item<'_>) -> Result<bool, String> {
    let get = |told: &Told| item.annotation(told.annotation).or_else(|| item.text(told.pointer));
    for text in
        ADDRESSES.iter().filter_map(get).chain(item.list("/spec/addresses").filter_map(|of| of.text("/address")))
    {
        let (address, link) = address_on_link(text)?;
        cluster.add_address(node, address)?;
        if let Some(of) = cluster.of_node(node) {
            of.links.extend(link);
        }
    }
    if ADDRESSES.iter().chain(&TUNNELS).filter_map(get).next().is_none() {
        return Ok(false);
    }
    for text in TUNNELS.iter().filter_map(get) {
        let address = address(text)?;
        cluster.add_pod(node, address)?;
        cluster.call(address, item.name());
    }
    let is_windows =
        item.at("/metadata/labels").and_then(|labels| labels.get("kubernetes.io/os")?.as_str()) == Some("windows");
    let is_told = |told: &Told| get(told).is_some();
    let [_, vxlan, vxlan_v6, ..] = &TUNNELS;
    let has_vxlan = [vxlan, vxlan_v6].map(is_told);
    let mut calico = Calico { macs: [None; 2], has_vxlan, has_key: KEYS.each_ref().map(is_told) };
    for ((mac, told), suffix) in calico.macs.iter_mut().zip(&MACS).zip(["", "-v6"]) {
        let made = || (!is_windows).then(|| made_of(&format!("{}{suffix}", item.name())));
        *mac = match get(told) {
            Some(text) => Some(text.parse().map_err(|_| format!("{text:?} is no hardware address"))?),
            None => made(),
        };
    }
    if let Some(of) = cluster.of_node(node) {
        of.calico = Some(calico);
    }
    Ok(true)
}

/// The hardware address that Felix gives a node's VXLAN device where it is told none: felix/calc/vxlan_resolver.go, `vtepMACForHost`.
fn made_of(name: &str) -> MacAddr {
    let [a, b, c, d, e, ..] = <[u8; 20]>::from(Sha1::digest(name.as_bytes()));
    MacAddr([b'f', a, b, c, d, e])
}

/// How many pools are kept: each address is looked for in all of them.
const MAX_POOLS: usize = 1000;

/// `IPPool`: how pods of these addresses are reached.
pub(super) fn pool(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    let Some(text) = item.text("/spec/cidr") else { return Err("it has no network".to_owned()) };
    let network = network(text)?.trunc();
    let mode = |pointer| match item.text(pointer).unwrap_or("Never") {
        "Always" => Ok(Some(true)),
        "CrossSubnet" => Ok(Some(false)),
        "Never" => Ok(None),
        other => Err(format!("{other:?} is no mode")),
    };
    let tunnel = match (mode("/spec/ipipMode")?, mode("/spec/vxlanMode")?) {
        (Some(_), Some(_)) => return Err(format!("{network} is reached by IP in IP, and by VXLAN too")),
        (Some(always), None) => Some(("ipip", always)),
        (None, Some(always)) => Some(("vxlan", always)),
        (None, None) => None,
    };
    if cluster.pools.len() == MAX_POOLS {
        return Err(format!("there are more pools than {MAX_POOLS}"));
    }
    if cluster.pools.iter().any(|known| known.network == network && known.tunnel != tunnel) {
        return Err(format!("{network} is reached in another way too"));
    }
    cluster.pools.push(Pool { network, tunnel });
    Ok(())
}

/// `BlockAffinity`, `IPAMBlock`: a node's pods have addresses of a block.
pub(super) fn block(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    let host = item.text("/spec/affinity").and_then(|text| text.strip_prefix("host:"));
    let is_host = item.text("/spec/type").is_none_or(|kind| kind == "host");
    let node = item.text("/spec/node").filter(|_| is_host).or(host);
    // A text in one version, a truth value in another.
    let is_gone = item.is("/spec/deleted") || item.text("/spec/deleted") == Some("true");
    let is_confirmed = item.text("/spec/state").is_none_or(|state| state == "confirmed");
    let (Some(node), Some(text)) = (node.filter(|_| is_confirmed && !is_gone), item.text("/spec/cidr")) else {
        return Ok(());
    };
    let network = network(text)?;
    let node = cluster.node(node);
    cluster.add_network(node, network)
}

/// `FelixConfiguration`: the network's number, where it is not Calico's own.
pub(super) fn felix(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    let Some(number) = item.at("/spec/vxlanVNI").and_then(serde_json::Value::as_u64) else { return Ok(()) };
    let vni = u32::try_from(number).ok().and_then(|number| Vni::new(number).ok());
    cluster.calico_vni = Some(vni.ok_or_else(|| format!("{number} is no VXLAN network"))?);
    Ok(())
}
