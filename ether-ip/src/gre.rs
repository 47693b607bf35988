//! GRE: any protocol in IP, with a checksum, a key and a sequence number if they are wanted.
//!
//! ```text
//!  0 1 2 3        13  16                              32
//!  +-+-+-+-+------+---+-------------------------------+
//!  |C|R|K|S| …    |ver| protocol type                 |
//!  +-+-+-+-+------+---+-------------------------------+
//!  | checksum (C or R)   | reserved (offset)          |
//!  +---------------------+----------------------------+
//!  | key (K)                                          |
//!  +--------------------------------------------------+
//!  | sequence number (S)                              |
//!  +--------------------------------------------------+
//!  | acknowledgment number (A, version 1 only)        |
//! ```
//!
//! RFC 2784 (version 0, checksum), RFC 2890 (key, sequence number); RFC 1701 (the routing that both dropped), RFC 2637
//! (version 1: PPTP).

use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::EtherType;
use crate::view::{take, take_header};
use crate::writer::Writer;
use crate::{Error, LayerName, PacketBuffer, Rule};

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
/// Bits 1, 4 and 5: what of RFC 2784's bits 1 to 5 RFC 2890 gave no meaning. In RFC 1701 they are routing, strict source route and
/// the first bit of recursion control.
const MUST_BE_ZERO: u16 = ROUTING | 0x0c00;
const ACKNOWLEDGMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

/// The 4 bytes that every GRE header starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct GreHeader {
    flags_version: U16,
    protocol_type: U16,
}

impl GreHeader {
    /// All flags and the version, as they stand in the first two bytes.
    #[inline]
    #[must_use]
    pub const fn flags_version(&self) -> u16 {
        self.flags_version.get()
    }

    /// Version: 0 is GRE, 1 PPTP's enhanced GRE.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> u8 {
        (self.flags_version.get() & VERSION) as u8
    }

    /// What is carried.
    #[inline]
    #[must_use]
    pub const fn protocol_type(&self) -> EtherType {
        EtherType(self.protocol_type.get())
    }

    /// Whether a checksum (with 2 bytes more) is there: also if only the routing bit of RFC 1701 is set.
    #[inline]
    #[must_use]
    pub const fn has_checksum(&self) -> bool {
        self.flags_version.get() & (CHECKSUM | ROUTING) != 0
    }

    /// Whether RFC 1701's routing is there. RFC 2784 §2.3 has such packets discarded.
    #[inline]
    #[must_use]
    pub const fn has_routing(&self) -> bool {
        self.flags_version.get() & ROUTING != 0
    }

    /// Whether a key is there.
    #[inline]
    #[must_use]
    pub const fn has_key(&self) -> bool {
        self.flags_version.get() & KEY != 0
    }

    /// Whether a sequence number is there.
    #[inline]
    #[must_use]
    pub const fn has_sequence(&self) -> bool {
        self.flags_version.get() & SEQUENCE != 0
    }

    /// Whether an acknowledgment number is there (RFC 2637 §4.1, version 1).
    #[inline]
    #[must_use]
    pub const fn has_acknowledgment(&self) -> bool {
        self.version() == 1 && self.flags_version.get() & ACKNOWLEDGMENT != 0
    }

    /// Checks what RFC 2784 has a tunnel's end check: version 0 (§2.3.1), and none of bits 1 to 5 but those that RFC 2890 gave to
    /// key and sequence number (§2.3). Bits 6 to 12 are ignored, as it says.
    ///
    /// Linux refuses versions and the routing bit alone, and nobody is known to send the others.
    ///
    /// # Errors
    /// [`Error::Malformed`], naming the version or the bits.
    pub const fn check(&self) -> Result<(), Error> {
        let (version, bits) = (self.version(), self.flags_version.get() & MUST_BE_ZERO);
        let (field, value) = match (version, bits) {
            (0, 0) => return Ok(()),
            (0, bits) => ("reserved bits", bits as u32),
            (version, _) => ("version", version as u32),
        };
        Err(Error::Malformed { layer: LayerName::GRE, field, value, rule: Rule::Exactly(0) })
    }

    /// Length of the header with its optional fields, in bytes, without RFC 1701's routing.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        let fields = self.has_checksum() as usize
            + self.has_key() as usize
            + self.has_sequence() as usize
            + self.has_acknowledgment() as usize;
        4 + 4 * fields
    }
}

/// A GRE packet, over the bytes `B`.
///
/// ```
/// use ether_ip::{ethernet::EtherType, gre::GrePacket};
///
/// let bytes = [0x20, 0, 0x08, 0, 0, 0, 0, 42, 0x45];
/// let packet = GrePacket::parse(&bytes[..])?;
/// assert_eq!((packet.protocol_type(), packet.key()), (EtherType::IPV4, Some(42)));
/// assert_eq!(packet.payload(), [0x45]);
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct GrePacket<B> {
    header: Ref<B, GreHeader>,
    fields: B,
    payload: B,
}

crate::view!(GrePacket => GreHeader { fields, payload } payload "What is carried");

impl<B: SplitByteSlice> GrePacket<B> {
    /// Reads a packet of version 0 or 1, to be looked at. RFC 1701's routing, if there, stays at the start of the payload; what
    /// a tunnel's end may take is told by [`GreHeader::check`].
    ///
    /// # Errors
    /// [`Error::Truncated`] if the optional fields reach past the end; [`Error::Malformed`] in other versions.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::GRE, needed, available };
        let (header, rest) = take_header::<GreHeader, _>(bytes).ok_or(truncated(4))?;
        if header.version() > 1 {
            let (value, rule) = (u32::from(header.version()), Rule::AtMost(1));
            return Err(Error::Malformed { layer: LayerName::GRE, field: "version", value, rule });
        }
        let header_len = header.header_len();
        let (fields, payload) = take(rest, header_len - 4).ok_or(truncated(header_len))?;
        Ok(Self { header, fields, payload })
    }
}

impl<B: ByteSlice> GrePacket<B> {
    /// The checksum, if there is one.
    #[inline]
    pub fn checksum(&self) -> Option<u16> {
        let [a, b, ..] = self.field(true, 0)?;
        Some(u16::from_be_bytes([a, b])).filter(|_| self.header.flags_version.get() & CHECKSUM != 0)
    }

    /// The 2 bytes behind the checksum: reserved, RFC 1701's offset.
    #[inline]
    pub fn reserved(&self) -> Option<u16> {
        let [.., c, d] = self.field(true, 0)?;
        Some(u16::from_be_bytes([c, d]))
    }

    /// The key, if there is one. In version 1 its halves are the payload's length and the call's number.
    #[inline]
    pub fn key(&self) -> Option<u32> {
        self.field(self.header.has_key(), 1).map(u32::from_be_bytes)
    }

    /// The sequence number, if there is one.
    #[inline]
    pub fn sequence(&self) -> Option<u32> {
        self.field(self.header.has_sequence(), 2).map(u32::from_be_bytes)
    }

    /// The acknowledgment number, if there is one.
    #[inline]
    pub fn acknowledgment(&self) -> Option<u32> {
        self.field(self.header.has_acknowledgment(), 3).map(u32::from_be_bytes)
    }

    /// The bytes of the optional fields, 0–16.
    #[inline]
    pub fn fields_bytes(&self) -> &[u8] {
        &self.fields
    }

    /// Whether the checksum is right, or there is none. A wrong one is odd, not an error.
    pub fn checksum_is_valid(&self) -> bool {
        self.checksum().is_none()
            || crate::checksum::header(self.header()).bytes(&self.fields).bytes(&self.payload).finish() == 0
    }

    /// The optional field that is `order`th where all are there.
    #[inline]
    fn field(&self, present: bool, order: usize) -> Option<[u8; 4]> {
        let before = [self.header.has_checksum(), self.header.has_key(), self.header.has_sequence()];
        if !present || (order == 0 && !self.header.has_checksum()) {
            return None;
        }
        let at = before.iter().take(order).filter(|there| **there).count() * 4;
        self.fields.get(at..)?.first_chunk().copied()
    }
}

/// What a GRE header of version 0 is built from.
///
/// ```
/// use ether_ip::{Headroom, ethernet::EtherType, gre::{Gre, GrePacket}};
///
/// let mut buffer = [0; 32];
/// let mut packet = Headroom::with_payload(&mut buffer, &[0x45, 0])?;
/// Gre { key: Some(42), checksum: true, ..Gre::new(EtherType::IPV4) }.prepend(&mut packet)?;
/// let read = GrePacket::parse(packet.packet())?;
/// assert_eq!(read.key(), Some(42));
/// assert!(read.checksum().is_some() && read.checksum_is_valid());
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Gre {
    /// What is carried.
    pub protocol_type: EtherType,
    /// Whether a checksum is computed.
    pub checksum: bool,
    /// The key, if one is wanted.
    pub key: Option<u32>,
    /// The sequence number, if one is wanted.
    pub sequence: Option<u32>,
}

impl Gre {
    /// Four bytes: no optional field.
    #[inline]
    #[must_use]
    pub const fn new(protocol_type: EtherType) -> Self {
        Self { protocol_type, checksum: false, key: None, sequence: None }
    }

    /// Length of the header, in bytes: 4 to 16.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        4 + 4 * (self.checksum as usize + self.key.is_some() as usize + self.sequence.is_some() as usize)
    }

    /// Puts the header in front of `packet`, the payload, with the checksum filled if one is wanted.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let (mut fields, mut flags) = ([0; 12], 0);
        let mut writer = Writer::new(LayerName::GRE, &mut fields);
        for (field, flag) in [(self.checksum.then_some(0), CHECKSUM), (self.key, KEY), (self.sequence, SEQUENCE)] {
            if let Some(field) = field {
                writer.u32(field)?;
                flags |= flag;
            }
        }
        let header = GreHeader { flags_version: U16::new(flags), protocol_type: U16::new(self.protocol_type.0) };
        if self.checksum {
            let sum = crate::checksum::header(&header).bytes(writer.written()).bytes(packet.packet()).finish();
            sum.to_be_bytes().into_iter().enumerate().for_each(|(at, byte)| writer.set(at, byte));
        }
        packet.prepend_with(LayerName::GRE, header, writer.written())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;

    /// RFC 2784 §2.1 and RFC 2890 §2: every mix of checksum, key and sequence number, there, back, and cut.
    #[test]
    fn every_mix_of_fields() {
        for mix in 0..8_u32 {
            let gre = Gre {
                checksum: mix & 1 != 0,
                key: (mix & 2 != 0).then_some(0x0102_0304),
                sequence: (mix & 4 != 0).then_some(0xf1f2_f3f4),
                ..Gre::new(EtherType::TRANSPARENT_ETHERNET)
            };
            let mut buffer = [0; 21];
            let mut packet = Headroom::with_payload(&mut buffer, &[9, 8, 7]).unwrap();
            gre.prepend(&mut packet).unwrap();
            let bytes = packet.packet();
            let read = GrePacket::parse(bytes).unwrap();
            assert_eq!((read.version(), read.protocol_type()), (0, EtherType::TRANSPARENT_ETHERNET));
            assert_eq!((read.key(), read.sequence(), read.acknowledgment()), (gre.key, gre.sequence, None));
            assert_eq!((read.checksum().is_some(), read.payload()), (gre.checksum, &[9, 8, 7][..]));
            assert!(read.checksum_is_valid());
            assert_eq!(bytes.len(), gre.header_len() + 3);
            for available in 0..gre.header_len() {
                let needed = if available < 4 { 4 } else { gre.header_len() };
                let error = GrePacket::parse(&bytes[..available]).unwrap_err();
                assert_eq!(error, Error::Truncated { layer: LayerName::GRE, needed, available });
            }
        }
    }

    #[test]
    fn a_wrong_checksum_is_odd() {
        let bytes = [0x80, 0, 0x08, 0, 0x12, 0x34, 0, 0];
        let read = GrePacket::parse(&bytes[..]).unwrap();
        assert_eq!((read.checksum(), read.checksum_is_valid()), (Some(0x1234), false));
    }

    /// RFC 1701: with the routing bit alone the checksum's place is there, the checksum is not.
    #[test]
    fn routing_bit() {
        let bytes = [0x40, 0, 0x08, 0, 0x12, 0x34, 0, 4, 1];
        let read = GrePacket::parse(&bytes[..]).unwrap();
        assert!(read.has_routing());
        assert_eq!((read.checksum(), read.reserved(), read.payload()), (None, Some(4), &[1][..]));
    }

    /// RFC 2637 §4.1: key always, sequence and acknowledgment numbers if the bits say so.
    #[test]
    fn version_1() {
        let bytes = [0x30, 0x81, 0x88, 0x0b, 0, 2, 0, 7, 0, 0, 0, 1, 0, 0, 0, 9, 0xff, 3];
        let read = GrePacket::parse(&bytes[..]).unwrap();
        assert_eq!((read.version(), read.protocol_type()), (1, EtherType::PPP));
        assert_eq!((read.key(), read.sequence(), read.acknowledgment()), (Some(0x0002_0007), Some(1), Some(9)));
        assert_eq!(read.payload(), [0xff, 3]);
        let error = GrePacket::parse(&[0, 2, 8, 0][..]).unwrap_err();
        let (field, rule) = ("version", Rule::AtMost(1));
        assert_eq!(error, Error::Malformed { layer: LayerName::GRE, field, value: 2, rule });
    }

    /// RFC 2784 §2.3: bits 1 to 5, less those of RFC 2890, and the version must be 0; bits 6 to 12 are ignored.
    #[test]
    fn what_a_tunnels_end_takes() {
        let check = |flags: u16| GreHeader { flags_version: U16::new(flags), protocol_type: U16::new(0x6558) }.check();
        for flags in [0, 0x8000, 0x2000, 0x1000, 0xb000, 0x0200, 0x0100, 0x00f8] {
            assert_eq!(check(flags), Ok(()), "{flags:#06x}");
        }
        let malformed =
            |field, value| Err(Error::Malformed { layer: LayerName::GRE, field, value, rule: Rule::Exactly(0) });
        for flags in [0x4000, 0x0800, 0x0400, 0x4c00] {
            assert_eq!(check(flags | 0xb000), malformed("reserved bits", u32::from(flags)));
        }
        assert_eq!((check(0x3081), check(0x0001), check(0x4007)), {
            let version = |version| malformed("version", version);
            (version(1), version(1), version(7))
        });
    }

    #[test]
    fn no_room_writes_nothing() {
        let mut buffer = [7; 8];
        let mut packet = Headroom::new(&mut buffer, 1).unwrap();
        let gre = Gre { key: Some(1), ..Gre::new(EtherType::IPV4) };
        let no_room = Error::NoRoom { layer: LayerName::GRE, needed: 8, available: 7 };
        assert_eq!(gre.prepend(&mut packet), Err(no_room));
        assert_eq!(buffer, [7; 8]);
    }
}
