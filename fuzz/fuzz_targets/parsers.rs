//! Every header's parser on the same bytes: what is parsed and what it carries lie inside of them, in a row, and can be shown.
#![no_main]

use ether_ip::arista::AristaTimestamp;
use ether_ip::arp::ArpPacket;
use ether_ip::capture_link::{BsdLoopbackPacket, LinuxCooked2Packet, LinuxCookedPacket};
use ether_ip::esp::EspPacket;
use ether_ip::ethernet::EthernetFrame;
use ether_ip::gre::GrePacket;
use ether_ip::gtp_u::GtpUPacket;
use ether_ip::icmpv4::Icmpv4Packet;
use ether_ip::icmpv6::Icmpv6Packet;
use ether_ip::igmp::{IgmpMessage, IgmpPacket};
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::{Extensions, IpAuthentication, Ipv6Fragment, Ipv6OptionsHeader, Ipv6Routing};
use ether_ip::llc::{LlcPdu, SnapPdu};
use ether_ip::mld::MldMessage;
use ether_ip::mpls::MplsStack;
use ether_ip::ndp::NdpMessage;
use ether_ip::nflog::NflogPacket;
use ether_ip::ppp::{CiscoHdlcPacket, PppPacket, PppoePacket};
use ether_ip::service_instance::ServiceInstanceTag;
use ether_ip::sflow::SflowDatagram;
use ether_ip::tcp::TcpSegment;
use ether_ip::udp::UdpDatagram;
use ether_ip::vlan::VlanTag;
use ether_ip::vn_tag::VnTag;
use ether_ip::wireguard::WireGuardMessage;
use ether_ip::{LayerName, flow};
use flannel_udp_codec::FlannelFrame;
use geneve_codec::GenevePacket;
use libfuzzer_sys::fuzz_target;
use vxlan_codec::VxlanPacket;
use vxlan_codec::gpe::GpePacket;
use weave_codec::{EncryptedBody, SleevePacket};

fuzz_target!(|bytes: &[u8]| {
    macro_rules! parse {
        ($($view:ident.$carried:ident),* $(,)?) => {$(
            if let Ok(view) = $view::parse(bytes) {
                assert!(!format!("{view:?}").is_empty());
                assert!(is_inside(bytes, view.$carried()), stringify!($view));
            }
        )*};
    }
    parse!(
        AristaTimestamp.into_payload,
        LinuxCookedPacket.into_payload,
        LinuxCooked2Packet.into_payload,
        BsdLoopbackPacket.into_payload,
        EthernetFrame.into_payload,
        VlanTag.into_payload,
        VnTag.into_payload,
        ServiceInstanceTag.into_payload,
        PppPacket.payload,
        PppoePacket.into_payload,
        CiscoHdlcPacket.into_payload,
        LlcPdu.into_payload,
        SnapPdu.into_payload,
        MplsStack.into_payload,
        Ipv4Packet.into_payload,
        Ipv6Packet.into_payload,
        Ipv6Routing.into_payload,
        Ipv6Fragment.into_payload,
        IpAuthentication.into_payload,
        UdpDatagram.into_payload,
        TcpSegment.into_payload,
        Icmpv4Packet.into_payload,
        Icmpv6Packet.into_body,
        IgmpPacket.into_payload,
        GrePacket.into_payload,
        GtpUPacket.into_payload,
        EspPacket.into_payload,
        VxlanPacket.into_payload,
        GpePacket.into_payload,
        GenevePacket.into_payload,
        SleevePacket.into_body,
    );
    if let Ok(packet) = NflogPacket::parse_lax(bytes) {
        // An attribute takes four bytes at least.
        assert!(packet.attributes().count() <= bytes.len() / 4);
        assert!(packet.payload().is_none_or(|payload| is_inside(bytes, payload)));
        assert!(bytes.starts_with(packet.front()) && !format!("{packet:?}").is_empty());
    }
    if let Ok(datagram) = SflowDatagram::parse(bytes) {
        assert!(datagram.samples().count() <= bytes.len() / 8);
        for flow in datagram.samples().flatten().filter_map(|sample| sample.flow()?.ok()) {
            for header in flow.records().flatten().filter_map(|record| record.header()?.ok()) {
                assert!(is_inside(bytes, header.bytes));
            }
        }
    }
    if let Ok(message) = WireGuardMessage::parse(bytes) {
        assert_eq!(WireGuardMessage::parse_lax(bytes), Ok(message));
        if let WireGuardMessage::Data(_, sealed) = message {
            assert_eq!(sealed.len() + 16, bytes.len());
        }
    }
    for layer in [LayerName::HOP_BY_HOP, LayerName::DESTINATION_OPTIONS] {
        if let Ok(header) = Ipv6OptionsHeader::parse(bytes, layer) {
            // An option takes a byte at least.
            assert!(header.options().count() <= bytes.len());
            assert!(is_inside(bytes, header.into_payload()));
        }
    }
    if let Ok(packet) = Ipv4Packet::parse(bytes) {
        // The total length is the header's and the payload's.
        let len = packet.header_len() + packet.payload().len();
        assert!(len <= bytes.len() && (packet.total_length() == 0 || len <= usize::from(packet.total_length())));
        assert!(packet.options().count() <= 40);
    }
    if let Ok(packet) = TcpSegment::parse(bytes) {
        assert!(packet.options().count() <= 40 && packet.header_len() + packet.payload().len() == bytes.len());
    }
    if let Ok(packet) = GenevePacket::parse(bytes) {
        assert!(packet.options().count() <= 63 && packet.header_len() + packet.payload().len() == bytes.len());
    }
    if let Ok(packet) = ArpPacket::parse(bytes) {
        assert!(is_inside(bytes, packet.raw_addresses()));
    }
    if let Ok(packet) = Icmpv6Packet::parse(bytes) {
        if let Some(Ok((_, options))) = NdpMessage::parse(&packet) {
            assert!(options.count() <= bytes.len() / 8);
        }
        match MldMessage::parse(&packet) {
            // A record has 20 bytes at least, and the last one may be broken.
            Some(Ok(MldMessage::ReportV2(records))) => assert!(records.iter().count() <= bytes.len() / 20 + 1),
            Some(Ok(MldMessage::QueryV2 { query, .. })) => assert!(is_inside(bytes, query.sources.as_flattened())),
            _ => {}
        }
    }
    if let Ok(packet) = IgmpPacket::parse(bytes) {
        match IgmpMessage::parse(&packet) {
            Ok(IgmpMessage::ReportV3(records)) => assert!(records.iter().count() <= bytes.len() / 8 + 1),
            Ok(IgmpMessage::QueryV3 { query, .. }) => assert!(is_inside(bytes, query.sources.as_flattened())),
            _ => {}
        }
    }
    if let Ok(packet) = GtpUPacket::parse(bytes) {
        let len = 8 + packet.fields_bytes().len() + packet.payload().len() + packet.trailer().len();
        assert!(len == bytes.len() && packet.missing() == 0 && packet.extensions().count() <= bytes.len() / 4);
        assert!(packet.elements().count() <= bytes.len());
    }
    if let Some((first, rest)) = bytes.split_first() {
        let mut extensions = Extensions::new((*first).into(), rest);
        assert!(extensions.by_ref().count() <= rest.len() / 8 + 1);
    }
    if let Ok(body) = EncryptedBody::parse(bytes) {
        assert_eq!(body.sealed.len() + 8, bytes.len());
    }
    if let Ok(frame) = FlannelFrame::parse(bytes) {
        assert_eq!(usize::from(frame.total_length()), bytes.len());
    }
    // The same flow gives the same port, whatever the payload.
    assert_eq!(flow::entropy(bytes), flow::entropy(&bytes.to_vec()));
});

fn is_inside(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty()
        || (whole.as_ptr_range().start <= part.as_ptr() && part.as_ptr_range().end <= whole.as_ptr_range().end)
}
