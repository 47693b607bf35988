//! Flannel's leases, keys and configurations: what is read is written back equal, whatever else stands in it.
#![no_main]

use flannel_udp_codec::lease::{LeaseKey, LeaseValue, Leases, NetworkConfig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Leases::parse(text);
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
});
