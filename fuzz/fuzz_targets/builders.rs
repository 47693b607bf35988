//! The builders' law: whatever they return `Ok` for is accepted by the peer for whose session it was built. Sessions of every kind, values
//! of every kind, well made and not, routes of every family, and UPDATEs that go from one session to another.
#![no_main]

use std::net::{Ipv4Addr, Ipv6Addr};

use arbitrary::Arbitrary;
use bgp_codec::arbitrary::UpdateMessage;
use bgp_codec::attribute::{
    Aggregator, AsPath, AtomicAggregate, ClusterId, Community, ExtendedCommunity, LargeCommunities, LargeCommunity,
    NextHop, Origin, PathBuilder, SegmentType,
};
use bgp_codec::build::{SharedAttributes, Updates, WriteRoute};
use bgp_codec::message::open::OpenConfig;
use bgp_codec::nlri::{LabelCounts, LabelFormat, RouteFormat, Routes};
use bgp_codec::rewrite::Rewrite;
use bgp_codec::validate::AttributeSet;
use bgp_codec::{
    Attribute, AttributeFlags, AttributeType, AttributeValue, Capability, Family, FamilySet, Ipv4Prefix, Ipv6Prefix,
    Negotiated, Open, Outcome, Peer, Route, Update,
};
use ether_ip::arbitrary::Nearly;
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Clone, Arbitrary)]
struct Session {
    peer: Peer,
    /// Four-octet AS numbers, sets, long messages, next hops of the other kind, path identifiers either way, labels either way.
    flags: [bool; 8],
    /// A family that was not agreed on.
    without: Option<u8>,
    labels: u8,
}

impl Session {
    fn negotiated(&self) -> Negotiated {
        let [four, sets, long, other, receive, send, labels_receive, labels_send] = self.flags;
        let families = |is_in: bool| if is_in { FamilySet::ALL } else { FamilySet::EMPTY };
        let counts = |is_in: bool| {
            let count = if is_in { self.labels.max(2) } else { 1 };
            LabelCounts::FAMILIES.into_iter().fold(LabelCounts::ONE, |counts, family| counts.with(family, count))
        };
        let mut session = Negotiated::assumed();
        (session.peer, session.four_octet_as, session.may_have_as_sets) = (self.peer, four, sets);
        let max_len = if long { 65_535 } else { 4096 };
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
        (session.extended_next_hop_receive, session.extended_next_hop_send) = (families(other), families(other));
        (session.add_path_receive, session.add_path_send) = (families(receive), families(send));
        (session.labels_receive, session.labels_send) = (counts(labels_receive), counts(labels_send));
        if let Some(without) = self.without {
            session.families = session.families.without(Family::KNOWN[usize::from(without) % Family::KNOWN.len()]);
        }
        session
    }
}

#[derive(Debug, Arbitrary)]
enum Value {
    Origin(Origin),
    Path(Vec<(u8, Vec<u32>)>),
    As4Path(Vec<(u8, Vec<u32>)>),
    NextHop(Ipv4Addr),
    Number(u8, u32),
    Atomic,
    Aggregator(bool, u32, Ipv4Addr),
    Communities(Vec<u32>),
    Extended(Vec<ExtendedCommunity>),
    Large(Vec<[u8; 3]>),
    Clusters(Vec<[u8; 4]>),
    Read(u8, Vec<u8>),
    Other(u8, u8, Vec<u8>),
}

#[derive(Debug, Arbitrary)]
struct Input {
    session: Session,
    to: Session,
    values: Vec<Value>,
    /// Attributes that are passed on, as they stand on the wire.
    passed_on: Vec<u8>,
    family: u8,
    next_hop: Hop,
    ipv4: Vec<(u32, Ipv4Prefix)>,
    ipv6: Vec<Ipv6Prefix>,
    routes: Vec<u8>,
    labels: LabelFormat,
    update: Nearly<UpdateMessage>,
    prepend: Vec<u32>,
    communities: Vec<u32>,
    remove: Option<u8>,
    local_pref: Option<u32>,
    keeps: [bool; 2],
    open: (u32, u16, Ipv4Addr, Option<u32>),
}

#[derive(Debug, Arbitrary)]
enum Hop {
    None,
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Both(Ipv6Addr, Ipv6Addr),
    Vpn(Ipv4Addr),
    VpnV6(Ipv6Addr),
    Other(Vec<u8>),
}

impl Hop {
    fn next_hop(&self) -> NextHop<'_> {
        let rd = bgp_codec::nlri::RouteDistinguisher([0; 8]);
        match self {
            Self::None => NextHop::None,
            Self::V4(address) => NextHop::Ipv4(*address),
            Self::V6(address) => NextHop::Ipv6(*address),
            Self::Both(global, local) => NextHop::Ipv6LinkLocal(*global, *local),
            Self::Vpn(address) => NextHop::VpnIpv4(rd, *address),
            Self::VpnV6(address) => NextHop::VpnIpv6(rd, *address),
            Self::Other(bytes) => NextHop::Other(bytes),
        }
    }
}

fuzz_target!(|input: Input| {
    let session = input.session.negotiated();
    // What is borrowed by the values.
    let mut areas: Vec<Vec<u8>> = input.values.iter().map(|_| vec![0; 4096]).collect();
    let lists: Vec<Lists> = input.values.iter().map(Lists::of).collect();
    let values: Vec<AttributeValue<'_>> = (input.values.iter().zip(&lists).zip(&mut areas))
        .filter_map(|((value, lists), area)| value.value(lists, area, &session))
        .collect();
    let passed_on = bgp_codec::attribute::Attributes::new(&input.passed_on, 0);
    let mut area = vec![0; 70_000];
    let attributes = SharedAttributes::write_with(&values, passed_on, &session, &mut area).ok();
    let family = Family::KNOWN[usize::from(input.family) % Family::KNOWN.len()];
    let format = RouteFormat { family, has_path_ids: input.keeps[0], labels: input.labels };
    let routes: Vec<Route<'_>> = Routes::new(format, &input.routes).collect();
    if let Some(attributes) = attributes {
        let again = SharedAttributes::from_bytes(attributes.as_bytes(), &session).unwrap();
        assert_eq!(again.as_bytes(), attributes.as_bytes());
        accepted(Updates::announce_ipv4(attributes, input.ipv4.iter().copied(), &session).ok(), &session);
        let next_hop = input.next_hop.next_hop();
        accepted(Updates::announce(family, next_hop, attributes, routes.iter().copied(), &session).ok(), &session);
        accepted(Updates::announce(family, next_hop, attributes, input.ipv6.iter().copied(), &session).ok(), &session);
        accepted(Updates::announce(family, next_hop, attributes, input.ipv4.iter().copied(), &session).ok(), &session);
    }
    accepted(Updates::withdraw(family, routes.iter().copied(), &session).ok(), &session);
    accepted(Updates::withdraw(family, input.ipv6.iter().copied(), &session).ok(), &session);
    accepted(Updates::withdraw(family, input.ipv4.iter().copied(), &session).ok(), &session);
    rewrite(&input, &session);
    open(input.open);
});

/// All messages are accepted by the peer, and none is longer than it takes.
fn accepted<R: WriteRoute>(updates: Option<Updates<'_, impl Iterator<Item = R>>>, session: &Negotiated) {
    let Some(mut updates) = updates else { return };
    let mut buffer = vec![0; 70_000];
    loop {
        match updates.next(&mut buffer) {
            Ok(None) => break,
            Ok(Some(message)) => accept(message, session),
            // A route that is refused is left out.
            Err(_) => {}
        }
    }
}

fn accept(message: &[u8], session: &Negotiated) {
    let theirs = session.reversed();
    assert!(message.len() <= usize::from(session.max_len_send));
    let frame = bgp_codec::Framer::with_max_len(theirs.max_len_receive).next(&mut &*message).unwrap().unwrap();
    let update = Update::parse(frame.body(), &theirs).unwrap();
    let mut findings = Vec::new();
    let outcome = update.validate_each(|finding| findings.push(*finding));
    assert_eq!(outcome, Outcome::Accept, "{findings:?} {message:02x?}");
    for route in update.announced().chain(update.withdrawn()) {
        assert!(theirs.may_exchange(route.family), "{route}");
    }
}

/// What comes from one session and goes to another.
fn rewrite(input: &Input, from: &Negotiated) {
    let Nearly(UpdateMessage(message)) = &input.update;
    let Some(Ok(update)) = message.get(19..).map(|body| Update::parse(body, from)) else { return };
    let to = input.to.negotiated();
    let communities: Vec<_> = input.communities.iter().map(|number| Community::from(*number)).collect();
    let family = Family::KNOWN[usize::from(input.family) % Family::KNOWN.len()];
    let next_hops = [(Family::IPV4_UNICAST, input.next_hop.next_hop()), (family, input.next_hop.next_hop())];
    let remove = input.remove.map_or(AttributeSet::EMPTY, |kind| AttributeSet::EMPTY.with(AttributeType(kind)));
    let [keep_multi_exit_disc, mark_unknown] = input.keeps;
    let change = Rewrite {
        // Nobody has AS number 0 (RFC 7607): what is put in front is the speaker's own.
        prepend: &input.prepend.iter().map(|number| *number.max(&1)).collect::<Vec<_>>(),
        next_hops: if mark_unknown { &next_hops } else { &[] },
        communities: &communities,
        remove,
        local_pref: input.local_pref,
        keep_multi_exit_disc,
        mark_unknown,
    };
    let mut buffer = vec![0; 70_000];
    if let Ok(message) = change.write(&update, &update.validate(), &to, &mut buffer) {
        accept(message, &to);
    }
}

fn open((as_number, hold_time, identifier, four_octet): (u32, u16, Ipv4Addr, Option<u32>)) {
    let capabilities: Vec<_> = four_octet.map(Capability::FourOctetAs).into_iter().collect();
    let config = OpenConfig { as_number, hold_time, identifier, capabilities: &capabilities };
    if let Ok(message) = config.build(&mut [0; 64]) {
        assert_eq!(Open::parse(&message[19..]).unwrap().as_number(), as_number);
    }
}

/// Items that values borrow.
#[derive(Default)]
struct Lists {
    communities: Vec<Community>,
    large: Vec<LargeCommunity>,
    clusters: Vec<ClusterId>,
}

impl Lists {
    fn of(value: &Value) -> Self {
        let mut lists = Self::default();
        match value {
            Value::Communities(numbers) => lists.communities = numbers.iter().map(|of| Community::from(*of)).collect(),
            Value::Large(all) => {
                let large = |&[a, b, c]: &[u8; 3]| LargeCommunity::new(a.into(), b.into(), c.into());
                lists.large = all.iter().map(large).collect();
            }
            Value::Clusters(all) => lists.clusters = all.iter().map(|of| ClusterId(*of)).collect(),
            _ => {}
        }
        lists
    }
}

impl Value {
    fn value<'a>(&'a self, lists: &'a Lists, area: &'a mut [u8], session: &Negotiated) -> Option<AttributeValue<'a>> {
        Some(match self {
            Self::Origin(origin) => AttributeValue::Origin(*origin),
            Self::Path(segments) => AttributeValue::AsPath(path(segments, area)?),
            Self::As4Path(segments) => AttributeValue::As4Path(path(segments, area)?),
            Self::NextHop(address) => AttributeValue::NextHop(*address),
            Self::Number(0, number) => AttributeValue::MultiExitDisc(*number),
            Self::Number(1, number) => AttributeValue::LocalPref(*number),
            Self::Number(2, number) => AttributeValue::OriginatorId((*number).into()),
            Self::Number(_, number) => AttributeValue::OnlyToCustomer(*number),
            Self::Atomic => AttributeValue::AtomicAggregate(AtomicAggregate),
            Self::Aggregator(false, as_number, identifier) => {
                AttributeValue::Aggregator(Aggregator { as_number: *as_number, identifier: *identifier })
            }
            Self::Aggregator(true, as_number, identifier) => {
                AttributeValue::As4Aggregator(Aggregator { as_number: *as_number, identifier: *identifier })
            }
            Self::Communities(_) => AttributeValue::Communities(&lists.communities),
            Self::Extended(all) => AttributeValue::ExtendedCommunities(all),
            Self::Large(_) => AttributeValue::LargeCommunities(LargeCommunities::new(&lists.large)),
            Self::Clusters(_) => AttributeValue::ClusterList(&lists.clusters),
            Self::Read(kind, bytes) => {
                let kind = AttributeType(*kind);
                let flags = kind.flags().unwrap_or(AttributeFlags::OPTIONAL);
                Attribute { flags, kind, value: bytes, offset: 0 }.parse(session).ok()?
            }
            Self::Other(flags, kind, value) => {
                AttributeValue::Other { flags: AttributeFlags(*flags), kind: AttributeType(*kind), value }
            }
        })
    }
}

fn path<'a>(segments: &[(u8, Vec<u32>)], area: &'a mut [u8]) -> Option<AsPath<'a>> {
    let kind = |kind: u8| SegmentType(1 + kind % 4);
    let builder = segments
        .iter()
        .try_fold(PathBuilder::new(area), |path, (of, numbers)| path.segment(kind(*of), numbers.iter().copied()));
    Some(builder.ok()?.build())
}
