//! BGP: the messages that are measured with, and what must be found in them.

use std::net::Ipv4Addr;

use bgp_codec::attribute::{AsPath, Community, ExtendedCommunity, LargeCommunities, LargeCommunity, Origin};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::session::AsSize;
use bgp_codec::{AttributeValue, Ipv4Prefix, LayerName, Negotiated, Peer};

pub mod by_hand;
pub mod ours;
pub mod peers;

/// What every parser must find in an UPDATE, so that each attribute and each route is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    pub routes: u32,
    /// Of addresses and lengths.
    pub prefixes: u64,
    pub origin: u8,
    /// Of the path's AS numbers.
    pub path: u64,
    pub next_hop: u32,
    pub med: u32,
    pub local_pref: u32,
    /// Of communities, extended and large ones.
    pub communities: u64,
}

impl Found {
    #[inline(always)]
    pub fn route(&mut self, address: Ipv4Addr, len: u8) {
        self.routes += 1;
        self.prefixes = self.prefixes.wrapping_add(u64::from(address.to_bits()) ^ u64::from(len));
    }

    pub fn add(&mut self, other: &Self) {
        self.routes += other.routes;
        self.prefixes = self.prefixes.wrapping_add(other.prefixes);
        self.origin = self.origin.wrapping_add(other.origin);
        self.path = self.path.wrapping_add(other.path);
        self.next_hop = self.next_hop.wrapping_add(other.next_hop);
        self.med = self.med.wrapping_add(other.med);
        self.local_pref = self.local_pref.wrapping_add(other.local_pref);
        self.communities = self.communities.wrapping_add(other.communities);
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
