//! Which UDP ports carry tunnels: a table that the caller can extend or replace.

/// A tunnel that runs over UDP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tunnel {
    /// VXLAN, with Group Policy or without.
    Vxlan,
    /// VXLAN-GPE.
    VxlanGpe,
    /// Geneve.
    Geneve,
    /// MPLS in UDP (RFC 7510).
    Mpls,
    /// Flannel's UDP backend.
    FlannelUdp,
    /// Weave's sleeve.
    Sleeve,
}

impl Tunnel {
    /// All of them, with the names that a person gives them by.
    pub const ALL: [(&'static str, Self); 6] = [
        ("vxlan", Self::Vxlan),
        ("vxlan-gpe", Self::VxlanGpe),
        ("geneve", Self::Geneve),
        ("mpls", Self::Mpls),
        ("flannel-udp", Self::FlannelUdp),
        ("sleeve", Self::Sleeve),
    ];
}

/// A table of UDP ports and the tunnels behind them. The first row that fits counts.
///
/// ```
/// use packet_dissect::{Tunnel, Tunnels};
///
/// let mut rows = vec![(14_789, Tunnel::Vxlan)];
/// rows.extend(Tunnels::DEFAULT.rows());
/// let tunnels = Tunnels::new(&rows);
/// assert_eq!(tunnels.of_port(14_789), Some(Tunnel::Vxlan));
/// assert_eq!(tunnels.of_port(8472), Some(Tunnel::Vxlan));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Tunnels<'a> {
    rows: &'a [(u16, Tunnel)],
}

impl Tunnels<'static> {
    /// VXLAN on 4789 (IANA) and 8472 (Linux, Flannel, Cilium), VXLAN-GPE on 4790, Geneve on 6081, MPLS on 6635,
    /// Flannel's UDP backend on 8285, Weave's sleeve on 6783 and its fast datapath, which is VXLAN, on 6784.
    pub const DEFAULT: Self = Self {
        rows: &[
            (vxlan_codec::PORT, Tunnel::Vxlan),
            (vxlan_codec::PORT_LINUX, Tunnel::Vxlan),
            (vxlan_codec::gpe::PORT, Tunnel::VxlanGpe),
            (geneve_codec::PORT, Tunnel::Geneve),
            (6635, Tunnel::Mpls),
            (flannel_udp_codec::PORT, Tunnel::FlannelUdp),
            (weave_codec::PORT, Tunnel::Sleeve),
            (weave_codec::FAST_DATAPATH_PORT, Tunnel::Vxlan),
        ],
    };
}

impl<'a> Tunnels<'a> {
    /// A table of the caller's.
    #[must_use]
    pub const fn new(rows: &'a [(u16, Tunnel)]) -> Self {
        Self { rows }
    }

    /// The rows.
    #[must_use]
    pub const fn rows(&self) -> &'a [(u16, Tunnel)] {
        self.rows
    }

    /// The tunnel behind a port.
    #[inline]
    #[must_use]
    pub fn of_port(&self, port: u16) -> Option<Tunnel> {
        self.rows.iter().find(|(of, _)| *of == port).map(|(_, tunnel)| *tunnel)
    }
}
