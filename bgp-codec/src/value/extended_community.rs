//! EXTENDED COMMUNITIES (RFC 4360) and their IPv6 form (RFC 5701): labels with a type.
//!
//! ```text
//!  0       8       16                                              64
//!  +-------+-------+-----------------------------------------------+
//!  | type  | subty.| value, 6 bytes (18 in the IPv6 form)          |
//!  +-------+-------+-----------------------------------------------+
//! ```
//!
//! Bit 6 of the type says that the community does not leave the AS. Where the first part of a value is an administrator,
//! the type tells what it is: 0 a 2-octet AS, 1 an IPv4 address, 2 a 4-octet AS.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::MacAddr;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::value::tunnel_type::TunnelType;
use crate::wire::hex;

/// The eight bytes of an extended community. [`typed`](Self::typed) tells what they mean.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct ExtendedCommunity(pub [u8; 8]);

/// Who hands out a number, and the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Administrator {
    /// A 2-octet AS.
    As(u16, u32),
    /// An IPv4 address.
    Address(Ipv4Addr, u16),
    /// A 4-octet AS.
    FourOctetAs(u32, u16),
}

impl fmt::Display for Administrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::As(as_number, number) => write!(f, "{as_number}:{number}"),
            Self::Address(address, number) => write!(f, "{address}:{number}"),
            Self::FourOctetAs(as_number, number) => write!(f, "{as_number}:{number}"),
        }
    }
}

/// What an extended community means.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Typed {
    /// Which VPNs import the route (RFC 4360 §4).
    RouteTarget(Administrator),
    /// Which site the route is from (RFC 4360 §5).
    RouteOrigin(Administrator),
    /// The OSPF domain (RFC 4577 §4.2.4).
    OspfDomain(Administrator),
    /// OSPF's area, route type and options (RFC 4577 §4.2.6).
    OspfRouteType {
        /// The area.
        area: u32,
        /// The route type.
        kind: u8,
        /// The options.
        options: u8,
    },
    /// OSPF's router (RFC 4577 §4.2.7).
    OspfRouter(Ipv4Addr),
    /// What collectors sort routes by (RFC 4384).
    DataCollection(Administrator),
    /// The AS of a multicast source (RFC 6514 §6).
    SourceAs(Administrator),
    /// The VRF that a multicast source is behind, which joins are imported to (RFC 6514 §7).
    VrfRouteImport(Administrator),
    /// A layer 2 VPN (RFC 6074 §3.4).
    L2VpnId(Administrator),
    /// The next hop of a multicast tree that is made of segments (RFC 7524 §4).
    SegmentedNextHop(Administrator),
    /// More flags of a multicast tunnel (RFC 7902): 48 bits, the first the highest.
    TunnelFlags(u64),
    /// An intent (RFC 9012 §4.3).
    Color {
        /// The two highest bits, CO: 0 a policy to the next hop, 1 else one to any address of its family, 2 else one to any address (RFC
        /// 9256 §8.8.1).
        flags: u16,
        /// The colour.
        color: u32,
    },
    /// How packets are encapsulated (RFC 9012 §4.1): 8 is VXLAN, 19 Geneve.
    Encapsulation(u16),
    /// Traffic to unknown addresses goes here (RFC 7432 §7.8).
    DefaultGateway,
    /// How often a MAC address has moved (RFC 7432 §7.7).
    MacMobility {
        /// Bit 0: it is static.
        flags: u8,
        /// The count.
        sequence: u32,
    },
    /// The label of a multihomed segment (RFC 7432 §7.5).
    EsiLabel {
        /// Bit 0: single-active.
        flags: u8,
        /// The label's three bytes.
        label: u32,
    },
    /// Which segment's members import the route (RFC 7432 §7.6).
    EsImport(MacAddr),
    /// The MAC address of the router behind a route (RFC 9135 §8.1).
    RouterMac(MacAddr),
    /// Layer 2 attributes (RFC 8214 §3.1).
    Layer2Attributes {
        /// Control flags.
        flags: u16,
        /// MTU; 0 if it is not checked.
        mtu: u16,
    },
    /// Whether a site may only reach a root (RFC 8317 §6.1).
    ETree {
        /// Bit 0: it is a leaf.
        flags: u8,
        /// The label of frames from a leaf: three bytes.
        label: u32,
    },
    /// How a designated forwarder is chosen (RFC 8584 §2.2).
    DfElection {
        /// The algorithm: 0 modulo, 1 the highest random weight, 2 the highest preference, 3 the lowest (RFC 9785).
        algorithm: u8,
        /// Capabilities: 0x4000 by each attachment circuit.
        capabilities: u16,
        /// The preference, of algorithms that have one (RFC 9785 §3).
        preference: u16,
    },
    /// What answers to ARP and neighbour discovery say (RFC 9047 §2): bit 0 a router, bit 1 override, bit 3 immutable.
    ArpNd(u8),
    /// What a router does for multicast (RFC 9251 §9.4): bit 0 it answers for IGMP, bit 1 for MLD.
    MulticastFlags(u16),
    /// The route target of an instance, of routes that a segment's members alone import (RFC 9251 §9.5).
    EviRouteTarget(Administrator),
    /// When a segment's members choose anew (RFC 9722 §2.1): NTP's seconds, and the upper 16 bits of what is below.
    ServiceCarvingTime {
        /// Seconds.
        seconds: u32,
        /// Parts of 65536.
        fraction: u16,
    },
    /// Packets of a flow are let through up to a rate, in bytes a second; 0 drops all, and stands for a negative one (RFC 8955 §7.1).
    TrafficRateBytes {
        /// The AS that says so.
        as_number: u16,
        /// The rate.
        rate: f32,
    },
    /// The same in packets a second (RFC 8955 §7.2).
    TrafficRatePackets {
        /// The AS that says so.
        as_number: u16,
        /// The rate.
        rate: f32,
    },
    /// What else is done with a flow (RFC 8955 §7.3).
    TrafficAction {
        /// A sample is taken.
        sample: bool,
        /// No later rule is looked at, if this is not set.
        terminal: bool,
    },
    /// A flow goes to a VPN (RFC 8955 §7.4).
    Redirect(Administrator),
    /// A flow goes to an address (draft-ietf-idr-flowspec-redirect-ip).
    RedirectToAddress {
        /// The address.
        address: Ipv4Addr,
        /// A copy goes there.
        copy: bool,
    },
    /// A flow goes to the route's next hop (draft-simpson-idr-flowspec-redirect).
    RedirectToNextHop {
        /// A copy goes there.
        copy: bool,
    },
    /// Packets of a flow get a DSCP (RFC 8955 §7.5).
    TrafficMarking(u8),
    /// The bandwidth of a link, in bytes a second (draft-ietf-idr-link-bandwidth).
    LinkBandwidth {
        /// The AS that says so.
        as_number: u16,
        /// The bandwidth.
        rate: f32,
    },
    /// Whether the origin AS is the right one (RFC 8097): 0 valid, 1 not found, 2 invalid.
    OriginValidation(u8),
    /// A VPLS's encapsulation and MTU (RFC 4761 §3.2.4).
    Layer2Info {
        /// The encapsulation.
        encapsulation: u8,
        /// Control flags.
        flags: u8,
        /// MTU.
        mtu: u16,
        /// Preference.
        preference: u16,
    },
    /// A mobile user plane's segment (draft-ietf-bess-mup-safi §3.2).
    MupSegment(u16, u32),
    /// One that is not known.
    Unknown,
}

impl ExtendedCommunity {
    /// A community of a type, a subtype and a value.
    #[must_use]
    pub const fn new(kind: u8, subtype: u8, value: [u8; 6]) -> Self {
        let [a, b, c, d, e, f] = value;
        Self([kind, subtype, a, b, c, d, e, f])
    }

    /// A community of an administrator: [`route_target`](Self::route_target) for instance is one of subtype 2.
    #[must_use]
    pub const fn of(administrator: Administrator, subtype: u8) -> Self {
        match administrator {
            Administrator::As(as_number, number) => {
                let ([a, b], [c, d, e, f]) = (as_number.to_be_bytes(), number.to_be_bytes());
                Self([0, subtype, a, b, c, d, e, f])
            }
            Administrator::Address(address, number) => {
                let ([a, b, c, d], [e, f]) = (address.octets(), number.to_be_bytes());
                Self([1, subtype, a, b, c, d, e, f])
            }
            Administrator::FourOctetAs(as_number, number) => {
                let ([a, b, c, d], [e, f]) = (as_number.to_be_bytes(), number.to_be_bytes());
                Self([2, subtype, a, b, c, d, e, f])
            }
        }
    }

    /// A route target.
    #[must_use]
    pub const fn route_target(administrator: Administrator) -> Self {
        Self::of(administrator, 2)
    }

    /// A flow's rate in bytes a second; 0 drops all.
    #[must_use]
    pub const fn traffic_rate(as_number: u16, rate: f32) -> Self {
        let ([a, b], [c, d, e, f]) = (as_number.to_be_bytes(), rate.to_bits().to_be_bytes());
        Self([0x80, 6, a, b, c, d, e, f])
    }

    /// An intent: of `co` two bits count (RFC 9256 §8.8.1).
    #[must_use]
    pub const fn color(co: u8, color: u32) -> Self {
        let [a, b, c, d] = color.to_be_bytes();
        Self([3, 0x0b, co << 6, 0, a, b, c, d])
    }

    /// The bandwidth of a link in bytes a second, which does not leave the AS.
    #[must_use]
    pub const fn link_bandwidth(as_number: u16, rate: f32) -> Self {
        let ([a, b], [c, d, e, f]) = (as_number.to_be_bytes(), rate.to_bits().to_be_bytes());
        Self([0x40, 4, a, b, c, d, e, f])
    }

    /// How often a MAC address has moved.
    #[must_use]
    pub const fn mac_mobility(is_static: bool, sequence: u32) -> Self {
        let [a, b, c, d] = sequence.to_be_bytes();
        Self([6, 0, is_static as u8, 0, a, b, c, d])
    }

    /// Which segment's members import the route.
    #[must_use]
    pub const fn es_import(mac: MacAddr) -> Self {
        Self::new(6, 2, mac.0)
    }

    /// How packets are encapsulated.
    #[must_use]
    pub const fn encapsulation(tunnel: u16) -> Self {
        let [a, b] = tunnel.to_be_bytes();
        Self([3, 0x0c, 0, 0, 0, 0, a, b])
    }

    /// The MAC address of the router behind a route.
    #[must_use]
    pub const fn router_mac(mac: MacAddr) -> Self {
        Self::new(6, 3, mac.0)
    }

    /// Type and subtype.
    #[must_use]
    pub const fn kind(self) -> (u8, u8) {
        let [kind, subtype, ..] = self.0;
        (kind, subtype)
    }

    /// Whether it leaves the AS.
    #[must_use]
    pub const fn is_transitive(self) -> bool {
        self.kind().0 & 0x40 == 0
    }

    /// The administrator and number, where the type says that there is one.
    const fn administrator(self) -> Administrator {
        self.of_type(self.kind().0 & 0x3f)
    }

    /// The administrator and number of a type.
    const fn of_type(self, kind: u8) -> Administrator {
        let [_, _, a, b, c, d, e, f] = self.0;
        match kind {
            0 => Administrator::As(u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f])),
            1 => Administrator::Address(Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([e, f])),
            _ => Administrator::FourOctetAs(u32::from_be_bytes([a, b, c, d]), u16::from_be_bytes([e, f])),
        }
    }

    /// What it means.
    #[must_use]
    pub const fn typed(self) -> Typed {
        let [kind, subtype, a, b, c, d, e, f] = self.0;
        let (first, last) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([e, f]));
        let (behind, rate) = (u32::from_be_bytes([c, d, e, f]), f32::from_bits(u32::from_be_bytes([c, d, e, f])));
        match (kind, subtype) {
            (0..=2, 2) => Typed::RouteTarget(self.administrator()),
            (0..=2, 3) => Typed::RouteOrigin(self.administrator()),
            (0..=2, 5) => Typed::OspfDomain(self.administrator()),
            (0..=2, 8) => Typed::DataCollection(self.administrator()),
            (0..=2, 9) => Typed::SourceAs(self.administrator()),
            (0..=1, 0x0a) => Typed::L2VpnId(self.administrator()),
            (0 | 0x40, 4) => Typed::LinkBandwidth { as_number: first, rate },
            (1, 7) => Typed::OspfRouter(Ipv4Addr::new(a, b, c, d)),
            (1, 0x0c) => Typed::RedirectToAddress { address: Ipv4Addr::new(a, b, c, d), copy: f & 1 != 0 },
            (1, 0x0b) => Typed::VrfRouteImport(self.administrator()),
            (1, 0x12) => Typed::SegmentedNextHop(self.administrator()),
            (3, 6) => Typed::OspfRouteType { area: u32::from_be_bytes([a, b, c, d]), kind: e, options: f },
            (3, 7) => Typed::TunnelFlags(u64::from_be_bytes([0, 0, a, b, c, d, e, f])),
            (3, 0x0b) => Typed::Color { flags: first, color: behind },
            (3, 0x0c) => Typed::Encapsulation(last),
            (3, 0x0d) => Typed::DefaultGateway,
            (6, 0) => Typed::MacMobility { flags: a, sequence: behind },
            (6, 1) => Typed::EsiLabel { flags: a, label: u32::from_be_bytes([0, d, e, f]) },
            (6, 2) => Typed::EsImport(MacAddr([a, b, c, d, e, f])),
            (6, 3) => Typed::RouterMac(MacAddr([a, b, c, d, e, f])),
            (6, 4) => Typed::Layer2Attributes { flags: first, mtu: u16::from_be_bytes([c, d]) },
            (6, 5) => Typed::ETree { flags: a, label: u32::from_be_bytes([0, d, e, f]) },
            (6, 6) => {
                let capabilities = u16::from_be_bytes([b, c]);
                Typed::DfElection { algorithm: a & 0x1f, capabilities, preference: last }
            }
            (6, 8) => Typed::ArpNd(a),
            //= RFC 9251 §9.4/flags
            (6, 9) => Typed::MulticastFlags(first),
            //= RFC 9251 §9.5/kinds
            (6, 0x0a..=0x0c) => Typed::EviRouteTarget(self.of_type(subtype - 0x0a)),
            (6, 0x0f) => Typed::ServiceCarvingTime { seconds: u32::from_be_bytes([a, b, c, d]), fraction: last },
            (8, 0) => Typed::RedirectToNextHop { copy: f & 1 != 0 },
            (0x0c, 0) => Typed::MupSegment(first, behind),
            (0x43, 0) => Typed::OriginValidation(f),
            (0x80, 6) => Typed::TrafficRateBytes { as_number: first, rate: not_negative(rate) },
            (0x80, 7) => Typed::TrafficAction { sample: f & 2 != 0, terminal: f & 1 != 0 },
            //= RFC 8955 §7.4/forms
            (0x80..=0x82, 8) => Typed::Redirect(self.administrator()),
            (0x80, 9) => Typed::TrafficMarking(f & 0x3f),
            (0x80, 0x0a) => {
                let mtu = u16::from_be_bytes([c, d]);
                Typed::Layer2Info { encapsulation: a, flags: b, mtu, preference: last }
            }
            (0x80, 0x0c) => Typed::TrafficRatePackets { as_number: first, rate: not_negative(rate) },
            _ => Typed::Unknown,
        }
    }
}

//= RFC 8955 §7.1/negative
/// RFC 8955 §7.1: a negative rate counts as zero.
const fn not_negative(rate: f32) -> f32 {
    if rate.is_sign_negative() { 0.0 } else { rate }
}

/// Bits by their names, each behind a colon; those that have none as a number.
fn say_bits(bits: u16, names: &[(u16, &str)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rest = bits;
    for (bit, name) in names.iter().filter(|(bit, _)| bits & bit != 0) {
        write!(f, ":{name}")?;
        rest &= !bit;
    }
    if rest == 0 { Ok(()) } else { write!(f, ":{rest:#x}") }
}

impl fmt::Display for ExtendedCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.typed() {
            Typed::RouteTarget(of) => write!(f, "target:{of}"),
            Typed::RouteOrigin(of) => write!(f, "origin:{of}"),
            Typed::OspfDomain(of) => write!(f, "ospf-domain:{of}"),
            Typed::OspfRouteType { area, kind, options } => {
                write!(f, "ospf-route-type:{}:{kind}:{options}", Ipv4Addr::from_bits(area))
            }
            Typed::OspfRouter(router) => write!(f, "ospf-router:{router}"),
            Typed::DataCollection(of) => write!(f, "data-collection:{of}"),
            Typed::SourceAs(of) => write!(f, "source-as:{of}"),
            Typed::VrfRouteImport(of) => write!(f, "vrf-route-import:{of}"),
            Typed::L2VpnId(of) => write!(f, "l2vpn-id:{of}"),
            Typed::SegmentedNextHop(of) => write!(f, "segmented-nexthop:{of}"),
            Typed::TunnelFlags(flags) => write!(f, "tunnel-flags:{flags:#x}"),
            Typed::Color { flags, color } => write!(f, "color:{:02b}:{color}", flags >> 14),
            Typed::Encapsulation(tunnel) => match TunnelType(tunnel).name() {
                Some(name) => write!(f, "encapsulation:{name}"),
                None => write!(f, "encapsulation:{tunnel}"),
            },
            Typed::DefaultGateway => f.write_str("default-gateway"),
            Typed::MacMobility { flags, sequence } => {
                write!(f, "mac-mobility:{sequence}{}", if flags & 1 == 0 { "" } else { ":static" })
            }
            Typed::EsiLabel { flags, label } => write!(f, "esi-label:{flags}:{label}"),
            Typed::EsImport(mac) => write!(f, "es-import:{mac}"),
            Typed::RouterMac(mac) => write!(f, "router-mac:{mac}"),
            Typed::Layer2Attributes { flags, mtu } => write!(f, "l2-attributes:{flags:#x}:{mtu}"),
            Typed::ETree { flags, label } => {
                write!(f, "e-tree:{}:{label}", if flags & 1 == 0 { "root" } else { "leaf" })
            }
            Typed::DfElection { algorithm, capabilities, preference } => {
                write!(f, "df-election:{algorithm}:{capabilities:#x}")?;
                // Algorithms without one have what is sent as zero in its place.
                if preference == 0 { Ok(()) } else { write!(f, ":{preference}") }
            }
            Typed::ArpNd(flags) => {
                f.write_str("arp-nd")?;
                say_bits(u16::from(flags), &[(1, "router"), (2, "override"), (8, "immutable")], f)
            }
            Typed::MulticastFlags(flags) => {
                f.write_str("multicast-flags")?;
                say_bits(flags, &[(1, "igmp-proxy"), (2, "mld-proxy")], f)
            }
            Typed::EviRouteTarget(of) => write!(f, "evi-target:{of}"),
            Typed::ServiceCarvingTime { seconds, fraction } => {
                write!(f, "service-carving-time:{seconds}+{fraction}/65536")
            }
            Typed::TrafficRateBytes { rate, .. } => write!(f, "rate-limit:{rate}"),
            Typed::TrafficRatePackets { rate, .. } => write!(f, "rate-limit:{rate}:packets"),
            Typed::TrafficAction { sample, terminal } => f.write_str(match (sample, terminal) {
                (false, false) => "action:none",
                (false, true) => "action:terminal",
                (true, false) => "action:sample",
                (true, true) => "action:sample-terminal",
            }),
            Typed::Redirect(of) => write!(f, "redirect:{of}"),
            Typed::RedirectToAddress { address, copy } => {
                write!(f, "{}:{address}", if copy { "copy-to-ip" } else { "redirect-to-ip" })
            }
            Typed::RedirectToNextHop { copy } => {
                f.write_str(if copy { "copy-to-nexthop" } else { "redirect-to-nexthop" })
            }
            Typed::TrafficMarking(dscp) => write!(f, "mark:{dscp}"),
            Typed::LinkBandwidth { as_number, rate } => write!(f, "bandwidth:{as_number}:{rate}"),
            Typed::OriginValidation(state) => write!(f, "origin-validation:{state}"),
            Typed::Layer2Info { encapsulation, flags, mtu, preference } => {
                write!(f, "l2info:{encapsulation}:{flags}:{mtu}:{preference}")
            }
            Typed::MupSegment(first, second) => write!(f, "mup:{first}:{second}"),
            Typed::Unknown => hex(&self.0, f),
        }
    }
}

impl fmt::Debug for ExtendedCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The twenty bytes of an extended community whose administrator is an IPv6 address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Ipv6ExtendedCommunity(pub [u8; 20]);

impl Ipv6ExtendedCommunity {
    /// Type and subtype.
    #[must_use]
    pub const fn kind(&self) -> (u8, u8) {
        let [kind, subtype, ..] = self.0;
        (kind, subtype)
    }

    /// The administrator and the number.
    #[must_use]
    pub fn value(&self) -> (Ipv6Addr, u16) {
        let [_, _, address @ .., high, low] = self.0;
        (address.into(), u16::from_be_bytes([high, low]))
    }
}

/// What each means: route target and origin (RFC 5701 §3), VRF route import (RFC 6515 §6), a flow's redirection to an address
/// (draft-ietf-idr-flowspec-redirect-ip) and to a VPN (RFC 8956 §6.1), a tree's next hop (RFC 7524 §4), an instance's route target (RFC
/// 9251 §9.5).
impl fmt::Display for Ipv6ExtendedCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, number) = self.value();
        match self.kind() {
            (0, 2) => write!(f, "target:[{address}]:{number}"),
            (0, 3) => write!(f, "origin:[{address}]:{number}"),
            (0, 0x0b) => write!(f, "vrf-route-import:[{address}]:{number}"),
            (0, 0x0c) => write!(f, "redirect-to-ip:[{address}]:{number}"),
            //= RFC 8956 §6.1/redirect
            (0, 0x0d) => write!(f, "redirect:[{address}]:{number}"),
            (0, 0x12) => write!(f, "segmented-nexthop:[{address}]:{number}"),
            (6, 0x0d) => write!(f, "evi-target:[{address}]:{number}"),
            (kind, subtype) => write!(f, "{kind:#04x}{subtype:02x}:[{address}]:{number}"),
        }
    }
}

impl fmt::Debug for Ipv6ExtendedCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
