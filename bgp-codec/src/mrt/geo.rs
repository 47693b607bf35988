//! GEO_PEER_TABLE: where a collector and its peers are (RFC 6397 §3).
//!
//! ```text
//!  0                               32                              64                              96      112
//!  +-------------------------------+-------------------------------+-------------------------------+-------+
//!  | collector                     | latitude                      | longitude                     | peers |
//!  +-------+-----------------------+-------+-----------------------+-------+-----------------------+-------+
//!  | type  | identifier                    | latitude                      | longitude                     |    a peer
//!  +-------+-------------------------------+-------------------------------+-------------------------------+
//! ```

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::record::{Entries, MRT};
use super::table_dump_v2::{PeerType, header};
use crate::wire::Reader;

const GEO_PEER_TABLE: u16 = 7;

/// Where the peers of a table are (RFC 6397 §3). An iterator over them, in the order of their indexes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoPeerTable<'a> {
    /// The collector's identifier.
    pub collector: Ipv4Addr,
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
    /// A place that is not told.
    pub const PRIVATE: Self = Self { latitude: f32::NAN, longitude: f32::NAN };

    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { latitude: from.u32().map(f32::from_bits)?, longitude: from.u32().map(f32::from_bits)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(self.latitude.to_bits())?.u32(self.longitude.to_bits()).map(drop)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.latitude.is_nan() || self.longitude.is_nan() {
            true => f.write_str("private"),
            false => write!(f, "{}° north, {}° east", self.latitude, self.longitude),
        }
    }
}

/// Where a peer of a table is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoPeer {
    /// How it stands in the table of peers; neither address nor AS follow here.
    pub kind: PeerType,
    /// The peer's identifier.
    pub identifier: Ipv4Addr,
    /// Where it is.
    pub place: Place,
}

impl GeoPeer {
    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let (kind, identifier) = (from.u8().map(PeerType)?, from.u32().map(Ipv4Addr::from_bits)?);
        Ok(Self { kind, identifier, place: Place::read(from)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.kind.0)?.put(&self.identifier.octets())?;
        self.place.write(to)
    }
}

impl<'a> GeoPeerTable<'a> {
    /// A table without peers, to [`begin`](Self::begin) one.
    #[must_use]
    pub const fn new(collector: Ipv4Addr, place: Place) -> Self {
        Self { collector, place, count: 0, rest: &[] }
    }

    pub(super) fn read(mut from: Reader<'a>) -> Result<Self, Error> {
        let collector = from.u32().map(Ipv4Addr::from_bits)?;
        Ok(Self { collector, place: Place::read(&mut from)?, count: from.u16()?, rest: from.rest() })
    }

    /// Writes a record with this table's head and no peers yet. `count` is that of what is pushed.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn begin<'w, 'b>(&self, timestamp: u32, to: &'w mut Writer<'b>) -> Result<GeoPeerWriter<'w, 'b>, Error> {
        let head = |to: &mut Writer<'_>| self.place.write(to.put(&self.collector.octets())?);
        Entries::begin(&header(timestamp, GEO_PEER_TABLE), to, head).map(|entries| GeoPeerWriter { entries })
    }
}

impl Iterator for GeoPeerTable<'_> {
    type Item = Result<GeoPeer, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MRT, self.rest);
        let peer = GeoPeer::read(&mut reader);
        self.rest = if peer.is_ok() { reader.rest() } else { &[] };
        Some(peer)
    }
}

/// Where peers are, as it is being written, a peer at a time. The record is whole after each.
#[derive(Debug)]
pub struct GeoPeerWriter<'w, 'a> {
    entries: Entries<'w, 'a>,
}

impl GeoPeerWriter<'_, '_> {
    /// Writes one peer more, in the order of the table of peers.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] for the 65536th peer. The record is as it was then.
    pub fn push(&mut self, peer: &GeoPeer) -> Result<(), Error> {
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
