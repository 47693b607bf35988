//! What is told of SRv6 segment identifiers, whichever attribute tells it: what their endpoints do (RFC 8986 §10.2), and the lengths of
//! their parts.

use ether_ip::open_set;

open_set! {
    /// What an SRv6 endpoint does with packets (RFC 8986 §4, RFC 9433 §6, RFC 9800 §4), by IANA's numbers.
    pub struct EndpointBehavior(u16) {
        /// Goes on to the next segment.
        END = 1, "End";
        /// The same; the last segment but one takes the header off.
        END_PSP = 2, "End-with-PSP";
        /// The same; the last takes the header off.
        END_USP = 3, "End-with-USP";
        /// The same, both.
        END_PSP_USP = 4, "End-with-PSP&USP";
        /// Goes on across an adjacency.
        END_X = 5, "End.X";
        /// The same; the last segment but one takes the header off.
        END_X_PSP = 6, "End.X-with-PSP";
        /// The same; the last takes the header off.
        END_X_USP = 7, "End.X-with-USP";
        /// The same, both.
        END_X_PSP_USP = 8, "End.X-with-PSP&USP";
        /// Goes on by a table of its own.
        END_T = 9, "End.T";
        /// The same; the last segment but one takes the header off.
        END_T_PSP = 10, "End.T-with-PSP";
        /// The same; the last takes the header off.
        END_T_USP = 11, "End.T-with-USP";
        /// The same, both.
        END_T_PSP_USP = 12, "End.T-with-PSP&USP";
        /// Enters a policy, in a header of its own.
        END_B6_ENCAPS = 14, "End.B6.Encaps";
        /// Enters a policy of MPLS.
        END_BM = 15, "End.BM";
        /// Decapsulates, and sends across an IPv6 adjacency.
        END_DX6 = 16, "End.DX6";
        /// Decapsulates, and sends across an IPv4 adjacency.
        END_DX4 = 17, "End.DX4";
        /// Decapsulates, and looks IPv6 up.
        END_DT6 = 18, "End.DT6";
        /// Decapsulates, and looks IPv4 up.
        END_DT4 = 19, "End.DT4";
        /// Decapsulates, and looks either up.
        END_DT46 = 20, "End.DT46";
        /// Decapsulates a frame, and sends it out of an interface.
        END_DX2 = 21, "End.DX2";
        /// Decapsulates a frame, and looks its VLAN up.
        END_DX2V = 22, "End.DX2V";
        /// Decapsulates a frame, and looks its address up.
        END_DT2U = 23, "End.DT2U";
        /// Decapsulates a frame, and floods it.
        END_DT2M = 24, "End.DT2M";
        /// As 14, with fewer segments in the header.
        END_B6_ENCAPS_RED = 27, "End.B6.Encaps.Red";
        /// As 1, the last decapsulates.
        END_USD = 28, "End-with-USD";
        /// The same; the last segment but one takes the header off.
        END_PSP_USD = 29, "End-with-PSP&USD";
        /// The same; the last takes the header off.
        END_USP_USD = 30, "End-with-USP&USD";
        /// The same, both.
        END_PSP_USP_USD = 31, "End-with-PSP,USP&USD";
        /// As 5, the last decapsulates.
        END_X_USD = 32, "End.X-with-USD";
        /// The same; the last segment but one takes the header off.
        END_X_PSP_USD = 33, "End.X-with-PSP&USD";
        /// The same; the last takes the header off.
        END_X_USP_USD = 34, "End.X-with-USP&USD";
        /// The same, both.
        END_X_PSP_USP_USD = 35, "End.X-with-PSP,USP&USD";
        /// As 9, the last decapsulates.
        END_T_USD = 36, "End.T-with-USD";
        /// The same; the last segment but one takes the header off.
        END_T_PSP_USD = 37, "End.T-with-PSP&USD";
        /// The same; the last takes the header off.
        END_T_USP_USD = 38, "End.T-with-USP&USD";
        /// The same, both.
        END_T_PSP_USP_USD = 39, "End.T-with-PSP,USP&USD";
        /// As 1, with the next segments in the same identifier.
        END_NEXT = 43, "End-with-NEXT-CSID";
        /// As 5, with the next segments in the same identifier.
        END_X_NEXT = 52, "End.X-with-NEXT-CSID";
        /// Takes GTP over IPv6 out, and enters a policy (RFC 9433).
        END_M_GTP6_D = 69, "End.M.GTP6.D";
        /// The same, for a way onwards through more of GTP (RFC 9433).
        END_M_GTP6_D_DI = 70, "End.M.GTP6.D.Di";
        /// Puts into GTP over IPv6 (RFC 9433).
        END_M_GTP6_E = 71, "End.M.GTP6.E";
        /// Puts into GTP over IPv4 (RFC 9433).
        END_M_GTP4_E = 72, "End.M.GTP4.E";
        /// None is told.
        OPAQUE = 0xffff, "opaque";
    }
}
