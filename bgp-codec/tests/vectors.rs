//! ExaBGP's encoding vectors, where the folder beside the project has them: each message is read with nothing unknown,
//! built back byte for byte from what was read, and agrees with what ExaBGP reads from it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use std::fmt::Write as _;
use std::path::Path;

use bgp_codec::attribute::{AsPath, SegmentType};
use bgp_codec::message::open::OpenConfig;
use bgp_codec::nlri::flow_spec::{Component, ComponentType, ComponentValue};
use bgp_codec::nlri::{KnownMcastVpn, KnownMup, McastVpn, Mup, Routes, Vpls};
use bgp_codec::{
    Action, Afi, AttributeType, AttributeValue, Family, FamilySet, Framer, LayerName, Message, Negotiated, Nlri, Open,
    Route, Safi, Update,
};
use common::unhex;
use ether_ip::writer::Writer;
use serde_json::{Map, Value as Json, json};

const FOLDER: &str = "../../shared/vectors/exabgp-encoding";

/// Messages that ExaBGP takes and an RFC does not, by how they end: what is to be done with each, and the reason. They are
/// built back and compared all the same, but for the flow, of which ExaBGP reads another.
const EXCEPTIONS: [(&str, Action, &str); 4] = [
    (
        "028078000000000000000000000000000000010381110b81650d9107dd",
        Action::TreatAsWithdraw,
        "RFC 8956 §3.1: the pattern of ::1/128 offset 120 has 8 bits; ExaBGP sends all 128, as before the RFC",
    ),
    (
        "609904000000642065656565",
        Action::SessionReset,
        "RFC 4271 §6.3: attribute 0x99 is well-known by its flags 0x60, and not known",
    ),
    (
        "7099000400000064206f6f6f6f",
        Action::SessionReset,
        "RFC 4271 §6.3: attribute 0x99 is well-known by its flags 0x70, and not known",
    ),
    (
        "0b0000000c200a000007",
        Action::TreatAsWithdraw,
        "RFC 4271 §6.3: the next hop 255.255.255.255 is no host's address",
    ),
];

#[test]
fn exabgp() {
    //= RFC 6793 §3/octets
    //= RFC 7606 §5.1/any-combination
    //= RFC 8277 §2.2/s-bit-sent
    if !Path::new(FOLDER).exists() {
        eprintln!("SKIPPED: {FOLDER} is not here");
        return;
    }
    let (mut vectors, mut disagreements, mut exceptions) = (0, Vec::new(), 0);
    let mut files: Vec<_> = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|of| of == "ci")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let session = session(name);
        let mut bytes = Vec::new();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let Some((_, rest)) = line.split_once(':').filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()))
            else {
                continue;
            };
            let found = match rest.split_once(':') {
                Some(("raw", hex)) => {
                    bytes = unhex(hex);
                    vectors += 1;
                    if let Some((_, reason)) = exception(&bytes) {
                        println!("{name}: exception: {reason}");
                        exceptions += 1;
                    }
                    check_bytes(&bytes, &session)
                }
                // Of the two forms for one message, jsv4 is ExaBGP 4's.
                Some(("json" | "jsv6", _)) if name == "conf-flow" && exception(&bytes).is_some() => Ok(()),
                Some(("json" | "jsv6", text)) => check_json(&bytes, &session, text),
                _ => Ok(()),
            };
            if let Err(what) = found {
                disagreements.push(format!("{name}: {what}"));
            }
        }
    }
    disagreements.iter().for_each(|what| println!("{what}"));
    println!("{vectors} vectors, {} disagree", disagreements.len());
    assert_eq!((files.iter().filter(|path| path.extension().is_some_and(|of| of == "ci")).count(), vectors), (40, 166));
    assert!(disagreements.is_empty());
    assert_eq!(exceptions, EXCEPTIONS.len());
}

fn exception(bytes: &[u8]) -> Option<(Action, &'static str)> {
    let found = EXCEPTIONS.iter().find(|(end, _, _)| bytes.ends_with(&unhex(end)));
    found.map(|(_, action, reason)| (*action, *reason))
}

/// What the sessions behind a file agreed on, which their configurations tell.
fn session(name: &str) -> Negotiated {
    let mut session = Negotiated::assumed();
    session.four_octet_as = !name.contains("no-asn4");
    session.peer = bgp_codec::Peer::Internal;
    if name.contains("addpath") || name.contains("path-information") {
        session.add_path_receive = FamilySet::of(Family::IPV4_UNICAST).with(Family::IPV4_VPN);
    }
    session
}

/// Reads a message to the bottom and builds it back.
fn check_bytes(bytes: &[u8], session: &Negotiated) -> Result<(), String> {
    let frame = Framer::new().next(&mut &bytes[..]).map_err(|error| error.to_string())?.ok_or("partial")?;
    let mut buffer = vec![0; bytes.len()];
    let built = match frame.parse(session).map_err(|error| error.to_string())? {
        Message::Open(open) => rebuild_open(&open, &mut buffer)?,
        Message::Update(update) => rebuild_update(&update, bytes, session, &mut buffer)?,
        Message::Notification(notification) => {
            notification.build(4096, &mut buffer).map_err(|error| error.to_string())?.to_vec()
        }
        other => return Err(format!("{other:?}")),
    };
    if built == bytes { Ok(()) } else { Err(format!("built {built:02x?}\n  from {bytes:02x?}")) }
}

fn rebuild_open(open: &Open<'_>, buffer: &mut [u8]) -> Result<Vec<u8>, String> {
    // ExaBGP gives each capability a parameter of its own, or all one: the parameters are kept, the capabilities written.
    let mut parameters = Vec::new();
    for (kind, value) in open.parameters() {
        let mut buffer = [0; 512];
        let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
        for capability in bgp_codec::capability::Capabilities::new(value) {
            capability.write(&mut writer).map_err(|error| error.to_string())?;
        }
        parameters.extend([kind, writer.len() as u8]);
        parameters.extend(writer.written());
    }
    let (as_number, identifier) = (u32::from(open.my_as()), open.identifier());
    let config = OpenConfig { as_number, hold_time: open.hold_time(), identifier, capabilities: &[] };
    let mut built = config.build(buffer).map_err(|error| error.to_string())?.to_vec();
    built[28] = parameters.len() as u8;
    built.extend(parameters);
    let len = built.len() as u16;
    built[16..18].copy_from_slice(&len.to_be_bytes());
    Ok(built)
}

fn rebuild_update(
    update: &Update<'_>,
    bytes: &[u8],
    session: &Negotiated,
    buffer: &mut [u8],
) -> Result<Vec<u8>, String> {
    let outcome = update.validate();
    if outcome.action() != exception(bytes).map_or(Action::Accept, |(action, _)| action) {
        return Err(format!("{outcome:?}"));
    }
    let section = |buffer: &mut [u8], write: &dyn Fn(&mut Writer<'_>) -> Result<(), ether_ip::Error>| {
        let mut writer = Writer::new(LayerName::PACKET, buffer);
        write(&mut writer).map(|()| writer.written().to_vec()).map_err(|error| error.to_string())
    };
    let routes = |routes: Routes<'_>| {
        let mut buffer = vec![0; 4096];
        section(&mut buffer, &|to| {
            routes.into_iter().try_for_each(|route| {
                if let Some(path_id) = route.path_id {
                    to.u32(path_id)?;
                }
                route.nlri.write(routes.format(), to)
            })
        })
    };
    let withdrawn = routes(update.withdrawn_routes().routes())?;
    let mut attributes = Vec::new();
    for attribute in update.attributes() {
        let value = attribute.parse(session).map_err(|error| error.to_string())?;
        unknown(&value)?;
        attributes.extend(section(buffer, &|to| value.write_with(attribute.flags, session.as_size(), to))?);
        // The routes inside, each from its own value.
        let (inside, as_they_stand) = match value {
            AttributeValue::MpReach(reach) => (reach.routes, reach.routes.as_bytes()),
            AttributeValue::MpUnreach(unreach) => (unreach.routes, unreach.routes.as_bytes()),
            _ => (Routes::NONE, &[][..]),
        };
        if routes(inside)? != as_they_stand {
            return Err(format!("{inside:?} from {as_they_stand:02x?}"));
        }
    }
    let nlri = routes(update.nlri().routes())?;
    let len = (23 + withdrawn.len() + attributes.len() + nlri.len()) as u16;
    let header = bgp_codec::framer::MessageHeader::new(bgp_codec::MessageType::UPDATE, len);
    let parts = [
        zerocopy::IntoBytes::as_bytes(&header),
        &(withdrawn.len() as u16).to_be_bytes(),
        &withdrawn,
        &(attributes.len() as u16).to_be_bytes(),
        &attributes,
        &nlri,
    ];
    Ok(parts.concat())
}

/// What this crate knows must not come out as unknown. Type 0x99 is made up.
fn unknown(value: &AttributeValue<'_>) -> Result<(), String> {
    let routes: Vec<Route<'_>> = match value {
        AttributeValue::Other { kind, .. } if kind.0 != 0x99 => return Err(format!("unknown attribute {kind}")),
        AttributeValue::ExtendedCommunities(communities) => {
            return match communities.iter().find(|one| one.to_string().starts_with("0x")) {
                Some(unknown) => Err(format!("unknown extended community {unknown}")),
                None => Ok(()),
            };
        }
        AttributeValue::MpReach(reach) => reach.routes.collect(),
        AttributeValue::MpUnreach(unreach) => unreach.routes.collect(),
        _ => Vec::new(),
    };
    match routes.iter().find(|route| format!("{:?}", route.nlri).contains("Other")) {
        Some(route) => Err(format!("unknown route {:?}", route.nlri)),
        None => Ok(()),
    }
}

/// Compares what ExaBGP reads from a message with what we read, in ExaBGP's shape.
fn check_json(bytes: &[u8], session: &Negotiated, text: &str) -> Result<(), String> {
    let theirs: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut theirs = theirs["neighbor"]["message"]["update"].clone();
    strip(&mut theirs);
    let update = Update::parse(&bytes[19..], session).map_err(|error| error.to_string())?;
    let ours = as_exabgp(&update, session);
    if ours == theirs { Ok(()) } else { Err(format!("\n  ours   {ours}\n  theirs {theirs}")) }
}

/// Takes out what repeats other fields in words.
fn strip(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.retain(|name, _| !matches!(name.as_str(), "string" | "parsed" | "raw" | "name"));
            fields.values_mut().for_each(strip);
        }
        Json::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn as_exabgp(update: &Update<'_>, session: &Negotiated) -> Json {
    let mut attributes = Map::new();
    for attribute in update.attributes() {
        let Ok(value) = attribute.parse(session) else {
            attributes.insert(attribute.kind.to_string(), json!("cannot be read"));
            continue;
        };
        let (name, value) = match value {
            AttributeValue::Origin(origin) => ("origin", json!(origin.to_string())),
            AttributeValue::AsPath(path) if path == AsPath::EMPTY || path.as_bytes().is_empty() => continue,
            AttributeValue::AsPath(path) => ("as-path", as_path(path)),
            AttributeValue::MultiExitDisc(number) => ("med", json!(number)),
            AttributeValue::LocalPref(number) => ("local-preference", json!(number)),
            AttributeValue::Communities(all) => {
                let pairs: Vec<_> = all.iter().map(|one| json!([one.as_number(), one.number()])).collect();
                ("community", json!(pairs))
            }
            AttributeValue::LargeCommunities(all) => {
                let triples: Vec<_> =
                    all.iter().map(|one| json!([one.global(), one.local().0, one.local().1])).collect();
                ("large-community", json!(triples))
            }
            AttributeValue::ExtendedCommunities(all) => {
                let numbers: Vec<_> = all.iter().map(|one| json!({"value": u64::from_be_bytes(one.0)})).collect();
                ("extended-community", json!(numbers))
            }
            AttributeValue::OriginatorId(address) => ("originator-id", json!(address.to_string())),
            AttributeValue::ClusterList(all) => {
                ("cluster-list", json!(all.iter().map(ToString::to_string).collect::<Vec<_>>()))
            }
            AttributeValue::Ipv6ExtendedCommunities(all) => {
                // ExaBGP gives twenty bytes as one number: 160 bits, which JSON's numbers here have no room for exactly.
                let numbers: Vec<_> = all.iter().map(|one| json!({"value": wide(&one.0)})).collect();
                ("extended-community-ipv6", json!(numbers))
            }
            AttributeValue::PrefixSid(sid) => {
                let mut parts = Map::new();
                if let Some(index) = sid.label_index() {
                    parts.insert("sr-label-index".into(), json!(index));
                }
                if !sid.label_ranges().is_empty() {
                    let ranges: Vec<_> = sid.label_ranges().iter().map(|of| json!([of.first(), of.size()])).collect();
                    parts.insert("sr-srgbs".into(), json!(ranges));
                }
                let services: Vec<_> = sid
                    .services()
                    .map(|service| {
                        let [block, node, function, argument, length, offset] = service.structure.unwrap();
                        json!({"sid": service.sid.to_string(), "flags": service.flags,
                            "endpoint_behavior": service.behavior, "structure": {
                            "locator-block-length": block, "locator-node-length": node, "function-length": function,
                            "argument-length": argument, "transposition-length": length, "transposition-offset": offset}})
                    })
                    .collect();
                if !services.is_empty() {
                    parts.insert("l3-service".into(), json!(services));
                }
                ("bgp-prefix-sid", Json::Object(parts))
            }
            AttributeValue::NextHop(_) | AttributeValue::MpReach(_) | AttributeValue::MpUnreach(_) => continue,
            AttributeValue::Other { kind, value, .. } => {
                let mut text = "0x".to_owned();
                value.iter().for_each(|byte| write!(text, "{byte:02x}").unwrap());
                // The extended length flag is not part of ExaBGP's name for it.
                let name = format!("attribute-{:#04X}-{:#04X}", kind.0, attribute.flags.0).replace('X', "x");
                attributes.insert(name, json!(text));
                continue;
            }
            other => ("unexpected", json!(other.to_string())),
        };
        attributes.insert(name.into(), value);
    }
    let mut out = Map::new();
    if !attributes.is_empty() {
        out.insert("attribute".into(), Json::Object(attributes));
    }
    let mut announced = Map::new();
    for route in update.announced() {
        let next_hop = update.next_hop(route.family).and_then(|next_hop| next_hop.address());
        let next_hop = next_hop.map_or("no-nexthop".to_owned(), |address| address.to_string());
        let family = announced.entry(family_name(route.family)).or_insert(json!({}));
        let list = family.as_object_mut().unwrap().entry(next_hop).or_insert(json!([]));
        list.as_array_mut().unwrap().push(route_json(&route));
    }
    if !announced.is_empty() {
        out.insert("announce".into(), Json::Object(announced));
    }
    let mut withdrawn = Map::new();
    for route in update.withdrawn() {
        let list = withdrawn.entry(family_name(route.family)).or_insert(json!([]));
        list.as_array_mut().unwrap().push(route_json(&route));
    }
    if !withdrawn.is_empty() {
        out.insert("withdraw".into(), Json::Object(withdrawn));
    }
    Json::Object(out)
}

fn wide(bytes: &[u8]) -> Json {
    // As Python prints the number: multiply and add in decimal digits, the last first.
    let mut digits = vec![0_u32];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let value = *digit * 256 + carry;
            (*digit, carry) = (value % 10, value / 10);
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    let text: String = digits.iter().rev().map(ToString::to_string).collect();
    serde_json::from_str(text.trim_start_matches('0')).unwrap()
}

fn as_path(path: AsPath<'_>) -> Json {
    let mut segments = Map::new();
    for (n, segment) in path.segments().enumerate() {
        let element = match segment.kind {
            SegmentType::SEQUENCE => "as-sequence",
            SegmentType::SET => "as-set",
            other => panic!("{other}"),
        };
        let value: Vec<_> = segment.as_numbers().collect();
        segments.insert(n.to_string(), json!({"element": element, "value": value}));
    }
    Json::Object(segments)
}

fn family_name(family: Family) -> String {
    let safi = match family.safi {
        Safi::UNICAST => "unicast",
        Safi::LABELED => "nlri-mpls",
        Safi::VPN => "mpls-vpn",
        Safi::FLOW_SPEC => "flow",
        Safi::FLOW_SPEC_VPN => "flow-vpn",
        Safi::MCAST_VPN => "mcast-vpn",
        Safi::MUP => "mup",
        Safi::VPLS => "vpls",
        other => panic!("{other}"),
    };
    format!("{} {safi}", family.afi)
}

fn labels(labels: &[bgp_codec::nlri::Label]) -> Json {
    json!(labels.iter().map(|label| json!([label.label(), label.vni()])).collect::<Vec<_>>())
}

fn route_json(route: &Route<'_>) -> Json {
    let mut json = match route.nlri {
        Nlri::Ipv4(prefix) => json!({"nlri": prefix.to_string()}),
        Nlri::Ipv6(prefix) => json!({"nlri": prefix.to_string()}),
        Nlri::Labeled(labeled) => json!({"nlri": labeled.prefix.to_string(), "label": labels(labeled.labels)}),
        Nlri::Vpn(vpn) => {
            json!({"nlri": vpn.prefix.to_string(), "label": labels(vpn.labels), "rd": vpn.distinguisher.to_string()})
        }
        Nlri::Vpls(Vpls::Block { distinguisher, endpoint, offset, size, base }) => {
            let (rd, base) = (distinguisher.to_string(), base.label());
            json!({"rd": rd, "endpoint": endpoint, "base": base, "offset": offset, "size": size})
        }
        Nlri::McastVpn(McastVpn::Known { distinguisher, route }) => match route {
            KnownMcastVpn::TreeJoin { kind, source_as, source, group } => {
                json!({"code": kind.0, "rd": distinguisher.to_string(), "source-as": source_as.to_string(),
                    "source": source.unwrap().to_string(), "group": group.unwrap().to_string()})
            }
            KnownMcastVpn::SourceActive { source, group } => {
                json!({"code": 5, "rd": distinguisher.to_string(),
                    "source": source.unwrap().to_string(), "group": group.unwrap().to_string()})
            }
            other => panic!("{other:?}"),
        },
        Nlri::Mup(route) => mup(route),
        Nlri::FlowSpec(flow) => {
            let mut out = Map::new();
            if let Some(rd) = flow.distinguisher {
                out.insert("rd".into(), json!(rd.to_string()));
            }
            for component in flow.components() {
                let (name, values) = flow_component(&component.unwrap(), flow.afi());
                out.insert(name, json!(values));
            }
            Json::Object(out)
        }
        other => panic!("{other:?}"),
    };
    if let Some(path_id) = route.path_id {
        json["path-information"] = json!(std::net::Ipv4Addr::from(path_id).to_string());
    }
    json
}

fn mup(route: Mup<'_>) -> Json {
    let Mup::Known { distinguisher, route: known } = route else { panic!("{route:?}") };
    let mut json = match known {
        KnownMup::InterworkSegment { prefix } => {
            json!({"prefix_ip_len": prefix.len(), "prefix_ip": prefix.address().to_string()})
        }
        KnownMup::DirectSegment { address } => json!({"ip": address.to_string()}),
        KnownMup::Type1Session { prefix, teid, qfi, endpoint, source } => {
            let bits = |address: Option<std::net::IpAddr>| match address {
                None => 0,
                Some(address) if address.is_ipv4() => 32,
                Some(_) => 128,
            };
            let source = source.flatten();
            json!({"prefix_ip_len": prefix.len(), "prefix_ip": prefix.address().to_string(), "teid": teid.to_string(),
                "qfi": qfi.to_string(), "endpoint_ip_len": bits(endpoint), "endpoint_ip": endpoint.unwrap().to_string(),
                "source_ip_len": bits(source), "source_ip": source.map_or("b''".into(), |source| source.to_string())})
        }
        KnownMup::Type2Session { endpoint, teid_bits, teid } => {
            let bits = if endpoint.is_ipv4() { 32 } else { 128 };
            json!({"endpoint_len": bits + teid_bits, "endpoint_ip": endpoint.to_string(), "teid": teid.to_string()})
        }
        other => panic!("{other:?}"),
    };
    json["arch"] = json!(route.kind().architecture);
    json["code"] = json!(route.kind().route_type.0);
    json["rd"] = json!(distinguisher.to_string());
    json
}

/// A component's name and values in ExaBGP's words.
fn flow_component(component: &Component<'_>, afi: Afi) -> (String, Vec<String>) {
    let of = if afi == Afi::IPV6 { "ipv6" } else { "ipv4" };
    let name = match component.kind {
        ComponentType::DESTINATION => format!("destination-{of}"),
        ComponentType::SOURCE => format!("source-{of}"),
        ComponentType::PROTOCOL if afi == Afi::IPV6 => "next-header".into(),
        ComponentType::DSCP if afi == Afi::IPV6 => "traffic-class".into(),
        kind => kind.to_string(),
    };
    let operators = match component.value {
        ComponentValue::Prefix { prefix, .. } if afi == Afi::IPV4 => return (name, vec![prefix.to_string()]),
        ComponentValue::Prefix { prefix, offset } => return (name, vec![format!("{prefix}/{offset}")]),
        ComponentValue::Operators(operators) => operators,
    };
    let word = |value: u64| {
        let named: &[(u64, &str)] = match component.kind {
            ComponentType::PROTOCOL => &[(6, "tcp"), (17, "udp")],
            ComponentType::ICMP_TYPE => &[(0, "echo-reply"), (3, "unreachable"), (8, "echo-request")],
            ComponentType::TCP_FLAGS => &[(1, "fin"), (2, "syn"), (4, "rst"), (8, "push"), (32, "urg")],
            ComponentType::FRAGMENT => &[(4, "first-fragment"), (8, "last-fragment")],
            _ => &[],
        };
        named.iter().find(|(number, _)| *number == value).map_or(value.to_string(), |(_, name)| (*name).to_owned())
    };
    let mut values: Vec<String> = Vec::new();
    for operator in operators {
        let sign = if component.kind.is_mask() { operator.mask() } else { operator.comparison() };
        let text = format!("{sign}{}", word(operator.value));
        match values.last_mut() {
            Some(last) if operator.is_and() => write!(last, "&{text}").unwrap(),
            _ => values.push(text),
        }
    }
    (name, values)
}

#[test]
fn wide_numbers() {
    assert_eq!(wide(&[1, 0, 0]), json!(65_536));
    assert_eq!(AttributeType::ATTR_SET.to_string(), "ATTR_SET");
}
