//! BGP's and BMP's messages that TCP has spread over several segments, put together in bounded memory.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use super::{BgpMessage, BgpMessages, BmpMessages};
use crate::TcpProtocol;

/// How many streams are kept track of. When there are more, all are forgotten: no peer has so many sessions.
const MAX_STREAMS: usize = 1024;

/// How many bytes of messages that are begun are held. When there are more, all streams are forgotten.
const MAX_HELD: usize = 1 << 24;

/// How many places of a stream are kept track of: where it goes on, and another one.
const MAX_PLACES: usize = 2;

/// How far back a segment is one that was seen already, and not one of the next round of the sequence numbers.
const MAX_SEEN: u32 = 1 << 31;

/// One direction of a TCP connection: source and destination, addresses and ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StreamKey {
    /// Source and destination address.
    pub addresses: (IpAddr, IpAddr),
    /// Source and destination port.
    pub ports: (u16, u16),
}

/// A segment's place in its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The sequence number.
    pub sequence: u32,
    /// Whether SYN is set, so that the data begins one behind the sequence number.
    pub is_syn: bool,
    /// Whether its checksum is wrong, so that no receiver takes it.
    pub is_damaged: bool,
    /// The data.
    pub data: &'a [u8],
}

/// What of a stream is not followed, or not as if it were whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skipped {
    /// The segment stands so many bytes ahead of where the stream went on last, or behind that: what is between was not captured, or the
    /// segment is none of the stream's. Both places are followed.
    Gap(i32),
    /// So many bytes, in this segment and before it, are none of a message that was seen to begin: those behind are followed again.
    LeftOut(usize),
    /// The segment's checksum is wrong: it is followed apart from those whose checksum is right, which it can hide nothing of.
    Damaged,
    /// There are more streams, or more bytes in messages that are begun, than are kept: so many streams were forgotten, and what is begun
    /// in them is lost.
    Forgotten(usize),
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap(ahead @ 0..) => write!(f, "{ahead} bytes before this segment were not seen"),
            Self::Gap(behind) => write!(f, "this segment stands {} bytes behind its stream", behind.unsigned_abs()),
            Self::LeftOut(bytes) => write!(f, "{bytes} bytes before this message are of none that was seen to begin"),
            Self::Damaged => f.write_str("TCP checksum is wrong, this segment is followed apart"),
            Self::Forgotten(streams) => write!(f, "too many streams, {streams} were forgotten"),
        }
    }
}

/// The streams of a capture. Retransmitted data is seen once, as a receiver sees it.
///
/// ```
/// use packet_dissect::bgp::streams::{Segment, StreamKey, Streams};
///
/// let mut keepalive = [0xff; 19];
/// keepalive[16..].copy_from_slice(&[0, 19, 4]);
/// let key = StreamKey { addresses: ([192, 0, 2, 1].into(), [192, 0, 2, 2].into()), ports: (40_000, 179) };
/// let (mut streams, mut kinds) = (Streams::default(), vec![]);
/// let segment = |sequence, data| Segment { sequence, is_syn: false, is_damaged: false, data };
/// streams.push(key, segment(7, &keepalive[..10]), |message| kinds.push(message.kind));
/// assert!(kinds.is_empty());
/// streams.push(key, segment(17, &keepalive[10..]), |message| kinds.push(message.kind));
/// assert_eq!(kinds, [4]);
/// ```
#[derive(Debug, Default)]
pub struct Streams {
    /// Each twice perhaps: of segments whose checksum is right, and of those whose is wrong.
    streams: HashMap<(StreamKey, bool), Stream>,
    /// The bytes of all messages that are begun.
    held: usize,
}

#[derive(Debug)]
struct Stream {
    /// The sequence number of the SYN, if it was seen: another one begins another connection.
    syn: Option<u32>,
    /// Where it goes on, the one that went on last behind the others. There is one more behind a hole; or where somebody put a segment
    /// that no receiver would take, which must not hide what comes where it is due.
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    /// The sequence number of the first byte that was not seen yet.
    next: u32,
    /// How many bytes before that were seen here.
    seen: u32,
    /// Whether a segment has gone on here.
    is_continued: bool,
    /// The beginning of a message whose end has not come: at most one message's worth.
    begun: Vec<u8>,
    /// How many bytes were left out since the last message.
    left_out: usize,
}

impl Streams {
    /// Takes a segment in and hands out each BGP message that ends in it. What is skipped over is told.
    pub fn push(
        &mut self,
        key: StreamKey,
        segment: Segment<'_>,
        mut message: impl FnMut(BgpMessage<'_>),
    ) -> Option<Skipped> {
        self.push_of(TcpProtocol::Bgp, key, segment, |bytes| {
            BgpMessages::parse(bytes).into_iter().flatten().for_each(&mut message);
        })
    }

    /// The same with messages of any protocol, each its bytes.
    pub fn push_of(
        &mut self,
        protocol: TcpProtocol,
        key: StreamKey,
        segment: Segment<'_>,
        mut message: impl FnMut(&[u8]),
    ) -> Option<Skipped> {
        let key = (key, segment.is_damaged);
        let mut skipped = None;
        let is_full = self.streams.len() == MAX_STREAMS && !self.streams.contains_key(&key);
        if is_full || self.held > MAX_HELD {
            skipped = Some(Skipped::Forgotten(self.streams.len()));
            self.streams.clear();
            self.held = 0;
        }
        let start = segment.sequence.wrapping_add(u32::from(segment.is_syn));
        let fresh = || Stream { syn: segment.is_syn.then_some(segment.sequence), places: vec![Place::new(start)] };
        // What goes on where the other of the two ended begins within a message as likely as not, and only looks as if one began in it.
        let (of, is_damaged) = key;
        let is_near = |place: &Place| place.next.wrapping_sub(start).wrapping_add(1) <= 2;
        let goes_on = self.streams.get(&(of, !is_damaged)).is_some_and(|other| other.places.iter().any(is_near));
        let stream = self.streams.entry(key).or_insert_with(fresh);
        self.held -= stream.held();
        if segment.is_syn && stream.syn != Some(segment.sequence) {
            *stream = fresh();
        }
        if !segment.data.is_empty() {
            let gap = stream.push(protocol, start, segment.data, !goes_on, &mut message);
            skipped = if segment.is_damaged { Some(Skipped::Damaged) } else { skipped.or(gap) };
        }
        self.held += stream.held();
        skipped
    }
}

impl Stream {
    fn held(&self) -> usize {
        self.places.iter().map(|place| place.begun.len()).sum()
    }

    /// Data belongs where it goes on, or has been seen already; or at a new place, which is told.
    fn push(
        &mut self,
        protocol: TcpProtocol,
        start: u32,
        data: &[u8],
        is_searched: bool,
        message: &mut impl FnMut(&[u8]),
    ) -> Option<Skipped> {
        let nearest = (self.places.iter().enumerate())
            .map(|(at, place)| (place.next.wrapping_sub(start), place.seen, at))
            .filter(|(behind, seen, _)| behind <= seen)
            .min();
        let gap = match (nearest, self.places.last()) {
            (None, Some(last)) => Some(Skipped::Gap(start.wrapping_sub(last.next) as i32)),
            _ => None,
        };
        let mut place = match nearest {
            Some((_, _, at)) => Place { is_continued: true, ..self.places.remove(at) },
            None => Place::new(start),
        };
        let left_out = place.push(protocol, start, data, is_searched, message);
        if self.places.len() == MAX_PLACES {
            let forsaken = self.places.iter().position(|place| !place.is_continued);
            self.places.remove(forsaken.unwrap_or(0));
        }
        self.places.push(place);
        gap.or(left_out.map(Skipped::LeftOut))
    }
}

impl Place {
    const fn new(start: u32) -> Self {
        Self { next: start, seen: 0, is_continued: false, begun: Vec::new(), left_out: 0 }
    }

    /// Goes on with data, of which some may have been seen; how many bytes before a message were left out, if they were.
    fn push(
        &mut self,
        protocol: TcpProtocol,
        start: u32,
        data: &[u8],
        is_searched: bool,
        message: &mut impl FnMut(&[u8]),
    ) -> Option<usize> {
        let seen = self.next.wrapping_sub(start) as usize;
        let unseen = data.get(seen..).filter(|unseen| !unseen.is_empty())?;
        // Between messages a header counts for more than a number: some count a SYN's data from the SYN itself.
        let is_off = self.begun.is_empty() && protocol.begins(data) && protocol.before(unseen) > 0;
        let len = unseen.len() as u32;
        (self.next, self.seen) = (self.next.wrapping_add(len), self.seen.saturating_add(len).min(MAX_SEEN));
        let unseen = if is_off { data } else { unseen };
        if self.begun.is_empty() {
            self.go_on(protocol, unseen, is_searched, message)
        } else {
            let mut begun = std::mem::take(&mut self.begun);
            begun.extend_from_slice(unseen);
            self.go_on(protocol, &begun, is_searched, message)
        }
    }

    /// Hands out the whole messages, and keeps what may be the beginning of one. Where none begins, the first header further on is
    /// searched; not behind a message in the same segment, where a length may have lied.
    fn go_on(
        &mut self,
        protocol: TcpProtocol,
        bytes: &[u8],
        is_searched: bool,
        message: &mut impl FnMut(&[u8]),
    ) -> Option<usize> {
        let mut rest = self.leave_out(protocol, bytes, is_searched);
        if !protocol.begins(rest) {
            self.begun = rest.to_vec();
            return None;
        }
        let left_out = std::mem::take(&mut self.left_out);
        while let Some((whole, behind)) = protocol.split(rest) {
            message(whole);
            rest = behind;
        }
        self.begun = self.leave_out(protocol, rest, false).to_vec();
        (left_out > 0).then_some(left_out)
    }

    /// What is behind the bytes that can begin no message. A header further on is one only if it is searched; the beginning of one at the
    /// very end always.
    fn leave_out<'a>(&mut self, protocol: TcpProtocol, bytes: &'a [u8], is_searched: bool) -> &'a [u8] {
        if protocol.begins(bytes) {
            return bytes;
        }
        let (before, behind) = bytes.split_at(protocol.before(bytes));
        if is_searched || !protocol.begins(behind) {
            self.left_out += before.len();
            return behind;
        }
        self.left_out += bytes.len();
        &[]
    }
}

/// How messages are framed.
impl TcpProtocol {
    /// Whether the bytes begin with a message's header.
    fn begins(self, bytes: &[u8]) -> bool {
        match self {
            Self::Bgp => BgpMessages::parse(bytes).is_some(),
            Self::Bmp => BmpMessages::parse(bytes).is_some(),
        }
    }

    /// How many bytes stand before the first that can be a message's first.
    fn before(self, bytes: &[u8]) -> usize {
        match self {
            Self::Bgp => BgpMessages::before(bytes),
            Self::Bmp => BmpMessages::before(bytes),
        }
    }

    /// The first message, if it is whole, and what is behind it.
    fn split(self, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
        let rest = match self {
            Self::Bgp => BgpMessages::parse(bytes).and_then(|mut messages| messages.next().map(|_| messages.rest())),
            Self::Bmp => BmpMessages::parse(bytes).and_then(|mut messages| messages.next().map(|_| messages.rest())),
        }?;
        bytes.split_at_checked(bytes.len() - rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: StreamKey = StreamKey {
        addresses: (
            IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)),
            IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2)),
        ),
        ports: (179, 40_000),
    };

    fn message(kind: u8, length: u8) -> Vec<u8> {
        let mut bytes = vec![0xff; usize::from(length)];
        bytes[16..19].copy_from_slice(&[0, length, kind]);
        bytes
    }

    fn kinds(segments: &[(u32, bool, &[u8])]) -> Vec<u8> {
        let (mut streams, mut kinds) = (Streams::default(), Vec::new());
        for &(sequence, is_syn, data) in segments {
            let segment = Segment { sequence, is_syn, is_damaged: false, data };
            streams.push(KEY, segment, |message| kinds.push(message.kind));
        }
        kinds
    }

    #[test]
    fn a_byte_at_a_time() {
        let bytes = [message(1, 29), message(4, 19), message(2, 23)].concat();
        // Sequence numbers wrap round on the way.
        let segments: Vec<_> =
            bytes.chunks(1).zip(0..).map(|(data, n)| (u32::MAX.wrapping_sub(9).wrapping_add(n), false, data)).collect();
        assert_eq!(kinds(&segments), [1, 4, 2]);
    }

    #[test]
    fn retransmissions_are_seen_once() {
        let (open, keepalive) = (message(1, 29), message(4, 19));
        assert_eq!(kinds(&[(0, true, &open), (0, true, &open[..22]), (1, false, &open)]), [1]);
        let both = [open.clone(), keepalive.clone()].concat();
        assert_eq!(kinds(&[(5, false, &open), (5, false, &both)]), [1, 4]);
    }

    #[test]
    fn a_gap_forgets_what_was_begun() {
        let (open, keepalive) = (message(1, 29), message(4, 19));
        assert_eq!(kinds(&[(0, false, &open[..20]), (40, false, &keepalive)]), [4]);
        // Another SYN begins another connection.
        assert_eq!(kinds(&[(100, true, &open), (5, true, &keepalive)]), [1, 4]);
    }

    /// A byte far ahead that no receiver would take, and another one, before a hole and behind it, hide nothing.
    #[test]
    fn a_segment_astray_hides_nothing() {
        let (open, keepalive, update) = (message(1, 29), message(4, 19), message(2, 23));
        let far = 1 << 30;
        let segments: [(u32, bool, &[u8]); 9] = [
            (0, true, &open),
            (30, false, &keepalive[..10]),
            (far, false, &[7]),
            (far / 2, false, &[7]),
            (40, false, &keepalive[10..]),
            // What was lost is not waited for.
            (1000, false, &update),
            (1023, false, &keepalive),
            (far, false, &[7]),
            (1042, false, &update),
        ];
        assert_eq!(kinds(&segments), [1, 4, 2, 4, 2]);
        // What comes late, and fills the hole, is told when it comes.
        assert_eq!(
            kinds(&[(0, true, &open), (49, false, &update), (30, false, &keepalive), (72, false, &open)]),
            [1, 2, 4, 1]
        );
    }

    /// RFC 9293 §3.1: a receiver drops a segment whose checksum is wrong. One in the place of the next good one must not be taken for it.
    #[test]
    fn a_damaged_segment_hides_nothing() {
        let (open, keepalive, update) = (message(1, 29), message(4, 19), message(2, 23));
        let (mut streams, mut kinds) = (Streams::default(), Vec::new());
        let mut push = |sequence, is_damaged, data: &[u8]| {
            let segment = Segment { sequence, is_syn: false, is_damaged, data };
            let skipped = streams.push(KEY, segment, |message| kinds.push(message.kind));
            (std::mem::take(&mut kinds), skipped)
        };
        assert_eq!(push(0, false, &open), (vec![1], None));
        assert_eq!(push(29, true, &[7; 19]), (vec![], Some(Skipped::Damaged)));
        assert_eq!(push(29, false, &keepalive), (vec![4], None));
        // Nor is what comes of nothing but such segments not shown.
        assert_eq!(push(48, true, &update), (vec![2], Some(Skipped::Damaged)));
        assert_eq!(push(48, false, &update), (vec![2], None));
        assert_eq!(push(71, true, &[]), (vec![], None));
    }

    /// Some count a SYN's data from the SYN itself, and some count one too many: a header that stands where a message is due counts for
    /// more than the number.
    #[test]
    fn a_number_off_by_one_hides_nothing() {
        let (open, keepalive, update) = (message(1, 29), message(4, 19), message(2, 23));
        let with = |second, third| kinds(&[(7, true, &open), (second, false, &keepalive), (third, false, &update)]);
        assert_eq!(with(8 + 29, 8 + 48), [1, 4, 2]);
        assert_eq!(with(7 + 29, 7 + 48), [1, 4, 2]);
        assert_eq!(with(9 + 29, 9 + 48), [1, 4, 2]);
        // What was seen is still seen once, though it begins with a header.
        let both = [open.clone(), keepalive.clone()].concat();
        assert_eq!(kinds(&[(7, true, &open), (8, false, &both), (8, false, &both)]), [1, 4]);
    }

    /// A stream that is seen from within a message, or loses its place (RFC 4271 §6.1: a length below 19), is followed again from the next
    /// header; how much was left out is told there.
    #[test]
    fn a_stream_is_followed_again() {
        let (keepalive, update) = (message(4, 19), message(2, 23));
        let mut streams = Streams::default();
        let mut sequence = 1000;
        let mut push = |parts: &[&[u8]]| {
            let (data, mut seen) = (parts.concat(), Vec::new());
            let segment = Segment { sequence, is_syn: false, is_damaged: false, data: &data };
            sequence += data.len() as u32;
            let skipped = streams.push(KEY, segment, |message| seen.push((message.kind, message.length)));
            (seen, skipped)
        };
        assert_eq!(push(&[&[7; 40], &keepalive, &update[..9]]), (vec![(4, 19)], Some(Skipped::LeftOut(40))));
        assert_eq!(push(&[&update[9..]]), (vec![(2, 23)], None));
        // Behind a message, not in the same segment.
        assert_eq!(push(&[&keepalive, &[7; 4], &update]), (vec![(4, 19)], None));
        assert_eq!(push(&[&keepalive]), (vec![(4, 19)], Some(Skipped::LeftOut(27))));
        // Left out over several segments, and with a header cut anywhere.
        assert_eq!(push(&[&[7; 40]]), (vec![], None));
        assert_eq!(push(&[&[7; 5], &keepalive[..17]]), (vec![], None));
        assert_eq!(push(&[&keepalive[17..]]), (vec![(4, 19)], Some(Skipped::LeftOut(45))));
        let mut short = keepalive.clone();
        short[17] = 5;
        assert_eq!(push(&[&short, &[7; 20]]), (vec![(4, 5)], None));
        assert_eq!(push(&[&keepalive]), (vec![(4, 19)], Some(Skipped::LeftOut(20))));
        let words = Skipped::LeftOut(20).to_string();
        assert_eq!(words, "20 bytes before this message are of none that was seen to begin");
    }

    #[test]
    fn what_is_skipped_is_told() {
        let keepalive = message(4, 19);
        let mut streams = Streams::default();
        let mut push = |port, sequence: u32, is_syn| {
            let segment = Segment { sequence, is_syn, is_damaged: false, data: &keepalive };
            streams.push(StreamKey { ports: (179, port), ..KEY }, segment, |_| {})
        };
        assert_eq!(push(0, 100, false), None);
        assert_eq!(push(0, 1119, false), Some(Skipped::Gap(1000)));
        assert_eq!(push(0, 119, false), None);
        assert_eq!(push(0, 100, false), None);
        assert_eq!(push(0, 38, false), Some(Skipped::Gap(-100)));
        assert_eq!(push(0, 7, true), None);
        for port in 1..MAX_STREAMS as u16 {
            assert_eq!(push(port, 0, true), None);
        }
        assert_eq!(push(u16::MAX, 0, true), Some(Skipped::Forgotten(1024)));
        let told = [Skipped::Gap(1000), Skipped::Gap(-100), Skipped::Forgotten(1024), Skipped::Damaged];
        assert_eq!(
            told.map(|skipped| skipped.to_string()),
            [
                "1000 bytes before this segment were not seen",
                "this segment stands 100 bytes behind its stream",
                "too many streams, 1024 were forgotten",
                "TCP checksum is wrong, this segment is followed apart"
            ]
        );
    }

    #[test]
    fn what_is_begun_is_bounded() {
        let mut streams = Streams::default();
        let mut begun = vec![0xff; 60_000];
        begun[16..19].copy_from_slice(&[0xff, 0xff, 2]);
        for port in 0..MAX_STREAMS as u16 {
            let key = StreamKey { ports: (179, port), ..KEY };
            streams.push(key, Segment { sequence: 0, is_syn: false, is_damaged: false, data: &begun }, |_| {
                panic!("no message")
            });
            assert!(streams.held <= MAX_HELD + begun.len());
            assert_eq!(streams.held, streams.streams.values().map(Stream::held).sum::<usize>());
        }
    }

    #[test]
    fn what_is_no_bgp_is_not_kept() {
        let mut streams = Streams::default();
        streams.push(KEY, Segment { sequence: 0, is_syn: false, is_damaged: false, data: &[7; 5000] }, |_| {
            panic!("no message")
        });
        assert_eq!(streams.held, 0);
        for port in 0..5000 {
            let key = StreamKey { ports: (179, port), ..KEY };
            streams.push(key, Segment { sequence: 0, is_syn: false, is_damaged: false, data: &[0xff; 17] }, |_| {
                panic!("no message")
            });
        }
        assert!(streams.streams.len() <= MAX_STREAMS);
    }
}
