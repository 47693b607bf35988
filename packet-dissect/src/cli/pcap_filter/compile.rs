//! From comparisons to instructions, backwards: where a jump leads is there before the jump.

use crate::LinkType;

use super::super::bpf::{
    AND, IF_EQUAL, IF_GREATER, IF_GREATER_OR_EQUAL, IF_SET, INDEXED, Instruction, JUMP, LOAD_BYTE, LOAD_HALF,
    LOAD_HEADER_LEN, LOAD_LEN, LOAD_WORD, Program, RETURN,
};
use super::check::{At, Check, Node, Size, Test};

/// What of a packet is taken: all.
const WHOLE: u32 = 0x0004_0000;
/// Where the kernel tells what the network layer is (`linux/filter.h`: SKF_AD_OFF + SKF_AD_PROTOCOL).
const KERNEL_TYPE: u32 = 0xffff_f000;

const IPV4: u32 = 0x0800;
const IPV6: u32 = 0x86dd;

/// Where a link layer says what it carries, and where that begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    kind: Kind,
    network: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A type at that place. Whether addresses stand in front of it.
    Type { at: u32, is_ethernet: bool },
    /// Nothing stands in front: an IP packet's first bits say which it is.
    Ip,
}

impl Link {
    pub(super) fn of(link_type: LinkType) -> Option<Self> {
        let (at, network) = match link_type {
            LinkType::ETHERNET => return Some(Self { kind: Kind::Type { at: 12, is_ethernet: true }, network: 14 }),
            LinkType::RAW | LinkType::RAW_DLT | LinkType::RAW_OPENBSD | LinkType::IPV4 | LinkType::IPV6 => {
                return Some(Self { kind: Kind::Ip, network: 0 });
            }
            LinkType::LINUX_SLL => (14, 16),
            LinkType::LINUX_SLL2 => (0, 20),
            _ => return None,
        };
        Some(Self { kind: Kind::Type { at, is_ethernet: false }, network })
    }

    /// What the kernel hands to a socket that it takes the link layer off for.
    pub(super) fn cooked() -> Self {
        Self { kind: Kind::Type { at: KERNEL_TYPE, is_ethernet: false }, network: 0 }
    }
}

/// A place among the instructions, counted from the last.
type Place = usize;

struct Compiler {
    link: Link,
    /// The last comes first.
    code: Vec<Instruction>,
}

pub(super) fn compile(node: &Node, link: Link) -> Program {
    let mut compiler = Compiler { link, code: Vec::new() };
    let refused = compiler.push(RETURN, 0);
    let taken = compiler.push(RETURN, WHOLE);
    let start = compiler.node(node, taken, refused);
    // A filter may be true of everything, or of nothing.
    if start + 1 < compiler.code.len() {
        compiler.jump(start);
    }
    compiler.code.reverse();
    Program(compiler.code)
}

impl Compiler {
    /// Gives back where the instructions begin that go to one of two places.
    fn node(&mut self, node: &Node, yes: Place, no: Place) -> Place {
        match node {
            Node::All(nodes) => nodes.iter().rev().fold(yes, |yes, node| self.node(node, yes, no)),
            Node::Any(nodes) => nodes.iter().rev().fold(no, |no, node| self.node(node, yes, no)),
            Node::Not(node) => self.node(node, no, yes),
            Node::Check(check) => self.check(check, yes, no),
        }
    }

    fn check(&mut self, check: &Check, yes: Place, no: Place) -> Place {
        let Check { at, size, mut mask, test, mut value } = *check;
        let mut load = match size {
            Size::Byte => LOAD_BYTE,
            Size::Half => LOAD_HALF,
            Size::Word => LOAD_WORD,
        };
        let network = |tags: u32| self.link.network + 4 * tags;
        let place = match (at, self.link.kind) {
            (At::Ethernet(place), Kind::Type { is_ethernet: true, .. }) => place,
            (At::Ethernet(_), _) => return no,
            (At::Type { tags: 0 }, Kind::Type { at, .. }) => {
                // The kernel's own is asked for in one way only.
                load = if at == KERNEL_TYPE { LOAD_WORD } else { load };
                at
            }
            (At::Type { tags }, Kind::Type { .. }) => network(tags) - 2,
            (At::Type { tags: 0 }, Kind::Ip) => {
                (load, mask) = (LOAD_BYTE, 0xf0);
                value = match value {
                    IPV4 => 0x40,
                    IPV6 => 0x60,
                    _ => return no,
                };
                0
            }
            (At::Type { .. } | At::Tag { .. }, Kind::Ip) => return no,
            (At::Tag { tags }, Kind::Type { .. }) => network(tags) - 4,
            (At::Network { tags, offset } | At::Transport { tags, offset }, _) => network(tags) + offset,
            (At::Length, _) => {
                load = LOAD_LEN;
                0
            }
        };
        self.test(test, value, yes, no);
        if mask != u32::MAX {
            self.push(AND, mask);
        }
        if let At::Transport { tags, .. } = at {
            self.push(load + INDEXED, place);
            let header = self.link.network + 4 * tags;
            return self.push(LOAD_HEADER_LEN, header);
        }
        self.push(load, place)
    }

    fn test(&mut self, test: Test, value: u32, yes: Place, no: Place) {
        let code = match test {
            Test::Equal => IF_EQUAL,
            Test::Greater => IF_GREATER,
            Test::GreaterOrEqual => IF_GREATER_OR_EQUAL,
            Test::Set => IF_SET,
        };
        let (yes, no) = (self.near(yes), self.near(no));
        let skips = |to: Place| (self.code.len() - 1 - to) as u8;
        let (jt, jf) = (skips(yes), skips(no));
        self.code.push(Instruction { code, jt, jf, k: value });
    }

    /// The place, or a jump to it where it is further than a comparison can skip: 255, but for the other's jump.
    fn near(&mut self, to: Place) -> Place {
        if self.code.len() - 1 - to < 250 { to } else { self.jump(to) }
    }

    fn jump(&mut self, to: Place) -> Place {
        let skips = (self.code.len() - 1 - to) as u32;
        self.push(JUMP, skips)
    }

    fn push(&mut self, code: u16, k: u32) -> Place {
        self.code.push(Instruction { code, jt: 0, jf: 0, k });
        self.code.len() - 1
    }
}
