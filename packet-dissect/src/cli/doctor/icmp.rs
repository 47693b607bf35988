//! `unreachable`, `pmtu-refused`, `hops-exhausted`: what routers and hosts say by ICMP.

use ether_ip::ip::IpProtocol;

use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{IcmpError, Quoted, Sight, Trouble};

#[derive(Debug)]
pub(super) struct Icmp;

impl Rule for Icmp {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for error in &sight.icmp_errors {
            let Some(quoted) = error.quoted else { continue };
            let (reporter, _) = error.header.addresses;
            let (source, destination) = quoted.addresses;
            let key = |code| Key::new(code).between(quoted.addresses).around(error.header.nodes);
            match error.trouble {
                Trouble::Unreachable(reason) => {
                    let service = service(&quoted);
                    let key = key(Code::Unreachable).of(format!("{reporter} {service} {reason}"));
                    ledger.note(key, &sight.at, |_| {
                        format!("{reporter} refuses what {source} sends to {destination}{service}: {reason}.")
                    });
                }
                Trouble::TooBig(mtu) => too_big(error, &quoted, mtu, sight, ledger),
                Trouble::HopsExhausted => {
                    ledger.note(key(Code::HopsExhausted).of(reporter.to_string()), &sight.at, |_| {
                        format!("{reporter} drops what {source} sends to {destination}: it has gone too many hops.")
                    });
                }
                Trouble::NotWhole => {}
            }
        }
    }
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
        format!(
            "{reporter} drops packets from {source} to {destination} that are longer than {mtu} bytes: the first has \
             {len}.{odd}"
        )
    });
}

/// What cannot be meant about a path's MTU.
fn absurdity(mtu: u32, len: usize, is_ipv6: bool) -> &'static str {
    match mtu {
        // RFC 1191 §4: from routers of before it.
        0 => " It does not say what would fit, as RFC 1191 asks.",
        // RFC 791 §3.2.
        1..68 if !is_ipv6 => " No link of IPv4 carries as little as that (RFC 791).",
        // RFC 8200 §5.
        1..1280 if is_ipv6 => " Every link of IPv6 carries 1280 (RFC 8200).",
        _ if mtu as usize >= len && len > 0 => " That fits.",
        _ => "",
    }
}
