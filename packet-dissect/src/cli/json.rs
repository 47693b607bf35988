//! `-T json`: an object a line, with the fields' names; what repeats and has members, as an array of objects.

use std::mem;
use std::ops::Range;

use crate::bgp::BgpMessage;
use crate::fields::{self, Context, Field, FieldValue, FieldVisitor, Group, GroupSet, Kind};
use crate::{Error, Layer};
use bgp_codec::attribute::Attributes;
use bgp_codec::{Negotiated, Route};
use serde_json::{Map, Value as Json};
use weave_codec::SleeveFrame;

use super::leases::Way;
use super::listener::{BGP, Listener, Shown};
use super::network::Meaning;
use super::write;

/// All of it: the record's fields, then `layers` with each one's place and fields.
pub(super) fn write_all(out: &mut Vec<u8>, shown: &impl Shown) {
    let mut object = Object::default();
    shown.record_fields(&mut object);
    let mut whole = Whole { context: Context::new(shown.cut()), layers: Vec::new(), errors: Vec::new() };
    shown.show(&mut whole);
    object.fields.insert("layers".to_owned(), Json::Array(whole.layers));
    for error in whole.errors {
        insert(&mut object.fields, Field::FrameError, FieldValue::Text(&error));
    }
    finish(out, object.fields);
}

fn finish(out: &mut Vec<u8>, object: Map<String, Json>) {
    // Writing to a vector cannot fail, and all keys are text.
    let _ = serde_json::to_writer(&mut *out, &Json::Object(object));
    out.push(b'\n');
}

struct Whole {
    context: Context,
    layers: Vec<Json>,
    errors: Vec<String>,
}

impl Whole {
    fn push(&mut self, name: &str, range: Option<Range<usize>>, fields: impl FnOnce(&mut Context, &mut Object)) {
        let mut layer = Object::default();
        layer.fields.insert("layer".to_owned(), Json::from(name));
        if let Some(range) = range {
            layer.fields.insert("start".to_owned(), Json::from(range.start));
            layer.fields.insert("end".to_owned(), Json::from(range.end));
        }
        fields(&mut self.context, &mut layer);
        self.layers.push(Json::Object(layer.fields));
    }
}

impl Listener for Whole {
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool) {
        if !matches!(layer, Layer::Bgp(_)) {
            self.push(layer.name(), Some(range), |context, object| fields::visit(layer, is_quoted, context, object));
        }
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        self.push(BGP, None, |_, object| fields::bgp_message(message, session, object));
    }

    fn route(&mut self, route: &Route<'_>, attributes: Attributes<'_>, session: &Negotiated) {
        self.push(BGP, None, |_, object| fields::bgp_route(route, attributes, session, object));
    }

    fn meaning(&mut self, meaning: &Meaning) {
        self.push("network", None, |_, object| meaning.visit(object));
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>) {
        self.push("weave.frame", None, |_, object| fields::sleeve_frame(frame, object));
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
    fields: Map<String, Json>,
    /// The objects around, the outermost first, each with the group that was entered in it.
    around: Vec<(Group, Map<String, Json>)>,
}

impl FieldVisitor for Object {
    fn wants(&self, field: Field) -> bool {
        !field.is_alias()
    }

    fn wants_any(&self, _: Group) -> bool {
        true
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        insert(&mut self.fields, field, value);
    }

    fn enter(&mut self, group: Group, value: FieldValue<'_>, meaning: Option<&'static str>) {
        self.around.push((group, mem::take(&mut self.fields)));
        self.visit(group.field(), value, meaning);
        if let Some(meaning) = meaning {
            self.fields.insert("name".to_owned(), Json::from(meaning));
        }
    }

    fn leave(&mut self) {
        let Some((group, around)) = self.around.pop() else { return };
        let members = Json::Object(mem::replace(&mut self.fields, around));
        match self.fields.get_mut(group.name()) {
            Some(Json::Array(others)) => others.push(members),
            _ => drop(self.fields.insert(group.name().to_owned(), Json::Array(vec![members]))),
        }
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
        finish(out, fields);
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
