//! The end of a tunnel on every packet at hand, beside what the codecs make of them in user space.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use aya::Ebpf;
use aya::maps::HashMap;
use aya::programs::{TestRun, TestRunOptions, Xdp};
use common::Checksum;
use ether_ip::ecn::ClassMode;
use ether_ip::ethernet::{EtherType, EthernetFrame, EthernetHeader, MacAddr};
use ether_ip::icmpv4::{self, Icmpv4Header, Icmpv4Message};
use ether_ip::icmpv6::{self, Icmpv6Message, Icmpv6Type};
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::ipv6_extension;
use ether_ip::outer::{Outer, OuterChecksum, OuterError, SourcePorts};
use ether_ip::vni::Vni;
use ether_ip::{Headroom, ecn};
use geneve_codec::GeneveTunnel;
use packet_cursor::{Cursor, IpHeader};
use packet_dissect::{Layer, LinkType, layers};
use vxlan_codec::VxlanTunnel;

use xdp_loader::{object, template::template};
use xdp_maps::{Receiver, Remote, Template, Tunnel};

const DROP: u32 = 1;
const PASS: u32 = 2;
const TX: u32 = 3;
const REDIRECT: u32 = 4;

/// What the codecs say of a packet.
#[derive(Debug)]
enum Said {
    /// It is of this remote, and this is the frame in it; none if it has to be dropped.
    Taken(Remote, Option<Vec<u8>>),
    /// The same, and a part of what its checksum covers is missing: whether the bytes behind it are taken for that does not matter.
    Cut(Remote),
    /// It is none of a tunnel's.
    Other,
    /// It is malformed.
    Bad,
}

fn said(bytes: &[u8]) -> Said {
    if !has_plain_outer_header(bytes) {
        return Said::Other;
    }
    let remote =
        |source: IpAddr, vni: Vni, tunnel| Remote { address: source.into(), vni: vni.get(), tunnel: tunnel as u32 };
    let of_outer = |error| match error {
        OuterError::Packet(_) => Said::Bad,
        _ => Said::Other,
    };
    let mut said = Said::Other;
    for port in [vxlan_codec::PORT, vxlan_codec::PORT_LINUX] {
        let vxlan = vxlan_codec::Decapsulator::new().port(port).tagged().checksum(OuterChecksum::Ignored);
        said = match vxlan.decapsulate(bytes) {
            Ok(of) => {
                let remote = remote(of.source, of.header.vni(), Tunnel::Vxlan);
                return taken(remote, &bytes[of.inner], of.traffic_class);
            }
            Err(vxlan_codec::Error::Outer(error)) => of_outer(error),
            Err(_) => return Said::Bad,
        };
    }
    match geneve_codec::Decapsulator::new().checksum(OuterChecksum::Ignored).decapsulate(bytes) {
        Ok(of) => {
            let remote = remote(of.source, of.header.vni(), Tunnel::Geneve);
            match of.header.protocol_type() {
                // Control packets are nothing to pass on (RFC 8926 §3.4).
                EtherType::TRANSPARENT_ETHERNET if !of.header.is_oam() => {
                    taken(remote, &bytes[of.inner], of.traffic_class)
                }
                _ => Said::Taken(remote, None),
            }
        }
        Err(geneve_codec::Error::Outer(error)) => match (of_outer(error), said) {
            (Said::Other, said) => said,
            (other, _) => other,
        },
        Err(_) => Said::Bad,
    }
}

/// What becomes of a frame out of its tunnel.
fn taken(remote: Remote, inner: &[u8], class: u8) -> Said {
    let mut frame = inner.to_vec();
    let checksum = common::complete(&mut frame);
    let left = ecn::leave_frame(&mut frame, Ecn::from_bits(class));
    match left.filter(|_| frame.len() >= 14) {
        Some(_) if checksum == Checksum::Missing => Said::Cut(remote),
        left => Said::Taken(remote, left.map(|_| frame)),
    }
}

/// What has options or extension headers, or a wrong checksum, is left to the kernel.
fn has_plain_outer_header(bytes: &[u8]) -> bool {
    let mut walk = layers(LinkType::ETHERNET, bytes).with_missing(usize::from(u16::MAX));
    while let Some(Ok(layer)) = walk.next() {
        match layer {
            Layer::Ethernet(_) | Layer::Vlan(_) => {}
            Layer::Ipv4(of) => return walk.range().len() == 20 && of.checksum_is_valid(),
            Layer::Ipv6(of) => return !ipv6_extension::is_extension(of.next_header()),
            _ => return false,
        }
    }
    false
}

#[test]
fn decapsulates_as_the_codecs_do() {
    decapsulates(object::load("vtep").unwrap());
}

#[test]
fn decapsulates_in_c_too() {
    decapsulates(object::load_c("vtep").unwrap());
}

fn decapsulates(mut ebpf: Ebpf) {
    let mut frames: Vec<_> = common::frames().into_iter().filter(|frame| frame.missing == 0).collect();
    let remotes: BTreeSet<Remote> = frames
        .iter()
        .filter_map(|frame| match said(&frame.bytes) {
            Said::Taken(remote, _) => Some(remote),
            _ => None,
        })
        .collect();
    frames.extend(common::damaged(&frames));
    let mut map: HashMap<_, Remote, u32> = ebpf.map_mut("REMOTES").unwrap().try_into().unwrap();
    for remote in &remotes {
        map.insert(remote, 1, 0).unwrap();
    }
    let program: &mut Xdp = ebpf.program_mut("decapsulate").unwrap().try_into().unwrap();
    program.load().unwrap();
    let (mut verdicts, mut differing) = (BTreeMap::<u32, u64>::new(), 0);
    for frame in &frames {
        let mut out = vec![0; frame.bytes.len()];
        let options = TestRunOptions { data_in: Some(&frame.bytes), data_out: Some(&mut out), ..TestRunOptions::new() };
        let result = program.test_run(options).unwrap();
        out.truncate(result.data_size_out as usize);
        let is_same = match (said(&frame.bytes), result.return_value) {
            (Said::Taken(remote, _) | Said::Cut(remote), verdict) if !remotes.contains(&remote) => {
                verdict == PASS && out == frame.bytes
            }
            (Said::Cut(_), DROP | REDIRECT) => true,
            (Said::Taken(_, Some(inner)), REDIRECT) => out == inner,
            (Said::Taken(_, None), DROP) => true,
            (Said::Other, PASS) | (Said::Bad, PASS | DROP) => out == frame.bytes,
            _ => false,
        };
        *verdicts.entry(result.return_value).or_default() += 1;
        if !is_same {
            differing += 1;
            if differing <= 20 {
                let said = said(&frame.bytes);
                println!(
                    "{} {}: {}, and not {said:?}: {:02x?}",
                    frame.file.display(),
                    frame.number,
                    result.return_value,
                    frame.bytes
                );
            }
        }
    }
    println!(
        "decapsulated: {} packets of {} remotes, by verdict {verdicts:?}, {differing} differ",
        frames.len(),
        remotes.len()
    );
    assert_eq!(differing, 0);
    assert_eq!(verdicts.keys().copied().collect::<Vec<_>>(), [DROP, PASS, REDIRECT]);
}

const MTU: u16 = 1500;

/// What the sender of a frame that is too long is told, from who it is for: as much of its packet as there is room for.
fn told(frame: &[u8], mtu: u16) -> Option<Vec<u8>> {
    let ethernet = EthernetFrame::parse(frame).ok()?;
    let back = EthernetHeader::new(ethernet.source(), ethernet.destination(), ethernet.ether_type());
    let packet = ethernet.payload();
    if ethernet.destination().is_multicast() {
        return None;
    }
    let mut buffer = [0; 14 + 1280];
    let mut answer;
    match ethernet.ether_type() {
        EtherType::IPV4 => {
            let asked = Ipv4Packet::parse_lax(packet).ok()?;
            let may = asked.dont_fragment() && icmpv4::may_answer(&asked);
            answer = Headroom::with_payload(&mut buffer, packet.get(..576 - 28).filter(|_| may)?).ok()?;
            Icmpv4Header::new(Icmpv4Message::fragmentation_needed(mtu)).prepend(&mut answer).ok()?;
            Ipv4Header::new(asked.destination(), asked.source(), IpProtocol::ICMP).prepend(&[], &mut answer).ok()?;
        }
        EtherType::IPV6 => {
            let asked = Ipv6Packet::parse_lax(packet).ok()?;
            // The answer would be from a group.
            let may = icmpv6::may_answer(&asked, Icmpv6Type::PACKET_TOO_BIG) && !asked.destination().is_multicast();
            answer = Headroom::with_payload(&mut buffer, packet.get(..1280 - 48).filter(|_| may)?).ok()?;
            let ip = Ipv6Header::new(asked.destination(), asked.source(), IpProtocol::ICMPV6);
            let pseudo = ip.pseudo_header(IpProtocol::ICMPV6);
            Icmpv6Message::PacketTooBig { code: 0, mtu: mtu.into() }.prepend(&pseudo, &mut answer).ok()?;
            ip.prepend(&mut answer).ok()?;
        }
        _ => return None,
    }
    back.prepend(&mut answer).ok()?;
    Some(answer.packet().to_vec())
}

/// A tunnel for the map, and the codec's own way into it.
type IntoTunnel = (Template, Box<dyn Fn(&mut Headroom<'_>) -> anyhow::Result<()>>);

/// Tunnels of all kinds, each as codecs make its headers.
fn tunnels() -> Vec<IntoTunnel> {
    let macs = (MacAddr([2, 0, 0, 0, 0, 2]), MacAddr([2, 0, 0, 0, 0, 1]));
    let outers = [
        Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into()).ttl(9),
        Outer::ipv6("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap()).checksum(false),
    ];
    let vni = Vni::new(0x01_02_03).unwrap();
    let mut all: Vec<IntoTunnel> = Vec::new();
    for outer in outers {
        let outer = outer.ethernet(macs.0, macs.1).class_mode(ClassMode::CopyEcn);
        let vxlan = VxlanTunnel::new(vni, outer.source_ports(SourcePorts::LINUX)).port(8472).template();
        let put = move |packet: &mut Headroom<'_>| Ok(vxlan.encapsulate(packet)?);
        all.push((template(put, (32_768, 60_999), MTU, 1).unwrap(), Box::new(put)));
        for options in [&[][..], &[0x01, 0x02, 0x03, 1, 0xaa, 0xbb, 0xcc, 0xdd]] {
            let geneve = GeneveTunnel::new(vni, outer.source_ports(SourcePorts::RFC_8926)).template(options).unwrap();
            let put = move |packet: &mut Headroom<'_>| Ok(geneve.encapsulate(packet)?);
            all.push((template(put, (0, 65_535), MTU, 1).unwrap(), Box::new(put)));
        }
    }
    all
}

#[test]
fn encapsulates_as_the_codecs_do() {
    encapsulates(object::load("vtep").unwrap());
}

#[test]
fn encapsulates_in_c_too() {
    encapsulates(object::load_c("vtep").unwrap());
}

fn encapsulates(mut ebpf: Ebpf) {
    let program: &mut Xdp = ebpf.program_mut("encapsulate").unwrap().try_into().unwrap();
    program.load().unwrap();
    let tunnels = tunnels();
    let (mut verdicts, mut differing) = (BTreeMap::<u32, u64>::new(), 0);
    let mut frames = common::frames();
    frames.extend(common::damaged(&frames));
    for (number, mut frame) in frames.into_iter().enumerate() {
        // Each third is for nobody that is known.
        if has_more_extensions(&frame.bytes) {
            continue;
        }
        let (template, put) = &tunnels[number % tunnels.len()];
        let is_known = number % 3 > 0;
        let receiver = Receiver { address: [2, 0, 0, 0, 0, u8::from(is_known)], unused: [0; 2] };
        frame.bytes[..6].copy_from_slice(&receiver.address);
        let mut map: HashMap<_, Receiver, Template> = ebpf.map_mut("TEMPLATES").unwrap().try_into().unwrap();
        map.insert(Receiver { address: [2, 0, 0, 0, 0, 1], ..receiver }, template, 0).unwrap();
        let mut buffer = vec![0; frame.bytes.len() + 128];
        let mut carried = frame.bytes.clone();
        let checksum = common::complete(&mut carried);
        let mut packet = Headroom::with_payload(&mut buffer, &carried).unwrap();
        put(&mut packet).unwrap();
        let (len, mtu) = (packet.packet().len(), MTU - u16::try_from(template.len).unwrap());
        let answer = told(&frame.bytes, mtu);
        let expected = match &answer {
            _ if !is_known || ends_in_tags(&frame.bytes) => (PASS, &frame.bytes[..]),
            Some(answer) if len - 14 > usize::from(MTU) => (TX, &answer[..]),
            None if len - 14 > usize::from(MTU) => (PASS, &frame.bytes[..]),
            _ if checksum == Checksum::Missing => (PASS, &frame.bytes[..]),
            _ => (REDIRECT, packet.packet()),
        };
        let program: &Xdp = ebpf.program("encapsulate").unwrap().try_into().unwrap();
        let mut out = vec![0; frame.bytes.len() + 128];
        let options = TestRunOptions { data_in: Some(&frame.bytes), data_out: Some(&mut out), ..TestRunOptions::new() };
        let result = program.test_run(options).unwrap();
        out.truncate(result.data_size_out as usize);
        *verdicts.entry(result.return_value).or_default() += 1;
        if (result.return_value, &out[..]) != expected {
            differing += 1;
            if differing <= 20 {
                let at = out.iter().zip(expected.1).position(|(one, other)| one != other);
                println!(
                    "{} {}: {} and not {}, first at {at:?}: {:02x?}",
                    frame.file.display(),
                    frame.number,
                    result.return_value,
                    expected.0,
                    frame.bytes
                );
            }
        }
    }
    println!("encapsulated: by verdict {verdicts:?}, {differing} differ");
    assert_eq!(differing, 0);
    assert_eq!(verdicts.keys().copied().collect::<Vec<_>>(), [PASS, TX, REDIRECT]);
}

/// What stands behind more extension headers than a cursor passes, it does not hash.
fn has_more_extensions(frame: &[u8]) -> bool {
    let mut frame = frame.to_vec();
    let mut cursor = Cursor::over(&mut frame);
    let ip = cursor.ethernet().and_then(|ethernet| cursor.ip(ethernet.ether_type));
    ip.is_some_and(|ip| {
        matches!(ip.header, IpHeader::V6(_)) && !ip.is_later_fragment && ipv6_extension::is_extension(ip.protocol)
    })
}

/// Who puts any bytes into a tunnel would carry it; a frame it is not.
fn ends_in_tags(frame: &[u8]) -> bool {
    let type_at = |at: usize| frame.get(at..at + 2).map(|bytes| EtherType(u16::from_be_bytes([bytes[0], bytes[1]])));
    let behind = (12..=20).step_by(4).find(|at| type_at(*at).is_none_or(|kind| !kind.is_vlan()));
    behind.is_some_and(|at| type_at(at).is_none())
}

#[test]
fn headers_that_there_is_no_room_for() {
    let mut ebpf = object::load("vtep").unwrap();
    let receiver = Receiver { address: [2, 0, 0, 0, 0, 1], unused: [0; 2] };
    // The kernel keeps 256 bytes in front of a packet.
    let template = Template { len: 400, mtu: 9_000, ..tunnels()[0].0 };
    let mut map: HashMap<_, Receiver, Template> = ebpf.map_mut("TEMPLATES").unwrap().try_into().unwrap();
    map.insert(receiver, template, 0).unwrap();
    let program: &mut Xdp = ebpf.program_mut("encapsulate").unwrap().try_into().unwrap();
    program.load().unwrap();
    let frame = [&receiver.address[..], &[0; 54]].concat();
    let result = program.test_run(TestRunOptions { data_in: Some(&frame), ..TestRunOptions::new() }).unwrap();
    assert_eq!(result.return_value, DROP);
}
