//! What the languages share: a packet's fields as values of sixteen bytes each, without a pointer, in memory that is used again.
#![forbid(unsafe_code)]

pub mod layout;

use bgp_codec::Fault;
use bgp_codec::attribute::ATTRIBUTE;
use bgp_codec::attribute::mp_reach::MP_REACH;
use bgp_codec::header::MESSAGE;
use bgp_codec::message::open::OPEN;
use ether_ip::{Error, Rule};
use packet_dissect::fields::{Field, FieldValue, FieldVisitor, Group, GroupSet};
use packet_dissect::{Dissector, Layer, Record, Tunnels};

/// A field's value.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Value {
    /// The value, if its form is a number's, an address of up to 64 bits (in host order), a time (nanoseconds, signed). Of bytes and text where
    /// they begin: in the packet, or among the texts. Of a layer its number in the table of layers.
    pub number: u64,
    /// How many bytes bytes and text have.
    pub length: u32,
    /// The number of the field.
    pub field: u16,
    /// What kind of value it is.
    pub form: Form,
    /// Where its bytes are.
    pub place: Place,
}

impl Value {
    /// The same with its text, if it has one, so many bytes later.
    #[must_use]
    pub fn behind(self, text: usize) -> Self {
        let later = if self.place == Place::Text { text as u64 } else { 0 };
        Self { number: self.number.wrapping_add(later), ..self }
    }
}

/// What kind of value a value is.
#[repr(u8)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// A number.
    #[default]
    Number = 0,
    /// A number of eight bits, of a field whose numbers have more elsewhere.
    Byte = 1,
    /// A MAC address, the lower 48 bits.
    Mac = 2,
    /// An IPv4 address.
    Ipv4 = 3,
    /// An IPv6 address: 16 bytes among the texts.
    Ipv6 = 4,
    /// Bytes.
    Bytes = 5,
    /// Text in UTF-8.
    Text = 6,
    /// A time since 1970, or a span: nanoseconds, signed.
    Time = 7,
    /// No value: a layer begins, and the values behind it are its own.
    Layer = 8,
}

/// Where the bytes of a value are.
#[repr(u8)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// It has none: it is a number.
    #[default]
    Number = 0,
    /// In the packet.
    Packet = 1,
    /// Among the texts, which come with the values.
    Text = 2,
}

/// The fields that are asked for, by their numbers.
#[derive(Debug)]
pub struct Wanted {
    fields: Vec<bool>,
    groups: GroupSet,
    has_layers: bool,
}

impl Wanted {
    /// These fields, or all where none is named; and whether it is told where layers begin. `None` if there is no field of a number.
    #[must_use]
    pub fn new(fields: &[u16], has_layers: bool) -> Option<Self> {
        let mut wanted = vec![fields.is_empty(); Field::ALL.len()];
        for field in fields {
            *wanted.get_mut(usize::from(*field))? = true;
        }
        let groups = GroupSet::of(|field| is_among(&wanted, field));
        Some(Self { fields: wanted, groups, has_layers })
    }
}

fn is_among(wanted: &[bool], field: Field) -> bool {
    wanted.get(field as usize) == Some(&true)
}

/// The values of a packet.
#[derive(Debug, Default)]
pub struct Values {
    /// In the order of the packet's layers.
    pub values: Vec<Value>,
    /// What is not in the packet: what was put into words, opened, or put together of several packets.
    pub text: Vec<u8>,
}

/// Packets one after the other, and the fields of the last.
#[derive(Debug)]
pub struct Decoder {
    dissector: Dissector<'static>,
    wanted: Wanted,
    values: Values,
}

impl Decoder {
    /// One that has seen no packet.
    #[must_use]
    pub fn new(wanted: Wanted) -> Self {
        Self { dissector: Dissector::new(Tunnels::DEFAULT), wanted, values: Values::default() }
    }

    /// Takes the next packet in.
    pub fn take(&mut self, record: &Record<'_>) -> &Values {
        let Self { dissector, wanted, values } = self;
        values.values.clear();
        values.text.clear();
        dissector.visit(record, &mut Collector { wanted, values, packet: record.bytes });
        values
    }

    /// The values of the packet that was taken in last.
    #[must_use]
    pub const fn values(&self) -> &Values {
        &self.values
    }
}

struct Collector<'c> {
    wanted: &'c Wanted,
    values: &'c mut Values,
    packet: &'c [u8],
}

impl Collector<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> (u64, u32, Place) {
        let (start, place) = match offset_in(self.packet, bytes) {
            Some(start) => (start, Place::Packet),
            None => {
                let start = self.values.text.len();
                self.values.text.extend_from_slice(bytes);
                (start, Place::Text)
            }
        };
        (start as u64, bytes.len() as u32, place)
    }
}

/// Where bytes stand among others, if they are a part of them.
#[must_use]
pub fn offset_in(all: &[u8], part: &[u8]) -> Option<usize> {
    let start = (part.as_ptr() as usize).checked_sub(all.as_ptr() as usize)?;
    (start.checked_add(part.len())? <= all.len()).then_some(start)
}

impl FieldVisitor for Collector<'_> {
    #[inline(always)]
    fn wants(&self, field: Field) -> bool {
        is_among(&self.wanted.fields, field)
    }

    #[inline(always)]
    fn wants_any(&self, group: Group) -> bool {
        self.wanted.groups.contains(group)
    }

    fn layer(&mut self, name: &'static str) {
        if self.wanted.has_layers {
            let number = u64::from(layer_number(name));
            self.values.values.push(Value { number, form: Form::Layer, ..Value::default() });
        }
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        if !self.wants(field) {
            return;
        }
        let (form, (number, length, place)) = match value {
            FieldValue::Number(number) => (Form::Number, (number, 0, Place::Number)),
            FieldValue::Byte(byte) => (Form::Byte, (byte.into(), 0, Place::Number)),
            FieldValue::Mac(address) => {
                let [a, b, c, d, e, f] = address.0;
                (Form::Mac, (u64::from_be_bytes([0, 0, a, b, c, d, e, f]), 0, Place::Number))
            }
            FieldValue::Ipv4(address) => (Form::Ipv4, (address.to_bits().into(), 0, Place::Number)),
            FieldValue::Ipv6(address) => (Form::Ipv6, self.bytes(&address.octets())),
            FieldValue::Bytes(bytes) => (Form::Bytes, self.bytes(bytes)),
            FieldValue::Text(text) => (Form::Text, self.bytes(text.as_bytes())),
            FieldValue::Nanoseconds(nanoseconds) => {
                let nearest = nanoseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
                (Form::Time, (nearest as u64, 0, Place::Number))
            }
            // `Words`, and what may come: as it is put into words.
            other => (Form::Text, self.bytes(words(other).as_bytes())),
        };
        self.values.values.push(Value { number, length, field: field as u16, form, place });
    }
}

/// A layer's number: its place among [`Layer::NAMES`].
fn layer_number(name: &str) -> u16 {
    Layer::NAMES.iter().position(|known| *known == name).unwrap_or_default() as u16
}

/// What is wrong with a layer, in parts: those that it has.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// The layer, as its RFC names it.
    pub layer: &'static str,
    /// The field.
    pub field: Option<&'static str>,
    /// Its value, or how many bytes are there.
    pub value: Option<u64>,
    /// What it had to be, the first if that is several, or how many bytes are needed.
    pub limit: Option<u64>,
}

impl From<&Error> for Parts {
    fn from(error: &Error) -> Self {
        let (field, value, limit) = match *error {
            Error::Truncated { needed, available, .. } | Error::NoRoom { needed, available, .. } => {
                (None, Some(available as u64), Some(needed as u64))
            }
            Error::Malformed { field, value, rule, .. } | Error::OtherLayer { field, value, rule, .. } => {
                (Some(field), Some(value.into()), limit(rule))
            }
            Error::Unbuildable { field, value, rule, .. } => (Some(field), Some(value as u64), limit(rule)),
            _ => (None, None, None),
        };
        Self { layer: error.layer().name(), field, value, limit }
    }
}

impl From<&Fault> for Parts {
    fn from(fault: &Fault) -> Self {
        let of = |layer, field, value, limit| Self { layer, field: Some(field), value, limit };
        let open = |field, value: u32, limit| of(OPEN.name(), field, Some(value.into()), limit);
        match *fault {
            Fault::Field(ref error) => error.into(),
            Fault::Marker => of("BGP header", "marker", None, None),
            Fault::MessageLength { kind, length, least, most } => {
                let limit = if length < least { least } else { most };
                let layer = kind.name().unwrap_or(MESSAGE.name());
                of(layer, "length", Some(length.into()), Some(limit.into()))
            }
            Fault::MessageType(kind) => of("BGP header", "type", Some(kind.into()), None),
            Fault::Version(version) => open("version", version.into(), Some(4)),
            Fault::PeerAs { four_octet, .. } => open("AS", four_octet, None),
            Fault::Identifier(address) => open("BGP identifier", address.to_bits(), None),
            Fault::HoldTime(seconds) => open("hold time", seconds.into(), Some(3)),
            Fault::Parameter(kind) => open("optional parameter", kind.into(), None),
            Fault::RoleMismatch { theirs: role, .. } | Fault::RolesDiffer(_, role) => open("role", role.0.into(), None),
            Fault::RoleMissing => of(OPEN.name(), "role", None, None),
            Fault::UpdateLengths { withdrawn, attributes, body } => {
                // The two lengths have two bytes each (RFC 4271 §4.3).
                let both = (body as u64).saturating_sub(4);
                let (withdrawn, attributes) = (withdrawn as u64, attributes as u64);
                match both.checked_sub(withdrawn) {
                    Some(left) => of("UPDATE", "total path attribute length", Some(attributes), Some(left)),
                    None => of("UPDATE", "withdrawn routes length", Some(withdrawn), Some(both)),
                }
            }
            Fault::Flags { attribute, flags } => of(attribute.name(), "flags", Some(flags.into()), None),
            Fault::UnknownWellKnown(kind) => of(ATTRIBUTE.name(), "type", Some(kind.into()), None),
            Fault::NextHopLength { len, .. } => of(MP_REACH.name(), "next hop length", Some(len as u64), None),
            Fault::AsZero(layer) => of(layer.name(), "AS number", Some(0), None),
            Fault::AsSet(layer, kind) => of(layer.name(), "segment type", Some(kind.0.into()), None),
            Fault::Repeated(layer) | Fault::Missing(layer) | Fault::NotFromThisPeer(layer) => Self::of(layer.name()),
            Fault::Confederation | Fault::ConfederationMissing => Self::of("AS_PATH"),
            Fault::NextHop(address) => of("NEXT_HOP", "address", Some(address.to_bits().into()), None),
            Fault::TwoPaths => Self::of("BGPsec_PATH"),
            _ => Self::of(MESSAGE.name()),
        }
    }
}

impl Parts {
    /// Of a layer as a whole.
    const fn of(layer: &'static str) -> Self {
        Self { layer, field: None, value: None, limit: None }
    }
}

const fn limit(rule: Rule) -> Option<u64> {
    match rule {
        Rule::Exactly(limit) | Rule::AtLeast(limit) | Rule::AtMost(limit) | Rule::Either(limit, _) => {
            Some(limit as u64)
        }
        _ => None,
    }
}

fn words(value: FieldValue<'_>) -> String {
    match value {
        FieldValue::Words(words) => words.to_string(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet_dissect::LinkType;

    /// Ethernet, IPv4 and UDP with five bytes, as in `packet_dissect::layers`.
    const PACKET: [u8; 47] = [
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192,
        0, 2, 2, 0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, b'h', b'e', b'l', b'l', b'o',
    ];

    fn record(bytes: &[u8]) -> Record<'_> {
        Record { number: 1, time: None, original_len: bytes.len() as u32, link_type: LinkType::ETHERNET, bytes }
    }

    #[test]
    fn values_of_a_packet() {
        let asked =
            [Field::EthDestination, Field::IpSource, Field::UdpDestinationPort, Field::Data].map(|field| field as u16);
        let mut decoder = Decoder::new(Wanted::new(&asked, true).unwrap());
        let Values { values, text } = decoder.take(&record(&PACKET));
        let plain: Vec<_> = values.iter().filter(|value| value.form != Form::Layer).collect();
        let forms = plain.iter().map(|value| (value.field, value.form, value.number)).collect::<Vec<_>>();
        assert_eq!(
            forms,
            [
                (asked[0], Form::Mac, 0x0200_0000_0002),
                (asked[1], Form::Ipv4, 0xc000_0201),
                (asked[2], Form::Number, 53),
                (asked[3], Form::Bytes, 42),
            ]
        );
        assert_eq!((plain[3].length, plain[3].place, text.len()), (5, Place::Packet, 0));
        let layers = values.iter().filter(|value| value.form == Form::Layer);
        let names: Vec<_> = layers.map(|value| Layer::NAMES[value.number as usize]).collect();
        assert_eq!(names, ["eth", "ip", "udp", "data"]);
    }

    #[test]
    fn no_field_of_such_a_number() {
        assert!(Wanted::new(&[u16::MAX], false).is_none());
    }

    #[test]
    fn sixteen_bytes() {
        assert_eq!(size_of::<Value>(), 16);
    }
}
