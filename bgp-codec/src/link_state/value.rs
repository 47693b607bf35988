//! What a TLV's value is, whichever it is: it can be read, written and said. Most are made of others, one behind the other.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::{LINK_STATE, SHAPE, say_all};
use crate::tlv::Tlvs;
use crate::wire::{Reader, hex};

/// What stands behind a TLV's type and length, or a part of it.
pub(crate) trait Value<'a>: Sized {
    /// Reads it from the front; what has no length of its own takes all that is left.
    fn take(from: &mut Reader<'a>) -> Result<Self, Error>;

    /// Writes it.
    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error>;

    /// Says it in words.
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

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
        impl Value<'_> for $int {
            #[inline]
            fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
                from.array().map(Self::from_be_bytes)
            }

            fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.write_all(&[&self.to_be_bytes()])
            }

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
        impl Value<'_> for $address {
            #[inline]
            fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
                from.array().map(|octets| Self::from(octets))
            }

            fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.write_all(&[&self.octets()])
            }

            fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
addresses!(Ipv4Addr Ipv6Addr);

/// Bytes that nothing more is known of.
impl<'a> Value<'a> for &'a [u8] {
    #[inline]
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        from.take(from.rest().len())
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self, f)
    }
}

/// TLVs within.
impl<'a> Value<'a> for Tlvs<'a> {
    #[inline]
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        Self::parse(LINK_STATE, SHAPE, <&[u8]>::take(from)?)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self.as_bytes()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        say_all(*self, f)
    }
}

/// Makes values of types that are read where they stand: of one, and of one or more behind one another.
macro_rules! in_place {
    ($($item:ty)*) => {$(
        impl $crate::link_state::value::Value<'_> for $item {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<'_>) -> Result<Self, ether_ip::Error> {
                from.array::<{ size_of::<Self>() }>().map(|bytes| zerocopy::transmute!(bytes))
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                to.write_all(&[zerocopy::IntoBytes::as_bytes(self)])
            }

            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }

        impl<'a> $crate::link_state::value::Value<'a> for &'a [$item] {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<'a>) -> Result<Self, ether_ip::Error> {
                $crate::wire::list($crate::link_state::LINK_STATE, <&[u8]>::take(from)?)
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                to.write_all(&[zerocopy::IntoBytes::as_bytes(*self)])
            }

            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.iter().enumerate().try_for_each(|(n, item)| write!(f, "{}{item}", if n == 0 { "" } else { "," }))
            }
        }
    )*};
}
pub(super) use in_place;

/// Makes a struct a value: these of its fields stand behind one another. Its words are those it is displayed with.
macro_rules! in_order {
    ($name:ident: $($field:tt),+) => { in_order! { @ [] [$name] '_: $($field)+ } };
    ($name:ident<$life:lifetime>: $($field:tt),+) => { in_order! { @ [<$life>] [$name<$life>] $life: $($field)+ } };
    (@ [$($generics:tt)*] [$($name:tt)*] $life:lifetime: $($field:tt)+) => {
        impl $($generics)* $crate::link_state::value::Value<$life> for $($name)* {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<$life>) -> Result<Self, ether_ip::Error> {
                Ok(Self { $($field: $crate::link_state::value::Value::take(from)?,)+ })
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                $($crate::link_state::value::Value::write(&self.$field, to)?;)+
                Ok(())
            }

            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
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

        impl $crate::link_state::value::Value<'_> for $name {
            #[inline]
            fn take(from: &mut $crate::wire::Reader<'_>) -> Result<Self, ether_ip::Error> {
                from.array().map(|bytes| Self(<$int>::from_be_bytes(bytes)))
            }

            fn write(&self, to: &mut ether_ip::writer::Writer<'_>) -> Result<(), ether_ip::Error> {
                to.put(&self.0.to_be_bytes())?;
                Ok(())
            }

            fn say(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    };
}
pub(super) use flags;
