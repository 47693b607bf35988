//! Prefixes of VPNs: labels, a route distinguisher, a prefix (RFC 4364 §4.3, RFC 4659 §3); without labels for their
//! multicast (RFC 6513 §5.1.1).
//!
//! ```text
//!  0       8               32                                              96
//!  +-------+---------------+-----------------------------------------------+-----------+
//!  | length| labels …      | route distinguisher                           | prefix …  |
//!  +-------+---------------+-----------------------------------------------+-----------+
//! ```

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::{Family, Safi};
use crate::nlri::labeled::{Labels, bit_len, read_labels, write_labels};
use crate::prefix::IpPrefix;
use crate::wire::Reader;

/// What tells the equal prefixes of two VPNs apart (RFC 4364 §4.2).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct RouteDistinguisher(pub [u8; 8]);

impl RouteDistinguisher {
    /// Type 0: a 2-octet AS and a number.
    #[must_use]
    pub const fn of_as(as_number: u16, number: u32) -> Self {
        let ([a, b], [c, d, e, f]) = (as_number.to_be_bytes(), number.to_be_bytes());
        Self([0, 0, a, b, c, d, e, f])
    }

    /// Type 1: an address and a number.
    #[must_use]
    pub const fn of_address(address: Ipv4Addr, number: u16) -> Self {
        let ([a, b, c, d], [e, f]) = (address.octets(), number.to_be_bytes());
        Self([0, 1, a, b, c, d, e, f])
    }

    /// Type 2: a 4-octet AS and a number.
    #[must_use]
    pub const fn of_four_octet_as(as_number: u32, number: u16) -> Self {
        let ([a, b, c, d], [e, f]) = (as_number.to_be_bytes(), number.to_be_bytes());
        Self([0, 2, a, b, c, d, e, f])
    }

    /// The type.
    #[must_use]
    pub const fn kind(self) -> u16 {
        let [a, b, ..] = self.0;
        u16::from_be_bytes([a, b])
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        from.array().map(Self)
    }
}

impl fmt::Display for RouteDistinguisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, a, b, c, d, e, g] = self.0;
        let long = u32::from_be_bytes([a, b, c, d]);
        let short = u16::from_be_bytes([e, g]);
        match self.kind() {
            0 => write!(f, "{}:{}", u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, g])),
            1 => write!(f, "{}:{short}", Ipv4Addr::from_bits(long)),
            2 => write!(f, "{long}:{short}"),
            _ => crate::nlri::hex(&self.0, f),
        }
    }
}

impl fmt::Debug for RouteDistinguisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A VPN's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vpn<'a> {
    /// The labels, the outermost first; none in multicast.
    pub labels: Labels<'a>,
    /// Whose prefix it is.
    pub distinguisher: RouteDistinguisher,
    /// The prefix.
    pub prefix: IpPrefix,
}

impl<'a> Vpn<'a> {
    pub(crate) fn read(family: Family, from: &mut Reader<'a>) -> Result<Self, Error> {
        let mut bits = from.u8()?;
        let labels = if family.safi == Safi::VPN { read_labels(from, &mut bits)? } else { &[] };
        let of_prefix = bits
            .checked_sub(64)
            .ok_or_else(|| from.malformed("bits for a distinguisher", u32::from(bits), Rule::AtLeast(64)))?;
        let distinguisher = RouteDistinguisher::read(from)?;
        Ok(Self { labels, distinguisher, prefix: IpPrefix::read_bits(family.afi, from, of_prefix)? })
    }

    /// Writes length, labels, distinguisher and prefix.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are more labels than the length has room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let bits = bit_len(to, self.labels, 64 + usize::from(self.prefix.len()))?;
        to.u8(bits)?.put(self.labels.as_bytes())?.put(&self.distinguisher.0)?;
        self.prefix.write_bits(to)
    }
}

impl fmt::Display for Vpn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.distinguisher, self.prefix)?;
        write_labels(self.labels, f)
    }
}
