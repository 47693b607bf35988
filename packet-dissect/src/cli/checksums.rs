//! Checksums that are wrong, without accusing anybody falsely: what a network card was still to work out looks wrong where it was sent, and
//! what is not all there cannot be judged.

use std::fmt;
use std::net::IpAddr;

use crate::Layer;
use ether_ip::checksum::{Checksum, PseudoHeader};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Option, Ipv4OptionKind, Ipv4Packet};
use ether_ip::ipv6_extension::{Ipv6Option, Ipv6OptionsHeader};
use ether_ip::tcp::TcpSegment;
use ether_ip::zerocopy::IntoBytes;

/// Source and destination of the IP packet around.
type Addresses = (IpAddr, IpAddr);

/// What can be said of a layer's checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is right, or there is none, or nobody can tell.
    Good,
    /// A card's to work out, or left behind by one. Checksums of tunnels around are those of the packet as it is on the wire.
    Partial,
    Wrong {
        found: u16,
        right: u16,
    },
}

impl Verdict {
    /// By what a sum over everything finishes as, the checksum included: 0 where it is right.
    fn of(found: u16, finished: u16) -> Self {
        // The sum without what was found.
        Self::Wrong { found, right: Checksum::new().word(!finished).word(!found).finish() }
    }
}

/// A wrong checksum in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrong {
    pub(super) layer: &'static str,
    pub(super) found: u16,
    pub(super) right: u16,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { layer, found, right } = self;
        write!(f, "{layer} checksum {found:#06x} is wrong, {right:#06x} is right")
    }
}

/// The verdict on an IPv4 header's own. A zero is a card's to fill.
#[inline]
pub(super) fn of_ipv4(ip: &Ipv4Packet<&[u8]>) -> Verdict {
    if ip.checksum_is_valid() || ip.checksum() == 0 || ip.is_unsegmented() {
        return Verdict::Good;
    }
    let sum = Checksum::new().bytes(ip.header().as_bytes()).bytes(ip.options_bytes());
    Verdict::of(ip.checksum(), sum.finish())
}

/// The verdict on a layer's checksum that is all there, in an IP packet of these addresses.
pub(super) fn of_upper(layer: &Layer<'_>, addresses: Addresses) -> Verdict {
    let pseudo = |protocol| PseudoHeader::ip(addresses.0, addresses.1, protocol);
    match layer {
        Layer::Udp(datagram) => {
            // Zero is none, over IPv6 too where it is a tunnel's (RFC 6935). What a card had yet to segment has no length, and no checksum
            // yet.
            let is_there = datagram.checksum() != 0 && datagram.length() != 0 && datagram.missing() == 0;
            let Some(pseudo) = pseudo(IpProtocol::UDP).filter(|_| is_there) else { return Verdict::Good };
            let found = datagram.checksum();
            if datagram.checksum_is_valid(&pseudo) {
                Verdict::Good
            } else if is_partial(found, &pseudo, usize::from(datagram.length())) {
                Verdict::Partial
            } else {
                Verdict::Wrong { found, right: datagram.header().compute_checksum(&pseudo, datagram.payload()) }
            }
        }
        Layer::Tcp(segment) => pseudo(IpProtocol::TCP).map_or(Verdict::Good, |pseudo| of_tcp(segment, &pseudo)),
        Layer::Icmpv4(packet) if !packet.checksum_is_valid() => {
            let (found, sum) = (packet.checksum(), Checksum::new().bytes(packet.header().as_bytes()));
            Verdict::of(found, sum.bytes(packet.payload()).finish())
        }
        Layer::Icmpv6(packet) => {
            let Some(pseudo) = pseudo(IpProtocol::ICMPV6) else { return Verdict::Good };
            let (found, len) = (packet.checksum(), packet.header().as_bytes().len() + packet.body().len());
            if packet.checksum_is_valid(&pseudo) {
                Verdict::Good
            } else if is_partial(found, &pseudo, len) {
                Verdict::Partial
            } else {
                let sum = pseudo.with_length(len).bytes(packet.header().as_bytes()).bytes(packet.body());
                Verdict::of(found, sum.finish())
            }
        }
        _ => Verdict::Good,
    }
}

/// A segment that fits no packet of 1500 bytes may well be several that the receiver's card made one (large receive offload), and many cards
/// leave such a one with the checksum of its first.
const MAX_SENT: usize = 1480;

/// A segment's. A zero is nearly always one that nobody filled yet.
fn of_tcp(segment: &TcpSegment<&[u8]>, pseudo: &PseudoHeader) -> Verdict {
    let (found, len) = (segment.checksum(), segment.header_len() + segment.payload().len());
    if segment.checksum_is_valid(pseudo) {
        Verdict::Good
    } else if found == 0 || len > MAX_SENT || is_partial(found, pseudo, len) {
        Verdict::Partial
    } else {
        let sum = pseudo.with_length(len).bytes(segment.header().as_bytes()).bytes(segment.options_bytes());
        Verdict::of(found, sum.bytes(segment.payload()).finish())
    }
}

/// Whether it is the pseudo-header's sum alone: with the length, or without, as it is left to a card that segments.
fn is_partial(found: u16, pseudo: &PseudoHeader, len: usize) -> bool {
    [len, 0].iter().any(|len| found == !pseudo.with_length(*len).finish())
}

/// Whether an IPv4 header has a source route, so that its destination may be none of the checksum's.
pub(super) fn is_routed(ip: &Ipv4Packet<&[u8]>) -> bool {
    let of_source = [Ipv4OptionKind::LOOSE_SOURCE_ROUTE, Ipv4OptionKind::STRICT_SOURCE_ROUTE];
    let is_it = |option| matches!(option, Ipv4Option::Route { kind, .. } if of_source.contains(&kind));
    !ip.options_bytes().is_empty() && ip.options().flatten().any(is_it)
}

/// Whether destination options tell a home address, which is the checksum's source then (RFC 6275 §6.3).
pub(super) fn has_home(header: &Ipv6OptionsHeader<&[u8]>) -> bool {
    header.options().flatten().any(|option| matches!(option, Ipv6Option::HomeAddress(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LinkType;
    use crate::layers;
    use ether_ip::Headroom;
    use ether_ip::ipv4::Ipv4Header;
    use ether_ip::tcp::{TcpFlags, TcpHeader};

    /// A segment of three bytes whose checksum is another.
    fn with(checksum: Option<u16>) -> Verdict {
        of_len(3, checksum)
    }

    fn of_len(len: usize, checksum: Option<u16>) -> Verdict {
        let mut buffer = [0; 1600];
        let mut packet = Headroom::with_payload(&mut buffer, &vec![7; len]).unwrap();
        let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::TCP);
        TcpHeader::new(40_000, 80, 7, TcpFlags::ACK).prepend(&[], &ip.pseudo_header(), &mut packet).unwrap();
        let mut bytes = packet.packet().to_vec();
        if let Some(checksum) = checksum {
            bytes[16..18].copy_from_slice(&checksum.to_be_bytes());
        }
        let segment = TcpSegment::parse(&bytes[..]).unwrap();
        of_upper(&Layer::Tcp(segment), ([192, 0, 2, 1].into(), [192, 0, 2, 2].into()))
    }

    /// c000 + 0201 + c000 + 0202 + 0006 + 0017 (RFC 9293 §3.1) is 18420: 8421, and 840a without the length.
    #[test]
    fn what_is_left_to_a_card_is_no_fault() {
        assert_eq!([None, Some(0x8421), Some(0x840a), Some(0)].map(with), {
            [Verdict::Good, Verdict::Partial, Verdict::Partial, Verdict::Partial]
        });
        let Verdict::Wrong { found, right } = with(Some(0x1234)) else { panic!("it is wrong") };
        assert_eq!((found, with(Some(right))), (0x1234, Verdict::Good));
    }

    #[test]
    fn what_a_card_made_one_is_no_fault() {
        assert!(matches!(of_len(1460, Some(0x1234)), Verdict::Wrong { .. }));
        assert_eq!(of_len(1461, Some(0x1234)), Verdict::Partial);
    }

    #[test]
    fn a_header_of_ipv4() {
        let mut bytes = [0x45, 0, 0, 20, 0, 0, 0x40, 0, 64, 99, 0xb6, 0x8b, 192, 0, 2, 1, 192, 0, 2, 2];
        let verdict = |bytes: &[u8]| match layers(LinkType::RAW, bytes).next() {
            Some(Ok(Layer::Ipv4(ip))) => of_ipv4(&ip),
            other => panic!("{other:?}"),
        };
        let right = verdict(&bytes);
        bytes[10] ^= 1;
        let Verdict::Wrong { found, right: other } = verdict(&bytes) else { panic!("it is wrong: {right:?}") };
        bytes[10..12].copy_from_slice(&other.to_be_bytes());
        assert_eq!((found & 0xff, verdict(&bytes)), (0x8b, Verdict::Good));
        bytes[10..12].fill(0);
        assert_eq!(verdict(&bytes), Verdict::Good);
    }
}
