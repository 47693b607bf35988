//! What the test of a CNI plugin looks like: after a ping between pods, what was on the node's wire? To be pasted.
#![cfg(feature = "capture")]

use std::error::Error;
use std::net::Ipv4Addr;

use ether_ip::icmpv4::{Icmpv4Message, Icmpv4Packet};
use ether_ip::ipv4::Ipv4Packet;
use packet_dissect::Capture;
use vxlan_codec::VxlanPacket;

const NODES: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)];
const PODS: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 244, 1, 2), Ipv4Addr::new(10, 244, 2, 2)];

fn capture() -> Result<Capture, Box<dyn Error>> {
    Ok(Capture::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/flannel-vxlan.pcap"))?)
}

#[test]
fn the_ping_crosses_in_vni_1_between_the_nodes() -> Result<(), Box<dyn Error>> {
    let mut requests = 0;
    for packet in capture()? {
        let packet = packet?;
        let packet = packet.packet();
        let Some(vxlan) = packet.layer::<VxlanPacket<_>>() else { continue };
        let Some(icmp) = packet.layer::<Icmpv4Packet<_>>() else { continue };
        let node = packet.layer::<Ipv4Packet<_>>().ok_or("no outer IPv4")?;
        let pod = packet.innermost::<Ipv4Packet<_>>().ok_or("no inner IPv4")?;
        if matches!(icmp.message(), Icmpv4Message::EchoRequest { .. }) && pod.source() == PODS[0] {
            assert_eq!(vxlan.vni().get(), 1);
            assert_eq!((node.source(), node.destination()), (NODES[0], NODES[1]));
            assert_eq!(pod.destination(), PODS[1]);
            requests += 1;
        }
    }
    // Two pings; two of 3000 bytes, whose first fragments alone have an ICMP header; two whose hops run out.
    assert_eq!(requests, 6);
    Ok(())
}

#[test]
fn nothing_is_sent_unencapsulated() -> Result<(), Box<dyn Error>> {
    for packet in capture()? {
        let packet = packet?;
        let number = packet.number;
        let packet = packet.packet();
        let Some(outer) = packet.layer::<Ipv4Packet<_>>() else { continue };
        assert!(!PODS.contains(&outer.source()), "packet {number} leaves bare: {packet}");
        assert!(!PODS.contains(&outer.destination()), "packet {number} arrives bare: {packet}");
    }
    Ok(())
}
