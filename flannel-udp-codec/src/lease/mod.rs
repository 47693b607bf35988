//! Subnet leases: which node has which pod network, and how it is reached. As flannel keeps them in etcd and in Kubernetes.
//!
//! ```text
//! key    /coreos.com/network/subnets/10.244.2.0-24
//! value  {"PublicIP":"192.0.2.2","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"0a:…"}}
//!                 │
//!                 └── Lease ──> Entry: a route of the UDP proxy; a neighbour, a bridge entry and a route for VXLAN; a route
//! ```
//!
//! What was read is written back equal: in the order, the spelling and with the unknown fields that it had.
//!
//! flannel pkg/lease/lease.go, pkg/subnet/{subnet,config}.go, pkg/subnet/kube/annotations.go.

mod annotations;
mod config;
mod entries;
mod key;
mod object;
mod store;
mod value;

use alloc::string::String;

pub use annotations::{Annotations, PREFIX as ANNOTATION_PREFIX};
pub use config::{BackendConfig, NetworkConfig};
pub use entries::Entry;
pub use key::LeaseKey;
pub use store::Leases;
pub use value::{Backend, LeaseValue, VxlanData};

/// What a text is, for errors.
const LEASE: &str = "lease";
const CONFIG: &str = "network configuration";

/// A node's pod network, and what is to be known to reach it.
///
/// ```
/// use flannel_udp_codec::lease::{Backend, BackendConfig, Entry, Lease};
///
/// let key = "/coreos.com/network/subnets/10.244.2.0-24";
/// let value = r#"{"PublicIP":"192.0.2.2","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e:5f"}}"#;
/// let lease = Lease::parse(key, value)?;
/// assert_eq!(lease.value.backend(), Backend::Vxlan);
/// let entries = lease.entries(&BackendConfig::of(Backend::Vxlan))?;
/// let commands: Vec<_> = entries.iter().map(Entry::to_string).collect();
/// assert_eq!(commands, [
///     "ip neigh replace 10.244.2.0 lladdr 0a:1b:2c:3d:4e:5f dev flannel.1 nud permanent",
///     "bridge fdb replace 0a:1b:2c:3d:4e:5f dev flannel.1 dst 192.0.2.2 self permanent",
///     "ip route replace 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink",
/// ]);
/// assert_eq!(lease.value.to_string(), value);
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    /// The pod networks.
    pub key: LeaseKey,
    /// The node.
    pub value: LeaseValue,
}

impl Lease {
    /// Reads a lease as etcd has it.
    ///
    /// # Errors
    /// As [`LeaseKey::parse`] and [`LeaseValue::parse`].
    pub fn parse(key: &str, value: &str) -> Result<Self, LeaseError> {
        Ok(Self { key: LeaseKey::parse(key)?, value: LeaseValue::parse(value)? })
    }
}

/// Why a text is not the lease, key or configuration that it was read as.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeaseError {
    /// The text is no JSON, or not an object.
    #[error("the {what} is not JSON: {error}")]
    Json {
        /// What was read.
        what: &'static str,
        /// Where and why.
        error: serde_json::Error,
    },
    /// A field that must be there is not.
    #[error("the {what} has no {field}")]
    Missing {
        /// What was read.
        what: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field, or the key, is not what it must be.
    #[error("the {what} is malformed: {field} is {value}, it must be {rule}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// The field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What was allowed.
        rule: &'static str,
    },
}
