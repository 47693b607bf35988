//! MRT: dumps of routing tables and of sessions, as route collectors publish them (RFC 6396, RFC 8050 for ADD-PATH). Read only.
//!
//! ```text
//!  0                               32              48              64                              96
//!  +-------------------------------+---------------+---------------+-------------------------------+
//!  | time stamp                    | type          | subtype       | length                        |
//!  +-------------------------------+---------------+---------------+-------------------------------+
//!  | microseconds, in the types that end in _ET, counted by the length                             |
//!  +-------------------------------+
//! ```
//!
//! | type | subtypes | here |
//! | --- | --- | --- |
//! | 12 TABLE_DUMP | 1, 2 a route of IPv4, of IPv6 | [`TableDump`] |
//! | 13 TABLE_DUMP_V2 | 7 where the peers are (RFC 6397) | [`GeoPeerTable`] |
//! | 13 TABLE_DUMP_V2 | 1 peers; 2–5 a prefix of IPv4 or IPv6, unicast or multicast; 6 any family; 8–12 the same with path identifiers | [`PeerIndexTable`], [`Rib`] |
//! | 16, 17 BGP4MP, BGP4MP_ET | 1, 4, 6, 7 a message; 8–11 with path identifiers; 0, 5 a change of state | [`SessionMessage`], [`StateChange`] |

use core::net::{IpAddr, Ipv4Addr};

use ether_ip::{Error, LayerName, Rule, open_set};

use crate::attribute::{Attribute, AttributeType, Attributes, NextHop};
use crate::family::{Afi, Family, FamilySet, Safi};
use crate::nlri::{LabelFormat, Nlri, Route, RouteFormat};
use crate::session::{Negotiated, Peer};
use crate::value::prefix::{Ipv4Prefix, Ipv6Prefix};
use crate::wire::Reader;

/// An MRT record, as an error names it.
pub const MRT: LayerName = LayerName::new("MRT record");

open_set! {
    /// What kind of record it is.
    pub struct MrtType(u16) {
        /// A routing table, as it was before version 2.
        TABLE_DUMP = 12, "TABLE_DUMP";
        /// A routing table.
        TABLE_DUMP_V2 = 13, "TABLE_DUMP_V2";
        /// A session.
        BGP4MP = 16, "BGP4MP";
        /// A session, with microseconds.
        BGP4MP_ET = 17, "BGP4MP_ET";
        /// IS-IS.
        ISIS = 32, "ISIS";
        /// IS-IS, with microseconds.
        ISIS_ET = 33, "ISIS_ET";
        /// OSPFv3.
        OSPFV3 = 48, "OSPFv3";
        /// OSPFv3, with microseconds.
        OSPFV3_ET = 49, "OSPFv3_ET";
    }
}

impl MrtType {
    /// Whether microseconds stand in front of the body (RFC 6396 §3).
    const fn has_microseconds(self) -> bool {
        matches!(self, Self::BGP4MP_ET | Self::ISIS_ET | Self::OSPFV3_ET)
    }
}

/// One record: its header, and its body not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MrtRecord<'a> {
    /// Seconds since 1970.
    pub timestamp: u32,
    /// Microseconds, in the types that have them.
    pub microseconds: Option<u32>,
    /// The type.
    pub kind: MrtType,
    /// The subtype.
    pub subtype: u16,
    /// What follows the header.
    pub body: &'a [u8],
}

impl<'a> MrtRecord<'a> {
    /// Splits a record off the front: it, and what follows. `None` if its end is not there yet.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the length has no room for the microseconds.
    pub fn split(bytes: &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Error> {
        let Some((header, behind)) = bytes.split_first_chunk::<12>() else {
            return Ok(None);
        };
        let [a, b, c, d, e, f, g, h, len @ ..] = *header;
        let len = u32::from_be_bytes(len);
        let Some((body, rest)) = behind.split_at_checked(len as usize) else {
            return Ok(None);
        };
        let (timestamp, kind) = (u32::from_be_bytes([a, b, c, d]), MrtType(u16::from_be_bytes([e, f])));
        let record = Self { timestamp, microseconds: None, kind, subtype: u16::from_be_bytes([g, h]), body };
        if !kind.has_microseconds() {
            return Ok(Some((record, rest)));
        }
        let too_short = Error::Malformed { layer: MRT, field: "length", value: len, rule: Rule::AtLeast(4) };
        let (microseconds, body) = body.split_first_chunk().ok_or(too_short)?;
        Ok(Some((Self { microseconds: Some(u32::from_be_bytes(*microseconds)), body, ..record }, rest)))
    }

    /// Reads the body.
    ///
    /// # Errors
    /// [`Error::Truncated`] or [`Error::Malformed`] if it does not hold what its subtype says.
    pub fn parse(&self) -> Result<MrtBody<'a>, Error> {
        let reader = Reader::new(MRT, self.body);
        Ok(match (self.kind, self.subtype) {
            (MrtType::TABLE_DUMP, subtype @ (1 | 2)) => MrtBody::Table(TableDump::read(subtype == 2, reader)?),
            (MrtType::TABLE_DUMP_V2, 7) => MrtBody::GeoPeers(GeoPeerTable::read(reader)?),
            (MrtType::TABLE_DUMP_V2, 1) => MrtBody::Peers(PeerIndexTable::read(reader)?),
            (MrtType::TABLE_DUMP_V2, subtype @ (2..=6 | 8..=12)) => MrtBody::Rib(Rib::read(subtype, reader)?),
            (MrtType::BGP4MP | MrtType::BGP4MP_ET, subtype @ (1 | 4 | 6..=11)) => {
                MrtBody::Message(SessionMessage::read(subtype, reader)?)
            }
            (MrtType::BGP4MP | MrtType::BGP4MP_ET, subtype @ (0 | 5)) => {
                MrtBody::StateChange(StateChange::read(subtype, reader)?)
            }
            _ => MrtBody::Other(self.body),
        })
    }
}

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum MrtBody<'a> {
    /// A route of a table as it was before version 2.
    Table(TableDump<'a>),
    /// Where the peers are.
    GeoPeers(GeoPeerTable<'a>),
    /// The peers whose routes follow.
    Peers(PeerIndexTable<'a>),
    /// The routes to one prefix.
    Rib(Rib<'a>),
    /// A message of a session.
    Message(SessionMessage<'a>),
    /// A change of a session's state.
    StateChange(StateChange),
    /// Something that is not known here.
    Other(&'a [u8]),
}

/// A route as tables were dumped before version 2 (RFC 6396 §4.2).
///
/// ```text
///  0               16              32
///  +---------------+---------------+---------------+-------+-------+
///  | view          | sequence      | prefix, 4 or 16 bytes | length|
///  +-------+-------+---------------+---------------+-------+-------+
///  | status| originated            | peer, 4 or 16 bytes … | AS    |
///  +-------+-------+---------------+-----------------------+-------+
///  | length        | attributes …
///  +---------------+-------------------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableDump<'a> {
    /// Which of several tables.
    pub view: u16,
    /// The record's number in the table; it begins again after 65535.
    pub sequence: u16,
    /// The route.
    pub route: Route<'a>,
    /// 1, and of no meaning.
    pub status: u8,
    /// Since when, in seconds since 1970.
    pub originated: u32,
    /// The peer that it is from.
    pub peer: IpAddr,
    /// The peer's AS.
    pub peer_as: u16,
    /// Its attributes, in which AS numbers have two bytes.
    pub attributes: Attributes<'a>,
}

impl<'a> TableDump<'a> {
    fn read(is_ipv6: bool, mut from: Reader<'a>) -> Result<Self, Error> {
        let (view, sequence) = (from.u16()?, from.u16()?);
        let (address, len) = (read_address(is_ipv6, &mut from)?, from.u8()?);
        let too_long = |_| Error::Malformed {
            layer: MRT,
            field: "prefix length",
            value: u32::from(len),
            rule: Rule::AtMost(if is_ipv6 { 128 } else { 32 }),
        };
        let (family, nlri) = match address {
            IpAddr::V4(address) => (Family::IPV4_UNICAST, Ipv4Prefix::new(address, len).map(Nlri::Ipv4)),
            IpAddr::V6(address) => (Family::IPV6_UNICAST, Ipv6Prefix::new(address, len).map(Nlri::Ipv6)),
        };
        let route = Route { family, path_id: None, nlri: nlri.map_err(too_long)? };
        let (status, originated) = (from.u8()?, from.u32()?);
        let (peer, peer_as) = (read_address(is_ipv6, &mut from)?, from.u16()?);
        let len = from.u16()?;
        let attributes = Attributes::new(from.take(usize::from(len))?, 0);
        Ok(Self { view, sequence, route, status, originated, peer, peer_as, attributes })
    }

    /// Where packets go next.
    #[must_use]
    pub fn next_hop(&self) -> Option<NextHop<'a>> {
        next_hop(self.attributes)
    }

    /// How the attributes are to be read: AS numbers have two bytes (RFC 6396 §4.2).
    #[must_use]
    pub const fn session(&self) -> Negotiated {
        Negotiated { four_octet_as: false, ..Negotiated::unknown() }
    }
}

/// Where the peers of a table are (RFC 6397 §3). An iterator over them, in the order of their indexes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoPeerTable<'a> {
    /// The collector's identifier.
    pub collector: Ipv4Addr,
    /// The table's name; often empty.
    pub view: &'a [u8],
    /// Where the collector is.
    pub place: Place,
    /// How many peers there should be.
    pub count: u16,
    rest: &'a [u8],
}

/// A place on Earth, in degrees (WGS 84): not a number where it is private (RFC 6397 §3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// North of the equator.
    pub latitude: f32,
    /// East of Greenwich.
    pub longitude: f32,
}

impl Place {
    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { latitude: from.u32().map(f32::from_bits)?, longitude: from.u32().map(f32::from_bits)? })
    }
}

/// Where a peer of a table is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoPeer {
    /// The peer's identifier.
    pub identifier: Ipv4Addr,
    /// Where it is.
    pub place: Place,
}

impl<'a> GeoPeerTable<'a> {
    fn read(mut from: Reader<'a>) -> Result<Self, Error> {
        let collector = from.u32().map(Ipv4Addr::from_bits)?;
        let len = from.u16()?;
        let view = from.take(usize::from(len))?;
        Ok(Self { collector, view, place: Place::read(&mut from)?, count: from.u16()?, rest: from.rest() })
    }
}

impl Iterator for GeoPeerTable<'_> {
    type Item = Result<GeoPeer, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MRT, self.rest);
        // The type says nothing here: neither address nor AS follow.
        let peer = reader.u8().and_then(|_| {
            Ok(GeoPeer { identifier: reader.u32().map(Ipv4Addr::from_bits)?, place: Place::read(&mut reader)? })
        });
        self.rest = if peer.is_ok() { reader.rest() } else { &[] };
        Some(peer)
    }
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

/// A peer of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MrtPeer {
    /// The peer's identifier.
    pub identifier: Ipv4Addr,
    /// The peer's address.
    pub address: IpAddr,
    /// The peer's AS.
    pub as_number: u32,
}

impl<'a> PeerIndexTable<'a> {
    fn read(mut from: Reader<'a>) -> Result<Self, Error> {
        let collector = from.u32().map(Ipv4Addr::from_bits)?;
        let len = from.u16()?;
        let view = from.take(usize::from(len))?;
        Ok(Self { collector, view, count: from.u16()?, rest: from.rest() })
    }
}

impl Iterator for PeerIndexTable<'_> {
    type Item = Result<MrtPeer, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MRT, self.rest);
        let peer = read_peer(&mut reader);
        self.rest = if peer.is_ok() { reader.rest() } else { &[] };
        Some(peer)
    }
}

/// Bit 0 of the type says that the address is of IPv6, bit 1 that the AS has four bytes.
fn read_peer(from: &mut Reader<'_>) -> Result<MrtPeer, Error> {
    let kind = from.u8()?;
    let identifier = from.u32().map(Ipv4Addr::from_bits)?;
    let address = read_address(kind & 1 != 0, from)?;
    Ok(MrtPeer { identifier, address, as_number: read_as(kind & 2 != 0, from)? })
}

fn read_address(is_ipv6: bool, from: &mut Reader<'_>) -> Result<IpAddr, Error> {
    match is_ipv6 {
        false => from.array::<4>().map(IpAddr::from),
        true => from.array::<16>().map(IpAddr::from),
    }
}

fn read_as(has_four_octets: bool, from: &mut Reader<'_>) -> Result<u32, Error> {
    if has_four_octets { from.u32() } else { from.u16().map(u32::from) }
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

impl<'a> Rib<'a> {
    fn read(subtype: u16, mut from: Reader<'a>) -> Result<Self, Error> {
        let sequence = from.u32()?;
        let family = match subtype {
            2 | 8 => Family::IPV4_UNICAST,
            3 | 9 => Family::IPV4_MULTICAST,
            4 | 10 => Family::IPV6_UNICAST,
            5 | 11 => Family::IPV6_MULTICAST,
            _ => Family { afi: Afi(from.u16()?), safi: Safi(from.u8()?) },
        };
        let nlri = Nlri::read(RouteFormat::of(family).with_labels(LabelFormat::Likely), &mut from)?;
        Ok(Self { sequence, family, nlri, count: from.u16()?, has_path_ids: subtype >= 8, rest: from.rest() })
    }

    /// How the attributes are to be read: AS numbers have four bytes (RFC 6396 §4.3.4), and nobody knows what the collector agreed on.
    #[must_use]
    pub const fn session(&self) -> Negotiated {
        Negotiated::unknown()
    }

    fn entry(&self, from: &mut Reader<'a>) -> Result<RibEntry<'a>, Error> {
        let (peer, originated) = (from.u16()?, from.u32()?);
        let path_id = if self.has_path_ids { Some(from.u32()?) } else { None };
        let len = from.u16()?;
        let attributes = Attributes::new(from.take(usize::from(len))?, 0);
        Ok(RibEntry { peer, originated, path_id, attributes })
    }
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

fn next_hop<'a>(attributes: Attributes<'a>) -> Option<NextHop<'a>> {
    let find = |kind| attributes.into_iter().find(|attribute: &Attribute<'a>| attribute.kind == kind);
    match find(AttributeType::MP_REACH_NLRI).map(|attribute| attribute.value) {
        // An AFI begins with 0, or 0x40 for link state; a next hop has another length.
        Some(&[0 | 0x40, _, _, len, ref behind @ ..]) => behind.get(..usize::from(len)).map(NextHop::parse),
        Some(&[len, ref behind @ ..]) => behind.get(..usize::from(len)).map(NextHop::parse),
        Some([]) => None,
        None => find(AttributeType::NEXT_HOP).map(|attribute| NextHop::parse(attribute.value)),
    }
}

/// The two ends of a session (RFC 6396 §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ends {
    /// The peer's AS.
    pub peer_as: u32,
    /// The collector's AS.
    pub local_as: u32,
    /// The interface's number.
    pub interface: u16,
    /// The peer's address.
    pub peer: IpAddr,
    /// The collector's address.
    pub local: IpAddr,
}

impl Ends {
    fn read(has_four_octets: bool, from: &mut Reader<'_>) -> Result<Self, Error> {
        let (peer_as, local_as) = (read_as(has_four_octets, from)?, read_as(has_four_octets, from)?);
        let (interface, afi) = (from.u16()?, from.u16()?);
        if !matches!(afi, 1 | 2) {
            return Err(from.malformed("address family", u32::from(afi), Rule::Either(1, 2)));
        }
        let (peer, local) = (read_address(afi == 2, from)?, read_address(afi == 2, from)?);
        Ok(Self { peer_as, local_as, interface, peer, local })
    }
}

/// A message of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionMessage<'a> {
    /// Between whom.
    pub ends: Ends,
    /// Whether the collector sent it.
    pub is_local: bool,
    /// Whether AS numbers have four bytes in it.
    pub four_octet_as: bool,
    /// Whether its routes have path identifiers (RFC 8050 §3).
    pub has_path_ids: bool,
    /// The message from its marker: a [`Framer`](crate::Framer) reads it.
    pub message: &'a [u8],
}

impl<'a> SessionMessage<'a> {
    fn read(subtype: u16, mut from: Reader<'a>) -> Result<Self, Error> {
        let four_octet_as = matches!(subtype, 4 | 7 | 9 | 11);
        Ok(Self {
            ends: Ends::read(four_octet_as, &mut from)?,
            is_local: matches!(subtype, 6 | 7 | 10 | 11),
            four_octet_as,
            has_path_ids: subtype >= 8,
            message: from.rest(),
        })
    }

    /// How the message is to be read.
    #[must_use]
    pub fn session(&self) -> Negotiated {
        let mut session = Negotiated::unknown();
        (session.local_as, session.peer_as) = (self.ends.local_as, self.ends.peer_as);
        if self.ends.local_as == self.ends.peer_as {
            session.peer = Peer::Internal;
        }
        session.four_octet_as = self.four_octet_as;
        session.add_path_receive = if self.has_path_ids { FamilySet::ALL } else { FamilySet::EMPTY };
        session
    }
}

/// A change of a session's state (RFC 4271 §8.2.2 has the states: 1 Idle to 6 Established).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateChange {
    /// Between whom.
    pub ends: Ends,
    /// The state before.
    pub old: u16,
    /// The state now.
    pub new: u16,
}

impl StateChange {
    fn read(subtype: u16, mut from: Reader<'_>) -> Result<Self, Error> {
        Ok(Self { ends: Ends::read(subtype == 5, &mut from)?, old: from.u16()?, new: from.u16()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn record(kind: u16, subtype: u16, body: &[u8]) -> Vec<u8> {
        let len = (body.len() as u32).to_be_bytes();
        [&[0, 0, 0, 9][..], &kind.to_be_bytes(), &subtype.to_be_bytes(), &len, body].concat()
    }

    fn parse(bytes: &[u8]) -> MrtBody<'_> {
        let (record, rest) = MrtRecord::split(bytes).unwrap().unwrap();
        assert!(rest.is_empty() && record.timestamp == 9);
        record.parse().unwrap()
    }

    /// RFC 6396 §4.3.1: an IPv4 peer with a 2-octet AS, an IPv6 one with a 4-octet AS, and one that is cut.
    #[test]
    fn peers() {
        let ipv6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        let body = [
            &[192, 0, 2, 9, 0, 1, b'v', 0, 3, 0, 1, 1, 1, 1, 192, 0, 2, 1, 0xfd, 0xe8, 3, 2, 2, 2, 2][..],
            &ipv6,
            &[0, 1, 0, 0, 0],
        ];
        let bytes = record(13, 1, &body.concat());
        let MrtBody::Peers(peers) = parse(&bytes) else { panic!("no peers") };
        assert_eq!((peers.collector, peers.view, peers.count), (Ipv4Addr::new(192, 0, 2, 9), &b"v"[..], 3));
        let peers: Vec<_> = peers.collect();
        let first = MrtPeer { identifier: [1, 1, 1, 1].into(), address: [192, 0, 2, 1].into(), as_number: 65_000 };
        assert_eq!(peers[0], Ok(first));
        assert_eq!(peers[1].map(|peer| (peer.address, peer.as_number)), Ok((ipv6.into(), 65_536)));
        assert!(peers[2].unwrap_err().is_truncated());
        assert_eq!(peers.len(), 3);
    }

    /// RFC 6396 §4.3.2, §4.3.4; RFC 8050 §4.
    #[test]
    fn tables() {
        let entry = [0, 1, 0, 0, 0, 7, 0, 11, 0x40, 1, 1, 0, 0x40, 3, 4, 192, 0, 2, 1];
        let bytes = record(13, 2, &[&[0, 0, 0, 5, 24, 192, 0, 2, 0, 1][..], &entry].concat());
        let MrtBody::Rib(mut rib) = parse(&bytes) else { panic!("no routes") };
        let prefix = Ipv4Prefix::new([192, 0, 2, 0].into(), 24).unwrap();
        assert_eq!((rib.sequence, rib.family, rib.nlri, rib.count), (5, Family::IPV4_UNICAST, Nlri::Ipv4(prefix), 1));
        let route = rib.next().unwrap().unwrap();
        assert_eq!((route.peer, route.originated, route.path_id, route.attributes.count()), (1, 7, None, 2));
        assert_eq!(route.next_hop(), Some(NextHop::Ipv4([192, 0, 2, 1].into())));
        assert_eq!(rib.next(), None);
        // With path identifiers, of IPv6: the next hop alone, and the whole of MP_REACH_NLRI.
        for reach in [&[&[16][..], &[1; 16]].concat(), &[&[0, 2, 1, 16][..], &[1; 16], &[0]].concat()] {
            let attribute = [&[0x80, 14, reach.len() as u8][..], reach].concat();
            let head =
                [0, 0, 0, 6, 32, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0, 3, 0, attribute.len() as u8];
            let bytes = record(13, 10, &[&head[..], &attribute].concat());
            let MrtBody::Rib(mut rib) = parse(&bytes) else { panic!("no routes") };
            let route = rib.next().unwrap().unwrap();
            assert_eq!((route.path_id, route.next_hop()), (Some(3), Some(NextHop::Ipv6([1; 16].into()))));
        }
        // Any family; and an entry that is cut.
        let bytes = record(13, 6, &[0, 0, 0, 6, 0, 25, 70, 99, 1, 7, 0, 1, 0, 0]);
        let MrtBody::Rib(mut rib) = parse(&bytes) else { panic!("no routes") };
        assert_eq!(rib.family, Family::EVPN);
        assert!(rib.next().unwrap().unwrap_err().is_truncated() && rib.next().is_none());
    }

    /// RFC 6396 §4.4, RFC 8050 §3.
    #[test]
    fn sessions() {
        let ends = [0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 3, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2];
        let bytes = record(17, 9, &[&[0, 0, 0, 5][..], &ends, &crate::header::KEEPALIVE].concat());
        let (with_time, _) = MrtRecord::split(&bytes).unwrap().unwrap();
        assert_eq!(with_time.microseconds, Some(5));
        let MrtBody::Message(message) = parse(&bytes) else { panic!("no message") };
        assert_eq!((message.ends.peer_as, message.ends.local_as, message.ends.interface), (65_000, 65_001, 3));
        assert_eq!((message.message, message.is_local), (&crate::header::KEEPALIVE[..], false));
        let session = message.session();
        assert!(session.four_octet_as && session.add_path_receive == FamilySet::ALL);
        let bytes = record(16, 0, &[0xfd, 0xe8, 0xfd, 0xe9, 0, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2, 0, 5, 0, 6]);
        let MrtBody::StateChange(change) = parse(&bytes) else { panic!("no change") };
        assert_eq!((change.old, change.new, change.ends.peer), (5, 6, [192, 0, 2, 1].into()));
    }

    /// RFC 6396 §4.3, RFC 8050 §4: the subtypes of tables.
    #[test]
    fn tables_by_subtype() {
        let [v4, v6] = [Family::IPV4_UNICAST, Family::IPV6_UNICAST];
        let [m4, m6] = [Family::IPV4_MULTICAST, Family::IPV6_MULTICAST];
        for (subtype, family, has_path_ids) in [
            (2, v4, false),
            (3, m4, false),
            (4, v6, false),
            (5, m6, false),
            (8, v4, true),
            (9, m4, true),
            (10, v6, true),
            (11, m6, true),
            (6, Family::new(1, 77), false),
            (12, Family::new(1, 77), true),
        ] {
            let route: &[u8] = if family.safi.0 == 77 { &[0, 1, 77] } else { &[8, 0x20, 0, 1] };
            let bytes = record(13, subtype, &[&[0, 0, 0, 5][..], route].concat());
            // Of a family that is not known the route takes the rest, and there is no room for the count.
            if family.safi.0 == 77 {
                assert!(MrtRecord::split(&bytes).unwrap().unwrap().0.parse().unwrap_err().is_truncated());
                continue;
            }
            let MrtBody::Rib(rib) = parse(&bytes) else { panic!("no routes") };
            assert_eq!((rib.family, rib.has_path_ids, rib.count), (family, has_path_ids, 1), "{subtype}");
        }
        for (kind, subtype) in [(13, 0), (13, 13), (12, 3), (16, 2), (16, 3), (16, 12), (17, 12)] {
            let bytes = record(kind, subtype, &[0, 0, 0, 7]);
            let of: &[u8] = if kind == 17 { &[] } else { &[0, 0, 0, 7] };
            assert_eq!(parse(&bytes), MrtBody::Other(of), "{kind} {subtype}");
        }
    }

    /// RFC 6396 §4.2: a route of IPv4 with AS numbers of two bytes, and one of IPv6.
    #[test]
    fn tables_of_version_1() {
        let attributes = [0x40, 1, 1, 0, 0x40, 2, 4, 2, 1, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1];
        let head = [0, 1, 0xff, 0xff, 10, 1, 2, 3, 16, 1, 0, 0, 0, 7, 192, 0, 2, 9, 0xfd, 0xe8, 0, 18];
        let bytes = record(12, 1, &[&head[..], &attributes].concat());
        let MrtBody::Table(dump) = parse(&bytes) else { panic!("no route") };
        assert_eq!((dump.view, dump.sequence, dump.status, dump.originated), (1, 65_535, 1, 7));
        assert_eq!((dump.peer, dump.peer_as), ([192, 0, 2, 9].into(), 65_000));
        assert_eq!((std::format!("{}", dump.route), dump.route.family), ("10.1.0.0/16".into(), Family::IPV4_UNICAST));
        assert_eq!(dump.next_hop(), Some(NextHop::Ipv4([192, 0, 2, 1].into())));
        let session = dump.session();
        let values: Vec<_> = dump.attributes.map(|of| std::format!("{}", of.parse(&session).unwrap())).collect();
        assert_eq!(values, ["igp", "65000", "192.0.2.1"]);
        let address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        let ipv6 = [&[0, 0, 0, 1][..], &address, &[32, 1, 0, 0, 0, 7], &address, &[0, 9, 0, 0]].concat();
        let bytes = record(12, 2, &ipv6);
        let MrtBody::Table(dump) = parse(&bytes) else { panic!("no route") };
        assert_eq!((std::format!("{}", dump.route), dump.peer_as), ("2001:db8::/32".into(), 9));
        for len in 0..ipv6.len() {
            let bytes = record(12, 2, &ipv6[..len]);
            assert!(MrtRecord::split(&bytes).unwrap().unwrap().0.parse().unwrap_err().is_truncated(), "{len}");
        }
        let long = [&head[..8], &[33], &head[9..], &attributes].concat();
        let bytes = record(12, 1, &long);
        let error = MrtRecord::split(&bytes).unwrap().unwrap().0.parse().unwrap_err();
        let words = "MRT record is malformed: prefix length is 33, it must be at most 32";
        assert_eq!(std::format!("{error}"), words);
    }

    /// RFC 6397 §3: a collector in Zurich, a peer in London, one that keeps its place private, and one that is cut.
    #[test]
    fn places() {
        let place = |latitude: f32, longitude: f32| [latitude.to_be_bytes(), longitude.to_be_bytes()].concat();
        let zurich = [0x42, 0x3d, 0x7d, 0x56, 0x41, 0x08, 0xac, 0x71];
        assert_eq!(place(47.372_4, 8.542_1), zurich, "IEEE 754, big endian");
        let body = [
            &[192, 0, 2, 9, 0, 1, b'v'][..],
            &zurich,
            &[0, 3, 0, 192, 0, 2, 1],
            &place(51.5, -0.125),
            &[2, 192, 0, 2, 2],
            &place(f32::NAN, f32::NAN),
            &[0, 192],
        ];
        let bytes = record(13, 7, &body.concat());
        let MrtBody::GeoPeers(table) = parse(&bytes) else { panic!("no places") };
        assert_eq!((table.collector, table.view, table.count), ([192, 0, 2, 9].into(), &b"v"[..], 3));
        assert_eq!(table.place, Place { latitude: 47.372_4, longitude: 8.542_1 });
        let peers: Vec<_> = table.collect();
        let london = Place { latitude: 51.5, longitude: -0.125 };
        assert_eq!(peers[0], Ok(GeoPeer { identifier: [192, 0, 2, 1].into(), place: london }));
        assert!(peers[1].is_ok_and(|peer| peer.place.latitude.is_nan() && peer.place.longitude.is_nan()));
        assert!(peers[2].unwrap_err().is_truncated() && peers.len() == 3);
    }

    /// RFC 6396 §3: all types that end in _ET have microseconds.
    #[test]
    fn microseconds() {
        for kind in [17, 33, 49] {
            let bytes = record(kind, 99, &[0, 0, 0, 5, 7]);
            let (record, _) = MrtRecord::split(&bytes).unwrap().unwrap();
            assert_eq!((record.microseconds, record.body), (Some(5), &[7][..]), "{kind}");
        }
        for kind in [16, 32, 48] {
            let bytes = record(kind, 99, &[0, 0, 0, 5, 7]);
            let (record, _) = MrtRecord::split(&bytes).unwrap().unwrap();
            assert_eq!((record.microseconds, record.body.len()), (None, 5), "{kind}");
        }
    }

    /// RFC 6396 §4.3.4: of MP_REACH_NLRI often the next hop alone.
    #[test]
    fn next_hops() {
        let next_hop = |attributes: &[u8]| {
            let attributes = Attributes::new(attributes, 0);
            RibEntry { peer: 0, originated: 0, path_id: None, attributes }.next_hop().map(|of| std::format!("{of}"))
        };
        let reach = |value: &[u8]| next_hop(&[&[0x80, 14, value.len() as u8], value].concat());
        let (global, local) = ([0x20; 16], [0xfe; 16]);
        let told = std::format!("{}", std::net::Ipv6Addr::from(global));
        let both = std::format!("{told} {}", std::net::Ipv6Addr::from(local));
        assert_eq!(reach(&[&[16][..], &global].concat()), Some(told.clone()));
        assert_eq!(reach(&[&[32][..], &global, &local].concat()), Some(both.clone()));
        assert_eq!(reach(&[&[0, 2, 1, 32][..], &global, &local, &[0]].concat()), Some(both));
        assert_eq!(reach(&[0x40, 4, 71, 4, 192, 0, 2, 1, 0]).as_deref(), Some("192.0.2.1"));
        assert_eq!(reach(&[&[17][..], &global].concat()), None);
        assert_eq!(reach(&[0, 2, 1, 16, 1]), None);
        assert_eq!(reach(&[]), None);
        assert_eq!(next_hop(&[0x40, 3, 4, 192, 0, 2, 1]).as_deref(), Some("192.0.2.1"));
        assert_eq!(next_hop(&[0x40, 1, 1, 0]), None);
    }

    /// RFC 6396 §4.4, RFC 8050 §3: the subtypes of messages.
    #[test]
    fn messages_by_subtype() {
        let two = [0xfd, 0xe8, 0xfd, 0xe9, 0, 3, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2];
        let four = [&[0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 3, 0, 2][..], &[0x20; 16], &[0x21; 16]].concat();
        for (subtype, four_octet_as, is_local, has_path_ids) in [
            (1, false, false, false),
            (4, true, false, false),
            (6, false, true, false),
            (7, true, true, false),
            (8, false, false, true),
            (9, true, false, true),
            (10, false, true, true),
            (11, true, true, true),
        ] {
            let ends: &[u8] = if four_octet_as { &four } else { &two };
            let bytes = record(16, subtype, &[ends, &[7]].concat());
            let MrtBody::Message(message) = parse(&bytes) else { panic!("no message") };
            let told = (message.four_octet_as, message.is_local, message.has_path_ids, message.message);
            assert_eq!(told, (four_octet_as, is_local, has_path_ids, &[7][..]), "{subtype}");
            assert_eq!((message.ends.peer_as, message.ends.local_as, message.ends.interface), (65_000, 65_001, 3));
            let ends: [IpAddr; 2] = if four_octet_as {
                [[0x20; 16].into(), [0x21; 16].into()]
            } else {
                [[192, 0, 2, 1].into(), [192, 0, 2, 2].into()]
            };
            assert_eq!([message.ends.peer, message.ends.local], ends);
            let session = message.session();
            assert_eq!((session.peer_as, session.local_as, session.four_octet_as), (65_000, 65_001, four_octet_as));
            assert_eq!(session.add_path_receive.is_empty(), !has_path_ids);
            assert_eq!(
                session.peer,
                if message.ends.peer_as == message.ends.local_as { Peer::Internal } else { Peer::Unknown }
            );
        }
        let bytes = record(17, 5, &[&[0, 0, 0, 9][..], &four, &[0, 5, 0, 6]].concat());
        let MrtBody::StateChange(change) = parse(&bytes) else { panic!("no change") };
        assert_eq!((change.old, change.new, change.ends.local), (5, 6, [0x21; 16].into()));
    }

    #[test]
    fn what_is_cut_or_odd() {
        let whole = record(16, 1, &[0; 40]);
        for len in 0..whole.len() {
            assert_eq!(MrtRecord::split(&whole[..len]), Ok(None));
        }
        let (record_of_zeroes, _) = MrtRecord::split(&whole).unwrap().unwrap();
        let rule = Rule::Either(1, 2);
        let family = Error::Malformed { layer: MRT, field: "address family", value: 0, rule };
        assert_eq!(record_of_zeroes.parse(), Err(family));
        assert!(MrtRecord::split(&record(17, 1, &[0, 0, 0])).is_err());
        assert_eq!(parse(&record(48, 1, &[7])), MrtBody::Other(&[7]));
        assert!(MrtRecord::split(&record(13, 2, &[0, 0, 0, 1, 33, 0])).unwrap().unwrap().0.parse().is_err());
    }
}
