//! IPv6 extension headers: hop-by-hop and destination options, routing, fragment, authentication.
//!
//! ```text
//!  0               8               16                              32
//!  +---------------+---------------+-------------------------------+
//!  | next header   | length        | options; routing type and segments left;
//!  +---------------+---------------+   SPI and sequence number …
//!  +---------------+---------------+---------------------------+-+-+
//!  | next header   | reserved      | fragment offset           |r|M|
//!  +---------------+---------------+---------------------------+-+-+
//!  | identification                                                |
//!  +---------------------------------------------------------------+
//! ```
//!
//! RFC 8200 §4; RFC 4302 (authentication header), RFC 8754 (segment routing), RFC 5095 (why type 0 is dead).
//!
//! The length counts units of 8 bytes without the first; the authentication header's, units of 4 without the first two.

use core::net::Ipv6Addr;
use zerocopy::network_endian::{U16, U32};
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ip::{IpProtocol, Version};
use crate::view::{take, take_header};
use crate::writer::Writer;
use crate::{Error, LayerName, PacketBuffer, Rule};

/// Whether a next header value is that of an extension header that this module reads.
#[inline]
#[must_use]
pub const fn is_extension(protocol: IpProtocol) -> bool {
    matches!(
        protocol,
        IpProtocol::HOP_BY_HOP
            | IpProtocol::ROUTING
            | IpProtocol::FRAGMENT
            | IpProtocol::AUTHENTICATION
            | IpProtocol::DESTINATION_OPTIONS
    )
}

// ── Hop-by-hop and destination options ──────────────────────────────────────────────────────────────────────────────

/// The 2 bytes in front of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct OptionsHeader {
    next_header: u8,
    length: u8,
}

impl OptionsHeader {
    /// What follows this header.
    #[inline]
    #[must_use]
    pub const fn next_header(&self) -> IpProtocol {
        IpProtocol(self.next_header)
    }

    /// Length of the whole header, in bytes.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        (self.length as usize + 1) * 8
    }

    /// Sets what follows this header.
    #[inline]
    pub fn set_next_header(&mut self, protocol: IpProtocol) {
        self.next_header = protocol.0;
    }
}

/// Hop-by-hop options or destination options (RFC 8200 §4.3, §4.6), over the bytes `B`.
pub struct Ipv6OptionsHeader<B> {
    header: Ref<B, OptionsHeader>,
    options: B,
    payload: B,
}

crate::view!(Ipv6OptionsHeader => OptionsHeader { options, payload } payload "What follows the header");

impl<B: SplitByteSlice> Ipv6OptionsHeader<B> {
    /// Reads a header; `layer` is the one that errors name.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the length reaches past the end.
    #[inline]
    pub fn parse(bytes: B, layer: LayerName) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer, needed, available };
        let (header, rest) = take_header::<OptionsHeader, _>(bytes).ok_or(truncated(8))?;
        let len = header.header_len();
        let (options, payload) = take(rest, len - 2).ok_or(truncated(len))?;
        Ok(Self { header, options, payload })
    }
}

impl<B: ByteSlice> Ipv6OptionsHeader<B> {
    /// The options, one by one, padding included.
    #[inline]
    pub fn options(&self) -> Ipv6Options<'_> {
        Ipv6Options { rest: &self.options }
    }

    /// The options' bytes.
    #[inline]
    pub fn options_bytes(&self) -> &[u8] {
        &self.options
    }

    /// The tunnel encapsulation limit, if there is one, and how many of the header's bytes stand behind it.
    pub(crate) fn encapsulation_limit(&self) -> Option<(u8, usize)> {
        let mut options = self.options();
        while let Some(Ok(option)) = options.next() {
            if let Ipv6Option::TunnelEncapsulationLimit(limit) = option {
                return Some((limit, options.rest.len()));
            }
        }
        None
    }
}

/// Puts a hop-by-hop or destination options header in front of `packet`. The options must fill it: their length plus
/// 2 is a multiple of 8 ([`Ipv6Option::PadN`] sees to that).
///
/// # Errors
/// [`Error::Unbuildable`] if they do not, or are longer than 2046 bytes; [`Error::NoRoom`]. Nothing is written then.
pub fn prepend_options(
    layer: LayerName,
    next_header: IpProtocol,
    options: &[u8],
    packet: &mut impl PacketBuffer,
) -> Result<(), Error> {
    let rules = [Rule::AtMost(2046), Rule::Modulo { rest: 6, unit: 8 }];
    layer.check("length of the options", options.len(), &rules)?;
    let header = OptionsHeader { next_header: next_header.0, length: (options.len() / 8) as u8 };
    packet.prepend_with(layer, header, options)
}

crate::open_set! {
    /// The type of an option in hop-by-hop or destination options (IANA's "Destination Options and Hop-by-Hop Options").
    pub struct Ipv6OptionType(u8) {
        /// One byte of padding.
        PAD1 = 0x00, "Pad1";
        /// Two bytes of padding or more.
        PADN = 0x01, "PadN";
        /// Tunnel encapsulation limit (RFC 2473).
        TUNNEL_ENCAPSULATION_LIMIT = 0x04, "Tunnel Encapsulation Limit";
        /// Router alert (RFC 2711).
        ROUTER_ALERT = 0x05, "Router Alert";
        /// Jumbo payload (RFC 2675).
        JUMBO_PAYLOAD = 0xc2, "Jumbo Payload";
        /// Home address (RFC 6275).
        HOME_ADDRESS = 0xc9, "Home Address";
        /// RPL option (RFC 6553).
        RPL = 0x63, "RPL Option";
    }
}

/// What a node does with a packet whose option it does not know (RFC 8200 §4.2): the option type's top two bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnknownOptionAction {
    /// Skip the option and go on.
    Skip,
    /// Discard the packet.
    Discard,
    /// Discard it and send ICMPv6 parameter problem, code 2.
    DiscardAndReport,
    /// Discard it and report, unless the destination was a multicast address.
    DiscardAndReportUnlessMulticast,
}

impl Ipv6OptionType {
    /// What a node does that does not know the option.
    #[inline]
    #[must_use]
    pub const fn if_unknown(self) -> UnknownOptionAction {
        //= RFC 6275 §6.3/unknown
        //= RFC 8504 §5.2/options
        match self.0 >> 6 {
            0 => UnknownOptionAction::Skip,
            1 => UnknownOptionAction::Discard,
            2 => UnknownOptionAction::DiscardAndReport,
            _ => UnknownOptionAction::DiscardAndReportUnlessMulticast,
        }
    }

    /// Whether a router on the way may change the option's data.
    #[inline]
    #[must_use]
    pub const fn may_change(self) -> bool {
        self.0 & 0x20 != 0
    }
}

/// One option of hop-by-hop or destination options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Ipv6Option<'a> {
    /// One byte of padding.
    Pad1,
    /// Two bytes of padding or more: the bytes behind the length, which should be zero.
    PadN(&'a [u8]),
    /// Router alert (RFC 2711): 0 is MLD, 1 RSVP, 2 active networks.
    RouterAlert(u16),
    /// Jumbo payload (RFC 2675): the payload's length in bytes.
    JumboPayload(u32),
    /// Tunnel encapsulation limit (RFC 2473 §4.1.1).
    TunnelEncapsulationLimit(u8),
    /// Home address (RFC 6275 §6.3): the source that upper layers see, and that their checksums cover.
    HomeAddress(Ipv6Addr),
    /// Any other: its type and data.
    Other {
        /// Its type.
        kind: Ipv6OptionType,
        /// Its data.
        data: &'a [u8],
    },
}

impl Ipv6Option<'_> {
    /// The option's type.
    #[must_use]
    pub const fn kind(&self) -> Ipv6OptionType {
        match *self {
            Self::Pad1 => Ipv6OptionType::PAD1,
            Self::PadN(_) => Ipv6OptionType::PADN,
            Self::RouterAlert(_) => Ipv6OptionType::ROUTER_ALERT,
            Self::JumboPayload(_) => Ipv6OptionType::JUMBO_PAYLOAD,
            Self::TunnelEncapsulationLimit(_) => Ipv6OptionType::TUNNEL_ENCAPSULATION_LIMIT,
            Self::HomeAddress(_) => Ipv6OptionType::HOME_ADDRESS,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Writes the option; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::NoRoom`], and [`Error::Unbuildable`] if its data is longer than 255 bytes.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let kind = self.kind().0;
        match *self {
            Self::Pad1 => to.write_all(&[&[kind]]),
            Self::RouterAlert(value) => to.tlv(kind, [&value.to_be_bytes(), &[]], 0),
            Self::JumboPayload(length) => to.tlv(kind, [&length.to_be_bytes(), &[]], 0),
            Self::TunnelEncapsulationLimit(limit) => to.tlv(kind, [&[limit], &[]], 0),
            Self::HomeAddress(address) => to.tlv(kind, [&address.octets(), &[]], 0),
            Self::PadN(data) | Self::Other { data, .. } => to.tlv(kind, [data, &[]], 0),
        }
    }
}

/// The options of hop-by-hop or destination options, lazily. An error ends it.
#[derive(Debug, Clone)]
pub struct Ipv6Options<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Ipv6Options<'a> {
    type Item = Result<Ipv6Option<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, behind) = self.rest.split_first()?;
        let kind = Ipv6OptionType(kind);
        if kind == Ipv6OptionType::PAD1 {
            self.rest = behind;
            return Some(Ok(Ipv6Option::Pad1));
        }
        let available = self.rest.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::IPV6_OPTION, needed, available };
        let option = behind.split_first().ok_or(truncated(2)).and_then(|(&len, behind)| {
            behind.split_at_checked(usize::from(len)).ok_or(truncated(2 + usize::from(len)))
        });
        let (data, rest) = match option {
            Ok(option) => option,
            Err(error) => {
                self.rest = &[];
                return Some(Err(error));
            }
        };
        self.rest = rest;
        Some(Ok(match (kind, data) {
            (Ipv6OptionType::PADN, padding) => Ipv6Option::PadN(padding),
            (Ipv6OptionType::ROUTER_ALERT, &[a, b]) => Ipv6Option::RouterAlert(u16::from_be_bytes([a, b])),
            (Ipv6OptionType::JUMBO_PAYLOAD, &[a, b, c, d]) => {
                Ipv6Option::JumboPayload(u32::from_be_bytes([a, b, c, d]))
            }
            (Ipv6OptionType::TUNNEL_ENCAPSULATION_LIMIT, &[limit]) => Ipv6Option::TunnelEncapsulationLimit(limit),
            //= RFC 6275 §6.3/format
            (Ipv6OptionType::HOME_ADDRESS, data) => match <[u8; 16]>::try_from(data) {
                Ok(octets) => Ipv6Option::HomeAddress(octets.into()),
                Err(_) => Ipv6Option::Other { kind, data },
            },
            _ => Ipv6Option::Other { kind, data },
        }))
    }
}

// ── Routing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

crate::open_set! {
    /// The type of a routing header (IANA's "IPv6 Routing Types").
    pub struct RoutingType(u8) {
        /// Source route, forbidden by RFC 5095.
        SOURCE_ROUTE = 0, "source route (deprecated)";
        /// Type 2, mobile IPv6 (RFC 6275).
        MOBILE = 2, "mobile IPv6";
        /// RPL source route (RFC 6554).
        RPL = 3, "RPL source route";
        /// Segment routing (RFC 8754).
        SEGMENT_ROUTING = 4, "segment routing";
    }
}

/// The 4 bytes that every routing header starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct RoutingHeader {
    next_header: u8,
    length: u8,
    routing_type: u8,
    segments_left: u8,
}

impl RoutingHeader {
    /// A header; its length is filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(next_header: IpProtocol, routing_type: RoutingType, segments_left: u8) -> Self {
        Self { next_header: next_header.0, length: 0, routing_type: routing_type.0, segments_left }
    }

    /// What follows this header.
    #[inline]
    #[must_use]
    pub const fn next_header(&self) -> IpProtocol {
        IpProtocol(self.next_header)
    }

    /// Length of the whole header, in bytes.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        (self.length as usize + 1) * 8
    }

    /// What kind of route it is.
    #[inline]
    #[must_use]
    pub const fn routing_type(&self) -> RoutingType {
        RoutingType(self.routing_type)
    }

    /// How many of the route's nodes are still to be visited.
    #[inline]
    #[must_use]
    pub const fn segments_left(&self) -> u8 {
        self.segments_left
    }

    /// Sets how many nodes are still to be visited.
    #[inline]
    pub fn set_segments_left(&mut self, segments: u8) {
        self.segments_left = segments;
    }

    /// Puts the header and its type-specific data in front of `packet`, with the length filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the data's length plus 4 is no multiple of 8, or over 2048; [`Error::NoRoom`].
    pub fn prepend(mut self, data: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let rules = [Rule::AtMost(2044), Rule::Modulo { rest: 4, unit: 8 }];
        LayerName::ROUTING.check("length of the route", data.len(), &rules)?;
        self.length = (data.len() / 8) as u8;
        packet.prepend_with(LayerName::ROUTING, self, data)
    }
}

/// A routing header (RFC 8200 §4.4), over the bytes `B`.
pub struct Ipv6Routing<B> {
    header: Ref<B, RoutingHeader>,
    data: B,
    payload: B,
}

crate::view!(Ipv6Routing => RoutingHeader { data, payload } payload "What follows the header");

impl<B: SplitByteSlice> Ipv6Routing<B> {
    /// Reads a header of any type.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the length reaches past the end.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::ROUTING, needed, available };
        let (header, rest) = take_header::<RoutingHeader, _>(bytes).ok_or(truncated(8))?;
        let len = header.header_len();
        let (data, payload) = take(rest, len - 4).ok_or(truncated(len))?;
        Ok(Self { header, data, payload })
    }
}

impl<B: ByteSlice> Ipv6Routing<B> {
    /// The type-specific data.
    #[inline]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The route as its type has it.
    #[must_use]
    pub fn route(&self) -> RoutingData<'_> {
        let data = self.data();
        let other = RoutingData::Other(data);
        match self.header.routing_type() {
            // 32 reserved bits, then addresses.
            //= RFC 6275 §6.4/format, §6.4/reserved
            RoutingType::SOURCE_ROUTE | RoutingType::MOBILE => match data.split_first_chunk::<4>() {
                Some((_, addresses)) => SegmentList::all(addresses).map_or(other, RoutingData::Addresses),
                None => other,
            },
            // RFC 8754 §2: last entry, flags, tag, segments, TLVs.
            RoutingType::SEGMENT_ROUTING => match data.split_first_chunk::<4>() {
                Some((&[last_entry, flags, tag_high, tag_low], behind)) => {
                    let tag = u16::from_be_bytes([tag_high, tag_low]);
                    match behind.split_at_checked((usize::from(last_entry) + 1) * 16) {
                        Some((segments, tlvs)) => SegmentList::all(segments)
                            .map_or(other, |segments| RoutingData::SegmentRouting { flags, tag, segments, tlvs }),
                        None => other,
                    }
                }
                None => other,
            },
            _ => other,
        }
    }
}

impl<B: ByteSlice> Ipv6Routing<B> {
    /// Where the packet is to go in the end, given the `destination` of its fixed header: that one once no segment is left, else
    /// the last of the route. An upper layer's checksum is over this address (RFC 8200 §8.1). `None` if the route is of a
    /// type that is not known here, or its lengths do not add up.
    #[must_use]
    pub fn final_destination(&self, destination: Ipv6Addr) -> Option<Ipv6Addr> {
        if self.header.segments_left() == 0 {
            return Some(destination);
        }
        match (self.route(), self.data()) {
            //= RFC 6275 §6.4/final
            (RoutingData::Addresses(addresses), _) => addresses.iter().next_back(),
            // RFC 8754 §2: the last segment stands first.
            (RoutingData::SegmentRouting { segments, .. }, _) => segments.iter().next(),
            // RFC 6554 §3: of the last address the first `elided` bytes are left out, which the destination has too.
            (_, &[elided, padding, _, _, ref addresses @ ..]) if self.header.routing_type() == RoutingType::RPL => {
                let elided = usize::from(elided & 0x0f);
                let (addresses, _) = addresses.split_at_checked(addresses.len().checked_sub((padding >> 4).into())?)?;
                let mut octets = destination.octets();
                let last = octets.get_mut(elided..)?;
                last.copy_from_slice(addresses.get(addresses.len().checked_sub(last.len())?..)?);
                Some(octets.into())
            }
            _ => None,
        }
    }
}

/// What a routing header carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoutingData<'a> {
    /// Types 0 and 2: the addresses to visit, in order.
    Addresses(SegmentList<'a>),
    /// Type 4 (RFC 8754 §2).
    SegmentRouting {
        /// Flags.
        flags: u8,
        /// Tag.
        tag: u16,
        /// The segments, the last one first.
        segments: SegmentList<'a>,
        /// The TLVs behind them.
        tlvs: &'a [u8],
    },
    /// Another type, or one whose lengths do not add up: its data.
    Other(&'a [u8]),
}

/// Addresses back to back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentList<'a>(&'a [[u8; 16]]);

impl<'a> SegmentList<'a> {
    fn all(bytes: &'a [u8]) -> Option<Self> {
        <[[u8; 16]]>::ref_from_bytes(bytes).ok().map(Self)
    }

    /// The addresses.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Ipv6Addr> + DoubleEndedIterator + 'a {
        self.0.iter().map(|octets| Ipv6Addr::from(*octets))
    }
}

// ── Fragment ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The 8 bytes of a fragment header (RFC 8200 §4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct FragmentHeader {
    next_header: u8,
    reserved: u8,
    offset_flags: U16,
    identification: U32,
}

impl FragmentHeader {
    /// A header. Of `offset`, in bytes, what is not a multiple of 8 is rounded down.
    #[inline]
    #[must_use]
    pub const fn new(next_header: IpProtocol, offset: u16, more_fragments: bool, identification: u32) -> Self {
        Self {
            next_header: next_header.0,
            reserved: 0,
            offset_flags: U16::new(offset & !7 | more_fragments as u16),
            identification: U32::new(identification),
        }
    }

    /// What follows this header, in the first fragment; in later ones what the first one's payload starts with.
    #[inline]
    #[must_use]
    pub const fn next_header(&self) -> IpProtocol {
        IpProtocol(self.next_header)
    }

    /// Where in the whole payload this fragment stands, in bytes.
    #[inline]
    #[must_use]
    pub const fn fragment_offset(&self) -> usize {
        (self.offset_flags.get() & !7) as usize
    }

    /// Another fragment follows.
    #[inline]
    #[must_use]
    pub const fn more_fragments(&self) -> bool {
        self.offset_flags.get() & 1 != 0
    }

    /// Identification: the same in all fragments of a packet.
    #[inline]
    #[must_use]
    pub const fn identification(&self) -> u32 {
        self.identification.get()
    }

    /// Whether it is the whole payload after all, an atomic fragment (RFC 6946).
    #[inline]
    #[must_use]
    pub const fn is_atomic(&self) -> bool {
        //= RFC 8504 §5.1/atomic
        self.fragment_offset() == 0 && !self.more_fragments()
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 8 bytes free.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::FRAGMENT, self)
    }
}

/// A fragment header and its fragment, over the bytes `B`.
pub struct Ipv6Fragment<B> {
    header: Ref<B, FragmentHeader>,
    payload: B,
}

crate::view!(Ipv6Fragment => FragmentHeader { payload } payload "What follows the header");

impl<B: SplitByteSlice> Ipv6Fragment<B> {
    /// Reads a header.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 8 bytes; [`Error::Malformed`] if the fragment reaches past 65535, where no payload length does
    /// (RFC 8200 §4.5).
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let truncated = Error::Truncated { layer: LayerName::FRAGMENT, needed: 8, available: bytes.len() };
        let (header, payload) = take_header::<FragmentHeader, _>(bytes).ok_or(truncated)?;
        match header.fragment_offset() + payload.len() {
            0..=65_535 => Ok(Self { header, payload }),
            end => Err(Self::bad_end(end)),
        }
    }

    #[cold]
    fn bad_end(end: usize) -> Error {
        let (field, value, rule) = ("end of the fragment", end as u32, Rule::AtMost(65_535));
        Error::Malformed { layer: LayerName::FRAGMENT, field, value, rule }
    }
}

// ── Authentication ──────────────────────────────────────────────────────────────────────────────────────────────────

/// The 12 bytes that every authentication header starts with (RFC 4302 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct AuthenticationHeader {
    next_header: u8,
    length: u8,
    reserved: U16,
    spi: U32,
    sequence: U32,
}

impl AuthenticationHeader {
    /// A header; its length is filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(next_header: IpProtocol, spi: u32, sequence: u32) -> Self {
        let reserved = U16::new(0);
        Self { next_header: next_header.0, length: 0, reserved, spi: U32::new(spi), sequence: U32::new(sequence) }
    }

    /// What follows this header.
    #[inline]
    #[must_use]
    pub const fn next_header(&self) -> IpProtocol {
        IpProtocol(self.next_header)
    }

    /// Length of the whole header, in bytes: the field counts words of 4, less 2.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        (self.length as usize + 2) * 4
    }

    /// The reserved field: 0 from a sender, nothing to a receiver but a part of what is authenticated (RFC 4302 §2.3).
    #[inline]
    #[must_use]
    pub const fn reserved(&self) -> u16 {
        self.reserved.get()
    }

    /// Security parameters index.
    #[inline]
    #[must_use]
    pub const fn spi(&self) -> u32 {
        self.spi.get()
    }

    /// Sequence number.
    #[inline]
    #[must_use]
    pub const fn sequence(&self) -> u32 {
        self.sequence.get()
    }

    /// Checks what RFC 4302 asks of a header in a packet of this version: a security parameters index other than 0, which is not to be
    /// sent (§2.4), and over IPv6 a length that is a multiple of 8 (§2.2).
    ///
    /// More padding than that takes (§3.3.3.2.1) is not found: how much of the value is padding only the security association tells.
    /// Linux pads to 8 bytes over IPv4 too, so that a value of 16 bytes makes a header of 32 there, and of 28 by the RFC.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the first of the two that does not hold.
    pub fn check(&self, version: Version) -> Result<(), Error> {
        let unit = match version {
            Version::V4 => 4,
            Version::V6 => 8,
        };
        let rules = [
            ("security parameters index", self.spi(), Rule::AtLeast(1)),
            ("header length", self.header_len() as u32, Rule::MultipleOf(unit)),
        ];
        match rules.into_iter().find(|(_, value, rule)| !rule.allows(*value as usize)) {
            Some((field, value, rule)) => {
                Err(Error::Malformed { layer: LayerName::AUTHENTICATION, field, value, rule })
            }
            None => Ok(()),
        }
    }

    /// Puts the header and the integrity check value, with its padding, in front of `packet`, with the length filled. What padding there
    /// must be is the caller's: to a multiple of 4 bytes over IPv4, of 8 with the header over IPv6 (RFC 4302 §2.6), or of 8 everywhere
    /// where the other end is Linux.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the value's length is no multiple of 4, or over 1016; [`Error::NoRoom`].
    pub fn prepend(mut self, integrity: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let (layer, len) = (LayerName::AUTHENTICATION, integrity.len());
        layer.check("length of the integrity check value", len, &[Rule::AtMost(1016), Rule::MultipleOf(4)])?;
        self.length = (len / 4 + 1) as u8;
        packet.prepend_with(layer, self, integrity)
    }
}

/// An authentication header, over the bytes `B`. It stands in IPv4 packets too.
pub struct IpAuthentication<B> {
    header: Ref<B, AuthenticationHeader>,
    integrity: B,
    payload: B,
}

crate::view!(IpAuthentication => AuthenticationHeader { integrity, payload } payload "What follows the header");

impl<B: SplitByteSlice> IpAuthentication<B> {
    /// Reads a header.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the length reaches past the end; [`Error::Malformed`] if it is under 12.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let (layer, available) = (LayerName::AUTHENTICATION, bytes.len());
        let truncated = |needed| Error::Truncated { layer, needed, available };
        let (header, rest) = take_header::<AuthenticationHeader, _>(bytes).ok_or(truncated(12))?;
        let len = header.header_len();
        let value = len as u32;
        let short = Error::Malformed { layer, field: "header length", value, rule: Rule::AtLeast(12) };
        let (integrity, payload) = take(rest, len.checked_sub(12).ok_or(short)?).ok_or(truncated(len))?;
        Ok(Self { header, integrity, payload })
    }
}

impl<B: ByteSlice> IpAuthentication<B> {
    /// The integrity check value, and the padding behind it if there is any: where it begins the security association tells.
    #[inline]
    pub fn integrity(&self) -> &[u8] {
        &self.integrity
    }
}

// ── The chain ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// One extension header of a chain.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Extension<'a> {
    /// Hop-by-hop options.
    HopByHop(Ipv6OptionsHeader<&'a [u8]>),
    /// Destination options.
    DestinationOptions(Ipv6OptionsHeader<&'a [u8]>),
    /// Routing.
    Routing(Ipv6Routing<&'a [u8]>),
    /// Fragment.
    Fragment(Ipv6Fragment<&'a [u8]>),
    /// Authentication.
    Authentication(IpAuthentication<&'a [u8]>),
}

impl<'a> Extension<'a> {
    /// Reads the extension header that `protocol` announces. `None` if it announces none.
    ///
    /// # Errors
    /// What the header's own `parse` gives.
    #[inline]
    pub fn parse(protocol: IpProtocol, bytes: &'a [u8]) -> Option<Result<Self, Error>> {
        //= RFC 8504 §5.2/headers
        Some(match protocol {
            IpProtocol::HOP_BY_HOP => Ipv6OptionsHeader::parse(bytes, LayerName::HOP_BY_HOP).map(Self::HopByHop),
            IpProtocol::DESTINATION_OPTIONS => {
                Ipv6OptionsHeader::parse(bytes, LayerName::DESTINATION_OPTIONS).map(Self::DestinationOptions)
            }
            IpProtocol::ROUTING => Ipv6Routing::parse(bytes).map(Self::Routing),
            IpProtocol::FRAGMENT => Ipv6Fragment::parse(bytes).map(Self::Fragment),
            IpProtocol::AUTHENTICATION => IpAuthentication::parse(bytes).map(Self::Authentication),
            _ => return None,
        })
    }

    /// What follows the header.
    #[inline]
    #[must_use]
    pub fn next_header(&self) -> IpProtocol {
        match self {
            Self::HopByHop(header) | Self::DestinationOptions(header) => header.next_header(),
            Self::Routing(header) => header.next_header(),
            Self::Fragment(header) => header.next_header(),
            Self::Authentication(header) => header.next_header(),
        }
    }

    /// The bytes that follow the header.
    #[inline]
    #[must_use]
    pub fn into_payload(self) -> &'a [u8] {
        match self {
            Self::HopByHop(header) | Self::DestinationOptions(header) => header.into_payload(),
            Self::Routing(header) => header.into_payload(),
            Self::Fragment(header) => header.into_payload(),
            Self::Authentication(header) => header.into_payload(),
        }
    }
}

/// What a chain of extension headers ends with, over the bytes `B`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpperLayer<B> {
    /// Its protocol.
    pub protocol: IpProtocol,
    /// Its bytes.
    pub payload: B,
    /// Whether a fragment header stood in front that is not [atomic](FragmentHeader::is_atomic), so that `payload` is not whole.
    pub is_fragment: bool,
    /// Whether it had an offset, so that `payload` does not start with the protocol's header.
    pub is_later_fragment: bool,
}

/// The extension headers of a packet, lazily: each costs at least 8 bytes, so there are no more than the packet holds.
/// An error ends it, and so does a fragment that is not the first.
#[derive(Debug, Clone)]
pub struct Extensions<'a> {
    next: IpProtocol,
    rest: &'a [u8],
    is_fragment: bool,
    is_later_fragment: bool,
    failed: bool,
}

impl<'a> Extensions<'a> {
    /// Over the bytes behind a header that says `next`.
    #[inline]
    #[must_use]
    pub const fn new(next: IpProtocol, bytes: &'a [u8]) -> Self {
        Self { next, rest: bytes, is_fragment: false, is_later_fragment: false, failed: false }
    }

    /// Skips the extension headers.
    ///
    /// # Errors
    /// The first one of theirs.
    #[inline]
    pub fn upper_layer(mut self) -> Result<UpperLayer<&'a [u8]>, Error> {
        //= RFC 8504 §5.2/first-fragment
        for extension in &mut self {
            extension?;
        }
        let Self { next: protocol, rest: payload, is_fragment, is_later_fragment, .. } = self;
        Ok(UpperLayer { protocol, payload, is_fragment, is_later_fragment })
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Result<Extension<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.is_later_fragment {
            return None;
        }
        let extension = Extension::parse(self.next, self.rest)?;
        match &extension {
            Ok(extension) => {
                self.next = extension.next_header();
                self.rest = extension.into_payload();
                if let Extension::Fragment(fragment) = extension {
                    self.is_fragment |= !fragment.is_atomic();
                    self.is_later_fragment = fragment.fragment_offset() > 0;
                }
            }
            Err(_) => self.failed = true,
        }
        Some(extension)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use std::vec::Vec;

    fn upper(next: u8, bytes: &[u8]) -> Result<UpperLayer<&[u8]>, Error> {
        Extensions::new(IpProtocol(next), bytes).upper_layer()
    }

    /// RFC 8200 §4.3: the length is in units of 8 bytes without the first.
    #[test]
    fn options_headers() {
        //= RFC 8504 §5.2/headers
        let bytes = [17, 1, 5, 2, 0, 0, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa];
        let header = Ipv6OptionsHeader::parse(&bytes[..], LayerName::HOP_BY_HOP).unwrap();
        assert_eq!((header.next_header(), header.header_len(), header.payload()), (IpProtocol::UDP, 16, &[0xaa][..]));
        let options: Vec<_> = header.options().map(Result::unwrap).collect();
        assert_eq!(options, [Ipv6Option::RouterAlert(0), Ipv6Option::PadN(&[0; 8])]);

        let mut written = [0; 14];
        let mut written = Writer::new(LayerName::IPV6_OPTION, &mut written);
        Ipv6Option::RouterAlert(0).write(&mut written).unwrap();
        Ipv6Option::PadN(&[0; 8]).write(&mut written).unwrap();
        let mut buffer = [0; 17];
        let mut packet = Headroom::with_payload(&mut buffer, &[0xaa]).unwrap();
        prepend_options(LayerName::HOP_BY_HOP, IpProtocol::UDP, written.written(), &mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);
    }

    #[test]
    fn options_of_every_kind() {
        //= RFC 6275 §6.3/format
        let bytes = [
            0, // Pad1
            1, 0, // PadN of two bytes in all
            0xc2, 4, 0, 1, 0, 0, // jumbo
            4, 1, 5, // tunnel encapsulation limit
            0xc9, 16, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, // home address
            0xc9, 2, 0xfd, 0, // and one of a wrong length, which is kept as it is
            0xc2, 1, 9, // so is a jumbo option
            0x5e, 2, 7, 7, // nobody's
        ];
        let options: Vec<_> = Ipv6Options { rest: &bytes }.map(Result::unwrap).collect();
        let unknown = Ipv6OptionType(0x5e);
        let expected = [
            Ipv6Option::Pad1,
            Ipv6Option::PadN(&[]),
            Ipv6Option::JumboPayload(65_536),
            Ipv6Option::TunnelEncapsulationLimit(5),
            Ipv6Option::HomeAddress(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2)),
            Ipv6Option::Other { kind: Ipv6OptionType::HOME_ADDRESS, data: &[0xfd, 0] },
            Ipv6Option::Other { kind: Ipv6OptionType::JUMBO_PAYLOAD, data: &[9] },
            Ipv6Option::Other { kind: unknown, data: &[7, 7] },
        ];
        assert_eq!(options, expected);
        let mut written = [0; 64];
        let mut written = Writer::new(LayerName::IPV6_OPTION, &mut written);
        expected.iter().for_each(|option| option.write(&mut written).unwrap());
        assert_eq!(written.written(), bytes);
    }

    /// RFC 8200 §4.2: the top two bits say what to do with an unknown option, the third whether it changes.
    #[test]
    fn what_to_do_with_unknown_options() {
        //= RFC 8504 §5.2/options
        let actions = [0x1e, 0x5e, 0x9e, 0xde].map(|kind| Ipv6OptionType(kind).if_unknown());
        let expected = [
            UnknownOptionAction::Skip,
            UnknownOptionAction::Discard,
            UnknownOptionAction::DiscardAndReport,
            UnknownOptionAction::DiscardAndReportUnlessMulticast,
        ];
        assert_eq!(actions, expected);
        assert!(Ipv6OptionType(0x3e).may_change() && !Ipv6OptionType(0x1e).may_change());
    }

    /// RFC 6275 §6.3: the type is 201, or 11001001, of which the top two bits and the third are for those who do not know it.
    #[test]
    fn the_home_address_where_it_is_not_known() {
        //= RFC 6275 §6.3/unknown
        assert_eq!(Ipv6OptionType::HOME_ADDRESS, Ipv6OptionType(201));
        let action = Ipv6OptionType(201).if_unknown();
        assert_eq!(action, UnknownOptionAction::DiscardAndReportUnlessMulticast);
        assert!(!Ipv6OptionType(201).may_change());
    }

    #[test]
    fn broken_options() {
        let truncated = |needed, available| Error::Truncated { layer: LayerName::IPV6_OPTION, needed, available };
        let options = |bytes| Ipv6Options { rest: bytes }.collect::<Vec<_>>();
        assert_eq!(options(&[1]), [Err(truncated(2, 1))]);
        assert_eq!(options(&[0, 5, 3, 0, 0]), [Ok(Ipv6Option::Pad1), Err(truncated(5, 4))]);
    }

    #[test]
    fn headers_past_the_end() {
        let truncated = |layer, needed, available| Err(Error::Truncated { layer, needed, available });
        assert_eq!(upper(0, &[17, 0, 1, 4, 0, 0, 0]), truncated(LayerName::HOP_BY_HOP, 8, 7));
        assert_eq!(upper(60, &[17]), truncated(LayerName::DESTINATION_OPTIONS, 8, 1));
        assert_eq!(upper(43, &[17, 1, 0, 0, 0, 0, 0, 0]), truncated(LayerName::ROUTING, 16, 8));
        assert_eq!(upper(43, &[17, 1, 0]), truncated(LayerName::ROUTING, 8, 3));
        assert_eq!(upper(44, &[17, 0, 0, 0, 0, 0, 0]), truncated(LayerName::FRAGMENT, 8, 7));
        assert_eq!(upper(51, &[17, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), truncated(LayerName::AUTHENTICATION, 24, 12));
        let (field, rule) = ("header length", Rule::AtLeast(12));
        let short = Error::Malformed { layer: LayerName::AUTHENTICATION, field, value: 8, rule };
        assert_eq!(upper(51, &[17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Err(short));
    }

    #[test]
    fn fragments() {
        //= RFC 8504 §5.1/atomic, §5.2/headers
        let first = [17, 0, 0, 1, 0, 0, 0, 7, 0xaa];
        let fragment = Ipv6Fragment::parse(&first[..]).unwrap();
        assert_eq!((fragment.fragment_offset(), fragment.more_fragments(), fragment.identification()), (0, true, 7));
        assert!(!fragment.is_atomic());
        let layer = upper(44, &first).unwrap();
        assert_eq!((layer.is_fragment, layer.is_later_fragment), (true, false));
        let later = [60, 0, 0x05, 0xa8, 0, 0, 0, 7, 0xaa];
        let fragment = Ipv6Fragment::parse(&later[..]).unwrap();
        assert_eq!((fragment.fragment_offset(), fragment.more_fragments()), (1448, false));
        // What follows is not the destination options header that the first fragment starts with.
        let layer = upper(44, &later).unwrap();
        assert_eq!((layer.is_later_fragment, layer.protocol, layer.payload), (true, IpProtocol(60), &[0xaa][..]));
        // RFC 6946.
        let atomic = [17, 0, 0, 0, 0, 0, 0, 7];
        assert!(Ipv6Fragment::parse(&atomic[..]).unwrap().is_atomic() && !upper(44, &atomic).unwrap().is_fragment);

        let mut buffer = [0; 9];
        let mut packet = Headroom::with_payload(&mut buffer, &[0xaa]).unwrap();
        FragmentHeader::new(IpProtocol::DESTINATION_OPTIONS, 1448, false, 7).prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), later);
    }

    /// RFC 8200 §4.5: what is put together has a payload length of 65 535 at most.
    #[test]
    fn a_fragment_past_65535_is_malformed() {
        let last = [17, 0, 0xff, 0xf8, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(Ipv6Fragment::parse(&last[..15]).unwrap().payload().len(), 7);
        let (field, rule) = ("end of the fragment", Rule::AtMost(65_535));
        let malformed = Error::Malformed { layer: LayerName::FRAGMENT, field, value: 65_536, rule };
        assert_eq!(Ipv6Fragment::parse(&last[..]).unwrap_err(), malformed);
        assert_eq!(upper(44, &last), Err(malformed));
    }

    #[test]
    fn routing_types_0_and_4() {
        //= RFC 8504 §5.2/headers
        let mut bytes = [0; 41];
        bytes[..4].copy_from_slice(&[17, 4, 0, 1]);
        bytes[23] = 1;
        bytes[39] = 2;
        let addresses = [1_u128, 2].map(Ipv6Addr::from_bits);
        let routing = Ipv6Routing::parse(&bytes[..]).unwrap();
        assert_eq!((routing.routing_type(), routing.segments_left()), (RoutingType::SOURCE_ROUTE, 1));
        let RoutingData::Addresses(route) = routing.route() else { panic!("{:?}", routing.route()) };
        assert_eq!(route.iter().collect::<Vec<_>>(), addresses);
        assert_eq!(routing.payload(), [0]);

        // RFC 8754 §2: last entry 1, flags 0, tag 0x1234.
        bytes[2] = 4;
        bytes[4..8].copy_from_slice(&[1, 0, 0x12, 0x34]);
        let routing = Ipv6Routing::parse(&bytes[..]).unwrap();
        let RoutingData::SegmentRouting { tag, segments, tlvs, .. } = routing.route() else {
            panic!("{:?}", routing.route())
        };
        assert_eq!((tag, tlvs), (0x1234, &[][..]));
        assert_eq!(segments.iter().collect::<Vec<_>>(), addresses);

        let mut buffer = [0; 41];
        let mut packet = Headroom::with_payload(&mut buffer, &[0]).unwrap();
        let header = RoutingHeader::new(IpProtocol::UDP, RoutingType::SEGMENT_ROUTING, 1);
        header.prepend(routing.data(), &mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);

        // A last entry past the header's end is kept as bytes.
        bytes[4] = 2;
        assert!(matches!(Ipv6Routing::parse(&bytes[..]).unwrap().route(), RoutingData::Other(_)));
    }

    /// RFC 8200 §4.3, §4.4: units of 8 bytes behind the first 8; RFC 4302 §2.2: of 4, less two. The shortest and the longest.
    #[test]
    fn lengths_are_filled_in() {
        let length = |build: &dyn Fn(&mut Headroom<'_>)| {
            let mut buffer = [0; 2048];
            let mut packet = Headroom::new(&mut buffer, 0).unwrap();
            build(&mut packet);
            (packet.packet()[1], packet.len())
        };
        for (len, filled) in [(4, 0), (12, 1), (20, 2), (2044, 255)] {
            let header = RoutingHeader::new(IpProtocol::UDP, RoutingType::MOBILE, 0);
            let found = length(&|packet| header.prepend(&[0; 2044][..len], packet).unwrap());
            assert_eq!(found, (filled, len + 4), "a route of {len}");
        }
        for (len, filled) in [(6, 0), (14, 1), (22, 2), (2046, 255)] {
            let (layer, next) = (LayerName::HOP_BY_HOP, IpProtocol::UDP);
            let found = length(&|packet| prepend_options(layer, next, &[0; 2046][..len], packet).unwrap());
            assert_eq!(found, (filled, len + 2), "options of {len}");
        }
        for (len, filled) in [(0, 1), (4, 2), (12, 4), (1016, 255)] {
            let header = AuthenticationHeader::new(IpProtocol::UDP, 1, 1);
            let found = length(&|packet| header.prepend(&[0; 1016][..len], packet).unwrap());
            assert_eq!(found, (filled, len + 12), "a value of {len}");
        }
    }

    /// RFC 6275 §6.4: length 2, type 2, a segment left; four reserved bytes, which say nothing; the home address.
    #[test]
    fn a_type_2_route() {
        //= RFC 6275 §6.4/format, §6.4/reserved, §6.4/final
        let (home, care_of) = (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7), Ipv6Addr::LOCALHOST);
        for reserved in [[0; 4], [0xff; 4]] {
            let mut bytes = [17, 2, 2, 1].to_vec();
            bytes.extend(reserved);
            bytes.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
            let routing = Ipv6Routing::parse(&bytes[..]).unwrap();
            assert_eq!((routing.routing_type(), routing.segments_left()), (RoutingType::MOBILE, 1));
            let RoutingData::Addresses(route) = routing.route() else { panic!("{:?}", routing.route()) };
            assert_eq!(route.iter().collect::<Vec<_>>(), [home]);
            assert_eq!(routing.final_destination(care_of), Some(home));
            bytes[3] = 0;
            assert_eq!(Ipv6Routing::parse(&bytes[..]).unwrap().final_destination(home), Some(home));
        }
    }

    /// RFC 8504 §5.2, RFC 7112 §5: a first fragment that ends before its chain of headers does has no upper layer.
    #[test]
    fn a_first_fragment_without_its_whole_chain() {
        //= RFC 8504 §5.2/first-fragment
        // A fragment header that destination options of 16 bytes follow, of which 8 are there; then none.
        let first = [60, 0, 0, 1, 0, 0, 0, 7, 17, 1, 1, 12, 0, 0, 0, 0];
        let truncated =
            |needed, available| Err(Error::Truncated { layer: LayerName::DESTINATION_OPTIONS, needed, available });
        assert_eq!(upper(44, &first), truncated(16, 8));
        assert_eq!(upper(44, &first[..8]), truncated(8, 0));
    }

    /// RFC 8200 §8.1: the last of the route, by its type; the fixed header's once no segment is left.
    #[test]
    fn final_destinations() {
        let last_of = |bytes: &[u8]| Ipv6Routing::parse(bytes).unwrap().final_destination(Ipv6Addr::LOCALHOST);
        let address = |last: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last);
        let header = |kind, left, specific: [u8; 4], addresses: &[u16]| -> Vec<u8> {
            let length = (addresses.len() * 2) as u8;
            let octets = addresses.iter().flat_map(|last| address(*last).octets());
            [17, length, kind, left].into_iter().chain(specific).chain(octets).collect()
        };
        // RFC 2460 §4.4 and RFC 6275 §6.4: in order of visit. RFC 8754 §2: the last one first.
        assert_eq!(last_of(&header(0, 2, [0; 4], &[7, 8])), Some(address(8)));
        assert_eq!(last_of(&header(2, 1, [0; 4], &[7])), Some(address(7)));
        assert_eq!(last_of(&header(4, 1, [1, 0, 0, 0], &[7, 8])), Some(address(7)));
        assert_eq!(last_of(&header(4, 0, [1, 0, 0, 0], &[7, 8])), Some(Ipv6Addr::LOCALHOST));
        assert_eq!(
            (last_of(&header(9, 1, [0; 4], &[7])), last_of(&header(9, 0, [0; 4], &[7])).is_some()),
            (None, true)
        );
        assert_eq!(last_of(&header(4, 1, [9, 0, 0, 0], &[7, 8])), None);
        // RFC 6554 §3: 15 bytes of each address left out, two addresses of a byte, six bytes of padding.
        let rpl = [17, 1, 3, 2, 0xff, 0x60, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0];
        assert_eq!(last_of(&rpl), Some(Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 8)));
        assert_eq!(last_of(&[17, 0, 3, 1, 0xff, 0xf0, 0, 0]), None);
    }

    /// RFC 4302 §2.2: units of 4 bytes, less 2.
    #[test]
    fn authentication() {
        //= RFC 8504 §5.2/headers
        let bytes = [6, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 1, 2, 3, 4, 0xaa];
        let header = IpAuthentication::parse(&bytes[..]).unwrap();
        assert_eq!((header.header_len(), header.spi(), header.sequence()), (16, 9, 1));
        assert_eq!((header.integrity(), header.payload()), (&[1, 2, 3, 4][..], &[0xaa][..]));
        let mut buffer = [0; 17];
        let mut packet = Headroom::with_payload(&mut buffer, &[0xaa]).unwrap();
        AuthenticationHeader::new(IpProtocol::TCP, 9, 1).prepend(&[1, 2, 3, 4], &mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);
    }

    /// BAD-INPUTS: a chain of 100 extension headers, hop-by-hop not first. Each is a step, none is special.
    #[test]
    fn a_chain_of_100() {
        let mut bytes = Vec::new();
        for n in 0..100 {
            let next = if n == 99 {
                59
            } else if n == 40 {
                0
            } else {
                60
            };
            bytes.extend([next, 0, 1, 4, 0, 0, 0, 0]);
        }
        bytes.extend([1, 2, 3]);
        assert_eq!(Extensions::new(IpProtocol(60), &bytes).count(), 100);
        let layer = upper(60, &bytes).unwrap();
        // Bytes behind "no next header" are there to be ignored (RFC 8200 §4.7).
        assert_eq!((layer.protocol, layer.payload), (IpProtocol::NO_NEXT_HEADER, &[1, 2, 3][..]));
    }

    #[test]
    fn builders_refuse() {
        let mut buffer = [0; 8];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        let refused = |layer, field, value, rule| Err(Error::Unbuildable { layer, field, value, rule });
        let next = IpProtocol::UDP;
        assert_eq!(
            prepend_options(LayerName::HOP_BY_HOP, next, &[0; 5], &mut packet),
            refused(LayerName::HOP_BY_HOP, "length of the options", 5, Rule::Modulo { rest: 6, unit: 8 })
        );
        assert_eq!(
            RoutingHeader::new(next, RoutingType(9), 0).prepend(&[0; 2100], &mut packet),
            refused(LayerName::ROUTING, "length of the route", 2100, Rule::AtMost(2044))
        );
        assert_eq!(
            AuthenticationHeader::new(next, 1, 1).prepend(&[0; 3], &mut packet),
            refused(LayerName::AUTHENTICATION, "length of the integrity check value", 3, Rule::MultipleOf(4))
        );
        let no_room = Error::NoRoom { layer: LayerName::HOP_BY_HOP, needed: 16, available: 8 };
        assert_eq!(prepend_options(LayerName::HOP_BY_HOP, next, &[0; 14], &mut packet), Err(no_room));
        assert!(packet.is_empty());
    }
}
