//! Conversations of TCP and UDP: which packets belong together, where in its stream a segment stands, and what a sender or the network
//! had to do again.
//!
//! What is called a retransmission, a duplicate or a lost segment is told by sequence numbers, windows and times alone, as any tap
//! between the two can: the words, and which goes before which, are Wireshark's, so that the same packets have them. Memory is bounded:
//! nothing is known any more of the conversations that were silent longest.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::{self, Write as _};
use std::net::IpAddr;

use crate::fields::Field;
use ether_ip::tcp::{TcpFlags, TcpOption, TcpSegment};

/// How many conversations are kept at least; there are twice as many at most.
const KEPT: usize = 1 << 13;

/// Between whom, whoever began. In which tunnel is not asked: a VNI may be another one on the way back, as Cilium's, which is who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Pair([(IpAddr, u16); 2]);

impl Pair {
    /// What an echo request and its reply have in common: who asked whom, the identifier and the sequence number.
    pub(crate) fn of_echo(asking: IpAddr, asked: IpAddr, identifier: u16, sequence: u16) -> Self {
        Self([(asking, identifier), (asked, sequence)])
    }

    /// The pair of a packet, and whether it goes from the second end to the first.
    pub(crate) fn new(source: (IpAddr, u16), destination: (IpAddr, u16)) -> (Self, bool) {
        let is_back = destination < source;
        (Self(if is_back { [destination, source] } else { [source, destination] }), is_back)
    }
}

/// What was seen of each pair. Those that were silent longest are forgotten, half of them at a time.
#[derive(Debug)]
struct Table<T> {
    young: HashMap<Pair, T>,
    old: HashMap<Pair, T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<T> Table<T> {
    fn of(&mut self, pair: Pair, make: impl FnOnce() -> T) -> &mut T {
        if self.young.len() >= KEPT && !self.young.contains_key(&pair) {
            self.old = std::mem::take(&mut self.young);
        }
        match self.young.entry(pair) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let known = self.old.remove(&pair).unwrap_or_else(make);
                place.insert(known)
            }
        }
    }
}

/// All conversations of a capture.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    tcp: Table<Tcp>,
    tcp_count: u64,
    udp: Table<u64>,
    udp_count: u64,
    /// The packet of each echo request.
    echoes: Table<u64>,
}

/// One of TCP.
#[derive(Debug, Default)]
struct Tcp {
    number: u64,
    /// From the pair's first end to its second, and back.
    ways: [Way; 2],
    /// The time between the SYN and what answers it.
    first_round_trip: Option<i128>,
    /// When the SYN was seen.
    syn_at: Option<i128>,
}

/// One direction of it. What was not seen yet is not known.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    /// What counts as 0.
    base: Option<u32>,
    /// The highest sequence number behind what was seen, when and in which packet.
    next: Option<u32>,
    next_at: i128,
    /// The highest sequence number up to which everything was seen.
    whole_to: Option<u32>,
    acknowledged: Option<u32>,
    acknowledged_at: i128,
    duplicates: u32,
    window: u16,
    /// By how many bits the window is shifted, if both said so (RFC 7323 §2.2).
    scale: Option<u8>,
    /// What its last segment was.
    last: Analysis,
    is_reset: bool,
}

/// What a segment looks like, from what was seen before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Analysis(u16);

/// What a segment can look like, the constant of each beside its field, whose label is what it is called.
macro_rules! findings {
    ($($name:ident = $field:ident),+ $(,)?) => {
        /// Their numbers.
        #[derive(Clone, Copy)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names are those of the constants")]
        enum Number { $($name),+ }

        impl Analysis {
            $(pub(crate) const $name: Self = Self(1 << Number::$name as u16);)+

            /// Each with the field that says so.
            pub(crate) const ALL: &[(Self, Field)] = &[$((Self::$name, Field::$field)),+];
        }
    };
}

findings! {
    RETRANSMISSION = TcpRetransmission,
    FAST_RETRANSMISSION = TcpFastRetransmission,
    SPURIOUS_RETRANSMISSION = TcpSpuriousRetransmission,
    OUT_OF_ORDER = TcpOutOfOrder,
    LOST_SEGMENT = TcpLostSegment,
    ACKED_LOST_SEGMENT = TcpAckLostSegment,
    DUPLICATE_ACK = TcpDuplicateAck,
    ZERO_WINDOW = TcpZeroWindow,
    ZERO_WINDOW_PROBE = TcpZeroWindowProbe,
    ZERO_WINDOW_PROBE_ACK = TcpZeroWindowProbeAck,
    KEEP_ALIVE = TcpKeepAlive,
    KEEP_ALIVE_ACK = TcpKeepAliveAck,
    WINDOW_UPDATE = TcpWindowUpdate,
    WINDOW_FULL = TcpWindowFull,
    REUSED_PORTS = TcpReusedPorts,
}

impl Analysis {
    pub(crate) const fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    fn add(&mut self, one: Self) {
        self.0 |= one.0;
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        for (_, field) in Self::ALL.iter().filter(|(one, _)| self.has(*one)) {
            // A label begins with a capital, these words do not.
            let (first, rest) = field.label().split_at_checked(1).unwrap_or_default();
            f.write_str(gap)?;
            f.write_char(char::from(first.as_bytes().first().map_or(0, u8::to_ascii_lowercase)))?;
            f.write_str(rest)?;
            gap = ", ";
        }
        Ok(())
    }
}

/// Where a segment stands in its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The conversation's number, from 0.
    pub(crate) number: u64,
    /// The sequence number from the stream's beginning, and that behind the segment.
    pub(crate) sequence: u32,
    pub(crate) next: u32,
    /// The acknowledgment number from the other stream's beginning; without ACK as it stands.
    pub(crate) acknowledgment: u32,
    /// The window as it is meant, in bytes.
    pub(crate) window: u32,
    pub(crate) analysis: Analysis,
    /// Which duplicate of an acknowledgment it is.
    pub(crate) duplicate: u32,
}

/// A segment as it is taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a, 'b> {
    pub(crate) segment: &'b TcpSegment<&'a [u8]>,
    /// The length of its data on the wire.
    pub(crate) len: u32,
    /// When, in nanoseconds.
    pub(crate) at: i128,
}

/// Whether a sequence number is behind another one, with less than half of all between them (RFC 9293 §3.4).
const fn is_after(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

/// So long behind the highest sequence number a segment that is none of the last may have been overtaken, where no round trip was seen.
const OVERTAKEN: i128 = 3_000_000;
/// So long behind a duplicate acknowledgment a segment is sent because of it.
const FAST: i128 = 20_000_000;

impl Conversations {
    /// Takes a segment in.
    pub(crate) fn tcp(&mut self, (pair, is_back): (Pair, bool), seen: Seen<'_, '_>) -> Standing {
        let count = &mut self.tcp_count;
        let mut number = || {
            *count += 1;
            *count - 1
        };
        let known = self.tcp.of(pair, || Tcp { number: number(), ..Tcp::default() });
        let mut analysis = Analysis::default();
        let flags = seen.segment.flags();
        // Another SYN that begins elsewhere begins another conversation between the same ports.
        let is_first = flags.contains(TcpFlags::SYN) && !flags.contains(TcpFlags::ACK);
        let [there, back] = &known.ways;
        let base = if is_back { back.base } else { there.base };
        if is_first && base.is_some_and(|base| base != seen.segment.sequence()) {
            *known = Tcp { number: number(), ..Tcp::default() };
            analysis.add(Analysis::REUSED_PORTS);
        }
        known.take(is_back, seen, analysis)
    }

    /// An echo request in the packet of this number.
    pub(crate) fn asked(&mut self, pair: Pair, packet: u64) {
        *self.echoes.of(pair, || packet) = packet;
    }

    /// The packet that an echo reply answers. It is answered once.
    pub(crate) fn answered(&mut self, pair: Pair) -> Option<u64> {
        self.echoes.young.remove(&pair).or_else(|| self.echoes.old.remove(&pair))
    }

    /// The number of a datagram's conversation.
    pub(crate) fn udp(&mut self, pair: Pair) -> u64 {
        let count = &mut self.udp_count;
        *self.udp.of(pair, || {
            *count += 1;
            *count - 1
        })
    }
}

impl Tcp {
    fn take(&mut self, is_back: bool, seen: Seen<'_, '_>, mut analysis: Analysis) -> Standing {
        let segment = seen.segment;
        let flags = segment.flags();
        let (sequence, window) = (segment.sequence(), segment.window());
        let acknowledgment = flags.contains(TcpFlags::ACK).then(|| segment.acknowledgment());
        let (is_syn, is_fin, is_reset) =
            (flags.contains(TcpFlags::SYN), flags.contains(TcpFlags::FIN), flags.contains(TcpFlags::RST));
        self.note_round_trip(is_syn, acknowledgment.is_some(), seen.at);
        let round_trip = self.first_round_trip;
        let [there, back] = &mut self.ways;
        let (way, other) = if is_back { (back, there) } else { (there, back) };

        // A SYN and a FIN count as a byte each.
        let len = seen.len;
        let next = sequence.wrapping_add(len).wrapping_add(u32::from(is_syn || is_fin));
        let base = *way.base.get_or_insert(if is_syn { sequence } else { sequence.wrapping_sub(1) });
        if let (None, Some(acknowledgment)) = (other.base, acknowledgment) {
            other.base = Some(acknowledgment.wrapping_sub(1));
        }
        if is_syn {
            way.scale = segment.options().flatten().find_map(|option| match option {
                TcpOption::WindowScale(shift) => Some(shift.min(14)),
                _ => None,
            });
        }
        let is_plain = !is_syn && !is_fin && !is_reset;
        let is_same = way.next == Some(sequence) && acknowledgment.is_some() && way.acknowledged == acknowledgment;
        let is_empty = len == 0;

        // What a sender does that waits, and what answers it.
        let is_probe = len == 1 && way.next == Some(sequence) && other.is_closed();
        if is_probe {
            analysis.add(Analysis::ZERO_WINDOW_PROBE);
        } else {
            if window == 0 && is_plain {
                analysis.add(Analysis::ZERO_WINDOW);
            }
            if way.next.is_some_and(|next| is_after(sequence, next)) && !is_reset {
                analysis.add(Analysis::LOST_SEGMENT);
            }
            if len <= 1 && is_plain && way.next.is_some_and(|next| next.wrapping_sub(1) == sequence) {
                analysis.add(Analysis::KEEP_ALIVE);
            }
            if is_empty && is_plain && is_same && window != 0 && window != way.window {
                analysis.add(Analysis::WINDOW_UPDATE);
            }
            if !is_empty && is_plain && other.fills(sequence.wrapping_add(len)) {
                analysis.add(Analysis::WINDOW_FULL);
            }
            let is_echo = is_empty && is_plain && window == way.window;
            let answers_probe = way
                .acknowledged
                .is_some_and(|old| acknowledgment.is_some_and(|new| new == old || new == old.wrapping_add(1)));
            if is_echo && is_same && window != 0 && other.last.has(Analysis::KEEP_ALIVE) {
                analysis.add(Analysis::KEEP_ALIVE_ACK);
            } else if is_echo
                && window == 0
                && way.next == Some(sequence)
                && answers_probe
                && other.last.has(Analysis::ZERO_WINDOW_PROBE)
            {
                analysis.add(Analysis::ZERO_WINDOW_PROBE_ACK);
            } else if is_echo && is_same && window != 0 {
                way.duplicates += 1;
                analysis.add(Analysis::DUPLICATE_ACK);
            }
        }
        if acknowledgment != way.acknowledged {
            way.duplicates = 0;
        }
        if let Some(acknowledgment) = acknowledgment {
            if other.whole_to.is_some_and(|to| is_after(acknowledgment, to)) {
                analysis.add(Analysis::ACKED_LOST_SEGMENT);
                other.whole_to = Some(acknowledgment);
            }
        }
        // What was sent before.
        let is_before = way.next.is_some_and(|next| is_after(next, sequence));
        let counts = !is_empty || is_syn || is_fin;
        if counts && is_before && !analysis.has(Analysis::KEEP_ALIVE) && !way.is_beyond_probe(sequence, len) {
            analysis.add(way.again(other, sequence, len, next, seen.at, round_trip));
        }
        way.go_on(sequence, next, seen.at, analysis);
        way.window = window;
        (way.acknowledged, way.acknowledged_at) = (acknowledgment, seen.at);
        way.last = analysis;
        way.is_reset |= is_reset;
        let shift = if is_syn { 0 } else { way.scale.and(other.scale).and(way.scale).unwrap_or(0) };
        Standing {
            number: self.number,
            sequence: sequence.wrapping_sub(base),
            next: next.wrapping_sub(base),
            acknowledgment: match acknowledgment {
                Some(of) => of.wrapping_sub(other.base.unwrap_or(0)),
                None => segment.acknowledgment(),
            },
            window: u32::from(window) << shift,
            analysis,
            duplicate: if analysis.has(Analysis::DUPLICATE_ACK) { way.duplicates } else { 0 },
        }
    }

    /// The time from the SYN to the ACK that ends the handshake.
    fn note_round_trip(&mut self, is_syn: bool, is_ack: bool, at: i128) {
        match (is_syn, is_ack, self.syn_at) {
            (true, false, None) => self.syn_at = Some(at),
            (false, true, Some(syn_at)) if self.first_round_trip.is_none() => self.first_round_trip = Some(at - syn_at),
            _ => {}
        }
    }
}

impl Way {
    /// Whether its last window was closed.
    const fn is_closed(&self) -> bool {
        self.window == 0 && self.next.is_some()
    }

    /// Whether the other's data up to this number is all that this one's window takes.
    fn fills(&self, end: u32) -> bool {
        let (Some(acknowledged), Some(scale)) = (self.acknowledged, self.scale) else { return false };
        end == acknowledged.wrapping_add(u32::from(self.window) << scale)
    }

    /// Whether data begins at the last byte, which may have been a probe's, or be what a SYN counts as.
    fn is_beyond_probe(&self, sequence: u32, len: u32) -> bool {
        len > 1 && self.next.is_some_and(|next| next.wrapping_sub(1) == sequence)
    }

    /// What a segment is that does not go on where its stream ended.
    fn again(&self, other: &Self, sequence: u32, len: u32, next: u32, at: i128, round_trip: Option<i128>) -> Analysis {
        let is_asked = other.duplicates >= 2 && other.acknowledged == Some(sequence);
        if is_asked && (0..FAST).contains(&(at - other.acknowledged_at)) {
            let mut both = Analysis::RETRANSMISSION;
            both.add(Analysis::FAST_RETRANSMISSION);
            return both;
        }
        let soon = round_trip.filter(|round_trip| *round_trip > 0).unwrap_or(OVERTAKEN);
        if (0..soon).contains(&(at - self.next_at)) && self.next != Some(next) {
            return Analysis::OUT_OF_ORDER;
        }
        let is_known = len > 0
            && other.acknowledged.is_some_and(|acknowledged| !is_after(sequence.wrapping_add(len), acknowledged));
        if is_known {
            let mut both = Analysis::RETRANSMISSION;
            both.add(Analysis::SPURIOUS_RETRANSMISSION);
            return both;
        }
        Analysis::RETRANSMISSION
    }

    /// Goes on behind a segment.
    fn go_on(&mut self, sequence: u32, next: u32, at: i128, analysis: Analysis) {
        if analysis.has(Analysis::ZERO_WINDOW_PROBE) {
            return;
        }
        if self.next.is_none_or(|old| is_after(next, old)) {
            (self.next, self.next_at) = (Some(next), at);
        }
        if self.whole_to.is_none_or(|to| to == sequence) {
            self.whole_to = self.next;
        }
    }
}
