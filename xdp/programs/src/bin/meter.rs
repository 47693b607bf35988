//! Counts packets and bytes by inner flow, tunnel and nodes, and lets all pass.
//!
//! What a packet cannot be counted by (it has no IP header, or that is cut off) is not counted. Counters are per processor: nobody waits.
#![no_std]
#![no_main]

use core::net::Ipv6Addr;

use aya_ebpf::bindings::xdp_action;
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::LruPerCpuHashMap;
use aya_ebpf::programs::XdpContext;
use ether_ip::ethernet::EtherType;
use ether_ip::ip::IpProtocol;
use packet_cursor::{Cursor, Ip};
use xdp_maps::{Address, Count, Flow, Tunnel};
use xdp_programs as _;

#[map]
static FLOWS: LruPerCpuHashMap<Flow, Count> = LruPerCpuHashMap::with_max_entries(16_384, 0);

#[xdp]
fn meter(mut context: XdpContext) -> u32 {
    if let Some((flow, count)) = metered(&mut Cursor::of(&mut context)) {
        add(&flow, count);
    }
    xdp_action::XDP_PASS
}

const NO_TUNNEL: (Tunnel, u32, EtherType) = (Tunnel::No, 0, EtherType(0));

/// Whose a packet is, and how much it is.
#[inline(always)]
fn metered(cursor: &mut Cursor<'_>) -> Option<(Flow, Count)> {
    let bytes = cursor.left() as u64;
    let frame = cursor.ethernet()?;
    let outer = cursor.ip(frame.ether_type)?;
    let ports = ports(cursor, &outer);
    let (tunnel, vni, carries) = match ports {
        [_, vxlan_codec::PORT | vxlan_codec::PORT_LINUX | weave_codec::FAST_DATAPATH_PORT] => match cursor.vxlan() {
            Some(header) if header.has_vni() => (Tunnel::Vxlan, header.vni().get(), EtherType::TRANSPARENT_ETHERNET),
            _ => NO_TUNNEL,
        },
        [_, geneve_codec::PORT] => match cursor.geneve() {
            Some(header) => (Tunnel::Geneve, header.vni().get(), header.protocol_type()),
            None => NO_TUNNEL,
        },
        _ => NO_TUNNEL,
    };
    let overhead = bytes - cursor.left() as u64;
    let nothing = [Address::from(Ipv6Addr::UNSPECIFIED); 2];
    if tunnel != Tunnel::No {
        if let Some(inner) = cursor.inner(carries) {
            let flow = flow(&inner, self::ports(cursor, &inner), ends(&outer), tunnel, vni);
            return Some((flow, Count { packets: 1, bytes, overhead }));
        }
    }
    Some((flow(&outer, ports, nothing, Tunnel::No, 0), Count { packets: 1, bytes, overhead: 0 }))
}

#[inline(always)]
fn ends(ip: &Ip<'_>) -> [Address; 2] {
    [ip.source().into(), ip.destination().into()]
}

/// The ports of UDP or TCP, or zero.
#[inline(always)]
fn ports(cursor: &mut Cursor<'_>, ip: &Ip<'_>) -> [u16; 2] {
    if ip.protocol == IpProtocol::UDP {
        return cursor.udp(ip).map_or([0; 2], |header| [header.source_port(), header.destination_port()]);
    }
    cursor.tcp(ip).map_or([0; 2], |header| [header.source_port(), header.destination_port()])
}

#[inline(always)]
fn flow(ip: &Ip<'_>, ports: [u16; 2], nodes: [Address; 2], tunnel: Tunnel, vni: u32) -> Flow {
    Flow { nodes, ends: ends(ip), vni, ports, tunnel: tunnel as u8, protocol: ip.protocol.0, unused: [0; 2] }
}

#[inline(always)]
fn add(flow: &Flow, count: Count) {
    if let Some(known) = FLOWS.get_ptr_mut(flow) {
        // SAFETY: the value is this processor's own, and no other program runs on it meanwhile.
        let known = unsafe { &mut *known };
        known.packets += count.packets;
        known.bytes += count.bytes;
        known.overhead += count.overhead;
    } else {
        // If there is no room it is not counted.
        _ = FLOWS.insert(flow, &count, 0);
    }
}
