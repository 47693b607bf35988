//! Labels as they are in packets (RFC 9012 §3.6, RFC 9830 §2.4.4.2.1).

use core::fmt;

use ether_ip::Error;
use ether_ip::mpls::MplsLabel;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::wire::Reader;

/// A label as it is in a packet: with traffic class, S bit and time to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct StackEntry(pub MplsLabel);

impl StackEntry {
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        from.array::<4>().map(|bytes| zerocopy::transmute!(bytes))
    }
}

impl fmt::Display for StackEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.label())?;
        match (self.0.traffic_class(), self.0.ttl()) {
            (0, 0) => Ok(()),
            (class, ttl) => write!(f, " tc {class} ttl {ttl}"),
        }
    }
}
