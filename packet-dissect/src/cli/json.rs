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
use serde_json::{Map, Value as Json};
use weave_codec::SleeveFrame;

use super::conversation;
use super::leases::Way;
use super::listener::{BGP, BMP, BmpRead, Listener, Shown, visit_fragment, visit_skipped};
use super::network::Meaning;
use super::opened::Opening;
use super::write;

/// All of it: the record's fields, then `layers` with each one's place and fields.
pub(super) fn write_all(out: &mut Vec<u8>, shown: &impl Shown) {
    let mut object = Object::default();
    shown.record_fields(&mut object);
    let mut whole = Whole { context: Context::new(shown.cut()), layers: Array::default(), errors: Vec::new() };
    shown.show(&mut whole);
    *object.members.array("layers") = whole.layers;
    for error in whole.errors {
        insert(&mut object.members.fields, Field::FrameError, FieldValue::Text(&error));
    }
    object.members.write(out);
    out.push(b'\n');
}

/// Objects that are written already: what repeats thousands of times in a message takes no more room than it will take in the end.
#[derive(Default)]
struct Array(Vec<u8>);

impl Array {
    fn push(&mut self, members: &Members) {
        if !self.0.is_empty() {
            self.0.push(b',');
        }
        members.write(&mut self.0);
    }

    /// More members of the object that was written last.
    fn amend(&mut self, members: &Members) {
        if !members.fields.is_empty() && self.0.pop().is_some() {
            let brace = self.0.len();
            members.write(&mut self.0);
            // Every layer has a name, so that a comma has to stand between.
            self.0[brace] = b',';
        }
    }
}

/// What stands in an object, in the order in which it came: values by the names of fields, and arrays of objects, whose places are held
/// by nothing.
#[derive(Default)]
struct Members {
    fields: Map<String, Json>,
    arrays: Vec<(&'static str, Array)>,
}

impl Members {
    fn array(&mut self, name: &'static str) -> &mut Array {
        let at = self.arrays.iter().position(|(of, _)| *of == name).unwrap_or_else(|| {
            self.fields.insert(name.to_owned(), Json::Null);
            self.arrays.push((name, Array::default()));
            self.arrays.len() - 1
        });
        &mut self.arrays[at].1
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        let start = out.len();
        for (name, value) in &self.fields {
            key(out, name);
            match self.arrays.iter().find(|(of, _)| of == name) {
                Some((_, Array(objects))) => {
                    out.push(b'[');
                    out.extend_from_slice(objects);
                    out.push(b']');
                }
                // Writing to a vector cannot fail, and all keys are text.
                None => drop(serde_json::to_writer(&mut *out, value)),
            }
            out.push(b',');
        }
        // Behind the last member stands a comma.
        out.truncate(out.len().saturating_sub(1).max(start));
        out.push(b'}');
    }
}

/// A member's name. The names are ours: nothing in them is escaped.
fn key(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

struct Whole {
    context: Context,
    layers: Array,
    errors: Vec<String>,
}

impl Whole {
    fn push(&mut self, name: &str, range: Option<Range<usize>>, fields: impl FnOnce(&mut Context, &mut Object)) {
        let mut layer = Object::default();
        let own = &mut layer.members.fields;
        own.insert("layer".to_owned(), Json::from(name));
        if let Some(range) = range {
            own.insert("start".to_owned(), Json::from(range.start));
            own.insert("end".to_owned(), Json::from(range.end));
        }
        fields(&mut self.context, &mut layer);
        self.layers.push(&layer.members);
    }
}

impl Whole {
    /// Fields of the layer shown last that are known from other packets.
    fn amend(&mut self, fields: impl FnOnce(&mut Object)) {
        let mut layer = Object::default();
        fields(&mut layer);
        self.layers.amend(&layer.members);
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
        insert(&mut self.members.fields, field, value);
    }

    fn enter(&mut self, group: Group, value: FieldValue<'_>, meaning: Option<&'static str>) {
        self.around.push((group, mem::take(&mut self.members)));
        self.visit(group.field(), value, meaning);
        if let Some(meaning) = meaning {
            self.members.fields.insert("name".to_owned(), Json::from(meaning));
        }
    }

    fn leave(&mut self) {
        let Some((group, around)) = self.around.pop() else { return };
        let members = mem::replace(&mut self.members, around);
        self.members.array(group.name()).push(&members);
    }
}

/// The fields that were asked for, each an array of all its values, one object a packet.
pub(super) struct Asked {
    wanted: Vec<Field>,
    groups: GroupSet,
    fields: Map<String, Json>,
}

impl Asked {
    pub(super) fn new(wanted: Vec<Field>) -> Self {
        let groups = GroupSet::of(|field| wanted.contains(&field));
        Self { wanted, groups, fields: Map::new() }
    }

    pub(super) fn write(&mut self, out: &mut Vec<u8>, shown: &impl Shown) {
        shown.fields(self);
        let mut fields = mem::take(&mut self.fields);
        for value in fields.values_mut().filter(|value| !value.is_array()) {
            *value = Json::Array(vec![value.take()]);
        }
        Members { fields, arrays: Vec::new() }.write(out);
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
        insert(&mut self.fields, field, value);
    }
}

fn insert(fields: &mut Map<String, Json>, field: Field, value: FieldValue<'_>) {
    let value = match (value, field.kind()) {
        (FieldValue::Number(number), Kind::Flag) => Json::from(number != 0),
        (FieldValue::Number(number), Kind::Dec) => Json::from(number),
        (value, _) => {
            let mut text = Vec::new();
            write::value(&mut text, field, value);
            Json::from(String::from_utf8_lossy(&text))
        }
    };
    match fields.get_mut(field.name()) {
        None => drop(fields.insert(field.name().to_owned(), value)),
        Some(Json::Array(values)) => values.push(value),
        Some(first) => *first = Json::Array(vec![first.take(), value]),
    }
}
