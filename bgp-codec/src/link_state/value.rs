//! What a TLV's value is, whichever it is: it can be read, written and said.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::LINK_STATE;
use crate::wire::{length_must_be, list};

/// What stands behind a TLV's type and length.
pub(crate) trait Value<'a>: Sized {
    /// Reads all of `bytes`.
    fn read(bytes: &'a [u8]) -> Result<Self, Error>;

    /// Writes it.
    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error>;

    /// Says it in words.
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Something that has one size, where it stands.
impl<'a, T> Value<'a> for &'a T
where
    T: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + fmt::Display,
{
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        T::ref_from_bytes(bytes)
            .map_err(|_| length_must_be(LINK_STATE, bytes.len(), Rule::Exactly(size_of::<T>() as u32)))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One or more items of one size.
impl<'a, T> Value<'a> for &'a [T]
where
    T: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + fmt::Display,
{
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        list(LINK_STATE, bytes)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().enumerate().try_for_each(|(n, item)| write!(f, "{}{item}", if n == 0 { "" } else { "," }))
    }
}
