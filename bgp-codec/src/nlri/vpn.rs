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

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::IntoBytes;

use crate::family::{Family, Safi};
pub use crate::value::distinguisher::RouteDistinguisher;
use crate::value::label::{Labels, bit_len, read_labels, write_labels};
use crate::value::prefix::IpPrefix;
use crate::wire::Reader;

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
