//! Captures, pcap and pcapng alike, read packet by packet in constant memory.

#[cfg(feature = "compressed")]
mod compressed;
mod error;
mod origin;
mod source;
mod time;

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use pcap_parser::traits::PcapReaderIterator;
use pcap_parser::{Block, LegacyPcapReader, PcapBlockOwned, PcapError, PcapNGReader};

use crate::{LinkType, Packet};

pub use error::{CaptureError, Place};
pub use time::Timestamp;

use error::{MAX_INTERFACES, MAX_RECORD_LEN};
pub(crate) use origin::{Interface, Origin};
use source::Told;

/// What is read at once.
const BUFFER_LEN: usize = 1 << 18;
/// The lengths that errors are about: of a record in pcap, of a block in pcapng.
const CAPTURED_LENGTH: &str = "captured length";
const BLOCK_LENGTH: &str = "block length";
/// As many types of blocks as are told apart of those that are skipped.
const MAX_SKIPPED: usize = 16;

/// A block type of pcapng whose layout pcap-parser does not read (draft-ietf-opsawg-pcapng appendix A).
const PACKET_BLOCK: u32 = 2;

/// How many bytes of a packet were not captured.
fn missing(original_len: u32, bytes: &[u8]) -> usize {
    (original_len as usize).saturating_sub(bytes.len())
}

/// A captured packet, borrowed from the capture's buffer.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// Which packet of the capture it is, counted from 1.
    pub number: u64,
    /// When it was captured; `None` in pcapng's simple packet blocks.
    pub time: Option<Timestamp>,
    /// How long it was on the wire, in bytes; the captured bytes may be fewer.
    pub original_len: u32,
    /// How it begins.
    pub link_type: LinkType,
    /// The captured bytes.
    pub bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// The packet, to be walked through.
    #[must_use]
    pub fn packet(&self) -> Packet<'a> {
        Packet::new(self.link_type, self.bytes).with_missing(self.missing())
    }

    /// How many of its bytes were not captured.
    pub(crate) fn missing(&self) -> usize {
        missing(self.original_len, self.bytes)
    }
}

/// A packet, and where it comes from.
#[derive(Debug)]
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only who writes captures wants to know it all"))]
pub(crate) struct Described<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) origin: Origin<'a>,
}

/// A captured packet with bytes of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedPacket {
    /// Which packet of the capture it is, counted from 1.
    pub number: u64,
    /// When it was captured; `None` in pcapng's simple packet blocks.
    pub time: Option<Timestamp>,
    /// How long it was on the wire, in bytes; the captured bytes may be fewer.
    pub original_len: u32,
    /// How it begins.
    pub link_type: LinkType,
    /// The captured bytes.
    pub bytes: Vec<u8>,
}

impl CapturedPacket {
    /// The packet, to be walked through.
    #[must_use]
    pub fn packet(&self) -> Packet<'_> {
        Packet::new(self.link_type, &self.bytes).with_missing(missing(self.original_len, &self.bytes))
    }
}

/// Blocks of a type that is not read, and could have held packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkippedBlocks {
    /// The type; of those beyond the first few types, that of the first.
    pub block_type: u32,
    /// How many.
    pub count: u64,
}

impl fmt::Display for SkippedBlocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block_type, count } = self;
        let blocks = if *count == 1 { "block" } else { "blocks" };
        write!(f, "{count} {blocks} of type {block_type:#x} skipped, which may hold packets")
    }
}

/// A capture being read: an iterator over its packets, or [`next_record`](Self::next_record) without a copy.
///
/// ```no_run
/// use packet_dissect::Capture;
///
/// for packet in Capture::open("pods.pcap")? {
///     println!("{}", packet?.packet());
/// }
/// # Ok::<(), packet_dissect::CaptureError>(())
/// ```
pub struct Capture {
    reader: Box<dyn PcapReaderIterator + Send>,
    told: Told,
    /// How long the buffer is: as much as the longest record so far needed.
    buffer_len: usize,
    /// The length of the block that was handed out last, still in the buffer.
    handed_out: usize,
    packets: u64,
    failed: bool,
    pcap: Option<PcapFormat>,
    is_big_endian: bool,
    interfaces: Vec<Interface>,
    /// Which section of a pcapng file it is, counted from 1: each describes interfaces of its own.
    section: u32,
    skipped: Vec<SkippedBlocks>,
}

/// What a pcap file's header says of all its packets.
#[derive(Debug, Clone, Copy)]
struct PcapFormat {
    link_type: LinkType,
    is_nanoseconds: bool,
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture").field("packets", &self.packets).field("pcap", &self.pcap).finish_non_exhaustive()
    }
}

impl Capture {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be opened or its header is no capture's.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CaptureError> {
        let path = path.as_ref();
        if path.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
        }
        Self::new(File::open(path)?)
    }

    /// Reads from anything: standard input, a socket, bytes in memory. With the feature `compressed` as gzip, zstd, lz4, xz and bzip2
    /// leave it, too.
    ///
    /// # Errors
    /// If it cannot be read or its header is no capture's.
    pub fn new(source: impl Read + Send + 'static) -> Result<Self, CaptureError> {
        let (source, told) = source::open(source)?;
        let capture = Self::begin(source, told.clone());
        // A compressed file that ends early, or is broken from the start.
        capture.map_err(|error| match (error, told.failure()) {
            (_, Some(failure)) if failure.kind() != io::ErrorKind::UnexpectedEof => CaptureError::Io(failure),
            (CaptureError::Io(_), Some(_)) => CaptureError::CutShort { what: Place::Header },
            (error, _) => error,
        })
    }

    fn begin(mut source: Box<dyn Read + Send>, told: Told) -> Result<Self, CaptureError> {
        // A pipe may give the header in pieces, which pcap-parser takes for the end. So the header is read here.
        let mut header = Vec::new();
        let magic = match read_up_to(&mut source, &mut header, 4)? {
            [] => return Err(CaptureError::Empty),
            &[a, b, c, d] => u32::from_be_bytes([a, b, c, d]),
            _ => return Err(CaptureError::CutShort { what: Place::Header }),
        };
        match magic {
            0xa1b2_c3d4 | 0xd4c3_b2a1 | 0xa1b2_3c4d | 0x4d3c_b2a1 | 0x34cd_b2a1 => Self::pcap(header, source, told),
            0x0a0d_0d0a => Self::pcapng(header, source, told),
            magic => Err(CaptureError::NotACapture { magic }),
        }
    }

    fn pcap(mut header: Vec<u8>, mut source: Box<dyn Read + Send>, told: Told) -> Result<Self, CaptureError> {
        let len = read_up_to(&mut source, &mut header, 24)?.len();
        if len < 24 {
            return Err(CaptureError::CutShort { what: Place::Header });
        }
        let source = Cursor::new(header).chain(source);
        let reader =
            LegacyPcapReader::new(BUFFER_LEN, source).map_err(|_| CaptureError::Broken { what: Place::Header })?;
        Ok(Self::with_reader(Box::new(reader), told))
    }

    fn pcapng(mut header: Vec<u8>, mut source: Box<dyn Read + Send>, told: Told) -> Result<Self, CaptureError> {
        let cut_short = CaptureError::CutShort { what: Place::Header };
        let &[_, _, _, _, a, b, c, d, ref magic @ ..] = read_up_to(&mut source, &mut header, 12)? else {
            return Err(cut_short);
        };
        let len = match magic {
            [0x1a, 0x2b, 0x3c, 0x4d] => u32::from_be_bytes([a, b, c, d]),
            [0x4d, 0x3c, 0x2b, 0x1a] => u32::from_le_bytes([a, b, c, d]),
            [_, _, _, _] => return Err(CaptureError::Broken { what: Place::Header }),
            _ => return Err(cut_short),
        };
        // A section header's options: a few hundred bytes.
        let len = len as usize;
        let most = BUFFER_LEN / 2;
        if len > most {
            let (value, limit) = (len as u32, most as u32);
            return Err(CaptureError::TooLong { what: Place::Header, field: BLOCK_LENGTH, value, limit });
        }
        if read_up_to(&mut source, &mut header, len)?.len() < len {
            return Err(cut_short);
        }
        let source = Cursor::new(header).chain(source);
        let reader = PcapNGReader::new(BUFFER_LEN, source).map_err(|_| CaptureError::Broken { what: Place::Header })?;
        Ok(Self::with_reader(Box::new(reader), told))
    }

    fn with_reader(reader: Box<dyn PcapReaderIterator + Send>, told: Told) -> Self {
        let buffer_len = BUFFER_LEN;
        let (interfaces, skipped) = (Vec::new(), Vec::new());
        Self {
            reader,
            told,
            buffer_len,
            handed_out: 0,
            packets: 0,
            failed: false,
            pcap: None,
            is_big_endian: false,
            interfaces,
            section: 0,
            skipped,
        }
    }

    /// How many bytes of the capture have been taken in, compressed as they are.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.told.taken()
    }

    /// What was skipped so far of blocks that could have held packets: of types that pcapng leaves to others, or that are not known.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedBlocks] {
        &self.skipped
    }

    /// The next packet, in the capture's own buffer. `None` at the end, and behind an error.
    ///
    /// # Errors
    /// If the capture is broken or cut short here; no packet follows.
    pub fn next_record(&mut self) -> Option<Result<Record<'_>, CaptureError>> {
        Some(self.next_described()?.map(|described| described.record))
    }

    /// The same with what the capture says of where it was captured, and with its comments.
    pub(crate) fn next_described(&mut self) -> Option<Result<Described<'_>, CaptureError>> {
        match self.advance() {
            Ok(true) => Some(self.described()),
            Ok(false) => None,
            Err(error) => {
                self.failed = true;
                Some(Err(error))
            }
        }
    }

    /// Goes on to the next packet, which is then at the front of the buffer. `false` at the end.
    fn advance(&mut self) -> Result<bool, CaptureError> {
        if self.failed {
            return Ok(false);
        }
        // The buffer is shifted when it is filled again, not for each packet.
        self.reader.consume_noshift(std::mem::take(&mut self.handed_out));
        loop {
            let what = Place::Behind(self.packets);
            let next = self.reader.next();
            // A packet's block is looked at where it is: to move it is to wait until all of it is written.
            if let Ok((len, block)) = &next {
                if is_packet(block, self.is_big_endian) {
                    self.handed_out = *len;
                    self.packets += 1;
                    return Ok(true);
                }
            }
            match next {
                Ok((len, block)) => {
                    match block {
                        PcapBlockOwned::LegacyHeader(header) => {
                            // The upper bits tell of a frame check sequence.
                            let link_type = LinkType((header.network.0 as u32) & 0x03ff_ffff);
                            self.pcap =
                                Some(PcapFormat { link_type, is_nanoseconds: header.is_nanosecond_precision() });
                            self.is_big_endian = header.is_bigendian();
                            self.interfaces.push(Interface::plain(link_type, header.snaplen));
                        }
                        PcapBlockOwned::NG(Block::SectionHeader(section)) => {
                            self.is_big_endian = section.big_endian();
                            self.interfaces.clear();
                            self.section += 1;
                        }
                        PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
                            if self.interfaces.len() == MAX_INTERFACES {
                                return Err(CaptureError::TooManyInterfaces { what });
                            }
                            self.interfaces.push(Interface::new(&interface, self.is_big_endian));
                        }
                        PcapBlockOwned::NG(Block::Unknown(block)) => {
                            skip(&mut self.skipped, in_order(block.block_type, self.is_big_endian));
                        }
                        PcapBlockOwned::NG(Block::Custom(block)) => {
                            skip(&mut self.skipped, in_order(block.block_type, self.is_big_endian));
                        }
                        // Names, counters, keys and the like: never a packet.
                        _ => {}
                    }
                    self.reader.consume_noshift(len);
                }
                Err(PcapError::Eof) => return Ok(false),
                Err(PcapError::Incomplete(_)) => {
                    self.believe()?;
                    self.refill()?;
                }
                Err(PcapError::UnexpectedEof) => {
                    self.believe()?;
                    return Err(CaptureError::CutShort { what });
                }
                Err(PcapError::BufferTooSmall) => {
                    self.believe()?;
                    // Twice as much, which what is believed fits in at last.
                    self.buffer_len *= 2;
                    if self.buffer_len > MAX_RECORD_LEN + 1 || !self.reader.grow(self.buffer_len) {
                        return Err(CaptureError::Broken { what });
                    }
                    self.refill()?;
                }
                Err(_) => return Err(CaptureError::Broken { what }),
            }
        }
    }

    /// Whether the record that is not all there has a length that one can have.
    fn believe(&self) -> Result<(), CaptureError> {
        let (header_len, at, field) = if self.pcap.is_some() { (16, 8, CAPTURED_LENGTH) } else { (0, 4, BLOCK_LENGTH) };
        let data = self.reader.data();
        let four = |at: usize| data.get(at..)?.first_chunk().copied();
        let Some(bytes) = four(at) else { return Ok(()) };
        let is_big_endian = match (self.pcap, four(0), four(8)) {
            // A section begins, and tells the order of its own numbers.
            (None, Some([0x0a, 0x0d, 0x0d, 0x0a]), Some(magic)) => magic == [0x1a, 0x2b, 0x3c, 0x4d],
            _ => self.is_big_endian,
        };
        let value = if is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        let limit = MAX_RECORD_LEN as u32 - header_len;
        let what = Place::Behind(self.packets);
        if value > limit { Err(CaptureError::TooLong { what, field, value, limit }) } else { Ok(()) }
    }

    fn refill(&mut self) -> Result<(), CaptureError> {
        // pcap-parser does not say why.
        self.reader.refill().map_err(|_| match self.told.failure() {
            Some(failure) if failure.kind() == io::ErrorKind::UnexpectedEof => {
                CaptureError::CutShort { what: Place::Behind(self.packets) }
            }
            Some(failure) => failure.into(),
            None => io::Error::other("the capture cannot be read").into(),
        })
    }

    /// The packet at the front of the buffer.
    fn described(&mut self) -> Result<Described<'_>, CaptureError> {
        let number = self.packets;
        let what = Place::Behind(number - 1);
        let next = self.reader.next();
        let Ok((_, block)) = &next else {
            return Err(CaptureError::Broken { what });
        };
        let section = self.section;
        let interface = |number: u32| {
            let interface = self.interfaces.get(number as usize);
            interface.map(|interface| Origin { section, number, interface, comments: Vec::new() })
        };
        let described = |id: u32| interface(id).ok_or(CaptureError::NoInterface { number, interface: id });
        match block {
            PcapBlockOwned::Legacy(block) => {
                let format = self.pcap.ok_or(CaptureError::Broken { what })?;
                let nanoseconds =
                    if format.is_nanoseconds { block.ts_usec } else { block.ts_usec.saturating_mul(1000) };
                let record = Record {
                    number,
                    time: Some(Timestamp { seconds: i64::from(block.ts_sec), nanoseconds }),
                    original_len: block.origlen,
                    link_type: format.link_type,
                    bytes: block.data,
                };
                Ok(Described { record, origin: described(0)? })
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(block)) => {
                let mut origin = described(block.if_id)?;
                let units = u64::from(block.ts_high) << 32 | u64::from(block.ts_low);
                let record = Record {
                    number,
                    time: Some(origin.interface.time(units)),
                    original_len: block.origlen,
                    link_type: origin.interface.link_type,
                    bytes: block.data.get(..block.caplen as usize).ok_or(CaptureError::Broken { what })?,
                };
                origin.comments = origin::comments(&block.options);
                Ok(Described { record, origin })
            }
            PcapBlockOwned::NG(Block::SimplePacket(block)) => {
                let origin = described(0)?;
                let interface = origin.interface;
                let snap_len = if interface.snap_len == 0 { u32::MAX } else { interface.snap_len };
                let len = block.data.len().min(block.origlen as usize).min(snap_len as usize);
                let record = Record {
                    number,
                    time: None,
                    original_len: block.origlen,
                    link_type: interface.link_type,
                    bytes: block.data.get(..len).unwrap_or(block.data),
                };
                Ok(Described { record, origin })
            }
            PcapBlockOwned::NG(Block::Unknown(block)) => {
                let block = PacketBlock::parse(block.data, self.is_big_endian).ok_or(CaptureError::Broken { what })?;
                let origin = described(u32::from(block.interface))?;
                let record = Record {
                    number,
                    time: Some(origin.interface.time(block.units)),
                    original_len: block.original_len,
                    link_type: origin.interface.link_type,
                    bytes: block.bytes,
                };
                Ok(Described { record, origin })
            }
            _ => Err(CaptureError::Broken { what }),
        }
    }
}

/// Whether a block holds a packet.
#[inline(always)]
fn is_packet(block: &PcapBlockOwned<'_>, is_big_endian: bool) -> bool {
    match block {
        PcapBlockOwned::Legacy(_) => true,
        PcapBlockOwned::NG(Block::Unknown(block)) => in_order(block.block_type, is_big_endian) == PACKET_BLOCK,
        PcapBlockOwned::NG(block) => block.is_data_block(),
        PcapBlockOwned::LegacyHeader(_) => false,
    }
}

/// A block's type, which pcap-parser takes for little-endian in every section.
const fn in_order(block_type: u32, is_big_endian: bool) -> u32 {
    if is_big_endian { block_type.swap_bytes() } else { block_type }
}

/// Counts a block that is skipped.
fn skip(skipped: &mut Vec<SkippedBlocks>, block_type: u32) {
    let last = skipped.len().checked_sub(1).filter(|_| skipped.len() == MAX_SKIPPED);
    match skipped.iter().position(|of| of.block_type == block_type).or(last).and_then(|at| skipped.get_mut(at)) {
        Some(of) => of.count += 1,
        None => skipped.push(SkippedBlocks { block_type, count: 1 }),
    }
}

/// An obsolete Packet Block (draft-ietf-opsawg-pcapng, appendix A): the interface's number and a count of drops in two bytes each, then
/// as an Enhanced Packet Block.
struct PacketBlock<'a> {
    interface: u16,
    units: u64,
    original_len: u32,
    bytes: &'a [u8],
}

impl<'a> PacketBlock<'a> {
    fn parse(body: &'a [u8], is_big_endian: bool) -> Option<Self> {
        let (&[a, b, _, _], rest) = body.split_first_chunk()?;
        let (words, rest) = rest.split_first_chunk::<16>()?;
        let word = |n: usize| {
            let bytes = words.get(n * 4..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
            if is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        let bytes = rest.get(..word(2) as usize)?;
        let interface = if is_big_endian { u16::from_be_bytes([a, b]) } else { u16::from_le_bytes([a, b]) };
        Some(Self { interface, units: u64::from(word(0)) << 32 | u64::from(word(1)), original_len: word(3), bytes })
    }
}

/// Reads until `buffer` holds `len` bytes or the source ends.
fn read_up_to<'a>(source: &mut impl Read, buffer: &'a mut Vec<u8>, len: usize) -> io::Result<&'a [u8]> {
    let missing = len.saturating_sub(buffer.len());
    source.take(missing as u64).read_to_end(buffer)?;
    Ok(buffer)
}

impl Iterator for Capture {
    type Item = Result<CapturedPacket, CaptureError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_record()?.map(|record| CapturedPacket {
            number: record.number,
            time: record.time,
            original_len: record.original_len,
            link_type: record.link_type,
            bytes: record.bytes.to_vec(),
        }))
    }
}
