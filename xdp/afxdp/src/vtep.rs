//! The end of a tunnel: what becomes of a frame, in place.
//!
//! Nothing here knows of sockets: a frame is whatever has room around it ([`PacketBuffer`]).

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::ops::Range;

use ether_ip::ethernet::{EtherType, EthernetFrame, EthernetHeader, MacAddr};
use ether_ip::icmpv4::{self, Icmpv4Header, Icmpv4Message};
use ether_ip::icmpv6::{self, Icmpv6Message, Icmpv6Type};
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::outer::OuterChecksum;
use ether_ip::{PacketBuffer, ecn};
use packet_cursor::Cursor;
use xdp_loader::vtep::{Headers, Network};
use xdp_maps::Tunnel;

use crate::counts::{Reason, Verdict};

/// An Ethernet header, which a device's MTU is without.
const ETHERNET: usize = size_of::<EthernetHeader>();
/// As much of a packet as an answer has room for: of 576 bytes in IPv4 (RFC 1812 §4.3.2.3), of 1280 in IPv6 (RFC 4443 §2.4 c), less IP's
/// header and ICMP's.
const QUOTED_V4: usize = 576 - size_of::<Ipv4Header>() - 8;
const QUOTED_V6: usize = 1280 - size_of::<Ipv6Header>() - 8;

/// The end of the tunnels of one network.
#[derive(Debug)]
pub struct Vtep {
    network: Network,
    remotes: HashSet<IpAddr>,
    receivers: HashMap<MacAddr, Headers>,
    /// The longest IP packet to other nodes, and to pods.
    underlay_mtu: usize,
    overlay_mtu: usize,
}

impl Vtep {
    /// Between a device that other nodes are behind, and one that pods are behind, of these MTUs.
    #[must_use]
    pub fn new(network: Network, underlay_mtu: u16, overlay_mtu: u16) -> Self {
        let (underlay_mtu, overlay_mtu) = (underlay_mtu.into(), overlay_mtu.into());
        Self { network, remotes: HashSet::new(), receivers: HashMap::new(), underlay_mtu, overlay_mtu }
    }

    /// From now on, what comes from this remote is taken apart.
    pub fn take(&mut self, remote: IpAddr) {
        self.remotes.insert(remote);
    }

    /// From now on, what is for this receiver goes out behind these headers; what is for several does if the receiver is all
    /// ([`MacAddr::BROADCAST`]).
    pub fn put(&mut self, receiver: MacAddr, headers: Headers) {
        self.receivers.insert(receiver, headers);
    }

    /// Takes what another node sent out of its tunnel.
    pub fn decapsulate(&self, packet: &mut impl PacketBuffer) -> Verdict {
        self.take_apart(packet).map_or_else(Verdict::Drop, |()| Verdict::Across)
    }

    fn take_apart(&self, packet: &mut impl PacketBuffer) -> Result<(), Reason> {
        let (inner, outer) = self.inner(packet.packet())?;
        packet.trim_back(packet.len() - inner.end);
        packet.trim_front(inner.start);
        if packet.len() < ETHERNET {
            return Err(Reason::Malformed);
        }
        if packet.len() - ETHERNET > self.overlay_mtu {
            return Err(Reason::TooLong);
        }
        ecn::leave_frame(packet.packet_mut(), outer).ok_or(Reason::Congested)?;
        complete(packet.packet_mut()).ok_or(Reason::Incomplete)
    }

    /// Where the frame is in a packet, and the mark around it. UDP's checksum is not looked at: what comes over a veth has a partial one, and
    /// what comes from a wire the card has looked at.
    fn inner(&self, packet: &[u8]) -> Result<(Range<usize>, Ecn), Reason> {
        let Network { vni, port, .. } = self.network;
        let (inner, outer, source, class) = if self.network.tunnel == Tunnel::Geneve {
            let end = geneve_codec::Decapsulator::new().port(port).vni(vni).checksum(OuterChecksum::Ignored);
            let of = end.decapsulate(packet).map_err(|error| match error {
                geneve_codec::Error::OtherVni { .. } => Reason::Stranger,
                _ => Reason::Malformed,
            })?;
            // RFC 8926 §3.4: control packets are nothing to pass on.
            if of.header.is_oam() || of.header.protocol_type() != EtherType::TRANSPARENT_ETHERNET {
                return Err(Reason::Malformed);
            }
            (of.inner, of.outer, of.source, of.traffic_class)
        } else {
            let end = vxlan_codec::Decapsulator::new().port(port).vni(vni).tagged();
            let of = end.decapsulate(packet).map_err(|error| match error {
                vxlan_codec::Error::OtherVni { .. } => Reason::Stranger,
                _ => Reason::Malformed,
            })?;
            (of.inner, of.outer, of.source, of.traffic_class)
        };
        if packet.get(outer).is_none_or(|outer| !has_right_checksum(outer)) {
            return Err(Reason::Malformed);
        }
        self.remotes.contains(&source).then_some((inner, Ecn::from_bits(class))).ok_or(Reason::Stranger)
    }

    /// Puts what a pod sent into the tunnel to its receiver's node.
    pub fn encapsulate(&self, frame: &mut impl PacketBuffer) -> Verdict {
        self.put_in(frame).unwrap_or_else(Verdict::Drop)
    }

    fn put_in(&self, frame: &mut impl PacketBuffer) -> Result<Verdict, Reason> {
        let receiver = EthernetFrame::parse(frame.packet()).map_err(|_| Reason::Malformed)?.destination();
        // What is for several goes where what is for all does.
        let receiver = if receiver.is_multicast() { MacAddr::BROADCAST } else { receiver };
        let headers = self.receivers.get(&receiver).ok_or(Reason::Unknown)?;
        // The inner Ethernet header is as long as the outer one.
        let mtu = self.underlay_mtu.saturating_sub(headers.overhead());
        if frame.len() - ETHERNET > mtu {
            return tell(frame, mtu).map(|()| Verdict::Back).ok_or(Reason::TooLong);
        }
        complete(frame.packet_mut()).ok_or(Reason::Incomplete)?;
        headers.encapsulate(frame).map_err(|_| Reason::TooLong)?;
        Ok(Verdict::Across)
    }
}

/// Whether the checksum of an IPv4 header is right (RFC 1122 §3.2.1.2); IPv6 has none.
fn has_right_checksum(packet: &[u8]) -> bool {
    Ipv4Packet::parse_lax(packet).map_or(true, |packet| packet.checksum_is_valid())
}

/// Completes a checksum that the sender's kernel left to the device, which a veth is none of; `None` if the packet is not all there.
fn complete(frame: &mut [u8]) -> Option<()> {
    let mut cursor = Cursor::over(frame);
    let Some(ethernet) = cursor.ethernet() else { return Some(()) };
    let Some(ip) = cursor.ip(ethernet.ether_type) else { return Some(()) };
    cursor.complete(&ip)
}

/// Makes of a packet that is too long what its sender is told, as Linux's own tunnels do: from who it is for, since the end of a tunnel that
/// carries frames has no address among them. `None` if the sender may not be told; nothing was changed then.
fn tell(frame: &mut impl PacketBuffer, mtu: usize) -> Option<()> {
    let ethernet = EthernetFrame::parse(frame.packet()).ok()?;
    let back = EthernetHeader::new(ethernet.source(), ethernet.destination(), ethernet.ether_type());
    if ethernet.destination().is_multicast() {
        return None;
    }
    match ethernet.ether_type() {
        EtherType::IPV4 => {
            let asked = Ipv4Packet::parse_lax(ethernet.payload()).ok()?;
            if !asked.dont_fragment() || !icmpv4::may_answer(&asked) {
                return None;
            }
            let ip = Ipv4Header::new(asked.destination(), asked.source(), IpProtocol::ICMP);
            quote(frame, QUOTED_V4);
            let message = Icmpv4Message::fragmentation_needed(u16::try_from(mtu).ok()?);
            Icmpv4Header::new(message).prepend(frame).ok()?;
            ip.prepend(&[], frame).ok()?;
        }
        EtherType::IPV6 => {
            let asked = Ipv6Packet::parse_lax(ethernet.payload()).ok()?;
            // The answer would be from a group.
            if asked.destination().is_multicast() || !icmpv6::may_answer(&asked, Icmpv6Type::PACKET_TOO_BIG) {
                return None;
            }
            let ip = Ipv6Header::new(asked.destination(), asked.source(), IpProtocol::ICMPV6);
            quote(frame, QUOTED_V6);
            let message = Icmpv6Message::PacketTooBig { code: 0, mtu: u32::try_from(mtu).ok()? };
            message.prepend(&ip.pseudo_header(IpProtocol::ICMPV6), frame).ok()?;
            ip.prepend(frame).ok()?;
        }
        _ => return None,
    }
    back.prepend(frame).ok()
}

/// Leaves the first bytes of a frame's packet.
fn quote(frame: &mut impl PacketBuffer, len: usize) {
    frame.trim_front(ETHERNET);
    frame.trim_back(frame.len().saturating_sub(len));
}
