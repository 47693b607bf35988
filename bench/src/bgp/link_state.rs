//! Link state: UPDATEs of an IGP's nodes, links and prefixes, as a router sends a network of some hundred nodes; and all that is in them,
//! read as values.

use std::net::Ipv4Addr;

use bgp_codec::attribute::NextHop;
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::link_state::{
    AdminGroup, Bandwidth, IgpFlags, IgpMetric, LinkIdentifiers, LinkStateValue as Value, Name, NodeDescriptors,
    NodeFlags, Number, RouterId,
};
use bgp_codec::nlri::link_state::{LinkStateProtocol, LinkStateType};
use bgp_codec::nlri::{LinkState, Route, RouteFormat, Routes};
use bgp_codec::tlv::{Shape, Tlvs};
use bgp_codec::validate::UpdateVisitor;
use bgp_codec::{Attribute, AttributeValue, Family, Framer, LayerName, Negotiated, Nlri, Update, Writer};
use netgauze_bgp_pkt::nlri::{
    BgpLsLinkDescriptor, BgpLsNlri, BgpLsNlriValue, BgpLsNodeDescriptorSubTlv, BgpLsPrefixDescriptor,
};
use netgauze_bgp_pkt::path_attribute::{BgpLsAttribute, BgpLsAttributeValue, MpReach, PathAttributeValue};
use netgauze_bgp_pkt::wire::deserializer::BgpParsingContext;
use netgauze_parse_utils::reader::SliceReader;
use netgauze_parse_utils::traits::ParseFromWithOneInput;

use crate::bgp;
use crate::mix::{Mix, Random};

/// TLVs one behind the other.
fn tlvs(values: &[Value<'_>]) -> Vec<u8> {
    let mut area = [0; 1024];
    let mut to = Writer::new(LayerName::new("bench"), &mut area);
    values.iter().for_each(|value| value.write(&mut to).unwrap());
    to.written().to_vec()
}

fn node(number: u32) -> Vec<u8> {
    let [_, a, b, c] = number.to_be_bytes();
    tlvs(&[
        Value::AutonomousSystem(65_000),
        Value::BgpLsIdentifier(0),
        Value::IgpRouterId(RouterId(&[0, 0, 0, a, b, c])),
    ])
}

/// A link between two nodes, with what traffic engineering is told of it.
pub fn link(near: u32, far: u32) -> Vec<u8> {
    let (near_node, far_node) = (node(near), node(far));
    let bandwidth = Bandwidth::new(1.25e9);
    let risks = [Number::new(near), Number::new(far)];
    update(
        LinkStateType::LINK,
        &tlvs(&[
            Value::LocalNode(NodeDescriptors(Tlvs::new(Shape::Word, &near_node))),
            Value::RemoteNode(NodeDescriptors(Tlvs::new(Shape::Word, &far_node))),
            Value::LinkIdentifiers(LinkIdentifiers { local: near, remote: far }),
            Value::Ipv4Interface(Ipv4Addr::from(0x0a00_0000 | near)),
            Value::Ipv4Neighbor(Ipv4Addr::from(0x0a00_0000 | far)),
        ]),
        &tlvs(&[
            Value::LocalIpv4RouterId(Ipv4Addr::from(0xc000_0200 | near)),
            Value::RemoteIpv4RouterId(Ipv4Addr::from(0xc000_0200 | far)),
            Value::AdminGroup(AdminGroup::new(near ^ far)),
            Value::MaxBandwidth(bandwidth),
            Value::MaxReservableBandwidth(bandwidth),
            Value::UnreservedBandwidth(&[bandwidth; 8]),
            Value::TeMetric(far),
            Value::IgpMetric(IgpMetric::Wide(near & 0xffff)),
            Value::SharedRisk(&risks),
            Value::LinkName(Name(b"TenGigE0/0/0/1.100")),
        ]),
    )
}

fn router(number: u32) -> Vec<u8> {
    let node = node(number);
    update(
        LinkStateType::NODE,
        &tlvs(&[Value::LocalNode(NodeDescriptors(Tlvs::new(Shape::Word, &node)))]),
        &tlvs(&[
            Value::NodeFlags(NodeFlags::BORDER),
            Value::NodeName(Name(b"core1.fra.example.net")),
            Value::LocalIpv4RouterId(Ipv4Addr::from(0xc000_0200 | number)),
        ]),
    )
}

fn prefix(number: u32) -> Vec<u8> {
    let node = node(number);
    let [_, a, b, c] = number.to_be_bytes();
    let mut descriptors = tlvs(&[Value::LocalNode(NodeDescriptors(Tlvs::new(Shape::Word, &node)))]);
    descriptors.extend([1, 9, 0, 5, 32, 10, a, b, c]);
    let told = [Value::IgpFlags(IgpFlags::DOWN), Value::PrefixMetric(number)];
    update(LinkStateType::IPV4_PREFIX, &descriptors, &tlvs(&told))
}

fn update(kind: LinkStateType, descriptors: &[u8], told: &[u8]) -> Vec<u8> {
    let session = bgp::session();
    let path = bgp::path(&[]);
    let values = [
        AttributeValue::Origin(bgp_codec::attribute::Origin::Igp),
        AttributeValue::AsPath(path),
        AttributeValue::LocalPref(100),
        AttributeValue::LinkState(Tlvs::new(Shape::Word, told)),
    ];
    let mut area = [0; 1024];
    let attributes = SharedAttributes::write(&values, &session, &mut area).unwrap();
    let descriptors = Tlvs::new(Shape::Word, descriptors);
    let protocol = LinkStateProtocol::ISIS_LEVEL_2;
    let route =
        Nlri::LinkState(LinkState::Described { kind, distinguisher: None, protocol, identifier: 0, descriptors });
    let routes = [Route { family: Family::LINK_STATE, path_id: None, nlri: route }].into_iter();
    let next_hop = NextHop::Ipv4(Ipv4Addr::new(192, 0, 2, 1));
    let mut updates = Updates::announce(Family::LINK_STATE, next_hop, attributes, routes, &session).unwrap();
    let mut buffer = [0; 4096];
    updates.next(&mut buffer).unwrap().unwrap().to_vec()
}

/// 1024 different ones: links for the most part.
pub fn updates() -> Mix {
    let mut random = Random(23);
    Mix::of(
        (0..1024).map(|_| {
            let (near, far) = (random.below(1 << 16) as u32, random.below(1 << 16) as u32);
            match random.below(10) {
                0 => router(near),
                1..=3 => prefix(near),
                _ => link(near, far),
            }
        }),
        0,
    )
}

/// What every parser must find: all numbers, addresses and lengths of names, added up.
#[derive(Default)]
struct Sum(u64);

impl Sum {
    fn add(&mut self, number: impl Into<u64>) {
        self.0 = self.0.wrapping_add(number.into());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.add(*byte));
    }

    fn route(&mut self, route: Route<'_>) {
        if let Nlri::LinkState(LinkState::Described { descriptors, .. }) = route.nlri {
            descriptors.filter_map(|tlv| Value::parse(tlv).ok()).for_each(|value| self.value(value));
        }
    }

    #[inline(always)]
    fn value(&mut self, value: Value<'_>) {
        match value {
            Value::LocalNode(node) | Value::RemoteNode(node) => {
                node.0.filter_map(|tlv| Value::parse(tlv).ok()).for_each(|value| self.value(value));
            }
            Value::AutonomousSystem(number) | Value::BgpLsIdentifier(number) => self.add(number),
            Value::TeMetric(number) | Value::PrefixMetric(number) => self.add(number),
            Value::IgpRouterId(id) => self.bytes(id.0),
            Value::LinkIdentifiers(of) => {
                self.add(of.local);
                self.add(of.remote);
            }
            Value::Ipv4Interface(address) | Value::Ipv4Neighbor(address) => self.add(address.to_bits()),
            Value::LocalIpv4RouterId(address) | Value::RemoteIpv4RouterId(address) => self.add(address.to_bits()),
            Value::AdminGroup(groups) => self.add(groups.bits()),
            Value::MaxBandwidth(of) | Value::MaxReservableBandwidth(of) => self.add(of.bytes_per_second().to_bits()),
            Value::UnreservedBandwidth(all) => all.iter().for_each(|of| self.add(of.bytes_per_second().to_bits())),
            Value::IgpMetric(metric) => self.add(metric.get()),
            Value::SharedRisk(all) => all.iter().for_each(|risk| self.add(risk.get())),
            Value::LinkName(name) | Value::NodeName(name) => self.add(name.0.len() as u64),
            Value::NodeFlags(flags) => self.add(flags.has(NodeFlags::BORDER)),
            Value::IgpFlags(flags) => self.add(flags.has(IgpFlags::DOWN)),
            Value::IpReachability(told) => {
                let prefix = told.prefix(bgp_codec::Afi::IPV4);
                prefix.into_iter().for_each(|prefix| self.add(bgp::bits(prefix.address()) ^ u64::from(prefix.len())));
            }
            _ => {}
        }
    }
}

impl<'a> UpdateVisitor<'a> for Sum {
    fn attribute(&mut self, _: &Attribute<'a>, value: AttributeValue<'a>) {
        match value {
            AttributeValue::LinkState(told) => {
                told.filter_map(|tlv| Value::parse(tlv).ok()).for_each(|value| self.value(value))
            }
            AttributeValue::MpReach(reach) => {
                reach.routes.for_each(|route| self.route(route));
            }
            _ => {}
        }
    }
}

/// Of an UPDATE: the route, and what is told of it behind its length, both as they stand there.
pub fn parts(message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let session = bgp::session();
    let update = Update::parse(&message[19..], &session).unwrap();
    let (mut route, mut told) = (Vec::new(), Vec::new());
    for attribute in update.attributes() {
        match attribute.parse(&session).unwrap() {
            AttributeValue::MpReach(reach) => route.extend(reach.routes.as_bytes()),
            AttributeValue::LinkState(_) => {
                told.extend((attribute.value.len() as u16).to_be_bytes());
                told.extend(attribute.value);
            }
            _ => {}
        }
    }
    (route, told)
}

pub fn ours_parts((route, told): &(Vec<u8>, Vec<u8>)) -> Option<u64> {
    let mut sum = Sum::default();
    for route in Routes::new(RouteFormat::of(Family::LINK_STATE), route) {
        sum.route(route);
    }
    let mut told = Tlvs::new(Shape::Word, told.get(2..)?);
    for tlv in told.by_ref() {
        sum.value(Value::parse(tlv).ok()?);
    }
    told.as_bytes().is_empty().then_some(sum.0)
}

pub fn netgauze_parts((route, told): &(Vec<u8>, Vec<u8>)) -> Option<u64> {
    let mut sum = Sum::default();
    let mut routes = SliceReader::new(route);
    while !routes.is_empty() {
        netgauze_route(&mut sum, BgpLsNlri::parse(&mut routes, false).ok()?.nlri());
    }
    let told = BgpLsAttribute::parse(&mut SliceReader::new(told), true).ok()?;
    told.attributes().iter().for_each(|value| netgauze_value(&mut sum, value));
    Some(sum.0)
}

pub fn ours(message: &[u8], session: &Negotiated) -> Option<u64> {
    let frame = Framer::new().next(&mut &*message).ok()??;
    let update = Update::parse(frame.body(), session).ok()?;
    let mut sum = Sum::default();
    update.walk(&mut sum).is_accept().then_some(sum.0)
}

pub fn netgauze(message: &[u8], context: &mut BgpParsingContext) -> Option<u64> {
    let message = netgauze_bgp_pkt::BgpMessage::parse(&mut SliceReader::new(message), context).ok()?;
    let netgauze_bgp_pkt::BgpMessage::Update(update) = message else {
        return None;
    };
    let mut sum = Sum::default();
    for attribute in update.path_attributes() {
        match attribute.value() {
            PathAttributeValue::MpReach(MpReach::BgpLs { nlri, .. }) => {
                nlri.iter().for_each(|route| netgauze_route(&mut sum, route.nlri()));
            }
            PathAttributeValue::BgpLs(told) => {
                told.attributes().iter().for_each(|value| netgauze_value(&mut sum, value))
            }
            _ => {}
        }
    }
    Some(sum.0)
}

fn netgauze_route(sum: &mut Sum, route: &BgpLsNlriValue) {
    match route {
        BgpLsNlriValue::Node(node) => netgauze_node(sum, node.local_node_descriptors().subtlvs()),
        BgpLsNlriValue::Link(link) => {
            netgauze_node(sum, link.local_node_descriptors().subtlvs());
            netgauze_node(sum, link.remote_node_descriptors().subtlvs());
            for descriptor in link.link_descriptors() {
                match descriptor {
                    BgpLsLinkDescriptor::LinkLocalRemoteIdentifiers {
                        link_local_identifier,
                        link_remote_identifier,
                    } => {
                        sum.add(*link_local_identifier);
                        sum.add(*link_remote_identifier);
                    }
                    BgpLsLinkDescriptor::IPv4InterfaceAddress(address)
                    | BgpLsLinkDescriptor::IPv4NeighborAddress(address) => sum.add(address.to_bits()),
                    _ => {}
                }
            }
        }
        BgpLsNlriValue::Ipv4Prefix(prefix) => {
            netgauze_node(sum, prefix.local_node_descriptors().subtlvs());
            for descriptor in prefix.prefix_descriptors() {
                if let BgpLsPrefixDescriptor::IpReachabilityInformation(told) = descriptor {
                    sum.add(bgp::bits(told.address().addr()) ^ u64::from(told.address().prefix_len()));
                }
            }
        }
        _ => {}
    }
}

fn netgauze_node(sum: &mut Sum, descriptors: &[BgpLsNodeDescriptorSubTlv]) {
    for descriptor in descriptors {
        match descriptor {
            BgpLsNodeDescriptorSubTlv::AutonomousSystem(number)
            | BgpLsNodeDescriptorSubTlv::BgpLsIdentifier(number) => {
                sum.add(*number);
            }
            BgpLsNodeDescriptorSubTlv::IgpRouterId(id) => sum.bytes(id),
            _ => {}
        }
    }
}

fn netgauze_value(sum: &mut Sum, value: &BgpLsAttributeValue) {
    match value {
        BgpLsAttributeValue::LocalNodeIpv4RouterId(address) | BgpLsAttributeValue::RemoteNodeIpv4RouterId(address) => {
            sum.add(address.to_bits());
        }
        BgpLsAttributeValue::RemoteNodeAdministrativeGroupColor(groups) => sum.add(*groups),
        BgpLsAttributeValue::MaximumLinkBandwidth(of) | BgpLsAttributeValue::MaximumReservableLinkBandwidth(of) => {
            sum.add(of.to_bits());
        }
        BgpLsAttributeValue::UnreservedBandwidth(all) => all.iter().for_each(|of| sum.add(of.to_bits())),
        BgpLsAttributeValue::TeDefaultMetric(number) | BgpLsAttributeValue::PrefixMetric(number) => sum.add(*number),
        BgpLsAttributeValue::IgpMetric(bytes) => {
            sum.add(bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)));
        }
        BgpLsAttributeValue::SharedRiskLinkGroup(all) => all.iter().for_each(|risk| sum.add(risk.value())),
        BgpLsAttributeValue::LinkName(name) | BgpLsAttributeValue::NodeNameTlv(name) => sum.add(name.len() as u64),
        BgpLsAttributeValue::NodeFlagBits { abr, .. } => sum.add(*abr),
        BgpLsAttributeValue::IgpFlags { isis_up_down, .. } => sum.add(*isis_up_down),
        _ => {}
    }
}
