//! How a family's routes stand on the wire, beside what the family says: with path identifiers (RFC 7911 §3), and with how many
//! labels (RFC 8277 §2).

use ether_ip::Rule;

use crate::family::{Afi, Family, Safi};

/// How routes stand on the wire. What two speakers agreed on is asked of [`Negotiated`](crate::Negotiated):
/// [`received`](crate::Negotiated::received), [`sent`](crate::Negotiated::sent).
///
/// ```
/// use bgp_codec::nlri::{LabelFormat, RouteFormat, Routes};
/// use bgp_codec::Family;
///
/// // 10.0.0.0/8 with the labels 16 and 17: the S bit, the lowest, is set in the last.
/// let bytes = [56, 0x00, 0x01, 0x00, 0x00, 0x01, 0x11, 10];
/// let stack = RouteFormat::of(Family::IPV4_LABELED).with_labels(LabelFormat::Stack(255));
/// assert_eq!(Routes::new(stack, &bytes).next().unwrap().to_string(), "10.0.0.0/8 label 16/17");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteFormat {
    /// The family.
    pub family: Family,
    /// Whether each route has a path identifier (RFC 7911 §3).
    pub has_path_ids: bool,
    /// Where its labels end, if the family has labels.
    pub labels: LabelFormat,
}

impl RouteFormat {
    /// Routes of a family on a session that agreed on nothing more: no path identifiers, one label.
    #[inline]
    #[must_use]
    pub const fn of(family: Family) -> Self {
        Self { family, has_path_ids: false, labels: LabelFormat::One }
    }

    /// The same with a path identifier in front of each.
    #[inline]
    #[must_use]
    pub const fn with_path_ids(self) -> Self {
        Self { has_path_ids: true, ..self }
    }

    /// The same with labels that end elsewhere.
    #[inline]
    #[must_use]
    pub const fn with_labels(self, labels: LabelFormat) -> Self {
        Self { labels, ..self }
    }
}

/// Where the labels of a route end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum LabelFormat {
    /// There is one, whatever its S bit says (RFC 8277 §2.2): what a session without Multiple Labels has.
    #[default]
    One,
    /// They go on until one has the S bit (RFC 8277 §2.3), and are at most so many: what both sides agreed on with Multiple Labels.
    Stack(u8),
    /// There is none, since the route is withdrawn: three bytes stand in their place that mean nothing (RFC 8277 §2.4). They are
    /// handed out as a label, and written as 0x800000.
    Withdrawn,
    /// There is one; but if what is left is longer than any prefix, they go on until one has the S bit. For a capture, where nobody
    /// saw what was agreed on.
    Likely,
}

impl LabelFormat {
    /// What the number of labels has to be.
    pub(crate) const fn counts(self) -> [Rule; 2] {
        match self {
            Self::One => [Rule::Exactly(1); 2],
            Self::Stack(most) => [Rule::AtLeast(1), Rule::AtMost(most as u32)],
            Self::Withdrawn | Self::Likely => [Rule::AtLeast(1); 2],
        }
    }
}

/// How many labels a route may have, in each family that has them (RFC 8277 §2.1): one where Multiple Labels was not agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LabelCounts([u8; 4]);

impl Default for LabelCounts {
    fn default() -> Self {
        Self::ONE
    }
}

impl LabelCounts {
    /// One in each family.
    pub const ONE: Self = Self([1; 4]);

    /// The families whose routes have labels of this kind.
    pub const FAMILIES: [Family; 4] = [Family::IPV4_LABELED, Family::IPV6_LABELED, Family::IPV4_VPN, Family::IPV6_VPN];

    /// How many labels in a family: 255 for as many as have room, 1 for a family that has none.
    #[inline]
    #[must_use]
    pub const fn of(&self, family: Family) -> u8 {
        let [ipv4, ipv6, ipv4_vpn, ipv6_vpn] = self.0;
        match (family.afi, family.safi) {
            (Afi::IPV4, Safi::LABELED) => ipv4,
            (Afi::IPV6, Safi::LABELED) => ipv6,
            (Afi::IPV4, Safi::VPN) => ipv4_vpn,
            (Afi::IPV6, Safi::VPN) => ipv6_vpn,
            _ => 1,
        }
    }

    /// The same with another number in a family; as it is, if that has no labels.
    #[must_use]
    pub fn with(mut self, family: Family, count: u8) -> Self {
        for (of, place) in Self::FAMILIES.iter().zip(&mut self.0) {
            if *of == family {
                *place = count;
            }
        }
        self
    }
}
