//! What a careful person writes for this one case, with the same checks, and nothing else.

use crate::{Found, packets};

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// An IPv4 packet of a protocol, checked; its addresses and payload.
#[inline(always)]
fn ipv4(bytes: &[u8], protocol: u8) -> Option<(u32, u32, &[u8])> {
    if bytes.len() < 20 || bytes[0] >> 4 != 4 || bytes[9] != protocol {
        return None;
    }
    let (header_len, total) = (usize::from(bytes[0] & 15) * 4, usize::from(u16_at(bytes, 2)));
    let total = if total == 0 { bytes.len() } else { total };
    if header_len < 20 || total < header_len || total > bytes.len() {
        return None;
    }
    // A fragment may not reach past 65535.
    let offset = usize::from(u16_at(bytes, 6) & 0x1fff) * 8;
    if offset != 0 && offset + total > 65_535 {
        return None;
    }
    Some((u32_at(bytes, 12), u32_at(bytes, 16), &bytes[header_len..total]))
}

#[inline(always)]
fn ethernet(bytes: &[u8], ether_type: u16) -> Option<&[u8]> {
    if bytes.len() < 14 || u16_at(bytes, 12) != ether_type { None } else { Some(&bytes[14..]) }
}

#[inline(always)]
pub fn tcp_in(bytes: &[u8]) -> Option<Found> {
    usual_tcp_in(bytes).or_else(|| any_tcp_in(bytes))
}

/// What most packets are: all is at places that are known. None of any other, which is read the long way.
#[inline(always)]
fn usual_tcp_in(bytes: &[u8]) -> Option<Found> {
    let head = bytes.first_chunk::<54>()?;
    let (len, header_len) = (usize::from(u16_at(head, 16)).wrapping_sub(20), usize::from(head[46] >> 4) * 4);
    let is_usual = head[12..15] == [8, 0, 0x45] && head[23] == 6 && u16_at(head, 20) & 0x3fff == 0;
    if !is_usual || len > bytes.len() - 34 || header_len < 20 || header_len > len {
        return None;
    }
    let (source, destination) = (u32_at(head, 26), u32_at(head, 30));
    Some(Found { source, destination, ports: (u16_at(head, 34), u16_at(head, 36)), payload_len: len - header_len })
}

#[cold]
#[inline(never)]
fn any_tcp_in(bytes: &[u8]) -> Option<Found> {
    let (source, destination, tcp) = ipv4(ethernet(bytes, 0x0800)?, 6)?;
    if tcp.len() < 20 {
        return None;
    }
    let header_len = usize::from(tcp[12] >> 4) * 4;
    if header_len < 20 || header_len > tcp.len() {
        return None;
    }
    let ports = (u16_at(tcp, 0), u16_at(tcp, 2));
    Some(Found { source, destination, ports, payload_len: tcp.len() - header_len })
}

#[inline(never)]
pub fn tcp(bytes: &[u8]) -> Option<Found> {
    tcp_in(bytes)
}

/// The payload of a datagram to a port.
#[inline(always)]
pub fn udp(bytes: &[u8], port: u16) -> Option<&[u8]> {
    let (_, _, udp) = ipv4(ethernet(bytes, 0x0800)?, 17)?;
    if udp.len() < 8 || u16_at(udp, 2) != port {
        return None;
    }
    let length = usize::from(u16_at(udp, 4));
    if length < 8 || length > udp.len() {
        return None;
    }
    Some(&udp[8..length])
}

#[inline(never)]
pub fn vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    usual_vxlan(bytes).or_else(|| any_vxlan(bytes))
}

#[inline(always)]
fn usual_vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    let (head, rest) = bytes.split_first_chunk::<50>()?;
    let (ip, udp) = (usize::from(u16_at(head, 16)).wrapping_sub(20), usize::from(u16_at(head, 38)));
    let is_usual = head[12..15] == [8, 0, 0x45] && head[23] == 17 && u16_at(head, 20) & 0x3fff == 0;
    if !is_usual || u16_at(head, 36) != 4789 || head[42] & 8 == 0 || ip > rest.len() + 16 || udp < 16 || udp > ip {
        return None;
    }
    Some((usual_tcp_in(rest.get(..udp - 16)?)?, u32_at(head, 46) >> 8))
}

#[cold]
#[inline(never)]
fn any_vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    let vxlan = udp(bytes, 4789)?;
    if vxlan.len() < 8 || vxlan[0] & 8 == 0 {
        return None;
    }
    Some((tcp_in(&vxlan[8..])?, u32_at(vxlan, 4) >> 8))
}

/// Eight lanes of words of four bytes, and what is left of them byte by byte.
#[inline(never)]
pub fn checksum(bytes: &[u8]) -> u16 {
    let mut lanes = [0_u64; 8];
    let (blocks, rest) = bytes.as_chunks::<32>();
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<4>().0) {
            *lane += u64::from(u32::from_ne_bytes(*word));
        }
    }
    let (words, last) = rest.as_chunks::<2>();
    let mut sum: u64 = lanes.iter().sum();
    sum += words.iter().map(|word| u64::from(u16::from_ne_bytes(*word))).sum::<u64>();
    sum += last.first().map_or(0, |byte| u64::from(u16::from_ne_bytes([*byte, 0])));
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16).to_be()
}

/// The 50 outer bytes, the IPv4 checksum of all but the length.
pub struct Template {
    bytes: [u8; 50],
    sum: u32,
}

pub fn template() -> Template {
    let mut bytes = [0; 50];
    bytes[..6].copy_from_slice(&packets::MACS[1].0);
    bytes[6..12].copy_from_slice(&packets::MACS[0].0);
    bytes[12..34].copy_from_slice(&[8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
    bytes[36..38].copy_from_slice(&4789_u16.to_be_bytes());
    bytes[42] = 8;
    bytes[48] = 1;
    let sum = (14..34).step_by(2).map(|at| u32::from(u16_at(&bytes, at))).sum();
    Template { bytes, sum }
}

#[inline(always)]
fn spread(word: u64, by: u64) -> u64 {
    let product = u128::from(word) * u128::from(by);
    product as u64 ^ (product >> 64) as u64
}

#[inline(never)]
pub fn encapsulate(template: &Template, buffer: &mut [u8], inner_len: usize) -> bool {
    let Some(start) = buffer.len().checked_sub(inner_len + 50) else { return false };
    if inner_len > 65_535 - 36 {
        return false;
    }
    let (outer, inner) = buffer[start..].split_at_mut(50);
    // The flow's 13 bytes, addresses, ports and protocol, spread as ours are, so that all bytes are the same.
    let mut hash = 0;
    // What has no ports, ICMP say, is of the flow of its addresses: this packet goes a longer way, which is left out here.
    let has_ports = |protocol: u8| matches!(protocol, 6 | 17 | 132);
    if inner.len() >= 38
        && u16_at(inner, 12) == 0x0800
        && inner[14] == 0x45
        && u16_at(inner, 20) & 0x3fff == 0
        && has_ports(inner[23])
    {
        let addresses = u64::from_ne_bytes(inner[26..34].try_into().unwrap());
        let ports = u64::from(u32::from_ne_bytes(inner[34..38].try_into().unwrap())) << 8 | u64::from(inner[23]);
        hash = spread(ports, 0x629a_292a_367c_d507).wrapping_add(spread(addresses, 0x9e37_79b9_7f4a_7c15)) >> 32;
    }
    outer.copy_from_slice(&template.bytes);
    let total = (inner_len + 36) as u16;
    let sum = template.sum + u32::from(total);
    let sum = (sum & 0xffff) + (sum >> 16);
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    outer[16..18].copy_from_slice(&total.to_be_bytes());
    outer[24..26].copy_from_slice(&sum.to_be_bytes());
    outer[34..36].copy_from_slice(&(49_152 + (hash >> 18) as u16).to_be_bytes());
    outer[38..40].copy_from_slice(&(total - 20).to_be_bytes());
    true
}
