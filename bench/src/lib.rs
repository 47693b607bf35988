//! The work that is measured, ours, hand-written and the peers', each doing the same on the same bytes.

pub mod by_hand;
pub mod ours;
pub mod packets;
pub mod peers;

/// What every parser must find in a packet: read into one number, so that all of it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub source: u32,
    pub destination: u32,
    pub ports: (u16, u16),
    pub payload_len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The comparison is fair only if all find the same.
    #[test]
    fn all_find_the_same() {
        let (tcp, vxlan) = (packets::tcp(), packets::vxlan());
        let expected = by_hand::tcp(&tcp);
        assert!(expected.is_some_and(|found| found.payload_len == 100 && found.ports == (40_000, 80)));
        assert_eq!(ours::tcp(&tcp), expected);
        assert_eq!(peers::smoltcp_tcp(&tcp), expected);
        assert_eq!(peers::etherparse_tcp(&tcp), expected);
        assert_eq!(peers::pnet_tcp(&tcp), expected);
        let inside = by_hand::vxlan(&vxlan);
        assert_eq!(inside, expected.map(|found| (found, 1)));
        assert_eq!(ours::vxlan(&vxlan), inside);
        assert_eq!(peers::smoltcp_vxlan(&vxlan), inside);
        assert_eq!(peers::etherparse_vxlan(&vxlan), inside);
        assert_eq!(peers::pnet_vxlan(&vxlan), inside);
        // EtherTypes, addresses, ports and VNI, both packets'.
        let sum = 2 * 0x0800 + 0xc000_0201 + 0x0af4_0102 + 4789 + 80 + 1;
        assert_eq!(ours::walk(&vxlan), Some(sum));
        assert_eq!(peers::strata_walk(&vxlan), Some(sum));
        assert_eq!(peers::etherparse_walk(&vxlan), Some(sum));
    }

    #[test]
    fn all_build_the_same() {
        let inner = packets::tcp();
        let (mut a, mut b) = (vec![0; 50 + inner.len()], vec![0; 50 + inner.len()]);
        a[50..].copy_from_slice(&inner);
        b[50..].copy_from_slice(&inner);
        ours::encapsulate(&ours::template(), &mut a, inner.len());
        by_hand::encapsulate(&by_hand::template(), &mut b, inner.len());
        // All but the source port, which each takes from a hash of its own.
        a[34..36].copy_from_slice(&[0; 2]);
        b[34..36].copy_from_slice(&[0; 2]);
        assert_eq!(a, b);
    }
}
