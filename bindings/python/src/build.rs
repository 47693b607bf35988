//! Packets that are built: a header for each layer by keywords, and `Frame`, which puts them together.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::Error;
use ether_ip::arp::{ArpAddresses, ArpOperation};
use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::gre::Gre;
use ether_ip::icmpv4::{Icmpv4Header, Icmpv4Message};
use ether_ip::icmpv6::{Icmpv6Header, Icmpv6Type};
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::tcp::{TcpFlags, TcpHeader};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::vlan::VlanHeader;
use ether_ip::vni::Vni;
use geneve_codec::GeneveHeader;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use vxlan_codec::vxlan::{GroupPolicy, VxlanHeader};

use crate::buffer::Buffer;
use crate::error::of_layer;

/// A header, by what was said of it. What was left out is told by what comes behind it.
#[pyclass(module = "container_codecs", frozen, from_py_object)]
#[derive(Debug, Clone)]
pub(crate) struct Header(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Ethernet { header: EthernetHeader, ether_type: Option<u16> },
    Vlan { header: VlanHeader, ether_type: Option<u16> },
    Arp(ArpOperation, ArpAddresses),
    Ipv4 { header: Ipv4Header, options: Vec<u8>, protocol: Option<u8> },
    Ipv6 { header: Ipv6Header, protocol: Option<u8> },
    Udp { source: u16, destination: Option<u16>, checksum: Option<u16> },
    Tcp { header: TcpHeader, options: Vec<u8> },
    Icmp { kind: u8, code: u8, identifier: u16, sequence: u16 },
    Icmpv6 { kind: u8, code: u8 },
    Gre(Gre, Option<u16>),
    Vxlan(VxlanHeader),
    Geneve { header: GeneveHeader, options: Vec<u8>, ether_type: Option<u16> },
}

impl Kind {
    /// What a link layer calls it, and GRE and Geneve.
    const fn ether_type(&self) -> Option<EtherType> {
        match self {
            Self::Ethernet { .. } => Some(EtherType::TRANSPARENT_ETHERNET),
            Self::Vlan { .. } => Some(EtherType::VLAN),
            Self::Arp(..) => Some(EtherType::ARP),
            Self::Ipv4 { .. } => Some(EtherType::IPV4),
            Self::Ipv6 { .. } => Some(EtherType::IPV6),
            _ => None,
        }
    }

    /// What IP calls it.
    const fn protocol(&self) -> Option<IpProtocol> {
        match self {
            Self::Ipv4 { .. } => Some(IpProtocol::IPV4),
            Self::Ipv6 { .. } => Some(IpProtocol::IPV6),
            Self::Udp { .. } => Some(IpProtocol::UDP),
            Self::Tcp { .. } => Some(IpProtocol::TCP),
            Self::Icmp { .. } => Some(IpProtocol::ICMP),
            Self::Icmpv6 { .. } => Some(IpProtocol::ICMPV6),
            Self::Gre(..) => Some(IpProtocol::GRE),
            _ => None,
        }
    }

    /// The port that UDP has for it.
    const fn port(&self) -> Option<u16> {
        match self {
            Self::Vxlan(_) => Some(vxlan_codec::PORT),
            Self::Geneve { .. } => Some(geneve_codec::PORT),
            _ => None,
        }
    }

    /// What TCP, UDP and ICMPv6 sum up of it.
    fn pseudo(&self, protocol: IpProtocol) -> Option<PseudoHeader> {
        match self {
            Self::Ipv4 { header, .. } => Some(PseudoHeader::ipv4(header.source(), header.destination(), protocol)),
            Self::Ipv6 { header, .. } => Some(PseudoHeader::ipv6(header.source(), header.destination(), protocol)),
            _ => None,
        }
    }

    /// Puts the header in front of a packet, which begins with `next`, between it and `front`.
    fn prepend(&self, front: Option<&Self>, next: Option<&Self>, packet: &mut Vec<u8>) -> Result<(), Wrong> {
        let ether_type = |given: Option<u16>| {
            given.map(EtherType).or_else(|| next.and_then(Self::ether_type)).ok_or(Wrong::Unknown("type"))
        };
        let proto =
            |given: Option<u8>| given.or_else(|| next.and_then(Self::protocol).map(|known| known.0)).unwrap_or(59);
        let pseudo = |protocol| front.and_then(|front| front.pseudo(protocol)).ok_or(Wrong::NoAddresses);
        match *self {
            Self::Ethernet { mut header, ether_type: given } => {
                header.set_ether_type(ether_type(given)?);
                header.prepend(packet)?;
            }
            Self::Vlan { mut header, ether_type: given } => {
                header.set_ether_type(ether_type(given)?);
                header.prepend(packet)?;
            }
            Self::Arp(operation, addresses) => addresses.prepend(operation, packet)?,
            Self::Ipv4 { mut header, ref options, protocol } => {
                header.set_protocol(IpProtocol(proto(protocol)));
                header.prepend(options, packet)?;
            }
            Self::Ipv6 { mut header, protocol } => {
                header.set_next_header(IpProtocol(proto(protocol)));
                header.prepend(packet)?;
            }
            Self::Udp { source, destination, checksum } => {
                let known = destination.or_else(|| next.and_then(Self::port));
                let mut header = UdpHeader::new(source, known.ok_or(Wrong::Unknown("dstport"))?);
                match checksum {
                    Some(0) => header.prepend(packet, UdpChecksum::Zero)?,
                    None => header.prepend(packet, UdpChecksum::Computed(pseudo(IpProtocol::UDP)?))?,
                    Some(given) => {
                        header.set_length((packet.len() + 8) as u16);
                        header.set_checksum(given);
                        header.prepend_as_is(packet)?;
                    }
                }
            }
            Self::Tcp { header, ref options } => header.prepend(options, &pseudo(IpProtocol::TCP)?, packet)?,
            Self::Icmp { kind, code, identifier, sequence } => {
                let [a, b] = identifier.to_be_bytes();
                let [c, d] = sequence.to_be_bytes();
                let message = Icmpv4Message::Other { kind: kind.into(), code, rest: [a, b, c, d] };
                Icmpv4Header::new(message).prepend(packet)?;
            }
            Self::Icmpv6 { kind, code } => {
                Icmpv6Header::new(Icmpv6Type(kind), code).prepend(&pseudo(IpProtocol::ICMPV6)?, packet)?;
            }
            Self::Gre(gre, given) => Gre { protocol_type: ether_type(given)?, ..gre }.prepend(packet)?,
            Self::Vxlan(header) => header.prepend(packet)?,
            Self::Geneve { header, ref options, ether_type: given } => {
                let mut typed = GeneveHeader::new(header.vni(), ether_type(given)?);
                typed.set_oam(header.is_oam());
                typed.prepend(options, packet)?;
            }
        }
        Ok(())
    }
}

/// Why a header was not built.
enum Wrong {
    Layer(Error),
    /// What comes behind does not say it.
    Unknown(&'static str),
    /// A checksum has the addresses in front of it, which are not there.
    NoAddresses,
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Layer(error)
    }
}

impl From<vxlan_codec::Error> for Wrong {
    fn from(error: vxlan_codec::Error) -> Self {
        match error {
            vxlan_codec::Error::Packet(error) => Self::Layer(error),
            _ => Self::Unknown("vni"),
        }
    }
}

/// Headers, and what they carry: `bytes` of it is the packet, with all lengths and checksums.
#[pyclass(module = "container_codecs", frozen)]
pub(crate) struct Frame {
    packet: Vec<u8>,
}

#[pymethods]
impl Frame {
    /// Headers from the outside in; the last may be the payload: anything that has bytes.
    #[new]
    #[pyo3(signature = (*parts))]
    fn new(py: Python<'_>, parts: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let mut headers = Vec::new();
        let mut packet = Vec::new();
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.iter().enumerate() {
            match part.extract::<Header>() {
                Ok(header) => headers.push(header.0),
                Err(_) if at == last => packet.extend_from_slice(part.extract::<Buffer<'_>>()?.as_slice()),
                Err(_) => return Err(PyTypeError::new_err(format!("part {at} is no header, and not the last"))),
            }
        }
        for at in (0..headers.len()).rev() {
            let Some(header) = headers.get(at) else { break };
            let front = at.checked_sub(1).and_then(|before| headers.get(before));
            header.prepend(front, headers.get(at + 1), &mut packet).map_err(|wrong| match wrong {
                Wrong::Layer(error) => of_layer(py, &error),
                Wrong::Unknown(what) => {
                    PyValueError::new_err(format!("part {at} needs {what}: what is behind does not tell it"))
                }
                Wrong::NoAddresses => {
                    PyValueError::new_err(format!("part {at} needs an IP header in front of it, for its checksum"))
                }
            })?;
        }
        Ok(Self { packet })
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.packet)
    }

    fn __len__(&self) -> usize {
        self.packet.len()
    }

    fn __repr__(&self) -> String {
        format!("<Frame of {} bytes>", self.packet.len())
    }
}

fn mac(text: &str) -> PyResult<MacAddr> {
    text.parse().map_err(|_| PyValueError::new_err(format!("{text:?} is no MAC address")))
}

fn vni(vni: u32) -> PyResult<Vni> {
    Vni::new(vni).map_err(|_| PyValueError::new_err(format!("a VNI is at most {}, not {vni}", (1 << 24) - 1)))
}

/// Of so many bits at most.
fn fits(name: &str, value: u32, bits: u32) -> PyResult<u32> {
    let most = (1_u64 << bits) - 1;
    if u64::from(value) <= most {
        Ok(value)
    } else {
        Err(PyValueError::new_err(format!("{name} is at most {most}, not {value}")))
    }
}

/// An IPv4 address, as text or of `ipaddress`.
pub(crate) struct V4(Ipv4Addr);

impl<'py> FromPyObject<'_, 'py> for V4 {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract()? {
            IpAddr::V4(address) => Ok(Self(address)),
            IpAddr::V6(address) => Err(PyValueError::new_err(format!("{address} is no IPv4 address"))),
        }
    }
}

/// An IPv6 address, likewise.
pub(crate) struct V6(Ipv6Addr);

impl<'py> FromPyObject<'_, 'py> for V6 {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract()? {
            IpAddr::V6(address) => Ok(Self(address)),
            IpAddr::V4(address) => Err(PyValueError::new_err(format!("{address} is no IPv6 address"))),
        }
    }
}

/// Ethernet II. `type` is what comes behind, unless it is given.
#[pyfunction]
#[pyo3(name = "Ethernet", signature = (*, dst, src, r#type=None))]
pub(crate) fn ethernet(dst: &str, src: &str, r#type: Option<u16>) -> PyResult<Header> {
    let header = EthernetHeader::new(mac(dst)?, mac(src)?, EtherType(0));
    Ok(Header(Kind::Ethernet { header, ether_type: r#type }))
}

/// A VLAN tag (IEEE 802.1Q): identifier of 12 bits, priority of 3.
#[pyfunction]
#[pyo3(name = "VLAN", signature = (*, id, priority=0, dei=false, etype=None))]
pub(crate) fn vlan(id: u16, priority: u8, dei: bool, etype: Option<u16>) -> PyResult<Header> {
    let mut header = VlanHeader::new(fits("id", id.into(), 12)? as u16, EtherType(0));
    header.set_priority(fits("priority", priority.into(), 3)? as u8);
    header.set_drop_eligible(dei);
    Ok(Header(Kind::Vlan { header, ether_type: etype }))
}

/// ARP of IPv4 over Ethernet (RFC 826): `opcode` 1 asks, 2 answers.
#[pyfunction]
#[pyo3(name = "ARP", signature = (*, opcode, src_mac, src_ip, dst_ip, dst_mac="00:00:00:00:00:00"))]
pub(crate) fn arp(opcode: u16, src_mac: &str, src_ip: V4, dst_ip: V4, dst_mac: &str) -> PyResult<Header> {
    let addresses = ArpAddresses::new((mac(src_mac)?, src_ip.0), (mac(dst_mac)?, dst_ip.0));
    Ok(Header(Kind::Arp(ArpOperation(opcode), addresses)))
}

/// IPv4 (RFC 791). `options` are bytes, a multiple of 4.
#[pyfunction]
#[pyo3(name = "IPv4", signature = (*, src, dst, ttl=64, proto=None, dscp=0, ecn=0, id=0, df=true, mf=false, frag_offset=0, options=None))]
#[allow(clippy::too_many_arguments, reason = "keywords")]
pub(crate) fn ipv4(
    src: V4,
    dst: V4,
    ttl: u8,
    proto: Option<u8>,
    dscp: u8,
    ecn: u8,
    id: u16,
    df: bool,
    mf: bool,
    frag_offset: u16,
    options: Option<Buffer<'_>>,
) -> PyResult<Header> {
    let mut header = Ipv4Header::new(src.0, dst.0, IpProtocol(0));
    header.set_ttl(ttl);
    header.set_dscp(fits("dscp", dscp.into(), 6)? as u8);
    header.set_ecn(Ecn::from_bits(fits("ecn", ecn.into(), 2)? as u8));
    header.set_identification(id);
    header.set_dont_fragment(df);
    header.set_more_fragments(mf);
    header.set_fragment_offset(fits("frag_offset", frag_offset.into(), 13)? as u16);
    let options = options.map(|options| options.as_slice().to_vec()).unwrap_or_default();
    Ok(Header(Kind::Ipv4 { header, options, protocol: proto }))
}

/// IPv6 (RFC 8200).
#[pyfunction]
#[pyo3(name = "IPv6", signature = (*, src, dst, hlim=64, nxt=None, tclass=0, flow=0))]
pub(crate) fn ipv6(src: V6, dst: V6, hlim: u8, nxt: Option<u8>, tclass: u8, flow: u32) -> PyResult<Header> {
    let mut header = Ipv6Header::new(src.0, dst.0, IpProtocol(0));
    header.set_hop_limit(hlim);
    header.set_traffic_class(tclass);
    header.set_flow_label(fits("flow", flow, 20)?);
    Ok(Header(Kind::Ipv6 { header, protocol: nxt }))
}

/// UDP (RFC 768). `dstport` may be left out where a tunnel follows; `checksum` is computed, unless it is given: 0 is none.
#[pyfunction]
#[pyo3(name = "UDP", signature = (*, srcport=49152, dstport=None, checksum=None))]
pub(crate) fn udp(srcport: u16, dstport: Option<u16>, checksum: Option<u16>) -> Header {
    Header(Kind::Udp { source: srcport, destination: dstport, checksum })
}

/// TCP (RFC 9293). `flags` are a number, or letters as tcpdump's: `"S"`, `"SA"`, `"PA"` … of F S R P A U E C. `options` are bytes, a multiple of 4.
#[pyfunction]
#[pyo3(name = "TCP", signature = (*, srcport, dstport, seq=0, ack=0, flags=Flags(TcpFlags::SYN), window=65535, options=None))]
pub(crate) fn tcp(
    srcport: u16,
    dstport: u16,
    seq: u32,
    ack: u32,
    flags: Flags,
    window: u16,
    options: Option<Buffer<'_>>,
) -> Header {
    let mut header = TcpHeader::new(srcport, dstport, seq, flags.0);
    header.set_acknowledgment(ack);
    header.set_window(window);
    Header(Kind::Tcp { header, options: options.map(|options| options.as_slice().to_vec()).unwrap_or_default() })
}

/// TCP's flags, by number or letters.
pub(crate) struct Flags(TcpFlags);

impl<'py> FromPyObject<'_, 'py> for Flags {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(number) = object.extract::<u16>() {
            return Ok(Self(TcpFlags(fits("flags", number.into(), 12)? as u16)));
        }
        let letters = object.extract::<String>()?;
        let mut flags = 0;
        for letter in letters.chars() {
            let at = "FSRPAUEC".find(letter.to_ascii_uppercase());
            let at = at.ok_or_else(|| PyValueError::new_err(format!("no flag of TCP has the letter {letter:?}")))?;
            flags |= 1 << at;
        }
        Ok(Self(TcpFlags(flags)))
    }
}

/// ICMP for IPv4 (RFC 792): an echo by its identifier and sequence number; of other types these are the header's last four bytes.
#[pyfunction]
#[pyo3(name = "ICMPv4", signature = (*, r#type=8, code=0, ident=0, seq=0))]
pub(crate) fn icmpv4(r#type: u8, code: u8, ident: u16, seq: u16) -> Header {
    Header(Kind::Icmp { kind: r#type, code, identifier: ident, sequence: seq })
}

/// ICMP for IPv6 (RFC 4443): what comes behind the checksum is the payload.
#[pyfunction]
#[pyo3(name = "ICMPv6", signature = (*, r#type=128, code=0))]
pub(crate) fn icmpv6(r#type: u8, code: u8) -> Header {
    Header(Kind::Icmpv6 { kind: r#type, code })
}

/// GRE (RFC 2784), with a key and a sequence number (RFC 2890) where they are given.
#[pyfunction]
#[pyo3(name = "GRE", signature = (*, key=None, sequence_number=None, checksum=false, proto=None))]
pub(crate) fn gre(key: Option<u32>, sequence_number: Option<u32>, checksum: bool, proto: Option<u16>) -> Header {
    let gre = Gre { checksum, key, sequence: sequence_number, protocol_type: EtherType(0) };
    Header(Kind::Gre(gre, proto))
}

/// VXLAN (RFC 7348), with a group policy where `gbp` is given.
#[pyfunction]
#[pyo3(name = "VXLAN", signature = (*, vni, gbp=None))]
pub(crate) fn vxlan(vni: u32, gbp: Option<u16>) -> PyResult<Header> {
    let vni = self::vni(vni)?;
    let header = match gbp {
        None => VxlanHeader::new(vni),
        Some(id) => VxlanHeader::with_group_policy(vni, GroupPolicy { id, ..GroupPolicy::default() }),
    };
    Ok(Header(Kind::Vxlan(header)))
}

/// Geneve (RFC 8926). `options` are bytes, a multiple of 4.
#[pyfunction]
#[pyo3(name = "Geneve", signature = (*, vni, options=None, oam=false, proto_type=None))]
pub(crate) fn geneve(vni: u32, options: Option<Buffer<'_>>, oam: bool, proto_type: Option<u16>) -> PyResult<Header> {
    let mut header = GeneveHeader::new(self::vni(vni)?, EtherType(0));
    header.set_oam(oam);
    let options = options.map(|options| options.as_slice().to_vec()).unwrap_or_default();
    Ok(Header(Kind::Geneve { header, options, ether_type: proto_type }))
}

#[pymethods]
impl Header {
    fn __repr__(&self) -> String {
        format!("<{:?}>", self.0)
    }
}
