//! TCP's data by ranges of bytes: what one tap saw as a segment of 64 kB another saw as 46 packets, as cards and kernels cut and join them.

use std::collections::{BTreeMap, VecDeque};

use super::bounded::Map;
use super::passage::Flow;
use super::paths::{Counts, Outcome, Paths, Seen, UNKNOWN};
use super::taps::{MAX_TAPS, Taps};

/// So many streams are looked at at one time, and so many pieces of all.
const MAX_STREAMS: usize = 20_000;
const MAX_PIECES: usize = 200_000;
/// So many ranges are known of a tap's stream; beyond them gaps are taken for seen.
const MAX_RANGES: usize = 64;

/// Where in its stream data stands, from where the stream began here, in bytes.
type Place = i64;

/// What waits for the other taps' pieces.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    streams: Map<Flow, Stream>,
    /// In the order in which they came.
    waiting: VecDeque<Waiting>,
    number: u64,
    /// Pieces of which nothing is said.
    pub(super) beyond: u64,
}

#[derive(Debug)]
struct Stream {
    origin: u32,
    newest: Place,
    acknowledged: Option<Place>,
    /// The longest data of a segment that each tap saw.
    longest: [u32; MAX_TAPS],
    seen: [Ranges; MAX_TAPS],
    pieces: [BTreeMap<(Place, u64), Piece>; MAX_TAPS],
    last: i64,
}

/// A piece, and when it came. Of what is cut out of it the rest has its number.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    time: i64,
    flow: Flow,
    tap: usize,
    begin: Place,
    end: Place,
    number: u64,
}

/// Data that one tap saw, and no segment of another is the same.
#[derive(Debug, Clone, Copy)]
struct Piece {
    end: Place,
    seen: Seen,
}

/// Ranges that do not touch.
#[derive(Debug, Default)]
struct Ranges(BTreeMap<Place, Place>);

impl Ranges {
    fn add(&mut self, mut begin: Place, mut end: Place) {
        let touching: Vec<Place> =
            self.0.range(..=end).rev().take_while(|(_, of)| **of >= begin).map(|(of, _)| *of).collect();
        for at in touching {
            let known = self.0.remove(&at).unwrap_or(end);
            (begin, end) = (begin.min(at), end.max(known));
        }
        self.0.insert(begin, end);
        if self.0.len() > MAX_RANGES {
            let first = self.0.pop_first();
            if let (Some((begin, _)), Some((next, end))) = (first, self.0.pop_first()) {
                self.0.insert(begin.min(next), end);
            }
        }
    }

    /// Whether any of it was seen.
    fn has_of(&self, begin: Place, end: Place) -> bool {
        self.0.range(..end).next_back().is_some_and(|(_, of)| *of > begin)
    }
}

impl Stream {
    fn new(sequence: u32, now: i64) -> Self {
        Self {
            origin: sequence,
            newest: 0,
            acknowledged: None,
            longest: [0; MAX_TAPS],
            seen: Default::default(),
            pieces: Default::default(),
            last: now,
        }
    }

    /// The place of a sequence number, by what was seen last: numbers begin again (RFC 9293 §3.4).
    fn place(&self, sequence: u32) -> Place {
        let newest = self.origin.wrapping_add(self.newest as u32);
        self.newest + i64::from(sequence.wrapping_sub(newest) as i32)
    }

    /// The pieces of a tap that have some of these bytes, in the order of their places.
    fn overlapping(&self, tap: usize, begin: Place, end: Place) -> Vec<((Place, u64), Piece)> {
        let Some(pieces) = self.pieces.get(tap) else { return Vec::new() };
        let reach = self.longest.get(tap).copied().unwrap_or(0);
        let near = pieces.range((begin - i64::from(reach), 0)..(end, 0));
        near.filter(|(_, piece)| piece.end > begin).map(|(key, piece)| (*key, *piece)).collect()
    }

    /// The longest segment that goes over every part of the way, as far as taps show it.
    fn unit(&self) -> u32 {
        self.longest.iter().filter(|longest| **longest > 0).min().copied().unwrap_or(1)
    }
}

impl Pieces {
    /// A tap saw data.
    pub(super) fn see(&mut self, flow: &Flow, tap: usize, sequence: u32, len: u32, now: i64) {
        if self.streams.len() >= MAX_STREAMS && !self.streams.contains_key(flow) {
            self.forget(now);
        }
        if self.streams.len() >= MAX_STREAMS && !self.streams.contains_key(flow) {
            return;
        }
        let stream = self.streams.entry(*flow).or_insert_with(|| Stream::new(sequence, now));
        let begin = stream.place(sequence);
        let end = begin + i64::from(len);
        (stream.newest, stream.last) = (stream.newest.max(end), now);
        stream.longest.get_mut(tap).into_iter().for_each(|longest| *longest = (*longest).max(len));
        stream.seen.get_mut(tap).into_iter().for_each(|seen| seen.add(begin, end));
    }

    /// A receiver has all before.
    pub(super) fn acknowledged(&mut self, flow: &Flow, acknowledgment: u32) {
        if let Some(stream) = self.streams.get_mut(flow) {
            let place = stream.place(acknowledgment);
            stream.acknowledged = stream.acknowledged.into_iter().chain([place]).max();
        }
    }

    /// A segment was seen at some taps, and at others not as it is.
    pub(super) fn wait(&mut self, flow: &Flow, sequence: u32, len: u32, seen: &[Seen]) {
        let Some(stream) = self.streams.get_mut(flow).filter(|_| self.waiting.len() < MAX_PIECES) else {
            self.beyond += 1;
            return;
        };
        let begin = stream.place(sequence);
        for (tap, seen) in seen.iter().enumerate().filter(|(_, seen)| seen.count > 0) {
            self.number += 1;
            let (number, end) = (self.number, begin + i64::from(len));
            let piece = Piece { end, seen: *seen };
            stream.pieces.get_mut(tap).into_iter().for_each(|pieces| _ = pieces.insert((begin, number), piece));
            self.waiting.push_back(Waiting { time: seen.time, flow: *flow, tap, begin, end, number });
        }
    }

    /// What came before that time has all pieces that it will have.
    pub(super) fn settle(&mut self, before: i64, taps: &Taps, paths: &mut Paths) {
        while self.waiting.front().is_some_and(|waiting| waiting.time < before) {
            let Some(Waiting { flow, tap, begin, end, number, .. }) = self.waiting.pop_front() else { return };
            let Some(stream) = self.streams.get_mut(&flow) else { continue };
            let Some(pieces) = stream.pieces.get_mut(tap) else { continue };
            let rests: Vec<_> =
                pieces.range((begin, 0)..(end, 0)).map(|(key, _)| *key).filter(|key| key.1 == number).collect();
            let rests: Vec<_> = rests.into_iter().filter_map(|key| Some((key.0, pieces.remove(&key)?))).collect();
            for (begin, piece) in rests {
                settle_piece(stream, &flow, tap, begin, piece, taps, paths);
            }
        }
    }

    /// Streams that rest are forgotten.
    fn forget(&mut self, now: i64) {
        let is_at_work = |stream: &Stream| {
            now.saturating_sub(stream.last) < 10_000_000_000 || stream.pieces.iter().any(|pieces| !pieces.is_empty())
        };
        self.streams.retain(|_, stream| is_at_work(stream));
    }
}

/// Takes a piece apart by what the other taps saw of it.
fn settle_piece(
    stream: &mut Stream,
    flow: &Flow,
    tap: usize,
    begin: Place,
    piece: Piece,
    taps: &Taps,
    paths: &mut Paths,
) {
    let expected = paths.seen(&flow.addresses);
    let others: Vec<usize> = (0..taps.len()).filter(|at| *at != tap && expected.get(*at) == Some(&true)).collect();
    let near: Vec<_> = others.iter().map(|at| (*at, stream.overlapping(*at, begin, piece.end))).collect();
    let mut cuts = vec![begin, piece.end];
    for ((from, _), Piece { end, .. }) in near.iter().flat_map(|(_, pieces)| pieces) {
        cuts.extend([*from, *end].into_iter().filter(|at| (begin..piece.end).contains(at)));
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut runs: Vec<(Place, Place, Counts, [Seen; MAX_TAPS])> = Vec::new();
    for pair in cuts.windows(2) {
        let &[from, to] = pair else { continue };
        let (mut counts, mut seen) = ([0; MAX_TAPS], [Seen::default(); MAX_TAPS]);
        let mut there = |at: usize, of: Seen| {
            counts.get_mut(at).into_iter().for_each(|count| *count = 1);
            seen.get_mut(at).into_iter().for_each(|place| *place = of);
        };
        there(tap, piece.seen);
        for (other, pieces) in &near {
            let covering = pieces.iter().filter(|((start, _), of)| *start <= from && of.end >= to);
            let whole = covering.min_by_key(|(_, of)| of.seen.time.abs_diff(piece.seen.time));
            if let Some((key, of)) = whole {
                there(*other, of.seen);
                consume(stream, *other, *key, from, to);
            }
        }
        for other in (0..taps.len()).filter(|at| *at != tap) {
            let is_absent = counts.get(other) == Some(&0);
            let was_seen = stream.seen.get(other).is_some_and(|seen| seen.has_of(from, to));
            // What was never seen there, and is acknowledged, came: the capture has it not.
            let has_come = !was_seen && stream.acknowledged.is_some_and(|acknowledged| acknowledged >= to);
            if is_absent && (has_come || !paths.is_watching(taps, &flow.addresses, other, piece.seen.time)) {
                counts.get_mut(other).into_iter().for_each(|count| *count = UNKNOWN);
            }
        }
        match runs.last_mut() {
            Some((_, end, known, _)) if *known == counts => *end = to,
            _ => runs.push((from, to, counts, seen)),
        }
    }
    let is_whole = runs.len() == 1;
    if !is_whole {
        paths.is_cut(&flow.addresses);
    }
    let len = u32::try_from(piece.end.saturating_sub(begin)).unwrap_or(u32::MAX);
    for (from, to, counts, seen) in runs {
        let bytes = to.saturating_sub(from).unsigned_abs();
        let cut = bytes.div_ceil(u64::from(stream.unit().max(1)));
        let packets = if is_whole { 1 } else { cut };
        let seen = seen.get(..taps.len()).unwrap_or(&[]);
        paths.record(&Outcome { flow: *flow, packets, cut, len, bytes, is_timed: false }, counts, seen);
    }
}

/// Takes a range out of a piece; what is left of it waits on.
fn consume(stream: &mut Stream, tap: usize, key: (Place, u64), from: Place, to: Place) {
    let Some(pieces) = stream.pieces.get_mut(tap) else { return };
    // It may be cut already: then its rest stands where the last cut was.
    let found = pieces.range(..=(from, u64::MAX)).rev().find(|((_, number), of)| *number == key.1 && of.end >= to);
    let Some((&(start, number), &piece)) = found else { return };
    pieces.remove(&(start, number));
    if start < from {
        pieces.insert((start, number), Piece { end: from, ..piece });
    }
    if to < piece.end {
        pieces.insert((to, number), piece);
    }
}
