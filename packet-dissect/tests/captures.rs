//! Captures of every kind, whole and broken.
#![cfg(feature = "capture")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::io::{Cursor, Read};

use packet_dissect::capture::Place;
use packet_dissect::{Capture, CaptureError, CapturedPacket, LinkType, Timestamp};

const FRAME: [u8; 3] = [1, 2, 3];

/// A pcap with one packet captured at 7.000005 s (or ns), every number in this byte order.
fn pcap(magic: u32, order: fn(u32) -> [u8; 4], extra: usize) -> Vec<u8> {
    let half = |high: u16, low: u16| {
        let word = order(u32::from(high) << 16 | u32::from(low));
        if order(1)[0] == 1 { [word[2], word[3], word[0], word[1]] } else { word }
    };
    let mut file = order(magic).to_vec();
    file.extend(half(2, 4));
    for word in [0, 0, 65_535, 1, 7, 5, 3, 60] {
        file.extend(order(word));
    }
    file.extend(vec![0; extra]);
    file.extend(FRAME);
    file
}

fn read(file: &[u8]) -> (Vec<CapturedPacket>, Option<CaptureError>) {
    let (mut packets, mut failure) = (Vec::new(), None);
    match Capture::new(Cursor::new(file.to_vec())) {
        Ok(capture) => {
            for packet in capture {
                match packet {
                    Ok(packet) => packets.push(packet),
                    Err(error) => failure = Some(error),
                }
            }
        }
        Err(error) => failure = Some(error),
    }
    (packets, failure)
}

#[test]
fn every_magic() {
    for (magic, extra, nanoseconds) in [(0xa1b2_c3d4, 0, 5000), (0xa1b2_3c4d, 0, 5), (0xa1b2_cd34, 8, 5000)] {
        for order in [u32::to_le_bytes, u32::to_be_bytes] {
            if magic == 0xa1b2_cd34 && order(1)[0] == 0 {
                // pcap-parser does not know the modified format in big-endian order: named, not guessed at.
                let (packets, failure) = read(&pcap(magic, order, extra));
                assert!(
                    packets.is_empty() && matches!(failure, Some(CaptureError::NotACapture { magic: 0xa1b2_cd34 }))
                );
                continue;
            }
            let (packets, failure) = read(&pcap(magic, order, extra));
            assert!(failure.is_none(), "{magic:#x}: {failure:?}");
            let expected = CapturedPacket {
                number: 1,
                time: Some(Timestamp { seconds: 7, nanoseconds }),
                original_len: 60,
                link_type: LinkType::ETHERNET,
                bytes: FRAME.to_vec(),
            };
            assert_eq!(packets, [expected], "{magic:#x}");
        }
    }
}

#[test]
fn what_is_no_capture() {
    assert!(matches!(read(&[]).1, Some(CaptureError::Empty)));
    let error = read(b"hello, world, this is no capture").1.unwrap();
    assert_eq!(error.to_string(), "not a capture: it begins with 0x68656c6c, neither pcap nor pcapng");
    assert!(matches!(Capture::open("/nonexistent.pcap"), Err(CaptureError::Io(_))));
    assert!(matches!(Capture::open("/"), Err(CaptureError::Io(_))));
}

#[test]
fn header_only_and_header_cut() {
    let file = pcap(0xa1b2_c3d4, u32::to_le_bytes, 0);
    assert!(matches!(read(&file[..24]), (packets, None) if packets.is_empty()));
    for len in 1..24 {
        assert!(matches!(read(&file[..len]).1, Some(CaptureError::CutShort { what: Place::Header })), "{len} bytes");
    }
}

/// The last record cut anywhere: all packets before it, then the error.
#[test]
fn a_record_cut_anywhere() {
    let one = pcap(0xa1b2_c3d4, u32::to_le_bytes, 0);
    let two = [&one[..], &one[24..]].concat();
    for len in one.len() + 1..two.len() {
        let (packets, failure) = read(&two[..len]);
        assert_eq!(packets.len(), 1);
        assert!(matches!(failure, Some(CaptureError::CutShort { what: Place::Behind(1) })), "{len} bytes: {failure:?}");
    }
}

#[test]
fn a_record_that_claims_4_gib() {
    let mut file = pcap(0xa1b2_c3d4, u32::to_le_bytes, 0);
    file[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
    // Without so many bytes behind it, it is cut short; with them, nobody reads it.
    assert!(read(&file).1.is_some());
    let endless = Cursor::new(file).chain(std::io::repeat(0).take(1 << 26));
    let mut capture = Capture::new(endless).unwrap();
    assert!(matches!(capture.next_record(), Some(Err(CaptureError::TooLong { what: Place::Behind(0) }))));
    assert!(capture.next_record().is_none());
}

/// Records as long as is believed, from a file and from a pipe, which gives little at a time.
#[test]
fn records_of_2_mib() {
    struct Pipe(Cursor<Vec<u8>>);
    impl Read for Pipe {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            let len = to.len().min(4096);
            self.0.read(&mut to[..len])
        }
    }
    let len = (1_u32 << 21) - 16;
    let mut file = pcap(0xa1b2_c3d4, u32::to_le_bytes, 0)[..24].to_vec();
    for (n, len) in [(1, 600_000), (2, len), (3, 60), (4, len)] {
        file.extend([0, 0, len, len].map(u32::to_le_bytes).concat());
        file.extend(vec![n; len as usize]);
    }
    for capture in [Capture::new(Cursor::new(file.clone())), Capture::new(Pipe(Cursor::new(file.clone())))] {
        let packets: Vec<_> = capture.unwrap().map(|packet| packet.unwrap().bytes).collect();
        let seen: Vec<_> = packets.iter().map(|bytes| (bytes[0], bytes.len())).collect();
        assert_eq!(seen, [(1, 600_000), (2, len as usize), (3, 60), (4, len as usize)]);
    }
}

/// A captured length above the original one is odd, and no reason to throw the packet away.
#[test]
fn captured_more_than_there_was() {
    let mut file = pcap(0xa1b2_c3d4, u32::to_le_bytes, 0);
    file[36..40].copy_from_slice(&2_u32.to_le_bytes());
    let (packets, failure) = read(&file);
    assert!(failure.is_none());
    assert_eq!((packets[0].original_len, packets[0].bytes.len()), (2, 3));
}

/// A pipe that gives a byte at a time.
struct Dribble(Cursor<Vec<u8>>);

impl Read for Dribble {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = buffer.len().min(1);
        self.0.read(&mut buffer[..len])
    }
}

#[test]
fn a_byte_at_a_time() {
    for file in [pcap(0xa1b2_c3d4, u32::to_le_bytes, 0), pcapng()] {
        let whole = read(&file).0;
        let packets: Vec<_> = Capture::new(Dribble(Cursor::new(file))).unwrap().map(Result::unwrap).collect();
        assert_eq!(packets, whole);
    }
}

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let len = (body.len().next_multiple_of(4) + 12) as u32;
    let mut block = [kind.to_le_bytes(), len.to_le_bytes()].concat();
    block.extend(body);
    block.resize(len as usize - 4, 0);
    block.extend(len.to_le_bytes());
    block
}

fn section() -> Vec<u8> {
    block(0x0a0d_0d0a, &[&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat())
}

/// An interface: link type, snap length, and options.
fn interface(link_type: u16, snap_len: u32, options: &[u8]) -> Vec<u8> {
    block(1, &[&link_type.to_le_bytes()[..], &[0, 0], &snap_len.to_le_bytes(), options].concat())
}

fn enhanced(interface: u32, time: u64, bytes: &[u8], options: &[u8]) -> Vec<u8> {
    let (high, low, len) = ((time >> 32) as u32, time as u32, bytes.len() as u32);
    let mut body = [interface, high, low, len, len].map(u32::to_le_bytes).concat();
    body.extend(bytes);
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend(options);
    block(6, &body)
}

fn simple(original_len: u32, bytes: &[u8]) -> Vec<u8> {
    block(3, &[&original_len.to_le_bytes()[..], bytes].concat())
}

/// Two sections; in the first two interfaces of different link types and time resolutions, unknown blocks and options.
fn pcapng() -> Vec<u8> {
    let nanoseconds = [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0];
    let unknown_option = [0xe9, 0x7f, 2, 0, 1, 2, 0, 0, 0, 0, 0, 0];
    [
        section(),
        interface(1, 0, &[]),
        interface(101, 0, &nanoseconds),
        enhanced(0, 7_000_005, &FRAME, &[]),
        block(0x4242_4242, &[1, 2, 3, 4]),
        enhanced(1, 7_000_000_005, &FRAME, &unknown_option),
        section(),
        interface(113, 2, &[]),
        simple(60, &FRAME),
    ]
    .concat()
}

#[test]
fn pcapng_with_all_that_it_can_hold() {
    let (packets, failure) = read(&pcapng());
    assert!(failure.is_none(), "{failure:?}");
    let seen: Vec<_> = packets.iter().map(|packet| (packet.link_type, packet.time, packet.bytes.clone())).collect();
    let expected = [
        (LinkType::ETHERNET, Some(Timestamp { seconds: 7, nanoseconds: 5000 }), FRAME.to_vec()),
        (LinkType::RAW, Some(Timestamp { seconds: 7, nanoseconds: 5 }), FRAME.to_vec()),
        // A simple packet block has no time, and as many bytes as the snap length allows.
        (LinkType::LINUX_SLL, None, FRAME[..2].to_vec()),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn pcapng_that_is_broken() {
    let good = pcapng();
    for len in 1..section().len() {
        assert!(read(&good[..len]).1.is_some(), "{len} bytes");
    }
    let no_interface = [section(), enhanced(3, 0, &FRAME, &[])].concat();
    let error = read(&no_interface).1.unwrap();
    assert_eq!(error.to_string(), "the capture is broken: packet 1 is of interface 3, which is not described");
    // 65536 interfaces are believed, and in the next section as many again; one more is not.
    let many = [section(), interface(1, 0, &[]).repeat(1 << 16), enhanced(65_535, 0, &FRAME, &[])].concat();
    let (packets, failure) = read(&[&many[..], &many].concat());
    assert!(packets.len() == 2 && failure.is_none());
    let (packets, failure) = read(&[&many[..], &interface(1, 0, &[])].concat());
    assert_eq!(packets.len(), 1);
    let error = "the capture is broken: the record behind packet 1 describes one interface more than 65536";
    assert_eq!(failure.unwrap().to_string(), error);
    let mut other_magic = section();
    other_magic[8] = 0;
    assert!(matches!(read(&other_magic).1, Some(CaptureError::Broken { what: Place::Header })));
    // A packet block whose captured length is longer than the block.
    let mut contradicting = [section(), interface(1, 0, &[]), enhanced(0, 0, &FRAME, &[])].concat();
    let at = contradicting.len() - 4 - 4 - 8;
    contradicting[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    let (packets, failure) = read(&contradicting);
    assert!(packets.is_empty() && failure.is_some());
}

#[test]
fn times_are_written_as_seconds() {
    assert_eq!(Timestamp { seconds: 7, nanoseconds: 5000 }.to_string(), "7.000005000");
    // A broken record's microseconds can be more than a second's worth.
    assert_eq!(Timestamp { seconds: 7, nanoseconds: 4_294_967_295 }.to_string(), "11.294967295");
}
