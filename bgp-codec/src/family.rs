//! Address families: what a route is a route to (RFC 4760 §3).

use core::fmt;

use ether_ip::{LayerName, open_set};

/// What a family's routes lead to, as an error names it.
pub const NLRI: LayerName = LayerName::new("NLRI");

open_set! {
    /// Address family identifier.
    pub struct Afi(u16) {
        /// IPv4.
        IPV4 = 1, "ipv4";
        /// IPv6.
        IPV6 = 2, "ipv6";
        /// Layer 2 VPNs (RFC 4761).
        L2VPN = 25, "l2vpn";
        /// BGP link state (RFC 9552).
        LINK_STATE = 16388, "bgp-ls";
    }
}

open_set! {
    /// Subsequent address family identifier.
    pub struct Safi(u8) {
        /// Unicast forwarding (RFC 4760).
        UNICAST = 1, "unicast";
        /// Multicast forwarding, the routes that reverse path checks use (RFC 4760).
        MULTICAST = 2, "multicast";
        /// With MPLS labels (RFC 8277).
        LABELED = 4, "labeled-unicast";
        /// Multicast VPNs (RFC 6514).
        MCAST_VPN = 5, "mcast-vpn";
        /// Pseudowires of several segments (RFC 7267).
        MULTI_SEGMENT_PSEUDOWIRE = 6, "ms-pw";
        /// Ends of tunnels; no longer in use (RFC 5512, RFC 9012).
        ENCAPSULATION = 7, "encapsulation";
        /// Multicast VPLS (RFC 7117).
        MCAST_VPLS = 8, "mcast-vpls";
        /// Chains of service functions (RFC 9015).
        SERVICE_FUNCTION = 9, "sfc";
        /// VPLS (RFC 4761).
        VPLS = 65, "vpls";
        /// Multicast distribution trees (RFC 6037).
        MDT = 66, "mdt";
        /// Ethernet VPNs (RFC 7432).
        EVPN = 70, "evpn";
        /// BGP link state (RFC 9552).
        LINK_STATE = 71, "bgp-ls";
        /// BGP link state of a VPN (RFC 9552).
        LINK_STATE_VPN = 72, "bgp-ls-vpn";
        /// Segment routing policies (RFC 9830).
        SR_POLICY = 73, "sr-policy";
        /// Classful transport (RFC 9832).
        CLASSFUL_TRANSPORT = 76, "classful-transport";
        /// BGP link state whose routes are computed from it (RFC 9815).
        LINK_STATE_SPF = 80, "bgp-ls-spf";
        /// Colour-aware routes (RFC 9871).
        CAR = 83, "car";
        /// Colour-aware routes of VPNs (RFC 9871).
        VPN_CAR = 84, "vpn-car";
        /// Mobile user plane (draft-ietf-bess-mup-safi).
        MUP = 85, "mup";
        /// VPNs with MPLS labels (RFC 4364).
        VPN = 128, "vpn";
        /// Multicast routes of VPNs (RFC 6513 §5.1.1).
        VPN_MULTICAST = 129, "vpn-multicast";
        /// Which route targets a peer wants (RFC 4684).
        ROUTE_TARGET = 132, "route-target";
        /// Flow specifications (RFC 8955).
        FLOW_SPEC = 133, "flow-spec";
        /// Flow specifications of VPNs (RFC 8955 §8).
        FLOW_SPEC_VPN = 134, "flow-spec-vpn";
    }
}

/// A pair of address family and subsequent address family.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Family {
    /// Address family.
    pub afi: Afi,
    /// Subsequent address family.
    pub safi: Safi,
}

macro_rules! families {
    ($($(#[$doc:meta])* $name:ident = $afi:ident, $safi:ident;)*) => {
        impl Family {
            $($(#[$doc])* pub const $name: Self = Self { afi: Afi::$afi, safi: Safi::$safi };)*

            /// Those that have a name here, in the order of a [`FamilySet`].
            pub const KNOWN: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

families! {
    /// IPv4 unicast: what an UPDATE carries outside of MP_REACH_NLRI too.
    IPV4_UNICAST = IPV4, UNICAST;
    /// IPv6 unicast.
    IPV6_UNICAST = IPV6, UNICAST;
    /// IPv4 multicast.
    IPV4_MULTICAST = IPV4, MULTICAST;
    /// IPv6 multicast.
    IPV6_MULTICAST = IPV6, MULTICAST;
    /// IPv4 with labels.
    IPV4_LABELED = IPV4, LABELED;
    /// IPv6 with labels.
    IPV6_LABELED = IPV6, LABELED;
    /// VPNv4.
    IPV4_VPN = IPV4, VPN;
    /// VPNv6.
    IPV6_VPN = IPV6, VPN;
    /// VPNv4 multicast.
    IPV4_VPN_MULTICAST = IPV4, VPN_MULTICAST;
    /// VPNv6 multicast.
    IPV6_VPN_MULTICAST = IPV6, VPN_MULTICAST;
    /// Multicast VPN over IPv4.
    IPV4_MCAST_VPN = IPV4, MCAST_VPN;
    /// Multicast VPN over IPv6.
    IPV6_MCAST_VPN = IPV6, MCAST_VPN;
    /// IPv4 flow specifications.
    IPV4_FLOW_SPEC = IPV4, FLOW_SPEC;
    /// IPv6 flow specifications.
    IPV6_FLOW_SPEC = IPV6, FLOW_SPEC;
    /// IPv4 flow specifications of VPNs.
    IPV4_FLOW_SPEC_VPN = IPV4, FLOW_SPEC_VPN;
    /// IPv6 flow specifications of VPNs.
    IPV6_FLOW_SPEC_VPN = IPV6, FLOW_SPEC_VPN;
    /// IPv4 segment routing policies.
    IPV4_SR_POLICY = IPV4, SR_POLICY;
    /// IPv6 segment routing policies.
    IPV6_SR_POLICY = IPV6, SR_POLICY;
    /// IPv4 mobile user plane.
    IPV4_MUP = IPV4, MUP;
    /// IPv6 mobile user plane.
    IPV6_MUP = IPV6, MUP;
    /// Which route targets a peer wants.
    ROUTE_TARGET = IPV4, ROUTE_TARGET;
    /// VPLS.
    VPLS = L2VPN, VPLS;
    /// Ethernet VPN.
    EVPN = L2VPN, EVPN;
    /// BGP link state.
    LINK_STATE = LINK_STATE, LINK_STATE;
    /// BGP link state of a VPN.
    LINK_STATE_VPN = LINK_STATE, LINK_STATE_VPN;
}

impl Family {
    /// A family by its numbers.
    #[inline]
    #[must_use]
    pub const fn new(afi: u16, safi: u8) -> Self {
        Self { afi: Afi(afi), safi: Safi(safi) }
    }

    /// Its three bytes on the wire.
    #[inline]
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 3] {
        let [high, low] = self.afi.0.to_be_bytes();
        [high, low, self.safi.0]
    }

    /// The most bits that an address of the family has.
    #[inline]
    #[must_use]
    pub const fn address_bits(self) -> u8 {
        if matches!(self.afi, Afi::IPV6) { 128 } else { 32 }
    }

    /// Its bit in a [`FamilySet`], if it is known.
    #[inline]
    const fn bit(self) -> u32 {
        // What nearly every route is of, without a search.
        match self {
            Self::IPV4_UNICAST => return 1,
            Self::IPV6_UNICAST => return 2,
            _ => {}
        }
        let (mut known, mut bit) = (Self::KNOWN, 1);
        while let [first, rest @ ..] = known {
            if first.afi.0 == self.afi.0 && first.safi.0 == self.safi.0 {
                return bit;
            }
            known = rest;
            bit <<= 1;
        }
        0
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.afi, self.safi)
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of families: of those in [`Family::KNOWN`]. Others cannot be in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FamilySet(u32);

impl FamilySet {
    /// None.
    pub const EMPTY: Self = Self(0);
    /// All that are known.
    pub const ALL: Self = Self((1 << Family::KNOWN.len()) - 1);

    /// A set of one family, or of none if the family is not known.
    #[must_use]
    pub const fn of(family: Family) -> Self {
        Self(family.bit())
    }

    /// This set and `family`.
    #[must_use]
    pub const fn with(self, family: Family) -> Self {
        Self(self.0 | family.bit())
    }

    /// This set without `family`.
    #[must_use]
    pub const fn without(self, family: Family) -> Self {
        Self(self.0 & !family.bit())
    }

    /// Whether `family` is in it.
    #[inline]
    #[must_use]
    pub const fn contains(self, family: Family) -> bool {
        self.0 & family.bit() != 0
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in it.
    pub fn iter(self) -> impl Iterator<Item = Family> {
        Family::KNOWN.iter().copied().filter(move |family| self.contains(*family))
    }
}

impl FromIterator<Family> for FamilySet {
    fn from_iter<T: IntoIterator<Item = Family>>(families: T) -> Self {
        families.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for FamilySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn sets_hold_what_is_known() {
        let set: FamilySet = [Family::EVPN, Family::IPV4_UNICAST, Family::new(77, 7)].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Family::IPV4_UNICAST, Family::EVPN]);
        assert!(!set.contains(Family::new(77, 7)) && !set.contains(Family::IPV6_UNICAST));
        assert_eq!(set.without(Family::EVPN), FamilySet::of(Family::IPV4_UNICAST));
        assert_eq!(FamilySet::ALL.iter().count(), Family::KNOWN.len());
        assert_eq!(FamilySet::ALL.and(set), set);
        assert!(FamilySet::EMPTY.is_empty());
        assert_eq!(Family::EVPN.to_string(), "l2vpn evpn");
        assert_eq!(std::format!("{set:?}"), "{ipv4 unicast, l2vpn evpn}");
        assert!(!set.is_empty() && FamilySet::of(Family::new(77, 7)).is_empty());
        assert_eq!(set.with(Family::EVPN), set, "what is in it stays in it");
        assert_eq!((Family::EVPN.address_bits(), Family::IPV6_MUP.address_bits()), (32, 128));
        assert_eq!(Family::new(25, 70), Family::EVPN);
        assert_eq!(Family::LINK_STATE.to_bytes(), [0x40, 0x04, 71]);
    }
}
