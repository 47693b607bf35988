//! Path attributes: what is told of routes (RFC 4271 §4.3).
//!
//! ```text
//!  0       8       16      24 or 32
//!  +-------+-------+-------+-----------------+
//!  | flags | type  | length| value …         |    the length has two bytes if the extended length flag is set
//!  +-------+-------+-------+-----------------+
//! ```
//!
//! | type | attribute | RFC | here |
//! | --- | --- | --- | --- |
//! | 1 | ORIGIN | 4271 §5.1.1 | [`origin`] |
//! | 2, 17 | AS_PATH, AS4_PATH | 4271 §5.1.2, 6793 | [`as_path`] |
//! | 3, 4, 5, 35 | NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, Only to Customer | 4271 §5.1, 9234 §5 | a number each, in [`AttributeValue`] |
//! | 6 | ATOMIC_AGGREGATE | 4271 §5.1.6 | [`atomic_aggregate`] |
//! | 7, 18 | AGGREGATOR, AS4_AGGREGATOR | 4271 §5.1.7, 6793 | [`aggregator`] |
//! | 8, 32 | COMMUNITIES, LARGE_COMMUNITY | 1997, 8092 | [`community`] |
//! | 9, 10 | ORIGINATOR_ID, CLUSTER_LIST | 4456 §8 | [`reflection`] |
//! | 14, 15 | MP_REACH_NLRI, MP_UNREACH_NLRI | 4760 | [`mp_reach`] |
//! | 16, 25 | EXTENDED COMMUNITIES, their IPv6 form | 4360, 5701 | [`extended_community`] |
//! | 22 | PMSI_TUNNEL | 6514 §5 | [`pmsi_tunnel`] |
//! | 23 | Tunnel Encapsulation | 9012, 9830, 9831 | [`tunnel_encapsulation`] |
//! | 26 | AIGP | 7311 | [`aigp`] |
//! | 29 | BGP-LS | 9552 §5.3 | [`link_state`] |
//! | 33 | BGPsec_PATH | 8205 §3 | [`bgpsec_path`] |
//! | 38 | BFD Discriminator | 9026 §3.1.6 | [`bfd_discriminator`] |
//! | 40 | Prefix-SID | 8669, 9252 | [`prefix_sid`] |
//! | 128 | ATTR_SET | 6368 | [`attr_set`] |

// Floor 0: the table, types and flags, and what a value is.
pub(crate) mod body;
mod kind;
mod table;

// Floor 1: a file an attribute.
pub mod aggregator;
pub mod aigp;
pub mod as_path;
pub mod atomic_aggregate;
pub mod bfd_discriminator;
pub mod bgpsec_path;
pub mod community;
pub mod link_state;
pub mod mp_reach;
pub mod origin;
pub mod pmsi_tunnel;
pub mod prefix_sid;
pub mod reflection;
pub mod tunnel_encapsulation;

// Floor 2: paths that are built, attributes back to back, and what is made of them.
pub mod attr_set;
mod list;
mod path_builder;

// Floor 3: what an attribute says, by its type.
mod value;

pub use aggregator::Aggregator;
pub use aigp::Aigp;
pub use as_path::{AsPath, Segment, SegmentType};
pub use atomic_aggregate::AtomicAggregate;
pub use attr_set::AttrSet;
pub use bfd_discriminator::BfdDiscriminator;
pub use bgpsec_path::BgpsecPath;
pub use community::{Community, LargeCommunities, LargeCommunity};
pub(crate) use kind::write_header;
pub use kind::{ATTRIBUTE, AttributeFlags, AttributeType};
pub use link_state::LinkStateTlv;
pub use list::{Attribute, Attributes};
pub use mp_reach::{MpReach, MpUnreach, NextHop};
pub use origin::Origin;
pub use path_builder::PathBuilder;
pub use pmsi_tunnel::PmsiTunnel;
pub use prefix_sid::PrefixSid;
pub use reflection::ClusterId;
pub use tunnel_encapsulation::TunnelEncapsulation;
pub use value::AttributeValue;
pub(crate) use value::Take;

pub use crate::value::extended_community::{self, Administrator, ExtendedCommunity, Ipv6ExtendedCommunity};
