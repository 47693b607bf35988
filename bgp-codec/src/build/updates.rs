//! UPDATEs for routes, as few as hold them.

use core::cell::Cell;

use ether_ip::Error;
use ether_ip::writer::Writer;
use zerocopy::IntoBytes;

use super::attributes::SharedAttributes;
use super::routes::WriteRoute;
use crate::attribute::{AttributeFlags, AttributeType, Attributes, NextHop};
use crate::error::Fault;
use crate::family::Family;
use crate::header::{HEADER_LEN, MESSAGE, MessageHeader, MessageType, build};
use crate::nlri::{RouteFormat, Routes};
use crate::session::Negotiated;
use crate::validate::check::{check_routes, has_insides};

/// Where in an UPDATE the routes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
//= RFC 7606 §5.1/one
enum Place<'a> {
    Nlri,
    Withdrawn,
    Reach(Family, NextHop<'a>),
    Unreach(Family),
}

/// UPDATEs for routes: one after the other, until all routes are in one.
///
/// ```
/// use bgp_codec::attribute::{AsPath, Origin};
/// use bgp_codec::build::{SharedAttributes, Updates};
/// use bgp_codec::{Ipv4Prefix, Negotiated, Update, AttributeValue};
///
/// let session = Negotiated::assumed();
/// let blocks: [Ipv4Prefix; 2] = ["10.244.1.0/26".parse()?, "10.244.1.64/26".parse()?];
/// let values = [AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(AsPath::EMPTY), AttributeValue::NextHop([192, 0, 2, 1].into())];
/// let mut area = [0; 64];
/// let attributes = SharedAttributes::write(&values, &session, &mut area)?;
/// let mut updates = Updates::announce_ipv4(attributes, blocks.iter().copied(), &session)?;
/// let mut buffer = [0; 4096];
/// while let Some(message) = updates.next(&mut buffer)? {
///     let update = Update::parse(&message[19..], &session)?;
///     assert!(update.validate().is_accept());
///     assert!(update.nlri().map(|(_, prefix)| prefix).eq(blocks));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Updates<'a, I: Iterator> {
    place: Place<'a>,
    attributes: &'a [u8],
    format: RouteFormat,
    /// Whether more can be wrong with a route than where it ends, so that each is read back.
    has_insides: bool,
    max_len: usize,
    routes: I,
    pending: Option<I::Item>,
}

impl<'a, R: WriteRoute, I: Iterator<Item = R>> Updates<'a, I> {
    /// Announces IPv4 unicast routes in the NLRI. NEXT_HOP is among the attributes.
    ///
    /// # Errors
    /// [`Fault::FamilyNotAgreed`]; [`Fault::OtherSession`] if the attributes were written for another kind of session;
    /// [`Fault::Missing`] if ORIGIN, AS_PATH or NEXT_HOP is not among them.
    pub fn announce_ipv4(attributes: SharedAttributes<'a>, routes: I, session: &Negotiated) -> Result<Self, Fault> {
        attributes.check(true, session)?;
        Self::new(Place::Nlri, Family::IPV4_UNICAST, attributes.as_bytes(), routes, session)
    }

    /// Announces routes of any family in MP_REACH_NLRI.
    ///
    /// # Errors
    /// As [`announce_ipv4`](Self::announce_ipv4), but that NEXT_HOP is not needed; [`Fault::NextHopLength`] for a next hop that is not
    /// for the family.
    pub fn announce(
        family: Family,
        next_hop: NextHop<'a>,
        attributes: SharedAttributes<'a>,
        routes: I,
        session: &Negotiated,
    ) -> Result<Self, Fault> {
        attributes.check(false, session)?;
        next_hop.must_be_of(family, session)?;
        Self::new(Place::Reach(family, next_hop), family, attributes.as_bytes(), routes, session)
    }

    /// Withdraws routes: in MP_UNREACH_NLRI, but for IPv4 unicast.
    ///
    /// # Errors
    /// [`Fault::FamilyNotAgreed`].
    pub fn withdraw(family: Family, routes: I, session: &Negotiated) -> Result<Self, Fault> {
        let place = if family == Family::IPV4_UNICAST { Place::Withdrawn } else { Place::Unreach(family) };
        Self::new(place, family, &[], routes, session)
    }

    fn new(
        place: Place<'a>,
        family: Family,
        attributes: &'a [u8],
        routes: I,
        session: &Negotiated,
    ) -> Result<Self, Fault> {
        if !session.may_exchange(family) {
            return Err(Fault::FamilyNotAgreed(family));
        }
        if !R::can_be_of(family) {
            return Err(Fault::OtherFormat(family));
        }
        //= RFC 7911 §5/encoding
        let format = match place {
            Place::Nlri | Place::Reach(..) => session.sent(family),
            Place::Withdrawn | Place::Unreach(_) => session.sent_withdrawn(family),
        };
        let max_len = usize::from(session.max_len_built());
        let has_insides = has_insides(Routes::new(format, &[]));
        Ok(Self { place, attributes, format, has_insides, max_len, routes, pending: None })
    }

    /// Writes the next message to the start of `to`; `None` when all routes are in one. A message is as long as the session
    /// and `to` allow.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if not even one route fits; [`Error::Unbuildable`] for a route that cannot be written;
    /// [`Error::Malformed`] and [`Error::Truncated`] for one that a peer would find fault with: what was kept as it came, though its
    /// type is known, or an EVPN prefix that is reached through nothing (RFC 9136 §3.1). The route is left out.
    #[inline]
    pub fn next<'b>(&mut self, to: &'b mut [u8]) -> Result<Option<&'b [u8]>, Error> {
        let Some(first) = self.pending.take().or_else(|| self.routes.next()) else {
            return Ok(None);
        };
        let len = self.write(first, to)?;
        Ok(to.get(..len))
    }

    /// The bytes in front of the routes and behind them, at least.
    fn around(&self) -> Result<(usize, usize), Error> {
        let behind = self.attributes.len();
        Ok(match self.place {
            Place::Nlri => (behind.saturating_add(HEADER_LEN + 4), 0),
            Place::Withdrawn => (HEADER_LEN + 2, 2),
            Place::Unreach(_) => (HEADER_LEN + 4 + 4 + 3, behind),
            //= RFC 7606 §5.1/first
            Place::Reach(_, next_hop) => (next_hop.wire_len().saturating_add(HEADER_LEN + 4 + 4 + 5), behind),
        })
    }

    #[inline]
    fn write(&mut self, first: R, to: &mut [u8]) -> Result<usize, Error> {
        let (before, behind) = self.around()?;
        let available = self.max_len.min(to.len());
        let format = self.format;
        let no_room = |first: &R| {
            // What no room has room for says how much it needs.
            let needed = match first.write_route(format, &mut []) {
                Err(Error::NoRoom { needed, .. }) => needed,
                Err(other) => return other,
                Ok(len) => len,
            };
            Error::NoRoom { layer: MESSAGE, needed: before.saturating_add(needed).saturating_add(behind), available }
        };
        // The routes come first, in their place: as long as none fits, nothing else is written.
        let limit = available.saturating_sub(behind);
        let free = to.get_mut(before..limit).ok_or_else(|| no_room(&first))?;
        let mut used = first.write_route(self.format, free).map_err(|_| no_room(&first))?;
        if self.has_insides {
            self.check(free.get(..used).unwrap_or_default())?;
        }
        used = used.wrapping_add(self.write_blocks(free.get_mut(used..).unwrap_or_default()));
        while self.pending.is_none() {
            let Some(route) = self.routes.next() else { break };
            match free.get_mut(used..).map(|to| route.write_route(self.format, to)) {
                Some(Ok(len)) if self.is_good(free.get(used..used.wrapping_add(len)).unwrap_or_default()) => {
                    used = used.wrapping_add(len);
                }
                _ => self.pending = Some(route),
            }
        }
        let end = before.wrapping_add(used);
        let mut writer = Writer::new(MESSAGE, to);
        self.write_front(&mut writer)?;
        self.finish(to, before, end)
    }

    /// Reads a route back: what a peer would find fault with is not sent.
    #[cold]
    fn check(&self, route: &[u8]) -> Result<(), Error> {
        let routes = Routes::new(self.format, route);
        let announced = matches!(self.place, Place::Reach(..)).then(|| Attributes::new(self.attributes, 0));
        routes.check()?;
        check_routes(routes, announced).map_err(|wrong| {
            match wrong.fault(AttributeType::MP_REACH_NLRI, AttributeFlags::OPTIONAL) {
                Fault::Field(error) => error,
                _ => Error::Truncated { layer: MESSAGE, needed: route.len(), available: route.len() },
            }
        })
    }

    #[inline(always)]
    fn is_good(&self, route: &[u8]) -> bool {
        !self.has_insides || self.check(route).is_ok()
    }

    /// Writes routes as long as there is room for a whole block of them; how many bytes. A loop each for routes with path identifiers
    /// and without, which none of the routes has to ask for then; apart from the rest, so that what the loop needs stays in registers.
    #[inline(never)]
    fn write_blocks(&mut self, free: &mut [u8]) -> usize {
        match self.format.has_path_ids {
            true => self.write_blocks_as(RouteFormat { has_path_ids: true, ..self.format }, free),
            false => self.write_blocks_as(RouteFormat { has_path_ids: false, ..self.format }, free),
        }
    }

    /// In a block nothing is left to be checked: an offset of at most 31 in 64 bytes has room for any route that is short.
    #[inline(always)]
    fn write_blocks_as(&mut self, format: RouteFormat, free: &mut [u8]) -> usize {
        const BLOCK: usize = 64;
        const OFFSETS: usize = 31;
        let in_block = 1 + OFFSETS / R::longest(format.has_path_ids);
        let mut used = 0;
        if in_block == 1 {
            return used;
        }
        while let Some(block) = free.get_mut(used..).and_then(|free| free.first_chunk_mut::<BLOCK>()) {
            let mut at = 0;
            for _ in 0..in_block {
                let Some(route) = self.routes.next() else { return used.wrapping_add(at) };
                let to = block.get_mut(at & OFFSETS..).unwrap_or_default();
                let Ok(len) = route.write_route(format, to) else {
                    self.pending = Some(route);
                    return used.wrapping_add(at);
                };
                at = at.wrapping_add(len);
            }
            used = used.wrapping_add(at);
        }
        used
    }

    /// What stands in front of the routes, its lengths not known yet.
    fn write_front(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(MessageHeader::new(MessageType::UPDATE, 0).as_bytes())?.u16(0)?;
        let header = |kind: AttributeType| [AttributeFlags::OPTIONAL.0 | 0x10, kind.0, 0, 0];
        match self.place {
            Place::Withdrawn => {}
            Place::Nlri => {
                to.u16(self.attributes.len() as u16)?.put(self.attributes)?;
            }
            Place::Unreach(family) => {
                to.u16(0)?.put(&header(AttributeType::MP_UNREACH_NLRI))?.put(&family.to_bytes())?;
            }
            Place::Reach(family, next_hop) => {
                to.u16(0)?.put(&header(AttributeType::MP_REACH_NLRI))?.put(&family.to_bytes())?;
                //= RFC 4760 §3/reserved-zero
                to.with_len_u8(0, |to| next_hop.write(to))?.u8(0)?;
            }
        }
        Ok(())
    }

    /// Fills lengths in, and puts behind the routes what belongs there. The routes stand from `start` to `end`.
    fn finish(&self, to: &mut [u8], start: usize, mut end: usize) -> Result<usize, Error> {
        const ATTRIBUTES: usize = HEADER_LEN + 4;
        let value = end.saturating_sub(ATTRIBUTES + 4);
        match self.place {
            Place::Nlri => {}
            Place::Withdrawn => {
                set_u16(to, HEADER_LEN, end.wrapping_sub(start));
                set_u16(to, end, 0);
                end = end.wrapping_add(2);
            }
            Place::Reach(..) | Place::Unreach(_) => {
                if value > 255 {
                    set_u16(to, ATTRIBUTES + 2, value);
                } else {
                    // One byte of length is enough: what stands behind the second moves up.
                    let moved = to.get_mut(ATTRIBUTES + 3..end).unwrap_or_default();
                    let cells = Cell::from_mut(moved).as_slice_of_cells();
                    for pair in cells.windows(2) {
                        if let [to, from] = pair {
                            to.set(from.get());
                        }
                    }
                    if let Some([flags, _, len]) = to.get_mut(ATTRIBUTES..).and_then(|from| from.first_chunk_mut()) {
                        (*flags, *len) = (AttributeFlags::OPTIONAL.0, value as u8);
                    }
                    end = end.wrapping_sub(1);
                }
                let mut writer = Writer::new(MESSAGE, to.get_mut(end..).unwrap_or_default());
                writer.put(self.attributes)?;
                end = end.wrapping_add(self.attributes.len());
                set_u16(to, HEADER_LEN + 2, end.wrapping_sub(ATTRIBUTES));
            }
        }
        set_u16(to, 16, end);
        Ok(end)
    }
}

fn set_u16(to: &mut [u8], at: usize, value: usize) {
    if let Some(slot) = to.get_mut(at..).and_then(|from| from.first_chunk_mut()) {
        *slot = (value as u16).to_be_bytes();
    }
}

/// Writes the message that says that all routes of a family have been sent (RFC 4724 §2).
///
/// # Errors
/// [`Error::NoRoom`] if `to` is too short. Nothing is written then.
pub fn end_of_rib(family: Family, to: &mut [u8]) -> Result<&[u8], Error> {
    build(MessageType::UPDATE, crate::header::MAX_LEN, to, |to| {
        if family == Family::IPV4_UNICAST {
            return to.write_all(&[&[0; 4]]);
        }
        let [a, b, c] = family.to_bytes();
        to.write_all(&[&[0, 0, 0, 6, AttributeFlags::OPTIONAL.0, AttributeType::MP_UNREACH_NLRI.0, 3, a, b, c]])
    })
}
