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
        let mut told = BTreeMap::<&Key, (&str, Evidence)>::new();
        // The last have a tunnel around: theirs are the sentences.
        for (key, (sentence, evidence)) in self.noted.iter().rev().filter(|(key, _)| !self.is_explained(key)) {
            let key = self.in_a_tunnel(key).unwrap_or(key);
            match told.get_mut(key) {
                Some((_, known)) => known.join(evidence.clone()),
                None => drop(told.insert(key, (sentence, evidence.clone()))),
            }
        }
        let finding = |(key, (sentence, evidence)): (&Key, (&str, Evidence))| Finding {
            code: key.code,
            sentence: sentence.to_owned(),
            evidence,
            detail: key.detail.clone(),
        };
        let mut findings: Vec<_> = told.into_iter().map(finding).collect();
        findings.sort_by_key(|of| (Reverse(of.gravity()), of.code, Reverse(of.evidence.count)));
        findings
    }

    /// The same of the same pods with a tunnel around, if that was noted too: a pod's tap and its node's show one thing.
    fn in_a_tunnel(&self, key: &Key) -> Option<&Key> {
        let Key { code, pods: pods @ Some(_), nodes: None, detail } = key else { return None };
        let behind = self.noted.range(key..).map(|(key, _)| key);
        let of_pods = behind.take_while(|other| other.code == *code && other.pods == *pods);
        of_pods.into_iter().find(|other| other.nodes.is_some() && other.detail == *detail)
    }

    /// Whether another finding says why it is so: where a policy drops what pods ask, no answer need come through their tunnel.
    fn is_explained(&self, key: &Key) -> bool {
        let Key { code: Code::OneWayTunnel, pods: Some(pods), .. } = key else { return false };
        let dropped = Key::new(Code::PolicyDropped).between(*pods);
        self.noted.range(&dropped..).next().is_some_and(|(key, _)| key.code == dropped.code && key.pods == dropped.pods)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, NODE_A, NODE_B};
    use super::*;

    const PODS: Addresses = (IpAddr::V4(A), IpAddr::V4(B));
    const NODES: Addresses = (IpAddr::V4(NODE_A), IpAddr::V4(NODE_B));

    fn ledger(keys: &[Key]) -> Ledger {
        let mut ledger = Ledger::default();
        for (number, key) in (1..).zip(keys) {
            ledger.put(key.clone(), number.to_string(), Evidence { count: number, ..Evidence::default() });
        }
        ledger
    }

    fn told(ledger: &Ledger) -> Vec<(String, u64)> {
        ledger.findings().iter().map(|finding| (finding.sentence().to_owned(), finding.evidence().count)).collect()
    }

    /// A pod's tap has a packet without its tunnel, its node's with it.
    #[test]
    fn one_thing_is_told_once() {
        let refused = || Key::new(Code::Refused).between(PODS);
        let back = (PODS.1, PODS.0);
        let all = ledger(&[
            refused().of("80"),
            refused().around(Some(NODES)).of("80"),
            refused().of("81"),
            Key::new(Code::Refused).between(back).of("80"),
        ]);
        assert_eq!(told(&all), [("4".to_owned(), 4), ("3".to_owned(), 3), ("2".to_owned(), 3)]);
    }

    #[test]
    fn what_a_policy_drops_has_no_answer() {
        let one_way = Key::new(Code::OneWayTunnel).around(Some(NODES)).of("vxlan").between(PODS);
        let dropped = |pods| Key::new(Code::PolicyDropped).between(pods).of("web");
        assert_eq!(told(&ledger(&[one_way.clone(), dropped(PODS)])), [("2".to_owned(), 2)]);
        assert_eq!(told(&ledger(&[one_way, dropped((PODS.1, PODS.0))])).len(), 2);
    }
}
