//! ICMP messages and their counterparts, type by type and code by code (RFC 7915 §4.2, §5.2).

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::refusal::Refusal;
use crate::icmpv4::Icmpv4Type;
use crate::icmpv6::Icmpv6Type;
use crate::ip::Version;
use crate::ipv6::MIN_MTU;

/// The 8 bytes that an error or an echo of either family begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Message {
    pub kind: u8,
    pub code: u8,
    pub checksum: U16,
    pub rest: [u8; 4],
}

/// What is known of the packet that an error is about, and of the links on both sides: what its MTU is reckoned from.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    /// How long it was, in bytes.
    pub total: usize,
    /// Whether an IPv6 one has a fragment header.
    pub has_fragment_header: bool,
    pub ipv4_mtu: u32,
    pub ipv6_mtu: u32,
}

/// By how much an IPv6 header is longer than an IPv4 one, and a fragment header beside it.
pub(super) const GROWTH: u32 = 20;
pub(super) const FRAGMENT_GROWTH: u32 = 28;

/// RFC 1191 §7: what paths are likely to take, from the longest on.
const PLATEAUS: [u16; 7] = [65_535, 32_000, 17_914, 8166, 4352, 2002, 1492];

impl Message {
    const fn v4(kind: Icmpv4Type, code: u8, rest: [u8; 4]) -> Self {
        Self { kind: kind.0, code, checksum: U16::ZERO, rest }
    }

    const fn v6(kind: Icmpv6Type, code: u8, rest: u32) -> Self {
        Self { kind: kind.0, code, checksum: U16::ZERO, rest: rest.to_be_bytes() }
    }

    /// The type of an echo or its answer in the family `to`.
    pub(super) const fn echo(to: Version, kind: u8) -> Option<u8> {
        Some(match (to, Icmpv4Type(kind), Icmpv6Type(kind)) {
            (Version::V6, Icmpv4Type::ECHO_REQUEST, _) => Icmpv6Type::ECHO_REQUEST.0,
            (Version::V6, Icmpv4Type::ECHO_REPLY, _) => Icmpv6Type::ECHO_REPLY.0,
            (Version::V4, _, Icmpv6Type::ECHO_REQUEST) => Icmpv4Type::ECHO_REQUEST.0,
            (Version::V4, _, Icmpv6Type::ECHO_REPLY) => Icmpv4Type::ECHO_REPLY.0,
            _ => return None,
        })
    }

    /// The error's counterpart in the family `to`, without a checksum, and with no length of what it quotes (RFC 4884).
    pub(super) fn counterpart(&self, to: Version, about: &About) -> Result<Self, Refusal> {
        let counterpart = match to {
            Version::V6 => self.to_ipv6(about),
            Version::V4 => self.to_ipv4(about),
        };
        counterpart.ok_or(Refusal::Icmp { kind: self.kind, code: self.code })
    }

    /// RFC 7915 §4.2.
    fn to_ipv6(self, about: &About) -> Option<Self> {
        use Icmpv6Type as To;
        let [pointer, _, high, low] = self.rest;
        Some(match (Icmpv4Type(self.kind), self.code) {
            (Icmpv4Type::DESTINATION_UNREACHABLE, 0 | 1 | 5..=8 | 11 | 12) => {
                Self::v6(To::DESTINATION_UNREACHABLE, 0, 0)
            }
            // No such protocol: IPv6 points at its next header.
            (Icmpv4Type::DESTINATION_UNREACHABLE, 2) => Self::v6(To::PARAMETER_PROBLEM, 1, 6),
            (Icmpv4Type::DESTINATION_UNREACHABLE, 3) => Self::v6(To::DESTINATION_UNREACHABLE, 4, 0),
            (Icmpv4Type::DESTINATION_UNREACHABLE, 4) => {
                Self::v6(To::PACKET_TOO_BIG, 0, about.mtu_to_ipv6(u16::from_be_bytes([high, low])))
            }
            (Icmpv4Type::DESTINATION_UNREACHABLE, 9 | 10 | 13 | 15) => Self::v6(To::DESTINATION_UNREACHABLE, 1, 0),
            (Icmpv4Type::TIME_EXCEEDED, code) => Self::v6(To::TIME_EXCEEDED, code, 0),
            (Icmpv4Type::PARAMETER_PROBLEM, 0 | 2) => Self::v6(To::PARAMETER_PROBLEM, 0, pointer_to_ipv6(pointer)?),
            _ => return None,
        })
    }

    /// RFC 7915 §5.2.
    fn to_ipv4(self, about: &About) -> Option<Self> {
        use Icmpv4Type as To;
        let number = u32::from_be_bytes(self.rest);
        Some(match (Icmpv6Type(self.kind), self.code) {
            (Icmpv6Type::DESTINATION_UNREACHABLE, 0 | 2 | 3) => Self::v4(To::DESTINATION_UNREACHABLE, 1, [0; 4]),
            (Icmpv6Type::DESTINATION_UNREACHABLE, 1) => Self::v4(To::DESTINATION_UNREACHABLE, 10, [0; 4]),
            (Icmpv6Type::DESTINATION_UNREACHABLE, 4) => Self::v4(To::DESTINATION_UNREACHABLE, 3, [0; 4]),
            (Icmpv6Type::PACKET_TOO_BIG, _) => {
                let [high, low] = about.mtu_to_ipv4(number).to_be_bytes();
                Self::v4(To::DESTINATION_UNREACHABLE, 4, [0, 0, high, low])
            }
            (Icmpv6Type::TIME_EXCEEDED, code) => Self::v4(To::TIME_EXCEEDED, code, [0; 4]),
            (Icmpv6Type::PARAMETER_PROBLEM, 0) => {
                Self::v4(To::PARAMETER_PROBLEM, 0, [pointer_to_ipv4(number)?, 0, 0, 0])
            }
            (Icmpv6Type::PARAMETER_PROBLEM, 1) => Self::v4(To::DESTINATION_UNREACHABLE, 2, [0; 4]),
            _ => return None,
        })
    }

    /// How many bytes its length of what it quotes counts in one, if it has such a length (RFC 4884 §4).
    pub(super) const fn quote_unit(&self, family: Version) -> Option<usize> {
        match (family, Icmpv4Type(self.kind), Icmpv6Type(self.kind)) {
            // With code 4 too: the MTU stands behind the length.
            (Version::V4, Icmpv4Type::DESTINATION_UNREACHABLE, _)
            | (Version::V4, Icmpv4Type::TIME_EXCEEDED | Icmpv4Type::PARAMETER_PROBLEM, _) => Some(4),
            (Version::V6, _, Icmpv6Type::DESTINATION_UNREACHABLE | Icmpv6Type::TIME_EXCEEDED) => Some(8),
            _ => None,
        }
    }

    /// Writes that length, in its units.
    pub(super) fn set_quote_units(&mut self, family: Version, units: u8) {
        let [first, second, ..] = &mut self.rest;
        match family {
            Version::V4 => *second = units,
            Version::V6 => *first = units,
        }
    }
}

impl About {
    /// RFC 7915 §4.2: of a router that tells none, 0, the next plateau below the packet's length. No IPv6 link takes less than 1280.
    fn mtu_to_ipv6(&self, told: u16) -> u32 {
        let next = || PLATEAUS.iter().find(|plateau| usize::from(**plateau) < self.total).copied().unwrap_or(0);
        let mtu = u32::from(if told == 0 { next() } else { told });
        (mtu + GROWTH).min(self.ipv6_mtu).min(self.ipv4_mtu.saturating_add(GROWTH)).max(MIN_MTU)
    }

    /// RFC 7915 §5.2. What had a fragment header came from a packet shorter by that too.
    fn mtu_to_ipv4(&self, told: u32) -> u16 {
        let growth = if self.has_fragment_header { FRAGMENT_GROWTH } else { GROWTH };
        let mtu = told.min(self.ipv6_mtu).saturating_sub(growth).min(self.ipv4_mtu);
        u16::try_from(mtu).unwrap_or(u16::MAX)
    }
}

/// RFC 7915 §4.2, figure 3.
const fn pointer_to_ipv6(pointer: u8) -> Option<u32> {
    Some(match pointer {
        0 => 0,
        1 => 1,
        // Total length, time to live, protocol.
        2 | 3 => 4,
        8 => 7,
        9 => 6,
        12..=15 => 8,
        16..=19 => 24,
        _ => return None,
    })
}

/// RFC 7915 §5.2, figure 6.
const fn pointer_to_ipv4(pointer: u32) -> Option<u8> {
    Some(match pointer {
        0 => 0,
        1 => 1,
        // Payload length, next header, hop limit.
        4 | 5 => 2,
        6 => 9,
        7 => 8,
        8..=23 => 12,
        24..=39 => 16,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: About = About { total: 1500, has_fragment_header: false, ipv4_mtu: 1500, ipv6_mtu: 9000 };

    /// RFC 7915 §4.2, code by code: what it becomes, as type, code and the other 4 bytes.
    #[test]
    fn icmpv4_to_icmpv6() {
        let to = |kind, code, rest: [u8; 4]| {
            let message = Message { kind, code, checksum: U16::new(7), rest };
            message.counterpart(Version::V6, &ABOUT).ok().map(|to| (to.kind, to.code, u32::from_be_bytes(to.rest)))
        };
        let unreachable = [0, 0, 6, 4, 99, 0, 0, 0, 0, 1, 1, 0, 0, 1, 98, 1, 98, 98];
        for (code, becomes) in (0..).zip(unreachable) {
            let expected = match becomes {
                98 => None,
                99 => Some((2, 0, 1420)),
                6 => Some((4, 1, 6)),
                code => Some((1, code, 0)),
            };
            assert_eq!(to(3, code, [0, 0, 0x05, 0x78]), expected, "unreachable, code {code}");
        }
        assert_eq!((to(11, 0, [9; 4]), to(11, 1, [9; 4])), (Some((3, 0, 0)), Some((3, 1, 0))));
        // Figure 3; 99 is "n/a".
        let pointers = [0, 1, 4, 4, 99, 99, 99, 99, 7, 6, 99, 99, 8, 8, 8, 8, 24, 24, 24, 24, 99];
        for (pointer, becomes) in (0..).zip(pointers) {
            let expected = (becomes != 99).then_some((4, 0, becomes));
            assert_eq!(to(12, 0, [pointer, 0, 0, 0]), expected, "pointer {pointer}");
            assert_eq!(to(12, 2, [pointer, 0, 0, 0]), expected, "pointer {pointer}");
            assert_eq!((to(12, 1, [pointer, 0, 0, 0]), to(12, 3, [pointer, 0, 0, 0])), (None, None));
        }
        // Redirect, source quench, alternative host address, and what is no error.
        for kind in [4, 5, 6, 0, 8, 9, 10, 13, 14, 15, 16, 17, 18, 40, 255] {
            assert_eq!(to(kind, 0, [0; 4]), None, "type {kind}");
        }
    }

    /// RFC 7915 §5.2, code by code.
    #[test]
    fn icmpv6_to_icmpv4() {
        let to = |kind, code, rest: u32| {
            let message = Message { kind, code, checksum: U16::new(7), rest: rest.to_be_bytes() };
            message.counterpart(Version::V4, &ABOUT).ok().map(|to| (to.kind, to.code, to.rest))
        };
        for (code, becomes) in (0..).zip([Some(1), Some(10), Some(1), Some(1), Some(3), None, None, None]) {
            assert_eq!(to(1, code, 0), becomes.map(|code| (3, code, [0; 4])), "unreachable, code {code}");
        }
        assert_eq!(to(2, 0, 1420), Some((3, 4, [0, 0, 0x05, 0x78])));
        assert_eq!((to(3, 0, 9), to(3, 1, 9)), (Some((11, 0, [0; 4])), Some((11, 1, [0; 4]))));
        // Figure 6.
        for pointer in 0..45 {
            let becomes = match pointer {
                0 => Some(0),
                1 => Some(1),
                2 | 3 => None,
                4 | 5 => Some(2),
                6 => Some(9),
                7 => Some(8),
                8..=23 => Some(12),
                24..=39 => Some(16),
                _ => None,
            };
            assert_eq!(to(4, 0, pointer), becomes.map(|to| (12, 0, [to, 0, 0, 0])), "pointer {pointer}");
        }
        assert_eq!((to(4, 1, 6), to(4, 2, 40), to(4, 3, 0)), (Some((3, 2, [0; 4])), None, None));
        for kind in [0, 5, 100, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143, 255] {
            assert_eq!(to(kind, 0, 0), None, "type {kind}");
        }
    }

    /// RFC 7915 §4.2: max(1280, min(MTU + 20, the IPv6 link's, the IPv4 link's + 20)); §5.2: min(MTU - 20, the IPv4 link's, the IPv6
    /// link's - 20). RFC 1191 §7 has the plateaus.
    #[test]
    fn what_fits() {
        let about = |ipv4_mtu, ipv6_mtu| About { ipv4_mtu, ipv6_mtu, ..ABOUT };
        for (told, ipv4_mtu, ipv6_mtu, mtu) in [
            (1400, 1500, 9000, 1420),
            (1500, 1400, 9000, 1420),
            (1500, 1500, 1400, 1400),
            (576, 1500, 1500, 1280),
            (1260, 1500, 1500, 1280),
            (1261, 1500, 1500, 1281),
            (65_535, u32::MAX, u32::MAX, 65_555),
        ] {
            assert_eq!(about(ipv4_mtu, ipv6_mtu).mtu_to_ipv6(told), mtu, "{told} {ipv4_mtu} {ipv6_mtu}");
        }
        for (total, mtu) in [(1500, 1512), (1492, 1280), (2003, 2022), (2002, 1512), (9000, 8186), (65_535, 32_020)] {
            let about = About { total, ..about(u32::MAX, u32::MAX) };
            assert_eq!(about.mtu_to_ipv6(0), mtu, "of {total} bytes");
        }
        for (told, ipv4_mtu, ipv6_mtu, mtu) in [
            (1420, 1500, 9000, 1400),
            (9000, 1500, 9000, 1500),
            (9000, 9000, 1500, 1480),
            (10, 1500, 1500, 0),
            (u32::MAX, u32::MAX, u32::MAX, u16::MAX),
        ] {
            assert_eq!(about(ipv4_mtu, ipv6_mtu).mtu_to_ipv4(told), mtu, "{told} {ipv4_mtu} {ipv6_mtu}");
        }
        assert_eq!(About { has_fragment_header: true, ..ABOUT }.mtu_to_ipv4(1420), 1392);
    }
}
