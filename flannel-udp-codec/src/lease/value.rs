//! A lease: its key, and its value, which is the node and what its backend has to say.

use alloc::string::{String, ToString};
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ether_ip::ethernet::MacAddr;
use ether_ip::vni::Vni;
use serde_json::Value;

use super::error::{LEASE, LeaseError};
use super::key::LeaseKey;
use super::object::{Object, as_object};

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

/// How nodes reach each other's pods.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Pods' packets in UDP datagrams, by a proxy.
    Udp,
    /// VXLAN, by the kernel.
    Vxlan,
    /// Routes via the nodes, nothing more.
    HostGw,
    /// WireGuard, by the kernel.
    WireGuard,
    /// IP in IP, by the kernel.
    Ipip,
    /// ESP between the nodes, with strongSwan for the keys.
    Ipsec,
    /// Commands of whoever set it up.
    Extension,
    /// Leases alone: the way is left to whoever set it up.
    Alloc,
    /// Routes in Tencent's cloud.
    TencentVpc,
    /// Any other, by its name; an empty one too.
    Other(String),
}

impl Backend {
    /// Its name as flannel writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Udp => "udp",
            Self::Vxlan => "vxlan",
            Self::HostGw => "host-gw",
            Self::WireGuard => "wireguard",
            Self::Ipip => "ipip",
            Self::Ipsec => "ipsec",
            Self::Extension => "extension",
            Self::Alloc => "alloc",
            Self::TencentVpc => "tencent-vpc",
            Self::Other(name) => name,
        }
    }

    pub(super) fn of(name: &str) -> Self {
        match name {
            "udp" => Self::Udp,
            "vxlan" => Self::Vxlan,
            "host-gw" => Self::HostGw,
            "wireguard" => Self::WireGuard,
            "ipip" => Self::Ipip,
            "ipsec" => Self::Ipsec,
            "extension" => Self::Extension,
            "alloc" => Self::Alloc,
            "tencent-vpc" => Self::TencentVpc,
            other => Self::Other(other.to_string()),
        }
    }

    /// Whether it writes its name into its leases.
    const fn is_told(&self) -> bool {
        !matches!(self, Self::Udp | Self::Alloc | Self::TencentVpc)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A lease's value. Change the fields, and [`to_string`](alloc::string::ToString) writes the JSON; what was not changed stands
/// there as it was read, fields that flannel does not know among it.
///
/// ```
/// use flannel_udp_codec::lease::{Backend, LeaseValue};
///
/// let value = LeaseValue::new([192, 0, 2, 1].into(), &Backend::Udp);
/// assert_eq!(value.to_string(), r#"{"PublicIP":"192.0.2.1","PublicIPv6":null}"#);
/// # assert_eq!(LeaseValue::parse(&value.to_string())?, value);
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct LeaseValue {
    /// The node's address; unspecified on a network of IPv6 alone.
    pub public_ip: Ipv4Addr,
    /// The node's IPv6 address.
    pub public_ipv6: Option<Ipv6Addr>,
    /// The backend's name, empty if none is given: udp, alloc and tencent-vpc write none.
    pub backend_type: String,
    /// What the backend says for IPv4: [`VxlanData`] for vxlan, [`WireGuardData`] for wireguard, a text for
    /// [extension](Self::extension), nothing for the others.
    pub backend_data: Option<Value>,
    /// The same for IPv6.
    pub backend_v6_data: Option<Value>,
    object: Object,
}

impl LeaseValue {
    /// A node, without anything from its backend but its name, which udp, alloc and tencent-vpc do not write (`RegisterNetwork` in
    /// pkg/backend/udp/udp_amd64.go, alloc/alloc.go and tencentvpc/tencentvpc.go).
    #[must_use]
    pub fn new(public_ip: Ipv4Addr, backend: &Backend) -> Self {
        let mut object = Object::new(LEASE);
        object.fields.insert("PublicIP".to_string(), Value::from(public_ip.to_string()));
        object.fields.insert("PublicIPv6".to_string(), Value::Null);
        let backend_type = if backend.is_told() { backend.name().to_string() } else { String::new() };
        Self { public_ip, public_ipv6: None, backend_type, backend_data: None, backend_v6_data: None, object }
    }

    /// Reads the JSON.
    ///
    /// # Errors
    /// [`LeaseError::Json`]; [`LeaseError::Missing`] without a PublicIP, which flannel writes always;
    /// [`LeaseError::Malformed`] if an address is none or the backend's name no text. What the backend says is read by
    /// [`vxlan`](Self::vxlan), [`wireguard`](Self::wireguard) and [`extension`](Self::extension).
    pub fn parse(text: &str) -> Result<Self, LeaseError> {
        Self::read(Object::parse(LEASE, text)?)
    }

    fn read(object: Object) -> Result<Self, LeaseError> {
        let public_ip = object.text("PublicIP")?.ok_or(LeaseError::Missing { what: LEASE, field: "PublicIP" })?;
        Ok(Self {
            public_ip,
            public_ipv6: object.text("PublicIPv6")?,
            backend_type: object.text("BackendType")?.unwrap_or_default(),
            backend_data: object.get("BackendData").cloned(),
            backend_v6_data: object.get("BackendV6Data").cloned(),
            object,
        })
    }

    /// The backend: udp where there is no name, since it writes none. Nor do alloc, which leaves the way to whoever set it up, and
    /// tencent-vpc: a lease alone does not tell the three apart, the network's configuration does.
    #[must_use]
    pub fn backend(&self) -> Backend {
        if self.backend_type.is_empty() { Backend::Udp } else { Backend::of(&self.backend_type) }
    }

    /// What the vxlan backend says for IPv4.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] if it says nothing; as [`VxlanData::read`].
    pub fn vxlan(&self) -> Result<VxlanData, LeaseError> {
        let missing = LeaseError::Missing { what: LEASE, field: "BackendData" };
        VxlanData::read(self.backend_data.as_ref().ok_or(missing)?)
    }

    /// What the vxlan backend says for IPv6.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] if it says nothing; as [`VxlanData::read`].
    pub fn vxlan_v6(&self) -> Result<VxlanData, LeaseError> {
        let missing = LeaseError::Missing { what: LEASE, field: "BackendV6Data" };
        VxlanData::read(self.backend_v6_data.as_ref().ok_or(missing)?)
    }

    /// What the wireguard backend says for IPv4.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] if it says nothing; as [`WireGuardData::read`].
    pub fn wireguard(&self) -> Result<WireGuardData, LeaseError> {
        let missing = LeaseError::Missing { what: LEASE, field: "BackendData" };
        WireGuardData::read(self.backend_data.as_ref().ok_or(missing)?)
    }

    /// What the wireguard backend says for IPv6.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] if it says nothing; as [`WireGuardData::read`].
    pub fn wireguard_v6(&self) -> Result<WireGuardData, LeaseError> {
        let missing = LeaseError::Missing { what: LEASE, field: "BackendV6Data" };
        WireGuardData::read(self.backend_v6_data.as_ref().ok_or(missing)?)
    }

    /// What the extension backend's pre-startup command printed, without space around it; `None` where there is no such command. Other
    /// nodes' commands get it as their input.
    ///
    /// # Errors
    /// [`LeaseError::Malformed`] if it is no text.
    pub fn extension(&self) -> Result<Option<&str>, LeaseError> {
        let not_text =
            |data: &Value| LeaseError::Malformed { what: DATA, field: "it", value: data.to_string(), rule: "a text" };
        self.backend_data.as_ref().map(|data| data.as_str().ok_or_else(|| not_text(data))).transpose()
    }

    fn to_object(&self) -> Object {
        let mut object = self.object.clone();
        object.set_text("PublicIP", Some(&self.public_ip));
        object.set_text("PublicIPv6", self.public_ipv6.as_ref());
        let is_same =
            object.text::<String>("BackendType").is_ok_and(|now| now.unwrap_or_default() == self.backend_type);
        object.set("BackendType", (!self.backend_type.is_empty()).then(|| self.backend_type.clone().into()), is_same);
        for (name, data) in [("BackendData", &self.backend_data), ("BackendV6Data", &self.backend_v6_data)] {
            let is_same = object.get(name) == data.as_ref();
            object.set(name, data.clone(), is_same);
        }
        object
    }
}

as_object!(LeaseValue, LEASE);

/// By what it says, in whatever form it was read.
impl PartialEq for LeaseValue {
    fn eq(&self, other: &Self) -> bool {
        self.to_object().fields == other.to_object().fields
    }
}

impl FromStr for LeaseValue {
    type Err = LeaseError;

    fn from_str(text: &str) -> Result<Self, LeaseError> {
        Self::parse(text)
    }
}

impl fmt::Display for LeaseValue {
    /// The JSON, as etcd has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Value::Object(self.to_object().fields))
    }
}

/// What a backend says, as [`LeaseError`] names it.
const DATA: &str = "lease's BackendData";

fn data_object(value: &Value) -> Result<Object, LeaseError> {
    let not_object = || LeaseError::Malformed { what: DATA, field: "it", value: value.to_string(), rule: "an object" };
    Ok(Object { what: DATA, fields: value.as_object().ok_or_else(not_object)?.clone() })
}

/// What a node's vxlan backend says: `{"VNI":1,"VtepMAC":"0a:1b:2c:3d:4e:5f"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VxlanData {
    /// The network's identifier; flannel did not write it before its version 0.14.
    pub vni: Option<Vni>,
    /// The MAC address of the node's VXLAN device.
    pub vtep_mac: MacAddr,
}

impl VxlanData {
    /// Reads the JSON value.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] without a VtepMAC; [`LeaseError::Malformed`] if that is not six bytes, the VNI does not fit
    /// 24 bits, or it is no object.
    pub fn read(value: &Value) -> Result<Self, LeaseError> {
        let (what, object) = (DATA, data_object(value)?);
        let vni = |value: &Value| Vni::new(u32::try_from(value.as_u64()?).ok()?).ok();
        Ok(Self {
            vni: object.read("VNI", "a number of 24 bits", vni)?,
            vtep_mac: object.text("VtepMAC")?.ok_or(LeaseError::Missing { what, field: "VtepMAC" })?,
        })
    }

    /// The JSON value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new(LEASE);
        object.set("VNI", self.vni.map(|vni| Value::from(vni.get())), self.vni.is_none());
        object.set_text("VtepMAC", Some(&self.vtep_mac));
        Value::Object(object.fields)
    }
}

/// What a node's wireguard backend says: `{"PublicKey":"…"}`. With both families, the same stands for each.
///
/// ```
/// use flannel_udp_codec::lease::{Backend, LeaseValue, WireGuardData};
///
/// let mut value = LeaseValue::new([192, 0, 2, 1].into(), &Backend::WireGuard);
/// let data = WireGuardData { public_key: [7; 32], port: None };
/// value.backend_data = Some(data.to_value());
/// let text = r#"{"PublicIP":"192.0.2.1","PublicIPv6":null,"BackendType":"wireguard","BackendData":{"PublicKey":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="}}"#;
/// assert_eq!(value.to_string(), text);
/// assert_eq!(LeaseValue::parse(text)?.wireguard()?, data);
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WireGuardData {
    /// The node's public key.
    pub public_key: [u8; 32],
    /// The UDP port that it listens on; flannel did not write it before its version 0.26.6.
    pub port: Option<u16>,
}

impl WireGuardData {
    /// Reads the JSON value.
    ///
    /// # Errors
    /// [`LeaseError::Missing`] without a PublicKey; [`LeaseError::Malformed`] if that is not 32 bytes in base64, the port is none, or it is
    /// no object.
    pub fn read(value: &Value) -> Result<Self, LeaseError> {
        let object = data_object(value)?;
        let key = |value: &Value| STANDARD.decode(value.as_str()?).ok()?.try_into().ok();
        let missing = LeaseError::Missing { what: DATA, field: "PublicKey" };
        Ok(Self {
            public_key: object.read("PublicKey", "32 bytes in base64", key)?.ok_or(missing)?,
            port: object.read("Port", "a port", |value| u16::try_from(value.as_u64()?).ok())?,
        })
    }

    /// The JSON value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new(LEASE);
        object.set("PublicKey", Some(STANDARD.encode(self.public_key).into()), false);
        object.set("Port", self.port.map(Value::from), self.port.is_none());
        Value::Object(object.fields)
    }
}
