//! Beside etherparse: what both accept of Ethernet, VLAN, IP and its transport must mean the same.
//!
//! Where the two differ, and who is right:
//! - a UDP length of 0 over IPv4: etherparse takes the rest of the packet, as for a jumbogram; RFC 768 has 8 for the least: an error here;
//! - IPv6 payload length 0 without a jumbo option: etherparse takes the rest; RFC 8200 §3 says that nothing follows;
//! - the authentication header behind IPv4 (RFC 4302): both skip it; etherparse calls what follows the packet's protocol;
//! - IPv6 extension headers in another order than RFC 8200 §4.1's: etherparse stops at them, §4 has them all processed.
#![no_main]

use ether_ip::arbitrary::{Frame, Nearly};
use ether_ip::ip::IpProtocol;
use etherparse::{LinkExtSlice, NetSlice, SlicedPacket, TransportSlice};
use libfuzzer_sys::fuzz_target;
use packet_dissect::{Layer, LinkType, layers};

#[derive(Debug, arbitrary::Arbitrary)]
enum Input<'a> {
    Whole(Frame),
    Nearly(Nearly<Frame>),
    Any(&'a [u8]),
}

fuzz_target!(|input: Input<'_>| {
    let bytes = match &input {
        Input::Whole(Frame(bytes)) | Input::Nearly(Nearly(Frame(bytes))) => bytes,
        Input::Any(bytes) => *bytes,
    };
    let Ok(theirs) = SlicedPacket::from_ethernet(bytes) else { return };
    let mut exts = theirs.link_exts.iter();
    let (mut has_ethernet, mut has_ip) = (false, false);
    for layer in layers(LinkType::ETHERNET, bytes) {
        let Ok(layer) = layer else { return };
        match layer {
            Layer::Ethernet(ours) => {
                // One inside of another layer etherparse does not open.
                if std::mem::replace(&mut has_ethernet, true) {
                    return;
                }
                let Some(etherparse::LinkSlice::Ethernet2(theirs)) = &theirs.link else { panic!("no Ethernet") };
                assert_eq!(ours.destination().0, theirs.destination());
                assert_eq!(ours.source().0, theirs.source());
                assert_eq!(ours.ether_type().0, theirs.ether_type().0);
            }
            Layer::Vlan(ours) => {
                // etherparse opens three at most, and 0x9100 too.
                let Some(LinkExtSlice::Vlan(theirs)) = exts.next() else { return };
                assert_eq!(ours.id(), theirs.vlan_identifier().value());
                assert_eq!(ours.priority(), theirs.priority_code_point().value());
                assert_eq!(ours.drop_eligible(), theirs.drop_eligible_indicator());
                assert_eq!(ours.ether_type().0, theirs.ether_type().0);
            }
            Layer::Arp(ours) => {
                let Some(NetSlice::Arp(theirs)) = &theirs.net else { return };
                assert_eq!(ours.operation().0, theirs.operation().0);
                if let Some(of) = ours.addresses() {
                    assert_eq!(&of.sender_hardware.0[..], theirs.sender_hw_addr());
                    assert_eq!(&of.target_protocol().octets()[..], theirs.target_protocol_addr());
                }
                return;
            }
            Layer::Ipv4(ours) if !has_ip => {
                has_ip = true;
                let Some(NetSlice::Ipv4(theirs)) = &theirs.net else { return };
                let header = theirs.header();
                assert_eq!((ours.source(), ours.destination()), (header.source_addr(), header.destination_addr()));
                assert_eq!((ours.ttl(), ours.protocol().0), (header.ttl(), header.protocol().0));
                assert_eq!((ours.dscp(), ours.ecn() as u8), (header.dcp().value(), header.ecn().value()));
                assert_eq!(ours.identification(), header.identification());
                assert_eq!(ours.fragment_offset(), usize::from(header.fragments_offset().byte_offset()));
                assert_eq!(
                    (ours.more_fragments(), ours.dont_fragment()),
                    (header.more_fragments(), header.dont_fragment())
                );
                assert_eq!((ours.checksum(), ours.options_bytes()), (header.header_checksum(), header.options()));
                if ours.protocol() != IpProtocol::AUTHENTICATION {
                    assert_eq!(ours.payload(), theirs.payload().payload);
                }
            }
            Layer::Ipv6(ours) if !has_ip => {
                has_ip = true;
                let Some(NetSlice::Ipv6(theirs)) = &theirs.net else { return };
                let header = theirs.header();
                assert_eq!((ours.source(), ours.destination()), (header.source_addr(), header.destination_addr()));
                assert_eq!((ours.hop_limit(), ours.next_header().0), (header.hop_limit(), header.next_header().0));
                assert_eq!(ours.flow_label(), header.flow_label().value());
                assert_eq!(u16::from(ours.traffic_class()), u16::from(header.traffic_class()));
                if ours.payload_length() == 0 {
                    return;
                }
            }
            Layer::Ipv4(_) | Layer::Ipv6(_) => return,
            Layer::Udp(ours) => {
                let Some(TransportSlice::Udp(theirs)) = &theirs.transport else { return };
                assert_eq!(
                    (ours.source_port(), ours.destination_port()),
                    (theirs.source_port(), theirs.destination_port())
                );
                assert_eq!((ours.checksum(), ours.payload()), (theirs.checksum(), theirs.payload()));
                return;
            }
            Layer::Tcp(ours) => {
                let Some(TransportSlice::Tcp(theirs)) = &theirs.transport else { return };
                assert_eq!(
                    (ours.source_port(), ours.destination_port()),
                    (theirs.source_port(), theirs.destination_port())
                );
                assert_eq!(
                    (ours.sequence(), ours.acknowledgment()),
                    (theirs.sequence_number(), theirs.acknowledgment_number())
                );
                assert_eq!((ours.window(), ours.checksum()), (theirs.window_size(), theirs.checksum()));
                assert_eq!((ours.options_bytes(), ours.payload()), (theirs.options(), theirs.payload()));
                return;
            }
            Layer::Icmpv4(ours) => {
                let Some(TransportSlice::Icmpv4(theirs)) = &theirs.transport else { return };
                assert_eq!(
                    (ours.kind().0, ours.code(), ours.checksum()),
                    (theirs.type_u8(), theirs.code_u8(), theirs.checksum())
                );
                return;
            }
            Layer::Icmpv6(ours) => {
                let Some(TransportSlice::Icmpv6(theirs)) = &theirs.transport else { return };
                assert_eq!(
                    (ours.kind().0, ours.code(), ours.checksum()),
                    (theirs.type_u8(), theirs.code_u8(), theirs.checksum())
                );
                return;
            }
            Layer::Payload(_) if has_ip => {
                // Nothing that we leave closed is a transport for etherparse, but for what is a later fragment.
                assert!(
                    theirs.transport.is_none() || matches!(theirs.transport, Some(TransportSlice::Igmp(_))),
                    "{theirs:?}"
                );
                return;
            }
            _ => {}
        }
    }
});
