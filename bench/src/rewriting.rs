//! A NAT's rewrite of one flow's packets: ours, by hand, and etherparse's parse, change and compute anew. A NAT64's translation: ours, and
//! by hand.

use ether_ip::Headroom;
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
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

/// To IPv6 and back, with a prefix of 96 bits. The packet is the last `len` bytes of the buffer; its length afterwards.
#[inline(never)]
pub fn nat64(translator: &Translator, prefix: &Nat64Prefix, buffer: &mut [u8], len: usize) -> Option<usize> {
    let mut packet = Headroom::new(buffer, len).ok()?;
    translator.to_ipv6(&mut packet, |address| Some(prefix.embed(address))).ok()?;
    Some(packet.len())
}

#[inline(never)]
pub fn nat46(translator: &Translator, prefix: &Nat64Prefix, buffer: &mut [u8], len: usize) -> Option<usize> {
    let mut packet = Headroom::new(buffer, len).ok()?;
    translator.to_ipv4(&mut packet, 0x1234, |address| prefix.extract(address)).ok()?;
    Some(packet.len())
}

/// What one who writes a NAT64 for TCP and one prefix of 96 bits keeps.
pub struct Nat64ByHand {
    prefix: [u8; 12],
    ipv6_mtu: usize,
    ipv4_mtu: usize,
}

impl Nat64ByHand {
    pub fn new(prefix: &Nat64Prefix) -> Self {
        let prefix = prefix.address().octets()[..12].try_into().unwrap();
        Self { prefix, ipv6_mtu: 65_535, ipv4_mtu: 65_535 }
    }

    /// What the prefix, twice, adds to a sum in the machine's terms.
    #[inline(always)]
    fn sum(&self) -> u32 {
        2 * self.prefix.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum::<u32>()
    }
}

/// TCP in IPv4 without options, whole, that has a hop left, and fits.
#[inline(never)]
pub fn nat64_by_hand(it: &Nat64ByHand, buffer: &mut [u8], len: usize) -> Option<usize> {
    let start = buffer.len().checked_sub(len)?;
    let new = start.checked_sub(20)?;
    let bytes = &mut buffer[new..];
    if bytes.len() < 60 || bytes[20] != 0x45 || bytes[29] != 6 || bytes[26] & 0x3f != 0 || bytes[27] != 0 {
        return None;
    }
    let (total, ttl, class) = (usize::from(u16::from_be_bytes([bytes[22], bytes[23]])), bytes[28], bytes[21]);
    if total < 40 || total > len || ttl <= 1 {
        return None;
    }
    if total + 20 > if bytes[26] & 0x40 != 0 { it.ipv6_mtu } else { 1280 } {
        return None;
    }
    let (source, destination) = (u32_at(bytes, 32), u32_at(bytes, 36));
    patch(bytes, 40 + 16, it.sum());
    bytes[..4].copy_from_slice(&(6 << 28 | u32::from(class) << 20).to_be_bytes());
    bytes[4..6].copy_from_slice(&(total as u16 - 20).to_be_bytes());
    (bytes[6], bytes[7]) = (6, ttl - 1);
    bytes[8..20].copy_from_slice(&it.prefix);
    bytes[20..24].copy_from_slice(&source.to_be_bytes());
    bytes[24..36].copy_from_slice(&it.prefix);
    bytes[36..40].copy_from_slice(&destination.to_be_bytes());
    Some(len + 20)
}

/// TCP in IPv6 without extension headers, between addresses behind the prefix, that has a hop left, and fits.
#[inline(never)]
pub fn nat46_by_hand(it: &Nat64ByHand, buffer: &mut [u8], len: usize) -> Option<usize> {
    let start = buffer.len().checked_sub(len)?;
    let bytes = &mut buffer[start..];
    if bytes.len() < 60
        || bytes[0] >> 4 != 6
        || bytes[6] != 6
        || bytes[8..20] != it.prefix
        || bytes[24..36] != it.prefix
    {
        return None;
    }
    let (payload, hops) = (usize::from(u16::from_be_bytes([bytes[4], bytes[5]])), bytes[7]);
    let class = (u16::from_be_bytes([bytes[0], bytes[1]]) >> 4) as u8;
    let total = payload + 20;
    if payload < 20 || payload + 40 > len || hops <= 1 || total > 65_535 || total > 1260 && total > it.ipv4_mtu {
        return None;
    }
    let (source, destination) = (u32_at(bytes, 20), u32_at(bytes, 36));
    // The prefix's words, taken off: their complement added.
    patch(bytes, 40 + 16, 12 * 0xffff - it.sum());
    let header = &mut bytes[20..40];
    (header[0], header[1]) = (0x45, class);
    header[2..4].copy_from_slice(&(total as u16).to_be_bytes());
    header[4..8].copy_from_slice(&[0x12, 0x34, u8::from(total > 1260) << 6, 0]);
    header[8..12].copy_from_slice(&[hops - 1, 6, 0, 0]);
    header[12..16].copy_from_slice(&source.to_be_bytes());
    header[16..20].copy_from_slice(&destination.to_be_bytes());
    let sum: u32 = header.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    let sum = (sum & 0xffff) + (sum >> 16);
    header[10..12].copy_from_slice(&(!((sum & 0xffff) + (sum >> 16)) as u16).to_be_bytes());
    Some(len - 20)
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

    #[test]
    fn both_translate_the_same() {
        let (translator, prefix) = (Translator::new(), Nat64Prefix::WELL_KNOWN);
        let it = Nat64ByHand::new(&prefix);
        for len in [60, 1200, 1400] {
            let before = [vec![0; 20], packet(len)].concat();
            let (mut a, mut b) = (before.clone(), before.clone());
            let to = (nat64(&translator, &prefix, &mut a, len), nat64_by_hand(&it, &mut b, len));
            assert_eq!(to, (Some(len + 20), Some(len + 20)));
            assert_eq!(a, b);
            let back = (nat46(&translator, &prefix, &mut a, len + 20), nat46_by_hand(&it, &mut b, len + 20));
            assert_eq!(back, (Some(len), Some(len)));
            assert_eq!(a[20..], b[20..]);
            assert_eq!(a[40..], before[40..], "TCP comes back as it was");
        }
    }
}
