#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

// Floor 0: what every protocol is read, built and refused with.
pub mod error;
pub mod headroom;
pub mod open_set;
pub mod view;
pub mod writer;

// Floor 1: what several protocols share, and buffers that grow.
pub mod checksum;
pub mod ip;
pub mod multicast;
mod options;
#[cfg(any(feature = "alloc", feature = "bytes"))]
mod owned;
pub mod vni;

// Floor 2: the link layer.
pub mod arista;
pub mod arp;
pub mod capture_link;
pub mod ethernet;
pub mod llc;
pub mod mpls;
pub mod nflog;
pub mod ppp;
pub mod service_instance;
pub mod vlan;
pub mod vn_tag;

// Floor 3: the network layer.
pub mod gre;
pub mod ipv4;
pub mod ipv6;
pub mod ipv6_extension;

// Floor 4: what IP carries, and what stands in UDP to carry IP.
pub mod esp;
pub mod gtp_u;
pub mod icmpv4;
pub mod icmpv6;
pub mod igmp;
pub mod mld;
pub mod ndp;
pub mod sflow;
pub mod tcp;
pub mod udp;
pub mod wireguard;

// Floor 5: what looks into a packet, whatever its layers are.
pub mod ecn;
pub mod flow;
pub mod headers;
pub mod stack;

// Floor 6: tunnels.
pub mod icmp_relay;
pub mod ip_tunnel;
pub mod outer;

// Floor 7: packets changed in place, whatever carries them.
pub mod rewrite;

// Floor 8: packets to fuzz with.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use error::{Error, LayerName, Rule};
pub use headroom::{Headroom, PacketBuffer};
#[doc(hidden)]
pub use zerocopy;
