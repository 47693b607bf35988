//! The subset of pcap-filter(7) that is read: primitives with their qualifiers, `and`, `or`, `not` and parentheses.
//!
//! As there, `and` and `or` bind alike, from the left; an address or port without qualifiers has those of the one before; and what follows
//! `vlan` is of what is behind the tag.

use super::check::{At, Node, Size, Test};
use super::primitive::{ARP, Behind, Direction, IPV4, IPV6, RARP, SCTP, TCP, UDP, ethernet, ethernet_multicast};
use super::token::{Mistake, Word};
use super::value::{self, Address, Network};

/// How deep parentheses and `not` go at most.
const MAX_DEPTH: usize = 100;
/// How many words there are at most: each goes one deeper, too.
const MAX_WORDS: usize = 4096;

/// Protocols that stand for themselves: what they are in front of IP, or in it.
const ETHER_TYPES: [(&str, u32); 4] = [("ip", IPV4), ("arp", ARP), ("rarp", RARP), ("ip6", IPV6)];
const PROTOCOLS: [(&str, u32); 10] = [
    ("icmp", 1),
    ("igmp", 2),
    ("tcp", TCP),
    ("udp", UDP),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("icmp6", 58),
    ("pim", 103),
    ("sctp", SCTP),
];

/// What is of pcap-filter and not of the subset.
const OTHERS: &[&str] = &[
    "gateway",
    "mpls",
    "pppoed",
    "pppoes",
    "geneve",
    "vxlan",
    "wlan",
    "link",
    "llc",
    "inbound",
    "outbound",
    "ifname",
    "ifindex",
    "on",
    "rnr",
    "iso",
    "lat",
    "moprc",
    "mopdl",
    "decnet",
    "atalk",
    "aarp",
    "ipx",
    "netbeui",
    "stp",
    "fddi",
    "tr",
    "ppp",
    "slip",
    "atm",
    "lane",
    "protochain",
    "len",
    "action",
    "reason",
    "rset",
    "type",
    "subtype",
    "dir",
    "addr1",
    "addr2",
    "addr3",
    "addr4",
    "vrrp",
    "carp",
    "igrp",
    "clnp",
    "esis",
    "isis",
    "inet",
    "byte",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Host,
    Net,
    Port,
    PortRange,
    Protocol,
}

/// What says how an address, a port or a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Qualifiers<'a> {
    protocol: Option<&'a str>,
    direction: Option<Direction>,
    what: Option<What>,
}

pub(super) struct Parser<'a> {
    words: &'a [Word<'a>],
    at: usize,
    /// Where the text ends.
    end: usize,
    /// How many tags stand in front.
    tags: u32,
    before: Option<Qualifiers<'a>>,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(words: &'a [Word<'a>], end: usize) -> Self {
        Self { words, at: 0, end, tags: 0, before: None, depth: 0 }
    }

    /// All of it. Nothing is true of every packet.
    pub(super) fn whole(mut self) -> Result<Node, Mistake> {
        if self.words.is_empty() {
            return Ok(Node::All(Vec::new()));
        }
        if let Some(word) = self.words.get(MAX_WORDS) {
            return Err(Mistake::new(word.at, format!("the filter is longer than {MAX_WORDS} words")));
        }
        let node = self.either()?;
        match self.peek() {
            None => Ok(node),
            Some(word) => Err(Mistake::new(word.at, format!("and or or is missing in front of {:?}", word.text))),
        }
    }

    fn peek(&self) -> Option<Word<'a>> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self, wanted: &str) -> Result<Word<'a>, Mistake> {
        let word = self.peek().ok_or_else(|| Mistake::new(self.end, format!("{wanted} is missing at the end")))?;
        self.at += 1;
        Ok(word)
    }

    /// Takes the next word if it is one of these.
    fn takes(&mut self, any: &[&str]) -> bool {
        let is_it = self.peek().is_some_and(|word| any.contains(&word.text));
        self.at += usize::from(is_it);
        is_it
    }

    fn either(&mut self) -> Result<Node, Mistake> {
        let mut node = self.negated()?;
        loop {
            if self.takes(&["and", "&&"]) {
                node = Node::All(vec![node, self.negated()?]);
            } else if self.takes(&["or", "||"]) {
                node = Node::Any(vec![node, self.negated()?]);
            } else {
                return Ok(node);
            }
        }
    }

    fn negated(&mut self) -> Result<Node, Mistake> {
        let word = self.peek();
        self.depth += 1;
        if let (true, Some(word)) = (self.depth > MAX_DEPTH, word) {
            return Err(Mistake::new(word.at, "the filter is nested too deep"));
        }
        let node = if self.takes(&["not", "!"]) {
            self.negated()?.negated()
        } else if self.takes(&["("]) {
            self.parenthesis()?
        } else {
            self.primitive()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn parenthesis(&mut self) -> Result<Node, Mistake> {
        let node = self.either()?;
        let word = self.next("a closing parenthesis")?;
        match word.text {
            ")" => Ok(node),
            _ => Err(Mistake::new(word.at, "a closing parenthesis is missing here")),
        }
    }

    fn primitive(&mut self) -> Result<Node, Mistake> {
        let word = self.next("a test")?;
        let behind = Behind(self.tags);
        match word.text {
            "vlan" => return self.tag(),
            "less" | "greater" => return self.length(word.text),
            "broadcast" => return Ok(ethernet(Direction::Destination, [0xff; 6])),
            "multicast" => return Ok(ethernet_multicast()),
            ")" | "and" | "or" | "&&" | "||" => {
                return Err(Mistake::new(word.at, format!("a test is missing in front of {:?}", word.text)));
            }
            text if OTHERS.contains(&text) => {
                return Err(Mistake::new(
                    word.at,
                    format!("{text:?} is not of the subset of pcap-filter that -f takes"),
                ));
            }
            _ => {}
        }
        self.at -= 1;
        let qualifiers = self.qualifiers()?;
        let Qualifiers { protocol, direction, what } = qualifiers;
        if let (Some(name), None, None) = (protocol, direction, what) {
            match name {
                "ether" if self.takes(&["broadcast"]) => return Ok(ethernet(Direction::Destination, [0xff; 6])),
                "ether" if self.takes(&["multicast"]) => return Ok(ethernet_multicast()),
                "ip" if self.takes(&["multicast"]) => return Ok(behind.ipv4_multicast()),
                "ip6" if self.takes(&["multicast"]) => return Ok(behind.ipv6_multicast()),
                _ => {}
            }
            let has_value = self.peek().is_some_and(|word| {
                word.text.contains(['.', ':']) || word.text.starts_with(|c: char| c.is_ascii_digit())
            });
            if !has_value {
                self.before = Some(qualifiers);
                return self.alone(name, word);
            }
        }
        let qualifiers = match (protocol, direction, what) {
            (None, None, None) => self.before.unwrap_or(qualifiers),
            _ => qualifiers,
        };
        self.before = Some(qualifiers);
        // Several in parentheses have the same.
        if self.takes(&["("]) {
            return self.parenthesis();
        }
        let word = self.next("an address, a port or a number")?;
        self.valued(qualifiers, word)
    }

    fn qualifiers(&mut self) -> Result<Qualifiers<'a>, Mistake> {
        let mut qualifiers = Qualifiers { protocol: None, direction: None, what: None };
        if let Some(word) = self.peek() {
            let is_known = |list: &[(&str, u32)]| list.iter().any(|(name, _)| *name == word.text);
            if word.text == "ether" || is_known(&ETHER_TYPES) || is_known(&PROTOCOLS) {
                qualifiers.protocol = Some(word.text);
                self.at += 1;
            }
        }
        qualifiers.direction = self.direction();
        qualifiers.what = [
            ("host", What::Host),
            ("net", What::Net),
            ("portrange", What::PortRange),
            ("port", What::Port),
            ("proto", What::Protocol),
        ]
        .into_iter()
        .find(|(name, _)| self.takes(&[name]))
        .map(|(_, what)| what);
        Ok(qualifiers)
    }

    fn direction(&mut self) -> Option<Direction> {
        let is_source = self.takes(&["src"]);
        if !is_source && !self.takes(&["dst"]) {
            return None;
        }
        let other = if is_source { "dst" } else { "src" };
        let follows = |text: &str| self.words.get(self.at + 1).is_some_and(|word| word.text == text);
        let joined = self.peek().filter(|_| follows(other)).and_then(|word| match word.text {
            "or" | "||" => Some(Direction::Either),
            "and" | "&&" => Some(Direction::Both),
            _ => None,
        });
        self.at += if joined.is_some() { 2 } else { 0 };
        Some(joined.unwrap_or(if is_source { Direction::Source } else { Direction::Destination }))
    }

    /// A protocol that stands for itself.
    fn alone(&self, name: &str, word: Word<'_>) -> Result<Node, Mistake> {
        let behind = Behind(self.tags);
        match (name, number_of(&ETHER_TYPES, name), number_of(&PROTOCOLS, name)) {
            (_, Some(value), _) => Ok(behind.ether_type(value)),
            ("icmp" | "igmp", _, Some(value)) => Ok(behind.ipv4_protocol(value)),
            ("icmp6", _, Some(value)) => Ok(behind.ipv6_protocol(value)),
            // A protocol by number only: libpcap has no word for it.
            ("gre", ..) => Err(Mistake::new(word.at, "\"gre\" needs \"proto\" in front of it")),
            (_, _, Some(value)) => Ok(behind.protocol(value)),
            _ => Err(Mistake::new(word.at, format!("{name:?} needs an address, or what it is to be"))),
        }
    }

    fn valued(&mut self, qualifiers: Qualifiers<'a>, word: Word<'a>) -> Result<Node, Mistake> {
        let Qualifiers { protocol, direction, what } = qualifiers;
        let side = direction.unwrap_or(Direction::Either);
        match what.unwrap_or(What::Host) {
            What::Host => self.host(protocol, side, word),
            What::Net => self.net(protocol, side, word),
            What::Port => {
                let port = value::number(word, u16::MAX.into())? as u16;
                self.ports(protocol, side, (port, port), word)
            }
            What::PortRange => self.ports(protocol, side, value::ports(word)?, word),
            What::Protocol if direction.is_some() => {
                Err(Mistake::new(word.at, "a protocol has no source and no destination"))
            }
            What::Protocol => self.protocol(protocol, word),
        }
    }

    fn host(&self, protocol: Option<&str>, side: Direction, word: Word<'_>) -> Result<Node, Mistake> {
        let behind = Behind(self.tags);
        match (protocol, value::address(word)?) {
            (Some("ether"), Address::Ethernet(address)) => Ok(ethernet(side, address)),
            (_, Address::Ethernet(_)) => Err(Mistake::new(word.at, "an Ethernet address needs \"ether\"")),
            (None | Some("ip" | "arp" | "rarp"), Address::Ipv4(address)) => {
                Ok(of_ipv4(protocol, |kind| behind.ipv4(kind, side, address, u32::MAX)))
            }
            (None | Some("ip6"), Address::Ipv6(address)) => Ok(behind.ipv6(side, address, 128)),
            (Some(protocol), _) => {
                Err(Mistake::new(word.at, format!("{protocol:?} has no address like {:?}", word.text)))
            }
        }
    }

    fn net(&mut self, protocol: Option<&str>, side: Direction, word: Word<'_>) -> Result<Node, Mistake> {
        let behind = Behind(self.tags);
        let mask = if self.takes(&["mask"]) { Some(self.next("a mask")?) } else { None };
        match (protocol, value::network(word, mask)?) {
            (None | Some("ip" | "arp" | "rarp"), Network::Ipv4(address, mask)) => {
                Ok(of_ipv4(protocol, |kind| behind.ipv4(kind, side, address, mask)))
            }
            (None | Some("ip6"), Network::Ipv6(address, len)) => Ok(behind.ipv6(side, address, len)),
            (Some(protocol), _) => {
                Err(Mistake::new(word.at, format!("{protocol:?} has no network like {:?}", word.text)))
            }
        }
    }

    fn ports(&self, name: Option<&str>, side: Direction, ports: (u16, u16), word: Word<'_>) -> Result<Node, Mistake> {
        let of = |protocol| Behind(self.tags).ports(protocol, side, ports);
        match name {
            None => Ok(Node::Any(vec![of(TCP), of(UDP), of(SCTP)])),
            Some("tcp") => Ok(of(TCP)),
            Some("udp") => Ok(of(UDP)),
            Some("sctp") => Ok(of(SCTP)),
            Some(name) => Err(Mistake::new(word.at, format!("{name:?} has no ports"))),
        }
    }

    fn protocol(&self, within: Option<&str>, word: Word<'_>) -> Result<Node, Mistake> {
        let behind = Behind(self.tags);
        let name = word.text.trim_start_matches('\\');
        let known = |list: &[(&str, u32)], most| number_of(list, name).map_or_else(|| value::number(word, most), Ok);
        match within {
            None => Ok(behind.protocol(known(&PROTOCOLS, 255)?)),
            Some("ip") => Ok(behind.ipv4_protocol(known(&PROTOCOLS, 255)?)),
            Some("ip6") => Ok(behind.ipv6_protocol(known(&PROTOCOLS, 255)?)),
            Some("ether") => Ok(behind.ether_type(known(&ETHER_TYPES, 0xffff)?)),
            Some(within) => Err(Mistake::new(word.at, format!("{within:?} carries no protocols by number"))),
        }
    }

    fn tag(&mut self) -> Result<Node, Mistake> {
        let is_number = |word: &Word<'_>| word.text.starts_with(|first: char| first.is_ascii_digit());
        let id = match self.peek().filter(is_number) {
            Some(word) => {
                self.at += 1;
                Some(value::number(word, 0xfff)? as u16)
            }
            None => None,
        };
        let node = Behind(self.tags).tag(id);
        self.tags += 1;
        Ok(node)
    }

    fn length(&mut self, how: &str) -> Result<Node, Mistake> {
        let word = self.next("a length")?;
        let len = value::number(word, u32::MAX)?;
        Ok(match how {
            "less" => Node::test(At::Length, Size::Word, Test::Greater, len).negated(),
            _ => Node::test(At::Length, Size::Word, Test::GreaterOrEqual, len),
        })
    }
}

/// What has IPv4's addresses: IP, ARP and RARP, or the one that was asked for.
fn of_ipv4(protocol: Option<&str>, of: impl Fn(u32) -> Node) -> Node {
    match protocol.and_then(|name| number_of(&ETHER_TYPES, name)) {
        Some(kind) => of(kind),
        None => Node::Any(vec![of(IPV4), of(ARP), of(RARP)]),
    }
}

fn number_of(list: &[(&str, u32)], name: &str) -> Option<u32> {
    list.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
}
