//! Annotations of nodes that were worked out from flannel's sources apart from the code: `AcquireLease` and `nodeToLease` in
//! pkg/subnet/kube/kube.go, pkg/subnet/kube/annotations.go and the backends (at cdf76059). Where one of them is wrong, it is mended by
//! the source's words, never by what comes out here.
#![cfg(feature = "lease")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

#[path = "../../testdata/unhex.rs"]
mod unhex;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use ether_ip::ethernet::MacAddr;
use flannel_udp_codec::ipnet::IpNet;
use flannel_udp_codec::lease::{Annotations, Backend, BackendConfig, Entry, Lease, LeaseError, LeaseValue, VxlanData};
use serde_json::Value;
use unhex::unhex;

/// A node's annotations as kubectl shows them, one a line, with YAML's quotes.
fn node(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let pairs = lines.map(|line| line.trim().split_once(": ").unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned())).collect()
}

/// The pod networks of a node with IPv4, with IPv6, or with both.
fn pods(text: &str) -> Vec<IpNet> {
    text.split_whitespace().map(|net| net.parse().unwrap()).collect()
}

fn read(node: &BTreeMap<String, String>, networks: &str) -> Result<Lease, LeaseError> {
    Annotations::default().read(|name| node.get(name).map(String::as_str), &pods(networks))
}

/// Reads a node; what was read must be written as it stood there, and so must `built`, which says the same.
fn read_and_written(text: &str, networks: &str, built: &LeaseValue) -> Lease {
    let node = node(text);
    let lease = read(&node, networks).unwrap();
    let written = |value| Annotations::default().write(value).into_iter().collect::<Vec<_>>();
    assert_eq!(written(&lease.value), node.clone().into_iter().collect::<Vec<_>>());
    assert_eq!(written(built), node.into_iter().collect::<Vec<_>>());
    lease
}

fn entries(lease: &Lease, kind: Backend) -> Vec<String> {
    lease.entries(&BackendConfig::of(kind)).unwrap().iter().map(Entry::to_string).collect()
}

const MAC: MacAddr = MacAddr([0xc6, 0xd2, 0x32, 0x6f, 0x8f, 0x44]);

/// The keys: a prefix without a slash gets one, and one that ends in a name a hyphen.
#[test]
fn keys() {
    let value = LeaseValue::new([192, 0, 2, 92].into(), &Backend::HostGw);
    let names = |prefix| Annotations::new(prefix).write(&value).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    for (prefix, first) in [
        ("flannel.alpha.coreos.com", "flannel.alpha.coreos.com/"),
        ("flannel.alpha.coreos.com/", "flannel.alpha.coreos.com/"),
        ("flannel.alpha.coreos.com/prefix", "flannel.alpha.coreos.com/prefix-"),
    ] {
        let last = ["backend-data", "backend-type", "kube-subnet-manager", "public-ip"];
        assert_eq!(names(prefix), last.map(|last| format!("{first}{last}")));
    }
}

/// 9.1: vxlan; object and address stand in flannel's Documentation/reservations.md. And without the VNI, as its dist/fake-node.yaml has
/// it still.
#[test]
fn vxlan() {
    let mut built = LeaseValue::new([192, 168, 64, 3].into(), &Backend::Vxlan);
    built.backend_data = Some(VxlanData { vni: Some(1_u16.into()), vtep_mac: MAC }.to_value());
    let lease = read_and_written(
        r#"
        flannel.alpha.coreos.com/backend-data: '{"VNI":1,"VtepMAC":"c6:d2:32:6f:8f:44"}'
        flannel.alpha.coreos.com/backend-type: vxlan
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.168.64.3
        "#,
        "10.5.34.0/24",
        &built,
    );
    assert_eq!((lease.value.public_ip, lease.value.public_ipv6), ([192, 168, 64, 3].into(), None));
    assert_eq!((lease.value.backend(), lease.value.backend_type.as_str()), (Backend::Vxlan, "vxlan"));
    assert_eq!(lease.value.vxlan().unwrap(), VxlanData { vni: Some(1_u16.into()), vtep_mac: MAC });
    assert_eq!((lease.key.to_string(), &lease.value.backend_v6_data), ("10.5.34.0-24".into(), &None));
    let data = unhex("7b22564e49223a312c22567465704d4143223a2263363a64323a33323a36663a38663a3434227d");
    assert_eq!(lease.value.backend_data.unwrap().to_string().into_bytes(), data);

    let mut built = LeaseValue::new([192, 168, 77, 17].into(), &Backend::Vxlan);
    let data = VxlanData { vni: None, vtep_mac: MacAddr([0x96, 0x59, 0xb2, 0x3f, 0x04, 0xee]) };
    built.backend_data = Some(data.to_value());
    let old = read_and_written(
        r#"
        flannel.alpha.coreos.com/backend-data: '{"VtepMAC":"96:59:b2:3f:04:ee"}'
        flannel.alpha.coreos.com/backend-type: vxlan
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.168.77.17
        "#,
        "10.244.1.0/24",
        &built,
    );
    assert_eq!(old.value.vxlan().unwrap(), data);
}

/// 9.2: vxlan with both families, each with its device; and with IPv6 alone, where nothing of IPv4 is written.
#[test]
fn vxlan_in_both_families() {
    let ipv4 = VxlanData { vni: Some(7_u16.into()), vtep_mac: MacAddr([0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f]) };
    let ipv6 = VxlanData { vni: Some(7_u16.into()), vtep_mac: MacAddr([0xfa, 0xeb, 0xdc, 0xcd, 0xbe, 0xaf]) };
    let mut built = LeaseValue::new([192, 0, 2, 91].into(), &Backend::Vxlan);
    built.public_ipv6 = Some("2001:db8:91::5".parse().unwrap());
    built.backend_data = Some(ipv4.to_value());
    built.backend_v6_data = Some(ipv6.to_value());
    let lease = read_and_written(
        r#"
        flannel.alpha.coreos.com/backend-data: '{"VNI":7,"VtepMAC":"0a:1b:2c:3d:4e:5f"}'
        flannel.alpha.coreos.com/backend-type: vxlan
        flannel.alpha.coreos.com/backend-v6-data: '{"VNI":7,"VtepMAC":"fa:eb:dc:cd:be:af"}'
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.0.2.91
        flannel.alpha.coreos.com/public-ipv6: 2001:db8:91::5
        "#,
        "10.244.2.0/24 fc00:0:0:2::/64",
        &built,
    );
    assert_eq!((lease.value.vxlan().unwrap(), lease.value.vxlan_v6().unwrap()), (ipv4, ipv6));
    assert_eq!(lease.value.public_ip, Ipv4Addr::new(192, 0, 2, 91));
    assert_eq!(lease.value.public_ipv6.unwrap().to_string(), "2001:db8:91::5");
    assert_eq!(lease.key.to_string(), "10.244.2.0-24&fc00:0:0:2::-64");

    let mut built = LeaseValue::new(Ipv4Addr::UNSPECIFIED, &Backend::Vxlan);
    built.public_ipv6 = Some("2001:db8:91::5".parse().unwrap());
    built.backend_v6_data = Some(ipv6.to_value());
    let alone = read_and_written(
        r#"
        flannel.alpha.coreos.com/backend-type: vxlan
        flannel.alpha.coreos.com/backend-v6-data: '{"VNI":7,"VtepMAC":"fa:eb:dc:cd:be:af"}'
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ipv6: 2001:db8:91::5
        "#,
        "fc00:0:0:2::/64",
        &built,
    );
    assert_eq!((alone.key.to_string(), alone.value.backend_data), ("0.0.0.0-0&fc00:0:0:2::-64".into(), None));
}

/// 9.3: host-gw says nothing, in so many words; with IPv6 alone the IPv4 annotations stand there all the same, with 0.0.0.0.
#[test]
fn host_gw() {
    let mut built = LeaseValue::new([192, 0, 2, 92].into(), &Backend::HostGw);
    let ipv4 = r#"
        flannel.alpha.coreos.com/backend-data: "null"
        flannel.alpha.coreos.com/backend-type: host-gw
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.0.2.92
        "#;
    let lease = read_and_written(ipv4, "10.244.2.0/24", &built);
    assert_eq!((lease.value.backend(), &lease.value.backend_data), (Backend::HostGw, &None));
    assert_eq!(entries(&lease, Backend::HostGw), ["ip route replace 10.244.2.0/24 via 192.0.2.92"]);

    built.public_ipv6 = Some("2001:db8:92::7".parse().unwrap());
    let ipv6 = r#"
        flannel.alpha.coreos.com/backend-v6-data: "null"
        flannel.alpha.coreos.com/public-ipv6: 2001:db8:92::7
        "#;
    let both = read_and_written(&[ipv4, ipv6].concat(), "10.244.2.0/24 fc00:0:0:2::/64", &built);
    assert_eq!((both.value.backend_v6_data, both.key.ipv6.is_some()), (None, true));

    built.public_ip = Ipv4Addr::UNSPECIFIED;
    let text = [&ipv4.replace("192.0.2.92", "0.0.0.0"), ipv6].concat();
    let alone = read_and_written(&text, "fc00:0:0:2::/64", &built);
    assert_eq!(
        (alone.value.public_ip, alone.key.to_string()),
        (Ipv4Addr::UNSPECIFIED, "0.0.0.0-0&fc00:0:0:2::-64".into())
    );
    assert_eq!(entries(&alone, Backend::HostGw), ["ip route replace fc00:0:0:2::/64 via 2001:db8:92::7"]);
}

/// 9.4: udp fills in nothing but its address, so that its type is empty, and leads to its proxy.
#[test]
fn udp() {
    let lease = read_and_written(
        r#"
        flannel.alpha.coreos.com/backend-data: "null"
        flannel.alpha.coreos.com/backend-type: ""
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.0.2.93
        "#,
        "10.244.2.0/24",
        &LeaseValue::new([192, 0, 2, 93].into(), &Backend::Udp),
    );
    assert_eq!((lease.value.backend_type.as_str(), lease.value.backend()), ("", Backend::Udp));
    assert_eq!((&lease.value.backend_data, lease.value.public_ip), (&None, [192, 0, 2, 93].into()));
    assert_eq!(entries(&lease, Backend::Udp), ["proxy route 10.244.2.0/24 via 192.0.2.93:8285"]);
}

/// 9.5: wireguard with both families; what it says is kept as it is. Before v0.26.6 there was no port. With IPv6 alone as host-gw.
#[test]
fn wireguard() {
    let key = "Ek2q0b0h8lTqZ5mT1mQ3xw7n9kq4cJm0H3uQm1r2s0E=";
    let data = |port: u16| -> Value { serde_json::json!({ "PublicKey": key, "Port": port }) };
    let mut built = LeaseValue::new([192, 0, 2, 94].into(), &Backend::WireGuard);
    built.public_ipv6 = Some("2001:db8:94::9".parse().unwrap());
    (built.backend_data, built.backend_v6_data) = (Some(data(51_820)), Some(data(51_821)));
    let text = r#"
        flannel.alpha.coreos.com/backend-data: '{"PublicKey":"Ek2q0b0h8lTqZ5mT1mQ3xw7n9kq4cJm0H3uQm1r2s0E=","Port":51820}'
        flannel.alpha.coreos.com/backend-type: wireguard
        flannel.alpha.coreos.com/backend-v6-data: '{"PublicKey":"Ek2q0b0h8lTqZ5mT1mQ3xw7n9kq4cJm0H3uQm1r2s0E=","Port":51821}'
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.0.2.94
        flannel.alpha.coreos.com/public-ipv6: 2001:db8:94::9
        "#;
    let lease = read_and_written(text, "10.244.2.0/24 fc00:0:0:2::/64", &built);
    assert_eq!((lease.value.backend(), lease.value.public_ip), (Backend::WireGuard, [192, 0, 2, 94].into()));
    let ports = [lease.value.wireguard(), lease.value.wireguard_v6()].map(|data| data.unwrap().port);
    assert_eq!(ports, [Some(51_820), Some(51_821)]);
    assert_eq!(lease.value.public_ipv6.map(IpAddr::V6), Some("2001:db8:94::9".parse().unwrap()));
    assert_eq!((lease.value.backend_data, lease.value.backend_v6_data), (Some(data(51_820)), Some(data(51_821))));

    built.public_ipv6 = None;
    built.backend_data = Some(serde_json::json!({ "PublicKey": key }));
    let mut old = node(&text.replace(r#","Port":51820"#, ""));
    old.retain(|name, _| !name.contains("v6"));
    let lease = read(&old, "10.244.2.0/24").unwrap();
    assert_eq!(lease.value.backend_data, built.backend_data);
    assert_eq!(lease.value.wireguard().unwrap().port, None);
    assert_eq!(Annotations::default().write(&built), old.into_iter().collect::<Vec<_>>());

    let mut alone = node(text);
    alone.insert("flannel.alpha.coreos.com/backend-data".into(), "null".into());
    alone.insert("flannel.alpha.coreos.com/public-ip".into(), "0.0.0.0".into());
    let lease = read(&alone, "fc00:0:0:2::/64").unwrap();
    assert_eq!((lease.value.backend_data.clone(), lease.value.public_ip), (None, Ipv4Addr::UNSPECIFIED));
    assert_eq!(Annotations::default().write(&lease.value), alone.into_iter().collect::<Vec<_>>());
}

/// W9.1 to W9.5.
#[test]
fn nodes_that_flannel_passes_by() {
    let good = node(
        r#"
        flannel.alpha.coreos.com/backend-data: '{"VNI":1,"VtepMAC":"c6:d2:32:6f:8f:44"}'
        flannel.alpha.coreos.com/backend-type: vxlan
        flannel.alpha.coreos.com/kube-subnet-manager: "true"
        flannel.alpha.coreos.com/public-ip: 192.168.64.3
        "#,
    );
    let with = |last: &str, value: Option<&str>| {
        let (mut node, name) = (good.clone(), format!("flannel.alpha.coreos.com/{last}"));
        match value {
            Some(value) => drop(node.insert(name, value.to_owned())),
            None => drop(node.remove(&name)),
        }
        read(&node, "10.5.34.0/24")
    };
    let refused = |result: Result<Lease, LeaseError>, sentence: &str| {
        assert_eq!(result.unwrap_err().to_string(), sentence);
    };
    for managed in [Some("True"), Some("yes"), None] {
        refused(with("kube-subnet-manager", managed), "the annotated node has no kube-subnet-manager");
    }
    refused(with("public-ip", Some("")), "the annotated node has no public-ip");
    let rule = "it must be the text of an IPv4 address";
    let sentence = format!("the annotated node is malformed: public-ip is 192.0.2, {rule}");
    refused(with("public-ip", Some("192.0.2")), &sentence);
    // A reader whose own backend is vxlan, of leases that are another's.
    for other in ["host-gw", ""] {
        assert_eq!(entries(&with("backend-type", Some(other)).unwrap(), Backend::Vxlan), <[&str; 0]>::default());
    }
    // The JSON is good, what stands in it is read by who needs it.
    let entries_of = |data: &str| with("backend-data", Some(data)).unwrap().entries(&BackendConfig::of(Backend::Vxlan));
    assert_eq!(
        entries_of(r#"{"VNI":1,"VtepMAC":"c6-d2"}"#).unwrap_err().to_string(),
        r#"the lease's BackendData is malformed: VtepMAC is "c6-d2", it must be the text of a MAC address, six bytes"#
    );
    // Go reads null as VNI 0 and an empty MAC, with which no neighbour can be made; here it says that there is none.
    assert_eq!(entries_of("null").unwrap_err().to_string(), "the lease has no BackendData");
    let three = read(&good, "10.5.34.0/24 fc00:0:0:2::/64 10.5.35.0/24");
    let rule = "it must be at most one of each family";
    refused(three, &format!("the annotated node is malformed: number of pod networks is 3, {rule}"));
}
