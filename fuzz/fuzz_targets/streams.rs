//! BGP and BMP over TCP: however a stream is cut, and whatever is sent twice or comes damaged, the messages are the same.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use libfuzzer_sys::fuzz_target;
use packet_dissect::TcpProtocol;
use packet_dissect::bgp::BgpMessages;
use packet_dissect::bgp::streams::{Segment, StreamKey, Streams};

fuzz_target!(|input: (Vec<(u8, u8)>, Vec<u8>, u32)| {
    let (messages, cuts, start) = input;
    let mut stream = Vec::new();
    for (kind, body) in &messages {
        stream.extend([0xff; 16]);
        stream.extend((19 + u16::from(*body)).to_be_bytes());
        stream.push(*kind);
        stream.extend(vec![*kind; usize::from(*body)]);
    }
    let key = StreamKey {
        addresses: (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)),
        ports: (179, 40_000),
    };
    let (mut streams, mut seen, mut at) = (Streams::default(), Vec::new(), 0);
    for cut in cuts.iter().copied().chain(std::iter::repeat(255)) {
        let end = (at + 1 + usize::from(cut)).min(stream.len());
        for _ in 0..2 {
            let sequence = start.wrapping_add(at as u32);
            let segment = Segment { sequence, is_syn: false, is_damaged: false, data: &stream[at..end] };
            streams.push(key, segment, |message| seen.push((message.kind, message.length)));
            // What no receiver takes, in the place of what comes next.
            let damaged =
                Segment { sequence: start.wrapping_add(end as u32), is_damaged: true, data: &[7; 40], ..segment };
            streams.push(key, damaged, |_| panic!("a message out of sevens"));
        }
        at = end;
        if at == stream.len() {
            break;
        }
    }
    monitored(&messages, &cuts, start);
    let expected: Vec<_> = BgpMessages::parse(&stream).into_iter().flatten().map(|m| (m.kind, m.length)).collect();
    assert_eq!(seen, expected);
});

/// The same of BMP's messages, and of any bytes: those end nothing but where a header is.
fn monitored(messages: &[(u8, u8)], cuts: &[u8], start: u32) {
    let bytes_of = |(kind, body): &(u8, u8)| {
        let len = 6 + u32::from(*body);
        [&[3][..], &len.to_be_bytes(), &[kind % 7], &vec![*kind; usize::from(*body)]].concat()
    };
    let expected: Vec<_> = messages.iter().map(bytes_of).collect();
    let stream = expected.concat();
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let key = StreamKey { addresses: (local, local), ports: (40_000, 11_019) };
    let (mut streams, mut seen, mut at) = (Streams::default(), Vec::new(), 0);
    for cut in cuts.iter().copied().chain(std::iter::repeat(255)) {
        let end = (at + 1 + usize::from(cut)).min(stream.len());
        let segment = Segment {
            sequence: start.wrapping_add(at as u32),
            is_syn: false,
            is_damaged: false,
            data: &stream[at..end],
        };
        for _ in 0..2 {
            streams.push_of(TcpProtocol::Bmp, key, segment, |message| seen.push(message.to_vec()));
        }
        at = end;
        if at == stream.len() {
            break;
        }
    }
    assert_eq!(seen, expected);
    let other = StreamKey { ports: (1, 2), ..key };
    let segment = Segment { sequence: start, is_syn: false, is_damaged: false, data: cuts };
    streams.push_of(TcpProtocol::Bmp, other, segment, |message| {
        assert!(cuts.windows(message.len()).any(|of| of == message))
    });
}
