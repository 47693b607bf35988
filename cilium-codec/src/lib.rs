#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

// Floor 0: what Cilium puts into other protocols' fields.
pub mod dsr;
pub mod identity;

// Floor 1: packets to fuzz with.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use ether_ip::Error;
pub use identity::{Identity, Mesh};
