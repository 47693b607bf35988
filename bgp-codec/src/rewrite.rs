//! Changing a received UPDATE on its way: a route server's hot path. One pass over the attributes; what is not changed is
//! copied as it is, and the routes in one piece.
//!
//! What goes from one kind of peer to another loses what may not go there, whatever the change says:
//!
//! | attribute | is left out | RFC |
//! | --- | --- | --- |
//! | LOCAL_PREF | to an external peer | 4271 §5.1.5 |
//! | ORIGINATOR_ID, CLUSTER_LIST | to an external peer | 4456 §8 |
//! | MULTI_EXIT_DISC | to an external peer, if another AS told it | 4271 §5.1.4 |
//! | confederation segments | to an external peer | 5065 §4 |
//! | what the outcome discards, and what stands there again | always | 7606 §2, §3 g |

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::IntoBytes;

use crate::attribute::body::Body;
use crate::attribute::mp_reach::next_hop_parts;
use crate::attribute::{
    AsPath, Attribute, AttributeType, AttributeValue, Community, LargeCommunities, LargeCommunity, MpReach, MpUnreach,
    NextHop, SegmentType, write_header,
};
use crate::error::Fault;
use crate::family::{Afi, Family};
use crate::header::{HEADER_LEN, MESSAGE, MessageType};
use crate::message::update::Update;
use crate::session::{AsSize, Negotiated, Peer};
use crate::validate::check::{check_routes, check_value, has_insides, is_host};
use crate::validate::{AttributeSet, Outcome};
use crate::value::as_number::write_as;

/// What is changed.
///
/// ```
/// use bgp_codec::attribute::Community;
/// use bgp_codec::rewrite::Rewrite;
/// use bgp_codec::{Family, Negotiated, Update};
///
/// let body = [0, 0, 0, 20, 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1, 24, 192, 0, 2];
/// let session = Negotiated::assumed();
/// let update = Update::parse(&body, &session)?;
/// let outcome = update.validate();
/// let communities = [Community::NO_EXPORT];
/// let next_hops = [(Family::IPV4_UNICAST, std::net::IpAddr::from([203, 0, 113, 1]).into())];
/// let change = Rewrite { prepend: &[65_001], next_hops: &next_hops, communities: &communities, ..Rewrite::default() };
/// let mut buffer = [0; 4096];
/// let message = change.write(&update, &outcome, &session, &mut buffer)?;
/// let changed = Update::parse(&message[19..], &session)?;
/// assert!(changed.as_path().unwrap().map(|segment| segment.to_string()).eq(["65001 65000"]));
/// assert_eq!(changed.next_hop(Family::IPV4_UNICAST).unwrap().to_string(), "203.0.113.1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewrite<'a> {
    /// AS numbers to be put in front of the path, in the order in which they will stand there: as AS_CONFED_SEQUENCE for a peer that
    /// is another member of the confederation (RFC 5065 §4), else as AS_SEQUENCE.
    pub prepend: &'a [u32],
    /// The new next hops, one a family; those of other families stay as they are. That of IPv4 unicast stands in NEXT_HOP and, where
    /// such routes are in it, in MP_REACH_NLRI.
    pub next_hops: &'a [(Family, NextHop<'a>)],
    /// Communities to be added, if routes are announced: what withdraws routes or ends a table (RFC 4724 §2) has none.
    pub communities: &'a [Community],
    /// Attributes to be left out.
    pub remove: AttributeSet,
    /// The preference that an internal peer is told with the routes, in place of one that is there (RFC 4271 §5.1.5). An external
    /// peer's routes have none, so that it is to be given for them.
    pub local_pref: Option<u32>,
    /// Whether MULTI_EXIT_DISC is passed on to external peers, though another AS told it: a route server's way (RFC 7947 §2.2.3).
    pub keep_multi_exit_disc: bool,
    /// Whether attributes that are not known here are passed on as a speaker has to (RFC 4271 §5): with the Partial flag if
    /// they are transitive, not at all if they are not.
    pub mark_unknown: bool,
}

impl Rewrite<'_> {
    /// Writes the changed message to the start of `to`. `outcome` is what [`Update::validate`] said of the message.
    ///
    /// # Errors
    /// [`Fault::Field`] if `to` is too short, if the message would be longer than the session to which it is sent allows, if that
    /// session has AS numbers of another size, if more than 255 AS numbers are to be put in front, or one that takes four bytes in a
    /// session that has two: that would need an AS4_PATH of its own (RFC 6793 §4.2.2), which
    /// [`SharedAttributes`](crate::build::SharedAttributes) builds. [`Fault::NotPassedOn`] for an outcome that is neither to accept nor
    /// to discard attributes. [`Fault::FamilyNotAgreed`], [`Fault::OtherFormat`], [`Fault::NextHopLength`] and [`Fault::NextHop`] for
    /// routes and next hops that the session does not take, changed or not. [`Fault::Missing`] if what must be there is removed, and
    /// what is found in a path that the session does not take: a set (RFC 9774), one that does not begin in the confederation.
    pub fn write<'b>(
        &self,
        update: &Update<'_>,
        outcome: &Outcome,
        session: &Negotiated,
        to: &'b mut [u8],
    ) -> Result<&'b [u8], Fault> {
        let gone = match outcome {
            Outcome::Accept => None,
            Outcome::AttributeDiscard(discarded) => Some(*discarded),
            Outcome::RouteDiscard => return Err(Fault::NotPassedOn("routes are left out of it")),
            Outcome::TreatAsWithdraw => return Err(Fault::NotPassedOn("its routes are withdrawn")),
            Outcome::DisableFamily { .. } => return Err(Fault::NotPassedOn("a family is disabled")),
            Outcome::SessionReset(_) => return Err(Fault::NotPassedOn("the session is reset")),
        };
        let from = update.session();
        let unbuildable = |field, value, rule| Err(Error::Unbuildable { layer: MESSAGE, field, value, rule }.into());
        if from.four_octet_as != session.four_octet_as {
            let (has, value) = (from.as_size().bytes(), session.as_size().bytes());
            return unbuildable("AS number size", value, Rule::Exactly(has as u32));
        }
        if let Some(number) = self.prepend.iter().find(|number| !session.four_octet_as && **number > 0xffff) {
            return unbuildable("AS number", *number as usize, Rule::AtMost(0xffff));
        }
        let (withdrawn, _, nlri) = update.parts();
        if !withdrawn.is_empty() || !nlri.is_empty() {
            check_family(Family::IPV4_UNICAST, from, session)?;
        }
        let change = Change { rewrite: self, update, session, announces: announces(update) };
        let mut writer = Writer::new(MESSAGE, &mut *to);
        writer.put(&EMPTY)?;
        if !withdrawn.is_empty() {
            writer.truncate(HEADER_LEN);
            writer.u16(withdrawn.len() as u16)?.put(withdrawn)?.u16(0)?;
        }
        let start = writer.len();
        change.write(gone, &mut writer)?;
        let len = MESSAGE.fit_u16("length of the attributes", writer.len().saturating_sub(start))?;
        writer.put(nlri)?;
        let (attributes_len, len) = (len, writer.len());
        let most = session.max_len_built();
        if len > usize::from(most) {
            return unbuildable("length", len, Rule::AtMost(u32::from(most)));
        }
        for (at, len) in [(HEADER_LEN - 3, len as u16), (start.wrapping_sub(2), attributes_len)] {
            if let Some(slot) = to.get_mut(at..).and_then(|from| from.first_chunk_mut()) {
                *slot = len.to_be_bytes();
            }
        }
        Ok(to.get(..len).unwrap_or_default())
    }

    fn next_hop(&self, family: Family) -> Option<NextHop<'_>> {
        self.next_hops.iter().find(|(of, _)| *of == family).map(|(_, next_hop)| *next_hop)
    }
}

/// A message of nothing, its length still to be filled in.
const EMPTY: [u8; HEADER_LEN + 4] = {
    let mut message = [0xff; HEADER_LEN + 4];
    let [.., high, low, kind, a, b, c, d] = &mut message;
    [*high, *low, *kind, *a, *b, *c, *d] = [0, 0, MessageType::UPDATE.0, 0, 0, 0, 0];
    message
};

/// A change of one message.
struct Change<'c, 'a> {
    rewrite: &'c Rewrite<'c>,
    update: &'c Update<'a>,
    session: &'c Negotiated,
    announces: bool,
}

/// What has still to be written: into what is there, or in its place among the types.
struct Due<'c> {
    local_pref: Option<u32>,
    communities: &'c [Community],
    /// Behind this type it is late, unless it still comes: nobody has to send attributes in order.
    late: AttributeType,
}

impl Due<'_> {
    /// What is behind a type is the next to be late.
    #[inline(always)]
    fn pass(&mut self, kind: AttributeType) {
        self.late = if kind < AttributeType::LOCAL_PREF && self.local_pref.is_some() {
            AttributeType::LOCAL_PREF
        } else if kind < AttributeType::COMMUNITIES && !self.communities.is_empty() {
            AttributeType::COMMUNITIES
        } else {
            AttributeType(u8::MAX)
        };
    }

    /// The types before which nothing is late and with which nothing due is written: a bit for each below 64.
    #[inline(always)]
    fn in_time(&self) -> u64 {
        match self.late {
            AttributeType(u8::MAX) if self.communities.is_empty() => u64::MAX,
            AttributeType(u8::MAX) => !bit(AttributeType::COMMUNITIES),
            late => bit(late).wrapping_sub(1),
        }
    }
}

impl<'a> Change<'_, 'a> {
    fn write(&self, gone: Option<AttributeSet>, to: &mut Writer<'_>) -> Result<(), Fault> {
        // What is passed over: what is left out, and what was there already, of which a message that was found good has nothing.
        let mut over = self.left_out().or(gone.unwrap_or(AttributeSet::EMPTY));
        let mut due = Due {
            local_pref: self.rewrite.local_pref.filter(|_| self.announces && self.session.peer == Peer::Internal),
            communities: if self.announces { self.rewrite.communities } else { &[] },
            late: AttributeType(0),
        };
        due.pass(AttributeType(0));
        let stay = if gone.is_some() { 0 } else { self.stay(&over) };
        let mut staying = stay & due.in_time();
        let mut attributes = self.update.attributes();
        loop {
            let run = attributes.as_bytes();
            attributes.skip_all(staying);
            let here = attributes.as_bytes();
            if here.len() < run.len() {
                put_start(run, run.len().saturating_sub(here.len()), to)?;
            }
            let Some(attribute) = attributes.next() else { break };
            if over.contains(attribute.kind) {
                continue;
            }
            if gone.is_some() {
                over.insert(attribute.kind);
            }
            if attribute.kind > due.late {
                self.write_due(attribute.kind, &over, &mut due, to)?;
                staying = stay & due.in_time();
            }
            match attribute.kind {
                AttributeType::AS_PATH => self.write_path(attribute, here, to)?,
                AttributeType::NEXT_HOP => self.write_next_hop(attribute, here, to)?,
                AttributeType::LOCAL_PREF if self.rewrite.local_pref.is_some() => {
                    if let Some(value) = due.local_pref.take() {
                        AttributeValue::LocalPref(value).write(self.session.as_size(), to)?;
                    }
                    due.pass(attribute.kind);
                    staying = stay & due.in_time();
                }
                AttributeType::MP_REACH_NLRI => self.write_reach(attribute, gone.is_some(), to)?,
                AttributeType::MP_UNREACH_NLRI => self.write_unreach(attribute, gone.is_some(), to)?,
                AttributeType::COMMUNITIES if !due.communities.is_empty() => {
                    write_communities(attribute, here, due.communities, to)?;
                    due.communities = &[];
                    due.pass(attribute.kind);
                    staying = stay & due.in_time();
                }
                AttributeType::LARGE_COMMUNITY if attribute.value.len() > size_of::<LargeCommunity>() => {
                    self.write_large_communities(attribute, to)?;
                }
                kind if self.rewrite.mark_unknown && !kind.is_known() => {
                    if let Some(attribute) = attribute.passed_on() {
                        attribute.write(to)?;
                    }
                }
                _ => put_start(here, attribute.wire_len(), to)?,
            }
        }
        if due.late != AttributeType(u8::MAX) {
            self.write_due(AttributeType(u8::MAX), &over, &mut due, to)?;
        }
        if self.announces && self.rewrite.remove != AttributeSet::EMPTY { self.check_removed() } else { Ok(()) }
    }

    /// The types whose attributes stay as they are, whatever they hold and whatever is due: a bit for each below 64.
    #[inline(always)]
    fn stay(&self, over: &AttributeSet) -> u64 {
        let known = if self.rewrite.mark_unknown { KNOWN } else { u64::MAX };
        let local_pref = if self.rewrite.local_pref.is_some() { bit(AttributeType::LOCAL_PREF) } else { 0 };
        known & !(LOOKED_AT | over.first() | local_pref)
    }

    /// Writes what is late in front of a type and does not come any more, looked for once.
    #[cold]
    #[inline(never)]
    fn write_due(
        &self,
        kind: AttributeType,
        over: &AttributeSet,
        due: &mut Due<'_>,
        to: &mut Writer<'_>,
    ) -> Result<(), Fault> {
        // These stand in front of all.
        if matches!(kind, AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI) {
            return Ok(());
        }
        while due.late < kind {
            let late = due.late;
            let comes = !over.contains(late) && self.update.attribute(late).is_some();
            if !comes && late == AttributeType::LOCAL_PREF {
                let local_pref = due.local_pref.take().map(AttributeValue::LocalPref);
                local_pref.map_or(Ok(()), |value| value.write(self.session.as_size(), to))?;
            } else if !comes {
                AttributeValue::Communities(due.communities).write(self.session.as_size(), to)?;
                due.communities = &[];
            }
            due.pass(late);
        }
        Ok(())
    }

    /// Refuses to take away what must be there where routes are announced.
    #[cold]
    fn check_removed(&self) -> Result<(), Fault> {
        let mandatory =
            [AttributeType::ORIGIN, AttributeType::AS_PATH, AttributeType::BGPSEC_PATH, AttributeType::NEXT_HOP];
        let needed = if self.update.has_nlri() { 4 } else { 3 };
        let mut removed = mandatory.into_iter().take(needed).filter(|kind| self.rewrite.remove.contains(*kind));
        match removed.find(|kind| self.update.attribute(*kind).is_some()) {
            Some(kind) => Err(Fault::Missing(kind.layer())),
            None => Ok(()),
        }
    }

    /// What is not passed on from such a peer to such a one.
    fn left_out(&self) -> AttributeSet {
        let set = self.rewrite.remove;
        if self.session.peer != Peer::External {
            return set;
        }
        //= RFC 4271 §5.1.5/external
        //= RFC 4456 §8/external
        let set =
            set.with(AttributeType::LOCAL_PREF).with(AttributeType::ORIGINATOR_ID).with(AttributeType::CLUSTER_LIST);
        //= RFC 4271 §5.1.4/other-as
        let is_told = || self.update.session().peer == Peer::External || has_length(self.update);
        match self.rewrite.keep_multi_exit_disc || !is_told() {
            true => set,
            false => set.with(AttributeType::MULTI_EXIT_DISC),
        }
    }

    /// The path with AS numbers in front: in its first segment, if that is of their kind and has room for them.
    #[inline(always)]
    fn write_path(&self, attribute: Attribute<'a>, here: &[u8], to: &mut Writer<'_>) -> Result<(), Fault> {
        let size = self.update.session().as_size();
        let peer = self.session.peer;
        let count = self.rewrite.prepend.len();
        let is_same_kind = peer == self.update.session().peer
            && self.session.may_have_as_sets >= self.update.session().may_have_as_sets
            && peer != Peer::Confederation;
        if is_same_kind && count == 0 {
            return Ok(put_start(here, attribute.wire_len(), to)?);
        }
        let kind = if peer == Peer::Confederation { SegmentType::CONFED_SEQUENCE } else { SegmentType::SEQUENCE };
        let short = MESSAGE.fit_u8("segment length", count)?;
        if !is_same_kind {
            if let Some(path) = self.path_of_another_kind(attribute)? {
                return self.write_path_outside(attribute, path, to);
            }
            if count == 0 {
                return Ok(put_start(here, attribute.wire_len(), to)?);
            }
        }
        let (joined, rest) = match attribute.value {
            [of, first, rest @ ..] if *of == kind.0 && first.checked_add(short).is_some() => {
                (first.saturating_add(short), rest)
            }
            all => (short, all),
        };
        let len = (usize::from(short) * size.bytes() + 2).saturating_add(rest.len());
        write_header(attribute.flags, attribute.kind, len, to)?;
        match (self.rewrite.prepend, size) {
            ([one], AsSize::Four) => {
                // As one number: single bytes, stored to be loaded together, would have to be waited for.
                let bytes = u64::from(kind.0) << 56 | u64::from(joined) << 48 | u64::from(*one) << 16;
                to.put_first(&bytes.to_be_bytes(), 6)?;
            }
            (more, _) => {
                to.put(&[kind.0, joined])?;
                write_each(more, size, to)?;
            }
        }
        let rest_at = attribute.wire_len().saturating_sub(rest.len());
        Ok(put_start(here.get(rest_at..).unwrap_or_default(), rest.len(), to)?)
    }

    /// Looks whether a path may go to a peer that is of another kind than the one it came from: itself if it cannot stay as it is.
    #[inline(never)]
    fn path_of_another_kind(&self, attribute: Attribute<'a>) -> Result<Option<AsPath<'a>>, Fault> {
        let path = AsPath::parse(attribute.kind.layer(), self.update.session().as_size(), attribute.value)?;
        let peer = self.session.peer;
        if peer == Peer::External && path.has_confederation() {
            return Ok(Some(path));
        }
        let first = path.segments().next().map(|segment| segment.kind);
        let is_confederation = !self.rewrite.prepend.is_empty() || first == Some(SegmentType::CONFED_SEQUENCE);
        if peer == Peer::Confederation && !is_confederation {
            return Err(Fault::ConfederationMissing);
        }
        let as_it_goes = Negotiated { peer: Peer::Internal, ..*self.session };
        check_value(AttributeValue::AsPath(path), &as_it_goes, false)
            .map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))?;
        Ok(None)
    }

    //= RFC 5065 §4/outside
    /// The same where a path leaves the confederation: without its segments (RFC 5065 §4), which nobody outside takes.
    #[cold]
    fn write_path_outside(&self, attribute: Attribute<'a>, path: AsPath<'a>, to: &mut Writer<'_>) -> Result<(), Fault> {
        let size = self.update.session().as_size();
        let short = MESSAGE.fit_u8("segment length", self.rewrite.prepend.len())?;
        if let Some(set) = path.segments().find(|of| of.kind == SegmentType::SET && !self.session.may_have_as_sets) {
            return Err(Fault::AsSet(attribute.kind.layer(), set.kind));
        }
        let write = |to: &mut Writer<'_>| {
            if short > 0 {
                to.write_all(&[&[SegmentType::SEQUENCE.0, short]])?;
                write_each(self.rewrite.prepend, size, to)?;
            }
            path.write_without_confederation(size, to)
        };
        let mut counted = Writer::count(MESSAGE);
        write(&mut counted)?;
        write_header(attribute.flags, attribute.kind, counted.len(), to)?;
        Ok(write(to)?)
    }

    #[inline(always)]
    fn write_next_hop(&self, attribute: Attribute<'a>, here: &[u8], to: &mut Writer<'_>) -> Result<(), Fault> {
        match self.rewrite.next_hop(Family::IPV4_UNICAST) {
            Some(NextHop::Ipv4(address)) => {
                if !is_host(address) {
                    return Err(Fault::NextHop(address));
                }
                write_header(attribute.flags, attribute.kind, 4, to)?;
                to.put(&address.octets())?;
                Ok(())
            }
            // One of IPv6 has room in MP_REACH_NLRI alone (RFC 8950 §3).
            Some(other) if self.update.has_nlri() => {
                Err(Fault::NextHopLength { family: Family::IPV4_UNICAST, len: other.wire_len() })
            }
            _ => Ok(put_start(here, attribute.wire_len(), to)?),
        }
    }

    //= RFC 8092 §3/once
    #[inline(never)]
    fn write_large_communities(&self, attribute: Attribute<'a>, to: &mut Writer<'_>) -> Result<(), Fault> {
        let all = LargeCommunities::read(attribute.kind.layer(), attribute.value, self.session)?;
        match all.has_repeated() {
            true => AttributeValue::LargeCommunities(all).write_with(attribute.flags, self.session.as_size(), to)?,
            false => attribute.write(to)?,
        }
        Ok(())
    }

    #[inline(never)]
    fn write_unreach(&self, attribute: Attribute<'a>, has_findings: bool, to: &mut Writer<'_>) -> Result<(), Fault> {
        let unreach = MpUnreach::parse(attribute.value, self.update.session())?;
        check_family(unreach.family, self.update.session(), self.session)?;
        if has_findings && has_insides(unreach.routes) {
            check_routes(unreach.routes, None).map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))?;
        }
        Ok(attribute.write(to)?)
    }

    #[inline(never)]
    fn write_reach(&self, attribute: Attribute<'a>, has_findings: bool, to: &mut Writer<'_>) -> Result<(), Fault> {
        let reach = MpReach::parse(attribute.value, self.update.session())?;
        check_family(reach.family, self.update.session(), self.session)?;
        if has_findings && has_insides(reach.routes) {
            check_routes(reach.routes, Some(self.update.attributes()))
                .map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))?;
        }
        let next_hop = self.rewrite.next_hop(reach.family);
        next_hop.unwrap_or(reach.next_hop()).must_be_of(reach.family, self.session)?;
        let (Some(next_hop), Some((family, behind))) = (next_hop, next_hop_parts(attribute.value)) else {
            return Ok(attribute.write(to)?);
        };
        let len = (family.len() + 1).saturating_add(next_hop.wire_len()).saturating_add(behind.len());
        write_header(attribute.flags, attribute.kind, len, to)?;
        to.put(family)?.with_len_u8(0, |to| next_hop.write(to))?.put(behind)?;
        Ok(())
    }
}

/// Refuses routes that a session does not take as another had them.
fn check_family(family: Family, from: &Negotiated, to: &Negotiated) -> Result<(), Fault> {
    if !to.may_exchange(family) {
        return Err(Fault::FamilyNotAgreed(family));
    }
    let (has, needs) = (from.received(family), to.sent(family));
    let has_labels = matches!(family.afi, Afi::IPV4 | Afi::IPV6) && matches!(family.safi.0, 4 | 128);
    if has.has_path_ids != needs.has_path_ids || has_labels && has.labels != needs.labels {
        return Err(Fault::OtherFormat(family));
    }
    Ok(())
}

/// Whether a path has ASes outside of the speaker's own confederation.
fn has_length(update: &Update<'_>) -> bool {
    match update.value(AttributeType::AS_PATH) {
        Some(AttributeValue::AsPath(path)) => path.length() > 0,
        _ => false,
    }
}

/// Writes AS numbers: apart from where there is one, as mostly, for the loop is made for many.
#[inline(never)]
fn write_each(numbers: &[u32], size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
    numbers.iter().try_for_each(|number| write_as(*number, size, to))
}

/// Writes the first `len` of `bytes`; with room behind them, a few of them as one store.
#[inline(always)]
fn put_start(bytes: &[u8], len: usize, to: &mut Writer<'_>) -> Result<(), Error> {
    if let (Some(chunk), true) = (bytes.first_chunk::<16>(), len <= 16) {
        to.put_first(chunk, len)?;
    } else if let (Some(chunk), true) = (bytes.first_chunk::<32>(), len <= 32) {
        to.put_first(chunk, len)?;
    } else {
        to.put(bytes.get(..len).unwrap_or(bytes))?;
    }
    Ok(())
}

/// Whether routes are announced, in either place.
fn announces(update: &Update<'_>) -> bool {
    update.has_nlri() || update.attribute(AttributeType::MP_REACH_NLRI).is_some()
}

/// A type below 64 as a bit.
const fn bit(kind: AttributeType) -> u64 {
    1_u64.wrapping_shl(kind.0 as u32)
}

/// The types that are looked at, whatever is changed.
const LOOKED_AT: u64 = bit(AttributeType::AS_PATH)
    | bit(AttributeType::NEXT_HOP)
    | bit(AttributeType::MP_REACH_NLRI)
    | bit(AttributeType::MP_UNREACH_NLRI)
    | bit(AttributeType::LARGE_COMMUNITY);

/// The types below 64 that are known here.
const KNOWN: u64 = {
    let (mut known, mut kind) = (0, AttributeType(0));
    while kind.0 < 64 {
        if kind.is_known() {
            known |= bit(kind);
        }
        kind.0 += 1;
    }
    known
};

/// Communities with others behind them.
#[inline(always)]
fn write_communities(
    attribute: Attribute<'_>,
    here: &[u8],
    added: &[Community],
    to: &mut Writer<'_>,
) -> Result<(), Error> {
    let (len, added) = (attribute.value.len(), added.as_bytes());
    write_header(attribute.flags, attribute.kind, len.saturating_add(added.len()), to)?;
    put_start(here.get(attribute.wire_len().saturating_sub(len)..).unwrap_or_default(), len, to)?;
    match <&[u8; 4]>::try_from(added).ok() {
        Some(one) => to.put(one)?,
        None => to.put(added)?,
    };
    Ok(())
}
