//! AS numbers of two and of four bytes (RFC 6793).

use core::fmt;

use ether_ip::Error;
use ether_ip::writer::Writer;

/// The AS number that stands for one that has no room in two bytes (RFC 6793 §9).
pub const AS_TRANS: u16 = 23_456;

/// How many bytes an AS number has in AS_PATH and AGGREGATOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum AsSize {
    /// Two: at least one of the speakers does not know of more.
    Two,
    /// Four (RFC 6793).
    Four,
}

impl AsSize {
    /// In bytes.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Four => 4,
        }
    }
}

impl fmt::Display for AsSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.bytes())
    }
}

/// Writes an AS number: AS_TRANS, if it has no room in two bytes (RFC 6793 §4.2.2).
pub(crate) fn write_as(number: u32, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
    match size {
        AsSize::Four => to.u32(number)?,
        //= RFC 6793 §4.2.2/as-path
        AsSize::Two => to.u16(u16::try_from(number).unwrap_or(AS_TRANS))?,
    };
    Ok(())
}
