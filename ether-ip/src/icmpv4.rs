//! ICMP for IPv4: echo, errors that quote the packet they are about, and the rest.
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
//! RFC 792; RFC 1191 (next-hop MTU), RFC 4884 (extensions behind the quoted packet), RFC 1122 §3.2.2.

use core::net::Ipv4Addr;
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::{Change, Checksum};
use crate::ip::IpProtocol;
use crate::ipv4::Ipv4Packet;
use crate::view::take_header;
use crate::{Error, LayerName, PacketBuffer};

/// The header's length, in bytes.
pub const HEADER_LEN: usize = size_of::<Icmpv4Header>();

crate::open_set! {
    /// The type of an ICMP message (IANA's "ICMP Type Numbers").
    pub struct Icmpv4Type(u8) {
        /// The answer to an echo request.
        ECHO_REPLY = 0, "echo reply";
        /// The packet did not get there.
        DESTINATION_UNREACHABLE = 3, "destination unreachable";
        /// Slow down (deprecated by RFC 6633).
        SOURCE_QUENCH = 4, "source quench";
        /// There is a better way.
        REDIRECT = 5, "redirect";
        /// Are you there?
        ECHO_REQUEST = 8, "echo request";
        /// A router introduces itself (RFC 1256).
        ROUTER_ADVERTISEMENT = 9, "router advertisement";
        /// Are there routers? (RFC 1256)
        ROUTER_SOLICITATION = 10, "router solicitation";
        /// Too many hops, or fragments that never came.
        TIME_EXCEEDED = 11, "time exceeded";
        /// The header makes no sense.
        PARAMETER_PROBLEM = 12, "parameter problem";
        /// What time is it?
        TIMESTAMP_REQUEST = 13, "timestamp request";
        /// The answer to a timestamp request.
        TIMESTAMP_REPLY = 14, "timestamp reply";
        /// Extended echo request (RFC 8335).
        EXTENDED_ECHO_REQUEST = 42, "extended echo request";
        /// Extended echo reply (RFC 8335).
        EXTENDED_ECHO_REPLY = 43, "extended echo reply";
    }
}

impl Icmpv4Type {
    /// Whether messages of this type are errors, which quote the packet in question (RFC 1122 §3.2.2).
    #[inline]
    #[must_use]
    pub const fn is_error(self) -> bool {
        matches!(
            self,
            Self::DESTINATION_UNREACHABLE
                | Self::SOURCE_QUENCH
                | Self::REDIRECT
                | Self::TIME_EXCEEDED
                | Self::PARAMETER_PROBLEM
        )
    }

    /// Whether messages of this type are a query or its answer that have an identifier: echo, timestamp, information, address mask
    /// (RFC 792, RFC 950), extended echo (RFC 8335).
    #[inline]
    #[must_use]
    pub const fn has_identifier(self) -> bool {
        matches!(self.0, 0 | 8 | 13..=18 | 42 | 43)
    }

    /// What a code says in a message of this type, if it has a name (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1, RFC 8335; IANA's "ICMP
    /// Type Numbers").
    ///
    /// ```
    /// use ether_ip::icmpv4::Icmpv4Type;
    ///
    /// assert_eq!(Icmpv4Type::DESTINATION_UNREACHABLE.code_name(3), Some("port unreachable"));
    /// ```
    #[must_use]
    pub const fn code_name(self, code: u8) -> Option<&'static str> {
        Some(match (self, code) {
            (Self::DESTINATION_UNREACHABLE, 0) => "net unreachable",
            (Self::DESTINATION_UNREACHABLE, 1) => "host unreachable",
            (Self::DESTINATION_UNREACHABLE, 2) => "protocol unreachable",
            (Self::DESTINATION_UNREACHABLE, 3) => "port unreachable",
            (Self::DESTINATION_UNREACHABLE, 4) => "fragmentation needed",
            (Self::DESTINATION_UNREACHABLE, 5) => "source route failed",
            (Self::DESTINATION_UNREACHABLE, 6) => "destination network unknown",
            (Self::DESTINATION_UNREACHABLE, 7) => "destination host unknown",
            (Self::DESTINATION_UNREACHABLE, 8) => "source host isolated",
            (Self::DESTINATION_UNREACHABLE, 9) => "network administratively prohibited",
            (Self::DESTINATION_UNREACHABLE, 10) => "host administratively prohibited",
            (Self::DESTINATION_UNREACHABLE, 11) => "net unreachable for the type of service",
            (Self::DESTINATION_UNREACHABLE, 12) => "host unreachable for the type of service",
            (Self::DESTINATION_UNREACHABLE, 13) => "administratively prohibited",
            (Self::DESTINATION_UNREACHABLE, 14) => "host precedence violation",
            (Self::DESTINATION_UNREACHABLE, 15) => "precedence cutoff in effect",
            (Self::REDIRECT, 0) => "for the network",
            (Self::REDIRECT, 1) => "for the host",
            (Self::REDIRECT, 2) => "for the type of service and network",
            (Self::REDIRECT, 3) => "for the type of service and host",
            (Self::ROUTER_ADVERTISEMENT, 0) => "normal",
            (Self::ROUTER_ADVERTISEMENT, 16) => "does not route common traffic",
            (Self::TIME_EXCEEDED, 0) => "time to live exceeded in transit",
            (Self::TIME_EXCEEDED, 1) => "fragment reassembly time exceeded",
            (Self::PARAMETER_PROBLEM, 0) => "pointer indicates the error",
            (Self::PARAMETER_PROBLEM, 1) => "missing a required option",
            (Self::PARAMETER_PROBLEM, 2) => "bad length",
            (Self::EXTENDED_ECHO_REPLY, code) => return extended_echo_code_name(code),
            _ => return None,
        })
    }
}

/// What the code of an extended echo reply says, in both families (RFC 8335 §3).
pub(crate) const fn extended_echo_code_name(code: u8) -> Option<&'static str> {
    Some(match code {
        0 => "no error",
        1 => "malformed query",
        2 => "no such interface",
        3 => "no such table entry",
        4 => "multiple interfaces satisfy the query",
        _ => return None,
    })
}

/// The 8 bytes that every ICMP message starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Icmpv4Header {
    kind: u8,
    code: u8,
    checksum: U16,
    rest: [u8; 4],
}

/// What stands in the header of a message, by its type.
///
/// ```
/// use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message};
///
/// let ping = Icmpv4Message::EchoRequest { identifier: 7, sequence: 1 };
/// assert_eq!(Icmpv4Header::new(ping).message(), ping);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Icmpv4Message {
    /// Type 0.
    EchoReply {
        /// The asker's number.
        identifier: u16,
        /// Which question it was.
        sequence: u16,
    },
    /// Type 8.
    EchoRequest {
        /// The asker's number.
        identifier: u16,
        /// Which question it is.
        sequence: u16,
    },
    /// Type 3.
    DestinationUnreachable {
        /// 0 net, 1 host, 2 protocol, 3 port, 4 fragmentation needed, 13 prohibited …
        code: u8,
        /// The unused byte of RFC 792 and the quoted packet's length in words of 4 (RFC 4884 §4.1).
        unused_and_length: u16,
        /// With code 4 the MTU of the next hop, in bytes (RFC 1191 §4).
        next_hop_mtu: u16,
    },
    /// Type 11.
    TimeExceeded {
        /// 0 in transit, 1 while fragments were awaited.
        code: u8,
        /// The header's last 4 bytes: zero, but for the quoted packet's length (RFC 4884 §4.2).
        unused: [u8; 4],
    },
    /// Type 5.
    Redirect {
        /// 0 net, 1 host, 2 and 3 the same for a type of service.
        code: u8,
        /// The router to use.
        gateway: Ipv4Addr,
    },
    /// Type 12.
    ParameterProblem {
        /// 0 the pointer tells, 1 an option is missing, 2 bad length.
        code: u8,
        /// Where in the quoted packet the problem is, in bytes.
        pointer: u8,
        /// The header's last 3 bytes.
        unused: [u8; 3],
    },
    /// Any other, or a known one with a code that it should not have.
    Other {
        /// Its type.
        kind: Icmpv4Type,
        /// Its code.
        code: u8,
        /// The header's last 4 bytes.
        rest: [u8; 4],
    },
}

impl Icmpv4Message {
    /// Destination unreachable with a code that has nothing else to say.
    #[must_use]
    pub const fn unreachable(code: u8) -> Self {
        Self::DestinationUnreachable { code, unused_and_length: 0, next_hop_mtu: 0 }
    }

    /// Destination unreachable, fragmentation needed: the MTU of the next hop in bytes (RFC 1191 §4).
    #[must_use]
    pub const fn fragmentation_needed(next_hop_mtu: u16) -> Self {
        Self::DestinationUnreachable { code: 4, unused_and_length: 0, next_hop_mtu }
    }
}

impl Icmpv4Header {
    /// A header; its checksum is filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(message: Icmpv4Message) -> Self {
        let (kind, code, rest) = match message {
            Icmpv4Message::EchoReply { identifier, sequence } => (Icmpv4Type::ECHO_REPLY, 0, two(identifier, sequence)),
            Icmpv4Message::EchoRequest { identifier, sequence } => {
                (Icmpv4Type::ECHO_REQUEST, 0, two(identifier, sequence))
            }
            Icmpv4Message::DestinationUnreachable { code, unused_and_length, next_hop_mtu } => {
                (Icmpv4Type::DESTINATION_UNREACHABLE, code, two(unused_and_length, next_hop_mtu))
            }
            Icmpv4Message::TimeExceeded { code, unused } => (Icmpv4Type::TIME_EXCEEDED, code, unused),
            Icmpv4Message::Redirect { code, gateway } => (Icmpv4Type::REDIRECT, code, gateway.octets()),
            Icmpv4Message::ParameterProblem { code, pointer, unused: [a, b, c] } => {
                (Icmpv4Type::PARAMETER_PROBLEM, code, [pointer, a, b, c])
            }
            Icmpv4Message::Other { kind, code, rest } => (kind, code, rest),
        };
        Self { kind: kind.0, code, checksum: U16::new(0), rest }
    }

    /// Type.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> Icmpv4Type {
        Icmpv4Type(self.kind)
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

    /// The header's last 4 bytes.
    #[inline]
    #[must_use]
    pub const fn rest(&self) -> [u8; 4] {
        self.rest
    }

    /// The header as its type has it.
    #[inline]
    #[must_use]
    pub const fn message(&self) -> Icmpv4Message {
        let [a, b, c, d] = self.rest;
        let (first, second) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let code = self.code;
        match (self.kind(), code) {
            (Icmpv4Type::ECHO_REPLY, 0) => Icmpv4Message::EchoReply { identifier: first, sequence: second },
            (Icmpv4Type::ECHO_REQUEST, 0) => Icmpv4Message::EchoRequest { identifier: first, sequence: second },
            (Icmpv4Type::DESTINATION_UNREACHABLE, _) => {
                Icmpv4Message::DestinationUnreachable { code, unused_and_length: first, next_hop_mtu: second }
            }
            (Icmpv4Type::TIME_EXCEEDED, _) => Icmpv4Message::TimeExceeded { code, unused: self.rest },
            (Icmpv4Type::REDIRECT, _) => Icmpv4Message::Redirect { code, gateway: Ipv4Addr::new(a, b, c, d) },
            (Icmpv4Type::PARAMETER_PROBLEM, _) => {
                Icmpv4Message::ParameterProblem { code, pointer: a, unused: [b, c, d] }
            }
            (kind, _) => Icmpv4Message::Other { kind, code, rest: self.rest },
        }
    }

    /// The identifier of a query or its answer, which is to a NAT what ports are in UDP (RFC 5508 §3.1). `None` in any other message.
    #[inline]
    #[must_use]
    pub const fn identifier(&self) -> Option<u16> {
        let [high, low, ..] = self.rest;
        if self.kind().has_identifier() { Some(u16::from_be_bytes([high, low])) } else { None }
    }

    /// Sets the identifier of a query or its answer and patches the checksum (RFC 1624). The one that stood there; `None`, and nothing
    /// changed, in any other message.
    #[inline]
    pub fn change_identifier(&mut self, identifier: u16) -> Option<u16> {
        let before = self.identifier()?;
        let ([high, low], [_, _, c, d]) = (identifier.to_be_bytes(), self.rest);
        self.rest = [high, low, c, d];
        self.change_checksum(Change::new().word(4, before, identifier));
        Some(before)
    }

    /// Patches the checksum for a change of bytes that it covers (RFC 1624): of the data, or of a quoted packet. It covers no address.
    #[inline]
    pub fn change_checksum(&mut self, change: Change) {
        self.checksum.set(change.apply(self.checksum.get()));
    }

    /// Sets the checksum.
    #[inline]
    pub fn set_checksum(&mut self, checksum: u16) {
        self.checksum.set(checksum);
    }

    /// What the checksum must be, whatever stands in the field now.
    #[inline]
    #[must_use]
    pub fn compute_checksum(&self, payload: &[u8]) -> u16 {
        let header = Self { checksum: U16::new(0), ..*self };
        Checksum::new().bytes(header.as_bytes()).bytes(payload).finish()
    }

    /// Puts the header in front of `packet`, the data, with the checksum filled.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend(mut self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.checksum.set(self.compute_checksum(packet.packet()));
        self.prepend_as_is(packet)
    }

    /// Puts the header in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::ICMPV4, self)
    }
}

/// Whether an ICMP error may be sent about a packet, as far as it is there (RFC 1122 §3.2.2): not about an ICMP error, nor about
/// what is ICMP and cut before its type; not about a later fragment; not where the source is no single host (0.0.0.0/8, 127.0.0.0/8,
/// multicast, 240.0.0.0/4 with broadcast) or the destination is many. Which addresses are a subnet's broadcast the caller knows.
///
/// ```
/// use ether_ip::{icmpv4, ipv4::Ipv4Packet};
///
/// let mut bytes = [0x45, 0, 0, 21, 0, 0, 0x40, 0, 63, 1, 0, 0, 10, 244, 1, 2, 10, 244, 2, 3, 8];
/// assert!(icmpv4::may_answer(&Ipv4Packet::parse(&bytes[..])?)); // an echo request
/// bytes[20] = 3;
/// assert!(!icmpv4::may_answer(&Ipv4Packet::parse(&bytes[..])?)); // destination unreachable
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[must_use]
pub fn may_answer<B: ByteSlice>(packet: &Ipv4Packet<B>) -> bool {
    let is_error = packet.protocol() == IpProtocol::ICMP
        && packet.payload().first().is_none_or(|kind| Icmpv4Type(*kind).is_error());
    let (source, destination) = (packet.source(), packet.destination());
    let is_host = !matches!(source.octets(), [0 | 127 | 224..=255, ..]);
    let is_many = destination.is_multicast() || destination.is_broadcast();
    is_host && !is_many && !is_error && packet.fragment_offset() == 0
}

const fn two(first: u16, second: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (first.to_be_bytes(), second.to_be_bytes());
    [a, b, c, d]
}

/// An ICMP message, over the bytes `B`.
pub struct Icmpv4Packet<B> {
    header: Ref<B, Icmpv4Header>,
    payload: B,
}

crate::view!(Icmpv4Packet => Icmpv4Header { payload } payload "What follows the header");

impl<B: SplitByteSlice> Icmpv4Packet<B> {
    /// Reads a message: all the bytes are it, since ICMP has no length of its own.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 8 bytes.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let truncated = Error::Truncated { layer: LayerName::ICMPV4, needed: HEADER_LEN, available: bytes.len() };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

impl<B: ByteSlice> Icmpv4Packet<B> {
    /// The packet that an error is about, as far as it is quoted: its header and 8 bytes (RFC 792), or more (RFC 1812).
    /// To be read with [`Ipv4Packet::parse_lax`](crate::ipv4::Ipv4Packet::parse_lax). `None` if it is not an error.
    #[inline]
    pub fn quoted(&self) -> Option<&[u8]> {
        self.payload.get(..self.quoted_len()?)
    }

    #[inline]
    fn quoted_len(&self) -> Option<usize> {
        if !self.header.kind().is_error() {
            return None;
        }
        // RFC 4884 §4: with extensions behind it, the quoted packet's length is given in words of 4, and at least 128.
        //= RFC 4884 §4/words-of-4, §4/128, §4.6/others, §5.5/none
        let [_, words, ..] = self.header.rest();
        let len = usize::from(words) * 4;
        let has_length = matches!(
            self.header.kind(),
            Icmpv4Type::DESTINATION_UNREACHABLE | Icmpv4Type::TIME_EXCEEDED | Icmpv4Type::PARAMETER_PROBLEM
        );
        let available = self.payload.len();
        Some(if has_length && len >= 128 { len.min(available) } else { available })
    }

    /// Whether the checksum is right. A wrong one is odd, not an error.
    #[inline]
    pub fn checksum_is_valid(&self) -> bool {
        crate::checksum::header(self.header()).bytes(&self.payload).finish() == 0
    }
}

impl<B: ByteSliceMut> Icmpv4Packet<B> {
    /// The packet that an error is about, to be changed, as where a NAT had changed it on its way out. The message's checksum covers it:
    /// [`fill_checksum`](Self::fill_checksum), or [`change_checksum`](Icmpv4Header::change_checksum) for what was changed.
    ///
    /// ```
    /// use ether_ip::{icmpv4::Icmpv4Packet, ipv4::Ipv4Packet, tcp::TcpStart, view::take_header};
    ///
    /// # let mut bytes = [0; 36];
    /// # bytes[..8].copy_from_slice(&[3, 1, 0, 0, 0, 0, 0, 0]);
    /// # bytes[8..28].copy_from_slice(&[0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0, 198, 51, 100, 7, 192, 0, 2, 2]);
    /// # bytes[28..].copy_from_slice(&[0xee, 0x48, 0, 80, 0, 0, 0, 1]);
    /// let mut icmp = Icmpv4Packet::parse(&mut bytes[..])?;
    /// if let Some(quoted) = icmp.quoted_mut() {
    ///     let mut ip = Ipv4Packet::parse_lax(quoted)?;
    ///     let _no_tcp_checksum_is_quoted = ip.change_source([10, 244, 1, 2].into());
    ///     if let Some((mut tcp, _)) = take_header::<TcpStart, _>(ip.payload_mut()) {
    ///         tcp.set_source_port(40_000);
    ///     }
    /// }
    /// icmp.fill_checksum();
    /// assert!(icmp.checksum_is_valid());
    /// # assert_eq!((&bytes[20..24], &bytes[28..30]), (&[10, 244, 1, 2][..], &[0x9c, 0x40][..]));
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[inline]
    pub fn quoted_mut(&mut self) -> Option<&mut [u8]> {
        let len = self.quoted_len()?;
        self.payload.get_mut(..len)
    }

    /// Computes and sets the checksum over the bytes that are here. The message itself cannot know whether those are all: the packet
    /// does, and gives them with [`Ipv4Packet::whole_payload_mut`](crate::ipv4::Ipv4Packet::whole_payload_mut) only then.
    pub fn fill_checksum(&mut self) {
        let checksum = self.header.compute_checksum(&self.payload);
        self.header.set_checksum(checksum);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use crate::udp::UdpDatagram;

    const PING: [u8; 10] = [8, 0, 0x84, 0x83, 0x12, 0x34, 0, 1, b'a', b'G'];

    #[test]
    fn reads_builds_and_checks() {
        let ping = Icmpv4Packet::parse(&PING[..]).unwrap();
        assert_eq!((ping.kind(), ping.code()), (Icmpv4Type::ECHO_REQUEST, 0));
        let message = Icmpv4Message::EchoRequest { identifier: 0x1234, sequence: 1 };
        assert_eq!((ping.message(), ping.payload(), ping.quoted()), (message, &b"aG"[..], None));
        assert!(ping.checksum_is_valid());

        let mut buffer = [0; 10];
        let mut packet = Headroom::with_payload(&mut buffer, b"aG").unwrap();
        Icmpv4Header::new(message).prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), PING);
        let mut ping = Icmpv4Packet::parse(packet.into_packet()).unwrap();
        ping.payload_mut()[0] = b'b';
        assert!(!ping.checksum_is_valid());
        ping.fill_checksum();
        assert!(ping.checksum_is_valid());
    }

    #[test]
    fn under_8_bytes_is_truncated() {
        for available in 0..8 {
            let error = Icmpv4Packet::parse(&PING[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::ICMPV4, needed: 8, available });
        }
    }

    #[test]
    fn every_message_goes_there_and_back() {
        let kind = Icmpv4Type::TIMESTAMP_REQUEST;
        for message in [
            Icmpv4Message::EchoReply { identifier: 1, sequence: 2 },
            Icmpv4Message::EchoRequest { identifier: 3, sequence: 4 },
            Icmpv4Message::unreachable(3),
            Icmpv4Message::fragmentation_needed(1450),
            Icmpv4Message::TimeExceeded { code: 1, unused: [0, 32, 0, 0] },
            Icmpv4Message::Redirect { code: 1, gateway: Ipv4Addr::new(192, 0, 2, 1) },
            Icmpv4Message::ParameterProblem { code: 0, pointer: 20, unused: [1, 2, 3] },
            Icmpv4Message::Other { kind, code: 0, rest: [1, 2, 3, 4] },
            Icmpv4Message::Other { kind: Icmpv4Type::ECHO_REQUEST, code: 9, rest: [0; 4] },
        ] {
            assert_eq!(Icmpv4Header::new(message).message(), message);
        }
    }

    /// RFC 792: an error quotes the IP header and 8 bytes, though the header's total length says more.
    #[test]
    fn quoted_packets() {
        let mut bytes = [0; 8 + 28];
        bytes[0] = 3;
        bytes[1] = 3;
        bytes[8..12].copy_from_slice(&[0x45, 0, 0, 84]);
        bytes[16..18].copy_from_slice(&[64, 17]);
        bytes[28..36].copy_from_slice(&[0x9c, 0x40, 0x82, 0x9b, 0, 64, 0, 0]);
        let error = Icmpv4Packet::parse(&bytes[..]).unwrap();
        let quoted = Ipv4Packet::parse_lax(error.quoted().unwrap()).unwrap();
        assert_eq!((quoted.protocol(), quoted.missing()), (IpProtocol::UDP, 56));
        let datagram = UdpDatagram::parse_lax(quoted.payload()).unwrap();
        assert_eq!((datagram.destination_port(), datagram.missing()), (33_435, 56));
        // Cut in its header.
        let error = Icmpv4Packet::parse(&bytes[..27]).unwrap();
        let cut = Ipv4Packet::parse_lax(error.quoted().unwrap()).unwrap_err();
        assert_eq!(cut, Error::Truncated { layer: LayerName::IPV4, needed: 20, available: 19 });
    }

    /// RFC 1122 §3.2.2, condition by condition.
    #[test]
    fn about_whom_an_error_may_be_sent() {
        let may = |change: &dyn Fn(&mut [u8; 21])| {
            let mut bytes = [0x45, 0, 0, 21, 0, 0, 0, 0, 64, 1, 0, 0, 10, 244, 1, 2, 10, 244, 2, 3, 8];
            change(&mut bytes);
            may_answer(&Ipv4Packet::parse(&bytes[..]).unwrap())
        };
        assert!(may(&|_| {}) && may(&|bytes| bytes[20] = 0), "echo, and its reply");
        for kind in [3, 4, 5, 11, 12] {
            assert!(!may(&|bytes| bytes[20] = kind), "ICMP error {kind}");
            assert!(may(&|bytes| (bytes[9], bytes[20]) = (17, kind)), "UDP");
        }
        assert!(!may(&|bytes| bytes[3] = 20), "ICMP without a type");
        assert!(
            may(&|bytes| (bytes[3], bytes[9]) = (20, 17)) && may(&|bytes| bytes[6] = 0x20),
            "UDP; a first fragment"
        );
        assert!(!may(&|bytes| bytes[7] = 1), "a later fragment");
        for source in [[0, 0, 0, 0], [0, 1, 2, 3], [127, 0, 0, 1], [224, 0, 0, 1], [240, 0, 0, 1], [255; 4]] {
            assert!(!may(&|bytes| bytes[12..16].copy_from_slice(&source)), "from {source:?}");
        }
        for destination in [[224, 0, 0, 1], [239, 255, 255, 255], [255; 4]] {
            assert!(!may(&|bytes| bytes[16..20].copy_from_slice(&destination)), "to {destination:?}");
        }
    }

    /// RFC 4884 §4.2: the quoted packet ends where the length field says, and extensions follow.
    #[test]
    fn extensions_are_not_quoted() {
        //= RFC 4884 §4/words-of-4
        let mut bytes = [0; 8 + 128 + 8];
        bytes[0] = 11;
        bytes[5] = 32;
        assert_eq!(Icmpv4Packet::parse(&bytes[..]).unwrap().quoted().unwrap().len(), 128);
        bytes[5] = 255;
        assert_eq!(Icmpv4Packet::parse(&bytes[..]).unwrap().quoted().unwrap().len(), 136);
    }

    /// IANA's "ICMP Type Numbers": how many codes of a type have names, and some of them.
    #[test]
    fn codes_have_names() {
        let count = |kind: Icmpv4Type| (0..=255).filter(|code| kind.code_name(*code).is_some()).count();
        let of = [3, 5, 9, 11, 12, 43, 4, 0, 8].map(|kind| count(Icmpv4Type(kind)));
        assert_eq!(of, [16, 4, 2, 2, 3, 5, 0, 0, 0]);
        assert_eq!(Icmpv4Type::DESTINATION_UNREACHABLE.code_name(13), Some("administratively prohibited"));
        assert_eq!(Icmpv4Type::ROUTER_ADVERTISEMENT.code_name(16), Some("does not route common traffic"));
        assert_eq!(Icmpv4Type::EXTENDED_ECHO_REPLY.code_name(4), Some("multiple interfaces satisfy the query"));
    }
}
