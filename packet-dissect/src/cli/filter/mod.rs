//! `-Y`: tests on fields, in the language of Wireshark's display filters. docs/filters.md shows all of it.
//!
//! `vxlan.vni == 1 && ip.addr == 10.244.1.0/24`, `tcp.flags.syn == 1 or icmp`, `!arp`, `ip.src#2 == 10.244.1.2`, `tcp contains "GET"`.

mod entity;
mod syntax;
mod token;
mod value;

use crate::Layer;
use crate::fields::{Field, FieldValue, FieldVisitor, Group, GroupSet};

use super::listener::Shown;
use entity::Seen;
use syntax::{Node, Parser, Subject};
use value::Value;

/// What every packet is.
const FRAME: &str = "frame";

/// A test, ready to be run on packets.
#[derive(Debug)]
pub(super) struct Filter {
    root: Node,
    seen: Seen,
    wanted: Vec<bool>,
    groups: GroupSet,
}

impl Filter {
    /// # Errors
    /// What is wrong, and where: several lines.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<String>> {
        let told = |mistake: Mistake| mistake.told(text);
        let mut parser = Parser::new(text).map_err(told)?;
        let root = parser.whole().map_err(told)?;
        let mut wanted = vec![false; Field::ALL.len()];
        for subject in &parser.subjects {
            if let Subject::Field(field) = subject {
                wanted[*field as usize] = true;
            }
        }
        let groups = GroupSet::of(|field| wanted[field as usize]);
        Ok(Self { root, seen: Seen::new(parser.subjects), wanted, groups })
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

/// What is wrong with a test, and from where to where in it.
#[derive(Debug, PartialEq, Eq)]
struct Mistake {
    message: String,
    start: usize,
    end: usize,
}

impl Mistake {
    /// How much of a long test is shown around the place.
    const AROUND: usize = 60;

    fn new(message: String, start: usize, end: usize) -> Self {
        Self { message, start, end }
    }

    /// As a person is told it: the sentence, the test, and a mark under the place.
    fn told(&self, text: &str) -> Vec<String> {
        let Self { message, start, end } = self;
        let (before, marked, behind) = (&text[..*start], &text[*start..*end], &text[*end..]);
        let skipped = before.chars().count().saturating_sub(Self::AROUND);
        let shorten = |text: &str| text.chars().take(Self::AROUND).collect::<String>();
        let before = before.chars().skip(skipped).collect::<String>();
        let (marked, behind) = (shorten(marked), shorten(behind));
        let gap = " ".repeat(before.chars().count());
        let mark = "~".repeat(marked.chars().count().saturating_sub(1));
        // What cannot be shown as it is would move the mark.
        let shown = [&*before, &*marked, &*behind].concat().replace(char::is_control, " ");
        let mut lines = vec![format!("-Y: {message}"), format!("  {shown}"), format!("  {gap}^{mark}")];
        if let Some(filter) = of_captures(text) {
            lines.push(format!("That is a filter for captures, as -f takes one; here it is: {filter}"));
        }
        lines
    }
}

/// What a simple capture filter is as a test on fields. `None` if it is none, or none that simple.
fn of_captures(text: &str) -> Option<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let is_layer = |word: &str| Layer::NAMES.contains(&word);
    let family = |address: &str| if address.contains(':') { "ipv6" } else { "ip" };
    let (way, rest) = match words[..] {
        [way @ ("src" | "dst"), ref rest @ ..] => (way, rest),
        ref rest => ("addr", rest),
    };
    match *rest {
        ["host" | "net", address] => Some(format!("{}.{way} == {address}", family(address))),
        [protocol @ ("tcp" | "udp"), "port", port] => Some(format!("{protocol}.port == {port}")),
        ["port", port] => {
            let field = if way == "addr" { "port".to_owned() } else { format!("{way}port") };
            Some(format!("tcp.{field} == {port} or udp.{field} == {port}"))
        }
        ["portrange", ports] => {
            let (from, to) = ports.split_once('-')?;
            Some(format!("tcp.port in {{{from} .. {to}}} or udp.port in {{{from} .. {to}}}"))
        }
        ["ether", "host", address] => Some(format!("eth.addr == {address}")),
        ["vlan", id] if id.parse::<u16>().is_ok() => Some(format!("vlan.id == {id}")),
        [first, "and" | "or", ..] if is_layer(first) => {
            let (between, behind) = (rest[1], rest[2..].join(" "));
            Some(format!("{first} {between} ({})", of_captures(&behind)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
