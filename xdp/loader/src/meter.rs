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
