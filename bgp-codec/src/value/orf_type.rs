//! Kinds of outbound route filters (RFC 5291 §3).

use ether_ip::open_set;

open_set! {
    /// A kind of outbound route filter.
    pub struct OrfType(u8) {
        /// By prefix (RFC 5292).
        ADDRESS_PREFIX = 64, "address prefix";
        /// By prefix, as it was before its RFC.
        ADDRESS_PREFIX_CISCO = 128, "address prefix (Cisco)";
    }
}
