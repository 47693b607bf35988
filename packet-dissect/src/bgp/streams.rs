//! BGP messages that TCP has spread over several segments, put together in bounded memory.

use std::collections::HashMap;
use std::net::IpAddr;

use super::{BgpMessage, BgpMessages, HEADER_LEN};

/// How many streams are kept track of. When there are more, all are forgotten: no peer has so many sessions.
const MAX_STREAMS: usize = 1024;

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
    /// The data.
    pub data: &'a [u8],
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
/// streams.push(key, Segment { sequence: 7, is_syn: false, data: &keepalive[..10] }, |message| kinds.push(message.kind));
/// assert!(kinds.is_empty());
/// streams.push(key, Segment { sequence: 17, is_syn: false, data: &keepalive[10..] }, |message| kinds.push(message.kind));
/// assert_eq!(kinds, [4]);
/// ```
#[derive(Debug, Default)]
pub struct Streams {
    streams: HashMap<StreamKey, Stream>,
}

#[derive(Debug)]
struct Stream {
    /// The sequence number of the first byte that was not seen yet.
    next: u32,
    /// The sequence number of the SYN, if it was seen: another one begins another connection.
    syn: Option<u32>,
    /// The beginning of a message whose end has not come: at most one message's worth.
    begun: Vec<u8>,
}

impl Streams {
    /// Takes a segment in and hands out each message that ends in it.
    pub fn push(&mut self, key: StreamKey, segment: Segment<'_>, mut message: impl FnMut(BgpMessage<'_>)) {
        if self.streams.len() == MAX_STREAMS && !self.streams.contains_key(&key) {
            self.streams.clear();
        }
        let start = segment.sequence.wrapping_add(u32::from(segment.is_syn));
        let fresh = || Stream { next: start, syn: segment.is_syn.then_some(segment.sequence), begun: Vec::new() };
        let stream = self.streams.entry(key).or_insert_with(fresh);
        if segment.is_syn && stream.syn != Some(segment.sequence) {
            *stream = fresh();
        }
        stream.push(start, segment.data, &mut message);
    }
}

impl Stream {
    fn push(&mut self, start: u32, data: &[u8], message: &mut impl FnMut(BgpMessage<'_>)) {
        let ahead = start.wrapping_sub(self.next) as i32;
        if ahead > 0 {
            // Segments were lost: what was begun will never end.
            self.begun.clear();
        }
        let seen = ahead.min(0).unsigned_abs() as usize;
        let Some(data) = data.get(seen..).filter(|data| !data.is_empty()) else {
            return;
        };
        self.next = start.wrapping_add((seen + data.len()) as u32);
        let rest = if self.begun.is_empty() {
            drain(data, message)
        } else {
            self.begun.extend_from_slice(data);
            let begun = std::mem::take(&mut self.begun);
            let rest = drain(&begun, message);
            self.begun = keep(rest);
            return;
        };
        self.begun = keep(rest);
    }
}

/// Hands out the whole messages; what is behind them.
fn drain<'a>(bytes: &'a [u8], message: &mut impl FnMut(BgpMessage<'_>)) -> &'a [u8] {
    match BgpMessages::parse(bytes) {
        Some(mut messages) => {
            messages.by_ref().for_each(message);
            messages.rest()
        }
        None => bytes,
    }
}

/// What may be the beginning of a message.
fn keep(rest: &[u8]) -> Vec<u8> {
    let marker = rest.get(..16).unwrap_or(rest);
    let is_begun =
        marker.iter().all(|byte| *byte == 0xff) && (rest.len() < HEADER_LEN || BgpMessages::parse(rest).is_some());
    if is_begun { rest.to_vec() } else { Vec::new() }
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
            streams.push(KEY, Segment { sequence, is_syn, data }, |message| kinds.push(message.kind));
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

    #[test]
    fn what_is_no_bgp_is_not_kept() {
        let mut streams = Streams::default();
        streams.push(KEY, Segment { sequence: 0, is_syn: false, data: &[7; 5000] }, |_| panic!("no message"));
        assert_eq!(streams.streams[&KEY].begun.len(), 0);
        for port in 0..5000 {
            let key = StreamKey { ports: (179, port), ..KEY };
            streams.push(key, Segment { sequence: 0, is_syn: false, data: &[0xff; 17] }, |_| panic!("no message"));
        }
        assert!(streams.streams.len() <= MAX_STREAMS);
    }
}
