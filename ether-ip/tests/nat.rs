//! The example NAT, and fragments on their way through it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

#[allow(unreachable_pub, reason = "it is to be copied")]
#[path = "../examples/nat/nat.rs"]
mod nat;

use core::net::IpAddr;

use ether_ip::checksum::PseudoHeader;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::rewrite::{Flow, Ports, Rewriter};
use nat::{Nat, Side};

const DATA: &[u8; 20] = b"in two parts or more";

/// A UDP datagram, port 4000 to 53, as two fragments: 16 bytes, and the rest.
fn fragments(source: IpAddr, destination: IpAddr, identification: u8) -> [Vec<u8>; 2] {
    let mut udp = [&[0x0f, 0xa0, 0, 53, 0, 28, 0, 0][..], DATA].concat();
    let checksum = PseudoHeader::ip(source, destination, IpProtocol::UDP).unwrap().checksum(&udp);
    udp[6..8].copy_from_slice(&checksum.to_be_bytes());
    [(&udp[..16], 0, true), (&udp[16..], 16, false)].map(|(part, offset, more): (&[u8], u8, bool)| {
        let len = part.len() as u8;
        match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let start = [0x45, 0, 0, 20 + len, 0, identification, 0x20 * u8::from(more), offset / 8, 64, 17, 0, 0];
                let mut packet = [&start[..], &source.octets(), &destination.octets(), part].concat();
                Ipv4Packet::parse(&mut packet[..]).unwrap().fill_checksum();
                packet
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                let start = [0x60, 0, 0, 0, 0, 8 + len, 44, 64];
                let fragment = [17, 0, 0, offset | u8::from(more), 0, 0, 0, identification];
                [&start[..], &source.octets(), &destination.octets(), &fragment, part].concat()
            }
            _ => vec![],
        }
    })
}

/// RFC 3022 §6.3, over IPv4 and IPv6, out and back: put together they are right, from and to whom the NAT says.
#[test]
fn fragments_go_through() {
    let outside: [IpAddr; 2] = ["203.0.113.7".parse().unwrap(), "2001:db8::7".parse().unwrap()];
    let mut nat = Nat::new(outside);
    for [inside, server, outside] in
        [["10.244.0.2", "198.51.100.1", "203.0.113.7"], ["fd00::2", "2001:db8:1::1", "2001:db8::7"]]
    {
        let [inside, server, outside]: [IpAddr; 3] = [inside, server, outside].map(|address| address.parse().unwrap());
        let [mut first, mut second] = fragments(inside, server, 7);
        // Before the first one nobody knows whose it is.
        assert_eq!(nat.pass(Side::Inside, &mut Rewriter::ip(&mut second.clone()).unwrap()), None);
        let number = Rewriter::ip(&mut first).unwrap().fragment();
        assert_eq!((number, Rewriter::ip(&mut second).unwrap().fragment()), (Some(7), Some(7)));
        for part in [&mut first, &mut second] {
            assert_eq!(nat.pass(Side::Inside, &mut Rewriter::ip(part).unwrap()), Some(()));
        }
        let flow = Flow::of(&first).unwrap();
        assert_eq!((flow.source, flow.destination), (outside, server));
        assert_eq!(Flow::of(&second).unwrap(), flow.without_ports());
        let header = if inside.is_ipv4() { 20 } else { 48 };
        let whole = [&first[header..], &second[header..]].concat();
        assert_eq!(PseudoHeader::ip(outside, server, IpProtocol::UDP).unwrap().checksum(&whole), 0);
        assert_eq!(whole[8..], *DATA);
        // Another packet's, and the other way.
        let [_, mut other] = fragments(inside, server, 8);
        assert_eq!(nat.pass(Side::Inside, &mut Rewriter::ip(&mut other).unwrap()), None);
        let Ports::Pair { source: port, .. } = flow.ports else { return };
        let [mut first, mut second] = fragments(server, outside, 9);
        Rewriter::ip(&mut first).unwrap().change_source_port(53);
        Rewriter::ip(&mut first).unwrap().change_destination_port(port);
        for part in [&mut first, &mut second] {
            assert_eq!(nat.pass(Side::Outside, &mut Rewriter::ip(part).unwrap()), Some(()));
        }
        let whole = [&first[header..], &second[header..]].concat();
        assert_eq!(PseudoHeader::ip(server, inside, IpProtocol::UDP).unwrap().checksum(&whole), 0);
        assert_eq!(Flow::of(&second).unwrap().destination, inside);
    }
    // RFC 6946: an atomic fragment is whole.
    let mut atomic = fragments("fd00::2".parse().unwrap(), "fd00::3".parse().unwrap(), 1)[0].clone();
    atomic[43] = 0;
    assert_eq!(Rewriter::ip(&mut atomic).unwrap().fragment(), None);
}
