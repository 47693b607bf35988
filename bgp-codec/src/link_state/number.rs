//! Numbers with a unit: bandwidths, delays, metrics, groups.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};
use zerocopy::network_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::value::{LINK_STATE, Part, Value, in_order, in_place};
use crate::wire::{Reader, length_must_be};

/// A bandwidth in bytes a second, as an IEEE number of 32 bits (RFC 9552 §5.3.2.3, RFC 8571 §2.5). Two are equal if their bits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Bandwidth(U32);

impl Bandwidth {
    /// So many bytes a second.
    #[must_use]
    pub fn new(bytes_per_second: f32) -> Self {
        Self(U32::new(bytes_per_second.to_bits()))
    }

    /// In bytes a second.
    #[must_use]
    pub fn bytes_per_second(self) -> f32 {
        f32::from_bits(self.0.get())
    }
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} B/s", self.bytes_per_second())
    }
}

/// A delay in microseconds, of 24 bits, with the A flag in front: whether it is beyond what was configured (RFC 8571 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Delay {
    flags: u8,
    microseconds: [u8; 3],
}

impl Delay {
    /// So many microseconds, of which 24 bits count.
    #[must_use]
    pub const fn new(microseconds: u32, is_anomalous: bool) -> Self {
        let [_, a, b, c] = microseconds.to_be_bytes();
        Self { flags: (is_anomalous as u8) << 7, microseconds: [a, b, c] }
    }

    /// In microseconds.
    #[must_use]
    //= RFC 8571 §2.3/reserved
    pub const fn microseconds(&self) -> u32 {
        let [a, b, c] = self.microseconds;
        u32::from_be_bytes([0, a, b, c])
    }

    /// The A flag.
    #[must_use]
    pub const fn is_anomalous(&self) -> bool {
        self.flags & 0x80 != 0
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} us{}", self.microseconds(), if self.is_anomalous() { " anomalous" } else { "" })
    }
}

/// The least and the most delay (RFC 8571 §2.2). The A flag is the least's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct MinMaxDelay {
    /// The least.
    pub least: Delay,
    /// The most.
    pub most: Delay,
}

impl fmt::Display for MinMaxDelay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.least, self.most)
    }
}

/// The share of packets that are lost, in units of 0.000003 %, of 24 bits, with the A flag in front (RFC 8571 §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Loss(Delay);

impl Loss {
    /// So many units, of which 24 bits count.
    #[must_use]
    pub const fn new(units: u32, is_anomalous: bool) -> Self {
        Self(Delay::new(units, is_anomalous))
    }

    /// In units of 0.000003 %.
    #[must_use]
    pub const fn units(&self) -> u32 {
        self.0.microseconds()
    }

    /// The A flag.
    #[must_use]
    pub const fn is_anomalous(&self) -> bool {
        self.0.is_anomalous()
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millionths = u64::from(self.units()) * 3;
        write!(f, "{}.{:06} %", millionths / 1_000_000, millionths % 1_000_000)?;
        f.write_str(if self.is_anomalous() { " anomalous" } else { "" })
    }
}

/// An IGP's metric: one byte of IS-IS with six bits that count, two of OSPF, three of IS-IS (RFC 9552 §5.3.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IgpMetric {
    /// IS-IS's of old.
    Narrow(u8),
    /// OSPF's.
    Ospf(u16),
    /// IS-IS's wide one, of which 24 bits count.
    Wide(u32),
}

impl IgpMetric {
    /// The number that counts.
    #[must_use]
    //= RFC 9552 §5.3.2.4/small
    pub const fn get(self) -> u32 {
        match self {
            Self::Narrow(metric) => (metric & 0x3f) as u32,
            Self::Ospf(metric) => metric as u32,
            Self::Wide(metric) => metric & 0xff_ffff,
        }
    }
}

impl Part<'_> for IgpMetric {
    fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
        match *<&[u8]>::take(from)? {
            [metric] => Ok(Self::Narrow(metric)),
            [a, b] => Ok(Self::Ospf(u16::from_be_bytes([a, b]))),
            [a, b, c] => Ok(Self::Wide(u32::from_be_bytes([0, a, b, c]))),
            [] => Err(length_must_be(LINK_STATE, 0, Rule::AtLeast(1))),
            ref longer => Err(length_must_be(LINK_STATE, longer.len(), Rule::AtMost(3))),
        }
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::Narrow(metric) => to.u8(metric)?,
            Self::Ospf(metric) => to.u16(metric)?,
            Self::Wide(metric) => {
                let [_, bytes @ ..] = metric.to_be_bytes();
                to.put(&bytes)?
            }
        };
        Ok(())
    }
}

impl Value<'_> for IgpMetric {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}

/// A topology (RFC 9552 §5.2.2.1), of which 12 bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Topology(U16);

impl Topology {
    /// One of a number, of which 12 bits count.
    #[must_use]
    pub const fn new(id: u16) -> Self {
        Self(U16::from_bytes(id.to_be_bytes()))
    }

    /// The number: 0 is the one that all have, 2 IPv6's of IS-IS (RFC 5120 §7.5).
    #[must_use]
    //= RFC 9552 §5.2.2.1/reserved
    pub fn id(self) -> u16 {
        self.0.get() & 0x0fff
    }
}

impl fmt::Display for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id())
    }
}

open_set! {
    /// What is added up along a path (RFC 9350 §5.1, RFC 9857 §8.6).
    pub struct MetricType(u8) {
        /// The IGP's metric.
        IGP = 0, "igp";
        /// The least delay, in microseconds.
        MIN_DELAY = 1, "min-delay";
        /// The metric for traffic engineering.
        TE = 2, "te";
        /// The number of hops.
        HOPS = 3, "hops";
        /// The number of segments.
        SEGMENTS = 4, "segments";
        /// The metric of a bandwidth.
        BANDWIDTH = 5, "bandwidth";
        /// The mean delay, in microseconds.
        MEAN_DELAY = 6, "mean-delay";
    }
}

in_order!(MetricType: 0);

/// A number of 32 bits in a list of them.
pub type Number = U32;
/// A number of 64 bits in a list of them.
pub type Number64 = U64;

/// Groups of links, a bit each (RFC 9552 §5.3.2.1); an extended one has more words (RFC 9104 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct AdminGroup(U32);

impl AdminGroup {
    /// Those whose bits are set, the lowest group the lowest.
    #[must_use]
    pub const fn new(bits: u32) -> Self {
        Self(U32::from_bytes(bits.to_be_bytes()))
    }

    /// The bits, the lowest group the lowest.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for AdminGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0.get())
    }
}

in_place!(Bandwidth Delay MinMaxDelay Loss Topology Number Number64 AdminGroup);
