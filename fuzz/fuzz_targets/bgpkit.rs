//! Beside bgpkit-parser: what both accept of an UPDATE must mean the same.
//!
//! Where the two differ, and who is right:
//! - bgpkit drops an attribute that it cannot read and goes on; such messages are compared only if nothing is found fault with here
//!   (RFC 7606);
//! - bgpkit takes a prefix of length 0 for the start of a path identifier, and reads the routes anew with ADD-PATH; RFC 7911 §3 has them only
//!   where they were agreed on: messages with a default route are not compared;
//! - bgpkit keeps the bits behind a prefix's length; RFC 4271 §4.3 has them irrelevant: they are cut off for the comparison;
//! - of an attribute that stands there twice the first counts (RFC 7606 §3 g): messages with one are findings here, so not compared.
#![no_main]

use std::net::IpAddr;

use bgp_codec::arbitrary::UpdateMessage;
use bgp_codec::attribute::AtomicAggregate;
use bgp_codec::{AttributeType, AttributeValue as Ours, Family, IpPrefix, Negotiated, Update};
use bgpkit_parser::models::{AsPathSegment, AsnLength, AttributeValue, BgpMessage};
use bytes::Bytes;
use ether_ip::arbitrary::Nearly;
use libfuzzer_sys::fuzz_target;

#[derive(Debug, arbitrary::Arbitrary)]
enum Input<'a> {
    Whole(UpdateMessage),
    Nearly(Nearly<UpdateMessage>),
    Body(&'a [u8]),
}

fuzz_target!(|input: Input<'_>| {
    let mut message = match input {
        Input::Whole(UpdateMessage(bytes)) | Input::Nearly(Nearly(UpdateMessage(bytes))) => bytes,
        Input::Body(body) => [&[0; 19], body].concat(),
    };
    // The header's own faults are the framer's: it is made right here.
    let Some((header, _)) = message.split_at_mut_checked(19) else { return };
    header[..16].fill(0xff);
    header[18] = 2;
    let len = message.len() as u16;
    message[16..18].copy_from_slice(&len.to_be_bytes());

    let session = Negotiated::assumed();
    let Ok(ours) = Update::parse(&message[19..], &session) else { return };
    if !ours.validate().is_accept() {
        return;
    }
    let theirs =
        bgpkit_parser::parser::bgp::parse_bgp_message(&mut Bytes::from(message.clone()), false, &AsnLength::Bits32);
    let Ok(BgpMessage::Update(theirs)) = theirs else { return };

    let prefixes = |list: &[bgpkit_parser::models::NetworkPrefix]| {
        let prefixes = list.iter().map(|prefix| prefix.prefix.trunc());
        prefixes.map(|prefix| (prefix.addr(), prefix.prefix_len())).collect::<Vec<_>>()
    };
    let plain = |routes: bgp_codec::nlri::Ipv4Routes<'_>| {
        routes.map(|(_, prefix)| (IpAddr::V4(prefix.address()), prefix.len())).collect::<Vec<_>>()
    };
    if ours.announced().chain(ours.withdrawn()).any(|route| route.nlri.prefix().is_some_and(|prefix| prefix.len() == 0))
    {
        return;
    }
    assert_eq!(plain(ours.nlri()), prefixes(&theirs.announced_prefixes));
    assert_eq!(plain(ours.withdrawn_routes()), prefixes(&theirs.withdrawn_prefixes));
    for attribute in theirs.attributes.iter() {
        match attribute {
            AttributeValue::Origin(origin) => {
                assert!(
                    matches!(ours.value(AttributeType::ORIGIN), Some(Ours::Origin(of)) if of as u8 == *origin as u8)
                );
            }
            AttributeValue::AsPath(path) => {
                let Some(Ours::AsPath(of)) = ours.value(AttributeType::AS_PATH) else { panic!("no AS_PATH") };
                let segments = path.segments.iter().map(|segment| match segment {
                    AsPathSegment::AsSet(list) => (1, list),
                    AsPathSegment::AsSequence(list) => (2, list),
                    AsPathSegment::ConfedSequence(list) => (3, list),
                    AsPathSegment::ConfedSet(list) => (4, list),
                });
                let theirs = segments.map(|(kind, list)| (kind, list.iter().map(|n| n.to_u32()).collect::<Vec<_>>()));
                let ours = of.segments().map(|segment| (segment.kind.0, segment.as_numbers().collect::<Vec<_>>()));
                assert_eq!(ours.collect::<Vec<_>>(), theirs.collect::<Vec<_>>());
            }
            AttributeValue::NextHop(address) => {
                assert_eq!(ours.plain_next_hop().map(IpAddr::V4), Some(*address));
            }
            AttributeValue::MultiExitDiscriminator(number) => {
                assert_eq!(ours.value(AttributeType::MULTI_EXIT_DISC), Some(Ours::MultiExitDisc(*number)));
            }
            AttributeValue::LocalPreference(number) => {
                assert_eq!(ours.value(AttributeType::LOCAL_PREF), Some(Ours::LocalPref(*number)));
            }
            AttributeValue::AtomicAggregate => {
                assert_eq!(ours.value(AttributeType::ATOMIC_AGGREGATE), Some(Ours::AtomicAggregate(AtomicAggregate)));
            }
            AttributeValue::Aggregator { asn, id } => {
                let Some(Ours::Aggregator(of)) = ours.value(AttributeType::AGGREGATOR) else { panic!("no AGGREGATOR") };
                assert_eq!((of.as_number, of.identifier), (asn.to_u32(), *id));
            }
            AttributeValue::Communities(list) => {
                let Some(Ours::Communities(of)) = ours.value(AttributeType::COMMUNITIES) else {
                    panic!("no COMMUNITIES")
                };
                assert_eq!(of.len(), list.len());
            }
            AttributeValue::LargeCommunities(list) => {
                let Some(Ours::LargeCommunities(of)) = ours.value(AttributeType::LARGE_COMMUNITY) else {
                    panic!("none")
                };
                assert_eq!(of.as_slice().len(), list.len());
            }
            AttributeValue::MpReachNlri(nlri) | AttributeValue::MpUnreachNlri(nlri) => {
                let is_reach = matches!(attribute, AttributeValue::MpReachNlri(_));
                let kind = if is_reach { AttributeType::MP_REACH_NLRI } else { AttributeType::MP_UNREACH_NLRI };
                let (family, routes) = match ours.value(kind) {
                    Some(Ours::MpReach(reach)) => (reach.family, reach.routes),
                    Some(Ours::MpUnreach(unreach)) => (unreach.family, unreach.routes),
                    other => panic!("{other:?}"),
                };
                assert_eq!((family.afi.0, family.safi.0), (nlri.afi as u16, nlri.safi as u8));
                if matches!(family, Family::IPV4_UNICAST | Family::IPV6_UNICAST) {
                    let ours = routes.map(|route| match route.nlri.prefix() {
                        Some(IpPrefix::V4(prefix)) => (IpAddr::V4(prefix.address()), prefix.len()),
                        Some(IpPrefix::V6(prefix)) => (IpAddr::V6(prefix.address()), prefix.len()),
                        None => panic!("{route}"),
                    });
                    assert_eq!(ours.collect::<Vec<_>>(), prefixes(&nlri.prefixes));
                }
            }
            _ => {}
        }
    }
});
