//! `neighbour-unanswered`: questions for hardware addresses that nobody answers.

use std::net::IpAddr;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Neighbour, Sight};

/// How often a neighbour is asked for before it is given up, and for how long at least, in nanoseconds: RFC 4861 §10 has three, each a
/// second behind the other, and Linux does the same for ARP.
const LEAST: u64 = 3;
const LASTS: i128 = 1_500_000_000;
/// Who had an answer does not ask so often, a second behind the other, wherever the answers are seen.
const LEAST_AFAR: u64 = 5;
const SECOND: core::ops::Range<i128> = 500_000_000..1_500_000_000;
/// The same question, at another tap.
const AT_ONCE: i128 = 100_000_000;

#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// By who is asked for.
    asked: Bounded<IpAddr, Bounded<IpAddr, Asked>>,
    /// Whose packets to one other are seen. Questions go to all, answers to one: who sees no more than the questions of somebody would not
    /// see the answers.
    talking: Bounded<IpAddr, ()>,
}

#[derive(Debug, Default)]
struct Asked {
    nodes: Option<Addresses>,
    evidence: Evidence,
    /// How many came a second behind the other, lately and at most.
    run: u64,
    longest: u64,
}

impl Asked {
    fn add(&mut self, nodes: Option<Addresses>, at: &At) {
        let since = at.time.zip(self.evidence.last).map(|(now, last)| now.nanoseconds_since(last));
        if since.is_none_or(|since| since >= AT_ONCE) {
            let is_next = since.is_some_and(|since| SECOND.contains(&since));
            self.run = if is_next { self.run + 1 } else { 1 };
            self.longest = self.longest.max(self.run);
        }
        self.nodes = nodes;
        self.evidence.add(at);
    }
}

impl Rule for Neighbours {
    fn see(&mut self, sight: &Sight<'_>, _: &mut Ledger) {
        for header in &sight.headers {
            let (source, destination) = header.addresses;
            let to_all = header.macs.is_some_and(|(_, to)| to.is_multicast());
            if !to_all && !destination.is_multicast() {
                self.talking.of(source);
                self.talking.of(destination);
            }
            if !self.asked.is_empty() {
                self.asked.remove(&source);
            }
        }
        for of in &sight.neighbours {
            let Neighbour { is_answer, asker, target, macs, nodes } = *of;
            if macs.is_some_and(|(_, to)| !to.is_multicast()) {
                asker.into_iter().for_each(|asker| _ = self.talking.of(asker));
            }
            if is_answer {
                self.asked.remove(&target);
                continue;
            }
            // Who has no address yet asks whether another has it, and hopes for none (RFC 5227 §2.1, RFC 4862 §5.4).
            let Some(asker) = asker.filter(|asker| *asker != target) else { continue };
            let asked = self.asked.of(target).and_then(|askers| askers.of(asker));
            asked.into_iter().for_each(|asked| asked.add(nodes, &sight.at));
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for (target, mut askers) in self.asked.drain_by(|_| ()) {
            for (asker, Asked { nodes, evidence, longest, .. }) in askers.drain_by(|asked| asked.evidence.begin()) {
                let is_given_up = evidence.count >= LEAST && evidence.lasted().is_some_and(|lasted| lasted >= LASTS);
                if is_given_up && (self.talking.has(&asker) || longest >= LEAST_AFAR) {
                    let how = if target.is_ipv4() { "ARP" } else { "neighbour discovery" };
                    let sentence = format!("{asker} asks by {how} who has {target}, and nobody answers.");
                    ledger.put(
                        Key::new(Code::NeighbourUnanswered).between((asker, target)).around(nodes),
                        sentence,
                        evidence,
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, NODE_A, arp, codes, findings, frame, told};
    use ether_ip::arp::ArpOperation;

    /// Three questions, a second apart, of somebody whose other packets are seen.
    fn asked() -> Capture {
        let ask = |at| (at, arp(ArpOperation::REQUEST, A, B));
        vec![(0, frame(&Ip::new(A, NODE_A).ping(1))), ask(1_000), ask(2_000), ask(3_000)]
    }

    #[test]
    fn unanswered() {
        let sentence = "10.244.1.2 asks by ARP who has 10.244.2.2, and nobody answers.";
        assert_eq!(told(&findings(&asked()), "neighbour-unanswered"), (sentence.to_owned(), vec![2, 3, 4]));
    }

    #[test]
    fn answered() {
        let mut capture = asked();
        capture.push((3_001, arp(ArpOperation::REPLY, B, A)));
        assert!(codes(&capture).is_empty());
        // Who answers otherwise is there.
        let mut capture = asked();
        capture.push((3_001, frame(&Ip::new(B, A).ping(1))));
        assert!(codes(&capture).is_empty());
    }

    /// On a switch's other port the questions are seen, and not the answers.
    #[test]
    fn seen_from_afar() {
        assert!(codes(&asked()[1..].to_vec()).is_empty());
        assert!(codes(&asked()[..3].to_vec()).is_empty());
    }

    /// A pod whose gateway is gone sends nothing besides, and who has an answer does not ask so often; but every minute it may.
    #[test]
    fn nothing_besides() {
        let asked = |every: u64| (0..6).map(|number| (number * every, arp(ArpOperation::REQUEST, A, B))).collect();
        assert_eq!(codes(&asked(1_020)), ["neighbour-unanswered"]);
        assert!(codes(&asked(60_000)).is_empty());
    }

    /// RFC 5227 §2.1.1: a probe has no sender's address, and hopes for no answer.
    #[test]
    fn probes() {
        let probe = |at| (at, arp(ArpOperation::REQUEST, [0, 0, 0, 0].into(), B));
        assert!(codes(&vec![probe(0), probe(1_000), probe(2_000)]).is_empty());
    }
}
