#![cfg_attr(not(feature = "capture"), no_std)]
#![doc = include_str!("../README.md")]

#[cfg(all(any(test, feature = "arbitrary"), not(feature = "capture")))]
extern crate std;

// Floor 0: how packets begin, what carries tunnels, BGP in TCP, and text from outside.
pub mod bgp;
mod link_type;
mod outside;
mod tunnels;

// Floor 1: what a layer is.
mod layer;

// Floor 2: the walk from layer to layer, and each in a line.
mod summary;
mod walk;

// Floor 3: a packet, and the fields of its layers.
pub mod fields;
mod packet;

// Floor 4: captures, packets opened or put together, and packets built again.
#[cfg(feature = "capture")]
pub mod capture;
#[cfg(feature = "cli")]
mod conversations;
#[cfg(feature = "opening")]
pub mod opening;
#[cfg(feature = "capture")]
pub mod reassembly;
#[cfg(feature = "capture")]
pub mod verify;

// Floor 5: the program.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

#[cfg(feature = "capture")]
pub use capture::{Capture, CaptureError, CapturedPacket, Record, SkippedBlocks, Timestamp};
#[cfg(feature = "cli")]
pub use cli::dissector::Dissector;
#[cfg(feature = "cli")]
pub use cli::doctor::{Doctor, Evidence, Finding, Frame, Gravity};
pub use layer::{FromLayer, Layer, LayerKind};
pub use link_type::LinkType;
pub use outside::Outside;
pub use packet::Packet;
pub use tunnels::{TcpPorts, TcpProtocol, Tunnel, Tunnels};
pub use walk::{Error, Layers, MAX_LAYERS, layers};
