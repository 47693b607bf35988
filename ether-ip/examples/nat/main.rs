//! A NAT in thirty lines: `nat.rs` beside this file is what is to be copied. Here it is shown what becomes of a question, of its answer
//! and of the error that a router on the way sends; `interop/run nat` runs the same file between kernels, and inside VXLAN.
//!
//! Whatever comes from inside gets an address of the NAT and a port of it for its flow: TCP, UDP and pings, over IPv4 and IPv6. Back
//! come answers, and ICMP errors about what was sent, each with what it quotes as its receiver knows it. All checksums, those of the
//! quoted packet too, are patched and none is computed: a packet that was wrong is wrong afterwards, and its receiver sees that.
//!
//! What is dropped: what comes from outside and answers nothing; packets whose hops are used up, without telling the sender, as a router
//! had to; what has no port, such as ESP, and SCTP, whose checksum is no sum; and fragments that come before the first one of their
//! packet, which has the ports: by its identification those that come after it are known (RFC 3022 §6.3).
//!
//! What a NAT for long has, and this one has not: flows end (RFC 4787 §4.3, RFC 5382 §5). Here the 16384th flow but one to the same
//! place gets the first one's port, and the first one is forgotten. It keeps fragments that come too early (RFC 4787 §11), and gives
//! those of several hosts, which are one host's outside, identifications that are not the same (`Rewriter::change_identification`,
//! RFC 6864 §5.3.1).
#![allow(clippy::unwrap_used, reason = "an example may fail loudly")]

#[allow(unreachable_pub, reason = "it is to be copied")]
mod nat;

use std::net::Ipv4Addr;

use ether_ip::Headroom;
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::rewrite::{Flow, Ports, Rewriter};
use ether_ip::udp::UdpHeader;

use nat::{Nat, Side};

const POD: Ipv4Addr = Ipv4Addr::new(10, 244, 0, 2);
const SERVER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
const ROUTER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);

fn main() {
    let mut nat = Nat::new([OUTSIDE.into(), "2001:db8::7".parse().unwrap()]);

    let mut question = datagram(POD, SERVER, 4000, 53);
    pass(&mut nat, Side::Inside, &mut question);

    let Ok(Flow { ports: Ports::Pair { source, .. }, .. }) = Flow::of(&question) else { return };
    pass(&mut nat, Side::Outside, &mut datagram(SERVER, OUTSIDE, 53, source));

    // What the question became is not let through, says a router.
    let mut buffer = [0; 100];
    let mut error = Headroom::with_payload(&mut buffer, &question).unwrap();
    let header = Icmpv4Header::new(Icmpv4Message::unreachable(13));
    (Ipv4Header::new(ROUTER, OUTSIDE, IpProtocol::ICMP) / header).prepend(&mut error).unwrap();
    pass(&mut nat, Side::Outside, error.packet_mut());

    pass(&mut nat, Side::Outside, &mut datagram(SERVER, OUTSIDE, 53, 1));
}

fn datagram(from: Ipv4Addr, to: Ipv4Addr, source: u16, destination: u16) -> Vec<u8> {
    let mut buffer = [0; 33];
    let mut packet = Headroom::with_payload(&mut buffer, b"hello").unwrap();
    let headers = Ipv4Header::new(from, to, IpProtocol::UDP) / UdpHeader::new(source, destination);
    headers.prepend(&mut packet).unwrap();
    packet.packet().to_vec()
}

fn pass(nat: &mut Nat, from: Side, packet: &mut [u8]) {
    let mut packet = Rewriter::ip(packet).unwrap();
    let before = said(&mut packet);
    match nat.pass(from, &mut packet) {
        Some(()) => println!("{from:?}: {before}\n    becomes {}", said(&mut packet)),
        None => println!("{from:?}: {before}\n    is dropped"),
    }
}

fn said(packet: &mut Rewriter<'_>) -> String {
    let flow = |Flow { source, destination, ports, .. }: Flow| match ports {
        Ports::Pair { source: from, destination: to } => format!("{source}:{from} > {destination}:{to}"),
        _ => format!("{source} > {destination}"),
    };
    let around = flow(packet.flow());
    packet.quoted().map_or(around.clone(), |quote| format!("{around}, about {}", flow(quote.flow())))
}
