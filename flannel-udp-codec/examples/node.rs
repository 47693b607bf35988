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
use flannel_udp_codec::ipnet::Ipv4Net;
use flannel_udp_codec::lease::Leases;
use flannel_udp_codec::{LongestPrefix, MAX_ANSWER, Node, Outcome, PORT, Style};
use notify::{EventKind, RecursiveMode, Watcher};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tun_rs::{DeviceBuilder, GROTable, IDEAL_BATCH_SIZE, SyncDevice, VIRTIO_NET_HDR_LEN};

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
    let (counters, stop) = (Counters::default(), AtomicBool::new(false));
    let shared = Arc::new(Shared { tun, socket, state, node, routes, counters, stop });
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
    let mut answers = vec![Vec::with_capacity(65_535)];
    let mut gro = GROTable::new();
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
                Outcome::Send(to) => {
                    if !run.takes(packet, to, shared) {
                        run.send(shared)?;
                    }
                    if run.count == 0 {
                        (run.segment, run.to) = (packet.len(), to);
                    }
                    run.bytes.extend_from_slice(packet);
                    run.count += 1;
                }
                Outcome::Answer(answer) => {
                    let mut buffer = [0; MAX_ANSWER];
                    if let Ok(icmp) = answer.write(packet, &mut buffer) {
                        to_tun(shared, &mut answers, &mut gro, &[icmp])?;
                        shared.counters.answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Outcome::Deliver | Outcome::Drop(_) => {
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
    // Room for a flow's packets to be joined in.
    let mut packets: Vec<Vec<u8>> = (0..IDEAL_BATCH_SIZE).map(|_| Vec::with_capacity(2 * 65_535)).collect();
    let mut gro = GROTable::new();
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
        let mut count = 0;
        for (buffer, meta) in buffers.iter_mut().zip(&metas).take(received) {
            for packet in buffer[..meta.len].chunks_mut(meta.stride.max(1)) {
                match shared.node.deliver(packet) {
                    Outcome::Deliver => {
                        shared.counters.delivered.fetch_add(1, Ordering::Relaxed);
                        put(&mut packets[count], packet);
                        count += 1;
                    }
                    Outcome::Answer(answer) => {
                        let mut buffer = [0; MAX_ANSWER];
                        if let Ok(icmp) = answer.write(packet, &mut buffer) {
                            shared.counters.answered.fetch_add(1, Ordering::Relaxed);
                            put(&mut packets[count], icmp);
                            count += 1;
                        }
                    }
                    Outcome::Send(_) | Outcome::Drop(_) => {
                        shared.counters.dropped.fetch_add(1, Ordering::Relaxed);
                    }
                }
                if count == packets.len() {
                    flush(shared, &mut packets[..count], &mut gro)?;
                    count = 0;
                }
            }
        }
        flush(shared, &mut packets[..count], &mut gro)?;
    }
    Ok(())
}

/// A packet with room in front of it for what the TUN device wants to know.
fn put(slot: &mut Vec<u8>, packet: &[u8]) {
    slot.clear();
    slot.resize(VIRTIO_NET_HDR_LEN, 0);
    slot.extend_from_slice(packet);
}

fn to_tun(shared: &Shared, slots: &mut [Vec<u8>], gro: &mut GROTable, packets: &[&[u8]]) -> io::Result<()> {
    slots.iter_mut().zip(packets).for_each(|(slot, packet)| put(slot, packet));
    flush(shared, &mut slots[..packets.len()], gro)
}

fn flush(shared: &Shared, packets: &mut [Vec<u8>], gro: &mut GROTable) -> io::Result<()> {
    match shared.tun.send_multiple(gro, packets, VIRTIO_NET_HDR_LEN) {
        // The kernel may refuse a packet, as one with a wrong checksum; the others have been written.
        Err(error) if !matches!(error.raw_os_error(), Some(22 | 105)) => Err(error),
        _ => Ok(()),
    }
}
