#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod control;
pub mod forward;
pub mod frame;
#[cfg(feature = "lease")]
pub mod lease;
#[cfg(feature = "alloc")]
mod longest_prefix;
pub mod routes;

pub use control::{ByteOrder, Control, ControlRecord};
pub use ether_ip::Error;
pub use forward::{Answer, Forwarding, MAX_ANSWER, Node, Reason, Style};
pub use frame::{FLANNEL_UDP, FlannelFrame, OVERHEAD, PORT, inner_mtu};
pub use ipnet;
#[cfg(feature = "alloc")]
pub use longest_prefix::LongestPrefix;
pub use routes::{FirstMatch, Routes, SubnetRoute};
