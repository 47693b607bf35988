//! GTP-U: the tunnels of mobile networks, between base stations and the core.
//!
//! ```text
//!  0       3 4 5 6 7 8               16                              32
//!  +-------+-+-+-+-+-+---------------+-------------------------------+
//!  |version|T|0|E|S|P| message type  | length of what follows 8 bytes|
//!  +-------+-+-+-+-+-+---------------+-------------------------------+
//!  | tunnel endpoint identifier                                      |
//!  +---------------------------------+---------------+---------------+
//!  | sequence number                 | N-PDU number  | next extension|   all three, if one of E, S and P is set
//!  +---------------+-----------------+---------------+---------------+
//!  | length        | content …                       | next extension|   length in units of 4 bytes, never 0
//!  +---------------+---------------------------------+---------------+
//!  | the packet that is carried, or information elements …
//! ```
//!
//! 3GPP TS 29.281 §5 (header), §7 (messages), §8 (information elements).

use core::net::IpAddr;

use zerocopy::network_endian::{U16, U32};
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ip::{self, Version};
use crate::view::{take, take_header};
use crate::writer::Writer;
use crate::{Error, LayerName, PacketBuffer, Rule};

/// GTP-U, as [`Error`] names it.
pub const GTP_U: LayerName = LayerName::new("GTP-U");

/// An extension header of GTP-U, as [`Error`] names it.
pub const GTP_U_EXTENSION: LayerName = LayerName::new("GTP-U extension header");

/// An information element of GTP-U, as [`Error`] names it.
pub const GTP_U_ELEMENT: LayerName = LayerName::new("GTP-U information element");

/// The UDP port (TS 29.281 §4.4.2).
pub const PORT: u16 = 2152;

/// The length of the header that every message has, in bytes.
pub const HEADER_LEN: usize = size_of::<GtpUHeader>();

/// The optional fields' length, in bytes.
const FIELDS_LEN: usize = 4;
const VERSION_1: u8 = 0x20;
const GTP: u8 = 0x10;
const EXTENSION: u8 = 4;
const SEQUENCE: u8 = 2;
const NPDU: u8 = 1;

crate::open_set! {
    /// The type of a message (TS 29.281 table 6.1-1).
    pub struct GtpUType(u8) {
        /// Are you there?
        ECHO_REQUEST = 1, "echo request";
        /// I am.
        ECHO_RESPONSE = 2, "echo response";
        /// There is no such tunnel.
        ERROR_INDICATION = 26, "error indication";
        /// Which extension headers are known.
        SUPPORTED_EXTENSION_HEADERS = 31, "supported extension headers notification";
        /// What becomes of the tunnel.
        TUNNEL_STATUS = 253, "tunnel status";
        /// The last packet on the old path.
        END_MARKER = 254, "end marker";
        /// A packet that is carried.
        G_PDU = 255, "G-PDU";
    }
}

crate::open_set! {
    /// The type of an extension header (TS 29.281 table 5.2.1-1). Its two highest bits say who must understand it.
    pub struct GtpUExtensionType(u8) {
        /// There is none.
        NONE = 0, "no more extension headers";
        /// Service class indicator.
        SERVICE_CLASS = 0x20, "service class indicator";
        /// The UDP port of the message in question.
        UDP_PORT = 0x40, "UDP port";
        /// RAN container.
        RAN_CONTAINER = 0x81, "RAN container";
        /// Long PDCP PDU number.
        LONG_PDCP_NUMBER = 0x82, "long PDCP PDU number";
        /// Xw RAN container.
        XW_RAN_CONTAINER = 0x83, "Xw RAN container";
        /// NR RAN container.
        NR_RAN_CONTAINER = 0x84, "NR RAN container";
        /// PDU session container (TS 38.415).
        PDU_SESSION = 0x85, "PDU session container";
        /// PDCP PDU number.
        PDCP_NUMBER = 0xc0, "PDCP PDU number";
    }
}

/// The 8 bytes that every message starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct GtpUHeader {
    flags: u8,
    kind: u8,
    length: U16,
    teid: U32,
}

impl GtpUHeader {
    /// A header without optional fields; its length is filled by [`GtpU::prepend`].
    #[inline]
    #[must_use]
    pub const fn new(kind: GtpUType, teid: u32) -> Self {
        Self { flags: VERSION_1 | GTP, kind: kind.0, length: U16::new(0), teid: U32::new(teid) }
    }

    /// The first byte: version, protocol type, a spare bit, and which of the optional fields count.
    #[inline]
    #[must_use]
    pub const fn flags(&self) -> u8 {
        self.flags
    }

    /// Version: 1.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.flags >> 5
    }

    /// Message type.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> GtpUType {
        GtpUType(self.kind)
    }

    /// Length of what follows these 8 bytes.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> u16 {
        self.length.get()
    }

    /// Tunnel endpoint identifier: which tunnel it is to the receiver. 0 in messages that are of no tunnel.
    #[inline]
    #[must_use]
    pub const fn teid(&self) -> u32 {
        self.teid.get()
    }

    /// Sets the first byte.
    #[inline]
    pub fn set_flags(&mut self, flags: u8) {
        self.flags = flags;
    }

    /// Sets the length of what follows.
    #[inline]
    pub fn set_length(&mut self, bytes: u16) {
        self.length.set(bytes);
    }

    /// Sets the tunnel endpoint identifier.
    #[inline]
    pub fn set_teid(&mut self, teid: u32) {
        self.teid.set(teid);
    }

    /// Puts the header and `fields`, the optional ones with the extension headers, in front of `packet` with all as it is, be it right
    /// or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, fields: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend_with(GTP_U, self, fields)
    }

    const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    const fn has_fields(&self) -> bool {
        self.has(EXTENSION | SEQUENCE | NPDU)
    }
}

/// One extension header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GtpUExtension<'a> {
    /// Its type, which stands in what is before it.
    pub kind: GtpUExtensionType,
    /// What is between its length and the next one's type: 2 bytes, or 4 more each.
    pub content: &'a [u8],
}

/// What is known of a PDU session container (TS 38.415 §5.5.2), whose first two bytes both kinds have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PduSession {
    /// 0 to the terminal, 1 from it.
    pub kind: u8,
    /// The second byte's two highest bits. To the terminal: a paging policy is told, and answers' quality is that of the packet.
    pub flags: u8,
    /// The quality of service flow.
    pub qos_flow: u8,
}

impl<'a> GtpUExtension<'a> {
    /// The port that a UDP port extension has.
    #[must_use]
    pub fn udp_port(&self) -> Option<u16> {
        self.number(GtpUExtensionType::UDP_PORT)
    }

    /// The number that a PDCP PDU number extension has.
    #[must_use]
    pub fn pdcp_number(&self) -> Option<u16> {
        self.number(GtpUExtensionType::PDCP_NUMBER)
    }

    /// What a PDU session container says first.
    #[must_use]
    pub fn pdu_session(&self) -> Option<PduSession> {
        let (&[kind, second], _) = self.content.split_first_chunk()?;
        let session = PduSession { kind: kind >> 4, flags: second >> 6, qos_flow: second & 0x3f };
        (self.kind == GtpUExtensionType::PDU_SESSION).then_some(session)
    }

    fn number(&self, kind: GtpUExtensionType) -> Option<u16> {
        let (number, _) = self.content.split_first_chunk()?;
        (self.kind == kind).then_some(u16::from_be_bytes(*number))
    }

    /// The first one, which is of `kind`, with the next one's type and what is behind it.
    fn split(kind: GtpUExtensionType, bytes: &'a [u8]) -> Result<(Self, GtpUExtensionType, &'a [u8]), Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: GTP_U_EXTENSION, needed, available };
        let len = usize::from(*bytes.first().ok_or(truncated(4))?) * 4;
        if len == 0 {
            let (field, rule) = ("length", Rule::AtLeast(1));
            return Err(Error::Malformed { layer: GTP_U_EXTENSION, field, value: 0, rule });
        }
        let (extension, rest) = bytes.split_at_checked(len).ok_or(truncated(len))?;
        let [_, content @ .., next] = extension else { return Err(truncated(len)) };
        Ok((Self { kind, content }, GtpUExtensionType(*next), rest))
    }
}

/// Goes through a chain of extension headers: as many as the bytes have, each of 4 bytes at least.
#[derive(Debug, Clone)]
struct Chain<'a> {
    next: GtpUExtensionType,
    rest: &'a [u8],
}

impl<'a> Iterator for Chain<'a> {
    type Item = Result<GtpUExtension<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == GtpUExtensionType::NONE {
            return None;
        }
        Some(match GtpUExtension::split(self.next, self.rest) {
            Ok((extension, next, rest)) => {
                (self.next, self.rest) = (next, rest);
                Ok(extension)
            }
            Err(error) => {
                self.next = GtpUExtensionType::NONE;
                Err(error)
            }
        })
    }
}

/// A message to be built: what its header says.
///
/// ```
/// use ether_ip::Headroom;
/// use ether_ip::gtp_u::{GtpU, GtpUPacket};
///
/// let mut buffer = [0; 12];
/// let mut packet = Headroom::with_payload(&mut buffer, &[0x45, 0, 0, 20])?;
/// GtpU::new(0x1234_5678).prepend(&mut packet)?;
/// assert_eq!(packet.packet(), [0x30, 0xff, 0, 4, 0x12, 0x34, 0x56, 0x78, 0x45, 0, 0, 20]);
/// let packet = GtpUPacket::parse(packet.packet())?;
/// assert_eq!((packet.teid(), packet.payload()), (0x1234_5678, &[0x45, 0, 0, 20][..]));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GtpU<'a> {
    /// The message's type.
    pub kind: GtpUType,
    /// The tunnel endpoint identifier.
    pub teid: u32,
    /// The sequence number, if there is one. All but G-PDUs and end markers have one (TS 29.281 §5.1).
    pub sequence: Option<u16>,
    /// The N-PDU number, if there is one.
    pub npdu_number: Option<u8>,
    /// The extension headers.
    pub extensions: &'a [GtpUExtension<'a>],
}

impl<'a> GtpU<'a> {
    /// A G-PDU without optional fields.
    #[must_use]
    pub const fn new(teid: u32) -> Self {
        Self { kind: GtpUType::G_PDU, teid, sequence: None, npdu_number: None, extensions: &[] }
    }

    /// Puts the header with its optional fields and extensions in front of `packet`, what is carried or the elements, with the length
    /// filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if an extension's content is not 2 bytes more than a multiple of 4, or over 1018, or its type 0, or if the
    /// length would be over 65535; [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let mut fields_len = 0_usize;
        for extension in self.extensions {
            let rules = [Rule::Modulo { rest: 2, unit: 4 }, Rule::AtMost(1018)];
            GTP_U_EXTENSION.check("length of the content", extension.content.len(), &rules)?;
            GTP_U_EXTENSION.check("type", extension.kind.0.into(), &[Rule::AtLeast(1)])?;
            fields_len = fields_len.saturating_add(extension.content.len()).saturating_add(2);
        }
        let mut header = GtpUHeader::new(self.kind, self.teid);
        let flags =
            [(SEQUENCE, self.sequence.is_some()), (NPDU, self.npdu_number.is_some()), (EXTENSION, fields_len > 0)];
        header.flags |= flags.iter().filter(|(_, is_there)| *is_there).fold(0, |flags, (flag, _)| flags | flag);
        if header.has_fields() {
            fields_len = fields_len.saturating_add(FIELDS_LEN);
        }
        header.length.set(GTP_U.fit_u16("length", packet.len().saturating_add(fields_len))?);
        let (needed, available) = (fields_len.saturating_add(HEADER_LEN), packet.headroom());
        if needed > available {
            return Err(Error::NoRoom { layer: GTP_U, needed, available });
        }
        let mut next = GtpUExtensionType::NONE;
        for extension in self.extensions.iter().rev() {
            packet.prepend_bytes(GTP_U, &[next.0])?;
            packet.prepend_bytes(GTP_U, extension.content)?;
            packet.prepend_bytes(GTP_U, &[(extension.content.len() / 4 + 1) as u8])?;
            next = extension.kind;
        }
        if header.has_fields() {
            let [high, low] = self.sequence.unwrap_or_default().to_be_bytes();
            packet.prepend_bytes(GTP_U, &[high, low, self.npdu_number.unwrap_or_default(), next.0])?;
        }
        packet.prepend(GTP_U, header)
    }
}

/// A GTP-U message, over the bytes `B`.
pub struct GtpUPacket<B> {
    header: Ref<B, GtpUHeader>,
    body: B,
    trailer: B,
    fields_len: usize,
}

crate::view!(GtpUPacket => GtpUHeader { body, trailer } plain { fields_len });

impl<B: SplitByteSlice> GtpUPacket<B> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it is of another version, or GTP', or an extension header has no length; [`Error::Truncated`] if there are
    /// fewer bytes than the length says, or the length says fewer than the optional fields and extension headers have.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, false)
    }

    /// Reads a message that a capture or a quote cut short behind its headers: the payload is what is there, and
    /// [`missing`](Self::missing) says how much is not.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for a length past the end.
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, true)
    }

    fn read(bytes: B, is_lax: bool) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: GTP_U, needed, available };
        let (header, rest) = take_header::<GtpUHeader, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        let wrong = |field, value: u8, rule| Error::Malformed { layer: GTP_U, field, value: value.into(), rule };
        if header.version() != 1 {
            return Err(wrong("version", header.version(), Rule::Exactly(1)));
        }
        if !header.has(GTP) {
            return Err(wrong("protocol type", 0, Rule::Exactly(1)));
        }
        let len = usize::from(header.length());
        let there = if is_lax { len.min(rest.len()) } else { len };
        let (body, trailer) = take(rest, there).ok_or(truncated(len.saturating_add(HEADER_LEN)))?;
        let mut fields_len = 0;
        if header.has_fields() {
            let needed = HEADER_LEN + FIELDS_LEN;
            let truncated = Error::Truncated { layer: GTP_U, needed, available: HEADER_LEN + body.len() };
            let (_, behind) = body.split_first_chunk::<FIELDS_LEN>().ok_or(truncated)?;
            fields_len = FIELDS_LEN;
            for extension in Self::chain(&header, &body, behind) {
                fields_len = fields_len.saturating_add(extension?.content.len()).saturating_add(2);
            }
        }
        Ok(Self { header, body, trailer, fields_len })
    }

    /// What follows the header and its fields, for as long as the bytes live.
    #[inline]
    pub fn into_payload(self) -> B {
        let len = self.fields_len;
        // Both are empty where there are no such bytes, which the parser saw to.
        match self.body.split_at(len) {
            Ok((_, payload)) => payload,
            Err(body) => body,
        }
    }
}

impl<B: ByteSlice> GtpUPacket<B> {
    fn chain<'a>(header: &GtpUHeader, body: &[u8], behind: &'a [u8]) -> Chain<'a> {
        // Without the flag the field is not to be looked at.
        let next = body.get(3).filter(|_| header.has(EXTENSION)).copied().unwrap_or_default();
        Chain { next: GtpUExtensionType(next), rest: behind }
    }

    /// Sequence number, if it counts.
    #[must_use]
    pub fn sequence(&self) -> Option<u16> {
        let (number, _) = self.fields_bytes().split_first_chunk()?;
        self.header.has(SEQUENCE).then_some(u16::from_be_bytes(*number))
    }

    /// N-PDU number, if it counts.
    #[must_use]
    pub fn npdu_number(&self) -> Option<u8> {
        self.fields_bytes().get(2).filter(|_| self.header.has(NPDU)).copied()
    }

    /// The type of the first extension header, if the message tells of one: none, perhaps.
    #[must_use]
    pub fn next_extension(&self) -> Option<GtpUExtensionType> {
        self.fields_bytes().get(3).filter(|_| self.header.has(EXTENSION)).map(|kind| GtpUExtensionType(*kind))
    }

    /// The extension headers.
    pub fn extensions(&self) -> impl Iterator<Item = GtpUExtension<'_>> + Clone {
        let fields = self.fields_bytes();
        Self::chain(&self.header, fields, fields.get(FIELDS_LEN..).unwrap_or_default()).map_while(Result::ok)
    }

    /// The optional fields and the extension headers, as they stand there.
    #[inline]
    #[must_use]
    pub fn fields_bytes(&self) -> &[u8] {
        self.body.get(..self.fields_len).unwrap_or_default()
    }

    /// All that follows the first 8 bytes.
    #[inline]
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What follows the header and its fields: the packet that is carried, or the information elements.
    #[inline]
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.body.get(self.fields_len..).unwrap_or_default()
    }

    /// What is behind the message: nothing, in most.
    #[inline]
    #[must_use]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// How many bytes of the payload are not there. Zero unless it was [`parse_lax`](Self::parse_lax).
    #[inline]
    #[must_use]
    pub fn missing(&self) -> usize {
        usize::from(self.header.length()).saturating_sub(self.body.len())
    }

    /// Which IP packet is carried, by its first bits: GTP-U does not say. `None` if the message is no G-PDU, or carries something else,
    /// an Ethernet frame say.
    #[must_use]
    pub fn ip_version(&self) -> Option<Version> {
        let is_carried = self.header.kind() == GtpUType::G_PDU;
        ip::version(self.payload()).ok().filter(|_| is_carried)
    }

    /// The information elements of a message that carries no packet; those of a G-PDU are none.
    #[must_use]
    pub fn elements(&self) -> GtpUElements<'_> {
        let is_carried = self.header.kind() == GtpUType::G_PDU;
        GtpUElements { rest: if is_carried { &[] } else { self.payload() } }
    }
}

/// One information element (TS 29.281 §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum GtpUElement<'a> {
    /// Type 14: how often the sender restarted. 0 in GTP-U, and to be ignored.
    Recovery(u8),
    /// Type 16: the tunnel that there is not.
    Teid(u32),
    /// Type 133: whose tunnel it would be.
    PeerAddress(IpAddr),
    /// Type 141: the extension headers that are known.
    ExtensionTypes(&'a [u8]),
    /// Any other, from 128 on: these have a length.
    Other {
        /// Its type.
        kind: u8,
        /// Its value.
        value: &'a [u8],
    },
}

impl<'a> GtpUElement<'a> {
    const RECOVERY: u8 = 14;
    const TEID: u8 = 16;
    const PEER_ADDRESS: u8 = 133;
    const EXTENSION_TYPES: u8 = 141;

    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        match *self {
            Self::Recovery(_) => Self::RECOVERY,
            Self::Teid(_) => Self::TEID,
            Self::PeerAddress(_) => Self::PEER_ADDRESS,
            Self::ExtensionTypes(_) => Self::EXTENSION_TYPES,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Writes the element; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if it is longer than its length can say, or an [`Other`](Self::Other) has a type under
    /// 128, which has no length, or 141, whose length is of another form.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let kind = self.kind();
        let long = |value: &[u8]| GTP_U_ELEMENT.fit_u16("length", value.len()).map(u16::to_be_bytes);
        match self {
            Self::Recovery(counter) => to.write_all(&[&[kind, *counter]]),
            Self::Teid(teid) => to.write_all(&[&[kind], &teid.to_be_bytes()]),
            Self::PeerAddress(IpAddr::V4(address)) => to.write_all(&[&[kind, 0, 4], &address.octets()]),
            Self::PeerAddress(IpAddr::V6(address)) => to.write_all(&[&[kind, 0, 16], &address.octets()]),
            Self::ExtensionTypes(types) => {
                to.write_all(&[&[kind, GTP_U_ELEMENT.fit_u8("length", types.len())?], types])
            }
            Self::Other { value, .. } => {
                GTP_U_ELEMENT.check("type", kind.into(), &[Rule::AtLeast(128)])?;
                if kind == Self::EXTENSION_TYPES {
                    let (field, value, rule) = ("type", kind.into(), Rule::AtLeast(142));
                    return Err(Error::Unbuildable { layer: GTP_U_ELEMENT, field, value, rule });
                }
                to.write_all(&[&[kind], &long(value)?, value])
            }
        }
    }

    /// The first one, and what is behind it.
    fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: GTP_U_ELEMENT, needed, available };
        let (&kind, rest) = bytes.split_first().ok_or(truncated(1))?;
        // How many bytes its length has, and the value.
        let (head, len) = match (kind, rest) {
            (Self::RECOVERY, _) => (1, 1),
            (Self::TEID, _) => (1, 4),
            (Self::EXTENSION_TYPES, [len, ..]) => (2, usize::from(*len)),
            (Self::EXTENSION_TYPES, _) => return Err(truncated(2)),
            (128.., [high, low, ..]) => (3, usize::from(u16::from_be_bytes([*high, *low]))),
            (128.., _) => return Err(truncated(3)),
            // How long it is nobody knows.
            _ => {
                let (field, value, rule) = ("type", kind.into(), Rule::Known);
                return Err(Error::Malformed { layer: GTP_U_ELEMENT, field, value, rule });
            }
        };
        let (element, rest) = bytes.split_at_checked(head + len).ok_or(truncated(head + len))?;
        let value = element.get(head..).unwrap_or_default();
        let element = match (kind, value) {
            (Self::RECOVERY, [counter]) => Self::Recovery(*counter),
            (Self::TEID, [a, b, c, d]) => Self::Teid(u32::from_be_bytes([*a, *b, *c, *d])),
            (Self::EXTENSION_TYPES, types) => Self::ExtensionTypes(types),
            (Self::PEER_ADDRESS, value) => match (<[u8; 4]>::try_from(value), <[u8; 16]>::try_from(value)) {
                (Ok(address), _) => Self::PeerAddress(IpAddr::from(address)),
                (_, Ok(address)) => Self::PeerAddress(IpAddr::from(address)),
                _ => Self::Other { kind, value },
            },
            _ => Self::Other { kind, value },
        };
        Ok((element, rest))
    }
}

/// The information elements of a message, read one by one; the last one is an error if it is broken.
#[derive(Debug, Clone)]
pub struct GtpUElements<'a> {
    rest: &'a [u8],
}

impl<'a> GtpUElements<'a> {
    /// The elements in these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for GtpUElements<'a> {
    type Item = Result<GtpUElement<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        Some(match GtpUElement::split(self.rest) {
            Ok((element, rest)) => {
                self.rest = rest;
                Ok(element)
            }
            Err(error) => {
                self.rest = &[];
                Err(error)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;
    use std::vec::Vec;

    /// Scapy 2.5's, of `testdata/gtp-u.pcap`: frame 11, without what is carried.
    const CHAIN: [u8; 20] = [0x34, 0xff, 0, 12, 0, 0, 0, 5, 0, 0, 0, 0xc0, 1, 1, 0x23, 0x40, 1, 0x0f, 0xa0, 0];
    /// Of frame 6.
    const UPLINK: [u8; 20] = [0x34, 0xff, 0, 12, 0, 0, 1, 0, 0, 0, 0, 0x85, 1, 0x10, 9, 0, 0x45, 0, 0, 0];
    /// Of frame 10.
    const ERROR: [u8; 28] = [
        0x36, 26, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0xc0, 1, 0, 16, 0x12, 0x34, 0x56, 0x78, 133, 0, 4, 192, 0, 2, 2,
    ];

    #[test]
    fn reads_and_builds() {
        let pdcp = GtpUExtension { kind: GtpUExtensionType::PDCP_NUMBER, content: &[1, 0x23] };
        let port = GtpUExtension { kind: GtpUExtensionType::UDP_PORT, content: &[0x0f, 0xa0] };
        let session = GtpUExtension { kind: GtpUExtensionType::PDU_SESSION, content: &[0x10, 9] };
        let of_error = GtpUExtension { content: &[0xc0, 1], ..port };
        let g_pdu = GtpU::new(1);
        let with = |kind, teid, sequence| GtpU { kind, teid, sequence, ..g_pdu };
        for (bytes, message, payload) in [
            (&CHAIN[..], GtpU { teid: 5, extensions: &[pdcp, port], ..g_pdu }, &[][..]),
            (&UPLINK, GtpU { teid: 0x100, extensions: &[session], ..g_pdu }, &[0x45, 0, 0, 0]),
            (&ERROR, GtpU { extensions: &[of_error], ..with(GtpUType::ERROR_INDICATION, 0, Some(0)) }, &ERROR[16..]),
            // Linux 6.12's, of `testdata/gtp-u-linux.pcap`: frames 1, without what is carried, 7 and 8.
            (&[0x30, 0xff, 0, 0, 0, 0, 1, 0], GtpU::new(0x100), &[]),
            (&[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0], with(GtpUType::ECHO_REQUEST, 0, Some(0)), &[]),
            (&[0x32, 2, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 14, 0], with(GtpUType::ECHO_RESPONSE, 0, Some(0)), &[14, 0]),
            // Scapy's frames 1, 3, 4, 5, 8, 9 and 13, without what is carried.
            (&[0x30, 0xff, 0, 0, 0x12, 0x34, 0x56, 0x78], GtpU::new(0x1234_5678), &[]),
            (&[0x32, 0xff, 0, 4, 0, 0, 0, 1, 0x12, 0x34, 0, 0], GtpU { sequence: Some(0x1234), ..g_pdu }, &[]),
            (&[0x31, 0xff, 0, 4, 0, 0, 0, 1, 0, 0, 0x2a, 0], GtpU { npdu_number: Some(0x2a), ..g_pdu }, &[]),
            (
                &[0x33, 0xff, 0, 4, 0, 0, 0, 1, 0, 9, 7, 0],
                GtpU { sequence: Some(9), npdu_number: Some(7), ..g_pdu },
                &[],
            ),
            (&[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0], with(GtpUType::ECHO_REQUEST, 0, Some(1)), &[]),
            (&[0x32, 2, 0, 6, 0, 0, 0, 0, 0, 1, 0, 0, 14, 0], with(GtpUType::ECHO_RESPONSE, 0, Some(1)), &[14, 0]),
            (&[0x30, 254, 0, 0, 0x12, 0x34, 0x56, 0x78], with(GtpUType::END_MARKER, 0x1234_5678, None), &[]),
        ] {
            let packet = GtpUPacket::parse(bytes).unwrap();
            assert_eq!(packet.flags(), bytes[0]);
            let extensions: Vec<_> = packet.extensions().collect();
            let read = GtpU {
                kind: packet.kind(),
                teid: packet.teid(),
                sequence: packet.sequence(),
                npdu_number: packet.npdu_number(),
                extensions: &extensions,
            };
            assert_eq!((read, packet.payload(), packet.into_payload()), (message, payload, payload));
            assert_eq!((packet.trailer(), packet.missing(), packet.version()), (&[][..], 0, 1));
            let mut buffer = [0; 28];
            let mut built = Headroom::with_payload(&mut buffer, payload).unwrap();
            message.prepend(&mut built).unwrap();
            assert_eq!(built.packet(), bytes);
        }
        assert_eq!((pdcp.pdcp_number(), pdcp.udp_port(), port.udp_port()), (Some(0x123), None, Some(4000)));
        let expected = PduSession { kind: 1, flags: 0, qos_flow: 9 };
        assert_eq!((session.pdu_session(), port.pdu_session()), (Some(expected), None));
        // Frame 7: to the terminal, with the reflective indicator.
        let down = GtpUExtension { content: &[0, 0x45], ..session };
        assert_eq!(down.pdu_session(), Some(PduSession { kind: 0, flags: 1, qos_flow: 5 }));
        let [uplink, error] = [&UPLINK[..], &ERROR].map(|bytes| GtpUPacket::parse(bytes).unwrap());
        assert_eq!((uplink.ip_version(), error.ip_version()), (Some(Version::V4), None));
        assert_eq!(uplink.elements().count(), 0);
        let peer = GtpUElement::PeerAddress([192, 0, 2, 2].into());
        assert!(error.elements().eq([Ok(GtpUElement::Teid(0x1234_5678)), Ok(peer)]));
        assert_eq!(error.next_extension(), Some(GtpUExtensionType::UDP_PORT));
    }

    /// TS 29.281 §5.1: fields whose flag is not set are there, and not looked at.
    #[test]
    fn fields_that_do_not_count() {
        let bytes = [0x32, 0xff, 0, 5, 0, 0, 0, 1, 0, 9, 7, 0xc0, 0x60];
        let packet = GtpUPacket::parse(&bytes[..]).unwrap();
        assert_eq!((packet.sequence(), packet.npdu_number(), packet.next_extension()), (Some(9), None, None));
        assert_eq!((packet.extensions().count(), packet.payload()), (0, &[0x60][..]));
        assert_eq!((packet.body(), packet.fields_bytes()), (&[0, 9, 7, 0xc0, 0x60][..], &[0, 9, 7, 0xc0][..]));
        assert_eq!(packet.ip_version(), Some(Version::V6));
        let mut bytes = bytes;
        bytes[0] = 0x31;
        let packet = GtpUPacket::parse(&bytes[..]).unwrap();
        assert_eq!((packet.sequence(), packet.npdu_number()), (None, Some(7)));
    }

    #[test]
    fn cut_anywhere_is_truncated() {
        for available in 0..20 {
            let error = GtpUPacket::parse(&CHAIN[..available]).unwrap_err();
            let needed = if available < 8 { 8 } else { 20 };
            assert_eq!(error, Error::Truncated { layer: GTP_U, needed, available });
            let lax = GtpUPacket::parse_lax(&CHAIN[..available]).unwrap_err();
            let extension = |needed, available| Error::Truncated { layer: GTP_U_EXTENSION, needed, available };
            let expected = match available {
                0..8 => Error::Truncated { layer: GTP_U, needed: 8, available },
                8..12 => Error::Truncated { layer: GTP_U, needed: 12, available },
                12..16 => extension(4, available - 12),
                _ => extension(4, available - 16),
            };
            assert_eq!(lax, expected, "{available}");
        }
        // Where the length ends, so do the fields: a length of 11 leaves the second extension three bytes.
        let mut bytes = CHAIN;
        bytes[3] = 11;
        let error = Error::Truncated { layer: GTP_U_EXTENSION, needed: 4, available: 3 };
        assert_eq!(GtpUPacket::parse(&bytes[..]).unwrap_err(), error);
        bytes[3] = 3;
        let error = Error::Truncated { layer: GTP_U, needed: 12, available: 11 };
        assert_eq!(GtpUPacket::parse(&bytes[..]).unwrap_err(), error);
        let lax = GtpUPacket::parse_lax(&UPLINK[..18]).unwrap();
        assert_eq!((lax.payload(), lax.missing()), (&[0x45, 0][..], 2));
        let longer = [&UPLINK[..], &[7; 3]].concat();
        assert_eq!(GtpUPacket::parse(&longer[..]).unwrap().trailer(), [7; 3]);
    }

    #[test]
    fn what_contradicts_itself() {
        let with = |at: usize, byte| {
            let mut bytes = CHAIN;
            bytes[at] = byte;
            GtpUPacket::parse(&bytes[..]).map(|_| ()).unwrap_err()
        };
        let malformed = |layer, field, value, rule| Error::Malformed { layer, field, value, rule };
        assert_eq!(with(0, 0x54), malformed(GTP_U, "version", 2, Rule::Exactly(1)));
        assert_eq!(with(0, 0x24), malformed(GTP_U, "protocol type", 0, Rule::Exactly(1)));
        for at in [12, 16] {
            assert_eq!(with(at, 0), malformed(GTP_U_EXTENSION, "length", 0, Rule::AtLeast(1)), "{at}");
        }
        assert_eq!(with(16, 2), Error::Truncated { layer: GTP_U_EXTENSION, needed: 8, available: 4 });
        // An extension that names another where there is none.
        assert_eq!(with(19, 0x40), Error::Truncated { layer: GTP_U_EXTENSION, needed: 4, available: 0 });
    }

    /// A chain as long as a length can say has an end, and so many steps.
    #[test]
    fn a_thousand_extensions() {
        let bytes =
            [&[0x34, 0xff, 0x0f, 0xa4, 0, 0, 0, 0, 0, 0, 0, 1][..], &[1, 0, 0, 1].repeat(999), &[1, 0, 0, 0]].concat();
        assert_eq!(GtpUPacket::parse(&bytes[..]).unwrap().extensions().count(), 1000);
    }

    #[test]
    fn what_cannot_be_built() {
        let mut buffer = [0; 64];
        let mut build = |extension| {
            let mut packet = Headroom::new(&mut buffer, 0).unwrap();
            let built = GtpU { extensions: &[extension], ..GtpU::new(1) }.prepend(&mut packet);
            assert!(packet.is_empty());
            built
        };
        let refused = |field, value, rule| Err(Error::Unbuildable { layer: GTP_U_EXTENSION, field, value, rule });
        let (kind, modulo) = (GtpUExtensionType::UDP_PORT, Rule::Modulo { rest: 2, unit: 4 });
        assert_eq!(build(GtpUExtension { kind, content: &[0; 4] }), refused("length of the content", 4, modulo));
        let most = Rule::AtMost(1018);
        assert_eq!(build(GtpUExtension { kind, content: &[0; 1022] }), refused("length of the content", 1022, most));
        let none = GtpUExtension { kind: GtpUExtensionType::NONE, content: &[0; 2] };
        assert_eq!(build(none), refused("type", 0, Rule::AtLeast(1)));
        let mut long = std::vec![0; 65_600];
        let mut packet = Headroom::new(&mut long, 65_536).unwrap();
        let (field, value, rule) = ("length", 65_536, Rule::AtMost(65_535));
        let error = Error::Unbuildable { layer: GTP_U, field, value, rule };
        assert_eq!(GtpU::new(1).prepend(&mut packet), Err(error));
    }

    /// TS 29.281 §8.2 to §8.6.
    #[test]
    fn elements() {
        let address = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        let bytes =
            [&[14, 0, 133, 0, 16][..], &address, &[141, 2, 0x40, 0x85, 255, 0, 3, 1, 2, 3, 133, 0, 1, 9], &ERROR[16..]]
                .concat();
        let elements = [
            GtpUElement::Recovery(0),
            GtpUElement::PeerAddress(address.into()),
            GtpUElement::ExtensionTypes(&[0x40, 0x85]),
            GtpUElement::Other { kind: 255, value: &[1, 2, 3] },
            GtpUElement::Other { kind: 133, value: &[9] },
            GtpUElement::Teid(0x1234_5678),
            GtpUElement::PeerAddress([192, 0, 2, 2].into()),
        ];
        assert_eq!(elements.map(|element| element.kind()), [14, 133, 141, 255, 133, 16, 133]);
        assert!(GtpUElements::new(&bytes).eq(elements.map(Ok)));
        let mut buffer = [0; 64];
        let mut writer = Writer::new(GTP_U_ELEMENT, &mut buffer);
        elements.iter().try_for_each(|element| element.write(&mut writer)).unwrap();
        assert_eq!(writer.written(), bytes);
        let broken = |bytes: &'static [u8]| GtpUElements::new(bytes).next().unwrap().unwrap_err();
        let truncated = |needed, available| Error::Truncated { layer: GTP_U_ELEMENT, needed, available };
        assert_eq!((broken(&[14]), broken(&[16, 1, 2, 3])), (truncated(2, 1), truncated(5, 4)));
        assert_eq!((broken(&[141]), broken(&[141, 2, 1])), (truncated(2, 1), truncated(4, 3)));
        assert_eq!((broken(&[200, 0]), broken(&[200, 1, 0, 9])), (truncated(3, 2), truncated(259, 4)));
        let error = Error::Malformed { layer: GTP_U_ELEMENT, field: "type", value: 15, rule: Rule::Known };
        assert_eq!(broken(&[15, 0]), error);
        let write = |element: GtpUElement<'_>| element.write(&mut Writer::count(GTP_U_ELEMENT));
        let refused = |field, value, rule| Err(Error::Unbuildable { layer: GTP_U_ELEMENT, field, value, rule });
        assert_eq!(write(GtpUElement::Other { kind: 127, value: &[] }), refused("type", 127, Rule::AtLeast(128)));
        assert_eq!(write(GtpUElement::Other { kind: 141, value: &[] }), refused("type", 141, Rule::AtLeast(142)));
        assert_eq!(write(GtpUElement::ExtensionTypes(&[0; 256])), refused("length", 256, Rule::AtMost(255)));
    }
}
