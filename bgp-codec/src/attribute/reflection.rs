//! ORIGINATOR_ID and CLUSTER_LIST: what keeps reflected routes from going round (RFC 4456 §8).
//!
//! ORIGINATOR_ID is a BGP identifier; CLUSTER_LIST is one or more 4-byte cluster identifiers, the last one first.

use core::fmt;
use core::net::Ipv4Addr;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A cluster of a route reflector and its clients.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[repr(transparent)]
pub struct ClusterId(pub [u8; 4]);

impl From<Ipv4Addr> for ClusterId {
    fn from(identifier: Ipv4Addr) -> Self {
        Self(identifier.octets())
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ipv4Addr::from(self.0).fmt(f)
    }
}

impl fmt::Debug for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
