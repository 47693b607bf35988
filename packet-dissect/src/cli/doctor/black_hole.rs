//! `mtu-black-hole`: large packets that vanish, while small ones of the same pods pass.

use crate::Timestamp;
use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Segment, Sight};

/// So often a segment must be sent without an answer, over so many nanoseconds.
const TIMES: u64 = 3;
const LASTS: i128 = 1_000_000_000;
/// The same where nothing at all came back in the meantime, though something did until then.
const TIMES_ALONE: u64 = 4;
const LASTS_ALONE: i128 = 3_000_000_000;
const JUST_BEFORE: i128 = 1_000_000_000;
/// What comes again sooner is the same, at another tap or cut into other pieces: RFC 6298 §2.4 has a second, and Linux 0.2 s.
const AT_ONCE: i128 = 100_000_000;
/// What is shorter passes everywhere (RFC 791 §3.1): something else is wrong with it.
const SHORTEST: usize = 577;
/// How many segments of a connection are waited for.
const MAX_WAITING: usize = 64;

/// One direction of a connection.
type Flow = (Addresses, (u16, u16));

#[derive(Debug)]
pub(super) struct BlackHole {
    mtu: usize,
    flows: Bounded<Flow, Sent>,
    pods: Bounded<Addresses, Passed>,
}

/// What was sent of it.
#[derive(Debug, Default)]
struct Sent {
    acknowledged: Option<u32>,
    waiting: Vec<Waiting>,
}

impl Sent {
    fn begin(&self) -> u64 {
        self.waiting.first().map_or(0, |waiting| waiting.evidence.begin())
    }
}

/// A segment that is not acknowledged.
#[derive(Debug)]
struct Waiting {
    sequence: u32,
    end: u32,
    /// How long its packet is, the shortest time.
    len: usize,
    nodes: Option<Addresses>,
    overhead: Option<usize>,
    /// Something came back just before it was sent first.
    was_heard: bool,
    evidence: Evidence,
}

/// What passes from a pod to another.
#[derive(Debug, Default)]
struct Passed {
    /// How long the longest packet is that was acknowledged.
    longest: usize,
    /// When a packet was seen last.
    last: Option<Timestamp>,
}

impl BlackHole {
    pub(super) fn new(mtu: u16) -> Self {
        Self { mtu: mtu.into(), flows: Bounded::default(), pods: Bounded::default() }
    }
}

/// Whether a sequence number is behind another one (RFC 9293 §3.4).
const fn is_after(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

impl Rule for BlackHole {
    fn see(&mut self, sight: &Sight<'_>, _: &mut Ledger) {
        for header in &sight.headers {
            self.pods.of(header.addresses).into_iter().for_each(|pair| pair.last = sight.at.time.or(pair.last));
        }
        for segment in &sight.segments {
            if segment.flags.contains(TcpFlags::SYN) {
                self.flows.remove(&(segment.header.addresses, segment.ports));
            }
            if segment.flags.contains(TcpFlags::ACK) {
                self.acknowledged(segment);
            }
            if segment.len > 0 && sight.is_in_order {
                self.sent(segment, sight);
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        let flows = self.flows.drain_by(Sent::begin);
        let is_small = |waiting: &Waiting| waiting.len < SHORTEST && waiting.evidence.count > 1;
        // Between these small ones are lost as well.
        let broken: Vec<_> =
            flows.iter().filter(|(_, sent)| sent.waiting.iter().any(is_small)).map(|((pods, _), _)| *pods).collect();
        for ((addresses, _), sent) in flows {
            let Some(lost) = sent.waiting.into_iter().find(|waiting| waiting.evidence.count >= TIMES) else { continue };
            let passed = self.pods.get(&addresses).map_or(0, |pair| pair.longest);
            let heard = self.pods.get(&(addresses.1, addresses.0)).and_then(|back| back.last);
            let first = lost.evidence.first;
            // The path is there: something came back while the segment was sent again and again.
            let is_alive = heard.zip(first).is_some_and(|(heard, first)| heard.nanoseconds_since(first) > 0);
            let was_alive = lost.was_heard && !broken.contains(&addresses);
            let is_long = lost.evidence.lasted().is_some_and(|lasted| lasted >= LASTS);
            let is_it = is_alive || was_alive && (lost.is_explained(passed, self.mtu) || lost.is_given_up());
            if is_it && is_long && lost.len >= SHORTEST && lost.len > passed {
                lost.tell(addresses, passed, ledger);
            }
        }
    }
}

impl BlackHole {
    fn sent(&mut self, segment: &Segment, sight: &Sight<'_>) {
        let Some(sent) = self.flows.of((segment.header.addresses, segment.ports)) else { return };
        let (waiting, end) = (&mut sent.waiting, segment.sequence.wrapping_add(segment.len));
        // What came is sent again, as its acknowledgment was lost.
        if sent.acknowledged.is_some_and(|acknowledged| !is_after(end, acknowledged)) {
            return;
        }
        let (header, now) = (&segment.header, sight.at.time);
        let len = if header.len == 0 { usize::from(u16::MAX) } else { header.len };
        let has_room = waiting.len() < MAX_WAITING;
        match waiting.iter_mut().find(|of| of.sequence == segment.sequence) {
            Some(known) => {
                if header.depth > 0 {
                    (known.nodes, known.overhead) = (header.nodes, header.overhead);
                }
                known.len = known.len.min(len);
                let since = now.zip(known.evidence.last).map_or(0, |(now, last)| now.nanoseconds_since(last));
                if since >= AT_ONCE {
                    known.evidence.add(&sight.at);
                }
            }
            None if has_room => {
                let mut evidence = Evidence::default();
                evidence.add(&sight.at);
                let heard = self.pods.get(&header.way_back()).and_then(|back| back.last);
                let was_heard = now.zip(heard).is_some_and(|(now, heard)| now.nanoseconds_since(heard) < JUST_BEFORE);
                waiting.push(Waiting {
                    sequence: segment.sequence,
                    end,
                    len,
                    nodes: header.nodes,
                    overhead: header.overhead.filter(|_| header.depth > 0),
                    was_heard,
                    evidence,
                });
            }
            None => {}
        }
    }

    /// What is acknowledged passed.
    fn acknowledged(&mut self, segment: &Segment) {
        let way = (segment.header.way_back(), (segment.ports.1, segment.ports.0));
        let Some(sent) = self.flows.get_mut(&way) else { return };
        if sent.acknowledged.is_none_or(|known| is_after(segment.acknowledgment, known)) {
            sent.acknowledged = Some(segment.acknowledgment);
        }
        // Who takes nothing is asked again and again (RFC 9293 §3.8.6.1).
        if segment.window == 0 {
            sent.waiting.clear();
        }
        let mut longest = 0;
        sent.waiting.retain(|of| {
            // Of what a card is to segment, each piece is as long as they may be: some passed.
            if is_after(segment.acknowledgment, of.sequence) {
                longest = longest.max(of.len.min(self.mtu));
            }
            is_after(of.end, segment.acknowledgment)
        });
        self.pods.of(way.0).into_iter().for_each(|pair| pair.longest = pair.longest.max(longest));
    }
}

impl Waiting {
    /// With the tunnel's headers it is too long for what goes between nodes, and what passed is not.
    fn is_explained(&self, passed: usize, mtu: usize) -> bool {
        self.overhead.is_some_and(|overhead| self.len + overhead > mtu && passed + overhead <= mtu)
    }

    fn is_given_up(&self) -> bool {
        self.evidence.count >= TIMES_ALONE && self.evidence.lasted().is_some_and(|lasted| lasted >= LASTS_ALONE)
    }

    fn tell(mut self, addresses: Addresses, passed: usize, ledger: &mut Ledger) {
        let (source, destination) = addresses;
        let (times, len) = (self.evidence.count, self.len);
        self.evidence.numbers = vec![("lost", len as u64), ("passed", passed as u64)];
        let around = self.overhead.map_or(String::new(), |overhead| {
            self.evidence.numbers.push(("overhead", overhead as u64));
            format!(" With {overhead} bytes of the tunnel's around it has {}.", len + overhead)
        });
        let small = match passed {
            0 => "smaller packets pass".to_owned(),
            passed => format!("packets of up to {passed} bytes pass"),
        };
        let sentence = format!(
            "A packet of {len} bytes from {source} to {destination} is sent {times} times and never acknowledged, while {small}.{around}"
        );
        let key = Key::new(Code::MtuBlackHole).between(addresses).around(self.nodes);
        ledger.put(key, sentence, self.evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{
        A, ACK, B, Capture, Ip, NODE_A, NODE_B, SYN, SYN_ACK, Tcp, codes, findings, frame, told, vxlan,
    };

    /// From A to B in VXLAN, or back, as the ports say.
    fn segment(id: u16, of: Tcp<'_>) -> Vec<u8> {
        let (pods, nodes) = if of.ports.1 == 80 { ((A, B), (NODE_A, NODE_B)) } else { ((B, A), (NODE_B, NODE_A)) };
        let inner = frame(&Ip { id, ..Ip::new(pods.0, pods.1) }.tcp(of));
        vxlan(Ip::new(nodes.0, nodes.1), 8472, 1, &inner)
    }

    /// A connection on which 200 bytes are acknowledged; then `len` are sent three times, and `after` is acknowledged.
    fn connection(len: usize, after: Option<u32>) -> Capture {
        let data = |at, id, sequence, len| (at, segment(id, Tcp { len, ..Tcp::there(ACK, sequence, 300) }));
        let mut capture = vec![
            (0, segment(1, Tcp::there(SYN, 99, 0))),
            (1, segment(0, Tcp::back(SYN_ACK, 299, 100))),
            data(2, 2, 100, 200),
            (3, segment(0, Tcp::back(ACK, 300, 300))),
            data(10, 3, 300, len),
            data(310, 4, 300, len),
            data(1_010, 5, 300, len),
        ];
        // RFC 2018: the same acknowledgment once more, as behind a small segment that came.
        capture.extend(after.map(|sequence| (1_100, segment(0, Tcp::back(ACK, 300, sequence)))));
        capture
    }

    #[test]
    fn large_ones_vanish() {
        let sentence = "A packet of 1490 bytes from 10.244.1.2 to 10.244.2.2 is sent 3 times and never acknowledged, while packets of up \
                        to 240 bytes pass. With 50 bytes of the tunnel's around it has 1540.";
        let all = findings(&connection(1450, Some(300)));
        assert_eq!((told(&all, "mtu-black-hole"), all.len()), ((sentence.to_owned(), vec![5, 6, 7]), 1));
        assert_eq!(all[0].evidence().numbers, [("lost", 1490), ("passed", 240), ("overhead", 50)]);
    }

    /// Nothing comes back any more, and that much with the tunnel's headers is more than goes between nodes.
    #[test]
    fn too_long_for_the_nodes() {
        assert_eq!(codes(&connection(1_411, None)), ["mtu-black-hole"]);
        // It was silent for longer before.
        let mut silent = connection(1_411, None);
        silent.iter_mut().skip(4).for_each(|(at, _)| *at += 1_000);
        assert!(codes(&silent).is_empty());
    }

    /// Or it is sent four times over 3 s, and nothing that is short is lost as well.
    #[test]
    fn given_up() {
        let data = |at, id, sequence, len| (at, segment(id, Tcp { len, ..Tcp::there(ACK, sequence, 300) }));
        let mut capture = connection(1_410, None);
        capture.push(data(3_010, 6, 300, 1_410));
        assert_eq!(codes(&capture), ["mtu-black-hole"]);
        capture.extend([data(3_011, 7, 9_000, 20), data(4_000, 8, 9_000, 20)]);
        assert!(codes(&capture).is_empty());
    }

    /// A card's piece and those it is cut into, at two taps, are sent once.
    #[test]
    fn at_two_taps() {
        let mut capture = connection(1_450, Some(300));
        capture[6] = capture[5].clone();
        capture[6].0 += 1;
        assert!(codes(&capture).is_empty());
    }

    /// A path that breaks when 64 kB that a card segments are through: pieces as long as any passed.
    #[test]
    fn cut_off() {
        let capture = |through| {
            let mut capture = connection(1_450, Some(100 + through as u32));
            let first = Tcp { len: through, ..Tcp::there(ACK, 100, 300) };
            capture[2] = (2, segment(2, first));
            capture[3] = (3, segment(0, Tcp::back(ACK, 300, 100 + through as u32)));
            for (number, (_, bytes)) in capture[4..7].iter_mut().enumerate() {
                *bytes = segment(3 + number as u16, Tcp { len: 1_450, ..Tcp::there(ACK, 100 + through as u32, 300) });
            }
            capture
        };
        assert_eq!(codes(&capture(200)), ["mtu-black-hole"]);
        assert!(codes(&capture(60_000)).is_empty());
    }

    #[test]
    fn others_do_not() {
        // It came in the end.
        assert!(codes(&connection(1450, Some(1_750))).is_empty());
        // Nothing comes back: it may be the path, as what the nodes carry should pass.
        assert!(codes(&connection(1410, None)).is_empty());
        // What is as short as that passes everywhere.
        assert!(codes(&connection(500, Some(300))).is_empty());
        // One that is as long passed, on another connection; the same one was acknowledged before.
        for (client, answered) in [(40_001, 1_755), (40_000, 1_750)] {
            let mut capture = connection(1450, Some(300));
            let data = Tcp { ports: (client, 80), len: answered as usize - 300, ..Tcp::there(ACK, 300, 300) };
            capture.insert(4, (5, segment(20, data)));
            capture.insert(5, (6, segment(0, Tcp { ports: (80, client), ..Tcp::back(ACK, 300, answered) })));
            assert!(codes(&capture).is_empty());
        }
    }
}
