//! Version 4's route monitoring: the UPDATE and what is told of its routes, in TLVs that say which of them they are about. A draft, whose
//! numbers may still change: draft-ietf-grow-bmp-tlv-21 (of which those are) and draft-ietf-grow-bmp-path-marking-tlv-05.
//!
//! ```text
//!  0 1             16              32              48
//!  +-+-------------+---------------+-+-------------+---------
//!  |E| type        | length        |G| index       | value …
//!  +-+-------------+---------------+-+-------------+---------
//! ```
//!
//! The length counts the value alone. Index 0 is of all routes, 1 of the first; with the G bit it is of a group, whose own TLV lists
//! routes. With the E bit a value begins with an enterprise's number (IANA's "Private Enterprise Numbers"), and the type is its own.
//!
//! | type | here |
//! | --- | --- |
//! | 1 group | [`RouteInformation::Group`] |
//! | 2 name of the table | [`RouteInformation::TableName`] |
//! | 3 a capability, to read the UPDATE without Peer Up | [`RouteInformation::Capability`] |
//! | 4 the UPDATE | [`RouteInformation::Message`] |
//! | 5 sequence number | [`RouteInformation::Sequence`] |
//! | 6 flags beyond those of the peer | [`RouteInformation::Flags`] |
//! | 7 time stamp | [`RouteInformation::Timestamp`] |
//! | not told yet: status of a path | [`PathStatus`] |

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::frame::{BMP, BmpType, Growing};
use super::peer::BmpPeer;
use crate::capability::{AddPathFamily, Capabilities, Capability};
use crate::family::FamilySet;
use crate::session::Negotiated;
use crate::tlv::Tlv;
use crate::value::route_format::LabelCounts;
use crate::wire::{Reader, hex, items};
use zerocopy::network_endian::U16;

/// The G bit of an index.
const IS_GROUP: u16 = 0x8000;
/// The E bit of a type.
const IS_ENTERPRISE: u16 = 0x8000;

/// Which routes of the UPDATE a TLV is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Index {
    /// All.
    All,
    /// One: 1 is the first.
    Route(u16),
    /// Those that a group lists.
    Group(u16),
}

impl From<u16> for Index {
    fn from(bits: u16) -> Self {
        match bits {
            0 => Self::All,
            IS_GROUP.. => Self::Group(bits & !IS_GROUP),
            _ => Self::Route(bits),
        }
    }
}

impl Index {
    fn bits(self) -> Result<u16, Error> {
        let rules = |least| [Rule::AtLeast(least), Rule::AtMost(0x7fff)];
        match self {
            Self::All => Ok(0),
            Self::Route(number) => BMP.check("index", usize::from(number), &rules(1)).map(|()| number),
            Self::Group(number) => BMP.check("index", usize::from(number), &rules(0)).map(|()| number | IS_GROUP),
        }
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all routes"),
            Self::Route(number) => write!(f, "route {number}"),
            Self::Group(number) => write!(f, "group {number}"),
        }
    }
}

/// A TLV that says which routes it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteTlv<'a> {
    /// Its type, with the E bit.
    pub kind: u16,
    /// Which routes it is about.
    pub index: Index,
    /// Its value.
    pub value: &'a [u8],
}

/// What a TLV says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RouteInformation<'a> {
    /// The routes of a group, by their numbers from 1.
    Group(Group<'a>),
    /// The name of the VRF or table, in UTF-8.
    TableName(&'a [u8]),
    /// A capability of the session, as in an OPEN: code, length, value. [`Capabilities`] reads it.
    Capability(&'a [u8]),
    /// The UPDATE, from its marker.
    Message(&'a [u8]),
    /// How many messages went before.
    Sequence(u64),
    /// Flags: those of the peer, and behind them more.
    Flags(&'a [u8]),
    /// A time.
    Timestamp {
        /// Of what: not told yet which number is which.
        kind: u8,
        /// Seconds since 1970.
        seconds: u32,
        /// Microseconds.
        microseconds: Option<u32>,
    },
    /// An enterprise's own.
    Enterprise {
        /// Its number.
        number: u32,
        /// The type, without the E bit.
        kind: u16,
        /// The value behind the number.
        value: &'a [u8],
    },
    /// Of a type that is not known here, or of another length than its type has.
    Other(&'a [u8]),
}

impl<'a> RouteTlv<'a> {
    fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        let (kind, len, index) = (from.u16()?, from.u16()?, from.u16()?);
        Ok(Self { kind, index: index.into(), value: from.take(usize::from(len))? })
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the value exceeds 65535 bytes, or a number of an index is 0 or over 32767.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let len = BMP.fit_u16("length", self.value.len())?;
        to.u16(self.kind)?.u16(len)?.u16(self.index.bits()?)?.write_all(&[self.value])
    }

    /// What it says.
    #[must_use]
    pub fn information(&self) -> RouteInformation<'a> {
        let other = RouteInformation::Other(self.value);
        match (self.kind, self.value) {
            (1, value) => items(value).map_or(other, |routes| RouteInformation::Group(Group { routes })),
            (2, value) => RouteInformation::TableName(value),
            (3, value) => RouteInformation::Capability(value),
            (4, value) => RouteInformation::Message(value),
            (5, value) => value.try_into().map_or(other, |value| RouteInformation::Sequence(u64::from_be_bytes(value))),
            (6, value @ [_, ..]) => RouteInformation::Flags(value),
            (7, &[kind, a, b, c, d]) => {
                RouteInformation::Timestamp { kind, seconds: u32::from_be_bytes([a, b, c, d]), microseconds: None }
            }
            (7, &[kind, a, b, c, d, e, f, g, h]) => RouteInformation::Timestamp {
                kind,
                seconds: u32::from_be_bytes([a, b, c, d]),
                microseconds: Some(u32::from_be_bytes([e, f, g, h])),
            },
            (kind, &[a, b, c, d, ref value @ ..]) => enterprise(kind).map_or(other, |kind| {
                RouteInformation::Enterprise { number: u32::from_be_bytes([a, b, c, d]), kind, value }
            }),
            _ => other,
        }
    }
}

/// The type without its E bit, if that is set.
const fn enterprise(kind: u16) -> Option<u16> {
    // 65535 was reserved before there was an E bit.
    if kind & IS_ENTERPRISE != 0 && kind != 0xffff { Some(kind & !IS_ENTERPRISE) } else { None }
}

/// An enterprise's number, its own type and its value, of a TLV in any other message of version 4 whose type has the E bit.
#[must_use]
pub fn enterprise_of(tlv: Tlv<'_>) -> Option<(u32, u16, &[u8])> {
    let (number, value) = tlv.value.split_first_chunk()?;
    enterprise(tlv.kind).map(|kind| (u32::from_be_bytes(*number), kind, value))
}

/// Routes that are spoken of together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Group<'a> {
    routes: &'a [U16],
}

impl<'a> Group<'a> {
    /// The numbers of its routes, from 1.
    pub fn routes(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.routes.iter().map(|number| number.get())
    }
}

/// The TLVs of a message. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteTlvs<'a> {
    rest: &'a [u8],
}

impl<'a> RouteTlvs<'a> {
    pub(super) fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        let bytes = from.rest();
        while !from.is_empty() {
            RouteTlv::read(from)?;
        }
        Ok(Self { rest: bytes })
    }

    /// What was not read yet, as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// The UPDATE, from its marker: one must be there.
    #[must_use]
    pub fn message(mut self) -> Option<&'a [u8]> {
        self.find_map(|tlv| match tlv.information() {
            RouteInformation::Message(message) => Some(message),
            _ => None,
        })
    }

    /// The TLVs that are about a route, by its number from 1: on its own, in a group, or with all; but for groups.
    pub fn of_route(self, number: u16) -> impl Iterator<Item = RouteTlv<'a>> + use<'a> {
        self.filter(move |tlv| match tlv.index {
            Index::All => true,
            Index::Route(of) => of == number,
            Index::Group(of) => !matches!(tlv.information(), RouteInformation::Group(_)) && self.has(of, number),
        })
    }

    /// Whether a group lists a route.
    fn has(mut self, group: u16, number: u16) -> bool {
        self.any(|tlv| match tlv.information() {
            RouteInformation::Group(of) => tlv.index == Index::Group(group) && of.routes().any(|route| route == number),
            _ => false,
        })
    }

    /// How the UPDATE is to be read: as the capabilities say that stand beside it, and where there are none, as `session` says, which is
    /// Peer Up's. Whether AS numbers have four bytes the peer's A flag says.
    #[must_use]
    pub fn session(self, session: Negotiated) -> Negotiated {
        let told = self.filter_map(|tlv| match tlv.information() {
            RouteInformation::Capability(bytes) => Some(bytes),
            _ => None,
        });
        let mut told = told.flat_map(Capabilities::new).peekable();
        if told.peek().is_none() {
            return session;
        }
        let mut session = Negotiated {
            add_path_receive: FamilySet::EMPTY,
            labels_receive: LabelCounts::ONE,
            is_known: true,
            ..session
        };
        for capability in told {
            match capability {
                Capability::AddPath(entries) => {
                    session.add_path_receive = with_paths(session.add_path_receive, entries);
                }
                Capability::MultipleLabels(entries) => {
                    for entry in entries {
                        session.labels_receive = session.labels_receive.with(entry.family(), entry.count().max(1));
                    }
                }
                _ => {}
            }
        }
        session
    }
}

/// Families, and those of which one OPEN alone says that their routes have path identifiers.
pub(super) fn with_paths(families: FamilySet, entries: &[AddPathFamily]) -> FamilySet {
    entries.iter().filter(|entry| entry.mode().0 != 0).fold(families, |families, entry| families.with(entry.family()))
}

impl<'a> Iterator for RouteTlvs<'a> {
    type Item = RouteTlv<'a>;

    fn next(&mut self) -> Option<RouteTlv<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(BMP, self.rest);
        let tlv = RouteTlv::read(&mut reader).ok()?;
        self.rest = reader.rest();
        Some(tlv)
    }
}

/// A message of version 4's route monitoring that is being written, one TLV at a time. It is whole after each; one of them must be the
/// UPDATE.
///
/// ```
/// use bgp_codec::Writer;
/// use bgp_codec::bmp::v4::{Index, PathReason, PathStatus, RouteInformation, RouteTlvWriter};
/// use bgp_codec::bmp::{BMP, BmpPeer};
///
/// // An End-of-RIB (RFC 4724 §2), and two routes of which none of it is true: a group, its status, and the UPDATE.
/// let mut update = [0xff; 23];
/// update[16..].copy_from_slice(&[0, 23, 2, 0, 0, 0, 0]);
/// let mut buffer = [0; 200];
/// let mut to = Writer::new(BMP, &mut buffer);
/// let peer = BmpPeer::new([192, 0, 2, 1].into(), 65_001, [192, 0, 2, 1].into());
/// let mut message = RouteTlvWriter::begin(&peer, &mut to)?;
/// message.push_group(1, &[1, 2])?;
/// let status = PathStatus { bits: PathStatus::NON_SELECTED, reason: Some(PathReason::LOCAL_PREF) };
/// message.push_status(9, Index::Group(1), &status)?;
/// message.push(Index::All, &RouteInformation::Message(&update))?;
/// assert_eq!(to.len(), 6 + 42 + (6 + 4) + (6 + 6) + (6 + 23));
/// # Ok::<(), bgp_codec::FieldError>(())
/// ```
#[derive(Debug)]
pub struct RouteTlvWriter<'w, 'a> {
    message: Growing<'w, 'a>,
}

impl<'w, 'a> RouteTlvWriter<'w, 'a> {
    /// A message without TLVs yet.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] as [`BmpPeer::write`]. Nothing is written then.
    pub fn begin(peer: &BmpPeer, to: &'w mut Writer<'a>) -> Result<Self, Error> {
        let message = Growing::begin(4, BmpType::ROUTE_MONITORING, to, |to| peer.write(to))?;
        Ok(Self { message })
    }

    /// Writes one TLV more.
    ///
    /// # Errors
    /// As [`RouteTlv::write`]. The message is as it was then.
    pub fn push_tlv(&mut self, tlv: &RouteTlv<'_>) -> Result<(), Error> {
        self.message.add(|to| tlv.write(to))
    }

    /// Writes what a TLV says; a group [has its own](Self::push_group), and so has what is [`Other`](RouteInformation::Other):
    /// [`push_tlv`](Self::push_tlv).
    ///
    /// # Errors
    /// As [`RouteTlv::write`], and [`Error::Unbuildable`] for what is [`Other`](RouteInformation::Other), whose type it does not tell. The
    /// message is as it was then.
    pub fn push(&mut self, index: Index, information: &RouteInformation<'_>) -> Result<(), Error> {
        match *information {
            RouteInformation::Group(group) => {
                self.put(1, index, |to| group.routes.iter().try_for_each(|route| to.u16(route.get()).map(drop)))
            }
            RouteInformation::TableName(value) => self.put(2, index, |to| to.write_all(&[value])),
            RouteInformation::Capability(value) => self.put(3, index, |to| to.write_all(&[value])),
            RouteInformation::Message(value) => self.put(4, index, |to| to.write_all(&[value])),
            RouteInformation::Sequence(number) => self.put(5, index, |to| to.write_all(&[&number.to_be_bytes()])),
            RouteInformation::Flags(value) => self.put(6, index, |to| to.write_all(&[value])),
            RouteInformation::Timestamp { kind, seconds, microseconds } => self.put(7, index, |to| {
                to.u8(kind)?.u32(seconds)?;
                microseconds.map_or(Ok(()), |microseconds| to.u32(microseconds).map(drop))
            }),
            RouteInformation::Enterprise { number, kind, value } => {
                BMP.check("type of an enterprise", usize::from(kind), &[Rule::AtMost(0x7ffe)])?;
                self.put(kind | IS_ENTERPRISE, index, |to| to.u32(number)?.write_all(&[value]))
            }
            RouteInformation::Other(_) => {
                let (field, rule) = ("type", Rule::Known);
                Err(Error::Unbuildable { layer: BMP, field, value: 0, rule })
            }
        }
    }

    /// Writes a group: its own number, and those of its routes from 1. It belongs in front of what speaks of it.
    ///
    /// # Errors
    /// As [`RouteTlv::write`]; [`Error::Unbuildable`] under two routes, or for route 0. The message is as it was then.
    pub fn push_group(&mut self, number: u16, routes: &[u16]) -> Result<(), Error> {
        BMP.check("number of routes in a group", routes.len(), &[Rule::AtLeast(2)])?;
        self.put(1, Index::Group(number), |to| {
            routes.iter().try_for_each(|route| {
                BMP.check("index", usize::from(*route), &[Rule::AtLeast(1), Rule::AtMost(0x7fff)])?;
                to.u16(*route).map(drop)
            })
        })
    }

    /// Writes the status of paths, as a TLV of a type that is not told yet.
    ///
    /// # Errors
    /// As [`RouteTlv::write`]. The message is as it was then.
    pub fn push_status(&mut self, kind: u16, index: Index, status: &PathStatus) -> Result<(), Error> {
        self.put(kind, index, |to| status.write(to))
    }

    fn put(
        &mut self,
        kind: u16,
        index: Index,
        value: impl Fn(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut count = Writer::count(BMP);
        value(&mut count)?;
        let (len, index) = (BMP.fit_u16("length", count.len())?, index.bits()?);
        self.message.add(|to| {
            to.u16(kind)?.u16(len)?.u16(index)?;
            value(to)
        })
    }

    /// Takes the message back.
    pub fn discard(self) {
        self.message.discard();
    }
}

open_set! {
    /// Why a path is invalid or was not selected (draft-ietf-grow-bmp-path-marking-tlv-05).
    pub struct PathReason(u16) {
        /// Invalid: its AS_PATH has a loop.
        AS_LOOP = 1, "invalid for AS loop";
        /// Invalid: its next hop leads nowhere.
        NEXT_HOP = 2, "invalid for unresolvable next hop";
        /// Another has a higher LOCAL_PREF.
        LOCAL_PREF = 3, "not preferred for local preference";
        /// Another has a shorter AS_PATH.
        AS_PATH_LENGTH = 4, "not preferred for AS path length";
        /// Another has a lower ORIGIN.
        ORIGIN = 5, "not preferred for origin";
        /// Another has a lower MULTI_EXIT_DISC.
        MULTI_EXIT_DISC = 6, "not preferred for MED";
        /// Another is from an external peer.
        PEER_TYPE = 7, "not preferred for peer type";
        /// Another's next hop is nearer.
        IGP_COST = 8, "not preferred for IGP cost";
        /// Another's peer has a lower identifier.
        ROUTER_ID = 9, "not preferred for router ID";
        /// Another's peer has a lower address.
        PEER_ADDRESS = 10, "not preferred for peer address";
        /// Another has a lower AIGP.
        AIGP = 11, "not preferred for AIGP";
    }
}

/// What became of a path (draft-ietf-grow-bmp-path-marking-tlv-05): the value of a TLV whose type is not told yet, so that who reads one
/// says which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PathStatus {
    /// All that is true of it: the bits have names here.
    pub bits: u32,
    /// Why, if it is told.
    pub reason: Option<PathReason>,
}

/// The bits of a status: its constants, and their names.
macro_rules! statuses {
    ($($(#[$doc:meta])* $constant:ident = $bit:expr, $name:expr;)*) => {
        impl PathStatus {
            $($(#[$doc])* pub const $constant: u32 = 1 << $bit;)*

            const NAMES: &[(u32, &str)] = &[$((Self::$constant, $name)),*];
        }
    };
}

statuses! {
    /// It cannot be used.
    INVALID = 0, "invalid";
    /// It is the best.
    BEST = 1, "best";
    /// Another is.
    NON_SELECTED = 2, "non-selected";
    /// It is used.
    PRIMARY = 3, "primary";
    /// It is used where the primary ones are gone.
    BACKUP = 4, "backup";
    /// It is not in the forwarding table.
    NON_INSTALLED = 5, "non-installed";
    /// It is the best of those from external peers.
    BEST_EXTERNAL = 6, "best-external";
    /// It is sent besides the best.
    ADD_PATH = 7, "add-path";
    /// Inbound policy filtered it.
    FILTERED_IN = 8, "filtered in inbound policy";
    /// Outbound policy filtered it.
    FILTERED_OUT = 9, "filtered in outbound policy";
    /// It is stale.
    STALE = 10, "stale";
    /// It is suppressed.
    SUPPRESSED = 11, "suppressed";
}

impl PathStatus {
    /// Reads a value: four bytes of bits, and two more if there is a reason. `None` for one of another length.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let (bits, reason) = value.split_first_chunk()?;
        let bits = u32::from_be_bytes(*bits);
        match *reason {
            [] => Some(Self { bits, reason: None }),
            [a, b] => Some(Self { bits, reason: Some(PathReason(u16::from_be_bytes([a, b]))) }),
            _ => None,
        }
    }

    /// Writes the value.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(self.bits)?;
        self.reason.map_or(Ok(()), |reason| to.u16(reason.0).map(drop))
    }

    /// Whether all of some bits are set.
    #[must_use]
    pub const fn has(&self, bits: u32) -> bool {
        self.bits & bits == bits
    }
}

impl fmt::Display for PathStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut named = 0;
        for (bit, name) in Self::NAMES.iter().filter(|(bit, _)| self.has(*bit)) {
            write!(f, "{}{name}", if named == 0 { "" } else { ", " })?;
            named |= bit;
        }
        let unnamed = self.bits & !named;
        if unnamed != 0 || self.bits == 0 {
            write!(f, "{}{unnamed:#x}", if named == 0 { "" } else { ", " })?;
        }
        self.reason.map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

impl fmt::Display for RouteTlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.index, self.information())
    }
}

impl fmt::Display for RouteInformation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = |f: &mut fmt::Formatter<'_>, name: &str, value: &[u8]| {
            f.write_str(name)?;
            hex(value, f)
        };
        match self {
            Self::Group(group) => {
                f.write_str("routes")?;
                group.routes().try_for_each(|route| write!(f, " {route}"))
            }
            Self::TableName(text) => write!(f, "table {}", text.escape_ascii()),
            Self::Capability(value) => bytes(f, "capability ", value),
            Self::Message(value) => bytes(f, "message ", value),
            Self::Sequence(number) => write!(f, "sequence {number}"),
            Self::Flags(value) => bytes(f, "flags ", value),
            Self::Timestamp { kind, seconds, microseconds } => {
                write!(f, "time {kind}: {seconds}.{:06}", microseconds.unwrap_or(0))
            }
            Self::Enterprise { number, kind, value } => {
                write!(f, "enterprise {number} type {kind} ")?;
                hex(value, f)
            }
            Self::Other(value) => hex(value, f),
        }
    }
}
