//! Cilium's option, which tells a pod's node the end that a service was asked at, put into a packet: see `cilium_codec::dsr`.

use core::ffi::c_int;

use aya_ebpf::bindings::BPF_F_ADJ_ROOM_FIXED_GSO;
use aya_ebpf::bindings::bpf_adj_room_mode::BPF_ADJ_ROOM_NET;
use aya_ebpf::helpers::{bpf_skb_adjust_room, bpf_xdp_adjust_head};
use aya_ebpf::programs::{TcContext, XdpContext};
use ether_ip::ethernet::EthernetHeader;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use packet_cursor::Cursor;
use xdp_maps::Pod;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::rewrite::change;

/// What Cilium's option is put behind.
trait Longer: packet_cursor::Header {
    /// Says in the header that it is there, and in the option what follows.
    fn lengthen<const N: usize>(&mut self, option: &mut [u8; N], pod: &Pod);
}

impl Longer for Ipv4Header {
    #[inline(always)]
    fn lengthen<const N: usize>(&mut self, _: &mut [u8; N], pod: &Pod) {
        // The header's length is counted in words of 4 bytes.
        if let Some(version_and_length) = self.as_mut_bytes().first_mut() {
            *version_and_length += N as u8 / 4;
        }
        self.set_total_length(self.total_length() + N as u16);
        self.set_checksum(change(pod.dsr_change).apply(self.checksum()));
    }
}

impl Longer for Ipv6Header {
    #[inline(always)]
    fn lengthen<const N: usize>(&mut self, option: &mut [u8; N], _: &Pod) {
        if let Some(next_header) = option.first_mut() {
            *next_header = self.next_header().0;
        }
        self.set_next_header(IpProtocol::DESTINATION_OPTIONS);
        self.set_payload_length(self.payload_length() + N as u16);
    }
}

/// The headers of a packet, up to what is put behind them.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Told<H, const N: usize> {
    ethernet: EthernetHeader,
    ip: H,
    option: [u8; N],
}

/// Puts the option of a pod behind the IP header. `None` if the kernel refuses the room for it.
#[inline(always)]
pub fn tell(context: &mut impl Context, is_ipv6: bool, pod: &Pod) -> Option<()> {
    if is_ipv6 { tell_behind::<Ipv6Header, 24>(context, pod) } else { tell_behind::<Ipv4Header, 8>(context, pod) }
}

#[inline(always)]
fn tell_behind<H: Longer + Copy, const N: usize>(context: &mut impl Context, pod: &Pod) -> Option<()> {
    let mut option = *pod.dsr.first_chunk::<N>()?;
    let (ethernet, mut ip) = {
        let mut cursor = context.cursor();
        (*cursor.take::<EthernetHeader>()?, *cursor.take::<H>()?)
    };
    ip.lengthen(&mut option, pod);
    context.grow(N as c_int)?;
    *context.cursor().take::<Told<H, N>>()? = Told { ethernet, ip, option };
    Some(())
}

/// Where a program runs.
pub trait Context {
    /// At the packet's front.
    fn cursor(&mut self) -> Cursor<'_>;

    /// Makes room for so many bytes behind the IP header; what stands in front is to be written anew.
    fn grow(&mut self, by: c_int) -> Option<()>;
}

impl Context for XdpContext {
    #[inline(always)]
    fn cursor(&mut self) -> Cursor<'_> {
        Cursor::of(self)
    }

    #[inline(always)]
    fn grow(&mut self, by: c_int) -> Option<()> {
        // SAFETY: no cursor lives, as the context is borrowed.
        (unsafe { bpf_xdp_adjust_head(self.ctx, -by) } == 0).then_some(())
    }
}

impl Context for TcContext {
    #[inline(always)]
    fn cursor(&mut self) -> Cursor<'_> {
        Cursor::of_tc(self)
    }

    #[inline(always)]
    fn grow(&mut self, by: c_int) -> Option<()> {
        // SAFETY: as above. Datagrams that are cut later keep their lengths.
        (unsafe { bpf_skb_adjust_room(self.skb.skb, by, BPF_ADJ_ROOM_NET, BPF_F_ADJ_ROOM_FIXED_GSO.into()) } == 0)
            .then_some(())
    }
}
