//! Whatever is rewritten, in a packet, in what it quotes or in what a tunnel carries: a checksum that was right is right, one that was
//! wrong is wrong by the same difference, and a flow's rewrite is what its changes are one by one, there and back.
#![no_main]

#[path = "../../ether-ip/tests/sums/mod.rs"]
mod sums;

use std::net::IpAddr;

use ether_ip::arbitrary::{IpPacket, Nearly};
use ether_ip::ip::Ecn;
use ether_ip::rewrite::{Flow, Outcome, Ports, Rewrite, Rewriter};
use libfuzzer_sys::fuzz_target;
use sums::with_one_zero;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input {
    packet: Made,
    tunnel: Tunnel,
    is_quoted: bool,
    changes: Vec<Change>,
    to: ([u128; 2], [u16; 2]),
}

#[derive(Debug, arbitrary::Arbitrary)]
enum Made {
    Right(IpPacket),
    Nearly(Nearly<IpPacket>),
}

/// What is around the packet: nothing; IPv4; or UDP or GRE with a checksum, and so many bytes of a header.
#[derive(Debug, arbitrary::Arbitrary)]
enum Tunnel {
    None,
    Ip,
    Udp { header: u8, checksum: u16 },
    Gre { header: u8, checksum: u16 },
}

#[derive(Debug, arbitrary::Arbitrary)]
enum Change {
    Source(u128),
    Destination(u128),
    SourcePort(u16),
    DestinationPort(u16),
    Ttl(u8),
    Decrement,
    Class(u8),
    Ecn(Ecn),
    Label(u32),
    Identification(u16),
    Mss(u16),
    Sequence(u32),
    Acknowledgment(u32),
}

fn address(like: IpAddr, bits: u128) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4((bits as u32).into()),
        IpAddr::V6(_) => IpAddr::V6(bits.into()),
    }
}

fn change(packet: &mut Rewriter<'_>, change: &Change) {
    let flow = packet.flow();
    match *change {
        Change::Source(bits) => packet.change_source(address(flow.source, bits)).unwrap(),
        Change::Destination(bits) => packet.change_destination(address(flow.source, bits)).unwrap(),
        Change::SourcePort(port) => drop(packet.change_source_port(port)),
        Change::DestinationPort(port) => drop(packet.change_destination_port(port)),
        Change::Ttl(hops) => packet.change_ttl(hops),
        Change::Decrement => drop(packet.decrement_ttl()),
        Change::Class(class) => packet.change_traffic_class(class),
        Change::Ecn(ecn) => packet.change_ecn(ecn),
        Change::Label(label) => drop(packet.change_flow_label(label)),
        Change::Identification(number) => drop(packet.change_identification(number)),
        Change::Mss(most) => drop(packet.clamp_mss(most)),
        Change::Sequence(by) => drop(packet.shift_sequence(by)),
        Change::Acknowledgment(by) => drop(packet.shift_acknowledgment(by)),
    }
}

/// The packet in the tunnel, and how many bytes behind the outer upper layer's first one it begins.
fn packed(tunnel: &Tunnel, inner: Vec<u8>) -> (Vec<u8>, Option<usize>) {
    let (protocol, mut header) = match *tunnel {
        Tunnel::None => return (inner, None),
        Tunnel::Ip => (4, vec![]),
        Tunnel::Udp { header, checksum } => {
            let [a, b] = checksum.to_be_bytes();
            (17, [&[0x12, 0xb5, 0x12, 0xb5, 0, 0, a, b][..], &[7; 64][..usize::from(header % 64)]].concat())
        }
        Tunnel::Gre { header, checksum } => {
            let [a, b] = checksum.to_be_bytes();
            (47, [&[0x80, 0, 8, 0, a, b, 0, 0][..], &[7; 64][..usize::from(header % 64)]].concat())
        }
    };
    let total = 20 + header.len() + inner.len();
    if protocol == 17 {
        let length = (header.len() + inner.len()) as u16;
        header[4..6].copy_from_slice(&length.to_be_bytes());
    }
    let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0x11, 0x22, 192, 0, 2, 1, 192, 0, 2, 2];
    packet[2..4].copy_from_slice(&(total as u16).to_be_bytes());
    packet.extend(&header);
    packet.extend(inner);
    (packet, Some(header.len()))
}

fuzz_target!(|input: Input| {
    let inner = match input.packet {
        Made::Right(packet) => packet.0,
        Made::Nearly(packet) => packet.0.0,
    };
    if inner.len() > 60_000 {
        return;
    }
    compiled(&inner, input.to);

    let (packet, inside) = packed(&input.tunnel, inner);
    let before = sums::of(&packet, 0, inside);
    let mut bytes = packet.clone();
    let Ok(mut outer) = Rewriter::ip(&mut bytes) else { return };
    let apply = |packet: &mut Rewriter<'_>| input.changes.iter().for_each(|of| change(packet, of));
    match (inside, outer.quoted()) {
        (None, Some(mut quote)) if input.is_quoted => apply(&mut quote),
        (None, _) => apply(&mut outer),
        (Some(at), _) => {
            if let Ok(mut inner) = outer.inside(at) {
                apply(&mut inner);
            }
        }
    }
    assert_eq!(sums::of(&bytes, 0, inside), before);
});

/// A rewrite of the packet's flow, against the same changes one by one; back again; and of an error about it.
fn compiled(packet: &[u8], ([source, destination], [from, to]): ([u128; 2], [u16; 2])) {
    let Ok(flow) = Flow::of(packet) else { return };
    let ports = match flow.ports {
        Ports::Pair { .. } if flow.protocol.0 == 132 => flow.ports,
        Ports::Pair { .. } => Ports::Pair { source: from, destination: to },
        Ports::Identifier(_) => Ports::Identifier(from),
        Ports::None => Ports::None,
    };
    let source = address(flow.source, source);
    let new = Flow { source, destination: address(flow.source, destination), ports, ..flow };
    let rewrite = Rewrite::between(&flow, &new).unwrap();
    let before = sums::of(packet, 0, None);
    let (mut at_once, mut one_by_one) = (packet.to_vec(), packet.to_vec());
    assert_ne!(rewrite.apply(&mut at_once), Ok(Outcome::OtherFlow));
    assert_eq!(sums::of(&at_once, 0, None), before);
    assert_eq!(Flow::of(&at_once), Ok(new));
    Rewriter::ip(&mut one_by_one).unwrap().change_flow(&new).unwrap();
    assert_eq!(with_one_zero(at_once.clone(), &before), with_one_zero(one_by_one, &before));
    let _ = rewrite.inverse().apply(&mut at_once).unwrap();
    assert_eq!(with_one_zero(at_once, &before), with_one_zero(packet.to_vec(), &before));

    // What an error quotes, turned back by the rewrite that sent it, were it the packet that was sent.
    let mut error = packet.to_vec();
    let Some(quoted) = Rewriter::ip(&mut error).ok().and_then(|mut packet| packet.quoted().map(|quote| quote.flow()))
    else {
        return;
    };
    let inside = Flow { source: address(quoted.source, bits_of(source)), ..quoted };
    if let Ok(rewrite) = Rewrite::between(&inside, &quoted) {
        let turned = rewrite.undo_in_error(&mut error).unwrap();
        assert_eq!(sums::of(&error, 0, None), before);
        let is_ours = flow.destination == quoted.source;
        assert_eq!(turned != Outcome::OtherFlow, is_ours);
        if is_ours {
            assert_eq!(Flow::of(&error).unwrap().destination, inside.source);
        }
    }
}

fn bits_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}
