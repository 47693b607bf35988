//! TABLE_DUMP: a route a record, as tables were dumped before version 2 (RFC 6396 §4.2).
//!
//! ```text
//!  0               16              32
//!  +---------------+---------------+---------------+-------+-------+
//!  | view          | sequence      | prefix, 4 or 16 bytes | length|
//!  +-------+-------+---------------+---------------+-------+-------+
//!  | status| originated            | peer, 4 or 16 bytes … | AS    |
//!  +-------+-------+---------------+-----------------------+-------+
//!  | length        | attributes …
//!  +---------------+-------------------
//! ```

use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use super::fields::{afi_of, next_hop, read_address, write_address};
use super::record::{MRT, MrtRecord, MrtType};
use crate::attribute::{Attributes, NextHop};
use crate::family::Family;
use crate::nlri::{Nlri, Route};
use crate::session::Negotiated;
use crate::value::prefix::{Ipv4Prefix, Ipv6Prefix};
use crate::wire::Reader;

/// A route as tables were dumped before version 2 (RFC 6396 §4.2).
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
    pub(super) fn read(is_ipv6: bool, mut from: Reader<'a>) -> Result<Self, Error> {
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

    /// Writes it as a record. The bits of the prefix behind its length are 0.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the route is no prefix, if its family is not that of the peer's address, or if the
    /// attributes exceed 65535 bytes. Nothing is written then.
    pub fn write(&self, timestamp: u32, to: &mut Writer<'_>) -> Result<(), Error> {
        let (address, len) = match self.route.nlri {
            Nlri::Ipv4(prefix) => (IpAddr::V4(prefix.address()), prefix.len()),
            Nlri::Ipv6(prefix) => (IpAddr::V6(prefix.address()), prefix.len()),
            _ => {
                let (field, value) = ("family of the route", usize::from(self.route.family.afi.0));
                return Err(Error::Unbuildable { layer: MRT, field, value, rule: Rule::Either(1, 2) });
            }
        };
        let (afi, peer_afi) = (afi_of(address), usize::from(afi_of(self.peer)));
        MRT.check("address family of the peer", peer_afi, &[Rule::Exactly(afi.into())])?;
        let kind = MrtType::TABLE_DUMP;
        MrtRecord { timestamp, microseconds: None, kind, subtype: afi, body: &[] }.write_with(to, |to| {
            to.u16(self.view)?.u16(self.sequence)?;
            write_address(address, to)?;
            to.u8(len)?.u8(self.status)?.u32(self.originated)?;
            write_address(self.peer, to)?;
            to.u16(self.peer_as)?.with_len_u16(0, |to| to.write_all(&[self.attributes.as_bytes()]))?;
            Ok(())
        })
    }

    /// Where packets go next.
    #[must_use]
    pub fn next_hop(&self) -> Option<NextHop<'a>> {
        next_hop(self.attributes)
    }

    /// How the attributes are to be read: AS numbers have two bytes (RFC 6396 §4.2).
    #[must_use]
    pub const fn session(&self) -> Negotiated {
        //= RFC 6396 §4.2/two-octet
        Negotiated { four_octet_as: false, ..Negotiated::unknown() }
    }
}
