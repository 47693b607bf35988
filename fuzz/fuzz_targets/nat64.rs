//! NAT64 and back: nothing panics, what is refused is as it was, no checksum is more wrong than it was, and the length that a header tells
//! is there.
#![no_main]

#[path = "../../ether-ip/tests/sums/mod.rs"]
mod sums;

use std::net::{Ipv4Addr, Ipv6Addr};

use arbitrary::Arbitrary;
use ether_ip::Headroom;
use ether_ip::arbitrary::{IpPacket, Nearly};
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::rewrite::nat64::{Nat64Prefix, Refusal, Translator, ZeroChecksum};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
enum Packet {
    Right(IpPacket),
    Nearly(Nearly<IpPacket>),
    Any(Vec<u8>),
}

#[derive(Debug, Arbitrary)]
struct Input {
    packet: Packet,
    room: u8,
    prefix_len: u8,
    mtus: [u16; 3],
    is_refused: bool,
}

fuzz_target!(|input: Input| {
    let (Packet::Right(IpPacket(packet)) | Packet::Nearly(Nearly(IpPacket(packet))) | Packet::Any(packet)) =
        &input.packet;
    let [lowest_ipv6_mtu, ipv6_mtu, ipv4_mtu] = input.mtus.map(u32::from);
    let zero_checksum = if input.is_refused { ZeroChecksum::Refused } else { ZeroChecksum::Computed };
    let translators = [Translator { lowest_ipv6_mtu, ipv6_mtu, ipv4_mtu, zero_checksum }, Translator::new()];
    let len = [32, 40, 48, 56, 64, 96][usize::from(input.prefix_len % 6)];
    let prefix = Nat64Prefix::new(Ipv6Addr::from_bits(0x2001_0db8 << 96), len).unwrap();
    for translator in translators {
        let Some(there) = translate(packet, usize::from(input.room), &translator, &prefix) else { continue };
        translate(&there, usize::from(input.room), &translator, &prefix);
    }
});

/// The packet that is made of one, if one is.
fn translate(packet: &[u8], room: usize, translator: &Translator, prefix: &Nat64Prefix) -> Option<Vec<u8>> {
    let mut buffer = [&vec![0xa5; room], packet].concat();
    let before = buffer.clone();
    let mut headroom = Headroom::new(&mut buffer, packet.len()).unwrap();
    let is_ipv4 = packet.first()? >> 4 == 4;
    let any = |of| Some(prefix.extract(of).unwrap_or(Ipv4Addr::from_bits(of.to_bits() as u32)));
    let result = if is_ipv4 {
        translator.to_ipv6(&mut headroom, |of| Some(prefix.embed(of)))
    } else {
        translator.to_ipv4(&mut headroom, 7, any)
    };
    let (len, after) = (headroom.len(), headroom.packet().to_vec());
    if let Err(refusal) = result {
        assert_eq!((len, &buffer), (packet.len(), &before), "{refusal}");
        let _: (Refusal, _, _) = (refusal, refusal.for_ipv4(), refusal.for_ipv6());
        return None;
    }
    let upper = if is_ipv4 {
        Ipv6Packet::parse(&after[..]).unwrap();
        packet[9]
    } else {
        assert!(Ipv4Packet::parse(&after[..]).unwrap().checksum_is_valid());
        after[9]
    };
    let first = |bytes: &[u8]| {
        sums::of(bytes, 0, None).iter().find(|sum| bytes[0] >> 4 == 6 || sum.at != 10).map(|sum| sum.rest)
    };
    // OSPF, PIM, VRRP and mobility have addresses under their checksums in IPv6 alone; a UDP datagram has none, and gets one.
    if ![89, 103, 112, 135].contains(&upper) && (upper != 17 || first(packet).is_some()) {
        assert_eq!(first(packet), first(&after), "{packet:02x?} became {after:02x?}");
    }
    Some(after)
}
