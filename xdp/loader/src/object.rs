//! Where the programs are, compiled.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::Context;
use aya::{Ebpf, EbpfLoader};

/// Where `run` has them built, from this crate's folder.
const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bpfel-unknown-none/release");

/// Loads an object by its name, with its maps: from the folder that `XDP_OBJECTS` names, or from where `run` has them built. Its programs are
/// still to be loaded, each by itself.
///
/// # Errors
///
/// If there is none, or the kernel refuses its maps.
pub fn load(name: &str) -> anyhow::Result<Ebpf> {
    let folder = env::var_os("XDP_OBJECTS").map_or_else(|| PathBuf::from(BUILT), PathBuf::from);
    let path = folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("{} cannot be read: xdp/run builds it", path.display()))?;
    EbpfLoader::new().load(&bytes).with_context(|| format!("the maps of {} are refused", path.display()))
}
