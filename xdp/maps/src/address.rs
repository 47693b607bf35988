//! Addresses as keys of maps.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// An address of either family: IPv4's as IPv6 maps it (RFC 4291 §2.5.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Address([u64; 2]);

impl Address {
    /// `::`, for none.
    pub const UNSPECIFIED: Self = Self([0; 2]);

    /// As IPv4 has it: what of IPv6's stands where IPv4's is mapped to.
    #[inline(always)]
    #[must_use]
    pub fn to_ipv4(self) -> Ipv4Addr {
        let [_, _, _, _, octets @ ..] = self.0[1].to_ne_bytes();
        octets.into()
    }

    /// As IPv6 has it.
    #[inline(always)]
    #[must_use]
    pub fn to_ipv6(self) -> Ipv6Addr {
        let octets: [u8; 16] = zerocopy::transmute!(self.0);
        octets.into()
    }
}

impl From<Ipv4Addr> for Address {
    #[inline(always)]
    fn from(address: Ipv4Addr) -> Self {
        let [a, b, c, d] = address.octets();
        Self([0, u64::from_ne_bytes([0, 0, 0xff, 0xff, a, b, c, d])])
    }
}

impl From<Ipv6Addr> for Address {
    #[inline(always)]
    fn from(address: Ipv6Addr) -> Self {
        Self(zerocopy::transmute!(address.octets()))
    }
}

impl From<IpAddr> for Address {
    #[inline(always)]
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => address.into(),
        }
    }
}

impl From<Address> for IpAddr {
    fn from(Address(words): Address) -> Self {
        let octets: [u8; 16] = zerocopy::transmute!(words);
        Ipv6Addr::from(octets).to_canonical()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in ["192.0.2.1", "2001:db8::1", "::"] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(IpAddr::from(Address::from(address)), address);
            match address {
                IpAddr::V4(of) => assert_eq!(Address::from(of).to_ipv4(), of),
                IpAddr::V6(of) => assert_eq!(Address::from(of).to_ipv6(), of),
            }
        }
        assert_eq!(
            Address::from(Ipv4Addr::new(192, 0, 2, 1)).as_bytes(),
            b"\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01"
        );
    }
}
