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
    AsPath, Attribute, AttributeFlags, AttributeType, AttributeValue, Community, LargeCommunities, LargeCommunity,
    MpReach, MpUnreach, NextHop, SegmentType, write_header,
};
use crate::error::Fault;
use crate::family::{Afi, Family};
use crate::header::{HEADER_LEN, MESSAGE, MessageHeader, MessageType};
use crate::message::update::Update;
use crate::session::{Negotiated, Peer};
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
        writer.put(MessageHeader::new(MessageType::UPDATE, 0).as_bytes())?;
        writer.u16(withdrawn.len() as u16)?.put(withdrawn)?;
        let start = writer.len();
        writer.u16(0)?;
        change.write(gone, &mut writer)?;
        let len = MESSAGE.fit_u16("length of the attributes", writer.len().saturating_sub(start).saturating_sub(2))?;
        writer.put(nlri)?;
        let [high, low] = len.to_be_bytes();
        writer.set(start, high);
        writer.set(start.saturating_add(1), low);
        let len = writer.len();
        let most = session.max_len_built();
        if len > usize::from(most) {
            return unbuildable("length", len, Rule::AtMost(u32::from(most)));
        }
        if let Some(slot) = to.get_mut(HEADER_LEN - 3..).and_then(|from| from.first_chunk_mut()) {
            *slot = (len as u16).to_be_bytes();
        }
        Ok(to.get(..len).unwrap_or_default())
    }

    fn next_hop(&self, family: Family) -> Option<NextHop<'_>> {
        self.next_hops.iter().find(|(of, _)| *of == family).map(|(_, next_hop)| *next_hop)
    }
}

/// A change of one message.
struct Change<'c, 'a> {
    rewrite: &'c Rewrite<'c>,
    update: &'c Update<'a>,
    session: &'c Negotiated,
    announces: bool,
}

impl<'a> Change<'_, 'a> {
    fn write(&self, gone: Option<AttributeSet>, to: &mut Writer<'_>) -> Result<(), Fault> {
        // What is passed over: what is left out, and what was there already, of which a message that was found good has nothing.
        let mut over = self.left_out().or(gone.unwrap_or(AttributeSet::EMPTY));
        // Until they are written: into the ones that are there, or in their place among the types.
        let mut communities = if self.announces { self.rewrite.communities } else { &[] };
        let mut local_pref = self.rewrite.local_pref.filter(|_| self.announces && self.session.peer == Peer::Internal);
        // Whether they do not come any more, looked for once: they may stand behind others of higher types, for nobody has to send them
        // in order.
        let (mut no_communities, mut no_local_pref) = (None, None);
        let mut attributes = self.update.attributes();
        loop {
            let here = attributes.as_bytes();
            let Some(attribute) = attributes.next() else { break };
            if over.contains(attribute.kind) {
                continue;
            }
            if gone.is_some() {
                over.insert(attribute.kind);
            }
            let comes = |kind| !over.contains(kind) && self.update.attribute(kind).is_some();
            let is_due = |kind, is_missing: &mut Option<bool>| {
                is_behind(kind, attribute.kind) && *is_missing.get_or_insert_with(|| !comes(kind))
            };
            if let Some(value) = local_pref.take_if(|_| is_due(AttributeType::LOCAL_PREF, &mut no_local_pref)) {
                AttributeValue::LocalPref(value).write(self.session.as_size(), to)?;
            }
            if !communities.is_empty() && is_due(AttributeType::COMMUNITIES, &mut no_communities) {
                write_communities(AttributeFlags::OPTIONAL_TRANSITIVE, &[], communities, to)?;
                communities = &[];
            }
            match attribute.kind {
                AttributeType::AS_PATH => self.write_path(&attribute, here, to)?,
                AttributeType::NEXT_HOP => self.write_next_hop(&attribute, here, to)?,
                AttributeType::LOCAL_PREF if self.rewrite.local_pref.is_some() => {
                    if let Some(value) = local_pref.take() {
                        AttributeValue::LocalPref(value).write(self.session.as_size(), to)?;
                    }
                }
                AttributeType::MP_REACH_NLRI => self.write_reach(&attribute, gone.is_some(), to)?,
                AttributeType::MP_UNREACH_NLRI => self.write_unreach(&attribute, gone.is_some(), to)?,
                AttributeType::COMMUNITIES if !communities.is_empty() => {
                    write_communities(attribute.flags, attribute.value, communities, to)?;
                    communities = &[];
                }
                AttributeType::LARGE_COMMUNITY if attribute.value.len() > size_of::<LargeCommunity>() => {
                    self.write_large_communities(&attribute, to)?;
                }
                kind if self.rewrite.mark_unknown && !kind.is_known() => {
                    if let Some(attribute) = attribute.passed_on() {
                        attribute.write(to)?;
                    }
                }
                _ => put_start(here, attribute.wire_len(), to)?,
            }
        }
        if let Some(value) = local_pref {
            AttributeValue::LocalPref(value).write(self.session.as_size(), to)?;
        }
        if !communities.is_empty() {
            write_communities(AttributeFlags::OPTIONAL_TRANSITIVE, &[], communities, to)?;
        }
        if self.announces && self.rewrite.remove != AttributeSet::EMPTY { self.check_removed() } else { Ok(()) }
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
    fn write_path(&self, attribute: &Attribute<'a>, here: &[u8], to: &mut Writer<'_>) -> Result<(), Fault> {
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
            [of, first, rest @ ..] if *of == kind.0 && count.saturating_add(usize::from(*first)) <= 255 => {
                (first.saturating_add(short), rest)
            }
            all => (short, all),
        };
        let len = count.saturating_mul(size.bytes()).saturating_add(2).saturating_add(rest.len());
        write_header(attribute.flags, attribute.kind, len, to)?;
        to.put(&[kind.0, joined])?;
        for as_number in self.rewrite.prepend {
            write_as(*as_number, size, to)?;
        }
        let rest_at = attribute.wire_len().saturating_sub(rest.len());
        Ok(put_start(here.get(rest_at..).unwrap_or_default(), rest.len(), to)?)
    }

    /// Looks whether a path may go to a peer that is of another kind than the one it came from: itself if it cannot stay as it is.
    #[inline(never)]
    fn path_of_another_kind(&self, attribute: &Attribute<'a>) -> Result<Option<AsPath<'a>>, Fault> {
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
    fn write_path_outside(
        &self,
        attribute: &Attribute<'a>,
        path: AsPath<'a>,
        to: &mut Writer<'_>,
    ) -> Result<(), Fault> {
        let size = self.update.session().as_size();
        let short = MESSAGE.fit_u8("segment length", self.rewrite.prepend.len())?;
        if let Some(set) = path.segments().find(|of| of.kind == SegmentType::SET && !self.session.may_have_as_sets) {
            return Err(Fault::AsSet(attribute.kind.layer(), set.kind));
        }
        let write = |to: &mut Writer<'_>| {
            if short > 0 {
                to.write_all(&[&[SegmentType::SEQUENCE.0, short]])?;
                self.rewrite.prepend.iter().try_for_each(|number| write_as(*number, size, to))?;
            }
            path.write_without_confederation(size, to)
        };
        let mut counted = Writer::count(MESSAGE);
        write(&mut counted)?;
        write_header(attribute.flags, attribute.kind, counted.len(), to)?;
        Ok(write(to)?)
    }

    fn write_next_hop(&self, attribute: &Attribute<'a>, here: &[u8], to: &mut Writer<'_>) -> Result<(), Fault> {
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
    fn write_large_communities(&self, attribute: &Attribute<'a>, to: &mut Writer<'_>) -> Result<(), Fault> {
        let all = LargeCommunities::read(attribute.kind.layer(), attribute.value, self.session)?;
        match all.has_repeated() {
            true => AttributeValue::LargeCommunities(all).write_with(attribute.flags, self.session.as_size(), to)?,
            false => attribute.write(to)?,
        }
        Ok(())
    }

    #[inline(never)]
    fn write_unreach(&self, attribute: &Attribute<'a>, has_findings: bool, to: &mut Writer<'_>) -> Result<(), Fault> {
        let unreach = MpUnreach::parse(attribute.value, self.update.session())?;
        check_family(unreach.family, self.update.session(), self.session)?;
        if has_findings && has_insides(unreach.routes) {
            check_routes(unreach.routes, None).map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))?;
        }
        Ok(attribute.write(to)?)
    }

    #[inline(never)]
    fn write_reach(&self, attribute: &Attribute<'a>, has_findings: bool, to: &mut Writer<'_>) -> Result<(), Fault> {
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

/// Writes the first `len` of `bytes`; with room behind them, a few of them as one store.
#[inline(always)]
fn put_start(bytes: &[u8], len: usize, to: &mut Writer<'_>) -> Result<(), Error> {
    match bytes.first_chunk::<16>() {
        Some(chunk) if len <= 16 => to.put_first(chunk, len)?,
        _ => to.put(bytes.get(..len).unwrap_or(bytes))?,
    };
    Ok(())
}

/// Whether routes are announced, in either place.
fn announces(update: &Update<'_>) -> bool {
    update.has_nlri() || update.attribute(AttributeType::MP_REACH_NLRI).is_some()
}

/// Whether a type stands behind another in ascending order; MP_REACH_NLRI and MP_UNREACH_NLRI stand in front of all.
fn is_behind(kind: AttributeType, other: AttributeType) -> bool {
    other > kind && !matches!(other, AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI)
}

fn write_communities(
    flags: AttributeFlags,
    before: &[u8],
    added: &[Community],
    to: &mut Writer<'_>,
) -> Result<(), Error> {
    let added = added.as_bytes();
    write_header(flags, AttributeType::COMMUNITIES, before.len().saturating_add(added.len()), to)?;
    to.put(before)?.put(added)?;
    Ok(())
}
