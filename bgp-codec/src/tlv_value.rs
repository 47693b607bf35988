//! What a TLV's value is, whichever it is: it can be read, written and said. A table makes a set of types and the sum of their values.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::tlv::{Tlv, Tlvs};
use crate::wire::{exactly, length_must_be, list};

/// What stands behind a TLV's type and length.
pub(crate) trait Value<'a>: Sized {
    /// Reads all of `bytes`. Errors speak of `layer`.
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error>;

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
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        T::ref_from_bytes(bytes).map_err(|_| length_must_be(layer, bytes.len(), Rule::Exactly(size_of::<T>() as u32)))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self.as_bytes()])
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
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        list(layer, bytes)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self.as_bytes()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().enumerate().try_for_each(|(n, item)| write!(f, "{}{item}", if n == 0 { "" } else { "," }))
    }
}

/// Numbers and addresses of one size.
macro_rules! of_one_size {
    ($($type:ty, $make:path, $bytes:path;)*) => {
        $(impl Value<'_> for $type {
            fn read(layer: LayerName, bytes: &[u8]) -> Result<Self, Error> {
                exactly(layer, bytes).map($make)
            }

            fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.write_all(&[&$bytes(*self)])
            }

            fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        })*
    };
}

of_one_size! {
    u16, u16::from_be_bytes, u16::to_be_bytes;
    u64, u64::from_be_bytes, u64::to_be_bytes;
}

/// An address of either kind.
impl Value<'_> for IpAddr {
    fn read(layer: LayerName, bytes: &[u8]) -> Result<Self, Error> {
        if let Ok(address) = <[u8; 4]>::try_from(bytes) {
            return Ok(Ipv4Addr::from(address).into());
        }
        let address = <[u8; 16]>::try_from(bytes);
        address.map_err(|_| length_must_be(layer, bytes.len(), Rule::Either(4, 16))).map(|of| Ipv6Addr::from(of).into())
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::V4(address) => to.write_all(&[&address.octets()]),
            Self::V6(address) => to.write_all(&[&address.octets()]),
        }
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Flags, if there are any.
pub(crate) fn say_flags(flags: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if flags == 0 { Ok(()) } else { write!(f, " flags {flags:#04x}") }
}

/// TLVs in words, in braces.
pub(crate) fn say_all(
    tlvs: Tlvs<'_>,
    f: &mut fmt::Formatter<'_>,
    say: impl Fn(Tlv<'_>, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    f.write_str("{")?;
    tlvs.enumerate().try_for_each(|(n, tlv)| {
        f.write_str(if n == 0 { "" } else { ", " })?;
        say(tlv, f)
    })?;
    f.write_str("}")
}

/// Makes the set of types and the sum of values of a table: a row `NAME = type, "text", Variant(Value);` for each TLV that is known.
macro_rules! tlv_values {
    (
        $(#[$kind_doc:meta])* pub struct $kind:ident($int:ty);
        $(#[$value_doc:meta])* pub enum $value:ident in $layer:ident, $shape:expr;
        $($(#[$doc:meta])* $name:ident = $number:literal, $text:literal, $variant:ident($body:ty);)*
    ) => {
        ether_ip::open_set! {
            $(#[$kind_doc])*
            pub struct $kind($int) {
                $($(#[$doc])* $name = $number, $text;)*
            }
        }

        $(#[$value_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $value<'a> {
            $($(#[$doc])* $variant($body),)*
            /// One that is not known; it is kept.
            Other(crate::tlv::Tlv<'a>),
        }

        impl<'a> $value<'a> {
            /// The type.
            #[must_use]
            pub const fn kind(&self) -> $kind {
                match *self {
                    $(Self::$variant(_) => $kind::$name,)*
                    Self::Other(tlv) => $kind(tlv.kind as $int),
                }
            }

            /// Reads a TLV's value.
            ///
            /// # Errors
            /// [`Error::Truncated`](ether_ip::Error::Truncated) or [`Error::Malformed`](ether_ip::Error::Malformed) if it is not what
            /// its type has.
            pub fn parse(tlv: crate::tlv::Tlv<'a>) -> Result<Self, ether_ip::Error> {
                Ok(match u16::from(tlv.kind) {
                    $($number => Self::$variant(<$body as crate::tlv_value::Value>::read($layer, tlv.value)?),)*
                    _ => Self::Other(tlv),
                })
            }

            /// Writes type, length and value.
            ///
            /// # Errors
            /// [`Error::NoRoom`](ether_ip::Error::NoRoom); [`Error::Unbuildable`](ether_ip::Error::Unbuildable) if type or length exceed
            /// what they have room for.
            pub fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $shape.write($number, to, |to| crate::tlv_value::Value::write(value, to))
                    })*
                    Self::Other(tlv) => tlv.write($shape, to),
                }
            }

            /// What was read of a TLV in words, or the TLV as it is if it is malformed.
            pub(crate) fn say(
                read: Result<$value<'_>, ether_ip::Error>,
                tlv: crate::tlv::Tlv<'_>,
                f: &mut core::fmt::Formatter<'_>,
            ) -> core::fmt::Result {
                match read {
                    Ok(value) => core::fmt::Display::fmt(&value, f),
                    Err(_) => {
                        write!(f, "{} malformed ", $kind(tlv.kind as $int))?;
                        crate::wire::hex(tlv.value, f)
                    }
                }
            }
        }

        impl core::fmt::Display for $value<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{} ", self.kind())?;
                match self {
                    $(Self::$variant(value) => crate::tlv_value::Value::say(value, f),)*
                    Self::Other(tlv) => crate::wire::hex(tlv.value, f),
                }
            }
        }
    };
}

pub(crate) use tlv_values;
