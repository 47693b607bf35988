//! A pod load balancer: what is for a service goes to one of its pods, and what the pod answers comes from the service again.
//!
//! Which pod it is says the flow's entropy, the same for all of its packets. The program stands at the devices of clients and pods alike, and
//! adds numbers only: what a rewrite does to checksums user space has worked out. What is neither a service's nor of a pod that a client talks
//! to goes on to the kernel, and so does what only the kernel can do right: fragments, which have no ports, and packets with options,
//! extension headers or tags, among which a route may be; what may not go any farther, or is too long for the way, which the kernel can say.
#![no_std]
#![no_main]

use aya_ebpf::bindings::tcx_action_base::{TCX_DROP, TCX_NEXT};
use aya_ebpf::bindings::xdp_action::{XDP_DROP, XDP_PASS};
use aya_ebpf::bindings::{__sk_buff, BPF_F_MARK_MANGLED_0, BPF_F_PSEUDO_HDR};
use aya_ebpf::helpers::{bpf_csum_update, bpf_l4_csum_replace, bpf_redirect, bpf_skb_pull_data};
use aya_ebpf::macros::{classifier, map, xdp};
use aya_ebpf::maps::{Array, HashMap, LruHashMap, PerCpuArray};
use aya_ebpf::programs::{TcContext, XdpContext};
use ether_ip::ethernet::{EthernetHeader, MacAddr};
use ether_ip::flow;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use packet_cursor::{Cursor, IpHeader};
use xdp_maps::{Address, Changes, Client, End, Hop, Pod, Service, Talk, Turn};
use xdp_programs::dsr::{self, Context};
use xdp_programs::rewrite::{Error, Packet, Rewrite, Side, Transport, checksum_at};
use zerocopy::network_endian::U16;

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
    // SAFETY: the context is the kernel's, and lives as long as the program runs.
    let known = unsafe { &*skb };
    let (device, has_tag, is_cut_later) = (known.ifindex, known.vlan_present != 0, known.gso_size > 0);
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
    if frame.tags > 0 || packet.ip.is_fragment || packet.hops() < 2 {
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
            error.rewrite(cursor, &mut packet, flow.ends, &way.rewrite)?;
            None
        }
        None => {
            let back = Hop { addresses: [frame.header.source().0, frame.header.destination().0], device };
            let told = way.told(cursor, &flow);
            way.open(&flow, back, len, told)?;
            turn_datagram(cursor, &mut packet, &way.rewrite, sum)?;
            let (is_udp, is_ipv6) = (flow.protocol == IpProtocol::UDP, flow.is_ipv6);
            Some(Datagram { changes: way.rewrite.changes, is_udp, is_ipv6, told })
        }
    };
    packet.take_hop();
    let [destination, source] = way.hop.addresses;
    frame.header.set_destination(MacAddr(destination));
    frame.header.set_source(MacAddr(source));
    let outcome = match (&datagram, way.rewrite.side) {
        (None, _) => Turn::Error,
        (_, Side::Source) => Turn::FromPod,
        (_, Side::Destination) => Turn::ToPod,
    };
    Some(Turned { outcome, device: way.hop.device, datagram })
}

#[inline(always)]
fn turn_datagram(cursor: &mut Cursor<'_>, packet: &mut Packet<'_>, rewrite: &Rewrite, sum: Sum) -> Option<()> {
    // What is added to is a packet that goes out: the kernel gets packets as they were.
    if packet.len < checksum_at(packet.ip.protocol)? + 2 {
        return None;
    }
    if sum == Sum::Whole {
        cursor.complete(&packet.ip)?;
    }
    let mut transport = Transport::read(cursor, packet)?;
    if !transport.has_checksum() {
        return None;
    }
    packet.rewrite(rewrite);
    transport.write(rewrite);
    if sum == Sum::Whole {
        transport.patch(rewrite.changes);
    }
    Some(())
}

/// What a way is found by: as a packet has it, or as an answer would to what an error quotes.
struct Flow {
    ends: [Address; 2],
    ports: [u16; 2],
    protocol: IpProtocol,
    is_ipv6: bool,
}

/// Where a flow goes, and what it becomes.
struct Way {
    rewrite: Rewrite,
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
        self.of_a_pod().or_else(|| self.to_pod())
    }

    #[inline(always)]
    fn of_a_pod(&self) -> Option<Way> {
        let ([pod, client], [from, to]) = (self.ends, self.ports);
        // SAFETY: the value is copied at once: it may be another's soon.
        let Client { hop, pod: number, .. } = *unsafe { TALKS.get(self.talk(client, pod, [to, from])) }?;
        let pod = PODS.get(number)?;
        let rewrite = Rewrite { side: Side::Source, end: &pod.service, changes: pod.to_service };
        Some(Way { rewrite, hop, pod, number })
    }

    #[inline(always)]
    fn to_pod(&self) -> Option<Way> {
        let ([_, address], [_, port]) = (self.ends, self.ports);
        // SAFETY: as above: user space may replace it.
        let Service { first, count } =
            *unsafe { SERVICES.get(End { address, port: port.into(), protocol: self.protocol.0.into() }) }?;
        let number = first + ((u64::from(self.entropy()) * u64::from(count)) >> 32) as u32;
        let pod = PODS.get(number)?;
        let rewrite = Rewrite { side: Side::Destination, end: &pod.pod, changes: pod.to_pod };
        Some(Way { rewrite, hop: pod.hop, pod, number })
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
        (self.rewrite.side == Side::Destination && self.pod.dsr_len > 0 && is_first).then_some(self.pod)
    }

    /// Writes down who talks, so that answers find the way back. `None` if the packet is too long for its way.
    #[inline(always)]
    fn open(&self, flow: &Flow, back: Hop, len: usize, told: Option<&Pod>) -> Option<()> {
        if self.rewrite.side == Side::Source {
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
        dsr::tell(context, is_ipv6, pod)
    }
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
