//! Multicast VPN routes (RFC 6514 §4).
//!
//! ```text
//!  0       8       16
//!  +-------+-------+-----------------+
//!  | type  | length| value …         |
//!  +-------+-------+-----------------+
//! ```
//!
//! | type | value, bytes in brackets |
//! | --- | --- |
//! | 1 | RD (8), originator (4, 16) |
//! | 2 | RD (8), source AS (4) |
//! | 3 | RD (8), source, group (each behind its length in bits), originator (4, 16) |
//! | 4 | the route that is answered, type and length included; originator (4, 16) |
//! | 5 | RD (8), source, group |
//! | 6, 7 | RD (8), source AS (4), source or rendezvous point, group |

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::typed::{Typed, TypedRoute};
use crate::family::Afi;
use crate::value::address::{read_address, read_bare_address, write_address, write_bare_address};
use crate::wire::Reader;

open_set! {
    /// What a multicast VPN route is for.
    pub struct McastVpnType(u8) {
        /// Inclusive tunnel inside of an AS.
        INTRA_AS = 1, "intra-as-i-pmsi";
        /// Inclusive tunnel between ASes.
        INTER_AS = 2, "inter-as-i-pmsi";
        /// Selective tunnel.
        S_PMSI = 3, "s-pmsi";
        /// An answer to a tunnel.
        LEAF = 4, "leaf";
        /// A source sends.
        SOURCE_ACTIVE = 5, "source-active";
        /// A customer joins a shared tree.
        SHARED_TREE_JOIN = 6, "shared-tree-join";
        /// A customer joins a source's tree.
        SOURCE_TREE_JOIN = 7, "source-tree-join";
    }
}

/// A multicast VPN route.
pub type McastVpn<'a> = Typed<'a, KnownMcastVpn>;

/// A multicast VPN route behind its distinguisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownMcastVpn {
    /// Type 1.
    IntraAs {
        /// The router that says so.
        originator: IpAddr,
    },
    /// Type 2.
    InterAs {
        /// The AS.
        source_as: u32,
    },
    /// Type 3.
    SPmsi {
        /// The source; none for all.
        source: Option<IpAddr>,
        /// The group; none for all.
        group: Option<IpAddr>,
        /// The router that says so.
        originator: IpAddr,
    },
    /// Type 5.
    SourceActive {
        /// The source.
        source: Option<IpAddr>,
        /// The group.
        group: Option<IpAddr>,
    },
    /// Types 6 and 7.
    TreeJoin {
        /// Which of the two.
        kind: McastVpnType,
        /// The AS of the source.
        source_as: u32,
        /// The source, or the rendezvous point.
        source: Option<IpAddr>,
        /// The group.
        group: Option<IpAddr>,
    },
}

impl TypedRoute for KnownMcastVpn {
    type Kind = McastVpnType;

    const LEAF: Option<McastVpnType> = Some(McastVpnType::LEAF);

    fn kind(&self) -> McastVpnType {
        match *self {
            Self::IntraAs { .. } => McastVpnType::INTRA_AS,
            Self::InterAs { .. } => McastVpnType::INTER_AS,
            Self::SPmsi { .. } => McastVpnType::S_PMSI,
            Self::SourceActive { .. } => McastVpnType::SOURCE_ACTIVE,
            Self::TreeJoin { kind, .. } => kind,
        }
    }

    fn read_header(from: &mut Reader<'_>) -> Result<(McastVpnType, u8), Error> {
        from.array().map(|[kind, len]| (McastVpnType(kind), len))
    }

    fn write_kind(kind: McastVpnType, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&[kind.0]])
    }

    fn is_read(kind: McastVpnType) -> bool {
        matches!(kind.0, 1..=3 | 5..=7)
    }

    fn read(kind: McastVpnType, _: Afi, from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(match kind {
            McastVpnType::INTRA_AS => Self::IntraAs { originator: read_bare_address(from)? },
            McastVpnType::INTER_AS => Self::InterAs { source_as: from.u32()? },
            McastVpnType::S_PMSI => Self::SPmsi {
                source: read_address(from)?,
                group: read_address(from)?,
                originator: read_bare_address(from)?,
            },
            McastVpnType::SOURCE_ACTIVE => {
                Self::SourceActive { source: read_address(from)?, group: read_address(from)? }
            }
            McastVpnType::SHARED_TREE_JOIN | McastVpnType::SOURCE_TREE_JOIN => {
                Self::TreeJoin { kind, source_as: from.u32()?, source: read_address(from)?, group: read_address(from)? }
            }
            _ => return Err(from.malformed("type", u32::from(kind.0), Rule::Known)),
        })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::IntraAs { originator } => write_bare_address(originator, to),
            Self::InterAs { source_as } => to.write_all(&[&source_as.to_be_bytes()]),
            Self::SPmsi { source, group, originator } => {
                write_address(source, to)?;
                write_address(group, to)?;
                write_bare_address(originator, to)
            }
            Self::SourceActive { source, group } => {
                write_address(source, to)?;
                write_address(group, to)
            }
            Self::TreeJoin { source_as, source, group, .. } => {
                write_address(source, to.u32(source_as)?)?;
                write_address(group, to)
            }
        }
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tree = |f: &mut fmt::Formatter<'_>, source: Option<IpAddr>, group: Option<IpAddr>| {
            source.map_or(Ok(()), |at| write!(f, " source {at}"))?;
            group.map_or(Ok(()), |at| write!(f, " group {at}"))
        };
        match *self {
            Self::IntraAs { originator } => write!(f, " {originator}"),
            Self::InterAs { source_as } => write!(f, " source-as {source_as}"),
            Self::SPmsi { source, group, originator } => {
                tree(f, source, group)?;
                write!(f, " originator {originator}")
            }
            Self::SourceActive { source, group } => tree(f, source, group),
            Self::TreeJoin { source_as, source, group, .. } => {
                write!(f, " source-as {source_as}")?;
                tree(f, source, group)
            }
        }
    }
}
