//! The outer Ethernet/IP/UDP stack that every UDP tunnel shares, worked out once a remote.
//!
//! ```text
//!   14 bytes     20 or 40     8       by tunnel
//!  +------------+------------+-------+----------+--------------------
//!  | Ethernet   | IPv4 / v6  | UDP   | tunnel   | the inner packet …
//!  +------------+------------+-------+----------+--------------------
//!                length,      ports,
//!                checksum     length, checksum: patched for each packet
//! ```
//!
//! A [`UdpTemplate`] holds these headers ready for one remote. To encapsulate a packet is then one copy of them to the
//! front of it, and the lengths, the checksum and the source port written in. The other way, [`UdpDecapsulator`] says whether a packet
//! is one of the tunnel's, and where its payload is. Tunnels that have no UDP are in [`ip_tunnel`](crate::ip_tunnel).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::checksum::{Checksum, PseudoHeader};
use crate::ecn::{self, ClassMode};
use crate::ethernet::{EtherType, EthernetFrame, EthernetHeader, MacAddr};
use crate::ip::{IpProtocol, Version};
use crate::ipv4::{self, Ipv4Header, Ipv4Packet};
use crate::ipv6::{self, Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::{
    Extension, Extensions, Ipv6OptionType, Ipv6OptionsHeader, UnknownOptionAction, is_extension,
};
use crate::udp::{self, UdpDatagram, UdpHeader};
use crate::vlan::VlanTag;
use crate::{Error, LayerName, PacketBuffer, Rule, flow};

/// The range that a tunnel's outer source ports are taken from, both ends in it.
///
/// ```
/// use ether_ip::outer::SourcePorts;
///
/// assert_eq!(SourcePorts::RFC_7348.pick(0), 49_152);
/// assert_eq!(SourcePorts::RFC_7348.pick(u32::MAX), 65_535);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourcePorts {
    first: u16,
    /// How many there are behind the first.
    behind: u16,
}

impl SourcePorts {
    /// What RFC 7348 §5 recommends: the dynamic ports, 49152–65535.
    //= RFC 7348 §5/port-range
    pub const RFC_7348: Self = Self::new(49_152, 65_535);
    /// What RFC 8926 §3.3 allows to Geneve, for the most entropy: all 16 bits, since the port is a flow's number and no socket's.
    pub const RFC_8926: Self = Self::new(0, 65_535);
    /// What Linux takes unless told otherwise: its local port range, 32768–60999 by default.
    pub const LINUX: Self = Self::new(32_768, 60_999);

    /// From `first` to `last`; if they stand the wrong way round, from `last` to `first`.
    #[must_use]
    pub const fn new(first: u16, last: u16) -> Self {
        Self { first: if first <= last { first } else { last }, behind: last.abs_diff(first) }
    }

    /// The port for an entropy: see [`flow::entropy`].
    #[inline]
    #[must_use]
    pub const fn pick(self, entropy: u32) -> u16 {
        let count = self.behind as u64 + 1;
        self.first.wrapping_add(((entropy as u64 * count) >> 32) as u16)
    }
}

/// The outer headers of a tunnel to one remote, as a caller describes them.
///
/// ```
/// use ether_ip::{ethernet::MacAddr, outer::Outer};
///
/// let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into())
///     .ethernet(MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2]))
///     .ttl(64);
/// assert_eq!(outer.len(), 14 + 20 + 8);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Outer {
    pub(crate) network: Network,
    link: Option<(MacAddr, MacAddr)>,
    ttl: u8,
    pub(crate) traffic_class: u8,
    flow_label: u32,
    pub(crate) label_by_flow: bool,
    pub(crate) is_symmetric: bool,
    dont_fragment: bool,
    checksum: bool,
    pub(crate) class_mode: ClassMode,
    source_ports: SourcePorts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Network {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, Ipv6Addr),
}

impl Outer {
    /// Over IPv4: TTL 64, not to be fragmented, without a UDP checksum (RFC 7348 §5: SHOULD be zero).
    #[must_use]
    pub const fn ipv4(source: Ipv4Addr, destination: Ipv4Addr) -> Self {
        Self::over(Network::V4(source, destination), false)
    }

    /// Over IPv6: hop limit 64, with a UDP checksum, as RFC 8200 §8.1 has it where nothing else was agreed.
    #[must_use]
    pub const fn ipv6(source: Ipv6Addr, destination: Ipv6Addr) -> Self {
        //= RFC 8926 §3.3/checksum-ipv6
        Self::over(Network::V6(source, destination), true)
    }

    /// Over either. `None` if the addresses are of different families.
    #[must_use]
    pub const fn ip(source: IpAddr, destination: IpAddr) -> Option<Self> {
        match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => Some(Self::ipv4(source, destination)),
            (IpAddr::V6(source), IpAddr::V6(destination)) => Some(Self::ipv6(source, destination)),
            _ => None,
        }
    }

    const fn over(network: Network, checksum: bool) -> Self {
        Self {
            network,
            link: None,
            ttl: 64,
            traffic_class: 0,
            flow_label: 0,
            label_by_flow: false,
            is_symmetric: false,
            //= RFC 7348 §4.3/no-fragments
            dont_fragment: true,
            checksum,
            class_mode: ClassMode::Fixed,
            source_ports: SourcePorts::RFC_7348,
        }
    }

    /// With an Ethernet header in front. Without one the packet starts with IP, as a raw socket takes it.
    #[must_use]
    pub const fn ethernet(self, source: MacAddr, destination: MacAddr) -> Self {
        Self { link: Some((source, destination)), ..self }
    }

    /// With this time to live or hop limit.
    #[must_use]
    pub const fn ttl(self, hops: u8) -> Self {
        Self { ttl: hops, ..self }
    }

    /// With this traffic class: DSCP in the upper 6 bits. The lower 2, ECN, are the inner packet's or zero, and of no account here
    /// (RFC 6040 §4.1): see [`class_mode`](Self::class_mode).
    #[must_use]
    pub const fn traffic_class(self, class: u8) -> Self {
        //= RFC 6040 §4.1/compatibility
        Self { traffic_class: class & !3, ..self }
    }

    /// What of the inner packet's traffic class is copied: see [`ecn`].
    #[must_use]
    pub const fn class_mode(self, mode: ClassMode) -> Self {
        Self { class_mode: mode, ..self }
    }

    /// With UDP source ports from this range: 49152–65535 unless told otherwise.
    #[must_use]
    pub const fn source_ports(self, source_ports: SourcePorts) -> Self {
        Self { source_ports, ..self }
    }

    /// With this flow label, the lower 20 bits of it. Only IPv6 has one.
    #[must_use]
    pub const fn flow_label(self, label: u32) -> Self {
        Self { flow_label: label, label_by_flow: false, ..self }
    }

    /// With a [flow label](flow::label) for each inner flow, so that routers spread the flows over their paths by addresses and label
    /// alone (RFC 6438 §3). It needs each packet's flow hashed, which tunnels over UDP have done for the source port. Not by default:
    /// Linux does so in IP in IP and GRE, and not over UDP. What is not IP has the label of [`flow_label`](Self::flow_label), unless
    /// it is an Ethernet frame.
    #[must_use]
    pub const fn label_by_flow(self) -> Self {
        Self { label_by_flow: true, ..self }
    }

    /// With a source port, and a flow label, that are the same for both directions of an inner flow, so that its answers take the path that
    /// it takes: see [`flow::symmetric_entropy`].
    #[must_use]
    pub const fn symmetric(self) -> Self {
        Self { is_symmetric: true, ..self }
    }

    /// Whether IPv4 routers may not fragment the packet (RFC 7348 §4.3: VTEPs MUST NOT fragment). The identification is
    /// 0, which RFC 6864 §4.1 allows while they may not; where they may, the caller sets one for each packet.
    #[must_use]
    pub const fn dont_fragment(self, dont: bool) -> Self {
        Self { dont_fragment: dont, ..self }
    }

    /// Whether the UDP checksum is computed. Zero over IPv6 needs a receiver that agreed (RFC 6935, RFC 6936).
    #[must_use]
    pub const fn checksum(self, computed: bool) -> Self {
        Self { checksum: computed, ..self }
    }

    /// Length of the outer headers up to UDP's, in bytes: 28, 42, 48 or 62.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    pub const fn len(&self) -> usize {
        let link = if self.link.is_some() { size_of::<EthernetHeader>() } else { 0 };
        let network = match self.network {
            Network::V4(..) => size_of::<Ipv4Header>(),
            Network::V6(..) => size_of::<Ipv6Header>(),
        };
        link + network + size_of::<UdpHeader>()
    }

    pub(crate) fn ethernet_header(&self, ether_type: EtherType) -> Option<EthernetHeader> {
        self.link.map(|(source, destination)| EthernetHeader::new(destination, source, ether_type))
    }

    pub(crate) fn ipv4_header(&self, source: Ipv4Addr, destination: Ipv4Addr, protocol: IpProtocol) -> Ipv4Header {
        let mut header = Ipv4Header::new(source, destination, protocol);
        header.set_ttl(self.ttl);
        header.set_dscp(self.traffic_class >> 2);
        header.set_dont_fragment(self.dont_fragment);
        header
    }

    pub(crate) fn ipv6_header(&self, source: Ipv6Addr, destination: Ipv6Addr, protocol: IpProtocol) -> Ipv6Header {
        //= RFC 6438 §3/ends
        let mut header = Ipv6Header::new(source, destination, protocol);
        header.set_hop_limit(self.ttl);
        header.set_traffic_class(self.traffic_class);
        //= RFC 8504 §5.1/flow-label
        header.set_flow_label(self.flow_label);
        header
    }
}

/// What a tunnel runs over, for the arithmetic of its MTU.
///
/// ```
/// use ether_ip::outer::Underlay;
///
/// // VXLAN's header has 8 bytes, and the inner frame an Ethernet header of 14: 50 over IPv4, 70 over IPv6.
/// assert_eq!(Underlay::Ipv4.inner_mtu(1500, 8), Some(1450));
/// assert_eq!(Underlay::Ipv6.inner_mtu(1500, 8), Some(1430));
/// assert_eq!(Underlay::Ipv6.underlay_mtu(1500, 8), 1570);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Underlay {
    /// IPv4 without options.
    Ipv4,
    /// IPv6 without extension headers.
    Ipv6,
}

impl Underlay {
    /// What stands between the underlay's IP packet and the inner one's, in bytes: IP, UDP, the tunnel's header of
    /// `tunnel_len` bytes, and the inner Ethernet header; 65535 if it is more.
    #[must_use]
    pub const fn overhead(self, tunnel_len: u16) -> u16 {
        self.without_tunnel().saturating_add(tunnel_len)
    }

    /// The overhead of a tunnel whose header has no bytes.
    const fn without_tunnel(self) -> u16 {
        let ip = match self {
            Self::Ipv4 => size_of::<Ipv4Header>(),
            Self::Ipv6 => size_of::<Ipv6Header>(),
        };
        (ip + size_of::<UdpHeader>() + size_of::<EthernetHeader>()) as u16
    }

    /// The MTU for what is inside, given the underlay's; both are the length of an IP packet. `None` if nothing is left.
    #[must_use]
    pub const fn inner_mtu(self, underlay_mtu: u16, tunnel_len: u16) -> Option<u16> {
        match underlay_mtu.checked_sub(self.overhead(tunnel_len)) {
            None | Some(0) => None,
            mtu => mtu,
        }
    }

    /// The MTU that the underlay must have for this one inside.
    #[must_use]
    //= RFC 7348 §4.3/mtu
    pub const fn underlay_mtu(self, inner_mtu: u16, tunnel_len: u16) -> u32 {
        inner_mtu as u32 + self.without_tunnel() as u32 + tunnel_len as u32
    }
}

/// A tunnel's own header: the bytes between UDP and the inner packet.
pub trait TunnelHeader: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + Copy {}

impl<T: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + Copy> TunnelHeader for T {}

/// What of an inner packet the outer headers depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Inner {
    /// Of which the source port is made: see [`flow`].
    pub entropy: u32,
    /// The traffic class, if the outer one is to depend on it.
    pub class: Option<u8>,
}

impl From<u32> for Inner {
    /// Entropy alone.
    fn from(entropy: u32) -> Self {
        Self { entropy, class: None }
    }
}

/// The headers as they stand in memory, so that a packet costs one copy of a size known when it was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Stack<L, N, T> {
    link: L,
    network: N,
    udp: UdpHeader,
    tunnel: T,
}

/// Without a link layer.
type NoLink = [u8; 0];

#[derive(Debug, Clone, Copy)]
enum Headers<T> {
    EthernetIpv4(Stack<EthernetHeader, Ipv4Header, T>),
    EthernetIpv6(Stack<EthernetHeader, Ipv6Header, T>),
    Ipv4(Stack<NoLink, Ipv4Header, T>),
    Ipv6(Stack<NoLink, Ipv6Header, T>),
}

/// The outer headers of a tunnel to one remote, ready to be copied in front of each packet. `T` is the tunnel's header.
#[derive(Debug, Clone, Copy)]
pub struct UdpTemplate<T> {
    headers: Headers<T>,
    /// The sum of the IPv4 header, but for its length.
    ipv4_sum: Checksum,
    /// What the UDP checksum covers outside UDP; `None` if it is to be zero.
    pseudo: Option<PseudoHeader>,
    source_ports: SourcePorts,
    class_mode: ClassMode,
    /// The outer header's own traffic class.
    class: u8,
    label_by_flow: bool,
    is_symmetric: bool,
}

impl<T: TunnelHeader> UdpTemplate<T> {
    /// The template of `outer`, to a UDP port, with the tunnel's header behind it.
    #[must_use]
    pub fn new(outer: &Outer, destination_port: u16, tunnel: T) -> Self {
        let udp = UdpHeader::new(0, destination_port);
        let (headers, ipv4_sum, pseudo) = match outer.network {
            Network::V4(source, destination) => {
                let network = outer.ipv4_header(source, destination, IpProtocol::UDP);
                let headers = match outer.ethernet_header(EtherType::IPV4) {
                    Some(link) => Headers::EthernetIpv4(Stack { link, network, udp, tunnel }),
                    None => Headers::Ipv4(Stack { link: [], network, udp, tunnel }),
                };
                (headers, ipv4::template_sum(&network), network.pseudo_header())
            }
            Network::V6(source, destination) => {
                let network = outer.ipv6_header(source, destination, IpProtocol::UDP);
                let headers = match outer.ethernet_header(EtherType::IPV6) {
                    Some(link) => Headers::EthernetIpv6(Stack { link, network, udp, tunnel }),
                    None => Headers::Ipv6(Stack { link: [], network, udp, tunnel }),
                };
                (headers, Checksum::new(), network.pseudo_header(IpProtocol::UDP))
            }
        };
        let pseudo = outer.checksum.then_some(pseudo);
        let Outer { source_ports, class_mode, traffic_class: class, label_by_flow, is_symmetric, .. } = *outer;
        Self { headers, ipv4_sum, pseudo, source_ports, class_mode, class, label_by_flow, is_symmetric }
    }

    /// What encapsulation adds to a packet, in bytes.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        match self.headers {
            Headers::EthernetIpv4(_) => size_of::<Stack<EthernetHeader, Ipv4Header, T>>(),
            Headers::EthernetIpv6(_) => size_of::<Stack<EthernetHeader, Ipv6Header, T>>(),
            Headers::Ipv4(_) => size_of::<Stack<NoLink, Ipv4Header, T>>(),
            Headers::Ipv6(_) => size_of::<Stack<NoLink, Ipv6Header, T>>(),
        }
    }

    /// Puts the outer headers in front of `packet`, an Ethernet frame. The source port comes from its flow's entropy.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the outer IP packet would be longer than its length field can say;
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline(always)]
    pub fn encapsulate_frame(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        // What most frames are runs straight through, without a call.
        let plain = match self.class_mode {
            ClassMode::Fixed if !self.is_symmetric => flow::plain_entropy(packet.packet()),
            _ => None,
        };
        match (&self.headers, &self.pseudo, plain) {
            (Headers::EthernetIpv4(stack), None, Some(entropy)) => self.prepend_plain(stack, packet, entropy.into()),
            _ => {
                let filled = self.filled_frame(packet.packet())?;
                self.fill(packet.prepend_space(LayerName::UDP, self.overhead())?, filled);
                Ok(())
            }
        }
    }

    #[inline(never)]
    fn filled_frame(&self, frame: &[u8]) -> Result<Filled, Error> {
        self.filled(frame, self.inner_frame(frame))
    }

    /// The same in front of an IP packet.
    ///
    /// # Errors
    /// As [`encapsulate_frame`](Self::encapsulate_frame).
    #[inline]
    pub fn encapsulate_ip(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let inner = self.inner_ip(packet.packet());
        self.encapsulate_with(packet, inner)
    }

    /// What of an inner Ethernet frame the outer headers depend on; no more than is asked for is looked at.
    #[inline(always)]
    pub fn inner_frame(&self, frame: &[u8]) -> Inner {
        let entropy = if self.is_symmetric { flow::symmetric_entropy(frame) } else { flow::entropy(frame) };
        Inner { entropy, class: if self.class_mode == ClassMode::Fixed { None } else { ecn::frame_class(frame) } }
    }

    /// The same of an inner IP packet.
    #[inline(always)]
    pub fn inner_ip(&self, packet: &[u8]) -> Inner {
        let entropy = if self.is_symmetric { flow::symmetric_ip_entropy(packet) } else { flow::ip_entropy(packet) };
        Inner { entropy, class: if self.class_mode == ClassMode::Fixed { None } else { ecn::ip_class(packet) } }
    }

    /// The same where the caller knows what the outer headers depend on: a network card has hashed the flow, or something
    /// stands between the inner packet and the tunnel's header.
    ///
    /// # Errors
    /// As [`encapsulate_frame`](Self::encapsulate_frame).
    #[inline(always)]
    pub fn encapsulate_with(&self, packet: &mut impl PacketBuffer, inner: Inner) -> Result<(), Error> {
        // What is most often asked for runs straight through; the rest is worked out aside, and shares no more than the bytes.
        match (&self.headers, &self.pseudo, inner.class) {
            (Headers::EthernetIpv4(stack), None, None) => self.prepend_plain(stack, packet, inner),
            _ => {
                let filled = self.filled(packet.packet(), inner)?;
                self.fill(packet.prepend_space(LayerName::UDP, self.overhead())?, filled);
                Ok(())
            }
        }
    }

    /// Ethernet and IPv4, without a checksum over what is inside.
    #[inline(always)]
    fn prepend_plain(
        &self,
        stack: &Stack<EthernetHeader, Ipv4Header, T>,
        packet: &mut impl PacketBuffer,
        inner: Inner,
    ) -> Result<(), Error> {
        let filled = self.filled_ipv4(packet.len(), inner)?;
        self.fill_ipv4(stack, packet.prepend_space(LayerName::UDP, size_of_val(stack))?, filled);
        Ok(())
    }

    /// What is filled into the headers in front of so many bytes, without a checksum over them.
    #[inline(always)]
    fn filled_ipv4(&self, inner_len: usize, inner: Inner) -> Result<Filled, Error> {
        let udp_len = self.udp_len(inner_len);
        Ok(self.without_checksum(Lengths { udp: udp_len as u16, ip: ipv4::total_length(udp_len)? }, inner))
    }

    #[inline(always)]
    fn udp_len(&self, inner_len: usize) -> usize {
        inner_len.saturating_add(size_of::<UdpHeader>() + size_of::<T>())
    }

    #[inline(always)]
    fn without_checksum(&self, lengths: Lengths, inner: Inner) -> Filled {
        //= RFC 7348 §5/source-port
        Filled { source_port: self.source_ports.pick(inner.entropy), checksum: 0, lengths, inner }
    }

    #[inline(never)]
    fn filled(&self, packet: &[u8], inner: Inner) -> Result<Filled, Error> {
        let filled = match &self.headers {
            Headers::EthernetIpv4(_) | Headers::Ipv4(_) => self.filled_ipv4(packet.len(), inner)?,
            Headers::EthernetIpv6(_) | Headers::Ipv6(_) => {
                let length = ipv6::payload_length(self.udp_len(packet.len()))?;
                self.without_checksum(Lengths { udp: length, ip: length }, inner)
            }
        };
        //= RFC 7348 §5/checksum-zero-sent
        let Some(pseudo) = &self.pseudo else { return Ok(filled) };
        let checksum = self.udp_checksum(pseudo, packet, filled.source_port, filled.lengths.udp);
        Ok(Filled { checksum, ..filled })
    }

    #[inline(never)]
    fn fill(&self, slot: &mut [u8], filled: Filled) {
        match &self.headers {
            Headers::EthernetIpv4(stack) => self.fill_ipv4(stack, slot, filled),
            Headers::EthernetIpv6(stack) => self.fill_ipv6(stack, slot, filled),
            Headers::Ipv4(stack) => self.fill_ipv4(stack, slot, filled),
            Headers::Ipv6(stack) => self.fill_ipv6(stack, slot, filled),
        }
    }

    #[inline(always)]
    fn fill_ipv4<L: TunnelHeader>(&self, stack: &Stack<L, Ipv4Header, T>, slot: &mut [u8], filled: Filled) {
        // The slot is as long as the stack.
        let Ok(outer) = Stack::<L, Ipv4Header, T>::mut_from_bytes(slot) else { return };
        *outer = *stack;
        outer.network.set_total_length(filled.lengths.ip);
        outer.network.set_checksum(self.ipv4_sum.finish_with([filled.lengths.ip]));
        if filled.inner.class.is_some() {
            outer.network.change_traffic_class(self.class_mode.class(self.class, filled.inner.class));
        }
        filled.udp(&mut outer.udp);
    }

    #[inline(always)]
    fn fill_ipv6<L: TunnelHeader>(&self, stack: &Stack<L, Ipv6Header, T>, slot: &mut [u8], filled: Filled) {
        let Ok(outer) = Stack::<L, Ipv6Header, T>::mut_from_bytes(slot) else { return };
        *outer = *stack;
        outer.network.set_payload_length(filled.lengths.ip);
        if filled.inner.class.is_some() {
            outer.network.set_traffic_class(self.class_mode.class(self.class, filled.inner.class));
        }
        if self.label_by_flow {
            // Of the port, which is the flow's already, spread over all bits.
            //= RFC 6438 §3/same, §3/uniform
            outer.network.set_flow_label(flow::label(u32::from(filled.source_port).wrapping_mul(0x9e37_79b1)));
        }
        filled.udp(&mut outer.udp);
    }

    fn udp_checksum(&self, pseudo: &PseudoHeader, inner: &[u8], source_port: u16, udp_len: u16) -> u16 {
        let (udp, tunnel) = match &self.headers {
            Headers::EthernetIpv4(Stack { udp, tunnel, .. }) | Headers::Ipv4(Stack { udp, tunnel, .. }) => {
                (udp, tunnel)
            }
            Headers::EthernetIpv6(Stack { udp, tunnel, .. }) | Headers::Ipv6(Stack { udp, tunnel, .. }) => {
                (udp, tunnel)
            }
        };
        //= RFC 7348 §5/checksum-computed
        let sum = pseudo.with_length(udp_len.into()).word(source_port).word(udp.destination_port());
        // The length counts twice: in the pseudo-header and in UDP's own.
        let sum = sum.word(udp_len).bytes(tunnel.as_bytes()).bytes(inner);
        udp::never_zero(sum.finish())
    }
}

/// The lengths of an outer packet, as its headers give them.
#[derive(Debug, Clone, Copy)]
struct Lengths {
    udp: u16,
    ip: u16,
}

/// What is filled into the headers of each packet.
#[derive(Debug, Clone, Copy)]
struct Filled {
    source_port: u16,
    checksum: u16,
    lengths: Lengths,
    inner: Inner,
}

impl Filled {
    #[inline(always)]
    fn udp(&self, header: &mut UdpHeader) {
        header.set_source_port(self.source_port);
        header.set_length(self.lengths.udp);
        header.set_checksum(self.checksum);
    }
}

/// What an outer packet must be to be one of a UDP tunnel's.
///
/// ```
/// use ether_ip::outer::{UdpDecapsulator, OuterChecksum};
///
/// let check = UdpDecapsulator::new(6081).checksum(OuterChecksum::Verified);
/// assert!(check.decapsulate(&[0; 60]).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UdpDecapsulator {
    port: u16,
    checksum: OuterChecksum,
}

/// How what takes packets apart takes the outer checksums: the IPv4 header's, and UDP's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OuterChecksum {
    /// They are not looked at: the network card or the kernel has done so.
    #[default]
    Ignored,
    /// They must be right (RFC 1122 §3.2.1.2 has it of IPv4's); zero is right in UDP over IPv4, and not over IPv6 (RFC 8200 §8.1).
    Verified,
    /// They must be right; zero is right in UDP over IPv6 too (RFC 6935 §5).
    VerifiedOrZero,
}

/// A tunnel's datagram, taken out of an outer packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OuterDatagram<'p> {
    /// The outer IP packet, up to where it says it ends.
    pub packet: &'p [u8],
    /// The datagram's payload: the tunnel's header and what follows.
    pub payload: &'p [u8],
    /// The UDP source port.
    pub source_port: u16,
    /// Where the packet came from.
    pub source: IpAddr,
    /// Where it went to.
    pub destination: IpAddr,
    /// The outer traffic class; its mark is for the inner packet: see [`ecn`].
    pub traffic_class: u8,
}

/// Why an outer packet is none of the tunnel's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum OuterError {
    /// A header is truncated or malformed.
    #[error(transparent)]
    Packet(#[from] Error),
    /// The frame carries no IP.
    #[error("not the tunnel's: the frame's EtherType is {ether_type}")]
    NotIp {
        /// What it carries.
        ether_type: EtherType,
    },
    /// The IP packet carries something else.
    #[error("not the tunnel's: the IP packet's protocol is {protocol}")]
    OtherProtocol {
        /// What it carries.
        protocol: IpProtocol,
    },
    /// The IP packet is a fragment, the first one too, which a tunnel's end may discard (RFC 7348 §4.3).
    #[error("the outer IP packet is a fragment")]
    Fragment,
    /// The IPv6 packet has a routing header and is not where its route ends (RFC 8200 §4.4).
    #[error("the outer packet is on its way: its routing header has {segments_left} segments left")]
    EnRoute {
        /// How many of the route's nodes are still to be visited.
        segments_left: u8,
    },
    /// The IPv6 packet has an option that is not known here, and whose type has it discarded then (RFC 8200 §4.2). The home address
    /// is one: without a binding it must be dropped (RFC 6275 §9.3.1).
    #[error("the outer packet has the IPv6 option {kind}, which is not known here and may not be passed over")]
    UnknownOption {
        /// The option's type.
        kind: Ipv6OptionType,
    },
    /// The datagram is for another port.
    #[error("not the tunnel's: the UDP port is {port}, it must be {expected}")]
    OtherPort {
        /// The datagram's destination port.
        port: u16,
        /// The tunnel's.
        expected: u16,
    },
    /// The packet's source or destination is none of the tunnel's ends.
    #[error("not the tunnel's: it goes from {source_address} to {destination}")]
    OtherEnds {
        /// Where it came from.
        source_address: IpAddr,
        /// Where it went to.
        destination: IpAddr,
    },
    /// The outer IPv4, UDP or GRE checksum is wrong, or UDP's is zero over IPv6 where that was not allowed (RFC 6935 §5).
    #[error("the outer {layer} checksum {checksum:#06x} is wrong")]
    Checksum {
        /// Whose checksum it is.
        layer: LayerName,
        /// The checksum as it stands in the header.
        checksum: u16,
    },
}

/// What is common to outer IPv4 and IPv6.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OuterIp<'p> {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) traffic_class: u8,
    pub(crate) ttl: u8,
    pub(crate) protocol: IpProtocol,
    pub(crate) packet: &'p [u8],
    pub(crate) payload: &'p [u8],
    pub(crate) pseudo: PseudoHeader,
}

/// The IP packet in an outer Ethernet frame, with VLAN tags or without, up to what it carries.
#[inline]
pub(crate) fn outer_frame(frame: &[u8], checksum: OuterChecksum) -> Result<OuterIp<'_>, OuterError> {
    let ethernet = EthernetFrame::parse(frame)?;
    let (mut ether_type, mut payload) = (ethernet.ether_type(), ethernet.into_payload());
    while ether_type.is_vlan() {
        let tag = VlanTag::parse(payload)?;
        (ether_type, payload) = (tag.ether_type(), tag.into_payload());
    }
    match ether_type {
        EtherType::IPV4 => outer_ipv4(payload, checksum),
        EtherType::IPV6 => outer_ipv6(payload),
        ether_type => Err(OuterError::NotIp { ether_type }),
    }
}

/// An outer IP packet, no fragment, up to what it carries.
#[inline]
pub(crate) fn outer_ip(packet: &[u8], checksum: OuterChecksum) -> Result<OuterIp<'_>, OuterError> {
    match crate::ip::version(packet)? {
        Version::V4 => outer_ipv4(packet, checksum),
        Version::V6 => outer_ipv6(packet),
    }
}

#[inline]
fn outer_ipv4(packet: &[u8], checksum: OuterChecksum) -> Result<OuterIp<'_>, OuterError> {
    let ip = whole_ipv4(packet)?;
    if checksum != OuterChecksum::Ignored && !ip.checksum_is_valid() {
        return Err(OuterError::Checksum { layer: LayerName::IPV4, checksum: ip.checksum() });
    }
    if ip.is_fragment() {
        return Err(OuterError::Fragment);
    }
    Ok(OuterIp {
        source: ip.source().into(),
        destination: ip.destination().into(),
        traffic_class: ip.traffic_class(),
        ttl: ip.ttl(),
        protocol: ip.protocol(),
        packet: without(packet, ip.trailer()),
        payload: ip.into_payload(),
        pseudo: ip.header().pseudo_header(),
    })
}

#[inline]
fn outer_ipv6(packet: &[u8]) -> Result<OuterIp<'_>, OuterError> {
    let ip = whole_ipv6(packet)?;
    let (protocol, payload) = match ip.next_header() {
        next if is_extension(next) => behind_extensions(next, ip.into_payload())?,
        protocol => (protocol, ip.into_payload()),
    };
    Ok(OuterIp {
        source: ip.source().into(),
        destination: ip.destination().into(),
        traffic_class: ip.traffic_class(),
        ttl: ip.hop_limit(),
        protocol,
        packet: without(packet, ip.trailer()),
        payload,
        // It is whole: the extensions need not be walked again to say so.
        pseudo: ip.header().pseudo_header(IpProtocol::UDP),
    })
}

/// The bytes of a packet without what stands behind it.
#[inline(always)]
pub(crate) fn without<'p>(bytes: &'p [u8], trailer: &[u8]) -> &'p [u8] {
    bytes.get(..bytes.len().saturating_sub(trailer.len())).unwrap_or(bytes)
}

/// A packet that says how long it is. What a network card had yet to segment does not, and no wire has carried it.
#[inline(always)]
pub(crate) fn whole_ipv4(packet: &[u8]) -> Result<Ipv4Packet<&[u8]>, Error> {
    let ip = Ipv4Packet::parse(packet)?;
    if ip.is_unsegmented() {
        return Err(unsaid(LayerName::IPV4, "total length", ipv4::HEADER_LEN as u32));
    }
    Ok(ip)
}

/// The same of IPv6.
#[inline(always)]
pub(crate) fn whole_ipv6(packet: &[u8]) -> Result<Ipv6Packet<&[u8]>, Error> {
    match packet {
        [_, _, _, _, 0, 0, ..] => jumbogram(packet),
        _ => Ipv6Packet::parse(packet),
    }
}

/// Beside a jumbogram, what says 0 says nothing.
#[cold]
fn jumbogram(packet: &[u8]) -> Result<Ipv6Packet<&[u8]>, Error> {
    let ip = Ipv6Packet::parse(packet)?;
    if ip.is_unsegmented() {
        return Err(unsaid(LayerName::IPV6, "payload length", 1));
    }
    Ok(ip)
}

#[cold]
fn unsaid(layer: LayerName, field: &'static str, least: u32) -> Error {
    Error::Malformed { layer, field, value: 0, rule: Rule::AtLeast(least) }
}

/// What an IPv6 packet carries behind its extension headers, which are taken as RFC 8200 §4 has its destination take them.
#[cold]
fn behind_extensions(first: IpProtocol, payload: &[u8]) -> Result<(IpProtocol, &[u8]), OuterError> {
    let mut extensions = Extensions::new(first, payload);
    let mut is_first = true;
    for extension in &mut extensions {
        match extension? {
            // RFC 8200 §4: it stands behind the fixed header or is not recognised.
            Extension::HopByHop(_) if !is_first => {
                return Err(OuterError::OtherProtocol { protocol: IpProtocol::HOP_BY_HOP });
            }
            Extension::HopByHop(header) => check_options(&header, &[Ipv6OptionType::JUMBO_PAYLOAD])?,
            Extension::DestinationOptions(header) => check_options(&header, &[])?,
            // RFC 8200 §4.4: with no segment left it is passed over, whatever its type.
            //= RFC 8504 §5.2/type-0
            Extension::Routing(routing) if routing.segments_left() > 0 => {
                return Err(OuterError::EnRoute { segments_left: routing.segments_left() });
            }
            Extension::Routing(_) => {}
            // RFC 6946: an atomic one is a whole packet.
            //= RFC 8504 §5.1/atomic, §5.2/first-fragment
            Extension::Fragment(fragment) if !fragment.is_atomic() => return Err(OuterError::Fragment),
            Extension::Fragment(_) => {}
            // As in IPv4: nobody here has the keys.
            Extension::Authentication(_) => {
                return Err(OuterError::OtherProtocol { protocol: IpProtocol::AUTHENTICATION });
            }
        }
        is_first = false;
    }
    let upper = extensions.upper_layer()?;
    Ok((upper.protocol, upper.payload))
}

/// RFC 8200 §4.2: the top bits of an option that is not known tell whether it is passed over.
fn check_options(header: &Ipv6OptionsHeader<&[u8]>, known: &[Ipv6OptionType]) -> Result<(), OuterError> {
    //= RFC 6275 §9.3.1/unbound
    //= RFC 8504 §5.2/options
    for option in header.options() {
        let kind = option?.kind();
        if kind.if_unknown() != UnknownOptionAction::Skip && !known.contains(&kind) {
            return Err(OuterError::UnknownOption { kind });
        }
    }
    Ok(())
}

impl UdpDecapsulator {
    /// Takes packets to this UDP port, and does not look at the checksums.
    #[must_use]
    pub const fn new(port: u16) -> Self {
        Self { port, checksum: OuterChecksum::Ignored }
    }

    /// Takes packets to this UDP port.
    #[must_use]
    pub const fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Takes the checksums so.
    #[must_use]
    pub const fn checksum(self, checksum: OuterChecksum) -> Self {
        Self { checksum, ..self }
    }

    /// Takes apart an outer Ethernet frame, with VLAN tags or without.
    ///
    /// # Errors
    /// Why it is none of the tunnel's: every variant of [`OuterError`] but [`OuterError::OtherEnds`].
    pub fn decapsulate<'p>(&self, frame: &'p [u8]) -> Result<OuterDatagram<'p>, OuterError> {
        self.take_apart(outer_frame(frame, self.checksum)?)
    }

    /// Takes apart an outer IP packet, as a raw socket gives it.
    ///
    /// # Errors
    /// As [`decapsulate`](Self::decapsulate).
    pub fn decapsulate_ip<'p>(&self, packet: &'p [u8]) -> Result<OuterDatagram<'p>, OuterError> {
        self.take_apart(outer_ip(packet, self.checksum)?)
    }

    #[inline(always)]
    fn take_apart<'p>(&self, outer: OuterIp<'p>) -> Result<OuterDatagram<'p>, OuterError> {
        let OuterIp { source, destination, traffic_class, protocol, packet, payload, pseudo, .. } = outer;
        //= RFC 8504 §5.2/next-header
        if protocol != IpProtocol::UDP {
            return Err(OuterError::OtherProtocol { protocol });
        }
        let datagram = UdpDatagram::parse(payload)?;
        let (port, expected) = (datagram.destination_port(), self.port);
        //= RFC 8926 §3.3/port-not-reversed
        if port != expected {
            return Err(OuterError::OtherPort { port, expected });
        }
        let checksum = datagram.checksum();
        let is_good = match self.checksum {
            //= RFC 7348 §5/checksum-unverified
            OuterChecksum::Ignored => true,
            OuterChecksum::Verified => datagram.checksum_is_valid(&pseudo),
            //= RFC 7348 §5/checksum-zero-accepted
            OuterChecksum::VerifiedOrZero => checksum == 0 || datagram.checksum_is_valid(&pseudo),
        };
        if !is_good {
            //= RFC 7348 §5/checksum-wrong
            return Err(OuterError::Checksum { layer: LayerName::UDP, checksum });
        }
        let source_port = datagram.source_port();
        let payload = datagram.into_payload();
        Ok(OuterDatagram { packet, payload, source_port, source, destination, traffic_class })
    }
}

/// Where `part`, a piece of `whole`, stands in it.
#[inline]
#[must_use]
pub fn range_in(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    start..start.saturating_add(part.len())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use crate::udp::UdpChecksum;

    const A4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
    const B4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
    const A6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    const B6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
    const TUNNEL: [u8; 8] = [8, 0, 0, 0, 0, 0, 1, 0];

    /// The template gives what the builders give, header by header.
    #[test]
    fn equals_the_headers_built_one_by_one() {
        //= RFC 7348 §4.3/no-fragments, §5/checksum-zero-sent
        let inner = [7; 101];
        for checksum in [false, true] {
            let outer = Outer::ipv4(A4, B4).ethernet(MacAddr([2; 6]), MacAddr([4; 6])).ttl(7).traffic_class(0xba);
            let outer = outer.source_ports(SourcePorts::new(50_000, 50_000));
            let template = UdpTemplate::new(&outer.checksum(checksum), 4789, TUNNEL);
            assert_eq!(template.overhead(), 50);
            let mut buffer = [0; 151];
            let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
            template.encapsulate_with(&mut packet, 0.into()).unwrap();

            let mut expected = [0; 151];
            let mut built = Headroom::with_payload(&mut expected, &inner).unwrap();
            built.prepend_bytes(LayerName::PACKET, &TUNNEL).unwrap();
            let mut ip = Ipv4Header::new(A4, B4, IpProtocol::UDP);
            ip.set_ttl(7);
            ip.set_dscp(0xba >> 2);
            let sum = if checksum { UdpChecksum::Computed(ip.pseudo_header()) } else { UdpChecksum::Zero };
            UdpHeader::new(50_000, 4789).prepend(&mut built, sum).unwrap();
            ip.prepend(&[], &mut built).unwrap();
            EthernetHeader::new(MacAddr([4; 6]), MacAddr([2; 6]), EtherType::IPV4).prepend(&mut built).unwrap();
            assert_eq!(packet.packet(), built.packet());

            let template = UdpTemplate::new(
                &Outer::ipv6(A6, B6).checksum(checksum).flow_label(5).source_ports(SourcePorts::new(50_000, 50_000)),
                8472,
                TUNNEL,
            );
            assert_eq!(template.overhead(), 56);
            let mut packet = Headroom::with_payload(&mut buffer, &inner[..95]).unwrap();
            template.encapsulate_with(&mut packet, 0.into()).unwrap();
            let ip = Ipv6Packet::parse(packet.packet()).unwrap();
            assert_eq!((ip.source(), ip.destination(), ip.flow_label(), ip.hop_limit()), (A6, B6, 5, 64));
            let datagram = UdpDatagram::parse(ip.payload()).unwrap();
            assert_eq!((datagram.source_port(), datagram.destination_port()), (50_000, 8472));
            assert_eq!(datagram.checksum() != 0, checksum);
            assert_eq!(datagram.checksum_is_valid(&ip.pseudo_header(IpProtocol::UDP)), checksum);
            assert_eq!(datagram.payload()[..8], TUNNEL);
        }
    }

    /// An outer IPv6 packet to port 4789 with these extension headers, the UDP checksum over these two addresses.
    fn behind(first: u8, extensions: &[u8], source: Ipv6Addr, destination: Ipv6Addr) -> std::vec::Vec<u8> {
        let mut buffer = std::vec![0; 40 + extensions.len() + 8 + 8];
        let mut packet = Headroom::with_payload(&mut buffer, &TUNNEL).unwrap();
        let pseudo = PseudoHeader::ipv6(source, destination, IpProtocol::UDP);
        UdpHeader::new(50_000, 4789).prepend(&mut packet, UdpChecksum::Computed(pseudo)).unwrap();
        packet.prepend_bytes(LayerName::PACKET, extensions).unwrap();
        Ipv6Header::new(A6, B6, IpProtocol(first)).prepend(&mut packet).unwrap();
        buffer
    }

    fn take(packet: &[u8]) -> Result<&[u8], OuterError> {
        let check = UdpDecapsulator::new(4789).checksum(OuterChecksum::Verified);
        check.decapsulate_ip(packet).map(|datagram| datagram.payload)
    }

    /// RFC 8200 §4.5: of a first fragment too the rest is missing, though its UDP length fits; an atomic one is whole (RFC 6946).
    #[test]
    fn ipv6_fragments() {
        //= RFC 8504 §5.1/atomic, §5.2/first-fragment
        assert_eq!(take(&behind(44, &[17, 0, 0, 1, 0, 0, 0, 7], A6, B6)), Err(OuterError::Fragment));
        assert_eq!(take(&behind(44, &[17, 0, 0, 8, 0, 0, 0, 7], A6, B6)), Err(OuterError::Fragment));
        // RFC 7112 §5: and one that ends before its chain does, which destination options of 2048 bytes were to go on with.
        assert_eq!(take(&behind(44, &[60, 0, 0, 1, 0, 0, 0, 7, 17, 255], A6, B6)), Err(OuterError::Fragment));
        assert_eq!(take(&behind(44, &[17, 0, 0, 0, 0, 0, 0, 7], A6, B6)), Ok(&TUNNEL[..]));
    }

    /// RFC 8200 §4.4: with a segment left the packet is not at its destination, whichever address its sum is over; RFC 5095: nor is it
    /// with a route of type 0. With none left the header is passed over.
    #[test]
    fn outer_routing_headers() {
        //= RFC 8504 §5.2/type-0
        for kind in [0, 2, 4] {
            let routing = |segments_left| {
                let mut header = std::vec![17, 2, kind, segments_left, 0, 0, 0, 0];
                header.extend(Ipv6Addr::LOCALHOST.octets());
                header
            };
            for destination in [B6, Ipv6Addr::LOCALHOST] {
                let packet = behind(43, &routing(1), A6, destination);
                assert_eq!(take(&packet), Err(OuterError::EnRoute { segments_left: 1 }), "type {kind}");
            }
            assert_eq!(take(&behind(43, &routing(0), A6, B6)), Ok(&TUNNEL[..]), "type {kind}");
        }
    }

    /// RFC 8200 §4.2: what is not known is passed over if its top two bits are zero, and else the packet is discarded. RFC 6275 §9.3.1:
    /// so it is with a home address that nobody has bound, be the sum over it right.
    #[test]
    fn outer_options() {
        //= RFC 6275 §9.3.1/unbound
        //= RFC 8504 §5.2/options
        let options = |kind: u8| [17, 0, kind, 2, 0, 0, 1, 0];
        for header in [0, 60] {
            for kind in [0x5e, 0x9e, 0xde] {
                let unknown = Err(OuterError::UnknownOption { kind: Ipv6OptionType(kind) });
                assert_eq!(take(&behind(header, &options(kind), A6, B6)), unknown);
            }
            assert_eq!(take(&behind(header, &options(0x1e), A6, B6)), Ok(&TUNNEL[..]));
            // RFC 2473 §4.1.1's limit, as Linux sends it.
            assert_eq!(take(&behind(header, &[17, 0, 4, 1, 4, 1, 1, 0], A6, B6)), Ok(&TUNNEL[..]));
            // An option past the header's end.
            let cut = Error::Truncated { layer: LayerName::IPV6_OPTION, needed: 8, available: 6 };
            assert_eq!(take(&behind(header, &[17, 0, 4, 6, 4, 1, 1, 0], A6, B6)), Err(cut.into()));
        }
        let mut home = std::vec![17, 2, 1, 2, 0, 0, 0xc9, 16];
        home.extend(Ipv6Addr::LOCALHOST.octets());
        let unknown = Err(OuterError::UnknownOption { kind: Ipv6OptionType::HOME_ADDRESS });
        assert_eq!(take(&behind(60, &home, Ipv6Addr::LOCALHOST, B6)), unknown);
        // RFC 8200 §4: hop-by-hop options are not recognised elsewhere; and an authentication header is not looked through.
        let other = |protocol| Err(OuterError::OtherProtocol { protocol });
        let not_first = [[0, 0, 1, 4, 0, 0, 0, 0], [17, 0, 1, 4, 0, 0, 0, 0]].concat();
        assert_eq!(take(&behind(60, &not_first, A6, B6)), other(IpProtocol::HOP_BY_HOP));
        let authentication = [17, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0];
        assert_eq!(take(&behind(51, &authentication, A6, B6)), other(IpProtocol::AUTHENTICATION));
    }

    /// RFC 8504 §5.2: a next header that nobody knows, here 253 (RFC 3692's, for experiments), is not looked behind, wherever it stands.
    #[test]
    fn outer_next_headers_that_are_not_known() {
        //= RFC 8504 §5.2/next-header
        let unknown = Err(OuterError::OtherProtocol { protocol: IpProtocol(253) });
        assert_eq!(take(&behind(253, &[], A6, B6)), unknown);
        assert_eq!(take(&behind(253, &[17, 0, 1, 4, 0, 0, 0, 0], A6, B6)), unknown);
        assert_eq!(take(&behind(60, &[253, 0, 1, 4, 0, 0, 0, 0], A6, B6)), unknown);
    }

    #[test]
    fn with_and_without_a_link_layer() {
        let ethernet = Outer::ipv6(A6, B6).ethernet(MacAddr([2; 6]), MacAddr([4; 6]));
        assert_eq!(UdpTemplate::new(&ethernet, 1, TUNNEL).overhead(), 70);
        assert_eq!((ethernet.len(), Outer::ipv4(A4, B4).len()), (62, 28));
        let mut buffer = [0; 36];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        UdpTemplate::new(&Outer::ipv4(A4, B4), 1, TUNNEL).encapsulate_with(&mut packet, 0.into()).unwrap();
        let ip = Ipv4Packet::parse(packet.packet()).unwrap();
        assert!(ip.checksum_is_valid() && ip.dont_fragment());
        let mut buffer = [0; 70];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        UdpTemplate::new(&ethernet, 1, TUNNEL).encapsulate_with(&mut packet, 0.into()).unwrap();
        let frame = EthernetFrame::parse(packet.packet()).unwrap();
        assert_eq!((frame.source(), frame.ether_type()), (MacAddr([2; 6]), EtherType::IPV6));
        assert!(Outer::ip(A4.into(), B6.into()).is_none());
    }

    /// Over IPv4 20 and 8 bytes, over IPv6 40 and 8, the tunnel's header and the inner Ethernet header of 14.
    /// A tunnel header that no packet could carry takes all there is, in every build.
    #[test]
    fn mtus_of_what_is_too_long() {
        assert_eq!(Underlay::Ipv4.overhead(65_500), u16::MAX);
        assert_eq!([1500, u16::MAX].map(|mtu| Underlay::Ipv6.inner_mtu(mtu, u16::MAX)), [None; 2]);
        assert_eq!(Underlay::Ipv4.inner_mtu(u16::MAX, 65_492), Some(1), "65535 less 42 and 65492");
    }

    #[test]
    fn mtus() {
        //= RFC 7348 §4.3/mtu
        for (underlay, overhead) in [(Underlay::Ipv4, 50), (Underlay::Ipv6, 70)] {
            assert_eq!(underlay.overhead(8), overhead);
            assert_eq!(underlay.inner_mtu(1500, 8), Some(1500 - overhead));
            assert_eq!(underlay.underlay_mtu(1500, 8), 1500 + u32::from(overhead));
            assert_eq!(underlay.underlay_mtu(u16::MAX, 8), 65_535 + u32::from(overhead));
            let smallest = [overhead - 1, overhead, overhead + 1].map(|mtu| underlay.inner_mtu(mtu, 8));
            assert_eq!(smallest, [None, None, Some(1)]);
            // No header is so long, but any number can be given.
            assert_eq!((underlay.overhead(u16::MAX), underlay.inner_mtu(u16::MAX, u16::MAX)), (u16::MAX, None));
            assert_eq!(underlay.underlay_mtu(u16::MAX, u16::MAX), 2 * 65_535 + u32::from(overhead) - 8);
        }
    }

    /// An inner packet that makes the outer length exceed 65535: an error, and nothing is written.
    #[test]
    fn too_long_or_no_room_writes_nothing() {
        let mut buffer = std::vec![7; 70_000];
        let template = UdpTemplate::new(&Outer::ipv4(A4, B4), 1, TUNNEL);
        let mut packet = Headroom::new(&mut buffer, 65_535 - 35).unwrap();
        let (field, value, rule) = ("total length", 65_536, Rule::AtMost(65_535));
        let refused = Error::Unbuildable { layer: LayerName::IPV4, field, value, rule };
        assert_eq!(template.encapsulate_with(&mut packet, 0.into()), Err(refused));
        let mut packet = Headroom::new(&mut buffer, 65_535 - 36).unwrap();
        assert_eq!(template.encapsulate_with(&mut packet, 0.into()), Ok(()));

        let template = UdpTemplate::new(&Outer::ipv6(A6, B6), 1, TUNNEL);
        let mut packet = Headroom::new(&mut buffer, 65_535 - 15).unwrap();
        let refused = Error::Unbuildable { layer: LayerName::IPV6, field: "payload length", value, rule };
        assert_eq!(template.encapsulate_with(&mut packet, 0.into()), Err(refused));
        let mut packet = Headroom::new(&mut buffer[..57], 2).unwrap();
        let no_room = Error::NoRoom { layer: LayerName::UDP, needed: 56, available: 55 };
        assert_eq!(template.encapsulate_with(&mut packet, 0.into()), Err(no_room));
        assert_eq!(buffer[..57].iter().filter(|byte| **byte != 7).count(), 0);
    }

    /// What most frames are, with each template: a UDP datagram over IPv4. Its flow's number is 0xbaf677e9, for both directions 0x9b46850d, as
    /// `tests/fields.rs` has it of other code; the upper 14 bits of it and c000 are eebd and e6d1.
    #[test]
    fn around_a_plain_frame() {
        let frame = [
            4, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 24, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51,
            100, 2, 0x12, 0x34, 0x56, 0x78,
        ];
        let around = |outer: Outer| {
            let template = UdpTemplate::new(&outer, 4789, TUNNEL);
            let mut buffer = [0; 108];
            let mut packet = Headroom::with_payload(&mut buffer, &frame).unwrap();
            template.encapsulate_frame(&mut packet).unwrap();
            let (headers, inner) = packet.packet().split_at(packet.len() - frame.len());
            assert_eq!((headers.len(), inner), (template.overhead(), &frame[..]));
            headers.to_vec()
        };
        let (v4, v6) = (Outer::ipv4(A4, B4), Outer::ipv6(A6, B6));
        let (source, destination) = (MacAddr([2; 6]), MacAddr([4; 6]));
        // By hand: 4500, 004a, 4000, 4011 and the addresses come to 4960 folded.
        let ip = [0x45, 0, 0, 74, 0, 0, 0x40, 0, 64, 17, 0xb6, 0x9f, 192, 0, 2, 1, 192, 0, 2, 2];
        let udp = |port: [u8; 2]| [&port[..], &[0x12, 0xb5, 0, 54, 0, 0], &TUNNEL].concat();
        let link = [4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 8, 0];
        assert_eq!(around(v4.ethernet(source, destination)), [&link[..], &ip, &udp([0xee, 0xbd])].concat());
        assert_eq!(around(v4.ethernet(source, destination).symmetric()), [&link[..], &ip, &udp([0xe6, 0xd1])].concat());
        assert_eq!(around(v4), [&ip[..], &udp([0xee, 0xbd])].concat());
        let ip = [&[0x60, 0, 0, 0, 0, 54, 17, 64][..], &A6.octets(), &B6.octets()].concat();
        let link = [4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 0x86, 0xdd];
        let (plain, symmetric) = (udp([0xee, 0xbd]), udp([0xe6, 0xd1]));
        let outer = v6.checksum(false);
        assert_eq!(around(outer.ethernet(source, destination)), [&link[..], &ip, &plain].concat());
        assert_eq!(around(outer.symmetric()), [&ip[..], &symmetric].concat());
    }

    /// IEEE 802.1Q, 802.1ad: tags in front of the outer packet are looked through; and what is no IP, or for another port.
    #[test]
    fn behind_tags() {
        let mut buffer = [0; 36];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        let outer = Outer::ipv4(A4, B4).traffic_class(0xb8).source_ports(SourcePorts::new(50_000, 50_000));
        UdpTemplate::new(&outer, 4789, TUNNEL).encapsulate_with(&mut packet, 0.into()).unwrap();
        let check = UdpDecapsulator::new(4790).port(4789);
        for tags in [&[][..], &[0x81, 0, 0, 7], &[0x88, 0xa8, 0, 7, 0x81, 0, 0, 9]] {
            let mut frame = [&[2; 12][..], tags, &[8, 0], &buffer].concat();
            let found = check.decapsulate(&frame).unwrap();
            let expected = OuterDatagram {
                packet: &buffer,
                payload: &TUNNEL,
                source_port: 50_000,
                source: A4.into(),
                destination: B4.into(),
                traffic_class: 0xb8,
            };
            assert_eq!(found, expected);
            assert_eq!(range_in(&frame, found.payload), frame.len() - 8..frame.len());
            let other = OuterError::OtherPort { port: 4789, expected: 4790 };
            assert_eq!(UdpDecapsulator::new(4790).decapsulate(&frame), Err(other));
            frame[13 + tags.len()] = 6;
            let not_ip = OuterError::NotIp { ether_type: EtherType::ARP };
            frame[12 + tags.len()] = 8;
            assert_eq!(check.decapsulate(&frame), Err(not_ip));
        }
    }

    /// The frame's EtherType says which IP it is, and the IP packet how long: 0 is what a network card was to segment.
    #[test]
    fn ip_as_it_is_announced() {
        let macs = (MacAddr([2; 6]), MacAddr([4; 6]));
        let frame = |outer: Outer| {
            let template = UdpTemplate::new(&outer.ethernet(macs.0, macs.1), 4789, TUNNEL);
            let mut buffer = std::vec![0; template.overhead() + 8];
            let mut packet = Headroom::new(&mut buffer, 8).unwrap();
            template.encapsulate_with(&mut packet, 0.into()).unwrap();
            buffer
        };
        let refused = |frame: &[u8]| UdpDecapsulator::new(4789).decapsulate(frame).unwrap_err();
        let malformed = |layer, field, value, rule| OuterError::Packet(Error::Malformed { layer, field, value, rule });
        let (v4, v6) = (frame(Outer::ipv4(A4, B4)), frame(Outer::ipv6(A6, B6)));
        for (good, ether_type, layer, value, rule) in [
            (&v4, [0x86, 0xdd], LayerName::IPV6, 4, Rule::Exactly(6)),
            (&v6, [8, 0], LayerName::IPV4, 6, Rule::Exactly(4)),
        ] {
            let mut frame = good.clone();
            frame[12..14].copy_from_slice(&ether_type);
            assert_eq!(refused(&frame), malformed(layer, "version", value, rule));
        }
        for (good, at, layer, field, least) in
            [(&v4, 16, LayerName::IPV4, "total length", 20), (&v6, 18, LayerName::IPV6, "payload length", 1)]
        {
            let mut frame = good.clone();
            frame[at..at + 2].fill(0);
            assert_eq!(refused(&frame), malformed(layer, field, 0, Rule::AtLeast(least)));
            assert!(UdpDecapsulator::new(4789).decapsulate(good).is_ok());
        }
    }

    /// RFC 6438 §3: packets of a flow have one label, flows have several; the caller's own otherwise. By hand: the port is 50 317, and
    /// times 9e3779b1 that is 9db98… in 32 bits.
    #[test]
    fn a_flow_label_for_each_flow() {
        //= RFC 6438 §3/label, §3/same
        //= RFC 8504 §5.1/flow-label
        let label = |outer: Outer, entropy: u32| {
            let mut buffer = [0; 56];
            let mut packet = Headroom::new(&mut buffer, 0).unwrap();
            UdpTemplate::new(&outer, 4789, TUNNEL).encapsulate_with(&mut packet, entropy.into()).unwrap();
            Ipv6Packet::parse(packet.packet()).unwrap().flow_label()
        };
        let outer = Outer::ipv6(A6, B6).flow_label(7);
        assert_eq!([label(outer, 0x1234_5678), label(outer.label_by_flow(), 0x1234_5678)], [7, 0x9db98]);
        assert_ne!(label(outer.label_by_flow(), 0x1238_5678), 0x9db98, "the next port");
        assert_eq!(label(outer.label_by_flow().flow_label(9), 5), 9);
        // RFC 6438 §3: spread evenly. 1024 neighbouring ports fall into 64 buckets, by the label's upper bits and by its lower ones.
        //= RFC 6438 §3/uniform
        let (mut upper, mut lower) = ([0; 64], [0; 64]);
        for port in 0..1024 {
            // A port is the entropy's upper 14 bits.
            let label = label(outer.label_by_flow(), port << 18);
            assert!((1..=0xf_ffff).contains(&label));
            upper[label as usize >> 14] += 1;
            lower[label as usize & 63] += 1;
        }
        assert!(upper.iter().chain(&lower).all(|count| (1..=64).contains(count)), "{upper:?} {lower:?}");
    }

    /// RFC 6040 §4.1: ECN is the inner packet's, or zero: around what is not capable of it, around what has none (ARP), and where nothing
    /// is copied.
    #[test]
    fn ecn_is_copied_or_zero() {
        //= RFC 6040 §4.1/normal, §4.1/compatibility
        let frame = |ether_type: [u8; 2], class: u8| {
            let mut frame = [0; 34];
            frame[12..14].copy_from_slice(&ether_type);
            frame[14..16].copy_from_slice(&[0x45, class]);
            frame
        };
        let (arp, not_capable, capable) = (frame([8, 6], 2), frame([8, 0], 0x28), frame([8, 0], 0x29));
        for (mode, classes) in [
            (ClassMode::Fixed, [0xb8, 0xb8, 0xb8]),
            (ClassMode::CopyEcn, [0xb8, 0xb8, 0xb9]),
            (ClassMode::CopyAll, [0xb8, 0x28, 0x29]),
        ] {
            for outer in [Outer::ipv4(A4, B4), Outer::ipv6(A6, B6)] {
                let template = UdpTemplate::new(&outer.traffic_class(0xba).class_mode(mode), 4789, TUNNEL);
                let class_around = |inner: &[u8; 34]| {
                    let mut buffer = [0; 100];
                    let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
                    template.encapsulate_frame(&mut packet).unwrap();
                    UdpDecapsulator::new(4789).decapsulate_ip(packet.packet()).unwrap().traffic_class
                };
                assert_eq!([arp, not_capable, capable].map(|inner| class_around(&inner)), classes, "{mode:?}");
                // The same of the packets alone.
                let classes_of = [&not_capable[14..], &capable[14..]].map(|inner| {
                    let mut buffer = [0; 100];
                    let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
                    template.encapsulate_ip(&mut packet).unwrap();
                    UdpDecapsulator::new(4789).decapsulate_ip(packet.packet()).unwrap().traffic_class
                });
                assert_eq!(classes_of, classes[1..], "{mode:?}");
            }
        }
    }

    /// RFC 1122 §3.2.1.2: a host verifies the IPv4 header's checksum, where nobody has done so for it.
    #[test]
    fn the_ipv4_headers_checksum() {
        let mut buffer = [0; 36];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        UdpTemplate::new(&Outer::ipv4(A4, B4), 4789, TUNNEL).encapsulate_with(&mut packet, 0.into()).unwrap();
        let check = UdpDecapsulator::new(4789);
        let all = [OuterChecksum::Ignored, OuterChecksum::Verified, OuterChecksum::VerifiedOrZero];
        assert_eq!(all.map(|how| check.checksum(how).decapsulate_ip(&buffer).is_ok()), [true; 3]);
        buffer[8] -= 1;
        let checksum = u16::from_be_bytes([buffer[10], buffer[11]]);
        let wrong = OuterError::Checksum { layer: LayerName::IPV4, checksum };
        assert_eq!(all.map(|how| check.checksum(how).decapsulate_ip(&buffer).err()), [None, Some(wrong), Some(wrong)]);
    }

    /// A question and its answer, in the same tunnel: one source port where that is asked for.
    #[test]
    fn both_directions_have_one_port() {
        let packet = |ports: [u8; 4], ends: [[u8; 4]; 2]| {
            let mut packet = Ipv4Header::new(ends[0].into(), ends[1].into(), IpProtocol::UDP).as_bytes().to_vec();
            packet.extend(ports);
            packet
        };
        let (a, b) = ([10, 244, 1, 2], [10, 244, 2, 3]);
        let port = |outer: Outer, inner: &[u8]| {
            let template = UdpTemplate::new(&outer, 4789, [0_u8; 8]);
            let mut buffer = [0; 128];
            let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
            template.encapsulate_ip(&mut packet).unwrap();
            u16::from_be_bytes([packet.packet()[20], packet.packet()[21]])
        };
        let (question, answer) = (packet([0x9c, 0x40, 0, 53], [a, b]), packet([0, 53, 0x9c, 0x40], [b, a]));
        let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert_eq!(port(outer.symmetric(), &question), port(outer.symmetric(), &answer));
        assert_ne!(port(outer, &question), port(outer, &answer));
    }

    #[test]
    fn source_ports() {
        for (ports, first, last) in [
            (SourcePorts::RFC_7348, 49_152, 65_535),
            (SourcePorts::RFC_8926, 0, 65_535),
            (SourcePorts::LINUX, 32_768, 60_999),
            (SourcePorts::new(7, 7), 7, 7),
        ] {
            assert_eq!((ports.pick(0), ports.pick(u32::MAX)), (first, last));
        }
        assert_eq!(SourcePorts::RFC_8926.pick(0x1234_5678), 0x1234);
        assert_eq!(SourcePorts::new(9, 1), SourcePorts::new(1, 9));
    }
}
