//! Packets to fuzz with (feature `arbitrary`): right ones, and ones that are so but for a place or two.
//!
//! A fuzzer's bytes are hardly ever a packet; these always are, so that code behind a parser is reached. Their lengths and
//! checksums are right, each header parses to its end, and what they hold is up to the fuzzer. [`Nearly`] breaks what it is given in a
//! few places, as a fault on the wire, a bug or an attacker would. The other codec crates make theirs from these.
//!
//! What a NAT gets wrong is among them, each in one packet of a hundred at least: first, middle and last fragments of IPv4 and IPv6, which
//! are right but not whole; UDP without a checksum; checksums that come to zero, in both forms; ICMP errors with good quotes, whole and cut;
//! every type of ICMPv6. Three packets of four are between the addresses and ports of a few [`Ends`], so that a table of flows is hit.
//!
//! A target of a crate that takes frames off the wire:
//!
//! ```
//! use ether_ip::arbitrary::{Frame, Nearly};
//! # fn handle(_: &[u8]) -> bool { true }
//!
//! // libfuzzer_sys::fuzz_target!(|input: (Frame, Nearly<Frame>)| {
//! let target = |(frame, broken): (Frame, Nearly<Frame>)| {
//!     assert!(handle(&frame.0), "a good frame is taken");
//!     handle(&broken.0.0); // and a broken one does no harm
//! };
//! # use arbitrary::{Arbitrary, Unstructured};
//! # target(Arbitrary::arbitrary(&mut Unstructured::new(&[7; 512])).unwrap());
//! ```

use core::net::{Ipv4Addr, Ipv6Addr};
use core::ops::Range;
use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};

use crate::arp::ArpAddresses;
use crate::checksum::PseudoHeader;
use crate::esp::EspHeader;
use crate::ethernet::{EtherType, EthernetHeader, MacAddr};
use crate::gtp_u::{GtpU, GtpUExtension, GtpUExtensionType, GtpUType};
use crate::icmpv4::{self, Icmpv4Header, Icmpv4Message, Icmpv4Type};
use crate::icmpv6::{self, Icmpv6Header, Icmpv6Message, Icmpv6Type};
use crate::igmp::{IgmpMessage, IgmpType};
use crate::ip::IpProtocol;
use crate::ipv4::{Ipv4Header, Ipv4Option, Ipv4Options};
use crate::ipv6::{self, Ipv6Header};
use crate::ipv6_extension::{FragmentHeader, Ipv6Option, Ipv6OptionType, prepend_options};
use crate::mld::MldMessage;
use crate::multicast::{GroupRecord, GroupRecords, SourceQuery, sources};
use crate::ndp::{NdpMessage, NdpOption, NdpOptionType, Neighbor, Redirect, RouterAdvertisement};
use crate::outer::Outer;
use crate::service_instance::ServiceInstanceHeader;
use crate::tcp::{TcpHeader, TcpOption, TcpOptions, TcpSegment};
use crate::udp::{self, UdpChecksum, UdpHeader};
use crate::vlan::VlanHeader;
use crate::vn_tag::VnTagHeader;
use crate::wireguard::{CookieReply, DataHeader, Initiation, Response};
use crate::writer::Writer;
use crate::{Error, Headroom, LayerName, PacketBuffer};

/// The most payload that is made: a packet stays within the usual MTU.
const MAX_PAYLOAD: usize = 1200;
/// Room for all headers: Ethernet, two tags, an IPv6 header with two extensions of 40 and 8 bytes, an error's header, what it quotes, of
/// the same length, and a report of group records, which is longer than TCP with its options.
const HEADERS: usize = 14 + 8 + 2 * (40 + 48) + 8 + 220;

/// An Ethernet frame, up to two VLAN tags, and in it ARP, an IP packet, or bytes under an EtherType that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Frame(pub Vec<u8>);

/// An IPv4 or IPv6 packet with or without options, and in it UDP, TCP, ICMP or bytes under a protocol that nobody knows; or a fragment of
/// one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IpPacket(pub Vec<u8>);

/// The addresses and ports that packets are made with: three of four with these alone, the others with any, so that a table of flows is
/// hit and missed. Where there are none of a kind, any are taken. Who made no `Ends` has [`Ends::FEW`].
///
/// ```
/// use arbitrary::Unstructured;
/// use ether_ip::arbitrary::{Ends, IpPacket};
/// use core::net::Ipv4Addr;
///
/// const POD: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 2);
/// const SERVICE: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 10);
/// // libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
/// let target = |bytes: &[u8]| {
///     let ends = Ends { ipv4: &[POD, SERVICE], ports: &[40_000, 53], ..Ends::FEW };
///     let Ok(IpPacket(packet)) = IpPacket::between(&ends, &mut Unstructured::new(bytes)) else { return };
///     // Whatever the NAT does with it …
/// #   assert!(!packet.is_empty());
/// };
/// # target(&[7; 512]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ends<'e> {
    /// Sources and destinations of IPv4; routers that tell of errors too.
    pub ipv4: &'e [Ipv4Addr],
    /// The same of IPv6.
    pub ipv6: &'e [Ipv6Addr],
    /// Source and destination ports of UDP and TCP, and identifiers of ICMP's queries.
    pub ports: &'e [u16],
}

impl Ends<'static> {
    /// Two pods, a node and a server of each family (RFC 5737, RFC 3849), and four ports.
    pub const FEW: Self = Self {
        ipv4: &[
            Ipv4Addr::new(10, 244, 1, 2),
            Ipv4Addr::new(10, 244, 2, 3),
            Ipv4Addr::new(192, 0, 2, 1),
            Ipv4Addr::new(198, 51, 100, 7),
        ],
        ipv6: &[
            Ipv6Addr::new(0xfd00, 0, 0, 1, 0, 0, 0, 2),
            Ipv6Addr::new(0xfd00, 0, 0, 2, 0, 0, 0, 3),
            Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2001, 0xdb8, 0, 7, 0, 0, 0, 7),
        ],
        ports: &[53, 443, 40_000, 61_000],
    };
}

/// Another packet with up to three things wrong: a bit, a byte, a 16-bit word at a limit, its end cut or lengthened, bytes doubled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Nearly<T>(pub T);

impl AsMut<Vec<u8>> for Frame {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl AsMut<Vec<u8>> for IpPacket {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for IpPacket {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::between(&Ends::FEW, u)
    }
}

impl IpPacket {
    /// One that is made with these addresses and ports.
    ///
    /// # Errors
    /// As [`Arbitrary::arbitrary`].
    pub fn between(ends: &Ends<'_>, u: &mut Unstructured<'_>) -> Result<Self> {
        packet(u, HEADERS, |u, packet| ip(u, ends, packet).map(|_| ())).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Frame {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::between(&Ends::FEW, u)
    }
}

impl Frame {
    /// One that is made with these addresses and ports.
    ///
    /// # Errors
    /// As [`Arbitrary::arbitrary`].
    pub fn between(ends: &Ends<'_>, u: &mut Unstructured<'_>) -> Result<Self> {
        packet(u, HEADERS, |u, packet| {
            let mut ether_type = match u.int_in_range(0..=9)? {
                0 => {
                    packet.take_back(0);
                    let sender = (u.arbitrary()?, u.arbitrary()?);
                    built(ArpAddresses::new(sender, (u.arbitrary()?, u.arbitrary()?)).prepend(u.arbitrary()?, packet))?;
                    EtherType::ARP
                }
                // For experiments (IEEE 802): nobody opens it.
                1 => EtherType(0x88b5),
                _ => ip(u, ends, packet)?,
            };
            for _ in 0..u.int_in_range(0..=2)? {
                built(VlanHeader::new(u.int_in_range(0..=4095)?, ether_type).prepend(packet))?;
                ether_type = *u.choose(&[EtherType::VLAN, EtherType::SERVICE_VLAN])?;
            }
            let (destination, source): (MacAddr, MacAddr) = u.arbitrary()?;
            built(EthernetHeader::new(destination, source, ether_type).prepend(packet))
        })
        .map(Self)
    }
}

impl<'a> Arbitrary<'a> for Initiation {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut message = Self::new(u.arbitrary()?);
        (message.ephemeral, message.sealed_static) = (u.arbitrary()?, u.arbitrary()?);
        message.sealed_timestamp = u.arbitrary()?;
        (message.mac1, message.mac2) = (u.arbitrary()?, u.arbitrary()?);
        Ok(message)
    }
}

impl<'a> Arbitrary<'a> for Response {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut message = Self::new(u.arbitrary()?, u.arbitrary()?);
        (message.ephemeral, message.sealed_empty) = (u.arbitrary()?, u.arbitrary()?);
        (message.mac1, message.mac2) = (u.arbitrary()?, u.arbitrary()?);
        Ok(message)
    }
}

impl<'a> Arbitrary<'a> for CookieReply {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut message = Self::new(u.arbitrary()?);
        (message.nonce, message.sealed_cookie) = (u.arbitrary()?, u.arbitrary()?);
        Ok(message)
    }
}

impl<'a> Arbitrary<'a> for DataHeader {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::new(u.arbitrary()?, u.arbitrary()?))
    }
}

impl<'a> Arbitrary<'a> for VnTagHeader {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut tag = Self::new(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?);
        tag.set_flags(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?);
        Ok(tag)
    }
}

impl<'a> Arbitrary<'a> for ServiceInstanceHeader {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut tag = Self::new(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?, u.arbitrary()?);
        tag.set_priority(u.arbitrary()?, u.arbitrary()?);
        tag.set_use_customer_addresses(u.arbitrary()?);
        Ok(tag)
    }
}

impl<'a> Arbitrary<'a> for EspHeader {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        // 0 is on no wire (RFC 4303 §2.1).
        Ok(Self::new(u.int_in_range(1..=u32::MAX)?, u.arbitrary()?))
    }
}

/// Up to 8 addresses.
fn addresses<'a, const N: usize>(u: &mut Unstructured<'a>) -> Result<&'a [[u8; N]]> {
    let count: u8 = u.int_in_range(0..=8)?;
    let bytes = u.bytes(usize::from(count).min(u.len() / N) * N)?;
    sources(bytes, (bytes.len() / N) as u16).map(|(addresses, _)| addresses).ok_or(::arbitrary::Error::IncorrectFormat)
}

impl<'a, const N: usize> Arbitrary<'a> for GroupRecord<'a, N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let auxiliary = if u.ratio(1, 8)? { u.bytes(4)? } else { &[] };
        Ok(Self { auxiliary, ..Self::new(u.arbitrary()?, u.arbitrary()?, addresses(u)?) })
    }
}

/// Of bytes as many records as they have.
impl<'a, const N: usize> Arbitrary<'a> for GroupRecords<'a, N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let len = u.arbitrary_len::<u8>()?.min(200);
        let bytes = u.bytes(len)?;
        let (mut count, mut len) = (0, 0);
        for record in Self::new(u16::MAX, bytes).iter().map_while(core::result::Result::ok) {
            count += 1;
            len += 4 + N + record.sources.len() * N + record.auxiliary.len();
        }
        Ok(Self::new(count, bytes.get(..len).unwrap_or_default()))
    }
}

impl<'a, const N: usize> Arbitrary<'a> for SourceQuery<'a, N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { flags: u.arbitrary()?, interval_code: u.arbitrary()?, sources: addresses(u)? })
    }
}

/// One that is read back as it is.
impl<'a> Arbitrary<'a> for IgmpMessage<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (code, group) = u.arbitrary()?;
        Ok(match u.int_in_range(0..=6)? {
            0 => Self::Query { max_response: code, group },
            1 => Self::QueryV3 { max_response_code: code, group, query: u.arbitrary()? },
            2 => Self::ReportV1 { group },
            3 => Self::ReportV2 { group },
            4 => Self::Leave { group },
            5 => Self::ReportV3(u.arbitrary()?),
            _ => {
                let kind = *u.choose(&[IgmpType::DVMRP, IgmpType::ROUTER_ADVERTISEMENT, IgmpType(0xff)])?;
                Self::Other { kind, code, rest: group.octets() }
            }
        })
    }
}

impl<'a> Arbitrary<'a> for MldMessage<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (code, group) = u.arbitrary()?;
        Ok(match u.int_in_range(0..=4)? {
            0 => Self::Query { max_response: code, group },
            1 => Self::QueryV2 { max_response_code: code, group, query: u.arbitrary()? },
            2 => Self::Report { group },
            3 => Self::Done { group },
            _ => Self::ReportV2(u.arbitrary()?),
        })
    }
}

impl<'a> Arbitrary<'a> for NdpMessage {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let flags = u.arbitrary()?;
        Ok(match u.int_in_range(0..=4)? {
            0 => Self::RouterSolicitation([0; 4]),
            1 => {
                let (hop_limit, lifetime) = u.arbitrary()?;
                let timers = (u.arbitrary()?, u.arbitrary()?);
                Self::RouterAdvertisement(RouterAdvertisement::new(hop_limit, flags, lifetime, timers.0, timers.1))
            }
            2 => Self::NeighborSolicitation(Neighbor::new(0, u.arbitrary()?)),
            3 => Self::NeighborAdvertisement(Neighbor::new(flags, u.arbitrary()?)),
            _ => Self::Redirect(Redirect::new(u.arbitrary()?, u.arbitrary()?)),
        })
    }
}

/// One that is read back as it is.
impl<'a> Arbitrary<'a> for GtpUExtension<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let len = *u.choose(&[2, 6, 10])?;
        Ok(Self { kind: GtpUExtensionType(u.int_in_range(1..=255)?), content: u.bytes(len)? })
    }
}

/// A GTP-U message, whole: an IP packet in a tunnel, or bytes, or a message of another type with elements or without.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GtpUPayload(pub Vec<u8>);

impl AsMut<Vec<u8>> for GtpUPayload {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for GtpUPayload {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let extensions: [GtpUExtension<'a>; 2] = u.arbitrary()?;
        let extensions = extensions.get(..u.int_in_range(0..=2)?).unwrap_or_default();
        let (teid, sequence, npdu_number) = u.arbitrary()?;
        let kind =
            *u.choose(&[GtpUType::G_PDU, GtpUType::END_MARKER, GtpUType::ECHO_REQUEST, GtpUType::ERROR_INDICATION])?;
        let payload = match kind {
            GtpUType::G_PDU => IpPacket::arbitrary(u)?.0,
            GtpUType::ERROR_INDICATION => std::vec![16, 0, 0, 0, 7, 133, 0, 4, 192, 0, 2, 2],
            _ => Vec::new(),
        };
        let message = GtpU { kind, teid, sequence, npdu_number, extensions };
        wrapped(&payload, 36, |packet| built(message.prepend(packet))).map(Self)
    }
}

/// Any tunnel's outer headers, with Ethernet or without. Over IPv6 the checksum stays on (RFC 8200 §8.1).
impl<'a> Arbitrary<'a> for Outer {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let outer = if u.arbitrary()? {
            Self::ipv4(u.arbitrary()?, u.arbitrary()?).checksum(u.arbitrary()?)
        } else {
            Self::ipv6(u.arbitrary()?, u.arbitrary()?)
        };
        let outer = outer.ttl(u.int_in_range(1..=255)?).traffic_class(u.arbitrary()?).class_mode(u.arbitrary()?);
        Ok(if u.arbitrary()? { outer.ethernet(u.arbitrary()?, u.arbitrary()?) } else { outer })
    }
}

impl<'a, T: Arbitrary<'a> + AsMut<Vec<u8>>> Arbitrary<'a> for Nearly<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut packet = T::arbitrary(u)?;
        for _ in 0..u.int_in_range(1..=3)? {
            break_a_place(u, packet.as_mut())?;
        }
        Ok(Self(packet))
    }
}

fn break_a_place(u: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    if bytes.is_empty() {
        bytes.push(u.arbitrary()?);
        return Ok(());
    }
    let at = u.choose_index(bytes.len())?;
    let (_, rest) = bytes.split_at_mut(at);
    match (u.int_in_range(0..=5)?, rest) {
        (0, [byte, ..]) => *byte ^= 1 << u.int_in_range(0..=7)?,
        (1, [byte, ..]) => *byte = u.arbitrary()?,
        (2, [high, low, ..]) => [*high, *low] = u.choose(&[0_u16, 1, 0x7fff, 0x8000, 0xfffe, 0xffff])?.to_be_bytes(),
        (3, _) => bytes.truncate(at),
        (4, _) => bytes.extend_from_slice(u.arbitrary()?),
        (_, doubled) => {
            let doubled = doubled.iter().take(u.int_in_range(1..=16)?).copied().collect::<Vec<_>>();
            bytes.splice(at..at, doubled);
        }
    }
    Ok(())
}

/// A packet of arbitrary payload, with what `headers` puts in front of it in up to `room` bytes: for the crates that make theirs.
///
/// # Errors
/// What `headers` returns.
pub fn packet<'a>(
    u: &mut Unstructured<'a>,
    room: usize,
    headers: impl FnOnce(&mut Unstructured<'a>, &mut Headroom<'_>) -> Result<()>,
) -> Result<Vec<u8>> {
    let len = u.arbitrary_len::<u8>()?.min(MAX_PAYLOAD);
    let payload = u.bytes(len)?;
    wrapped(payload, room, |packet| headers(u, packet))
}

/// `payload`, with what `headers` puts in front of it in up to `room` bytes.
///
/// # Errors
/// What `headers` returns.
pub fn wrapped(payload: &[u8], room: usize, headers: impl FnOnce(&mut Headroom<'_>) -> Result<()>) -> Result<Vec<u8>> {
    let mut buffer = std::vec![0; room + payload.len()];
    let mut packet = built(Headroom::with_payload(&mut buffer, payload))?;
    headers(&mut packet)?;
    Ok(packet.packet().to_vec())
}

/// What is built, as a maker of inputs has it: what cannot be built is an input to pass over.
///
/// # Errors
/// [`IncorrectFormat`](::arbitrary::Error::IncorrectFormat).
pub fn built<T, E>(result: core::result::Result<T, E>) -> Result<T> {
    result.map_err(|_| ::arbitrary::Error::IncorrectFormat)
}

/// Puts an IP packet's headers in front, between these ends or any.
fn ip(u: &mut Unstructured<'_>, ends: &Ends<'_>, packet: &mut Headroom<'_>) -> Result<EtherType> {
    let ends = if u.ratio(3, 4)? { *ends } else { Ends::default() };
    // More of IPv6, which has more kinds.
    if u.ratio(9, 20)? {
        ipv4(u, &ends, packet)?;
        Ok(EtherType::IPV4)
    } else {
        ipv6(u, &ends, packet)?;
        Ok(EtherType::IPV6)
    }
}

/// One of those given, or any where none are.
fn one_of<'a, T: Arbitrary<'a> + Copy>(u: &mut Unstructured<'a>, given: &[T]) -> Result<T> {
    if given.is_empty() { u.arbitrary() } else { u.choose(given).copied() }
}

/// The part of the checksum that the IP header gives to what it carries.
type Pseudo<'p> = &'p dyn Fn(IpProtocol) -> PseudoHeader;

/// What an IP packet carries, and how many of its first bytes are to stay together: its header, or all of what is read to its end.
type Upper = (IpProtocol, usize);

/// Where a fragment stands, in bytes, and whether more follow.
type Place = (u16, bool);

fn ipv4(u: &mut Unstructured<'_>, ends: &Ends<'_>, packet: &mut Headroom<'_>) -> Result<()> {
    let (source, destination) = (one_of(u, ends.ipv4)?, one_of(u, ends.ipv4)?);
    let pseudo = |protocol| PseudoHeader::ipv4(source, destination, protocol);
    if u.ratio(1, 8)? {
        let (protocol, _) = conversation(u, ends, &pseudo, packet)?;
        quoted(u, packet, |u, packet| ipv4_header(u, (source, destination), protocol, None, packet))?;
        built(Icmpv4Header::new(icmpv4_error(u, ends)?).prepend(packet))?;
        let router = one_of(u, ends.ipv4)?;
        return ipv4_header(u, (router, source), IpProtocol::ICMP, None, packet);
    }
    let (protocol, together) = match u.int_in_range(0..=7)? {
        0 => {
            packet.take_back(0);
            built(u.arbitrary::<IgmpMessage<'_>>()?.prepend(packet))?;
            (IpProtocol::IGMP, packet.len())
        }
        1 => {
            // An error quotes a packet, which these have not.
            let message: Icmpv4Message = u.arbitrary()?;
            let header = Icmpv4Header::new(message);
            let ping = Icmpv4Message::EchoRequest { identifier: one_of(u, ends.ports)?, sequence: 0 };
            let header = if header.kind().is_error() { Icmpv4Header::new(ping) } else { header };
            built(header.prepend(packet))?;
            (IpProtocol::ICMP, icmpv4::HEADER_LEN)
        }
        _ => conversation(u, ends, &pseudo, packet)?,
    };
    let place = fragment(u, together, packet)?;
    ipv4_header(u, (source, destination), protocol, place, packet)
}

fn ipv4_header(
    u: &mut Unstructured<'_>,
    (source, destination): (Ipv4Addr, Ipv4Addr),
    protocol: IpProtocol,
    place: Option<Place>,
    packet: &mut Headroom<'_>,
) -> Result<()> {
    let options = options(
        u,
        40,
        4,
        |option: Ipv4Option<'_>, to| option.write(to),
        |bytes| Ipv4Options::new(bytes).all(|option| option.is_ok()),
    )?;
    let mut header = Ipv4Header::new(source, destination, protocol);
    header.set_ttl(u.arbitrary()?);
    header.set_dscp(u.int_in_range(0..=63)?);
    header.set_identification(u.arbitrary()?);
    if let Some((offset, has_more)) = place {
        header.set_dont_fragment(false);
        header.set_fragment_offset(offset);
        header.set_more_fragments(has_more);
    }
    built(header.prepend(&options, packet))
}

fn ipv6(u: &mut Unstructured<'_>, ends: &Ends<'_>, packet: &mut Headroom<'_>) -> Result<()> {
    let (source, destination) = (one_of(u, ends.ipv6)?, one_of(u, ends.ipv6)?);
    let pseudo = |protocol| PseudoHeader::ipv6(source, destination, protocol);
    if u.ratio(1, 10)? {
        let (protocol, _) = conversation(u, ends, &pseudo, packet)?;
        quoted(u, packet, |u, packet| ipv6_headers(u, (source, destination), protocol, None, packet))?;
        let router = one_of(u, ends.ipv6)?;
        let pseudo = PseudoHeader::ipv6(router, source, IpProtocol::ICMPV6);
        built(icmpv6_error(u)?.prepend(&pseudo, packet))?;
        return ipv6_headers(u, (router, source), IpProtocol::ICMPV6, None, packet);
    }
    let (protocol, together) = if u.ratio(2, 5)? {
        icmpv6_of_the_link(u, &pseudo(IpProtocol::ICMPV6), packet)?;
        (IpProtocol::ICMPV6, packet.len())
    } else {
        conversation(u, ends, &pseudo, packet)?
    };
    let place = fragment(u, together, packet)?;
    ipv6_headers(u, (source, destination), protocol, place, packet)
}

fn ipv6_headers(
    u: &mut Unstructured<'_>,
    (source, destination): (Ipv6Addr, Ipv6Addr),
    mut next: IpProtocol,
    place: Option<Place>,
    packet: &mut Headroom<'_>,
) -> Result<()> {
    // A fragment that is whole (RFC 6946): what is in it is read.
    let is_atomic = place.is_none() && u.ratio(1, 8)?;
    if let Some((offset, has_more)) = place.or(is_atomic.then_some((0, false))) {
        built(FragmentHeader::new(next, offset, has_more, u.arbitrary()?).prepend(packet))?;
        next = IpProtocol::FRAGMENT;
    }
    if u.ratio(1, 4)? {
        let mut options = options(
            u,
            38,
            1,
            |option: Ipv6Option<'_>, to| match option.kind() {
                // A jumbogram is over 65535 bytes, checksums are over a home address (RFC 6275 §11.3.1), and Pad1 has no length.
                Ipv6OptionType::JUMBO_PAYLOAD | Ipv6OptionType::HOME_ADDRESS => Ok(()),
                Ipv6OptionType::PAD1 if option != Ipv6Option::Pad1 => Ok(()),
                _ => option.write(to),
            },
            |_| true,
        )?;
        // Up to a multiple of 8 with the header's two bytes, by Pad1.
        options.resize((options.len() + 2).next_multiple_of(8) - 2, 0);
        let (layer, kind) = *u.choose(&[
            (LayerName::HOP_BY_HOP, IpProtocol::HOP_BY_HOP),
            (LayerName::DESTINATION_OPTIONS, IpProtocol::DESTINATION_OPTIONS),
        ])?;
        built(prepend_options(layer, next, &options, packet))?;
        next = kind;
    }
    let mut header = Ipv6Header::new(source, destination, next);
    header.set_hop_limit(u.arbitrary()?);
    header.set_traffic_class(u.arbitrary()?);
    header.set_flow_label(u.int_in_range(0..=0xf_ffff)?);
    built(header.prepend(packet))
}

/// Leaves all of what is there, or a fragment of it: the first, one in the middle, or the last.
fn fragment(u: &mut Unstructured<'_>, together: usize, packet: &mut Headroom<'_>) -> Result<Option<Place>> {
    // Where it may be cut, in units of 8 bytes: twice, behind the header and before the end.
    let (least, most) = (together.div_ceil(8).max(1), packet.len().saturating_sub(1) / 8);
    if least >= most || !u.ratio(1, 5)? {
        return Ok(None);
    }
    let first = u.int_in_range(least..=most - 1)?;
    let second = u.int_in_range(first + 1..=most)?;
    let len = packet.len();
    let (start, end) = *u.choose(&[(0, second * 8), (first * 8, second * 8), (first * 8, len)])?;
    keep(start..end, packet)?;
    Ok(Some((start as u16, end < len)))
}

/// Puts an IP packet's headers in front and leaves of it what an error quotes: all, or the first bytes, headers and 8 at least.
fn quoted<'a>(
    u: &mut Unstructured<'a>,
    packet: &mut Headroom<'_>,
    headers: impl FnOnce(&mut Unstructured<'a>, &mut Headroom<'_>) -> Result<()>,
) -> Result<()> {
    let carried = packet.len();
    headers(u, packet)?;
    let len = packet.len();
    let least = len - carried.saturating_sub(8);
    keep(0..if u.arbitrary()? { len } else { u.int_in_range(least..=len)? }, packet)
}

/// Leaves a part of what is there.
fn keep(range: Range<usize>, packet: &mut Headroom<'_>) -> Result<()> {
    let part = packet.packet().get(range).unwrap_or_default().to_vec();
    packet.take_back(0);
    built(packet.prepend_bytes(LayerName::PACKET, &part))
}

/// Puts in front what asks and is answered, and what errors are about.
fn conversation(
    u: &mut Unstructured<'_>,
    ends: &Ends<'_>,
    pseudo: Pseudo<'_>,
    packet: &mut Headroom<'_>,
) -> Result<Upper> {
    match u.int_in_range(0..=8)? {
        0..=2 => udp(u, ends, &pseudo(IpProtocol::UDP), packet),
        3..=5 => tcp(u, ends, &pseudo(IpProtocol::TCP), packet),
        6 | 7 => query(u, ends, &pseudo(IpProtocol::ICMPV6), packet),
        // For experiments (RFC 3692): nobody opens it.
        _ => Ok((IpProtocol(253), 0)),
    }
}

/// UDP: without a checksum in IPv4 at times, or with one that comes to 0 and is sent as ffff.
fn udp(u: &mut Unstructured<'_>, ends: &Ends<'_>, pseudo: &PseudoHeader, packet: &mut Headroom<'_>) -> Result<Upper> {
    let mut header = UdpHeader::new(one_of(u, ends.ports)?, one_of(u, ends.ports)?);
    let mut checksum = UdpChecksum::Computed(*pseudo);
    if !pseudo.is_ipv6() && u.ratio(1, 5)? {
        checksum = UdpChecksum::Zero;
    } else if u.ratio(1, 8)? {
        // Two bytes that make up for what the sum lacks to ffff.
        built(packet.prepend_bytes(LayerName::PACKET, &[0; 2]))?;
        header.set_length((udp::HEADER_LEN + packet.len()) as u16);
        let lacking = header.compute_checksum(pseudo, packet.packet()).to_be_bytes();
        packet.packet_mut().iter_mut().zip(lacking).for_each(|(byte, lacking)| *byte = lacking);
    }
    built(header.prepend(packet, checksum))?;
    Ok((IpProtocol::UDP, udp::HEADER_LEN))
}

/// TCP: at times with a checksum of zero, in both of its forms (RFC 1071 §1).
fn tcp(u: &mut Unstructured<'_>, ends: &Ends<'_>, pseudo: &PseudoHeader, packet: &mut Headroom<'_>) -> Result<Upper> {
    let options = options(
        u,
        40,
        4,
        |option: TcpOption<'_>, to| option.write(to),
        |bytes| TcpOptions::new(bytes).all(|option| option.is_ok()),
    )?;
    let ports = (one_of(u, ends.ports)?, one_of(u, ends.ports)?);
    let mut header = TcpHeader::new(ports.0, ports.1, u.arbitrary()?, u.arbitrary()?);
    header.set_acknowledgment(u.arbitrary()?);
    let is_zero = u.ratio(1, 5)?;
    header.set_window(if is_zero { 0 } else { u.arbitrary()? });
    built(header.prepend(&options, pseudo, packet))?;
    let mut segment = built(TcpSegment::parse(packet.packet_mut()))?;
    let header_len = segment.header_len();
    if is_zero {
        // The window makes up for what the sum lacks to ffff.
        let lacking = segment.checksum();
        segment.set_window(lacking);
        segment.set_checksum(*u.choose(&[0xffff, 0])?);
    }
    Ok((IpProtocol::TCP, header_len))
}

/// An ICMP query or its answer, whose identifier is one of the ports.
fn query(u: &mut Unstructured<'_>, ends: &Ends<'_>, pseudo: &PseudoHeader, packet: &mut Headroom<'_>) -> Result<Upper> {
    let ([a, b], [c, d]) = (one_of(u, ends.ports)?.to_be_bytes(), u.arbitrary()?);
    let rest = [a, b, c, d];
    if pseudo.is_ipv6() {
        let kinds = [
            Icmpv6Type::ECHO_REQUEST,
            Icmpv6Type::ECHO_REPLY,
            Icmpv6Type::EXTENDED_ECHO_REQUEST,
            Icmpv6Type::EXTENDED_ECHO_REPLY,
        ];
        built(packet.prepend_bytes(LayerName::ICMPV6, &rest))?;
        built(Icmpv6Header::new(*u.choose(&kinds)?, 0).prepend(pseudo, packet))?;
        return Ok((IpProtocol::ICMPV6, icmpv6::HEADER_LEN + rest.len()));
    }
    let kind = *u.choose(&[
        Icmpv4Type::ECHO_REQUEST,
        Icmpv4Type::ECHO_REPLY,
        Icmpv4Type::TIMESTAMP_REQUEST,
        Icmpv4Type::TIMESTAMP_REPLY,
        Icmpv4Type::EXTENDED_ECHO_REQUEST,
        Icmpv4Type::EXTENDED_ECHO_REPLY,
    ])?;
    if matches!(kind, Icmpv4Type::TIMESTAMP_REQUEST | Icmpv4Type::TIMESTAMP_REPLY) {
        // RFC 792: three times, and nothing more.
        packet.take_back(0);
        built(packet.prepend_bytes(LayerName::ICMPV4, &u.arbitrary::<[u8; 12]>()?))?;
    }
    built(Icmpv4Header::new(Icmpv4Message::Other { kind, code: 0, rest }).prepend(packet))?;
    Ok((IpProtocol::ICMP, icmpv4::HEADER_LEN))
}

/// An error without extensions (RFC 4884), so that all behind its header is the quote.
fn icmpv4_error(u: &mut Unstructured<'_>, ends: &Ends<'_>) -> Result<Icmpv4Message> {
    Ok(match u.int_in_range(0..=5)? {
        0 => Icmpv4Message::unreachable(u.int_in_range(0..=15)?),
        1 => Icmpv4Message::fragmentation_needed(u.arbitrary()?),
        2 => Icmpv4Message::TimeExceeded { code: u.int_in_range(0..=1)?, unused: [0; 4] },
        3 => Icmpv4Message::ParameterProblem { code: u.int_in_range(0..=2)?, pointer: u.arbitrary()?, unused: [0; 3] },
        4 => Icmpv4Message::Redirect { code: u.int_in_range(0..=3)?, gateway: one_of(u, ends.ipv4)? },
        _ => Icmpv4Message::Other { kind: Icmpv4Type::SOURCE_QUENCH, code: 0, rest: [0; 4] },
    })
}

/// The same of ICMPv6.
fn icmpv6_error(u: &mut Unstructured<'_>) -> Result<Icmpv6Message> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Icmpv6Message::DestinationUnreachable { code: u.int_in_range(0..=6)?, unused: [0; 4] },
        1 => Icmpv6Message::PacketTooBig { code: 0, mtu: u.int_in_range(ipv6::MIN_MTU..=u32::MAX)? },
        2 => Icmpv6Message::TimeExceeded { code: u.int_in_range(0..=1)?, unused: [0; 4] },
        _ => Icmpv6Message::ParameterProblem { code: u.int_in_range(0..=2)?, pointer: u.arbitrary()? },
    })
}

/// Every other type of ICMPv6, most of which stay on a link: listeners, neighbours, and those of which only the type is known here.
fn icmpv6_of_the_link(u: &mut Unstructured<'_>, pseudo: &PseudoHeader, packet: &mut Headroom<'_>) -> Result<()> {
    packet.take_back(0);
    match u.int_in_range(0..=13)? {
        0..=4 => built(u.arbitrary::<MldMessage<'_>>()?.prepend(pseudo, packet)),
        5..=9 => {
            let mut bytes = [0; 64];
            let mut options = Writer::new(LayerName::NDP_OPTION, &mut bytes);
            for _ in 0..u.int_in_range(0..=2)? {
                let option = match u.int_in_range(0..=3)? {
                    0 => NdpOption::SourceLinkLayer(u.arbitrary()?),
                    1 => NdpOption::TargetLinkLayer(u.arbitrary()?),
                    2 => NdpOption::Mtu { reserved: [0; 2], mtu: u.arbitrary()? },
                    // For experiments (RFC 4727 §5.1.3).
                    _ => NdpOption::Other { kind: NdpOptionType(253), data: u.bytes(14)? },
                };
                built(option.write(&mut options))?;
            }
            built(packet.prepend_bytes(LayerName::NDP_OPTION, options.written()))?;
            built(u.arbitrary::<NdpMessage>()?.prepend(pseudo, packet))
        }
        _ => {
            let kind = *u.choose(&[
                Icmpv6Type::ROUTER_RENUMBERING,
                Icmpv6Type::NODE_INFORMATION_QUERY,
                Icmpv6Type::NODE_INFORMATION_REPLY,
                Icmpv6Type::RPL_CONTROL,
            ])?;
            built(packet.prepend_bytes(LayerName::ICMPV6, u.bytes(20)?))?;
            built(Icmpv6Header::new(kind, 0).prepend(pseudo, packet))
        }
    }
}

/// Options that are read back without an error, up to `most` bytes, filled up with zeros to a multiple.
fn options<'a, O: Arbitrary<'a>>(
    u: &mut Unstructured<'a>,
    most: usize,
    multiple: usize,
    write: impl Fn(O, &mut Writer<'_>) -> core::result::Result<(), Error>,
    is_good: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let mut one = [0; 64];
        let mut one = Writer::new(LayerName::PACKET, &mut one);
        let Ok(()) = write(u.arbitrary()?, &mut one) else { continue };
        let before = bytes.len();
        bytes.extend(one.written());
        let padded = bytes.len().next_multiple_of(multiple);
        let whole: Vec<u8> = bytes.iter().copied().chain(core::iter::repeat_n(0, padded - bytes.len())).collect();
        if padded > most || !is_good(&whole) {
            bytes.truncate(before);
        }
    }
    bytes.resize(bytes.len().next_multiple_of(multiple), 0);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ethernet::EthernetFrame;
    use crate::icmpv4::Icmpv4Packet;
    use crate::icmpv6::Icmpv6Packet;
    use crate::igmp::IgmpPacket;
    use crate::ipv4::Ipv4Packet;
    use crate::ipv6::Ipv6Packet;
    use crate::ipv6_extension::{Extension, Extensions, UpperLayer};
    use crate::udp::UdpDatagram;
    use core::net::IpAddr;
    use std::format;
    use std::string::{String, ToString};

    /// Bytes as a fuzzer has them, the same each time.
    fn inputs() -> impl Iterator<Item = Vec<u8>> {
        many_inputs(2000)
    }

    fn many_inputs(count: usize) -> impl Iterator<Item = Vec<u8>> {
        let mut state = 1_u64;
        let mut byte = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..count).map(move |_| (0..400).map(|_| byte()).collect())
    }

    #[test]
    fn frames_are_whole_and_right() {
        let (mut made, mut seen) = (0, std::collections::BTreeMap::new());
        for input in inputs() {
            let Ok(frame) = Frame::arbitrary(&mut Unstructured::new(&input)) else { continue };
            made += 1;
            let frame = EthernetFrame::parse(&frame.0[..]).unwrap();
            *seen.entry(frame.ether_type().0).or_insert(0) += 1;
        }
        assert!(made > 1900, "{made}");
        assert!([0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x88b5].iter().all(|kind| seen[kind] > 20), "{seen:?}");
    }

    #[test]
    fn ip_packets_are_whole_and_right() {
        let mut seen = std::collections::BTreeMap::new();
        for input in inputs() {
            let Ok(IpPacket(bytes)) = IpPacket::arbitrary(&mut Unstructured::new(&input)) else { continue };
            let protocol = if let Ok(packet) = Ipv4Packet::parse(&bytes[..]) {
                assert!(packet.checksum_is_valid() && usize::from(packet.total_length()) == bytes.len());
                assert!(packet.options().all(|option| option.is_ok()));
                packet.protocol()
            } else {
                let packet = Ipv6Packet::parse(&bytes[..]).unwrap();
                assert_eq!(usize::from(packet.payload_length()) + 40, bytes.len());
                packet.extensions().upper_layer().unwrap().protocol
            };
            *seen.entry(protocol.0).or_insert(0) += 1;
        }
        assert!([1, 2, 6, 17, 58, 253].iter().all(|protocol| seen[protocol] > 50), "{seen:?}");
    }

    /// An IP packet as a NAT looks at it.
    struct Opened<'p> {
        version: u8,
        addresses: [IpAddr; 2],
        /// Of a fragment, whether it is a later one, and whether more follow.
        place: Option<(bool, bool)>,
        pseudo: PseudoHeader,
        protocol: IpProtocol,
        upper: &'p [u8],
        missing: usize,
    }

    /// The packet, or what an error quotes of one.
    fn opened(bytes: &[u8]) -> Opened<'_> {
        if let Ok(ip) = Ipv4Packet::parse_lax(bytes) {
            assert!(ip.checksum_is_valid() && ip.trailer().is_empty());
            return Opened {
                version: 4,
                addresses: [ip.source().into(), ip.destination().into()],
                place: ip.is_fragment().then_some((ip.fragment_offset() > 0, ip.more_fragments())),
                pseudo: ip.pseudo_header(),
                protocol: ip.protocol(),
                missing: ip.missing(),
                upper: ip.into_payload(),
            };
        }
        let ip = Ipv6Packet::parse_lax(bytes).unwrap();
        let (mut extensions, mut place) = (Extensions::new(ip.next_header(), ip.into_payload()), None);
        for extension in &mut extensions {
            if let Extension::Fragment(fragment) = extension.unwrap() {
                let found = (fragment.fragment_offset() > 0, fragment.more_fragments());
                place = (!fragment.is_atomic()).then_some(found);
            }
        }
        let UpperLayer { protocol, payload: upper, .. } = extensions.upper_layer().unwrap();
        let (addresses, pseudo) = ([ip.source().into(), ip.destination().into()], ip.pseudo_header(protocol));
        Opened { version: 6, addresses, place, pseudo, protocol, upper, missing: ip.missing() }
    }

    /// What a packet is to a NAT whose ends these are, and that its checksums are right. A fragment's are the whole packet's.
    fn kinds(bytes: &[u8], ends: &Ends<'_>) -> Vec<String> {
        let Opened { version, addresses, place, pseudo, protocol, upper, missing } = opened(bytes);
        assert_eq!(missing, 0);
        if let Some(place) = place {
            let names = [((false, true), "first"), ((true, true), "middle"), ((true, false), "last")];
            let (_, name) = names.into_iter().find(|(of, _)| *of == place).unwrap();
            return std::vec![format!("IPv{version} {name} fragment")];
        }
        assert!(is_right(protocol, upper, &pseudo));
        let transport = |name, checksum, ports: [u16; 2]| {
            let is_given = addresses.iter().all(|address| match address {
                IpAddr::V4(address) => ends.ipv4.contains(address),
                IpAddr::V6(address) => ends.ipv6.contains(address),
            });
            let is_hit = is_given && ports.iter().all(|port| ends.ports.contains(port));
            let hit = is_hit.then(|| format!("{name} over IPv{version} between the ends given"));
            hit.into_iter().chain([format!("{name} {checksum:#x}")]).collect()
        };
        let message = |kind: String, quoted: Option<&[u8]>| {
            let quote = quoted.map(|quoted| {
                let quoted = opened(quoted);
                assert_eq!((quoted.version, quoted.addresses[0], quoted.place), (version, addresses[1], None));
                let is_whole = quoted.missing == 0;
                assert!(if is_whole {
                    is_right(quoted.protocol, quoted.upper, &quoted.pseudo)
                } else {
                    quoted.upper.len() >= 8
                });
                format!("IPv{version} quote, {}", if is_whole { "whole" } else { "cut" })
            });
            quote.into_iter().chain([format!("ICMPv{version} {kind}")]).collect()
        };
        match protocol {
            IpProtocol::UDP => {
                let udp = UdpDatagram::parse(upper).unwrap();
                transport("UDP", udp.checksum(), [udp.source_port(), udp.destination_port()])
            }
            IpProtocol::TCP => {
                let tcp = TcpSegment::parse(upper).unwrap();
                transport("TCP", tcp.checksum(), [tcp.source_port(), tcp.destination_port()])
            }
            IpProtocol::ICMP => {
                let icmp = Icmpv4Packet::parse(upper).unwrap();
                message(icmp.kind().to_string(), icmp.quoted())
            }
            IpProtocol::ICMPV6 => {
                let icmp = Icmpv6Packet::parse(upper).unwrap();
                message(icmp.kind().to_string(), icmp.quoted())
            }
            _ => Vec::new(),
        }
    }

    /// Whether what stands in a whole IP packet has the right checksum, and reads to its end.
    fn is_right(protocol: IpProtocol, upper: &[u8], pseudo: &PseudoHeader) -> bool {
        match protocol {
            IpProtocol::UDP => {
                let udp = UdpDatagram::parse(upper).unwrap();
                udp.checksum_is_valid(pseudo) && udp.trailer().is_empty()
            }
            IpProtocol::TCP => TcpSegment::parse(upper).unwrap().checksum_is_valid(pseudo),
            IpProtocol::ICMP => Icmpv4Packet::parse(upper).unwrap().checksum_is_valid(),
            IpProtocol::ICMPV6 => Icmpv6Packet::parse(upper).unwrap().checksum_is_valid(pseudo),
            IpProtocol::IGMP => IgmpPacket::parse(upper).unwrap().checksum_is_valid(),
            _ => true,
        }
    }

    /// What the module says of the packets it makes, and a caller's own ends.
    #[test]
    fn what_a_nat_gets_wrong_is_one_in_a_hundred_at_least() {
        let ends = Ends {
            ipv4: &[Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(203, 0, 113, 9)],
            ipv6: &[Ipv6Addr::LOCALHOST, Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9)],
            ports: &[7, 4242],
        };
        let (mut made, mut seen) = (0, std::collections::BTreeMap::new());
        for input in many_inputs(100_000) {
            let Ok(IpPacket(bytes)) = IpPacket::between(&ends, &mut Unstructured::new(&input)) else { continue };
            made += 1;
            kinds(&bytes, &ends).into_iter().for_each(|kind| *seen.entry(kind).or_insert(0) += 1);
        }
        assert!(made > 98_000, "{made}");
        let mut wanted = Vec::new();
        for version in [4, 6] {
            wanted.extend(["first", "middle", "last"].map(|place| format!("IPv{version} {place} fragment")));
            wanted.extend(["whole", "cut"].map(|what| format!("IPv{version} quote, {what}")));
            wanted.extend(["UDP", "TCP"].map(|what| format!("{what} over IPv{version} between the ends given")));
        }
        wanted.extend(["UDP 0x0", "UDP 0xffff", "TCP 0x0", "TCP 0xffff"].map(String::from));
        // IANA's "ICMPv6 type Numbers", as far as they are named here.
        let types = [1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 143, 155, 160, 161];
        wanted.extend(types.map(|kind| format!("ICMPv6 {}", Icmpv6Type(kind))));
        let seldom: Vec<_> =
            wanted.iter().filter(|kind| seen.get(*kind).is_none_or(|count| *count < made / 100)).collect();
        assert!(seldom.is_empty(), "{seldom:?} of {made}: {seen:?}");
    }

    #[test]
    fn messages_of_gtp_u_are_whole() {
        let mut seen = std::collections::BTreeMap::new();
        for input in inputs() {
            let Ok(GtpUPayload(bytes)) = GtpUPayload::arbitrary(&mut Unstructured::new(&input)) else { continue };
            let packet = crate::gtp_u::GtpUPacket::parse(&bytes[..]).unwrap();
            assert!(packet.trailer().is_empty() && packet.elements().all(|element| element.is_ok()));
            assert_eq!(packet.ip_version().is_some(), packet.kind() == GtpUType::G_PDU);
            *seen.entry((packet.kind().0, packet.extensions().count())).or_insert(0) += 1;
        }
        assert!(seen.len() == 12 && seen.values().all(|count| *count > 20), "{seen:?}");
    }

    #[test]
    fn nearly_is_another() {
        let (mut other, mut refused) = (0, 0);
        for input in inputs() {
            let Ok(Nearly(IpPacket(bytes))) = Nearly::<IpPacket>::arbitrary(&mut Unstructured::new(&input)) else {
                continue;
            };
            let IpPacket(good) = IpPacket::arbitrary(&mut Unstructured::new(&input)).unwrap();
            other += u32::from(bytes != good);
            refused += u32::from(Ipv4Packet::parse(&bytes[..]).is_err() && Ipv6Packet::parse(&bytes[..]).is_err());
        }
        assert!(other > 1700 && refused > 100, "{other} differ, {refused} are refused");
    }
}
