//! UPDATEs that are built, packed, split and changed: exact bytes, and what they are read back as.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use bgp_codec::attribute::{Aggregator, AsPath, Community, NextHop, Origin};
use bgp_codec::build::{SharedAttributes, Updates, end_of_rib};
use bgp_codec::rewrite::Rewrite;
use bgp_codec::session::AsSize;
use bgp_codec::{
    AttributeType, Family, FamilySet, Ipv4Prefix, Ipv6Prefix, Layer, Negotiated, Peer, Route, Update, Value,
};
use ether_ip::{Error, Rule};

fn session() -> Negotiated {
    let mut session = Negotiated::assumed();
    session.peer = Peer::Internal;
    session.max_message_len = 4096;
    session
}

fn path(bytes: &[u8]) -> AsPath<'_> {
    AsPath::parse(Layer::new("AS_PATH"), AsSize::Four, bytes).unwrap()
}

fn all<R: bgp_codec::build::WriteRoute>(mut updates: Updates<'_, impl Iterator<Item = R>>) -> Vec<Vec<u8>> {
    let (mut buffer, mut messages) = (vec![0; 65_535], Vec::new());
    while let Some(message) = updates.next(&mut buffer).unwrap() {
        messages.push(message.to_vec());
    }
    messages
}

fn ipv4(count: u32) -> Vec<Ipv4Prefix> {
    (0..count).map(|n| Ipv4Prefix::new((0x0a00_0000 + (n << 8)).into(), 24).unwrap()).collect()
}

fn ipv6(count: u128) -> Vec<Ipv6Prefix> {
    (0..count).map(|n| Ipv6Prefix::new(((0x2001_0db8_u128 << 96) + (n << 80)).into(), 48).unwrap()).collect()
}

/// The least that a route needs, in the wrong order.
const VALUES: [Value<'static>; 3] =
    [Value::NextHop(std::net::Ipv4Addr::new(192, 0, 2, 1)), Value::AsPath(AsPath::EMPTY), Value::Origin(Origin::Igp)];

#[test]
fn attributes_in_ascending_order() {
    //= RFC 4271 §4.3/well-known-transitive, §4.3/unused-flags-zero
    let mut area = [0; 64];
    let attributes = SharedAttributes::write(&VALUES, &session(), &mut area).unwrap();
    assert_eq!(attributes.as_bytes(), [0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1]);
    let twice = [VALUES[0], VALUES[0]];
    let rule = Rule::AtMost(1);
    let error = Error::Unbuildable { layer: Layer::new("BGP message"), field: "attributes of a type", value: 2, rule };
    assert_eq!(SharedAttributes::write(&twice, &session(), &mut area), Err(error));
    assert!(SharedAttributes::write(&VALUES, &session(), &mut area[..13]).is_err());
}

/// RFC 4271 §4.3: the extended length flag where it is needed.
#[test]
fn extended_length_only_where_needed() {
    //= RFC 4271 §4.3/extended-length
    let communities = vec![Community::NO_EXPORT; 64];
    let mut area = [0; 300];
    let short = SharedAttributes::write(&[Value::Communities(&communities[..63])], &session(), &mut area).unwrap();
    assert_eq!(short.as_bytes()[..3], [0xc0, 8, 252]);
    let long = SharedAttributes::write(&[Value::Communities(&communities)], &session(), &mut area).unwrap();
    assert_eq!(long.as_bytes()[..4], [0xd0, 8, 1, 0]);
    assert_eq!(long.as_bytes().len(), 260);
}

/// RFC 6793 §4.2.2: AS_TRANS and AS4_PATH, AS4_AGGREGATOR, without a confederation's segments.
#[test]
fn to_a_2_octet_peer() {
    //= RFC 6793 §3/octets, §3/no-confederation, §4.2.1/not-sent, §4.2.2/as-path, §4.2.2/as4-path, §4.2.2/not-needed
    //= RFC 6793 §4.2.2/aggregator
    let mut two = session();
    two.four_octet_as = false;
    let bytes = [3, 1, 0, 1, 0, 9, 2, 2, 0, 1, 0, 0, 0, 0, 0, 7];
    let aggregator = Aggregator { as_number: 65_536, identifier: [192, 0, 2, 9].into() };
    let values = [VALUES[2], Value::AsPath(path(&bytes)), Value::Aggregator(aggregator)];
    let mut area = [0; 64];
    let attributes = SharedAttributes::write(&values, &two, &mut area).unwrap();
    let expected = [
        &[0x40, 1, 1, 0][..],
        &[0x40, 2, 10, 3, 1, 0x5b, 0xa0, 2, 2, 0x5b, 0xa0, 0, 7],
        &[0xc0, 7, 6, 0x5b, 0xa0, 192, 0, 2, 9],
        &[0xc0, 17, 10, 2, 2, 0, 1, 0, 0, 0, 0, 0, 7],
        &[0xc0, 18, 8, 0, 1, 0, 0, 192, 0, 2, 9],
    ];
    assert_eq!(attributes.as_bytes(), expected.concat());
    // Nothing of the kind for small numbers.
    let small = [Value::AsPath(path(&[2, 1, 0, 0, 0, 7]))];
    assert_eq!(SharedAttributes::write(&small, &two, &mut area).unwrap().as_bytes(), [0x40, 2, 4, 2, 1, 0, 7]);
}

/// Split at 4096 and at 65535 bytes (RFC 8654), every route once and in order.
#[test]
fn routes_are_packed_and_split() {
    let mut area = [0; 64];
    let routes = ipv4(3000);
    for (max_len, lengths) in [(4096, vec![4093, 4093, 3925]), (65_535, vec![12_037])] {
        let mut session = session();
        session.max_message_len = max_len;
        let attributes = SharedAttributes::write(&VALUES, &session, &mut area).unwrap();
        let messages = all(Updates::announce_ipv4(attributes, routes.iter().copied(), &session));
        assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
        let mut read = Vec::new();
        for message in &messages {
            let update = Update::parse(&message[19..], &session).unwrap();
            assert!(update.validate().is_accept());
            read.extend(update.nlri().map(|(_, prefix)| prefix));
        }
        assert_eq!(read, routes);
    }
}

/// RFC 7606 §5.1: MP_REACH_NLRI in front of all; one byte of length up to 255.
#[test]
fn multiprotocol_routes() {
    //= RFC 4760 §3/reserved-zero
    //= RFC 7606 §5.1/first, §5.1/one
    let (session, mut area) = (session(), [0; 64]);
    let attributes = SharedAttributes::write(&VALUES[1..], &session, &mut area).unwrap();
    let next_hop = NextHop::Ipv6("2001:db8::1".parse().unwrap());
    let routes = ipv6(1000);
    for (count, header) in [(1, &[0x80, 14, 28][..]), (33, &[0x80, 14, 252]), (34, &[0x90, 14, 1, 3])] {
        let updates =
            Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, routes[..count].iter().copied(), &session);
        let messages = all(updates);
        assert_eq!(messages[0][23..23 + header.len()], *header, "{count}");
        let update = Update::parse(&messages[0][19..], &session).unwrap();
        assert!(update.validate().is_accept());
        assert!(
            update
                .mp_reach()
                .unwrap()
                .routes
                .ipv6()
                .unwrap()
                .map(|(_, prefix)| prefix)
                .eq(routes[..count].iter().copied())
        );
        assert_eq!(update.next_hop(Family::IPV6_UNICAST), Some(next_hop));
        assert!(update.attributes().map(|of| of.kind.0).eq([14, 1, 2]));
    }
    let messages = all(Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, routes.iter().copied(), &session));
    assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), [4094, 3016]);
}

#[test]
fn withdrawals() {
    let session = session();
    let messages = all(Updates::withdraw(Family::IPV4_UNICAST, ipv4(2).into_iter(), &session));
    assert_eq!(messages[0][16..], [0, 31, 2, 0, 8, 24, 10, 0, 0, 24, 10, 0, 1, 0, 0]);
    let messages = all(Updates::withdraw(Family::IPV6_UNICAST, ipv6(1).into_iter(), &session));
    assert_eq!(messages[0][16..], [0, 36, 2, 0, 0, 0, 13, 0x80, 15, 10, 0, 2, 1, 48, 0x20, 1, 0x0d, 0xb8, 0, 0]);
    for (family, count) in [(Family::IPV4_UNICAST, 2018), (Family::IPV6_UNICAST, 1000)] {
        let messages = match family {
            Family::IPV4_UNICAST => all(Updates::withdraw(family, ipv4(count).into_iter(), &session)),
            _ => all(Updates::withdraw(family, ipv6(u128::from(count)).into_iter(), &session)),
        };
        let read: usize = messages
            .iter()
            .map(|message| {
                let update = Update::parse(&message[19..], &session).unwrap();
                assert!(message.len() <= 4096 && update.validate().is_accept());
                update.withdrawn().count()
            })
            .sum();
        assert_eq!((messages.len(), read), (2, count as usize));
    }
}

/// RFC 7911 §3: an identifier in front of each.
#[test]
fn path_identifiers() {
    //= RFC 7911 §3/opaque, §5/encoding
    let mut session = session();
    session.add_path_send = FamilySet::of(Family::IPV4_UNICAST);
    let mut area = [0; 64];
    let attributes = SharedAttributes::write(&VALUES, &session, &mut area).unwrap();
    let routes = [(7, ipv4(1)[0]), (8, ipv4(1)[0])];
    let messages = all(Updates::announce_ipv4(attributes, routes.into_iter(), &session));
    assert_eq!(messages[0][37..], [0, 0, 0, 7, 24, 10, 0, 0, 0, 0, 0, 8, 24, 10, 0, 0]);
    let messages = all(Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &session));
    assert_eq!(messages[0][37..], [0, 0, 0, 0, 24, 10, 0, 0]);
}

#[test]
fn what_does_not_fit() {
    let (session, mut area) = (session(), vec![0; 5000]);
    let communities = vec![Community::NO_EXPORT; 1020];
    let attributes = SharedAttributes::write(&[Value::Communities(&communities)], &session, &mut area).unwrap();
    let mut buffer = [0xee; 4096];
    let error = Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &session).next(&mut buffer).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: Layer::new("BGP message"), needed: 4111, available: 4096 });
    assert_eq!(buffer, [0xee; 4096], "nothing is written");
    let mut short = [0xee; 44];
    let attributes = SharedAttributes::write(&VALUES, &session, &mut area).unwrap();
    let mut updates = Updates::announce_ipv4(attributes, ipv4(3).into_iter(), &session);
    // A buffer that is shorter than the session allows: as many as fit.
    assert_eq!(updates.next(&mut short).unwrap().map(<[u8]>::len), Some(41));
}

#[test]
fn end_of_rib_messages() {
    let mut buffer = [0; 30];
    for (family, len) in [(Family::IPV4_UNICAST, 23), (Family::EVPN, 29)] {
        let message = end_of_rib(family, &mut buffer).unwrap();
        assert_eq!(message.len(), len);
        assert_eq!(Update::parse(&message[19..], &session()).unwrap().end_of_rib(), Some(family));
    }
    assert!(end_of_rib(Family::EVPN, &mut buffer[..28]).is_err());
}

/// What was read is announced again: routes of any family as they came.
#[test]
fn routes_of_any_family() {
    let (session, mut area) = (session(), [0; 64]);
    let evpn = [3, 17, 0, 1, 192, 0, 2, 1, 0, 7, 0, 0, 0, 0, 32, 192, 0, 2, 1];
    let routes: Vec<Route<'_>> = bgp_codec::nlri::Routes::new(Family::EVPN, false, &evpn).collect();
    let attributes = SharedAttributes::write(&VALUES[1..], &session, &mut area).unwrap();
    let next_hop = NextHop::Ipv4([192, 0, 2, 1].into());
    let messages = all(Updates::announce(Family::EVPN, next_hop, attributes, routes.iter().copied(), &session));
    let update = Update::parse(&messages[0][19..], &session).unwrap();
    assert!(update.validate().is_accept() && update.announced().eq(routes));
}

fn rewritten(change: &Rewrite<'_>, attributes: &[u8]) -> Vec<u8> {
    let body = [&[0, 0][..], &(attributes.len() as u16).to_be_bytes(), attributes, &[24, 192, 0, 2]].concat();
    let session = session();
    let update = Update::parse(&body, &session).unwrap();
    let mut buffer = [0; 4096];
    let message = change.write(&update, &session, &mut buffer).unwrap();
    assert_eq!(message[16..18], (message.len() as u16).to_be_bytes());
    let end = message.len() - 4;
    assert_eq!(message[end..], [24, 192, 0, 2]);
    message[23..end].to_vec()
}

#[test]
fn rewriting() {
    let communities = [Community::new(1, 2)];
    let change = Rewrite {
        prepend: &[9, 8],
        next_hop: Some(NextHop::Ipv4([203, 0, 113, 1].into())),
        communities: &communities,
        mark_unknown: false,
    };
    let front = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0, 7, 0x40, 3, 4, 192, 0, 2, 1];
    let changed = [0x40, 1, 1, 0, 0x40, 2, 14, 2, 3, 0, 0, 0, 9, 0, 0, 0, 8, 0, 0, 0, 7, 0x40, 3, 4, 203, 0, 113, 1];
    // Communities are new, and stand in their place: at the end, or before what comes behind.
    assert_eq!(rewritten(&change, &front), [&changed[..], &[0xc0, 8, 4, 0, 1, 0, 2]].concat());
    let large = [0xc0, 32, 12, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
    let expected = [&changed[..], &[0xc0, 8, 4, 0, 1, 0, 2], &large].concat();
    assert_eq!(rewritten(&change, &[&front[..], &large].concat()), expected);
    // Or are added to the ones that are there.
    let there = [0xe0, 8, 4, 0, 9, 0, 9];
    assert_eq!(
        rewritten(&change, &[&front[..], &there].concat()),
        [&changed[..], &[0xe0, 8, 8, 0, 9, 0, 9, 0, 1, 0, 2]].concat()
    );
    // A set, a full sequence and an empty path get a segment of their own.
    let prepend = Rewrite { prepend: &[9], ..Rewrite::default() };
    assert_eq!(rewritten(&prepend, &[0x40, 2, 6, 1, 1, 0, 0, 0, 7]), [0x40, 2, 12, 2, 1, 0, 0, 0, 9, 1, 1, 0, 0, 0, 7]);
    assert_eq!(rewritten(&prepend, &[0x40, 2, 0]), [0x40, 2, 6, 2, 1, 0, 0, 0, 9]);
    let full = [&[0x50, 2, 3, 0xfe, 2, 255][..], &[0; 1020]].concat();
    assert_eq!(rewritten(&prepend, &full)[..12], [0x50, 2, 4, 4, 2, 1, 0, 0, 0, 9, 2, 255]);
    // Nothing to change: byte for byte.
    assert_eq!(rewritten(&Rewrite::default(), &[&front[..], &large].concat()), [&front[..], &large].concat());
}

#[test]
fn rewriting_the_next_hop_of_any_family() {
    let value = [&[0, 2, 1, 16][..], &[1; 16], &[0, 32, 0x20, 1, 0x0d, 0xb8]].concat();
    let attributes = [&[0x80, 14, value.len() as u8][..], &value].concat();
    let next_hop = NextHop::Ipv6LinkLocal("2001:db8::9".parse().unwrap(), "fe80::9".parse().unwrap());
    let change = Rewrite { next_hop: Some(next_hop), ..Rewrite::default() };
    let changed = rewritten(&change, &attributes);
    assert_eq!(changed.len(), attributes.len() + 16);
    let session = session();
    let body = [&[0, 0, 0, changed.len() as u8][..], &changed].concat();
    let update = Update::parse(&body, &session).unwrap();
    assert_eq!(update.next_hop(Family::IPV6_UNICAST), Some(next_hop));
    assert_eq!(update.announced().next().unwrap().to_string(), "2001:db8::/32");
}

#[test]
fn rewriting_for_another_kind_of_session() {
    let (from, mut to) = (session(), session());
    let body = [0, 0, 0, 0];
    let update = Update::parse(&body, &from).unwrap();
    to.four_octet_as = false;
    assert!(Rewrite::default().write(&update, &to, &mut [0; 64]).is_err());
    to = session();
    to.add_path_send = FamilySet::of(Family::IPV6_UNICAST);
    assert!(Rewrite::default().write(&update, &to, &mut [0; 64]).is_err());
    let error = Rewrite::default().write(&update, &from, &mut [0; 22]).unwrap_err();
    assert!(matches!(error, Error::NoRoom { .. }));
    assert_eq!(AttributeType::ORIGIN.name(), Some("ORIGIN"));
}
