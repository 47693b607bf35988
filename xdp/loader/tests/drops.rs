//! What is wrong with packets, on every packet at hand and on what becomes of them damaged, beside what the walk in user space says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use aya::Ebpf;
use aya::programs::{TestRun, TestRunOptions, Xdp};
use ether_ip::ethernet::EtherType;
use ether_ip::icmpv6::Icmpv6Type;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv6_extension::Ipv6Option;
use packet_cursor::{MAX_EXTENSIONS, MAX_TAGS};
use packet_dissect::{Capture, Error, Layer, LinkType, Tunnel, Tunnels, layers};
use xdp_loader::drops::{self, File, Sampled, Samples};
use xdp_loader::object;
use xdp_maps::{KINDS, Kind, MAX_SAMPLED, Settings, Tally};

const DROP: u32 = 1;
const PASS: u32 = 2;

/// What the walk says of a packet, as far as the program goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// This is wrong, or nothing.
    Told(Kind),
    /// Nothing as far as the program goes, and something behind that.
    Beyond(Kind),
    /// A jumbogram (RFC 2675), whose option the program does not look for: nobody knows what it says.
    Jumbogram,
    /// Nested so deep that the walk forgets what it saw first.
    TooDeep,
}

/// How far the program goes, as the layers themselves tell it.
#[derive(Default)]
struct Reach {
    /// The name of the layer that it reads next; none, where it reads no more.
    next: Option<&'static str>,
    frames: usize,
    tags: usize,
    extensions: usize,
}

impl Reach {
    /// Goes on behind a layer, if the program reads it.
    fn pass(&mut self, layer: &Layer<'_>) -> bool {
        let is_read = self.next == Some(name(layer));
        self.next = if is_read { self.behind(layer) } else { None };
        is_read
    }

    fn behind(&mut self, layer: &Layer<'_>) -> Option<&'static str> {
        match layer {
            Layer::Ethernet(of) => {
                self.tags = 0;
                self.typed(of.ether_type())
            }
            Layer::Vlan(of) => {
                self.tags += 1;
                self.typed(of.ether_type())
            }
            Layer::Ipv4(of) if of.fragment_offset() == 0 => self.first(of.protocol()),
            Layer::Ipv6(of) => self.first(of.next_header()),
            Layer::HopByHop(of) | Layer::DestinationOptions(of) => self.another(of.next_header()),
            Layer::Routing(of) => self.another(of.next_header()),
            Layer::Authentication(of) => self.another(of.next_header()),
            Layer::Fragment(of) if of.fragment_offset() == 0 => self.another(of.next_header()),
            Layer::Udp(of) => match Tunnels::DEFAULT.of_ports(of.source_port(), of.destination_port()) {
                Some(Tunnel::Vxlan) => Some("VXLAN"),
                Some(Tunnel::Geneve) => Some("Geneve"),
                _ => None,
            },
            Layer::Vxlan(_) => self.inside(EtherType::TRANSPARENT_ETHERNET),
            Layer::Geneve(of) => self.inside(of.protocol_type()),
            _ => None,
        }
    }

    /// The first frame, or the one in a tunnel: no third.
    fn inside(&mut self, ether_type: EtherType) -> Option<&'static str> {
        self.frames += 1;
        self.tags = 0;
        match ether_type {
            _ if self.frames > 2 => None,
            EtherType::TRANSPARENT_ETHERNET => Some("Ethernet"),
            other => self.typed(other),
        }
    }

    fn typed(&self, ether_type: EtherType) -> Option<&'static str> {
        match ether_type {
            EtherType::IPV4 => Some("IPv4"),
            EtherType::IPV6 => Some("IPv6"),
            tag if tag.is_vlan() && self.tags < MAX_TAGS => Some("VLAN tag"),
            _ => None,
        }
    }

    fn first(&mut self, protocol: IpProtocol) -> Option<&'static str> {
        self.extensions = 0;
        self.carried(protocol)
    }

    fn another(&mut self, protocol: IpProtocol) -> Option<&'static str> {
        self.extensions += 1;
        self.carried(protocol)
    }

    fn carried(&self, protocol: IpProtocol) -> Option<&'static str> {
        let extension = match protocol {
            IpProtocol::UDP => return Some("UDP"),
            IpProtocol::TCP => return Some("TCP"),
            IpProtocol::ICMP => return Some("ICMPv4"),
            IpProtocol::ICMPV6 => return Some("ICMPv6"),
            IpProtocol::HOP_BY_HOP => "IPv6 hop-by-hop options",
            IpProtocol::DESTINATION_OPTIONS => "IPv6 destination options",
            IpProtocol::ROUTING => "IPv6 routing header",
            IpProtocol::FRAGMENT => "IPv6 fragment header",
            IpProtocol::AUTHENTICATION => "IP authentication header",
            _ => return None,
        };
        Some(extension).filter(|_| self.extensions < MAX_EXTENSIONS)
    }
}

/// What an error calls a layer that the program may read.
fn name(layer: &Layer<'_>) -> &'static str {
    match layer {
        Layer::Ethernet(_) => "Ethernet",
        Layer::Vlan(_) => "VLAN tag",
        Layer::Ipv4(_) => "IPv4",
        Layer::Ipv6(_) => "IPv6",
        Layer::HopByHop(_) => "IPv6 hop-by-hop options",
        Layer::DestinationOptions(_) => "IPv6 destination options",
        Layer::Routing(_) => "IPv6 routing header",
        Layer::Fragment(_) => "IPv6 fragment header",
        Layer::Authentication(_) => "IP authentication header",
        Layer::Udp(_) => "UDP",
        Layer::Tcp(_) | Layer::TcpStart(_) => "TCP",
        Layer::Icmpv4(_) => "ICMPv4",
        Layer::Icmpv6(_) => "ICMPv6",
        Layer::Vxlan(_) => "VXLAN",
        Layer::Geneve(_) => "Geneve",
        _ => "",
    }
}

/// What multicast listeners say has an end of its own (RFC 2710, RFC 3810), which the program sees up to the fields that all have.
fn is_read_to_its_end(layer: &Layer<'_>) -> bool {
    let Layer::Icmpv6(of) = layer else { return true };
    let fixed = match of.kind() {
        Icmpv6Type::MULTICAST_LISTENER_REPORT_V2 => 4,
        Icmpv6Type::MULTICAST_LISTENER_QUERY
        | Icmpv6Type::MULTICAST_LISTENER_REPORT
        | Icmpv6Type::MULTICAST_LISTENER_DONE => 20,
        _ => return true,
    };
    of.body().len() < fixed
}

fn said(bytes: &[u8]) -> Said {
    let mut reach = Reach { next: Some("Ethernet"), frames: 1, ..Reach::default() };
    // Where the layers begin that the program reads, and whether all that the walk says of them it says too.
    let mut read = BTreeSet::new();
    let mut is_odd = false;
    let mut walk = layers(LinkType::ETHERNET, bytes);
    let mut at = 0;
    while let Some(step) = walk.next() {
        match step {
            Ok(layer) => {
                let start = walk.range().start;
                if reach.pass(&layer) {
                    if is_read_to_its_end(&layer) {
                        read.insert((start, name(&layer)));
                    }
                    is_odd |= matches!(layer, Layer::Ipv4(of) if !of.checksum_is_valid());
                    let is_jumbo = |option| matches!(option, Ok(Ipv6Option::JumboPayload(_)));
                    if matches!(layer, Layer::HopByHop(of) if of.options().any(is_jumbo)) {
                        return Said::Jumbogram;
                    }
                }
                at = walk.range().end;
            }
            Err(Error::Layer { offset, error }) => {
                let layer = error.layer().name();
                let is_next = (offset, Some(layer)) == (at, reach.next);
                match Kind::of(&error) {
                    // The sentence is the error's own, as far as it goes.
                    Some(kind) => {
                        assert!(error.to_string().starts_with(&kind.to_string()), "{error}: {kind}");
                        if is_next || read.contains(&(offset, layer)) {
                            return Said::Told(kind);
                        }
                        return if is_odd { Said::Told(Kind::Ipv4Checksum) } else { Said::Beyond(kind) };
                    }
                    // Of these nothing is left but RFC 2675's.
                    None if reach.next == Some("IPv6") => return Said::Jumbogram,
                    None => {}
                }
            }
            Err(_) => return Said::TooDeep,
        }
    }
    Said::Told(if is_odd { Kind::Ipv4Checksum } else { Kind::Good })
}

/// The program, with its ring buffer.
struct Program {
    ebpf: Ebpf,
    samples: Samples,
}

impl Program {
    fn load(settings: Settings) -> Self {
        let mut ebpf = object::load("drops").unwrap();
        let samples = Samples::take(&mut ebpf).unwrap();
        drops::set(&mut ebpf, settings).unwrap();
        let program: &mut Xdp = ebpf.program_mut("drops").unwrap().try_into().unwrap();
        program.load().unwrap();
        Self { ebpf, samples }
    }

    /// The verdict on so many packets of the same bytes, which are left as they were.
    fn run(&self, bytes: &[u8], repeat: u32) -> u32 {
        let program: &Xdp = self.ebpf.program("drops").unwrap().try_into().unwrap();
        let mut out = vec![0; bytes.len()];
        let options =
            TestRunOptions { data_in: Some(bytes), data_out: Some(&mut out), repeat, ..TestRunOptions::new() };
        let result = program.test_run(options).unwrap();
        assert_eq!(out, bytes);
        result.return_value
    }

    /// The same of one, with what is told of it.
    fn told(&mut self, bytes: &[u8]) -> (u32, Option<Sampled>) {
        let verdict = self.run(bytes, 1);
        let mut samples = self.samples.all();
        let sampled = samples.next();
        assert_eq!(samples.next(), None);
        (verdict, sampled)
    }
}

fn ethernet(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    [&[2; 12][..], &ether_type.to_be_bytes(), payload].concat()
}

/// An IPv4 packet, whose checksum is another one; `place` is that of a fragment, in units of 8 bytes and with the flags.
fn ipv4(place: u16, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [[length, low], [place, behind]] = [20 + payload.len() as u16, place].map(u16::to_be_bytes);
    let header = [0x45, 0, length, low, 0, 0, place, behind, 64, protocol, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    ethernet(0x0800, &[&header, payload].concat())
}

fn ipv6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    let [length, low] = (payload.len() as u16).to_be_bytes();
    ethernet(0x86dd, &[&[0x60, 0, 0, 0, length, low, next_header, 64][..], &[1; 32], payload].concat())
}

fn udp(ports: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let words = [ports[0], ports[1], 8 + payload.len() as u16, 0].map(u16::to_be_bytes);
    [words.as_flattened(), payload].concat()
}

/// What stands at the edges of rules, and in no capture.
fn edges() -> Vec<Vec<u8>> {
    // RFC 791 §3.2, RFC 8200 §4.5: a fragment reaches to 65535, and no farther. With 8189 units of 8 bytes in front of it, 23 are left.
    let ends = [3, 4].map(|len| ipv4(8189, 17, &vec![0; len]));
    let fragment = |place: u16, len| [&[17, 0][..], &place.to_be_bytes(), &[0; 4], &vec![0; len]].concat();
    let ends6 = [7, 8].map(|len| ipv6(44, &fragment(0xfff8, len)));
    // A part of a UDP header, in a first fragment of more and in a packet that is no fragment after all (RFC 6946).
    let parts = [ipv6(44, &fragment(1, 7)), ipv6(44, &fragment(0, 7)), ipv4(0x2000, 17, &[0; 7]), ipv4(0, 17, &[0; 7])];
    // Each type of ICMPv6 with each length up to that of a listener's report.
    let messages = (0..=255_u8).flat_map(|kind| (0..=28).map(move |len| (kind, len)));
    let messages = messages.map(|(kind, len)| ipv6(58, &[&[kind][..], &vec![0; len]].concat()));
    // Each port of a tunnel at each end, with another one's at the other; what it carries is too short for all of them.
    let mut ports = vec![9];
    ports.extend(Tunnels::DEFAULT.rows().iter().map(|(port, _)| *port));
    let pairs = ports.iter().flat_map(|from| ports.iter().map(move |to| [*from, *to]));
    let tunnels = pairs.map(|pair| ipv4(0, 17, &udp(pair, &[0; 7])));
    // Tags of each kind, the last of them cut, up to one more than are passed.
    let tags = (1..=MAX_TAGS + 1).flat_map(|count| [0x8100_u16, 0x88a8, 0x9100].map(|kind| (kind, count)));
    let tags = tags.map(|(kind, count)| {
        let [high, low] = kind.to_be_bytes();
        ethernet(kind, &[&[0, 1, high, low].repeat(count - 1)[..], &[0, 1]].concat())
    });
    // Destination options of 8 bytes, up to one more than are passed, and a UDP header that is cut.
    let extensions = (1..=MAX_EXTENSIONS + 1).map(|count| {
        let more = [60, 0, 1, 4, 0, 0, 0, 0].repeat(count - 1);
        ipv6(60, &[&more[..], &[17, 0, 1, 4, 0, 0, 0, 0], &[0; 5]].concat())
    });
    // And behind the longest that there are.
    let far = ipv6(60, &[&[17, 255][..], &[0; 2046], &udp([9; 2], &[])].concat());
    let rest = messages.chain(tunnels).chain(tags).chain(extensions).chain([far]);
    ends.into_iter().chain(ends6).chain(parts).chain(rest).collect()
}

#[test]
fn as_the_walk_says() {
    let mut settings = Settings { verdict: PASS, every: 1 };
    let mut program = Program::load(settings);
    let frames = common::frames();
    let mut packets: Vec<Vec<u8>> = frames.iter().map(|frame| frame.bytes.clone()).collect();
    let whole = packets.len();
    packets.extend(edges());
    packets.extend(common::damaged(&frames).into_iter().map(|frame| frame.bytes));
    let (mut by_said, mut tallies, mut verdicts) = (BTreeMap::new(), BTreeMap::<Kind, Tally>::new(), BTreeSet::new());
    let mut differing = 0;
    for (number, bytes) in packets.iter().enumerate() {
        // Some are looked at, and some are dropped.
        if number % 1000 == 0 {
            settings.verdict = if settings.verdict == PASS { DROP } else { PASS };
            drops::set(&mut program.ebpf, settings).unwrap();
        }
        let (verdict, sampled) = program.told(bytes);
        let kind = sampled.as_ref().map_or(Kind::Good, |sampled| sampled.kind);
        if let Some(Sampled { len, bytes: kept, .. }) = &sampled {
            assert_eq!((*len as usize, &kept[..]), (bytes.len(), &bytes[..bytes.len().min(MAX_SAMPLED)]));
        }
        let (said, tally) = (said(bytes), tallies.entry(kind).or_default());
        tally.packets += 1;
        tally.bytes += bytes.len() as u64;
        *by_said.entry(said).or_insert(0_u64) += 1;
        verdicts.insert((kind == Kind::Good, verdict));
        let is_same = match said {
            Said::Told(expected) => kind == expected,
            Said::Beyond(_) => kind == Kind::Good,
            Said::Jumbogram | Said::TooDeep => true,
        };
        let becomes = if kind == Kind::Good { PASS } else { settings.verdict };
        if !is_same || verdict != becomes {
            differing += 1;
            if differing <= 20 {
                println!("{number}: {kind:?} and {verdict}, and not {said:?} and {becomes}: {bytes:02x?}");
            }
        }
    }
    for (said, count) in &by_said {
        println!("{count:>8} {said:?}");
    }
    println!("{} packets, {whole} of them as they were captured, {differing} differ", packets.len());
    assert_eq!(differing, 0);
    // Each kind occurs, and each verdict: what is good passes.
    assert_eq!(tallies.len(), KINDS);
    assert_eq!(verdicts.into_iter().collect::<Vec<_>>(), [(false, DROP), (false, PASS), (true, PASS)]);
    assert_eq!(drops::tallies(&program.ebpf).unwrap(), tallies);
}

/// An IPv4 packet of no version, in a frame of 60 bytes.
fn versionless() -> Vec<u8> {
    let mut frame = vec![0; 60];
    frame[12..15].copy_from_slice(&[0x08, 0x00, 0x75]);
    frame
}

#[test]
fn samples_become_a_file() {
    let mut program = Program::load(Settings { verdict: PASS, every: 1 });
    // Longer than a sample, shorter, and good.
    let mut long = versionless();
    long.resize(1000, 0xaa);
    let good = [&[2; 12][..], &[0x08, 0x06]].concat();
    let length = [&[2; 12][..], &[0, 46]].concat();
    for bytes in [&long, &good, &length] {
        program.run(bytes, 1);
    }
    let before = std::time::SystemTime::now();
    let samples: Vec<_> = program.samples.all().collect();
    let mut bytes = Vec::new();
    let mut file = File::begin(&mut bytes, "xdp0").unwrap();
    for (number, sampled) in samples.iter().enumerate() {
        file.write(number as u64 + 1, sampled).unwrap();
    }
    let read: Vec<_> = Capture::new(std::io::Cursor::new(bytes.clone())).unwrap().map(Result::unwrap).collect();
    let expected = [(1000, &long[..MAX_SAMPLED]), (14, &length[..])];
    assert_eq!(read.iter().map(|packet| (packet.original_len, &packet.bytes[..])).collect::<Vec<_>>(), expected);
    // draft-ietf-opsawg-pcapng §3.5: a comment's code is 1, its text is filled up to whole words, and the options' end follows.
    for (kind, text) in
        [(Kind::Ipv4Version, &b"IPv4 is malformed: version"[..]), (Kind::EthernetTruncated, b"Ethernet is truncated")]
    {
        assert_eq!(kind.to_string().as_bytes(), text);
        let mut option = vec![1, 0, text.len() as u8, 0];
        option.extend(text);
        option.resize(option.len().next_multiple_of(4) + 4, 0);
        assert_eq!(bytes.windows(option.len()).filter(|window| *window == option).count(), 1);
    }
    // The times are of just now, one after the other.
    let now = before.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as i128;
    let times: Vec<_> = read.iter().map(|packet| packet.time.unwrap().total_nanoseconds()).collect();
    assert!(times[0] < times[1] && (now - times[0]).abs() < 60_000_000_000, "{times:?}, {now}");
}

/// Of each processor's packets of a kind each tenth is sampled, from the first one on: the turn of each kind is its own.
#[test]
fn one_of_so_many() {
    let mut program = Program::load(Settings { verdict: PASS, every: 10 });
    let length = [&[2; 12][..], &[0, 46]].concat();
    let mut expected = BTreeMap::<Kind, usize>::new();
    for (kind, bytes, repeat) in [(Kind::Ipv4Version, versionless(), 25), (Kind::EthernetTruncated, length, 11)] {
        program.run(&bytes, repeat);
        // A run stays on one processor.
        expected.insert(kind, repeat.div_ceil(10) as usize);
    }
    let mut counted = BTreeMap::<Kind, usize>::new();
    program.samples.all().for_each(|sampled| *counted.entry(sampled.kind).or_default() += 1);
    assert_eq!(counted, expected);
    assert_eq!(counted.into_values().collect::<Vec<_>>(), [2, 3]);
}

/// What comes while there is no room is counted, and lost: memory is bounded.
#[test]
fn no_more_than_there_is_room_for() {
    let mut program = Program::load(Settings { verdict: DROP, every: 1 });
    assert_eq!(program.run(&versionless(), 5000), DROP);
    let sampled = program.samples.all().count() as u64;
    let tallies = drops::tallies(&program.ebpf).unwrap();
    let tally = tallies[&Kind::Ipv4Version];
    println!("{sampled} of 5000 sampled");
    assert_eq!((tally.packets, tally.bytes, tally.lost + sampled), (5000, 300_000, 5000));
    // 2^18 bytes, of which each takes 272 and a header of 8; between the last and the first must be a gap.
    assert_eq!(sampled, (1 << 18) / 280);
    // And there is room again.
    program.run(&versionless(), 1);
    assert_eq!(program.samples.all().count(), 1);
}
