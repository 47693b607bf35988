//! ICMP errors that come back to a tunnel's entry, told to those who sent what is inside.
//!
//! ```text
//!  comes back:  ICMP error │ outer IP │ inner IP …         goes on:  IP │ ICMP error │ inner IP …
//!               about ──────^            its sender ──────────────────^
//! ```
//!
//! RFC 2003 §4 (IPv4 in IPv4), RFC 4213 §3.2 and §3.4 (IPv6 in IPv4), RFC 2473 §8 (in IPv6).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::ecn;
use crate::icmpv4::{self, Icmpv4Header, Icmpv4Message, Icmpv4Packet, Icmpv4Type};
use crate::icmpv6::{Icmpv6Message, Icmpv6Packet};
use crate::ip::IpProtocol;
use crate::ipv4::{self, Ipv4Header, Ipv4Packet};
use crate::ipv6::{self, Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::Extensions;
use crate::{Error, Headroom, LayerName, Rule};

/// An ICMP error for the sender of what a tunnel carried, not built yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relay<'a> {
    /// What it says.
    pub message: RelayMessage,
    /// The inner packet as far as the error quoted it.
    pub quoted: &'a [u8],
}

/// What a relayed error says, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayMessage {
    /// The inner packet was IPv4.
    V4(Ipv4Addr, Icmpv4Message),
    /// The inner packet was IPv6.
    V6(Ipv6Addr, Icmpv6Message),
}

/// Turns an ICMP error about an outer packet, which came back to the tunnel's entry, into one for the sender of what was inside
/// (RFC 2003 §4; RFC 4213 §3.2, §3.4 for IPv6 inside). `icmp` is the message, without its IP header.
///
/// `None` if it is not to be relayed: a port unreachable, a failed source route, a redirect, a source quench, a parameter
/// problem in the outer header; or if the error quotes too little: RFC 792 asks for 8 bytes behind the outer header alone, RFC 1812
/// for as much as goes into 576. A time exceeded is told as host unreachable, since it speaks of a loop within the tunnel; a
/// datagram too big with the MTU that the tunnel leaves.
#[must_use]
pub fn relay(icmp: &[u8]) -> Option<Relay<'_>> {
    let error = Icmpv4Packet::parse(icmp).ok()?;
    let len = error.quoted()?.len();
    let outer = Ipv4Packet::parse_lax(error.into_payload().get(..len)?).ok()?;
    let outer_len = outer.header_len() as u16;
    let quoted = outer.into_payload();
    // RFC 2003 §4: code by code.
    let (code, mtu) = match error.message() {
        //= RFC 2003 §4.1/too-big
        Icmpv4Message::DestinationUnreachable { code: 4, next_hop_mtu, .. } => {
            (4, next_hop_mtu.saturating_sub(outer_len))
        }
        //= RFC 2003 §4.1/network, §4.1/protocol
        Icmpv4Message::DestinationUnreachable { code: 0 | 2 | 6 | 9 | 11, .. } => (0, 0),
        //= RFC 2003 §4.1/host
        Icmpv4Message::DestinationUnreachable { code: 1 | 7 | 8 | 10 | 12 | 13, .. } => (1, 0),
        //= RFC 2003 §4.4/time-exceeded
        Icmpv4Message::TimeExceeded { .. } => (1, 0),
        //= RFC 2003 §4.1/source-route, §4.2/source-quench, §4.3/redirect, §4.5/parameter
        _ => return None,
    };
    of_inner(outer.protocol(), quoted, code, mtu)
}

/// The same for an ICMPv6 error about an outer IPv6 packet (RFC 2473 §8). Any unreachable, and a hop limit that was exceeded, are told as
/// host or address unreachable; packet too big with the MTU that the tunnel leaves, to an IPv4 sender only if its packet may not be
/// fragmented; a parameter problem is the tunnel's own, and not relayed.
#[must_use]
pub fn relay_v6(icmp: &[u8]) -> Option<Relay<'_>> {
    let error = Icmpv6Packet::parse(icmp).ok()?;
    let (code, mtu) = match error.message()? {
        Icmpv6Message::PacketTooBig { mtu, .. } => {
            let left = mtu.saturating_sub(ipv6::HEADER_LEN as u32);
            (4, u16::try_from(left).unwrap_or(u16::MAX))
        }
        Icmpv6Message::DestinationUnreachable { .. } | Icmpv6Message::TimeExceeded { .. } => (1, 0),
        _ => return None,
    };
    let outer = Ipv6Packet::parse_lax(error.into_data()?).ok()?;
    // A tunnel encapsulation limit may stand before the inner packet (RFC 2473 §4.1.1).
    let upper = Extensions::new(outer.next_header(), outer.into_payload()).upper_layer().ok()?;
    if code == 4 && upper.protocol == IpProtocol::IPV4 && !ecn::dont_fragment(upper.payload) {
        return None;
    }
    of_inner(upper.protocol, upper.payload, code, mtu)
}

/// What a code of RFC 2003's says to the sender of the inner packet.
fn of_inner(protocol: IpProtocol, quoted: &[u8], code: u8, mtu: u16) -> Option<Relay<'_>> {
    let message = match protocol {
        IpProtocol::IPV4 => {
            let inner = Ipv4Packet::parse_lax(quoted).ok()?;
            // Nothing is said about an error, or to nobody (RFC 1122 §3.2.2).
            let is_error = inner.protocol() == IpProtocol::ICMP
                && inner.payload().first().is_none_or(|kind| Icmpv4Type(*kind).is_error());
            if is_error || inner.fragment_offset() > 0 || inner.source().is_unspecified() {
                return None;
            }
            RelayMessage::V4(
                inner.source(),
                Icmpv4Message::DestinationUnreachable { code, unused_and_length: 0, next_hop_mtu: mtu },
            )
        }
        IpProtocol::IPV6 => {
            let inner = Ipv6Packet::parse_lax(quoted).ok()?;
            let message = match code {
                // RFC 4213 §3.2.2: no IPv6 link may take less than 1280.
                4 => Icmpv6Message::PacketTooBig { code: 0, mtu: u32::from(mtu).max(1280) },
                // Address unreachable.
                _ => Icmpv6Message::DestinationUnreachable { code: 3, unused: [0; 4] },
            };
            RelayMessage::V6(inner.source(), message)
        }
        _ => return None,
    };
    Some(Relay { message, quoted })
}

impl Relay<'_> {
    /// Builds the message at the start of `to`, from `node`, an address of the tunnel's entry. 1280 bytes are always enough.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if `node` is of another family than the inner packet. Nothing is written then.
    pub fn write<'b>(&self, node: IpAddr, to: &'b mut [u8]) -> Result<&'b [u8], Error> {
        match (self.message, node) {
            // RFC 1812 §4.3.2.3: at most 576 bytes.
            (RelayMessage::V4(sender, message), IpAddr::V4(node)) => {
                self.build(LayerName::IPV4, ipv4::HEADER_LEN + icmpv4::HEADER_LEN, 576, to, |packet| {
                    Icmpv4Header::new(message).prepend(packet)?;
                    Ipv4Header::new(node, sender, IpProtocol::ICMP).prepend(&[], packet)
                })
            }
            // RFC 4443 §2.4: at most 1280 bytes.
            (RelayMessage::V6(sender, message), IpAddr::V6(node)) => {
                self.build(LayerName::IPV6, ipv6::HEADER_LEN + 8, 1280, to, |packet| {
                    let header = Ipv6Header::new(node, sender, IpProtocol::ICMPV6);
                    message.prepend(&header.pseudo_header(IpProtocol::ICMPV6), packet)?;
                    header.prepend(packet)
                })
            }
            (RelayMessage::V4(..), _) => Err(other_family(LayerName::IPV4, 6, 4)),
            (RelayMessage::V6(..), _) => Err(other_family(LayerName::IPV6, 4, 6)),
        }
    }

    /// What was quoted, as much of it as goes into the longest message, behind headers of a known length.
    fn build<'b>(
        &self,
        layer: LayerName,
        headers_len: usize,
        longest: usize,
        to: &'b mut [u8],
        headers: impl FnOnce(&mut Headroom<'_>) -> Result<(), Error>,
    ) -> Result<&'b [u8], Error> {
        let quoted = self.quoted.get(..longest - headers_len).unwrap_or(self.quoted);
        let (needed, available) = (headers_len + quoted.len(), to.len());
        let area = to.get_mut(..needed).ok_or(Error::NoRoom { layer, needed, available })?;
        let mut packet = Headroom::with_payload(area, quoted)?;
        headers(&mut packet)?;
        Ok(packet.into_packet())
    }
}

fn other_family(layer: LayerName, value: usize, expected: u32) -> Error {
    Error::Unbuildable { layer, field: "version of the node's address", value, rule: Rule::Exactly(expected) }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ip_tunnel::IpTemplate;
    use crate::ip_tunnel::tests::{A4, A6, B4, B6, POD4, POD6, encapsulated, inner_v4, inner_v6};
    use crate::outer::Outer;

    /// RFC 2003 §4, code by code.
    #[test]
    fn icmp_errors_come_back_to_the_pod() {
        //= RFC 2003 §4.1/network, §4.1/host, §4.1/protocol, §4.1/too-big, §4.1/source-route, §4.2/source-quench
        //= RFC 2003 §4.3/redirect, §4.4/time-exceeded, §4.5/parameter
        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &inner_v4(|_| {}));
        let error = |message: Icmpv4Message, quoted: &[u8]| {
            let mut buffer = std::vec![0; 8 + quoted.len()];
            let mut icmp = Headroom::with_payload(&mut buffer, quoted).unwrap();
            Icmpv4Header::new(message).prepend(&mut icmp).unwrap();
            buffer
        };
        let relayed = |message| relay(&error(message, &packet)).map(|relay| relay.message);
        let v4 = |message| Some(RelayMessage::V4(POD4, message));
        let unreachable = Icmpv4Message::unreachable;
        let time_exceeded = Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] };
        for (got, told) in [
            (unreachable(0), v4(unreachable(0))),
            (unreachable(1), v4(unreachable(1))),
            (unreachable(2), v4(unreachable(0))),
            (unreachable(3), None),
            (Icmpv4Message::fragmentation_needed(1400), v4(Icmpv4Message::fragmentation_needed(1380))),
            (unreachable(5), None),
            (time_exceeded, v4(unreachable(1))),
            (Icmpv4Message::Redirect { code: 0, gateway: A4 }, None),
            (Icmpv4Message::ParameterProblem { code: 0, pointer: 1, unused: [0; 3] }, None),
            (Icmpv4Message::EchoReply { identifier: 1, sequence: 1 }, None),
        ] {
            assert_eq!(relayed(got), told, "{got:?}");
        }
        // 8 bytes behind the outer header are not enough to know whose packet it was.
        assert_eq!(relay(&error(unreachable(1), &packet[..28])), None);
        let icmp = error(Icmpv4Message::fragmentation_needed(1400), &packet[..48]);
        let relayed = relay(&icmp).unwrap();
        let mut buffer = [0; 1280];
        let message = relayed.write(A4.into(), &mut buffer).unwrap();
        let ip = Ipv4Packet::parse(message).unwrap();
        assert_eq!((ip.source(), ip.destination(), ip.checksum_is_valid()), (A4, POD4, true));
        let icmp = Icmpv4Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid() && icmp.payload() == &packet[20..48]);
        assert!(relayed.write(A6.into(), &mut buffer).is_err() && relayed.write(A4.into(), &mut [0; 20]).is_err());

        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &inner_v6());
        let icmp = error(Icmpv4Message::fragmentation_needed(1400), &packet);
        let relayed = relay(&icmp).unwrap();
        assert_eq!(relayed.message, RelayMessage::V6(POD6, Icmpv6Message::PacketTooBig { code: 0, mtu: 1380 }));
        let message = relayed.write(A6.into(), &mut buffer).unwrap();
        let ip = Ipv6Packet::parse(message).unwrap();
        let icmp = Icmpv6Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6)) && ip.destination() == POD6);
        let icmp = error(Icmpv4Message::fragmentation_needed(1000), &packet);
        assert_eq!(
            relay(&icmp).map(|relay| relay.message),
            Some(RelayMessage::V6(POD6, Icmpv6Message::PacketTooBig { code: 0, mtu: 1280 }))
        );
    }

    /// RFC 2473 §8: IPv4 and IPv6 inside, the outer packet IPv6.
    #[test]
    fn icmpv6_errors_come_back_to_the_pod() {
        let pseudo = Ipv6Header::new(B6, A6, IpProtocol::ICMPV6).pseudo_header(IpProtocol::ICMPV6);
        let relayed = |message: Icmpv6Message, inner: &[u8]| {
            let quoted = encapsulated(&IpTemplate::new(&Outer::ipv6(A6, B6)), inner);
            let mut buffer = std::vec![0; 8 + quoted.len()];
            let mut icmp = Headroom::with_payload(&mut buffer, &quoted).unwrap();
            message.prepend(&pseudo, &mut icmp).unwrap();
            relay_v6(&buffer).map(|relay| relay.message)
        };
        let too_big = |mtu| Icmpv6Message::PacketTooBig { code: 0, mtu };
        let address = Icmpv6Message::DestinationUnreachable { code: 3, unused: [0; 4] };
        let hop_limit = Icmpv6Message::TimeExceeded { code: 0, unused: [0; 4] };
        let v6 = |message| Some(RelayMessage::V6(POD6, message));
        assert_eq!(relayed(too_big(1400), &inner_v6()), v6(too_big(1360)));
        assert_eq!(relayed(too_big(1280), &inner_v6()), v6(too_big(1280)));
        assert_eq!(relayed(hop_limit, &inner_v6()), v6(address));
        assert_eq!(
            relayed(Icmpv6Message::DestinationUnreachable { code: 0, unused: [0; 4] }, &inner_v6()),
            v6(address)
        );
        assert_eq!(relayed(Icmpv6Message::ParameterProblem { code: 0, pointer: 4 }, &inner_v6()), None);
        let v4 = |message| Some(RelayMessage::V4(POD4, message));
        let (whole, may) = (inner_v4(|_| {}), inner_v4(|header| header.set_dont_fragment(false)));
        assert_eq!(relayed(too_big(1400), &whole), v4(Icmpv4Message::fragmentation_needed(1360)));
        assert_eq!(relayed(too_big(1400), &may), None);
        assert_eq!(relayed(hop_limit, &whole), v4(Icmpv4Message::unreachable(1)));
    }
}
