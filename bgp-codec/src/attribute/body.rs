//! What an attribute's value is, whichever it is: it can be read, written and said.

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::wire::{exactly, list};

/// What stands behind an attribute's type and length.
pub(crate) trait Body<'a>: Sized {
    /// Reads all of `bytes`, as the session agreed. Errors speak of `layer`.
    fn read(layer: LayerName, bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error>;

    /// Writes it, with AS numbers of `size` bytes.
    fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error>;

    /// Says it in words.
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A number of four bytes.
impl Body<'_> for u32 {
    #[inline]
    fn read(layer: LayerName, bytes: &[u8], _: &Negotiated) -> Result<Self, Error> {
        exactly::<4>(layer, bytes).map(Self::from_be_bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(*self)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address, or an identifier that looks like one.
impl Body<'_> for Ipv4Addr {
    #[inline]
    fn read(layer: LayerName, bytes: &[u8], _: &Negotiated) -> Result<Self, Error> {
        exactly::<4>(layer, bytes).map(Self::from)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&self.octets())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One or more items of one size.
impl<'a, T> Body<'a> for &'a [T]
where
    T: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + fmt::Display,
{
    #[inline]
    fn read(layer: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        list(layer, bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        spaced(*self, f)
    }
}

/// Items with a space between.
pub(super) fn spaced<T: fmt::Display>(items: impl IntoIterator<Item = T>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    items.into_iter().enumerate().try_for_each(|(n, item)| write!(f, "{}{item}", if n == 0 { "" } else { " " }))
}
