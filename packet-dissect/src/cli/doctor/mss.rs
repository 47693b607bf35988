//! `mss-exceeds-tunnel`: segments that both sides agree on, and no tunnel carries whole.

use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Segment, Sight};

/// The length of a TCP header, in bytes: the MSS does not count options (RFC 6691 §2).
const TCP: usize = 20;

#[derive(Debug)]
pub(super) struct Mss {
    /// The longest packet between nodes.
    mtu: usize,
    /// What those who ask for a connection take.
    asked: Bounded<(Addresses, (u16, u16)), u16>,
}

impl Mss {
    pub(super) fn new(mtu: u16) -> Self {
        Self { mtu: mtu.into(), asked: Bounded::default() }
    }
}

impl Rule for Mss {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for segment in sight.segments.iter().filter(|segment| segment.flags.contains(TcpFlags::SYN)) {
            let (Segment { header, ports, .. }, Some(mss)) = (segment, segment.mss) else { continue };
            if !segment.flags.contains(TcpFlags::ACK) {
                self.asked.of((header.addresses, *ports)).into_iter().for_each(|asked| *asked = mss);
                continue;
            }
            let Some(asked) = self.asked.remove(&(header.way_back(), (ports.1, ports.0))) else { continue };
            let (Some(_), Some(overhead)) = (header.nodes, header.overhead) else { continue };
            // Each sends as its own link and the other's MSS allow: of both the lesser.
            let mss = asked.min(mss);
            let ip = if header.addresses.0.is_ipv4() { 20 } else { 40 };
            let needed = overhead + ip + TCP + usize::from(mss);
            if needed > self.mtu {
                let (server, client) = header.addresses;
                let key = Key::new(Code::MssExceedsTunnel).between((client, server)).around(header.nodes.map(turned));
                let mtu = self.mtu;
                ledger.note(key, &sight.at, |evidence| {
                    let fits = mtu.saturating_sub(overhead + ip + TCP);
                    evidence.numbers =
                        vec![("mss", mss.into()), ("fits", fits as u64), ("overhead", overhead as u64), ("mtu", mtu as u64)];
                    format!(
                        "{client} and {server} agree on segments of {mss} bytes, and {fits} fit: with headers and {overhead} bytes \
                         of the tunnel's a packet has {needed}, and no more than {mtu} go between nodes if --mtu is right."
                    )
                });
            }
        }
    }
}

fn turned((from, to): Addresses) -> Addresses {
    (to, from)
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Ip, NODE_A, NODE_B, SYN, SYN_ACK, Tcp, codes, findings, frame, told, vxlan};

    /// A handshake in VXLAN in which each tells its MSS.
    fn handshake(asked: u16, answered: u16) -> Vec<(u64, Vec<u8>)> {
        let options = |mss: u16| [[2, 4], mss.to_be_bytes()].concat();
        let (asked, answered) = (options(asked), options(answered));
        let syn = Ip::new(A, B).tcp(Tcp { options: &asked, ..Tcp::there(SYN, 1, 0) });
        let back = Ip::new(B, A).tcp(Tcp { options: &answered, ..Tcp::back(SYN_ACK, 9, 2) });
        vec![
            (0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &frame(&syn))),
            (1, vxlan(Ip::new(NODE_B, NODE_A), 8472, 1, &frame(&back))),
        ]
    }

    /// VXLAN over IPv4 takes 50 bytes (RFC 7348 §5): 1500 - 50 - 40 are 1410.
    #[test]
    fn what_a_tunnel_carries() {
        let sentence = "10.244.1.2 and 10.244.2.2 agree on segments of 1411 bytes, and 1410 fit: with headers and 50 bytes of the \
                        tunnel's a packet has 1501, and no more than 1500 go between nodes if --mtu is right.";
        assert_eq!(told(&findings(&handshake(1411, 1460)), "mss-exceeds-tunnel"), (sentence.to_owned(), vec![2]));
        // Of both the lesser is kept to.
        assert!(codes(&handshake(1410, 1460)).is_empty() && codes(&handshake(1460, 1410)).is_empty());
    }
}
