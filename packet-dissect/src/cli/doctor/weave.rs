//! `weave-fallback`, `weave-replay`: what Weave's routers make do with, and what they drop.

use std::net::IpAddr;
use std::sync::Arc;

use crate::Timestamp;
use weave_codec::{PeerName, Sequence};

use super::super::cluster::Cluster;
use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{OfWeave, Sight};

#[derive(Debug)]
pub(super) struct Weave {
    /// The cluster says that the fast datapath is tried.
    is_fast: bool,
    /// Two nodes each, the lesser address first.
    pairs: Bounded<Addresses, Pair>,
    /// Who sends sealed packets to whom.
    ways: Bounded<Addresses, Way>,
    /// The sealed packets of late, and those before.
    young: Bounded<Sealed, First>,
    old: Bounded<Sealed, First>,
}

/// How frames go between two nodes.
#[derive(Debug, Default)]
struct Pair {
    /// When the fast datapath was tried first, or carried a frame last.
    since: Option<Timestamp>,
    /// How many heartbeats of it each of the two sent.
    heartbeats: [u64; 2],
    /// Frames of pods in the sleeve, long after that.
    slow: Evidence,
}

/// A packet's number in its connection, whose, and to whom; and the capture, as another has the same packet by another clock.
/// The receiver knows a peer by its name: whatever address a copy comes from, it is the peer's.
type Sealed = (Arc<str>, IpAddr, PeerName, Sequence);

/// The first packet of a number.
#[derive(Debug, Clone, Copy)]
struct First {
    hash: u64,
    time: Timestamp,
    from: IpAddr,
}

#[derive(Debug, Default)]
struct Way {
    packets: u64,
    again: Evidence,
    /// Another address that copies came from.
    stranger: Option<IpAddr>,
}

impl Way {
    /// Every packet came twice.
    const fn is_doubled(&self) -> bool {
        self.again.count >= self.packets
    }
}

/// So long it may take until the fast datapath is there, in nanoseconds: its first heartbeats come every half second, and until they are
/// answered frames go by the sleeve.
const STARTING: i128 = 3_000_000_000;
/// So many frames by the sleeve, over so many nanoseconds, are no chance.
const LEAST: u64 = 3;
const LASTS: i128 = 2_000_000_000;
/// What is captured at two places comes again sooner than that, in nanoseconds.
const AT_TWO_PLACES: i128 = 100_000_000;
impl Weave {
    pub(super) fn new(cluster: Option<&Cluster>) -> Self {
        Self {
            is_fast: cluster.is_some_and(Cluster::tries_fast_datapath),
            pairs: Bounded::default(),
            ways: Bounded::default(),
            young: Bounded::default(),
            old: Bounded::default(),
        }
    }
}

impl Rule for Weave {
    fn see(&mut self, sight: &Sight<'_>, _: &mut Ledger) {
        let Some(time) = sight.at.time else { return };
        for (addresses, what) in &sight.weave {
            match *what {
                OfWeave::Sealed { sender, sequence, hash } => {
                    let (from, to) = *addresses;
                    let key = (sight.at.frame.file.clone(), to, sender, sequence);
                    self.sealed(key, First { hash, time, from }, &sight.at);
                }
                OfWeave::Heartbeat | OfWeave::FastFrame | OfWeave::SleeveFrame => {
                    self.frame(*addresses, *what, time, &sight.at);
                }
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for (nodes, Pair { heartbeats, mut slow, .. }) in self.pairs.drain_by(|pair| pair.slow.begin()) {
            if slow.count < LEAST || slow.lasted().is_none_or(|lasted| lasted < LASTS) {
                continue;
            }
            let ((one, other), count) = (nodes, slow.count);
            let silent = match heartbeats {
                [0, _] if heartbeats != [0, 0] => format!(" None of its heartbeats comes from {one}."),
                [_, 0] if heartbeats != [0, 0] => format!(" None of its heartbeats comes from {other}."),
                _ => String::new(),
            };
            let [from_one, from_other] = heartbeats;
            slow.numbers = vec![("frames", count), ("heartbeats", from_one + from_other)];
            let sentence = format!(
                "{one} and {other} try Weave's fast datapath, and pods' frames between them go by the sleeve all the same: \
                 {count} of them.{silent}"
            );
            ledger.put(Key::new(Code::WeaveFallback).around(Some(nodes)), sentence, slow);
        }
        let ways = self.ways.drain_by(|way| way.again.begin());
        let back = |(from, to): Addresses| ways.iter().find(|(of, _)| *of == (to, from)).map(|(_, way)| way);
        for (nodes, way) in &ways {
            // Two places are in one capture, whose clocks differ: then what goes back comes twice as well.
            let are_two_places = way.is_doubled() && back(*nodes).is_none_or(Way::is_doubled);
            let (mut again, (from, to)) = (way.again.clone(), *nodes);
            if again.count == 0 || are_two_places {
                continue;
            }
            again.numbers = vec![("again", again.count), ("packets", way.packets)];
            let (packets, those) =
                if again.count == 1 { ("a sealed packet", "it") } else { ("sealed packets", "them") };
            let whence = way.stranger.map_or(String::new(), |of| format!(", from {of}"));
            let sentence = format!(
                "From {from} to {to} {packets} of the sleeve came again{whence}, number and all: {to} drops {those}."
            );
            ledger.put(Key::new(Code::WeaveReplay).around(Some(*nodes)), sentence, again);
        }
    }
}

impl Weave {
    fn frame(&mut self, (from, to): Addresses, what: OfWeave, time: Timestamp, at: &At) {
        let side = usize::from(from > to);
        let Some(pair) = self.pairs.of(ordered(from, to)) else { return };
        match what {
            OfWeave::FastFrame => {
                pair.slow = Evidence::default();
                pair.since = Some(time);
            }
            OfWeave::Heartbeat => {
                pair.heartbeats.iter_mut().skip(side).take(1).for_each(|count| *count += 1);
                pair.since.get_or_insert(time);
            }
            _ => {
                if self.is_fast {
                    pair.since.get_or_insert(time);
                }
                if pair.since.is_some_and(|since| time.nanoseconds_since(since) >= STARTING) {
                    pair.slow.add(at);
                }
            }
        }
    }

    fn sealed(&mut self, key: Sealed, this: First, at: &At) {
        let to = key.1;
        if let Some(first) = self.young.get(&key).or_else(|| self.old.get(&key)).copied() {
            // Of another connection, whose numbers begin anew, if it is not the same packet.
            if first.hash == this.hash {
                let is_later = this.time.nanoseconds_since(first.time) >= AT_TWO_PLACES;
                if let (true, Some(way)) = (is_later, self.ways.of((first.from, to))) {
                    way.again.add(at);
                    way.stranger = way.stranger.or(Some(this.from).filter(|from| *from != first.from));
                }
                return;
            }
        }
        let Some(way) = self.ways.of((this.from, to)) else { return };
        way.packets += 1;
        if let Some(slot) = self.young.or(key.clone(), || this) {
            *slot = this;
        } else {
            self.old = std::mem::take(&mut self.young);
            self.young.or(key, || this);
        }
    }
}

/// Two nodes, whoever sends.
fn ordered(one: IpAddr, other: IpAddr) -> Addresses {
    if one <= other { (one, other) } else { (other, one) }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{
        A, B, Capture, Ip, NODE_A, NODE_B, codes, findings, frame, in_cluster, sleeve, told, vxlan,
    };
    use super::*;
    use weave_codec::crypto::{Direction, SessionKey};
    use weave_codec::{FastDatapathHeartbeat, SleeveFrame, SleeveWriter};

    const PEERS: [PeerName; 2] = [PeerName([0x1a, 0, 0, 0, 0, 1]), PeerName([0x1a, 0, 0, 0, 0, 2])];
    const NODES: Ip = Ip::new(NODE_A, NODE_B);

    /// A heartbeat of the fast datapath from node A (router/fastdp.go, `sendHeartbeat`).
    fn heartbeat() -> Vec<u8> {
        let mut special = [7; 100];
        FastDatapathHeartbeat::write(0xaabf_b606_0592_972f, &mut special).unwrap();
        vxlan(NODES, 6784, 0xabc_123, &special)
    }

    fn ping() -> Vec<u8> {
        frame(&Ip::new(A, B).ping(1))
    }

    /// A frame in the sleeve.
    fn slow(ethernet: &[u8]) -> Vec<u8> {
        let mut buffer = [0; 500];
        let mut packet = SleeveWriter::plain(PEERS[0], &mut buffer).unwrap();
        packet.push(&SleeveFrame { source: PEERS[0], destination: PEERS[1], ethernet }).unwrap();
        sleeve(NODES, packet.finish())
    }

    /// The same, sealed, with this number, from one of the peers.
    fn of_peer(peer: usize, number: u64, key: u8) -> Vec<u8> {
        let mut buffer = [0; 500];
        let mut packet = SleeveWriter::encrypted(PEERS[peer], &mut buffer).unwrap();
        packet.push(&SleeveFrame { source: PEERS[peer], destination: PEERS[1 - peer], ethernet: &ping() }).unwrap();
        let len = packet.finish().len();
        let key = SessionKey::new([key; 32]);
        key.seal(&mut buffer[..len], Direction::Outbound, Sequence::new(number, true)).unwrap();
        buffer[..len].to_vec()
    }

    fn sealed(number: u64, key: u8) -> Vec<u8> {
        sleeve(NODES, &of_peer(0, number, key))
    }

    fn back(number: u64) -> Vec<u8> {
        sleeve(Ip::new(NODE_B, NODE_A), &of_peer(1, number, 7))
    }

    /// Heartbeats at 0 s and 1 s, and pods' frames by the sleeve from 6 s to 12 s.
    fn fallen_back() -> Capture {
        let mut capture = vec![(0, heartbeat()), (1_000, heartbeat())];
        capture.extend((6..=12).map(|second| (1_000 * second, slow(&ping()))));
        capture
    }

    #[test]
    fn fallback() {
        let all = findings(&fallen_back());
        let sentence = "192.0.2.1 and 192.0.2.2 try Weave's fast datapath, and pods' frames between them go by the sleeve all the same: \
                        7 of them. None of its heartbeats comes from 192.0.2.2.";
        assert_eq!((told(&all, "weave-fallback").0, all.len()), (sentence.to_owned(), 1));
        assert_eq!(all[0].evidence().numbers, [("frames", 7), ("heartbeats", 2)]);
    }

    /// What the fast datapath's device sends by itself, as MLD's reports, is no pod's.
    #[test]
    fn the_devices_own() {
        let mut group = ping();
        group[..6].copy_from_slice(&[0x33, 0x33, 0, 0, 0, 0x16]);
        let mut capture = fallen_back();
        capture.push((12_500, vxlan(NODES, 6784, 0xabc_123, &group)));
        assert_eq!(codes(&capture), ["weave-fallback"]);
    }

    /// Until the fast datapath is there, frames go by the sleeve; where nobody tries it, they all do; heartbeats of the sleeve's own are no
    /// pods' frames.
    #[test]
    fn no_fallback() {
        let mut starting = fallen_back();
        starting.push((12_500, vxlan(NODES, 6784, 0xabc_123, &ping())));
        assert!(codes(&starting).is_empty());
        assert!(codes(&fallen_back()[2..].to_vec()).is_empty());
        assert!(codes(&fallen_back()[..4].to_vec()).is_empty());
        let beats = fallen_back().into_iter().map(|(at, bytes)| match at {
            0..=1_000 => (at, bytes),
            _ => (at, slow(&SleeveFrame::heartbeat(0xaabf_b606_0592_972f))),
        });
        assert!(codes(&beats.collect()).is_empty());
        // Without heartbeats it is Weave's report that says what is tried.
        let report = include_str!("../../../../testdata/cluster/weave-report.json");
        let (cluster, _) = Cluster::parse(report).unwrap();
        let slow: Capture = (6..=16).map(|second| (1_000 * second, slow(&ping()))).collect();
        let told = in_cluster(&slow, Some(&cluster));
        assert_eq!(told.iter().map(super::super::Finding::code).collect::<Vec<_>>(), ["weave-fallback"]);
    }

    #[test]
    fn replay() {
        let sent = |again: &[(u64, u64)]| {
            let mut capture: Capture = (0..30).map(|number| (100 * number, sealed(number, 7))).collect();
            capture.extend(again.iter().map(|(at, number)| (*at, sealed(*number, 7))));
            findings(&capture)
        };
        let all = sent(&[(3_500, 3), (3_600, 4)]);
        let sentence = "From 192.0.2.1 to 192.0.2.2 sealed packets of the sleeve came again, number and all: 192.0.2.2 drops them.";
        assert_eq!((told(&all, "weave-replay"), all.len()), ((sentence.to_owned(), vec![31, 32]), 1));
        assert_eq!(all[0].evidence().numbers, [("again", 2), ("packets", 30)]);
        // The same packet at another place in the same moment; and all of them later, as by another clock, which what goes back is then too.
        assert!(sent(&[(2_950, 29)]).is_empty() && sent(&[]).is_empty());
        let all: Vec<_> = (0..30).map(|number| (3_000 + 100 * number, number)).collect();
        assert!(sent(&all).is_empty());
        let mut capture: Capture = (0..30).map(|number| (100 * number, sealed(number, 7))).collect();
        capture.push((2_950, back(0)));
        let mut replayed = capture.clone();
        replayed.extend(all.iter().map(|(at, number)| (*at, sealed(*number, 7))));
        assert_eq!(codes(&replayed), ["weave-replay"]);
        replayed.push((5_950, back(0)));
        assert!(codes(&replayed).is_empty());
        // Whoever sends it again, it is the peer's.
        let stranger = sleeve(Ip::new(std::net::Ipv4Addr::new(192, 0, 2, 9), NODE_B), &of_peer(0, 3, 7));
        capture.push((3_500, stranger));
        let sentence = "From 192.0.2.1 to 192.0.2.2 a sealed packet of the sleeve came again, from 192.0.2.9, number and all: 192.0.2.2 drops \
                        it.";
        assert_eq!(told(&findings(&capture), "weave-replay"), (sentence.to_owned(), vec![32]));
    }

    /// Plain frames of which the capture has the begin alone, as under tcpdump -s 100, look like nothing, and the same come often.
    #[test]
    fn plain_and_cut() {
        let capture = |peer: usize| {
            let mut buffer = [0; 500];
            let mut packet = SleeveWriter::plain(PEERS[0], &mut buffer).unwrap();
            packet.push(&SleeveFrame { source: PEERS[peer], destination: PEERS[1], ethernet: &ping() }).unwrap();
            let cut = packet.finish();
            vec![(0, sleeve(NODES, &cut[..cut.len() - 8])), (1_000, sleeve(NODES, &cut[..cut.len() - 8]))]
        };
        // Its own, and another's that it passes on.
        assert!(codes(&capture(0)).is_empty() && codes(&capture(1)).is_empty());
    }

    /// A connection that begins anew has the same numbers, and another key.
    #[test]
    fn another_connection() {
        let sent = |at: u64, key| (0..5).map(move |number| (at + 100 * number, sealed(number, key)));
        assert!(codes(&sent(0, 7).chain(sent(5_000, 8)).collect()).is_empty());
    }
}
