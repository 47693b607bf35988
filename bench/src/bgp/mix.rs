//! 4096 different UPDATEs, as the members of an exchange send them to its route server: no LOCAL_PREF, whatever else there is in any
//! number. What comes next, and what is in it, no branch predictor knows by heart.

use std::net::{Ipv4Addr, Ipv6Addr};

use bgp_codec::attribute::{
    Aggregator, AtomicAggregate, Community, ExtendedCommunity, LargeCommunities, LargeCommunity, NextHop, Origin,
};
use bgp_codec::build::{SharedAttributes, Updates, WriteRoute};
use bgp_codec::{AttributeValue, Family, Ipv4Prefix, Ipv6Prefix};

use crate::mix::{Mix, PACKETS, Random};

/// How long prefixes are, and how many of a thousand are so.
const IPV4_LENGTHS: [(u8, usize); 9] =
    [(24, 600), (23, 95), (22, 115), (21, 45), (20, 45), (19, 30), (18, 15), (17, 10), (16, 45)];
const IPV6_LENGTHS: [(u8, usize); 9] =
    [(48, 480), (32, 130), (44, 110), (40, 90), (36, 50), (47, 40), (46, 40), (29, 30), (64, 30)];
/// How many routes stand together, and how many ASes a path has: each as often as it stands here.
const ROUTES: [usize; 12] = [1, 1, 1, 1, 1, 2, 2, 3, 4, 6, 10, 24];
const HOPS: [usize; 12] = [1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8];

/// The messages, shuffled.
pub fn updates() -> Mix {
    let mut random = Random(11);
    Mix::of((0..PACKETS).map(|_| update(&mut random)), 0)
}

/// Two of three are about IPv4; one in ten withdraws.
fn update(random: &mut Random) -> Vec<u8> {
    let (is_ipv4, withdraws) = (random.chance(65), random.chance(10));
    let count = *random.one_of(&ROUTES);
    match is_ipv4 {
        true => {
            let routes = (0..count).map(|_| ipv4(random)).collect();
            message(Family::IPV4_UNICAST, routes, withdraws, random)
        }
        false => {
            let routes = (0..count).map(|_| ipv6(random)).collect();
            message(Family::IPV6_UNICAST, routes, withdraws, random)
        }
    }
}

fn ipv4(random: &mut Random) -> Ipv4Prefix {
    let address = Ipv4Addr::from_bits(0x0100_0000 + random.below(0xdf00_0000) as u32);
    Ipv4Prefix::new(address, length(&IPV4_LENGTHS, random)).unwrap()
}

fn ipv6(random: &mut Random) -> Ipv6Prefix {
    let address = Ipv6Addr::from_bits(0x2a00_u128 << 112 | u128::from(random.next()) << 56);
    Ipv6Prefix::new(address, length(&IPV6_LENGTHS, random)).unwrap()
}

fn length(of_a_thousand: &[(u8, usize)], random: &mut Random) -> u8 {
    let mut at = random.below(1000);
    let is_here = |(_, count): &&(u8, usize)| {
        let is_here = at < *count;
        at = at.saturating_sub(*count);
        is_here
    };
    of_a_thousand.iter().find(is_here).unwrap().0
}

fn message<R: WriteRoute>(family: Family, routes: Vec<R>, withdraws: bool, random: &mut Random) -> Vec<u8> {
    let (session, mut buffer, mut area) = (super::session(), [0; 4096], [0; 2048]);
    let neighbour = [0x2001_07f8, 0, 0, random.next() as u32 & 0xffff];
    let [global, link_local] = [neighbour, [0xfe80_0000, 0, 0, neighbour[3]]]
        .map(|words| Ipv6Addr::from_bits(words.iter().fold(0, |bits, word| bits << 32 | u128::from(*word))));
    let next_hop = if random.chance(50) { NextHop::Ipv6(global) } else { NextHop::Ipv6LinkLocal(global, link_local) };
    let mut updates = match family {
        _ if withdraws => Updates::withdraw(family, routes.into_iter(), &session),
        Family::IPV4_UNICAST => {
            let next_hop = Ipv4Addr::from_bits(0xc000_0200 + neighbour[3] % 256);
            let attributes = attributes(Some(next_hop), random, &mut area);
            Updates::announce_ipv4(attributes, routes.into_iter(), &session)
        }
        _ => Updates::announce(family, next_hop, attributes(None, random, &mut area), routes.into_iter(), &session),
    }
    .unwrap();
    updates.next(&mut buffer).unwrap().unwrap().to_vec()
}

/// ORIGIN, AS_PATH, NEXT_HOP where it is needed; each of the others with a chance of its own.
fn attributes<'b>(next_hop: Option<Ipv4Addr>, random: &mut Random, area: &'b mut [u8]) -> SharedAttributes<'b> {
    let hops: Vec<u32> = (0..*random.one_of(&HOPS)).map(|_| 1000 + random.below(399_000) as u32).collect();
    let mut few = |chance, most| if random.chance(chance) { 1 + random.below(most) } else { 0 };
    let counts = [few(80, 16), few(12, 3), few(45, 6)];
    let communities: Vec<_> = (0..counts[0]).map(|_| Community::from(random.next() as u32)).collect();
    let extended: Vec<_> =
        (0..counts[1]).map(|n| ExtendedCommunity::new(0, 2, [0xfd, 0xe9, 0, 0, 0, n as u8])).collect();
    let large: Vec<_> = (0..counts[2]).map(|n| LargeCommunity::new(hops[0], n as u32, random.next() as u32)).collect();
    let path = super::sequence(&hops);
    let origin = *random.one_of(&[Origin::Igp, Origin::Igp, Origin::Igp, Origin::Incomplete, Origin::Egp]);
    let identifier = Ipv4Addr::from_bits(random.next() as u32);
    let mut values = vec![AttributeValue::Origin(origin), AttributeValue::AsPath(super::path(&path))];
    values.extend(next_hop.map(AttributeValue::NextHop));
    for (value, chance) in [
        (AttributeValue::MultiExitDisc(random.next() as u32), 30),
        (AttributeValue::AtomicAggregate(AtomicAggregate), 6),
        (AttributeValue::Aggregator(Aggregator { as_number: hops[0], identifier }), 8),
        (AttributeValue::Communities(&communities), if communities.is_empty() { 0 } else { 100 }),
        (AttributeValue::ExtendedCommunities(&extended), if extended.is_empty() { 0 } else { 100 }),
        (AttributeValue::LargeCommunities(LargeCommunities::new(&large)), if large.is_empty() { 0 } else { 100 }),
        (AttributeValue::OnlyToCustomer(hops[0]), 10),
    ] {
        if random.chance(chance) {
            values.push(value);
        }
    }
    SharedAttributes::write(&values, &super::session(), area).unwrap()
}
