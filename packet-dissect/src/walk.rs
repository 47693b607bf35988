//! The walk through a packet's layers.

use core::ops::Range;

use ether_ip::arista::{AristaHeader, AristaTimestamp};
use ether_ip::arp::ArpPacket;
use ether_ip::capture_link::{BsdLoopbackPacket, LinuxCooked2Packet, LinuxCookedPacket};
use ether_ip::esp::{EspInUdp, EspPacket};
use ether_ip::ethernet::{EtherType, EthernetFrame};
use ether_ip::gre::GrePacket;
use ether_ip::gtp_u::{self, GtpUPacket, GtpUType};
use ether_ip::icmpv4::Icmpv4Packet;
use ether_ip::icmpv6::Icmpv6Packet;
use ether_ip::igmp::{IgmpMessage, IgmpPacket};
use ether_ip::ip::{IpProtocol, Version, version};
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::{IpAuthentication, Ipv6Fragment, Ipv6OptionsHeader, Ipv6Routing};
use ether_ip::llc::{LlcPdu, SnapPdu};
use ether_ip::mld::MldMessage;
use ether_ip::mpls::{MplsPayload, MplsStack, guess_payload};
use ether_ip::multicast::GroupRecords;
use ether_ip::ndp::{NdpMessage, NdpOption};
use ether_ip::nflog::NflogPacket;
use ether_ip::ppp::{CiscoHdlcHeader, CiscoHdlcPacket, PppPacket, PppoePacket};
use ether_ip::service_instance::ServiceInstanceTag;
use ether_ip::sflow::SflowDatagram;
use ether_ip::tcp::{TcpSegment, TcpStart};
use ether_ip::udp::UdpDatagram;
use ether_ip::view::take_header;
use ether_ip::vlan::VlanTag;
use ether_ip::vn_tag::VnTag;
use ether_ip::wireguard::WireGuardMessage;
use flannel_udp_codec::FlannelFrame;
use geneve_codec::GenevePacket;
use vxlan_codec::VxlanPacket;
use vxlan_codec::gpe::GpePacket;
use weave_codec::SleevePacket;

use crate::bgp::{BgpMessages, BmpMessages};
use crate::{Layer, LinkType, TcpProtocol, Tunnel, Tunnels};

/// How many layers a walk goes through before it gives up: more than any packet that means well has.
pub const MAX_LAYERS: usize = 256;

/// Why a walk ended before the packet's last layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A layer is truncated or malformed.
    #[error("at byte {offset}: {error}")]
    Layer {
        /// Where in the captured bytes the layer begins.
        offset: usize,
        /// What is wrong with it.
        error: ether_ip::Error,
    },
    /// The packet is nested deeper than a walk goes.
    #[error("at byte {offset}: nested too deep, the walk ends after {MAX_LAYERS} layers")]
    TooDeep {
        /// Where in the captured bytes the next layer begins.
        offset: usize,
    },
}

/// What the iterator yields. Every reading function makes it whole, so that a layer is written once, where it is wanted.
type Step<'a> = Option<Result<Layer<'a>, Error>>;

/// What was parsed; or the walk fails here.
macro_rules! parsed {
    ($layers:expr, $result:expr) => {
        match $result {
            Ok(parsed) => parsed,
            Err(error) => return $layers.fail(error),
        }
    };
}

/// The layers of a packet, outermost first, with the tunnels on their default ports opened.
///
/// ```
/// use packet_dissect::{Layer, LinkType, layers};
///
/// # let bytes = [
/// #     2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0,
/// #     2, 2, 0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, b'h', b'e', b'l', b'l', b'o',
/// # ];
/// let mut names = vec![];
/// for layer in layers(LinkType::ETHERNET, &bytes) {
///     match layer? {
///         Layer::Ipv4(ip) => names.push(ip.destination().to_string()),
///         layer => names.push(layer.name().to_owned()),
///     }
/// }
/// assert_eq!(names, ["eth", "192.0.2.2", "udp", "data"]);
/// # Ok::<(), packet_dissect::Error>(())
/// ```
#[inline]
#[must_use]
pub fn layers(link_type: LinkType, bytes: &[u8]) -> Layers<'_> {
    Layers::new(link_type, bytes, Tunnels::DEFAULT)
}

/// A walk through a packet's layers: an iterator that allocates nothing.
///
/// It yields all good layers, the payload last; and then, if there was one, the error. What a capture cut short is read
/// as far as it goes, and the error, *truncated*, comes at the very end.
#[derive(Debug, Clone)]
pub struct Layers<'a> {
    whole: &'a [u8],
    rest: &'a [u8],
    next: Word,
    tunnels: Tunnels<'a>,
    /// From where the layer last yielded begins.
    current: &'a [u8],
    /// How many layers were yielded: 256 at most.
    depth: u32,
    /// The packet ends before this layer says; told when the walk is through.
    cut: Option<Error>,
    /// How many bytes of the packet on the wire stood behind those that are here.
    missing: u32,
    /// Behind a fragment header: what follows may well be shorter than it says.
    in_fragment: bool,
    /// What an ICMP error quotes, from where it begins.
    quote: Option<&'a [u8]>,
}

/// Declares [`Next`] and its form as a [`Word`]: a number for each kind, and how what it carries becomes a number and is made of one.
macro_rules! nexts {
    (
        $($kind:literal $variant:ident),*;
        $($of:literal $carrying:ident($view:ty): $value:ident => $to:expr, $number:ident => $from:expr;)*
    ) => {
        /// What the rest of the bytes is to be read as.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Next {
            $($variant,)*
            $($carrying($view),)*
        }

        impl Next {
            #[inline(always)]
            const fn word(self) -> Word {
                Word(match self {
                    $(Self::$variant => $kind << 16,)*
                    $(Self::$carrying($value) => $of << 16 | $to as u32,)*
                })
            }
        }

        impl Word {
            #[inline(always)]
            fn next(self) -> Next {
                match (self.0 >> 16, self.0 as u16) {
                    $(($kind, _) => Next::$variant,)*
                    $(($of, $number) => $from,)*
                    _ => Next::End,
                }
            }
        }
    };
}

nexts! {
    0 End,
    1 Payload,
    2 LinuxCooked,
    3 LinuxCooked2,
    4 BsdLoopback,
    5 Nflog,
    6 Ppp,
    7 Pppoe,
    8 CiscoHdlc,
    9 Ethernet,
    10 Llc,
    11 Snap,
    12 Ip;
    13 EtherType(EtherType): ether_type => ether_type.0, number => Next::EtherType(EtherType(number));
    14 Protocol(IpProtocol): protocol => protocol.0, number => Next::Protocol(IpProtocol(number as u8));
    15 Tunnel(Tunnel): tunnel => tunnel, number => Tunnel::of_number(number).map_or(Next::End, Next::Tunnel);
    16 Messages(TcpProtocol): protocol => protocol, number => TcpProtocol::of_number(number).map_or(Next::End, Next::Messages);
}

/// What comes next in one piece, the kind above and what it carries below: written in two pieces and read in one, it would have a processor
/// wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word(u32);

impl Word {
    const END: Self = Next::End.word();
    const PAYLOAD: Self = Next::Payload.word();
    const ETHERNET: Self = Next::Ethernet.word();
    const IPV4: Self = Next::EtherType(EtherType::IPV4).word();
    const IPV6: Self = Next::EtherType(EtherType::IPV6).word();
    const TCP: Self = Next::Protocol(IpProtocol::TCP).word();
    const UDP: Self = Next::Protocol(IpProtocol::UDP).word();
    const VXLAN: Self = Next::Tunnel(Tunnel::Vxlan).word();
}

impl Next {
    /// How a packet of a link type begins, if that is read.
    #[inline(always)]
    const fn of_link(link_type: LinkType) -> Option<Self> {
        Some(match link_type {
            LinkType::ETHERNET => Self::Ethernet,
            LinkType::RAW | LinkType::RAW_DLT | LinkType::RAW_OPENBSD => Self::Ip,
            LinkType::IPV4 => Self::EtherType(EtherType::IPV4),
            LinkType::IPV6 => Self::EtherType(EtherType::IPV6),
            LinkType::LINUX_SLL => Self::LinuxCooked,
            LinkType::LINUX_SLL2 => Self::LinuxCooked2,
            LinkType::NULL | LinkType::LOOP => Self::BsdLoopback,
            LinkType::NFLOG => Self::Nflog,
            LinkType::PPP | LinkType::PPP_HDLC => Self::Ppp,
            LinkType::PPP_ETHER => Self::Pppoe,
            LinkType::C_HDLC => Self::CiscoHdlc,
            _ => return None,
        })
    }
}

impl LinkType {
    /// Whether packets that begin so are walked through. Of others, all bytes are payload.
    #[must_use]
    pub const fn is_read(self) -> bool {
        Next::of_link(self).is_some()
    }
}

impl<'a> Layers<'a> {
    /// The walk through `bytes`, with a table of tunnels of the caller's.
    #[inline]
    #[must_use]
    pub fn new(link_type: LinkType, bytes: &'a [u8], tunnels: Tunnels<'a>) -> Self {
        Self::of(Next::of_link(link_type).unwrap_or(Next::Payload), bytes, tunnels)
    }

    /// The same through what an IP packet carries, behind its headers: put together from fragments, say, or opened.
    #[must_use]
    pub fn of_protocol(protocol: IpProtocol, bytes: &'a [u8], tunnels: Tunnels<'a>) -> Self {
        Self::of(Next::Protocol(protocol), bytes, tunnels)
    }

    #[inline(always)]
    const fn of(next: Next, bytes: &'a [u8], tunnels: Tunnels<'a>) -> Self {
        Self {
            whole: bytes,
            rest: bytes,
            next: next.word(),
            tunnels,
            current: bytes,
            depth: 0,
            cut: None,
            missing: 0,
            in_fragment: false,
            quote: None,
        }
    }

    /// The same of bytes behind which so many more stood on the wire, which were not captured. That is no fault of the packet: what would
    /// reach into them is read as far as it goes, and no error.
    #[inline]
    #[must_use]
    pub const fn with_missing(self, missing: usize) -> Self {
        // More than a record can say is as much as it can say.
        Self { missing: if missing > u32::MAX as usize { u32::MAX } else { missing as u32 }, ..self }
    }

    /// Where in the packet the layer last yielded stands: its header and options, without its payload. All of it, where
    /// it carries nothing further.
    #[inline]
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        offset_in(self.whole, self.current)..offset_in(self.whole, self.rest)
    }

    /// Whether the layer last yielded belongs to a packet that an ICMP error quotes.
    #[inline]
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.quote.is_some_and(|quote| self.current.as_ptr() as usize >= quote.as_ptr() as usize)
    }

    /// The bytes of the layer last yielded, with what it carries.
    #[inline]
    #[must_use]
    pub fn carried(&self) -> &'a [u8] {
        let start = offset_in(self.whole, self.current);
        self.whole.get(start..offset_in(self.whole, self.rest).saturating_add(self.rest.len())).unwrap_or_default()
    }

    /// Takes what the layer last yielded carries for payload, whatever it says: of a fragment it is a part of something.
    #[cfg(feature = "cli")]
    pub(crate) fn close(&mut self) {
        self.next = Word::PAYLOAD;
    }

    /// The bytes that are still to be read, or that an error left unread.
    #[inline]
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on with `payload`.
    #[inline(always)]
    fn follow(&mut self, next: Next, payload: &'a [u8]) {
        self.next = next.word();
        self.rest = payload;
    }

    /// Goes on with the packet that an ICMP error quotes.
    fn quote(&mut self, next: Next, quoted: &'a [u8]) {
        self.quote = Some(quoted);
        self.follow(next, quoted);
    }

    /// The layer says that it is longer than the bytes are. To be told at the end, if it is nobody's intention.
    fn cut_short(&mut self, layer: ether_ip::LayerName, available: usize, needed: usize) {
        if needed > available {
            self.note_cut(layer, available, needed);
        }
    }

    #[cold]
    fn note_cut(&mut self, layer: ether_ip::LayerName, available: usize, needed: usize) {
        if self.is_uncaptured(self.current, needed.saturating_sub(available)) {
            return;
        }
        if self.cut.is_none() && !self.in_fragment && self.quote.is_none() {
            let error = ether_ip::Error::Truncated { layer, needed, available };
            self.cut = Some(Error::Layer { offset: offset_in(self.whole, self.current), error });
        }
    }

    /// Whether so many bytes behind a layer's were not captured, for it ends where the capture of the packet does.
    fn is_uncaptured(&self, layer: &[u8], needed: usize) -> bool {
        let is_last = offset_in(self.whole, layer).saturating_add(layer.len()) == self.whole.len();
        is_last && needed <= self.missing as usize && self.missing > 0
    }

    fn read(&mut self, bytes: &'a [u8]) -> Step<'a> {
        match self.next.next() {
            Next::Ethernet => self.ethernet(bytes),
            Next::Ip => match parsed!(self, version(bytes)) {
                Version::V4 => self.ipv4(bytes),
                Version::V6 => self.ipv6(bytes),
            },
            Next::LinuxCooked => {
                let packet = parsed!(self, LinuxCookedPacket::parse(bytes));
                self.follow(Next::EtherType(packet.protocol()), packet.into_payload());
                Some(Ok(Layer::LinuxCooked(packet)))
            }
            Next::LinuxCooked2 => {
                let packet = parsed!(self, LinuxCooked2Packet::parse(bytes));
                self.follow(Next::EtherType(packet.protocol()), packet.into_payload());
                Some(Ok(Layer::LinuxCooked2(packet)))
            }
            Next::BsdLoopback => {
                let packet = parsed!(self, BsdLoopbackPacket::parse(bytes));
                let next = packet.family().ether_type().map_or(Next::Payload, Next::EtherType);
                self.follow(next, packet.into_payload());
                Some(Ok(Layer::BsdLoopback(packet)))
            }
            Next::Nflog => {
                let packet = parsed!(self, NflogPacket::parse_lax(bytes));
                let next = packet.header().ether_type().map_or(Next::Payload, Next::EtherType);
                match packet.payload() {
                    Some(payload) => self.follow(next, payload),
                    None => self.follow(Next::End, end_of(bytes)),
                }
                Some(Ok(Layer::Nflog(packet)))
            }
            // What stands on a serial line is not always said: Cisco's HDLC begins as no PPP packet does.
            Next::Ppp if bytes.first().is_some_and(|address| CiscoHdlcHeader::is_address(*address)) => {
                self.cisco_hdlc(bytes)
            }
            Next::Ppp => self.ppp(bytes),
            Next::Pppoe => self.pppoe(bytes),
            Next::CiscoHdlc => self.cisco_hdlc(bytes),
            Next::EtherType(ether_type) => self.ether_type(ether_type, bytes),
            Next::Llc => {
                let pdu = parsed!(self, LlcPdu::parse(bytes));
                let next = match (pdu.is_snap(), pdu.destination()) {
                    (true, _) => Next::Snap,
                    (_, 0x06) => Next::EtherType(EtherType::IPV4),
                    _ => Next::Payload,
                };
                self.follow(next, pdu.into_payload());
                Some(Ok(Layer::Llc(pdu)))
            }
            Next::Snap => {
                let pdu = parsed!(self, SnapPdu::parse(bytes));
                self.follow(pdu.ether_type().map_or(Next::Payload, Next::EtherType), pdu.into_payload());
                Some(Ok(Layer::Snap(pdu)))
            }
            Next::Protocol(protocol) => self.protocol(protocol, bytes),
            Next::Tunnel(Tunnel::Vxlan) => self.vxlan(bytes),
            Next::Tunnel(Tunnel::VxlanGpe) => {
                let packet = parsed!(self, GpePacket::parse_lax(bytes).map_err(header_error));
                let next = packet.next_protocol().ether_type().map_or(Next::Payload, Next::EtherType);
                self.follow(next, packet.into_payload());
                Some(Ok(Layer::VxlanGpe(packet)))
            }
            Next::Tunnel(Tunnel::Geneve) => {
                let packet = parsed!(self, GenevePacket::parse(bytes));
                self.follow(Next::EtherType(packet.protocol_type()), packet.into_payload());
                Some(Ok(Layer::Geneve(packet)))
            }
            Next::Tunnel(Tunnel::Mpls) => self.mpls(bytes),
            Next::Tunnel(Tunnel::Gre) => self.gre(bytes),
            Next::Tunnel(Tunnel::WireGuard) => {
                // The port is anybody's: what is none is left closed, and so is what is longer than its type, as tshark has it.
                let message = match WireGuardMessage::parse(bytes) {
                    Err(ether_ip::Error::Truncated { .. }) => WireGuardMessage::parse_lax(bytes),
                    message => message,
                };
                let Ok(message) = message else { return self.payload(bytes) };
                self.follow(Next::End, end_of(bytes));
                Some(Ok(Layer::WireGuard(message)))
            }
            Next::Tunnel(Tunnel::Esp) => {
                let what = EspInUdp::of(bytes);
                match what {
                    EspInUdp::Esp(packet) => self.follow(Next::Protocol(IpProtocol::ESP), packet),
                    EspInUdp::Ike(message) => self.follow(Next::Payload, message),
                    EspInUdp::Keepalive => self.follow(Next::End, end_of(bytes)),
                }
                Some(Ok(Layer::EspInUdp(what)))
            }
            Next::Tunnel(Tunnel::Sflow) => {
                let Ok(datagram) = SflowDatagram::parse(bytes) else { return self.payload(bytes) };
                self.follow(Next::End, end_of(bytes));
                Some(Ok(Layer::Sflow(datagram)))
            }
            Next::Tunnel(Tunnel::GtpU) => self.gtp_u(bytes),
            Next::Tunnel(Tunnel::Sleeve) => {
                let packet = parsed!(self, SleevePacket::parse(bytes));
                self.follow(Next::End, end_of(bytes));
                Some(Ok(Layer::Sleeve(packet)))
            }
            Next::Tunnel(Tunnel::FlannelUdp) => {
                // Less than what the datagram says is there only where a fragment or a capture ends.
                let _ = parsed!(self, FlannelFrame::parse_lax(bytes));
                self.follow(Next::EtherType(EtherType::IPV4), bytes);
                Some(Ok(Layer::FlannelUdp(bytes)))
            }
            Next::Messages(TcpProtocol::Bmp) => match BmpMessages::parse(bytes) {
                Some(messages) => {
                    let mut behind = messages;
                    behind.by_ref().for_each(drop);
                    self.follow(Next::Payload, behind.rest());
                    Some(Ok(Layer::Bmp(messages)))
                }
                None => self.payload(bytes),
            },
            Next::Messages(TcpProtocol::Bgp) => match BgpMessages::parse(bytes) {
                Some(messages) => {
                    let mut behind = messages;
                    behind.by_ref().for_each(drop);
                    self.follow(Next::Payload, behind.rest());
                    Some(Ok(Layer::Bgp(messages)))
                }
                None => self.payload(bytes),
            },
            _ => self.payload(bytes),
        }
    }

    fn payload(&mut self, bytes: &'a [u8]) -> Step<'a> {
        self.follow(Next::End, end_of(bytes));
        // An unknown protocol may carry nothing.
        if bytes.is_empty() { self.cut.take().map(Err) } else { Some(Ok(Layer::Payload(bytes))) }
    }

    fn ethernet(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let frame = parsed!(self, EthernetFrame::parse_lax(bytes));
        self.cut_short(ether_ip::LayerName::ETHERNET, bytes.len(), bytes.len() + frame.missing());
        self.follow(type_or_length(frame.ether_type()), frame.into_payload());
        Some(Ok(Layer::Ethernet(frame)))
    }

    fn ipv4(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, Ipv4Packet::parse_lax(bytes));
        self.cut_short(ether_ip::LayerName::IPV4, bytes.len(), usize::from(packet.total_length()));
        let mut next = Next::Protocol(packet.protocol());
        if packet.is_fragment() {
            self.in_fragment = true;
            if packet.fragment_offset() > 0 {
                next = Next::Payload;
            }
        }
        self.follow(next, packet.into_payload());
        Some(Ok(Layer::Ipv4(packet)))
    }

    fn ipv6(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, Ipv6Packet::parse_lax(bytes));
        self.cut_short(ether_ip::LayerName::IPV6, bytes.len(), bytes.len() + packet.missing());
        self.follow(Next::Protocol(packet.next_header()), packet.into_payload());
        Some(Ok(Layer::Ipv6(packet)))
    }

    fn udp(&mut self, bytes: &'a [u8]) -> Step<'a> {
        match UdpDatagram::parse_lax(bytes) {
            Ok(datagram) => self.datagram(bytes, datagram),
            Err(error) => self.cut_jumbogram(error),
        }
    }

    fn datagram(&mut self, bytes: &'a [u8], datagram: UdpDatagram<&'a [u8]>) -> Step<'a> {
        self.cut_short(ether_ip::LayerName::UDP, bytes.len(), usize::from(datagram.length()));
        let tunnel = self.tunnels.of_ports(datagram.source_port(), datagram.destination_port());
        self.follow(tunnel.map_or(Next::Payload, Next::Tunnel), datagram.into_payload());
        Some(Ok(Layer::Udp(datagram)))
    }

    fn tcp(&mut self, bytes: &'a [u8]) -> Step<'a> {
        match TcpSegment::parse(bytes) {
            Ok(segment) => {
                let protocol = self.tunnels.of_tcp_ports(segment.source_port(), segment.destination_port());
                self.follow(protocol.map_or(Next::Payload, Next::Messages), segment.into_payload());
                Some(Ok(Layer::Tcp(segment)))
            }
            Err(error) => self.tcp_start(error),
        }
    }

    /// A datagram of which more was on the wire than a length can say, though it was not captured.
    #[cold]
    fn cut_jumbogram(&mut self, error: ether_ip::Error) -> Step<'a> {
        match UdpDatagram::parse_jumbo(self.rest) {
            Ok(datagram) if self.rest.len() + self.missing as usize > 65_535 => self.datagram(self.rest, datagram),
            _ => self.fail(error),
        }
    }

    /// Ports and sequence number of a segment whose header is cut or contradicts itself. In a quote that is as it should
    /// be; elsewhere the error comes behind them.
    #[cold]
    fn tcp_start(&mut self, error: ether_ip::Error) -> Step<'a> {
        if let (true, Ok(segment)) = (self.is_cut_off(error), TcpSegment::parse_lax(self.rest)) {
            self.follow(Next::End, end_of(self.rest));
            return Some(Ok(Layer::Tcp(segment)));
        }
        let Some((start, rest)) = take_header::<TcpStart, _>(self.rest) else { return self.fail(error) };
        self.note_broken(error);
        self.follow(if error.is_truncated() { Next::Payload } else { Next::End }, rest);
        Some(Ok(Layer::TcpStart(ether_ip::zerocopy::Ref::into_ref(start))))
    }

    /// What a layer promises and does not have, which is told behind it, if it is nobody's intention.
    #[cold]
    fn note_broken(&mut self, error: ether_ip::Error) {
        if self.quote.is_none() && !self.in_fragment && !self.is_cut_off(error) {
            let offset = offset_in(self.whole, self.current);
            self.cut.get_or_insert(Error::Layer { offset, error });
        }
    }

    /// A message of IGMP, read to its end: nothing is carried.
    fn igmp(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, IgmpPacket::parse(bytes));
        let broken = match IgmpMessage::parse(&packet) {
            Ok(IgmpMessage::ReportV3(records)) => broken_record(records),
            message => message.err(),
        };
        if let Some(error) = broken {
            self.note_broken(error);
        }
        self.follow(Next::End, end_of(bytes));
        Some(Ok(Layer::Igmp(packet)))
    }

    /// What an ICMPv6 message that is no error carries: the packet that a redirect quotes; nothing, where it is read to its end, as the rest
    /// of neighbour discovery is and what multicast listeners say.
    fn icmpv6_data(&mut self, packet: Icmpv6Packet<&'a [u8]>, bytes: &'a [u8]) {
        let listener = MldMessage::parse(&packet);
        let broken = match listener {
            Some(Ok(MldMessage::ReportV2(records))) => broken_record(records),
            Some(Err(error)) => Some(error),
            _ => None,
        };
        if let Some(error) = broken {
            self.note_broken(error);
        }
        if let Some(quote) = redirected(&packet) {
            self.quote(Next::EtherType(EtherType::IPV6), quote);
        } else if matches!(NdpMessage::parse(&packet), Some(Ok(_))) || matches!(listener, Some(Ok(_))) {
            self.follow(Next::End, end_of(bytes));
        } else {
            self.follow(Next::Payload, packet.into_data().unwrap_or_else(|| packet.into_body()));
        }
    }

    fn vxlan(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, VxlanPacket::parse_lax(bytes).map_err(header_error));
        self.follow(Next::Ethernet, packet.into_payload());
        Some(Ok(Layer::Vxlan(packet)))
    }

    fn gre(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, GrePacket::parse(bytes));
        let opens = packet.version() == 0 && !packet.has_routing();
        let next = if opens { Next::EtherType(packet.protocol_type()) } else { Next::Payload };
        self.follow(next, packet.into_payload());
        Some(Ok(Layer::Gre(packet)))
    }

    fn ppp(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, PppPacket::parse(bytes));
        self.follow(packet.protocol().ether_type().map_or(Next::Payload, Next::EtherType), packet.payload());
        Some(Ok(Layer::Ppp(packet)))
    }

    fn pppoe(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, PppoePacket::parse_lax(bytes));
        self.cut_short(ether_ip::ppp::PPPOE, bytes.len(), bytes.len() + packet.missing());
        // Another code is discovery's, whose tags follow.
        let next = if packet.code() == 0 { Next::Ppp } else { Next::Payload };
        self.follow(next, packet.into_payload());
        Some(Ok(Layer::Pppoe(packet)))
    }

    fn cisco_hdlc(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = parsed!(self, CiscoHdlcPacket::parse(bytes));
        self.follow(Next::EtherType(packet.protocol()), packet.into_payload());
        Some(Ok(Layer::CiscoHdlc(packet)))
    }

    fn gtp_u(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let packet = match GtpUPacket::parse_lax(bytes) {
            // The port is anybody's: what is of no version that is read is left closed.
            Err(ether_ip::Error::Malformed { layer: gtp_u::GTP_U, .. }) => return self.payload(bytes),
            parsed => parsed!(self, parsed),
        };
        self.cut_short(gtp_u::GTP_U, bytes.len(), bytes.len() + packet.missing());
        if packet.kind() == GtpUType::G_PDU {
            let next = match packet.ip_version() {
                Some(Version::V4) => Next::EtherType(EtherType::IPV4),
                Some(Version::V6) => Next::EtherType(EtherType::IPV6),
                None => Next::Payload,
            };
            self.follow(next, packet.into_payload());
        } else {
            if let Some(error) = packet.elements().find_map(Result::err).filter(|_| packet.missing() == 0) {
                self.note_broken(error);
            }
            let len = gtp_u::HEADER_LEN + packet.body().len();
            self.follow(Next::End, bytes.get(len..).unwrap_or_default());
        }
        Some(Ok(Layer::GtpU(packet)))
    }

    fn mpls(&mut self, bytes: &'a [u8]) -> Step<'a> {
        let stack = parsed!(self, MplsStack::parse(bytes));
        let next = match guess_payload(stack.payload()) {
            MplsPayload::Ipv4 => Next::EtherType(EtherType::IPV4),
            MplsPayload::Ipv6 => Next::EtherType(EtherType::IPV6),
            _ => Next::Payload,
        };
        self.follow(next, stack.into_payload());
        Some(Ok(Layer::Mpls(stack)))
    }

    fn ether_type(&mut self, ether_type: EtherType, bytes: &'a [u8]) -> Step<'a> {
        match ether_type {
            EtherType::IPV4 => self.ipv4(bytes),
            EtherType::IPV6 => self.ipv6(bytes),
            EtherType::ARP | EtherType::RARP => {
                let packet = parsed!(self, ArpPacket::parse(bytes));
                self.follow(Next::End, bytes.get(packet.packet_len()..).unwrap_or_default());
                Some(Ok(Layer::Arp(packet)))
            }
            EtherType::ARISTA if is_known_stamp(bytes) => {
                let stamp = parsed!(self, AristaTimestamp::parse(bytes));
                self.follow(type_or_length(stamp.ether_type()), stamp.into_payload());
                Some(Ok(Layer::Arista(stamp)))
            }
            EtherType::TRANSPARENT_ETHERNET => self.ethernet(bytes),
            EtherType::VN_TAG => {
                let tag = parsed!(self, VnTag::parse(bytes));
                self.cut_short(ether_ip::vn_tag::VN_TAG, bytes.len(), bytes.len() + tag.missing());
                self.follow(type_or_length(tag.ether_type()), tag.into_payload());
                Some(Ok(Layer::VnTag(tag)))
            }
            EtherType::SERVICE_INSTANCE => {
                let tag = parsed!(self, ServiceInstanceTag::parse(bytes));
                self.cut_short(ether_ip::service_instance::SERVICE_INSTANCE, bytes.len(), bytes.len() + tag.missing());
                self.follow(type_or_length(tag.ether_type()), tag.into_payload());
                Some(Ok(Layer::ServiceInstance(tag)))
            }
            EtherType::PPPOE | EtherType::PPPOE_DISCOVERY => self.pppoe(bytes),
            EtherType::MPLS | EtherType::MPLS_UPSTREAM => self.mpls(bytes),
            ether_type if ether_type.is_vlan() => {
                let tag = parsed!(self, VlanTag::parse_lax(bytes));
                self.cut_short(ether_ip::LayerName::VLAN, bytes.len(), bytes.len() + tag.missing());
                self.follow(type_or_length(tag.ether_type()), tag.into_payload());
                Some(Ok(Layer::Vlan(tag)))
            }
            _ => self.payload(bytes),
        }
    }

    fn protocol(&mut self, protocol: IpProtocol, bytes: &'a [u8]) -> Step<'a> {
        match protocol {
            IpProtocol::ICMP => {
                let packet = parsed!(self, Icmpv4Packet::parse(bytes));
                match packet.quoted() {
                    Some(quote) => {
                        let quote = quoted(packet.into_payload(), quote);
                        self.quote(Next::EtherType(EtherType::IPV4), quote);
                    }
                    None => self.follow(Next::Payload, packet.into_payload()),
                }
                Some(Ok(Layer::Icmpv4(packet)))
            }
            IpProtocol::ICMPV6 => {
                let packet = parsed!(self, Icmpv6Packet::parse(bytes));
                match packet.quoted() {
                    Some(quote) => {
                        let quote = quoted(packet.into_data().unwrap_or_default(), quote);
                        self.quote(Next::EtherType(EtherType::IPV6), quote);
                    }
                    None => self.icmpv6_data(packet, bytes),
                }
                Some(Ok(Layer::Icmpv6(packet)))
            }
            IpProtocol::IGMP => self.igmp(bytes),
            IpProtocol::IPV4 => self.ipv4(bytes),
            IpProtocol::IPV6 => self.ipv6(bytes),
            IpProtocol::GRE => self.gre(bytes),
            IpProtocol::ESP => {
                let packet = parsed!(self, EspPacket::parse(bytes));
                self.follow(Next::End, end_of(bytes));
                Some(Ok(Layer::Esp(packet)))
            }
            IpProtocol::MPLS => self.mpls(bytes),
            IpProtocol::ETHERNET => self.ethernet(bytes),
            IpProtocol::HOP_BY_HOP => {
                let header = parsed!(self, Ipv6OptionsHeader::parse(bytes, ether_ip::LayerName::HOP_BY_HOP));
                self.follow(Next::Protocol(header.next_header()), header.into_payload());
                Some(Ok(Layer::HopByHop(header)))
            }
            IpProtocol::DESTINATION_OPTIONS => {
                let header = parsed!(self, Ipv6OptionsHeader::parse(bytes, ether_ip::LayerName::DESTINATION_OPTIONS));
                self.follow(Next::Protocol(header.next_header()), header.into_payload());
                Some(Ok(Layer::DestinationOptions(header)))
            }
            IpProtocol::ROUTING => {
                let header = parsed!(self, Ipv6Routing::parse(bytes));
                self.follow(Next::Protocol(header.next_header()), header.into_payload());
                Some(Ok(Layer::Routing(header)))
            }
            IpProtocol::FRAGMENT => {
                let header = parsed!(self, Ipv6Fragment::parse(bytes));
                self.in_fragment |= !header.is_atomic();
                let is_later = header.fragment_offset() > 0;
                let next = if is_later { Next::Payload } else { Next::Protocol(header.next_header()) };
                self.follow(next, header.into_payload());
                Some(Ok(Layer::Fragment(header)))
            }
            IpProtocol::AUTHENTICATION => {
                let header = parsed!(self, IpAuthentication::parse(bytes));
                self.follow(Next::Protocol(header.next_header()), header.into_payload());
                Some(Ok(Layer::Authentication(header)))
            }
            IpProtocol::TCP => self.tcp(bytes),
            IpProtocol::UDP => self.udp(bytes),
            _ => self.payload(bytes),
        }
    }
}

/// An EtherType, or the LLC that follows a length.
#[inline]
fn type_or_length(ether_type: EtherType) -> Next {
    if ether_type.as_length().is_some() { Next::Llc } else { Next::EtherType(ether_type) }
}

/// Whether an Arista time stamp has a length that is known; what has not is left closed.
fn is_known_stamp(bytes: &[u8]) -> bool {
    take_header::<AristaHeader, _>(bytes).is_none_or(|(header, _)| header.timestamp_len().is_some())
}

/// The packet that a redirect quotes, and what stands behind it (RFC 4861 §4.6.3).
fn redirected<'a>(packet: &Icmpv6Packet<&'a [u8]>) -> Option<&'a [u8]> {
    let Some(Ok((NdpMessage::Redirect(_), options))) = NdpMessage::parse(packet) else { return None };
    let body = packet.into_body();
    let quote = options.map_while(Result::ok).find_map(|option| match option {
        NdpOption::RedirectedHeader { packet, .. } => Some(packet),
        _ => None,
    })?;
    body.get(offset_in(body, quote)..)
}

/// What is wrong with the first group record that does not fit in the bytes.
fn broken_record<const N: usize>(records: GroupRecords<'_, N>) -> Option<ether_ip::Error> {
    records.iter().find_map(Result::err)
}

/// The quoted part of an ICMP error's data, for as long as the data lives.
fn quoted<'a>(data: &'a [u8], quote: &[u8]) -> &'a [u8] {
    data.get(..quote.len()).unwrap_or(data)
}

/// What `parse_lax` of VXLAN can say: only that the header is truncated.
fn header_error(error: vxlan_codec::Error) -> ether_ip::Error {
    match error {
        vxlan_codec::Error::Packet(error) => error,
        _ => ether_ip::Error::Truncated { layer: vxlan_codec::error::VXLAN, needed: 8, available: 0 },
    }
}

impl<'a> Iterator for Layers<'a> {
    type Item = Result<Layer<'a>, Error>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        match self.next_usual() {
            Some(layer) => Some(Ok(layer)),
            None if self.next == Word::END && self.cut.is_none() => None,
            None => {
                // A copy goes there, so that the walk itself can stay in registers.
                let mut copy = self.clone();
                let step = copy.next_any();
                *self = copy;
                step
            }
        }
    }

    /// Internal iteration, which `for_each` and the like go by: in a straight line where the packet is of the usual.
    #[inline(always)]
    fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut take: F) -> B {
        self.fold_ranges(init, |folded, layer, _, _| take(folded, layer))
    }
}

impl<'a> Layers<'a> {
    /// Internal iteration as [`fold`](Iterator::fold)'s, with each layer's [range](Self::range), and whether it [is quoted](Self::is_quoted). Of an
    /// error both say nothing.
    #[inline(always)]
    pub fn fold_ranges<B>(self, init: B, take: impl FnMut(B, Result<Layer<'a>, Error>, Range<usize>, bool) -> B) -> B {
        // A copy, so that the walk itself need not be anywhere in memory.
        let tunnels = self.tunnels;
        let line = Line { whole: self.whole, tunnels: &tunnels };
        match self.usual() {
            // Two lines, each with a beginning that is known: none has to ask in its second turn where it began.
            Some(Usual::Ethernet) => line.fold(None, self.rest, self.depth, init, take),
            Some(Usual::Network(ether_type)) => line.fold(Some(ether_type), self.rest, self.depth, init, take),
            None => self.fold_rarer(init, take),
        }
    }
}

impl<'a> Layers<'a> {
    /// The next layer, if it is of the usual and as most are; what is anything else is left for [`next_any`](Self::next_any), and would come
    /// to the same there.
    #[inline(always)]
    fn next_usual(&mut self) -> Option<Layer<'a>> {
        let bytes = self.rest;
        if self.depth >= USUAL_DEPTH {
            return None;
        }
        match self.next {
            Word::ETHERNET => {
                let frame =
                    EthernetFrame::parse(bytes).ok().filter(|frame| frame.ether_type().as_length().is_none())?;
                self.advance(Next::EtherType(frame.ether_type()), frame.into_payload());
                Some(Layer::Ethernet(frame))
            }
            Word::IPV4 => {
                let packet = Ipv4Packet::parse_usual(bytes)?;
                self.advance(Next::Protocol(packet.protocol()), packet.into_payload());
                Some(Layer::Ipv4(packet))
            }
            Word::IPV6 => {
                let packet = Ipv6Packet::parse_usual(bytes)?;
                self.advance(Next::Protocol(packet.next_header()), packet.into_payload());
                Some(Layer::Ipv6(packet))
            }
            Word::TCP => {
                let segment = TcpSegment::parse(bytes).ok()?;
                let messages = self.tunnels.of_tcp_ports(segment.source_port(), segment.destination_port());
                self.advance(messages.map_or(Next::Payload, Next::Messages), segment.into_payload());
                Some(Layer::Tcp(segment))
            }
            Word::UDP => {
                let datagram = UdpDatagram::parse_usual(bytes)?;
                let tunnel = self.tunnels.of_ports(datagram.source_port(), datagram.destination_port());
                self.advance(tunnel.map_or(Next::Payload, Next::Tunnel), datagram.into_payload());
                Some(Layer::Udp(datagram))
            }
            Word::VXLAN => {
                let packet = VxlanPacket::parse_lax(bytes).ok()?;
                self.advance(Next::Ethernet, packet.into_payload());
                Some(Layer::Vxlan(packet))
            }
            Word::PAYLOAD if !bytes.is_empty() => {
                self.advance(Next::End, end_of(bytes));
                Some(Layer::Payload(bytes))
            }
            _ => None,
        }
    }

    /// Goes on behind a layer that was good.
    #[inline(always)]
    fn advance(&mut self, next: Next, payload: &'a [u8]) {
        self.current = self.rest;
        self.depth += 1;
        self.follow(next, payload);
    }

    #[inline(never)]
    fn next_any(&mut self) -> Step<'a> {
        if self.next == Word::END {
            return self.cut.take().map(Err);
        }
        if self.depth == MAX_LAYERS as u32 {
            return self.too_deep();
        }
        self.depth += 1;
        self.current = self.rest;
        self.read(self.rest)
    }
}

/// A walk through what most packets are. Where in the line it is says what comes next: nothing is stored between two layers, each has a
/// call of `take` of its own, and is looked at where it was read. What is anything else goes [the long way](Layers::fold_rarer).
struct Line<'a, 't> {
    whole: &'a [u8],
    tunnels: &'t Tunnels<'a>,
}

impl<'a> Line<'a, '_> {
    #[inline(always)]
    fn fold<B, F: FnMut(B, Result<Layer<'a>, Error>, Range<usize>, bool) -> B>(
        self,
        mut behind: Option<EtherType>,
        mut rest: &'a [u8],
        mut depth: u32,
        init: B,
        mut take: F,
    ) -> B {
        let mut folded = init;
        // Goes on with what a layer carries: the layer's own range.
        macro_rules! behind {
            ($of:expr) => {{
                let payload = $of.into_payload();
                let range = offset_in(self.whole, rest)..offset_in(self.whole, payload);
                rest = payload;
                range
            }};
        }
        macro_rules! take {
            ($layer:ident, $of:expr) => {{
                let range = behind!($of);
                depth += 1;
                folded = take(folded, Ok(Layer::$layer($of)), range, false);
            }};
        }
        // The packet is read, and all of it was good.
        macro_rules! payload {
            () => {{
                let start = offset_in(self.whole, rest);
                if rest.is_empty() {
                    folded
                } else {
                    take(folded, Ok(Layer::Payload(rest)), start..start + rest.len(), false)
                }
            }};
        }
        let next = 'line: loop {
            let mut ether_type = match behind.take() {
                Some(ether_type) => ether_type,
                None => {
                    let Ok(frame) = EthernetFrame::parse(rest) else { break 'line Next::Ethernet.word() };
                    let ether_type = frame.ether_type();
                    if ether_type.as_length().is_some() {
                        break 'line Next::Ethernet.word();
                    }
                    take!(Ethernet, frame);
                    ether_type
                }
            };
            'network: loop {
                let protocol = if ether_type == EtherType::IPV4 {
                    let Some(packet) = Ipv4Packet::parse_usual(rest) else {
                        break 'line Next::EtherType(ether_type).word();
                    };
                    take!(Ipv4, packet);
                    packet.protocol()
                } else if depth > USUAL_DEPTH {
                    // Asked here, and not of tags alone, so that IPv4 is one comparison and not one of several in a tree.
                    break 'line Next::EtherType(ether_type).word();
                } else if ether_type == EtherType::IPV6 {
                    let Some(packet) = Ipv6Packet::parse_usual(rest) else {
                        break 'line Next::EtherType(ether_type).word();
                    };
                    take!(Ipv6, packet);
                    packet.next_header()
                } else if ether_type.is_vlan() {
                    let Ok(tag) = VlanTag::parse(rest) else { break 'line Next::EtherType(ether_type).word() };
                    if tag.ether_type().as_length().is_some() {
                        break 'line Next::EtherType(ether_type).word();
                    }
                    ether_type = tag.ether_type();
                    take!(Vlan, tag);
                    continue 'network;
                } else {
                    break 'line Next::EtherType(ether_type).word();
                };
                if protocol == IpProtocol::TCP {
                    let Ok(segment) = TcpSegment::parse(rest) else { break 'line Next::Protocol(protocol).word() };
                    take!(Tcp, segment);
                    match self.tunnels.of_tcp_ports(segment.source_port(), segment.destination_port()) {
                        Some(messages) => break 'line Next::Messages(messages).word(),
                        None => return payload!(),
                    }
                } else if protocol == IpProtocol::UDP {
                    let Some(datagram) = UdpDatagram::parse_usual(rest) else {
                        break 'line Next::Protocol(protocol).word();
                    };
                    take!(Udp, datagram);
                    match self.tunnels.of_ports(datagram.source_port(), datagram.destination_port()) {
                        None => return payload!(),
                        Some(Tunnel::Vxlan) if depth <= USUAL_DEPTH => {
                            let Ok(packet) = VxlanPacket::parse_lax(rest) else {
                                break 'line Next::Tunnel(Tunnel::Vxlan).word();
                            };
                            take!(Vxlan, packet);
                            break 'network;
                        }
                        Some(Tunnel::Geneve) if depth <= USUAL_DEPTH => {
                            let Ok(packet) = GenevePacket::parse(rest) else {
                                break 'line Next::Tunnel(Tunnel::Geneve).word();
                            };
                            take!(Geneve, packet);
                            ether_type = packet.protocol_type();
                            if ether_type == EtherType::TRANSPARENT_ETHERNET {
                                break 'network;
                            }
                            continue 'network;
                        }
                        Some(other) => break 'line Next::Tunnel(other).word(),
                    }
                }
                if protocol == IpProtocol::ICMP {
                    let Ok(message) = Icmpv4Packet::parse(rest) else { break 'line Next::Protocol(protocol).word() };
                    if message.kind().is_error() {
                        break 'line Next::Protocol(protocol).word();
                    }
                    let range = behind!(message);
                    folded = take(folded, Ok(Layer::Icmpv4(message)), range, false);
                    return payload!();
                }
                // IP in IP, and all that is seldom.
                match ip_in_ip(protocol) {
                    Some(inner) if depth <= USUAL_DEPTH => ether_type = inner,
                    _ => break 'line Next::Protocol(protocol).word(),
                }
            }
        };
        Layers { rest, depth, next, ..Layers::of(Next::End, self.whole, *self.tunnels) }.fold_rarer(folded, take)
    }
}

/// What IP carries if it is IP again. Asked aside, so that TCP and UDP are two comparisons and not two of many.
#[cold]
#[inline(never)]
fn ip_in_ip(protocol: IpProtocol) -> Option<EtherType> {
    match protocol {
        IpProtocol::IPV4 => Some(EtherType::IPV4),
        IpProtocol::IPV6 => Some(EtherType::IPV6),
        _ => None,
    }
}

/// Where the straight line of a walk begins.
#[derive(Clone, Copy)]
enum Usual {
    Ethernet,
    /// Behind a header that gave this type.
    Network(EtherType),
}

/// Until here the straight line goes on without asking how deep it is: a turn of it is no more than six layers.
const USUAL_DEPTH: u32 = MAX_LAYERS as u32 - 8;
/// Until here a walk goes back to the straight line: what is nested deeper is nobody's traffic.
const SHALLOW: u32 = 16;

impl<'a> Layers<'a> {
    /// Where the straight line begins, if what comes next is of the usual: no part of a packet, of which more may be missing.
    #[inline(always)]
    fn usual(&self) -> Option<Usual> {
        let is_whole = self.cut.is_none() && !self.in_fragment && self.quote.is_none() && self.missing == 0;
        match self.next {
            _ if !is_whole || self.depth > USUAL_DEPTH => None,
            Word::ETHERNET => Some(Usual::Ethernet),
            Word::IPV4 => Some(Usual::Network(EtherType::IPV4)),
            Word::IPV6 => Some(Usual::Network(EtherType::IPV6)),
            _ => None,
        }
    }

    /// Goes on layer by layer, until what comes is of the usual again.
    #[inline(never)]
    fn fold_rarer<B, F: FnMut(B, Result<Layer<'a>, Error>, Range<usize>, bool) -> B>(
        mut self,
        init: B,
        mut take: F,
    ) -> B {
        let mut folded = init;
        while let Some(item) = self.next() {
            folded = take(folded, item, self.range(), self.is_quoted());
            if self.depth <= SHALLOW && self.usual().is_some() {
                return self.fold_ranges(folded, take);
            }
        }
        folded
    }
}

impl<'a> Layers<'a> {
    #[cold]
    fn too_deep(&mut self) -> Step<'a> {
        self.next = Word::END;
        self.cut = None;
        Some(Err(Error::TooDeep { offset: offset_in(self.whole, self.rest) }))
    }

    /// Whether what an error of the next layer misses was not captured.
    #[cold]
    fn is_cut_off(&self, error: ether_ip::Error) -> bool {
        match error {
            ether_ip::Error::Truncated { needed, available, .. } => {
                self.is_uncaptured(self.rest, needed.saturating_sub(available))
            }
            _ => false,
        }
    }

    #[cold]
    fn fail(&mut self, error: ether_ip::Error) -> Step<'a> {
        // A header cut by a quote or a fragment is as it should be, and so is what a capture cut already.
        let is_cut = self.quote.is_some() || self.in_fragment || self.cut.is_some() || self.is_cut_off(error);
        if error.is_truncated() && is_cut {
            return self.payload(self.rest);
        }
        self.next = Word::END;
        let error = Error::Layer { offset: offset_in(self.whole, self.rest), error };
        Some(Err(self.cut.take().unwrap_or(error)))
    }
}

/// The empty piece at the end of the bytes: a place, for ranges.
#[inline(always)]
fn end_of(bytes: &[u8]) -> &[u8] {
    bytes.get(bytes.len()..).unwrap_or_default()
}

/// Where `part`, a piece of `whole`, starts in it.
#[inline(always)]
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize)
}
