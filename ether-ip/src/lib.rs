#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

pub mod error;
pub mod open_set;
mod options;
pub mod view;
pub mod writer;

pub mod checksum;
pub mod flow;
pub mod headroom;

// Link layer.
pub mod arista;
pub mod arp;
pub mod capture_link;
pub mod ethernet;
pub mod llc;
pub mod mpls;
pub mod vlan;

// Network layer.
pub mod gre;
pub mod icmpv4;
pub mod icmpv6;
pub mod ip;
pub mod ipv4;
pub mod ipv6;
pub mod ipv6_extension;
pub mod ndp;

// Transport layer, and what tunnels build on.
pub mod ecn;
pub mod icmp_relay;
pub mod ip_tunnel;
pub mod outer;
pub mod tcp;
pub mod udp;
pub mod vni;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use error::{Error, LayerName, Rule};
pub use headroom::Headroom;
#[doc(hidden)]
pub use zerocopy;
