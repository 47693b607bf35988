#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

// Floor 0: the header and its options.
pub mod geneve;

// Floor 1: what options say, and what can be wrong.
pub mod error;
pub mod known;

// Floor 2: tunnels.
pub mod tunnel;

// Floor 3: packets to fuzz with.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use error::Error;
pub use ether_ip::outer::OuterChecksum;
pub use ether_ip::vni::Vni;
pub use geneve::{
    GENEVE, GENEVE_OPTION, Geneve, GeneveHeader, GeneveOption, GeneveOptions, GenevePacket, OptionClass, PORT,
};
pub use known::KnownOption;
pub use tunnel::{
    Decapsulated, Decapsulator, GeneveTemplate, GeneveTunnel, inner_mtu, mtu_overhead, resize_inner, rewrite_inner,
};
