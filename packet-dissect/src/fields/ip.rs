//! The fields of IPv4, IPv6 with its extension headers, and ICMP.

use cilium_codec::dsr;
use ether_ip::icmpv4::{Icmpv4Message, Icmpv4Packet};
use ether_ip::icmpv6::{Icmpv6Message, Icmpv6Packet};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Option, Ipv4Packet};
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::{
    IpAuthentication, Ipv6Fragment, Ipv6Option, Ipv6OptionsHeader, Ipv6Routing, RoutingData,
};
use ether_ip::mld::MldMessage;
use ether_ip::ndp::{NdpMessage, NdpOption, NdpOptions};

use super::context::{Addresses, Context};
use super::group::Group;
use super::multicast;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor, Status};

#[inline]
pub(super) fn ipv4(ip: &Ipv4Packet<&[u8]>, is_quoted: bool, context: &mut Context, v: &mut impl FieldVisitor) {
    context.addresses = Some(Addresses::V4(ip.source(), ip.destination()));
    context.missing = match ip.total_length() {
        _ if is_quoted => 0,
        0 => context.cut,
        _ => ip.missing(),
    };
    // What is quoted whole can be verified as what is not.
    context.is_partial = ip.is_fragment() || ip.missing() > 0 || context.missing > 0;
    v.number(Field::IpVersion, ip.version());
    v.size(Field::IpHeaderLength, ip.header_len());
    v.number(Field::IpDscp, ip.dscp());
    v.number(Field::IpEcn, ip.ecn() as u8);
    // What a network card had yet to segment has no length of its own: the length it has here.
    let length = match ip.total_length() {
        0 => ip.header_len() + ip.payload().len() + context.cut,
        length => usize::from(length),
    };
    v.size(Field::IpLength, length);
    v.number(Field::IpId, ip.identification());
    v.flag(Field::IpReserved, ip.reserved_flag());
    v.flag(Field::IpDontFragment, ip.dont_fragment());
    v.flag(Field::IpMoreFragments, ip.more_fragments());
    v.size(Field::IpFragmentOffset, ip.fragment_offset() / 8);
    v.number(Field::IpTtl, ip.ttl());
    v.named(Field::IpProto, ip.protocol().0, ip.protocol().name());
    v.number(Field::IpChecksum, ip.checksum());
    v.checksum(Field::IpChecksumStatus, || Status::of(Some(ip.checksum_is_valid())));
    v.ipv4(Field::IpSource, ip.source());
    v.ipv4(Field::IpAddress, ip.source());
    v.ipv4(Field::IpDestination, ip.destination());
    v.ipv4(Field::IpAddress, ip.destination());
    if !ip.options_bytes().is_empty() {
        ipv4_options(ip, v);
    }
}

fn ipv4_options(ip: &Ipv4Packet<&[u8]>, v: &mut impl FieldVisitor) {
    if let Some(service) = dsr::in_ipv4_options(ip.options_bytes()) {
        v.words(Field::CiliumService, &service);
    }
    for option in ip.options().map_while(Result::ok) {
        let kind = option.kind();
        v.group(Group::IpOption, FieldValue::Number(kind.0.into()), kind.name(), |v| match option {
            Ipv4Option::RouterAlert(value) => v.number(Field::IpOptionAlert, value),
            Ipv4Option::Route { addresses, .. } => v.bytes(Field::IpOptionData, addresses.as_flattened()),
            Ipv4Option::Other { data, .. } => v.bytes(Field::IpOptionData, data),
            _ => {}
        });
    }
}

#[inline]
pub(super) fn ipv6(ip: &Ipv6Packet<&[u8]>, is_quoted: bool, context: &mut Context, v: &mut impl FieldVisitor) {
    context.addresses = Some(Addresses::V6(ip.source(), ip.destination()));
    context.missing = match (ip.payload_length(), ip.missing()) {
        _ if is_quoted => 0,
        (0, 0) => context.cut,
        (_, missing) => missing,
    };
    context.is_partial = ip.missing() > 0;
    v.number(Field::Ipv6Version, ip.version());
    v.number(Field::Ipv6TrafficClass, ip.traffic_class());
    v.number(Field::Ipv6Dscp, ip.dscp());
    v.number(Field::Ipv6Ecn, ip.ecn() as u8);
    v.number(Field::Ipv6FlowLabel, ip.flow_label());
    v.number(Field::Ipv6PayloadLength, ip.payload_length());
    v.named(Field::Ipv6Next, ip.next_header().0, ip.next_header().name());
    v.number(Field::Ipv6HopLimit, ip.hop_limit());
    v.ipv6(Field::Ipv6Source, ip.source());
    v.ipv6(Field::Ipv6Address, ip.source());
    v.ipv6(Field::Ipv6Destination, ip.destination());
    v.ipv6(Field::Ipv6Address, ip.destination());
}

pub(super) fn options_header(
    header: &Ipv6OptionsHeader<&[u8]>,
    [next, length]: [Field; 2],
    context: &mut Context,
    v: &mut impl FieldVisitor,
) {
    context.behind_options(header);
    v.named(next, header.next_header().0, header.next_header().name());
    v.size(length, header.header_len() / 8 - 1);
    if let Some(service) = dsr::in_ipv6_options(header.options_bytes()) {
        v.words(Field::CiliumService, &service);
    }
    for option in header.options().map_while(Result::ok) {
        let kind = option.kind();
        v.group(Group::Ipv6Option, FieldValue::Number(kind.0.into()), kind.name(), |v| match option {
            Ipv6Option::Pad1 => {}
            Ipv6Option::PadN(padding) => v.size(Field::Ipv6OptionLength, padding.len()),
            Ipv6Option::JumboPayload(length) => v.number(Field::Ipv6OptionJumbo, length),
            Ipv6Option::RouterAlert(value) => v.number(Field::Ipv6OptionAlert, value),
            Ipv6Option::TunnelEncapsulationLimit(limit) => v.bytes(Field::Ipv6OptionData, &[limit]),
            Ipv6Option::HomeAddress(address) => v.bytes(Field::Ipv6OptionData, &address.octets()),
            Ipv6Option::Other { data, .. } => v.bytes(Field::Ipv6OptionData, data),
            _ => {}
        });
    }
}

pub(super) fn routing(header: &Ipv6Routing<&[u8]>, context: &mut Context, v: &mut impl FieldVisitor) {
    context.behind_routing(header);
    v.named(Field::RoutingNext, header.next_header().0, header.next_header().name());
    v.size(Field::RoutingLength, header.header_len() / 8 - 1);
    v.named(Field::RoutingType, header.routing_type().0, header.routing_type().name());
    v.number(Field::RoutingSegmentsLeft, header.segments_left());
    match header.route() {
        RoutingData::Addresses(addresses) => {
            addresses.iter().for_each(|address| v.ipv6(Field::RoutingAddress, address));
        }
        RoutingData::SegmentRouting { segments, .. } => {
            segments.iter().for_each(|segment| v.ipv6(Field::RoutingSegment, segment));
        }
        _ => {}
    }
}

pub(super) fn fragment(header: &Ipv6Fragment<&[u8]>, context: &mut Context, v: &mut impl FieldVisitor) {
    context.is_partial |= !header.is_atomic();
    v.named(Field::FragmentNext, header.next_header().0, header.next_header().name());
    v.size(Field::FragmentOffset, header.fragment_offset() / 8);
    v.flag(Field::FragmentMore, header.more_fragments());
    v.number(Field::FragmentId, header.identification());
}

pub(super) fn authentication(header: &IpAuthentication<&[u8]>, v: &mut impl FieldVisitor) {
    v.named(Field::AhNext, header.next_header().0, header.next_header().name());
    v.size(Field::AhLength, header.header_len() / 4 - 2);
    v.number(Field::AhSpi, header.spi());
    v.number(Field::AhSequence, header.sequence());
    v.bytes(Field::AhIcv, header.integrity());
}

pub(super) fn icmpv4(packet: &Icmpv4Packet<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    v.named(Field::IcmpType, packet.kind().0, packet.kind().name());
    v.named(Field::IcmpCode, packet.code(), packet.kind().code_name(packet.code()));
    v.number(Field::IcmpChecksum, packet.checksum());
    v.checksum(Field::IcmpChecksumStatus, || Status::of((!context.is_partial).then(|| packet.checksum_is_valid())));
    match packet.message() {
        Icmpv4Message::EchoReply { identifier, sequence } | Icmpv4Message::EchoRequest { identifier, sequence } => {
            v.number(Field::IcmpIdentifier, identifier);
            v.number(Field::IcmpSequence, sequence);
        }
        Icmpv4Message::DestinationUnreachable { code: 4, next_hop_mtu, .. } => {
            v.number(Field::IcmpMtu, next_hop_mtu);
        }
        Icmpv4Message::Redirect { gateway, .. } => v.ipv4(Field::IcmpGateway, gateway),
        Icmpv4Message::ParameterProblem { pointer, .. } => v.number(Field::IcmpPointer, pointer),
        _ => {}
    }
}

pub(super) fn icmpv6(packet: &Icmpv6Packet<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    v.named(Field::Icmpv6Type, packet.kind().0, packet.kind().name());
    v.named(Field::Icmpv6Code, packet.code(), packet.kind().code_name(packet.code()));
    v.number(Field::Icmpv6Checksum, packet.checksum());
    let pseudo = context.pseudo_header(IpProtocol::ICMPV6);
    v.checksum(Field::Icmpv6ChecksumStatus, || Status::of(pseudo.map(|pseudo| packet.checksum_is_valid(&pseudo))));
    match packet.message() {
        Some(
            Icmpv6Message::EchoReply { identifier, sequence } | Icmpv6Message::EchoRequest { identifier, sequence },
        ) => {
            v.number(Field::Icmpv6Identifier, identifier);
            v.number(Field::Icmpv6Sequence, sequence);
        }
        Some(Icmpv6Message::PacketTooBig { mtu, .. }) => v.number(Field::Icmpv6Mtu, mtu),
        Some(Icmpv6Message::ParameterProblem { pointer, .. }) => v.number(Field::Icmpv6Pointer, pointer),
        _ => {}
    }
    if let Some(Ok((message, options))) = NdpMessage::parse(packet) {
        neighbour_discovery(&message, options, v);
    }
    if let Some(Ok(message)) = MldMessage::parse(packet) {
        multicast::mld(&message, packet.body(), v);
    }
}

fn neighbour_discovery(message: &NdpMessage, options: NdpOptions<'_>, v: &mut impl FieldVisitor) {
    match message {
        NdpMessage::RouterAdvertisement(router) => {
            v.number(Field::NdHopLimit, router.hop_limit);
            v.number(Field::NdRouterFlags, router.flags);
            v.number(Field::NdRouterLifetime, router.lifetime());
            v.number(Field::NdReachableTime, router.reachable_time());
            v.number(Field::NdRetransmission, router.retransmission_timer());
        }
        NdpMessage::NeighborSolicitation(neighbor) => v.ipv6(Field::NdSolicitationTarget, neighbor.target()),
        NdpMessage::NeighborAdvertisement(neighbor) => {
            v.number(Field::NdAdvertisementFlags, u32::from(neighbor.flags) << 24);
            v.ipv6(Field::NdAdvertisementTarget, neighbor.target());
        }
        NdpMessage::Redirect(redirect) => {
            v.ipv6(Field::NdRedirectTarget, redirect.target());
            v.ipv6(Field::NdRedirectDestination, redirect.destination());
        }
        _ => {}
    }
    for option in options.map_while(Result::ok) {
        let kind = option.kind();
        v.group(Group::NdOption, FieldValue::Number(kind.0.into()), kind.name(), |v| match option {
            NdpOption::SourceLinkLayer(address) | NdpOption::TargetLinkLayer(address) => {
                v.mac(Field::NdOptionLinkAddress, address);
            }
            NdpOption::PrefixInformation(prefix) => {
                v.number(Field::NdOptionPrefixLength, prefix.prefix_length);
                v.ipv6(Field::NdOptionPrefix, prefix.prefix());
            }
            NdpOption::Mtu { mtu, .. } => v.number(Field::NdOptionMtu, mtu),
            _ => {}
        });
    }
}
