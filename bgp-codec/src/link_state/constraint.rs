//! What a candidate path has to keep to (RFC 9857 §5.6).

use core::fmt;

use ether_ip::Error;
use ether_ip::writer::Writer;
use zerocopy::IntoBytes;

use super::number::{AdminGroup, MetricType};
use super::value::{Part, Value, flags, in_order};
use crate::tlv::Tlvs;
use crate::wire::{Reader, hex, items};

flags! {
    /// How a path is to be found (RFC 9857 §5.6).
    ConstraintFlags(u16) {
        /// Over SRv6.
        SRV6 = 0x8000, "D";
        /// By links that are protected, if there are.
        PROTECTED = 0x4000, "P";
        /// By links that are not protected, if there are.
        UNPROTECTED = 0x2000, "U";
        /// By the algorithm that is told.
        ALGORITHM = 0x1000, "A";
        /// In the topology that is told.
        TOPOLOGY = 0x0800, "T";
        /// Without fail.
        STRICT = 0x0400, "S";
        /// It stays as it is.
        FIXED = 0x0200, "F";
        /// Hop by hop.
        HOP_BY_HOP = 0x0100, "H";
    }
}

/// What a candidate path has to keep to (RFC 9857 §5.6).
///
/// ```text
///  0               16              32              48      56      64
///  +---------------+---------------+---------------+-------+-------+----------
///  | flags         | reserved      | topology      | algor.| reserv| sub-TLVs …
///  +---------------+---------------+---------------+-------+-------+----------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Constraints<'a> {
    /// How it is to be found.
    pub flags: ConstraintFlags,
    /// What is sent as zero, behind the flags.
    pub reserved_1: u16,
    /// The topology.
    pub topology: u16,
    /// The algorithm (RFC 8665 §3.1).
    pub algorithm: u8,
    /// What is sent as zero, behind the algorithm.
    pub reserved_2: u8,
    /// The constraints.
    pub sub_tlvs: Tlvs<'a>,
}

in_order!(Constraints<'a>: flags, reserved_1, topology, algorithm, reserved_2; sub_tlvs);

impl fmt::Display for Constraints<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flags {} topology {} algorithm {}", self.flags, self.topology, self.algorithm)
    }
}

/// Groups of links that a path keeps to (RFC 9857 §5.6.1): three numbers of words and a byte that is sent as zero, and the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AffinityConstraint<'a> {
    /// What is sent as zero.
    pub reserved: u8,
    /// Links of any of these are not taken.
    pub exclude_any: &'a [AdminGroup],
    /// Links are taken if they are of one of these.
    pub include_any: &'a [AdminGroup],
    /// Links are taken if they are of all of these.
    pub include_all: &'a [AdminGroup],
}

impl<'a> Part<'a> for AffinityConstraint<'a> {
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let [exclude_any, include_any, include_all, reserved] = from.array()?;
        let mut words = |len: u8| from.take(usize::from(len) * 4).map(|words| items(words).unwrap_or_default());
        let (exclude_any, include_any, include_all) = (words(exclude_any)?, words(include_any)?, words(include_all)?);
        Ok(Self { reserved, exclude_any, include_any, include_all })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let groups = [self.exclude_any, self.include_any, self.include_all];
        for words in groups {
            let len = to.layer().fit_u8("number of words", words.len())?;
            to.u8(len)?;
        }
        to.u8(self.reserved)?.write_all(&groups.map(IntoBytes::as_bytes))
    }
}

impl<'a> Value<'a> for AffinityConstraint<'a> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exclude_any, include_any, include_all, .. } = *self;
        let groups = [("exclude-any", exclude_any), ("include-any", include_any), ("include-all", include_all)];
        groups.into_iter().filter(|(_, words)| !words.is_empty()).enumerate().try_for_each(|(n, (name, words))| {
            write!(f, "{}{name} ", if n == 0 { "" } else { " " })?;
            words.say(f)
        })
    }
}

/// Paths of a group have no links, nodes, risks in common (RFC 9857 §5.6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DisjointGroup<'a> {
    /// What is asked: 0x80 S risks, 0x40 N nodes, 0x20 L links, 0x10 F no lesser one, 0x08 I the best way if there is none.
    pub request: u8,
    /// What was found: the first three, 0x10 F, 0x08 I, 0x04 X: the path is the best way of all.
    pub status: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// The group.
    pub group: &'a [u8],
}

in_order!(DisjointGroup<'a>: request, status, reserved, group);

impl fmt::Display for DisjointGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {:#04x} status {:#04x} group ", self.request, self.status)?;
        hex(self.group, f)
    }
}

/// The way back of a path is another path of its group (RFC 9857 §5.6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BidirectionalGroup<'a> {
    /// Flags: 0x8000 R, the way back; 0x4000 C, by the same links.
    pub flags: u16,
    /// What is sent as zero.
    pub reserved: u16,
    /// The group.
    pub group: &'a [u8],
}

in_order!(BidirectionalGroup<'a>: flags, reserved, group);

impl fmt::Display for BidirectionalGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flags {:#06x} group ", self.flags)?;
        hex(self.group, f)
    }
}

flags! {
    /// What is told of a metric that is bound (RFC 9857 §5.6.6).
    MetricFlags(u8) {
        /// It is to be the least.
        OPTIMIZED = 0x80, "O";
        /// The margin is told, and counts.
        MARGIN = 0x40, "M";
        /// The margin is absolute, and not in percent.
        ABSOLUTE = 0x20, "A";
        /// The bound is told, and counts.
        BOUND = 0x10, "B";
    }
}

/// What a metric has to keep to (RFC 9857 §5.6.6).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+-------------------------------+
///  | metric| flags | reserved      | margin                        |
///  +-------+-------+---------------+-------------------------------+
///  | bound                         |
///  +-------------------------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MetricConstraint {
    /// What is added up.
    pub metric: MetricType,
    /// Which of the others count.
    pub flags: MetricFlags,
    /// What is sent as zero.
    pub reserved: u16,
    /// By how much a path may be beyond the best before another is taken.
    pub margin: u32,
    /// The most.
    pub bound: u32,
}

in_order!(MetricConstraint: metric, flags, reserved, margin, bound);

impl fmt::Display for MetricConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} margin {} bound {} flags {}", self.metric, self.margin, self.bound, self.flags)
    }
}
