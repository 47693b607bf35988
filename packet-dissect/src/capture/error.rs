//! Why a capture cannot be read, or no further.

use std::{fmt, io};

/// The longest record or block that is believed, with its header. libpcap writes none over 256 KiB, but for segmentation offload's.
pub(super) const MAX_RECORD_LEN: usize = (1 << 22) - 1;
/// As many interfaces as are believed to be in a section of a pcapng file.
pub(super) const MAX_INTERFACES: usize = 1 << 16;

/// Why a capture cannot be read, or no further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is not a byte in it.
    #[error("the capture is empty")]
    Empty,
    /// The first bytes are neither pcap's nor pcapng's.
    #[error("not a capture: it begins with {magic:#010x}, neither pcap nor pcapng")]
    NotACapture {
        /// The first four bytes, big-endian.
        magic: u32,
    },
    /// The file ends within its header or a record; all packets before that were given.
    #[error("the capture is cut short: it ends within {what}")]
    CutShort {
        /// What it ends in.
        what: Place,
    },
    /// A record claims to be longer than is believable.
    #[error("the capture is broken: {what}: {field} is {value}, it must be at most {limit}")]
    TooLong {
        /// Which one it is.
        what: Place,
        /// Which length.
        field: &'static str,
        /// What it claims.
        value: u32,
        /// What is believed.
        limit: u32,
    },
    /// A record or block contradicts itself.
    #[error("the capture is broken: {what} contradicts itself")]
    Broken {
        /// Which one it is.
        what: Place,
    },
    /// A section of a pcapng file describes more interfaces than are believable.
    #[error("the capture is broken: {what} describes one interface more than {MAX_INTERFACES}")]
    TooManyInterfaces {
        /// Which block it is.
        what: Place,
    },
    /// A pcapng packet of an interface that was not described.
    #[error("the capture is broken: packet {number} is of interface {interface}, which is not described")]
    NoInterface {
        /// The packet, counted from 1.
        number: u64,
        /// The interface, counted from 0.
        interface: u32,
    },
}

/// A place in a capture, for an error to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The file's header.
    Header,
    /// The record behind this many packets.
    Behind(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("the file's header"),
            Self::Behind(0) => f.write_str("the first record"),
            Self::Behind(packets) => write!(f, "the record behind packet {packets}"),
        }
    }
}
