//! IPv4 and IPv6 fragments put together (RFC 791 §3.2, RFC 8200 §4.5), in bounded memory and time.
//!
//! ```text
//! packet    |0                1480               2960     3500|
//! fragments |0 +              |1480 +            |2960    |      + more follow; each but the last a multiple of 8 bytes
//! ```
//!
//! What is refused is what Linux refuses, for both versions: whatever overlaps (RFC 5722 §4, RFC 8200 §4.5), unless it is the same bytes
//! once more, and then nothing of its packet counts; what ends behind the longest packet; what does not fit the end that the last
//! fragment told. A packet is waited for 60 seconds (RFC 1122 §3.3.2, RFC 8200 §4.5), by the packets' own times.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::net::IpAddr;

use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::Ipv6Fragment;

use crate::Timestamp;

/// How many packets are waited for at most; the oldest makes room.
const MAX_PACKETS: usize = 1024;
/// How many bytes of them are kept at most, with what keeping a fragment costs: as many as Linux keeps.
const MAX_BYTES: usize = 4 << 20;
const FRAGMENT_COST: usize = 96;
/// How many packets that came to an end are remembered, for what comes late.
const MAX_ENDED: usize = 1024;
/// How long a packet is waited for, in nanoseconds.
const PATIENCE: i128 = 60_000_000_000;

/// What the fragments of one packet have in common, and others have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PacketId {
    /// Where the packet comes from and goes to.
    pub addresses: (IpAddr, IpAddr),
    /// IPv4's protocol. IPv6's fragments do not all have to tell the same.
    pub protocol: Option<IpProtocol>,
    /// The identification: 16 bits of IPv4's, 32 of IPv6's.
    pub identification: u32,
    /// In which network it is, where addresses are not everybody's: a number of the caller's, by the VNI say. 0 where there is one only.
    pub network: u64,
}

impl fmt::Display for PacketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { addresses: (source, destination), identification, .. } = self;
        let width = if source.is_ipv4() { 6 } else { 10 };
        write!(f, "{source} > {destination}, identification {identification:#0width$x}")
    }
}

/// A fragment of a packet.
#[derive(Debug, Clone, Copy)]
pub struct Fragment<'a> {
    /// Which packet it is of.
    pub of: PacketId,
    /// What the packet carries, as this fragment has it; the first one's counts.
    pub protocol: IpProtocol,
    /// Where in the packet's payload it begins, in bytes.
    pub offset: usize,
    /// Whether more follow.
    pub more: bool,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// How many of its bytes were not captured.
    pub missing: usize,
    /// How much longer the whole packet may be than its payload at most: what stands in front of that, and counts.
    pub before: usize,
}

impl<'a> Fragment<'a> {
    /// The fragment that an IPv4 packet is, if it is one.
    #[must_use]
    pub fn of_ipv4(ip: Ipv4Packet<&'a [u8]>) -> Option<Self> {
        ip.is_fragment().then(|| Self {
            of: PacketId {
                addresses: (ip.source().into(), ip.destination().into()),
                protocol: Some(ip.protocol()),
                identification: ip.identification().into(),
                network: 0,
            },
            protocol: ip.protocol(),
            offset: ip.fragment_offset(),
            more: ip.more_fragments(),
            missing: ip.missing(),
            before: ip.header_len(),
            bytes: ip.into_payload(),
        })
    }

    /// The fragment that an IPv6 packet with such a header is, unless it is the whole packet (RFC 6946).
    #[must_use]
    pub fn of_ipv6(ip: &Ipv6Packet<&[u8]>, header: Ipv6Fragment<&'a [u8]>) -> Option<Self> {
        (!header.is_atomic()).then(|| Self {
            of: PacketId {
                addresses: (ip.source().into(), ip.destination().into()),
                protocol: None,
                identification: header.identification(),
                network: 0,
            },
            protocol: header.next_header(),
            offset: header.fragment_offset(),
            more: header.more_fragments(),
            missing: ip.missing(),
            before: ip.payload().len().saturating_sub(8 + header.payload().len()),
            bytes: header.into_payload(),
        })
    }

    /// The same in a network of its own.
    #[must_use]
    pub const fn within(self, network: u64) -> Self {
        Self { of: PacketId { network, ..self.of }, ..self }
    }

    /// Where it ends, in bytes.
    fn end(&self) -> usize {
        self.offset + self.bytes.len() + self.missing
    }

    /// What is wrong with it by itself.
    fn check(&self) -> Result<(), Refusal> {
        if self.end() + self.before > 65_535 {
            return Err(Refusal::TooLong);
        }
        if self.more && self.end() % 8 != 0 {
            return Err(Refusal::Uneven);
        }
        Ok(())
    }
}

/// What came of a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Others are missing yet.
    Waiting,
    /// None was missing but this.
    Whole(Whole),
    /// The same bytes came before.
    Repeated,
    /// It does not count.
    Refused(Refusal),
}

/// A packet that was put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// What it carries.
    pub protocol: IpProtocol,
    /// That: what follows the IP header, or the fragment header.
    pub payload: Vec<u8>,
    /// Of how many fragments it was made.
    pub fragments: usize,
}

/// Why a fragment does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It overlaps another, or one of its packet did.
    #[error("fragments overlap: nothing of the packet counts (RFC 5722)")]
    Overlaps,
    /// It ends where no packet ends.
    #[error("the fragment ends behind the 65535 bytes that a packet has at most")]
    TooLong,
    /// It is not the last, and no multiple of 8 bytes long.
    #[error("the fragment is not the last, and its length is no multiple of 8 bytes")]
    Uneven,
    /// It does not fit the end that the last fragment told, or one of its packet did not.
    #[error("fragments tell several ends: nothing of the packet counts")]
    SeveralEnds,
    /// Its packet was given up before.
    #[error("the fragment is late: its packet was given up after 60 s")]
    Late,
    /// Its packet was given up for others.
    #[error("the fragment's packet was given up: too many others were waited for")]
    NoRoom,
    /// Not all of it, or of another fragment of its packet, was captured: the packet cannot be put together.
    #[error("not all of the packet's fragments were captured whole")]
    NotCaptured,
}

impl Refusal {
    /// Whether that tells of a packet of which something is missing.
    const fn is_unfinished(self) -> bool {
        matches!(self, Self::Late | Self::NoRoom)
    }
}

/// Packets that were never whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unfinished {
    /// How many.
    pub packets: u64,
    /// Which came first, and the first bytes of it that are missing.
    pub first: Option<(PacketId, Gap)>,
}

/// Bytes of a packet's payload that are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first of them.
    pub start: usize,
    /// The first that is there again; `None` if nothing that follows is.
    pub end: Option<usize>,
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.packets {
            1 => f.write_str("of one packet not all fragments came")?,
            packets => write!(f, "of {packets} packets not all fragments came")?,
        }
        match self.first {
            Some((of, Gap { start, end: Some(end) })) => {
                write!(f, "; the first: {of}, where bytes {start} to {} are missing", end - 1)
            }
            Some((of, Gap { start, end: None })) => {
                write!(f, "; the first: {of}, where all from byte {start} is missing")
            }
            None => Ok(()),
        }
    }
}

/// Packets that are not whole yet.
///
/// ```
/// use ether_ip::ipv4::Ipv4Packet;
/// use packet_dissect::reassembly::{Fragment, Outcome, Reassembly};
/// use packet_dissect::{Layers, Tunnels};
///
/// // A UDP datagram of 12 bytes in fragments of 8 and 4, the second first.
/// let second = [0x45, 0, 0, 24, 0, 1, 0, 1, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, b'h', b'e', b'l', b'o'];
/// let first = [0x45, 0, 0, 28, 0, 1, 0x20, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 15, 160, 0, 53, 0, 12, 0, 0];
///
/// let mut reassembly = Reassembly::default();
/// let mut add = |bytes| Some(reassembly.add(&Fragment::of_ipv4(Ipv4Packet::parse(bytes).ok()?)?, None));
/// assert_eq!(add(&second[..]), Some(Outcome::Waiting));
/// let Some(Outcome::Whole(whole)) = add(&first[..]) else { panic!() };
/// let layers = Layers::of_protocol(whole.protocol, &whole.payload, Tunnels::DEFAULT);
/// let lines: Vec<_> = layers.map(|layer| layer.map(|layer| layer.to_string())).collect::<Result<_, _>>()?;
/// assert_eq!(lines, ["UDP 4000 > 53, length 4", "4 bytes"]);
/// # Ok::<(), packet_dissect::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Reassembly {
    waiting: HashMap<PacketId, Parts>,
    /// Which of them began when: the oldest first.
    order: BTreeMap<u64, PacketId>,
    begun: u64,
    /// How many bytes they hold.
    held: usize,
    /// Packets that came to an end, and when.
    ended: HashMap<PacketId, (End, Option<Timestamp>)>,
    ended_order: VecDeque<PacketId>,
    unfinished: Unfinished,
}

/// How a packet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    GivenUp(Refusal),
}

/// What there is of a packet.
#[derive(Debug, Default)]
struct Parts {
    /// Its fragments, by where they stand: no two overlap.
    parts: BTreeMap<usize, Vec<u8>>,
    /// How many bytes that is.
    covered: usize,
    /// How long it is, which the last fragment tells.
    len: Option<usize>,
    /// What it carries, which the first fragment tells.
    protocol: Option<IpProtocol>,
    begun: u64,
    since: Option<Timestamp>,
    /// One like it was whole before: this may be the same once more, captured at another place.
    is_again: bool,
}

impl Reassembly {
    /// Takes a fragment in that came at a time, if one is told.
    pub fn add(&mut self, fragment: &Fragment<'_>, at: Option<Timestamp>) -> Outcome {
        self.end_what_is_old(at);
        if let Err(refusal) = fragment.check() {
            return Outcome::Refused(refusal);
        }
        let mut is_again = false;
        if !self.waiting.contains_key(&fragment.of) {
            match self.ended.get(&fragment.of) {
                Some((_, since)) if is_over(*since, at) => {}
                Some((End::GivenUp(refusal), _)) => return Outcome::Refused(*refusal),
                Some((End::Whole, _)) => is_again = true,
                None => {}
            }
            self.begin(fragment.of, at, is_again);
        }
        let Some(parts) = self.waiting.get_mut(&fragment.of) else { return Outcome::Waiting };
        match parts.add(fragment) {
            Err(refusal) => {
                self.give_up(fragment.of, refusal, at);
                Outcome::Refused(refusal)
            }
            Ok(is_new) => {
                let is_whole = parts.is_whole();
                if is_new {
                    self.held += fragment.bytes.len() + FRAGMENT_COST;
                }
                if is_whole {
                    return self.finish(fragment.of, at).map_or(Outcome::Waiting, Outcome::Whole);
                }
                self.make_room(at);
                match (is_new, self.waiting.contains_key(&fragment.of)) {
                    (false, _) => Outcome::Repeated,
                    (true, true) => Outcome::Waiting,
                    (true, false) => Outcome::Refused(Refusal::NoRoom),
                }
            }
        }
    }

    /// What was never whole, those that are still waited for included.
    #[must_use]
    pub fn unfinished(&self) -> Unfinished {
        let mut unfinished = self.unfinished;
        for of in self.order.values() {
            self.waiting.get(of).iter().for_each(|parts| unfinished.count(*of, parts));
        }
        unfinished
    }

    fn begin(&mut self, of: PacketId, at: Option<Timestamp>, is_again: bool) {
        if self.waiting.len() == MAX_PACKETS {
            self.give_up_oldest(at);
        }
        self.begun += 1;
        let parts = Parts { begun: self.begun, since: at, is_again, ..Parts::default() };
        self.order.insert(self.begun, of);
        self.waiting.insert(of, parts);
    }

    /// Takes a packet out, however it ended.
    fn end(&mut self, of: PacketId, end: End, at: Option<Timestamp>) -> Option<Parts> {
        let parts = self.waiting.remove(&of)?;
        self.order.remove(&parts.begun);
        self.held = self.held.saturating_sub(parts.covered + parts.parts.len() * FRAGMENT_COST);
        if self.ended_order.len() == MAX_ENDED {
            self.ended_order.pop_front().and_then(|oldest| self.ended.remove(&oldest));
        }
        self.ended_order.push_back(of);
        self.ended.insert(of, (end, at));
        Some(parts)
    }

    fn finish(&mut self, of: PacketId, at: Option<Timestamp>) -> Option<Whole> {
        let parts = self.end(of, End::Whole, at)?;
        // A piece at a time: byte by byte is a third of what a fragment costs.
        let mut payload = Vec::with_capacity(parts.covered);
        parts.parts.values().for_each(|part| payload.extend_from_slice(part));
        Some(Whole { protocol: parts.protocol?, payload, fragments: parts.parts.len() })
    }

    fn give_up(&mut self, of: PacketId, why: Refusal, at: Option<Timestamp>) {
        if let Some(parts) = self.end(of, End::GivenUp(why), at) {
            if why.is_unfinished() {
                self.unfinished.count(of, &parts);
            }
        }
    }

    fn give_up_oldest(&mut self, at: Option<Timestamp>) {
        if let Some((_, of)) = self.order.first_key_value() {
            self.give_up(*of, Refusal::NoRoom, at);
        }
    }

    fn make_room(&mut self, at: Option<Timestamp>) {
        while self.held > MAX_BYTES {
            self.give_up_oldest(at);
        }
    }

    /// Gives up what was waited for too long.
    fn end_what_is_old(&mut self, at: Option<Timestamp>) {
        while let Some((_, of)) = self.order.first_key_value() {
            let of = *of;
            if !self.waiting.get(&of).is_some_and(|parts| is_over(parts.since, at)) {
                break;
            }
            self.give_up(of, Refusal::Late, at);
        }
    }
}

/// Whether the time is over for what began then.
fn is_over(since: Option<Timestamp>, at: Option<Timestamp>) -> bool {
    since.zip(at).is_some_and(|(since, at)| at.nanoseconds_since(since) > PATIENCE)
}

impl Unfinished {
    fn count(&mut self, of: PacketId, parts: &Parts) {
        if !parts.is_again {
            self.packets += 1;
            self.first.get_or_insert((of, parts.first_gap()));
        }
    }
}

impl Parts {
    /// Takes a fragment in: whether it is new.
    fn add(&mut self, fragment: &Fragment<'_>) -> Result<bool, Refusal> {
        if fragment.missing > 0 {
            return Err(Refusal::NotCaptured);
        }
        let (start, end) = (fragment.offset, fragment.end());
        let is_last = !fragment.more;
        let last = self.parts.last_key_value().map_or(0, |(start, part)| start + part.len());
        if self.len.is_some_and(|len| end > len || (is_last && end != len)) || (is_last && last > end) {
            return Err(Refusal::SeveralEnds);
        }
        if is_last {
            self.len = Some(end);
        }
        if start == 0 {
            self.protocol.get_or_insert(fragment.protocol);
        }
        if fragment.bytes.is_empty() {
            return Ok(false);
        }
        // Whatever reaches behind where this one begins: the same bytes, or an overlap.
        if let Some((before, part)) =
            self.parts.range(..=start).next_back().filter(|(at, part)| *at + part.len() > start)
        {
            let same = part.get(start - before..).and_then(|rest| rest.get(..fragment.bytes.len()));
            return if same == Some(fragment.bytes) { Ok(false) } else { Err(Refusal::Overlaps) };
        }
        if self.parts.range(start..end).next().is_some() {
            return Err(Refusal::Overlaps);
        }
        self.parts.insert(start, fragment.bytes.to_vec());
        self.covered += fragment.bytes.len();
        Ok(true)
    }

    /// Since no two overlap and none stands behind the end, as many bytes as there should be are all.
    fn is_whole(&self) -> bool {
        self.protocol.is_some() && self.len == Some(self.covered)
    }

    fn first_gap(&self) -> Gap {
        let mut start = 0;
        for (at, part) in &self.parts {
            if *at > start {
                return Gap { start, end: Some(*at) };
            }
            start = at + part.len();
        }
        Gap { start, end: self.len.filter(|len| *len > start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UDP: IpProtocol = IpProtocol::UDP;

    fn fragment(identification: u32, offset: usize, more: bool, bytes: &[u8]) -> Fragment<'_> {
        let addresses = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let of = PacketId { addresses, protocol: Some(UDP), identification, network: 0 };
        Fragment { of, protocol: UDP, offset, more, bytes, missing: 0, before: 20 }
    }

    fn at(seconds: i64) -> Option<Timestamp> {
        Some(Timestamp { seconds, nanoseconds: 0 })
    }

    /// RFC 791 §3.2: by offset, in any order; what is sent twice changes nothing, and what is missing is waited for.
    #[test]
    fn in_any_order() {
        let parts = [(0, true, vec![1; 8]), (8, true, vec![2; 16]), (24, false, vec![3; 5])];
        let payload = [&[1; 8][..], &[2; 16], &[3; 5]].concat();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut reassembly = Reassembly::default();
            let mut add = |part: usize| {
                let (offset, more, bytes) = &parts[part];
                reassembly.add(&fragment(7, *offset, *more, bytes), None)
            };
            assert_eq!(add(order[0]), Outcome::Waiting);
            assert_eq!(add(order[0]), Outcome::Repeated);
            assert_eq!(add(order[1]), Outcome::Waiting);
            let whole = Whole { protocol: UDP, payload: payload.clone(), fragments: 3 };
            assert_eq!(add(order[2]), Outcome::Whole(whole));
            assert!(reassembly.waiting.is_empty() && reassembly.order.is_empty());
            assert_eq!((reassembly.held, reassembly.unfinished()), (0, Unfinished::default()));
        }
    }

    /// RFC 8200 §4.5: what overlaps ends its packet, those that came before and those that will come included; RFC 5722 §4.
    #[test]
    fn what_overlaps() {
        for (offset, len) in [(0, 24), (0, 16), (16, 16), (8, 24), (8, 8), (16, 8)] {
            let mut reassembly = Reassembly::default();
            let mut add = |offset, more, bytes: &[u8]| reassembly.add(&fragment(7, offset, more, bytes), at(0));
            assert_eq!(add(8, true, &[1; 16]), Outcome::Waiting);
            let refused = Outcome::Refused(Refusal::Overlaps);
            assert_eq!(add(offset, true, &vec![2; len]), refused, "{offset} {len}");
            assert_eq!(add(0, true, &[1; 8]), refused, "those that come later too");
            // But not for ever: the identification is used again.
            assert_eq!(reassembly.add(&fragment(7, 0, true, &[1; 8]), at(61)), Outcome::Waiting);
            assert_eq!(reassembly.unfinished().packets, 1);
        }
        // RFC 8200 §4.5: exactly what came before may be passed by.
        let mut reassembly = Reassembly::default();
        let mut add = |offset, more, bytes: &[u8]| reassembly.add(&fragment(7, offset, more, bytes), None);
        assert_eq!(add(8, true, &[1; 16]), Outcome::Waiting);
        assert_eq!(add(16, true, &[1; 8]), Outcome::Repeated);
        assert_eq!(add(24, true, &[]), Outcome::Repeated);
    }

    /// RFC 791 §3.2, RFC 8200 §4.5: each but the last a multiple of 8, the whole no longer than a packet can be, and one end.
    #[test]
    fn what_does_not_count() {
        let mut reassembly = Reassembly::default();
        let mut add = |id, offset, more, bytes: &[u8]| reassembly.add(&fragment(id, offset, more, bytes), None);
        assert_eq!(add(1, 0, true, &[0; 12]), Outcome::Refused(Refusal::Uneven));
        assert_eq!(add(1, 65_504, false, &[0; 12]), Outcome::Refused(Refusal::TooLong));
        assert_eq!(add(1, 65_504, false, &[0; 11]), Outcome::Waiting);
        let several = Outcome::Refused(Refusal::SeveralEnds);
        // Behind the end; another end; an end before what there is.
        assert_eq!(add(2, 8, false, &[0; 8]), Outcome::Waiting);
        assert_eq!(add(2, 16, true, &[0; 8]), several);
        assert_eq!(add(3, 8, false, &[0; 8]), Outcome::Waiting);
        assert_eq!(add(3, 0, false, &[0; 8]), several);
        assert_eq!(add(4, 16, true, &[0; 8]), Outcome::Waiting);
        assert_eq!(add(4, 8, false, &[0; 8]), several);
        // Not all captured.
        let cut = Fragment { missing: 8, ..fragment(5, 0, true, &[0; 8]) };
        assert_eq!(reassembly.add(&cut, None), Outcome::Refused(Refusal::NotCaptured));
        let rest = fragment(5, 16, false, &[0; 8]);
        assert_eq!(reassembly.add(&rest, None), Outcome::Refused(Refusal::NotCaptured));
        assert_eq!(reassembly.unfinished().packets, 1, "the first alone: the others were refused");
    }

    /// The same packet in two networks is two; another protocol's is another (RFC 791 §3.2).
    #[test]
    fn what_belongs_together() {
        let mut reassembly = Reassembly::default();
        let first = fragment(7, 0, true, &[1; 8]);
        let last = fragment(7, 8, false, &[2; 8]);
        assert_eq!(reassembly.add(&first.within(1), None), Outcome::Waiting);
        assert_eq!(reassembly.add(&last.within(2), None), Outcome::Waiting);
        let other = PacketId { protocol: Some(IpProtocol::TCP), network: 1, ..last.of };
        assert_eq!(reassembly.add(&Fragment { of: other, ..last }, None), Outcome::Waiting);
        assert!(matches!(reassembly.add(&last.within(1), None), Outcome::Whole(_)));
    }

    /// RFC 8200 §4.5: after 60 seconds a packet is given up; what comes then is late, and what is missing is told.
    #[test]
    fn what_is_late_or_missing() {
        let mut reassembly = Reassembly::default();
        let first = fragment(0x12, 0, true, &[1; 8]);
        let last = fragment(0x12, 16, false, &[2; 8]);
        assert_eq!(reassembly.add(&first, at(0)), Outcome::Waiting);
        assert_eq!(reassembly.add(&last, at(60)), Outcome::Waiting);
        assert_eq!(reassembly.add(&fragment(0x12, 8, true, &[3; 8]), at(61)), Outcome::Refused(Refusal::Late));
        let text = "of one packet not all fragments came; \
                    the first: 192.0.2.1 > 192.0.2.2, identification 0x0012, where bytes 8 to 15 are missing";
        assert_eq!(reassembly.unfinished().to_string(), text);
        // Two more: of one the end is missing.
        assert_eq!(reassembly.add(&fragment(0x13, 0, true, &[1; 8]), at(62)), Outcome::Waiting);
        assert_eq!(reassembly.add(&fragment(0x14, 8, true, &[1; 8]), at(62)), Outcome::Waiting);
        let text = reassembly.unfinished().to_string();
        assert!(text.starts_with("of 3 packets not all fragments came; the first: 192.0.2.1 > "), "{text}");
        let Gap { start, end } = reassembly.waiting[&fragment(0x13, 0, true, &[]).of].first_gap();
        assert_eq!((start, end), (8, None));
        let Gap { start, end } = reassembly.waiting[&fragment(0x14, 0, true, &[]).of].first_gap();
        assert_eq!((start, end), (0, Some(8)));
    }

    /// Captured at three places each fragment comes three times: the packet is whole once, and nothing is missing.
    #[test]
    fn captured_at_several_places() {
        let mut reassembly = Reassembly::default();
        let (first, last) = (fragment(7, 0, true, &[1; 8]), fragment(7, 8, false, &[2; 8]));
        let outcomes = [first, first, first, last, last, last].map(|of| reassembly.add(&of, at(0)));
        let wholes = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Whole(_))).count();
        assert_eq!((wholes, reassembly.unfinished()), (1, Unfinished::default()));
    }

    #[test]
    fn memory_is_bounded() {
        let mut reassembly = Reassembly::default();
        for id in 0..10_000 {
            let _ = reassembly.add(&fragment(id, 0, true, &[1; 8]), None);
        }
        let Reassembly { waiting, order, ended, ended_order, .. } = &reassembly;
        let counts = [waiting.len(), order.len(), ended.len(), ended_order.len()];
        assert_eq!(counts, [MAX_PACKETS, MAX_PACKETS, MAX_ENDED, MAX_ENDED]);
        assert_eq!(reassembly.unfinished().packets, 10_000);
        // Those that were given up last are known to be.
        let refused = reassembly.add(&fragment(8_975, 8, false, &[1; 8]), None);
        assert_eq!(refused, Outcome::Refused(Refusal::NoRoom));
        for id in 10_000..11_000 {
            let _ = reassembly.add(&fragment(id, 0, true, &[1; 8_000]), None);
            assert!(reassembly.held <= MAX_BYTES);
        }
        let kept: usize =
            reassembly.waiting.values().map(|parts| parts.covered + parts.parts.len() * FRAGMENT_COST).sum();
        assert_eq!(kept, reassembly.held);
    }
}
