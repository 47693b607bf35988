//! What a packet's sender is told if the packet is too long: by whom it is for, as Linux's own tunnels do, since the end of a tunnel that
//! carries frames has no address among them.

use core::ffi::c_int;
use core::net::{Ipv4Addr, Ipv6Addr};

use aya_ebpf::bindings::xdp_action::{XDP_DROP, XDP_TX};
use aya_ebpf::helpers::{bpf_xdp_adjust_head, bpf_xdp_adjust_tail};
use aya_ebpf::programs::XdpContext;
use ether_ip::checksum::Checksum;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message, Icmpv4Type};
use ether_ip::icmpv6::{Icmpv6Header, Icmpv6Type};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use packet_cursor::{Cursor, Ethernet, Ip, IpHeader};
use zerocopy::network_endian::{U16, U32};

/// As much of the packet as an answer has room for: of 576 bytes in IPv4 (RFC 1812 §4.3.2.3), of 1280 in IPv6 (RFC 4443 §2.4 c).
const QUOTED_V4: usize = 576 - size_of::<Ipv4Header>() - ICMP;
const QUOTED_V6: usize = 1280 - size_of::<Ipv6Header>() - ICMP;
/// ICMP's header with what an error has in it, in both.
const ICMP: usize = 8;
const ETHERNET: usize = size_of::<EthernetHeader>();

/// Who sent a packet to whom.
#[derive(Clone, Copy)]
enum Ends {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, Ipv6Addr),
}

impl Ends {
    /// Of what may be answered (RFC 1122 §3.2.2, RFC 4443 §2.4 e): it is from one host to one, and IPv4 that may not be fragmented.
    #[inline(always)]
    fn of(ip: &Ip<'_>) -> Option<Self> {
        match &ip.header {
            IpHeader::V4(header) => {
                let (source, destination) = (header.source(), header.destination());
                let is_host = !matches!(source.octets(), [0 | 127 | 224..=255, ..]);
                let is_one = !destination.is_multicast() && !destination.is_broadcast();
                (header.dont_fragment() && is_host && is_one).then_some(Self::V4(source, destination))
            }
            IpHeader::V6(header) => {
                let (source, destination) = (header.source(), header.destination());
                let is_node = !(source.is_unspecified() || source.is_loopback() || source.is_multicast());
                (is_node && !destination.is_multicast()).then_some(Self::V6(source, destination))
            }
        }
    }

    /// How much is quoted, and how much stands before that, ICMP's header with it.
    #[inline(always)]
    const fn lengths(self) -> (usize, usize) {
        match self {
            Self::V4(..) => (QUOTED_V4, size_of::<Ipv4Header>() + ICMP),
            Self::V6(..) => (QUOTED_V6, size_of::<Ipv6Header>() + ICMP),
        }
    }
}

/// Who sent a frame that is too long, and may be told.
pub struct Sender {
    macs: [MacAddr; 2],
    ends: Ends,
    /// How long the frame is.
    len: usize,
}

impl Sender {
    /// Of a frame whose IP header the cursor passed; tags are none of ours.
    #[inline(always)]
    pub fn of(cursor: &Cursor<'_>, frame: &Ethernet<'_>, ip: &Ip<'_>, len: usize) -> Option<Self> {
        let ends = Ends::of(ip)?;
        let macs = [frame.header.source(), frame.header.destination()];
        let is_plain = frame.tags == 0 && !macs[1].is_multicast() && len >= ETHERNET + ends.lengths().0;
        (is_plain && !is_error(cursor, ip)).then_some(Self { macs, ends, len })
    }

    /// Makes the answer of the frame, and sends it back.
    #[inline(always)]
    pub fn tell(&self, context: &mut XdpContext, mtu: u16) -> u32 {
        let (quoted, before) = self.ends.lengths();
        let (more, less) = (before as c_int, self.len.wrapping_sub(ETHERNET + quoted) as c_int);
        // SAFETY: no cursor lives; what the kernel refuses is dropped.
        let is_shorter = less == 0 || unsafe { bpf_xdp_adjust_tail(context.ctx, -less) } == 0;
        // SAFETY: as above.
        if !is_shorter || unsafe { bpf_xdp_adjust_head(context.ctx, -more) } != 0 {
            return XDP_DROP;
        }
        self.write(&mut Cursor::of(context), mtu).map_or(XDP_DROP, |()| XDP_TX)
    }

    /// From who the packet is for to who sent it.
    #[inline(always)]
    fn write(&self, cursor: &mut Cursor<'_>, mtu: u16) -> Option<()> {
        let [sender, receiver] = self.macs;
        let ethernet = cursor.take::<EthernetHeader>()?;
        let (before, len) = match self.ends {
            Ends::V4(source, destination) => {
                *ethernet = EthernetHeader::new(sender, receiver, EtherType::IPV4);
                let mut ip = Ipv4Header::new(destination, source, IpProtocol::ICMP);
                ip.set_total_length((size_of::<Ipv4Header>() + ICMP + QUOTED_V4) as u16);
                ip.set_checksum(ip.compute_checksum(&[]));
                *cursor.take()? = ip;
                cursor.put(0, Icmpv4Header::new(Icmpv4Message::fragmentation_needed(mtu)))?;
                (Checksum::new(), ICMP + QUOTED_V4)
            }
            Ends::V6(source, destination) => {
                *ethernet = EthernetHeader::new(sender, receiver, EtherType::IPV6);
                let mut ip = Ipv6Header::new(destination, source, IpProtocol::ICMPV6);
                ip.set_payload_length((ICMP + QUOTED_V6) as u16);
                let pseudo = ip.pseudo_header(IpProtocol::ICMPV6);
                *cursor.take()? = ip;
                cursor.put(0, Icmpv6Header::new(Icmpv6Type::PACKET_TOO_BIG, 0))?;
                cursor.put(size_of::<Icmpv6Header>(), U32::new(mtu.into()))?;
                (pseudo.with_length(ICMP + QUOTED_V6), ICMP + QUOTED_V6)
            }
        };
        // ICMP's checksum stands behind its type and its code.
        let sum = cursor.sum(before, len, mtu)?.finish();
        cursor.put(2, U16::new(sum))
    }
}

/// Whether it is an error itself, or nobody knows.
#[inline(always)]
fn is_error(cursor: &Cursor<'_>, ip: &Ip<'_>) -> bool {
    let kind = if ip.is_later_fragment { None } else { cursor.peek::<u8>(0) };
    match &ip.header {
        IpHeader::V4(_) if ip.protocol == IpProtocol::ICMP => kind.is_none_or(|kind| Icmpv4Type(kind).is_error()),
        IpHeader::V4(_) => ip.is_later_fragment,
        IpHeader::V6(_) if ip.protocol == IpProtocol::ICMPV6 => {
            kind.map(Icmpv6Type).is_none_or(|kind| kind.is_error() || kind == Icmpv6Type::REDIRECT)
        }
        IpHeader::V6(_) => false,
    }
}
