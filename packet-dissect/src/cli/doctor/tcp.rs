//! `refused`, `syn-unanswered`, `retransmissions`, `zero-window`: what becomes of TCP's connections.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;

use crate::Timestamp;
use crate::conversations::Analysis;
use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Header, Segment, Sight};

/// A SYN has no answer if none came for so long: it was sent at least once more then (RFC 6298 §2.1), and again (§5.5).
const PATIENCE: i128 = 3_000_000_000;
/// So many segments sent again are worth a word, of a hundred that carry data, and no fewer than these.
const RATE: u64 = 2;
const LEAST: u64 = 5;
/// So long a window must be closed.
const CLOSED: i128 = 1_000_000_000;
/// Among how many of the last segments one may be found that is captured a second time, at another place.
const RECENT: usize = 32;

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
    ways: Bounded<Addresses, Way>,
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

/// What goes from a pod to another.
#[derive(Debug, Default)]
struct Way {
    recent: VecDeque<u64>,
    segments: u64,
    nodes: Option<Addresses>,
    again: Evidence,
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
            self.again(segment, &sight.at);
            self.window(segment, &sight.at);
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for ((addresses, (_, port)), asked) in self.asked.drain() {
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
        self.ways.drain().for_each(|(addresses, way)| way.end(addresses, ledger));
        for ((addresses, (port, _)), mut window) in self.windows.drain() {
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
    fn again(&mut self, segment: &Segment, at: &At) {
        if segment.len == 0 || segment.flags.contains(TcpFlags::SYN) {
            return;
        }
        let Some(way) = self.ways.of(segment.header.addresses) else { return };
        // What is the same in all that a sender changes is the same packet, captured at two places.
        let print = fingerprint(segment);
        if way.recent.contains(&print) {
            return;
        }
        if way.recent.len() == RECENT {
            way.recent.pop_front();
        }
        way.recent.push_back(print);
        way.segments += 1;
        way.nodes = segment.header.nodes.or(way.nodes);
        if segment.analysis.has(Analysis::RETRANSMISSION) {
            way.again.add(at);
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

fn fingerprint(segment: &Segment) -> u64 {
    let Segment { ports, sequence, acknowledgment, checksum, len, .. } = segment;
    let Header { identification, .. } = segment.header;
    let mut hasher = DefaultHasher::new();
    (ports, sequence, acknowledgment, checksum, len, identification).hash(&mut hasher);
    hasher.finish()
}

impl Way {
    fn end(mut self, addresses: Addresses, ledger: &mut Ledger) {
        let (again, all) = (self.again.count, self.segments);
        if again < LEAST || again * 100 < all * RATE {
            return;
        }
        let (source, destination) = addresses;
        let percent = again as f64 * 100.0 / all as f64;
        let sentence = format!(
            "{source} sends {again} of {all} segments with data to {destination} again: {percent:.1} %, where {RATE} % is the \
             most that passes here."
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
