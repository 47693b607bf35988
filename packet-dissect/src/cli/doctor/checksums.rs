//! `outer-checksum`, `inner-checksum`: by who sent what is wrong; and sums that a card was to complete, and that nobody completes.

use crate::Timestamp;
use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Sight, WrongChecksum};

/// So many questions must have no answer, over so many nanoseconds, and each so long.
const LEAST: u64 = 3;
const LASTS: i128 = 1_000_000_000;
const PATIENCE: i128 = 1_000_000_000;

/// A ping by its numbers, or a connection that is asked for by its ports.
type Question = (Addresses, bool, (u16, u16));

#[derive(Debug, Default)]
pub(super) struct Checksums {
    /// What has no answer yet, between which nodes, and whether a sum of its packet is left to a card.
    asked: Bounded<Question, (Addresses, Option<bool>, Evidence)>,
    ways: Bounded<Addresses, Way>,
    /// Between which nodes packets go without a tunnel.
    plain: Bounded<Addresses, ()>,
    last: Option<Timestamp>,
}

/// What goes from a node to another in a tunnel.
#[derive(Debug, Default)]
struct Way {
    answered: u64,
    /// Questions without an answer: of those with a partial sum all, of the others how many.
    lost: Evidence,
    lost_otherwise: u64,
    /// The network's number and the port of the first.
    tunnel: Option<(Option<u32>, Option<u16>)>,
}

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
        self.last = sight.at.time.or(self.last);
        self.questions(sight);
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for (_, (nodes, is_partial, evidence)) in self.asked.drain_by(|(.., evidence)| evidence.begin()) {
            let waited = self.last.zip(evidence.last).map_or(0, |(last, time)| last.nanoseconds_since(time));
            let Some(way) = self.ways.get_mut(&nodes).filter(|_| waited >= PATIENCE) else { continue };
            match is_partial {
                Some(true) => way.lost.join(evidence),
                _ => way.lost_otherwise += 1,
            }
        }
        let ways = self.ways.drain_by(|way| way.lost.begin());
        for (nodes, way) in &ways {
            let turned = (nodes.1, nodes.0);
            let back = ways.iter().find(|(of, _)| *of == turned).map(|(_, back)| back);
            let are_plain = [*nodes, turned].iter().all(|of| self.plain.has(of));
            let is_it = back.is_some_and(|back| way.is_dead() && back.is_dead() && way.tunnel == back.tunnel);
            if is_it && are_plain {
                let ((from, to), count) = (*nodes, way.lost.count);
                let sentence = format!(
                    "What {from} sends to {to} has UDP checksums that a card was still to complete, and so have those that come back: {count} \
                     questions and none is answered, though what goes outside the tunnel is."
                );
                let key = Key::new(Code::OuterChecksum).around(Some(*nodes)).of("partial");
                ledger.put(key, sentence, way.lost.clone());
            }
        }
    }
}

impl Checksums {
    /// Notes what asks in a tunnel, and what is answered.
    fn questions(&mut self, sight: &Sight<'_>) {
        let (Some(tunnel), Some(inner)) = (sight.tunnels.first(), sight.headers.last()) else {
            sight.headers.iter().for_each(|header| _ = self.plain.of(header.addresses));
            return;
        };
        // A node that says what it dropped took it in.
        for quoted in sight.icmp_errors.iter().filter_map(|error| error.quoted) {
            self.ways.of(quoted.addresses).into_iter().for_each(|way| way.answered += 1);
        }
        let Some(way) = self.ways.of(tunnel.nodes) else { return };
        way.tunnel = way.tunnel.or(Some((tunnel.network, tunnel.port)));
        let asks = |flags: TcpFlags| flags.contains(TcpFlags::SYN) && !flags.contains(TcpFlags::ACK);
        let echoes =
            sight.echoes.iter().map(|echo| (echo.header, true, (echo.identifier, echo.sequence), !echo.is_answer));
        let segments = sight.segments.iter().map(|of| (of.header, false, of.ports, asks(of.flags)));
        for (header, is_ping, numbers, is_question) in echoes.chain(segments).filter(|(of, ..)| of.depth == inner.depth)
        {
            let new = || (tunnel.nodes, sight.is_partial, Evidence::default());
            if is_question {
                let asked = self.asked.or((header.addresses, is_ping, numbers), new);
                asked.into_iter().for_each(|(.., evidence)| evidence.add(&sight.at));
                continue;
            }
            let numbers = if is_ping { numbers } else { (numbers.1, numbers.0) };
            self.asked.remove(&(header.way_back(), is_ping, numbers));
            [tunnel.nodes, (tunnel.nodes.1, tunnel.nodes.0)].iter().for_each(|nodes| {
                self.ways.of(*nodes).into_iter().for_each(|way| way.answered += 1);
            });
        }
    }
}

impl Way {
    /// All questions have partial sums, and none has an answer.
    fn is_dead(&self) -> bool {
        let is_long = self.lost.count >= LEAST && self.lost.lasted().is_some_and(|lasted| lasted >= LASTS);
        is_long && self.answered == 0 && self.lost_otherwise == 0
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::super::lab::{A, B, Capture, Ip, NODE_A, NODE_B, codes, findings, frame, told, vxlan};

    /// The first row: flannel 1279, calico 3145.
    #[test]
    fn outer_checksums() {
        let inner = frame(&Ip::new(A, B).udp((4000, 53), b"hello"));
        let mut bytes = vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner);
        assert!(codes(&vec![(0, bytes.clone())]).is_empty());
        // Behind Ethernet, IPv4 and six bytes of UDP.
        let right = u16::from_be_bytes([bytes[40], bytes[41]]);
        bytes[40..42].copy_from_slice(&0x1234_u16.to_be_bytes());
        let all = findings(&vec![(0, inner.clone()), (1, bytes.clone())]);
        let sentence = format!(
            "What 192.0.2.1 sends to 192.0.2.2 has wrong UDP checksums: the first is 0x1234, where {right:#06x} is right."
        );
        assert_eq!(told(&all, "outer-checksum"), (sentence, vec![2]));
        // The pseudo-header's sum alone is the sending host's, before its card: c000 + 0201 + c000 + 0202 + 0011 and the length.
        let len = (bytes.len() - 34) as u32;
        let sum = 0xc000 + 0x0201 + 0xc000 + 0x0202 + 0x11 + len;
        let partial = ((sum & 0xffff) + (sum >> 16)) as u16;
        bytes[40..42].copy_from_slice(&partial.to_be_bytes());
        assert!(codes(&vec![(0, bytes.clone())]).is_empty());
        // No checksum at all (RFC 7348 §5).
        bytes[40..42].fill(0);
        assert!(codes(&vec![(0, bytes)]).is_empty());
    }

    /// Behind a wire that carries bytes alone each node gets the other's as the card was to have them. Where one is answered all are
    /// such as a virtual link hands on.
    #[test]
    fn partial_on_the_wire() {
        let partial = |from: Ipv4Addr, to: Ipv4Addr, inner: &[u8]| {
            let mut bytes = vxlan(Ip::new(from, to), 8472, 1, inner);
            let sum = 0xc000 + 0x0201 + 0xc000 + 0x0202 + 0x11 + (bytes.len() - 34) as u32;
            bytes[40..42].copy_from_slice(&(((sum & 0xffff) + (sum >> 16)) as u16).to_be_bytes());
            bytes
        };
        let mut capture: Capture =
            vec![(0, frame(&Ip::new(NODE_A, NODE_B).ping(1))), (1, frame(&Ip::new(NODE_B, NODE_A).pong(1)))];
        for number in 0..4 {
            let at = 10 + 600 * u64::from(number);
            capture.push((at, partial(NODE_A, NODE_B, &frame(&Ip::new(A, B).ping(number)))));
            capture.push((at + 5, partial(NODE_B, NODE_A, &frame(&Ip::new(B, A).ping(100 + number)))));
        }
        let end = (3_000, frame(&Ip::new(NODE_A, NODE_B).ping(2)));
        capture.push(end.clone());
        let all = findings(&capture);
        let sentence = "What 192.0.2.1 sends to 192.0.2.2 has UDP checksums that a card was still to complete, and so have those that \
                        come back: 4 questions and none is answered, though what goes outside the tunnel is.";
        assert_eq!(told(&all, "outer-checksum"), (sentence.to_owned(), vec![3, 5, 7, 9]));
        assert!(all.iter().all(|finding| finding.code() == "outer-checksum"), "{all:?}");
        // One answer; nothing from the other side; a question whose sum is right is not answered either.
        let mut answered = capture.clone();
        answered.insert(3, (12, partial(NODE_B, NODE_A, &frame(&Ip::new(B, A).pong(0)))));
        assert!(codes(&answered).is_empty());
        let one_way: Capture = capture.iter().filter(|(at, _)| at % 10 != 5).cloned().collect();
        assert!(!codes(&one_way).contains(&"outer-checksum"));
        let mut whole = capture.clone();
        whole.insert(3, (12, vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &frame(&Ip::new(A, B).ping(50)))));
        assert!(codes(&whole).is_empty());
    }

    /// Linux sums a tunnel's datagram for what the card makes of the segment in it, and hands on that one with its pseudo-header's sum.
    #[test]
    fn local_checksum_offload() {
        let inner = frame(&Ip::new(A, B).udp((4000, 53), b"hello"));
        let mut bytes = vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner);
        // 0af4 + 0102 + 0af4 + 0202 + 0011 + 000d is 190a; behind 50 bytes, Ethernet, IPv4 and six of UDP.
        bytes[90..92].copy_from_slice(&0x190a_u16.to_be_bytes());
        assert!(codes(&vec![(0, bytes)]).is_empty());
    }

    #[test]
    fn inner_checksums() {
        let mut inner = frame(&Ip::new(A, B).udp((4000, 53), b"hello"));
        inner[40] ^= 1;
        let bytes = vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner);
        let all = findings(&vec![(0, bytes)]);
        assert_eq!((all.len(), all[0].code()), (1, "inner-checksum"));
        assert_eq!(all[0].evidence().pods, Some((A.into(), B.into())));
        assert_eq!(all[0].evidence().nodes, Some((NODE_A.into(), NODE_B.into())));
    }
}
