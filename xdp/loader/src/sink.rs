//! What the sink counted.

use anyhow::Context;
use aya::Ebpf;
use aya::maps::PerCpuArray;
use xdp_maps::Sunk;

/// What all processors counted together.
///
/// # Errors
///
/// If the object has no such map.
pub fn sunk(ebpf: &Ebpf) -> anyhow::Result<Sunk> {
    let map: PerCpuArray<_, Sunk> = ebpf.map("SUNK").context("the object has no map of what arrived")?.try_into()?;
    let all = map.get(&0, 0)?;
    Ok(Sunk { packets: all.iter().map(|of| of.packets).sum(), bytes: all.iter().map(|of| of.bytes).sum() })
}
