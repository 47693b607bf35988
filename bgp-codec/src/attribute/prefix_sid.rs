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
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::body::Body;
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlvs};
use crate::tlv_value::Value;
use crate::value::as_number::AsSize;
use crate::wire::{Reader, exactly, items, length_must_be};

/// Prefix-SID, as an error names it.
pub const PREFIX_SID: LayerName = LayerName::new("Prefix-SID");

const LABEL_INDEX: u16 = 1;
const SRGB: u16 = 3;
const LAYER_3_SERVICE: u16 = 5;
const LAYER_2_SERVICE: u16 = 6;
const SID_INFORMATION: u16 = 1;
const SID_STRUCTURE: u16 = 1;

/// Segment routing's label or SRv6 service behind a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrefixSid<'a> {
    /// All TLVs.
    pub tlvs: Tlvs<'a>,
}

/// A range of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LabelRange {
    first: [u8; 3],
    size: [u8; 3],
}

impl LabelRange {
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

/// An SRv6 segment identifier that stands for a service.
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
            match (tlv.kind, tlv.value.len()) {
                (LABEL_INDEX, len) if len != 7 => return Err(length_must_be(PREFIX_SID, len, Rule::Exactly(7))),
                (SRGB, len) if len < 8 => return Err(length_must_be(PREFIX_SID, len, Rule::AtLeast(8))),
                (SRGB, len) if (len - 2) % 6 != 0 => {
                    return Err(length_must_be(PREFIX_SID, len, Rule::Modulo { rest: 2, unit: 6 }));
                }
                _ => {}
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
        for service in self.tlvs.filter(|tlv| matches!(tlv.kind, LAYER_3_SERVICE | LAYER_2_SERVICE)) {
            let mut reader = Reader::new(PREFIX_SID, service.value);
            reader.u8()?;
            for information in Tlvs::parse(PREFIX_SID, Shape::ByteWord, reader.rest())? {
                if information.kind == SID_INFORMATION {
                    let mut reader = Reader::new(PREFIX_SID, information.value);
                    reader.take(21)?;
                    let parts = Tlvs::parse(PREFIX_SID, Shape::ByteWord, reader.rest())?;
                    parts.filter(|part| part.kind == SID_STRUCTURE).try_for_each(|part| check_structure(part.value))?;
                }
            }
        }
        Ok(())
    }

    /// The label index (RFC 8669 §3.1).
    #[must_use]
    pub fn label_index(&self) -> Option<u32> {
        match *self.tlvs.find_kind(LABEL_INDEX)? {
            [_, _, _, a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
            _ => None,
        }
    }

    /// The originator's ranges of labels (RFC 8669 §3.2).
    #[must_use]
    pub fn label_ranges(&self) -> &'a [LabelRange] {
        let ranges = self.tlvs.find_kind(SRGB).and_then(|value| value.get(2..)).and_then(items);
        ranges.unwrap_or_default()
    }

    /// The SRv6 services (RFC 9252 §2): those of the first TLV of layer 3 and of the first of layer 2, for others are ignored (§7).
    pub fn services(&self) -> impl Iterator<Item = Srv6Service> + use<'a> {
        let mut seen = [false; 2];
        let services = self.tlvs.filter(move |tlv| match (tlv.kind, &mut seen) {
            (LAYER_3_SERVICE, [seen, _]) | (LAYER_2_SERVICE, [_, seen]) => !core::mem::replace(seen, true),
            _ => false,
        });
        services.flat_map(|service| {
            let is_layer_2 = service.kind == LAYER_2_SERVICE;
            let parts = Tlvs::new(Shape::ByteWord, service.value.get(1..).unwrap_or_default());
            parts
                .filter(|part| part.kind == SID_INFORMATION)
                .filter_map(move |part| read_service(is_layer_2, part.value))
        })
    }
}

/// The lengths of a SID's parts (RFC 9252 §3.2.1): block, node, function and argument are no more than the SID.
fn check_structure(value: &[u8]) -> Result<(), Error> {
    let [parts @ .., _, _]: [u8; 6] = exactly(PREFIX_SID, value)?;
    let bits: u32 = parts.into_iter().map(u32::from).sum();
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

fn read_service(is_layer_2: bool, value: &[u8]) -> Option<Srv6Service> {
    let (&[_, sid @ .., flags, high, low, _], parts) = value.split_first_chunk::<21>()?;
    let structure = Tlvs::new(Shape::ByteWord, parts).find_kind(SID_STRUCTURE);
    let structure = structure.and_then(|parts| parts.try_into().ok());
    Some(Srv6Service { is_layer_2, sid: sid.into(), flags, behavior: u16::from_be_bytes([high, low]), structure })
}

impl fmt::Display for PrefixSid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        if let Some(index) = self.label_index() {
            write!(f, "label-index {index}")?;
            between = " ";
        }
        for range in self.label_ranges() {
            write!(f, "{between}srgb {}+{}", range.first(), range.size())?;
            between = " ";
        }
        for service in self.services() {
            let layer = if service.is_layer_2 { "l2" } else { "l3" };
            write!(f, "{between}{layer}-service {} behavior {:#x}", service.sid, service.behavior)?;
            between = " ";
        }
        Ok(())
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
