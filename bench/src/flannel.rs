//! Flannel's forwarding step: a packet from the TUN device, its route found, a hop taken off; ours, and written by hand with the
//! same checks over the same table.

use std::net::{Ipv4Addr, SocketAddrV4};

use etherparse::SlicedPacket;
use flannel_udp_codec::{FirstMatch, Forwarding, LongestPrefix, Node, SubnetRoute, ipnet::Ipv4Net};

use crate::peers::found;
use crate::{Found, packets};

/// Packets to pods of as many networks, which come round again and again.
const PACKETS: usize = 64;

/// `count` leases: /24 of 10.0.0.0/8, or /26 where there are more than that holds.
pub fn routes(count: u32) -> Vec<SubnetRoute> {
    let len = if count > 65_536 { 26 } else { 24 };
    let network = |n: u32| Ipv4Net::new(Ipv4Addr::from_bits(0x0a00_0000 + (n << (32 - len))), len as u8).unwrap();
    let node = |n: u32| SocketAddrV4::new(Ipv4Addr::from_bits(0xac10_0000 + n), 8285);
    (0..count).map(|n| SubnetRoute::new(network(n), node(n))).collect()
}

/// The packets as the TUN device gives them, one after the other.
#[derive(Clone)]
pub struct Ring {
    packets: [Vec<u8>; PACKETS],
    next: usize,
}

impl Ring {
    /// To networks that lie all over the table.
    pub fn over(routes: &[SubnetRoute]) -> Self {
        let packet = |n: usize| {
            let at = n * (routes.len() / PACKETS).max(1) % routes.len();
            let mut packet = packets::tcp().split_off(14);
            let pod = u32::from(routes[at].subnet().addr()) + 7;
            packet[16..20].copy_from_slice(&pod.to_be_bytes());
            ether_ip::ipv4::Ipv4Packet::parse(&mut packet[..]).unwrap().fill_checksum();
            packet
        };
        Self { packets: std::array::from_fn(packet), next: 0 }
    }

    /// The next one, its time to live as new.
    #[inline(always)]
    pub fn turn(&mut self) -> &mut [u8] {
        self.next = (self.next + 1) % PACKETS;
        let packet = &mut self.packets[self.next];
        if packet[8] == 2 {
            packet[8] = 64;
        }
        packet
    }
}

/// flannel's list, kept as flannel keeps it.
pub struct ByHand {
    routes: Vec<(u32, u32, SocketAddrV4)>,
}

impl ByHand {
    pub fn new(routes: &[SubnetRoute]) -> Self {
        let plain = |route: &SubnetRoute| {
            let subnet = route.subnet();
            (u32::from(subnet.addr()), u32::from(subnet.netmask()), route.next_hop())
        };
        Self { routes: routes.iter().map(plain).collect() }
    }

    #[inline(always)]
    fn find(&mut self, address: u32) -> Option<SocketAddrV4> {
        let at = self.routes.iter().position(|(network, mask, _)| address & mask == *network)?;
        self.routes.swap(0, at);
        Some(self.routes[0].2)
    }
}

/// The next hop, looked at.
#[inline(always)]
fn number(next_hop: SocketAddrV4) -> u64 {
    u64::from(next_hop.ip().to_bits()) << 16 | u64::from(next_hop.port())
}

#[inline(always)]
fn forward_by_hand(packet: &mut [u8], find: impl FnOnce(u32) -> Option<SocketAddrV4>) -> Option<u64> {
    let len = packet.len();
    if len < 20 || packet[0] >> 4 != 4 {
        return None;
    }
    let header_len = usize::from(packet[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([packet[2], packet[3]]));
    if header_len < 20 || total < header_len || total != len {
        return None;
    }
    let offset = usize::from(u16::from_be_bytes([packet[6], packet[7]]) & 0x1fff) * 8;
    if offset != 0 && offset + total > 65_535 {
        return None;
    }
    let next_hop = find(u32::from_be_bytes([packet[16], packet[17], packet[18], packet[19]]))?;
    if packet[8] <= 1 {
        return None;
    }
    packet[8] -= 1;
    let sum = u32::from(u16::from_be_bytes([packet[10], packet[11]])) + 0x0100;
    let sum = ((sum + (sum >= 0xffff) as u32) as u16).to_be_bytes();
    packet[10..12].copy_from_slice(&sum);
    Some(number(next_hop))
}

#[inline(never)]
pub fn list_by_hand(packet: &mut [u8], list: &mut ByHand) -> Option<u64> {
    forward_by_hand(packet, |address| list.find(address))
}

#[inline(never)]
pub fn table_by_hand(packet: &mut [u8], table: &LongestPrefix) -> Option<u64> {
    forward_by_hand(packet, |address| table.get(Ipv4Addr::from_bits(address)))
}

#[inline(never)]
pub fn list_ours(packet: &mut [u8], node: &Node, list: &mut FirstMatch<'_>) -> Option<u64> {
    match node.forward(packet, list) {
        Forwarding::Send(next_hop) => Some(number(next_hop)),
        _ => None,
    }
}

#[inline(never)]
pub fn table_ours(packet: &mut [u8], node: &Node, mut table: &LongestPrefix) -> Option<u64> {
    match node.forward(packet, &mut table) {
        Forwarding::Send(next_hop) => Some(number(next_hop)),
        _ => None,
    }
}

/// etherparse's parse of the same packet, without anything done with it.
#[inline(never)]
pub fn etherparse(packet: &[u8]) -> Option<Found> {
    found(&SlicedPacket::from_ip(packet).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forward_the_same() {
        let node = Node::new([10, 0, 0, 0].into());
        for count in [10, 1000, 100_000] {
            let routes = routes(count);
            let table: LongestPrefix = routes.iter().copied().collect();
            let mut places = vec![SubnetRoute::NONE; count.min(1000) as usize];
            let mut list = FirstMatch::new(&mut places);
            for route in routes.iter().take(1000) {
                list.set(*route).unwrap();
            }
            let mut plain = ByHand::new(&routes);
            let mut rings = [(); 4].map(|()| Ring::over(&routes));
            for _ in 0..1000 {
                let [a, b, c, d] = rings.each_mut().map(Ring::turn);
                let next_hop = table_ours(a, &node, &table);
                assert!(next_hop.is_some());
                assert_eq!(table_by_hand(b, &table), next_hop);
                assert_eq!(list_by_hand(c, &mut plain), next_hop);
                assert!(a == b && b == c);
                assert_eq!(etherparse(a).unwrap().ports, (40_000, 80));
                if count <= 1000 {
                    assert_eq!(list_ours(d, &node, &mut list), next_hop);
                    assert_eq!(a, d);
                }
            }
        }
    }
}
