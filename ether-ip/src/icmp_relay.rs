//! ICMP errors that come back to a tunnel's entry, told to those who sent what is inside.
//!
//! ```text
//!  comes back:  ICMP error │ outer IP │ inner IP …         goes on:  IP │ ICMP error │ inner IP …
//!               about ──────^            its sender ──────────────────^
//! ```
//!
//! RFC 2003 §4 (IPv4 in IPv4), RFC 4213 §3.2 and §3.4 (IPv6 in IPv4), RFC 2473 §8 (in IPv6).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::checksum::PseudoHeader;
use crate::ecn;
use crate::icmpv4::{self, Icmpv4Header, Icmpv4Message, Icmpv4Packet};
use crate::icmpv6::{self, Icmpv6Message, Icmpv6Packet, Icmpv6Type};
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
    /// The tunnel's ends as the outer packet had them: source and destination. Where they are not this tunnel's, it did not send what
    /// the error is about, and the error is to be dropped.
    pub ends: (IpAddr, IpAddr),
}

/// What a relayed error says, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayMessage {
    /// The inner packet was IPv4.
    V4(Ipv4Addr, Icmpv4Message),
    /// The inner packet was IPv6.
    V6(Ipv6Addr, Icmpv6Message),
}

/// What is told of a tunnel.
#[derive(Clone, Copy)]
enum Told {
    Network,
    Host,
    /// And the MTU that it leaves, in bytes.
    TooBig(u32),
}

/// Turns an ICMP error about an outer packet, which came back to the tunnel's entry, into one for the sender of what was inside
/// (RFC 2003 §4; RFC 4213 §3.2, §3.4 for IPv6 inside). `icmp` is the message, without its IP header.
///
/// A hop limit that was exceeded is told as host unreachable, since it speaks of a loop within the tunnel; a datagram too big with the
/// MTU that the tunnel leaves, which to IPv6 is 1280 at least, and told only of packets that are longer (RFC 4213 §3.2.2). From a
/// router that tells no MTU, 0 (RFC 1191 §5), an IPv4 sender is told none either.
///
/// `None` if it is not to be relayed: a port unreachable, a failed source route, a redirect, a source quench, a parameter
/// problem in the outer header, a reassembly that took too long; if the message's checksum is wrong; if the error quotes too little:
/// RFC 792 asks for 8 bytes behind the outer header alone, RFC 1812 for as much as goes into 576; if the outer packet was a later
/// fragment; or if the inner packet is one that no error may be sent about ([`icmpv4::may_answer`], [`icmpv6::may_answer`]).
#[must_use]
pub fn relay(icmp: &[u8]) -> Option<Relay<'_>> {
    let error = Icmpv4Packet::parse(icmp).ok().filter(Icmpv4Packet::checksum_is_valid)?;
    let len = error.quoted()?.len();
    let outer = Ipv4Packet::parse_lax(error.into_payload().get(..len)?).ok()?;
    if outer.fragment_offset() > 0 {
        return None;
    }
    // RFC 2003 §4: code by code.
    let told = match error.message() {
        //= RFC 2003 §4.1/too-big
        Icmpv4Message::DestinationUnreachable { code: 4, next_hop_mtu, .. } => {
            Told::TooBig(u32::from(next_hop_mtu).saturating_sub(outer.header_len() as u32))
        }
        //= RFC 2003 §4.1/network, §4.1/protocol
        Icmpv4Message::DestinationUnreachable { code: 0 | 2 | 6 | 9 | 11, .. } => Told::Network,
        //= RFC 2003 §4.1/host
        Icmpv4Message::DestinationUnreachable { code: 1 | 7 | 8 | 10 | 12 | 13, .. } => Told::Host,
        //= RFC 2003 §4.4/time-exceeded
        Icmpv4Message::TimeExceeded { code: 0, .. } => Told::Host,
        //= RFC 2003 §4.1/source-route, §4.2/source-quench, §4.3/redirect, §4.5/parameter
        _ => return None,
    };
    let ends = (outer.source().into(), outer.destination().into());
    of_inner(outer.protocol(), outer.into_payload(), told, ends)
}

/// The same for an ICMPv6 error about an outer IPv6 packet (RFC 2473 §8). Its checksum covers addresses: `pseudo` is that of the IPv6
/// packet that the error came in, and may be `None` where the kernel has verified it, as it does for sockets.
///
/// Any unreachable, a hop limit that was exceeded, and an encapsulation limit of 0 are told as host or address unreachable; packet too
/// big with the MTU that the tunnel leaves, to an IPv4 sender only if its packet may not be fragmented, to an IPv6 one only if it is
/// longer than that and than 1280 bytes; any other parameter problem is the tunnel's own, and not relayed.
#[must_use]
pub fn relay_v6<'a>(icmp: &'a [u8], pseudo: Option<&PseudoHeader>) -> Option<Relay<'a>> {
    let error = Icmpv6Packet::parse(icmp).ok()?;
    if pseudo.is_some_and(|pseudo| !error.checksum_is_valid(pseudo)) {
        return None;
    }
    let len = error.quoted()?.len();
    let outer = Ipv6Packet::parse_lax(error.into_data()?.get(..len)?).ok()?;
    let payload = outer.into_payload();
    let upper = Extensions::new(outer.next_header(), payload).upper_layer().ok()?;
    if upper.is_later_fragment {
        return None;
    }
    let told = match error.message()? {
        Icmpv6Message::PacketTooBig { mtu, .. } => {
            // Options such as the encapsulation limit take of it too.
            let headers = ipv6::HEADER_LEN + payload.len().saturating_sub(upper.payload.len());
            let left = mtu.max(ipv6::MIN_MTU).saturating_sub(headers as u32);
            if upper.protocol == IpProtocol::IPV4 && !ecn::dont_fragment(upper.payload) {
                return None;
            }
            Told::TooBig(left)
        }
        Icmpv6Message::DestinationUnreachable { .. } | Icmpv6Message::TimeExceeded { code: 0, .. } => Told::Host,
        // RFC 2473 §8.2: a tunnel within the tunnel found the limit used up.
        Icmpv6Message::ParameterProblem { code: 0, pointer } => {
            outer.encapsulation_limit().filter(|limit| *limit == (0, pointer as usize))?;
            Told::Host
        }
        _ => return None,
    };
    of_inner(upper.protocol, upper.payload, told, (outer.source().into(), outer.destination().into()))
}

/// What is told to the sender of the inner packet.
fn of_inner(protocol: IpProtocol, quoted: &[u8], told: Told, ends: (IpAddr, IpAddr)) -> Option<Relay<'_>> {
    let message = match protocol {
        IpProtocol::IPV4 => {
            let inner = Ipv4Packet::parse_lax(quoted).ok().filter(icmpv4::may_answer)?;
            let message = match told {
                Told::Network => Icmpv4Message::unreachable(0),
                Told::Host => Icmpv4Message::unreachable(1),
                Told::TooBig(mtu) => Icmpv4Message::fragmentation_needed(u16::try_from(mtu).unwrap_or(u16::MAX)),
            };
            RelayMessage::V4(inner.source(), message)
        }
        IpProtocol::IPV6 => {
            let inner = Ipv6Packet::parse_lax(quoted).ok()?;
            let (kind, message) = match told {
                Told::TooBig(mtu) => {
                    // RFC 4213 §3.2.2, RFC 2473 §7.1: no IPv6 link may take less than 1280.
                    let mtu = mtu.max(ipv6::MIN_MTU);
                    let len = inner.missing().saturating_add(ipv6::HEADER_LEN + inner.payload().len());
                    if len <= mtu as usize {
                        return None;
                    }
                    (Icmpv6Type::PACKET_TOO_BIG, Icmpv6Message::PacketTooBig { code: 0, mtu })
                }
                // Address unreachable.
                Told::Network | Told::Host => {
                    let message = Icmpv6Message::DestinationUnreachable { code: 3, unused: [0; 4] };
                    (Icmpv6Type::DESTINATION_UNREACHABLE, message)
                }
            };
            if !icmpv6::may_answer(&inner, kind) {
                return None;
            }
            RelayMessage::V6(inner.source(), message)
        }
        _ => return None,
    };
    Some(Relay { message, quoted, ends })
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
                    let mut header = Ipv4Header::new(node, sender, IpProtocol::ICMP);
                    // Precedence 6, internetwork control (RFC 1812 §4.3.2.5), as class selector 6 (RFC 2474 §4.2.2).
                    header.set_dscp(6 << 3);
                    header.prepend(&[], packet)
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
        let quoted = self.quoted.get(..longest.saturating_sub(headers_len)).unwrap_or(self.quoted);
        let (needed, available) = (quoted.len().saturating_add(headers_len), to.len());
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
    use crate::PacketBuffer;
    use crate::icmpv4::Icmpv4Type;
    use crate::ip_tunnel::IpTemplate;
    use crate::ip_tunnel::tests::{A4, A6, B4, B6, POD4, POD6, encapsulated, inner_v4, inner_v6, long_v6};
    use crate::outer::Outer;
    use std::vec::Vec;

    /// RFC 2003 §4, code by code.
    #[test]
    fn icmp_errors_come_back_to_the_pod() {
        //= RFC 2003 §4.1/network, §4.1/host, §4.1/protocol, §4.1/too-big, §4.1/source-route, §4.2/source-quench
        //= RFC 2003 §4.3/redirect, §4.4/time-exceeded, §4.5/parameter
        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &inner_v4(|_| {}));
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
            // No loop, but fragments that got lost.
            (Icmpv4Message::TimeExceeded { code: 1, unused: [0; 4] }, None),
            (Icmpv4Message::Other { kind: Icmpv4Type::SOURCE_QUENCH, code: 0, rest: [0; 4] }, None),
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
        assert_eq!(relayed.ends, (A4.into(), B4.into()));
        let mut buffer = [0; 1280];
        let message = relayed.write(A4.into(), &mut buffer).unwrap();
        let ip = Ipv4Packet::parse(message).unwrap();
        assert_eq!((ip.source(), ip.destination(), ip.checksum_is_valid()), (A4, POD4, true));
        // RFC 1812 §4.3.2.5: precedence 6 is 110 in the top three bits.
        assert_eq!(ip.traffic_class(), 0b1100_0000);
        let icmp = Icmpv4Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid() && icmp.payload() == &packet[20..48]);
        assert!(relayed.write(A6.into(), &mut buffer).is_err() && relayed.write(A4.into(), &mut [0; 20]).is_err());

        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &long_v6(1381));
        let icmp = error(Icmpv4Message::fragmentation_needed(1400), &packet[..548]);
        let relayed = relay(&icmp).unwrap();
        assert_eq!(relayed.message, RelayMessage::V6(POD6, Icmpv6Message::PacketTooBig { code: 0, mtu: 1380 }));
        let (layer, field, rule) = (LayerName::IPV6, "version of the node's address", Rule::Exactly(6));
        assert_eq!(relayed.write(A4.into(), &mut buffer), Err(Error::Unbuildable { layer, field, value: 4, rule }));
        let message = relayed.write(A6.into(), &mut buffer).unwrap();
        let ip = Ipv6Packet::parse(message).unwrap();
        let icmp = Icmpv6Packet::parse(ip.payload()).unwrap();
        assert!(icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6)) && ip.destination() == POD6);
        // RFC 4213 §3.2.2: 1280 at least, and only to who sent more than what is told.
        for (len, mtu, told) in [
            (1381, 1000, Some(1280)),
            (1281, 1299, Some(1280)),
            (1280, 1000, None),
            (140, 1400, None),
            (1380, 1400, None),
        ] {
            let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &long_v6(len));
            let icmp = error(Icmpv4Message::fragmentation_needed(mtu), &packet[..100]);
            let told = told.map(|mtu| RelayMessage::V6(POD6, Icmpv6Message::PacketTooBig { code: 0, mtu }));
            assert_eq!(relay(&icmp).map(|relay| relay.message), told, "{len} bytes, {mtu}");
        }
    }

    /// RFC 1122 §3.2.2, RFC 4443 §2.4 (e): what no error may be sent about is no reason for one from the tunnel either.
    #[test]
    fn what_must_not_be_answered() {
        let outer = IpTemplate::new(&Outer::ipv4(A4, B4));
        let relayed = |inner: &[u8]| {
            let icmp = error(Icmpv4Message::unreachable(1), &encapsulated(&outer, inner));
            relay(&icmp).map(|relay| relay.message)
        };
        let from = |source: [u8; 4]| relayed(&inner_v4(|header| header.set_source(source.into())));
        let to = |destination: [u8; 4]| relayed(&inner_v4(|header| header.set_destination(destination.into())));
        assert!(from([10, 244, 1, 2]).is_some() && to([10, 244, 2, 3]).is_some());
        for address in [[255; 4], [224, 0, 0, 1], [127, 0, 0, 1], [240, 0, 0, 1], [0; 4]] {
            assert_eq!(from(address), None, "from {address:?}");
        }
        assert_eq!([[255; 4], [224, 0, 0, 1]].map(to), [None, None]);

        let with = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut inner = inner_v6();
            change(&mut inner);
            relayed(&inner)
        };
        assert!(with(&|_| {}).is_some());
        assert_eq!(with(&|inner| (inner[6], inner[40]) = (58, 1)), None, "an ICMPv6 error");
        assert_eq!(with(&|inner| inner[8..24].fill(0)), None, "from ::");
        assert_eq!(with(&|inner| inner[8..24].copy_from_slice(&Ipv6Addr::LOCALHOST.octets())), None, "from ::1");
        assert_eq!(with(&|inner| inner[8..10].copy_from_slice(&[0xff, 2])), None, "from multicast");
        assert_eq!(with(&|inner| inner[24..26].copy_from_slice(&[0xff, 2])), None, "to multicast");

        // The error's own checksum, and an outer packet that is a later fragment.
        let good = error(Icmpv4Message::unreachable(1), &encapsulated(&outer, &inner_v4(|_| {})));
        assert!(relay(&good).is_some());
        let mut bad = good.clone();
        bad[2] ^= 1;
        assert_eq!(relay(&bad), None);
        let mut later = encapsulated(&outer, &inner_v4(|_| {}));
        later[7] = 1;
        assert_eq!(relay(&error(Icmpv4Message::unreachable(1), &later)), None);
    }

    fn error(message: Icmpv4Message, quoted: &[u8]) -> Vec<u8> {
        let mut buffer = std::vec![0; 8 + quoted.len()];
        let mut icmp = Headroom::with_payload(&mut buffer, quoted).unwrap();
        Icmpv4Header::new(message).prepend(&mut icmp).unwrap();
        buffer
    }

    fn pseudo() -> PseudoHeader {
        Ipv6Header::new(B6, A6, IpProtocol::ICMPV6).pseudo_header(IpProtocol::ICMPV6)
    }

    fn error_v6(message: Icmpv6Message, quoted: &[u8]) -> Vec<u8> {
        let mut buffer = std::vec![0; 8 + quoted.len()];
        let mut icmp = Headroom::with_payload(&mut buffer, quoted).unwrap();
        message.prepend(&pseudo(), &mut icmp).unwrap();
        buffer
    }

    /// An inner packet in IPv6, behind destination options with this encapsulation limit: as Linux sends it.
    fn limited(limit: u8, inner: &[u8]) -> Vec<u8> {
        let mut buffer = std::vec![0; 48 + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
        let next = if inner[0] >> 4 == 4 { 4 } else { 41 };
        packet.prepend_bytes(LayerName::DESTINATION_OPTIONS, &[next, 0, 4, 1, limit, 1, 1, 0]).unwrap();
        Ipv6Header::new(A6, B6, IpProtocol::DESTINATION_OPTIONS).prepend(&mut packet).unwrap();
        buffer
    }

    /// RFC 2473 §8: IPv4 and IPv6 inside, the outer packet IPv6.
    #[test]
    fn icmpv6_errors_come_back_to_the_pod() {
        let plain = |inner: &[u8]| encapsulated(&IpTemplate::new(&Outer::ipv6(A6, B6)), inner);
        let relayed = |message, quoted: &[u8]| {
            relay_v6(&error_v6(message, quoted), Some(&pseudo())).map(|relay| {
                assert_eq!(relay.ends, (A6.into(), B6.into()));
                relay.message
            })
        };
        let too_big = |mtu| Icmpv6Message::PacketTooBig { code: 0, mtu };
        let unreachable = |code| Icmpv6Message::DestinationUnreachable { code, unused: [0; 4] };
        let time_exceeded = |code| Icmpv6Message::TimeExceeded { code, unused: [0; 4] };
        let parameter = |code, pointer| Icmpv6Message::ParameterProblem { code, pointer };
        let v6 = |message| Some(RelayMessage::V6(POD6, message));
        let v4 = |message| Some(RelayMessage::V4(POD4, message));
        let address = v6(unreachable(3));
        let long = long_v6(1400);
        assert_eq!(relayed(too_big(1400), &plain(&long)), v6(too_big(1360)));
        // The limit's 8 bytes are the tunnel's too.
        assert_eq!(relayed(too_big(1400), &limited(4, &long)), v6(too_big(1352)));
        assert_eq!(relayed(too_big(1280), &plain(&long)), v6(too_big(1280)));
        // §7.1: only to who sent more than 1280 bytes.
        assert_eq!(relayed(too_big(1280), &plain(&long_v6(1280))), None);
        assert_eq!(relayed(too_big(1400), &plain(&long_v6(140))), None);
        for code in [0, 1, 3, 6] {
            assert_eq!(relayed(unreachable(code), &plain(&long)), address, "code {code}");
        }
        assert_eq!(relayed(time_exceeded(0), &plain(&long)), address);
        assert_eq!(relayed(time_exceeded(1), &plain(&long)), None);
        // §8.2: the limit is the fifth byte behind the fixed header; at 0, and pointed at, it is a loop of tunnels.
        assert_eq!(relayed(parameter(0, 44), &limited(0, &long)), address);
        let whole = inner_v4(|_| {});
        assert_eq!(relayed(parameter(0, 44), &limited(0, &whole)), v4(Icmpv4Message::unreachable(1)));
        for (limit, code, pointer) in [(1, 0, 44), (0, 1, 44), (0, 0, 43), (0, 0, 4)] {
            assert_eq!(relayed(parameter(code, pointer), &limited(limit, &long)), None);
        }
        assert_eq!(relayed(parameter(0, 44), &plain(&long)), None);

        let may = inner_v4(|header| header.set_dont_fragment(false));
        assert_eq!(relayed(too_big(1400), &plain(&whole)), v4(Icmpv4Message::fragmentation_needed(1360)));
        // RFC 8200 §5: no path takes less than 1280, whatever is claimed.
        assert_eq!(relayed(too_big(8), &plain(&whole)), v4(Icmpv4Message::fragmentation_needed(1240)));
        assert_eq!(relayed(too_big(1400), &plain(&may)), None);
        assert_eq!(relayed(time_exceeded(0), &plain(&whole)), v4(Icmpv4Message::unreachable(1)));
        // An inner error, and a message whose checksum is wrong, unless the kernel has looked.
        let mut inner_error = inner_v6();
        (inner_error[6], inner_error[40]) = (58, 3);
        assert_eq!(relayed(unreachable(0), &plain(&inner_error)), None);
        let mut bad = error_v6(unreachable(0), &plain(&long));
        bad[2] ^= 1;
        assert_eq!((relay_v6(&bad, Some(&pseudo())), relay_v6(&bad, None).is_some()), (None, true));
        // An outer packet that is a later fragment.
        let later = [&[44, 64][..], &[0; 32], &[41, 0, 0, 8, 0, 0, 0, 7], &long].concat();
        let later = [&[0x60, 0, 0, 0, 0x05, 0x80][..], &later].concat();
        assert_eq!(relayed(unreachable(0), &later), None);
    }

    /// RFC 4884 §4.4: with 16 words of 8 quoted, what follows them is an extension, and none of the pod's bytes.
    #[test]
    fn an_extension_is_not_quoted() {
        //= RFC 4884 §4/words-of-8, §4/words-of-4
        let packet = encapsulated(&IpTemplate::new(&Outer::ipv6(A6, B6)), &inner_v6());
        let extension = [0x20, 0, 0xdf, 0xff, 0, 4, 1, 1];
        let unused = [16, 0, 0, 0];
        let message = Icmpv6Message::DestinationUnreachable { code: 0, unused };
        let icmp = error_v6(message, &[&packet[..128], &extension].concat());
        let relayed = relay_v6(&icmp, Some(&pseudo())).unwrap();
        assert_eq!(relayed.quoted, &packet[40..128]);
        // So it is in ICMPv4: 32 words of 4.
        let packet = encapsulated(&IpTemplate::new(&Outer::ipv4(A4, B4)), &inner_v4(|_| {}));
        let message = Icmpv4Message::DestinationUnreachable { code: 1, unused_and_length: 32, next_hop_mtu: 0 };
        let icmp = error(message, &[&packet[..128], &extension].concat());
        assert_eq!(relay(&icmp).unwrap().quoted, &packet[20..128]);
    }
}
