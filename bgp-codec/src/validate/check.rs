//! What is looked at beyond reading: of an attribute's value, and inside of routes whose ends are known.

use core::net::Ipv4Addr;

use ether_ip::{Error, Rule};

use super::finding::{UpdateVisitor, Verdict};
use crate::attribute::{AsPath, Attribute, AttributeType, AttributeValue, ExtendedCommunity, SegmentType, Take};
use crate::family::{Afi, Family, Safi};
use crate::message::update::Update;
use crate::nlri::{Esi, EvpnRoute, KnownEvpn, LabelFormat, Labeled, LinkState, NLRI, Nlri, Routes, SrPolicy, Vpn};
use crate::session::{Negotiated, Peer};

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
    pub verdict: &'c mut Verdict,
    pub visit: &'c mut V,
}

impl<'a, V: UpdateVisitor<'a>> Take<'a> for Checked<'_, 'a, V> {
    type Taken = Result<(), Wrong>;

    #[inline(always)]
    fn take(self, value: AttributeValue<'a>) -> Result<(), Wrong> {
        match value {
            AttributeValue::MpReach(reach) => {
                reach.routes.check().map_err(Wrong::Value)?;
                self.verdict.reaches = !reach.routes.as_bytes().is_empty();
                if has_insides(reach.routes) {
                    check_routes(reach.routes, Some(self.update))?;
                }
            }
            AttributeValue::MpUnreach(unreach) => {
                unreach.routes.check().map_err(Wrong::Value)?;
                if has_insides(unreach.routes) {
                    check_routes(unreach.routes, None)?;
                }
            }
            _ => check_value(&value, self.update.session(), self.update.has_nlri())?,
        }
        self.visit.attribute(self.attribute, value);
        Ok(())
    }
}

/// What a value may not be that can be read: of what is received, and of what is built.
#[inline(always)]
pub(crate) fn check_value(value: &AttributeValue<'_>, session: &Negotiated, has_nlri: bool) -> Result<(), Wrong> {
    match value {
        AttributeValue::AsPath(path) => check_path(*path, session),
        // One that stands beside MP_REACH_NLRI alone is ignored (RFC 4760 §3).
        //= RFC 4271 §6.3/next-hop
        AttributeValue::NextHop(address) if has_nlri && !is_host(*address) => Err(Wrong::NextHop(*address)),
        AttributeValue::As4Path(path) => check_as4_path(*path, session),
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
    //= RFC 5065 §5/first
    if session.peer == Peer::Confederation
        && path.segments().next().is_none_or(|first| first.kind != SegmentType::CONFED_SEQUENCE)
    {
        return Err(Wrong::ConfederationMissing);
    }
    for segment in path.segments() {
        //= RFC 5065 §5/outside
        if session.peer == Peer::External && segment.kind.is_confederation() {
            return Err(Wrong::Confederation);
        }
        if segment.kind.is_set() && !session.may_have_as_sets {
            return Err(Wrong::Set(segment.kind));
        }
        //= RFC 7607 §2/path
        if segment.has_zero() {
            return Err(Wrong::AsZero);
        }
    }
    Ok(())
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
const fn is_host(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    first != 0 && !address.is_multicast() && !address.is_broadcast()
}

/// Whether more can be wrong with routes than where they end.
#[inline(always)]
fn has_insides(routes: Routes<'_>) -> bool {
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

/// What is wrong inside of the first route that is not right; `announced` is the UPDATE, if it announces them.
#[cold]
fn check_routes(mut routes: Routes<'_>, announced: Option<&Update<'_>>) -> Result<(), Wrong> {
    let format = routes.format();
    routes.try_for_each(|route| {
        let (error, clause, is_alone) = match route.nlri {
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
fn check_evpn(route: &EvpnRoute<'_>, announced: Option<&Update<'_>>) -> Result<(), (Error, &'static str)> {
    let (esi, gateway, label) = match route {
        EvpnRoute::Other { .. } => {
            return route.flaw(Afi::L2VPN).map_or(Ok(()), |error| Err((error, "RFC 7432 §7")));
        }
        EvpnRoute::Known { route: KnownEvpn::IpPrefix { esi, gateway, label, .. }, .. } => (esi, gateway, label),
        EvpnRoute::Known { .. } => return Ok(()),
    };
    let Some(update) = announced else {
        return Ok(());
    };
    let indexes = u32::from(*esi != Esi::default()) + u32::from(!gateway.is_unspecified());
    if indexes > 1 {
        return Err((malformed("number of overlay indexes", indexes, Rule::AtMost(1)), "RFC 9136 §3.2"));
    }
    if indexes == 0 && label.vni() == 0 && !has_router_mac(update) {
        return Err((malformed("label", 0, Rule::AtLeast(1)), "RFC 9136 §3.1"));
    }
    Ok(())
}

/// Whether a router's MAC address is told, which is an overlay index too (RFC 9136 §3.2).
fn has_router_mac(update: &Update<'_>) -> bool {
    match update.value(AttributeType::EXTENDED_COMMUNITIES) {
        Some(AttributeValue::ExtendedCommunities(all)) => all.iter().any(|of: &ExtendedCommunity| of.kind() == (6, 3)),
        _ => false,
    }
}

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
