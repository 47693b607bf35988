//! One packet on its way through the program: its layers with what TCP streams add to them.

use std::net::IpAddr;
use std::ops::Range;

use bgp_codec::Negotiated;
use ether_ip::tcp::TcpFlags;
use packet_dissect::bgp::sessions::{Overrule, Sessions};
use packet_dissect::bgp::streams::{Segment, StreamKey, Streams};
use packet_dissect::bgp::{self, BgpMessage};
use packet_dissect::fields::{self, Context, Field, Visit};
use packet_dissect::{Error, Layer, Layers, Record, Timestamp, Tunnels};

use super::leases::{Places, Way};
use super::write;

/// What is kept from packet to packet.
pub(super) struct Session<'a> {
    pub(super) tunnels: Tunnels<'a>,
    /// Whose an address is, if leases were given.
    pub(super) places: Option<&'a Places>,
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
        Self { tunnels, places: None, streams, walked: 0, messages, sessions, first_time: None }
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

    /// Shows `listener` the packet's layers. BGP messages are told by the segment that they end in.
    pub(super) fn walk(&mut self, record: &Record<'_>, listener: &mut impl Listener) {
        let mut layers = Layers::new(record.link_type, record.bytes, self.tunnels);
        let mut addresses = None;
        let is_first_walk = self.walked != record.number;
        if is_first_walk {
            self.walked = record.number;
            self.messages.clear();
        }
        let mut segments = 0;
        while let Some(layer) = layers.next() {
            let layer = match layer {
                Ok(layer) => layer,
                Err(error) => return listener.error(&error),
            };
            match &layer {
                Layer::Ipv4(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
                Layer::Ipv6(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
                _ => {}
            }
            listener.layer(&layer, layers.range(), layers.is_quoted());
            if let (Some(places), Layer::Ipv4(_) | Layer::Ipv6(_), Some((source, destination))) =
                (self.places, &layer, addresses)
            {
                let way = Way { source: places.of(source), destination: places.of(destination) };
                if (way.source.is_some() || way.destination.is_some()) && !layers.is_quoted() {
                    listener.way(&way);
                }
            }
            if let (Layer::Tcp(segment), false, Some(addresses)) = (&layer, layers.is_quoted(), addresses) {
                let ports = (segment.source_port(), segment.destination_port());
                if ports.0 == bgp::PORT || ports.1 == bgp::PORT {
                    let is_syn = segment.flags().contains(TcpFlags::SYN);
                    let segment = Segment { sequence: segment.sequence(), is_syn, data: segment.payload() };
                    if is_first_walk {
                        self.push(StreamKey { addresses, ports }, segment, segments);
                    }
                    for message in self.messages.iter().filter(|message| message.segment == segments) {
                        let Message { kind, length, ref body, ref session, .. } = *message;
                        listener.bgp(&BgpMessage { kind, length, body }, session);
                    }
                    segments += 1;
                }
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

/// Who is shown a packet's layers.
pub(super) trait Listener {
    /// A layer, and where it stands. A BGP layer is shown for its place; its messages are told by [`bgp`](Self::bgp).
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool);

    /// A BGP message that ends in the segment shown last, and what its session agreed on.
    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated);

    /// Where the IP packet shown last comes from and goes to, as leases have it.
    fn way(&mut self, _: &Way<'_>) {}

    /// What was wrong; nothing follows.
    fn error(&mut self, error: &Error);
}

/// Shows a visitor all fields of a packet.
pub(super) struct Fields<'a, V> {
    pub(super) context: Context,
    pub(super) visitor: &'a mut V,
}

impl<'a, V: Visit> Fields<'a, V> {
    pub(super) fn new(record: &Record<'_>, visitor: &'a mut V) -> Self {
        let cut = (record.original_len as usize).saturating_sub(record.bytes.len());
        Self { context: Context::new(cut), visitor }
    }
}

impl<V: Visit> Listener for Fields<'_, V> {
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

    fn error(&mut self, error: &Error) {
        if self.visitor.wants(Field::FrameError) {
            self.visitor.text(Field::FrameError, &error.to_string());
        }
    }
}

/// The fields of the capture's record itself.
pub(super) fn record_fields(session: &mut Session<'_>, record: &Record<'_>, v: &mut impl Visit) {
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
