//! UPDATE: withdraws and announces routes (RFC 4271 §4.3).
//!
//! ```text
//!  0               16
//!  +---------------+-------------------------+
//!  | length        | withdrawn routes …      |
//!  +---------------+-------------------------+
//!  | length        | path attributes …       |
//!  +---------------+-------------------------+
//!  | NLRI …                                  |
//!  +-----------------------------------------+
//! ```
//!
//! Withdrawn routes and NLRI are IPv4 prefixes. Routes of all other families stand in the attributes MP_UNREACH_NLRI and
//! MP_REACH_NLRI (RFC 4760).

use core::net::Ipv4Addr;

use ether_ip::view::unlikely;

use crate::attribute::as_path::Merged;
use crate::attribute::{
    Aggregator, AsPath, Attribute, AttributeFlags, AttributeType, AttributeValue, Attributes, MpReach, MpUnreach,
    NextHop,
};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::Family;
use crate::header::HEADER_LEN;
use crate::nlri::{Ipv4Routes, Route, Routes};
use crate::session::Negotiated;
use crate::value::as_number::AS_TRANS;

/// An UPDATE: its three parts, found. Whether they are good is asked with [`validate`](Self::validate); what is read from
/// them without asking is what can be read.
///
/// ```
/// use bgp_codec::{Family, Negotiated, Update};
///
/// // 10.0.0.0/8 is withdrawn, 192.0.2.0/24 is announced.
/// let body = [
///     0, 2, 8, 10, // withdrawn routes
///     0, 20, 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1, // ORIGIN, AS_PATH, NEXT_HOP
///     24, 192, 0, 2, // NLRI
/// ];
/// let session = Negotiated::assumed();
/// let update = Update::parse(&body, &session)?;
/// assert!(update.validate().is_accept());
/// assert!(update.withdrawn().map(|route| route.to_string()).eq(["10.0.0.0/8"]));
/// assert!(update.announced().map(|route| route.to_string()).eq(["192.0.2.0/24"]));
/// assert_eq!(update.next_hop(Family::IPV4_UNICAST).unwrap().to_string(), "192.0.2.1");
/// # Ok::<(), bgp_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    session: &'a Negotiated,
    withdrawn: &'a [u8],
    attributes: &'a [u8],
    nlri: &'a [u8],
}

impl<'a> Update<'a> {
    /// Finds the three parts of a message's body.
    ///
    /// # Errors
    /// 3/1 if the lengths exceed the body (RFC 4271 §6.3, RFC 7606 §3 b).
    #[inline]
    pub fn parse(body: &'a [u8], session: &'a Negotiated) -> Result<Self, Error> {
        let split = |bytes: &'a [u8]| {
            let (len, behind) = bytes.split_first_chunk()?;
            behind.split_at_checked(usize::from(u16::from_be_bytes(*len)))
        };
        let parts = split(body).and_then(|(withdrawn, rest)| {
            let (attributes, nlri) = split(rest)?;
            Some(Self { session, withdrawn, attributes, nlri })
        });
        //= RFC 7606 §3.b
        parts.ok_or_else(|| {
            unlikely();
            lengths_error(body)
        })
    }

    /// What the session agreed on.
    #[inline]
    #[must_use]
    pub const fn session(&self) -> &'a Negotiated {
        self.session
    }

    /// The withdrawn routes that stand in front: IPv4 unicast.
    #[inline]
    #[must_use]
    pub const fn withdrawn_routes(&self) -> Ipv4Routes<'a> {
        self.plain(self.withdrawn)
    }

    /// The NLRI that stands at the end: IPv4 unicast.
    #[inline]
    #[must_use]
    pub const fn nlri(&self) -> Ipv4Routes<'a> {
        self.plain(self.nlri)
    }

    #[inline]
    const fn plain(&self, bytes: &'a [u8]) -> Ipv4Routes<'a> {
        Ipv4Routes::new(self.session.add_path_receive.contains(Family::IPV4_UNICAST), bytes)
    }

    /// The attributes, in the order in which they stand.
    #[inline]
    #[must_use]
    pub const fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.attributes, self.attributes_offset())
    }

    /// Where the attributes begin, in bytes from the message's marker.
    #[inline]
    pub(crate) const fn attributes_offset(&self) -> usize {
        self.withdrawn.len().saturating_add(HEADER_LEN + 4)
    }

    /// Where the NLRI begins, in bytes from the message's marker.
    #[inline]
    pub(crate) const fn nlri_offset(&self) -> usize {
        self.attributes_offset().saturating_add(self.attributes.len())
    }

    /// Whether plain routes are announced.
    #[inline]
    pub(crate) const fn has_nlri(&self) -> bool {
        !self.nlri.is_empty()
    }

    /// The three parts as bytes: withdrawn routes, attributes, NLRI.
    #[inline]
    pub(crate) const fn parts(&self) -> (&'a [u8], &'a [u8], &'a [u8]) {
        (self.withdrawn, self.attributes, self.nlri)
    }

    /// The first attribute of a type.
    #[inline]
    #[must_use]
    pub fn attribute(&self, kind: AttributeType) -> Option<Attribute<'a>> {
        self.attributes().find(|attribute| attribute.kind == kind)
    }

    /// The first attribute of a type, read; `None` too if it cannot be.
    #[must_use]
    pub fn value(&self, kind: AttributeType) -> Option<AttributeValue<'a>> {
        self.attribute(kind)?.parse(self.session).ok()
    }

    /// The routes of any family that are announced, with their next hop.
    #[must_use]
    //= RFC 7606 §5.1/any-position
    pub fn mp_reach(&self) -> Option<MpReach<'a>> {
        MpReach::parse(self.attribute(AttributeType::MP_REACH_NLRI)?.value, self.session).ok()
    }

    /// The routes of any family that are withdrawn.
    #[must_use]
    pub fn mp_unreach(&self) -> Option<MpUnreach<'a>> {
        MpUnreach::parse(self.attribute(AttributeType::MP_UNREACH_NLRI)?.value, self.session).ok()
    }

    /// All routes that are announced, wherever they stand.
    //= RFC 7606 §5.1/any-combination
    pub fn announced(&self) -> impl Iterator<Item = Route<'a>> + use<'a> {
        self.nlri().routes().chain(self.mp_reach().map_or(Routes::NONE, |reach| reach.routes))
    }

    /// All routes that are withdrawn, wherever they stand.
    pub fn withdrawn(&self) -> impl Iterator<Item = Route<'a>> + use<'a> {
        self.withdrawn_routes().routes().chain(self.mp_unreach().map_or(Routes::NONE, |unreach| unreach.routes))
    }

    /// All routes that are announced, each with where packets for it go next: NEXT_HOP for those at the end, what MP_REACH_NLRI says
    /// for those in it (RFC 4760 §3), also where both are of one family. Either is looked for once.
    pub fn announced_with_next_hops(&self) -> impl Iterator<Item = (Route<'a>, Option<NextHop<'a>>)> + use<'a> {
        let plain = if self.has_nlri() { self.plain_next_hop().map(NextHop::Ipv4) } else { None };
        let (routes, next_hop) = self.mp_reach().map_or((Routes::NONE, None), |of| (of.routes, Some(of.next_hop())));
        self.nlri().routes().map(move |route| (route, plain)).chain(routes.map(move |route| (route, next_hop)))
    }

    /// Where packets for the announced routes of a family go next. IPv4 unicast routes can stand at the end and in MP_REACH_NLRI, with
    /// a next hop each: then it is that of those at the end. [`announced_with_next_hops`](Self::announced_with_next_hops) tells of
    /// each route.
    #[must_use]
    pub fn next_hop(&self, family: Family) -> Option<NextHop<'a>> {
        if family == Family::IPV4_UNICAST && self.has_nlri() {
            return self.plain_next_hop().map(NextHop::Ipv4);
        }
        //= RFC 4760 §3/next-hop-ignored
        self.mp_reach().filter(|reach| reach.family == family).map(|reach| reach.next_hop())
    }

    /// The attribute NEXT_HOP.
    #[must_use]
    pub fn plain_next_hop(&self) -> Option<Ipv4Addr> {
        match self.value(AttributeType::NEXT_HOP)? {
            AttributeValue::NextHop(address) => Some(address),
            _ => None,
        }
    }

    /// The path, with AS4_PATH merged in where the session has 2-octet AS numbers (RFC 6793 §4.2.3).
    #[must_use]
    pub fn as_path(&self) -> Option<Merged<'a>> {
        let AttributeValue::AsPath(path) = self.value(AttributeType::AS_PATH)? else {
            return None;
        };
        Some(path.merged(self.as4_path()))
    }

    fn as4_path(&self) -> Option<AsPath<'a>> {
        if self.session.four_octet_as {
            return None;
        }
        // Who knew two octets has aggregated, and dropped what AS4_PATH knows of.
        //= RFC 6793 §4.2.3/aggregator
        if self.aggregators().is_some_and(|(two, four)| four.is_some() && two.as_number != u32::from(AS_TRANS)) {
            return None;
        }
        match self.value(AttributeType::AS4_PATH)? {
            // One with AS number 0 is discarded (RFC 7607 §2).
            AttributeValue::As4Path(path) if !path.contains(0) => Some(path),
            _ => None,
        }
    }

    /// AGGREGATOR and AS4_AGGREGATOR. One with AS number 0 is discarded (RFC 7607 §2), as one that cannot be read is.
    fn aggregators(&self) -> Option<(Aggregator, Option<Aggregator>)> {
        let value = |kind| match self.value(kind)? {
            AttributeValue::Aggregator(of) | AttributeValue::As4Aggregator(of) => {
                Some(of).filter(|of| of.as_number != 0)
            }
            _ => None,
        };
        Some((value(AttributeType::AGGREGATOR)?, value(AttributeType::AS4_AGGREGATOR)))
    }

    /// Who formed the aggregate, with AS4_AGGREGATOR in AGGREGATOR's place where the session has 2-octet AS numbers and the first
    /// says AS_TRANS (RFC 6793 §4.2.3).
    #[must_use]
    pub fn aggregator(&self) -> Option<Aggregator> {
        let (two, four) = self.aggregators()?;
        let is_trans = !self.session.four_octet_as && two.as_number == u32::from(AS_TRANS);
        Some(four.filter(|_| is_trans).unwrap_or(two))
    }

    /// The family of which all routes have been sent, if the message says so (RFC 4724 §2): no routes and no attributes, or
    /// MP_UNREACH_NLRI alone and without routes.
    #[must_use]
    pub fn end_of_rib(&self) -> Option<Family> {
        if !self.withdrawn.is_empty() || self.has_nlri() {
            return None;
        }
        if self.attributes.is_empty() {
            return Some(Family::IPV4_UNICAST);
        }
        let only = self.attributes().next()?;
        let is_whole = only.kind == AttributeType::MP_UNREACH_NLRI && only.wire_len() == self.attributes.len();
        match *only.value {
            [high, low, safi] if is_whole && only.flags.is_same_category(AttributeFlags::OPTIONAL) => {
                Some(Family::new(u16::from_be_bytes([high, low]), safi))
            }
            _ => None,
        }
    }
}

#[cold]
//= RFC 4271 §6.3/lengths
fn lengths_error(body: &[u8]) -> Error {
    let length =
        |at: usize| body.get(at..).and_then(|from| from.first_chunk()).map_or(0, |len| u16::from_be_bytes(*len));
    let withdrawn = usize::from(length(0));
    let attributes = usize::from(length(2 + withdrawn));
    let fault = Fault::UpdateLengths { withdrawn, attributes, body: body.len() };
    Error::new(fault, NotificationCode::MALFORMED_ATTRIBUTES, Data::None)
}
