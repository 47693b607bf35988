//! Flannel's leases: of a file, of a node's annotations; and its configuration.

use std::net::IpAddr;

use flannel_udp_codec::ipnet::IpNet;
use flannel_udp_codec::lease::{Annotations, Lease, NetworkConfig};

use super::item::{Item, address, network};
use super::model::{Cluster, Flannel};

/// Where the pods of a lease are, and how they are reached.
pub(super) fn lease(cluster: &mut Cluster, Lease { key, value }: &Lease) -> Result<(), String> {
    // 0.0.0.0 is what a node of IPv6 alone has, and nobody's.
    let ipv4 = Some(value.public_ip).filter(|address| !address.is_unspecified()).map(IpAddr::V4);
    let addresses: Vec<_> = ipv4.into_iter().chain(value.public_ipv6.map(IpAddr::V6)).collect();
    let node = cluster.node_at(&addresses);
    addresses.into_iter().try_for_each(|address| cluster.add_address(node, address))?;
    let devices = if value.backend_type == "vxlan" { [value.vxlan().ok(), value.vxlan_v6().ok()] } else { [None; 2] };
    if let Some(of) = cluster.of_node(node) {
        of.flannel = Some(Flannel { backend: value.backend().name().to_owned(), devices });
    }
    let ipv4 = Some(IpNet::V4(key.ipv4)).filter(|subnet| subnet.prefix_len() > 0);
    ipv4.into_iter().chain(key.ipv6.map(IpNet::V6)).try_for_each(|subnet| cluster.add_network(node, subnet))
}

/// Flannel's lease among a node's annotations; whether there is one. flannel pkg/subnet/kube/annotations.go.
pub(super) fn node(cluster: &mut Cluster, node: usize, item: Item<'_>) -> Result<bool, String> {
    if item.annotation("flannel.alpha.coreos.com/kube-subnet-manager") != Some("true") {
        return Ok(false);
    }
    // What the node is told to have, where flannel would have taken another; it writes that into the other two when it starts.
    for name in ["public-ip-overwrite", "public-ipv6-overwrite"] {
        if let Some(text) = item.annotation(&format!("flannel.alpha.coreos.com/{name}")) {
            cluster.add_address(node, address(text)?)?;
        }
    }
    let networks = pod_networks(item).map(network).collect::<Result<Vec<_>, _>>()?;
    let of = Annotations::default().read(|name| item.annotation(name), &networks).map_err(|error| error.to_string())?;
    let ipv4 = Some(of.value.public_ip).filter(|address| !address.is_unspecified()).map(IpAddr::V4);
    ipv4.into_iter()
        .chain(of.value.public_ipv6.map(IpAddr::V6))
        .try_for_each(|address| cluster.add_address(node, address))?;
    lease(cluster, &of)?;
    Ok(true)
}

/// The networks that Kubernetes gave a node for its pods.
pub(super) fn pod_networks<'a>(item: Item<'a>) -> impl Iterator<Item = &'a str> {
    // podCIDR is the first of podCIDRs again, and counts where these are not there.
    let alone = item.text("/spec/podCIDR").filter(|_| item.list("/spec/podCIDRs").next().is_none());
    item.texts("/spec/podCIDRs").chain(alone)
}

/// `net-conf.json`, as the ConfigMap kube-flannel-cfg has it, and etcd under `config`.
pub(super) fn configuration(cluster: &mut Cluster, config: &NetworkConfig) {
    cluster.has_direct_routing |= config.backend().is_ok_and(|backend| backend.direct_routing);
}
