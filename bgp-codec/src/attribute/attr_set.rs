//! ATTR_SET: a customer's attributes, through a provider's network (RFC 6368 §5).
//!
//! ```text
//!  0                               32
//!  +-------------------------------+-----------------+
//!  | origin AS                     | attributes …    |
//!  +-------------------------------+-----------------+
//! ```

use ether_ip::{Error, LayerName, Rule};

use super::list::Attributes;
use crate::wire::{Reader, length_must_be};

/// ATTR_SET, as an error names it.
pub const ATTR_SET: LayerName = LayerName::new("ATTR_SET");

/// A customer's attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttrSet<'a> {
    /// The customer's AS.
    pub origin_as: u32,
    /// The attributes, in which AS numbers have four bytes: [`values`](Self::values) reads them.
    pub attributes: Attributes<'a>,
}

impl<'a> AttrSet<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// RFC 6368 §5 with RFC 7606 §7.16: [`Error::Truncated`] under 4 bytes, [`Error::Malformed`] if an attribute goes past the end.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(ATTR_SET, bytes);
        let origin_as = reader.u32()?;
        let attributes = Attributes::new(reader.rest(), 0);
        let mut all = attributes;
        all.by_ref().for_each(drop);
        match all.as_bytes().len() {
            0 => Ok(Self { origin_as, attributes }),
            cut => Err(length_must_be(ATTR_SET, bytes.len(), Rule::AtMost(bytes.len().saturating_sub(cut) as u32))),
        }
    }
}
