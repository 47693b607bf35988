//! `lost-between`: what became of the packets from a pod to another on their way from tap to tap.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ether_ip::ip::IpProtocol;

use super::super::packet::Addresses;
use super::bounded::{Bounded, Map};
use super::code::Code;
use super::finding::{At, Evidence, Frame};
use super::ledger::{Key, Ledger};
use super::passage::{Flow, Looks, Passage};
use super::report::{PathCounts, PathRow, several};
use super::taps::{MAX_TAPS, Taps};
use crate::Timestamp;

/// How often a packet was seen at each tap.
pub(super) type Counts = [u32; MAX_TAPS];
/// Whether it came there cannot be said: the capture did not run.
pub(super) const UNKNOWN: u32 = u32::MAX;
/// It comes no farther, and whoever drops it says so.
pub(super) const TOLD: u32 = u32::MAX - 1;

/// So many packets of each kind of loss are told.
const MAX_EXAMPLES: usize = 10;
/// So many patterns of losses are told apart, and ports and conversations.
const MAX_PATTERNS: usize = 256;
const MAX_FEW: usize = 16;
/// Of delays so many are kept.
const MAX_DELAYS: usize = 1 << 10;
/// Of fewer lost packets nobody says what they have in common.
const LEAST_ALIKE: u64 = 3;
/// What is as unlikely as that by chance has another reason.
const UNLIKELY: f64 = 1e-3;

/// A packet as a tap saw it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) count: u32,
    pub(super) frame: u64,
    /// When, by the shared clock.
    pub(super) time: i64,
    pub(super) looks: Looks,
    pub(super) is_translated: bool,
}

/// What became of packets that look the same: one packet, but for copies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) flow: Flow,
    /// As how many packets it counts, and how long one is behind its IP header, in bytes.
    pub(super) packets: u64,
    /// The same if what is one here is cut before it comes to where packets are lost.
    pub(super) cut: u64,
    pub(super) len: u32,
    pub(super) bytes: u64,
    /// Its times are those of one packet.
    pub(super) is_timed: bool,
}

/// What the paths of all packets are.
#[derive(Debug, Default)]
pub(super) struct Paths {
    ways: Bounded<Addresses, Way>,
    /// At which taps nodes' packets were seen.
    nodes: Bounded<Addresses, u32>,
    /// At which taps anything that an address sends was seen, and anything that is sent to it.
    heard: Bounded<IpAddr, [u32; 2]>,
    pub(super) beyond: u64,
}

/// All that goes from a pod to another.
#[derive(Debug, Default)]
struct Way {
    /// At how many packets of it each tap saw.
    seen: [u64; MAX_TAPS],
    hops: [Option<u8>; MAX_TAPS],
    nodes: Option<Addresses>,
    /// Some of it was sent because of what came from the other side.
    has_answers: bool,
    /// How many packets came by one tap before they came by another.
    before: [[u32; MAX_TAPS]; MAX_TAPS],
    patterns: Map<Counts, Pattern>,
    delays: BTreeMap<(usize, usize), Delays>,
    round_trips: BTreeMap<(usize, usize), Delays>,
    last_delay: Option<((usize, usize), i64)>,
    /// When the newest of those that came to each tap was sent.
    newest: [Option<i64>; MAX_TAPS],
    reordered: [u64; MAX_TAPS],
    ambiguous: u64,
    /// Of some segments part is lost: they are cut before.
    is_cut: bool,
    changed: BTreeMap<&'static str, u64>,
    translated: Option<Addresses>,
}

/// Packets that were seen at the same taps.
#[derive(Debug, Default)]
struct Pattern {
    packets: u64,
    cut: u64,
    bytes: u64,
    examples: Vec<([u64; MAX_TAPS], i64)>,
    traits: Traits,
}

/// Some few different values; which they are is not known if they are more.
#[derive(Debug, Clone)]
struct Few<T>(Option<BTreeSet<T>>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Some(BTreeSet::new()))
    }
}

impl<T: Ord + Copy> Few<T> {
    fn add(&mut self, value: T) {
        if let Some(values) = self.0.as_mut().filter(|values| !values.contains(&value)) {
            values.insert(value);
            if values.len() > MAX_FEW {
                self.0 = None;
            }
        }
    }

    fn join(&mut self, other: &Self) {
        match &other.0 {
            Some(values) => values.iter().for_each(|value| self.add(*value)),
            None => self.0 = None,
        }
    }

    /// The only one, if there are others, and it is none of them.
    fn only_unlike(&self, others: &Self) -> Option<T> {
        let (values, others) = (self.0.as_ref()?, others.0.as_ref()?);
        let only = *values.first().filter(|_| values.len() == 1)?;
        (!others.is_empty() && !others.contains(&only)).then_some(only)
    }
}

/// What packets have in common.
#[derive(Debug, Clone, Default)]
struct Traits {
    lens: Option<(u32, u32)>,
    /// The ports that they go to, by protocol.
    ports: Few<(u8, u16)>,
    flows: Few<Flow>,
    times: Option<(i64, i64)>,
}

/// From the least to the most of both.
fn span<T: Ord + Copy>(one: Option<(T, T)>, other: Option<(T, T)>) -> Option<(T, T)> {
    one.into_iter().chain(other).reduce(|(least, most), (a, b)| (least.min(a), most.max(b)))
}

impl Traits {
    fn add(&mut self, flow: &Flow, len: u32, time: i64) {
        self.lens = span(self.lens, Some((len, len)));
        self.times = span(self.times, Some((time, time)));
        self.ports.add((flow.protocol.0, flow.ports.1));
        self.flows.add(*flow);
    }

    fn join(&mut self, other: &Self) {
        self.lens = span(self.lens, other.lens);
        self.times = span(self.times, other.times);
        self.ports.join(&other.ports);
        self.flows.join(&other.flows);
    }

    /// What these have in common, and those have not.
    fn unlike(&self, arrived: &Self) -> Vec<String> {
        let mut said = Vec::new();
        if let (Some((least, most)), Some((shortest, longest))) = (self.lens, arrived.lens) {
            if least > longest {
                said.push(format!(
                    "each has at least {least} bytes behind its IP header, and none that arrives more than {longest}"
                ));
            } else if most < shortest {
                said.push(format!(
                    "each has at most {most} bytes behind its IP header, and none that arrives fewer than {shortest}"
                ));
            }
        }
        if let Some((protocol @ (6 | 17), port)) = self.ports.only_unlike(&arrived.ports) {
            let name = IpProtocol(protocol);
            said.push(format!("all go to port {port} of {name}, and none that arrives does"));
        }
        if let Some(Flow { ports: (from, to), protocol: IpProtocol::TCP | IpProtocol::UDP, .. }) =
            self.flows.only_unlike(&arrived.flows)
        {
            said.push(format!("all are of one conversation, from port {from} to {to}, of which none arrives"));
        }
        said
    }
}

/// Delays between two taps, in nanoseconds: evenly chosen ones, and the least.
#[derive(Debug, Clone, Default)]
struct Delays {
    kept: Vec<i64>,
    least: Option<i64>,
    count: u64,
    stride: u64,
}

impl Delays {
    fn add(&mut self, delay: i64) {
        self.least = self.least.into_iter().chain([delay]).min();
        self.stride = self.stride.max(1);
        if self.count % self.stride == 0 {
            self.kept.push(delay);
            if self.kept.len() > MAX_DELAYS {
                let mut number = 0;
                self.kept.retain(|_| {
                    number += 1;
                    number % 2 == 1
                });
                self.stride *= 2;
            }
        }
        self.count += 1;
    }

    /// The least, the median and the 99th percentile.
    fn told(&self) -> Option<[i64; 3]> {
        let mut sorted = self.kept.clone();
        sorted.sort_unstable();
        let at = |part: f64| sorted.get(((sorted.len() as f64 * part) as usize).min(sorted.len().saturating_sub(1)));
        Some([self.least?, *at(0.5)?, *at(0.99)?])
    }
}

impl Paths {
    /// A packet was seen at a tap.
    pub(super) fn see(&mut self, addresses: Addresses, passage: &Passage, tap: usize) {
        let Passage { nodes, hops, is_answer, .. } = *passage;
        self.hear(addresses, tap);
        if let Some(nodes) = nodes {
            self.hear(nodes, tap);
            self.nodes.of(nodes).into_iter().for_each(|taps| *taps |= 1 << tap);
        }
        let Some(way) = self.ways.of(addresses) else {
            self.beyond += 1;
            return;
        };
        way.seen.get_mut(tap).into_iter().for_each(|seen| *seen += 1);
        way.hops.get_mut(tap).into_iter().for_each(|known| *known = Some(known.unwrap_or(hops)));
        way.nodes = way.nodes.or(nodes);
        way.has_answers |= is_answer;
    }

    /// Something that goes from an address to another was seen at a tap.
    pub(super) fn hear(&mut self, (from, to): Addresses, tap: usize) {
        for (address, side) in [(from, 0), (to, 1)] {
            let taps = self.heard.of(address).and_then(|sides| sides.get_mut(side));
            taps.into_iter().for_each(|taps| *taps |= 1 << tap);
        }
    }

    /// At which taps anything goes the same way: from one of these that send, or to one of those that are sent to.
    fn same_way(&self, ways: [Option<Addresses>; 2]) -> u32 {
        let side =
            |address, side: usize| self.heard.get(&address).and_then(|sides| sides.get(side)).copied().unwrap_or(0);
        ways.into_iter().flatten().fold(0, |all, (from, to)| all | side(from, 0) | side(to, 1))
    }

    /// At which taps packets of it were seen so far.
    pub(super) fn seen(&self, addresses: &Addresses) -> [bool; MAX_TAPS] {
        self.ways.get(addresses).map_or([false; MAX_TAPS], |way| way.seen.map(|seen| seen > 0))
    }

    /// The same packet went by with other addresses.
    pub(super) fn translated(&mut self, addresses: &Addresses, other: Addresses) {
        self.ways.get_mut(addresses).into_iter().for_each(|way| way.translated = Some(other));
    }

    /// A packet that was sent at that time came to a tap from another.
    pub(super) fn came(&mut self, addresses: &Addresses, tap: usize, sent: i64) {
        let newest = self.ways.get_mut(addresses).and_then(|way| way.newest.get_mut(tap));
        newest.into_iter().for_each(|newest| *newest = (*newest).max(Some(sent)));
    }

    /// Whether a packet that is sent at that time comes to a tap while it captures: nearly all do, or one that was sent later did.
    pub(super) fn is_watching(&self, taps: &Taps, addresses: &Addresses, tap: usize, sent: i64) -> bool {
        let newest = self.ways.get(addresses).and_then(|way| way.newest.get(tap).copied().flatten());
        taps.is_watching(tap, sent) || (newest > Some(sent) && taps.is_begun(tap, sent))
    }

    /// A packet came behind one of its conversation that was sent after it.
    pub(super) fn reordered(&mut self, addresses: &Addresses, tap: usize) {
        let count = self.ways.get_mut(addresses).and_then(|way| way.reordered.get_mut(tap));
        count.into_iter().for_each(|count| *count += 1);
    }

    /// Of a segment part is lost.
    pub(super) fn is_cut(&mut self, addresses: &Addresses) {
        self.ways.get_mut(addresses).into_iter().for_each(|way| way.is_cut = true);
    }

    /// What became of a packet is known.
    pub(super) fn record(&mut self, outcome: &Outcome, counts: Counts, seen: &[Seen]) {
        let Outcome { flow, packets, cut, len, bytes, is_timed } = *outcome;
        let back = self.ways.get(&(flow.addresses.1, flow.addresses.0)).and_then(|back| back.last_delay);
        let Some(way) = self.ways.get_mut(&flow.addresses) else { return };
        let there = |at: &usize| counts.get(*at).is_some_and(|count| (1..TOLD).contains(count));
        let taps: Vec<usize> = (0..seen.len()).filter(there).collect();
        let Some(time) = taps.iter().filter_map(|at| seen.get(*at)).map(|seen| seen.time).min() else { return };
        let most = counts.iter().filter(|count| **count < TOLD).max().copied().unwrap_or(0);
        if most > 1 {
            way.ambiguous += u64::from(most);
        } else if is_timed {
            way.timed(&taps, seen, back);
        }
        let has_room = way.patterns.len() < MAX_PATTERNS;
        let pattern = match way.patterns.get_mut(&counts) {
            Some(pattern) => pattern,
            None if has_room => way.patterns.entry(counts).or_default(),
            None => {
                self.beyond += packets;
                return;
            }
        };
        pattern.packets += packets;
        pattern.cut += cut;
        pattern.bytes += bytes;
        pattern.traits.add(&flow, len, time);
        if pattern.examples.len() < MAX_EXAMPLES {
            let mut frames = [0; MAX_TAPS];
            for (place, seen) in frames.iter_mut().zip(seen) {
                *place = seen.frame;
            }
            pattern.examples.push((frames, time));
        }
    }

    /// What there is to say: a line for each way that leads from a tap to another, and what is lost on it.
    pub(super) fn end(&mut self, taps: &Taps, ledger: &mut Ledger) -> Vec<PathRow> {
        let mut keys: Vec<Addresses> = self.ways.keys().copied().collect();
        keys.sort_unstable();
        let mut rows = Vec::new();
        for addresses in keys {
            let back = (addresses.1, addresses.0);
            let Some(way) = self.ways.get(&addresses) else { continue };
            let of_nodes = |nodes: Addresses| {
                let seen = [nodes, (nodes.1, nodes.0)].map(|way| self.nodes.get(&way).copied().unwrap_or(0));
                seen.iter().fold(0, |all, taps| all | taps)
            };
            let around = Around {
                back: self.ways.get(&back),
                ends: [Some(addresses.1), way.nodes.map(|nodes| nodes.1)],
                of_nodes: way.nodes.map_or(0, of_nodes),
                same_way: self.same_way([Some(addresses), way.nodes]),
            };
            let order = way.order(&around, taps);
            rows.extend(way.told(addresses, &order, taps, ledger));
        }
        rows
    }
}

/// What goes by beside the packets of a way.
#[derive(Clone, Copy)]
struct Around<'a> {
    back: Option<&'a Way>,
    /// The pod and the node that it leads to.
    ends: [Option<IpAddr>; 2],
    /// At which taps there are packets of its nodes, whichever way, and at which any that go the same way.
    of_nodes: u32,
    same_way: u32,
}

/// Taps that see each their part of the packets at one place of a way.
type Stop = Vec<usize>;

impl Way {
    fn timed(&mut self, taps: &[usize], seen: &[Seen], back: Option<((usize, usize), i64)>) {
        let time = |at: usize| seen.get(at).map(|seen| seen.time);
        for (one, other) in taps.iter().flat_map(|one| taps.iter().map(|other| (*one, *other))) {
            let before = self.before.get_mut(one).and_then(|of| of.get_mut(other));
            before.into_iter().for_each(|count| *count += u32::from(time(one) < time(other)));
        }
        let get = |at: Option<&usize>| seen.get(*at?);
        let by_time = |at: &&usize| seen.get(**at).map(|seen| seen.time);
        let (Some(from), Some(to)) = (taps.iter().min_by_key(by_time), taps.iter().max_by_key(by_time)) else { return };
        if let (Some(one), Some(other), true) = (get(Some(from)), get(Some(to)), from != to) {
            let delay = other.time.saturating_sub(one.time);
            self.delays.entry((*from, *to)).or_default().add(delay);
            let (pair, signed) = if from < to { ((*from, *to), delay) } else { ((*to, *from), -delay) };
            self.last_delay = Some((pair, signed));
            if let Some((_, returned)) = back.filter(|(known, _)| *known == pair) {
                self.round_trips.entry(pair).or_default().add(signed.saturating_sub(returned).saturating_abs());
            }
            for (name, is_changed) in [
                ("addresses", one.is_translated != other.is_translated),
                ("traffic class", one.looks.traffic_class != other.looks.traffic_class),
                ("window", one.looks.window != other.looks.window),
                ("MSS", one.looks.mss != other.looks.mss),
                ("payload", one.looks.payload != other.looks.payload),
            ] {
                if is_changed {
                    *self.changed.entry(name).or_default() += 1;
                }
            }
        }
    }

    fn packets(&self, of: &Pattern) -> u64 {
        if self.is_cut { of.cut } else { of.packets }
    }

    fn is_seen(&self, tap: usize) -> bool {
        self.seen.get(tap).is_some_and(|seen| *seen > 0)
    }

    /// How many taps packets come by before they come by this one. What both have tells it: one alone has what is lost before the other.
    fn place(&self, tap: usize) -> usize {
        let before = |one: usize, other: usize| self.before.get(one).and_then(|of| of.get(other));
        (0..MAX_TAPS).filter(|other| before(*other, tap) > before(tap, *other)).count()
    }

    /// Whether some packet was seen at both.
    fn has_both(&self, one: usize, other: usize) -> bool {
        let there = |counts: &Counts, at: usize| counts.get(at).is_some_and(|count| (1..TOLD).contains(count));
        self.patterns.keys().any(|counts| there(counts, one) && there(counts, other))
    }

    /// The taps in the order in which packets come by.
    fn order(&self, around: &Around<'_>, taps: &Taps) -> Vec<Stop> {
        let all = || 0..taps.len();
        let mut seen: Vec<usize> = all().filter(|at| self.is_seen(*at)).collect();
        if let [only] = seen[..] {
            return [vec![only]].into_iter().chain(self.expected(&[only], around, taps)).collect();
        }
        // What has no packet in common with any other tap is on no way with them.
        let together: Vec<usize> = seen
            .iter()
            .copied()
            .filter(|at| {
                seen.iter().any(|other| other != at && taps.is_beside(*at, *other) && self.has_both(*at, *other))
            })
            .collect();
        seen = together;
        let are_timed = seen.iter().all(|at| taps.is_known(*at));
        seen.sort_by_key(|at| {
            let hops = self.hops.get(*at).copied().flatten().unwrap_or(0);
            let place = if are_timed { self.place(*at) } else { 0 };
            (Reverse(hops), place, Reverse(self.seen.get(*at).copied()))
        });
        let behind = if seen.is_empty() { Vec::new() } else { self.expected(&seen, around, taps) };
        let mut stops: Vec<Stop> = Vec::new();
        for tap in seen {
            match stops.iter_mut().find(|stop| stop.iter().all(|other| !self.has_both(tap, *other))) {
                Some(stop) => stop.push(tap),
                None => stops.push(vec![tap]),
            }
        }
        stops.extend(behind);
        stops
    }

    /// The taps behind those that saw any, at which none was seen: they are on the way if packets of the same pods or the same nodes go by
    /// there.
    fn expected(&self, known: &[usize], around: &Around<'_>, taps: &Taps) -> Vec<Stop> {
        let Around { back, ends, of_nodes, same_way } = *around;
        // What is answered arrived, past a tap that has it not: routes differ there and back, and captures may have one direction alone.
        if back.is_some_and(|back| back.has_answers) {
            return Vec::new();
        }
        let is_home = |at: usize| taps.is_home(at, &ends);
        let is_expected = |at: &usize| {
            let of_back = back.is_some_and(|back| back.is_seen(*at));
            let is_on = |taps: u32| taps & (1 << *at) != 0;
            is_on(same_way) && !self.is_seen(*at) && (of_back || is_on(of_nodes) || is_home(*at))
        };
        // The first on the way back is the last on the way there.
        let mut others: Vec<usize> = (0..taps.len()).filter(is_expected).collect();
        let returned = |at: usize| {
            let back = back.filter(|back| back.is_seen(at))?;
            Some((back.hops.get(at).copied().flatten()?, Reverse(back.place(at))))
        };
        let place = known.iter().filter_map(|at| returned(*at)).max();
        // What is behind the tap that saw it on the way back is before it on the way there: it was not seen there, and was not sent from there.
        others.retain(|at| returned(*at).zip(place).is_none_or(|(other, own)| other >= own));
        // Where nothing goes back an end is the last.
        others.sort_by_key(|at| (is_home(*at) && returned(*at).is_none(), returned(*at)));
        others.into_iter().map(|at| vec![at]).collect()
    }

    /// What became of its packets from stop to stop.
    fn told(&self, pods: Addresses, order: &[Stop], taps: &Taps, ledger: &mut Ledger) -> Option<PathRow> {
        let (first, last) = (order.first()?, order.last().filter(|_| order.len() > 1)?);
        let mut hops: Vec<Hop> = order.windows(2).map(|_| Hop::default()).collect();
        let (mut sent, mut arrived, mut duplicated, mut unseen, mut unjudged) = (0, 0, 0, 0, 0);
        let mut arrivals = Traits::default();
        for (counts, pattern) in &self.patterns {
            let at = |stop: &Stop| stop_count(counts, stop);
            // Where it cannot be said, it was as often as behind.
            let mut behind = 0;
            let mut least: Vec<Option<u32>> = order
                .iter()
                .rev()
                .map(|stop| {
                    behind = at(stop).map_or(behind, |count| count.max(behind));
                    at(stop).map(|_| behind)
                })
                .collect();
            least.reverse();
            let weigh = |count: u32| u64::from(count) * self.packets(pattern);
            let known: Vec<(usize, u32)> =
                least.iter().enumerate().filter_map(|(at, count)| Some((at, (*count)?))).collect();
            let Some((_, most)) = known.first() else { continue };
            // What comes more often farther on was doubled on the way: of what was sent no more than that is lost.
            let copies: Vec<u32> = order.iter().filter_map(at).filter(|count| *count > 0).collect();
            let begun = *copies.first().unwrap_or(most);
            let known: Vec<(usize, u32)> = known.iter().map(|(at, count)| (*at, *count.min(&begun))).collect();
            sent += weigh(begun);
            match least.last() {
                Some(Some(count)) => arrived += weigh(*count.min(&begun)),
                _ => unjudged += weigh(known.last().map_or(0, |(_, count)| *count)),
            }
            if at(first) == Some(0) {
                unseen += weigh(begun);
            }
            duplicated += weigh(copies.iter().max().unwrap_or(&begun).saturating_sub(begun));
            for pair in known.windows(2) {
                let ((from, before), (to, after)) = (pair[0], pair[1]);
                let Some(hop) = hops.get_mut(to - 1) else { continue };
                hop.from = Some(from);
                if before > after {
                    hop.take(pattern, weigh(before - after), from, order);
                }
            }
            if known.last().is_some_and(|(_, count)| *count == begun) && known.len() == order.len() {
                arrivals.join(&pattern.traits);
            }
        }
        let tail = self.tail(order, sent, &mut hops);
        let lost: u64 = hops.iter().map(|hop| hop.lost).sum();
        let unjudged = unjudged - tail.min(unjudged);
        let key = (*first.first()?, *last.first()?);
        let sorted = if key.0 < key.1 { key } else { (key.1, key.0) };
        let is_timed = taps.is_known(key.0) && taps.is_known(key.1);
        let row = PathRow {
            pods,
            translated: self.translated,
            from: taps.name(first),
            to: taps.name(last),
            counts: PathCounts {
                sent,
                arrived,
                lost,
                duplicated,
                reordered: last.iter().filter_map(|at| self.reordered.get(*at)).sum(),
                unseen,
                unjudged,
                ambiguous: self.ambiguous,
            },
            changed: self.changed.iter().map(|(name, count)| (*name, *count)).collect(),
            one_way: self.delays.get(&key).filter(|_| is_timed).and_then(Delays::told),
            round_trip: self.round_trips.get(&sorted).and_then(Delays::told),
            names: Vec::new(),
        };
        for (to, hop) in hops.into_iter().enumerate().filter(|(_, hop)| hop.lost > 0) {
            hop.tell(&row, order, to + 1, &arrivals, self.nodes, taps, ledger);
        }
        Some(row)
    }

    /// What was sent before a capture began or after it ended may have come there; if few are lost, those few were not all of the last.
    fn tail(&self, order: &[Stop], sent: u64, hops: &mut [Hop]) -> u64 {
        let mut counted = 0;
        for (number, hop) in hops.iter_mut().enumerate() {
            let (Some(from), Some(to)) = (order.get(number), order.get(number + 1)) else { continue };
            let open: Vec<_> = self
                .patterns
                .iter()
                .filter(|(counts, _)| is_open(counts, to) && stop_count(counts, from).is_some_and(|of| of > 0))
                .map(|(_, pattern)| pattern)
                .collect();
            let count: u64 = open.iter().map(|pattern| self.packets(pattern)).sum();
            let rate = hop.lost as f64 / sent.max(1) as f64;
            if count > 0 && hop.lost > 0 && rate < 1.0 && rate.powf(count as f64) > UNLIKELY {
                open.into_iter().for_each(|pattern| hop.take(pattern, self.packets(pattern), number, order));
                counted += count;
            }
        }
        counted
    }
}

/// Whether the capture did not run when it would have come.
fn is_open(counts: &Counts, stop: &Stop) -> bool {
    stop_count(counts, stop).is_none() && stop.iter().any(|at| counts.get(*at) == Some(&UNKNOWN))
}

/// How often a packet was seen at one of them; `None` if that cannot be said.
fn stop_count(counts: &Counts, stop: &Stop) -> Option<u32> {
    let of = stop.iter().filter_map(|at| counts.get(*at));
    let known = of.clone().filter(|count| **count < TOLD);
    let sum = known.clone().sum();
    (known.count() == of.count() || sum > 0).then_some(sum)
}

/// What is lost between two stops.
#[derive(Debug, Default)]
struct Hop {
    from: Option<usize>,
    lost: u64,
    bytes: u64,
    traits: Traits,
    /// Where it was seen last.
    examples: Vec<(usize, u64, i64)>,
}

impl Hop {
    fn take(&mut self, pattern: &Pattern, lost: u64, from: usize, order: &[Stop]) {
        self.lost += lost;
        self.bytes += pattern.bytes;
        self.traits.join(&pattern.traits);
        let Some(stop) = order.get(from) else { return };
        for (frames, time) in &pattern.examples {
            let seen = |at: &&usize| frames.get(**at).is_some_and(|frame| *frame > 0);
            let place = stop.iter().find(seen).and_then(|at| Some((*at, *frames.get(*at)?)));
            self.examples.extend(place.map(|(at, frame)| (at, frame, *time)));
        }
        self.examples.sort_unstable_by_key(|(_, frame, time)| (*time, *frame));
        self.examples.truncate(MAX_EXAMPLES);
    }

    #[allow(clippy::too_many_arguments, reason = "all that a finding is made of")]
    fn tell(
        self,
        row: &PathRow,
        order: &[Stop],
        to: usize,
        arrivals: &Traits,
        nodes: Option<Addresses>,
        taps: &Taps,
        ledger: &mut Ledger,
    ) {
        let name = |at: usize| order.get(at).map_or(String::new(), |stop| taps.name(stop));
        let (from, to) = (name(self.from.unwrap_or(to.saturating_sub(1))), name(to));
        let (source, destination) = row.pods;
        let percent = self.lost as f64 * 100.0 / row.counts.sent.max(1) as f64;
        let mut sentence = format!(
            "Of {} from {source} to {destination} {} lost between {from} and {to}: {percent:.1} %.",
            several(row.counts.sent, "packet"),
            if self.lost == 1 { "1 is".to_owned() } else { format!("{} are", self.lost) },
        );
        // What few have in common they have by chance.
        let common = if self.lost < LEAST_ALIKE { Vec::new() } else { self.traits.unlike(arrivals) };
        if !common.is_empty() {
            sentence.push_str(&format!(" Of the lost {}.", common.join("; ")));
        }
        let mut evidence = Evidence::default();
        for (at, number, time) in &self.examples {
            let frame = Frame { file: taps.file(*at), number: *number };
            evidence.add(&At { frame, time: taps.shown(*at, *time) });
        }
        let times = self.traits.times.into_iter().flat_map(|(first, last)| [first, last]);
        let times: Vec<Option<Timestamp>> =
            times.map(|time| taps.shown(self.examples.first().map_or(0, |of| of.0), time)).collect();
        if let [first, last] = times[..] {
            (evidence.first, evidence.last) = (first, last);
        }
        evidence.count = self.lost;
        let counts = PathCounts { lost: self.lost, ..row.counts };
        evidence.numbers = counts.named().into_iter().chain([("lost_bytes", self.bytes)]).collect();
        let key = Key::new(Code::LostBetween).between(row.pods).around(nodes).of(format!("{from}\u{0}{to}"));
        ledger.put(key, sentence, evidence);
    }
}
