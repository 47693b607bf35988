//! The virtual network identifier that VXLAN and Geneve carry: 24 bits.

use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Error, LayerName, Rule};

/// A virtual network identifier, 0 to 2^24 − 1. It cannot hold more.
///
/// ```
/// use ether_ip::vni::Vni;
///
/// assert_eq!(Vni::new(4096)?.get(), 4096);
/// assert!(Vni::new(1 << 24).is_err());
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct Vni([u8; 3]);

impl Vni {
    /// The largest one.
    pub const MAX: Self = Self([0xff; 3]);

    /// An identifier.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] from 2^24 on.
    #[inline]
    pub const fn new(value: u32) -> Result<Self, Error> {
        match value.to_be_bytes() {
            [0, a, b, c] => Ok(Self([a, b, c])),
            _ => Err(Error::Unbuildable {
                layer: LayerName::PACKET,
                field: "VNI",
                value: value as usize,
                rule: Rule::AtMost(0x00ff_ffff),
            }),
        }
    }

    /// The identifier as a number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u32 {
        let [a, b, c] = self.0;
        u32::from_be_bytes([0, a, b, c])
    }
}

impl From<u16> for Vni {
    #[inline]
    fn from(value: u16) -> Self {
        let [b, c] = value.to_be_bytes();
        Self([0, b, c])
    }
}

impl From<Vni> for u32 {
    #[inline]
    fn from(vni: Vni) -> Self {
        vni.get()
    }
}

impl From<Vni> for u64 {
    #[inline]
    fn from(vni: Vni) -> Self {
        Self::from(vni.get())
    }
}

impl TryFrom<u32> for Vni {
    type Error = Error;

    #[inline]
    fn try_from(value: u32) -> Result<Self, Error> {
        Self::new(value)
    }
}

impl fmt::Display for Vni {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.get(), f)
    }
}

impl fmt::Debug for Vni {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vni({})", self.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_24_bits_and_no_more() {
        for value in [0, 1, 4096, 0x00ff_ffff] {
            assert_eq!(Vni::new(value).map(Vni::get), Ok(value));
        }
        for value in [1 << 24, u32::MAX] {
            let (layer, rule) = (LayerName::PACKET, Rule::AtMost(0x00ff_ffff));
            let refused = Error::Unbuildable { layer, field: "VNI", value: value as usize, rule };
            assert_eq!(Vni::try_from(value), Err(refused));
        }
        assert_eq!(Vni::from(0xffff_u16).get(), 0xffff);
        assert_eq!(Vni::new(0x0001_0203).unwrap().as_bytes(), [1, 2, 3]);
    }
}
