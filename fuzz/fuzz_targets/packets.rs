//! Packets that are right come out right: no layer fails, all is built again, tunnels give back what was put in, and nothing is
//! allocated on the way. What is nearly right does no harm.
#![no_main]

use allocation_counter::measure;
use cilium_codec::arbitrary::DsrPacket;
use ether_ip::arbitrary::{Frame, GtpUPayload, IpPacket, Nearly};
use ether_ip::gtp_u::GtpUPacket;
use flannel_udp_codec::arbitrary::FlannelPayload;
use geneve_codec::arbitrary::{GeneveFrame, GenevePayload};
use libfuzzer_sys::fuzz_target;
use packet_dissect::verify::verify;
use packet_dissect::{Layer, LinkType, Packet, layers};
use vxlan_codec::arbitrary::{VxlanFrame, VxlanPayload};
use weave_codec::SleevePacket;
use weave_codec::arbitrary::SleevePayload;

#[derive(Debug, arbitrary::Arbitrary)]
enum Input {
    Frame(Frame),
    Ip(IpPacket),
    Vxlan(VxlanFrame),
    Geneve(GeneveFrame),
    Dsr(DsrPacket),
    Flannel(FlannelPayload),
    Sleeve(SleevePayload),
    GtpU(GtpUPayload),
    Payloads(VxlanPayload, GenevePayload),
    Nearly(Nearly<Frame>),
    NearlyIp(Nearly<IpPacket>),
    NearlyVxlan(Nearly<VxlanFrame>),
    NearlyGeneve(Nearly<GeneveFrame>),
    NearlySleeve(Nearly<SleevePayload>),
}

fuzz_target!(|input: Input| {
    match input {
        Input::Frame(Frame(bytes)) => right(LinkType::ETHERNET, &bytes),
        Input::Ip(IpPacket(bytes)) | Input::Dsr(DsrPacket(bytes)) | Input::Flannel(FlannelPayload(bytes)) => {
            right(LinkType::RAW, &bytes);
        }
        Input::Vxlan(VxlanFrame(bytes)) => {
            right(LinkType::ETHERNET, &bytes);
            let packet = Packet::new(LinkType::ETHERNET, &bytes);
            assert!(packet.layers().any(|layer| matches!(layer, Ok(Layer::Vxlan(_)))), "{packet}");
        }
        Input::Geneve(GeneveFrame(bytes)) => {
            right(LinkType::ETHERNET, &bytes);
            let packet = Packet::new(LinkType::ETHERNET, &bytes);
            assert!(packet.layers().any(|layer| matches!(layer, Ok(Layer::Geneve(_)))), "{packet}");
        }
        Input::Sleeve(SleevePayload(bytes)) => {
            let packet = SleevePacket::parse(&bytes[..]).unwrap();
            for frame in packet.frames() {
                right(LinkType::ETHERNET, frame.unwrap().ethernet);
            }
        }
        Input::GtpU(GtpUPayload(bytes)) => {
            let packet = GtpUPacket::parse(&bytes[..]).unwrap();
            if packet.ip_version().is_some() {
                right(LinkType::RAW, packet.payload());
            }
        }
        Input::Payloads(VxlanPayload(vxlan), GenevePayload(geneve)) => {
            right(LinkType::ETHERNET, vxlan_codec::VxlanPacket::parse(&vxlan[..]).unwrap().payload());
            right(LinkType::ETHERNET, geneve_codec::GenevePacket::parse(&geneve[..]).unwrap().payload());
        }
        Input::Nearly(Nearly(Frame(bytes)))
        | Input::NearlyVxlan(Nearly(VxlanFrame(bytes)))
        | Input::NearlyGeneve(Nearly(GeneveFrame(bytes))) => {
            assert!(verify(&Packet::new(LinkType::ETHERNET, &bytes)).is_same);
        }
        Input::NearlyIp(Nearly(IpPacket(bytes))) => assert!(verify(&Packet::new(LinkType::RAW, &bytes)).is_same),
        Input::NearlySleeve(Nearly(SleevePayload(bytes))) => {
            if let Ok(packet) = SleevePacket::parse(&bytes[..]) {
                assert!(packet.frames().count() <= bytes.len());
            }
        }
    }
});

/// A packet in which nothing may be found fault with. Ports are arbitrary, so that a tunnel may be seen in what is none: an error in
/// what a port opens is no fault of the packet.
fn right(link_type: LinkType, bytes: &[u8]) {
    let packet = Packet::new(link_type, bytes);
    let mut opened_by_port = false;
    for layer in packet.layers() {
        match layer {
            Ok(layer) => {
                opened_by_port |= matches!(layer, Layer::Udp(_) | Layer::Tcp(_) | Layer::Icmpv4(_) | Layer::Icmpv6(_))
            }
            Err(error) => assert!(opened_by_port, "{error} in {packet}"),
        }
    }
    let verdict = verify(&packet);
    assert!(verdict.is_same && verdict.different == 0, "{packet}: {verdict:?}");
    let counted = measure(|| {
        let by_next = layers(link_type, bytes).filter(|layer| layer.is_ok()).count();
        let mut at_once = 0;
        layers(link_type, bytes).for_each(|layer| at_once += usize::from(layer.is_ok()));
        assert_eq!(by_next, at_once);
    });
    assert_eq!(counted.count_total, 0, "a walk allocates nothing");
}
