//! `unknown-peer`, `wrong-vtep-mac`, `wrong-vni`, `unencapsulated-pod`: what contradicts Flannel's leases.

use std::net::IpAddr;

use ether_ip::ethernet::MacAddr;
use ether_ip::vni::Vni;

use super::super::leases::Places;
use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Encapsulation, Header, Sight};

#[derive(Debug)]
pub(super) struct Leased<'a> {
    places: &'a Places,
    /// The hardware addresses between which tunnels' packets go.
    underlay: Bounded<(MacAddr, MacAddr), ()>,
}

impl<'a> Leased<'a> {
    pub(super) fn new(places: &'a Places) -> Self {
        Self { places, underlay: Bounded::default() }
    }
}

impl Rule for Leased<'_> {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        let [outer, ..] = &sight.headers[..] else { return };
        match sight.tunnels.first() {
            Some(tunnel) if matches!(tunnel.kind, "vxlan" | "flannel-udp" | "ipip" | "wireguard") => {
                outer.macs.into_iter().for_each(|macs| _ = self.underlay.of(macs));
                self.peers(tunnel.nodes, sight, ledger);
                let of_flannel = tunnel.kind == "vxlan";
                for inner in sight.headers.iter().filter(|header| of_flannel && header.depth == 1) {
                    self.device(inner, sight, ledger);
                    self.network(tunnel, inner, sight, ledger);
                }
            }
            Some(_) => {}
            None => self.plain(outer, sight, ledger),
        }
    }
}

impl Leased<'_> {
    /// Whether both ends of a tunnel are nodes.
    fn peers(&self, nodes: Addresses, sight: &Sight<'_>, ledger: &mut Ledger) {
        let is_node = |address| self.places.of(address).is_some_and(|place| place.subnet.is_none());
        for address in [nodes.0, nodes.1].into_iter().filter(|address| !address.is_multicast() && !is_node(*address)) {
            let key = Key::new(Code::UnknownPeer).around(Some(nodes)).of(address.to_string());
            ledger.note(key, &sight.at, |_| {
                format!(
                    "A tunnel's packets go between {} and {}, and {address} is no node's by the leases.",
                    nodes.0, nodes.1
                )
            });
        }
    }

    /// Whether an inner frame goes to the VXLAN device of the node that has the pod.
    fn device(&self, inner: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (Some((_, mac)), (_, pod)) = (inner.macs, inner.addresses) else { return };
        let Some(right) = self.places.device(pod).map(|device| device.vtep_mac) else { return };
        if right == mac || mac.is_multicast() {
            return;
        }
        let key = Key::new(Code::WrongVtepMac).between(inner.addresses).around(inner.nodes).of(mac.to_string());
        ledger.note(key, &sight.at, |_| {
            format!("Frames for {pod} go to {mac}, and the VXLAN device of its node is {right} by the leases: it drops them.")
        });
    }

    /// Whether the network's number is that of the node that has the pod.
    fn network(&self, tunnel: &Encapsulation, inner: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (Some(number), Some(device)) = (tunnel.network, self.places.device(inner.addresses.1)) else { return };
        let Some(right) = device.vni.map(Vni::get).filter(|right| *right != number) else { return };
        let (from, to) = tunnel.nodes;
        ledger.note(Key::new(Code::WrongVni).around(Some(tunnel.nodes)).of(number.to_string()), &sight.at, |_| {
            format!("{from} sends to {to} in vxlan network {number}, and its lease has {right}: it drops that.")
        });
    }

    /// Whether a pod's packet goes between nodes without a tunnel, where tunnels' packets go too.
    fn plain(&self, header: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let is_there = header.macs.is_some_and(|macs| self.underlay.has(&macs));
        if !is_there {
            return;
        }
        let pod = |address: IpAddr| self.places.of(address).filter(|place| place.subnet.is_some());
        let (Some(from), Some(to)) = (pod(header.addresses.0), pod(header.addresses.1)) else { return };
        if from.node != to.node && to.backend != "host-gw" {
            let (source, destination) = header.addresses;
            let key = Key::new(Code::UnencapsulatedPod).between(header.addresses).around(Some((from.node, to.node)));
            let backend = to.backend.to_owned();
            ledger.note(key, &sight.at, |_| {
                format!("Packets of {source} to {destination} go between the nodes as they are, and not by {backend} as the lease has it.")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, NODE_A, NODE_B, frame, mac, told, vxlan, with_leases};
    use super::*;
    use crate::cli::doctor::Finding;
    use std::net::Ipv4Addr;

    /// Flannel's leases of the two nodes; B's VXLAN device has the hardware address that the lab gives B.
    fn places() -> Places {
        let lease = |node: Ipv4Addr, device: MacAddr| {
            format!(
                r#"{{"PublicIP":"{node}","PublicIPv6":null,"BackendType":"vxlan","BackendData":{{"VNI":1,"VtepMAC":"{device}"}}}}"#
            )
        };
        let (one, other) = (lease(NODE_A, mac(A)), lease(NODE_B, mac(B)));
        Places::parse(&format!(
            r#"{{"/coreos.com/network/subnets/10.244.1.0-24":{one},"/coreos.com/network/subnets/10.244.2.0-24":{other}}}"#
        ))
        .unwrap()
        .0
    }

    fn found(capture: &Capture) -> Vec<Finding> {
        with_leases(capture, Some(&places()))
    }

    fn ping() -> Vec<u8> {
        frame(&Ip::new(A, B).ping(1))
    }

    #[test]
    fn peers() {
        let stranger = Ipv4Addr::new(203, 0, 113, 9);
        let all = found(&vec![(0, vxlan(Ip::new(NODE_A, stranger), 8472, 1, &ping()))]);
        let sentence =
            "A tunnel's packets go between 192.0.2.1 and 203.0.113.9, and 203.0.113.9 is no node's by the leases.";
        assert_eq!((told(&all, "unknown-peer"), all.len()), ((sentence.to_owned(), vec![1]), 1));
        assert!(found(&vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &ping()))]).is_empty());
    }

    #[test]
    fn devices() {
        let mut inner = ping();
        inner[5] ^= 0x10;
        let all = found(&vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner))]);
        let sentence = "Frames for 10.244.2.2 go to 02:00:0a:f4:02:12, and the VXLAN device of its node is 02:00:0a:f4:02:02 by the \
                        leases: it drops them.";
        assert_eq!((told(&all, "wrong-vtep-mac"), all.len()), ((sentence.to_owned(), vec![1]), 1));
    }

    #[test]
    fn numbers() {
        let all = found(&vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 2, &ping()))]);
        let sentence = "192.0.2.1 sends to 192.0.2.2 in vxlan network 2, and its lease has 1: it drops that.";
        assert_eq!((told(&all, "wrong-vni"), all.len()), ((sentence.to_owned(), vec![1]), 1));
    }

    /// A pod's packet in a frame between nodes, where tunnels' packets go too; and one in a pod's own frame.
    #[test]
    fn pods_in_the_clear() {
        let tunnel = vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &ping());
        let plain = [&tunnel[..14], &ping()[14..]].concat();
        let all = found(&vec![(0, tunnel.clone()), (1, plain)]);
        let sentence = "Packets of 10.244.1.2 to 10.244.2.2 go between the nodes as they are, and not by vxlan as the lease has it.";
        assert_eq!((told(&all, "unencapsulated-pod"), all.len()), ((sentence.to_owned(), vec![2]), 1));
        assert!(found(&vec![(0, tunnel), (1, ping())]).is_empty());
    }
}
