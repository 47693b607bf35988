//! What is looked at beyond reading: of an attribute's value, and inside of routes whose ends are known.

use core::net::Ipv4Addr;

use ether_ip::{Error, Rule};

use super::finding::{AttributeSet, UpdateVisitor, Verdict};
use crate::attribute::{
    AsPath, Attribute, AttributeFlags, AttributeType, AttributeValue, Attributes, ExtendedCommunity, SegmentType, Take,
};
use crate::error::Fault;
use crate::family::{Afi, Family, Safi};
use crate::message::update::Update;
use crate::nlri::{Esi, EvpnRoute, KnownEvpn, LabelFormat, Labeled, LinkState, NLRI, Nlri, Routes, SrPolicy, Vpn};
use crate::session::{Negotiated, Peer};
use crate::wire::items;

/// What is wrong with an attribute, in few bytes: nearly always there is nothing.
#[derive(Debug)]
pub(crate) enum Wrong {
    Repeated,
    Unwanted,
    Flags,
    UnknownWellKnown,
    Confederation,
    ConfederationMissing,
    Set(SegmentType),
    AsZero,
    NextHop(Ipv4Addr),
    Value(Error),
    Service(Error),
    Route(Flaw),
}

impl Wrong {
    /// The same in words.
    #[cold]
    pub(crate) fn fault(&self, kind: AttributeType, flags: AttributeFlags) -> Fault {
        let layer = kind.layer();
        match self {
            Self::Repeated => Fault::Repeated(layer),
            Self::Unwanted => Fault::NotFromThisPeer(layer),
            Self::Flags => Fault::Flags { attribute: layer, flags: flags.0 },
            Self::UnknownWellKnown => Fault::UnknownWellKnown(kind.0),
            Self::Confederation => Fault::Confederation,
            Self::ConfederationMissing => Fault::ConfederationMissing,
            Self::Set(segment) => Fault::AsSet(layer, *segment),
            Self::AsZero => Fault::AsZero(layer),
            Self::NextHop(address) => Fault::NextHop(*address),
            Self::Value(error) | Self::Service(error) | Self::Route(Flaw { error, .. }) => Fault::Field(*error),
        }
    }
}

impl From<Error> for Wrong {
    #[inline]
    fn from(error: Error) -> Self {
        Self::Value(error)
    }
}

/// What is wrong inside of a route, which leaves its neighbours whole.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub error: Error,
    pub clause: &'static str,
    /// Whether it is about this route alone, and not about what is announced with it.
    pub is_alone: bool,
}

/// Takes a value that could be read, checks what is to be checked beside, and hands it out.
pub(super) struct Checked<'c, 'a, V> {
    pub attribute: &'c Attribute<'a>,
    pub update: &'c Update<'a>,
    pub seen: &'c mut AttributeSet,
    pub verdict: &'c mut Verdict,
    pub visit: &'c mut V,
}

impl<'a, V: UpdateVisitor<'a>> Take<'a> for Checked<'_, 'a, V> {
    type Taken = ();
    type Wrong = Wrong;

    #[inline(always)]
    fn admit(&mut self, kind: AttributeType, flags: AttributeFlags) -> Result<(), Wrong> {
        if self.seen.insert(kind) {
            return Err(Wrong::Repeated);
        }
        check_kind(kind, flags, self.update.session())
    }

    #[inline(always)]
    fn take(self, value: AttributeValue<'a>) -> Result<(), Wrong> {
        match value {
            AttributeValue::MpReach(reach) => {
                reach.routes.check()?;
                self.verdict.reaches = !reach.routes.as_bytes().is_empty();
                if has_insides(reach.routes) {
                    check_routes(reach.routes, Some(self.update.attributes()))?;
                }
            }
            AttributeValue::MpUnreach(unreach) => {
                unreach.routes.check()?;
                if has_insides(unreach.routes) {
                    check_routes(unreach.routes, None)?;
                }
            }
            _ => check_value(value, self.update.session(), self.update.has_nlri())?,
        }
        self.visit.attribute(self.attribute, value);
        Ok(())
    }
}

/// What an attribute may not be before its value is looked at: from such a peer, with such flags.
#[inline(always)]
pub(crate) fn check_kind(kind: AttributeType, flags: AttributeFlags, session: &Negotiated) -> Result<(), Wrong> {
    // What is discarded is not looked at.
    check_sender(kind, session)?;
    match kind.flags() {
        //= RFC 7606 §3.c
        Some(needed) if !needed.is_same_category(flags) => Err(Wrong::Flags),
        None if !flags.is_optional() => Err(Wrong::UnknownWellKnown),
        _ => Ok(()),
    }
}

/// Whether an attribute of this type may come from such a peer, and go to it.
#[inline(always)]
pub(crate) fn check_sender(kind: AttributeType, session: &Negotiated) -> Result<(), Wrong> {
    match kind {
        //= RFC 7606 §7.5/external, §7.9/external, §7.10/external
        AttributeType::LOCAL_PREF | AttributeType::ORIGINATOR_ID | AttributeType::CLUSTER_LIST
            if session.peer == Peer::External =>
        {
            Err(Wrong::Unwanted)
        }
        //= RFC 6793 §4.1/discard
        AttributeType::AS4_PATH | AttributeType::AS4_AGGREGATOR if session.four_octet_as && session.is_known => {
            Err(Wrong::Unwanted)
        }
        _ => Ok(()),
    }
}

/// All of that, of an attribute that is not one of routes and that a speaker passes on.
pub(crate) fn check_attribute(attribute: &Attribute<'_>, session: &Negotiated) -> Result<(), Wrong> {
    check_kind(attribute.kind, attribute.flags, session)?;
    let value = attribute.parse(session)?;
    check_value(value, session, true)
}

/// What a value may not be that can be read: of what is received, and of what is built.
#[inline(always)]
pub(crate) fn check_value(value: AttributeValue<'_>, session: &Negotiated, has_nlri: bool) -> Result<(), Wrong> {
    match value {
        AttributeValue::AsPath(path) => check_path(path, session),
        // One that stands beside MP_REACH_NLRI alone is ignored (RFC 4760 §3).
        //= RFC 4271 §6.3/next-hop
        AttributeValue::NextHop(address) if has_nlri && !is_host(address) => Err(Wrong::NextHop(address)),
        AttributeValue::As4Path(path) => check_as4_path(path, session),
        //= RFC 7607 §2/path, §2/as4
        AttributeValue::Aggregator(of) | AttributeValue::As4Aggregator(of) if of.as_number == 0 => Err(Wrong::AsZero),
        AttributeValue::TunnelEncapsulation(tunnels) => tunnels.check().map_err(Wrong::Value),
        AttributeValue::PrefixSid(sid) => sid.check_services().map_err(Wrong::Service),
        _ => Ok(()),
    }
}

/// What segments that can be read may not have, in one pass over them.
#[inline(always)]
fn check_path(path: AsPath<'_>, session: &Negotiated) -> Result<(), Wrong> {
    if session.peer == Peer::Confederation {
        check_first(path)?;
    }
    for segment in path.segments() {
        if segment.kind != SegmentType::SEQUENCE {
            check_segment_type(segment.kind, session)?;
        }
        //= RFC 7607 §2/path
        if segment.has_zero() {
            return Err(Wrong::AsZero);
        }
    }
    Ok(())
}

//= RFC 5065 §5/first
#[cold]
fn check_first(path: AsPath<'_>) -> Result<(), Wrong> {
    match path.segments().next() {
        Some(first) if first.kind == SegmentType::CONFED_SEQUENCE => Ok(()),
        _ => Err(Wrong::ConfederationMissing),
    }
}

/// Whether a segment that is no plain sequence may come from such a peer.
#[cold]
fn check_segment_type(kind: SegmentType, session: &Negotiated) -> Result<(), Wrong> {
    //= RFC 5065 §5/outside
    if session.peer == Peer::External && kind.is_confederation() {
        return Err(Wrong::Confederation);
    }
    if kind.is_set() && !session.may_have_as_sets { Err(Wrong::Set(kind)) } else { Ok(()) }
}

/// The same of a path that is seldom there, out of the way of what is. A confederation's segments are passed over (RFC 6793 §6).
#[cold]
fn check_as4_path(path: AsPath<'_>, session: &Negotiated) -> Result<(), Wrong> {
    let set = path.segments().find(|segment| segment.kind.is_set() && !session.may_have_as_sets);
    match set {
        Some(segment) => Err(Wrong::Set(segment.kind)),
        //= RFC 7607 §2/as4
        None if path.contains(0) => Err(Wrong::AsZero),
        None => Ok(()),
    }
}

/// Whether an address can be a host's: not of 0.0.0.0/8 nor of a group, and not the broadcast (RFC 1122 §3.2.1.3).
#[inline]
pub(crate) const fn is_host(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    first != 0 && !address.is_multicast() && !address.is_broadcast()
}

/// Whether more can be wrong with routes than where they end.
#[inline(always)]
pub(crate) fn has_insides(routes: Routes<'_>) -> bool {
    let is_stack = matches!(routes.format().labels, LabelFormat::Stack(_));
    is_stack
        || matches!(
            routes.family().safi,
            Safi::EVPN
                | Safi::FLOW_SPEC
                | Safi::FLOW_SPEC_VPN
                | Safi::LINK_STATE
                | Safi::LINK_STATE_VPN
                | Safi::MCAST_VPN
                | Safi::SR_POLICY
        )
}

/// What is wrong inside of the first route that is not right; `announced` are the attributes that they are announced with.
#[cold]
pub(crate) fn check_routes(mut routes: Routes<'_>, announced: Option<Attributes<'_>>) -> Result<(), Wrong> {
    let format = routes.format();
    routes.try_for_each(|route| {
        let (error, clause, is_alone) = match route.nlri {
            //= RFC 8955 §10/withdraw
            Nlri::FlowSpec(flow) => (flow.check().err(), "RFC 8955 §10", false),
            Nlri::Evpn(route) => match check_evpn(&route, announced) {
                Ok(()) => return Ok(()),
                Err((error, clause)) => (Some(error), clause, false),
            },
            Nlri::McastVpn(route) => (route.flaw(format.family.afi), "RFC 6514 §4", false),
            Nlri::SrPolicy(policy) => (check_policy(&policy, format.family), "RFC 9830 §2.1", false),
            Nlri::LinkState(of) => (check_link_state(&of), "RFC 9552 §8.2.2", true),
            Nlri::Labeled(Labeled { labels, .. }) | Nlri::Vpn(Vpn { labels, .. }) => match format.labels {
                //= RFC 8277 §2.1/too-many
                LabelFormat::Stack(most) if labels.len() > usize::from(most) => {
                    let rule = Rule::AtMost(u32::from(most));
                    (Some(malformed("number of labels", labels.len() as u32, rule)), "RFC 8277 §2.1", false)
                }
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        error.map_or(Ok(()), |error| Err(Wrong::Route(Flaw { error, clause, is_alone })))
    })
}

const fn malformed(field: &'static str, value: u32, rule: Rule) -> Error {
    Error::Malformed { layer: NLRI, field, value, rule }
}

/// RFC 7432 §7, RFC 9136 §3: what the type says, and what a prefix is reached through.
fn check_evpn(route: &EvpnRoute<'_>, announced: Option<Attributes<'_>>) -> Result<(), (Error, &'static str)> {
    let (esi, gateway, label) = match route {
        EvpnRoute::Other { .. } => {
            return route.flaw(Afi::L2VPN).map_or(Ok(()), |error| Err((error, "RFC 7432 §7")));
        }
        EvpnRoute::Known { route: KnownEvpn::IpPrefix { esi, gateway, label, .. }, .. } => (esi, gateway, label),
        EvpnRoute::Known { .. } | EvpnRoute::Leaf { .. } => return Ok(()),
    };
    let Some(attributes) = announced else {
        return Ok(());
    };
    let indexes = u32::from(*esi != Esi::default()) + u32::from(!gateway.is_unspecified());
    //= RFC 9136 §3.2/one-index
    if indexes > 1 {
        return Err((malformed("number of overlay indexes", indexes, Rule::AtMost(1)), "RFC 9136 §3.2"));
    }
    //= RFC 9136 §3.1/label
    if indexes == 0 && label.vni() == 0 && !has_router_mac(attributes) {
        return Err((malformed("label", 0, Rule::AtLeast(1)), "RFC 9136 §3.1"));
    }
    Ok(())
}

/// Whether a router's MAC address is told, which is an overlay index too (RFC 9136 §3.2).
fn has_router_mac(mut attributes: Attributes<'_>) -> bool {
    let communities = attributes.find(|attribute| attribute.kind == AttributeType::EXTENDED_COMMUNITIES);
    let all: &[ExtendedCommunity] = communities.and_then(|attribute| items(attribute.value)).unwrap_or_default();
    all.iter().any(|of| of.kind() == (6, 3))
}

//= RFC 9830 §2.1/length
/// RFC 9830 §2.1: 96 bits with IPv4, 192 with IPv6.
fn check_policy(policy: &SrPolicy<'_>, family: Family) -> Option<Error> {
    let needed = if family.afi == Afi::IPV4 { 96 } else { 192 };
    let bits = policy.bits();
    (bits != needed).then(|| malformed("length", u32::from(bits), Rule::Exactly(u32::from(needed))))
}

/// RFC 9552 §5.1, §8.2.2: TLVs that fit, in the order of their types.
fn check_link_state(of: &LinkState<'_>) -> Option<Error> {
    match of {
        LinkState::Other { .. } => of.flaw(),
        LinkState::Described { .. } => None,
    }
}
