//! The flow meter on every packet at hand, beside what the walk in user space says of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;

use aya::programs::{TestRun, TestRunOptions, Xdp};
use ether_ip::ip::IpProtocol;
use packet_cursor::MAX_EXTENSIONS;
use packet_dissect::cli::{Commented, run_on};
use packet_dissect::{Layer, LinkType, Record, layers};
use xdp_loader::{meter, object};
use xdp_maps::{Count, Flow, Tunnel};

const PASS: u32 = 2;

/// What the walk says of a packet, as far as the meter looks.
fn expected(bytes: &[u8]) -> Option<(Flow, Count)> {
    let (mut outer, mut inner): (Option<Flow>, Option<Flow>) = (None, None);
    let (mut overhead, mut tunnel, mut extensions, mut is_ipv4) = (0, None, 0, false);
    // How long a packet says that it is the meter does not ask.
    let mut walk = layers(LinkType::ETHERNET, bytes).with_missing(usize::from(u16::MAX));
    while let Some(layer) = walk.next() {
        let Ok(layer) = layer else { break };
        let is_extension =
            matches!(layer, Layer::HopByHop(_) | Layer::DestinationOptions(_) | Layer::Routing(_) | Layer::Fragment(_));
        extensions = if is_extension { extensions + 1 } else { 0 };
        is_ipv4 = matches!(layer, Layer::Ipv4(_)) || is_ipv4 && is_extension;
        let at = if tunnel.is_some() { &mut inner } else { &mut outer };
        let ip = |ends, protocol: IpProtocol| Flow { ends, protocol: protocol.0, ..Flow::NOTHING };
        match layer {
            Layer::Ethernet(_) | Layer::Vlan(_) => {}
            Layer::Ipv4(of) if at.is_none() => {
                *at = Some(ip([of.source().into(), of.destination().into()], of.protocol()));
            }
            Layer::Ipv6(of) if at.is_none() => {
                *at = Some(ip([of.source().into(), of.destination().into()], of.next_header()));
            }
            // IPv4 has none of these.
            _ if is_extension && (is_ipv4 || extensions > MAX_EXTENSIONS) => break,
            Layer::HopByHop(of) | Layer::DestinationOptions(of) => at.as_mut()?.protocol = of.next_header().0,
            Layer::Routing(of) => at.as_mut()?.protocol = of.next_header().0,
            Layer::Fragment(of) => at.as_mut()?.protocol = of.next_header().0,
            Layer::Udp(of) => at.as_mut()?.ports = [of.source_port(), of.destination_port()],
            Layer::Tcp(of) => at.as_mut()?.ports = [of.source_port(), of.destination_port()],
            Layer::Vxlan(of) if tunnel.is_none() && of.has_vni() => {
                tunnel = Some((Tunnel::Vxlan, of.vni().get()));
                overhead = walk.range().end;
            }
            Layer::Geneve(of) if tunnel.is_none() => {
                tunnel = Some((Tunnel::Geneve, of.vni().get()));
                overhead = walk.range().end;
            }
            _ => break,
        }
    }
    let count = Count { packets: 1, bytes: bytes.len() as u64, overhead: overhead as u64 };
    let outer = outer?;
    match tunnel {
        Some((tunnel, vni)) => {
            let inner = inner.unwrap_or(Flow::NOTHING);
            Some((Flow { nodes: outer.ends, vni, tunnel: tunnel as u8, ..inner }, count))
        }
        None => Some((outer, Count { overhead: 0, ..count })),
    }
}

#[test]
fn as_the_walk_has_it() {
    let mut ebpf = object::load("meter").unwrap();
    let program: &mut Xdp = ebpf.program_mut("meter").unwrap().try_into().unwrap();
    program.load().unwrap();
    let (mut all, mut differing, mut tunnels) = (0, 0, BTreeMap::<u8, u64>::new());
    for frame in common::frames() {
        let program: &Xdp = ebpf.program("meter").unwrap().try_into().unwrap();
        let mut out = vec![0; frame.bytes.len()];
        let options = TestRunOptions { data_in: Some(&frame.bytes), data_out: Some(&mut out), ..TestRunOptions::new() };
        let result = program.test_run(options).unwrap();
        assert_eq!((result.return_value, &out), (PASS, &frame.bytes));
        let counted: Vec<_> = meter::counts(&ebpf).unwrap().into_iter().collect();
        meter::clear(&mut ebpf).unwrap();
        let expected: Vec<_> = expected(&frame.bytes).into_iter().collect();
        all += 1;
        expected.iter().for_each(|(flow, _)| *tunnels.entry(flow.tunnel).or_default() += 1);
        if counted != expected {
            differing += 1;
            if differing <= 20 {
                println!("{} {}: {counted:?}, and not {expected:?}", frame.file.display(), frame.number);
            }
        }
    }
    println!("by tunnel: {tunnels:?}");
    println!("{all} packets, {differing} differ");
    assert_eq!(differing, 0);
}

/// Whether the library and the meter see the same tunnel, or both none: nothing is wrong, no part of a packet, one tunnel at most, and of the
/// kinds that the meter knows.
fn is_seen_by_both(bytes: &[u8]) -> bool {
    let Ok(all) = layers(LinkType::ETHERNET, bytes).collect::<Result<Vec<Layer<'_>>, _>>() else { return false };
    let is_ip = |layer: &Layer<'_>| matches!(layer, Layer::Ipv4(_) | Layer::Ipv6(_));
    let is_other = |layer: &Layer<'_>| match layer {
        Layer::Ipv4(of) => of.is_fragment(),
        Layer::Fragment(_) | Layer::FlannelUdp(_) | Layer::Sleeve(_) | Layer::Sflow(_) | Layer::Bgp(_) => true,
        _ => false,
    };
    let is_in_ip = all.windows(2).any(|two| two.iter().all(is_ip));
    let tunnels: Vec<_> = all.iter().filter_map(Layer::tunnel).collect();
    let metered = expected(bytes).map(|(flow, _)| (flow.tunnel, flow.vni));
    let is_same = match (&tunnels[..], metered) {
        ([], Some((0, _))) => true,
        ([("vxlan", Some(vni))], Some((1, metered))) | ([("geneve", Some(vni))], Some((2, metered))) => *vni == metered,
        _ => false,
    };
    is_same && !is_in_ip && !all.iter().any(is_other)
}

/// The rows of tables, each with the title that it stands under.
fn rows(text: &[u8]) -> Vec<(String, String)> {
    let mut title = String::new();
    let mut rows = Vec::new();
    for line in str::from_utf8(text).unwrap().lines() {
        match line.split_once("overhead  ") {
            Some((_, of)) => title = of.to_owned(),
            None => rows.push((title.clone(), line.to_owned())),
        }
    }
    rows
}

#[test]
fn prints_as_stats_does() {
    let mut ebpf = object::load("meter").unwrap();
    let program: &mut Xdp = ebpf.program_mut("meter").unwrap().try_into().unwrap();
    program.load().unwrap();
    let mut frames = common::frames();
    frames.retain(|frame| frame.missing == 0 && is_seen_by_both(&frame.bytes));
    let (mut counts, mut capture) = (BTreeMap::<Flow, Count>::new(), Vec::new());
    let format = Commented::begin(&mut capture, LinkType::ETHERNET, "all", 0);
    // So few at a time that the map forgets none.
    for frames in frames.chunks(100) {
        for frame in frames {
            let program: &Xdp = ebpf.program("meter").unwrap().try_into().unwrap();
            let options = TestRunOptions { data_in: Some(&frame.bytes), ..TestRunOptions::new() };
            assert_eq!(program.test_run(options).unwrap().return_value, PASS);
            let (bytes, link_type) = (&frame.bytes[..], LinkType::ETHERNET);
            let record = Record { number: 0, time: None, original_len: bytes.len() as u32, link_type, bytes };
            format.packet(&mut capture, &record, "");
        }
        for (flow, count) in meter::counts(&ebpf).unwrap() {
            let known = counts.entry(flow).or_default();
            *known = [*known, count].into_iter().sum();
        }
        meter::clear(&mut ebpf).unwrap();
    }
    let stats = meter::stats(&counts);
    let (status, theirs) = run_on(&["--stats", "-"], capture.clone()).unwrap();
    assert_eq!(status, 0);
    let of_both = |text: &[u8]| -> Vec<_> {
        rows(text).into_iter().filter(|(title, _)| matches!(&title[..], "network" | "tunnel, both ways" | "")).collect()
    };
    let (ours, theirs) = (of_both(&stats.text()), of_both(&theirs));
    println!("{} packets of {} flows: {} rows, {}", frames.len(), counts.len(), ours.len(), ours.last().unwrap().1);
    assert_eq!(ours, theirs);
    // The same in JSON.
    let (_, theirs) = run_on(&["--stats", "-T", "json", "-"], capture).unwrap();
    let [ours, theirs] = [stats.json(), theirs].map(|json| serde_json::from_slice::<serde_json::Value>(&json).unwrap());
    for table in ["networks", "tunnels", "total"] {
        assert_eq!(ours[table], theirs[table], "{table}");
    }
    let of_flows = ours["flows"].as_array().unwrap().iter().map(|flow| flow["packets"].as_u64().unwrap());
    assert_eq!(of_flows.sum::<u64>(), frames.len() as u64);
}

/// How a flow is called.
#[test]
fn flows_in_words() {
    let addresses = |of: [&str; 2]| of.map(|address| address.parse::<std::net::IpAddr>().unwrap().into());
    let tcp = Flow { ends: addresses(["10.244.1.2", "10.244.2.3"]), protocol: 6, ports: [40_000, 80], ..Flow::NOTHING };
    let nodes = addresses(["2001:db8::1", "2001:db8::2"]);
    let inner = Flow { ends: addresses(["fd00::1", "fd00::2"]), protocol: 17, ports: [1, 2], ..Flow::NOTHING };
    let inside = Flow { nodes, vni: 42, tunnel: Tunnel::Vxlan as u8, ..inner };
    let ping = Flow { ports: [0; 2], protocol: 58, ..inside };
    let arp = Flow { nodes, vni: 7, tunnel: Tunnel::Geneve as u8, ..Flow::NOTHING };
    let count = |packets, overhead| Count { packets, bytes: 100 * packets, overhead };
    let counts =
        BTreeMap::from([(tcp, count(1, 0)), (inside, count(2, 140)), (ping, count(3, 210)), (arp, count(4, 280))]);
    let expected = "   packets          bytes   errors     overhead  flow
         4            400        0          280  no IP, geneve 7
         3            300        0          210  fd00::1 > fd00::2, ICMPv6, vxlan 42
         2            200        0          140  [fd00::1]:1 > [fd00::2]:2, UDP, vxlan 42
         1            100        0            0  10.244.1.2:40000 > 10.244.2.3:80, TCP
   packets          bytes   errors     overhead  network
         5            500        0          350  vxlan 42
         4            400        0          280  geneve 7
   packets          bytes   errors     overhead  tunnel, both ways
         5            500        0          350  vxlan 2001:db8::1 - 2001:db8::2
         4            400        0          280  geneve 2001:db8::1 - 2001:db8::2
   packets          bytes   errors     overhead  
        10           1000        0          630  in all, 63.0 % of the bytes are encapsulation
";
    assert_eq!(str::from_utf8(&meter::stats(&counts).text()).unwrap(), expected);
}
