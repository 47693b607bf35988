//! The options of OVN and of AWS Gateway Load Balancer in bytes that were worked out from RFC 8926 and these systems' sources
//! apart from the code. Where one of them is wrong, it is mended by the source's words, never by what comes out here.
//!
//! OVN: controller/physical.h, controller/physical.c `put_encapsulation`, ovn-architecture(7) (at 2411e964). AWS: GenevePacket.cpp of its
//! tunnel handler (at 5e12604c).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

#[path = "../../testdata/unhex.rs"]
mod unhex;

use ether_ip::ethernet::EtherType;
use ether_ip::ip::Ecn;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::outer::{Inner, Outer, SourcePorts};
use ether_ip::udp::{UdpChecksum, UdpDatagram, UdpHeader};
use ether_ip::writer::Writer;
use ether_ip::{Error as Packet, Headroom, Rule};
use geneve_codec::{
    Decapsulated, Decapsulator, Error, GENEVE, GENEVE_OPTION, GeneveHeader, GeneveOption, GeneveOptions, GenevePacket,
    GeneveTunnel, KnownOption, OptionClass, PORT, Vni,
};
use unhex::unhex;

fn vni(number: u32) -> Vni {
    Vni::new(number).unwrap()
}

/// Options one behind the other.
fn written(options: &[KnownOption]) -> Vec<u8> {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(GENEVE_OPTION, &mut buffer);
    options.iter().for_each(|option| option.write(&mut writer).unwrap());
    writer.written().to_vec()
}

/// A packet from Geneve's header on.
fn built(vni: Vni, protocol_type: EtherType, options: &[KnownOption], payload: &[u8]) -> Vec<u8> {
    let mut buffer = [0; 200];
    let mut packet = Headroom::with_payload(&mut buffer, payload).unwrap();
    GeneveHeader::new(vni, protocol_type).prepend(&written(options), &mut packet).unwrap();
    packet.packet().to_vec()
}

/// What a receiver says of a packet that came from Geneve's header on.
fn received(vtep: Decapsulator<'_>, geneve: &[u8]) -> Result<Decapsulated, Error> {
    let mut buffer = [0; 200];
    let mut packet = Headroom::with_payload(&mut buffer, geneve).unwrap();
    UdpHeader::new(50_000, PORT).prepend(&mut packet, UdpChecksum::Zero).unwrap();
    let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    ip.prepend(&[], &mut packet).unwrap();
    vtep.decapsulate_ip(packet.packet())
}

/// Each option's class, type, reserved bits and what it says.
fn options(bytes: &[u8]) -> Vec<(u16, u8, u8, Option<KnownOption>)> {
    let read = |option: GeneveOption<'_>| (option.class.0, option.kind, option.reserved, option.known());
    GeneveOptions::new(bytes).map(|option| read(option.unwrap())).collect()
}

/// 7.1, 7.2: logical ports; of egress the multicast groups from 0x8000 on; the largest ingress. Type 0x80 is critical, so that the
/// header's C bit stands.
#[test]
fn ovns_ports() {
    //= RFC 8926 §3.5/critical-base, §3.4/reserved-zero, §3.5/option-reserved-zero
    for (bytes, network, ingress, egress) in [
        ("02 40 6558 0a0b0c 00 0102 80 01 12340567", 0x0a_0b0c, 0x1234, 0x0567),
        ("02 40 6558 00002d 00 0102 80 01 7fff8001", 0x2d, 0x7fff, 0x8001),
    ] {
        let bytes = unhex(bytes);
        let packet = GenevePacket::parse(&bytes[..]).unwrap();
        let header = packet.header();
        assert_eq!((header.version(), header.header_len(), packet.options_bytes().len()), (0, 16, 8));
        assert_eq!((header.is_oam(), header.has_critical_options(), header.reserved()), (false, true, (0, 0)));
        assert_eq!((header.protocol_type(), header.protocol_type().0), (EtherType::TRANSPARENT_ETHERNET, 0x6558));
        assert_eq!((header.vni().get(), packet.payload().len()), (network, 0));
        let ports = KnownOption::OvnLogicalPorts { ingress, egress };
        assert_eq!(options(packet.options_bytes()), [(0x0102, 0x80, 0, Some(ports))]);
        let option = packet.options().next().unwrap().unwrap();
        assert_eq!((option.is_critical(), option.data), (true, &bytes[12..]));
        assert_eq!(built(vni(network), EtherType::TRANSPARENT_ETHERNET, &[ports], &[]), bytes);
        let known = [(OptionClass::OVN, 0x80)];
        let found = received(Decapsulator::new().known(&known), &bytes).unwrap();
        assert_eq!((found.options.len(), found.inner.len(), found.header), (8, 0, *header));
    }
}

/// 7.3: IPv4 behind the three options of a load balancer, from the outer IPv4 header on.
#[test]
fn awss_options_and_ipv4() {
    //= RFC 8926 §3.3/port-6081, §3.5/critical-base, §3.4/reserved-zero, §3.5/option-reserved-zero
    let bytes = unhex(
        "45 00 0061 0000 4000 fe 11 614d 0a000315 0a00042a eb11 17c1 004d 0000 08 00 0800 000000 00 0108
         01 02 0a1b2c3d4e5f6071 0108 02 02 1122334455667788 0108 03 01 89abcdef
         4500001d07080000401158bb0a0303030a04040401020304000992c84e",
    );
    let inner = unhex("4500001d07080000401158bb0a0303030a04040401020304000992c84e");
    let ip = Ipv4Packet::parse(&bytes[..]).unwrap();
    let header = ip.header();
    assert_eq!((header.version(), header.header_len(), header.dscp(), header.ecn()), (4, 20, 0, Ecn::NotCapable));
    assert_eq!((header.total_length(), header.identification()), (97, 0));
    assert_eq!((header.dont_fragment(), header.more_fragments(), header.fragment_offset()), (true, false, 0));
    assert_eq!((header.ttl(), header.protocol(), header.checksum()), (254, IpProtocol::UDP, 0x614d));
    assert!(ip.checksum_is_valid());
    assert_eq!((header.source(), header.destination()), ([10, 0, 3, 21].into(), [10, 0, 4, 42].into()));
    let udp = UdpDatagram::parse(ip.payload()).unwrap();
    let header = udp.header();
    assert_eq!((header.source_port(), header.destination_port()), (0xeb11, 6081));
    assert_eq!((header.length(), header.checksum()), (77, 0));

    let packet = GenevePacket::parse(udp.payload()).unwrap();
    let header = packet.header();
    assert_eq!((header.version(), header.header_len(), packet.options_bytes().len()), (0, 40, 32));
    assert_eq!((header.is_oam(), header.has_critical_options(), header.reserved()), (false, false, (0, 0)));
    assert_eq!((header.protocol_type().0, header.vni().get()), (0x0800, 0));
    let three = [
        KnownOption::AwsEndpoint(0x0a1b_2c3d_4e5f_6071),
        KnownOption::AwsAttachment(0x1122_3344_5566_7788),
        KnownOption::AwsFlowCookie(0x89ab_cdef),
    ];
    let told: Vec<_> = three.into_iter().zip(1..).map(|(known, kind)| (0x0108, kind, 0, Some(known))).collect();
    assert_eq!(options(packet.options_bytes()), told);
    assert_eq!(packet.payload(), inner);

    let found = Decapsulator::new().vni(vni(0)).decapsulate_ip(&bytes).unwrap();
    assert_eq!((found.options, found.inner, found.source_port, found.traffic_class), (36..68, 68..97, 0xeb11, 0));
    assert_eq!(found.header, *header);

    let outer = Outer::ipv4([10, 0, 3, 21].into(), [10, 0, 4, 42].into()).ttl(254);
    let outer = outer.source_ports(SourcePorts::new(0xeb11, 0xeb11));
    let tunnel = GeneveTunnel::new(vni(0), outer).carrying(EtherType::IPV4);
    let template = tunnel.template(&written(&three)).unwrap();
    // AWS's pages: encapsulation adds 68 bytes.
    assert_eq!(template.overhead(), 68);
    let mut buffer = [0; 97];
    let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
    template.encapsulate_with(&mut packet, Inner::from(0)).unwrap();
    assert_eq!(packet.packet(), bytes);
}

/// 7.4: IPv6 behind, from Geneve's header on; an attachment of zero.
#[test]
fn awss_options_and_ipv6() {
    //= RFC 8926 §3.5/critical-base, §3.4/reserved-zero, §3.5/option-reserved-zero
    let bytes = unhex(
        "08 00 86dd 000000 00 0108 01 02 0fedcba987654321 0108 02 02 0000000000000000 0108 03 01 00000001
         60000000000b114020010db800060000000000000000000120010db800070000
         00000000000000021a1b2c2d000bd1bd475045",
    );
    let packet = GenevePacket::parse(&bytes[..]).unwrap();
    let header = packet.header();
    assert_eq!((header.version(), header.header_len(), packet.options_bytes().len()), (0, 40, 32));
    assert_eq!((header.is_oam(), header.has_critical_options(), header.reserved()), (false, false, (0, 0)));
    assert_eq!((header.protocol_type().0, header.vni().get()), (0x86dd, 0));
    let three =
        [KnownOption::AwsEndpoint(0x0fed_cba9_8765_4321), KnownOption::AwsAttachment(0), KnownOption::AwsFlowCookie(1)];
    let told: Vec<_> = three.into_iter().zip(1..).map(|(known, kind)| (0x0108, kind, 0, Some(known))).collect();
    assert_eq!(options(packet.options_bytes()), told);
    assert_eq!(packet.payload(), &bytes[40..]);
    assert_eq!(built(vni(0), EtherType::IPV6, &three, &bytes[40..]), bytes);
    assert_eq!(received(Decapsulator::new(), &bytes).unwrap().inner.len(), 51);
}

/// W7.1: a critical option, and the C bit is 0. The clause binds who sends, whom `prepend` keeps to it; of who receives it asks nothing
/// (Linux goes by the C bit alone). Here both are told, and a receiver goes by the options.
#[test]
fn a_critical_option_without_the_c_bit() {
    //= RFC 8926 §3.5/critical-base, §3.5/critical-dropped
    let bytes = unhex("020065580a0b0c0001028001123405670200000000010200000000020800");
    let packet = GenevePacket::parse(&bytes[..]).unwrap();
    assert!(!packet.header().has_critical_options());
    assert!(packet.options().next().unwrap().unwrap().is_critical());
    let unknown = Error::UnknownCritical { class: OptionClass::OVN, kind: 0x80 };
    assert_eq!(received(Decapsulator::new(), &bytes), Err(unknown));
    let known = [(OptionClass::OVN, 0x80)];
    assert_eq!(received(Decapsulator::new().known(&known), &bytes).unwrap().inner.len(), 14);
}

/// W7.2: a critical option that nobody knows.
#[test]
fn an_unknown_critical_option() {
    //= RFC 8926 §3.5/critical-dropped, §3.5.1/unknown
    let bytes = unhex("024065580a0b0c0001998101deadbeef0200000000010200000000020800");
    let unknown = Error::UnknownCritical { class: OptionClass(0x0199), kind: 0x81 };
    let known = [(OptionClass::OVN, 0x80), (OptionClass::CILIUM, 0x81)];
    assert_eq!(received(Decapsulator::new(), &bytes), Err(unknown));
    assert_eq!(received(Decapsulator::new().known(&known), &bytes), Err(unknown));
}

/// W7.3: an option that says two words where the options' area has one; the packet goes on behind.
#[test]
fn an_option_longer_than_the_options() {
    //= RFC 8926 §3.5/length
    let bytes = unhex("024065580a0b0c0001028002123405670200000000010200000000020800");
    let cut = Packet::Truncated { layer: GENEVE_OPTION, needed: 12, available: 8 };
    let packet = GenevePacket::parse(&bytes[..]).unwrap();
    let mut options = packet.options();
    assert_eq!((options.next(), options.next()), (Some(Err(cut)), None));
    for vtep in [Decapsulator::new(), Decapsulator::new().any_option()] {
        assert_eq!(received(vtep, &bytes), Err(Error::Packet(cut)));
    }
}

/// W7.4, W7.5: version 1, and options of 252 bytes in a packet of 30.
#[test]
fn a_version_and_a_length_that_cannot_be() {
    //= RFC 8926 §3.4/version, §3.5/length
    let version = Packet::Malformed { layer: GENEVE, field: "version", value: 1, rule: Rule::Exactly(0) };
    let cut = Packet::Truncated { layer: GENEVE, needed: 260, available: 30 };
    for (bytes, error) in [
        ("424065580a0b0c0001028001123405670200000000010200000000020800", version),
        ("3f4065580a0b0c0001028001123405670200000000010200000000020800", cut),
    ] {
        let bytes = unhex(bytes);
        assert_eq!(GenevePacket::parse(&bytes[..]).unwrap_err(), error);
        assert_eq!(received(Decapsulator::new().any_option(), &bytes), Err(Error::Packet(error)));
    }
}

/// W7.6: without the flow's cookie. AWS's handler refuses that, by a rule of its own: RFC 8926 has none. Which options there must be is
/// for who asks for them; here each that is there is told.
#[test]
fn awss_options_without_the_cookie() {
    let bytes = unhex(
        "0600080000000000010801020a1b2c3d4e5f60710108020211223344556677884500001d07080000401158bb0a030303
         0a04040401020304000992c84e",
    );
    let packet = GenevePacket::parse(&bytes[..]).unwrap();
    let two = [
        (0x0108, 1, 0, Some(KnownOption::AwsEndpoint(0x0a1b_2c3d_4e5f_6071))),
        (0x0108, 2, 0, Some(KnownOption::AwsAttachment(0x1122_3344_5566_7788))),
    ];
    assert_eq!(options(packet.options_bytes()), two);
    assert_eq!(received(Decapsulator::new(), &bytes).unwrap().inner.len(), 29);
}

/// W7.7: OVN's option with 8 bytes, where OVN knows 4: it is an option as any, and says nothing.
#[test]
fn ovns_option_of_another_length() {
    let bytes = unhex("034065580a0b0c000102800212340567000000000200000000010200000000020800");
    let packet = GenevePacket::parse(&bytes[..]).unwrap();
    assert_eq!(options(packet.options_bytes()), [(0x0102, 0x80, 0, None)]);
    assert_eq!(packet.payload().len(), 14);
}
