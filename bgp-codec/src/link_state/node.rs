//! What is told of a node: its names and identifiers, what it can do, and the flexible algorithms that it defines.

use core::fmt;

use ether_ip::open_set;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::number::MetricType;
use super::value::{flags, in_order, in_place};
use crate::tlv::Tlvs;

flags! {
    /// Flags of a node (RFC 9552 §5.3.1.1).
    NodeFlags(u8) {
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

open_set! {
    /// What a depth is of (RFC 8491 §6, RFC 9088 §4, RFC 9352 §4).
    pub struct MsdKind(u8) {
        /// Labels that can be put on.
        BASE_MPLS = 1, "base-mpls";
        /// Labels that can be looked at for entropy.
        ENTROPY = 2, "entropy";
        /// Segments left of a header that is looked at.
        SRV6_SEGMENTS_LEFT = 41, "srv6-segments-left";
        /// Segments of a header that is taken off.
        SRV6_END_POP = 42, "srv6-end-pop";
        /// Segments that can be put on.
        SRV6_ENCAPSULATION = 44, "srv6-encapsulation";
        /// Segments of a header that is taken off with the packet around it.
        SRV6_END_D = 45, "srv6-end-d";
    }
}

/// How many labels or segments of a kind can be put on or looked at (RFC 8814 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Msd {
    /// The kind: an [`MsdKind`].
    pub kind: u8,
    /// How many.
    pub depth: u8,
}

impl fmt::Display for Msd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", MsdKind(self.kind), self.depth)
    }
}

/// An algorithm by which ways are found (RFC 8665 §3.1): 0 the shortest way, 1 the same without fail, 128 and more flexible ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Algorithm(pub u8);

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

in_place!(Msd Algorithm);

/// A name, in ASCII (RFC 9552 §5.3.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name<'a>(pub &'a [u8]);

in_order!(Name<'a>: 0);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// An area of IS-IS, as in `49.0001` (RFC 9552 §5.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IsisArea<'a>(pub &'a [u8]);

in_order!(IsisArea<'a>: 0);

impl fmt::Display for IsisArea<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(n, byte)| write!(f, "{}{byte:02x}", if n % 2 == 1 { "." } else { "" }))
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
    /// What is added up.
    pub metric: MetricType,
    /// How the way is found: 0 the shortest.
    pub calculation: u8,
    /// Which of several nodes' definitions counts: the highest.
    pub priority: u8,
    /// Which links take part: see [`LinkStateValue`](super::LinkStateValue).
    pub sub_tlvs: Tlvs<'a>,
}

in_order!(FlexAlgorithm<'a>: algorithm, metric, calculation, priority; sub_tlvs);

impl fmt::Display for FlexAlgorithm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, metric, calculation, priority, .. } = *self;
        write!(f, "{algorithm} metric {metric} calculation {calculation} priority {priority}")
    }
}

/// A prefix's metric in a flexible algorithm (RFC 9351 §4).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+-------------------------------+
///  | algor.| flags | reserved      | metric                        |
///  +-------+-------+---------------+-------------------------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlexAlgorithmMetric {
    /// The algorithm.
    pub algorithm: u8,
    /// Flags of OSPF's.
    pub flags: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// The metric.
    pub metric: u32,
}

//= RFC 9351 §4/reserved
in_order!(FlexAlgorithmMetric: algorithm, flags, reserved, metric);

impl fmt::Display for FlexAlgorithmMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by algorithm {} flags {:#04x}", self.metric, self.algorithm, self.flags)
    }
}
