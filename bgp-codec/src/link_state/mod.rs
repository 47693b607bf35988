//! Link state: what BGP-LS tells of an IGP's nodes, links and prefixes, by TLVs of two bytes type and two bytes length (RFC 9552 §5.3).
//!
//! | values | RFC | file |
//! | --- | --- | --- |
//! | what describes a node, a link, a prefix | 9552, 9086 | `descriptor.rs` |
//! | nodes: names, identifiers, flexible algorithms | 9552, 8814, 9351 | `node.rs` |
//! | links | 9552, 9294, 9085 | `link.rs` |
//! | prefixes | 9552 | `prefix.rs` |
//! | bandwidths, delays, metrics, groups | 9552, 8571, 9104 | `number.rs` |
//! | segment identifiers of MPLS | 9085, 9086 | `sid.rs` |
//! | segment identifiers of SRv6 | 9514 | `srv6.rs` |
//! | segment routing policies, what they keep to, their ways | 9857 | `policy.rs`, `constraint.rs`, `segment.rs` |

// Floor 0: what all values are, and the table of them.
mod table;
mod value;

// Floor 1: values.
mod constraint;
mod descriptor;
mod link;
mod node;
mod number;
mod policy;
mod prefix;
mod segment;
mod sid;
mod srv6;

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, open_set};

use self::table::tlvs;
use self::value::{Part, Value};
use crate::family::Afi;
use crate::tlv::{Tlv, Tlvs};
use crate::wire::hex;

pub use constraint::{
    AffinityConstraint, BidirectionalGroup, ConstraintFlags, Constraints, DisjointGroup, MetricConstraint, MetricFlags,
};
pub use descriptor::{LinkIdentifiers, NodeDescriptors, OspfRouteType, Reachability, RouterId};
pub use link::{Applications, BundleMember, ForApplications, MplsProtocols, Protection, ProtectionKinds};
pub use node::{Algorithm, FlexAlgorithm, FlexAlgorithmMetric, IsisArea, Msd, MsdKind, Name, NodeFlags};
pub use number::{AdminGroup, Bandwidth, Delay, IgpMetric, Loss, MetricType, MinMaxDelay, Number, Number64, Topology};
pub use policy::{
    BindingSid, BindingSidFlags, CandidatePath, CandidatePathFlags, CandidatePathState, PathOrigin, PolicySid,
    Srv6BindingSid, Srv6BindingSidFlags,
};
pub use prefix::IgpFlags;
pub use segment::{
    Segment, SegmentDescriptor, SegmentFlags, SegmentList, SegmentListFlags, SegmentListMetric, SegmentListMetricFlags,
};
pub use sid::{AdjacencySid, LanAdjacencySid, PrefixSid, Range, Sid, SidRange, SidRanges};
pub use srv6::{EndX, Locator, SidStructure, Srv6Behavior, Srv6Capabilities, Srv6PeerNode};
pub use value::LINK_STATE;
pub(crate) use value::SHAPE;

/// What is made of the table: the set of types, the sum of all values, and what is done with each.
macro_rules! link_state_values {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal, $variant:ident($body:ty);)*) => {
        open_set! {
            /// What a TLV tells.
            pub struct LinkStateTlv(u16) {
                $($(#[$doc])* $name = $value, $text;)*
            }
        }

        impl LinkStateTlv {
            /// All that have a name here.
            pub const KNOWN: &[Self] = &[$(Self::$name),*];
        }

        /// What a TLV tells, and its value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum LinkStateValue<'a> {
            $($(#[$doc])* $variant($body),)*
            /// One that is not known; it is kept.
            Other(Tlv<'a>),
        }

        impl<'a> LinkStateValue<'a> {
            /// The type.
            #[must_use]
            pub const fn kind(&self) -> LinkStateTlv {
                match *self {
                    $(Self::$variant(_) => LinkStateTlv::$name,)*
                    Self::Other(tlv) => LinkStateTlv(tlv.kind),
                }
            }

            /// Reads a TLV's value.
            ///
            /// # Errors
            /// [`Error::Truncated`] or [`Error::Malformed`] if it is not what its type has. Who passes routes on does not care
            /// (RFC 9552 §8.2.2); who uses them ignores the TLV.
            // Inlined whatever it costs: who looks at a few of the values then has no others made and moved.
            #[inline(always)]
            pub fn parse(tlv: Tlv<'a>) -> Result<Self, Error> {
                Ok(match LinkStateTlv(tlv.kind) {
                    $(LinkStateTlv::$name => Self::$variant(<$body>::read(tlv.value)?),)*
                    //= RFC 9552 §5.1/unknown
                    _ => Self::Other(tlv),
                })
            }

            /// Writes type, length and value.
            ///
            /// # Errors
            /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the value is longer than its length has room for.
            pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.u16(self.kind().0)?.with_len_u16(0, |to| match self {
                    $(Self::$variant(value) => value.write(to),)*
                    Self::Other(tlv) => to.write_all(&[tlv.value]),
                })?;
                Ok(())
            }
        }

        impl<'a> LinkStateValue<'a> {
            /// The TLVs within, if its type has such.
            #[must_use]
            pub fn sub_tlvs(&self) -> Option<Tlvs<'a>> {
                match self {
                    $(Self::$variant(value) => value.sub_tlvs(),)*
                    Self::Other(_) => None,
                }
            }

            /// The value in words, without the TLVs within.
            fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(value) => value.say(f),)*
                    Self::Other(tlv) => hex(tlv.value, f),
                }
            }
        }
    };
}

tlvs!(link_state_values);

/// The type's name, the value in words, and the TLVs within in braces.
impl fmt::Display for LinkStateValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind(), f)?;
        if !matches!(self, Self::LocalNode(_) | Self::RemoteNode(_)) {
            f.write_str(" ")?;
            self.say(f)?;
        }
        match self.sub_tlvs() {
            Some(tlvs) if !tlvs.as_bytes().is_empty() => {
                f.write_str(" {")?;
                between(tlvs, ", ", f, say)?;
                f.write_str("}")
            }
            _ => Ok(()),
        }
    }
}

/// Says TLVs, and something between them.
fn between(
    tlvs: Tlvs<'_>,
    sign: &str,
    f: &mut fmt::Formatter<'_>,
    say: impl Fn(Tlv<'_>, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    tlvs.enumerate().try_for_each(|(n, tlv)| {
        f.write_str(if n == 0 { "" } else { sign })?;
        say(tlv, f)
    })
}

/// A TLV in words, or as it is if it is malformed.
pub(crate) fn say(tlv: Tlv<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match LinkStateValue::parse(tlv) {
        Ok(value) => fmt::Display::fmt(&value, f),
        Err(_) => {
            write!(f, "{} malformed ", LinkStateTlv(tlv.kind))?;
            hex(tlv.value, f)
        }
    }
}

/// A descriptor as `name=value`; a prefix's as one of the family that the NLRI is of.
pub(crate) fn say_descriptor(tlv: Tlv<'_>, prefix: Option<Afi>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}=", LinkStateTlv(tlv.kind))?;
    match LinkStateValue::parse(tlv) {
        Ok(LinkStateValue::IpReachability(told)) => match prefix.and_then(|afi| told.prefix(afi)) {
            Some(prefix) => write!(f, "{prefix}"),
            None => told.say(f),
        },
        Ok(LinkStateValue::LocalNode(node) | LinkStateValue::RemoteNode(node)) => {
            f.write_str("{")?;
            between(node.0, " ", f, |tlv, f| say_descriptor(tlv, None, f))?;
            f.write_str("}")
        }
        Ok(value) => value.say(f),
        Err(_) => hex(tlv.value, f),
    }
}
