//! Kinds of tunnels (RFC 9012 §2), as the Tunnel Encapsulation attribute and the extended community of that name have them.

use ether_ip::open_set;

open_set! {
    /// What kind of tunnel it is.
    pub struct TunnelType(u16) {
        /// L2TPv3 over IP.
        L2TPV3 = 1, "l2tpv3";
        /// GRE.
        GRE = 2, "gre";
        /// The end that sends (RFC 5566).
        TRANSMIT = 3, "transmit-tunnel-endpoint";
        /// IPsec in tunnel mode (RFC 5566).
        IPSEC = 4, "ipsec";
        /// IP in IP with IPsec in transport mode (RFC 5566).
        IP_IN_IP_IPSEC = 5, "ip-in-ip-ipsec";
        /// MPLS in IP with IPsec in transport mode (RFC 5566).
        MPLS_IN_IP_IPSEC = 6, "mpls-in-ip-ipsec";
        /// IP in IP.
        IP_IN_IP = 7, "ip-in-ip";
        /// VXLAN.
        VXLAN = 8, "vxlan";
        /// NVGRE.
        NVGRE = 9, "nvgre";
        /// MPLS.
        MPLS = 10, "mpls";
        /// MPLS in GRE.
        MPLS_IN_GRE = 11, "mpls-in-gre";
        /// VXLAN-GPE.
        VXLAN_GPE = 12, "vxlan-gpe";
        /// MPLS in UDP.
        MPLS_IN_UDP = 13, "mpls-in-udp";
        /// IPv6 over IPv4.
        IPV6 = 14, "ipv6";
        /// A segment routing policy.
        SR_POLICY = 15, "sr-policy";
        /// Geneve.
        GENEVE = 19, "geneve";
    }
}
