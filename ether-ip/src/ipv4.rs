//! IPv4: addresses, a time to live, options, and a checksum over all of that.
//!
//! ```text
//!  0       4       8               16      19                      32
//!  +-------+-------+---------------+-------------------------------+
//!  |version|  IHL  |  DSCP    |ECN | total length                  |
//!  +-------+-------+---------------+-------+-----------------------+
//!  | identification                | R D M | fragment offset       |
//!  +---------------+---------------+-------+-----------------------+
//!  | time to live  | protocol      | header checksum               |
//!  +---------------+---------------+-------------------------------+
//!  | source address                                                |
//!  +---------------------------------------------------------------+
//!  | destination address                                           |
//!  +---------------------------------------------------------------+
//!  | options, IHL − 5 words …                                      |
//! ```
//!
//! RFC 791 §3.1; RFC 2474 (DSCP), RFC 3168 (ECN), RFC 6864 (identification).

use core::net::Ipv4Addr;
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::{self, Change, Checksum, PseudoHeader};
use crate::ip::{Ecn, IpProtocol};
use crate::view::{take, take_header, unlikely};
use crate::writer::Writer;
use crate::{Error, LayerName, PacketBuffer, Rule};

/// The header's length without options, in bytes.
pub const HEADER_LEN: usize = size_of::<Ipv4Header>();

/// The 20 bytes that every IPv4 packet starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Ipv4Header {
    version_ihl: u8,
    traffic_class: u8,
    total_length: U16,
    identification: U16,
    flags_offset: U16,
    time_to_live: u8,
    protocol: u8,
    checksum: U16,
    source: [u8; 4],
    destination: [u8; 4],
}

const RESERVED: u16 = 0x8000;
const DONT_FRAGMENT: u16 = 0x4000;
const MORE_FRAGMENTS: u16 = 0x2000;
const OFFSET: u16 = 0x1fff;

impl Ipv4Header {
    /// A header with a time to live of 64 that may not be fragmented, identification 0 as RFC 6864 §4.1 allows then.
    /// Length and checksum are filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(source: Ipv4Addr, destination: Ipv4Addr, protocol: IpProtocol) -> Self {
        Self {
            version_ihl: 0x45,
            traffic_class: 0,
            total_length: U16::new(HEADER_LEN as u16),
            identification: U16::new(0),
            flags_offset: U16::new(DONT_FRAGMENT),
            time_to_live: 64,
            protocol: protocol.0,
            checksum: U16::new(0),
            source: source.octets(),
            destination: destination.octets(),
        }
    }

    /// Version: 4 in a packet that was parsed.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version_ihl >> 4
    }

    /// Internet header length: the header with its options, in bytes (the field counts words of 4).
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        (self.version_ihl & 0x0f) as usize * 4
    }

    /// Differentiated services code point, 6 bits.
    #[inline]
    #[must_use]
    pub const fn dscp(&self) -> u8 {
        self.traffic_class >> 2
    }

    /// Explicit congestion notification.
    #[inline]
    #[must_use]
    pub const fn ecn(&self) -> Ecn {
        Ecn::from_bits(self.traffic_class)
    }

    /// Total length of header and payload, in bytes. 0 in packets that a network card has yet to segment.
    #[inline]
    #[must_use]
    pub const fn total_length(&self) -> u16 {
        self.total_length.get()
    }

    /// Identification: the same in all fragments of a packet.
    #[inline]
    #[must_use]
    pub const fn identification(&self) -> u16 {
        self.identification.get()
    }

    /// The reserved flag (RFC 3514 has fun with it).
    #[inline]
    #[must_use]
    pub const fn reserved_flag(&self) -> bool {
        self.flags_offset.get() & RESERVED != 0
    }

    /// The packet may not be fragmented.
    #[inline]
    #[must_use]
    pub const fn dont_fragment(&self) -> bool {
        self.flags_offset.get() & DONT_FRAGMENT != 0
    }

    /// Another fragment follows.
    #[inline]
    #[must_use]
    pub const fn more_fragments(&self) -> bool {
        self.flags_offset.get() & MORE_FRAGMENTS != 0
    }

    /// Where in the whole packet's payload this fragment stands, in bytes (the field counts units of 8).
    #[inline]
    #[must_use]
    pub const fn fragment_offset(&self) -> usize {
        (self.flags_offset.get() & OFFSET) as usize * 8
    }

    /// Whether it is a fragment at all: the first, a middle or the last one.
    #[inline]
    #[must_use]
    pub const fn is_fragment(&self) -> bool {
        self.flags_offset.get() & (MORE_FRAGMENTS | OFFSET) != 0
    }

    /// Time to live, in hops.
    #[inline]
    #[must_use]
    pub const fn ttl(&self) -> u8 {
        self.time_to_live
    }

    /// What the packet carries.
    #[inline]
    #[must_use]
    pub const fn protocol(&self) -> IpProtocol {
        IpProtocol(self.protocol)
    }

    /// The checksum as it stands in the header.
    #[inline]
    #[must_use]
    pub const fn checksum(&self) -> u16 {
        self.checksum.get()
    }

    /// Source address.
    #[inline]
    #[must_use]
    pub const fn source(&self) -> Ipv4Addr {
        let [a, b, c, d] = self.source;
        Ipv4Addr::new(a, b, c, d)
    }

    /// Destination address.
    #[inline]
    #[must_use]
    pub const fn destination(&self) -> Ipv4Addr {
        let [a, b, c, d] = self.destination;
        Ipv4Addr::new(a, b, c, d)
    }

    /// What this header adds to the checksum of UDP or TCP in its packet. A fragment's fills no checksum ([`Error::NotWhole`]).
    #[inline]
    #[must_use]
    pub fn pseudo_header(&self) -> PseudoHeader {
        PseudoHeader::ipv4(self.source(), self.destination(), self.protocol()).of_whole(!self.is_fragment())
    }

    /// Sets the differentiated services code point, the lower 6 bits of `dscp`.
    #[inline]
    pub fn set_dscp(&mut self, dscp: u8) {
        self.traffic_class = self.traffic_class & 3 | (dscp << 2);
    }

    /// Sets explicit congestion notification.
    #[inline]
    pub fn set_ecn(&mut self, ecn: Ecn) {
        self.traffic_class = self.traffic_class & !3 | ecn as u8;
    }

    /// Sets the total length, in bytes.
    #[inline]
    pub fn set_total_length(&mut self, bytes: u16) {
        self.total_length.set(bytes);
    }

    /// Sets the identification.
    #[inline]
    pub fn set_identification(&mut self, identification: u16) {
        self.identification.set(identification);
    }

    /// Sets the reserved flag.
    #[inline]
    pub fn set_reserved_flag(&mut self, on: bool) {
        self.set_flag(RESERVED, on);
    }

    /// Sets whether the packet may not be fragmented.
    #[inline]
    pub fn set_dont_fragment(&mut self, on: bool) {
        self.set_flag(DONT_FRAGMENT, on);
    }

    /// Sets whether another fragment follows.
    #[inline]
    pub fn set_more_fragments(&mut self, on: bool) {
        self.set_flag(MORE_FRAGMENTS, on);
    }

    /// Sets the fragment offset, in bytes; what is not a multiple of 8 is rounded down.
    #[inline]
    pub fn set_fragment_offset(&mut self, bytes: u16) {
        self.flags_offset.set(self.flags_offset.get() & !OFFSET | (bytes / 8));
    }

    /// Sets the time to live. A router does [`decrement_ttl`](Self::decrement_ttl), and [`change_ttl`](Self::change_ttl) patches the
    /// checksum.
    #[inline]
    pub fn set_ttl(&mut self, hops: u8) {
        self.time_to_live = hops;
    }

    /// Sets what the packet carries.
    #[inline]
    pub fn set_protocol(&mut self, protocol: IpProtocol) {
        self.protocol = protocol.0;
    }

    /// Sets the checksum.
    #[inline]
    pub fn set_checksum(&mut self, checksum: u16) {
        self.checksum.set(checksum);
    }

    /// Sets the source address.
    #[inline]
    pub fn set_source(&mut self, address: Ipv4Addr) {
        self.source = address.octets();
    }

    /// Sets the destination address.
    #[inline]
    pub fn set_destination(&mut self, address: Ipv4Addr) {
        self.destination = address.octets();
    }

    /// Sets the traffic class, DSCP and ECN, and patches the checksum (RFC 1624).
    #[inline]
    pub fn change_traffic_class(&mut self, class: u8) {
        let before = u16::from_be_bytes([self.version_ihl, self.traffic_class]);
        self.traffic_class = class;
        let after = u16::from_be_bytes([self.version_ihl, class]);
        self.patch(Change::new().word(0, before, after));
    }

    /// The traffic class: DSCP in the upper 6 bits, ECN in the lower 2.
    #[inline]
    #[must_use]
    pub const fn traffic_class(&self) -> u8 {
        self.traffic_class
    }

    /// Takes one hop off the time to live and patches the checksum (RFC 1141, RFC 1624). The new value; `None`, and
    /// nothing changed, if it was 0 already.
    #[inline]
    pub fn decrement_ttl(&mut self) -> Option<u8> {
        self.change_ttl(self.time_to_live.checked_sub(1)?);
        Some(self.time_to_live)
    }

    /// Sets the time to live and patches the checksum (RFC 1624).
    #[inline]
    pub fn change_ttl(&mut self, hops: u8) {
        let before = u16::from_be_bytes([self.time_to_live, self.protocol]);
        self.time_to_live = hops;
        let after = u16::from_be_bytes([hops, self.protocol]);
        self.patch(Change::new().word(8, before, after));
    }

    /// Sets the identification and patches the checksum (RFC 1624).
    #[inline]
    pub fn change_identification(&mut self, identification: u16) {
        let before = self.identification();
        self.set_identification(identification);
        self.patch(Change::new().word(4, before, identification));
    }

    /// Sets the packet's length, header included, and patches the checksum (RFC 1624).
    ///
    /// ```
    /// use ether_ip::{ip::IpProtocol, ipv4::Ipv4Header};
    ///
    /// let mut header = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    /// header.set_checksum(header.compute_checksum(&[]));
    /// header.change_total_length(1500);
    /// assert_eq!((header.total_length(), header.checksum()), (1500, header.compute_checksum(&[])));
    /// ```
    #[inline]
    pub fn change_total_length(&mut self, bytes: u16) {
        let before = self.total_length();
        self.set_total_length(bytes);
        self.patch(Change::new().word(2, before, bytes));
    }

    /// Sets whether the packet may not be fragmented and patches the checksum (RFC 1624).
    #[inline]
    pub fn change_dont_fragment(&mut self, on: bool) {
        let before = self.flags_offset.get();
        self.set_dont_fragment(on);
        self.patch(Change::new().word(6, before, self.flags_offset.get()));
    }

    /// Sets the source address and patches the header's checksum (RFC 1624). UDP and TCP cover the address too: what changes is for
    /// their `change_checksum`, unless this is a later fragment, which holds none.
    ///
    /// ```
    /// use ether_ip::{ipv4::Ipv4Packet, udp::UdpDatagram};
    ///
    /// let mut bytes = *b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
    /// let mut ip = Ipv4Packet::parse(&mut bytes[..])?;
    /// let change = ip.change_source([198, 51, 100, 7].into());
    /// let mut udp = UdpDatagram::parse(ip.payload_mut())?;
    /// udp.change_checksum(change);
    /// udp.change_source_port(61_000);
    ///
    /// let ip = Ipv4Packet::parse(&bytes[..])?;
    /// let udp = UdpDatagram::parse(ip.payload())?;
    /// assert!(ip.checksum_is_valid() && udp.checksum_is_valid(&ip.pseudo_header()));
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[inline]
    #[must_use = "UDP and TCP cover the address too: give it to their change_checksum"]
    pub fn change_source(&mut self, address: Ipv4Addr) -> Change {
        let change = Change::new().bytes(12, &self.source, &address.octets());
        self.set_source(address);
        self.patch(change);
        change
    }

    /// Sets the destination address and patches the header's checksum, as [`change_source`](Self::change_source) does.
    #[inline]
    #[must_use = "UDP and TCP cover the address too: give it to their change_checksum"]
    pub fn change_destination(&mut self, address: Ipv4Addr) -> Change {
        let change = Change::new().bytes(16, &self.destination, &address.octets());
        self.set_destination(address);
        self.patch(change);
        change
    }

    #[inline(always)]
    fn patch(&mut self, change: Change) {
        self.checksum.set(change.apply(self.checksum.get()));
    }

    /// What the checksum of this header with `options` must be, whatever stands in the field now.
    #[inline]
    #[must_use]
    pub fn compute_checksum(&self, options: &[u8]) -> u16 {
        let header = Self { checksum: U16::new(0), ..*self };
        checksum::header(&header).bytes(options).finish()
    }

    /// Puts the header and `options` in front of `packet`, with header length, total length and checksum filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the options are longer than 40 bytes or not a multiple of 4, or the packet would be
    /// longer than 65535; [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend(mut self, options: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let layer = LayerName::IPV4;
        self.total_length.set(total_length(packet.len().saturating_add(options.len()))?);
        layer.check("length of the options", options.len(), &[Rule::AtMost(40), Rule::MultipleOf(4)])?;
        self.version_ihl = 0x40 | ((HEADER_LEN + options.len()) as u8 / 4);
        self.checksum.set(self.compute_checksum(options));
        self.prepend_as_is(options, packet)
    }

    /// Puts the header and `options` in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, options: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend_with(LayerName::IPV4, self, options)
    }

    fn set_flag(&mut self, flag: u16, on: bool) {
        let others = self.flags_offset.get() & !flag;
        self.flags_offset.set(if on { others | flag } else { others });
    }
}

/// An IPv4 packet, over the bytes `B`.
///
/// ```
/// use ether_ip::ipv4::Ipv4Packet;
///
/// let mut bytes = [
///     0x45, 0, 0, 24, 0, 0, 0x40, 0, 64, 17, 0x21, 0xe9, 10, 244, 1, 2, 10, 244, 2, 3, 1, 2, 3, 4, 0, 0,
/// ];
/// let mut packet = Ipv4Packet::parse(&mut bytes[..])?;
/// assert_eq!(packet.source().to_string(), "10.244.1.2");
/// assert_eq!(packet.payload(), [1, 2, 3, 4]); // ends where the header says
/// assert!(packet.checksum_is_valid());
/// assert_eq!(packet.decrement_ttl(), Some(63));
/// assert!(packet.checksum_is_valid());
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct Ipv4Packet<B> {
    header: Ref<B, Ipv4Header>,
    options: B,
    payload: B,
    trailer: B,
}

crate::view!(
    Ipv4Packet => Ipv4Header { options, payload, trailer }
    payload "What the packet carries, up to where the total length says"
);

impl<B: SplitByteSlice> Ipv4Packet<B> {
    /// Reads a packet. A total length of 0 stands for all the bytes: what a network card was to segment.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header, its options or the total length reach past the end; [`Error::Malformed`] if
    /// the version is not 4, the header length under 20 or past the total length, or a fragment reaches past 65535.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, false)
    }

    /// Reads a packet that a capture, or an ICMP error that quotes it, cut short behind its header and options: the
    /// payload is what is there, and [`missing`](Self::missing) says how much is not.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for a total length past the end.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, true)
    }

    /// Reads a packet that is as most are: without options, no fragment, and whole. `None` for any other, which [`parse`](Self::parse)
    /// reads or refuses: for a straight line that leaves all else to another.
    #[inline(always)]
    pub fn parse_usual(bytes: B) -> Option<Self> {
        let (header, rest) = take_header::<Ipv4Header, _>(bytes)?;
        if header.version_ihl != 0x45 || header.is_fragment() {
            return None;
        }
        let (options, rest) = take(rest, 0)?;
        let (payload, trailer) = take(rest, usize::from(header.total_length()).wrapping_sub(HEADER_LEN))?;
        Some(Self { header, options, payload, trailer })
    }

    /// `is_lax` is known where this is inlined, so that each reading has its own checks only.
    #[inline(always)]
    fn read(bytes: B, is_lax: bool) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::IPV4, needed, available };
        let (header, rest) = take_header::<Ipv4Header, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        // What most packets are runs straight through. One comparison: a total length that is 0 or too short is, less the header's, more
        // than there can be.
        let rest = if header.version_ihl == 0x45 && header.flags_offset.get() & OFFSET == 0 {
            let (options, rest) = take(rest, 0).ok_or(truncated(HEADER_LEN))?;
            match rest.split_at(usize::from(header.total_length()).wrapping_sub(HEADER_LEN)) {
                Ok((payload, trailer)) => return Ok(Self { header, options, payload, trailer }),
                Err(rest) => rest,
            }
        } else {
            rest
        };
        unlikely();
        let (options, rest) = match header.version_ihl {
            0x45..=0x4f => take(rest, header.header_len() - HEADER_LEN).ok_or(truncated(header.header_len()))?,
            _ => return Err(Self::bad_first_byte(&header)),
        };
        let available = rest.len();
        let Some(len) = Self::payload_len(&header, available) else {
            return Err(Self::bad_length(&header, available));
        };
        let len = if is_lax { len.min(available) } else { len };
        let (payload, trailer) = take(rest, len).ok_or(truncated(len.saturating_add(header.header_len())))?;
        Ok(Self { header, options, payload, trailer })
    }

    /// The payload's length as the header has it; none, if that cannot be.
    #[inline(always)]
    fn payload_len(header: &Ipv4Header, available: usize) -> Option<usize> {
        let len = match usize::from(header.total_length()) {
            0 => available,
            total => total.checked_sub(header.header_len())?,
        };
        let end = len.saturating_add(header.fragment_offset()).saturating_add(header.header_len());
        (header.fragment_offset() == 0 || end <= 65_535).then_some(len)
    }

    #[cold]
    fn bad_length(header: &Ipv4Header, available: usize) -> Error {
        match usize::from(header.total_length()).checked_sub(header.header_len()) {
            Some(len) => Self::bad_fragment(header, len),
            None if header.total_length() == 0 => Self::bad_fragment(header, available),
            None => Self::bad_total_length(header),
        }
    }

    #[cold]
    fn bad_first_byte(header: &Ipv4Header) -> Error {
        let (field, value, rule) = match header.version() {
            4 => ("header length", header.header_len() as u32, Rule::AtLeast(HEADER_LEN as u32)),
            version => ("version", u32::from(version), Rule::Exactly(4)),
        };
        Error::Malformed { layer: LayerName::IPV4, field, value, rule }
    }

    #[cold]
    fn bad_total_length(header: &Ipv4Header) -> Error {
        let (value, rule) = (u32::from(header.total_length()), Rule::AtLeast(header.header_len() as u32));
        Error::Malformed { layer: LayerName::IPV4, field: "total length", value, rule }
    }

    /// The whole packet, put together, would be longer than a total length can say (RFC 791 §3.2).
    #[cold]
    fn bad_fragment(header: &Ipv4Header, len: usize) -> Error {
        let value = len.saturating_add(header.fragment_offset() + header.header_len()) as u32;
        Error::Malformed { layer: LayerName::IPV4, field: "end of the fragment", value, rule: Rule::AtMost(65_535) }
    }
}

impl<B: ByteSlice> Ipv4Packet<B> {
    /// The options' bytes, 0–40.
    #[inline]
    pub fn options_bytes(&self) -> &[u8] {
        &self.options
    }

    /// The options, one by one.
    #[inline]
    pub fn options(&self) -> Ipv4Options<'_> {
        Ipv4Options::new(&self.options)
    }

    /// What stands behind the packet: Ethernet's padding.
    #[inline]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// How many bytes of the payload are not there. Zero unless it was [`parse_lax`](Self::parse_lax).
    #[inline]
    pub fn missing(&self) -> usize {
        let behind = usize::from(self.header.total_length()).saturating_sub(HEADER_LEN);
        behind.saturating_sub(self.options.len()).saturating_sub(self.payload.len())
    }

    /// What this packet adds to the checksum of UDP or TCP in it. That of a packet which is not [whole](Self::is_whole) fills no checksum
    /// ([`Error::NotWhole`]).
    #[inline]
    pub fn pseudo_header(&self) -> PseudoHeader {
        self.header.pseudo_header().of_whole(self.is_whole())
    }

    /// Whether all of what it carries is here: it is no fragment, and nothing is missing.
    #[inline]
    pub fn is_whole(&self) -> bool {
        !self.header.is_fragment() && self.missing() == 0
    }

    /// Whether the header's checksum is right. A wrong one is odd, not an error.
    #[inline]
    pub fn checksum_is_valid(&self) -> bool {
        checksum::header(self.header()).bytes(&self.options).finish() == 0
    }

    /// Whether the total length is 0, so that the payload goes to the end of the bytes: odd.
    #[inline]
    pub fn is_unsegmented(&self) -> bool {
        self.header.total_length() == 0
    }
}

impl<B: ByteSliceMut> Ipv4Packet<B> {
    /// The options' bytes, to be changed.
    #[inline]
    pub fn options_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.options
    }

    /// The payload to be changed where it is [whole](Self::is_whole): for ICMP and IGMP, whose checksums know of no pseudo-header.
    ///
    /// # Errors
    /// [`Error::NotWhole`] of a fragment, and where some of it is [missing](Self::missing).
    #[inline]
    pub fn whole_payload_mut(&mut self) -> Result<&mut [u8], Error> {
        if self.is_whole() { Ok(&mut self.payload) } else { Err(Error::NotWhole { layer: LayerName::IPV4 }) }
    }

    /// Computes and sets the header's checksum. All that it covers is here, in a packet that is not whole too.
    #[inline]
    pub fn fill_checksum(&mut self) {
        let checksum = self.header.compute_checksum(&self.options);
        self.header.set_checksum(checksum);
    }
}

crate::open_set! {
    /// The kind of an IPv4 option: copied flag, class and number in one byte (IANA's "IP Option Numbers").
    pub struct Ipv4OptionKind(u8) {
        /// End of option list.
        END_OF_LIST = 0, "End of Option List";
        /// No operation.
        NO_OPERATION = 1, "No Operation";
        /// Record route.
        RECORD_ROUTE = 7, "Record Route";
        /// Internet timestamp.
        TIMESTAMP = 68, "Timestamp";
        /// Security (RFC 1108).
        SECURITY = 130, "Security";
        /// Loose source and record route.
        LOOSE_SOURCE_ROUTE = 131, "Loose Source Route";
        /// Commercial IP security option.
        CIPSO = 134, "Commercial Security";
        /// Stream identifier (deprecated by RFC 6814).
        STREAM_ID = 136, "Stream ID";
        /// Strict source and record route.
        STRICT_SOURCE_ROUTE = 137, "Strict Source Route";
        /// Router alert (RFC 2113).
        ROUTER_ALERT = 148, "Router Alert";
    }
}

impl Ipv4OptionKind {
    /// Whether the option stands in every fragment (RFC 791 §3.1).
    #[inline]
    #[must_use]
    pub const fn is_copied(self) -> bool {
        self.0 & 0x80 != 0
    }
}

/// One option of an IPv4 header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Ipv4Option<'a> {
    /// The list ends; the bytes behind it, which should be zero.
    EndOfList(&'a [u8]),
    /// Padding between options.
    NoOperation,
    /// Record route, loose or strict source route (RFC 791 §3.1).
    Route {
        /// Which of the three.
        kind: Ipv4OptionKind,
        /// Where the next address goes, counted in bytes from the option's start, 1 being the first byte.
        pointer: u8,
        /// The addresses, 4 bytes each.
        #[cfg_attr(feature = "arbitrary", arbitrary(with = crate::options::arbitrary_chunks))]
        addresses: &'a [[u8; 4]],
    },
    /// Router alert (RFC 2113): 0 is "every router shall look at this packet".
    RouterAlert(u16),
    /// Stream identifier.
    StreamId(u16),
    /// Any other: its kind and the bytes behind its length.
    Other {
        /// Its kind.
        kind: Ipv4OptionKind,
        /// Its data.
        data: &'a [u8],
    },
}

impl Ipv4Option<'_> {
    /// The option's kind.
    #[must_use]
    pub const fn kind(&self) -> Ipv4OptionKind {
        match *self {
            Self::EndOfList(_) => Ipv4OptionKind::END_OF_LIST,
            Self::NoOperation => Ipv4OptionKind::NO_OPERATION,
            Self::Route { kind, .. } | Self::Other { kind, .. } => kind,
            Self::RouterAlert(_) => Ipv4OptionKind::ROUTER_ALERT,
            Self::StreamId(_) => Ipv4OptionKind::STREAM_ID,
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
            Self::Route { pointer, addresses, .. } => to.tlv(kind, [&[pointer], addresses.as_flattened()], 2),
            Self::RouterAlert(value) | Self::StreamId(value) => to.tlv(kind, [&value.to_be_bytes(), &[]], 2),
            Self::Other { data, .. } => to.tlv(kind, [data, &[]], 2),
        }
    }
}

/// The options of an IPv4 header, lazily. An error ends it; so does [`Ipv4Option::EndOfList`].
#[derive(Debug, Clone)]
pub struct Ipv4Options<'a> {
    rest: &'a [u8],
}

impl<'a> Ipv4Options<'a> {
    /// Over the bytes behind the fixed header.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Ipv4Options<'a> {
    type Item = Result<Ipv4Option<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, behind) = self.rest.split_first()?;
        let (option, rest) = match Ipv4OptionKind(kind) {
            Ipv4OptionKind::END_OF_LIST => (Ipv4Option::EndOfList(behind), &[][..]),
            Ipv4OptionKind::NO_OPERATION => (Ipv4Option::NoOperation, behind),
            kind => match crate::options::split_tlv(LayerName::IPV4_OPTION, self.rest) {
                Ok((data, rest)) => (Self::typed(kind, data), rest),
                Err(error) => {
                    self.rest = &[];
                    return Some(Err(error));
                }
            },
        };
        self.rest = rest;
        Some(Ok(option))
    }
}

impl<'a> Ipv4Options<'a> {
    fn typed(kind: Ipv4OptionKind, data: &'a [u8]) -> Ipv4Option<'a> {
        let other = Ipv4Option::Other { kind, data };
        match (kind, data) {
            (
                Ipv4OptionKind::RECORD_ROUTE | Ipv4OptionKind::LOOSE_SOURCE_ROUTE | Ipv4OptionKind::STRICT_SOURCE_ROUTE,
                &[pointer, ref addresses @ ..],
            ) => match <[[u8; 4]]>::ref_from_bytes(addresses) {
                Ok(addresses) => Ipv4Option::Route { kind, pointer, addresses },
                Err(_) => other,
            },
            (Ipv4OptionKind::ROUTER_ALERT, &[high, low]) => Ipv4Option::RouterAlert(u16::from_be_bytes([high, low])),
            (Ipv4OptionKind::STREAM_ID, &[high, low]) => Ipv4Option::StreamId(u16::from_be_bytes([high, low])),
            _ => other,
        }
    }
}

/// The total length of a packet with so many bytes behind the fixed header, which it counts (RFC 791 §3.1).
#[inline]
pub(crate) fn total_length(behind: usize) -> Result<u16, Error> {
    LayerName::IPV4.fit_u16("total length", behind.saturating_add(HEADER_LEN))
}

/// The constant part of a header's checksum, for templates that patch the total length in later.
pub(crate) fn template_sum(header: &Ipv4Header) -> Checksum {
    checksum::header(&Ipv4Header { total_length: U16::new(0), checksum: U16::new(0), ..*header })
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use std::vec::Vec;

    /// The checksum is RFC 1071's sum over 4500 0018 0000 4000 4011 0000 0af4 0102 0af4 0203, taken with another program.
    const PACKET: [u8; 24] =
        [0x45, 0, 0, 24, 0, 0, 0x40, 0, 64, 17, 0x21, 0xe9, 10, 244, 1, 2, 10, 244, 2, 3, 1, 2, 3, 4];

    fn with(changes: &[(usize, u8)]) -> [u8; 24] {
        let mut bytes = PACKET;
        changes.iter().for_each(|&(at, byte)| bytes[at] = byte);
        bytes
    }

    fn malformed(field: &'static str, value: u32, rule: Rule) -> Error {
        Error::Malformed { layer: LayerName::IPV4, field, value, rule }
    }

    fn truncated(needed: usize, available: usize) -> Error {
        Error::Truncated { layer: LayerName::IPV4, needed, available }
    }

    #[test]
    fn reads_every_field() {
        let bytes = with(&[(1, 0xbb), (4, 0x12), (5, 0x34), (6, 0xa0), (7, 0x01)]);
        let packet = Ipv4Packet::parse(&bytes[..]).unwrap();
        assert_eq!((packet.version(), packet.header_len(), packet.total_length()), (4, 20, 24));
        assert_eq!((packet.dscp(), packet.ecn()), (46, Ecn::CongestionExperienced));
        assert_eq!(packet.identification(), 0x1234);
        assert!(packet.reserved_flag() && !packet.dont_fragment() && packet.more_fragments() && packet.is_fragment());
        assert_eq!(packet.fragment_offset(), 8);
        assert_eq!((packet.ttl(), packet.protocol(), packet.checksum()), (64, IpProtocol::UDP, 0x21e9));
        assert_eq!(packet.source(), Ipv4Addr::new(10, 244, 1, 2));
        assert_eq!(packet.destination(), Ipv4Addr::new(10, 244, 2, 3));
        assert_eq!((packet.payload(), packet.trailer()), (&[1, 2, 3, 4][..], &[][..]));
        assert!(!packet.checksum_is_valid());
    }

    #[test]
    fn builds_what_it_read() {
        let mut buffer = [0; 24];
        let mut packet = Headroom::with_payload(&mut buffer, &[1, 2, 3, 4]).unwrap();
        let header = Ipv4Header::new([10, 244, 1, 2].into(), [10, 244, 2, 3].into(), IpProtocol::UDP);
        header.prepend(&[], &mut packet).unwrap();
        assert_eq!(packet.packet(), PACKET);
    }

    #[test]
    fn sets_every_field() {
        let mut bytes = PACKET;
        let mut packet = Ipv4Packet::parse(&mut bytes[..]).unwrap();
        packet.set_dscp(46);
        packet.set_ecn(Ecn::Capable0);
        packet.set_identification(0xabcd);
        packet.set_reserved_flag(true);
        packet.set_dont_fragment(false);
        packet.set_more_fragments(true);
        packet.set_fragment_offset(16);
        packet.set_ttl(1);
        packet.set_protocol(IpProtocol::TCP);
        packet.set_source([1, 2, 3, 4].into());
        packet.set_destination([5, 6, 7, 8].into());
        packet.payload_mut()[0] = 9;
        packet.fill_checksum();
        assert!(packet.checksum_is_valid());
        let sum = packet.checksum().to_be_bytes();
        let expected =
            [0x45, 0xba, 0, 24, 0xab, 0xcd, 0xa0, 2, 1, 6, sum[0], sum[1], 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4];
        assert_eq!(bytes, expected);
    }

    #[test]
    fn version_and_header_length() {
        for version in (0..16).filter(|version| *version != 4) {
            let error = Ipv4Packet::parse(&with(&[(0, version << 4 | 5)])[..]).unwrap_err();
            assert_eq!(error, malformed("version", u32::from(version), Rule::Exactly(4)));
        }
        for words in 0..5 {
            let error = Ipv4Packet::parse(&with(&[(0, 0x40 | words)])[..]).unwrap_err();
            assert_eq!(error, malformed("header length", u32::from(words) * 4, Rule::AtLeast(20)));
        }
        assert_eq!(Ipv4Packet::parse(&with(&[(0, 0x47)])[..]).unwrap_err(), truncated(28, 24));
    }

    #[test]
    fn cut_anywhere_is_truncated() {
        for available in 0..24 {
            let needed = if available < 20 { 20 } else { 24 };
            assert_eq!(Ipv4Packet::parse(&PACKET[..available]).unwrap_err(), truncated(needed, available));
        }
        let lax = Ipv4Packet::parse_lax(&PACKET[..22]).unwrap();
        assert_eq!((lax.payload(), lax.missing()), (&[1, 2][..], 2));
    }

    #[test]
    fn total_lengths() {
        let error = Ipv4Packet::parse(&with(&[(3, 19)])[..]).unwrap_err();
        assert_eq!(error, malformed("total length", 19, Rule::AtLeast(20)));
        assert_eq!(Ipv4Packet::parse(&with(&[(3, 25)])[..]).unwrap_err(), truncated(25, 24));
        // Padding behind the packet is not payload.
        let bytes = with(&[(3, 22)]);
        let short = Ipv4Packet::parse(&bytes[..]).unwrap();
        assert_eq!((short.payload(), short.trailer()), (&[1, 2][..], &[3, 4][..]));
        // Segmentation offload: all of it, told as odd.
        let bytes = with(&[(3, 0)]);
        let offloaded = Ipv4Packet::parse(&bytes[..]).unwrap();
        assert_eq!((offloaded.payload(), offloaded.is_unsegmented()), (&[1, 2, 3, 4][..], true));
    }

    /// RFC 791 §3.2: the last fragment may not reach past what a total length can say.
    #[test]
    fn a_fragment_past_65535_is_malformed() {
        let last_good = (65_535 - 24) / 8_u16;
        let [high, low] = last_good.to_be_bytes();
        assert!(Ipv4Packet::parse(&with(&[(6, high), (7, low)])[..]).is_ok());
        let [high, low] = (last_good + 1).to_be_bytes();
        let error = Ipv4Packet::parse(&with(&[(6, high), (7, low)])[..]).unwrap_err();
        let end = (u32::from(last_good) + 1) * 8 + 4 + 20;
        assert_eq!(error, malformed("end of the fragment", end, Rule::AtMost(65_535)));
        // The last offset that there is, and one of what says no length: 4 bytes behind 65528, and the header.
        for length in [24, 0] {
            let error = Ipv4Packet::parse(&with(&[(3, length), (6, 0x1f), (7, 0xff)])[..24]).unwrap_err();
            assert_eq!(error, malformed("end of the fragment", 65_552, Rule::AtMost(65_535)));
        }
    }

    #[test]
    fn the_ttl_patch_equals_a_new_checksum() {
        for ttl in 0..=255 {
            for checksum_noise in [0_u8, 1, 0x7f, 0xfe, 0xff] {
                let mut bytes = with(&[(8, ttl), (4, checksum_noise)]);
                let mut packet = Ipv4Packet::parse(&mut bytes[..]).unwrap();
                packet.fill_checksum();
                assert_eq!(packet.decrement_ttl(), ttl.checked_sub(1));
                assert!(packet.checksum_is_valid(), "ttl {ttl}");
            }
        }
    }

    fn options(bytes: &[u8]) -> Vec<Result<Ipv4Option<'_>, Error>> {
        Ipv4Options::new(bytes).collect()
    }

    #[test]
    fn typed_options_read_and_written_back() {
        let bytes = [
            1, // no operation
            148, 4, 0, 0, // router alert (RFC 2113)
            7, 11, 8, 192, 0, 2, 1, 0, 0, 0, 0, // record route, one of two filled
            136, 4, 0x12, 0x34, // stream id
            30, 3, 9, // nobody's
            7, 4, 4, 9, // a record route of an odd length is kept as it is
            0, 0, 7, // end, and what is behind it
        ];
        let kind = Ipv4OptionKind::RECORD_ROUTE;
        let expected = [
            Ipv4Option::NoOperation,
            Ipv4Option::RouterAlert(0),
            Ipv4Option::Route { kind, pointer: 8, addresses: &[[192, 0, 2, 1], [0; 4]] },
            Ipv4Option::StreamId(0x1234),
            Ipv4Option::Other { kind: Ipv4OptionKind(30), data: &[9] },
            Ipv4Option::Other { kind, data: &[4, 9] },
            Ipv4Option::EndOfList(&[0, 7]),
        ];
        assert_eq!(options(&bytes), expected.map(Ok));
        let mut buffer = [0; 40];
        let mut written = Writer::new(LayerName::IPV4_OPTION, &mut buffer);
        expected.iter().for_each(|option| option.write(&mut written).unwrap());
        assert_eq!(written.written(), bytes);
    }

    #[test]
    fn broken_options() {
        let malformed =
            |value| Error::Malformed { layer: LayerName::IPV4_OPTION, field: "length", value, rule: Rule::AtLeast(2) };
        assert_eq!(options(&[7, 0, 0, 0]), [Err(malformed(0))]);
        assert_eq!(options(&[1, 7, 1, 0]), [Ok(Ipv4Option::NoOperation), Err(malformed(1))]);
        let truncated = |needed, available| Error::Truncated { layer: LayerName::IPV4_OPTION, needed, available };
        assert_eq!(options(&[7, 5, 4, 0]), [Err(truncated(5, 4))]);
        assert_eq!(options(&[7]), [Err(truncated(2, 1))]);
    }

    #[test]
    fn builders_refuse() {
        let header = Ipv4Header::new([10, 0, 0, 1].into(), [10, 0, 0, 2].into(), IpProtocol::UDP);
        let mut buffer = std::vec![0; 70_000];
        let mut packet = Headroom::new(&mut buffer, 65_516).unwrap();
        let refused = |field, value, rule| Err(Error::Unbuildable { layer: LayerName::IPV4, field, value, rule });
        assert_eq!(header.prepend(&[], &mut packet), refused("total length", 65_536, Rule::AtMost(65_535)));
        let mut packet = Headroom::new(&mut buffer, 65_515).unwrap();
        assert_eq!(header.prepend(&[], &mut packet), Ok(()));
        let mut packet = Headroom::new(&mut buffer, 1).unwrap();
        assert_eq!(header.prepend(&[0; 44], &mut packet), refused("length of the options", 44, Rule::AtMost(40)));
        assert_eq!(header.prepend(&[0; 3], &mut packet), refused("length of the options", 3, Rule::MultipleOf(4)));
        let mut packet = Headroom::new(&mut buffer[..22], 0).unwrap();
        let no_room = Error::NoRoom { layer: LayerName::IPV4, needed: 24, available: 22 };
        assert_eq!(header.prepend(&[1; 4], &mut packet), Err(no_room));
        assert_eq!(packet.len(), 0);
    }
}
