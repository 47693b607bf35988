//! Prefixes with MPLS labels (RFC 8277 §2).
//!
//! ```text
//!  0       8                       32
//!  +-------+-----------------------+-----------------+
//!  | length| label         | TC  |S| prefix …        |
//!  +-------+-----------------------+-----------------+
//! ```
//!
//! The length counts the bits of labels and prefix. Labels go on until one has the S bit, or is one of the two values
//! that stand for none in a withdrawal: 0x800000 (RFC 8277 §2.4) and 0x000000 (deployed before it).

use core::fmt;

use ether_ip::Error;
use ether_ip::writer::Writer;
use zerocopy::IntoBytes;

use crate::family::Afi;
pub use crate::value::label::{Label, Labels};
use crate::value::label::{bit_len, read_labels, write_labels};
use crate::value::prefix::IpPrefix;
use crate::wire::Reader;

/// A prefix with labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Labeled<'a> {
    /// The labels, the outermost first.
    pub labels: Labels<'a>,
    /// The prefix.
    pub prefix: IpPrefix,
}

impl<'a> Labeled<'a> {
    pub(crate) fn read(afi: Afi, from: &mut Reader<'a>) -> Result<Self, Error> {
        let mut bits = from.u8()?;
        let labels = read_labels(from, &mut bits)?;
        Ok(Self { labels, prefix: IpPrefix::read_bits(afi, from, bits)? })
    }

    /// Writes length, labels and prefix.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are more labels than the length has room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let bits = bit_len(to, self.labels, usize::from(self.prefix.len()))?;
        to.u8(bits)?.put(self.labels.as_bytes())?;
        self.prefix.write_bits(to)
    }
}

impl fmt::Display for Labeled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.prefix.fmt(f)?;
        write_labels(self.labels, f)
    }
}
