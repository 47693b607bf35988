//! BGP link state: the nodes, links and prefixes of an IGP (RFC 9552 §5.2).
//!
//! ```text
//!  0               16              32
//!  +---------------+---------------+
//!  | type          | length        |    a route distinguisher follows here in a VPN
//!  +-------+-------+---------------+-----------------------------------------------+
//!  | proto.| identifier                                                    |
//!  +-------+---------------------------------------------------------------+-----+
//!  | descriptors: TLVs of two bytes type and two bytes length
//!  +-------------------------------
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule, open_set};

use crate::family::{Afi, NLRI, Safi};
use crate::link_state::{LinkStateTlv, say_descriptor};
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::value::distinguisher::RouteDistinguisher;
use crate::wire::{Reader, hex};

open_set! {
    /// What is described.
    pub struct LinkStateType(u16) {
        /// A node.
        NODE = 1, "node";
        /// A link.
        LINK = 2, "link";
        /// An IPv4 prefix.
        IPV4_PREFIX = 3, "ipv4-prefix";
        /// An IPv6 prefix.
        IPV6_PREFIX = 4, "ipv6-prefix";
        /// A segment routing policy's candidate path (RFC 9857).
        SR_POLICY = 5, "sr-policy";
        /// An SRv6 segment identifier (RFC 9514).
        SRV6_SID = 6, "srv6-sid";
    }
}

impl LinkStateType {
    /// The family of the prefix that is described.
    pub(crate) const fn afi(self) -> Option<Afi> {
        match self {
            Self::IPV4_PREFIX => Some(Afi::IPV4),
            Self::IPV6_PREFIX => Some(Afi::IPV6),
            _ => None,
        }
    }
}

open_set! {
    /// Where the description comes from.
    pub struct LinkStateProtocol(u8) {
        /// IS-IS level 1.
        ISIS_LEVEL_1 = 1, "isis-l1";
        /// IS-IS level 2.
        ISIS_LEVEL_2 = 2, "isis-l2";
        /// OSPFv2.
        OSPFV2 = 3, "ospfv2";
        /// The speaker itself.
        DIRECT = 4, "direct";
        /// Configuration.
        STATIC = 5, "static";
        /// OSPFv3.
        OSPFV3 = 6, "ospfv3";
        /// BGP (RFC 9086).
        BGP = 7, "bgp";
        /// RSVP-TE.
        RSVP_TE = 8, "rsvp-te";
        /// Segment routing (RFC 9857).
        SEGMENT_ROUTING = 9, "segment-routing";
    }
}

/// A node, a link or a prefix of an IGP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkState<'a> {
    /// What has the common shape.
    Described {
        /// What is described.
        kind: LinkStateType,
        /// Whose, in a VPN.
        distinguisher: Option<RouteDistinguisher>,
        /// Where it comes from.
        protocol: LinkStateProtocol,
        /// The instance of the protocol.
        identifier: u64,
        /// TLVs: see [`LinkStateValue`](crate::link_state::LinkStateValue).
        descriptors: Tlvs<'a>,
    },
    /// What is malformed, or too short: if its kind is known it is to be discarded (RFC 9552 §8.2.2), else passed on (§5.2).
    Other {
        /// What is described.
        kind: LinkStateType,
        /// Whether it is of a VPN.
        has_distinguisher: bool,
        /// The bytes.
        value: &'a [u8],
    },
}

/// Whether all descriptors are there to their ends and in their order, those of nodes too: in one pass, since each route goes through it.
fn are_sound(mut rest: &[u8], has_nodes: bool) -> bool {
    let (mut kind_before, mut value_before): (u16, &[u8]) = (0, &[]);
    while let Some((&[a, b, c, d], behind)) = rest.split_first_chunk() {
        let Some((value, behind)) = behind.split_at_checked(usize::from(u16::from_be_bytes([c, d]))) else {
            return false;
        };
        let kind = u16::from_be_bytes([a, b]);
        let is_behind =
            kind > kind_before || kind == kind_before && (value.len(), value) >= (value_before.len(), value_before);
        if !is_behind || has_nodes && is_node(kind) && !are_sound(value, false) {
            return false;
        }
        (kind_before, value_before, rest) = (kind, value, behind);
    }
    rest.is_empty()
}

/// Whether a descriptor has descriptors itself.
fn is_node(kind: u16) -> bool {
    matches!(LinkStateTlv(kind), LinkStateTlv::LOCAL_NODE | LinkStateTlv::REMOTE_NODE)
}

/// What it is that is not sound.
#[cold]
fn check(layer: LayerName, descriptors: &[u8]) -> Result<(), Error> {
    let descriptors = Tlvs::parse(layer, Shape::Word, descriptors)?;
    check_order(descriptors)?;
    let mut nodes = descriptors.filter(|tlv| is_node(tlv.kind));
    nodes.try_for_each(|tlv| check_order(Tlvs::parse(layer, Shape::Word, tlv.value)?))
}

//= RFC 9552 §5.1/order
/// TLVs stand in ascending order of their types, those of a type by length and value (RFC 9552 §5.1).
fn check_order(tlvs: Tlvs<'_>) -> Result<(), Error> {
    let in_order = |before: &Tlv<'_>, tlv: &Tlv<'_>| {
        (before.kind, before.value.len(), before.value) <= (tlv.kind, tlv.value.len(), tlv.value)
    };
    let mut before: Option<Tlv<'_>> = None;
    for tlv in tlvs {
        if let Some(before) = before.filter(|before| !in_order(before, &tlv)) {
            let (field, value, rule) = ("descriptor", u32::from(tlv.kind), Rule::AtLeast(u32::from(before.kind)));
            return Err(Error::Malformed { layer: NLRI, field, value, rule });
        }
        before = Some(tlv);
    }
    Ok(())
}

impl<'a> LinkState<'a> {
    pub(crate) fn read(safi: Safi, from: &mut Reader<'a>) -> Result<Self, Error> {
        let kind = LinkStateType(from.u16()?);
        let len = from.u16()?;
        let value = from.take(usize::from(len))?;
        let has_distinguisher = safi == Safi::LINK_STATE_VPN;
        let described = Self::described(kind, has_distinguisher, Reader::new(from.layer(), value));
        //= RFC 9552 §5.2/unknown
        // The length tells where the next one is, so that one that is odd inside is kept and not fatal.
        Ok(described.unwrap_or(Self::Other { kind, has_distinguisher, value }))
    }

    fn described(kind: LinkStateType, has_distinguisher: bool, mut from: Reader<'a>) -> Result<Self, Error> {
        let distinguisher = if has_distinguisher { Some(RouteDistinguisher::read(&mut from)?) } else { None };
        let (protocol, identifier) = (LinkStateProtocol(from.u8()?), from.array().map(u64::from_be_bytes)?);
        if !are_sound(from.rest(), true) {
            check(from.layer(), from.rest())?;
        }
        let descriptors = Tlvs::new(Shape::Word, from.rest());
        Ok(Self::Described { kind, distinguisher, protocol, identifier, descriptors })
    }

    /// What is wrong inside. Of a kind that is not known, nothing is (RFC 9552 §5.2).
    pub(crate) fn flaw(&self) -> Option<Error> {
        match *self {
            Self::Other { kind, has_distinguisher, value } if kind.name().is_some() => {
                Self::described(kind, has_distinguisher, Reader::new(NLRI, value)).err()
            }
            _ => None,
        }
    }

    /// Writes type, length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the value is longer than its length has room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let (Self::Described { kind, .. } | Self::Other { kind, .. }) = self;
        to.u16(kind.0)?.with_len_u16(0, |to| {
            match self {
                Self::Described { distinguisher, protocol, identifier, descriptors, .. } => {
                    if let Some(distinguisher) = distinguisher {
                        to.put(&distinguisher.0)?;
                    }
                    to.u8(protocol.0)?.put(&identifier.to_be_bytes())?.put(descriptors.as_bytes())?
                }
                Self::Other { value, .. } => to.put(value)?,
            };
            Ok(())
        })?;
        Ok(())
    }
}

impl fmt::Display for LinkState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Described { kind, distinguisher, protocol, identifier, descriptors } => {
                write!(f, "{kind} {protocol} {identifier}")?;
                distinguisher.map_or(Ok(()), |rd| write!(f, " rd {rd}"))?;
                descriptors.into_iter().try_for_each(|tlv| {
                    f.write_str(" ")?;
                    say_descriptor(tlv, kind.afi(), f)
                })
            }
            Self::Other { kind, value, .. } => {
                write!(f, "{kind} ")?;
                hex(value, f)
            }
        }
    }
}
