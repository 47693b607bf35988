//! Hands packets to sockets of user space (AF_XDP), which is the end of a tunnel in place of the kernel.
//!
//! A socket has one queue of a device, and gets what arrives there. What there is no socket for goes on to the kernel.
#![no_std]
#![no_main]

use aya_ebpf::bindings::xdp_action::XDP_PASS;
use aya_ebpf::helpers::bpf_redirect_map;
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::XskMap;
use aya_ebpf::programs::XdpContext;
use ether_ip::ip::IpProtocol;
use packet_cursor::{Cursor, IpHeader};
use xdp_maps::{Address, TunnelEnd};
use xdp_programs as _;

/// The sockets by queue, of the device that other nodes are behind.
#[map]
static UNDERLAY: XskMap = XskMap::with_max_entries(64, 0);

/// And of the one that pods are behind.
#[map]
static OVERLAY: XskMap = XskMap::with_max_entries(64, 0);

/// Where tunnels end.
#[unsafe(no_mangle)]
static END: TunnelEnd = TunnelEnd { address: Address::UNSPECIFIED, port: 0 };

/// From other nodes only what is for the tunnel's end: ARP, neighbour discovery and the node's own traffic are the kernel's.
#[xdp]
fn underlay(mut context: XdpContext) -> u32 {
    match is_ours(&mut Cursor::of(&mut context)) {
        Some(true) => hand_over(&UNDERLAY, &context),
        _ => XDP_PASS,
    }
}

/// From pods everything.
#[xdp]
fn overlay(context: XdpContext) -> u32 {
    hand_over(&OVERLAY, &context)
}

/// Whether it is UDP to the tunnel's end. Fragments the kernel puts together first, as for `vtep`, and what has IPv6 extension headers is its own.
#[inline(always)]
fn is_ours(cursor: &mut Cursor<'_>) -> Option<bool> {
    let frame = cursor.ethernet()?;
    let ip = cursor.ip(frame.ether_type)?;
    let has_extensions = matches!(ip.header, IpHeader::V6(_)) && ip.options > 0;
    if ip.protocol != IpProtocol::UDP || ip.is_fragment || has_extensions {
        return None;
    }
    let port = cursor.udp(&ip)?.destination_port();
    // SAFETY: user space sets it before the program is loaded, so that the compiler must not think that it knows it.
    let end = unsafe { core::ptr::read_volatile(&END) };
    let [_, address] = ip.ends::<Address>();
    Some(address == end.address && u64::from(port) == end.port)
}

#[inline(always)]
fn hand_over(sockets: &XskMap, context: &XdpContext) -> u32 {
    // SAFETY: the kernel's context is there as long as the program runs.
    let queue = unsafe { (*context.ctx).rx_queue_index };
    let map = (&raw const *sockets).cast_mut().cast();
    // SAFETY: the map is one, and the kernel looks whether the queue is in it; if not, what it says is the last.
    unsafe { bpf_redirect_map(map, queue.into(), XDP_PASS.into()) as u32 }
}
