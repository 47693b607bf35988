//! IPv6 addresses with an IPv4 address in them (RFC 6052).

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::{Error, LayerName, Rule};

/// A prefix behind which IPv4 addresses stand in IPv6 ones.
///
/// ```text
///    +--+---+---+---+---+---+---+---+---+---+---+---+---+
///    |PL| 0-------------32--40--48--56--64--72--80--88--96--104---------|
///    +--+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
///    |32|     prefix    |v4(32)         | u | suffix                    |
///    |40|     prefix        |v4(24)     | u |(8)| suffix                |
///    |48|     prefix            |v4(16) | u | (16)  | suffix            |
///    |56|     prefix                |(8)| u |  v4(24)   | suffix        |
///    |64|     prefix                    | u |   v4(32)      | suffix    |
///    |96|     prefix                                    |    v4(32)     |
/// ```
///
/// RFC 6052 §2.2. Byte u is zero, and so is the suffix where it is written; where it is read nobody looks at it.
///
/// ```
/// use ether_ip::rewrite::nat64::Nat64Prefix;
///
/// let address = Nat64Prefix::WELL_KNOWN.embed([192, 0, 2, 33].into());
/// assert_eq!(address, "64:ff9b::192.0.2.33".parse::<std::net::Ipv6Addr>().unwrap());
/// assert_eq!(Nat64Prefix::WELL_KNOWN.extract(address), Some([192, 0, 2, 33].into()));
/// let error = Nat64Prefix::new("2001:db8::".parse().unwrap(), 80).unwrap_err();
/// assert_eq!(error.to_string(), "IPv6 cannot be built: length of a NAT64 prefix would be 80, it must be 64 or 96");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nat64Prefix {
    bits: u128,
    len: u8,
}

/// The byte u, bits 64 to 71, which no address of a host may have set (RFC 6052 §2.2).
const U: u128 = 0xff << 56;
/// What stands in front of it.
const BEFORE_U: u128 = !0 << 64;

impl Nat64Prefix {
    /// 64:ff9b::/96 (RFC 6052 §2.1). IPv4 addresses that are not global, as those of RFC 1918, must not be written behind it (§3.1): that
    /// is for the mapping to say.
    pub const WELL_KNOWN: Self = Self { bits: 0x0064_ff9b << 96, len: 96 };

    /// A network's own prefix, of `len` bits.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if it is not of 32, 40, 48, 56, 64 or 96 bits, or has bits set behind them or in byte u.
    pub fn new(address: Ipv6Addr, len: u8) -> Result<Self, Error> {
        let (bits, value) = (address.to_bits(), usize::from(len));
        let last = if len > 64 { Rule::Either(64, 96) } else { Rule::MultipleOf(8) };
        LayerName::IPV6.check("length of a NAT64 prefix", value, &[Rule::AtLeast(32), Rule::AtMost(96), last])?;
        let behind = bits & u128::MAX.checked_shr(u32::from(len)).unwrap_or(0);
        LayerName::IPV6.check("bits set behind a NAT64 prefix", behind.count_ones() as usize, &[Rule::Exactly(0)])?;
        let in_u = (bits & U).count_ones() as usize;
        LayerName::IPV6.check("bits 64 to 71 set in a NAT64 prefix", in_u, &[Rule::Exactly(0)])?;
        Ok(Self { bits, len })
    }

    /// The prefix, all behind it zero.
    #[must_use]
    pub const fn address(&self) -> Ipv6Addr {
        Ipv6Addr::from_bits(self.bits)
    }

    /// Its length, in bits.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no prefix is empty")]
    pub const fn len(&self) -> u8 {
        self.len
    }

    /// The IPv6 address that stands for an IPv4 one (RFC 6052 §2.3).
    #[inline]
    #[must_use]
    pub const fn embed(&self, address: Ipv4Addr) -> Ipv6Addr {
        let bits = address.to_bits() as u128;
        if self.len == 96 {
            return Ipv6Addr::from_bits(self.bits | bits);
        }
        self.embed_around_u(bits)
    }

    /// Of a shorter prefix, which most are not.
    #[inline(never)]
    const fn embed_around_u(&self, bits: u128) -> Ipv6Addr {
        let whole = bits << (96_u8.saturating_sub(self.len) & 127);
        Ipv6Addr::from_bits(self.bits | whole & BEFORE_U | (whole & !BEFORE_U) >> 8)
    }

    /// The IPv4 address in an IPv6 one. `None` if it is not behind this prefix, or has a bit set in byte u.
    #[inline]
    #[must_use]
    pub const fn extract(&self, address: Ipv6Addr) -> Option<Ipv4Addr> {
        let bits = address.to_bits();
        if self.len == 96 {
            let is_ours = (bits ^ self.bits) >> 32 == 0;
            return if is_ours { Some(Ipv4Addr::from_bits(bits as u32)) } else { None };
        }
        self.extract_around_u(bits)
    }

    #[inline(never)]
    const fn extract_around_u(&self, bits: u128) -> Option<Ipv4Addr> {
        let is_ours = (bits ^ self.bits) >> (128_u8.saturating_sub(self.len) & 127) == 0;
        if !is_ours || bits & U != 0 {
            return None;
        }
        let whole = bits & BEFORE_U | (bits & !BEFORE_U) << 8;
        Some(Ipv4Addr::from_bits((whole >> (96_u8.saturating_sub(self.len) & 127)) as u32))
    }
}

/// An IPv6 host that IPv4 knows by an address of its own, where all others stand behind a prefix: the host of a flow in a stateful NAT64
/// (RFC 6146), or what is behind a customer's translator (RFC 6877).
///
/// ```
/// use ether_ip::rewrite::nat64::{Host, Nat64Prefix};
///
/// let ipv6 = "2001:db8::7".parse().unwrap();
/// let host = Host { ipv4: [203, 0, 113, 7].into(), ipv6, prefix: Nat64Prefix::WELL_KNOWN };
/// assert_eq!(host.to_ipv4(ipv6), Some([203, 0, 113, 7].into()));
/// assert_eq!(host.to_ipv6([203, 0, 113, 7].into()), Some(ipv6));
/// assert_eq!(host.to_ipv4("64:ff9b::192.0.2.33".parse().unwrap()), Some([192, 0, 2, 33].into()));
/// assert_eq!(host.to_ipv4("2001:db8::8".parse().unwrap()), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Host {
    /// What IPv4 calls it.
    pub ipv4: Ipv4Addr,
    /// Its own address.
    pub ipv6: Ipv6Addr,
    /// What IPv4's hosts stand behind.
    pub prefix: Nat64Prefix,
}

impl Host {
    /// Of an IPv4 packet's addresses, the one that it has in IPv6.
    #[inline]
    #[must_use]
    pub fn to_ipv6(&self, address: Ipv4Addr) -> Option<Ipv6Addr> {
        Some(if address == self.ipv4 { self.ipv6 } else { self.prefix.embed(address) })
    }

    /// Of an IPv6 packet's addresses, the one that it has in IPv4.
    #[inline]
    #[must_use]
    pub fn to_ipv4(&self, address: Ipv6Addr) -> Option<Ipv4Addr> {
        if address == self.ipv6 { Some(self.ipv4) } else { self.prefix.extract(address) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v6(text: &str) -> Ipv6Addr {
        text.parse().unwrap()
    }

    /// RFC 6052 §2.4, tables 2 and 3.
    #[test]
    fn the_table() {
        let ipv4 = Ipv4Addr::new(192, 0, 2, 33);
        for (prefix, len, embedded) in [
            ("2001:db8::", 32, "2001:db8:c000:221::"),
            ("2001:db8:100::", 40, "2001:db8:1c0:2:21::"),
            ("2001:db8:122::", 48, "2001:db8:122:c000:2:2100::"),
            ("2001:db8:122:300::", 56, "2001:db8:122:3c0:0:221::"),
            ("2001:db8:122:344::", 64, "2001:db8:122:344:c0:2:2100::"),
            ("2001:db8:122:344::", 96, "2001:db8:122:344::192.0.2.33"),
            ("64:ff9b::", 96, "64:ff9b::192.0.2.33"),
        ] {
            let nat64 = Nat64Prefix::new(v6(prefix), len).unwrap();
            assert_eq!(nat64.embed(ipv4), v6(embedded), "{prefix}/{len}");
            assert_eq!(nat64.extract(v6(embedded)), Some(ipv4), "{prefix}/{len}");
            assert_eq!((nat64.address(), nat64.len()), (v6(prefix), len));
            // All bits of the IPv4 address find their places.
            let ones = Ipv4Addr::BROADCAST;
            assert_eq!(nat64.extract(nat64.embed(ones)), Some(ones), "{prefix}/{len}");
        }
        assert_eq!(Nat64Prefix::new(v6("64:ff9b::"), 96), Ok(Nat64Prefix::WELL_KNOWN));
    }

    /// RFC 6052 §2.2: lengths, byte u, the suffix.
    #[test]
    fn what_is_no_prefix_and_not_behind_one() {
        for len in [0, 24, 31, 33, 63, 65, 72, 88, 97, 104, 128, 255] {
            assert!(Nat64Prefix::new(v6("::"), len).is_err(), "{len}");
        }
        assert!(Nat64Prefix::new(v6("2001:db8:0:1::"), 56).is_err(), "a bit behind the prefix");
        assert!(Nat64Prefix::new(v6("2001:db8::100:0:0:0"), 96).is_err(), "byte u");
        assert!(Nat64Prefix::new(v6("2001:db8::1:0:0:0"), 96).is_ok(), "behind byte u");
        let nat64 = Nat64Prefix::new(v6("2001:db8:122::"), 48).unwrap();
        assert_eq!(nat64.extract(v6("2001:db8:123:c000:2:2100::")), None, "another prefix");
        assert_eq!(nat64.extract(v6("2001:db8:122:c000:102:2100::")), None, "byte u");
        assert_eq!(nat64.extract(v6("2001:db8:122:c000:2:21ff:ffff:ffff")), Some([192, 0, 2, 33].into()), "a suffix");
        assert_eq!(Nat64Prefix::WELL_KNOWN.extract(v6("64:ff9b::1:192.0.2.33")), None);
    }
}
