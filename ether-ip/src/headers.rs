//! A stack of headers, put in front of a payload in one expression.
//!
//! ```
//! use ether_ip::Headroom;
//! use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
//! use ether_ip::ip::IpProtocol;
//! use ether_ip::ipv4::Ipv4Header;
//! use ether_ip::udp::UdpHeader;
//!
//! let mut buffer = [0; 64];
//! let mut packet = Headroom::with_payload(&mut buffer, b"hello")?;
//! let ethernet = EthernetHeader::new(MacAddr([2, 0, 0, 0, 0, 2]), MacAddr([2, 0, 0, 0, 0, 1]), EtherType::IPV4);
//! let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
//! (ethernet / ip / UdpHeader::new(4000, 53)).prepend(&mut packet)?;
//! assert_eq!(packet.packet()[34..], *b"\x0f\xa0\x00\x35\x00\x0d\x28\x29hello");
//! # Ok::<(), ether_ip::Error>(())
//! ```
//!
//! Lengths and checksums are filled as each header's `prepend` fills them, UDP's and TCP's with the addresses of the IP header in front;
//! and each header says what follows it, whatever it said before. What cannot follow does not compile:
//!
//! ```compile_fail,E0277
//! use ether_ip::{ethernet::EthernetHeader, udp::UdpHeader};
//! fn put(ethernet: EthernetHeader, udp: UdpHeader) {
//!     let _ = ethernet / udp;
//! }
//! ```
//!
//! The crates of VXLAN and Geneve have headers that stand in such an expression too, behind UDP's. Headers with options are put in front
//! one by one, with their own `prepend`; and for tunnels whose headers are the same from packet to packet there are the templates of
//! [`outer`](crate::outer).

use core::ops::Div;

use crate::checksum::PseudoHeader;
use crate::ethernet::{EtherType, EthernetHeader};
use crate::icmpv4::Icmpv4Header;
use crate::icmpv6::Icmpv6Header;
use crate::ip::IpProtocol;
use crate::ipv4::Ipv4Header;
use crate::ipv6::Ipv6Header;
use crate::tcp::TcpHeader;
use crate::udp::{UdpChecksum, UdpHeader};
use crate::vlan::VlanHeader;
use crate::{Error, PacketBuffer};

/// A header that can stand in the expression.
pub trait Header: Copy {
    /// Puts it in front of `packet`, with lengths and checksum filled. `pseudo` is of the IP header in front, if that stands there.
    ///
    /// # Errors
    /// As the header's own `prepend`.
    fn put(self, pseudo: Option<PseudoHeader>, packet: &mut impl PacketBuffer) -> Result<(), Error>;

    /// What it adds to the checksum of what it carries. Only IP does.
    #[inline]
    fn adds(&self) -> Option<PseudoHeader> {
        None
    }
}

/// That a header can stand in front of another.
#[diagnostic::on_unimplemented(message = "`{Next}` does not follow `{Self}` in a packet")]
pub trait Announces<Next: Header>: Header {
    /// Has it say that the other follows.
    fn announce(&mut self);
}

/// Headers, one in front of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers<F, L> {
    front: F,
    last: L,
}

/// One header, or several.
pub trait Prepend: Copy {
    /// Puts them in front of `packet`, lengths and checksums filled.
    ///
    /// # Errors
    /// What one of them is refused with; the packet is as it was then.
    fn prepend_all(self, packet: &mut impl PacketBuffer) -> Result<(), Error>;

    /// What the last of them adds to the checksum of what it carries.
    fn last_adds(&self) -> Option<PseudoHeader>;
}

impl<F: Header> Prepend for F {
    #[inline(always)]
    fn prepend_all(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.put(None, packet)
    }

    #[inline(always)]
    fn last_adds(&self) -> Option<PseudoHeader> {
        self.adds()
    }
}

impl<F: Prepend, L: Header> Prepend for Headers<F, L> {
    #[inline(always)]
    fn prepend_all(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.last.put(self.front.last_adds(), packet)?;
        self.front.prepend_all(packet)
    }

    #[inline(always)]
    fn last_adds(&self) -> Option<PseudoHeader> {
        self.last.adds()
    }
}

impl<F: Prepend, L: Header> Headers<F, L> {
    /// One header more, behind what has announced it. The expression is what this is written as; it is for headers of other crates.
    #[inline(always)]
    pub const fn new(front: F, last: L) -> Self {
        Self { front, last }
    }

    /// Puts the headers in front of `packet`, the payload of the last one.
    ///
    /// # Errors
    /// What one of them is refused with; the packet is as it was then.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let len = packet.len();
        let written = self.prepend_all(packet);
        if written.is_err() {
            packet.take_back(len);
        }
        written
    }
}

impl<F: Prepend, L: Announces<R>, R: Header> Div<R> for Headers<F, L> {
    type Output = Headers<Self, R>;

    #[inline(always)]
    fn div(mut self, behind: R) -> Headers<Self, R> {
        self.last.announce();
        Headers::new(self, behind)
    }
}

macro_rules! starts {
    ($($header:ident)*) => {$(
        impl<R: Header> Div<R> for $header
        where
            $header: Announces<R>,
        {
            type Output = Headers<$header, R>;

            #[inline(always)]
            fn div(mut self, behind: R) -> Headers<$header, R> {
                self.announce();
                Headers::new(self, behind)
            }
        }
    )*};
}

starts!(EthernetHeader VlanHeader Ipv4Header Ipv6Header UdpHeader);

/// What each says when another follows.
macro_rules! announces {
    ($($header:ident $set:ident: $($next:ident $value:expr),+;)*) => {$($(
        impl Announces<$next> for $header {
            #[inline(always)]
            fn announce(&mut self) {
                self.$set($value);
            }
        }
    )+)*};
}

announces! {
    EthernetHeader set_ether_type: Ipv4Header EtherType::IPV4, Ipv6Header EtherType::IPV6;
    VlanHeader set_ether_type: VlanHeader EtherType::VLAN, Ipv4Header EtherType::IPV4, Ipv6Header EtherType::IPV6;
    Ipv4Header set_protocol: UdpHeader IpProtocol::UDP, TcpHeader IpProtocol::TCP, Icmpv4Header IpProtocol::ICMP;
    Ipv4Header set_protocol: Ipv4Header IpProtocol::IPV4, Ipv6Header IpProtocol::IPV6;
    Ipv6Header set_next_header: UdpHeader IpProtocol::UDP, TcpHeader IpProtocol::TCP, Icmpv6Header IpProtocol::ICMPV6;
    Ipv6Header set_next_header: Ipv4Header IpProtocol::IPV4, Ipv6Header IpProtocol::IPV6;
}

/// The kind of tag is the caller's (IEEE 802.1Q's or 802.1ad's), as long as it is one.
impl Announces<VlanHeader> for EthernetHeader {
    #[inline(always)]
    fn announce(&mut self) {
        if !self.ether_type().is_vlan() {
            self.set_ether_type(EtherType::VLAN);
        }
    }
}

macro_rules! headers {
    ($($header:ident, |$self:ident, $pseudo:pat_param, $packet:ident| $put:expr;)*) => {$(
        impl Header for $header {
            #[inline(always)]
            fn put($self, $pseudo: Option<PseudoHeader>, $packet: &mut impl PacketBuffer) -> Result<(), Error> {
                $put
            }
        }
    )*};
}

headers! {
    EthernetHeader, |self, _, packet| self.prepend(packet);
    VlanHeader, |self, _, packet| self.prepend(packet);
    Icmpv4Header, |self, _, packet| self.prepend(packet);
    Icmpv6Header, |self, pseudo, packet| match pseudo {
        Some(pseudo) => self.prepend(&pseudo, packet),
        None => self.prepend_as_is(packet),
    };
    TcpHeader, |self, pseudo, packet| match pseudo {
        Some(pseudo) => self.prepend(&[], &pseudo, packet),
        None => self.prepend_as_is(&[], packet),
    };
    UdpHeader, |self, pseudo, packet| self.prepend(packet, pseudo.map_or(UdpChecksum::Zero, UdpChecksum::Computed));
}

impl Header for Ipv4Header {
    #[inline(always)]
    fn put(self, _: Option<PseudoHeader>, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.prepend(&[], packet)
    }

    #[inline(always)]
    fn adds(&self) -> Option<PseudoHeader> {
        Some(self.pseudo_header())
    }
}

impl Header for Ipv6Header {
    #[inline(always)]
    fn put(self, _: Option<PseudoHeader>, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.prepend(packet)
    }

    #[inline(always)]
    fn adds(&self) -> Option<PseudoHeader> {
        Some(self.pseudo_header(self.next_header()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icmpv4::Icmpv4Message;
    use crate::ip::Version;
    use crate::tcp::{TcpFlags, TcpSegment};
    use crate::udp::UdpDatagram;
    use crate::{Headroom, LayerName, ip, ipv6::Ipv6Packet};

    const HELLO: &[u8] = b"hello";

    fn ethernet(ether_type: u16) -> EthernetHeader {
        let (to, from) = ([2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 1]);
        EthernetHeader::new(crate::ethernet::MacAddr(to), crate::ethernet::MacAddr(from), EtherType(ether_type))
    }

    fn ipv4() -> Ipv4Header {
        Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol(253))
    }

    /// The README's packet, a tag of 802.1ad and one of 802.1Q in it; EtherTypes and protocol were wrong, and are not.
    #[test]
    fn each_says_what_follows() {
        let mut buffer = [0; 64];
        let mut packet = Headroom::with_payload(&mut buffer, HELLO).unwrap();
        let tag = VlanHeader::new(7, EtherType::ARP);
        (ethernet(0x88a8) / tag / tag / ipv4() / UdpHeader::new(4000, 53)).prepend(&mut packet).unwrap();
        let (link, rest) = packet.packet().split_at(22);
        let mut other = [0; 64];
        let mut untold = Headroom::with_payload(&mut other, HELLO).unwrap();
        (ethernet(0x0800) / tag / ipv4() / UdpHeader::new(4000, 53)).prepend(&mut untold).unwrap();
        assert_eq!(untold.packet()[12..18], [0x81, 0, 0, 7, 8, 0], "802.1Q, where nobody said which");
        assert_eq!(link[12..], [0x88, 0xa8, 0, 7, 0x81, 0, 0, 7, 8, 0]);
        let ip = [0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2];
        assert_eq!((&rest[..20], &rest[20..]), (&ip[..], &b"\x0f\xa0\x00\x35\x00\x0d\x28\x29hello"[..]));
    }

    /// RFC 4213: IPv6 in IPv4, and TCP's checksum is over the inner addresses. RFC 792: ICMP's is over itself.
    #[test]
    fn the_checksum_is_of_the_header_in_front() {
        let mut buffer = [0; 128];
        let mut packet = Headroom::with_payload(&mut buffer, HELLO).unwrap();
        let inner = Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol(253));
        (ipv4() / inner / TcpHeader::new(1, 2, 3, TcpFlags::SYN)).prepend(&mut packet).unwrap();
        assert_eq!((packet.len(), packet.packet()[9]), (85, 41));
        let ip = Ipv6Packet::parse(&packet.packet()[20..]).unwrap();
        let segment = TcpSegment::parse(ip.payload()).unwrap();
        assert!(ip.next_header() == IpProtocol::TCP && segment.checksum_is_valid(&ip.pseudo_header(IpProtocol::TCP)));

        let mut packet = Headroom::with_payload(&mut buffer, b"aG").unwrap();
        let ping = Icmpv4Header::new(Icmpv4Message::EchoRequest { identifier: 0x1234, sequence: 1 });
        (ipv4() / ping).prepend(&mut packet).unwrap();
        assert_eq!(ip::version(packet.packet()), Ok(Version::V4));
        assert_eq!(packet.packet()[20..], [8, 0, 0x84, 0x83, 0x12, 0x34, 0, 1, b'a', b'G']);
        assert!(UdpDatagram::parse(&packet.packet()[20..]).is_err());
    }

    #[test]
    fn what_does_not_fit_leaves_the_packet_as_it_was() {
        let mut buffer = [0; 40];
        let mut packet = Headroom::with_payload(&mut buffer, HELLO).unwrap();
        let error = (ethernet(0) / ipv4() / UdpHeader::new(1, 2)).prepend(&mut packet).unwrap_err();
        assert_eq!(error, Error::NoRoom { layer: LayerName::ETHERNET, needed: 14, available: 7 });
        assert_eq!(packet.packet(), HELLO);
    }
}
