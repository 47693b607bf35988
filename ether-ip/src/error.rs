//! What can be wrong with a packet, and what a builder refuses.
//!
//! Three outcomes are kept apart everywhere: *truncated* (the bytes end before the headers say), *malformed* (the
//! bytes contradict themselves) and *odd* (legal to receive, worth telling). The first two are an [`Error`]; odd
//! things are asked for on the view, as [`Ipv4Packet::checksum_is_valid`](crate::ipv4::Ipv4Packet::checksum_is_valid).

use core::fmt;

/// The layer that an [`Error`] speaks of.
///
/// An open set: the crates that build on this one name layers of their own with [`LayerName::new`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayerName(&'static str);

impl LayerName {
    /// Ethernet II or IEEE 802.3.
    pub const ETHERNET: Self = Self("Ethernet");
    /// An IEEE 802.1Q or 802.1ad tag.
    pub const VLAN: Self = Self("VLAN tag");
    /// IEEE 802.2 logical link control.
    pub const LLC: Self = Self("LLC");
    /// The SNAP header behind LLC.
    pub const SNAP: Self = Self("SNAP");
    /// ARP.
    pub const ARP: Self = Self("ARP");
    /// Raw IP, before its version is known.
    pub const IP: Self = Self("IP");
    /// IPv4.
    pub const IPV4: Self = Self("IPv4");
    /// One option of an IPv4 header.
    pub const IPV4_OPTION: Self = Self("IPv4 option");
    /// IPv6.
    pub const IPV6: Self = Self("IPv6");
    /// IPv6 hop-by-hop options header.
    pub const HOP_BY_HOP: Self = Self("IPv6 hop-by-hop options");
    /// IPv6 destination options header.
    pub const DESTINATION_OPTIONS: Self = Self("IPv6 destination options");
    /// IPv6 routing header.
    pub const ROUTING: Self = Self("IPv6 routing header");
    /// IPv6 fragment header.
    pub const FRAGMENT: Self = Self("IPv6 fragment header");
    /// IP authentication header.
    pub const AUTHENTICATION: Self = Self("IP authentication header");
    /// One option of an IPv6 options header.
    pub const IPV6_OPTION: Self = Self("IPv6 option");
    /// UDP.
    pub const UDP: Self = Self("UDP");
    /// TCP.
    pub const TCP: Self = Self("TCP");
    /// One option of a TCP header.
    pub const TCP_OPTION: Self = Self("TCP option");
    /// ICMP for IPv4.
    pub const ICMPV4: Self = Self("ICMPv4");
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self("ICMPv6");
    /// One option of a neighbour discovery message.
    pub const NDP_OPTION: Self = Self("neighbour discovery option");
    /// GRE.
    pub const GRE: Self = Self("GRE");
    /// An MPLS label stack.
    pub const MPLS: Self = Self("MPLS label stack");
    /// Linux cooked capture, v1 or v2.
    pub const LINUX_COOKED: Self = Self("Linux cooked capture");
    /// BSD null/loopback link layer.
    pub const BSD_LOOPBACK: Self = Self("BSD loopback");
    /// The packet as a whole, as a builder sees it.
    pub const PACKET: Self = Self("packet");

    /// A layer with a name of its own.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name, as it stands in an error's sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Whether a builder can give `field` this value: all `rules` allow it.
    ///
    /// ```
    /// use ether_ip::{LayerName, Rule};
    ///
    /// let check = |len| LayerName::TCP.check("length of the options", len, &[Rule::AtMost(40), Rule::MultipleOf(4)]);
    /// assert!(check(40).is_ok());
    /// let error = check(6).unwrap_err().to_string();
    /// assert_eq!(error, "TCP cannot be built: length of the options would be 6, it must be a multiple of 4");
    /// ```
    ///
    /// # Errors
    /// [`Error::Unbuildable`] with the first rule that does not allow it.
    #[inline]
    pub fn check(self, field: &'static str, value: usize, rules: &[Rule]) -> Result<(), Error> {
        match rules.iter().find(|rule| !rule.allows(value)) {
            Some(&rule) => Err(Error::Unbuildable { layer: self, field, value, rule }),
            None => Ok(()),
        }
    }

    /// A value as `field` of 8 bits.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] over 255.
    #[inline]
    pub fn fit_u8(self, field: &'static str, value: usize) -> Result<u8, Error> {
        let rule = Rule::AtMost(255);
        u8::try_from(value).map_err(|_| Error::Unbuildable { layer: self, field, value, rule })
    }

    /// A value as `field` of 16 bits.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] over 65535.
    #[inline]
    pub fn fit_u16(self, field: &'static str, value: usize) -> Result<u16, Error> {
        let rule = Rule::AtMost(65_535);
        u16::try_from(value).map_err(|_| Error::Unbuildable { layer: self, field, value, rule })
    }
}

impl fmt::Display for LayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for LayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What a field had to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// This value or more.
    AtLeast(u32),
    /// This value or less.
    AtMost(u32),
    /// This value and no other.
    Exactly(u32),
    /// A multiple of this value; zero is one.
    MultipleOf(u32),
    /// A multiple of this value, and not zero.
    PositiveMultipleOf(u32),
    /// A multiple of a unit, and so much more.
    Modulo {
        /// What it is more than a multiple.
        rest: u32,
        /// Of which it is a multiple otherwise.
        unit: u32,
    },
    /// One of these two.
    Either(u32, u32),
    /// One of the values that are known.
    Known,
}

impl Rule {
    /// Whether a value keeps the rule. What is [known](Self::Known) only the layer can tell: here, all is.
    #[inline]
    #[must_use]
    pub const fn allows(self, value: usize) -> bool {
        let value = value as u64;
        match self {
            Self::AtLeast(least) => value >= least as u64,
            Self::AtMost(most) => value <= most as u64,
            Self::Exactly(only) => value == only as u64,
            Self::MultipleOf(unit) => matches!(value.checked_rem(unit as u64), Some(0)),
            Self::PositiveMultipleOf(unit) => value != 0 && matches!(value.checked_rem(unit as u64), Some(0)),
            Self::Modulo { rest, unit } => matches!(value.checked_rem(unit as u64), Some(is) if is == rest as u64),
            Self::Either(one, other) => value == one as u64 || value == other as u64,
            Self::Known => true,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::Exactly(value) => write!(f, "{value}"),
            Self::MultipleOf(unit) => write!(f, "a multiple of {unit}"),
            Self::PositiveMultipleOf(unit) => write!(f, "a multiple of {unit} and not 0"),
            Self::Modulo { rest, unit } => write!(f, "{rest} more than a multiple of {unit}"),
            Self::Either(one, other) => write!(f, "{one} or {other}"),
            Self::Known => f.write_str("one that is known"),
        }
    }
}

/// Why bytes are not the packet that they were read as, or why a packet cannot be built.
///
/// ```
/// use ether_ip::{Error, LayerName, ipv4::Ipv4Packet};
///
/// let error = Ipv4Packet::parse(&[0x45, 0, 0][..]).unwrap_err();
/// assert_eq!(error, Error::Truncated { layer: LayerName::IPV4, needed: 20, available: 3 });
/// assert_eq!(error.to_string(), "IPv4 is truncated: 20 bytes are needed, 3 are there");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes end before the headers say.
    #[error("{layer} is truncated: {needed} bytes are needed, {available} are there")]
    Truncated {
        /// The layer whose bytes end.
        layer: LayerName,
        /// How many bytes it needs, from its first one.
        needed: usize,
        /// How many there are.
        available: usize,
    },
    /// The bytes contradict themselves.
    #[error("{layer} is malformed: {field} is {value}, it must be {rule}")]
    Malformed {
        /// The layer whose field it is.
        layer: LayerName,
        /// The field, as its RFC names it.
        field: &'static str,
        /// Its value; a length in bytes, unless the field's name says else.
        value: u32,
        /// What was allowed.
        rule: Rule,
    },
    /// A checksum was to be computed over a part of what it covers: of a fragment, or of a packet that was cut. Nothing was written.
    #[error("{layer} is not whole: no checksum over it can be computed")]
    NotWhole {
        /// The layer of which there is a part.
        layer: LayerName,
    },
    /// The bytes are good as far as they were read, and carry another layer than was asked for.
    #[error("{layer} carries another layer: {field} is {value}, it must be {rule}")]
    OtherLayer {
        /// The layer that says what it carries.
        layer: LayerName,
        /// The field that it says it in, as its RFC names it.
        field: &'static str,
        /// Its value.
        value: u32,
        /// What it says of the layer that was asked for.
        rule: Rule,
    },
    /// A builder was given less free space than the header takes. Nothing was written.
    #[error("{layer} does not fit: {needed} bytes are needed, {available} are free")]
    NoRoom {
        /// The layer to be built.
        layer: LayerName,
        /// The bytes it takes.
        needed: usize,
        /// The bytes that were free.
        available: usize,
    },
    /// A builder was given a value that the field cannot hold. Nothing was written.
    #[error("{layer} cannot be built: {field} would be {value}, it must be {rule}")]
    Unbuildable {
        /// The layer to be built.
        layer: LayerName,
        /// The field, as its RFC names it.
        field: &'static str,
        /// What it would have to be.
        value: usize,
        /// What it can be.
        rule: Rule,
    },
}

impl Error {
    /// The layer that it speaks of.
    #[must_use]
    pub const fn layer(&self) -> LayerName {
        match *self {
            Self::Truncated { layer, .. }
            | Self::Malformed { layer, .. }
            | Self::NotWhole { layer }
            | Self::OtherLayer { layer, .. }
            | Self::NoRoom { layer, .. }
            | Self::Unbuildable { layer, .. } => layer,
        }
    }

    /// Whether more bytes could have made it good: a cut capture, a partial read.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        matches!(self, Self::Truncated { .. })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn errors_read_as_sentences() {
        let layer = LayerName::IPV4;
        let malformed = Error::Malformed { layer, field: "header length", value: 16, rule: Rule::AtLeast(20) };
        assert_eq!(malformed.to_string(), "IPv4 is malformed: header length is 16, it must be at least 20");
        let other = Error::OtherLayer { layer, field: "protocol", value: 6, rule: Rule::Exactly(17) };
        assert_eq!(other.to_string(), "IPv4 carries another layer: protocol is 6, it must be 17");
        let no_room = Error::NoRoom { layer, needed: 20, available: 4 };
        assert_eq!(no_room.to_string(), "IPv4 does not fit: 20 bytes are needed, 4 are free");
        let unbuildable = Error::Unbuildable { layer, field: "total length", value: 70000, rule: Rule::AtMost(65535) };
        assert_eq!(
            unbuildable.to_string(),
            "IPv4 cannot be built: total length would be 70000, it must be at most 65535"
        );
        let not_whole = Error::NotWhole { layer: LayerName::UDP };
        assert_eq!(not_whole.to_string(), "UDP is not whole: no checksum over it can be computed");
        // What is a multiple, and whether 0 is one that is allowed, is told apart.
        let rules = [
            (Rule::MultipleOf(4), "a multiple of 4"),
            (Rule::PositiveMultipleOf(8), "a multiple of 8 and not 0"),
            (Rule::Modulo { rest: 2, unit: 6 }, "2 more than a multiple of 6"),
            (Rule::Exactly(17), "17"),
            (Rule::Either(1, 2), "1 or 2"),
            (Rule::Known, "one that is known"),
        ];
        for (rule, words) in rules {
            assert_eq!(rule.to_string(), words);
        }
        let truncated = Error::Truncated { layer, needed: 20, available: 3 };
        let of_ipv4 = [truncated, malformed, other, no_room, unbuildable].map(|error| error.layer());
        assert_eq!((of_ipv4, not_whole.layer()), ([LayerName::IPV4; 5], LayerName::UDP));
        let errors = [truncated, malformed, other, no_room, unbuildable, not_whole];
        assert_eq!(errors.map(|error| error.is_truncated()), [true, false, false, false, false, false]);
    }

    #[test]
    fn what_a_rule_allows() {
        for (rule, allowed) in [
            (Rule::AtLeast(8), &[8, 9, 14, 16][..]),
            (Rule::AtMost(8), &[0, 2, 7, 8]),
            (Rule::Exactly(8), &[8]),
            (Rule::MultipleOf(8), &[0, 8, 16]),
            (Rule::PositiveMultipleOf(8), &[8, 16]),
            (Rule::Modulo { rest: 6, unit: 8 }, &[14]),
            (Rule::Either(2, 9), &[2, 9]),
            (Rule::Known, &[0, 2, 7, 8, 9, 14, 16]),
            (Rule::MultipleOf(0), &[]),
        ] {
            let values: std::vec::Vec<_> = [0, 2, 7, 8, 9, 14, 16].into_iter().filter(|of| rule.allows(*of)).collect();
            assert_eq!(values, allowed, "{rule:?}");
        }
    }

    #[test]
    fn what_fits() {
        let (layer, field) = (LayerName::UDP, "length");
        assert_eq!((layer.fit_u8(field, 255), layer.fit_u16(field, 65_535)), (Ok(255), Ok(65_535)));
        let refused = |value, rule| Error::Unbuildable { layer, field, value, rule };
        assert_eq!(layer.fit_u8(field, 256), Err(refused(256, Rule::AtMost(255))));
        assert_eq!(layer.fit_u16(field, 65_536), Err(refused(65_536, Rule::AtMost(65_535))));
        let rules = [Rule::AtMost(40), Rule::MultipleOf(4)];
        assert_eq!(layer.check(field, 42, &rules), Err(refused(42, rules[0])));
        assert_eq!(layer.check(field, 38, &rules), Err(refused(38, rules[1])));
        assert_eq!(layer.check(field, 36, &rules), Ok(()));
    }
}
