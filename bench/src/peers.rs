//! Today's crates, each with the API that its own documentation would have one use for this.

use etherparse::{LinkSlice, NetSlice, SlicedPacket, TransportSlice};
use packet_strata::packet::header::{NetworkLayer, TransportLayer, TunnelLayer};
use packet_strata::packet::iter::{Header, LinkType, PacketIter};
use packet_strata::packet::{Packet as StrataPacket, ParseMode};
use pnet_packet::Packet as _;
use pnet_packet::ethernet::EthernetPacket;
use pnet_packet::ipv4::Ipv4Packet as PnetIpv4;
use pnet_packet::tcp::TcpPacket as PnetTcp;
use pnet_packet::udp::UdpPacket as PnetUdp;
use smoltcp::wire::{EthernetFrame, EthernetProtocol, IpProtocol, Ipv4Packet, TcpPacket, UdpPacket};

use ether_ip::zerocopy::IntoBytes as _;

use crate::Found;

#[inline(always)]
fn smoltcp_in(bytes: &[u8]) -> Option<Found> {
    let frame = EthernetFrame::new_checked(bytes).ok().filter(|f| f.ethertype() == EthernetProtocol::Ipv4)?;
    let ip = Ipv4Packet::new_checked(frame.payload()).ok().filter(|ip| ip.next_header() == IpProtocol::Tcp)?;
    let tcp = TcpPacket::new_checked(ip.payload()).ok()?;
    Some(Found {
        source: ip.src_addr().to_bits(),
        destination: ip.dst_addr().to_bits(),
        ports: (tcp.src_port(), tcp.dst_port()),
        payload_len: tcp.payload().len(),
    })
}

#[inline(never)]
pub fn smoltcp_tcp(bytes: &[u8]) -> Option<Found> {
    smoltcp_in(bytes)
}

#[inline(never)]
pub fn smoltcp_vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    let frame = EthernetFrame::new_checked(bytes).ok().filter(|f| f.ethertype() == EthernetProtocol::Ipv4)?;
    let ip = Ipv4Packet::new_checked(frame.payload()).ok().filter(|ip| ip.next_header() == IpProtocol::Udp)?;
    let udp = UdpPacket::new_checked(ip.payload()).ok().filter(|udp| udp.dst_port() == 4789)?;
    let (vni, inner) = vxlan_by_hand(udp.payload())?;
    Some((smoltcp_in(inner)?, vni))
}

/// None of the peers but packet-strata reads VXLAN.
#[inline(always)]
fn vxlan_by_hand(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (header, inner) = bytes.split_first_chunk::<8>()?;
    (header[0] & 8 != 0).then(|| (u32::from_be_bytes([0, header[4], header[5], header[6]]), inner))
}

#[inline(always)]
fn etherparse_in(bytes: &[u8]) -> Option<Found> {
    found(&SlicedPacket::from_ethernet(bytes).ok()?)
}

#[inline(always)]
pub fn found(packet: &SlicedPacket<'_>) -> Option<Found> {
    let (Some(NetSlice::Ipv4(ip)), Some(TransportSlice::Tcp(tcp))) = (&packet.net, &packet.transport) else {
        return None;
    };
    Some(Found {
        source: ip.header().source_addr().to_bits(),
        destination: ip.header().destination_addr().to_bits(),
        ports: (tcp.source_port(), tcp.destination_port()),
        payload_len: tcp.payload().len(),
    })
}

#[inline(never)]
pub fn etherparse_tcp(bytes: &[u8]) -> Option<Found> {
    etherparse_in(bytes)
}

#[inline(never)]
pub fn etherparse_vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    let packet = SlicedPacket::from_ethernet(bytes).ok()?;
    let Some(TransportSlice::Udp(udp)) = &packet.transport else { return None };
    if udp.destination_port() != 4789 {
        return None;
    }
    let (vni, inner) = vxlan_by_hand(udp.payload())?;
    Some((etherparse_in(inner)?, vni))
}

/// All layers, typed, a field read of each; twice, with VXLAN between.
#[inline(never)]
pub fn etherparse_walk(bytes: &[u8]) -> Option<u64> {
    fn fields(packet: &SlicedPacket<'_>) -> Option<u64> {
        let Some(LinkSlice::Ethernet2(frame)) = &packet.link else { return None };
        let mac = frame.source()[5];
        let Some(NetSlice::Ipv4(ip)) = &packet.net else { return None };
        let port = match packet.transport.as_ref()? {
            TransportSlice::Udp(udp) => udp.destination_port(),
            TransportSlice::Tcp(tcp) => tcp.destination_port(),
            _ => return None,
        };
        Some(u64::from(mac) + u64::from(ip.header().source_addr().to_bits()) + u64::from(port))
    }
    let outer = SlicedPacket::from_ethernet(bytes).ok()?;
    let Some(TransportSlice::Udp(udp)) = &outer.transport else { return None };
    let (vni, inner) = vxlan_by_hand(udp.payload()).filter(|_| udp.destination_port() == 4789)?;
    let inner = SlicedPacket::from_ethernet(inner).ok()?;
    Some(fields(&outer)? + u64::from(vni) + fields(&inner)?)
}

/// All layers, typed, a field read of each.
#[inline(never)]
pub fn strata_walk(bytes: &[u8]) -> Option<u64> {
    let mut sum = 0;
    for header in PacketIter::new(bytes, LinkType::Ethernet) {
        sum += match header.ok()? {
            Header::Ethernet(frame) => u64::from(frame.source().as_bytes()[5]),
            Header::Ipv4(ip) => u64::from(ip.src_ip().to_bits()),
            Header::Ipv6(ip) => ip.src_ip().to_bits() as u64,
            Header::Icmp(icmp) => u64::from(u8::from(icmp.icmp_type())),
            Header::Udp(udp) => u64::from(udp.dst_port()),
            Header::Tcp(tcp) => u64::from(tcp.dst_port()),
            Header::Vxlan(vxlan) => u64::from(vxlan.vni()),
            _ => return None,
        };
    }
    Some(sum)
}

/// The same by its whole packet, tunnels opened, which looks at the IP length as the iterator does not.
#[inline(never)]
pub fn strata_packet(bytes: &[u8]) -> Option<u64> {
    let packet = StrataPacket::from_bytes(bytes, LinkType::Ethernet, ParseMode::Innermost).ok()?;
    let address = |layer: &NetworkLayer<'_>| match layer {
        NetworkLayer::Ipv4(ip) => Some(u64::from(ip.src_ip().to_bits())),
        _ => None,
    };
    let mut sum = address(packet.network()?)?;
    for layer in packet.tunnels() {
        sum += address(layer.outer()?)?;
        let TunnelLayer::Vxlan(vxlan) = layer.tunnel() else { return None };
        sum += u64::from(vxlan.vni());
    }
    let TransportLayer::Tcp(tcp) = packet.transport()? else { return None };
    Some(sum + u64::from(tcp.dst_port()))
}

#[inline(always)]
fn pnet_in(bytes: &[u8]) -> Option<Found> {
    let frame = EthernetPacket::new(bytes).filter(|f| f.get_ethertype().0 == 0x0800)?;
    let ip = PnetIpv4::new(frame.payload()).filter(|ip| ip.get_next_level_protocol().0 == 6)?;
    let tcp = PnetTcp::new(ip.payload())?;
    Some(Found {
        source: ip.get_source().to_bits(),
        destination: ip.get_destination().to_bits(),
        ports: (tcp.get_source(), tcp.get_destination()),
        payload_len: tcp.payload().len(),
    })
}

#[inline(never)]
pub fn pnet_tcp(bytes: &[u8]) -> Option<Found> {
    pnet_in(bytes)
}

#[inline(never)]
pub fn pnet_vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    let frame = EthernetPacket::new(bytes).filter(|f| f.get_ethertype().0 == 0x0800)?;
    let ip = PnetIpv4::new(frame.payload()).filter(|ip| ip.get_next_level_protocol().0 == 17)?;
    let udp = PnetUdp::new(ip.payload()).filter(|udp| udp.get_destination() == 4789)?;
    let (vni, inner) = vxlan_by_hand(udp.payload())?;
    Some((pnet_in(inner)?, vni))
}

/// smoltcp's checksum, which is a sum, over the same bytes.
#[inline(never)]
pub fn smoltcp_checksum(bytes: &[u8]) -> u16 {
    !smoltcp::wire::checksum::data(bytes)
}

/// etherparse's checksum over the same bytes.
#[inline(never)]
pub fn etherparse_checksum(bytes: &[u8]) -> u16 {
    etherparse::checksum::Sum16BitWords::new().add_slice(bytes).ones_complement().to_be()
}
