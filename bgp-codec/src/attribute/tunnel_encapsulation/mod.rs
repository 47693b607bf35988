//! Tunnel Encapsulation: how packets for a route are encapsulated (RFC 9012 §2), and what a segment routing policy is made
//! of (RFC 9830 §2.2).
//!
//! ```text
//!  0               16              32
//!  +---------------+---------------+-------+-------+-----------------+
//!  | tunnel type   | length        | type  | length| value …           sub-TLVs
//!  +---------------+---------------+-------+-------+-----------------+
//! ```
//!
//! A policy's segments:
//!
//! ```
//! use bgp_codec::attribute::TunnelEncapsulation;
//! use bgp_codec::attribute::tunnel_encapsulation::SegmentValue;
//!
//! // A policy of one list of one segment, label 16001.
//! let bytes = b"\x00\x0f\x00\x0c\x80\x00\x09\x00\x01\x06\0\0\x03\xe8\x11\0";
//! for tunnel in TunnelEncapsulation::parse(bytes)? {
//!     for list in tunnel.segment_lists() {
//!         let first = list.values().flatten().next();
//!         assert!(matches!(first, Some(SegmentValue::Label(segment)) if segment.label.0.label() == 16_001));
//!     }
//! }
//! # Ok::<_, bgp_codec::FieldError>(())
//! ```
//!
//! | what | RFC | file |
//! | --- | --- | --- |
//! | what is told of a tunnel | 9012 §3 | [`sub_tlv`] |
//! | fields of its header | 9012 §3.2 | [`encapsulation`] |
//! | a policy's candidate path | 9830 §2.4 | [`policy`] |
//! | its segments | 9830 §2.4.4, 9831 | [`segment`] |
//! | labels | 9012 §3.6 | [`stack_entry`] |

// Floor 0: what stands alone.
pub mod encapsulation;
pub mod stack_entry;

// Floor 1: segments.
pub mod segment;

// Floor 2: policies.
pub mod policy;

// Floor 3: the sum of all.
pub mod sub_tlv;

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::body::{Body, spaced};
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::tlv_value::say_all;
use crate::value::as_number::AsSize;
pub use crate::value::tunnel_type::TunnelType;
pub use encapsulation::{Encapsulation, TUNNEL_ENCAPSULATION, VirtualNetwork};
pub use policy::{Binding, BindingSid, ExplicitNullPolicy, Name, Preference, Priority, SegmentList};
pub use segment::{SegmentSubTlvType, SegmentValue, SidBehavior, Srv6Segment};
pub use stack_entry::StackEntry;
pub use sub_tlv::{ColorCommunity, DsField, Egress, EgressEndpoint, EmbeddedLabel, Protocol, SubTlv, SubTlvType};

/// Tunnels. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TunnelEncapsulation<'a> {
    tlvs: Tlvs<'a>,
}

/// One tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tunnel<'a> {
    /// The kind.
    pub kind: TunnelType,
    /// What is told of it: see [`SubTlvType`].
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> TunnelEncapsulation<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// [`Error::Truncated`] if a tunnel, or what is told of one, goes past its end (RFC 9012 §13).
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let tlvs = Tlvs::parse(TUNNEL_ENCAPSULATION, Shape::Word, bytes)?;
        for tunnel in tlvs {
            Tlvs::parse(TUNNEL_ENCAPSULATION, Shape::ByteByType, tunnel.value)?;
        }
        Ok(Self { tlvs })
    }

    /// What was not read yet, as bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.tlvs.as_bytes()
    }

    /// Whether there is a tunnel that can be used.
    ///
    /// # Errors
    /// RFC 9012 §13, which withdraws the routes: [`Error::Malformed`] if there is none.
    pub fn check(mut self) -> Result<(), Error> {
        //= RFC 9012 §13/endpoint
        if self.any(|tunnel| tunnel.is_usable()) {
            return Ok(());
        }
        let (field, rule) = ("number of tunnels with one egress endpoint", Rule::AtLeast(1));
        Err(Error::Malformed { layer: TUNNEL_ENCAPSULATION, field, value: 0, rule })
    }
}

impl<'a> Iterator for TunnelEncapsulation<'a> {
    type Item = Tunnel<'a>;

    fn next(&mut self) -> Option<Tunnel<'a>> {
        let Tlv { kind, value } = self.tlvs.next()?;
        Some(Tunnel { kind: TunnelType(kind), sub_tlvs: Tlvs::new(Shape::ByteByType, value) })
    }
}

impl<'a> Tunnel<'a> {
    //= RFC 9012 §13/malformed, §13/unknown
    /// What is told of it, in order; an error for what is malformed, which counts as if it were not known (RFC 9012 §13).
    pub fn values(&self) -> impl Iterator<Item = Result<SubTlv<'a>, Error>> + use<'a> {
        let kind = self.kind;
        self.sub_tlvs.map(move |tlv| SubTlv::of(kind, tlv))
    }

    /// The other end (RFC 9012 §3.1). `None` if it is not told, told twice, or malformed: then the tunnel is to be ignored (§13), but
    /// for a segment routing policy, which has none (RFC 9830 §2.3).
    #[must_use]
    pub fn egress(&self) -> Option<Egress> {
        let mut told = self.sub_tlvs.filter(|tlv| tlv.kind == u16::from(SubTlvType::EGRESS_ENDPOINT.0));
        let (only, None) = (told.next()?, told.next()) else {
            return None;
        };
        match SubTlv::parse(only) {
            Ok(SubTlv::EgressEndpoint(endpoint)) => endpoint.egress(),
            _ => None,
        }
    }

    /// Whether it can be used: it tells its other end, or needs none.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        //= RFC 9830 §2.3/no-endpoint
        self.kind == TunnelType::SR_POLICY || self.egress().is_some()
    }

    /// A policy's preference (RFC 9830 §2.4.1).
    #[must_use]
    pub fn preference(&self) -> Option<u32> {
        self.values().find_map(|value| match value {
            Ok(SubTlv::Preference(preference)) => Some(preference.get()),
            _ => None,
        })
    }

    /// A policy's segment lists (RFC 9830 §2.4.4); what is malformed is passed over.
    pub fn segment_lists(&self) -> impl Iterator<Item = SegmentList<'a>> + use<'a> {
        self.values().filter_map(|value| match value {
            Ok(SubTlv::SegmentList(list)) => Some(list),
            _ => None,
        })
    }

    /// Writes type, length and what is told of it.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if that is longer than the length has room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        Tlv { kind: self.kind.0, value: self.sub_tlvs.as_bytes() }.write(Shape::Word, to)
    }

    /// Writes a tunnel of what is told of it.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn build(kind: TunnelType, values: &[SubTlv<'_>], to: &mut Writer<'_>) -> Result<(), Error> {
        Shape::Word.write(kind.0, to, |to| values.iter().try_for_each(|value| value.write(to)))
    }
}

impl fmt::Display for Tunnel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        say_all(self.sub_tlvs, f, |tlv, f| SubTlv::say(SubTlv::of(self.kind, tlv), tlv, f))
    }
}

impl<'a> Body<'a> for TunnelEncapsulation<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        spaced(*self, f)
    }
}
