//! `--leases`: which node an address belongs to, and how its network is carried, by Flannel's leases.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs::File;
use std::net::IpAddr;
use std::path::Path;

use crate::Outside;
use crate::fields::{Field, FieldVisitor};
use flannel_udp_codec::ipnet::IpNet;
use flannel_udp_codec::lease::{Lease, LeaseError, Leases, VxlanData};

use super::streams::{complain, read_text};

/// The longest file of leases that is read: of more nodes than Kubernetes has room for, with all that it tells of each.
const MAX_LEASES: u64 = 1 << 28;

/// All leases, by what packets carry.
#[derive(Debug)]
pub(super) struct Places {
    leases: Vec<Lease>,
    /// Pod networks by their first address: they do not overlap.
    pods: BTreeMap<IpAddr, (IpNet, usize)>,
    nodes: HashMap<IpAddr, usize>,
    /// What nodes' VXLAN devices are, by lease.
    devices: HashMap<usize, VxlanData>,
}

/// Where an address is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The node: its own address.
    pub(super) node: IpAddr,
    /// The backend's name; udp's where the lease has none, as udp writes it.
    pub(super) backend: &'a str,
    /// The pod network that the address is in; `None` if it is the node's own.
    pub(super) subnet: Option<IpNet>,
}

impl Places {
    /// Reads the file. What is wrong with single leases is said, and they are passed by.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let in_file = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
        let text = File::open(path).map_err(|error| error.to_string()).and_then(|file| read_text(file, MAX_LEASES));
        let text = text.map_err(|error| in_file(&error))?;
        let (places, refused) = Self::parse(&text).map_err(|error| in_file(&error))?;
        for (key, error) in &refused {
            complain(&in_file(&format_args!("{key:?} is passed by: {error}")));
        }
        Ok(places)
    }

    /// Those in a text, and which of them are wrong.
    pub(super) fn parse(text: &str) -> Result<(Self, Vec<(String, LeaseError)>), LeaseError> {
        let Leases { leases, refused, .. } = Leases::parse(text)?;
        let (mut pods, mut nodes, mut devices) = (BTreeMap::new(), HashMap::new(), HashMap::new());
        for (number, Lease { key, value }) in leases.iter().enumerate() {
            let ipv4 = Some(IpNet::V4(key.ipv4)).filter(|subnet| subnet.prefix_len() > 0);
            for subnet in ipv4.into_iter().chain(key.ipv6.map(IpNet::V6)) {
                pods.insert(subnet.network(), (subnet, number));
            }
            // 0.0.0.0 is what a node of IPv6 alone has, and nobody's.
            let ipv4 = Some(value.public_ip).filter(|address| !address.is_unspecified());
            nodes.extend(ipv4.map(|address| (IpAddr::V4(address), number)));
            nodes.extend(value.public_ipv6.map(|address| (IpAddr::V6(address), number)));
            let data = value.backend_data.as_ref().filter(|_| value.backend_type == "vxlan");
            devices.extend(data.and_then(|data| VxlanData::read(data).ok()).map(|data| (number, data)));
        }
        Ok((Self { leases, pods, nodes, devices }, refused))
    }

    /// The VXLAN device behind which a pod of IPv4 is, if a lease says so.
    pub(super) fn device(&self, pod: IpAddr) -> Option<VxlanData> {
        let (_, (subnet, number)) = self.pods.range(..=pod).next_back()?;
        self.devices.get(number).copied().filter(|_| pod.is_ipv4() && subnet.contains(&pod))
    }

    /// Where an address is, if a lease says so.
    pub(super) fn of(&self, address: IpAddr) -> Option<Place<'_>> {
        let pod = self.pods.range(..=address).next_back().map(|(_, of)| *of);
        let pod = pod.filter(|(subnet, _)| subnet.contains(&address));
        let number = pod.map(|(_, number)| number).or_else(|| self.nodes.get(&address).copied())?;
        let Lease { value, .. } = self.leases.get(number)?;
        let is_ipv6 = address.is_ipv6();
        let node = value.public_ipv6.filter(|_| is_ipv6).map_or(IpAddr::V4(value.public_ip), IpAddr::V6);
        let backend = if value.backend_type.is_empty() { "udp" } else { &value.backend_type };
        Some(Place { node, backend, subnet: pod.map(|(subnet, _)| subnet) })
    }
}

/// Where a packet comes from and goes to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way<'a> {
    pub(super) source: Option<Place<'a>>,
    pub(super) destination: Option<Place<'a>>,
}

impl Way<'_> {
    /// The fields of ours that tell it.
    pub(super) fn visit(&self, v: &mut impl FieldVisitor) {
        if let Some(place) = self.source {
            v.words(Field::FlannelSourceNode, &place.node);
            v.text(Field::FlannelSourceBackend, place.backend);
        }
        if let Some(place) = self.destination {
            v.words(Field::FlannelDestinationNode, &place.node);
            v.text(Field::FlannelDestinationBackend, place.backend);
        }
    }
}

/// As a line has it: `192.0.2.1 > 192.0.2.2 by udp`.
impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = |place: Option<Place<'_>>| place.map_or("?".to_owned(), |place| place.node.to_string());
        write!(f, "{} > {}", node(self.source), node(self.destination))?;
        let backends =
            [self.source, self.destination].map(|place| place.map(|place| Outside(place.backend.as_bytes())));
        match backends {
            [Some(one), Some(other)] if one != other => write!(f, " by {one}, {other}"),
            [Some(backend), _] | [_, Some(backend)] => write!(f, " by {backend}"),
            [None, None] => Ok(()),
        }
    }
}
