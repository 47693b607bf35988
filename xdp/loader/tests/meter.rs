//! The flow meter on every packet at hand, beside what the walk in user space says of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;

use aya::programs::{TestRun, TestRunOptions, Xdp};
use ether_ip::ip::IpProtocol;
use packet_cursor::MAX_EXTENSIONS;
use packet_dissect::{Layer, LinkType, layers};
use xdp_loader::{meter, object};
use xdp_maps::{Count, Flow, Tunnel};

const PASS: u32 = 2;

/// What the walk says of a packet, as far as the meter looks.
fn expected(bytes: &[u8], missing: usize) -> Option<(Flow, Count)> {
    let (mut outer, mut inner): (Option<Flow>, Option<Flow>) = (None, None);
    let (mut overhead, mut tunnel, mut extensions) = (0, None, 0);
    let mut walk = layers(LinkType::ETHERNET, bytes).with_missing(missing);
    while let Some(layer) = walk.next() {
        let Ok(layer) = layer else { break };
        let is_extension =
            matches!(layer, Layer::HopByHop(_) | Layer::DestinationOptions(_) | Layer::Routing(_) | Layer::Fragment(_));
        extensions = if is_extension { extensions + 1 } else { 0 };
        let at = if tunnel.is_some() { &mut inner } else { &mut outer };
        let ip = |ends, protocol: IpProtocol| Flow { ends, protocol: protocol.0, ..Flow::NOTHING };
        match layer {
            Layer::Ethernet(_) | Layer::Vlan(_) => {}
            Layer::Ipv4(of) if at.is_none() => {
                *at = Some(ip([of.source().into(), of.destination().into()], of.protocol()))
            }
            Layer::Ipv6(of) if at.is_none() => {
                *at = Some(ip([of.source().into(), of.destination().into()], of.next_header()))
            }
            Layer::HopByHop(_) | Layer::DestinationOptions(_) | Layer::Routing(_) | Layer::Fragment(_)
                if extensions > MAX_EXTENSIONS =>
            {
                break;
            }
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
    match (tunnel, inner) {
        (Some((tunnel, vni)), Some(inner)) => {
            Some((Flow { nodes: outer.ends, vni, tunnel: tunnel as u8, ..inner }, count))
        }
        _ => Some((outer, Count { overhead: 0, ..count })),
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
        let expected: Vec<_> = expected(&frame.bytes, frame.missing).into_iter().collect();
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
