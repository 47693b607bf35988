//! `fragmented-outer`, `fragment-missing`: tunnels' packets in pieces, and pieces that never come.

use crate::Timestamp;
use crate::reassembly::PacketId;

use super::bounded::Bounded;
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Piece, Sight, Trouble};

/// How far from where a capture begins and ends a packet must be, in nanoseconds: what is nearer may be cut off by that.
const EDGE: i128 = 1_000_000_000;

#[derive(Debug, Default)]
pub(super) struct Fragments {
    waiting: Bounded<PacketId, Waiting>,
    /// Other fragments than first ones are seen: what asks for ports in a capture's filter takes none.
    has_others: bool,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// What there is of a packet.
#[derive(Debug, Default)]
struct Waiting {
    evidence: Evidence,
    has_first: bool,
    has_last: bool,
    has_tunnel: bool,
}

impl Rule for Fragments {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        self.first = self.first.or(sight.at.time);
        self.last = sight.at.time.or(self.last);
        for piece in &sight.fragments {
            if piece.nodes.is_none() {
                in_pieces(piece, sight, ledger);
            }
            self.has_others |= piece.offset > 0;
            if piece.is_waiting {
                self.waiting.of(piece.of).into_iter().for_each(|waiting| waiting.add(piece, sight));
            } else {
                // Whole, or none that counts: the walk says which.
                self.waiting.remove(&piece.of);
            }
        }
        for error in sight.icmp_errors.iter().filter(|error| error.trouble == Trouble::NotWhole) {
            let Some(quoted) = error.quoted else { continue };
            let ((source, destination), reporter) = (quoted.addresses, error.header.addresses.0);
            let key = Key::new(Code::FragmentMissing).between(quoted.addresses).around(error.header.nodes);
            ledger.note(key.of("icmp"), &sight.at, |_| {
                format!("{reporter} waited in vain for all fragments of what {source} sends to {destination}.")
            });
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for (of, waiting) in self.waiting.drain_by(|waiting| waiting.evidence.begin()) {
            let Evidence { first: Some(first), last: Some(last), .. } = waiting.evidence else { continue };
            let is_within = self.first.is_some_and(|begun| first.nanoseconds_since(begun) >= EDGE)
                && self.last.is_some_and(|ended| ended.nanoseconds_since(last) >= EDGE);
            if is_within && self.has_others {
                let (source, destination) = of.addresses;
                let (gap, what) = (waiting.gap(), if waiting.has_tunnel { "tunnel packets" } else { "packets" });
                let sentence =
                    format!("Of {what} that {source} sends to {destination} {gap} never comes: they are lost whole.");
                let key = Key::new(Code::FragmentMissing).between(of.addresses);
                ledger.put(key.of(gap), sentence, waiting.evidence);
            }
        }
    }
}

/// A tunnel's packet that comes in fragments: its first one tells, whenever it comes.
fn in_pieces(piece: &Piece, sight: &Sight<'_>, ledger: &mut Ledger) {
    if piece.has_tunnel && piece.offset == 0 {
        let (source, destination) = piece.of.addresses;
        ledger.note(Key::new(Code::FragmentedOuter).around(Some(piece.of.addresses)), &sight.at, |_| {
            format!("Tunnel packets go from {source} to {destination} in fragments.")
        });
    }
}

impl Waiting {
    fn add(&mut self, piece: &Piece, sight: &Sight<'_>) {
        self.evidence.add(&sight.at);
        self.has_last |= piece.is_last;
        self.has_tunnel |= piece.has_tunnel;
        self.has_first |= piece.offset == 0;
    }

    /// Which of the fragments is missing.
    fn gap(&self) -> &'static str {
        match (self.has_first, self.has_last) {
            (false, _) => "the first fragment",
            (true, false) => "the last fragment",
            (true, true) => "one of the fragments between",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, NODE_A, NODE_B, codes, findings, frame, told, vxlan};
    use ether_ip::ip::IpProtocol;

    /// A packet of VXLAN, in fragments of 1480 bytes and the rest, between two pings a long time off.
    fn fragments() -> Capture {
        let inner = frame(&Ip::new(A, B).udp((4000, 53), &[7; 1500]));
        let whole = vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner);
        let (first, second) = whole[34..].split_at(1480);
        let fragment = |at: u16, more, bytes: &[u8]| {
            let ip = Ip { id: 7, fragment: Some((at, more)), ..Ip::new(NODE_A, NODE_B) };
            (2_000, frame(&ip.with(IpProtocol::UDP, bytes)))
        };
        let ping = |at| (at, frame(&Ip::new(NODE_A, NODE_B).ping(1)));
        vec![ping(0), fragment(0, true, first), fragment(1480, false, second), ping(4_000)]
    }

    #[test]
    fn in_fragments() {
        let sentence = "Tunnel packets go from 192.0.2.1 to 192.0.2.2 in fragments.";
        let all = findings(&fragments());
        assert_eq!((told(&all, "fragmented-outer"), all.len()), ((sentence.to_owned(), vec![2]), 1));
        // The other way round the first one makes it whole.
        let mut turned = fragments();
        turned.swap(1, 2);
        assert_eq!(told(&findings(&turned), "fragmented-outer"), (sentence.to_owned(), vec![3]));
        // Pods may do that.
        let ip = Ip { fragment: Some((0, true)), ..Ip::new(A, B) };
        assert!(codes(&vec![(0, frame(&ip.with(IpProtocol::UDP, &[0, 9, 0, 9, 0, 99, 0, 0])))]).is_empty());
    }

    #[test]
    fn missing_ones() {
        let without = |number: usize| {
            let mut capture = fragments();
            capture.remove(number);
            capture
        };
        let sentence = |what| format!("Of {what} fragment never comes: they are lost whole.");
        assert_eq!(
            told(&findings(&without(1)), "fragment-missing"),
            (sentence("packets that 192.0.2.1 sends to 192.0.2.2 the first"), vec![2])
        );
        // Where nothing but first fragments is seen, the capture's filter may have asked for ports.
        assert_eq!(codes(&without(2)), ["fragmented-outer"]);
        let mut others = without(2);
        others.push((
            4_000,
            frame(&Ip { fragment: Some((1480, false)), ..Ip::new(A, B) }.with(IpProtocol::UDP, &[7; 8])),
        ));
        assert_eq!(
            told(&findings(&others), "fragment-missing").0,
            sentence("tunnel packets that 192.0.2.1 sends to 192.0.2.2 the last")
        );
        // Cut off by where the capture begins, or ends.
        assert!(codes(&without(1)[1..].to_vec()).is_empty());
        assert!(codes(&without(1)[..2].to_vec()).is_empty());
    }
}
