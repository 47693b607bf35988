//! BMP in bytes that were worked out from the RFCs and drafts field by field: each message is read, its values are those that stand there,
//! and it is written back.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use bgp_codec::bmp::v4::{Index, PathReason, PathStatus, RouteInformation, RouteTlv, RouteTlvWriter, enterprise_of};
use bgp_codec::bmp::{
    BMP, BmpBody, BmpMessage, BmpPeer, BmpPeerType, BmpType, Heard, Information, InformationWriter, MirroringCode,
    PeerDown, PeerDownReason, PeerSlot, PeerUp, StatType, StatValue, Station, Statistic, StatisticsWriter,
    TerminationReason,
};
use bgp_codec::capability::{AddPathFamily, AddPathMode};
use bgp_codec::header::KEEPALIVE;
use bgp_codec::message::open::OpenConfig;
use bgp_codec::tlv::Tlv;
use bgp_codec::{Capability, Family, FamilySet, FieldError, Peer, Rule, Writer};

/// A peer at 192.0.2.1, AS 65000, identifier 192.0.2.9, at second 7 and 8 microseconds.
const PEER: [u8; 42] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0, 0, 0xfd, 0xe8, 192, 0, 2, 9, 0,
    0, 0, 7, 0, 0, 0, 8,
];

fn peer() -> BmpPeer {
    BmpPeer { time: (7, 8), ..BmpPeer::new([192, 0, 2, 1].into(), 65_000, [192, 0, 2, 9].into()) }
}

fn message(version: u8, kind: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [&[version][..], &(6 + body.len() as u32).to_be_bytes(), &[kind], &body].concat()
}

/// What a message says; it is written back, and cut anywhere it is not there yet.
fn read(bytes: &[u8]) -> BmpBody<'_> {
    for len in 0..bytes.len() {
        assert_eq!(BmpMessage::split(&bytes[..len]), Ok(None), "{len}");
    }
    let (message, rest) = BmpMessage::split(bytes).unwrap().unwrap();
    assert!(rest.is_empty());
    let body = message.parse().unwrap();
    assert_eq!(written(|to| body.write(&message, to)), bytes);
    assert_eq!(written(|to| message.write(to)), bytes);
    body
}

fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), FieldError>) -> Vec<u8> {
    let mut buffer = [0; 1000];
    let mut to = Writer::new(BMP, &mut buffer);
    write(&mut to).unwrap();
    to.written().to_vec()
}

/// An OPEN of an AS with capabilities.
fn open(as_number: u32, last: u8, capabilities: &[Capability<'_>]) -> Vec<u8> {
    let config = OpenConfig { as_number, hold_time: 90, identifier: [192, 0, 2, last].into(), capabilities };
    config.build(&mut [0; 200]).unwrap().to_vec()
}

/// RFC 7854 §4.2, RFC 8671 §4, RFC 9069 §4.2: the flags, in both directions.
#[test]
fn peers() {
    //= RFC 7854 §4.2/v-flag
    //= RFC 9069 §4.2/flags
    assert_eq!(written(|to| peer().write(to)), PEER);
    let with = |kind: u8, flags: u8| {
        let mut bytes = PEER;
        (bytes[0], bytes[1]) = (kind, flags);
        let bytes = message(3, 0, &[&bytes, &KEEPALIVE]);
        *read(&bytes).peer().unwrap()
    };
    let told = |peer: BmpPeer| {
        [peer.is_ipv6(), peer.is_post_policy(), peer.has_two_octet_as(), peer.is_adj_rib_out(), peer.is_filtered()]
    };
    assert_eq!(told(with(0, 0)), [false; 5]);
    assert_eq!(told(with(0, 0x40)), [false, true, false, false, false]);
    assert_eq!(told(with(1, 0x20)), [false, false, true, false, false]);
    assert_eq!(told(with(2, 0x10)), [false, false, false, true, false]);
    assert_eq!(told(with(3, 0xf0)), [false, false, false, false, true], "of a Loc-RIB only F has a meaning");
    assert_eq!(with(0, 0x70), peer().with_post_policy(true).with_two_octet_as(true).with_adj_rib_out(true));
    assert_eq!(with(0, 0x10), peer().with_post_policy(true).with_adj_rib_out(true).with_post_policy(false));
    let ipv6 = BmpPeer::new("2001:db8::1".parse().unwrap(), 65_000, [192, 0, 2, 9].into());
    assert_eq!((ipv6.flags, ipv6.kind), (0x80, BmpPeerType::GLOBAL));
    let loc_rib = BmpPeer::loc_rib(65_000, [192, 0, 2, 9].into());
    assert_eq!((loc_rib.kind.0, loc_rib.flags, loc_rib.address), (3, 0, [0, 0, 0, 0].into()));
    assert_eq!(ipv6.to_string(), "2001:db8::1 AS65000 192.0.2.9, pre-policy Adj-RIB-In");
    assert_eq!(with(0, 0x50).to_string(), "192.0.2.1 AS65000 192.0.2.9, post-policy Adj-RIB-Out");
    assert_eq!(BmpPeer { flags: 0x80, ..loc_rib }.to_string(), "Loc-RIB of AS65000 192.0.2.9, filtered");
    // The V flag and the address must agree.
    let field = "V flag";
    let wrong = BmpPeer { flags: 0x80, ..peer() };
    let error = FieldError::Unbuildable { layer: BMP, field, value: 1, rule: Rule::Exactly(0) };
    assert_eq!(wrong.write(&mut Writer::count(BMP)), Err(error));
}

/// RFC 7854 §4.8, RFC 8671 §6.2, RFC 9972 §3: a counter, a gauge, a gauge of a family, one that nobody knows, and one of another length.
#[test]
fn statistics() {
    //= RFC 7854 §4.8/unknown
    let tlvs: [&[u8]; 6] = [
        &[0, 0, 0, 5],
        &[0, 2, 0, 4, 0, 0, 1, 0],
        &[0, 7, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2],
        &[0, 17, 0, 11, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 9],
        &[0xff, 0xfb, 0, 1, 5],
        &[0, 8, 0, 4, 0, 0, 0, 2],
    ];
    let bytes = message(3, 1, &[&PEER[..], &tlvs.concat()]);
    let BmpBody::Statistics(of, statistics) = read(&bytes) else { panic!("no statistics") };
    assert_eq!((of, statistics.count), (peer(), 5));
    let values: Vec<_> = statistics.map(|of| of.value).collect();
    let [gauge, family] = [StatValue::Gauge(0x1_0000_0002), StatValue::FamilyGauge(Family::IPV6_UNICAST, 9)];
    let [unknown, short] = [StatValue::Other(&[5]), StatValue::Other(&[0, 0, 0, 2])];
    assert_eq!(values, [StatValue::Counter(256), gauge, family, unknown, short]);
    let words: Vec<_> = statistics.map(|of| of.to_string()).collect();
    assert_eq!(
        words,
        [
            "duplicate withdraws: 256",
            "routes in Adj-RIBs-In: 4294967298",
            "routes in post-policy Adj-RIB-Out of a family: 9 (ipv6 unicast)",
            "statistic 65531: 0x05",
            "routes in Loc-RIB: 0x00000002",
        ]
    );
    // Every type that has a name has its shape: RFC 7854 counts 0 to 6 and 11 to 13, the rest are gauges.
    let shape = |kind: u16, value: &'static [u8]| Statistic::of(Tlv { kind, value }).value;
    let is_of_family = |kind| matches!(kind, 9 | 10 | 16 | 17 | 19 | 21..=28 | 30 | 32 | 34..=38 | 40..=43);
    for kind in 0..=43 {
        let is_counter = kind <= 6 || (11..=13).contains(&kind);
        assert_eq!(matches!(shape(kind, &[0; 4]), StatValue::Counter(0)), is_counter, "{kind}");
        let is_gauge = !is_counter && !is_of_family(kind);
        assert_eq!(matches!(shape(kind, &[0; 8]), StatValue::Gauge(0)), is_gauge, "{kind}");
        assert_eq!(matches!(shape(kind, &[0; 11]), StatValue::FamilyGauge(..)), is_of_family(kind), "{kind}");
        assert!(StatType(kind).name().is_some(), "{kind}");
        assert!(matches!(shape(kind, &[0; 2]), StatValue::Other(_)), "{kind}");
    }
    assert!(StatType(44).name().is_none());
    // One at a time; what does not fit leaves the message whole.
    let mut buffer = [0; 52 + 8 + 11];
    let mut to = Writer::new(BMP, &mut buffer);
    let mut writer = StatisticsWriter::begin(&peer(), &mut to).unwrap();
    writer.push(&Statistic { kind: StatType::REJECTED, value: StatValue::Counter(3) }).unwrap();
    let gauge = Statistic { kind: StatType::LOC_RIB, value: StatValue::Gauge(3) };
    assert!(matches!(writer.push(&gauge), Err(FieldError::NoRoom { .. })));
    let rule = Rule::Exactly(4);
    let error = FieldError::Unbuildable { layer: BMP, field: "version", value: 3, rule };
    assert_eq!(writer.push_behind(&Tlv { kind: 1, value: &[] }), Err(error));
    assert_eq!(writer.count(), 1);
    assert_eq!(to.written(), message(3, 1, &[&PEER, &[0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 3]]));
    to.truncate(0);
    StatisticsWriter::begin(&peer(), &mut to).unwrap().discard();
    assert!(to.is_empty());
}

/// RFC 7854 §4.3, §4.5, §4.7, RFC 9736 §3: the types of each kind of message.
#[test]
fn information() {
    let of = |kind: u8, head: &[u8], tlvs: &[u8]| -> Vec<String> {
        let bytes = message(3, kind, &[head, tlvs]);
        match read(&bytes) {
            BmpBody::Information(told) | BmpBody::RouteMirroring(_, told) => told.map(|of| of.to_string()).collect(),
            _ => panic!("no information"),
        }
    };
    let three = [0, 0, 0, 1, b't', 0, 1, 0, 2, 0, 4, 0, 2, 0, 1, b'n', 0, 3, 0, 0];
    assert_eq!(of(4, &[], &three), ["text t", "description \\x00\\x04", "name n", "3:0x"]);
    assert_eq!(of(5, &[], &three), ["text t", "session permanently administratively closed", "2:0x6e", "3:0x"]);
    let codes = [0, 1, 0, 2, 0, 1, 0, 1, 0, 1, 7, 0, 0, 0, 1, 9];
    assert_eq!(of(6, &PEER, &codes), ["messages lost", "1:0x07", "message 0x09"]);
    assert_eq!(of(5, &[], &[0, 1, 0, 2, 0, 3]), ["redundant connection"]);

    let mut buffer = [0; 100];
    let mut to = Writer::new(BMP, &mut buffer);
    let mut termination = InformationWriter::termination(&mut to).unwrap();
    termination.push(&Information::Reason(TerminationReason::OUT_OF_RESOURCES)).unwrap();
    termination.push(&Information::Text("é".as_bytes())).unwrap();
    assert_eq!(to.written(), message(3, 5, &[&[0, 1, 0, 2, 0, 2, 0, 0, 0, 2, 0xc3, 0xa9]]));
    to.truncate(0);
    let mut mirror = InformationWriter::mirroring(&peer(), &mut to).unwrap().as_v4();
    mirror.push(&Information::Code(MirroringCode::ERRORED_PDU)).unwrap();
    mirror.push(&Information::Message(&KEEPALIVE)).unwrap();
    let expected = message(4, 6, &[&PEER, &[0, 1, 0, 2, 0, 0, 0, 0, 0, 19], &KEEPALIVE]);
    assert_eq!(to.written(), expected);
    read(&expected);
    // What is too long, or does not fit, leaves the message whole.
    to.truncate(0);
    let mut initiation = InformationWriter::initiation(&mut to).unwrap();
    initiation.push(&Information::SystemName(b"r1")).unwrap();
    assert!(matches!(initiation.push(&Information::Text(&[0; 99])), Err(FieldError::NoRoom { .. })));
    let rule = Rule::AtMost(65_535);
    let error = FieldError::Unbuildable { layer: BMP, field: "length", value: 65_536, rule };
    let mut count = Writer::count(BMP);
    assert_eq!(InformationWriter::initiation(&mut count).unwrap().push(&Information::Text(&[0; 65_536])), Err(error));
    assert_eq!((to.written(), count.len()), (&message(3, 4, &[&[0, 2, 0, 2, b'r', b'1']])[..], 6));
}

/// RFC 7854 §4.9, RFC 9069 §5.3; draft-ietf-grow-bmp-tlv-21 §5.3: the reasons, and TLVs behind what belongs to them.
#[test]
fn peers_go_down() {
    //= RFC 9069 §5.3/tlvs
    let cease = [&[0xff; 16][..], &[0, 21, 3, 6, 2]].concat();
    let table = [0, 3, 0, 1, b'b'];
    let down = |version: u8, data: &[u8]| message(version, 2, &[&PEER, data]);
    let told = |bytes: &[u8]| {
        let BmpBody::PeerDown(_, down) = read(bytes) else { panic!("no end") };
        let names: Vec<_> = down.information().map(|of| of.to_string()).collect();
        (down.notification().map(<[u8]>::to_vec), down.event(), names)
    };
    let nothing: Vec<String> = Vec::new();
    for reason in [1, 3] {
        let data = [&[reason][..], &cease].concat();
        assert_eq!(told(&down(3, &data)), (Some(cease.clone()), None, nothing.clone()));
        let data = [&data[..], &table].concat();
        assert_eq!(told(&down(4, &data)), (Some(cease.clone()), None, vec!["table b".into()]));
    }
    assert_eq!(told(&down(3, &[2, 0, 24])), (None, Some(24), nothing.clone()));
    assert_eq!(told(&down(4, &[&[2, 0, 24][..], &table].concat())), (None, Some(24), vec!["table b".into()]));
    assert_eq!(told(&down(3, &[2, 0])), (None, None, nothing.clone()));
    for reason in [4, 5] {
        assert_eq!(told(&down(3, &[reason])), (None, None, nothing.clone()));
        assert_eq!(told(&down(4, &[&[reason][..], &table].concat())), (None, None, vec!["table b".into()]));
    }
    assert_eq!(told(&down(3, &[&[6][..], &table].concat())), (None, None, vec!["table b".into()]));
    // A NOTIFICATION that is cut is told as it is; none is none.
    assert_eq!(told(&down(3, &[&[3][..], &cease[..20]].concat())), (Some(cease[..20].to_vec()), None, nothing.clone()));
    assert_eq!(told(&down(3, &[1])), (None, None, nothing));
    assert_eq!(PeerDownReason(4).to_string(), "remote system closed, no data");
    // Of the router's own table: its name follows.
    let mut buffer = [0; 100];
    let mut to = Writer::new(BMP, &mut buffer);
    let end = PeerDown { reason: PeerDownReason::LOCAL_TLVS, data: &[] };
    end.begin(&peer(), &mut to).unwrap().push(&Information::TableName(b"b")).unwrap();
    assert_eq!(to.written(), down(3, &[&[6][..], &table].concat()));
}

/// RFC 7854 §4.10, RFC 9736 §3.3: the two OPENs, and a name and a label behind them.
#[test]
fn peers_come_up() {
    let [ours, theirs] = [open(65_001, 2, &[]), open(65_000, 9, &[])];
    let local = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2, 0, 179, 0xc0, 0];
    let tlvs = [0, 3, 0, 1, b'b', 0, 4, 0, 2, b'l', b'x', 0, 0, 0, 0];
    let bytes = message(3, 3, &[&PEER, &local, &ours, &theirs, &tlvs]);
    let BmpBody::PeerUp(of, up) = read(&bytes) else { panic!("no session") };
    assert_eq!((of, up.local, up.ports), (peer(), [192, 0, 2, 2].into(), (179, 49_152)));
    let (sent, received, told) = up.parts().unwrap();
    assert_eq!((sent, received), (&ours[..], &theirs[..]));
    let told: Vec<_> = told.collect();
    assert_eq!(told, [Information::TableName(b"b"), Information::AdminLabel(b"lx"), Information::Text(b"")]);
    let (sent, received) = up.open_messages().unwrap();
    assert_eq!((sent.as_number(), received.as_number()), (65_001, 65_000));
    let mut buffer = [0; 200];
    let mut to = Writer::new(BMP, &mut buffer);
    let mut message = PeerUp { opens: &[], ..up }.begin(&of, [&ours, &theirs], &mut to).unwrap();
    told.iter().for_each(|of| message.push(of).unwrap());
    assert_eq!(to.written(), bytes);
    // No room for the second OPEN: nothing is left of the first.
    let mut to = Writer::new(BMP, &mut buffer[..6 + 42 + 20 + 29]);
    assert!(up.begin(&of, [&ours, &theirs], &mut to).is_err() && to.is_empty());
    let field = "whether the local address is of IPv6";
    let error = FieldError::Unbuildable { layer: BMP, field, value: 1, rule: Rule::Exactly(0) };
    let ipv6 = PeerUp { local: [0x20; 16].into(), ..up };
    assert_eq!(ipv6.write(&of, &mut to).map(drop), Err(error));
    // One OPEN alone, or cut.
    for opens in [&ours[..], &[&ours[..], &theirs[..28]].concat(), &KEEPALIVE] {
        assert!(PeerUp { opens, ..up }.parts().is_none());
    }
}

/// draft-ietf-grow-bmp-tlv-21 §4.2, §5.2: groups, an index of one route, a capability, and an enterprise's own; the E bit, and the G bit.
#[test]
fn tlvs_of_routes() {
    let tlvs: [&[u8]; 8] = [
        &[0, 1, 0, 4, 0x80, 1, 0, 1, 0, 3],
        &[0, 3, 0, 6, 0, 0, 69, 4, 0, 1, 1, 3],
        &[0, 2, 0, 1, 0x80, 1, b'b'],
        &[0, 5, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
        &[0, 7, 0, 9, 0, 2, 3, 0, 0, 0, 7, 0, 0, 0, 8],
        &[0x80, 5, 0, 5, 0, 1, 0, 0, 0xb0, 0x46, 9],
        &[0, 9, 0, 6, 0, 2, 0, 0, 0, 0x14, 0, 6],
        &[0, 4, 0, 19, 0, 0],
    ];
    let bytes = message(4, 0, &[&PEER[..], &tlvs.concat(), &KEEPALIVE]);
    let BmpBody::RouteTlvs(of, told) = read(&bytes) else { panic!("no routes") };
    assert_eq!((of, told.message()), (peer(), Some(&KEEPALIVE[..])));
    let words: Vec<_> = told.map(|tlv| tlv.to_string()).collect();
    assert_eq!(
        words,
        [
            "group 1: routes 1 3",
            "all routes: capability 0x450400010103",
            "group 1: table b",
            "all routes: sequence 256",
            "route 2: time 3: 7.000008",
            // 45126 is 0xb046.
            "route 1: enterprise 45126 type 5 0x09",
            "route 2: 0x000000140006",
            "all routes: message 0xffffffffffffffffffffffffffffffff001304",
        ]
    );
    let kinds = |number| told.of_route(number).map(|tlv| tlv.kind).collect::<Vec<_>>();
    assert_eq!(kinds(1), [3, 2, 5, 0x8005, 4]);
    assert_eq!(kinds(2), [3, 5, 7, 9, 4]);
    assert_eq!(kinds(3), [3, 2, 5, 4]);
    // The capability says that the routes have path identifiers.
    let session = told.session(of.session());
    assert_eq!(session.add_path_receive, FamilySet::of(Family::IPV4_UNICAST));
    // The same, built.
    let mut buffer = [0; 300];
    let mut to = Writer::new(BMP, &mut buffer);
    let mut message = RouteTlvWriter::begin(&of, &mut to).unwrap();
    message.push_group(1, &[1, 3]).unwrap();
    for tlv in told.skip(1) {
        match (tlv.kind, PathStatus::parse(tlv.value)) {
            (9, Some(status)) => message.push_status(9, tlv.index, &status).unwrap(),
            _ => message.push(tlv.index, &tlv.information()).unwrap(),
        }
    }
    assert_eq!(to.written(), bytes);
    // What cannot be said.
    let mut count = Writer::count(BMP);
    let mut message = RouteTlvWriter::begin(&of, &mut count).unwrap();
    let unbuildable = |field, value, rule| Err(FieldError::Unbuildable { layer: BMP, field, value, rule });
    assert_eq!(message.push_group(1, &[1]), unbuildable("number of routes in a group", 1, Rule::AtLeast(2)));
    assert_eq!(message.push_group(1, &[1, 0]), unbuildable("index", 0, Rule::AtLeast(1)));
    assert_eq!(message.push_group(0x8000, &[1, 2]), unbuildable("index", 0x8000, Rule::AtMost(0x7fff)));
    let other = RouteInformation::Other(&[]);
    assert_eq!(message.push(Index::All, &other), unbuildable("type", 0, Rule::Known));
    let tlv = RouteTlv { kind: 9, index: Index::Route(0), value: &[] };
    assert_eq!(message.push_tlv(&tlv), unbuildable("index", 0, Rule::AtLeast(1)));
    assert_eq!(count.len(), 48);
}

/// draft-ietf-grow-bmp-path-marking-tlv-05 §2: bits and a reason.
#[test]
fn statuses_of_paths() {
    let status = PathStatus::parse(&[0, 0, 0, 0x14, 0, 6]).unwrap();
    assert!(status.has(PathStatus::NON_SELECTED | PathStatus::BACKUP) && !status.has(PathStatus::BEST));
    assert_eq!((status.bits, status.reason), (20, Some(PathReason::MULTI_EXIT_DISC)));
    assert_eq!(status.to_string(), "non-selected, backup: not preferred for MED");
    assert_eq!(PathStatus { bits: 0x8002, reason: None }.to_string(), "best, 0x8000");
    assert_eq!(PathStatus { bits: 0, reason: None }.to_string(), "0x0");
    assert_eq!(written(|to| status.write(to)), [0, 0, 0, 0x14, 0, 6]);
    for value in [&[][..], &[0; 3], &[0; 5], &[0; 7]] {
        assert_eq!(PathStatus::parse(value), None);
    }
}

/// draft-ietf-grow-bmp-tlv-21 §4.1, §5.4: counters in a TLV of their own, and others behind it.
#[test]
fn statistics_of_version_4() {
    let counted = [0, 1, 0, 12, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 3];
    let own = [0x80, 9, 0, 5, 0, 0, 0, 7, 0xee];
    let bytes = message(4, 1, &[&PEER, &counted, &own]);
    let BmpBody::Statistics(_, statistics) = read(&bytes) else { panic!("no statistics") };
    assert_eq!((statistics.count, statistics.count()), (1, 1));
    let tlv = statistics.behind().next().unwrap();
    assert_eq!(enterprise_of(tlv), Some((7, 9, &[0xee][..])));
    assert_eq!(enterprise_of(Tlv { kind: 9, ..tlv }), None);
    let mut buffer = [0; 100];
    let mut to = Writer::new(BMP, &mut buffer);
    let mut writer = StatisticsWriter::begin_v4(&peer(), &mut to).unwrap();
    let rejected = Statistic { kind: StatType::REJECTED, value: StatValue::Counter(3) };
    writer.push(&rejected).unwrap();
    writer.push_behind(&tlv).unwrap();
    let (field, rule) = ("number of TLVs behind the counters", Rule::Exactly(0));
    assert_eq!(writer.push(&rejected), Err(FieldError::Unbuildable { layer: BMP, field, value: 1, rule }));
    assert_eq!(to.written(), bytes);
    let bytes = message(4, 1, &[&PEER, &own]);
    let (of, _) = BmpMessage::split(&bytes).unwrap().unwrap();
    let (field, value, rule) = ("type of the first TLV", 0x8009, Rule::Exactly(1));
    assert_eq!(of.parse(), Err(FieldError::Malformed { layer: BMP, field, value, rule }));
}

fn hear<'a>(station: &mut Station<'_>, bytes: &'a [u8]) -> Heard<'a> {
    let (message, _) = BmpMessage::split(bytes).unwrap().unwrap();
    station.hear(&message).unwrap()
}

/// A Peer Up of a peer at 192.0.2.N, of AS 65000.
fn up(last: u8, opens: [&[u8]; 2]) -> Vec<u8> {
    let peer = BmpPeer::new([192, 0, 2, last].into(), 65_000, [192, 0, 2, 9].into());
    let up = PeerUp { local: [192, 0, 2, 2].into(), ports: (179, 49_152), opens: &[] };
    written(|to| up.begin(&peer, opens, to).map(drop))
}

/// RFC 7854 §4.10, RFC 7911 §4: the peer sends path identifiers, and the router sends none; the A flag, the O flag, policy.
#[test]
fn a_station_keeps_what_was_agreed_on() {
    //= RFC 7854 §4.2/a-flag
    //= RFC 8671 §4/o-flag
    let family = Family::IPV4_UNICAST;
    let multiprotocol = Capability::Multiprotocol { family, reserved: 0 };
    let [receives, sends] = [AddPathMode::RECEIVE, AddPathMode::SEND].map(|mode| [AddPathFamily::new(family, mode)]);
    let ours = open(65_001, 2, &[multiprotocol, Capability::AddPath(&receives)]);
    let theirs = open(65_000, 9, &[multiprotocol, Capability::AddPath(&sends)]);
    let mut slots = [PeerSlot::FREE; 2];
    let mut station = Station::new(&mut slots);
    let routes = message(3, 0, &[&PEER, &KEEPALIVE]);
    let before = hear(&mut station, &routes).session;
    assert!(!before.is_known && before.add_path_receive.is_empty());
    let bytes = up(1, [&ours, &theirs]);
    hear(&mut station, &bytes);
    let session = hear(&mut station, &routes).session;
    assert!(session.is_known && session.four_octet_as, "the A flag is not set, whatever the OPENs say");
    assert_eq!((session.local_as, session.peer_as, session.peer), (65_001, 65_000, Peer::External));
    assert_eq!((session.add_path_receive, session.families), (FamilySet::of(family), FamilySet::of(family)));
    let of = |peer: BmpPeer| station.session(&peer);
    assert!(!of(peer().with_two_octet_as(true)).four_octet_as);
    assert_eq!(of(peer().with_post_policy(true)).peer, Peer::Unknown);
    let sent = of(peer().with_adj_rib_out(true).with_post_policy(true));
    assert_eq!((sent.local_as, sent.peer_as, sent.peer), (65_000, 65_001, Peer::External));
    assert!(sent.add_path_receive.is_empty());
    assert_eq!(of(peer().with_adj_rib_out(true)).peer, Peer::Unknown);
    // Others are other peers: of a VPN, of another distinguisher, at another address.
    let mut others = [peer(); 3];
    others[0].kind = BmpPeerType::VPN;
    others[1].distinguisher = 1;
    others[2].address = [192, 0, 2, 3].into();
    assert!(others.into_iter().all(|peer| !of(peer).is_known));
    // In version 4 a capability beside the UPDATE goes before, and where there is none the OPENs count.
    let capability = [0, 3, 0, 6, 0, 0, 69, 4, 0, 2, 1, 3];
    let update = [&[0, 4, 0, 19, 0, 0][..], &KEEPALIVE].concat();
    let bytes = message(4, 0, &[&PEER, &capability, &update]);
    assert_eq!(hear(&mut station, &bytes).session.add_path_receive, FamilySet::of(Family::IPV6_UNICAST));
    let bytes = message(4, 0, &[&PEER, &update]);
    assert_eq!(hear(&mut station, &bytes).session.add_path_receive, FamilySet::of(family));
    // Up again without ADD-PATH; down; the router ends.
    let bytes = up(1, [&ours, &open(65_000, 9, &[multiprotocol])]);
    assert!(hear(&mut station, &bytes).session.add_path_receive.is_empty() && station.len() == 1);
    let bytes = message(3, 2, &[&PEER, &[4]]);
    assert!(hear(&mut station, &bytes).session.is_known && station.is_empty());
    assert!(!hear(&mut station, &routes).session.is_known);
    let bytes = up(1, [&ours, &theirs]);
    hear(&mut station, &bytes);
    //= RFC 7854 §4.3/anew
    hear(&mut station, &message(3, 4, &[&[0, 2, 0, 2, b'r', b'2']]));
    assert_eq!(station.len(), 1);
    let bytes = message(3, 5, &[&[0, 1, 0, 2, 0, 1]]);
    hear(&mut station, &bytes);
    assert!(station.is_empty());
}

/// RFC 9069 §5.2: the OPENs of the router's own table are one twice, with the same AS and identifier, and say how its routes stand.
#[test]
fn a_table_of_the_router() {
    //= RFC 9069 §4.2/four-octet, §5.2/opens
    let sends = [AddPathFamily::new(Family::IPV4_UNICAST, AddPathMode::SEND)];
    let open = open(65_001, 2, &[Capability::FourOctetAs(65_001), Capability::AddPath(&sends)]);
    let peer = BmpPeer::loc_rib(65_001, [192, 0, 2, 2].into());
    let up = PeerUp { local: [0, 0, 0, 0].into(), ports: (0, 0), opens: &[] };
    let bytes = written(|to| up.begin(&peer, [&open, &open], to).map(drop));
    let mut slots = [PeerSlot::FREE; 1];
    let mut station = Station::new(&mut slots);
    hear(&mut station, &bytes);
    let session = station.session(&peer);
    assert_eq!((session.is_known, session.four_octet_as, session.peer), (true, true, Peer::Unknown));
    assert_eq!(session.add_path_receive, FamilySet::of(Family::IPV4_UNICAST));
}

/// As many peers as there are slots: what is over is read as its own header says, and a place is found again however others go.
#[test]
fn a_station_is_bounded() {
    let [ours, theirs] = [open(65_001, 2, &[]), open(65_000, 9, &[])];
    let opens = [&ours[..], &theirs[..]];
    let at = |last: u8| BmpPeer::new([192, 0, 2, last].into(), 65_000, [192, 0, 2, 9].into());
    let down = |last: u8| {
        let end = PeerDown { reason: PeerDownReason::REMOTE_NO_DATA, data: &[] };
        written(|to| end.begin(&at(last), to).map(drop))
    };
    let mut none = Station::new(&mut []);
    hear(&mut none, &up(1, opens));
    assert!(none.is_full() && none.is_empty() && !none.session(&at(1)).is_known);
    hear(&mut none, &down(1));
    // Every order in which four leave eight slots that seven have filled.
    for first in 0..7_u8 {
        let mut slots = [PeerSlot::FREE; 8];
        let mut station = Station::new(&mut slots);
        for last in 0..7 {
            hear(&mut station, &up(last, opens));
        }
        let gone: Vec<_> = (0..4).map(|step| (first + 3 * step) % 7).collect();
        for (step, last) in gone.iter().enumerate() {
            hear(&mut station, &down(*last));
            assert_eq!(station.len(), 6 - step);
            for other in 0..7 {
                assert_eq!(station.session(&at(other)).is_known, !gone[..=step].contains(&other), "{first} {step}");
            }
        }
    }
    let mut slots = [PeerSlot::FREE; 3];
    let mut station = Station::new(&mut slots);
    for last in 0..5 {
        hear(&mut station, &up(last, opens));
    }
    assert!(station.is_full() && station.len() == 3);
    assert_eq!(
        (0..5).map(|last| station.session(&at(last)).is_known).collect::<Vec<_>>(),
        [true, true, true, false, false]
    );
    hear(&mut station, &down(3));
    assert_eq!(station.len(), 3);
    station.clear();
    assert!(station.is_empty() && !station.session(&at(0)).is_known);
}

/// A version and a type that nobody knows, and a message that was put together elsewhere.
#[test]
fn other_messages() {
    let own = BmpMessage::new(3, BmpType(251), &[7]);
    assert_eq!(written(|to| own.write(to)), [3, 0, 0, 0, 7, 251, 7]);
    let bytes = message(4, 251, &[&[7]]);
    assert_eq!(read(&bytes), BmpBody::Other(&[7]));
    let (field, rule) = ("version", Rule::Either(3, 4));
    let error = FieldError::Unbuildable { layer: BMP, field, value: 5, rule };
    assert_eq!(BmpMessage::new(5, BmpType(251), &[7]).write(&mut Writer::count(BMP)), Err(error));
    assert_eq!(
        BmpMessage::split(&[5, 0, 0, 0, 6, 0]),
        Err(FieldError::Malformed { layer: BMP, field, value: 5, rule })
    );
}
