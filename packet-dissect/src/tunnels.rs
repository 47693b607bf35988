//! Which UDP ports carry tunnels, and which TCP ports messages that are followed: tables that the caller can extend or replace.

macro_rules! tunnels {
    ($($(#[$doc:meta])* $tunnel:ident $name:literal [$($port:expr),*];)*) => {
        /// A tunnel that runs over UDP.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Tunnel {
            $($(#[$doc])* $tunnel,)*
        }

        impl Tunnel {
            /// All of them, with the names that a person gives them by.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$tunnel),)*];

            /// The tunnel that is so many from the first.
            pub(crate) const fn of_number(number: u16) -> Option<Self> {
                match number {
                    $(_ if number == Self::$tunnel as u16 => Some(Self::$tunnel),)*
                    _ => None,
                }
            }
        }

        const DEFAULT: &[(u16, Tunnel)] = &[$($(($port, Tunnel::$tunnel),)*)*];
    };
}

// A tunnel, the name that a person gives it by, and the ports on which it is where nobody says else.
tunnels! {
    /// VXLAN, with Group Policy or without: 4789 (IANA), 8472 (Linux, Flannel, Cilium), 6784 (Weave's fast datapath).
    Vxlan "vxlan" [vxlan_codec::PORT, vxlan_codec::PORT_LINUX, weave_codec::FAST_DATAPATH_PORT];
    /// VXLAN-GPE: 4790.
    VxlanGpe "vxlan-gpe" [vxlan_codec::gpe::PORT];
    /// Geneve: 6081.
    Geneve "geneve" [geneve_codec::PORT];
    /// MPLS in UDP (RFC 7510): 6635.
    Mpls "mpls" [6635];
    /// GRE in UDP (RFC 8086): 4754.
    Gre "gre" [4754];
    /// WireGuard: 51820 (Flannel, Calico), 51821 (the same over IPv6), 51871 (Cilium).
    WireGuard "wireguard" [51820, 51821, 51871];
    /// ESP, IKE and keepalives in UDP (RFC 3948): 4500.
    Esp "esp" [ether_ip::esp::PORT];
    /// GTP-U: 2152.
    GtpU "gtp-u" [ether_ip::gtp_u::PORT];
    /// Flannel's UDP backend: 8285.
    FlannelUdp "flannel-udp" [flannel_udp_codec::PORT];
    /// sFlow: 6343.
    Sflow "sflow" [ether_ip::sflow::PORT];
    /// Weave's sleeve: 6783.
    Sleeve "sleeve" [weave_codec::PORT];
}

/// What runs over TCP and is followed through its segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TcpProtocol {
    /// BGP: 179.
    Bgp,
    /// BMP: 11019, and 1790 (IANA's).
    Bmp,
}

impl TcpProtocol {
    /// All of them, with the names that a person gives them by.
    pub const ALL: &'static [(&'static str, Self)] = &[("bgp", Self::Bgp), ("bmp", Self::Bmp)];

    /// The protocol that is so many from the first.
    pub(crate) const fn of_number(number: u16) -> Option<Self> {
        match number {
            _ if number == Self::Bgp as u16 => Some(Self::Bgp),
            _ if number == Self::Bmp as u16 => Some(Self::Bmp),
            _ => None,
        }
    }
}

/// A table of TCP ports and what runs over them. The first row that fits counts.
///
/// ```
/// use packet_dissect::{TcpPorts, TcpProtocol, Tunnels};
///
/// let mut rows = vec![(10_179, TcpProtocol::Bgp)];
/// rows.extend(TcpPorts::DEFAULT.rows());
/// let ports = TcpPorts::new(&rows);
/// let tunnels = Tunnels::DEFAULT.with_tcp(&ports);
/// assert_eq!(tunnels.of_tcp_ports(40_000, 10_179), Some(TcpProtocol::Bgp));
/// assert_eq!(tunnels.of_tcp_ports(11_019, 40_000), Some(TcpProtocol::Bmp));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TcpPorts<'a> {
    rows: &'a [(u16, TcpProtocol)],
    /// The ports modulo 64, a bit each: most segments are of none, and are told by that alone.
    folded: u64,
}

impl TcpPorts<'static> {
    /// BGP and BMP on the ports that [`TcpProtocol`] names.
    pub const DEFAULT: Self =
        Self::new(&[(179, TcpProtocol::Bgp), (11_019, TcpProtocol::Bmp), (1790, TcpProtocol::Bmp)]);
}

impl<'a> TcpPorts<'a> {
    /// A table of the caller's.
    #[must_use]
    pub const fn new(rows: &'a [(u16, TcpProtocol)]) -> Self {
        Self { rows, folded: folded(rows) }
    }

    /// The rows.
    #[must_use]
    pub const fn rows(&self) -> &'a [(u16, TcpProtocol)] {
        self.rows
    }

    /// What runs between two ports.
    #[inline]
    #[must_use]
    pub fn of(&self, source: u16, destination: u16) -> Option<TcpProtocol> {
        if is_none_of(self.folded, source) && is_none_of(self.folded, destination) {
            return None;
        }
        self.rows.iter().find(|(of, _)| *of == source || *of == destination).map(|(_, protocol)| *protocol)
    }
}

/// A bit for each port of a table, modulo 64.
const fn folded<T>(rows: &[(u16, T)]) -> u64 {
    let (mut folded, mut rest) = (0, rows);
    while let [(port, _), behind @ ..] = rest {
        folded |= 1 << (*port % 64);
        rest = behind;
    }
    folded
}

/// Whether the bits alone tell that the port is not in the table.
#[inline(always)]
const fn is_none_of(folded: u64, port: u16) -> bool {
    (folded >> (port % 64)) & 1 == 0
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
    /// The ports modulo 64, a bit each, as those of TCP.
    folded: u64,
    tcp: &'a TcpPorts<'a>,
}

impl Tunnels<'static> {
    /// Each tunnel on the ports that [`Tunnel`] names.
    pub const DEFAULT: Self = Self::new(DEFAULT);
}

impl<'a> Tunnels<'a> {
    /// A table of the caller's; BGP and BMP are on their default ports.
    #[must_use]
    pub const fn new(rows: &'a [(u16, Tunnel)]) -> Self {
        Self { rows, folded: folded(rows), tcp: &TcpPorts::DEFAULT }
    }

    /// The same with other ports of TCP.
    #[must_use]
    pub const fn with_tcp(self, tcp: &'a TcpPorts<'a>) -> Self {
        Self { tcp, ..self }
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

    /// The tunnel between two ports: the destination's, or else the source's.
    #[inline]
    #[must_use]
    pub fn of_ports(&self, source: u16, destination: u16) -> Option<Tunnel> {
        match self.rows {
            // What the table begins with is what most tunnels are.
            [(port, tunnel), ..] if *port == destination => return Some(*tunnel),
            _ if is_none_of(self.folded, destination) && is_none_of(self.folded, source) => return None,
            _ => {}
        }
        self.of_port(destination).or_else(|| self.of_port(source))
    }

    /// What runs over TCP between two ports.
    #[inline]
    #[must_use]
    pub fn of_tcp_ports(&self, source: u16, destination: u16) -> Option<TcpProtocol> {
        self.tcp.of(source, destination)
    }
}
