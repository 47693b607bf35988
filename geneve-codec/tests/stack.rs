//! Stacks of layers with Geneve among them, over packets of the captures in `testdata`; what their fields are is what tshark says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::outer::{Outer, SourcePorts};
use ether_ip::stack::{Arp, Ethernet, Ip, Ipv4, Ipv6, Udp, Vlans};
use ether_ip::udp::UdpHeader;
use ether_ip::{Error, Headroom, Rule};
use geneve_codec::{GENEVE, Geneve, GeneveHeader, GeneveTunnel, OptionClass, PORT, Vni};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// geneve-options.pcap, frame 4: who has 10.244.0.1? With two options.
const ARP: &str = "020000000201020000000202080045000062000040004011b687c0000202c0000201c34a17c1004e000005406558000007000102800100010002ffff01021122334455667788ffffffffffffea474d95b1d708060001080006040001ea474d95b1d70af400020000000000000af40001";

#[test]
fn an_inner_frame_behind_options() {
    let mut bytes = unhex(ARP);
    let stack = Ethernet / Vlans / Ip / Udp / Geneve(PORT) / Ethernet / Arp;
    let (_, _, _, _, geneve, _, arp) = stack.parse(&bytes).unwrap();
    let classes = geneve.options().map(|option| option.unwrap().class).collect::<Vec<_>>();
    assert_eq!((geneve.vni().get(), classes), (7, vec![OptionClass::OVN, OptionClass(0xffff)]));
    assert_eq!(arp.addresses().unwrap().target_protocol().octets(), [10, 244, 0, 1]);
    let (_, _, _, _, geneve, _, mut arp) = stack.parse_mut(&mut bytes).unwrap();
    geneve.set_oam(true);
    arp.set_operation(ether_ip::arp::ArpOperation::REPLY);
    let (_, _, _, _, geneve, _, arp) = stack.parse(&bytes).unwrap();
    assert_eq!((geneve.is_oam(), arp.operation().0), (true, 2));
}

/// RFC 8926 §3.4: the protocol type says what is inside; a version that is not known is dropped.
#[test]
fn what_is_refused() {
    let mut bytes = unhex(ARP);
    let stack = Ethernet / Ipv4 / Udp / Geneve(PORT) / Ip;
    let (field, rule) = ("protocol type", Rule::Either(0x800, 0x86dd));
    assert_eq!(stack.parse(&bytes).err(), Some(Error::OtherLayer { layer: GENEVE, field, value: 0x6558, rule }));
    bytes[42] |= 0x40;
    let version = Error::Malformed { layer: GENEVE, field: "version", value: 1, rule: Rule::Exactly(0) };
    assert_eq!(stack.parse(&bytes).err(), Some(version));
}

/// RFC 8926 §3.4: the protocol type says what follows, whatever it said before; and with Ethernet in it the expression builds what a tunnel's
/// template builds.
#[test]
fn headers_in_one_expression() {
    let macs = (MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2]));
    let link = EthernetHeader::new(macs.1, macs.0, EtherType(0));
    let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    let ip6 = Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol::UDP);
    let (vni, wrong) = (Vni::new(0x123456).unwrap(), EtherType::ARP);
    let (udp, geneve) = (UdpHeader::new(50_000, 0), GeneveHeader::new(vni, wrong));
    let mut buffers = [[0; 128]; 4];
    let [one, two, three, four] = buffers.each_mut();
    let [mut one, mut two, mut three] =
        [one, two, three].map(|buffer| Headroom::with_payload(buffer, b"hello").unwrap());
    (ip6 / udp / geneve / link / ip / udp).prepend(&mut one).unwrap();
    (link / ip / udp / geneve / ip6 / udp).prepend(&mut two).unwrap();
    (ip / UdpHeader::new(1, 2) / geneve / ip).prepend(&mut three).unwrap();

    let outer = Outer::ipv6(ip6.source(), ip6.destination()).source_ports(SourcePorts::new(50_000, 50_000));
    let template = GeneveTunnel::new(vni, outer).template(&[]).unwrap();
    let mut same = Headroom::with_payload(four, &one.packet()[outer.len() + 8..]).unwrap();
    template.encapsulate(&mut same).unwrap();
    assert_eq!(one.packet(), same.packet());

    let (_, _, udp, geneve, inner, _) =
        (Ethernet / Ipv4 / Udp / Geneve(PORT) / Ipv6 / Udp).parse(two.packet()).unwrap();
    assert_eq!((udp.length(), geneve.vni(), inner.payload_length()), (69, vni, 13));
    let (_, _, geneve, inner) = (Ipv4 / Udp / Geneve(2) / Ip).parse(three.packet()).unwrap();
    assert_eq!((geneve.protocol_type(), inner.payload()), (EtherType::IPV4, &b"hello"[..]));
}
