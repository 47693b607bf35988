//! `unknown-peer`, `wrong-vtep-mac`, `wrong-vni`, `cilium-identity`, `unencapsulated-pod`: what contradicts what the cluster says of itself.

use std::collections::HashSet;
use std::net::IpAddr;

use ether_ip::ethernet::MacAddr;
use ether_ip::vni::Vni;

use cilium_codec::{Identity, Mesh};
use weave_codec::{FAST_DATAPATH_PORT, FastDatapathPeers};

use super::super::cluster::{Carriage, Cluster};
use super::bounded::Bounded;
use super::code::Code;
use super::ledger::{Key, Ledger};
use super::rule::Rule;
use super::sight::{Encapsulation, Header, Sight};

#[derive(Debug)]
pub(super) struct Told<'a> {
    cluster: &'a Cluster,
    /// All nodes are known, so that another address is none's: of IPv4, and of IPv6.
    is_whole: [bool; 2],
    has_cilium: bool,
    /// The short ids of Weave's peers, if all are known.
    peers: HashSet<u16>,
    /// The hardware addresses between which the nodes' own packets go, tunnels' among them.
    underlay: Bounded<(MacAddr, MacAddr), ()>,
    /// The tunnel in which pods of two nodes of Cilium's were seen.
    of_cilium: Option<&'static str>,
}

/// The network in which Calico's eBPF programs pass on what comes to a node's port, whatever the pods' network is, and without hardware
/// addresses: felix/bpf-gpl/nat.h, `CALI_VXLAN_VNI`.
const NODE_PORTS: u32 = 0xca_11c0;

impl<'a> Told<'a> {
    pub(super) fn new(cluster: &'a Cluster) -> Self {
        let (is_whole, has_cilium, peers) = (cluster.knows_all_nodes(), cluster.has_cilium(), cluster.peers());
        Self { cluster, is_whole, has_cilium, peers, underlay: Bounded::default(), of_cilium: None }
    }
}

impl Rule for Told<'_> {
    fn see(&mut self, sight: &Sight<'_>, ledger: &mut Ledger) {
        self.see_nodes(sight);
        let [outer, ..] = &sight.headers[..] else { return };
        let Some(tunnel) = sight.tunnels.first() else { return self.plain(outer, sight, ledger) };
        let has_segments = matches!(tunnel.kind, "vxlan" | "geneve");
        if !has_segments && !matches!(tunnel.kind, "flannel-udp" | "ipip" | "wireguard" | "sleeve") {
            return;
        }
        // Another's tunnel may pass by: the cluster's has its pods within.
        let is_pods = |header: &&Header| {
            let (source, destination) = header.addresses;
            let is_pod = |address| self.cluster.is_pod(address) || self.cluster.identity(address).is_some();
            header.depth == 1 && (is_pod(source) || is_pod(destination))
        };
        let Some(inner) = sight.headers.iter().find(is_pods) else { return };
        outer.macs.into_iter().for_each(|macs| self.note_nodes(macs));
        self.peers(tunnel, sight, ledger);
        if tunnel.network == Some(NODE_PORTS) {
            return;
        }
        if tunnel.kind == "vxlan" {
            self.device(inner, sight, ledger);
        }
        if has_segments {
            if self.cluster.are_ciliums(inner.addresses.0, inner.addresses.1) {
                self.of_cilium = Some(tunnel.kind);
            }
            self.network(tunnel, inner, sight, ledger);
            self.identity(tunnel, inner, sight, ledger);
        }
    }
}

impl Told<'_> {
    /// Notes the hardware addresses of two nodes that speak with each other, or answer each other's ARP.
    fn see_nodes(&mut self, sight: &Sight<'_>) {
        let is_node = |address: IpAddr| self.cluster.is_node(address);
        let outer = sight.headers.first().filter(|of| is_node(of.addresses.0) && is_node(of.addresses.1));
        let outer = outer.and_then(|of| of.macs);
        let answer = sight.neighbours.iter().find(|of| of.nodes.is_none() && of.is_answer);
        // A node of IPv6 may ask by the address that it has on the link alone.
        let may_ask = |asker: IpAddr| is_node(asker) || matches!(asker, IpAddr::V6(of) if of.is_unicast_link_local());
        let answer = answer.filter(|of| is_node(of.target) && of.asker.is_some_and(may_ask)).and_then(|of| of.macs);
        outer.into_iter().chain(answer).for_each(|macs| self.note_nodes(macs));
    }

    /// Both ways, as pods' packets may go one way without a tunnel, and the other in one.
    fn note_nodes(&mut self, (from, to): (MacAddr, MacAddr)) {
        if !to.is_multicast() {
            self.underlay.of((from, to));
            self.underlay.of((to, from));
        }
    }

    /// Whether both ends of a tunnel are nodes.
    fn peers(&self, tunnel: &Encapsulation, sight: &Sight<'_>, ledger: &mut Ledger) {
        // The nodes of a mesh's other clusters are in no file of this one.
        let is_of_mesh = |number: u32| self.has_cilium && Identity(number).cluster(Mesh::default()) != 0;
        let (from, to) = tunnel.nodes;
        let is_whole = self.is_whole.get(usize::from(to.is_ipv6())).copied().unwrap_or_default();
        if !is_whole || tunnel.network.is_some_and(is_of_mesh) {
            return;
        }
        for address in [from, to].into_iter().filter(|of| !of.is_multicast() && !self.cluster.is_node(*of)) {
            let key = Key::new(Code::UnknownPeer).around(Some(tunnel.nodes)).of(address.to_string());
            ledger.note(key, &sight.at, |_| {
                format!("A tunnel's packets go between {from} and {to}, and {address} is no node's.")
            });
        }
    }

    /// Whether an inner frame goes to the VXLAN device of the node that has the pod.
    fn device(&self, inner: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (Some((_, mac)), (_, pod)) = (inner.macs, inner.addresses) else { return };
        let Some(right) = self.cluster.device(pod).and_then(|device| device.mac) else { return };
        if right == mac || mac.is_multicast() {
            return;
        }
        let key = Key::new(Code::WrongVtepMac).between(inner.addresses).around(inner.nodes).of(mac.to_string());
        ledger.note(key, &sight.at, |_| {
            format!("Frames for {pod} go to {mac}, and the VXLAN device of its node is {right}: it drops them.")
        });
    }

    /// Whether the network's number is that of the node that has the pod; of Weave's fast datapath, whether it is two peers'.
    fn network(&self, tunnel: &Encapsulation, inner: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (Some(number), (from, to)) = (tunnel.network, tunnel.nodes) else { return };
        let key = Key::new(Code::WrongVni).around(Some(tunnel.nodes)).of(number.to_string());
        if tunnel.port == Some(FAST_DATAPATH_PORT) {
            let Ok(vni) = Vni::new(number) else { return };
            let peers = FastDatapathPeers::from(vni);
            let (source, destination) = (peers.source.get(), peers.destination.get());
            // Where neither is, the number is not of this network's routers.
            let is_ours = [source, destination].iter().any(|peer| self.peers.contains(peer));
            for peer in [source, destination] {
                if is_ours && !self.peers.contains(&peer) {
                    ledger.note(key.clone(), &sight.at, |_| {
                        format!(
                            "{from} sends to {to} in network {number} of the fast datapath, which is peer {source}'s to \
                             {destination}, and no peer is {peer}: it drops that."
                        )
                    });
                }
            }
            return;
        }
        let Some(right) = self.vni_of(inner.addresses.1).filter(|right| *right != number) else { return };
        ledger.note(key, &sight.at, |_| {
            format!("{from} sends to {to} in {} network {number}, and there it is {right}: it drops that.", tunnel.kind)
        });
    }

    /// Whether an identity of Cilium's is that of the pod that sends.
    fn identity(&self, tunnel: &Encapsulation, inner: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let (source, destination) = inner.addresses;
        let (Some(number), Some(right)) = (tunnel.network, self.cluster.identity(source)) else { return };
        // The number is a network's, if another network has the pods.
        let is_network = [source, destination].iter().any(|pod| self.vni_of(*pod) == Some(number));
        // A node or a proxy that sends for a pod has an identity of its own.
        if is_same(Identity(number), Identity(right)) || Identity(number).is_reserved() || is_network {
            return;
        }
        if tunnel.port == Some(FAST_DATAPATH_PORT) {
            return;
        }
        let key = Key::new(Code::CiliumIdentity).between(inner.addresses).around(inner.nodes).of(number.to_string());
        ledger.note(key, &sight.at, |evidence| {
            evidence.numbers = vec![("identity", number.into()), ("endpoint", right.into())];
            format!(
                "What {source} sends to {destination} is marked as of identity {number}, and {source} has {right}: policies judge \
                 it as another's."
            )
        });
    }

    fn vni_of(&self, pod: IpAddr) -> Option<u32> {
        self.cluster.device(pod)?.vni.map(Vni::get)
    }

    /// Whether a pod's packet goes between nodes without a tunnel, where the nodes' own packets go too.
    fn plain(&self, header: &Header, sight: &Sight<'_>, ledger: &mut Ledger) {
        let is_there = header.macs.is_some_and(|macs| self.underlay.has(&macs));
        if !is_there {
            return;
        }
        let (source, destination) = header.addresses;
        let kind = match self.cluster.carriage(source, destination) {
            Some(Carriage::In(kind)) => kind,
            // Its configuration was not told: what others of its pods travel in says it.
            None if self.cluster.are_ciliums(source, destination) => self.of_cilium.unwrap_or_default(),
            _ => return,
        };
        if kind.is_empty() {
            return;
        }
        let (Some(from), Some(to)) = (self.cluster.of(source), self.cluster.of(destination)) else { return };
        let key = Key::new(Code::UnencapsulatedPod).between(header.addresses).around(Some((from.node, to.node)));
        ledger.note(key, &sight.at, |_| {
            format!("Packets of {source} to {destination} go between the nodes as they are, and not by {kind} as they should.")
        });
    }
}

/// Whether two identities are one, where one of them may lack the cluster's number.
fn is_same(one: Identity, other: Identity) -> bool {
    let mesh = Mesh::default();
    let is_bare = one.cluster(mesh) == 0 || other.cluster(mesh) == 0;
    one == other || is_bare && one.in_cluster(mesh) == other.in_cluster(mesh)
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Capture, Ip, NODE_A, NODE_B, arp, frame, in_cluster, mac, sleeve, told, vxlan};
    use super::*;
    use crate::Tunnels;
    use crate::cli::doctor::{Doctor, Finding, Known};
    use ether_ip::arp::ArpOperation;
    use std::net::Ipv4Addr;

    /// Flannel's leases of the two nodes; B's VXLAN device has the hardware address that the lab gives B.
    fn leases() -> Cluster {
        let lease = |node: Ipv4Addr, device: MacAddr| {
            format!(
                r#"{{"PublicIP":"{node}","PublicIPv6":null,"BackendType":"vxlan","BackendData":{{"VNI":1,"VtepMAC":"{device}"}}}}"#
            )
        };
        let (one, other) = (lease(NODE_A, mac(A)), lease(NODE_B, mac(B)));
        Cluster::of_leases(&format!(
            r#"{{"/coreos.com/network/subnets/10.244.1.0-24":{one},"/coreos.com/network/subnets/10.244.2.0-24":{other}}}"#
        ))
        .unwrap()
        .0
    }

    fn found(capture: &Capture) -> Vec<Finding> {
        in_cluster(capture, Some(&leases()))
    }

    fn ping() -> Vec<u8> {
        frame(&Ip::new(A, B).ping(1))
    }

    #[test]
    fn peers() {
        let stranger = Ipv4Addr::new(203, 0, 113, 9);
        let all = found(&vec![(0, vxlan(Ip::new(NODE_A, stranger), 8472, 1, &ping()))]);
        let sentence = "A tunnel's packets go between 192.0.2.1 and 203.0.113.9, and 203.0.113.9 is no node's.";
        assert_eq!((told(&all, "unknown-peer"), all.len()), ((sentence.to_owned(), vec![1]), 1));
        assert!(found(&vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &ping()))]).is_empty());
    }

    #[test]
    fn devices() {
        let mut inner = ping();
        inner[5] ^= 0x10;
        let all = found(&vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &inner))]);
        let sentence = "Frames for 10.244.2.2 go to 02:00:0a:f4:02:12, and the VXLAN device of its node is 02:00:0a:f4:02:02: it \
                        drops them.";
        assert_eq!((told(&all, "wrong-vtep-mac"), all.len()), ((sentence.to_owned(), vec![1]), 1));
    }

    #[test]
    fn numbers() {
        let all = found(&vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, 2, &ping()))]);
        let sentence = "192.0.2.1 sends to 192.0.2.2 in vxlan network 2, and there it is 1: it drops that.";
        assert_eq!((told(&all, "wrong-vni"), all.len()), ((sentence.to_owned(), vec![1]), 1));
    }

    /// A pod's packet in a frame between nodes, where tunnels' packets go too; and one in a pod's own frame.
    #[test]
    fn pods_in_the_clear() {
        let tunnel = vxlan(Ip::new(NODE_A, NODE_B), 8472, 1, &ping());
        let plain = [&tunnel[..14], &ping()[14..]].concat();
        let all = found(&vec![(0, tunnel.clone()), (1, plain)]);
        let sentence =
            "Packets of 10.244.1.2 to 10.244.2.2 go between the nodes as they are, and not by vxlan as they should.";
        assert_eq!((told(&all, "unencapsulated-pod"), all.len()), ((sentence.to_owned(), vec![2]), 1));
        assert!(found(&vec![(0, tunnel), (1, ping())]).is_empty());
    }

    /// One node sends plainly and the other by the tunnel; or both plainly, and all that is seen besides is ARP, or a ping, between them.
    #[test]
    fn pods_in_the_clear_from_the_first_on() {
        let plain = |nodes: Ip, inner: &[u8]| [&frame(&nodes.ping(1))[..14], &inner[14..]].concat();
        let (there, back) = (Ip::new(NODE_A, NODE_B), Ip::new(NODE_B, NODE_A));
        let sent = plain(there, &ping());
        for before in [
            vxlan(back, 8472, 1, &frame(&Ip::new(B, A).pong(1))),
            arp(ArpOperation::REPLY, NODE_B, NODE_A),
            frame(&back.ping(7)),
        ] {
            let codes = found(&vec![(0, before), (1, sent.clone())]).iter().map(Finding::code).collect::<Vec<_>>();
            assert_eq!(codes, ["unencapsulated-pod"]);
        }
        // Nothing says between whom the frame goes.
        assert_eq!(found(&vec![(0, sent)]), []);
    }

    /// One of the clusters in testdata/cluster, and changes of its text.
    fn in_file(text: &str, changes: &[(&str, &str)], capture: &Capture) -> Vec<Finding> {
        let changed = changes.iter().fold(text.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let (cluster, refused) = Cluster::parse(&changed).unwrap();
        assert_eq!(refused, [""; 0]);
        in_cluster(capture, Some(&cluster))
    }

    const CALICO: &str = include_str!("../../../../testdata/cluster/calico.json");
    const CILIUM: &str = include_str!("../../../../testdata/cluster/cilium.json");
    const WEAVE: &str = include_str!("../../../../testdata/cluster/weave-report.json");

    /// What stands in Calico's IPPool decides whether a packet may go plainly.
    #[test]
    fn calico_in_the_clear() {
        let nodes = Ip::new(NODE_A, NODE_B);
        let ipip = frame(&nodes.with(ether_ip::ip::IpProtocol::IPV4, &ping()[14..]));
        let plain = [&ipip[..14], &ping()[14..]].concat();
        let capture = vec![(0, ipip), (1, plain)];
        let codes = |ipip: &str| {
            let modes = [(r#""ipipMode": "Never""#, ipip), (r#""vxlanMode": "Always""#, r#""vxlanMode": "Never""#)];
            in_file(CALICO, &modes, &capture).iter().map(|of| of.sentence().to_owned()).collect::<Vec<_>>()
        };
        let sentence = "Packets of 10.244.1.2 (default/client) to 10.244.2.2 (shop/server) go between the nodes as they are, and not \
                        by ipip as they should.";
        assert_eq!(codes(r#""ipipMode": "Always""#), [sentence]);
        for plain in [r#""ipipMode": "CrossSubnet""#, r#""ipipMode": "Never""#] {
            assert!(codes(plain).is_empty(), "{plain}");
        }
    }

    /// A stranger's tunnel without a pod within is none of the cluster's, and the nodes of a mesh are in no file.
    #[test]
    fn strangers() {
        let stranger = Ipv4Addr::new(203, 0, 113, 9);
        let other = frame(&Ip::new(Ipv4Addr::new(172, 16, 0, 1), Ipv4Addr::new(172, 16, 0, 2)).ping(1));
        assert!(in_file(CILIUM, &[], &vec![(0, vxlan(Ip::new(NODE_A, stranger), 8472, 1, &other))]).is_empty());
        let from = |number| in_file(CILIUM, &[], &vec![(0, vxlan(Ip::new(stranger, NODE_A), 8472, number, &pong()))]);
        let sentence =
            "A tunnel's packets go between 203.0.113.9 and 192.0.2.1 (node-a), and 203.0.113.9 is no node's.";
        assert_eq!((told(&from(4096), "unknown-peer").0, from(4096).len()), (sentence.to_owned(), 1));
        assert!(from(0x02_1000).is_empty());
        // Where one node's address is not told, it may be that.
        let without = [(r#""ip": "192.0.2.2""#, r#""ip": "192.0.2.3""#), ("\"InternalIP\"", "\"Hostname\"")];
        assert!(
            in_file(CILIUM, &without, &vec![(0, vxlan(Ip::new(stranger, NODE_A), 8472, 4096, &pong()))]).is_empty()
        );
    }

    fn pong() -> Vec<u8> {
        frame(&Ip::new(B, A).ping(1))
    }

    /// cilium bpf/lib/encap.h: the VNI is the identity of the one who sends.
    #[test]
    fn identities() {
        let sent = |number| vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 8472, number, &ping()))];
        let all = in_file(CILIUM, &[], &sent(5000));
        let sentence = "What 10.244.1.2 (default/client) sends to 10.244.2.2 (shop/server) is marked as of identity 5000, and \
                        10.244.1.2 has 4096: policies judge it as another's.";
        assert_eq!((told(&all, "cilium-identity"), all.len()), ((sentence.to_owned(), vec![1]), 1));
        // Its own; one of the world, of a remote node, of the API server; its own in a mesh.
        for number in [4096, 2, 6, 7, 0x05_1000] {
            assert!(in_file(CILIUM, &[], &sent(number)).is_empty(), "{number}");
        }
        assert!(in_file(CILIUM, &[(r#""id": 4096"#, r#""id": 331776"#)], &sent(0x05_1000)).is_empty());
        assert_eq!(in_file(CILIUM, &[(r#""id": 4096"#, r#""id": 331776"#)], &sent(0x06_1000)).len(), 1);
        // Calico has the pods, and Cilium only their policies: the number is a network's.
        let chained = format!("{CALICO}{CILIUM}").replace(r#""id": 4096"#, r#""id": 5000"#);
        let (cluster, _) = Cluster::parse(&chained).unwrap();
        let mut inner = ping();
        inner[..6].copy_from_slice(&[0x0a, 0, 0, 0, 0, 2]);
        let sent = vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 4789, 4096, &inner))];
        assert_eq!(in_cluster(&sent, Some(&cluster)), []);
    }

    /// Endpoints alone; and nodes and endpoints without the ConfigMap, where a tunnel's packet says how pods travel.
    #[test]
    fn cilium_in_part() {
        let only = |kinds: &[&str]| {
            let mut all: serde_json::Value = serde_json::from_str(CILIUM).unwrap();
            all["items"].as_array_mut().unwrap().retain(|item| kinds.contains(&item["kind"].as_str().unwrap()));
            all.to_string()
        };
        let sent = |number| vxlan(Ip::new(NODE_A, NODE_B), 8472, number, &ping());
        let endpoints = in_file(&only(&["CiliumEndpoint"]), &[], &vec![(0, sent(5000))]);
        assert_eq!(endpoints.iter().map(Finding::code).collect::<Vec<_>>(), ["cilium-identity"]);
        let plain = [&sent(4096)[..14], &ping()[14..]].concat();
        let nodes = only(&["CiliumNode", "CiliumEndpoint"]);
        let all = in_file(&nodes, &[], &vec![(0, sent(4096)), (1, plain.clone())]);
        assert!(told(&all, "unencapsulated-pod").0.ends_with("not by vxlan as they should."), "{all:?}");
        // Pods without a tunnel are as they should be, for all that is known.
        let ping_of_node = frame(&Ip::new(NODE_A, NODE_B).ping(1));
        assert_eq!(in_file(&nodes, &[], &vec![(0, ping_of_node), (1, plain)]), []);
    }

    /// weave router/fastdp.go, `tunnelIDFor`: the receiver's short id above the sender's; 2748 is node-b's, 291 node-a's.
    #[test]
    fn peers_of_weave() {
        let sent = |number| vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 6784, number, &ping()))];
        assert_eq!(in_file(WEAVE, &[], &sent(0xabc_123)), []);
        let all = in_file(WEAVE, &[], &sent(0xabd_123));
        let sentence = "192.0.2.1 (node-a) sends to 192.0.2.2 (node-b) in network 11260195 of the fast datapath, which is peer 291's \
                        to 2749, and no peer is 2749: it drops that.";
        assert_eq!((told(&all, "wrong-vni"), all.len()), ((sentence.to_owned(), vec![1]), 1));
        assert_eq!(in_file(WEAVE, &[], &sent(1)), []);
        // The sleeve to a stranger, with a pod's frame within.
        let mut buffer = [0; 200];
        let name = weave_codec::PeerName([0x1a, 0, 0, 0, 0, 1]);
        let mut packet = weave_codec::SleeveWriter::plain(name, &mut buffer).unwrap();
        packet.push(&weave_codec::SleeveFrame { source: name, destination: name, ethernet: &ping() }).unwrap();
        let packet = packet.finish();
        let stranger = Ipv4Addr::new(203, 0, 113, 9);
        let all = in_file(WEAVE, &[], &vec![(0, sleeve(Ip::new(NODE_A, stranger), packet))]);
        let sentence =
            "A tunnel's packets go between 192.0.2.1 (node-a) and 203.0.113.9, and 203.0.113.9 is no node's.";
        assert_eq!((told(&all, "unknown-peer").0, all.len()), (sentence.to_owned(), 1));
        assert_eq!(in_file(WEAVE, &[], &vec![(0, sleeve(Ip::new(NODE_A, NODE_B), packet))]), []);
        // The same pods' frame without any tunnel, on the way between the two.
        let tunnel = vxlan(Ip::new(NODE_A, NODE_B), 6784, 0xabc_123, &ping());
        let plain = [&tunnel[..14], &ping()[14..]].concat();
        let all = in_file(WEAVE, &[], &vec![(0, tunnel), (1, plain)]);
        assert!(
            told(&all, "unencapsulated-pod").0.ends_with("as they are, and not by weave as they should."),
            "{all:?}"
        );
    }

    /// felix/bpf-gpl/nat4.h, `vip_encap`: the inner hardware addresses are zero, the network is 0xca11c0.
    #[test]
    fn calico_node_ports() {
        let mut inner = frame(&Ip::new(Ipv4Addr::new(203, 0, 113, 9), B).ping(1));
        inner[..12].fill(0);
        let sent = |number| vec![(0, vxlan(Ip::new(NODE_A, NODE_B), 4789, number, &inner))];
        assert_eq!(in_file(CALICO, &[], &sent(0xca_11c0)), []);
        assert_eq!(in_file(CALICO, &[], &sent(0xca_11c1)).len(), 2);
    }

    /// Where files tell nodes' addresses of IPv4 alone, who has one of IPv6 is not known.
    #[test]
    fn another_family() {
        let found = |text: &str| {
            let (cluster, _) = Cluster::parse(text).unwrap();
            let known = Known { tunnels: Tunnels::DEFAULT, cluster: Some(&cluster), mtu: 1500, keys: None };
            let mut doctor = Doctor::of(known);
            let mut capture = crate::Capture::open("../testdata/vxlan-ipv6-underlay.pcap").unwrap();
            while let Some(record) = capture.next_record() {
                doctor.take(&record.unwrap());
            }
            doctor.findings().iter().map(Finding::code).collect::<Vec<_>>()
        };
        let flannel = include_str!("../../../../testdata/cluster/flannel.json");
        assert!(found(flannel).is_empty());
        let both = |one: &str, other: &str| {
            let text = flannel.replace(
                r#""address": "192.0.2.1""#,
                &format!(r#""type": "InternalIP", "address": "{one}"}}, {{"address": "192.0.2.1""#),
            );
            text.replace(
                r#""address": "192.0.2.2""#,
                &format!(r#""type": "InternalIP", "address": "{other}"}}, {{"address": "192.0.2.2""#),
            )
        };
        assert!(found(&both("2001:db8::1", "2001:db8::2")).is_empty());
        assert_eq!(found(&both("2001:db8::1", "2001:db8::3")), ["unknown-peer"; 2]);
    }
}
