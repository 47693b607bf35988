//! Two speakers and an UPDATE between them: what they agree on is the same from both ends; what is changed on the way is changed, and
//! nothing else.
#![no_main]

use std::net::{Ipv4Addr, Ipv6Addr};

use bgp_codec::arbitrary::{OpenMessage, UpdateMessage};
use bgp_codec::attribute::{Community, NextHop};
use bgp_codec::rewrite::Rewrite;
use bgp_codec::{
    AttributeType, AttributeValue, Capability, Family, Negotiated, NotificationCode, Open, Outcome, Update,
};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input {
    opens: [OpenMessage; 2],
    update: UpdateMessage,
    prepend: Vec<u32>,
    communities: Vec<u32>,
    next_hop: Option<(Ipv4Addr, Ipv6Addr)>,
}

fuzz_target!(|input: Input| {
    let [a, b] = input.opens.each_ref().map(|OpenMessage(bytes)| Open::parse(&bytes[19..]).unwrap());
    negotiate(&a, &b);
    let UpdateMessage(bytes) = &input.update;
    let session = Negotiated::assumed();
    let update = Update::parse(&bytes[19..], &session).unwrap();
    let is_ipv6 = update.mp_reach().is_some();
    let communities: Vec<_> = input.communities.iter().map(|number| Community::from(*number)).collect();
    // A host's address.
    let host = |of: Ipv4Addr| Ipv4Addr::from_bits(of.to_bits() & 0x7fff_ffff | 0x0100_0000);
    let next_hop = input.next_hop.map(|(v4, v6)| if is_ipv6 { NextHop::Ipv6(v6) } else { NextHop::Ipv4(host(v4)) });
    // Nobody has AS number 0 (RFC 7607).
    let prepend: Vec<_> = input.prepend.iter().map(|number| *number.max(&1)).collect();
    let family = if is_ipv6 { Family::IPV6_UNICAST } else { Family::IPV4_UNICAST };
    let next_hops: Vec<_> = next_hop.map(|next_hop| (family, next_hop)).into_iter().collect();
    // What another AS told of MULTI_EXIT_DISC is kept, as all else that is not changed.
    let keep_multi_exit_disc = true;
    let (prepend, next_hops) = (&prepend, &next_hops);
    let change = Rewrite { prepend, next_hops, communities: &communities, keep_multi_exit_disc, ..Rewrite::default() };
    rewrite(&change, &update, &session);
});

/// From each end the same, but turned round.
fn negotiate(a: &Open<'_>, b: &Open<'_>) {
    let roles = |open: &Open<'_>| open.capabilities().filter(|of| matches!(of, Capability::Role(_))).count();
    match (Negotiated::between(a, b), Negotiated::between(b, a)) {
        (Ok(ours), Ok(theirs)) => {
            // What the peer told about its restart only the peer's own OPEN knows.
            let mut turned = ours.reversed();
            (turned.graceful_restart, turned.restart_time) = (theirs.graceful_restart, theirs.restart_time);
            assert_eq!(turned, theirs);
            assert_eq!(ours.hold_time, a.hold_time().min(b.hold_time()));
            let next_hops = [ours.extended_next_hop_send, ours.extended_next_hop_receive];
            for families in [ours.add_path_send, ours.add_path_receive].into_iter().chain(next_hops) {
                assert_eq!(families.and(ours.families), families);
            }
            assert!([ours.max_len_receive, ours.max_len_send].iter().all(|len| matches!(len, 4096 | 65_535)));
        }
        (Err(ours), Err(theirs)) => assert_eq!(ours.code, theirs.code),
        // RFC 9234 §4.2: who tells several roles that differ is refused by the other.
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => {
            assert!(error.code == NotificationCode::ROLE_MISMATCH && roles(a).max(roles(b)) > 1, "{error}");
        }
    }
}

fn rewrite(change: &Rewrite<'_>, update: &Update<'_>, session: &Negotiated) {
    let mut buffer = vec![0; 70_000];
    let Ok(message) = change.write(update, &update.validate(), session, &mut buffer) else {
        // Refused for its length alone: there is room for all else.
        assert!(change.prepend.len() > 255 || change.communities.len() > 1000);
        return;
    };
    let again = Update::parse(&message[19..], session).unwrap();
    assert_eq!(again.validate(), Outcome::Accept);
    assert!(again.announced().eq(update.announced()) && again.withdrawn().eq(update.withdrawn()));
    assert_eq!(again.end_of_rib(), update.end_of_rib());
    let is_announcing = update.announced().next().is_some();
    // The path: what is put in front, then what was there.
    let numbers = |update: &Update<'_>| {
        update.as_path().map(|path| path.flat_map(|segment| segment.as_numbers()).collect::<Vec<_>>())
    };
    let expected = numbers(update).map(|there| [change.prepend, &there].concat());
    assert_eq!(numbers(&again), expected);
    // Communities: what was there, then what is added.
    let all = |update: &Update<'_>| match update.value(AttributeType::COMMUNITIES) {
        Some(AttributeValue::Communities(communities)) => communities.to_vec(),
        _ => Vec::new(),
    };
    let added = if is_announcing { change.communities } else { &[] };
    assert_eq!(all(&again), [&all(update)[..], added].concat());
    let new = |family| change.next_hops.iter().find(|(of, _)| *of == family).map(|(_, next_hop)| *next_hop);
    for family in [Family::IPV4_UNICAST, Family::IPV6_UNICAST] {
        let before = update.next_hop(family);
        assert_eq!(again.next_hop(family), before.map(|there| new(family).unwrap_or(there)));
    }
    // The rest as it was, byte for byte, each type once and in its order.
    let others = |update: &Update<'_>| {
        let is_other = |kind| {
            use AttributeType as Kind;
            !matches!(kind, Kind::AS_PATH | Kind::COMMUNITIES | Kind::NEXT_HOP | Kind::MP_REACH_NLRI)
        };
        let others = update.attributes().filter(|of| is_other(of.kind));
        others.map(|of| (of.flags, of.kind, of.value.to_vec())).collect::<Vec<_>>()
    };
    assert_eq!(others(&again), others(update));
    let kinds = |update: &Update<'_>| update.attributes().map(|of| of.kind).collect::<Vec<_>>();
    let mut expected = kinds(update);
    if !added.is_empty() && !expected.contains(&AttributeType::COMMUNITIES) {
        let is_behind = |kind: &AttributeType| {
            *kind > AttributeType::COMMUNITIES
                && !matches!(*kind, AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI)
        };
        let at = expected.iter().position(is_behind).unwrap_or(expected.len());
        expected.insert(at, AttributeType::COMMUNITIES);
    }
    assert_eq!(kinds(&again), expected);
}
