//! ROUTE-REFRESH: asks for routes again (RFC 2918 §3), marks where they begin and end (RFC 7313 §3.2), and carries the
//! filters of outbound route filtering (RFC 5291 §4).
//!
//! ```text
//!  0               16      24      32
//!  +---------------+-------+-------+
//!  | AFI           | subty.| SAFI  |
//!  +-------+-------+-------+-------+
//!  | when  | ORF   | length        | entries …     of subtype 0, if there are filters
//!  +-------+-------+---------------+
//! ```

use ether_ip::open_set;
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::error::Error;
use crate::family::{Afi, Family};
use crate::framer::{check_refresh_length, refresh_length};
use crate::header::{MESSAGE, MessageType, build};
pub use crate::value::orf_type::OrfType;
use crate::value::prefix::IpPrefix;
use crate::wire::Reader;

open_set! {
    /// What a ROUTE-REFRESH is for.
    pub struct Subtype(u8) {
        /// Asks for routes, or brings filters.
        REQUEST = 0, "request";
        /// Routes begin to be sent again.
        BEGIN = 1, "BoRR";
        /// Routes have been sent again.
        END = 2, "EoRR";
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct RouteRefreshHeader {
    afi: U16,
    subtype: u8,
    safi: u8,
}

/// A request for routes, or a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteRefresh<'a> {
    /// The family whose routes are meant.
    pub family: Family,
    /// What is meant. BoRR and EoRR are for peers that have told of enhanced route refresh; one that is not known is to
    /// be ignored (RFC 7313 §5).
    pub subtype: Subtype,
    /// The filters that a request brings, read with [`filters`](Self::filters).
    pub filters: &'a [u8],
}

impl<'a> RouteRefresh<'a> {
    /// A message without filters.
    #[must_use]
    pub const fn new(family: Family, subtype: Subtype) -> Self {
        Self { family, subtype, filters: &[] }
    }

    /// Reads a message's body.
    ///
    /// # Errors
    /// 7/1, with the whole message, if it is not 4 bytes; a request may have more of them (RFC 7313 §5, RFC 5291 §4).
    pub fn parse(body: &'a [u8]) -> Result<Self, Error> {
        check_refresh_length(body)?;
        let Ok((header, filters)) = RouteRefreshHeader::ref_from_prefix(body) else {
            return Err(refresh_length(body.len()));
        };
        let family = Family::new(header.afi.get(), header.safi);
        Ok(Self { family, subtype: Subtype(header.subtype), filters })
    }

    /// When the peer is to act on the filters, and the filters themselves. `None` if there are none.
    ///
    /// # Errors
    /// [`ether_ip::Error::Truncated`] from the iterator if an entry is cut.
    #[must_use]
    pub fn filters(&self) -> Option<Filters<'a>> {
        let (&when, rest) = self.filters.split_first()?;
        Some(Filters { when: When(when), rest })
    }

    /// Writes the message to the start of `to`.
    ///
    /// # Errors
    /// [`ether_ip::Error::NoRoom`] if `to` is too short, [`ether_ip::Error::Unbuildable`] if the filters make it longer
    /// than `max_len`. Nothing is written then.
    pub fn build<'b>(&self, max_len: u16, to: &'b mut [u8]) -> Result<&'b [u8], ether_ip::Error> {
        let Family { afi, safi } = self.family;
        let header = RouteRefreshHeader { afi: U16::new(afi.0), subtype: self.subtype.0, safi: safi.0 };
        build(MessageType::ROUTE_REFRESH, max_len, to, |to| to.write_all(&[header.as_bytes(), self.filters]))
    }
}

open_set! {
    /// When a peer is to act on filters (RFC 5291 §4).
    pub struct When(u8) {
        /// At once.
        IMMEDIATE = 1, "immediate";
        /// At the next request.
        DEFER = 2, "defer";
    }
}

/// Filters, grouped by their type. An iterator over the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Filters<'a> {
    /// When to act on them.
    pub when: When,
    rest: &'a [u8],
}

/// The filters of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FilterGroup<'a> {
    /// The type.
    pub kind: OrfType,
    /// The entries, read with [`prefixes`](Self::prefixes) where they are by prefix.
    pub entries: &'a [u8],
}

impl<'a> Iterator for Filters<'a> {
    type Item = Result<FilterGroup<'a>, ether_ip::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MESSAGE, self.rest);
        let group = (|| {
            let kind = OrfType(reader.u8()?);
            let len = reader.u16()?;
            Ok(FilterGroup { kind, entries: reader.take(usize::from(len))? })
        })();
        self.rest = if group.is_ok() { reader.rest() } else { &[] };
        Some(group)
    }
}

impl<'a> FilterGroup<'a> {
    /// The entries as prefixes of a family (RFC 5292 §3), where the type is [`OrfType::ADDRESS_PREFIX`] or Cisco's.
    #[must_use]
    pub const fn prefixes(&self, afi: Afi) -> PrefixFilters<'a> {
        PrefixFilters { afi, rest: self.entries }
    }
}

/// What a prefix filter does to the filters that the peer has (RFC 5291 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrefixFilter {
    /// Adds this one, or removes it.
    Change {
        /// Whether it is added.
        add: bool,
        /// Whether what it matches is let through.
        permit: bool,
        /// Its place among the others.
        sequence: u32,
        /// The least prefix length that matches; 0 if none is given.
        min_len: u8,
        /// The most; 0 if none is given.
        max_len: u8,
        /// The prefix that a route's prefix is in.
        prefix: IpPrefix,
    },
    /// Removes all.
    RemoveAll,
}

/// Prefix filters. An iterator over them.
///
/// ```text
///  0 1 2 3         8
///  +---+-+---------+
///  |act|m| reserved|    action: 0 add, 1 remove, 2 remove all; match: 0 permit, 1 deny
///  +---+-+---------+---------------+-------+-------+-------+-------------+
///  | sequence                      | minlen| maxlen| length| prefix …    |
///  +-------------------------------+-------+-------+-------+-------------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrefixFilters<'a> {
    afi: Afi,
    rest: &'a [u8],
}

impl Iterator for PrefixFilters<'_> {
    type Item = Result<PrefixFilter, ether_ip::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(MESSAGE, self.rest);
        let filter = read_filter(self.afi, &mut reader);
        self.rest = if filter.is_ok() { reader.rest() } else { &[] };
        Some(filter)
    }
}

fn read_filter(afi: Afi, from: &mut Reader<'_>) -> Result<PrefixFilter, ether_ip::Error> {
    let flags = from.u8()?;
    if flags >> 6 == 2 {
        return Ok(PrefixFilter::RemoveAll);
    }
    let sequence = from.u32()?;
    let [min_len, max_len] = from.array()?;
    let prefix = IpPrefix::read(afi, from)?;
    let (add, permit) = (flags >> 6 == 0, flags & 0x20 == 0);
    Ok(PrefixFilter::Change { add, permit, sequence, min_len, max_len, prefix })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn requests_and_marks() {
        let mut buffer = [0; 64];
        for (subtype, byte) in [(Subtype::REQUEST, 0), (Subtype::BEGIN, 1), (Subtype::END, 2), (Subtype(9), 9)] {
            let message = RouteRefresh::new(Family::IPV6_UNICAST, subtype);
            let built = message.build(4096, &mut buffer).unwrap();
            assert_eq!(built[16..], [0, 23, 5, 0, 2, byte, 1]);
            assert_eq!(RouteRefresh::parse(&built[19..]), Ok(message));
        }
    }

    /// RFC 7313 §5: 7/1, and the whole message as data.
    #[test]
    fn wrong_lengths() {
        for body in [&[][..], &[0], &[0, 1, 0], &[0, 1, 1, 1, 0], &[0, 1, 2, 1, 0, 0]] {
            let message = [&[0xff; 19][..], body].concat();
            let error = RouteRefresh::parse(body).unwrap_err();
            assert_eq!(
                error.notification(&message),
                Notification { code: NotificationCode::ROUTE_REFRESH_LENGTH, data: &message }
            );
        }
        // RFC 5291 §4: a request may bring filters.
        assert!(RouteRefresh::parse(&[0, 1, 0, 1, 1]).is_ok());
    }
    use crate::error::NotificationCode;
    use crate::message::notification::Notification;

    /// RFC 5292 §2: what the two highest bits say is done with an entry, and the next one of the match.
    #[test]
    fn what_filters_do() {
        let read = |flags: u8| {
            let entry = [flags, 0, 0, 0, 5, 0, 0, 8, 10];
            let group = FilterGroup { kind: OrfType::ADDRESS_PREFIX, entries: &entry };
            match group.prefixes(Afi::IPV4).next() {
                Some(Ok(PrefixFilter::Change { add, permit, .. })) => Some((add, permit)),
                _ => None,
            }
        };
        assert_eq!((read(0x00), read(0x20)), (Some((true, true)), Some((true, false))));
        assert_eq!((read(0x40), read(0x60)), (Some((false, true)), Some((false, false))));
        assert_eq!((read(0x80), read(0xa0), read(0x1f)), (None, None, Some((true, true))));
    }

    /// RFC 5292 §3, with an entry that goes past the end.
    #[test]
    fn prefix_filters() {
        let body = [0, 1, 0, 1, 1, 64, 0, 13, 0x20, 0, 0, 0, 5, 16, 24, 16, 10, 1, 0x80, 0x00, 9];
        let message = RouteRefresh::parse(&body).unwrap();
        let filters = message.filters().unwrap();
        assert_eq!(filters.when, When::IMMEDIATE);
        let groups: Vec<_> = filters.map(Result::unwrap).collect();
        assert_eq!((groups.len(), groups[0].kind), (1, OrfType::ADDRESS_PREFIX));
        let entries: Vec<_> = groups[0].prefixes(Afi::IPV4).collect();
        let prefix = IpPrefix::V4("10.1.0.0/16".parse().unwrap());
        let first = PrefixFilter::Change { add: true, permit: false, sequence: 5, min_len: 16, max_len: 24, prefix };
        assert_eq!(entries[..2], [Ok(first), Ok(PrefixFilter::RemoveAll)]);
        assert!(entries[2].unwrap_err().is_truncated());
        let cut = RouteRefresh { filters: &[1, 64, 0, 9, 1], ..message };
        assert!(cut.filters().unwrap().next().unwrap().unwrap_err().is_truncated());
        assert_eq!(cut.filters().unwrap().count(), 1);
        let mut buffer = [0; 64];
        assert_eq!(message.build(4096, &mut buffer).unwrap()[19..], body);
    }
}
