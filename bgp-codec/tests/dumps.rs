//! What daemons dumped and told, read and written back: the same bytes, all of them. The files and who wrote them: `testdata/README.md`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::fs;

use bgp_codec::bmp::{BMP, BmpBody, BmpMessage, PeerDownReason, PeerSlot, StatValue, Station};
use bgp_codec::mrt::{MRT, MrtRecord};
use bgp_codec::{Family, Framer, Message, Peer, Writer};

fn testdata(name: &str) -> Vec<u8> {
    fs::read(format!("../testdata/{name}")).unwrap()
}

/// Each record as what it holds, written back. How many there were.
fn mrt_both_ways(bytes: &[u8]) -> usize {
    let (mut rest, mut count) = (bytes, 0);
    let mut buffer = vec![0; bytes.len()];
    let mut to = Writer::new(MRT, &mut buffer);
    while let Some((record, behind)) = MrtRecord::split(rest).unwrap() {
        record.parse().unwrap().write(&record, &mut to).unwrap();
        (rest, count) = (behind, count + 1);
    }
    assert!(rest.is_empty());
    assert!(to.written() == bytes, "what was written is not what was read");
    count
}

/// BIRD: TABLE_DUMP_V2 with path identifiers, three paths to each of ten prefixes and its own two (RFC 6396 §4.3, RFC 8050 §4).
#[test]
fn a_table_of_bird() {
    //= RFC 8050 §4/entries
    assert_eq!(mrt_both_ways(&testdata("bgp-bird-rib.mrt")), 13);
}

/// FRR: BGP4MP, states and messages (RFC 6396 §4.4).
#[test]
fn a_session_of_frr() {
    assert_eq!(mrt_both_ways(&testdata("bgp-frr-messages.mrt")), 10);
}

/// A session of three routes of ours, dumped in each way that a daemon knows. How many records there are, their lengths alone tell.
#[test]
fn dumps_of_four_daemons() {
    for (name, count) in [
        // BGP4MP: states and messages, of both widths of AS numbers; TABLE_DUMP_V2.
        ("bird-messages", 9),
        ("bird-table", 6),
        // BGP4MP_ET; TABLE_DUMP_V2 of two families.
        ("frr-updates", 3),
        ("frr-table", 8),
        // TABLE_DUMP_V2 with the whole of MP_REACH_NLRI.
        ("gobgp-table", 8),
        ("gobgp-updates", 3),
        // BGP4MP_ET with states, what came and what was sent (RFC 6396 §4.4.5); TABLE_DUMP_V2, and BGP4MP_ENTRY, which nobody reads any more.
        ("openbgpd-all-in", 9),
        ("openbgpd-all-out", 7),
        ("openbgpd-table-v2", 8),
        ("openbgpd-table-mp", 7),
    ] {
        assert_eq!(mrt_both_ways(&testdata(&format!("bgp-{name}.mrt"))), count, "{name}");
    }
}

/// FRR and GoBGP to a station: FRR with routes before and after policy, mirrored messages and counters (RFC 7854 §4).
#[test]
fn what_two_routers_tell() {
    assert_eq!(bmp_both_ways(&testdata("bgp-frr-station.bmp")), [15, 2, 1, 1, 1, 0, 3]);
    assert_eq!(bmp_both_ways(&testdata("bgp-gobgp-station.bmp")), [18, 0, 0, 1, 1, 0, 0]);
}

/// Cases of others, where they are.
#[test]
fn cases_of_others() {
    let (mut count, folder) = (0, "../../shared/cases");
    for name in ["table-dump-1.mrt", "unannounced-paths.mrt"] {
        let Ok(bytes) = fs::read(format!("{folder}/{name}")) else {
            println!("SKIPPED: no {folder}/{name}");
            continue;
        };
        count += mrt_both_ways(&bytes);
    }
    println!("{count} records");
}

/// Each message as what it says, written back. How many there were of each type.
fn bmp_both_ways(bytes: &[u8]) -> [usize; 7] {
    let (mut rest, mut counts) = (bytes, [0; 7]);
    let mut buffer = vec![0; bytes.len()];
    let mut to = Writer::new(BMP, &mut buffer);
    while let Some((message, behind)) = BmpMessage::split(rest).unwrap() {
        message.parse().unwrap().write(&message, &mut to).unwrap();
        counts[usize::from(message.kind.0)] += 1;
        rest = behind;
    }
    assert!(rest.is_empty());
    assert!(to.written() == bytes, "what was written is not what was read");
    counts
}

/// GoBGP to its station: 28 messages (RFC 7854 §4).
#[test]
fn what_gobgp_tells() {
    assert_eq!(bmp_both_ways(&testdata("bgp-gobgp.bmp")), [22, 2, 1, 2, 1, 0, 0]);
}

/// What GoBGP counted, why the session ended, and how its routes are to be read: of the peer as the two OPENs say, but of its own table, of
/// which it tells no Peer Up (RFC 9069 §5.2), as if nobody knew.
#[test]
fn a_station_of_gobgp() {
    //= RFC 7854 §4.10/opens
    let bytes = testdata("bgp-gobgp.bmp");
    let (mut rest, mut slots) = (&bytes[..], [PeerSlot::FREE; 3]);
    let mut station = Station::new(&mut slots);
    let (mut gauges, mut counters, mut routes, mut kept) = (Vec::new(), Vec::new(), [0; 3], Vec::new());
    while let Some((message, behind)) = BmpMessage::split(rest).unwrap() {
        rest = behind;
        let heard = station.hear(&message).unwrap();
        kept.push(station.len());
        match heard.body {
            BmpBody::Statistics(_, statistics) => statistics.for_each(|of| match of.value {
                StatValue::Gauge(value) => gauges.push((of.kind.0, value)),
                StatValue::Counter(value) => counters.push((of.kind.0, value)),
                _ => panic!("{of}"),
            }),
            BmpBody::PeerDown(_, down) => {
                assert_eq!(down.reason, PeerDownReason::REMOTE_NOTIFICATION);
                // Cease, administrative shutdown.
                assert_eq!(down.notification().map(|bytes| &bytes[18..]), Some(&[3, 6, 2][..]));
            }
            BmpBody::RouteMonitoring(peer, mut update) => {
                let frame = Framer::new().next(&mut update).unwrap().unwrap();
                let Ok(Message::Update(update)) = frame.parse(&heard.session) else { panic!("no UPDATE") };
                assert!(update.validate().is_accept());
                let of = (peer.is_loc_rib(), peer.is_post_policy(), heard.session.is_known, heard.session.peer);
                let table = match of {
                    (false, false, true, Peer::External) => 0,
                    (false, true, true, Peer::Unknown) => 1,
                    (true, false, false, Peer::Unknown) => 2,
                    _ => panic!("{peer}: {of:?}"),
                };
                if !peer.is_loc_rib() {
                    assert_eq!((heard.session.local_as, heard.session.peer_as), (65_001, 65_002));
                    assert!(heard.session.families.contains(Family::IPV6_UNICAST));
                }
                routes[table] += 1;
            }
            _ => {}
        }
    }
    assert_eq!(gauges, [(7, 2), (8, 2), (7, 2), (8, 2)]);
    assert_eq!(counters, [(11, 1), (12, 1), (11, 1), (12, 1)]);
    assert_eq!(routes, [6, 8, 8]);
    // Up as the second message, down as the twentieth, up again.
    assert_eq!((kept[0], &kept[1..19], kept[19], &kept[20..]), (0, &[1; 18][..], 0, &[1; 8][..]));
}
