//! What the flow meter counted.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use aya::Ebpf;
use aya::maps::PerCpuHashMap;
use ether_ip::ip::IpProtocol;
use packet_dissect::cli::{CountedFlow, CountedStats};
use xdp_maps::{Count, Flow, Tunnel};

/// All flows, each with what all processors counted together.
///
/// # Errors
///
/// If the map is not there, or the kernel does not show it.
pub fn counts(ebpf: &Ebpf) -> anyhow::Result<BTreeMap<Flow, Count>> {
    let map = ebpf.map("FLOWS").ok_or_else(|| anyhow::anyhow!("the object has no map of flows"))?;
    let map: PerCpuHashMap<_, Flow, Count> = map.try_into()?;
    map.iter()
        .map(|entry| {
            let (flow, counts) = entry?;
            Ok((flow, counts.iter().copied().sum()))
        })
        .collect()
}

/// Forgets all flows.
///
/// # Errors
///
/// As [`counts`].
pub fn clear(ebpf: &mut Ebpf) -> anyhow::Result<()> {
    let map = ebpf.map_mut("FLOWS").ok_or_else(|| anyhow::anyhow!("the object has no map of flows"))?;
    let mut map: PerCpuHashMap<_, Flow, Count> = map.try_into()?;
    let flows: Vec<Flow> = map.keys().collect::<Result<_, _>>()?;
    for flow in flows {
        map.remove(&flow)?;
    }
    Ok(())
}

/// The tables that `packet-dissect --stats` has of networks and tunnels, and one of flows.
#[must_use]
pub fn stats(counts: &BTreeMap<Flow, Count>) -> CountedStats {
    let mut stats = CountedStats::default();
    for (flow, &Count { packets, bytes, overhead }) in counts {
        stats.add(&CountedFlow { flow: words(flow), tunnel: tunnel(flow), packets, bytes, overhead });
    }
    stats
}

/// From where to where, and what.
fn words(flow: &Flow) -> String {
    let [source, destination] = flow.ends.map(IpAddr::from);
    if flow.ends == Flow::NOTHING.ends {
        return "no IP".to_owned();
    }
    let protocol = IpProtocol(flow.protocol);
    match flow.ports {
        [0, 0] => format!("{source} > {destination}, {protocol}"),
        [from, to] => {
            let (source, destination) = (SocketAddr::new(source, from), SocketAddr::new(destination, to));
            format!("{source} > {destination}, {protocol}")
        }
    }
}

/// The tunnel as the library calls it, its network, and the nodes.
fn tunnel(flow: &Flow) -> Option<(&'static str, u32, (IpAddr, IpAddr))> {
    let name = match flow.tunnel {
        of if of == Tunnel::Vxlan as u8 => "vxlan",
        of if of == Tunnel::Geneve as u8 => "geneve",
        _ => return None,
    };
    let [from, to] = flow.nodes.map(IpAddr::from);
    Some((name, flow.vni, (from, to)))
}
