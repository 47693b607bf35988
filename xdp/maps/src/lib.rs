//! What the programs in the kernel and what loads them tell each other: keys and values of maps, as they stand in memory.
#![no_std]

mod address;
mod meter;
mod redirect;
mod sink;
mod vtep;

pub use address::Address;
pub use meter::{Count, Flow, Tunnel};
pub use redirect::End;
pub use sink::Sunk;
pub use vtep::{MAX_HEADERS, Receiver, Remote, Template};
