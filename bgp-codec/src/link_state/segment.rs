//! Lists of segments: the ways of a candidate path (RFC 9857 §5.7).

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::number::MetricType;
use super::policy::{PolicySid, address};
use super::value::{Part, Value, flags, in_order};
use crate::tlv::Tlvs;
use crate::value::address::write_bare_address;
use crate::wire::{Reader, hex};

flags! {
    /// What became of a list of segments (RFC 9857 §5.7).
    SegmentListFlags(u16) {
        /// Over SRv6.
        SRV6 = 0x8000, "D";
        /// Its segments were told, and not computed.
        EXPLICIT = 0x4000, "E";
        /// It was computed.
        COMPUTED = 0x2000, "C";
        /// It was verified.
        VERIFIED = 0x1000, "V";
        /// Its first segment was resolved.
        RESOLVED = 0x0800, "R";
        /// It could not be computed.
        FAILED = 0x0400, "F";
        /// All of its segments are of the algorithm that is told.
        ALGORITHM = 0x0200, "A";
        /// All of its segments are in the topology that is told.
        TOPOLOGY = 0x0100, "T";
        /// It was removed from forwarding.
        REMOVED = 0x0080, "M";
    }
}

/// A list of segments (RFC 9857 §5.7).
///
/// ```text
///  0               16              32              48      56      64
///  +---------------+---------------+---------------+-------+-------+
///  | flags         | reserved      | topology      | algor.| reserv|
///  +---------------+---------------+---------------+-------+-------+----------
///  | weight                        | sub-TLVs …
///  +-------------------------------+------------------------------------------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SegmentList<'a> {
    /// What became of it.
    pub flags: SegmentListFlags,
    /// What is sent as zero, behind the flags.
    pub reserved_1: u16,
    /// The topology.
    pub topology: u16,
    /// The algorithm (RFC 8665 §3.1).
    pub algorithm: u8,
    /// What is sent as zero, behind the algorithm.
    pub reserved_2: u8,
    /// Its share of the load.
    pub weight: u32,
    /// Its segments, first to last, and what is told of the whole.
    pub sub_tlvs: Tlvs<'a>,
}

in_order!(SegmentList<'a>: flags, reserved_1, topology, algorithm, reserved_2, weight; sub_tlvs);

impl fmt::Display for SegmentList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flags, topology, algorithm, weight, .. } = *self;
        write!(f, "weight {weight} flags {flags} topology {topology} algorithm {algorithm}")
    }
}

flags! {
    /// What is told of a segment (RFC 9857 §5.7.1).
    SegmentFlags(u16) {
        /// Its identifier is told.
        SID = 0x8000, "S";
        /// It was told, and not computed.
        EXPLICIT = 0x4000, "E";
        /// It was verified.
        VERIFIED = 0x2000, "V";
        /// It was resolved.
        RESOLVED = 0x1000, "R";
        /// Its algorithm is told.
        ALGORITHM = 0x0800, "A";
    }
}

/// What a segment was told by (RFC 9857 §5.7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SegmentDescriptor<'a> {
    /// Types 1 and 2: by its identifier alone; the algorithm.
    Sid(u8),
    /// Types 3, 4 and 9: by an algorithm and a node's address.
    Node(u8, IpAddr),
    /// Type 5: by a node's IPv4 address and the number of its interface.
    Interface(Ipv4Addr, u32),
    /// Types 6, 8 and 11: by the addresses of both ends.
    Addresses(IpAddr, IpAddr),
    /// Types 7 and 10: by the IPv6 addresses of both ends and the numbers of their interfaces.
    Interfaces([(Ipv6Addr, u32); 2]),
    /// Of a type that is not known: all that stands there, an identifier if there is one, and sub-TLVs.
    Other(&'a [u8]),
}

/// A segment (RFC 9857 §5.7.1).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+-----------------------------+-------------+----------
///  | type  | reserv| flags         | identifier: none, 4 or 16   | descriptor  | sub-TLVs …
///  +-------+-------+---------------+-----------------------------+-------------+----------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segment<'a> {
    /// What the identifier and the descriptor are.
    pub kind: u8,
    /// What is sent as zero.
    pub reserved: u8,
    /// What is told of it: S if there is an identifier.
    pub flags: SegmentFlags,
    /// Its identifier.
    pub sid: Option<PolicySid>,
    /// What it was told by.
    pub descriptor: SegmentDescriptor<'a>,
    /// More of it: what an SRv6 endpoint does, the identifier's structure.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> SegmentDescriptor<'a> {
    fn read(kind: u8, from: &mut Reader<'a>) -> Result<Self, Error> {
        Ok(match kind {
            1 | 2 => Self::Sid(from.u8()?),
            3 => Self::Node(from.u8()?, address(false, from)?),
            4 | 9 => Self::Node(from.u8()?, address(true, from)?),
            5 => Self::Interface(from.array::<4>()?.into(), from.u32()?),
            6 => Self::Addresses(address(false, from)?, address(false, from)?),
            8 | 11 => Self::Addresses(address(true, from)?, address(true, from)?),
            7 | 10 => {
                let mut end = || Ok((from.array::<16>()?.into(), from.u32()?));
                Self::Interfaces([end()?, end()?])
            }
            _ => Self::Other(from.take(from.rest().len())?),
        })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::Sid(algorithm) => to.write_all(&[&[algorithm]])?,
            Self::Node(algorithm, address) => write_bare_address(address, to.u8(algorithm)?)?,
            Self::Interface(node, interface) => to.write_all(&[&node.octets(), &interface.to_be_bytes()])?,
            Self::Addresses(local, remote) => {
                write_bare_address(local, to)?;
                write_bare_address(remote, to)?;
            }
            Self::Interfaces(ends) => {
                ends.into_iter()
                    .try_for_each(|(node, number)| to.write_all(&[&node.octets(), &number.to_be_bytes()]))?;
            }
            Self::Other(bytes) => to.write_all(&[bytes])?,
        }
        Ok(())
    }
}

impl fmt::Display for SegmentDescriptor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Sid(algorithm) => write!(f, "algorithm {algorithm}"),
            Self::Node(algorithm, address) => write!(f, "algorithm {algorithm} node {address}"),
            Self::Interface(node, interface) => write!(f, "node {node} interface {interface}"),
            Self::Addresses(local, remote) => write!(f, "local {local} remote {remote}"),
            Self::Interfaces([(local, from), (remote, to)]) => {
                write!(f, "local {local} interface {from} remote {remote} interface {to}")
            }
            Self::Other(bytes) => hex(bytes, f),
        }
    }
}

impl<'a> Part<'a> for Segment<'a> {
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let (kind, reserved, flags) = (from.u8()?, from.u8()?, SegmentFlags(from.u16()?));
        let sid = match kind {
            1..=11 if flags.has(SegmentFlags::SID) => Some(PolicySid::read(matches!(kind, 2 | 9 | 10 | 11), from)?),
            _ => None,
        };
        let descriptor = SegmentDescriptor::read(kind, from)?;
        Ok(Self { kind, reserved, flags, sid, descriptor, sub_tlvs: Part::take(from)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.kind)?.u8(self.reserved)?.u16(self.flags.0)?;
        self.sid.map_or(Ok(()), |sid| sid.write(to))?;
        self.descriptor.write(to)?;
        to.put(self.sub_tlvs.as_bytes())?;
        Ok(())
    }
}

impl<'a> Value<'a> for Segment<'a> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "type {} ", self.kind)?;
        self.sid.map_or(Ok(()), |sid| write!(f, "{sid} "))?;
        write!(f, "{} flags {}", self.descriptor, self.flags)
    }

    fn sub_tlvs(&self) -> Option<Tlvs<'a>> {
        Some(self.sub_tlvs)
    }
}

flags! {
    /// What is told of the metric of a list of segments (RFC 9857 §5.7.2).
    SegmentListMetricFlags(u8) {
        /// The margin is told, and counts.
        MARGIN = 0x80, "M";
        /// The margin is absolute, and not in percent.
        ABSOLUTE = 0x40, "A";
        /// The bound is told, and counts.
        BOUND = 0x20, "B";
        /// The value is told.
        VALUE = 0x10, "V";
    }
}

/// A metric of a list of segments (RFC 9857 §5.7.2): as [`MetricConstraint`](super::MetricConstraint), and what it is, in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SegmentListMetric {
    /// What is added up.
    pub metric: MetricType,
    /// Which of the others count.
    pub flags: SegmentListMetricFlags,
    /// What is sent as zero.
    pub reserved: u16,
    /// By how much a path may be beyond the best before another is taken.
    pub margin: u32,
    /// The most.
    pub bound: u32,
    /// What it is.
    pub value: u32,
}

in_order!(SegmentListMetric: metric, flags, reserved, margin, bound, value);

impl fmt::Display for SegmentListMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metric, flags, margin, bound, value, .. } = *self;
        write!(f, "{metric} {value} margin {margin} bound {bound} flags {flags}")
    }
}
