//! What a translator refuses, and what it tells the sender.

use core::net::IpAddr;

use crate::Error;
use crate::icmpv4::Icmpv4Message;
use crate::icmpv6::Icmpv6Message;
use crate::ip::IpProtocol;

/// Why a packet was not translated. It is as it was.
///
/// Of some the sender is to be told. [`for_ipv4`](Self::for_ipv4) and [`for_ipv6`](Self::for_ipv6) have the message, which
/// [`icmpv4::may_answer`](crate::icmpv4::may_answer) and [`icmpv6::may_answer`](crate::icmpv6::may_answer) may still forbid.
///
/// ```
/// use ether_ip::icmpv4::Icmpv4Message;
/// use ether_ip::rewrite::nat64::Refusal;
///
/// let refusal = Refusal::TooBig { mtu: 1480 };
/// assert_eq!(refusal.to_string(), "the packet is too big: its sender may send 1480 bytes");
/// assert_eq!(refusal.for_ipv4(), Some(Icmpv4Message::fragmentation_needed(1480)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It is no whole IP packet, or grows and has not the room.
    #[error(transparent)]
    Packet(#[from] Error),
    /// The time to live, or the hop limit, ends here (RFC 7915 §4.1, §5.1).
    #[error("the packet has gone as far as it may")]
    HopLimit,
    /// It is to go by a route of IPv4 addresses that it has not gone to the end (RFC 7915 §4.1).
    #[error("the packet has a source route before it")]
    SourceRoute,
    /// It is to go by a route of IPv6 addresses that it has not gone to the end (RFC 7915 §5.1).
    #[error("the packet has segments left, at byte {pointer}")]
    SegmentsLeft {
        /// Where the number of segments left stands, in bytes from the first of the IPv6 header.
        pointer: u32,
    },
    /// It may not be fragmented, and would be longer than the next link takes (RFC 7915 §4, §5).
    #[error("the packet is too big: its sender may send {mtu} bytes")]
    TooBig {
        /// What the sender is to be told, in bytes of his own packets.
        mtu: u32,
    },
    /// It may be fragmented, and would be longer than all of IPv6's links take: it is to be, and the fragments to be translated
    /// (RFC 7915 §4). Of ICMP no fragments are translated: the whole is, with a higher
    /// [`lowest_ipv6_mtu`](super::Translator::lowest_ipv6_mtu), and then fragmented.
    #[error("the packet is to be fragmented: at most {payload} bytes behind each IPv4 header")]
    MustFragment {
        /// A multiple of 8.
        payload: u32,
    },
    /// The mapping knows no address of the other family.
    #[error("{0} has no address in the other family")]
    NoAddress(IpAddr),
    /// What it carries is of its own family: ICMP of the other one, IGMP, or an extension header of IPv6 in IPv4. Or an authentication
    /// header, which covers what is changed (RFC 7915 §7).
    #[error("protocol {} means nothing in the other family", .0.0)]
    Protocol(IpProtocol),
    /// An extension header is in the part that is fragmented: without it, the fragments would not fit together.
    #[error("an extension header is fragmented")]
    FragmentedExtension,
    /// A fragment of an ICMP message, whose checksum is over a length that is not known (RFC 7915 §1.2).
    #[error("an ICMP message is fragmented")]
    FragmentedIcmp,
    /// A UDP datagram without a checksum, which IPv6 has none of (RFC 7915 §4.5): a fragment, or as it was
    /// [wished](super::ZeroChecksum::Refused). Of these a translator keeps a log.
    #[error("a UDP datagram has no checksum")]
    ZeroChecksum,
    /// An ICMP message that the other family has no counterpart of (RFC 7915 §4.2, §5.2).
    #[error("ICMP type {kind} code {code} has no counterpart")]
    Icmp {
        /// Its type.
        kind: u8,
        /// Its code.
        code: u8,
    },
    /// An ICMP error about an ICMP error (RFC 7915 §4.3, §5.3).
    #[error("an ICMP error is about an ICMP error")]
    Nested,
}

impl Refusal {
    /// What to tell the sender of an IPv4 packet, if anything (RFC 7915 §4.4).
    #[must_use]
    pub fn for_ipv4(&self) -> Option<Icmpv4Message> {
        match *self {
            Self::HopLimit => Some(Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] }),
            Self::SourceRoute => Some(Icmpv4Message::unreachable(5)),
            Self::TooBig { mtu } => Some(Icmpv4Message::fragmentation_needed(u16::try_from(mtu).unwrap_or(u16::MAX))),
            _ if self.is_told() => Some(Icmpv4Message::unreachable(13)),
            _ => None,
        }
    }

    /// What to tell the sender of an IPv6 packet, if anything (RFC 7915 §5.4).
    #[must_use]
    pub fn for_ipv6(&self) -> Option<Icmpv6Message> {
        match *self {
            Self::HopLimit => Some(Icmpv6Message::TimeExceeded { code: 0, unused: [0; 4] }),
            Self::SegmentsLeft { pointer } => Some(Icmpv6Message::ParameterProblem { code: 0, pointer }),
            Self::TooBig { mtu } => Some(Icmpv6Message::PacketTooBig { code: 0, mtu }),
            _ if self.is_told() => Some(Icmpv6Message::DestinationUnreachable { code: 1, unused: [0; 4] }),
            _ => None,
        }
    }

    /// Whether the sender is told that it is prohibited, which is said of all that nothing else is said of, but for what is dropped in
    /// silence: what is no packet, ICMP and IGMP.
    fn is_told(&self) -> bool {
        match self {
            Self::NoAddress(_) | Self::FragmentedExtension | Self::ZeroChecksum => true,
            Self::Protocol(protocol) => !matches!(*protocol, IpProtocol::ICMP | IpProtocol::IGMP | IpProtocol::ICMPV6),
            _ => false,
        }
    }
}
