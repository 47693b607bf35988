//! Every field of every header: read from bytes that are all different, and set over all zeros and over all ones, so that a setter
//! changes its own bits and no others.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use ether_ip::arista::AristaHeader;
use ether_ip::arp::{ArpAddresses, ArpHeader, ArpOperation, ArpPacket};
use ether_ip::capture_link::{
    AddressFamily, BsdLoopbackHeader, BsdLoopbackPacket, LinuxCooked2Header, LinuxCookedHeader, PacketType,
};
use ether_ip::checksum::PseudoHeader;
use ether_ip::esp::EspHeader;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::flow;
use ether_ip::gre::GreHeader;
use ether_ip::gtp_u::{GtpUHeader, GtpUType};
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Type};
use ether_ip::icmpv6::{Icmpv6Header, Icmpv6Type};
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::ipv6_extension::{
    AuthenticationHeader, FragmentHeader, OptionsHeader, RoutingHeader, RoutingType, is_extension,
};
use ether_ip::llc::{LlcHeader, LlcPdu, SnapHeader};
use ether_ip::mpls::{MplsLabel, MplsPayload, guess_payload};
use ether_ip::ndp::{Neighbor, Pref64, PrefixInformation, Redirect, RouterAdvertisement};
use ether_ip::nflog::NflogHeader;
use ether_ip::ppp::{CiscoHdlcHeader, PppoeHeader};
use ether_ip::service_instance::ServiceInstanceHeader;
use ether_ip::tcp::{TcpFlags, TcpHeader, TcpStart};
use ether_ip::udp::UdpHeader;
use ether_ip::vlan::VlanHeader;
use ether_ip::vn_tag::VnTagHeader;
use ether_ip::wireguard::{CookieReply, DataHeader, Initiation, Response};
use ether_ip::writer::Writer;
use ether_ip::zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};
use ether_ip::{Error, Headroom, LayerName, PacketBuffer};

/// 0x12 0x34 … as far as it is needed: each byte is another, and no nibble of one is the other's.
const BYTES: [u8; 40] = [
    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x13, 0x24, 0x35, 0x46,
    0x57, 0x68, 0x79, 0x8a, 0x9b, 0xac, 0xbd, 0xce, 0xdf, 0x14, 0x25, 0x36, 0x47, 0x58, 0x69, 0x7a, 0x8b, 0x9c, 0xad,
    0xbe, 0xcf,
];

fn read<H: FromBytes + KnownLayout + Immutable>() -> &'static H {
    static BYTES_OF_ALL: [u8; 40] = BYTES;
    H::ref_from_prefix(&BYTES_OF_ALL).ok().unwrap().0
}

/// What `change` leaves of zeros, and of ones: the bytes that differ.
#[track_caller]
fn set<H: FromBytes + IntoBytes + KnownLayout>(change: impl Fn(&mut H), zeros: &[(usize, u8)], ones: &[(usize, u8)]) {
    for (fill, changed) in [(0, zeros), (0xff, ones)] {
        let mut bytes = [fill; 64];
        let mut expected = bytes;
        change(H::mut_from_prefix(&mut bytes).ok().unwrap().0);
        changed.iter().for_each(|(at, byte)| expected[*at] = *byte);
        assert_eq!(bytes, expected, "over {fill:#x}");
    }
}

const MAC: MacAddr = MacAddr([1, 2, 3, 4, 5, 6]);

/// IEEE 802.3 §3.2.
#[test]
fn ethernet() {
    let header = read::<EthernetHeader>();
    assert_eq!(header.destination(), MacAddr([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]));
    assert_eq!(header.source(), MacAddr([0xde, 0xf1, 0x23, 0x45, 0x67, 0x89]));
    assert_eq!(header.ether_type(), EtherType(0xabcd));
    let mac = [1, 2, 3, 4, 5, 6].map(|n| (usize::from(n) - 1, n));
    set(|h: &mut EthernetHeader| h.set_destination(MAC), &mac, &mac);
    let mac = mac.map(|(at, n)| (at + 6, n));
    set(|h: &mut EthernetHeader| h.set_source(MAC), &mac, &mac);
    let kind = [(12, 0x08), (13, 0x06)];
    set(|h: &mut EthernetHeader| h.set_ether_type(EtherType::ARP), &kind, &kind);
}

/// IEEE 802: bit 0 of the first byte is for a group, bit 1 for addresses that nobody registered.
#[test]
fn mac_addresses() {
    for (first, is_multicast, is_local) in [(0, false, false), (1, true, false), (2, false, true), (0xfd, true, false)]
    {
        let address = MacAddr([first, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!((address.is_multicast(), address.is_local()), (is_multicast, is_local), "{first:#x}");
    }
    assert_eq!((MAC.to_string(), format!("{MAC:?}")), ("01:02:03:04:05:06".into(), "01:02:03:04:05:06".into()));
}

/// IEEE 802.1Q §9.6: three bits, one, twelve.
#[test]
fn vlan() {
    let header = read::<VlanHeader>();
    assert_eq!((header.priority(), header.drop_eligible(), header.id()), (0, true, 0x234));
    assert_eq!(header.ether_type(), EtherType(0x5678));
    let (off, _) = VlanHeader::ref_from_prefix(&[0xef, 0xff, 0, 0]).unwrap();
    assert_eq!((off.priority(), off.drop_eligible(), off.id()), (7, false, 0xfff));
    set(|h: &mut VlanHeader| h.set_id(0xf123), &[(0, 0x01), (1, 0x23)], &[(0, 0xf1), (1, 0x23)]);
    set(|h: &mut VlanHeader| h.set_priority(0xfd), &[(0, 0xa0)], &[(0, 0xbf)]);
    set(|h: &mut VlanHeader| h.set_drop_eligible(true), &[(0, 0x10)], &[]);
    set(|h: &mut VlanHeader| h.set_drop_eligible(false), &[], &[(0, 0xef)]);
    let kind = [(2, 0x86), (3, 0xdd)];
    set(|h: &mut VlanHeader| h.set_ether_type(EtherType::IPV6), &kind, &kind);
}

/// RFC 3032 §2.1: 20 bits, three, one, eight.
#[test]
fn mpls() {
    let label = read::<MplsLabel>();
    assert_eq!((label.label(), label.traffic_class(), label.is_bottom(), label.ttl()), (0x12345, 3, false, 0x78));
    set(
        |l: &mut MplsLabel| l.set_label(0xfff_0123),
        &[(0, 0xf0), (1, 0x12), (2, 0x30)],
        &[(0, 0xf0), (1, 0x12), (2, 0x3f)],
    );
    set(|l: &mut MplsLabel| l.set_traffic_class(0xfd), &[(2, 0x0a)], &[(2, 0xfb)]);
    set(|l: &mut MplsLabel| l.set_bottom(true), &[(2, 1)], &[]);
    set(|l: &mut MplsLabel| l.set_bottom(false), &[], &[(2, 0xfe)]);
    set(|l: &mut MplsLabel| l.set_ttl(64), &[(3, 64)], &[(3, 64)]);
    // RFC 4928 §3.
    let guesses = [0x3f, 0x45, 0x5f, 0x60, 0x70].map(|first| guess_payload(&[first]));
    let (none, v4, v6) = (MplsPayload::Other, MplsPayload::Ipv4, MplsPayload::Ipv6);
    assert_eq!((guesses, guess_payload(&[])), ([none, v4, none, v6, none], none));
}

/// RFC 826.
#[test]
fn arp() {
    let header = read::<ArpHeader>();
    assert_eq!((header.hardware_type(), header.protocol_type()), (0x1234, EtherType(0x5678)));
    assert_eq!((header.hardware_len(), header.protocol_len()), (0x9a, 0xbc));
    assert_eq!((header.operation(), header.packet_len()), (ArpOperation(0xdef1), 8 + 2 * (0x9a + 0xbc)));
    let reply = [(6, 0), (7, 2)];
    set(|h: &mut ArpHeader| h.set_operation(ArpOperation::REPLY), &reply, &reply);
}

/// RFC 5227 §3: a host that tells its own address. Addresses of other lengths are none of IPv4's.
#[test]
fn arp_addresses() {
    let (a, b) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let mut buffer = [0; 28];
    for (target, is_gratuitous) in [(a, true), (b, false)] {
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        ArpAddresses::new((MAC, a), (MacAddr([0; 6]), target)).prepend(ArpOperation::REQUEST, &mut packet).unwrap();
        let packet = ArpPacket::parse(packet.packet()).unwrap();
        assert_eq!((packet.is_gratuitous(), packet.addresses().unwrap().target_protocol()), (is_gratuitous, target));
    }
    for (at, byte) in [(4, 7), (5, 5)] {
        let mut other = [&buffer[..], &[0; 4]].concat();
        other[at] = byte;
        let packet = ArpPacket::parse(&other[..]).unwrap();
        assert_eq!((packet.addresses(), packet.is_gratuitous()), (None, false), "{at}");
    }
    let mut short = [0; 27];
    let mut packet = Headroom::new(&mut short, 0).unwrap();
    let addresses = ArpAddresses::new((MAC, a), (MAC, b));
    let error = addresses.prepend(ArpOperation::REPLY, &mut packet).unwrap_err();
    assert_eq!(error, Error::NoRoom { layer: LayerName::ARP, needed: 28, available: 27 });
    assert_eq!(packet.len(), 0, "nothing was written");
    for len in [0, 8, 19, 21] {
        let mut buffer = [0; 64];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        let error = ArpHeader::new(ArpOperation::REPLY).prepend(&[0; 64][..len], &mut packet).unwrap_err();
        assert!(matches!(error, Error::Unbuildable { value, .. } if value == len), "{error}");
    }
}

/// IEEE 802.2 §3: two service access points and a control field of one byte, if its lowest bits are set, or two.
#[test]
fn llc() {
    let header = read::<LlcHeader>();
    assert_eq!((header.destination(), header.source(), header.control()), (0x12, 0x34, 0x56));
    set(|h: &mut LlcHeader| h.set_control(0x7f), &[(2, 0x7f)], &[(2, 0x7f)]);
    let is_snap = |bytes: &[u8; 3]| LlcHeader::ref_from_bytes(bytes).unwrap().is_snap();
    assert!(is_snap(&[0xaa, 0xaa, 3]) && is_snap(&[0xaa, 0xab, 3]));
    assert!(!is_snap(&[0xab, 0xaa, 3]) && !is_snap(&[0xaa, 0x42, 3]) && !is_snap(&[0xaa, 0xaa, 0xf3]));
    let second = |bytes: &[u8]| LlcPdu::parse(bytes).unwrap().second_control();
    assert_eq!(
        (second(&[0x42, 0x42, 3, 9]), second(&[0x42, 0x42, 0, 9]), second(&[0x42, 0x42, 1, 8])),
        (None, Some(9), Some(8))
    );
    let snap = read::<SnapHeader>();
    assert_eq!((snap.oui(), snap.protocol(), snap.ether_type()), ([0x12, 0x34, 0x56], 0x789a, None));
    assert_eq!(SnapHeader::new(EtherType::ARP).ether_type(), Some(EtherType::ARP));
}

/// LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2, LINKTYPE_NULL of the tcpdump group.
#[test]
fn how_captures_begin() {
    let header = read::<LinuxCookedHeader>();
    assert_eq!((header.packet_type(), header.hardware_type()), (PacketType(0x1234), 0x5678));
    assert_eq!((header.address(), header.protocol()), (&BYTES[6..14], EtherType(0xef13)), "8 of a longer address");
    let header = read::<LinuxCooked2Header>();
    assert_eq!((header.protocol(), header.interface()), (EtherType(0x1234), 0x9abc_def1));
    assert_eq!((header.hardware_type(), header.packet_type()), (0x2345, PacketType(0x67)));
    let families = [(2, Some(EtherType::IPV4)), (24, Some(EtherType::IPV6)), (28, Some(EtherType::IPV6))];
    for (family, ether_type) in families.into_iter().chain([(30, Some(EtherType::IPV6)), (7, None)]) {
        assert_eq!(AddressFamily(family).ether_type(), ether_type);
    }
    let mut buffer = [0; 4];
    for (header, bytes) in [
        (BsdLoopbackHeader::new(AddressFamily::IPV4), [0, 0, 0, 2]),
        (BsdLoopbackHeader::new_little_endian(AddressFamily::IPV4), [2, 0, 0, 0]),
    ] {
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        header.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);
        assert_eq!(BsdLoopbackPacket::parse(packet.packet()).unwrap().family(), AddressFamily::IPV4);
        assert_eq!(header.is_little_endian(), bytes[0] == 2);
    }
    let header = read::<AristaHeader>();
    assert_eq!((header.subtype(), header.version(), header.timestamp_len()), (0x1234, 0x5678, None));
    let mut exact = [0; 14];
    let mut packet = Headroom::new(&mut exact, 0).unwrap();
    AristaHeader::new(0x10).prepend(&[7; 8], EtherType::IPV4, &mut packet).unwrap();
    assert_eq!(packet.packet(), [0, 1, 0, 0x10, 7, 7, 7, 7, 7, 7, 7, 7, 8, 0]);
    let mut short = [0; 13];
    let error = AristaHeader::new(0x10).prepend(&[7; 8], EtherType::IPV4, &mut Headroom::new(&mut short, 0).unwrap());
    assert!(matches!(error, Err(Error::NoRoom { needed: 14, available: 13, .. })));
}

/// RFC 791 §3.1, RFC 2474, RFC 3168.
#[test]
fn ipv4() {
    let header = read::<Ipv4Header>();
    assert_eq!((header.version(), header.header_len()), (1, 8));
    assert_eq!((header.dscp(), header.ecn(), header.traffic_class()), (0x0d, Ecn::NotCapable, 0x34));
    assert_eq!((header.total_length(), header.identification()), (0x5678, 0x9abc));
    assert_eq!((header.reserved_flag(), header.dont_fragment(), header.more_fragments()), (true, true, false));
    assert_eq!((header.fragment_offset(), header.is_fragment()), (0x1ef1 * 8, true));
    assert_eq!((header.ttl(), header.protocol(), header.checksum()), (0x23, IpProtocol(0x45), 0x6789));
    assert_eq!(header.source().octets(), [0xab, 0xcd, 0xef, 0x13]);
    assert_eq!(header.destination().octets(), [0x24, 0x35, 0x46, 0x57]);
    set(|h: &mut Ipv4Header| h.set_dscp(0xc5), &[(1, 0x14)], &[(1, 0x17)]);
    set(|h: &mut Ipv4Header| h.set_ecn(Ecn::Capable0), &[(1, 2)], &[(1, 0xfe)]);
    set(|h: &mut Ipv4Header| h.set_ecn(Ecn::NotCapable), &[], &[(1, 0xfc)]);
    let word = |at| [(at, 0x12), (at + 1, 0x34)];
    set(|h: &mut Ipv4Header| h.set_total_length(0x1234), &word(2), &word(2));
    set(|h: &mut Ipv4Header| h.set_identification(0x1234), &word(4), &word(4));
    set(|h: &mut Ipv4Header| h.set_reserved_flag(true), &[(6, 0x80)], &[]);
    set(|h: &mut Ipv4Header| h.set_reserved_flag(false), &[], &[(6, 0x7f)]);
    set(|h: &mut Ipv4Header| h.set_dont_fragment(true), &[(6, 0x40)], &[]);
    set(|h: &mut Ipv4Header| h.set_dont_fragment(false), &[], &[(6, 0xbf)]);
    set(|h: &mut Ipv4Header| h.set_more_fragments(true), &[(6, 0x20)], &[]);
    set(|h: &mut Ipv4Header| h.set_more_fragments(false), &[], &[(6, 0xdf)]);
    set(|h: &mut Ipv4Header| h.set_fragment_offset(0x1237), &[(6, 0x02), (7, 0x46)], &[(6, 0xe2), (7, 0x46)]);
    set(|h: &mut Ipv4Header| h.set_ttl(9), &[(8, 9)], &[(8, 9)]);
    set(|h: &mut Ipv4Header| h.set_protocol(IpProtocol::UDP), &[(9, 17)], &[(9, 17)]);
    set(|h: &mut Ipv4Header| h.set_checksum(0x1234), &word(10), &word(10));
    let address = |at: usize| [0, 1, 2, 3].map(|n| (at + n, n as u8 + 1));
    set(|h: &mut Ipv4Header| h.set_source([1, 2, 3, 4].into()), &address(12), &address(12));
    set(|h: &mut Ipv4Header| h.set_destination([1, 2, 3, 4].into()), &address(16), &address(16));
    // Neither flag nor offset, one of them, both.
    let fragment = |word: u16| {
        let [high, low] = word.to_be_bytes();
        let bytes = [0x45, 0, 0, 20, 0, 0, high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Ipv4Header::ref_from_bytes(&bytes).unwrap().is_fragment()
    };
    assert_eq!([0, 0xc000, 0x2000, 1, 0x1000].map(fragment), [false, false, true, true, true]);
}

/// RFC 8200 §3.
#[test]
fn ipv6() {
    let header = read::<Ipv6Header>();
    assert_eq!((header.version(), header.traffic_class(), header.flow_label()), (1, 0x23, 0x45678));
    assert_eq!((header.dscp(), header.ecn()), (0x08, Ecn::CongestionExperienced));
    assert_eq!((header.payload_length(), header.next_header(), header.hop_limit()), (0x9abc, IpProtocol(0xde), 0xf1));
    assert_eq!(
        (header.source().octets(), header.destination().octets()),
        (BYTES[8..24].try_into().unwrap(), BYTES[24..40].try_into().unwrap())
    );
    set(|h: &mut Ipv6Header| h.set_traffic_class(0x5a), &[(0, 0x05), (1, 0xa0)], &[(0, 0xf5), (1, 0xaf)]);
    set(|h: &mut Ipv6Header| h.set_dscp(0x16), &[(0, 0x05), (1, 0x80)], &[(0, 0xf5), (1, 0xbf)]);
    set(|h: &mut Ipv6Header| h.set_ecn(Ecn::Capable1), &[(1, 0x10)], &[(1, 0xdf)]);
    set(
        |h: &mut Ipv6Header| h.set_flow_label(0xff1_2345),
        &[(1, 1), (2, 0x23), (3, 0x45)],
        &[(1, 0xf1), (2, 0x23), (3, 0x45)],
    );
    let word = [(4, 0x12), (5, 0x34)];
    set(|h: &mut Ipv6Header| h.set_payload_length(0x1234), &word, &word);
    set(|h: &mut Ipv6Header| h.set_next_header(IpProtocol::TCP), &[(6, 6)], &[(6, 6)]);
    set(|h: &mut Ipv6Header| h.set_hop_limit(9), &[(7, 9)], &[(7, 9)]);
    let address = |at: usize| {
        [0; 16].map({
            let mut n = 0;
            move |_: i32| {
                n += 1;
                (at + n - 1, n as u8)
            }
        })
    };
    let value: [u8; 16] = address(0).map(|(_, byte)| byte);
    set(|h: &mut Ipv6Header| h.set_source(value.into()), &address(8), &address(8));
    set(|h: &mut Ipv6Header| h.set_destination(value.into()), &address(24), &address(24));
}

/// RFC 8200 §4.3, §4.4, §4.5; RFC 4302 §2.
#[test]
fn ipv6_extensions() {
    let header = read::<OptionsHeader>();
    assert_eq!((header.next_header(), header.header_len()), (IpProtocol(0x12), (0x34 + 1) * 8));
    set(|h: &mut OptionsHeader| h.set_next_header(IpProtocol::UDP), &[(0, 17)], &[(0, 17)]);
    let header = read::<RoutingHeader>();
    assert_eq!((header.next_header(), header.header_len()), (IpProtocol(0x12), (0x34 + 1) * 8));
    assert_eq!((header.routing_type(), header.segments_left()), (RoutingType(0x56), 0x78));
    set(|h: &mut RoutingHeader| h.set_segments_left(3), &[(3, 3)], &[(3, 3)]);
    let header = read::<FragmentHeader>();
    assert_eq!((header.next_header(), header.fragment_offset()), (IpProtocol(0x12), 0x5678));
    assert_eq!((header.more_fragments(), header.identification(), header.is_atomic()), (false, 0x9abc_def1, false));
    let built = FragmentHeader::new(IpProtocol::UDP, 0x123f, true, 0x1234_5678);
    assert_eq!(built.as_bytes(), [17, 0, 0x12, 0x39, 0x12, 0x34, 0x56, 0x78]);
    let is_atomic = |offset, more| FragmentHeader::new(IpProtocol::UDP, offset, more, 1).is_atomic();
    assert_eq!((is_atomic(0, false), is_atomic(0, true), is_atomic(8, false)), (true, false, false));
    let header = read::<AuthenticationHeader>();
    assert_eq!((header.next_header(), header.header_len()), (IpProtocol(0x12), (0x34 + 2) * 4));
    assert_eq!((header.reserved(), header.spi(), header.sequence()), (0x5678, 0x9abc_def1, 0x2345_6789));
    // RFC 8200 §4.1; ESP hides what follows, and no next header ends it all.
    let extensions: Vec<u8> = (0..=255).filter(|number| is_extension(IpProtocol(*number))).collect();
    assert_eq!(extensions, [0, 43, 44, 51, 60]);
}

/// RFC 768, RFC 9293 §3.1.
#[test]
fn udp_and_tcp() {
    let header = read::<UdpHeader>();
    assert_eq!((header.source_port(), header.destination_port()), (0x1234, 0x5678));
    assert_eq!((header.length(), header.checksum()), (0x9abc, 0xdef1));
    let word = |at| [(at, 0x12), (at + 1, 0x34)];
    set(|h: &mut UdpHeader| h.set_source_port(0x1234), &word(0), &word(0));
    set(|h: &mut UdpHeader| h.set_destination_port(0x1234), &word(2), &word(2));
    set(|h: &mut UdpHeader| h.set_length(0x1234), &word(4), &word(4));
    set(|h: &mut UdpHeader| h.set_checksum(0x1234), &word(6), &word(6));

    let header = read::<TcpHeader>();
    assert_eq!((header.source_port(), header.destination_port()), (0x1234, 0x5678));
    assert_eq!((header.sequence(), header.acknowledgment()), (0x9abc_def1, 0x2345_6789));
    assert_eq!((header.header_len(), header.flags()), (0x0a * 4, TcpFlags(0xbcd)));
    assert_eq!((header.window(), header.checksum(), header.urgent_pointer()), (0xef13, 0x2435, 0x4657));
    set(|h: &mut TcpHeader| h.set_source_port(0x1234), &word(0), &word(0));
    set(|h: &mut TcpHeader| h.set_destination_port(0x1234), &word(2), &word(2));
    let number = |at| [(at, 0x12), (at + 1, 0x34), (at + 2, 0x56), (at + 3, 0x78)];
    set(|h: &mut TcpHeader| h.set_sequence(0x1234_5678), &number(4), &number(4));
    set(|h: &mut TcpHeader| h.set_acknowledgment(0x1234_5678), &number(8), &number(8));
    set(|h: &mut TcpHeader| h.set_flags(TcpFlags(0xf123)), &[(12, 1), (13, 0x23)], &[(12, 0xf1), (13, 0x23)]);
    set(|h: &mut TcpHeader| h.set_window(0x1234), &word(14), &word(14));
    set(|h: &mut TcpHeader| h.set_checksum(0x1234), &word(16), &word(16));
    set(|h: &mut TcpHeader| h.set_urgent_pointer(0x1234), &word(18), &word(18));
    let start = read::<TcpStart>();
    assert_eq!((start.source_port(), start.destination_port(), start.sequence()), (0x1234, 0x5678, 0x9abc_def1));
    set(|h: &mut TcpStart| h.set_source_port(0x1234), &word(0), &word(0));
    set(|h: &mut TcpStart| h.set_destination_port(0x1234), &word(2), &word(2));
    set(|h: &mut TcpStart| h.set_sequence(0x1234_5678), &number(4), &number(4));
    let both = TcpFlags::SYN | TcpFlags::ACK;
    assert_eq!((both, both | TcpFlags::SYN), (TcpFlags(0x12), TcpFlags(0x12)));
    assert!(both.contains(TcpFlags::SYN) && both.contains(both) && !TcpFlags::SYN.contains(both));
}

/// RFC 792, RFC 4443 §2.1: an ICMPv6 type under 128 is an error.
#[test]
fn icmp() {
    let header = read::<Icmpv4Header>();
    assert_eq!((header.kind(), header.code(), header.checksum()), (Icmpv4Type(0x12), 0x34, 0x5678));
    assert_eq!(header.rest(), [0x9a, 0xbc, 0xde, 0xf1]);
    let word = [(2, 0x12), (3, 0x34)];
    set(|h: &mut Icmpv4Header| h.set_checksum(0x1234), &word, &word);
    let errors: Vec<u8> = (0..=255).filter(|kind| Icmpv4Type(*kind).is_error()).collect();
    assert_eq!(errors, [3, 4, 5, 11, 12], "RFC 1122 §3.2.2");
    let header = read::<Icmpv6Header>();
    assert_eq!((header.kind(), header.code(), header.checksum()), (Icmpv6Type(0x12), 0x34, 0x5678));
    set(|h: &mut Icmpv6Header| h.set_checksum(0x1234), &word, &word);
    assert!((0..=255).all(|kind| Icmpv6Type(kind).is_error() == (kind < 128)));
}

/// RFC 2890 §2, and RFC 1701's routing and RFC 2637's acknowledgment.
#[test]
fn gre() {
    let header = read::<GreHeader>();
    assert_eq!((header.flags_version(), header.version(), header.protocol_type()), (0x1234, 4, EtherType(0x5678)));
    for (flags, fields, len) in [
        (0x0000, [false; 5], 4),
        (0x8000, [true, false, false, false, false], 8),
        (0x4000, [true, true, false, false, false], 8),
        (0x2000, [false, false, true, false, false], 8),
        (0x1000, [false, false, false, true, false], 8),
        (0xb000, [true, false, true, true, false], 16),
        (0x3001, [false, false, true, true, false], 12),
        (0x0081, [false, false, false, false, true], 8),
        (0x0080, [false; 5], 4),
    ] {
        let [high, low] = u16::to_be_bytes(flags);
        let bytes = [high, low, 8, 0];
        let (header, _) = GreHeader::ref_from_prefix(&bytes).unwrap();
        let found = [
            header.has_checksum(),
            header.has_routing(),
            header.has_key(),
            header.has_sequence(),
            header.has_acknowledgment(),
        ];
        assert_eq!((found, header.header_len()), (fields, len), "{flags:#06x}");
    }
}

/// TS 29.281 §5.1: three bits of version, one of protocol type, one spare, three of what follows.
#[test]
fn gtp_u() {
    let header = read::<GtpUHeader>();
    assert_eq!((header.flags(), header.version(), header.kind()), (0x12, 0, GtpUType(0x34)));
    assert_eq!((header.length(), header.teid()), (0x5678, 0x9abc_def1));
    set(|h: &mut GtpUHeader| h.set_flags(0x34), &[(0, 0x34)], &[(0, 0x34)]);
    let word = [(2, 0x12), (3, 0x34)];
    set(|h: &mut GtpUHeader| h.set_length(0x1234), &word, &word);
    let number = [(4, 0x12), (5, 0x34), (6, 0x56), (7, 0x78)];
    set(|h: &mut GtpUHeader| h.set_teid(0x1234_5678), &number, &number);
}

/// RFC 2516 §4: four bits each of version and type. Cisco's HDLC. RFC 4303 §2. nfnetlink_log.h.
#[test]
fn headers_of_few_fields() {
    let header = read::<PppoeHeader>();
    assert_eq!((header.version(), header.kind(), header.code()), (1, 2, 0x34));
    assert_eq!((header.session(), header.length()), (0x5678, 0x9abc));
    assert_eq!(PppoeHeader::ref_from_prefix(&[0x34; 6]).unwrap().0.version(), 3);
    let header = read::<CiscoHdlcHeader>();
    assert_eq!((header.address(), header.control(), header.protocol()), (0x12, 0x34, EtherType(0x5678)));
    let header = read::<EspHeader>();
    assert_eq!((header.spi(), header.sequence()), (0x1234_5678, 0x9abc_def1));
    let header = read::<NflogHeader>();
    assert_eq!((header.family(), header.version(), header.group()), (0x12, 0x34, 0x5678));
}

/// IEEE 802.1BR's predecessor, as Wireshark has its bits: direction, pointer, 14 of destination, looped, reserved, two of version, 12 of source.
#[test]
fn vn_tag() {
    let header = read::<VnTagHeader>();
    assert_eq!((header.is_from_bridge(), header.is_list(), header.is_looped()), (false, false, false));
    assert_eq!((header.reserved(), header.version(), header.ether_type()), (true, 1, EtherType(0x9abc)));
    assert_eq!((header.destination_interface(), header.source_interface()), (0x1234, 0x678));
    let (header, _) = VnTagHeader::ref_from_prefix(&[0xc0, 5, 0xa1, 0x23, 8, 0]).unwrap();
    assert_eq!((header.is_from_bridge(), header.is_list(), header.is_looped()), (true, true, true));
    assert_eq!((header.reserved(), header.version(), header.destination_interface()), (false, 2, 5));
    set(|h: &mut VnTagHeader| h.set_flags(true, false, false), &[(0, 0x80)], &[(0, 0xbf), (2, 0x7f)]);
    set(|h: &mut VnTagHeader| h.set_flags(false, true, false), &[(0, 0x40)], &[(0, 0x7f), (2, 0x7f)]);
    set(|h: &mut VnTagHeader| h.set_flags(false, false, true), &[(2, 0x80)], &[(0, 0x3f)]);
    assert_eq!(VnTagHeader::new(0xffff, 0xffff, EtherType::IPV4).as_bytes(), [0x3f, 0xff, 0x0f, 0xff, 8, 0]);
}

/// IEEE 802.1Q §9.7: three bits of priority, drop eligible, customer addresses, three reserved, 24 of the instance.
#[test]
fn service_instance() {
    let header = read::<ServiceInstanceHeader>();
    assert_eq!((header.priority(), header.drop_eligible(), header.use_customer_addresses()), (0, true, false));
    assert_eq!((header.reserved(), header.id(), header.ether_type()), (2, 0x34_5678, EtherType(0x2435)));
    assert_eq!(header.destination(), MacAddr([0x9a, 0xbc, 0xde, 0xf1, 0x23, 0x45]));
    assert_eq!(header.source(), MacAddr([0x67, 0x89, 0xab, 0xcd, 0xef, 0x13]));
    let (header, _) = ServiceInstanceHeader::ref_from_prefix(&[0xa9; 18]).unwrap();
    assert_eq!((header.priority(), header.drop_eligible(), header.use_customer_addresses()), (5, false, true));
    assert_eq!(header.reserved(), 1);
    set(|h: &mut ServiceInstanceHeader| h.set_priority(0xfd, true), &[(0, 0xb0)], &[(0, 0xbf)]);
    set(|h: &mut ServiceInstanceHeader| h.set_priority(2, false), &[(0, 0x40)], &[(0, 0x4f)]);
    set(|h: &mut ServiceInstanceHeader| h.set_use_customer_addresses(true), &[(0, 8)], &[]);
    set(|h: &mut ServiceInstanceHeader| h.set_use_customer_addresses(false), &[], &[(0, 0xf7)]);
    let built = ServiceInstanceHeader::new(0xff12_3456, MAC, MAC, EtherType::ARP);
    assert_eq!(built.as_bytes(), [0, 0x12, 0x34, 0x56, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 8, 6]);
}

/// WireGuard's paper, §5.4: numbers are little-endian, a type has three bytes of zeros behind it.
#[test]
fn wireguard() {
    let header = read::<DataHeader>();
    assert_eq!((header.receiver(), header.counter()), (0xf1de_bc9a, 0x13ef_cdab_8967_4523));
    let (initiation, response) = (Initiation::new(0x0102_0304), Response::new(0x0102_0304, 0x0506_0708));
    assert_eq!((&initiation.as_bytes()[..8], initiation.sender()), (&[1, 0, 0, 0, 4, 3, 2, 1][..], 0x0102_0304));
    assert_eq!(response.as_bytes()[..12], [2, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5]);
    assert_eq!((response.sender(), response.receiver()), (0x0102_0304, 0x0506_0708));
    let reply = CookieReply::new(0x0506_0708);
    assert_eq!((&reply.as_bytes()[..8], reply.receiver()), (&[3, 0, 0, 0, 8, 7, 6, 5][..], 0x0506_0708));
    let header = DataHeader::new(0x0506_0708, 0x0102_0304_0506_0708);
    assert_eq!(header.as_bytes(), [4, 0, 0, 0, 8, 7, 6, 5, 8, 7, 6, 5, 4, 3, 2, 1]);
}

/// RFC 4861 §4.2 to §4.5, §4.6.2; RFC 8781 §4.
#[test]
fn neighbour_discovery() {
    let router = read::<RouterAdvertisement>();
    assert_eq!((router.hop_limit, router.flags, router.lifetime()), (0x12, 0x34, 0x5678));
    assert_eq!((router.reachable_time(), router.retransmission_timer()), (0x9abc_def1, 0x2345_6789));
    let flags = [0x80, 0x40, 0x3f].map(|flags| RouterAdvertisement::new(0, flags, 0, 0, 0));
    let said = flags.map(|router| (router.is_managed(), router.other_configuration()));
    assert_eq!(said, [(true, false), (false, true), (false, false)]);
    let address = |at: usize| core::net::Ipv6Addr::from(<[u8; 16]>::try_from(&BYTES[at..at + 16]).unwrap());
    let neighbor = read::<Neighbor>();
    assert_eq!((neighbor.flags, neighbor.target()), (0x12, address(4)));
    let flags = [0x80, 0x40, 0x20, 0x1f].map(|flags| Neighbor::new(flags, address(0)));
    let said = flags.map(|neighbor| [neighbor.is_router(), neighbor.is_solicited(), neighbor.is_override()]);
    assert_eq!(said, [[true, false, false], [false, true, false], [false, false, true], [false; 3]]);
    let redirect = read::<Redirect>();
    assert_eq!((redirect.target(), redirect.destination()), (address(4), address(20)));
    let prefix = read::<PrefixInformation>();
    assert_eq!((prefix.prefix_length, prefix.flags, prefix.prefix()), (0x12, 0x34, address(14)));
    assert_eq!((prefix.valid_lifetime(), prefix.preferred_lifetime()), (0x5678_9abc, 0xdef1_2345));
    let flags = [0x80, 0x40, 0x3f].map(|flags| PrefixInformation::new(address(0), 64, flags, 0, 0));
    let said = flags.map(|prefix| (prefix.is_on_link(), prefix.is_autonomous()));
    assert_eq!(said, [(true, false), (false, true), (false, false)]);
    let prefix = read::<Pref64>();
    assert_eq!((prefix.lifetime(), prefix.prefix_length()), (0x1230, Some(40)));
    assert_eq!(prefix.prefix().octets()[..], [&BYTES[2..14], &[0; 4]].concat());
    let lengths = [0, 1, 2, 3, 4, 5, 6, 7].map(|code| {
        let prefix = Pref64::read_from_bytes(&[0xff, 0xf8 | code, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
        (prefix.prefix_length(), prefix.lifetime())
    });
    let known = [Some(96), Some(64), Some(56), Some(48), Some(40), Some(32), None, None];
    assert_eq!(lengths, known.map(|length| (length, 0xfff8)));
}

/// RFC 768, RFC 8200 §8.1; the sums by hand.
#[test]
fn pseudo_headers() {
    let (a4, b4) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let (a6, b6) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
    // c000 + 0201 + c000 + 0202 + 0011 + 0003, and aabb cc00 behind it.
    let ipv4 = PseudoHeader::ip(a4, b4, IpProtocol::UDP).unwrap();
    assert!(!ipv4.is_ipv6());
    let sum = 0xc000_u32 + 0x0201 + 0xc000 + 0x0202 + 0x11 + 3 + 0xaabb + 0xcc00;
    assert_eq!(u32::from(!ipv4.checksum(&[0xaa, 0xbb, 0xcc])), (sum & 0xffff) + (sum >> 16));
    let ipv6 = PseudoHeader::ip(a6, b6, IpProtocol::TCP).unwrap();
    assert!(ipv6.is_ipv6());
    let sum = 2 * (0x2001 + 0x0db8) + 1 + 2 + 6;
    assert_eq!(u32::from(!ipv6.checksum(&[])), sum);
    // A jumbogram's length has 32 bits.
    assert_eq!(u32::from(!ipv6.with_length(0x0012_3456).finish()), sum + 0x0012 + 0x3456);
    assert_eq!(PseudoHeader::ip(a4, b6, IpProtocol::TCP), None);
}

const ENTROPIES: [u32; 8] =
    [0xbaf6_77e9, 0x7e56_b31c, 0x0636_f5d3, 0xceac_a3be, 0xb4ca_96a8, 0xb32e_f98a, 0xad03_1849, 0x83d1_3aaa];

/// The same packets, of which both directions have one number.
const SYMMETRIC: [u32; 8] =
    [0x9b46_850d, 0x5ea6_c01d, 0xe687_02e4, 0x7c78_bfc9, 0x6296_b2b3, 0xe5b2_eaa3, 0xad03_1849, 0x83d1_3aaa];

/// The numbers were worked out from the description in `flow.rs` by other code: the same number in every release.
#[test]
fn entropy_of_flows() {
    assert_eq!(entropies(flow::ip_entropy, flow::entropy, false), ENTROPIES);
    assert_eq!((flow::ip_entropy(&[]), flow::ip_entropy(&[0x50; 40])), (0, 0));
    for is_answer in [false, true] {
        let found = entropies(flow::symmetric_ip_entropy, flow::symmetric_entropy, is_answer);
        assert_eq!(found, SYMMETRIC, "{is_answer}");
    }
    assert_eq!((flow::symmetric_ip_entropy(&[]), flow::symmetric_entropy(&[])), (0, 0));
}

fn entropies(ip: fn(&[u8]) -> u32, frame: fn(&[u8]) -> u32, is_answer: bool) -> [u32; 8] {
    let turned = |a: &[u8], b: &[u8]| if is_answer { [b, a].concat() } else { [a, b].concat() };
    let ports = turned(&[0x12, 0x34], &[0x56, 0x78]);
    let macs = turned(&[4, 0, 0, 0, 0, 2], &[2, 0, 0, 0, 0, 1]);
    // A packet's number is the same behind Ethernet.
    let of = |ether_type: u16, packet: &[u8]| {
        let number = ip(packet);
        assert_eq!(frame(&[&macs[..], &ether_type.to_be_bytes(), packet].concat()), number, "{packet:02x?}");
        // Of what does not say that it is IP it is that of the addresses, whatever the first bytes look like.
        assert_ne!(frame(&[&macs[..], &[0x88, 0xb5], packet].concat()), number, "{packet:02x?}");
        number
    };
    let v4 = |protocol, flags| {
        let header = [0x45, 0, 0, 24, 0, 0, flags, 0, 64, protocol, 0, 0];
        of(0x0800, &[&header[..], &turned(&[192, 0, 2, 1], &[198, 51, 100, 2]), &ports].concat())
    };
    // Four no-operations, which are no ports; all bits of a fragment.
    let header = [0x46, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0];
    let options = of(0x0800, &[&header[..], &turned(&[192, 0, 2, 1], &[198, 51, 100, 2]), &[1; 4], &ports].concat());
    let header = [0x45, 0, 0, 24, 0, 0, 0x3f, 0xff, 64, 17, 0, 0];
    let fragment = of(0x0800, &[&header[..], &turned(&[192, 0, 2, 1], &[198, 51, 100, 2]), &ports].concat());
    assert_eq!([options, fragment], [v4(17, 0x40), v4(17, 0x20)]);
    let v6 = |protocol| {
        let source = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x0a, 1];
        let destination = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x0b, 2];
        of(0x86dd, &[&[0x60, 0, 0, 0, 0, 4, protocol, 64][..], &turned(&source, &destination), &ports].concat())
    };
    let by_mac = frame(&[&macs[..], &[8, 6, 9, 9]].concat());
    [v4(17, 0), v4(6, 0), v4(132, 0), v4(17, 0x20), v4(253, 0), v6(17), v6(253), by_mac]
}

#[test]
fn a_writer() {
    let layer = LayerName::new("test");
    let mut buffer = [0; 8];
    let mut writer = Writer::new(layer, &mut buffer);
    assert!(writer.is_empty());
    writer.put_first(&[1, 2, 3, 4], 2).unwrap().u8(9).unwrap();
    assert!(!writer.is_empty());
    assert_eq!((writer.len(), writer.written()), (3, &[1, 2, 9][..]));
    writer.truncate(5);
    assert_eq!(writer.len(), 3, "nothing to take back");
    writer.truncate(1);
    writer.put_first(&[5, 6, 7], 3).unwrap();
    assert_eq!(writer.written(), [1, 5, 6, 7]);
    // Where there is no room for all, those that count are written.
    writer.put_first(&[8, 9, 10, 11, 12], 4).unwrap();
    assert_eq!(writer.written(), [1, 5, 6, 7, 8, 9, 10, 11]);
    assert_eq!(writer.u8(0).err(), Some(Error::NoRoom { layer, needed: 1, available: 0 }));

    let mut buffer = [0; 8];
    let mut writer = Writer::new(layer, &mut buffer);
    assert_eq!(writer.put_first(&[1, 2, 3], 5).unwrap().written(), [1, 2, 3], "there are no more than three");

    let mut buffer = [0; 600];
    let mut writer = Writer::new(layer, &mut buffer);
    writer.u8(7).unwrap().with_len_u8(2, |to| to.write_all(&[&[1, 2, 3]])).unwrap();
    assert_eq!(writer.written(), [7, 5, 1, 2, 3]);
    writer.with_len_u16(1, |to| to.write_all(&[&[4; 300]])).unwrap();
    assert_eq!((writer.len(), &writer.written()[5..8]), (307, &[1, 45, 4][..]));
    writer.truncate(0);
    assert!(writer.with_len_u8(1, |to| to.write_all(&[&[4; 254]])).is_ok());
    writer.truncate(0);
    assert!(matches!(
        writer.with_len_u8(2, |to| to.write_all(&[&[4; 254]])),
        Err(Error::Unbuildable { value: 256, .. })
    ));
}

#[test]
fn names_and_kinds_of_errors() {
    assert_eq!(
        (LayerName::IPV4.name(), format!("{:?}", LayerName::IPV4), LayerName::IPV4.to_string()),
        ("IPv4", "IPv4".into(), "IPv4".into())
    );
    assert!(Error::Truncated { layer: LayerName::UDP, needed: 8, available: 7 }.is_truncated());
    assert!(!Error::NoRoom { layer: LayerName::UDP, needed: 8, available: 7 }.is_truncated());
}

#[test]
fn headroom_takes_back() {
    let mut buffer = [0; 8];
    let mut packet = Headroom::with_payload(&mut buffer, &[1, 2]).unwrap();
    assert!(!packet.is_empty());
    packet.prepend_bytes(LayerName::UDP, &[3, 4]).unwrap();
    packet.take_back(6);
    assert_eq!(packet.packet(), [3, 4, 1, 2], "there is no more");
    packet.take_back(2);
    assert_eq!((packet.packet(), packet.headroom()), (&[1, 2][..], 6));
    packet.take_back(0);
    assert!(packet.is_empty());
}
