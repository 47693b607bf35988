//! Direct server return: a node that passes a packet on to a service's backend adds the address at which the service was asked, so
//! that the backend's node can answer from it.
//!
//! ```text
//!  IPv4 option, 2 words                           IPv6 destination options header, 24 bytes
//!  +------+------+---------------+                +------+------+------+------+
//!  | 0x9a | 8    | port     (le) |                | next | 2    | 0x1b | 20   |
//!  +------+------+---------------+                +------+------+------+------+
//!  | address              (le)   |                | address, 16 bytes …
//!  +-----------------------------+                +---------------+-----------+
//!                                                 | port          | padding   |
//! ```
//!
//! The IPv4 option alone has its port and its address the other way round, last byte first: Cilium turns what is in network order
//! already once more and so writes them in the node's own order, which "is baked into the wire-format now" (cilium
//! bpf/lib/nodeport.h at 2e0e348fa079, `dsr_set_opt4` and `nodeport_extract_dsr_v4`; its tests ask for it). Here that is the order of
//! little-endian nodes, on whatever machine: Cilium is made for AMD64 and AArch64. A build of one's own for big-endian nodes would
//! write network order, and would not be understood by the others.
//!
//! Cilium adds either to TCP's SYN and to UDP (since 2026 also to the first packet that goes to a new backend), always in front of
//! other options, and reads the IPv4 option only there.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ether_ip::checksum::Change;
use ether_ip::ip::{IpProtocol, Version, version};
use ether_ip::ipv4::{self, Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::ipv6_extension::{Extension, Ipv6OptionsHeader};
use ether_ip::zerocopy::FromBytes;
use ether_ip::{Error, LayerName, PacketBuffer, Rule};

/// The IPv4 option's type: copied into fragments, class 0, number 26.
pub const IPV4_OPTION: u8 = 0x9a;
/// The IPv6 option's type: to be skipped by who does not know it.
pub const IPV6_OPTION: u8 = 0x1b;
const IPV4_LEN: usize = 8;
const IPV6_LEN: usize = 24;
const IPV6_HEADER_LEN: usize = size_of::<Ipv6Header>();
/// Where in the fixed header stands what follows it.
const IPV6_NEXT_HEADER: usize = 6;

/// The service's address and port that an IP packet carries. `None` if it carries none. Over IPv6 it may stand behind other extension
/// headers, but for a fragment header, as Cilium reads it (`find_dsr_v6`).
///
/// # Errors
/// [`Error::Truncated`] and [`Error::Malformed`] if it is no IP packet.
pub fn find(packet: &[u8]) -> Result<Option<SocketAddr>, Error> {
    Ok(match version(packet)? {
        Version::V4 => {
            let packet = Ipv4Packet::parse_lax(packet)?;
            in_ipv4_options(packet.options_bytes())
        }
        Version::V6 => {
            let packet = Ipv6Packet::parse_lax(packet)?;
            header_in(packet.next_header(), packet.payload()).map(|found| found.service)
        }
    })
}

/// Where among IPv4's options Cilium's is.
fn option_in(options: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match *options.get(at..)? {
            [IPV4_OPTION, 8, ..] => return Some(at),
            // The end of the options, and padding (RFC 791 §3.1).
            [0, ..] | [] => return None,
            [1, ..] => at += 1,
            [_, len, ..] if len >= 2 => at += usize::from(len),
            _ => return None,
        }
    }
}

/// The service's address among the options of an IPv4 header.
#[must_use]
pub fn in_ipv4_options(options: &[u8]) -> Option<SocketAddr> {
    service_in(options.get(option_in(options)?..)?).map(|(service, _)| service)
}

/// The service's address in the option that stands first, and the option's words.
fn service_in(option: &[u8]) -> Option<(SocketAddr, [[u8; 2]; IPV4_LEN / 2])> {
    let &[kind, len, p0, p1, d, c, b, a] = option.first_chunk::<IPV4_LEN>()?;
    let service = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), u16::from_le_bytes([p0, p1]));
    Some((service, [[kind, len], [p0, p1], [d, c], [b, a]]))
}

/// The service's address in the options of an IPv6 destination options header, 22 bytes that are all its.
#[must_use]
pub fn in_ipv6_options(options: &[u8]) -> Option<SocketAddr> {
    let &[IPV6_OPTION, 20, ref data @ ..] = options else { return None };
    let (address, port) = data.split_first_chunk::<16>()?;
    let [p0, p1, _, _] = *port else { return None };
    Some(SocketAddr::new(IpAddr::V6(Ipv6Addr::from(*address)), u16::from_be_bytes([p0, p1])))
}

/// Cilium's header among IPv6's extension headers.
struct Found {
    service: SocketAddr,
    /// Where it stands, from the packet's first byte.
    at: usize,
    /// Where the number stands that leads to it: in the fixed header, or in the extension header before it.
    link: usize,
}

fn header_in(mut next: IpProtocol, mut rest: &[u8]) -> Option<Found> {
    let (mut at, mut link) = (IPV6_HEADER_LEN, IPV6_NEXT_HEADER);
    loop {
        let extension = Extension::parse(next, rest)?.ok()?;
        match &extension {
            Extension::DestinationOptions(header) => {
                if let Some(service) = in_ipv6_options(header.options_bytes()) {
                    return Some(Found { service, at, link });
                }
            }
            Extension::Fragment(_) => return None,
            _ => {}
        }
        link = at;
        next = extension.next_header();
        let behind = extension.into_payload();
        at = at.saturating_add(rest.len().saturating_sub(behind.len()));
        rest = behind;
    }
}

/// Adds the service's address to `packet`, an IP packet of the same family, which grows by 8 or 24 bytes at its front; lengths and
/// checksum are kept right. It stands in front of other options and extension headers, but for IPv6's hop-by-hop options: these must
/// be the first (RFC 8200 §4.1), where Cilium would displace them, and Cilium reads what stands behind them.
///
/// # Errors
/// [`Error::Truncated`] and [`Error::Malformed`] if it is no whole IP packet of that family; [`Error::Unbuildable`] if it has no room
/// for more options, would be too long, is a later fragment or a jumbogram; [`Error::NoRoom`]. Nothing is written then.
pub fn insert(packet: &mut impl PacketBuffer, service: SocketAddr) -> Result<(), Error> {
    match service {
        SocketAddr::V4(service) => {
            let (header_len, total_length, fragment_offset) = {
                let packet = Ipv4Packet::parse(packet.packet())?;
                (packet.header_len(), packet.total_length(), packet.fragment_offset())
            };
            // The ports, for which the address is, are in the first fragment alone.
            LayerName::IPV4.check("fragment offset", fragment_offset, &[Rule::Exactly(0)])?;
            let total_length = grown(LayerName::IPV4, "total length", total_length, IPV4_LEN)?;
            LayerName::IPV4.check("header length", header_len + IPV4_LEN, &[Rule::AtMost(60)])?;
            let (port, [a, b, c, d]) = (service.port().to_le_bytes(), service.ip().octets());
            let option = [[IPV4_OPTION, IPV4_LEN as u8], port, [d, c], [b, a]];
            open_gap(packet, LayerName::IPV4, ipv4::HEADER_LEN, option.as_flattened())?;
            let change = Change::new().inserted(ipv4::HEADER_LEN, &option);
            repair_ipv4(packet.packet_mut(), total_length, header_len + IPV4_LEN, change);
        }
        SocketAddr::V6(service) => {
            let (next, at, link, payload_length) = {
                let packet = Ipv6Packet::parse(packet.packet())?;
                let fragment = packet.extensions().map_while(Result::ok).find_map(|extension| match extension {
                    Extension::Fragment(header) => Some(header.fragment_offset()),
                    _ => None,
                });
                LayerName::FRAGMENT.check("fragment offset", fragment.unwrap_or(0), &[Rule::Exactly(0)])?;
                refuse_jumbogram(&packet)?;
                let payload_length = grown(LayerName::IPV6, "payload length", packet.payload_length(), IPV6_LEN)?;
                if packet.next_header() == IpProtocol::HOP_BY_HOP {
                    let first = Ipv6OptionsHeader::parse(packet.payload(), LayerName::HOP_BY_HOP)?;
                    (first.next_header(), IPV6_HEADER_LEN + first.header_len(), IPV6_HEADER_LEN, payload_length)
                } else {
                    (packet.next_header(), IPV6_HEADER_LEN, IPV6_NEXT_HEADER, payload_length)
                }
            };
            let mut extension = [0; IPV6_LEN];
            if let Some((front, rest)) = extension.split_first_chunk_mut::<4>() {
                *front = [next.0, 2, IPV6_OPTION, 20];
                if let Some((address, rest)) = rest.split_first_chunk_mut::<16>() {
                    *address = service.ip().octets();
                    if let Some(port) = rest.first_chunk_mut() {
                        *port = service.port().to_be_bytes();
                    }
                }
            }
            open_gap(packet, LayerName::IPV6, at, &extension)?;
            repair_ipv6(packet.packet_mut(), payload_length, link, IpProtocol::DESTINATION_OPTIONS);
        }
    }
    Ok(())
}

/// Takes the service's address out of an IP packet: the address, and how many bytes at the front are no longer the packet's;
/// lengths and checksum are kept right. `None` if there is none, and then the packet is as it was.
///
/// # Errors
/// As [`find`]; and [`Error::Unbuildable`] of a jumbogram, whose own option would have to change.
pub fn remove(packet: &mut [u8]) -> Result<Option<(SocketAddr, usize)>, Error> {
    match version(packet)? {
        Version::V4 => remove_from_ipv4(packet),
        Version::V6 => remove_from_ipv6(packet),
    }
}

fn remove_from_ipv4(packet: &mut [u8]) -> Result<Option<(SocketAddr, usize)>, Error> {
    let (header_len, total_length, found) = {
        let packet = Ipv4Packet::parse_lax(&packet[..])?;
        let options = packet.options_bytes();
        let found = option_in(options).and_then(|at| Some((at, service_in(options.get(at..)?)?)));
        (packet.header_len(), packet.total_length(), found)
    };
    let Some((at, (service, option))) = found else { return Ok(None) };
    let at = ipv4::HEADER_LEN.saturating_add(at);
    // Other options may have it stand at an odd offset.
    let change = Change::new().removed(at, &option);
    close_gap(packet, at, IPV4_LEN);
    let rest = packet.get_mut(IPV4_LEN..).unwrap_or_default();
    repair_ipv4(rest, total_length.saturating_sub(IPV4_LEN as u16), header_len.saturating_sub(IPV4_LEN), change);
    Ok(Some((service, IPV4_LEN)))
}

fn remove_from_ipv6(packet: &mut [u8]) -> Result<Option<(SocketAddr, usize)>, Error> {
    let (payload_length, next, found) = {
        let view = Ipv6Packet::parse_lax(&packet[..])?;
        let Some(found) = header_in(view.next_header(), view.payload()) else { return Ok(None) };
        refuse_jumbogram(&view)?;
        let next = packet.get(found.at).copied().unwrap_or_default();
        (view.payload_length().saturating_sub(IPV6_LEN as u16), IpProtocol(next), found)
    };
    close_gap(packet, found.at, IPV6_LEN);
    repair_ipv6(packet.get_mut(IPV6_LEN..).unwrap_or_default(), payload_length, found.link, next);
    Ok(Some((found.service, IPV6_LEN)))
}

/// A jumbogram has its length in an option (RFC 2675), which stays as it is: nobody sends one through a load balancer.
fn refuse_jumbogram(packet: &Ipv6Packet<&[u8]>) -> Result<(), Error> {
    if packet.payload_length() != 0 || packet.is_unsegmented() {
        return Ok(());
    }
    let len = packet.payload().len().saturating_add(packet.missing());
    LayerName::IPV6.check("payload length", len, &[Rule::AtMost(65_535)])
}

/// A length that has grown; 0 stays 0, which stands for what a network card is to segment.
fn grown(layer: LayerName, field: &'static str, len: u16, by: usize) -> Result<u16, Error> {
    let value = if len == 0 { 0 } else { usize::from(len) + by };
    layer.fit_u16(field, value)
}

/// Puts `bytes` behind the packet's first `at`, which move to the front.
fn open_gap(packet: &mut impl PacketBuffer, layer: LayerName, at: usize, bytes: &[u8]) -> Result<(), Error> {
    packet.prepend_space(layer, bytes.len())?;
    if let Some(front) = packet.packet_mut().get_mut(..at.saturating_add(bytes.len())) {
        front.copy_within(bytes.len().., 0);
        front.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
    }
    Ok(())
}

/// Takes `len` bytes behind the first `at` out; those move up to fill the gap.
fn close_gap(packet: &mut [u8], at: usize, len: usize) {
    if let Some(front) = packet.get_mut(..at.saturating_add(len)) {
        front.copy_within(..front.len().saturating_sub(len), len);
    }
}

/// Sets the lengths, and patches the checksum for them and for what `change` says: a wrong one stays wrong (RFC 1624).
fn repair_ipv4(packet: &mut [u8], total_length: u16, header_len: usize, change: Change) {
    let Some((word, _)) = packet.split_first_chunk_mut::<2>() else { return };
    let before = u16::from_be_bytes(*word);
    let [first, class] = word;
    *first = 0x40 | (header_len / 4) as u8;
    let change = change.word(0, before, u16::from_be_bytes([*first, *class]));
    if let Ok((header, _)) = Ipv4Header::mut_from_prefix(packet) {
        let change = change.word(2, header.total_length(), total_length);
        header.set_total_length(total_length);
        header.set_checksum(change.apply(header.checksum()));
    }
}

/// Sets the length, and at `link` what follows there.
fn repair_ipv6(packet: &mut [u8], payload_length: u16, link: usize, next: IpProtocol) {
    if let Some(byte) = packet.get_mut(link) {
        *byte = next.0;
    }
    if let Ok((header, _)) = Ipv6Header::mut_from_prefix(packet) {
        header.set_payload_length(payload_length);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use ether_ip::Headroom;
    use ether_ip::checksum::PseudoHeader;
    use ether_ip::tcp::TcpSegment;
    use std::vec::Vec;

    fn with(packet: &[u8], service: &str) -> Result<Vec<u8>, Error> {
        let service: SocketAddr = service.parse().unwrap();
        let grows = if service.is_ipv4() { IPV4_LEN } else { IPV6_LEN };
        let mut buffer = std::vec![0; packet.len() + grows];
        let mut grown = Headroom::with_payload(&mut buffer, packet).unwrap();
        insert(&mut grown, service)?;
        assert_eq!(grown.headroom(), 0);
        Ok(buffer)
    }

    fn ipv4(options: &[u8]) -> Vec<u8> {
        let header = Ipv4Header::new(Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 1, 1), IpProtocol::UDP);
        let mut buffer = std::vec![7; 20 + options.len() + 12];
        header.prepend(options, &mut Headroom::new(&mut buffer, 12).unwrap()).unwrap();
        buffer
    }

    /// The whole frame of Cilium's own test bpf/tests/tc_nodeport_lb4_dsr_lb.c (at 120ae15a5df4), made as its pktgen.h makes it: a
    /// SYN from 110.0.11.1:111 to the service 172.16.10.2:80, passed on to the backend 192.168.0.2:8080. The test asks for the
    /// checksums 434a and d7cf, which these bytes alone have, and compares the option with the service's address turned round.
    const CILIUM_IPV4: [u8; 82] = [
        0x15, 0x21, 0x39, 0x45, 0x4d, 0x5d, 0xce, 0x72, 0xa7, 0x03, 0x88, 0x56, 0x08, 0x00, // Ethernet
        0x47, 0x00, 0x00, 0x44, 0x00, 0x00, 0x00, 0x00, 0x3f, 0x06, 0x43, 0x4a, 110, 0, 11, 1, 192, 168, 0,
        2, // IPv4
        0x9a, 0x08, 0x50, 0x00, 0x02, 0x0a, 0x10, 0xac, // the option
        0x00, 0x6f, 0x1f, 0x90, 0x40, 0xe2, 0x01, 0x00, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0xd7, 0xcf, 0,
        0, // TCP
        b'S', b'h', b'o', b'u', b'l', b'd', b' ', b'n', b'o', b't', b' ', b'c', b'h', b'a', b'n', b'g', b'e', b'!',
        b'!', 0,
    ];

    #[test]
    fn ciliums_own_packet() {
        let service = "172.16.10.2:80".parse().unwrap();
        let packet = &CILIUM_IPV4[14..];
        let view = Ipv4Packet::parse(packet).unwrap();
        assert!(view.checksum_is_valid());
        let tcp = TcpSegment::parse(view.payload()).unwrap();
        assert!(tcp.checksum_is_valid(&view.pseudo_header()));
        assert_eq!((view.ttl(), tcp.destination_port()), (63, 8080));
        assert_eq!(find(packet), Ok(Some(service)));
        // Without the option: 20 bytes whose sum, by hand, is 4500 + 003c + 3f06 + 6e00 + 0b01 + c0a8 + 0002 = 1bded.
        let plain = [&[0x45, 0, 0, 0x3c, 0, 0, 0, 0, 63, 6, 0x42, 0x11], &packet[12..20], &packet[28..]].concat();
        assert_eq!(with(&plain, "172.16.10.2:80").unwrap(), packet);
        let mut shrunk = packet.to_vec();
        assert_eq!(remove(&mut shrunk), Ok(Some((service, 8))));
        assert_eq!(shrunk[8..], plain);
    }

    /// What a node of Cilium's takes in: the frame of bpf/tests/tc_nodeport_lb4_dsr_backend.c (at 038f03854ccd), as the pod
    /// gets it; the test asks that the answer goes out from 172.16.10.1:80. The checksum 400a that it asks for is as its pktgen.h leaves
    /// it, over 20 bytes only.
    #[test]
    fn what_ciliums_backend_reads() {
        let header = [0x47, 0, 0, 0x44, 0, 0, 0, 0, 63, 6, 0x40, 0x0a, 110, 0, 11, 1, 192, 168, 0, 1];
        let option = [0x9a, 0x08, 0x50, 0x00, 0x01, 0x0a, 0x10, 0xac];
        let packet = [&header, &option[..], &[0; 40]].concat();
        assert_eq!(find(&packet), Ok(Some("172.16.10.1:80".parse().unwrap())));
    }

    /// The whole frame of bpf/tests/tc_nodeport_lb6_dsr_lb.c (at 120ae15a5df4), which asks for TCP's checksum 0d7c: from 100:: to the
    /// service [200::]:80, passed on to [300::]:8080. Here all is in network order.
    #[test]
    fn ciliums_own_ipv6_packet() {
        let address = |first: u8| [first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let fixed = |next: u8, len: u8| [0x60, 0, 0, 0, 0, len, next, 63];
        let ends = [address(1), address(3)].concat();
        let dsr = [&[6, 2, 0x1b, 20][..], &address(2), &[0, 80, 0, 0]].concat();
        let tcp =
            [0x00, 0x6f, 0x1f, 0x90, 0x40, 0xe2, 0x01, 0x00, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0x0d, 0x7c, 0, 0];
        let tcp = [&tcp[..], b"Should not change!!\0"].concat();
        let packet = [&fixed(60, 64)[..], &ends, &dsr, &tcp].concat();
        let pseudo = PseudoHeader::ipv6(Ipv6Addr::from(address(1)), Ipv6Addr::from(address(3)), IpProtocol::TCP);
        assert!(TcpSegment::parse(&tcp[..]).unwrap().checksum_is_valid(&pseudo));
        assert_eq!(find(&packet), Ok(Some("[200::]:80".parse().unwrap())));
        assert_eq!(with(&[&fixed(6, 40)[..], &ends, &tcp].concat(), "[200::]:80").unwrap(), packet);
    }

    /// 0x9a, 8, port and address, these two last byte first.
    #[test]
    fn ipv4_there_and_back() {
        for options in [&[][..], &[0x94, 4, 0, 0], &[1; 32]] {
            let packet = ipv4(options);
            let grown = with(&packet, "192.0.2.80:8080").unwrap();
            let view = Ipv4Packet::parse(&grown[..]).unwrap();
            assert!(view.checksum_is_valid() && usize::from(view.total_length()) == grown.len());
            assert_eq!(view.options_bytes(), [&[0x9a, 8, 0x90, 0x1f, 80, 2, 0, 192], options].concat());
            assert_eq!(find(&grown), Ok(Some("192.0.2.80:8080".parse().unwrap())));
            let mut shrunk = grown.clone();
            assert_eq!(remove(&mut shrunk), Ok(Some(("192.0.2.80:8080".parse().unwrap(), 8))));
            assert_eq!(shrunk[8..], packet);
            // Behind another option just so.
            if options.len() == 4 {
                let behind = ipv4(&[options, &[0x9a, 8, 0x90, 0x1f, 80, 2, 0, 192]].concat());
                let mut shrunk = behind.clone();
                assert_eq!(remove(&mut shrunk).unwrap().map(|(_, start)| start), Some(8));
                assert_eq!(shrunk[8..], packet);
            }
        }
    }

    /// RFC 791 §3.1 has options stand at any byte: behind one or three that say nothing, Cilium's is at an odd offset.
    #[test]
    fn the_checksum_is_right_wherever_the_option_stood() {
        let ours = [0x9a, 8, 0x90, 0x1f, 80, 2, 0, 192];
        for before in 0..=4 {
            let padding = [1; 4];
            let mut packet = ipv4(&[&padding[..before], &ours, &padding[before..]].concat());
            assert!(Ipv4Packet::parse(&packet[..]).unwrap().checksum_is_valid());
            assert_eq!(remove(&mut packet).unwrap().map(|(_, start)| start), Some(8));
            let rest = Ipv4Packet::parse(&packet[8..]).unwrap();
            assert!(rest.checksum_is_valid(), "behind {before}");
            assert_eq!(packet[8..], ipv4(&padding));
        }
    }

    #[test]
    fn ipv6_there_and_back() {
        let header = Ipv6Header::new(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::TCP);
        let mut packet = std::vec![7; 52];
        header.prepend(&mut Headroom::new(&mut packet, 12).unwrap()).unwrap();
        let grown = with(&packet, "[2001:db8::80]:443").unwrap();
        let view = Ipv6Packet::parse(&grown[..]).unwrap();
        assert_eq!((view.next_header(), view.payload_length()), (IpProtocol::DESTINATION_OPTIONS, 36));
        let address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80];
        let expected = [&[6, 2, 0x1b, 20][..], &address, &[0x01, 0xbb, 0, 0]].concat();
        assert_eq!(view.payload()[..24], expected);
        let mut shrunk = grown.clone();
        assert_eq!(remove(&mut shrunk), Ok(Some(("[2001:db8::80]:443".parse().unwrap(), 24))));
        assert_eq!(shrunk[24..], packet);
        // Another option first, another length, another header: not Cilium's.
        for (at, byte) in [(42, 1), (43, 19), (41, 3), (6, 0)] {
            let mut other = grown.clone();
            other[at] = byte;
            let before = other.clone();
            assert_eq!((remove(&mut other), &other), (Ok(None), &before));
        }
    }

    /// RFC 8200 §4.1: hop-by-hop options stand first. Behind them, and behind other extension headers, Cilium finds its own
    /// (`find_dsr_v6`); a fragment header ends its search.
    #[test]
    fn ipv6_among_other_headers() {
        let fixed = [0x60, 0, 0, 0, 0, 16, 0, 64];
        let hop_by_hop = [17, 0, 5, 2, 0, 0, 1, 0];
        let packet = [&fixed[..], &[0; 32], &hop_by_hop, &[7; 8]].concat();
        let grown = with(&packet, "[2001:db8::80]:443").unwrap();
        let dsr = [17, 2, 0x1b, 20, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x01, 0xbb, 0, 0];
        let fixed = [0x60, 0, 0, 0, 0, 40, 0, 64];
        let hop_by_hop = [60, 0, 5, 2, 0, 0, 1, 0];
        assert_eq!(grown, [&fixed[..], &[0; 32], &hop_by_hop, &dsr, &[7; 8]].concat());
        let service = "[2001:db8::80]:443".parse().unwrap();
        assert_eq!(find(&grown), Ok(Some(service)));
        let mut shrunk = grown.clone();
        assert_eq!(remove(&mut shrunk), Ok(Some((service, 24))));
        assert_eq!(shrunk[24..], packet);
        // Behind a fragment header it is none; in front of one, with offset 0, it is.
        let mut fragment = grown.clone();
        fragment[6] = 44;
        assert_eq!(find(&fragment), Ok(None));
        let first = [&[0x60, 0, 0, 0, 0, 16, 44, 64][..], &[0; 32], &[17, 0, 0, 1, 0, 0, 0, 9], &[7; 8]].concat();
        let grown = with(&first, "[2001:db8::80]:443").unwrap();
        assert_eq!((grown[6], grown[40], find(&grown)), (60, 44, Ok(Some(service))));
    }

    /// A later fragment has no ports for an address, here at offset 8; a jumbogram (RFC 2675 §2) would keep its old length.
    #[test]
    fn what_is_refused_of_ipv6() {
        let later = [&[0x60, 0, 0, 0, 0, 16, 44, 64][..], &[0; 32], &[17, 0, 0, 8, 0, 0, 0, 9], &[7; 8]].concat();
        let refused = |layer, field, value, rule| Error::Unbuildable { layer, field, value, rule };
        let expected = refused(LayerName::FRAGMENT, "fragment offset", 8, Rule::Exactly(0));
        assert_eq!(with(&later, "[::1]:1"), Err(expected));
        let jumbo = |next: u8, behind: &[u8]| {
            let fixed = [0x60, 0, 0, 0, 0, 0, 0, 64];
            let mut packet = [&fixed[..], &[0; 32], &[next, 0, 0xc2, 4, 0, 1, 0, 0], behind].concat();
            packet.resize(40 + 65_536, 7);
            packet
        };
        let expected = refused(LayerName::IPV6, "payload length", 65_536, Rule::AtMost(65_535));
        assert_eq!(with(&jumbo(17, &[]), "[::1]:1"), Err(expected));
        let service = [17, 2, 0x1b, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80, 0, 0];
        let mut packet = jumbo(60, &service);
        assert_eq!(find(&packet), Ok(Some("[::1]:80".parse().unwrap())));
        let before = packet.clone();
        assert_eq!((remove(&mut packet), packet), (Err(expected), before));
        // What a network card is to segment has no length yet, and none is made.
        let unsegmented = [&[0x60, 0, 0, 0, 0, 0, 6, 64][..], &[0; 32], &[7; 65_600]].concat();
        let grown = with(&unsegmented, "[::1]:1").unwrap();
        assert_eq!((&grown[4..7], grown.len()), (&[0, 0, 60][..], 65_664));
    }

    #[test]
    fn what_is_refused() {
        let full = ipv4(&[1; 36]);
        let (field, rule) = ("header length", Rule::AtMost(60));
        let refused = Error::Unbuildable { layer: LayerName::IPV4, field, value: 64, rule };
        assert_eq!(with(&full, "192.0.2.80:1"), Err(refused));
        assert!(with(&full, "[::1]:1").is_err() && with(&[0x60; 40], "192.0.2.80:1").is_err());
        let mut buffer = ipv4(&[]);
        let len = buffer.len();
        let mut packet = Headroom::new(&mut buffer, len).unwrap();
        let no_room = insert(&mut packet, "192.0.2.80:1".parse().unwrap());
        assert!(matches!(no_room, Err(Error::NoRoom { needed: 8, available: 0, .. })));
        // Options that are cut or of a wrong length hide nothing.
        for options in [
            [0x9a, 7, 0, 0, 0, 0, 0, 0],
            [0x83, 1, 0, 0, 0, 0, 0, 0],
            [0, 0x9a, 8, 0, 0, 0, 0, 0],
            [0x83, 255, 0, 0, 0, 0, 0, 0],
            [0x83, 0, 0x9a, 8, 0, 0, 0, 0],
        ] {
            assert_eq!(find(&ipv4(&options)), Ok(None));
        }
        // The end of the options is one, whatever stands behind it (RFC 791 §3.1); padding is not.
        let ours = [0x9a, 8, 0x90, 0x1f, 80, 2, 0, 192];
        assert_eq!(find(&ipv4(&[&[0, 0, 0, 0][..], &ours].concat())), Ok(None));
        assert_eq!(in_ipv4_options(&[&[0, 4][..], &ours].concat()), None);
        let service = Some("192.0.2.80:8080".parse().unwrap());
        assert_eq!(find(&ipv4(&[&[1, 0x94, 4, 0, 0, 1, 1, 1][..], &ours].concat())), Ok(service));
        assert_eq!(in_ipv4_options(&[&[0x94, 2, 0x94, 3, 0, 1][..], &ours].concat()), service);
        // A later fragment has no ports for an address; the first has.
        let mut fragment = ipv4(&[]);
        let mut view = Ipv4Packet::parse(&mut fragment[..]).unwrap();
        view.set_more_fragments(true);
        view.fill_checksum();
        assert!(with(&fragment, "192.0.2.80:1").is_ok());
        let mut view = Ipv4Packet::parse(&mut fragment[..]).unwrap();
        view.set_fragment_offset(8);
        view.fill_checksum();
        let (field, rule) = ("fragment offset", Rule::Exactly(0));
        let refused = Error::Unbuildable { layer: LayerName::IPV4, field, value: 8, rule };
        assert_eq!(with(&fragment, "192.0.2.80:1"), Err(refused));
        assert!(find(&[]).is_err() && find(&[0x45, 0]).is_err());
        assert_eq!(remove(&mut ipv4(&[])), Ok(None));
    }
}
