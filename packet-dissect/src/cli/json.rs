//! `-T json`: an object a line, with the fields' names; what repeats and has members, as an array of objects.

use std::mem;
use std::ops::Range;

use crate::bgp::streams::Skipped;
use crate::bgp::{BgpMessage, Inferred};
use crate::conversations::Standing;
use crate::fields::{self, Context, Field, FieldValue, FieldVisitor, Group, GroupSet, Kind, TableRoute};
use crate::reassembly::{Fragment, Outcome};
use crate::{Error, Layer};
use bgp_codec::Negotiated;
use bgp_codec::bmp::BmpMessage;
use ether_ip::sflow::{FlowSample, SampledHeader};
use weave_codec::SleeveFrame;

use super::cluster::Way;
use super::conversation;
use super::hosts::Ends;
use super::listener::{BGP, BMP, BmpRead, Listener, Shown, visit_fragment, visit_skipped};
use super::network::Meaning;
use super::opened::Opening;
use super::write;

/// All of it: the record's fields, then `layers` with each one's place and fields.
pub(super) fn write_all(out: &mut Vec<u8>, shown: &impl Shown) {
    let mut object = Object::default();
    shown.record_fields(&mut object);
    let mut whole = Whole {
        context: Context::new(shown.cut()),
        layers: Vec::new(),
        gathered: Object::default(),
        errors: Vec::new(),
    };
    shown.show(&mut whole);
    object.members.add(Name::Layers, |out| {
        out.push(b'[');
        out.extend_from_slice(&whole.layers);
        out.push(b']');
    });
    for error in whole.errors {
        object.members.field(Field::FrameError, FieldValue::Text(&error));
    }
    object.members.write(out, false);
    out.push(b'\n');
}

/// What a member is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Layer,
    Start,
    End,
    /// What the group's number means.
    Meaning,
    Layers,
    Field(Field),
    /// An array of objects, however few.
    Group(Group),
}

impl Name {
    const fn text(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Start => "start",
            Self::End => "end",
            Self::Meaning => "name",
            Self::Layers => "layers",
            Self::Field(field) => field.name(),
            Self::Group(group) => group.name(),
        }
    }
}

/// What stands in an object, in the order in which it came. Values are kept as they will be written: what repeats thousands of times in
/// a message takes no more room than it will take in the end.
#[derive(Default)]
struct Members {
    members: Vec<Member>,
    values: Vec<Value>,
    text: Vec<u8>,
}

struct Member {
    name: Name,
    /// The numbers of its values; each has the next one's.
    first: u32,
    last: u32,
}

/// A value's place in the text, and the number of the next one of its member. There may be hundreds of thousands of them.
struct Value {
    start: u32,
    end: u32,
    next: u32,
}

/// No number of a value.
const NONE: u32 = u32::MAX;

impl Members {
    fn clear(&mut self) {
        self.members.clear();
        self.values.clear();
        self.text.clear();
    }

    /// A value, which goes behind those that its name has already.
    fn add(&mut self, name: Name, write: impl FnOnce(&mut Vec<u8>)) {
        let (start, number) = (self.text.len() as u32, self.values.len() as u32);
        write(&mut self.text);
        self.values.push(Value { start, end: self.text.len() as u32, next: NONE });
        match self.members.iter_mut().find(|member| member.name == name) {
            None => self.members.push(Member { name, first: number, last: number }),
            Some(member) => {
                self.values[member.last as usize].next = number;
                member.last = number;
            }
        }
    }

    fn field(&mut self, field: Field, value: FieldValue<'_>) {
        self.add(Name::Field(field), |out| match (value, field.kind()) {
            (FieldValue::Number(number), Kind::Flag) => {
                out.extend_from_slice(if number == 0 { b"false" } else { b"true" });
            }
            (FieldValue::Number(number), Kind::Dec) => write::decimal(out, number),
            (value, Kind::Text) => {
                let mut text = Vec::new();
                write::value(&mut text, field, value);
                quoted(out, &String::from_utf8_lossy(&text));
            }
            // Nothing that JSON escapes is in how the other kinds are written.
            (value, _) => {
                out.push(b'"');
                write::value(out, field, value);
                out.push(b'"');
            }
        });
    }

    /// Writes the object. Of several values an array is made; or of all, even a single one.
    fn write(&self, out: &mut Vec<u8>, always_arrays: bool) {
        out.push(b'{');
        self.write_members(out, always_arrays);
        out.push(b'}');
    }

    fn write_members(&self, out: &mut Vec<u8>, always_arrays: bool) {
        for (number, member) in self.members.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            out.push(b'"');
            // The names are ours: nothing in them is escaped.
            out.extend_from_slice(member.name.text().as_bytes());
            out.extend_from_slice(b"\":");
            let is_array = always_arrays || member.first != member.last || matches!(member.name, Name::Group(_));
            if is_array {
                out.push(b'[');
            }
            let mut at = member.first;
            while at != NONE {
                let Value { start, end, next } = self.values[at as usize];
                out.extend_from_slice(&self.text[start as usize..end as usize]);
                if next != NONE {
                    out.push(b',');
                }
                at = next;
            }
            if is_array {
                out.push(b']');
            }
        }
    }
}

/// A text as JSON has it. Writing to a vector cannot fail.
fn quoted(out: &mut Vec<u8>, text: &str) {
    drop(serde_json::to_writer(out, text));
}

/// The most that is kept from one layer for the next, in bytes.
const MAX_KEPT: usize = 1 << 16;

struct Whole {
    context: Context,
    /// The layers' objects, with commas between them.
    layers: Vec<u8>,
    /// What a layer is gathered in, kept from one to the next.
    gathered: Object,
    errors: Vec<String>,
}

impl Whole {
    fn push(&mut self, name: &str, range: Option<Range<usize>>, fields: impl FnOnce(&mut Context, &mut Object)) {
        let mut layer = mem::take(&mut self.gathered);
        layer.members.clear();
        layer.members.add(Name::Layer, |out| quoted(out, name));
        if let Some(range) = range {
            layer.members.add(Name::Start, |out| write::decimal(out, range.start as u64));
            layer.members.add(Name::End, |out| write::decimal(out, range.end as u64));
        }
        fields(&mut self.context, &mut layer);
        if !self.layers.is_empty() {
            self.layers.push(b',');
        }
        layer.members.write(&mut self.layers, false);
        // What is large is not kept beside what is written.
        if layer.members.text.len() < MAX_KEPT {
            self.gathered = layer;
        }
    }

    /// Fields of the layer shown last that are known from other packets.
    fn amend(&mut self, fields: impl FnOnce(&mut Object)) {
        let mut more = mem::take(&mut self.gathered);
        more.members.clear();
        fields(&mut more);
        // Every layer has a name, so that a comma has to stand between.
        if !more.members.members.is_empty() && self.layers.pop().is_some() {
            self.layers.push(b',');
            more.members.write_members(&mut self.layers, false);
            self.layers.push(b'}');
        }
        self.gathered = more;
    }
}

impl Listener for Whole {
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool) {
        if !matches!(layer, Layer::Bgp(_) | Layer::Bmp(_)) {
            // Where it stands in the packet, if it does: it may have been opened, or put together.
            let range = (range.end > 0).then_some(range);
            self.push(layer.name(), range, |context, object| fields::visit(layer, is_quoted, context, object));
        }
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        self.push(BGP, None, |_, object| fields::bgp_message(message, session, object));
    }

    fn bmp(&mut self, message: &BmpMessage<'_>, body: &BmpRead<'_>) {
        self.push(BMP, None, |_, object| fields::bmp_message(message, body, object));
    }

    fn wants_conversations(&self) -> bool {
        true
    }

    fn standing(&mut self, standing: &Standing) {
        self.amend(|object| conversation::visit(standing, object));
    }

    fn conversation(&mut self, number: u64) {
        self.amend(|object| object.number(Field::UdpStream, number));
    }

    fn answers(&mut self, field: Field, packet: u64) {
        self.amend(|object| object.number(field, packet));
    }

    fn inferred(&mut self, inferred: &Inferred) {
        self.push("bgp.session", None, |_, object| object.words(Field::BgpInferred, inferred));
    }

    fn route(&mut self, of: &TableRoute<'_>) {
        self.push(BGP, None, |_, object| fields::bgp_route(of, object));
    }

    fn meaning(&mut self, meaning: &Meaning) {
        self.push("network", None, |_, object| meaning.visit(object));
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>, is_sealed: bool) {
        self.push("weave.frame", None, |_, object| fields::sleeve_frame(frame, is_sealed, object));
    }

    fn sample(&mut self, flow: &FlowSample<'_>, header: &SampledHeader<'_>) {
        self.context = Context::new(header.missing());
        self.push("sflow.sample", None, |_, object| fields::sampled_header(flow, header, object));
    }

    fn skipped(&mut self, skipped: &Skipped) {
        self.push("bgp.stream", None, |_, object| visit_skipped(skipped, object));
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, outcome: &Outcome) {
        if let Outcome::Whole(_) = outcome {
            self.context.behind_fragments();
        }
        if matches!(outcome, Outcome::Whole(_) | Outcome::Refused(_)) {
            self.push("fragments", None, |_, object| visit_fragment(fragment, outcome, object));
        }
    }

    fn opened(&mut self, opening: &Opening) {
        self.context.behind_fragments();
        self.push("opened", None, |_, object| opening.visit(object));
    }

    fn names(&mut self, ends: &Ends<'_>) {
        self.amend(|object| ends.visit(object));
    }

    fn way(&mut self, way: &Way<'_>) {
        self.push("flannel", None, |_, object| way.visit(object));
    }

    fn error(&mut self, error: &Error) {
        self.errors.push(error.to_string());
    }
}

/// Fields by name; a second value of one makes an array of it. Groups are arrays of objects, in the object around them.
#[derive(Default)]
struct Object {
    members: Members,
    /// The objects around, the outermost first, each with the group that was entered in it.
    around: Vec<(Group, Members)>,
}

impl FieldVisitor for Object {
    fn wants(&self, field: Field) -> bool {
        !field.is_alias()
    }

    fn wants_any(&self, _: Group) -> bool {
        true
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        self.members.field(field, value);
    }

    fn enter(&mut self, group: Group, value: FieldValue<'_>, meaning: Option<&'static str>) {
        self.around.push((group, mem::take(&mut self.members)));
        self.visit(group.field(), value, meaning);
        if let Some(meaning) = meaning {
            self.members.add(Name::Meaning, |out| quoted(out, meaning));
        }
    }

    fn leave(&mut self) {
        let Some((group, around)) = self.around.pop() else { return };
        let members = mem::replace(&mut self.members, around);
        self.members.add(Name::Group(group), |out| members.write(out, false));
    }
}

/// The fields that were asked for, each an array of all its values, one object a packet.
pub(super) struct Asked {
    wanted: Vec<Field>,
    groups: GroupSet,
    members: Members,
}

impl Asked {
    pub(super) fn new(wanted: Vec<Field>) -> Self {
        let groups = GroupSet::of(|field| wanted.contains(&field));
        Self { wanted, groups, members: Members::default() }
    }

    pub(super) fn write(&mut self, out: &mut Vec<u8>, shown: &impl Shown) {
        shown.fields(self);
        mem::take(&mut self.members).write(out, true);
        out.push(b'\n');
    }
}

impl FieldVisitor for Asked {
    fn wants(&self, field: Field) -> bool {
        self.wanted.contains(&field)
    }

    fn wants_any(&self, group: Group) -> bool {
        self.groups.contains(group)
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        self.members.field(field, value);
    }
}
