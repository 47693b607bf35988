#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

// Floor 0: who talks.
pub mod peer;

// Floor 1: the sleeve's packets.
pub mod sleeve;

// Floor 2: how they are sealed, and seen once only.
#[cfg(feature = "crypto")]
pub mod crypto;
pub mod replay;

// Floor 3: packets to fuzz with.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use ether_ip::Error;
pub use peer::{FAST_DATAPATH_PORT, FastDatapathHeartbeat, FastDatapathPeers, PeerName, ShortId};
pub use sleeve::{
    EncryptedBody, FrameKind, Frames, PORT, SLEEVE, Sequence, SleeveFrame, SleeveHeader, SleevePacket, SleeveWriter,
};
