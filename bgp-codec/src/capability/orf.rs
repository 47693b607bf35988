//! Outbound route filtering: which filters a speaker sends or takes, by family (RFC 5291 §5).
//!
//! ```text
//!  0               16      24      32      40
//!  +---------------+-------+-------+-------+
//!  | AFI           | reserv| SAFI  | number|
//!  +-------+-------+-------+-------+-------+
//!  | ORF   | mode  |   as many times as the number says
//!  +-------+-------+
//! ```

use ether_ip::writer::Writer;
use ether_ip::{Error, open_set};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::Family;
use crate::value::orf_type::OrfType;
use crate::wire::items;

open_set! {
    /// What a speaker does with filters of a type (RFC 5291 §5).
    pub struct OrfDirection(u8) {
        /// It takes them.
        RECEIVE = 1, "receive";
        /// It sends them.
        SEND = 2, "send";
        /// Both.
        BOTH = 3, "send and receive";
    }
}

/// A filter type, and whether it is sent or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct OrfMode {
    kind: u8,
    mode: u8,
}

impl OrfMode {
    /// What is done with filters of a type.
    #[must_use]
    pub const fn new(kind: OrfType, mode: OrfDirection) -> Self {
        Self { kind: kind.0, mode: mode.0 }
    }

    /// The filter type.
    #[must_use]
    pub const fn kind(&self) -> OrfType {
        OrfType(self.kind)
    }

    /// Whether the speaker sends or takes such filters.
    #[must_use]
    pub const fn mode(&self) -> OrfDirection {
        OrfDirection(self.mode)
    }
}

/// A family with its filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrfFamily<'a> {
    /// The family.
    pub family: Family,
    /// Its filters.
    pub modes: &'a [OrfMode],
}

impl OrfFamily<'_> {
    /// Writes the family and its filters: what [`OrfFamilies::new`] takes has as many of them as there are families.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are more than 255 filters.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let number = to.layer().fit_u8("number of filters", self.modes.len())?;
        to.u16(self.family.afi.0)?.u8(0)?.u8(self.family.safi.0)?.u8(number)?.put(self.modes.as_bytes())?;
        Ok(())
    }
}

/// Families with their filters. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrfFamilies<'a> {
    rest: &'a [u8],
}

impl<'a> OrfFamilies<'a> {
    /// A capability's value. `None` if a family or its filters are cut.
    #[must_use]
    pub fn new(value: &'a [u8]) -> Option<Self> {
        let mut families = Self { rest: value };
        while families.next().is_some() {}
        families.rest.is_empty().then_some(Self { rest: value })
    }

    /// What was not read yet, as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for OrfFamilies<'a> {
    type Item = OrfFamily<'a>;

    fn next(&mut self) -> Option<OrfFamily<'a>> {
        let (&[high, low, _, safi, number], behind) = self.rest.split_first_chunk()?;
        let (modes, rest) = behind.split_at_checked(usize::from(number) * 2)?;
        self.rest = rest;
        Some(OrfFamily { family: Family::new(u16::from_be_bytes([high, low]), safi), modes: items(modes)? })
    }
}
