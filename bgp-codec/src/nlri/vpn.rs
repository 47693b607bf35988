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

use crate::family::Safi;
pub use crate::value::distinguisher::RouteDistinguisher;
use crate::value::label::{Labels, put_labels, read_labels, write_labels};
use crate::value::prefix::IpPrefix;
use crate::value::route_format::RouteFormat;
use crate::wire::Reader;

/// A VPN's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vpn<'a> {
    /// The labels, the outermost first; none in multicast. Where the route is withdrawn, what stands in their place.
    pub labels: Labels<'a>,
    /// Whose prefix it is.
    pub distinguisher: RouteDistinguisher,
    /// The prefix.
    pub prefix: IpPrefix,
}

impl<'a> Vpn<'a> {
    pub(crate) fn read(format: RouteFormat, from: &mut Reader<'a>) -> Result<Self, Error> {
        let (family, mut bits) = (format.family, from.u8()?);
        let labels = match family.safi {
            Safi::VPN => read_labels(format.labels, 64 + IpPrefix::max_len(family.afi), from, &mut bits)?,
            _ => &[],
        };
        let of_prefix = bits
            .checked_sub(64)
            .ok_or_else(|| from.malformed("bits for a distinguisher", u32::from(bits), Rule::AtLeast(64)))?;
        let distinguisher = RouteDistinguisher::read(from)?;
        Ok(Self { labels, distinguisher, prefix: IpPrefix::read_bits(family.afi, from, of_prefix)? })
    }

    /// Writes length, labels, distinguisher and prefix. The last label has the S bit, whatever its own says, and no other has.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are more labels than the length has room for, or more or fewer than the
    /// format has, which are none in multicast, or if the prefix is not of the family.
    pub fn write(&self, format: RouteFormat, to: &mut Writer<'_>) -> Result<(), Error> {
        self.prefix.must_be_of(format.family.afi, to)?;
        let len = 64 + usize::from(self.prefix.len());
        if format.family.safi == Safi::VPN_MULTICAST {
            to.layer().check("number of labels", self.labels.len(), &[Rule::Exactly(0)])?;
            to.u8(to.layer().fit_u8("prefix length", len)?)?;
        } else {
            put_labels(self.labels, format.labels, len, to)?;
        }
        to.put(&self.distinguisher.0)?;
        self.prefix.write_bits(to)
    }
}

impl fmt::Display for Vpn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.distinguisher, self.prefix)?;
        write_labels(self.labels, f)
    }
}
