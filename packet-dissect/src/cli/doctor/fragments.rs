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
        for (of, waiting) in self.waiting.drain() {
            let Evidence { first: Some(first), last: Some(last), .. } = waiting.evidence else { continue };
            let is_within = self.first.is_some_and(|begun| first.nanoseconds_since(begun) >= EDGE)
                && self.last.is_some_and(|ended| ended.nanoseconds_since(last) >= EDGE);
            if is_within {
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
