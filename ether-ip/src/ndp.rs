//! Neighbour discovery for IPv6: routers and neighbours, solicited and advertised, and their options.
//!
//! ```text
//!  router advertisement, behind type, code and checksum      an option
//!  +---------------+-+-+-----------+-------------------+     +------+--------+----------
//!  | cur hop limit |M|O| reserved  | router lifetime   |     | type | length | data …
//!  +---------------+-+-+-----------+-------------------+     +------+--------+----------
//!  | reachable time                                    |     length in units of 8 bytes, never 0
//!  +---------------------------------------------------+
//!  | retransmission timer                              |     neighbour solicitation, advertisement
//!  +---------------------------------------------------+     +-+-+-+------------------+
//!  | options …                                               |R|S|O| reserved         |
//!                                                            +-+-+-+------------------+
//!                                                            | target address, 16 bytes
//!                                                            | options …
//! ```
//!
//! RFC 4861 §4; RFC 8106 (DNS), RFC 4191 (routes), RFC 8781 (PREF64), RFC 6275 (advertisement interval).

use core::net::Ipv6Addr;
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::checksum::PseudoHeader;
use crate::ethernet::MacAddr;
use crate::icmpv6::{Icmpv6Header, Icmpv6Packet, Icmpv6Type};
use crate::writer::Writer;
use crate::{Error, Headroom, LayerName, Rule};

/// The body of a router advertisement (RFC 4861 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct RouterAdvertisement {
    /// The hop limit that hosts should use; 0 leaves it to them.
    pub hop_limit: u8,
    /// Managed (0x80), other configuration (0x40), home agent (0x20), preference (0x18) and reserved bits.
    pub flags: u8,
    lifetime: U16,
    reachable_time: U32,
    retransmission_timer: U32,
}

impl RouterAdvertisement {
    /// An advertisement. The lifetime is in seconds, the others in milliseconds; 0 leaves them to the host.
    #[must_use]
    pub const fn new(hop_limit: u8, flags: u8, lifetime: u16, reachable_time: u32, retransmission_timer: u32) -> Self {
        Self {
            hop_limit,
            flags,
            lifetime: U16::new(lifetime),
            reachable_time: U32::new(reachable_time),
            retransmission_timer: U32::new(retransmission_timer),
        }
    }

    /// Addresses come by DHCPv6.
    #[must_use]
    pub const fn is_managed(&self) -> bool {
        self.flags & 0x80 != 0
    }

    /// Other configuration comes by DHCPv6.
    #[must_use]
    pub const fn other_configuration(&self) -> bool {
        self.flags & 0x40 != 0
    }

    /// How long the router is a default router, in seconds; 0 if it is none.
    #[must_use]
    pub const fn lifetime(&self) -> u16 {
        self.lifetime.get()
    }

    /// How long a neighbour is reachable after a confirmation, in milliseconds.
    #[must_use]
    pub const fn reachable_time(&self) -> u32 {
        self.reachable_time.get()
    }

    /// The time between solicitations, in milliseconds.
    #[must_use]
    pub const fn retransmission_timer(&self) -> u32 {
        self.retransmission_timer.get()
    }
}

/// The body of a neighbour solicitation or advertisement (RFC 4861 §4.3, §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Neighbor {
    /// In an advertisement: router (0x80), solicited (0x40), override (0x20). Reserved in a solicitation.
    pub flags: u8,
    reserved: [u8; 3],
    target: [u8; 16],
}

impl Neighbor {
    /// A solicitation of `target` (flags 0), or its advertisement.
    #[must_use]
    pub const fn new(flags: u8, target: Ipv6Addr) -> Self {
        Self { flags, reserved: [0; 3], target: target.octets() }
    }

    /// The address in question.
    #[must_use]
    pub fn target(&self) -> Ipv6Addr {
        self.target.into()
    }

    /// The advertiser is a router.
    #[must_use]
    pub const fn is_router(&self) -> bool {
        self.flags & 0x80 != 0
    }

    /// The advertisement answers a solicitation.
    #[must_use]
    pub const fn is_solicited(&self) -> bool {
        self.flags & 0x40 != 0
    }

    /// The advertisement replaces what was known.
    #[must_use]
    pub const fn is_override(&self) -> bool {
        self.flags & 0x20 != 0
    }
}

/// The body of a redirect (RFC 4861 §4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Redirect {
    reserved: [u8; 4],
    target: [u8; 16],
    destination: [u8; 16],
}

impl Redirect {
    /// For `destination`, `target` is the better first hop.
    #[must_use]
    pub const fn new(target: Ipv6Addr, destination: Ipv6Addr) -> Self {
        Self { reserved: [0; 4], target: target.octets(), destination: destination.octets() }
    }

    /// The better first hop.
    #[must_use]
    pub fn target(&self) -> Ipv6Addr {
        self.target.into()
    }

    /// The destination that it is better for.
    #[must_use]
    pub fn destination(&self) -> Ipv6Addr {
        self.destination.into()
    }
}

/// A neighbour discovery message without its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NdpMessage {
    /// Type 133: 4 reserved bytes.
    RouterSolicitation([u8; 4]),
    /// Type 134.
    RouterAdvertisement(RouterAdvertisement),
    /// Type 135.
    NeighborSolicitation(Neighbor),
    /// Type 136.
    NeighborAdvertisement(Neighbor),
    /// Type 137.
    Redirect(Redirect),
}

impl NdpMessage {
    /// The message's ICMPv6 type.
    #[must_use]
    pub const fn kind(&self) -> Icmpv6Type {
        match self {
            Self::RouterSolicitation(_) => Icmpv6Type::ROUTER_SOLICITATION,
            Self::RouterAdvertisement(_) => Icmpv6Type::ROUTER_ADVERTISEMENT,
            Self::NeighborSolicitation(_) => Icmpv6Type::NEIGHBOR_SOLICITATION,
            Self::NeighborAdvertisement(_) => Icmpv6Type::NEIGHBOR_ADVERTISEMENT,
            Self::Redirect(_) => Icmpv6Type::REDIRECT,
        }
    }

    /// Reads the message and its options. `None` if the packet is no neighbour discovery.
    ///
    /// ```
    /// use ether_ip::{icmpv6::Icmpv6Packet, ndp::{NdpMessage, NdpOption}, ethernet::MacAddr};
    ///
    /// let mut bytes = [0; 32];
    /// bytes[0] = 135;
    /// bytes[23] = 1; // ::1
    /// bytes[24..].copy_from_slice(&[1, 1, 2, 0, 0, 0, 0, 9]);
    /// let packet = Icmpv6Packet::parse(&bytes[..])?;
    /// let (message, mut options) = NdpMessage::parse(&packet).unwrap()?;
    /// let NdpMessage::NeighborSolicitation(solicitation) = message else { panic!() };
    /// assert!(solicitation.target().is_loopback());
    /// assert_eq!(options.next(), Some(Ok(NdpOption::SourceLinkLayer(MacAddr([2, 0, 0, 0, 0, 9])))));
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Truncated`] if the body is shorter than its type has it.
    pub fn parse<'a>(packet: &'a Icmpv6Packet<&[u8]>) -> Option<Result<(Self, NdpOptions<'a>), Error>> {
        fn body<T: FromBytes + KnownLayout + Immutable + Unaligned + Copy + 'static>(
            bytes: &[u8],
            message: impl Fn(T) -> NdpMessage,
        ) -> Result<(NdpMessage, NdpOptions<'_>), Error> {
            match T::ref_from_prefix(bytes) {
                Ok((body, options)) => Ok((message(*body), NdpOptions::new(options))),
                Err(_) => {
                    let (needed, available) = (4 + size_of::<T>(), 4 + bytes.len());
                    Err(Error::Truncated { layer: LayerName::ICMPV6, needed, available })
                }
            }
        }
        let bytes = packet.body();
        Some(match packet.kind() {
            Icmpv6Type::ROUTER_SOLICITATION => body(bytes, Self::RouterSolicitation),
            Icmpv6Type::ROUTER_ADVERTISEMENT => body(bytes, Self::RouterAdvertisement),
            Icmpv6Type::NEIGHBOR_SOLICITATION => body(bytes, Self::NeighborSolicitation),
            Icmpv6Type::NEIGHBOR_ADVERTISEMENT => body(bytes, Self::NeighborAdvertisement),
            Icmpv6Type::REDIRECT => body(bytes, Self::Redirect),
            _ => return None,
        })
    }

    /// Puts the message in front of `packet`, its options, with the checksum filled.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(&self, pseudo: &PseudoHeader, packet: &mut Headroom<'_>) -> Result<(), Error> {
        let body = match self {
            Self::RouterSolicitation(reserved) => &reserved[..],
            Self::RouterAdvertisement(body) => body.as_bytes(),
            Self::NeighborSolicitation(body) | Self::NeighborAdvertisement(body) => body.as_bytes(),
            Self::Redirect(body) => body.as_bytes(),
        };
        Icmpv6Header::new(self.kind(), 0).prepend_with(body, pseudo, packet)
    }
}

crate::open_set! {
    /// The type of an option (IANA's "IPv6 Neighbor Discovery Option Formats").
    pub struct NdpOptionType(u8) {
        /// The sender's link-layer address.
        SOURCE_LINK_LAYER = 1, "source link-layer address";
        /// The target's link-layer address.
        TARGET_LINK_LAYER = 2, "target link-layer address";
        /// A prefix on the link.
        PREFIX_INFORMATION = 3, "prefix information";
        /// The packet that is redirected.
        REDIRECTED_HEADER = 4, "redirected header";
        /// The link's MTU.
        MTU = 5, "MTU";
        /// Advertisement interval (RFC 6275).
        ADVERTISEMENT_INTERVAL = 7, "advertisement interval";
        /// Nonce (RFC 3971).
        NONCE = 14, "nonce";
        /// A route (RFC 4191).
        ROUTE_INFORMATION = 24, "route information";
        /// Recursive DNS servers (RFC 8106).
        RECURSIVE_DNS = 25, "recursive DNS server";
        /// DNS search list (RFC 8106).
        DNS_SEARCH_LIST = 31, "DNS search list";
        /// NAT64 prefix (RFC 8781).
        PREF64 = 38, "PREF64";
    }
}

/// A prefix information option (RFC 4861 §4.6.2), whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct PrefixInformation {
    /// How many bits of the prefix count, 0–128.
    pub prefix_length: u8,
    /// On-link (0x80), autonomous (0x40), router address (0x20) and reserved bits.
    pub flags: u8,
    valid_lifetime: U32,
    preferred_lifetime: U32,
    reserved: [u8; 4],
    prefix: [u8; 16],
}

impl PrefixInformation {
    /// A prefix; its lifetimes are in seconds, all ones for ever.
    #[must_use]
    pub const fn new(prefix: Ipv6Addr, prefix_length: u8, flags: u8, valid: u32, preferred: u32) -> Self {
        Self {
            prefix_length,
            flags,
            valid_lifetime: U32::new(valid),
            preferred_lifetime: U32::new(preferred),
            reserved: [0; 4],
            prefix: prefix.octets(),
        }
    }

    /// The prefix.
    #[must_use]
    pub fn prefix(&self) -> Ipv6Addr {
        self.prefix.into()
    }

    /// Addresses in the prefix are on the link.
    #[must_use]
    pub const fn is_on_link(&self) -> bool {
        self.flags & 0x80 != 0
    }

    /// Hosts may make themselves addresses in the prefix.
    #[must_use]
    pub const fn is_autonomous(&self) -> bool {
        self.flags & 0x40 != 0
    }

    /// How long the prefix is on the link, in seconds.
    #[must_use]
    pub const fn valid_lifetime(&self) -> u32 {
        self.valid_lifetime.get()
    }

    /// How long addresses in it are preferred, in seconds.
    #[must_use]
    pub const fn preferred_lifetime(&self) -> u32 {
        self.preferred_lifetime.get()
    }
}

/// One option of a neighbour discovery message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NdpOption<'a> {
    /// Type 1, on Ethernet.
    SourceLinkLayer(MacAddr),
    /// Type 2, on Ethernet.
    TargetLinkLayer(MacAddr),
    /// Type 3.
    PrefixInformation(PrefixInformation),
    /// Type 4: the packet that was redirected, as far as it is quoted, behind 6 reserved bytes.
    RedirectedHeader {
        /// Reserved.
        reserved: [u8; 6],
        /// The packet, cut, with padding.
        packet: &'a [u8],
    },
    /// Type 5, in bytes, behind 2 reserved bytes.
    Mtu {
        /// Reserved.
        reserved: [u8; 2],
        /// The link's MTU.
        mtu: u32,
    },
    /// Any other: its type and the bytes behind its length.
    Other {
        /// Its type.
        kind: NdpOptionType,
        /// Its data.
        data: &'a [u8],
    },
}

impl NdpOption<'_> {
    /// The option's type.
    #[must_use]
    pub const fn kind(&self) -> NdpOptionType {
        match *self {
            Self::SourceLinkLayer(_) => NdpOptionType::SOURCE_LINK_LAYER,
            Self::TargetLinkLayer(_) => NdpOptionType::TARGET_LINK_LAYER,
            Self::PrefixInformation(_) => NdpOptionType::PREFIX_INFORMATION,
            Self::RedirectedHeader { .. } => NdpOptionType::REDIRECTED_HEADER,
            Self::Mtu { .. } => NdpOptionType::MTU,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Writes the option; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if its data with 2 bytes more is no multiple of 8, or over 2040.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let mtu;
        let parts = match self {
            Self::SourceLinkLayer(address) | Self::TargetLinkLayer(address) => [&address.0[..], &[]],
            Self::PrefixInformation(prefix) => [prefix.as_bytes(), &[]],
            Self::RedirectedHeader { reserved, packet } => [&reserved[..], *packet],
            Self::Mtu { reserved, mtu: bytes } => {
                mtu = bytes.to_be_bytes();
                [&reserved[..], &mtu[..]]
            }
            Self::Other { data, .. } => [*data, &[]],
        };
        let [first, second] = parts;
        let len = first.len() + second.len() + 2;
        to.layer().check("length", len, &[Rule::AtMost(2040), Rule::PositiveMultipleOf(8)])?;
        to.write_all(&[&[self.kind().0, (len / 8) as u8], first, second])
    }
}

/// The options of a neighbour discovery message, lazily. An error ends it.
#[derive(Debug, Clone)]
pub struct NdpOptions<'a> {
    rest: &'a [u8],
}

impl<'a> NdpOptions<'a> {
    /// Over the bytes behind a message's body.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn split(bytes: &'a [u8]) -> Result<(NdpOption<'a>, &'a [u8]), Error> {
        let (layer, available) = (LayerName::NDP_OPTION, bytes.len());
        let &[kind, length, ref behind @ ..] = bytes else {
            return Err(Error::Truncated { layer, needed: 2, available });
        };
        let needed = usize::from(length) * 8;
        let data_len = needed.checked_sub(2).ok_or(Error::Malformed {
            layer,
            field: "length",
            value: 0,
            rule: Rule::PositiveMultipleOf(8),
        })?;
        let (data, rest) = behind.split_at_checked(data_len).ok_or(Error::Truncated { layer, needed, available })?;
        let kind = NdpOptionType(kind);
        let option = match (kind, data) {
            (NdpOptionType::SOURCE_LINK_LAYER, &[a, b, c, d, e, f]) => {
                NdpOption::SourceLinkLayer(MacAddr([a, b, c, d, e, f]))
            }
            (NdpOptionType::TARGET_LINK_LAYER, &[a, b, c, d, e, f]) => {
                NdpOption::TargetLinkLayer(MacAddr([a, b, c, d, e, f]))
            }
            (NdpOptionType::MTU, &[r, s, a, b, c, d]) => {
                NdpOption::Mtu { reserved: [r, s], mtu: u32::from_be_bytes([a, b, c, d]) }
            }
            (NdpOptionType::REDIRECTED_HEADER, &[a, b, c, d, e, f, ref packet @ ..]) => {
                NdpOption::RedirectedHeader { reserved: [a, b, c, d, e, f], packet }
            }
            (NdpOptionType::PREFIX_INFORMATION, data) => match PrefixInformation::ref_from_bytes(data) {
                Ok(prefix) => NdpOption::PrefixInformation(*prefix),
                Err(_) => NdpOption::Other { kind, data },
            },
            _ => NdpOption::Other { kind, data },
        };
        Ok((option, rest))
    }
}

impl<'a> Iterator for NdpOptions<'a> {
    type Item = Result<NdpOption<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        Some(match Self::split(self.rest) {
            Ok((option, rest)) => {
                self.rest = rest;
                Ok(option)
            }
            Err(error) => {
                self.rest = &[];
                Err(error)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ip::IpProtocol;
    use std::vec::Vec;

    fn pseudo() -> PseudoHeader {
        PseudoHeader::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::ICMPV6)
    }

    #[test]
    fn every_message_goes_there_and_back() {
        let target = "fe80::1".parse().unwrap();
        for message in [
            NdpMessage::RouterSolicitation([0; 4]),
            NdpMessage::RouterAdvertisement(RouterAdvertisement::new(64, 0xc0, 1800, 30_000, 1000)),
            NdpMessage::NeighborSolicitation(Neighbor::new(0, target)),
            NdpMessage::NeighborAdvertisement(Neighbor::new(0xe0, target)),
            NdpMessage::Redirect(Redirect::new(target, Ipv6Addr::LOCALHOST)),
        ] {
            let mut buffer = [0; 64];
            let mut packet = Headroom::with_payload(&mut buffer, &[1, 1, 2, 0, 0, 0, 0, 9]).unwrap();
            message.prepend(&pseudo(), &mut packet).unwrap();
            let read = Icmpv6Packet::parse(packet.packet()).unwrap();
            assert!(read.checksum_is_valid(&pseudo()));
            let (parsed, options) = NdpMessage::parse(&read).unwrap().unwrap();
            assert_eq!(parsed, message);
            let options: Vec<_> = options.map(Result::unwrap).collect();
            assert_eq!(options, [NdpOption::SourceLinkLayer(MacAddr([2, 0, 0, 0, 0, 9]))]);
        }
    }

    #[test]
    fn fields() {
        let router = RouterAdvertisement::new(64, 0x80, 1800, 30_000, 1000);
        assert!(router.is_managed() && !router.other_configuration());
        assert_eq!((router.lifetime(), router.reachable_time(), router.retransmission_timer()), (1800, 30_000, 1000));
        let neighbor = Neighbor::new(0x60, Ipv6Addr::LOCALHOST);
        assert!(!neighbor.is_router() && neighbor.is_solicited() && neighbor.is_override());
        let redirect = Redirect::new(Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED);
        assert_eq!((redirect.target(), redirect.destination()), (Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED));
        let prefix = PrefixInformation::new("fd00::".parse().unwrap(), 64, 0xc0, 86_400, 14_400);
        assert!(prefix.is_on_link() && prefix.is_autonomous());
        assert_eq!((prefix.valid_lifetime(), prefix.preferred_lifetime()), (86_400, 14_400));
        assert_eq!(prefix.prefix(), "fd00::".parse::<Ipv6Addr>().unwrap());
    }

    #[test]
    fn cut_bodies() {
        for (kind, needed) in [(133, 8), (134, 16), (135, 24), (136, 24), (137, 40)] {
            let mut bytes = [0; 40];
            bytes[0] = kind;
            let packet = Icmpv6Packet::parse(&bytes[..needed - 1]).unwrap();
            let error = NdpMessage::parse(&packet).unwrap().unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::ICMPV6, needed, available: needed - 1 });
            let packet = Icmpv6Packet::parse(&bytes[..needed]).unwrap();
            assert!(NdpMessage::parse(&packet).unwrap().is_ok());
        }
        assert!(NdpMessage::parse(&Icmpv6Packet::parse(&[200, 0, 0, 0][..]).unwrap()).is_none());
    }

    #[test]
    fn options_read_and_written_back() {
        let prefix = PrefixInformation::new("fd00::".parse().unwrap(), 64, 0xc0, 1, 2);
        let expected = [
            NdpOption::TargetLinkLayer(MacAddr([1, 2, 3, 4, 5, 6])),
            NdpOption::PrefixInformation(prefix),
            NdpOption::RedirectedHeader { reserved: [0; 6], packet: &[0x60, 0, 0, 0, 0, 0, 59, 1] },
            NdpOption::Mtu { reserved: [0; 2], mtu: 1450 },
            NdpOption::Other { kind: NdpOptionType::NONCE, data: &[1, 2, 3, 4, 5, 6] },
            // A link-layer address that is not Ethernet's is kept as it is.
            NdpOption::Other { kind: NdpOptionType::SOURCE_LINK_LAYER, data: &[7; 14] },
        ];
        let mut buffer = [0; 128];
        let mut bytes = Writer::new(LayerName::NDP_OPTION, &mut buffer);
        expected.iter().for_each(|option| option.write(&mut bytes).unwrap());
        assert_eq!(bytes.len(), 8 + 32 + 16 + 8 + 8 + 16);
        assert_eq!(bytes.written()[..8], [2, 1, 1, 2, 3, 4, 5, 6]);
        let options: Vec<_> = NdpOptions::new(bytes.written()).map(Result::unwrap).collect();
        assert_eq!(options, expected);
    }

    /// RFC 4861 §4.6: a node discards a message with an option of length 0.
    #[test]
    fn broken_options() {
        let layer = LayerName::NDP_OPTION;
        let zero = Error::Malformed { layer, field: "length", value: 0, rule: Rule::PositiveMultipleOf(8) };
        assert_eq!(NdpOptions::new(&[1, 0, 0, 0, 0, 0, 0, 0]).collect::<Vec<_>>(), [Err(zero)]);
        let truncated = |needed, available| Error::Truncated { layer, needed, available };
        assert_eq!(NdpOptions::new(&[1]).collect::<Vec<_>>(), [Err(truncated(2, 1))]);
        assert_eq!(NdpOptions::new(&[1, 2, 0, 0, 0, 0, 0, 0]).collect::<Vec<_>>(), [Err(truncated(16, 8))]);
        let odd =
            NdpOption::Other { kind: NdpOptionType::NONCE, data: &[1] }.write(&mut Writer::new(layer, &mut [0; 9]));
        assert_eq!(
            odd,
            Err(Error::Unbuildable { layer, field: "length", value: 3, rule: Rule::PositiveMultipleOf(8) })
        );
    }
}
