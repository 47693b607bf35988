//! Where in a packet stands what a rewrite touches, and what covers it: found once, before anything is changed.

use core::net::{IpAddr, Ipv6Addr};

use super::flow::{Flow, Ports};
use crate::icmpv4::Icmpv4Type;
use crate::icmpv6::Icmpv6Type;
use crate::ip::{IpProtocol, Version, version};
use crate::ipv4::{Ipv4Option, Ipv4OptionKind, Ipv4Packet};
use crate::ipv6::Ipv6Packet;
use crate::ipv6_extension::{Extension, Extensions, Ipv6Option};
use crate::outer::OuterError;
use crate::udp::UdpDatagram;
use crate::{Error, LayerName};

/// What a packet has that is left as it is, whatever changes, and that whoever receives it may stumble over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Left {
    /// Addresses in IP's options or in a routing header (RFC 3022 §3.5 has NATs leave them), or that Multipath TCP tells the other end (RFC
    /// 8684 §3.4.1).
    pub addresses: bool,
    /// An authentication header, which covers what is changed (RFC 3715 §2.1).
    pub authentication: bool,
    /// A TCP segment's MD5 signature (RFC 2385 §2.0) or TCP-AO's (RFC 5925 §5.1), both over addresses and ports: who receives the segment
    /// drops it (RFC 5925 §9.2), unless the ends reckon with NATs (RFC 6978).
    pub signature: bool,
}

/// How a protocol's header is rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Transport {
    /// Where in its header the checksum stands, if it has one that can be patched.
    pub checksum: Option<usize>,
    /// Whether the checksum is over the addresses too.
    pub has_pseudo: bool,
    /// Whether a checksum of 0 stands for none, so that 0 is sent as 0xffff.
    pub zero_is_none: bool,
    /// Whether the checksum is over all that follows.
    pub covers_payload: bool,
    /// Where the ports stand, or the identifier.
    pub ports: PortsAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PortsAt {
    Nowhere,
    /// The first four bytes.
    Pair,
    /// The same, under a checksum that no change of a few bytes can patch.
    Fixed,
    /// Bytes 4 and 5.
    Identifier,
}

impl Transport {
    /// Of a protocol of which nothing is known.
    const NONE: Self =
        Self { checksum: None, has_pseudo: false, zero_is_none: false, covers_payload: true, ports: PortsAt::Nowhere };

    /// A row of the table: a checksum over the addresses, at this byte of the header.
    const fn with_pseudo(checksum: usize, ports: PortsAt) -> Self {
        Self { checksum: Some(checksum), has_pseudo: true, ports, ..Self::NONE }
    }

    /// The table.
    pub(super) fn of(protocol: IpProtocol, version: Version, upper: &[u8]) -> Self {
        let kind = upper.first().copied().unwrap_or(0);
        match (protocol, version) {
            (IpProtocol::TCP, _) => Self::with_pseudo(16, PortsAt::Pair),
            // RFC 768.
            (IpProtocol::UDP, _) => Self { zero_is_none: true, ..Self::with_pseudo(6, PortsAt::Pair) },
            // RFC 3828 §3.1, RFC 4340 §5.1: at least the ports and the addresses are covered, the payload as far as was wanted.
            (IpProtocol::UDP_LITE, _) => {
                Self { zero_is_none: true, covers_payload: false, ..Self::with_pseudo(6, PortsAt::Pair) }
            }
            (IpProtocol::DCCP, _) => Self { covers_payload: false, ..Self::with_pseudo(6, PortsAt::Pair) },
            // RFC 9260 §6.8: a CRC over the packet, without the addresses.
            (IpProtocol::SCTP, _) => Self { ports: PortsAt::Fixed, ..Self::NONE },
            (IpProtocol::ICMP, Version::V4) => {
                let has_identifier = Icmpv4Type(kind).has_identifier();
                let ports = if has_identifier { PortsAt::Identifier } else { PortsAt::Nowhere };
                Self { checksum: Some(2), ports, ..Self::NONE }
            }
            (IpProtocol::ICMPV6, Version::V6) => {
                let has_identifier = Icmpv6Type(kind).has_identifier();
                Self::with_pseudo(2, if has_identifier { PortsAt::Identifier } else { PortsAt::Nowhere })
            }
            // RFC 2784 §2.1, RFC 2890: where the first bit says that it is there.
            (IpProtocol::GRE, _) if kind & 0x80 != 0 => Self { checksum: Some(4), ..Self::NONE },
            // RFC 7761 §4.9, RFC 5340 §A.3.1, RFC 9568 §5.2.8, RFC 6275 §6.1.1: over the addresses where they are IPv6.
            (IpProtocol::PIM, Version::V6) => Self { covers_payload: false, ..Self::with_pseudo(2, PortsAt::Nowhere) },
            (IpProtocol::OSPF, Version::V6) => Self::with_pseudo(12, PortsAt::Nowhere),
            (IpProtocol::VRRP, Version::V6) => Self::with_pseudo(6, PortsAt::Nowhere),
            (IpProtocol::MOBILITY, Version::V6) | (IpProtocol::HIP, _) => Self::with_pseudo(4, PortsAt::Nowhere),
            _ => Self::NONE,
        }
    }

    /// How many bytes of the header must be there for it to be rewritten.
    fn needed(self) -> usize {
        let ports = match self.ports {
            PortsAt::Nowhere => 0,
            PortsAt::Pair | PortsAt::Fixed => 4,
            PortsAt::Identifier => 6,
        };
        self.checksum.map_or(0, |at| at.saturating_add(2)).max(ports)
    }

    /// What of it can be rewritten where no more than so many bytes are quoted: 8 bytes of TCP have ports and no checksum.
    fn within(self, available: usize) -> Self {
        let without_checksum = Self { checksum: None, has_pseudo: false, ..self };
        let it = if self.checksum.is_some_and(|at| at.saturating_add(2) > available) { without_checksum } else { self };
        let without_ports = Self { ports: PortsAt::Nowhere, ..it };
        if without_checksum.needed() > available { without_ports } else { it }
    }
}

/// Where things stand in a packet, counted from the first byte of the buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// The IP header.
    pub ip: usize,
    pub version: Version,
    pub protocol: IpProtocol,
    /// The upper layer's header, and the end of what the packet holds of it.
    pub upper: usize,
    pub end: usize,
    pub transport: Transport,
    /// What all fragments of a packet are known by, if it is one.
    pub fragment: Option<u32>,
    pub is_later_fragment: bool,
    /// Where the upper layer's protocol is named: in the IP header, or in the last one behind it.
    pub named: usize,
    /// Whether the addresses of the IP header are those that the transport's checksum is over: with a route they are not.
    pub covers_source: bool,
    pub covers_destination: bool,
    pub left: Left,
}

impl Places {
    /// Of the IP packet that begins at `ip`. Of a quoted one no more is asked than there is.
    pub(super) fn find(bytes: &[u8], ip: usize, is_quoted: bool) -> Result<Self, Error> {
        let packet = bytes.get(ip..).unwrap_or_default();
        let mut places = match version(packet)? {
            Version::V4 => Self::in_ipv4(packet, is_quoted)?,
            Version::V6 => Self::in_ipv6(packet, is_quoted)?,
        };
        let upper = packet.get(places.upper..places.end).unwrap_or_default();
        if !places.is_later_fragment {
            let (transport, available) = (Transport::of(places.protocol, places.version, upper), upper.len());
            if transport.needed() > available && !is_quoted {
                let layer = layer_of(places.protocol);
                return Err(Error::Truncated { layer, needed: transport.needed(), available });
            }
            places.transport = transport.within(available);
        }
        for place in [&mut places.ip, &mut places.upper, &mut places.end, &mut places.named] {
            *place = place.saturating_add(ip);
        }
        Ok(places)
    }

    fn in_ipv4(bytes: &[u8], is_quoted: bool) -> Result<Self, Error> {
        let packet = Ipv4Packet::parse_lax(bytes)?;
        let mut places = Self {
            ip: 0,
            version: Version::V4,
            protocol: packet.protocol(),
            upper: packet.header_len(),
            end: packet.header_len().saturating_add(packet.payload().len()),
            transport: Transport::NONE,
            fragment: packet.is_fragment().then(|| u32::from(packet.identification())),
            is_later_fragment: packet.fragment_offset() > 0,
            named: 9,
            covers_source: true,
            covers_destination: true,
            left: Left::default(),
        };
        for option in packet.options().map_while(Result::ok) {
            match option {
                Ipv4Option::Route { kind, pointer, addresses } => {
                    places.left.addresses = true;
                    // The checksum is over where the packet goes in the end, and so it is sent by Linux.
                    let is_left = usize::from(pointer) <= addresses.as_flattened().len().saturating_add(3);
                    places.covers_destination &= kind == Ipv4OptionKind::RECORD_ROUTE || !is_left;
                }
                // RFC 791 §3.1: flags 1 and 3 have addresses beside the times.
                Ipv4Option::Other { kind: Ipv4OptionKind::TIMESTAMP, data: &[_, flags, ..] } => {
                    places.left.addresses |= flags & 0x0f != 0;
                }
                _ => {}
            }
        }
        if packet.protocol() == IpProtocol::AUTHENTICATION && !places.is_later_fragment {
            let extensions = Extensions::new(packet.protocol(), packet.payload());
            places.behind_extensions(extensions, bytes.get(..places.end).unwrap_or_default(), is_quoted)?;
        }
        Ok(places)
    }

    fn in_ipv6(bytes: &[u8], is_quoted: bool) -> Result<Self, Error> {
        let packet = Ipv6Packet::parse_lax(bytes)?;
        let end = bytes.len().saturating_sub(packet.trailer().len());
        let mut places = Self {
            ip: 0,
            version: Version::V6,
            protocol: packet.next_header(),
            upper: crate::ipv6::HEADER_LEN,
            end,
            transport: Transport::NONE,
            fragment: None,
            is_later_fragment: false,
            named: 6,
            covers_source: true,
            covers_destination: true,
            left: Left::default(),
        };
        places.behind_extensions(packet.extensions(), bytes.get(..end).unwrap_or_default(), is_quoted)?;
        Ok(places)
    }

    /// Goes on to the upper layer, and notes what stands in front of it. A quote may end before it.
    fn behind_extensions(
        &mut self,
        mut extensions: Extensions<'_>,
        packet: &[u8],
        is_quoted: bool,
    ) -> Result<(), Error> {
        let mut start = self.upper;
        for extension in &mut extensions {
            match extension {
                Ok(extension) => {
                    self.note(&extension);
                    self.named = start;
                    start = packet.len().saturating_sub(extension.into_payload().len());
                }
                Err(error) if is_quoted && error.is_truncated() => {
                    // Nothing is known of what would have followed.
                    (self.protocol, self.upper) = (IpProtocol::NO_NEXT_HEADER, packet.len());
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        let upper = extensions.upper_layer()?;
        self.protocol = upper.protocol;
        self.upper = packet.len().saturating_sub(upper.payload.len());
        self.is_later_fragment |= upper.is_later_fragment;
        Ok(())
    }

    fn note(&mut self, extension: &Extension<'_>) {
        match extension {
            Extension::Authentication(_) => self.left.authentication = true,
            // RFC 6946: what is its only fragment is whole.
            Extension::Fragment(fragment) if !fragment.is_atomic() => self.fragment = Some(fragment.identification()),
            // RFC 8200 §8.1: the checksum is over the last stop. Of a type that is not known nothing is said, and nothing assumed.
            Extension::Routing(routing) if routing.segments_left() > 0 => {
                self.left.addresses = true;
                self.covers_destination &= routing.final_destination(Ipv6Addr::UNSPECIFIED).is_none();
            }
            Extension::Routing(routing) => self.left.addresses |= !routing.data().is_empty(),
            Extension::DestinationOptions(header) => {
                let is_home = |option| matches!(option, Ok(Ipv6Option::HomeAddress(_)));
                // RFC 6275 §9.3.1: the checksum is over the home address.
                let has_home = header.options().any(is_home);
                self.left.addresses |= has_home;
                self.covers_source &= !has_home;
            }
            _ => {}
        }
    }

    /// Where the checksum of the IP header stands, if it has one.
    pub(super) const fn ip_checksum(&self) -> Option<usize> {
        match self.version {
            Version::V4 => Some(self.ip.saturating_add(10)),
            Version::V6 => None,
        }
    }

    /// Where the source address stands, and the destination behind it.
    pub(super) const fn addresses(&self) -> (usize, usize) {
        match self.version {
            Version::V4 => (self.ip.saturating_add(12), self.ip.saturating_add(16)),
            Version::V6 => (self.ip.saturating_add(8), self.ip.saturating_add(24)),
        }
    }

    pub(super) fn flow(&self, bytes: &[u8]) -> Flow {
        let (source, destination) = self.addresses();
        let address = |at| match self.version {
            Version::V4 => IpAddr::V4(read::<4>(bytes, at).into()),
            Version::V6 => IpAddr::V6(read::<16>(bytes, at).into()),
        };
        let (source, destination) = (address(source), address(destination));
        Flow { source, destination, protocol: self.protocol, ports: self.ports(bytes) }
    }

    /// What a UDP datagram to this port carries.
    pub(super) fn datagram_to<'b>(&self, bytes: &'b [u8], expected: u16) -> Result<&'b [u8], OuterError> {
        let Self { protocol, upper, end, is_later_fragment, .. } = *self;
        if protocol != IpProtocol::UDP {
            return Err(OuterError::OtherProtocol { protocol });
        }
        if is_later_fragment {
            return Err(OuterError::Fragment);
        }
        let datagram = UdpDatagram::parse_lax(bytes.get(upper..end).unwrap_or_default())?;
        match datagram.destination_port() {
            port if port == expected => Ok(datagram.into_payload()),
            port => Err(OuterError::OtherPort { port, expected }),
        }
    }

    pub(super) fn ports(&self, bytes: &[u8]) -> Ports {
        let word = |at| u16::from_be_bytes(read(bytes, at));
        match self.transport.ports {
            PortsAt::Nowhere => Ports::None,
            PortsAt::Pair | PortsAt::Fixed => {
                Ports::Pair { source: word(self.upper), destination: word(self.upper.saturating_add(2)) }
            }
            PortsAt::Identifier => Ports::Identifier(word(self.upper.saturating_add(4))),
        }
    }
}

impl Flow {
    /// The flow of an IP packet. Only the headers need be in `packet`.
    ///
    /// # Errors
    /// As [`Rewriter::ip`](super::Rewriter::ip).
    #[inline]
    pub fn of(packet: &[u8]) -> Result<Self, Error> {
        Ok(Places::find(packet, 0, false)?.flow(packet))
    }
}

/// The bytes at a place that was found; zeros where there are none.
pub(super) fn read<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).copied().unwrap_or([0; N])
}

/// What an error calls a protocol.
pub(super) const fn layer_of(protocol: IpProtocol) -> LayerName {
    match protocol {
        IpProtocol::TCP => LayerName::TCP,
        IpProtocol::UDP => LayerName::UDP,
        IpProtocol::ICMP => LayerName::ICMPV4,
        IpProtocol::ICMPV6 => LayerName::ICMPV6,
        IpProtocol::GRE => LayerName::GRE,
        other => LayerName::new(match other.name() {
            Some(name) => name,
            None => "upper layer",
        }),
    }
}
