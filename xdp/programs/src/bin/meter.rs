//! Counts packets and bytes by inner flow, tunnel and nodes, and lets all pass.
//!
//! What a packet cannot be counted by (it has no IP header, or that is cut off) is not counted; what is in a tunnel and has none is counted by
//! the tunnel alone. Counters are per processor: nobody waits.
#![no_std]
#![no_main]

use aya_ebpf::bindings::xdp_action;
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::LruPerCpuHashMap;
use aya_ebpf::programs::XdpContext;
use ether_ip::ethernet::EtherType;
use ether_ip::ip::IpProtocol;
use packet_cursor::{Cursor, Ip};
use xdp_maps::{Count, Flow, Tunnel};
use xdp_programs as _;

#[map]
static FLOWS: LruPerCpuHashMap<Flow, Count> = LruPerCpuHashMap::with_max_entries(16_384, 0);

#[xdp]
fn meter(mut context: XdpContext) -> u32 {
    let mut flow = Flow::NOTHING;
    if let Some(count) = metered(&mut Cursor::of(&mut context), &mut flow) {
        add(&flow, count);
    }
    xdp_action::XDP_PASS
}

/// Whose a packet is, and how much it is.
#[inline(always)]
fn metered(cursor: &mut Cursor<'_>, flow: &mut Flow) -> Option<Count> {
    let mut count = Count { packets: 1, bytes: cursor.left() as u64, overhead: 0 };
    let frame = cursor.ethernet()?;
    let outer = cursor.ip(frame.ether_type)?;
    fill(flow, cursor, &outer);
    let Some((tunnel, vni, carries)) = tunnel(cursor, flow.ports[1]) else { return Some(count) };
    count.overhead = count.bytes - cursor.left() as u64;
    (flow.tunnel, flow.vni, flow.nodes) = (tunnel as u8, vni, outer.ends());
    match cursor.inner(carries) {
        Some(inner) => fill(flow, cursor, &inner),
        None => (flow.ends, flow.protocol, flow.ports) = (Flow::NOTHING.ends, 0, [0; 2]),
    }
    Some(count)
}

/// Which tunnel is behind a UDP port, its network, and what it carries.
#[inline(always)]
fn tunnel(cursor: &mut Cursor<'_>, port: u16) -> Option<(Tunnel, u32, EtherType)> {
    match port {
        vxlan_codec::PORT | vxlan_codec::PORT_LINUX | weave_codec::FAST_DATAPATH_PORT => {
            let header = cursor.vxlan().filter(|header| header.has_vni())?;
            Some((Tunnel::Vxlan, header.vni().get(), EtherType::TRANSPARENT_ETHERNET))
        }
        geneve_codec::PORT => {
            let header = cursor.geneve()?;
            Some((Tunnel::Geneve, header.vni().get(), header.protocol_type()))
        }
        _ => None,
    }
}

/// What an IP header and the ports behind it say.
#[inline(always)]
fn fill(flow: &mut Flow, cursor: &mut Cursor<'_>, ip: &Ip<'_>) {
    (flow.ends, flow.protocol) = (ip.ends(), ip.protocol.0);
    flow.ports = if ip.protocol == IpProtocol::UDP {
        cursor.udp(ip).map_or([0; 2], |header| [header.source_port(), header.destination_port()])
    } else {
        cursor.tcp(ip).map_or([0; 2], |header| [header.source_port(), header.destination_port()])
    };
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
        _ = FLOWS.insert(flow, count, 0);
    }
}
