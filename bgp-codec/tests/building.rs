//! UPDATEs that are built, packed, split and changed: exact bytes, and what they are read back as.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use bgp_codec::attribute::{Aggregator, AsPath, ClusterId, Community, LargeCommunities, NextHop, Origin, PrefixSid};
use bgp_codec::build::{SharedAttributes, Updates, end_of_rib};
use bgp_codec::nlri::RouteFormat;
use bgp_codec::rewrite::Rewrite;
use bgp_codec::session::AsSize;
use bgp_codec::tlv::{Shape, Tlvs};
use bgp_codec::validate::AttributeSet;
use bgp_codec::{
    Attribute, AttributeFlags, AttributeType, AttributeValue, Family, FamilySet, Fault, Ipv4Prefix, Ipv6Prefix,
    LayerName, Negotiated, Outcome, Peer, Route, Update,
};
use ether_ip::Error;

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
    let error = Fault::Repeated(LayerName::new("NEXT_HOP"));
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
        let messages = all(Updates::announce_ipv4(attributes, routes.iter().copied(), &session).unwrap());
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
        let messages = all(updates.unwrap());
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
    let messages =
        all(Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, routes.iter().copied(), &session).unwrap());
    assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), [4094, 3016]);
    // The last length of one byte and the first of two: 33 routes of 7 bytes, and one of 3 or of 4, behind 21.
    for (len, header) in [(16, &[0x80, 14, 255][..]), (24, &[0x90, 14, 1, 0])] {
        let last = Ipv6Prefix::new("2001::".parse().unwrap(), len).unwrap();
        let all_routes = routes[..33].iter().copied().chain([last]);
        let messages =
            all(Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, all_routes, &session).unwrap());
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
        let messages = all(Updates::announce_ipv4(attributes, ipv4(3).into_iter(), &session).unwrap());
        assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
    }
    let mut tight = session();
    (tight.max_len_receive, tight.max_len_send) = (40, 40);
    let attributes = SharedAttributes::write(&VALUES, &tight, &mut area).unwrap();
    let mut buffer = [0; 4096];
    let error = Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &tight).unwrap().next(&mut buffer).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: LayerName::new("BGP message"), needed: 41, available: 40 });
    // The same for withdrawals (23 around) and for routes of another family that were read: 19 bytes of EVPN between 36 and
    // 7 of attributes.
    for (max_len, lengths) in [(31, vec![31]), (30, vec![27, 27])] {
        let mut session = session();
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
        let messages = all(Updates::withdraw(Family::IPV4_UNICAST, ipv4(2).into_iter(), &session).unwrap());
        assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
    }
    let evpn = [3, 17, 0, 1, 192, 0, 2, 1, 0, 7, 0, 0, 0, 0, 32, 192, 0, 2, 1];
    let route = bgp_codec::nlri::Routes::new(RouteFormat::of(Family::EVPN), &evpn).next().unwrap();
    let next_hop = NextHop::Ipv4([192, 0, 2, 1].into());
    for max_len in [61, 62] {
        let mut session = session();
        (session.max_len_receive, session.max_len_send) = (max_len, max_len);
        let attributes = SharedAttributes::write(&VALUES[1..], &session, &mut area).unwrap();
        let mut updates = Updates::announce(Family::EVPN, next_hop, attributes, [route].into_iter(), &session).unwrap();
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
    let messages = all(Updates::announce(Family::IPV4_FLOW_SPEC, NextHop::None, attributes, routes, &session).unwrap());
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
    assert_eq!(SharedAttributes::from_bytes(&bytes, &session).unwrap().as_bytes(), bytes);
    let refused = |bytes: &[u8]| SharedAttributes::from_bytes(bytes, &session).unwrap_err().to_string();
    assert_eq!(refused(&[0x40, 1, 1, 3]), "ORIGIN is malformed: value is 3, it must be at most 2");
    assert_eq!(refused(&[0x40, 1, 1, 0, 0x40, 1, 1, 0]), "ORIGIN stands there more than once");
    assert_eq!(refused(&[0x80, 15, 3, 0, 2, 1]), "MP_UNREACH_NLRI is not for this peer to send");
    assert_eq!(refused(&[0x40, 1, 1, 0, 0xc0, 8, 4, 0]), "COMMUNITIES is truncated: 5 bytes are needed, 4 are there");
}

#[test]
fn withdrawals() {
    let session = session();
    let messages = all(Updates::withdraw(Family::IPV4_UNICAST, ipv4(2).into_iter(), &session).unwrap());
    assert_eq!(messages[0][16..], [0, 31, 2, 0, 8, 24, 10, 0, 0, 24, 10, 0, 1, 0, 0]);
    let messages = all(Updates::withdraw(Family::IPV6_UNICAST, ipv6(1).into_iter(), &session).unwrap());
    assert_eq!(messages[0][16..], [0, 36, 2, 0, 0, 0, 13, 0x80, 15, 10, 0, 2, 1, 48, 0x20, 1, 0x0d, 0xb8, 0, 0]);
    for (family, count) in [(Family::IPV4_UNICAST, 2018), (Family::IPV6_UNICAST, 1000)] {
        let messages = match family {
            Family::IPV4_UNICAST => all(Updates::withdraw(family, ipv4(count).into_iter(), &session).unwrap()),
            _ => all(Updates::withdraw(family, ipv6(u128::from(count)).into_iter(), &session).unwrap()),
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
    let messages = all(Updates::announce_ipv4(attributes, routes.into_iter(), &session).unwrap());
    assert_eq!(messages[0][37..], [0, 0, 0, 7, 24, 10, 0, 0, 0, 0, 0, 8, 24, 10, 0, 0]);
    let messages = all(Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &session).unwrap());
    assert_eq!(messages[0][37..], [0, 0, 0, 0, 24, 10, 0, 0]);
}

#[test]
fn what_does_not_fit() {
    let (session, mut area) = (session(), vec![0; 5000]);
    let communities = vec![Community::NO_EXPORT; 1016];
    let attributes = SharedAttributes::write(
        &[&VALUES[..], &[AttributeValue::Communities(&communities)]].concat(),
        &session,
        &mut area,
    )
    .unwrap();
    let mut buffer = [0xee; 4096];
    let error =
        Updates::announce_ipv4(attributes, ipv4(1).into_iter(), &session).unwrap().next(&mut buffer).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: LayerName::new("BGP message"), needed: 4109, available: 4096 });
    assert_eq!(buffer, [0xee; 4096], "nothing is written");
    let mut short = [0xee; 44];
    let attributes = SharedAttributes::write(&VALUES, &session, &mut area).unwrap();
    let mut updates = Updates::announce_ipv4(attributes, ipv4(3).into_iter(), &session).unwrap();
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
    let messages =
        all(Updates::announce(Family::EVPN, next_hop, attributes, routes.iter().copied(), &session).unwrap());
    let update = Update::parse(&messages[0][19..], &session).unwrap();
    assert!(update.validate().is_accept() && update.announced().eq(routes));
}

fn rewritten(change: &Rewrite<'_>, attributes: &[u8]) -> Vec<u8> {
    let body = [&[0, 0][..], &(attributes.len() as u16).to_be_bytes(), attributes, &[24, 192, 0, 2]].concat();
    let session = session();
    let update = Update::parse(&body, &session).unwrap();
    let mut buffer = [0; 4096];
    let message = change.write(&update, &Outcome::Accept, &session, &mut buffer).unwrap();
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
        next_hops: &[(Family::IPV4_UNICAST, NextHop::Ipv4([203, 0, 113, 1].into()))],
        communities: &communities,
        ..Rewrite::default()
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
    let change = Rewrite { next_hops: &[(Family::IPV6_UNICAST, next_hop)], ..Rewrite::default() };
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
    assert!(Rewrite::default().write(&update, &Outcome::Accept, &to, &mut [0; 64]).is_err());
    to = session();
    to.add_path_send = FamilySet::of(Family::IPV6_UNICAST);
    let body = [0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1];
    let update = Update::parse(&body, &from).unwrap();
    assert!(Rewrite::default().write(&update, &Outcome::Accept, &to, &mut [0; 64]).is_err());
    let error = Rewrite::default().write(&update, &Outcome::Accept, &from, &mut [0; 22]).unwrap_err();
    assert!(matches!(error, Fault::Field(Error::NoRoom { .. })));
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
    assert_eq!(change.write(&update, &Outcome::Accept, &to, &mut buffer).unwrap().len(), 40);
    (to.max_len_receive, to.max_len_send) = (39, 39);
    let error = change.write(&update, &Outcome::Accept, &to, &mut buffer).unwrap_err();
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
        let message = change.write(&update, &Outcome::Accept, &big, &mut buffer).map_err(|error| error.to_string())?;
        let again = Update::parse(&message[19..], &big).unwrap();
        Ok::<_, String>(again.as_path().unwrap().map(|segment| segment.count()).collect::<Vec<_>>())
    };
    assert_eq!(joined(254, 1), Ok(vec![255]));
    assert_eq!(joined(255, 1), Ok(vec![255, 1]));
    assert_eq!(joined(1, 255), Ok(vec![1, 255]));
    let error = "BGP message cannot be built: segment length would be 256, it must be at most 255";
    assert_eq!(joined(256, 1), Err(error.into()));
}

/// A next hop is changed where it stands, each family's own: RFC 4760 §3, RFC 8950 §3.
#[test]
fn rewriting_next_hops() {
    let plain = [0x40, 3, 4, 192, 0, 2, 1];
    let reach = [0x80, 14, 11, 0, 1, 1, 4, 192, 0, 2, 1, 7, 8, 10];
    let six = [&[0x80, 14, 22, 0, 2, 1, 16][..], &[1; 16], &[0, 0]].concat();
    let (ipv4, ipv6) = (NextHop::Ipv4([203, 0, 113, 9].into()), NextHop::Ipv6("2001:db8::9".parse().unwrap()));
    let next_hops = [(Family::IPV4_UNICAST, ipv4), (Family::IPV6_UNICAST, ipv6)];
    let both = Rewrite { next_hops: &next_hops, ..Rewrite::default() };
    let changed = [0x80, 14, 11, 0, 1, 1, 4, 203, 0, 113, 9, 7, 8, 10];
    assert_eq!(
        rewritten(&both, &[&reach[..], &plain].concat()),
        [&changed[..], &[0x40, 3, 4, 203, 0, 113, 9]].concat()
    );
    let address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    let changed = [&[0x80, 14, 22, 0, 2, 1, 16][..], &address, &[0, 0]].concat();
    assert_eq!(rewritten(&both, &[&six[..], &plain].concat()), [&changed[..], &[0x40, 3, 4, 203, 0, 113, 9]].concat());
    // Of the other family alone nothing is changed.
    let only = Rewrite { next_hops: &next_hops[..1], ..Rewrite::default() };
    assert_eq!(rewritten(&only, &six), six);
    // What the session does not take is refused, changed or not.
    let refused = |change: &Rewrite<'_>, attributes: &[u8], nlri: &[u8], session: &Negotiated| {
        let body = [&[0, 0, 0, attributes.len() as u8][..], attributes, nlri].concat();
        let update = Update::parse(&body, session).unwrap();
        change.write(&update, &Outcome::Accept, session, &mut [0; 128]).unwrap_err().to_string()
    };
    let mut strict = session();
    (strict.extended_next_hop_receive, strict.extended_next_hop_send) = (FamilySet::ALL, FamilySet::EMPTY);
    let other = [(Family::IPV6_UNICAST, ipv4)];
    let change = Rewrite { next_hops: &other, ..Rewrite::default() };
    assert_eq!(refused(&change, &six, &[], &strict), "a next hop of 4 bytes is not for routes of ipv6 unicast");
    let four = [0x80, 14, 11, 0, 2, 1, 4, 192, 0, 2, 1, 0, 8, 0x20];
    let words = "a next hop of 4 bytes is not for routes of ipv6 unicast";
    assert_eq!(refused(&Rewrite::default(), &four, &[], &strict), words);
    let other = [(Family::IPV4_UNICAST, ipv6)];
    let change = Rewrite { next_hops: &other, ..Rewrite::default() };
    let words = "a next hop of 16 bytes is not for routes of ipv4 unicast";
    assert_eq!(refused(&change, &plain, &[8, 10], &session()), words);
    let nobody = [(Family::IPV4_UNICAST, NextHop::Ipv4([0; 4].into()))];
    let change = Rewrite { next_hops: &nobody, ..Rewrite::default() };
    assert_eq!(refused(&change, &plain, &[8, 10], &session()), "NEXT_HOP is malformed: 0.0.0.0 is no host's address");
}

/// What an UPDATE becomes between two kinds of peers, as attribute types.
fn between(from: Peer, to: Peer, change: &Rewrite<'_>, attributes: &[&[u8]]) -> Result<Vec<u8>, String> {
    let (mut one, mut other) = (session(), session());
    (one.peer, other.peer) = (from, to);
    let attributes = attributes.concat();
    let body = [&[0, 0, 0, attributes.len() as u8][..], &attributes, &[24, 192, 0, 2]].concat();
    let update = Update::parse(&body, &one).unwrap();
    let mut buffer = [0; 256];
    let message = change.write(&update, &update.validate(), &other, &mut buffer).map_err(|fault| fault.to_string())?;
    let changed = Update::parse(&message[19..], &other).unwrap();
    assert_eq!(changed.validate(), Outcome::Accept, "{message:02x?}");
    Ok(message[23..message.len() - 4].to_vec())
}

const ORIGIN: &[u8] = &[0x40, 1, 1, 0];
const PATH: &[u8] = &[0x40, 2, 6, 2, 1, 0, 0, 0, 7];
const NEXT_HOP: &[u8] = &[0x40, 3, 4, 192, 0, 2, 1];
const MED: &[u8] = &[0x80, 4, 4, 0, 0, 0, 9];
const LOCAL_PREF: &[u8] = &[0x40, 5, 4, 0, 0, 0, 100];
const ORIGINATOR_ID: &[u8] = &[0x80, 9, 4, 192, 0, 2, 7];
const CLUSTER_LIST: &[u8] = &[0x80, 10, 4, 0, 0, 0, 1];

/// RFC 4271 §5.1.4, §5.1.5, RFC 4456 §8: what does not go from one kind of peer to another.
#[test]
fn rewriting_for_another_kind_of_peer() {
    //= RFC 4271 §5.1.4/other-as, §5.1.5/external
    //= RFC 4456 §8/external
    let all = [ORIGIN, PATH, NEXT_HOP, MED, LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST];
    let plain = Rewrite::default();
    assert_eq!(between(Peer::Internal, Peer::External, &plain, &all), Ok([ORIGIN, PATH, NEXT_HOP].concat()));
    assert_eq!(between(Peer::Internal, Peer::Internal, &plain, &all), Ok(all.concat()));
    // MULTI_EXIT_DISC of a route that begins in this AS is the speaker's own.
    let own: [&[u8]; 4] = [ORIGIN, &[0x40, 2, 0], NEXT_HOP, MED];
    let prepend = Rewrite { prepend: &[9], ..plain };
    let changed: [&[u8]; 4] = [ORIGIN, &[0x40, 2, 6, 2, 1, 0, 0, 0, 9], NEXT_HOP, MED];
    assert_eq!(between(Peer::Internal, Peer::External, &prepend, &own), Ok(changed.concat()));
    // A neighbour's goes to no other, but through a route server (RFC 7947 §2.2.3), and to internal peers.
    let external = [ORIGIN, PATH, NEXT_HOP, MED];
    assert_eq!(between(Peer::External, Peer::External, &plain, &external), Ok(external[..3].concat()));
    let server = Rewrite { keep_multi_exit_disc: true, ..plain };
    assert_eq!(between(Peer::External, Peer::External, &server, &external), Ok(external.concat()));
    assert_eq!(between(Peer::External, Peer::Internal, &plain, &external), Ok(external.concat()));
    // LOCAL_PREF for an internal peer: in its place, or where there was another.
    let preferred = Rewrite { local_pref: Some(100), ..plain };
    let with = [ORIGIN, PATH, NEXT_HOP, MED, LOCAL_PREF];
    assert_eq!(between(Peer::External, Peer::Internal, &preferred, &external), Ok(with.concat()));
    let other: [&[u8]; 4] = [ORIGIN, PATH, NEXT_HOP, &[0x40, 5, 4, 0, 0, 0, 7]];
    assert_eq!(
        between(Peer::Internal, Peer::Internal, &preferred, &other),
        Ok([ORIGIN, PATH, NEXT_HOP, LOCAL_PREF].concat())
    );
    let communities: [&[u8]; 4] = [ORIGIN, PATH, NEXT_HOP, &[0xc0, 8, 4, 0, 1, 0, 2]];
    let expected = [ORIGIN, PATH, NEXT_HOP, LOCAL_PREF, communities[3]].concat();
    assert_eq!(between(Peer::External, Peer::Internal, &preferred, &communities), Ok(expected));
    assert_eq!(between(Peer::External, Peer::External, &preferred, &external[..3]), Ok(external[..3].concat()));
    // What an external peer may not send was discarded, and does not come through.
    assert_eq!(between(Peer::External, Peer::Internal, &plain, &all), Ok([ORIGIN, PATH, NEXT_HOP, MED].concat()));
}

/// RFC 5065 §4: a confederation's segments stay inside, and a member's own number is put in front as one.
#[test]
fn rewriting_across_a_confederation() {
    //= RFC 5065 §4/outside
    let inside: &[u8] = &[0x40, 2, 12, 3, 1, 0, 0, 0, 1, 2, 1, 0, 0, 0, 7];
    let attributes = [ORIGIN, inside, NEXT_HOP];
    let (plain, prepend) = (Rewrite::default(), Rewrite { prepend: &[9], ..Rewrite::default() });
    let outside: [&[u8]; 3] = [ORIGIN, &[0x40, 2, 12, 2, 1, 0, 0, 0, 9, 2, 1, 0, 0, 0, 7], NEXT_HOP];
    assert_eq!(between(Peer::Internal, Peer::External, &prepend, &attributes), Ok(outside.concat()));
    assert_eq!(
        between(Peer::Confederation, Peer::External, &plain, &attributes),
        Ok([ORIGIN, PATH, NEXT_HOP].concat())
    );
    let member: [&[u8]; 3] = [ORIGIN, &[0x40, 2, 16, 3, 2, 0, 0, 0, 9, 0, 0, 0, 1, 2, 1, 0, 0, 0, 7], NEXT_HOP];
    assert_eq!(between(Peer::Internal, Peer::Confederation, &prepend, &attributes), Ok(member.concat()));
    let first: [&[u8]; 3] = [ORIGIN, &[0x40, 2, 12, 3, 1, 0, 0, 0, 9, 2, 1, 0, 0, 0, 7], NEXT_HOP];
    let external = [ORIGIN, PATH, NEXT_HOP];
    assert_eq!(between(Peer::External, Peer::Confederation, &prepend, &external), Ok(first.concat()));
    let words =
        "AS_PATH is malformed: the peer is a member of the confederation, and AS_CONFED_SEQUENCE does not stand first";
    assert_eq!(between(Peer::External, Peer::Confederation, &plain, &external), Err(words.into()));
}

/// What is not to be passed on is not, and what must be there cannot be removed.
#[test]
fn rewriting_what_was_found_fault_with() {
    let plain = Rewrite::default();
    let broken: &[u8] = &[0x40, 6, 1, 0];
    let attributes = [ORIGIN, PATH, NEXT_HOP, broken, LOCAL_PREF, LOCAL_PREF];
    assert_eq!(
        between(Peer::Internal, Peer::Internal, &plain, &attributes),
        Ok([ORIGIN, PATH, NEXT_HOP, LOCAL_PREF].concat())
    );
    let words = "the UPDATE is not to be passed on: its routes are withdrawn";
    assert_eq!(between(Peer::Internal, Peer::Internal, &plain, &[ORIGIN, NEXT_HOP]), Err(words.into()));
    let remove = |kind| Rewrite { remove: AttributeSet::EMPTY.with(kind), ..Rewrite::default() };
    let med = [ORIGIN, PATH, NEXT_HOP, MED];
    assert_eq!(
        between(Peer::Internal, Peer::Internal, &remove(AttributeType::MULTI_EXIT_DISC), &med),
        Ok(med[..3].concat())
    );
    for kind in [AttributeType::ORIGIN, AttributeType::AS_PATH, AttributeType::NEXT_HOP] {
        let words = format!("{kind} is missing");
        assert_eq!(between(Peer::Internal, Peer::Internal, &remove(kind), &med), Err(words));
    }
    // A set that the other session does not take (RFC 9774 §3).
    let (mut lenient, strict) = (session(), session());
    lenient.may_have_as_sets = true;
    let set = [&[0, 0, 0, 20][..], ORIGIN, &[0x40, 2, 6, 1, 1, 0, 0, 0, 7], NEXT_HOP, &[24, 192, 0, 2]].concat();
    let update = Update::parse(&set, &lenient).unwrap();
    let error = plain.write(&update, &update.validate(), &strict, &mut [0; 64]).unwrap_err();
    assert_eq!(error.to_string(), "AS_PATH is malformed: it has an AS_SET");
    assert!(plain.write(&update, &update.validate(), &lenient, &mut [0; 64]).is_ok());
    // A large community that stood there twice goes once (RFC 8092 §3).
    let large = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
    let twice = [&[0xc0, 32, 24][..], &large, &large].concat();
    let once = [&[0xc0, 32, 12][..], &large].concat();
    assert_eq!(
        between(Peer::External, Peer::External, &plain, &[ORIGIN, PATH, NEXT_HOP, &twice]),
        Ok([ORIGIN, PATH, NEXT_HOP, &once].concat())
    );
}

/// RFC 4271 §5: of every type that is not known here, one that is transitive goes on with the Partial flag, one that is not does not; as
/// it stands without being asked for that.
#[test]
fn rewriting_what_is_not_known() {
    let mark = Rewrite { mark_unknown: true, ..Rewrite::default() };
    for kind in (0..=255).filter(|kind| !AttributeType(*kind).is_known()) {
        let unknown = |flags| [flags, kind, 1, 7];
        let go =
            |change, flags| between(Peer::External, Peer::External, change, &[ORIGIN, PATH, NEXT_HOP, &unknown(flags)]);
        let with = |more: &[u8]| Ok([ORIGIN, PATH, NEXT_HOP, more].concat());
        assert_eq!(go(&mark, 0xc0), with(&unknown(0xe0)), "{kind}");
        assert_eq!(go(&mark, 0x80), with(&[]), "{kind}");
        assert_eq!(go(&Rewrite::default(), 0xc0), with(&unknown(0xc0)), "{kind}");
    }
}

/// Nobody has to send attributes in order (RFC 4271 §5): what is added goes into the attribute that comes later, of which there is one
/// then, and in its place where that one is left out or discarded.
#[test]
fn rewriting_what_stands_out_of_order() {
    let communities: &[u8] = &[0xc0, 8, 4, 0, 1, 0, 2];
    let extended: &[u8] = &[0xc0, 16, 8, 0, 2, 0xfd, 0xea, 0, 0, 0, 7];
    let all = [ORIGIN, PATH, NEXT_HOP, extended, communities];
    let added = [Community::new(9, 9)];
    let change = Rewrite { communities: &added, ..Rewrite::default() };
    let both: &[u8] = &[0xc0, 8, 8, 0, 1, 0, 2, 0, 9, 0, 9];
    let alone: &[u8] = &[0xc0, 8, 4, 0, 9, 0, 9];
    assert_eq!(
        between(Peer::External, Peer::External, &change, &all),
        Ok([ORIGIN, PATH, NEXT_HOP, extended, both].concat())
    );
    let in_place = Ok([ORIGIN, PATH, NEXT_HOP, alone, extended].concat());
    let without = Rewrite { remove: AttributeSet::EMPTY.with(AttributeType::COMMUNITIES), ..change };
    assert_eq!(between(Peer::External, Peer::External, &without, &all), in_place);
    assert_eq!(between(Peer::External, Peer::External, &change, &all[..4]), in_place);
    // LOCAL_PREF likewise.
    let late = [ORIGIN, PATH, NEXT_HOP, extended, &[0x40, 5, 4, 0, 0, 0, 7]];
    let preferred = Rewrite { local_pref: Some(100), ..Rewrite::default() };
    assert_eq!(
        between(Peer::Internal, Peer::Internal, &preferred, &late),
        Ok([ORIGIN, PATH, NEXT_HOP, extended, LOCAL_PREF].concat())
    );
    assert_eq!(
        between(Peer::External, Peer::Internal, &preferred, &late),
        Ok([ORIGIN, PATH, NEXT_HOP, LOCAL_PREF, extended].concat())
    );
}

/// Nothing must be there where no routes are announced (RFC 4271 §6.3): it can be removed.
#[test]
fn removing_from_what_announces_nothing() {
    let session = session();
    let body = [&[0, 2, 8, 10, 0, 11][..], ORIGIN, NEXT_HOP].concat();
    let update = Update::parse(&body, &session).unwrap();
    let change = Rewrite { remove: AttributeSet::EMPTY.with(AttributeType::ORIGIN), ..Rewrite::default() };
    let mut buffer = [0; 64];
    let written = change.write(&update, &Outcome::Accept, &session, &mut buffer).unwrap();
    assert_eq!(written[19..], [&[0, 2, 8, 10, 0, 7][..], NEXT_HOP].concat());
}

/// Families that were not agreed on, and routes that stand there in another way.
#[test]
fn rewriting_families() {
    let mut only = session();
    only.families = FamilySet::of(Family::IPV6_UNICAST);
    let refused = |body: &[u8], to: &Negotiated| {
        let from = session();
        let update = Update::parse(body, &from).unwrap();
        Rewrite::default().write(&update, &Outcome::Accept, to, &mut [0; 64]).err().map(|fault| fault.to_string())
    };
    assert_eq!(refused(&[0, 2, 8, 10, 0, 0], &only), Some("ipv4 unicast was not agreed on".into()));
    assert_eq!(refused(&[0, 0, 0, 6, 0x80, 15, 3, 0, 25, 70], &only), Some("l2vpn evpn was not agreed on".into()));
    assert_eq!(refused(&[0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1], &only), None);
    let mut paths = session();
    paths.add_path_send = FamilySet::of(Family::IPV4_UNICAST);
    let words = "routes of ipv4 unicast stand there in another way: with path identifiers or labels that the other session has not";
    assert_eq!(refused(&[0, 2, 8, 10, 0, 0], &paths), Some(words.into()));
    assert_eq!(refused(&[0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1], &paths), None);
}

/// What a peer would find fault with is not built: RFC 4271 §5, RFC 6793 §4.1 and §6, RFC 7606 §4, RFC 8205 §3.
#[test]
fn what_is_refused() {
    //= RFC 6793 §4.1/not-sent
    let refused = |values: &[AttributeValue<'_>], session: &Negotiated| {
        let mut area = [0; 256];
        SharedAttributes::write(values, session, &mut area).err().map(|fault| fault.to_string())
    };
    let (four, mut two, external) = (session(), session(), Negotiated::assumed());
    two.four_octet_as = false;
    let large = [2, 1, 0, 1, 0, 0];
    let aggregator = |as_number| Aggregator { as_number, identifier: [192, 0, 2, 9].into() };
    let as4 = [AttributeValue::As4Path(path(&large)), AttributeValue::As4Aggregator(aggregator(65_536))];
    for value in as4 {
        let name = value.kind();
        assert_eq!(refused(&[value], &four), Some(format!("{name} is not for this peer to send")));
        assert_eq!(refused(&[value], &two), None);
    }
    // Beside a path that needs one, AS4_PATH would stand there twice; the same of aggregators.
    let paths = [AttributeValue::AsPath(path(&large)), as4[0]];
    assert_eq!(refused(&paths, &two), Some("AS4_PATH stands there more than once".into()));
    let aggregators = [AttributeValue::Aggregator(aggregator(65_536)), as4[1]];
    assert_eq!(refused(&aggregators, &two), Some("AS4_AGGREGATOR stands there more than once".into()));
    // Of confederation segments alone there is no AS4_PATH (RFC 6793 §6).
    let mut area = [0; 64];
    let member = [AttributeValue::AsPath(path(&[3, 1, 0, 1, 0, 0]))];
    let written = SharedAttributes::write(&member, &two, &mut area).unwrap();
    assert_eq!(written.as_bytes(), [0x40, 2, 4, 3, 1, 0x5b, 0xa0]);
    for value in [
        AttributeValue::LocalPref(1),
        AttributeValue::OriginatorId([192, 0, 2, 1].into()),
        AttributeValue::ClusterList(&[ClusterId([0; 4])]),
    ] {
        assert_eq!(refused(&[value], &external), Some(format!("{} is not for this peer to send", value.kind())));
        assert_eq!(refused(&[value], &four), None);
    }
    let tlvs = Tlvs::new(Shape::ByteWord, &[5, 0, 9, 0]);
    for (value, words) in [
        (AttributeValue::NextHop([224, 0, 0, 1].into()), "NEXT_HOP is malformed: 224.0.0.1 is no host's address"),
        (AttributeValue::AsPath(path(&[2, 1, 0, 0, 0, 0])), "AS_PATH is malformed: it has AS number 0"),
        (AttributeValue::AsPath(path(&[1, 1, 0, 0, 0, 7])), "AS_PATH is malformed: it has an AS_SET"),
        (AttributeValue::Aggregator(aggregator(0)), "AGGREGATOR is malformed: it has AS number 0"),
        (
            AttributeValue::Communities(&[]),
            "COMMUNITIES is malformed: length is 0, it must be a multiple of 4 and not 0",
        ),
        (
            AttributeValue::LargeCommunities(LargeCommunities::new(&[])),
            "LARGE_COMMUNITY is malformed: length is 0, it must be a multiple of 12 and not 0",
        ),
        (AttributeValue::PrefixSid(PrefixSid { tlvs }), "Prefix-SID is truncated: 12 bytes are needed, 4 are there"),
        (
            AttributeValue::Other { flags: AttributeFlags(0x80), kind: AttributeType::AIGP, value: &[] },
            "AIGP is malformed: length is 0, it must be at least 1",
        ),
        (
            AttributeValue::Other { flags: AttributeFlags(0xc0), kind: AttributeType::AIGP, value: &[1, 0, 3] },
            "AIGP is malformed: flags are 0xc0",
        ),
        (
            AttributeValue::Other { flags: AttributeFlags(0x40), kind: AttributeType(99), value: &[] },
            "attribute 99 is well-known by its flags, and not known",
        ),
    ] {
        assert_eq!(refused(&[value], &four), Some(words.into()));
    }
    let confederation = AttributeValue::AsPath(path(&[3, 1, 0, 0, 0, 7]));
    let words = "AS_PATH is malformed: it has confederation segments, and the peer is no member";
    assert_eq!((refused(&[confederation], &external), refused(&[confederation], &four)), (Some(words.into()), None));
    // Flags and an empty value of what is not known stay.
    let unknown = AttributeValue::Other { flags: AttributeFlags(0xe0), kind: AttributeType(99), value: &[] };
    assert_eq!(SharedAttributes::write(&[unknown], &four, &mut area).unwrap().as_bytes(), [0xe0, 99, 0]);
}

/// What was read is written with the flags that it came with (RFC 4271 §5): what is not transitive stays so, and Partial stays.
#[test]
fn flags_that_stay() {
    let session = session();
    let body = [&[0, 0, 0, 15][..], &[0x80, 99, 1, 7], &[0xe0, 8, 4, 0, 1, 0, 2], &[0xc0, 98, 1, 9]].concat();
    let update = Update::parse(&body, &session).unwrap();
    let values: Vec<_> = update.attributes().map(|attribute| attribute.parse(&session).unwrap()).collect();
    let mut area = [0; 64];
    let written = SharedAttributes::write(&[values[0], values[2]], &session, &mut area).unwrap();
    assert_eq!(written.as_bytes(), [0xc0, 98, 1, 9, 0x80, 99, 1, 7]);
    let written = SharedAttributes::write_with(&[VALUES[2]], update.attributes(), &session, &mut area).unwrap();
    let expected = [&[0x40, 1, 1, 0][..], &[0xe0, 8, 4, 0, 1, 0, 2], &[0xc0, 98, 1, 9], &[0x80, 99, 1, 7]].concat();
    assert_eq!(written.as_bytes(), expected);
    let passed_on = update.attributes().filter_map(Attribute::passed_on);
    let written = SharedAttributes::write_with(&[], passed_on, &session, &mut area).unwrap();
    assert_eq!(written.as_bytes(), [0xe0, 8, 4, 0, 1, 0, 2, 0xe0, 98, 1, 9]);
    // One that the speaker says itself, and passes on too.
    let own = [AttributeValue::Communities(&[Community::NO_EXPORT])];
    let twice = SharedAttributes::write_with(&own, update.attributes(), &session, &mut area).unwrap_err();
    assert_eq!(twice.to_string(), "COMMUNITIES stands there more than once");
}

/// UPDATEs that a session does not take: RFC 4760 §8, §3; RFC 6793 §4; RFC 7606 §3 d.
#[test]
fn updates_that_are_refused() {
    let (four, mut area) = (session(), [0; 64]);
    let mut two = four;
    two.four_octet_as = false;
    let attributes = SharedAttributes::write(&VALUES, &four, &mut area).unwrap();
    fn announce(attributes: SharedAttributes<'_>, session: &Negotiated) -> Option<String> {
        Updates::announce_ipv4(attributes, ipv4(1).into_iter(), session).err().map(|fault| fault.to_string())
    }
    assert_eq!(announce(attributes, &four), None);
    let words = "the attributes are for a session with AS numbers of 4 bytes or with another kind of peer";
    assert_eq!(announce(attributes, &two), Some(words.into()));
    assert_eq!(announce(attributes, &Negotiated::assumed()), Some(words.into()));
    let mut only = four;
    only.families = FamilySet::of(Family::IPV6_UNICAST);
    assert_eq!(announce(attributes, &only), Some("ipv4 unicast was not agreed on".into()));
    for (n, name) in [(0, "NEXT_HOP"), (1, "AS_PATH"), (2, "ORIGIN")] {
        let values: Vec<_> = (0..3).filter(|at| *at != n).map(|at| VALUES[at]).collect();
        let mut area = [0; 64];
        let attributes = SharedAttributes::write(&values, &four, &mut area).unwrap();
        assert_eq!(announce(attributes, &four), Some(format!("{name} is missing")));
        let reach = Updates::announce(
            Family::IPV6_UNICAST,
            NextHop::Ipv6([1; 16].into()),
            attributes,
            ipv6(1).into_iter(),
            &four,
        );
        assert_eq!(reach.is_ok(), n == 0, "NEXT_HOP is not needed beside MP_REACH_NLRI");
    }
    let reach = |family, next_hop, session: &Negotiated| {
        let updates = Updates::announce(family, next_hop, attributes, ipv6(1).into_iter(), session);
        updates.err().map(|fault| fault.to_string())
    };
    let (of_four, of_six) = (NextHop::Ipv4([192, 0, 2, 1].into()), NextHop::Ipv6([1; 16].into()));
    assert_eq!(reach(Family::IPV6_UNICAST, of_six, &four), None);
    assert_eq!(reach(Family::IPV6_UNICAST, of_four, &four), None, "RFC 8950 was agreed on");
    let mut strict = four;
    strict.extended_next_hop_send = FamilySet::EMPTY;
    let words = "a next hop of 4 bytes is not for routes of ipv6 unicast";
    assert_eq!(reach(Family::IPV6_UNICAST, of_four, &strict), Some(words.into()));
    let words = "routes of ipv4 unicast stand there in another way: with path identifiers or labels that the other session has not";
    assert_eq!(reach(Family::IPV4_UNICAST, of_four, &four), Some(words.into()));
    let withdrawn = Updates::withdraw(Family::IPV4_UNICAST, ipv4(1).into_iter(), &only).err();
    assert_eq!(withdrawn.map(|fault| fault.to_string()), Some("ipv4 unicast was not agreed on".into()));
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
        let message = change.write(&update, &Outcome::Accept, &session, &mut buffer).unwrap();
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
    let message = Rewrite { prepend: &[65_535], ..Rewrite::default() }
        .write(&update, &Outcome::Accept, &two, &mut buffer)
        .unwrap();
    assert_eq!(message[27..36], [0x40, 2, 6, 2, 2, 0xff, 0xff, 0, 7]);
    let error = Rewrite { prepend: &[7, 65_536], ..Rewrite::default() }
        .write(&update, &Outcome::Accept, &two, &mut buffer)
        .unwrap_err();
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
