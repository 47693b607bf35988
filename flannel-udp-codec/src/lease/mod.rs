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

// Floor 0: what can be wrong.
mod error;

// Floor 1: texts: a key, and JSON objects that are written back as they were read.
mod key;
mod object;

// Floor 2: what they say: a lease, a configuration.
mod config;
mod value;

// Floor 3: what is done with leases.
mod annotations;
mod entries;
mod store;

pub use annotations::{Annotations, PREFIX as ANNOTATION_PREFIX};
pub use config::{BackendConfig, NetworkConfig};
pub use entries::Entry;
pub use error::LeaseError;
pub use key::LeaseKey;
pub use store::Leases;
pub use value::{Backend, Lease, LeaseValue, VxlanData, WireGuardData};
