//! What a rule is.

use super::ledger::Ledger;
use super::sight::Sight;

/// Sees all packets of a capture, one after the other, and says what is wrong with them. What it keeps is bounded.
pub(super) trait Rule {
    /// Sees a packet.
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger);

    /// All packets of the capture were seen.
    fn end(&mut self, _: &mut Ledger) {}
}
