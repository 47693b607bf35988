//! `-Y`: tests on fields. `vxlan.vni == 1 && ip.addr == 10.244.1.0/24`, `tcp.flags.syn == 1 or icmp`, `!arp`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Layer;
use crate::fields::{Field, FieldValue, FieldVisitor, Group, GroupSet, Kind};
use ether_ip::ethernet::MacAddr;

use super::listener::Shown;
use super::{hex, names};

/// How deep parentheses and negations may be nested.
const MAX_DEPTH: usize = 64;

/// A test, ready to be run on packets.
#[derive(Debug)]
pub(super) struct Filter {
    root: Node,
    tests: Vec<Test>,
    /// For each test whether a value it is true of was seen, and whether one was seen at all.
    seen: Vec<(bool, bool)>,
    wanted: Vec<bool>,
    groups: GroupSet,
}

#[derive(Debug)]
enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    /// The test's number.
    Test(usize),
}

#[derive(Debug)]
struct Test {
    subject: Subject,
    check: Check,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Field(Field),
    Layer(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Check {
    Exists,
    Compare(Comparison, Operand),
    /// `in {80, 443}`
    OneOf(Vec<Operand>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operand {
    Number(u64),
    Mac(MacAddr),
    /// A network: its address, and how many bits of it count.
    Network(IpAddr, u8),
    Bytes(Vec<u8>),
    Text(String),
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0, tests: Vec::new(), depth: 0 };
        let root = parser.or()?;
        if let Some(token) = parser.tokens.get(parser.at) {
            return Err(format!("-Y: {token:?} was not expected"));
        }
        let mut wanted = vec![false; Field::ALL.len()];
        for test in &parser.tests {
            if let Subject::Field(field) = test.subject {
                wanted[field as usize] = true;
            }
        }
        let groups = GroupSet::of(|field| wanted[field as usize]);
        Ok(Self { root, seen: vec![(false, false); parser.tests.len()], tests: parser.tests, wanted, groups })
    }

    /// Whether it is true of what is shown.
    pub(super) fn accepts(&mut self, shown: &impl Shown) -> bool {
        self.seen.fill((false, false));
        self.layer(FRAME);
        shown.fields(self);
        self.holds(&self.root)
    }

    fn holds(&self, node: &Node) -> bool {
        match node {
            Node::Or(nodes) => nodes.iter().any(|node| self.holds(node)),
            Node::And(nodes) => nodes.iter().all(|node| self.holds(node)),
            Node::Not(node) => !self.holds(node),
            Node::Test(number) => {
                let (is_met, is_there) = self.seen[*number];
                // As Wireshark 4 has it: "!=" is true if no value is equal.
                let is_not_equal = matches!(self.tests[*number].check, Check::Compare(Comparison::NotEqual, _));
                if is_not_equal { is_there && !is_met } else { is_met }
            }
        }
    }
}

impl FieldVisitor for Filter {
    fn layer(&mut self, name: &'static str) {
        for (test, seen) in self.tests.iter().zip(&mut self.seen) {
            if matches!(&test.subject, Subject::Layer(of) if of == name) {
                *seen = (true, true);
            }
        }
    }

    fn wants(&self, field: Field) -> bool {
        self.wanted[field as usize]
    }

    fn wants_any(&self, group: Group) -> bool {
        self.groups.contains(group)
    }

    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        for (test, seen) in self.tests.iter().zip(&mut self.seen) {
            if test.subject == Subject::Field(field) {
                seen.1 = true;
                seen.0 |= match &test.check {
                    Check::Exists => true,
                    Check::Compare(comparison, operand) => compares(*comparison, value, operand),
                    Check::OneOf(operands) => {
                        operands.iter().any(|operand| compares(Comparison::Equal, value, operand))
                    }
                };
            }
        }
    }
}

fn compares(comparison: Comparison, value: FieldValue<'_>, operand: &Operand) -> bool {
    use std::cmp::Ordering;
    let ordering = match (value, operand) {
        (FieldValue::Words(words), operand) => {
            return compares(comparison, FieldValue::Text(&words.to_string()), operand);
        }
        (FieldValue::Number(value), Operand::Number(number)) => value.cmp(number),
        (FieldValue::Byte(value), Operand::Number(number)) => u64::from(value).cmp(number),
        (FieldValue::Mac(value), Operand::Mac(address)) => value.cmp(address),
        (FieldValue::Ipv4(value), Operand::Network(IpAddr::V4(address), bits)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(*bits)).unwrap_or(0);
            (value.to_bits() & mask).cmp(&(address.to_bits() & mask))
        }
        (FieldValue::Ipv6(value), Operand::Network(IpAddr::V6(address), bits)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
            (value.to_bits() & mask).cmp(&(address.to_bits() & mask))
        }
        (FieldValue::Bytes(value), Operand::Bytes(bytes)) if comparison == Comparison::Contains => {
            return value.windows(bytes.len().max(1)).any(|window| window == bytes);
        }
        (FieldValue::Text(value), Operand::Text(text)) if comparison == Comparison::Contains => {
            return value.contains(text);
        }
        (FieldValue::Bytes(value), Operand::Bytes(bytes)) => value.cmp(bytes),
        (FieldValue::Text(value), Operand::Text(text)) => value.cmp(text),
        _ => return false,
    };
    match comparison {
        // Not equal is decided over all values of the field.
        Comparison::Equal | Comparison::NotEqual => ordering == Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::AtMost => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::AtLeast => ordering != Ordering::Less,
        Comparison::Contains => false,
    }
}

/// Words, quoted texts, and the signs between them.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    const SIGNS: [&str; 13] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "{", "}"];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let len = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            sign.len()
        } else if let Some(quoted) = rest.strip_prefix('"') {
            quoted.find('"').ok_or("-Y: a quote is not closed")? + 2
        } else if rest.starts_with(',') {
            1
        } else {
            rest.find(|c: char| c.is_whitespace() || "=!<>&|(){},\"".contains(c)).unwrap_or(rest.len())
        };
        if len == 0 {
            return Err(format!("-Y: {:?} was not expected", &rest[..rest.chars().next().map_or(0, char::len_utf8)]));
        }
        tokens.push(rest[..len].to_owned());
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
    tests: Vec<Test>,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, any_of: &[&str]) -> bool {
        let is_there = self.peek().is_some_and(|token| any_of.iter().any(|of| token.eq_ignore_ascii_case(of)));
        self.at += usize::from(is_there);
        is_there
    }

    fn word(&mut self, what: &str) -> Result<String, String> {
        let word = self.peek().ok_or_else(|| format!("-Y: {what} is missing at the end"))?.to_owned();
        self.at += 1;
        Ok(word)
    }

    fn or(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.and()?];
        while self.take(&["||", "or"]) {
            nodes.push(self.and()?);
        }
        Ok(Node::Or(nodes))
    }

    fn and(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.not()?];
        while self.take(&["&&", "and"]) {
            nodes.push(self.not()?);
        }
        Ok(Node::And(nodes))
    }

    fn not(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("-Y: nested deeper than {MAX_DEPTH}"));
        }
        let node = if self.take(&["!", "not"]) {
            Node::Not(Box::new(self.not()?))
        } else if self.take(&["("]) {
            let inner = self.or()?;
            if !self.take(&[")"]) {
                return Err("-Y: a parenthesis is not closed".to_owned());
            }
            inner
        } else {
            self.test()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn test(&mut self) -> Result<Node, String> {
        let name = self.word("a field")?;
        let field = Field::ALL.iter().copied().find(|field| field.name() == name);
        let check = match self.comparison() {
            Some(comparison) => {
                let field = field.ok_or_else(|| unknown(&name))?;
                let value = self.word("a value")?;
                Check::Compare(comparison, operand(field, &value)?)
            }
            None if self.take(&["in"]) => {
                let field = field.ok_or_else(|| unknown(&name))?;
                if !self.take(&["{"]) {
                    return Err("-Y: \"in\" wants a set, as in {80, 443}".to_owned());
                }
                let mut operands = Vec::new();
                while !self.take(&["}"]) {
                    operands.push(operand(field, &self.word("a value")?)?);
                    self.take(&[","]);
                }
                Check::OneOf(operands)
            }
            None => Check::Exists,
        };
        let subject = match field {
            Some(field) => Subject::Field(field),
            None if name == FRAME || Layer::NAMES.contains(&name.as_str()) => Subject::Layer(name),
            None => return Err(unknown(&name)),
        };
        self.tests.push(Test { subject, check });
        Ok(Node::Test(self.tests.len() - 1))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        const NAMES: [([&str; 2], Comparison); 7] = [
            (["==", "eq"], Comparison::Equal),
            (["!=", "ne"], Comparison::NotEqual),
            (["<=", "le"], Comparison::AtMost),
            ([">=", "ge"], Comparison::AtLeast),
            (["<", "lt"], Comparison::Less),
            ([">", "gt"], Comparison::Greater),
            (["contains", "contains"], Comparison::Contains),
        ];
        NAMES.iter().find(|(names, _)| self.take(names)).map(|(_, comparison)| *comparison)
    }
}

/// What every packet is.
const FRAME: &str = "frame";

fn unknown(name: &str) -> String {
    let names = Field::ALL.iter().map(|field| field.name()).chain(Layer::NAMES.iter().copied());
    format!("-Y: unknown field {name:?}; the nearest known one is {:?}", names::nearest(name, names))
}

fn operand(field: Field, text: &str) -> Result<Operand, String> {
    let wrong = |what: &str| format!("-Y: {text:?} is not {what}, as {} is", field.name());
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    match field.kind() {
        Kind::Dec | Kind::Hex(_) | Kind::Flag => {
            let number = match (text.strip_prefix("0x"), text.to_ascii_lowercase().as_str()) {
                (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
                (None, "true") if field.kind() == Kind::Flag => Some(1),
                (None, "false") if field.kind() == Kind::Flag => Some(0),
                (None, digits) => digits.parse().ok(),
            };
            number.map(Operand::Number).ok_or_else(|| wrong("a number"))
        }
        Kind::Mac => text.parse().map(Operand::Mac).map_err(|_| wrong("a MAC address")),
        Kind::Ipv4 => {
            let (address, bits) = network(text, 32).ok_or_else(|| wrong("an IPv4 address"))?;
            let address: Ipv4Addr = address.parse().map_err(|_| wrong("an IPv4 address"))?;
            Ok(Operand::Network(address.into(), bits))
        }
        Kind::Ipv6 => {
            let (address, bits) = network(text, 128).ok_or_else(|| wrong("an IPv6 address"))?;
            let address: Ipv6Addr = address.parse().map_err(|_| wrong("an IPv6 address"))?;
            Ok(Operand::Network(address.into(), bits))
        }
        Kind::Bytes => hex::digits(text).map(Operand::Bytes).ok_or_else(|| wrong("bytes")),
        _ => Ok(Operand::Text(text.to_owned())),
    }
}

/// An address, and the bits of a prefix behind a slash.
fn network(text: &str, whole: u8) -> Option<(&str, u8)> {
    match text.split_once('/') {
        Some((address, bits)) => Some((address, bits.parse().ok().filter(|bits| *bits <= whole)?)),
        None => Some((text, whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bgp::sessions::Overrule;
    use crate::{LinkType, Record, Tunnels};

    use super::super::network::Network;
    use super::super::opened::Openers;
    use super::super::session::Session;

    /// An ICMP echo request in IPv4 in Ethernet.
    const PING: [u8; 42] = [
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 1, 0x24, 0xf2, 10, 244, 1, 2, 10,
        244, 2, 3, 8, 0, 0xf7, 0xf7, 0, 7, 0, 1,
    ];

    fn holds(test: &str) -> bool {
        let record = Record { number: 3, time: None, original_len: 42, link_type: LinkType::ETHERNET, bytes: &PING };
        let mut session = Session::new(Network::new(Tunnels::DEFAULT), Overrule::default(), Openers::default());
        Filter::parse(test).unwrap().accepts(&session.take(&record))
    }

    #[test]
    fn tests_that_hold() {
        for test in [
            "icmp",
            "ip.addr == 10.244.1.2 && ip.addr == 10.244.2.3",
            "ip.addr == 10.244.0.0/16",
            "ip.ttl >= 64 and ip.ttl <= 64",
            "ip.ttl > 63 && ip.ttl < 0x41",
            "!tcp && not udp",
            "tcp || (icmp.type == 8 && frame.number == 3)",
            "eth.src == 02:00:00:00:00:01",
            "ip.flags.df == true",
            "icmp.type in {0, 8}",
            "ip.addr != 10.0.0.1",
            "eth.type eq 0x0800",
            "frame",
            "frame && eth",
        ] {
            assert!(holds(test), "{test}");
        }
    }

    #[test]
    fn tests_that_do_not() {
        for test in [
            "tcp",
            "ip.addr != 10.244.1.2",
            "tcp.port != 80",
            "ip.src == 10.244.2.0/24",
            "icmp.type in {0, 3}",
            "!(icmp || arp)",
            "ip.ttl < 64",
            "!frame",
        ] {
            assert!(!holds(test), "{test}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for (test, message) in [
            ("vxlan.vnii == 1", "-Y: unknown field \"vxlan.vnii\"; the nearest known one is \"vxlan.vni\""),
            ("ip.ttl == many", "-Y: \"many\" is not a number, as ip.ttl is"),
            ("ip.src == 10.0.0.1/33", "-Y: \"10.0.0.1/33\" is not an IPv4 address, as ip.src is"),
            ("ip.ttl ==", "-Y: a value is missing at the end"),
            ("(icmp", "-Y: a parenthesis is not closed"),
            ("icmp icmp", "-Y: \"icmp\" was not expected"),
            ("", "-Y: a field is missing at the end"),
            ("frame.protocols == \"eth", "-Y: a quote is not closed"),
        ] {
            assert_eq!(Filter::parse(test).unwrap_err(), message, "{test}");
        }
        assert!(Filter::parse(&"!".repeat(100_000)).is_err());
    }
}
