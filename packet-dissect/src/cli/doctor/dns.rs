//! `dns-unanswered`: names that nobody resolves.

use std::net::IpAddr;

use crate::Timestamp;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Dns, Sight};

/// So long a question must have no answer: glibc's resolver gives it up then (resolv.conf(5)).
const PATIENCE: i128 = 5_000_000_000;
/// So many questions without one are worth a word, of a hundred, and no fewer than these.
const RATE: u64 = 10;
const LEAST: u64 = 2;

#[derive(Debug, Default)]
pub(super) struct Resolving {
    asked: Bounded<(Addresses, (u16, u16), u16), Asked>,
    /// How many questions each asks of another.
    questions: Bounded<Addresses, u64>,
    /// To whom packets were seen to go.
    heard: Bounded<IpAddr, ()>,
    last: Option<Timestamp>,
}

#[derive(Debug, Default)]
struct Asked {
    nodes: Option<Addresses>,
    evidence: Evidence,
}

impl Rule for Resolving {
    fn see(&mut self, sight: &Sight<'_>, _: &mut Ledger) {
        self.last = sight.at.time.or(self.last);
        sight.headers.iter().for_each(|header| _ = self.heard.of(header.addresses.1));
        for quoted in sight.icmp_errors.iter().filter_map(|error| error.quoted) {
            // Refused is answered: which of the questions is not told.
            self.questions.remove(&quoted.addresses);
        }
        for Dns { header, ports, identifier, is_answer } in &sight.dns {
            if *is_answer {
                self.asked.remove(&(header.way_back(), (ports.1, ports.0), *identifier));
            } else if !header.addresses.1.is_multicast() {
                let asked = self.asked.of((header.addresses, *ports, *identifier));
                asked.into_iter().for_each(|asked| {
                    asked.nodes = header.nodes;
                    asked.evidence.add(&sight.at);
                });
                self.questions.of(header.addresses).into_iter().for_each(|questions| *questions += 1);
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        let mut unanswered: Bounded<Addresses, Asked> = Bounded::default();
        for ((addresses, ..), Asked { nodes, evidence }) in self.asked.drain_by(|asked| asked.evidence.begin()) {
            let waited = self.last.zip(evidence.first).map_or(0, |(last, first)| last.nanoseconds_since(first));
            let is_heard = [Some(addresses), nodes].into_iter().flatten().any(|(from, _)| self.heard.has(&from));
            if waited >= PATIENCE && is_heard {
                let Some(all) = unanswered.of(addresses) else { continue };
                all.nodes = nodes;
                all.evidence.join(evidence);
            }
        }
        for (addresses, Asked { nodes, mut evidence }) in unanswered.drain_by(|asked| asked.evidence.begin()) {
            let (count, all) = (evidence.count, self.questions.get(&addresses).copied().unwrap_or(0));
            if count >= LEAST && count <= all && count * 100 >= all * RATE {
                let (client, server) = addresses;
                let sentence = format!(
                    "{client} asks {server} for names, and {count} of {all} questions have no answer, where {RATE} % is the most that \
                     passes here."
                );
                evidence.numbers = vec![("unanswered", count), ("questions", all)];
                ledger.put(Key::new(Code::DnsUnanswered).between(addresses).around(nodes), sentence, evidence);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, codes, findings, frame, told};

    fn question(at: u64, identifier: u8) -> (u64, Vec<u8>) {
        (at, frame(&Ip::new(A, B).udp((4000, 53), &[0, identifier, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])))
    }

    fn answer(at: u64, identifier: u8) -> (u64, Vec<u8>) {
        (at, frame(&Ip::new(B, A).udp((53, 4000), &[0, identifier, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])))
    }

    /// One that is answered; one that is asked twice.
    fn capture() -> Capture {
        vec![
            question(0, 1),
            answer(1, 1),
            question(1_000, 2),
            question(6_000, 2),
            (11_000, frame(&Ip::new(B, A).ping(1))),
        ]
    }

    #[test]
    fn unanswered() {
        let sentence = "10.244.1.2 asks 10.244.2.2 for names, and 2 of 3 questions have no answer, where 10 % is the most that passes here.";
        assert_eq!(told(&findings(&capture()), "dns-unanswered"), (sentence.to_owned(), vec![3, 4]));
    }

    #[test]
    fn answered() {
        let mut late = capture();
        late.push(answer(12_000, 2));
        assert!(codes(&late).is_empty());
        // The capture ends too soon; and one in which nothing goes to A.
        assert!(
            codes(&vec![question(0, 1), answer(1, 1), question(1_000, 2), question(1_001, 3), answer(5_000, 9)])
                .is_empty()
        );
        assert!(codes(&vec![question(0, 2), question(5_000, 2), (11_000, frame(&Ip::new(A, B).ping(1)))]).is_empty());
    }
}
