//! Leases as flannel writes them, and the lines of BAD-INPUTS.md about them.
#![cfg(feature = "lease")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::collections::BTreeMap;

use ether_ip::ethernet::MacAddr;
use flannel_udp_codec::lease::{
    Annotations, Backend, BackendConfig, Entry, Lease, LeaseError, LeaseKey, LeaseValue, Leases, NetworkConfig,
    VxlanData, WireGuardData,
};

fn refused<T: std::fmt::Debug>(result: Result<T, LeaseError>, sentence: &str) {
    assert_eq!(result.unwrap_err().to_string(), sentence);
}

/// pkg/subnet/subnet.go: MakeSubnetKey, ParseSubnetKey.
mod key {
    use super::*;

    #[test]
    fn single_and_dual_stack_are_written_back_equal() {
        for key in ["10.5.34.0-24", "10.5.34.0-24&fc00:0:0:1::-64", "0.0.0.0-0&fc00::-64", "172.16.8.128-25"] {
            assert_eq!(LeaseKey::parse(key).unwrap().to_string(), key);
            let path = format!("/coreos.com/network/subnets/{key}");
            assert_eq!(LeaseKey::parse(&path).unwrap(), LeaseKey::parse(key).unwrap());
        }
    }

    #[test]
    fn prefix_length_33() {
        let rule = "of a prefix length up to 31, or 127 for IPv6";
        for key in
            ["10.5.34.0-33", "10.5.34.0-32", "10.5.34.0-256", "10.5.34.0-", "10.5.34.0-+4", "10.5.34.0-24&fc00::-128"]
        {
            refused(LeaseKey::parse(key), &format!("the lease key is malformed: subnet is {key}, it must be {rule}"));
        }
    }

    #[test]
    fn a_host_bit_set() {
        for key in ["10.5.34.7-24", "10.5.34.0-24&fc00::1-64"] {
            let rule = "a network, without a bit behind its prefix";
            refused(LeaseKey::parse(key), &format!("the lease key is malformed: subnet is {key}, it must be {rule}"));
        }
    }

    #[test]
    fn no_hyphen_and_halves_swapped() {
        let keys = [
            "",
            "config",
            "10.5.34.0",
            "10.5.34.0/24",
            "10.5.34-24",
            "fc00::-64",
            "fc00::-64&10.5.34.0-24",
            "10.5.34.0-24&",
        ];
        for key in keys {
            let rule = "as 10.244.2.0-24 or 10.244.2.0-24&fc00::-64";
            refused(LeaseKey::parse(key), &format!("the lease key is malformed: subnet is {key}, it must be {rule}"));
        }
    }
}

/// pkg/lease/lease.go: LeaseAttrs.
mod value {
    use super::*;

    const VXLAN: &str = r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e:5f"}}"#;

    #[test]
    fn what_was_read_is_written_back_equal() {
        let texts = [
            VXLAN,
            r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"udp"}"#,
            r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"host-gw"}"#,
            r#"{"PublicIP":"192.0.2.1","PublicIPv6":null}"#,
            // Before IPv6 came, and with a key that is not ours to know.
            r#"{"PublicIP":"192.0.2.1","BackendType":"vxlan","BackendData":{"VtepMAC":"0a:1b:2c:3d:4e:5f"}}"#,
            r#"{"PublicIP":"192.0.2.1","PublicIPv6":"2001:db8::1","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e:5f"},"BackendV6Data":{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e:60"}}"#,
            r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"wireguard","BackendData":{"PublicKey":"aGk="},"Zone":["a",1.5,{}]}"#,
            // A number that a quick reading of decimals gets wrong in its last bit (found by the fuzz target `leases`).
            r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"Load":2.46e+79}"#,
            r#"{"BackendType":"udp","publicip":"192.0.2.1","PublicIPv6":"2001:DB8:0::1"}"#,
        ];
        for text in texts {
            let value = LeaseValue::parse(text).unwrap();
            assert_eq!(value.to_string(), text);
            assert_eq!(serde_json::to_string(&serde_json::from_str::<LeaseValue>(text).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn what_was_changed_is_written_in_its_place() {
        let mut value = LeaseValue::parse(VXLAN).unwrap();
        assert_ne!(value, LeaseValue::parse(&VXLAN.replace("192.0.2.", "192.0.3.")).unwrap());
        value.public_ip = [192, 0, 2, 9].into();
        value.public_ipv6 = Some("2001:db8::9".parse().unwrap());
        value.backend_type = "udp".into();
        value.backend_data = None;
        assert_eq!(value.to_string(), r#"{"PublicIP":"192.0.2.9","PublicIPv6":"2001:db8::9","BackendType":"udp"}"#);
        let mut value = LeaseValue::new([192, 0, 2, 1].into(), &Backend::Vxlan);
        let data = VxlanData { vni: Some(1_u16.into()), vtep_mac: MacAddr([0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f]) };
        value.backend_data = Some(data.to_value());
        assert_eq!(value.to_string(), VXLAN);
        assert_eq!(value.vxlan().unwrap(), data);
        assert_eq!(value, LeaseValue::parse(VXLAN).unwrap());
    }

    #[test]
    fn not_json() {
        for text in ["", "{", "[]", "7", "null", r#"{"PublicIP":"192.0.2.1"} x"#] {
            let error = LeaseValue::parse(text).unwrap_err();
            assert!(matches!(error, LeaseError::Json { what: "lease", .. }), "{text}: {error}");
        }
    }

    #[test]
    fn no_public_ip() {
        for text in [r#"{"BackendType":"udp"}"#, r#"{"PublicIP":null,"BackendType":"udp"}"#] {
            refused(LeaseValue::parse(text), "the lease has no PublicIP");
        }
        refused(
            LeaseValue::parse(r#"{"PublicIP":"192.0.2.256"}"#),
            r#"the lease is malformed: PublicIP is "192.0.2.256", it must be the text of an IPv4 address"#,
        );
        refused(
            LeaseValue::parse(r#"{"PublicIP":3221225985}"#),
            "the lease is malformed: PublicIP is 3221225985, it must be the text of an IPv4 address",
        );
    }

    /// RegisterNetwork of each backend (pkg/backend/*, at 067ed7f6ef35; tencent-vpc at 44e09cf2a1be): the name that it registers under, and
    /// what of it goes into a lease. udp, alloc and tencent-vpc set no BackendType, which is left out when it is empty.
    #[test]
    fn what_each_backend_writes() {
        let of = |rest: &str| format!(r#"{{"PublicIP":"192.0.2.1","PublicIPv6":null{rest}}}"#);
        for (backend, name, is_told) in [
            (Backend::Udp, "udp", false),
            (Backend::Vxlan, "vxlan", true),
            (Backend::HostGw, "host-gw", true),
            (Backend::WireGuard, "wireguard", true),
            (Backend::Ipip, "ipip", true),
            (Backend::Ipsec, "ipsec", true),
            (Backend::Extension, "extension", true),
            (Backend::Alloc, "alloc", false),
            (Backend::TencentVpc, "tencent-vpc", false),
        ] {
            let named = of(&format!(r#","BackendType":"{name}""#));
            let (text, told) = if is_told { (named.clone(), backend.clone()) } else { (of(""), Backend::Udp) };
            let built = LeaseValue::new([192, 0, 2, 1].into(), &backend);
            assert_eq!((built.to_string(), backend.name()), (text.clone(), name));
            let read = LeaseValue::parse(&text).unwrap();
            assert_eq!((&read, read.backend(), read.to_string()), (&built, told, text));
            assert_eq!((&read.backend_data, &read.backend_v6_data), (&None, &None));
            // Where somebody wrote the name all the same, and where the configuration does.
            let read = LeaseValue::parse(&named).unwrap();
            assert_eq!((read.backend(), read.to_string()), (backend.clone(), named));
            for name in [name.to_string(), name.to_uppercase()] {
                let config = BackendConfig::read(&serde_json::json!({ "Type": name })).unwrap();
                assert_eq!(config.kind, backend);
            }
        }
    }

    /// pkg/backend/wireguard/wireguard.go, newSubnetAttrs: for each family that is on, the same key. It is 1 to 32 in base64, by Python.
    #[test]
    fn wireguards_keys() {
        let key = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
        let data = format!(r#""BackendData":{{"PublicKey":"{key}"}},"BackendV6Data":{{"PublicKey":"{key}"}}"#);
        let node = r#""PublicIP":"192.0.2.1","PublicIPv6":"2001:db8::1","BackendType":"wireguard""#;
        let text = format!("{{{node},{data}}}");
        let value = LeaseValue::parse(&text).unwrap();
        let data = WireGuardData { public_key: std::array::from_fn(|at| at as u8 + 1), port: None };
        assert_eq!((value.wireguard().unwrap(), value.wireguard_v6().unwrap()), (data, data));
        assert_eq!(value.to_string(), text);
        let mut built = LeaseValue::new([192, 0, 2, 1].into(), &Backend::WireGuard);
        built.public_ipv6 = Some("2001:db8::1".parse().unwrap());
        (built.backend_data, built.backend_v6_data) = (Some(data.to_value()), Some(data.to_value()));
        assert_eq!(built.to_string(), text);
        // No table of these has an entry for it.
        let lease = Lease::parse("10.244.2.0-24", &text).unwrap();
        assert_eq!(lease.entries(&BackendConfig::of(Backend::WireGuard)).unwrap(), []);
        assert_eq!(lease.route(&BackendConfig::of(Backend::WireGuard)), None);

        let read = |json: &str| WireGuardData::read(&serde_json::from_str(json).unwrap());
        let with_port = format!(r#"{{"PublicKey":"{key}","Port":51821}}"#);
        let parsed = read(&with_port).unwrap();
        let expected = WireGuardData { port: Some(51_821), ..data };
        assert_eq!((parsed, parsed.to_value().to_string()), (expected, with_port.clone()));
        let what = "the lease's BackendData";
        let rule = "it must be 32 bytes in base64";
        for key in [r#""aGk=""#, r#""AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA""#, r#""%""#, "7"] {
            let json = format!(r#"{{"PublicKey":{key}}}"#);
            refused(read(&json), &format!("{what} is malformed: PublicKey is {key}, {rule}"));
        }
        refused(read("{}"), &format!("{what} has no PublicKey"));
        refused(read(r#""key""#), &format!(r#"{what} is malformed: it is "key", it must be an object"#));
        let port = with_port.replace("51821", "65536");
        refused(read(&port), &format!("{what} is malformed: Port is 65536, it must be a port"));
        let none = LeaseValue::new([192, 0, 2, 1].into(), &Backend::WireGuard);
        refused(none.wireguard(), "the lease has no BackendData");
        refused(none.wireguard_v6(), "the lease has no BackendV6Data");
    }

    /// pkg/backend/extension/extension.go: what the command printed, as a text; none without a command. Go writes `<` in JSON as \u003c,
    /// which is the same text: it is written back as `<`.
    #[test]
    fn what_an_extensions_command_printed() {
        let with =
            |data: &str| format!(r#"{{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"extension"{data}}}"#);
        let said = r#","BackendData":"10.0.0.1\n{\"a\":1}""#;
        for (data, said) in [("", None), (r#","BackendData":"""#, Some("")), (said, Some("10.0.0.1\n{\"a\":1}"))] {
            let value = LeaseValue::parse(&with(data)).unwrap();
            assert_eq!((value.backend(), value.extension().unwrap()), (Backend::Extension, said));
            assert_eq!(value.to_string(), with(data));
            let mut built = LeaseValue::new([192, 0, 2, 1].into(), &Backend::Extension);
            built.backend_data = said.map(Into::into);
            assert_eq!(built.to_string(), with(data));
        }
        let escaped = LeaseValue::parse(&with(r#","BackendData":"a\u003cb""#)).unwrap();
        assert_eq!((escaped.extension().unwrap(), escaped.to_string()), (Some("a<b"), with(r#","BackendData":"a<b""#)));
        let object = LeaseValue::parse(&with(r#","BackendData":{"a":1}"#)).unwrap();
        refused(object.extension(), r#"the lease's BackendData is malformed: it is {"a":1}, it must be a text"#);
    }

    #[test]
    fn a_backend_never_heard_of_is_kept() {
        let text = r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"teleport","BackendData":[1]}"#;
        let lease = Lease::parse("10.244.2.0-24", text).unwrap();
        assert_eq!(lease.value.backend(), Backend::Other("teleport".into()));
        assert_eq!(lease.value.to_string(), text);
        assert_eq!(lease.entries(&BackendConfig::of(Backend::Vxlan)).unwrap(), []);
        assert_eq!(lease.entries(&BackendConfig::of(Backend::Other("teleport".into()))).unwrap(), []);
        assert_eq!(lease.route(&BackendConfig::of(Backend::Udp)), None);
    }

    #[test]
    fn vtep_mac_of_5_bytes_and_vni_of_25_bits() {
        let data = |json: &str| VxlanData::read(&serde_json::from_str(json).unwrap());
        refused(
            data(r#"{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e"}"#),
            r#"the lease's BackendData is malformed: VtepMAC is "0a:1b:2c:3d:4e", it must be the text of a MAC address, six bytes"#,
        );
        for vni in ["16777216", "-1", "4294967297", "1.5", "\"1\""] {
            refused(
                data(&format!(r#"{{"VNI":{vni},"VtepMAC":"0a:1b:2c:3d:4e:5f"}}"#)),
                &format!("the lease's BackendData is malformed: VNI is {vni}, it must be a number of 24 bits"),
            );
        }
        assert_eq!(data(r#"{"VNI":16777215,"VtepMAC":"0a:1b:2c:3d:4e:5f"}"#).unwrap().vni.unwrap().get(), 0xff_ffff);
        refused(data(r#"{"VNI":1}"#), "the lease's BackendData has no VtepMAC");
        refused(data("[]"), "the lease's BackendData is malformed: it is [], it must be an object");
        let lease = Lease::parse("10.244.2.0-24", r#"{"PublicIP":"192.0.2.1","BackendType":"vxlan"}"#).unwrap();
        refused(lease.entries(&BackendConfig::of(Backend::Vxlan)), "the lease has no BackendData");
    }
}

/// pkg/subnet/config.go, and its tests' texts.
mod config {
    use super::*;

    #[test]
    fn what_was_read_is_written_back_equal() {
        let texts = [
            r#"{"network":"10.3.0.0/16"}"#,
            r#"{"enableIPv6":true,"ipv6Network":"fc00::/48","enableIPv4":false}"#,
            r#"{"Network":"10.3.0.0/16","SubnetMin":"10.3.5.0","SubnetMax":"10.3.8.0","SubnetLen":28}"#,
            r#"{"EnableIPv6":true,"IPv6Network":"fc00::/48","IPv6SubnetMin":"fc00:0:0:1::","IPv6SubnetMax":"fc00:0:0:f::","IPv6SubnetLen":124,"enableIPv4":false}"#,
            r#"{"Network":"10.244.0.0/16","EnableNFTables":false,"Backend":{"Type":"vxlan","VNI":1,"Port":8472,"GBP":true,"DirectRouting":true,"MTU":1400,"Foo":{}}}"#,
            r#"{"EnableIPv4":true,"EnableIPv6":false,"Network":"10.244.0.0/16","Backend":{"Type":"alloc"}}"#,
        ];
        for text in texts {
            assert_eq!(NetworkConfig::parse(text).unwrap().to_string(), text);
            assert_eq!(serde_json::to_string(&serde_json::from_str::<NetworkConfig>(text).unwrap()).unwrap(), text);
        }
        let mut config = NetworkConfig::parse(texts[2]).unwrap();
        assert_eq!(config.subnet_max, Some([10, 3, 8, 0].into()));
        (config.subnet_min, config.subnet_len, config.enable_ipv6) = (None, Some(24), true);
        assert_eq!(
            config.to_string(),
            r#"{"Network":"10.3.0.0/16","SubnetMax":"10.3.8.0","SubnetLen":24,"EnableIPv6":true}"#
        );
    }

    /// What stood there and is changed is changed; what is as it was keeps its form.
    #[test]
    fn what_is_changed_is_written() {
        let mut config = NetworkConfig::parse(r#"{"enableIPv4":true,"EnableIPv6":false,"SubnetLen":28}"#).unwrap();
        (config.enable_ipv4, config.enable_ipv6, config.subnet_len) = (false, true, Some(25));
        assert_eq!(config.to_string(), r#"{"enableIPv4":false,"EnableIPv6":true,"SubnetLen":25}"#);
        (config.enable_ipv4, config.enable_ipv6, config.subnet_len) = (true, false, None);
        assert_eq!(config.to_string(), r#"{"enableIPv4":true,"EnableIPv6":false}"#);
        config.backend = Some(serde_json::json!({ "Type": "host-gw" }));
        let text = r#"{"enableIPv4":true,"EnableIPv6":false,"Backend":{"Type":"host-gw"}}"#;
        assert_eq!((config.to_string().as_str(), config.backend().unwrap().kind), (text, Backend::HostGw));
    }

    #[test]
    fn the_backend_and_its_defaults() {
        let defaults = [Backend::Udp, Backend::Vxlan, Backend::HostGw]
            .map(|kind| (kind.to_string(), BackendConfig::of(kind).port));
        assert_eq!(defaults, [("udp".into(), 8285), ("vxlan".into(), 8472), ("host-gw".into(), 0)]);
        let backend = |json: &str| NetworkConfig::parse(&format!(r#"{{"Backend":{json}}}"#)).unwrap().backend();
        assert_eq!(NetworkConfig::parse("{}").unwrap().backend().unwrap(), BackendConfig::of(Backend::Udp));
        assert_eq!(backend(r#"{"Type":"udp","Port":7890}"#).unwrap().port, 7890);
        assert_eq!(backend(r#"{"Type":"vxlan","Port":0}"#).unwrap(), BackendConfig::of(Backend::Vxlan));
        let all =
            backend(r#"{"type":"vxlan","VNI":9,"GBP":true,"Learning":true,"DirectRouting":true,"MTU":1400}"#).unwrap();
        assert_eq!(
            (all.vni.get(), all.gbp, all.learning, all.direct_routing, all.mtu),
            (9, true, true, true, Some(1400))
        );
        assert_eq!(backend("{}").unwrap().kind, Backend::Other(String::new()));
        let what = "the network configuration's Backend is malformed";
        refused(backend(r#"{"VNI":16777216}"#), &format!("{what}: VNI is 16777216, it must be a number of 24 bits"));
        refused(backend(r#"{"Port":65536}"#), &format!("{what}: Port is 65536, it must be a port"));
        refused(backend(r#""udp""#), &format!(r#"{what}: it is "udp", it must be an object"#));
    }
}

/// pkg/backend/vxlan/vxlan_network.go: handleSubnetEvents, for both families.
#[test]
fn entries_of_a_dual_stack_lease() {
    let value = r#"{"PublicIP":"192.0.2.2","PublicIPv6":"2001:db8::2","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"0a:00:00:00:00:02"},"BackendV6Data":{"VNI":1,"VtepMAC":"0a:00:00:00:00:06"}}"#;
    let lease = Lease::parse("10.244.2.0-24&fc00:0:0:2::-64", value).unwrap();
    let entries = lease.entries(&BackendConfig::of(Backend::Vxlan)).unwrap();
    assert_eq!(
        entries.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "ip neigh replace 10.244.2.0 lladdr 0a:00:00:00:00:02 dev flannel.1 nud permanent",
            "bridge fdb replace 0a:00:00:00:00:02 dev flannel.1 dst 192.0.2.2 self permanent",
            "ip route replace 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink",
            "ip neigh replace fc00:0:0:2:: lladdr 0a:00:00:00:00:06 dev flannel-v6.1 nud permanent",
            "bridge fdb replace 0a:00:00:00:00:06 dev flannel-v6.1 dst 2001:db8::2 self permanent",
            "ip route replace fc00:0:0:2::/64 via fc00:0:0:2:: dev flannel-v6.1 onlink",
        ]
    );
    let gateway = Lease::parse("10.244.2.0-24", r#"{"PublicIP":"192.0.2.2","BackendType":"host-gw"}"#).unwrap();
    let entries = gateway.entries(&BackendConfig::of(Backend::HostGw)).unwrap();
    assert_eq!(entries[0].to_string(), "ip route replace 10.244.2.0/24 via 192.0.2.2");
    let udp = Lease::parse("10.244.2.0-24", r#"{"PublicIP":"192.0.2.2","BackendType":"udp"}"#).unwrap();
    let entries = udp.entries(&BackendConfig::of(Backend::Udp)).unwrap();
    assert_eq!(entries[0].to_string(), "proxy route 10.244.2.0/24 via 192.0.2.2:8285");
    assert!(matches!(entries[0], Entry::Proxy(_)));
}

/// pkg/subnet/kube/annotations.go, kube.go.
#[test]
fn annotations() {
    let value = r#"{"PublicIP":"192.0.2.2","PublicIPv6":"2001:db8::2","BackendType":"udp"}"#;
    let value = LeaseValue::parse(value).unwrap();
    for prefix in ["flannel.alpha.coreos.com", "example.com/net"] {
        let names = Annotations::new(prefix);
        let written: BTreeMap<_, _> = names.write(&value).into_iter().collect();
        let first = if prefix.contains('/') { "example.com/net-" } else { "flannel.alpha.coreos.com/" };
        assert_eq!(written[&format!("{first}backend-data")], "null");
        assert_eq!(written[&format!("{first}public-ipv6")], "2001:db8::2");
        let networks = ["10.244.2.0/24".parse().unwrap(), "fc00:0:0:2::/64".parse().unwrap()];
        let lease = names.read(|name| written.get(name).map(String::as_str), &networks).unwrap();
        assert_eq!((lease.key.to_string(), &lease.value), ("10.244.2.0-24&fc00:0:0:2::-64".to_owned(), &value));
    }
    let names = Annotations::default();
    refused(names.read(|_| None, &[]), "the annotated node has no kube-subnet-manager");
    let managed = |name: &str| name.ends_with("manager").then_some("true");
    refused(names.read(managed, &[]), "the annotated node has no public-ip");
    refused(
        names.read(|name| managed(name).or(Some("x")), &[]),
        "the annotated node is malformed: public-ip is x, it must be the text of an IPv4 address",
    );
}

/// flannel's own tests (at cdf760595c23): the value that pkg/subnet/etcd/registry_test.go finds in etcd, byte for byte, at its key; the
/// keys that pkg/subnet/subnet_test.go has parsed and made again, and those that it has refused.
#[test]
fn what_flannels_tests_have() {
    let value = r#"{"PublicIP":"1.2.3.4","PublicIPv6":null}"#;
    let lease = Lease::parse("/coreos.com/network/subnets/10.1.5.0-24", value).unwrap();
    assert_eq!(lease.key.ipv4, "10.1.5.0/24".parse().unwrap());
    assert_eq!((lease.value.public_ip, lease.value.public_ipv6), ([1, 2, 3, 4].into(), None));
    assert_eq!((lease.value.backend_type.as_str(), lease.value.to_string()), ("", value.to_owned()));

    let key = LeaseKey::parse("10.12.13.0-24").unwrap();
    assert_eq!(
        (key.ipv4.to_string(), key.ipv6, key.to_string()),
        ("10.12.13.0/24".into(), None, "10.12.13.0-24".into())
    );
    let key = LeaseKey::parse("10.12.13.0-24&fd00:12:13::-56").unwrap();
    assert_eq!(key.ipv6.unwrap().to_string(), "fd00:12:13::/56");
    assert_eq!(key.to_string(), "10.12.13.0-24&fd00:12:13::-56");
    for key in [
        "10",
        "10.12.13.0",
        "10.12.13-24",
        "10.12.13.300-24",
        "10.12.13.0-24hi",
        "&2001::-56",
        "10.12.13.0-24&:12:13:-56",
        "10.12.13.0-24&20011::-56",
        "10.12.13.0-24&2001-56",
        "10.12.13.0-24&2001::",
        "10.12.13.0-24&2001::-56hi",
    ] {
        assert!(LeaseKey::parse(key).is_err(), "{key}");
    }
    // A new value has its fields as Go's encoding/json has LeaseAttrs': in order, PublicIPv6 always, what is empty left out.
    // udp names no backend (pkg/backend/udp/udp_amd64.go, `RegisterNetwork`), and its lease leads to its proxy.
    assert_eq!(LeaseValue::new([1, 2, 3, 4].into(), &Backend::Udp).to_string(), value);
    assert_eq!(lease.value.backend(), Backend::Udp);
    let route = lease.route(&BackendConfig::of(Backend::Udp)).unwrap();
    assert_eq!((route.subnet().to_string(), route.next_hop()), ("10.1.5.0/24".into(), "1.2.3.4:8285".parse().unwrap()));
}

/// pkg/subnet/kube/kube.go, `nodeToLease` (at cdf760595c23): where flannel does IPv6 alone, nodes with both families give no IPv4
/// network, and so no entry leads to 0.0.0.0; a node without a pod network, or with three, is no lease.
#[test]
fn nodes_with_one_family_of_two() {
    let annotated = |backend: &'static str, address: &'static str| {
        move |name: &str| match name.rsplit('/').next().unwrap() {
            "kube-subnet-manager" => Some("true"),
            "backend-type" => Some(backend),
            "backend-v6-data" if backend == "vxlan" => Some(r#"{"VNI":1,"VtepMAC":"0a:00:00:00:00:06"}"#),
            "public-ip" => (!address.contains(':')).then_some(address),
            "public-ipv6" => address.contains(':').then_some(address),
            _ => None,
        }
    };
    let both: [ipnet::IpNet; 2] = ["10.244.2.0/24".parse().unwrap(), "fc00:0:0:2::/64".parse().unwrap()];
    let names = Annotations::default();
    for (backend, kind, expected) in [
        ("host-gw", Backend::HostGw, &["ip route replace fc00:0:0:2::/64 via 2001:db8::2"][..]),
        ("udp", Backend::Udp, &[]),
        (
            "vxlan",
            Backend::Vxlan,
            &[
                "ip neigh replace fc00:0:0:2:: lladdr 0a:00:00:00:00:06 dev flannel-v6.1 nud permanent",
                "bridge fdb replace 0a:00:00:00:00:06 dev flannel-v6.1 dst 2001:db8::2 self permanent",
                "ip route replace fc00:0:0:2::/64 via fc00:0:0:2:: dev flannel-v6.1 onlink",
            ],
        ),
    ] {
        let lease = names.read(annotated(backend, "2001:db8::2"), &both).unwrap();
        assert_eq!(lease.key.to_string(), "0.0.0.0-0&fc00:0:0:2::-64");
        let entries = lease.entries(&BackendConfig::of(kind)).unwrap();
        assert_eq!(entries.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{backend}");
    }
    let lease = names.read(annotated("host-gw", "192.0.2.2"), &both).unwrap();
    assert_eq!(lease.key.to_string(), "10.244.2.0-24");
    // A value that has no address of its own, from wherever: the same.
    let lease = Lease::parse("10.244.2.0-24", r#"{"PublicIP":"0.0.0.0","BackendType":"udp"}"#).unwrap();
    assert_eq!(
        (lease.route(&BackendConfig::of(Backend::Udp)), lease.entries(&BackendConfig::of(Backend::Udp)).unwrap().len()),
        (None, 0)
    );

    refused(names.read(annotated("udp", "192.0.2.2"), &[]), "the annotated node has no IPv4 pod network");
    refused(names.read(annotated("udp", "192.0.2.2"), &both[1..]), "the annotated node has no IPv4 pod network");
    refused(names.read(annotated("udp", "2001:db8::2"), &both[..1]), "the annotated node has no IPv6 pod network");
    refused(
        names.read(annotated("udp", "192.0.2.2"), &[both[0], both[1], both[0]]),
        "the annotated node is malformed: number of pod networks is 3, it must be at most one of each family",
    );
}

#[test]
fn files_of_leases() {
    // etcdctl get --prefix /coreos.com/network -w json, of the two keys below.
    let etcd = r#"{"header":{"cluster_id":1,"revision":7},"kvs":[
        {"key":"L2NvcmVvcy5jb20vbmV0d29yay9jb25maWc=","create_revision":2,"value":"eyJOZXR3b3JrIjoiMTAuMjQ0LjAuMC8xNiIsIkJhY2tlbmQiOnsiVHlwZSI6InVkcCIsIlBvcnQiOjc4OTB9fQ=="},
        {"key":"L2NvcmVvcy5jb20vbmV0d29yay9zdWJuZXRzLzEwLjI0NC4yLjAtMjQ=","lease":9,"value":"eyJQdWJsaWNJUCI6IjE5Mi4wLjIuMiIsIlB1YmxpY0lQdjYiOm51bGwsIkJhY2tlbmRUeXBlIjoidWRwIn0="},
        {"key":"/","value":"!"}],"count":3}"#;
    let plain = r#"{
        "/coreos.com/network/config": "{\"Network\":\"10.244.0.0/16\",\"Backend\":{\"Type\":\"udp\",\"Port\":7890}}",
        "10.244.2.0-24": {"PublicIP":"192.0.2.2","PublicIPv6":null,"BackendType":"udp"},
        "10.244.9.0": {"PublicIP":"192.0.2.9"}}"#;
    let kubernetes = r#"{"kind":"List","items":[
        {"metadata":{"name":"two","annotations":{"flannel.alpha.coreos.com/backend-type":"udp","flannel.alpha.coreos.com/kube-subnet-manager":"true","flannel.alpha.coreos.com/public-ip":"192.0.2.2"}},"spec":{"podCIDR":"10.244.2.0/24","podCIDRs":["10.244.2.0/24"]}},
        {"metadata":{"name":"other"}}]}"#;
    for (text, port) in [(etcd, 7890), (plain, 7890), (kubernetes, 8285)] {
        let leases = Leases::parse(text).unwrap();
        assert_eq!(leases.config.is_some(), port == 7890);
        let routes: Vec<_> = leases.routes().collect();
        assert_eq!(routes.len(), 1);
        assert_eq!(routes[0].subnet(), "10.244.2.0/24".parse().unwrap());
        assert_eq!(routes[0].next_hop(), format!("192.0.2.2:{port}").parse().unwrap());
        assert_eq!(leases.refused.len(), 1);
        let lease = leases.of_node([192, 0, 2, 2].into()).unwrap();
        assert_eq!(leases.behind([10, 244, 2, 255].into()), Some(lease));
        assert_eq!((leases.behind([10, 244, 3, 0].into()), leases.of_node([192, 0, 2, 3].into())), (None, None));
        assert_eq!(leases.backend_of(lease).port, port);
    }
    assert!(Leases::parse("[]").is_err());
    // A node with two pod networks: podCIDR says the first of podCIDRs once more. One that has podCIDR alone: that.
    let node = |spec: &str| {
        let annotations = r#"{"flannel.alpha.coreos.com/kube-subnet-manager":"true","flannel.alpha.coreos.com/public-ip":"192.0.2.2","flannel.alpha.coreos.com/public-ipv6":"2001:db8::2"}"#;
        let text =
            format!(r#"{{"items":[{{"metadata":{{"name":"two","annotations":{annotations}}},"spec":{spec}}}]}}"#);
        let leases = Leases::parse(&text).unwrap();
        (leases.leases.first().map(|lease| lease.key.to_string()), leases.refused.len())
    };
    let both = node(r#"{"podCIDR":"10.244.2.0/24","podCIDRs":["10.244.2.0/24","fc00:2::/64"]}"#);
    assert_eq!(both, (Some("10.244.2.0-24&fc00:2::-64".into()), 0));
    assert_eq!(node(r#"{"podCIDR":"10.244.2.0/24"}"#), (None, 1), "no IPv6 pod network");
    assert_eq!(node(r#"{"podCIDRs":["10.244.2.0/24","fc00:2::/64","10.244.3.0/24"]}"#), (None, 1));
    // Nodes by their IPv6 address: of two, the one that has it.
    let both = r#"{
        "10.244.2.0-24&fc00:2::-64": {"PublicIP":"192.0.2.2","PublicIPv6":"2001:db8::2"},
        "10.244.3.0-24&fc00:3::-64": {"PublicIP":"192.0.2.3","PublicIPv6":"2001:db8::3"},
        "0.0.0.0-0&fc00:4::-64": {"PublicIP":"0.0.0.0","PublicIPv6":"2001:db8::5"}}"#;
    let leases = Leases::parse(both).unwrap();
    let node = |address: &str| leases.of_node(address.parse().unwrap()).map(|lease| lease.key.to_string());
    assert_eq!(node("2001:db8::3").as_deref(), Some("10.244.3.0-24&fc00:3::-64"));
    assert_eq!((node("2001:db8::4"), node("192.0.2.4")), (None, None));
    // 0.0.0.0 is nobody's address, though it stands in the lease of a node of IPv6 alone.
    assert_eq!((node("0.0.0.0"), node("2001:db8::5").as_deref()), (None, Some("0.0.0.0-0&fc00:4::-64")));
    let behind = leases.behind("fc00:3::9".parse().unwrap()).map(|lease| lease.value.public_ip);
    assert_eq!(behind, Some([192, 0, 2, 3].into()));
}
