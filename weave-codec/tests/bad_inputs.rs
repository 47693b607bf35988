//! The Weave lines of BAD-INPUTS.md: bytes, and the exact outcome. Replayed, late and far-future numbers are in `replay.rs`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use ether_ip::Rule;
use weave_codec::sleeve::{FRAGMENTATION_TEST_LEN, SLEEVE_FRAME};
use weave_codec::{
    EncryptedBody, Error, FrameKind, Frames, PeerName, SLEEVE, ShortId, SleeveFrame, SleevePacket, SleeveWriter,
};

const A: PeerName = PeerName([1; 6]);
const B: PeerName = PeerName([2; 6]);

fn frame(ethernet: &[u8]) -> SleeveFrame<'_> {
    SleeveFrame { source: A, destination: B, ethernet }
}

fn packed(frames: &[SleeveFrame<'_>]) -> Vec<u8> {
    let mut buffer = vec![0; 70_000];
    let mut packet = SleeveWriter::plain(A, &mut buffer).unwrap();
    frames.iter().for_each(|frame| packet.push(frame).unwrap());
    packet.finish().to_vec()
}

#[test]
fn under_6_bytes() {
    for available in 0..6 {
        let error = SleevePacket::parse(&[0; 6][..available]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: SLEEVE, needed: 6, available });
    }
    assert_eq!(SleevePacket::parse(&[0; 6][..]).unwrap().frames().next(), None);
}

#[test]
fn frame_length_past_the_end() {
    let bytes = packed(&[frame(&[7; 60]), frame(&[8; 30])]);
    for cut in 1..30 {
        let packet = SleevePacket::parse(&bytes[..bytes.len() - cut]).unwrap();
        let frames: Vec<_> = packet.frames().collect();
        let truncated = Error::Truncated { layer: SLEEVE_FRAME, needed: 44, available: 44 - cut };
        assert_eq!(frames, [Ok(frame(&[7; 60])), Err(truncated)]);
    }
}

#[test]
fn plain_or_not() {
    let looks_plain = |body: &[u8]| SleevePacket::parse(&[&[0; 6], body].concat()[..]).unwrap().looks_plain();
    let frame = [&[1; 12][..], &[0, 2, 7, 7]].concat();
    assert!(looks_plain(&frame) && looks_plain(&[&frame[..], &frame].concat()));
    assert!(!looks_plain(&[]) && !looks_plain(&frame[..15]) && !looks_plain(&[&frame[..], &[0]].concat()));
}

#[test]
fn trailing_bytes() {
    for available in 1..14 {
        let bytes = [packed(&[frame(&[7; 60])]), vec![0; available]].concat();
        let packet = SleevePacket::parse(&bytes[..]).unwrap();
        let truncated = Error::Truncated { layer: SLEEVE_FRAME, needed: 14, available };
        assert_eq!(packet.frames().collect::<Vec<_>>(), [Ok(frame(&[7; 60])), Err(truncated)]);
    }
    // 14 are a frame of no bytes.
    assert_eq!(Frames::new(&[0; 14]).collect::<Vec<_>>().len(), 1);
}

#[test]
fn encrypted_body_under_24_bytes() {
    for available in 0..24 {
        let truncated = Error::Truncated { layer: SLEEVE, needed: 24, available };
        assert_eq!(EncryptedBody::parse(&[0; 24][..available]), Err(truncated));
    }
    let body = EncryptedBody::parse(&[0xff; 24]).unwrap();
    assert_eq!((body.sequence.number(), body.sequence.dont_fragment(), body.sealed.len()), ((1 << 63) - 1, true, 16));
}

/// 14 + 8 is a heartbeat, 60001 a fragmentation test, any other length a PMTU test.
#[test]
fn special_frames_and_a_byte_more_or_less() {
    let kind = |len: usize| frame(&vec![0; len]).kind();
    assert_eq!(kind(22), FrameKind::Heartbeat { connection: 0 });
    assert_eq!([kind(21), kind(23)], [FrameKind::PmtuTest; 2]);
    assert_eq!(kind(FRAGMENTATION_TEST_LEN), FrameKind::FragmentationTest);
    assert_eq!([kind(60_000), kind(60_002)], [FrameKind::PmtuTest; 2]);
    assert_eq!([kind(1452), kind(1451), kind(1453), kind(14)], [FrameKind::PmtuTest; 4]);
    // A header that is cut, or not all zero, is a pod's.
    let mut pod = [0; 22];
    pod[13] = 1;
    assert_eq!([kind(13), kind(0), frame(&pod).kind()], [FrameKind::Ethernet; 3]);
}

#[test]
fn what_does_not_go_in_is_refused() {
    let mut buffer = [0; 100];
    assert!(
        SleeveWriter::plain(A, &mut buffer[..5]).is_err() && SleeveWriter::encrypted(A, &mut buffer[..29]).is_err()
    );
    let mut packet = SleeveWriter::plain(A, &mut buffer).unwrap();
    assert!(packet.is_empty());
    packet.push(&frame(&[7; 60])).unwrap();
    let no_room = Error::NoRoom { layer: SLEEVE, needed: 7, available: 6 };
    assert_eq!(packet.push(&frame(&[8; 7])), Err(no_room));
    packet.push(&frame(&[9; 6])).unwrap();
    assert_eq!(packet.len(), 100);
    let bytes = packet.finish();
    let packet = SleevePacket::parse(bytes).unwrap();
    assert!(packet.frames().map(Result::unwrap).eq([frame(&[7; 60]), frame(&[9; 6])]));

    let (long, mut buffer) = (vec![0; 65_536], vec![0; 70_000]);
    let (field, rule) = ("length", Rule::AtMost(65_535));
    let unbuildable = Error::Unbuildable { layer: SLEEVE_FRAME, field, value: 65_536, rule };
    assert_eq!(SleeveWriter::plain(A, &mut buffer).unwrap().push(&frame(&long)), Err(unbuildable));
    assert!(ShortId::new(4096).is_err() && ShortId::new(4095).is_ok());
}

/// A wrong key, a changed byte: nothing of the plaintext is shown, and nothing is changed.
#[cfg(feature = "crypto")]
#[test]
fn forged() {
    use weave_codec::Sequence;
    use weave_codec::crypto::{Direction, OpenError, SessionKey};

    let mut buffer = vec![0; 200];
    let mut packet = SleeveWriter::encrypted(A, &mut buffer).unwrap();
    packet.push(&frame(&[7; 60])).unwrap();
    let len = packet.len();
    assert_eq!(len, 6 + 8 + 16 + 14 + 60);
    buffer.truncate(len);
    let key = SessionKey::new([1; 32]);
    key.seal(&mut buffer, Direction::Inbound, Sequence::new(9, true)).unwrap();
    for at in 6..len {
        let mut changed = buffer.clone();
        changed[at] ^= 1;
        let before = changed.clone();
        let error = key.open(&mut changed, Direction::Inbound).unwrap_err();
        assert!(matches!(error, OpenError::Forged { .. }), "byte {at}");
        assert_eq!(changed, before);
    }
    // The sender's name in front is under no tag.
    let mut renamed = buffer.clone();
    renamed[..6].copy_from_slice(&[9; 6]);
    assert!(key.open(&mut renamed, Direction::Inbound).is_ok());
    let short = OpenError::Packet(Error::Truncated { layer: SLEEVE, needed: 24, available: 23 });
    assert_eq!(key.open(&mut buffer[..29], Direction::Inbound).unwrap_err(), short);
    let (sequence, mut frames) = key.open(&mut buffer, Direction::Inbound).unwrap();
    assert_eq!((sequence, frames.next()), (Sequence::new(9, true), Some(Ok(frame(&[7; 60])))));
    assert!(key.seal(&mut [0; 29], Direction::Inbound, sequence).is_err());
}
