//! BGP: whatever bytes are read as messages, nothing panics, what is told of them is true, and what was read is written back.
#![no_main]

use bgp_codec::attribute::aigp::AigpValue;
use bgp_codec::attribute::bfd_discriminator::BfdDiscriminatorValue;
use bgp_codec::attribute::prefix_sid::{PrefixSidValue, ServiceValue, SidValue};
use bgp_codec::attribute::tunnel_encapsulation::{SegmentValue, SubTlv, TunnelType};
use bgp_codec::bmp::{BMP, BmpBody, BmpMessage, PeerSlot, Station};
use bgp_codec::mrt::{MRT, MrtBody, MrtRecord};
use bgp_codec::nlri::{LabelFormat, RouteFormat, Routes};
use bgp_codec::rewrite::Rewrite;
use bgp_codec::tlv::{Shape, Tlv};
use bgp_codec::{
    Action, AttributeValue, Family, FamilySet, FieldError, Framer, LayerName, Message, Negotiated, Open, Outcome, Peer,
    Update,
};
use ether_ip::writer::Writer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (flags, bytes) = input;
    let mut session = Negotiated::assumed();
    session.four_octet_as = flags & 1 == 0;
    if flags & 2 != 0 {
        session.add_path_receive = FamilySet::ALL;
        session.add_path_send = FamilySet::ALL;
    }
    session.peer = [Peer::Internal, Peer::External, Peer::Confederation][usize::from(flags >> 2 & 3) % 3];
    session.may_disable_family = flags & 16 != 0;
    if flags & 32 != 0 {
        (session.extended_next_hop_receive, session.extended_next_hop_send) = (FamilySet::EMPTY, FamilySet::EMPTY);
    }

    // As a stream.
    let framer = Framer::with_max_len(if flags & 64 == 0 { 4096 } else { 65_535 });
    let mut rest = bytes;
    loop {
        match framer.next(&mut rest) {
            Ok(Some(frame)) => {
                assert!((19..=65_535).contains(&frame.bytes().len()));
                read(frame.parse(&session), frame.bytes());
            }
            Ok(None) => break,
            Err(error) => {
                assert!(error.discard() <= rest.len() && error.discard() > 0);
                let _ = error.notification(rest);
                break;
            }
        }
    }
    // As the body of each type.
    if let Ok(open) = Open::parse(bytes) {
        let _ = Negotiated::between(&open, &open).map(|agreed| assert_eq!(agreed.reversed().reversed(), agreed));
    }
    if let Ok(update) = Update::parse(bytes, &session) {
        check(&update, &session, bytes);
    }
    for kind in [1, 3, 5] {
        read(Message::parse(kind.into(), bytes, &session), &[]);
    }
    // As a dump, and as what a router tells a monitoring station.
    dumped(bytes);
    told(bytes);
    // As what TLVs of each set tell: a type, and a value.
    let tlv = Tlv { kind: u16::from(flags), value: bytes };
    values(tlv);
    // As routes of a family.
    let family = Family::KNOWN[usize::from(flags) % Family::KNOWN.len()];
    let labels = [LabelFormat::One, LabelFormat::Stack(3), LabelFormat::Withdrawn, LabelFormat::Likely];
    let labels = labels[usize::from(flags >> 4 & 3)];
    let format = RouteFormat { family, has_path_ids: flags & 2 != 0, labels };
    let mut routes = Routes::new(format, bytes);
    let is_good = routes.check().is_ok();
    let count = routes.by_ref().inspect(|route| drop(format!("{route}"))).count();
    assert_eq!(is_good, routes.as_bytes().is_empty());
    assert!(count <= bytes.len());
});

/// What a TLV is read as, in each set of types, is written back as it was.
fn values(tlv: Tlv<'_>) {
    macro_rules! sets {
        ($($value:ident $shape:ident;)*) => {$(
            if let Ok(value) = $value::parse(tlv) {
                drop(format!("{value}"));
                assert_eq!(written(tlv.value.len(), |to| value.write(to)), written(tlv.value.len(), |to| tlv.write(Shape::$shape, to)), "{value:?}");
            }
        )*};
    }
    sets! {
        SubTlv ByteByType;
        SegmentValue Byte;
        PrefixSidValue ByteWord;
        ServiceValue ByteWord;
        SidValue ByteWord;
        AigpValue ByteWordWhole;
        BfdDiscriminatorValue Byte;
    }
    for tunnel in [TunnelType::L2TPV3, TunnelType::GRE, TunnelType::VXLAN, TunnelType::SR_POLICY] {
        let Ok(value) = SubTlv::of(tunnel, tlv) else { continue };
        drop(format!("{value}"));
        assert_eq!(
            written(tlv.value.len(), |to| value.write(to)),
            written(tlv.value.len(), |to| tlv.write(Shape::ByteByType, to)),
            "{value:?}"
        );
        if let SubTlv::SegmentList(list) = value {
            assert!(list.values().count() <= tlv.value.len());
            list.sub_tlvs.for_each(values);
        }
    }
}

/// What is written of a value of some length, with type and length; none where these have no room for it.
fn written(len: usize, write: impl FnOnce(&mut Writer<'_>) -> Result<(), FieldError>) -> Option<Vec<u8>> {
    let mut buffer = vec![0; len + 4];
    let mut writer = Writer::new(LayerName::new("fuzz"), &mut buffer);
    write(&mut writer).ok().map(|()| writer.written().to_vec())
}

/// What is read of a dump is written back: the same bytes, but for bits of a prefix behind its length, bytes behind what a record holds, and a
/// count that lies. What was written says the same, and is written as it is.
fn dumped(bytes: &[u8]) {
    let (mut rest, mut buffer) = (bytes, vec![0; bytes.len() + 16]);
    while let Ok(Some((record, behind))) = MrtRecord::split(rest) {
        let whole = &rest[..rest.len() - behind.len()];
        rest = behind;
        let mut to = Writer::new(MRT, &mut buffer);
        record.write(&mut to).unwrap();
        assert_eq!(to.written(), whole);
        let Ok(body) = record.parse() else { continue };
        match body {
            MrtBody::Peers(peers) => assert!(peers.count() <= bytes.len()),
            MrtBody::Rib(rib) => {
                rib.flatten().for_each(|entry| assert!(entry.next_hop().is_none() || entry.attributes.count() > 0))
            }
            MrtBody::Message(message) => {
                let session = message.session();
                if let Ok(Some(frame)) = Framer::with_max_len(65_535).next(&mut &*message.message) {
                    read(frame.parse(&session), frame.bytes());
                }
            }
            _ => {}
        }
        to.truncate(0);
        if body.write(&record, &mut to).is_err() {
            // An entry that is cut, or a route that was read lax.
            assert!(to.is_empty());
            continue;
        }
        let once = to.written().to_vec();
        assert!(once.len() <= whole.len());
        let (again, _) = MrtRecord::split(&once).unwrap().unwrap();
        assert_eq!(
            (again.timestamp, again.microseconds, again.subtype),
            (record.timestamp, record.microseconds, record.subtype)
        );
        to.truncate(0);
        again.parse().unwrap().write(&again, &mut to).unwrap();
        assert_eq!(to.written(), once);
    }
}

/// The same of a router's messages, by a station that keeps three peers.
fn told(bytes: &[u8]) {
    let (mut rest, mut buffer) = (bytes, vec![0; bytes.len() + 16]);
    let mut slots = [PeerSlot::FREE; 3];
    let mut station = Station::new(&mut slots);
    while let Ok(Some((message, behind))) = BmpMessage::split(rest) {
        let whole = &rest[..rest.len() - behind.len()];
        rest = behind;
        let mut to = Writer::new(BMP, &mut buffer);
        message.write(&mut to).unwrap();
        assert_eq!(to.written(), whole);
        let heard = station.hear(&message);
        assert!(station.len() <= 3);
        let Ok(heard) = heard else {
            assert!(message.check().is_err());
            continue;
        };
        drop(format!("{heard:?}"));
        match heard.body {
            BmpBody::RouteMonitoring(_, mut update) => {
                if let Ok(Some(frame)) = Framer::with_max_len(65_535).next(&mut update) {
                    read(frame.parse(&heard.session), frame.bytes());
                }
            }
            BmpBody::RouteTlvs(_, tlvs) => {
                tlvs.for_each(|tlv| drop(format!("{}{}", tlv.index, tlv.information())));
                assert!(tlvs.of_route(1).count() <= tlvs.count());
            }
            BmpBody::Statistics(_, statistics) => statistics.for_each(|of| drop(of.to_string())),
            BmpBody::Information(told) | BmpBody::RouteMirroring(_, told) => told.for_each(|of| drop(of.to_string())),
            BmpBody::PeerDown(_, down) => drop((down.notification(), down.event(), down.information().count())),
            _ => {}
        }
        // What stands in front of an address of IPv4 is not kept, nor a count that lies.
        to.truncate(0);
        if heard.body.write(&message, &mut to).is_err() {
            assert!(to.is_empty());
            continue;
        }
        let once = to.written().to_vec();
        assert_eq!(once.len(), whole.len());
        let (again, _) = BmpMessage::split(&once).unwrap().unwrap();
        assert_eq!((again.version, again.kind), (message.version, message.kind));
        to.truncate(0);
        again.parse().unwrap().write(&again, &mut to).unwrap();
        assert_eq!(to.written(), once);
    }
}

fn read(message: Result<Message<'_>, bgp_codec::Error>, bytes: &[u8]) {
    match message {
        Ok(Message::Open(open)) => {
            let mut buffer = [0; 65_536];
            for (_, value) in open.parameters() {
                let mut writer = Writer::new(LayerName::new("fuzz"), &mut buffer);
                bgp_codec::capability::Capabilities::new(value).for_each(|one| one.write(&mut writer).unwrap());
                assert_eq!(writer.written(), value);
            }
        }
        Ok(Message::Notification(notification)) => {
            let _ = (notification.text(), notification.hard_reset(), format!("{}", notification.code));
        }
        Ok(Message::RouteRefresh(refresh)) => {
            for group in refresh.filters().into_iter().flatten().flatten() {
                group.prefixes(refresh.family.afi).for_each(drop);
            }
        }
        Ok(_) => {}
        Err(error) => drop((error.to_string(), error.notification(bytes).data.len())),
    }
}

fn check(update: &Update<'_>, session: &Negotiated, body: &[u8]) {
    let mut strongest = Action::Accept;
    let outcome = update.validate_each(|finding| {
        assert!((19..=19 + body.len()).contains(&finding.offset), "{finding:?}");
        assert!(finding.action > Action::Accept);
        drop(finding.fault.to_string());
        strongest = strongest.max(finding.action);
    });
    // An answer may be stronger than any finding on its own (RFC 7606 §5.2), never weaker.
    assert!(outcome.action() >= strongest);
    assert_eq!(outcome, update.validate());
    if let Outcome::SessionReset(error) = outcome {
        let _ = error.notification(body);
    }
    let _ = (update.end_of_rib(), update.as_path().map(|path| path.count()));
    assert!(update.kept_attributes(&outcome).count() <= update.attributes().count());
    for route in update.announced().chain(update.withdrawn()) {
        drop(format!("{route} {:?}", update.next_hop(route.family)));
    }
    let mut buffer = vec![0; 70_000];
    for attribute in update.attributes() {
        let Ok(value) = attribute.parse(session) else { continue };
        drop(format!("{value}"));
        let mut writer = Writer::new(LayerName::new("fuzz"), &mut buffer);
        value.write_value(session.as_size(), &mut writer).unwrap();
        match value {
            // One that stands there twice is sent once (RFC 8092 §3).
            AttributeValue::LargeCommunities(_) => {
                let mut once: Vec<&[u8]> = Vec::new();
                for community in attribute.value.chunks(12) {
                    if !once.contains(&community) {
                        once.push(community);
                    }
                }
                assert_eq!(writer.written(), once.concat(), "{value:?}");
            }
            _ => assert_eq!(writer.written(), attribute.value, "{value:?}"),
        }
        match value {
            AttributeValue::AttrSet(set) => assert!(set.values().count() <= attribute.value.len()),
            AttributeValue::TunnelEncapsulation(tunnels) => {
                for tunnel in tunnels {
                    assert_eq!(tunnel.values().count(), tunnel.sub_tlvs.count());
                    tunnel.sub_tlvs.for_each(values);
                }
            }
            AttributeValue::PrefixSid(sid) => {
                sid.tlvs.for_each(values);
                // What is found no fault with can be read to its end.
                assert!(sid.check_services().is_err() || sid.values().all(|value| value.is_ok()));
            }
            AttributeValue::PmsiTunnel(tunnel) => {
                assert_eq!(
                    written(tunnel.identifier.len(), |to| tunnel.tunnel().write(to)).as_deref(),
                    Some(tunnel.identifier)
                );
            }
            _ => {}
        }
    }
    let sent = session.reversed();
    let keep_multi_exit_disc = true;
    let same = Rewrite { keep_multi_exit_disc, ..Rewrite::default() }.write(update, &outcome, &sent, &mut buffer);
    if let Ok(same) = same.map(<[u8]>::to_vec) {
        assert!(outcome.action() <= Action::AttributeDiscard);
        // A length of two bytes where one would do is kept, so that all is; but what is discarded, and a community that stands there twice.
        assert!(same[19..] == *body || same.len() < 19 + body.len());
    }
}
