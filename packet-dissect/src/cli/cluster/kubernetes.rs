//! Kubernetes' own objects: nodes, pods, services and their endpoints.

use super::item::{Item, address, network};
use super::model::Cluster;
use super::{calico, flannel};

/// `Node`, with what Flannel and Calico annotate it with. What networks Kubernetes gave it for its pods goes along: whether they are in
/// use, other objects say.
pub(super) fn node(
    cluster: &mut Cluster,
    item: Item<'_>,
    given: &mut Vec<(usize, flannel_udp_codec::ipnet::IpNet)>,
) -> Result<(), String> {
    let node = cluster.node(item.name());
    // A node's host's name stands there too.
    let addresses =
        item.list("/status/addresses").filter(|of| matches!(of.text("/type"), Some("InternalIP" | "ExternalIP")));
    addresses.filter_map(|of| of.text("/address")).try_for_each(|text| cluster.add_address(node, address(text)?))?;
    let is_flannel = flannel::node(cluster, node, item)?;
    if !calico::node(cluster, node, item)? && !is_flannel {
        let networks = flannel::pod_networks(item).map(network).collect::<Result<Vec<_>, _>>()?;
        given.extend(networks.into_iter().map(|network| (node, network)));
    }
    Ok(())
}

/// `Pod`.
pub(super) fn pod(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    // One in the node's own network has the node's address, and that of one that has ended may be another's by now.
    let has_ended = matches!(item.text("/status/phase"), Some("Succeeded" | "Failed"));
    if has_ended || item.is("/spec/hostNetwork") {
        return Ok(());
    }
    let alone = item.text("/status/podIP").filter(|_| item.list("/status/podIPs").next().is_none());
    let addresses = item.list("/status/podIPs").filter_map(|of| of.text("/ip")).chain(alone);
    at_node(cluster, addresses, item.text("/spec/nodeName"), &item.full_name())
}

/// `Service`.
pub(super) fn service(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    let ingress = item.list("/status/loadBalancer/ingress").filter_map(|of| of.text("/ip"));
    let own = item.texts("/spec/clusterIPs").chain(item.text("/spec/clusterIP"));
    // A service without an address of its own says None there.
    let all = own.filter(|text| *text != "None").chain(item.texts("/spec/externalIPs")).chain(ingress);
    let name = item.full_name();
    all.filter(|text| !text.is_empty()).try_for_each(|text| {
        cluster.call(address(text)?, &name);
        Ok(())
    })
}

/// `Endpoints`: of its addresses those that are pods'.
pub(super) fn endpoints(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    let lists = item.list("/subsets").flat_map(|of| of.list("/addresses").chain(of.list("/notReadyAddresses")));
    lists.into_iter().try_for_each(|of| endpoint(cluster, of, of.text("/ip").into_iter()))
}

/// `EndpointSlice`.
pub(super) fn slice(cluster: &mut Cluster, item: Item<'_>) -> Result<(), String> {
    // Names may stand there instead.
    let are_addresses = item.text("/addressType").is_none_or(|kind| kind.starts_with("IPv"));
    let mut all = item.list("/endpoints").filter(|_| are_addresses);
    all.try_for_each(|of| endpoint(cluster, of, of.texts("/addresses")))
}

fn endpoint<'a>(cluster: &mut Cluster, of: Item<'a>, addresses: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let (Some("Pod"), Some(name)) = (of.text("/targetRef/kind"), of.text("/targetRef/name")) else { return Ok(()) };
    let name = [of.text("/targetRef/namespace").unwrap_or_default(), name].join("/");
    at_node(cluster, addresses, of.text("/nodeName"), &name)
}

/// A pod of this name has these addresses on a node.
fn at_node<'a>(
    cluster: &mut Cluster,
    addresses: impl Iterator<Item = &'a str>,
    node: Option<&str>,
    name: &str,
) -> Result<(), String> {
    for text in addresses {
        let address = address(text)?;
        // In the node's own network.
        if cluster.is_node(address) {
            continue;
        }
        cluster.call(address, name);
        if let Some(node) = node {
            let node = cluster.node(node);
            cluster.add_pod(node, address)?;
        }
    }
    Ok(())
}
