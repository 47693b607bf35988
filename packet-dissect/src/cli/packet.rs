//! One packet on its way through the program: its layers with what TCP streams and fragments before it add to them.

use std::cell::{Cell, OnceCell, RefCell};
use std::mem;
use std::net::IpAddr;
use std::ops::Range;
use std::rc::Rc;

use crate::bgp::streams::{Segment, Skipped, StreamKey};
use crate::bgp::{BgpMessage, BgpMessages, BmpMessages};
use crate::conversations::{Pair, Seen, Standing};
use crate::fields::{Field, FieldValue, FieldVisitor};
use crate::reassembly::{Fragment, Outcome, Refusal};
use crate::summary::tcp_len;
use crate::{Layer, Layers, LinkType, Record, TcpProtocol, Timestamp};
use bgp_codec::bmp::{BmpBody, BmpPeer};
use ether_ip::checksum::PseudoHeader;
use ether_ip::icmpv4::Icmpv4Message;
use ether_ip::icmpv6::Icmpv6Message;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::outer::range_in;
use ether_ip::sflow::{SampledProtocol, SflowDatagram};
use ether_ip::tcp::{TcpFlags, TcpSegment};
use ether_ip::zerocopy::IntoBytes;
use geneve_codec::OptionClass;
use weave_codec::crypto::Direction;
use weave_codec::sleeve::{ENCRYPTED_OVERHEAD, PACKET_OVERHEAD};
use weave_codec::{FrameKind, Frames, SleevePacket};

use super::checksums::{Verdict, has_home, is_routed, of_ipv4, of_upper};
use super::cluster::Way;
use super::conversation::echo_of;
use super::ends;
use super::flows::{Flows, Message, What};
use super::hosts::Ends;
use super::listener::{Listener, Protocols, Shown};
use super::network::Network;
use super::opened::{Opening, Sealed};

/// Source and destination of a packet, the innermost that is not quoted.
pub(super) type Addresses = (IpAddr, IpAddr);

/// A packet that was taken in. It is walked whenever it is shown, and looks the same each time.
pub(super) struct Packet<'p> {
    pub(super) network: &'p Network<'p>,
    pub(super) record: Record<'p>,
    /// The time since the first packet that has one, in nanoseconds, if this one has.
    pub(super) since_first: Option<i128>,
    /// The same since the packet before.
    pub(super) since_before: Option<i128>,
    /// The time of the packet that was shown last.
    pub(super) last_shown: &'p Cell<Option<Timestamp>>,
    /// What packets before it add to it: found out once, by the first who comes to where it matters, since most packets have none.
    pub(super) beyond: OnceCell<Beyond>,
    /// Where its segments and datagrams stand in their conversations, as far as somebody asked.
    pub(super) standings: RefCell<Standings>,
    pub(super) flows: &'p RefCell<Flows>,
}

/// Where a packet's segments and datagrams stand, each found out when it is come to first.
#[derive(Default)]
pub(super) struct Standings {
    tcp: Vec<Standing>,
    udp: Vec<u64>,
    echoes: Vec<Option<u64>>,
}

/// What packets before one add to it, in the order in which a walk comes to where it matters.
#[derive(Default)]
pub(super) struct Beyond {
    /// What came of its fragments: of the packet itself, and of those in tunnels and in what fragments made whole.
    outcomes: Vec<Rc<Outcome>>,
    /// What came of what it seals.
    openings: Vec<Option<Rc<Opening>>>,
    /// The BGP messages that end in it.
    messages: Vec<Message>,
    /// What is skipped of BGP's streams, each with which of the packet's segments told it.
    skipped: Vec<(usize, Skipped)>,
}

/// A walk that finds that out.
struct Finding<'f> {
    flows: &'f RefCell<Flows>,
    beyond: RefCell<Beyond>,
}

/// Where a walk is.
struct Place<'w> {
    /// Given where what packets before add is still being found out.
    finding: Option<&'w Finding<'w>>,
    /// How many of the packet's fragments, of its sealed layers and BGP segments were shown.
    fragments: usize,
    openings: usize,
    segments: usize,
    /// How many of its TCP segments and UDP datagrams.
    tcp: usize,
    udp: usize,
    echoes: usize,
    /// Where in the record the bytes begin; `None` if they are not there: opened, or put together.
    base: Option<usize>,
    /// Within a frame of the sleeve, or a sampled one.
    is_inside: bool,
    /// Within a sampled one.
    is_sampled: bool,
    /// In how many packets that were put together or opened.
    wholes: usize,
}

impl Place<'_> {
    fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.base.map_or(0..0, |base| base + range.start..base + range.end)
    }
}

/// How many packets that were put together or opened a walk goes into, one within the other.
const MAX_WHOLES: usize = 8;

/// What the layers before one say that it depends on.
#[derive(Clone, Copy, Default)]
struct Before<'a> {
    addresses: Option<Addresses>,
    /// The IPv6 header, if a fragment header may follow.
    ipv6: Option<Ipv6Packet<&'a [u8]>>,
    /// Behind a fragment's header.
    in_fragment: bool,
    /// A number for the tunnels and VLANs around: the same addresses may be others' in another.
    network: u64,
    ports: (u16, u16),
    /// How many bytes of what the IP header carries were not captured.
    missing: usize,
    /// Whether the bytes of the upper layer are all there, and the IP header's addresses are those of its checksum.
    is_whole: bool,
    /// Whether bytes of the IP packet are elsewhere, or nowhere: in another fragment, or not captured.
    is_cut: bool,
    /// Whether the addresses of the upper layer's checksum may be others: those at a route's ends, or from before they were translated.
    is_readdressed: bool,
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
        for field in [Field::FrameTime, Field::FrameTimeEpoch] {
            if let (Some(time), true) = (self.record.time, v.wants(field)) {
                v.visit(field, FieldValue::Nanoseconds(time.total_nanoseconds()), None);
            }
        }
        if let (Some(since_first), true) = (self.since_first, v.wants(Field::FrameTimeRelative)) {
            v.visit(Field::FrameTimeRelative, FieldValue::Nanoseconds(since_first), None);
        }
        if let (Some(since), true) = (self.since_before, v.wants(Field::FrameTimeDelta)) {
            v.visit(Field::FrameTimeDelta, FieldValue::Nanoseconds(since), None);
        }
        if let (Some(since), true) = (self.since_shown(), v.wants(Field::FrameTimeDeltaShown)) {
            v.visit(Field::FrameTimeDeltaShown, FieldValue::Nanoseconds(since), None);
        }
        v.number(Field::FrameLen, self.record.original_len);
        v.number(Field::FrameCapLen, self.record.bytes.len() as u64);
        ends::visit(self, v);
        if v.wants(Field::FrameProtocols) {
            let mut names = Protocols::default();
            self.show(&mut names);
            v.text(Field::FrameProtocols, &names.0);
        }
    }

    /// BGP messages are told by the segment that they end in, the sleeve's frames each with its own layers.
    fn show(&self, listener: &mut impl Listener) {
        self.walk(None, listener);
    }

    fn heading(&self) -> String {
        format!("Frame {}", self.record.number)
    }

    fn was_shown(&self) {
        self.last_shown.set(self.record.time.or(self.last_shown.get()));
    }
}

impl Packet<'_> {
    /// The time since the packet that was shown last: none, for the first.
    pub(super) fn since_shown(&self) -> Option<i128> {
        self.record.time.map(|time| time.nanoseconds_since(self.last_shown.get().unwrap_or(time)))
    }

    /// Walks through the packet. `finding` is given where what packets before add is still being found out.
    #[inline]
    fn walk(&self, finding: Option<&Finding<'_>>, listener: &mut impl Listener) {
        let mut place = Place {
            finding,
            fragments: 0,
            openings: 0,
            segments: 0,
            tcp: 0,
            udp: 0,
            echoes: 0,
            base: Some(0),
            is_inside: false,
            is_sampled: false,
            wholes: 0,
        };
        self.frame(self.record.link_type, self.record.bytes, self.cut(), &mut place, listener);
    }

    #[inline(always)]
    fn frame(
        &self,
        link_type: LinkType,
        bytes: &[u8],
        missing: usize,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) {
        let layers = Layers::new(link_type, bytes, self.network.tunnels).with_missing(missing);
        self.layers(layers, Before::default(), place, listener);
    }

    /// Where a walk begins it is inlined, so that its state is made in place.
    #[inline(always)]
    fn layers<'a>(
        &self,
        mut layers: Layers<'a>,
        mut before: Before<'a>,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) {
        loop {
            // A layer is looked at where it is: to move it is to wait until all of it is written.
            let next = layers.next();
            let outcome = match &next {
                None => return,
                Some(Ok(layer)) => self.layer(layer, &layers, &mut before, place, listener),
                // What is sampled is the packet's beginning, whatever its lengths say.
                Some(Err(_)) if place.is_sampled => return,
                Some(Err(error)) => return listener.error(error),
            };
            match outcome {
                None => {}
                // The bytes of the fragment are those of the whole now.
                Some(outcome) if matches!(*outcome, Outcome::Whole(_)) => {
                    return self.whole(&outcome, &before, place, listener);
                }
                // What a fragment carries is shown once: where its packet is whole, or as it is.
                Some(_) => layers.close(),
            }
        }
    }

    /// Shows a layer, and what packets before add to it: gives back what came of its fragment, if what that carries is not to be shown.
    #[inline(always)]
    fn layer<'a>(
        &self,
        layer: &Layer<'a>,
        at: &Layers<'a>,
        before: &mut Before<'a>,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) -> Option<Rc<Outcome>> {
        listener.layer(layer, place.range(&at.range()), at.is_quoted());
        listener.layer_bytes(at.range().len(), at.carried());
        match layer {
            Layer::Ipv4(ip) => {
                before.addresses = Some((ip.source().into(), ip.destination().into()));
                before.missing = ip.missing();
                before.is_whole = !ip.is_fragment() && ip.missing() == 0;
                before.is_cut = !before.is_whole;
                before.is_readdressed = is_routed(ip);
            }
            Layer::Ipv6(ip) => {
                before.addresses = Some((ip.source().into(), ip.destination().into()));
                // Headers between may tell other addresses, or a fragment.
                before.is_whole = matches!(ip.next_header(), IpProtocol::TCP | IpProtocol::UDP) && ip.missing() == 0;
                before.missing = ip.missing();
                before.ipv6 = Some(*ip);
                // Without a length it is what a card had yet to segment.
                before.is_cut = ip.missing() > 0 || ip.payload_length() == 0;
                before.is_readdressed = false;
            }
            Layer::Udp(datagram) => before.ports = (datagram.source_port(), datagram.destination_port()),
            Layer::Vlan(tag) => before.enter(tag.id().into()),
            Layer::Fragment(header) => before.is_cut |= !header.is_atomic(),
            Layer::Routing(header) => before.is_readdressed |= header.segments_left() > 0,
            Layer::DestinationOptions(header) => before.is_readdressed |= has_home(header),
            _ => {}
        }
        // A quoted segment is nowhere in its stream; a quoted datagram is its conversation's as any.
        // What is in a fragment comes again when its packet is whole.
        let has_place = !place.is_sampled && !before.in_fragment && (!at.is_quoted() || matches!(layer, Layer::Udp(_)));
        if has_place && listener.wants_conversations() {
            self.conversations(layer, before, place, listener);
        }
        if at.is_quoted() {
            return None;
        }
        if listener.wants_checksums() && !place.is_sampled {
            self.checksum(layer, before, listener);
        }
        match (layer, before.addresses) {
            (Layer::Ipv4(_) | Layer::Ipv6(_), Some((source, destination))) => {
                if let Some(hosts) = self.network.hosts {
                    let ends = Ends { source: hosts.of(source), destination: hosts.of(destination) };
                    if ends.source.is_some() || ends.destination.is_some() {
                        listener.names(&ends);
                    }
                }
                if let Some(places) = self.network.places {
                    let way = Way { source: places.of(source), destination: places.of(destination) };
                    if way.source.is_some() || way.destination.is_some() {
                        listener.way(&way);
                    }
                }
                if let Layer::Ipv4(ip) = layer {
                    if ip.is_fragment() && self.network.defragment.ipv4 {
                        return self.fragment(Fragment::of_ipv4(*ip)?, before, place, listener);
                    }
                }
            }
            (Layer::Fragment(header), _) if self.network.defragment.ipv6 => {
                return self.fragment(Fragment::of_ipv6(&before.ipv6?, *header)?, before, place, listener);
            }
            (Layer::Vxlan(packet), _) => {
                before.enter(packet.vni().into());
                let meaning = self.network.meaning(packet.vni(), before.ports, false);
                meaning.iter().for_each(|meaning| listener.meaning(meaning));
            }
            (Layer::Geneve(packet), _) => {
                before.enter(packet.vni().into());
                let is_cilium = |option: geneve_codec::GeneveOption<'_>| option.class == OptionClass::CILIUM;
                let has_cilium = packet.options().flatten().any(is_cilium);
                let meaning = self.network.meaning(packet.vni(), before.ports, has_cilium);
                meaning.iter().for_each(|meaning| listener.meaning(meaning));
            }
            (Layer::VxlanGpe(_) | Layer::Gre(_), _) => {
                before.enter(layer.tunnel().and_then(|(_, number)| number).unwrap_or(0));
            }
            (Layer::Sleeve(packet), _) if !place.is_inside => {
                let base = place.base.map(|base| base + at.range().start);
                self.sleeve(packet, base, place, listener);
            }
            (Layer::Sflow(datagram), _) if !place.is_inside => self.samples(datagram, place, listener),
            (Layer::Esp(packet), Some(addresses)) => {
                self.sealed(&Sealed::Esp(*packet, addresses), before, place, listener);
            }
            (Layer::WireGuard(message), _) => self.sealed(&Sealed::WireGuard(*message), before, place, listener),
            (Layer::Tcp(segment), Some(addresses)) if !place.is_sampled => {
                let protocol = self.network.tunnels.of_tcp_ports(segment.source_port(), segment.destination_port());
                if let Some(protocol) = protocol {
                    self.segment(protocol, segment, addresses, before.is_whole, place, listener);
                }
            }
            _ => {}
        }
        None
    }

    /// Shows what is odd about a layer's checksum.
    #[inline(never)]
    fn checksum(&self, layer: &Layer<'_>, before: &Before<'_>, listener: &mut impl Listener) {
        let is_judged = !before.is_cut && !before.is_readdressed && !before.in_fragment;
        let name = match layer {
            Layer::Ipv4(ip) => return tell(listener, "IPv4", of_ipv4(ip)),
            Layer::Udp(datagram) => {
                let ports = [datagram.destination_port(), datagram.source_port()];
                let is_outer = ports.iter().any(|port| self.network.tunnels.of_port(*port).is_some());
                if is_outer { "outer UDP" } else { "UDP" }
            }
            Layer::Tcp(_) => "TCP",
            Layer::Icmpv4(_) => "ICMP",
            Layer::Icmpv6(_) => "ICMPv6",
            _ => return,
        };
        if let Some(addresses) = before.addresses.filter(|_| is_judged) {
            tell(listener, name, of_upper(layer, addresses));
        }
    }

    /// Shows where a segment or datagram stands in its conversation.
    #[inline(never)]
    fn conversations(
        &self,
        layer: &Layer<'_>,
        before: &Before<'_>,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) {
        let Some((source, destination)) = before.addresses else { return };
        let pair = |from, to| Pair::new((source, from), (destination, to));
        let (mut standings, conversations) = (self.standings.borrow_mut(), || self.flows.borrow_mut());
        match layer {
            Layer::Tcp(segment) => {
                if standings.tcp.len() == place.tcp {
                    let pair = pair(segment.source_port(), segment.destination_port());
                    let at = self.record.time.map_or(0, Timestamp::total_nanoseconds);
                    let seen = Seen { segment, len: tcp_len(segment, before.missing) as u32, at };
                    standings.tcp.push(conversations().conversations.tcp(pair, seen));
                }
                standings.tcp.get(place.tcp).iter().for_each(|standing| listener.standing(standing));
                place.tcp += 1;
            }
            Layer::Udp(datagram) => {
                if standings.udp.len() == place.udp {
                    let (pair, _) = pair(datagram.source_port(), datagram.destination_port());
                    standings.udp.push(conversations().conversations.udp(pair));
                }
                standings.udp.get(place.udp).iter().for_each(|number| listener.conversation(**number));
                place.udp += 1;
            }
            Layer::Icmpv4(_) | Layer::Icmpv6(_) => {
                let Some((is_reply, identifier, sequence)) = echo(layer) else { return };
                if standings.echoes.len() == place.echoes {
                    let flows = &mut conversations().conversations;
                    standings.echoes.push(if is_reply {
                        flows.answered(Pair::of_echo(destination, source, identifier, sequence))
                    } else {
                        flows.asked(Pair::of_echo(source, destination, identifier, sequence), self.record.number);
                        None
                    });
                }
                standings
                    .echoes
                    .get(place.echoes)
                    .into_iter()
                    .flatten()
                    .for_each(|packet| listener.answers(echo_of(layer), *packet));
                place.echoes += 1;
            }
            _ => {}
        }
    }

    /// Takes a segment of a protocol that is followed into its stream, or shows what came of it. Out of line, as all is that few packets
    /// have: what every packet goes through must fit where the processor keeps its instructions.
    #[inline(never)]
    fn segment(
        &self,
        protocol: TcpProtocol,
        segment: &TcpSegment<&[u8]>,
        addresses: Addresses,
        is_whole: bool,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) {
        let ports = (segment.source_port(), segment.destination_port());
        let is_syn = segment.flags().contains(TcpFlags::SYN);
        let is_damaged = is_whole && is_damaged(segment, addresses);
        let of = Segment { sequence: segment.sequence(), is_syn, is_damaged, data: segment.payload() };
        let number = place.segments;
        place.segments += 1;
        if let Some(finding) = place.finding {
            return finding.segment(protocol, StreamKey { addresses, ports }, of, number);
        }
        let Beyond { messages, skipped, .. } = self.beyond();
        for (_, skipped) in skipped.iter().filter(|(segment, _)| *segment == number) {
            listener.skipped(skipped);
        }
        for message in messages.iter().filter(|message| message.segment == number) {
            match message.what {
                What::Bgp { kind, length, ref body, ref session, inferred } => {
                    listener.bgp(&BgpMessage { kind, length, body }, session);
                    inferred.iter().for_each(|inferred| listener.inferred(inferred));
                }
                What::Bmp(ref bytes) => bmp(bytes, listener),
            }
        }
    }

    /// The frames of a sleeve packet: plain ones, or those that the key opens. Where they stand is known of plain ones only.
    #[inline(never)]
    fn sleeve(
        &self,
        packet: &SleevePacket<&[u8]>,
        base: Option<usize>,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) {
        if packet.looks_plain() {
            let body = packet.body();
            let base = base.map(|base| base + PACKET_OVERHEAD);
            return self.frames(body, base, false, place, listener);
        }
        let Some(key) = &self.network.key else { return };
        // Which peer opened the connection is not known here: one of the two directions fits, or none.
        for direction in [Direction::Outbound, Direction::Inbound] {
            let mut bytes = [packet.header().as_bytes(), packet.body()].concat();
            if key.open(&mut bytes, direction).is_ok() {
                return self.frames(bytes.get(ENCRYPTED_OVERHEAD..).unwrap_or_default(), None, true, place, listener);
            }
        }
    }

    fn frames(
        &self,
        body: &[u8],
        base: Option<usize>,
        is_sealed: bool,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) {
        let outside = (place.base, place.is_inside);
        for frame in Frames::new(body).map_while(Result::ok) {
            listener.sleeve_frame(&frame, is_sealed);
            if frame.kind() == FrameKind::Ethernet {
                place.base = base.map(|base| base + range_in(body, frame.ethernet).start);
                place.is_inside = true;
                self.frame(LinkType::ETHERNET, frame.ethernet, 0, place, listener);
            }
        }
        (place.base, place.is_inside) = outside;
    }

    /// The packets that an sFlow datagram samples, as far as it has their bytes. What is sampled is no stream's and makes nothing whole.
    #[inline(never)]
    fn samples(&self, datagram: &SflowDatagram<'_>, place: &mut Place<'_>, listener: &mut impl Listener) {
        let outside = (place.base.take(), place.is_sampled);
        (place.is_inside, place.is_sampled) = (true, true);
        for flow in datagram.samples().map_while(Result::ok).filter_map(|sample| sample.flow()?.ok()) {
            for header in flow.records().map_while(Result::ok).filter_map(|record| record.header()?.ok()) {
                listener.sample(&flow, &header);
                let link_type = match header.protocol {
                    SampledProtocol::ETHERNET => LinkType::ETHERNET,
                    SampledProtocol::PPP => LinkType::PPP,
                    SampledProtocol::IPV4 => LinkType::IPV4,
                    SampledProtocol::IPV6 => LinkType::IPV6,
                    _ => continue,
                };
                self.frame(link_type, header.bytes, header.missing(), place, listener);
            }
        }
        (place.base, place.is_sampled) = outside;
        place.is_inside = false;
    }

    /// Shows what came of opening a layer, and walks through what stood in it. What is not all there cannot be opened.
    #[cold]
    fn sealed(&self, sealed: &Sealed<'_>, before: &Before<'_>, place: &mut Place<'_>, listener: &mut impl Listener) {
        if before.is_cut || place.is_sampled || place.wholes == MAX_WHOLES || !self.flows.borrow().may_open(sealed) {
            return;
        }
        let number = place.openings;
        place.openings += 1;
        let opening = match place.finding {
            Some(finding) => finding.opening(sealed),
            None => self.beyond().openings.get(number).cloned().flatten(),
        };
        let Some(opening) = opening else { return };
        listener.opened(&opening);
        if let Some(layers) = opening.layers(self.network.tunnels) {
            // A checksum may be of addresses that were translated on the way.
            let mut before = Before { is_whole: false, is_readdressed: true, ..*before };
            if let Sealed::WireGuard(_) = sealed {
                before.enter(0);
            }
            self.within(layers, before, place, listener);
        }
    }

    /// Shows what came of a fragment: gives it back if its packet is whole now, or may be yet.
    #[cold]
    fn fragment(
        &self,
        fragment: Fragment<'_>,
        before: &mut Before<'_>,
        place: &mut Place<'_>,
        listener: &mut impl Listener,
    ) -> Option<Rc<Outcome>> {
        // What is in a fragment is there in part only, and comes again when that is whole.
        if mem::replace(&mut before.in_fragment, true) || place.wholes == MAX_WHOLES || place.is_sampled {
            return None;
        }
        let number = place.fragments;
        place.fragments += 1;
        let outcome = match place.finding {
            Some(finding) => finding.fragment(fragment.within(before.network), self.record.time),
            None => Rc::clone(self.beyond().outcomes.get(number)?),
        };
        match &*outcome {
            Outcome::Whole(whole) if !self.network.opens(whole) => return None,
            _ => listener.fragment(&fragment, &outcome),
        }
        // Of a cut one there will be no more than this.
        (*outcome != Outcome::Refused(Refusal::NotCaptured)).then_some(outcome)
    }

    /// Walks through what fragments made whole.
    #[cold]
    fn whole(&self, outcome: &Outcome, before: &Before<'_>, place: &mut Place<'_>, listener: &mut impl Listener) {
        let Outcome::Whole(whole) = outcome else { return };
        let layers = Layers::of_protocol(whole.protocol, &whole.payload, self.network.tunnels);
        self.within(layers, Before { is_whole: true, is_cut: false, in_fragment: false, ..*before }, place, listener);
    }

    /// Walks through bytes that are none of the record's.
    #[inline(never)]
    fn within<'a>(&self, layers: Layers<'a>, before: Before<'a>, place: &mut Place<'_>, listener: &mut impl Listener) {
        let base = place.base.take();
        place.wholes += 1;
        self.layers(layers, before, place, listener);
        place.wholes -= 1;
        place.base = base;
    }

    fn beyond(&self) -> &Beyond {
        self.beyond.get_or_init(|| self.go_on())
    }

    /// Takes the packet's part of fragments and streams into them.
    #[cold]
    fn go_on(&self) -> Beyond {
        let finding = Finding { flows: self.flows, beyond: RefCell::default() };
        self.walk(Some(&finding), &mut Nobody);
        finding.beyond.into_inner()
    }
}

impl Before<'_> {
    /// In a tunnel or VLAN of this number.
    fn enter(&mut self, number: u32) {
        self.network = self.network << 24 ^ (u64::from(number) + 1);
    }
}

/// Hears nothing.
struct Nobody;

impl Listener for Nobody {}

impl Finding<'_> {
    fn fragment(&self, fragment: Fragment<'_>, at: Option<Timestamp>) -> Rc<Outcome> {
        let outcome = Rc::new(self.flows.borrow_mut().fragment(&fragment, at));
        self.beyond.borrow_mut().outcomes.push(Rc::clone(&outcome));
        outcome
    }

    fn opening(&self, sealed: &Sealed<'_>) -> Option<Rc<Opening>> {
        let opening = self.flows.borrow_mut().open(sealed).map(Rc::new);
        self.beyond.borrow_mut().openings.push(opening.clone());
        opening
    }

    fn segment(&self, protocol: TcpProtocol, key: StreamKey, segment: Segment<'_>, number: usize) {
        let Beyond { messages, skipped, .. } = &mut *self.beyond.borrow_mut();
        let left_out = self.flows.borrow_mut().segment(protocol, key, segment, number, messages);
        skipped.extend(left_out.map(|left_out| (number, left_out)));
    }
}

/// Whether an echo is a reply, its identifier and its sequence number.
fn echo(layer: &Layer<'_>) -> Option<(bool, u16, u16)> {
    match layer {
        Layer::Icmpv4(packet) => match packet.message() {
            Icmpv4Message::EchoRequest { identifier, sequence } => Some((false, identifier, sequence)),
            Icmpv4Message::EchoReply { identifier, sequence } => Some((true, identifier, sequence)),
            _ => None,
        },
        Layer::Icmpv6(packet) => match packet.message() {
            Some(Icmpv6Message::EchoRequest { identifier, sequence }) => Some((false, identifier, sequence)),
            Some(Icmpv6Message::EchoReply { identifier, sequence }) => Some((true, identifier, sequence)),
            _ => None,
        },
        _ => None,
    }
}

#[inline]
fn tell(listener: &mut impl Listener, name: &'static str, verdict: Verdict) {
    if verdict != Verdict::Good {
        listener.checksum(name, verdict);
    }
}

/// Whether a segment's checksum is wrong. One that its sender's network card was still to work out is not: it is the sum of the
/// pseudo-header then.
fn is_damaged(segment: &TcpSegment<&[u8]>, (source, destination): Addresses) -> bool {
    let Some(pseudo) = PseudoHeader::ip(source, destination, IpProtocol::TCP) else { return false };
    let len = segment.header().header_len() + segment.payload().len();
    segment.checksum() != !pseudo.with_length(len).finish() && !segment.checksum_is_valid(&pseudo)
}

/// A BMP message, and the BGP messages in it, each as one of the session that it is likeliest one of.
fn bmp(bytes: &[u8], listener: &mut impl Listener) {
    for message in BmpMessages::parse(bytes).into_iter().flatten() {
        let body = message.parse();
        listener.bmp(&message, &body);
        let Ok(body) = body else { continue };
        each_bgp_message(&body, |peer, message| {
            let (session, inferred) = message.read_as(peer.session());
            listener.bgp(&message, &session);
            inferred.iter().for_each(|inferred| listener.inferred(inferred));
        });
    }
}

/// Hands out the BGP messages that a BMP message has, each with the peer that it is of.
pub(super) fn each_bgp_message(body: &BmpBody<'_>, mut take: impl FnMut(&BmpPeer, BgpMessage<'_>)) {
    let mut all = |peer: &BmpPeer, bytes: &[u8]| {
        BgpMessages::parse(bytes).into_iter().flatten().for_each(|message| take(peer, message));
    };
    match body {
        BmpBody::RouteMonitoring(peer, bytes) => all(peer, bytes),
        BmpBody::RouteTlvs(peer, tlvs) => all(peer, tlvs.message().unwrap_or_default()),
        BmpBody::PeerDown(peer, down) => all(peer, down.notification().unwrap_or_default()),
        BmpBody::PeerUp(peer, up) => all(peer, up.opens),
        BmpBody::RouteMirroring(peer, told) => {
            told.tlvs().filter(|tlv| tlv.kind == 0).for_each(|tlv| all(peer, tlv.value));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Cni;
    use super::super::opened::Openers;
    use super::super::session::Session;
    use super::*;
    use crate::Tunnels;
    use crate::bgp::sessions::Overrule;
    use ether_ip::Headroom;
    use ether_ip::ipv4::Ipv4Header;
    use ether_ip::udp::{UdpChecksum, UdpHeader};
    use weave_codec::{SleeveFrame, SleeveHeader};

    /// Counts the sleeve's frames.
    #[derive(Default)]
    struct Count(usize);

    impl Listener for Count {
        fn sleeve_frame(&mut self, _: &SleeveFrame<'_>, _: bool) {
            self.0 += 1;
        }
    }

    /// A sleeve packet in two fragments (RFC 791 §3.2): cut, it is not seen to be plain; the second shows its two frames, and shows
    /// them again.
    #[test]
    fn shown_twice_it_looks_the_same() {
        let [source, destination] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]].map(weave_codec::PeerName);
        let frame = [&source.0[..], &destination.0, &[0, 22], &[0; 22]].concat();
        let body = [SleeveHeader::new(source).as_bytes(), &frame, &frame].concat();
        let mut buffer = vec![0; 128];
        let mut datagram = Headroom::with_payload(&mut buffer, &body).unwrap();
        UdpHeader::new(6783, 6783).prepend(&mut datagram, UdpChecksum::Zero).unwrap();
        let fragment = |offset: usize, more: bool, payload: &[u8]| {
            let mut header = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
            header.set_dont_fragment(false);
            header.set_more_fragments(more);
            header.set_fragment_offset(offset as u16);
            let mut buffer = vec![0; 20 + payload.len()];
            header.prepend(&[], &mut Headroom::with_payload(&mut buffer, payload).unwrap()).unwrap();
            buffer
        };
        let (first, second) = datagram.packet().split_at(56);
        let network = Network { cni: Some(Cni::Weave), ..Network::new(Tunnels::DEFAULT) };
        let mut session = Session::new(network, Overrule::default(), Openers::default());
        let mut shown = |number: u64, bytes: &[u8]| {
            let original_len = bytes.len() as u32;
            let record = Record { number, time: None, original_len, link_type: LinkType::RAW, bytes };
            let packet = session.take(&record);
            [(); 2].map(|()| {
                let mut frames = Count::default();
                packet.show(&mut frames);
                frames.0
            })
        };
        assert_eq!(shown(1, &fragment(0, true, first)), [0, 0]);
        assert_eq!(shown(2, &fragment(56, false, second)), [2, 2]);
    }
}
