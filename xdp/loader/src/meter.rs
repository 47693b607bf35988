//! What the flow meter counted.

use std::collections::BTreeMap;

use aya::Ebpf;
use aya::maps::PerCpuHashMap;
use xdp_maps::{Count, Flow};

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
