//! Geneve, IP-in-IP, GRE, the sleeve and Cilium's options: what goes in comes out, whatever is set; and any bytes are taken apart to
//! ranges inside them, or refused.
#![no_main]

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use cilium_codec::dsr;
use ether_ip::ecn::{self, ClassMode};
use ether_ip::ethernet::{EtherType, MacAddr};
use ether_ip::gre::Gre;
use ether_ip::icmp_relay::{RelayMessage, relay, relay_v6};
use ether_ip::ip_tunnel::{GreTemplate, IpDecapsulator, IpTemplate};
use ether_ip::outer::{Outer, OuterChecksum, range_in};
use ether_ip::{Headroom, ip::Ecn, ipv4::Ipv4Packet, writer::Writer};
use geneve_codec::{Decapsulator, GENEVE_OPTION, GeneveTunnel, KnownOption, Vni};
use libfuzzer_sys::fuzz_target;
use weave_codec::crypto::{Direction, SessionKey};
use weave_codec::{PeerName, Sequence, SleeveFrame, SleevePacket, SleeveWriter};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    vni: Vni,
    options: Vec<KnownOption>,
    is_ipv6: bool,
    is_checked: bool,
    has_link: bool,
    may_fragment: bool,
    class: (u8, ClassMode),
    gre: (bool, Option<u32>, Option<u32>),
    frames: Vec<(PeerName, PeerName, &'a [u8])>,
    seal: (Direction, Sequence),
    service: (bool, [u8; 16], u16),
    inner: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let outer = if input.is_ipv6 {
        Outer::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED)
    } else {
        Outer::ipv4(Ipv4Addr::LOCALHOST, Ipv4Addr::BROADCAST)
    };
    let outer = outer.checksum(input.is_checked).dont_fragment(!input.may_fragment);
    let outer = outer.traffic_class(input.class.0).class_mode(input.class.1);
    let outer = if input.has_link { outer.ethernet(MacAddr([2; 6]), MacAddr([4; 6])) } else { outer };
    geneve(&input, outer);
    ip_in_ip(&input, outer);
    sleeve(&input);
    service(&input);

    let len = input.inner.len();
    let geneve = [Decapsulator::new().decapsulate(input.inner), Decapsulator::new().decapsulate_ip(input.inner)];
    assert!(geneve.iter().flatten().all(|found| found.inner.end <= len && found.options.end <= found.inner.start));
    let ip = [IpDecapsulator::new().decapsulate(input.inner), IpDecapsulator::new().decapsulate_ip(input.inner)];
    assert!(ip.iter().flatten().all(|found| found.inner.end <= len));
    if let Some(relayed) = relay(input.inner) {
        let node = if matches!(relayed.message, RelayMessage::V4(..)) {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        };
        assert!(relayed.write(node, &mut [0; 1280]).is_ok());
    }
    if let Some(relayed) = relay_v6(input.inner, None) {
        assert!(range_in(input.inner, relayed.quoted).end <= len);
    }
    let mut changed = input.inner.to_vec();
    for outer in [Ecn::NotCapable, Ecn::Capable0, Ecn::Capable1, Ecn::CongestionExperienced] {
        let before = changed.clone();
        if ecn::leave_frame(&mut changed, outer).is_none() {
            assert_eq!(changed, before);
        }
        let was_good = Ipv4Packet::parse(&changed[..]).is_ok_and(|packet| packet.checksum_is_valid());
        let _ = ecn::leave_ip(&mut changed, outer);
        assert_eq!(Ipv4Packet::parse(&changed[..]).is_ok_and(|packet| packet.checksum_is_valid()), was_good);
    }
});

fn geneve(input: &Input<'_>, outer: Outer) {
    let mut options = vec![0; 24 * input.options.len()];
    let mut writer = Writer::new(GENEVE_OPTION, &mut options);
    input.options.iter().for_each(|option| option.write(&mut writer).unwrap());
    let options = writer.into_written();
    let Ok(template) = GeneveTunnel::new(input.vni, outer).template(options) else {
        assert!(options.len() > 252);
        return;
    };
    let mut buffer = vec![0; template.overhead() + input.inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, input.inner).unwrap();
    template.encapsulate(&mut packet).unwrap();
    let vtep = Decapsulator::new().vni(input.vni).any_option();
    let checksum = if input.is_checked { OuterChecksum::Verified } else { OuterChecksum::VerifiedOrZero };
    let vtep = vtep.checksum(checksum);
    let found = if input.has_link { vtep.decapsulate(&buffer) } else { vtep.decapsulate_ip(&buffer) }.unwrap();
    assert_eq!((&buffer[found.inner], &buffer[found.options.clone()]), (input.inner, options));
    let expected = input.class.1.class(input.class.0, ecn::frame_class(input.inner));
    assert_eq!(found.traffic_class, expected);
    let kinds = input.options.iter().map(|option| option.kind().1 & 0x80 != 0);
    assert_eq!(found.header.has_critical_options(), kinds.into_iter().any(|critical| critical));
}

fn ip_in_ip(input: &Input<'_>, outer: Outer) {
    let check = |packet: &[u8]| {
        if input.has_link {
            IpDecapsulator::new().decapsulate(packet)
        } else {
            IpDecapsulator::new().decapsulate_ip(packet)
        }
    };
    let template = IpTemplate::new(&outer);
    let mut buffer = vec![0; template.overhead() + input.inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, input.inner).unwrap();
    if template.encapsulate(&mut packet).is_ok() {
        if let Ok(found) = check(&buffer) {
            assert!(input.inner.starts_with(&buffer[found.inner]));
            assert_eq!(found.traffic_class, input.class.1.class(input.class.0, ecn::ip_class(input.inner)));
        }
    }
    let (checksum, key, sequence) = input.gre;
    let gre = Gre { checksum, key, ..Gre::new(EtherType::TRANSPARENT_ETHERNET) };
    let template = GreTemplate::new(&outer, gre);
    let mut buffer = vec![0; template.overhead() + 4 + input.inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, input.inner).unwrap();
    match sequence {
        Some(number) => template.encapsulate_with(&mut packet, number),
        None => template.encapsulate(&mut packet),
    }
    .unwrap();
    let start = buffer.len() - template.overhead() - input.inner.len() - if sequence.is_some() { 4 } else { 0 };
    let found = check(&buffer[start..]).unwrap();
    assert_eq!((found.key, found.sequence), (key, sequence));
    assert_eq!(&buffer[start..][found.inner], input.inner);
}

fn sleeve(input: &Input<'_>) {
    let frames = || {
        let frame = |&(source, destination, ethernet)| SleeveFrame { source, destination, ethernet };
        input.frames.iter().map(frame)
    };
    let mut buffer = vec![0; 4096];
    let mut packet = SleeveWriter::encrypted(PeerName([1; 6]), &mut buffer).unwrap();
    let packed = frames().take_while(|frame| packet.push(frame).is_ok()).count();
    let len = packet.finish().len();
    let key = SessionKey::new([7; 32]);
    key.seal(&mut buffer[..len], input.seal.0, input.seal.1).unwrap();
    let (sequence, opened) = key.open(&mut buffer[..len], input.seal.0).unwrap();
    assert_eq!(sequence, input.seal.1);
    assert!(opened.map(Result::unwrap).eq(frames().take(packed)));
    let mut rest = input.inner.to_vec();
    assert!(key.open(&mut rest, input.seal.0).is_err() && rest == input.inner);
    if let Ok(packet) = SleevePacket::parse(input.inner) {
        let total: usize = packet.frames().flatten().map(|frame| 14 + frame.ethernet.len()).sum();
        assert!(total <= packet.body().len());
    }
}

fn service(input: &Input<'_>) {
    let (is_ipv6, address, port) = input.service;
    let service: SocketAddr = if is_ipv6 {
        SocketAddrV6::new(Ipv6Addr::from(address), port, 0, 0).into()
    } else {
        SocketAddrV4::new(Ipv4Addr::new(address[0], address[1], address[2], address[3]), port).into()
    };
    let mut buffer = vec![0; 24 + input.inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, input.inner).unwrap();
    if dsr::insert(&mut packet, service).is_ok() {
        let (found, start) = dsr::remove(packet.packet_mut()).unwrap().unwrap();
        assert_eq!(found, service);
        let mut back = packet.packet()[start..].to_vec();
        // A checksum of 0 and one of 0xffff say the same.
        if !is_ipv6 && back != input.inner {
            let sum = |bytes: &[u8]| u16::from_be_bytes([bytes[10], bytes[11]]);
            assert!([sum(&back), sum(input.inner)].iter().all(|sum| matches!(sum, 0 | 0xffff)));
            back[10..12].copy_from_slice(&input.inner[10..12]);
        }
        assert_eq!(back, input.inner);
    } else {
        assert_eq!(packet.packet(), input.inner);
    }
    let mut bytes = input.inner.to_vec();
    if !matches!(dsr::remove(&mut bytes), Ok(Some(_))) {
        assert_eq!(bytes, input.inner);
    }
}
