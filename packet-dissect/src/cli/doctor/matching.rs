//! The same packets at several taps, as they go by.

use std::collections::VecDeque;

use ether_ip::ip::IpProtocol;
use ether_ip::tcp::TcpFlags;

use super::bounded::{Bounded, Map, Recent, fingerprint};
use super::clocks::Clock;
use super::ledger::Ledger;
use super::passage::{Flow, Passage, Quote, Stretch};
use super::paths::{Counts, Outcome, Paths, Seen, TOLD, UNKNOWN};
use super::pieces::Pieces;
use super::policy::Denial;
use super::report::PathRow;
use super::sight::{Quoted, Sight};
use super::taps::{Device, MAX_TAPS, Taps, nanoseconds};

/// So long, in nanoseconds, a packet may be on its way; its clocks may be wrong by part of that.
const HORIZON: i64 = 2_000_000_000;
/// A datagram that is longer, in bytes, is several for a card to make (UDP_SEGMENT, udp(7)): no link carries it whole.
const LONGEST: usize = 9_216;
/// So soon behind the other, in nanoseconds, a packet with the same number is the same one, though its payload is another: numbers begin again.
const CHANGED: i64 = 250_000_000;
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
    /// What routers said that they drop, and what policies drop.
    refused: Recent<Quote, bool>,
    /// When the newest packet of a conversation was first seen of those that came to a tap from another.
    newest: Recent<(Flow, usize), Option<i64>>,
    /// Which packet has a number lately.
    numbered: Recent<u64, Option<u64>>,
    /// At which taps something of a conversation was seen, by either direction.
    conversations: Recent<Flow, Conversation>,
    /// At which taps datagrams of a conversation are several in one.
    joined: Recent<Flow, u32>,
    pieces: Pieces,
    paths: Paths,
    now: i64,
    /// How many had to be forgotten before it was time.
    overflowed: u64,
}

/// One direction of a conversation.
#[derive(Debug, Clone, Copy, Default)]
struct Conversation {
    taps: u32,
    /// Something of it was sent because of what came from the other side.
    has_answers: bool,
}

/// Packets that look the same.
struct Group {
    flow: Flow,
    tcp: Option<Stretch>,
    len: usize,
    /// What routers would quote of it, and of what is around it.
    quotes: [Option<Quote>; 2],
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
            numbered: Recent::new(REMEMBERED),
            conversations: Recent::new(REMEMBERED),
            joined: Recent::new(REMEMBERED),
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
        if sight.logged.as_deref().and_then(Denial::of).is_some() {
            sight.passages.iter().for_each(|passage| *self.refused.of(passage.quote()) = true);
        }
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
        // Who answers for an address sends to who asked.
        for of in sight.neighbours.iter().filter(|of| of.is_answer && of.nodes.is_none()) {
            of.asker.into_iter().for_each(|asker| self.paths.hear((of.target, asker), tap));
        }
        for passage in sight.passages.iter().filter(|passage| !passage.flow.addresses.1.is_multicast()) {
            self.take(tap, time, passage, sight.at.frame.number);
        }
    }

    fn take(&mut self, tap: usize, time: i64, passage: &Passage, frame: u64) {
        let identity = passage.identity(self.taps.is_cut);
        let flow = self.names.of(passage, tap, identity, self.taps.is_cut);
        self.paths.see(flow.addresses, passage, tap);
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
        let is_udp = flow.protocol == IpProtocol::UDP;
        let conversation = self.conversations.of(flow);
        conversation.taps |= 1 << tap;
        conversation.has_answers |= passage.is_answer || is_udp;
        if is_udp && passage.len > LONGEST && !passage.is_fragment {
            *self.joined.of(flow) |= 1 << tap;
        }
        let is_several = self.taps.get(tap).is_some_and(|tap| tap.is_of_several);
        let mut key = fingerprint(&(flow, identity));
        if let Some(number) = passage.number() {
            let known = self.numbered.of(fingerprint(&(flow, number)));
            let is_missing = |group: &Group| is_several || group.seen.get(tap).is_some_and(|seen| seen.count == 0);
            let is_same = |group: &Group| time.saturating_sub(group.last) <= CHANGED && is_missing(group);
            match known.filter(|other| *other != key && !self.groups.contains_key(&key)) {
                Some(other) if self.groups.get(&other).is_some_and(is_same) => key = other,
                _ => *known = Some(key),
            }
        }
        let group = self.groups.entry(key).or_insert_with(|| {
            self.order.push_back((time, key));
            let seen = vec![Seen::default(); self.taps.len()].into_boxed_slice();
            Group {
                flow,
                tcp: passage.tcp,
                len: passage.len,
                quotes: [Some(passage.quote()), None],
                hops: passage.hops,
                last: time,
                seen,
            }
        });
        group.last = group.last.max(time);
        group.hops = group.hops.min(passage.hops);
        let [_, around] = &mut group.quotes;
        *around = passage.around.or(*around);
        let is_first_copy = group.seen.get(tap).is_some_and(|seen| seen.count == 0);
        if let (Some(sent), true) =
            (group.seen.iter().filter(|seen| seen.count > 0).map(|seen| seen.time).min(), is_first_copy)
        {
            let newest = self.newest.of((flow, tap));
            if newest.is_some_and(|newest| sent < newest) {
                self.paths.reordered(&flow.addresses, tap);
            }
            *newest = (*newest).max(Some(sent));
            self.paths.came(&flow.addresses, tap, sent);
        }
        let Some(seen) = group.seen.get_mut(tap) else { return };
        if seen.count == 0 {
            *seen = Seen { count: 1, frame, time, looks: passage.looks(self.taps.is_cut), is_translated };
        } else if !is_several {
            seen.count = seen.count.saturating_add(1);
        }
    }

    /// What came before that time, and not since, comes no more.
    fn expire(&mut self, before: i64) {
        while let Some((time, key)) = self.order.front().copied() {
            let (is_due, is_full) = (time < before, self.groups.len() > MAX_UNDER_WAY);
            let late = self.groups.get(&key).map(|group| group.last).filter(|last| is_due && *last >= before);
            // Those behind it wait with it, so that they come to their end in order; but for none that comes again and again.
            let is_waiting = late.is_some_and(|last| last.saturating_sub(time) <= CHANGED);
            if (!is_due || is_waiting) && !is_full {
                break;
            }
            self.order.pop_front();
            if let Some(last) = late {
                self.order.push_back((last, key));
            } else if let Some(group) = self.groups.remove(&key) {
                self.settle(&group, is_due);
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
        let is_told = group.hops <= 1 || group.quotes.iter().flatten().any(|quote| self.refused.get(quote).is_some());
        if let (Some(stretch), false) = (tcp.filter(|stretch| stretch.len > 0 && !is_told), is_whole) {
            return self.pieces.wait(flow, stretch.sequence, stretch.len, seen);
        }
        let first = seen.iter().filter(|seen| seen.count > 0).map(|seen| seen.time).min().unwrap_or(self.now);
        // Datagrams that one tap has joined and another apart have no number by which they are found again.
        let joined = self.joined.get(flow).copied().unwrap_or(0);
        let is_joined = |at: usize| joined & (1 << at) != 0;
        let is_elsewhere =
            |at: usize| seen.iter().enumerate().any(|(of, seen)| seen.count > 0 && is_joined(of) != is_joined(at));
        // A conversation that goes on past a tap that has nothing of it goes another way, or is none that is captured there.
        let [there, back] = [*flow, flow.back()].map(|of| self.conversations.get(&of).copied().unwrap_or_default());
        let is_past = |at: usize| back.has_answers && (there.taps | back.taps) & (1 << at) == 0;
        let mut counts: Counts = [0; MAX_TAPS];
        for (at, (count, seen)) in counts.iter_mut().zip(seen.iter()).enumerate() {
            *count = match seen.count {
                0 if is_told => TOLD,
                0 if !self.paths.is_watching(self.taps, &flow.addresses, at, first)
                    || is_elsewhere(at)
                    || is_past(at) =>
                {
                    UNKNOWN
                }
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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use ether_ip::icmpv4::Icmpv4Message;

    use super::super::lab::{A, ACK, B, Ip, NODE_A, NODE_B, SYN, SYN_ACK, Tcp, frame, told, vxlan};
    use super::super::report::{PathCounts, Report};
    use super::super::together;

    type Tap = Vec<(i64, Vec<u8>)>;

    const US: i64 = 1_000;
    const MS: i64 = 1_000 * US;
    /// From one tap to the other, and back.
    const THERE: i64 = 5 * MS;
    const BACK: i64 = 7 * MS;

    fn datagram(number: u16) -> Vec<u8> {
        frame(&Ip { id: 1 + number, ..Ip::new(A, B) }.udp((4_000, 5_000), &number.to_be_bytes().repeat(9)))
    }

    fn answer(number: u16) -> Vec<u8> {
        frame(&Ip { id: 1 + number, ..Ip::new(B, A) }.udp((5_000, 4_000), &number.to_be_bytes().repeat(9)))
    }

    /// Every 10 ms one each way. Those with these numbers are lost, there or back.
    fn both(count: u16, there: &[u16], back: &[u16]) -> (Tap, Tap) {
        let (mut one, mut other) = (Tap::new(), Tap::new());
        for number in 0..count {
            let at = i64::from(number) * 10 * MS;
            one.push((at, datagram(number)));
            if !there.contains(&number) {
                other.push((at + THERE, datagram(number)));
            }
            other.push((at + THERE + MS, answer(number)));
            if !back.contains(&number) {
                one.push((at + THERE + MS + BACK, answer(number)));
            }
        }
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        (one, other)
    }

    /// By a clock that is ahead, and faster.
    fn shifted(tap: &Tap, offset: i64, millionths: i64) -> Tap {
        tap.iter().map(|(at, bytes)| (at + offset + at * millionths / 1_000_000, bytes.clone())).collect()
    }

    fn report(one: &Tap, other: &Tap) -> Report {
        together(&[("one", one), ("other", other)])
    }

    fn counts(report: &Report, row: usize) -> PathCounts {
        report.rows[row].counts
    }

    fn codes(report: &Report) -> Vec<&'static str> {
        report.findings.iter().map(|finding| finding.code()).collect()
    }

    #[test]
    fn nothing_is_lost() {
        let (one, other) = both(500, &[], &[]);
        for (offset, millionths) in [(0, 0), (3_000 * MS, 50), (-3_000 * MS, -50)] {
            let report = report(&one, &shifted(&other, offset, millionths));
            assert_eq!(codes(&report), [""; 0]);
            let all = PathCounts { sent: 500, arrived: 500, ..PathCounts::default() };
            assert_eq!((counts(&report, 0), counts(&report, 1)), (all, all));
            // What goes there and back is known whatever the clocks are; of one way, half of it.
            for row in &report.rows {
                let [least, median, most] = row.round_trip.unwrap();
                let near = |time: i64| (time - THERE - BACK).abs() < 20 * US;
                assert!(near(least) && near(median) && near(most), "{row:?}");
                let [_, one_way, _] = row.one_way.unwrap();
                assert!((one_way - (THERE + BACK) / 2).abs() < 20 * US, "{row:?}");
            }
        }
    }

    #[test]
    fn each_lost_one_and_no_other() {
        let (one, other) = both(500, &[7, 300, 301], &[400]);
        for (offset, millionths) in [(0, 0), (3_000 * MS, 50)] {
            let other = shifted(&other, offset, millionths);
            for (report, rows) in [(report(&one, &other), [0, 1]), (report(&other, &one), [0, 1])] {
                let lost = |sent, lost| PathCounts { sent, arrived: sent - lost, lost, ..PathCounts::default() };
                assert_eq!(rows.map(|row| counts(&report, row)), [lost(500, 3), lost(500, 1)]);
                assert_eq!(codes(&report), ["lost-between"; 2]);
                // The packets as they were sent: two a number, and one behind the first that is not answered at once.
                let sentence =
                    "Of 500 packets from 10.244.1.2 to 10.244.2.2 3 are lost between one and other: 0.6 %.".to_owned();
                let sentence = if report.rows[0].from == "one" {
                    sentence
                } else {
                    sentence.replace("one and other", "other and one")
                };
                let (told, frames) = told(&report.findings, "lost-between");
                assert_eq!(told, sentence);
                let numbers: Vec<_> = frames.iter().map(|frame| one[*frame as usize - 1].1.clone()).collect();
                assert_eq!(numbers, [7, 300, 301].map(datagram));
            }
        }
    }

    /// Each answer takes as much less as its question took more, 12 ms both: it is told beside its own question and no other.
    #[test]
    fn there_and_back() {
        let (mut one, mut other) = (Tap::new(), Tap::new());
        for number in 0..500_u16 {
            let (at, more) = (i64::from(number) * 20 * MS, i64::from(number % 7) * MS);
            let (arrives, returns) = (at + 5 * MS + more, at + 13 * MS);
            one.extend([(at, datagram(number)), (returns, answer(number))]);
            other.extend([(arrives, datagram(number)), (arrives + MS, answer(number))]);
        }
        for (offset, millionths) in [(0, 0), (3_000 * MS, 0)] {
            let report = report(&one, &shifted(&other, offset, millionths));
            assert_eq!(report.rows[1].pods, (B.into(), A.into()));
            assert_eq!(report.rows[1].round_trip, Some([12 * MS; 3]));
        }
    }

    /// IP in IP has as many hops left at both nodes. What is lost between them took longer to the first than the rest does to the second, which
    /// stands behind it all the same.
    #[test]
    fn slow_and_lost() {
        let (mut pod, mut one, mut other) = (Tap::new(), Tap::new(), Tap::new());
        for number in 0..100_u16 {
            let (at, is_lost) = (i64::from(number) * 20 * MS, number % 8 == 7);
            pod.extend([(at, datagram(number)), (at + MS + 200 * US, answer(number))]);
            one.push((at + if is_lost { 14 * MS } else { 100 * US }, datagram(number)));
            one.push((at + MS + 100 * US, answer(number)));
            if !is_lost {
                other.push((at + 200 * US, datagram(number)));
            }
            other.push((at + MS, answer(number)));
        }
        one.sort_by_key(|(at, _)| *at);
        let report = together(&[("pod", &pod), ("one", &one), ("other", &other)]);
        let sentence = "Of 100 packets from 10.244.1.2 to 10.244.2.2 12 are lost between one and other: 12.0 %.";
        assert_eq!(told(&report.findings, "lost-between").0, sentence);
        assert_eq!(counts(&report, 1), PathCounts { sent: 100, arrived: 100, ..PathCounts::default() });
    }

    /// `diagnose` has a tap at each node, the one's outer addresses are the other's, and hops are fewer.
    #[test]
    fn around_and_hops_are_nobodys() {
        let (one, other) = both(50, &[7], &[]);
        let outer = |bytes: &Vec<u8>| {
            let ip = if bytes[29] == 2 && bytes[28] == 1 { Ip::new(NODE_A, NODE_B) } else { Ip::new(NODE_B, NODE_A) };
            vxlan(ip, 8472, 1, bytes)
        };
        let other: Tap = other.iter().map(|(at, bytes)| (*at, outer(bytes))).collect();
        let report = report(&one, &other);
        assert_eq!(counts(&report, 0), PathCounts { sent: 50, arrived: 49, lost: 1, ..PathCounts::default() });
    }

    /// RFC 7348 and cards have nothing to do with one another: one tap has a segment of 4000 bytes, the other its packets.
    #[test]
    fn data_by_its_bytes() {
        let data =
            |id, sequence, len| frame(&Ip { id, ..Ip::new(A, B) }.tcp(Tcp { len, ..Tcp::there(ACK, sequence, 300) }));
        let acknowledged = |id, sequence| frame(&Ip { id, ..Ip::new(B, A) }.tcp(Tcp::back(ACK, 300, sequence)));
        let (mut one, mut other) = both(50, &[], &[]);
        for number in 0..20_u16 {
            let (at, first) = (500 * MS + i64::from(number) * 20 * MS, 1 + 4_000 * u32::from(number));
            one.push((at, data(1 + 4 * number, first, 4_000)));
            for part in 0..4_u16 {
                let (id, sequence) = (1 + 4 * number + part, first + 1_000 * u32::from(part));
                // Of the tenth the third is lost, sent again, and comes then.
                if (number, part) == (10, 2) {
                    one.push((at + 300 * MS, data(999, sequence, 1_000)));
                    other.push((at + 300 * MS + THERE, data(999, sequence, 1_000)));
                } else {
                    other.push((at + THERE, data(id, sequence, 1_000)));
                }
            }
        }
        other.push((950 * MS, acknowledged(1, 80_001)));
        one.push((950 * MS + BACK, acknowledged(1, 80_001)));
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        let report = report(&one, &other);
        // 50 datagrams, 80 packets and the one that is sent again.
        let expected = PathCounts { sent: 131, arrived: 130, lost: 1, ..PathCounts::default() };
        assert_eq!(counts(&report, 0), expected, "{:?}", report.rows);
        assert_eq!(report.findings.last().unwrap().evidence().numbers.last(), Some(&("lost_bytes", 1_000)));
        let whole = PathCounts { sent: 51, arrived: 51, ..PathCounts::default() };
        assert_eq!(counts(&report, 1), whole);
    }

    /// What a tap has not and the receiver acknowledges was not captured; it is not lost.
    #[test]
    fn acknowledged_is_not_lost() {
        let (mut one, mut other) = both(50, &[], &[]);
        let data =
            |id, sequence| frame(&Ip { id, ..Ip::new(A, B) }.tcp(Tcp { len: 100, ..Tcp::there(ACK, sequence, 300) }));
        for number in 0..5 {
            let at = 500 * MS + i64::from(number) * MS;
            one.push((at, data(number, 1 + 100 * u32::from(number))));
            if number != 2 {
                other.push((at + THERE, data(number, 1 + 100 * u32::from(number))));
            }
        }
        let acknowledged = frame(&Ip { id: 99, ..Ip::new(B, A) }.tcp(Tcp::back(ACK, 300, 501)));
        other.push((520 * MS, acknowledged.clone()));
        one.push((520 * MS + BACK, acknowledged));
        let report = report(&one, &other);
        let expected = PathCounts { sent: 55, arrived: 54, unjudged: 1, ..PathCounts::default() };
        assert_eq!((counts(&report, 0), codes(&report)), (expected, vec![]));
    }

    #[test]
    fn the_same_in_every_field() {
        let (mut one, mut other) = both(50, &[], &[]);
        let same = frame(&Ip::new(A, B).udp((4_000, 6_000), b"the same in every field"));
        for number in 0..5 {
            one.push((200 * MS + number * MS, same.clone()));
            if number != 3 {
                other.push((200 * MS + number * MS + THERE, same.clone()));
            }
        }
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        let report = report(&one, &other);
        let expected = PathCounts { sent: 55, arrived: 54, lost: 1, ambiguous: 5, ..PathCounts::default() };
        assert_eq!(counts(&report, 0), expected);
    }

    /// A pod hands its card 40 datagrams as one (UDP_SEGMENT); behind it they are apart.
    #[test]
    fn datagrams_in_one() {
        let (mut one, mut other) = both(50, &[], &[]);
        let payload: Vec<u8> = (0..40_000).map(|at: u32| (at / 7) as u8).collect();
        let sent = |id, payload: &[u8]| frame(&Ip { id, ..Ip::new(A, B) }.udp((4_000, 6_000), payload));
        one.push((205 * MS, sent(700, &payload)));
        for (number, piece) in (0..).zip(payload.chunks(1_000)) {
            other.push((205 * MS + THERE, sent(700 + number, piece)));
        }
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        let report = report(&one, &other);
        assert_eq!((counts(&report, 0).lost, codes(&report)), (0, vec![]));
        // One that a link may carry is lost if it does not come.
        one.push((206 * MS, sent(800, &payload[..8_000])));
        one.sort_by_key(|(at, _)| *at);
        let other: Tap = other.into_iter().filter(|(_, bytes)| bytes.len() < 900).collect();
        let one: Tap = one.into_iter().filter(|(_, bytes)| bytes.len() < 9_000).collect();
        assert_eq!(self::report(&one, &other).rows[0].counts.lost, 1);
    }

    /// Bytes of the payload change on the way: it came, and not as it was sent.
    #[test]
    fn changed_on_the_way() {
        let (one, mut other) = both(50, &[30], &[]);
        for (_, bytes) in &mut other {
            if *bytes == datagram(10) || *bytes == datagram(20) {
                bytes[45] ^= 0x40;
            }
        }
        let report = report(&one, &other);
        assert_eq!(counts(&report, 0), PathCounts { sent: 50, arrived: 49, lost: 1, ..PathCounts::default() });
        assert_eq!(report.rows[0].changed, [("payload", 2)]);
    }

    /// Of two wires one is captured: of what is on the other, and answered, nothing is said; what nobody answers is lost.
    #[test]
    fn on_another_wire() {
        let (mut one, mut other) = both(50, &[], &[]);
        let said =
            |from, to, id, ports| frame(&Ip { id, ..Ip::new(from, to) }.udp(ports, b"on another wire than that"));
        for number in 0..5 {
            let at = 203 * MS + i64::from(number) * MS;
            one.push((at, said(A, B, 900 + number, (4_001, 53))));
            one.push((at + US, said(B, A, 900 + number, (53, 4_001))));
        }
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        assert_eq!(codes(&report(&one, &other)), [""; 0]);
        one.retain(|(_, bytes)| *bytes != said(B, A, 900, (53, 4_001)) && bytes[34..36] != [0, 53]);
        assert_eq!(counts(&report(&one, &other), 0).lost, 5);
    }

    #[test]
    fn twice_and_overtaken() {
        let (mut one, mut other) = both(50, &[], &[]);
        // The tenth comes twice; the twentieth behind the one after it.
        other.push((100 * MS + THERE + US, datagram(10)));
        let place = other.iter().position(|(_, bytes)| *bytes == datagram(20)).unwrap();
        other[place].0 += 15 * MS;
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        let report = report(&one, &other);
        let expected =
            PathCounts { sent: 50, arrived: 50, duplicated: 1, reordered: 1, ambiguous: 2, ..PathCounts::default() };
        assert_eq!((counts(&report, 0), codes(&report)), (expected, vec![]));
    }

    /// Nothing comes back: the clock and the delay are one.
    #[test]
    fn one_direction() {
        let (one, other) = both(50, &[7], &[]);
        let of = |tap: &Tap| tap.iter().filter(|(_, bytes)| bytes[29] == 2 && bytes[28] == 1).cloned().collect::<Tap>();
        let there = |tap: &Tap| tap.iter().filter(|(_, bytes)| bytes[32] == 2).cloned().collect::<Tap>();
        assert!(of(&one).len() == 50 && there(&one).len() == 50);
        let report = report(&of(&one), &of(&other));
        let sentence = "other and one have packets of one direction alone in common: how far their clocks are apart and how long the packets \
                        took cannot be told from one another.";
        assert_eq!(report.compared, [sentence]);
        assert_eq!((report.rows[0].one_way, report.rows[0].round_trip), (None, None));
        assert_eq!(counts(&report, 0), PathCounts { sent: 50, arrived: 49, lost: 1, ..PathCounts::default() });
    }

    /// A service's address on the one side, the pod's on the other; another sender too.
    #[test]
    fn translated() {
        let (service, masked) = (Ipv4Addr::new(10, 96, 0, 10), Ipv4Addr::new(10, 244, 2, 1));
        let of = |from, to, id: u16, is_back: bool| {
            let ports = if is_back { (5_000, 4_000) } else { (4_000, 5_000) };
            frame(&Ip { id, ..Ip::new(from, to) }.udp(ports, &id.to_be_bytes().repeat(9)))
        };
        let (mut one, mut other) = (Tap::new(), Tap::new());
        for number in 0..40_u16 {
            let at = i64::from(number) * 10 * MS;
            one.push((at, of(A, service, 1 + number, false)));
            if number != 9 {
                other.push((at + 3 * MS, of(masked, B, 1 + number, false)));
                other.push((at + 4 * MS, of(B, masked, 100 + number, true)));
                one.push((at + 7 * MS, of(service, A, 100 + number, true)));
            }
        }
        let report = report(&one, &other);
        let row = &report.rows[1];
        assert_eq!((row.pods, row.translated), ((A.into(), service.into()), Some((masked.into(), B.into()))));
        assert_eq!(row.counts, PathCounts { sent: 40, arrived: 39, lost: 1, ..PathCounts::default() });
        assert_eq!(row.changed, [("addresses", 39)]);
        assert_eq!(report.rows.len(), 2);
    }

    /// What is sent before the other capture begins, or after it ends, may have come.
    #[test]
    fn beside_the_other_capture() {
        let (one, other) = both(100, &[50], &[]);
        let middle: Tap = other.iter().filter(|(at, _)| (200 * MS..800 * MS).contains(at)).cloned().collect();
        let report = report(&one, &middle);
        let row = counts(&report, 0);
        assert_eq!((row.lost, row.sent), (1, 100));
        // From 200 ms on with 5 ms of delay 20 to 79, but for one.
        assert_eq!((row.arrived, row.unjudged), (59, 40), "{row:?}");
    }

    /// What a router says that it drops is another finding.
    #[test]
    fn told_by_icmp() {
        let (mut one, mut other) = both(50, &[7], &[]);
        let message = Icmpv4Message::DestinationUnreachable { code: 4, unused_and_length: 0, next_hop_mtu: 1_400 };
        let router = Ipv4Addr::new(192, 0, 2, 254);
        one.push((100 * MS, frame(&Ip { id: 900, ..Ip::new(router, A) }.icmp(message, &datagram(7)[14..14 + 28]))));
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        let report = report(&one, &other);
        assert_eq!(codes(&report), ["pmtu-refused"]);
        assert_eq!(counts(&report, 0).unjudged, 1, "{:?}", report.rows);
    }

    /// The same of a ping without a number (Linux, net/ipv4/ip_output.c: what may not be cut needs none), by its identifier.
    #[test]
    fn a_ping_told_by_icmp() {
        let (mut one, mut other) = both(50, &[], &[]);
        let ping = Ip::new(A, B).ping(1);
        let message = Icmpv4Message::DestinationUnreachable { code: 4, unused_and_length: 0, next_hop_mtu: 70 };
        let router = Ipv4Addr::new(192, 0, 2, 254);
        let refusal = |quoted: &[u8]| frame(&Ip { id: 900, ..Ip::new(router, A) }.icmp(message, quoted));
        one.push((100 * MS, frame(&ping)));
        one.push((101 * MS, refusal(&ping[..28])));
        one.sort_by_key(|(at, _)| *at);
        other.sort_by_key(|(at, _)| *at);
        assert_eq!(codes(&report(&one, &other)), ["pmtu-refused"]);
        // Another one's is not it.
        let foreign = Ip::new(A, B).icmp(Icmpv4Message::EchoRequest { identifier: 8, sequence: 1 }, &[7; 56]);
        one.iter_mut().filter(|(at, _)| *at == 101 * MS).for_each(|(_, bytes)| *bytes = refusal(&foreign[..28]));
        assert_eq!(codes(&report(&one, &other)), ["pmtu-refused", "lost-between"]);
    }

    /// What only the lost have in common.
    #[test]
    fn in_common() {
        let of = |number: u16, len: usize| {
            let payload: Vec<u8> = number.to_be_bytes().into_iter().cycle().take(len).collect();
            frame(&Ip { id: 1 + number, ..Ip::new(A, B) }.udp((4_000, 5_000), &payload))
        };
        let (mut one, mut other) = both(50, &[], &[]);
        for number in 100..110_u16 {
            let (at, is_long) = (i64::from(number) * 10 * MS, number % 2 == 0);
            let bytes = of(number, if is_long { 1_400 } else { 500 });
            one.push((at, bytes.clone()));
            if !is_long {
                other.push((at + THERE, bytes));
            }
        }
        let sentence = "Of 60 packets from 10.244.1.2 to 10.244.2.2 5 are lost between one and other: 8.3 %. Of the lost each has at least \
                        1408 bytes behind its IP header, and none that arrives more than 508.";
        let report = report(&one, &other);
        assert_eq!(told(&report.findings, "lost-between").0, sentence);
    }

    /// Two captures that have nothing to do with one another, though of the same pods.
    #[test]
    fn strangers() {
        let (one, _) = both(100, &[], &[]);
        let syn = |id, at| {
            let ip = Ip { id, ..Ip::new(A, B) };
            let back = Ip { id, ..Ip::new(B, A) };
            vec![
                (at, frame(&ip.tcp(Tcp::there(SYN, at as u32, 0)))),
                (at + MS, frame(&back.tcp(Tcp::back(SYN_ACK, 7, at as u32 + 1)))),
            ]
        };
        let other: Tap = (0..10).flat_map(|number| syn(number, 77 + i64::from(number) * 90 * MS)).collect();
        let report = report(&one, &other);
        assert_eq!((codes(&report), report.rows), (vec![], vec![]));
        let sentence =
            "other has too few packets, or none, that those before it have: how their clocks stand is not known.";
        assert_eq!(report.compared, [sentence]);
    }

    /// A pod's tap, its node's and the other node's: the loss is placed.
    #[test]
    fn between_which() {
        let (one, other) = both(100, &[20, 21], &[30]);
        let (_, third) = both(100, &[20, 21, 60], &[]);
        let third = third
            .iter()
            .map(|(at, bytes)| (at + 10 * US, bytes.clone()))
            .filter(|(_, bytes)| *bytes != answer(61))
            .collect::<Tap>();
        let report = together(&[("pod", &one), ("third", &third), ("node", &other)]);
        let told: Vec<_> = report.findings.iter().map(|finding| finding.sentence()).collect();
        assert_eq!(
            told,
            [
                "Of 100 packets from 10.244.1.2 to 10.244.2.2 2 are lost between pod and node: 2.0 %.",
                "Of 100 packets from 10.244.1.2 to 10.244.2.2 1 is lost between node and third: 1.0 %.",
                "Of 100 packets from 10.244.2.2 to 10.244.1.2 1 is lost between third and pod: 1.0 %.",
            ]
        );
    }

    #[test]
    fn without_order() {
        let (one, other) = both(500, &[], &[]);
        let turned: Tap = other.into_iter().rev().collect();
        let report = report(&one, &turned);
        assert!(report.rows.is_empty() && codes(&report).is_empty());
        let remark = "other is not in the order of its times: it is not compared with the others.";
        assert!(report.remarks.contains(&remark.to_owned()), "{:?}", report.remarks);
    }
}
