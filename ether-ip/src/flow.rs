//! The entropy of a flow: a number that is the same for all packets of a flow and differs between flows, so that a
//! tunnel's outer source port lets the underlay spread flows over its paths (RFC 7348 §5, RFC 8926 §3.3).
//!
//! What is hashed: addresses, protocol and ports of TCP, UDP and SCTP; addresses and protocol alone of others and of
//! fragments, whose ports only the first one has; and the MAC addresses and the EtherType of what is not IP, the addresses
//! alone of IEEE 802.3, where a length stands in its place. What says that it is IP and has no whole IP header is none. VLAN tags and IPv6
//! extension headers are looked through.

use core::net::{Ipv4Addr, Ipv6Addr};
use zerocopy::little_endian::{U16, U32, U64, U128};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::ethernet::{EtherType, EthernetHeader, MacAddr};
use crate::ip::IpProtocol;
use crate::ipv4::Ipv4Header;
use crate::ipv6::Ipv6Header;
use crate::ipv6_extension::{Extensions, is_extension};
use crate::vlan::VlanHeader;

/// The entropy of an Ethernet frame's flow. Any bytes have one; those of a cut packet are hashed as far as they go.
///
/// The number is the same on every machine and in every release with the same minor version. It is no secret: whoever picks
/// ports can pick collisions.
///
/// ```
/// let a = ether_ip::flow::entropy(b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x88\xccone");
/// let b = ether_ip::flow::entropy(b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x88\xcctwo");
/// assert_eq!(a, b); // the same MAC addresses and EtherType
/// ```
#[inline]
#[must_use]
//= RFC 8926 §3.3/source-port-flow
pub fn entropy(frame: &[u8]) -> u32 {
    of_frame(frame, Ends::InOrder)
}

/// The entropy of an IP packet's flow, for tunnels that carry IP without Ethernet. 0 if it is neither IPv4 nor IPv6.
#[inline]
#[must_use]
pub fn ip_entropy(packet: &[u8]) -> u32 {
    of_ip(packet, Ends::InOrder)
}

/// The same as [`entropy`], but for both directions of a flow alike, so that its answers take the path that it takes.
///
/// ```
/// use ether_ip::flow;
///
/// let question = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x88\xcc";
/// let answer = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x88\xcc";
/// assert_eq!(flow::symmetric_entropy(question), flow::symmetric_entropy(answer));
/// assert_ne!(flow::entropy(question), flow::entropy(answer));
/// ```
#[inline]
#[must_use]
pub fn symmetric_entropy(frame: &[u8]) -> u32 {
    of_frame(frame, Ends::Sorted)
}

/// The same as [`ip_entropy`], but for both directions of a flow alike.
#[inline]
#[must_use]
pub fn symmetric_ip_entropy(packet: &[u8]) -> u32 {
    of_ip(packet, Ends::Sorted)
}

/// The same as [`ip_entropy`] for who has read the headers already. `ports` are TCP's, UDP's and SCTP's, the source's first; zero for other
/// protocols, and for fragments.
///
/// ```
/// use ether_ip::{flow, ip::IpProtocol};
///
/// let packet = b"\x45\0\0\x1c\0\0\x40\0\x40\x11\xb6\xcd\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x08\0\0";
/// let (source, destination) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
/// assert_eq!(flow::ipv4_entropy(source, destination, IpProtocol::UDP, [4000, 53]), flow::ip_entropy(packet));
/// ```
#[inline(always)]
#[must_use]
pub fn ipv4_entropy(source: Ipv4Addr, destination: Ipv4Addr, protocol: IpProtocol, ports: [u16; 2]) -> u32 {
    let [from, to] = [source, destination].map(|address| u64::from(u32::from_le_bytes(address.octets())));
    mix([of(little(ports), protocol), to << 32 | from, 0, 0, 0])
}

/// The same of IPv6; the protocol is what stands behind the extension headers, or [`IpProtocol::FRAGMENT`] of a fragment that is not
/// atomic.
#[inline(always)]
#[must_use]
pub fn ipv6_entropy(source: Ipv6Addr, destination: Ipv6Addr, protocol: IpProtocol, ports: [u16; 2]) -> u32 {
    let [[a, b], [c, d]] = [source, destination].map(|address| {
        let [low, high]: [U64; 2] = zerocopy::transmute!(address.octets());
        [low.get(), high.get()]
    });
    mix([of(little(ports), protocol), a, b, c, d])
}

/// The same as [`entropy`] of a frame that carries no IP, or such that its header cannot be read.
#[inline(always)]
#[must_use]
pub fn mac_entropy(source: MacAddr, destination: MacAddr, ether_type: EtherType) -> u32 {
    by_mac(source, destination, ether_type, Ends::InOrder)
}

/// Two ports as one number, as they stand in a packet.
#[inline(always)]
fn little([source, destination]: [u16; 2]) -> u32 {
    u32::from(destination.swap_bytes()) << 16 | u32::from(source.swap_bytes())
}

/// In which order the two ends are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// As they stand in the packet.
    InOrder,
    /// The lower one first, whichever way the packet goes.
    Sorted,
}

#[inline(always)]
fn of_frame(frame: &[u8], ends: Ends) -> u32 {
    match ends {
        Ends::InOrder => plain_entropy(frame).unwrap_or_else(|| of_any_frame(frame, ends)),
        Ends::Sorted => of_any_frame(frame, ends),
    }
}

/// The entropy of what most frames are: IPv4 without options right behind Ethernet, no fragment, and two ports. `None` for what is
/// anything else: that goes the long way, which for these would come to the same.
#[inline(always)]
pub(crate) fn plain_entropy(frame: &[u8]) -> Option<u32> {
    let (header, rest) = EthernetHeader::ref_from_prefix(frame).ok()?;
    if header.ether_type() == EtherType::IPV4 { plain_ipv4(rest) } else { None }
}

#[inline(always)]
fn plain_ipv4(packet: &[u8]) -> Option<u32> {
    let (start, _) = Ipv4Start::ref_from_prefix(packet).ok()?;
    let protocol = IpProtocol(start.protocol);
    let has_ports = matches!(protocol, IpProtocol::TCP | IpProtocol::UDP | IpProtocol::SCTP);
    let is_plain = start.version_length == 0x45 && start.flags_offset.get() & 0xff3f == 0 && has_ports;
    is_plain.then(|| mix([of(start.ports.get(), protocol), start.addresses.get(), 0, 0, 0]))
}

/// An IPv4 header without options, and the ports behind it.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Ipv4Start {
    version_length: u8,
    _class_to_identification: [u8; 5],
    flags_offset: U16,
    _time_to_live: u8,
    protocol: u8,
    _checksum: [u8; 2],
    addresses: U64,
    ports: U32,
}

#[inline(never)]
fn of_any_frame(frame: &[u8], ends: Ends) -> u32 {
    let Ok((header, mut rest)) = EthernetHeader::ref_from_prefix(frame) else {
        return 0;
    };
    let mut ether_type = header.ether_type();
    while ether_type.is_vlan() {
        let Ok((tag, behind)) = VlanHeader::ref_from_prefix(rest) else {
            break;
        };
        ether_type = tag.ether_type();
        rest = behind;
    }
    let by_ip = match ether_type {
        EtherType::IPV4 => ipv4(rest, ends),
        EtherType::IPV6 => ipv6(rest, ends),
        _ => None,
    };
    by_ip.unwrap_or_else(|| by_mac(header.source(), header.destination(), ether_type, ends))
}

#[inline(always)]
fn of_ip(packet: &[u8], ends: Ends) -> u32 {
    match packet.first().map(|byte| byte >> 4) {
        Some(4) => ipv4(packet, ends),
        Some(6) => ipv6(packet, ends),
        _ => None,
    }
    .unwrap_or(0)
}

/// The IPv6 flow label for an entropy: 20 bits, never 0, which stands for none (RFC 6437 §3).
///
/// ```
/// use ether_ip::flow::label;
///
/// assert_eq!((label(0x1234_5678), label(0xfff)), (0x12345, 1));
/// ```
#[inline]
#[must_use]
pub const fn label(entropy: u32) -> u32 {
    //= RFC 6438 §3/label
    match entropy >> 12 {
        0 => 1,
        label => label,
    }
}

#[inline]
fn ipv4(packet: &[u8], ends: Ends) -> Option<u32> {
    let (header, _) = Ipv4Header::ref_from_prefix(packet)
        .ok()
        .filter(|(header, _)| header.version() == 4 && header.header_len() >= size_of::<Ipv4Header>())?;
    let (protocol, payload) = (header.protocol(), packet.get(header.header_len()..)?);
    let ports = if header.is_fragment() { 0 } else { ports(protocol, payload) };
    let (addresses, ports) = match ends {
        Ends::InOrder => (U64::ref_from_prefix(packet.get(12..)?).ok()?.0.get(), ports),
        Ends::Sorted => {
            let ([source, destination], _) = <[U32; 2]>::ref_from_prefix(packet.get(12..)?).ok()?;
            let [(a, b), (c, d)] = sorted(source.get(), destination.get(), ports);
            (u64::from(a) << 32 | u64::from(c), joined(b, d))
        }
    };
    Some(mix([of(ports, protocol), addresses, 0, 0, 0]))
}

#[inline]
fn ipv6(packet: &[u8], ends: Ends) -> Option<u32> {
    let (header, payload) = Ipv6Header::ref_from_prefix(packet).ok().filter(|(header, _)| header.version() == 6)?;
    let ([source, destination], _) = <[U128; 2]>::ref_from_prefix(packet.get(8..)?).ok()?;
    let (protocol, ports) = match header.next_header() {
        next if is_extension(next) => behind_extensions(next, payload)?,
        protocol => (protocol, ports(protocol, payload)),
    };
    // The flow label is not among it: what spread no labels is spread all the same.
    //= RFC 6438 §3/hash, §3/same
    //= RFC 8504 §5.1/load
    let (source, destination, ports) = match ends {
        Ends::InOrder => (source.get(), destination.get(), ports),
        Ends::Sorted => {
            let [(a, b), (c, d)] = sorted(source.get(), destination.get(), ports);
            (a, c, joined(b, d))
        }
    };
    let [a, b] = [source as u64, (source >> 64) as u64];
    let [c, d] = [destination as u64, (destination >> 64) as u64];
    Some(mix([of(ports, protocol), a, b, c, d]))
}

/// Ports and protocol as one number.
#[inline(always)]
fn of(ports: u32, protocol: IpProtocol) -> u64 {
    u64::from(ports) << 8 | u64::from(protocol.0)
}

/// Both ends, address and port, the lower one first.
#[inline(always)]
fn sorted<A: Ord>(source: A, destination: A, ports: u32) -> [(A, u16); 2] {
    let [a, b, c, d] = ports.to_le_bytes();
    let (source, destination) = ((source, u16::from_le_bytes([a, b])), (destination, u16::from_le_bytes([c, d])));
    if source <= destination { [source, destination] } else { [destination, source] }
}

#[inline(always)]
fn joined(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// Protocol and ports behind IPv6's extension headers. All fragments of a packet give the same, and so do the packets of a flow that
/// have options and those that have none.
#[cold]
#[inline(never)]
fn behind_extensions(first: IpProtocol, payload: &[u8]) -> Option<(IpProtocol, u32)> {
    let upper = Extensions::new(first, payload).upper_layer().ok()?;
    Some(match upper.is_fragment {
        true => (IpProtocol::FRAGMENT, 0),
        false => (upper.protocol, ports(upper.protocol, upper.payload)),
    })
}

/// What is not IP is seldom.
#[cold]
#[inline(never)]
fn by_mac(source: MacAddr, destination: MacAddr, ether_type: EtherType, ends: Ends) -> u32 {
    let number = |address: MacAddr| address.0.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    // A length is not the flow's.
    let kind = if ether_type.as_length().is_some() { 0 } else { ether_type.0 };
    let (source, destination) = (number(source), number(destination));
    let is_swapped = ends == Ends::Sorted && source > destination;
    let (first, second) = if is_swapped { (destination, source) } else { (source, destination) };
    mix([u64::from(kind), first, second, 0, 0])
}

/// The first four bytes of the protocols that start with two ports.
#[inline]
//= RFC 8926 §3.3/source-port-hash
fn ports(protocol: IpProtocol, payload: &[u8]) -> u32 {
    match protocol {
        IpProtocol::TCP | IpProtocol::UDP | IpProtocol::SCTP => {
            U32::ref_from_prefix(payload).map_or(0, |(ports, _)| ports.get())
        }
        _ => 0,
    }
}

/// The fractional digits of the square root of 29, of the golden ratio, and of the square roots of 13, 2 and 23, all odd. Multiples of
/// such a number fall evenly between each other, so that flows that count up are spread better than by chance; of the roots of small
/// primes these do so in all the orders that the tests count in.
const ODD: [u64; 5] =
    [0x629a_292a_367c_d507, 0x9e37_79b9_7f4a_7c15, 0x9b05_688c_2b3e_6c1f, 0x6a09_e667_f3bc_c909, 0xcbbb_9d5d_c105_9ed9];

/// A full multiplication of each word, its halves put together, so that every input bit reaches the upper half of the sum. None waits
/// for another. A word that is 0 adds nothing.
#[inline(always)]
const fn mix(words: [u64; 5]) -> u32 {
    let [a, b, c, d, e] = words;
    //= RFC 6438 §3/uniform
    let sum = fold(a, ODD[0]).wrapping_add(fold(b, ODD[1])).wrapping_add(fold(c, ODD[2]));
    (sum.wrapping_add(fold(d, ODD[3])).wrapping_add(fold(e, ODD[4])) >> 32) as u32
}

#[inline(always)]
#[cfg(not(target_arch = "bpf"))]
const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

#[cfg(target_arch = "bpf")]
use fold_by_halves as fold;

/// The same where no machine has so wide a product, and no function that returns it can be called: eBPF.
#[inline(always)]
#[cfg(any(test, target_arch = "bpf"))]
const fn fold_by_halves(a: u64, b: u64) -> u64 {
    let [a_low, a_high, b_low, b_high] = [a & 0xffff_ffff, a >> 32, b & 0xffff_ffff, b >> 32];
    let (low, one, other, high) = (a_low * b_low, a_high * b_low, a_low * b_high, a_high * b_high);
    // None of these sums is more than 64 bits hold.
    let middle = (low >> 32) + (one & 0xffff_ffff) + other;
    let top = high + (one >> 32) + (middle >> 32);
    (middle << 32 | low & 0xffff_ffff) ^ top
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec;
    use std::vec::Vec;
    use zerocopy::IntoBytes;

    fn frame(source: [u8; 4], port: u16, flags: u16, tags: usize) -> Vec<u8> {
        let first = if tags > 0 { EtherType::VLAN } else { EtherType::IPV4 };
        let mut frame = EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), first).as_bytes().to_vec();
        for tag in 0..tags {
            let next = if tag + 1 == tags { EtherType::IPV4 } else { EtherType::VLAN };
            frame.extend_from_slice(VlanHeader::new(7, next).as_bytes());
        }
        let mut ip = Ipv4Header::new(source.into(), [10, 244, 2, 2].into(), IpProtocol::TCP);
        ip.set_more_fragments(flags & 0x2000 != 0);
        frame.extend_from_slice(ip.as_bytes());
        frame.extend_from_slice(&port.to_be_bytes());
        frame.extend_from_slice(&[0, 80]);
        frame
    }

    #[test]
    fn a_product_by_halves() {
        let words = [0, 1, 2, 0xffff_ffff, 0x1_0000_0000, 0x8000_0000_0000_0000, u64::MAX, 0x0123_4567_89ab_cdef];
        for a in words.into_iter().chain(ODD) {
            for b in words.into_iter().chain(ODD) {
                assert_eq!(fold_by_halves(a, b), fold(a, b), "{a:#x} {b:#x}");
            }
        }
    }

    #[test]
    fn by_headers_that_were_read() {
        let frame = frame([10, 244, 1, 2], 40_000, 0, 1);
        let (source, destination) = ([10, 244, 1, 2].into(), [10, 244, 2, 2].into());
        assert_eq!(ipv4_entropy(source, destination, IpProtocol::TCP, [40_000, 80]), entropy(&frame));
        let header = Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol::UDP);
        let packet = [header.as_bytes(), &[0x9c, 0x40, 0, 53, 0, 8, 0, 0]].concat();
        let (source, destination) = (header.source(), header.destination());
        assert_eq!(ipv6_entropy(source, destination, IpProtocol::UDP, [40_000, 53]), ip_entropy(&packet));
        let arp = EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), EtherType::ARP);
        assert_eq!(mac_entropy(arp.source(), arp.destination(), EtherType::ARP), entropy(arp.as_bytes()));
    }

    #[test]
    fn what_has_no_whole_ip_header_is_not_ip() {
        let macs = |kind| mac_entropy(MacAddr([2; 6]), MacAddr([4; 6]), kind);
        let of = |kind, packet: &[u8]| {
            entropy(&[EthernetHeader::new(MacAddr([4; 6]), MacAddr([2; 6]), kind).as_bytes(), packet].concat())
        };
        // Another version, a header of 16 bytes, one of 24 that ends before, and one byte too few.
        for (start, len) in [(0x55, 28), (0x44, 28), (0x46, 23), (0x45, 19)] {
            let mut packet = vec![start; 1];
            packet.resize(len, 1);
            assert_eq!(of(EtherType::IPV4, &packet), macs(EtherType::IPV4), "{start:#x}");
        }
        // Another version, and hop-by-hop options that end before.
        for (start, next, len) in [(0x40, 17, 48), (0x60, 0, 47), (0x60, 17, 39)] {
            let mut packet = vec![start, 0, 0, 0, 0, 8, next, 64];
            packet.resize(len, 0);
            assert_eq!(of(EtherType::IPV6, &packet), macs(EtherType::IPV6), "{start:#x}, {next}");
        }
    }

    #[test]
    fn flows_differ_and_packets_of_a_flow_do_not() {
        //= RFC 8926 §3.3/source-port-flow, §3.3/source-port-hash
        let base = entropy(&frame([10, 244, 1, 2], 40_000, 0, 0));
        assert_eq!(base, entropy(&frame([10, 244, 1, 2], 40_000, 0, 1)));
        assert_eq!(base, entropy(&frame([10, 244, 1, 2], 40_000, 0, 2)));
        assert_eq!(base, ip_entropy(&frame([10, 244, 1, 2], 40_000, 0, 0)[14..]));
        assert_ne!(base, entropy(&frame([10, 244, 1, 3], 40_000, 0, 0)));
        assert_ne!(base, entropy(&frame([10, 244, 1, 2], 40_001, 0, 0)));
        // Fragments: the ports are not looked at.
        let first = entropy(&frame([10, 244, 1, 2], 40_000, 0x2000, 0));
        assert_eq!(first, entropy(&frame([10, 244, 1, 2], 40_001, 0x2000, 0)));
    }

    /// A flow is a flow with options (Cilium's DSR option here, 0x1b) and without; its fragments are one, whatever follows their header.
    #[test]
    fn ipv6_extension_headers_are_looked_through() {
        let udp = [0x9c, 0x40, 0, 53, 0, 8, 0, 0];
        let packet = |next: u8, extensions: &[u8], payload: &[u8]| {
            let mut packet =
                Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol(next)).as_bytes().to_vec();
            packet.extend_from_slice(extensions);
            packet.extend_from_slice(payload);
            ip_entropy(&packet)
        };
        let mut dsr = [0; 24];
        dsr[..4].copy_from_slice(&[17, 2, 0x1b, 20]);
        let plain = packet(17, &[], &udp);
        assert_eq!(packet(60, &dsr, &udp), plain);
        assert_ne!(packet(60, &dsr, &[0x9c, 0x41, 0, 53, 0, 8, 0, 0]), plain);
        // An atomic fragment is whole; of others neither ports nor what follows count.
        assert_eq!(packet(44, &[17, 0, 0, 0, 0, 0, 0, 7], &udp), plain);
        let first = packet(44, &[60, 0, 0, 1, 0, 0, 0, 7], &[&dsr[..], &udp].concat());
        assert_eq!(packet(44, &[60, 0, 5, 0xa8, 0, 0, 0, 7], &[7; 16]), first);
        assert_eq!(packet(44, &[17, 0, 0, 1, 0, 0, 0, 7], &udp), first);
        assert_ne!(first, plain);
        let _ = packet(60, &[17, 9], &[]);
    }

    /// IEEE 802.3: frames of a flow have many lengths. They are no EtherType.
    #[test]
    fn lengths_are_not_hashed() {
        let frame = |kind: u16| {
            let mut frame = EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), EtherType(kind)).as_bytes().to_vec();
            frame.extend([0x42, 0x42, 3]);
            entropy(&frame)
        };
        let spanning_tree = frame(3);
        assert_eq!([38, 60, 1500].map(frame), [spanning_tree; 3]);
        assert_ne!(frame(0x88cc), spanning_tree);
        let tagged = |length: u8| {
            let mut frame = EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), EtherType::VLAN).as_bytes().to_vec();
            frame.extend([0, 7, 0, length, 0x42, 0x42, 3]);
            entropy(&frame)
        };
        assert_eq!([3, 60].map(tagged), [spanning_tree; 2]);
    }

    /// 1000 neighbouring ports fall into 64 buckets about evenly: no bucket has none, none has four times its share.
    #[test]
    fn neighbouring_ports_spread() {
        let mut buckets = [0; 64];
        for port in 40_000..41_000 {
            buckets[entropy(&frame([10, 244, 1, 2], port, 0, 0)) as usize % 64] += 1;
        }
        assert!(buckets.iter().all(|count| (1..=62).contains(count)), "{buckets:?}");
    }

    /// How unevenly numbers fall into 64 parts of the whole range, by chi squared: how many deviations above what chance gives.
    fn unevenness(numbers: impl Iterator<Item = u32>) -> f64 {
        let (mut parts, mut count) = ([0_u32; 64], 0.0);
        for number in numbers {
            parts[number as usize >> 26] += 1;
            count += 1.0;
        }
        let expected = count / 64.0;
        let chi: f64 = parts.iter().map(|part| (f64::from(*part) - expected).powi(2) / expected).sum();
        (chi - 63.0) / 126.0_f64.sqrt()
    }

    /// Flows as they come, and as somebody picks them who counts up in one place, or in two at once: none may fall less evenly than chance
    /// does in one case of a thousand, which is three deviations.
    #[test]
    fn flows_of_all_patterns_spread() {
        let v4 = |source: u32, destination: u32, ports: (u16, u16)| {
            let mut packet = Ipv4Header::new(source.into(), destination.into(), IpProtocol::TCP).as_bytes().to_vec();
            packet.extend([ports.0.to_be_bytes(), ports.1.to_be_bytes()].as_flattened());
            packet
        };
        let v6 = |source: u32, destination: u32, ports: (u16, u16)| {
            let address = |number: u32| {
                let (net, host) = (u128::from(number >> 16), u128::from(number & 0xffff));
                Ipv6Addr::from_bits(0xfd00 << 112 | net << 64 | host)
            };
            let header = Ipv6Header::new(address(source), address(destination), IpProtocol::TCP);
            let mut packet = header.as_bytes().to_vec();
            packet.extend([ports.0.to_be_bytes(), ports.1.to_be_bytes()].as_flattened());
            packet
        };
        let (a, b) = (0x0af4_0102, 0x0af4_0203);
        type Pattern = fn(u32) -> (u32, u32, (u16, u16));
        let patterns: [(&str, Pattern); 9] = [
            ("source ports", |n| (0, 0, (40_000 + n as u16, 80))),
            ("destination ports", |n| (0, 0, (40_000, n as u16))),
            ("every fourth port", |n| (0, 0, (32_768 + 4 * n as u16, 80))),
            ("both ports", |n| (0, 0, (n as u16, n as u16))),
            ("sources", |n| (n, 0, (40_000, 80))),
            ("networks of sources", |n| (n << 8, 0, (40_000, 80))),
            ("destinations", |n| (0, n, (40_000, 80))),
            ("pairs of pods", |n| (n % 64, n / 64, (40_000, 80))),
            ("sources and destinations alike", |n| (n, n, (40_000, 80))),
        ];
        for (name, pattern) in patterns {
            for make in [&v4 as &dyn Fn(u32, u32, (u16, u16)) -> Vec<u8>, &v6] {
                let packet = |n| {
                    let (source, destination, ports) = pattern(n);
                    make(a + source, b + destination, ports)
                };
                let found = unevenness((0..4096).map(|n| ip_entropy(&packet(n))));
                assert!(found < 3.0, "{name}: {found}");
                let found = unevenness((0..4096).map(|n| symmetric_ip_entropy(&packet(n))));
                assert!(found < 3.0, "{name}, both directions alike: {found}");
            }
        }
        // Real flows: few servers and services, clients with ports of Linux's range.
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        let real = |_| {
            let service = [80, 443, 53, 6443][random() as usize % 4];
            v4(a + random() % 256, b + random() % 16, (32_768 + (random() % 28_232) as u16, service))
        };
        assert!(unevenness((0..16_384).map(real).map(|packet| ip_entropy(&packet))) < 3.0);
    }

    /// Both directions have one number where that is asked for, of TCP over both versions and of what is not IP.
    #[test]
    fn both_directions_alike() {
        let forth = frame([10, 244, 1, 2], 40_000, 0, 1);
        let mut back = forth.clone();
        back[30..34].copy_from_slice(&forth[34..38]);
        back[34..38].copy_from_slice(&forth[30..34]);
        back[38..40].copy_from_slice(&forth[40..42]);
        back[40..42].copy_from_slice(&forth[38..40]);
        assert_eq!(symmetric_entropy(&forth), symmetric_entropy(&back));
        assert_ne!(entropy(&forth), entropy(&back));
        let other = frame([10, 244, 1, 2], 40_001, 0, 1);
        assert_ne!(symmetric_entropy(&forth), symmetric_entropy(&other));
        let v6 = |swapped: bool| {
            let (a, b) = ([0xfd; 16].into(), [0xfe; 16].into());
            let (source, destination) = if swapped { (b, a) } else { (a, b) };
            let ports: [u8; 4] = if swapped { [0, 80, 0x9c, 0x40] } else { [0x9c, 0x40, 0, 80] };
            let mut packet = Ipv6Header::new(source, destination, IpProtocol::TCP).as_bytes().to_vec();
            packet.extend(ports);
            packet
        };
        assert_eq!(symmetric_ip_entropy(&v6(false)), symmetric_ip_entropy(&v6(true)));
        // Of one address with itself the ports decide which end is which.
        let own = |from: [u8; 2], to: [u8; 2]| {
            let mut packet = Ipv4Header::new([10; 4].into(), [10; 4].into(), IpProtocol::UDP).as_bytes().to_vec();
            packet.extend([from, to].as_flattened());
            symmetric_ip_entropy(&packet)
        };
        assert_eq!(own([0, 1], [0, 2]), own([0, 2], [0, 1]));
        assert_ne!(own([0, 1], [0, 2]), own([0, 1], [0, 3]));
    }

    /// RFC 6438 §3: a label of 20 bits that is not 0, the same for all packets of a flow, and spread evenly: 1000 neighbouring flows fall
    /// into 64 buckets, by the label's upper bits and by its lower ones.
    #[test]
    fn labels_of_flows() {
        assert_eq!([0, 0xfff, 0x1000, 0x1fff, 0x2000, u32::MAX].map(label), [1, 1, 1, 1, 2, 0xf_ffff]);
        //= RFC 6438 §3/label, §3/same, §3/hash, §3/uniform
        let label_of = |port: u16, change: &dyn Fn(&mut Vec<u8>)| {
            let mut packet = frame([10, 244, 1, 2], port, 0, 0).split_off(14);
            change(&mut packet);
            label(ip_entropy(&packet))
        };
        let one = label_of(40_000, &|_| {});
        // Of the same flow: another length, identification, time to live, class, payload. Of another: protocol, destination, port.
        for at in [1, 2, 3, 4, 5, 8] {
            assert_eq!(label_of(40_000, &|packet| packet[at] ^= 0x41), one, "byte {at}");
        }
        assert_eq!(label_of(40_000, &|packet| packet.extend([7; 100])), one);
        for (at, byte) in [(9, 17), (19, 9), (23, 81)] {
            assert_ne!(label_of(40_000, &|packet| packet[at] = byte), one, "byte {at}");
        }
        let (mut upper, mut lower) = ([0; 64], [0; 64]);
        for port in 40_000..41_000 {
            let label = label_of(port, &|_| {});
            assert!((1..=0xf_ffff).contains(&label));
            upper[label as usize >> 14] += 1;
            lower[label as usize & 63] += 1;
        }
        assert!(upper.iter().chain(&lower).all(|count| (1..=62).contains(count)), "{upper:?} {lower:?}");
    }

    /// RFC 8504 §5.1: load is not spread by the inner packet's flow label, which may be the same for all, or 0.
    #[test]
    fn inner_flow_labels_are_not_hashed() {
        //= RFC 8504 §5.1/load
        let packet = |label: u32, port: u8| {
            let mut header = Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol::UDP);
            header.set_flow_label(label);
            let mut packet = header.as_bytes().to_vec();
            packet.extend([0x9c, port, 0, 53, 0, 8, 0, 0]);
            ip_entropy(&packet)
        };
        assert_eq!([1, 0xf_ffff].map(|label| packet(label, 7)), [packet(0, 7); 2]);
        assert_ne!(packet(0, 8), packet(0, 7));
    }

    #[test]
    fn any_bytes_have_an_entropy() {
        let whole = frame([10, 244, 1, 2], 40_000, 0, 2);
        for len in 0..whole.len() {
            let _ = (entropy(&whole[..len]), ip_entropy(&whole[..len]));
        }
        assert_eq!(entropy(&[]), 0);
        let mut ipv6 = [0; 58];
        ipv6[12..15].copy_from_slice(&[0x86, 0xdd, 0x60]);
        ipv6[20] = 17;
        let base = entropy(&ipv6);
        ipv6[55] = 1;
        assert_ne!(base, entropy(&ipv6));
        ipv6[40] = 1;
        assert_ne!(base, entropy(&ipv6));
    }
}
