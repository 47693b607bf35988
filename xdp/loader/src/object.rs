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

/// The bytes of an object, by its name: from the folder that `XDP_OBJECTS` names, or from where `run` has them built.
///
/// # Errors
///
/// If there is none.
pub fn bytes(name: &str) -> anyhow::Result<Vec<u8>> {
    read("XDP_OBJECTS", BUILT, name)
}

/// The same of one that was written in C, to be measured with: from `XDP_OBJECTS_C`.
///
/// # Errors
///
/// As [`bytes`].
pub fn bytes_c(name: &str) -> anyhow::Result<Vec<u8>> {
    read("XDP_OBJECTS_C", BUILT_C, name)
}

/// Loads an object by its name, with its maps. Its programs are still to be loaded, each by itself.
///
/// # Errors
///
/// If there is none, or the kernel refuses its maps.
pub fn load(name: &str) -> anyhow::Result<Ebpf> {
    load_bytes(&bytes(name)?)
}

/// The same of one in C.
///
/// # Errors
///
/// As [`load`].
pub fn load_c(name: &str) -> anyhow::Result<Ebpf> {
    load_bytes(&bytes_c(name)?)
}

/// The same of its bytes.
///
/// # Errors
///
/// If the kernel refuses its maps.
pub fn load_bytes(bytes: &[u8]) -> anyhow::Result<Ebpf> {
    EbpfLoader::new().load(bytes).context("the maps are refused")
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

fn read(variable: &str, built: &str, name: &str) -> anyhow::Result<Vec<u8>> {
    let path = env::var_os(variable).map_or_else(|| PathBuf::from(built), PathBuf::from).join(name);
    fs::read(&path).with_context(|| format!("{} cannot be read: xdp/run builds it", path.display()))
}
