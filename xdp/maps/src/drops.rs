//! What is wrong with packets, by kind, and samples of those that it is wrong with.

use core::fmt;

use ether_ip::Error;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Declares [`Kind`] and what each is in the library's words: a layer, and the field that contradicts the bytes; none where they end.
macro_rules! kinds {
    ($($number:literal $kind:ident $layer:literal $($field:literal)?;)*) => {
        /// What is wrong with a packet: the errors of `packet-dissect`'s walk, each by its layer and field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum Kind {
            /// Nothing, as far as the program looks.
            Good = 0,
            $(#[doc = concat!($layer, $(": ", $field)?)] $kind = $number,)*
            /// No error of the walk's, to which it is odd: an IPv4 header whose checksum is not its sum, in a packet with nothing else wrong.
            Ipv4Checksum = 26,
        }

        impl Kind {
            /// All of them, each at its number.
            pub const ALL: [Self; KINDS] = [Self::Good, $(Self::$kind,)* Self::Ipv4Checksum];

            /// The layer that it is about, and its field.
            const fn words(self) -> (&'static str, &'static str) {
                match self {
                    Self::Good => ("", ""),
                    $(Self::$kind => ($layer, concat!($($field)?)),)*
                    Self::Ipv4Checksum => ("IPv4", "header checksum"),
                }
            }
        }
    };
}

/// How many kinds there are, and the good.
pub const KINDS: usize = 27;

// First what is no error of a fragment, as the rest is in another one.
kinds! {
    1 EthernetTruncated "Ethernet";
    2 VlanTruncated "VLAN tag";
    3 Ipv4Truncated "IPv4";
    4 Ipv6Truncated "IPv6";
    5 HopByHopTruncated "IPv6 hop-by-hop options";
    6 DestinationOptionsTruncated "IPv6 destination options";
    7 RoutingTruncated "IPv6 routing header";
    8 FragmentTruncated "IPv6 fragment header";
    9 AuthenticationTruncated "IP authentication header";
    10 UdpTruncated "UDP";
    11 TcpTruncated "TCP";
    12 Icmpv4Truncated "ICMPv4";
    13 Icmpv6Truncated "ICMPv6";
    14 VxlanTruncated "VXLAN";
    15 GeneveTruncated "Geneve";
    16 TcpHeaderLength "TCP" "header length";
    17 Ipv4Version "IPv4" "version";
    18 Ipv4HeaderLength "IPv4" "header length";
    19 Ipv4TotalLength "IPv4" "total length";
    20 Ipv4FragmentEnd "IPv4" "end of the fragment";
    21 Ipv6Version "IPv6" "version";
    22 FragmentEnd "IPv6 fragment header" "end of the fragment";
    23 AuthenticationHeaderLength "IP authentication header" "header length";
    24 UdpLength "UDP" "length";
    25 GeneveVersion "Geneve" "version";
}

impl Kind {
    /// The kind of an error, if it is one that the program can tell.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let words = match error {
            Error::Truncated { layer, .. } => (layer.name(), ""),
            Error::Malformed { layer, field, .. } => (layer.name(), *field),
            _ => return None,
        };
        Self::ALL.into_iter().find(|kind| kind.words() == words)
    }

    /// Whether the walk takes it for no fault of a fragment's, of which a part is what is expected.
    #[inline(always)]
    #[must_use]
    pub const fn is_of_a_part(self) -> bool {
        self as u32 <= Self::TcpHeaderLength as u32
    }
}

/// As the error's own sentence begins.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.words() {
            ("", _) => f.write_str("good"),
            (layer, "") => write!(f, "{layer} is truncated"),
            (layer, field) => write!(f, "{layer} is malformed: {field}"),
        }
    }
}

/// What becomes of packets that something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Settings {
    /// The verdict, XDP's number.
    pub verdict: u32,
    /// One of so many is sampled, of each kind and on each processor; none, if it is 0.
    pub every: u32,
}

/// How many packets there were of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Tally {
    /// Packets.
    pub packets: u64,
    /// All their bytes, from Ethernet on.
    pub bytes: u64,
    /// Those that were to be sampled, and for which there was no room.
    pub lost: u64,
}

impl core::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, tally| Self {
            packets: sum.packets + tally.packets,
            bytes: sum.bytes + tally.bytes,
            lost: sum.lost + tally.lost,
        })
    }
}

/// So many bytes of a packet are in its sample: all headers of a tunnel, and those in it.
pub const MAX_SAMPLED: usize = 256;

/// A packet that something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Sample {
    /// When it came, in nanoseconds by the clock that begins when the machine does.
    pub time: u64,
    /// What is wrong with it: a [`Kind`]'s number.
    pub kind: u32,
    /// How long it is.
    pub len: u32,
    /// Its first bytes. Behind its last one stands anything.
    pub bytes: [u8; MAX_SAMPLED],
}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Settings {}

// SAFETY: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
unsafe impl aya::Pod for Tally {}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use ether_ip::{LayerName, Rule};

    use super::*;

    #[test]
    fn kinds() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
        let layer = LayerName::IPV4;
        let truncated = Error::Truncated { layer, needed: 20, available: 3 };
        let malformed = Error::Malformed { layer, field: "total length", value: 8, rule: Rule::AtLeast(20) };
        for (error, kind) in [(truncated, Kind::Ipv4Truncated), (malformed, Kind::Ipv4TotalLength)] {
            assert_eq!(Kind::of(&error), Some(kind));
            assert!(error.to_string().starts_with(&kind.to_string()), "{error}");
        }
        assert_eq!(Kind::of(&Error::Truncated { layer: LayerName::ARP, needed: 28, available: 3 }), None);
    }
}
