#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

// Floor 0: a datagram, and the table that says where it goes.
pub mod frame;
pub mod routes;

// Floor 1: the step that forwards it, and what fills the table.
pub mod control;
pub mod forward;
#[cfg(feature = "lease")]
pub mod lease;
#[cfg(feature = "alloc")]
mod longest_prefix;

// Floor 2: packets and records to fuzz with.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use control::{ByteOrder, Control, ControlRecord};
pub use ether_ip::Error;
pub use forward::{Answer, Forwarding, MAX_ANSWER, Node, Reason, Style};
pub use frame::{FLANNEL_UDP, FlannelFrame, OVERHEAD, PORT, inner_mtu};
pub use ipnet;
#[cfg(feature = "alloc")]
pub use longest_prefix::LongestPrefix;
pub use routes::{FirstMatch, Routes, SubnetRoute};
