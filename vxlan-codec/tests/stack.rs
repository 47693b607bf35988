//! Stacks of layers with VXLAN among them, over packets of the captures in `testdata`; what their fields are is what tshark says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::outer::{Outer, SourcePorts};
use ether_ip::stack::{Ethernet, Icmpv4, Ipv4, Ipv6, Udp, Vlans};
use ether_ip::udp::UdpHeader;
use ether_ip::vlan::VlanHeader;
use ether_ip::{Error, Headroom, LayerName, Rule};
use vxlan_codec::error::VXLAN;
use vxlan_codec::{PORT, PORT_LINUX, Vni, Vxlan, VxlanHeader, VxlanTunnel};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// vxlan-inner-vlan.pcap, frame 11: an echo request with two tags in VXLAN to Linux' port.
const TAGGED: &str = "020000000002 020000000001 0800
    4500005c9408000040116285c0000201c0000202 9221211800489848 0800000000000100
    0a0000000002 0a0000000001 88a800c8 81000064 0800
    45000022000140004001e66fc6336401c6336402 0800b6ca00070001746167676564";

#[test]
fn an_inner_frame_with_tags() {
    let mut bytes = unhex(TAGGED);
    let stack = Ethernet / Ipv4 / Udp / Vxlan(PORT_LINUX) / Ethernet / Vlans / Ipv4 / Icmpv4;
    let (_, _, udp, vxlan, inner, vlans, ip, icmp) = stack.parse(&bytes).unwrap();
    assert_eq!((udp.source_port(), vxlan.vni().get(), inner.source().0[5]), (37_409, 1, 1));
    assert_eq!((vlans[0].id(), vlans[1].id(), ip.source().octets()), (200, 100, [198, 51, 100, 1]));
    assert_eq!((icmp.kind().0, icmp.payload(), icmp.checksum_is_valid()), (8, &b"tagged"[..], true));
    // All that is in front of a layer stays whole where it is read.
    assert_eq!((udp.payload().len(), vxlan.payload().len(), vlans.payload().len()), (64, 56, 34));

    let (_, _, udp, vxlan, _, vlans, _, mut icmp) = stack.parse_mut(&mut bytes).unwrap();
    udp.set_checksum(0);
    vxlan.set_vni(Vni::new(0x123456).unwrap());
    vlans[1].set_id(101);
    icmp.payload_mut()[0] = b'T';
    assert_eq!((&bytes[40..42], &bytes[46..50], bytes[69]), (&[0, 0][..], &[0x12, 0x34, 0x56, 0][..], 101));
    assert_eq!(&bytes[100..], b"Tagged");
}

/// RFC 7348 §5: another port is not VXLAN's, and without the I flag there is no VNI.
#[test]
fn what_is_refused() {
    let mut bytes = unhex(TAGGED);
    let (field, rule) = ("destination port", Rule::Exactly(4789));
    let other = Error::OtherLayer { layer: LayerName::UDP, field, value: 8472, rule };
    assert_eq!((Ethernet / Ipv4 / Udp / Vxlan(PORT)).parse(&bytes).err(), Some(other));
    // RFC 7348 §6.1: the stack has tags, or it has none.
    let untagged = Ethernet / Ipv4 / Udp / Vxlan(PORT_LINUX) / Ethernet / Ipv4;
    let (field, rule) = ("EtherType", Rule::Exactly(0x800));
    let other = Error::OtherLayer { layer: LayerName::ETHERNET, field, value: 0x88a8, rule };
    assert_eq!(untagged.parse(&bytes).err(), Some(other));
    bytes[42] = 0;
    let refused = Error::Malformed { layer: VXLAN, field: "I flag", value: 0, rule: Rule::Exactly(1) };
    assert_eq!(untagged.parse(&bytes).err(), Some(refused));
    let cut = Error::Truncated { layer: VXLAN, needed: 8, available: 5 };
    assert_eq!((Vxlan(PORT) / Ethernet).parse(&bytes[42..47]).err(), Some(cut));
}

/// RFC 7348 §5: what the expression builds is what a tunnel's template builds, to the port that IANA gave and to another; and is read as such.
#[test]
fn headers_in_one_expression() {
    let macs = (MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2]));
    let link = EthernetHeader::new(macs.1, macs.0, EtherType(0));
    let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    let ip6 = Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol::UDP);
    let vni = Vni::new(0x123456).unwrap();
    let ports = SourcePorts::new(50_000, 50_000);
    for (port, expected) in [(0, PORT), (PORT_LINUX, PORT_LINUX)] {
        let (udp, vxlan) = (UdpHeader::new(50_000, port), VxlanHeader::new(vni));
        let inner = EthernetHeader::new(macs.0, macs.1, EtherType(0));
        let (mut buffers, hello) = ([[0; 128]; 4], b"hello");
        let [one, two, three, four] = buffers.each_mut();
        let [mut one, mut two] = [one, two].map(|buffer| Headroom::with_payload(buffer, hello).unwrap());
        (link / ip / udp / vxlan / inner / ip6 / UdpHeader::new(4000, 53)).prepend(&mut one).unwrap();
        (ip6 / udp / vxlan / inner / VlanHeader::new(7, EtherType(0)) / ip / UdpHeader::new(4000, 53))
            .prepend(&mut two)
            .unwrap();
        for (packet, buffer, outer) in [
            (&one, three, Outer::ipv4(ip.source(), ip.destination()).ethernet(macs.0, macs.1).checksum(true)),
            (&two, four, Outer::ipv6(ip6.source(), ip6.destination())),
        ] {
            let outer = outer.source_ports(ports);
            let template = VxlanTunnel::new(vni, outer).port(expected).template();
            let mut same = Headroom::with_payload(buffer, &packet.packet()[outer.len() + 8..]).unwrap();
            template.encapsulate(&mut same).unwrap();
            assert_eq!(packet.packet(), same.packet());
        }
        let stack = Ipv6 / Udp / Vxlan(expected) / Ethernet / Vlans / Ipv4 / Udp;
        let (_, _, vxlan, _, tags, ip, udp) = stack.parse(two.packet()).unwrap();
        assert_eq!((vxlan.vni(), tags[0].id(), udp.payload()), (vni, 7, &hello[..]));
        assert!(ip.checksum_is_valid() && udp.checksum_is_valid(&ip.pseudo_header()));
    }
    // Over a UDP socket the packet begins with it.
    let mut buffer = [0; 27];
    let mut packet = Headroom::with_payload(&mut buffer, b"hello").unwrap();
    (VxlanHeader::new(vni) / link).prepend(&mut packet).unwrap();
    assert_eq!(packet.packet()[..8], [8, 0, 0, 0, 0x12, 0x34, 0x56, 0]);
    let mut buffer = [0; 26];
    let mut packet = Headroom::with_payload(&mut buffer, b"hello").unwrap();
    let no_room = Error::NoRoom { layer: VXLAN, needed: 8, available: 7 };
    assert_eq!((VxlanHeader::new(vni) / link).prepend(&mut packet), Err(no_room));
    assert_eq!(packet.packet(), b"hello");
}
