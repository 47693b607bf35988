//! Fields of BGP messages. What Wireshark has no name for is told in words: each attribute's value, each route, and what RFC
//! 7606 says to do about an UPDATE that is wrong.

use bgp_codec::attribute::{AsPath, Attributes, MpReach, MpUnreach, NextHop};
use bgp_codec::capability::Capabilities;
use bgp_codec::message::route_refresh::{OrfType, PrefixFilter};
use bgp_codec::message::update::Update;
use bgp_codec::nlri::Routes;
use bgp_codec::session::AsSize;
use bgp_codec::{
    Attribute, AttributeValue, Capability, IpPrefix, Message, MessageType, Negotiated, Nlri, Notification,
    NotificationCode, Open, Outcome, Route, RouteRefresh,
};

use super::group::Group;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor, Words};
use crate::Outside;
use crate::bgp::BgpMessage;

pub(super) fn message<V: FieldVisitor>(message: &BgpMessage<'_>, session: &Negotiated, visitor: &mut V) {
    visitor.number(Field::BgpLength, message.length);
    visitor.named(Field::BgpType, message.kind, message.kind_name());
    let kind = MessageType(message.kind);
    if let Some(error) = message.header_error() {
        return visitor.words(Field::BgpError, &error);
    }
    if kind.name().is_none() {
        return;
    }
    match Message::parse(kind, message.body, session) {
        Ok(Message::Open(message)) => open(&message, visitor),
        Ok(Message::Update(message)) => update(&message, visitor),
        Ok(Message::Notification(message)) => notification(&message, visitor),
        Ok(Message::RouteRefresh(message)) => route_refresh(&message, visitor),
        Ok(Message::Keepalive) => {}
        Err(error) => {
            visitor.words(Field::BgpError, &error);
            if kind == MessageType::OPEN {
                Open::parse_lax(message.body).iter().for_each(|message| open(message, visitor));
            }
        }
    }
}

fn open<V: FieldVisitor>(open: &Open<'_>, visitor: &mut V) {
    visitor.number(Field::BgpOpenVersion, open.version());
    visitor.number(Field::BgpOpenMyAs, open.my_as());
    visitor.number(Field::BgpOpenHoldTime, open.hold_time());
    visitor.ipv4(Field::BgpOpenIdentifier, open.identifier());
    let header_len = if open.is_extended() { 3 } else { 2 };
    let len: usize = open.parameters().map(|(_, value)| value.len() + header_len).sum();
    visitor.size(Field::BgpOpenOptLen, len);
    for (kind, value) in open.parameters() {
        let is_capabilities = kind == 2;
        let meaning = is_capabilities.then_some("capabilities");
        visitor.group(Group::BgpParameter, FieldValue::Number(kind.into()), meaning, |visitor| {
            visitor.size(Field::BgpOpenParamLen, value.len());
            if is_capabilities {
                Capabilities::new(value).for_each(|one| capability(&one, visitor));
            }
        });
    }
}

fn capability<V: FieldVisitor>(capability: &Capability<'_>, visitor: &mut V) {
    let code = capability.code();
    visitor.group(Group::BgpCapability, FieldValue::Number(code.0.into()), code.name(), |visitor| match *capability {
        Capability::Multiprotocol { family, .. } => {
            visitor.named(Field::BgpCapMpAfi, family.afi.0, family.afi.name());
            visitor.named(Field::BgpCapMpSafi, family.safi.0, family.safi.name());
        }
        Capability::FourOctetAs(as_number) => visitor.number(Field::BgpCapAs, as_number),
        Capability::GracefulRestart(restart) => {
            visitor.number(Field::BgpCapGrTime, restart.restart_time());
            for family in restart.families.iter().map(|entry| entry.family()) {
                visitor.named(Field::BgpCapGrAfi, family.afi.0, family.afi.name());
                visitor.named(Field::BgpCapGrSafi, family.safi.0, family.safi.name());
            }
        }
        Capability::AddPath(entries) => {
            for entry in entries {
                visitor.named(Field::BgpCapApAfi, entry.family().afi.0, entry.family().afi.name());
                visitor.named(Field::BgpCapApSafi, entry.family().safi.0, entry.family().safi.name());
                visitor.named(Field::BgpCapApMode, entry.mode().0, entry.mode().name());
            }
        }
        Capability::ExtendedNextHop(entries) => {
            for (entry, family) in entries.iter().filter_map(|entry| Some((entry, entry.family()?))) {
                visitor.named(Field::BgpCapEnhAfi, family.afi.0, family.afi.name());
                visitor.named(Field::BgpCapEnhSafi, family.safi.0, family.safi.name());
                visitor.named(Field::BgpCapEnhNextHop, entry.next_hop().0, entry.next_hop().name());
            }
        }
        Capability::Role(role) => visitor.named(Field::BgpCapRole, role.0, role.name()),
        Capability::Fqdn { host, domain } => {
            visitor.words(Field::BgpCapHost, &Outside(host));
            visitor.words(Field::BgpCapDomain, &Outside(domain));
        }
        Capability::SoftwareVersion(text) => visitor.words(Field::BgpCapSoftware, &Outside(text)),
        Capability::Other { value, .. } => visitor.bytes(Field::BgpCapUnknown, value),
        _ => {}
    });
}

fn update<V: FieldVisitor>(update: &Update<'_>, visitor: &mut V) {
    let is_judged = visitor.wants(Field::BgpFinding) || visitor.wants(Field::BgpOutcome);
    let outcome = is_judged.then(|| {
        update.validate_each(|finding| {
            visitor.words(Field::BgpFinding, &format_args!("{} ({})", finding.fault, finding.clause));
        })
    });
    visitor.size(Field::BgpWithdrawnLength, update.withdrawn_routes().as_bytes().len());
    routes(update.withdrawn_routes().routes(), &WITHDRAWN, visitor);
    visitor.size(Field::BgpAttributesLength, update.attributes().as_bytes().len());
    attributes(update.attributes(), update.session(), 0, visitor);
    routes(update.nlri().routes(), &ANNOUNCED, visitor);
    match outcome.unwrap_or(Outcome::Accept) {
        Outcome::Accept => {}
        Outcome::AttributeDiscard(_) => visitor.text(Field::BgpOutcome, "attribute discard"),
        Outcome::TreatAsWithdraw => visitor.text(Field::BgpOutcome, "treat as withdraw"),
        Outcome::RouteDiscard => visitor.text(Field::BgpOutcome, "route discard"),
        Outcome::DisableFamily { families, .. } => {
            for family in families.into_iter().flatten() {
                visitor.words(Field::BgpOutcome, &format_args!("disable {family}"));
            }
        }
        Outcome::SessionReset(error) => visitor.words(Field::BgpOutcome, &format_args!("session reset {}", error.code)),
    }
}

/// A route of a table, with its attributes.
#[derive(Debug, Clone, Copy)]
pub struct TableRoute<'a> {
    /// The route.
    pub route: Route<'a>,
    /// What is told of it.
    pub attributes: Attributes<'a>,
    /// How that is to be read.
    pub session: Negotiated,
    /// Whether the record has told of one to the same destination before. What a record says once is not repeated whole for each of
    /// its thousands of entries: a route's words end after [`AGAIN`](Self::AGAIN) characters then.
    pub is_again: bool,
}

impl TableRoute<'_> {
    /// How much of a route's words is shown again. Prefixes are shorter, whatever their family.
    pub const AGAIN: usize = 120;

    /// The route in words.
    pub fn words(&self) -> impl core::fmt::Display + '_ {
        Shortened { words: &self.route, most: if self.is_again { Self::AGAIN } else { usize::MAX } }
    }
}

pub(super) fn table_route<V: FieldVisitor>(of: &TableRoute<'_>, visitor: &mut V) {
    attributes(of.attributes, &of.session, 0, visitor);
    let most = if of.is_again { TableRoute::AGAIN } else { usize::MAX };
    route(&of.route, &RouteFields { most, ..ANNOUNCED }, visitor);
}

/// The first characters of something in words; the rest is not put into words at all.
struct Shortened<'a> {
    words: &'a dyn core::fmt::Display,
    most: usize,
}

impl core::fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        struct First<'a, 'b> {
            f: &'a mut core::fmt::Formatter<'b>,
            left: usize,
        }
        impl core::fmt::Write for First<'_, '_> {
            fn write_str(&mut self, text: &str) -> core::fmt::Result {
                match text.char_indices().nth(self.left) {
                    None => {
                        self.left -= text.chars().count();
                        self.f.write_str(text)
                    }
                    Some((end, _)) => {
                        self.left = 0;
                        self.f.write_str(&text[..end])?;
                        self.f.write_str("…")?;
                        // Ends what writes, not what is written to.
                        Err(core::fmt::Error)
                    }
                }
            }
        }
        if self.most == usize::MAX {
            return self.words.fmt(f);
        }
        let mut first = First { f, left: self.most };
        let written = core::fmt::write(&mut first, format_args!("{}", self.words));
        if first.left == 0 { Ok(()) } else { written }
    }
}

/// A route with its family, where that is not IPv4 or IPv6 unicast, which can be seen.
struct InFamily<'a, 'b>(&'a Route<'b>);

impl core::fmt::Display for InFamily<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self(route) = self;
        match (route.nlri, route.family.safi) {
            (Nlri::Ipv4(_) | Nlri::Ipv6(_), bgp_codec::Safi::UNICAST) => route.fmt(f),
            _ => write!(f, "{} {route}", route.family),
        }
    }
}

/// How deep attributes are shown that hold attributes: an ATTR_SET may hold another (RFC 6368 §5), thousands deep.
const MAX_DEPTH: usize = 8;

fn attributes<V: FieldVisitor>(attributes: Attributes<'_>, session: &Negotiated, depth: usize, visitor: &mut V) {
    if visitor.wants_any(Group::BgpAttribute) {
        attributes.into_iter().for_each(|one| attribute(&one, session, depth, visitor));
    }
}

fn attribute<V: FieldVisitor>(attribute: &Attribute<'_>, session: &Negotiated, depth: usize, visitor: &mut V) {
    let kind = attribute.kind;
    visitor.group(Group::BgpAttribute, FieldValue::Number(kind.0.into()), kind.name(), |visitor| {
        visitor.number(Field::BgpAttributeFlags, attribute.flags.0);
        visitor.size(Field::BgpAttributeLength, attribute.value.len());
        match attribute.parse(session) {
            Ok(value) => self::value(&value, depth, visitor),
            // What is wrong with it a finding says.
            Err(_) => visitor.bytes(Field::BgpAttributeBytes, attribute.value),
        }
    });
}

fn value<V: FieldVisitor>(value: &AttributeValue<'_>, depth: usize, visitor: &mut V) {
    match *value {
        AttributeValue::Origin(origin) => visitor.named(
            Field::BgpOrigin,
            origin as u8,
            Some(["IGP", "EGP", "incomplete"].get(origin as usize).copied().unwrap_or_default()),
        ),
        AttributeValue::AsPath(path) | AttributeValue::As4Path(path) => as_path(path, visitor),
        AttributeValue::NextHop(address) => visitor.ipv4(Field::BgpNextHop, address),
        AttributeValue::MultiExitDisc(number) => visitor.number(Field::BgpMed, number),
        AttributeValue::LocalPref(number) => visitor.number(Field::BgpLocalPref, number),
        AttributeValue::Aggregator(aggregator) | AttributeValue::As4Aggregator(aggregator) => {
            visitor.number(Field::BgpAggregatorAs, aggregator.as_number);
            visitor.ipv4(Field::BgpAggregator, aggregator.identifier);
        }
        AttributeValue::Communities(communities) => {
            for community in communities {
                visitor.number(Field::BgpCommunityAs, community.as_number());
                visitor.number(Field::BgpCommunityValue, community.number());
            }
        }
        AttributeValue::OriginatorId(address) => visitor.ipv4(Field::BgpOriginatorId, address),
        AttributeValue::ClusterList(clusters) => {
            clusters.iter().for_each(|cluster| visitor.ipv4(Field::BgpClusterId, cluster.0.into()));
        }
        AttributeValue::LargeCommunities(communities) => {
            for community in communities.as_slice() {
                visitor.number(Field::BgpLargeGlobal, community.global());
                visitor.number(Field::BgpLargeLocal1, community.local().0);
                visitor.number(Field::BgpLargeLocal2, community.local().1);
            }
        }
        AttributeValue::MpReach(reach) => return mp_reach(&reach, visitor),
        AttributeValue::MpUnreach(unreach) => return mp_unreach(&unreach, visitor),
        AttributeValue::AttrSet(set) if depth < MAX_DEPTH => {
            attributes(set.attributes, &Negotiated::assumed(), depth + 1, visitor);
        }
        _ => {}
    }
    visitor.words(Field::BgpAttribute, value);
}

fn as_path<V: FieldVisitor>(path: AsPath<'_>, visitor: &mut V) {
    let field = if path.size() == AsSize::Four { Field::BgpSegmentAs4 } else { Field::BgpSegmentAs2 };
    for segment in path.segments() {
        let kind = segment.kind;
        visitor.group(Group::BgpSegment, FieldValue::Number(kind.0.into()), kind.name(), |visitor| {
            visitor.size(Field::BgpSegmentLength, segment.count());
            segment.as_numbers().for_each(|as_number| visitor.number(field, as_number));
        });
    }
}

fn mp_reach<V: FieldVisitor>(reach: &MpReach<'_>, visitor: &mut V) {
    visitor.named(Field::BgpReachAfi, reach.family.afi.0, reach.family.afi.name());
    visitor.named(Field::BgpReachSafi, reach.family.safi.0, reach.family.safi.name());
    match reach.next_hop() {
        NextHop::Ipv4(address) | NextHop::VpnIpv4(_, address) => visitor.ipv4(Field::BgpReachNextHop4, address),
        NextHop::Ipv6(address) | NextHop::VpnIpv6(_, address) => visitor.ipv6(Field::BgpReachNextHop6, address),
        NextHop::Ipv6LinkLocal(global, link_local) | NextHop::VpnIpv6LinkLocal([(_, global), (_, link_local)]) => {
            visitor.ipv6(Field::BgpReachNextHop6, global);
            visitor.ipv6(Field::BgpReachNextHop6, link_local);
        }
        NextHop::Other(bytes) => visitor.bytes(Field::BgpReachNextHop, bytes),
        _ => {}
    }
    let prefix = [Field::BgpReachPrefix4, Field::BgpReachPrefix6];
    routes(reach.routes, &RouteFields { prefix, ..ANNOUNCED }, visitor);
}

fn mp_unreach<V: FieldVisitor>(unreach: &MpUnreach<'_>, visitor: &mut V) {
    visitor.named(Field::BgpUnreachAfi, unreach.family.afi.0, unreach.family.afi.name());
    visitor.named(Field::BgpUnreachSafi, unreach.family.safi.0, unreach.family.safi.name());
    let prefix = [Field::BgpUnreachPrefix4, Field::BgpUnreachPrefix6];
    routes(unreach.routes, &RouteFields { prefix, ..WITHDRAWN }, visitor);
}

/// What a route is shown as: Wireshark has names of their own for those that stand elsewhere.
struct RouteFields {
    group: Group,
    /// How many characters of its words.
    most: usize,
    /// Of IPv4 and of IPv6.
    prefix: [Field; 2],
}

const ANNOUNCED: RouteFields =
    RouteFields { group: Group::BgpAnnounced, most: usize::MAX, prefix: [Field::BgpPrefix, Field::BgpReachPrefix6] };
const WITHDRAWN: RouteFields = RouteFields {
    group: Group::BgpWithdrawn,
    most: usize::MAX,
    prefix: [Field::BgpWithdrawnPrefix, Field::BgpUnreachPrefix6],
};

fn routes<V: FieldVisitor>(routes: Routes<'_>, fields: &RouteFields, visitor: &mut V) {
    if visitor.wants_any(fields.group) {
        routes.into_iter().for_each(|route| self::route(&route, fields, visitor));
    }
}

/// A route in words, and its parts where it is a prefix.
fn route<V: FieldVisitor>(route: &Route<'_>, fields: &RouteFields, visitor: &mut V) {
    let words = Shortened { words: &InFamily(route), most: fields.most };
    visitor.group(fields.group, FieldValue::Words(Words(&words)), None, |visitor| {
        route.path_id.into_iter().for_each(|path_id| visitor.number(Field::BgpPathId, path_id));
        let Some(prefix) = route.nlri.prefix() else {
            return;
        };
        // With the bits of labels and distinguisher, as it stands there.
        let in_front = match route.nlri {
            Nlri::Labeled(labeled) => labeled.labels.len() * 24,
            Nlri::Vpn(vpn) => vpn.labels.len() * 24 + 64,
            _ => 0,
        };
        visitor.size(Field::BgpPrefixLength, in_front + usize::from(prefix.len()));
        let [ipv4, ipv6] = fields.prefix;
        match prefix {
            IpPrefix::V4(prefix) => visitor.ipv4(ipv4, prefix.address()),
            IpPrefix::V6(prefix) => visitor.ipv6(ipv6, prefix.address()),
        }
    });
}

fn notification<V: FieldVisitor>(notification: &Notification<'_>, visitor: &mut V) {
    let code = notification.code;
    visitor.named(Field::BgpMajorError, code.code, major(code));
    // Wireshark has a name for each code's subcodes.
    let field = match code.code {
        1 => Field::BgpMinorHeader,
        2 => Field::BgpMinorOpen,
        3 => Field::BgpMinorUpdate,
        4 => Field::BgpMinorExpired,
        5 => Field::BgpMinorState,
        6 => Field::BgpMinorCease,
        _ => Field::BgpMinorUnknown,
    };
    visitor.named(field, code.subcode, code.name());
    match notification.text_bytes() {
        Some(text) => visitor.words(Field::BgpNotifyText, &Outside(text)),
        None if !notification.data.is_empty() => visitor.bytes(Field::BgpNotifyData, notification.data),
        None => {}
    }
    // Wireshark leaves the reason inside among the data: it has fields of its own here, so that the others say what they do there.
    match notification.hard_reset() {
        Some(Ok(inner)) => {
            let number = FieldValue::Number(inner.code.code.into());
            visitor.group(Group::BgpHardReset, number, major(inner.code), |visitor| {
                visitor.named(Field::BgpResetMinor, inner.code.subcode, inner.code.name());
                inner.text_bytes().iter().for_each(|text| visitor.words(Field::BgpResetText, &Outside(text)));
            });
        }
        Some(Err(error)) => visitor.words(Field::BgpError, &error),
        None => {}
    }
}

/// What a code is called without its subcode.
fn major(code: NotificationCode) -> Option<&'static str> {
    NotificationCode { subcode: 0, ..code }.name()
}

fn route_refresh<V: FieldVisitor>(refresh: &RouteRefresh<'_>, visitor: &mut V) {
    visitor.named(Field::BgpRefreshAfi, refresh.family.afi.0, refresh.family.afi.name());
    visitor.named(Field::BgpRefreshSubtype, refresh.subtype.0, refresh.subtype.name());
    visitor.named(Field::BgpRefreshSafi, refresh.family.safi.0, refresh.family.safi.name());
    let Some(filters) = refresh.filters() else { return };
    visitor.named(Field::BgpOrfFlag, filters.when.0, filters.when.name());
    // What is cut ends the filters: the message's length is looked at elsewhere.
    for group in filters.map_while(Result::ok) {
        visitor.named(Field::BgpOrfType, group.kind.0, group.kind.name());
        visitor.size(Field::BgpOrfLength, group.entries.len());
        if group.kind == OrfType::ADDRESS_PREFIX {
            group.prefixes(refresh.family.afi).map_while(Result::ok).for_each(|filter| prefix_filter(&filter, visitor));
        }
    }
}

fn prefix_filter<V: FieldVisitor>(filter: &PrefixFilter, visitor: &mut V) {
    match *filter {
        PrefixFilter::RemoveAll => visitor.named(Field::BgpOrfAction, 2_u8, Some("remove all")),
        PrefixFilter::Change { add, permit, sequence, min_len, max_len, prefix } => {
            visitor.named(Field::BgpOrfAction, u8::from(!add), Some(if add { "add" } else { "remove" }));
            visitor.named(Field::BgpOrfMatch, u8::from(!permit), Some(if permit { "permit" } else { "deny" }));
            visitor.number(Field::BgpOrfSequence, sequence);
            visitor.number(Field::BgpOrfLower, min_len);
            visitor.number(Field::BgpOrfUpper, max_len);
            visitor.words(Field::BgpOrfPrefix, &prefix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn words_that_are_shortened() {
        let of = |most| Shortened { words: &format_args!("{}{}", "äb", "cd"), most }.to_string();
        assert_eq!((of(4), of(3), of(2), of(1)), ("äbcd".into(), "äbc…".into(), "äb…".into(), "ä…".into()));
        assert_eq!((of(usize::MAX), of(9)), ("äbcd".into(), "äbcd".into()));
    }
}
