//! Laws that hold for all values.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use std::net::{Ipv4Addr, Ipv6Addr};

use bgp_codec::attribute::aigp::AigpValue;
use bgp_codec::attribute::bfd_discriminator::BfdDiscriminatorValue;
use bgp_codec::attribute::prefix_sid::{PrefixSidValue, ServiceValue, SidValue};
use bgp_codec::attribute::tunnel_encapsulation::{SegmentValue, SubTlv, TunnelType};
use bgp_codec::attribute::{AsPath, NextHop, Origin, PmsiTunnel};
use bgp_codec::bmp::{BMP, BmpMessage, BmpType};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::capability::{AddPathFamily, AddPathMode, Capability, ExtendedNextHop, Role};
use bgp_codec::message::open::OpenConfig;
use bgp_codec::mrt::{MRT, MrtRecord, MrtType};
use bgp_codec::session::AsSize;
use bgp_codec::tlv::{Shape, Tlv};
use bgp_codec::{
    Afi, AttributeValue, Family, FamilySet, Framer, Ipv4Prefix, Ipv6Prefix, LayerName, Negotiated, Notification,
    NotificationCode, Open, Outcome, Update, Writer,
};
use common::written;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

prop_compose! {
    fn ipv4_prefix()(address in any::<Ipv4Addr>(), len in 0_u8..=32) -> Ipv4Prefix {
        Ipv4Prefix::new(address, len).unwrap()
    }
}

prop_compose! {
    fn ipv6_prefix()(address in any::<Ipv6Addr>(), len in 0_u8..=128) -> Ipv6Prefix {
        Ipv6Prefix::new(address, len).unwrap()
    }
}

/// The bytes of a path in four-byte AS numbers: sets and sequences, small numbers and large ones.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![1_u32..=65_535, 65_536_u32..];
    let segment = (1_u8..=2, vec(number, 1..5)).prop_map(|(kind, numbers)| {
        let numbers = numbers.into_iter().filter(|number| *number != 23_456).collect::<Vec<u32>>();
        [&[kind, numbers.len() as u8][..], &numbers.into_iter().flat_map(u32::to_be_bytes).collect::<Vec<u8>>()]
            .concat()
    });
    vec(segment.prop_filter("no empty segments", |bytes| bytes.len() > 2), 0..5).prop_map(|segments| segments.concat())
}

/// What a speaker may tell: each thing or not.
#[derive(Debug, Clone)]
struct Speaker {
    as_number: u32,
    hold_time: u16,
    four_octet: bool,
    extended_message: bool,
    refresh: bool,
    families: Vec<(u16, u8)>,
    paths: Vec<(u16, u8, u8)>,
    next_hops: bool,
    role: Option<u8>,
}

fn speaker() -> impl Strategy<Value = Speaker> {
    let afi = || prop_oneof![Just(1_u16), Just(2)];
    let family = || (afi(), prop_oneof![Just(1_u8), Just(2), Just(4), Just(128)]);
    let paths = vec((afi(), prop_oneof![Just(1_u8), Just(4)], 0_u8..=4), 0..4);
    let of = (
        (1_u32..65_000).prop_filter("no speaker is AS_TRANS (RFC 6793 §9)", |number| *number != 23_456),
        prop_oneof![Just(0_u16), 3_u16..],
        any::<[bool; 4]>(),
        vec(family(), 0..5),
        paths,
        proptest::option::of(0_u8..5),
    );
    of.prop_map(|(as_number, hold_time, [four_octet, extended_message, refresh, next_hops], families, paths, role)| {
        Speaker { as_number, hold_time, four_octet, extended_message, refresh, families, paths, next_hops, role }
    })
}

impl Speaker {
    fn open(&self, identifier: u32) -> Vec<u8> {
        let paths: Vec<_> =
            self.paths.iter().map(|of| AddPathFamily::new(Family::new(of.0, of.1), AddPathMode(of.2))).collect();
        let next_hops = [ExtendedNextHop::new(Family::IPV4_UNICAST, Afi::IPV6)];
        let mut capabilities: Vec<_> = self
            .families
            .iter()
            .map(|of| Capability::Multiprotocol { family: Family::new(of.0, of.1), reserved: 0 })
            .collect();
        capabilities.push(Capability::AddPath(&paths));
        if self.next_hops {
            capabilities.push(Capability::ExtendedNextHop(&next_hops));
        }
        let flags = [
            (self.four_octet, Capability::FourOctetAs(self.as_number)),
            (self.extended_message, Capability::ExtendedMessage),
            (self.refresh, Capability::RouteRefresh),
            (self.refresh, Capability::EnhancedRouteRefresh),
        ];
        capabilities.extend(flags.into_iter().filter(|(is_told, _)| *is_told).map(|(_, capability)| capability));
        capabilities.extend(self.role.map(|role| Capability::Role(Role(role))));
        let identifier = Ipv4Addr::from(identifier);
        let config = OpenConfig {
            as_number: self.as_number,
            hold_time: self.hold_time,
            identifier,
            capabilities: &capabilities,
        };
        let mut buffer = [0; 4096];
        config.build(&mut buffer).unwrap()[19..].to_vec()
    }
}

/// All routes that UPDATEs announce, none of which is longer than a session's messages.
fn announced(messages: &[Vec<u8>], session: &Negotiated) -> Result<Vec<String>, TestCaseError> {
    let mut routes = Vec::new();
    for message in messages {
        prop_assert!(message.len() <= usize::from(session.max_len_send));
        let update = Update::parse(&message[19..], session).unwrap();
        prop_assert_eq!(update.validate(), Outcome::Accept);
        routes.extend(update.announced().map(|route| route.to_string()));
    }
    Ok(routes)
}

fn all<R: bgp_codec::build::WriteRoute>(mut updates: Updates<'_, impl Iterator<Item = R>>) -> Vec<Vec<u8>> {
    let (mut buffer, mut messages) = (vec![0; 65_535], Vec::new());
    while let Some(message) = updates.next(&mut buffer).unwrap() {
        messages.push(message.to_vec());
    }
    messages
}

proptest! {
    /// What two speakers agree on does not depend on who asks: each one's view is the other's, turned round.
    #[test]
    fn negotiation_is_symmetric(a in speaker(), b in speaker()) {
        let (a, b) = (a.open(1), b.open(2));
        let (a, b) = (Open::parse(&a).unwrap(), Open::parse(&b).unwrap());
        match (Negotiated::between(&a, &b), Negotiated::between(&b, &a)) {
            (Ok(ours), Ok(theirs)) => {
                // What the peer told about its restart only the peer's own OPEN knows.
                let mut turned = ours.reversed();
                turned.graceful_restart = theirs.graceful_restart;
                turned.restart_time = theirs.restart_time;
                prop_assert_eq!(turned, theirs);
                prop_assert_eq!(ours.hold_time, a.hold_time().min(b.hold_time()));
                prop_assert_eq!(ours.add_path_send.and(ours.families), ours.add_path_send);
            }
            (Err(ours), Err(theirs)) => prop_assert_eq!(ours.code, theirs.code),
            // Of roles, one that told none takes the other's as it is: what fits is the same both ways.
            (ours, theirs) => prop_assert!(false, "{:?} and {:?}", ours, theirs),
        }
    }

    /// Routes are split over as many messages as it takes, and joined they are the same, in their order.
    #[test]
    fn routes_are_joined_as_they_were_split(
        routes in vec((any::<u32>(), ipv4_prefix()), 0..900), has_path_ids in any::<bool>(), most in 100_u16..5000,
    ) {
        let mut session = Negotiated::assumed();
        (session.max_len_receive, session.max_len_send) = (most, most);
        let families = if has_path_ids { FamilySet::of(Family::IPV4_UNICAST) } else { FamilySet::EMPTY };
        (session.add_path_send, session.add_path_receive) = (families, families);
        let values = [AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(AsPath::EMPTY), AttributeValue::NextHop([192, 0, 2, 1].into())];
        let mut buffer = [0; 64];
        let attributes = SharedAttributes::write(&values, &session, &mut buffer).unwrap();
        let messages = all(Updates::announce_ipv4(attributes, routes.iter().copied(), &session).unwrap());
        let expected: Vec<_> = routes
            .iter()
            .map(|(path_id, prefix)| if has_path_ids { format!("{prefix} path {path_id}") } else { prefix.to_string() })
            .collect();
        prop_assert_eq!(announced(&messages, &session)?, expected);
        // No message has room for the next one's first route.
        for (message, next) in messages.iter().zip(messages.iter().skip(1)) {
            let first = Update::parse(&next[19..], &session).unwrap().nlri().next().unwrap().1.wire_len();
            let first = first + if has_path_ids { 4 } else { 0 };
            prop_assert!(message.len() + first > usize::from(most));
        }
    }

    /// The same for routes of another family, in MP_REACH_NLRI; and withdrawn in MP_UNREACH_NLRI.
    #[test]
    fn routes_of_other_families_too(routes in vec(ipv6_prefix(), 0..300), most in 100_u16..3000) {
        let mut session = Negotiated::assumed();
        (session.max_len_receive, session.max_len_send) = (most, most);
        (session.add_path_send, session.add_path_receive) = (FamilySet::EMPTY, FamilySet::EMPTY);
        let mut buffer = [0; 64];
        let attributes =
            SharedAttributes::write(&[AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(AsPath::EMPTY)], &session, &mut buffer).unwrap();
        let next_hop = NextHop::Ipv6(Ipv6Addr::LOCALHOST);
        let messages = all(Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, routes.iter().copied(), &session).unwrap());
        let expected: Vec<_> = routes.iter().map(ToString::to_string).collect();
        prop_assert_eq!(&announced(&messages, &session)?, &expected);
        let mut withdrawn = Vec::new();
        for message in all(Updates::withdraw(Family::IPV6_UNICAST, routes.iter().copied(), &session).unwrap()) {
            prop_assert!(message.len() <= usize::from(most));
            let update = Update::parse(&message[19..], &session).unwrap();
            withdrawn.extend(update.withdrawn().map(|route| route.to_string()));
        }
        prop_assert_eq!(&withdrawn, &expected);
    }

    /// RFC 6793 §4.2: a path goes through a speaker of two bytes and comes out as it was.
    #[test]
    fn a_path_comes_through_two_bytes(bytes in path()) {
        let path = AsPath::parse(LayerName::new("AS_PATH"), AsSize::Four, &bytes).unwrap();
        let mut session = Negotiated::assumed();
        (session.four_octet_as, session.may_have_as_sets) = (false, true);
        let values = [AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(path), AttributeValue::NextHop([192, 0, 2, 1].into())];
        let mut buffer = [0; 1024];
        let attributes = SharedAttributes::write(&values, &session, &mut buffer).unwrap();
        let message = all(Updates::announce_ipv4(attributes, [Ipv4Prefix::new([10, 0, 0, 0].into(), 8).unwrap()].into_iter(), &session).unwrap()).concat();
        let update = Update::parse(&message[19..], &session).unwrap();
        prop_assert_eq!(update.validate(), Outcome::Accept);
        let merged: Vec<_> = update.as_path().unwrap().map(|segment| segment.to_string()).collect();
        let expected: Vec<_> = path.segments().map(|segment| segment.to_string()).collect();
        prop_assert_eq!(merged, expected);
        let is_large = path.segments().any(|segment| segment.as_numbers().any(|number| number > 65_535));
        prop_assert_eq!(update.value(bgp_codec::AttributeType::AS4_PATH).is_some(), is_large);
    }

    /// Messages that are joined are split into the same, wherever TCP cuts them.
    #[test]
    fn messages_split_as_they_were_joined(
        texts in vec(vec(any::<u8>(), 0..40), 0..8), code in any::<(u8, u8)>(), cuts in vec(any::<Index>(), 0..10),
    ) {
        let messages: Vec<_> = texts
            .iter()
            .map(|data| {
                let mut buffer = [0; 4096];
                let code = NotificationCode { code: code.0, subcode: code.1 };
                let built = Notification { code, data }.build(4096, &mut buffer).unwrap().to_vec();
                assert_eq!(Notification::parse(&built[19..]).unwrap(), Notification { code, data });
                built
            })
            .collect();
        let stream = messages.concat();
        let mut ends: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        ends.push(stream.len());
        ends.sort_unstable();
        let (framer, mut split, mut start) = (Framer::new(), Vec::new(), 0);
        for end in ends {
            let mut rest = &stream[start..end];
            while let Some(frame) = framer.next(&mut rest).unwrap() {
                split.push(frame.bytes().to_vec());
            }
            start = end - rest.len();
        }
        prop_assert_eq!((split, start), (messages, stream.len()));
    }

    /// A prefix's text and bytes are read as they were written; bits behind its length count for nothing.
    #[test]
    fn prefixes_are_read_as_written(ipv4 in ipv4_prefix(), ipv6 in ipv6_prefix(), garbage in any::<u8>()) {
        prop_assert_eq!(ipv4.to_string().parse(), Ok(ipv4));
        prop_assert_eq!(ipv6.to_string().parse(), Ok(ipv6));
        prop_assert!(ipv4.contains(ipv4.address()) && ipv6.contains(ipv6.address()));
        let mut bytes = vec![ipv4.len()];
        bytes.extend(&ipv4.address().octets()[..usize::from(ipv4.len()).div_ceil(8)]);
        if ipv4.len() % 8 != 0 {
            *bytes.last_mut().unwrap() |= garbage & (0xff >> (ipv4.len() % 8));
        }
        let session = Negotiated::assumed();
        let body = [&[0, bytes.len() as u8][..], &bytes, &[0, 0]].concat();
        let mut update = session;
        update.add_path_receive = FamilySet::EMPTY;
        let update = Update::parse(&body, &update).unwrap();
        prop_assert_eq!(update.withdrawn_routes().collect::<Vec<_>>(), vec![(None, ipv4)]);
    }
}

/// What a TLV is read as, written in its shape.
macro_rules! written_back {
    ($tlv:ident; $($value:ident $shape:ident;)*) => {$(
        if let Ok(value) = $value::parse($tlv) {
            let (read, kept) = (written(|to| value.write(to)), written(|to| $tlv.write(Shape::$shape, to)));
            prop_assert_eq!(read, kept, "{}", value);
        }
    )*};
}

proptest! {
    /// What is told of tunnels, segments, services, metrics and sessions is written back byte for byte, whatever it is.
    #[test]
    fn told_values(kind in prop_oneof![1_u16..=20, 128_u16..=130, 0_u16..=255], bytes in vec(any::<u8>(), 0..70)) {
        let tlv = Tlv { kind, value: &bytes };
        written_back! {
            tlv;
            SubTlv ByteByType;
            SegmentValue Byte;
            PrefixSidValue ByteWord;
            ServiceValue ByteWord;
            SidValue ByteWord;
            AigpValue ByteWordWhole;
            BfdDiscriminatorValue Byte;
        }
        for tunnel in [TunnelType::L2TPV3, TunnelType::GRE, TunnelType::VXLAN] {
            if let Ok(value) = SubTlv::of(tunnel, tlv) {
                prop_assert_eq!(written(|to| value.write(to)), written(|to| tlv.write(Shape::ByteByType, to)));
            }
        }
    }

    /// Of a tunnel for multicast, which it is: of any kind and length.
    #[test]
    fn multicast_tunnels(kind in 0_u8..=12, identifier in vec(any::<u8>(), 0..40)) {
        let bytes = [&[0, kind, 0, 0, 0][..], &identifier].concat();
        if let Ok(tunnel) = PmsiTunnel::parse(&bytes) {
            prop_assert_eq!(written(|to| tunnel.tunnel().write(to)).unwrap(), identifier);
        }
    }
}

/// Bytes as records and messages have them: mostly small numbers, so that lengths fit now and then.
fn body() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![8 => 0_u8..=4, 2 => 5_u8..=32, 1 => any::<u8>()], 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// RFC 6396: what is read of a record is written, and what was written is read and written as it is. It is never longer than the record.
    #[test]
    fn records_are_written_as_they_were_read(kind in prop_oneof![Just(12_u16), Just(13), Just(16)], subtype in 0_u16..=12, body in body()) {
        let record = MrtRecord { timestamp: 9, microseconds: None, kind: MrtType(kind), subtype, body: &body };
        let (mut once, mut twice) = ([0; 400], [0; 400]);
        let (mut once, mut twice) = (Writer::new(MRT, &mut once), Writer::new(MRT, &mut twice));
        record.write(&mut once).unwrap();
        prop_assert_eq!(MrtRecord::split(once.written()).unwrap(), Some((record, &[][..])));
        once.truncate(0);
        let Ok(of) = record.parse() else { return Ok(()) };
        if of.write(&record, &mut once).is_err() {
            prop_assert!(once.is_empty());
            return Ok(());
        }
        prop_assert!(once.len() <= 12 + body.len());
        let (again, _) = MrtRecord::split(once.written()).unwrap().unwrap();
        prop_assert_eq!((again.kind, again.subtype), (record.kind, record.subtype));
        again.parse().unwrap().write(&again, &mut twice).unwrap();
        prop_assert_eq!(twice.written(), once.written());
    }

    /// RFC 7854, draft-ietf-grow-bmp-tlv: the same of messages, whose lengths stay.
    #[test]
    fn messages_of_bmp_are_written_as_they_were_read(version in 3_u8..=4, kind in 0_u8..=7, head in vec(0_u8..=2, 42), body in body()) {
        let body = if matches!(kind, 4 | 5) { body } else { [head, body].concat() };
        let message = BmpMessage::new(version, BmpType(kind), &body);
        let (mut once, mut twice) = ([0; 400], [0; 400]);
        let (mut once, mut twice) = (Writer::new(BMP, &mut once), Writer::new(BMP, &mut twice));
        message.write(&mut once).unwrap();
        prop_assert_eq!(BmpMessage::split(once.written()).unwrap(), Some((message, &[][..])));
        once.truncate(0);
        let Ok(of) = message.parse() else { return Ok(()) };
        if of.write(&message, &mut once).is_err() {
            prop_assert!(once.is_empty());
            return Ok(());
        }
        prop_assert_eq!(once.len(), 6 + body.len());
        let (again, _) = BmpMessage::split(once.written()).unwrap().unwrap();
        prop_assert_eq!((again.version, again.kind), (version, BmpType(kind)));
        again.parse().unwrap().write(&again, &mut twice).unwrap();
        prop_assert_eq!(twice.written(), once.written());
    }
}
