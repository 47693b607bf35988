//! The one pass over an UPDATE.

use super::answer::{cut, network_field};
use super::check::{Checked, Wrong};
use super::finding::{AttributeSet, Finding, Outcome, UpdateVisitor, Verdict};
use crate::attribute::{Attribute, AttributeType, AttributeValue};
use crate::header::HEADER_LEN;
use crate::message::update::Update;

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
            if let Err(wrong) = self.check(&attribute, &mut seen, &mut verdict, visit) {
                verdict.add(self.finding(attribute, wrong), visit);
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
        //= RFC 8205 §5.2/no-as-path
        if seen.contains(AttributeType::BGPSEC_PATH) && seen.contains(AttributeType::AS_PATH) {
            self.two_paths(&mut verdict, visit);
        }
        match verdict.strongest {
            //= RFC 4271 §6.3/no-nlri
            None => Outcome::Accept,
            Some(_) => verdict.outcome(has_routes),
        }
    }

    /// The attributes that an [`Outcome`] leaves: without those that it discards, and those that stand there again.
    pub fn kept_attributes(&self, outcome: &Outcome) -> impl Iterator<Item = Attribute<'a>> + Clone + use<'a> {
        let mut gone = match outcome {
            Outcome::AttributeDiscard(discarded) | Outcome::DisableFamily { discarded, .. } => *discarded,
            _ => AttributeSet::default(),
        };
        self.attributes().filter(move |attribute| !gone.insert(attribute.kind))
    }

    /// Checks one attribute on its own, and hands it out if it is good.
    #[inline(always)]
    fn check(
        &self,
        attribute: &Attribute<'a>,
        seen: &mut AttributeSet,
        verdict: &mut Verdict,
        visit: &mut impl UpdateVisitor<'a>,
    ) -> Result<(), Wrong> {
        let Attribute { kind, flags, value, .. } = *attribute;
        let checked = Checked { attribute, update: self, seen, verdict, visit };
        AttributeValue::parse_for(kind, flags, value, self.session(), checked)
    }
}
