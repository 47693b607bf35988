#![cfg_attr(not(feature = "capture"), no_std)]
#![doc = include_str!("../README.md")]

#[cfg(all(any(test, feature = "arbitrary"), not(feature = "capture")))]
extern crate std;

pub mod bgp;
#[cfg(feature = "capture")]
pub mod capture;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod fields;
mod layer;
mod link_type;
mod packet;
mod summary;
mod tunnels;
#[cfg(feature = "capture")]
pub mod verify;
mod walk;

#[cfg(feature = "capture")]
pub use capture::{Capture, CaptureError, CapturedPacket, Record, Timestamp};
pub use layer::{FromLayer, Layer};
pub use link_type::LinkType;
pub use packet::Packet;
pub use tunnels::{Tunnel, Tunnels};
pub use walk::{Error, Layers, MAX_LAYERS, layers};
