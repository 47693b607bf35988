//! Captures of every kind, whole and broken.
#![cfg(feature = "capture")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::io::{Cursor, Read};

use packet_dissect::capture::Place;
use packet_dissect::{Capture, CaptureError, CapturedPacket, LinkType, SkippedBlocks, Timestamp};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

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

/// As gzip, zstd, lz4, xz and bzip2 wrote `pcap(0xa1b2_c3d4, u32::to_le_bytes, 0)`: its first 30 bytes, and behind them, as a file of its
/// own, the rest.
#[cfg(feature = "compressed")]
const COMPRESSED: [(&str, &str); 5] = [
    (
        "gzip 1.12",
        "1f8b0800000000000003bb7278d3422606160618f8ff9f81811148b303312b030017b94edf1e000000
         1f8b0800000000000003636060666060b0016246266600aab6a8530d000000",
    ),
    (
        "zstd 1.5.4",
        "28b52ffd0458f10000d4c3b2a1020004000000000000000000ffff000001000000070000000500d8d3a596
         28b52ffd04586900000000030000003c00000001020365dc0d7f",
    ),
    (
        "lz4 1.9.4",
        "04224d186440a71a00000084d4c3b2a1020004000100e0ffff00000100000007000000050000000000b22e8d1d
         04224d186440a70d0000800000030000003c000000010203000000008b9e1e58",
    ),
    (
        "xz 5.4.1",
        "fd377a585a0000016922de360200210116000000742fe5a3e0001d00175d006a30d1c87d8bf8099bad944b8af3488542e1722fae4000
         000017b94edf00012f1e25b095c89042990d010000000001595a
         fd377a585a0000016922de360200210116000000742fe5a301000c0000030000003c00000001020300000000aab6a8530001210d75dc
         a8d29042990d010000000001595a",
    ),
    (
        "bzip2 1.0.8",
        "425a6839314159265359eb01adcc00000bc01ef68020001000080004000000a0003100d34d034d3400a5d738125a8d9033795d78bb92
         29c28487580d6e60
         425a683931415926535987cc6cd2000001c800780000042000221e8d06681607f5130bb9229c284843e6366900",
    ),
];

/// Several files of a kind are one; an early end is told as one, wherever it is.
#[cfg(feature = "compressed")]
#[test]
fn compressed() {
    let plain = pcap(0xa1b2_c3d4, u32::to_le_bytes, 0);
    for (by, text) in COMPRESSED {
        let file = unhex(text);
        assert!(matches!(read(&file), (packets, None) if packets == read(&plain).0), "{by}: {:?}", read(&file).1);
        let mut capture = Capture::new(Cursor::new(file.clone())).unwrap();
        assert!(capture.next_record().is_some() && capture.next_record().is_none());
        assert_eq!(capture.bytes_read(), file.len() as u64, "{by}");
        for len in 6..file.len() - 1 {
            let (packets, failure) = read(&file[..len]);
            // Of a check sum at the very end more or less is missing, and all that counts is there.
            assert!(failure.is_some() || packets.len() == 1, "{by}, {len}");
        }
    }
}

/// A file that promises 2 GiB of window, or a byte wrong within, is refused with what its format says of it.
#[cfg(feature = "compressed")]
#[test]
fn compressed_and_broken() {
    // RFC 8878 §3.1.1.1.2: a window descriptor of exponent 21, that is 2 GiB.
    let window = read(&unhex("28b52ffd00a8 0100000000000000")).1.unwrap().to_string();
    assert!(window.contains("window"), "{window}");
    for (by, text) in COMPRESSED {
        let file = unhex(text);
        for at in 6..file.len() {
            let mut broken = file.clone();
            broken[at] ^= 0x55;
            let (packets, failure) = read(&broken);
            assert!(packets.len() <= 1, "{by}, {at}: {failure:?}");
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
    let says = "the capture is broken: the first record: captured length is 4294967295, it must be at most 4194287";
    // Whether so many bytes are behind it or not.
    assert_eq!(read(&file).1.unwrap().to_string(), says);
    let endless = Cursor::new(file).chain(std::io::repeat(0).take(1 << 26));
    let mut capture = Capture::new(endless).unwrap();
    assert_eq!(capture.next_record().unwrap().unwrap_err().to_string(), says);
    assert!(capture.next_record().is_none());
}

/// A record of 2 GiB behind one that is good, in both orders; the longest that is believed is cut short.
#[test]
fn a_length_that_no_record_has() {
    for (magic, order) in [(0xa1b2_c3d4, u32::to_le_bytes as fn(u32) -> [u8; 4]), (0xa1b2_c3d4, u32::to_be_bytes)] {
        let one = pcap(magic, order, 0);
        let of = |len: u32| [&one[..], &[0, 0, len, len].map(order).concat(), &[0; 100]].concat();
        let (packets, failure) = read(&of(0x7fff_ffff));
        assert_eq!(packets.len(), 1);
        let says = "the capture is broken: the record behind packet 1: captured length is 2147483647, it must be at most 4194287";
        assert_eq!(failure.unwrap().to_string(), says);
        assert!(matches!(
            read(&of(4_194_288)).1,
            Some(CaptureError::TooLong { value: 4_194_288, limit: 4_194_287, .. })
        ));
        let says = "the capture is cut short: it ends within the record behind packet 1";
        assert_eq!(read(&of(4_194_287)).1.unwrap().to_string(), says);
    }
}

/// A block of pcapng the same.
#[test]
fn a_length_that_no_block_has() {
    for order in [u32::to_le_bytes as fn(u32) -> [u8; 4], u32::to_be_bytes] {
        let section = [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 0x0001_0000, u32::MAX, u32::MAX, 28].map(order).concat();
        let file = [&section[..], &[6, 0x7fff_fff0].map(order).concat(), &[0; 100]].concat();
        let says = "the capture is broken: the first record: block length is 2147483632, it must be at most 4194303";
        assert_eq!(read(&file).1.unwrap().to_string(), says);
        // Whoever reads it says so of the header too.
        let first = [0x0a0d_0d0a, 0x7fff_fff0, 0x1a2b_3c4d].map(order).concat();
        let says = "the capture is broken: the file's header: block length is 2147483632, it must be at most 131072";
        assert_eq!(Capture::new(Cursor::new(first)).unwrap_err().to_string(), says);
    }
}

/// Records as long as is believed, from a file and from a pipe, which gives little at a time.
#[test]
fn records_of_4_mib() {
    struct Pipe(Cursor<Vec<u8>>);
    impl Read for Pipe {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            let len = to.len().min(4096);
            self.0.read(&mut to[..len])
        }
    }
    let len = 4_194_287;
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

/// A pcapng section in this byte order, with blocks behind its header.
fn section_of(is_big_endian: bool, blocks: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let word = |value: u32| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let half = |value: u16| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let header = [&word(0x1a2b_3c4d)[..], &half(1), &half(0), &[0xff; 8]].concat();
    let mut file = Vec::new();
    for (kind, body) in [(0x0a0d_0d0a, header)].iter().chain(blocks) {
        let padding = vec![0; body.len().next_multiple_of(4) - body.len()];
        let len = word((12 + body.len() + padding.len()) as u32);
        file.extend([&word(*kind)[..], &len, body, &padding, &len].concat());
    }
    file
}

/// draft-ietf-opsawg-pcapng §4.2 and appendix A, in both byte orders: an interface that counts 2^-10 s and is 2 s behind, its obsolete
/// Packet Blocks (one of an interface that is not there), and what is skipped: a custom block, one of nobody knows what twice, and a
/// name resolution block, which holds no packet.
#[test]
fn obsolete_packet_blocks() {
    for is_big_endian in [false, true] {
        let word = |value: u32| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let half = |value: u16| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let offset = if is_big_endian { (-2_i64).to_be_bytes() } else { (-2_i64).to_le_bytes() };
        let tsresol = [&half(9)[..], &half(1), &[0x8a, 0, 0, 0]].concat();
        let tsoffset = [&half(14)[..], &half(8), &offset].concat();
        let interface = [&half(1)[..], &half(0), &word(0), &tsresol, &tsoffset, &word(0)].concat();
        let packet = |of: u16, len: u32| {
            let times = [word(0), word(5 * 1024 + 512)].concat();
            [&half(of)[..], &half(0xffff), &times, &word(len), &word(60), &FRAME].concat()
        };
        let custom = (0xbad, [&word(32_473)[..], &FRAME].concat());
        let unknown = (0x7777, FRAME.to_vec());
        let names = (4, word(0).to_vec());
        let blocks = [(1, interface), custom, unknown.clone(), (2, packet(0, 3)), names, unknown];
        let mut capture = Capture::new(Cursor::new(section_of(is_big_endian, &blocks))).unwrap();
        let packets: Vec<_> = capture.by_ref().collect::<Result<_, _>>().unwrap();
        let expected = CapturedPacket {
            number: 1,
            time: Some(Timestamp { seconds: 3, nanoseconds: 500_000_000 }),
            original_len: 60,
            link_type: LinkType::ETHERNET,
            bytes: FRAME.to_vec(),
        };
        assert_eq!(packets, [expected], "{is_big_endian} {:?}", capture.skipped());
        let skipped = [(0xbad, 1), (0x7777, 2)].map(|(block_type, count)| SkippedBlocks { block_type, count });
        assert_eq!(capture.skipped(), skipped);
        assert_eq!(skipped[1].to_string(), "2 blocks of type 0x7777 skipped, which may hold packets");
        let one = |block: Vec<u8>| read(&section_of(is_big_endian, &[blocks[0].clone(), (2, block)])).1;
        assert!(matches!(one(packet(1, 3)), Some(CaptureError::NoInterface { number: 1, interface: 1 })));
        assert!(matches!(one(packet(0, 5)), Some(CaptureError::Broken { what: Place::Behind(0) })));
        assert!(matches!(one(packet(0, 3)[..19].to_vec()), Some(CaptureError::Broken { what: Place::Behind(0) })));
    }
}

/// As many types as anybody likes: the first few are told apart.
#[test]
fn many_types_of_blocks() {
    let blocks: Vec<_> = (0..1000).map(|kind| (0x1_0000 + kind, Vec::new())).collect();
    let mut capture = Capture::new(Cursor::new(section_of(false, &blocks))).unwrap();
    assert!(capture.next_record().is_none());
    assert_eq!(capture.skipped().len(), 16);
    assert_eq!(capture.skipped().iter().map(|skipped| skipped.count).sum::<u64>(), 1000);
}
