#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

// Floor 0: what can be wrong.
pub mod error;

// Floor 1: the headers.
pub mod gpe;
pub mod vxlan;

// Floor 2: tunnels.
pub mod tunnel;

// Floor 3: packets to fuzz with.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use error::Error;
pub use ether_ip::outer::OuterChecksum;
pub use ether_ip::vni::Vni;
pub use tunnel::{
    Decapsulated, Decapsulator, VxlanTemplate, VxlanTunnel, inner_mtu, mtu_overhead, resize_inner, rewrite_inner,
};
pub use vxlan::{GroupPolicy, PORT, PORT_LINUX, Reading, Vxlan, VxlanHeader, VxlanPacket};
