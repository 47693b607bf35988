//! How the clocks of captures stand to one another: what both have of the same packets tells it.
//!
//! A packet from one tap to another is captured later there by its delay and by what the other clock is ahead; one that goes back is
//! captured later here by its delay less that. Of packets in both directions the shortest delays give both, if they are the same.

use std::collections::HashSet;

use super::super::offset::Given;
use super::super::packet::Addresses;
use super::bounded::Map;

/// How many packets of a tap are compared: those whose identity ends in so many zeros that no more than these are left.
const MAX_SAMPLES: usize = 1 << 15;
/// What is farther from most of them, in nanoseconds, is another packet with the same identity by chance.
const CHANCE: i64 = 5_000_000_000;
/// Into so many parts the time is divided, of each of which the shortest delay is taken, to see how they move.
const PARTS: usize = 16;
/// In so many of them there must be packets: of fewer points a line is chance.
const LEAST_PARTS: usize = 8;
/// So many packets in common make sure of a clock; so many more are needed of one that is so many nanoseconds off, and of packets that
/// may look the same as those of another day.
const LEAST: usize = 3;
const FAR: i64 = 60_000_000_000;
const LEAST_FAR: usize = 20;
const NEAR: i64 = 10_000_000_000;
const LEAST_ALIKE: usize = 8;
/// Over less time, in nanoseconds, no clock gains enough to be seen.
const LEAST_SPAN: i64 = 1_000_000_000;

/// Some of a tap's packets: the same of each tap, as their identity has it.
#[derive(Debug, Default)]
pub(super) struct Samples {
    mask: u64,
    of: Map<u64, Sample>,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    /// When, in nanoseconds, by the tap's clock.
    time: i64,
    way: Addresses,
    kind: Kind,
}

/// How sure it is that two with one identity are one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It has a number of its own.
    Numbered,
    /// It has not: another day's may look the same.
    Alike,
    /// It was seen again: which of them the other tap has is not known.
    Repeated,
}

impl Samples {
    pub(super) fn add(&mut self, identity: u64, time: i64, way: Addresses, kind: Kind) {
        if identity & self.mask != 0 {
            return;
        }
        let sample = Sample { time, way, kind };
        self.of.entry(identity).and_modify(|known| known.kind = Kind::Repeated).or_insert(sample);
        while self.of.len() > MAX_SAMPLES {
            self.mask = (self.mask << 1) | 1;
            let mask = self.mask;
            self.of.retain(|identity, _| identity & mask == 0);
        }
    }
}

/// How a clock stands to that of the first tap of those that have packets in common: `time - offset - drift * (time - since)` is what that one shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clock {
    /// Which is the first tap of those.
    pub(super) first: usize,
    since: i64,
    /// How much it is ahead, in nanoseconds.
    pub(super) offset: i64,
    /// How much it gains, in nanoseconds a nanosecond.
    pub(super) drift: f64,
    /// Packets in both directions tell it; or else the shortest delay is in the offset.
    pub(super) is_known: bool,
    /// How much longer than the shortest nearly all delays were at most, in nanoseconds.
    pub(super) spread: i64,
    /// By how much the offset may be wrong: half the shortest delay there and back, in nanoseconds.
    pub(super) doubt: i64,
    /// Somebody who knows has told it.
    pub(super) is_given: bool,
}

impl Clock {
    /// That of a tap that is the first of such.
    pub(super) const fn of_first(first: usize) -> Self {
        Self { first, since: 0, offset: 0, drift: 0.0, is_known: true, spread: 0, doubt: 0, is_given: false }
    }

    /// What the first tap's clock shows then.
    pub(super) fn shared(&self, time: i64) -> i64 {
        let behind = time.saturating_sub(self.since) as f64 * self.drift;
        time.saturating_sub(self.offset).saturating_sub(behind as i64)
    }

    /// What it shows itself when the first tap's shows that.
    pub(super) fn own(&self, shared: i64) -> i64 {
        let time = shared.saturating_add(self.offset);
        time.saturating_add((time.saturating_sub(self.since) as f64 * self.drift) as i64)
    }

    /// The clock of a third tap that stands so to this one's.
    fn then(&self, next: &Self) -> Self {
        let here = next.since.saturating_sub(next.offset);
        Self {
            first: self.first,
            since: next.since,
            offset: next.since.saturating_sub(self.shared(here)),
            drift: self.drift + next.drift,
            is_known: self.is_known && next.is_known,
            spread: self.spread.max(next.spread),
            doubt: self.doubt.saturating_add(next.doubt),
            is_given: false,
        }
    }
}

/// The clocks of all taps. Of some it is given how they stand to the first one's, and when their files begin, by themselves.
pub(super) fn clocks(taps: &[&Samples], given: &[Option<(Given, i64)>]) -> Vec<Clock> {
    let of_given = |(tap, given): (&&Samples, &Option<(Given, i64)>)| {
        let (known, since) = (*given)?;
        self::given(known, since, &Delays::between(taps.first()?, tap))
    };
    let mut clocks: Vec<Option<Clock>> = taps.iter().zip(given).map(of_given).collect();
    if clocks.iter().any(Option::is_some) {
        clocks.first_mut().into_iter().for_each(|first| *first = Some(Clock::of_first(0)));
    }
    // From tap to tap that a clock is known of, by what has most in common; what leads on to none begins anew.
    while let Some(unknown) = clocks.iter().position(Option::is_none) {
        let mut best = (0, unknown, Clock::of_first(unknown));
        for (from, known) in clocks.iter().enumerate().filter_map(|(at, clock)| Some((at, (*clock)?))) {
            for to in (0..taps.len()).filter(|to| clocks.get(*to).is_some_and(Option::is_none)) {
                let [Some(one), Some(other)] = [from, to].map(|at| taps.get(at)) else { continue };
                let delays = Delays::between(one, other);
                if let Some(clock) = delays.clock().filter(|_| delays.count > best.0) {
                    best = (delays.count, to, known.then(&clock));
                }
            }
        }
        clocks.get_mut(best.1).into_iter().for_each(|place| *place = Some(best.2));
    }
    clocks.into_iter().flatten().collect()
}

/// The clock of which that is given, if its file begins then, by itself. `None` if by it packets came before they were sent.
fn given(given: Given, since: i64, delays: &Delays) -> Option<Clock> {
    let shown = delays.clock();
    let drift = given.drift.or_else(|| Some(shown?.drift)).unwrap_or(0.0);
    let spread = shown.map_or(0, |shown| shown.spread);
    let clock = Clock { since, offset: given.offset, drift, spread, is_given: true, ..Clock::of_first(0) };
    let took = |(time, delay): &Delay| clock.shared(time.saturating_add(*delay)).saturating_sub(*time);
    let is_late = |(there, back): (&[Delay], &[Delay])| {
        there.iter().all(|of| took(of) >= 0) && back.iter().all(|of| took(of) <= 0)
    };
    delays.both().is_none_or(is_late).then_some(clock)
}

/// When a packet was captured at one tap, and how much later at the other.
type Delay = (i64, i64);

/// How long packets took from a tap to another, by who sends them to whom.
#[derive(Debug, Default)]
struct Delays {
    count: usize,
    of: Map<Addresses, Vec<Delay>>,
}

impl Delays {
    fn between(one: &Samples, other: &Samples) -> Self {
        let both = |most: Kind| {
            let both = one.of.iter().filter_map(move |(identity, here)| {
                let there = other.of.get(identity)?;
                let is_fit = here.kind.max(there.kind) <= most;
                is_fit.then_some((here.way, here.time, there.time.checked_sub(here.time)?))
            });
            both.collect::<Vec<_>>()
        };
        // Where all are repeated, as where a capture is played again and again, the first ones are as good.
        let kinds = [Kind::Numbered, Kind::Alike, Kind::Repeated];
        let all = kinds.map(|kind| (kind, both(kind))).into_iter().find(|(_, all)| all.len() >= LEAST);
        let Some((kind, mut all)) = all else { return Self::default() };
        if kind == Kind::Numbered {
            // What is doubled on one way would else leave the other alone: the first of two is as good.
            let numbered: HashSet<Addresses> = all.iter().map(|(way, ..)| *way).collect();
            let is_back = |way: &Addresses| !numbered.contains(way) && numbered.contains(&(way.1, way.0));
            all.extend(both(Kind::Repeated).into_iter().filter(|(way, ..)| is_back(way)));
        }
        let mut sorted: Vec<i64> = all.iter().map(|(.., delay)| *delay).collect();
        sorted.sort_unstable();
        let Some(middle) = sorted.get(sorted.len() / 2).copied() else { return Self::default() };
        let least = match middle.saturating_abs() {
            NEAR.. if kind != Kind::Numbered => return Self::default(),
            FAR.. => LEAST_FAR,
            _ if kind == Kind::Numbered => LEAST,
            _ => LEAST_ALIKE,
        };
        let mut delays = Self::default();
        for (way, time, delay) in all {
            if delay.saturating_sub(middle).saturating_abs() <= CHANCE {
                delays.of.entry(way).or_default().push((time, delay));
                delays.count += 1;
            }
        }
        delays.of.values_mut().for_each(|of| of.sort_unstable());
        if delays.count < least { Self::default() } else { delays }
    }

    /// What goes from the one tap to the other, and what comes back, of those addresses that have most of both.
    fn both(&self) -> Option<(&[Delay], &[Delay])> {
        let turned = |way: &Addresses| (way.1, way.0);
        let both = |way: &&Addresses| self.of.get(*way).zip(self.of.get(&turned(way)));
        let least = |(one, other): (&Vec<_>, &Vec<_>)| one.len().min(other.len());
        let pairs = self.of.keys().filter(|way| way.0 < way.1 && both(way).is_some());
        // The addresses, where two have as many packets, so that it is the same each time.
        let (one, other) = both(&pairs.max_by_key(|way| (both(way).map(least), **way))?)?;
        // What goes from the one tap to the other is later there than what comes back.
        Some(if middle(one) >= middle(other) { (one, other) } else { (other, one) })
    }

    /// How the other clock stands to the one, if anything tells it.
    fn clock(&self) -> Option<Clock> {
        let Some((there, back)) = self.both() else { return self.of_one_direction() };
        let back: Vec<_> = back.iter().map(|(time, delay)| (*time, -delay)).collect();
        let drift = match (drift(there), drift(&back)) {
            (Some(one), Some(other)) => one.less(other).value(),
            (Some(one), None) => one.value(),
            (None, Some(other)) => -other.value(),
            (None, None) => 0.0,
        };
        let since = there.first()?.0;
        let (shortest, longest) = extremes(there, since, drift)?;
        let (shortest_back, longest_back) = extremes(&back, since, -drift)?;
        let offset = shortest.saturating_sub(shortest_back) / 2;
        let spread = longest.saturating_sub(shortest).max(longest_back.saturating_sub(shortest_back));
        let doubt = shortest.saturating_add(shortest_back).saturating_abs() / 2;
        Some(Clock {
            first: 0,
            since: since.saturating_add(offset),
            offset,
            drift,
            is_known: true,
            spread,
            doubt,
            is_given: false,
        })
    }

    /// The same where no packet comes back: the shortest delay is taken for none.
    fn of_one_direction(&self) -> Option<Clock> {
        let all = self.of.iter().max_by_key(|(way, of)| (of.len(), **way)).map(|(_, of)| of)?;
        let since = all.first()?.0;
        let drift = drift(all).map_or(0.0, |slope| slope.value());
        let (shortest, longest) = extremes(all, since, drift)?;
        let spread = longest.saturating_sub(shortest);
        Some(Clock {
            first: 0,
            since: since.saturating_add(shortest),
            offset: shortest,
            drift,
            is_known: false,
            spread,
            doubt: 0,
            is_given: false,
        })
    }
}

fn middle(of: &[Delay]) -> Option<i64> {
    let mut delays: Vec<i64> = of.iter().map(|(_, delay)| *delay).collect();
    delays.sort_unstable();
    delays.get(delays.len() / 2).copied()
}

/// The shortest delay, and the longest but for one of a hundred, which waited for something else, without what a clock gained.
fn extremes(of: &[Delay], since: i64, drift: f64) -> Option<(i64, i64)> {
    let plain = |(time, delay): &Delay| delay.saturating_sub((time.saturating_sub(since) as f64 * drift) as i64);
    let mut sorted: Vec<i64> = of.iter().map(plain).collect();
    sorted.sort_unstable();
    Some((*sorted.first()?, *sorted.get((sorted.len() * 99 / 100).min(sorted.len().saturating_sub(1)))?))
}

/// How fast delays grow, and the square of how much that may be wrong by.
#[derive(Debug, Clone, Copy)]
struct Slope {
    of: f64,
    variance: f64,
}

impl Slope {
    /// That of one way and that of the other, on which it has the other sign: a clock moves both alike, and a queue does not.
    fn less(self, back: Self) -> Self {
        let (one, other) = (self.of, -back.of);
        let is_alike = one * other > 0.0 && one.abs().min(other.abs()) * 2.0 >= one.abs().max(other.abs());
        let of = if is_alike { (one + other) / 2.0 } else { 0.0 };
        Self { of, variance: (self.variance + back.variance) / 4.0 }
    }

    /// What is more than chance.
    fn value(self) -> f64 {
        if self.of * self.of > 16.0 * self.variance { self.of } else { 0.0 }
    }
}

/// How fast the shortest delays grow, by least squares: what waits in a queue is longer and moves nothing.
fn drift(of: &[Delay]) -> Option<Slope> {
    let (first, last) = (of.first()?.0, of.last()?.0);
    let span = last.saturating_sub(first);
    if span < LEAST_SPAN {
        return None;
    }
    let mut shortest: [Option<Delay>; PARTS] = [None; PARTS];
    for (time, delay) in of {
        let part = (time.saturating_sub(first) as f64 / (span as f64 + 1.0) * PARTS as f64) as usize;
        let place = shortest.get_mut(part)?;
        if place.is_none_or(|(_, least)| *delay < least) {
            *place = Some((*time, *delay));
        }
    }
    let points: Vec<(f64, f64)> =
        shortest.iter().flatten().map(|(time, delay)| (time.saturating_sub(first) as f64, *delay as f64)).collect();
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let over: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let under: f64 = points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    let slope = over / under;
    let beside = |point: &(f64, f64)| (point.1 - y - slope * (point.0 - x)).powi(2);
    let variance = points.iter().map(beside).sum::<f64>() / (count - 2.0) / under;
    (points.len() >= LEAST_PARTS && under > 0.0).then_some(Slope { of: slope, variance })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 244, 0, last])
    }

    /// Packets each way every 10 ms for 20 s, with a delay of 100 us and up to 50 us more; the other clock as told.
    fn samples(offset: i64, drift: f64, is_both: bool) -> (Samples, Samples) {
        let (mut one, mut other) = (Samples::default(), Samples::default());
        let shown = |time: i64| time + offset + (time as f64 * drift) as i64;
        for number in 0..2_000_u64 {
            let at = number as i64 * 10_000_000;
            let wait = (number * 7_919 % 50_000) as i64;
            one.add(number << 32, at, (address(1), address(2)), Kind::Numbered);
            other.add(number << 32, shown(at + 100_000 + wait), (address(1), address(2)), Kind::Numbered);
            if is_both {
                other.add((number << 32) | 1 << 31, shown(at), (address(2), address(1)), Kind::Numbered);
                one.add(
                    (number << 32) | 1 << 31,
                    at + 100_000 + (wait * 13) % 50_000,
                    (address(2), address(1)),
                    Kind::Numbered,
                );
            }
        }
        (one, other)
    }

    fn of(one: &Samples, other: &Samples) -> Clock {
        let clock = clocks(&[one, other], &[None; 2])[1];
        assert_eq!(clock.first, 0);
        clock
    }

    #[test]
    fn three_seconds_and_fifty_millionths() {
        let (one, other) = samples(3_000_000_000, 50e-6, true);
        let clock = of(&one, &other);
        assert!(clock.is_known && (clock.drift - 50e-6).abs() < 1e-6, "{clock:?}");
        for at in [0, 10_000_000_000, 19_000_000_000_i64] {
            let shown = at + 3_000_000_000 + (at as f64 * 50e-6) as i64;
            assert!((clock.shared(shown) - at).abs() < 10_000, "{clock:?} {at}");
        }
        // Of one direction the shortest delay cannot be told from the clock.
        let (one, other) = samples(-7_000_000, 0.0, false);
        let clock = of(&one, &other);
        assert!(!clock.is_known && (clock.offset - -6_900_000).abs() < 5_000, "{clock:?}");
    }

    /// Delays of one way grow, by 5 us a second, as those of a queue that fills; a clock would move those of the other way too.
    #[test]
    fn queues_are_no_clocks() {
        let (one, mut other) = samples(0, 0.0, true);
        for sample in other.of.values_mut().filter(|sample| sample.way == (address(1), address(2))) {
            sample.time += sample.time / 200_000;
        }
        assert_eq!(of(&one, &other).drift, 0.0);
    }

    /// So few packets, with delays of 41 to 84 us, that a line through them is chance: testdata/doctor-vm's ipip-clear.
    #[test]
    fn few_are_no_line() {
        let (mut one, mut other) = (Samples::default(), Samples::default());
        for (number, delay, back) in
            [(0, 84_000, 68_000), (1, 41_000, 60_000), (2, 70_000, 52_000), (3, 80_000, 41_000)]
        {
            let at = number * 400_000_000;
            one.add(number as u64, at, (address(1), address(2)), Kind::Numbered);
            other.add(number as u64, at + delay, (address(1), address(2)), Kind::Numbered);
            other.add(number as u64 + 10, at + 100_000, (address(2), address(1)), Kind::Numbered);
            one.add(number as u64 + 10, at + 100_000 + back, (address(2), address(1)), Kind::Numbered);
        }
        assert_eq!(of(&one, &other).drift, 0.0);
    }

    /// Over a third tap; what has nothing in common has no clock.
    #[test]
    fn from_tap_to_tap() {
        let (one, other) = samples(1_000_000, 0.0, true);
        let mut third = Samples::default();
        for (identity, sample) in &other.of {
            third.add(*identity, sample.time + 2_000_000, sample.way, sample.kind);
        }
        let none = Samples::default();
        let all = clocks(&[&one, &other, &third, &none], &[None; 4]);
        assert!((all[2].offset - 3_000_000).abs() < 60_000, "{all:?}");
        assert_eq!(all[3], Clock::of_first(3));
    }

    /// A clock that is ahead by 3 s and gains 50 millionths, of which that is told: what it shows is known to the nanosecond, of one
    /// direction too.
    #[test]
    fn given() {
        for is_both in [true, false] {
            let (one, other) = samples(3_000_000_000, 50e-6, is_both);
            let since = 3_000_100_005;
            let all = clocks(&[&one, &other], &[None, Some((Given::parse("3,50").unwrap(), since))]);
            let clock = Clock { since, offset: 3_000_000_000, drift: 50e-6, is_given: true, ..Clock::of_first(0) };
            assert_eq!(Clock { spread: 0, ..all[1] }, clock);
            // 10 s after it began, of which it gained 500 us, and of those again 25 ns.
            assert_eq!(all[1].shared(since + 10_000_500_000), 100_005 + 10_000_000_000 - 25);
        }
        // Nobody tells the drift: packets do.
        let (one, other) = samples(3_000_000_000, 50e-6, true);
        let clock = clocks(&[&one, &other], &[None, Some((Given::parse("3").unwrap(), 3_000_100_005))])[1];
        assert!(clock.is_given && clock.offset == 3_000_000_000 && (clock.drift - 50e-6).abs() < 1e-6, "{clock:?}");
        // A tap in between of which nothing is told: it is told by the packets that it has in common with the others.
        let (one, third) = samples(5_000_000, 0.0, true);
        let all = clocks(&[&one, &third, &third], &[None, Some((Given::parse("0.005").unwrap(), 0)), None]);
        assert!(all[2].is_known && !all[2].is_given && (all[2].offset - 5_000_000).abs() < 60_000, "{all:?}");
    }

    /// The shortest delays are 100 us there and back: an offset that is wrong by more has packets come before they are sent.
    #[test]
    fn given_and_wrong() {
        let (one, other) = samples(2_000_000, 0.0, true);
        for (offset, is_good) in
            [("0.0021", true), ("0.002100001", false), ("0.0019", true), ("0.001899999", false), ("0", false)]
        {
            let clock = clocks(&[&one, &other], &[None, Some((Given::parse(&format!("{offset},0")).unwrap(), 0))])[1];
            assert_eq!(clock.is_given, is_good, "{offset}");
            let close = if is_good { 100_000 } else { 30_000 };
            assert!((clock.offset - 2_000_000).abs() <= close, "{clock:?}");
        }
        // Nothing says so where all go one way.
        let (one, other) = samples(2_000_000, 0.0, false);
        assert!(clocks(&[&one, &other], &[None, Some((Given::parse("0").unwrap(), 0))])[1].is_given);
    }

    /// However many packets a tap has, the ones that are kept are the same of both.
    #[test]
    fn bounded() {
        let (mut one, mut other) = (Samples::default(), Samples::default());
        for number in 0..200_000_u64 {
            let identity = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            one.add(identity, number as i64, (address(1), address(2)), Kind::Numbered);
            if number >= 100_000 {
                other.add(identity, number as i64 + 5, (address(1), address(2)), Kind::Numbered);
            }
        }
        assert!(one.of.len() <= MAX_SAMPLES && other.of.len() <= MAX_SAMPLES);
        assert_eq!(of(&one, &other).offset, 5);
    }
}
