//! Packets to fuzz with (feature `arbitrary`): whole and right ones, and ones that are so but for a place or two.
//!
//! A fuzzer's bytes are hardly ever a packet; these always are, so that code behind a parser is reached. Their lengths and
//! checksums are right, each header parses to its end, and what they hold is up to the fuzzer. [`Nearly`] breaks what it is given in a
//! few places, as a fault on the wire, a bug or an attacker would. The other codec crates make theirs from these.
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
use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};

use crate::arp::ArpAddresses;
use crate::checksum::PseudoHeader;
use crate::esp::EspHeader;
use crate::ethernet::{EtherType, EthernetHeader, MacAddr};
use crate::gtp_u::{GtpU, GtpUExtension, GtpUExtensionType, GtpUType};
use crate::icmpv4::Icmpv4Header;
use crate::icmpv6::{Icmpv6Header, Icmpv6Type};
use crate::igmp::{IgmpMessage, IgmpType};
use crate::ip::IpProtocol;
use crate::ipv4::{Ipv4Header, Ipv4Option, Ipv4Options};
use crate::ipv6::Ipv6Header;
use crate::ipv6_extension::{FragmentHeader, Ipv6Option, Ipv6OptionType, prepend_options};
use crate::mld::MldMessage;
use crate::multicast::{GroupRecord, GroupRecords, SourceQuery, sources};
use crate::outer::Outer;
use crate::service_instance::ServiceInstanceHeader;
use crate::tcp::{TcpHeader, TcpOption, TcpOptions};
use crate::udp::{UdpChecksum, UdpHeader};
use crate::vlan::VlanHeader;
use crate::vn_tag::VnTagHeader;
use crate::wireguard::{CookieReply, DataHeader, Initiation, Response};
use crate::writer::Writer;
use crate::{Error, Headroom, LayerName, PacketBuffer};

/// The most payload that is made: a packet stays within the usual MTU.
const MAX_PAYLOAD: usize = 1200;
/// Room for all headers: Ethernet, two tags, an IPv6 header with two extensions of 40 and 8 bytes, a report of group records, which is
/// longer than TCP with its options.
const HEADERS: usize = 14 + 8 + 40 + 48 + 220;

/// An Ethernet frame, up to two VLAN tags, and in it ARP, an IP packet, or bytes under an EtherType that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Frame(pub Vec<u8>);

/// An IPv4 or IPv6 packet with or without options, and in it UDP, TCP, ICMP or bytes under a protocol that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IpPacket(pub Vec<u8>);

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
        packet(u, HEADERS, |u, packet| ip(u, packet).map(|_| ())).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Frame {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
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
                _ => ip(u, packet)?,
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

/// Any tunnel's outer headers, with Ethernet or without. Over IPv6 the checksum stays on (RFC 8200 §8.1).
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

/// Puts a transport and an IP header in front.
fn ip(u: &mut Unstructured<'_>, packet: &mut Headroom<'_>) -> Result<EtherType> {
    if u.arbitrary()? {
        let (source, destination): (Ipv4Addr, Ipv4Addr) = u.arbitrary()?;
        let pseudo = |protocol| PseudoHeader::ipv4(source, destination, protocol);
        let protocol = transport(u, packet, &pseudo, |u, packet| {
            if u.ratio(1, 2)? {
                // Read to its end: nothing is carried.
                packet.take_back(0);
                built(u.arbitrary::<IgmpMessage<'_>>()?.prepend(packet))?;
                return Ok(IpProtocol::IGMP);
            }
            built(Icmpv4Header::new(u.arbitrary()?).prepend(packet))?;
            Ok(IpProtocol::ICMP)
        })?;
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
        built(header.prepend(&options, packet))?;
        return Ok(EtherType::IPV4);
    }
    let (source, destination): (Ipv6Addr, Ipv6Addr) = u.arbitrary()?;
    let pseudo = |protocol| PseudoHeader::ipv6(source, destination, protocol);
    let mut next = transport(u, packet, &pseudo, |u, packet| {
        if u.ratio(1, 2)? {
            packet.take_back(0);
            built(u.arbitrary::<MldMessage<'_>>()?.prepend(&pseudo(IpProtocol::ICMPV6), packet))?;
            return Ok(IpProtocol::ICMPV6);
        }
        let kind = *u.choose(&[Icmpv6Type::ECHO_REQUEST, Icmpv6Type::ECHO_REPLY])?;
        built(packet.prepend_bytes(LayerName::ICMPV6, &u.arbitrary::<[u8; 4]>()?))?;
        built(Icmpv6Header::new(kind, 0).prepend(&pseudo(IpProtocol::ICMPV6), packet))?;
        Ok(IpProtocol::ICMPV6)
    })?;
    if u.ratio(1, 4)? {
        // A fragment that is whole (RFC 6946): what is in it is read.
        built(FragmentHeader::new(next, 0, false, u.arbitrary()?).prepend(packet))?;
        next = IpProtocol::FRAGMENT;
    }
    if u.ratio(1, 4)? {
        let mut options = options(
            u,
            38,
            1,
            |option: Ipv6Option<'_>, to| match option {
                // A jumbogram is over 65535 bytes, and Pad1 has no length.
                Ipv6Option::JumboPayload(_) | Ipv6Option::Other { kind: Ipv6OptionType::PAD1, .. } => Ok(()),
                other => other.write(to),
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
    built(header.prepend(packet))?;
    Ok(EtherType::IPV6)
}

/// Puts a transport's header in front, or none.
fn transport<'a>(
    u: &mut Unstructured<'a>,
    packet: &mut Headroom<'_>,
    pseudo: &dyn Fn(IpProtocol) -> PseudoHeader,
    icmp: impl FnOnce(&mut Unstructured<'a>, &mut Headroom<'_>) -> Result<IpProtocol>,
) -> Result<IpProtocol> {
    match u.int_in_range(0..=3)? {
        0 => {
            let header = UdpHeader::new(u.arbitrary()?, u.arbitrary()?);
            built(header.prepend(packet, UdpChecksum::Computed(pseudo(IpProtocol::UDP))))?;
            Ok(IpProtocol::UDP)
        }
        1 => {
            let options = options(
                u,
                40,
                4,
                |option: TcpOption<'_>, to| option.write(to),
                |bytes| TcpOptions::new(bytes).all(|option| option.is_ok()),
            )?;
            let header = TcpHeader::new(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?, u.arbitrary()?);
            built(header.prepend(&options, &pseudo(IpProtocol::TCP), packet))?;
            Ok(IpProtocol::TCP)
        }
        2 => icmp(u, packet),
        // For experiments (RFC 3692): nobody opens it.
        _ => Ok(IpProtocol(253)),
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
    use crate::ipv4::Ipv4Packet;
    use crate::ipv6::Ipv6Packet;

    /// Bytes as a fuzzer has them, the same each time.
    fn inputs() -> impl Iterator<Item = Vec<u8>> {
        let mut state = 1_u64;
        let mut byte = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..2000).map(move |_| (0..400).map(|_| byte()).collect())
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
