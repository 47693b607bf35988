//! The part that a speaker plays towards its peer (RFC 9234 §4.1).

use ether_ip::open_set;

open_set! {
    /// A speaker's role.
    pub struct Role(u8) {
        /// It sells transit to the peer.
        PROVIDER = 0, "provider";
        /// It is a route server for the peer.
        ROUTE_SERVER = 1, "route server";
        /// It is a client of the peer's route server.
        ROUTE_SERVER_CLIENT = 2, "route server client";
        /// It buys transit from the peer.
        CUSTOMER = 3, "customer";
        /// The two exchange their own and their customers' routes.
        PEER = 4, "peer";
    }
}

impl Role {
    /// Whether a speaker of this role can have a peer of the other (RFC 9234 §4.2, table 2).
    #[must_use]
    pub const fn fits(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::PROVIDER, Self::CUSTOMER)
                | (Self::CUSTOMER, Self::PROVIDER)
                | (Self::ROUTE_SERVER, Self::ROUTE_SERVER_CLIENT)
                | (Self::ROUTE_SERVER_CLIENT, Self::ROUTE_SERVER)
                | (Self::PEER, Self::PEER)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9234 §4.2, table 2.
    #[test]
    fn pairs() {
        for ours in 0..6 {
            let fitting = (0..6).filter(|theirs| Role(ours).fits(Role(*theirs)));
            assert!(fitting.eq([3, 2, 1, 0, 4].get(usize::from(ours)).copied()), "{ours}");
        }
    }
}
