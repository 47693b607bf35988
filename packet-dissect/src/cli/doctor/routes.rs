//! `bgp-flap`, `bgp-loop`, `bgp-unreachable-next-hop`: routes of BGP that are of no use to the one who is told of them.

use std::net::IpAddr;

use ether_ip::ethernet::MacAddr;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::{At, Evidence};
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::said::{Announced, Path, Said};
use super::sight::{Sight, Trouble};

/// So often a route must be announced and withdrawn again.
const FLAPS: u64 = 3;
/// How often a next hop is asked for before it is given up, and for how long at least, in nanoseconds: RFC 4861 §10 has three questions, each
/// a second behind the other, and Linux does the same for ARP.
const LEAST: u64 = 3;
const LASTS: i128 = 1_500_000_000;

#[derive(Debug, Default)]
pub(super) struct Routes {
    /// The AS that each told another to be in.
    numbers: Bounded<Addresses, u32>,
    /// By who tells whom of them.
    routes: Bounded<(Addresses, String), Route>,
    next_hops: Bounded<IpAddr, NextHop>,
    /// Whose packets to one other are seen since there are next hops: who is seen to ask everybody, and no more, may have had an answer.
    talking: Bounded<IpAddr, ()>,
    /// To which hardware addresses frames are seen to go, likewise.
    heard: Bounded<MacAddr, ()>,
}

/// How a route came and went.
#[derive(Debug, Default)]
struct Route {
    is_there: bool,
    next_hop: Option<IpAddr>,
    withdrawn: Evidence,
}

/// Where a route leads.
#[derive(Debug)]
struct NextHop {
    told: Addresses,
    route: String,
    /// Who asks for its hardware address, and how often nobody answered.
    asker: Option<(IpAddr, Option<MacAddr>)>,
    asked: Evidence,
    /// How often ICMP said that it cannot be reached.
    refused: Evidence,
}

impl Rule for Routes {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        if !self.next_hops.is_empty() {
            self.reached(sight);
        }
        for (addresses, said) in &sight.bgp {
            match said {
                Said::Open(open) => {
                    let number = open.as_number;
                    self.numbers.of(*addresses).into_iter().for_each(|known| *known = number);
                }
                Said::Routes { announced, withdrawn, path } => {
                    withdrawn.iter().for_each(|route| self.withdraw(*addresses, route, &sight.at));
                    self.looped(*addresses, announced, path, &sight.at, ledger);
                    announced.iter().for_each(|of| self.announce(*addresses, of));
                }
                _ => {}
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for ((addresses, route), Route { mut withdrawn, .. }) in self.routes.drain_by(|route| route.withdrawn.begin()) {
            if withdrawn.count >= FLAPS {
                let ((from, to), times) = (addresses, withdrawn.count);
                withdrawn.numbers = vec![("times", times)];
                let sentence = format!("{from} announces {route} to {to} and withdraws it again, {times} times.");
                ledger.put(Key::new(Code::BgpFlap).around(Some(addresses)).of(route), sentence, withdrawn);
            }
        }
        for (address, next_hop) in self.next_hops.drain_by(|of| (of.asked.begin(), of.refused.begin())) {
            let NextHop { told: (from, to), route, asker, asked, refused } = next_hop;
            let is_given_up = asked.count >= LEAST && asked.lasted().is_some_and(|lasted| lasted >= LASTS);
            let is_seen = |(asker, mac): &(IpAddr, Option<MacAddr>)| {
                self.talking.has(asker) || mac.is_some_and(|mac| self.heard.has(&mac))
            };
            let (how, evidence) = match asker.filter(|asker| is_given_up && is_seen(asker)) {
                Some((asker, _)) => (format!("{asker} asks for its hardware address, and nobody answers"), asked),
                None if refused.count >= LEAST => ("ICMP says that it cannot be reached".to_owned(), refused),
                None => continue,
            };
            let sentence = format!("{from} tells {to} that {route} is behind {address}, which is not there: {how}.");
            let key = Key::new(Code::BgpUnreachableNextHop).around(Some((from, to)));
            ledger.put(key.of(address.to_string()), sentence, evidence);
        }
    }
}

impl Routes {
    fn withdraw(&mut self, addresses: Addresses, route: &str, at: &At) {
        let key = (addresses, route.to_owned());
        let Some(known) = self.routes.get_mut(&key) else { return };
        if std::mem::take(&mut known.is_there) {
            known.withdrawn.add(at);
        }
        // Where it led matters no more.
        let Some(address) = known.next_hop.take() else { return };
        if self.next_hops.get(&address).is_some_and(|of| of.told == addresses && of.route == route) {
            self.next_hops.remove(&address);
        }
    }

    fn announce(&mut self, addresses: Addresses, of: &Announced) {
        let Announced { route, next_hop } = of;
        let next_hop = next_hop.filter(|address| !address.is_unspecified());
        let known = self.routes.of((addresses, route.clone()));
        known.into_iter().for_each(|known| (known.is_there, known.next_hop) = (true, next_hop));
        if let (Some(address), false) = (next_hop, self.is_own(addresses, route)) {
            let (route, told) = (route.clone(), addresses);
            let [asked, refused] = [Evidence::default(), Evidence::default()];
            self.next_hops.or(address, || NextHop { told, route, asker: None, asked, refused });
        }
    }

    /// Whether who is told of a route announces it itself. From some speakers it comes back, and nobody misses it.
    fn is_own(&self, (from, to): Addresses, route: &str) -> bool {
        self.routes.get(&((to, from), route.to_owned())).is_some_and(|own| own.is_there)
    }

    /// Whether the one who is told is in the path already (RFC 4271 §9.1.2).
    fn looped(&self, addresses: Addresses, announced: &[Announced], path: &Path, at: &At, ledger: &mut Ledger) {
        let (from, to) = addresses;
        let Some(number) = self.numbers.get(&(to, from)).filter(|number| path.0.contains(number)) else { return };
        let Some(Announced { route, .. }) = announced.iter().find(|of| !self.is_own(addresses, &of.route)) else {
            return;
        };
        ledger.note(Key::new(Code::BgpLoop).around(Some(addresses)), at, |_| {
            format!(
                "{from} announces {route} to {to} by a path that has the AS of {to} in it, {number}: {path}. It takes that for a loop, unless \
                 it is told to allow it."
            )
        });
    }

    /// What a packet shows of next hops: whether they are there, and whether they are asked for.
    fn reached(&mut self, sight: &Sight<'_>) {
        for header in &sight.headers {
            let (source, destination) = header.addresses;
            self.is_there(source);
            let to = header.macs.map(|(_, to)| to);
            if to.is_none_or(|to| !to.is_multicast()) && !destination.is_multicast() {
                self.talking.of(source);
                to.into_iter().for_each(|to| _ = self.heard.of(to));
            }
        }
        for of in &sight.neighbours {
            if of.is_answer {
                self.is_there(of.target);
                continue;
            }
            // Who has no address yet asks whether another has it, and hopes for none (RFC 5227 §2.1, RFC 4862 §5.4).
            let Some(asker) = of.asker.filter(|asker| *asker != of.target) else { continue };
            self.is_there(asker);
            if let Some(next_hop) = self.next_hops.get_mut(&of.target) {
                let asker = (asker, of.macs.map(|(from, _)| from));
                if *next_hop.asker.get_or_insert(asker) == asker {
                    next_hop.asked.add(&sight.at);
                }
            }
        }
        for error in &sight.icmp_errors {
            let (Trouble::Unreachable("host unreachable" | "address unreachable"), Some(quoted)) =
                (error.trouble, error.quoted)
            else {
                continue;
            };
            let next_hop = self.next_hops.get_mut(&quoted.addresses.1);
            next_hop.into_iter().for_each(|next_hop| next_hop.refused.add(&sight.at));
        }
    }

    fn is_there(&mut self, address: IpAddr) {
        if let Some(next_hop) = self.next_hops.get_mut(&address) {
            (next_hop.asked, next_hop.refused) = (Evidence::default(), Evidence::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{
        Capture, Ip, NODE_A, NODE_B, arp, bgp_message as message, bgp_open as open, codes, findings, frame, told,
    };
    use ether_ip::arp::ArpOperation;
    use ether_ip::icmpv4::Icmpv4Message;
    use std::net::Ipv4Addr;

    /// 198.51.100.0/24.
    const PREFIX: [u8; 4] = [24, 198, 51, 100];

    /// RFC 4271 §4.3: the prefix with ORIGIN, an AS_PATH of these segments and this NEXT_HOP.
    fn announced(path: &[u8], next_hop: Ipv4Addr) -> Vec<u8> {
        let next_hop = [&[0x40, 3, 4][..], &next_hop.octets()].concat();
        let attributes = [&[0x40, 1, 1, 0, 0x40, 2, path.len() as u8], path, &next_hop].concat();
        [&[0, 0, 0, attributes.len() as u8], &attributes[..], &PREFIX].concat()
    }

    /// The same prefix withdrawn.
    fn withdrawn() -> Vec<u8> {
        [&[0, 4][..], &PREFIX, &[0, 0]].concat()
    }

    /// From node A, of AS 64512, to node B, of AS 64513, these UPDATEs.
    fn session(updates: &[Vec<u8>]) -> Capture {
        let mut capture = vec![open(NODE_A, NODE_B, 64_512, 90), open(NODE_B, NODE_A, 64_513, 90)];
        let mut sequence = 30;
        for body in updates {
            capture.push(message(NODE_A, NODE_B, sequence, 2, body));
            sequence += 19 + body.len() as u32;
        }
        capture
    }

    /// A sequence of AS 64512 (RFC 4271 §4.3 b: two bytes, as nobody told of four).
    const OWN: [u8; 4] = [2, 1, 0xfc, 0x00];

    #[test]
    fn routes_come_and_go() {
        let capture = |times: usize| session(&vec![[announced(&OWN, NODE_A), withdrawn()]; times].concat());
        let sentence = "192.0.2.1 announces 198.51.100.0/24 to 192.0.2.2 and withdraws it again, 3 times.";
        let all = findings(&capture(3));
        assert_eq!((told(&all, "bgp-flap"), all.len()), ((sentence.to_owned(), vec![4, 6, 8]), 1));
        assert!(codes(&capture(2)).is_empty());
    }

    /// RFC 4271 §9.1.2: 64513 is the receiver's own.
    #[test]
    fn paths_with_the_receivers_own() {
        let looped = announced(&[2, 3, 0xfc, 0x00, 0xfd, 0xe8, 0xfc, 0x01], NODE_A);
        let sentence = "192.0.2.1 announces 198.51.100.0/24 to 192.0.2.2 by a path that has the AS of 192.0.2.2 in it, 64513: 64512 65000 64513. \
                        It takes that for a loop, unless it is told to allow it.";
        let all = findings(&session(std::slice::from_ref(&looped)));
        assert_eq!((told(&all, "bgp-loop"), all.len()), ((sentence.to_owned(), vec![3]), 1));
        assert!(codes(&session(&[announced(&[2, 2, 0xfc, 0x00, 0xfd, 0xe8], NODE_A)])).is_empty());
        // Nobody said who is in which AS.
        assert!(codes(&session(std::slice::from_ref(&looped))[2..].to_vec()).is_empty());
        // It comes back to who announced it.
        let mut capture = session(&[looped]);
        capture.insert(2, message(NODE_B, NODE_A, 30, 2, &announced(&[2, 1, 0xfc, 0x01], NODE_B)));
        assert!(codes(&capture).is_empty());
    }

    /// Three questions for 192.0.2.77, a second apart, of who was told that a route is behind it.
    fn asked() -> Capture {
        let mut capture = session(&[announced(&OWN, NOBODY)]);
        capture.push((500, frame(&Ip::new(NODE_B, NODE_A).ping(1))));
        capture.extend([1_000, 2_000, 3_000].map(|at| (at, arp(ArpOperation::REQUEST, NODE_B, NOBODY))));
        capture
    }
    const NOBODY: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 77);

    #[test]
    fn next_hops_that_are_not_there() {
        let sentence = "192.0.2.1 tells 192.0.2.2 that 198.51.100.0/24 is behind 192.0.2.77, which is not there: 192.0.2.2 asks for its hardware \
                        address, and nobody answers.";
        let all = findings(&asked());
        assert_eq!(told(&all, "bgp-unreachable-next-hop"), (sentence.to_owned(), vec![5, 6, 7]));
        assert_eq!(codes(&asked()), ["neighbour-unanswered", "bgp-unreachable-next-hop"]);
        // Two are none yet.
        assert!(codes(&asked()[..6].to_vec()).is_empty());
        let refused = frame(
            &Ip::new(NODE_A, NODE_B)
                .icmp(Icmpv4Message::unreachable(1), &Ip::new(NODE_B, NOBODY).udp((4_000, 53), b"hello")[..28]),
        );
        let capture = |times| [session(&[announced(&OWN, NOBODY)]), vec![(0, refused.clone()); times]].concat();
        assert!(
            told(&findings(&capture(3)), "bgp-unreachable-next-hop")
                .0
                .ends_with("ICMP says that it cannot be reached.")
        );
        assert_eq!(codes(&capture(2)), ["unreachable"]);
    }

    #[test]
    fn next_hops_that_are() {
        let but = |at, frame| {
            let mut capture = asked();
            capture.push((at, frame));
            codes(&capture)
        };
        assert!(but(3_001, arp(ArpOperation::REPLY, NOBODY, NODE_B)).is_empty());
        assert!(but(3_001, frame(&Ip::new(NOBODY, NODE_B).ping(1))).is_empty());
        // The route is gone.
        let mut capture = asked();
        capture.insert(3, message(NODE_A, NODE_B, 30 + 19 + 26, 2, &withdrawn()));
        assert_eq!(codes(&capture), ["neighbour-unanswered"]);
        // Nothing goes by the route.
        assert!(codes(&session(&[announced(&OWN, NOBODY)])).is_empty());
    }
}
