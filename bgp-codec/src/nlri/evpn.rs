//! Ethernet VPN routes (RFC 7432 §7, RFC 9136 §3, RFC 9251 §9, RFC 9572 §3).
//!
//! ```text
//!  0       8       16
//!  +-------+-------+-----------------+
//!  | type  | length| value …         |
//!  +-------+-------+-----------------+
//! ```
//!
//! | type | value, bytes in brackets |
//! | --- | --- |
//! | 1 | RD (8), ESI (10), Ethernet tag (4), label (3) |
//! | 2 | RD (8), ESI (10), Ethernet tag (4), 48 (1), MAC (6), address length (1), address (0, 4, 16), label (3), label (0, 3) |
//! | 3 | RD (8), Ethernet tag (4), address length (1), originator (4, 16) |
//! | 4 | RD (8), ESI (10), address length (1), originator (4, 16) |
//! | 5 | RD (8), ESI (10), Ethernet tag (4), prefix length (1), prefix (4, 16), gateway (4, 16), label (3) |
//! | 6 | RD (8), Ethernet tag (4), source, group, originator (each behind its length in bits), flags (1) |
//! | 7 | RD (8), ESI (10), Ethernet tag (4), source, group, originator, flags (1) |
//! | 8 | as 7, but reserved (4) and maximum response time (1) before the flags |
//! | 9 | RD (8), Ethernet tag (4), region (8) |
//! | 10 | RD (8), Ethernet tag (4), source, group, originator |
//! | 11 | the route that is answered, type and length included; originator |

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::MacAddr;
use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::typed::{Typed, TypedRoute};
use crate::family::Afi;
use crate::value::address::{read_address, write_address, write_bare_address};
use crate::value::extended_community::ExtendedCommunity;
use crate::value::label::Label;
use crate::value::prefix::IpPrefix;
use crate::wire::Reader;

open_set! {
    /// What an Ethernet VPN route is for.
    pub struct EvpnType(u8) {
        /// A multihomed segment is reached here.
        ETHERNET_AUTO_DISCOVERY = 1, "ethernet-auto-discovery";
        /// A MAC address, and perhaps its IP address.
        MAC_IP = 2, "mac-ip";
        /// Broadcast, unknown and multicast frames are wanted here.
        INCLUSIVE_MULTICAST = 3, "inclusive-multicast";
        /// A multihomed segment's member.
        ETHERNET_SEGMENT = 4, "ethernet-segment";
        /// An IP prefix.
        IP_PREFIX = 5, "ip-prefix";
        /// Multicast groups that are wanted.
        SELECTIVE_MULTICAST = 6, "selective-multicast";
        /// A join that a segment's members have in common.
        MULTICAST_JOIN = 7, "multicast-join-sync";
        /// A leave that a segment's members have in common.
        MULTICAST_LEAVE = 8, "multicast-leave-sync";
        /// A region's inclusive tunnel.
        PER_REGION = 9, "per-region-i-pmsi";
        /// A selective tunnel.
        S_PMSI = 10, "s-pmsi";
        /// An answer to a tunnel.
        LEAF = 11, "leaf";
    }
}

/// The identifier of a multihomed Ethernet segment (RFC 7432 §5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Esi(pub [u8; 10]);

/// What a segment's identifier is made of, by its first byte (RFC 7432 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EsiKind {
    /// 0: what the operator chose; nothing but zero for a segment with one link.
    Arbitrary([u8; 9]),
    /// 1: the customer's end of a link aggregation.
    Lacp {
        /// Its system MAC address.
        mac: MacAddr,
        /// Its port key.
        port_key: u16,
    },
    /// 2: the root of a spanning tree.
    Bridge {
        /// Its MAC address.
        mac: MacAddr,
        /// Its priority.
        priority: u16,
    },
    /// 3: a system and a number, of 24 bits.
    Mac(MacAddr, u32),
    /// 4: a router and a number.
    RouterId(Ipv4Addr, u32),
    /// 5: an AS and a number.
    As(u32, u32),
    /// Another.
    Other,
}

impl Esi {
    /// What it is made of.
    #[must_use]
    pub const fn kind(&self) -> EsiKind {
        let [kind, value @ ..] = self.0;
        let [a, b, c, d, e, f, g, h, i] = value;
        let mac = MacAddr([a, b, c, d, e, f]);
        let (first, second) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        match kind {
            0 => EsiKind::Arbitrary(value),
            1 => EsiKind::Lacp { mac, port_key: u16::from_be_bytes([g, h]) },
            2 => EsiKind::Bridge { mac, priority: u16::from_be_bytes([g, h]) },
            3 => EsiKind::Mac(mac, u32::from_be_bytes([0, g, h, i])),
            4 => EsiKind::RouterId(Ipv4Addr::from_bits(first), second),
            5 => EsiKind::As(first, second),
            _ => EsiKind::Other,
        }
    }
}

impl fmt::Display for Esi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(n, byte)| write!(f, "{}{byte:02x}", if n == 0 { "" } else { ":" }))
    }
}

impl fmt::Debug for Esi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Who wants a multicast group, as types 6 to 8 and 10 have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Membership {
    /// The source; none for all.
    pub source: Option<IpAddr>,
    /// The group; none for all.
    pub group: Option<IpAddr>,
    /// The router that says so.
    pub originator: Option<IpAddr>,
}

impl Membership {
    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { source: read_address(from)?, group: read_address(from)?, originator: read_address(from)? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        [self.source, self.group, self.originator].into_iter().try_for_each(|address| write_address(address, to))
    }
}

impl fmt::Display for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [("source", self.source), ("group", self.group), ("originator", self.originator)];
        named.into_iter().try_for_each(|(name, address)| address.map_or(Ok(()), |at| write!(f, " {name} {at}")))
    }
}

/// An Ethernet VPN route.
pub type EvpnRoute<'a> = Typed<'a, KnownEvpn>;

/// An Ethernet VPN route behind its distinguisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownEvpn {
    /// Type 1.
    EthernetAutoDiscovery {
        /// The segment.
        esi: Esi,
        /// The broadcast domain; all ones for the whole segment.
        ethernet_tag: u32,
        /// Label or VNI.
        label: Label,
    },
    /// Type 2.
    MacIp {
        /// The segment; zero if it has one link.
        esi: Esi,
        /// The broadcast domain.
        ethernet_tag: u32,
        /// The MAC address.
        mac: MacAddr,
        /// Its IP address, if it is known.
        address: Option<IpAddr>,
        /// Label or VNI of the bridge.
        label: Label,
        /// Label or VNI of the router.
        second_label: Option<Label>,
    },
    /// Type 3.
    InclusiveMulticast {
        /// The broadcast domain.
        ethernet_tag: u32,
        /// The router that says so.
        originator: Option<IpAddr>,
    },
    /// Type 4.
    EthernetSegment {
        /// The segment.
        esi: Esi,
        /// The router that says so.
        originator: Option<IpAddr>,
    },
    /// Type 5.
    IpPrefix {
        /// The segment behind which the prefix is; zero for none.
        esi: Esi,
        /// The broadcast domain.
        ethernet_tag: u32,
        /// The prefix.
        prefix: IpPrefix,
        /// The router behind which the prefix is; zero for none.
        gateway: IpAddr,
        /// Label or VNI.
        label: Label,
    },
    /// Type 6.
    SelectiveMulticast {
        /// The broadcast domain.
        ethernet_tag: u32,
        /// Who wants what.
        membership: Membership,
        /// IGMP and MLD versions, include or exclude.
        flags: u8,
    },
    /// Type 7.
    MulticastJoin {
        /// The segment.
        esi: Esi,
        /// The broadcast domain.
        ethernet_tag: u32,
        /// Who wants what.
        membership: Membership,
        /// IGMP and MLD versions, include or exclude.
        flags: u8,
    },
    /// Type 8.
    MulticastLeave {
        /// The segment.
        esi: Esi,
        /// The broadcast domain.
        ethernet_tag: u32,
        /// Who wants what no longer.
        membership: Membership,
        /// Reserved.
        reserved: u32,
        /// How long answers are waited for.
        max_response_time: u8,
        /// IGMP and MLD versions, include or exclude.
        flags: u8,
    },
    /// Type 9.
    PerRegion {
        /// The broadcast domain.
        ethernet_tag: u32,
        /// The region: an extended community, of a source AS or an area (RFC 9572 §3.1).
        region: ExtendedCommunity,
    },
    /// Type 10.
    SPmsi {
        /// The broadcast domain.
        ethernet_tag: u32,
        /// Which groups.
        membership: Membership,
    },
}

impl KnownEvpn {
    /// What tells a route from others of its type (RFC 7432 §7.1 to §7.4, RFC 9136 §3.1): the rest is zero.
    #[must_use]
    pub const fn key(self) -> Self {
        const NONE: Label = Label::of_vni(0);
        const NO_SEGMENT: Esi = Esi([0; 10]);
        match self {
            Self::EthernetAutoDiscovery { esi, ethernet_tag, .. } => {
                Self::EthernetAutoDiscovery { esi, ethernet_tag, label: NONE }
            }
            Self::MacIp { ethernet_tag, mac, address, .. } => {
                Self::MacIp { esi: NO_SEGMENT, ethernet_tag, mac, address, label: NONE, second_label: None }
            }
            Self::IpPrefix { ethernet_tag, prefix, .. } => {
                let gateway = match prefix {
                    IpPrefix::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
                    IpPrefix::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
                };
                Self::IpPrefix { esi: NO_SEGMENT, ethernet_tag, prefix, gateway, label: NONE }
            }
            other => other,
        }
    }
}

impl TypedRoute for KnownEvpn {
    type Kind = EvpnType;

    const LEAF: Option<EvpnType> = Some(EvpnType::LEAF);
    const HAS_LEAF_LEN: bool = true;

    fn kind(&self) -> EvpnType {
        match self {
            Self::EthernetAutoDiscovery { .. } => EvpnType::ETHERNET_AUTO_DISCOVERY,
            Self::MacIp { .. } => EvpnType::MAC_IP,
            Self::InclusiveMulticast { .. } => EvpnType::INCLUSIVE_MULTICAST,
            Self::EthernetSegment { .. } => EvpnType::ETHERNET_SEGMENT,
            Self::IpPrefix { .. } => EvpnType::IP_PREFIX,
            Self::SelectiveMulticast { .. } => EvpnType::SELECTIVE_MULTICAST,
            Self::MulticastJoin { .. } => EvpnType::MULTICAST_JOIN,
            Self::MulticastLeave { .. } => EvpnType::MULTICAST_LEAVE,
            Self::PerRegion { .. } => EvpnType::PER_REGION,
            Self::SPmsi { .. } => EvpnType::S_PMSI,
        }
    }

    fn read_header(from: &mut Reader<'_>) -> Result<(EvpnType, u8), Error> {
        from.array().map(|[kind, len]| (EvpnType(kind), len))
    }

    fn write_kind(kind: EvpnType, to: &mut Writer<'_>) -> Result<(), Error> {
        to.write_all(&[&[kind.0]])
    }

    fn is_read(kind: EvpnType) -> bool {
        matches!(kind.0, 1..=10)
    }

    fn read(kind: EvpnType, _: Afi, from: &mut Reader<'_>) -> Result<Self, Error> {
        let esi = |from: &mut Reader<'_>| from.array().map(Esi);
        Ok(match kind {
            EvpnType::ETHERNET_AUTO_DISCOVERY => {
                Self::EthernetAutoDiscovery { esi: esi(from)?, ethernet_tag: from.u32()?, label: Label::read(from)? }
            }
            EvpnType::MAC_IP => {
                let (esi, ethernet_tag, bits) = (esi(from)?, from.u32()?, from.u8()?);
                //= RFC 7432 §7.2/mac-length
                if bits != 48 {
                    return Err(from.malformed("MAC address length", u32::from(bits), Rule::Exactly(48)));
                }
                let mac = MacAddr(from.array()?);
                let address = read_address(from)?;
                let label = Label::read(from)?;
                let second_label = if from.is_empty() { None } else { Some(Label::read(from)?) };
                Self::MacIp { esi, ethernet_tag, mac, address, label, second_label }
            }
            EvpnType::INCLUSIVE_MULTICAST => {
                Self::InclusiveMulticast { ethernet_tag: from.u32()?, originator: read_address(from)? }
            }
            EvpnType::ETHERNET_SEGMENT => Self::EthernetSegment { esi: esi(from)?, originator: read_address(from)? },
            EvpnType::IP_PREFIX => {
                let (esi, ethernet_tag, bits) = (esi(from)?, from.u32()?, from.u8()?);
                //= RFC 9136 §3.1/family
                // The address family is told by the length of the whole.
                let (afi, len) = if from.rest().len() == 11 { (Afi::IPV4, 4) } else { (Afi::IPV6, 16) };
                let mut inner = Reader::new(from.layer(), from.take(len)?);
                let prefix = IpPrefix::read_bits(afi, &mut inner, bits)?;
                let gateway = match afi {
                    Afi::IPV4 => from.array::<4>()?.into(),
                    _ => from.array::<16>()?.into(),
                };
                Self::IpPrefix { esi, ethernet_tag, prefix, gateway, label: Label::read(from)? }
            }
            EvpnType::SELECTIVE_MULTICAST => Self::SelectiveMulticast {
                ethernet_tag: from.u32()?,
                membership: Membership::read(from)?,
                flags: from.u8()?,
            },
            EvpnType::MULTICAST_JOIN => Self::MulticastJoin {
                esi: esi(from)?,
                ethernet_tag: from.u32()?,
                membership: Membership::read(from)?,
                flags: from.u8()?,
            },
            EvpnType::MULTICAST_LEAVE => Self::MulticastLeave {
                esi: esi(from)?,
                ethernet_tag: from.u32()?,
                membership: Membership::read(from)?,
                reserved: from.u32()?,
                max_response_time: from.u8()?,
                flags: from.u8()?,
            },
            //= RFC 9572 §3.1/region
            EvpnType::PER_REGION => {
                Self::PerRegion { ethernet_tag: from.u32()?, region: ExtendedCommunity(from.array()?) }
            }
            EvpnType::S_PMSI => Self::SPmsi { ethernet_tag: from.u32()?, membership: Membership::read(from)? },
            _ => return Err(from.malformed("type", u32::from(kind.0), Rule::Known)),
        })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::EthernetAutoDiscovery { esi, ethernet_tag, label } => {
                to.put(&esi.0)?.u32(ethernet_tag)?.put(&label.to_bytes())?;
            }
            Self::MacIp { esi, ethernet_tag, mac, address, label, second_label } => {
                to.put(&esi.0)?.u32(ethernet_tag)?.u8(48)?.put(&mac.0)?;
                write_address(address, to)?;
                to.put(&label.to_bytes())?;
                if let Some(label) = second_label {
                    to.put(&label.to_bytes())?;
                }
            }
            Self::InclusiveMulticast { ethernet_tag, originator } => write_address(originator, to.u32(ethernet_tag)?)?,
            Self::EthernetSegment { esi, originator } => write_address(originator, to.put(&esi.0)?)?,
            Self::IpPrefix { esi, ethernet_tag, prefix, gateway, label } => {
                to.put(&esi.0)?.u32(ethernet_tag)?.u8(prefix.len())?;
                write_bare_address(prefix.address(), to)?;
                write_bare_address(gateway, to)?;
                to.put(&label.to_bytes())?;
            }
            Self::SelectiveMulticast { ethernet_tag, membership, flags } => {
                membership.write(to.u32(ethernet_tag)?)?;
                to.u8(flags)?;
            }
            Self::MulticastJoin { esi, ethernet_tag, membership, flags } => {
                membership.write(to.put(&esi.0)?.u32(ethernet_tag)?)?;
                to.u8(flags)?;
            }
            Self::MulticastLeave { esi, ethernet_tag, membership, reserved, max_response_time, flags } => {
                membership.write(to.put(&esi.0)?.u32(ethernet_tag)?)?;
                to.u32(reserved)?.u8(max_response_time)?.u8(flags)?;
            }
            Self::PerRegion { ethernet_tag, region } => {
                to.u32(ethernet_tag)?.put(&region.0)?;
            }
            Self::SPmsi { ethernet_tag, membership } => membership.write(to.u32(ethernet_tag)?)?,
        }
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EthernetAutoDiscovery { esi, ethernet_tag, label } => {
                write!(f, " esi {esi} tag {ethernet_tag} label {label}")
            }
            Self::MacIp { esi, ethernet_tag, mac, address, label, second_label } => {
                write!(f, " esi {esi} tag {ethernet_tag} {mac}")?;
                address.map_or(Ok(()), |address| write!(f, " {address}"))?;
                write!(f, " label {label}")?;
                second_label.map_or(Ok(()), |label| write!(f, "/{label}"))
            }
            Self::InclusiveMulticast { ethernet_tag, originator } => {
                write!(f, " tag {ethernet_tag}")?;
                originator.map_or(Ok(()), |address| write!(f, " {address}"))
            }
            Self::EthernetSegment { esi, originator } => {
                write!(f, " esi {esi}")?;
                originator.map_or(Ok(()), |address| write!(f, " {address}"))
            }
            Self::IpPrefix { esi, ethernet_tag, prefix, gateway, label } => {
                write!(f, " esi {esi} tag {ethernet_tag} {prefix} gateway {gateway} label {label}")
            }
            Self::SelectiveMulticast { ethernet_tag, membership, flags } => {
                write!(f, " tag {ethernet_tag}{membership} flags {flags:#04x}")
            }
            Self::MulticastJoin { esi, ethernet_tag, membership, flags }
            | Self::MulticastLeave { esi, ethernet_tag, membership, flags, .. } => {
                write!(f, " esi {esi} tag {ethernet_tag}{membership} flags {flags:#04x}")
            }
            Self::PerRegion { ethernet_tag, region } => {
                write!(f, " tag {ethernet_tag} region {region}")
            }
            Self::SPmsi { ethernet_tag, membership } => write!(f, " tag {ethernet_tag}{membership}"),
        }
    }
}
