//! What the AS numbers of a path's segment are (RFC 4271 §4.3 b, RFC 5065 §3).

use ether_ip::open_set;

open_set! {
    /// What a segment's AS numbers are.
    pub struct SegmentType(u8) {
        /// ASes in no order.
        SET = 1, "AS_SET";
        /// ASes in the order in which the route came back through them, the last first.
        SEQUENCE = 2, "AS_SEQUENCE";
        /// The same inside of a confederation.
        CONFED_SEQUENCE = 3, "AS_CONFED_SEQUENCE";
        /// ASes of a confederation in no order.
        CONFED_SET = 4, "AS_CONFED_SET";
    }
}

impl SegmentType {
    /// Whether it stays inside of a confederation.
    #[inline]
    #[must_use]
    pub const fn is_confederation(self) -> bool {
        matches!(self, Self::CONFED_SEQUENCE | Self::CONFED_SET)
    }

    /// Whether its AS numbers are in no order.
    #[inline]
    #[must_use]
    pub const fn is_set(self) -> bool {
        matches!(self, Self::SET | Self::CONFED_SET)
    }
}
