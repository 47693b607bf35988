//! When a packet was captured.

use std::fmt;

/// When a packet was captured: seconds since 1970 began, and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    /// Whole seconds; negative only with a pcapng time offset.
    pub seconds: i64,
    /// Nanoseconds. A broken pcap record can hold more than a second's worth.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// The nanoseconds since 1970 began.
    #[must_use]
    pub fn total_nanoseconds(self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds)
    }

    /// The time from `earlier` to this, in nanoseconds; negative if it is later after all.
    #[must_use]
    pub fn nanoseconds_since(self, earlier: Self) -> i128 {
        self.total_nanoseconds() - earlier.total_nanoseconds()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let carry = i64::from(self.nanoseconds / 1_000_000_000);
        write!(f, "{}.{:09}", self.seconds.saturating_add(carry), self.nanoseconds % 1_000_000_000)
    }
}

/// What a pcapng interface counts time in: `if_tsresol`. With its upper bit 0 a power of ten of a second, with 1 a power of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resolution(pub(super) u8);

impl Resolution {
    /// What an interface has that does not say.
    pub(super) const MICROSECONDS: Self = Self(6);

    /// So many units since 1970 began, and `offset` seconds.
    pub(super) fn time(self, units: u64, offset: i64) -> Timestamp {
        let (units, power) = (u128::from(units), u32::from(self.0 & 0x7f));
        let nanoseconds = match (self.0 >> 7, power) {
            (0, ..=9) => units * 10_u128.pow(9 - power),
            // Too small for a nanosecond to be one of them, were there as many as fit.
            (0, _) => 10_u128.checked_pow(power - 9).map_or(0, |units_each| units / units_each),
            _ => (units * 1_000_000_000) >> power,
        };
        let seconds = i64::try_from(nanoseconds / 1_000_000_000).unwrap_or(i64::MAX).saturating_add(offset);
        Timestamp { seconds, nanoseconds: (nanoseconds % 1_000_000_000) as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// pcapng (draft-ietf-opsawg-pcapng) §4.2: 10^-6 unless told otherwise, and every other power of ten and of two.
    #[test]
    fn every_resolution() {
        let time = |resolution, units| {
            let Timestamp { seconds, nanoseconds } = Resolution(resolution).time(units, 0);
            (seconds, nanoseconds)
        };
        assert_eq!(time(0, 7), (7, 0));
        assert_eq!(time(3, 7_001), (7, 1_000_000));
        assert_eq!(time(6, 7_000_001), (7, 1000));
        assert_eq!(time(9, 7_000_000_001), (7, 1));
        assert_eq!(time(12, 7_000_000_001_999), (7, 1));
        assert_eq!(time(19, u64::MAX), (1, 844_674_407));
        assert_eq!(time(20, u64::MAX), (0, 184_467_440));
        assert_eq!(time(127, u64::MAX), (0, 0));
        assert_eq!(time(0x80, 7), (7, 0));
        assert_eq!(time(0x80 | 1, 7), (3, 500_000_000));
        assert_eq!(time(0x80 | 20, 3_670_016), (3, 500_000_000));
        assert_eq!(time(0x80 | 63, u64::MAX), (1, 999_999_999));
        assert_eq!(time(0x80 | 64, u64::MAX), (0, 999_999_999));
        assert_eq!(time(0xff, u64::MAX), (0, 0));
        assert_eq!(Resolution(6).time(250_000, -5), Timestamp { seconds: -5, nanoseconds: 250_000_000 });
        assert_eq!(Resolution(0).time(u64::MAX, i64::MAX).seconds, i64::MAX);
    }
}
