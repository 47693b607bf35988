//! What IPv4 and IPv6 share: protocol numbers, the version nibble, and the ECN field.

use crate::{Error, LayerName};

crate::open_set! {
    /// What an IPv4 packet or an IPv6 header carries next (IANA's "Protocol Numbers").
    pub struct IpProtocol(u8) {
        /// IPv6 hop-by-hop options (RFC 8200 §4.3).
        HOP_BY_HOP = 0, "IPv6 hop-by-hop options";
        /// ICMP for IPv4.
        ICMP = 1, "ICMP";
        /// IGMP.
        IGMP = 2, "IGMP";
        /// IPv4 in IP (RFC 2003).
        IPV4 = 4, "IPv4";
        /// TCP.
        TCP = 6, "TCP";
        /// UDP.
        UDP = 17, "UDP";
        /// DCCP (RFC 4340).
        DCCP = 33, "DCCP";
        /// IPv6 in IP (RFC 4213, RFC 2473).
        IPV6 = 41, "IPv6";
        /// IPv6 routing header.
        ROUTING = 43, "IPv6 routing";
        /// IPv6 fragment header.
        FRAGMENT = 44, "IPv6 fragment";
        /// RSVP.
        RSVP = 46, "RSVP";
        /// GRE.
        GRE = 47, "GRE";
        /// IP encapsulating security payload (RFC 4303).
        ESP = 50, "ESP";
        /// IP authentication header (RFC 4302).
        AUTHENTICATION = 51, "AH";
        /// ICMP for IPv6.
        ICMPV6 = 58, "ICMPv6";
        /// Nothing follows (RFC 8200 §4.7).
        NO_NEXT_HEADER = 59, "no next header";
        /// IPv6 destination options.
        DESTINATION_OPTIONS = 60, "IPv6 destination options";
        /// OSPF.
        OSPF = 89, "OSPF";
        /// PIM.
        PIM = 103, "PIM";
        /// VRRP (RFC 9568).
        VRRP = 112, "VRRP";
        /// SCTP.
        SCTP = 132, "SCTP";
        /// The mobility header (RFC 6275 §6.1).
        MOBILITY = 135, "mobility header";
        /// UDP-Lite (RFC 3828).
        UDP_LITE = 136, "UDP-Lite";
        /// MPLS in IP (RFC 4023).
        MPLS = 137, "MPLS";
        /// HIP (RFC 7401).
        HIP = 139, "HIP";
        /// Ethernet (RFC 8986).
        ETHERNET = 143, "Ethernet";
    }
}

/// Explicit congestion notification (RFC 3168 §5): the two lowest bits of the traffic class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Ecn {
    /// The transport does not take part.
    NotCapable = 0,
    /// ECN-capable, ECT(1).
    Capable1 = 1,
    /// ECN-capable, ECT(0).
    Capable0 = 2,
    /// A router was congested.
    CongestionExperienced = 3,
}

impl Ecn {
    /// The two lowest bits.
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::NotCapable,
            1 => Self::Capable1,
            2 => Self::Capable0,
            _ => Self::CongestionExperienced,
        }
    }
}

/// The version of the IP packet in `bytes`, 4 or 6.
///
/// # Errors
/// [`Error::Truncated`] if there are no bytes; [`Error::Malformed`] if the first nibble is neither.
#[inline]
pub fn version(bytes: &[u8]) -> Result<Version, Error> {
    match bytes.first().map(|byte| byte >> 4) {
        Some(4) => Ok(Version::V4),
        Some(6) => Ok(Version::V6),
        Some(version) => Err(Error::Malformed {
            layer: LayerName::IP,
            field: "version",
            value: u32::from(version),
            rule: crate::Rule::Either(4, 6),
        }),
        None => Err(Error::Truncated { layer: LayerName::IP, needed: 1, available: 0 }),
    }
}

/// Which IP it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn versions() {
        assert_eq!(version(&[0x45]), Ok(Version::V4));
        assert_eq!(version(&[0x60]), Ok(Version::V6));
        assert!(version(&[]).unwrap_err().is_truncated());
        let error = version(&[0x50]).unwrap_err();
        assert_eq!(std::format!("{error}"), "IP is malformed: version is 5, it must be 4 or 6");
    }
}
