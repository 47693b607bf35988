//! Segment routing policies: which candidate paths a node has, and what became of them (RFC 9857).

use core::fmt;
use core::net::{IpAddr, Ipv6Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, open_set};

use super::value::{Part, Value, flags, in_order};
use crate::tlv::Tlvs;
use crate::value::address::write_bare_address;
use crate::wire::Reader;

open_set! {
    /// By what a candidate path came (RFC 9256 §2.3, RFC 9857 §8.4).
    pub struct PathOrigin(u8) {
        /// By PCEP.
        PCEP = 1, "pcep";
        /// By BGP's segment routing policies.
        BGP = 2, "bgp";
        /// By configuration.
        CONFIGURATION = 3, "configuration";
        /// By PCEP, of a tunnel that the node itself made.
        PCEP_BY_CONTROLLER = 10, "pcep-by-controller";
        /// By BGP, through a controller.
        BGP_BY_CONTROLLER = 20, "bgp-by-controller";
        /// By configuration, through a controller.
        CONFIGURATION_BY_CONTROLLER = 30, "configuration-by-controller";
    }
}

/// Bit E: the endpoint is of IPv6.
const ENDPOINT_IS_IPV6: u8 = 0x80;
/// Bit O: the originator is of IPv6.
const ORIGINATOR_IS_IPV6: u8 = 0x40;

/// A candidate path of a policy (RFC 9857 §4.1).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+-------------------------+
///  | origin| flags | reserved      | endpoint, 4 or 16 bytes
///  +-------+-------+---------------+-------+-----------------+
///  | colour                        | originator's AS         |
///  +-------------------------------+-----+-------------------+
///  | originator, 4 or 16 bytes           | discriminator     |
///  +-------------------------------------+-------------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CandidatePath {
    /// By what it came.
    pub origin: PathOrigin,
    /// Flags; E (0x80) and O (0x40) are written as the two addresses are.
    pub flags: u8,
    /// What is sent as zero.
    pub reserved: u16,
    /// Where the policy ends.
    pub endpoint: IpAddr,
    /// The intent.
    pub color: u32,
    /// The AS of who told of the path.
    pub originator_as: u32,
    /// Who told of it.
    pub originator: IpAddr,
    /// Which of the originator's.
    pub discriminator: u32,
}

/// Reads an address of one family or the other.
pub(super) fn address(is_ipv6: bool, from: &mut Reader<'_>) -> Result<IpAddr, Error> {
    Ok(if is_ipv6 { from.array::<16>()?.into() } else { from.array::<4>()?.into() })
}

impl Part<'_> for CandidatePath {
    fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
        let (origin, flags, reserved) = (PathOrigin(from.u8()?), from.u8()?, from.u16()?);
        let endpoint = address(flags & ENDPOINT_IS_IPV6 != 0, from)?;
        let (color, originator_as) = (from.u32()?, from.u32()?);
        let originator = address(flags & ORIGINATOR_IS_IPV6 != 0, from)?;
        let discriminator = from.u32()?;
        Ok(Self { origin, flags, reserved, endpoint, color, originator_as, originator, discriminator })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let families = u8::from(self.endpoint.is_ipv6()) << 7 | u8::from(self.originator.is_ipv6()) << 6;
        let flags = self.flags & !(ENDPOINT_IS_IPV6 | ORIGINATOR_IS_IPV6) | families;
        to.u8(self.origin.0)?.u8(flags)?.u16(self.reserved)?;
        write_bare_address(self.endpoint, to)?;
        to.u32(self.color)?.u32(self.originator_as)?;
        write_bare_address(self.originator, to)?;
        to.u32(self.discriminator)?;
        Ok(())
    }
}

impl Value<'_> for CandidatePath {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, endpoint, color, originator_as, originator, discriminator, .. } = *self;
        write!(f, "{{{origin} endpoint {endpoint} color {color} originator {originator_as}:{originator}")?;
        write!(f, " discriminator {discriminator}}}")
    }
}

/// A segment identifier of a policy: MPLS's in four bytes, or one of SRv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicySid {
    /// An entry of a label stack (RFC 3032 §2.1): the label is its first 20 bits, the others are sent as zero.
    Mpls(u32),
    /// One of SRv6.
    Srv6(Ipv6Addr),
}

impl PolicySid {
    pub(super) fn read(is_srv6: bool, from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(if is_srv6 { Self::Srv6(from.array::<16>()?.into()) } else { Self::Mpls(from.u32()?) })
    }

    pub(super) fn write(self, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::Mpls(entry) => to.u32(entry)?,
            Self::Srv6(sid) => to.put(&sid.octets())?,
        };
        Ok(())
    }
}

impl fmt::Display for PolicySid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            //= RFC 9857 §5.1/label
            Self::Mpls(entry) => write!(f, "label {}", entry >> 12),
            Self::Srv6(sid) => write!(f, "{sid}"),
        }
    }
}

flags! {
    /// What became of a policy's segment identifier (RFC 9857 §5.1).
    BindingSidFlags(u16) {
        /// It is of SRv6, in 16 bytes.
        SRV6 = 0x8000, "D";
        /// It is allocated.
        ALLOCATED = 0x4000, "B";
        /// The one that was asked for was not to be had.
        UNAVAILABLE = 0x2000, "U";
        /// It is of the local block.
        LOCAL_BLOCK = 0x1000, "L";
        /// Another one was taken, since the one that was asked for was not to be had.
        FALLBACK = 0x0800, "F";
    }
}

/// The segment identifier that stands for a policy (RFC 9857 §5.1): the one in use, and the one that was asked for.
///
/// ```text
///  0               16              32
///  +---------------+---------------+-------------------------+-------------------------+
///  | flags         | reserved      | identifier, 4 or 16     | asked for, 4 or 16
///  +---------------+---------------+-------------------------+-------------------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BindingSid {
    /// What became of it; D is written as `sid` is.
    pub flags: BindingSidFlags,
    /// What is sent as zero.
    pub reserved: u16,
    /// The one in use; 0 if there is none.
    pub sid: PolicySid,
    /// The one that was asked for, of the same kind; 0 if none was.
    pub specified: PolicySid,
}

impl Part<'_> for BindingSid {
    fn take(from: &mut Reader<'_>) -> Result<Self, Error> {
        let (flags, reserved) = (BindingSidFlags(from.u16()?), from.u16()?);
        let is_srv6 = flags.has(BindingSidFlags::SRV6);
        let (sid, specified) = (PolicySid::read(is_srv6, from)?, PolicySid::read(is_srv6, from)?);
        Ok(Self { flags, reserved, sid, specified })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let is_srv6 = matches!(self.sid, PolicySid::Srv6(_));
        let flags = self.flags.0 & !BindingSidFlags::SRV6.0 | u16::from(is_srv6) << 15;
        to.u16(flags)?.u16(self.reserved)?;
        self.sid.write(to)?;
        self.specified.write(to)
    }
}

impl Value<'_> for BindingSid {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} specified {} flags {}", self.sid, self.specified, self.flags)
    }
}

flags! {
    /// What became of a policy's SRv6 segment identifier (RFC 9857 §5.2).
    Srv6BindingSidFlags(u16) {
        /// It is allocated.
        ALLOCATED = 0x8000, "B";
        /// The one that was asked for was not to be had.
        UNAVAILABLE = 0x4000, "U";
        /// Another one was taken, since the one that was asked for was not to be had.
        FALLBACK = 0x2000, "F";
    }
}

/// The SRv6 segment identifier that stands for a policy (RFC 9857 §5.2): as [`BindingSid`], with sub-TLVs behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srv6BindingSid<'a> {
    /// What became of it.
    pub flags: Srv6BindingSidFlags,
    /// What is sent as zero.
    pub reserved: u16,
    /// The one in use.
    pub sid: Ipv6Addr,
    /// The one that was asked for.
    pub specified: Ipv6Addr,
    /// More of it: what the endpoint does, the identifier's structure.
    pub sub_tlvs: Tlvs<'a>,
}

in_order!(Srv6BindingSid<'a>: flags, reserved, sid, specified; sub_tlvs);

impl fmt::Display for Srv6BindingSid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} specified {} flags {}", self.sid, self.specified, self.flags)
    }
}

flags! {
    /// What became of a candidate path (RFC 9857 §5.3).
    CandidatePathFlags(u16) {
        /// It is shut down.
        SHUT_DOWN = 0x8000, "S";
        /// It is the active one.
        ACTIVE = 0x4000, "A";
        /// It stands by for the active one.
        BACKUP = 0x2000, "B";
        /// It was looked at.
        EVALUATED = 0x1000, "E";
        /// It has a list of segments that is valid.
        VALID = 0x0800, "V";
        /// It is computed on demand.
        ON_DEMAND = 0x0400, "O";
        /// A PCE may change it.
        DELEGATED = 0x0200, "D";
        /// A PCE made it.
        PROVISIONED_BY_PCE = 0x0100, "C";
        /// Packets are dropped where it is not valid.
        DROP_UPON_INVALID = 0x0080, "I";
        /// Its segment identifier leads to nothing else meanwhile.
        TRANSIT_ELIGIBLE = 0x0040, "T";
        /// Packets are dropped now.
        DROPPING = 0x0020, "U";
    }
}

/// What became of a candidate path (RFC 9857 §5.3).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+-------------------------------+
///  | prior.| reserv| flags         | preference                    |
///  +-------+-------+---------------+-------------------------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CandidatePathState {
    /// Which policies are computed again first: the lowest.
    pub priority: u8,
    /// What is sent as zero.
    pub reserved: u8,
    /// What became of it.
    pub flags: CandidatePathFlags,
    /// Which of several paths is preferred: the highest.
    pub preference: u32,
}

in_order!(CandidatePathState: priority, reserved, flags, preference);

impl fmt::Display for CandidatePathState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "preference {} priority {} flags {}", self.preference, self.priority, self.flags)
    }
}
