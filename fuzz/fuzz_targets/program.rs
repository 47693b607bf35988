//! The program, from a capture to what it prints, in every form: an exit code, a line a packet, JSON that is JSON.
#![no_main]

use bgp_codec::arbitrary::AnyMessage;
use ether_ip::arbitrary::{Frame, IpPacket, Nearly, wrapped};
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::tcp::{TcpFlags, TcpHeader};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use libfuzzer_sys::fuzz_target;
use packet_dissect::cli::run_on;
use vxlan_codec::arbitrary::VxlanFrame;
use weave_codec::arbitrary::SleevePayload;
use weave_codec::crypto::{Direction, SessionKey};
use weave_codec::{PeerName, Sequence, SleevePacket, SleeveWriter};

#[derive(Debug, arbitrary::Arbitrary)]
enum Input {
    File(Vec<u8>),
    Packets(u8, Vec<Packet>),
}

#[derive(Debug, arbitrary::Arbitrary)]
enum Packet {
    Frame(Nearly<Frame>),
    Vxlan(Nearly<VxlanFrame>),
    /// A BGP connection's bytes in segments, some of which come late or never.
    Bgp {
        messages: Vec<Nearly<AnyMessage>>,
        cuts: Vec<u8>,
        fates: u8,
        answers: bool,
    },
    /// A packet in fragments.
    Fragments {
        packet: IpPacket,
        words: u8,
        lost: u8,
    },
    /// Weave's, plain or sealed with the key that is given.
    Sleeve {
        payload: Nearly<SleevePayload>,
        sealed: bool,
        number: u32,
    },
    Any(Vec<u8>),
}

impl Packet {
    /// The packets that it is, as the link has them.
    fn records(&self, is_ethernet: bool) -> Vec<Vec<u8>> {
        let link = |ip: Vec<u8>| match is_ethernet {
            true => wrapped(&ip, 14, |packet| {
                let header = EthernetHeader::new(MacAddr([2; 6]), MacAddr([4; 6]), EtherType::IPV4);
                header.prepend(packet).map_err(|_| arbitrary::Error::IncorrectFormat)
            })
            .unwrap(),
            false => ip,
        };
        match self {
            Self::Frame(Nearly(Frame(bytes))) | Self::Vxlan(Nearly(VxlanFrame(bytes))) | Self::Any(bytes) => {
                vec![bytes.clone()]
            }
            Self::Bgp { messages, cuts, fates, answers } => {
                let stream: Vec<u8> =
                    messages.iter().take(6).flat_map(|Nearly(AnyMessage(bytes))| bytes.iter().copied()).collect();
                let mut segments = Vec::new();
                let (mut at, mut cuts) = (0, cuts.iter().cycle());
                while at < stream.len() && segments.len() < 40 {
                    let end = (at + 1 + cuts.next().map_or(1400, |cut| 4 * usize::from(*cut))).min(stream.len());
                    segments.push((at as u32, &stream[at..end]));
                    at = end;
                }
                if fates & 1 != 0 {
                    segments.reverse();
                }
                if fates & 2 != 0 && segments.len() > 1 {
                    segments.remove(usize::from(fates >> 2) % segments.len());
                }
                let segments = segments.into_iter().map(|(sequence, data)| segment(sequence, data, *answers));
                segments.map(link).collect()
            }
            Self::Fragments { packet: IpPacket(bytes), words, lost } => {
                let Ok(whole) = Ipv4Packet::parse(&bytes[..]) else { return vec![bytes.clone()] };
                let (payload, size) = (whole.payload(), 8 * (1 + usize::from(*words)));
                let parts = payload.chunks(size).enumerate().map(|(number, part)| {
                    let mut ip = Ipv4Header::new(whole.source(), whole.destination(), whole.protocol());
                    ip.set_dont_fragment(false);
                    ip.set_fragment_offset((number * size) as u16);
                    ip.set_more_fragments((number + 1) * size < payload.len());
                    with_ip(ip, part)
                });
                let kept = parts.enumerate().filter(|(number, _)| lost & 1 == 0 || *number != usize::from(lost >> 1));
                kept.map(|(_, part)| link(part)).collect()
            }
            Self::Sleeve { payload: Nearly(SleevePayload(bytes)), sealed, number } => {
                let mut payload = bytes.clone();
                if *sealed && let Ok(packet) = SleevePacket::parse(&bytes[..]) {
                    let mut buffer = vec![0; bytes.len() + 64];
                    let mut writer = SleeveWriter::encrypted(PeerName([1; 6]), &mut buffer).unwrap();
                    packet.frames().map_while(Result::ok).for_each(|frame| _ = writer.push(&frame));
                    let len = writer.finish().len();
                    let sequence = Sequence::new(u64::from(*number), number & 1 != 0);
                    SessionKey::new([7; 32]).seal(&mut buffer[..len], Direction::Outbound, sequence).unwrap();
                    payload = buffer[..len].to_vec();
                }
                let mut datagram = vec![0; 8 + payload.len()];
                let mut packet = ether_ip::Headroom::with_payload(&mut datagram, &payload).unwrap();
                UdpHeader::new(40_000, 6783).prepend(&mut packet, UdpChecksum::Zero).unwrap();
                let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
                vec![link(with_ip(ip, &datagram))]
            }
        }
    }
}

fn with_ip(ip: Ipv4Header, payload: &[u8]) -> Vec<u8> {
    wrapped(payload, 20, |packet| ip.prepend(&[], packet).map_err(|_| arbitrary::Error::IncorrectFormat)).unwrap()
}

fn segment(sequence: u32, data: &[u8], is_answer: bool) -> Vec<u8> {
    let mut buffer = vec![0; 20 + data.len()];
    let mut packet = ether_ip::Headroom::with_payload(&mut buffer, data).unwrap();
    let (ends, ports) = (([192, 0, 2, 1], [192, 0, 2, 2]), (40_000, 179));
    let (ends, ports) = if is_answer { ((ends.1, ends.0), (ports.1, ports.0)) } else { (ends, ports) };
    let ip = Ipv4Header::new(ends.0.into(), ends.1.into(), IpProtocol::TCP);
    TcpHeader::new(ports.0, ports.1, sequence, TcpFlags::ACK).prepend(&[], &ip.pseudo_header(), &mut packet).unwrap();
    with_ip(ip, &buffer)
}

/// What is asked of it, and whether a line is a packet.
const FORMS: [(&[&str], bool); 12] = [
    (&["-T", "fields", "-e", "bgp.notify.communication", "-e", "frame.error", "-E", "quote=d", "-E", "defuse=y"], true),
    (&[], true),
    (&["-V", "-x"], false),
    (&["-T", "json"], true),
    (&["-T", "fields", "-e", "ip.src", "-e", "udp.port", "-e", "vxlan.vni", "-E", "quote=d"], true),
    (&["--stats"], false),
    (&["-q", "-z", "conv,tcp", "-z", "endpoints,ip", "-z", "conv,pods,udp", "-z", "io,stat,100000000,,arp"], false),
    (&["-V", "--cni", "weave", "--weave-key", KEY], false),
    (&["--cni", "cilium", "--color", "always"], true),
    (&["-Y", "ip.addr == 10.0.0.0/8 || !udp && frame.len > 60", "-T", "fields", "-e", "frame.number"], false),
    (&["-V", "--esp-sa", "*,*,*,*,NULL,,NULL,"], false),
    (&["-d", "udp.port==53,geneve", "-T", "json", "-e", "geneve.vni", "-e", "frame.error"], false),
];

/// A session key of Weave's.
const KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";

fuzz_target!(|input: (u8, Input)| {
    let (form, input) = input;
    let (arguments, is_line_a_packet) = FORMS[usize::from(form) % FORMS.len()];
    let (file, packets) = match input {
        Input::File(file) => (file, None),
        Input::Packets(link, packets) => {
            let link = [1, 101, 113, 276, 0, 228][usize::from(link) % 6];
            let mut file = [
                &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..],
                &[0; 8],
                &[0, 0, 4, 0, link as u8, (link >> 8) as u8, 0, 0],
            ]
            .concat();
            let records: Vec<_> = packets.iter().take(20).flat_map(|packet| packet.records(link == 1)).collect();
            for bytes in &records {
                let len = (bytes.len() as u32).to_le_bytes();
                file.extend([&[0; 8][..], &len, &len, bytes].concat());
            }
            (file, Some(records.len()))
        }
    };
    let Some((status, output)) = run_on(&[arguments, &["-"]].concat(), file) else { return };
    assert!(status <= 2);
    let text = std::str::from_utf8(&output).expect("what is printed is text");
    // Nothing from a packet moves a cursor or forges a line; where colours are asked for, they begin with an escape.
    let is_coloured = arguments.contains(&"always");
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t') && !(is_coloured && c == '\x1b');
    assert!(!text.contains(is_odd), "{text:?}");
    if let Some(packets) = packets {
        assert_eq!(status, 0, "{arguments:?}");
        assert!(!is_line_a_packet || text.lines().count() == packets, "{text}");
    }
    if arguments.contains(&"json") {
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
});
