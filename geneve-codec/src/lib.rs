#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

pub mod geneve;

pub use ether_ip::vni::Vni;
pub use geneve::{GENEVE, GeneveHeader, GeneveOption, GeneveOptions, GenevePacket, OptionClass, PORT};
