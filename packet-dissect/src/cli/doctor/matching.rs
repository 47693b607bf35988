//! The same packets at several taps, as they go by.

use std::collections::VecDeque;

use ether_ip::tcp::TcpFlags;

use super::bounded::{Bounded, Map, Recent, fingerprint};
use super::clocks::Clock;
use super::ledger::Ledger;
use super::passage::{Flow, Passage, Quote, Stretch};
use super::paths::{Counts, Outcome, Paths, Seen, TOLD, UNKNOWN};
use super::pieces::Pieces;
use super::report::PathRow;
use super::sight::{Quoted, Sight};
use super::taps::{Device, MAX_TAPS, Taps, nanoseconds};

/// So long, in nanoseconds, a packet may be on its way; its clocks may be wrong by part of that.
const HORIZON: i64 = 2_000_000_000;
/// So many packets are on their way at one time.
const MAX_UNDER_WAY: usize = 300_000;
/// By so many of a conversation's first packets at a tap it is known whether another tap has it by other addresses.
const FIRST: u8 = 8;
/// So many of them are remembered.
const REMEMBERED: usize = 1 << 16;

/// What was seen lately, and where.
pub(super) struct Matching<'a> {
    taps: &'a Taps,
    groups: Map<u64, Group>,
    /// Which of them comes to its end next.
    order: VecDeque<(i64, u64)>,
    names: Names,
    /// What routers said that they drop.
    refused: Recent<Quote, bool>,
    /// When the newest packet of a conversation was first seen of those that came to a tap from another.
    newest: Recent<(Flow, usize), Option<i64>>,
    pieces: Pieces,
    paths: Paths,
    now: i64,
    /// How many had to be forgotten before it was time.
    overflowed: u64,
}

/// Packets that look the same.
struct Group {
    flow: Flow,
    tcp: Option<Stretch>,
    len: usize,
    quote: Quote,
    /// The fewest hops that it had left.
    hops: u8,
    last: i64,
    seen: Box<[Seen]>,
}

/// What is told of the comparison.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) rows: Vec<PathRow>,
    pub(super) remarks: Vec<String>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(taps: &'a Taps) -> Self {
        Self {
            taps,
            groups: Map::default(),
            order: VecDeque::new(),
            names: Names::new(),
            refused: Recent::new(REMEMBERED),
            newest: Recent::new(REMEMBERED),
            pieces: Pieces::default(),
            paths: Paths::default(),
            now: i64::MIN,
            overflowed: 0,
        }
    }

    /// The clocks of all files.
    pub(super) fn clocks(&self) -> Vec<Clock> {
        self.taps.files().enumerate().map(|(file, _)| self.taps.clock(file)).collect()
    }

    /// Takes the next packet of a file in: of all files the earliest, by the shared clock.
    pub(super) fn see(&mut self, file: usize, device: Device, sight: &Sight<'_>) {
        let Some((tap, time)) = self.taps.at(file, device).zip(sight.at.time.and_then(nanoseconds)) else { return };
        let time = self.taps.clock(file).shared(time);
        self.now = self.now.max(time);
        self.expire(self.now.saturating_sub(HORIZON));
        for Quoted { addresses, ports, protocol, identification, .. } in
            sight.icmp_errors.iter().filter_map(|of| of.quoted)
        {
            let flow = Flow { addresses, ports: ports.unwrap_or_default(), protocol };
            *self.refused.of(Quote::new(flow, identification)) = true;
        }
        for passage in sight.passages.iter().filter(|passage| !passage.flow.addresses.1.is_multicast()) {
            self.take(tap, time, passage, sight.at.frame.number);
        }
    }

    fn take(&mut self, tap: usize, time: i64, passage: &Passage, frame: u64) {
        let identity = passage.identity(self.taps.is_cut);
        let flow = self.names.of(passage, tap, identity, self.taps.is_cut);
        self.paths.see(flow.addresses, passage.nodes, tap, passage.hops);
        let is_translated = flow != passage.flow;
        if is_translated {
            self.paths.translated(&flow.addresses, passage.flow.addresses);
        }
        if let Some(stretch) = passage.tcp {
            if stretch.flags.contains(TcpFlags::ACK) {
                self.pieces.acknowledged(&flow.back(), stretch.acknowledgment);
            }
            if stretch.len > 0 {
                self.pieces.see(&flow, tap, stretch.sequence, stretch.len, self.now);
            }
        }
        let key = fingerprint(&(flow, identity));
        let is_several = self.taps.get(tap).is_some_and(|tap| tap.is_of_several);
        let group = self.groups.entry(key).or_insert_with(|| {
            self.order.push_back((time, key));
            let seen = vec![Seen::default(); self.taps.len()].into_boxed_slice();
            Group {
                flow,
                tcp: passage.tcp,
                len: passage.len,
                quote: passage.quote(),
                hops: passage.hops,
                last: time,
                seen,
            }
        });
        group.last = group.last.max(time);
        group.hops = group.hops.min(passage.hops);
        let is_first_copy = group.seen.get(tap).is_some_and(|seen| seen.count == 0);
        if let (Some(sent), true) =
            (group.seen.iter().filter(|seen| seen.count > 0).map(|seen| seen.time).min(), is_first_copy)
        {
            let newest = self.newest.of((flow, tap));
            if newest.is_some_and(|newest| sent < newest) {
                self.paths.reordered(&flow.addresses, tap);
            }
            *newest = (*newest).max(Some(sent));
        }
        let Some(seen) = group.seen.get_mut(tap) else { return };
        if seen.count == 0 {
            *seen = Seen { count: 1, frame, time, looks: passage.looks, is_translated };
        } else if !is_several {
            seen.count = seen.count.saturating_add(1);
        }
    }

    /// What came before that time, and not since, comes no more.
    fn expire(&mut self, before: i64) {
        while let Some((time, key)) = self.order.front().copied() {
            let is_due = time < before;
            if !is_due && self.groups.len() <= MAX_UNDER_WAY {
                break;
            }
            self.order.pop_front();
            match self.groups.get(&key).map(|group| group.last) {
                Some(last) if is_due && last >= before => self.order.push_back((last, key)),
                Some(_) => {
                    let group = self.groups.remove(&key);
                    group.into_iter().for_each(|group| self.settle(&group, is_due));
                }
                None => {}
            }
        }
        self.pieces.settle(before.saturating_sub(HORIZON), self.taps, &mut self.paths);
    }

    fn settle(&mut self, group: &Group, is_due: bool) {
        let expected = self.paths.seen(&group.flow.addresses);
        let is_absent = |(at, seen): (usize, &Seen)| seen.count == 0 && expected.get(at) == Some(&true);
        let is_whole = !group.seen.iter().enumerate().any(is_absent);
        if !is_due && !is_whole {
            self.overflowed += 1;
            return;
        }
        let Group { flow, tcp, len, seen, .. } = group;
        // Why it goes no farther is said by whoever drops it, or it is as it is sent.
        let is_told = group.hops <= 1 || self.refused.get(&group.quote).is_some();
        if let (Some(stretch), false) = (tcp.filter(|stretch| stretch.len > 0 && !is_told), is_whole) {
            return self.pieces.wait(flow, stretch.sequence, stretch.len, seen);
        }
        let first = seen.iter().filter(|seen| seen.count > 0).map(|seen| seen.time).min().unwrap_or(self.now);
        let mut counts: Counts = [0; MAX_TAPS];
        for (at, (count, seen)) in counts.iter_mut().zip(seen.iter()).enumerate() {
            *count = match seen.count {
                0 if is_told => TOLD,
                0 if !self.taps.is_watching(at, first) => UNKNOWN,
                count => count,
            };
        }
        let len = u32::try_from(*len).unwrap_or(u32::MAX);
        let outcome = Outcome { flow: *flow, packets: 1, cut: 1, len, bytes: len.into(), is_timed: true };
        self.paths.record(&outcome, counts, seen);
    }

    /// All packets were seen.
    pub(super) fn end(mut self, ledger: &mut Ledger) -> Compared {
        self.expire(i64::MAX);
        self.pieces.settle(i64::MAX, self.taps, &mut self.paths);
        let mut remarks = self.taps.clocks();
        let rows = self.paths.end(self.taps, ledger);
        let beyond = self.overflowed + self.pieces.beyond + self.paths.beyond;
        if beyond > 0 {
            remarks.push(format!(
                "More was under way at one time than is remembered: of {beyond} packets it is not known whether they came."
            ));
        }
        Compared { rows, remarks }
    }
}

/// By which addresses conversations go that are translated on their way.
#[derive(Debug)]
struct Names {
    /// As the first tap has them that saw them.
    known: Bounded<Flow, Flow>,
    first: Recent<(Flow, usize), u8>,
    candidates: Recent<u64, Option<(Flow, usize)>>,
}

impl Names {
    fn new() -> Self {
        Self { known: Bounded::default(), first: Recent::new(REMEMBERED), candidates: Recent::new(REMEMBERED) }
    }

    /// By which name a packet's conversation is known.
    fn of(&mut self, passage: &Passage, tap: usize, identity: u64, is_cut: bool) -> Flow {
        let flow = passage.flow;
        if let Some(known) = self.known.get(&flow) {
            return *known;
        }
        let seen = self.first.of((flow, tap));
        if *seen == FIRST {
            return flow;
        }
        *seen += 1;
        if !passage.is_numbered() || !passage.is_unique(is_cut) {
            return flow;
        }
        let candidate = self.candidates.of(identity);
        let Some((other, place)) = *candidate else {
            *candidate = Some((flow, tap));
            return flow;
        };
        let has = |flow, tap| self.first.get(&(flow, tap)).is_some();
        // Where one is seen by its own name it is not the other.
        if place == tap || other == flow || has(flow, place) || has(other, tap) {
            return flow;
        }
        for (name, known) in [(flow, other), (flow.back(), other.back())] {
            self.known.or(name, || known);
        }
        other
    }
}
