//! Stacks of layers with Geneve among them, over packets of the captures in `testdata`; what their fields are is what tshark says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::stack::{Arp, Ethernet, Ip, Ipv4, Udp, Vlans};
use ether_ip::{Error, Rule};
use geneve_codec::{GENEVE, Geneve, OptionClass, PORT};

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
