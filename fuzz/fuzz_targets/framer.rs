//! A stream of messages, cut anywhere: the framer gives the same messages as of the whole, and says what it lacks.
#![no_main]

use bgp_codec::Framer;
use bgp_codec::arbitrary::AnyMessage;
use ether_ip::arbitrary::Nearly;
use libfuzzer_sys::fuzz_target;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input {
    messages: Vec<AnyMessage>,
    last: Nearly<AnyMessage>,
    cuts: Vec<u16>,
}

fuzz_target!(|input: Input| {
    let mut stream: Vec<u8> = input.messages.iter().take(8).flat_map(|message| message.0.iter().copied()).collect();
    let good = stream.len();
    stream.extend(&input.last.0.0);
    let framer = Framer::with_max_len(4096);

    let (mut whole, mut end) = (Vec::new(), None);
    let mut rest = &stream[..];
    loop {
        match framer.next(&mut rest) {
            Ok(Some(frame)) => whole.push(frame.bytes().to_vec()),
            Ok(None) => break,
            Err(error) => {
                end = Some(error.notification(rest).code);
                break;
            }
        }
    }
    assert!(whole.len() >= input.messages.len().min(8));
    assert!(whole.concat().len() >= good && stream.starts_with(&whole.concat()));

    // The same bytes as they come.
    let (mut pieces, mut broken) = (Vec::new(), None);
    let (mut buffer, mut at, mut cuts) = (Vec::new(), 0, input.cuts.iter().cycle());
    while at < stream.len() && broken.is_none() {
        let step = cuts.next().map_or(stream.len(), |cut| usize::from(*cut) % 100 + 1);
        let until = (at + step).min(stream.len());
        buffer.extend_from_slice(&stream[at..until]);
        at = until;
        let mut rest = &buffer[..];
        loop {
            match framer.next(&mut rest) {
                Ok(Some(frame)) => pieces.push(frame.bytes().to_vec()),
                Ok(None) => break,
                Err(error) => {
                    broken = Some(error.notification(rest).code);
                    break;
                }
            }
        }
        let used = buffer.len() - rest.len();
        buffer.drain(..used);
    }
    assert_eq!(pieces, whole);
    assert_eq!(broken, end);
});
