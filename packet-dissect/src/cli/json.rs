//! `-T json`: an object a line, with the fields' names.

use std::ops::Range;

use crate::bgp::BgpMessage;
use crate::fields::{self, Context, Field, FieldValue, FieldVisitor, Kind};
use crate::{Error, Layer, Record};
use bgp_codec::{MessageType, Negotiated, Route, Update};
use serde_json::{Map, Value as Json};
use weave_codec::SleeveFrame;

use super::frame::{Fields, Listener, Meaning, Session, record_fields};
use super::leases::Way;
use super::write;

/// The whole packet: the record's fields, then `layers` with each one's place and fields.
pub(super) fn write_all(out: &mut Vec<u8>, session: &mut Session<'_>, record: &Record<'_>) {
    let mut object = Object::default();
    record_fields(session, record, &mut object);
    let cut = (record.original_len as usize).saturating_sub(record.bytes.len());
    let mut whole = Whole { context: Context::new(cut), layers: Vec::new(), error: None };
    session.walk(record, &mut whole);
    object.fields.insert("layers".to_owned(), Json::Array(whole.layers));
    if let Some(error) = whole.error {
        object.fields.insert(Field::FrameError.name().to_owned(), Json::String(error));
    }
    finish(out, object);
}

/// The fields that were asked for, each an array of all its values.
pub(super) fn write_some(out: &mut Vec<u8>, session: &mut Session<'_>, record: &Record<'_>, wanted: &[Field]) {
    let mut object = Object { wanted: Some(wanted), ..Object::default() };
    record_fields(session, record, &mut object);
    session.walk(record, &mut Fields::new(record, &mut object));
    in_arrays(&mut object);
    finish(out, object);
}

/// One object of the fields that `visit` shows; only those that are wanted, each an array, if that is told.
pub(super) fn write_fields(out: &mut Vec<u8>, wanted: Option<&[Field]>, visit: impl FnOnce(&mut Object<'_>)) {
    let mut object = Object { wanted, ..Object::default() };
    visit(&mut object);
    if wanted.is_some() {
        in_arrays(&mut object);
    }
    finish(out, object);
}

fn in_arrays(object: &mut Object<'_>) {
    for value in object.fields.values_mut().filter(|value| !value.is_array()) {
        *value = Json::Array(vec![value.take()]);
    }
}

fn finish(out: &mut Vec<u8>, object: Object<'_>) {
    // Writing to a vector cannot fail, and all keys are text.
    let _ = serde_json::to_writer(&mut *out, &Json::Object(object.fields));
    out.push(b'\n');
}

struct Whole {
    context: Context,
    layers: Vec<Json>,
    error: Option<String>,
}

impl Whole {
    fn push(&mut self, name: &str, range: Option<Range<usize>>, fields: Object<'_>) {
        let mut layer = Map::new();
        layer.insert("layer".to_owned(), Json::from(name));
        if let Some(range) = range {
            layer.insert("start".to_owned(), Json::from(range.start));
            layer.insert("end".to_owned(), Json::from(range.end));
        }
        layer.extend(fields.fields);
        self.layers.push(Json::Object(layer));
    }
}

impl Listener for Whole {
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool) {
        if matches!(layer, Layer::Bgp(_)) {
            return;
        }
        let mut object = Object::default();
        fields::visit(layer, is_quoted, &mut self.context, &mut object);
        self.push(layer.name(), Some(range), object);
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        let mut object = Object::default();
        fields::bgp_message(message, session, &mut object);
        if message.kind == MessageType::UPDATE.0 {
            object.fields.extend(Update::parse(message.body, session).iter().flat_map(update));
        }
        self.push("bgp", None, object);
    }

    fn meaning(&mut self, meaning: &Meaning) {
        let mut object = Object::default();
        meaning.visit(&mut object);
        self.push("network", None, object);
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>) {
        let mut object = Object::default();
        fields::sleeve_frame(frame, &mut object);
        self.push("weave.frame", None, object);
    }

    fn way(&mut self, way: &Way<'_>) {
        let mut object = Object::default();
        way.visit(&mut object);
        self.push("flannel", None, object);
    }

    fn error(&mut self, error: &Error) {
        self.error = Some(error.to_string());
    }
}

/// What an UPDATE says, by attribute and by route.
fn update(update: &Update<'_>) -> [(String, Json); 3] {
    let attributes = update.attributes().map(|attribute| {
        let value = attribute.parse(update.session());
        let value = value.map_or_else(|error| Json::from(error.to_string()), |value| attribute_json(&value));
        (attribute.kind.to_string(), value)
    });
    let next_hop = |family| update.next_hop(family).map_or(Json::Null, |next_hop| Json::from(next_hop.to_string()));
    let route = |route: Route<'_>, next_hop: Option<Json>| {
        let mut fields = Map::new();
        fields.insert("family".to_owned(), Json::from(route.family.to_string()));
        fields.insert("route".to_owned(), Json::from(route.nlri.to_string()));
        fields.extend(route.path_id.map(|path_id| ("path_id".to_owned(), Json::from(path_id))));
        fields.extend(next_hop.map(|next_hop| ("next_hop".to_owned(), next_hop)));
        Json::Object(fields)
    };
    let announced = update.announced().map(|of| route(of, Some(next_hop(of.family)))).collect();
    let withdrawn = update.withdrawn().map(|of| route(of, None)).collect();
    [
        ("attributes".to_owned(), Json::Object(attributes.collect())),
        ("announced".to_owned(), Json::Array(announced)),
        ("withdrawn".to_owned(), Json::Array(withdrawn)),
    ]
}

/// Numbers as numbers, lists as lists, the rest in words.
fn attribute_json(value: &bgp_codec::AttributeValue<'_>) -> Json {
    fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> Json {
        items.into_iter().map(|item| item.to_string()).collect()
    }
    match value {
        bgp_codec::AttributeValue::MultiExitDisc(number)
        | bgp_codec::AttributeValue::LocalPref(number)
        | bgp_codec::AttributeValue::OnlyToCustomer(number) => Json::from(*number),
        bgp_codec::AttributeValue::AtomicAggregate(_) => Json::from(true),
        bgp_codec::AttributeValue::Communities(communities) => list(*communities),
        bgp_codec::AttributeValue::ExtendedCommunities(communities) => list(*communities),
        bgp_codec::AttributeValue::Ipv6ExtendedCommunities(communities) => list(*communities),
        bgp_codec::AttributeValue::LargeCommunities(communities) => list(*communities),
        bgp_codec::AttributeValue::ClusterList(clusters) => list(*clusters),
        bgp_codec::AttributeValue::MpReach(reach) => Json::from(reach.family.to_string()),
        bgp_codec::AttributeValue::MpUnreach(unreach) => Json::from(unreach.family.to_string()),
        value => Json::from(value.to_string()),
    }
}

/// Fields by name; a second value of one makes an array of it.
#[derive(Default)]
pub(super) struct Object<'a> {
    wanted: Option<&'a [Field]>,
    fields: Map<String, Json>,
}

impl FieldVisitor for Object<'_> {
    fn wants(&self, field: Field) -> bool {
        self.wanted.map_or(!field.is_alias(), |wanted| wanted.contains(&field))
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        let value = match (value, field.kind()) {
            (FieldValue::Number(number), Kind::Flag) => Json::from(number != 0),
            (FieldValue::Number(number), Kind::Dec) => Json::from(number),
            (value, _) => {
                let mut text = Vec::new();
                write::value(&mut text, field, value);
                Json::from(String::from_utf8_lossy(&text))
            }
        };
        match self.fields.get_mut(field.name()) {
            None => {
                self.fields.insert(field.name().to_owned(), value);
            }
            Some(Json::Array(values)) => values.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
        }
    }
}
