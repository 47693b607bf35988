//! Segments of a policy's list (RFC 9830 §2.4.4.2 for A and B, RFC 9831 §2 for C to K).
//!
//! | type | segment | value, bytes in brackets |
//! | --- | --- | --- |
//! | 1 | A | flags (1), reserved (1), label (4) |
//! | 13 | B | flags (1), reserved (1), SRv6 SID (16), behaviour (0, 8) |
//! | 3, 4 | C, D | flags (1), algorithm (1), node (4, 16), label (0, 4) |
//! | 5 | E | flags (1), reserved (1), interface (4), node (4), label (0, 4) |
//! | 6 | F | flags (1), reserved (1), local (4), remote (4), label (0, 4) |
//! | 7 | G | flags (1), reserved (1), interface (4), local (16), interface (4), remote (16), label (0, 4) |
//! | 8 | H | flags (1), reserved (1), local (16), remote (16), label (0, 4) |
//! | 14, 15, 16 | I, J, K | as D, G, H with an algorithm, but an SRv6 SID (0, 16) and a behaviour (0, 8) for the label |
//! | 9 | | weight: flags (1), reserved (1), weight (4) |
//!
//! A behaviour is the endpoint's behaviour (2), reserved (2), and the lengths of the identifier's parts (4).

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::encapsulation::TUNNEL_ENCAPSULATION;
use super::stack_entry::StackEntry;
use crate::tlv::Shape;
use crate::tlv_value::{Value, say_flags, tlv_values};
use crate::value::srv6::EndpointBehavior;
use crate::wire::length_must_be;

tlv_values! {
    /// What is told of a list of segments.
    pub struct SegmentSubTlvType(u8);

    /// What is told of a list of segments, and its value. Flags of segments: 0x80 V, the headend verifies it; 0x40 A, the algorithm counts;
    /// 0x20 S, the identifier is told; 0x10 B, the behaviour is told.
    pub enum SegmentValue in TUNNEL_ENCAPSULATION, Shape::Byte;

    /// A: a label.
    LABEL = 1, "label", Label(&'a LabelSegment);
    /// C: the node of an IPv4 address.
    IPV4_NODE = 3, "ipv4-node", Ipv4Node(LabelOf<'a, Ipv4Node>);
    /// D: the node of an IPv6 address.
    IPV6_NODE = 4, "ipv6-node", Ipv6Node(LabelOf<'a, Ipv6Node>);
    /// E: an interface of an IPv4 node.
    IPV4_INTERFACE = 5, "ipv4-interface", Ipv4Interface(LabelOf<'a, Ipv4Interface>);
    /// F: the link between two IPv4 addresses.
    IPV4_LINK = 6, "ipv4-link", Ipv4Link(LabelOf<'a, Ipv4Link>);
    /// G: the link between two interfaces of IPv6 nodes.
    IPV6_INTERFACES = 7, "ipv6-interfaces", Ipv6Interfaces(LabelOf<'a, Ipv6Interfaces>);
    /// H: the link between two IPv6 addresses.
    IPV6_LINK = 8, "ipv6-link", Ipv6Link(LabelOf<'a, Ipv6Link>);
    /// The list's share of the load.
    WEIGHT = 9, "weight", Weight(&'a Weight);
    /// B: an SRv6 segment identifier.
    SRV6 = 13, "srv6", Srv6(Srv6Segment<'a>);
    /// I: the node of an IPv6 address, for SRv6.
    SRV6_NODE = 14, "srv6-node", Srv6Node(Srv6Of<'a, Ipv6Node>);
    /// J: the link between two interfaces of IPv6 nodes, for SRv6.
    SRV6_INTERFACES = 15, "srv6-interfaces", Srv6Interfaces(Srv6Of<'a, Ipv6Interfaces>);
    /// K: the link between two IPv6 addresses, for SRv6.
    SRV6_LINK = 16, "srv6-link", Srv6Link(Srv6Of<'a, Ipv6Link>);
}

/// The list's share of the load (RFC 9830 §2.4.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Weight {
    /// Flags; none is given out.
    pub flags: u8,
    reserved: u8,
    weight: U32,
}

impl Weight {
    /// A weight.
    #[must_use]
    pub const fn new(weight: u32) -> Self {
        Self { flags: 0, reserved: 0, weight: U32::new(weight) }
    }

    /// The weight.
    #[must_use]
    pub const fn get(&self) -> u32 {
        self.weight.get()
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.weight)?;
        say_flags(self.flags, f)
    }
}

/// Segment A: a label (RFC 9830 §2.4.4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LabelSegment {
    /// Flags.
    pub flags: u8,
    reserved: u8,
    /// The label. Class and time to live are the headend's if they are 0 and 255 (RFC 9830 §2.4.4.2.1).
    pub label: StackEntry,
}

impl LabelSegment {
    /// A label.
    #[must_use]
    pub const fn new(flags: u8, label: StackEntry) -> Self {
        Self { flags, reserved: 0, label }
    }
}

impl fmt::Display for LabelSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.label, f)?;
        say_flags(self.flags, f)
    }
}

/// Segment B, and an SRv6 segment identifier that stands for a policy (RFC 9830 §2.4.4.2.2, §2.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6Segment<'a> {
    /// Flags. Those of one that stands for a policy: 0x80 S, 0x40 I, 0x20 B.
    pub flags: u8,
    /// What is sent as zero.
    pub reserved: u8,
    /// The identifier.
    pub sid: Ipv6Addr,
    /// What its endpoint does, if it is told.
    pub behavior: Option<&'a SidBehavior>,
}

impl<'a> Value<'a> for Srv6Segment<'a> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let Some((&[flags, reserved, sid @ ..], rest)) = bytes.split_first_chunk::<18>() else {
            return Err(Error::Truncated { layer, needed: 18, available: bytes.len() });
        };
        Ok(Self { flags, reserved, sid: Ipv6Addr::from(sid), behavior: optional(layer, rest)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&[self.flags, self.reserved])?.put(&self.sid.octets())?.put(self.behavior.bytes_or_none())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.sid)?;
        self.behavior.map_or(Ok(()), |behavior| write!(f, " {behavior}"))?;
        say_flags(self.flags, f)
    }
}

/// A segment of MPLS that is found by what `of` tells; perhaps its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LabelOf<'a, T> {
    /// What it is found by.
    pub of: &'a T,
    /// The label.
    pub label: Option<&'a StackEntry>,
}

/// A segment of SRv6 that is found by what `of` tells; perhaps its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6Of<'a, T> {
    /// What it is found by.
    pub of: &'a T,
    /// The identifier.
    pub sid: Option<Ipv6Addr>,
    /// What its endpoint does, if the identifier and that are told.
    pub behavior: Option<&'a SidBehavior>,
}

/// What a segment is found by.
pub(crate) trait Found: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned + fmt::Display {
    fn flags(&self) -> u8;
}

impl<'a, T: Found> Value<'a> for LabelOf<'a, T> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let (of, rest) = split(layer, bytes)?;
        Ok(Self { of, label: optional(layer, rest)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[self.of.as_bytes(), self.label.bytes_or_none()])
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.of)?;
        self.label.map_or(Ok(()), |label| write!(f, " label {label}"))?;
        say_flags(self.of.flags(), f)
    }
}

impl<'a, T: Found> Value<'a> for Srv6Of<'a, T> {
    fn read(layer: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        let (of, rest) = split(layer, bytes)?;
        let Some((sid, behavior)) = rest.split_first_chunk::<16>() else {
            let none: Option<&[u8; 16]> = optional(layer, rest)?;
            return Ok(Self { of, sid: none.map(|sid| Ipv6Addr::from(*sid)), behavior: None });
        };
        Ok(Self { of, sid: Some(Ipv6Addr::from(*sid)), behavior: optional(layer, behavior)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.of.as_bytes())?;
        match self.sid {
            None => Ok(()),
            Some(sid) => to.write_all(&[&sid.octets(), self.behavior.bytes_or_none()]),
        }
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.of)?;
        self.sid.map_or(Ok(()), |sid| write!(f, " sid {sid}"))?;
        self.behavior.map_or(Ok(()), |behavior| write!(f, " {behavior}"))?;
        say_flags(self.of.flags(), f)
    }
}

/// Takes what has one size from the front.
fn split<T>(layer: LayerName, bytes: &[u8]) -> Result<(&T, &[u8]), Error>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned,
{
    T::ref_from_prefix(bytes).map_err(|_| Error::Truncated { layer, needed: size_of::<T>(), available: bytes.len() })
}

//= RFC 9830 §2.4.3/behavior
//= RFC 9831 §2/lengths
/// What has one size, or is not there.
fn optional<T>(layer: LayerName, bytes: &[u8]) -> Result<Option<&T>, Error>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned,
{
    match (bytes, T::ref_from_bytes(bytes)) {
        ([], _) => Ok(None),
        (_, Ok(value)) => Ok(Some(value)),
        (_, Err(_)) => Err(length_must_be(layer, bytes.len(), Rule::Either(0, size_of::<T>() as u32))),
    }
}

/// The bytes of what may not be there.
trait BytesOrNone<'a> {
    fn bytes_or_none(self) -> &'a [u8];
}

impl<'a, T: IntoBytes + Immutable> BytesOrNone<'a> for Option<&'a T> {
    fn bytes_or_none(self) -> &'a [u8] {
        self.map_or(&[], IntoBytes::as_bytes)
    }
}

/// What an SRv6 endpoint does, and how its identifier is made (RFC 9830 §2.4.4.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct SidBehavior {
    behavior: U16,
    reserved: [u8; 2],
    /// Bits of the block that the identifiers of a network are of.
    pub block: u8,
    /// Bits of the node.
    pub node: u8,
    /// Bits of the function.
    pub function: u8,
    /// Bits of the argument.
    pub argument: u8,
}

impl SidBehavior {
    /// A behaviour, and the bits of block, node, function and argument.
    #[must_use]
    pub const fn new(behavior: EndpointBehavior, parts: [u8; 4]) -> Self {
        let [block, node, function, argument] = parts;
        Self { behavior: U16::new(behavior.0), reserved: [0; 2], block, node, function, argument }
    }

    /// What the endpoint does with packets.
    #[must_use]
    pub const fn behavior(&self) -> EndpointBehavior {
        EndpointBehavior(self.behavior.get())
    }
}

impl fmt::Display for SidBehavior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, node, function, argument, .. } = self;
        write!(f, "behavior {} block {block} node {node} function {function} argument {argument}", self.behavior())
    }
}

/// A number or an address as it stands on the wire.
trait ToWire<W> {
    fn to_wire(self) -> W;
}

impl ToWire<U32> for u32 {
    fn to_wire(self) -> U32 {
        U32::new(self)
    }
}

impl ToWire<[u8; 4]> for Ipv4Addr {
    fn to_wire(self) -> [u8; 4] {
        self.octets()
    }
}

impl ToWire<[u8; 16]> for Ipv6Addr {
    fn to_wire(self) -> [u8; 16] {
        self.octets()
    }
}

/// What segments are found by: flags, an algorithm where the segment has one, numbers and addresses with the words in front of each.
macro_rules! found {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($(#[$field_doc:meta])* $field:ident: $wire:ty as $type:ty, $words:literal;)* }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
            #[repr(C)]
            pub struct $name {
                flags: u8,
                algorithm: u8,
                $($field: $wire,)*
            }

            impl $name {
                /// One of flags, an algorithm, and what it is found by.
                #[must_use]
                pub fn new(flags: u8, algorithm: u8, $($field: $type),*) -> Self {
                    Self { flags, algorithm, $($field: $field.to_wire()),* }
                }

                /// Flags.
                #[must_use]
                pub const fn flags(&self) -> u8 {
                    self.flags
                }

                /// By which algorithm the way is found, where flag A is set; what is sent as zero, where the segment has none.
                #[must_use]
                pub const fn algorithm(&self) -> u8 {
                    self.algorithm
                }

                $(
                    $(#[$field_doc])*
                    #[must_use]
                    pub fn $field(&self) -> $type {
                        self.$field.into()
                    }
                )*
            }

            impl Found for $name {
                fn flags(&self) -> u8 {
                    self.flags
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    $(write!(f, "{}{}", $words, self.$field())?;)*
                    match self.algorithm {
                        0 => Ok(()),
                        algorithm => write!(f, " algorithm {algorithm}"),
                    }
                }
            }
        )*
    };
}

found! {
    /// What segment C is found by (RFC 9831 §2.1).
    Ipv4Node {
        /// The node.
        node: [u8; 4] as Ipv4Addr, "";
    }
    /// What segments D and I are found by (RFC 9831 §2.2, §2.7).
    Ipv6Node {
        /// The node.
        node: [u8; 16] as Ipv6Addr, "";
    }
    /// What segment E is found by (RFC 9831 §2.3).
    Ipv4Interface {
        /// The interface's number on the node.
        interface: U32 as u32, "interface ";
        /// The node.
        node: [u8; 4] as Ipv4Addr, " of ";
    }
    /// What segment F is found by (RFC 9831 §2.4).
    Ipv4Link {
        /// The near end.
        local: [u8; 4] as Ipv4Addr, "";
        /// The far end.
        remote: [u8; 4] as Ipv4Addr, " to ";
    }
    /// What segments G and J are found by (RFC 9831 §2.5, §2.8).
    Ipv6Interfaces {
        /// The near interface's number on its node.
        local_interface: U32 as u32, "interface ";
        /// The near node.
        local: [u8; 16] as Ipv6Addr, " of ";
        /// The far interface's number on its node; 0 if it is not known.
        remote_interface: U32 as u32, " to interface ";
        /// The far node.
        remote: [u8; 16] as Ipv6Addr, " of ";
    }
    /// What segments H and K are found by (RFC 9831 §2.6, §2.9).
    Ipv6Link {
        /// The near end.
        local: [u8; 16] as Ipv6Addr, "";
        /// The far end.
        remote: [u8; 16] as Ipv6Addr, " to ";
    }
}
