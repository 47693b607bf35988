//! `diagnose --cluster`: the project's captures beside what a cluster of the same nodes and pods says of itself, as it is and with one thing
//! changed. testdata/README.md tells what each file's shape is of.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use common::{program, said, testdata, text};
use serde_json::{Value as Json, json};

/// A file of testdata/cluster with changes, for as long as the test needs it.
struct Cluster(PathBuf);

impl Cluster {
    fn new(name: &str, test: &str, changes: &[(&str, &str)]) -> Self {
        let text = fs::read_to_string(testdata("cluster").join(name)).unwrap();
        let text = changes.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        Self::of(name, test, &text)
    }

    fn of(name: &str, test: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("doctor-cluster-{}-{test}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn diagnose(&self, capture: &str, more: &[&str]) -> Output {
        let capture = testdata(capture);
        let all = ["diagnose", "--cluster", self.0.to_str().unwrap(), capture.to_str().unwrap()];
        program(&[&all, more].concat()).output().unwrap()
    }

    /// The findings' codes and sentences.
    fn found(&self, capture: &str) -> Vec<(String, String)> {
        let output = self.diagnose(capture, &["-T", "json"]);
        assert_eq!(said(&output), "");
        let objects = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Json>>();
        let text = |object: &Json, key: &str| object[key].as_str().unwrap().to_owned();
        objects.iter().map(|object| (text(object, "code"), text(object, "sentence"))).collect()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

fn one(code: &str, sentence: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), sentence.to_owned())]
}

/// Where the network does what the cluster says of it, nothing is found.
#[test]
fn healthy() {
    for (name, capture) in [
        ("flannel.json", "flannel-vxlan-underlay.pcap"),
        ("flannel.json", "flannel-vxlan-device.pcap"),
        ("flannel.json", "flannel-vxlan-pod.pcap"),
        ("calico.json", "calico-vxlan.pcap"),
        // Nothing in it is of these pods.
        ("cilium.json", "cilium-dsr.pcap"),
        ("calico.json", "geneve-options.pcap"),
        ("weave-report.json", "wireguard.pcap"),
        // The number is node-a's pods' identity, as it happens.
        ("cilium.json", "calico-vxlan.pcap"),
    ] {
        let all = Cluster::new(name, "healthy", &[]);
        assert_eq!(all.found(capture), [], "{name} {capture}");
    }
}

/// flannel-vxlan-underlay.pcap: frame 3 is the first from node-a to node-b, frame 4 the first back.
#[test]
fn flannel() {
    let found = |changes: &[_]| Cluster::new("flannel.json", "flannel", changes).found("flannel-vxlan-underlay.pcap");
    let mac = (r#"\"VtepMAC\":\"0a:00:00:00:00:02\""#, r#"\"VtepMAC\":\"0a:00:00:00:00:22\""#);
    let sentence = "Frames for 10.244.2.2 (shop/server) go to 0a:00:00:00:00:02, and the VXLAN device of its node is 0a:00:00:00:00:22: it \
                    drops them.";
    assert_eq!(found(&[mac]), one("wrong-vtep-mac", sentence));
    let number =
        (r#"{\"VNI\":1,\"VtepMAC\":\"0a:00:00:00:00:02\"}"#, r#"{\"VNI\":9,\"VtepMAC\":\"0a:00:00:00:00:02\"}"#);
    let sentence =
        "192.0.2.1 (node-a) sends to 192.0.2.2 (node-b) in vxlan network 1, and there it is 9: it drops that.";
    assert_eq!(found(&[number]), one("wrong-vni", sentence));
    let moved = [
        (r#"public-ip": "192.0.2.2""#, r#"public-ip": "192.0.2.3""#),
        (r#""address": "192.0.2.2""#, r#""address": "192.0.2.3""#),
    ];
    let all = found(&moved);
    let between = |from: &str, to: &str| {
        let sentence = format!("A tunnel's packets go between {from} and {to}, and 192.0.2.2 is no node's.");
        ("unknown-peer".to_owned(), sentence)
    };
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all.contains(&between("192.0.2.1 (node-a)", "192.0.2.2")), "{all:?}");
    assert!(all.contains(&between("192.0.2.2", "192.0.2.1 (node-a)")), "{all:?}");
}

/// calico-vxlan.pcap: VNI 4096, as felix takes it unless it is told another.
#[test]
fn calico() {
    let found = |changes: &[_]| Cluster::new("calico.json", "calico", changes).found("calico-vxlan.pcap");
    // Without an annotation felix makes the address of the node's name: 66, and the begin of its SHA-1.
    let made = ("projectcalico.org/VXLANTunnelMACAddr", "example.com/another");
    let all = found(&[made]);
    let sentence = |pod: &str, mac, right| {
        let sentence =
            format!("Frames for {pod} go to {mac}, and the VXLAN device of its node is {right}: it drops them.");
        ("wrong-vtep-mac".to_owned(), sentence)
    };
    // `printf node-a | sha1sum` begins with 0702c1cc60, that of node-b with 893a227aac.
    let client = sentence("10.244.1.2 (default/client)", "0a:00:00:00:00:01", "66:07:02:c1:cc:60");
    let server = sentence("10.244.2.2 (shop/server)", "0a:00:00:00:00:02", "66:89:3a:22:7a:ac");
    assert!(all.contains(&client) && all.contains(&server) && all.len() == 2, "{all:?}");
    // Nobody says that the pool's pods are reached by VXLAN: then nothing is known of its devices.
    assert_eq!(found(&[made, (r#""vxlanMode": "Always""#, r#""vxlanMode": "Never""#)]), []);
}

/// calico-vxlan.pcap once more, as if 4096 were an identity of Cilium's.
#[test]
fn cilium() {
    let found = |changes: &[_]| Cluster::new("cilium.json", "cilium", changes).found("calico-vxlan.pcap");
    let client = "\"id\": 4096,\n                    \"labels\": [\n                        \"k8s:app=client\"";
    let other = client.replace("4096", "21337");
    assert_eq!(
        found(&[(client, &other)]),
        one(
            "cilium-identity",
            "What 10.244.1.2 (default/client) sends to 10.244.2.2 (shop/server) is marked as of identity 4096, and 10.244.1.2 has \
             21337: policies judge it as another's."
        )
    );
}

/// The names of the pods and nodes stand in the evidence, whether the sentence has them or not.
#[test]
fn evidence() {
    let all = Cluster::new("calico.json", "evidence", &[("VXLANTunnelMACAddr", "X")]);
    let output = all.diagnose("calico-vxlan.pcap", &["-T", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let objects: Vec<Json> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let evidence = &objects.iter().find(|object| object["evidence"]["pods"][1] == "10.244.2.2").unwrap()["evidence"];
    assert_eq!(evidence["nodes"], json!(["192.0.2.1", "192.0.2.2"]));
    let names = json!({
        "10.244.1.2": "default/client", "10.244.2.2": "shop/server", "192.0.2.1": "node-a", "192.0.2.2": "node-b",
    });
    assert_eq!(evidence["names"], names);
    // Frame 7 is the first ping to the server.
    assert_eq!(evidence["frames"][0]["number"], 7);
    let output = all.diagnose("calico-vxlan.pcap", &[]);
    let words: Vec<_> = text(&output).split_whitespace().map(str::to_owned).collect();
    assert!(words.join(" ").contains("; nodes 192.0.2.1 (node-a) > 192.0.2.2 (node-b)"), "{words:?}");
}

/// Names stand beside addresses in every rule's sentence, a service's among them; without --cluster there are none.
#[test]
fn names() {
    // No node has 10.244.77.7; a service is made of it.
    let all = Cluster::new("flannel.json", "names", &[("10.96.7.7", "10.244.77.7")]);
    let found = all.found("flannel-udp-tun.pcap");
    let sentence = |code: &str| found.iter().find(|(of, _)| of == code).unwrap().1.clone();
    assert_eq!(
        sentence("flannel-no-route"),
        "Flannel's proxy at 10.244.1.0 has no route for what 10.244.1.2 (default/client) sends to 10.244.77.7 (shop/server): no lease \
         has that address."
    );
    assert_eq!(
        sentence("unreachable"),
        "10.244.2.2 (shop/server) refuses what 10.244.1.2 (default/client) sends to 10.244.2.2 port 9 (UDP): port unreachable."
    );
    let capture = testdata("flannel-udp-tun.pcap");
    let output = program(&["diagnose", "-T", "json", capture.to_str().unwrap()]).output().unwrap();
    let objects: Vec<Json> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(objects.iter().all(|object| object["evidence"]["names"] == json!({})), "{objects:?}");
}

/// A name is from outside: it cannot move the cursor.
#[test]
fn names_of_control() {
    let all = Cluster::new("flannel.json", "control", &[(r#""name": "client""#, r#""name": "\u001b[2Jclient""#)]);
    let output = all.diagnose("flannel-udp-tun.pcap", &[]);
    assert!(text(&output).contains("default/\\x1b[2Jclient") && !text(&output).contains('\u{1b}'), "{}", text(&output));
}

/// Several files, with leases beside them: etcd's lease of 192.0.2.2 has another device than the nodes' annotation in the first.
#[test]
fn several_files() {
    let (names, leases) = (
        Cluster::new("flannel.json", "several", &[("flannel.alpha.coreos.com", "example.com")]),
        r#"{"/coreos.com/network/subnets/10.244.2.0-24":{"PublicIP":"192.0.2.2","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"0a:00:00:00:00:33"}}}"#,
    );
    let (report, leases) =
        (Cluster::new("weave-report.json", "several", &[]), Cluster::of("leases", "several", leases));
    let more = ["-T", "json", "--cluster", report.0.to_str().unwrap(), "--leases", leases.0.to_str().unwrap()];
    let output = names.diagnose("flannel-vxlan-underlay.pcap", &more);
    let objects: Vec<Json> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 1, "{objects:?}");
    let sentence = "Frames for 10.244.2.2 (shop/server) go to 0a:00:00:00:00:02, and the VXLAN device of its node is 0a:00:00:00:00:33: it \
                    drops them.";
    assert_eq!((&objects[0]["code"], &objects[0]["sentence"]), (&json!("wrong-vtep-mac"), &json!(sentence)));
}

#[test]
fn what_cannot_be_read() {
    let says = |text: &str| {
        let all = Cluster::of("broken", "broken", text);
        let output = all.diagnose("calico-vxlan.pcap", &[]);
        assert_eq!(output.status.code(), Some(2));
        said(&output).replace(all.0.to_str().unwrap(), "FILE")
    };
    assert!(
        says("kind: List").contains("FILE: it is not JSON: expected value at line 1 column 1"),
        "{}",
        says("kind: List")
    );
    assert!(says("{}").contains("FILE: it is not what kubectl get -o json prints, or Weave's report"));
    assert!(says("").contains("FILE: it is empty"));
    let nowhere = testdata("calico-vxlan.pcap");
    let output = program(&["diagnose", "--cluster", "/nowhere", nowhere.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("/nowhere: No such file"), "{}", said(&output));
}

/// What contradicts itself is said and passed by: the rest counts.
#[test]
fn contradictions() {
    let all = Cluster::new("flannel.json", "contradictions", &[("\"10.244.2.0/24\"", "\"10.244.1.0/24\"")]);
    let output = all.diagnose("flannel-vxlan-underlay.pcap", &[]);
    let sentence = "Node \"node-b\": the pod network 10.244.1.0/24 is node-b's, and 10.244.1.0/24 node-a's\n";
    assert!(said(&output).ends_with(sentence) && said(&output).lines().count() == 1, "{}", said(&output));
    assert_eq!((output.status.code(), text(&output)), (Some(0), "Nothing found in 94 packets.\n".to_owned()));
}
