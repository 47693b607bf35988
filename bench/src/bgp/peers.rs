//! Other crates. Each parses eagerly, so that an attribute counts as looked at once it is parsed; routes are read from what
//! was made.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use bgpkit_parser::models::{AsnLength, AttributeValue, BgpMessage as BgpkitMessage, NetworkPrefix};
use bytes::Bytes;
use ipnet::IpNet;
use netgauze_bgp_pkt::wire::deserializer::BgpParsingContext;
use netgauze_parse_utils::reader::SliceReader;
use netgauze_parse_utils::traits::ParseFromWithOneInput;
use routecore::bgp::message::{SessionConfig, UpdateMessage};
use routecore::bgp::nlri::afisafi::Nlri;
use zettabgp::prelude::{
    BgpAddrV4, BgpAddrs, BgpCapability, BgpMessage as _, BgpSessionParams, BgpTransportMode, BgpUpdateMessage,
};

use super::Found;

pub fn zettabgp_params() -> BgpSessionParams {
    let capabilities = vec![BgpCapability::SafiIPv4u, BgpCapability::CapASN32(65_001)];
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
    let BgpAddrs::IPV4U(routes) = &update.updates else {
        return None;
    };
    routes.iter().for_each(|route| found.route(route.addr, route.prefixlen));
    std::hint::black_box(&update.attrs);
    Some(found)
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
        match prefix {
            IpNet::V4(prefix) => found.route(prefix.addr(), prefix.prefix_len()),
            IpNet::V6(_) => return None,
        }
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
    for route in update.nlri() {
        let prefix = route.network().address();
        found.route(prefix.addr(), prefix.prefix_len());
    }
    std::hint::black_box(update.path_attributes());
    Some(found)
}

pub fn routecore(message: &[u8], config: &SessionConfig) -> Option<Found> {
    let update = UpdateMessage::from_octets(message, config).ok()?;
    let mut found = Found::default();
    for attribute in update.path_attributes().ok()? {
        std::hint::black_box(attribute.ok()?.to_owned().ok()?);
    }
    for route in update.announcements().ok()? {
        match route.ok()? {
            Nlri::Ipv4Unicast(route) => match routecore::bgp::nlri::afisafi::IsPrefix::prefix(&route).addr() {
                std::net::IpAddr::V4(address) => {
                    found.route(address, routecore::bgp::nlri::afisafi::IsPrefix::prefix(&route).len());
                }
                std::net::IpAddr::V6(_) => return None,
            },
            _ => return None,
        }
    }
    Some(found)
}
