//! The sleeve: Ethernet frames in UDP, several in a packet, plain or encrypted.
//!
//! ```text
//!   6 bytes        plain: frames back to back, each           … or encrypted
//!  +-------------+-------------+-------------+------+--------+  +----------+------+-------------
//!  | sender      | source peer | destination | len. | frame  |  | sequence | tag  | the frames,
//!  +-------------+-------------+-------------+------+--------+  +----------+------+ sealed …
//!                  6             6             2                  8          16
//! ```
//!
//! Which of the two, the packet does not say: the peers agreed on it. The sequence number's top bit says that the packet was
//! sent not to be fragmented; those packets have numbers of their own.
//!
//! weave router/sleeve.go, frame_crypto.go.

use ether_ip::ethernet::EthernetHeader;
use ether_ip::view::take_header;
use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::peer::PeerName;

/// The sleeve, as [`ether_ip::Error`] names it.
pub const SLEEVE: LayerName = LayerName::new("Weave sleeve");
/// A frame in it, as [`ether_ip::Error`] names it.
pub const SLEEVE_FRAME: LayerName = LayerName::new("Weave sleeve frame");
/// The UDP port of the sleeve; its TCP port is the mesh's.
pub const PORT: u16 = 6783;
/// What stands in front of each frame, in bytes.
pub const FRAME_OVERHEAD: usize = size_of::<FrameHeader>();
/// What stands in front of plain frames, in bytes.
pub const PACKET_OVERHEAD: usize = size_of::<SleeveHeader>();
/// What stands in front of sealed frames, in bytes: the sender, sequence number and tag.
pub const ENCRYPTED_OVERHEAD: usize = PACKET_OVERHEAD + SEQUENCE_LEN + TAG_LEN;

pub(crate) const SEQUENCE_LEN: usize = 8;
pub(crate) const TAG_LEN: usize = 16;
const ETHERNET_LEN: usize = size_of::<EthernetHeader>();
const DONT_FRAGMENT: u64 = 1 << 63;

/// The 6 bytes that every sleeve packet starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct SleeveHeader {
    sender: PeerName,
}

impl SleeveHeader {
    /// A header.
    #[must_use]
    pub const fn new(sender: PeerName) -> Self {
        Self { sender }
    }

    /// The peer that sent the packet.
    #[inline]
    #[must_use]
    pub const fn sender(&self) -> PeerName {
        self.sender
    }
}

/// The 14 bytes in front of each frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct FrameHeader {
    source: PeerName,
    destination: PeerName,
    length: U16,
}

/// A sleeve packet, a UDP datagram's payload, over the bytes `B`.
///
/// ```
/// use weave_codec::{FrameKind, SleevePacket};
///
/// let bytes = [
///     1, 2, 3, 4, 5, 6, // the sender
///     1, 2, 3, 4, 5, 6, 9, 8, 7, 6, 5, 4, 0, 22, // from, to, length
///     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa, 0xbf, 0xb6, 6, 5, 0x92, 0x97, 0x2f, // a heartbeat
/// ];
/// let packet = SleevePacket::parse(&bytes[..])?;
/// let frame = packet.frames().next().unwrap()?;
/// assert_eq!(frame.kind(), FrameKind::Heartbeat { connection: 0xaabf_b606_0592_972f });
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct SleevePacket<B> {
    header: Ref<B, SleeveHeader>,
    body: B,
}

ether_ip::view!(SleevePacket => SleeveHeader { body });

impl<B: SplitByteSlice> SleevePacket<B> {
    /// Reads a packet; its body is not looked at.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 6 bytes.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let truncated = Error::Truncated { layer: SLEEVE, needed: PACKET_OVERHEAD, available: bytes.len() };
        let (header, body) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, body })
    }

    /// What follows the sender, for as long as the bytes live.
    #[inline]
    pub fn into_body(self) -> B {
        self.body
    }
}

impl<B: ByteSlice> SleevePacket<B> {
    /// What follows the sender.
    #[inline]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The frames of a plain packet.
    #[inline]
    pub fn frames(&self) -> Frames<'_> {
        Frames::new(&self.body)
    }

    /// Whether the body reads as frames to its end: what an encrypted one does once in some 65000 times, by chance.
    #[must_use]
    pub fn looks_plain(&self) -> bool {
        !self.body.is_empty() && self.frames().all(|frame| frame.is_ok())
    }

    /// The body of an encrypted packet.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the body has under 24 bytes.
    #[inline]
    pub fn encrypted(&self) -> Result<EncryptedBody<'_>, Error> {
        EncryptedBody::parse(&self.body)
    }
}

/// The body of an encrypted packet, not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EncryptedBody<'a> {
    /// The number of the packet, of which the nonce is made.
    pub sequence: Sequence,
    /// The tag, 16 bytes, and the sealed frames.
    pub sealed: &'a [u8],
}

impl<'a> EncryptedBody<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 24 bytes.
    pub fn parse(body: &'a [u8]) -> Result<Self, Error> {
        let needed = SEQUENCE_LEN + TAG_LEN;
        let truncated = Error::Truncated { layer: SLEEVE, needed, available: body.len() };
        let (sequence, sealed) = body.split_first_chunk::<SEQUENCE_LEN>().ok_or(truncated)?;
        match sealed.len() {
            TAG_LEN.. => Ok(Self { sequence: Sequence::from_bytes(*sequence), sealed }),
            _ => Err(truncated),
        }
    }
}

/// The number of an encrypted packet, and in which of a direction's two rows it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(u64);

impl Sequence {
    /// A number, of which the lower 63 bits count; and whether the packet is sent not to be fragmented.
    #[must_use]
    pub const fn new(number: u64, dont_fragment: bool) -> Self {
        Self(number & !DONT_FRAGMENT | if dont_fragment { DONT_FRAGMENT } else { 0 })
    }

    /// As it stands in the packet.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(bytes))
    }

    /// As it stands in the packet.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0 & !DONT_FRAGMENT
    }

    /// Whether the packet was sent not to be fragmented.
    #[must_use]
    pub const fn dont_fragment(self) -> bool {
        self.0 & DONT_FRAGMENT != 0
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Sequence {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        u.arbitrary().map(Self)
    }
}

/// One frame of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct SleeveFrame<'a> {
    /// The peer behind which it was sent.
    pub source: PeerName,
    /// The peer behind which it goes.
    pub destination: PeerName,
    /// The Ethernet frame.
    pub ethernet: &'a [u8],
}

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// A frame between pods.
    Ethernet,
    /// A heartbeat of a connection, of which it tells the number.
    Heartbeat {
        /// The connection's number.
        connection: u64,
    },
    /// Whether fragments get through: 60001 bytes of zero.
    FragmentationTest,
    /// Whether a frame of this length gets through.
    PmtuTest,
}

/// The length of a fragmentation test, in bytes.
pub const FRAGMENTATION_TEST_LEN: usize = 60_001;

impl SleeveFrame<'_> {
    /// What it is: frames whose Ethernet header is all zero are the peers' own, and told apart by their length.
    #[must_use]
    pub fn kind(&self) -> FrameKind {
        let Some((header, data)) = self.ethernet.split_first_chunk::<{ ETHERNET_LEN }>() else {
            return FrameKind::Ethernet;
        };
        if *header != [0; ETHERNET_LEN] {
            return FrameKind::Ethernet;
        }
        match <[u8; 8]>::try_from(data) {
            Ok(connection) => FrameKind::Heartbeat { connection: u64::from_be_bytes(connection) },
            Err(_) if self.ethernet.len() == FRAGMENTATION_TEST_LEN => FrameKind::FragmentationTest,
            Err(_) => FrameKind::PmtuTest,
        }
    }

    /// The frame of a heartbeat, but for its peers: to be sent as [`ethernet`](Self::ethernet).
    #[must_use]
    pub fn heartbeat(connection: u64) -> [u8; 22] {
        let mut frame = [0; 22];
        if let Some(slot) = frame.last_chunk_mut() {
            *slot = connection.to_be_bytes();
        }
        frame
    }
}

/// The frames of a plain or opened body. An error ends it.
#[derive(Debug, Clone)]
pub struct Frames<'a> {
    rest: &'a [u8],
}

impl<'a> Frames<'a> {
    /// Over a plain body, or an opened one.
    #[inline]
    #[must_use]
    pub const fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    /// What was not read yet.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<SleeveFrame<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let bytes = core::mem::take(&mut self.rest);
        if bytes.is_empty() {
            return None;
        }
        let truncated = |needed| Some(Err(Error::Truncated { layer: SLEEVE_FRAME, needed, available: bytes.len() }));
        let Ok((header, behind)) = FrameHeader::ref_from_prefix(bytes) else {
            return truncated(FRAME_OVERHEAD);
        };
        let length = usize::from(header.length.get());
        let Some((ethernet, rest)) = behind.split_at_checked(length) else {
            return truncated(FRAME_OVERHEAD + length);
        };
        self.rest = rest;
        Some(Ok(SleeveFrame { source: header.source, destination: header.destination, ethernet }))
    }
}

/// Packs frames into a packet, as many as go into its length. What does not go in goes into the next one.
///
/// ```
/// use weave_codec::{PeerName, SleeveFrame, SleevePacket, SleeveWriter};
///
/// let [a, b] = [PeerName([1; 6]), PeerName([2; 6])];
/// let frames = [SleeveFrame { source: a, destination: b, ethernet: &[7; 60] }; 5];
/// let mut buffer = [0; 1472];
/// let mut packet = SleeveWriter::plain(a, &mut buffer[..240])?;
/// let packed = frames.iter().take_while(|frame| packet.push(frame).is_ok()).count();
/// assert_eq!(packed, 3);
/// assert!(SleevePacket::parse(packet.finish())?.frames().map(Result::unwrap).eq(frames[..3].iter().copied()));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug)]
pub struct SleeveWriter<'b> {
    writer: Writer<'b>,
    /// What stands in front of the frames.
    overhead: usize,
}

impl<'b> SleeveWriter<'b> {
    /// A plain packet, at the start of `to`, which is as long as a packet may get.
    ///
    /// # Errors
    /// [`Error::NoRoom`] under 6 bytes.
    pub fn plain(sender: PeerName, to: &'b mut [u8]) -> Result<Self, Error> {
        let mut writer = Writer::new(SLEEVE, to);
        writer.put(SleeveHeader::new(sender).as_bytes())?;
        Ok(Self { writer, overhead: PACKET_OVERHEAD })
    }

    /// The same with room for sequence number and tag between sender and frames: to be sealed (feature `crypto`) when it is full.
    ///
    /// # Errors
    /// [`Error::NoRoom`] under 30 bytes.
    pub fn encrypted(sender: PeerName, to: &'b mut [u8]) -> Result<Self, Error> {
        let mut packet = Self::plain(sender, to)?;
        packet.writer.put(&[0; SEQUENCE_LEN + TAG_LEN])?;
        packet.overhead = ENCRYPTED_OVERHEAD;
        Ok(packet)
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if it does not go in; [`Error::Unbuildable`] if it is longer than 65535 bytes. The packet is as it
    /// was then.
    pub fn push(&mut self, frame: &SleeveFrame<'_>) -> Result<(), Error> {
        let SleeveFrame { source, destination, ethernet } = *frame;
        let length = U16::new(SLEEVE_FRAME.fit_u16("length", ethernet.len())?);
        let before = self.writer.len();
        let header = FrameHeader { source, destination, length };
        let written = self.writer.put(header.as_bytes()).and_then(|writer| writer.write_all(&[ethernet]));
        if written.is_err() {
            self.writer.truncate(before);
        }
        written
    }

    /// How long the packet is so far, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.writer.len()
    }

    /// Whether it has no frame yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writer.len() == self.overhead
    }

    /// The packet.
    #[must_use]
    pub fn finish(self) -> &'b [u8] {
        self.writer.into_written()
    }
}
