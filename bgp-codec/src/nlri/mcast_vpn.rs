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
//! | 4 | route key, originator |
//! | 5 | RD (8), source, group |
//! | 6, 7 | RD (8), source AS (4), source or rendezvous point, group |

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, open_set};

use crate::value::address::{read_address, read_bare_address, write_address, write_bare_address};
use crate::value::distinguisher::RouteDistinguisher;
use crate::wire::{Reader, hex};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum McastVpn<'a> {
    /// Type 1.
    IntraAs {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The router that says so.
        originator: IpAddr,
    },
    /// Type 2.
    InterAs {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The AS.
        source_as: u32,
    },
    /// Type 3.
    SPmsi {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The source; none for all.
        source: Option<IpAddr>,
        /// The group; none for all.
        group: Option<IpAddr>,
        /// The router that says so.
        originator: IpAddr,
    },
    /// Type 5.
    SourceActive {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The source.
        source: Option<IpAddr>,
        /// The group.
        group: Option<IpAddr>,
    },
    /// Types 6 and 7.
    TreeJoin {
        /// Which of the two.
        kind: McastVpnType,
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The AS of the source.
        source_as: u32,
        /// The source, or the rendezvous point.
        source: Option<IpAddr>,
        /// The group.
        group: Option<IpAddr>,
    },
    /// One that is not known, or has another length than its type; type 4, whose key is another route.
    Other {
        /// The type.
        kind: McastVpnType,
        /// The value.
        value: &'a [u8],
    },
}

impl<'a> McastVpn<'a> {
    /// The type.
    #[must_use]
    pub const fn kind(&self) -> McastVpnType {
        match *self {
            Self::IntraAs { .. } => McastVpnType::INTRA_AS,
            Self::InterAs { .. } => McastVpnType::INTER_AS,
            Self::SPmsi { .. } => McastVpnType::S_PMSI,
            Self::SourceActive { .. } => McastVpnType::SOURCE_ACTIVE,
            Self::TreeJoin { kind, .. } | Self::Other { kind, .. } => kind,
        }
    }

    pub(crate) fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        let [kind, len] = from.array()?;
        let value = from.take(usize::from(len))?;
        let kind = McastVpnType(kind);
        // The length tells where the next route is, so that one that is odd inside is kept and not fatal.
        Ok(Self::known(kind, Reader::new(from.layer(), value)).unwrap_or(Self::Other { kind, value }))
    }

    fn known(kind: McastVpnType, mut from: Reader<'a>) -> Result<Self, Error> {
        let whole = from;
        let distinguisher = RouteDistinguisher::read(&mut from)?;
        let route = match kind {
            McastVpnType::INTRA_AS => {
                return Ok(Self::IntraAs { distinguisher, originator: read_bare_address(&mut from)? });
            }
            McastVpnType::INTER_AS => Self::InterAs { distinguisher, source_as: from.u32()? },
            McastVpnType::S_PMSI => Self::SPmsi {
                distinguisher,
                source: read_address(&mut from)?,
                group: read_address(&mut from)?,
                originator: read_bare_address(&mut from)?,
            },
            McastVpnType::SOURCE_ACTIVE => {
                Self::SourceActive { distinguisher, source: read_address(&mut from)?, group: read_address(&mut from)? }
            }
            McastVpnType::SHARED_TREE_JOIN | McastVpnType::SOURCE_TREE_JOIN => Self::TreeJoin {
                kind,
                distinguisher,
                source_as: from.u32()?,
                source: read_address(&mut from)?,
                group: read_address(&mut from)?,
            },
            _ => return Ok(Self::Other { kind, value: whole.rest() }),
        };
        from.finish()?;
        Ok(route)
    }

    /// Writes type, length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if [`Other`](Self::Other) is longer than its length has room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.kind().0)?.with_len_u8(0, |to| self.write_value(to))?;
        Ok(())
    }

    fn write_value(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::IntraAs { distinguisher, originator } => {
                to.put(&distinguisher.0)?;
                write_bare_address(originator, to)
            }
            Self::InterAs { distinguisher, source_as } => to.write_all(&[&distinguisher.0, &source_as.to_be_bytes()]),
            Self::SPmsi { distinguisher, source, group, originator } => {
                to.put(&distinguisher.0)?;
                write_address(source, to)?;
                write_address(group, to)?;
                write_bare_address(originator, to)
            }
            Self::SourceActive { distinguisher, source, group } => {
                to.put(&distinguisher.0)?;
                write_address(source, to)?;
                write_address(group, to)
            }
            Self::TreeJoin { distinguisher, source_as, source, group, .. } => {
                to.put(&distinguisher.0)?.u32(source_as)?;
                write_address(source, to)?;
                write_address(group, to)
            }
            Self::Other { value, .. } => to.write_all(&[value]),
        }
    }
}

impl fmt::Display for McastVpn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tree = |f: &mut fmt::Formatter<'_>, source: Option<IpAddr>, group: Option<IpAddr>| {
            source.map_or(Ok(()), |at| write!(f, " source {at}"))?;
            group.map_or(Ok(()), |at| write!(f, " group {at}"))
        };
        write!(f, "{} ", self.kind())?;
        match self {
            Self::IntraAs { distinguisher, originator } => write!(f, "{distinguisher} {originator}"),
            Self::InterAs { distinguisher, source_as } => write!(f, "{distinguisher} source-as {source_as}"),
            Self::SPmsi { distinguisher, source, group, originator } => {
                write!(f, "{distinguisher}")?;
                tree(f, *source, *group)?;
                write!(f, " originator {originator}")
            }
            Self::SourceActive { distinguisher, source, group } => {
                write!(f, "{distinguisher}")?;
                tree(f, *source, *group)
            }
            Self::TreeJoin { distinguisher, source_as, source, group, .. } => {
                write!(f, "{distinguisher} source-as {source_as}")?;
                tree(f, *source, *group)
            }
            Self::Other { value, .. } => hex(value, f),
        }
    }
}
