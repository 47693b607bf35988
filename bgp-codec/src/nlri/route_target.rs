//! Which route targets a peer wants (RFC 4684 §4): a prefix of an origin AS and a route target.
//!
//! ```text
//!  0       8                               40                                             104
//!  +-------+-------------------------------+-----------------------------------------------+
//!  | length| origin AS                     | route target                                  |
//!  +-------+-------------------------------+-----------------------------------------------+
//! ```
//!
//! The length, in bits, is 0 (all) or from 32 to 96.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use crate::value::extended_community::ExtendedCommunity;
use crate::wire::Reader;

/// A route target that a peer wants, or a prefix of some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouteTargetMembership {
    bits: u8,
    bytes: [u8; 12],
}

impl RouteTargetMembership {
    /// All route targets.
    pub const ALL: Self = Self { bits: 0, bytes: [0; 12] };

    /// One route target, wanted by an AS.
    #[must_use]
    pub const fn new(origin_as: u32, target: ExtendedCommunity) -> Self {
        let [a, b, c, d] = origin_as.to_be_bytes();
        let [e, f, g, h, i, j, k, l] = target.0;
        Self { bits: 96, bytes: [a, b, c, d, e, f, g, h, i, j, k, l] }
    }

    /// How many bits count: 0, or from 32 to 96.
    #[must_use]
    pub const fn bits(&self) -> u8 {
        self.bits
    }

    /// The AS that wants it.
    #[must_use]
    pub const fn origin_as(&self) -> u32 {
        let [a, b, c, d, ..] = self.bytes;
        u32::from_be_bytes([a, b, c, d])
    }

    /// The route target; zero where no bits count.
    #[must_use]
    pub const fn target(&self) -> ExtendedCommunity {
        let [_, _, _, _, e, f, g, h, i, j, k, l] = self.bytes;
        ExtendedCommunity([e, f, g, h, i, j, k, l])
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let bits = from.u8()?;
        if bits > 96 {
            return Err(from.malformed("prefix length", u32::from(bits), Rule::AtMost(96)));
        }
        if (1..32).contains(&bits) {
            return Err(from.malformed("prefix length", u32::from(bits), Rule::AtLeast(32)));
        }
        let mut bytes = [0; 12];
        let taken = from.take(usize::from(bits).div_ceil(8))?;
        bytes.iter_mut().zip(taken).for_each(|(to, byte)| *to = *byte);
        let behind = u128::MAX.checked_shr(32 + u32::from(bits)).unwrap_or(0);
        let mut whole = [0; 16];
        whole.iter_mut().skip(4).zip(bytes).for_each(|(to, byte)| *to = byte);
        let [_, _, _, _, bytes @ ..] = (u128::from_be_bytes(whole) & !behind).to_be_bytes();
        Ok(Self { bits, bytes })
    }

    /// Writes length and bytes.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.bits)?.put_first(&self.bytes, usize::from(self.bits).div_ceil(8))?;
        Ok(())
    }
}

impl fmt::Display for RouteTargetMembership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bits {
            0 => f.write_str("all route targets"),
            96 => write!(f, "{} {}", self.origin_as(), self.target()),
            bits => write!(f, "{} {} /{bits}", self.origin_as(), self.target()),
        }
    }
}
