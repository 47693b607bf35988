//! Packets built again: every layer from its typed values, compared with the bytes it was read from.

use core::net::IpAddr;
use core::ops::Range;
use std::vec::Vec;

use bgp_codec::MessageType;
use bgp_codec::bmp::BMP;
use bgp_codec::header::{MESSAGE, MessageHeader};
use ether_ip::checksum::PseudoHeader;
use ether_ip::esp::{ESP, EspHeader, EspInUdp};
use ether_ip::ethernet::EthernetHeader;
use ether_ip::gre::Gre;
use ether_ip::gtp_u::{GTP_U_ELEMENT, GtpU, GtpUPacket, GtpUType};
use ether_ip::icmpv4::Icmpv4Header;
use ether_ip::icmpv6::{Icmpv6Header, Icmpv6Packet};
use ether_ip::igmp::IgmpMessage;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::ipv6_extension::{
    AuthenticationHeader, FragmentHeader, Ipv6Option, Ipv6OptionsHeader, Ipv6Routing, RoutingHeader, prepend_options,
};
use ether_ip::llc::{LlcHeader, SnapHeader};
use ether_ip::mld::MldMessage;
use ether_ip::mpls::MplsLabel;
use ether_ip::multicast::{GROUP_RECORD, GroupRecords};
use ether_ip::ndp::NdpMessage;
use ether_ip::ppp::{CiscoHdlcHeader, PppoeHeader};
use ether_ip::service_instance::ServiceInstanceHeader;
use ether_ip::tcp::TcpHeader;
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::vlan::VlanHeader;
use ether_ip::vn_tag::VnTagHeader;
use ether_ip::wireguard::{CookieReply, DataHeader, Initiation, Response, WIREGUARD, WireGuardMessage};
use ether_ip::writer::Writer;
use ether_ip::zerocopy::IntoBytes;
use ether_ip::{Error, Headroom, LayerName, PacketBuffer};
use geneve_codec::GeneveHeader;
use vxlan_codec::VxlanHeader;
use vxlan_codec::gpe::GpeHeader;
use weave_codec::SleeveHeader;

use crate::{Layer, Packet};

/// What came of building a packet again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Layers that came out the same from their typed values, lengths and checksums computed anew.
    pub built: usize,
    /// Layers that are odd (a wrong checksum, a length cut short, a reserved bit) and came out the same with the header
    /// kept as it was.
    pub kept: usize,
    /// Layers that came out different.
    pub different: usize,
    /// Whether the whole packet came out the same, byte for byte.
    pub is_same: bool,
}

/// Builds a packet again, layer by layer, and compares.
///
/// ```
/// use packet_dissect::{LinkType, Packet, verify::verify};
///
/// # let bytes = [0x45, 0, 0, 20, 0, 0, 0x40, 0, 64, 99, 0xb6, 0x83, 192, 0, 2, 1, 192, 0, 2, 2];
/// let verdict = verify(&Packet::new(LinkType::RAW, &bytes));
/// assert_eq!((verdict.built, verdict.kept, verdict.is_same), (1, 0, true));
/// ```
#[must_use]
pub fn verify(packet: &Packet<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut whole = Vec::with_capacity(packet.bytes().len());
    let mut scratch = vec![0; packet.bytes().len() + 512];
    let mut addresses = None;
    let mut layers = packet.layers();
    while let Some(Ok(layer)) = layers.next() {
        let range = layers.range();
        let read = packet.bytes().get(range.start..end(&layer, &range)).unwrap_or_default();
        match &layer {
            Layer::Ipv4(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Ipv6(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::DestinationOptions(header) => addresses = addresses.map(|ends| behind_options(header, ends)),
            Layer::Routing(header) => addresses = addresses.map(|ends| behind_routing(header, ends)),
            _ => {}
        }
        let pseudo =
            |protocol| addresses.and_then(|(source, destination)| PseudoHeader::ip(source, destination, protocol));
        let payload = payload(&layer, layers.rest());
        let mut attempt = |build: &dyn Fn(&mut Headroom<'_>) -> Option<()>| {
            let mut built = Headroom::with_payload(&mut scratch, payload).ok()?;
            build(&mut built)?;
            (built.packet().strip_suffix(payload)? == read).then_some(())
        };
        let is_same = if attempt(&|built| from_values(&layer, &pseudo, built)).is_some() {
            verdict.built += 1;
            true
        } else if attempt(&|built| as_it_was(&layer, built)).is_some() {
            verdict.kept += 1;
            true
        } else {
            verdict.different += 1;
            false
        };
        // Layers stand back to back; what was built takes its place in the whole.
        if is_same && range.start == whole.len() {
            whole.extend_from_slice(read);
        }
    }
    // Padding behind inner packets, what an error left unread: nobody's header.
    whole.extend_from_slice(packet.bytes().get(whole.len()..).unwrap_or_default());
    verdict.is_same = verdict.different == 0 && whole == packet.bytes();
    verdict
}

/// The addresses that an upper layer's checksum is over, behind destination options that may have a home address (RFC 6275 §6.3).
fn behind_options(header: &Ipv6OptionsHeader<&[u8]>, (source, destination): (IpAddr, IpAddr)) -> (IpAddr, IpAddr) {
    //= RFC 6275 §9.3.1/exchange
    let home = header.options().flatten().find_map(|option| match option {
        Ipv6Option::HomeAddress(home) => Some(home.into()),
        _ => None,
    });
    (home.unwrap_or(source), destination)
}

/// The same behind a routing header, whose last segment is where the packet goes (RFC 8200 §8.1).
fn behind_routing(header: &Ipv6Routing<&[u8]>, (source, destination): (IpAddr, IpAddr)) -> (IpAddr, IpAddr) {
    let last = match destination {
        IpAddr::V6(destination) => header.final_destination(destination).map(IpAddr::V6),
        IpAddr::V4(_) => None,
    };
    (source, last.unwrap_or(destination))
}

fn from_wireguard(message: &WireGuardMessage<'_>, built: &mut Headroom<'_>) -> Option<()> {
    match *message {
        WireGuardMessage::Initiation(of) => {
            let mut message = Initiation::new(of.sender());
            (message.ephemeral, message.sealed_static) = (of.ephemeral, of.sealed_static);
            message.sealed_timestamp = of.sealed_timestamp;
            (message.mac1, message.mac2) = (of.mac1, of.mac2);
            built.prepend_bytes(WIREGUARD, message.as_bytes()).ok()
        }
        WireGuardMessage::Response(of) => {
            let mut message = Response::new(of.sender(), of.receiver());
            (message.ephemeral, message.sealed_empty) = (of.ephemeral, of.sealed_empty);
            (message.mac1, message.mac2) = (of.mac1, of.mac2);
            built.prepend_bytes(WIREGUARD, message.as_bytes()).ok()
        }
        WireGuardMessage::CookieReply(of) => {
            let mut message = CookieReply::new(of.receiver());
            (message.nonce, message.sealed_cookie) = (of.nonce, of.sealed_cookie);
            built.prepend_bytes(WIREGUARD, message.as_bytes()).ok()
        }
        WireGuardMessage::Data(of, sealed) => {
            built.prepend_with(WIREGUARD, DataHeader::new(of.receiver(), of.counter()), sealed).ok()
        }
    }
}

fn from_gtp_u(packet: &GtpUPacket<&[u8]>, built: &mut Headroom<'_>) -> Option<()> {
    if packet.kind() != GtpUType::G_PDU {
        let elements = written(packet.elements(), |element, to| element.write(to))?;
        built.prepend_bytes(GTP_U_ELEMENT, &elements).ok()?;
    }
    let message = GtpU {
        kind: packet.kind(),
        teid: packet.teid(),
        sequence: packet.sequence(),
        npdu_number: packet.npdu_number(),
        extensions: &packet.extensions().collect::<Vec<_>>(),
    };
    message.prepend(built).ok()
}

/// What a layer's header goes in front of: what is read next, but for ICMP, whose checksum covers more than the quote in it, and
/// which may be read to its end.
fn payload<'a>(layer: &Layer<'a>, rest: &'a [u8]) -> &'a [u8] {
    match *layer {
        Layer::Icmpv4(view) => view.into_payload(),
        Layer::GtpU(view) if view.kind() != GtpUType::G_PDU => &[],
        Layer::Icmpv6(view) if is_read_to_its_end(&view) => &[],
        Layer::Icmpv6(view) => view.into_data().unwrap_or_else(|| view.into_body()),
        _ => rest,
    }
}

/// Where it ends: before what is read next, but for neighbour discovery, which is built with the packet that a redirect quotes.
fn end(layer: &Layer<'_>, range: &Range<usize>) -> usize {
    match layer {
        Layer::Icmpv6(view) if is_read_to_its_end(view) => range.start + 4 + view.body().len(),
        _ => range.end,
    }
}

/// Builds the layer from what its accessors say.
fn from_values(
    layer: &Layer<'_>,
    pseudo: &dyn Fn(IpProtocol) -> Option<PseudoHeader>,
    built: &mut Headroom<'_>,
) -> Option<()> {
    match layer {
        Layer::Ethernet(frame) => {
            EthernetHeader::new(frame.destination(), frame.source(), frame.ether_type()).prepend(built).ok()
        }
        Layer::Vlan(tag) => {
            let mut header = VlanHeader::new(tag.id(), tag.ether_type());
            header.set_priority(tag.priority());
            header.set_drop_eligible(tag.drop_eligible());
            header.prepend(built).ok()
        }
        Layer::Ppp(packet) => packet.header().prepend(built).ok(),
        Layer::Pppoe(packet) => {
            let header = PppoeHeader::new(packet.session());
            if packet.code() == 0 { header.prepend(built).ok() } else { as_it_was(layer, built) }
        }
        Layer::CiscoHdlc(packet) => CiscoHdlcHeader::new(packet.protocol()).prepend(built).ok(),
        Layer::VnTag(tag) => {
            let (to, from) = (tag.destination_interface(), tag.source_interface());
            let mut header = VnTagHeader::new(to, from, tag.ether_type());
            header.set_flags(tag.is_from_bridge(), tag.is_list(), tag.is_looped());
            header.prepend(built).ok()
        }
        Layer::ServiceInstance(tag) => {
            let (destination, source) = (tag.destination(), tag.source());
            let mut header = ServiceInstanceHeader::new(tag.id(), destination, source, tag.ether_type());
            header.set_priority(tag.priority(), tag.drop_eligible());
            header.set_use_customer_addresses(tag.use_customer_addresses());
            header.prepend(built).ok()
        }
        Layer::Arista(stamp) => stamp.header().prepend(stamp.timestamp(), stamp.ether_type(), built).ok(),
        Layer::Llc(pdu) => {
            if let Some(second) = pdu.second_control() {
                built.prepend_bytes(LayerName::LLC, &[second]).ok()?;
            }
            let mut header = LlcHeader::new(pdu.destination(), pdu.source());
            header.set_control(pdu.control());
            header.prepend(built).ok()
        }
        Layer::Snap(pdu) => SnapHeader::with_oui(pdu.oui(), pdu.protocol()).prepend(built).ok(),
        Layer::Arp(arp) => match arp.addresses() {
            Some(addresses) => addresses.prepend(arp.operation(), built).ok(),
            None => arp.header().prepend(arp.raw_addresses(), built).ok(),
        },
        Layer::Mpls(stack) => stack.labels().iter().rev().try_for_each(|label| {
            let mut entry = MplsLabel::new(label.label(), label.ttl(), label.is_bottom());
            entry.set_traffic_class(label.traffic_class());
            entry.prepend(built).ok()
        }),
        Layer::Ipv4(ip) => {
            let mut header = Ipv4Header::new(ip.source(), ip.destination(), ip.protocol());
            header.set_dscp(ip.dscp());
            header.set_ecn(ip.ecn());
            header.set_identification(ip.identification());
            header.set_reserved_flag(ip.reserved_flag());
            header.set_dont_fragment(ip.dont_fragment());
            header.set_more_fragments(ip.more_fragments());
            header.set_fragment_offset(ip.fragment_offset() as u16);
            header.set_ttl(ip.ttl());
            let options = written(ip.options(), |option, to| option.write(to))?;
            header.prepend(&options, built).ok()
        }
        Layer::Ipv6(ip) => {
            let mut header = Ipv6Header::new(ip.source(), ip.destination(), ip.next_header());
            header.set_traffic_class(ip.traffic_class());
            header.set_flow_label(ip.flow_label());
            header.set_hop_limit(ip.hop_limit());
            header.prepend(built).ok()
        }
        Layer::HopByHop(header) => options_header(header, LayerName::HOP_BY_HOP, built),
        Layer::DestinationOptions(header) => options_header(header, LayerName::DESTINATION_OPTIONS, built),
        Layer::Routing(header) => {
            RoutingHeader::new(header.next_header(), header.routing_type(), header.segments_left())
                .prepend(header.data(), built)
                .ok()
        }
        Layer::Fragment(header) => {
            let offset = header.fragment_offset() as u16;
            let more = header.more_fragments();
            FragmentHeader::new(header.next_header(), offset, more, header.identification()).prepend(built).ok()
        }
        Layer::Authentication(header) => {
            AuthenticationHeader::new(header.next_header(), header.spi(), header.sequence())
                .prepend(header.integrity(), built)
                .ok()
        }
        Layer::Udp(datagram) => {
            let checksum = match (datagram.checksum(), pseudo(IpProtocol::UDP)) {
                (0, _) | (_, None) => UdpChecksum::Zero,
                (_, Some(pseudo)) => UdpChecksum::Computed(pseudo),
            };
            UdpHeader::new(datagram.source_port(), datagram.destination_port()).prepend(built, checksum).ok()
        }
        Layer::Tcp(segment) => {
            let (from, to) = (segment.source_port(), segment.destination_port());
            let mut header = TcpHeader::new(from, to, segment.sequence(), segment.flags());
            header.set_acknowledgment(segment.acknowledgment());
            header.set_window(segment.window());
            header.set_urgent_pointer(segment.urgent_pointer());
            let options = written(segment.options(), |option, to| option.write(to))?;
            let pseudo = pseudo(IpProtocol::TCP)?;
            header.prepend(&options, &pseudo, built).ok()
        }
        Layer::Icmpv4(packet) => Icmpv4Header::new(packet.message()).prepend(built).ok(),
        Layer::Icmpv6(packet) => {
            let pseudo = pseudo(IpProtocol::ICMPV6)?;
            match (packet.message(), NdpMessage::parse(packet)) {
                (Some(message), _) => message.prepend(&pseudo, built).ok(),
                (None, Some(Ok((message, options)))) if packet.code() == 0 => {
                    let options = written(options, |option, to| option.write(to))?;
                    built.prepend_bytes(LayerName::NDP_OPTION, &options).ok()?;
                    message.prepend(&pseudo, built).ok()
                }
                _ => match MldMessage::parse(packet) {
                    Some(Ok(MldMessage::ReportV2(records))) => {
                        rewritten(records, |records| MldMessage::ReportV2(records).prepend(&pseudo, built).ok())
                    }
                    Some(Ok(message)) => message.prepend(&pseudo, built).ok(),
                    _ => Icmpv6Header::new(packet.kind(), packet.code()).prepend(&pseudo, built).ok(),
                },
            }
        }
        Layer::Igmp(packet) => match IgmpMessage::parse(packet).ok()? {
            IgmpMessage::ReportV3(records) => {
                rewritten(records, |records| IgmpMessage::ReportV3(records).prepend(built).ok())
            }
            message => message.prepend(built).ok(),
        },
        Layer::Gre(packet) if packet.version() == 0 && !packet.has_routing() => {
            let checksum = packet.checksum().is_some();
            let (key, sequence) = (packet.key(), packet.sequence());
            Gre { protocol_type: packet.protocol_type(), checksum, key, sequence }.prepend(built).ok()
        }
        Layer::Esp(packet) => {
            built.prepend_with(ESP, EspHeader::new(packet.spi(), packet.sequence()), packet.payload()).ok()
        }
        Layer::EspInUdp(EspInUdp::Esp(_)) => Some(()),
        Layer::EspInUdp(EspInUdp::Ike(_)) => built.prepend_bytes(ESP, &[0; 4]).ok(),
        Layer::EspInUdp(EspInUdp::Keepalive) => built.prepend_bytes(ESP, &[0xff]).ok(),
        Layer::GtpU(packet) => from_gtp_u(packet, built),
        Layer::WireGuard(message) => from_wireguard(message, built),
        Layer::Vxlan(packet) => {
            let mut header = VxlanHeader::new(packet.vni());
            header.set_group_policy(packet.group_policy());
            header.prepend(built).ok()
        }
        Layer::VxlanGpe(packet) => {
            let mut header = GpeHeader::new(packet.vni(), packet.next_protocol());
            header.set_replicated(packet.is_replicated());
            header.set_oam(packet.is_oam());
            header.prepend(built).ok()
        }
        Layer::Geneve(packet) => {
            let mut header = GeneveHeader::new(packet.vni(), packet.protocol_type());
            header.set_oam(packet.is_oam());
            let options = written(packet.options(), |option, to| option.write(to))?;
            header.prepend(&options, built).ok()
        }
        Layer::FlannelUdp(_) => Some(()),
        Layer::Sleeve(packet) => {
            built.prepend_with(weave_codec::SLEEVE, SleeveHeader::new(packet.sender()), packet.body()).ok()
        }
        Layer::Bgp(messages) => messages.into_iter().collect::<Vec<_>>().iter().rev().try_for_each(|message| {
            let header = MessageHeader::new(MessageType(message.kind), message.length);
            built.prepend_with(MESSAGE, header, message.body).ok()
        }),
        Layer::Bmp(messages) => messages.into_iter().collect::<Vec<_>>().iter().rev().try_for_each(|message| {
            let [a, b, c, d] = (6 + message.body().len() as u32).to_be_bytes();
            built.prepend_with(BMP, [message.version, a, b, c, d, message.kind.0], message.body()).ok()
        }),
        layer => as_it_was(layer, built),
    }
}

/// Builds the layer with its bytes kept as they were read, be they right or not.
fn as_it_was(layer: &Layer<'_>, built: &mut Headroom<'_>) -> Option<()> {
    let [header, tail] = match layer {
        Layer::GtpU(view) if view.kind() == GtpUType::G_PDU => [view.header().as_bytes(), view.fields_bytes()],
        Layer::GtpU(view) => [view.header().as_bytes(), view.body()],
        Layer::Icmpv6(view) if is_read_to_its_end(view) => [view.header().as_bytes(), view.body()],
        Layer::Icmpv6(view) => {
            let before_data = view.data().map_or(&[][..], |data| view.body().strip_suffix(data).unwrap_or_default());
            [view.header().as_bytes(), before_data]
        }
        layer => layer.pieces()?,
    };
    built.prepend_bytes(LayerName::PACKET, tail).ok()?;
    built.prepend_bytes(LayerName::PACKET, header).ok()
}

/// Whether the message is one of neighbour discovery or of multicast listeners, which is read to its end.
fn is_read_to_its_end(packet: &Icmpv6Packet<&[u8]>) -> bool {
    matches!(NdpMessage::parse(packet), Some(Ok(_))) || matches!(MldMessage::parse(packet), Some(Ok(_)))
}

/// Group records, written one by one from their values.
fn rewritten<const N: usize>(
    records: GroupRecords<'_, N>,
    prepend: impl FnOnce(GroupRecords<'_, N>) -> Option<()>,
) -> Option<()> {
    let mut bytes = vec![0; records.bytes().len()];
    let mut writer = Writer::new(GROUP_RECORD, &mut bytes);
    records.iter().try_for_each(|record| record.ok()?.write(&mut writer).ok())?;
    prepend(GroupRecords::of(writer.written()).ok()?)
}

fn options_header(header: &Ipv6OptionsHeader<&[u8]>, layer: LayerName, built: &mut Headroom<'_>) -> Option<()> {
    let options = written(header.options(), |option, to| option.write(to))?;
    prepend_options(layer, header.next_header(), &options, built).ok()
}

/// Options, written one by one from their values.
fn written<T>(
    options: impl Iterator<Item = Result<T, Error>>,
    write: impl Fn(&T, &mut Writer<'_>) -> Result<(), Error>,
) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for option in options {
        let mut one = [0; 2048];
        let mut one = Writer::new(LayerName::PACKET, &mut one);
        write(&option.ok()?, &mut one).ok()?;
        bytes.extend(one.written());
    }
    Some(bytes)
}
