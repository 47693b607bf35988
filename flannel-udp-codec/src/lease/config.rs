//! The network's configuration: what is handed out, and which backend carries it.

use alloc::string::{String, ToString};
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use ether_ip::vni::Vni;
use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::Value;

use super::error::{CONFIG, LeaseError};
use super::object::{Object, as_object};
use super::value::Backend;

/// The configuration at `PREFIX/config` in etcd, and in Kubernetes the `net-conf.json` of flannel's ConfigMap. Fields that are
/// not there are `None`; names may stand in any case. It is written back as a [`LeaseValue`](super::LeaseValue) is.
///
/// ```
/// use flannel_udp_codec::lease::{Backend, NetworkConfig};
///
/// let text = r#"{ "Network": "10.244.0.0/16", "Backend": { "Type": "vxlan", "VNI": 7 } }"#;
/// let config = NetworkConfig::parse(text)?;
/// assert_eq!(config.network, Some("10.244.0.0/16".parse().unwrap()));
/// let backend = config.backend()?;
/// assert_eq!((backend.kind, backend.vni.get(), backend.port), (Backend::Vxlan, 7, 8472));
/// // No backend means udp.
/// assert_eq!(NetworkConfig::parse(r#"{"Network":"10.244.0.0/16"}"#)?.backend()?.port, 8285);
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// Whether pods have IPv4 addresses: so unless it says no.
    pub enable_ipv4: bool,
    /// Whether pods have IPv6 addresses.
    pub enable_ipv6: bool,
    /// All pods' IPv4 addresses.
    pub network: Option<Ipv4Net>,
    /// All pods' IPv6 addresses.
    pub ipv6_network: Option<Ipv6Net>,
    /// The first subnet to be handed out.
    pub subnet_min: Option<Ipv4Addr>,
    /// The last subnet to be handed out.
    pub subnet_max: Option<Ipv4Addr>,
    /// The prefix length of a node's subnet: 24 unless told otherwise, where the network is wide enough.
    pub subnet_len: Option<u8>,
    /// The first IPv6 subnet to be handed out.
    pub ipv6_subnet_min: Option<Ipv6Addr>,
    /// The last IPv6 subnet to be handed out.
    pub ipv6_subnet_max: Option<Ipv6Addr>,
    /// The prefix length of a node's IPv6 subnet: 64 unless told otherwise.
    pub ipv6_subnet_len: Option<u8>,
    /// The backend's part, as it stands: see [`backend`](Self::backend).
    pub backend: Option<Value>,
    object: Object,
}

impl NetworkConfig {
    /// Reads the JSON.
    ///
    /// # Errors
    /// [`LeaseError::Json`]; [`LeaseError::Malformed`] if a field is not what it must be.
    pub fn parse(text: &str) -> Result<Self, LeaseError> {
        Self::read(Object::parse(CONFIG, text)?)
    }

    fn read(object: Object) -> Result<Self, LeaseError> {
        let flag = |field| object.read(field, "true or false", Value::as_bool);
        let len = |field| object.read(field, "a prefix length", |value| u8::try_from(value.as_u64()?).ok());
        Ok(Self {
            enable_ipv4: flag("EnableIPv4")?.unwrap_or(true),
            enable_ipv6: flag("EnableIPv6")?.unwrap_or(false),
            network: object.text("Network")?,
            ipv6_network: object.text("IPv6Network")?,
            subnet_min: object.text("SubnetMin")?,
            subnet_max: object.text("SubnetMax")?,
            subnet_len: len("SubnetLen")?,
            ipv6_subnet_min: object.text("IPv6SubnetMin")?,
            ipv6_subnet_max: object.text("IPv6SubnetMax")?,
            ipv6_subnet_len: len("IPv6SubnetLen")?,
            backend: object.get("Backend").cloned(),
            object,
        })
    }

    /// The backend's part, read.
    ///
    /// # Errors
    /// As [`BackendConfig::read`].
    pub fn backend(&self) -> Result<BackendConfig, LeaseError> {
        self.backend.as_ref().map_or(Ok(BackendConfig::of(Backend::Udp)), BackendConfig::read)
    }

    fn to_object(&self) -> Object {
        let mut object = self.object.clone();
        for (name, now, unset) in [("EnableIPv4", self.enable_ipv4, true), ("EnableIPv6", self.enable_ipv6, false)] {
            let is_same = object.get(name).map_or(now == unset, |value| value.as_bool() == Some(now));
            object.set(name, Some(now.into()), is_same);
        }
        object.set_text("Network", self.network.as_ref());
        object.set_text("IPv6Network", self.ipv6_network.as_ref());
        object.set_text("SubnetMin", self.subnet_min.as_ref());
        object.set_text("SubnetMax", self.subnet_max.as_ref());
        object.set_text("IPv6SubnetMin", self.ipv6_subnet_min.as_ref());
        object.set_text("IPv6SubnetMax", self.ipv6_subnet_max.as_ref());
        for (name, now) in [("SubnetLen", self.subnet_len), ("IPv6SubnetLen", self.ipv6_subnet_len)] {
            let is_same = object.get(name).and_then(Value::as_u64) == now.map(u64::from);
            object.set(name, now.map(Value::from), is_same);
        }
        let is_same = object.get("Backend") == self.backend.as_ref();
        object.set("Backend", self.backend.clone(), is_same);
        object
    }
}

as_object!(NetworkConfig, CONFIG);

impl FromStr for NetworkConfig {
    type Err = LeaseError;

    fn from_str(text: &str) -> Result<Self, LeaseError> {
        Self::parse(text)
    }
}

impl fmt::Display for NetworkConfig {
    /// The JSON, as etcd has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Value::Object(self.to_object().fields))
    }
}

/// A backend's configuration, with flannel's defaults where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendConfig {
    /// Which backend.
    pub kind: Backend,
    /// The UDP port: 8285 for udp; for vxlan what Linux takes when it is told none, 8472.
    pub port: u16,
    /// The network's identifier, 1 unless told otherwise. For vxlan; its device is named after it.
    pub vni: Vni,
    /// Whether VXLAN's Group Policy extension is on.
    pub gbp: bool,
    /// Whether the VXLAN device learns addresses from packets.
    pub learning: bool,
    /// Whether nodes on one link go without VXLAN.
    pub direct_routing: bool,
    /// The MTU that is to be taken for the underlay's, in bytes.
    pub mtu: Option<u32>,
}

impl BackendConfig {
    /// A backend with its defaults.
    #[must_use]
    pub fn of(kind: Backend) -> Self {
        let port = match kind {
            Backend::Udp => crate::PORT,
            Backend::Vxlan => 8472,
            _ => 0,
        };
        Self { kind, port, vni: Vni::from(1_u16), gbp: false, learning: false, direct_routing: false, mtu: None }
    }

    /// Reads the JSON value.
    ///
    /// # Errors
    /// [`LeaseError::Malformed`] if it is no object, or a field is not what it must be. A backend without a Type is
    /// [`Backend::Other`] of an empty name, which flannel refuses to start.
    pub fn read(value: &Value) -> Result<Self, LeaseError> {
        let what = "network configuration's Backend";
        let not_object = || LeaseError::Malformed { what, field: "it", value: value.to_string(), rule: "an object" };
        let object = Object { what, fields: value.as_object().ok_or_else(not_object)?.clone() };
        let flag = |field| object.read(field, "true or false", Value::as_bool);
        let vni = |value: &Value| Vni::new(u32::try_from(value.as_u64()?).ok()?).ok();
        let name = object.text::<String>("Type")?.unwrap_or_default();
        // In any case: flannel writes it small before it looks for it.
        let unset = Self::of(match Backend::of(&name.to_lowercase()) {
            Backend::Other(_) => Backend::Other(name),
            known => known,
        });
        Ok(Self {
            // 0 is "none" to Go.
            port: object
                .read("Port", "a port", |value| u16::try_from(value.as_u64()?).ok())?
                .filter(|port| *port != 0)
                .unwrap_or(unset.port),
            vni: object.read("VNI", "a number of 24 bits", vni)?.unwrap_or(unset.vni),
            gbp: flag("GBP")?.unwrap_or_default(),
            learning: flag("Learning")?.unwrap_or_default(),
            direct_routing: flag("DirectRouting")?.unwrap_or_default(),
            mtu: object.read("MTU", "a number of bytes", |value| u32::try_from(value.as_u64()?).ok())?,
            ..unset
        })
    }
}
