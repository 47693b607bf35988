//! Prefix-SID: segment routing's label or SRv6 service behind a prefix (RFC 8669 §3, RFC 9252 §2). TLVs of one byte type and
//! two bytes length.
//!
//! | type | value, bytes in brackets |
//! | --- | --- |
//! | 1 | reserved (1), flags (2), label index (4) |
//! | 3 | flags (2), ranges of labels: first (3), size (3) |
//! | 5, 6 | reserved (1), sub-TLVs: SRv6 services of layer 3, of layer 2 |
//!
//! Sub-TLV 1 of a service: reserved (1), SID (16), flags (1), behaviour (2), reserved (1), sub-sub-TLVs; of these 1: the
//! lengths of the SID's parts in bits, a byte each.

use core::fmt;
use core::net::Ipv6Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::body::{Body, spaced};
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::tlv_value::{Value, say_all, say_flags, tlv_values};
use crate::value::as_number::AsSize;
use crate::value::label::Label;
use crate::value::srv6::EndpointBehavior;
use crate::wire::{Reader, items, length_must_be};

/// Prefix-SID, as an error names it.
pub const PREFIX_SID: LayerName = LayerName::new("Prefix-SID");

tlv_values! {
    /// What a TLV of a Prefix-SID tells.
    pub struct PrefixSidType(u8);

    /// What a TLV of a Prefix-SID tells, and its value.
    pub enum PrefixSidValue in PREFIX_SID, Shape::ByteWord;

    /// Which of an originator's labels (RFC 8669 §3.1).
    //= RFC 8669 §3.1/length, §3/unknown
    LABEL_INDEX = 1, "label-index", LabelIndex(&'a LabelIndex);
    /// The originator's ranges of labels (RFC 8669 §3.2).
    ORIGINATOR_SRGB = 3, "srgb", OriginatorSrgb(OriginatorSrgb<'a>);
    /// SRv6 services of layer 3 (RFC 9252 §2).
    LAYER_3_SERVICE = 5, "l3-service", Layer3Service(Service<'a>);
    /// SRv6 services of layer 2 (RFC 9252 §2).
    LAYER_2_SERVICE = 6, "l2-service", Layer2Service(Service<'a>);
}

tlv_values! {
    /// What is told of an SRv6 service (RFC 9252 §3).
    pub struct ServiceSubTlvType(u8);

    /// What is told of an SRv6 service, and its value.
    pub enum ServiceValue in PREFIX_SID, Shape::ByteWord;

    /// Its segment identifier (RFC 9252 §3.1).
    //= RFC 9252 §2/unknown
    SID_INFORMATION = 1, "sid", SidInformation(SidInformation<'a>);
}

tlv_values! {
    /// What is told of a service's segment identifier (RFC 9252 §3.2).
    pub struct SidSubTlvType(u8);

    /// What is told of a service's segment identifier, and its value.
    pub enum SidValue in PREFIX_SID, Shape::ByteWord;

    /// The lengths of its parts (RFC 9252 §3.2.1).
    STRUCTURE = 1, "structure", Structure(&'a SidStructure);
}

/// Segment routing's label or SRv6 service behind a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrefixSid<'a> {
    /// All TLVs.
    pub tlvs: Tlvs<'a>,
}

/// Which of an originator's labels (RFC 8669 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LabelIndex {
    reserved: u8,
    flags: U16,
    index: U32,
}

impl LabelIndex {
    /// A label index.
    #[must_use]
    pub const fn new(index: u32) -> Self {
        Self { reserved: 0, flags: U16::ZERO, index: U32::new(index) }
    }

    /// Flags; none is given out.
    #[must_use]
    pub const fn flags(&self) -> u16 {
        self.flags.get()
    }

    /// The index.
    #[must_use]
    pub const fn get(&self) -> u32 {
        self.index.get()
    }
}

impl fmt::Display for LabelIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.index)
    }
}

/// The originator's ranges of labels (RFC 8669 §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OriginatorSrgb<'a> {
    /// Flags; none is given out.
    pub flags: u16,
    /// One range or more.
    pub ranges: &'a [LabelRange],
}

impl<'a> Value<'a> for OriginatorSrgb<'a> {
    //= RFC 8669 §3.2/length
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let len = bytes.len();
        let Some((flags, ranges)) = bytes.split_first_chunk().filter(|(_, ranges)| ranges.len() >= 6) else {
            return Err(length_must_be(layer, len, Rule::AtLeast(8)));
        };
        let ranges = items(ranges).ok_or_else(|| length_must_be(layer, len, Rule::Modulo { rest: 2, unit: 6 }))?;
        Ok(Self { flags: u16::from_be_bytes(*flags), ranges })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u16(self.flags)?.put(self.ranges.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        spaced(self.ranges, f)
    }
}

/// A range of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LabelRange {
    first: [u8; 3],
    size: [u8; 3],
}

impl LabelRange {
    /// A range, of whose first label and size 24 bits count.
    #[must_use]
    pub const fn new(first: u32, size: u32) -> Self {
        let ([_, a, b, c], [_, d, e, f]) = (first.to_be_bytes(), size.to_be_bytes());
        Self { first: [a, b, c], size: [d, e, f] }
    }

    /// The first label.
    #[must_use]
    pub const fn first(&self) -> u32 {
        let [a, b, c] = self.first;
        u32::from_be_bytes([0, a, b, c])
    }

    /// How many there are.
    #[must_use]
    pub const fn size(&self) -> u32 {
        let [a, b, c] = self.size;
        u32::from_be_bytes([0, a, b, c])
    }
}

impl fmt::Display for LabelRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.first(), self.size())
    }
}

/// SRv6 services (RFC 9252 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Service<'a> {
    /// What is sent as zero.
    pub reserved: u8,
    /// What is told of them, as [`ServiceValue`] reads it.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> Service<'a> {
    /// What is told of them, in order; an error for what is malformed.
    pub fn values(&self) -> impl Iterator<Item = Result<ServiceValue<'a>, Error>> + use<'a> {
        self.sub_tlvs.map(ServiceValue::parse)
    }
}

impl<'a> Value<'a> for Service<'a> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(layer, bytes);
        Ok(Self { reserved: from.u8()?, sub_tlvs: Tlvs::parse(layer, Shape::ByteWord, from.rest())? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&[self.reserved], self.sub_tlvs.as_bytes()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        say_all(self.sub_tlvs, f, |tlv, f| ServiceValue::say(ServiceValue::parse(tlv), tlv, f))
    }
}

/// The segment identifier of a service (RFC 9252 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SidInformation<'a> {
    /// What is sent as zero: in front of the identifier, and behind the behaviour.
    pub reserved: [u8; 2],
    /// The identifier.
    pub sid: Ipv6Addr,
    /// Flags; none is given out.
    pub flags: u8,
    /// What the endpoint does with packets.
    pub behavior: EndpointBehavior,
    /// What is told of the identifier, as [`SidValue`] reads it.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> SidInformation<'a> {
    /// What is told of the identifier, in order; an error for what is malformed.
    pub fn values(&self) -> impl Iterator<Item = Result<SidValue<'a>, Error>> + use<'a> {
        self.sub_tlvs.map(SidValue::parse)
    }

    /// The lengths of its parts: the first that is told, for others are ignored (RFC 9252 §7).
    #[must_use]
    pub fn structure(&self) -> Option<&'a SidStructure> {
        self.values().find_map(|value| match value {
            Ok(SidValue::Structure(structure)) => Some(structure),
            _ => None,
        })
    }
}

impl<'a> Value<'a> for SidInformation<'a> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(layer, bytes);
        let [first, sid @ .., flags, high, low, second] = from.array::<21>()?;
        let behavior = EndpointBehavior(u16::from_be_bytes([high, low]));
        let sub_tlvs = Tlvs::parse(layer, Shape::ByteWord, from.rest())?;
        Ok(Self { reserved: [first, second], sid: Ipv6Addr::from(sid), flags, behavior, sub_tlvs })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let [first, second] = self.reserved;
        to.u8(first)?.put(&self.sid.octets())?.u8(self.flags)?.u16(self.behavior.0)?.u8(second)?;
        to.put(self.sub_tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} behavior {}", self.sid, self.behavior)?;
        say_flags(self.flags, f)?;
        match self.sub_tlvs.as_bytes() {
            [] => Ok(()),
            _ => {
                f.write_str(" ")?;
                say_all(self.sub_tlvs, f, |tlv, f| SidValue::say(SidValue::parse(tlv), tlv, f))
            }
        }
    }
}

/// The lengths of a segment identifier's parts, in bits (RFC 9252 §3.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct SidStructure {
    /// The block that the identifiers of a network are of.
    pub block: u8,
    /// The node.
    pub node: u8,
    /// What the node does.
    pub function: u8,
    /// With what.
    pub argument: u8,
    /// How many bits stand in the route's label, and are zero in the identifier (RFC 9252 §4).
    pub transposed: u8,
    /// Where these are in the identifier.
    pub offset: u8,
}

impl SidStructure {
    /// The identifier with the bits that stand in a label of a route (RFC 9252 §4); as it is, if none do, or they do not fit.
    #[must_use]
    pub const fn whole(&self, sid: Ipv6Addr, label: Label) -> Ipv6Addr {
        let (bits, offset) = (self.transposed as u32, self.offset as u32);
        //= RFC 9252 §4/transposed
        // The label's upper bits, of 20 in MPLS or of 24 in a VNI's place.
        match (24_u32.checked_sub(bits), 128_u32.checked_sub(bits.saturating_add(offset))) {
            (Some(unused), Some(behind)) if bits > 0 => {
                let part = (label.vni() >> (unused & 31)) as u128;
                Ipv6Addr::from_bits(sid.to_bits() | part << (behind & 127))
            }
            _ => sid,
        }
    }
}

impl fmt::Display for SidStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, node, function, argument, transposed, offset } = self;
        write!(f, "block {block} node {node} function {function} argument {argument}")?;
        if *transposed == 0 { Ok(()) } else { write!(f, " transposed {transposed} at {offset}") }
    }
}

/// An SRv6 segment identifier that stands for a service: the short form of [`SidInformation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6Service {
    /// Whether it is of layer 2.
    pub is_layer_2: bool,
    /// The segment identifier.
    pub sid: Ipv6Addr,
    /// Flags.
    pub flags: u8,
    /// What the endpoint does with packets (RFC 8986 §10.2): 18 is End.DT6, 19 End.DT4 …
    pub behavior: u16,
    /// The lengths of the identifier's parts in bits: block, node, function, argument; then the transposition's length and
    /// offset.
    pub structure: Option<[u8; 6]>,
}

impl<'a> PrefixSid<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// RFC 8669 §6: [`Error::Truncated`] if a TLV goes past the end, [`Error::Malformed`] if a label index is not 7 bytes or
    /// ranges are not 2 more than a multiple of 6.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let tlvs = Tlvs::parse(PREFIX_SID, Shape::ByteWord, bytes)?;
        for tlv in tlvs {
            // What is wrong with a service withdraws the routes, and is found later.
            if !is_service(tlv) {
                PrefixSidValue::parse(tlv)?;
            }
        }
        Ok(Self { tlvs })
    }

    /// Reads the SRv6 services through.
    ///
    /// # Errors
    /// RFC 9252 §7, which withdraws the routes: [`Error::Truncated`] if something in a service goes past its end,
    /// [`Error::Malformed`] if a SID's structure is not 6 bytes, or the four parts are longer than the SID.
    pub fn check_services(&self) -> Result<(), Error> {
        for service in self.tlvs.filter(|tlv| is_service(*tlv)) {
            let service: Service<'a> = Value::read(PREFIX_SID, service.value)?;
            for value in service.values() {
                let ServiceValue::SidInformation(information) = value? else { continue };
                information.values().try_for_each(|value| check_structure(value?))?;
            }
        }
        Ok(())
    }

    /// What is told, in order; an error for what is malformed, which only a service can be here.
    pub fn values(&self) -> impl Iterator<Item = Result<PrefixSidValue<'a>, Error>> + use<'a> {
        self.tlvs.map(PrefixSidValue::parse)
    }

    /// The label index (RFC 8669 §3.1): the first that is told.
    #[must_use]
    pub fn label_index(&self) -> Option<u32> {
        self.values().find_map(|value| match value {
            Ok(PrefixSidValue::LabelIndex(index)) => Some(index.get()),
            _ => None,
        })
    }

    /// The originator's ranges of labels (RFC 8669 §3.2): those of the first that are told.
    #[must_use]
    pub fn label_ranges(&self) -> &'a [LabelRange] {
        let ranges = self.values().find_map(|value| match value {
            Ok(PrefixSidValue::OriginatorSrgb(srgb)) => Some(srgb.ranges),
            _ => None,
        });
        ranges.unwrap_or_default()
    }

    /// The SRv6 services (RFC 9252 §2): those of the first TLV of layer 3 and of the first of layer 2, for others are ignored (§7).
    pub fn services(&self) -> impl Iterator<Item = Srv6Service> + use<'a> {
        //= RFC 9252 §7/first
        let mut seen = [false; 2];
        let services = self.values().filter_map(move |value| {
            let (is_layer_2, service) = match value {
                Ok(PrefixSidValue::Layer3Service(service)) => (false, service),
                Ok(PrefixSidValue::Layer2Service(service)) => (true, service),
                _ => return None,
            };
            let [layer_3, layer_2] = &mut seen;
            let is_repeated = core::mem::replace(if is_layer_2 { layer_2 } else { layer_3 }, true);
            (!is_repeated).then_some((is_layer_2, service))
        });
        services.flat_map(|(is_layer_2, service)| {
            service.values().filter_map(move |value| match value {
                Ok(ServiceValue::SidInformation(of)) => {
                    let structure = of.structure().map(|of| zerocopy::transmute!(*of));
                    let SidInformation { sid, flags, behavior, .. } = of;
                    Some(Srv6Service { is_layer_2, sid, flags, behavior: behavior.0, structure })
                }
                _ => None,
            })
        })
    }
}

fn is_service(tlv: Tlv<'_>) -> bool {
    matches!(PrefixSidType(tlv.kind as u8), PrefixSidType::LAYER_3_SERVICE | PrefixSidType::LAYER_2_SERVICE)
}

/// The lengths of a SID's parts (RFC 9252 §3.2.1): block, node, function and argument are no more than the SID.
fn check_structure(value: SidValue<'_>) -> Result<(), Error> {
    let SidValue::Structure(&SidStructure { block, node, function, argument, .. }) = value else { return Ok(()) };
    let bits: u32 = [block, node, function, argument].into_iter().map(u32::from).sum();
    //= RFC 9252 §3.2.1/lengths
    if bits > 128 {
        let (field, rule) = ("bits of the SID's parts", Rule::AtMost(128));
        return Err(Error::Malformed { layer: PREFIX_SID, field, value: bits, rule });
    }
    Ok(())
}

/// Whether the TLV that goes past the end of the attribute is a service's.
pub(crate) fn is_service_cut(bytes: &[u8]) -> bool {
    let mut tlvs = Tlvs::new(Shape::ByteWord, bytes);
    tlvs.by_ref().for_each(drop);
    matches!(tlvs.as_bytes(), [5 | 6, ..])
}

impl fmt::Display for PrefixSid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tlvs.enumerate().try_for_each(|(n, tlv)| {
            f.write_str(if n == 0 { "" } else { " " })?;
            PrefixSidValue::say(PrefixSidValue::parse(tlv), tlv, f)
        })
    }
}

impl<'a> Body<'a> for PrefixSid<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As a tunnel's sub-TLV has it (RFC 9012 §3.7).
impl<'a> Value<'a> for PrefixSid<'a> {
    fn read(_: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self.tlvs.as_bytes()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
