//! `outer-checksum`, `inner-checksum`: by who sent what is wrong.

use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Sight, WrongChecksum};

#[derive(Debug)]
pub(super) struct Checksums;

impl Rule for Checksums {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for wrong in &sight.checksums {
            let WrongChecksum { header, layer, found, right, .. } = wrong;
            let (source, destination) = header.addresses;
            let layer = layer.strip_prefix("outer ").unwrap_or(layer);
            let key = if sight.is_outer(wrong) {
                Key::new(Code::OuterChecksum).around(Some(header.addresses))
            } else {
                Key::new(Code::InnerChecksum).between(header.addresses).around(header.nodes)
            };
            ledger.note(key.of(layer), &sight.at, |_| {
                format!(
                    "What {source} sends to {destination} has wrong {layer} checksums: the first is {found:#06x}, where \
                     {right:#06x} is right."
                )
            });
        }
    }
}
