//! Services and pods for the balancer's maps.

use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use anyhow::{Context, ensure};
use aya::Ebpf;
use aya::maps::{Array, HashMap, PerCpuArray};
use cilium_codec::dsr;
use ether_ip::Headroom;
use ether_ip::checksum::Change;
use ether_ip::ethernet::MacAddr;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::rewrite::{Flow, Ports, Rewrite};
use serde::Deserialize;
use xdp_maps::{Changes, End, Hop, MAX_DSR, Pod, Service, Turn};

use crate::device::Device;

/// Services, and the ways to their pods: what a file has as JSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The services.
    pub services: Vec<OfService>,
    /// The way to each pod, by its address.
    pub pods: BTreeMap<IpAddr, Way>,
}

/// A service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfService {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// Where it is asked.
    pub end: SocketAddr,
    /// Its pods. One that stands here twice gets twice as many flows.
    pub pods: Vec<SocketAddr>,
    /// The pods answer clients themselves: their nodes are told the service's end as Cilium does it.
    #[serde(default)]
    pub dsr: bool,
}

/// What is balanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// By its ports.
    Tcp,
    /// By its ports.
    Udp,
}

/// The way to a pod.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The device that it is behind.
    pub device: String,
    /// Its own hardware address, or that of the router to it.
    pub address: String,
}

impl Protocol {
    /// As IP has it.
    #[must_use]
    pub const fn number(self) -> IpProtocol {
        match self {
            Self::Tcp => IpProtocol::TCP,
            Self::Udp => IpProtocol::UDP,
        }
    }
}

/// An end as the map has it.
#[must_use]
pub fn end(of: SocketAddr, protocol: IpProtocol) -> End {
    End { address: of.ip().into(), port: of.port().into(), protocol: protocol.0.into() }
}

/// What makes a flow to a service one to its pod, whoever the client is.
///
/// # Errors
///
/// If the two are of different families.
pub fn rewrite(service: SocketAddr, pod: SocketAddr, protocol: IpProtocol) -> anyhow::Result<Rewrite> {
    let anybody: IpAddr = if service.is_ipv4() { [0; 4].into() } else { [0; 16].into() };
    let flow = |to: SocketAddr| Flow {
        source: anybody,
        destination: to.ip(),
        protocol,
        ports: Ports::Pair { source: 0, destination: to.port() },
    };
    Ok(Rewrite::between(&flow(service), &flow(pod))?)
}

impl Table {
    /// What a file says.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or does not say it.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = fs::read(path).with_context(|| format!("{name} cannot be read"))?;
        serde_json::from_slice(&text).with_context(|| format!("{name} is no table of services"))
    }

    /// Puts all of it into the maps.
    ///
    /// # Errors
    ///
    /// If there is no way to a pod or no such device, a pod is of another family than its service, or there is no room.
    pub fn fill(&self, ebpf: &mut Ebpf) -> anyhow::Result<()> {
        let mut number = 0;
        for service in &self.services {
            let first = number;
            for pod in &service.pods {
                let mut pods: Array<_, Pod> = map(ebpf, "PODS")?.try_into()?;
                pods.set(number, self.pod(service, *pod)?, 0)?;
                number += 1;
            }
            let mut services: HashMap<_, End, Service> = map(ebpf, "SERVICES")?.try_into()?;
            ensure!(number > first, "the service {} has no pods", service.end);
            services.insert(
                end(service.end, service.protocol.number()),
                Service { first, count: number - first },
                0,
            )?;
        }
        Ok(())
    }

    fn pod(&self, service: &OfService, pod: SocketAddr) -> anyhow::Result<Pod> {
        let protocol = service.protocol.number();
        let way = self.pods.get(&pod.ip()).with_context(|| format!("there is no way to {}", pod.ip()))?;
        let device = Device::named(&way.device)?;
        let address: MacAddr =
            way.address.parse().with_context(|| format!("{} is no hardware address", way.address))?;
        let rewrite = rewrite(service.end, pod, protocol)?;
        let (dsr, dsr_len, dsr_change) = if service.dsr { option(service.end)? } else { ([0; MAX_DSR], 0, 0) };
        Ok(Pod {
            service: end(service.end, protocol),
            pod: end(pod, protocol),
            hop: Hop { addresses: [address.0, device.address.0], device: device.index },
            mtu: device.mtu.into(),
            to_pod: changes(&rewrite),
            to_service: changes(&rewrite.for_answers()),
            dsr,
            dsr_len,
            dsr_change,
        })
    }
}

/// How many packets became what.
///
/// # Errors
///
/// If the object has no such map.
pub fn turned(ebpf: &Ebpf) -> anyhow::Result<BTreeMap<Turn, u64>> {
    let map = ebpf.map("TURNED").context("the object has no map of what was turned")?;
    let map: PerCpuArray<_, u64> = map.try_into()?;
    let count = |what: Turn| Ok((what, map.get(&(what as u32), 0)?.iter().sum()));
    Turn::ALL.into_iter().map(count).collect()
}

fn map<'a>(ebpf: &'a mut Ebpf, name: &str) -> anyhow::Result<&'a mut aya::maps::Map> {
    ebpf.map_mut(name).with_context(|| format!("the object has no map {name}"))
}

fn changes(rewrite: &Rewrite) -> Changes {
    let [address, port] = rewrite.changes().unwrap_or_default().map(|change| change.difference().to_be());
    Changes { address, port }
}

/// What tells the service's end, as Cilium's codec puts it behind a header; and what it adds to that header's checksum.
fn option(service: SocketAddr) -> anyhow::Result<([u8; MAX_DSR], u16, u16)> {
    let mut buffer = [0; 40 + MAX_DSR];
    let (header_len, checksum) = if service.is_ipv4() { (20, 10) } else { (40, 0) };
    let mut packet = Headroom::new(&mut buffer, 0)?;
    if service.is_ipv4() {
        Ipv4Header::new([0; 4].into(), [0; 4].into(), IpProtocol::UDP).prepend(&[], &mut packet)?;
    } else {
        Ipv6Header::new([0; 16].into(), [0; 16].into(), IpProtocol::UDP).prepend(&mut packet)?;
    }
    let word = |bytes: &[u8]| bytes.get(checksum..)?.first_chunk().copied().map(u16::from_be_bytes);
    let before = word(packet.packet()).context("no header")?;
    dsr::insert(&mut packet, service)?;
    let after = word(packet.packet()).context("no header")?;
    let bytes = packet.packet().get(header_len..).context("no option")?;
    let mut option = [0; MAX_DSR];
    option.get_mut(..bytes.len()).context("the option is too long")?.copy_from_slice(bytes);
    // The checksum is less by what it is over is more.
    Ok((option, bytes.len().try_into()?, Change::new().word(0, after, before).difference().to_be()))
}
