//! Flannel: the step on any packet changes what it says and nothing else, both tables answer alike where networks do not
//! overlap, and records come back as they were.
#![no_main]

use std::net::Ipv4Addr;

use ether_ip::icmpv4::Icmpv4Packet;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;
use flannel_udp_codec::{
    ByteOrder, Control, ControlRecord, FirstMatch, Forwarding, LongestPrefix, MAX_ANSWER, Node, Routes, Style,
    SubnetRoute,
};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    style: Style,
    time_exceeded: bool,
    checksum: bool,
    mtu: Option<u16>,
    routes: Vec<SubnetRoute>,
    record: ControlRecord,
    order: ByteOrder,
    bytes: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let mut places = [SubnetRoute::NONE; 32];
    let mut routes = FirstMatch::new(&mut places);
    let mut table = LongestPrefix::new();
    for route in input.routes.iter().take(32) {
        // flannel's subnets do not overlap.
        let is_apart =
            |of: SubnetRoute| !of.subnet().contains(&route.subnet()) && !route.subnet().contains(&of.subnet());
        if table.iter().all(is_apart) {
            routes.set(*route).unwrap();
            assert_eq!(table.set(*route), None);
        }
    }
    let node = Node::new(Ipv4Addr::new(10, 244, 1, 0))
        .style(input.style)
        .time_exceeded(input.time_exceeded)
        .checksum(input.checksum);
    let node = input.mtu.map_or(node, |mtu| node.mtu(mtu));
    let mut bytes = input.bytes.to_vec();
    let outcome = node.forward(&mut bytes, &mut &table);
    check(&outcome, input.bytes, &bytes);
    let mut again = input.bytes.to_vec();
    assert_eq!(node.forward(&mut again, &mut routes), outcome);
    assert_eq!(again, bytes);
    let mut bytes = input.bytes.to_vec();
    let outcome = node.deliver(&mut bytes);
    check(&outcome, input.bytes, &bytes);
    for address in input.bytes.chunks_exact(4) {
        let address = Ipv4Addr::new(address[0], address[1], address[2], address[3]);
        assert_eq!(routes.next_hop(address), table.get(address));
    }
    for route in &input.routes {
        assert_eq!(table.remove(route.subnet()), routes.remove(route.subnet()));
    }
    assert!(table.is_empty() && routes.routes().is_empty());

    let mut buffer = [0; 20];
    let written = input.record.write(input.order, &mut buffer).unwrap();
    assert_eq!(ControlRecord::parse(written, input.order), Ok(input.record));
    match (routes.apply(&input.record), input.record.control()) {
        (Ok(applied), Ok(control)) => {
            assert_eq!((applied, ControlRecord::from(control).control()), (control, Ok(control)));
            let expected = if let Control::SetRoute(route) = control { Some(route) } else { None };
            assert_eq!(routes.routes(), expected.as_slice());
        }
        (applied, control) => assert!(control.is_err() && applied.is_err() && routes.routes().is_empty()),
    }
    if let Ok(record) = ControlRecord::parse(input.bytes, input.order) {
        assert_eq!(record.write(input.order, &mut [0; 20]).unwrap(), input.bytes);
    }
});

fn check(outcome: &Forwarding, before: &[u8], after: &[u8]) {
    match outcome {
        Forwarding::Send(_) | Forwarding::Deliver => {
            assert_eq!(after[8], before[8] - 1);
            assert!(after[8] >= 1);
            let others = |bytes: &[u8]| [&bytes[..8], &bytes[9..10], &bytes[12..]].concat();
            assert_eq!(others(before), others(after));
            let is_good = |bytes: &[u8]| Ipv4Packet::parse(bytes).unwrap().checksum_is_valid();
            assert_eq!(is_good(before), is_good(after));
        }
        Forwarding::Drop(_) => assert_eq!(before, after),
        Forwarding::Answer(answer) => {
            assert_eq!(before, after);
            let offender = Ipv4Packet::parse(before).unwrap();
            assert_eq!(offender.fragment_offset(), 0);
            let mut buffer = [0; MAX_ANSWER];
            let message = answer.write(before, &mut buffer).unwrap();
            let ip = Ipv4Packet::parse(message).unwrap();
            assert!(ip.checksum_is_valid() && ip.destination() == offender.source());
            let icmp = Icmpv4Packet::parse(ip.payload()).unwrap();
            assert!(icmp.checksum_is_valid() && before.starts_with(icmp.payload()));
            if offender.protocol() == IpProtocol::ICMP {
                assert!(Icmpv4Packet::parse(offender.payload()).map_or(true, |about| !about.kind().is_error()));
            }
        }
    }
}
