//! Other crates. Each parses eagerly, so that an attribute counts as looked at once it is parsed; routes are read from what
//! was made.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bgpkit_parser::models::{AsnLength, AttributeValue, BgpMessage as BgpkitMessage, NetworkPrefix};
use bytes::Bytes;
use netgauze_bgp_pkt::nlri::{Ipv4UnicastAddress, Ipv6UnicastAddress};
use netgauze_bgp_pkt::path_attribute::{MpReach, MpUnreach, PathAttributeValue};
use netgauze_bgp_pkt::wire::deserializer::BgpParsingContext;
use netgauze_parse_utils::reader::SliceReader;
use netgauze_parse_utils::traits::ParseFromWithOneInput;
use routecore::bgp::aspath::AsPath;
use routecore::bgp::communities::{ExtendedCommunity, LargeCommunity, StandardCommunity};
use routecore::bgp::message::{SessionConfig, UpdateMessage};
use routecore::bgp::nlri::afisafi::{Ipv4UnicastNlri, Ipv6UnicastNlri, IsPrefix, Nlri};
use routecore::bgp::path_attributes::{EncodedPathAttribute, WireformatPathAttribute};
use zettabgp::prelude::{
    BgpAddrV4, BgpAddrs, BgpAttrItem, BgpCapability, BgpMessage as _, BgpSessionParams, BgpTransportMode,
    BgpUpdateMessage,
};

use super::Found;

pub fn zettabgp_params() -> BgpSessionParams {
    let capabilities = vec![BgpCapability::SafiIPv4u, BgpCapability::SafiIPv6u, BgpCapability::CapASN32(65_001)];
    let mut params = BgpSessionParams::new(65_001, 180, BgpTransportMode::IPv4, Ipv4Addr::LOCALHOST, capabilities);
    params.has_as32bit = true;
    params
}

pub fn zettabgp(message: &[u8], params: &BgpSessionParams) -> Option<Found> {
    let (kind, len) = params.decode_message_head(message).ok()?;
    if kind != zettabgp::prelude::BgpMessageType::Update {
        return None;
    }
    let mut update = BgpUpdateMessage::new();
    update.decode_from(params, message.get(19..19 + len)?).ok()?;
    let mut found = Found::default();
    zettabgp_routes(&update.updates, |address, len| found.announced(address, len))?;
    zettabgp_routes(&update.withdraws, |address, len| found.withdrawn(address, len))?;
    for attribute in &update.attrs {
        match attribute {
            BgpAttrItem::MPUpdates(of) => zettabgp_routes(&of.addrs, |address, len| found.announced(address, len))?,
            BgpAttrItem::MPWithdraws(of) => zettabgp_routes(&of.addrs, |address, len| found.withdrawn(address, len))?,
            _ => {}
        }
    }
    std::hint::black_box(&update.attrs);
    Some(found)
}

fn zettabgp_routes(routes: &BgpAddrs, mut each: impl FnMut(IpAddr, u8)) -> Option<()> {
    match routes {
        BgpAddrs::IPV4U(routes) => routes.iter().for_each(|route| each(route.addr.into(), route.prefixlen)),
        BgpAddrs::IPV6U(routes) => routes.iter().for_each(|route| each(route.addr.into(), route.prefixlen)),
        BgpAddrs::None => {}
        _ => return None,
    }
    Some(())
}

pub fn zettabgp_message(message: &[u8], params: &BgpSessionParams) -> BgpUpdateMessage {
    let mut update = BgpUpdateMessage::new();
    update.decode_from(params, &message[19..]).unwrap();
    update
}

/// From prefixes and attributes, as they are kept, to a message.
pub fn zettabgp_build(
    template: &BgpUpdateMessage,
    routes: &[BgpAddrV4],
    params: &BgpSessionParams,
    buffer: &mut [u8],
) -> Option<usize> {
    let mut update = BgpUpdateMessage::new();
    update.attrs = template.attrs.clone();
    update.updates = BgpAddrs::IPV4U(routes.to_vec());
    zettabgp_encode(&update, params, buffer)
}

/// The same of what is made already: its encoding alone.
pub fn zettabgp_encode(update: &BgpUpdateMessage, params: &BgpSessionParams, buffer: &mut [u8]) -> Option<usize> {
    let len = update.encode_to(params, &mut buffer[19..]).ok()?;
    params.prepare_message_buf(buffer, zettabgp::prelude::BgpMessageType::Update, len).ok()
}

pub fn bgpkit(message: &Bytes) -> Option<Found> {
    let mut data = message.clone();
    let mut found = Found::default();
    bgpkit_one(&mut data, &mut found)?;
    Some(found)
}

fn bgpkit_one(data: &mut Bytes, found: &mut Found) -> Option<()> {
    let message = bgpkit_parser::parser::bgp::parse_bgp_message(data, false, &AsnLength::Bits32).ok()?;
    let BgpkitMessage::Update(update) = message else {
        return None;
    };
    for NetworkPrefix { prefix, .. } in &update.announced_prefixes {
        found.announced(prefix.addr(), prefix.prefix_len());
    }
    std::hint::black_box(&update.attributes);
    Some(())
}

pub fn bgpkit_table(stream: &Bytes) -> Option<Found> {
    let mut data = stream.clone();
    let mut found = Found::default();
    while data.len() >= 19 {
        let len = usize::from(u16::from_be_bytes([data[16], data[17]]));
        let mut message = data.split_to(len);
        bgpkit_one(&mut message, &mut found)?;
    }
    Some(found)
}

pub fn bgpkit_build(template: &bgpkit_parser::models::BgpUpdateMessage, routes: &[NetworkPrefix]) -> Option<usize> {
    let update = bgpkit_parser::models::BgpUpdateMessage {
        withdrawn_prefixes: Vec::new(),
        attributes: template.attributes.clone(),
        announced_prefixes: routes.to_vec(),
    };
    BgpkitMessage::Update(update).encode(AsnLength::Bits32).ok().map(|bytes| bytes.len())
}

pub fn bgpkit_message(message: &[u8]) -> bgpkit_parser::models::BgpUpdateMessage {
    let mut data = Bytes::copy_from_slice(message);
    let message = bgpkit_parser::parser::bgp::parse_bgp_message(&mut data, false, &AsnLength::Bits32).unwrap();
    let BgpkitMessage::Update(update) = message else { panic!("no UPDATE") };
    assert!(update.attributes.iter().any(|attribute| matches!(attribute, AttributeValue::Origin(_))));
    update
}

pub fn netgauze_context() -> BgpParsingContext {
    BgpParsingContext::new(true, HashMap::new(), HashMap::new(), true, true, true, true)
}

pub fn netgauze(message: &[u8], context: &mut BgpParsingContext) -> Option<Found> {
    let mut reader = SliceReader::new(message);
    let message = netgauze_bgp_pkt::BgpMessage::parse(&mut reader, context).ok()?;
    let netgauze_bgp_pkt::BgpMessage::Update(update) = message else {
        return None;
    };
    let mut found = Found::default();
    let ipv4 = |route: &Ipv4UnicastAddress| (route.network().address().addr(), route.network().address().prefix_len());
    let ipv6 = |route: &Ipv6UnicastAddress| (route.network().address().addr(), route.network().address().prefix_len());
    update.nlri().iter().map(ipv4).for_each(|(address, len)| found.announced(address, len));
    update.withdraw_routes().iter().map(ipv4).for_each(|(address, len)| found.withdrawn(address, len));
    for attribute in update.path_attributes() {
        match attribute.value() {
            PathAttributeValue::MpReach(MpReach::Ipv6Unicast { nlri, .. }) => {
                nlri.iter().map(ipv6).for_each(|(address, len)| found.announced(address, len));
            }
            PathAttributeValue::MpUnreach(MpUnreach::Ipv6Unicast { nlri }) => {
                nlri.iter().map(ipv6).for_each(|(address, len)| found.withdrawn(address, len));
            }
            _ => {}
        }
    }
    std::hint::black_box(update.path_attributes());
    Some(found)
}

/// Every attribute as a value that it owns.
pub fn routecore_owned(message: &[u8], config: &SessionConfig) -> Option<Found> {
    let update = UpdateMessage::from_octets(message, config).ok()?;
    let mut found = Found::default();
    for attribute in update.path_attributes().ok()? {
        std::hint::black_box(attribute.ok()?.to_owned().ok()?);
    }
    for route in update.announcements().ok()? {
        match route.ok()? {
            Nlri::Ipv4Unicast(route) => found.announced(route.prefix().addr(), route.prefix().len()),
            _ => return None,
        }
    }
    Some(found)
}

/// Its views of the message's own bytes, each type's, in one pass and without a copy: its fastest interface.
pub fn routecore(message: &[u8], config: &SessionConfig) -> Option<Found> {
    let update = UpdateMessage::from_octets(message, config).ok()?;
    let mut found = Found::default();
    routecore_attributes(&update, &mut found)?;
    if update.withdrawn_routes_len() > 0 {
        for route in update.typed_withdrawals::<_, Ipv4UnicastNlri>().ok()?? {
            let prefix = route.ok()?.prefix();
            found.withdrawn(prefix.addr(), prefix.len());
        }
    }
    if update.has_conventional_nlri() {
        for route in update.typed_announcements::<_, Ipv4UnicastNlri>().ok()?? {
            let prefix = route.ok()?.prefix();
            found.announced(prefix.addr(), prefix.len());
        }
    }
    Some(found)
}

#[inline(always)]
fn routecore_attributes(update: &UpdateMessage<&[u8]>, found: &mut Found) -> Option<()> {
    use WireformatPathAttribute as Attribute;
    for attribute in update.path_attributes().ok()? {
        match attribute.ok()? {
            Attribute::Origin(of) => found.origin = of.value_into_parser().parse_u8().ok()?,
            Attribute::AsPath(of) => {
                let value = of.value_into_parser();
                let path = AsPath::new(value.peek_all(), of.pdu_parse_info().four_octet_enabled()).ok()?;
                for segment in path.segments() {
                    found.path += segment.asns().map(|number| u64::from(number.into_u32())).sum::<u64>();
                }
            }
            Attribute::ConventionalNextHop(of) => found.next_hop = number(&of)?,
            Attribute::MultiExitDisc(of) => found.med = number(&of)? as u32,
            Attribute::LocalPref(of) => found.local_pref = number(&of)? as u32,
            Attribute::AtomicAggregate(_) => found.other += 1,
            Attribute::Aggregator(of) => {
                let mut value = of.value_into_parser();
                found.other += u64::from(value.parse_u32_be().ok()?) + u64::from(value.parse_u32_be().ok()?);
            }
            Attribute::Otc(of) => found.other += number(&of)?,
            Attribute::StandardCommunities(of) => {
                let raw = of.value_into_parser();
                let all = raw.peek_all().chunks_exact(4).filter_map(|raw| raw.try_into().ok());
                found.communities += all.map(|raw| u64::from(StandardCommunity::from_raw(raw).to_u32())).sum::<u64>();
            }
            Attribute::ExtendedCommunities(of) => {
                let raw = of.value_into_parser();
                for raw in raw.peek_all().chunks_exact(8).filter_map(|raw| raw.try_into().ok()) {
                    let number = u64::from_be_bytes(ExtendedCommunity::from_raw(raw).to_raw());
                    found.communities = found.communities.wrapping_add(number);
                }
            }
            Attribute::LargeCommunities(of) => {
                let raw = of.value_into_parser();
                for raw in raw.peek_all().chunks_exact(12).filter_map(|raw| raw.try_into().ok()) {
                    let of = LargeCommunity::from_raw(raw);
                    found.communities += u64::from(of.global()) + u64::from(of.local1()) + u64::from(of.local2());
                }
            }
            Attribute::MpReachNlri(of) => {
                let next_hop = of.value_into_parser();
                found.next_hop = super::bits(Ipv6Addr::from(*next_hop.peek_all().get(4..)?.first_chunk()?));
                for route in update.typed_announcements::<_, Ipv6UnicastNlri>().ok()?? {
                    let prefix = route.ok()?.prefix();
                    found.announced(prefix.addr(), prefix.len());
                }
            }
            Attribute::Unimplemented(of) if of.type_code() == 15 => {
                for route in update.typed_withdrawals::<_, Ipv6UnicastNlri>().ok()?? {
                    let prefix = route.ok()?.prefix();
                    found.withdrawn(prefix.addr(), prefix.len());
                }
            }
            Attribute::Invalid(..) => return None,
            _ => {}
        }
    }
    Some(())
}

/// An attribute's four bytes.
fn number(of: &EncodedPathAttribute<'_, &[u8]>) -> Option<u64> {
    of.value_into_parser().parse_u32_be().ok().map(u64::from)
}

pub fn routecore_table(mut stream: &[u8], config: &SessionConfig) -> Option<Found> {
    let mut found = Found::default();
    while let Some(len) = stream.get(16..18) {
        let (message, rest) = stream.split_at_checked(usize::from(u16::from_be_bytes([len[0], len[1]])))?;
        found.add(&routecore(message, config)?);
        stream = rest;
    }
    Some(found)
}
