//! A tunnel's end in user space, for a kernel's to talk to: an overlay TAP on one side (a TUN, where the tunnel carries IP packets),
//! on the other a UDP socket, or a second TAP on the underlay's wire, where it builds and takes apart the outer headers itself.

mod no_udp;

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use clap::Parser;
use ether_ip::Headroom;
use ether_ip::ecn::{self, ClassMode};
use ether_ip::ethernet::MacAddr;
use ether_ip::ip::Ecn;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::outer::{Outer, OuterError, SourcePorts};
use geneve_codec::GeneveTunnel;
use tun_rs::{DeviceBuilder, Layer, SyncDevice};
use vxlan_codec::{Decapsulator, GroupPolicy, OuterChecksum, Reading, Vni, VxlanHeader, VxlanPacket, VxlanTunnel};

/// A frame of the overlay, and the outer headers in front of it, options included.
const BUFFER_LEN: usize = 70 + 252 + 65_535;

#[derive(Debug, Parser)]
struct Args {
    /// The overlay's TAP, made by this program
    #[arg(long)]
    overlay: String,
    /// The underlay's TAP, made by this program; without it a UDP socket is used
    #[arg(long)]
    underlay: Option<String>,
    #[arg(long, default_value_t = 1)]
    vni: u32,
    #[arg(long, default_value_t = 4789)]
    port: u16,
    #[arg(long)]
    local: IpAddr,
    #[arg(long)]
    remote: IpAddr,
    #[arg(long, default_value = "02:00:00:00:02:02")]
    local_mac: MacAddr,
    #[arg(long, default_value = "02:00:00:00:02:01")]
    remote_mac: MacAddr,
    /// The policy group to send
    #[arg(long)]
    group: Option<u16>,
    /// Geneve in place of VXLAN, with these options, in hexadecimal
    #[arg(long)]
    geneve: Option<String>,
    /// A tunnel without UDP in place of VXLAN
    #[arg(long, value_enum)]
    tunnel: Option<no_udp::Tunnel>,
    /// GRE's key: sent, and wanted from the other side
    #[arg(long)]
    key: Option<u32>,
    /// GRE's sequence numbers: sent, and wanted from the other side in their order
    #[arg(long)]
    sequence: bool,
    /// Outer UDP checksums, computed, and wanted from the other side; or GRE's, computed
    #[arg(long)]
    checksum: bool,
    /// Marks what crosses an IPv4 underlay, either way, as a congested router there does
    #[arg(long)]
    congested: bool,
}

fn device(name: &str, layer: Layer) -> io::Result<Arc<SyncDevice>> {
    Ok(Arc::new(DeviceBuilder::new().name(name).layer(layer).build_sync()?))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    let vni = Vni::new(args.vni)?;
    let policy = args.group.map(|id| GroupPolicy { id, ..GroupPolicy::default() });
    let reading = if policy.is_some() { Reading::LinuxGroupPolicy } else { Reading::Linux };
    let layer = if args.tunnel.is_some_and(no_udp::Tunnel::carries_ip) { Layer::L3 } else { Layer::L2 };
    let overlay = device(&args.overlay, layer)?;
    let underlay = args.underlay.as_ref().map(|name| device(name, Layer::L2)).transpose()?;
    match (underlay, args.tunnel) {
        (None, _) => over_socket(&args, &overlay, vni, policy, reading),
        (Some(underlay), None) => over_wire(&args, &overlay, &underlay, vni, policy, reading),
        (Some(underlay), Some(tunnel)) => no_udp::over_wire(&args, tunnel, &overlay, &underlay),
    }
}

/// The kernel makes the outer headers, this program VXLAN's.
fn over_socket(
    args: &Args,
    overlay: &Arc<SyncDevice>,
    vni: Vni,
    policy: Option<GroupPolicy>,
    reading: Reading,
) -> Result<(), Box<dyn std::error::Error>> {
    let socket = Arc::new(UdpSocket::bind(SocketAddr::new(args.local, args.port))?);
    let remote = SocketAddr::new(args.remote, args.port);
    let header = policy.map_or(VxlanHeader::new(vni), |policy| VxlanHeader::with_group_policy(vni, policy));
    println!("ready");
    let (to_overlay, from_underlay) = (Arc::clone(overlay), Arc::clone(&socket));
    thread::spawn(move || {
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            let Ok(len) = from_underlay.recv(&mut buffer) else { continue };
            match VxlanPacket::parse_as(&buffer[..len], reading) {
                Ok(packet) if packet.vni() == vni => drop(to_overlay.send(packet.payload())),
                Ok(packet) => eprintln!("dropped: VNI {}", packet.vni()),
                Err(error) => eprintln!("dropped: {error}"),
            }
        }
    });
    let mut buffer = vec![0; BUFFER_LEN];
    loop {
        let len = overlay.recv(&mut buffer[8..])?;
        let mut packet = Headroom::new(&mut buffer[..8 + len], len)?;
        header.prepend(&mut packet)?;
        socket.send_to(packet.packet(), remote)?;
    }
}

/// This program makes the whole outer frame, and takes it apart.
fn over_wire(
    args: &Args,
    overlay: &Arc<SyncDevice>,
    underlay: &Arc<SyncDevice>,
    vni: Vni,
    policy: Option<GroupPolicy>,
    reading: Reading,
) -> Result<(), Box<dyn std::error::Error>> {
    let outer = Outer::ip(args.local, args.remote).ok_or("two address families")?;
    let outer = outer.ethernet(args.local_mac, args.remote_mac).class_mode(ClassMode::CopyEcn);
    let outer = outer.checksum(args.checksum).source_ports(SourcePorts::LINUX);
    let checksum = if args.checksum { OuterChecksum::Verified } else { OuterChecksum::VerifiedOrZero };
    if let Some(options) = &args.geneve {
        let options = bytes(options)?;
        let template = GeneveTunnel::new(vni, outer).port(args.port).template(&options)?;
        let vtep = geneve_codec::Decapsulator::new().port(args.port).vni(vni).any_option().checksum(checksum);
        let take_apart = move |frame: &[u8]| match vtep.decapsulate(frame) {
            // What came with the options that are sent comes back so.
            Ok(found) if frame[found.options.clone()] == options => Ok(Some((found.inner, found.traffic_class))),
            Ok(found) => Err(format!("options {:02x?}", &frame[found.options])),
            Err(geneve_codec::Error::Outer(error)) => other(error),
            Err(error) => Err(error.to_string()),
        };
        let encapsulate = move |packet: &mut Headroom<'_>| template.encapsulate(packet).map_err(Into::into);
        return carry(args, overlay, underlay, template.overhead(), encapsulate, take_apart);
    }
    let tunnel = VxlanTunnel::new(vni, outer).port(args.port);
    let template = policy.map_or(tunnel, |policy| tunnel.group_policy(policy)).template();
    let vtep = Decapsulator::new().port(args.port).vni(vni).reading(reading).checksum(checksum);
    let take_apart = move |frame: &[u8]| match vtep.decapsulate(frame) {
        Ok(found) => Ok(Some((found.inner, found.traffic_class))),
        Err(vxlan_codec::Error::Outer(error)) => other(error),
        Err(error) => Err(error.to_string()),
    };
    let encapsulate = move |packet: &mut Headroom<'_>| template.encapsulate(packet).map_err(Into::into);
    carry(args, overlay, underlay, template.overhead(), encapsulate, take_apart)
}

/// Where in a frame the inner one is, and the outer traffic class; none if it is something else of the underlay's; or why it is
/// dropped.
type Found = Result<Option<(Range<usize>, u8)>, String>;

/// The underlay carries ARP and neighbour discovery too.
fn other(error: OuterError) -> Found {
    match error {
        OuterError::NotIp { .. } | OuterError::OtherProtocol { .. } => Ok(None),
        error => Err(error.to_string()),
    }
}

fn carry(
    args: &Args,
    overlay: &Arc<SyncDevice>,
    underlay: &Arc<SyncDevice>,
    overhead: usize,
    mut encapsulate: impl FnMut(&mut Headroom<'_>) -> Result<(), Box<dyn std::error::Error>>,
    mut take_apart: impl FnMut(&[u8]) -> Found + Send + 'static,
) -> Result<(), Box<dyn std::error::Error>> {
    println!("ready, overhead {overhead}");
    let leave = if args.tunnel.is_some_and(no_udp::Tunnel::carries_ip) { ecn::leave_ip } else { ecn::leave_frame };
    let congested = args.congested;
    let (to_overlay, from_underlay) = (Arc::clone(overlay), Arc::clone(underlay));
    thread::spawn(move || {
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            let Ok(len) = from_underlay.recv(&mut buffer) else { continue };
            if congested {
                mark(&mut buffer[..len]);
            }
            match take_apart(&buffer[..len]) {
                Ok(Some((inner, class))) if leave(&mut buffer[inner.clone()], Ecn::from_bits(class)).is_some() => {
                    drop(to_overlay.send(&buffer[inner]));
                }
                Ok(Some(_)) => eprintln!("dropped: it met congestion, of which the inner packet cannot tell"),
                Ok(None) => {}
                Err(error) => eprintln!("dropped: {error}"),
            }
        }
    });
    let mut buffer = vec![0; BUFFER_LEN];
    loop {
        let len = overlay.recv(&mut buffer[overhead..])?;
        let mut packet = Headroom::new(&mut buffer[..overhead + len], len)?;
        if let Err(error) = encapsulate(&mut packet) {
            eprintln!("not sent: {error}");
            continue;
        }
        if congested {
            mark(packet.packet_mut());
        }
        underlay.send(packet.packet())?;
    }
}

/// Says that congestion was met, even where the packet says that it cannot be told so.
fn mark(frame: &mut [u8]) {
    if let Some((ethernet, packet)) = frame.split_at_mut_checked(14)
        && ethernet.ends_with(&[8, 0])
        && let Ok(mut packet) = Ipv4Packet::parse(packet)
    {
        let class = packet.traffic_class() | Ecn::CongestionExperienced as u8;
        packet.change_traffic_class(class);
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}
