//! `bgp-reset`, `bgp-open-mismatch`, `bgp-hold-expired`, `bgp-malformed`: why sessions end.

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::said::Said;
use super::sight::Sight;

#[derive(Debug, Default)]
pub(super) struct Bgp {
    /// The last OPEN that each sent to another.
    opens: Bounded<Addresses, String>,
}

impl Rule for Bgp {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for (addresses, said) in &sight.bgp {
            let (from, to) = *addresses;
            let key = |code| Key::new(code).around(Some(*addresses));
            match said {
                Said::Open(open) => {
                    self.opens.of(*addresses).into_iter().for_each(|known| known.clone_from(open));
                }
                Said::Notification { code, words } => {
                    let kind = match code {
                        2 => Code::BgpOpenMismatch,
                        4 | 8 => Code::BgpHoldExpired,
                        _ => Code::BgpReset,
                    };
                    let opens = if *code == 2 { self.both(*addresses) } else { String::new() };
                    let about = format!("{from} ends its BGP session with {to}: {words}.{opens}");
                    ledger.note(key(kind).of(words.as_str()), &sight.at, |_| about);
                }
                Said::Malformed(words) => {
                    ledger.note(key(Code::BgpMalformed).of(words.as_str()), &sight.at, |_| {
                        format!("{from} sends {to} a BGP message that is malformed: {words}.")
                    });
                }
            }
        }
    }
}

impl Bgp {
    /// What the two said of themselves.
    fn both(&self, (from, to): Addresses) -> String {
        let told = |from, to| self.opens.get(&(from, to)).map(|open| format!(" {from} says {open}."));
        [told(from, to), told(to, from)].into_iter().flatten().collect()
    }
}
