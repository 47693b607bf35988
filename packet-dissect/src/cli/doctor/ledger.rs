//! What rules note, in bounded memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;

use super::code::Code;
use super::finding::{At, Evidence, Finding};

/// How many findings are told apart; what is beyond them is counted alone.
const MAX_FINDINGS: usize = 10_000;

/// Source and destination.
type Addresses = (IpAddr, IpAddr);

/// What one finding has in common, and others have not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    code: Code,
    pods: Option<Addresses>,
    nodes: Option<Addresses>,
    detail: String,
}

impl Key {
    pub(super) const fn new(code: Code) -> Self {
        Self { code, pods: None, nodes: None, detail: String::new() }
    }

    /// The same between these pods.
    pub(super) fn between(self, pods: Addresses) -> Self {
        Self { pods: Some(pods), ..self }
    }

    /// The same between these nodes, if there are any.
    pub(super) fn around(self, nodes: Option<Addresses>) -> Self {
        Self { nodes, ..self }
    }

    /// The same, of something that has no place of its own here.
    pub(super) fn of(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

/// All that was noted.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    noted: BTreeMap<Key, (String, Evidence)>,
    /// How many notes there was no room for.
    beyond: u64,
}

impl Ledger {
    /// Notes what a packet shows. The sentence is asked for the first time; its numbers go along with the evidence.
    pub(super) fn note(&mut self, key: Key, at: &At, sentence: impl FnOnce(&mut Evidence) -> String) {
        if let Some((_, evidence)) = self.noted.get_mut(&key) {
            return evidence.add(at);
        }
        let mut evidence = Evidence::default();
        evidence.add(at);
        let sentence = sentence(&mut evidence);
        self.put(key, sentence, evidence);
    }

    /// Notes what is known when all was seen.
    pub(super) fn put(&mut self, key: Key, sentence: String, evidence: Evidence) {
        if let Some((_, known)) = self.noted.get_mut(&key) {
            known.join(evidence);
        } else if self.noted.len() < MAX_FINDINGS {
            let evidence = Evidence { pods: key.pods, nodes: key.nodes, ..evidence };
            self.noted.insert(key, (sentence, evidence));
        } else {
            self.beyond += 1;
        }
    }

    /// How many notes there was no room for.
    pub(super) const fn beyond(&self) -> u64 {
        self.beyond
    }

    /// The findings, the gravest first, and of those of one code the ones that most packets show.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let finding = |(key, (sentence, evidence)): (&Key, &(String, Evidence))| Finding {
            code: key.code,
            sentence: sentence.clone(),
            evidence: evidence.clone(),
            detail: key.detail.clone(),
        };
        let mut findings: Vec<_> = self.noted.iter().map(finding).collect();
        findings.sort_by_key(|of| (Reverse(of.gravity()), of.code, Reverse(of.evidence.count)));
        findings
    }
}
