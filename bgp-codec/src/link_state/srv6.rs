//! Segment identifiers of SRv6, and what a node and a prefix have of them (RFC 9514).

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::value::{Part, Value, in_order, router_id};
use crate::tlv::Tlvs;
use crate::value::srv6::EndpointBehavior;
use crate::wire::Reader;

/// What a node can do with SRv6 (RFC 9514 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6Capabilities {
    /// Flags; 0x4000 is O: operation and maintenance (RFC 9259).
    pub flags: u16,
    /// What is sent as zero.
    pub reserved: u16,
}

in_order!(Srv6Capabilities: flags, reserved);

impl fmt::Display for Srv6Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flags {:#06x}", self.flags)
    }
}

/// The segment identifier of an adjacency, End.X (RFC 9514 §4.1, §4.2).
///
/// ```text
///  0               16      24      32      40      48
///  +---------------+-------+-------+-------+-------+----------------------------------------+-----+----------
///  | behaviour     | flags | algor.| weight| reserv| neighbour on a LAN: none, or 4 or 6    | SID | sub-TLVs …
///  +---------------+-------+-------+-------+-------+----------------------------------------+-----+----------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EndX<'a, const NEIGHBOR: usize> {
    /// What the endpoint does with packets.
    pub behavior: EndpointBehavior,
    /// Flags: 0x80 B, 0x40 S, 0x20 P.
    pub flags: u8,
    /// By which algorithm the way is found.
    pub algorithm: u8,
    /// Its share of the load.
    pub weight: u8,
    /// What is sent as zero.
    pub reserved: u8,
    /// On a LAN the neighbour's identifier in the IGP.
    pub neighbor: [u8; NEIGHBOR],
    /// The segment identifier.
    pub sid: Ipv6Addr,
    /// More of it: its structure.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a, const NEIGHBOR: usize> Part<'a> for EndX<'a, NEIGHBOR> {
    //= RFC 9514 §4.1/reserved
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let behavior = EndpointBehavior(from.u16()?);
        let [flags, algorithm, weight, reserved] = from.array()?;
        let (neighbor, sid) = (from.array()?, from.array::<16>()?.into());
        let sub_tlvs = Part::take(from)?;
        Ok(Self { behavior, flags, algorithm, weight, reserved, neighbor, sid, sub_tlvs })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u16(self.behavior.0)?.put(&[self.flags, self.algorithm, self.weight, self.reserved])?;
        to.put(&self.neighbor)?.put(&self.sid.octets())?.put(self.sub_tlvs.as_bytes())?;
        Ok(())
    }
}

impl<'a, const NEIGHBOR: usize> Value<'a> for EndX<'a, NEIGHBOR> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { behavior, flags, algorithm, weight, sid, .. } = *self;
        write!(f, "{sid} behavior {behavior} flags {flags:#04x} algorithm {algorithm} weight {weight}")?;
        if NEIGHBOR > 0 {
            f.write_str(" neighbor ")?;
            router_id(&self.neighbor, f)?;
        }
        Ok(())
    }

    fn sub_tlvs(&self) -> Option<Tlvs<'a>> {
        Some(self.sub_tlvs)
    }
}

/// A prefix that a node's segment identifiers are of (RFC 9514 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Locator<'a> {
    /// Flags: 0x80 D of IS-IS.
    pub flags: u8,
    /// By which algorithm the way is found.
    pub algorithm: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// The metric.
    pub metric: u32,
    /// More of it.
    pub sub_tlvs: Tlvs<'a>,
}

in_order!(Locator<'a>: flags, algorithm, reserved, metric; sub_tlvs);

impl fmt::Display for Locator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metric {} flags {:#04x} algorithm {}", self.metric, self.flags, self.algorithm)
    }
}

/// What an endpoint does (RFC 9514 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6Behavior {
    /// What it does with packets.
    pub behavior: EndpointBehavior,
    /// Flags.
    pub flags: u8,
    /// By which algorithm the way is found.
    pub algorithm: u8,
}

in_order!(EndpointBehavior: 0);
in_order!(Srv6Behavior: behavior, flags, algorithm);

impl fmt::Display for Srv6Behavior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} flags {:#04x} algorithm {}", self.behavior, self.flags, self.algorithm)
    }
}

/// The BGP peer that a segment identifier leads to (RFC 9514 §7.2).
///
/// ```text
///  0       8       16              32                      64                      96
///  +-------+-------+---------------+-----------------------+-----------------------+
///  | flags | weight| reserved      | peer's AS             | peer's identifier     |
///  +-------+-------+---------------+-----------------------+-----------------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6PeerNode {
    /// Flags: 0x80 B, 0x40 S, 0x20 P.
    pub flags: u8,
    /// Its share of the load.
    pub weight: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// The peer's AS.
    pub peer_as: u32,
    /// The peer's BGP identifier.
    pub peer_id: Ipv4Addr,
}

in_order!(Srv6PeerNode: flags, weight, reserved, peer_as, peer_id);

impl fmt::Display for Srv6PeerNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AS {} {} flags {:#04x} weight {}", self.peer_as, self.peer_id, self.flags, self.weight)
    }
}

/// The lengths of a segment identifier's parts, in bits (RFC 9514 §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SidStructure {
    /// The block that the identifiers of a network are of.
    pub block: u8,
    /// The node.
    pub node: u8,
    /// What the node does.
    pub function: u8,
    /// With what.
    pub argument: u8,
}

in_order!(SidStructure: block, node, function, argument);

impl fmt::Display for SidStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} node {} function {} argument {}", self.block, self.node, self.function, self.argument)
    }
}
