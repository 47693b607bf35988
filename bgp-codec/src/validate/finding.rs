//! What can come out: findings, and the answer to all of them.

use crate::attribute::{Attribute, AttributeType, AttributeValue};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::Family;
use crate::value::prefix::Ipv4Prefix;

/// How strong an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing is wrong.
    Accept,
    /// The route is left out, the rest stays.
    RouteDiscard,
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
    pub(super) data: Data,
}

impl Finding {
    pub(super) fn error(&self) -> Error {
        Error::new(self.fault, self.code, self.data)
    }
}

/// A set of attribute types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AttributeSet([u64; 4]);

impl AttributeSet {
    /// No type.
    pub const EMPTY: Self = Self([0; 4]);

    /// The same with a type more.
    ///
    /// ```
    /// use bgp_codec::{AttributeType, validate::AttributeSet};
    ///
    /// let set = AttributeSet::EMPTY.with(AttributeType::AIGP);
    /// assert!(set.contains(AttributeType::AIGP) && !set.contains(AttributeType::ORIGIN));
    /// ```
    #[must_use]
    pub fn with(mut self, kind: AttributeType) -> Self {
        self.insert(kind);
        self
    }

    /// The types of both.
    ///
    /// ```
    /// use bgp_codec::{AttributeType, validate::AttributeSet};
    ///
    /// let (origin, last) = (AttributeSet::EMPTY.with(AttributeType::ORIGIN), AttributeSet::EMPTY.with(AttributeType(255)));
    /// let both = origin.or(last).or(origin);
    /// assert!(both.contains(AttributeType::ORIGIN) && both.contains(AttributeType(255)));
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a | e, b | f, c | g, d | h])
    }

    /// Whether a type is in it.
    #[inline]
    #[must_use]
    pub fn contains(&self, kind: AttributeType) -> bool {
        let [word, bit] = Self::place(kind);
        self.0.get(word as usize).is_some_and(|bits| bits & bit != 0)
    }

    /// The types below 64, a bit each.
    #[inline(always)]
    pub(crate) const fn first(&self) -> u64 {
        let Self([first, ..]) = *self;
        first
    }

    #[inline(always)]
    const fn place(kind: AttributeType) -> [u64; 2] {
        [(kind.0 >> 6) as u64, 1 << (kind.0 & 63)]
    }

    /// Puts a type in; whether it was there before.
    #[inline(always)]
    pub(crate) fn insert(&mut self, kind: AttributeType) -> bool {
        let [word, bit] = Self::place(kind);
        if word > 0 {
            let (set, was_there) = self.insert_far(word, bit);
            *self = set;
            return was_there;
        }
        let [first, ..] = &mut self.0;
        let was_there = *first & bit != 0;
        *first |= bit;
        was_there
    }

    /// The same with a type of 64 or more: in a copy, so that the first word, for the types that are seen often, need not stand
    /// in memory.
    #[cold]
    fn insert_far(mut self, word: u64, bit: u64) -> (Self, bool) {
        let Some(bits) = self.0.get_mut(word as usize) else {
            return (self, false);
        };
        let was_there = *bits & bit != 0;
        *bits |= bit;
        (self, was_there)
    }

    /// The types, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = AttributeType> + use<> {
        let Self(mut words) = *self;
        core::iter::from_fn(move || {
            let (n, word) = (0_u8..).zip(&mut words).find(|(_, word)| **word != 0)?;
            let bit = word.trailing_zeros() as u8;
            *word &= word.wrapping_sub(1);
            Some(AttributeType(n << 6 | bit))
        })
    }

    /// The first attribute that is not there and must be, in a message that announces routes: a BGPsec path stands in AS_PATH's place
    /// (RFC 8205 §3).
    pub(crate) fn missing(&self, with_next_hop: bool) -> Option<AttributeType> {
        let is_path = |kind| kind == AttributeType::AS_PATH && self.contains(AttributeType::BGPSEC_PATH);
        //= RFC 4760 §3/mandatory, §3/next-hop-absent
        let mandatory = [AttributeType::ORIGIN, AttributeType::AS_PATH, AttributeType::NEXT_HOP];
        let needed = if with_next_hop { 3 } else { 2 };
        mandatory.into_iter().take(needed).find(|kind| !self.contains(*kind) && !is_path(*kind))
    }

    /// Whether ORIGIN and AS_PATH are in it, and NEXT_HOP, where that is needed.
    #[inline(always)]
    pub(crate) fn has_mandatory(&self, with_next_hop: bool) -> bool {
        let [first, ..] = self.0;
        let mask = if with_next_hop { 0b1110 } else { 0b0110 };
        first & mask == mask
    }
}

impl FromIterator<AttributeType> for AttributeSet {
    fn from_iter<I: IntoIterator<Item = AttributeType>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// What a speaker does with an UPDATE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Takes it as it is.
    Accept,
    /// Takes it without the routes that cannot be read inside, though their ends are known: what is withdrawn of EVPN, FlowSpec and SR
    /// policies, and what is said of link state (RFC 9552 §8.2.2). Such a route has nothing to be found by.
    RouteDiscard,
    /// Takes it without these attributes, and without those that stand there again: [`Update::kept_attributes`].
    ///
    /// [`Update::kept_attributes`]: crate::Update::kept_attributes
    AttributeDiscard(AttributeSet),
    /// Withdraws all of its routes: [`Update::announced`] as well as [`Update::withdrawn`].
    ///
    /// [`Update::announced`]: crate::Update::announced
    /// [`Update::withdrawn`]: crate::Update::withdrawn
    TreatAsWithdraw,
    /// Exchanges no more routes of these families, and withdraws those that it has of them: the one that MP_REACH_NLRI told or the one
    /// that MP_UNREACH_NLRI told, or both. Without these attributes the rest is taken: [`Update::kept_attributes`].
    ///
    /// [`Update::kept_attributes`]: crate::Update::kept_attributes
    DisableFamily {
        /// The families, the first found first; the second is not there, or another.
        families: [Option<Family>; 2],
        /// What is left out.
        discarded: AttributeSet,
    },
    /// Ends the session with this.
    SessionReset(Error),
}

impl Outcome {
    /// How strong the answer is.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Accept => Action::Accept,
            Self::RouteDiscard => Action::RouteDiscard,
            Self::AttributeDiscard(_) => Action::AttributeDiscard,
            Self::TreatAsWithdraw => Action::TreatAsWithdraw,
            Self::DisableFamily { .. } => Action::DisableFamily,
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
///
/// [`Update::walk`]: crate::Update::walk
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

/// What was found so far.
#[derive(Default)]
pub(super) struct Verdict {
    discarded: AttributeSet,
    pub(super) strongest: Option<Finding>,
    withdraws: bool,
    families: [Option<Family>; 2],
    pub(super) reaches: bool,
}

impl Verdict {
    #[cold]
    pub(super) fn add<'a>(&mut self, finding: Finding, visit: &mut impl UpdateVisitor<'a>) {
        match (finding.action, finding.attribute) {
            (Action::AttributeDiscard, Some(kind)) if !matches!(finding.fault, Fault::Repeated(_)) => {
                self.discarded.insert(kind);
            }
            (Action::TreatAsWithdraw, _) => self.withdraws = true,
            (Action::DisableFamily, kind) => {
                //= RFC 4760 §7/disable
                let [first, second] = &mut self.families;
                let place = if first.is_none_or(|first| Some(first) == finding.family) { first } else { second };
                *place = finding.family;
                if let Some(kind) = kind {
                    self.discarded.insert(kind);
                }
            }
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
    pub(super) fn outcome(&self, has_routes: bool) -> Outcome {
        let Some(strongest) = self.strongest else {
            return Outcome::Accept;
        };
        match strongest.action {
            Action::Accept => Outcome::Accept,
            Action::RouteDiscard => Outcome::RouteDiscard,
            Action::AttributeDiscard => Outcome::AttributeDiscard(self.discarded),
            // RFC 7606 §5.2: attributes and an error, but no routes that it could be about.
            //= RFC 7606 §5.2
            Action::TreatAsWithdraw if !has_routes => Outcome::SessionReset(strongest.error()),
            Action::TreatAsWithdraw => Outcome::TreatAsWithdraw,
            //= RFC 7606 §3.j
            Action::DisableFamily if !self.withdraws => {
                Outcome::DisableFamily { families: self.families, discarded: self.discarded }
            }
            Action::DisableFamily => Outcome::SessionReset(strongest.error()),
            Action::SessionReset => Outcome::SessionReset(strongest.error()),
        }
    }
}
