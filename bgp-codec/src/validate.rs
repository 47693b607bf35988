//! What is wrong with an UPDATE, and what a speaker does about it: RFC 7606, as a value.
//!
//! The answer to an UPDATE is the strongest of the answers to all that is wrong in it (RFC 7606 §2): to reset the session,
//! to disable its family, to treat the announced routes as withdrawn, to discard an attribute, or to accept it as it is.

use core::net::Ipv4Addr;

use ether_ip::Rule;

use crate::attribute::{AsPath, Attribute, AttributeType, AttributeValue, Take};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::{Family, Safi};
use crate::header::HEADER_LEN;
use crate::message::update::Update;
use crate::nlri::{LabelFormat, Labeled, NLRI, Nlri, Routes, Vpn};
use crate::session::{Negotiated, Peer};
use crate::value::prefix::Ipv4Prefix;

/// How strong an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing is wrong.
    Accept,
    /// The attribute is left out, the rest stays.
    AttributeDiscard,
    /// The announced routes are withdrawn.
    TreatAsWithdraw,
    /// The family is not exchanged any more; its routes are withdrawn.
    DisableFamily,
    /// The session ends.
    SessionReset,
}

/// One thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
//= RFC 7606 §6/findings
pub struct Finding {
    /// The attribute; `None` if it is in the withdrawn routes or the NLRI.
    pub attribute: Option<AttributeType>,
    /// The family whose routes are meant, where the attribute is MP_REACH_NLRI or MP_UNREACH_NLRI and tells it.
    pub family: Option<Family>,
    /// Where it is, in bytes from the message's marker: where the attribute begins, the routes, or what was cut.
    pub offset: usize,
    /// What is wrong.
    pub fault: Fault,
    /// What is to be done about it.
    pub action: Action,
    /// The NOTIFICATION's code, should the session end.
    pub code: NotificationCode,
    /// The RFC and section that say so.
    pub clause: &'static str,
    /// What the NOTIFICATION quotes.
    data: Data,
}

impl Finding {
    fn error(&self) -> Error {
        Error::new(self.fault, self.code, self.data)
    }
}

/// A set of attribute types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AttributeSet([u64; 4]);

impl AttributeSet {
    /// Whether a type is in it.
    #[inline]
    #[must_use]
    pub fn contains(&self, kind: AttributeType) -> bool {
        let [word, bit] = Self::place(kind);
        self.0.get(word as usize).is_some_and(|bits| bits & bit != 0)
    }

    #[inline(always)]
    const fn place(kind: AttributeType) -> [u64; 2] {
        [(kind.0 >> 6) as u64, 1 << (kind.0 & 63)]
    }

    /// Puts a type in; whether it was there before.
    #[inline(always)]
    fn insert(&mut self, kind: AttributeType) -> bool {
        let [word, bit] = Self::place(kind);
        let Some(bits) = self.0.get_mut(word as usize) else {
            return false;
        };
        let was_there = *bits & bit != 0;
        *bits |= bit;
        was_there
    }

    /// Whether ORIGIN and AS_PATH are in it, and NEXT_HOP, where that is needed.
    #[inline(always)]
    fn has_mandatory(&self, with_next_hop: bool) -> bool {
        let [first, ..] = self.0;
        let mask = if with_next_hop { 0b1110 } else { 0b0110 };
        first & mask == mask
    }
}

/// What a speaker does with an UPDATE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Takes it as it is.
    Accept,
    /// Takes it without these attributes, and without those that stand there again: [`Update::kept_attributes`].
    AttributeDiscard(AttributeSet),
    /// Withdraws all of its routes: [`Update::announced`] as well as [`Update::withdrawn`].
    TreatAsWithdraw,
    /// Exchanges no more routes of this family, and withdraws those that it has.
    DisableFamily(Family),
    /// Ends the session with this.
    SessionReset(Error),
}

impl Outcome {
    /// How strong the answer is.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Accept => Action::Accept,
            Self::AttributeDiscard(_) => Action::AttributeDiscard,
            Self::TreatAsWithdraw => Action::TreatAsWithdraw,
            Self::DisableFamily(_) => Action::DisableFamily,
            Self::SessionReset(_) => Action::SessionReset,
        }
    }

    /// Whether nothing is wrong.
    #[inline]
    #[must_use]
    pub const fn is_accept(&self) -> bool {
        matches!(self, Self::Accept)
    }
}

/// Takes what an UPDATE consists of, as [`Update::walk`] comes by it. What is not of interest needs no method.
pub trait UpdateVisitor<'a> {
    /// A route that is withdrawn in front: path identifier and prefix.
    #[inline(always)]
    fn withdrawn(&mut self, path_id: Option<u32>, prefix: Ipv4Prefix) {
        let _ = (path_id, prefix);
    }

    /// An attribute with its value, if nothing is wrong with either. The routes of other families are in the values
    /// [`AttributeValue::MpReach`] and [`AttributeValue::MpUnreach`].
    #[inline(always)]
    fn attribute(&mut self, attribute: &Attribute<'a>, value: AttributeValue<'a>) {
        let _ = (attribute, value);
    }

    /// A route that is announced at the end: path identifier and prefix.
    #[inline(always)]
    fn announced(&mut self, path_id: Option<u32>, prefix: Ipv4Prefix) {
        let _ = (path_id, prefix);
    }

    /// Something that is wrong.
    #[inline(always)]
    fn finding(&mut self, finding: &Finding) {
        let _ = finding;
    }
}

/// Looks at nothing.
struct Nothing;

impl UpdateVisitor<'_> for Nothing {}

/// Looks at what is wrong.
struct Findings<F>(F);

impl<F: FnMut(&Finding)> UpdateVisitor<'_> for Findings<F> {
    #[inline]
    fn finding(&mut self, finding: &Finding) {
        (self.0)(finding);
    }
}

impl<'a> Update<'a> {
    /// What a speaker does with it.
    ///
    /// ```
    /// use bgp_codec::{Action, Negotiated, Update};
    ///
    /// // An ORIGIN of 7, and no AS_PATH or NEXT_HOP: the route is withdrawn.
    /// let body = [0, 0, 0, 4, 0x40, 1, 1, 7, 24, 192, 0, 2];
    /// let session = Negotiated::assumed();
    /// let update = Update::parse(&body, &session)?;
    /// let mut clauses = Vec::new();
    /// let outcome = update.validate_each(|finding| clauses.push(finding.clause));
    /// assert_eq!(outcome.action(), Action::TreatAsWithdraw);
    /// assert_eq!(clauses, ["RFC 7606 §7.1", "RFC 7606 §3 d", "RFC 7606 §3 d"]);
    /// # Ok::<(), bgp_codec::Error>(())
    /// ```
    #[must_use]
    pub fn validate(&self) -> Outcome {
        self.walk(&mut Nothing)
    }

    /// The same, and hands out each thing that is wrong.
    pub fn validate_each(&self, each: impl FnMut(&Finding)) -> Outcome {
        self.walk(&mut Findings(each))
    }

    /// Reads all in one pass: hands out each route, each attribute and each thing that is wrong in the order in which they
    /// stand, and last what is to be done. What was handed out has no effect before that is known.
    #[inline(always)]
    pub fn walk(&self, visit: &mut impl UpdateVisitor<'a>) -> Outcome {
        let mut verdict = Verdict::default();
        //= RFC 4271 §4.3/withdrawn-and-announced
        let mut routes = self.withdrawn_routes();
        for (path_id, prefix) in routes.by_ref() {
            visit.withdrawn(path_id, prefix);
        }
        if !routes.as_bytes().is_empty() {
            //= RFC 7606 §3.i
            verdict.add(network_field(self.withdrawn_routes().routes(), HEADER_LEN + 2), visit);
        }
        let mut seen = AttributeSet::default();
        let mut attributes = self.attributes();
        for attribute in attributes.by_ref() {
            let is_again = seen.insert(attribute.kind);
            let checked = if is_again { Err(Wrong::Repeated) } else { self.check(&attribute, &mut verdict, visit) };
            if let Err(wrong) = checked {
                verdict.add(self.finding(&attribute, wrong), visit);
            }
        }
        if !attributes.as_bytes().is_empty() {
            //= RFC 7606 §4/overrun
            verdict.add(cut(attributes.as_bytes(), attributes.offset()), visit);
        }
        let mut routes = self.nlri();
        let has_nlri = self.has_nlri();
        for (path_id, prefix) in routes.by_ref() {
            visit.announced(path_id, prefix);
        }
        if !routes.as_bytes().is_empty() {
            verdict.add(network_field(self.nlri().routes(), self.nlri_offset()), visit);
        }
        //= RFC 4760 §4/alone
        let has_routes = has_nlri || verdict.reaches;
        //= RFC 7606 §3.d
        if has_routes && !seen.has_mandatory(has_nlri) {
            self.missing(&seen, has_nlri, &mut verdict, visit);
        }
        match verdict.strongest {
            //= RFC 4271 §6.3/no-nlri
            None => Outcome::Accept,
            Some(_) => verdict.outcome(has_routes),
        }
    }

    /// The attributes that an [`Outcome`] leaves: without those that it discards, and those that stand there again.
    pub fn kept_attributes(&self, outcome: &Outcome) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let mut gone = match outcome {
            Outcome::AttributeDiscard(discarded) => *discarded,
            _ => AttributeSet::default(),
        };
        self.attributes().filter(move |attribute| !gone.insert(attribute.kind))
    }

    /// Checks one attribute on its own, and hands it out if it is good.
    #[inline(always)]
    fn check(
        &self,
        attribute: &Attribute<'a>,
        verdict: &mut Verdict,
        visit: &mut impl UpdateVisitor<'a>,
    ) -> Result<(), Wrong> {
        let session = self.session();
        let kind = attribute.kind;
        // What is discarded is not looked at.
        match kind {
            //= RFC 7606 §7.5/external, §7.9/external, §7.10/external
            AttributeType::LOCAL_PREF | AttributeType::ORIGINATOR_ID | AttributeType::CLUSTER_LIST
                if session.peer == Peer::External =>
            {
                return Err(Wrong::Unwanted);
            }
            //= RFC 6793 §4.2.1/discard
            AttributeType::AS4_PATH | AttributeType::AS4_AGGREGATOR if session.four_octet_as && session.is_known => {
                return Err(Wrong::Unwanted);
            }
            _ => {}
        }
        match kind.flags() {
            //= RFC 7606 §3.c
            Some(flags) if !flags.is_same_category(attribute.flags) => return Err(Wrong::Flags),
            None if !attribute.flags.is_optional() => return Err(Wrong::UnknownWellKnown),
            _ => {}
        }
        let checked = Checked { attribute, session, has_nlri: self.has_nlri(), verdict, visit };
        AttributeValue::parse_for(kind, attribute.value, session, checked)
            .unwrap_or_else(|error| Err(Wrong::Value(error)))
    }

    /// What is wrong with an attribute, what is to be done about it, the NOTIFICATION, and who says so: a row a fault.
    #[cold]
    fn finding(&self, attribute: &Attribute<'_>, wrong: Wrong) -> Finding {
        use Action::{AttributeDiscard, SessionReset, TreatAsWithdraw};
        use {AttributeType as Type, NotificationCode as Code};
        let (kind, layer, flags) = (attribute.kind, attribute.kind.layer(), attribute.flags.0);
        let (family, reset_or_disable) = (family_of(attribute), self.reset_or_disable(attribute));
        let (fault, action, code, clause) = match (wrong, kind) {
            //= RFC 7606 §3.g/multiprotocol
            (Wrong::Repeated, Type::MP_REACH_NLRI | Type::MP_UNREACH_NLRI) => {
                (Fault::Repeated(layer), SessionReset, Code::MALFORMED_ATTRIBUTES, "RFC 7606 §3 g")
            }
            //= RFC 7606 §3.g/others
            (Wrong::Repeated, _) => {
                (Fault::Repeated(layer), AttributeDiscard, Code::MALFORMED_ATTRIBUTES, "RFC 7606 §3 g")
            }
            (Wrong::Unwanted, _) => {
                let clause = match kind {
                    Type::LOCAL_PREF => "RFC 7606 §7.5",
                    Type::ORIGINATOR_ID => "RFC 7606 §7.9",
                    Type::CLUSTER_LIST => "RFC 7606 §7.10",
                    _ => "RFC 6793 §4.1",
                };
                (Fault::NotFromThisPeer(layer), AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, clause)
            }
            // Which routes are meant is in doubt, so that RFC 7606 §5.3 counts.
            (Wrong::Flags, Type::MP_REACH_NLRI | Type::MP_UNREACH_NLRI) => {
                (Fault::Flags { attribute: layer, flags }, reset_or_disable, Code::OPTIONAL_ATTRIBUTE, "RFC 4760 §7")
            }
            //= RFC 4271 §6.3/flags
            (Wrong::Flags, _) => {
                (Fault::Flags { attribute: layer, flags }, TreatAsWithdraw, Code::ATTRIBUTE_FLAGS, "RFC 7606 §3 c")
            }
            // RFC 7606 leaves it as it is.
            //= RFC 4271 §6.3/unknown-well-known
            (Wrong::UnknownWellKnown, _) => {
                (Fault::UnknownWellKnown(kind.0), SessionReset, Code::UNRECOGNIZED_WELL_KNOWN, "RFC 4271 §6.3")
            }
            // Read with RFC 7606 §7.2.
            (Wrong::Confederation, _) => {
                (Fault::Confederation, TreatAsWithdraw, Code::MALFORMED_AS_PATH, "RFC 5065 §5")
            }
            // Malformed, as RFC 7606 §7.2 and §7.7 and RFC 6793 §6 have it.
            (Wrong::AsZero, Type::AS_PATH) => {
                (Fault::AsZero(layer), TreatAsWithdraw, Code::MALFORMED_AS_PATH, "RFC 7607 §2")
            }
            (Wrong::AsZero, _) => (Fault::AsZero(layer), AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, "RFC 7607 §2"),
            // Read with RFC 7606 §3 e.
            (Wrong::NextHop(address), _) => {
                (Fault::NextHop(address), TreatAsWithdraw, Code::INVALID_NEXT_HOP, "RFC 4271 §6.3")
            }
            (Wrong::Service(error), _) => {
                (Fault::Field(error), TreatAsWithdraw, Code::OPTIONAL_ATTRIBUTE, "RFC 9252 §8")
            }
            (Wrong::Flow(error), _) => (Fault::Field(error), TreatAsWithdraw, Code::OPTIONAL_ATTRIBUTE, "RFC 8955 §10"),
            //= RFC 8277 §2.1/too-many
            (Wrong::Labels(error), _) => {
                (Fault::Field(error), TreatAsWithdraw, Code::OPTIONAL_ATTRIBUTE, "RFC 8277 §2.1")
            }
            (Wrong::Value(error), _) => {
                let (action, code, clause) = answer(kind, &error, reset_or_disable);
                // From an external peer it would be discarded unread (RFC 7606 §7.5, §7.9, §7.10).
                let is_internal = matches!(kind, Type::LOCAL_PREF | Type::ORIGINATOR_ID | Type::CLUSTER_LIST);
                let may_be_unwanted = is_internal && self.session().peer == Peer::Unknown;
                (Fault::Field(error), if may_be_unwanted { AttributeDiscard } else { action }, code, clause)
            }
        };
        let data = match fault {
            Fault::Repeated(_) => Data::None,
            _ => Data::Part { at: attribute.offset, len: attribute.wire_len() },
        };
        Finding { attribute: Some(kind), family, offset: attribute.offset, fault, action, code, clause, data }
    }

    /// RFC 7606 §3 d.
    #[cold]
    fn missing(&self, seen: &AttributeSet, has_nlri: bool, verdict: &mut Verdict, visit: &mut impl UpdateVisitor<'a>) {
        let mandatory = [AttributeType::ORIGIN, AttributeType::AS_PATH, AttributeType::NEXT_HOP];
        //= RFC 4760 §3/mandatory, §3/next-hop-absent
        let needed = if has_nlri { 3 } else { 2 };
        for kind in mandatory.into_iter().take(needed).filter(|kind| !seen.contains(*kind)) {
            let finding = Finding {
                attribute: Some(kind),
                family: None,
                offset: self.attributes_offset(),
                fault: Fault::Missing(kind.layer()),
                action: Action::TreatAsWithdraw,
                //= RFC 4271 §6.3/missing
                code: NotificationCode::MISSING_WELL_KNOWN,
                clause: "RFC 7606 §3 d",
                data: Data::Inline([kind.0, 0], 1),
            };
            verdict.add(finding, visit);
        }
    }

    /// Whether a broken attribute ends its family only: if the session may do without it, and the attribute tells which.
    //= RFC 4760 §7/reset
    fn reset_or_disable(&self, attribute: &Attribute<'_>) -> Action {
        //= RFC 4760 §7/disable
        let may_disable = self.session().may_disable_family && attribute.value.len() >= 3;
        if may_disable { Action::DisableFamily } else { Action::SessionReset }
    }
}

/// What is wrong with an attribute, in few bytes: nearly always there is nothing.
enum Wrong {
    Repeated,
    Unwanted,
    Flags,
    UnknownWellKnown,
    Confederation,
    AsZero,
    NextHop(Ipv4Addr),
    Value(ether_ip::Error),
    Service(ether_ip::Error),
    Flow(ether_ip::Error),
    Labels(ether_ip::Error),
}

/// Takes a value that could be read, checks what is to be checked beside, and hands it out.
struct Checked<'c, 'a, V> {
    attribute: &'c Attribute<'a>,
    session: &'c Negotiated,
    has_nlri: bool,
    verdict: &'c mut Verdict,
    visit: &'c mut V,
}

impl<'a, V: UpdateVisitor<'a>> Take<'a> for Checked<'_, 'a, V> {
    type Taken = Result<(), Wrong>;

    #[inline(always)]
    fn take(self, value: AttributeValue<'a>) -> Result<(), Wrong> {
        match value {
            AttributeValue::AsPath(path) => check_path(path, self.session.peer)?,
            // One that stands beside MP_REACH_NLRI alone is ignored (RFC 4760 §3).
            //= RFC 4271 §6.3/next-hop
            AttributeValue::NextHop(address) if self.has_nlri && !is_host(address) => {
                return Err(Wrong::NextHop(address));
            }
            AttributeValue::As4Path(path) => check_as4_path(path)?,
            //= RFC 7607 §2/path, §2/as4
            AttributeValue::Aggregator(of) | AttributeValue::As4Aggregator(of) if of.as_number == 0 => {
                return Err(Wrong::AsZero);
            }
            AttributeValue::MpReach(reach) => {
                reach.routes.check().map_err(Wrong::Value)?;
                self.verdict.reaches = !reach.routes.as_bytes().is_empty();
                if matches!(reach.family.safi, Safi::FLOW_SPEC | Safi::FLOW_SPEC_VPN) {
                    check_flows(reach.routes)?;
                }
                if let LabelFormat::Stack(most) = reach.routes.format().labels {
                    check_labels(reach.routes, most)?;
                }
            }
            AttributeValue::MpUnreach(unreach) => unreach.routes.check().map_err(Wrong::Value)?,
            AttributeValue::PrefixSid(sid) => sid.check_services().map_err(Wrong::Service)?,
            _ => {}
        }
        self.visit.attribute(self.attribute, value);
        Ok(())
    }
}

/// What segments that can be read may not have, in one pass over them.
#[inline(always)]
fn check_path(path: AsPath<'_>, peer: Peer) -> Result<(), Wrong> {
    for segment in path.segments() {
        if peer == Peer::External && segment.kind.is_confederation() {
            return Err(Wrong::Confederation);
        }
        //= RFC 7607 §2/path
        if segment.has_zero() {
            return Err(Wrong::AsZero);
        }
    }
    Ok(())
}

/// The same of a path that is seldom there, out of the way of what is.
#[cold]
fn check_as4_path(path: AsPath<'_>) -> Result<(), Wrong> {
    //= RFC 7607 §2/as4
    if path.contains(0) { Err(Wrong::AsZero) } else { Ok(()) }
}

/// A flow that cannot be read leaves its neighbours whole.
#[cold]
fn check_flows(mut flows: Routes<'_>) -> Result<(), Wrong> {
    flows.try_for_each(|route| match route.nlri {
        Nlri::FlowSpec(flow) => flow.check().map_err(Wrong::Flow),
        _ => Ok(()),
    })
}

/// More labels than the speaker told that it takes.
#[cold]
fn check_labels(mut routes: Routes<'_>, most: u8) -> Result<(), Wrong> {
    let (layer, field, rule) = (NLRI, "number of labels", Rule::AtMost(u32::from(most)));
    routes.try_for_each(|route| match route.nlri {
        Nlri::Labeled(Labeled { labels, .. }) | Nlri::Vpn(Vpn { labels, .. }) if labels.len() > usize::from(most) => {
            Err(Wrong::Labels(ether_ip::Error::Malformed { layer, field, value: labels.len() as u32, rule }))
        }
        _ => Ok(()),
    })
}

/// What was found so far.
#[derive(Default)]
struct Verdict {
    discarded: AttributeSet,
    strongest: Option<Finding>,
    withdraws: bool,
    family: Option<Family>,
    reaches: bool,
}

impl Verdict {
    #[cold]
    fn add<'a>(&mut self, finding: Finding, visit: &mut impl UpdateVisitor<'a>) {
        match (finding.action, finding.attribute) {
            (Action::AttributeDiscard, Some(kind)) if !matches!(finding.fault, Fault::Repeated(_)) => {
                self.discarded.insert(kind);
            }
            (Action::TreatAsWithdraw, _) => self.withdraws = true,
            (Action::DisableFamily, _) => self.family = self.family.or(finding.family),
            _ => {}
        }
        //= RFC 7606 §2/strongest, §3.h
        if self.strongest.is_none_or(|strongest| strongest.action < finding.action) {
            self.strongest = Some(finding);
        }
        visit.finding(&finding);
    }

    /// The answer to all. Treating as withdrawn needs routes that are known for sure.
    #[cold]
    fn outcome(&self, has_routes: bool) -> Outcome {
        let Some(strongest) = self.strongest else {
            return Outcome::Accept;
        };
        match strongest.action {
            Action::Accept => Outcome::Accept,
            Action::AttributeDiscard => Outcome::AttributeDiscard(self.discarded),
            // RFC 7606 §5.2: attributes and an error, but no routes that it could be about.
            //= RFC 7606 §5.2
            Action::TreatAsWithdraw if !has_routes => Outcome::SessionReset(strongest.error()),
            Action::TreatAsWithdraw => Outcome::TreatAsWithdraw,
            //= RFC 7606 §3.j
            Action::DisableFamily => match self.family {
                Some(family) if !self.withdraws => Outcome::DisableFamily(family),
                _ => Outcome::SessionReset(strongest.error()),
            },
            Action::SessionReset => Outcome::SessionReset(strongest.error()),
        }
    }
}

/// RFC 7606 §7 and each attribute's own RFC: what a value that cannot be read leads to. What is to be done if it has the routes of a
/// family is told.
fn answer(
    kind: AttributeType,
    error: &ether_ip::Error,
    reset_or_disable: Action,
) -> (Action, NotificationCode, &'static str) {
    use Action::{AttributeDiscard, TreatAsWithdraw};
    let is_length = matches!(error, ether_ip::Error::Malformed { field: "length", .. });
    //= RFC 4271 §6.3/attribute-length
    let length = NotificationCode::ATTRIBUTE_LENGTH;
    //= RFC 4271 §6.3/optional
    let optional = NotificationCode::OPTIONAL_ATTRIBUTE;
    match kind {
        //= RFC 7606 §3.e, §7.1
        AttributeType::ORIGIN if is_length => (TreatAsWithdraw, length, "RFC 7606 §7.1"),
        //= RFC 4271 §6.3/origin
        AttributeType::ORIGIN => (TreatAsWithdraw, NotificationCode::INVALID_ORIGIN, "RFC 7606 §7.1"),
        //= RFC 4271 §6.3/as-path
        //= RFC 7606 §7.2
        AttributeType::AS_PATH => (TreatAsWithdraw, NotificationCode::MALFORMED_AS_PATH, "RFC 7606 §7.2"),
        //= RFC 4271 §6.3/next-hop
        //= RFC 7606 §7.3
        AttributeType::NEXT_HOP => (TreatAsWithdraw, length, "RFC 7606 §7.3"),
        //= RFC 7606 §7.4
        AttributeType::MULTI_EXIT_DISC => (TreatAsWithdraw, length, "RFC 7606 §7.4"),
        //= RFC 7606 §7.5/internal
        AttributeType::LOCAL_PREF => (TreatAsWithdraw, length, "RFC 7606 §7.5"),
        //= RFC 7606 §3.f, §7.6
        AttributeType::ATOMIC_AGGREGATE => (AttributeDiscard, length, "RFC 7606 §7.6"),
        //= RFC 7606 §7.7
        AttributeType::AGGREGATOR => (AttributeDiscard, length, "RFC 7606 §7.7"),
        //= RFC 7606 §7.8
        AttributeType::COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.8"),
        //= RFC 7606 §7.9/internal
        AttributeType::ORIGINATOR_ID => (TreatAsWithdraw, length, "RFC 7606 §7.9"),
        //= RFC 7606 §7.10/internal
        AttributeType::CLUSTER_LIST => (TreatAsWithdraw, length, "RFC 7606 §7.10"),
        //= RFC 7606 §7.11
        AttributeType::MP_REACH_NLRI => (reset_or_disable, optional, "RFC 7606 §7.11"),
        //= RFC 7606 §7.12
        AttributeType::MP_UNREACH_NLRI => (reset_or_disable, optional, "RFC 7606 §7.12"),
        //= RFC 7606 §7.14
        AttributeType::EXTENDED_COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.14"),
        //= RFC 7606 §7.15
        AttributeType::IPV6_EXTENDED_COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.15"),
        //= RFC 7606 §7.16
        AttributeType::ATTR_SET => (TreatAsWithdraw, optional, "RFC 7606 §7.16"),
        //= RFC 6793 §6/malformed, §6/aggregator-length
        AttributeType::AS4_PATH | AttributeType::AS4_AGGREGATOR => (AttributeDiscard, optional, "RFC 6793 §6"),
        AttributeType::PMSI_TUNNEL => (TreatAsWithdraw, optional, "RFC 6514 §5"),
        AttributeType::TUNNEL_ENCAPSULATION => (TreatAsWithdraw, optional, "RFC 9012 §13"),
        AttributeType::AIGP => (AttributeDiscard, optional, "RFC 7311 §3"),
        AttributeType::LINK_STATE => (AttributeDiscard, optional, "RFC 9552 §8.2.2"),
        AttributeType::LARGE_COMMUNITY => (TreatAsWithdraw, length, "RFC 8092 §6"),
        AttributeType::BGPSEC_PATH => (TreatAsWithdraw, optional, "RFC 8205 §5.2"),
        AttributeType::ONLY_TO_CUSTOMER => (TreatAsWithdraw, length, "RFC 9234 §5"),
        AttributeType::BFD_DISCRIMINATOR => (AttributeDiscard, optional, "RFC 9026 §3.1.6"),
        AttributeType::PREFIX_SID => (AttributeDiscard, optional, "RFC 8669 §6"),
        // One that is not known cannot be read wrongly.
        _ => (TreatAsWithdraw, optional, "RFC 7606 §2"),
    }
}

/// The family that an attribute with routes tells.
fn family_of(attribute: &Attribute<'_>) -> Option<Family> {
    match (attribute.kind, attribute.value) {
        (AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI, &[high, low, safi, ..]) => {
            Some(Family::new(u16::from_be_bytes([high, low]), safi))
        }
        _ => None,
    }
}

/// Whether an address can be a host's: not of 0.0.0.0/8 nor of a group, and not the broadcast (RFC 1122 §3.2.1.3).
#[inline]
const fn is_host(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    first != 0 && !address.is_multicast() && !address.is_broadcast()
}

/// RFC 7606 §4: the last attribute goes past the end, or there are too few bytes for one.
#[cold]
fn cut(rest: &[u8], offset: usize) -> Finding {
    let (attribute, needed) = match *rest {
        [flags, kind, high, low, ..] if flags & 0x10 != 0 => {
            (Some(AttributeType(kind)), 4 + usize::from(u16::from_be_bytes([high, low])))
        }
        [flags, kind, len, ..] if flags & 0x10 == 0 => (Some(AttributeType(kind)), 3 + usize::from(len)),
        [flags, ..] => (None, if flags & 0x10 == 0 { 3 } else { 4 }),
        [] => (None, 3),
    };
    let layer = attribute.map_or(crate::attribute::ATTRIBUTE, AttributeType::layer);
    let fault = Fault::Field(ether_ip::Error::Truncated { layer, needed, available: rest.len() });
    Finding {
        attribute,
        family: None,
        offset,
        fault,
        action: Action::TreatAsWithdraw,
        code: NotificationCode::MALFORMED_ATTRIBUTES,
        clause: "RFC 7606 §4",
        data: Data::None,
    }
}

/// RFC 7606 §5.3: routes that cannot be read.
#[cold]
fn network_field(routes: Routes<'_>, offset: usize) -> Finding {
    let error = routes.check().err();
    let len = routes.as_bytes().len();
    let truncated = ether_ip::Error::Truncated { layer: NLRI, needed: len, available: len };
    Finding {
        attribute: None,
        family: Some(Family::IPV4_UNICAST),
        offset,
        fault: Fault::Field(error.unwrap_or(truncated)),
        //= RFC 7606 §5.3/plain
        action: Action::SessionReset,
        //= RFC 4271 §6.3/nlri
        code: NotificationCode::INVALID_NETWORK_FIELD,
        clause: "RFC 7606 §5.3",
        data: Data::None,
    }
}
