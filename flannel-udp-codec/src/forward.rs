//! The step that a node takes with a packet: check it, find its way, take a hop off its time to live, or answer with ICMP.
//!
//! ```text
//!            forward                    deliver
//!  TUN ───> check ─ route ─ TTL ───> UDP ───> check ─ TTL ───> TUN
//!   ^           │      │     │                  │      │
//!   │           drop   3/0   drop or 11/0       drop   drop or 11/0
//!   └──────────────────┴─────┴── answers ──────────────┘
//! ```
//!
//! One crossing of the tunnel costs two hops. What a [`Node`] does unless told otherwise is what flannel's proxy does
//! (pkg/backend/udp/proxy_amd64.c), to the bit, but for four things: it looks at more than the length ([`FlannelFrame`]); it
//! drops a packet whose time to live is 0, which the proxy sends on with 255; it never answers about a packet to or from many
//! (RFC 1122 §3.2.2); and it quotes no more than the packet has, where the proxy quotes 8 bytes of payload be they there
//! or not.

use core::net::{Ipv4Addr, SocketAddrV4};

use ether_ip::icmpv4::{self, Icmpv4Header, Icmpv4Message, Icmpv4Type};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{self, Ipv4Header, Ipv4Packet};
use ether_ip::{Error, Headroom};

use crate::frame::{FLANNEL_UDP, FlannelFrame};
use crate::routes::Routes;

/// The longest ICMP message that is built, the IP header included, in bytes (RFC 1812 §4.3.2.3).
pub const MAX_ANSWER: usize = 576;

/// How ICMP answers look, and what they are given about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Style {
    /// As flannel's proxy writes them: TTL 8, the packet's header and 8 bytes quoted, and never about ICMP of any kind, nor about
    /// a packet whose header has all its 60 bytes, which the proxy takes for a malformed one (`send_net_unreachable`).
    #[default]
    Flannel,
    /// As RFC 1812 §4.3.2 has it: TTL 64, precedence 6, as much quoted as goes into 576 bytes, and about ICMP too unless that
    /// is an error itself.
    Rfc1812,
}

/// A node of the tunnel: what it does with packets. As flannel's proxy does, unless told otherwise.
///
/// ```
/// use flannel_udp_codec::{FirstMatch, Node, Forwarding, SubnetRoute};
///
/// let node = Node::new([10, 244, 1, 0].into());
/// let mut places = [SubnetRoute::NONE; 16];
/// let mut routes = FirstMatch::new(&mut places);
/// routes.set(SubnetRoute::new("10.244.2.0/24".parse()?, "192.0.2.2:8285".parse()?))?;
///
/// let mut packet = [0x45, 0, 0, 22, 0, 0, 0, 0, 63, 17, 0x61, 0xeb, 10, 244, 1, 2, 10, 244, 2, 2, 7, 8];
/// assert_eq!(node.forward(&mut packet, &mut routes), Forwarding::Send("192.0.2.2:8285".parse()?));
/// assert_eq!(packet[8], 62);
/// assert_eq!(node.deliver(&mut packet), Forwarding::Deliver);
/// assert_eq!(packet[8], 61);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node {
    address: Ipv4Addr,
    style: Style,
    time_exceeded: bool,
    checksum: bool,
    mtu: Option<u16>,
}

/// What is to be done with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "nothing is sent here"]
pub enum Forwarding {
    /// Send it to this node, as the payload of a datagram. Its TTL and checksum are changed already.
    Send(SocketAddrV4),
    /// Write it to the TUN device. Its TTL and checksum are changed already.
    Deliver,
    /// Do nothing. The packet is as it was.
    Drop(Reason),
    /// Write an ICMP message to the TUN device: see [`Answer::write`]. The packet is as it was.
    Answer(Answer),
}

/// Why a packet goes nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It is no whole IPv4 packet.
    #[error(transparent)]
    Malformed(#[from] Error),
    /// The header's checksum is wrong, and [`Node::checksum`] was asked for.
    #[error("the IPv4 checksum {checksum:#06x} is wrong")]
    Checksum {
        /// The checksum as it stands in the header.
        checksum: u16,
    },
    /// There is no route, and no answer may be given about the packet.
    #[error("there is no route to {destination}")]
    NoRoute {
        /// Where it was to go.
        destination: Ipv4Addr,
    },
    /// Its time to live is over: it was 0 or 1.
    #[error("the time to live is {ttl}, it must be at least 2 to be sent on")]
    TtlExpired {
        /// The time to live as it was.
        ttl: u8,
    },
    /// It is longer than the tunnel's MTU, may not be fragmented, and no answer may be given about it.
    #[error("the packet is {len} bytes long, the tunnel takes {mtu}")]
    TooLong {
        /// The packet's length, in bytes.
        len: u16,
        /// The tunnel's MTU, in bytes.
        mtu: u16,
    },
}

/// An ICMP message about a packet, not built yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Answer {
    /// What it says.
    pub message: Icmpv4Message,
    /// Why the packet goes nowhere.
    pub reason: Reason,
    node: Ipv4Addr,
    style: Style,
}

impl Node {
    /// A node whose TUN device has this address, from which it answers.
    #[must_use]
    pub const fn new(address: Ipv4Addr) -> Self {
        Self { address, style: Style::Flannel, time_exceeded: false, checksum: false, mtu: None }
    }

    /// Answers in this style.
    #[must_use]
    pub const fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// Whether a packet whose time to live is over gets ICMP time exceeded, as a router must send it (RFC 1812 §5.3.1).
    /// flannel's proxy is silent.
    #[must_use]
    pub const fn time_exceeded(self, answer: bool) -> Self {
        Self { time_exceeded: answer, ..self }
    }

    /// Whether a packet with a wrong header checksum is dropped (RFC 1812 §5.2.2). flannel's proxy leaves that to the kernel,
    /// which has looked before a packet comes from the TUN device, and looks after one is written there.
    #[must_use]
    pub const fn checksum(self, verified: bool) -> Self {
        Self { checksum: verified, ..self }
    }

    /// The tunnel's MTU in bytes, the underlay's less [`OVERHEAD`](crate::OVERHEAD). A longer packet that may not be
    /// fragmented gets ICMP fragmentation needed (RFC 1191 §4); one that may is sent all the same, and the underlay fragments
    /// the datagram. Not looked at unless given: the TUN device's own MTU keeps such packets away.
    #[must_use]
    pub const fn mtu(self, bytes: u16) -> Self {
        Self { mtu: Some(bytes), ..self }
    }

    /// TUN to UDP: a packet that a pod of this node sent.
    #[inline]
    pub fn forward(&self, packet: &mut [u8], routes: &mut impl Routes) -> Forwarding {
        match self.step(packet, |destination| routes.next_hop(destination)) {
            Ok(next_hop) => Forwarding::Send(next_hop),
            Err(refusal) => self.refuse(refusal, packet),
        }
    }

    /// UDP to TUN: a packet that came from another node.
    #[inline]
    pub fn deliver(&self, packet: &mut [u8]) -> Forwarding {
        let anywhere = Self { mtu: None, ..*self };
        match anywhere.step(packet, |_| Some(())) {
            Ok(()) => Forwarding::Deliver,
            Err(refusal) => self.refuse(refusal, packet),
        }
    }

    /// Inlined always, as what it calls, and with nothing in its hands when it refuses: a view that goes through memory costs
    /// more than all its checks.
    #[inline(always)]
    fn step<T>(&self, packet: &mut [u8], find: impl FnOnce(Ipv4Addr) -> Option<T>) -> Result<T, Refusal> {
        if self.checksum && !is_checksum_valid(packet) {
            return Err(Refusal::Checksum);
        }
        let mut frame = FlannelFrame::parse(packet).map_err(|_| Refusal::Malformed)?;
        let way = find(frame.destination()).ok_or(Refusal::NoRoute)?;
        if frame.ttl() <= 1 {
            return Err(Refusal::TtlExpired);
        }
        if self.mtu.is_some_and(|mtu| frame.total_length() > mtu) && frame.dont_fragment() {
            return Err(Refusal::TooLong);
        }
        frame.decrement_ttl();
        Ok(way)
    }

    /// What becomes of a packet that is refused, worked out anew from the packet.
    #[cold]
    fn refuse(&self, refusal: Refusal, packet: &[u8]) -> Forwarding {
        let frame = match FlannelFrame::parse(packet) {
            Ok(frame) => frame,
            Err(error) => return Forwarding::Drop(error.into()),
        };
        let (message, reason) = match refusal {
            Refusal::Malformed | Refusal::Checksum => {
                return Forwarding::Drop(Reason::Checksum { checksum: frame.checksum() });
            }
            Refusal::NoRoute => {
                (Some(Icmpv4Message::unreachable(0)), Reason::NoRoute { destination: frame.destination() })
            }
            Refusal::TtlExpired => {
                let message = Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] };
                (self.time_exceeded.then_some(message), Reason::TtlExpired { ttl: frame.ttl() })
            }
            Refusal::TooLong => {
                let mtu = self.mtu.unwrap_or_default();
                let reason = Reason::TooLong { len: frame.total_length(), mtu };
                (Some(Icmpv4Message::fragmentation_needed(mtu)), reason)
            }
        };
        match message.filter(|_| may_be_answered(&frame, self.style)) {
            Some(message) => Forwarding::Answer(Answer { message, reason, node: self.address, style: self.style }),
            None => Forwarding::Drop(reason),
        }
    }
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Malformed,
    Checksum,
    NoRoute,
    TtlExpired,
    TooLong,
}

/// Out of the way of those who do not ask for it.
#[cold]
fn is_checksum_valid(packet: &[u8]) -> bool {
    FlannelFrame::parse(packet).is_ok_and(|frame| frame.checksum_is_valid())
}

/// Whether an ICMP error may be sent about a packet (RFC 1122 §3.2.2, RFC 1812 §4.3.2.7).
fn may_be_answered(packet: &Ipv4Packet<&[u8]>, style: Style) -> bool {
    let is_one = |address: Ipv4Addr| {
        !(address.is_unspecified() || address.is_multicast() || address.is_broadcast() || address.is_loopback())
    };
    // Class E, 240.0.0.0/4, belongs to nobody whom an answer could reach.
    let source = packet.source();
    let is_malformed_to_flannel = style == Style::Flannel && packet.header_len() >= 60;
    let is_about_icmp = packet.protocol() == IpProtocol::ICMP
        && match style {
            Style::Flannel => true,
            // An ICMP message of no bytes cannot be told from an error.
            Style::Rfc1812 => packet.payload().first().is_none_or(|kind| Icmpv4Type(*kind).is_error()),
        };
    packet.fragment_offset() == 0
        && is_one(source)
        && source.octets()[0] < 240
        && !packet.destination().is_multicast()
        && !packet.destination().is_broadcast()
        && !is_about_icmp
        && !is_malformed_to_flannel
}

impl Answer {
    /// Builds the message at the start of `to`, about `packet`, the one that the node was given. 576 bytes are always enough
    /// ([`MAX_ANSWER`]).
    ///
    /// # Errors
    /// [`Error::NoRoom`] if `to` is too short; as [`FlannelFrame::parse`] if `packet` is another one.
    pub fn write<'b>(&self, packet: &[u8], to: &'b mut [u8]) -> Result<&'b [u8], Error> {
        const HEADERS: usize = ipv4::HEADER_LEN + icmpv4::HEADER_LEN;
        let offender = FlannelFrame::parse(packet)?;
        let quoted = match self.style {
            Style::Flannel => offender.header_len() + 8,
            Style::Rfc1812 => MAX_ANSWER - HEADERS,
        };
        let quoted = packet.get(..quoted).unwrap_or(packet);
        let (needed, available) = (HEADERS + quoted.len(), to.len());
        let area = to.get_mut(..needed).ok_or(Error::NoRoom { layer: FLANNEL_UDP, needed, available })?;
        let mut answer = Headroom::with_payload(area, quoted)?;
        Icmpv4Header::new(self.message).prepend(&mut answer)?;
        self.header(offender.source()).prepend(&[], &mut answer)?;
        Ok(answer.into_packet())
    }

    fn header(&self, destination: Ipv4Addr) -> Ipv4Header {
        let mut header = Ipv4Header::new(self.node, destination, IpProtocol::ICMP);
        header.set_dont_fragment(false);
        match self.style {
            Style::Flannel => header.set_ttl(8),
            // Precedence 6, internetwork control (RFC 1812 §4.3.2.5), as class selector 6 (RFC 2474 §4.2.2).
            Style::Rfc1812 => header.set_dscp(6 << 3),
        }
        header
    }
}
