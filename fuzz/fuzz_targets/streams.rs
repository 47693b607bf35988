//! BGP over TCP: however a stream is cut, and whatever is sent twice or comes damaged, the messages are the same.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use libfuzzer_sys::fuzz_target;
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
    let expected: Vec<_> = BgpMessages::parse(&stream).into_iter().flatten().map(|m| (m.kind, m.length)).collect();
    assert_eq!(seen, expected);
});
