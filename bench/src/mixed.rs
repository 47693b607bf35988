//! Packets of a mix parsed in a straight line: link, any tag, IP, what it carries, and the same again in VXLAN. All find the same sum
//! of addresses, ports, types, VNI and payload length; none has what it needs twice.

/// Our crates.
pub mod ours {
    use ether_ip::ethernet::{EtherType, EthernetFrame};
    use ether_ip::icmpv4::Icmpv4Packet;
    use ether_ip::ip::IpProtocol;
    use ether_ip::ipv4::Ipv4Packet;
    use ether_ip::ipv6::Ipv6Packet;
    use ether_ip::tcp::TcpSegment;
    use ether_ip::udp::UdpDatagram;
    use ether_ip::vlan::VlanTag;
    use vxlan_codec::{PORT, VxlanPacket};

    #[inline(never)]
    pub fn parse(bytes: &[u8]) -> Option<u64> {
        let mut sum = 0;
        let inner = frame(bytes, &mut sum)?;
        match inner {
            Some(inner) => frame(inner, &mut sum).map(|_| sum),
            None => Some(sum),
        }
    }

    /// What is in VXLAN, if it is that.
    #[inline(always)]
    fn frame<'a>(bytes: &'a [u8], sum: &mut u64) -> Option<Option<&'a [u8]>> {
        let frame = EthernetFrame::parse(bytes).ok()?;
        let (mut ether_type, mut rest) = (frame.ether_type(), frame.into_payload());
        if ether_type == EtherType::VLAN {
            let tag = VlanTag::parse(rest).ok()?;
            (ether_type, rest) = (tag.ether_type(), tag.into_payload());
        }
        let (protocol, rest) = if ether_type == EtherType::IPV4 {
            let ip = Ipv4Packet::parse(rest).ok()?;
            *sum += u64::from(ip.source().to_bits());
            (ip.protocol(), ip.into_payload())
        } else if ether_type == EtherType::IPV6 {
            let ip = Ipv6Packet::parse(rest).ok()?;
            *sum += ip.source().to_bits() as u64 >> 1;
            (ip.next_header(), ip.into_payload())
        } else {
            return None;
        };
        match protocol {
            IpProtocol::TCP => {
                let tcp = TcpSegment::parse(rest).ok()?;
                *sum += u64::from(tcp.destination_port()) + tcp.payload().len() as u64;
            }
            IpProtocol::UDP => {
                let udp = UdpDatagram::parse(rest).ok()?;
                *sum += u64::from(udp.destination_port());
                if udp.destination_port() == PORT {
                    let vxlan = VxlanPacket::parse(udp.into_payload()).ok()?;
                    *sum += u64::from(vxlan.vni().get());
                    return Some(Some(vxlan.into_payload()));
                }
                *sum += udp.payload().len() as u64;
            }
            IpProtocol::ICMP => {
                let icmp = Icmpv4Packet::parse(rest).ok()?;
                *sum += u64::from(icmp.kind().0) + icmp.payload().len() as u64;
            }
            _ => return None,
        }
        Some(None)
    }
}

/// What all of the others need by hand: a tag, if it is one; and VXLAN.
#[inline(always)]
fn tag(ether_type: u16, rest: &[u8]) -> Option<(u16, &[u8])> {
    if ether_type != 0x8100 {
        return Some((ether_type, rest));
    }
    let (tag, rest) = rest.split_first_chunk::<4>()?;
    Some((u16::from_be_bytes([tag[2], tag[3]]), rest))
}

#[inline(always)]
fn vxlan<'a>(payload: &'a [u8], sum: &mut u64) -> Option<Option<&'a [u8]>> {
    let (header, inner) = payload.split_first_chunk::<8>()?;
    if header[0] & 8 == 0 {
        return None;
    }
    *sum += u64::from(u32::from_be_bytes([0, header[4], header[5], header[6]]));
    Some(Some(inner))
}

#[inline(always)]
fn both<'a>(bytes: &'a [u8], frame: impl Fn(&'a [u8], &mut u64) -> Option<Option<&'a [u8]>>) -> Option<u64> {
    let mut sum = 0;
    match frame(bytes, &mut sum)? {
        Some(inner) => frame(inner, &mut sum).map(|_| sum),
        None => Some(sum),
    }
}

/// What a careful person writes, with the same checks: what is left of the others' time is the mix's own.
pub mod by_hand {
    #[inline(never)]
    pub fn parse(bytes: &[u8]) -> Option<u64> {
        super::both(bytes, frame)
    }

    fn u16_at<const N: usize>(bytes: &[u8; N], at: usize) -> u16 {
        u16::from_be_bytes([bytes[at], bytes[at + 1]])
    }

    #[inline(always)]
    fn frame<'a>(bytes: &'a [u8], sum: &mut u64) -> Option<Option<&'a [u8]>> {
        let (ethernet, rest) = bytes.split_first_chunk::<14>()?;
        let (ether_type, rest) = super::tag(u16_at(ethernet, 12), rest)?;
        let (protocol, rest) = match ether_type {
            0x0800 => {
                let ip = rest.first_chunk::<20>()?;
                let (header_len, total) = (usize::from(ip[0] & 15) * 4, usize::from(u16_at(ip, 2)));
                if ip[0] >> 4 != 4 || header_len < 20 {
                    return None;
                }
                *sum += u64::from(u32::from_be_bytes([ip[12], ip[13], ip[14], ip[15]]));
                (ip[9], rest.get(header_len..total)?)
            }
            0x86dd => {
                let (ip, rest) = rest.split_first_chunk::<40>()?;
                if ip[0] >> 4 != 6 {
                    return None;
                }
                *sum += u64::from_be_bytes(*ip[16..].first_chunk()?) >> 1;
                (ip[6], rest.get(..usize::from(u16_at(ip, 4)))?)
            }
            _ => return None,
        };
        match protocol {
            6 => {
                let tcp = rest.first_chunk::<20>()?;
                let header_len = usize::from(tcp[12] >> 4) * 4;
                if header_len < 20 || header_len > rest.len() {
                    return None;
                }
                *sum += u64::from(u16_at(tcp, 2)) + (rest.len() - header_len) as u64;
            }
            17 => {
                let udp = rest.first_chunk::<8>()?;
                let payload = rest.get(8..usize::from(u16_at(udp, 4)))?;
                *sum += u64::from(u16_at(udp, 2));
                if u16_at(udp, 2) == 4789 {
                    return super::vxlan(payload, sum);
                }
                *sum += payload.len() as u64;
            }
            1 => {
                let (icmp, payload) = rest.split_first_chunk::<8>()?;
                *sum += u64::from(icmp[0]) + payload.len() as u64;
            }
            _ => return None,
        }
        Some(None)
    }
}

/// smoltcp's checked views.
pub mod smoltcp {
    use smoltcp::wire::{EthernetFrame, Icmpv4Packet, IpProtocol, Ipv4Packet, Ipv6Packet, TcpPacket, UdpPacket};

    #[inline(never)]
    pub fn parse(bytes: &[u8]) -> Option<u64> {
        super::both(bytes, frame)
    }

    #[inline(always)]
    fn frame<'a>(bytes: &'a [u8], sum: &mut u64) -> Option<Option<&'a [u8]>> {
        let frame = EthernetFrame::new_checked(bytes).ok()?;
        let (ether_type, rest) = super::tag(u16::from(frame.ethertype()), frame.payload())?;
        let (protocol, rest) = match ether_type {
            0x0800 => {
                let ip = Ipv4Packet::new_checked(rest).ok()?;
                *sum += u64::from(ip.src_addr().to_bits());
                (ip.next_header(), ip.payload())
            }
            0x86dd => {
                let ip = Ipv6Packet::new_checked(rest).ok()?;
                *sum += ip.src_addr().to_bits() as u64 >> 1;
                (ip.next_header(), ip.payload())
            }
            _ => return None,
        };
        match protocol {
            IpProtocol::Tcp => {
                let tcp = TcpPacket::new_checked(rest).ok()?;
                *sum += u64::from(tcp.dst_port()) + tcp.payload().len() as u64;
            }
            IpProtocol::Udp => {
                let udp = UdpPacket::new_checked(rest).ok()?;
                *sum += u64::from(udp.dst_port());
                if udp.dst_port() == 4789 {
                    return super::vxlan(udp.payload(), sum);
                }
                *sum += udp.payload().len() as u64;
            }
            IpProtocol::Icmp => {
                let icmp = Icmpv4Packet::new_checked(rest).ok()?;
                *sum += u64::from(u8::from(icmp.msg_type())) + icmp.data().len() as u64;
            }
            _ => return None,
        }
        Some(None)
    }
}

/// etherparse, layer by layer: its fastest interface.
pub mod etherparse {
    use etherparse::{Ethernet2Slice, Icmpv4Slice, IpNumber, Ipv4Slice, Ipv6Slice, TcpSlice, UdpSlice};

    #[inline(never)]
    pub fn parse(bytes: &[u8]) -> Option<u64> {
        super::both(bytes, frame)
    }

    #[inline(always)]
    fn frame<'a>(bytes: &'a [u8], sum: &mut u64) -> Option<Option<&'a [u8]>> {
        let frame = Ethernet2Slice::from_slice_without_fcs(bytes).ok()?;
        let (ether_type, rest) = super::tag(frame.ether_type().0, frame.payload_slice())?;
        let payload = match ether_type {
            0x0800 => {
                let ip = Ipv4Slice::from_slice(rest).ok()?;
                *sum += u64::from(ip.header().source_addr().to_bits());
                ip.payload().clone()
            }
            0x86dd => {
                let ip = Ipv6Slice::from_slice(rest).ok()?;
                *sum += ip.header().source_addr().to_bits() as u64 >> 1;
                ip.payload().clone()
            }
            _ => return None,
        };
        match payload.ip_number {
            IpNumber::TCP => {
                let tcp = TcpSlice::from_slice(payload.payload).ok()?;
                *sum += u64::from(tcp.destination_port()) + tcp.payload().len() as u64;
            }
            IpNumber::UDP => {
                let udp = UdpSlice::from_slice(payload.payload).ok()?;
                *sum += u64::from(udp.destination_port());
                if udp.destination_port() == 4789 {
                    return super::vxlan(udp.payload(), sum);
                }
                *sum += udp.payload().len() as u64;
            }
            IpNumber::ICMP => {
                let icmp = Icmpv4Slice::from_slice(payload.payload).ok()?;
                *sum += u64::from(icmp.type_u8()) + icmp.payload().len() as u64;
            }
            _ => return None,
        }
        Some(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mix::{ALL, Mix};
    use crate::{ours as walks, peers};

    #[test]
    fn all_find_the_same_in_a_mix() {
        for bytes in Mix::new(&ALL, 0, 400).iter() {
            let found = ours::parse(bytes);
            assert!(found.is_some(), "{bytes:02x?}");
            assert_eq!(found, by_hand::parse(bytes));
            assert_eq!(found, smoltcp::parse(bytes));
            assert_eq!(found, etherparse::parse(bytes));
            let walked = walks::walk(bytes);
            assert!(walked.is_some());
            assert_eq!(walked, walks::walk_by_next(bytes));
            assert_eq!(walked, peers::strata_walk(bytes));
        }
    }
}
