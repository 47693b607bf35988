//! `unreachable`, `pmtu-refused`, `hops-exhausted`: what routers and hosts say by ICMP.

use crate::Timestamp;
use ether_ip::ip::IpProtocol;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Header, IcmpError, Quoted, Sight, Trouble};

#[derive(Debug, Default)]
pub(super) struct Icmp {
    /// How long packets may be, as ICMP told their sender.
    told: Bounded<Addresses, Told>,
}

/// What a sender was told, and what it sends all the same.
#[derive(Debug)]
struct Told {
    mtu: usize,
    at: Option<Timestamp>,
    evidence: Evidence,
}

/// So long the word may take to its sender, in nanoseconds.
const ON_THE_WAY: i128 = 1_000_000_000;
/// What is longer than a link carries is a card's to segment.
const MOST: usize = 1500;
/// So many packets that are too long behind it are no chance.
const LEAST: u64 = 3;

impl Rule for Icmp {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        self.heeded(sight);
        for error in &sight.icmp_errors {
            let Some(quoted) = error.quoted else { continue };
            let (reporter, _) = error.header.addresses;
            let (source, destination) = quoted.addresses;
            let key = |code| Key::new(code).between(quoted.addresses).around(error.header.nodes);
            match error.trouble {
                Trouble::Unreachable("net unreachable") if is_flannel(error, sight) => {
                    ledger.note(key(Code::FlannelNoRoute).of(reporter.to_string()), &sight.at, |_| {
                        format!(
                            "Flannel's proxy at {reporter} has no route for what {source} sends to {destination}: no lease has that \
                             address."
                        )
                    });
                }
                Trouble::Unreachable(reason) => {
                    let service = service(&quoted);
                    let key = key(Code::Unreachable).of(format!("{reporter} {service} {reason}"));
                    ledger.note(key, &sight.at, |_| {
                        format!("{reporter} refuses what {source} sends to {destination}{service}: {reason}.")
                    });
                }
                Trouble::TooBig(mtu) => {
                    too_big(error, &quoted, mtu, sight, ledger);
                    if absurdity(mtu, quoted.len, source.is_ipv6()).is_empty() {
                        let told = || Told { mtu: mtu as usize, at: sight.at.time, evidence: Evidence::default() };
                        self.told.or(quoted.addresses, told);
                    }
                }
                Trouble::HopsExhausted => {
                    ledger.note(key(Code::HopsExhausted).of(reporter.to_string()), &sight.at, |_| {
                        format!("{reporter} drops what {source} sends to {destination}: it has gone too many hops.")
                    });
                }
                Trouble::NotWhole => {}
            }
        }
    }

    fn end(&mut self, ledger: &mut Ledger) {
        for (addresses, Told { mtu, mut evidence, .. }) in self.told.drain_by(|told| told.evidence.begin()) {
            if evidence.count >= LEAST {
                let (source, destination) = addresses;
                let count = evidence.count;
                evidence.numbers = vec![("mtu", mtu as u64), ("longer", count)];
                let sentence = format!(
                    "{source} was told by ICMP that no more than {mtu} bytes go to {destination}, and sends {count} longer packets all the \
                     same."
                );
                ledger.put(Key::new(Code::PmtuRefused).between(addresses).of("not heeded"), sentence, evidence);
            }
        }
    }
}

impl Icmp {
    /// Whether who was told sends shorter packets from then on.
    fn heeded(&mut self, sight: &Sight<'_>) {
        for header in &sight.headers {
            let Some(told) = self.told.get_mut(&header.addresses) else { continue };
            let since = sight.at.time.zip(told.at).map_or(0, |(time, at)| time.nanoseconds_since(at));
            // What a card has yet to segment is longer than what it sends.
            let is_sent_whole = header.len <= MOST && !header.is_fragment;
            if header.len > told.mtu && is_sent_whole && since >= ON_THE_WAY {
                told.evidence.add(&sight.at);
            }
        }
    }
}

/// Whether it is as the proxy of Flannel's UDP backend says it: without identification, and with 8 hops, which nobody else gives an error
/// (flannel pkg/backend/udp/proxy_amd64.c, `send_net_unreachable`). One goes at the node's router; if another node's pod is told, one at
/// each of both proxies and at its own node's router as well.
fn is_flannel(error: &IcmpError, sight: &Sight<'_>) -> bool {
    let Header { hops, identification, addresses, .. } = error.header;
    let is_flannels = sight.tunnels.iter().all(|tunnel| tunnel.kind == "flannel-udp");
    is_flannels && matches!(hops, 4..=8) && identification == 0 && addresses.0.is_ipv4()
}

/// Where a packet goes within a host.
fn service(quoted: &Quoted) -> String {
    match (quoted.protocol, quoted.ports) {
        (IpProtocol::UDP, Some((_, port))) => format!(" port {port} (UDP)"),
        (IpProtocol::TCP, Some((_, port))) => format!(" port {port} (TCP)"),
        _ => String::new(),
    }
}

/// A packet was refused for its length.
fn too_big(error: &IcmpError, quoted: &Quoted, mtu: u32, sight: &Sight<'_>, ledger: &mut Ledger) {
    let (reporter, (source, destination), len) = (error.header.addresses.0, quoted.addresses, quoted.len);
    let key = Key::new(Code::PmtuRefused).between(quoted.addresses).around(error.header.nodes);
    ledger.note(key.of(format!("{reporter} {mtu}")), &sight.at, |evidence| {
        evidence.numbers = vec![("mtu", mtu.into()), ("length", len as u64)];
        let odd = absurdity(mtu, len, source.is_ipv6());
        let first = if len == 0 { String::new() } else { format!(": the first has {len}") };
        format!("{reporter} drops packets from {source} to {destination} that are longer than {mtu} bytes{first}.{odd}")
    });
}

/// What cannot be meant about a path's MTU.
fn absurdity(mtu: u32, len: usize, is_ipv6: bool) -> &'static str {
    match mtu {
        // RFC 1191 §4: from routers of before it.
        0 => " It does not say what would fit, as RFC 1191 asks.",
        // ip(7) and net.ipv4.route.min_pmtu: Linux takes no less than 552.
        68..552 if !is_ipv6 => " Hardly a link carries as little as that, and Linux goes on with 552.",
        // RFC 791 §3.2.
        1..68 if !is_ipv6 => " No link of IPv4 carries as little as that (RFC 791).",
        // RFC 8200 §5.
        1..1280 if is_ipv6 => " Every link of IPv6 carries 1280 (RFC 8200).",
        _ if mtu as usize >= len && len > 0 => " That fits.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Ip, NODE_A, codes, findings, frame, told};
    use super::*;
    use ether_ip::icmpv4::Icmpv4Message;
    use std::net::Ipv4Addr;

    /// What a router says of a packet from A to B.
    fn error(from: Ipv4Addr, message: Icmpv4Message, len: usize) -> Vec<u8> {
        let refused = Ip::new(A, B).udp((4000, 53), &vec![7; len]);
        frame(&Ip::new(from, A).icmp(message, &refused[..28.min(refused.len())]))
    }

    #[test]
    fn unreachable() {
        let all = findings(&vec![(0, error(B, Icmpv4Message::unreachable(3), 8))]);
        let sentence = "10.244.2.2 refuses what 10.244.1.2 sends to 10.244.2.2 port 53 (UDP): port unreachable.";
        assert_eq!(told(&all, "unreachable"), (sentence.to_owned(), vec![1]));
        let prohibited = findings(&vec![(0, error(NODE_A, Icmpv4Message::unreachable(13), 8))]);
        assert!(told(&prohibited, "unreachable").0.contains("prohibited"), "{prohibited:?}");
        assert!(codes(&vec![(0, frame(&Ip::new(A, B).ping(1)))]).is_empty());
    }

    #[test]
    fn too_big() {
        let refused = |mtu| findings(&vec![(0, error(NODE_A, Icmpv4Message::fragmentation_needed(mtu), 1400))]);
        let plain = "192.0.2.1 drops packets from 10.244.1.2 to 10.244.2.2 that are longer than 1280 bytes: the first has 1428.";
        assert_eq!(told(&refused(1280), "pmtu-refused").0, plain);
        // RFC 791 §3.2 has 68 as the least; RFC 1191 §4 what routers before it said.
        assert!(told(&refused(67), "pmtu-refused").0.ends_with("No link of IPv4 carries as little as that (RFC 791)."));
        assert!(told(&refused(0), "pmtu-refused").0.ends_with("as RFC 1191 asks."));
        assert!(told(&refused(1500), "pmtu-refused").0.ends_with("the first has 1428. That fits."));
        assert!(["", ""] == [absurdity(1280, 1400, true), absurdity(552, 1400, false)]);
        assert!(absurdity(68, 1400, false).contains("552"));
        assert!(absurdity(1279, 1400, true).contains("RFC 8200"));
    }

    #[test]
    fn not_heeded() {
        let long = |at, len| (at, frame(&Ip::new(A, B).udp((4000, 53), &vec![7; len])));
        let told = (0, error(NODE_A, Icmpv4Message::fragmentation_needed(1280), 1400));
        let capture = |len| vec![told.clone(), long(900, 1400), long(1_000, len), long(2_000, len), long(3_000, len)];
        let sentence = "10.244.1.2 was told by ICMP that no more than 1280 bytes go to 10.244.2.2, and sends 3 longer packets all the same.";
        let all = findings(&capture(1_253));
        assert_eq!((all.len(), all[0].sentence(), all[0].code()), (2, sentence, "pmtu-refused"));
        // 1252 bytes are 1280 with the headers.
        assert_eq!(codes(&capture(1_252)), ["pmtu-refused"]);
    }

    /// As Flannel's proxy sends it (proxy_amd64.c): with 8 hops and no identification. A router's own has 64.
    #[test]
    fn flannel() {
        let (proxy, gone) = (Ipv4Addr::new(10, 244, 1, 0), Ipv4Addr::new(10, 244, 77, 7));
        let offender = Ip::new(A, gone).udp((4000, 9), b"hello");
        let said = |ttl, id| {
            let ip = Ip { ttl, id, ..Ip::new(proxy, A) };
            findings(&vec![(0, frame(&ip.icmp(Icmpv4Message::unreachable(0), &offender[..28])))])
        };
        let sentence = "Flannel's proxy at 10.244.1.0 has no route for what 10.244.1.2 sends to 10.244.77.7: no lease has that address.";
        for ttl in 4..=8 {
            assert_eq!((told(&said(ttl, 0), "flannel-no-route").0, said(ttl, 0).len()), (sentence.to_owned(), 1));
        }
        assert_eq!([said(64, 0), said(3, 0), said(8, 5)].map(|all| all[0].code()), ["unreachable"; 3]);
    }

    #[test]
    fn hops() {
        let exceeded = |code| codes(&vec![(0, error(NODE_A, Icmpv4Message::TimeExceeded { code, unused: [0; 4] }, 8))]);
        assert_eq!([exceeded(0), exceeded(1)], [["hops-exhausted"], ["fragment-missing"]]);
    }
}
