//! `-T json`: an object a line, with the fields' names.

use std::ops::Range;

use packet_dissect::bgp::BgpMessage;
use packet_dissect::fields::{self, Context, Field, Kind, Value, Visit};
use packet_dissect::{Error, Layer, Record};
use serde_json::{Map, Value as Json};

use super::frame::{Fields, Listener, Session, record_fields};
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
    for value in object.fields.values_mut() {
        if !value.is_array() {
            *value = Json::Array(vec![value.take()]);
        }
    }
    finish(out, object);
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

    fn bgp(&mut self, message: &BgpMessage<'_>) {
        let mut object = Object::default();
        fields::bgp_message(message.length, message.kind, message.kind_name(), &mut object);
        self.push("bgp", None, object);
    }

    fn error(&mut self, error: &Error) {
        self.error = Some(error.to_string());
    }
}

/// Fields by name; a second value of one makes an array of it.
#[derive(Default)]
struct Object<'a> {
    wanted: Option<&'a [Field]>,
    fields: Map<String, Json>,
}

impl Visit for Object<'_> {
    fn wants(&self, field: Field) -> bool {
        self.wanted.map_or(!field.is_alias(), |wanted| wanted.contains(&field))
    }

    fn visit(&mut self, field: Field, value: Value<'_>, _: Option<&'static str>) {
        let value = match (value, field.kind()) {
            (Value::Number(number), Kind::Flag) => Json::from(number != 0),
            (Value::Number(number), Kind::Dec) => Json::from(number),
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
