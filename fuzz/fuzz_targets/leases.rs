//! Flannel's leases, keys and configurations: what is read is written back equal, whatever else stands in it; a lease is the same
//! lease in each form in which a store has it, and leads to itself.
#![no_main]

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flannel_udp_codec::ipnet::IpNet;
use flannel_udp_codec::lease::{Annotations, Lease, LeaseKey, LeaseValue, Leases, NetworkConfig};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    if let Ok(leases) = Leases::parse(text) {
        leases.leases.iter().for_each(|lease| use_of(&leases, lease));
        assert!(leases.routes().count() <= leases.leases.len());
        leases.refused.iter().for_each(|(_, error)| assert!(!error.to_string().is_empty()));
    }
    if let Ok(key) = LeaseKey::parse(text) {
        assert_eq!(LeaseKey::parse(&key.to_string()).unwrap(), key);
    }
    if let Ok(value) = LeaseValue::parse(text) {
        let written = value.to_string();
        let object = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(object(&written), object(text));
        assert_eq!(LeaseValue::parse(&written).unwrap(), value);
        let _ = (value.vxlan(), value.vxlan_v6());
    }
    if let Ok(config) = NetworkConfig::parse(text) {
        let object = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(object(&config.to_string()), object(text));
        let _ = config.backend();
    }
    // The first line as a key, what is behind it as its value.
    if let Some((key, value)) = text.split_once('\n') {
        in_each_form(key, value);
    }
    // Each line as what a node is annotated with.
    let lines: Vec<_> = text.lines().collect();
    let name_of = |name: &str| NAMES.iter().position(|last| name.ends_with(last));
    let get = |name: &str| name_of(name).and_then(|at| lines.get(at).copied());
    let networks: Vec<IpNet> = lines.iter().skip(NAMES.len()).filter_map(|line| line.parse().ok()).collect();
    if let Ok(lease) = Annotations::default().read(get, &networks) {
        annotated(&lease);
    }
});

/// What flannel annotates a node with.
const NAMES: [&str; 6] =
    ["/kube-subnet-manager", "/public-ipv6", "/public-ip", "/backend-v6-data", "/backend-data", "/backend-type"];

/// A lease by itself, in etcd's export, and as annotations: it is the same.
fn in_each_form(key: &str, value: &str) {
    let Ok(lease) = Lease::parse(key, value) else { return };
    let plain = json!({ key: value });
    let pairs = json!({ "kvs": [{ "key": STANDARD.encode(key), "value": STANDARD.encode(value) }] });
    for store in [plain, pairs] {
        let leases = Leases::parse(&store.to_string()).unwrap();
        assert!(leases.refused.is_empty() && leases.config.is_none(), "{leases:?}");
        assert_eq!(leases.leases[..], [lease.clone()]);
        use_of(&leases, &lease);
    }
    annotated(&lease);
}

/// Written as a node's annotations and read again, but for what flannel does not write there.
fn annotated(lease: &Lease) {
    let (key, value, names) = (lease.key, &lease.value, Annotations::default());
    let written: HashMap<_, _> = names.write(value).into_iter().collect();
    let get = |name: &str| written.get(name).map(String::as_str);
    let networks: Vec<IpNet> = [Some(IpNet::V4(key.ipv4)), key.ipv6.map(IpNet::V6)].into_iter().flatten().collect();
    let has_ipv4 = !value.public_ip.is_unspecified();
    let has_ipv6 = value.public_ipv6.is_some();
    let Ok(again) = names.read(get, &networks) else {
        assert!(!has_ipv4 && !has_ipv6 || has_ipv6 && key.ipv6.is_none(), "{lease:?}");
        return;
    };
    // A family in which the node has no address has no pod network either.
    assert_eq!(again.key.ipv4, if has_ipv4 { key.ipv4 } else { Default::default() });
    assert_eq!(again.key.ipv6, key.ipv6.filter(|_| has_ipv6));
    assert_eq!((again.value.public_ip, again.value.public_ipv6), (value.public_ip, value.public_ipv6));
    assert_eq!(again.value.backend_type, value.backend_type);
    if has_ipv4 {
        assert_eq!(again.value.backend_data, value.backend_data.clone().filter(|data| !data.is_null()));
    }
    if has_ipv6 {
        assert_eq!(again.value.backend_v6_data, value.backend_v6_data.clone().filter(|data| !data.is_null()));
    }
    let pods = networks.iter().map(ToString::to_string).collect::<Vec<_>>();
    let nodes =
        json!({ "items": [{ "metadata": { "name": "node", "annotations": written }, "spec": { "podCIDRs": pods } }] });
    assert_eq!(Leases::parse(&nodes.to_string()).unwrap().leases[..], [again]);
}

/// What a node does with a lease.
fn use_of(leases: &Leases, lease: &Lease) {
    if let Ok(entries) = lease.entries(&leases.backend_of(lease)) {
        assert!(entries.len() <= 6);
        entries.iter().for_each(|entry| assert!(!entry.to_string().is_empty()));
    }
    // Another one that stands in front of it may have the same addresses.
    let of_node = leases.of_node(lease.value.public_ip.into()).unwrap();
    assert_eq!(of_node.value.public_ip, lease.value.public_ip);
    if lease.key.ipv4.prefix_len() > 0 {
        let first = lease.key.ipv4.network();
        assert!(leases.behind(first.into()).unwrap().key.ipv4.contains(&first));
    }
    if let Some(ipv6) = lease.key.ipv6 {
        assert!(leases.behind(ipv6.network().into()).unwrap().key.ipv6.unwrap().contains(&ipv6.network()));
    }
}
