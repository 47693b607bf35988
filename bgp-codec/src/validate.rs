//! What is wrong with an UPDATE, and what a speaker does about it: RFC 7606, as a value.
//!
//! The answer to an UPDATE is the strongest of the answers to all that is wrong in it (RFC 7606 §2): to reset the session,
//! to disable its family, to treat the announced routes as withdrawn, to discard an attribute, or to accept it as it is.

use crate::attribute::{Attribute, AttributeType, MpReach, Value};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::Family;
use crate::framer::HEADER_LEN;
use crate::message::update::Update;
use crate::nlri::{Nlri, Routes};
use crate::session::Peer;

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
        self.0.iter().zip(0..).any(|(bits, n)| n == word && bits & bit != 0)
    }

    #[inline(always)]
    const fn place(kind: AttributeType) -> [u64; 2] {
        [(kind.0 >> 6) as u64, 1 << (kind.0 & 63)]
    }

    /// Puts a type in; whether it was there before.
    #[inline(always)]
    fn insert(&mut self, kind: AttributeType) -> bool {
        let [word, bit] = Self::place(kind);
        let [first, rest @ ..] = &mut self.0;
        // Nearly all types are under 64.
        let bits = match word {
            0 => first,
            n => match rest.get_mut(n as usize - 1) {
                Some(bits) => bits,
                None => return false,
            },
        };
        let was_there = *bits & bit != 0;
        *bits |= bit;
        was_there
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

impl<'a> Update<'a> {
    /// What a speaker does with it.
    #[inline]
    #[must_use]
    pub fn validate(&self) -> Outcome {
        self.validate_each(|_| ())
    }

    /// The same, and hands out each thing that is wrong.
    #[inline]
    pub fn validate_each(&self, mut each: impl FnMut(Finding)) -> Outcome {
        let mut strongest: Option<Finding> = None;
        let mut verdict = Verdict::default();
        let mut found = |finding: Finding, verdict: &mut Verdict| {
            verdict.add(&finding);
            if strongest.is_none_or(|strongest| strongest.action < finding.action) {
                strongest = Some(finding);
            }
            each(finding);
        };
        let (withdrawn, _, nlri) = self.parts();
        if !self.withdrawn_routes().is_good() {
            found(network_field(self.withdrawn_routes().routes(), HEADER_LEN + 2, withdrawn), &mut verdict);
        }
        let mut seen = AttributeSet::default();
        let mut attributes = self.attributes();
        for attribute in attributes.by_ref() {
            if seen.insert(attribute.kind) {
                found(repeated(&attribute), &mut verdict);
            } else if let Err(finding) = self.check(&attribute, &mut verdict) {
                found(finding, &mut verdict);
            }
        }
        if !attributes.rest().is_empty() {
            found(cut(attributes.rest(), attributes.offset()), &mut verdict);
        }
        if !self.nlri().is_good() {
            found(network_field(self.nlri().routes(), self.nlri_offset(), nlri), &mut verdict);
        }
        let has_routes = !nlri.is_empty() || verdict.reaches;
        if has_routes {
            let mandatory = [AttributeType::ORIGIN, AttributeType::AS_PATH, AttributeType::NEXT_HOP];
            let needed = if nlri.is_empty() { 2 } else { 3 };
            for kind in mandatory.into_iter().take(needed) {
                if !seen.contains(kind) {
                    found(missing(kind, self.attributes_offset()), &mut verdict);
                }
            }
        }
        match strongest {
            None => Outcome::Accept,
            Some(finding) => verdict.outcome(&finding, has_routes),
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

    /// Checks one attribute on its own.
    #[inline]
    fn check(&self, attribute: &Attribute<'a>, verdict: &mut Verdict) -> Result<(), Finding> {
        let session = self.session();
        let kind = attribute.kind;
        // What is discarded is not looked at.
        match kind {
            AttributeType::LOCAL_PREF if session.peer == Peer::External => {
                return Err(unwanted(attribute, "RFC 7606 §7.5"));
            }
            AttributeType::ORIGINATOR_ID if session.peer == Peer::External => {
                return Err(unwanted(attribute, "RFC 7606 §7.9"));
            }
            AttributeType::CLUSTER_LIST if session.peer == Peer::External => {
                return Err(unwanted(attribute, "RFC 7606 §7.10"));
            }
            AttributeType::AS4_PATH | AttributeType::AS4_AGGREGATOR if session.four_octet_as => {
                return Err(unwanted(attribute, "RFC 6793 §4.1"));
            }
            _ => {}
        }
        match kind.flags() {
            Some(flags) if !flags.is_same_category(attribute.flags) => return Err(self.flags_error(attribute)),
            None if !attribute.flags.is_optional() => return Err(unknown_well_known(attribute)),
            _ => {}
        }
        match attribute.parse(session) {
            Ok(Value::AsPath(path)) if session.peer == Peer::External && path.has_confederation() => {
                Err(confederation(attribute))
            }
            Ok(Value::MpReach(reach)) => self.check_reach(attribute, &reach, verdict),
            Ok(Value::MpUnreach(unreach)) => {
                let checked = unreach.routes.check();
                checked.map_err(|error| self.value_error(attribute, error))
            }
            Ok(Value::PrefixSid(sid)) => sid.check_services().map_err(|error| Finding {
                action: Action::TreatAsWithdraw,
                clause: "RFC 9252 §8",
                ..self.value_error(attribute, error)
            }),
            Ok(_) => Ok(()),
            Err(error) => Err(self.value_error(attribute, error)),
        }
    }

    #[inline]
    fn check_reach(
        &self,
        attribute: &Attribute<'a>,
        reach: &MpReach<'a>,
        verdict: &mut Verdict,
    ) -> Result<(), Finding> {
        reach.routes.check().map_err(|error| self.value_error(attribute, error))?;
        verdict.reaches = !reach.routes.rest().is_empty();
        match reach.routes.family().safi {
            crate::family::Safi::FLOW_SPEC | crate::family::Safi::FLOW_SPEC_VPN => self.check_flows(attribute, reach),
            _ => Ok(()),
        }
    }

    /// A flow that cannot be read leaves its neighbours whole.
    #[cold]
    fn check_flows(&self, attribute: &Attribute<'a>, reach: &MpReach<'a>) -> Result<(), Finding> {
        let mut flows = reach.routes;
        let broken = flows.find_map(|route| match route.nlri {
            Nlri::FlowSpec(flow) => flow.check().err(),
            _ => None,
        });
        broken.map_or(Ok(()), |error| {
            let action = Action::TreatAsWithdraw;
            Err(Finding { action, clause: "RFC 8955 §10", ..self.value_error(attribute, error) })
        })
    }

    /// What a value that cannot be read leads to.
    #[cold]
    fn value_error(&self, attribute: &Attribute<'_>, error: ether_ip::Error) -> Finding {
        let (mut action, code, clause) = answer(attribute.kind, &error);
        if action == Action::SessionReset && self.session().may_disable_family && attribute.value.len() >= 3 {
            action = Action::DisableFamily;
        }
        finding(attribute, Fault::Field(error), action, code, clause)
    }

    /// RFC 7606 §3 c; for the routes of other families §5.3 counts, since which routes are meant is in doubt.
    #[cold]
    fn flags_error(&self, attribute: &Attribute<'_>) -> Finding {
        let fault = Fault::Flags { attribute: attribute.kind.layer(), flags: attribute.flags.0 };
        match attribute.kind {
            AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI => {
                let may_disable = self.session().may_disable_family && attribute.value.len() >= 3;
                let action = if may_disable { Action::DisableFamily } else { Action::SessionReset };
                finding(attribute, fault, action, NotificationCode::OPTIONAL_ATTRIBUTE, "RFC 4760 §7")
            }
            _ => finding(attribute, fault, Action::TreatAsWithdraw, NotificationCode::ATTRIBUTE_FLAGS, "RFC 7606 §3 c"),
        }
    }
}

/// What was found so far.
#[derive(Default)]
struct Verdict {
    discarded: AttributeSet,
    withdraws: Option<Finding>,
    family: Option<Family>,
    reaches: bool,
}

impl Verdict {
    fn add(&mut self, finding: &Finding) {
        match (finding.action, finding.attribute) {
            (Action::AttributeDiscard, Some(kind)) if !matches!(finding.fault, Fault::Repeated(_)) => {
                self.discarded.insert(kind);
            }
            (Action::TreatAsWithdraw, _) => self.withdraws = self.withdraws.or(Some(*finding)),
            (Action::DisableFamily, _) => self.family = self.family.or(finding.family),
            _ => {}
        }
    }

    /// The answer to all. Treating as withdrawn needs routes that are known for sure.
    #[cold]
    fn outcome(&self, strongest: &Finding, has_routes: bool) -> Outcome {
        match strongest.action {
            Action::Accept => Outcome::Accept,
            Action::AttributeDiscard => Outcome::AttributeDiscard(self.discarded),
            // RFC 7606 §5.2: attributes and an error, but no routes that it could be about.
            Action::TreatAsWithdraw if !has_routes => Outcome::SessionReset(strongest.error()),
            Action::TreatAsWithdraw => Outcome::TreatAsWithdraw,
            Action::DisableFamily => match (self.family, self.withdraws) {
                (Some(family), None) => Outcome::DisableFamily(family),
                _ => Outcome::SessionReset(strongest.error()),
            },
            Action::SessionReset => Outcome::SessionReset(strongest.error()),
        }
    }
}

/// RFC 7606 §7 and each attribute's own RFC: what a value that cannot be read leads to.
fn answer(kind: AttributeType, error: &ether_ip::Error) -> (Action, NotificationCode, &'static str) {
    use Action::{AttributeDiscard, SessionReset, TreatAsWithdraw};
    let is_length = error.is_truncated() || matches!(error, ether_ip::Error::Malformed { field: "length", .. });
    let length = NotificationCode::ATTRIBUTE_LENGTH;
    let optional = NotificationCode::OPTIONAL_ATTRIBUTE;
    match kind {
        AttributeType::ORIGIN if is_length => (TreatAsWithdraw, length, "RFC 7606 §7.1"),
        AttributeType::ORIGIN => (TreatAsWithdraw, NotificationCode::INVALID_ORIGIN, "RFC 7606 §7.1"),
        AttributeType::AS_PATH => (TreatAsWithdraw, NotificationCode::MALFORMED_AS_PATH, "RFC 7606 §7.2"),
        AttributeType::NEXT_HOP => (TreatAsWithdraw, length, "RFC 7606 §7.3"),
        AttributeType::MULTI_EXIT_DISC => (TreatAsWithdraw, length, "RFC 7606 §7.4"),
        AttributeType::LOCAL_PREF => (TreatAsWithdraw, length, "RFC 7606 §7.5"),
        AttributeType::ATOMIC_AGGREGATE => (AttributeDiscard, length, "RFC 7606 §7.6"),
        AttributeType::AGGREGATOR => (AttributeDiscard, length, "RFC 7606 §7.7"),
        AttributeType::COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.8"),
        AttributeType::ORIGINATOR_ID => (TreatAsWithdraw, length, "RFC 7606 §7.9"),
        AttributeType::CLUSTER_LIST => (TreatAsWithdraw, length, "RFC 7606 §7.10"),
        AttributeType::MP_REACH_NLRI => (SessionReset, optional, "RFC 7606 §7.11"),
        AttributeType::MP_UNREACH_NLRI => (SessionReset, optional, "RFC 7606 §7.12"),
        AttributeType::EXTENDED_COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.14"),
        AttributeType::IPV6_EXTENDED_COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.15"),
        AttributeType::ATTR_SET => (TreatAsWithdraw, optional, "RFC 7606 §7.16"),
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

fn finding(
    attribute: &Attribute<'_>,
    fault: Fault,
    action: Action,
    code: NotificationCode,
    clause: &'static str,
) -> Finding {
    let family = match (attribute.kind, attribute.value) {
        (AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI, &[high, low, safi, ..]) => {
            Some(Family::new(u16::from_be_bytes([high, low]), safi))
        }
        _ => None,
    };
    let data = Data::Part { at: attribute.offset, len: attribute.wire_len() };
    Finding { attribute: Some(attribute.kind), family, offset: attribute.offset, fault, action, code, clause, data }
}

/// RFC 7606 §3 g.
#[cold]
fn repeated(attribute: &Attribute<'_>) -> Finding {
    let fault = Fault::Repeated(attribute.kind.layer());
    let code = NotificationCode::MALFORMED_ATTRIBUTES;
    let action = match attribute.kind {
        AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI => Action::SessionReset,
        _ => Action::AttributeDiscard,
    };
    Finding { data: Data::None, ..finding(attribute, fault, action, code, "RFC 7606 §3 g") }
}

/// An attribute that such a peer does not send.
#[cold]
fn unwanted(attribute: &Attribute<'_>, clause: &'static str) -> Finding {
    let fault = Fault::NotFromThisPeer(attribute.kind.layer());
    finding(attribute, fault, Action::AttributeDiscard, NotificationCode::OPTIONAL_ATTRIBUTE, clause)
}

/// RFC 4271 §6.3, which RFC 7606 leaves as it is.
#[cold]
fn unknown_well_known(attribute: &Attribute<'_>) -> Finding {
    let fault = Fault::UnknownWellKnown(attribute.kind.0);
    finding(attribute, fault, Action::SessionReset, NotificationCode::UNRECOGNIZED_WELL_KNOWN, "RFC 4271 §6.3")
}

/// RFC 5065 §5, read with RFC 7606 §7.2.
#[cold]
fn confederation(attribute: &Attribute<'_>) -> Finding {
    let code = NotificationCode::MALFORMED_AS_PATH;
    finding(attribute, Fault::Confederation, Action::TreatAsWithdraw, code, "RFC 5065 §5")
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
fn network_field(routes: Routes<'_>, offset: usize, bytes: &[u8]) -> Finding {
    let error = routes.check().err();
    let truncated =
        ether_ip::Error::Truncated { layer: crate::nlri::NLRI, needed: bytes.len(), available: bytes.len() };
    Finding {
        attribute: None,
        family: Some(Family::IPV4_UNICAST),
        offset,
        fault: Fault::Field(error.unwrap_or(truncated)),
        action: Action::SessionReset,
        code: NotificationCode::INVALID_NETWORK_FIELD,
        clause: "RFC 7606 §5.3",
        data: Data::None,
    }
}

/// RFC 7606 §3 d.
#[cold]
fn missing(kind: AttributeType, offset: usize) -> Finding {
    Finding {
        attribute: Some(kind),
        family: None,
        offset,
        fault: Fault::Missing(kind.layer()),
        action: Action::TreatAsWithdraw,
        code: NotificationCode::MISSING_WELL_KNOWN,
        clause: "RFC 7606 §3 d",
        data: Data::Inline([kind.0, 0], 1),
    }
}
