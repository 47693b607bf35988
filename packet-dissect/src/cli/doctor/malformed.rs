//! `malformed`: by what is wrong and who sent it.

use crate::Error;

use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::Sight;

#[derive(Debug)]
pub(super) struct Malformed;

impl Rule for Malformed {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for (error, header) in &sight.errors {
            let key = Key::new(Code::Malformed).of(kind(error));
            match header {
                Some(header) => {
                    let (source, destination) = header.addresses;
                    ledger.note(key.between(header.addresses).around(header.nodes), &sight.at, |_| {
                        format!("What {source} sends to {destination} is malformed: the first, {error}.")
                    });
                }
                None => ledger.note(key, &sight.at, |_| format!("Frames are malformed: the first, {error}.")),
            }
        }
    }
}

/// What is wrong, without the numbers that differ from packet to packet.
fn kind(error: &Error) -> String {
    match error {
        Error::Layer { error: ether_ip::Error::Truncated { layer, .. }, .. } => format!("{layer} is truncated"),
        Error::Layer { error: ether_ip::Error::Malformed { layer, field, .. }, .. } => format!("{layer}: {field}"),
        Error::Layer { error, .. } => error.to_string(),
        Error::TooDeep { .. } => "nested too deep".to_owned(),
    }
}
