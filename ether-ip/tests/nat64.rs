//! NAT64 against packets made by scapy 2.5 (each pair made from the same fields, lengths and checksums by scapy), and by the clauses of
//! RFC 7915; and its laws, over packets of all kinds.
#![cfg(feature = "arbitrary")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails loudly"
)]

mod random;
mod sums;

use core::net::{Ipv4Addr, Ipv6Addr};

use arbitrary::{Arbitrary, Unstructured};
use ether_ip::arbitrary::{Ends, IpPacket, Nearly};
use ether_ip::icmpv4::Icmpv4Message;
use ether_ip::icmpv6::Icmpv6Message;
use ether_ip::ip::IpProtocol;
use ether_ip::rewrite::nat64::{Host, Nat64Prefix, Refusal, Translator, ZeroChecksum};
use ether_ip::{Error, Headroom, LayerName, Rule};
use random::Random;

const ROOM: usize = 80;

/// Not the well-known one, which leaves checksums as they are (RFC 6052 §4.1): 0064 and ff9b add up to ffff.
fn prefix() -> Nat64Prefix {
    Nat64Prefix::new("2001:db8:1:2::".parse().unwrap(), 96).unwrap()
}

const TCP4: &str = "\
    45b9003d0007400040064d9fc0000221c633640704d20050000000010000000060022000ee7d0000020405b468656c6c6f2c207472616e73\
    6c61746f72";
const TCP6: &str = "\
    6b9000000029063f20010db80001000200000000c000022120010db80001000200000000c633640704d20050000000010000000060022000\
    93050000020405b468656c6c6f2c207472616e736c61746f72";
const TCP4_BACK: &str = "\
    45b9003d123400003e067d72c0000221c633640704d20050000000010000000060022000ee7d0000020405b468656c6c6f2c207472616e73\
    6c61746f72";
const UDP4_ZERO: &str = "4500002d0007400040114e5dc0000221c63364070fa000350019000068656c6c6f2c207472616e736c61746f72";
const UDP6: &str = "\
    600000000019113f20010db80001000200000000c000022120010db80001000200000000c63364070fa0003500190ffa68656c6c6f2c2074\
    72616e736c61746f72";
const REQUEST4: &str = "4500002d1234000040017c40c0000221c633640708005fde0007000268656c6c6f2c207472616e736c61746f72";
const REQUEST6: &str = "\
    6000000000193a3f20010db80001000200000000c000022120010db80001000200000000c633640780009fb50007000268656c6c6f2c2074\
    72616e736c61746f72";
const REQUEST4_BACK: &str =
    "4500002d123400003e017e40c0000221c633640708005fde0007000268656c6c6f2c207472616e736c61746f72";
const REPLY4: &str = "4500002d1234000040017c40c0000221c6336407000067de0007000268656c6c6f2c207472616e736c61746f72";
const REPLY6: &str = "\
    6000000000193a3f20010db80001000200000000c000022120010db80001000200000000c633640781009eb50007000268656c6c6f2c2074\
    72616e736c61746f72";
const REPLY4_BACK: &str = "4500002d123400003e017e40c0000221c6336407000067de0007000268656c6c6f2c207472616e736c61746f72";
const FIRST4: &str = "4500002cbeef20004011af75c0000221c63364070fa00035002a52b868656c6c6f2c207472616e736c61746f";
const FIRST6: &str = "\
    6000000000202c3f20010db80001000200000000c000022120010db80001000200000000c6336407110000010000beef0fa00035002af73f\
    68656c6c6f2c207472616e736c61746f";
const LAST4: &str = "45000026beef00034011cf78c0000221c63364077268656c6c6f2c207472616e736c61746f72";
const LAST6: &str = "\
    60000000001a2c3f20010db80001000200000000c000022120010db80001000200000000c6336407110000180000beef7268656c6c6f2c20\
    7472616e736c61746f72";
const EXTENDED6: &str = "\
    600000000029003f20010db80001000200000000c000022120010db80001000200000000c63364073c000502000001001100010400000000\
    0fa0003500190ffa68656c6c6f2c207472616e736c61746f72";
const EXTENDED4: &str = "4500002d123400003e117e30c0000221c63364070fa0003500196b7268656c6c6f2c207472616e736c61746f72";
const PORT4: &str = "\
    450000490009000040018e4fc6336407c00002210303e983000000004500002d000740003c11525dc0000221c63364070fa0003500196b72\
    68656c6c6f2c207472616e736c61746f72";
const PORT6: &str = "\
    6000000000493a3f20010db80001000200000000c633640720010db80001000200000000c00002210104457800000000600000000019113c\
    20010db80001000200000000c000022120010db80001000200000000c63364070fa0003500190ffa68656c6c6f2c207472616e736c61746f\
    72";
const PORT4_BACK: &str = "\
    45000049123400003e017e24c6336407c00002210303e983000000004500002d123400003c118030c0000221c63364070fa0003500196b72\
    68656c6c6f2c207472616e736c61746f72";
const TOO_BIG4: &str =
    "450000380009000040017c99cb007101c00002210304f25c00000578450005dc000740003c064cb9c0000221c633640704d2005000000005";
const TOO_BIG6: &str = "\
    6000000000383a3f20010db80001000200000000cb00710120010db80001000200000000c00002210200e5640000058c6000000005c8063c\
    20010db80001000200000000c000022120010db80001000200000000c633640704d2005000000005";
const TOO_BIG4_BACK: &str =
    "45000038123400003e016c6ecb007101c00002210304f25c00000578450005dc123440003c063a8cc0000221c633640704d2005000000005";
const EXCEEDED4: &str = "\
    450000490009000040017c88cb007101c00002210b00f4ff000000004500002d0007400001018d6dc0000221c633640708005fde00070002\
    68656c6c6f2c207472616e736c61746f72";
const EXCEEDED6: &str = "\
    6000000000493a3f20010db80001000200000000cb00710120010db80001000200000000c000022103000919000000006000000000193a01\
    20010db80001000200000000c000022120010db80001000200000000c633640780009fb50007000268656c6c6f2c207472616e736c61746f\
    72";
const MULTI_PART4: &str = "\
    450000a80009000040018df0c6336407c000022103034f470020000045000148000740003c115142c0000221c63364070fa00035013400bf\
    000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637\
    38393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162632000ddf40008010100010101";
const MULTI_PART6: &str = "\
    6000000000ac3a3f20010db80001000200000000c633640720010db80001000200000000c0000221010496dd13000000600000000134113c\
    20010db80001000200000000c000022120010db80001000200000000c63364070fa000350134a546000102030405060708090a0b0c0d0e0f\
    101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f4041424344454647\
    48494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60616263000000002000ddf40008010100010101";
const MULTI_PART4_BACK: &str = "\
    450000ac123400003e017dc1c6336407c000022103034f460021000045000148123400003c117f15c0000221c63364070fa00035013400bf\
    000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637\
    38393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60616263000000002000ddf400080101\
    00010101";
const SHORT_PART6: &str = "\
    6000000000943a3f20010db80001000200000000c633640720010db80001000200000000c00002210300158110000000600000000134113c\
    20010db80001000200000000c000022120010db80001000200000000c63364070fa000350134a546000102030405060708090a0b0c0d0e0f\
    101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f4041424344454647\
    48494a4b4c4d4e4f2000ddf40008010100010101";
const SHORT_PART4: &str = "\
    450000a8123400003e017dc5c6336407c00002210b00c4d10020000045000148123400003c117f15c0000221c63364070fa00035013400bf\
    000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637\
    38393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f00000000000000000000000000000000000000002000ddf40008010100010101";
const LEFT_OUT4: &str = "\
    450000a80009000040018df0c6336407c0000221030449ce0020057845000148000740003c115142c0000221c63364070fa00035013400bf\
    000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637\
    38393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162632000ddf40008010100010101";
const LEFT_OUT6: &str = "\
    60000000009c3a3f20010db80001000200000000c633640720010db80001000200000000c00002210200a3650000058c600000000134113c\
    20010db80001000200000000c000022120010db80001000200000000c63364070fa000350134a546000102030405060708090a0b0c0d0e0f\
    101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f4041424344454647\
    48494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60616263";
const OPTIONS4: &str =
    "47000035000740004011374ac0000221c633640707070801020304000fa0003500196b7268656c6c6f2c207472616e736c61746f72";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The packet that is made of one, or why none is. Then it must be as it was, the space in front of it too.
fn translated(
    packet: &[u8],
    room: usize,
    translate: impl Fn(&mut Headroom<'_>) -> Result<(), Refusal>,
) -> Result<Vec<u8>, Refusal> {
    let mut buffer = vec![0xa5; room + packet.len()];
    buffer[room..].copy_from_slice(packet);
    let before = buffer.clone();
    let mut headroom = Headroom::new(&mut buffer, packet.len()).unwrap();
    let result = translate(&mut headroom);
    let (len, after) = (headroom.len(), headroom.packet().to_vec());
    if result.is_err() {
        assert_eq!((len, &buffer), (packet.len(), &before), "what is refused stays as it was");
    }
    result.map(|()| after)
}

fn to_ipv6_by(translator: &Translator, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
    translated(packet, ROOM, |packet| translator.to_ipv6(packet, |address| Some(prefix().embed(address))))
}

fn to_ipv4_by(translator: &Translator, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
    translated(packet, ROOM, |packet| translator.to_ipv4(packet, 0x1234, |address| prefix().extract(address)))
}

fn to_ipv6(packet: &[u8]) -> Result<Vec<u8>, Refusal> {
    to_ipv6_by(&Translator::new(), packet)
}

fn to_ipv4(packet: &[u8]) -> Result<Vec<u8>, Refusal> {
    to_ipv4_by(&Translator::new(), packet)
}

/// A packet with one byte changed, and the IPv4 header's checksum left wrong: nobody looks at it.
fn with(hex: &str, changes: &[(usize, u8)]) -> Vec<u8> {
    let mut packet = bytes(hex);
    changes.iter().for_each(|(at, byte)| packet[*at] = *byte);
    packet
}

/// RFC 7915 §4.1, §4.5, §5.1, §5.5: there and back, byte for byte.
#[test]
fn headers_and_transports() {
    for (name, ipv4, ipv6, back) in [
        ("TCP", TCP4, TCP6, TCP4_BACK),
        ("echo request", REQUEST4, REQUEST6, REQUEST4_BACK),
        ("echo reply", REPLY4, REPLY6, REPLY4_BACK),
        ("UDP, checksum computed", UDP4_ZERO, UDP6, EXTENDED4),
        ("options left out", OPTIONS4, UDP6, EXTENDED4),
    ] {
        assert_eq!(to_ipv6(&bytes(ipv4)), Ok(bytes(ipv6)), "{name}");
        assert_eq!(to_ipv4(&bytes(ipv6)), Ok(bytes(back)), "{name}");
    }
    assert_eq!(to_ipv4(&bytes(EXTENDED6)), Ok(bytes(EXTENDED4)), "extension headers left out");
}

/// RFC 7915 §4.1, §5.1.1: offset, M and identification are copied, later fragments have no transport.
#[test]
fn fragments() {
    assert_eq!(to_ipv6(&bytes(FIRST4)), Ok(bytes(FIRST6)));
    assert_eq!(to_ipv6(&bytes(LAST4)), Ok(bytes(LAST6)));
    for (ipv4, ipv6) in [(FIRST4, FIRST6), (LAST4, LAST6)] {
        // Two hops less, and so 2 more in the high byte of the checksum's complement.
        let mut expected = bytes(ipv4);
        expected[8] -= 2;
        let sum = u16::from_be_bytes([expected[10], expected[11]]) + 0x0200;
        expected[10..12].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(to_ipv4(&bytes(ipv6)), Ok(expected));
    }
}

/// RFC 7915 §4.2, §4.3, §5.2, §5.3: the quoted packet too, whole and cut.
#[test]
fn icmp_errors() {
    for (name, ipv4, ipv6) in [
        ("port unreachable", PORT4, PORT6),
        ("fragmentation needed, 8 bytes of TCP", TOO_BIG4, TOO_BIG6),
        ("time exceeded, about an echo", EXCEEDED4, EXCEEDED6),
        ("extensions", MULTI_PART4, MULTI_PART6),
        ("extensions with no place", LEFT_OUT4, LEFT_OUT6),
    ] {
        let mut becomes = to_ipv6(&bytes(ipv4)).unwrap();
        let len = bytes(ipv6).len();
        assert_eq!(becomes.len() - len, if name == "extensions with no place" { 12 } else { 0 }, "{name}");
        // What is left out stands behind the packet.
        becomes.truncate(len);
        assert_eq!(becomes, bytes(ipv6), "{name}");
    }
    for (name, ipv6, ipv4) in [
        ("port unreachable", PORT6, PORT4_BACK),
        ("packet too big", TOO_BIG6, TOO_BIG4_BACK),
        ("extensions", MULTI_PART6, MULTI_PART4_BACK),
        ("extensions behind a short quote", SHORT_PART6, SHORT_PART4),
    ] {
        assert_eq!(to_ipv4(&bytes(ipv6)), Ok(bytes(ipv4)), "{name}");
    }
}

/// RFC 7915 §4.1, §4.4, §5.1, §5.4: what is refused, and what its sender is told.
#[test]
fn refusals_of_ipv4() {
    let prohibited = Some(Icmpv4Message::unreachable(13));
    let time_exceeded = Some(Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] });
    // A loose source route in the place of the recorded one: pointer 8 of 7 bytes has been gone, pointer 4 has not.
    assert!(to_ipv6(&with(OPTIONS4, &[(20, 131)])).is_ok());
    for (packet, refusal, told) in [
        (with(TCP4, &[(8, 1)]), Refusal::HopLimit, time_exceeded),
        (with(TCP4, &[(8, 0)]), Refusal::HopLimit, time_exceeded),
        (with(OPTIONS4, &[(20, 131), (22, 4)]), Refusal::SourceRoute, Some(Icmpv4Message::unreachable(5))),
        (with(OPTIONS4, &[(20, 137), (22, 4)]), Refusal::SourceRoute, Some(Icmpv4Message::unreachable(5))),
        // §7: the authentication header; IPv6's own headers; ICMPv6, IGMP.
        (with(TCP4, &[(9, 51)]), Refusal::Protocol(IpProtocol::AUTHENTICATION), prohibited),
        (with(TCP4, &[(9, 44)]), Refusal::Protocol(IpProtocol::FRAGMENT), prohibited),
        (with(TCP4, &[(9, 58)]), Refusal::Protocol(IpProtocol::ICMPV6), None),
        (with(TCP4, &[(9, 2)]), Refusal::Protocol(IpProtocol::IGMP), None),
        // §1.2, §4.5.
        (with(FIRST4, &[(9, 1)]), Refusal::FragmentedIcmp, None),
        (with(LAST4, &[(9, 1)]), Refusal::FragmentedIcmp, None),
        (with(FIRST4, &[(26, 0), (27, 0)]), Refusal::ZeroChecksum, prohibited),
        // §4.2: router solicitation, timestamp, redirect, source quench, host precedence.
        (with(REQUEST4, &[(20, 10)]), Refusal::Icmp { kind: 10, code: 0 }, None),
        (with(REQUEST4, &[(20, 13)]), Refusal::Icmp { kind: 13, code: 0 }, None),
        (with(PORT4, &[(20, 5)]), Refusal::Icmp { kind: 5, code: 3 }, None),
        (with(PORT4, &[(20, 4)]), Refusal::Icmp { kind: 4, code: 3 }, None),
        (with(PORT4, &[(21, 14)]), Refusal::Icmp { kind: 3, code: 14 }, None),
        // §4.3: the echo that is quoted, an error itself; an answer to nothing.
        (with(EXCEEDED4, &[(48, 3)]), Refusal::Nested, None),
        (with(EXCEEDED4, &[(48, 13)]), Refusal::Icmp { kind: 13, code: 0 }, None),
        (
            bytes(TCP4)[..60].to_vec(),
            Refusal::Packet(Error::Truncated { layer: LayerName::IPV4, needed: 61, available: 60 }),
            None,
        ),
    ] {
        assert_eq!(to_ipv6(&packet), Err(refusal), "{packet:02x?}");
        assert_eq!(refusal.for_ipv4(), told, "{refusal}");
    }
    let refused = Translator { zero_checksum: ZeroChecksum::Refused, ..Translator::new() };
    assert_eq!(to_ipv6_by(&refused, &bytes(UDP4_ZERO)), Err(Refusal::ZeroChecksum));
    let unknown = translated(&bytes(TCP4), ROOM, |packet| Translator::new().to_ipv6(packet, |_| None));
    let refusal = Refusal::NoAddress(Ipv4Addr::new(192, 0, 2, 33).into());
    assert_eq!((unknown, refusal.for_ipv4()), (Err(refusal), prohibited));
    let source_alone = |address: Ipv4Addr| (address.octets()[0] == 192).then(|| prefix().embed(address));
    let unknown = translated(&bytes(TCP4), ROOM, |packet| Translator::new().to_ipv6(packet, source_alone));
    assert_eq!(unknown, Err(Refusal::NoAddress(Ipv4Addr::new(198, 51, 100, 7).into())));
}

/// RFC 7915 §4.4, §5.4: the size that fits; IPv4 has 16 bits for it (RFC 1191 §4), IPv6 32 (RFC 4443 §3.2).
#[test]
fn what_is_told_of_a_size() {
    let too_big = |mtu| Refusal::TooBig { mtu };
    let sizes = [1480, 65_535, 65_536].map(|mtu| too_big(mtu).for_ipv4());
    assert_eq!(sizes, [1480, 65_535, 65_535].map(|mtu| Some(Icmpv4Message::fragmentation_needed(mtu))));
    let sizes = [1480, 65_536].map(|mtu| too_big(mtu).for_ipv6());
    assert_eq!(sizes, [1480, 65_536].map(|mtu| Some(Icmpv6Message::PacketTooBig { code: 0, mtu })));
    let silent = Refusal::MustFragment { payload: 1232 };
    assert_eq!((silent.for_ipv4(), silent.for_ipv6()), (None, None));
}

/// RFC 792, RFC 7915 §4.3: as much of an echo as is quoted, its type and half its checksum. The sums are from another program, which takes
/// them word by word over each packet anew.
#[test]
fn echoes_quoted_in_part() {
    for (ipv4, ipv6) in [
        (
            "450000320009000040017c9fcb007101c00002210b00ecff00000000\
            4500002d000700000101cd6dc0000221c63364070800",
            "6000000000323a3f20010db80001000200000000cb00710120010db80001000200000000c00002210300410700000000\
            6000000000193a0120010db80001000200000000c000022120010db80001000200000000c63364078000",
        ),
        (
            "450000330009000040017c9ecb007101c00002210b008dff00000000\
            4500002d000700000101cd6dc0000221c633640708005f",
            "6000000000333a3f20010db80001000200000000cb00710120010db80001000200000000c00002210300e20500000000\
            6000000000193a0120010db80001000200000000c000022120010db80001000200000000c633640780005f",
        ),
    ] {
        assert_eq!(to_ipv6(&bytes(ipv4)), Ok(bytes(ipv6)));
    }
}

#[test]
fn refusals_of_ipv6() {
    let prohibited = Some(Icmpv6Message::DestinationUnreachable { code: 1, unused: [0; 4] });
    let time_exceeded = Some(Icmpv6Message::TimeExceeded { code: 0, unused: [0; 4] });
    // Destination options as a routing header of 8 bytes, behind 8 of hop-by-hop options.
    let routed = with(EXTENDED6, &[(40, 43), (50, 3), (51, 1)]);
    assert!(to_ipv4(&with(EXTENDED6, &[(40, 43), (50, 3), (51, 0)])).is_ok(), "a route that has ended");
    let segments_left = Some(Icmpv6Message::ParameterProblem { code: 0, pointer: 51 });
    for (packet, refusal, told) in [
        (with(TCP6, &[(7, 1)]), Refusal::HopLimit, time_exceeded),
        (routed, Refusal::SegmentsLeft { pointer: 51 }, segments_left),
        (with(EXTENDED6, &[(40, 51), (49, 0)]), Refusal::Protocol(IpProtocol::AUTHENTICATION), prohibited),
        (with(TCP6, &[(6, 1)]), Refusal::Protocol(IpProtocol::ICMP), None),
        (with(TCP6, &[(6, 2)]), Refusal::Protocol(IpProtocol::IGMP), None),
        (with(FIRST6, &[(40, 58)]), Refusal::FragmentedIcmp, None),
        (with(LAST6, &[(40, 58)]), Refusal::FragmentedIcmp, None),
        (with(FIRST6, &[(40, 60)]), Refusal::FragmentedExtension, prohibited),
        (with(LAST6, &[(40, 60)]), Refusal::FragmentedExtension, prohibited),
        (with(REQUEST6, &[(40, 135)]), Refusal::Icmp { kind: 135, code: 0 }, None),
        // RFC 8200 §4.1: each header once. Two fragment headers, both of whole packets (RFC 6946).
        (
            with(EXTENDED6, &[(6, 44), (40, 44), (42, 0), (43, 0), (48, 17), (50, 0), (51, 0)]),
            Refusal::Packet(Error::Malformed {
                layer: LayerName::IPV6,
                field: "number of fragment headers",
                value: 2,
                rule: Rule::AtMost(1),
            }),
            None,
        ),
        (with(PORT6, &[(40, 5)]), Refusal::Icmp { kind: 5, code: 4 }, None),
        (with(PORT6, &[(41, 5)]), Refusal::Icmp { kind: 1, code: 5 }, None),
        (with(EXCEEDED6, &[(88, 1)]), Refusal::Nested, None),
        (
            with(TCP6, &[(11, 0xb9)]),
            Refusal::NoAddress("2001:db9:1:2::c000:221".parse::<Ipv6Addr>().unwrap().into()),
            prohibited,
        ),
        (
            with(TCP6, &[(27, 0xb9)]),
            Refusal::NoAddress("2001:db9:1:2::c633:6407".parse::<Ipv6Addr>().unwrap().into()),
            prohibited,
        ),
    ] {
        assert_eq!(to_ipv4(&packet), Err(refusal), "{packet:02x?}");
        assert_eq!(refusal.for_ipv6(), told, "{refusal}");
    }
}

/// An IPv4/UDP packet of so many bytes, with or without DF, and the same in IPv6.
fn long(len: usize, dont_fragment: bool) -> (Vec<u8>, Vec<u8>) {
    let mut ipv4 = with(UDP4_ZERO, &[(6, if dont_fragment { 0x40 } else { 0 })]);
    ipv4.resize(len, 0);
    ipv4[2..4].copy_from_slice(&(len as u16).to_be_bytes());
    ipv4[24..26].copy_from_slice(&(len as u16 - 20).to_be_bytes());
    let mut ipv6 = bytes(UDP6);
    ipv6.resize(len + 20, 0);
    ipv6[4..6].copy_from_slice(&(len as u16 - 20).to_be_bytes());
    ipv6[44..46].copy_from_slice(&(len as u16 - 20).to_be_bytes());
    (ipv4, ipv6)
}

/// RFC 7915 §4, §5: what is too long, what is to be fragmented, and DF.
#[test]
fn lengths() {
    let translator = Translator { ipv6_mtu: 1500, ipv4_mtu: 1400, ..Translator::new() };
    let v6 = |len, dont_fragment| to_ipv6_by(&translator, &long(len, dont_fragment).0).map(|packet| packet.len());
    assert_eq!((v6(1480, true), v6(1481, true)), (Ok(1500), Err(Refusal::TooBig { mtu: 1480 })));
    // §4: 1280 less 40 and 8.
    assert_eq!((v6(1260, false), v6(1261, false)), (Ok(1280), Err(Refusal::MustFragment { payload: 1232 })));
    // A later fragment with DF, and without.
    let fragment = |len, flags| {
        to_ipv6_by(&translator, &{
            let mut packet = long(len, true).0;
            packet[6..8].copy_from_slice(&[flags, 1]);
            packet
        })
    };
    assert_eq!(
        (fragment(1472, 0x40).map(|packet| packet.len()), fragment(1473, 0x40)),
        (Ok(1500), Err(Refusal::TooBig { mtu: 1472 }))
    );
    assert_eq!(
        (fragment(1252, 0).map(|packet| packet.len()), fragment(1253, 0)),
        (Ok(1280), Err(Refusal::MustFragment { payload: 1232 }))
    );
    // §5.1: DF over 1260 bytes; of the others the caller makes fragments where they are too long.
    let v4 = |len| to_ipv4_by(&translator, &long(len, true).1).map(|packet| (packet.len(), packet[6]));
    assert_eq!((v4(1260), v4(1261), v4(1400)), (Ok((1260, 0)), Ok((1261, 0x40)), Ok((1400, 0x40))));
    assert_eq!(v4(1401), Err(Refusal::TooBig { mtu: 1420 }));
    let narrow = Translator { ipv4_mtu: 576, ..Translator::new() };
    assert_eq!(to_ipv4_by(&narrow, &long(1261, true).1), Err(Refusal::TooBig { mtu: 1280 }));
    assert!(to_ipv4_by(&narrow, &long(1260, true).1).is_ok());
    // RFC 4443 §2.4 (c): the end of what an error quotes is left out.
    let quoted = long(1500, true).0;
    let mut error = with(PORT4, &[(2, 0x05), (3, 0xf8)]);
    error.truncate(28);
    error.extend(&quoted);
    let ipv6 = to_ipv6(&error).unwrap();
    assert_eq!(u16::from_be_bytes([ipv6[4], ipv6[5]]), 1240);
    // What was wrong with PORT4's checksum for its new quote stays wrong by as much.
    assert_eq!(sums::of(&ipv6[..1280], 0, None)[0].rest, sums::of(&error, 0, None)[1].rest);
    // What the headers tell of what is quoted is as it was.
    assert_eq!(u16::from_be_bytes([ipv6[52], ipv6[53]]), 1480);
}

/// IPv6 is 20 bytes longer, and so is what an error quotes; 8 more in a fragment, 4 for extensions by words of 8.
#[test]
fn room() {
    for (packet, needed) in [(TCP4, 20), (FIRST4, 28), (OPTIONS4, 12), (PORT4, 40), (MULTI_PART4, 44)] {
        let to = |room| {
            translated(&bytes(packet), room, |packet| {
                Translator::new().to_ipv6(packet, |address| Some(prefix().embed(address)))
            })
        };
        let (layer, available) = (LayerName::IPV6, needed - 1);
        assert_eq!(to(needed - 1), Err(Refusal::Packet(Error::NoRoom { layer, needed, available })));
        assert!(to(needed).is_ok());
    }
}

/// RFC 6146, RFC 6877: one host that has an IPv4 address of its own.
#[test]
fn a_host_behind_a_prefix() {
    let ipv6 = "2001:db8::7".parse().unwrap();
    let host = Host { ipv4: Ipv4Addr::new(198, 51, 100, 7), ipv6, prefix: prefix() };
    let there = translated(&bytes(TCP4), ROOM, |packet| Translator::new().to_ipv6(packet, |of| host.to_ipv6(of)));
    let there = there.unwrap();
    assert_eq!((&there[8..24], &there[24..40]), (&bytes(TCP6)[8..24], &ipv6.octets()[..]));
    assert_eq!(sums::of(&there, 0, None)[0].rest, 0);
    let back = translated(&there, 0, |packet| Translator::new().to_ipv4(packet, 0x1234, |of| host.to_ipv4(of)));
    assert_eq!(back, Ok(bytes(TCP4_BACK)));
}

/// RFC 7915 §4.5, §5.5: UDP-Lite, DCCP and HIP have the addresses under their checksums too; of the others nothing is touched.
#[test]
fn other_transports() {
    for (protocol, has_pseudo) in
        [(136, true), (33, true), (139, true), (47, false), (50, false), (132, false), (253, false)]
    {
        let ipv4 = with(EXTENDED4, &[(9, protocol)]);
        let ipv6 = to_ipv6(&ipv4).unwrap();
        assert_eq!((ipv6[6], ipv6.len()), (protocol, 65));
        assert_eq!(ipv6[40..] == ipv4[20..], !has_pseudo, "{protocol}");
        let rest =
            |sums: Vec<sums::Sum>| sums.iter().filter(|sum| sum.at != 10).map(|sum| sum.rest).collect::<Vec<_>>();
        assert_eq!(rest(sums::of(&ipv6, 0, None)), rest(sums::of(&ipv4, 0, None)), "{protocol}");
        let back = to_ipv4(&ipv6).unwrap();
        assert_eq!((back[9], &back[20..]), (protocol, &ipv4[20..]));
    }
}

/// RFC 6275 §9.3.1: the checksum of a mobile node's packet is over its home address, which is left out with the option.
#[test]
fn a_home_address() {
    let mut ipv6 = bytes(UDP6);
    let option = [&[17, 2, 1, 2, 0, 0, 201, 16][..], &"2001:db8::7".parse::<Ipv6Addr>().unwrap().octets()].concat();
    (ipv6[5], ipv6[6]) = (ipv6[5] + 24, 60);
    ipv6.splice(40..40, option);
    // The checksum that makes the sum over it right, of which sums::of knows by itself. Ones are a zero that is none of UDP's.
    ipv6[70..72].fill(0xff);
    let checksum = !sums::of(&ipv6, 0, None)[0].rest;
    ipv6[70..72].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(to_ipv4(&ipv6), Ok(bytes(EXTENDED4)));
}

impl Random {
    /// A packet that is right, and one that is but nearly so.
    fn packets(&mut self) -> [Vec<u8>; 2] {
        let noise: Vec<u8> = (0..400).flat_map(|_| self.next().to_le_bytes()).collect();
        let mut noise = Unstructured::new(&noise);
        let ipv6 =
            ["2001:db8:1:2::1", "2001:db8:1:2::c633:6407", "2001:db8:1:2::a00:1"].map(|text| text.parse().unwrap());
        let ends = Ends { ipv6: &ipv6, ..Ends::FEW };
        loop {
            let right = IpPacket::between(&ends, &mut noise);
            if let (Ok(IpPacket(right)), Ok(Nearly(IpPacket(nearly)))) = (right, Nearly::arbitrary(&mut noise)) {
                return [right, nearly];
            }
        }
    }
}

const ROUNDS: usize = 20_000;

/// What the sums over all but IPv4 headers come to.
fn sums_of(packet: &[u8]) -> Vec<u16> {
    let inner = match packet[0] >> 4 {
        4 => usize::from(packet[0] & 15) * 4 + 18,
        _ => usize::MAX,
    };
    sums::of(packet, 0, None)
        .iter()
        .filter(|sum| packet[0] >> 4 == 6 || sum.at != 10 && sum.at != inner)
        .map(|sum| sum.rest)
        .collect()
}

/// To the other family, by a mapping that knows every address.
fn to_other(packet: &[u8]) -> Result<Vec<u8>, Refusal> {
    let translator = Translator { lowest_ipv6_mtu: 9000, ..Translator::new() };
    match packet[0] >> 4 {
        4 => to_ipv6_by(&translator, packet),
        _ => translated(packet, ROOM, |packet| {
            let any = |of: Ipv6Addr| Some(prefix().extract(of).unwrap_or(Ipv4Addr::from_bits(of.to_bits() as u32)));
            translator.to_ipv4(packet, 0x1234, any)
        }),
    }
}

/// What was right is right, what was wrong is wrong by the same difference, and what is refused is as it was; in what an ICMP error quotes
/// too, as far as it is quoted. Nothing is asked of an upper layer that only IPv6 has addresses under.
#[test]
fn sums_stay() {
    let (mut random, mut translated, mut quotes) = (Random(1), [0; 2], 0);
    for _ in 0..ROUNDS {
        for packet in random.packets() {
            if !matches!(packet.first().map(|first| first >> 4), Some(4 | 6)) {
                continue;
            }
            let Ok(becomes) = to_other(&packet) else { continue };
            translated[usize::from(packet[0] >> 4 == 6)] += 1;
            let ipv4 = if packet[0] >> 4 == 4 { &packet } else { &becomes };
            let quoted = usize::from(ipv4[0] & 15) * 4 + 8;
            // OSPF, PIM, VRRP, mobility.
            if [89, 103, 112, 135].contains(&ipv4[9]) {
                continue;
            }
            let (before, after) = (sums_of(&packet), sums_of(&becomes));
            // What was left out stands behind the packet; of extensions behind a quote, whose length is told, sums::of knows nothing.
            let said = match becomes[0] >> 4 {
                4 => usize::from(u16::from_be_bytes([becomes[2], becomes[3]])),
                _ => 40 + usize::from(u16::from_be_bytes([becomes[4], becomes[5]])),
            };
            let is_cut = becomes.len() > said || ipv4.get(quoted - 3).is_some_and(|words| *words != 0);
            if let ([_, before], [_, after], false) = (&before[..], &after[..], is_cut) {
                // The length under ICMPv6's is that of the whole packet, of which a part may be there.
                if ![1, 89, 103, 112, 135].contains(&ipv4[quoted + 9]) {
                    assert_eq!(before, after, "quoted: {packet:02x?} became {becomes:02x?}");
                    quotes += 1;
                }
            }
            // A UDP datagram without a checksum has one now, and no other is different.
            match (&before[..], &after[..]) {
                ([], [0]) => {}
                // It is over as much as UDP's length says; sums::of goes by IP's.
                ([], [_]) if said - 40 != usize::from(u16::from_be_bytes([becomes[44], becomes[45]])) => {}
                (before, after) => assert_eq!(before.first(), after.first(), "{packet:02x?} became {becomes:02x?}"),
            }
        }
    }
    assert!(translated.iter().all(|count| *count > ROUNDS / 3) && quotes > 100, "{translated:?}, {quotes}");
}

/// The packet as it comes back from two translators: two hops less, and of what is not carried over, what they write. `None` if more than
/// that is lost: options and extension headers, what is quoted, UDP that is given a checksum.
fn expected_back(packet: &[u8]) -> Option<Vec<u8>> {
    let mut back = packet.to_vec();
    let (upper, protocol) = match packet[0] {
        0x45 => {
            let is_fragment = packet[6] & 0x3f != 0 || packet[7] != 0;
            // RFC 7915 §5.1, §5.1.1.
            back[6] = if is_fragment { packet[6] & 0x3f } else { u8::from(packet.len() > 1260) << 6 };
            if !is_fragment {
                back[4..6].copy_from_slice(&[0x12, 0x34]);
            }
            back[8] -= 2;
            back[10..12].fill(0);
            let sum: u32 = back[..20].chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
            let sum = (sum & 0xffff) + (sum >> 16);
            back[10..12].copy_from_slice(&(!((sum & 0xffff) + (sum >> 16)) as u16).to_be_bytes());
            (20, packet[9])
        }
        0x60..=0x6f => {
            (back[1], back[7]) = (back[1] & 0xf0, back[7] - 2);
            back[2..4].fill(0);
            match packet[6] {
                44 => {
                    back[41] = 0;
                    back[43] &= !6;
                    back[44..46].fill(0);
                    (48, packet[40])
                }
                protocol => (40, protocol),
            }
        }
        _ => return None,
    };
    let kind = packet.get(upper).copied()?;
    let is_kept = match protocol {
        1 => matches!(kind, 0 | 8),
        58 => matches!(kind, 128 | 129),
        17 => packet[upper + 6..upper + 8] != [0, 0],
        0 | 60 => false,
        _ => true,
    };
    is_kept.then_some(back)
}

/// What both families can say comes back as it was.
#[test]
fn there_and_back() {
    let (mut random, mut same) = (Random(2), [0; 2]);
    for _ in 0..ROUNDS {
        let [packet, _] = random.packets();
        let hops = packet[if packet[0] >> 4 == 4 { 8 } else { 7 }];
        let Some(mut expected) = Some(&packet).filter(|_| hops > 2).and_then(|packet| expected_back(packet)) else {
            continue;
        };
        let translator = Translator { lowest_ipv6_mtu: 9000, ..Translator::new() };
        let back = match packet[0] >> 4 {
            4 => to_ipv6_by(&translator, &packet).and_then(|packet| to_ipv4_by(&translator, &packet)),
            _ => to_ipv4_by(&translator, &packet).and_then(|packet| to_ipv6_by(&translator, &packet)),
        };
        let Ok(mut back) = back else { continue };
        // IPv4 has no fragment that is whole (RFC 6946).
        if packet[0] >> 4 == 6 && packet[6] == 44 && expected[42..44] == [0, 0] {
            continue;
        }
        // A checksum of ones is one of zeros: both stand for the same sum.
        for sum in sums::of(&expected, 0, None) {
            for packet in [&mut back, &mut expected] {
                if packet[sum.at..sum.at + 2] == [0xff; 2] {
                    packet[sum.at..sum.at + 2].fill(0);
                }
            }
        }
        assert_eq!(back, expected, "{packet:02x?}");
        same[usize::from(packet[0] >> 4 == 6)] += 1;
    }
    assert!(same.iter().all(|count| *count > ROUNDS / 20), "{same:?}");
}
