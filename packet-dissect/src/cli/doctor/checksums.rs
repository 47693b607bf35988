//! `outer-checksum`, `inner-checksum`: by who sent what is wrong.

use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Sight, WrongChecksum};

#[derive(Debug)]
pub(super) struct Checksums;

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
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Ip, NODE_A, NODE_B, codes, findings, frame, told, vxlan};

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
