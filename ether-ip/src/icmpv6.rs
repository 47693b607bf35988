//! ICMP for IPv6: errors, echo, and the messages that [neighbour discovery](crate::ndp) is made of.
//!
//! ```text
//!  0               8               16                              32
//!  +---------------+---------------+-------------------------------+
//!  | type          | code          | checksum                      |
//!  +---------------+---------------+-------------------------------+
//!  | rest of the header: by type                                   |
//!  +---------------------------------------------------------------+
//!  | data; in errors, the packet in question …                     |
//! ```
//!
//! RFC 4443; RFC 4861 (neighbour discovery), RFC 4884 (extensions behind the quoted packet).

use core::ops::Range;
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::{Change, PseudoHeader};
use crate::icmpv4::extended_echo_code_name;
use crate::ip::IpProtocol;
use crate::ipv6::Ipv6Packet;
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer};

/// The length of the header that every type has, in bytes. Errors and echoes have 4 more.
pub const HEADER_LEN: usize = size_of::<Icmpv6Header>();

crate::open_set! {
    /// The type of an ICMPv6 message (IANA's "ICMPv6 type Numbers"). Below 128 they are errors.
    pub struct Icmpv6Type(u8) {
        /// The packet did not get there.
        DESTINATION_UNREACHABLE = 1, "destination unreachable";
        /// The packet is longer than the next link takes.
        PACKET_TOO_BIG = 2, "packet too big";
        /// Too many hops, or fragments that never came.
        TIME_EXCEEDED = 3, "time exceeded";
        /// The header makes no sense.
        PARAMETER_PROBLEM = 4, "parameter problem";
        /// Are you there?
        ECHO_REQUEST = 128, "echo request";
        /// The answer to an echo request.
        ECHO_REPLY = 129, "echo reply";
        /// Who listens? (RFC 2710)
        MULTICAST_LISTENER_QUERY = 130, "multicast listener query";
        /// I do (RFC 2710).
        MULTICAST_LISTENER_REPORT = 131, "multicast listener report";
        /// I no longer do (RFC 2710).
        MULTICAST_LISTENER_DONE = 132, "multicast listener done";
        /// Are there routers?
        ROUTER_SOLICITATION = 133, "router solicitation";
        /// A router introduces itself.
        ROUTER_ADVERTISEMENT = 134, "router advertisement";
        /// Who has this address?
        NEIGHBOR_SOLICITATION = 135, "neighbor solicitation";
        /// I have.
        NEIGHBOR_ADVERTISEMENT = 136, "neighbor advertisement";
        /// There is a better way.
        REDIRECT = 137, "redirect";
        /// Router renumbering (RFC 2894).
        ROUTER_RENUMBERING = 138, "router renumbering";
        /// Node information query (RFC 4620).
        NODE_INFORMATION_QUERY = 139, "node information query";
        /// Node information reply (RFC 4620).
        NODE_INFORMATION_REPLY = 140, "node information reply";
        /// Who listens to what? (RFC 3810)
        MULTICAST_LISTENER_REPORT_V2 = 143, "multicast listener report v2";
        /// RPL control (RFC 6550).
        RPL_CONTROL = 155, "RPL control";
        /// Extended echo request (RFC 8335).
        EXTENDED_ECHO_REQUEST = 160, "extended echo request";
        /// Extended echo reply (RFC 8335).
        EXTENDED_ECHO_REPLY = 161, "extended echo reply";
    }
}

impl Icmpv6Type {
    /// Whether messages of this type are errors, which quote the packet in question (RFC 4443 §2.1).
    #[inline]
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.0 < 128
    }

    /// Whether messages of this type are a query or its answer that have an identifier: echo, extended echo (RFC 8335).
    #[inline]
    #[must_use]
    pub const fn has_identifier(self) -> bool {
        matches!(self.0, 128 | 129 | 160 | 161)
    }

    /// What a code says in a message of this type, if it has a name (RFC 4443 §3, RFC 2894, RFC 4620, RFC 6554, RFC 7112, RFC 8335,
    /// RFC 8754, RFC 8883; IANA's "ICMPv6 "Code" Fields").
    ///
    /// ```
    /// use ether_ip::icmpv6::Icmpv6Type;
    ///
    /// assert_eq!(Icmpv6Type::DESTINATION_UNREACHABLE.code_name(4), Some("port unreachable"));
    /// ```
    #[must_use]
    pub const fn code_name(self, code: u8) -> Option<&'static str> {
        Some(match (self, code) {
            (Self::DESTINATION_UNREACHABLE, 0) => "no route to destination",
            (Self::DESTINATION_UNREACHABLE, 1) => "administratively prohibited",
            (Self::DESTINATION_UNREACHABLE, 2) => "beyond scope of source address",
            (Self::DESTINATION_UNREACHABLE, 3) => "address unreachable",
            (Self::DESTINATION_UNREACHABLE, 4) => "port unreachable",
            (Self::DESTINATION_UNREACHABLE, 5) => "source address failed ingress/egress policy",
            (Self::DESTINATION_UNREACHABLE, 6) => "reject route to destination",
            (Self::DESTINATION_UNREACHABLE, 7) => "error in source routing header",
            (Self::DESTINATION_UNREACHABLE, 8) => "headers too long",
            (Self::TIME_EXCEEDED, 0) => "hop limit exceeded in transit",
            (Self::TIME_EXCEEDED, 1) => "fragment reassembly time exceeded",
            (Self::PARAMETER_PROBLEM, 0) => "erroneous header field",
            (Self::PARAMETER_PROBLEM, 1) => "unrecognized next header",
            (Self::PARAMETER_PROBLEM, 2) => "unrecognized option",
            (Self::PARAMETER_PROBLEM, 3) => "incomplete header chain in first fragment",
            (Self::PARAMETER_PROBLEM, 4) => "SR upper-layer header error",
            (Self::PARAMETER_PROBLEM, 5) => "unrecognized next header at intermediate node",
            (Self::PARAMETER_PROBLEM, 6) => "extension header too big",
            (Self::PARAMETER_PROBLEM, 7) => "extension header chain too long",
            (Self::PARAMETER_PROBLEM, 8) => "too many extension headers",
            (Self::PARAMETER_PROBLEM, 9) => "too many options in extension header",
            (Self::PARAMETER_PROBLEM, 10) => "option too big",
            (Self::ROUTER_RENUMBERING, 0) => "command",
            (Self::ROUTER_RENUMBERING, 1) => "result",
            (Self::ROUTER_RENUMBERING, 255) => "sequence number reset",
            (Self::NODE_INFORMATION_QUERY, 0) => "about an IPv6 address",
            (Self::NODE_INFORMATION_QUERY, 1) => "about a name",
            (Self::NODE_INFORMATION_QUERY, 2) => "about an IPv4 address",
            (Self::NODE_INFORMATION_REPLY, 0) => "successful",
            (Self::NODE_INFORMATION_REPLY, 1) => "refused",
            (Self::NODE_INFORMATION_REPLY, 2) => "query type unknown",
            (Self::EXTENDED_ECHO_REPLY, code) => return extended_echo_code_name(code),
            _ => return None,
        })
    }
}

/// The 4 bytes that every ICMPv6 message starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Icmpv6Header {
    kind: u8,
    code: u8,
    checksum: U16,
}

impl Icmpv6Header {
    /// A header; its checksum is filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(kind: Icmpv6Type, code: u8) -> Self {
        Self { kind: kind.0, code, checksum: U16::new(0) }
    }

    /// Type.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> Icmpv6Type {
        Icmpv6Type(self.kind)
    }

    /// Code: what it means depends on the type.
    #[inline]
    #[must_use]
    pub const fn code(&self) -> u8 {
        self.code
    }

    /// The checksum as it stands in the header.
    #[inline]
    #[must_use]
    pub const fn checksum(&self) -> u16 {
        self.checksum.get()
    }

    /// Sets the checksum.
    #[inline]
    pub fn set_checksum(&mut self, checksum: u16) {
        self.checksum.set(checksum);
    }

    /// Patches the checksum for a change of bytes that it covers (RFC 1624), the pseudo-header's addresses too.
    #[inline]
    pub fn change_checksum(&mut self, change: Change) {
        self.checksum.set(change.apply(self.checksum.get()));
    }

    /// What the checksum must be, whatever stands in the field now.
    #[inline]
    #[must_use]
    pub fn compute_checksum(&self, pseudo: &PseudoHeader, body: &[u8]) -> u16 {
        let header = Self { checksum: U16::new(0), ..*self };
        pseudo.with_length(HEADER_LEN + body.len()).bytes(header.as_bytes()).bytes(body).finish()
    }

    /// Puts the header in front of `packet`, the body, with the checksum filled.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend(self, pseudo: &PseudoHeader, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.prepend_with(&[], pseudo, packet)
    }

    /// The same where the body begins with `start`, of an even length, and goes on with `packet`.
    #[inline]
    pub(crate) fn prepend_with(
        mut self,
        start: &[u8],
        pseudo: &PseudoHeader,
        packet: &mut impl PacketBuffer,
    ) -> Result<(), Error> {
        self.checksum.set(0);
        let len = packet.len().saturating_add(start.len()).saturating_add(HEADER_LEN);
        let sum = pseudo.with_length(len).bytes(self.as_bytes()).bytes(start);
        self.checksum.set(sum.bytes(packet.packet()).finish());
        packet.prepend_with(LayerName::ICMPV6, self, start)
    }

    /// Puts the header in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::ICMPV6, self)
    }
}

/// What stands in the 4 bytes behind the header of the messages of RFC 4443.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Icmpv6Message {
    /// Type 1. Code: 0 no route, 1 prohibited, 3 address, 4 port, 5 source address policy, 6 reject route.
    DestinationUnreachable {
        /// Why.
        code: u8,
        /// Zero, but for the quoted packet's length in the first byte (RFC 4884 §4.4).
        unused: [u8; 4],
    },
    /// Type 2.
    PacketTooBig {
        /// Zero.
        code: u8,
        /// What the next link takes, in bytes.
        mtu: u32,
    },
    /// Type 3.
    TimeExceeded {
        /// 0 in transit, 1 while fragments were awaited.
        code: u8,
        /// Zero, but for the quoted packet's length in the first byte (RFC 4884 §4.4).
        unused: [u8; 4],
    },
    /// Type 4.
    ParameterProblem {
        /// 0 bad field, 1 unknown next header, 2 unknown option.
        code: u8,
        /// Where in the quoted packet the problem is, in bytes.
        pointer: u32,
    },
    /// Type 128.
    EchoRequest {
        /// The asker's number.
        identifier: u16,
        /// Which question it is.
        sequence: u16,
    },
    /// Type 129.
    EchoReply {
        /// The asker's number.
        identifier: u16,
        /// Which question it was.
        sequence: u16,
    },
}

impl Icmpv6Message {
    /// Puts the message in front of `packet`, its data, with the checksum filled.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(self, pseudo: &PseudoHeader, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let (kind, code, body) = match self {
            Self::DestinationUnreachable { code, unused } => (Icmpv6Type::DESTINATION_UNREACHABLE, code, unused),
            Self::PacketTooBig { code, mtu } => (Icmpv6Type::PACKET_TOO_BIG, code, mtu.to_be_bytes()),
            Self::TimeExceeded { code, unused } => (Icmpv6Type::TIME_EXCEEDED, code, unused),
            Self::ParameterProblem { code, pointer } => (Icmpv6Type::PARAMETER_PROBLEM, code, pointer.to_be_bytes()),
            Self::EchoRequest { identifier, sequence } => (Icmpv6Type::ECHO_REQUEST, 0, two(identifier, sequence)),
            Self::EchoReply { identifier, sequence } => (Icmpv6Type::ECHO_REPLY, 0, two(identifier, sequence)),
        };
        Icmpv6Header::new(kind, code).prepend_with(&body, pseudo, packet)
    }
}

/// Whether an ICMPv6 error may be sent about a packet, as far as it is there (RFC 4443 §2.4 (e)): not about an ICMPv6 error or a
/// redirect, nor about what is ICMPv6 and cut before its type, or cut in its extension headers; not where the source is no single
/// node (::, ::1, multicast); and not to a multicast destination, but for packet too big, which multicast needs to find its path's
/// MTU. Which addresses are anycast the caller knows.
///
/// ```
/// use ether_ip::{icmpv6::{self, Icmpv6Type}, ipv6::Ipv6Packet};
///
/// let mut bytes = [1; 41];
/// bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 1, 58, 64]);
/// bytes[40] = 128;
/// let about = Icmpv6Type::DESTINATION_UNREACHABLE;
/// assert!(icmpv6::may_answer(&Ipv6Packet::parse(&bytes[..])?, about)); // an echo request
/// bytes[40] = 1;
/// assert!(!icmpv6::may_answer(&Ipv6Packet::parse(&bytes[..])?, about)); // destination unreachable
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[must_use]
pub fn may_answer<B: ByteSlice>(packet: &Ipv6Packet<B>, error: Icmpv6Type) -> bool {
    let (source, destination) = (packet.source(), packet.destination());
    let is_node = !(source.is_unspecified() || source.is_loopback() || source.is_multicast());
    let is_many = destination.is_multicast() && error != Icmpv6Type::PACKET_TOO_BIG;
    let is_no_error = packet.extensions().upper_layer().is_ok_and(|upper| {
        // Of a later fragment nobody knows what it is a part of.
        let kind = upper.payload.first().filter(|_| !upper.is_later_fragment).map(|kind| Icmpv6Type(*kind));
        let is_told = kind.is_some_and(|kind| !kind.is_error() && kind != Icmpv6Type::REDIRECT);
        upper.protocol != IpProtocol::ICMPV6 || is_told
    });
    is_node && !is_many && is_no_error
}

const fn two(first: u16, second: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (first.to_be_bytes(), second.to_be_bytes());
    [a, b, c, d]
}

/// An ICMPv6 message, over the bytes `B`.
///
/// ```
/// use ether_ip::icmpv6::{Icmpv6Message, Icmpv6Packet};
///
/// let packet = Icmpv6Packet::parse(&[128, 0, 0, 0, 0, 7, 0, 1][..])?;
/// assert_eq!(packet.message(), Some(Icmpv6Message::EchoRequest { identifier: 7, sequence: 1 }));
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct Icmpv6Packet<B> {
    header: Ref<B, Icmpv6Header>,
    body: B,
}

crate::view!(Icmpv6Packet => Icmpv6Header { body });

impl<B: SplitByteSlice> Icmpv6Packet<B> {
    /// Reads a message: all the bytes are it, since ICMPv6 has no length of its own.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 4 bytes; under 8 in the types of RFC 4443, which have 8 at least.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::ICMPV6, needed, available };
        let (header, body) = take_header::<Icmpv6Header, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        let has_rest = matches!(header.kind().0, 1..=4 | 128 | 129);
        if has_rest && body.len() < 4 { Err(truncated(8)) } else { Ok(Self { header, body }) }
    }

    /// What follows the header of 4 bytes, for as long as the bytes live.
    #[inline]
    pub fn into_body(self) -> B {
        self.body
    }

    /// What follows the header of 8 bytes that errors and echoes have; nothing, if it is neither.
    #[inline]
    pub fn into_data(self) -> Option<B> {
        self.message()?;
        take(self.body, 4).map(|(_, data)| data)
    }
}

impl<'a> Icmpv6Packet<&'a mut [u8]> {
    /// The header and what follows its 4 bytes, both to be changed for as long as the bytes live.
    #[inline]
    pub fn into_parts(self) -> (&'a mut Icmpv6Header, &'a mut [u8]) {
        (Ref::into_mut(self.header), self.body)
    }
}

impl<B: ByteSlice> Icmpv6Packet<B> {
    /// What follows the header of 4 bytes.
    #[inline]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The message, if it is one of RFC 4443. The others are in [`ndp`](crate::ndp), or for the caller.
    #[must_use]
    pub fn message(&self) -> Option<Icmpv6Message> {
        let (&rest, _) = self.body.split_first_chunk::<4>()?;
        let [a, b, c, d] = rest;
        let (identifier, sequence) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let code = self.header.code();
        Some(match (self.header.kind(), code) {
            (Icmpv6Type::DESTINATION_UNREACHABLE, _) => Icmpv6Message::DestinationUnreachable { code, unused: rest },
            (Icmpv6Type::PACKET_TOO_BIG, _) => Icmpv6Message::PacketTooBig { code, mtu: u32::from_be_bytes(rest) },
            (Icmpv6Type::TIME_EXCEEDED, _) => Icmpv6Message::TimeExceeded { code, unused: rest },
            (Icmpv6Type::PARAMETER_PROBLEM, _) => {
                Icmpv6Message::ParameterProblem { code, pointer: u32::from_be_bytes(rest) }
            }
            (Icmpv6Type::ECHO_REQUEST, 0) => Icmpv6Message::EchoRequest { identifier, sequence },
            (Icmpv6Type::ECHO_REPLY, 0) => Icmpv6Message::EchoReply { identifier, sequence },
            _ => return None,
        })
    }

    /// What follows the 8 bytes of an error or an echo.
    #[inline]
    pub fn data(&self) -> Option<&[u8]> {
        self.message()?;
        self.body.get(4..)
    }

    /// The packet that an error of RFC 4443 is about, as far as it is quoted. To be read with
    /// [`Ipv6Packet::parse_lax`](crate::ipv6::Ipv6Packet::parse_lax). `None` if it is not an error.
    #[inline]
    pub fn quoted(&self) -> Option<&[u8]> {
        self.body.get(self.quoted_range()?)
    }

    #[inline]
    fn quoted_range(&self) -> Option<Range<usize>> {
        if !self.header.kind().is_error() {
            return None;
        }
        let available = self.data()?.len();
        // RFC 4884 §4: with extensions behind it, the quoted packet's length is given in words of 8, and at least 128.
        //= RFC 4884 §4/words-of-8, §4/128, §4.6/others, §5.5/none
        //= RFC 8504 §5.8/multi-part
        let len = usize::from(*self.body.first()?) * 8;
        let has_length = matches!(self.header.kind(), Icmpv6Type::DESTINATION_UNREACHABLE | Icmpv6Type::TIME_EXCEEDED);
        let len = if has_length && len >= 128 { len.min(available) } else { available };
        Some(4..len.saturating_add(4))
    }

    /// The identifier of an echo or its answer, which is to a NAT what ports are in UDP (RFC 5508 §3.1). `None` in any other message.
    #[inline]
    pub fn identifier(&self) -> Option<u16> {
        let (identifier, _) = self.body.split_first_chunk()?;
        self.header.kind().has_identifier().then_some(u16::from_be_bytes(*identifier))
    }

    /// Whether the checksum is right: the sum over it is zero, of which ones' complement has two (RFC 1071 §1). A wrong one is odd,
    /// not an error.
    pub fn checksum_is_valid(&self, pseudo: &PseudoHeader) -> bool {
        let sum = pseudo.with_length(self.body.len().saturating_add(HEADER_LEN));
        sum.bytes(self.header.as_bytes()).bytes(&self.body).finish() == 0
    }
}

impl<B: ByteSliceMut> Icmpv6Packet<B> {
    /// What follows the header of 4 bytes, to be changed.
    #[inline]
    pub fn body_mut(&mut self) -> &mut [u8] {
        &mut self.body
    }

    /// Sets the identifier of an echo or its answer and patches the checksum (RFC 1624). The one that stood there; `None`, and nothing
    /// changed, in any other message.
    pub fn change_identifier(&mut self, identifier: u16) -> Option<u16> {
        let before = self.identifier()?;
        *self.body.first_chunk_mut()? = identifier.to_be_bytes();
        self.header.change_checksum(Change::new().word(4, before, identifier));
        Some(before)
    }

    /// The packet that an error of RFC 4443 is about, to be changed, as where a NAT had changed it on its way out. The message's checksum
    /// covers it: [`fill_checksum`](Self::fill_checksum), or [`change_checksum`](Icmpv6Header::change_checksum) for what was changed.
    #[inline]
    pub fn quoted_mut(&mut self) -> Option<&mut [u8]> {
        let range = self.quoted_range()?;
        self.body.get_mut(range)
    }

    /// Computes and sets the checksum.
    ///
    /// # Errors
    /// [`Error::NotWhole`] where the pseudo-header is of a packet that is not whole. Nothing is written then.
    pub fn fill_checksum(&mut self, pseudo: &PseudoHeader) -> Result<(), Error> {
        if !pseudo.is_whole() {
            return Err(Error::NotWhole { layer: LayerName::ICMPV6 });
        }
        let checksum = self.header.compute_checksum(pseudo, &self.body);
        self.header.set_checksum(checksum);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;
    use core::net::Ipv6Addr;

    fn pseudo() -> PseudoHeader {
        PseudoHeader::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::ICMPV6)
    }

    /// By hand: 2 × 0001 for the addresses, 000a the length, 003a, 8000, 0007, 0001, 6162, complemented.
    const PING: [u8; 10] = [128, 0, 0x1e, 0x4f, 0, 7, 0, 1, b'a', b'b'];

    #[test]
    fn reads_builds_and_checks() {
        let ping = Icmpv6Packet::parse(&PING[..]).unwrap();
        let message = Icmpv6Message::EchoRequest { identifier: 7, sequence: 1 };
        assert_eq!((ping.kind(), ping.code(), ping.message()), (Icmpv6Type::ECHO_REQUEST, 0, Some(message)));
        assert_eq!((ping.data(), ping.quoted()), (Some(&b"ab"[..]), None));
        assert!(ping.checksum_is_valid(&pseudo()));

        let mut buffer = [0; 10];
        let mut packet = Headroom::with_payload(&mut buffer, b"ab").unwrap();
        message.prepend(&pseudo(), &mut packet).unwrap();
        assert_eq!(packet.packet(), PING);
        let mut ping = Icmpv6Packet::parse(packet.into_packet()).unwrap();
        ping.body_mut()[3] = 2;
        assert!(!ping.checksum_is_valid(&pseudo()));
        ping.fill_checksum(&pseudo()).unwrap();
        assert!(ping.checksum_is_valid(&pseudo()));
    }

    /// RFC 1071 §1: a receiver's sum takes ffff where 0000 was computed. By hand: 2 × 0001, 000c, 003a, 8000, 0007, 0001 and 6162
    /// are e1b2, and with 1e4d ffff.
    #[test]
    fn both_zeros_are_right() {
        for zero in [0, 0xff] {
            let bytes = [128, 0, zero, zero, 0, 7, 0, 1, b'a', b'b', 0x1e, 0x4d];
            let ping = Icmpv6Packet::parse(&bytes[..]).unwrap();
            assert!(ping.checksum_is_valid(&pseudo()), "{zero:#x}");
        }
    }

    #[test]
    fn under_4_or_8_bytes_is_truncated() {
        for available in 0..8 {
            let needed = if available < 4 { 4 } else { 8 };
            let error = Icmpv6Packet::parse(&PING[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::ICMPV6, needed, available });
        }
        assert_eq!(Icmpv6Packet::parse(&[200, 0, 0, 0][..]).unwrap().message(), None);
    }

    #[test]
    fn every_message_goes_there_and_back() {
        for message in [
            Icmpv6Message::DestinationUnreachable { code: 4, unused: [0; 4] },
            Icmpv6Message::PacketTooBig { code: 0, mtu: 1430 },
            Icmpv6Message::TimeExceeded { code: 0, unused: [16, 0, 0, 0] },
            Icmpv6Message::ParameterProblem { code: 2, pointer: 42 },
            Icmpv6Message::EchoRequest { identifier: 1, sequence: 2 },
            Icmpv6Message::EchoReply { identifier: 3, sequence: 4 },
        ] {
            let mut buffer = [0; 20];
            let mut packet = Headroom::with_payload(&mut buffer, b"quoted").unwrap();
            message.prepend(&pseudo(), &mut packet).unwrap();
            let read = Icmpv6Packet::parse(packet.packet()).unwrap();
            assert_eq!((read.message(), read.into_data()), (Some(message), Some(&b"quoted"[..])));
            assert_eq!(read.quoted().is_some(), read.kind().is_error());
        }
    }

    /// RFC 4443 §2.4 (e), condition by condition.
    #[test]
    fn about_whom_an_error_may_be_sent() {
        let base = || {
            let mut bytes = [0; 57];
            bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 1, 58, 64]);
            (bytes[8], bytes[23], bytes[24], bytes[39]) = (0xfd, 1, 0xfd, 2);
            bytes[40] = 128;
            bytes
        };
        let may_about = |change: &dyn Fn(&mut [u8; 57]), error| {
            let mut bytes = base();
            change(&mut bytes);
            may_answer(&Ipv6Packet::parse(&bytes[..]).unwrap(), error)
        };
        let may = |change: &dyn Fn(&mut [u8; 57])| may_about(change, Icmpv6Type::DESTINATION_UNREACHABLE);
        assert!(may(&|_| {}) && may(&|bytes| bytes[40] = 135), "echo, a solicitation");
        for kind in [1, 2, 3, 4, 100, 127, 137] {
            assert!(!may(&|bytes| bytes[40] = kind), "(e.1), (e.2): {kind}");
            assert!(may(&|bytes| (bytes[6], bytes[40]) = (17, kind)), "UDP");
        }
        // Behind destination options: an echo, an error, and what is cut.
        let behind = |bytes: &mut [u8; 57], len: u8, kind| {
            (bytes[5], bytes[6]) = (len, 60);
            bytes[40..49].copy_from_slice(&[58, 0, 1, 4, 0, 0, 0, 0, kind]);
        };
        assert!(may(&|bytes| behind(bytes, 9, 128)) && !may(&|bytes| behind(bytes, 9, 1)));
        assert!(!may(&|bytes| behind(bytes, 8, 128)) && !may(&|bytes| behind(bytes, 7, 128)), "cut");
        // A later fragment of ICMPv6, and one of UDP.
        let later = |bytes: &mut [u8; 57], next| {
            (bytes[5], bytes[6]) = (9, 44);
            bytes[40..49].copy_from_slice(&[next, 0, 0, 8, 0, 0, 0, 7, 128]);
        };
        assert!(!may(&|bytes| later(bytes, 58)) && may(&|bytes| later(bytes, 17)));
        // (e.6): ::, ::1, ff02::1.
        assert!(!may(&|bytes| bytes[8..24].fill(0)));
        assert!(!may(&|bytes| bytes[8] = 0) && !may(&|bytes| (bytes[8], bytes[9]) = (0xff, 2)));
        // (e.3), and its first exception.
        let to_many = |bytes: &mut [u8; 57]| (bytes[24], bytes[25]) = (0xff, 2);
        assert!(!may(&to_many) && may_about(&to_many, Icmpv6Type::PACKET_TOO_BIG));
    }

    /// IANA's "ICMPv6 "Code" Fields": how many codes of a type have names, and some of them.
    #[test]
    fn codes_have_names() {
        let count = |kind: u8| (0..=255).filter(|code| Icmpv6Type(kind).code_name(*code).is_some()).count();
        assert_eq!([1, 3, 4, 138, 139, 140, 161, 2, 128, 135].map(count), [9, 2, 11, 3, 3, 3, 5, 0, 0, 0]);
        assert_eq!(Icmpv6Type::PARAMETER_PROBLEM.code_name(3), Some("incomplete header chain in first fragment"));
        assert_eq!(Icmpv6Type::ROUTER_RENUMBERING.code_name(255), Some("sequence number reset"));
    }
}
