//! A stack of layers in one expression is its layers one by one, to be read and to be changed; and a stack of headers that was read is built
//! again, and read as what it was.
#![no_main]

#[path = "../../ether-ip/tests/sums/mod.rs"]
mod sums;

use arbitrary::Arbitrary;
use ether_ip::arbitrary::{Frame, Nearly};
use ether_ip::ethernet::{EtherType, EthernetFrame};
use ether_ip::icmpv4::Icmpv4Packet;
use ether_ip::icmpv6::Icmpv6Packet;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::stack::{Ethernet, Icmpv4, Icmpv6, Ip, IpPacket, Ipv4, Ipv6, Tcp, Udp, Vlans};
use ether_ip::tcp::TcpSegment;
use ether_ip::udp::UdpDatagram;
use ether_ip::vlan::{VlanTag, VlanTags};
use ether_ip::{Error, Headroom};
use geneve_codec::arbitrary::GeneveFrame;
use geneve_codec::{Geneve, GenevePacket};
use libfuzzer_sys::fuzz_target;
use vxlan_codec::arbitrary::VxlanFrame;
use vxlan_codec::{Vxlan, VxlanPacket};

#[derive(Debug, Arbitrary)]
enum Bytes {
    Any(Vec<u8>),
    Frame(Frame),
    Nearly(Nearly<Frame>),
    Vxlan(VxlanFrame),
    Geneve(GeneveFrame),
}

/// The ports that the generators take, and others.
const VXLAN: u16 = vxlan_codec::PORT;
const GENEVE: u16 = geneve_codec::PORT;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Ethernet,
    Vlans,
    Ip,
    Ipv4,
    Ipv6,
    Udp,
    Tcp,
    Icmpv4,
    Icmpv6,
    Vxlan,
    Geneve,
}

/// Why layers are not read: one is another than was asked for, or is not good.
#[derive(Debug, PartialEq)]
enum Refused {
    Other,
    Bad,
}

impl From<Error> for Refused {
    fn from(_: Error) -> Self {
        Self::Bad
    }
}

fuzz_target!(|input: Bytes| {
    let (Bytes::Any(bytes)
    | Bytes::Frame(Frame(bytes))
    | Bytes::Nearly(Nearly(Frame(bytes)))
    | Bytes::Vxlan(VxlanFrame(bytes))
    | Bytes::Geneve(GeneveFrame(bytes))) = &input;
    // As it is, and from its IP header on.
    for bytes in [&bytes[..], bytes.get(14..).unwrap_or_default()] {
        read(bytes);
        build(bytes);
    }
});

/// The bytes behind a layer's header.
trait Behind {
    fn behind(&self) -> &[u8];
}

macro_rules! behind {
    ($($view:ident $behind:ident;)*) => {$(
        impl Behind for $view<&[u8]> {
            fn behind(&self) -> &[u8] {
                self.$behind()
            }
        }
    )*};
}

behind! {
    EthernetFrame payload;
    VlanTags payload;
    IpPacket payload;
    Ipv4Packet payload;
    Ipv6Packet payload;
    UdpDatagram payload;
    TcpSegment payload;
    Icmpv4Packet payload;
    Icmpv6Packet body;
    VxlanPacket payload;
    GenevePacket payload;
}

/// Each stack, with names for its views, against its layers one by one.
macro_rules! stacks {
    ($bytes:ident: $($first:ident $first_view:ident $(/ $layer:ident $(($port:expr))? $view:ident)+;)*) => {$(
        let (stack, kinds) = ($first $(/ $layer$(($port))?)+, [Kind::$first $(, Kind::$layer)+]);
        let one_by_one = by_hand(&kinds, $bytes);
        match stack.parse($bytes) {
            Ok(($first_view, $($view),+)) => {
                assert_eq!(one_by_one, Ok(vec![$first_view.behind() $(, $view.behind())+]), "{kinds:?}");
            }
            Err(Error::OtherLayer { .. }) => assert_eq!(one_by_one, Err(Refused::Other), "{kinds:?}"),
            Err(_) => assert_eq!(one_by_one, Err(Refused::Bad), "{kinds:?}"),
        }
        let mut copy = $bytes.to_vec();
        assert_eq!(stack.parse_mut(&mut copy).is_ok(), one_by_one.is_ok(), "{kinds:?}");
        assert_eq!(copy, $bytes, "{kinds:?}");
    )*};
}

fn read(bytes: &[u8]) {
    stacks! { bytes:
        Ethernet a / Vlans b / Ip c / Udp d;
        Ethernet a / Vlans b / Ip c / Tcp d;
        Ethernet a / Vlans b / Ipv6 c / Icmpv6 d;
        Ethernet a / Ipv4 b / Icmpv4 c;
        Ethernet a / Ipv6 b / Udp c;
        Ipv4 a / Ipv4 b / Udp c;
        Ipv4 a / Ipv6 b / Tcp c;
        Ip a / Ip b / Ip c / Tcp d;
        Ethernet a / Vlans b / Ip c / Udp d / Vxlan(VXLAN) e / Ethernet f / Vlans g / Ip h / Tcp i;
        Ip a / Udp b / Vxlan(VXLAN) c / Ethernet d / Vlans e / Ip f / Udp g;
        Ethernet a / Vlans b / Ip c / Udp d / Geneve(GENEVE) e / Ethernet f / Vlans g / Ip h / Tcp i;
        Ethernet a / Ip b / Udp c / Geneve(GENEVE) d / Ip e / Udp f;
    }
}

/// The bytes behind each layer, read one by one.
fn by_hand<'a>(kinds: &[Kind], bytes: &'a [u8]) -> Result<Vec<&'a [u8]>, Refused> {
    let mut read: Vec<&[u8]> = Vec::new();
    let (mut rest, mut said, mut below) = (bytes, 0, None);
    for (kind, is_last) in kinds.iter().enumerate().map(|(at, kind)| (*kind, at + 1 == kinds.len())) {
        if below.is_some_and(|below| !may_follow(below, kind, said)) {
            return Err(Refused::Other);
        }
        // What is behind the header, what of it the next layer is, and what says so.
        let (behind, next, says) = match kind {
            Kind::Ethernet => {
                let frame = EthernetFrame::parse(rest)?;
                (frame.into_payload(), frame.into_payload(), frame.ether_type().0)
            }
            Kind::Vlans => {
                let mut announced = EtherType(said);
                let mut behind = rest;
                while announced.is_vlan() {
                    let tag = VlanTag::parse(behind)?;
                    (announced, behind) = (tag.ether_type(), tag.into_payload());
                }
                (behind, behind, announced.0)
            }
            Kind::Ip | Kind::Ipv4 | Kind::Ipv6 => {
                let is_ipv6 = match (kind, below) {
                    (Kind::Ip, None) => rest.first().ok_or(Refused::Bad)? >> 4 == 6,
                    (Kind::Ip, Some(_)) => matches!(said, 0x86dd | 41),
                    _ => kind == Kind::Ipv6,
                };
                let (behind, next) = if is_ipv6 { ipv6(rest)? } else { ipv4(rest)? };
                match next {
                    Some((next, says)) => (behind, next, says),
                    None if is_last => (behind, behind, 0),
                    None => return Err(Refused::Other),
                }
            }
            Kind::Udp => {
                let datagram = UdpDatagram::parse(rest)?;
                (datagram.into_payload(), datagram.into_payload(), datagram.destination_port())
            }
            Kind::Tcp => (TcpSegment::parse(rest)?.into_payload(), &[][..], 0),
            Kind::Icmpv4 => (Icmpv4Packet::parse(rest)?.into_payload(), &[][..], 0),
            Kind::Icmpv6 => (Icmpv6Packet::parse(rest)?.into_body(), &[][..], 0),
            Kind::Vxlan => {
                let vxlan = VxlanPacket::parse(rest).map_err(|_| Refused::Bad)?;
                (vxlan.into_payload(), vxlan.into_payload(), 0)
            }
            Kind::Geneve => {
                let geneve = GenevePacket::parse(rest)?;
                (geneve.into_payload(), geneve.into_payload(), geneve.protocol_type().0)
            }
        };
        read.push(behind);
        (rest, said, below) = (next, says, Some(kind));
    }
    Ok(read)
}

/// Whether what a layer says lets another follow it.
fn may_follow(below: Kind, kind: Kind, said: u16) -> bool {
    let in_ip = matches!(below, Kind::Ip | Kind::Ipv4 | Kind::Ipv6);
    match kind {
        Kind::Vlans => true,
        Kind::Ethernet => below == Kind::Vxlan || said == 0x6558,
        Kind::Ip => {
            if in_ip {
                matches!(said, 4 | 41)
            } else {
                matches!(said, 0x800 | 0x86dd)
            }
        }
        Kind::Ipv4 => said == if in_ip { 4 } else { 0x800 },
        Kind::Ipv6 => said == if in_ip { 41 } else { 0x86dd },
        Kind::Udp => said == 17,
        Kind::Tcp => said == 6,
        Kind::Icmpv4 => said == 1,
        Kind::Icmpv6 => said == 58,
        Kind::Vxlan => said == VXLAN,
        Kind::Geneve => said == GENEVE,
    }
}

/// What stands behind an IP header, and the next layer with what says which; none in a later fragment.
type Found<'a> = Result<(&'a [u8], Option<(&'a [u8], u16)>), Refused>;

fn ipv4(bytes: &[u8]) -> Found<'_> {
    let ip = Ipv4Packet::parse(bytes)?;
    let behind = ip.into_payload();
    Ok((behind, (ip.fragment_offset() == 0).then_some((behind, ip.protocol().0.into()))))
}

fn ipv6(bytes: &[u8]) -> Found<'_> {
    let ip = Ipv6Packet::parse(bytes)?;
    let behind = ip.into_payload();
    let (mut next, mut rest) = (ip.next_header().0, behind);
    while matches!(next, 0 | 43 | 44 | 51 | 60) {
        let (Some(named), Some(len)) = (rest.first(), rest.get(1)) else { return Err(Refused::Bad) };
        let len = match next {
            44 => 8,
            51 => usize::from(*len) * 4 + 8,
            _ => usize::from(*len) * 8 + 8,
        };
        let header = rest.get(..len).filter(|_| next != 51 || len >= 12).ok_or(Refused::Bad)?;
        if next == 44 {
            // RFC 8200 §4.5: no fragment reaches past 65535.
            let offset = usize::from(header[2]) << 8 | usize::from(header[3] & 0xf8);
            match offset {
                0 => {}
                _ if offset + rest.len() - len > 65_535 => return Err(Refused::Bad),
                _ => return Ok((behind, None)),
            }
        }
        (next, rest) = (*named, &rest[len..]);
    }
    Ok((behind, Some((rest, next.into()))))
}

/// Each stack's headers, put in front of its payload anew.
macro_rules! headers {
    ($bytes:ident: $($first:ident $first_view:ident $(/ $layer:ident $(($port:expr))? $view:ident)+;)*) => {$(
        let rebuilt = |bytes: &[u8]| {
            let stack = $first $(/ $layer$(($port))?)+;
            let ($first_view, $($view),+) = stack.parse(bytes).ok()?;
            let payload = vec![$first_view.behind() $(, $view.behind())+].pop()?;
            let mut buffer = vec![0; bytes.len() + 8];
            let mut packet = Headroom::with_payload(&mut buffer, payload).unwrap();
            let headers = *$first_view.header() $(/ *$view.header())+;
            headers.prepend(&mut packet).ok()?;
            Some((packet.packet().to_vec(), payload.to_vec()))
        };
        if let Some((built, payload)) = rebuilt($bytes) {
            assert_eq!(rebuilt(&built), Some((built.clone(), payload)));
            is_right(&built);
        }
    )*};
}

fn build(bytes: &[u8]) {
    headers! { bytes:
        Ethernet a / Ipv4 b / Udp c;
        Ethernet a / Ipv6 b / Tcp c;
        Ethernet a / Ipv4 b / Icmpv4 c;
        Ethernet a / Ipv6 b / Icmpv6 c;
        Ethernet a / Ipv4 b / Ipv6 c / Udp d;
        Ethernet a / Ipv4 b / Udp c / Vxlan(VXLAN) d / Ethernet e / Ipv6 f / Udp g;
        Ethernet a / Ipv6 b / Udp c / Vxlan(VXLAN) d / Ethernet e / Ipv4 f / Tcp g;
        Ethernet a / Ipv4 b / Udp c / Geneve(GENEVE) d / Ethernet e / Ipv4 f / Tcp g;
        Ethernet a / Ipv6 b / Udp c / Geneve(GENEVE) d / Ipv4 e / Udp f;
    }
}

/// The outermost checksums are right, IPv4's and the upper layer's: those of what is carried are built by the same expression, and those of
/// what an ICMP error quotes are not built.
fn is_right(frame: &[u8]) {
    let sums = sums::of(frame, 14, None);
    let own = if frame[14] >> 4 == 4 { 2 } else { 1 };
    assert!(sums.iter().take(own).all(|sum| sum.rest == 0), "{sums:?} {frame:02x?}");
}
