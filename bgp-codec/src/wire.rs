//! Reading a field at a time: what the files of this crate share. Writing is [`ether_ip::writer`].

use core::fmt;

use ether_ip::{Error, LayerName, Rule};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// The bytes of one element, taken from the front. Nobody outside can name it: it is public for the traits that read from it.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    layer: LayerName,
    rest: &'a [u8],
    len: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(crate) fn new(layer: LayerName, bytes: &'a [u8]) -> Self {
        Self { layer, rest: bytes, len: bytes.len() }
    }

    #[inline]
    pub(crate) fn layer(&self) -> LayerName {
        self.layer
    }

    /// What was not taken yet.
    #[inline]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes were taken.
    fn read(&self) -> usize {
        self.len.saturating_sub(self.rest.len())
    }

    #[cold]
    fn truncated(&self, more: usize) -> Error {
        Error::Truncated { layer: self.layer, needed: self.read().saturating_add(more), available: self.len }
    }

    /// An error that says what is wrong with a field.
    #[cold]
    pub(crate) fn malformed(&self, field: &'static str, value: u32, rule: Rule) -> Error {
        Error::Malformed { layer: self.layer, field, value, rule }
    }

    #[inline]
    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.truncated(len));
        };
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let Some((taken, rest)) = self.rest.split_first_chunk() else {
            return Err(self.truncated(N));
        };
        self.rest = rest;
        Ok(*taken)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        self.array().map(|[byte]| byte)
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    /// Nothing may be left.
    #[inline]
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(self.malformed("length", self.len as u32, Rule::Exactly(self.read() as u32)))
    }
}

/// A value of exactly `N` bytes.
#[inline]
pub(crate) fn exactly<const N: usize>(layer: LayerName, bytes: &[u8]) -> Result<[u8; N], Error> {
    bytes.try_into().map_err(|_| length_must_be(layer, bytes.len(), Rule::Exactly(N as u32)))
}

/// An error that says what length was allowed.
#[cold]
pub(crate) fn length_must_be(layer: LayerName, len: usize, rule: Rule) -> Error {
    Error::Malformed { layer, field: "length", value: len as u32, rule }
}

/// One or more items of one size that fill the bytes.
#[inline]
//= RFC 7606 §4/zero
pub(crate) fn list<T>(layer: LayerName, bytes: &[u8]) -> Result<&[T], Error>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned,
{
    match <[T]>::ref_from_bytes(bytes) {
        Ok(items) if !items.is_empty() => Ok(items),
        _ => Err(length_must_be(layer, bytes.len(), Rule::PositiveMultipleOf(size_of::<T>() as u32))),
    }
}

/// Items of one size that fill the bytes, if they do.
#[inline]
pub(crate) fn items<T>(bytes: &[u8]) -> Option<&[T]>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned,
{
    <[T]>::ref_from_bytes(bytes).ok()
}

/// Bytes as `0x…`.
pub(crate) fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}
