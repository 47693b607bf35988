//! UPDATEs that are built, packed, split and changed: exact bytes, and what they are read back as.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use bgp_codec::attribute::{Aggregator, AsPath, Community, NextHop, Origin};
use bgp_codec::build::{SharedAttributes, Updates, end_of_rib};
use bgp_codec::nlri::RouteFormat;
use bgp_codec::rewrite::Rewrite;
use bgp_codec::session::AsSize;
use bgp_codec::{
    AttributeType, AttributeValue, Family, FamilySet, Ipv4Prefix, Ipv6Prefix, LayerName, Negotiated, Peer, Route,
    Update,
};
use ether_ip::{Error, Rule};

fn session() -> Negotiated {
    let mut session = Negotiated::assumed();
    session.peer = Peer::Internal;
    (session.max_len_receive, session.max_len_send) = (4096, 4096);
    session
}

fn path(bytes: &[u8]) -> AsPath<'_> {
    AsPath::parse(LayerName::new("AS_PATH"), AsSize::Four, bytes).unwrap()
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
const VALUES: [AttributeValue<'static>; 3] = [
    AttributeValue::NextHop(std::net::Ipv4Addr::new(192, 0, 2, 1)),
    AttributeValue::AsPath(AsPath::EMPTY),
    AttributeValue::Origin(Origin::Igp),
];

#[test]
fn attributes_in_ascending_order() {
    //= RFC 4271 §4.3/well-known-transitive, §4.3/unused-flags-zero
    let mut area = [0; 64];
    let attributes = SharedAttributes::write(&VALUES, &session(), &mut area).unwrap();
    assert_eq!(attributes.as_bytes(), [0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1]);
    let twice = [VALUES[0], VALUES[0]];
    let rule = Rule::AtMost(1);
    let error =
        Error::Unbuildable { layer: LayerName::new("BGP message"), field: "attributes of a type", value: 2, rule };
    assert_eq!(SharedAttributes::write(&twice, &session(), &mut area), Err(error));
    assert!(SharedAttributes::write(&VALUES, &session(), &mut area[..13]).is_err());
}

/// RFC 4271 §4.3: the extended length flag where it is needed.
#[test]
fn extended_length_only_where_needed() {
    //= RFC 4271 §4.3/extended-length
    let communities = vec![Community::NO_EXPORT; 64];
    let mut area = [0; 300];
    let short =
        SharedAttributes::write(&[AttributeValue::Communities(&communities[..63])], &session(), &mut area).unwrap();
    assert_eq!(short.as_bytes()[..3], [0xc0, 8, 252]);
    let long = SharedAttributes::write(&[AttributeValue::Communities(&communities)], &session(), &mut area).unwrap();
    assert_eq!(long.as_bytes()[..4], [0xd0, 8, 1, 0]);
    assert_eq!(long.as_bytes().len(), 260);
}

/// RFC 6793 §4.2.2: AS_TRANS and AS4_PATH, AS4_AGGREGATOR, without a confederation's segments.
#[test]
fn to_a_2_octet_peer() {
    //= RFC 6793 §3/octets, §3/no-confederation, §4.1/not-sent, §4.2.2/as-path, §4.2.2/as4-path, §4.2.2/not-needed
    //= RFC 6793 §4.2.2/aggregator
    let mut two = session();
    two.four_octet_as = false;
    let bytes = [3, 1, 0, 1, 0, 9, 2, 2, 0, 1, 0, 0, 0, 0, 0, 7];
    let aggregator = Aggregator { as_number: 65_536, identifier: [192, 0, 2, 9].into() };
    let values = [VALUES[2], AttributeValue::AsPath(path(&bytes)), AttributeValue::Aggregator(aggregator)];
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
    // A path alone, of nothing but large numbers.
    let alone = SharedAttributes::write(&[AttributeValue::AsPath(path(&[2, 1, 0, 1, 0, 0]))], &two, &mut area).unwrap();
    assert_eq!(alone.as_bytes(), [0x40, 2, 4, 2, 1, 0x5b, 0xa0, 0xc0, 17, 6, 2, 1, 0, 1, 0, 0]);
    // Nothing of the kind for small numbers.
    let aggregator = AttributeValue::Aggregator(Aggregator { as_number: 65_535, identifier: [192, 0, 2, 9].into() });
    let attributes = SharedAttributes::write(&[aggregator], &two, &mut area).unwrap();
    assert_eq!(attributes.as_bytes(), [0xc0, 7, 6, 0xff, 0xff, 192, 0, 2, 9]);
    let small = [AttributeValue::AsPath(path(&[2, 1, 0, 0, 0, 7]))];
    assert_eq!(SharedAttributes::write(&small, &two, &mut area).unwrap().as_bytes(), [0x40, 2, 4, 2, 1, 0, 7]);
}

/// Split at 4096 and at 65535 bytes (RFC 8654), every route once and in order.
#[test]
fn routes_are_packed_and_split() {
    let mut area = [0; 64];
    let routes = ipv4(3000);
    for (max_len, lengths) in [(4096, vec![4093, 4093, 3925]), (65_535, vec![12_037])] {
        let mut session = session();
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
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
    // The last length of one byte and the first of two: 33 routes of 7 bytes, and one of 3 or of 4, behind 21.
    for (len, header) in [(16, &[0x80, 14, 255][..]), (24, &[0x90, 14, 1, 0])] {
        let last = Ipv6Prefix::new("2001::".parse().unwrap(), len).unwrap();
        let all_routes = routes[..33].iter().copied().chain([last]);
        let messages = all(Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, all_routes, &session));
        assert_eq!((messages.len(), &messages[0][23..23 + header.len()]), (1, header));
        let update = Update::parse(&messages[0][19..], &session).unwrap();
        assert!(update.validate().is_accept() && update.announced().count() == 34);
    }
}

/// A message as long as it may be, to the byte; and a buffer that has just the room.
#[test]
fn to_the_last_byte() {
    let mut area = [0; 64];
    // 23 bytes around, 14 of attributes, and three routes of 4.
    for (max_len, lengths) in [(49, vec![49]), (48, vec![45, 41]), (45, vec![45, 41]), (41, vec![41, 41, 41])] {
        let mut session = session();
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
        let attributes = SharedAttributes::write(&VALUES, &session, &mut area).unwrap();
        let messages = all(Updates::announce_ipv4(attributes, ipv4(3).into_iter(), &session));
        assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
    }
    let mut tight = session();
    (tight.max_len_receive, tight.max_len_send) = (40, 40);
    let attributes = SharedAttributes::write(&VALUES, &tight, &mut area).unwrap();
    let mut buffer = [0; 4096];
    let error = Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &tight).next(&mut buffer).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: LayerName::new("BGP message"), needed: 41, available: 40 });
    // The same for withdrawals (23 around) and for routes of another family that were read: 19 bytes of EVPN between 36 and
    // 7 of attributes.
    for (max_len, lengths) in [(31, vec![31]), (30, vec![27, 27])] {
        let mut session = session();
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
        let messages = all(Updates::withdraw(Family::IPV4_UNICAST, ipv4(2).into_iter(), &session));
        assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
    }
    let evpn = [3, 17, 0, 1, 192, 0, 2, 1, 0, 7, 0, 0, 0, 0, 32, 192, 0, 2, 1];
    let route = bgp_codec::nlri::Routes::new(RouteFormat::of(Family::EVPN), &evpn).next().unwrap();
    let next_hop = NextHop::Ipv4([192, 0, 2, 1].into());
    for max_len in [61, 62] {
        let mut session = session();
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
        let attributes = SharedAttributes::write(&VALUES[1..], &session, &mut area).unwrap();
        let mut updates = Updates::announce(Family::EVPN, next_hop, attributes, [route].into_iter(), &session);
        // Until its length is known a route's attribute has two bytes of it: one less is used than is asked for.
        match updates.next(&mut buffer) {
            Ok(message) => assert_eq!((max_len, message.unwrap().len()), (62, 61)),
            Err(error) => {
                let expected = Error::NoRoom { layer: LayerName::new("BGP message"), needed: 62, available: 61 };
                assert_eq!((max_len, error), (61, expected));
            }
        }
    }
}

/// Routes that are longer than what is written at once for short ones: as many as fit all the same.
#[test]
fn long_routes() {
    let (session, mut area) = (session(), [0; 64]);
    let flow = [&[103, 10][..], &[1, 7].repeat(50), &[0x81, 7]].concat();
    let flows = flow.repeat(3);
    let routes = bgp_codec::nlri::Routes::new(RouteFormat::of(Family::IPV4_FLOW_SPEC), &flows);
    let attributes = SharedAttributes::write(&VALUES[1..], &session, &mut area).unwrap();
    let messages = all(Updates::announce(Family::IPV4_FLOW_SPEC, NextHop::None, attributes, routes, &session));
    assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), [23 + 4 + 5 + 3 * 104 + 7]);
    assert_eq!(Update::parse(&messages[0][19..], &session).unwrap().announced().count(), 3);
}

/// A route that was read is written to just as much room as it takes, with a path identifier and without.
#[test]
fn one_route() {
    use bgp_codec::build::WriteRoute;
    let evpn = [3, 17, 0, 1, 192, 0, 2, 1, 0, 7, 0, 0, 0, 0, 32, 192, 0, 2, 1];
    let route = bgp_codec::nlri::Routes::new(RouteFormat::of(Family::EVPN), &evpn).next().unwrap();
    let without = RouteFormat::of(Family::EVPN);
    let with_ids = without.with_path_ids();
    let mut buffer = [0xee; 23];
    assert_eq!(route.write_route(with_ids, &mut buffer), Ok(23));
    assert_eq!((&buffer[..4], &buffer[4..]), (&[0; 4][..], &evpn[..]));
    assert_eq!(route.write_route(without, &mut buffer[..19]), Ok(19));
    assert_eq!(buffer[..19], evpn);
    for (format, needed) in [(without, 19), (with_ids, 23)] {
        let error = route.write_route(format, &mut buffer[..needed - 1]).unwrap_err();
        assert_eq!(error, Error::NoRoom { layer: LayerName::new("BGP message"), needed, available: needed - 1 });
    }
    let error = route.write_route(RouteFormat::of(Family::VPLS), &mut buffer).unwrap_err().to_string();
    let words = "NLRI cannot be built: subsequent address family of another kind of route would be 65, it must be one that is known";
    assert_eq!(error, words);
    let (ipv4, ipv6) = (ipv4(1)[0], ipv6(1)[0]);
    assert_eq!((ipv4.write_route(without, &mut buffer), ipv4.write_route(with_ids, &mut buffer)), (Ok(4), Ok(8)));
    assert_eq!(buffer[..8], [0, 0, 0, 0, 24, 10, 0, 0]);
    assert_eq!((7, ipv6).write_route(with_ids, &mut buffer), Ok(11));
    assert_eq!(buffer[..11], [0, 0, 0, 7, 48, 0x20, 1, 0x0d, 0xb8, 0, 0]);
    assert_eq!((7, ipv6).write_route(without, &mut buffer), Ok(7));
    let error = (7, ipv4).write_route(with_ids, &mut buffer[..3]).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: LayerName::new("BGP message"), needed: 8, available: 3 });
    assert!(
        (7, ipv4).write_route(with_ids, &mut buffer[..7]).is_err()
            && ipv4.write_route(without, &mut buffer[..3]).is_err()
    );
    assert_eq!((7, ipv4).write_route(with_ids, &mut buffer[..8]), Ok(8));
    // How long a route may be: what decides how many are written at once.
    type Any = (u32, Ipv6Prefix);
    assert_eq!((Ipv4Prefix::longest(false), Ipv4Prefix::longest(true)), (5, 9));
    assert_eq!((<Any as WriteRoute>::longest(false), <Any as WriteRoute>::longest(true)), (17, 21));
    assert_eq!(Route::longest(true), usize::MAX);
}

/// What may not be given as an attribute that is shared: routes, and one of a type twice wherever they stand.
#[test]
fn attributes_that_cannot_be_shared() {
    let mut area = [0; 64];
    let session = session();
    let mut is_refused = |values: &[AttributeValue<'_>]| SharedAttributes::write(values, &session, &mut area).is_err();
    let value = [0, 2, 1, 32, 0x20, 1, 0x0d, 0xb8];
    let unreach = AttributeValue::parse(AttributeType::MP_UNREACH_NLRI, &value, &session).unwrap();
    let reach = [0, 1, 1, 4, 192, 0, 2, 1, 0, 8, 10];
    let reach = AttributeValue::parse(AttributeType::MP_REACH_NLRI, &reach, &session).unwrap();
    assert!(is_refused(&[unreach]) && is_refused(&[reach]));
    assert!(is_refused(&[VALUES[2], VALUES[0], VALUES[2]]) && is_refused(&[VALUES[0], VALUES[2], VALUES[2]]));
    assert!(!is_refused(&VALUES) && !is_refused(&[]));
    let bytes = [0x40, 1, 1, 0];
    assert_eq!(SharedAttributes::from_bytes(&bytes).as_bytes(), bytes);
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
    let attributes =
        SharedAttributes::write(&[AttributeValue::Communities(&communities)], &session, &mut area).unwrap();
    let mut buffer = [0xee; 4096];
    let error = Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &session).next(&mut buffer).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: LayerName::new("BGP message"), needed: 4111, available: 4096 });
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
    let routes: Vec<Route<'_>> = bgp_codec::nlri::Routes::new(RouteFormat::of(Family::EVPN), &evpn).collect();
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
    for path in [&[0x40, 2, 6, 1, 1, 0, 0, 0, 7][..], &[0x40, 2, 0]] {
        assert_eq!(rewritten(&Rewrite::default(), path), path);
    }
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

/// A message that becomes too long for its session, to the byte.
#[test]
fn rewriting_to_the_last_byte() {
    let body = [0, 0, 0, 7, 0x40, 1, 1, 0, 0x40, 2, 0, 24, 192, 0, 2];
    let (from, mut to) = (session(), session());
    let update = Update::parse(&body, &from).unwrap();
    let change = Rewrite { prepend: &[9], ..Rewrite::default() };
    let mut buffer = [0; 64];
    (to.max_len_receive, to.max_len_send) = (40, 40);
    assert_eq!(change.write(&update, &to, &mut buffer).unwrap().len(), 40);
    (to.max_len_receive, to.max_len_send) = (39, 39);
    let error = change.write(&update, &to, &mut buffer).unwrap_err();
    assert_eq!(error.to_string(), "BGP message cannot be built: length would be 40, it must be at most 39");
    // As many as a segment may have, joined and on their own; and one more.
    let numbers = vec![7; 256];
    let joined = |count: usize, there: u8| {
        let path = [&[2, there][..], &[0, 0, 0, 1].repeat(usize::from(there))].concat();
        let head = [0x50, 2, (path.len() >> 8) as u8, path.len() as u8];
        let change = Rewrite { prepend: &numbers[..count], ..Rewrite::default() };
        let mut big = session();
        (big.max_len_receive, big.max_len_send) = (65_535, 65_535);
        let attributes = [&head[..], &path].concat();
        let body = [&[0, 0][..], &(attributes.len() as u16).to_be_bytes(), &attributes].concat();
        let update = Update::parse(&body, &big).unwrap();
        let mut buffer = [0; 4096];
        let message = change.write(&update, &big, &mut buffer).map_err(|error| error.to_string())?;
        let again = Update::parse(&message[19..], &big).unwrap();
        Ok::<_, String>(again.as_path().unwrap().map(|segment| segment.count()).collect::<Vec<_>>())
    };
    assert_eq!(joined(254, 1), Ok(vec![255]));
    assert_eq!(joined(255, 1), Ok(vec![255, 1]));
    assert_eq!(joined(1, 255), Ok(vec![1, 255]));
    let error = "BGP message cannot be built: segment length would be 256, it must be at most 255";
    assert_eq!(joined(256, 1), Err(error.into()));
}

/// A next hop is changed where it stands: NEXT_HOP by an IPv4 address only, MP_REACH_NLRI unless it is broken.
#[test]
fn rewriting_next_hops() {
    let plain = [0x40, 3, 4, 192, 0, 2, 1];
    let ipv6 = Rewrite { next_hop: Some(NextHop::Ipv6("2001:db8::9".parse().unwrap())), ..Rewrite::default() };
    assert_eq!(rewritten(&ipv6, &plain), plain);
    for broken in [&[0x80, 14, 3, 0, 2, 1][..], &[0x80, 14, 4, 0, 2, 1, 16]] {
        assert_eq!(rewritten(&ipv6, broken), broken);
    }
    let reach = [0x80, 14, 11, 0, 1, 1, 4, 192, 0, 2, 1, 7, 8, 10];
    let ipv4 = Rewrite { next_hop: Some(NextHop::Ipv4([203, 0, 113, 9].into())), ..Rewrite::default() };
    assert_eq!(rewritten(&ipv4, &reach), [0x80, 14, 11, 0, 1, 1, 4, 203, 0, 113, 9, 7, 8, 10]);
}

/// What withdraws routes, and what ends a table (RFC 4724 §2), has nothing that could be told of routes.
#[test]
fn rewriting_what_announces_nothing() {
    let communities = [Community::new(1, 2)];
    let change = Rewrite { communities: &communities, prepend: &[9], ..Rewrite::default() };
    let session = session();
    for body in [
        &[0, 0, 0, 0][..],
        &[0, 2, 8, 10, 0, 0],
        &[0, 0, 0, 6, 0x80, 15, 3, 0, 25, 70],
        &[0, 0, 0, 8, 0x80, 15, 5, 0, 2, 1, 8, 0x20],
    ] {
        let update = Update::parse(body, &session).unwrap();
        let mut buffer = [0; 64];
        let message = change.write(&update, &session, &mut buffer).unwrap();
        assert_eq!(message[19..], *body);
        assert_eq!(Update::parse(&message[19..], &session).unwrap().end_of_rib(), update.end_of_rib());
    }
}

/// RFC 6793 §4.2.2: a number of four bytes that is put in front of a path of two would need an AS4_PATH.
#[test]
fn rewriting_with_numbers_of_two_bytes() {
    let mut two = session();
    two.four_octet_as = false;
    let body = [0, 0, 0, 11, 0x40, 1, 1, 0, 0x40, 2, 4, 2, 1, 0, 7, 24, 192, 0, 2];
    let update = Update::parse(&body, &two).unwrap();
    let mut buffer = [0; 64];
    let message = Rewrite { prepend: &[65_535], ..Rewrite::default() }.write(&update, &two, &mut buffer).unwrap();
    assert_eq!(message[27..36], [0x40, 2, 6, 2, 2, 0xff, 0xff, 0, 7]);
    let error = Rewrite { prepend: &[7, 65_536], ..Rewrite::default() }.write(&update, &two, &mut buffer).unwrap_err();
    assert_eq!(error.to_string(), "BGP message cannot be built: AS number would be 65536, it must be at most 65535");
}

/// Where new communities stand: behind all types up to theirs; MP_REACH_NLRI may stand in front of all (RFC 7606 §5.1).
#[test]
fn rewriting_communities_into_their_place() {
    let communities = [Community::new(1, 2)];
    let change = Rewrite { communities: &communities, ..Rewrite::default() };
    let new = [0xc0, 8, 4, 0, 1, 0, 2];
    let (aggregator, cluster) = ([0xc0, 7, 8, 0, 0, 0, 1, 192, 0, 2, 1], [0x80, 10, 4, 1, 2, 3, 4]);
    let reach = [0x80, 14, 10, 0, 1, 1, 4, 192, 0, 2, 1, 0, 0];
    let unreach = [0x80, 15, 3, 0, 2, 1];
    for front in [&reach[..12].to_vec(), &unreach.to_vec()] {
        let mut front = front.clone();
        front[2] = (front.len() - 3) as u8;
        let before = [&front[..], &aggregator, &cluster].concat();
        assert_eq!(rewritten(&change, &before), [&front[..], &aggregator, &new, &cluster].concat());
    }
}
