//! Counts what arrives, and lets it pass or drops it, as it was told when it was loaded.
//!
//! A veth takes what XDP sends to it only if its other end has a program: this one is enough. And it sends, for measurements.
#![no_std]
#![no_main]

use aya_ebpf::bindings::xdp_action;
use aya_ebpf::helpers::bpf_redirect;
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::PerCpuArray;
use aya_ebpf::programs::XdpContext;
use packet_cursor::Cursor;
use xdp_maps::Sunk;
use xdp_programs as _;

#[map]
static SUNK: PerCpuArray<Sunk> = PerCpuArray::with_max_entries(1, 0);

#[xdp]
fn pass(mut context: XdpContext) -> u32 {
    count(&mut context);
    xdp_action::XDP_PASS
}

#[xdp]
fn drop(mut context: XdpContext) -> u32 {
    count(&mut context);
    xdp_action::XDP_DROP
}

#[inline(always)]
fn count(context: &mut XdpContext) {
    let len = Cursor::of(context).left() as u64;
    if let Some(sunk) = SUNK.get_ptr_mut(0) {
        // SAFETY: the value is this processor's own, and no other program runs on it meanwhile.
        let sunk = unsafe { &mut *sunk };
        sunk.packets += 1;
        sunk.bytes += len;
    }
}

/// The device to send to.
#[unsafe(no_mangle)]
static DEVICE: u32 = 0;

/// Sends what it is run on.
#[xdp]
fn send(_: XdpContext) -> u32 {
    // SAFETY: user space sets it before the program is loaded, so that the compiler must not think that it knows it.
    let device = unsafe { core::ptr::read_volatile(&DEVICE) };
    // SAFETY: it takes a number, and looks whether there is such a device.
    unsafe { bpf_redirect(device, 0) as u32 }
}
