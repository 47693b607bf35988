//! Routes: network layer reachability information, by family.
//!
//! | family | RFC | file |
//! | --- | --- | --- |
//! | IPv4 and IPv6, unicast and multicast | 4271 §4.3, 4760 | [`prefix`](crate::value::prefix) |
//! | the same with labels | 8277 | [`labeled`] |
//! | VPNv4, VPNv6 | 4364, 4659 | [`vpn`] |
//! | Ethernet VPN | 7432, 9136, 9251, 9572 | [`evpn`] |
//! | route target constraint | 4684 | [`route_target`] |
//! | flow specifications | 8955, 8956 | [`flow_spec`] |
//! | VPLS | 4761, 6074 | [`vpls`] |
//! | multicast VPN | 6514 | [`mcast_vpn`] |
//! | segment routing policies | 9830 | [`sr_policy`] |
//! | link state | 9552 | [`link_state`] |
//! | mobile user plane | draft-ietf-bess-mup-safi | [`mup`] |
//!
//! What is of another family is kept as bytes.

// Floor 0: what several families have in common.
mod typed;

// Floor 1: a file a family.
pub mod evpn;
pub mod flow_spec;
pub mod labeled;
pub mod link_state;
pub mod mcast_vpn;
pub mod mup;
pub mod route_target;
pub mod sr_policy;
pub mod vpls;
pub mod vpn;

// Floor 2: routes of any family.
mod route;

pub use evpn::{Esi, EsiKind, EvpnRoute, KnownEvpn};
pub use flow_spec::FlowSpec;
pub use labeled::Labeled;
pub use link_state::LinkState;
pub use mcast_vpn::{KnownMcastVpn, McastVpn};
pub use mup::{KnownMup, Mup};
pub use route::{Ipv4Routes, Ipv6Routes, Nlri, Route, Routes};
pub use route_target::RouteTargetMembership;
pub use sr_policy::SrPolicy;
pub use typed::{Typed, TypedRoute};
pub use vpls::Vpls;
pub use vpn::Vpn;

pub use crate::family::NLRI;
pub use crate::value::distinguisher::RouteDistinguisher;
pub use crate::value::label::{Label, Labels};
pub use crate::value::route_format::{LabelCounts, LabelFormat, RouteFormat};
