//! IP prefixes: a length in bits, and as many bytes as it needs (RFC 4271 §4.3).
//!
//! ```text
//!  0       8
//!  +-------+-----------------+
//!  | length| prefix …        |
//!  +-------+-----------------+
//! ```
//!
//! Bits behind the length may have any value on the wire (RFC 4271 §4.3). Here they are zero.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use ether_ip::view::unlikely;
use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use crate::family::Afi;
use crate::wire::Reader;

/// A prefix, as an error names it.
pub const PREFIX: LayerName = LayerName::new("prefix");

/// The first eight bytes, and zeros where there are none: without a loop, whose end nothing foresees.
#[inline(always)]
fn first_word(bytes: &[u8]) -> u64 {
    let missing = || 8_usize.wrapping_sub(bytes.len()).wrapping_mul(8) & 63;
    match (bytes.first_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(word), ..) => u64::from_be_bytes(*word),
        // Two halves that lie over each other in the middle.
        (None, Some(first), Some(last)) => {
            u64::from(u32::from_be_bytes(*first)) << 32 | u64::from(u32::from_be_bytes(*last)) << missing()
        }
        _ => {
            let byte = |byte: Option<&u8>| byte.map_or(0, |byte| u64::from(*byte));
            byte(bytes.first()) << 56 | byte(bytes.get(1)) << 48 | byte(bytes.last()) << missing()
        }
    }
}

macro_rules! prefix {
    ($(#[$doc:meta])* $prefix:ident, $address:ident, $int:ident, $bits:literal, $bytes:literal, $with_len:literal, $of_first:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $prefix {
            bits: $int,
            len: u8,
        }

        impl $prefix {
            /// A prefix; what stands behind its length is cleared.
            ///
            /// # Errors
            #[doc = concat!("[`Error::Unbuildable`] if the length exceeds ", stringify!($bits), ".")]
            #[inline]
            pub const fn new(address: $address, len: u8) -> Result<Self, Error> {
                if len > $bits {
                    let rule = Rule::AtMost($bits);
                    return Err(Error::Unbuildable { layer: PREFIX, field: "length", value: len as usize, rule });
                }
                Ok(Self::masked(address.to_bits(), len))
            }

            /// The prefix that is one address.
            #[inline]
            #[must_use]
            pub const fn host(address: $address) -> Self {
                Self { bits: address.to_bits(), len: $bits }
            }

            #[inline]
            //= RFC 4271 §4.3/trailing-bits
            const fn masked(bits: $int, len: u8) -> Self {
                // A shift by all bits would not be one.
                let kept = if len == 0 { 0 } else { $int::MAX << (($bits as u32).wrapping_sub(len as u32) & ($bits - 1)) };
                Self { bits: bits & kept, len }
            }

            /// The first address.
            #[inline]
            #[must_use]
            pub const fn address(&self) -> $address {
                $address::from_bits(self.bits)
            }

            /// The length, in bits.
            #[inline]
            #[must_use]
            #[allow(clippy::len_without_is_empty, reason = "a prefix of length 0 is not empty: it is everything")]
            pub const fn len(&self) -> u8 {
                self.len
            }

            /// Whether an address is in it.
            #[inline]
            #[must_use]
            pub const fn contains(&self, address: $address) -> bool {
                Self::masked(address.to_bits(), self.len).bits == self.bits
            }

            /// How many bytes it takes on the wire.
            #[inline]
            #[must_use]
            pub const fn wire_len(&self) -> usize {
                (self.len as usize + 15) / 8
            }

            #[inline]
            pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
                let len = from.u8()?;
                Self::read_bits(from, len)
            }

            /// Reads what stands behind a length.
            #[inline]
            //= RFC 7606 §5.3/prefix-length
            pub(crate) fn read_bits(from: &mut Reader<'_>, len: u8) -> Result<Self, Error> {
                if len > $bits {
                    return Err(from.malformed("prefix length", u32::from(len), Rule::AtMost($bits)));
                }
                let taken = from.take(usize::from(len).div_ceil(8))?;
                let bits = taken.iter().fold(0, |bits: $int, byte| bits << 8 | $int::from(*byte));
                let missing = ($bits as u32).saturating_sub(8_u32.saturating_mul(taken.len() as u32));
                Ok(Self::masked(bits.checked_shl(missing).unwrap_or(0), len))
            }

            /// Splits a prefix of any length off the front; `None` where [`read`](Self::read) says why.
            #[inline(always)]
            //= RFC 4760 §5/prefix
            fn split_any(bytes: &[u8]) -> Option<(Self, &[u8])> {
                let len = *bytes.first()?;
                if len > $bits {
                    unlikely();
                    return None;
                }
                let wire_len = usize::from(len).div_ceil(8) + 1;
                let (prefix, rest) = bytes.split_at_checked(wire_len)?;
                let bits = match len {
                    0..=56 => $of_first(first_word(bytes) << 8 & !(u64::MAX >> len)),
                    _ => Self::long_bits(prefix),
                };
                Some((Self { bits, len }, rest))
            }

            /// The bits of one that has more bytes than are read at once.
            #[cold]
            fn long_bits(bytes: &[u8]) -> $int {
                Self::read(&mut Reader::new(PREFIX, bytes)).map_or(0, |prefix| prefix.bits)
            }

            /// Writes length and bytes.
            ///
            /// # Errors
            /// [`Error::NoRoom`].
            #[inline]
            pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.put_first(&self.to_wire(), self.wire_len())?;
                Ok(())
            }

            /// Length and bytes, as many as an address has.
            #[inline(always)]
            const fn to_wire(self) -> [u8; $with_len] {
                let mut bytes = [0; $with_len];
                let [len, address @ ..] = &mut bytes;
                *len = self.len;
                *address = self.bits.to_be_bytes();
                bytes
            }

            /// Writes length and bytes to the start of a slice; how many there are.
            #[inline(always)]
            pub(crate) fn write_to(&self, to: &mut [u8]) -> Result<usize, Error> {
                let len = self.wire_len();
                match to.first_chunk_mut() {
                    // All bytes of an address, as one store; the next route goes over those that do not count.
                    Some(slot) => *slot = self.to_wire(),
                    None => {
                        let available = to.len();
                        let slot = to.get_mut(..len);
                        let slot = slot.ok_or(Error::NoRoom { layer: PREFIX, needed: len, available })?;
                        slot.iter_mut().zip(self.to_wire()).for_each(|(to, byte)| *to = byte);
                    }
                }
                Ok(len)
            }

            /// Writes the bytes alone, where the length stands elsewhere.
            pub(crate) fn write_bits(&self, to: &mut Writer<'_>) -> Result<(), Error> {
                to.put_first(&self.bits.to_be_bytes(), self.wire_len() - 1)?;
                Ok(())
            }
        }

        impl fmt::Display for $prefix {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}/{}", self.address(), self.len)
            }
        }

        impl fmt::Debug for $prefix {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $prefix {
            type Err = ParsePrefixError;

            fn from_str(text: &str) -> Result<Self, ParsePrefixError> {
                let (address, len) = text.split_once('/').ok_or(ParsePrefixError)?;
                let address: $address = address.parse().map_err(|_| ParsePrefixError)?;
                Self::new(address, len.parse().map_err(|_| ParsePrefixError)?).map_err(|_| ParsePrefixError)
            }
        }

        #[cfg(feature = "arbitrary")]
        impl<'a> arbitrary::Arbitrary<'a> for $prefix {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                Ok(Self::masked(u.arbitrary()?, u.int_in_range(0..=$bits)?))
            }
        }
    };
}

prefix! {
    /// An IPv4 prefix.
    ///
    /// ```
    /// use bgp_codec::Ipv4Prefix;
    ///
    /// let block: Ipv4Prefix = "10.244.3.64/26".parse()?;
    /// assert!(block.contains([10, 244, 3, 127].into()));
    /// assert_eq!((block.len(), block.wire_len()), (26, 5));
    /// # Ok::<(), bgp_codec::prefix::ParsePrefixError>(())
    /// ```
    Ipv4Prefix, Ipv4Addr, u32, 32, 4, 5, |first: u64| (first >> 32) as u32
}

prefix! {
    /// An IPv6 prefix.
    // By itself a u128 stands at a multiple of 16 bytes: routes, in which there is one, would be a third bigger and slower to move.
    #[repr(Rust, packed(8))]
    Ipv6Prefix, Ipv6Addr, u128, 128, 16, 17, |first: u64| u128::from(first) << 64
}

impl Ipv4Prefix {
    /// Splits a prefix off the front; `None` where [`read`](Self::read) says why.
    #[inline(always)]
    pub(crate) fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let Some(([len, address @ ..], _)) = bytes.split_first_chunk::<5>() else {
            return Self::split_any(bytes);
        };
        let bits = u32::from_be_bytes(*address);
        // Most of all routes are told in three bytes: a branch on that is foreseen, while a place that is worked out from each
        // length has to be waited for.
        if matches!(len, 17..=24) {
            return Some((Self::masked(bits, *len), bytes.get(4..)?));
        }
        if *len > 32 {
            unlikely();
            return None;
        }
        let prefix = Self::masked(bits, *len);
        Some((prefix, bytes.get(prefix.wire_len()..)?))
    }
}

impl Ipv6Prefix {
    /// Splits a prefix off the front; `None` where [`read`](Self::read) says why.
    #[inline(always)]
    pub(crate) fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        Self::split_any(bytes)
    }
}

/// A text that is no prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a prefix: an address, a slash and a length are needed")]
pub struct ParsePrefixError;

/// A prefix of either kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum IpPrefix {
    /// An IPv4 prefix.
    V4(Ipv4Prefix),
    /// An IPv6 prefix.
    V6(Ipv6Prefix),
}

impl IpPrefix {
    /// The first address.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        match self {
            Self::V4(prefix) => IpAddr::V4(prefix.address()),
            Self::V6(prefix) => IpAddr::V6(prefix.address()),
        }
    }

    /// The length, in bits.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a prefix of length 0 is not empty: it is everything")]
    pub const fn len(&self) -> u8 {
        match self {
            Self::V4(prefix) => prefix.len(),
            Self::V6(prefix) => prefix.len(),
        }
    }

    /// The most bits of a prefix of an address family.
    pub(crate) const fn max_len(afi: Afi) -> u8 {
        match afi {
            Afi::IPV6 => 128,
            _ => 32,
        }
    }

    const fn afi(&self) -> Afi {
        match self {
            Self::V4(_) => Afi::IPV4,
            Self::V6(_) => Afi::IPV6,
        }
    }

    /// A prefix that is written stands where prefixes of its kind are read.
    pub(crate) fn must_be_of(&self, afi: Afi, to: &Writer<'_>) -> Result<(), Error> {
        if self.afi() == afi {
            return Ok(());
        }
        let (value, rule) = (usize::from(self.afi().0), Rule::Exactly(u32::from(afi.0)));
        Err(Error::Unbuildable { layer: to.layer(), field: "address family of the prefix", value, rule })
    }

    pub(crate) fn read(afi: Afi, from: &mut Reader<'_>) -> Result<Self, Error> {
        let len = from.u8()?;
        Self::read_bits(afi, from, len)
    }

    pub(crate) fn read_bits(afi: Afi, from: &mut Reader<'_>, len: u8) -> Result<Self, Error> {
        match afi {
            Afi::IPV6 => Ipv6Prefix::read_bits(from, len).map(Self::V6),
            _ => Ipv4Prefix::read_bits(from, len).map(Self::V4),
        }
    }

    /// Writes length and bytes.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::V4(prefix) => prefix.write(to),
            Self::V6(prefix) => prefix.write(to),
        }
    }

    pub(crate) fn write_bits(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::V4(prefix) => prefix.write_bits(to),
            Self::V6(prefix) => prefix.write_bits(to),
        }
    }
}

impl fmt::Display for IpPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(prefix) => prefix.fmt(f),
            Self::V6(prefix) => prefix.fmt(f),
        }
    }
}

impl fmt::Debug for IpPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for IpPrefix {
    type Err = ParsePrefixError;

    fn from_str(text: &str) -> Result<Self, ParsePrefixError> {
        text.parse().map(Self::V4).or_else(|_| text.parse().map(Self::V6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    fn read(bytes: &[u8]) -> Result<Ipv4Prefix, Error> {
        Ipv4Prefix::read(&mut Reader::new(PREFIX, bytes))
    }

    /// RFC 4271 §4.3: "the value of trailing bits is irrelevant".
    #[test]
    fn trailing_bits_are_masked() {
        //= RFC 4271 §4.3/trailing-bits
        //= RFC 4760 §5/prefix
        for len in 0..=32_u8 {
            let bytes = [len, 0xff, 0xff, 0xff, 0xff];
            let expected = u32::MAX.checked_shl(32 - u32::from(len)).unwrap_or(0);
            let prefix = read(&bytes).unwrap();
            assert_eq!((prefix.address().to_bits(), prefix.len()), (expected, len));
            let needed = prefix.wire_len();
            assert_eq!(Ipv4Prefix::split(&bytes), Some((prefix, &bytes[needed..])));
            assert_eq!(Ipv4Prefix::split(&bytes[..needed]), Some((prefix, &[][..])));
            assert_eq!(Ipv4Prefix::split(&bytes[..needed - 1]), None);
            let mut buffer = [0; 5];
            let mut writer = Writer::new(PREFIX, &mut buffer[..needed]);
            prefix.write(&mut writer).unwrap();
            assert_eq!(read(writer.written()), Ok(prefix));
        }
    }

    /// Split off the front, a prefix is what it is when it is read byte by byte, whatever stands behind it.
    #[test]
    fn splitting_is_reading() {
        let noise: [u8; 17] = core::array::from_fn(|n| (n as u8).wrapping_mul(0x9d) ^ 0xa5);
        for len in 0..=128_u8 {
            let mut bytes = std::vec![len];
            bytes.extend(noise);
            let needed = usize::from(len).div_ceil(8) + 1;
            for end in 0..=bytes.len() {
                let bytes = &bytes[..end];
                let mut reader = Reader::new(PREFIX, bytes);
                let read = Ipv6Prefix::read(&mut reader).ok().map(|prefix| (prefix, reader.rest()));
                assert_eq!(Ipv6Prefix::split(bytes), read, "{len} of {end}");
                assert_eq!(read.is_some(), end >= needed);
                let mut reader = Reader::new(PREFIX, bytes);
                let read = Ipv4Prefix::read(&mut reader).ok().map(|prefix| (prefix, reader.rest()));
                assert_eq!(Ipv4Prefix::split(bytes), read, "{len} of {end}");
            }
        }
        assert_eq!((Ipv6Prefix::split(&[129; 20]), Ipv4Prefix::split(&[])), (None, None));
    }

    #[test]
    fn lengths_past_the_address() {
        let too_long =
            |value, most| Error::Malformed { layer: PREFIX, field: "prefix length", value, rule: Rule::AtMost(most) };
        assert_eq!(read(&[33, 1, 2, 3, 4, 5]), Err(too_long(33, 32)));
        assert_eq!(Ipv4Prefix::split(&[33, 1, 2, 3, 4, 5]), None);
        assert_eq!(Ipv6Prefix::read(&mut Reader::new(PREFIX, &[129; 20])), Err(too_long(129, 128)));
        assert_eq!(read(&[24, 1, 2]), Err(Error::Truncated { layer: PREFIX, needed: 4, available: 3 }));
        assert!(Ipv4Prefix::new(Ipv4Addr::LOCALHOST, 33).is_err());
    }

    #[test]
    fn texts() {
        for text in ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.1/32", "::/0", "2001:db8::/32", "fd00::1/128"] {
            assert_eq!(text.parse::<IpPrefix>().unwrap().to_string(), text);
        }
        assert_eq!("10.1.2.3/8".parse::<Ipv4Prefix>().unwrap().to_string(), "10.0.0.0/8");
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "/8", "x/1"] {
            assert_eq!(text.parse::<IpPrefix>(), Err(ParsePrefixError));
        }
    }
}
