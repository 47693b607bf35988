#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod error;
pub mod geneve;
pub mod known;
pub mod tunnel;

pub use error::Error;
pub use ether_ip::outer::OuterChecksum;
pub use ether_ip::vni::Vni;
pub use geneve::{GENEVE, GENEVE_OPTION, GeneveHeader, GeneveOption, GeneveOptions, GenevePacket, OptionClass, PORT};
pub use known::KnownOption;
pub use tunnel::{Decapsulated, Decapsulator, GeneveTemplate, GeneveTunnel, inner_mtu, mtu_overhead};
