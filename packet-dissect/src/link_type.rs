//! How a captured packet begins.

ether_ip::open_set! {
    /// A capture's link type (libpcap's LINKTYPE numbers).
    pub struct LinkType(u32) {
        /// BSD loopback, address family in the writer's byte order.
        NULL = 0, "BSD loopback";
        /// Ethernet.
        ETHERNET = 1, "Ethernet";
        /// Raw IP, as OpenBSD writes it into captures.
        RAW_OPENBSD = 14, "raw IP";
        /// Raw IP, as it reaches programs on other systems.
        RAW_DLT = 12, "raw IP";
        /// Raw IP: the version nibble tells which.
        RAW = 101, "raw IP";
        /// BSD loopback, address family in network byte order.
        LOOP = 108, "OpenBSD loopback";
        /// Linux cooked capture.
        LINUX_SLL = 113, "Linux cooked v1";
        /// Raw IPv4.
        IPV4 = 228, "raw IPv4";
        /// Raw IPv6.
        IPV6 = 229, "raw IPv6";
        /// Linux cooked capture, v2.
        LINUX_SLL2 = 276, "Linux cooked v2";
    }
}
