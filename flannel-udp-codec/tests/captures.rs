//! `../shared/captures/flannel-udp`, which flannel's own proxy wrote: what went into it is given to ours, and what comes out
//! must be the very bytes that came out of it. The captures are node 1's: its TUN device, and the wire to node 2.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::PathBuf;

use flannel_udp_codec::{
    ByteOrder, Control, ControlRecord, Error, FirstMatch, FlannelFrame, Forwarding, MAX_ANSWER, Node, Reason,
    SubnetRoute,
};
use pcap_file::pcap::PcapReader;

/// The file; `None` where the folder is not, which is said.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/captures/flannel-udp").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn packets(path: PathBuf, link: usize) -> Vec<Vec<u8>> {
    let mut reader = PcapReader::new(File::open(path).unwrap()).unwrap();
    let mut packets = Vec::new();
    while let Some(packet) = reader.next_packet() {
        packets.push(packet.unwrap().data[link..].to_vec());
    }
    packets
}

const NODE_1: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const NODE_2: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);

/// The payloads of the datagrams that one node sent to the other, in order. Ethernet 14, IPv4 20, UDP 8.
fn payloads(underlay: &[Vec<u8>], from: Ipv4Addr) -> impl Iterator<Item = &[u8]> {
    let is_from =
        move |packet: &&Vec<u8>| packet[9] == 17 && packet[12..16] == from.octets() && packet[22..24] == [0x20, 0x5d];
    underlay.iter().filter(is_from).map(|packet| &packet[28..])
}

#[test]
fn what_flannels_proxy_did_ours_does() {
    let (Some(tun), Some(underlay)) = (shared("flannel-udp-tun.pcap"), shared("flannel-udp-underlay.pcap")) else {
        return;
    };
    let (tun, underlay) = (packets(tun, 0), packets(underlay, 14));
    let node = Node::new(Ipv4Addr::new(10, 244, 1, 0));
    let mut places = [SubnetRoute::NONE; 4];
    let mut routes = FirstMatch::new(&mut places);
    routes.set(SubnetRoute::new("10.244.2.0/24".parse().unwrap(), SocketAddrV4::new(NODE_2, 8285))).unwrap();

    // What the proxy wrote to the TUN device: what came from the other node, and its own ICMP.
    let mut delivered = Vec::new();
    let (mut sent, mut expired, mut no_ipv4, mut answers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, packet) in tun.iter().enumerate() {
        let number = number + 1;
        let is_ours = packet[0] >> 4 == 4 && packet[12..15] == [10, 244, 1] && packet[15] != 0;
        if packet[0] >> 4 == 4 && !is_ours {
            delivered.push(packet.clone());
            continue;
        }
        let mut bytes = packet.clone();
        match node.forward(&mut bytes, &mut routes) {
            Forwarding::Send(next_hop) => {
                assert_eq!(next_hop, SocketAddrV4::new(NODE_2, 8285), "tun frame {number}");
                sent.push(bytes);
            }
            Forwarding::Drop(Reason::TtlExpired { ttl }) => expired.push((number, ttl)),
            Forwarding::Drop(Reason::Malformed(error)) => no_ipv4.push((number, error.to_string())),
            Forwarding::Answer(answer) => {
                answers.push((number, answer.write(packet, &mut [0; MAX_ANSWER]).unwrap().to_vec()));
            }
            other => panic!("tun frame {number}: {other:?}"),
        }
    }
    let on_the_wire: Vec<_> = payloads(&underlay, NODE_1).collect();
    assert_eq!(sent, on_the_wire, "TUN to UDP");
    assert_eq!(sent.len(), 59);
    // Frame 13 is a ping with TTL 1; frame 15 the kernel's router solicitation, which is IPv6.
    assert_eq!(expired, [(13, 1)]);
    assert_eq!(no_ipv4, [(15, "IPv4 is malformed: version is 6, it must be 4".to_owned())]);
    // Frame 100 goes to 10.244.77.7, and frame 101 is what the proxy answered.
    assert_eq!(answers, [(100, tun[100].clone())]);
    assert!(delivered.contains(&tun[100]));
    delivered.retain(|packet| *packet != tun[100]);

    // The other way. Node 1 is the far side of what node 2 sent.
    let deliver = |payload: &[u8]| {
        let mut bytes = payload.to_vec();
        match node.deliver(&mut bytes) {
            Forwarding::Deliver => Some(bytes),
            Forwarding::Drop(Reason::TtlExpired { ttl: 1 }) => None,
            other => panic!("{other:?}"),
        }
    };
    let came: Vec<_> = payloads(&underlay, NODE_2).map(|payload| deliver(payload).unwrap()).collect();
    assert_eq!(came, delivered, "UDP to TUN");
    assert_eq!(came.len(), 40);

    // The far side of what node 1 sent was not captured, but three port-unreachables quote what the pod there got: it had
    // taken one hop more, the far kernel's.
    let arrived: Vec<_> = on_the_wire.iter().filter_map(|payload| deliver(payload)).collect();
    assert_eq!(arrived.len(), 58, "the ping of frame 14 ends there, with TTL 1");
    let mut quoted = 0;
    for error in delivered.iter().filter(|packet| packet[9] == 1 && packet[20] == 3) {
        let at_the_pod = &error[28..];
        let hop = |packet: &Vec<u8>| {
            let mut packet = packet.clone();
            FlannelFrame::parse(&mut packet[..]).unwrap().decrement_ttl();
            packet == at_the_pod
        };
        assert_eq!(arrived.iter().filter(|packet| hop(packet)).count(), 1);
        quoted += 1;
    }
    assert_eq!(quoted, 3);
    println!(
        "{} packets compared: {} TUN to UDP, {} UDP to TUN, {quoted} at the far pod, 1 answer; \
         of the {} towards node 2, {} have no capture of their far side",
        sent.len() + came.len() + quoted + 1,
        sent.len(),
        came.len(),
        on_the_wire.len(),
        on_the_wire.len() - quoted,
    );
}

#[test]
fn control_commands() {
    let Some(path) = shared("control-commands.bin") else { return };
    let bytes = fs::read(path).unwrap();
    let records: Vec<_> =
        bytes.chunks(20).map(|bytes| ControlRecord::parse(bytes, ByteOrder::Little).unwrap()).collect();
    let route = SubnetRoute::new("10.244.2.0/24".parse().unwrap(), SocketAddrV4::new(NODE_2, 8285));
    let controls: Result<Vec<_>, Error> = records.iter().map(ControlRecord::control).collect();
    assert_eq!(controls.unwrap(), [Control::SetRoute(route), Control::Stop]);
    let mut written = Vec::<u8>::new();
    for record in &records {
        written.extend(record.write(ByteOrder::Little, &mut [0; 20]).unwrap());
        assert_eq!(ControlRecord::from(record.control().unwrap()), *record);
    }
    assert_eq!(written, bytes);
}
