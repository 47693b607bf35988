//! What is told of a prefix.

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::LINK_STATE;
use super::node::flags;
use super::value::Value;
use crate::wire::length_must_be;

flags! {
    /// Flags of a prefix (RFC 9552 §5.3.3.1).
    IgpFlags {
        /// From one level or area down to another.
        DOWN = 0x80, "D";
        /// Not for unicast.
        NO_UNICAST = 0x40, "N";
        /// A node's own address.
        LOCAL_ADDRESS = 0x20, "L";
        /// Passed on by a not-so-stubby area.
        PROPAGATE = 0x10, "P";
    }
}

/// An address of either family, told apart by its length.
impl Value<'_> for IpAddr {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
            (Ok(octets), _) => Ok(octets.into()),
            (_, Ok(octets)) => Ok(octets.into()),
            _ => {
                let rule = if bytes.len() < 16 { Rule::Exactly(4) } else { Rule::Exactly(16) };
                Err(length_must_be(LINK_STATE, bytes.len(), rule))
            }
        }
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::V4(address) => to.put(&address.octets())?,
            Self::V6(address) => to.put(&address.octets())?,
        };
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
