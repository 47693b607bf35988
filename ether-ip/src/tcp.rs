//! TCP: ports, sequence numbers, flags, options.
//!
//! ```text
//!  0       4       7               16                              32
//!  +-------------------------------+-------------------------------+
//!  | source port                   | destination port              |
//!  +-------------------------------+-------------------------------+
//!  | sequence number                                               |
//!  +---------------------------------------------------------------+
//!  | acknowledgment number                                         |
//!  +-------+-----+-----------------+-------------------------------+
//!  | data  | rsv | flags, AE … FIN | window                        |
//!  | offset|     |                 |                               |
//!  +-------+-----+-----------------+-------------------------------+
//!  | checksum                      | urgent pointer                |
//!  +-------------------------------+-------------------------------+
//!  | options, data offset − 5 words …                              |
//! ```
//!
//! RFC 9293 §3.1; RFC 7323 (window scale, timestamps), RFC 2018 (SACK), RFC 3168 and RFC 9768 (ECN).

use core::fmt;
use zerocopy::network_endian::{U16, U32};
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::{Change, PseudoHeader};
use crate::options::split_tlv;
use crate::view::{take, take_header};
use crate::writer::Writer;
use crate::{Error, LayerName, PacketBuffer, Rule};

/// The header's length without options, in bytes.
pub const HEADER_LEN: usize = size_of::<TcpHeader>();

/// The flags of a segment: 9 that have a name, and the 3 reserved bits above them.
///
/// ```
/// use ether_ip::tcp::TcpFlags;
///
/// let flags = TcpFlags::SYN | TcpFlags::ACK;
/// assert!(flags.contains(TcpFlags::SYN) && !flags.contains(TcpFlags::FIN));
/// assert_eq!(flags.to_string(), "SYN ACK");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct TcpFlags(pub u16);

impl TcpFlags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x001);
    /// Synchronise sequence numbers.
    pub const SYN: Self = Self(0x002);
    /// Reset the connection.
    pub const RST: Self = Self(0x004);
    /// Push to the application.
    pub const PSH: Self = Self(0x008);
    /// The acknowledgment number counts.
    pub const ACK: Self = Self(0x010);
    /// The urgent pointer counts.
    pub const URG: Self = Self(0x020);
    /// ECN echo (RFC 3168).
    pub const ECE: Self = Self(0x040);
    /// Congestion window reduced (RFC 3168).
    pub const CWR: Self = Self(0x080);
    /// Accurate ECN (RFC 9768).
    pub const AE: Self = Self(0x100);
    /// All that fit in the header.
    const ALL: u16 = 0x0fff;

    const NAMES: [(Self, &'static str); 9] = [
        (Self::FIN, "FIN"),
        (Self::SYN, "SYN"),
        (Self::RST, "RST"),
        (Self::PSH, "PSH"),
        (Self::ACK, "ACK"),
        (Self::URG, "URG"),
        (Self::ECE, "ECE"),
        (Self::CWR, "CWR"),
        (Self::AE, "AE"),
    ];

    /// Whether all of these are set.
    #[inline]
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl core::ops::BitOr for TcpFlags {
    type Output = Self;
    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for TcpFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        for (flag, name) in Self::NAMES {
            if self.contains(flag) {
                write!(f, "{gap}{name}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

/// The 20 bytes that every TCP segment starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct TcpHeader {
    source_port: U16,
    destination_port: U16,
    sequence: U32,
    acknowledgment: U32,
    offset_flags: U16,
    window: U16,
    checksum: U16,
    urgent_pointer: U16,
}

impl TcpHeader {
    /// A header; data offset and checksum are filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(source_port: u16, destination_port: u16, sequence: u32, flags: TcpFlags) -> Self {
        Self {
            source_port: U16::new(source_port),
            destination_port: U16::new(destination_port),
            sequence: U32::new(sequence),
            acknowledgment: U32::new(0),
            offset_flags: U16::new(5 << 12 | flags.0 & TcpFlags::ALL),
            window: U16::new(0),
            checksum: U16::new(0),
            urgent_pointer: U16::new(0),
        }
    }

    /// Source port.
    #[inline]
    #[must_use]
    pub const fn source_port(&self) -> u16 {
        self.source_port.get()
    }

    /// Destination port.
    #[inline]
    #[must_use]
    pub const fn destination_port(&self) -> u16 {
        self.destination_port.get()
    }

    /// Sequence number of the first byte of data, or of SYN.
    #[inline]
    #[must_use]
    pub const fn sequence(&self) -> u32 {
        self.sequence.get()
    }

    /// The next sequence number that the sender expects, if [`TcpFlags::ACK`] is set.
    #[inline]
    #[must_use]
    pub const fn acknowledgment(&self) -> u32 {
        self.acknowledgment.get()
    }

    /// Data offset: length of the header with its options, in bytes (the field counts words of 4).
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        (self.offset_flags.get() >> 12) as usize * 4
    }

    /// The flags, reserved bits included.
    #[inline]
    #[must_use]
    pub const fn flags(&self) -> TcpFlags {
        TcpFlags(self.offset_flags.get() & TcpFlags::ALL)
    }

    /// Window, in bytes before scaling (RFC 7323 §2).
    #[inline]
    #[must_use]
    pub const fn window(&self) -> u16 {
        self.window.get()
    }

    /// The checksum as it stands in the header.
    #[inline]
    #[must_use]
    pub const fn checksum(&self) -> u16 {
        self.checksum.get()
    }

    /// Urgent pointer, if [`TcpFlags::URG`] is set: an offset from the sequence number.
    #[inline]
    #[must_use]
    pub const fn urgent_pointer(&self) -> u16 {
        self.urgent_pointer.get()
    }

    /// Sets the source port.
    #[inline]
    pub fn set_source_port(&mut self, port: u16) {
        self.source_port.set(port);
    }

    /// Sets the destination port.
    #[inline]
    pub fn set_destination_port(&mut self, port: u16) {
        self.destination_port.set(port);
    }

    /// Sets the sequence number.
    #[inline]
    pub fn set_sequence(&mut self, sequence: u32) {
        self.sequence.set(sequence);
    }

    /// Sets the acknowledgment number.
    #[inline]
    pub fn set_acknowledgment(&mut self, acknowledgment: u32) {
        self.acknowledgment.set(acknowledgment);
    }

    /// Sets the flags, the lower 12 bits.
    #[inline]
    pub fn set_flags(&mut self, flags: TcpFlags) {
        self.offset_flags.set(self.offset_flags.get() & !TcpFlags::ALL | flags.0 & TcpFlags::ALL);
    }

    /// Sets the window.
    #[inline]
    pub fn set_window(&mut self, window: u16) {
        self.window.set(window);
    }

    /// Sets the checksum.
    #[inline]
    pub fn set_checksum(&mut self, checksum: u16) {
        self.checksum.set(checksum);
    }

    /// Sets the urgent pointer.
    #[inline]
    pub fn set_urgent_pointer(&mut self, pointer: u16) {
        self.urgent_pointer.set(pointer);
    }

    /// Sets the source port and patches the checksum (RFC 1624).
    #[inline]
    pub fn change_source_port(&mut self, port: u16) {
        self.change_checksum(Change::new().word(0, self.source_port(), port));
        self.set_source_port(port);
    }

    /// Sets the destination port and patches the checksum (RFC 1624).
    #[inline]
    pub fn change_destination_port(&mut self, port: u16) {
        self.change_checksum(Change::new().word(2, self.destination_port(), port));
        self.set_destination_port(port);
    }

    /// Patches the checksum for a change of bytes that it covers (RFC 1624), the pseudo-header's addresses too.
    #[inline]
    pub fn change_checksum(&mut self, change: Change) {
        self.set_checksum(change.apply(self.checksum()));
    }

    /// What the checksum must be, whatever stands in the field now.
    #[inline]
    #[must_use]
    pub fn compute_checksum(&self, pseudo: &PseudoHeader, options: &[u8], payload: &[u8]) -> u16 {
        let header = Self { checksum: U16::new(0), ..*self };
        let sum = pseudo.with_length(payload.len().saturating_add(options.len()).saturating_add(HEADER_LEN));
        sum.bytes(header.as_bytes()).bytes(options).bytes(payload).finish()
    }

    /// Puts the header and `options` in front of `packet`, the payload, with data offset and checksum filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the options are longer than 40 bytes or no multiple of 4; [`Error::NoRoom`]. Nothing
    /// is written then.
    pub fn prepend(
        mut self,
        options: &[u8],
        pseudo: &PseudoHeader,
        packet: &mut impl PacketBuffer,
    ) -> Result<(), Error> {
        LayerName::TCP.check("length of the options", options.len(), &[Rule::AtMost(40), Rule::MultipleOf(4)])?;
        let words = (HEADER_LEN + options.len()) as u16 / 4;
        self.offset_flags.set(words << 12 | self.flags().0);
        self.checksum.set(self.compute_checksum(pseudo, options, packet.packet()));
        self.prepend_as_is(options, packet)
    }

    /// Puts the header and `options` in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend_as_is(self, options: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend_with(LayerName::TCP, self, options)
    }
}

/// The first 8 bytes of a TCP header, which is all that an ICMP error must quote (RFC 792).
///
/// ```
/// use ether_ip::{tcp::TcpStart, view::take_header};
///
/// let (start, _) = take_header::<TcpStart, _>(&[0x9c, 0x40, 0, 80, 0, 0, 0, 1][..]).unwrap();
/// assert_eq!((start.source_port(), start.destination_port(), start.sequence()), (40_000, 80, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct TcpStart {
    source_port: U16,
    destination_port: U16,
    sequence: U32,
}

impl TcpStart {
    /// Source port.
    #[inline]
    #[must_use]
    pub const fn source_port(&self) -> u16 {
        self.source_port.get()
    }

    /// Destination port.
    #[inline]
    #[must_use]
    pub const fn destination_port(&self) -> u16 {
        self.destination_port.get()
    }

    /// Sequence number.
    #[inline]
    #[must_use]
    pub const fn sequence(&self) -> u32 {
        self.sequence.get()
    }

    /// Sets the source port. The checksum is further on: where a quote has it, take [`TcpHeader::change_source_port`].
    #[inline]
    pub fn set_source_port(&mut self, port: u16) {
        self.source_port.set(port);
    }

    /// Sets the destination port. The checksum is further on: where a quote has it, take [`TcpHeader::change_destination_port`].
    #[inline]
    pub fn set_destination_port(&mut self, port: u16) {
        self.destination_port.set(port);
    }

    /// Sets the sequence number.
    #[inline]
    pub fn set_sequence(&mut self, sequence: u32) {
        self.sequence.set(sequence);
    }
}

/// A TCP segment, over the bytes `B`.
///
/// ```
/// use ether_ip::tcp::{TcpFlags, TcpOption, TcpSegment};
///
/// let bytes = [
///     0x9c, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 0x02, 0xfa, 0xf0, 0, 0, 0, 0, // header
///     2, 4, 5, 0xb4, // maximum segment size
/// ];
/// let segment = TcpSegment::parse(&bytes[..])?;
/// assert_eq!((segment.source_port(), segment.destination_port()), (40_000, 80));
/// assert_eq!(segment.flags(), TcpFlags::SYN);
/// assert_eq!(segment.options().next(), Some(Ok(TcpOption::MaximumSegmentSize(1460))));
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct TcpSegment<B> {
    header: Ref<B, TcpHeader>,
    options: B,
    payload: B,
}

crate::view!(TcpSegment => TcpHeader { options, payload } payload "The data");

impl<B: SplitByteSlice> TcpSegment<B> {
    /// Reads a segment: all the bytes are it, since TCP has no length of its own.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header or its options reach past the end; [`Error::Malformed`] if the data offset is
    /// under 5 words.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::TCP, needed, available };
        let (header, rest) = take_header::<TcpHeader, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        let header_len = header.header_len();
        let options_len = header_len.checked_sub(HEADER_LEN).ok_or_else(|| Self::bad_header_len(&header))?;
        let (options, payload) = take(rest, options_len).ok_or(truncated(header_len))?;
        Ok(Self { header, options, payload })
    }

    /// Reads as much of a segment as is there: of the options, where a capture or a quote was cut, those bytes that are. How many are not
    /// tells [`missing`](Self::missing).
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header reaches past the end; [`Error::Malformed`] as [`parse`](Self::parse).
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = Error::Truncated { layer: LayerName::TCP, needed: HEADER_LEN, available };
        let (header, rest) = take_header::<TcpHeader, _>(bytes).ok_or(truncated)?;
        let options_len = header.header_len().checked_sub(HEADER_LEN).ok_or_else(|| Self::bad_header_len(&header))?;
        let len = options_len.min(rest.len());
        let (options, payload) = take(rest, len).ok_or(truncated)?;
        Ok(Self { header, options, payload })
    }

    #[cold]
    fn bad_header_len(header: &TcpHeader) -> Error {
        let (value, rule) = (header.header_len() as u32, Rule::AtLeast(HEADER_LEN as u32));
        Error::Malformed { layer: LayerName::TCP, field: "header length", value, rule }
    }
}

impl<B: ByteSlice> TcpSegment<B> {
    /// The options' bytes, 0–40.
    #[inline]
    pub fn options_bytes(&self) -> &[u8] {
        &self.options
    }

    /// How many bytes of the options are not there. Zero unless it was [`parse_lax`](Self::parse_lax).
    #[inline]
    pub fn missing(&self) -> usize {
        self.header.header_len().saturating_sub(HEADER_LEN).saturating_sub(self.options.len())
    }

    /// The options, one by one.
    #[inline]
    pub fn options(&self) -> TcpOptions<'_> {
        TcpOptions::new(&self.options)
    }

    /// Whether the checksum is right: the sum over it is zero, of which ones' complement has two (RFC 1071 §1). A wrong one is odd,
    /// not an error.
    pub fn checksum_is_valid(&self, pseudo: &PseudoHeader) -> bool {
        let len = self.payload.len().saturating_add(HEADER_LEN).saturating_add(self.options.len());
        let sum = pseudo.with_length(len).bytes(self.header.as_bytes());
        sum.bytes(&self.options).bytes(&self.payload).finish() == 0
    }
}

impl<B: ByteSliceMut> TcpSegment<B> {
    /// The options' bytes, to be changed.
    #[inline]
    pub fn options_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.options
    }

    /// Computes and sets the checksum.
    ///
    /// # Errors
    /// [`Error::NotWhole`] where some of it is [missing](Self::missing), or the pseudo-header is of a packet that is not whole. Nothing is
    /// written then.
    pub fn fill_checksum(&mut self, pseudo: &PseudoHeader) -> Result<(), Error> {
        if self.missing() > 0 || !pseudo.is_whole() {
            return Err(Error::NotWhole { layer: LayerName::TCP });
        }
        let checksum = self.header.compute_checksum(pseudo, &self.options, &self.payload);
        self.header.set_checksum(checksum);
        Ok(())
    }
}

crate::open_set! {
    /// The kind of a TCP option (IANA's "TCP Option Kind Numbers").
    pub struct TcpOptionKind(u8) {
        /// End of option list.
        END_OF_LIST = 0, "End of Option List";
        /// No operation.
        NO_OPERATION = 1, "No Operation";
        /// Maximum segment size.
        MAXIMUM_SEGMENT_SIZE = 2, "Maximum Segment Size";
        /// Window scale (RFC 7323).
        WINDOW_SCALE = 3, "Window Scale";
        /// SACK permitted (RFC 2018).
        SACK_PERMITTED = 4, "SACK Permitted";
        /// SACK (RFC 2018).
        SACK = 5, "SACK";
        /// Timestamps (RFC 7323).
        TIMESTAMPS = 8, "Timestamps";
        /// MD5 signature (RFC 2385).
        MD5 = 19, "MD5 Signature";
        /// User timeout (RFC 5482).
        USER_TIMEOUT = 28, "User Timeout";
        /// Authentication option (RFC 5925).
        AUTHENTICATION = 29, "TCP-AO";
        /// Multipath TCP (RFC 8684).
        MULTIPATH = 30, "Multipath TCP";
        /// Fast open cookie (RFC 7413).
        FAST_OPEN = 34, "Fast Open";
    }
}

/// One option of a TCP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum TcpOption<'a> {
    /// The list ends; the bytes behind it, which should be zero.
    EndOfList(&'a [u8]),
    /// Padding between options.
    NoOperation,
    /// The largest segment the sender takes, in bytes of data.
    MaximumSegmentSize(u16),
    /// By how many bits windows are shifted, 0–14.
    WindowScale(u8),
    /// The sender understands SACK.
    SackPermitted,
    /// What the sender has received beyond the acknowledgment number.
    Sack(SackBlocks<'a>),
    /// Timestamps.
    Timestamps {
        /// The sender's clock.
        value: u32,
        /// The receiver's, echoed.
        echo: u32,
    },
    /// Any other: its kind and the bytes behind its length.
    Other {
        /// Its kind.
        kind: TcpOptionKind,
        /// Its data.
        data: &'a [u8],
    },
}

/// The blocks of a SACK option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct SackBlocks<'a>(
    #[cfg_attr(feature = "arbitrary", arbitrary(with = crate::options::arbitrary_chunks))] &'a [[u8; 8]],
);

impl<'a> SackBlocks<'a> {
    /// Left edge, 4 bytes, and right edge, 4 bytes, of each block.
    #[must_use]
    pub const fn new(blocks: &'a [[u8; 8]]) -> Self {
        Self(blocks)
    }

    /// Left edge (the first sequence number received) and right edge (the first one not) of each block.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, u32)> + 'a {
        self.0
            .iter()
            .map(|&[a, b, c, d, e, f, g, h]| (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])))
    }
}

impl TcpOption<'_> {
    /// The option's kind.
    #[must_use]
    pub const fn kind(&self) -> TcpOptionKind {
        match *self {
            Self::EndOfList(_) => TcpOptionKind::END_OF_LIST,
            Self::NoOperation => TcpOptionKind::NO_OPERATION,
            Self::MaximumSegmentSize(_) => TcpOptionKind::MAXIMUM_SEGMENT_SIZE,
            Self::WindowScale(_) => TcpOptionKind::WINDOW_SCALE,
            Self::SackPermitted => TcpOptionKind::SACK_PERMITTED,
            Self::Sack(_) => TcpOptionKind::SACK,
            Self::Timestamps { .. } => TcpOptionKind::TIMESTAMPS,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Writes the option; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::NoRoom`], and [`Error::Unbuildable`] if its data is longer than an option can be.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let kind = self.kind().0;
        match *self {
            Self::EndOfList(padding) => to.write_all(&[&[kind], padding]),
            Self::NoOperation => to.write_all(&[&[kind]]),
            Self::MaximumSegmentSize(size) => to.tlv(kind, [&size.to_be_bytes(), &[]], 2),
            Self::WindowScale(shift) => to.tlv(kind, [&[shift], &[]], 2),
            Self::SackPermitted => to.tlv(kind, [&[], &[]], 2),
            Self::Sack(blocks) => to.tlv(kind, [blocks.0.as_flattened(), &[]], 2),
            Self::Timestamps { value, echo } => to.tlv(kind, [&value.to_be_bytes(), &echo.to_be_bytes()], 2),
            Self::Other { data, .. } => to.tlv(kind, [data, &[]], 2),
        }
    }
}

/// The options of a TCP header, lazily. A length that is no length, or past the end, ends it, since nobody knows where the next one
/// stands (RFC 9293 §3.1); so does [`TcpOption::EndOfList`]. An option of another length than its kind has is an error too, and the
/// next one follows, as Linux has it: `flatten` gives the good ones.
#[derive(Debug, Clone)]
pub struct TcpOptions<'a> {
    rest: &'a [u8],
}

impl<'a> TcpOptions<'a> {
    /// Over the bytes behind the fixed header.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// An option of a kind with a length of its own must have it.
    fn typed(kind: TcpOptionKind, data: &'a [u8]) -> Result<TcpOption<'a>, Error> {
        let wrong = |rule| Error::Malformed {
            layer: LayerName::TCP_OPTION,
            field: "length",
            value: data.len() as u32 + 2,
            rule,
        };
        Ok(match (kind, data) {
            (TcpOptionKind::MAXIMUM_SEGMENT_SIZE, &[a, b]) => TcpOption::MaximumSegmentSize(u16::from_be_bytes([a, b])),
            (TcpOptionKind::MAXIMUM_SEGMENT_SIZE, _) => return Err(wrong(Rule::Exactly(4))),
            (TcpOptionKind::WINDOW_SCALE, &[shift]) => TcpOption::WindowScale(shift),
            (TcpOptionKind::WINDOW_SCALE, _) => return Err(wrong(Rule::Exactly(3))),
            (TcpOptionKind::SACK_PERMITTED, []) => TcpOption::SackPermitted,
            (TcpOptionKind::SACK_PERMITTED, _) => return Err(wrong(Rule::Exactly(2))),
            (TcpOptionKind::SACK, data) => match <[[u8; 8]]>::ref_from_bytes(data) {
                Ok(blocks) => TcpOption::Sack(SackBlocks(blocks)),
                Err(_) => return Err(wrong(Rule::Modulo { rest: 2, unit: 8 })),
            },
            (TcpOptionKind::TIMESTAMPS, &[a, b, c, d, e, f, g, h]) => TcpOption::Timestamps {
                value: u32::from_be_bytes([a, b, c, d]),
                echo: u32::from_be_bytes([e, f, g, h]),
            },
            (TcpOptionKind::TIMESTAMPS, _) => return Err(wrong(Rule::Exactly(10))),
            _ => TcpOption::Other { kind, data },
        })
    }
}

impl<'a> Iterator for TcpOptions<'a> {
    type Item = Result<TcpOption<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, behind) = self.rest.split_first()?;
        let (option, rest) = match TcpOptionKind(kind) {
            TcpOptionKind::END_OF_LIST => (Ok(TcpOption::EndOfList(behind)), &[][..]),
            TcpOptionKind::NO_OPERATION => (Ok(TcpOption::NoOperation), behind),
            kind => match split_tlv(LayerName::TCP_OPTION, self.rest) {
                Ok((data, rest)) => (Self::typed(kind, data), rest),
                Err(error) => (Err(error), &[][..]),
            },
        };
        self.rest = rest;
        Some(option)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use crate::ip::IpProtocol;
    use core::net::Ipv4Addr;
    use std::string::ToString;
    use std::vec::Vec;

    const SEGMENT: [u8; 26] = [
        0x9c, 0x40, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, 0x61, 0x52, 0xfa, 0xf0, 0, 0, 0, 7, // header
        2, 4, 5, 0xb4, // maximum segment size
        b'h', b'i',
    ];

    fn pseudo() -> PseudoHeader {
        PseudoHeader::ipv4(Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2), IpProtocol::TCP)
    }

    #[test]
    fn reads_every_field() {
        let segment = TcpSegment::parse(&SEGMENT[..]).unwrap();
        assert_eq!((segment.source_port(), segment.destination_port()), (40_000, 80));
        assert_eq!((segment.sequence(), segment.acknowledgment()), (0x0102_0304, 0x0506_0708));
        assert_eq!((segment.header_len(), segment.flags()), (24, TcpFlags(0x152)));
        assert_eq!(segment.flags().to_string(), "SYN ACK ECE AE");
        assert_eq!((segment.window(), segment.urgent_pointer()), (64_240, 7));
        assert_eq!(segment.payload(), b"hi");
    }

    #[test]
    fn builds_what_it_read_and_changes_it() {
        let mut buffer = [0; 26];
        let mut packet = Headroom::with_payload(&mut buffer, b"hi").unwrap();
        let mut header = TcpHeader::new(40_000, 80, 0x0102_0304, TcpFlags(0x152));
        header.set_acknowledgment(0x0506_0708);
        header.set_window(64_240);
        header.set_urgent_pointer(7);
        header.prepend(&SEGMENT[20..24], &pseudo(), &mut packet).unwrap();
        let built = TcpSegment::parse(packet.packet()).unwrap();
        assert!(built.checksum_is_valid(&pseudo()));
        let mut expected = SEGMENT;
        expected[16..18].copy_from_slice(&built.checksum().to_be_bytes());
        assert_eq!(packet.packet(), expected);

        let mut segment = TcpSegment::parse(packet.into_packet()).unwrap();
        segment.set_source_port(1);
        segment.set_destination_port(2);
        segment.set_sequence(3);
        segment.set_flags(TcpFlags::RST);
        segment.payload_mut()[1] = b'o';
        assert!(!segment.checksum_is_valid(&pseudo()));
        segment.fill_checksum(&pseudo()).unwrap();
        assert!(segment.checksum_is_valid(&pseudo()));
        assert_eq!(buffer[..8], [0, 1, 0, 2, 0, 0, 0, 3]);
        assert_eq!((buffer[12..14].to_vec(), buffer[25]), (Vec::from([0x60, 0x04]), b'o'));
    }

    /// RFC 1071 §1: a receiver's sum takes ffff where 0000 was computed. By hand: 0a00, 0001, 0a00, 0002, 0006, 0014, 0001, 0002 and
    /// 5000 are 6420, and with a window of 9bdf ffff.
    #[test]
    fn both_zeros_are_right() {
        for zero in [0, 0xff] {
            let bytes = [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0x9b, 0xdf, zero, zero, 0, 0];
            assert!(TcpSegment::parse(&bytes[..]).unwrap().checksum_is_valid(&pseudo()), "{zero:#x}");
        }
    }

    #[test]
    fn cut_and_contradicting() {
        let truncated = |needed, available| Error::Truncated { layer: LayerName::TCP, needed, available };
        for available in 0..24 {
            let needed = if available < 20 { 20 } else { 24 };
            assert_eq!(TcpSegment::parse(&SEGMENT[..available]).unwrap_err(), truncated(needed, available));
        }
        for words in 0..5 {
            let mut bytes = SEGMENT;
            bytes[12] = words << 4;
            let (value, rule) = (u32::from(words) * 4, Rule::AtLeast(20));
            let error = TcpSegment::parse(&bytes[..]).unwrap_err();
            assert_eq!(error, Error::Malformed { layer: LayerName::TCP, field: "header length", value, rule });
        }
    }

    /// SYN+FIN, none and all of the flags are odd, not malformed: RFC 9293 §3.10.7 says what a receiver does.
    #[test]
    fn odd_flags_are_kept() {
        for flags in [0x003_u16, 0x000, 0xfff] {
            let mut bytes = SEGMENT;
            bytes[12..14].copy_from_slice(&(0x6000 | flags).to_be_bytes());
            assert_eq!(TcpSegment::parse(&bytes[..]).unwrap().flags(), TcpFlags(flags));
        }
    }

    #[test]
    fn typed_options_read_and_written_back() {
        let bytes = [
            2, 4, 5, 0xb4, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, // as Linux sends them
            5, 10, 0, 0, 0, 5, 0, 0, 0, 9, 34, 3, 0xaa, 0, 0,
        ];
        let options: Vec<_> = TcpOptions::new(&bytes).map(Result::unwrap).collect();
        let blocks = SackBlocks::new(&[[0, 0, 0, 5, 0, 0, 0, 9]]);
        assert_eq!(blocks.iter().collect::<Vec<_>>(), [(5, 9)]);
        let expected = [
            TcpOption::MaximumSegmentSize(1460),
            TcpOption::NoOperation,
            TcpOption::WindowScale(7),
            TcpOption::SackPermitted,
            TcpOption::Timestamps { value: 1, echo: 2 },
            TcpOption::Sack(blocks),
            TcpOption::Other { kind: TcpOptionKind::FAST_OPEN, data: &[0xaa] },
            TcpOption::EndOfList(&[0]),
        ];
        assert_eq!(options, expected);
        let mut buffer = [0; 40];
        let mut written = Writer::new(LayerName::TCP_OPTION, &mut buffer);
        expected.iter().for_each(|option| option.write(&mut written).unwrap());
        assert_eq!(written.written(), bytes);
    }

    #[test]
    fn broken_options() {
        let first = |bytes| TcpOptions::new(bytes).next().unwrap().unwrap_err();
        let layer = LayerName::TCP_OPTION;
        let malformed = |value, rule| Error::Malformed { layer, field: "length", value, rule };
        assert_eq!(first(&[8, 0]), malformed(0, Rule::AtLeast(2)));
        assert_eq!(first(&[8, 1]), malformed(1, Rule::AtLeast(2)));
        assert_eq!(first(&[8, 10, 0]), Error::Truncated { layer, needed: 10, available: 3 });
        assert_eq!(first(&[2]), Error::Truncated { layer, needed: 2, available: 1 });
        assert_eq!(first(&[2, 3, 0]), malformed(3, Rule::Exactly(4)));
        assert_eq!(first(&[3, 4, 0, 0]), malformed(4, Rule::Exactly(3)));
        assert_eq!(first(&[4, 3, 0]), malformed(3, Rule::Exactly(2)));
        assert_eq!(first(&[5, 9, 0, 0, 0, 0, 0, 0, 0]), malformed(9, Rule::Modulo { rest: 2, unit: 8 }));
        assert_eq!(first(&[8, 2]), malformed(2, Rule::Exactly(10)));
        // What cannot be passed over ends the list; what has a wrong length can be.
        assert_eq!(TcpOptions::new(&[8, 1, 1, 1]).count(), 1);
        assert_eq!(TcpOptions::new(&[1, 8, 10, 0]).count(), 2);
        let options: Vec<_> = TcpOptions::new(&[3, 4, 0, 0, 1, 2, 4, 5, 0xb4]).collect();
        let good = [TcpOption::NoOperation, TcpOption::MaximumSegmentSize(1460)];
        assert_eq!(options, [Err(malformed(4, Rule::Exactly(3))), Ok(good[0]), Ok(good[1])]);
    }

    #[test]
    fn builders_refuse() {
        let mut buffer = [0; 20];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        let header = TcpHeader::new(1, 2, 3, TcpFlags::SYN);
        let field = "length of the options";
        let refused = |value, rule| Err(Error::Unbuildable { layer: LayerName::TCP, field, value, rule });
        assert_eq!(header.prepend(&[0; 44], &pseudo(), &mut packet), refused(44, Rule::AtMost(40)));
        assert_eq!(header.prepend(&[0; 2], &pseudo(), &mut packet), refused(2, Rule::MultipleOf(4)));
        let no_room = Error::NoRoom { layer: LayerName::TCP, needed: 24, available: 20 };
        assert_eq!(header.prepend(&[1; 4], &pseudo(), &mut packet), Err(no_room));
        assert!(packet.is_empty());
    }

    /// RFC 9293 §3.1: a data offset of 8 words, cut anywhere behind the first 20 bytes.
    #[test]
    fn options_that_are_cut() {
        let mut bytes = [1; 36];
        bytes[12] = 0x80;
        for available in 20..36 {
            let segment = TcpSegment::parse_lax(&bytes[..available]).unwrap();
            assert_eq!((segment.header_len(), segment.missing()), (32, 32_usize.saturating_sub(available)));
            assert_eq!(segment.options_bytes().len(), available.min(32) - 20);
            assert_eq!(segment.payload().len(), available.saturating_sub(32));
            assert_eq!(TcpSegment::parse(&bytes[..available]).is_ok(), available >= 32);
        }
        let truncated = Error::Truncated { layer: LayerName::TCP, needed: 20, available: 19 };
        assert_eq!(TcpSegment::parse_lax(&bytes[..19]).unwrap_err(), truncated);
        bytes[12] = 0x40;
        assert_eq!(TcpSegment::parse_lax(&bytes[..]).unwrap_err(), TcpSegment::parse(&bytes[..]).unwrap_err());
    }
}
