//! The codec crates' own headers, over a packet as a program in the kernel sees it.
//!
//! The verifier takes no slice: it learns which bytes are there when a pointer is compared with `data_end`, and forgets it when the pointer
//! is moved by more than it knows. A [`Cursor`] makes that comparison before each header, once, and hands out the header itself, to be read
//! and written: what stands behind the names is what `ether-ip` and its siblings say in user space.
//!
//! ```
//! use packet_cursor::Cursor;
//!
//! # let mut bytes = *b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\x45\0\0\x1c\0\0\x40\0\x40\x11\xb6\xcd\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\x12\xb5\0\x08\0\0";
//! // In a program: `Cursor::of(&ctx)`, with the feature `aya`.
//! let mut cursor = Cursor::over(&mut bytes);
//! let port = (|| {
//!     let frame = cursor.ethernet()?;
//!     let ip = cursor.ip(frame.ether_type)?;
//!     let udp = cursor.udp(&ip)?;
//!     Some(udp.destination_port())
//! })();
//! assert_eq!(port, Some(4789));
//! ```
#![no_std]

// Floor 0: the one place where bytes become headers.
mod cursor;

// Floor 1: headers behind one another.
mod layers;

// Floor 2: what is made of them.
mod checksum;
mod entropy;

pub use cursor::{Cursor, Header};
pub use layers::{Ethernet, Geneve, Ip, IpHeader, MAX_EXTENSIONS, MAX_TAGS};
