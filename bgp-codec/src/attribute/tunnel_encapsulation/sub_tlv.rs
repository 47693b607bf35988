//! What is told of a tunnel: sub-TLVs (RFC 9012 §3, RFC 9830 §2.4).
//!
//! | type | value, bytes in brackets |
//! | --- | --- |
//! | 1 | fields of the header: see [`Encapsulation`] |
//! | 2 | `EtherType` (2) |
//! | 4 | colour, as an extended community (8) |
//! | 5 | bits that tell flows apart (2) |
//! | 6 | reserved (4), address family (2), address (0, 4, 16) |
//! | 7 | traffic class or type of service (1) |
//! | 8 | UDP port (2) |
//! | 9 | 1: the payload begins with an MPLS label; 2: the label is the header's network (1) |
//! | 10 | labels, each as in a packet (4) |
//! | 11 | what the Prefix-SID attribute has |
//! | 12 to 20, 128 to 130 | of policies: see [`policy`](super::policy) |

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::EtherType;
use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::encapsulation::{Encapsulation, TUNNEL_ENCAPSULATION};
use super::policy::{BindingSid, ExplicitNullPolicy, Name, Preference, Priority, SegmentList};
use super::segment::Srv6Segment;
use super::stack_entry::StackEntry;
use crate::attribute::prefix_sid::PrefixSid;
use crate::tlv::{Shape, Tlv};
use crate::tlv_value::{Value, tlv_values};
use crate::value::extended_community::ExtendedCommunity;
use crate::value::tunnel_type::TunnelType;
use crate::wire::{Reader, exactly, hex};

tlv_values! {
    /// What a sub-TLV tells of a tunnel (RFC 9012 §3, RFC 9830 §2.4).
    pub struct SubTlvType(u8);

    /// What a sub-TLV tells of a tunnel, and its value.
    pub enum SubTlv in TUNNEL_ENCAPSULATION, Shape::ByteByType;

    /// The encapsulation's header fields: typed where the [tunnel](super::Tunnel::values) is known.
    ENCAPSULATION = 1, "encapsulation", Encapsulation(Encapsulation<'a>);
    /// What is carried.
    PROTOCOL = 2, "protocol", Protocol(Protocol);
    /// An intent.
    COLOR = 4, "color", Color(ColorCommunity);
    /// How many bits of the session or key tell flows apart (RFC 5640 §3).
    LOAD_BALANCING = 5, "load-balancing-block", LoadBalancing(u16);
    /// The other end.
    EGRESS_ENDPOINT = 6, "tunnel-egress-endpoint", EgressEndpoint(EgressEndpoint<'a>);
    /// DSCP and ECN of the outer header.
    DS_FIELD = 7, "ds-field", DsField(&'a DsField);
    /// UDP port of the outer header.
    UDP_PORT = 8, "udp-destination-port", UdpPort(u16);
    /// What becomes of an embedded label.
    EMBEDDED_LABEL = 9, "embedded-label-handling", EmbeddedLabel(EmbeddedLabel);
    /// Labels to be put in front.
    LABEL_STACK = 10, "mpls-label-stack", LabelStack(&'a [StackEntry]);
    /// A prefix segment identifier.
    PREFIX_SID = 11, "prefix-sid", PrefixSid(PrefixSid<'a>);
    /// Policy: which of several candidates is preferred.
    PREFERENCE = 12, "preference", Preference(&'a Preference);
    /// Policy: the segment identifier that stands for it.
    BINDING_SID = 13, "binding-sid", BindingSid(BindingSid);
    /// Policy: explicit null labels.
    EXPLICIT_NULL = 14, "explicit-null-label-policy", ExplicitNull(&'a ExplicitNullPolicy);
    /// Policy: priority.
    PRIORITY = 15, "priority", Priority(&'a Priority);
    /// Policy: an SRv6 segment identifier that stands for it.
    SRV6_BINDING_SID = 20, "srv6-binding-sid", Srv6BindingSid(Srv6Segment<'a>);
    /// Policy: a list of segments.
    SEGMENT_LIST = 128, "segment-list", SegmentList(SegmentList<'a>);
    /// Policy: the candidate path's name.
    CANDIDATE_PATH_NAME = 129, "candidate-path-name", CandidatePathName(Name<'a>);
    /// Policy: its name.
    POLICY_NAME = 130, "policy-name", PolicyName(Name<'a>);
}

impl<'a> SubTlv<'a> {
    /// Reads what is told of a kind of tunnel.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and [`Encapsulation::parse`].
    pub fn of(tunnel: TunnelType, tlv: Tlv<'a>) -> Result<Self, Error> {
        match Self::parse(tlv)? {
            Self::Encapsulation(_) => Encapsulation::parse(tunnel, tlv.value).map(Self::Encapsulation),
            other => Ok(other),
        }
    }
}

/// What a tunnel carries (RFC 9012 §3.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Protocol(pub EtherType);

impl Value<'_> for Protocol {
    fn read(layer: LayerName, bytes: &[u8]) -> Result<Self, Error> {
        u16::read(layer, bytes).map(|of| Self(EtherType(of)))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&self.0.0.to_be_bytes()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// An intent (RFC 9012 §3.4.2): a Color extended community in whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColorCommunity(pub ExtendedCommunity);

impl Value<'_> for ColorCommunity {
    fn read(layer: LayerName, bytes: &[u8]) -> Result<Self, Error> {
        exactly(layer, bytes).map(|of| Self(ExtendedCommunity(of)))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&self.0.0])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Where a tunnel ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Egress {
    /// At the route's next hop: address family 0.
    NextHop,
    /// At this address.
    Address(IpAddr),
}

/// The other end (RFC 9012 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EgressEndpoint<'a> {
    /// What is sent as zero.
    pub reserved: u32,
    /// The address family: 0, 1 or 2.
    pub family: u16,
    /// The address, of the family's length.
    pub address: &'a [u8],
}

impl EgressEndpoint<'_> {
    /// Where the tunnel ends; `None` if the address is not what its family has.
    #[must_use]
    pub fn egress(&self) -> Option<Egress> {
        //= RFC 9012 §3.1/families
        match (self.family, self.address) {
            (0, []) => Some(Egress::NextHop),
            (1, &[a, b, c, d]) => Some(Egress::Address(Ipv4Addr::new(a, b, c, d).into())),
            (2, address) => <[u8; 16]>::try_from(address).ok().map(|of| Egress::Address(Ipv6Addr::from(of).into())),
            _ => None,
        }
    }
}

impl<'a> Value<'a> for EgressEndpoint<'a> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(layer, bytes);
        Ok(Self { reserved: from.u32()?, family: from.u16()?, address: from.rest() })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(self.reserved)?.u16(self.family)?.put(self.address)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.egress() {
            Some(Egress::NextHop) => f.write_str("next hop"),
            Some(Egress::Address(address)) => fmt::Display::fmt(&address, f),
            None => {
                write!(f, "of family {} ", self.family)?;
                hex(self.address, f)
            }
        }
    }
}

/// The outer header's byte of DSCP and ECN (RFC 9012 §3.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct DsField(pub u8);

impl DsField {
    /// The DSCP: the upper six bits.
    #[must_use]
    pub const fn dscp(self) -> u8 {
        self.0 >> 2
    }
}

impl fmt::Display for DsField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

/// What becomes of the label that a labeled route has, where the tunnel's header has a network too (RFC 9012 §3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmbeddedLabel {
    /// 1: it is in front of the payload.
    InPayload = 1,
    /// 2: it is the header's network, or nowhere.
    InHeader = 2,
}

impl Value<'_> for EmbeddedLabel {
    fn read(layer: LayerName, bytes: &[u8]) -> Result<Self, Error> {
        //= RFC 9012 §3.5/values
        match exactly(layer, bytes)? {
            [1] => Ok(Self::InPayload),
            [2] => Ok(Self::InHeader),
            [other] => {
                let (field, rule) = ("embedded label handling", Rule::Either(1, 2));
                Err(Error::Malformed { layer, field, value: u32::from(other), rule })
            }
        }
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&[*self as u8]])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InPayload => "in-payload",
            Self::InHeader => "in-header",
        })
    }
}
