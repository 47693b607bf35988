//! `routing-loop`: a packet that comes by again and again.

use super::bounded::{Recent, fingerprint};
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Header, Sight};

/// So often a packet must come with fewer hops left than before: the taps of a node, all in one capture, see it twice or three times.
const FALLS: u64 = 5;
/// How many packets are remembered at least; twice as many at most.
const KEPT: usize = 1 << 13;

#[derive(Debug)]
pub(super) struct Loops(Recent<u64, Seen>);

impl Default for Loops {
    fn default() -> Self {
        Self(Recent::new(KEPT))
    }
}

/// How a packet came last.
#[derive(Debug, Default)]
struct Seen {
    hops: u8,
    falls: Evidence,
}

impl Rule for Loops {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        let Some(header) = sight.headers.last().filter(|header| !header.is_fragment) else { return };
        let Header { addresses, protocol, identification, len, depth, payload, .. } = header;
        // What no router changes.
        let known = self.0.of(fingerprint(&(addresses, protocol.0, identification, len, depth, payload)));
        if header.hops < known.hops {
            known.falls.add(&sight.at);
        } else if header.hops > known.hops {
            // The same once more, as a program sends that counts hops.
            known.falls = Evidence::default();
        }
        known.hops = header.hops;
        if known.falls.count == FALLS {
            let (source, destination) = header.addresses;
            let key = Key::new(Code::RoutingLoop).between(header.addresses).around(header.nodes);
            let sentence = format!(
                "Packets of {source} to {destination} come by again and again, each time with fewer hops left."
            );
            ledger.put(key, sentence, known.falls.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, codes, findings, frame, told};

    /// The same ping, each time with so many hops left.
    fn seen(hops: impl IntoIterator<Item = u8>) -> Capture {
        (0..).zip(hops).map(|(at, ttl)| (at, frame(&Ip { ttl, id: 7, ..Ip::new(A, B) }.ping(1)))).collect()
    }

    #[test]
    fn round_and_round() {
        let sentence = "Packets of 10.244.1.2 to 10.244.2.2 come by again and again, each time with fewer hops left.";
        let all = findings(&seen((54..=64).rev().step_by(2)));
        assert_eq!(told(&all, "routing-loop"), (sentence.to_owned(), vec![2, 3, 4, 5, 6]));
    }

    /// The taps of a node see a packet with 64 hops left and with 63, some of them twice; a program may send the same again.
    #[test]
    fn on_its_way() {
        assert!(codes(&seen([64, 64, 63, 63, 63, 62])).is_empty());
        assert!(codes(&seen([64, 63, 64, 63, 64, 63, 64, 63, 64, 63, 64, 63])).is_empty());
        let traced: Capture = seen(1..20);
        assert!(codes(&traced).is_empty());
    }
}
