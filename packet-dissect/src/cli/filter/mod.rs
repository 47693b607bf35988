//! `-Y`: tests on fields, in the language of Wireshark's display filters. docs/filters.md shows all of it.
//!
//! `vxlan.vni == 1 && ip.addr == 10.244.1.0/24`, `tcp.flags.syn == 1 or icmp`, `!arp`, `ip.src#2 == 10.244.1.2`, `tcp contains "GET"`.

mod comparison;
mod entity;
mod mistake;
mod syntax;
mod token;
mod value;

use crate::fields::{Field, FieldValue, FieldVisitor, Group, GroupSet};

use super::listener::Shown;
use entity::Seen;
use mistake::{FRAME, Mistake};
use syntax::{Node, Parser, Subject};
use value::Value;

/// A test, ready to be run on packets.
#[derive(Debug)]
pub(super) struct Filter {
    root: Node,
    seen: Seen,
    wanted: Vec<bool>,
    groups: GroupSet,
}

/// The test that words are, or are what a capture filter asks; none, if they are neither.
pub(super) fn meant(words: &str) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    mistake::of_captures(words).or_else(|| Filter::parse(words).is_ok().then(|| words.to_owned()))
}

impl Filter {
    /// The test that -Y is given.
    ///
    /// # Errors
    /// What is wrong, and where: several lines.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<String>> {
        Self::parse_of("-Y", text)
    }

    /// The same of another option, whose name is told where something is wrong.
    pub(super) fn parse_of(option: &str, text: &str) -> Result<Self, Vec<String>> {
        let told = |mistake: Mistake| mistake.told(option, text);
        let mut parser = Parser::new(text).map_err(told)?;
        let root = parser.whole().map_err(told)?;
        let mut wanted = vec![false; Field::ALL.len()];
        for subject in &parser.subjects {
            if let Subject::Field(field) = subject {
                wanted[*field as usize] = true;
            }
        }
        let groups = GroupSet::of(|field| wanted[field as usize]);
        Ok(Self { root, seen: Seen::new(parser.subjects, &parser.reads), wanted, groups })
    }

    /// Whether it is true of what is shown.
    pub(super) fn accepts(&mut self, shown: &impl Shown) -> bool {
        self.seen.clear();
        self.seen.layer(FRAME);
        if let Some(record) = shown.record() {
            self.seen.layer_bytes(record.bytes.len(), record.bytes);
        }
        shown.fields(self);
        self.seen.holds(&self.root)
    }
}

impl FieldVisitor for Filter {
    #[inline]
    fn layer(&mut self, name: &'static str) {
        self.seen.layer(name);
    }

    #[inline]
    fn layer_bytes(&mut self, own: usize, bytes: &[u8]) {
        self.seen.layer_bytes(own, bytes);
    }

    #[inline]
    fn wants(&self, field: Field) -> bool {
        self.wanted[field as usize]
    }

    #[inline]
    fn wants_any(&self, group: Group) -> bool {
        self.groups.contains(group)
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        self.seen.field(field, || Value::of(value));
    }
}

#[cfg(test)]
mod tests;
