//! Laws that hold for all values.
#![cfg(feature = "lease")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4};

use ether_ip::Headroom;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use flannel_udp_codec::lease::{LeaseKey, LeaseValue};
use flannel_udp_codec::{
    ByteOrder, Control, ControlRecord, FirstMatch, Forwarding, LongestPrefix, Node, Routes, SubnetRoute,
};
use ipnet::{Ipv4Net, Ipv6Net};
use proptest::collection::vec;
use proptest::prelude::*;

/// Networks that lie in one another often: few addresses, all lengths.
fn network() -> impl Strategy<Value = Ipv4Net> {
    (0_u32..16, 0_u8..=32).prop_map(|(number, len)| {
        let spread = (number & 3) << 30 | (number >> 2) << 7 | (number & 1);
        Ipv4Net::new(Ipv4Addr::from(spread), len).unwrap().trunc()
    })
}

/// A pod's address: not the node's own, which is delivered, and none that nothing is sent to.
fn pod() -> impl Strategy<Value = Ipv4Addr> {
    (0x0af5_0000_u32..0x0aff_ffff).prop_map(Ipv4Addr::from)
}

fn next_hop() -> impl Strategy<Value = SocketAddrV4> {
    (any::<Ipv4Addr>(), any::<u16>()).prop_map(|(address, port)| SocketAddrV4::new(address, port))
}

proptest! {
    /// A table is what a list is that is looked through for the longest network that holds the address.
    #[test]
    fn the_longest_prefix_is_found(
        changes in vec((network(), proptest::option::weighted(0.8, next_hop())), 0..80), addresses in vec(any::<u32>(), 1..20),
    ) {
        let (mut table, mut list) = (LongestPrefix::new(), Vec::<(Ipv4Net, SocketAddrV4)>::new());
        for (network, next_hop) in changes {
            let at = list.iter().position(|(of, _)| *of == network);
            let before = at.map(|at| list.remove(at).1);
            match next_hop {
                Some(next_hop) => {
                    prop_assert_eq!(table.set(SubnetRoute::new(network, next_hop)), before);
                    list.push((network, next_hop));
                }
                None => prop_assert_eq!(table.remove(network), before),
            }
            prop_assert_eq!((table.len(), table.is_empty()), (list.len(), list.is_empty()));
        }
        let near = addresses.iter().map(|n| (n & 3) << 30 | (n & 0x180) | (n & 0x83));
        for address in addresses.iter().copied().chain(near).map(Ipv4Addr::from) {
            let holding = list.iter().filter(|(network, _)| network.contains(&address));
            let expected = holding.max_by_key(|(network, _)| network.prefix_len()).map(|(_, next_hop)| *next_hop);
            prop_assert_eq!(table.get(address), expected);
            prop_assert_eq!((&table).next_hop(address), expected);
        }
        let mut all: Vec<_> = table.iter().map(|route| (route.subnet(), route.next_hop())).collect();
        all.sort_unstable();
        list.sort_unstable();
        prop_assert_eq!(&all, &list);
        // Made at once of the same routes, it is the same.
        let again: LongestPrefix = list.iter().map(|(network, next_hop)| SubnetRoute::new(*network, *next_hop)).collect();
        prop_assert_eq!(again.len(), table.len());
        for (network, next_hop) in list {
            prop_assert_eq!(again.clone().remove(network), Some(next_hop));
        }
    }

    /// flannel's list: the first that holds the address, in the order in which they came.
    #[test]
    fn the_first_match_is_found(networks in vec((network(), next_hop()), 0..20), address in any::<u32>()) {
        let mut places = [SubnetRoute::NONE; 20];
        let (mut table, mut list) = (FirstMatch::new(&mut places), Vec::<(Ipv4Net, SocketAddrV4)>::new());
        for (network, next_hop) in networks {
            match list.iter_mut().find(|(of, _)| *of == network) {
                Some((_, of)) => *of = next_hop,
                None => list.push((network, next_hop)),
            }
            table.set(SubnetRoute::new(network, next_hop)).unwrap();
        }
        let address = Ipv4Addr::from(address & 0xc000_0183);
        let expected = list.iter().find(|(network, _)| network.contains(&address)).map(|(_, next_hop)| *next_hop);
        prop_assert_eq!(table.next_hop(address), expected);
        prop_assert_eq!(Routes::next_hop(&mut &mut table, address), expected);
    }

    /// A step takes a hop and patches the checksum to the one that would be computed; nothing else changes.
    #[test]
    fn a_step_takes_a_hop(
        ends in (any::<Ipv4Addr>(), pod()), ttl in 2..=u8::MAX, class in any::<u8>(), payload in vec(any::<u8>(), 0..100), to in next_hop(),
    ) {
        let mut buffer = vec![0; 20 + payload.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &payload).unwrap();
        let mut ip = Ipv4Header::new(ends.0, ends.1, IpProtocol::UDP);
        ip.set_ttl(ttl);
        ip.set_dscp(class >> 2);
        ip.prepend(&[], &mut packet).unwrap();
        let before = packet.packet().to_vec();
        let mut places = [SubnetRoute::NONE; 1];
        let mut routes = FirstMatch::new(&mut places);
        routes.set(SubnetRoute::new(Ipv4Net::default(), to)).unwrap();
        let outcome = Node::new(Ipv4Addr::new(10, 244, 1, 0)).forward(packet.packet_mut(), &mut routes);
        prop_assert_eq!(outcome, Forwarding::Send(to));
        let mut expected = before;
        let mut header = Ipv4Packet::parse(&mut expected[..]).unwrap();
        header.set_ttl(ttl - 1);
        header.fill_checksum();
        prop_assert_eq!(packet.packet(), &expected[..]);
    }

    /// A lease's key and a record of the proxy's socket are read as they were written.
    #[test]
    fn keys_and_records_are_read_as_written(
        address in any::<(Ipv4Addr, Ipv6Addr)>(), lens in (0_u8..=31, 0_u8..=127), is_dual in any::<bool>(), to in next_hop(), is_little in any::<bool>(),
    ) {
        let ipv4 = Ipv4Net::new(address.0, lens.0).unwrap().trunc();
        let ipv6 = is_dual.then(|| Ipv6Net::new(address.1, lens.1).unwrap().trunc());
        let key = LeaseKey { ipv4, ipv6 };
        prop_assert_eq!(LeaseKey::parse(&key.to_string()).unwrap(), key);
        let order = if is_little { ByteOrder::Little } else { ByteOrder::Big };
        for control in [Control::SetRoute(SubnetRoute::new(ipv4, to)), Control::DelRoute(ipv4), Control::Stop] {
            let mut buffer = [0; 20];
            let written = ControlRecord::from(control).write(order, &mut buffer).unwrap();
            prop_assert_eq!(ControlRecord::parse(written, order).unwrap().control(), Ok(control));
        }
    }

    /// A lease's value: whatever its backend's data, the text comes back.
    #[test]
    fn values_are_written_back(ip in any::<Ipv4Addr>(), kind in "[a-z-]{1,12}", mac in any::<[u8; 6]>(), number in any::<u32>()) {
        let mac = mac.map(|byte| format!("{byte:02x}")).join(":");
        let text = format!(
            r#"{{"PublicIP":"{ip}","PublicIPv6":null,"BackendType":"{kind}","BackendData":{{"VNI":{number},"VtepMAC":"{mac}","X":[1,{{}}]}}}}"#
        );
        prop_assert_eq!(LeaseValue::parse(&text).unwrap().to_string(), text);
    }
}
