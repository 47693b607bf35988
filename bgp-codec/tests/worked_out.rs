//! Bytes that somebody worked out from the RFCs' text who had not seen the codec (`testdata/bgp-worked-out.txt`): each is read, told in words
//! that were compared with theirs by hand, and written back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use std::net::{Ipv4Addr, Ipv6Addr};

use bgp_codec::attribute::{AttributeFlags, AttributeType, AttributeValue, ExtendedCommunity, Ipv6ExtendedCommunity};
use bgp_codec::bmp::{BmpBody, BmpMessage, BmpPeerType, PeerDownReason};
use bgp_codec::link_state::LinkStateValue;
use bgp_codec::mrt::{MrtBody, MrtRecord, PeerType, Place};
use bgp_codec::nlri::{RouteFormat, Routes};
use bgp_codec::session::AsSize;
use bgp_codec::tlv::{Shape, Tlvs};
use bgp_codec::{Family, Framer, LayerName, Negotiated};
use common::{unhex, written};

/// Lines of a section: name, bytes, words.
fn lines(section: char) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let all = include_str!("../../testdata/bgp-worked-out.txt").lines().filter(|line| line.starts_with(section));
    all.map(|line| {
        let [name, hex, _, words] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        (name, unhex(hex), words)
    })
    .collect()
}

fn bytes_of(name: &str) -> Vec<u8> {
    lines('F').into_iter().find(|(other, ..)| *other == name).unwrap().1
}

#[track_caller]
fn are_routes(family: Family, name: &str, bytes: &[u8], words: &str) {
    let format = RouteFormat::of(family);
    let routes: Vec<_> = Routes::new(format, bytes).collect();
    assert_eq!(routes.iter().map(ToString::to_string).collect::<Vec<_>>(), [words], "{name}");
    assert_eq!(written(|to| routes[0].nlri.write(format, to)).unwrap(), bytes, "{name}");
}

#[test]
fn link_state() {
    let all = [lines('A'), lines('B')].concat();
    assert_eq!(all.len(), 69);
    for (name, bytes, words) in all {
        if name.contains("NLRI") {
            are_routes(Family::LINK_STATE, name, &bytes, words);
            continue;
        }
        let tlv = Tlvs::parse(LayerName::new("test"), Shape::Word, &bytes).unwrap().next().unwrap();
        let value = LinkStateValue::parse(tlv).unwrap();
        assert_eq!(value.to_string(), words, "{name}");
        assert_eq!(written(|to| value.write(to)).unwrap(), bytes, "{name}");
    }
}

#[test]
fn attributes() {
    let all = lines('C');
    assert_eq!(all.len(), 14);
    for (name, bytes, words) in all {
        let kind = match name.split('-').nth(1).unwrap() {
            "TUNNEL" => AttributeType::TUNNEL_ENCAPSULATION,
            "PREFIXSID" => AttributeType::PREFIX_SID,
            "PMSI" => AttributeType::PMSI_TUNNEL,
            "ATTRSET" => AttributeType::ATTR_SET,
            "AIGP" => AttributeType::AIGP,
            "BFDDISC" => AttributeType::BFD_DISCRIMINATOR,
            "OTC" => AttributeType::ONLY_TO_CUSTOMER,
            other => panic!("{other}"),
        };
        let value = AttributeValue::parse(kind, &bytes, &Negotiated::assumed()).unwrap();
        assert_eq!(value.to_string(), words, "{name}");
        let attribute = written(|to| value.write(AsSize::Four, to)).unwrap();
        let is_long = AttributeFlags(attribute[0]).is_extended();
        assert_eq!(attribute[if is_long { 4 } else { 3 }..], bytes, "{name}");
    }
}

#[test]
fn routes() {
    let all = lines('D');
    assert_eq!(all.len(), 18);
    for (name, bytes, words) in all {
        let family = if name.contains("EVPN") { Family::EVPN } else { Family::IPV4_MCAST_VPN };
        are_routes(family, name, &bytes, words);
    }
}

#[test]
fn communities() {
    let all = lines('E');
    assert_eq!(all.len(), 26);
    for (name, bytes, words) in all {
        let told = match <[u8; 8]>::try_from(&bytes[..]) {
            Ok(bytes) => ExtendedCommunity(bytes).to_string(),
            Err(_) => Ipv6ExtendedCommunity(bytes.try_into().unwrap()).to_string(),
        };
        assert_eq!(told, words, "{name}");
    }
}

#[test]
fn records() {
    for name in ["F-GEO", "F-STATECHANGE-AS4", "F-RIBGENERIC"] {
        let bytes = bytes_of(name);
        let (record, behind) = MrtRecord::split(&bytes).unwrap().unwrap();
        let body = record.parse().unwrap();
        assert_eq!((written(|to| body.write(&record, to)).unwrap(), behind), (bytes.clone(), &[][..]), "{name}");
        match body {
            MrtBody::GeoPeers(table) => {
                assert_eq!((table.collector, table.count), (Ipv4Addr::new(192, 0, 2, 200), 2));
                assert_eq!(table.place, Place { latitude: 52.367_6, longitude: 4.904_1 });
                let peers: Vec<_> = table.map(Result::unwrap).collect();
                assert_eq!(peers[0].identifier, Ipv4Addr::new(192, 0, 2, 201));
                assert!(peers[0].place.latitude.is_nan() && peers[0].place.longitude.is_nan());
                assert_eq!((peers[1].kind, peers[1].identifier), (PeerType(0), Ipv4Addr::new(192, 0, 2, 202)));
                assert_eq!(peers[1].place, Place { latitude: -33.868_8, longitude: 151.209_3 });
            }
            MrtBody::StateChange(change) => {
                let (near, far): (Ipv6Addr, Ipv6Addr) =
                    ("2001:db8:16::2".parse().unwrap(), "2001:db8:16::1".parse().unwrap());
                let ends = change.ends;
                assert_eq!((ends.peer_as, ends.local_as, ends.interface), (65_801, 65_802, 17));
                assert_eq!((ends.peer, ends.local), (far.into(), near.into()));
                assert_eq!((change.old, change.new, change.four_octet_as), (3, 6, true));
            }
            MrtBody::Rib(mut rib) => {
                assert_eq!((rib.sequence, rib.family, rib.count), (600_001, Family::IPV6_VPN, 1));
                assert_eq!(rib.nlri.to_string(), "65013:913 2001:db8:d06::/48 label 500");
                let entry = rib.next().unwrap().unwrap();
                assert_eq!((entry.peer, entry.originated), (9, 1_699_999_999));
                assert_eq!(entry.next_hop().unwrap().to_string(), "0:0 2001:db8:6::ffff");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn messages() {
    for name in ["F-BMP-PEERUP-LOCRIB", "F-BMP-PEERUP-RD", "F-BMP-STATS", "F-BMP-PEERDOWN6"] {
        let bytes = bytes_of(name);
        let (message, behind) = BmpMessage::split(&bytes).unwrap().unwrap();
        let body = message.parse().unwrap();
        assert_eq!((written(|to| body.write(&message, to)).unwrap(), behind), (bytes.clone(), &[][..]), "{name}");
        match body {
            BmpBody::PeerUp(peer, up) if name.ends_with("LOCRIB") => {
                assert_eq!((peer.kind, peer.flags, peer.as_number), (BmpPeerType::LOC_RIB, 0x80, 65_905));
                assert_eq!((peer.distinguisher, peer.time), (65_095 << 32 | 95, (1_700_000_004, 111_222)));
                assert_eq!((up.ports, up.local), ((0, 0), Ipv4Addr::UNSPECIFIED.into()));
                let mut opens = up.opens;
                let frames = [(); 2].map(|()| Framer::new().next(&mut opens).unwrap().unwrap().bytes());
                assert_eq!((frames[0], frames[0].len(), opens), (frames[1], 37, &b"\0\x03\0\x08vrf-blue"[..]));
            }
            BmpBody::PeerUp(peer, up) => {
                assert_eq!((peer.as_number, up.ports), (65_907, (54_321, 179)));
                assert_eq!(peer.address, "2001:db8:3::97".parse::<Ipv6Addr>().unwrap());
                assert!(up.opens.ends_with(b"\0\0\0\x05hello\0\x03\0\x07vrf-red"));
            }
            BmpBody::Statistics(peer, statistics) => {
                assert_eq!((peer.address, peer.as_number), (Ipv4Addr::new(10, 9, 8, 7).into(), 65_908));
                let words: Vec<_> = statistics.map(|of| of.to_string()).collect();
                assert_eq!(words, STATISTICS);
            }
            BmpBody::PeerDown(peer, down) => {
                assert_eq!((peer.as_number, down.reason), (65_909, PeerDownReason(6)));
                assert_eq!(down.data, b"\0\x03\0\x09vrf-green");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Types 7, 9 and 17 (RFC 7854 §4.8, RFC 8671 §6).
const STATISTICS: [&str; 3] = [
    "routes in Adj-RIBs-In: 700007",
    "routes in Adj-RIB-In of a family: 900009 (ipv4 labeled-unicast)",
    "routes in post-policy Adj-RIB-Out of a family: 1700017 (ipv6 vpn)",
];
