//! Where the programs are, compiled.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::Context;
use aya::programs::{Program, ProgramError};
use aya::{Ebpf, EbpfLoader};

/// Where `run` has them built, from this crate's folder.
const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bpfel-unknown-none/release");
/// The same of those in C.
const BUILT_C: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/c");

/// Loads an object by its name, with its maps: from the folder that `XDP_OBJECTS` names, or from where `run` has them built. Its programs are
/// still to be loaded, each by itself.
///
/// # Errors
///
/// If there is none, or the kernel refuses its maps.
pub fn load(name: &str) -> anyhow::Result<Ebpf> {
    load_from("XDP_OBJECTS", BUILT, name)
}

/// The same of the one that was written in C, to be measured with: from `XDP_OBJECTS_C`.
///
/// # Errors
///
/// As [`load`].
pub fn load_c(name: &str) -> anyhow::Result<Ebpf> {
    load_from("XDP_OBJECTS_C", BUILT_C, name)
}

/// A program of an object, of the type that it has.
///
/// # Errors
///
/// If there is none of this name, or it is of another type.
pub fn program<'a, P>(ebpf: &'a mut Ebpf, name: &str) -> anyhow::Result<P>
where
    P: TryFrom<&'a mut Program, Error = ProgramError>,
{
    Ok(ebpf.program_mut(name).with_context(|| format!("the object has no program {name}"))?.try_into()?)
}

fn load_from(variable: &str, built: &str, name: &str) -> anyhow::Result<Ebpf> {
    let path = env::var_os(variable).map_or_else(|| PathBuf::from(built), PathBuf::from).join(name);
    let bytes = fs::read(&path).with_context(|| format!("{} cannot be read: xdp/run builds it", path.display()))?;
    EbpfLoader::new().load(&bytes).with_context(|| format!("the maps of {} are refused", path.display()))
}
