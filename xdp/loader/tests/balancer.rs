//! The load balancer on every packet at hand, beside what `ether_ip::rewrite` and Cilium's codec make of them in user space.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use aya::programs::{ProgramError, SchedClassifier, TestRun, TestRunOptions, TestRunResult, Xdp};
use aya::{Ebpf, maps::Array};
use cilium_codec::dsr;
use ether_ip::Headroom;
use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::{EtherType, EthernetFrame, EthernetHeader, MacAddr};
use ether_ip::flow;
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message};
use ether_ip::icmpv6::Icmpv6Message;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::{Ipv6Header, Ipv6Packet};
use ether_ip::rewrite::{Flow, Outcome, Ports, Rewrite, Rewriter};
use ether_ip::tcp::{TcpFlags, TcpSegment};
use xdp_loader::balancer::{OfService, Protocol, Table, Way, turned};
use xdp_loader::object;
use xdp_maps::{Pod, Turn};

/// The way to all pods: what is behind the loopback device nobody asks.
const POD: MacAddr = MacAddr([2, 0, 0, 0, 0, 9]);
const US: MacAddr = MacAddr([0; 6]);
const IP: usize = 14;

/// Where a program is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hook {
    Xdp,
    Tcx,
}

impl Hook {
    const fn program(self) -> &'static str {
        match self {
            Self::Xdp => "balance",
            Self::Tcx => "balance_skb",
        }
    }

    /// What it says to a packet that is the kernel's, and to one that goes on.
    const fn pass_and_redirect(self) -> (u32, u32) {
        match self {
            Self::Xdp => (2, 4),
            Self::Tcx => (u32::MAX, 7),
        }
    }

    fn load(self, ebpf: &mut Ebpf) {
        match self {
            Self::Xdp => object::program::<&mut Xdp>(ebpf, self.program()).unwrap().load().unwrap(),
            Self::Tcx => object::program::<&mut SchedClassifier>(ebpf, self.program()).unwrap().load().unwrap(),
        }
    }

    /// The packet as it goes out; `None` if the kernel gets it, as it was.
    fn run(self, ebpf: &Ebpf, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![0; bytes.len() + 64];
        let options = TestRunOptions { data_in: Some(bytes), data_out: Some(&mut out), ..TestRunOptions::new() };
        let program = ebpf.program(self.program()).unwrap();
        let result: Result<TestRunResult, ProgramError> = match self {
            Self::Xdp => <&Xdp>::try_from(program).unwrap().test_run(options),
            Self::Tcx => <&SchedClassifier>::try_from(program).unwrap().test_run(options),
        };
        let result = result.unwrap();
        out.truncate(result.data_size_out as usize);
        let (pass, redirect) = self.pass_and_redirect();
        if result.return_value == pass {
            assert_eq!(out, bytes, "what is passed on is as it was");
            return None;
        }
        assert_eq!(result.return_value, redirect);
        Some(out)
    }
}

/// What the library says of it.
struct Model {
    hook: Hook,
    table: Table,
}

/// A packet that a client sent, as it goes to the pod, and back.
struct Sent {
    bytes: Vec<u8>,
    /// From what the client knows to what the pod does.
    rewrite: Rewrite,
    /// Ethernet's addresses on the way back.
    back: [MacAddr; 2],
}

/// What is not left to the kernel, as far as the IP header says.
fn is_plain(bytes: &[u8]) -> bool {
    let frame = EthernetFrame::parse(bytes).unwrap();
    let packet = &bytes[IP..];
    match frame.ether_type() {
        EtherType::IPV4 => Ipv4Packet::parse_lax(packet).is_ok_and(|of| {
            // What a card is to segment may be too long to have a length.
            of.header_len() == 20 && !of.is_fragment() && of.ttl() > 1 && of.total_length() > 0
        }),
        EtherType::IPV6 => Ipv6Packet::parse_lax(packet)
            .is_ok_and(|of| of.extensions().next().is_none() && of.hop_limit() > 1 && of.payload_length() > 0),
        _ => false,
    }
}

/// What goes out: a hop less, and to whom.
fn sent_on(mut bytes: Vec<u8>, [destination, source]: [MacAddr; 2]) -> Vec<u8> {
    Rewriter::ethernet(&mut bytes).unwrap().decrement_ttl().unwrap();
    bytes[..6].copy_from_slice(&destination.0);
    bytes[6..12].copy_from_slice(&source.0);
    bytes
}

fn ends(bytes: &[u8]) -> [MacAddr; 2] {
    let frame = EthernetFrame::parse(bytes).unwrap();
    [frame.destination(), frame.source()]
}

impl Model {
    /// Half of all ends to which packets go are services, each with up to three pods.
    fn of(hook: Hook, frames: &[common::Frame], dsr: bool) -> Self {
        let destinations: BTreeSet<(bool, SocketAddr)> = frames
            .iter()
            .filter(|frame| is_plain(&frame.bytes))
            .filter_map(|frame| {
                let mut bytes = frame.bytes.clone();
                let flow = Rewriter::ethernet(&mut bytes).ok()?.flow();
                let Ports::Pair { destination, .. } = flow.ports else { return None };
                let is_ours = matches!(flow.protocol, IpProtocol::TCP | IpProtocol::UDP);
                is_ours.then_some((flow.protocol == IpProtocol::TCP, SocketAddr::new(flow.destination, destination)))
            })
            .collect();
        let mut pods = BTreeMap::new();
        let services = destinations.into_iter().step_by(2).take(1000).enumerate().map(|(number, (is_tcp, end))| {
            // Pods serve several, at ports of their own.
            let pods = (0..=number % 3).map(|of| {
                let address = match end {
                    SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::new(198, 18, (number % 7) as u8, of as u8 + 1)),
                    SocketAddr::V6(_) => {
                        IpAddr::V6(Ipv6Addr::new(0x2001, 2, 0, number as u16 % 7, 0, 0, 0, of as u16 + 1))
                    }
                };
                pods.insert(address, Way { device: "lo".to_owned(), address: POD.to_string() });
                SocketAddr::new(address, 8000 + number as u16)
            });
            let protocol = if is_tcp { Protocol::Tcp } else { Protocol::Udp };
            OfService { protocol, end, pods: pods.collect(), dsr }
        });
        let services = services.collect();
        Self { hook, table: Table { services, pods } }
    }

    /// What becomes of what a client sends.
    fn sent(&self, bytes: &[u8]) -> Option<Sent> {
        if !is_plain(bytes) {
            return None;
        }
        let mut out = bytes.to_vec();
        let packet = Rewriter::ethernet(&mut out).ok()?;
        let before = packet.flow();
        let (service, rewrite) = self.rewrite(before, flow::entropy(bytes))?;
        // Behind XDP nobody completes a checksum any more.
        if self.hook == Hook::Xdp && common::complete(&mut out) == common::Checksum::Missing {
            return None;
        }
        let mut packet = Rewriter::ethernet(&mut out).ok()?;
        assert_eq!(rewrite.apply_to(&mut packet), Ok(Outcome::Rewritten));
        let [destination, source] = ends(bytes);
        let bytes = self.told(service, sent_on(out, [POD, US]));
        Some(Sent { bytes, rewrite, back: [source, destination] })
    }

    /// What becomes of a flow with this entropy, if it is one to a service.
    fn rewrite(&self, before: Flow, entropy: u32) -> Option<(&OfService, Rewrite)> {
        let Ports::Pair { source, destination } = before.ports else { return None };
        let end = SocketAddr::new(before.destination, destination);
        let service = self.table.services.iter().find(|of| (of.protocol.number(), of.end) == (before.protocol, end))?;
        let number = (u64::from(entropy) * service.pods.len() as u64) >> 32;
        let pod = service.pods[number as usize];
        let after = Flow { destination: pod.ip(), ports: Ports::Pair { source, destination: pod.port() }, ..before };
        Some((service, Rewrite::between(&before, &after).unwrap()))
    }

    /// What becomes of an error of a capture about what a service answered.
    fn error(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !is_plain(bytes) {
            return None;
        }
        let mut out = bytes.to_vec();
        let mut packet = Rewriter::ethernet(&mut out).ok()?;
        let quoted = packet.quoted().filter(|of| !of.is_later_fragment())?.flow().reversed();
        let Ports::Pair { source, destination } = quoted.ports else { return None };
        let entropy = match (quoted.source, quoted.destination) {
            (IpAddr::V4(from), IpAddr::V4(to)) => flow::ipv4_entropy(from, to, quoted.protocol, [source, destination]),
            (IpAddr::V6(from), IpAddr::V6(to)) => flow::ipv6_entropy(from, to, quoted.protocol, [source, destination]),
            _ => return None,
        };
        let (_, rewrite) = self.rewrite(quoted, entropy)?;
        assert_eq!(rewrite.for_answers().undo_in_error_of(&mut packet), Ok(Outcome::Rewritten));
        Some(sent_on(out, [POD, US]))
    }

    /// With Cilium's option, where the service wants it.
    fn told(&self, service: &OfService, bytes: Vec<u8>) -> Vec<u8> {
        let is_first = |packet: &[u8]| TcpSegment::parse_lax(packet).is_ok_and(|of| of.flags().contains(TcpFlags::SYN));
        let behind = if service.end.is_ipv4() { 20 } else { 40 };
        if !service.dsr || service.protocol == Protocol::Tcp && !is_first(&bytes[IP + behind..]) {
            return bytes;
        }
        let mut buffer = vec![0; bytes.len() + 24];
        let mut packet = Headroom::with_payload(&mut buffer, &bytes[IP..]).unwrap();
        dsr::insert(&mut packet, service.end).unwrap();
        [&bytes[..IP], packet.packet()].concat()
    }
}

/// An error about a packet, from somebody to whom that was from, with so many bytes of it.
fn error(about: &[u8], from: IpAddr, number: usize) -> Vec<u8> {
    let quoted = [28, 48, 68, 576][number % 4];
    let quoted = &about[IP..][..(about.len() - IP).min(if from.is_ipv4() { quoted } else { quoted + 20 })];
    let mut bytes = about.to_vec();
    let to = Rewriter::ethernet(&mut bytes).unwrap().flow().source;
    let mut buffer = vec![0; quoted.len() + IP + 48];
    let mut packet = Headroom::with_payload(&mut buffer, quoted).unwrap();
    let ether_type = match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let message = [
                Icmpv4Header::new(Icmpv4Message::fragmentation_needed(1400)),
                Icmpv4Header::new(Icmpv4Message::unreachable(3)),
                Icmpv4Header::new(Icmpv4Message::TimeExceeded { code: 0, unused: [0; 4] }),
            ];
            message[number % 3].prepend(&mut packet).unwrap();
            Ipv4Header::new(from, to, IpProtocol::ICMP).prepend(&[], &mut packet).unwrap();
            EtherType::IPV4
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let pseudo = PseudoHeader::ipv6(from, to, IpProtocol::ICMPV6);
            let message = [
                Icmpv6Message::PacketTooBig { code: 0, mtu: 1400 },
                Icmpv6Message::DestinationUnreachable { code: 4, unused: [0; 4] },
                Icmpv6Message::TimeExceeded { code: 0, unused: [0; 4] },
            ];
            message[number % 3].prepend(&pseudo, &mut packet).unwrap();
            Ipv6Header::new(from, to, IpProtocol::ICMPV6).prepend(&mut packet).unwrap();
            EtherType::IPV6
        }
        _ => panic!("{from} and {to}"),
    };
    EthernetHeader::new(US, POD, ether_type).prepend(&mut packet).unwrap();
    // As a card pads it.
    let mut bytes = packet.packet().to_vec();
    bytes.resize(bytes.len().max(60), 0);
    bytes
}

fn router(of: IpAddr) -> IpAddr {
    match of {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::new(198, 51, 100, 77)),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 7, 7, 7, 7, 7, 7)),
    }
}

/// How often something was seen.
#[derive(Debug, Default)]
struct Seen {
    passed: u64,
    /// By protocol, IPv6 or not.
    there: BTreeMap<(IpProtocol, bool), u64>,
    back: u64,
    errors_of_pods: u64,
    errors_of_routers: u64,
    errors_of_clients: u64,
    errors_of_captures: u64,
}

fn same(what: &str, frame: &common::Frame, out: Option<Vec<u8>>, expected: Option<&[u8]>) {
    if out.as_deref() != expected {
        let first = out.iter().flatten().zip(expected.into_iter().flatten()).position(|(one, other)| one != other);
        let (file, number) = (frame.file.display(), frame.number);
        panic!("{what}: {file} {number}: first at {first:?}: {out:02x?} and not {expected:02x?}");
    }
}

fn as_the_codecs_have_it(hook: Hook, mut ebpf: Ebpf) {
    hook.load(&mut ebpf);
    let frames: Vec<_> = common::frames().into_iter().filter(|frame| frame.bytes.len() > IP).collect();
    let model = Model::of(hook, &frames, false);
    model.table.fill(&mut ebpf).unwrap();
    let mut seen = Seen::default();
    for (number, frame) in frames.iter().enumerate() {
        let out = hook.run(&ebpf, &frame.bytes);
        let Some(sent) = model.sent(&frame.bytes) else {
            let error = model.error(&frame.bytes);
            same("not for a service", frame, out, error.as_deref());
            *if error.is_some() { &mut seen.errors_of_captures } else { &mut seen.passed } += 1;
            continue;
        };
        same("to a pod", frame, out, Some(&sent.bytes));
        let Flow { protocol, source, .. } = sent.rewrite.before();
        *seen.there.entry((protocol, source.is_ipv6())).or_default() += 1;
        back(hook, &ebpf, frame, number, &sent, &mut seen);
    }
    println!("{} services, {seen:?}", model.table.services.len());
    let Seen { passed, there, back, errors_of_pods, errors_of_routers, errors_of_clients, errors_of_captures } = seen;
    assert!(there.len() == 4 && there.values().all(|of| *of > 10));
    assert!([passed, back, errors_of_pods, errors_of_routers, errors_of_clients].iter().all(|of| *of > 50));
    assert!(errors_of_captures > 0);
}

/// What the pod answers, and what is said about the question and the answer.
fn back(hook: Hook, ebpf: &Ebpf, frame: &common::Frame, number: usize, sent: &Sent, seen: &mut Seen) {
    let (before, after) = (sent.rewrite.before(), sent.rewrite.after());
    // A pod may answer with the very same, from its own end.
    let mut answer = sent.bytes.clone();
    let mut packet = Rewriter::ethernet(&mut answer).unwrap();
    packet.change_flow(&after.reversed()).unwrap();
    packet.change_ttl(64);
    let mut expected = answer.clone();
    let answers = sent.rewrite.for_answers();
    assert_eq!(answers.apply_to(&mut Rewriter::ethernet(&mut expected).unwrap()), Ok(Outcome::Rewritten));
    let expected = sent_on(expected, sent.back);
    same("from a pod", frame, hook.run(ebpf, &answer), Some(&expected));
    seen.back += 1;

    for (from, count) in
        [(after.destination, &mut seen.errors_of_pods), (router(after.source), &mut seen.errors_of_routers)]
    {
        let said = error(&sent.bytes, from, number);
        let mut expected = said.clone();
        let outcome = sent.rewrite.undo_in_error_of(&mut Rewriter::ethernet(&mut expected).unwrap());
        assert_eq!(outcome, Ok(Outcome::Rewritten));
        same("error about a question", frame, hook.run(ebpf, &said), Some(&sent_on(expected, sent.back)));
        *count += 1;
    }
    for from in [before.source, router(before.source)] {
        let said = error(&expected, from, number);
        let mut expected = said.clone();
        let outcome = answers.undo_in_error_of(&mut Rewriter::ethernet(&mut expected).unwrap());
        assert_eq!(outcome, Ok(Outcome::Rewritten));
        same("error about an answer", frame, hook.run(ebpf, &said), Some(&sent_on(expected, [POD, US])));
        seen.errors_of_clients += 1;
    }
}

#[test]
fn by_xdp() {
    as_the_codecs_have_it(Hook::Xdp, object::load("balancer").unwrap());
}

#[test]
fn by_tcx() {
    as_the_codecs_have_it(Hook::Tcx, object::load("balancer").unwrap());
}

/// The pods' nodes are told the service's end, and answer themselves.
fn tells_as_cilium_does(hook: Hook, mut ebpf: Ebpf) {
    hook.load(&mut ebpf);
    let frames: Vec<_> =
        common::frames().into_iter().filter(|frame| frame.bytes.len() > IP && frame.missing == 0).collect();
    let model = Model::of(hook, &frames, true);
    model.table.fill(&mut ebpf).unwrap();
    let (mut passed, mut told, mut untold) = (0, [0; 2], 0);
    for frame in &frames {
        let sent = model.sent(&frame.bytes);
        let error = if sent.is_none() { model.error(&frame.bytes) } else { None };
        let expected = sent.as_ref().map(|of| &of.bytes).or(error.as_ref());
        same("told", frame, hook.run(&ebpf, &frame.bytes), expected.map(|of| &of[..]));
        match sent.as_ref().map(|of| dsr::find(&of.bytes[IP..]).unwrap()) {
            None => passed += 1,
            Some(None) => untold += 1,
            Some(Some(service)) => told[usize::from(service.is_ipv6())] += 1,
        }
    }
    println!("told by IPv4 and IPv6: {told:?}, untold {untold}, passed {passed}");
    assert!(told.iter().all(|of| *of > 50) && untold > 50 && passed > 50);
}

#[test]
fn tells_by_xdp() {
    tells_as_cilium_does(Hook::Xdp, object::load("balancer").unwrap());
}

#[test]
fn tells_by_tcx() {
    tells_as_cilium_does(Hook::Tcx, object::load("balancer").unwrap());
}

/// What is measured with does the same.
#[test]
fn in_c() {
    let object = object::bytes_c("balancer").unwrap();
    for hook in [Hook::Xdp, Hook::Tcx] {
        as_the_codecs_have_it(hook, object::load_bytes(&object).unwrap());
        tells_as_cilium_does(hook, object::load_bytes(&object).unwrap());
    }
}

/// What is longer than the way takes is the kernel's, with the option too.
#[test]
fn too_long() {
    for hook in [Hook::Xdp, Hook::Tcx] {
        let mut ebpf = object::load("balancer").unwrap();
        hook.load(&mut ebpf);
        let frames: Vec<_> = common::frames().into_iter().filter(|frame| frame.bytes.len() > IP).collect();
        let model = Model::of(hook, &frames, true);
        model.table.fill(&mut ebpf).unwrap();
        let frame = frames
            .iter()
            .find(|frame| model.sent(&frame.bytes).is_some_and(|of| dsr::find(&of.bytes[IP..]) != Ok(None)));
        let frame = frame.unwrap();
        let len = model.sent(&frame.bytes).unwrap().bytes.len() - IP;
        for (mtu, is_sent) in [(len, true), (len - 1, false)] {
            let mut pods: Array<_, Pod> = ebpf.map_mut("PODS").unwrap().try_into().unwrap();
            for number in 0..pods.len() {
                let pod = pods.get(&number, 0).unwrap();
                pods.set(number, Pod { mtu: mtu as u32, ..pod }, 0).unwrap();
            }
            assert_eq!(hook.run(&ebpf, &frame.bytes).is_some(), is_sent, "{mtu}");
        }
    }
}

/// Where there is no room in front of the packet for the option, it is dropped: it is turned by then.
#[test]
fn no_room() {
    let mut ebpf = object::load("balancer").unwrap();
    Hook::Xdp.load(&mut ebpf);
    let frames: Vec<_> = common::frames().into_iter().filter(|frame| frame.bytes.len() > IP).collect();
    let model = Model::of(Hook::Xdp, &frames, true);
    model.table.fill(&mut ebpf).unwrap();
    let is_told = |bytes: &[u8]| model.sent(bytes).is_some_and(|of| dsr::find(&of.bytes[IP..]) != Ok(None));
    let frame = frames.iter().find(|frame| is_told(&frame.bytes)).unwrap();
    let program: &Xdp = ebpf.program("balance").unwrap().try_into().unwrap();
    for (metadata, verdict) in [(128, 4), (216, 1)] {
        // What another program has written down in front of a packet is kept.
        let bytes = [&vec![0; metadata], &frame.bytes[..]].concat();
        let context = [metadata, bytes.len(), 0, 0, 0, 0].map(|of| (of as u32).to_ne_bytes()).concat();
        let options = TestRunOptions { data_in: Some(&bytes), ctx_in: Some(&context), ..TestRunOptions::new() };
        assert_eq!(program.test_run(options).unwrap().return_value, verdict, "{metadata}");
    }
    assert_eq!(turned(&ebpf).unwrap()[&Turn::Dropped], 1);
}
