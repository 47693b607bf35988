//! What a record holds, by its type and subtype.

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::bgp4mp::{SessionMessage, StateChange};
use super::geo::GeoPeerTable;
use super::record::{MRT, MrtRecord, MrtType};
use super::table_dump::TableDump;
use super::table_dump_v2::{PeerIndexTable, Rib};
use crate::wire::Reader;

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum MrtBody<'a> {
    /// A route of a table as it was before version 2.
    Table(TableDump<'a>),
    /// Where the peers are.
    GeoPeers(GeoPeerTable<'a>),
    /// The peers whose routes follow.
    Peers(PeerIndexTable<'a>),
    /// The routes to one prefix.
    Rib(Rib<'a>),
    /// A message of a session.
    Message(SessionMessage<'a>),
    /// A change of a session's state.
    StateChange(StateChange),
    /// Something that is not known here.
    Other(&'a [u8]),
}

impl<'a> MrtRecord<'a> {
    /// Reads the body.
    ///
    /// # Errors
    /// [`Error::Truncated`] or [`Error::Malformed`] if it does not hold what its subtype says.
    pub fn parse(&self) -> Result<MrtBody<'a>, Error> {
        let reader = Reader::new(MRT, self.body);
        Ok(match (self.kind, self.subtype) {
            (MrtType::TABLE_DUMP, subtype @ (1 | 2)) => MrtBody::Table(TableDump::read(subtype == 2, reader)?),
            (MrtType::TABLE_DUMP_V2, 7) => MrtBody::GeoPeers(GeoPeerTable::read(reader)?),
            (MrtType::TABLE_DUMP_V2, 1) => MrtBody::Peers(PeerIndexTable::read(reader)?),
            (MrtType::TABLE_DUMP_V2, subtype @ (2..=6 | 8..=12)) => MrtBody::Rib(Rib::read(subtype, reader)?),
            (MrtType::BGP4MP | MrtType::BGP4MP_ET, subtype @ (1 | 4 | 6..=11)) => {
                MrtBody::Message(SessionMessage::read(subtype, reader)?)
            }
            (MrtType::BGP4MP | MrtType::BGP4MP_ET, subtype @ (0 | 5)) => {
                MrtBody::StateChange(StateChange::read(subtype, reader)?)
            }
            _ => MrtBody::Other(self.body),
        })
    }
}

impl MrtBody<'_> {
    /// Writes it as a record of the time that `of` has, and, where it is not known here, of its type too: the reverse of
    /// [`MrtRecord::parse`]. Entries are written one by one, and counted.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] as what it holds is written with; [`Error::Truncated`] if an entry is cut. Nothing is
    /// written then.
    pub fn write(&self, of: &MrtRecord<'_>, to: &mut Writer<'_>) -> Result<(), Error> {
        let start = to.len();
        let written = match self {
            Self::Table(dump) => dump.write(of.timestamp, to),
            Self::GeoPeers(table) => table.begin(of.timestamp, to).and_then(|mut peers| {
                let mut table = *table;
                table.try_for_each(|peer| peers.push(&peer?))
            }),
            Self::Peers(table) => table.begin(of.timestamp, to).and_then(|mut peers| {
                let mut table = *table;
                table.try_for_each(|peer| peers.push(&peer?))
            }),
            Self::Rib(rib) => rib.begin(of.timestamp, to).and_then(|mut routes| {
                let mut rib = *rib;
                rib.try_for_each(|entry| routes.push(&entry?))
            }),
            Self::Message(message) => message.write(of.timestamp, of.microseconds, to),
            Self::StateChange(change) => change.write(of.timestamp, of.microseconds, to),
            Self::Other(body) => MrtRecord { body, ..*of }.write(to),
        };
        written.inspect_err(|_| to.truncate(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::{Attributes, NextHop};
    use crate::family::{Family, FamilySet};
    use crate::mrt::{Ends, GeoPeer, MrtPeer, PeerType, Place, RibEntry, write_next_hop};
    use crate::nlri::{Nlri, Route};
    use crate::session::Peer;
    use crate::value::prefix::Ipv4Prefix;
    use core::net::{IpAddr, Ipv4Addr};
    use ether_ip::Rule;
    use std::vec::Vec;

    fn record(kind: u16, subtype: u16, body: &[u8]) -> Vec<u8> {
        let len = (body.len() as u32).to_be_bytes();
        [&[0, 0, 0, 9][..], &kind.to_be_bytes(), &subtype.to_be_bytes(), &len, body].concat()
    }

    fn parse_only(bytes: &[u8]) -> MrtBody<'_> {
        let (record, rest) = MrtRecord::split(bytes).unwrap().unwrap();
        assert!(rest.is_empty() && record.timestamp == 9);
        record.parse().unwrap()
    }

    /// And writes it back: the same bytes, or nothing of it if an entry is cut.
    fn parse(bytes: &[u8]) -> MrtBody<'_> {
        let (body, mut buffer) = (parse_only(bytes), [0; 200]);
        let (record, _) = MrtRecord::split(bytes).unwrap().unwrap();
        let mut to = Writer::new(MRT, &mut buffer);
        match body.write(&record, &mut to) {
            Ok(()) => assert_eq!(to.written(), bytes),
            Err(error) => assert!(error.is_truncated() && to.is_empty(), "{error}"),
        }
        body
    }

    /// RFC 6396 §4.3.1: an IPv4 peer with a 2-octet AS, an IPv6 one with a 4-octet AS, and one that is cut.
    #[test]
    fn peers() {
        //= RFC 6396 §4.3.1/type
        let ipv6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        let body = [
            &[192, 0, 2, 9, 0, 1, b'v', 0, 3, 0, 1, 1, 1, 1, 192, 0, 2, 1, 0xfd, 0xe8, 3, 2, 2, 2, 2][..],
            &ipv6,
            &[0, 1, 0, 0, 0],
        ];
        let bytes = record(13, 1, &body.concat());
        let MrtBody::Peers(peers) = parse(&bytes) else { panic!("no peers") };
        assert_eq!((peers.collector, peers.view, peers.count), (Ipv4Addr::new(192, 0, 2, 9), &b"v"[..], 3));
        let peers: Vec<_> = peers.collect();
        let (identifier, address) = ([1, 1, 1, 1].into(), [192, 0, 2, 1].into());
        let first = MrtPeer { kind: PeerType(0), identifier, address, as_number: 65_000 };
        assert_eq!(peers[0], Ok(first));
        assert_eq!(peers[1].map(|peer| (peer.address, peer.as_number)), Ok((ipv6.into(), 65_536)));
        assert!(peers[2].unwrap_err().is_truncated());
        assert_eq!(peers.len(), 3);
    }

    /// RFC 6396 §4.3.2, §4.3.4; RFC 8050 §4.
    #[test]
    fn tables() {
        //= RFC 6396 §4.3.4/four-octet
        let entry = [0, 1, 0, 0, 0, 7, 0, 11, 0x40, 1, 1, 0, 0x40, 3, 4, 192, 0, 2, 1];
        let bytes = record(13, 2, &[&[0, 0, 0, 5, 24, 192, 0, 2, 0, 1][..], &entry].concat());
        let MrtBody::Rib(mut rib) = parse(&bytes) else { panic!("no routes") };
        let prefix = Ipv4Prefix::new([192, 0, 2, 0].into(), 24).unwrap();
        assert_eq!((rib.sequence, rib.family, rib.nlri, rib.count), (5, Family::IPV4_UNICAST, Nlri::Ipv4(prefix), 1));
        let route = rib.next().unwrap().unwrap();
        assert_eq!((route.peer, route.originated, route.path_id, route.attributes.count()), (1, 7, None, 2));
        assert_eq!(route.next_hop(), Some(NextHop::Ipv4([192, 0, 2, 1].into())));
        assert_eq!(rib.next(), None);
        // With path identifiers, of IPv6: the next hop alone, and the whole of MP_REACH_NLRI.
        for reach in [&[&[16][..], &[1; 16]].concat(), &[&[0, 2, 1, 16][..], &[1; 16], &[0]].concat()] {
            let attribute = [&[0x80, 14, reach.len() as u8][..], reach].concat();
            let head =
                [0, 0, 0, 6, 32, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0, 3, 0, attribute.len() as u8];
            let bytes = record(13, 10, &[&head[..], &attribute].concat());
            let MrtBody::Rib(mut rib) = parse(&bytes) else { panic!("no routes") };
            let route = rib.next().unwrap().unwrap();
            assert_eq!((route.path_id, route.next_hop()), (Some(3), Some(NextHop::Ipv6([1; 16].into()))));
        }
        // Any family; and an entry that is cut.
        let bytes = record(13, 6, &[0, 0, 0, 6, 0, 25, 70, 99, 1, 7, 0, 1, 0, 0]);
        let MrtBody::Rib(mut rib) = parse(&bytes) else { panic!("no routes") };
        assert_eq!(rib.family, Family::EVPN);
        assert!(rib.next().unwrap().unwrap_err().is_truncated() && rib.next().is_none());
    }

    /// RFC 6396 §4.4, RFC 8050 §3.
    #[test]
    fn sessions() {
        let ends = [0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 3, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2];
        let bytes = record(17, 9, &[&[0, 0, 0, 5][..], &ends, &crate::header::KEEPALIVE].concat());
        let (with_time, _) = MrtRecord::split(&bytes).unwrap().unwrap();
        assert_eq!(with_time.microseconds, Some(5));
        let MrtBody::Message(message) = parse(&bytes) else { panic!("no message") };
        assert_eq!((message.ends.peer_as, message.ends.local_as, message.ends.interface), (65_000, 65_001, 3));
        assert_eq!((message.message, message.is_local), (&crate::header::KEEPALIVE[..], false));
        let session = message.session();
        assert!(session.four_octet_as && session.add_path_receive == FamilySet::ALL);
        let bytes = record(16, 0, &[0xfd, 0xe8, 0xfd, 0xe9, 0, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2, 0, 5, 0, 6]);
        let MrtBody::StateChange(change) = parse(&bytes) else { panic!("no change") };
        assert_eq!((change.old, change.new, change.ends.peer), (5, 6, [192, 0, 2, 1].into()));
    }

    /// RFC 6396 §4.3, RFC 8050 §4: the subtypes of tables.
    #[test]
    fn tables_by_subtype() {
        let [v4, v6] = [Family::IPV4_UNICAST, Family::IPV6_UNICAST];
        let [m4, m6] = [Family::IPV4_MULTICAST, Family::IPV6_MULTICAST];
        for (subtype, family, has_path_ids) in [
            (2, v4, false),
            (3, m4, false),
            (4, v6, false),
            (5, m6, false),
            (8, v4, true),
            (9, m4, true),
            (10, v6, true),
            (11, m6, true),
            (6, Family::new(1, 77), false),
            (12, Family::new(1, 77), true),
        ] {
            let route: &[u8] = if family.safi.0 == 77 { &[0, 1, 77] } else { &[8, 0x20, 0, 1] };
            let bytes = record(13, subtype, &[&[0, 0, 0, 5][..], route].concat());
            // Of a family that is not known the route takes the rest, and there is no room for the count.
            if family.safi.0 == 77 {
                assert!(MrtRecord::split(&bytes).unwrap().unwrap().0.parse().unwrap_err().is_truncated());
                continue;
            }
            let MrtBody::Rib(rib) = parse_only(&bytes) else { panic!("no routes") };
            assert_eq!((rib.family, rib.has_path_ids(), rib.count), (family, has_path_ids, 1), "{subtype}");
        }
        for (kind, subtype) in [(13, 0), (13, 13), (12, 3), (16, 2), (16, 3), (16, 12), (17, 12)] {
            let bytes = record(kind, subtype, &[0, 0, 0, 7]);
            let of: &[u8] = if kind == 17 { &[] } else { &[0, 0, 0, 7] };
            assert_eq!(parse(&bytes), MrtBody::Other(of), "{kind} {subtype}");
        }
    }

    /// RFC 6396 §4.2: a route of IPv4 with AS numbers of two bytes, and one of IPv6.
    #[test]
    fn tables_of_version_1() {
        let attributes = [0x40, 1, 1, 0, 0x40, 2, 4, 2, 1, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1];
        let head = [0, 1, 0xff, 0xff, 10, 1, 2, 3, 16, 1, 0, 0, 0, 7, 192, 0, 2, 9, 0xfd, 0xe8, 0, 18];
        let bytes = record(12, 1, &[&head[..], &attributes].concat());
        // The prefix has bits behind its length, which are not kept.
        let MrtBody::Table(dump) = parse_only(&bytes) else { panic!("no route") };
        assert_eq!((dump.view, dump.sequence, dump.status, dump.originated), (1, 65_535, 1, 7));
        assert_eq!((dump.peer, dump.peer_as), ([192, 0, 2, 9].into(), 65_000));
        assert_eq!((std::format!("{}", dump.route), dump.route.family), ("10.1.0.0/16".into(), Family::IPV4_UNICAST));
        assert_eq!(dump.next_hop(), Some(NextHop::Ipv4([192, 0, 2, 1].into())));
        let session = dump.session();
        let values: Vec<_> = dump.attributes.map(|of| std::format!("{}", of.parse(&session).unwrap())).collect();
        assert_eq!(values, ["igp", "65000", "192.0.2.1"]);
        let address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        let ipv6 = [&[0, 0, 0, 1][..], &address, &[32, 1, 0, 0, 0, 7], &address, &[0, 9, 0, 0]].concat();
        let bytes = record(12, 2, &ipv6);
        let MrtBody::Table(dump) = parse_only(&bytes) else { panic!("no route") };
        assert_eq!((std::format!("{}", dump.route), dump.peer_as), ("2001:db8::/32".into(), 9));
        let network = [&ipv6[..4], &address[..15], &[0], &ipv6[20..]].concat();
        assert_eq!(parse(&record(12, 2, &network)), MrtBody::Table(dump));
        let zeroes = [&head[..6], &[0, 0], &head[8..], &attributes].concat();
        assert!(matches!(parse(&record(12, 1, &zeroes)), MrtBody::Table(dump) if dump.peer_as == 65_000));
        for len in 0..ipv6.len() {
            let bytes = record(12, 2, &ipv6[..len]);
            assert!(MrtRecord::split(&bytes).unwrap().unwrap().0.parse().unwrap_err().is_truncated(), "{len}");
        }
        let long = [&head[..8], &[33], &head[9..], &attributes].concat();
        let bytes = record(12, 1, &long);
        let error = MrtRecord::split(&bytes).unwrap().unwrap().0.parse().unwrap_err();
        let words = "MRT record is malformed: prefix length is 33, it must be at most 32";
        assert_eq!(std::format!("{error}"), words);
    }

    /// RFC 6397 §3: a collector in Zurich, a peer in London, one that keeps its place private, and one that is cut.
    #[test]
    fn places() {
        let place = |latitude: f32, longitude: f32| [latitude.to_be_bytes(), longitude.to_be_bytes()].concat();
        let zurich = [0x42, 0x3d, 0x7d, 0x56, 0x41, 0x08, 0xac, 0x71];
        assert_eq!(place(47.372_4, 8.542_1), zurich, "IEEE 754, big endian");
        let body = [
            &[192, 0, 2, 9][..],
            &zurich,
            &[0, 3, 0, 192, 0, 2, 1],
            &place(51.5, -0.125),
            &[2, 192, 0, 2, 2],
            &place(f32::NAN, f32::NAN),
            &[0, 192],
        ];
        let bytes = record(13, 7, &body.concat());
        let MrtBody::GeoPeers(table) = parse(&bytes) else { panic!("no places") };
        assert_eq!((table.collector, table.count), ([192, 0, 2, 9].into(), 3));
        assert_eq!(table.place, Place { latitude: 47.372_4, longitude: 8.542_1 });
        let peers: Vec<_> = table.collect();
        let london = Place { latitude: 51.5, longitude: -0.125 };
        assert_eq!(peers[0], Ok(GeoPeer { kind: PeerType(0), identifier: [192, 0, 2, 1].into(), place: london }));
        assert!(peers[1].is_ok_and(|peer| peer.place.latitude.is_nan() && peer.place.longitude.is_nan()));
        assert!(peers[2].unwrap_err().is_truncated() && peers.len() == 3);
    }

    #[test]
    fn words() {
        let places = [Place { latitude: 51.5, longitude: -0.125 }, Place::PRIVATE].map(|place| std::format!("{place}"));
        assert_eq!(places, ["51.5° north, -0.125° east", "private"]);
        let half = Place { latitude: 51.5, longitude: f32::NAN };
        assert_eq!(std::format!("{half}"), "private");
        let kinds = [0, 1, 2, 3].map(|kind| std::format!("{}", PeerType(kind)));
        assert_eq!(kinds, ["IPv4, 2-octet AS", "IPv6, 2-octet AS", "IPv4, 4-octet AS", "IPv6, 4-octet AS"]);
        let peer = MrtPeer::new([192, 0, 2, 9].into(), [192, 0, 2, 1].into(), 65_001);
        assert_eq!(std::format!("{peer}"), "192.0.2.1 AS65001 192.0.2.9");
    }

    /// RFC 6396 §3: all types that end in _ET have microseconds.
    #[test]
    fn microseconds() {
        for kind in [17, 33, 49] {
            let bytes = record(kind, 99, &[0, 0, 0, 5, 7]);
            let (record, _) = MrtRecord::split(&bytes).unwrap().unwrap();
            assert_eq!((record.microseconds, record.body), (Some(5), &[7][..]), "{kind}");
        }
        for kind in [16, 32, 48] {
            let bytes = record(kind, 99, &[0, 0, 0, 5, 7]);
            let (record, _) = MrtRecord::split(&bytes).unwrap().unwrap();
            assert_eq!((record.microseconds, record.body.len()), (None, 5), "{kind}");
        }
    }

    /// RFC 6396 §4.3.4: of MP_REACH_NLRI often the next hop alone.
    #[test]
    fn next_hops() {
        let next_hop = |attributes: &[u8]| {
            let attributes = Attributes::new(attributes, 0);
            RibEntry { peer: 0, originated: 0, path_id: None, attributes }.next_hop().map(|of| std::format!("{of}"))
        };
        let reach = |value: &[u8]| next_hop(&[&[0x80, 14, value.len() as u8], value].concat());
        let (global, local) = ([0x20; 16], [0xfe; 16]);
        let told = std::format!("{}", std::net::Ipv6Addr::from(global));
        let both = std::format!("{told} {}", std::net::Ipv6Addr::from(local));
        assert_eq!(reach(&[&[16][..], &global].concat()), Some(told.clone()));
        assert_eq!(reach(&[&[32][..], &global, &local].concat()), Some(both.clone()));
        assert_eq!(reach(&[&[0, 2, 1, 32][..], &global, &local, &[0]].concat()), Some(both));
        assert_eq!(reach(&[0x40, 4, 71, 4, 192, 0, 2, 1, 0]).as_deref(), Some("192.0.2.1"));
        assert_eq!(reach(&[&[17][..], &global].concat()), None);
        assert_eq!(reach(&[0, 2, 1, 16, 1]), None);
        assert_eq!(reach(&[]), None);
        assert_eq!(next_hop(&[0x40, 3, 4, 192, 0, 2, 1]).as_deref(), Some("192.0.2.1"));
        assert_eq!(next_hop(&[0x40, 1, 1, 0]), None);
    }

    /// RFC 6396 §4.4, RFC 8050 §3: the subtypes of messages.
    #[test]
    fn messages_by_subtype() {
        //= RFC 8050 §3/messages
        let two = [0xfd, 0xe8, 0xfd, 0xe9, 0, 3, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2];
        let four = [&[0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 3, 0, 2][..], &[0x20; 16], &[0x21; 16]].concat();
        for (subtype, four_octet_as, is_local, has_path_ids) in [
            (1, false, false, false),
            (4, true, false, false),
            (6, false, true, false),
            (7, true, true, false),
            (8, false, false, true),
            (9, true, false, true),
            (10, false, true, true),
            (11, true, true, true),
        ] {
            let ends: &[u8] = if four_octet_as { &four } else { &two };
            let bytes = record(16, subtype, &[ends, &[7]].concat());
            let MrtBody::Message(message) = parse(&bytes) else { panic!("no message") };
            let told = (message.four_octet_as, message.is_local, message.has_path_ids, message.message);
            assert_eq!(told, (four_octet_as, is_local, has_path_ids, &[7][..]), "{subtype}");
            assert_eq!((message.ends.peer_as, message.ends.local_as, message.ends.interface), (65_000, 65_001, 3));
            let ends: [IpAddr; 2] = if four_octet_as {
                [[0x20; 16].into(), [0x21; 16].into()]
            } else {
                [[192, 0, 2, 1].into(), [192, 0, 2, 2].into()]
            };
            assert_eq!([message.ends.peer, message.ends.local], ends);
            let session = message.session();
            assert_eq!((session.peer_as, session.local_as, session.four_octet_as), (65_000, 65_001, four_octet_as));
            assert_eq!(session.add_path_receive.is_empty(), !has_path_ids);
            assert_eq!(
                session.peer,
                if message.ends.peer_as == message.ends.local_as { Peer::Internal } else { Peer::Unknown }
            );
        }
        let bytes = record(17, 5, &[&[0, 0, 0, 9][..], &four, &[0, 5, 0, 6]].concat());
        let MrtBody::StateChange(change) = parse(&bytes) else { panic!("no change") };
        assert_eq!((change.old, change.new, change.ends.local), (5, 6, [0x21; 16].into()));
    }

    #[test]
    fn what_is_cut_or_odd() {
        let whole = record(16, 1, &[0; 40]);
        for len in 0..whole.len() {
            assert_eq!(MrtRecord::split(&whole[..len]), Ok(None));
        }
        let (record_of_zeroes, _) = MrtRecord::split(&whole).unwrap().unwrap();
        let rule = Rule::Either(1, 2);
        let family = Error::Malformed { layer: MRT, field: "address family", value: 0, rule };
        assert_eq!(record_of_zeroes.parse(), Err(family));
        assert!(MrtRecord::split(&record(17, 1, &[0, 0, 0])).is_err());
        assert_eq!(parse(&record(48, 1, &[7])), MrtBody::Other(&[7]));
        assert!(MrtRecord::split(&record(13, 2, &[0, 0, 0, 1, 33, 0])).unwrap().unwrap().0.parse().is_err());
    }

    /// RFC 6396 §4.3.3, RFC 8050 §4: IPv4 unicast as RIB_GENERIC, an EVPN route (type 3, 17 bytes) with path identifiers.
    #[test]
    fn routes_of_any_family() {
        let entry = [0, 1, 0, 0, 0, 7, 0, 4, 0x40, 1, 1, 0];
        let bytes = record(13, 6, &[&[0, 0, 0, 5, 0, 1, 1, 24, 192, 0, 2, 0, 1][..], &entry].concat());
        let MrtBody::Rib(rib) = parse(&bytes) else { panic!("no routes") };
        assert_eq!((rib.is_generic(), rib.has_path_ids(), rib.family), (true, false, Family::IPV4_UNICAST));
        let evpn = [3, 17, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 0, 0, 0, 0, 32, 192, 0, 2, 1];
        let entry = [0, 1, 0, 0, 0, 7, 0, 0, 0, 3, 0, 4, 0x40, 1, 1, 0];
        let bytes = record(13, 12, &[&[0, 0, 0, 5, 0, 25, 70][..], &evpn, &[0, 1], &entry].concat());
        let MrtBody::Rib(rib) = parse(&bytes) else { panic!("no routes") };
        assert_eq!((rib.is_generic(), rib.has_path_ids(), rib.family), (true, true, Family::EVPN));
        let mut buffer = [0; 100];
        let mut to = Writer::new(MRT, &mut buffer);
        let mut routes = Rib::new(5, Family::EVPN, rib.nlri).with_path_ids().begin(9, &mut to).unwrap();
        rib.for_each(|entry| routes.push(&entry.unwrap()).unwrap());
        assert_eq!((routes.count(), to.written()), (1, &bytes[..]));
    }

    /// What does not fit, or cannot be said, leaves a record that is whole.
    #[test]
    fn a_record_is_whole_after_each_entry() {
        let prefix = Nlri::Ipv4(Ipv4Prefix::new([10, 0, 0, 0].into(), 8).unwrap());
        let rib = Rib::new(5, Family::IPV4_UNICAST, prefix);
        let attributes = Attributes::new(&[0x40, 1, 1, 0], 0);
        let entry = RibEntry { peer: 1, originated: 7, path_id: None, attributes };
        // 12 and 8 bytes in front of the entries, and 12 an entry.
        let mut buffer = [0; 20 + 2 * 12 + 11];
        let mut to = Writer::new(MRT, &mut buffer);
        let mut routes = rib.begin(9, &mut to).unwrap();
        routes.push(&entry).unwrap();
        routes
            .push_with(&RibEntry { attributes: Attributes::new(&[], 0), ..entry }, |to| {
                to.write_all(&[&[0x40, 1, 1, 0]])
            })
            .unwrap();
        let no_room = Error::NoRoom { layer: MRT, needed: 4, available: 3 };
        assert_eq!(routes.push(&entry), Err(no_room));
        let field = "whether there is a path identifier";
        let error = |value, rule| Err(Error::Unbuildable { layer: MRT, field, value, rule: Rule::Exactly(rule) });
        assert_eq!(routes.push(&RibEntry { path_id: Some(3), ..entry }), error(1, 0));
        let long = [0; 65_536];
        let too_long = Error::Unbuildable {
            layer: MRT,
            field: "length of the attributes",
            value: 65_536,
            rule: Rule::AtMost(65_535),
        };
        assert_eq!(routes.push(&RibEntry { attributes: Attributes::new(&long, 0), ..entry }), Err(too_long));
        assert_eq!(routes.count(), 2);
        let one = [0, 1, 0, 0, 0, 7, 0, 4, 0x40, 1, 1, 0];
        let bytes = record(13, 2, &[&[0, 0, 0, 5, 8, 10, 0, 2][..], &one, &one].concat());
        assert_eq!(to.written(), bytes);
        rib.with_path_ids()
            .begin(9, &mut Writer::count(MRT))
            .map(|mut of| assert_eq!(of.push(&entry), error(0, 1)))
            .unwrap();
        // Taken back; and no head without its count.
        to.truncate(0);
        let mut routes = rib.begin(9, &mut to).unwrap();
        routes.push(&entry).unwrap();
        routes.discard();
        assert!(to.is_empty());
        assert!(matches!(rib.begin(9, &mut Writer::new(MRT, &mut [0; 19])), Err(Error::NoRoom { .. })));
        // The count has two bytes.
        let mut count = Writer::count(MRT);
        let mut routes = rib.begin(9, &mut count).unwrap();
        (0..65_535).for_each(|_| routes.push(&entry).unwrap());
        let (field, rule) = ("number of entries", Rule::AtMost(65_535));
        assert_eq!(routes.push(&entry), Err(Error::Unbuildable { layer: MRT, field, value: 65_536, rule }));
        assert_eq!(count.len(), 20 + 65_535 * 12);
    }

    /// What the types cannot say is refused.
    #[test]
    fn what_cannot_be_written() {
        //= RFC 6396 §4.4/one-family
        let mut count = Writer::count(MRT);
        let unbuildable = |field, value, rule| Err(Error::Unbuildable { layer: MRT, field, value, rule });
        let [ipv4, ipv6]: [IpAddr; 2] = [[192, 0, 2, 1].into(), [0x20; 16].into()];
        let mut peers = PeerIndexTable::new([192, 0, 2, 9].into(), b"").begin(9, &mut count).unwrap();
        let peer = MrtPeer::new([1, 1, 1, 1].into(), ipv6, 65_536);
        assert_eq!(peer.kind, PeerType(3));
        let bit = "bit 0 of the peer's type";
        assert_eq!(peers.push(&MrtPeer { address: ipv4, ..peer }), unbuildable(bit, 1, Rule::Exactly(0)));
        assert_eq!(
            peers.push(&MrtPeer { kind: PeerType::FOUR_OCTET_AS, ..peer }),
            unbuildable(bit, 0, Rule::Exactly(1))
        );
        let two = MrtPeer { kind: PeerType::IPV6, ..peer };
        assert_eq!(peers.push(&two), unbuildable("AS number", 65_536, Rule::AtMost(65_535)));
        assert_eq!((peers.push(&MrtPeer { as_number: 65_535, ..two }), peers.count()), (Ok(()), 1));
        let ends = Ends { peer_as: 65_536, local_as: 1, interface: 0, peer: ipv4, local: ipv4 };
        let change = StateChange { ends, four_octet_as: false, old: 5, new: 6 };
        assert_eq!(change.write(9, None, &mut count), unbuildable("AS number", 65_536, Rule::AtMost(65_535)));
        let change = StateChange { four_octet_as: true, ends: Ends { local: ipv6, ..ends }, ..change };
        let field = "address family of the collector";
        assert_eq!(change.write(9, None, &mut count), unbuildable(field, 2, Rule::Exactly(1)));
        let route = Route { family: Family::IPV4_UNICAST, path_id: None, nlri: Nlri::Other(&[]) };
        let attributes = Attributes::new(&[], 0);
        let dump =
            TableDump { view: 0, sequence: 0, route, status: 1, originated: 7, peer: ipv6, peer_as: 1, attributes };
        assert_eq!(dump.write(9, &mut count), unbuildable("family of the route", 1, Rule::Either(1, 2)));
        let nlri = Nlri::Ipv4(Ipv4Prefix::new([10, 0, 0, 0].into(), 8).unwrap());
        let dump = TableDump { route: Route { nlri, ..route }, ..dump };
        assert_eq!(dump.write(9, &mut count), unbuildable("address family of the peer", 2, Rule::Exactly(1)));
    }

    /// RFC 6396 §4.3.4: of MP_REACH_NLRI the length of the next hop, and the next hop.
    #[test]
    fn a_next_hop_alone() {
        //= RFC 6396 §4.3.4/next-hop
        let mut buffer = [0; 40];
        let mut to = Writer::new(MRT, &mut buffer);
        write_next_hop(&NextHop::Ipv6LinkLocal([0x20; 16].into(), [0xfe; 16].into()), &mut to).unwrap();
        assert_eq!(to.written(), [&[0x80, 14, 33, 32][..], &[0x20; 16], &[0xfe; 16]].concat());
        let attributes = Attributes::new(to.written(), 0);
        let entry = RibEntry { peer: 0, originated: 0, path_id: None, attributes };
        assert_eq!(entry.next_hop(), Some(NextHop::Ipv6LinkLocal([0x20; 16].into(), [0xfe; 16].into())));
    }
}
