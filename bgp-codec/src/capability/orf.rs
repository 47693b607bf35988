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

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::family::Family;
use crate::value::orf_type::OrfType;
use crate::wire::items;

/// A filter type, and whether it is sent or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct OrfMode {
    kind: u8,
    mode: u8,
}

impl OrfMode {
    /// The filter type.
    #[must_use]
    pub const fn kind(&self) -> OrfType {
        OrfType(self.kind)
    }

    /// 1: the speaker takes such filters, 2: it sends them, 3: both.
    #[must_use]
    pub const fn mode(&self) -> u8 {
        self.mode
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

/// Families with their filters. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrfFamilies<'a> {
    rest: &'a [u8],
}

impl<'a> OrfFamilies<'a> {
    pub(crate) fn parse(value: &'a [u8]) -> Option<Self> {
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
