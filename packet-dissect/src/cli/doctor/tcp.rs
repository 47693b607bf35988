//! `refused`, `syn-unanswered`, `retransmissions`, `zero-window`: what becomes of TCP's connections.

use std::cmp::Reverse;
use std::collections::{HashSet, VecDeque};
use std::net::IpAddr;

use crate::Timestamp;
use crate::conversations::Analysis;
use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::{Bounded, fingerprint};
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Segment, Sight};

/// A SYN has no answer if none came for so long: it was sent at least once more then (RFC 6298 §2.1), and again (§5.5).
const PATIENCE: i128 = 3_000_000_000;
/// So many bytes sent again are worth a word, of a hundred, and no fewer segments than these.
const RATE: u64 = 2;
const LEAST: u64 = 5;
/// So long a window must be closed.
const CLOSED: i128 = 1_000_000_000;
/// Among how many of the last segments one may be found that is captured a second time, at another place; and how soon behind it, in
/// nanoseconds: Linux sends nothing again before 0.2 s are over, unless it is told of a loss.
const RECENT: usize = 64;
const AT_ONCE: i128 = 100_000_000;

/// One direction of a connection.
type Flow = (Addresses, (u16, u16));

fn flow(segment: &Segment) -> Flow {
    (segment.header.addresses, segment.ports)
}

fn back(segment: &Segment) -> Flow {
    (segment.header.way_back(), (segment.ports.1, segment.ports.0))
}

#[derive(Debug, Default)]
pub(super) struct Tcp {
    asked: Bounded<Flow, Asked>,
    /// By in how many tunnels it goes: what a card makes pieces of on the way into one is told apart from them.
    streams: Bounded<(Flow, usize), Stream>,
    ways: Bounded<(Addresses, usize), Way>,
    windows: Bounded<Flow, Window>,
    /// To whom packets were seen to go: where none are, answers would not be seen either.
    heard: Bounded<IpAddr, ()>,
    last: Option<Timestamp>,
}

/// A connection that was asked for.
#[derive(Debug, Default)]
struct Asked {
    sequence: u32,
    nodes: Option<Addresses>,
    evidence: Evidence,
}

/// One direction of a connection, in so many tunnels.
#[derive(Debug, Default)]
struct Stream {
    recent: VecDeque<Recent>,
    /// Behind the last byte that was seen.
    next: Option<u32>,
}

/// What goes from a pod to another.
#[derive(Debug, Default)]
struct Way {
    segments: u64,
    /// How much data was sent, and of that again: a card may make one segment of fifty.
    bytes: u64,
    bytes_again: u64,
    nodes: Option<Addresses>,
    again: Evidence,
}

/// A segment that came a short while ago.
#[derive(Debug, Clone, Copy)]
struct Recent {
    print: u64,
    time: Option<Timestamp>,
    sequence: u32,
    len: u32,
}

impl Recent {
    fn of(segment: &Segment, time: Option<Timestamp>) -> Self {
        Self { print: print(segment), time, sequence: segment.sequence, len: segment.len }
    }

    /// The same packet, captured at another place.
    fn is(&self, other: &Self) -> bool {
        let is_soon = self.time.zip(other.time).is_none_or(|(one, next)| next.nanoseconds_since(one) < AT_ONCE);
        self.print == other.print && is_soon
    }

    /// Its data has the other's first byte.
    fn has_begin_of(&self, other: &Self) -> bool {
        other.sequence.wrapping_sub(self.sequence) < self.len
    }
}

/// What one side of a connection takes.
#[derive(Debug, Default)]
struct Window {
    nodes: Option<Addresses>,
    evidence: Evidence,
    closed_at: Option<Timestamp>,
    longest: i128,
}

impl Rule for Tcp {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        self.last = sight.at.time.or(self.last);
        for header in &sight.headers {
            self.heard.of(header.addresses.1);
        }
        // A connection that ICMP refuses is answered.
        for quoted in sight.icmp_errors.iter().filter_map(|error| error.quoted) {
            quoted.ports.iter().for_each(|ports| _ = self.asked.remove(&(quoted.addresses, *ports)));
        }
        for segment in &sight.segments {
            self.handshake(segment, &sight.at, ledger);
            self.again(segment, sight);
            self.window(segment, &sight.at);
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for ((addresses, (_, port)), asked) in self.asked.drain_by(|asked| asked.evidence.begin()) {
            let first = asked.evidence.first;
            let waited = self.last.zip(first).map_or(0, |(last, first)| last.nanoseconds_since(first));
            let is_heard = [Some(addresses), asked.nodes].into_iter().flatten().any(|(from, _)| self.heard.has(&from));
            if waited >= PATIENCE && is_heard {
                let (source, destination) = addresses;
                let sentence =
                    format!("{source} asks {destination} port {port} (TCP) for a connection, and nothing answers.");
                let key = Key::new(Code::SynUnanswered).between(addresses).around(asked.nodes).of(port.to_string());
                ledger.put(key, sentence, asked.evidence);
            }
        }
        // Of what is in a tunnel, and without it at another tap, the more is told.
        let mut told = HashSet::new();
        for ((addresses, _), way) in self.ways.drain_by(|way| Reverse(way.again.count)) {
            if told.insert(addresses) {
                way.end(addresses, ledger);
            }
        }
        for ((addresses, (port, _)), mut window) in self.windows.drain_by(|window| window.evidence.begin()) {
            window.open(self.last);
            if window.longest >= CLOSED {
                let (source, destination) = addresses;
                let seconds = window.longest as f64 / 1e9;
                let sentence = format!(
                    "{source} port {port} takes nothing more from {destination} for {seconds:.1} s: its window is closed."
                );
                let key = Key::new(Code::ZeroWindow).between(addresses).around(window.nodes).of(port.to_string());
                ledger.put(key, sentence, window.evidence);
            }
        }
    }
}

impl Tcp {
    /// Whether a connection that is asked for comes to be.
    fn handshake(&mut self, segment: &Segment, at: &At, ledger: &mut Ledger) {
        let has = |flag| segment.flags.contains(flag);
        if has(TcpFlags::SYN) && !has(TcpFlags::ACK) {
            let Some(asked) = self.asked.of(flow(segment)) else { return };
            if asked.evidence.count > 0 && asked.sequence != segment.sequence {
                *asked = Asked::default();
            }
            (asked.sequence, asked.nodes) = (segment.sequence, segment.header.nodes);
            return asked.evidence.add(at);
        }
        // Who goes on had an answer, wherever it went.
        if !has(TcpFlags::RST) && !has(TcpFlags::SYN) {
            self.asked.remove(&flow(segment));
        }
        let Some(asked) = self.asked.remove(&back(segment)) else { return };
        // RFC 9293 §3.5.2: it acknowledges the SYN.
        let is_refusal = has(TcpFlags::RST) && segment.acknowledgment == asked.sequence.wrapping_add(1);
        if is_refusal {
            let (server, client) = segment.header.addresses;
            let port = segment.ports.0;
            let key = Key::new(Code::Refused).between((client, server)).around(asked.nodes).of(port.to_string());
            ledger.note(key, at, |_| format!("{server} refuses {client} connections to port {port} (TCP)."));
        }
    }

    /// Whether data is sent again.
    fn again(&mut self, segment: &Segment, sight: &Sight<'_>) {
        if !sight.is_in_order || segment.len == 0 || segment.flags.contains(TcpFlags::SYN) {
            return;
        }
        let depth = segment.header.depth;
        let Some(stream) = self.streams.of((flow(segment), depth)) else { return };
        let new = Recent::of(segment, sight.at.time);
        let Some(is_again) = stream.take(new, segment.analysis) else { return };
        let Some(way) = self.ways.of((segment.header.addresses, depth)) else { return };
        way.segments += 1;
        way.bytes += u64::from(segment.len);
        way.nodes = segment.header.nodes.or(way.nodes);
        if is_again {
            way.bytes_again += u64::from(segment.len);
            way.again.add(&sight.at);
        }
    }

    /// Whether a side takes no more.
    fn window(&mut self, segment: &Segment, at: &At) {
        let key = flow(segment);
        if segment.analysis.has(Analysis::ZERO_WINDOW) {
            let Some(window) = self.windows.of(key) else { return };
            window.nodes = segment.header.nodes;
            window.closed_at = window.closed_at.or(at.time);
            window.evidence.add(at);
        } else if segment.window > 0 || segment.flags.contains(TcpFlags::RST) {
            self.windows.get_mut(&key).into_iter().for_each(|window| window.open(at.time));
        }
    }
}

fn print(segment: &Segment) -> u64 {
    let Segment { ports, sequence, acknowledgment, checksum, len, .. } = segment;
    fingerprint(&(ports, sequence, acknowledgment, checksum, len, segment.header.identification))
}

impl Stream {
    /// Takes a segment in, and tells whether it was sent before; `None` if it is one that was captured before, at another place.
    fn take(&mut self, new: Recent, analysis: Analysis) -> Option<bool> {
        // What is the same in all that a sender changes is the same packet; but over IPv6, and with a checksum that is left to a card, what is
        // sent again is the same as well.
        if self.recent.iter().any(|known| known.is(&new)) {
            return None;
        }
        // On a short way it is sent again so soon that it looks like one that came late (Wireshark's 3 ms), but was seen before. A single byte
        // may ask whether the other is there, or takes more (RFC 9293 §3.8.4, §3.8.6.1).
        let was_seen = new.len > 1 && self.recent.iter().any(|known| known.has_begin_of(&new));
        let is_behind = self.next.is_some_and(|next| (next.wrapping_sub(new.sequence) as i32) > 0);
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(new);
        let end = new.sequence.wrapping_add(new.len);
        if self.next.is_none_or(|next| (end.wrapping_sub(next) as i32) > 0) {
            self.next = Some(end);
        }
        Some(was_seen || is_behind && analysis.has(Analysis::RETRANSMISSION))
    }
}

impl Way {
    fn end(mut self, addresses: Addresses, ledger: &mut Ledger) {
        let (again, all) = (self.again.count, self.segments);
        if again < LEAST || self.bytes_again * 100 < self.bytes * RATE {
            return;
        }
        let (source, destination) = addresses;
        let percent = self.bytes_again as f64 * 100.0 / self.bytes as f64;
        let sentence = format!(
            "{source} sends {again} of {all} segments with data to {destination} again: {percent:.1} % of the bytes, where {RATE} % is \
             the most that passes here."
        );
        self.again.numbers = vec![("again", again), ("segments", all)];
        let key = Key::new(Code::Retransmissions).between(addresses).around(self.nodes);
        ledger.put(key, sentence, self.again);
    }
}

impl Window {
    /// It is open again.
    fn open(&mut self, at: Option<Timestamp>) {
        if let (Some(since), Some(at)) = (self.closed_at.take(), at) {
            self.longest = self.longest.max(at.nanoseconds_since(since));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{
        self, A, ACK, B, Capture, Ip, NODE_A, NODE_B, RST_ACK, SYN, SYN_ACK, Tcp, codes, findings, frame, told,
    };

    /// A segment from the client, or from the server, as the ports say.
    fn segment(id: u16, of: Tcp<'_>) -> Vec<u8> {
        let (from, to) = if of.ports.1 == 80 { (A, B) } else { (B, A) };
        frame(&Ip { id, ..Ip::new(from, to) }.tcp(of))
    }

    /// RFC 9293 §3.5.2: the RST acknowledges the SYN.
    #[test]
    fn refused() {
        let syn = (0, segment(1, Tcp::there(SYN, 100, 0)));
        let all = findings(&vec![syn.clone(), (1, segment(0, Tcp::back(RST_ACK, 0, 101)))]);
        assert_eq!(
            told(&all, "refused"),
            ("10.244.2.2 refuses 10.244.1.2 connections to port 80 (TCP).".to_owned(), vec![2])
        );
        assert_eq!(all.len(), 1);
        // A connection that came to be may be reset at any time.
        let synack = (1, segment(0, Tcp::back(SYN_ACK, 300, 101)));
        assert!(codes(&vec![syn, synack, (2, segment(0, Tcp::back(RST_ACK, 301, 101)))]).is_empty());
    }

    /// A SYN, sent again after 1 s and 3 s (RFC 6298 §5.5), and something that shows that A is heard here.
    fn unanswered() -> Capture {
        let syn = |at, id| (at, segment(id, Tcp::there(SYN, 100, 0)));
        let heard = (3_500, frame(&Ip::new(NODE_B, A).ping(1)));
        vec![syn(0, 1), syn(1_000, 2), syn(3_000, 3), heard]
    }

    #[test]
    fn unanswered_syns() {
        let sentence = "10.244.1.2 asks 10.244.2.2 port 80 (TCP) for a connection, and nothing answers.";
        assert_eq!(told(&findings(&unanswered()), "syn-unanswered"), (sentence.to_owned(), vec![1, 2, 3]));
        // Nothing goes to A in this capture: an answer would not be seen either.
        assert!(codes(&unanswered()[..3].to_vec()).is_empty());
        // The capture ends too soon.
        let [first, .., heard] = &unanswered()[..] else { panic!() };
        assert!(codes(&vec![first.clone(), (2_900, heard.1.clone())]).is_empty());
        // The client goes on: the answer went another way.
        let mut elsewhere = unanswered();
        elsewhere.push((3_600, segment(4, Tcp::there(ACK, 101, 301))));
        assert!(codes(&elsewhere).is_empty());
        // Answered late.
        let mut late = unanswered();
        late.push((4_000, segment(9, Tcp::back(SYN_ACK, 300, 101))));
        assert!(codes(&late).is_empty());
    }

    /// A connection, and `all` segments of which each `every`th is sent again 300 ms later.
    fn sent(all: u32, every: u32, is_same: bool) -> Capture {
        let mut capture = vec![
            (0, segment(1, Tcp::there(SYN, 99, 0))),
            (1, segment(0, Tcp::back(SYN_ACK, 299, 100))),
            (2, segment(2, Tcp::there(ACK, 100, 300))),
        ];
        for number in 0..all {
            let (at, id) = (10 + 1_000 * u64::from(number), 10 + 2 * number as u16);
            let data = Tcp { len: 100, ..Tcp::there(ACK, 100 + 100 * number, 300) };
            capture.push((at, segment(id, data)));
            if number % every == 0 {
                let (later, id) = if is_same { (1, id) } else { (300, id + 1) };
                capture.push((at + later, segment(id, data)));
            }
            capture.push((at + 400, segment(0, Tcp::back(ACK, 300, 200 + 100 * number))));
        }
        capture
    }

    #[test]
    fn retransmissions() {
        let all = findings(&sent(50, 10, false));
        let sentence = "10.244.1.2 sends 5 of 55 segments with data to 10.244.2.2 again: 9.1 % of the bytes, where 2 % is the most that passes here.";
        assert_eq!(told(&all, "retransmissions"), (sentence.to_owned(), vec![5, 26, 47, 68, 89]));
        // Four, and what comes with the same identification: one packet at two taps.
        assert!(codes(&sent(40, 10, false)).is_empty());
        assert!(codes(&sent(50, 10, true)).is_empty());
        // 6 of 306 are less than 2 %.
        assert!(codes(&sent(306, 51, false)).is_empty());
    }

    /// Over IPv6 there is no identification, and a checksum may be left to a card: only the time tells what is sent again.
    #[test]
    fn the_same_again() {
        let mut capture = sent(50, 10, false);
        let known: Vec<_> = (0..50)
            .map(|number| {
                segment(10 + 2 * number, Tcp { len: 100, ..Tcp::there(ACK, 100 + 100 * u32::from(number), 300) })
            })
            .collect();
        capture
            .iter_mut()
            .filter(|(at, _)| at % 1_000 == 310)
            .for_each(|(at, bytes)| bytes.clone_from(&known[(*at / 1_000) as usize]));
        assert_eq!(codes(&capture), ["retransmissions"]);
    }

    /// Within 3 ms, behind others: the same bytes came before, cut otherwise. Those of a tunnel, in pieces within it, are none of it.
    #[test]
    fn sent_again_at_once() {
        let data = |id, sequence, len| segment(id, Tcp { len, ..Tcp::there(ACK, sequence, 300) });
        let capture = |again: &dyn Fn(u16) -> Vec<u8>| {
            let mut capture = sent(2, 9, true);
            for number in 0..5_u16 {
                let (at, id) = (3_000 + 100 * u64::from(number), 100 + 10 * number);
                let sequence = 1_000 + 1_000 * u32::from(number);
                capture.push((at, data(id, sequence, 300)));
                capture.push((at + 1, data(id + 1, sequence + 300, 700)));
                capture.push((at + 2, again(number)));
            }
            capture
        };
        let piece = |number: u16| data(105 + 10 * number, 1_100 + 1_000 * u32::from(number), 100);
        assert_eq!(codes(&capture(&piece)), ["retransmissions"]);
        let inside = |number: u16| lab::vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &piece(number));
        assert!(codes(&capture(&inside)).is_empty());
    }

    #[test]
    fn closed_windows() {
        let mut capture = sent(2, 9, true);
        let closed = |at, window| (at, segment(0, Tcp { window, ..Tcp::back(ACK, 300, 300) }));
        capture.extend([closed(3_000, 0), closed(4_500, 64_000)]);
        let sentence = "10.244.2.2 port 80 takes nothing more from 10.244.1.2 for 1.5 s: its window is closed.";
        assert_eq!(told(&findings(&capture), "zero-window").0, sentence);
        let mut short = sent(2, 9, true);
        short.extend([closed(3_000, 0), closed(3_900, 64_000)]);
        assert!(codes(&short).is_empty());
    }

    /// In a tunnel the node that is heard is enough.
    #[test]
    fn in_a_tunnel() {
        let tunnel = |at, id| {
            let inner = segment(id, Tcp::there(SYN, 100, 0));
            (at, lab::vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner))
        };
        let all = findings(&vec![tunnel(0, 1), tunnel(1_000, 2), (3_500, frame(&Ip::new(NODE_B, NODE_A).ping(1)))]);
        assert_eq!(told(&all, "syn-unanswered").1, [1, 2]);
        assert_eq!(all[0].evidence().nodes, Some((NODE_A.into(), NODE_B.into())));
    }
}
