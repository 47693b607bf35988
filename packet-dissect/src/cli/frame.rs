//! One packet on its way through the program: its layers with what TCP streams add to them.

use std::net::IpAddr;
use std::ops::Range;

use crate::bgp::sessions::{Overrule, Sessions};
use crate::bgp::streams::{Segment, StreamKey, Streams};
use crate::bgp::{self, BgpMessage};
use crate::fields::{self, Context, Field, FieldVisitor};
use crate::{Error, Layer, Layers, LinkType, Record, Timestamp, Tunnel, Tunnels};
use bgp_codec::Negotiated;
use cilium_codec::Identity;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::outer::range_in;
use ether_ip::tcp::{TcpFlags, TcpSegment};
use ether_ip::udp::UdpDatagram;
use ether_ip::vni::Vni;
use ether_ip::zerocopy::IntoBytes;
use geneve_codec::OptionClass;
use weave_codec::crypto::{Direction, SessionKey};
use weave_codec::sleeve::{ENCRYPTED_OVERHEAD, PACKET_OVERHEAD};
use weave_codec::{FastDatapathPeers, FrameKind, Frames, SleeveFrame, SleevePacket};

use super::fragments::Fragments;
use super::leases::{Places, Way};
use super::write;

/// What is kept from packet to packet.
pub(super) struct Session<'a> {
    pub(super) tunnels: Tunnels<'a>,
    /// Whose an address is, if leases were given.
    pub(super) places: Option<&'a Places>,
    /// What kind of network it is.
    cni: Option<Cni>,
    /// Weave's session key.
    key: Option<SessionKey>,
    fragments: Option<Fragments>,
    streams: Streams,
    /// The packet that was walked last, by its number, and the BGP messages that end in it, each with which of the
    /// packet's BGP segments that is. A packet is walked by the filter, for its protocols and for its output, but its
    /// streams go on once.
    walked: u64,
    messages: Vec<Message>,
    sessions: Sessions,
    first_time: Option<Timestamp>,
}

/// A BGP message that was put together.
struct Message {
    /// Which of the packet's BGP segments it ends in.
    segment: usize,
    kind: u8,
    length: u16,
    body: Vec<u8>,
    session: Negotiated,
}

impl<'a> Session<'a> {
    pub(super) fn new(tunnels: Tunnels<'a>, overrule: Overrule) -> Self {
        let sessions = Sessions::new(overrule);
        let (streams, messages) = (Streams::default(), Vec::new());
        Self {
            tunnels,
            places: None,
            cni: None,
            key: None,
            fragments: None,
            streams,
            walked: 0,
            messages,
            sessions,
            first_time: None,
        }
    }

    /// With leases, which tell whose an address is.
    pub(super) fn with_places(self, places: Option<&'a Places>) -> Self {
        Self { places, ..self }
    }

    /// Takes a packet in: the time since the first one, in nanoseconds.
    pub(super) fn since_first(&mut self, record: &Record<'_>) -> i128 {
        let time = record.time.unwrap_or_default();
        time.nanoseconds_since(*self.first_time.get_or_insert(time))
    }

    /// With what is known of the network: its kind, and Weave's key.
    pub(super) fn with_network(self, cni: Option<Cni>, key: Option<SessionKey>) -> Self {
        // Only a big sleeve packet comes in fragments that are needed whole.
        let fragments = (cni == Some(Cni::Weave) || key.is_some()).then(Fragments::default);
        Self { cni, key, fragments, ..self }
    }

    /// Shows `listener` the packet's layers. BGP messages are told by the segment that they end in, the sleeve's frames each with
    /// its own layers.
    pub(super) fn walk(&mut self, record: &Record<'_>, listener: &mut impl Listener) {
        let is_first_walk = self.walked != record.number;
        if is_first_walk {
            self.walked = record.number;
            self.messages.clear();
        }
        let mut walk = Walk { is_first_walk, segments: 0, base: Some(0), is_inside: false };
        self.walk_layers(record.link_type, record.bytes, &mut walk, listener);
    }

    fn walk_layers(&mut self, link_type: LinkType, bytes: &[u8], walk: &mut Walk, listener: &mut impl Listener) {
        let mut layers = Layers::new(link_type, bytes, self.tunnels);
        let (mut addresses, mut ports) = (None, (0, 0));
        while let Some(layer) = layers.next() {
            let layer = match layer {
                Ok(layer) => layer,
                Err(error) => return listener.error(&error),
            };
            match &layer {
                Layer::Ipv4(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
                Layer::Ipv6(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
                Layer::Udp(datagram) => ports = (datagram.source_port(), datagram.destination_port()),
                _ => {}
            }
            listener.layer(&layer, walk.range(layers.range()), layers.is_quoted());
            if layers.is_quoted() {
                continue;
            }
            match (&layer, addresses) {
                (Layer::Ipv4(_) | Layer::Ipv6(_), Some((source, destination))) => {
                    if let Some(places) = self.places {
                        let way = Way { source: places.of(source), destination: places.of(destination) };
                        if way.source.is_some() || way.destination.is_some() {
                            listener.way(&way);
                        }
                    }
                    if let (Layer::Ipv4(ip), false) = (&layer, walk.is_inside) {
                        self.fragment(ip, walk, listener);
                    }
                }
                (Layer::Vxlan(packet), _) => self.network(packet.vni(), ports, false, listener),
                (Layer::Geneve(packet), _) => {
                    let is_cilium = |option: geneve_codec::GeneveOption<'_>| option.class == OptionClass::CILIUM;
                    let has_cilium = packet.options().flatten().any(is_cilium);
                    self.network(packet.vni(), ports, has_cilium, listener);
                }
                (Layer::Sleeve(packet), _) if !walk.is_inside => {
                    let base = walk.base.map(|base| base + layers.range().start);
                    self.sleeve(packet, base, walk, listener);
                }
                (Layer::Tcp(segment), Some(addresses)) => self.segment(segment, addresses, walk, listener),
                _ => {}
            }
        }
    }

    fn segment(
        &mut self,
        segment: &TcpSegment<&[u8]>,
        addresses: Addresses,
        walk: &mut Walk,
        listener: &mut impl Listener,
    ) {
        let ports = (segment.source_port(), segment.destination_port());
        if ports.0 != bgp::PORT && ports.1 != bgp::PORT {
            return;
        }
        let is_syn = segment.flags().contains(TcpFlags::SYN);
        let segment = Segment { sequence: segment.sequence(), is_syn, data: segment.payload() };
        if walk.is_first_walk {
            self.push(StreamKey { addresses, ports }, segment, walk.segments);
        }
        for message in self.messages.iter().filter(|message| message.segment == walk.segments) {
            let Message { kind, length, ref body, ref session, .. } = *message;
            listener.bgp(&BgpMessage { kind, length, body }, session);
        }
        walk.segments += 1;
    }

    /// What a VNI says beside its number, as the network has it.
    fn network(&self, vni: Vni, ports: (u16, u16), has_cilium: bool, listener: &mut impl Listener) {
        let is_weave = ports.0 == weave_codec::FAST_DATAPATH_PORT || ports.1 == weave_codec::FAST_DATAPATH_PORT;
        match self.cni {
            Some(Cni::Weave | Cni::Auto) if is_weave => listener.meaning(&Meaning::Peers(vni.into())),
            Some(Cni::Cilium) => listener.meaning(&Meaning::Identity(Identity::from_vni(vni))),
            Some(Cni::Auto) if has_cilium => listener.meaning(&Meaning::Identity(Identity::from_vni(vni))),
            _ => {}
        }
    }

    /// The frames of a sleeve packet: plain ones, or those that the key opens. Where they stand is known of plain ones only.
    fn sleeve(
        &mut self,
        packet: &SleevePacket<&[u8]>,
        base: Option<usize>,
        walk: &mut Walk,
        listener: &mut impl Listener,
    ) {
        if packet.looks_plain() {
            let body = packet.body();
            let base = base.map(|base| base + PACKET_OVERHEAD);
            return self.frames(body, base, walk, listener);
        }
        let Some(key) = &self.key else { return };
        // Which peer opened the connection is not known here: one of the two directions fits, or none.
        for direction in [Direction::Outbound, Direction::Inbound] {
            let mut bytes = [packet.header().as_bytes(), packet.body()].concat();
            if key.open(&mut bytes, direction).is_ok() {
                return self.frames(bytes.get(ENCRYPTED_OVERHEAD..).unwrap_or_default(), None, walk, listener);
            }
        }
    }

    fn frames(&mut self, body: &[u8], base: Option<usize>, walk: &mut Walk, listener: &mut impl Listener) {
        let before = (walk.base, walk.is_inside);
        for frame in Frames::new(body).map_while(Result::ok) {
            listener.sleeve_frame(&frame);
            if frame.kind() == FrameKind::Ethernet {
                walk.base = base.map(|base| base + range_in(body, frame.ethernet).start);
                walk.is_inside = true;
                self.walk_layers(LinkType::ETHERNET, frame.ethernet, walk, listener);
            }
        }
        (walk.base, walk.is_inside) = before;
    }

    /// A fragment of a sleeve packet, perhaps: the last one shows the whole.
    fn fragment(&mut self, ip: &Ipv4Packet<&[u8]>, walk: &mut Walk, listener: &mut impl Listener) {
        let Some(fragments) = &mut self.fragments else { return };
        if !ip.is_fragment() || ip.protocol() != IpProtocol::UDP {
            return;
        }
        let Some(whole) = fragments.add(ip, walk.is_first_walk) else { return };
        let Ok(datagram) = UdpDatagram::parse(&whole[..]) else { return };
        let ports = [datagram.source_port(), datagram.destination_port()];
        if ports.iter().any(|port| self.tunnels.of_port(*port) == Some(Tunnel::Sleeve)) {
            if let Ok(packet) = SleevePacket::parse(datagram.payload()) {
                self.sleeve(&packet, None, walk, listener);
            }
        }
    }

    #[cold]
    fn push(&mut self, key: StreamKey, segment: Segment<'_>, number: usize) {
        let Self { messages, sessions, streams, .. } = self;
        streams.push(key, segment, |message| {
            let BgpMessage { kind, length, body } = message;
            let session = sessions.of(key, &message);
            messages.push(Message { segment: number, kind, length, body: body.to_vec(), session });
        });
    }
}

/// Where a walk is.
struct Walk {
    is_first_walk: bool,
    /// How many of the packet's BGP segments were shown.
    segments: usize,
    /// Where in the record the bytes begin; `None` if they are not there: opened, or put together.
    base: Option<usize>,
    /// Within a frame of the sleeve.
    is_inside: bool,
}

impl Walk {
    fn range(&self, range: Range<usize>) -> Range<usize> {
        self.base.map_or(0..0, |base| base + range.start..base + range.end)
    }
}

/// A container network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Cni {
    Flannel,
    Calico,
    Weave,
    Cilium,
    Auto,
}

/// What a VNI says beside its number.
pub(super) enum Meaning {
    /// Cilium's: who sent the packet.
    Identity(Identity),
    /// Weave's: between which peers.
    Peers(FastDatapathPeers),
}

impl Meaning {
    pub(super) fn visit(&self, v: &mut impl FieldVisitor) {
        match self {
            Self::Identity(identity) => {
                v.named(Field::CiliumIdentity, identity.0, identity.name());
                v.number(Field::CiliumCluster, identity.cluster());
            }
            Self::Peers(peers) => {
                v.number(Field::WeaveFastSource, peers.source.get());
                v.number(Field::WeaveFastDestination, peers.destination.get());
            }
        }
    }
}

/// Who is shown a packet's layers.
pub(super) trait Listener {
    /// A layer, and where it stands. A BGP layer is shown for its place; its messages are told by [`bgp`](Self::bgp).
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool);

    /// A BGP message that ends in the segment shown last, and what its session agreed on.
    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated);

    /// Where the IP packet shown last comes from and goes to, as leases have it.
    fn way(&mut self, _: &Way<'_>) {}

    /// What the VNI shown last says, as the network has it.
    fn meaning(&mut self, _: &Meaning) {}

    /// A frame of the sleeve packet shown last; if it is one between pods, its layers follow.
    fn sleeve_frame(&mut self, _: &SleeveFrame<'_>) {}

    /// What was wrong; nothing follows.
    fn error(&mut self, error: &Error);
}

/// Shows a visitor all fields of a packet.
pub(super) struct Fields<'a, V> {
    pub(super) context: Context,
    pub(super) visitor: &'a mut V,
}

impl<'a, V: FieldVisitor> Fields<'a, V> {
    pub(super) fn new(record: &Record<'_>, visitor: &'a mut V) -> Self {
        let cut = (record.original_len as usize).saturating_sub(record.bytes.len());
        Self { context: Context::new(cut), visitor }
    }
}

impl<V: FieldVisitor> Listener for Fields<'_, V> {
    #[inline]
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, is_quoted: bool) {
        if !matches!(layer, Layer::Bgp(_)) {
            fields::visit(layer, is_quoted, &mut self.context, self.visitor);
        }
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        fields::bgp_message(message, session, self.visitor);
    }

    fn way(&mut self, way: &Way<'_>) {
        way.visit(self.visitor);
    }

    fn meaning(&mut self, meaning: &Meaning) {
        meaning.visit(self.visitor);
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>) {
        fields::sleeve_frame(frame, self.visitor);
    }

    fn error(&mut self, error: &Error) {
        if self.visitor.wants(Field::FrameError) {
            self.visitor.text(Field::FrameError, &error.to_string());
        }
    }
}

/// The fields of the capture's record itself.
pub(super) fn record_fields(session: &mut Session<'_>, record: &Record<'_>, v: &mut impl FieldVisitor) {
    v.number(Field::FrameNumber, record.number);
    let since_first = session.since_first(record);
    if v.wants(Field::FrameTimeEpoch) {
        if let Some(time) = record.time {
            v.text(Field::FrameTimeEpoch, &time.to_string());
        }
    }
    if v.wants(Field::FrameTimeRelative) {
        v.text(Field::FrameTimeRelative, &seconds(since_first, 9));
    }
    v.number(Field::FrameLen, record.original_len);
    v.number(Field::FrameCapLen, record.bytes.len() as u64);
    if v.wants(Field::FrameProtocols) {
        let mut names = Protocols(String::new());
        session.walk(record, &mut names);
        v.text(Field::FrameProtocols, &names.0);
    }
}

/// Nanoseconds as seconds with so many digits behind the point.
pub(super) fn seconds(nanoseconds: i128, digits: usize) -> String {
    let (sign, total) = (if nanoseconds < 0 { "-" } else { "" }, nanoseconds.unsigned_abs());
    let fraction = format!("{:09}", total % 1_000_000_000);
    format!("{sign}{}.{}", total / 1_000_000_000, &fraction[..digits.min(9)])
}

/// The layers' names with colons between them, as `frame.protocols` has them.
pub(super) struct Protocols(pub(super) String);

impl Listener for Protocols {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, _: bool) {
        if !self.0.is_empty() {
            self.0.push(':');
        }
        self.0.push_str(layer.name());
    }

    fn bgp(&mut self, _: &BgpMessage<'_>, _: &Negotiated) {}

    fn error(&mut self, _: &Error) {}
}

/// Source and destination of a packet, the innermost that is not quoted.
pub(super) type Addresses = (IpAddr, IpAddr);

/// Appends a decimal number, right-aligned.
pub(super) fn aligned(out: &mut Vec<u8>, number: u64, width: usize) {
    let start = out.len();
    write::decimal(out, number);
    let len = out.len() - start;
    if len < width {
        out.splice(start..start, std::iter::repeat_n(b' ', width - len));
    }
}
