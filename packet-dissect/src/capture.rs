//! Captures, pcap and pcapng alike, read packet by packet in constant memory.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use pcap_parser::traits::PcapReaderIterator;
use pcap_parser::{Block, LegacyPcapReader, PcapBlockOwned, PcapError, PcapNGReader};

use crate::{LinkType, Packet};

/// What is read at once.
const BUFFER_LEN: usize = 1 << 18;
/// The longest record that is believed. libpcap writes none over 256 KiB, but for segmentation offload's.
const MAX_RECORD_LEN: usize = 1 << 21;
/// As many interfaces as are believed to be in a section of a pcapng file.
const MAX_INTERFACES: usize = 1 << 16;

/// Why a capture cannot be read, or no further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is not a byte in it.
    #[error("the capture is empty")]
    Empty,
    /// The first bytes are neither pcap's nor pcapng's.
    #[error("not a capture: it begins with {magic:#010x}, neither pcap nor pcapng")]
    NotACapture {
        /// The first four bytes, big-endian.
        magic: u32,
    },
    /// The file ends within its header or a record; all packets before that were given.
    #[error("the capture is cut short: it ends within {what}")]
    CutShort {
        /// What it ends in.
        what: Place,
    },
    /// A record claims to be longer than is believable.
    #[error("the capture is broken: {what} claims to be longer than {MAX_RECORD_LEN} bytes")]
    TooLong {
        /// Which one it is.
        what: Place,
    },
    /// A record or block contradicts itself.
    #[error("the capture is broken: {what} contradicts itself")]
    Broken {
        /// Which one it is.
        what: Place,
    },
    /// A section of a pcapng file describes more interfaces than are believable.
    #[error("the capture is broken: {what} describes one interface more than {MAX_INTERFACES}")]
    TooManyInterfaces {
        /// Which block it is.
        what: Place,
    },
    /// A pcapng packet of an interface that was not described.
    #[error("the capture is broken: packet {number} is of interface {interface}, which is not described")]
    NoInterface {
        /// The packet, counted from 1.
        number: u64,
        /// The interface, counted from 0.
        interface: u32,
    },
}

/// A place in a capture, for an error to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The file's header.
    Header,
    /// The record behind this many packets.
    Behind(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("the file's header"),
            Self::Behind(0) => f.write_str("the first record"),
            Self::Behind(packets) => write!(f, "the record behind packet {packets}"),
        }
    }
}

/// When a packet was captured: seconds since 1970 began, and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    /// Whole seconds; negative only with a pcapng time offset.
    pub seconds: i64,
    /// Nanoseconds. A broken pcap record can hold more than a second's worth.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// The time from `earlier` to this, in nanoseconds; negative if it is later after all.
    #[must_use]
    pub fn nanoseconds_since(self, earlier: Self) -> i128 {
        let total = |time: Self| i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanoseconds);
        total(self) - total(earlier)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let carry = i64::from(self.nanoseconds / 1_000_000_000);
        write!(f, "{}.{:09}", self.seconds.saturating_add(carry), self.nanoseconds % 1_000_000_000)
    }
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
        Packet::new(self.link_type, self.bytes)
    }
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
        Packet::new(self.link_type, &self.bytes)
    }
}

/// A pcapng interface: what its packets' numbers mean.
#[derive(Debug, Clone, Copy)]
struct Interface {
    link_type: LinkType,
    snap_len: u32,
    /// Units of time a second.
    resolution: u64,
    /// Seconds to be added.
    offset: i64,
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
    /// How long the buffer is: as much as the longest record so far needed.
    buffer_len: usize,
    /// The length of the block that was handed out last, still in the buffer.
    handed_out: usize,
    packets: u64,
    failed: bool,
    pcap: Option<PcapFormat>,
    interfaces: Vec<Interface>,
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

    /// Reads from anything: standard input, a socket, bytes in memory.
    ///
    /// # Errors
    /// If it cannot be read or its header is no capture's.
    pub fn new(mut source: impl Read + Send + 'static) -> Result<Self, CaptureError> {
        // A pipe may give the header in pieces, which pcap-parser takes for the end. So the header is read here.
        let mut header = Vec::new();
        let magic = match read_up_to(&mut source, &mut header, 4)? {
            [] => return Err(CaptureError::Empty),
            &[a, b, c, d] => u32::from_be_bytes([a, b, c, d]),
            _ => return Err(CaptureError::CutShort { what: Place::Header }),
        };
        match magic {
            0xa1b2_c3d4 | 0xd4c3_b2a1 | 0xa1b2_3c4d | 0x4d3c_b2a1 | 0x34cd_b2a1 => Self::pcap(header, source),
            0x0a0d_0d0a => Self::pcapng(header, source),
            magic => Err(CaptureError::NotACapture { magic }),
        }
    }

    fn pcap(mut header: Vec<u8>, mut source: impl Read + Send + 'static) -> Result<Self, CaptureError> {
        let len = read_up_to(&mut source, &mut header, 24)?.len();
        if len < 24 {
            return Err(CaptureError::CutShort { what: Place::Header });
        }
        let source = Cursor::new(header).chain(source);
        let reader =
            LegacyPcapReader::new(BUFFER_LEN, source).map_err(|_| CaptureError::Broken { what: Place::Header })?;
        Ok(Self::with_reader(Box::new(reader)))
    }

    fn pcapng(mut header: Vec<u8>, mut source: impl Read + Send + 'static) -> Result<Self, CaptureError> {
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
        if len > BUFFER_LEN / 2 {
            return Err(CaptureError::TooLong { what: Place::Header });
        }
        if read_up_to(&mut source, &mut header, len)?.len() < len {
            return Err(cut_short);
        }
        let source = Cursor::new(header).chain(source);
        let reader = PcapNGReader::new(BUFFER_LEN, source).map_err(|_| CaptureError::Broken { what: Place::Header })?;
        Ok(Self::with_reader(Box::new(reader)))
    }

    fn with_reader(reader: Box<dyn PcapReaderIterator + Send>) -> Self {
        let buffer_len = BUFFER_LEN;
        Self { reader, buffer_len, handed_out: 0, packets: 0, failed: false, pcap: None, interfaces: Vec::new() }
    }

    /// How many bytes of the capture have been taken in.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.reader.consumed() as u64
    }

    /// The next packet, in the capture's own buffer. `None` at the end, and behind an error.
    ///
    /// # Errors
    /// If the capture is broken or cut short here; no packet follows.
    pub fn next_record(&mut self) -> Option<Result<Record<'_>, CaptureError>> {
        match self.advance() {
            Ok(true) => Some(self.record()),
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
            match self.reader.next() {
                Ok((len, block)) => {
                    let is_packet = match &block {
                        PcapBlockOwned::Legacy(_) => true,
                        PcapBlockOwned::NG(block) => block.is_data_block(),
                        PcapBlockOwned::LegacyHeader(_) => false,
                    };
                    if is_packet {
                        self.handed_out = len;
                        self.packets += 1;
                        return Ok(true);
                    }
                    match block {
                        PcapBlockOwned::LegacyHeader(header) => {
                            // The upper bits tell of a frame check sequence.
                            let link_type = LinkType((header.network.0 as u32) & 0x03ff_ffff);
                            self.pcap =
                                Some(PcapFormat { link_type, is_nanoseconds: header.is_nanosecond_precision() });
                        }
                        PcapBlockOwned::NG(Block::SectionHeader(_)) => self.interfaces.clear(),
                        PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
                            if self.interfaces.len() == MAX_INTERFACES {
                                return Err(CaptureError::TooManyInterfaces { what });
                            }
                            self.interfaces.push(Interface {
                                link_type: LinkType(interface.linktype.0 as u32),
                                snap_len: interface.snaplen,
                                resolution: interface.ts_resolution().unwrap_or(1_000_000).max(1),
                                offset: interface.ts_offset(),
                            });
                        }
                        _ => {}
                    }
                    self.reader.consume_noshift(len);
                }
                Err(PcapError::Eof) => return Ok(false),
                Err(PcapError::Incomplete(_)) => self.refill()?,
                Err(PcapError::UnexpectedEof) => return Err(CaptureError::CutShort { what }),
                Err(PcapError::BufferTooSmall) => {
                    // Twice as much, for as long as that is believable.
                    self.buffer_len *= 2;
                    if self.buffer_len > MAX_RECORD_LEN * 2 || !self.reader.grow(self.buffer_len) {
                        return Err(CaptureError::TooLong { what });
                    }
                    self.refill()?;
                }
                Err(_) => return Err(CaptureError::Broken { what }),
            }
        }
    }

    fn refill(&mut self) -> Result<(), CaptureError> {
        self.reader.refill().map_err(|_| CaptureError::Io(io::Error::other("the capture cannot be read")))
    }

    /// The packet at the front of the buffer.
    fn record(&mut self) -> Result<Record<'_>, CaptureError> {
        let number = self.packets;
        let what = Place::Behind(number - 1);
        let Ok((_, block)) = self.reader.next() else {
            return Err(CaptureError::Broken { what });
        };
        let interface = |id: u32| {
            let interface = self.interfaces.get(id as usize);
            interface.copied().ok_or(CaptureError::NoInterface { number, interface: id })
        };
        match block {
            PcapBlockOwned::Legacy(block) => {
                let format = self.pcap.ok_or(CaptureError::Broken { what })?;
                let nanoseconds =
                    if format.is_nanoseconds { block.ts_usec } else { block.ts_usec.saturating_mul(1000) };
                Ok(Record {
                    number,
                    time: Some(Timestamp { seconds: i64::from(block.ts_sec), nanoseconds }),
                    original_len: block.origlen,
                    link_type: format.link_type,
                    bytes: block.data,
                })
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(block)) => {
                let interface = interface(block.if_id)?;
                let units = u64::from(block.ts_high) << 32 | u64::from(block.ts_low);
                Ok(Record {
                    number,
                    time: Some(interface.time(units)),
                    original_len: block.origlen,
                    link_type: interface.link_type,
                    bytes: block.data.get(..block.caplen as usize).ok_or(CaptureError::Broken { what })?,
                })
            }
            PcapBlockOwned::NG(Block::SimplePacket(block)) => {
                let interface = interface(0)?;
                let snap_len = if interface.snap_len == 0 { u32::MAX } else { interface.snap_len };
                let len = block.data.len().min(block.origlen as usize).min(snap_len as usize);
                Ok(Record {
                    number,
                    time: None,
                    original_len: block.origlen,
                    link_type: interface.link_type,
                    bytes: block.data.get(..len).unwrap_or(block.data),
                })
            }
            _ => Err(CaptureError::Broken { what }),
        }
    }
}

impl Interface {
    fn time(&self, units: u64) -> Timestamp {
        let fraction = u128::from(units % self.resolution) * 1_000_000_000 / u128::from(self.resolution);
        let seconds = i64::try_from(units / self.resolution).unwrap_or(i64::MAX).saturating_add(self.offset);
        Timestamp { seconds, nanoseconds: fraction as u32 }
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
