#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "crypto")]
pub mod crypto;
pub mod peer;
pub mod replay;
pub mod sleeve;

pub use ether_ip::Error;
pub use peer::{FAST_DATAPATH_PORT, FastDatapathPeers, PeerName, ShortId};
pub use sleeve::{
    EncryptedBody, FrameKind, Frames, PORT, SLEEVE, Sequence, SleeveFrame, SleeveHeader, SleevePacket, SleeveWriter,
};
