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

use core::fmt;
use core::net::Ipv6Addr;
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::checksum::PseudoHeader;
use crate::ethernet::MacAddr;
use crate::icmpv6::{Icmpv6Header, Icmpv6Packet, Icmpv6Type};
use crate::ipv6::Ipv6Header;
use crate::writer::Writer;
use crate::{Error, LayerName, PacketBuffer, Rule};

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

    /// Reads the message and its options, to be looked at: what a node may believe [`parse_valid`](Self::parse_valid) tells. `None` if
    /// the packet is no neighbour discovery.
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

    /// Reads what a node may believe, by the rules that RFC 4861 has for receivers (§6.1.1, §6.1.2, §7.1.1, §7.1.2, §8.1): `ip` is the
    /// header that the packet came in. `None` if the packet is no neighbour discovery. The checksum is the caller's to verify, and so is
    /// that a redirect comes from the router that is in use.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); [`Error::Malformed`] if the code is not 0, the hop limit not 255, an address is one that it must not be,
    /// or an option has no length: such a message is discarded without a word.
    pub fn parse_valid<'a>(
        packet: &'a Icmpv6Packet<&[u8]>,
        ip: &Ipv6Header,
    ) -> Option<Result<(Self, NdpOptions<'a>), Error>> {
        let parsed = Self::parse(packet)?;
        Some(parsed.and_then(|(message, options)| {
            let rules = [
                // A router would have taken a hop off: the sender is on the link.
                ("hop limit", u32::from(ip.hop_limit()), Rule::Exactly(255)),
                ("code", u32::from(packet.code()), Rule::Exactly(0)),
            ];
            let broken = rules.into_iter().find(|(_, value, rule)| !rule.allows(*value as usize));
            if let Some((field, value, rule)) = broken {
                return Err(Error::Malformed { layer: LayerName::ICMPV6, field, value, rule });
            }
            let mut has_source = false;
            for option in options.clone() {
                has_source |= option?.kind() == NdpOptionType::SOURCE_LINK_LAYER;
            }
            message.check(ip, has_source)?;
            Ok((message, options))
        }))
    }

    /// What RFC 4861 asks of the addresses; `has_source` tells whether the sender's link-layer address is there.
    fn check(&self, ip: &Ipv6Header, has_source: bool) -> Result<(), Error> {
        let check = |is_good, field, value: u16, rule| match is_good {
            true => Ok(()),
            false => Err(Error::Malformed { layer: LayerName::ICMPV6, field, value: value.into(), rule }),
        };
        let unicast = |address: Ipv6Addr, field| {
            let [first, ..] = address.octets();
            check(first != 0xff, field, first.into(), Rule::AtMost(0xfe))
        };
        // fe80::/10.
        let link_local = |address: Ipv6Addr, field| {
            let [first, ..] = address.segments();
            check(address.is_unicast_link_local(), field, first >> 6, Rule::Exactly(0xfe80 >> 6))
        };
        let (source, destination) = (ip.source(), ip.destination());
        let (from_nobody, to_many) = (source.is_unspecified(), destination.is_multicast());
        let named = || {
            let field = "number of source link-layer addresses from ::";
            check(!(from_nobody && has_source), field, 1, Rule::Exactly(0))
        };
        match self {
            Self::RouterSolicitation(_) => named(),
            Self::RouterAdvertisement(_) => link_local(source, "first 10 bits of the source address"),
            Self::NeighborSolicitation(neighbor) => {
                unicast(neighbor.target(), "first byte of the target address")?;
                // Duplicate address detection.
                let field = "number of solicited-node destinations from ::";
                check(!from_nobody || is_solicited_node(destination), field, 0, Rule::Exactly(1))?;
                named()
            }
            Self::NeighborAdvertisement(neighbor) => {
                unicast(neighbor.target(), "first byte of the target address")?;
                let field = "solicited flag to a multicast destination";
                check(!(neighbor.is_solicited() && to_many), field, 1, Rule::Exactly(0))
            }
            Self::Redirect(redirect) => {
                link_local(source, "first 10 bits of the source address")?;
                unicast(redirect.destination(), "first byte of the redirected destination")?;
                match redirect.target() == redirect.destination() {
                    true => Ok(()),
                    false => link_local(redirect.target(), "first 10 bits of the target address"),
                }
            }
        }
    }

    /// Puts the message in front of `packet`, its options, with the checksum filled.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(&self, pseudo: &PseudoHeader, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let body = match self {
            Self::RouterSolicitation(reserved) => &reserved[..],
            Self::RouterAdvertisement(body) => body.as_bytes(),
            Self::NeighborSolicitation(body) | Self::NeighborAdvertisement(body) => body.as_bytes(),
            Self::Redirect(body) => body.as_bytes(),
        };
        Icmpv6Header::new(self.kind(), 0).prepend_with(body, pseudo, packet)
    }
}

/// Whether it is ff02::1:ff00:0/104, where a node listens for solicitations of its addresses (RFC 4291 §2.7.1).
fn is_solicited_node(address: Ipv6Addr) -> bool {
    matches!(address.segments(), [0xff02, 0, 0, 0, 0, 1, 0xff00..=0xffff, _])
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

/// A NAT64 prefix (RFC 8781 §4), whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Pref64 {
    lifetime_and_length: U16,
    prefix: [u8; 12],
}

impl Pref64 {
    /// The lengths that a prefix can have, by their codes.
    const LENGTHS: [u8; 6] = [96, 64, 56, 48, 40, 32];

    /// A prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052 §2.2), for so many seconds, which are rounded up to a multiple of 8 and are
    /// 65528 at most. `None` if its length is another.
    #[must_use]
    pub fn new(prefix: Ipv6Addr, prefix_length: u8, lifetime: u16) -> Option<Self> {
        let (code, _) = (0_u16..).zip(Self::LENGTHS).find(|(_, length)| *length == prefix_length)?;
        let lifetime = lifetime.div_ceil(8).min(0x1fff) << 3;
        let (octets, _) = prefix.octets().split_first_chunk().map(|(octets, rest)| (*octets, rest.len()))?;
        Some(Self { lifetime_and_length: U16::new(lifetime | code), prefix: octets })
    }

    /// How long the prefix is to be used, in seconds.
    #[must_use]
    pub const fn lifetime(&self) -> u16 {
        self.lifetime_and_length.get() & !7
    }

    /// How many bits of the prefix count. `None` if the code is one of the two that are not defined: the option is ignored then.
    #[must_use]
    pub fn prefix_length(&self) -> Option<u8> {
        Self::LENGTHS.get(usize::from(self.lifetime_and_length.get() & 7)).copied()
    }

    /// The prefix, its upper 96 bits.
    #[must_use]
    pub fn prefix(&self) -> Ipv6Addr {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.prefix;
        [a, b, c, d, e, f, g, h, i, j, k, l, 0, 0, 0, 0].into()
    }
}

/// The domains of a search list, in DNS's own form (RFC 8106 §5.2, RFC 1035 §3.1): labels, each behind its length, ending with an empty
/// one; and zeros as padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SearchList<'a>(pub &'a [u8]);

impl<'a> SearchList<'a> {
    /// The domains; those before one that is broken.
    pub fn iter(&self) -> impl Iterator<Item = DomainName<'a>> + use<'a> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let mut len = 0_usize;
            // Labels have at most 63 bytes; what is longer is compressed, which it must not be here.
            while let label @ 1..=63 = *rest.get(len)? {
                len = len.checked_add(1 + usize::from(label))?;
            }
            let (name, behind) = rest.split_at_checked(len).filter(|(_, behind)| behind.first() == Some(&0))?;
            rest = behind.get(1..)?;
            (len > 0).then_some(DomainName(name))
        })
    }
}

/// A domain in DNS's own form, without the empty label at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DomainName<'a>(&'a [u8]);

impl<'a> DomainName<'a> {
    /// The labels, from the most special to the most general.
    pub fn labels(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let (&len, behind) = rest.split_first()?;
            let (label, behind) = behind.split_at_checked(usize::from(len))?;
            rest = behind;
            Some(label)
        })
    }
}

impl fmt::Display for DomainName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, label) in self.labels().enumerate() {
            let gap = if place == 0 { "" } else { "." };
            write!(f, "{gap}{}", label.escape_ascii())?;
        }
        Ok(())
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
    /// Type 24 (RFC 4191 §2.3).
    RouteInformation {
        /// How many bits of the prefix count, 0–128.
        prefix_length: u8,
        /// Preference (0x18) and reserved bits.
        flags: u8,
        /// How long the route holds, in seconds, all ones for ever.
        lifetime: u32,
        /// The prefix's first 0, 8 or 16 bytes, of which the length is one that fits in.
        prefix: &'a [u8],
    },
    /// Type 25 (RFC 8106 §5.1).
    RecursiveDns {
        /// Reserved.
        reserved: [u8; 2],
        /// How long the servers may be used, in seconds, all ones for ever.
        lifetime: u32,
        /// The servers, one at least.
        servers: &'a [[u8; 16]],
    },
    /// Type 31 (RFC 8106 §5.2).
    DnsSearchList {
        /// Reserved.
        reserved: [u8; 2],
        /// How long the domains may be used, in seconds, all ones for ever.
        lifetime: u32,
        /// The domains.
        domains: SearchList<'a>,
    },
    /// Type 38 (RFC 8781).
    Pref64(Pref64),
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
            Self::RouteInformation { .. } => NdpOptionType::ROUTE_INFORMATION,
            Self::RecursiveDns { .. } => NdpOptionType::RECURSIVE_DNS,
            Self::DnsSearchList { .. } => NdpOptionType::DNS_SEARCH_LIST,
            Self::Pref64(_) => NdpOptionType::PREF64,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Writes the option; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if its data with 2 bytes more is no multiple of 8, or over 2040.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let (mtu, fields);
        let behind = |[r, s]: [u8; 2], lifetime: u32| {
            let [a, b, c, d] = lifetime.to_be_bytes();
            [r, s, a, b, c, d]
        };
        let parts = match self {
            Self::SourceLinkLayer(address) | Self::TargetLinkLayer(address) => [&address.0[..], &[]],
            Self::PrefixInformation(prefix) => [prefix.as_bytes(), &[]],
            Self::RedirectedHeader { reserved, packet } => [&reserved[..], *packet],
            Self::Mtu { reserved, mtu: bytes } => {
                mtu = bytes.to_be_bytes();
                [&reserved[..], &mtu[..]]
            }
            Self::RouteInformation { prefix_length, flags, lifetime, prefix } => {
                fields = behind([*prefix_length, *flags], *lifetime);
                [&fields[..], *prefix]
            }
            Self::RecursiveDns { reserved, lifetime, servers } => {
                fields = behind(*reserved, *lifetime);
                [&fields[..], servers.as_flattened()]
            }
            Self::DnsSearchList { reserved, lifetime, domains } => {
                fields = behind(*reserved, *lifetime);
                [&fields[..], domains.0]
            }
            Self::Pref64(prefix) => [prefix.as_bytes(), &[]],
            Self::Other { data, .. } => [*data, &[]],
        };
        let [first, second] = parts;
        let len = first.len().saturating_add(second.len()).saturating_add(2);
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
            (NdpOptionType::ROUTE_INFORMATION, &[prefix_length @ ..=128, flags, a, b, c, d, ref prefix @ ..])
                if prefix.len() <= 16 && usize::from(prefix_length).div_ceil(8) <= prefix.len() =>
            {
                let lifetime = u32::from_be_bytes([a, b, c, d]);
                NdpOption::RouteInformation { prefix_length, flags, lifetime, prefix }
            }
            (NdpOptionType::RECURSIVE_DNS, &[r, s, a, b, c, d, ref servers @ ..]) => {
                match <[[u8; 16]]>::ref_from_bytes(servers) {
                    Ok(servers) if !servers.is_empty() => {
                        let lifetime = u32::from_be_bytes([a, b, c, d]);
                        NdpOption::RecursiveDns { reserved: [r, s], lifetime, servers }
                    }
                    _ => NdpOption::Other { kind, data },
                }
            }
            (NdpOptionType::DNS_SEARCH_LIST, &[r, s, a, b, c, d, ref domains @ ..]) if !domains.is_empty() => {
                let lifetime = u32::from_be_bytes([a, b, c, d]);
                NdpOption::DnsSearchList { reserved: [r, s], lifetime, domains: SearchList(domains) }
            }
            (NdpOptionType::PREF64, data) => match Pref64::ref_from_bytes(data) {
                Ok(prefix) => NdpOption::Pref64(*prefix),
                Err(_) => NdpOption::Other { kind, data },
            },
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
    use crate::Headroom;
    use crate::ip::IpProtocol;
    use std::string::ToString;
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
            // A prefix of NAT64's and one of the link's that are too short (RFC 8781 §4, RFC 4861 §4.6.2).
            NdpOption::Other { kind: NdpOptionType::PREF64, data: &[1; 6] },
            NdpOption::Other { kind: NdpOptionType::PREFIX_INFORMATION, data: &[2; 22] },
            // A link-layer address that is not Ethernet's is kept as it is.
            NdpOption::Other { kind: NdpOptionType::SOURCE_LINK_LAYER, data: &[7; 14] },
        ];
        let mut buffer = [0; 128];
        let mut bytes = Writer::new(LayerName::NDP_OPTION, &mut buffer);
        expected.iter().for_each(|option| option.write(&mut bytes).unwrap());
        assert_eq!(bytes.len(), 8 + 32 + 16 + 8 + 8 + 8 + 24 + 16);
        assert_eq!(bytes.written()[..8], [2, 1, 1, 2, 3, 4, 5, 6]);
        let options: Vec<_> = NdpOptions::new(bytes.written()).map(Result::unwrap).collect();
        assert_eq!(options, expected);
    }

    /// RFC 4191 §2.3, RFC 8106 §5, RFC 8781 §4, with bytes by hand.
    #[test]
    fn options_of_later_rfcs() {
        let servers = [[0xfd; 16], [0xfe; 16]];
        let prefix = [0x20, 1, 0xd, 0xb8, 0, 1, 0, 0];
        let route = [&[24, 2, 64, 0x08, 0, 0, 7, 8][..], &prefix].concat();
        let dns = [&[25, 5, 0, 0, 0, 0, 0x0e, 0x10][..], &[0xfd; 16], &[0xfe; 16]].concat();
        let names = b"\x03pod\x07cluster\x00\x05local\x00\x00\x00\x00\x00";
        let search = [&[31, 4, 0, 0, 0, 0, 0, 60][..], names].concat();
        // 1800 seconds are 225 eights, 64 bits have code 1: 225 << 3 | 1.
        let nat = [&[38, 2, 0x07, 0x09, 0, 0x64, 0xff, 0x9b][..], &[0; 8]].concat();
        let bytes = [route, dns, search, nat].concat();
        let pref64 = Pref64::new("64:ff9b::".parse().unwrap(), 64, 1800).unwrap();
        let expected = [
            NdpOption::RouteInformation { prefix_length: 64, flags: 0x08, lifetime: 0x0708, prefix: &prefix },
            NdpOption::RecursiveDns { reserved: [0; 2], lifetime: 3600, servers: &servers },
            NdpOption::DnsSearchList { reserved: [0; 2], lifetime: 60, domains: SearchList(names) },
            NdpOption::Pref64(pref64),
        ];
        assert_eq!(NdpOptions::new(&bytes).map(Result::unwrap).collect::<Vec<_>>(), expected);
        let mut buffer = [0; 128];
        let mut written = Writer::new(LayerName::NDP_OPTION, &mut buffer);
        expected.iter().for_each(|option| option.write(&mut written).unwrap());
        assert_eq!(written.written(), bytes);

        let domains: Vec<_> = SearchList(names).iter().map(|name| name.to_string()).collect();
        assert_eq!(domains, ["pod.cluster", "local"]);
        for broken in [&b"\x03po"[..], b"\x03pod", b"\xc0\x00", b"\x00\x03pod\x00", b""] {
            assert_eq!(SearchList(broken).iter().count(), 0, "{broken:?}");
        }
        assert_eq!((pref64.lifetime(), pref64.prefix_length()), (1800, Some(64)));
        assert_eq!(pref64.prefix(), "64:ff9b::".parse::<Ipv6Addr>().unwrap());
        let new = |length, lifetime| Pref64::new(Ipv6Addr::LOCALHOST, length, lifetime);
        assert_eq!(
            (new(33, 8), new(32, 1).unwrap().lifetime(), new(96, 65_535).unwrap().lifetime()),
            (None, 8, 65_528)
        );
        let [unknown] = [[38, 2, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]];
        let Some(Ok(NdpOption::Pref64(unknown))) = NdpOptions::new(&unknown).next() else { panic!() };
        assert_eq!(unknown.prefix_length(), None);

        // Lengths that the RFCs do not have: kept as they are.
        for (kind, words, first) in
            [(24, 1, 1), (24, 2, 65), (24, 4, 0), (24, 3, 129), (25, 1, 0), (25, 2, 0), (31, 1, 0), (38, 1, 0)]
        {
            let mut bytes = [0; 32];
            bytes[..3].copy_from_slice(&[kind, words, first]);
            let option = NdpOptions::new(&bytes[..8 * usize::from(words)]).next().unwrap().unwrap();
            assert!(matches!(option, NdpOption::Other { .. }), "{option:?}");
        }
        for (words, first) in [(1, 0), (2, 64), (3, 128)] {
            let mut bytes = [0; 24];
            bytes[..3].copy_from_slice(&[24, words, first]);
            let option = NdpOptions::new(&bytes[..8 * usize::from(words)]).next().unwrap().unwrap();
            assert!(matches!(option, NdpOption::RouteInformation { .. }), "{option:?}");
        }
    }

    /// RFC 4861 §6.1.1, §6.1.2, §7.1.1, §7.1.2, §8.1, rule by rule.
    #[test]
    fn what_a_node_believes() {
        let (link_local, global) = ("fe80::1".parse().unwrap(), "2001:db8::1".parse::<Ipv6Addr>().unwrap());
        let (many, nobody) = ("ff02::1".parse::<Ipv6Addr>().unwrap(), Ipv6Addr::UNSPECIFIED);
        let solicited_node = "ff02::1:ff00:1".parse::<Ipv6Addr>().unwrap();
        let source_option = [1, 1, 2, 0, 0, 0, 0, 9];
        let believed = |message: NdpMessage, options: &[u8], [source, destination]: [Ipv6Addr; 2], hops, code| {
            let mut buffer = [0; 80];
            let mut packet = Headroom::with_payload(&mut buffer, options).unwrap();
            message.prepend(&pseudo(), &mut packet).unwrap();
            packet.packet_mut()[1] = code;
            let mut ip = Ipv6Header::new(source, destination, IpProtocol::ICMPV6);
            ip.set_hop_limit(hops);
            let icmp = Icmpv6Packet::parse(packet.packet()).unwrap();
            NdpMessage::parse_valid(&icmp, &ip).unwrap().map(|(parsed, _)| assert_eq!(parsed, message))
        };
        let malformed = |field, value, rule| Err(Error::Malformed { layer: LayerName::ICMPV6, field, value, rule });
        let solicitation = NdpMessage::NeighborSolicitation(Neighbor::new(0, global));
        let ends = [link_local, global];
        assert_eq!(believed(solicitation, &source_option, ends, 255, 0), Ok(()));
        assert_eq!(believed(solicitation, &[], ends, 254, 0), malformed("hop limit", 254, Rule::Exactly(255)));
        assert_eq!(believed(solicitation, &[], ends, 255, 9), malformed("code", 9, Rule::Exactly(0)));
        assert!(believed(solicitation, &[1, 0, 0, 0, 0, 0, 0, 0], ends, 255, 0).is_err(), "an option without a length");

        let good = |message, options: &[u8], ends| believed(message, options, ends, 255, 0).is_ok();
        let to_many = NdpMessage::NeighborSolicitation(Neighbor::new(0, many));
        let field = "first byte of the target address";
        assert_eq!(believed(to_many, &[], ends, 255, 0), malformed(field, 0xff, Rule::AtMost(0xfe)));
        assert!(good(solicitation, &[], [nobody, solicited_node]), "duplicate address detection");
        assert!(!good(solicitation, &source_option, [nobody, solicited_node]));
        assert!(!good(solicitation, &[], [nobody, many]) && !good(solicitation, &[], [nobody, global]));

        let advertisement = |flags, target| NdpMessage::NeighborAdvertisement(Neighbor::new(flags, target));
        assert!(good(advertisement(0x60, global), &[], ends) && good(advertisement(0x20, global), &[], [global, many]));
        assert!(!good(advertisement(0x60, global), &[], [global, many]) && !good(advertisement(0x60, many), &[], ends));

        let asked = NdpMessage::RouterSolicitation([0; 4]);
        assert!(good(asked, &source_option, [global, many]) && good(asked, &[], [nobody, many]));
        assert!(!good(asked, &source_option, [nobody, many]));
        let router = NdpMessage::RouterAdvertisement(RouterAdvertisement::new(64, 0, 1800, 0, 0));
        assert!(good(router, &source_option, [link_local, many]));
        // 2001 is 0010 0000 0000 0001, fe80 is 1111 1110 1000 0000.
        let (field, rule) = ("first 10 bits of the source address", Rule::Exactly(0b11_1111_1010));
        assert_eq!(believed(router, &[], [global, many], 255, 0), malformed(field, 0b00_1000_0000, rule));

        let redirect = |target, about| NdpMessage::Redirect(Redirect::new(target, about));
        assert!(good(redirect(link_local, global), &[], ends) && good(redirect(global, global), &[], ends));
        assert!(!good(redirect(global, link_local), &[], ends) && !good(redirect(link_local, many), &[], ends));
        assert!(!good(redirect(link_local, global), &[], [global, global]));
        assert!(
            NdpMessage::parse_valid(
                &Icmpv6Packet::parse(&[200, 0, 0, 0][..]).unwrap(),
                &Ipv6Header::new(global, global, IpProtocol::ICMPV6)
            )
            .is_none()
        );
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
