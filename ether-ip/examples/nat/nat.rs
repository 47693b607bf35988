//! The NAT: what is to be copied. `ether-ip`'s guide has the same lines; `tests/guide.rs` holds them to these.

use std::collections::HashMap;
use std::net::IpAddr;

use ether_ip::rewrite::{Flow, Outcome, Rewrite, Rewriter};

/// The first of the ports that flows get: those above are nobody's (RFC 6335 §6).
const FIRST: u16 = 49_152;

/// Of how many packets the first fragment is remembered.
const MOST: usize = 4096;

/// Many hosts behind one address of each family, a port of it for each of their flows (RFC 3022 §2.2).
pub struct Nat {
    outside: [IpAddr; 2],
    next: u16,
    flows: HashMap<(Side, Flow), Rewrite>,
    fragments: HashMap<(Side, Flow, u32), Flow>,
}

/// Where a packet comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Inside,
    Outside,
}

impl Nat {
    /// A NAT to these addresses.
    pub fn new(outside: [IpAddr; 2]) -> Self {
        Self { outside, next: FIRST, flows: HashMap::new(), fragments: HashMap::new() }
    }

    /// What flow a packet is of. A fragment that is not the first has no ports: its identification is the first one's (RFC 3022 §6.3).
    fn flow_of(&mut self, from: Side, packet: &Rewriter<'_>) -> Option<Flow> {
        let (flow, Some(identification)) = (packet.flow(), packet.fragment()) else { return Some(packet.flow()) };
        let of = (from, flow.without_ports(), identification);
        if packet.is_later_fragment() {
            return self.fragments.get(&of).copied();
        }
        if self.fragments.len() == MOST {
            self.fragments.clear();
        }
        self.fragments.insert(of, flow);
        Some(flow)
    }
}

// The thirty lines.
impl Nat {
    /// Changes a packet on its way through; `None` if it is to be dropped.
    pub fn pass(&mut self, from: Side, packet: &mut Rewriter<'_>) -> Option<()> {
        packet.decrement_ttl().filter(|hops| *hops > 0)?;
        let flow = self.flow_of(from, packet)?;
        let outcome = if let Some(quoted) = packet.quoted().map(|quote| quote.flow()) {
            // An ICMP error is about a packet that went the other way.
            self.flows.get(&(from, quoted.reversed()))?.for_answers().undo_in_error_of(packet)
        } else {
            if from == Side::Inside && !self.flows.contains_key(&(from, flow)) {
                self.learn(flow)?;
            }
            self.flows.get(&(from, flow))?.apply_to(packet)
        };
        matches!(outcome, Ok(Outcome::Rewritten | Outcome::LaterFragment)).then_some(())
    }

    fn learn(&mut self, inside: Flow) -> Option<()> {
        let source = *self.outside.iter().find(|address| address.is_ipv4() == inside.source.is_ipv4())?;
        let ports = inside.ports.with_source(self.next)?;
        let out = Rewrite::between(&inside, &Flow { source, ports, ..inside }).ok()?;
        self.next = self.next.checked_add(1).unwrap_or(FIRST);
        if let Some(older) = self.flows.insert((Side::Outside, out.after().reversed()), out.for_answers()) {
            self.flows.remove(&(Side::Inside, older.after().reversed()));
        }
        self.flows.insert((Side::Inside, inside), out);
        Some(())
    }
}
