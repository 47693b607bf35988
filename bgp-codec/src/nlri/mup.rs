//! Mobile user plane routes (draft-ietf-bess-mup-safi §3.1).
//!
//! ```text
//!  0       8               24      32
//!  +-------+---------------+-------+-----------------+
//!  | archit| type          | length| value …         |
//!  +-------+---------------+-------+-----------------+
//! ```
//!
//! | type | value of the 3GPP 5G architecture (1), bytes in brackets |
//! | --- | --- |
//! | 1 | RD (8), prefix behind its length in bits |
//! | 2 | RD (8), address (4, 16) |
//! | 3 | RD (8), prefix, TEID (4), QFI (1), endpoint behind its length in bits, source likewise (or left out) |
//! | 4 | RD (8), length in bits of endpoint and TEID together (1), endpoint (4, 16), TEID (0–4) |

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::typed::{Typed, TypedRoute};
use crate::family::Afi;
use crate::value::address::{read_address, read_bare_address, write_address, write_bare_address};
use crate::value::prefix::IpPrefix;
use crate::wire::Reader;

open_set! {
    /// What a mobile user plane route is for.
    pub struct MupType(u16) {
        /// A segment towards user equipment.
        INTERWORK_SEGMENT = 1, "interwork-segment-discovery";
        /// A segment towards the data network.
        DIRECT_SEGMENT = 2, "direct-segment-discovery";
        /// A session, by the user equipment's address.
        TYPE_1_SESSION = 3, "type-1-session-transformed";
        /// A session, by its tunnel's endpoint.
        TYPE_2_SESSION = 4, "type-2-session-transformed";
    }
}

/// The only architecture that has a number: 3GPP 5G.
pub const ARCHITECTURE_5G: u8 = 1;

/// What stands in front of a route's length: the architecture and, in it, the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MupKind {
    /// The architecture.
    pub architecture: u8,
    /// The type.
    pub route_type: MupType,
}

impl fmt::Display for MupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.route_type.fmt(f)
    }
}

/// A mobile user plane route. What is of another architecture is kept as bytes.
pub type Mup<'a> = Typed<'a, KnownMup>;

/// A mobile user plane route of the 3GPP 5G architecture behind its distinguisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownMup {
    /// Type 1.
    InterworkSegment {
        /// The user equipment's prefix.
        prefix: IpPrefix,
    },
    /// Type 2.
    DirectSegment {
        /// The segment's address.
        address: IpAddr,
    },
    /// Type 3.
    Type1Session {
        /// The user equipment's prefix.
        prefix: IpPrefix,
        /// Tunnel endpoint identifier.
        teid: u32,
        /// Quality of service flow.
        qfi: u8,
        /// The tunnel's endpoint.
        endpoint: Option<IpAddr>,
        /// The tunnel's source: none if it is left out, none inside if its length is 0.
        source: Option<Option<IpAddr>>,
    },
    /// Type 4.
    Type2Session {
        /// The tunnel's endpoint.
        endpoint: IpAddr,
        /// How many bits of the tunnel endpoint identifier count.
        teid_bits: u8,
        /// The bytes of the identifier that are there, as a number.
        teid: u32,
    },
}

impl TypedRoute for KnownMup {
    type Kind = MupKind;

    fn kind(&self) -> MupKind {
        let route_type = match self {
            Self::InterworkSegment { .. } => MupType::INTERWORK_SEGMENT,
            Self::DirectSegment { .. } => MupType::DIRECT_SEGMENT,
            Self::Type1Session { .. } => MupType::TYPE_1_SESSION,
            Self::Type2Session { .. } => MupType::TYPE_2_SESSION,
        };
        MupKind { architecture: ARCHITECTURE_5G, route_type }
    }

    fn read_header(from: &mut Reader<'_>) -> Result<(MupKind, u8), Error> {
        Ok((MupKind { architecture: from.u8()?, route_type: MupType(from.u16()?) }, from.u8()?))
    }

    fn write_kind(kind: MupKind, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(kind.architecture)?.u16(kind.route_type.0)?;
        Ok(())
    }

    fn is_read(kind: MupKind) -> bool {
        kind.architecture == ARCHITECTURE_5G && matches!(kind.route_type.0, 1..=4)
    }

    fn read(kind: MupKind, afi: Afi, from: &mut Reader<'_>) -> Result<Self, Error> {
        if kind.architecture != ARCHITECTURE_5G {
            return Err(from.malformed("architecture", u32::from(kind.architecture), Rule::Known));
        }
        Ok(match kind.route_type {
            MupType::INTERWORK_SEGMENT => Self::InterworkSegment { prefix: IpPrefix::read(afi, from)? },
            MupType::DIRECT_SEGMENT => Self::DirectSegment { address: read_bare_address(from)? },
            MupType::TYPE_1_SESSION => Self::Type1Session {
                prefix: IpPrefix::read(afi, from)?,
                teid: from.u32()?,
                qfi: from.u8()?,
                endpoint: read_address(from)?,
                source: if from.is_empty() { None } else { Some(read_address(from)?) },
            },
            MupType::TYPE_2_SESSION => {
                let bits = from.u8()?;
                let of_address = if afi == Afi::IPV6 { 128 } else { 32 };
                let teid_bits = bits.checked_sub(of_address).filter(|bits| *bits <= 32);
                let rule = Rule::AtMost(u32::from(of_address) + 32);
                let teid_bits = teid_bits.ok_or_else(|| from.malformed("endpoint length", u32::from(bits), rule))?;
                let endpoint = match afi {
                    Afi::IPV6 => from.array::<16>()?.into(),
                    _ => from.array::<4>()?.into(),
                };
                let bytes = from.take(usize::from(teid_bits).div_ceil(8))?;
                let teid = bytes.iter().fold(0, |teid, byte| teid << 8 | u32::from(*byte));
                Self::Type2Session { endpoint, teid_bits, teid }
            }
            MupType(other) => return Err(from.malformed("type", u32::from(other), Rule::Known)),
        })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::InterworkSegment { prefix } => prefix.write(to),
            Self::DirectSegment { address } => write_bare_address(address, to),
            Self::Type1Session { prefix, teid, qfi, endpoint, source } => {
                prefix.write(to)?;
                write_address(endpoint, to.u32(teid)?.u8(qfi)?)?;
                source.map_or(Ok(()), |source| write_address(source, to))
            }
            Self::Type2Session { endpoint, teid_bits, teid } => {
                to.layer().check("TEID length", usize::from(teid_bits), &[Rule::AtMost(32)])?;
                let of_address = if endpoint.is_ipv6() { 128 } else { 32 };
                write_bare_address(endpoint, to.u8(teid_bits.saturating_add(of_address))?)?;
                let len = usize::from(teid_bits).div_ceil(8);
                let bytes = teid.to_be_bytes();
                to.write_all(&[bytes.get(4_usize.saturating_sub(len)..).unwrap_or_default()])
            }
        }
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InterworkSegment { prefix } => write!(f, " {prefix}"),
            Self::DirectSegment { address } => write!(f, " {address}"),
            Self::Type1Session { prefix, teid, qfi, endpoint, source } => {
                write!(f, " {prefix} teid {teid} qfi {qfi}")?;
                endpoint.map_or(Ok(()), |at| write!(f, " endpoint {at}"))?;
                source.flatten().map_or(Ok(()), |at| write!(f, " source {at}"))
            }
            Self::Type2Session { endpoint, teid_bits, teid } => {
                write!(f, " endpoint {endpoint} teid {teid}/{teid_bits}")
            }
        }
    }
}
