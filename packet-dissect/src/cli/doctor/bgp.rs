//! `bgp-reset`, `bgp-open-mismatch`, `bgp-hold-expired`, `bgp-malformed`, `bgp-md5`, `bgp-flap`: why sessions end, do not begin, or have no rest.

use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::finding::Evidence;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::said::Said;
use super::sight::{Segment, Sight};

#[derive(Debug, Default)]
pub(super) struct Bgp {
    /// The last OPEN that each sent to another.
    opens: Bounded<Addresses, String>,
    /// Who asked another for a connection, signed or not.
    asked: Bounded<Addresses, bool>,
    /// By who tells whom of them.
    routes: Bounded<(Addresses, String), Route>,
}

/// How a route came and went.
#[derive(Debug, Default)]
struct Route {
    is_there: bool,
    withdrawn: Evidence,
}

/// So often a route must be announced and withdrawn again.
const FLAPS: u64 = 3;

/// The port of BGP.
const PORT: u16 = 179;

impl Rule for Bgp {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for segment in sight.segments.iter().filter(|of| of.ports.1 == PORT && of.flags.contains(TcpFlags::SYN)) {
            self.signed(segment, sight, ledger);
        }
        for (addresses, said) in &sight.bgp {
            let (from, to) = *addresses;
            let key = |code| Key::new(code).around(Some(*addresses));
            match said {
                Said::Open(open) => {
                    self.opens.of(*addresses).into_iter().for_each(|known| known.clone_from(open));
                }
                Said::Notification { code, words } => {
                    let kind = match code {
                        2 => Code::BgpOpenMismatch,
                        4 | 8 => Code::BgpHoldExpired,
                        _ => Code::BgpReset,
                    };
                    let opens = if *code == 2 { self.both(*addresses) } else { String::new() };
                    let about = format!("{from} ends its BGP session with {to}: {words}.{opens}");
                    ledger.note(key(kind).of(words.as_str()), &sight.at, |_| about);
                }
                Said::Routes { announced, withdrawn } => {
                    for route in withdrawn {
                        let Some(known) = self.routes.get_mut(&(*addresses, route.clone())) else { continue };
                        if std::mem::take(&mut known.is_there) {
                            known.withdrawn.add(&sight.at);
                        }
                    }
                    for route in announced {
                        let known = self.routes.of((*addresses, route.clone()));
                        known.into_iter().for_each(|known| known.is_there = true);
                    }
                }
                Said::Malformed(words) => {
                    ledger.note(key(Code::BgpMalformed).of(words.as_str()), &sight.at, |_| {
                        format!("{from} sends {to} a BGP message that is malformed: {words}.")
                    });
                }
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
    }
}

impl Bgp {
    /// Whether both sign what they send, or neither.
    fn signed(&mut self, segment: &Segment, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (source, destination) = segment.header.addresses;
        self.asked.of((source, destination)).into_iter().for_each(|known| *known = segment.is_signed);
        let Some(other) = self.asked.get(&(destination, source)) else { return };
        if *other != segment.is_signed {
            let (signing, plain) = if *other { (destination, source) } else { (source, destination) };
            ledger.note(Key::new(Code::BgpMd5).around(Some((signing, plain))), &sight.at, |_| {
                format!("{signing} signs what it sends to {plain} for BGP, which does not: neither takes the other's connections.")
            });
        }
    }

    /// What the two said of themselves.
    fn both(&self, (from, to): Addresses) -> String {
        let told = |from, to| self.opens.get(&(from, to)).map(|open| format!(" {from} says {open}."));
        [told(from, to), told(to, from)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{Capture, Ip, NODE_A, NODE_B, SYN, Tcp, codes, findings, frame, told};
    use ether_ip::ip::IpProtocol;
    use ether_ip::tcp::{TcpFlags, TcpHeader};
    use std::net::Ipv4Addr;

    /// A message of this type (RFC 4271 §4.1) in a segment on its own.
    fn message(from: Ipv4Addr, to: Ipv4Addr, sequence: u32, kind: u8, body: &[u8]) -> (u64, Vec<u8>) {
        let length = (19 + body.len()) as u16;
        let message = [&[0xff; 16][..], &length.to_be_bytes(), &[kind], body].concat();
        let ports = if from == NODE_A { (40_000, 179) } else { (179, 40_000) };
        let mut buffer = vec![0; 256];
        let mut packet = ether_ip::Headroom::with_payload(&mut buffer, &message).unwrap();
        let pseudo = ether_ip::ipv4::Ipv4Header::new(from, to, IpProtocol::TCP).pseudo_header();
        TcpHeader::new(ports.0, ports.1, sequence, TcpFlags::ACK).prepend(&[], &pseudo, &mut packet).unwrap();
        (0, frame(&Ip::new(from, to).with(IpProtocol::TCP, packet.packet())))
    }

    /// RFC 4271 §4.2: version, AS, hold time, identifier, no parameters.
    fn open(from: Ipv4Addr, to: Ipv4Addr, number: u16) -> (u64, Vec<u8>) {
        let [a, b] = number.to_be_bytes();
        message(from, to, 1, 1, &[4, a, b, 0, 90, 10, 0, 0, 1, 0])
    }

    /// A NOTIFICATION behind two OPENs.
    fn notified(code: u8, subcode: u8, data: &[u8]) -> Capture {
        let there = open(NODE_A, NODE_B, 64_512);
        let back = open(NODE_B, NODE_A, 64_513);
        let body = [&[code, subcode], data].concat();
        vec![there, back, message(NODE_B, NODE_A, 30, 3, &body)]
    }

    #[test]
    fn sessions_end() {
        // RFC 9003 §2: a text behind its length.
        let all = findings(&notified(6, 2, b"\x04\x1bbye"));
        let sentence = r#"192.0.2.2 ends its BGP session with 192.0.2.1: Administrative Shutdown, "\x1bbye"."#;
        assert_eq!((told(&all, "bgp-reset"), all.len()), ((sentence.to_owned(), vec![3]), 1));
        // RFC 4271 §6.5.
        assert_eq!(codes(&notified(4, 0, &[])), ["bgp-hold-expired"]);
        assert!(codes(&notified(4, 0, &[])[..2].to_vec()).is_empty());
    }

    /// RFC 2385 §2: option 19, of 18 bytes; a segment without it is dropped.
    #[test]
    fn one_side_signs() {
        let option = [&[19, 18][..], &[7; 16], &[1, 1]].concat();
        let syn = |from, to, options: &[u8]| {
            let ports = (40_000, 179);
            (0, frame(&Ip::new(from, to).tcp(Tcp { ports, options, ..Tcp::there(SYN, 1, 0) })))
        };
        let sentence = "192.0.2.1 signs what it sends to 192.0.2.2 for BGP, which does not: neither takes the other's connections.";
        let one = vec![syn(NODE_A, NODE_B, &option), syn(NODE_B, NODE_A, &[])];
        assert_eq!(told(&findings(&one), "bgp-md5"), (sentence.to_owned(), vec![2]));
        assert!(codes(&vec![syn(NODE_A, NODE_B, &option), syn(NODE_B, NODE_A, &option)]).is_empty());
        assert!(codes(&vec![syn(NODE_A, NODE_B, &[]), syn(NODE_B, NODE_A, &[])]).is_empty());
    }

    /// RFC 4271 §6.2.
    #[test]
    fn opens_do_not_fit() {
        let sentence = "192.0.2.2 ends its BGP session with 192.0.2.1: Bad Peer AS. 192.0.2.2 says AS 64513, hold time 90 s, identifier \
                        10.0.0.1. 192.0.2.1 says AS 64512, hold time 90 s, identifier 10.0.0.1.";
        assert_eq!(told(&findings(&notified(2, 2, &[])), "bgp-open-mismatch"), (sentence.to_owned(), vec![3]));
    }

    /// RFC 4271 §4.3: ORIGIN, an empty AS_PATH, NEXT_HOP and LOCAL_PREF for 198.51.100.0/24; and the same prefix withdrawn.
    #[test]
    fn routes_come_and_go() {
        let attributes =
            [&[0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1][..], &[0x40, 5, 4, 0, 0, 0, 100]].concat();
        let prefix = [24, 198, 51, 100];
        let announced = [&[0, 0, 0, 21][..], &attributes, &prefix].concat();
        let withdrawn = [&[0, 4][..], &prefix, &[0, 0]].concat();
        let capture = |times: u32| {
            let (mut capture, mut sequence) = (Capture::new(), 1);
            for body in (0..times).flat_map(|_| [&announced, &withdrawn]) {
                capture.push(message(NODE_A, NODE_B, sequence, 2, body));
                sequence += 19 + body.len() as u32;
            }
            capture
        };
        let sentence = "192.0.2.1 announces 198.51.100.0/24 to 192.0.2.2 and withdraws it again, 3 times.";
        let all = findings(&capture(3));
        assert_eq!((told(&all, "bgp-flap"), all.len()), ((sentence.to_owned(), vec![2, 4, 6]), 1));
        assert!(codes(&capture(2)).is_empty());
    }

    /// RFC 7606 §3: an UPDATE whose attributes are longer than it.
    #[test]
    fn malformed() {
        let update = message(NODE_A, NODE_B, 1, 2, &[0, 0, 0, 9]);
        assert_eq!(codes(&vec![update]), ["bgp-malformed"]);
        // End-of-RIB (RFC 4724 §2).
        assert!(codes(&vec![message(NODE_A, NODE_B, 1, 2, &[0, 0, 0, 0])]).is_empty());
    }
}
