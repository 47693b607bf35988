//! A pod load balancer: what is for a service goes to one of its pods, and what the pod answers comes from the service again.
//!
//! Which pod it is says the flow's entropy, the same for all of its packets. The program stands at the devices of clients and pods alike, and
//! adds numbers only: what a rewrite does to checksums user space has worked out. What is neither a service's nor of a pod that a client talks
//! to goes on to the kernel, and so does what only the kernel can do right: fragments, which have no ports, and packets with options,
//! extension headers or tags, among which a route may be; what may not go any farther, or is too long for the way, which the kernel can say.
#![no_std]
#![no_main]

use core::ffi::c_int;

use aya_ebpf::bindings::bpf_adj_room_mode::BPF_ADJ_ROOM_NET;
use aya_ebpf::bindings::tcx_action_base::{TCX_DROP, TCX_NEXT};
use aya_ebpf::bindings::xdp_action::{XDP_DROP, XDP_PASS};
use aya_ebpf::bindings::{__sk_buff, BPF_F_ADJ_ROOM_FIXED_GSO, BPF_F_MARK_MANGLED_0, BPF_F_PSEUDO_HDR};
use aya_ebpf::helpers::{
    bpf_csum_update, bpf_l4_csum_replace, bpf_redirect, bpf_skb_adjust_room, bpf_skb_pull_data, bpf_xdp_adjust_head,
};
use aya_ebpf::macros::{classifier, map, xdp};
use aya_ebpf::maps::{Array, HashMap, LruHashMap, PerCpuArray};
use aya_ebpf::programs::{TcContext, XdpContext};
use ether_ip::checksum::Change;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::flow;
use ether_ip::icmpv4::Icmpv4Type;
use ether_ip::icmpv6::Icmpv6Type;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use packet_cursor::{Cursor, Ip, IpHeader};
use xdp_maps::{Address, Changes, Client, End, Hop, Pod, Service, Talk, Turn};
use xdp_programs as _;
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// By the end that clients know.
#[map]
static SERVICES: HashMap<End, Service> = HashMap::with_max_entries(1024, 0);

/// By their numbers. A number stays a pod's as long as somebody may talk to it.
#[map]
static PODS: Array<Pod> = Array::with_max_entries(4096, 0);

/// Who talks to whom: the way to the pod fills it, and the way back reads it.
#[map]
static TALKS: LruHashMap<Talk, Client> = LruHashMap::with_max_entries(65_536, 0);

/// How many packets became what.
#[map]
static TURNED: PerCpuArray<u64> = PerCpuArray::with_max_entries(Turn::ALL.len() as u32, 0);

#[xdp]
fn balance(mut context: XdpContext) -> u32 {
    // SAFETY: the context is the kernel's.
    let device = unsafe { (*context.ctx).ingress_ifindex };
    let len = context.data_end() - context.data();
    let Some(turned) = turn(&mut Cursor::of(&mut context), device, len, Sum::Whole) else {
        count(Turn::Passed);
        return XDP_PASS;
    };
    if turned.tell(&mut context).is_none() {
        count(Turn::Dropped);
        return XDP_DROP;
    }
    count(turned.outcome);
    // SAFETY: it takes a number, and looks whether there is such a device.
    unsafe { bpf_redirect(turned.device, 0) as u32 }
}

/// The same at TC's hook, where segments of 64 kB have not been cut yet, and the sum over them is the card's to take.
#[classifier]
fn balance_skb(mut context: TcContext) -> i32 {
    let skb = context.skb.skb;
    // SAFETY: the context is the kernel's.
    let (device, has_tag, is_cut_later) = unsafe { ((*skb).ifindex, (*skb).vlan_present != 0, (*skb).gso_size > 0) };
    // Segments are as long as the ends have agreed on.
    let len = if is_cut_later { 0 } else { context.len() as usize };
    let needed = context.len().min(HEADERS);
    if context.data_end() - context.data() < needed as usize {
        // SAFETY: there is no cursor yet; if it fails the headers are not there, and the kernel gets the packet.
        _ = unsafe { bpf_skb_pull_data(skb, needed) };
    }
    let turned = if has_tag { None } else { turn(&mut Cursor::of_tc(&mut context), device, len, Sum::Skb) };
    let Some(turned) = turned else {
        count(Turn::Passed);
        return TCX_NEXT;
    };
    if turned.patch(skb).and_then(|()| turned.tell(&mut context)).is_none() {
        count(Turn::Dropped);
        return TCX_DROP;
    }
    count(turned.outcome);
    // SAFETY: as above.
    unsafe { bpf_redirect(turned.device, 0) as i32 }
}

/// As many bytes as are looked at: an error over IPv6, and what it quotes up to TCP's checksum.
const HEADERS: u32 = 14 + 40 + 8 + 40 + 18;

/// That the addresses are IPv6's (Linux 6.16).
const BPF_F_IPV6: u64 = 1 << 7;

/// What a hop less adds to a sum.
const HOP: u16 = !1;

/// Who patches the checksum of TCP or UDP.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sum {
    /// The program: it stands in the packet.
    Whole,
    /// The kernel: it may be no more yet than the pseudo-header's, and only the kernel knows.
    Skb,
}

/// A packet that was turned to where it goes.
struct Turned {
    outcome: Turn,
    /// By which device it goes out.
    device: u32,
    /// What is still to be done to a datagram.
    datagram: Option<Datagram>,
}

struct Datagram {
    changes: Changes,
    is_udp: bool,
    is_ipv6: bool,
    /// The pod whose node is to be told.
    told: Option<&'static Pod>,
}

/// Turns a packet to where it goes.
///
/// An error goes where an answer to what it is about would go (RFC 5508 §4.2): the way is the same, and what is quoted is turned at its other
/// end.
#[inline(always)]
fn turn(cursor: &mut Cursor<'_>, device: u32, len: usize, sum: Sum) -> Option<Turned> {
    let frame = cursor.ethernet()?;
    let mut packet = Packet::read(cursor, frame.ether_type)?;
    if frame.tags > 0 || packet.ip.is_fragment || hops(&packet.ip) < 2 {
        return None;
    }
    let mut error = Error::read(cursor, &packet, frame.ether_type);
    let flow = match &error {
        Some(error) => Flow::of(cursor, &error.quoted)?.answers(),
        None => Flow::of(cursor, &packet)?,
    };
    let way = flow.way()?;
    let datagram = match &mut error {
        Some(error) => {
            error.turn(cursor, &mut packet, &flow, &way)?;
            None
        }
        None => {
            let back = Hop { addresses: [frame.header.source().0, frame.header.destination().0], device };
            let told = way.told(cursor, &flow);
            way.open(&flow, back, len, told)?;
            turn_datagram(cursor, &mut packet, &way, sum)?;
            let (is_udp, is_ipv6) = (flow.protocol == IpProtocol::UDP, flow.is_ipv6);
            Some(Datagram { changes: way.changes, is_udp, is_ipv6, told })
        }
    };
    take_hop(&mut packet.ip);
    let [destination, source] = way.hop.addresses;
    frame.header.set_destination(MacAddr(destination));
    frame.header.set_source(MacAddr(source));
    let outcome = match (&datagram, way.side) {
        (None, _) => Turn::Error,
        (_, Side::Source) => Turn::FromPod,
        (_, Side::Destination) => Turn::ToPod,
    };
    Some(Turned { outcome, device: way.hop.device, datagram })
}

#[inline(always)]
fn turn_datagram(cursor: &mut Cursor<'_>, packet: &mut Packet<'_>, way: &Way, sum: Sum) -> Option<()> {
    // What is added to is a packet that goes out: the kernel gets packets as they were.
    if packet.len < checksum_at(packet.ip.protocol)? + 2 {
        return None;
    }
    if sum == Sum::Whole {
        cursor.complete(&packet.ip)?;
    }
    let mut transport = Transport::read(cursor, packet)?;
    transport.checksum.as_ref()?;
    packet.rewrite(way.side, way.end, way.changes);
    transport.write(way.side, way.end);
    if sum == Sum::Whole {
        transport.patch(way.changes);
    }
    Some(())
}

/// An ICMP error, and the packet that it quotes.
struct Error<'a> {
    start: &'a mut ErrorStart,
    quoted: Packet<'a>,
}

impl<'a> Error<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>, packet: &Packet<'_>, of: EtherType) -> Option<Self> {
        let start = match (&packet.ip.header, packet.ip.protocol) {
            (IpHeader::V4(_), IpProtocol::ICMP) => {
                cursor.take::<ErrorStart>().filter(|of| Icmpv4Type(of.kind).is_error())
            }
            (IpHeader::V6(_), IpProtocol::ICMPV6) => {
                cursor.take::<ErrorStart>().filter(|of| Icmpv6Type(of.kind).is_error())
            }
            _ => None,
        }?;
        let mut quoted = Packet::read(cursor, of)?;
        // What is not there of it, or is the frame's padding, is not quoted.
        let room = packet.len.checked_sub(size_of::<ErrorStart>() + quoted.ip.header_len())?;
        quoted.len = quoted.len.min(room);
        Some(Self { start, quoted })
    }

    /// Turns what is quoted, and the end from which, or to which, the error is.
    #[inline(always)]
    fn turn(&mut self, cursor: &mut Cursor<'a>, packet: &mut Packet<'_>, flow: &Flow, way: &Way) -> Option<()> {
        let [sender, receiver] = packet.ip.ends::<Address>();
        let [from, to] = flow.ends;
        if receiver != to {
            return None;
        }
        let mut transport = Transport::read(cursor, &self.quoted)?;
        let side = way.side.other();
        transport.write(side, way.end);
        let quote = self.quoted.rewrite(side, way.end, way.changes).and(transport.patch(way.changes));
        // From the pod itself it is from whom the client knows; a router on the way stays who it is.
        let is_end = matches!(way.side, Side::Destination) || sender == from;
        let own = if is_end { packet.rewrite(way.side, way.end, way.changes) } else { Change::new() };
        let checksum = &mut self.start.checksum;
        checksum.set(quote.and(own).apply(checksum.get()));
        Some(())
    }
}

/// What a way is found by: as a packet has it, or as an answer would to what an error quotes.
struct Flow {
    ends: [Address; 2],
    ports: [u16; 2],
    protocol: IpProtocol,
    is_ipv6: bool,
}

/// Where a flow goes, and which end of it becomes another.
struct Way {
    side: Side,
    end: &'static End,
    changes: Changes,
    hop: Hop,
    /// The pod that it goes to or comes from.
    pod: &'static Pod,
    number: u32,
}

impl Flow {
    #[inline(always)]
    fn of(cursor: &Cursor<'_>, packet: &Packet<'_>) -> Option<Self> {
        let protocol = packet.ip.protocol;
        let is_known = matches!(protocol, IpProtocol::TCP | IpProtocol::UDP) && !packet.ip.is_later_fragment;
        let ports = cursor.peek::<[U16; 2]>(0).filter(|_| is_known && packet.len >= 4)?;
        let is_ipv6 = matches!(packet.ip.header, IpHeader::V6(_));
        Some(Self { ends: packet.ip.ends(), ports: ports.map(U16::get), protocol, is_ipv6 })
    }

    /// The flow of the answers.
    #[inline(always)]
    fn answers(self) -> Self {
        let ([from, to], [source, destination]) = (self.ends, self.ports);
        Self { ends: [to, from], ports: [destination, source], ..self }
    }

    /// To a pod, or back from one: that is a single flow, and comes first, as a client's end may be a service's too.
    #[inline(always)]
    fn way(&self) -> Option<Way> {
        self.from_pod().or_else(|| self.to_pod())
    }

    #[inline(always)]
    fn from_pod(&self) -> Option<Way> {
        let ([pod, client], [from, to]) = (self.ends, self.ports);
        // SAFETY: the value is copied at once: it may be another's soon.
        let Client { hop, pod: number, .. } = *unsafe { TALKS.get(self.talk(client, pod, [to, from])) }?;
        let pod = PODS.get(number)?;
        Some(Way { side: Side::Source, end: &pod.service, changes: pod.to_service, hop, pod, number })
    }

    #[inline(always)]
    fn to_pod(&self) -> Option<Way> {
        let ([_, address], [_, port]) = (self.ends, self.ports);
        // SAFETY: as above: user space may replace it.
        let Service { first, count } =
            *unsafe { SERVICES.get(End { address, port: port.into(), protocol: self.protocol.0.into() }) }?;
        let number = first + ((u64::from(self.entropy()) * u64::from(count)) >> 32) as u32;
        let pod = PODS.get(number)?;
        Some(Way { side: Side::Destination, end: &pod.pod, changes: pod.to_pod, hop: pod.hop, pod, number })
    }

    #[inline(always)]
    fn talk(&self, client: Address, pod: Address, ports: [u16; 2]) -> Talk {
        Talk { client, pod, ports, protocol: self.protocol.0.into() }
    }

    /// As `ether_ip::flow` has it of its packets.
    #[inline(always)]
    fn entropy(&self) -> u32 {
        let [from, to] = self.ends;
        if self.is_ipv6 {
            flow::ipv6_entropy(from.to_ipv6(), to.to_ipv6(), self.protocol, self.ports)
        } else {
            flow::ipv4_entropy(from.to_ipv4(), to.to_ipv4(), self.protocol, self.ports)
        }
    }
}

impl Way {
    /// The pod, if its node is to be told: Cilium does it with UDP and with TCP's first.
    #[inline(always)]
    fn told(&self, cursor: &Cursor<'_>, flow: &Flow) -> Option<&'static Pod> {
        let is_first = flow.protocol == IpProtocol::UDP || cursor.peek::<[u8; 14]>(0)?[13] & SYN != 0;
        (matches!(self.side, Side::Destination) && self.pod.dsr_len > 0 && is_first).then_some(self.pod)
    }

    /// Writes down who talks, so that answers find the way back. `None` if the packet is too long for its way.
    #[inline(always)]
    fn open(&self, flow: &Flow, back: Hop, len: usize, told: Option<&Pod>) -> Option<()> {
        if matches!(self.side, Side::Source) {
            return Some(());
        }
        let grown = len + told.map_or(0, |pod| usize::from(pod.dsr_len));
        if grown > self.pod.mtu as usize + size_of::<EthernetHeader>() {
            return None;
        }
        let ([client, _], [from, _], pod) = (flow.ends, flow.ports, &self.pod.pod);
        remember(
            &flow.talk(client, pod.address, [from, pod.port as u16]),
            &Client { hop: back, pod: self.number, unused: 0 },
        );
        Some(())
    }
}

/// TCP's flag on the first segment of a connection (RFC 9293 §3.1).
const SYN: u8 = 2;

impl Turned {
    /// Has the kernel patch the checksum of TCP or UDP.
    #[inline(always)]
    fn patch(&self, skb: *mut __sk_buff) -> Option<()> {
        let Some(Datagram { changes, is_udp, is_ipv6, .. }) = self.datagram else { return Some(()) };
        let ip = if is_ipv6 { size_of::<Ipv6Header>() } else { size_of::<Ipv4Header>() };
        let transport = if is_udp { IpProtocol::UDP } else { IpProtocol::TCP };
        let at = (size_of::<EthernetHeader>() + ip + checksum_at(transport)?) as u32;
        // RFC 768, as above.
        let zero = if is_udp { BPF_F_MARK_MANGLED_0.into() } else { 0 };
        let replace = |change: u16, flags| {
            // SAFETY: no cursor lives any more, and where the checksum stands there is one.
            unsafe { bpf_l4_csum_replace(skb, at, 0, change.into(), zero | flags) == 0 }
        };
        // A sum that the card is still to take has the addresses in it already, and not the port.
        let pseudo = u64::from(BPF_F_PSEUDO_HDR);
        let is_patched = if is_ipv6 {
            // SAFETY: as above. Where a card has summed the packet the kernel keeps that, and the hop limit was in it.
            _ = unsafe { bpf_csum_update(skb, HOP.to_be().into()) };
            // A kernel that does not know the flag yet does the same, but for that sum.
            replace(changes.address, pseudo | BPF_F_IPV6) || replace(changes.address, pseudo)
        } else {
            replace(changes.address, pseudo)
        };
        (is_patched && replace(changes.port, 0)).then_some(())
    }

    /// Tells the pod's node the service's end, if it is to be told.
    #[inline(always)]
    fn tell(&self, context: &mut impl Context) -> Option<()> {
        let Some(Datagram { is_ipv6, told: Some(pod), .. }) = self.datagram else { return Some(()) };
        if is_ipv6 { tell::<Ipv6Header, 24>(context, pod) } else { tell::<Ipv4Header, 8>(context, pod) }
    }
}

/// What Cilium's option is put behind.
trait Longer: packet_cursor::Header {
    /// Says in the header that it is there, and in the option what follows.
    fn lengthen<const N: usize>(&mut self, option: &mut [u8; N], pod: &Pod);
}

impl Longer for Ipv4Header {
    #[inline(always)]
    fn lengthen<const N: usize>(&mut self, _: &mut [u8; N], pod: &Pod) {
        // The header's length is counted in words of 4 bytes.
        self.as_mut_bytes()[0] += N as u8 / 4;
        self.set_total_length(self.total_length() + N as u16);
        self.set_checksum(change(pod.dsr_change).apply(self.checksum()));
    }
}

impl Longer for Ipv6Header {
    #[inline(always)]
    fn lengthen<const N: usize>(&mut self, option: &mut [u8; N], _: &Pod) {
        option[0] = self.next_header().0;
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

#[inline(always)]
fn tell<H: Longer + Copy, const N: usize>(context: &mut impl Context, pod: &Pod) -> Option<()> {
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
trait Context {
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

/// An IP packet, and how many bytes there are behind its header.
struct Packet<'a> {
    ip: Ip<'a>,
    len: usize,
}

/// Which end of a packet is another's.
#[derive(Clone, Copy)]
enum Side {
    Source,
    Destination,
}

impl Side {
    #[inline(always)]
    const fn other(self) -> Self {
        match self {
            Self::Source => Self::Destination,
            Self::Destination => Self::Source,
        }
    }
}

impl<'a> Packet<'a> {
    /// Without options or extension headers.
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>, of: EtherType) -> Option<Self> {
        let ip = cursor.ip(of)?;
        let len = ip.len().checked_sub(ip.header_len())?;
        (ip.options == 0).then_some(Self { ip, len })
    }

    /// Writes one end's address. What that does to a checksum over the whole packet: with IPv4 nothing, as the header's own takes it back.
    #[inline(always)]
    fn rewrite(&mut self, side: Side, end: &End, changes: Changes) -> Change {
        let by = change(changes.address);
        match &mut self.ip.header {
            IpHeader::V4(header) => {
                match side {
                    Side::Source => header.set_source(end.address.to_ipv4()),
                    Side::Destination => header.set_destination(end.address.to_ipv4()),
                }
                header.set_checksum(by.apply(header.checksum()));
                Change::new()
            }
            IpHeader::V6(header) => {
                match side {
                    Side::Source => header.set_source(end.address.to_ipv6()),
                    Side::Destination => header.set_destination(end.address.to_ipv6()),
                }
                by
            }
        }
    }
}

/// What TCP and UDP have in common.
struct Transport<'a> {
    protocol: IpProtocol,
    ports: &'a mut [U16; 2],
    /// It may be left out of what is quoted.
    checksum: Option<&'a mut U16>,
}

/// Where the checksum stands behind the first byte.
#[inline(always)]
const fn checksum_at(protocol: IpProtocol) -> Option<usize> {
    match protocol {
        IpProtocol::TCP => Some(16),
        IpProtocol::UDP => Some(6),
        _ => None,
    }
}

impl<'a> Transport<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>, packet: &Packet<'_>) -> Option<Self> {
        let protocol = packet.ip.protocol;
        let at = checksum_at(protocol)?;
        let ports = cursor.take::<[U16; 2]>().filter(|_| packet.len >= 4)?;
        let is_there = packet.len >= at + 2 && cursor.skip(at - 4).is_some();
        let checksum = if is_there { cursor.take::<U16>() } else { None };
        Some(Self { protocol, ports, checksum })
    }

    #[inline(always)]
    fn write(&mut self, side: Side, end: &End) {
        let [source, destination] = &mut *self.ports;
        match side {
            Side::Source => source.set(end.port as u16),
            Side::Destination => destination.set(end.port as u16),
        }
    }

    /// Patches the checksum, which is over ports and addresses. What that, and the new port, does to a checksum over all of this.
    #[inline(always)]
    fn patch(&mut self, changes: Changes) -> Change {
        let port = change(changes.port);
        let both = port.and(change(changes.address));
        let Some(checksum) = &mut self.checksum else { return port };
        let before = checksum.get();
        let after = both.apply(before);
        // RFC 768: none stays none, and a sum of zero is written otherwise.
        let is_udp = self.protocol == IpProtocol::UDP;
        if is_udp && before == 0 {
            return port;
        }
        checksum.set(if is_udp && after == 0 { 0xffff } else { after });
        // The port's share it takes back, and the address's with it.
        change(!changes.address)
    }
}

/// What an error begins with: RFC 792, RFC 4443 §2.1.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ErrorStart {
    kind: u8,
    code: u8,
    checksum: U16,
    rest: [u8; 4],
}

/// What a number of a map adds.
#[inline(always)]
const fn change(of: u16) -> Change {
    Change::of_difference(u16::from_be(of))
}

#[inline(always)]
fn count(what: Turn) {
    if let Some(counter) = TURNED.get_ptr_mut(what as u32) {
        // SAFETY: the value is this processor's own, and no other program runs on it meanwhile.
        unsafe { *counter += 1 };
    }
}

/// Writes down who talks, if that is new. If there is no room, whoever has been silent the longest is forgotten.
#[inline(always)]
fn remember(talk: &Talk, client: &Client) {
    // SAFETY: it is looked at once.
    if unsafe { TALKS.get(talk) } != Some(client) {
        _ = TALKS.insert(talk, client, 0);
    }
}

/// How many hops a packet may still go, this one included.
#[inline(always)]
fn hops(ip: &Ip<'_>) -> u8 {
    match &ip.header {
        IpHeader::V4(header) => header.ttl(),
        IpHeader::V6(header) => header.hop_limit(),
    }
}

#[inline(always)]
fn take_hop(ip: &mut Ip<'_>) {
    _ = match &mut ip.header {
        IpHeader::V4(header) => header.decrement_ttl(),
        IpHeader::V6(header) => header.decrement_hop_limit(),
    };
}
