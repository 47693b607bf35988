//! TABLE_DUMP_V2: the peers of a table, and its routes, all of one destination in a record (RFC 6396 §4.3, RFC 8050 §4).
//!
//! ```text
//!  0                               32              48
//!  +-------------------------------+---------------+-------------------------------+---------------+
//!  | collector                     | length        | name of the view …            | peers         |
//!  +-------+-----------------------+-------+-------+-------------------------------+---------------+
//!  | type  | identifier                    | address, 4 or 16 bytes …      | AS, 2 or 4    |        a peer
//!  +-------+-------------------------------+-------------------------------+---------------+
//!
//!  0                               32
//!  +-------------------------------+-------------------------------------------+---------------+
//!  | sequence                      | AFI and SAFI in RIB_GENERIC; the route …  | entries       |
//!  +---------------+---------------+---------------+---------------------------+---+-----------+---+
//!  | peer          | originated                    | path identifier in …_ADDPATH  | length        |   an entry
//!  +---------------+-------------------------------+-------------------------------+---------------+
//!  | attributes …
//!  +-------------
//! ```

use core::fmt;
use core::net::{IpAddr, Ipv4Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use super::fields::{next_hop, read_address, read_as, write_address, write_as};
use super::record::{Entries, MRT, MrtRecord, MrtType};
use crate::attribute::{Attributes, NextHop};
use crate::family::{Afi, Family, Safi};
use crate::nlri::{LabelFormat, Nlri, RouteFormat};
use crate::session::Negotiated;
use crate::wire::Reader;

/// The subtype of the peers.
const PEER_INDEX_TABLE: u16 = 1;
/// The subtype of routes of any family.
const RIB_GENERIC: u16 = 6;
/// How much more a subtype is with path identifiers (RFC 8050 §4), but for [`RIB_GENERIC`], which is 12 then: 7 is taken.
const WITH_PATH_IDS: u16 = 6;

/// The header of a record of this type.
pub(super) const fn header(timestamp: u32, subtype: u16) -> MrtRecord<'static> {
    MrtRecord { timestamp, microseconds: None, kind: MrtType::TABLE_DUMP_V2, subtype, body: &[] }
}

/// The peers of a table (RFC 6396 §4.3.1). An iterator over them, in the order of their indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerIndexTable<'a> {
    /// The collector's identifier.
    pub collector: Ipv4Addr,
    /// The table's name; often empty.
    pub view: &'a [u8],
    /// How many peers there should be.
    pub count: u16,
    rest: &'a [u8],
}

/// How a peer stands in the table (RFC 6396 §4.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct PeerType(pub u8);

impl PeerType {
    /// The peer's address is of IPv6.
    pub const IPV6: Self = Self(1);
    /// Its AS number has four bytes.
    pub const FOUR_OCTET_AS: Self = Self(2);

    /// Whether the peer's address is of IPv6.
    #[must_use]
    pub const fn is_ipv6(self) -> bool {
        self.0 & Self::IPV6.0 != 0
    }

    /// Whether its AS number has four bytes.
    #[must_use]
    pub const fn has_four_octet_as(self) -> bool {
        self.0 & Self::FOUR_OCTET_AS.0 != 0
    }
}

impl fmt::Display for PeerType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = if self.is_ipv6() { 6 } else { 4 };
        write!(f, "IPv{version}, {}-octet AS", if self.has_four_octet_as() { 4 } else { 2 })
    }
}

/// A peer of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MrtPeer {
    /// How it stands in the table.
    pub kind: PeerType,
    /// The peer's identifier.
    pub identifier: Ipv4Addr,
    /// The peer's address.
    pub address: IpAddr,
    /// The peer's AS.
    pub as_number: u32,
}

impl MrtPeer {
    /// A peer whose AS number is written in four bytes.
    #[must_use]
    pub const fn new(identifier: Ipv4Addr, address: IpAddr, as_number: u32) -> Self {
        let ipv6 = if address.is_ipv6() { PeerType::IPV6.0 } else { 0 };
        Self { kind: PeerType(PeerType::FOUR_OCTET_AS.0 | ipv6), identifier, address, as_number }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        //= RFC 6396 §4.3.1/type
        let kind = from.u8().map(PeerType)?;
        let identifier = from.u32().map(Ipv4Addr::from_bits)?;
        let address = read_address(kind.is_ipv6(), from)?;
        Ok(Self { kind, identifier, address, as_number: read_as(kind.has_four_octet_as(), from)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let rule = Rule::Exactly(u32::from(self.address.is_ipv6()));
        MRT.check("bit 0 of the peer's type", usize::from(self.kind.is_ipv6()), &[rule])?;
        to.u8(self.kind.0)?.put(&self.identifier.octets())?;
        write_address(self.address, to)?;
        write_as(self.kind.has_four_octet_as(), self.as_number, to)
    }
}

impl fmt::Display for MrtPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} AS{} {}", self.address, self.as_number, self.identifier)
    }
}

impl<'a> PeerIndexTable<'a> {
    /// A table without peers, to [`begin`](Self::begin) one.
    #[must_use]
    pub const fn new(collector: Ipv4Addr, view: &'a [u8]) -> Self {
        Self { collector, view, count: 0, rest: &[] }
    }

    pub(super) fn read(mut from: Reader<'a>) -> Result<Self, Error> {
        let collector = from.u32().map(Ipv4Addr::from_bits)?;
        let len = from.u16()?;
        let view = from.take(usize::from(len))?;
        Ok(Self { collector, view, count: from.u16()?, rest: from.rest() })
    }

    /// Writes a record with this table's head and no peers yet. `count` is that of what is pushed.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the name exceeds 65535 bytes. Nothing is written then.
    pub fn begin<'w, 'b>(&self, timestamp: u32, to: &'w mut Writer<'b>) -> Result<PeerWriter<'w, 'b>, Error> {
        let head = |to: &mut Writer<'_>| {
            to.put(&self.collector.octets())?.with_len_u16(0, |to| to.write_all(&[self.view])).map(drop)
        };
        Entries::begin(&header(timestamp, PEER_INDEX_TABLE), to, head).map(|entries| PeerWriter { entries })
    }
}

impl Iterator for PeerIndexTable<'_> {
    type Item = Result<MrtPeer, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MRT, self.rest);
        let peer = MrtPeer::read(&mut reader);
        self.rest = if peer.is_ok() { reader.rest() } else { &[] };
        Some(peer)
    }
}

/// A table of peers that is being written, a peer at a time. Its record is whole after each.
#[derive(Debug)]
pub struct PeerWriter<'w, 'a> {
    entries: Entries<'w, 'a>,
}

impl PeerWriter<'_, '_> {
    /// Writes one peer more: its index is how many were there before.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] for the 65536th peer, for one whose type says another family than its address is of,
    /// or whose AS number exceeds the two bytes that the type gives it. The record is as it was then.
    pub fn push(&mut self, peer: &MrtPeer) -> Result<(), Error> {
        self.entries.push(|to| peer.write(to))
    }

    /// How many peers there are.
    #[must_use]
    pub fn count(&self) -> u16 {
        self.entries.count()
    }

    /// Takes the record back, to begin it again where there is more room.
    pub fn discard(self) {
        self.entries.discard();
    }
}

/// The routes to one prefix, or to what else a family's routes lead to (RFC 6396 §4.3.2, §4.3.3). An iterator over its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rib<'a> {
    /// The record's number in the table.
    pub sequence: u32,
    /// The family.
    pub family: Family,
    /// Where the routes lead.
    pub nlri: Nlri<'a>,
    /// How many entries there should be.
    pub count: u16,
    is_generic: bool,
    has_path_ids: bool,
    rest: &'a [u8],
}

/// One route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RibEntry<'a> {
    /// The peer that it is from: its place in the [`PeerIndexTable`].
    pub peer: u16,
    /// Since when, in seconds since 1970.
    pub originated: u32,
    /// Which of several paths (RFC 8050 §4).
    pub path_id: Option<u32>,
    /// Its attributes. AS numbers have four bytes, and MP_REACH_NLRI is not whole: see [`next_hop`](Self::next_hop).
    pub attributes: Attributes<'a>,
}

/// The subtype of a family that has one of its own.
const fn own_subtype(family: Family) -> Option<u16> {
    match (family.afi, family.safi) {
        (Afi::IPV4, Safi::UNICAST) => Some(2),
        (Afi::IPV4, Safi::MULTICAST) => Some(3),
        (Afi::IPV6, Safi::UNICAST) => Some(4),
        (Afi::IPV6, Safi::MULTICAST) => Some(5),
        _ => None,
    }
}

impl<'a> Rib<'a> {
    /// Where routes lead, without routes, to [`begin`](Self::begin) a record with. IPv4 and IPv6, unicast and multicast, have subtypes of
    /// their own, the others are RIB_GENERIC. Entries have no path identifiers.
    #[inline]
    #[must_use]
    pub const fn new(sequence: u32, family: Family, nlri: Nlri<'a>) -> Self {
        let is_generic = own_subtype(family).is_none();
        Self { sequence, family, nlri, count: 0, is_generic, has_path_ids: false, rest: &[] }
    }

    /// The same with a path identifier in each entry (RFC 8050 §4).
    #[must_use]
    pub const fn with_path_ids(self) -> Self {
        Self { has_path_ids: true, ..self }
    }

    /// The same as RIB_GENERIC, whatever its family.
    #[must_use]
    pub const fn as_generic(self) -> Self {
        Self { is_generic: true, ..self }
    }

    /// Whether each entry has a path identifier.
    #[must_use]
    pub const fn has_path_ids(&self) -> bool {
        self.has_path_ids
    }

    /// Whether it is RIB_GENERIC, which names its family.
    #[must_use]
    pub const fn is_generic(&self) -> bool {
        self.is_generic
    }

    pub(super) fn read(subtype: u16, mut from: Reader<'a>) -> Result<Self, Error> {
        let sequence = from.u32()?;
        let family = match subtype {
            2 | 8 => Family::IPV4_UNICAST,
            3 | 9 => Family::IPV4_MULTICAST,
            4 | 10 => Family::IPV6_UNICAST,
            5 | 11 => Family::IPV6_MULTICAST,
            _ => Family { afi: Afi(from.u16()?), safi: Safi(from.u8()?) },
        };
        let nlri = Nlri::read(format(family), &mut from)?;
        let (is_generic, has_path_ids) = (matches!(subtype, 6 | 12), subtype >= 8);
        Ok(Self { sequence, family, nlri, count: from.u16()?, is_generic, has_path_ids, rest: from.rest() })
    }

    /// Writes a record that says where the routes lead, with no entries yet. `count` is that of what is pushed.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the route is of another family. Nothing is written then.
    #[inline]
    pub fn begin<'w, 'b>(&self, timestamp: u32, to: &'w mut Writer<'b>) -> Result<RibWriter<'w, 'b>, Error> {
        let own = own_subtype(self.family).filter(|_| !self.is_generic);
        let subtype = own.unwrap_or(RIB_GENERIC);
        let subtype = if self.has_path_ids { subtype.saturating_add(WITH_PATH_IDS) } else { subtype };
        let head = |to: &mut Writer<'_>| {
            to.u32(self.sequence)?;
            if own.is_none() {
                to.u16(self.family.afi.0)?.u8(self.family.safi.0)?;
            }
            self.nlri.write(format(self.family), to)
        };
        let entries = Entries::begin(&header(timestamp, subtype), to, head)?;
        Ok(RibWriter { entries, has_path_ids: self.has_path_ids })
    }

    /// How the attributes are to be read: AS numbers have four bytes (RFC 6396 §4.3.4), and nobody knows what the collector agreed on.
    #[must_use]
    pub const fn session(&self) -> Negotiated {
        //= RFC 6396 §4.3.4/four-octet
        Negotiated::unknown()
    }

    fn entry(&self, from: &mut Reader<'a>) -> Result<RibEntry<'a>, Error> {
        let (peer, originated) = (from.u16()?, from.u32()?);
        //= RFC 8050 §4/entries
        let path_id = if self.has_path_ids { Some(from.u32()?) } else { None };
        let len = from.u16()?;
        let attributes = Attributes::new(from.take(usize::from(len))?, 0);
        Ok(RibEntry { peer, originated, path_id, attributes })
    }
}

/// How a route stands in a record: alone, its path identifiers with the entries.
#[inline]
const fn format(family: Family) -> RouteFormat {
    RouteFormat::of(family).with_labels(LabelFormat::Likely)
}

impl<'a> Iterator for Rib<'a> {
    type Item = Result<RibEntry<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MRT, self.rest);
        let entry = self.entry(&mut reader);
        self.rest = if entry.is_ok() { reader.rest() } else { &[] };
        Some(entry)
    }
}

impl<'a> RibEntry<'a> {
    /// Where packets go next: of MP_REACH_NLRI a table holds the next hop alone (RFC 6396 §4.3.4), but some hold all of it.
    #[must_use]
    pub fn next_hop(&self) -> Option<NextHop<'a>> {
        next_hop(self.attributes)
    }
}

/// Routes to one destination that are being written, a route at a time. Their record is whole after each.
#[derive(Debug)]
pub struct RibWriter<'w, 'a> {
    entries: Entries<'w, 'a>,
    has_path_ids: bool,
}

impl RibWriter<'_, '_> {
    /// Writes one route more, its attributes as they are.
    ///
    /// # Errors
    /// As [`push_with`](Self::push_with).
    #[inline]
    pub fn push(&mut self, entry: &RibEntry<'_>) -> Result<(), Error> {
        let bytes = entry.attributes.as_bytes();
        let len = MRT.fit_u16("length of the attributes", bytes.len())?.to_be_bytes();
        self.put(entry, |to| to.put(&len)?.put(bytes).map(drop))
    }

    /// Writes one route more, with the attributes that `attributes` writes behind those of `entry`. AS numbers in them have four bytes, and
    /// of MP_REACH_NLRI there is the next hop alone: [`write_next_hop`](super::write_next_hop) (RFC 6396 §4.3.4).
    ///
    /// ```
    /// use bgp_codec::attribute::{Attributes, NextHop};
    /// use bgp_codec::mrt::{MRT, Rib, RibEntry, write_next_hop};
    /// use bgp_codec::{Family, Ipv6Prefix, Nlri, Writer};
    ///
    /// let mut buffer = [0; 100];
    /// let mut to = Writer::new(MRT, &mut buffer);
    /// let prefix = Ipv6Prefix::new("2001:db8::".parse().unwrap(), 32)?;
    /// let mut routes = Rib::new(0, Family::IPV6_UNICAST, Nlri::Ipv6(prefix)).begin(1_700_000_000, &mut to)?;
    /// let origin = Attributes::new(&[0x40, 1, 1, 0], 0);
    /// let next_hop = NextHop::Ipv6("2001:db8::1".parse().unwrap());
    /// let entry = RibEntry { peer: 0, originated: 1_699_999_999, path_id: None, attributes: origin };
    /// routes.push_with(&entry, |to| write_next_hop(&next_hop, to))?;
    /// # Ok::<(), bgp_codec::FieldError>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] for the 65536th route, for one without a path identifier where the record has them, for one
    /// with where it has none, or if the attributes exceed 65535 bytes; what `attributes` fails with. The record is as it was then.
    pub fn push_with(
        &mut self,
        entry: &RibEntry<'_>,
        attributes: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.put(entry, |to| {
            to.with_len_u16(0, |to| {
                to.put(entry.attributes.as_bytes())?;
                attributes(to)
            })
            .map(drop)
        })
    }

    #[inline]
    fn put(
        &mut self,
        entry: &RibEntry<'_>,
        attributes: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let rule = Rule::Exactly(u32::from(self.has_path_ids));
        MRT.check("whether there is a path identifier", usize::from(entry.path_id.is_some()), &[rule])?;
        self.entries.push(|to| {
            to.u16(entry.peer)?.u32(entry.originated)?;
            if let Some(path_id) = entry.path_id {
                to.u32(path_id)?;
            }
            attributes(to)
        })
    }

    /// How many routes there are.
    #[must_use]
    pub fn count(&self) -> u16 {
        self.entries.count()
    }

    /// Takes the record back, to begin it again where there is more room.
    pub fn discard(self) {
        self.entries.discard();
    }
}
