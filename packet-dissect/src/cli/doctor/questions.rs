//! `mtu-black-hole` once more: long pings and datagrams that get no answer, while short ones of the same pods get theirs.

use std::collections::BTreeMap;

use crate::Timestamp;
use ether_ip::ip::IpProtocol;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Echo, Header, Sight};

/// So many must get no answer, over so many nanoseconds; so long each is waited for, or where the capture ends.
const LEAST: u64 = 3;
const LASTS: i128 = 1_000_000_000;
const PATIENCE: i128 = 1_000_000_000;
const AT_THE_END: i128 = 300_000_000;
/// Of the short ones so many a hundred may be lost as well: more, and it is not the length.
const RATE: u64 = 10;
/// How many lengths are told apart a pair of pods.
const MAX_LENGTHS: usize = 64;
/// What is shorter passes everywhere (RFC 791 §3.1).
const SHORTEST: usize = 577;

/// What a question is known by: a ping by its numbers, a datagram by its ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Numbers {
    Ping(u16, u16),
    Datagram(u16, u16),
}

/// Pings of two pods are one thing, and so is what goes to a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Ping,
    Datagram(u16),
}

#[derive(Debug)]
pub(super) struct Questions {
    mtu: usize,
    /// The last question that has no answer yet.
    waiting: Bounded<(Addresses, Numbers), Waiting>,
    kinds: Bounded<(Addresses, Kind), Lengths>,
    last: Option<Timestamp>,
}

#[derive(Debug)]
struct Waiting {
    header: Header,
    at: At,
}

/// What becomes of questions, by how long they are.
#[derive(Debug, Default)]
struct Lengths {
    answered: u64,
    longest: usize,
    lost: BTreeMap<usize, Evidence>,
    nodes: Option<Addresses>,
    overhead: Option<usize>,
    /// ICMP says why.
    is_told: bool,
}

impl Questions {
    pub(super) fn new(mtu: u16) -> Self {
        Self { mtu: mtu.into(), waiting: Bounded::default(), kinds: Bounded::default(), last: None }
    }
}

impl Numbers {
    const fn kind(self) -> Kind {
        match self {
            Self::Ping(..) => Kind::Ping,
            Self::Datagram(_, port) => Kind::Datagram(port),
        }
    }
}

impl Rule for Questions {
    fn see(&mut self, sight: &Sight<'_>, _: &mut Ledger) {
        self.last = sight.at.time.or(self.last);
        if !sight.is_in_order {
            return;
        }
        for quoted in sight.icmp_errors.iter().filter_map(|error| error.quoted) {
            let port =
                quoted.ports.filter(|_| quoted.protocol == IpProtocol::UDP).map(|(_, port)| Kind::Datagram(port));
            for kind in [Some(Kind::Ping), port].into_iter().flatten() {
                self.kinds.of((quoted.addresses, kind)).into_iter().for_each(|lengths| lengths.is_told = true);
            }
        }
        for Echo { header, identifier, sequence, is_answer } in &sight.echoes {
            let numbers = Numbers::Ping(*identifier, *sequence);
            if *is_answer {
                self.answer((header.way_back(), numbers), sight);
            } else {
                self.ask(header, numbers, sight);
            }
        }
        // A tunnel's own are none of the questions.
        let depth = sight.tunnels.len();
        for (header, (from, to)) in sight.datagrams.iter().filter(|(header, _)| header.depth == depth) {
            let back = (header.way_back(), Numbers::Datagram(*to, *from));
            let is_asked = self.kinds.has(&(back.0, back.1.kind()));
            if is_asked {
                self.answer(back, sight);
            } else if !header.addresses.1.is_multicast() && !header.is_fragment {
                self.ask(header, Numbers::Datagram(*from, *to), sight);
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for ((addresses, numbers), waiting) in self.waiting.drain_by(|waiting| waiting.at.frame.number) {
            let waited = self.last.zip(waiting.at.time).map_or(0, |(last, time)| last.nanoseconds_since(time));
            if waited >= AT_THE_END {
                self.lose(addresses, numbers, &waiting);
            }
        }
        let begin = |lengths: &Lengths| lengths.lost.values().map(Evidence::begin).min();
        for ((addresses, kind), lengths) in self.kinds.drain_by(begin) {
            lengths.tell(addresses, kind, self.mtu, ledger);
        }
    }
}

impl Questions {
    fn ask(&mut self, header: &Header, numbers: Numbers, sight: &Sight<'_>) {
        let (addresses, kind) = (header.addresses, numbers.kind());
        let Some(lengths) = self.kinds.of((addresses, kind)) else { return };
        if header.depth > 0 {
            (lengths.nodes, lengths.overhead) = (header.nodes, header.overhead);
        }
        let new = || Waiting { header: *header, at: sight.at.clone() };
        let Some(waiting) = self.waiting.or((addresses, numbers), new) else { return };
        let print = |of: &Header| (of.identification, of.payload, of.len);
        // The next one, and not the same at another tap.
        if print(&waiting.header) != print(header) {
            let before = std::mem::replace(waiting, new());
            self.lose(addresses, numbers, &before);
        }
    }

    /// The question that was asked last is answered.
    fn answer(&mut self, (addresses, numbers): (Addresses, Numbers), sight: &Sight<'_>) {
        let Some(Waiting { header, at }) = self.waiting.remove(&(addresses, numbers)) else { return };
        let is_late = sight.at.time.zip(at.time).is_some_and(|(now, then)| now.nanoseconds_since(then) > PATIENCE);
        if let (Some(lengths), false) = (self.kinds.get_mut(&(addresses, numbers.kind())), is_late) {
            lengths.answered += 1;
            lengths.longest = lengths.longest.max(header.len);
        }
    }

    fn lose(&mut self, addresses: Addresses, numbers: Numbers, waiting: &Waiting) {
        let Some(lengths) = self.kinds.get_mut(&(addresses, numbers.kind())) else { return };
        let len = waiting.header.len;
        if lengths.lost.len() < MAX_LENGTHS || lengths.lost.contains_key(&len) {
            lengths.lost.entry(len).or_default().add(&waiting.at);
        }
    }
}

impl Lengths {
    fn tell(mut self, addresses: Addresses, kind: Kind, mtu: usize, ledger: &mut Ledger) {
        let passed = self.longest;
        let long = self.lost.split_off(&SHORTEST.max(passed + 1));
        let short: u64 = self.lost.values().map(|lost| lost.count).sum();
        let Some(least) = long.keys().next().copied() else { return };
        let mut evidence = Evidence::default();
        long.into_values().for_each(|lost| evidence.join(lost));
        let is_long = evidence.count >= LEAST && evidence.lasted().is_some_and(|lasted| lasted >= LASTS);
        // A port may have nothing to say to long ones: there the length must be what the nodes do not carry.
        let is_explained = self.overhead.is_some_and(|overhead| least + overhead > mtu && passed + overhead <= mtu);
        let is_it = self.answered > 0 && short * 100 <= self.answered * RATE && (kind == Kind::Ping || is_explained);
        if !is_long || !is_it || self.is_told {
            return;
        }
        let (source, destination) = addresses;
        let (count, what) = (evidence.count, if kind == Kind::Ping { "pings" } else { "datagrams" });
        evidence.numbers = vec![("lost", least as u64), ("passed", passed as u64)];
        let around = self.overhead.map_or(String::new(), |overhead| {
            evidence.numbers.push(("overhead", overhead as u64));
            format!(" With {overhead} bytes of the tunnel's around they have {} and more.", least + overhead)
        });
        let sentence = format!(
            "{count} {what} of {least} bytes and more from {source} to {destination} have no answer, while those of up to {passed} bytes have \
             theirs.{around}"
        );
        ledger.put(Key::new(Code::MtuBlackHole).between(addresses).around(self.nodes), sentence, evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, NODE_A, NODE_B, codes, findings, frame, told, vxlan};
    use ether_ip::icmpv4::Icmpv4Message;
    use std::net::Ipv4Addr;

    const THERE: (Ipv4Addr, Ipv4Addr) = (NODE_A, NODE_B);
    const BACK: (Ipv4Addr, Ipv4Addr) = (NODE_B, NODE_A);

    fn tunnel(nodes: (Ipv4Addr, Ipv4Addr), inner: &[u8]) -> Vec<u8> {
        vxlan(Ip::new(nodes.0, nodes.1), 8472, 1, &frame(inner))
    }

    fn ping(sequence: u16, len: usize) -> Vec<u8> {
        let message = Icmpv4Message::EchoRequest { identifier: 7, sequence };
        tunnel(THERE, &Ip::new(A, B).icmp(message, &vec![7; len]))
    }

    fn answer(sequence: u16, len: usize) -> Vec<u8> {
        let message = Icmpv4Message::EchoReply { identifier: 7, sequence };
        tunnel(BACK, &Ip::new(B, A).icmp(message, &vec![7; len]))
    }

    /// A short ping with its answer, three long ones without, and a packet so much later that there was time for one.
    fn pings(short: usize, long: usize) -> Capture {
        let mut capture = vec![(0, ping(1, short)), (1, answer(1, short))];
        capture.extend((0..3).map(|number| (1_000 + 600 * u64::from(number), ping(2 + number, long))));
        capture.push((4_000, frame(&Ip::new(NODE_A, NODE_B).udp((4000, 9999), b"log"))));
        capture
    }

    #[test]
    fn long_pings() {
        let sentence = "3 pings of 1500 bytes and more from 10.244.1.2 to 10.244.2.2 have no answer, while those of up to 84 bytes have \
                        theirs. With 50 bytes of the tunnel's around they have 1550 and more.";
        let all = findings(&pings(56, 1_472));
        assert_eq!((told(&all, "mtu-black-hole"), all.len()), ((sentence.to_owned(), vec![3, 4, 5]), 1));
        assert_eq!(all[0].evidence().numbers, [("lost", 1500), ("passed", 84), ("overhead", 50)]);
    }

    #[test]
    fn other_pings() {
        // As long as one that passed; as short as passes everywhere; short ones are lost too.
        assert!(codes(&pings(1_472, 1_472)).is_empty() && codes(&pings(56, 548)).is_empty());
        let mut lossy = pings(56, 1_472);
        lossy.insert(0, (0, ping(9, 40)));
        assert!(codes(&lossy).is_empty());
        // An answer in the end; the capture ends too soon; and a router says what is wrong.
        let mut answered = pings(56, 1_472);
        answered.insert(5, (2_300, answer(4, 1_472)));
        assert!(codes(&answered).is_empty());
        let mut short = pings(56, 1_472);
        short[5].0 = 2_499;
        assert!(codes(&short).is_empty());
        let mut refused = pings(56, 1_472);
        let quoted = Ip::new(A, B).ping(2);
        let error = Icmpv4Message::fragmentation_needed(1_450);
        refused.push((4_001, frame(&Ip::new(NODE_A, A).icmp(error, &quoted))));
        assert_eq!(codes(&refused), ["pmtu-refused"]);
    }

    /// The same as datagrams, of which the short ones are answered.
    fn datagrams(long: usize) -> Capture {
        let ask = |id, len: usize| tunnel(THERE, &Ip { id, ..Ip::new(A, B) }.udp((4000, 5002), &vec![7; len]));
        let mut capture = vec![(0, ask(1, 100)), (1, tunnel(BACK, &Ip::new(B, A).udp((5002, 4000), &[7; 100])))];
        capture.extend((0..3).map(|number| (1_000 + 600 * u64::from(number), ask(2 + number, long))));
        capture.push((4_000, frame(&Ip::new(NODE_A, NODE_B).udp((4000, 9999), b"log"))));
        capture
    }

    /// 1422 bytes of payload are 1450 with UDP's and IPv4's headers: 1500 with the tunnel's.
    #[test]
    fn long_datagrams() {
        let sentence = "3 datagrams of 1451 bytes and more from 10.244.1.2 to 10.244.2.2 have no answer, while those of up to 128 bytes have \
                        theirs. With 50 bytes of the tunnel's around they have 1501 and more.";
        assert_eq!(told(&findings(&datagrams(1_423)), "mtu-black-hole"), (sentence.to_owned(), vec![3, 4, 5]));
        // What the nodes carry may well ask for no answer.
        assert!(codes(&datagrams(1_422)).is_empty());
    }
}
