//! `double-encapsulation`, `wrong-port`, `wrong-vni`, `vni-without-flag`, `one-way-tunnel`: what goes between nodes, and what comes back.

use std::net::IpAddr;

use ether_ip::ip::IpProtocol;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Encapsulation, Sight};

/// So many packets, over so many nanoseconds, must go one way before anybody wonders that none comes back.
const LEAST: u64 = 5;
const LASTS: i128 = 3_000_000_000;
/// The tunnels of which each node has both ends: GRE carries mirrored packets too, one way.
const BOTH_WAYS: [&str; 7] = ["vxlan", "vxlan-gpe", "geneve", "flannel-udp", "sleeve", "ipip", "wireguard"];
/// So many must come each way before two networks' numbers are worth a word.
const LEAST_EACH: u64 = 3;

/// Weave's fast datapath has a number a pair of peers and direction (weave's router/fastdp.go).
const FAST_DATAPATH: Option<u16> = Some(weave_codec::FAST_DATAPATH_PORT);

#[derive(Debug, Default)]
pub(super) struct Tunnels {
    /// By the kind of the tunnel, and from which node to which.
    ways: Bounded<(&'static str, Addresses), Way>,
    /// Who sends packets to one other.
    speaking: Bounded<IpAddr, ()>,
    /// Between which pods packets go, in a tunnel or not, and whether any may be an answer.
    pods: Bounded<Addresses, bool>,
}

/// What goes from a node to another.
#[derive(Debug, Default)]
struct Way {
    networks: Numbers<u32>,
    ports: Numbers<u16>,
    /// What hopes for an answer, and between which pods.
    asking: Evidence,
    asked: Vec<Addresses>,
    evidence: Evidence,
    has_answers: bool,
}

/// The first number that was seen, and whether there were others.
#[derive(Debug, Default)]
struct Numbers<T> {
    first: Option<T>,
    has_others: bool,
}

impl<T: Copy + PartialEq> Numbers<T> {
    fn add(&mut self, number: Option<T>) {
        let Some(number) = number else { return };
        self.has_others |= *self.first.get_or_insert(number) != number;
    }

    /// The one that all have.
    fn only(&self) -> Option<T> {
        self.first.filter(|_| !self.has_others)
    }
}

/// How many pairs of pods are kept a pair of nodes.
const MAX_ASKED: usize = 64;

impl Rule for Tunnels {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for header in sight.headers.iter().filter(|header| header.depth == 0) {
            self.speaking.of(header.addresses.0);
        }
        let inner = sight.headers.last().filter(|inner| !inner.addresses.1.is_multicast());
        if let Some(may_answer) = inner.and_then(|inner| self.pods.of(inner.addresses)) {
            *may_answer |= !sight.is_first_word();
        }
        if let [outer, inner, ..] = &sight.tunnels[..] {
            doubled(outer, inner, sight, ledger);
        }
        for (depth, tunnel) in (1..).zip(&sight.tunnels) {
            // What an IP packet stands in is VXLAN, and not another protocol on its port.
            if tunnel.has_no_flag && sight.headers.iter().any(|header| header.depth == depth) {
                unflagged(tunnel, sight, ledger);
            }
            if tunnel.nodes.1.is_multicast() {
                continue;
            }
            let Some(way) = self.ways.of((tunnel.kind, tunnel.nodes)) else { continue };
            way.networks.add(tunnel.network);
            way.ports.add(tunnel.port);
            way.evidence.add(&sight.at);
            way.has_answers |= sight.neighbours.iter().any(|of| of.is_answer);
            way.ask(sight, &sight.at);
        }
        let is_open = sight.tunnels.iter().any(|tunnel| tunnel.kind == "wireguard");
        if let Some((nodes, begins)) = sight.wireguard.filter(|_| !is_open) {
            let Some(way) = self.ways.of(("wireguard", nodes)) else { return };
            way.evidence.add(&sight.at);
            // It is sent again every 5 s until it is answered.
            if begins {
                way.asking.add(&sight.at);
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        let ways = self.ways.drain_by(|way| way.evidence.begin());
        let back = |kind: &str, nodes: Addresses| {
            ways.iter().find(|((of, ends), _)| *of == kind && *ends == (nodes.1, nodes.0)).map(|(_, way)| way)
        };
        for ((kind, nodes), way) in &ways {
            match back(kind, *nodes) {
                // Both are one pair, told once.
                Some(back) if nodes.0 < nodes.1 => self.differ(kind, *nodes, [way, back], ledger),
                Some(_) => {}
                None => self.one_way(kind, *nodes, way, ledger),
            }
        }
    }
}

impl Way {
    /// Notes what hopes for an answer.
    fn ask(&mut self, sight: &Sight<'_>, at: &At) {
        let Some(inner) = sight.headers.last() else { return };
        let is_icmp = matches!(inner.protocol, IpProtocol::ICMP | IpProtocol::ICMPV6) && sight.icmp_errors.is_empty();
        let is_asking = !inner.addresses.1.is_multicast() && (is_icmp || !sight.segments.is_empty());
        if is_asking && inner.depth > 0 {
            self.asking.add(at);
            if self.asked.len() < MAX_ASKED && !self.asked.contains(&inner.addresses) {
                self.asked.push(inner.addresses);
            }
        }
    }
}

impl Tunnels {
    /// Whether a packet of one of these pods came from the other way, however it came.
    fn is_heard(&self, asked: &[Addresses]) -> bool {
        asked.iter().any(|(from, to)| self.pods.has(&(*to, *from)))
    }

    /// The same of a packet that may be an answer.
    fn is_answered(&self, asked: &[Addresses]) -> bool {
        asked.iter().any(|(from, to)| self.pods.get(&(*to, *from)) == Some(&true))
    }

    /// Nothing comes back.
    fn one_way(&self, kind: &str, nodes: Addresses, way: &Way, ledger: &mut Ledger) {
        let is_long = way.asking.count >= LEAST && way.asking.lasted().is_some_and(|lasted| lasted >= LASTS);
        if is_long && BOTH_WAYS.contains(&kind) && self.speaking.has(&nodes.1) && !self.is_heard(&way.asked) {
            let (from, to) = nodes;
            let sentence = format!(
                "Packets that hope for an answer go from {from} to {to} by {kind}, and none comes back, though {to} sends others."
            );
            let key = Key::new(Code::OneWayTunnel).around(Some(nodes)).of(kind);
            let key = if let [pods] = way.asked[..] { key.between(pods) } else { key };
            ledger.put(key, sentence, way.asking.clone());
        }
    }

    /// The two directions of a tunnel may not be meant for each other.
    fn differ(&self, kind: &str, nodes: Addresses, [there, back]: [&Way; 2], ledger: &mut Ledger) {
        let mut evidence = there.evidence.clone();
        evidence.join(back.evidence.clone());
        let (from, to) = nodes;
        if let (Some(one), Some(other), true) = (there.ports.only(), back.ports.only(), kind != "gtp-u") {
            let is_one_network = there.networks.only() == back.networks.only();
            if one != other && is_one_network {
                let sentence = format!(
                    "{from} sends {kind} to port {one} of {to}, which sends its own to port {other}: one of them does not listen there."
                );
                let key = Key::new(Code::WrongPort).around(Some(nodes)).of(kind);
                return ledger.put(key, sentence, evidence);
            }
        }
        let is_numbered_by_network = matches!(kind, "vxlan" | "geneve") && there.ports.first != FAST_DATAPATH;
        let is_enough = there.evidence.count >= LEAST_EACH && back.evidence.count >= LEAST_EACH;
        // An answer came through: then the numbers may well differ, as Cilium's, which say who sends.
        let is_answered =
            there.has_answers || back.has_answers || self.is_answered(&there.asked) || self.is_answered(&back.asked);
        if let (Some(one), Some(other)) = (there.networks.only(), back.networks.only()) {
            if one != other && is_numbered_by_network && is_enough && !is_answered {
                let sentence = format!(
                    "{from} sends to {to} in {kind} network {one}, which sends its own in {other}: neither takes what the other sends."
                );
                ledger.put(Key::new(Code::WrongVni).around(Some(nodes)).of(kind), sentence, evidence);
            }
        }
    }
}

/// The number of the network does not count.
fn unflagged(tunnel: &Encapsulation, sight: &Sight<'_>, ledger: &mut Ledger) {
    let (from, to) = tunnel.nodes;
    let number = tunnel.network.unwrap_or(0);
    let key = Key::new(Code::VniWithoutFlag).around(Some(tunnel.nodes)).of(number.to_string());
    ledger.note(key, &sight.at, |_| {
        format!("{from} sends VXLAN with the number {number} to {to}, and without the flag that makes it count: it is dropped.")
    });
}

/// A tunnel is in another one.
fn doubled(outer: &Encapsulation, inner: &Encapsulation, sight: &Sight<'_>, ledger: &mut Ledger) {
    let (one, other) = (outer.kind, inner.kind);
    let key = Key::new(Code::DoubleEncapsulation).around(Some(outer.nodes)).of(format!("{other} in {one}"));
    ledger.note(key, &sight.at, |evidence| {
        let (from, to) = outer.nodes;
        let overhead = sight.headers.last().and_then(|header| header.overhead);
        evidence.numbers = overhead.map(|overhead| ("overhead", overhead as u64)).into_iter().collect();
        let cost = overhead
            .map_or(String::new(), |overhead| format!(": {overhead} bytes of each packet are headers of tunnels"));
        format!("What goes from {from} to {to} in {one} is {other} again{cost}.")
    });
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, ACK, B, Capture, Ip, NODE_A, NODE_B, Tcp, arp, codes, findings, frame, told, vxlan};
    use ether_ip::arp::ArpOperation;
    use std::net::Ipv4Addr;

    const OTHER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 3);
    const THERE: Ip = Ip::new(NODE_A, NODE_B);
    const BACK: Ip = Ip::new(NODE_B, NODE_A);

    fn ping(from: Ipv4Addr, to: Ipv4Addr) -> Vec<u8> {
        frame(&Ip::new(from, to).ping(1))
    }

    /// Five pings in a tunnel, over four seconds, and something of the other node's.
    fn one_way() -> Capture {
        let mut capture: Capture = (0..5).map(|number| (number * 1_000, vxlan(THERE, 8472, 1, &ping(A, B)))).collect();
        capture.push((4_500, ping(NODE_B, OTHER)));
        capture
    }

    /// flannel 2388: the port is eaten on the way.
    #[test]
    fn nothing_comes_back() {
        let sentence = "Packets that hope for an answer go from 192.0.2.1 to 192.0.2.2 by vxlan, and none comes back, though 192.0.2.2 sends others.";
        assert_eq!(told(&findings(&one_way()), "one-way-tunnel"), (sentence.to_owned(), vec![1, 2, 3, 4, 5]));
        // Nothing of that node is seen.
        assert!(codes(&one_way()[..5].to_vec()).is_empty());
        // It says where it is, and nothing else: where there are two wires its packets may come by the other one.
        let mut here = one_way();
        here[5] = (4_500, arp(ArpOperation::REPLY, NODE_B, NODE_A));
        assert!(codes(&here).is_empty());
        // The pod answers without the tunnel.
        let mut routed = one_way();
        routed.push((4_600, ping(B, A)));
        assert!(codes(&routed).is_empty());
        // One answer in the tunnel.
        let mut answered = one_way();
        answered.push((4_600, vxlan(BACK, 8472, 1, &ping(B, A))));
        assert!(codes(&answered).is_empty());
        // What hopes for none.
        let datagram = vxlan(THERE, 8472, 1, &frame(&Ip::new(A, B).udp((4000, 9999), b"log")));
        let mut logs: Capture = (0..5).map(|number| (number * 1_000, datagram.clone())).collect();
        logs.push((4_500, ping(NODE_B, OTHER)));
        assert!(codes(&logs).is_empty());
    }

    /// The WireGuard paper's §6.4: a handshake is begun again every 5 s. What is sealed tells nothing.
    #[test]
    fn handshakes() {
        let message = |ip: Ip, kind: u8, len| {
            let mut bytes = vec![0; len];
            bytes[0] = kind;
            frame(&ip.udp((51_820, 51_820), &bytes))
        };
        let asked = |ip| (0..5).map(|number| (number * 5_000, message(ip, 1, 148))).collect::<Capture>();
        let mut capture = asked(THERE);
        capture.push((24_500, ping(NODE_B, OTHER)));
        let sentence = "Packets that hope for an answer go from 192.0.2.1 to 192.0.2.2 by wireguard, and none comes back, though 192.0.2.2 sends others.";
        assert_eq!(told(&findings(&capture), "one-way-tunnel"), (sentence.to_owned(), vec![1, 2, 3, 4, 5]));
        // One too few; nothing of that node; its answer, its own question, or data.
        assert!(codes(&capture[1..].to_vec()).is_empty());
        assert!(codes(&capture[..5].to_vec()).is_empty());
        for (kind, len) in [(2, 92), (1, 148), (3, 64), (4, 32)] {
            let mut answered = capture.clone();
            answered.push((24_600, message(BACK, kind, len)));
            assert!(codes(&answered).is_empty(), "{kind}");
        }
        // Data alone is one way's own business.
        let mut data: Capture = (0..9).map(|number| (number * 1_000, message(THERE, 4, 128))).collect();
        data.push((9_500, ping(NODE_B, OTHER)));
        assert!(codes(&data).is_empty());
    }

    #[test]
    fn two_ports() {
        let capture = |there, back| {
            let segment = |from, to, of| frame(&Ip::new(from, to).tcp(of));
            vec![
                (0, vxlan(THERE, there, 1, &segment(A, B, Tcp::there(ACK, 1, 1)))),
                (1, vxlan(BACK, back, 1, &segment(B, A, Tcp::back(ACK, 1, 1)))),
            ]
        };
        let sentence = "192.0.2.1 sends vxlan to port 8472 of 192.0.2.2, which sends its own to port 4789: one of them does not listen there.";
        assert_eq!(told(&findings(&capture(8472, 4789)), "wrong-port"), (sentence.to_owned(), vec![1, 2]));
        assert!(codes(&capture(8472, 8472)).is_empty());
    }

    #[test]
    fn two_numbers() {
        // Each pings the other; or answers.
        let capture = |numbers: [u32; 2], answers: bool| {
            let mut capture = Capture::new();
            for at in 0..3 {
                capture.push((at, vxlan(THERE, 8472, numbers[0], &ping(A, B))));
                let inner = if answers { frame(&Ip::new(B, A).pong(1)) } else { ping(B, A) };
                capture.push((at, vxlan(BACK, 8472, numbers[1], &inner)));
            }
            capture
        };
        let sentence = "192.0.2.1 sends to 192.0.2.2 in vxlan network 1, which sends its own in 2: neither takes what the other sends.";
        assert_eq!(told(&findings(&capture([1, 2], false)), "wrong-vni").0, sentence);
        assert!(codes(&capture([1, 1], false)).is_empty());
        // Cilium's number says who sends, and answers come.
        assert!(codes(&capture([1, 2], true)).is_empty());
    }

    /// RFC 7348 §5: the I flag must be set for a valid VNI.
    #[test]
    fn no_flag() {
        let mut bytes = vxlan(THERE, 8472, 7, &ping(A, B));
        // Behind Ethernet, IPv4 and UDP; UDP's checksum goes.
        bytes[42] = 0;
        bytes[40..42].fill(0);
        let sentence = "192.0.2.1 sends VXLAN with the number 7 to 192.0.2.2, and without the flag that makes it count: it is dropped.";
        let all = findings(&vec![(0, bytes)]);
        assert_eq!((told(&all, "vni-without-flag"), all.len()), ((sentence.to_owned(), vec![1]), 1));
        // Another protocol on that port.
        assert!(codes(&vec![(0, frame(&THERE.udp((50_000, 8472), &[0; 60])))]).is_empty());
    }

    /// VXLAN over IPv4 takes 50 bytes (RFC 7348 §5), each time.
    #[test]
    fn a_tunnel_in_a_tunnel() {
        let inner = vxlan(Ip::new(OTHER, NODE_B), 8472, 1, &ping(A, B));
        let all = findings(&vec![(0, vxlan(THERE, 4789, 7, &inner))]);
        let sentence = "What goes from 192.0.2.1 to 192.0.2.2 in vxlan is vxlan again: 100 bytes of each packet are headers of tunnels.";
        assert_eq!((told(&all, "double-encapsulation"), all.len()), ((sentence.to_owned(), vec![1]), 1));
        assert!(codes(&vec![(0, inner)]).is_empty());
    }
}
