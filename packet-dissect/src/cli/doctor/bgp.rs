//! `bgp-reset`, `bgp-open-mismatch`, `bgp-hold-expired`, `bgp-malformed`, `bgp-md5`: why BGP sessions end, or do not begin.

use std::net::IpAddr;

use bgp_codec::NotificationCode;
use ether_ip::tcp::TcpFlags;

use crate::Timestamp;
use crate::conversations::Analysis;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::said::{Opening, Said};
use super::sight::{Segment, Sight};

/// The port of BGP.
const PORT: u16 = 179;
/// What is asked for so often, and for so long, in nanoseconds, is not answered: Linux sends a SYN again after 1 s, and after 2 s more.
const LEAST: u64 = 3;
const PATIENCE: i128 = 3_000_000_000;
/// So much longer than the hold time must silence be, in nanoseconds: timers are not exact.
const GRACE: i128 = 500_000_000;
const SECOND: i128 = 1_000_000_000;

/// One direction of a connection.
type Flow = (Addresses, (u16, u16));

#[derive(Debug, Default)]
pub(super) struct Bgp {
    /// The last OPEN that each sent to another.
    opens: Bounded<Addresses, Opening>,
    /// Who asks another for a connection, and has no answer yet.
    asked: Bounded<Addresses, Asked>,
    /// Who told another its hardware address.
    neighbours: Bounded<Addresses, ()>,
    /// Who goes on with a session, by direction.
    sides: Bounded<Flow, Side>,
    /// Who says nothing, by who is not told.
    silent: Bounded<Addresses, Silence>,
    last: Option<Timestamp>,
}

/// A connection that is asked for.
#[derive(Debug, Default)]
struct Asked {
    signature: Option<&'static str>,
    /// Whoever is asked was seen to say something else.
    is_there: bool,
    evidence: Evidence,
}

/// What one says on a connection.
#[derive(Debug)]
struct Side {
    hold_time: u16,
    /// When it sent data last, and what sequence number follows that.
    spoke: Option<Timestamp>,
    next: u32,
    /// What it sent again since the other side's last segment.
    again: Evidence,
    /// It took the other's OPEN, and said so or more.
    is_established: bool,
}

/// How long one said nothing while the other waited.
#[derive(Debug, Default)]
struct Silence {
    hold_time: u16,
    longest: i128,
    /// The one who waited ended the connection.
    is_closed: bool,
    evidence: Evidence,
}

impl Rule for Bgp {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        self.last = sight.at.time.or(self.last);
        self.is_there(sight);
        let of_bgp = || sight.segments.iter().filter(|of| of.ports.0 == PORT || of.ports.1 == PORT);
        for segment in of_bgp() {
            self.signed(segment, &sight.at, ledger);
            self.goes_on(segment, sight);
        }
        for (addresses, said) in &sight.bgp {
            let flow = of_bgp().next_back().map(|segment| (flow(segment), next(segment)));
            self.says(*addresses, flow, said, &sight.at, ledger);
        }
        let ends = [TcpFlags::SYN, TcpFlags::FIN, TcpFlags::RST];
        for segment in of_bgp().filter(|of| ends.iter().any(|flag| of.flags.contains(*flag))) {
            self.breaks_off(segment, sight, ledger);
            self.sides.remove(&flow(segment));
            self.sides.remove(&back(flow(segment)));
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for (addresses, asked) in self.asked.drain_by(|asked| asked.evidence.begin()) {
            let (from, to) = addresses;
            let Asked { signature: Some(signature), is_there: true, evidence } = asked else { continue };
            let waited = since(self.last, evidence.first).unwrap_or(0);
            if evidence.count >= LEAST && waited >= PATIENCE {
                let sentence = format!(
                    "{from} signs the connections that it asks {to} for ({signature}, for BGP), and {to}, which is there, answers none: it has \
                     another password or none, or a filter is between."
                );
                ledger.put(Key::new(Code::BgpMd5).around(Some(addresses)), sentence, evidence);
            }
        }
        self.unanswered();
        for (addresses, silence) in self.silent.drain_by(|silence| silence.evidence.begin()) {
            let ((from, to), Silence { hold_time, longest, is_closed, mut evidence }) = (addresses, silence);
            let seconds = longest as f64 / 1e9;
            evidence.numbers = vec![("hold_time", hold_time.into())];
            let what = if is_closed { "ends" } else { "goes on with" };
            let sentence = format!(
                "{from} says nothing to {to} for {seconds:.1} s, which {what} their BGP session: they agreed on a hold time of {hold_time} s."
            );
            ledger.put(Key::new(Code::BgpHoldExpired).around(Some(addresses)), sentence, evidence);
        }
    }
}

impl Bgp {
    /// What a message says of the session.
    fn says(&mut self, addresses: Addresses, on: Option<(Flow, u32)>, said: &Said, at: &At, ledger: &mut Ledger) {
        let (from, to) = addresses;
        let key = |code| Key::new(code).around(Some(addresses));
        match said {
            Said::Open(open) => {
                if let Some(why) = &open.refusal {
                    ledger.note(key(Code::BgpOpenMismatch).of(why.as_str()), at, |_| {
                        format!("{from} proposes a BGP session that {to} must refuse: {why}.")
                    });
                }
                if let Some((flow, next)) = on {
                    let (hold_time, spoke, again) = (open.hold_time, at.time, Evidence::default());
                    let side = Side { hold_time, spoke, next, again, is_established: false };
                    self.sides.remove(&flow);
                    self.sides.or(flow, || side);
                }
                self.opens.or(addresses, || open.clone()).into_iter().for_each(|known| known.clone_from(open));
                let Some(other) = self.opens.get(&(to, from)).filter(|other| !open.has_family_of(other)) else {
                    return;
                };
                let (ours, theirs) = (open.family_names(), other.family_names());
                ledger.note(key(Code::BgpOpenMismatch).of("families"), at, |_| {
                    format!(
                        "{from} and {to} have no address family in common, and no routes to exchange: {from} says {ours}, {to} says {theirs}."
                    )
                });
            }
            // Two connections of one session: one is too many (RFC 4271 §6.8).
            Said::Notification { code: NotificationCode::COLLISION, .. } => {}
            Said::Notification { code, words } => {
                let (kind, why) = match code.code {
                    2 => (Code::BgpOpenMismatch, self.disagreement(*code, addresses)),
                    4 | 8 => (Code::BgpHoldExpired, self.waited(on.map(|(flow, _)| flow), to, at)),
                    _ => (Code::BgpReset, String::new()),
                };
                // It is told once.
                self.silent.remove(&(to, from));
                if let Some((flow, _)) = on {
                    [flow, back(flow)].iter().for_each(|flow| _ = self.sides.remove(flow));
                }
                ledger.note(key(kind).of(words.as_str()), at, |_| {
                    format!("{from} ends its BGP session with {to}: {words}.{why}")
                });
            }
            Said::Malformed(words) => {
                ledger.note(key(Code::BgpMalformed).of(words.as_str()), at, |_| {
                    format!("{from} sends {to} a BGP message that is malformed: {words}.")
                });
            }
            Said::Routes { .. } => {}
        }
    }

    /// A connection ends on which both took the other's OPEN and neither said why it should (RFC 4271 §6: with a NOTIFICATION).
    fn breaks_off(&mut self, segment: &Segment, sight: &Sight<'_>, ledger: &mut Ledger) {
        let flow = flow(segment);
        let is_established = |flow| self.sides.get(flow).is_some_and(|side: &Side| side.is_established);
        let (from, to) = segment.header.addresses;
        let is_told = self.silent.has(&(from, to)) || self.silent.has(&(to, from));
        if !is_established(&flow) || !is_established(&back(flow)) || is_told || !sight.is_in_order {
            return;
        }
        let by = if segment.flags.contains(TcpFlags::RST) { "resets" } else { "closes" };
        ledger.note(Key::new(Code::BgpReset).around(Some((from, to))).of(by), &sight.at, |_| {
            format!("{from} {by} the connection of its BGP session with {to}, and says no reason: no NOTIFICATION came before.")
        });
    }

    /// Whether both sign what they send by the same, or neither does.
    fn signed(&mut self, segment: &Segment, at: &At, ledger: &mut Ledger) {
        let (source, destination) = segment.header.addresses;
        let has = |flag| segment.flags.contains(flag);
        if has(TcpFlags::ACK) || has(TcpFlags::RST) || segment.ports.1 != PORT {
            // Whatever it says, it is an answer, or was made by one.
            self.asked.remove(&(destination, source));
            self.asked.remove(&(source, destination));
            return;
        }
        if !has(TcpFlags::SYN) {
            return;
        }
        let is_there = self.neighbours.has(&(destination, source));
        if let Some(asked) = self.asked.of((source, destination)) {
            if asked.signature != segment.signature {
                *asked = Asked { signature: segment.signature, ..Asked::default() };
            }
            asked.is_there |= is_there;
            asked.evidence.add(at);
        }
        let Some(other) = self.asked.get(&(destination, source)) else { return };
        let (signing, plain, by, not) = match (segment.signature, other.signature) {
            (one, other) if one == other => return,
            (Some(one), other) => (source, destination, one, other),
            (None, other) => (destination, source, other.unwrap_or_default(), None),
        };
        let instead = not.map_or("does not".to_owned(), |not| format!("by {not}"));
        ledger.note(Key::new(Code::BgpMd5).around(Some((signing, plain))), at, |_| {
            format!(
                "{signing} signs what it sends to {plain} for BGP by {by}, and {plain} {instead}: neither takes the other's connections."
            )
        });
    }

    /// Whether those who are asked for connections are there at all.
    fn is_there(&mut self, sight: &Sight<'_>) {
        for of in sight.neighbours.iter().filter(|of| of.is_answer) {
            of.asker.into_iter().for_each(|asker| _ = self.neighbours.of((of.target, asker)));
        }
        if self.asked.is_empty() {
            return;
        }
        for (from, to) in sight.headers.iter().map(|header| header.addresses) {
            self.asked.get_mut(&(to, from)).into_iter().for_each(|asked| asked.is_there = true);
        }
        for quoted in sight.icmp_errors.iter().filter_map(|error| error.quoted) {
            self.asked.remove(&quoted.addresses);
        }
    }

    /// Whether one goes on with a session of which the other says nothing any more, or ends it.
    fn goes_on(&mut self, segment: &Segment, sight: &Sight<'_>) {
        let flow = flow(segment);
        let is_closed = segment.flags.contains(TcpFlags::FIN);
        if let Some((hold_time, silence, heard)) = self.silence(flow, sight.at.time) {
            // BIRD ends it up to a quarter sooner, as RFC 4271 §10 has it of other timers.
            let least = if is_closed { i128::from(hold_time) * SECOND * 3 / 4 } else { patience(hold_time) };
            // What came and is not in the capture would be acknowledged.
            let heard_no_more = segment.acknowledgment.wrapping_sub(heard) as i32 <= 0;
            if silence >= least && heard_no_more && sight.is_in_order {
                let (from, to) = segment.header.addresses;
                if let Some(known) = self.silent.of((to, from)) {
                    known.hold_time = hold_time;
                    known.longest = known.longest.max(silence);
                    known.is_closed |= is_closed;
                    known.evidence.add(&sight.at);
                }
            }
        }
        if let Some(side) = self.sides.get_mut(&flow) {
            if segment.len > 0 {
                // Behind its OPEN: a KEEPALIVE, or what comes later still.
                side.is_established |= !sight.bgp.iter().any(|(_, said)| matches!(said, Said::Open(_)));
                (side.spoke, side.next) = (sight.at.time, next(segment));
            }
            if segment.analysis.has(Analysis::RETRANSMISSION) && sight.is_in_order {
                side.again.add(&sight.at);
            }
        }
        self.sides.get_mut(&back(flow)).into_iter().for_each(|other| other.again = Evidence::default());
    }

    /// The hold time that was agreed on, in seconds, how long one side has waited for the other, in nanoseconds, and which sequence number
    /// follows what it heard last; `None` where nobody need say anything.
    fn silence(&self, waiting: Flow, now: Option<Timestamp>) -> Option<(u16, i128, u32)> {
        let (one, other) = (self.sides.get(&waiting)?, self.sides.get(&back(waiting))?);
        let hold_time = one.hold_time.min(other.hold_time);
        Some((hold_time, since(now, other.spoke)?, other.next)).filter(|_| hold_time > 0)
    }

    /// Who sent again what nobody acknowledged, until the capture ends.
    fn unanswered(&mut self) {
        let flows: Vec<_> = self.sides.keys().copied().collect();
        for flow in flows {
            let Some((hold_time, longest, _)) = self.silence(flow, self.last) else { continue };
            let (Some(side), (from, to)) = (self.sides.get_mut(&flow), flow.0) else { continue };
            let evidence = std::mem::take(&mut side.again);
            if evidence.count >= LEAST && longest >= patience(hold_time) {
                self.silent.or((to, from), || Silence { hold_time, longest, is_closed: false, evidence });
            }
        }
    }

    /// How long who ends a session waited for the other.
    fn waited(&self, flow: Option<Flow>, silent: IpAddr, at: &At) -> String {
        let waited = flow.and_then(|flow| self.silence(flow, at.time));
        waited.map_or(String::new(), |(hold_time, waited, _)| {
            let seconds = waited as f64 / 1e9;
            format!(" {silent} said nothing for {seconds:.1} s; they agreed on a hold time of {hold_time} s.")
        })
    }

    /// What the two do not agree on, and what they said of themselves.
    fn disagreement(&self, code: NotificationCode, (from, to): Addresses) -> String {
        let told = |from, to| self.opens.get(&(from, to)).map(|open| format!(" {from} says {open}."));
        let refused = self.opens.get(&(to, from)).map(|open| {
            let Opening { version, as_number, hold_time, identifier, .. } = open;
            match code {
                NotificationCode::UNSUPPORTED_VERSION => format!(" {to} speaks version {version} of BGP."),
                NotificationCode::BAD_PEER_AS => format!(" It expects another AS than {as_number} of {to}."),
                NotificationCode::BAD_IDENTIFIER => format!(" It does not take {identifier} for {to}."),
                NotificationCode::UNACCEPTABLE_HOLD_TIME if matches!(hold_time, 1 | 2) => {
                    format!(" {to} proposes {hold_time} s, which nobody may: 0, or at least 3 (RFC 4271 §4.2).")
                }
                NotificationCode::UNACCEPTABLE_HOLD_TIME => format!(" {to} proposes {hold_time} s."),
                NotificationCode::UNSUPPORTED_CAPABILITY => {
                    format!(" The address families of {to} are {}.", open.family_names())
                }
                _ => String::new(),
            }
        });
        [refused, told(from, to), told(to, from)].into_iter().flatten().collect()
    }
}

fn flow(segment: &Segment) -> Flow {
    (segment.header.addresses, segment.ports)
}

const fn back(((from, to), (source, destination)): Flow) -> Flow {
    ((to, from), (destination, source))
}

/// How long silence must be, in nanoseconds, by a hold time in seconds.
fn patience(hold_time: u16) -> i128 {
    i128::from(hold_time) * SECOND + GRACE
}

/// The sequence number that follows a segment's data.
const fn next(segment: &Segment) -> u32 {
    segment.sequence.wrapping_add(segment.len)
}

/// How long it is from one time to a later one, in nanoseconds.
fn since(later: Option<Timestamp>, earlier: Option<Timestamp>) -> Option<i128> {
    Some(later?.nanoseconds_since(earlier?))
}

#[cfg(test)]
mod tests {
    use super::super::lab::{
        ACK, Capture, Ip, NODE_A, NODE_B, SYN, Tcp, arp, bgp_message as message, bgp_open, codes, findings, frame, told,
    };
    use ether_ip::arp::ArpOperation;
    use ether_ip::tcp::TcpFlags;
    use std::net::Ipv4Addr;

    fn open(from: Ipv4Addr, to: Ipv4Addr, number: u16) -> (u64, Vec<u8>) {
        bgp_open(from, to, number, 90)
    }

    /// A NOTIFICATION behind two OPENs.
    fn notified(code: u8, subcode: u8, data: &[u8]) -> Capture {
        let there = open(NODE_A, NODE_B, 64_512);
        let back = open(NODE_B, NODE_A, 64_513);
        let body = [&[code, subcode], data].concat();
        vec![there, back, message(NODE_B, NODE_A, 30, 3, &body)]
    }

    #[test]
    fn sessions_end() {
        // RFC 9003 §2: a text behind its length.
        let all = findings(&notified(6, 2, b"\x04\x1bbye"));
        let sentence = r#"192.0.2.2 ends its BGP session with 192.0.2.1: Administrative Shutdown, "\x1bbye"."#;
        assert_eq!((told(&all, "bgp-reset"), all.len()), ((sentence.to_owned(), vec![3]), 1));
        // RFC 4271 §6.8: two connections of one session.
        assert!(codes(&notified(6, 7, &[])).is_empty());
        assert!(codes(&notified(6, 2, &[])[..2].to_vec()).is_empty());
    }

    /// RFC 4271 §6.5, and 9 seconds in which node A says nothing.
    #[test]
    fn hold_time_runs_out() {
        let mut capture = notified(4, 0, &[]);
        capture[2].0 = 90_000;
        let sentence = "192.0.2.2 ends its BGP session with 192.0.2.1: Hold Timer Expired. 192.0.2.1 said nothing for 90.0 s; they agreed on a \
                        hold time of 90 s.";
        let all = findings(&capture);
        assert_eq!((told(&all, "bgp-hold-expired"), all.len()), ((sentence.to_owned(), vec![3]), 1));
    }

    /// Node A goes on with KEEPALIVEs, and node B says nothing behind its OPEN, or only these.
    fn goes_on(hold_time: u16, answers: &[u64]) -> Capture {
        let mut capture = vec![bgp_open(NODE_A, NODE_B, 64_512, hold_time), open(NODE_B, NODE_A, 64_513)];
        for (n, at) in (0..).zip([3_000, 6_000, 9_000, 10_000, 11_000]) {
            capture.push((at, message(NODE_A, NODE_B, 30 + 19 * n, 4, &[]).1));
        }
        for (n, at) in (0..).zip(answers) {
            capture.push((*at, message(NODE_B, NODE_A, 30 + 19 * n, 4, &[]).1));
        }
        capture.sort_by_key(|(at, _)| *at);
        capture
    }

    /// RFC 4271 §4.2: the smaller of two hold times counts, 9 s; and none if that is 0.
    #[test]
    fn silence() {
        let sentence = "192.0.2.2 says nothing to 192.0.2.1 for 11.0 s, which goes on with their BGP session: they agreed on a hold time of 9 s.";
        let all = findings(&goes_on(9, &[]));
        assert_eq!((told(&all, "bgp-hold-expired"), all.len()), ((sentence.to_owned(), vec![6, 7]), 1));
        assert!(codes(&goes_on(9, &[3_001, 8_000])).is_empty());
        assert!(codes(&goes_on(0, &[])).is_empty());
        // The OPENs are not in the capture.
        assert!(codes(&goes_on(9, &[])[1..].to_vec()).is_empty());
        // A NOTIFICATION says it as well: it is told once.
        let mut told_of = goes_on(9, &[]);
        told_of.push((11_500, message(NODE_A, NODE_B, 30 + 19 * 5, 3, &[4, 0]).1));
        assert_eq!(codes(&told_of), ["bgp-hold-expired"]);
    }

    /// A segment of node A's without data.
    fn bare(flags: TcpFlags, sequence: u32, acknowledgment: u32) -> Vec<u8> {
        frame(&Ip::new(NODE_A, NODE_B).tcp(Tcp { ports: (40_000, 179), ..Tcp::there(flags, sequence, acknowledgment) }))
    }

    /// What the capture does not have is acknowledged: node B's OPEN ends at 29, and a KEEPALIVE at 48.
    #[test]
    fn holes() {
        let capture = |acknowledgment| {
            let there = bgp_open(NODE_A, NODE_B, 64_512, 9);
            vec![there, open(NODE_B, NODE_A, 64_513), (10_000, bare(ACK, 30, acknowledgment))]
        };
        assert_eq!(codes(&capture(30)), ["bgp-hold-expired"]);
        assert!(codes(&capture(49)).is_empty());
    }

    /// BIRD closes the connection when its hold timer ends, at three quarters of the time at the least, and says nothing.
    #[test]
    fn closed_for_silence() {
        let fin = TcpFlags(TcpFlags::FIN.0 | ACK.0);
        let capture = |at| {
            let there = bgp_open(NODE_A, NODE_B, 64_512, 9);
            vec![there, open(NODE_B, NODE_A, 64_513), (at, bare(fin, 30, 30))]
        };
        let sentence = "192.0.2.2 says nothing to 192.0.2.1 for 7.0 s, which ends their BGP session: they agreed on a hold time of 9 s.";
        assert_eq!(told(&findings(&capture(7_000)), "bgp-hold-expired"), (sentence.to_owned(), vec![3]));
        assert!(codes(&capture(6_500)).is_empty());
    }

    /// Both took the other's OPEN; then a daemon is killed, and its kernel closes what it had open.
    #[test]
    fn broken_off() {
        let fin = TcpFlags(TcpFlags::FIN.0 | ACK.0);
        let capture = |answers: &[u64]| {
            let mut capture = goes_on(9, answers);
            capture.retain(|(at, _)| *at < 6_000);
            capture.push((5_000, bare(fin, 49, 49)));
            capture
        };
        let sentence = "192.0.2.1 closes the connection of its BGP session with 192.0.2.2, and says no reason: no NOTIFICATION came before.";
        let all = findings(&capture(&[3_001]));
        assert_eq!((told(&all, "bgp-reset"), all.len()), ((sentence.to_owned(), vec![5]), 1));
        // It was none yet.
        assert!(codes(&capture(&[])).is_empty());
        // RFC 4271 §6: a NOTIFICATION says why.
        let mut notified = capture(&[3_001]);
        notified.insert(4, message(NODE_B, NODE_A, 49, 3, &[6, 3]));
        assert_eq!(findings(&notified).len(), 1);
        // It ends with the connection, and the next one is another.
        let mut again = capture(&[3_001]);
        again.push((5_100, bare(TcpFlags::RST, 50, 0)));
        assert_eq!(told(&findings(&again), "bgp-reset").1, [5]);
    }

    /// A KEEPALIVE that is sent again and again, and something else that shows for how long nothing came.
    #[test]
    fn nothing_is_acknowledged() {
        let capture = |times: usize, last| {
            let keepalive = message(NODE_A, NODE_B, 30, 4, &[]).1;
            let mut capture = vec![bgp_open(NODE_A, NODE_B, 64_512, 9), open(NODE_B, NODE_A, 64_513)];
            capture.extend([3_000, 3_300, 3_900, 5_100].into_iter().take(times).map(|at| (at, keepalive.clone())));
            capture.push((last, arp(ArpOperation::REQUEST, NODE_A, Ipv4Addr::new(192, 0, 2, 3))));
            capture
        };
        let sentence = "192.0.2.2 says nothing to 192.0.2.1 for 10.0 s, which goes on with their BGP session: they agreed on a hold time of 9 s.";
        assert_eq!(told(&findings(&capture(4, 10_000)), "bgp-hold-expired"), (sentence.to_owned(), vec![4, 5, 6]));
        assert!(!codes(&capture(4, 9_000)).contains(&"bgp-hold-expired"));
        assert!(!codes(&capture(3, 10_000)).contains(&"bgp-hold-expired"));
    }

    /// RFC 2385 §3: option 19, of 18 bytes.
    fn md5() -> Vec<u8> {
        [&[19, 18][..], &[7; 16], &[1, 1]].concat()
    }

    fn syn(from: Ipv4Addr, to: Ipv4Addr, options: &[u8]) -> (u64, Vec<u8>) {
        let ports = (40_000, 179);
        (0, frame(&Ip::new(from, to).tcp(Tcp { ports, options, ..Tcp::there(SYN, 1, 0) })))
    }

    /// RFC 2385 §2: a segment without the option is dropped.
    #[test]
    fn one_side_signs() {
        // RFC 5925 §2.2: option 29, of 4 bytes and a MAC.
        let ao = [&[29, 16, 1, 1][..], &[7; 12]].concat();
        let sentence = "192.0.2.1 signs what it sends to 192.0.2.2 for BGP by TCP MD5, and 192.0.2.2 does not: neither takes the other's \
                        connections.";
        let one = vec![syn(NODE_A, NODE_B, &md5()), syn(NODE_B, NODE_A, &[])];
        assert_eq!(told(&findings(&one), "bgp-md5"), (sentence.to_owned(), vec![2]));
        let other = vec![syn(NODE_A, NODE_B, &[]), syn(NODE_B, NODE_A, &md5())];
        assert!(told(&findings(&other), "bgp-md5").0.starts_with("192.0.2.2 signs what it sends to 192.0.2.1"));
        let both = vec![syn(NODE_A, NODE_B, &md5()), syn(NODE_B, NODE_A, &ao)];
        let sentence = "192.0.2.2 signs what it sends to 192.0.2.1 for BGP by TCP-AO, and 192.0.2.1 by TCP MD5: neither takes the other's \
                        connections.";
        assert_eq!(told(&findings(&both), "bgp-md5").0, sentence);
        for options in [&md5()[..], &ao, &[]] {
            assert!(codes(&vec![syn(NODE_A, NODE_B, options), syn(NODE_B, NODE_A, options)]).is_empty());
        }
    }

    /// Who asks, signed, and has no answer, though node B answers ARP.
    #[test]
    fn nobody_takes_what_is_signed() {
        let capture = |options: &[u8], is_there: bool| {
            let mut capture: Capture = [0, 1_000, 3_000, 7_000].map(|at| (at, syn(NODE_A, NODE_B, options).1)).to_vec();
            let operation = if is_there { ArpOperation::REPLY } else { ArpOperation::REQUEST };
            capture.insert(0, (0, arp(operation, NODE_B, NODE_A)));
            capture
        };
        let sentence = "192.0.2.1 signs the connections that it asks 192.0.2.2 for (TCP MD5, for BGP), and 192.0.2.2, which is there, answers \
                        none: it has another password or none, or a filter is between.";
        assert_eq!(told(&findings(&capture(&md5(), true)), "bgp-md5"), (sentence.to_owned(), vec![2, 3, 4, 5]));
        assert!(!codes(&capture(&[], true)).contains(&"bgp-md5"));
        assert!(!codes(&capture(&md5(), false)).contains(&"bgp-md5"));
        let mut answered = capture(&md5(), true);
        answered.push((7_001, message(NODE_B, NODE_A, 1, 4, &[]).1));
        assert!(!codes(&answered).contains(&"bgp-md5"));
    }

    /// RFC 4271 §6.2.
    #[test]
    fn opens_do_not_fit() {
        let sentence = "192.0.2.2 ends its BGP session with 192.0.2.1: Bad Peer AS. It expects another AS than 64512 of 192.0.2.1. 192.0.2.2 \
                        says AS 64513, hold time 90 s, identifier 10.0.0.1. 192.0.2.1 says AS 64512, hold time 90 s, identifier 10.0.0.1.";
        assert_eq!(told(&findings(&notified(2, 2, &[])), "bgp-open-mismatch"), (sentence.to_owned(), vec![3]));
        let why = |subcode| told(&findings(&notified(2, subcode, &[])), "bgp-open-mismatch").0;
        assert!(why(1).contains(" 192.0.2.1 speaks version 4 of BGP."));
        assert!(why(3).contains(" It does not take 10.0.0.1 for 192.0.2.1."));
        assert!(why(6).contains(": Unacceptable Hold Time. 192.0.2.1 proposes 90 s. 192.0.2.2 says"));
        assert!(why(7).contains(" The address families of 192.0.2.1 are ipv4 unicast."));
        // RFC 4271 §4.2.
        let short = [bgp_open(NODE_A, NODE_B, 64_512, 2), message(NODE_B, NODE_A, 1, 3, &[2, 6])].to_vec();
        let all = findings(&short);
        assert_eq!(codes(&short), ["bgp-open-mismatch"; 2]);
        assert!(
            all.iter()
                .any(|of| of.sentence().contains(" proposes 2 s, which nobody may: 0, or at least 3 (RFC 4271 §4.2).")),
            "{all:?}"
        );
        let sentence = "192.0.2.1 proposes a BGP session that 192.0.2.2 must refuse: hold time is 2 s, it must be 0 or at least 3.";
        assert_eq!(told(&findings(&short[..1].to_vec()), "bgp-open-mismatch"), (sentence.to_owned(), vec![1]));
    }

    /// RFC 4760 §8, RFC 5492 §4: capability 1 has AFI and SAFI; who tells of none has IPv4 unicast.
    #[test]
    fn families() {
        let with = |from, to, families: &[u16]| {
            let capabilities = families.iter().flat_map(|afi| [&[1, 4][..], &afi.to_be_bytes(), &[0, 1]].concat());
            let capabilities: Vec<_> = capabilities.collect();
            let len = capabilities.len() as u8;
            let fixed = [4, 0xfc, 0x00, 0, 90, 10, 0, 0, if from == NODE_A { 1 } else { 2 }, len + 2, 2, len];
            message(from, to, 1, 1, &[&fixed[..], &capabilities].concat())
        };
        let capture = |a: &[u16], b: &[u16]| vec![with(NODE_A, NODE_B, a), with(NODE_B, NODE_A, b)];
        let sentence = "192.0.2.2 and 192.0.2.1 have no address family in common, and no routes to exchange: 192.0.2.2 says ipv4 unicast, \
                        192.0.2.1 says ipv6 unicast.";
        for theirs in [&[1][..], &[]] {
            let all = findings(&capture(&[2], theirs));
            assert_eq!((told(&all, "bgp-open-mismatch"), all.len()), ((sentence.to_owned(), vec![2]), 1));
        }
        assert!(codes(&capture(&[1, 2], &[2])).is_empty());
        assert!(codes(&capture(&[1], &[])).is_empty());
    }

    /// RFC 7606 §3: an UPDATE whose attributes are longer than it.
    #[test]
    fn malformed() {
        let update = message(NODE_A, NODE_B, 1, 2, &[0, 0, 0, 9]);
        assert_eq!(codes(&vec![update]), ["bgp-malformed"]);
        // RFC 7606 §7.1: an ORIGIN of two bytes.
        let attributes = [0x40, 1, 2, 0, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1];
        let update = message(NODE_A, NODE_B, 1, 2, &[&[0, 0, 0, 15][..], &attributes, &[24, 198, 51, 100]].concat());
        let sentence = "192.0.2.1 sends 192.0.2.2 a BGP message that is malformed: treat as withdraw: ORIGIN is malformed: length is 2, it must \
                        be 1 (RFC 7606 §7.1).";
        assert_eq!(told(&findings(&vec![update]), "bgp-malformed"), (sentence.to_owned(), vec![1]));
        // End-of-RIB (RFC 4724 §2).
        assert!(codes(&vec![message(NODE_A, NODE_B, 1, 2, &[0, 0, 0, 0])]).is_empty());
    }
}
