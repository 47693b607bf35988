#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod dsr;
pub mod identity;

pub use ether_ip::Error;
pub use identity::Identity;
