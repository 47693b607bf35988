//! Prefixes with MPLS labels (RFC 8277 §2).
//!
//! ```text
//!  0       8                       32
//!  +-------+-----------------------+-----------------+
//!  | length| label         | TC  |S| prefix …        |
//!  +-------+-----------------------+-----------------+
//! ```
//!
//! The length counts the bits of labels and prefix. There is one label, or several, or three bytes that mean nothing:
//! [`LabelFormat`](crate::nlri::LabelFormat).

use core::fmt;

use ether_ip::Error;
use ether_ip::writer::Writer;

pub use crate::value::label::{Label, Labels};
use crate::value::label::{put_labels, read_labels, write_labels};
use crate::value::prefix::IpPrefix;
use crate::value::route_format::RouteFormat;
use crate::wire::Reader;

/// A prefix with labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Labeled<'a> {
    /// The labels, the outermost first; where the route is withdrawn, what stands in their place.
    pub labels: Labels<'a>,
    /// The prefix.
    pub prefix: IpPrefix,
}

impl<'a> Labeled<'a> {
    pub(crate) fn read(format: RouteFormat, from: &mut Reader<'a>) -> Result<Self, Error> {
        let (afi, mut bits) = (format.family.afi, from.u8()?);
        let labels = read_labels(format.labels, IpPrefix::max_len(afi), from, &mut bits)?;
        Ok(Self { labels, prefix: IpPrefix::read_bits(afi, from, bits)? })
    }

    /// Writes length, labels and prefix. The last label has the S bit, whatever its own says, and no other has.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are more labels than the length has room for, or more or fewer than the
    /// format has, or if the prefix is not of the family.
    pub fn write(&self, format: RouteFormat, to: &mut Writer<'_>) -> Result<(), Error> {
        self.prefix.must_be_of(format.family.afi, to)?;
        put_labels(self.labels, format.labels, usize::from(self.prefix.len()), to)?;
        self.prefix.write_bits(to)
    }
}

impl fmt::Display for Labeled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.prefix.fmt(f)?;
        write_labels(self.labels, f)
    }
}
