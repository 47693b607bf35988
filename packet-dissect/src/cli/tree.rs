//! `-V`: every field with its value and meaning; `-x`: the bytes, each layer's apart.

use std::io::Write;
use std::ops::Range;

use crate::bgp::sessions::{Overrule, Sessions};
use crate::bgp::streams::{Skipped, StreamKey};
use crate::bgp::{BgpMessage, BgpMessages, Inferred};
use crate::conversations::Standing;
use crate::fields::{self, Context, Field, FieldValue, FieldVisitor, Group, Kind, TableRoute};
use crate::reassembly::{Fragment, Outcome, Whole};
use crate::summary::Summaries;
use crate::{Error, Layer};
use bgp_codec::Negotiated;
use bgp_codec::bmp::BmpMessage;
use ether_ip::sflow::{FlowSample, SampledHeader};
use weave_codec::SleeveFrame;

use super::cluster::Way;
use super::conversation;
use super::hosts::Ends;
use super::listener::{BmpRead, Listener, Shown, visit_fragment, visit_skipped};
use super::network::Meaning;
use super::opened::Opening;
use super::palette::{self, Palette};
use super::write;

/// The bytes of a field that are shown; the rest is told by number.
const MAX_BYTES: usize = 24;

/// Said of bytes that are no BGP messages.
pub(super) const NO_BGP: &str = "the bytes do not begin with a BGP message's header";

/// What of a packet is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Show {
    pub(super) fields: bool,
    pub(super) bytes: bool,
}

struct Tree<'a> {
    out: &'a mut Vec<u8>,
    /// The packet's bytes; `None` of what is no packet.
    bytes: Option<&'a [u8]>,
    show: Show,
    palette: &'a Palette,
    context: Context,
    summaries: Summaries,
    /// Up to where bytes were shown.
    shown: usize,
    /// Messages of the segment shown last were told, each under its name: their layer would be a heading over nothing.
    has_messages: bool,
}

pub(super) fn write(out: &mut Vec<u8>, shown: &impl Shown, show: Show, palette: &Palette) {
    let bytes = shown.record().map(|record| record.bytes);
    let mut tree = Tree {
        out,
        bytes,
        show,
        palette,
        context: Context::new(shown.cut()),
        summaries: Summaries::default(),
        shown: 0,
        has_messages: false,
    };
    if show.fields {
        let heading = palette.heading;
        tree.put(format_args!("{heading}{}{heading:#}\n", shown.heading()));
        shown.record_fields(&mut Lines::new(tree.out, palette));
    }
    shown.show(&mut tree);
    let rest = tree.shown..bytes.map_or(0, <[u8]>::len);
    if show.bytes && !rest.is_empty() {
        tree.dump("rest", rest);
    }
    tree.put(format_args!("\n"));
}

/// BGP messages back to back.
pub(super) fn write_bgp(out: &mut Vec<u8>, bytes: &[u8], overrule: Overrule, palette: &Palette) -> Result<(), String> {
    let mut messages = BgpMessages::parse(bytes).ok_or(NO_BGP)?;
    let anywhere = ([0; 4].into(), [0; 4].into());
    let (mut sessions, key) = (Sessions::new(overrule), StreamKey { addresses: anywhere, ports: (0, 0) });
    let Palette { heading, dim, .. } = palette;
    for message in messages.by_ref() {
        // Writing to a vector cannot fail.
        let _ = match message.kind_name() {
            Some(name) => writeln!(out, "{heading}BGP {name}{heading:#}"),
            None => writeln!(out, "{heading}BGP type {}{heading:#}", message.kind),
        };
        let session = sessions.of(key, &message);
        fields::bgp_message(&message, &session, &mut Lines::new(out, palette));
    }
    let rest = messages.rest().len();
    if rest > 0 {
        let _ = writeln!(out, "{dim}{rest} bytes are no whole message{dim:#}");
    }
    Ok(())
}

impl Tree<'_> {
    fn heading(&mut self, what: std::fmt::Arguments<'_>) {
        let heading = self.palette.heading;
        self.put(format_args!("{heading}{what}{heading:#}\n"));
    }

    /// Lines of fields, if they are shown.
    fn lines(&mut self, fields: impl FnOnce(&mut Lines<'_>)) {
        if self.show.fields {
            fields(&mut Lines::new(self.out, self.palette));
        }
    }

    fn put(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a vector cannot fail.
        let _ = self.out.write_fmt(arguments);
    }

    /// The bytes of a layer. Those of one that was opened or put together are not among the packet's.
    fn dump(&mut self, name: &str, range: Range<usize>) {
        let bytes = self.bytes.unwrap_or_default().get(range.clone()).unwrap_or_default();
        self.dump_bytes(name, bytes, range.start);
        self.shown = self.shown.max(range.end);
    }

    /// Bytes, 16 a line, their name before the first.
    fn dump_bytes(&mut self, name: &str, bytes: &[u8], start: usize) {
        let dim = self.palette.dim;
        for (line, chunk) in bytes.chunks(16).enumerate() {
            let (name, offset) = (if line == 0 { name } else { "" }, start + line * 16);
            self.put(format_args!("{name:>12}  {dim}{offset:04x}{dim:#}  "));
            for column in 0..16 {
                match chunk.get(column) {
                    Some(byte) => self.put(format_args!("{byte:02x} ")),
                    None => self.put(format_args!("   ")),
                }
            }
            let text: String =
                chunk.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }).collect();
            self.put(format_args!(" {dim}{text}{dim:#}\n"));
        }
    }
}

impl Listener for Tree<'_> {
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool) {
        let is_messages = matches!(layer, Layer::Bgp(_) | Layer::Bmp(_));
        let is_told = std::mem::take(&mut self.has_messages) && is_messages;
        if self.show.fields && !is_told {
            let (heading, dim) = (self.palette.heading, self.palette.dim);
            let quoted = if is_quoted { ", quoted" } else { "" };
            let Range { start, end } = range;
            let summary = self.summaries.of(layer);
            self.put(format_args!("{heading}{summary}{heading:#}"));
            // Where they stand in the packet, if they do.
            match end {
                0 => self.put(format_args!("\n")),
                _ => self.put(format_args!("{dim}  [bytes {start}..{end}{quoted}]{dim:#}\n")),
            }
            if !is_messages {
                let mut lines = Lines::new(self.out, self.palette);
                fields::visit(layer, is_quoted, &mut self.context, &mut lines);
            }
        }
        if self.show.bytes {
            self.dump(layer.name(), range);
        }
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        self.has_messages = true;
        if self.show.fields && self.bytes.is_some() {
            // It may have begun in segments before.
            match message.kind_name() {
                Some(name) => self.heading(format_args!("BGP {name}, which ends in this segment")),
                None => self.heading(format_args!("BGP type {}, which ends in this segment", message.kind)),
            }
        }
        self.lines(|lines| fields::bgp_message(message, session, lines));
    }

    fn bmp(&mut self, message: &BmpMessage<'_>, body: &BmpRead<'_>) {
        self.has_messages = true;
        if self.show.fields {
            self.heading(format_args!("BMP {}, which ends in this segment", message.kind));
        }
        self.lines(|lines| fields::bmp_message(message, body, lines));
    }

    fn wants_conversations(&self) -> bool {
        self.show.fields
    }

    fn standing(&mut self, standing: &Standing) {
        self.lines(|lines| conversation::visit(standing, lines));
    }

    fn conversation(&mut self, number: u64) {
        self.lines(|lines| lines.number(Field::UdpStream, number));
    }

    fn answers(&mut self, field: Field, packet: u64) {
        self.lines(|lines| lines.number(field, packet));
    }

    fn inferred(&mut self, inferred: &Inferred) {
        self.lines(|lines| lines.words(Field::BgpInferred, inferred));
    }

    fn route(&mut self, of: &TableRoute<'_>) {
        self.lines(|lines| fields::bgp_route(of, lines));
    }

    fn entry(&mut self, words: &dyn std::fmt::Display) {
        self.heading(format_args!("{words}"));
    }

    fn meaning(&mut self, meaning: &Meaning) {
        self.lines(|lines| meaning.visit(lines));
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>, is_sealed: bool) {
        if self.show.fields {
            self.heading(format_args!("Weave frame {} > {}", frame.source, frame.destination));
        }
        self.lines(|lines| fields::sleeve_frame(frame, is_sealed, lines));
    }

    fn sample(&mut self, flow: &FlowSample<'_>, header: &SampledHeader<'_>) {
        (self.context, self.summaries) = (Context::new(header.missing()), Summaries::default());
        if self.show.fields {
            self.heading(format_args!("Sampled packet, {} of {} bytes", header.bytes.len(), header.frame_len));
        }
        self.lines(|lines| fields::sampled_header(flow, header, lines));
    }

    fn skipped(&mut self, skipped: &Skipped) {
        self.lines(|lines| visit_skipped(skipped, lines));
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, outcome: &Outcome) {
        self.lines(|lines| visit_fragment(fragment, outcome, lines));
        let Outcome::Whole(Whole { payload, fragments, .. }) = outcome else { return };
        self.context.behind_fragments();
        self.summaries = Summaries::default();
        if self.show.fields {
            self.heading(format_args!("Whole packet, {} bytes of {fragments} fragments", payload.len()));
        }
        if self.show.bytes {
            self.dump_bytes("whole", payload, 0);
        }
    }

    fn opened(&mut self, opening: &Opening) {
        self.lines(|lines| opening.visit(lines));
        self.context.behind_fragments();
        self.summaries = Summaries::default();
        if let (Some(len), true) = (opening.len(), self.show.fields) {
            self.heading(format_args!("Opened, {len} bytes"));
        }
    }

    fn names(&mut self, ends: &Ends<'_>) {
        self.lines(|lines| ends.visit(lines));
    }

    fn way(&mut self, way: &Way<'_>) {
        self.lines(|lines| way.visit(lines));
    }

    fn error(&mut self, error: &Error) {
        let style = self.palette.error;
        self.put(format_args!("{style}Error {error}{style:#}\n"));
    }
}

/// A line a field, the members of a group further in.
pub(super) struct Lines<'a> {
    out: &'a mut Vec<u8>,
    palette: &'a Palette,
    /// How many groups are around.
    depth: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, palette: &'a Palette) -> Self {
        Self { out, palette, depth: 0 }
    }
}

impl FieldVisitor for Lines<'_> {
    fn wants(&self, field: Field) -> bool {
        !field.is_alias()
    }

    fn wants_any(&self, _: Group) -> bool {
        true
    }

    fn enter(&mut self, group: Group, value: FieldValue<'_>, meaning: Option<&'static str>) {
        self.visit(group.field(), value, meaning);
        self.depth += 1;
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, meaning: Option<&'static str>) {
        let (out, palette) = (&mut *self.out, self.palette);
        // Values stay below each other, as deep as labels leave room. Formatting a line as a whole takes several times as long.
        let indent = 4 + 4 * self.depth;
        write::spaces(out, indent);
        out.extend_from_slice(field.label().as_bytes());
        write::spaces(out, 46_usize.saturating_sub(indent + field.label().chars().count()) + 1);
        palette::begin(out, palette.protocol);
        match value {
            FieldValue::Bytes(bytes) if bytes.len() > MAX_BYTES => {
                write::value(out, field, FieldValue::Bytes(&bytes[..MAX_BYTES]));
                let _ = write!(out, "… ({} bytes)", bytes.len());
            }
            FieldValue::Number(number) if field.kind() == Kind::Flag => {
                out.extend_from_slice(if number == 0 { b"no" } else { b"yes" });
            }
            value => write::value(out, field, value),
        }
        palette::end(out, palette.protocol);
        if let Some(meaning) = meaning {
            out.extend_from_slice(b" (");
            out.extend_from_slice(meaning.as_bytes());
            out.push(b')');
        }
        out.extend_from_slice(b"  ");
        palette::begin(out, palette.dim);
        out.extend_from_slice(field.name().as_bytes());
        palette::end(out, palette.dim);
        out.push(b'\n');
    }
}
