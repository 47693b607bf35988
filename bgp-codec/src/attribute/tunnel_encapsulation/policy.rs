//! What is told of a segment routing policy's candidate path (RFC 9830 §2.4).
//!
//! | type | value, bytes in brackets |
//! | --- | --- |
//! | 12 | flags (1), reserved (1), preference (4) |
//! | 13 | flags (1), reserved (1), segment identifier: none, a label (4) or of SRv6 (16) |
//! | 14 | flags (1), reserved (1), policy (1) |
//! | 15 | priority (1), reserved (1) |
//! | 20 | flags (1), reserved (1), segment identifier (16), behaviour and structure (0, 8) |
//! | 128 | reserved (1), segments and what is told of all: see [`segment`](super::segment) |
//! | 129, 130 | reserved (1), a name |

use core::fmt;
use core::net::Ipv6Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::segment::SegmentValue;
use super::stack_entry::StackEntry;
use crate::tlv::{Shape, Tlvs};
use crate::tlv_value::{Value, say_all, say_flags};
use crate::wire::Reader;

/// Which of several candidate paths is preferred: the one with the highest (RFC 9830 §2.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Preference {
    /// Flags; none is given out.
    pub flags: u8,
    reserved: u8,
    preference: U32,
}

impl Preference {
    /// A preference.
    #[must_use]
    pub const fn new(preference: u32) -> Self {
        Self { flags: 0, reserved: 0, preference: U32::new(preference) }
    }

    /// The preference.
    #[must_use]
    pub const fn get(&self) -> u32 {
        self.preference.get()
    }
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.preference)?;
        say_flags(self.flags, f)
    }
}

/// The segment identifier that stands for a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binding {
    /// The headend chooses one.
    None,
    /// A label.
    Label(StackEntry),
    /// Of SRv6.
    Srv6(Ipv6Addr),
}

/// The segment identifier that stands for a policy (RFC 9830 §2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BindingSid {
    /// Flags: 0x80 S, the path is of no use without this one; 0x40 I, what comes with it is dropped while the policy has no path.
    pub flags: u8,
    /// What is sent as zero.
    pub reserved: u8,
    /// The segment identifier.
    pub sid: Binding,
}

impl Value<'_> for BindingSid {
    fn read(layer: LayerName, bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(layer, bytes);
        let [flags, reserved] = from.array()?;
        //= RFC 9830 §2.4.2/lengths
        let sid = match from.rest().len() {
            0 => Binding::None,
            4 => Binding::Label(StackEntry::read(&mut from)?),
            16 => Binding::Srv6(from.array::<16>()?.into()),
            len => return Err(from.malformed("SID length", len as u32, Rule::Either(4, 16))),
        };
        Ok(Self { flags, reserved, sid })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&[self.flags, self.reserved])?;
        match self.sid {
            Binding::None => Ok(()),
            Binding::Label(label) => to.write_all(&[label.as_bytes()]),
            Binding::Srv6(sid) => to.write_all(&[&sid.octets()]),
        }
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sid {
            Binding::None => f.write_str("none")?,
            Binding::Label(label) => write!(f, "{label}")?,
            Binding::Srv6(sid) => write!(f, "{sid}")?,
        }
        say_flags(self.flags, f)
    }
}

/// Which packets without a label get an explicit null label (RFC 9830 §2.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct ExplicitNullPolicy {
    /// Flags; none is given out.
    pub flags: u8,
    reserved: u8,
    /// 1 IPv4, 2 IPv6, 3 both, 4 neither.
    pub policy: u8,
}

impl fmt::Display for ExplicitNullPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.policy {
            1 => f.write_str("ipv4")?,
            2 => f.write_str("ipv6")?,
            3 => f.write_str("ipv4-and-ipv6")?,
            4 => f.write_str("none")?,
            other => write!(f, "{other}")?,
        }
        say_flags(self.flags, f)
    }
}

/// In which order policies are worked out anew: the lowest first (RFC 9830 §2.4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Priority {
    /// The priority.
    pub priority: u8,
    reserved: u8,
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.priority)
    }
}

/// A name (RFC 9830 §2.4.7, §2.4.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name<'a> {
    /// What is sent as zero.
    pub reserved: u8,
    /// The name, printable ASCII if all is well.
    pub name: &'a [u8],
}

impl<'a> Value<'a> for Name<'a> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(layer, bytes);
        Ok(Self { reserved: from.u8()?, name: from.rest() })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&[self.reserved], self.name])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.name.escape_ascii())
    }
}

/// A list of segments (RFC 9830 §2.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SegmentList<'a> {
    /// What is sent as zero.
    pub reserved: u8,
    /// Its weight and its segments, as [`SegmentValue`] reads them.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> SegmentList<'a> {
    /// Weight and segments, in order; an error for one that is malformed.
    pub fn values(&self) -> impl Iterator<Item = Result<SegmentValue<'a>, Error>> + use<'a> {
        self.sub_tlvs.map(SegmentValue::parse)
    }

    /// Its share of the load: 1 if it is not told (RFC 9830 §2.4.4.1).
    #[must_use]
    pub fn weight(&self) -> u32 {
        let told = self.values().find_map(|value| match value {
            Ok(SegmentValue::Weight(weight)) => Some(weight.get()),
            _ => None,
        });
        //= RFC 9830 §2.4.4.1/weight
        told.unwrap_or(1)
    }
}

impl<'a> Value<'a> for SegmentList<'a> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(layer, bytes);
        Ok(Self { reserved: from.u8()?, sub_tlvs: Tlvs::parse(layer, Shape::Byte, from.rest())? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&[self.reserved], self.sub_tlvs.as_bytes()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        say_all(self.sub_tlvs, f, |tlv, f| SegmentValue::say(SegmentValue::parse(tlv), tlv, f))
    }
}
