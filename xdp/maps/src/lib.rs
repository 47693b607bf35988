//! What the programs in the kernel and what loads them tell each other: keys and values of maps, as they stand in memory.
#![no_std]

mod address;
mod balancer;
mod drops;
mod meter;
mod redirect;
mod sink;
mod vtep;

pub use address::Address;
pub use balancer::{Changes, Client, End, Hop, MAX_DSR, Pod, Service, Talk, Turn};
pub use drops::{KINDS, Kind, MAX_SAMPLED, Sample, Settings, Tally};
pub use meter::{Count, Flow, Tunnel};
pub use redirect::TunnelEnd;
pub use sink::Sunk;
pub use vtep::{MAX_HEADERS, Receiver, Remote, Template};
