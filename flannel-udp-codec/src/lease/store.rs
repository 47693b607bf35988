//! All leases of a network, out of a file.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;
use serde_json::{Map, Value};

use super::annotations::Annotations;
use super::config::{BackendConfig, NetworkConfig};
use super::error::LeaseError;
use super::value::{Backend, Lease};
use crate::routes::SubnetRoute;

const FILE: &str = "file of leases";

/// All leases, and the network's configuration, as one JSON text has them:
///
/// - what `etcdctl get --prefix /coreos.com/network -w json` prints;
/// - a plain object of keys and values, the values as objects or as their text: `{"10.244.2.0-24": {"PublicIP": …}}`;
/// - what `kubectl get nodes -o json` prints.
///
/// ```
/// use flannel_udp_codec::lease::Leases;
///
/// let text = r#"{
///     "/coreos.com/network/config": {"Network": "10.244.0.0/16"},
///     "/coreos.com/network/subnets/10.244.2.0-24": {"PublicIP": "192.0.2.2", "BackendType": "udp"},
///     "/coreos.com/network/subnets/10.244.3.0-33": {"PublicIP": "192.0.2.3", "BackendType": "udp"}
/// }"#;
/// let leases = Leases::parse(text)?;
/// assert_eq!(leases.routes().count(), 1);
/// assert_eq!(leases.behind([10, 244, 2, 9].into()).unwrap().value.public_ip.to_string(), "192.0.2.2");
/// assert_eq!(leases.refused[0].0, "/coreos.com/network/subnets/10.244.3.0-33");
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Default)]
pub struct Leases {
    /// The network's configuration, if it was there.
    pub config: Option<NetworkConfig>,
    /// The leases, in the text's order.
    pub leases: Vec<Lease>,
    /// The keys whose values, or which themselves, could not be read, and why. flannel passes them by too.
    pub refused: Vec<(String, LeaseError)>,
}

impl Leases {
    /// Reads the JSON.
    ///
    /// # Errors
    /// [`LeaseError::Json`] if it is none, or not an object. What is wrong with a single lease is told in
    /// [`refused`](Self::refused).
    pub fn parse(text: &str) -> Result<Self, LeaseError> {
        let object: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| LeaseError::Json { what: FILE, error })?;
        let mut leases = Self::default();
        match (object.get("kvs").and_then(Value::as_array), object.get("items").and_then(Value::as_array)) {
            (Some(pairs), _) => pairs.iter().for_each(|pair| leases.take_pair(pair)),
            (_, Some(nodes)) => nodes.iter().for_each(|node| leases.take_node(node)),
            _ => object.iter().for_each(|(key, value)| leases.take(key, value)),
        }
        Ok(leases)
    }

    fn take(&mut self, key: &str, value: &Value) {
        let text = value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
        if key.rsplit('/').next() == Some("config") {
            match NetworkConfig::parse(&text) {
                Ok(config) => self.config = Some(config),
                Err(error) => self.refused.push((key.to_string(), error)),
            }
            return;
        }
        self.keep(key, Lease::parse(key, &text));
    }

    fn keep(&mut self, key: &str, lease: Result<Lease, LeaseError>) {
        match lease {
            Ok(lease) => self.leases.push(lease),
            Err(error) => self.refused.push((key.to_string(), error)),
        }
    }

    /// A pair of etcd's, its key and value in base64.
    fn take_pair(&mut self, pair: &Value) {
        let part = |name| {
            let bytes = STANDARD.decode(pair.get(name)?.as_str()?).ok()?;
            String::from_utf8(bytes).ok()
        };
        match (part("key"), part("value")) {
            (Some(key), Some(value)) => self.take(&key, &Value::String(value)),
            (key, _) => {
                let (what, value, rule) = ("key or value", pair.to_string(), "text in base64");
                let error = LeaseError::Malformed { what: FILE, field: what, value, rule };
                self.refused.push((key.unwrap_or_default(), error));
            }
        }
    }

    /// A node of Kubernetes.
    fn take_node(&mut self, node: &Value) {
        let text = |path| node.pointer(path).and_then(Value::as_str);
        let networks = node.pointer("/spec/podCIDRs").and_then(Value::as_array);
        // podCIDR is the first of podCIDRs again, and counts where these are not there (`nodeToLease`).
        let alone = text("/spec/podCIDR").filter(|_| networks.is_none_or(Vec::is_empty));
        let networks = networks.into_iter().flatten().filter_map(Value::as_str).chain(alone);
        let networks: Vec<IpNet> = networks.filter_map(|net| net.parse().ok()).collect();
        let annotations = node.pointer("/metadata/annotations").and_then(Value::as_object);
        let get = |name: &str| annotations.and_then(|all| all.get(name)).and_then(Value::as_str);
        self.keep(text("/metadata/name").unwrap_or_default(), Annotations::default().read(get, &networks));
    }

    /// The backend's configuration for a lease: the network's, if it is of that backend, or that backend's defaults.
    #[must_use]
    pub fn backend_of(&self, lease: &Lease) -> BackendConfig {
        let kind = lease.value.backend();
        let configured = self.config.as_ref().and_then(|config| config.backend().ok());
        configured.filter(|config| config.kind == kind).unwrap_or_else(|| BackendConfig::of(kind))
    }

    /// The routes of the UDP proxy.
    pub fn routes(&self) -> impl Iterator<Item = SubnetRoute> + '_ {
        let port = BackendConfig::of(Backend::Udp);
        let config = self.config.as_ref().and_then(|config| config.backend().ok());
        let config = config.filter(|config| config.kind == Backend::Udp).unwrap_or(port);
        self.leases.iter().filter_map(move |lease| lease.route(&config))
    }

    /// The lease behind which a pod's address is.
    #[must_use]
    pub fn behind(&self, pod: IpAddr) -> Option<&Lease> {
        self.leases.iter().find(|lease| match pod {
            IpAddr::V4(pod) => lease.key.ipv4.prefix_len() != 0 && lease.key.ipv4.contains(&pod),
            IpAddr::V6(pod) => lease.key.ipv6.is_some_and(|subnet| subnet.contains(&pod)),
        })
    }

    /// The lease of the node that has an address, which 0.0.0.0 is not: that is what stands in the lease of a node of IPv6 alone.
    #[must_use]
    pub fn of_node(&self, node: IpAddr) -> Option<&Lease> {
        self.leases.iter().find(|lease| match node {
            IpAddr::V4(node) => !node.is_unspecified() && lease.value.public_ip == node,
            IpAddr::V6(node) => lease.value.public_ipv6 == Some(node),
        })
    }
}
