//! What parsers and builders say at the edges of what they are given: how many bytes are needed is how many are needed, and a builder
//! that has one too few writes nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use ether_ip::arista::{AristaHeader, AristaTimestamp};
use ether_ip::arp::{ArpAddresses, ArpHeader, ArpOperation, ArpPacket};
use ether_ip::capture_link::{BsdLoopbackPacket, LinuxCooked2Packet, LinuxCookedPacket};
use ether_ip::checksum::PseudoHeader;
use ether_ip::ecn;
use ether_ip::esp::{EspHeader, EspPacket};
use ether_ip::ethernet::{EtherType, EthernetFrame, EthernetHeader, MacAddr};
use ether_ip::gre::{Gre, GrePacket};
use ether_ip::gtp_u::{GTP_U, GtpU, GtpUExtension, GtpUExtensionType, GtpUHeader, GtpUPacket, GtpUType};
use ether_ip::icmp_relay::{Relay, RelayMessage, relay};
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message, Icmpv4Packet};
use ether_ip::icmpv6::{Icmpv6Header, Icmpv6Message, Icmpv6Packet, Icmpv6Type};
use ether_ip::igmp::{IGMP, IgmpHeader, IgmpMessage, IgmpPacket, IgmpType};
use ether_ip::ip::IpProtocol;
use ether_ip::ip_tunnel::{GreTemplate, IpDecapsulator, IpTemplate};
use ether_ip::ipv4::{Ipv4Header, Ipv4OptionKind, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::ipv6_extension::{
    AuthenticationHeader, FragmentHeader, IpAuthentication, Ipv6Fragment, Ipv6OptionsHeader, Ipv6Routing,
    RoutingHeader, prepend_options,
};
use ether_ip::llc::{LlcHeader, LlcPdu, SnapHeader, SnapPdu};
use ether_ip::mld::MldMessage;
use ether_ip::mpls::{MplsLabel, MplsStack};
use ether_ip::multicast::{GROUP_RECORD, GroupRecord, GroupRecords, RecordType, SourceQuery};
use ether_ip::ndp::{NdpMessage, NdpOption, NdpOptionType, Neighbor, PrefixInformation, RouterAdvertisement};
use ether_ip::nflog::NflogHeader;
use ether_ip::outer::{Outer, OuterChecksum, OuterError, UdpDecapsulator, UdpTemplate};
use ether_ip::ppp::{CiscoHdlcHeader, PppHeader, PppProtocol, PppoeHeader};
use ether_ip::service_instance::ServiceInstanceHeader;
use ether_ip::tcp::{TcpFlags, TcpHeader, TcpSegment, TcpStart};
use ether_ip::udp::{UdpChecksum, UdpDatagram, UdpHeader};
use ether_ip::vlan::{VlanHeader, VlanTag};
use ether_ip::vn_tag::VnTagHeader;
use ether_ip::vni::Vni;
use ether_ip::wireguard::DataHeader;
use ether_ip::writer::Writer;
use ether_ip::zerocopy::FromBytes;
use ether_ip::{Error, Headroom, LayerName, Rule};

/// `bytes` are just enough, and each step on the way says how many more are needed: `steps`, in bytes.
#[track_caller]
fn needs(layer: LayerName, parse: impl Fn(&[u8]) -> Result<(), Error>, bytes: &[u8], steps: &[usize]) {
    for available in 0..bytes.len() {
        let needed = *steps.iter().find(|needed| **needed > available).unwrap();
        let expected = Error::Truncated { layer, needed, available };
        assert_eq!(parse(&bytes[..available]), Err(expected), "{available} of {} bytes", bytes.len());
    }
    assert_eq!(parse(bytes), Ok(()));
    assert_eq!(*steps.last().unwrap(), bytes.len());
}

/// A view's parser, its result looked at no further.
macro_rules! parsing {
    ($view:ident $($more:tt)*) => {
        |bytes: &[u8]| $view::parse(bytes $($more)*).map(|_| ())
    };
}

#[test]
fn parsers_say_what_they_need() {
    needs(LayerName::ETHERNET, parsing!(EthernetFrame), &[&[2; 12][..], &[8, 0]].concat(), &[14]);
    // IEEE 802.3: a length of three.
    needs(LayerName::ETHERNET, parsing!(EthernetFrame), &[&[2; 12][..], &[0, 3, 1, 2, 3]].concat(), &[14, 17]);
    needs(LayerName::VLAN, parsing!(VlanTag), &[0, 5, 8, 0], &[4]);
    needs(LayerName::VLAN, parsing!(VlanTag), &[0, 5, 0, 3, 1, 2, 3], &[4, 7]);
    needs(LayerName::ARP, parsing!(ArpPacket), &[&[0, 1, 8, 0, 6, 4, 0, 1][..], &[7; 20]].concat(), &[8, 28]);
    needs(LayerName::ARP, parsing!(ArpPacket), &[&[0, 1, 8, 0, 1, 3, 0, 1][..], &[7; 8]].concat(), &[8, 16]);
    needs(
        LayerName::MPLS,
        parsing!(MplsStack),
        &[[0, 0, 0x10, 64], [0, 0, 0x20, 64], [0, 0, 0x31, 64]].concat(),
        &[4, 8, 12],
    );
    needs(LayerName::LLC, parsing!(LlcPdu), &[0x42, 0x42, 3], &[3]);
    needs(LayerName::LLC, parsing!(LlcPdu), &[0x42, 0x42, 1, 0], &[3, 4]);
    needs(LayerName::SNAP, parsing!(SnapPdu), &[0, 0, 0, 8, 0], &[5]);
    needs(LayerName::LINUX_COOKED, parsing!(LinuxCookedPacket), &[0; 16], &[16]);
    needs(LayerName::LINUX_COOKED, parsing!(LinuxCooked2Packet), &[0; 20], &[20]);
    needs(LayerName::BSD_LOOPBACK, parsing!(BsdLoopbackPacket), &[0; 4], &[4]);
    let gre = [&[0xb0, 0, 8, 0][..], &[0; 12]].concat();
    needs(LayerName::GRE, parsing!(GrePacket), &gre, &[4, 16]);
    needs(LayerName::GRE, parsing!(GrePacket), &[0x20, 0, 8, 0, 0, 0, 0, 7], &[4, 8]);
    let mut ip = [0x46, 0, 0, 27, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 1, 1, 1, 1, 7, 7, 7];
    needs(LayerName::IPV4, parsing!(Ipv4Packet), &ip, &[20, 24, 27]);
    ip[0] = 0x45;
    needs(LayerName::IPV4, parsing!(Ipv4Packet), &ip, &[20, 27]);
    let ip = [&[0x60, 0, 0, 0, 0, 3, 59, 64][..], &[0; 32], &[7; 3]].concat();
    needs(LayerName::IPV6, parsing!(Ipv6Packet), &ip, &[40, 43]);
    // A length that is there is believed: from two bytes on, from four.
    let (options, routing) = ([&[59, 1][..], &[0; 14]].concat(), [&[59, 2, 0, 0][..], &[0; 20]].concat());
    for available in 0..24 {
        let truncated = |layer, from, len| match available {
            of if of < from => Err(Error::Truncated { layer, needed: 8, available }),
            of if of < len => Err(Error::Truncated { layer, needed: len, available }),
            _ => Ok(()),
        };
        if available <= 16 {
            let parsed = Ipv6OptionsHeader::parse(&options[..available], LayerName::HOP_BY_HOP).map(|_| ());
            assert_eq!(parsed, truncated(LayerName::HOP_BY_HOP, 2, 16));
        }
        assert_eq!(Ipv6Routing::parse(&routing[..available]).map(|_| ()), truncated(LayerName::ROUTING, 4, 24));
    }
    assert!(Ipv6Routing::parse(&routing[..]).is_ok());
    needs(LayerName::FRAGMENT, parsing!(Ipv6Fragment), &[59, 0, 0, 0, 0, 0, 0, 0], &[8]);
    needs(LayerName::AUTHENTICATION, parsing!(IpAuthentication), &[&[59, 4][..], &[0; 22]].concat(), &[12, 24]);
    needs(LayerName::UDP, parsing!(UdpDatagram), &[0, 1, 0, 2, 0, 11, 0, 0, 7, 7, 7], &[8, 11]);
    needs(LayerName::TCP, parsing!(TcpSegment), &[&[0; 12][..], &[0x70], &[0; 15]].concat(), &[20, 28]);
    needs(LayerName::ICMPV4, parsing!(Icmpv4Packet), &[8, 0, 0, 0, 0, 1, 0, 2], &[8]);
    needs(LayerName::ICMPV6, parsing!(Icmpv6Packet), &[128, 0, 0, 0, 0, 1, 0, 2], &[4, 8]);
    needs(LayerName::ICMPV6, parsing!(Icmpv6Packet), &[135, 0, 0, 0], &[4]);
    for (kind, len) in [(133, 8), (134, 16), (135, 24), (136, 24), (137, 40)] {
        let whole = [&[kind, 0, 0, 0][..], &vec![0; len - 4]].concat();
        let parse = |bytes: &[u8]| {
            let packet = Icmpv6Packet::parse(bytes)?;
            NdpMessage::parse(&packet).unwrap().map(|_| ())
        };
        needs(LayerName::ICMPV6, parse, &whole, &[4, len]);
    }
    for (whole, steps) in [
        ([&[130, 0, 0, 0][..], &[0; 22], &[0, 1], &[0; 16]].concat(), &[4, 24, 28, 44][..]),
        ([&[131, 0, 0, 0][..], &[0; 20]].concat(), &[4, 24]),
        ([&[132, 0, 0, 0][..], &[0; 20]].concat(), &[4, 24]),
        (vec![143, 0, 0, 0, 0, 0, 0, 1], &[4, 8]),
    ] {
        let parse = |bytes: &[u8]| {
            let packet = Icmpv6Packet::parse(bytes)?;
            // RFC 3810 §8.1: of 24 bytes it is another version's.
            if whole[0] == 130 && bytes.len() == 24 {
                return Err(Error::Truncated { layer: LayerName::ICMPV6, needed: 28, available: 24 });
            }
            MldMessage::parse(&packet).unwrap().map(|_| ())
        };
        needs(LayerName::ICMPV6, parse, &whole, steps);
    }
    needs(IGMP, parsing!(IgmpPacket), &[0x16, 0, 0, 0, 233, 252, 0, 1], &[8]);
    let parse = |bytes: &[u8]| match GroupRecords::<16>::new(1, bytes).iter().next() {
        Some(record) => record.map(|_| ()),
        None => Ok(()),
    };
    needs(GROUP_RECORD, parse, &[&[1, 1, 0, 2][..], &[0; 16], &[0; 32], &[0; 4]].concat(), &[4, 20, 56]);
    // TS 29.281 §5.1: a sequence number, and three bytes that are carried.
    needs(GTP_U, parsing!(GtpUPacket), &[0x32, 0xff, 0, 7, 0, 0, 0, 1, 0, 9, 0, 0, 7, 7, 7], &[8, 15]);
    needs(ether_ip::esp::ESP, parsing!(EspPacket), &[0, 0, 1, 0, 0, 0, 0, 1], &[8]);
    // Arista's time stamp: subtype, version, eight bytes, an EtherType.
    let parse = |bytes: &[u8]| AristaTimestamp::parse(bytes).map(|_| ());
    let whole = [&[0, 1, 0, 0x10][..], &[0; 8], &[8, 0]].concat();
    needs(ether_ip::arista::ARISTA, parse, &whole, &[4, 14]);
}

/// With so much room it builds, with less it says so, and leaves what stands there.
#[track_caller]
fn builds(layer: LayerName, len: usize, build: impl Fn(&mut Headroom<'_>) -> Result<(), Error>) {
    for room in 0..len + 3 {
        let mut buffer = vec![0x5a; room + 9];
        let mut packet = Headroom::new(&mut buffer, 9).unwrap();
        let built = build(&mut packet);
        if room < len {
            assert_eq!((built, packet.len()), (Err(Error::NoRoom { layer, needed: len, available: room }), 9));
            assert!(buffer.iter().all(|byte| *byte == 0x5a), "written with {room} of {len} bytes");
        } else {
            assert_eq!((built, packet.len()), (Ok(()), 9 + len));
            assert!(buffer[..room - len].iter().all(|byte| *byte == 0x5a), "written in front of {len} bytes");
            assert!(buffer[room..].iter().all(|byte| *byte == 0x5a), "the payload was written to");
        }
    }
}

#[test]
fn builders_say_what_they_need() {
    let pseudo = PseudoHeader::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    let (v4, v6) = ([192, 0, 2, 1].into(), core::net::Ipv6Addr::LOCALHOST);
    builds(LayerName::ETHERNET, 14, |to| {
        EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), EtherType::IPV4).prepend(to)
    });
    builds(LayerName::VLAN, 4, |to| VlanHeader::new(5, EtherType::IPV4).prepend(to));
    builds(LayerName::MPLS, 4, |to| MplsLabel::new(5, 64, true).prepend(to));
    builds(LayerName::LLC, 3, |to| LlcHeader::read_from_bytes(&[0x42, 0x42, 3]).unwrap().prepend(to));
    builds(LayerName::SNAP, 5, |to| SnapHeader::read_from_bytes(&[0, 0, 0, 8, 0]).unwrap().prepend(to));
    builds(LayerName::ARP, 28, |to| {
        ArpAddresses::new((MacAddr([2; 6]), v4), (MacAddr([4; 6]), v4)).prepend(ArpOperation::REQUEST, to)
    });
    let short = [0, 1, 8, 0, 1, 3, 0, 1];
    builds(LayerName::ARP, 16, |to| ArpHeader::read_from_bytes(&short).unwrap().prepend(&[7; 8], to));
    for (len, checksum, key, sequence) in
        [(4, false, None, None), (8, true, None, None), (12, false, Some(1), Some(2)), (16, true, Some(1), Some(2))]
    {
        builds(LayerName::GRE, len, |to| Gre { checksum, key, sequence, ..Gre::new(EtherType::IPV4) }.prepend(to));
    }
    builds(LayerName::IPV4, 20, |to| Ipv4Header::new(v4, v4, IpProtocol::UDP).prepend(&[], to));
    builds(LayerName::IPV4, 60, |to| Ipv4Header::new(v4, v4, IpProtocol::UDP).prepend(&[1; 40], to));
    builds(LayerName::IPV4, 24, |to| Ipv4Header::new(v4, v4, IpProtocol::UDP).prepend_as_is(&[1; 4], to));
    builds(LayerName::IPV6, 40, |to| Ipv6Header::new(v6, v6, IpProtocol::UDP).prepend(to));
    builds(LayerName::IPV6, 40, |to| Ipv6Header::new(v6, v6, IpProtocol::UDP).prepend_as_is(to));
    builds(LayerName::HOP_BY_HOP, 16, |to| prepend_options(LayerName::HOP_BY_HOP, IpProtocol::UDP, &[0; 14], to));
    builds(LayerName::ROUTING, 24, |to| RoutingHeader::read_from_bytes(&[59, 0, 0, 0]).unwrap().prepend(&[0; 20], to));
    builds(LayerName::FRAGMENT, 8, |to| {
        FragmentHeader::read_from_bytes(&[59, 0, 0, 0, 0, 0, 0, 0]).unwrap().prepend(to)
    });
    builds(LayerName::AUTHENTICATION, 24, |to| {
        AuthenticationHeader::read_from_bytes(&[59, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap().prepend(&[7; 12], to)
    });
    builds(ether_ip::vn_tag::VN_TAG, 6, |to| VnTagHeader::new(1, 2, EtherType::IPV4).prepend(to));
    let customer = [MacAddr([2; 6]), MacAddr([4; 6])];
    builds(ether_ip::service_instance::SERVICE_INSTANCE, 18, |to| {
        ServiceInstanceHeader::new(1, customer[0], customer[1], EtherType::IPV4).prepend(to)
    });
    for (len, has_address, is_compressed) in [(1, false, true), (2, false, false), (3, true, true), (4, true, false)] {
        let header = PppHeader { has_address, is_compressed, protocol: PppProtocol::IPV4 };
        builds(ether_ip::ppp::PPP, len, |to| header.prepend(to));
    }
    builds(ether_ip::ppp::PPPOE, 6, |to| PppoeHeader::new(1).prepend(to));
    builds(ether_ip::ppp::CISCO_HDLC, 4, |to| CiscoHdlcHeader::new(EtherType::IPV4).prepend(to));
    builds(ether_ip::nflog::NFLOG, 16, |to| NflogHeader::new(2, 30).prepend(&[8, 0, 2, 0, 0, 0, 0, 7], to));
    builds(LayerName::UDP, 8, |to| UdpHeader::new(1, 2).prepend(to, UdpChecksum::Computed(pseudo)));
    builds(LayerName::UDP, 8, |to| UdpHeader::new(1, 2).prepend_as_is(to));
    builds(LayerName::TCP, 20, |to| TcpHeader::new(1, 2, 3, TcpFlags::SYN).prepend(&[], &pseudo, to));
    builds(LayerName::TCP, 60, |to| TcpHeader::new(1, 2, 3, TcpFlags::SYN).prepend(&[1; 40], &pseudo, to));
    builds(LayerName::TCP, 28, |to| TcpHeader::new(1, 2, 3, TcpFlags::SYN).prepend_as_is(&[1; 8], to));
    builds(LayerName::ICMPV4, 8, |to| {
        Icmpv4Header::new(Icmpv4Message::EchoRequest { identifier: 1, sequence: 2 }).prepend(to)
    });
    builds(LayerName::ICMPV6, 8, |to| Icmpv6Message::EchoRequest { identifier: 1, sequence: 2 }.prepend(&pseudo, to));
    builds(LayerName::ICMPV6, 4, |to| Icmpv6Header::new(Icmpv6Type::ECHO_REQUEST, 0).prepend_as_is(to));
    builds(LayerName::ICMPV6, 8, |to| NdpMessage::RouterSolicitation([0; 4]).prepend(&pseudo, to));
    let (kind, group, group6) = (RecordType::CHANGE_TO_EXCLUDE, [233, 252, 0, 1], v6.octets());
    let mut written = [0; 40];
    let mut to = Writer::new(GROUP_RECORD, &mut written);
    GroupRecord::new(kind, group, &[[192, 0, 2, 1]]).write(&mut to).unwrap();
    let records = GroupRecords::of(to.written()).unwrap();
    let query = SourceQuery { flags: 2, interval_code: 10, sources: &[[192, 0, 2, 1]; 2] };
    builds(IGMP, 8, |to| IgmpHeader::new(IgmpType::REPORT_V2, 0, group).prepend(to));
    builds(IGMP, 8, |to| IgmpHeader::new(IgmpType::REPORT_V2, 0, group).prepend_as_is(to));
    builds(IGMP, 8, |to| IgmpMessage::Leave { group: v4 }.prepend(to));
    builds(IGMP, 20, |to| IgmpMessage::QueryV3 { max_response_code: 20, group: v4, query }.prepend(to));
    builds(IGMP, 20, |to| IgmpMessage::ReportV3(records).prepend(to));
    let mut written = [0; 40];
    let mut to = Writer::new(GROUP_RECORD, &mut written);
    GroupRecord::new(kind, group6, &[group6]).write(&mut to).unwrap();
    let records = GroupRecords::of(to.written()).unwrap();
    let query = SourceQuery { flags: 2, interval_code: 10, sources: &[group6; 2] };
    builds(LayerName::ICMPV6, 24, |to| MldMessage::Done { group: v6 }.prepend(&pseudo, to));
    builds(LayerName::ICMPV6, 60, |to| {
        MldMessage::QueryV2 { max_response_code: 20, group: v6, query }.prepend(&pseudo, to)
    });
    builds(LayerName::ICMPV6, 44, |to| MldMessage::ReportV2(records).prepend(&pseudo, to));
    let arista = AristaHeader::read_from_bytes(&[0, 1, 0, 0x10]).unwrap();
    let extension = GtpUExtension { kind: GtpUExtensionType::UDP_PORT, content: &[0x0f, 0xa0] };
    for (len, sequence, extensions) in
        [(8, None, &[][..]), (12, Some(1), &[]), (16, None, &[extension]), (24, Some(1), &[extension; 3])]
    {
        builds(GTP_U, len, |to| GtpU { sequence, extensions, ..GtpU::new(1) }.prepend(to));
    }
    builds(GTP_U, 12, |to| GtpUHeader::new(GtpUType::G_PDU, 1).prepend_as_is(&[0; 4], to));
    builds(ether_ip::esp::ESP, 8, |to| EspHeader::new(0x100, 1).prepend(to));
    builds(ether_ip::wireguard::WIREGUARD, 16, |to| DataHeader::new(9, 5).prepend(to));
    builds(ether_ip::arista::ARISTA, 14, |to| arista.prepend(&[7; 8], EtherType::IPV4, to));
}

/// What is built by lengths that cannot be says what they must be.
#[test]
fn lengths_that_cannot_be_built() {
    let message = |build: &dyn Fn(&mut Headroom<'_>) -> Result<(), Error>| {
        let mut buffer = vec![0; 5000];
        let mut packet = Headroom::new(&mut buffer, 9).unwrap();
        let error = build(&mut packet).unwrap_err();
        assert_eq!(packet.len(), 9);
        error.to_string()
    };
    let short = ArpHeader::read_from_bytes(&[0, 1, 8, 0, 1, 3, 0, 1]).unwrap();
    let error = message(&|to| short.prepend(&[7; 9], to));
    assert_eq!(error, "ARP cannot be built: length of the addresses would be 9, it must be 8");
    let arista = AristaHeader::read_from_bytes(&[0, 1, 0, 0x10]).unwrap();
    let error = message(&|to| arista.prepend(&[7; 6], EtherType::IPV4, to));
    assert!(error.ends_with("length of the time stamp would be 6, it must be 8"), "{error}");
    let unknown = AristaHeader::read_from_bytes(&[0, 2, 0, 0x10]).unwrap();
    assert!(message(&|to| unknown.prepend(&[], EtherType::IPV4, to)).contains("length of the time stamp would be 0"));
    let options =
        |len: usize| message(&|to| prepend_options(LayerName::HOP_BY_HOP, IpProtocol::UDP, &vec![0; len], to));
    assert!(options(2054).contains("would be 2054, it must be at most 2046"), "{}", options(2054));
    assert!(options(13).contains("would be 13"));
    let routing = RoutingHeader::read_from_bytes(&[59, 0, 0, 0]).unwrap();
    let route = |len: usize| message(&|to| routing.prepend(&vec![0; len], to));
    assert!(route(2052).contains("would be 2052, it must be at most 2044"), "{}", route(2052));
    assert!(route(13).contains("would be 13"));
    let authentication = AuthenticationHeader::read_from_bytes(&[59, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    let integrity = |len: usize| message(&|to| authentication.prepend(&vec![0; len], to));
    assert!(integrity(1020).contains("would be 1020, it must be at most 1016"), "{}", integrity(1020));
    assert!(integrity(13).contains("would be 13, it must be a multiple of 4"), "{}", integrity(13));
    // The longest that can.
    let mut buffer = vec![0; 5000];
    let mut packet = Headroom::new(&mut buffer, 0).unwrap();
    prepend_options(LayerName::HOP_BY_HOP, IpProtocol::UDP, &[0; 2046], &mut packet).unwrap();
    routing.prepend(&[0; 2044], &mut packet).unwrap();
    assert_eq!(packet.len(), 4096);
    authentication.prepend(&[0; 1016][..], &mut Headroom::new(&mut vec![0; 2000], 0).unwrap()).unwrap();
}

/// RFC 4884 §4: the quoted packet's length, in words of four, where it is told and at least 128; a redirect's sixth byte is its
/// router's, and a source quench has none of the kind (§4.6).
#[test]
fn what_an_icmpv4_error_quotes() {
    //= RFC 4884 §4/words-of-4, §4/128, §4.6/others, §5.5/none
    for (kind, words, len) in [
        (3, 32, 128),
        (11, 32, 128),
        (12, 32, 128),
        (3, 33, 132),
        (3, 31, 200),
        (11, 0, 200),
        (11, 51, 200),
        (4, 32, 200),
        (5, 32, 200),
    ] {
        let mut bytes = vec![7; 208];
        bytes[..8].copy_from_slice(&[kind, 0, 0, 0, 9, words, 9, 9]);
        let quoted = Icmpv4Packet::parse(&bytes[..]).unwrap().quoted().map(<[u8]>::len);
        assert_eq!(quoted, Some(len), "{kind}, {words} words");
    }
    assert_eq!(Icmpv4Packet::parse(&[8, 0, 0, 0, 0, 0, 0, 0][..]).unwrap().quoted(), None);
}

/// RFC 4884 §4: the quoted packet's length, in words of eight, where it is told and at least 128.
#[test]
fn what_an_icmpv6_error_quotes() {
    //= RFC 4884 §4/words-of-8, §4/128, §4.6/others, §5.5/none
    //= RFC 8504 §5.8/multi-part
    for (kind, words, len) in
        [(1, 16, 128), (3, 16, 128), (1, 15, 200), (3, 0, 200), (1, 17, 136), (1, 99, 200), (2, 16, 200), (4, 16, 200)]
    {
        let mut bytes = vec![7; 208];
        bytes[..8].copy_from_slice(&[kind, 0, 0, 0, words, 0, 0, 0]);
        assert_eq!(
            Icmpv6Packet::parse(&bytes[..]).unwrap().quoted().map(<[u8]>::len),
            Some(len),
            "{kind}, {words} words"
        );
    }
    assert_eq!(Icmpv6Packet::parse(&[128, 0, 0, 0, 0, 0, 0, 0][..]).unwrap().quoted(), None);
}

/// A tag on an 802.3 payload that a capture cut short.
#[test]
fn a_tag_that_was_cut() {
    let tag = VlanTag::parse_lax(&[0, 5, 0, 9, 1, 2, 3][..]).unwrap();
    assert_eq!((tag.payload(), tag.missing(), tag.trailer()), (&[1, 2, 3][..], 6, &[][..]));
    let tag = VlanTag::parse_lax(&[0, 5, 0, 2, 1, 2, 3][..]).unwrap();
    assert_eq!((tag.payload(), tag.missing(), tag.trailer()), (&[1, 2][..], 0, &[3][..]));
}

/// RFC 791 §3.1: what an IPv4 packet's length and offset may be at most, and what segmentation offload and a capture leave of them.
#[test]
fn lengths_of_ipv4() {
    let with = |changes: &[(usize, u8)], len: usize| {
        let mut bytes = vec![0; len];
        bytes[0] = 0x45;
        changes.iter().for_each(|(at, byte)| bytes[*at] = *byte);
        bytes
    };
    // A fragment that ends at byte 65535, and one that ends one byte behind.
    let last = with(&[(3, 23), (6, 0x1f), (7, 0xfd)], 23);
    assert_eq!(Ipv4Packet::parse(&last[..]).unwrap().fragment_offset(), 65_512);
    let beyond = with(&[(3, 24), (6, 0x1f), (7, 0xfd)], 24);
    assert!(matches!(Ipv4Packet::parse(&beyond[..]), Err(Error::Malformed { value: 65_536, .. })));
    // What a card is to segment: longer than a total length can say, flags or not, but no fragment.
    for flags in [0, 0x40, 0x20] {
        let long = with(&[(6, flags)], 70_000);
        let packet = Ipv4Packet::parse(&long[..]).unwrap();
        assert_eq!((packet.payload().len(), packet.is_unsegmented(), packet.missing()), (69_980, true, 0));
    }
    let cut = with(&[(0, 0x46), (3, 100)], 40);
    let packet = Ipv4Packet::parse_lax(&cut[..]).unwrap();
    assert_eq!((packet.payload().len(), packet.is_unsegmented(), packet.missing()), (16, false, 60));
    let flag = |high: u8| Ipv4Packet::parse(&with(&[(3, 20), (6, high)], 20)[..]).unwrap().reserved_flag();
    assert_eq!([0, 0x80, 0x60].map(flag), [false, true, false]);
    // RFC 791 §3.1: record route is not copied into fragments, the router alert (RFC 2113 §2.1) is.
    assert_eq!([7, 148].map(|kind| Ipv4OptionKind(kind).is_copied()), [false, true]);
}

/// RFC 4861 §4.2, §4.4, §4.6.2: each flag alone, and none; and how long an option may be.
#[test]
fn flags_and_options_of_neighbour_discovery() {
    let router = |flags| {
        let of = RouterAdvertisement::new(64, flags, 1, 2, 3);
        (of.is_managed(), of.other_configuration())
    };
    assert_eq!([0x80, 0x40, 0x3f].map(router), [(true, false), (false, true), (false, false)]);
    let neighbor = |flags| {
        let bytes = [&[flags, 0, 0, 0][..], &[0; 16]].concat();
        let of = Neighbor::read_from_bytes(&bytes).unwrap();
        (of.is_router(), of.is_solicited(), of.is_override())
    };
    let alone = [(true, false, false), (false, true, false), (false, false, true), (false, false, false)];
    assert_eq!([0x80, 0x40, 0x20, 0x1f].map(neighbor), alone);
    let prefix = |flags| {
        let of = PrefixInformation::new(core::net::Ipv6Addr::LOCALHOST, 64, flags, 1, 2);
        (of.is_on_link(), of.is_autonomous())
    };
    assert_eq!([0x80, 0x40, 0x3f].map(prefix), [(true, false), (false, true), (false, false)]);
    let write = |len: usize| {
        let data = vec![7; len];
        let mut buffer = [0; 4096];
        let mut writer = Writer::new(LayerName::NDP_OPTION, &mut buffer);
        let written = NdpOption::Other { kind: NdpOptionType(99), data: &data }.write(&mut writer);
        written.map(|()| writer.len()).map_err(|error| error.to_string())
    };
    assert_eq!((write(6), write(2038)), (Ok(8), Ok(2040)));
    assert!(write(2046).unwrap_err().ends_with("length would be 2048, it must be at most 2040"));
    let odd = write(7).unwrap_err();
    assert!(odd.ends_with("length would be 9, it must be a multiple of 8 and not 0"), "{odd}");
}

#[test]
fn neither_ipv4_nor_ipv6_has_a_class() {
    assert_eq!([0x45, 0x6a, 0x5a].map(|first| ecn::ip_class(&[first, 0xbc])), [Some(0xbc), Some(0xab), None]);
}

/// RFC 2675 §3: a payload length of 0 is a jumbogram's only with the option.
#[test]
fn payload_length_0() {
    let with = |extension: &[u8]| [&[0x60, 0, 0, 0, 0, 0, 0, 64][..], &[0; 32], extension].concat();
    let unsegmented = |bytes: &[u8]| Ipv6Packet::parse(bytes).unwrap().is_unsegmented();
    assert!(unsegmented(&with(&[59, 0, 1, 4, 0, 0, 0, 0])), "hop-by-hop options, and no jumbo payload among them");
    assert!(!unsegmented(&with(&[])));
}

/// An inner packet of `longest` bytes goes in, one that is longer by a byte is refused and nothing written.
#[track_caller]
fn takes_up_to(longest: usize, overhead: usize, encapsulate: impl Fn(&mut Headroom<'_>) -> Result<(), Error>) {
    for (len, fits) in [(longest, true), (longest + 1, false)] {
        let mut buffer = vec![0x45; 66_000];
        let mut packet = Headroom::new(&mut buffer, len).unwrap();
        let done = encapsulate(&mut packet);
        assert_eq!(packet.len(), if fits { len + overhead } else { len });
        if fits {
            assert_eq!(done, Ok(()));
        } else {
            assert!(
                matches!(done, Err(Error::Unbuildable { value: 65_536, rule: Rule::AtMost(65_535), .. })),
                "{done:?}"
            );
            assert!(buffer.iter().all(|byte| *byte == 0x45));
        }
    }
}

/// The longest packets of every tunnel: IPv4's total length counts its own header (RFC 791 §3.1), IPv6's payload length does not
/// (RFC 8200 §3), so that over IPv6 (RFC 2473 §3, RFC 7676 §3) what is inside has 20 bytes more.
#[test]
fn the_longest_packet_of_every_tunnel() {
    let v4 = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let v6 = Outer::ipv6(core::net::Ipv6Addr::LOCALHOST, core::net::Ipv6Addr::LOCALHOST);
    for (outer, longest, ip_len) in [(v4, 65_535 - 20, 20), (v6, 65_535, 40)] {
        // RFC 2003 §3, RFC 2473 §3: IP in IP.
        takes_up_to(longest, ip_len, |packet| IpTemplate::new(&outer).encapsulate(packet));
        // RFC 2784 §2, RFC 2890 §2: GRE with every mix of checksum, key and sequence number, the last by either way.
        for mix in 0..8_usize {
            let (checksum, key) = (mix & 1 != 0, (mix & 2 != 0).then_some(7));
            let gre = Gre { checksum, key, ..Gre::new(EtherType(0x88b5)) };
            let gre_len = 4 + 4 * mix.count_ones() as usize;
            let template = GreTemplate::new(&outer, gre);
            let numbered = GreTemplate::new(&outer, Gre { sequence: Some(9), ..gre });
            if mix & 4 == 0 {
                takes_up_to(longest - gre_len, ip_len + gre_len, |packet| template.encapsulate(packet));
            } else {
                takes_up_to(longest - gre_len, ip_len + gre_len, |packet| template.encapsulate_with(packet, 9));
                takes_up_to(longest - gre_len, ip_len + gre_len, |packet| numbered.encapsulate(packet));
            }
        }
        // RFC 7348 §5, RFC 8926 §3.3: UDP and a tunnel's header of 8 bytes.
        for checksum in [false, true] {
            let template = UdpTemplate::new(&outer.checksum(checksum), 4789, [8_u8, 0, 0, 0, 0, 0, 1, 0]);
            takes_up_to(longest - 16, ip_len + 16, |packet| template.encapsulate_frame(packet));
            takes_up_to(longest - 16, ip_len + 16, |packet| template.encapsulate_ip(packet));
            takes_up_to(longest - 16, ip_len + 16, |packet| template.encapsulate_with(packet, 7.into()));
        }
    }
}

/// Where an inner packet ends that has bytes behind it.
#[test]
fn lengths_in_ip_tunnels() {
    let (here, there) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let inner_v4 = [&[0x45, 0, 0, 22, 0, 0, 0, 0, 64, 17, 0, 0][..], &[7; 8], &[1, 2]].concat();
    let inner_v6 = [&[0x60, 0, 0, 0, 0, 2, 59, 64][..], &[7; 32], &[1, 2]].concat();
    for inner in [inner_v4, inner_v6] {
        let mut buffer = vec![0; 100];
        // Three bytes behind it, which the outer length counts.
        let mut packet = Headroom::with_payload(&mut buffer, &[&inner[..], &[9; 3]].concat()).unwrap();
        IpTemplate::new(&Outer::ipv4(here, there)).encapsulate(&mut packet).unwrap();
        assert_eq!(IpDecapsulator::new().decapsulate_ip(packet.packet()).unwrap().inner, 20..20 + inner.len());
    }
}

/// RFC 2003 §4, RFC 1122 §3.2.2: about whom an error is relayed.
#[test]
fn errors_that_are_relayed() {
    let relayed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut inner =
            vec![0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 10, 244, 1, 2, 10, 244, 2, 3, 8, 0, 0, 0, 0, 1, 0, 1];
        change(&mut inner);
        let outer = [0x45, 0, 0, 48, 0, 0, 0, 0, 64, 4, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        let mut error = [&[3, 1, 0, 0, 0, 0, 0, 0][..], &outer, &inner].concat();
        Icmpv4Packet::parse(&mut error[..]).unwrap().fill_checksum();
        relay(&error).map(|of| of.message)
    };
    assert!(matches!(relayed(&|_| {}), Some(RelayMessage::V4(pod, _)) if pod.octets() == [10, 244, 1, 2]), "an echo");
    assert_eq!(relayed(&|inner| inner[20] = 3), None, "an error");
    assert!(relayed(&|inner| (inner[9], inner[20]) = (17, 3)).is_some(), "UDP from a port that begins with 3");
    assert_eq!(relayed(&|inner| inner[7] = 1), None, "a later fragment");
    assert_eq!(relayed(&|inner| inner[12..16].fill(0)), None, "from nobody");
    let message = relayed(&|_| {}).unwrap();
    let mut buffer = [7; 100];
    let ends = (core::net::Ipv4Addr::LOCALHOST.into(), core::net::Ipv4Addr::LOCALHOST.into());
    let written = Relay { message, quoted: &[0x45], ends }.write(core::net::Ipv6Addr::LOCALHOST.into(), &mut buffer);
    let error = written.unwrap_err().to_string();
    assert!(error.ends_with("version of the node's address would be 6, it must be 4"), "{error}");
    assert_eq!(buffer, [7; 100], "nothing is written");
}

/// Outer headers by addresses of either family, in front of an IP packet; and what a check asks.
#[test]
fn outer_headers() {
    let (here, there): (core::net::Ipv4Addr, core::net::Ipv4Addr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let v6 = core::net::Ipv6Addr::LOCALHOST;
    assert_eq!(Outer::ip(here.into(), there.into()), Some(Outer::ipv4(here, there)));
    assert_eq!((Outer::ip(v6.into(), v6.into()), Outer::ip(v6.into(), here.into())), (Some(Outer::ipv6(v6, v6)), None));
    let inner = [&[0x45, 0x2e, 0, 22, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2][..], &[1, 2]].concat();
    let mut buffer = vec![0; 28 + 4 + inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
    let template = UdpTemplate::new(&Outer::ipv4(here, there).checksum(true), 4000, [1_u8, 2, 3, 4]);
    template.encapsulate_ip(&mut packet).unwrap();
    let check = UdpDecapsulator::new(4000);
    let found = check.decapsulate_ip(packet.packet()).unwrap();
    assert_eq!(found.payload, [&[1, 2, 3, 4][..], &inner].concat());
    assert!(matches!(
        UdpDecapsulator::new(4001).decapsulate_ip(packet.packet()),
        Err(OuterError::OtherPort { port: 4000, expected: 4001 })
    ));
    let verified = [OuterChecksum::Ignored, OuterChecksum::Verified, OuterChecksum::VerifiedOrZero];
    assert_eq!(verified.map(|how| check.checksum(how).decapsulate_ip(&buffer).is_ok()), [true; 3]);
    *buffer.last_mut().unwrap() ^= 1;
    assert_eq!(verified.map(|how| check.checksum(how).decapsulate_ip(&buffer).is_ok()), [true, false, false]);
    buffer[9] = 6;
    assert!(matches!(check.decapsulate_ip(&buffer), Err(OuterError::OtherProtocol { protocol: IpProtocol::TCP })));
}

/// RFC 2675 §4: only over IPv6 is a datagram longer than its length can say.
#[test]
fn datagrams_that_are_too_long() {
    let v4 = PseudoHeader::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    let v6 = PseudoHeader::ipv6(core::net::Ipv6Addr::LOCALHOST, core::net::Ipv6Addr::LOCALHOST, IpProtocol::UDP);
    for (checksum, is_built) in
        [(UdpChecksum::Computed(v4), false), (UdpChecksum::Zero, false), (UdpChecksum::Computed(v6), true)]
    {
        let mut buffer = vec![0; 70_000];
        let mut packet = Headroom::new(&mut buffer, 65_528).unwrap();
        assert_eq!(UdpHeader::new(1, 2).prepend(&mut packet, checksum).is_ok(), is_built);
    }
}

#[test]
fn what_an_icmp_error_quotes_of_tcp() {
    let start = TcpStart::read_from_bytes(&[0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0]).unwrap();
    assert_eq!((start.source_port(), start.destination_port(), start.sequence()), (0x1234, 0x5678, 0x9abc_def0));
}

#[test]
fn a_stack_of_labels_for_people() {
    let stack = MplsStack::parse(&[0, 0, 0x21, 64, 7][..]).unwrap();
    let text = format!("{stack:?}");
    assert!(text.starts_with("MplsStack { labels: [") && text.ends_with("payload: [7] }"), "{text}");
}

#[test]
fn a_network_identifier_as_numbers() {
    let vni = Vni::new(0x12_3456).unwrap();
    assert_eq!((u32::from(vni), u64::from(vni), format!("{vni:?}")), (0x12_3456, 0x12_3456, "Vni(1193046)".into()));
}
