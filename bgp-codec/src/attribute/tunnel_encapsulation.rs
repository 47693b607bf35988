//! Tunnel Encapsulation: how packets for a route are encapsulated (RFC 9012 §2), and what a segment routing policy is made
//! of (RFC 9830 §2.2).
//!
//! ```text
//!  0               16              32
//!  +---------------+---------------+-------+-------+-----------------+
//!  | tunnel type   | length        | type  | length| value …           sub-TLVs
//!  +---------------+---------------+-------+-------+-----------------+
//! ```

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule, open_set};

use super::body::{Body, spaced};
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::value::as_number::AsSize;
pub use crate::value::tunnel_type::TunnelType;
use crate::wire::hex;

/// Tunnel Encapsulation, as an error names it.
pub const TUNNEL_ENCAPSULATION: LayerName = LayerName::new("Tunnel Encapsulation");

open_set! {
    /// What a sub-TLV tells of a tunnel (RFC 9012 §3, RFC 9830 §2.4).
    pub struct SubTlvType(u8) {
        /// The encapsulation's header fields.
        ENCAPSULATION = 1, "encapsulation";
        /// What is carried.
        PROTOCOL = 2, "protocol";
        /// An intent.
        COLOR = 4, "color";
        /// The other end.
        EGRESS_ENDPOINT = 6, "tunnel-egress-endpoint";
        /// DSCP of the outer header.
        DS_FIELD = 7, "ds-field";
        /// UDP port of the outer header.
        UDP_PORT = 8, "udp-destination-port";
        /// What becomes of an embedded label.
        EMBEDDED_LABEL = 9, "embedded-label-handling";
        /// Labels to be put in front.
        LABEL_STACK = 10, "mpls-label-stack";
        /// A prefix segment identifier.
        PREFIX_SID = 11, "prefix-sid";
        /// Policy: which of several candidates is preferred.
        PREFERENCE = 12, "preference";
        /// Policy: the segment identifier that stands for it.
        BINDING_SID = 13, "binding-sid";
        /// Policy: explicit null labels.
        EXPLICIT_NULL = 14, "explicit-null-label-policy";
        /// Policy: priority.
        PRIORITY = 15, "priority";
        /// Policy: an SRv6 segment identifier that stands for it.
        SRV6_BINDING_SID = 20, "srv6-binding-sid";
        /// Policy: a list of segments.
        SEGMENT_LIST = 128, "segment-list";
        /// Policy: the candidate path's name.
        CANDIDATE_PATH_NAME = 129, "candidate-path-name";
        /// Policy: its name.
        POLICY_NAME = 130, "policy-name";
    }
}

/// Tunnels. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TunnelEncapsulation<'a> {
    tlvs: Tlvs<'a>,
}

/// Where a tunnel ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Egress {
    /// At the route's next hop: address family 0.
    NextHop,
    /// At this address.
    Address(IpAddr),
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
    /// The other end (RFC 9012 §3.1). `None` if it is not told, told twice, or malformed: then the tunnel is to be ignored (§13), but
    /// for a segment routing policy, which has none (RFC 9830 §2.3).
    #[must_use]
    pub fn egress(&self) -> Option<Egress> {
        let mut told = self.sub_tlvs.filter(|tlv| tlv.kind == u16::from(SubTlvType::EGRESS_ENDPOINT.0));
        let (only, None) = (told.next()?, told.next()) else {
            return None;
        };
        match *only.value {
            [_, _, _, _, 0, 0] => Some(Egress::NextHop),
            [_, _, _, _, 0, 1, a, b, c, d] => Some(Egress::Address(IpAddr::from([a, b, c, d]))),
            [_, _, _, _, 0, 2, ref address @ ..] => {
                <[u8; 16]>::try_from(address).ok().map(|address| Egress::Address(address.into()))
            }
            _ => None,
        }
    }

    /// Whether it can be used: it tells its other end, or needs none.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.kind == TunnelType::SR_POLICY || self.egress().is_some()
    }

    /// A policy's preference (RFC 9830 §2.4.1).
    #[must_use]
    pub fn preference(&self) -> Option<u32> {
        match *self.sub_tlvs.find_kind(12)? {
            [_, _, a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
            _ => None,
        }
    }

    /// A policy's segment lists: what each has, weight (9) and segments (1, 13 …; RFC 9830 §2.4.4).
    pub fn segment_lists(&self) -> impl Iterator<Item = Tlvs<'a>> + use<'a> {
        let lists = self.sub_tlvs.filter(|tlv| tlv.kind == 128);
        lists.map(|tlv| Tlvs::new(Shape::Byte, tlv.value.get(1..).unwrap_or_default()))
    }
}

impl fmt::Display for Tunnel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        self.sub_tlvs.into_iter().try_for_each(|tlv| {
            write!(f, " {}=", SubTlvType(tlv.kind as u8))?;
            hex(tlv.value, f)
        })
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
