//! Segment identifiers of MPLS: labels and indices (RFC 9085, RFC 9086).

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use super::value::{LINK_STATE, Part, Value, in_order, router_id};
use crate::tlv::Tlvs;
use crate::wire::{Reader, length_must_be};

/// A segment identifier: a label in three bytes, or an index into the ranges of labels in four (RFC 9085 §2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sid {
    /// A label, of which 20 bits count.
    Label(u32),
    /// An index.
    Index(u32),
}

impl Part<'_> for Sid {
    fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
        match *<&[u8]>::take(from)? {
            [a, b, c] => Ok(Self::Label(u32::from_be_bytes([0, a, b, c]))),
            [a, b, c, d] => Ok(Self::Index(u32::from_be_bytes([a, b, c, d]))),
            ref other => Err(length_must_be(LINK_STATE, other.len(), Rule::Either(3, 4))),
        }
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::Label(label) => {
                let [_, bytes @ ..] = label.to_be_bytes();
                to.put(&bytes)?
            }
            Self::Index(index) => to.u32(index)?,
        };
        Ok(())
    }
}

impl Value<'_> for Sid {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            //= RFC 9085 §2.1.1/label
            Self::Label(label) => write!(f, "label {}", label & 0xf_ffff),
            Self::Index(index) => write!(f, "index {index}"),
        }
    }
}

/// An adjacency's segment identifier, or that of a BGP peer: a node, a link to it, or a set of them (RFC 9085 §2.2.1, RFC 9086 §5).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+-----------------+
///  | flags | weight| reserved      | label or index …
///  +-------+-------+---------------+-----------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AdjacencySid {
    /// As the protocol has them that it comes from.
    pub flags: u8,
    /// Its share of the load.
    pub weight: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// The identifier.
    pub sid: Sid,
}

//= RFC 9085 §2.2.1/reserved
in_order!(AdjacencySid: flags, weight, reserved, sid);

impl fmt::Display for AdjacencySid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sid.say(f)?;
        write!(f, " flags {:#04x} weight {}", self.flags, self.weight)
    }
}

/// The same of a neighbour on a LAN, which is named by its identifier in the IGP: six bytes of IS-IS, four of OSPF (RFC 9085 §2.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LanAdjacencySid<'a> {
    /// As the protocol has them that it comes from.
    pub flags: u8,
    /// Its share of the load.
    pub weight: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// Whose neighbour's.
    pub neighbor: &'a [u8],
    /// The identifier.
    pub sid: Sid,
}

impl<'a> Part<'a> for LanAdjacencySid<'a> {
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let (flags, weight, reserved) = (from.u8()?, from.u8()?, from.u16()?);
        // 7 and 8 bytes are left with OSPF's identifier, 9 and 10 with that of IS-IS.
        let neighbor = from.take(if from.rest().len() < 9 { 4 } else { 6 })?;
        Ok(Self { flags, weight, reserved, neighbor, sid: Sid::take(from)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.flags)?.u8(self.weight)?.u16(self.reserved)?.put(self.neighbor)?;
        self.sid.write(to)
    }
}

impl<'a> Value<'a> for LanAdjacencySid<'a> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sid.say(f)?;
        write!(f, " flags {:#04x} weight {} neighbor ", self.flags, self.weight)?;
        router_id(self.neighbor, f)
    }
}

/// A prefix's segment identifier (RFC 9085 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrefixSid {
    /// As the protocol has them that it comes from.
    pub flags: u8,
    /// By which algorithm the way is found (RFC 8665 §3.1): 0 the shortest, 128 and more flexible ones.
    pub algorithm: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// The identifier.
    pub sid: Sid,
}

in_order!(PrefixSid: flags, algorithm, reserved, sid);

impl fmt::Display for PrefixSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sid.say(f)?;
        write!(f, " flags {:#04x} algorithm {}", self.flags, self.algorithm)
    }
}

/// Ranges of labels: what a node has for all (its global block), or for itself (its local one; RFC 9085 §2.1.2, §2.1.4).
///
/// ```text
///  0       8       16                      40
///  +-------+-------+-----------------------+---------------------------------
///  | flags | reserv| size of the range     | its first label, as a TLV of type 1161; size and label once more …
///  +-------+-------+-----------------------+---------------------------------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SidRanges<'a> {
    /// Of a global block of IS-IS: 0x80 MPLS over IPv4, 0x40 over IPv6.
    pub flags: u8,
    /// What is sent as zero.
    pub reserved: u8,
    ranges: &'a [u8],
}

/// A range of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SidRange {
    /// How many there are.
    pub size: u32,
    /// The first.
    pub first: Sid,
}

/// The first label of a range, and the type of its TLV.
const SID: u16 = 1161;

impl<'a> SidRanges<'a> {
    /// Ranges that were [written](SidRange::write) behind one another.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::Malformed`] if they are something else.
    pub fn new(flags: u8, ranges: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(LINK_STATE, ranges);
        while !from.is_empty() {
            SidRange::take(&mut from)?;
        }
        Ok(Self { flags, reserved: 0, ranges })
    }

    /// The ranges.
    pub fn ranges(&self) -> impl Iterator<Item = SidRange> + use<'a> {
        let mut from = Reader::new(LINK_STATE, self.ranges);
        core::iter::from_fn(move || SidRange::take(&mut from).ok())
    }
}

impl SidRange {
    fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
        let [a, b, c] = from.array()?;
        let (kind, len) = (from.u16()?, from.u16()?);
        if kind != SID {
            return Err(from.malformed("type behind a range's size", kind.into(), Rule::Exactly(SID.into())));
        }
        Ok(Self { size: u32::from_be_bytes([0, a, b, c]), first: Sid::read(from.take(usize::from(len))?)? })
    }

    /// Writes it: its size, of which 24 bits count, and its first label as a TLV.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let [_, size @ ..] = self.size.to_be_bytes();
        to.put(&size)?.u16(SID)?.with_len_u16(0, |to| self.first.write(to))?;
        Ok(())
    }
}

impl<'a> Part<'a> for SidRanges<'a> {
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let (flags, reserved, ranges) = (from.u8()?, from.u8()?, from.rest());
        while !from.is_empty() {
            SidRange::take(from)?;
        }
        Ok(Self { flags, reserved, ranges })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.flags)?.u8(self.reserved)?.put(self.ranges)?;
        Ok(())
    }
}

impl<'a> Value<'a> for SidRanges<'a> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flags {:#04x}", self.flags)?;
        self.ranges().try_for_each(|range| {
            write!(f, " {} from ", range.size)?;
            range.first.say(f)
        })
    }
}

/// A range of prefixes with one rule for their segment identifiers (RFC 9085 §2.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range<'a> {
    /// As the protocol has them that it comes from.
    pub flags: u8,
    /// What is sent as zero.
    pub reserved: u8,
    /// How many prefixes there are.
    pub size: u16,
    /// More of it: the first prefix's segment identifiers, TLVs of type 1158.
    pub sub_tlvs: Tlvs<'a>,
}

in_order!(Range<'a>: flags, reserved, size; sub_tlvs);

impl fmt::Display for Range<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} prefixes flags {:#04x}", self.size, self.flags)
    }
}
