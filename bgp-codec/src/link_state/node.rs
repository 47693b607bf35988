//! What is told of a node: its names and identifiers, what it can do, and the flexible algorithms that it defines.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::Error;
use ether_ip::writer::Writer;
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::value::Value;
use super::{LINK_STATE, say_all};
use crate::tlv::{Shape, Tlvs};
use crate::wire::{Reader, exactly, hex};

/// A byte of flags, each with a letter: what is set is said by them.
macro_rules! flags {
    ($(#[$doc:meta])* $name:ident { $($(#[$flag_doc:meta])* $flag:ident = $bit:literal, $letter:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
        #[repr(transparent)]
        pub struct $name(pub u8);

        impl $name {
            $($(#[$flag_doc])* pub const $flag: Self = Self($bit);)*

            /// Whether all of these are set.
            #[must_use]
            pub const fn has(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:#04x}", self.0)?;
                $(if self.has(Self::$flag) { f.write_str(concat!(" ", $letter))?; })*
                Ok(())
            }
        }
    };
}
pub(super) use flags;

flags! {
    /// Flags of a node (RFC 9552 §5.3.1.1).
    NodeFlags {
        /// Overload: nothing may go through it.
        OVERLOAD = 0x80, "O";
        /// Attached to other areas.
        ATTACHED = 0x40, "T";
        /// Attached to other networks.
        EXTERNAL = 0x20, "E";
        /// Area border router.
        BORDER = 0x10, "B";
        /// A router, and not a host.
        ROUTER = 0x08, "R";
        /// Takes part in IPv6.
        V6 = 0x04, "V";
    }
}

/// How many labels or segments of a kind can be put on or looked at (RFC 8814 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Msd {
    /// The kind: 1 labels that can be put on, 2 labels that can be looked at for entropy, 41 to 45 of SRv6 (RFC 9352 §4) …
    pub kind: u8,
    /// How many.
    pub depth: u8,
}

impl fmt::Display for Msd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.depth)
    }
}

/// A number of 8 bits, such as an algorithm's (RFC 8665 §3.1) or a preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Number8(pub u8);

impl fmt::Display for Number8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A name, in ASCII (RFC 9552 §5.3.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name<'a>(pub &'a [u8]);

impl<'a> Value<'a> for Name<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        Ok(Self(bytes))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.0)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// What does not fit elsewhere: an IGP's own TLVs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opaque<'a>(pub &'a [u8]);

impl<'a> Value<'a> for Opaque<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        Ok(Self(bytes))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.0)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.0, f)
    }
}

/// An area of IS-IS, as in `49.0001` (RFC 9552 §5.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IsisArea<'a>(pub &'a [u8]);

impl<'a> Value<'a> for IsisArea<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        Ok(Self(bytes))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.0)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(n, byte)| write!(f, "{}{byte:02x}", if n % 2 == 1 { "." } else { "" }))
    }
}

impl Value<'_> for Ipv4Addr {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        exactly::<4>(LINK_STATE, bytes).map(Self::from)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&self.octets())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Value<'_> for Ipv6Addr {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        exactly::<16>(LINK_STATE, bytes).map(Self::from)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&self.octets())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A flexible algorithm, as a node defines it (RFC 9351 §3).
///
/// ```text
///  0       8       16      24      32
///  +-------+-------+-------+-------+----------
///  | algor.| metric| calc. | prior.| sub-TLVs …
///  +-------+-------+-------+-------+----------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlexAlgorithm<'a> {
    /// Its number, from 128 on.
    pub algorithm: u8,
    /// What is added up: 0 the IGP's metric, 1 the least delay, 2 the metric for traffic engineering.
    pub metric: u8,
    /// How the way is found: 0 the shortest.
    pub calculation: u8,
    /// Which of several nodes' definitions counts: the highest.
    pub priority: u8,
    /// Which links take part: see [`LinkStateValue`](super::LinkStateValue).
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> Value<'a> for FlexAlgorithm<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(LINK_STATE, bytes);
        let [algorithm, metric, calculation, priority] = from.array()?;
        Ok(Self {
            algorithm,
            metric,
            calculation,
            priority,
            sub_tlvs: Tlvs::parse(LINK_STATE, Shape::Word, from.rest())?,
        })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&[self.algorithm, self.metric, self.calculation, self.priority])?.put(self.sub_tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, metric, calculation, priority, sub_tlvs } = *self;
        write!(f, "{algorithm} metric {metric} calculation {calculation} priority {priority}")?;
        say_all(sub_tlvs, f)
    }
}

/// A prefix's metric in a flexible algorithm (RFC 9351 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct FlexAlgorithmMetric {
    /// The algorithm.
    pub algorithm: u8,
    /// Flags of OSPF's.
    pub flags: u8,
    reserved: [u8; 2],
    metric: U32,
}

impl FlexAlgorithmMetric {
    /// The metric.
    #[must_use]
    pub fn metric(&self) -> u32 {
        self.metric.get()
    }
}

impl fmt::Display for FlexAlgorithmMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by algorithm {} flags {:#04x}", self.metric(), self.algorithm, self.flags)
    }
}
