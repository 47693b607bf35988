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
