//! The codecs for C. `include/container_codecs.h` is made of this by `cargo run -p generate`.
//!
//! Every function says what it does with what is wrong: a null pointer where one is needed is [`Status::Null`], and no panic crosses the
//! border. A function may be called by several threads at once unless it takes a pointer to something that changes; then one thread at a
//! time may have that.
#![allow(clippy::result_large_err, reason = "errors are values of a size that C knows, and nobody makes many")]

mod bgp;
mod border;
mod capture;
mod dissector;
mod error;
mod table;
mod walk;

pub use bgp::*;
pub use capture::*;
pub use dissector::*;
pub use error::*;
pub use table::*;
pub use walk::*;
