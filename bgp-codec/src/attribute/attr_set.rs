//! ATTR_SET: a customer's attributes, through a provider's network (RFC 6368 §5).
//!
//! ```text
//!  0                               32
//!  +-------------------------------+-----------------+
//!  | origin AS                     | attributes …    |
//!  +-------------------------------+-----------------+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::body::Body;
use super::list::Attributes;
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::wire::{Reader, hex, length_must_be};

/// A customer's attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttrSet<'a> {
    /// The customer's AS.
    pub origin_as: u32,
    /// The attributes, in which AS numbers have four bytes.
    pub attributes: Attributes<'a>,
}

impl<'a> Body<'a> for AttrSet<'a> {
    fn read(layer: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        let mut reader = Reader::new(layer, bytes);
        let origin_as = reader.u32()?;
        let attributes = Attributes::new(reader.rest(), 0);
        let mut all = attributes;
        all.by_ref().for_each(drop);
        match all.as_bytes().len() {
            0 => Ok(Self { origin_as, attributes }),
            cut => Err(length_must_be(layer, bytes.len(), Rule::AtMost(bytes.len().saturating_sub(cut) as u32))),
        }
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(self.origin_as)?.put(self.attributes.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin_as)?;
        self.attributes.into_iter().try_for_each(|attribute| {
            write!(f, " {}=", attribute.kind)?;
            hex(attribute.value, f)
        })
    }
}
