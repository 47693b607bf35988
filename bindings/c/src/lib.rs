//! The codecs for C. `include/container_codecs.h` is made of this by `cargo run -p generate`.
//!
//! Every function says what it does with what is wrong: a null pointer where one is needed is [`Status::Null`], and no panic crosses the
//! border. A function may be called by several threads at once unless it takes a pointer to something that changes; then one thread at a
//! time may have that.
#![allow(clippy::result_large_err, reason = "errors are values of a size that C knows, and nobody makes many")]

mod bgp;
mod border;
mod capture;
mod checksum;
mod decapsulator;
mod dissector;
mod error;
mod flannel;
mod flow;
mod leases;
mod memory;
mod rewrite;
mod segments;
mod table;
mod tunnel;
mod walk;

pub use bgp::*;
pub use capture::*;
pub use checksum::*;
pub use decapsulator::*;
pub use dissector::*;
pub use error::*;
pub use flannel::*;
pub use flow::*;
pub use leases::*;
pub use memory::*;
pub use rewrite::*;
pub use table::*;
pub use tunnel::*;
pub use walk::*;
