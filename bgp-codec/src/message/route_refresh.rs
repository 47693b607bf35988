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

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Rule, open_set};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::{Afi, Family};
use crate::header::{HEADER_LEN, MESSAGE, MessageType, build};
use crate::session::Negotiated;
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
    /// 1/2 under 4 bytes. 7/1, with the whole message, for a mark of other than 4 bytes, where both told of enhanced route refresh
    /// (RFC 7313 §5); a request may have more of them (RFC 5291 §4).
    pub fn parse(body: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        let length = (HEADER_LEN + body.len()) as u16;
        let fault = Fault::MessageLength { kind: MessageType::ROUTE_REFRESH, length, least: 23, most: 23 };
        let Ok((header, filters)) = RouteRefreshHeader::ref_from_prefix(body) else {
            return Err(Error::new(fault, NotificationCode::BAD_LENGTH, Data::Part { at: 16, len: 2 }));
        };
        let (family, subtype) = (Family::new(header.afi.get(), header.safi), Subtype(header.subtype));
        let has_marks = session.enhanced_route_refresh && session.is_known;
        if has_marks && matches!(subtype, Subtype::BEGIN | Subtype::END) && !filters.is_empty() {
            let data = Data::Part { at: 0, len: usize::from(length) };
            return Err(Error::new(fault, NotificationCode::ROUTE_REFRESH_LENGTH, data));
        }
        Ok(Self { family, subtype, filters })
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
    /// than `max_len`, or are given to a mark. Nothing is written then.
    pub fn build<'b>(&self, max_len: u16, to: &'b mut [u8]) -> Result<&'b [u8], ether_ip::Error> {
        if matches!(self.subtype, Subtype::BEGIN | Subtype::END) {
            MESSAGE.check("length of a mark's filters", self.filters.len(), &[Rule::Exactly(0)])?;
        }
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

impl FilterGroup<'_> {
    /// Writes type, length and entries: what [`RouteRefresh::filters`] has, behind a byte that says [`When`].
    ///
    /// # Errors
    /// [`ether_ip::Error::NoRoom`]; [`ether_ip::Error::Unbuildable`] if the entries are longer than 65535 bytes.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), ether_ip::Error> {
        to.u8(self.kind.0)?.with_len_u16(0, |to| to.write_all(&[self.entries]))?;
        Ok(())
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

impl PrefixFilter {
    /// Writes an entry: see [`PrefixFilters`].
    ///
    /// # Errors
    /// [`ether_ip::Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), ether_ip::Error> {
        match *self {
            Self::RemoveAll => to.write_all(&[&[0x80]]),
            Self::Change { add, permit, sequence, min_len, max_len, prefix } => {
                let flags = if add { 0 } else { 0x40 } | if permit { 0 } else { 0x20 };
                prefix.write(to.u8(flags)?.u32(sequence)?.u8(min_len)?.u8(max_len)?)
            }
        }
    }
}

/// As in `add 5 permit 10.0.0.0/8 ge 16 le 24`.
impl fmt::Display for PrefixFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Change { add, permit, sequence, min_len, max_len, prefix } = *self else {
            return f.write_str("remove all");
        };
        let (change, what) = (if add { "add" } else { "remove" }, if permit { "permit" } else { "deny" });
        write!(f, "{change} {sequence} {what} {prefix}")?;
        if min_len > 0 {
            write!(f, " ge {min_len}")?;
        }
        if max_len > 0 {
            write!(f, " le {max_len}")?;
        }
        Ok(())
    }
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
    match flags >> 6 {
        2 => return Ok(PrefixFilter::RemoveAll),
        // RFC 5291 §4 gives the fourth value no meaning: where such an entry ends nobody knows.
        3 => return Err(from.malformed("action", 3, Rule::AtMost(2))),
        _ => {}
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
            assert_eq!(RouteRefresh::parse(&built[19..], &Negotiated::assumed()), Ok(message));
        }
    }

    /// RFC 7313 §5: 7/1 and the whole message as data, for marks where both told of them; RFC 4271 §6.1: 1/2 and the length, for what
    /// is shorter than any.
    #[test]
    fn wrong_lengths() {
        let session = Negotiated::assumed();
        let told = |body: &[u8], session: &Negotiated| {
            let message = [&[0xff; 16][..], &[0, 19 + body.len() as u8, 5], body].concat();
            let error = RouteRefresh::parse(body, session).unwrap_err();
            let notification = error.notification(&message);
            (notification.code, notification.data == message, notification.data.len())
        };
        for body in [&[0, 1, 1, 1, 0][..], &[0, 1, 2, 1, 0, 0]] {
            let whole = (NotificationCode::ROUTE_REFRESH_LENGTH, true, 19 + body.len());
            assert_eq!(told(body, &session), whole);
            let without = Negotiated { enhanced_route_refresh: false, ..session };
            assert!(RouteRefresh::parse(body, &without).is_ok());
            assert!(RouteRefresh::parse(body, &Negotiated::unknown()).is_ok());
        }
        for body in [&[][..], &[0], &[0, 1, 1]] {
            assert_eq!(told(body, &session), (NotificationCode::BAD_LENGTH, false, 2));
        }
        // RFC 5291 §4: a request may bring filters. RFC 7313 §5: of other subtypes nothing is said.
        assert!(RouteRefresh::parse(&[0, 1, 0, 1, 1], &session).is_ok());
        assert!(RouteRefresh::parse(&[0, 1, 9, 1, 1], &session).is_ok());
        let mark = RouteRefresh { filters: &[1], ..RouteRefresh::new(Family::IPV4_UNICAST, Subtype::END) };
        assert!(mark.build(4096, &mut [0; 64]).is_err());
    }

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
        let group = FilterGroup { kind: OrfType::ADDRESS_PREFIX, entries: &[0xc0, 0, 0, 0, 5, 0, 0, 8, 10] };
        let words = "BGP message is malformed: action is 3, it must be at most 2";
        assert_eq!(std::format!("{}", group.prefixes(Afi::IPV4).next().unwrap().unwrap_err()), words);
    }

    /// RFC 5292 §3, with an entry that goes past the end.
    #[test]
    fn prefix_filters() {
        let body = [0, 1, 0, 1, 1, 64, 0, 13, 0x20, 0, 0, 0, 5, 16, 24, 16, 10, 1, 0x80, 0x00, 9];
        let message = RouteRefresh::parse(&body, &Negotiated::assumed()).unwrap();
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
        // Written, they are what they were read from.
        let words: Vec<_> = entries[..2].iter().map(|filter| std::format!("{}", filter.unwrap())).collect();
        assert_eq!(words, ["add 5 deny 10.1.0.0/16 ge 16 le 24", "remove all"]);
        let (mut area, mut whole) = ([0; 32], [0; 32]);
        let mut to = Writer::new(MESSAGE, &mut area);
        entries[..2].iter().try_for_each(|filter| filter.unwrap().write(&mut to)).unwrap();
        let mut group = Writer::new(MESSAGE, &mut whole);
        FilterGroup { kind: OrfType::ADDRESS_PREFIX, entries: to.written() }.write(&mut group).unwrap();
        assert_eq!(group.written(), [64, 0, 11, 0x20, 0, 0, 0, 5, 16, 24, 16, 10, 1, 0x80]);
        let remove = PrefixFilter::Change { add: false, permit: true, sequence: 9, min_len: 0, max_len: 0, prefix };
        let mut to = Writer::new(MESSAGE, &mut area);
        remove.write(&mut to).unwrap();
        assert_eq!(to.written(), [0x40, 0, 0, 0, 9, 0, 0, 16, 10, 1]);
        assert_eq!(std::format!("{remove}"), "remove 9 permit 10.1.0.0/16");
    }
}
