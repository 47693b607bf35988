//! What is asked for by address, port and protocol, as comparisons: those that libpcap makes of it.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::check::{At, Node, Size, Test};

pub(super) const IPV4: u32 = 0x0800;
pub(super) const ARP: u32 = 0x0806;
pub(super) const RARP: u32 = 0x8035;
pub(super) const IPV6: u32 = 0x86dd;

pub(super) const TCP: u32 = 6;
pub(super) const UDP: u32 = 17;
pub(super) const SCTP: u32 = 132;
/// IPv6's header of fragments.
const FRAGMENT: u32 = 44;

/// Which of two addresses or ports is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Source,
    Destination,
    Either,
    Both,
}

impl Direction {
    /// Of what stands in two places, the source's first.
    fn of(self, mut at: impl FnMut(usize) -> Node) -> Node {
        match self {
            Self::Source => at(0),
            Self::Destination => at(1),
            Self::Either => Node::Any(vec![at(0), at(1)]),
            Self::Both => Node::All(vec![at(0), at(1)]),
        }
    }
}

/// What a packet is, behind so many tags.
#[derive(Debug, Clone, Copy)]
pub(super) struct Behind(pub(super) u32);

impl Behind {
    pub(super) fn ether_type(self, value: u32) -> Node {
        Node::equal(At::Type { tags: self.0 }, Size::Half, value)
    }

    fn network(self, offset: u32) -> At {
        At::Network { tags: self.0, offset }
    }

    /// IPv4 with that protocol; IPv6 with it, be it in a fragment.
    pub(super) fn ipv4_protocol(self, protocol: u32) -> Node {
        Node::All(vec![self.ether_type(IPV4), Node::equal(self.network(9), Size::Byte, protocol)])
    }

    pub(super) fn ipv6_protocol(self, protocol: u32) -> Node {
        let next = |protocol| Node::equal(self.network(6), Size::Byte, protocol);
        let in_fragment = Node::All(vec![next(FRAGMENT), Node::equal(self.network(40), Size::Byte, protocol)]);
        Node::All(vec![self.ether_type(IPV6), Node::Any(vec![next(protocol), in_fragment])])
    }

    pub(super) fn protocol(self, protocol: u32) -> Node {
        Node::Any(vec![self.ipv4_protocol(protocol), self.ipv6_protocol(protocol)])
    }

    /// An address of IPv4, ARP or RARP: of which, by type.
    pub(super) fn ipv4(self, kind: u32, direction: Direction, address: Ipv4Addr, mask: u32) -> Node {
        let places = if kind == IPV4 { [12, 16] } else { [14, 24] };
        let value = address.to_bits() & mask;
        let is_it = direction.of(|which| Node::masked(self.network(places[which]), Size::Word, mask, value));
        Node::All(vec![self.ether_type(kind), is_it])
    }

    pub(super) fn ipv6(self, direction: Direction, address: Ipv6Addr, prefix_len: u32) -> Node {
        let mask = u128::MAX.checked_shl(128 - prefix_len).unwrap_or(0);
        let word = |of: u128, number: u32| (of >> (96 - 32 * number)) as u32;
        let is_it = direction.of(|which| {
            let start = 8 + 16 * which as u32;
            let words = (0..4).filter(|number| word(mask, *number) != 0).map(|number| {
                let (mask, value) = (word(mask, number), word(address.to_bits() & mask, number));
                Node::masked(self.network(start + 4 * number), Size::Word, mask, value)
            });
            Node::All(words.collect())
        });
        Node::All(vec![self.ether_type(IPV6), is_it])
    }

    /// A range of ports of a protocol, in IPv4 and IPv6. A fragment that is not the first has none.
    pub(super) fn ports(self, protocol: u32, direction: Direction, (low, high): (u16, u16)) -> Node {
        let (tags, behind_fixed) = (self.0, 40);
        let is_in = |at: At| match (low, high) {
            _ if low == high => Node::equal(at, Size::Half, low.into()),
            _ => Node::All(vec![
                Node::test(at, Size::Half, Test::GreaterOrEqual, low.into()),
                Node::test(at, Size::Half, Test::Greater, high.into()).negated(),
            ]),
        };
        let ipv4 = direction.of(|which| is_in(At::Transport { tags, offset: 2 * which as u32 }));
        let ipv6 = direction.of(|which| is_in(self.network(behind_fixed + 2 * which as u32)));
        let is_first = Node::test(self.network(6), Size::Half, Test::Set, 0x1fff).negated();
        Node::Any(vec![
            Node::All(vec![self.ipv4_protocol(protocol), is_first, ipv4]),
            Node::All(vec![self.ether_type(IPV6), Node::equal(self.network(6), Size::Byte, protocol), ipv6]),
        ])
    }

    /// A tag, of that VLAN; what follows in the filter is of what is behind it.
    pub(super) fn tag(self, id: Option<u16>) -> Node {
        let types = [0x8100, 0x88a8, 0x9100].map(|value| self.ether_type(value));
        let is_tagged = Node::Any(types.to_vec());
        let Some(id) = id else { return is_tagged };
        let at = At::Tag { tags: self.0 + 1 };
        Node::All(vec![is_tagged, Node::masked(at, Size::Half, 0x0fff, id.into())])
    }
}

/// An Ethernet address.
pub(super) fn ethernet(direction: Direction, address: [u8; 6]) -> Node {
    let [a, b, c, d, e, f] = address;
    direction.of(|which| {
        // The destination stands first.
        let start = 6 * (1 - which as u32);
        Node::All(vec![
            Node::equal(At::Ethernet(start + 2), Size::Word, u32::from_be_bytes([c, d, e, f])),
            Node::equal(At::Ethernet(start), Size::Half, u16::from_be_bytes([a, b]).into()),
        ])
    })
}

pub(super) fn ethernet_multicast() -> Node {
    Node::test(At::Ethernet(0), Size::Byte, Test::Set, 1)
}

impl Behind {
    pub(super) fn ipv4_multicast(self) -> Node {
        let is_it = Node::test(self.network(16), Size::Byte, Test::GreaterOrEqual, 224);
        Node::All(vec![self.ether_type(IPV4), is_it])
    }

    pub(super) fn ipv6_multicast(self) -> Node {
        Node::All(vec![self.ether_type(IPV6), Node::equal(self.network(24), Size::Byte, 255)])
    }
}
