//! Cilium's nodes and endpoints.
//!
//! cilium pkg/k8s/apis/cilium.io/v2/types.go and v2alpha1/types.go, pkg/ipam/types, api/v1/models.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::item::{Item, address, network};
use super::model::{Carriage, Cluster};

/// `CiliumNode`.
pub(super) fn node(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    let node = cluster.node(item.name());
    if let Some(of) = cluster.of_node(node) {
        of.is_cilium = true;
    }
    for of in item.list("/spec/addresses") {
        let Some(text) = of.text("/ip") else { continue };
        match of.text("/type") {
            Some("InternalIP" | "ExternalIP") => cluster.add_address(node, address(text)?)?,
            Some("CiliumInternalIP") => inner(cluster, node, item, text)?,
            _ => {}
        }
    }
    for pointer in ["/spec/health/ipv4", "/spec/health/ipv6", "/spec/ingress/ipv4", "/spec/ingress/ipv6"] {
        item.text(pointer).map_or(Ok(()), |text| inner(cluster, node, item, text))?;
    }
    let pools = item.list("/spec/ipam/pools/allocated").flat_map(|pool| pool.texts("/cidrs"));
    item.texts("/spec/ipam/podCIDRs").chain(pools).try_for_each(|text| cluster.add_network(node, network(text)?))?;
    // Addresses one by one, where a cloud gives them.
    let pool = item.at("/spec/ipam/pool").and_then(Json::as_object);
    pool.into_iter().flat_map(|pool| pool.keys()).try_for_each(|text| cluster.add_pod(node, address(text)?))
}

/// An address of the node's own among its pods'.
fn inner(cluster: &mut Cluster, node: usize, item: Item<'_>, text: &str) -> Result<(), String> {
    let address = address(text)?;
    cluster.call(address, item.name());
    cluster.add_pod(node, address)
}

/// `CiliumEndpoint`.
pub(super) fn endpoint(cluster: &mut Cluster, item: Item<'_>, pods: &mut Vec<(IpAddr, IpAddr)>) -> Result<(), String> {
    let Some(networking) = item.at("/status/networking").map(Item) else { return Ok(()) };
    pod(cluster, &item.full_name(), item.at("/status/identity/id"), networking, pods)
}

/// `CiliumEndpointSlice`, which has several, and each one's identity in the place of its own number.
pub(super) fn slice(cluster: &mut Cluster, item: Item<'_>, pods: &mut Vec<(IpAddr, IpAddr)>) -> Result<(), String> {
    item.list("/endpoints").try_for_each(|of| {
        let name = [item.text("/namespace").unwrap_or_default(), of.text("/name").unwrap_or_default()].join("/");
        let Some(networking) = of.at("/networking").map(Item) else { return Ok(()) };
        pod(cluster, &name, of.at("/id"), networking, pods)
    })
}

/// A pod of this name and identity has these addresses.
fn pod(
    cluster: &mut Cluster,
    name: &str,
    identity: Option<&Json>,
    networking: Item<'_>,
    pods: &mut Vec<(IpAddr, IpAddr)>,
) -> Result<(), String> {
    let identity = identity.and_then(Json::as_u64).and_then(|number| u32::try_from(number).ok());
    let node = networking.text("/node").map(address).transpose()?;
    for text in networking.list("/addressing").flat_map(|of| [of.text("/ipv4"), of.text("/ipv6")]).flatten() {
        let address = address(text)?;
        cluster.call(address, name);
        pods.extend(node.map(|node| (address, node)));
        identity.map_or(Ok(()), |identity| cluster.add_identity(address, identity))?;
    }
    Ok(())
}

/// The ConfigMap cilium-config: whether pods travel in a tunnel, and in which.
pub(super) fn configuration(cluster: &mut Cluster, item: Item<'_>) {
    let get = |key| item.at("/data").and_then(|data| data.get(key)?.as_str());
    // Before 1.14 it was `tunnel` that said both.
    let protocol = get("tunnel-protocol").or(get("tunnel"));
    let is_plain = get("routing-mode") == Some("native") || get("tunnel") == Some("disabled");
    cluster.cilium = match protocol.unwrap_or("vxlan") {
        _ if is_plain => Some(Carriage::Plain),
        "geneve" => Some(Carriage::In("geneve")),
        "vxlan" => Some(Carriage::In("vxlan")),
        _ => None,
    };
}
