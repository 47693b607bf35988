#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod error;
pub mod gpe;
pub mod tunnel;
pub mod vxlan;

pub use error::Error;
pub use ether_ip::outer::OuterChecksum;
pub use ether_ip::vni::Vni;
pub use tunnel::{Decapsulated, Decapsulator, VxlanTemplate, VxlanTunnel, inner_mtu, mtu_overhead};
pub use vxlan::{GroupPolicy, PORT, PORT_LINUX, Reading, VxlanHeader, VxlanPacket};
