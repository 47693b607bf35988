//! What a packet's flow is known by: the ends, and between which of their ports it runs.

use core::net::IpAddr;

use crate::ip::IpProtocol;

/// The ends of a packet's flow, as its headers name them.
///
/// ```
/// use ether_ip::rewrite::{Flow, Ports};
///
/// # let bytes = [
/// #     0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xcd, 192, 0, 2, 1, 192, 0, 2, 2, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0,
/// # ];
/// let flow = Flow::of(&bytes)?;
/// assert_eq!((flow.source.to_string(), flow.destination.to_string()), ("192.0.2.1".into(), "192.0.2.2".into()));
/// assert_eq!(flow.ports, Ports::Pair { source: 4000, destination: 53 });
/// assert_eq!(flow.reversed().ports, Ports::Pair { source: 53, destination: 4000 });
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flow {
    /// Where it comes from.
    pub source: IpAddr,
    /// Where it goes; with a route in the packet, the next stop.
    pub destination: IpAddr,
    /// The upper layer's protocol, behind IPv6's extension headers.
    pub protocol: IpProtocol,
    /// Which of the ends' ports.
    pub ports: Ports,
}

/// What tells the flows between two addresses apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ports {
    /// Nothing: a protocol that has no ports, or a fragment that is not the first, where they do not stand.
    None,
    /// Two ports: TCP, UDP, UDP-Lite, DCCP, SCTP.
    Pair {
        /// The sender's.
        source: u16,
        /// The receiver's.
        destination: u16,
    },
    /// The identifier of an ICMP question and of its answer (RFC 3022 §2.2).
    Identifier(u16),
}

impl Flow {
    /// The flow of the answers.
    #[inline]
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { source: self.destination, destination: self.source, ports: self.ports.reversed(), ..self }
    }

    /// Without the ports: what can be told of a fragment that is not the first.
    #[inline]
    #[must_use]
    pub const fn without_ports(self) -> Self {
        Self { ports: Ports::None, ..self }
    }
}

impl Ports {
    /// With another source port, or another identifier; `None` if there is neither.
    #[inline]
    #[must_use]
    pub const fn with_source(self, port: u16) -> Option<Self> {
        match self {
            Self::Pair { destination, .. } => Some(Self::Pair { source: port, destination }),
            Self::Identifier(_) => Some(Self::Identifier(port)),
            Self::None => None,
        }
    }

    /// The ports of the answers.
    #[inline]
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Pair { source, destination } => Self::Pair { source: destination, destination: source },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ports;

    #[test]
    fn another_source() {
        let pair = Ports::Pair { source: 4000, destination: 53 };
        assert_eq!(pair.with_source(61_000), Some(Ports::Pair { source: 61_000, destination: 53 }));
        assert_eq!(Ports::Identifier(7).with_source(8), Some(Ports::Identifier(8)));
        assert_eq!(Ports::None.with_source(8), None);
    }
}
