//! Weave's report: `weave report`, or what `http://127.0.0.1:6784/report` answers; or what stands in it of IPAM
//! (`weave report -f '{{json .IPAM}}'`).
//!
//! weave prog/weaver/http.go, ipam/status.go; mesh status.go. A peer's nickname is its host's name, as Kubernetes' node has it.

use std::net::{Ipv4Addr, SocketAddr};

use flannel_udp_codec::ipnet::{IpNet, Ipv4Subnets};
use serde_json::Value as Json;

use super::item::Item;
use super::model::Cluster;

/// Whether it is one, or its IPAM's part alone.
pub(super) fn is_report(item: Item<'_>) -> bool {
    item.at("/Router/Peers").is_some_and(Json::is_array) || entries(item).is_some()
}

/// Who has which addresses: of a whole report, of `{"IPAM": …}`, or of what stands there by itself.
fn entries(item: Item<'_>) -> Option<Item<'_>> {
    let of = item.at("/IPAM").map_or(item, Item);
    Some(of).filter(|of| of.at("/Entries").is_some_and(Json::is_array))
}

/// Reads it; what is wrong with single peers and networks is told.
pub(super) fn report(cluster: &mut Cluster, item: Item<'_>) -> Vec<String> {
    let mut refused = Vec::new();
    cluster.has_fast_datapath |= item.at("/Router/OverlayDiagnostics/fastdp").is_some_and(Json::is_object);
    for peer in item.list("/Router/Peers") {
        let Some(name) = nickname(peer.text("/NickName"), peer.text("/Name")) else { continue };
        let node = cluster.node(name);
        if let Some(of) = cluster.of_node(node) {
            of.is_weave = true;
            of.peer = peer.at("/ShortID").and_then(Json::as_u64).and_then(|id| u16::try_from(id).ok());
        }
        // Where a peer is, the others say who are connected to it.
        for connection in peer.list("/Connections").filter(|connection| connection.is("/Established")) {
            let name = nickname(connection.text("/NickName"), connection.text("/Name"));
            let address = connection.text("/Address").and_then(|text| text.parse::<SocketAddr>().ok());
            if let (Some(name), Some(address)) = (name, address) {
                let node = cluster.node(name);
                refused.extend(cluster.add_address(node, address.ip()).err());
            }
        }
    }
    let entries = entries(item).into_iter().flat_map(|of| of.list("/Entries"));
    for entry in entries.filter(|entry| entry.is("/IsKnownPeer")) {
        let Some(name) = nickname(entry.text("/Nickname"), entry.text("/Peer")) else { continue };
        let node = cluster.node(name);
        if let Some(of) = cluster.of_node(node) {
            of.is_weave = true;
        }
        match networks(entry) {
            Some(networks) => refused.extend(networks.filter_map(|network| cluster.add_network(node, network).err())),
            None => refused.push(format!("{name:?} has addresses that are none")),
        }
    }
    refused
}

/// A peer's name for people; the other where it has none.
fn nickname<'a>(nickname: Option<&'a str>, name: Option<&'a str>) -> Option<&'a str> {
    nickname.or(name)
}

/// The networks that a range of addresses consists of.
fn networks(entry: Item<'_>) -> Option<impl Iterator<Item = IpNet>> {
    let first: Ipv4Addr = entry.text("/Token")?.parse().ok()?;
    let size = u32::try_from(entry.at("/Size")?.as_u64()?).ok()?.checked_sub(1)?;
    let last = u32::from(first).checked_add(size)?;
    Some(Ipv4Subnets::new(first, last.into(), 0).map(IpNet::V4))
}
