//! What a TLV's value is, whichever it is: it can be read, written and said. Most are made of others, one behind the other.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};

use crate::tlv::{Shape, Tlvs};
use crate::wire::{Reader, hex};

/// The BGP-LS attribute, as an error names it.
pub const LINK_STATE: LayerName = LayerName::new("BGP-LS");

/// The shape of all of these TLVs.
pub(crate) const SHAPE: Shape = Shape::Word;

/// What a value is made of.
pub(crate) trait Part<'a>: Sized {
    /// Reads it from the front; what has no length of its own takes all that is left.
    fn take(from: &mut Reader<'a>) -> Result<Self, Error>;

    /// Writes it.
    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error>;
}

/// What stands behind a TLV's type and length.
pub(crate) trait Value<'a>: Part<'a> {
    /// Says it in words, without the TLVs within.
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The TLVs within.
    fn sub_tlvs(&self) -> Option<Tlvs<'a>> {
        None
    }

    /// Reads all of `bytes`.
    #[inline]
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(LINK_STATE, bytes);
        let value = Self::take(&mut from)?;
        from.finish()?;
        Ok(value)
    }
}

/// Numbers, in decimal.
macro_rules! numbers {
    ($($int:ty)*) => {$(
        impl Part<'_> for $int {
            #[inline]
            fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
                from.array().map(Self::from_be_bytes)
            }

            fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.write_all(&[&self.to_be_bytes()])
            }
        }

        impl Value<'_> for $int {
            fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
numbers!(u8 u16 u32);

/// Addresses of one family.
macro_rules! addresses {
    ($($address:ty)*) => {$(
        impl Part<'_> for $address {
            #[inline]
            fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
                from.array().map(|octets| Self::from(octets))
            }

            fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.write_all(&[&self.octets()])
            }
        }

        impl Value<'_> for $address {
            fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
addresses!(Ipv4Addr Ipv6Addr);

/// Bytes that nothing more is known of.
impl<'a> Part<'a> for &'a [u8] {
    #[inline]
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        from.take(from.rest().len())
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self])
    }
}

impl<'a> Value<'a> for &'a [u8] {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self, f)
    }
}

/// TLVs within.
impl<'a> Part<'a> for Tlvs<'a> {
    #[inline]
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        Self::parse(LINK_STATE, SHAPE, <&[u8]>::take(from)?)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self.as_bytes()])
    }
}

/// Makes values of types that are read where they stand: of one, and of one or more behind one another.
macro_rules! in_place {
    ($($item:ty)*) => {$(
        impl $crate::link_state::value::Part<'_> for $item {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<'_>) -> Result<Self, ether_ip::Error> {
                from.array::<{ size_of::<Self>() }>().map(|bytes| zerocopy::transmute!(bytes))
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                to.write_all(&[zerocopy::IntoBytes::as_bytes(self)])
            }
        }

        impl $crate::link_state::value::Value<'_> for $item {
            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }

        impl<'a> $crate::link_state::value::Part<'a> for &'a [$item] {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<'a>) -> Result<Self, ether_ip::Error> {
                $crate::wire::list($crate::link_state::value::LINK_STATE, <&[u8]>::take(from)?)
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                to.write_all(&[zerocopy::IntoBytes::as_bytes(*self)])
            }
        }

        impl<'a> $crate::link_state::value::Value<'a> for &'a [$item] {
            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.iter().enumerate().try_for_each(|(n, item)| write!(f, "{}{item}", if n == 0 { "" } else { "," }))
            }
        }
    )*};
}
pub(super) use in_place;

/// Makes a struct a value: these of its fields stand behind one another, behind the semicolon TLVs. Its words are those it is displayed with.
macro_rules! in_order {
    ($name:ident: $($field:tt),+) => { in_order! { @ [] [$name] '_: [$($field)+] } };
    ($name:ident<$life:lifetime>: $($field:tt),* $(; $tlvs:tt)?) => {
        in_order! { @ [<$life>] [$name<$life>] $life: [$($field)*] $($tlvs)? }
    };
    (@ [$($generics:tt)*] [$($name:tt)*] $life:lifetime: [$($field:tt)*] $($tlvs:tt)?) => {
        impl $($generics)* $crate::link_state::value::Part<$life> for $($name)* {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<$life>) -> Result<Self, ether_ip::Error> {
                Ok(Self {
                    $($field: $crate::link_state::value::Part::take(from)?,)*
                    $($tlvs: $crate::link_state::value::Part::take(from)?,)?
                })
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                $($crate::link_state::value::Part::write(&self.$field, to)?;)*
                $($crate::link_state::value::Part::write(&self.$tlvs, to)?;)?
                Ok(())
            }
        }

        impl $($generics)* $crate::link_state::value::Value<$life> for $($name)* {
            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }

            $(fn sub_tlvs(&self) -> Option<$crate::tlv::Tlvs<$life>> {
                Some(self.$tlvs)
            })?
        }
    };
}
pub(super) use in_order;

/// Flags of one or two bytes, each with a letter: what is set is said by them.
macro_rules! flags {
    ($(#[$doc:meta])* $name:ident($int:ty) { $($(#[$flag_doc:meta])* $flag:ident = $bit:literal, $letter:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $name(pub $int);

        impl $name {
            $($(#[$flag_doc])* pub const $flag: Self = Self($bit);)*

            /// Whether all of these are set.
            #[must_use]
            pub const fn has(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }
        }

        impl core::ops::BitOr for $name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let width = 2 + 2 * size_of::<$int>();
                write!(f, "{:#0width$x}", self.0)?;
                let mut before = " (";
                for (flag, letter) in [$((Self::$flag, $letter)),*] {
                    if self.has(flag) {
                        write!(f, "{before}{letter}")?;
                        before = " ";
                    }
                }
                f.write_str(if before == " " { ")" } else { "" })
            }
        }

        impl $crate::link_state::value::Part<'_> for $name {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<'_>) -> Result<Self, ether_ip::Error> {
                from.array().map(|bytes| Self(<$int>::from_be_bytes(bytes)))
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                to.write_all(&[&self.0.to_be_bytes()])
            }
        }

        impl $crate::link_state::value::Value<'_> for $name {
            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    };
}
pub(super) use flags;

/// A router's identifier in an IGP's own notation (RFC 9552 §5.2.1.4): OSPF's in four bytes, on a LAN with that of the interface that made
/// its pseudonode; one of IS-IS in six, and with the pseudonode's number in seven.
pub(super) fn router_id(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match *bytes {
        [a, b, c, d] => write!(f, "{a}.{b}.{c}.{d}"),
        [a, b, c, d, e, g, h, i] => write!(f, "{a}.{b}.{c}.{d}:{e}.{g}.{h}.{i}"),
        [a, b, c, d, e, g] => write!(f, "{a:02x}{b:02x}.{c:02x}{d:02x}.{e:02x}{g:02x}"),
        [a, b, c, d, e, g, h] => write!(f, "{a:02x}{b:02x}.{c:02x}{d:02x}.{e:02x}{g:02x}.{h:02x}"),
        _ => hex(bytes, f),
    }
}
