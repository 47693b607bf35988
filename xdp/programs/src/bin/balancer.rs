//! A pod load balancer: what is for a service goes to one of its pods, and what the pod answers comes from the service again.
//!
//! Which pod it is says the flow's entropy, the same for all of its packets. The program stands at the devices of clients and pods alike, and
//! adds numbers only: what a rewrite does to checksums user space has worked out. What is neither a service's nor of a pod that a client talks
//! to goes on to the kernel, and so does what only the kernel can do right: fragments, which have no ports, and packets with options,
//! extension headers or tags, among which a route may be; what may not go any farther, or is too long for the way, which the kernel can say.
#![no_std]
#![no_main]

use aya_ebpf::bindings::xdp_action::XDP_PASS;
use aya_ebpf::helpers::bpf_redirect;
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::{Array, HashMap, LruHashMap};
use aya_ebpf::programs::XdpContext;
use ether_ip::checksum::Change;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::flow;
use ether_ip::icmpv4::Icmpv4Type;
use ether_ip::icmpv6::Icmpv6Type;
use ether_ip::ip::IpProtocol;
use packet_cursor::{Cursor, Ip, IpHeader};
use xdp_maps::{Address, Changes, Client, End, Hop, Pod, Service, Talk};
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

#[xdp]
fn balance(mut context: XdpContext) -> u32 {
    // SAFETY: the context is the kernel's.
    let device = unsafe { (*context.ctx).ingress_ifindex };
    match turn(&mut Cursor::of(&mut context), device) {
        // SAFETY: it takes a number, and looks whether there is such a device.
        Some(out) => unsafe { bpf_redirect(out, 0) as u32 },
        None => XDP_PASS,
    }
}

/// Turns a packet to where it goes: the device for it.
#[inline(always)]
fn turn(cursor: &mut Cursor<'_>, device: u32) -> Option<u32> {
    let len = cursor.left();
    let frame = cursor.ethernet()?;
    let mut packet = Packet::read(cursor, frame.ether_type)?;
    if frame.tags > 0 || packet.ip.is_fragment || hops(&packet.ip) < 2 {
        return None;
    }
    let back = Hop { addresses: [frame.header.source().0, frame.header.destination().0], device };
    let hop = match packet.ip.protocol {
        IpProtocol::TCP | IpProtocol::UDP => {
            let mut transport = Transport::read(cursor, &packet)?;
            transport.checksum.as_ref()?;
            turn_datagram(&mut packet, &mut transport, back, len)?
        }
        IpProtocol::ICMP | IpProtocol::ICMPV6 => turn_error(cursor, &mut packet, frame.ether_type)?,
        _ => return None,
    };
    take_hop(&mut packet.ip);
    let [destination, source] = hop.addresses;
    frame.header.set_destination(MacAddr(destination));
    frame.header.set_source(MacAddr(source));
    Some(hop.device)
}

/// To a pod, or back from one.
#[inline(always)]
fn turn_datagram(packet: &mut Packet<'_>, transport: &mut Transport<'_>, back: Hop, len: usize) -> Option<Hop> {
    let ([source, destination], [from, to]) = (packet.ip.ends::<Address>(), transport.ports());
    let protocol = packet.ip.protocol;
    if let Some((number, pod)) = pod_for(&packet.ip, Side::Destination, [from, to]) {
        if len - size_of::<EthernetHeader>() > pod.mtu as usize {
            return None;
        }
        let talk = Talk { client: source, pod: pod.pod.address, ports: [from, pod.pod.port as u16], protocol: protocol.0.into() };
        remember(&talk, &Client { pod: number, hop: back });
        packet.rewrite(Side::Destination, &pod.pod, pod.to_pod);
        transport.rewrite(Side::Destination, &pod.pod, pod.to_pod);
        Some(pod.hop)
    } else {
        let talk = Talk { client: destination, pod: source, ports: [to, from], protocol: protocol.0.into() };
        let (client, pod) = talk_of(&talk)?;
        packet.rewrite(Side::Source, &pod.service, pod.to_service);
        transport.rewrite(Side::Source, &pod.service, pod.to_service);
        Some(client.hop)
    }
}

/// An error about what was turned: what it quotes is turned back, and the error goes to whom that was from (RFC 5508 §4.2).
#[inline(always)]
fn turn_error(cursor: &mut Cursor<'_>, packet: &mut Packet<'_>, of: EtherType) -> Option<Hop> {
    let error = cursor.take::<ErrorStart>()?;
    let is_error = match packet.ip.header {
        IpHeader::V4(_) => packet.ip.protocol == IpProtocol::ICMP && Icmpv4Type(error.kind).is_error(),
        IpHeader::V6(_) => packet.ip.protocol == IpProtocol::ICMPV6 && Icmpv6Type(error.kind).is_error(),
    };
    let mut quoted = Packet::read(cursor, of)?;
    if !is_error || quoted.ip.is_later_fragment {
        return None;
    }
    // What is not there of it, or is the frame's padding, is not quoted.
    let room = packet.len.checked_sub(size_of::<ErrorStart>() + quoted.ip.header_len())?;
    quoted.len = quoted.len.min(room);
    let mut transport = Transport::read(cursor, &quoted)?;
    let ([source, destination], [from, to]) = (quoted.ip.ends::<Address>(), transport.ports());
    let [sender, receiver] = packet.ip.ends::<Address>();
    if receiver != source {
        return None;
    }
    let talk = Talk { client: source, pod: destination, ports: [from, to], protocol: quoted.ip.protocol.0.into() };
    if let Some((client, pod)) = talk_of(&talk) {
        let (end, changes) = (&pod.service, pod.to_service);
        let quote = quoted.rewrite(Side::Destination, end, changes);
        let quote = quote.and(transport.rewrite(Side::Destination, end, changes));
        // From the pod itself it is from whom the client knows; a router on the way stays who it is.
        let own = if sender == destination { packet.rewrite(Side::Source, end, changes) } else { Change::new() };
        error.patch(quote.and(own));
        Some(client.hop)
    } else {
        let (_, pod) = pod_for(&quoted.ip, Side::Source, [to, from])?;
        let (end, changes) = (&pod.pod, pod.to_pod);
        let quote = quoted.rewrite(Side::Source, end, changes);
        let quote = quote.and(transport.rewrite(Side::Source, end, changes));
        error.patch(quote.and(packet.rewrite(Side::Destination, end, changes)));
        Some(pod.hop)
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
    Source = 0,
    Destination = 1,
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
        let change = Change::of_difference(changes.address);
        match &mut self.ip.header {
            IpHeader::V4(header) => {
                match side {
                    Side::Source => header.set_source(end.address.to_ipv4()),
                    Side::Destination => header.set_destination(end.address.to_ipv4()),
                }
                header.set_checksum(change.apply(header.checksum()));
                Change::new()
            }
            IpHeader::V6(header) => {
                match side {
                    Side::Source => header.set_source(end.address.to_ipv6()),
                    Side::Destination => header.set_destination(end.address.to_ipv6()),
                }
                change
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

impl<'a> Transport<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>, packet: &Packet<'_>) -> Option<Self> {
        let protocol = packet.ip.protocol;
        let ahead = match protocol {
            IpProtocol::TCP => 12,
            IpProtocol::UDP => 2,
            _ => return None,
        };
        let ports = cursor.take::<[U16; 2]>().filter(|_| packet.len >= 4)?;
        let is_there = packet.len >= 4 + ahead + 2 && cursor.skip(ahead).is_some();
        let checksum = if is_there { cursor.take::<U16>() } else { None };
        Some(Self { protocol, ports, checksum })
    }

    #[inline(always)]
    fn ports(&self) -> [u16; 2] {
        let [source, destination] = &*self.ports;
        [source.get(), destination.get()]
    }

    /// Writes one end's port, and patches the checksum, which is over the addresses too. What that does to a checksum over both.
    #[inline(always)]
    fn rewrite(&mut self, side: Side, end: &End, changes: Changes) -> Change {
        let [source, destination] = &mut *self.ports;
        match side {
            Side::Source => source.set(end.port as u16),
            Side::Destination => destination.set(end.port as u16),
        }
        let port = Change::of_difference(changes.port);
        let change = port.and(Change::of_difference(changes.address));
        match &mut self.checksum {
            // RFC 768: none stays none, and a sum of zero is written otherwise.
            Some(checksum) if self.protocol == IpProtocol::UDP => {
                if checksum.get() == 0 {
                    return port;
                }
                let after = change.apply(checksum.get());
                checksum.set(if after == 0 { 0xffff } else { after });
            }
            Some(checksum) => checksum.set(change.apply(checksum.get())),
            None => return port,
        }
        // The port's share it takes back, and the address's with it.
        Change::of_difference(!changes.address)
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

impl ErrorStart {
    #[inline(always)]
    fn patch(&mut self, change: Change) {
        self.checksum.set(change.apply(self.checksum.get()));
    }
}

/// The service that is asked at one end of a packet has a pod for its flow: its number, and what it is. The ports are the client's and the
/// service's.
#[inline(always)]
fn pod_for(ip: &Ip<'_>, service: Side, ports: [u16; 2]) -> Option<(u32, &'static Pod)> {
    let address = ip.ends::<Address>()[service as usize];
    let [_, port] = ports;
    let end = End { address, port: port.into(), protocol: ip.protocol.0.into() };
    // SAFETY: the value is copied at once: user space may replace it meanwhile.
    let Service { first, count } = *unsafe { SERVICES.get(end) }?;
    let number = first + (u64::from(entropy(ip, service, ports)) * u64::from(count) >> 32) as u32;
    Some((number, PODS.get(number)?))
}

/// The entropy of the flow to a service, as `ether_ip::flow` has it of its packets.
#[inline(always)]
fn entropy(ip: &Ip<'_>, service: Side, ports: [u16; 2]) -> u32 {
    match (&ip.header, service) {
        (IpHeader::V4(header), Side::Destination) => {
            flow::ipv4_entropy(header.source(), header.destination(), ip.protocol, ports)
        }
        (IpHeader::V4(header), Side::Source) => {
            flow::ipv4_entropy(header.destination(), header.source(), ip.protocol, ports)
        }
        (IpHeader::V6(header), Side::Destination) => {
            flow::ipv6_entropy(header.source(), header.destination(), ip.protocol, ports)
        }
        (IpHeader::V6(header), Side::Source) => {
            flow::ipv6_entropy(header.destination(), header.source(), ip.protocol, ports)
        }
    }
}

/// Who talks, and to which pod.
#[inline(always)]
fn talk_of(talk: &Talk) -> Option<(Client, &'static Pod)> {
    // SAFETY: the value is copied at once: it may be another's soon.
    let client = *unsafe { TALKS.get(talk) }?;
    Some((client, PODS.get(client.pod)?))
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
