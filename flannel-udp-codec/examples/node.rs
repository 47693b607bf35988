//! A node of Flannel's UDP backend: what flannel's proxy does, with many packets a system call. It shows how
//! `flannel-udp-codec` is embedded, and `interop/run flannel-udp` runs two of them, one against flannel's own loop too.
//!
//! ```text
//!           outbound thread                      inbound thread
//!  TUN ──> up to 64 kB a read ──> forward ──> runs of datagrams of one length, a system call each
//!  TUN <── runs of a flow, a write each <── deliver <── up to 32 × 64 kB a call
//! ```
//!
//! The leases are read from a JSON file, as `etcdctl get --prefix /coreos.com/network -w json` prints them, and read again
//! whenever it changes. Ctrl-C ends the node; it prints what it has counted.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "an example may fail loudly")]

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use arc_swap::ArcSwap;
use clap::Parser;
use ether_ip::checksum::Checksum;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::tcp::{TcpFlags, TcpSegment};
use ether_ip::udp::UdpDatagram;
use flannel_udp_codec::ipnet::Ipv4Net;
use flannel_udp_codec::lease::Leases;
use flannel_udp_codec::{Forwarding, LongestPrefix, MAX_ANSWER, Node, PORT, Style};
use notify::{EventKind, RecursiveMode, Watcher};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tun_rs::{
    DeviceBuilder, IDEAL_BATCH_SIZE, SyncDevice, VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_UDP_L4,
    VIRTIO_NET_HDR_LEN, VirtioNetHdr,
};

#[derive(Debug, Parser)]
struct Options {
    /// The TUN device's name
    #[arg(long, default_value = "flannel0")]
    tun: String,
    /// The TUN device's address, and the network of all pods: 10.244.1.0/16
    #[arg(long)]
    address: Ipv4Net,
    /// This node's address; 8285 is the port unless told otherwise
    #[arg(long)]
    public_ip: Ipv4Addr,
    /// The UDP port
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// The TUN device's MTU
    #[arg(long, default_value_t = 1472)]
    mtu: u16,
    /// The file of leases
    #[arg(long)]
    leases: PathBuf,
    /// Answers with ICMP as RFC 1812 has it, time exceeded too; as flannel's proxy does otherwise
    #[arg(long)]
    rfc1812: bool,
    /// Takes one packet at a time from the TUN device and gives it one: what it carries is seen there packet by packet
    #[arg(long)]
    no_offload: bool,
}

#[derive(Debug, Default)]
struct Counters {
    sent: AtomicU64,
    delivered: AtomicU64,
    answered: AtomicU64,
    dropped: AtomicU64,
    calls: AtomicU64,
}

struct Shared {
    tun: SyncDevice,
    socket: UdpSocket,
    state: UdpSocketState,
    node: Node,
    routes: ArcSwap<LongestPrefix>,
    counters: Counters,
    stop: AtomicBool,
    has_offload: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let tun = DeviceBuilder::new()
        .name(&options.tun)
        .ipv4(options.address.addr(), options.address.prefix_len(), None)
        .mtu(options.mtu)
        .with(|builder| {
            builder.offload(!options.no_offload);
        })
        .build_sync()?;
    tun.set_nonblocking(true)?;
    let socket = UdpSocket::bind((options.public_ip, options.port))?;
    let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
    for set in [UdpSocketState::set_send_buffer_size, UdpSocketState::set_recv_buffer_size] {
        // As much as the kernel allows; less is no reason to stop.
        let _ = set(&state, UdpSockRef::from(&socket), 4 << 20);
    }
    let mut node = Node::new(options.address.addr());
    if options.rfc1812 {
        node = node.style(Style::Rfc1812).time_exceeded(true).mtu(options.mtu);
    }
    let routes = ArcSwap::from_pointee(read_leases(&options.leases)?);
    let (counters, stop, has_offload) = (Counters::default(), AtomicBool::new(false), !options.no_offload);
    let shared = Arc::new(Shared { tun, socket, state, node, routes, counters, stop, has_offload });
    println!("ready: {} routes, {} segments a call", shared.routes.load().len(), shared.state.max_gso_segments());

    let of_signal = Arc::clone(&shared);
    ctrlc::set_handler(move || of_signal.stop.store(true, Ordering::Relaxed))?;
    let _watcher = watch(&options.leases, Arc::clone(&shared))?;
    thread::scope(|scope| {
        let outbound = scope.spawn(|| outbound(&shared));
        let inbound = inbound(&shared);
        shared.stop.store(true, Ordering::Relaxed);
        outbound.join().unwrap()?;
        inbound
    })?;
    let Counters { sent, delivered, answered, dropped, calls } = &shared.counters;
    println!("sent {sent:?} delivered {delivered:?} answered {answered:?} dropped {dropped:?} in {calls:?} calls");
    Ok(())
}

fn read_leases(file: &Path) -> Result<LongestPrefix, Box<dyn Error>> {
    let leases = Leases::parse(&std::fs::read_to_string(file)?)?;
    for (key, error) in &leases.refused {
        eprintln!("passed by: {key}: {error}");
    }
    Ok(leases.routes().collect())
}

/// Reads the leases again whenever something happens to the file. Its folder is watched, since a file is replaced by renaming.
fn watch(file: &Path, shared: Arc<Shared>) -> Result<impl Watcher, Box<dyn Error>> {
    let file = file.canonicalize()?;
    let folder = file.parent().ok_or("the leases are in no folder")?.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let is_ours =
            event.is_ok_and(|event| event.paths.contains(&file) && !matches!(event.kind, EventKind::Access(_)));
        if !is_ours {
            return;
        }
        match read_leases(&file) {
            Ok(routes) => {
                println!("leases: {} routes", routes.len());
                shared.routes.store(Arc::new(routes));
            }
            // Half written, perhaps: the routes stay as they are until the next event.
            Err(error) => eprintln!("leases: {error}"),
        }
    })?;
    watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

/// Waits until there is something to read, or room to write; a moment at most, so that the end is not missed.
fn wait(of: impl AsFd, events: PollFlags) -> io::Result<()> {
    let moment = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
    match poll(&mut [PollFd::new(&of, events)], Some(&moment)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Packets of one length to one node, back to back: one system call.
struct Run {
    bytes: Vec<u8>,
    segment: usize,
    count: usize,
    to: SocketAddrV4,
}

impl Run {
    /// What one call takes: as many segments as the kernel says, in a datagram's length.
    fn takes(&self, packet: &[u8], to: SocketAddrV4, shared: &Shared) -> bool {
        // The last may be shorter, and ends the run.
        let is_whole = self.bytes.len() == self.count * self.segment;
        self.count == 0
            || (is_whole
                && to == self.to
                && packet.len() <= self.segment
                && self.count < shared.state.max_gso_segments()
                && self.bytes.len() + packet.len() <= 65_507)
    }

    fn send(&mut self, shared: &Shared) -> io::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let transmit = Transmit {
            destination: SocketAddr::V4(self.to),
            ecn: None,
            contents: &self.bytes,
            segment_size: (self.count > 1).then_some(self.segment),
            src_ip: None,
        };
        loop {
            shared.counters.calls.fetch_add(1, Ordering::Relaxed);
            match shared.state.try_send(UdpSockRef::from(&shared.socket), &transmit) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&shared.socket, PollFlags::OUT)?;
                }
                // The other node may not be there, or not yet: its packets are lost, as on any wire.
                Err(_) => {
                    shared.counters.dropped.fetch_add(self.count as u64, Ordering::Relaxed);
                    break;
                }
                Ok(()) => {
                    shared.counters.sent.fetch_add(self.count as u64, Ordering::Relaxed);
                    break;
                }
            }
        }
        self.bytes.clear();
        self.count = 0;
        Ok(())
    }
}

/// TUN to UDP.
fn outbound(shared: &Shared) -> io::Result<()> {
    let mut original = vec![0; VIRTIO_NET_HDR_LEN + 65_535];
    let mut packets = vec![vec![0; 65_535]; IDEAL_BATCH_SIZE];
    let mut sizes = vec![0; IDEAL_BATCH_SIZE];
    let mut run = Run {
        bytes: Vec::with_capacity(65_535),
        segment: 0,
        count: 0,
        to: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
    };
    let mut answers = Joined::new();
    while !shared.stop.load(Ordering::Relaxed) {
        shared.counters.calls.fetch_add(1, Ordering::Relaxed);
        let count = match shared.tun.recv_multiple(&mut original, &mut packets, &mut sizes, 0) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                // Nothing more for now: what was collected goes out, and then there is time.
                run.send(shared)?;
                wait(&shared.tun, PollFlags::IN)?;
                continue;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let routes = shared.routes.load();
        for (packet, size) in packets.iter_mut().zip(&sizes).take(count) {
            let packet = &mut packet[..*size];
            match shared.node.forward(packet, &mut &**routes) {
                Forwarding::Send(to) => {
                    if !run.takes(packet, to, shared) {
                        run.send(shared)?;
                    }
                    if run.count == 0 {
                        (run.segment, run.to) = (packet.len(), to);
                    }
                    run.bytes.extend_from_slice(packet);
                    run.count += 1;
                }
                Forwarding::Answer(answer) => {
                    let mut buffer = [0; MAX_ANSWER];
                    if let Ok(icmp) = answer.write(packet, &mut buffer) {
                        answers.push(icmp, shared)?;
                        shared.counters.answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Forwarding::Deliver | Forwarding::Drop(_) => {
                    shared.counters.dropped.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
    Ok(())
}

/// UDP to TUN.
fn inbound(shared: &Shared) -> io::Result<()> {
    let mut buffers: [Vec<u8>; BATCH_SIZE] = std::array::from_fn(|_| vec![0; 65_535]);
    let mut metas = [RecvMeta::default(); BATCH_SIZE];
    let mut joined = Joined::new();
    while !shared.stop.load(Ordering::Relaxed) {
        shared.counters.calls.fetch_add(1, Ordering::Relaxed);
        let mut slices = buffers.each_mut().map(|buffer| io::IoSliceMut::new(buffer));
        let received = shared.state.recv(UdpSockRef::from(&shared.socket), &mut slices, &mut metas);
        let received = match received {
            Ok(received) => received,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                wait(&shared.socket, PollFlags::IN)?;
                continue;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        for (buffer, meta) in buffers.iter_mut().zip(&metas).take(received) {
            for packet in buffer[..meta.len].chunks_mut(meta.stride.max(1)) {
                match shared.node.deliver(packet) {
                    Forwarding::Deliver => {
                        shared.counters.delivered.fetch_add(1, Ordering::Relaxed);
                        joined.push(packet, shared)?;
                    }
                    Forwarding::Answer(answer) => {
                        let mut buffer = [0; MAX_ANSWER];
                        if let Ok(icmp) = answer.write(packet, &mut buffer) {
                            shared.counters.answered.fetch_add(1, Ordering::Relaxed);
                            joined.push(icmp, shared)?;
                        }
                    }
                    Forwarding::Send(_) | Forwarding::Drop(_) => {
                        shared.counters.dropped.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        }
        joined.flush(shared)?;
    }
    Ok(())
}

/// A packet on its way to the TUN device, and those behind it that go on where it ends: given to the kernel as one, as a network
/// card's receive offload does.
struct Joined {
    /// What the TUN device wants to know, the first packet's headers, and all payloads.
    bytes: Vec<u8>,
    flow: Option<Flow>,
    count: usize,
    /// The sequence number with which TCP goes on.
    next: u32,
}

/// What packets that can be joined have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flow {
    protocol: IpProtocol,
    /// IP's header, without options, and the transport's.
    headers: usize,
    /// The payload of each but the last, which may be shorter.
    segment: usize,
}

/// The kernel is to complete the checksum (linux/virtio_net.h).
const VIRTIO_NET_HDR_F_NEEDS_CSUM: u8 = 1;

/// Where in an IPv4 packet without options the transport's header begins.
const TRANSPORT: usize = 20;

impl Flow {
    /// `None` if the packet is not to be joined: its checksum is wrong or missing, it is a fragment, or it says more than
    /// "here are bytes".
    fn of(packet: &[u8]) -> Option<(Self, u32)> {
        let ip = Ipv4Packet::parse(packet).ok().filter(|ip| !ip.is_fragment() && ip.options_bytes().is_empty())?;
        let (protocol, pseudo) = (ip.protocol(), ip.pseudo_header());
        let (transport, payload, sequence) = match protocol {
            IpProtocol::TCP => {
                let tcp = TcpSegment::parse(ip.into_payload()).ok().filter(|tcp| tcp.checksum_is_valid(&pseudo))?;
                let is_plain = tcp.flags() == TcpFlags::ACK || tcp.flags() == TcpFlags::ACK | TcpFlags::PSH;
                is_plain.then_some((tcp.header_len(), tcp.payload().len(), tcp.sequence()))?
            }
            IpProtocol::UDP => {
                let udp = UdpDatagram::parse(ip.into_payload()).ok();
                let udp = udp.filter(|udp| udp.checksum() != 0 && udp.checksum_is_valid(&pseudo))?;
                (8, udp.payload().len(), 0)
            }
            _ => return None,
        };
        (payload > 0).then_some((Self { protocol, headers: TRANSPORT + transport, segment: payload }, sequence))
    }

    /// The transport's fields that differ from packet to packet: sequence number, checksum and PSH; length and checksum.
    fn varying(self) -> &'static [usize] {
        match self.protocol {
            IpProtocol::TCP => &[24, 25, 26, 27, 33, 36, 37],
            _ => &[24, 25, 26, 27],
        }
    }
}

impl Joined {
    fn new() -> Self {
        Self { bytes: Vec::with_capacity(VIRTIO_NET_HDR_LEN + 65_535), flow: None, count: 0, next: 0 }
    }

    fn push(&mut self, packet: &[u8], shared: &Shared) -> io::Result<()> {
        let flow = if shared.has_offload { Flow::of(packet) } else { None };
        if let (Some(first), Some((flow, sequence))) = (self.flow, flow) {
            if self.goes_on(packet, first, flow, sequence, shared) {
                self.bytes.extend_from_slice(&packet[flow.headers..]);
                self.count += 1;
                self.next = sequence.wrapping_add(flow.segment as u32);
                // A shorter one is the last.
                if flow.segment < first.segment {
                    self.flush(shared)?;
                }
                return Ok(());
            }
        }
        self.flush(shared)?;
        self.bytes.resize(VIRTIO_NET_HDR_LEN, 0);
        self.bytes.extend_from_slice(packet);
        self.count = 1;
        self.flow = flow.map(|(flow, _)| flow);
        match flow {
            Some((flow, sequence)) => self.next = sequence.wrapping_add(flow.segment as u32),
            None => self.flush(shared)?,
        }
        Ok(())
    }

    fn goes_on(&self, packet: &[u8], first: Flow, flow: Flow, sequence: u32, shared: &Shared) -> bool {
        let is_next = match flow.protocol {
            IpProtocol::TCP => sequence == self.next,
            _ => shared.tun.udp_gso(),
        };
        // IP's total length, identification and checksum differ too.
        let differs = |at: &usize| matches!(at, 2..6 | 10 | 11) || flow.varying().contains(at);
        let before = &self.bytes[VIRTIO_NET_HDR_LEN..];
        is_next
            && (flow.protocol, flow.headers) == (first.protocol, first.headers)
            && flow.segment <= first.segment
            && before.len() + flow.segment <= 65_535
            && (0..flow.headers).filter(|at| !differs(at)).all(|at| before[at] == packet[at])
    }

    fn flush(&mut self, shared: &Shared) -> io::Result<()> {
        if let Some(flow) = self.flow.filter(|_| self.count > 1) {
            self.finish(flow)?;
        }
        if self.count > 0 {
            let start = if shared.has_offload { 0 } else { VIRTIO_NET_HDR_LEN };
            loop {
                shared.counters.calls.fetch_add(1, Ordering::Relaxed);
                match shared.tun.send(&self.bytes[start..]) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&shared.tun, PollFlags::OUT)?,
                    // The kernel may refuse a packet: that is the packet's end, not the node's.
                    Err(error) if !matches!(error.raw_os_error(), Some(22 | 105)) => return Err(error),
                    _ => break,
                }
            }
        }
        self.bytes.clear();
        (self.flow, self.count) = (None, 0);
        Ok(())
    }

    /// Makes the headers those of all packets together: lengths; and for the checksum, which the kernel completes for each
    /// packet, the sum of what stands outside the transport.
    fn finish(&mut self, flow: Flow) -> io::Result<()> {
        let (front, packet) = self.bytes.split_at_mut(VIRTIO_NET_HDR_LEN);
        let len = packet.len();
        let mut ip = Ipv4Packet::parse(&mut packet[..]).or(Err(ErrorKind::InvalidData))?;
        ip.set_total_length(len as u16);
        ip.fill_checksum();
        let (source, destination) = (ip.source().octets(), ip.destination().octets());
        let transport_len = (len - TRANSPORT) as u16;
        let sum = Checksum::new().bytes(&source).bytes(&destination).word(flow.protocol.0.into()).word(transport_len);
        let (gso_type, csum_offset) = match flow.protocol {
            IpProtocol::TCP => (VIRTIO_NET_HDR_GSO_TCPV4, 16),
            _ => (VIRTIO_NET_HDR_GSO_UDP_L4, 6),
        };
        if flow.protocol == IpProtocol::UDP {
            packet[TRANSPORT + 4..TRANSPORT + 6].copy_from_slice(&transport_len.to_be_bytes());
        }
        packet[TRANSPORT + csum_offset..][..2].copy_from_slice(&(!sum.finish()).to_be_bytes());
        let header = VirtioNetHdr {
            flags: VIRTIO_NET_HDR_F_NEEDS_CSUM,
            gso_type,
            hdr_len: flow.headers as u16,
            gso_size: flow.segment as u16,
            csum_start: TRANSPORT as u16,
            csum_offset: csum_offset as u16,
        };
        header.encode(front)
    }
}
