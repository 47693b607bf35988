//! `policy-dropped`: what netfilter logs of packets that a policy drops.
//!
//! Calico's prefixes are `AODIII|Name` (felix/rules/nflog.go): the action, (A)llow, (D)eny or (P)ass; whose, a (P)olicy's or a p(R)ofile's; the
//! direction, (I)ngress or (E)gress; the rule's number, if one decided; the policy's name, or the tier's at whose end all are denied.

use crate::Outside;

use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::Sight;

#[derive(Debug)]
pub(super) struct Policy;

impl Rule for Policy {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (Some(prefix), Some(header)) = (&sight.logged, sight.headers.last()) else { return };
        let Some(Denial { way, by }) = Denial::of(prefix) else { return };
        let (source, destination) = header.addresses;
        let service = sight.segments.last().map(|of| ("TCP", of.ports.1));
        let service = service.or(sight.datagrams.last().map(|(_, ports)| ("UDP", ports.1)));
        let service = service.map_or(String::new(), |(name, port)| format!(" port {port} ({name})"));
        let key = Key::new(Code::PolicyDropped).between(header.addresses).of(format!("{by}{service}"));
        ledger.note(key, &sight.at, |_| {
            format!("{by} drops what {source} sends to {destination}{service}, where it {way}.")
        });
    }
}

/// A packet is dropped.
pub(super) struct Denial {
    way: &'static str,
    by: String,
}

impl Denial {
    pub(super) fn of(prefix: &[u8]) -> Option<Self> {
        let end = prefix.iter().position(|byte| *byte == 0).unwrap_or(prefix.len());
        let [b'D', owner @ (b'P' | b'R'), way @ (b'I' | b'E'), rest @ ..] = prefix.get(..end)? else { return None };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = rest.split_at_checked(digits)?;
        let [b'|', name @ ..] = rest else { return None };
        let (name, number) = (Outside(name), Outside(number));
        let by = match (owner, digits) {
            (b'P', 0) => format!("The end of tier {name}"),
            (b'P', _) => format!("Rule {number} of policy {name}"),
            (_, 0) => "No profile's rule, and so the end of all,".to_owned(),
            (_, _) => format!("Rule {number} of profile {name}"),
        };
        Some(Self { way: if *way == b'I' { "arrives" } else { "leaves" }, by })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Ip, SYN, Tcp, logged, told};

    /// The prefixes of Calico's own tests (felix/rules/nflog_test.go).
    #[test]
    fn denials() {
        let syn = Ip::new(A, B).tcp(Tcp::there(SYN, 1, 0));
        let sentence = |prefix: &str| told(&logged(prefix, &syn), "policy-dropped").0;
        let rest = "drops what 10.244.1.2 sends to 10.244.2.2 port 80 (TCP), where it";
        assert_eq!(
            sentence("DPI0|np/shop/default.web"),
            format!("Rule 0 of policy np/shop/default.web {rest} arrives.")
        );
        assert_eq!(sentence("DPE88|gnp/all"), format!("Rule 88 of policy gnp/all {rest} leaves."));
        assert_eq!(sentence("DPI|default"), format!("The end of tier default {rest} arrives."));
        for other in ["API0|namespace1/default.policy", "PRE999|short.profile.name", "drop", "DPI0", "DNS|x", ""] {
            assert!(logged(other, &syn).is_empty(), "{other}");
        }
    }
}
