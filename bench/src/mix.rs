//! A shuffled mix: 4096 different packets, so that no branch predictor knows by heart what comes next.

use std::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::Headroom;
use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::tcp::{TcpFlags, TcpHeader};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::vlan::VlanHeader;
use vxlan_codec::{Vni, VxlanHeader};

/// How many packets a mix has.
pub const PACKETS: usize = 4096;

/// What a packet of the mix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TCP over IPv4, with a time stamp in every other.
    Tcp,
    /// UDP over IPv4.
    Udp,
    /// An echo request over IPv4.
    Icmp,
    /// TCP over IPv4 over Ethernet, in VXLAN.
    Vxlan,
    /// TCP over IPv6.
    Ipv6,
    /// TCP over IPv4 behind a VLAN tag.
    Vlan,
}

/// Every kind, as often as any other.
pub const ALL: [Kind; 6] = [Kind::Tcp, Kind::Udp, Kind::Icmp, Kind::Vxlan, Kind::Ipv6, Kind::Vlan];

/// Numbers that look random and are the same on every machine: splitmix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// Whether something is so that is in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn ipv4(&mut self) -> Ipv4Addr {
        Ipv4Addr::from_bits(0x0af4_0000 | self.next() as u32 & 0xffff)
    }

    fn ipv6(&mut self) -> Ipv6Addr {
        Ipv6Addr::from_bits(0xfd00_u128 << 112 | u128::from(self.next()))
    }

    fn mac(&mut self) -> MacAddr {
        let [a, b, c, d, ..] = self.next().to_be_bytes();
        MacAddr([2, 0, a, b, c, d])
    }
}

/// The packets, one behind the other, each where a cache line begins.
pub struct Mix {
    bytes: Vec<u8>,
    places: Vec<(usize, usize)>,
    at: usize,
}

impl Mix {
    /// 4096 packets of these kinds, each with free bytes in front of it, and payloads of up to `longest` bytes.
    pub fn new(kinds: &[Kind], room: usize, longest: usize) -> Self {
        let mut random = Random(7);
        Self::of((0..PACKETS).map(|_| packet(kinds[random.below(kinds.len())], longest, &mut random)), room)
    }

    pub fn of(packets: impl Iterator<Item = Vec<u8>>, room: usize) -> Self {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        for packet in packets {
            bytes.resize(bytes.len().next_multiple_of(64) + room, 0);
            places.push((bytes.len(), bytes.len() + packet.len()));
            bytes.extend(packet);
        }
        Self { bytes, places, at: 0 }
    }

    /// The next packet, the first one behind the last.
    #[inline(always)]
    pub fn turn(&mut self) -> &[u8] {
        self.at = (self.at + 1) % PACKETS;
        let (start, end) = self.places[self.at];
        &self.bytes[start..end]
    }

    /// The same with the room in front of it, to be changed; and the packet's length.
    #[inline(always)]
    pub fn turn_mut(&mut self, room: usize) -> (&mut [u8], usize) {
        self.at = (self.at + 1) % PACKETS;
        let (start, end) = self.places[self.at];
        (&mut self.bytes[start - room..end], end - start)
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.places.iter().map(|(start, end)| &self.bytes[*start..*end])
    }
}

/// A packet with random addresses, ports and length.
pub fn packet(kind: Kind, longest: usize, random: &mut Random) -> Vec<u8> {
    let len = random.below(longest + 1);
    let mut buffer = vec![0x5a; 256 + len];
    let mut packet = Headroom::new(&mut buffer, len).unwrap();
    let ether_type = match kind {
        Kind::Ipv6 => {
            let ip = Ipv6Header::new(random.ipv6(), random.ipv6(), IpProtocol::TCP);
            tcp(&ip.pseudo_header(IpProtocol::TCP), random, &mut packet);
            ip.prepend(&mut packet).unwrap();
            EtherType::IPV6
        }
        Kind::Udp => {
            let ip = Ipv4Header::new(random.ipv4(), random.ipv4(), IpProtocol::UDP);
            // Ports of no tunnel.
            let udp = UdpHeader::new(10_000 + random.below(4000) as u16, 33_000 + random.below(64) as u16);
            udp.prepend(&mut packet, UdpChecksum::Computed(ip.pseudo_header())).unwrap();
            ip.prepend(&[], &mut packet).unwrap();
            EtherType::IPV4
        }
        Kind::Icmp => {
            let ip = Ipv4Header::new(random.ipv4(), random.ipv4(), IpProtocol::ICMP);
            let (identifier, sequence) = (random.next() as u16, random.next() as u16);
            Icmpv4Header::new(Icmpv4Message::EchoRequest { identifier, sequence }).prepend(&mut packet).unwrap();
            ip.prepend(&[], &mut packet).unwrap();
            EtherType::IPV4
        }
        Kind::Tcp | Kind::Vlan | Kind::Vxlan => {
            let ip = Ipv4Header::new(random.ipv4(), random.ipv4(), IpProtocol::TCP);
            tcp(&ip.pseudo_header(), random, &mut packet);
            ip.prepend(&[], &mut packet).unwrap();
            EtherType::IPV4
        }
    };
    match kind {
        Kind::Vlan => {
            VlanHeader::new(random.below(4095) as u16, ether_type).prepend(&mut packet).unwrap();
            EthernetHeader::new(random.mac(), random.mac(), EtherType::VLAN).prepend(&mut packet).unwrap();
        }
        _ => EthernetHeader::new(random.mac(), random.mac(), ether_type).prepend(&mut packet).unwrap(),
    }
    if kind == Kind::Vxlan {
        VxlanHeader::new(Vni::from(random.below(256) as u16)).prepend(&mut packet).unwrap();
        let source = 49_152 + random.below(16_384) as u16;
        UdpHeader::new(source, vxlan_codec::PORT).prepend(&mut packet, UdpChecksum::Zero).unwrap();
        let ip = Ipv4Header::new([192, 0, 2, 1].into(), random.ipv4(), IpProtocol::UDP);
        ip.prepend(&[], &mut packet).unwrap();
        EthernetHeader::new(random.mac(), random.mac(), EtherType::IPV4).prepend(&mut packet).unwrap();
    }
    packet.into_packet().to_vec()
}

fn tcp(pseudo: &PseudoHeader, random: &mut Random, packet: &mut Headroom<'_>) {
    let options: &[u8] = if random.next() % 2 == 0 { &[1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2] } else { &[] };
    // Ports of no protocol that is looked into.
    let (source, destination) = (20_000 + random.below(10_000) as u16, 33_000 + random.below(64) as u16);
    let header = TcpHeader::new(source, destination, random.next() as u32, TcpFlags::ACK);
    header.prepend(options, pseudo, packet).unwrap();
}
