//! BGP: the messages that are measured with, and what must be found in them.

use std::net::{IpAddr, Ipv4Addr};

use bgp_codec::attribute::{AsPath, Community, ExtendedCommunity, LargeCommunities, LargeCommunity, Origin};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::session::AsSize;
use bgp_codec::{AttributeValue, Ipv4Prefix, LayerName, Negotiated, Peer};

pub mod by_hand;
pub mod dumps;
pub mod link_state;
pub mod mix;
pub mod ours;
pub mod peers;

/// What every parser must find in an UPDATE, so that each attribute and each route is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    pub routes: u32,
    pub withdrawn: u32,
    /// Of addresses and lengths, of both.
    pub prefixes: u64,
    pub origin: u8,
    /// Of the path's AS numbers.
    pub path: u64,
    pub next_hop: u64,
    pub med: u32,
    pub local_pref: u32,
    /// Of communities, extended and large ones.
    pub communities: u64,
    /// Of AGGREGATOR and Only to Customer, and one for each ATOMIC_AGGREGATE.
    pub other: u64,
}

/// An address as one number: an IPv6 one with its halves laid over each other.
#[inline(always)]
pub fn bits(address: impl Into<IpAddr>) -> u64 {
    match address.into() {
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => (address.to_bits() >> 64) as u64 ^ address.to_bits() as u64,
    }
}

impl Found {
    #[inline(always)]
    pub fn announced(&mut self, address: impl Into<IpAddr>, len: u8) {
        self.routes += 1;
        self.prefixes = self.prefixes.wrapping_add(bits(address) ^ u64::from(len));
    }

    #[inline(always)]
    pub fn withdrawn(&mut self, address: impl Into<IpAddr>, len: u8) {
        self.withdrawn += 1;
        self.prefixes = self.prefixes.wrapping_add(bits(address) ^ u64::from(len));
    }

    pub fn add(&mut self, other: &Self) {
        self.routes += other.routes;
        self.withdrawn += other.withdrawn;
        self.prefixes = self.prefixes.wrapping_add(other.prefixes);
        self.origin = self.origin.wrapping_add(other.origin);
        self.path = self.path.wrapping_add(other.path);
        self.next_hop = self.next_hop.wrapping_add(other.next_hop);
        self.med = self.med.wrapping_add(other.med);
        self.local_pref = self.local_pref.wrapping_add(other.local_pref);
        self.communities = self.communities.wrapping_add(other.communities);
        self.other = self.other.wrapping_add(other.other);
    }
}

/// An internal peer, 4-octet AS numbers, no path identifiers.
pub fn session() -> Negotiated {
    let mut session = Negotiated::assumed();
    session.peer = Peer::Internal;
    (session.max_len_receive, session.max_len_send) = (4096, 4096);
    session
}

pub fn path(segment: &[u8]) -> AsPath<'_> {
    AsPath::parse(LayerName::new("AS_PATH"), AsSize::Four, segment).unwrap()
}

pub fn sequence(numbers: &[u32]) -> Vec<u8> {
    let mut bytes = vec![2, numbers.len() as u8];
    numbers.iter().for_each(|number| bytes.extend(number.to_be_bytes()));
    bytes
}

/// 142 bytes: 8 attributes, 4 routes.
pub fn small() -> Vec<u8> {
    let path_bytes = sequence(&[65_001, 3356, 1299, 174, 13_335]);
    let communities: Vec<_> = (1..=6).map(|n| Community::new(65_001, n)).collect();
    let large = [LargeCommunity::new(65_001, 1, 2)];
    let extended = [ExtendedCommunity::new(0, 2, [0xfd, 0xe9, 0, 0, 0, 7])];
    let values = [
        AttributeValue::Origin(Origin::Igp),
        AttributeValue::AsPath(path(&path_bytes)),
        AttributeValue::NextHop(Ipv4Addr::new(192, 0, 2, 1)),
        AttributeValue::MultiExitDisc(50),
        AttributeValue::LocalPref(200),
        AttributeValue::Communities(&communities),
        AttributeValue::ExtendedCommunities(&extended),
        AttributeValue::LargeCommunities(LargeCommunities::new(&large)),
    ];
    let routes: Vec<_> = (0..4).map(|n| Ipv4Prefix::new(Ipv4Addr::new(203, 0, n, 0), 24).unwrap()).collect();
    let messages = messages(&values, &routes);
    assert_eq!((messages.len(), messages[0].len()), (1, 142));
    messages.concat()
}

/// The small message made malformed in eight ways, each with the clause that says what to do about it.
pub fn malformed() -> [(&'static str, Vec<u8>); 8] {
    let small = small();
    // Where things stand in it: ORIGIN, AS_PATH, NEXT_HOP and MULTI_EXIT_DISC from byte 23 on, the routes in the last sixteen.
    let with = |at: usize, bytes: &[u8]| {
        let mut message = small.clone();
        message[at..at + bytes.len()].copy_from_slice(bytes);
        message
    };
    [
        ("an ORIGIN of 7: RFC 7606 §7.1", with(26, &[7])),
        ("ORIGIN with the flags of an optional attribute: RFC 7606 §3 c", with(23, &[0xc0])),
        ("an AS_PATH segment of no type: RFC 7606 §7.2", with(30, &[9])),
        ("AS number 0: RFC 7607 §2", with(32, &[0; 4])),
        ("a NEXT_HOP that is a group: RFC 4271 §6.3", with(55, &[224, 0, 0, 5])),
        ("MULTI_EXIT_DISC again, in LOCAL_PREF's place: RFC 7606 §3 g", with(66, &[0x80, 4])),
        ("no ORIGIN, another attribute in its place: RFC 7606 §3 d", with(23, &[0xc0, 200])),
        ("a prefix of 33 bits: RFC 7606 §5.3", with(small.len() - 4, &[33])),
    ]
}

/// How many of those each takes: "validated" is not equal work.
pub fn taken_malformed() -> [(&'static str, usize); 6] {
    let (session, params) = (session(), peers::zettabgp_params());
    let modern = routecore::bgp::message::SessionConfig::modern();
    let count = |takes: &dyn Fn(&[u8]) -> bool| malformed().iter().filter(|(_, message)| takes(message)).count();
    [
        ("ours", count(&|message| ours::update(message, &session).is_some())),
        ("by hand", count(&|message| by_hand::update(message).is_some())),
        ("netgauze", count(&|message| peers::netgauze(message, &mut peers::netgauze_context()).is_some())),
        ("routecore", count(&|message| peers::routecore(message, &modern).is_some())),
        ("zettabgp", count(&|message| peers::zettabgp(message, &params).is_some())),
        ("bgpkit", count(&|message| peers::bgpkit(&bytes::Bytes::copy_from_slice(message)).is_some())),
    ]
}

/// The attributes of the packed message.
pub fn packed_values<'a>(path_bytes: &'a [u8], communities: &'a [Community]) -> [AttributeValue<'a>; 5] {
    [
        AttributeValue::Origin(Origin::Igp),
        AttributeValue::AsPath(path(path_bytes)),
        AttributeValue::NextHop(Ipv4Addr::new(192, 0, 2, 1)),
        AttributeValue::LocalPref(100),
        AttributeValue::Communities(communities),
    ]
}

pub fn packed_path() -> Vec<u8> {
    sequence(&[65_001, 3356, 1299])
}

/// The 900 routes of the packed message.
pub fn packed_routes() -> Vec<Ipv4Prefix> {
    // Three bytes each, and every ninth a byte less, as a table has them.
    (0..900_u32)
        .map(|n| {
            let len = if n % 9 == 8 { 16 } else { 17 + (n * 7 % 8) as u8 };
            Ipv4Prefix::new(Ipv4Addr::from_bits(0x0b00_0000 + (n << 15)), len).unwrap()
        })
        .collect()
}

/// 900 routes in one message of 3.6 kB.
pub fn packed() -> Vec<u8> {
    let (path_bytes, communities) = (packed_path(), [Community::new(65_001, 1), Community::new(65_001, 2)]);
    let messages = messages(&packed_values(&path_bytes, &communities), &packed_routes());
    assert_eq!(messages.len(), 1);
    messages.concat()
}

/// 64 messages with those routes and different paths and communities.
pub fn packed_different() -> Vec<Vec<u8>> {
    let one = |n: u16| {
        let hops: Vec<_> = (0..=n % 7).map(|hop| 64_512 + u32::from(n * 7 + hop)).collect();
        let communities: Vec<_> = (0..=n * 5 % 11).map(|number| Community::new(n, number)).collect();
        messages(&packed_values(&sequence(&hops), &communities), &packed_routes()).swap_remove(0)
    };
    (0..64).map(one).collect()
}

fn messages(values: &[AttributeValue<'_>], routes: &[Ipv4Prefix]) -> Vec<Vec<u8>> {
    let session = session();
    let mut area = [0; 512];
    let attributes = SharedAttributes::write(values, &session, &mut area).unwrap();
    let mut updates = Updates::announce_ipv4(attributes, routes.iter().copied(), &session).unwrap();
    let (mut buffer, mut messages) = ([0; 4096], Vec::new());
    while let Some(message) = updates.next(&mut buffer).unwrap() {
        messages.push(message.to_vec());
    }
    messages
}

/// A full table as a peer sends it: `count` routes whose lengths and paths are mixed as in the global table (60 % of all
/// routes are /24, paths have 2 to 7 ASes and 4 on average, 3 or 4 routes share their attributes on average).
pub fn table(count: usize) -> Vec<u8> {
    let lengths =
        [(24, 600), (23, 95), (22, 110), (21, 45), (20, 42), (19, 30), (18, 16), (17, 10), (16, 45), (15, 4), (14, 3)];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let (mut stream, mut routes, mut total) = (Vec::new(), Vec::new(), 0);
    while total < count {
        let hops = [2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 7][next(11) as usize];
        let numbers: Vec<u32> = (0..hops).map(|_| 1000 + next(399_000) as u32).collect();
        let path_bytes = sequence(&numbers);
        let communities: Vec<_> = (0..next(6)).map(|n| Community::new(numbers[0] as u16, n as u16)).collect();
        let mut values = vec![
            AttributeValue::Origin([Origin::Igp, Origin::Igp, Origin::Incomplete][next(3) as usize]),
            AttributeValue::AsPath(path(&path_bytes)),
            AttributeValue::NextHop(Ipv4Addr::new(192, 0, 2, 1)),
        ];
        if next(3) == 0 {
            values.push(AttributeValue::MultiExitDisc(next(1000) as u32));
        }
        if !communities.is_empty() {
            values.push(AttributeValue::Communities(&communities));
        }
        routes.clear();
        let share = [1, 1, 1, 1, 2, 2, 3, 4, 8, 14][next(10) as usize];
        for _ in 0..share.min(count - total) {
            let mut at = next(1000);
            let (len, _) = *lengths
                .iter()
                .find(|(_, of)| {
                    at < *of || {
                        at -= *of;
                        false
                    }
                })
                .unwrap();
            routes.push(Ipv4Prefix::new(Ipv4Addr::from_bits(0x0100_0000 + next(0xdf00_0000) as u32), len).unwrap());
        }
        total += routes.len();
        messages(&values, &routes).iter().for_each(|message| stream.extend(message));
    }
    stream
}
