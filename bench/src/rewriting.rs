//! A NAT's rewrite of one flow's packets: ours, by hand, and etherparse's parse, change and compute anew.

use ether_ip::rewrite::{Flow, Outcome, Ports, Rewrite};
use etherparse::{Ipv4HeaderSlice, TcpHeader};

use crate::packets;

/// The IP packet of TCP that is rewritten, of so many bytes.
pub fn packet(len: usize) -> Vec<u8> {
    packets::tcp_with(len - 52).split_off(14)
}

/// There and back, so that each packet that comes is of the flow.
pub fn both_ways(packet: &[u8]) -> [Rewrite; 2] {
    let old = Flow::of(packet).unwrap();
    let new = Flow { source: [203, 0, 113, 7].into(), ports: Ports::Pair { source: 61_000, destination: 80 }, ..old };
    let there = Rewrite::between(&old, &new).unwrap();
    [there, there.inverse()]
}

#[inline(never)]
pub fn ours(rewrite: &Rewrite, packet: &mut [u8]) -> bool {
    rewrite.apply(packet) == Ok(Outcome::Rewritten)
}

/// What one who writes a NAT for IPv4 and TCP keeps of a flow.
pub struct ByHand {
    source: u32,
    destination: u32,
    ports: u32,
    to_source: u32,
    to_destination: u32,
    to_ports: u32,
    ip: u32,
    tcp: u32,
}

impl ByHand {
    pub fn between(old: &Flow, new: &Flow) -> Self {
        let bits = |address| match address {
            std::net::IpAddr::V4(address) => address.to_bits(),
            std::net::IpAddr::V6(_) => unreachable!(),
        };
        let ports = |flow: &Flow| match flow.ports {
            Ports::Pair { source, destination } => u32::from(source) << 16 | u32::from(destination),
            _ => unreachable!(),
        };
        let words = |number: u32| (number >> 16) + (number & 0xffff);
        let (source, destination) = (bits(old.source), bits(old.destination));
        let (to_source, to_destination) = (bits(new.source), bits(new.destination));
        let (ports, to_ports) = (ports(old), ports(new));
        let ip = words(!source) + words(!destination) + words(to_source) + words(to_destination);
        let tcp = ip + words(!ports) + words(to_ports);
        Self { source, destination, ports, to_source, to_destination, to_ports, ip, tcp }
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The sum kept with a flow, in the machine's terms, added to the checksum that stands there.
#[inline(always)]
fn patch(bytes: &mut [u8], at: usize, by: u32) {
    let old = u16::from_be_bytes([bytes[at], bytes[at + 1]]);
    let sum = u32::from(!old) + by;
    let sum = (sum & 0xffff) + (sum >> 16);
    let new = !((sum & 0xffff) + (sum >> 16)) as u16;
    bytes[at..at + 2].copy_from_slice(&new.to_be_bytes());
}

/// With the same checks: that it is this flow's, whole and without options.
#[inline(never)]
pub fn by_hand(flow: &ByHand, packet: &mut [u8]) -> bool {
    if packet.len() < 40 || packet[0] != 0x45 || packet[9] != 6 || packet[6] & 0x3f != 0 || packet[7] != 0 {
        return false;
    }
    if u16::from_be_bytes([packet[2], packet[3]]) < 40 {
        return false;
    }
    let packet = &mut packet[..40];
    if u32_at(packet, 12) != flow.source || u32_at(packet, 16) != flow.destination || u32_at(packet, 20) != flow.ports {
        return false;
    }
    packet[12..16].copy_from_slice(&flow.to_source.to_be_bytes());
    packet[16..20].copy_from_slice(&flow.to_destination.to_be_bytes());
    packet[20..24].copy_from_slice(&flow.to_ports.to_be_bytes());
    patch(packet, 10, flow.ip);
    patch(packet, 36, flow.tcp);
    true
}

/// Headers parsed to owned values, changed, their checksums computed over all, and written back in place.
#[inline(never)]
pub fn etherparse(new: &Flow, packet: &mut [u8]) -> bool {
    let Ok(slice) = Ipv4HeaderSlice::from_slice(packet) else { return false };
    let (mut ip, ip_len) = (slice.to_header(), slice.slice().len());
    let Ok((mut tcp, payload)) = TcpHeader::from_slice(&packet[ip_len..usize::from(ip.total_len)]) else {
        return false;
    };
    let (std::net::IpAddr::V4(source), std::net::IpAddr::V4(destination)) = (new.source, new.destination) else {
        return false;
    };
    let Ports::Pair { source: from, destination: to } = new.ports else { return false };
    (ip.source, ip.destination) = (source.octets(), destination.octets());
    (tcp.source_port, tcp.destination_port) = (from, to);
    let Ok(checksum) = tcp.calc_checksum_ipv4(&ip, payload) else { return false };
    tcp.checksum = checksum;
    ip.header_checksum = ip.calc_header_checksum();
    let tcp_len = tcp.header_len();
    packet[..ip_len].copy_from_slice(&ip.to_bytes());
    packet[ip_len..ip_len + tcp_len].copy_from_slice(&tcp.to_bytes());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rewrite_the_same() {
        let before = packet(1400);
        let [there, _] = both_ways(&before);
        let (mut a, mut b, mut c) = (before.clone(), before.clone(), before.clone());
        assert!(ours(&there, &mut a) && by_hand(&ByHand::between(&there.before(), &there.after()), &mut b));
        assert!(etherparse(&there.after(), &mut c));
        assert_ne!(a, before);
        assert_eq!((&a, &a), (&b, &c));
    }
}
