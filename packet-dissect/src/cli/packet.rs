//! One packet on its way through the program: its layers with what TCP streams and fragments before it add to them.

use std::cell::Cell;
use std::mem;
use std::net::IpAddr;
use std::ops::Range;

use crate::bgp::streams::{Segment, StreamKey};
use crate::bgp::{self, BgpMessage};
use crate::fields::{Field, FieldVisitor};
use crate::{Error, Layer, Layers, LinkType, Record, Tunnel};
use bgp_codec::Negotiated;
use ether_ip::outer::range_in;
use ether_ip::tcp::{TcpFlags, TcpSegment};
use ether_ip::udp::UdpDatagram;
use ether_ip::zerocopy::IntoBytes;
use geneve_codec::OptionClass;
use weave_codec::crypto::Direction;
use weave_codec::sleeve::{ENCRYPTED_OVERHEAD, PACKET_OVERHEAD};
use weave_codec::{FrameKind, Frames, SleevePacket};

use super::leases::Way;
use super::listener::{Listener, Protocols, Shown};
use super::network::Network;
use super::write;

/// Source and destination of a packet, the innermost that is not quoted.
pub(super) type Addresses = (IpAddr, IpAddr);

/// A packet that was taken in. It was walked once: its layers are kept, and what the packets before it add to them.
pub(super) struct Packet<'p> {
    pub(super) network: &'p Network<'p>,
    pub(super) record: Record<'p>,
    /// The time since the first packet, in nanoseconds.
    pub(super) since_first: i128,
    pub(super) steps: Vec<Step<'p>>,
    /// Why the walk ended early.
    pub(super) error: Option<Error>,
    /// What a fragment made whole, each with the step of the IP header that it came behind.
    pub(super) wholes: Vec<(usize, Vec<u8>)>,
    /// The BGP messages that end in the packet.
    pub(super) messages: Vec<Message>,
    /// Where the layers' memory goes when the packet does.
    pub(super) spare: &'p Cell<Vec<Step<'static>>>,
}

/// A layer of a walk.
pub(super) struct Step<'r> {
    pub(super) layer: Layer<'r>,
    pub(super) range: Range<usize>,
    pub(super) is_quoted: bool,
}

impl<'r> Step<'r> {
    /// The next step of a walk.
    #[inline(always)]
    pub(super) fn next(layers: &mut Layers<'r>) -> Option<Result<Self, Error>> {
        let layer = layers.next()?;
        Some(layer.map(|layer| Self { layer, range: layers.range(), is_quoted: layers.is_quoted() }))
    }
}

/// The same memory without anything in it, for layers of another packet.
pub(super) fn emptied<'r>(mut steps: Vec<Step<'_>>) -> Vec<Step<'r>> {
    steps.clear();
    // What is collected from a vector of the same layout stays where it was.
    steps.into_iter().map_while(|_| None).collect()
}

impl Drop for Packet<'_> {
    fn drop(&mut self) {
        self.spare.set(emptied(mem::take(&mut self.steps)));
    }
}

/// A BGP message that was put together.
pub(super) struct Message {
    /// Which of the packet's BGP segments it ends in.
    pub(super) segment: usize,
    pub(super) kind: u8,
    pub(super) length: u16,
    pub(super) body: Vec<u8>,
    pub(super) session: Negotiated,
}

/// Where a showing is.
struct Place {
    /// How many of the packet's BGP segments were shown.
    segments: usize,
    /// Where in the record the bytes begin; `None` if they are not there: opened, or put together.
    base: Option<usize>,
    /// Within a frame of the sleeve.
    is_inside: bool,
}

impl Place {
    fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.base.map_or(0..0, |base| base + range.start..base + range.end)
    }
}

/// What the layers before one say that it depends on.
#[derive(Default)]
struct Before {
    addresses: Option<Addresses>,
    ports: (u16, u16),
}

impl Shown for Packet<'_> {
    fn record(&self) -> Option<&Record<'_>> {
        Some(&self.record)
    }

    fn packet(&self) -> Option<crate::Packet<'_>> {
        Some(self.record.packet().with_tunnels(self.network.tunnels))
    }

    fn record_fields(&self, v: &mut impl FieldVisitor) {
        v.number(Field::FrameNumber, self.record.number);
        if v.wants(Field::FrameTimeEpoch) {
            if let Some(time) = self.record.time {
                v.text(Field::FrameTimeEpoch, &time.to_string());
            }
        }
        if v.wants(Field::FrameTimeRelative) {
            v.text(Field::FrameTimeRelative, &write::seconds(self.since_first, 9));
        }
        v.number(Field::FrameLen, self.record.original_len);
        v.number(Field::FrameCapLen, self.record.bytes.len() as u64);
        if v.wants(Field::FrameProtocols) {
            let mut names = Protocols::default();
            self.show(&mut names);
            v.text(Field::FrameProtocols, &names.0);
        }
    }

    /// BGP messages are told by the segment that they end in, the sleeve's frames each with its own layers.
    fn show(&self, listener: &mut impl Listener) {
        let (mut place, mut before) = (Place { segments: 0, base: Some(0), is_inside: false }, Before::default());
        for (number, step) in self.steps.iter().enumerate() {
            self.step(step, number, &mut before, &mut place, listener);
        }
        if let Some(error) = &self.error {
            listener.error(error);
        }
    }

    fn heading(&self) -> String {
        format!("Frame {}", self.record.number)
    }
}

impl Packet<'_> {
    #[inline(always)]
    fn step(
        &self,
        step: &Step<'_>,
        number: usize,
        before: &mut Before,
        place: &mut Place,
        listener: &mut impl Listener,
    ) {
        let layer = &step.layer;
        listener.layer(layer, place.range(&step.range), step.is_quoted);
        match layer {
            Layer::Ipv4(ip) => before.addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Ipv6(ip) => before.addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Udp(datagram) => before.ports = (datagram.source_port(), datagram.destination_port()),
            _ => {}
        }
        if step.is_quoted {
            return;
        }
        match (layer, before.addresses) {
            (Layer::Ipv4(_) | Layer::Ipv6(_), Some((source, destination))) => {
                if let Some(places) = self.network.places {
                    let way = Way { source: places.of(source), destination: places.of(destination) };
                    if way.source.is_some() || way.destination.is_some() {
                        listener.way(&way);
                    }
                }
                if !self.wholes.is_empty() && !place.is_inside {
                    self.whole(number, place, listener);
                }
            }
            (Layer::Vxlan(packet), _) => {
                let meaning = self.network.meaning(packet.vni(), before.ports, false);
                meaning.iter().for_each(|meaning| listener.meaning(meaning));
            }
            (Layer::Geneve(packet), _) => {
                let is_cilium = |option: geneve_codec::GeneveOption<'_>| option.class == OptionClass::CILIUM;
                let has_cilium = packet.options().flatten().any(is_cilium);
                let meaning = self.network.meaning(packet.vni(), before.ports, has_cilium);
                meaning.iter().for_each(|meaning| listener.meaning(meaning));
            }
            (Layer::Sleeve(packet), _) if !place.is_inside => {
                let base = place.base.map(|base| base + step.range.start);
                self.sleeve(packet, base, place, listener);
            }
            (Layer::Tcp(segment), Some(addresses)) => self.segment(segment, addresses, place, listener),
            _ => {}
        }
    }

    fn segment(
        &self,
        segment: &TcpSegment<&[u8]>,
        addresses: Addresses,
        place: &mut Place,
        listener: &mut impl Listener,
    ) {
        if !is_bgp(segment) {
            return;
        }
        let ports = (segment.source_port(), segment.destination_port());
        let is_syn = segment.flags().contains(TcpFlags::SYN);
        let of = Segment { sequence: segment.sequence(), is_syn, data: segment.payload() };
        listener.segment(StreamKey { addresses, ports }, of, place.segments);
        for message in self.messages.iter().filter(|message| message.segment == place.segments) {
            let Message { kind, length, ref body, ref session, .. } = *message;
            listener.bgp(&BgpMessage { kind, length, body }, session);
        }
        place.segments += 1;
    }

    /// The frames of a sleeve packet: plain ones, or those that the key opens. Where they stand is known of plain ones only.
    fn sleeve(
        &self,
        packet: &SleevePacket<&[u8]>,
        base: Option<usize>,
        place: &mut Place,
        listener: &mut impl Listener,
    ) {
        if packet.looks_plain() {
            let body = packet.body();
            let base = base.map(|base| base + PACKET_OVERHEAD);
            return self.frames(body, base, place, listener);
        }
        let Some(key) = &self.network.key else { return };
        // Which peer opened the connection is not known here: one of the two directions fits, or none.
        for direction in [Direction::Outbound, Direction::Inbound] {
            let mut bytes = [packet.header().as_bytes(), packet.body()].concat();
            if key.open(&mut bytes, direction).is_ok() {
                return self.frames(bytes.get(ENCRYPTED_OVERHEAD..).unwrap_or_default(), None, place, listener);
            }
        }
    }

    fn frames(&self, body: &[u8], base: Option<usize>, place: &mut Place, listener: &mut impl Listener) {
        let outside = (place.base, place.is_inside);
        for frame in Frames::new(body).map_while(Result::ok) {
            listener.sleeve_frame(&frame);
            if frame.kind() == FrameKind::Ethernet {
                place.base = base.map(|base| base + range_in(body, frame.ethernet).start);
                place.is_inside = true;
                self.inside(frame.ethernet, place, listener);
            }
        }
        (place.base, place.is_inside) = outside;
    }

    /// The layers of a frame that pods sent each other.
    fn inside(&self, frame: &[u8], place: &mut Place, listener: &mut impl Listener) {
        let mut layers = Layers::new(LinkType::ETHERNET, frame, self.network.tunnels);
        let mut before = Before::default();
        while let Some(step) = Step::next(&mut layers) {
            match step {
                Ok(step) => self.step(&step, usize::MAX, &mut before, place, listener),
                Err(error) => return listener.error(&error),
            }
        }
    }

    /// A fragment that made a sleeve packet whole, perhaps.
    #[cold]
    fn whole(&self, number: usize, place: &mut Place, listener: &mut impl Listener) {
        let Some((_, whole)) = self.wholes.iter().find(|(step, _)| *step == number) else { return };
        let Ok(datagram) = UdpDatagram::parse(&whole[..]) else { return };
        let ports = [datagram.source_port(), datagram.destination_port()];
        if ports.iter().any(|port| self.network.tunnels.of_port(*port) == Some(Tunnel::Sleeve)) {
            if let Ok(packet) = SleevePacket::parse(datagram.payload()) {
                self.sleeve(&packet, None, place, listener);
            }
        }
    }
}

/// Whether a segment is one of BGP's, by its ports.
pub(super) fn is_bgp(segment: &TcpSegment<&[u8]>) -> bool {
    segment.source_port() == bgp::PORT || segment.destination_port() == bgp::PORT
}
