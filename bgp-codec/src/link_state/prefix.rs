//! What is told of a prefix.

use core::fmt;
use core::net::IpAddr;

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::value::{Part, Value, flags};
use crate::value::address::{read_bare_address, write_bare_address};
use crate::wire::Reader;

flags! {
    /// Flags of a prefix (RFC 9552 §5.3.3.1).
    IgpFlags(u8) {
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
impl Part<'_> for IpAddr {
    fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
        read_bare_address(from)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        write_bare_address(*self, to)
    }
}

impl Value<'_> for IpAddr {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
