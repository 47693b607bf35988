//! `malformed`: by what is wrong and who sent it.

use crate::Error;
use ether_ip::Rule as Allowed;

use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::Sight;

#[derive(Debug)]
pub(super) struct Malformed;

impl Rule for Malformed {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        for (error, header) in sight.errors.iter().filter(|(error, _)| !is_several(error)) {
            let key = Key::new(Code::Malformed).of(kind(error));
            match header {
                Some(header) => {
                    let (source, destination) = header.addresses;
                    ledger.note(key.between(header.addresses).around(header.nodes), &sight.at, |_| {
                        format!("What {source} sends to {destination} is malformed: the first, {error}.")
                    });
                }
                None => ledger.note(key, &sight.at, |_| format!("Frames are malformed: the first, {error}.")),
            }
        }
    }
}

/// Whether it may be several datagrams of Flannel's UDP backend, which a card has yet to take apart: all are as long as the first, or the
/// last of them shorter.
fn is_several(error: &Error) -> bool {
    let Error::Layer { error: ether_ip::Error::Malformed { layer, field, value, rule: Allowed::Exactly(all) }, .. } =
        error
    else {
        return false;
    };
    *layer == flannel_udp_codec::FLANNEL_UDP && *field == "total length" && value < all
}

/// What is wrong, without the numbers that differ from packet to packet.
fn kind(error: &Error) -> String {
    match error {
        Error::Layer { error: ether_ip::Error::Truncated { layer, .. }, .. } => format!("{layer} is truncated"),
        Error::Layer { error: ether_ip::Error::Malformed { layer, field, .. }, .. } => format!("{layer}: {field}"),
        Error::Layer { error, .. } => error.to_string(),
        Error::TooDeep { .. } => "nested too deep".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Ip, codes, findings, frame, told};

    /// RFC 791 §3.1: a header has at least five words.
    #[test]
    fn a_header_that_contradicts_itself() {
        let mut bytes = frame(&Ip::new(A, B).udp((4000, 53), b"hello"));
        assert!(codes(&vec![(0, bytes.clone())]).is_empty());
        // UDP's length is more than there is.
        bytes[38..40].copy_from_slice(&200_u16.to_be_bytes());
        let all = findings(&vec![(0, bytes)]);
        let sentence = "What 10.244.1.2 sends to 10.244.2.2 is malformed: the first, at byte 34: UDP is truncated: 200 bytes are \
                        needed, 13 are there.";
        assert_eq!(told(&all, "malformed"), (sentence.to_owned(), vec![1]));
    }

    /// A service's answer to a port that is Geneve's, and what is no Geneve packet from a port that a tunnel may have.
    #[test]
    fn what_is_no_tunnel() {
        let from =
            |port| codes(&vec![(0, frame(&Ip::new(A, B).udp((port, 6081), &[0x1a, 0x2b, 0x81, 0x80, 0, 1, 0, 1])))]);
        assert!(from(53).is_empty());
        assert_eq!(from(50_000), ["malformed"]);
    }
}
