//! The end of a tunnel: takes VXLAN and Geneve of known remotes apart, and puts frames for known receivers into it.
//!
//! What is none of theirs goes on to the kernel: other packets, fragments of an outer packet (RFC 7348 §4.3 has none, and if there are any the
//! kernel puts them together), outer IP with options or extension headers, or with a wrong checksum, which the kernel drops and counts. What is
//! theirs and cannot be taken is dropped, as a VTEP must. The other way what is for somebody else goes on to the kernel; of what is too long for
//! the way the sender is told.
#![no_std]
#![no_main]

use core::ffi::c_int;
use core::hint::black_box;

use aya_ebpf::bindings::xdp_action::{XDP_DROP, XDP_PASS};

use aya_ebpf::helpers::{bpf_redirect, bpf_xdp_adjust_head, bpf_xdp_adjust_tail, bpf_xdp_store_bytes};
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::HashMap;
use aya_ebpf::programs::XdpContext;
use ether_ip::ecn;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::Ipv4Header;
use ether_ip::outer::SourcePorts;
use packet_cursor::{Cursor, Ethernet, Geneve, Ip, IpHeader};
use vxlan_codec::Reading;
use xdp_maps::{Address, MAX_HEADERS, Receiver, Remote, Template, Tunnel};
use xdp_programs::too_long::Sender;

/// Whose packets are taken, and the device that the frames in them go out by.
#[map]
static REMOTES: HashMap<Remote, u32> = HashMap::with_max_entries(1024, 0);

/// The headers for frames, by who receives them.
#[map]
static TEMPLATES: HashMap<Receiver, Template> = HashMap::with_max_entries(1024, 0);

#[xdp]
fn decapsulate(mut context: XdpContext) -> u32 {
    match take_apart(&mut Cursor::of(&mut context)) {
        Ok(outer) => strip(&context, &outer),
        Err(verdict) => verdict,
    }
}

/// What is around a frame.
struct Outer {
    /// How many bytes stand in front of it, and behind it.
    front: usize,
    behind: usize,
    /// Where it goes out.
    device: u32,
}

/// What is around the frame in a packet of a known remote; or what becomes of the packet as it is.
#[inline(always)]
fn take_apart(cursor: &mut Cursor<'_>) -> Result<Outer, u32> {
    let whole = cursor.left();
    let frame = cursor.ethernet().ok_or(XDP_PASS)?;
    let ip = cursor.ip(frame.ether_type).ok_or(XDP_PASS)?;
    if ip.protocol != IpProtocol::UDP || ip.is_fragment || ip.options > 0 || !ip.has_valid_checksum() {
        return Err(XDP_PASS);
    }
    let datagram = cursor.left();
    let udp = cursor.udp(&ip).ok_or(XDP_PASS)?;
    let (header, is_good) = tunnel(cursor, udp.destination_port()).ok_or(XDP_PASS)?;
    let [address, _] = ip.ends::<Address>();
    // SAFETY: the value is read at once: user space may replace it meanwhile.
    let device = *unsafe { REMOTES.get(Remote { address, ..header }) }.ok_or(XDP_PASS)?;
    // UDP's length is what counts (RFC 768); an Ethernet frame may be padded behind it.
    let (len, packet) = (usize::from(udp.length()), ip.packet_len().wrapping_sub(ip.header_len()));
    let is_whole = len <= packet && packet <= datagram;
    // What is left of the datagram has to be a frame.
    let (left, behind) = (cursor.left(), datagram.wrapping_sub(len));
    let has_frame = behind.wrapping_add(size_of::<EthernetHeader>()) <= left;
    if !is_good || !is_whole || !has_frame || leave(cursor, ip.ecn()).is_none() {
        return Err(XDP_DROP);
    }
    Ok(Outer { front: whole.wrapping_sub(left), behind, device })
}

/// The tunnel behind a UDP port, without the address that it comes from; and whether it may be taken.
#[inline(always)]
fn tunnel(cursor: &mut Cursor<'_>, port: u16) -> Option<(Remote, bool)> {
    let nobody = Address::UNSPECIFIED;
    match port {
        vxlan_codec::PORT | vxlan_codec::PORT_LINUX => {
            let header = cursor.vxlan()?;
            let (vni, tunnel) = (header.vni().get(), Tunnel::Vxlan as u32);
            Some((Remote { address: nobody, vni, tunnel }, header.check(Reading::Rfc7348).is_ok()))
        }
        geneve_codec::PORT => {
            let Geneve { header, has_critical_options } = cursor.geneve_with_options()?;
            let (vni, tunnel) = (header.vni().get(), Tunnel::Geneve as u32);
            // RFC 8926 §3.4: control packets are nothing to pass on, and a critical option that nobody knows forbids it.
            let is_plain = !header.is_oam() && !has_critical_options;
            let is_good = is_plain && header.protocol_type() == EtherType::TRANSPARENT_ETHERNET;
            Some((Remote { address: nobody, vni, tunnel }, is_good))
        }
        _ => None,
    }
}

/// The inner packet takes the outer one's mark along; `None` if it must be dropped (RFC 6040 §4.2).
#[inline(always)]
fn leave(cursor: &mut Cursor<'_>, outer: Ecn) -> Option<()> {
    let frame = cursor.ethernet()?;
    let Some(ip) = cursor.ip(frame.ether_type) else { return Some(()) };
    cursor.complete(&ip)?;
    let inner = ip.ecn();
    let left = ecn::leave(inner, outer)?.ecn;
    mark(ip, left);
    Some(())
}

#[inline(always)]
fn mark(ip: Ip<'_>, ecn: Ecn) {
    if ip.ecn() != ecn {
        match ip.header {
            IpHeader::V4(header) => header.change_traffic_class(header.dscp() << 2 | ecn as u8),
            IpHeader::V6(header) => header.set_ecn(ecn),
        }
    }
}

/// Takes away what is around the frame, and sends it out.
#[inline(always)]
fn strip(context: &XdpContext, outer: &Outer) -> u32 {
    let (front, behind) = (outer.front as c_int, outer.behind as c_int);
    // SAFETY: no cursor lives any more; and if the kernel refuses either, the packet is dropped.
    let is_shorter = behind == 0 || unsafe { bpf_xdp_adjust_tail(context.ctx, -behind) } == 0;
    // SAFETY: as above.
    if !is_shorter || unsafe { bpf_xdp_adjust_head(context.ctx, front) } != 0 {
        return XDP_DROP;
    }
    // SAFETY: it takes a number, and looks whether there is such a device.
    unsafe { bpf_redirect(outer.device, 0) as u32 }
}

#[xdp]
fn encapsulate(mut context: XdpContext) -> u32 {
    let mut cursor = Cursor::of(&mut context);
    let len = cursor.left();
    let Some(template) = template(&cursor) else { return XDP_PASS };
    let Some(frame) = cursor.ethernet() else { return XDP_PASS };
    let ip = cursor.ip(frame.ether_type);
    // The inner Ethernet header is as long as the outer one, which the device's MTU is without.
    let mtu = template.mtu.wrapping_sub(template.len);
    if len > mtu as usize + size_of::<EthernetHeader>() {
        let sender = ip.and_then(|ip| Sender::of(&cursor, &frame, &ip, len));
        return sender.map_or(XDP_PASS, |sender| sender.tell(&mut context, mtu as u16));
    }
    let Some(frame) = look(&mut cursor, &frame, ip.as_ref(), len) else { return XDP_PASS };
    put_in_front(&mut context, template, &frame).unwrap_or(XDP_DROP)
}

/// What of a frame its outer headers depend on.
struct Frame {
    len: usize,
    entropy: u32,
    ecn: Ecn,
}

/// The headers for a frame, if it is for a known receiver.
#[inline(always)]
fn template(cursor: &Cursor<'_>) -> Option<&'static Template> {
    let receiver = cursor.peek::<EthernetHeader>(0)?.destination();
    // What is for several goes where what is for all does.
    let MacAddr(address) = if receiver.is_multicast() { MacAddr::BROADCAST } else { receiver };
    // SAFETY: user space replaces values whole, and does not take one away while programs that look at it run.
    unsafe { TEMPLATES.get(Receiver { address, unused: [0; 2] }) }
}

#[inline(always)]
fn look(cursor: &mut Cursor<'_>, frame: &Ethernet<'_>, ip: Option<&Ip<'_>>, len: usize) -> Option<Frame> {
    let Some(ip) = ip else { return Some(Frame { len, entropy: frame.entropy(), ecn: Ecn::NotCapable }) };
    let (entropy, ecn) = (cursor.entropy(ip), ip.ecn());
    cursor.complete(ip)?;
    Some(Frame { len, entropy, ecn })
}

/// Puts the headers in front of a frame, with what of them depends on it, and sends it out.
#[inline(always)]
fn put_in_front(context: &mut XdpContext, template: &Template, frame: &Frame) -> Option<u32> {
    let len = template.len;
    // SAFETY: no cursor lives any more; and what the kernel refuses is dropped.
    if unsafe { bpf_xdp_adjust_head(context.ctx, -(len as c_int)) } != 0 {
        return None;
    }
    // That there is at least one the verifier must see, without a comparison with zero: older ones learn nothing from that.
    let len = (black_box(len.wrapping_sub(1)) & (MAX_HEADERS as u32 - 1)) + 1;
    // SAFETY: the template has `MAX_HEADERS` bytes, which `len` is at most.
    if unsafe { bpf_xdp_store_bytes(context.ctx, 0, template.headers.as_ptr().cast_mut().cast(), len) } != 0 {
        return None;
    }
    let mut cursor = Cursor::of(context);
    let outer = cursor.ethernet()?;
    let mut ip = cursor.ip(outer.ether_type)?;
    let udp = cursor.udp(&ip)?;
    let udp_len = frame.len + template.len as usize - size_of::<EthernetHeader>() - ip.header_len();
    match &mut ip.header {
        IpHeader::V4(header) => header.change_total_length((udp_len + size_of::<Ipv4Header>()) as u16),
        IpHeader::V6(header) => header.set_payload_length(udp_len as u16),
    }
    // RFC 6040 §4.1: its normal mode.
    mark(ip, frame.ecn);
    udp.set_length(udp_len as u16);
    udp.set_source_port(SourcePorts::new(template.first_port, template.last_port).pick(frame.entropy));
    // SAFETY: it takes a number, and looks whether there is such a device.
    Some(unsafe { bpf_redirect(template.device, 0) as u32 })
}
