//! The files in which a cluster says it.

use std::fmt;
use std::fs::File;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use flannel_udp_codec::ipnet::IpNet;
use flannel_udp_codec::lease::{LeaseError, Leases, NetworkConfig};

use super::super::streams::{complain, read_text};
use super::item::Item;
use super::model::Cluster;
use super::texts::{EXPECTED, Texts};
use super::{calico, cilium, flannel, kubernetes, weave};

/// The longest file that is read: of more nodes than Kubernetes has room for, with all that it tells of each.
const MAX_FILE: u64 = 1 << 28;
/// How many contradictions in a file are said one by one.
const MAX_SAID: usize = 20;

/// What is understood only when all was read.
#[derive(Debug, Default)]
struct Late {
    /// The networks that Kubernetes gave nodes for their pods.
    networks: Vec<(usize, IpNet)>,
    /// Pods, and their nodes' addresses.
    pods: Vec<(IpAddr, IpAddr)>,
}

impl Cluster {
    /// Reads what files of Kubernetes, Calico, Cilium and Weave say, and then flannel's leases. What contradicts itself in them is said,
    /// and passed by. `None` where there is no file.
    pub(in super::super) fn read(leases: Option<&Path>, files: &[PathBuf]) -> Result<Option<Self>, String> {
        let (mut cluster, mut late) = (Self::default(), Late::default());
        for path in files {
            let refused = cluster.take(&text_of(path)?, &mut late).map_err(|error| in_file(path, &error))?;
            say(path, &refused);
        }
        if let Some(path) = leases {
            let refused = cluster.take_leases(&text_of(path)?).map_err(|error| in_file(path, &error))?;
            say(path, &refused);
        }
        cluster.take_late(late);
        Ok(Some(cluster).filter(|_| leases.is_some() || !files.is_empty()))
    }

    /// What one text says, which a file of a cluster's has; and what in it is wrong.
    pub(in super::super) fn parse(text: &str) -> Result<(Self, Vec<String>), String> {
        let (mut cluster, mut late) = (Self::default(), Late::default());
        let refused = cluster.take(text, &mut late)?;
        cluster.take_late(late);
        Ok((cluster, refused))
    }

    /// The same of flannel's leases.
    #[cfg(test)]
    pub(in super::super) fn of_leases(text: &str) -> Result<(Self, Vec<String>), LeaseError> {
        let mut cluster = Self::default();
        let refused = cluster.take_leases(text)?;
        Ok((cluster, refused))
    }

    /// Takes in the JSON texts of a file, one behind the other; what in them is wrong.
    fn take(&mut self, text: &str, late: &mut Late) -> Result<Vec<String>, String> {
        let (mut texts, mut refused, mut is_empty) = (Texts::new(text), Vec::new(), true);
        while let Some(whole) = texts.next(&mut |item, kind| self.take_item(item, kind, late, &mut refused)) {
            is_empty = false;
            let Some(whole) = whole.map_err(|error| sentence(&error))? else { continue };
            let whole = Item(&whole);
            match whole.text("/kind") {
                Some(kind) => self.take_item(whole, kind, late, &mut refused),
                None if weave::is_report(whole) => refused.extend(weave::report(self, whole)),
                None => return Err(format!("it is not {EXPECTED}")),
            }
        }
        if is_empty { Err("it is empty".to_owned()) } else { Ok(refused) }
    }

    /// Takes an object in, if it is of a kind that says something of the network.
    fn take_item(&mut self, item: Item<'_>, kind: &str, late: &mut Late, refused: &mut Vec<String>) {
        let is_calico = item.text("/apiVersion").is_some_and(|of| of.contains("projectcalico.org/"));
        let taken = match kind {
            "Node" if is_calico => {
                let node = self.node(item.name());
                calico::node(self, node, item).map(|_| ())
            }
            "Node" => kubernetes::node(self, item, &mut late.networks),
            "Pod" => kubernetes::pod(self, item),
            "Service" => kubernetes::service(self, item),
            "Endpoints" => kubernetes::endpoints(self, item),
            "EndpointSlice" => kubernetes::slice(self, item),
            "IPPool" if is_calico => calico::pool(self, item),
            "BlockAffinity" | "IPAMBlock" if is_calico => calico::block(self, item),
            "FelixConfiguration" if is_calico => calico::felix(self, item),
            "CiliumNode" => cilium::node(self, item),
            "CiliumEndpoint" => cilium::endpoint(self, item, &mut late.pods),
            "CiliumEndpointSlice" => cilium::slice(self, item, &mut late.pods),
            "ConfigMap" => self.take_configuration(item),
            _ => Ok(()),
        };
        refused.extend(taken.err().map(|error| format!("{kind} {:?}: {error}", item.full_name())));
    }

    /// What a network's configuration says, if it is that.
    fn take_configuration(&mut self, item: Item<'_>) -> Result<(), String> {
        if item.name() == "cilium-config" {
            cilium::configuration(self, item);
        }
        let Some(text) = item.at("/data").and_then(|data| data.get("net-conf.json")?.as_str()) else { return Ok(()) };
        flannel::configuration(self, &NetworkConfig::parse(text).map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Takes in what had to wait. What of it contradicts the rest says no more.
    fn take_late(&mut self, late: Late) {
        // Somebody else gives pods their addresses, and not out of these.
        if self.has_no_networks() {
            late.networks.into_iter().for_each(|(node, network)| _ = self.add_network(node, network));
        }
        for (pod, node) in late.pods {
            let _ = self.node_of(node).map(|node| self.add_pod(node, pod));
        }
    }

    fn take_leases(&mut self, text: &str) -> Result<Vec<String>, LeaseError> {
        let Leases { leases, refused, config } = Leases::parse(text)?;
        config.iter().for_each(|config| flannel::configuration(self, config));
        let refused = refused.iter().map(|(key, error)| format!("{key:?} is passed by: {error}"));
        let mut refused: Vec<_> = refused.collect();
        for lease in &leases {
            let taken = flannel::lease(self, lease);
            refused.extend(taken.err().map(|error| format!("{:?} is passed by: {error}", lease.key.to_string())));
        }
        Ok(refused)
    }
}

/// What is wrong with a text.
fn sentence(error: &serde_json::Error) -> String {
    if error.is_data() { format!("it is not {EXPECTED}: {error}") } else { format!("it is not JSON: {error}") }
}

fn text_of(path: &Path) -> Result<String, String> {
    let text = File::open(path).map_err(|error| error.to_string()).and_then(|file| read_text(file, MAX_FILE));
    text.map_err(|error| in_file(path, &error))
}

fn in_file(path: &Path, error: &dyn fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

fn say(path: &Path, refused: &[String]) {
    refused.iter().take(MAX_SAID).for_each(|error| complain(&in_file(path, error)));
    if let more @ 1.. = refused.len().saturating_sub(MAX_SAID) {
        complain(&in_file(path, &format_args!("and {more} more")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Carriage;
    use super::*;
    use ether_ip::ethernet::MacAddr;
    use ether_ip::vni::Vni;

    const FLANNEL: &str = include_str!("../../../../testdata/cluster/flannel.json");
    const CALICO: &str = include_str!("../../../../testdata/cluster/calico.json");
    const CILIUM: &str = include_str!("../../../../testdata/cluster/cilium.json");
    const WEAVE: &str = include_str!("../../../../testdata/cluster/weave-report.json");

    fn cluster(text: &str) -> Cluster {
        let (cluster, refused) = Cluster::parse(text).unwrap();
        assert_eq!(refused, [""; 0]);
        cluster
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// How the client's packets go to the server.
    fn carriage(cluster: &Cluster) -> Option<Carriage<'_>> {
        cluster.carriage(ip("10.244.1.2"), ip("10.244.2.2"))
    }

    /// The server's node's device: its hardware address, and its network.
    fn device(cluster: &Cluster) -> (Option<MacAddr>, Option<u32>) {
        let device = cluster.device(ip("10.244.2.2"));
        (device.and_then(|of| of.mac), device.and_then(|of| of.vni).map(Vni::get))
    }

    const MAC_B: MacAddr = MacAddr([0x0a, 0, 0, 0, 0, 2]);

    #[test]
    fn names() {
        let all = cluster(FLANNEL);
        let named = ["10.244.1.2", "10.244.2.2", "10.244.2.9", "10.96.7.7", "198.51.100.7", "192.0.2.1", "192.0.2.9"];
        let names = named.map(|address| all.name(ip(address)));
        // A pod in its node's network has the node's address, a job that has ended none; the web pod is in an EndpointSlice alone.
        let shop = Some("shop/server");
        assert_eq!(names, [Some("default/client"), shop, Some("shop/web-0"), shop, shop, Some("node-a"), None]);
    }

    #[test]
    fn flannel() {
        let all = cluster(FLANNEL);
        assert_eq!((carriage(&all), device(&all)), (Some(Carriage::In("vxlan")), (Some(MAC_B), Some(1))));
        assert_eq!(all.of(ip("10.244.2.77")).unwrap().node, ip("192.0.2.2"));
        // host-gw leaves packets as they are; with DirectRouting VXLAN does so on one link, and nobody says what is on one.
        assert_eq!(carriage(&cluster(&FLANNEL.replace("\"vxlan\"", "\"host-gw\""))), Some(Carriage::Plain));
        let direct = FLANNEL.replace(r#"\"Type\": \"vxlan\""#, r#"\"Type\": \"vxlan\", \"DirectRouting\": true"#);
        assert!(direct != FLANNEL && carriage(&cluster(&direct)).is_none());
        // Of one node there is no way.
        assert_eq!(all.carriage(ip("10.244.2.2"), ip("10.244.2.9")), None);
    }

    /// Kubernetes' networks, which stand the other way round there, are none of Calico's.
    #[test]
    fn calico() {
        let all = cluster(CALICO);
        assert_eq!((carriage(&all), device(&all)), (Some(Carriage::In("vxlan")), (Some(MAC_B), Some(4096))));
        assert_eq!(all.of(ip("10.244.2.60")).unwrap().node, ip("192.0.2.2"));
        assert!(all.of(ip("10.244.2.64")).is_none() && all.name(ip("10.244.2.1")) == Some("node-b"));
        // felix/calc/vxlan_resolver.go: 66, and the begin of `printf node-b | sha1sum`.
        let made = all_without(&["0a:00:00:00:00:02"]);
        assert_eq!(device(&made).0, Some(MacAddr([0x66, 0x89, 0x3a, 0x22, 0x7a, 0xac])));
        let felix = r#"{"apiVersion":"crd.projectcalico.org/v1","kind":"FelixConfiguration","spec":{"vxlanVNI":4097}}"#;
        assert_eq!(device(&cluster(&format!("{CALICO}{felix}"))).1, Some(4097));
        // Without a pool nobody says how pods travel; the device is there all the same, if it has an address.
        let pool = cluster(&CALICO.replace("IPPool", "Secret"));
        assert_eq!((carriage(&pool), device(&pool)), (None, (Some(MAC_B), None)));
        assert_eq!(
            device(&cluster(&CALICO.replace("IPPool", "Secret").replace("IPv4VXLANTunnelAddr", "IPv4IPIPTunnelAddr")))
                .0,
            None
        );
    }

    fn all_without(texts: &[&str]) -> Cluster {
        cluster(&texts.iter().fold(CALICO.to_owned(), |all, text| all.replace(text, "")))
    }

    /// ipipMode and vxlanMode: Always, Never, and CrossSubnet, by which packets leave the link alone in a tunnel.
    #[test]
    fn calico_modes() {
        let with = |ipip: &str, vxlan: &str, prefix: &str| {
            let text = CALICO.replace(r#""ipipMode": "Never""#, &format!(r#""ipipMode": "{ipip}""#));
            let text = text.replace(r#""vxlanMode": "Always""#, &format!(r#""vxlanMode": "{vxlan}""#));
            let all = cluster(&text.replace(
                "/24\",\n                    \"projectcalico.org/IPv4VXLAN",
                &format!("{prefix}\",\n                    \"projectcalico.org/IPv4VXLAN"),
            ));
            (format!("{:?}", carriage(&all)), all.device(ip("10.244.2.2")).is_some())
        };
        let (plain, ipip, vxlan) = ("Some(Plain)", r#"Some(In("ipip"))"#, r#"Some(In("vxlan"))"#);
        assert_eq!(with("Never", "Never", "/24"), (plain.to_owned(), false));
        assert_eq!(with("Always", "Never", "/24"), (ipip.to_owned(), false));
        assert_eq!(with("CrossSubnet", "Never", "/24"), (plain.to_owned(), false));
        // 192.0.2.1 and 192.0.2.2 are not in one network of 31 bits.
        assert_eq!(with("CrossSubnet", "Never", "/31"), (ipip.to_owned(), false));
        assert_eq!(with("Never", "CrossSubnet", "/24"), (plain.to_owned(), true));
        assert_eq!(with("Never", "CrossSubnet", "/31"), (vxlan.to_owned(), true));
        // Without a network's length it is not known.
        assert_eq!(with("Never", "CrossSubnet", "").0, "None");
    }

    #[test]
    fn cilium() {
        let all = cluster(CILIUM);
        assert_eq!((carriage(&all), device(&all)), (Some(Carriage::In("vxlan")), (None, None)));
        assert_eq!((all.identity(ip("10.244.1.2")), all.identity(ip("10.244.1.3"))), (Some(4096), None));
        // The node's end among its pods is no address that tunnels go to.
        let inner = ip("10.244.2.100");
        assert!(!all.is_node(inner) && all.is_pod(inner) && all.name(inner) == Some("node-b"));
        let mode = |from: &str, to: &str| format!("{:?}", carriage(&cluster(&CILIUM.replace(from, to))));
        assert_eq!(mode("\"tunnel\"", "\"native\""), "Some(Plain)");
        assert_eq!(mode("\"tunnel-protocol\": \"vxlan\"", "\"tunnel-protocol\": \"geneve\""), r#"Some(In("geneve"))"#);
        assert_eq!(mode("cilium-config", "another"), "None");
        // In a slice an endpoint's `id` is its identity, and the slice's namespace is outside its metadata (v2alpha1/types.go).
        let slice = r#"{"kind": "CiliumEndpointSlice", "metadata": {"name": "ces-1"}, "namespace": "shop", "endpoints": [{"name": "web",
            "id": 21337, "networking": {"addressing": [{"ipv4": "10.99.0.1", "ipv6": "fd00::9"}], "node": "192.0.2.2"}}]}"#;
        let all = cluster(&format!("{slice}{CILIUM}"));
        for pod in ["10.99.0.1", "fd00::9"].map(ip) {
            let node = all.of(pod).map(|place| place.node);
            assert_eq!(
                (all.name(pod), all.identity(pod), node),
                (Some("shop/web"), Some(21337), Some(ip("192.0.2.2")))
            );
        }
    }

    /// Ranges begin and end anywhere: of 10.244.2.0 there are 257, so that 10.244.3.0 is the last. The third peer is gone.
    #[test]
    fn weave() {
        let all = cluster(WEAVE);
        let node = |address| all.of(ip(address)).map(|place| place.node.to_string());
        let (a, b) = (Some("192.0.2.1".to_owned()), Some("192.0.2.2".to_owned()));
        assert_eq!(["10.244.1.2", "10.244.3.0", "10.244.3.1"].map(node), [a, b, None]);
        assert_eq!((carriage(&all), all.knows_all_nodes()), (Some(Carriage::In("weave")), [true, false]));
        assert_eq!(all.peers(), [291, 2748].into());
        assert_eq!((all.name(ip("192.0.2.2")), all.tries_fast_datapath()), (Some("node-b"), true));
        // IPAM's part alone, with or without its name, beside Kubernetes' nodes, whose own networks do not count then.
        let report: serde_json::Value = serde_json::from_str(WEAVE).unwrap();
        let ipam = &report["IPAM"];
        let nodes =
            FLANNEL.replace("flannel.alpha.coreos.com", "example.com").replace("10.244.2.0/24", "10.244.1.0/24");
        for text in [format!("{ipam}{nodes}"), format!("{nodes}{}", serde_json::json!({ "IPAM": ipam }))] {
            let all = Cluster::parse(&text).unwrap().0;
            assert_eq!(all.of(ip("10.244.2.9")).map(|place| place.node), Some(ip("192.0.2.2")));
            assert_eq!((carriage(&all), all.peers()), (Some(Carriage::In("weave")), [].into()));
        }
    }

    /// Several texts one behind the other, as several commands print them, in whatever order.
    #[test]
    fn all_together() {
        for text in [format!("{CILIUM}{FLANNEL}"), format!("{FLANNEL}{CILIUM}")] {
            let all = cluster(&text);
            assert_eq!((carriage(&all), all.identity(ip("10.244.2.2"))), (Some(Carriage::In("vxlan")), Some(4096)));
        }
    }

    #[test]
    fn what_contradicts_itself() {
        let refused = |text: &str| Cluster::parse(text).unwrap().1;
        let none: [&str; 0] = [];
        // kube-controller-manager has yet to give the node a network; Flannel needs one.
        let bare = FLANNEL.replace("10.244.2.0/24", "");
        assert_eq!(refused(&bare), [r#"Node "node-b": "" is no network"#]);
        let twice = FLANNEL.replace("10.244.2.0/24", "10.244.0.0/16");
        let overlap = r#"Node "node-b": the pod network 10.244.0.0/16 is node-b's, and 10.244.1.0/24 node-a's"#;
        assert_eq!(refused(&twice), [overlap]);
        let mac = CALICO.replace("0a:00:00:00:00:02", "0a:00:00:00:00");
        assert_eq!(refused(&mac), [r#"Node "node-b": "0a:00:00:00:00" is no hardware address"#]);
        let both = CALICO.replace(r#""ipipMode": "Never""#, r#""ipipMode": "Always""#);
        let (one, other) = ("10.244.0.0/16", "fd00:10:244::/48");
        let mode = |name, of| format!("IPPool {name:?}: {of} is reached by IP in IP, and by VXLAN too");
        assert_eq!(refused(&both), [mode("default-ipv4-ippool", one), mode("default-ipv6-ippool", other)]);
        let address = FLANNEL.replace("\"address\": \"192.0.2.2\"", "\"address\": \"192.0.2.1\"");
        assert_eq!(refused(&address), [r#"Node "node-b": 192.0.2.1 is node-b's, and node-a's too"#]);
        let identity = CILIUM.replace("10.244.2.2", "10.244.1.2").replacen("4096", "4097", 1);
        assert!(
            refused(&identity)
                .contains(&r#"CiliumEndpoint "shop/server": 10.244.1.2 has identity 4096, and 4097 too"#.to_owned())
        );
        // What is no part of a network, or is of another kind that has the same name, is none of this.
        assert_eq!(refused(r#"{"kind":"List","items":[{"kind":"Secret"},{"kind":"IPPool","spec":{}},7]}"#), none);
    }

    #[test]
    fn what_is_none() {
        let error = |text: &str| Cluster::parse(text).unwrap_err();
        assert_eq!(error(""), "it is empty");
        let other = "it is not what kubectl get -o json prints, or Weave's report";
        assert_eq!([error("{}"), error(r#"{"Router":{}}"#)], [other; 2]);
        let seven = format!("{other}: invalid type: integer `7`, expected {EXPECTED} at line 1 column 1");
        assert_eq!(error("7"), seven);
        assert!(error("[]").starts_with(other) && error(r#"{"items":{}}"#).contains("expected a list of objects"));
        assert!(error(&format!("{WEAVE}[")).starts_with("it is not what"));
        assert!(error(&WEAVE[..200]).starts_with("it is not JSON: EOF while parsing"));
        assert_eq!(error("kind: List"), "it is not JSON: expected value at line 1 column 1");
    }

    /// etcd's leases go to the nodes that are there: 192.0.2.2 is node-b.
    #[test]
    fn leases_beside_it() {
        let nodes = FLANNEL.replace("flannel.alpha.coreos.com", "example.com").replace("10.244.2.0/24", "10.99.2.0/24");
        let mut all = cluster(&nodes);
        let lease = r#"{"/coreos.com/network/subnets/10.77.2.0-24":{"PublicIP":"192.0.2.2","BackendType":"host-gw"}}"#;
        assert_eq!(all.take_leases(lease).unwrap(), [""; 0]);
        assert_eq!(all.carriage(ip("10.244.1.2"), ip("10.77.2.9")), Some(Carriage::Plain));
        assert_eq!(all.name(all.of(ip("10.77.2.9")).unwrap().node), Some("node-b"));
    }
}
