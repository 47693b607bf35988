//! Bytes that were worked out from the RFCs and from the sources of real systems by somebody who had not seen this code: each is read,
//! every field compared with what it was made of, and built again from that. Where one is wrong, the words of its source mend it, never
//! what comes out of here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::capture_link::{AddressFamily, BsdLoopbackHeader, BsdLoopbackPacket};
use ether_ip::ecn::{self, ClassMode};
use ether_ip::ethernet::{EtherType, MacAddr};
use ether_ip::icmp_relay::{RelayMessage, relay};
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message, Icmpv4Packet};
use ether_ip::icmpv6::{Icmpv6Packet, Icmpv6Type};
use ether_ip::ip::{Ecn, IpProtocol, Version};
use ether_ip::ip_tunnel::IpTemplate;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::ipv6_extension::{AuthenticationHeader, Extension, IpAuthentication};
use ether_ip::ndp::{NdpMessage, NdpOption, NdpOptionType, Redirect};
use ether_ip::outer::Outer;
use ether_ip::udp::UdpDatagram;
use ether_ip::writer::Writer;
use ether_ip::{Error, Headroom, LayerName, Rule};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// What `build` puts in front of `payload`.
fn built(payload: &[u8], build: impl FnOnce(&mut Headroom<'_>) -> Result<(), Error>) -> Vec<u8> {
    let mut buffer = vec![0; 128 + payload.len()];
    let mut packet = Headroom::with_payload(&mut buffer, payload).unwrap();
    build(&mut packet).unwrap();
    packet.into_packet().to_vec()
}

/// An IPv4 header as a vector's table has it: type of service, total length, identification, flags with offset, time to live, protocol,
/// checksum; source and destination.
type Ipv4Table<'a> = ([u16; 7], [&'a str; 2]);

/// The packet's fields are the table's, and the header that is built of the table is the packet's.
#[track_caller]
fn is_ipv4(packet: &[u8], (numbers, [source, destination]): Ipv4Table<'_>) {
    let ip = Ipv4Packet::parse_lax(packet).unwrap();
    let flags = [(ip.reserved_flag(), 0x8000), (ip.dont_fragment(), 0x4000), (ip.more_fragments(), 0x2000)];
    let flags = flags.into_iter().map(|(on, bit)| if on { bit } else { 0 }).sum::<u16>();
    let flags_offset = flags | u16::try_from(ip.fragment_offset() / 8).unwrap();
    let [class, ttl, protocol] = [ip.traffic_class(), ip.ttl(), ip.protocol().0].map(u16::from);
    let read = [class, ip.total_length(), ip.identification(), flags_offset, ttl, protocol, ip.checksum()];
    assert_eq!((ip.version(), read), (4, numbers));
    assert_eq!([ip.source(), ip.destination()], [source, destination].map(|text| text.parse::<Ipv4Addr>().unwrap()));
    assert!(ip.checksum_is_valid());

    let header = ipv4((numbers, [source, destination]));
    // What is quoted is cut, what is built is not: all of it, with anything at its end.
    let mut payload = ip.payload().to_vec();
    payload.resize(payload.len() + ip.missing(), 0xee);
    let whole = built(&payload, |to| header.prepend(ip.options_bytes(), to));
    assert_eq!(whole[..ip.header_len()], packet[..ip.header_len()]);
}

fn ipv4(([class, _, identification, flags, ttl, protocol, _], [source, destination]): Ipv4Table<'_>) -> Ipv4Header {
    let byte = |value| u8::try_from(value).unwrap();
    let protocol = IpProtocol(byte(protocol));
    let mut header = Ipv4Header::new(source.parse().unwrap(), destination.parse().unwrap(), protocol);
    header.change_traffic_class(byte(class));
    header.set_identification(identification);
    header.set_dont_fragment(flags & 0x4000 != 0);
    header.set_more_fragments(flags & 0x2000 != 0);
    header.set_ttl(byte(ttl));
    header
}

/// An IPv6 header as a vector's table has it: traffic class, flow label, payload length, next header, hop limit; source and destination.
type Ipv6Table<'a> = ([u32; 5], [&'a str; 2]);

#[track_caller]
fn is_ipv6(packet: &[u8], (numbers, [source, destination]): Ipv6Table<'_>) {
    let ip = Ipv6Packet::parse_lax(packet).unwrap();
    let [class, next, hops] = [ip.traffic_class(), ip.next_header().0, ip.hop_limit()].map(u32::from);
    assert_eq!((ip.version(), [class, ip.flow_label(), u32::from(ip.payload_length()), next, hops]), (6, numbers));
    assert_eq!([ip.source(), ip.destination()], [source, destination].map(|text| text.parse::<Ipv6Addr>().unwrap()));

    let mut payload = ip.payload().to_vec();
    payload.resize(payload.len() + ip.missing(), 0xee);
    let whole = built(&payload, |to| ipv6((numbers, [source, destination])).prepend(to));
    assert_eq!(whole[..40], packet[..40]);
}

fn ipv6(([class, flow, _, next, hops], [source, destination]): Ipv6Table<'_>) -> Ipv6Header {
    let byte = |value| u8::try_from(value).unwrap();
    let next = IpProtocol(byte(next));
    let mut header = Ipv6Header::new(source.parse().unwrap(), destination.parse().unwrap(), next);
    header.set_traffic_class(byte(class));
    header.set_flow_label(flow);
    header.set_hop_limit(byte(hops));
    header
}

// ── The authentication header (RFC 4302) ────────────────────────────────────────────────────────────────────────────

const V4_ENDS: [&str; 2] = ["192.0.2.17", "198.51.100.34"];
const V6_ENDS: [&str; 2] = ["2001:db8:a::11", "2001:db8:b::22"];
const AH_1_1: &str = "45 b8 0039 beef 4000 3d 33 9183 c0000211 c6336422 11 04 0000 1a2b3c4d 00000a0b
    1d51c67b92b5f394554a7843 13572468000d4c3141482d3421";

/// An authentication header's fields: next header, length in words less 2, reserved, SPI, sequence number; value; what follows.
#[track_caller]
fn is_ah(ah: &[u8], (next, words, reserved, spi, sequence): (u8, usize, u16, u32, u32), value: &str, payload: &str) {
    let header = IpAuthentication::parse(ah).unwrap();
    assert_eq!((header.next_header(), header.header_len()), (IpProtocol(next), (words + 2) * 4));
    assert_eq!((header.reserved(), header.spi(), header.sequence()), (reserved, spi, sequence));
    assert_eq!((header.integrity(), header.payload()), (&unhex(value)[..], &unhex(payload)[..]));
}

/// The vectors 1.1 and 1.2: over IPv4, in transport mode. A value of 16 bytes makes a header of 28, which is not padded.
#[test]
fn ah_over_ipv4() {
    let (icv, udp) = ("1d51c67b92b5f394554a7843", "13572468000d4c3141482d3421");
    let table = ([0xb8, 57, 0xbeef, 0x4000, 61, 51, 0x9183], V4_ENDS);
    let bytes = unhex(AH_1_1);
    is_ipv4(&bytes, table);
    is_ah(&bytes[20..], (17, 4, 0, 0x1a2b_3c4d, 0x0a0b), icv, udp);
    assert_eq!(IpAuthentication::parse(&bytes[20..]).unwrap().check(Version::V4), Ok(()));
    let again = built(&unhex(udp), |to| {
        AuthenticationHeader::new(IpProtocol::UDP, 0x1a2b_3c4d, 0x0a0b).prepend(&unhex(icv), to)?;
        ipv4(table).prepend(&[], to)
    });
    assert_eq!(again, bytes);

    let icv = "ee5273bda1faca71ebb2081d0e5c4332";
    let bytes = unhex(
        "45 00 003d bef0 4000 3c 33 9336 c0000211 c6336422 11 05 0000 1a2b3c4e 00000a0c
        ee5273bda1faca71ebb2081d0e5c4332 13572468000d4c3141482d3421",
    );
    let table = ([0, 61, 0xbef0, 0x4000, 60, 51, 0x9336], V4_ENDS);
    is_ipv4(&bytes, table);
    is_ah(&bytes[20..], (17, 5, 0, 0x1a2b_3c4e, 0x0a0c), icv, udp);
    assert_eq!(IpAuthentication::parse(&bytes[20..]).unwrap().check(Version::V4), Ok(()));
    let again = built(&unhex(udp), |to| {
        AuthenticationHeader::new(IpProtocol::UDP, 0x1a2b_3c4e, 0x0a0c).prepend(&unhex(icv), to)?;
        ipv4(table).prepend(&[], to)
    });
    assert_eq!(again, bytes);
}

/// The vectors 1.3 and 1.4: over IPv6, in transport mode without padding, in tunnel mode with 4 bytes of it.
#[test]
fn ah_over_ipv6() {
    //= RFC 8504 §5.2/headers
    let (icv, udp) = ("8ccd522dfbc934df1c4e84fd", "13572468000edc9b41482d36213f");
    let bytes = unhex(
        "6b854321 0026 33 3f 20010db8000a00000000000000000011 20010db8000b00000000000000000022 11 04 0000
        5e6f7081 01020304 8ccd522dfbc934df1c4e84fd 13572468000edc9b41482d36213f",
    );
    let table = ([0xb8, 0x54321, 38, 51, 63], V6_ENDS);
    is_ipv6(&bytes, table);
    is_ah(&bytes[40..], (17, 4, 0, 0x5e6f_7081, 0x0102_0304), icv, udp);
    let ip = Ipv6Packet::parse(&bytes[..]).unwrap();
    let Some(Ok(Extension::Authentication(header))) = ip.extensions().next() else { panic!() };
    assert_eq!(header.check(Version::V6), Ok(()));
    let upper = ip.extensions().upper_layer().unwrap();
    assert_eq!((upper.protocol, upper.payload), (IpProtocol::UDP, &unhex(udp)[..]));
    let again = built(&unhex(udp), |to| {
        AuthenticationHeader::new(IpProtocol::UDP, 0x5e6f_7081, 0x0102_0304).prepend(&unhex(icv), to)?;
        ipv6(table).prepend(to)
    });
    assert_eq!(again, bytes);

    let (padded, inner) =
        ("7b0a31175427d67d13c4c3be766c4755 d1d2d3d4", "4500001f010200003e1160bf0a0102030a0405060bad0cab000bd9f878797a");
    let bytes = unhex(
        "6000abcd 003f 33 3e 20010db8000a00000000000000000011 20010db8000b00000000000000000022 04 06 0000
        5e6f7082 01020305 7b0a31175427d67d13c4c3be766c4755 d1d2d3d4
        4500001f010200003e1160bf0a0102030a0405060bad0cab000bd9f878797a",
    );
    let table = ([0, 0x0abcd, 63, 51, 62], V6_ENDS);
    is_ipv6(&bytes, table);
    is_ah(&bytes[40..], (4, 6, 0, 0x5e6f_7082, 0x0102_0305), padded, inner);
    let header = IpAuthentication::parse(&bytes[40..]).unwrap();
    assert_eq!(header.check(Version::V6), Ok(()));
    assert!(Ipv4Packet::parse(header.payload()).unwrap().checksum_is_valid());
    let again = built(&unhex(inner), |to| {
        AuthenticationHeader::new(IpProtocol::IPV4, 0x5e6f_7082, 0x0102_0305).prepend(&unhex(padded), to)?;
        ipv6(table).prepend(to)
    });
    assert_eq!(again, bytes);
}

/// The table of lengths: 12 bytes and the value, padded to 4 over IPv4 and to 8 over IPv6.
#[test]
fn ah_lengths() {
    for (value, v4, v6) in [(0, 1, 2), (12, 4, 4), (16, 5, 6), (20, 6, 6), (24, 7, 8), (32, 9, 10)] {
        for (version, words, unit) in [(Version::V4, v4, 4_usize), (Version::V6, v6, 8)] {
            let padded = (12 + value as usize).next_multiple_of(unit) - 12;
            let ah = built(&[], |to| AuthenticationHeader::new(IpProtocol::UDP, 1, 1).prepend(&vec![7; padded], to));
            let header = IpAuthentication::parse(&ah[..]).unwrap();
            assert_eq!((ah[1], ah.len(), header.check(version)), (words, (usize::from(words) + 2) * 4, Ok(())));
        }
    }
}

/// The wrong vectors W1.1 to W1.6, and what must be taken.
#[test]
fn ah_that_is_wrong() {
    let layer = LayerName::AUTHENTICATION;
    let header_of = |text: &str| unhex(text)[20..].to_vec();

    // W1.1, §3.4.1: a fragment. The header cannot see that; whoever reads it asks the packet.
    let fragment = unhex(
        "45b80039beef20003d33b183c0000211c6336422110400001a2b3c4d00000a0b1d51c67b92b5f394554a784313572468
        000d4c3141482d3421",
    );
    assert!(Ipv4Packet::parse(&fragment[..]).unwrap().is_fragment());
    assert!(!Ipv4Packet::parse(&unhex(AH_1_1)[..]).unwrap().is_fragment());

    // W1.2, §2.4: an index of 0.
    let bytes = header_of(
        "45b80039beef40003d339183c0000211c6336422110400000000000000000a0b160ee0080699a7f0e167ea9613572468
        000d4c3141482d3421",
    );
    let (field, rule) = ("security parameters index", Rule::AtLeast(1));
    let error = Err(Error::Malformed { layer, field, value: 0, rule });
    assert_eq!(IpAuthentication::parse(&bytes[..]).unwrap().check(Version::V4), error);

    // W1.3, §2.2: 28 bytes, which IPv4 takes.
    let bytes = unhex(
        "6000abcd002a333e20010db8000a0000000000000000001120010db8000b00000000000000000022110500005e6f7082
        0102030530fd80afe523f931a851886a18ef95d613572468000edc9b41482d36213f",
    );
    let header = IpAuthentication::parse(&bytes[40..]).unwrap();
    let error = Err(Error::Malformed { layer, field: "header length", value: 28, rule: Rule::MultipleOf(8) });
    assert_eq!((header.check(Version::V6), header.check(Version::V4)), (error, Ok(())));

    // W1.4, §3.3.3.2.1: more padding than there must be, which Linux sends; only the security association tells that it is padding.
    let text = "45000041bef040003c339332c0000211c6336422110600001a2b3c4e00000a0cd187110b26a0222ab5ff2128035dc45b
        0000000013572468000d4c3141482d3421";
    is_ipv4(&unhex(text), ([0, 65, 0xbef0, 0x4000, 60, 51, 0x9332], V4_ENDS));
    let bytes = header_of(text);
    let (padded, udp) = ("d187110b26a0222ab5ff2128035dc45b 00000000", "13572468000d4c3141482d3421");
    is_ah(&bytes, (17, 6, 0, 0x1a2b_3c4e, 0x0a0c), padded, udp);
    assert_eq!(IpAuthentication::parse(&bytes[..]).unwrap().check(Version::V4), Ok(()));
    let again = built(&unhex(udp), |to| {
        AuthenticationHeader::new(IpProtocol::UDP, 0x1a2b_3c4e, 0x0a0c).prepend(&unhex(padded), to)
    });
    assert_eq!(again, bytes);

    // W1.5: shorter than what every header has.
    let bytes = header_of(
        "45b80039beef40003d339183c0000211c6336422110000001a2b3c4d00000a0b1d51c67b92b5f394554a784313572468
        000d4c3141482d3421",
    );
    let error = Error::Malformed { layer, field: "header length", value: 8, rule: Rule::AtLeast(12) };
    assert_eq!(IpAuthentication::parse(&bytes[..]).unwrap_err(), error);

    // W1.6: past the end.
    let bytes = header_of(
        "45b80039beef40003d339183c0000211c6336422111400001a2b3c4d00000a0b1d51c67b92b5f394554a784313572468
        000d4c3141482d3421",
    );
    let error = Error::Truncated { layer, needed: 88, available: 37 };
    assert_eq!(IpAuthentication::parse(&bytes[..]).unwrap_err(), error);

    // §2.3: what is reserved is ignored, but for the authentication.
    let bytes = header_of(
        "45b80039beef40003d339183c0000211c6336422110407081a2b3c4d00000a0b78da7dd34b985c68f2dce96e13572468
        000d4c3141482d3421",
    );
    is_ah(&bytes, (17, 4, 0x0708, 0x1a2b_3c4d, 0x0a0b), "78da7dd34b985c68f2dce96e", "13572468000d4c3141482d3421");
    assert_eq!(IpAuthentication::parse(&bytes[..]).unwrap().check(Version::V4), Ok(()));
}

// ── The ICMPv6 redirect (RFC 4861) ──────────────────────────────────────────────────────────────────────────────────

const ROUTER: &str = "fe80::a1:b2";
const BETTER: &str = "fe80::9b:88ff:fe77:6655";
const FAR: &str = "2001:db8:2::bb";
const NEAR: &str = "2001:db8:1::cd";
const REDIRECT_2_2: &str =
    "60000000 0030 3a ff fe800000000000000000000000a100b2 20010db80001000000000000000000ab 89 00 56e8
    00000000 20010db80001000000000000000000cd 20010db80001000000000000000000cd 02 01 02005e103254";

/// A whole redirect from [`ROUTER`]: its length and its host, checksum, target and destination, options; read, believed and built.
#[track_caller]
fn is_redirect(bytes: &[u8], [length, checksum]: [u16; 2], host: &str, to: [&str; 2], expected: &[NdpOption<'_>]) {
    let table = ([0, 0, length.into(), 58, 255], [ROUTER, host]);
    is_ipv6(bytes, table);
    let ip = Ipv6Packet::parse(bytes).unwrap();
    let pseudo = ip.pseudo_header(IpProtocol::ICMPV6);
    let icmp = Icmpv6Packet::parse(ip.payload()).unwrap();
    assert_eq!((icmp.kind(), icmp.kind().0, icmp.code(), icmp.checksum()), (Icmpv6Type::REDIRECT, 137, 0, checksum));
    assert!(icmp.checksum_is_valid(&pseudo));
    let (message, options) = NdpMessage::parse_valid(&icmp, &ip).unwrap().unwrap();
    let NdpMessage::Redirect(redirect) = message else { panic!("{message:?}") };
    let [target, destination] = to.map(|text| text.parse::<Ipv6Addr>().unwrap());
    assert_eq!((redirect.target(), redirect.destination()), (target, destination));
    assert_eq!(options.map(Result::unwrap).collect::<Vec<_>>(), expected);

    let mut buffer = [0; 1280];
    let mut written = Writer::new(LayerName::NDP_OPTION, &mut buffer);
    expected.iter().for_each(|option| option.write(&mut written).unwrap());
    let again = built(written.written(), |to| {
        NdpMessage::Redirect(Redirect::new(target, destination)).prepend(&pseudo, to)?;
        ipv6(table).prepend(to)
    });
    assert_eq!(again, bytes);
}

/// The vector 2.1: to a better router, with its address and the packet. 2.2: the destination is on the link.
#[test]
fn redirects() {
    let quoted = unhex(
        "61c6789a0010113f20010db80001000000000000000000aa20010db800020000
        00000000000000bb c0de0035001035387265646972656374",
    );
    let bytes = unhex(
        "60000000 0070 3a ff fe800000000000000000000000a100b2 20010db80001000000000000000000aa 89 00 49be
        00000000 fe80000000000000009b88fffe776655 20010db80002000000000000000000bb 02 01 029b88776655 04
        08 000000000000
        61c6789a0010113f20010db80001000000000000000000aa20010db800020000
        00000000000000bb
        c0de0035001035387265646972656374",
    );
    let address = NdpOption::TargetLinkLayer(MacAddr([0x02, 0x9b, 0x88, 0x77, 0x66, 0x55]));
    let header = NdpOption::RedirectedHeader { reserved: [0; 6], packet: &quoted };
    is_redirect(&bytes, [112, 0x49be], "2001:db8:1::aa", [BETTER, FAR], &[address, header]);
    is_ipv6(&quoted, ([0x1c, 0x6789a, 16, 17, 63], ["2001:db8:1::aa", FAR]));
    let ip = Ipv6Packet::parse(&quoted[..]).unwrap();
    let udp = UdpDatagram::parse(ip.payload()).unwrap();
    assert_eq!((udp.source_port(), udp.destination_port(), udp.length()), (0xc0de, 53, 16));
    assert!(udp.checksum_is_valid(&ip.pseudo_header(IpProtocol::UDP)));

    let address = NdpOption::TargetLinkLayer(MacAddr([0x02, 0x00, 0x5e, 0x10, 0x32, 0x54]));
    is_redirect(&unhex(REDIRECT_2_2), [48, 0x56e8], "2001:db8:1::ab", [NEAR, NEAR], &[address]);
}

/// The vector 2.3: a redirected packet of 53 bytes. §4.6 pads the option to 64; Linux cuts it to 56. How much of it is the packet its own
/// length tells; the option's gives it to 8 bytes only, so that the padding is read with it, and is the builder's to put there.
#[test]
fn a_redirected_packet_of_53_bytes() {
    let text = "60000777000d113e20010db80001000000000000000000aa20010db800020000
        00000000000000bbc0df0036000de4156669766521";
    let fixed = "fe800000000000000000000000a100b2 20010db80001000000000000000000aa";
    let to = "00000000 fe80000000000000009b88fffe776655 20010db80002000000000000000000bb";
    let padded = format!("60000000 0068 3a ff {fixed} 89 00 b019 {to} 04 08 000000000000 {text} 000000");
    let packet = unhex(&format!("{text} 000000"));
    let header = NdpOption::RedirectedHeader { reserved: [0; 6], packet: &packet };
    let (bytes, host) = (unhex(&padded), "2001:db8:1::aa");
    assert_eq!(bytes.len(), 144);
    is_redirect(&bytes, [104, 0xb019], host, [BETTER, FAR], &[header]);
    let ip = Ipv6Packet::parse(&packet[..]).unwrap();
    assert_eq!((ip.payload(), ip.trailer()), (&packet[40..53], &[0; 3][..]));

    let cut = format!("60000000 0060 3a ff {fixed} 89 00 adf1 {to} 04 07 000000000000 {text}");
    let bytes = &unhex(&cut)[..136];
    let header = NdpOption::RedirectedHeader { reserved: [0; 6], packet: &packet[..48] };
    is_redirect(bytes, [96, 0xadf1], host, [BETTER, FAR], &[header]);
    assert_eq!(Ipv6Packet::parse_lax(&packet[..48]).unwrap().missing(), 5);

    // Neither: no length can say 53.
    let header = NdpOption::RedirectedHeader { reserved: [0; 6], packet: &packet[..53] };
    let error = header.write(&mut Writer::new(LayerName::NDP_OPTION, &mut [0; 80])).unwrap_err();
    let (layer, rule) = (LayerName::NDP_OPTION, Rule::PositiveMultipleOf(8));
    assert_eq!(error, Error::Unbuildable { layer, field: "length", value: 61, rule });
}

/// The vector 2.4: of a packet of 1500 bytes, 1184 go into a redirect of 1280 (§4.6.3). The packet is made of its description.
#[test]
fn a_redirect_is_cut_at_1280_bytes() {
    let mut packet = unhex(
        "60000888 05b4 11 3d 20010db80001000000000000000000aa 20010db80002000000000000000000bb c0e00037 05b4 8a6c",
    );
    packet.extend((0..1452_u32).map(|i| u8::try_from((7 * i + 3) % 256).unwrap()));
    let ip = Ipv6Packet::parse(&packet[..]).unwrap();
    let pseudo = ip.pseudo_header(IpProtocol::UDP);
    assert!(packet.len() == 1500 && UdpDatagram::parse(ip.payload()).unwrap().checksum_is_valid(&pseudo));
    let mut bytes = unhex(
        "6000000004d83afffe800000000000000000000000a100b220010db80001000000000000000000aa8900084700000000
        fe80000000000000009b88fffe77665520010db80002000000000000000000bb0201029b887766550495000000000000",
    );
    bytes.extend(&packet[..1184]);
    assert_eq!(bytes.len(), 1280);
    let address = NdpOption::TargetLinkLayer(MacAddr([0x02, 0x9b, 0x88, 0x77, 0x66, 0x55]));
    let header = NdpOption::RedirectedHeader { reserved: [0; 6], packet: &packet[..1184] };
    is_redirect(&bytes, [0x04d8, 0x0847], "2001:db8:1::aa", [BETTER, FAR], &[address, header]);
}

/// The wrong vectors W2.1 to W2.8, of §8.1, and what must be believed. That the sender is the router in use is the caller's to know.
#[test]
fn redirects_that_are_wrong() {
    let believed = |text: &str| {
        let bytes = unhex(text);
        let ip = Ipv6Packet::parse(&bytes[..]).unwrap();
        let icmp = Icmpv6Packet::parse(ip.payload()).unwrap();
        let is_valid = icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6));
        (is_valid, NdpMessage::parse_valid(&icmp, &ip).unwrap().map(|_| ()))
    };
    let malformed = |layer, field, value, rule| (true, Err(Error::Malformed { layer, field, value, rule }));
    let icmp = LayerName::ICMPV6;
    assert_eq!(believed(REDIRECT_2_2), (true, Ok(())));
    let wrong = [
        (
            "6000000000303afefe800000000000000000000000a100b220010db80001000000000000000000ab890056e800000000
            20010db80001000000000000000000cd20010db80001000000000000000000cd020102005e103254",
            malformed(icmp, "hop limit", 254, Rule::Exactly(255)),
        ),
        (
            "6000000000303afffe800000000000000000000000a100b220010db80001000000000000000000ab890156e700000000
            20010db80001000000000000000000cd20010db80001000000000000000000cd020102005e103254",
            malformed(icmp, "code", 1, Rule::Exactly(0)),
        ),
        (
            "6000000000203afffe800000000000000000000000a100b220010db80001000000000000000000ab8900ec2a00000000
            20010db80001000000000000000000cd20010db800010000",
            (true, Err(Error::Truncated { layer: icmp, needed: 40, available: 32 })),
        ),
        // 2001 is 0010 0000 0000 0001, fe80 is 1111 1110 1000 0000.
        (
            "6000000000303aff20010db800010000000000000000000120010db80001000000000000000000ab8900290100000000
            20010db80001000000000000000000cd20010db80001000000000000000000cd020102005e103254",
            malformed(icmp, "first 10 bits of the source address", 0b00_1000_0000, Rule::Exactly(0b11_1111_1010)),
        ),
        (
            "6000000000303afffe800000000000000000000000a100b220010db80001000000000000000000ab8900c80500000000
            fe80000000000000009b88fffe776655ff050000000000000000000000000002020102005e103254",
            malformed(icmp, "first byte of the redirected destination", 0xff, Rule::AtMost(0xfe)),
        ),
        (
            "6000000000303afffe800000000000000000000000a100b220010db80001000000000000000000ab890057ac00000000
            20010db800030000000000000000000720010db80001000000000000000000cd020102005e103254",
            malformed(icmp, "first 10 bits of the target address", 0b00_1000_0000, Rule::Exactly(0b11_1111_1010)),
        ),
        (
            "6000000000303afffe800000000000000000000000a100b220010db80001000000000000000000ab890056e900000000
            20010db80001000000000000000000cd20010db80001000000000000000000cd020002005e103254",
            malformed(LayerName::NDP_OPTION, "length", 0, Rule::PositiveMultipleOf(8)),
        ),
        // The checksum is asked for by itself: the kernel may have verified it already.
        (
            "6000000000303afffe800000000000000000000000a100b220010db80001000000000000000000ab890057e900000000
            20010db80001000000000000000000cd20010db80001000000000000000000cd020102005e103254",
            (false, Ok(())),
        ),
    ];
    for (number, (text, expected)) in (1..).zip(wrong) {
        assert_eq!(believed(text), expected, "W2.{number}");
    }

    // What is reserved, and an option that nobody knows, are ignored.
    let bytes = unhex(
        "6000000000383afffe800000000000000000000000a100b220010db80001000000000000000000ab8900d152deadbeef
        20010db80001000000000000000000cd20010db80001000000000000000000cd020102005e103254fd01a1a2a3a4a5a6",
    );
    let ip = Ipv6Packet::parse(&bytes[..]).unwrap();
    let icmp = Icmpv6Packet::parse(ip.payload()).unwrap();
    assert!(icmp.checksum_is_valid(&ip.pseudo_header(IpProtocol::ICMPV6)));
    let (message, options) = NdpMessage::parse_valid(&icmp, &ip).unwrap().unwrap();
    let NdpMessage::Redirect(redirect) = message else { panic!("{message:?}") };
    let near = NEAR.parse::<Ipv6Addr>().unwrap();
    assert_eq!((redirect.target(), redirect.destination()), (near, near));
    let unknown = NdpOption::Other { kind: NdpOptionType(0xfd), data: &[0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6] };
    let address = NdpOption::TargetLinkLayer(MacAddr([0x02, 0x00, 0x5e, 0x10, 0x32, 0x54]));
    assert_eq!(options.map(Result::unwrap).collect::<Vec<_>>(), [address, unknown]);
}

// ── BSD loopback (tcpdump.org: LINKTYPE_NULL, LINKTYPE_LOOP) ────────────────────────────────────────────────────────

const PAYLOAD_A: &str = "4500001c4d3c000040012fa27f0000017f0000020800e1e70a0b0c0d";
const PAYLOAD_B: &str =
    "6001f2e300083a4000000000000000000000000000000001fe80000000000000000000000000000580004afe1a1b1c1d";

/// The vectors 3.1 to 3.12: of LINKTYPE_NULL in both byte orders, then of LINKTYPE_LOOP, which has one.
#[test]
fn bsd_loopback() {
    let vectors = [
        ("02000000", AddressFamily::IPV4, 2, true),
        ("00000002", AddressFamily::IPV4, 2, false),
        ("18000000", AddressFamily::IPV6_NETBSD, 24, true),
        ("00000018", AddressFamily::IPV6_NETBSD, 24, false),
        ("1c000000", AddressFamily::IPV6_FREEBSD, 28, true),
        ("0000001c", AddressFamily::IPV6_FREEBSD, 28, false),
        ("1e000000", AddressFamily::IPV6_DARWIN, 30, true),
        ("0000001e", AddressFamily::IPV6_DARWIN, 30, false),
        ("00000002", AddressFamily::IPV4, 2, false),
        ("00000018", AddressFamily::IPV6_NETBSD, 24, false),
        ("0000001c", AddressFamily::IPV6_FREEBSD, 28, false),
        ("0000001e", AddressFamily::IPV6_DARWIN, 30, false),
    ];
    for (header, family, number, is_little_endian) in vectors {
        let (payload, ether_type) = match number {
            2 => (unhex(PAYLOAD_A), EtherType::IPV4),
            _ => (unhex(PAYLOAD_B), EtherType::IPV6),
        };
        let bytes = [unhex(header), payload.clone()].concat();
        let packet = BsdLoopbackPacket::parse(&bytes[..]).unwrap();
        assert_eq!((packet.family(), packet.family().0), (family, number));
        assert_eq!(packet.is_little_endian(), is_little_endian);
        assert_eq!((packet.family().ether_type(), packet.payload()), (Some(ether_type), &payload[..]));
        let new = if is_little_endian { BsdLoopbackHeader::new_little_endian } else { BsdLoopbackHeader::new };
        assert_eq!(built(&payload, |to| new(family).prepend(to)), bytes);
    }
    is_ipv4(&unhex(PAYLOAD_A), ([0, 28, 0x4d3c, 0, 64, 1, 0x2fa2], ["127.0.0.1", "127.0.0.2"]));
    is_ipv6(&unhex(PAYLOAD_B), ([0, 0x1f2e3, 8, 58, 64], ["::1", "fe80::5"]));
    let whole = [
        ("020000004500001c4d3c000040012fa27f0000017f0000020800e1e70a0b0c0d", "02000000", PAYLOAD_A),
        (
            "1c0000006001f2e300083a4000000000000000000000000000000001fe80000000000000000000000000000580004afe
            1a1b1c1d",
            "1c000000",
            PAYLOAD_B,
        ),
        (
            "000000186001f2e300083a4000000000000000000000000000000001fe80000000000000000000000000000580004afe
            1a1b1c1d",
            "00000018",
            PAYLOAD_B,
        ),
    ];
    for (whole, header, payload) in whole {
        assert_eq!(unhex(whole), [unhex(header), unhex(payload)].concat());
    }
}

/// The wrong vectors W3.1 to W3.5.
#[test]
fn bsd_loopback_that_is_wrong() {
    let family = |text: &str| {
        let bytes = unhex(text);
        let packet = BsdLoopbackPacket::parse(&bytes[..]).unwrap();
        (packet.is_little_endian(), packet.family().0, packet.family().ether_type())
    };
    // Numbers that the page does not have: Linux's of IPv6, which is another protocol's on every BSD; 0.
    let text = "0000000a6001f2e300083a4000000000000000000000000000000001fe80000000000000000000000000000580004afe
        1a1b1c1d";
    assert_eq!(family(text), (false, 10, None));
    let text = "000000004500001c4d3c000040012fa27f0000017f0000020800e1e70a0b0c0d";
    assert_eq!(family(text), (false, 0, None));
    let error = Error::Truncated { layer: LayerName::BSD_LOOPBACK, needed: 4, available: 3 };
    assert_eq!(BsdLoopbackPacket::parse(&unhex("020000")[..]).unwrap_err(), error);
    // Swapped in LINKTYPE_LOOP: read as tcpdump reads it, and who knows the link type can see that it should not be.
    let text = "180000006001f2e300083a4000000000000000000000000000000001fe80000000000000000000000000000580004afe
        1a1b1c1d";
    assert_eq!(family(text), (true, 24, Some(EtherType::IPV6)));
    // IPv4 announced, IPv6 behind.
    let bytes = unhex(
        "020000006001f2e300083a4000000000000000000000000000000001fe80000000000000000000000000000580004afe
        1a1b1c1d",
    );
    let packet = BsdLoopbackPacket::parse(&bytes[..]).unwrap();
    assert_eq!(packet.family().ether_type(), Some(EtherType::IPV4));
    let error = Error::Malformed { layer: LayerName::IPV4, field: "version", value: 6, rule: Rule::Exactly(4) };
    assert_eq!(Ipv4Packet::parse(packet.payload()).unwrap_err(), error);
}

// ── ICMP errors out of an IP-in-IP tunnel (RFC 2003 §4) ─────────────────────────────────────────────────────────────

const TO_ENTRY: [&str; 2] = ["198.51.100.77", "192.0.2.1"];
const TO_SENDER: [&str; 2] = ["10.20.30.1", "10.20.30.40"];
const TUNNEL: [&str; 2] = ["192.0.2.1", "203.0.113.9"];
const INNER: [&str; 2] = ["10.20.30.40", "172.16.5.6"];

/// An error that comes back to the tunnel's entry, and what goes on to the sender, as a vector's tables have them: the IP headers, and
/// of the ICMP messages type, code, checksum and the rest of the header.
struct Relayed<'a> {
    comes: (Ipv4Table<'a>, (u8, u8, u16, [u8; 4])),
    outer: (usize, Ipv4Table<'a>),
    inner: (Ipv4Table<'a>, &'a str, &'a str),
    goes: (Ipv4Table<'a>, (u8, u8, u16, [u8; 4])),
    told: Icmpv4Message,
}

impl Relayed<'_> {
    #[track_caller]
    fn is(&self, comes: &str, goes: &str) {
        let (comes, goes) = (unhex(comes), unhex(goes));
        let icmp_is =
            |packet: &[u8], (table, (kind, code, checksum, rest)): (Ipv4Table<'_>, (u8, u8, u16, [u8; 4]))| {
                is_ipv4(packet, table);
                let icmp = Icmpv4Packet::parse(&packet[20..]).unwrap();
                assert_eq!((icmp.kind().0, icmp.code(), icmp.checksum(), icmp.rest()), (kind, code, checksum, rest));
                assert!(icmp.checksum_is_valid());
                // And built of its message.
                let message = icmp.message();
                assert_eq!(built(icmp.payload(), |to| Icmpv4Header::new(message).prepend(to)), packet[20..]);
            };
        let inner_is = |packet: &[u8]| {
            let (table, options, data) = self.inner;
            is_ipv4(packet, table);
            let ip = Ipv4Packet::parse_lax(packet).unwrap();
            assert_eq!((ip.options_bytes(), ip.payload()), (&unhex(options)[..], &unhex(data)[..]));
        };
        icmp_is(&comes, self.comes);
        let (outer_len, outer) = self.outer;
        is_ipv4(&comes[28..], outer);
        inner_is(&comes[28 + outer_len..]);
        icmp_is(&goes, self.goes);
        inner_is(&goes[28..]);

        let found = relay(&comes[20..]).unwrap();
        assert_eq!(found.message, RelayMessage::V4(Ipv4Addr::new(10, 20, 30, 40), self.told));
        assert_eq!(found.quoted, &comes[28 + outer_len..]);
        assert_eq!(found.ends, (Ipv4Addr::new(192, 0, 2, 1).into(), Ipv4Addr::new(203, 0, 113, 9).into()));
        let mut buffer = [0; 1280];
        let len = found.write(Ipv4Addr::new(10, 20, 30, 1).into(), &mut buffer).unwrap().len();
        // The entry's own choices are identification and Don't Fragment: 0 and set here, a number and clear in the vectors.
        let mut ip = Ipv4Packet::parse(&mut buffer[..len]).unwrap();
        assert_eq!((ip.identification(), ip.dont_fragment()), (0, true));
        let ((numbers, _), _) = self.goes;
        ip.set_identification(numbers[2]);
        ip.set_dont_fragment(false);
        ip.fill_checksum();
        assert_eq!(buffer[..len], goes);
    }
}

/// The vector 4.1: an MTU of 1400 leaves 1380.
#[test]
fn a_packet_too_big_for_the_tunnel() {
    //= RFC 2003 §4.1/too-big
    let relayed = Relayed {
        comes: (([0xc0, 76, 0x3344, 0, 250, 1, 0xa02a], TO_ENTRY), (3, 4, 0x7ca4, [0, 0, 0x05, 0x78])),
        outer: (20, ([0x28, 1440, 0x5152, 0x4000, 58, 4, 0xebd4], TUNNEL)),
        inner: (([0x28, 1420, 0x2a2b, 0x4000, 62, 17, 0x33bc], INNER), "", "d903004505789c1e"),
        goes: (([0xc0, 56, 0x7001, 0, 64, 1, 0xb9b3], TO_SENDER), (3, 4, 0x7cb8, [0, 0, 0x05, 0x64])),
        told: Icmpv4Message::fragmentation_needed(1380),
    };
    relayed.is(
        "45 c0 004c 3344 0000 fa 01 a02a c633644d c0000201 03 04 7ca4 0000 0578 45 28 05a0 5152 4000 3a
        04 ebd4 c0000201 cb007109 45 28 058c 2a2b 4000 3e 11 33bc 0a141e28 ac100506 d903004505789c1e",
        "45 c0 0038 7001 0000 40 01 b9b3 0a141e01 0a141e28 03 04 7cb8 0000 0564 45 28 058c 2a2b 4000 3e
        11 33bc 0a141e28 ac100506 d903004505789c1e",
    );
}

/// The vector 4.2: a router alert in the inner header.
#[test]
fn a_host_unreachable_with_options_inside() {
    //= RFC 2003 §4.1/host
    let relayed = Relayed {
        comes: (([0xc0, 88, 0x3345, 0, 250, 1, 0xa01d], TO_ENTRY), (3, 1, 0x5210, [0; 4])),
        outer: (20, ([0x10, 620, 0x5152, 0x4000, 58, 4, 0xef20], TUNNEL)),
        inner: (([0x10, 600, 0x2a2c, 0, 61, 6, 0xe30d], INNER), "94040000", "e1f20050a1b2c3d40102030450100f0e"),
        goes: (([0xc0, 68, 0x7002, 0, 64, 1, 0xb9a6], TO_SENDER), (3, 1, 0x5210, [0; 4])),
        told: Icmpv4Message::unreachable(1),
    };
    relayed.is(
        "45 c0 0058 3345 0000 fa 01 a01d c633644d c0000201 03 01 5210 00000000 45 10 026c 5152 4000 3a 04
        ef20 c0000201 cb007109 46 10 0258 2a2c 0000 3d 06 e30d 0a141e28 ac100506 94040000
        e1f20050a1b2c3d40102030450100f0e",
        "45 c0 0044 7002 0000 40 01 b9a6 0a141e01 0a141e28 03 01 5210 00000000 46 10 0258 2a2c 0000 3d 06
        e30d 0a141e28 ac100506 94040000 e1f20050a1b2c3d40102030450100f0e",
    );
}

/// The vector 4.3: an MTU of 1006 less an outer header of 24 bytes leaves 982 (§5.1).
#[test]
fn a_packet_too_big_with_options_outside() {
    //= RFC 2003 §4.1/too-big
    let relayed = Relayed {
        comes: (([0xc0, 80, 0x3346, 0, 250, 1, 0xa024], TO_ENTRY), (3, 4, 0x3e55, [0, 0, 0x03, 0xee])),
        outer: (24, ([0, 1024, 0x5152, 0x4000, 58, 4, 0xea9b], TUNNEL)),
        inner: (([0, 1000, 0x2a2d, 0x4000, 60, 1, 0x3796], INNER), "", "0800f3c1beef0007"),
        goes: (([0xc0, 56, 0x7003, 0, 64, 1, 0xb9b1], TO_SENDER), (3, 4, 0x3e6d, [0, 0, 0x03, 0xd6])),
        told: Icmpv4Message::fragmentation_needed(982),
    };
    relayed.is(
        "45 c0 0050 3346 0000 fa 01 a024 c633644d c0000201 03 04 3e55 0000 03ee 46 00 0400 5152 4000 3a
        04 ea9b c0000201 cb007109 01010100 45 00 03e8 2a2d 4000 3c 01 3796 0a141e28 ac100506
        0800f3c1beef0007",
        "45 c0 0038 7003 0000 40 01 b9b1 0a141e01 0a141e28 03 04 3e6d 0000 03d6 45 00 03e8 2a2d 4000 3c
        01 3796 0a141e28 ac100506 0800f3c1beef0007",
    );
}

/// The vector 4.4: time exceeded becomes host unreachable.
#[test]
fn a_time_exceeded_in_the_tunnel() {
    //= RFC 2003 §4.4/time-exceeded
    let relayed = Relayed {
        comes: (([0xc0, 76, 0x3347, 0, 250, 1, 0xa027], TO_ENTRY), (11, 0, 0x7a20, [0; 4])),
        outer: (20, ([0x28, 1440, 0x5152, 0x4000, 58, 4, 0xebd4], TUNNEL)),
        inner: (([0x28, 1420, 0x2a2b, 0x4000, 62, 17, 0x33bc], INNER), "", "d903004505789c1e"),
        goes: (([0xc0, 56, 0x7004, 0, 64, 1, 0xb9b0], TO_SENDER), (3, 1, 0x821f, [0; 4])),
        told: Icmpv4Message::unreachable(1),
    };
    relayed.is(
        "45 c0 004c 3347 0000 fa 01 a027 c633644d c0000201 0b 00 7a20 00000000 45 28 05a0 5152 4000 3a 04
        ebd4 c0000201 cb007109 45 28 058c 2a2b 4000 3e 11 33bc 0a141e28 ac100506 d903004505789c1e",
        "45 c0 0038 7004 0000 40 01 b9b0 0a141e01 0a141e28 03 01 821f 00000000 45 28 058c 2a2b 4000 3e 11
        33bc 0a141e28 ac100506 d903004505789c1e",
    );
}

/// The wrong vectors W4.1 to W4.7, of which nothing goes on; and a router that tells no MTU, whose 0 is not to become 65 516.
#[test]
fn what_is_not_relayed() {
    //= RFC 2003 §4.1/source-route, §4.2/source-quench, §4.3/redirect
    let told = |text: &str| {
        let bytes = unhex(text);
        let ip = Ipv4Packet::parse(&bytes[..]).unwrap();
        assert!(ip.checksum_is_valid());
        let is_valid = Icmpv4Packet::parse(ip.payload()).unwrap().checksum_is_valid();
        (is_valid, relay(ip.payload()).map(|relay| relay.message))
    };
    let wrong = [
        // Only the outer header and 8 bytes are quoted.
        "45c0003833500000fa01a032c633644dc0000201030442a400000578452805a0515240003a04ebd4c0000201cb007109
            4528058c2a2b4000",
        // Port unreachable.
        "45c0004c33500000fa01a01ec633644dc00002010303821d00000000452805a0515240003a04ebd4c0000201cb007109
            4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e",
        // Source route failed.
        "45c0004c33500000fa01a01ec633644dc00002010305821b00000000452805a0515240003a04ebd4c0000201cb007109
            4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e",
        // Redirect.
        "45c0004c33500000fa01a01ec633644dc00002010501559dc633644e452805a0515240003a04ebd4c0000201cb007109
            4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e",
        // Source quench.
        "45c0004c33500000fa01a01ec633644dc00002010400812000000000452805a0515240003a04ebd4c0000201cb007109
            4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e",
        // The outer protocol is UDP.
        "45c0004c33500000fa01a01ec633644dc00002010301821f00000000452805a0515240003a11ebc7c0000201cb007109
            4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e",
        // The checksum is wrong.
        "45c0004c33500000fa01a01ec633644dc00002010301831f00000000452805a0515240003a04ebd4c0000201cb007109
            4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e",
    ];
    for (number, text) in (1..).zip(wrong) {
        assert_eq!(told(text), (number != 7, None), "W4.{number}");
    }

    // RFC 1191 §5: no MTU is told on, and the sender tries its plateaus.
    let text = "45c0004c33500000fa01a01ec633644dc00002010304821c00000000452805a0515240003a04ebd4c0000201cb007109
        4528058c2a2b40003e1133bc0a141e28ac100506d903004505789c1e";
    let sender = Ipv4Addr::new(10, 20, 30, 40);
    assert_eq!(told(text), (true, Some(RelayMessage::V4(sender, Icmpv4Message::fragmentation_needed(0)))));
}

/// What the vectors say beside their bytes: protocol unreachable never goes on as such, network unreachable does.
#[test]
fn networks_and_protocols_that_are_not_reached() {
    //= RFC 2003 §4.1/network, §4.1/protocol
    // The vector 4.1, as another error.
    let bytes = unhex(
        "45 c0 004c 3344 0000 fa 01 a02a c633644d c0000201 03 04 7ca4 0000 0578 45 28 05a0 5152 4000 3a
        04 ebd4 c0000201 cb007109 45 28 058c 2a2b 4000 3e 11 33bc 0a141e28 ac100506 d903004505789c1e",
    );
    for code in [0, 2] {
        let icmp = built(&bytes[28..], |to| Icmpv4Header::new(Icmpv4Message::unreachable(code)).prepend(to));
        let sender = Ipv4Addr::new(10, 20, 30, 40);
        let network = RelayMessage::V4(sender, Icmpv4Message::unreachable(0));
        assert_eq!(relay(&icmp).map(|relay| relay.message), Some(network));
    }
}

// ── ECN over tunnels (RFC 6040) ─────────────────────────────────────────────────────────────────────────────────────

/// The marks 00, 10, 01 and 11, in the order of figure 4.
const MARKS: [Ecn; 4] = [Ecn::NotCapable, Ecn::Capable0, Ecn::Capable1, Ecn::CongestionExperienced];

/// What leaves a tunnel: `inner` is the header, `checksums` those of each mark in the order of
/// figure 4, `dscp` the inner and the outer class without its mark. Figure 4 by the marks' places; a packet is dropped at 9.
#[track_caller]
fn leaves(inner: &str, checksums: [u16; 4], dscp: [u8; 2]) {
    let figure = [[0, 0, 0, 9], [1, 1, 2, 3], [2, 2, 2, 3], [3, 3, 3, 3]];
    let header = |mark: usize| {
        let mut bytes = unhex(inner);
        bytes[1] = dscp[0] | MARKS[mark] as u8;
        bytes[10..12].copy_from_slice(&checksums[mark].to_be_bytes());
        bytes
    };
    for (mark, row) in (0..).zip(figure) {
        for (outer, left) in MARKS.into_iter().zip(row) {
            let before = header(mark);
            assert!(Ipv4Packet::parse_lax(&before[..]).unwrap().checksum_is_valid());
            assert_eq!((ecn::ip_class(&before), Ecn::from_bits(dscp[1] | outer as u8)), (Some(before[1]), outer));
            let mut after = before.clone();
            let told = ecn::leave_ip(&mut after, outer).map(|left| left.ecn);
            match left {
                9 => assert_eq!((told, after), (None, before)),
                left => assert_eq!((told, after), (Some(MARKS[left]), header(left)), "{mark} in {outer:?}"),
            }
        }
    }
}

/// The tables 5.1 and 5.2, 16 rows each. The second one's checksum is 0000 with ECT(0): one more makes it fffe, not ffff (RFC 1624).
#[test]
fn marks_that_leave_a_tunnel() {
    //= RFC 6040 §4.2/table, §4.2/drop
    leaves("45b800541c2d40003d11ea750a010203c6336407", [0xea75, 0xea73, 0xea74, 0xea72], [0xb8, 0x28]);
    leaves("45020054075940003d1100000a010203c6336407", [0x0002, 0x0000, 0x0001, 0xfffe], [0, 0]);
}

/// The whole packets of the two tables, and the one to be dropped.
#[test]
fn packets_that_leave_a_tunnel() {
    //= RFC 6040 §4.2/table, §4.2/drop
    let ends = ["10.1.2.3", "198.51.100.7"];
    let mut dropped = unhex("45b800541c2d40003d11ea750a010203c6336407");
    is_ipv4(&dropped, ([0xb8, 84, 0x1c2d, 0x4000, 61, 17, 0xea75], ends));
    assert_eq!(ecn::leave_ip(&mut dropped, Ecn::from_bits(0x2b)), None);
    assert_eq!(dropped, unhex("45b800541c2d40003d11ea750a010203c6336407"));
    let mut corner = unhex("45020054075940003d1100000a010203c6336407");
    is_ipv4(&corner, ([2, 84, 0x0759, 0x4000, 61, 17, 0], ends));
    assert!(ecn::leave_ip(&mut corner, Ecn::CongestionExperienced).is_some());
    assert_eq!(corner, unhex("45030054075940003d11fffe0a010203c6336407"));
}

/// The table 5.3: what the outer header takes, by itself and in a whole packet.
#[test]
fn marks_that_enter_a_tunnel() {
    //= RFC 6040 §4.1/normal, §4.1/compatibility, §4.3/mode
    for (inner, normal) in [(0xb8, 0b00), (0xba, 0b10), (0xb9, 0b01), (0xbb, 0b11)] {
        for (mode, class) in
            [(ClassMode::CopyEcn, 0x28 | normal), (ClassMode::Fixed, 0x28), (ClassMode::CopyAll, 0xb8 | normal)]
        {
            assert_eq!(mode.class(0x28, Some(inner)), class);
            let mut packet = unhex("45b800141c2d40003d11ea750a010203c6336407");
            packet[1] = inner;
            let outer = Outer::ipv4(Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2));
            let template = IpTemplate::new(&outer.traffic_class(0x28).class_mode(mode));
            let whole = built(&packet, |to| template.encapsulate(to));
            assert_eq!((whole[1], &whole[20..]), (class, &packet[..]));
        }
    }
}
