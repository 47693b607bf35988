//! Our crates.

use ether_ip::Headroom;
use ether_ip::ethernet::{EtherType, EthernetFrame};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::outer::Outer;
use ether_ip::stack::{Ethernet, Ipv4, Tcp, Udp};
use ether_ip::tcp::TcpSegment;
use ether_ip::udp::UdpDatagram;
use packet_dissect::{Layer, LinkType, Tunnel, Tunnels, layers};
use vxlan_codec::{PORT, Vni, Vxlan, VxlanPacket, VxlanTemplate, VxlanTunnel};

use crate::{Found, packets};

#[inline(never)]
pub fn tcp(bytes: &[u8]) -> Option<Found> {
    tcp_in(bytes)
}

#[inline(always)]
pub fn tcp_in(bytes: &[u8]) -> Option<Found> {
    tcp_if(bytes, |_| true)
}

#[inline(never)]
pub fn vxlan(bytes: &[u8]) -> Option<(Found, u32)> {
    vxlan_if(bytes, |_| true)
}

/// The same, asking what a stack asks too: a later fragment has no header of its protocol (RFC 791 §3.2).
#[inline(never)]
pub fn tcp_no_fragment(bytes: &[u8]) -> Option<Found> {
    tcp_if(bytes, |ip| ip.fragment_offset() == 0)
}

#[inline(never)]
pub fn vxlan_no_fragment(bytes: &[u8]) -> Option<(Found, u32)> {
    vxlan_if(bytes, |ip| ip.fragment_offset() == 0)
}

#[inline(always)]
fn tcp_if(bytes: &[u8], is_asked: impl Fn(&Ipv4Packet<&[u8]>) -> bool) -> Option<Found> {
    let frame = EthernetFrame::parse(bytes).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let ip =
        Ipv4Packet::parse(frame.into_payload()).ok().filter(|ip| ip.protocol() == IpProtocol::TCP && is_asked(ip))?;
    let segment = TcpSegment::parse(ip.into_payload()).ok()?;
    Some(found(&ip, &segment))
}

#[inline(always)]
fn vxlan_if(bytes: &[u8], is_asked: impl Fn(&Ipv4Packet<&[u8]>) -> bool) -> Option<(Found, u32)> {
    let frame = EthernetFrame::parse(bytes).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let ip =
        Ipv4Packet::parse(frame.into_payload()).ok().filter(|ip| ip.protocol() == IpProtocol::UDP && is_asked(ip))?;
    let udp = UdpDatagram::parse(ip.into_payload()).ok().filter(|udp| udp.destination_port() == PORT)?;
    let vxlan = VxlanPacket::parse(udp.into_payload()).ok()?;
    Some((tcp_if(vxlan.into_payload(), is_asked)?, vxlan.vni().get()))
}

/// As a stack of layers.
#[inline(never)]
pub fn tcp_stack(bytes: &[u8]) -> Option<Found> {
    let (_, ip, segment) = (Ethernet / Ipv4 / Tcp).parse(bytes).ok()?;
    Some(found(&ip, &segment))
}

#[inline(never)]
pub fn vxlan_stack(bytes: &[u8]) -> Option<(Found, u32)> {
    let stack = Ethernet / Ipv4 / Udp / Vxlan(PORT) / Ethernet / Ipv4 / Tcp;
    let (_, _, _, vxlan, _, ip, segment) = stack.parse(bytes).ok()?;
    Some((found(&ip, &segment), vxlan.vni().get()))
}

#[inline(always)]
fn found(ip: &Ipv4Packet<&[u8]>, segment: &TcpSegment<&[u8]>) -> Found {
    Found {
        source: ip.source().to_bits(),
        destination: ip.destination().to_bits(),
        ports: (segment.source_port(), segment.destination_port()),
        payload_len: segment.payload().len(),
    }
}

/// All layers, typed, a field read of each.
#[inline(never)]
pub fn walk(bytes: &[u8]) -> Option<u64> {
    let (sum, is_good) =
        layers(LinkType::ETHERNET, bytes).fold((0, true), |(sum, is_good), layer| match field(layer) {
            Some(value) => (sum + value, is_good),
            None => (sum, false),
        });
    is_good.then_some(sum)
}

/// The same by a loop.
#[inline(never)]
pub fn walk_by_next(bytes: &[u8]) -> Option<u64> {
    let mut sum = 0;
    for layer in layers(LinkType::ETHERNET, bytes) {
        sum += field(layer)?;
    }
    Some(sum)
}

#[inline(always)]
fn field(layer: Result<Layer<'_>, packet_dissect::Error>) -> Option<u64> {
    Some(match layer {
        Ok(Layer::Ethernet(frame)) => u64::from(frame.source().0[5]),
        // The peer gives tags with the frame.
        Ok(Layer::Vlan(_)) => 0,
        Ok(Layer::Ipv4(ip)) => u64::from(ip.source().to_bits()),
        Ok(Layer::Ipv6(ip)) => ip.source().to_bits() as u64,
        Ok(Layer::Udp(udp)) => u64::from(udp.destination_port()),
        Ok(Layer::Tcp(tcp)) => u64::from(tcp.destination_port()),
        Ok(Layer::Icmpv4(icmp)) => u64::from(icmp.kind().0),
        Ok(Layer::Vxlan(vxlan)) => u64::from(vxlan.vni().get()),
        Ok(Layer::Payload(_)) => 0,
        _ => return None,
    })
}

/// The layers of VXLAN parsed one behind the other, and the same fields read.
#[inline(never)]
pub fn straight(bytes: &[u8]) -> Option<u64> {
    let frame = EthernetFrame::parse(bytes).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let ip = Ipv4Packet::parse(frame.into_payload()).ok().filter(|ip| ip.protocol() == IpProtocol::UDP)?;
    let udp = UdpDatagram::parse(ip.into_payload()).ok().filter(|udp| udp.destination_port() == PORT)?;
    let vxlan = VxlanPacket::parse_lax(udp.into_payload()).ok()?;
    let inner =
        EthernetFrame::parse(vxlan.into_payload()).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let inner_ip = Ipv4Packet::parse(inner.into_payload()).ok().filter(|ip| ip.protocol() == IpProtocol::TCP)?;
    let tcp = TcpSegment::parse(inner_ip.into_payload()).ok()?;
    let outer = u64::from(frame.source().0[5]) + u64::from(ip.source().to_bits()) + u64::from(udp.destination_port());
    let inner =
        u64::from(inner.source().0[5]) + u64::from(inner_ip.source().to_bits()) + u64::from(tcp.destination_port());
    Some(outer + u64::from(vxlan.vni().get()) + inner)
}

/// The same line with the questions that a walk asks besides: what the ports carry, by the same tables.
#[inline(never)]
pub fn straight_by_ports(bytes: &[u8]) -> Option<u64> {
    let tunnels = Tunnels::DEFAULT;
    let frame = EthernetFrame::parse(bytes).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let ip = Ipv4Packet::parse_usual(frame.into_payload()).filter(|ip| ip.protocol() == IpProtocol::UDP)?;
    let udp = UdpDatagram::parse_usual(ip.into_payload())?;
    if tunnels.of_ports(udp.source_port(), udp.destination_port()) != Some(Tunnel::Vxlan) {
        return None;
    }
    let vxlan = VxlanPacket::parse_lax(udp.into_payload()).ok()?;
    let inner =
        EthernetFrame::parse(vxlan.into_payload()).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let inner_ip = Ipv4Packet::parse_usual(inner.into_payload()).filter(|ip| ip.protocol() == IpProtocol::TCP)?;
    let tcp = TcpSegment::parse(inner_ip.into_payload()).ok()?;
    if tunnels.of_tcp_ports(tcp.source_port(), tcp.destination_port()).is_some() {
        return None;
    }
    let outer = u64::from(frame.source().0[5]) + u64::from(ip.source().to_bits()) + u64::from(udp.destination_port());
    let inner =
        u64::from(inner.source().0[5]) + u64::from(inner_ip.source().to_bits()) + u64::from(tcp.destination_port());
    Some(outer + u64::from(vxlan.vni().get()) + inner)
}

#[inline(never)]
pub fn checksum(bytes: &[u8]) -> u16 {
    ether_ip::checksum::of(bytes)
}

pub fn template() -> VxlanTemplate {
    let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    VxlanTunnel::new(Vni::from(1), outer.ethernet(packets::MACS[0], packets::MACS[1])).template()
}

/// The inner frame sits at the buffer's end; entropy included.
#[inline(never)]
pub fn encapsulate(template: &VxlanTemplate, buffer: &mut [u8], inner_len: usize) -> bool {
    Headroom::new(buffer, inner_len).is_ok_and(|mut packet| template.encapsulate(&mut packet).is_ok())
}
