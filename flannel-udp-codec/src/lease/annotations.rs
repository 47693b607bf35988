//! Leases as annotations of Kubernetes' nodes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};
use serde_json::Value;

use super::error::LeaseError;
use super::key::LeaseKey;
use super::object::Text;
use super::value::{Backend, Lease, LeaseValue};

/// What flannel's annotations begin with unless it is told otherwise.
pub const PREFIX: &str = "flannel.alpha.coreos.com";

const NODE: &str = "annotated node";

/// The names of flannel's annotations.
///
/// ```
/// use std::collections::BTreeMap;
/// use flannel_udp_codec::lease::Annotations;
///
/// let node = BTreeMap::from([
///     ("flannel.alpha.coreos.com/backend-data", r#"{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e:5f"}"#),
///     ("flannel.alpha.coreos.com/backend-type", "vxlan"),
///     ("flannel.alpha.coreos.com/kube-subnet-manager", "true"),
///     ("flannel.alpha.coreos.com/public-ip", "192.0.2.2"),
/// ]);
/// let names = Annotations::default();
/// let lease = names.read(|name| node.get(name).copied(), &["10.244.2.0/24".parse().unwrap()])?;
/// assert_eq!(lease.key.to_string(), "10.244.2.0-24");
/// assert!(names.write(&lease.value).iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(node));
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotations {
    prefix: String,
}

impl Default for Annotations {
    fn default() -> Self {
        Self::new(PREFIX)
    }
}

impl Annotations {
    /// Names with this prefix: a domain, and perhaps a `/` and a first part, to which flannel puts a hyphen.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        let mut prefix = prefix.to_string();
        if !prefix.contains('/') {
            prefix.push('/');
        }
        if !prefix.ends_with(['/', '-']) {
            prefix.push('-');
        }
        Self { prefix }
    }

    fn name(&self, last: &str) -> String {
        alloc::format!("{}{last}", self.prefix)
    }

    /// The lease of a node that has these annotations and these pod networks (`spec.podCIDRs`), of each family the first. A family
    /// in which the node has no address is not flannel's business, whatever its pods have (`nodeToLease` in pkg/subnet/kube/kube.go
    /// goes by its configuration, and so does who writes the annotations): on nodes with both where flannel does IPv6 alone, the lease
    /// has no IPv4 network.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] if kube-subnet-manager is not "true", so that the node is not flannel's, or it has no address, or no
    /// pod network in a family in which it has one; [`LeaseError::Malformed`] if an address is none, or there are more than two pod
    /// networks; [`LeaseError::Json`] if what the backend says is no JSON.
    pub fn read<'a>(&self, get: impl Fn(&str) -> Option<&'a str>, pod_networks: &[IpNet]) -> Result<Lease, LeaseError> {
        let get = |last: &str| get(&self.name(last)).filter(|text| !text.is_empty());
        if get("kube-subnet-manager") != Some("true") {
            return Err(LeaseError::Missing { what: NODE, field: "kube-subnet-manager" });
        }
        // What stands on nodes of IPv6 alone.
        let public_ip = text::<Ipv4Addr>("public-ip", get("public-ip"))?.filter(|address| !address.is_unspecified());
        let public_ipv6 = text::<Ipv6Addr>("public-ipv6", get("public-ipv6"))?;
        if public_ip.is_none() && public_ipv6.is_none() {
            return Err(LeaseError::Missing { what: NODE, field: "public-ip" });
        }
        if pod_networks.len() > 2 {
            let (field, rule) = ("number of pod networks", "at most one of each family");
            return Err(LeaseError::Malformed { what: NODE, field, value: pod_networks.len().to_string(), rule });
        }
        let ipv4 = pod_networks.iter().find_map(|net| if let IpNet::V4(net) = net { Some(net.trunc()) } else { None });
        let ipv6 = pod_networks.iter().find_map(|net| if let IpNet::V6(net) = net { Some(net.trunc()) } else { None });
        let ipv4 = public_ip.map(|_| ipv4.ok_or(LeaseError::Missing { what: NODE, field: "IPv4 pod network" }));
        let ipv6 = public_ipv6.map(|_| ipv6.ok_or(LeaseError::Missing { what: NODE, field: "IPv6 pod network" }));
        let (ipv4, ipv6) = (ipv4.transpose()?, ipv6.transpose()?);
        let data = |last| {
            let data = get(last).map_or(Ok(Value::Null), serde_json::from_str);
            let data = data.map_err(|error| LeaseError::Json { what: NODE, error })?;
            Ok((!data.is_null()).then_some(data))
        };
        let mut value = LeaseValue::new(public_ip.unwrap_or(Ipv4Addr::UNSPECIFIED), &Backend::Udp);
        value.backend_type = get("backend-type").unwrap_or_default().to_string();
        value.public_ipv6 = public_ipv6;
        value.backend_data = data("backend-data")?;
        value.backend_v6_data = data("backend-v6-data")?;
        Ok(Lease { key: LeaseKey { ipv4: ipv4.unwrap_or(Ipv4Net::default()), ipv6 }, value })
    }

    /// The annotations that flannel gives a node, in the order of their names. On a node of IPv6 alone all backends but vxlan write those
    /// of IPv4 too, with the address 0.0.0.0 (`AcquireLease` in pkg/subnet/kube/kube.go).
    #[must_use]
    pub fn write(&self, value: &LeaseValue) -> Vec<(String, String)> {
        let data = |data: &Option<Value>| data.as_ref().map_or("null".to_string(), Value::to_string);
        let has_ipv4 = !value.public_ip.is_unspecified() || value.backend() != Backend::Vxlan;
        let all = [
            ("backend-data", has_ipv4.then(|| data(&value.backend_data))),
            ("backend-type", Some(value.backend_type.clone())),
            ("backend-v6-data", value.public_ipv6.map(|_| data(&value.backend_v6_data))),
            ("kube-subnet-manager", Some("true".to_string())),
            ("public-ip", has_ipv4.then(|| value.public_ip.to_string())),
            ("public-ipv6", value.public_ipv6.map(|address| address.to_string())),
        ];
        all.into_iter().filter_map(|(last, text)| Some((self.name(last), text?))).collect()
    }
}

fn text<T: Text>(field: &'static str, text: Option<&str>) -> Result<Option<T>, LeaseError> {
    let malformed = |text: &str| LeaseError::Malformed { what: NODE, field, value: text.to_string(), rule: T::RULE };
    text.map(|text| T::from_text(text).ok_or_else(|| malformed(text))).transpose()
}
