//! Congestion marks and service classes across a tunnel: what the outer header takes from the inner one, and what the inner
//! one takes back.
//!
//! RFC 6040 (ECN: §4.1 at the entry, §4.2 at the exit), RFC 2983 (DSCP: uniform and pipe model).

use zerocopy::FromBytes;

use crate::ethernet::{EtherType, EthernetHeader};
use crate::ip::Ecn;
use crate::ipv4::Ipv4Header;
use crate::ipv6::Ipv6Header;
use crate::vlan::VlanHeader;

/// What the outer traffic class is made of at a tunnel's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
//= RFC 6040 §4.3/mode
pub enum ClassMode {
    /// DSCP of the outer header's own, ECN zero, whatever is inside: RFC 6040's compatibility mode, for exits that do not know ECN.
    #[default]
    Fixed,
    /// ECN of the inner header, DSCP of the outer one's own: RFC 6040's normal mode, and RFC 2983's pipe model.
    CopyEcn,
    /// All of the inner header: RFC 6040's normal mode, and RFC 2983's uniform model.
    CopyAll,
}

impl ClassMode {
    /// The outer traffic class, given the outer header's own and the inner one's; the first where nothing inside has one. ECN is the
    /// inner header's or zero (RFC 6040 §4.1): around a packet that cannot say so, a router's mark would have it dropped.
    ///
    /// ```
    /// use ether_ip::ecn::ClassMode;
    ///
    /// let [outer, inner] = [0xb9, 0x2a];
    /// assert_eq!(ClassMode::Fixed.class(outer, Some(inner)), 0xb8);
    /// assert_eq!(ClassMode::CopyEcn.class(outer, Some(inner)), 0xba);
    /// assert_eq!(ClassMode::CopyAll.class(outer, Some(inner)), 0x2a);
    /// assert_eq!(ClassMode::CopyAll.class(outer, None), 0xb8);
    /// ```
    #[inline]
    #[must_use]
    pub const fn class(self, outer: u8, inner: Option<u8>) -> u8 {
        match (self, inner) {
            //= RFC 6040 §4.1/normal
            (Self::CopyEcn, Some(inner)) => outer & !3 | inner & 3,
            (Self::CopyAll, Some(inner)) => inner,
            //= RFC 6040 §4.1/compatibility
            (Self::Fixed, _) | (_, None) => outer & !3,
        }
    }
}

/// What leaves a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Left {
    /// The inner header's mark from now on.
    pub ecn: Ecn,
    /// The two marks should never have met: to be logged (RFC 6040 §4.2).
    pub is_odd: bool,
}

/// The mark of a packet that leaves a tunnel (RFC 6040 §4.2, figure 4). `None` if the packet must be dropped: a router on the way
/// was congested, and nobody inside can be told.
///
/// ```
/// use ether_ip::{ecn, ip::Ecn};
///
/// let left = ecn::leave(Ecn::Capable0, Ecn::CongestionExperienced).unwrap();
/// assert_eq!(left.ecn, Ecn::CongestionExperienced);
/// assert_eq!(ecn::leave(Ecn::NotCapable, Ecn::CongestionExperienced), None);
/// ```
#[inline]
#[must_use]
//= RFC 6040 §4.2/table
pub const fn leave(inner: Ecn, outer: Ecn) -> Option<Left> {
    let (ecn, is_odd) = match (inner, outer) {
        //= RFC 6040 §4.2/drop
        (Ecn::NotCapable, Ecn::CongestionExperienced) => return None,
        //= RFC 6040 §4.2/currently-unused
        (Ecn::NotCapable, outer) => (Ecn::NotCapable, !matches!(outer, Ecn::NotCapable)),
        (Ecn::CongestionExperienced, outer) => (Ecn::CongestionExperienced, matches!(outer, Ecn::Capable1)),
        (_, Ecn::CongestionExperienced) => (Ecn::CongestionExperienced, false),
        (Ecn::Capable0, Ecn::Capable1) => (Ecn::Capable1, false),
        (Ecn::Capable0, _) => (Ecn::Capable0, false),
        (Ecn::Capable1, outer) => (Ecn::Capable1, matches!(outer, Ecn::Capable0)),
    };
    Some(Left { ecn, is_odd })
}

/// The traffic class of an IP packet. `None` if it is neither IPv4 nor IPv6.
#[inline]
#[must_use]
pub fn ip_class(packet: &[u8]) -> Option<u8> {
    match packet {
        [first, second, ..] if first >> 4 == 4 => Some(*second),
        [first, second, ..] if first >> 4 == 6 => Some(first << 4 | second >> 4),
        _ => None,
    }
}

/// The traffic class of the IP packet in an Ethernet frame, VLAN tags looked through. `None` if there is none.
#[inline]
#[must_use]
pub fn frame_class(frame: &[u8]) -> Option<u8> {
    frame.get(ip_in(frame)?..).and_then(ip_class)
}

/// Gives an inner IP packet the mark with which it leaves a tunnel, IPv4's checksum patched. `None` if the packet must be
/// dropped; it is as it was then. What is no IP packet, or none whose header is there, stays as it is.
#[inline]
#[must_use]
pub fn leave_ip(packet: &mut [u8], outer: Ecn) -> Option<Left> {
    let Some(class) = ip_class(packet) else {
        return Some(Left { ecn: Ecn::NotCapable, is_odd: false });
    };
    let inner = Ecn::from_bits(class);
    let left = leave(inner, outer)?;
    if left.ecn != inner {
        set_ip(packet, left.ecn);
    }
    Some(left)
}

/// The same for the IP packet in an Ethernet frame.
#[inline]
#[must_use]
pub fn leave_frame(frame: &mut [u8], outer: Ecn) -> Option<Left> {
    let at = ip_in(frame).unwrap_or(frame.len());
    leave_ip(frame.get_mut(at..).unwrap_or_default(), outer)
}

#[cold]
fn set_ip(packet: &mut [u8], ecn: Ecn) {
    match packet.first().map(|first| first >> 4) {
        Some(4) => {
            if let Ok((header, _)) = Ipv4Header::mut_from_prefix(packet) {
                header.change_traffic_class(header.dscp() << 2 | ecn as u8);
            }
        }
        _ => {
            if let Ok((header, _)) = Ipv6Header::mut_from_prefix(packet) {
                header.set_traffic_class(header.traffic_class() & !3 | ecn as u8);
            }
        }
    }
}

/// Where in a frame its IP packet begins.
#[inline]
pub(crate) fn ip_in(frame: &[u8]) -> Option<usize> {
    let (header, mut rest) = EthernetHeader::ref_from_prefix(frame).ok()?;
    let mut ether_type = header.ether_type();
    while ether_type.is_vlan() {
        let (tag, behind) = VlanHeader::ref_from_prefix(rest).ok()?;
        (ether_type, rest) = (tag.ether_type(), behind);
    }
    matches!(ether_type, EtherType::IPV4 | EtherType::IPV6).then(|| frame.len().saturating_sub(rest.len()))
}

/// Whether it is an IPv4 packet that may not be fragmented. For tunnels that pass that on (RFC 2003 §3.1).
#[inline]
#[must_use]
pub(crate) fn dont_fragment(packet: &[u8]) -> bool {
    matches!(packet, [first, _, _, _, _, _, flags, ..] if first >> 4 == 4 && flags & 0x40 != 0)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ipv4::Ipv4Packet;
    use crate::ipv6::Ipv6Packet;
    use Ecn::{Capable0 as E0, Capable1 as E1, CongestionExperienced as CE, NotCapable as N};
    use std::vec::Vec;

    /// RFC 6040 §4.2, figure 4, row by row; a star marks what is to be logged.
    #[test]
    fn figure_4() {
        //= RFC 6040 §4.2/table, §4.2/drop, §4.2/currently-unused
        let odd = |ecn| Some(Left { ecn, is_odd: true });
        let even = |ecn| Some(Left { ecn, is_odd: false });
        let rows = [
            (N, [even(N), odd(N), odd(N), None]),
            (E0, [even(E0), even(E0), even(E1), even(CE)]),
            (E1, [even(E1), odd(E1), even(E1), even(CE)]),
            (CE, [even(CE), even(CE), odd(CE), even(CE)]),
        ];
        for (inner, row) in rows {
            assert_eq!([N, E0, E1, CE].map(|outer| leave(inner, outer)), row, "inner {inner:?}");
        }
    }

    /// The checksum is another program's, over 45 02 (and 45 03) 0014 0000 4000 4011 0000 c000 0201 c000 0202.
    #[test]
    fn the_inner_packet_takes_the_mark() {
        let mut ipv4 = [0x45, 2, 0, 20, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xd2, 192, 0, 2, 1, 192, 0, 2, 2];
        Ipv4Packet::parse(&mut ipv4[..]).unwrap().fill_checksum();
        assert_eq!(leave_ip(&mut ipv4, CE).map(|left| left.ecn), Some(CE));
        let packet = Ipv4Packet::parse(&ipv4[..]).unwrap();
        assert!(packet.ecn() == CE && packet.checksum_is_valid());

        let mut frame: Vec<u8> = [0; 12].into();
        frame.extend([0x81, 0, 0, 5, 0x86, 0xdd, 0x6a, 0x20, 0, 1, 0, 0, 59, 64]);
        frame.extend([1; 32]);
        assert_eq!((frame_class(&frame), ip_class(&frame[18..])), (Some(0xa2), Some(0xa2)));
        assert_eq!(leave_frame(&mut frame, E1).map(|left| left.ecn), Some(E1));
        let packet = Ipv6Packet::parse(&frame[18..]).unwrap();
        assert_eq!((packet.traffic_class(), packet.flow_label()), (0xa1, 1));

        // Dropped, or not IP: as it was.
        let mut not_capable = [0x45, 0, 0, 20];
        assert_eq!((leave_ip(&mut not_capable, CE), not_capable), (None, [0x45, 0, 0, 20]));
        assert!(leave_frame(&mut [7; 60], CE).is_some_and(|left| left.ecn == N) && frame_class(&[7; 60]).is_none());
        assert!(leave_ip(&mut [0x45], CE).is_some() && leave_ip(&mut [0x45, 2], CE).is_some());
    }
}
