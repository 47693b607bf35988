//! One line a packet: the innermost flow, what it says, and the tunnel around it.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::ops::Range;

use crate::bgp::BgpMessage;
use crate::bgp::streams::Skipped;
use crate::conversations::Standing;
use crate::outside::Escaping;
use crate::reassembly::{self, Fragment, Refusal};
use crate::summary::{Summaries, tcp_len};
use crate::{Error, Layer, Outside};
use anstyle::Style;
use bgp_codec::bmp::BmpMessage;
use bgp_codec::{Finding, Message, MessageType, Negotiated, Notification, Outcome, Route, Update};
use ether_ip::arp::ArpOperation;
use ether_ip::ethernet::MacAddr;
use ether_ip::sflow::{FlowSample, SampledHeader};
use ether_ip::tcp::TcpFlags;
use weave_codec::{FrameKind, SleeveFrame};

use super::checksums::{Verdict, Wrong};
use super::clock::TimeForm;
use super::cluster::Way;
use super::listener::{BmpRead, Listener, Shown};
use super::network::Meaning;
use super::opened::Opening;
use super::packet::{Addresses, Packet};
use super::palette::{self, Palette};
use super::width;
use super::write::{self, Text, aligned, ipv4, ipv6, seconds};

/// So much of what a packet says stays on a line that is too long.
const LEAST_INFO: usize = 24;

/// What a line is made of.
#[derive(Debug, Default)]
struct Parts {
    macs: Option<(MacAddr, MacAddr)>,
    flow: Option<Addresses>,
    /// The flow that the innermost tunnel is in: all there is, where its inside was not captured.
    around: Option<Addresses>,
    /// How many bytes of what the IP header carries were not captured.
    missing: usize,
    /// What the innermost layer says, without its addresses.
    info: String,
    /// Of a segment: its flags, and the length of its data, which stands behind what else is said of it.
    segment: Option<(TcpFlags, usize)>,
    tunnel: String,
    /// How much of that stands around a sleeve packet, whose frames it is; and how many there are.
    outside: usize,
    frames: usize,
    outer: Option<Addresses>,
    /// The nodes of the innermost flow, by leases.
    way: String,
    bgp: String,
    /// What is wrong, and what of a stream is not followed.
    error: String,
    skipped: String,
    checksums: Vec<Wrong>,
    /// What is odd about a segment among those before it.
    analysis: String,
    /// Sampled packets follow, which are not what the line is of.
    is_sampled: bool,
    /// What the packet's fragments made whole, and why one of them does not count, or why what is sealed stays closed.
    wholes: String,
    refused: String,
}

/// How lines look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) palette: Palette,
    pub(super) time: TimeForm,
    /// Whether lines are cut to the terminal's width: for eyes, and not for whoever reads from a pipe.
    pub(super) is_cut: bool,
    /// All layers, and not only what the innermost says.
    pub(super) is_long: bool,
}

impl Look {
    /// How many columns a line may take. It is asked each time, since windows change their size.
    pub(super) fn columns(&self) -> Option<usize> {
        self.is_cut.then(width::of_terminal).flatten()
    }
}

/// What can be written as one line.
pub(super) trait Line {
    /// Writes it.
    fn line(&self, out: &mut Vec<u8>, look: &Look);
}

impl Line for Packet<'_> {
    fn line(&self, out: &mut Vec<u8>, look: &Look) {
        let begin = out.len();
        start(out, self, look);
        if look.is_long {
            return long(out, self, &look.palette);
        }
        flow_and_more(out, self, look, begin);
    }
}

/// Number and time, each with a gap before it, however long they are.
fn start(out: &mut Vec<u8>, packet: &Packet<'_>, look: &Look) {
    let dim = look.palette.dim;
    palette::begin(out, dim);
    aligned(out, packet.record.number, 6);
    let since_1970 = packet.record.time.map(|time| time.total_nanoseconds());
    let time = match look.time {
        TimeForm::None => {
            palette::end(out, dim);
            return out.push(b' ');
        }
        TimeForm::SinceFirst => packet.since_first.map(|since| seconds(since, 6)),
        TimeForm::SinceBefore => packet.since_before.map(|since| seconds(since, 6)),
        TimeForm::SinceShown => packet.since_shown().map(|since| seconds(since, 6)),
        TimeForm::Epoch => since_1970.map(|since| seconds(since, 6)),
        form @ TimeForm::Clock { .. } => since_1970.map(|at| form.text(at).unwrap_or_else(|| seconds(at, 6))),
    };
    let time = time.as_deref().unwrap_or("-");
    write::spaces(out, 12_usize.saturating_sub(time.len()).max(1));
    out.extend_from_slice(time.as_bytes());
    palette::end(out, dim);
    out.push(b' ');
}

/// All layers in a row, the outermost first, each as `-V` heads it.
fn long(out: &mut Vec<u8>, packet: &Packet<'_>, palette: &Palette) {
    let mut layers = Row { out, palette, summaries: Summaries::default(), is_first: true };
    packet.show(&mut layers);
    out.push(b'\n');
}

/// Layers in a row.
struct Row<'a> {
    out: &'a mut Vec<u8>,
    palette: &'a Palette,
    summaries: Summaries,
    is_first: bool,
}

impl Row<'_> {
    fn gap(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.extend_from_slice(b" / ");
        }
    }
}

impl Listener for Row<'_> {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, _: bool) {
        self.gap();
        let summary = self.summaries.of(layer);
        let _ = write!(Escaping(Text(self.out)), "{summary}");
    }

    fn fragment(&mut self, _: &Fragment<'_>, outcome: &reassembly::Outcome) {
        if let reassembly::Outcome::Whole(_) = outcome {
            self.summaries = Summaries::default();
        }
    }

    fn error(&mut self, error: &Error) {
        self.gap();
        let style = self.palette.error;
        let _ = write_to(self.out, format_args!("{style}{error}{style:#}"));
    }
}

/// The line from its flow on; it began at `begin`.
fn flow_and_more(out: &mut Vec<u8>, packet: &Packet<'_>, look: &Look, begin: usize) {
    let record = &packet.record;
    let mut parts = Parts { info: String::with_capacity(96), ..Parts::default() };
    packet.show(&mut parts);

    let is_inside = parts.flow.is_some() || parts.macs.is_some();
    let mut flow = Vec::with_capacity(96);
    match (if is_inside { parts.flow } else { parts.around }, parts.macs) {
        (Some((source, destination)), _) => {
            let called = |address| packet.network.hosts.and_then(|hosts| hosts.of(address));
            for (gap, address) in [("", source), (" > ", destination)] {
                flow.extend_from_slice(gap.as_bytes());
                match (called(address), address) {
                    (Some(name), _) => flow.extend_from_slice(name.as_bytes()),
                    (None, IpAddr::V4(address)) => ipv4(&mut flow, address.octets()),
                    (None, IpAddr::V6(address)) => ipv6(&mut flow, address),
                }
            }
        }
        (None, Some((source, destination))) => drop(write_to(&mut flow, format_args!("{source} > {destination}"))),
        (None, None) => drop(write_to(&mut flow, format_args!("{}", record.link_type))),
    }
    let mut info = std::mem::take(&mut parts.info);
    if let Some((_, len)) = parts.segment {
        number(&mut info, " len ", len as u64);
    }
    if !parts.bgp.is_empty() {
        info = parts.bgp.trim_start().to_owned();
    }
    if !parts.way.is_empty() {
        let gap = if parts.tunnel.is_empty() { "" } else { "  " };
        let _ = write!(parts.tunnel, "{gap}{}", parts.way);
    }
    let from = out.len();
    rest(out, (&flow, &info), &parts, packet.cut(), &look.palette);
    if let Some(columns) = look.columns() {
        // The tunnel and what is wrong are shown; what the packet says is shortened to make room for them, and if that is not enough, the
        // end goes.
        let taken = std::str::from_utf8(&out[begin..]).map_or(0, width::of);
        let wanted = width::of(&info);
        if taken > columns && wanted > LEAST_INFO {
            info = width::cut(&info, wanted.saturating_sub(taken - columns).max(LEAST_INFO));
            out.truncate(from);
            rest(out, (&flow, &info), &parts, packet.cut(), &look.palette);
        }
        width::cut_line(out, begin, columns);
    }
    out.push(b'\n');
}

/// What stands behind number and time.
fn rest(out: &mut Vec<u8>, (flow, info): (&[u8], &str), parts: &Parts, cut: usize, palette: &Palette) {
    let Palette { dim, protocol, tunnel, error, .. } = palette;
    out.extend_from_slice(flow);
    put(out, *protocol, info);
    put(out, *tunnel, &parts.tunnel);
    if cut > 0 {
        let _ = write_to(out, format_args!("  {dim}cut by {cut}{dim:#}"));
    }
    if !parts.wholes.is_empty() {
        let _ = write_to(out, format_args!("{dim}{}{dim:#}", parts.wholes));
    }
    for wrong in &parts.checksums {
        let _ = write_to(out, format_args!("  {error}{wrong}{error:#}"));
    }
    [&parts.analysis, &parts.refused, &parts.error, &parts.skipped].into_iter().for_each(|told| put(out, *error, told));
}

/// A part of the line that is not always there.
fn put(out: &mut Vec<u8>, style: Style, text: &str) {
    if !text.is_empty() {
        out.extend_from_slice(b"  ");
        palette::begin(out, style);
        out.extend_from_slice(text.as_bytes());
        palette::end(out, style);
    }
}

fn write_to(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    use std::io::Write;
    out.write_fmt(arguments)
}

/// Appends what a number is called and the number: formatting takes longer.
fn number(to: &mut String, name: &str, number: u64) {
    to.push_str(name);
    to.push_str(itoa::Buffer::new().format(number));
}

impl Parts {
    /// A tunnel begins: what was the flow so far is its outside.
    fn enter(&mut self, name: std::fmt::Arguments<'_>) {
        let gap = if self.tunnel.is_empty() { "" } else { " / " };
        let _ = write!(self.tunnel, "{gap}{name}");
    }

    fn say_ports(&mut self, protocol: &str, from: u16, to: u16) {
        self.info.clear();
        self.segment = None;
        number(&mut self.info, protocol, from.into());
        number(&mut self.info, " > ", to.into());
    }

    fn say(&mut self, what: std::fmt::Arguments<'_>) {
        self.info.clear();
        self.segment = None;
        let _ = self.info.write_fmt(what);
    }
}

/// What a message says in the fewest words: the first route of an UPDATE and how many there are, a NOTIFICATION's reason.
fn write_gist(to: &mut String, message: &BgpMessage<'_>, session: &Negotiated) -> std::fmt::Result {
    match MessageType(message.kind) {
        MessageType::UPDATE => {
            let Ok(update) = Update::parse(message.body, session) else { return Ok(()) };
            routes(to, '+', update.announced())?;
            routes(to, '-', update.withdrawn())?;
            Ok(())
        }
        MessageType::NOTIFICATION => {
            let Ok(notification) = Notification::parse(message.body) else { return Ok(()) };
            write!(to, ", {}", notification.code)?;
            let inner = match notification.hard_reset() {
                Some(Err(error)) => return write!(to, ", malformed: {error}"),
                Some(Ok(inner)) => Some(inner),
                None => None,
            };
            if let Some(inner) = &inner {
                write!(to, ": {}", inner.code)?;
            }
            let text = inner.as_ref().unwrap_or(&notification).text_bytes();
            text.map_or(Ok(()), |text| write!(to, ": {}", Outside(text)))
        }
        _ => Ok(()),
    }
}

/// Why a message is broken: what is wrong with it as a whole, or the worst of what is wrong within an UPDATE, and what is done about it
/// (RFC 7606).
pub(super) fn fault(message: &BgpMessage<'_>, session: &Negotiated) -> Option<String> {
    if let Some(error) = message.header_error() {
        return Some(error.to_string());
    }
    let kind = MessageType(message.kind);
    kind.name()?;
    let update = match Message::parse(kind, message.body, session) {
        Err(error) => return Some(error.to_string()),
        Ok(Message::Update(update)) => update,
        Ok(_) => return None,
    };
    let mut worst = None;
    let outcome = update.validate_each(|finding| {
        if worst.is_none_or(|worst: Finding| worst.action < finding.action) {
            worst = Some(*finding);
        }
    });
    let what = match outcome {
        Outcome::Accept => return None,
        Outcome::RouteDiscard => "route discard",
        Outcome::AttributeDiscard(_) => "attribute discard",
        Outcome::TreatAsWithdraw => "treat as withdraw",
        Outcome::DisableFamily { .. } => "disable family",
        Outcome::SessionReset(_) => "session reset",
    };
    Some(worst.map_or(what.to_owned(), |worst| format!("{what}: {} ({})", worst.fault, worst.clause)))
}

/// The first of some routes, and how many follow.
fn routes<'a>(to: &mut String, sign: char, mut routes: impl Iterator<Item = Route<'a>>) -> std::fmt::Result {
    let Some(first) = routes.next() else { return Ok(()) };
    write!(to, " {sign}{first}")?;
    match routes.count() {
        0 => Ok(()),
        more => write!(to, " and {more} more"),
    }
}

impl Listener for Parts {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, is_quoted: bool) {
        if is_quoted || self.is_sampled {
            return;
        }
        match layer {
            Layer::Ethernet(frame) => {
                self.macs = Some((frame.source(), frame.destination()));
                self.say(format_args!("{}", EtherTypeOrLength(frame.ether_type())));
            }
            Layer::Vlan(tag) => {
                self.enter(format_args!("vlan {}", tag.id()));
                self.say(format_args!("{}", EtherTypeOrLength(tag.ether_type())));
            }
            Layer::Ipv4(ip) => {
                if self.flow.is_some() && !self.is_fresh() {
                    self.enter(format_args!("ipip"));
                }
                self.flow = Some((ip.source().into(), ip.destination().into()));
                self.missing = ip.missing();
                if ip.is_fragment() {
                    let more = if ip.more_fragments() { "+" } else { "" };
                    let (protocol, offset) = (ip.protocol(), ip.fragment_offset());
                    self.say(format_args!("{protocol}, fragment at {offset}{more}"));
                } else {
                    self.say(format_args!("{}", ip.protocol()));
                }
            }
            Layer::Ipv6(ip) => {
                if self.flow.is_some() && !self.is_fresh() {
                    self.enter(format_args!("ip6ip"));
                }
                self.flow = Some((ip.source().into(), ip.destination().into()));
                self.missing = ip.missing();
                self.say(format_args!("{}", ip.next_header()));
            }
            Layer::Udp(datagram) => {
                let (from, to) = (datagram.source_port(), datagram.destination_port());
                self.say_ports("UDP ", from, to);
                number(&mut self.info, " len ", (datagram.payload().len() + datagram.missing()) as u64);
            }
            Layer::Tcp(segment) => {
                let (from, to) = (segment.source_port(), segment.destination_port());
                let (flags, len) = (segment.flags(), tcp_len(segment, self.missing));
                self.say_ports("TCP ", from, to);
                let _ = write!(self.info, " [{flags}]");
                self.segment = Some((flags, len));
            }
            Layer::Sleeve(_) => {
                (self.outside, self.outer) = (self.tunnel.len(), self.flow);
                self.enter(format_args!("sleeve"));
                self.say(format_args!("{layer}"));
            }
            Layer::FlannelUdp(_) => {
                match self.flow {
                    Some((source, destination)) => {
                        self.enter(format_args!("flannel-udp {source} > {destination}"));
                    }
                    None => self.enter(format_args!("flannel-udp")),
                }
                self.inside();
            }
            Layer::Mpls(stack) => {
                for label in stack.labels() {
                    self.enter(format_args!("mpls {}", label.label()));
                }
            }
            Layer::Arp(arp) => match arp.addresses() {
                Some(addresses) => {
                    self.flow = Some((addresses.sender_protocol().into(), addresses.target_protocol().into()));
                    match arp.operation() {
                        ArpOperation::REPLY => self.say(format_args!("ARP reply, at {}", addresses.sender_hardware)),
                        operation => self.say(format_args!("ARP {operation}")),
                    }
                }
                None => self.say(format_args!("{layer}")),
            },
            // What goes without saying, or was said by the layer before.
            Layer::Payload(_) | Layer::Bgp(_) | Layer::Bmp(_) | Layer::LinuxCooked(_) | Layer::LinuxCooked2(_) => {}
            layer => match layer.tunnel() {
                Some((name, number)) => {
                    match number {
                        Some(number) => self.enter(format_args!("{name} {number}")),
                        None => self.enter(format_args!("{name}")),
                    }
                    self.inside();
                }
                None => self.say(format_args!("{layer}")),
            },
        }
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        // In BMP they are told by its type.
        if self.bgp.is_empty() {
            self.bgp.push_str("BGP");
        }
        let _ = match message.kind_name() {
            Some(name) => write!(self.bgp, " {name}"),
            None => write!(self.bgp, " type {}", message.kind),
        };
        let _ = write_gist(&mut self.bgp, message, session);
        // Of several it is the first that is told.
        if self.error.is_empty() {
            self.error.extend(fault(message, session));
        }
    }

    fn wants_conversations(&self) -> bool {
        true
    }

    /// Where it stands in its stream; what was sent again, lost or out of order, and how full the receiver is.
    fn standing(&mut self, standing: &Standing) {
        if let Some((flags, _)) = self.segment {
            number(&mut self.info, " seq ", standing.sequence.into());
            if flags.contains(TcpFlags::ACK) {
                number(&mut self.info, " ack ", standing.acknowledgment.into());
            }
            // Whoever resets takes nothing more.
            if !flags.contains(TcpFlags::RST) {
                number(&mut self.info, " win ", standing.window.into());
            }
        }
        if !standing.analysis.is_empty() {
            let _ = write!(self.analysis, "{}", standing.analysis);
        }
    }

    fn bmp(&mut self, message: &BmpMessage<'_>, body: &BmpRead<'_>) {
        let gap = if self.bgp.is_empty() { "" } else { "," };
        let _ = write!(self.bgp, "{gap} BMP {}", message.kind);
        if let Err(error) = body {
            self.error = error.to_string();
        }
    }

    fn meaning(&mut self, meaning: &Meaning) {
        let _ = match meaning {
            Meaning::Identity(identity) => match identity.name() {
                Some(name) => write!(self.tunnel, " ({name})"),
                None => write!(self.tunnel, " (identity)"),
            },
            Meaning::Peers(peers) => {
                write!(self.tunnel, " (peer {} > {})", peers.source.get(), peers.destination.get())
            }
        };
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>, is_sealed: bool) {
        // Of several frames the last is shown, and how many there are.
        self.frames += 1;
        self.tunnel.truncate(self.outside);
        let count = if self.frames > 1 { format!(", the last of {} frames", self.frames) } else { String::new() };
        let sealed = if is_sealed { ", sealed" } else { "" };
        self.enter(format_args!("sleeve {}{sealed}{count}", frame.source));
        self.inside();
        match frame.kind() {
            FrameKind::Ethernet => {}
            FrameKind::Heartbeat { connection } => self.say(format_args!("heartbeat of {connection:016x}")),
            FrameKind::FragmentationTest => self.say(format_args!("fragmentation test")),
            FrameKind::PmtuTest => self.say(format_args!("PMTU test, {} bytes", frame.ethernet.len())),
        }
        if frame.kind() != FrameKind::Ethernet {
            self.flow = self.outer;
        }
    }

    fn wants_checksums(&self) -> bool {
        true
    }

    fn checksum(&mut self, layer: &'static str, verdict: Verdict) {
        match verdict {
            Verdict::Good => {}
            // A tunnel's was worked out for what the card was to make of it (Linux's local checksum offload).
            Verdict::Partial => self.checksums.retain(|wrong| wrong.layer != "outer UDP"),
            Verdict::Wrong { found, right } => self.checksums.push(Wrong { layer, found, right }),
        }
    }

    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {
        self.is_sampled = true;
    }

    fn skipped(&mut self, skipped: &Skipped) {
        self.skipped = skipped.to_string();
        // That stands on the line already, with both sums.
        let is_told = self.checksums.iter().any(|wrong| wrong.layer == "TCP");
        if let Some(rest) = self.skipped.strip_prefix("TCP checksum is wrong, ").filter(|_| is_told) {
            self.skipped = rest.to_owned();
        }
    }

    fn fragment(&mut self, _: &Fragment<'_>, outcome: &reassembly::Outcome) {
        match outcome {
            reassembly::Outcome::Whole(whole) => {
                self.missing = 0;
                self.wholes = format!("  of {} fragments", whole.fragments);
            }
            // A capture that cuts packets is nobody's fault.
            reassembly::Outcome::Waiting
            | reassembly::Outcome::Repeated
            | reassembly::Outcome::Refused(Refusal::NotCaptured) => {}
            reassembly::Outcome::Refused(refusal) => self.refused = refusal.to_string(),
        }
    }

    fn opened(&mut self, opening: &Opening) {
        if let Some((tunnel, is_packet)) = opening.tunnel() {
            match opening.spi() {
                Some(spi) => self.enter(format_args!("{tunnel} {spi:#010x}")),
                None => self.enter(format_args!("{tunnel}")),
            }
            if is_packet {
                self.inside();
            }
        }
        self.refused.extend(opening.refusal());
    }

    fn way(&mut self, way: &Way<'_>) {
        // The tunnel says it already.
        let is_told = self.tunnel.contains("flannel-udp");
        self.way = if is_told { String::new() } else { format!("at {way}") };
    }

    fn error(&mut self, error: &Error) {
        self.error = error.to_string();
    }
}

impl Parts {
    /// Behind a tunnel's header: what is inside is yet to be seen.
    fn inside(&mut self) {
        self.macs = None;
        self.around = self.flow.take().or(self.around);
        self.info.clear();
        self.segment = None;
    }

    /// Whether an IP header that comes now is the first of its packet.
    fn is_fresh(&self) -> bool {
        self.flow.is_none()
    }
}

struct EtherTypeOrLength(ether_ip::ethernet::EtherType);

impl std::fmt::Display for EtherTypeOrLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0.as_length(), self.0.name()) {
            (Some(length), _) => write!(f, "802.3 len {length}"),
            (_, Some(name)) => f.write_str(name),
            _ => write!(f, "type {:#06x}", self.0.0),
        }
    }
}
