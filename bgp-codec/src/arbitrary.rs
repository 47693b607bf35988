//! BGP messages to fuzz with (feature `arbitrary`), in the manner of [`ether_ip::arbitrary`]: whole and right, or, as
//! [`Nearly`](ether_ip::arbitrary::Nearly) of it, nearly so. All are of the session that [`Negotiated::assumed`] is.
//!
//! A router's handling of a broken UPDATE (RFC 7606) is what its peers can make it do:
//!
//! ```
//! use bgp_codec::{Action, Negotiated, Update, arbitrary::UpdateMessage};
//! use ether_ip::arbitrary::Nearly;
//! # fn router(_: &Update<'_>) {}
//!
//! // libfuzzer_sys::fuzz_target!(|input: Nearly<UpdateMessage>| {
//! let target = |input: Nearly<UpdateMessage>| {
//!     let session = Negotiated::assumed();
//!     if let Some(update) = input.0.0.get(19..).and_then(|body| Update::parse(body, &session).ok()) {
//!         router(&update);
//!     }
//! };
//! # use arbitrary::{Arbitrary, Unstructured};
//! # target(Arbitrary::arbitrary(&mut Unstructured::new(&[7; 512])).unwrap());
//! ```

use core::net::{Ipv4Addr, Ipv6Addr};
use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};
use ether_ip::arbitrary::built;

use crate::attribute::prefix_sid::{
    PREFIX_SID, PrefixSidValue, Service, ServiceValue, SidInformation, SidStructure, SidValue,
};
use crate::attribute::tunnel_encapsulation::{
    ColorCommunity, EgressEndpoint, Encapsulation, SubTlv, Tunnel, TunnelType, VirtualNetwork,
};
use crate::attribute::{
    Aggregator, AsPath, AtomicAggregate, Attributes, Community, LargeCommunities, LargeCommunity, NextHop, Origin,
    PrefixSid, SegmentType, TunnelEncapsulation,
};
use crate::bmp::v4::{Index, PathStatus, RouteInformation, RouteTlvWriter};
use crate::bmp::{
    BMP, BmpBody, BmpMessage, BmpPeer, BmpType, Information, InformationWriter, PeerDown, PeerDownReason, PeerUp,
    StatType, StatValue, Statistic, StatisticsWriter,
};
use crate::build::{SharedAttributes, Updates, WriteRoute};
use crate::capability::{
    AddPathFamily, AddPathMode, ExtendedNextHop, GracefulRestart, LongLivedFamily, PathsLimit, RestartFamily, Role,
};
use crate::header::KEEPALIVE;
use crate::link_state::{LinkStateTlv, LinkStateValue};
use crate::message::open::OpenConfig;
use crate::message::route_refresh::Subtype;
use crate::mrt::{Ends, MRT, MrtPeer, PeerIndexTable, Rib, RibEntry, SessionMessage, StateChange, TableDump};
use crate::nlri::{Nlri, Route};
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::value::as_number::AsSize;
use crate::value::extended_community::ExtendedCommunity;
use crate::{
    Afi, AttributeValue, Capability, Family, Ipv4Prefix, Ipv6Prefix, LayerName, Negotiated, Notification,
    NotificationCode, RouteRefresh, Update, Writer,
};

/// A message of any type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnyMessage(pub Vec<u8>);

/// An OPEN, with up to eight capabilities of nearly every kind; it may tell one twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OpenMessage(pub Vec<u8>);

/// An UPDATE that announces or withdraws IPv4 or IPv6 unicast routes, with the attributes that they must have and others. Nothing is
/// found fault with in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UpdateMessage(pub Vec<u8>);

/// A record of MRT, of any type and subtype that is known: a session's messages and states, tables of both versions, peers and places.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MrtBytes(pub Vec<u8>);

/// A message of BMP, of any type and either version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BmpBytes(pub Vec<u8>);

macro_rules! bytes_of {
    ($($message:ident)*) => {
        $(impl AsMut<Vec<u8>> for $message {
            fn as_mut(&mut self) -> &mut Vec<u8> {
                &mut self.0
            }
        })*
    };
}
bytes_of!(AnyMessage OpenMessage UpdateMessage MrtBytes BmpBytes);

impl<'a> Arbitrary<'a> for AnyMessage {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut buffer = [0; 4096];
        Ok(Self(match u.int_in_range(0..=5)? {
            0 => OpenMessage::arbitrary(u)?.0,
            1 => KEEPALIVE.to_vec(),
            2 => {
                let len = u.int_in_range(0..=64)?;
                let (code, data): (NotificationCode, _) = (u.arbitrary()?, u.bytes(len)?);
                built(Notification { code, data }.build(4096, &mut buffer))?.to_vec()
            }
            3 => {
                let (family, subtype) = (family(u)?, Subtype(u.arbitrary()?));
                built(RouteRefresh::new(family, subtype).build(4096, &mut buffer))?.to_vec()
            }
            _ => UpdateMessage::arbitrary(u)?.0,
        }))
    }
}

impl<'a> Arbitrary<'a> for OpenMessage {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let as_number: u32 = allowed(u, |number: &u32| *number != 0 && *number != 23_456)?;
        let mode = |u: &mut Unstructured<'a>| Ok(AddPathMode(u.int_in_range(0..=4)?));
        let paths = [AddPathFamily::new(family(u)?, mode(u)?), AddPathFamily::new(family(u)?, mode(u)?)];
        let next_hops = [ExtendedNextHop::new(family(u)?, *u.choose(&[Afi::IPV4, Afi::IPV6, Afi::L2VPN])?)];
        let restarts = [RestartFamily::new(family(u)?, u.arbitrary()?)];
        let restart = GracefulRestart::new(u.arbitrary()?, &restarts);
        let long_lived = [LongLivedFamily::new(family(u)?, u.arbitrary()?, u.arbitrary()?)];
        let limits = [PathsLimit::new(family(u)?, u.arbitrary()?)];
        let (host_len, domain_len) = (u.int_in_range(0..=8)?, u.int_in_range(0..=8)?);
        let (host, domain) = (u.bytes(host_len)?, u.bytes(domain_len)?);
        let mut capabilities = std::vec![Capability::FourOctetAs(as_number)];
        for _ in 0..u.int_in_range(0..=7)? {
            capabilities.push(match u.int_in_range(0..=17)? {
                0 => Capability::RouteRefresh,
                1 => Capability::EnhancedRouteRefresh,
                2 => Capability::ExtendedMessage,
                3 => Capability::LinkLocalNextHop,
                4 => Capability::AddPath(&paths),
                5 => Capability::ExtendedNextHop(&next_hops),
                6 => Capability::GracefulRestart(restart),
                7 => Capability::GracefulRestart(restart.restarting().with_notifications()),
                8 => Capability::LongLivedGracefulRestart(&long_lived),
                9 => Capability::Role(Role(u.int_in_range(0..=5)?)),
                10 => Capability::PathsLimit(&limits),
                11 => Capability::Fqdn { host, domain },
                12 => Capability::SoftwareVersion(host),
                13 => Capability::Other { code: u.int_in_range(200..=255_u8)?.into(), value: domain },
                _ => Capability::Multiprotocol { family: family(u)?, reserved: 0 },
            });
        }
        let config = OpenConfig {
            as_number,
            hold_time: allowed(u, |seconds: &u16| !matches!(seconds, 1 | 2))?,
            identifier: allowed(u, |address: &Ipv4Addr| !address.is_unspecified())?,
            capabilities: &capabilities,
        };
        Ok(Self(built(config.build(&mut [0; 4096]))?.to_vec()))
    }
}

impl<'a> Arbitrary<'a> for UpdateMessage {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let session = Negotiated::assumed();
        let next_hop = Ipv4Addr::from(u.int_in_range(0x0100_0000..=0x7eff_ffff_u32)?);
        let mut path = Vec::new();
        for _ in 0..u.int_in_range(1..=3)? {
            let count = u.int_in_range(1..=4_u8)?;
            path.extend([SegmentType::SEQUENCE.0, count]);
            for _ in 0..count {
                path.extend(u.int_in_range(1..=u32::MAX)?.to_be_bytes());
            }
        }
        let path = built(AsPath::parse(LayerName::new("AS_PATH"), AsSize::Four, &path))?;
        let communities: [u32; 3] = u.arbitrary()?;
        let communities = communities.map(Community::from);
        let large = [LargeCommunity::new(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?)];
        let extended: [ExtendedCommunity; 2] = u.arbitrary()?;
        let aggregator = Aggregator { as_number: u.int_in_range(1..=u32::MAX)?, identifier: next_hop };
        let (mut tunnel, mut sid) = ([0; 64], [0; 64]);
        let (tunnel, sid) = (tunnel_to(next_hop, u, &mut tunnel)?, service(u, &mut sid)?);
        let optional = [
            AttributeValue::TunnelEncapsulation(built(TunnelEncapsulation::parse(tunnel))?),
            AttributeValue::PrefixSid(built(PrefixSid::parse(sid))?),
            AttributeValue::OnlyToCustomer(u.arbitrary()?),
            AttributeValue::MultiExitDisc(u.arbitrary()?),
            AttributeValue::AtomicAggregate(AtomicAggregate),
            AttributeValue::Aggregator(aggregator),
            AttributeValue::Communities(&communities),
            AttributeValue::ExtendedCommunities(&extended),
            AttributeValue::LargeCommunities(LargeCommunities::new(&large)),
        ];
        let mut values = std::vec![AttributeValue::Origin(u.arbitrary::<Origin>()?), AttributeValue::AsPath(path)];
        for value in optional {
            if u.arbitrary()? {
                values.push(value);
            }
        }
        let is_plain = u.arbitrary()?;
        if is_plain {
            values.push(AttributeValue::NextHop(next_hop));
        }
        let mut area = [0; 512];
        let attributes = built(SharedAttributes::write(&values, &session, &mut area))?;
        let withdraws = u.ratio(1, 4)?;
        if is_plain {
            let routes = routes::<Ipv4Prefix>(u)?.into_iter();
            return first(built(match withdraws {
                true => Updates::withdraw(Family::IPV4_UNICAST, routes, &session),
                false => Updates::announce_ipv4(attributes, routes, &session),
            })?);
        }
        let routes = routes::<Ipv6Prefix>(u)?.into_iter();
        let next_hop = NextHop::Ipv6(Ipv6Addr::from(u.int_in_range(1 << 125..=(1 << 126) - 1)?));
        first(built(match withdraws {
            true => Updates::withdraw(Family::IPV6_UNICAST, routes, &session),
            false => Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, routes, &session),
        })?)
    }
}

/// A VXLAN tunnel.
fn tunnel_to<'b>(end: Ipv4Addr, u: &mut Unstructured<'_>, to: &'b mut [u8]) -> Result<&'b [u8]> {
    let fields = VirtualNetwork::new(Some(u.arbitrary()?), None);
    let color = ExtendedCommunity::color(u.arbitrary()?, u.arbitrary()?);
    let address = end.octets();
    let values = [
        SubTlv::EgressEndpoint(EgressEndpoint { reserved: 0, family: 1, address: &address }),
        SubTlv::Encapsulation(Encapsulation::VirtualNetwork(&fields)),
        SubTlv::Color(ColorCommunity(color)),
        SubTlv::UdpPort(u.arbitrary()?),
    ];
    let mut to = Writer::new(LayerName::new("Tunnel Encapsulation"), to);
    built(Tunnel::build(TunnelType::VXLAN, &values, &mut to))?;
    Ok(to.into_written())
}

/// An SRv6 service.
fn service<'b>(u: &mut Unstructured<'_>, to: &'b mut [u8]) -> Result<&'b [u8]> {
    let structure = SidStructure { block: 40, node: 24, function: 16, argument: 0, transposed: 0, offset: 0 };
    let (mut parts, mut information) = ([0; 16], [0; 48]);
    let mut parts = Writer::new(PREFIX_SID, &mut parts);
    built(SidValue::Structure(&structure).write(&mut parts))?;
    let sid = SidInformation {
        reserved: [0; 2],
        sid: Ipv6Addr::from(u.arbitrary::<u128>()?),
        flags: 0,
        behavior: u.arbitrary()?,
        sub_tlvs: Tlvs::new(Shape::ByteWord, parts.written()),
    };
    let mut information = Writer::new(PREFIX_SID, &mut information);
    built(ServiceValue::SidInformation(sid).write(&mut information))?;
    let service = Service { reserved: 0, sub_tlvs: Tlvs::new(Shape::ByteWord, information.written()) };
    let mut to = Writer::new(PREFIX_SID, to);
    built(PrefixSidValue::Layer3Service(service).write(&mut to))?;
    Ok(to.into_written())
}

impl<'a> Arbitrary<'a> for MrtBytes {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let UpdateMessage(message) = u.arbitrary()?;
        let session = Negotiated::assumed();
        let update = Update::parse(message.get(19..).unwrap_or_default(), &session);
        let attributes = update.map_or(Attributes::new(&[], 0), |update| update.attributes());
        let (timestamp, originated, sequence) = (u.arbitrary()?, u.arbitrary()?, u.arbitrary::<u32>()?);
        let [peer, local]: [Ipv4Addr; 2] = u.arbitrary()?;
        let mut buffer = [0; 8192];
        let mut to = Writer::new(MRT, &mut buffer);
        match u.int_in_range(0..=4)? {
            0 => {
                let nlri = Nlri::Ipv4(u.arbitrary()?);
                let route = Route { family: Family::IPV4_UNICAST, path_id: None, nlri };
                let (view, sequence, peer_as) = (u.arbitrary()?, sequence as u16, u.arbitrary()?);
                let peer = peer.into();
                let dump = TableDump { view, sequence, route, status: 1, originated, peer, peer_as, attributes };
                built(dump.write(timestamp, &mut to))?;
            }
            1 => {
                let view_len = u.int_in_range(0..=8)?;
                let mut table = built(PeerIndexTable::new(local, u.bytes(view_len)?).begin(timestamp, &mut to))?;
                for _ in 0..u.int_in_range(0..=4)? {
                    let (identifier, address) = (u.arbitrary()?, u.arbitrary()?);
                    built(table.push(&MrtPeer::new(identifier, address, u.arbitrary()?)))?;
                }
            }
            2 => {
                let (family, nlri) = match u.arbitrary()? {
                    true => (Family::IPV4_UNICAST, Nlri::Ipv4(u.arbitrary()?)),
                    false => (Family::IPV6_MULTICAST, Nlri::Ipv6(u.arbitrary()?)),
                };
                let rib = Rib::new(sequence, family, nlri);
                let rib = if u.arbitrary()? { rib.with_path_ids() } else { rib };
                let rib = if u.arbitrary()? { rib.as_generic() } else { rib };
                let mut routes = built(rib.begin(timestamp, &mut to))?;
                for _ in 0..u.int_in_range(0..=4)? {
                    let path_id = if rib.has_path_ids() { Some(u.arbitrary()?) } else { None };
                    built(routes.push(&RibEntry { peer: u.arbitrary()?, originated, path_id, attributes }))?;
                }
            }
            of => {
                let (peer_as, local_as) = (u.arbitrary::<u16>()?.into(), u.arbitrary::<u16>()?.into());
                let ends =
                    Ends { peer_as, local_as, interface: u.arbitrary()?, peer: peer.into(), local: local.into() };
                let (four_octet_as, microseconds) = (u.arbitrary()?, u.arbitrary()?);
                let [is_local, has_path_ids] = u.arbitrary()?;
                let [old, new] = [u.int_in_range(1..=6)?, u.int_in_range(1..=6)?];
                let message = SessionMessage { ends, is_local, four_octet_as, has_path_ids, message: &message };
                built(match of {
                    3 => message.write(timestamp, microseconds, &mut to),
                    _ => StateChange { ends, four_octet_as, old, new }.write(timestamp, microseconds, &mut to),
                })?;
            }
        }
        Ok(Self(to.written().to_vec()))
    }
}

impl<'a> Arbitrary<'a> for BmpBytes {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let peer = BmpPeer { time: u.arbitrary()?, ..BmpPeer::new(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?) };
        let peer = peer.with_post_policy(u.arbitrary()?).with_adj_rib_out(u.arbitrary()?);
        let mut buffer = [0; 16_384];
        let mut to = Writer::new(BMP, &mut buffer);
        match u.int_in_range(0..=6)? {
            0 => {
                let UpdateMessage(update) = u.arbitrary()?;
                let message = BmpMessage::new(3, BmpType::ROUTE_MONITORING, &[]);
                built(BmpBody::RouteMonitoring(peer, &update).write(&message, &mut to))?;
            }
            1 => {
                let mut message = built(match u.arbitrary()? {
                    true => StatisticsWriter::begin(&peer, &mut to),
                    false => StatisticsWriter::begin_v4(&peer, &mut to),
                })?;
                for _ in 0..u.int_in_range(0..=4)? {
                    let (kind, value) = match u.int_in_range(0..=2)? {
                        0 => (StatType::REJECTED, StatValue::Counter(u.arbitrary()?)),
                        1 => (StatType::LOC_RIB, StatValue::Gauge(u.arbitrary()?)),
                        _ => (StatType::POST_OUT_OF, StatValue::FamilyGauge(family(u)?, u.arbitrary()?)),
                    };
                    built(message.push(&Statistic { kind, value }))?;
                }
            }
            2 => {
                let down = PeerDown { reason: PeerDownReason::LOCAL_EVENT, data: &u.arbitrary::<[u8; 2]>()? };
                built(down.begin(&peer, &mut to))?;
            }
            3 => {
                let [OpenMessage(sent), OpenMessage(received)] = u.arbitrary()?;
                let local = if peer.is_ipv6() { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
                let up = PeerUp { local, ports: u.arbitrary()?, opens: &[] };
                built(up.begin(&peer, [&sent, &received], &mut to))?;
            }
            4 => {
                let len = u.int_in_range(0..=16)?;
                let mut message = built(InformationWriter::initiation(&mut to))?;
                built(message.push(&Information::SystemName(u.bytes(len)?)))?;
            }
            5 => {
                let mut message = built(InformationWriter::termination(&mut to))?;
                built(message.push(&Information::Reason(u.arbitrary()?)))?;
            }
            _ => {
                let UpdateMessage(update) = u.arbitrary()?;
                let mut message = built(RouteTlvWriter::begin(&peer, &mut to))?;
                let status = PathStatus { bits: u.arbitrary()?, reason: u.arbitrary()? };
                built(message.push_status(9, Index::Route(u.int_in_range(1..=20)?), &status))?;
                built(message.push(Index::All, &RouteInformation::Message(&update)))?;
            }
        }
        Ok(Self(to.written().to_vec()))
    }
}

fn routes<'a, P: Arbitrary<'a>>(u: &mut Unstructured<'a>) -> Result<Vec<P>> {
    (0..u.int_in_range(1..=20)?).map(|_| u.arbitrary()).collect()
}

fn first<R: WriteRoute>(mut updates: Updates<'_, impl Iterator<Item = R>>) -> Result<UpdateMessage> {
    let mut buffer = [0; 4096];
    let message = built(updates.next(&mut buffer))?.ok_or(::arbitrary::Error::IncorrectFormat)?;
    Ok(UpdateMessage(message.to_vec()))
}

/// A value of a known type, of the most bytes that there are and that it takes.
impl<'a> Arbitrary<'a> for LinkStateValue<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let kind = u.choose(LinkStateTlv::KNOWN)?.0;
        let len = u.int_in_range(0..=64)?.min(u.len());
        let bytes = u.bytes(len)?;
        let value = |len| LinkStateValue::parse(Tlv { kind, value: bytes.get(..len)? }).ok();
        (0..=len).rev().find_map(value).ok_or(::arbitrary::Error::IncorrectFormat)
    }
}

/// A family that is known, or now and then any.
fn family(u: &mut Unstructured<'_>) -> Result<Family> {
    if u.ratio(1, 16)? { u.arbitrary() } else { Ok(*u.choose(Family::KNOWN)?) }
}

/// A value that is allowed, where few are not.
fn allowed<'a, T: Arbitrary<'a>>(u: &mut Unstructured<'a>, is_good: impl Fn(&T) -> bool) -> Result<T> {
    let value = u.arbitrary()?;
    if is_good(&value) { Ok(value) } else { Err(::arbitrary::Error::IncorrectFormat) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mrt::MrtRecord;
    use crate::{Framer, Open};

    /// Bytes as a fuzzer has them, the same each time.
    fn inputs() -> impl Iterator<Item = Vec<u8>> {
        let mut state = 1_u64;
        let mut byte = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..1000).map(move |_| (0..400).map(|_| byte()).collect())
    }

    #[test]
    fn nothing_is_found_fault_with() {
        let session = Negotiated::assumed();
        let (mut updates, mut opens, mut kinds) = (0, 0, [0; 6]);
        let mut link_state = std::collections::BTreeSet::new();
        for input in inputs() {
            if let Ok(UpdateMessage(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) {
                let update = Update::parse(&bytes[19..], &session).unwrap();
                assert!(update.validate().is_accept(), "{:?}", update.validate());
                assert_ne!(update.announced().count(), update.withdrawn().count());
                updates += 1;
            }
            if let Ok(OpenMessage(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) {
                Open::parse(&bytes[19..]).unwrap();
                opens += 1;
            }
            if let Ok(value) = LinkStateValue::arbitrary(&mut Unstructured::new(&input)) {
                link_state.insert(value.kind());
            }
            if let Ok(AnyMessage(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) {
                let frame = Framer::with_max_len(4096).next(&mut &bytes[..]).unwrap().unwrap();
                assert_eq!(frame.bytes(), bytes);
                frame.parse(&session).unwrap();
                kinds[usize::from(frame.kind().0)] += 1;
            }
        }
        assert!(
            updates > 900 && opens > 900 && kinds[1..].iter().all(|count| *count > 50),
            "{updates} {opens} {kinds:?}"
        );
        assert!(link_state.len() > LinkStateTlv::KNOWN.len() * 3 / 4, "{link_state:?}");
    }

    /// What is made is read, each kind of it, and written back.
    #[test]
    fn dumps_are_read_and_written_back() {
        let (mut records, mut messages) = ([0; 20], [0; 7]);
        for input in inputs() {
            let mut buffer = [0; 16_384];
            if let Ok(MrtBytes(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) {
                let (record, _) = MrtRecord::split(&bytes).unwrap().unwrap();
                let mut to = Writer::new(MRT, &mut buffer);
                record.parse().unwrap().write(&record, &mut to).unwrap();
                assert_eq!(to.written(), bytes);
                records[usize::from(record.kind.0)] += 1;
            }
            if let Ok(BmpBytes(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) {
                let (message, _) = BmpMessage::split(&bytes).unwrap().unwrap();
                let mut to = Writer::new(BMP, &mut buffer);
                message.parse().unwrap().write(&message, &mut to).unwrap();
                assert_eq!(to.written(), bytes);
                messages[usize::from(message.kind.0)] += 1;
            }
        }
        let of_types = [records[12], records[13], records[16], records[17]];
        assert!(of_types.iter().chain(&messages[..6]).all(|count| *count > 20), "{of_types:?} {messages:?}");
    }
}
