//! What a walk does with what it should not be given.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::{Error as LayerError, Headroom, LayerName, PacketBuffer};
use packet_dissect::{Error, Layer, LinkType, MAX_LAYERS, Packet, Tunnel, Tunnels, layers};
use vxlan_codec::{Vni, VxlanHeader};

const A: [u8; 4] = [192, 0, 2, 1];
const B: [u8; 4] = [192, 0, 2, 2];

/// IPv4 in IPv4, so many deep.
fn ip_in_ip(depth: usize) -> Vec<u8> {
    let mut buffer = vec![0; 20 * depth];
    let mut packet = Headroom::new(&mut buffer, 0).unwrap();
    for level in 0..depth {
        let protocol = if level == 0 { IpProtocol(253) } else { IpProtocol::IPV4 };
        Ipv4Header::new(A.into(), B.into(), protocol).prepend(&[], &mut packet).unwrap();
    }
    buffer
}

fn names(link_type: LinkType, bytes: &[u8]) -> Vec<String> {
    layers(link_type, bytes).map(|layer| layer.map_or_else(|e| e.to_string(), |l| l.name().to_owned())).collect()
}

#[test]
fn ip_in_ip_50_deep() {
    assert_eq!(names(LinkType::RAW, &ip_in_ip(50)), vec!["ip"; 50]);
}

#[test]
fn the_depth_is_bounded() {
    let bytes = ip_in_ip(1000);
    let walked: Vec<_> = layers(LinkType::RAW, &bytes).collect();
    let mut at_once = Vec::new();
    layers(LinkType::RAW, &bytes).for_each(|layer| at_once.push(layer));
    for walked in [walked, at_once] {
        assert_eq!(walked.len(), MAX_LAYERS + 1);
        assert_eq!(walked[MAX_LAYERS].unwrap_err(), Error::TooDeep { offset: MAX_LAYERS * 20 });
        assert!(walked[..MAX_LAYERS].iter().all(Result::is_ok));
    }
}

#[test]
fn tags_40_deep() {
    let mut bytes = vec![0; 12];
    for _ in 0..40 {
        bytes.extend([0x88, 0xa8, 0, 1]);
    }
    bytes.extend([0x08, 0x06]);
    let names = names(LinkType::ETHERNET, &bytes);
    assert_eq!(names[..41], [vec!["eth"], vec!["vlan"; 40]].concat());
    assert_eq!(names[41], "at byte 174: ARP is truncated: 8 bytes are needed, 0 are there");
}

/// Truncated, malformed, odd: told apart, with all good layers before.
#[test]
fn errors_say_what_was_wrong_and_where() {
    let good = ip_in_ip(2);
    let mut bad_version = good.clone();
    bad_version[20] = 0x55;
    assert_eq!(names(LinkType::RAW, &bad_version), ["ip", "at byte 20: IPv4 is malformed: version is 5, it must be 4"]);
    assert_eq!(
        names(LinkType::RAW, &good[..30]),
        ["ip", "data", "at byte 0: IPv4 is truncated: 40 bytes are needed, 30 are there"]
    );
    let mut odd = good;
    odd[10] ^= 0xff;
    assert_eq!(names(LinkType::RAW, &odd), ["ip", "ip"]);
}

/// A TCP header that contradicts itself, and one that is cut: what is there of it, then the error.
#[test]
fn broken_tcp_headers() {
    let tcp = |offset: u8, len: usize| {
        let mut segment = [0; 20];
        segment[12] = offset << 4;
        let mut buffer = [0; 40];
        let mut packet = Headroom::with_payload(&mut buffer, &segment[..len]).unwrap();
        Ipv4Header::new(A.into(), B.into(), IpProtocol::TCP).prepend(&[], &mut packet).unwrap();
        names(LinkType::RAW, packet.packet())
    };
    let malformed = "at byte 20: TCP is malformed: header length is 12, it must be at least 20";
    assert_eq!(tcp(3, 20), ["ip", "tcp", malformed]);
    let truncated = "at byte 20: TCP is truncated: 20 bytes are needed, 12 are there";
    assert_eq!(tcp(5, 12), ["ip", "tcp", "data", truncated]);
    assert_eq!(tcp(5, 7), ["ip", "at byte 20: TCP is truncated: 20 bytes are needed, 7 are there"]);
}

/// A report that promises more than it has: what is there is shown, and what is not is told; in a quote that is as it should be.
#[test]
fn listeners_that_are_cut() {
    let report = [0x22, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 233, 252, 0, 1];
    let ip = |protocol, payload: &[u8]| {
        let len = 20 + payload.len() as u8;
        let start = [0x45, 0, 0, len, 0, 0, 0, 0, 1, protocol, 0, 0, 192, 0, 2, 1, 224, 0, 0, 22];
        [&start[..], payload].concat()
    };
    let error = "at byte 20: group record is truncated: 4 bytes are needed, 0 are there";
    assert_eq!(names(LinkType::RAW, &ip(2, &report)), ["ip", "igmp", error]);
    let error = "at byte 20: IGMP is truncated: 12 bytes are needed, 9 are there";
    assert_eq!(names(LinkType::RAW, &ip(2, &[0x11, 0, 0, 0, 0, 0, 0, 0, 2])), ["ip", "igmp", error]);
    let quote = [&[3, 0, 0, 0, 0, 0, 0, 0][..], &ip(2, &report)].concat();
    assert_eq!(names(LinkType::RAW, &ip(1, &quote)), ["ip", "icmp", "ip", "igmp"]);
    let mut listener = [&[0x60, 0, 0, 0, 0, 8, 58, 1][..], &[0; 32], &[143, 0, 0, 0, 0, 0, 0, 1]].concat();
    let error = "at byte 40: group record is truncated: 4 bytes are needed, 0 are there";
    assert_eq!(names(LinkType::IPV6, &listener), ["ipv6", "icmpv6", error]);
    listener[40] = 132;
    let error = "at byte 40: ICMPv6 is truncated: 24 bytes are needed, 8 are there";
    assert_eq!(names(LinkType::IPV6, &listener), ["ipv6", "icmpv6", "data", error]);
}

#[test]
fn nothing_at_all() {
    for link_type in [LinkType::ETHERNET, LinkType::RAW, LinkType::LINUX_SLL, LinkType::LINUX_SLL2, LinkType::NULL] {
        assert_eq!(layers(link_type, &[]).count(), 1, "{link_type}");
        assert!(layers(link_type, &[]).next().unwrap().is_err());
    }
    assert_eq!(layers(LinkType(147), &[]).count(), 0);
    assert_eq!(names(LinkType(147), &[1]), ["data"]);
}

/// Padding up to Ethernet's 60 bytes is nobody's payload.
#[test]
fn padding_is_left_out() {
    let mut bytes = EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), EtherType::IPV4);
    bytes.set_source(MacAddr([6; 6]));
    let mut buffer = [0; 64];
    let mut packet = Headroom::new(&mut buffer, 18).unwrap();
    let header = {
        let mut scratch = [0; 32];
        let mut udp = Headroom::with_payload(&mut scratch, b"ab").unwrap();
        UdpHeader::new(1, 2).prepend(&mut udp, UdpChecksum::Zero).unwrap();
        Ipv4Header::new(A.into(), B.into(), IpProtocol::UDP).prepend(&[], &mut udp).unwrap();
        udp.packet().to_vec()
    };
    packet.prepend_bytes(LayerName::PACKET, &header).unwrap();
    bytes.prepend(&mut packet).unwrap();
    let walked: Vec<_> = layers(LinkType::ETHERNET, packet.packet()).map(Result::unwrap).collect();
    let Some(Layer::Payload(payload)) = walked.last() else { panic!("{walked:?}") };
    assert_eq!(payload, b"ab");
}

/// A fragment that is not the first has no UDP header, whatever its bytes look like.
#[test]
fn later_fragments_are_not_opened() {
    let mut buffer = [0; 40];
    let mut packet = Headroom::new(&mut buffer, 16).unwrap();
    let mut header = Ipv4Header::new(A.into(), B.into(), IpProtocol::UDP);
    header.set_dont_fragment(false);
    header.set_fragment_offset(1480);
    header.prepend(&[], &mut packet).unwrap();
    assert_eq!(names(LinkType::RAW, packet.packet()), ["ip", "data"]);
}

fn vxlan(port: u16, inner: &[u8]) -> Vec<u8> {
    let mut buffer = vec![0; 36 + inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, inner).unwrap();
    VxlanHeader::new(Vni::MAX).prepend(&mut packet).unwrap();
    UdpHeader::new(50_000, port).prepend(&mut packet, UdpChecksum::Zero).unwrap();
    Ipv4Header::new(A.into(), B.into(), IpProtocol::UDP).prepend(&[], &mut packet).unwrap();
    buffer
}

#[test]
fn tunnels_are_a_table_of_the_callers() {
    assert_eq!(names(LinkType::RAW, &vxlan(14_789, &[0; 14])), ["ip", "udp", "data"]);
    let rows = [(14_789, Tunnel::Vxlan)];
    let bytes = vxlan(14_789, &[0; 14]);
    let packet = Packet::new(LinkType::RAW, &bytes).with_tunnels(Tunnels::new(&rows));
    assert_eq!(
        packet.to_string(),
        "IPv4 192.0.2.1 > 192.0.2.2, UDP, ttl 64, length 50 / UDP 50000 > 14789, length 22 / \
        VXLAN 16777215 / Ethernet 00:00:00:00:00:00 > 00:00:00:00:00:00, length 0 / \
        at byte 50: LLC is truncated: 3 bytes are needed, 0 are there"
    );
}

/// An inner frame that is empty or under 14 bytes: the VXLAN layer is good, the error names the frame.
#[test]
fn short_inner_frames() {
    for (len, available) in [(0, 0), (13, 13)] {
        let bytes = vxlan(4789, &vec![0; len]);
        let walked: Vec<_> = layers(LinkType::RAW, &bytes).collect();
        assert!(matches!(walked[2], Ok(Layer::Vxlan(_))));
        let error = LayerError::Truncated { layer: LayerName::ETHERNET, needed: 14, available };
        assert_eq!(walked[3].unwrap_err(), Error::Layer { offset: 36, error });
    }
}

/// RFC 8200 §8.1, RFC 6275 §6.3: an upper layer's checksum is over the end of the route and over the home address, wherever on the way
/// the packet was captured. The sums are right over fd00::3 and fd00::4, which are not in the fixed header.
#[test]
fn checksums_on_the_way() {
    //= RFC 6275 §9.3.1/exchange
    use core::net::Ipv6Addr;
    use ether_ip::checksum::PseudoHeader;
    use ether_ip::ipv6::Ipv6Header;
    use ether_ip::ipv6_extension::{RoutingHeader, RoutingType, prepend_options};
    use packet_dissect::fields::{Context, Field, FieldValue, FieldVisitor, Group, visit};

    /// The status of UDP's checksum.
    struct Checksum(Option<u64>);
    impl FieldVisitor for Checksum {
        fn wants(&self, field: Field) -> bool {
            field == Field::UdpChecksumStatus
        }
        fn visit(&mut self, _: Field, value: FieldValue<'_>, _: Option<&'static str>) {
            if let FieldValue::Number(status) = value {
                self.0 = Some(status);
            }
        }
        fn wants_any(&self, _: Group) -> bool {
            false
        }
    }

    let address = |last| Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, last);
    let last = [&[0; 4][..], &address(3).octets()].concat();
    let home = [&[1, 2, 0, 0, 0xc9, 16][..], &address(4).octets()].concat();
    for (kind, source, destination, is_good) in [(0, 4, 3, 1), (0, 1, 3, 0), (0, 4, 2, 0), (9, 4, 3, 2)] {
        let mut buffer = [0; 120];
        let mut packet = Headroom::with_payload(&mut buffer, b"hello").unwrap();
        let pseudo = PseudoHeader::ipv6(address(source), address(destination), IpProtocol::UDP);
        UdpHeader::new(1, 2).prepend(&mut packet, UdpChecksum::Computed(pseudo)).unwrap();
        RoutingHeader::new(IpProtocol::UDP, RoutingType(kind), 1).prepend(&last, &mut packet).unwrap();
        let layer = LayerName::DESTINATION_OPTIONS;
        prepend_options(layer, IpProtocol::ROUTING, &home, &mut packet).unwrap();
        Ipv6Header::new(address(1), address(2), IpProtocol::DESTINATION_OPTIONS).prepend(&mut packet).unwrap();
        let (mut context, mut status) = (Context::new(0), Checksum(None));
        for layer in layers(LinkType::RAW, packet.packet()) {
            visit(&layer.unwrap(), false, &mut context, &mut status);
        }
        assert_eq!(status.0, Some(is_good), "type {kind}, over fd00::{source} and fd00::{destination}");
        let verdict = packet_dissect::verify::verify(&Packet::new(LinkType::RAW, packet.packet()));
        assert!(verdict.is_same && verdict.kept == usize::from(is_good != 1), "{verdict:?}");
    }
}

/// tcpdump.org's LINKTYPE_NULL and LINKTYPE_LOOP: of IPv6 they have 24, 28 and 30; Linux's 10 is another protocol's on BSD.
#[test]
fn bsd_loopback_families() {
    let ipv6 = [&[0x60, 0, 0, 0, 0, 0, 59, 64][..], &[1; 32]].concat();
    for (family, inside) in [(24, "ipv6"), (28, "ipv6"), (30, "ipv6"), (10, "data")] {
        let network = [&[0, 0, 0, family][..], &ipv6].concat();
        let little = [&[family, 0, 0, 0][..], &ipv6].concat();
        assert_eq!(names(LinkType::LOOP, &network), ["null", inside], "{family}");
        assert_eq!(names(LinkType::NULL, &network), ["null", inside]);
        assert_eq!(names(LinkType::NULL, &little), ["null", inside]);
    }
}

/// A million packets, right ones with a few places damaged, or cut, or of which more was on the wire: a walk at once, one layer by layer, and
/// one begun the one way and ended the other come to the same.
#[cfg(feature = "capture")]
#[test]
fn all_ways_to_walk_are_one() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "pcap")).collect();
    paths.sort();
    let mut frames = Vec::new();
    for path in paths {
        let packets = packet_dissect::Capture::open(path).unwrap().map(Result::unwrap);
        frames.extend(packets.filter(|packet| packet.link_type == LinkType::ETHERNET).map(|packet| packet.bytes));
    }
    assert!(frames.len() > 500, "{}", frames.len());
    let mut state = 7_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for round in 0..1_000_000 {
        let frame = &mut frames[round % 500];
        // Most of what is looked at stands in front.
        let damaged: Vec<_> = (0..random() % 4).map(|_| (random() % frame.len().min(120), random() as u8)).collect();
        let was: Vec<_> = damaged.iter().map(|(at, to)| core::mem::replace(&mut frame[*at], *to)).collect();
        let len = if random() % 4 == 0 { random() % (frame.len() + 1) } else { frame.len() };
        let missing = if random() % 8 == 0 { frame.len() - len } else { 0 };
        let walk = layers(LinkType::ETHERNET, &frame[..len]).with_missing(missing);
        // Of each 64th all that is in a layer is compared, of others which it is.
        let told = |layer: Result<Layer<'_>, Error>| match layer {
            Ok(layer) if round % 64 == 0 => format!("{layer:?}"),
            Ok(layer) => layer.name().to_owned(),
            Err(error) => error.to_string(),
        };
        let (mut one_by_one, mut places) = (Vec::new(), Vec::new());
        let mut steps = walk.clone();
        while let Some(layer) = steps.next() {
            if let Ok(layer) = layer {
                places.push((steps.range(), steps.is_quoted()));
                assert_eq!(Layer::NAMES[layer.kind() as usize], layer.name());
            }
            one_by_one.push(told(layer));
        }
        let all_places = walk.clone().fold_ranges(Vec::new(), |mut all, layer, range, is_quoted| {
            if layer.is_ok() {
                all.push((range, is_quoted));
            }
            all
        });
        assert_eq!(places, all_places, "{:02x?}", &frame[..len]);
        let at_once = walk.clone().fold(Vec::new(), |mut all, layer| {
            all.push(told(layer));
            all
        });
        assert_eq!(one_by_one, at_once, "{:02x?}", &frame[..len]);
        let mut begun = walk;
        let mut both: Vec<_> = begun.by_ref().take(random() % 5).map(told).collect();
        begun.for_each(|layer| both.push(told(layer)));
        assert_eq!(one_by_one, both, "{:02x?}", &frame[..len]);
        for ((at, _), was) in damaged.iter().zip(was).rev() {
            frame[*at] = was;
        }
    }
}
