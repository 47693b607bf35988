//! MRT's old tables and BMP's rarer messages in bytes that were worked out from RFC 6396 and RFC 7854 apart from the code. Where one of
//! them is wrong, it is mended by the RFC's words, never by what comes out here. What was read is written back, the same bytes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod common;

use bgp_codec::attribute::as_path::SegmentType;
use bgp_codec::attribute::{NextHop, Origin};
use bgp_codec::bmp::{BMP, BmpBody, BmpMessage, BmpPeer, BmpPeerType, BmpType};
use bgp_codec::mrt::{MRT, MrtBody, MrtRecord, MrtType, TableDump};
use bgp_codec::{
    AttributeType, AttributeValue, Family, FieldError, Framer, MessageType, NotificationCode, Rule, Writer,
};
use common::unhex;

/// A record's header and its body.
fn record(bytes: &[u8]) -> MrtRecord<'_> {
    let (record, rest) = MrtRecord::split(bytes).unwrap().unwrap();
    assert_eq!((rest.len(), record.kind.0, record.kind), (0, 12, MrtType::TABLE_DUMP));
    assert_eq!((record.microseconds, record.body.len()), (None, bytes.len() - 12));
    record
}

fn dump(bytes: &[u8]) -> TableDump<'_> {
    let MrtBody::Table(table) = record(bytes).parse().unwrap() else { panic!("no table") };
    table
}

/// The kind and the AS numbers of each segment.
type Path = Vec<(SegmentType, Vec<u32>)>;

/// The attributes: types, origin, and path.
fn attributes(table: &TableDump<'_>) -> (Vec<u8>, Origin, Path) {
    let (mut kinds, mut origin, mut path) = (Vec::new(), None, Vec::new());
    for attribute in table.attributes {
        kinds.push(attribute.kind.0);
        match attribute.parse(&table.session()).unwrap() {
            AttributeValue::Origin(of) => origin = Some(of),
            AttributeValue::AsPath(of) => {
                path = of.segments().map(|segment| (segment.kind, segment.as_numbers().collect())).collect();
            }
            _ => {}
        }
    }
    (kinds, origin.unwrap(), path)
}

/// 10.1 to 10.4: RFC 6396 §4.2.
#[test]
fn tables_before_version_2() {
    //= RFC 6396 §4.2/two-octet
    let bytes = unhex(
        "6554180f 000c 0001 0000002c 0003 0102 cb007000 15 01 6553f17b c0000265 fde9 0016 40010100
         4002080203fde90d1cfbf4 400304c0000266",
    );
    let table = dump(&bytes);
    assert_eq!((record(&bytes).timestamp, record(&bytes).subtype), (1_700_009_999, 1));
    assert_eq!((table.view, table.sequence, table.status, table.originated), (3, 0x0102, 1, 1_700_000_123));
    assert_eq!((table.route.to_string(), table.route.family), ("203.0.112.0/21".into(), Family::IPV4_UNICAST));
    assert_eq!((table.peer.to_string(), table.peer_as), ("192.0.2.101".into(), 65_001));
    assert_eq!(table.attributes.as_bytes().len(), 22);
    let path = (SegmentType::SEQUENCE, vec![65_001, 3356, 64_500]);
    assert_eq!(attributes(&table), (vec![1, 2, 3], Origin::Igp, vec![path]));
    assert_eq!(table.next_hop(), Some(NextHop::Ipv4([192, 0, 2, 102].into())));

    // MP_REACH_NLRI is whole here; the next hop alone is version 2's (§4.3.4).
    let bytes = unhex(
        "6554180e 000c 0002 0000005a 0004 fffe 20010db8420000000000000000000000 30 01 6553f2c8
         20010db8ffff000000000000000000a1 fbf3 002c 40010102 4002060202fbf300ae
         800e1c0002011020010db8ffff000000000000000000a2003020010db84200",
    );
    let table = dump(&bytes);
    assert_eq!((record(&bytes).timestamp, record(&bytes).subtype), (1_700_009_998, 2));
    assert_eq!((table.view, table.sequence, table.status, table.originated), (4, 0xfffe, 1, 1_700_000_456));
    assert_eq!((table.route.to_string(), table.route.family), ("2001:db8:4200::/48".into(), Family::IPV6_UNICAST));
    assert_eq!((table.peer.to_string(), table.peer_as), ("2001:db8:ffff::a1".into(), 64_499));
    assert_eq!(table.attributes.as_bytes().len(), 44);
    let path = (SegmentType::SEQUENCE, vec![64_499, 174]);
    assert_eq!(attributes(&table), (vec![1, 2, 14], Origin::Incomplete, vec![path]));
    let next_hop = NextHop::Ipv6("2001:db8:ffff::a2".parse().unwrap());
    assert_eq!(table.next_hop(), Some(next_hop));
    let reach = table.attributes.into_iter().find(|of| of.kind == AttributeType::MP_REACH_NLRI).unwrap();
    let AttributeValue::MpReach(reach) = reach.parse(&table.session()).unwrap() else { panic!("no routes") };
    let routes: Vec<_> = reach.routes.map(|route| route.to_string()).collect();
    assert_eq!((reach.next_hop(), routes), (next_hop, vec!["2001:db8:4200::/48".to_owned()]));

    // A next hop of IPv4 to a prefix of IPv6.
    let bytes = unhex(
        "6554180d 000c 0002 00000042 0005 0000 20010db8800000000000000000000000 21 01 6553f415
         20010db8ffff000000000000000000b1 fbf1 0014 40010101 4002060202fbf1fbf0 400304c6336467",
    );
    let table = dump(&bytes);
    assert_eq!((record(&bytes).timestamp, record(&bytes).subtype), (1_700_009_997, 2));
    assert_eq!((table.view, table.sequence, table.status, table.originated), (5, 0, 1, 1_700_000_789));
    assert_eq!((table.route.to_string(), table.route.family), ("2001:db8:8000::/33".into(), Family::IPV6_UNICAST));
    assert_eq!((table.peer.to_string(), table.peer_as), ("2001:db8:ffff::b1".into(), 64_497));
    let path = (SegmentType::SEQUENCE, vec![64_497, 64_496]);
    assert_eq!(attributes(&table), (vec![1, 2, 3], Origin::Egp, vec![path]));
    assert_eq!(table.next_hop(), Some(NextHop::Ipv4([198, 51, 100, 103].into())));

    // A set behind a sequence, a length of two bytes, and 23456 where an AS has four.
    let bytes = unhex(
        "6554180c 000c 0001 00000031 0000 ffff 0a000000 08 01 00000001 c0000268 5ba0 001b 40010100
         5002000c0202fde95ba00102fbfffbfe 400304c0000269",
    );
    let table = dump(&bytes);
    assert_eq!((record(&bytes).timestamp, record(&bytes).subtype), (1_700_009_996, 1));
    assert_eq!((table.view, table.sequence, table.status, table.originated), (0, 0xffff, 1, 1));
    assert_eq!((table.route.to_string(), table.peer.to_string()), ("10.0.0.0/8".into(), "192.0.2.104".into()));
    assert_eq!((table.peer_as, table.attributes.as_bytes().len()), (23_456, 27));
    assert!(table.attributes.into_iter().nth(1).unwrap().flags.is_extended());
    let path = vec![(SegmentType::SEQUENCE, vec![65_001, 23_456]), (SegmentType::SET, vec![64_511, 64_510])];
    assert_eq!(attributes(&table), (vec![1, 2, 3], Origin::Igp, path));
    assert_eq!(table.next_hop(), Some(NextHop::Ipv4([192, 0, 2, 105].into())));

    // The status means nothing, and any view may be.
    let mut other = bytes;
    (other[12], other[13], other[21]) = (0xff, 0xff, 0);
    assert_eq!((dump(&other).view, dump(&other).status), (0xffff, 0));
}

/// W10.1 to W10.5.
#[test]
fn tables_that_cannot_be() {
    // W10.1: AS numbers of four bytes in AS_PATH.
    let bytes = unhex(
        "6554180f000c00010000002e00030102cb00700015016553f17bc0000265fde900184001010040020a02020000fde900
         000d1c400304c0000266",
    );
    let table = dump(&bytes);
    let path = table.attributes.into_iter().find(|of| of.kind == AttributeType::AS_PATH).unwrap();
    assert!(matches!(path.parse(&table.session()), Err(FieldError::Malformed { .. })));
    // W10.2: a prefix of 33 bits.
    let bytes = unhex("6554180f000c00010000001a00030102cb00700021016553f17bc0000265fde9000440010100");
    let (field, rule) = ("prefix length", Rule::AtMost(32));
    assert_eq!(record(&bytes).parse(), Err(FieldError::Malformed { layer: MRT, field, value: 33, rule }));
    // W10.3: attributes past the end.
    let bytes = unhex("6554180f000c00010000001a00030102cb00700015016553f17bc0000265fde900ff40010100");
    assert!(record(&bytes).parse().unwrap_err().is_truncated());
    // W10.4: a peer's AS of four bytes, whose lower half is read as a length.
    let bytes = unhex(
        "6554180f000c00010000002e00030102cb00700015016553f17bc00002650000fde90016400101004002080203fde90d
         1cfbf4400304c0000266",
    );
    assert!(record(&bytes).parse().unwrap_err().is_truncated());
    // W10.5: a subtype that is none.
    let bytes = unhex(
        "6554180f000c00030000002c00030102cb00700015016553f17bc0000265fde90016400101004002080203fde90d1cfb
         f4400304c0000266",
    );
    assert_eq!(record(&bytes).parse(), Ok(MrtBody::Other(&bytes[12..])));
}

/// One message, and no byte more.
fn message(bytes: &[u8]) -> BmpMessage<'_> {
    let (message, rest) = BmpMessage::split(bytes).unwrap().unwrap();
    assert!(rest.is_empty());
    message
}

/// What a message says, written.
fn written_back(message: &BmpMessage<'_>) {
    let mut buffer = [0; 200];
    let mut to = Writer::new(BMP, &mut buffer);
    message.parse().unwrap().write(message, &mut to).unwrap();
    assert_eq!(BmpMessage::split(to.written()).unwrap().unwrap(), (*message, &[][..]));
}

/// The peer and the TLVs of a mirrored route, which keeps the rules.
fn mirrored(bytes: &[u8]) -> (BmpPeer, Vec<(u16, &[u8])>) {
    let message = message(bytes);
    assert_eq!((message.kind.0, message.kind, message.check()), (6, BmpType::ROUTE_MIRRORING, Ok(())));
    let BmpBody::RouteMirroring(peer, told) = message.parse().unwrap() else { panic!("no mirror") };
    written_back(&message);
    (peer, told.tlvs().map(|tlv| (tlv.kind, tlv.value)).collect())
}

/// 11.1 to 11.3: RFC 7854 §4.7.
#[test]
fn mirrored_routes() {
    //= RFC 7854 §4.7/last
    let keepalive = unhex("ffffffffffffffffffffffffffffffff 0013 04");
    let bytes = unhex(
        "03 0000004d 06 00 00 0000000000000000 000000000000000000000000c000026f 0000fdf2 0a0b0c0d
         6553f557 0003647d 0001 0002 0001 0000 0013 ffffffffffffffffffffffffffffffff 0013 04",
    );
    let (peer, tlvs) = mirrored(&bytes);
    let expected = BmpPeer {
        kind: BmpPeerType::GLOBAL,
        flags: 0,
        distinguisher: 0,
        address: [192, 0, 2, 111].into(),
        as_number: 65_010,
        identifier: [10, 11, 12, 13].into(),
        time: (1_700_001_111, 222_333),
    };
    assert_eq!((peer, tlvs), (expected, vec![(1, &[0, 1][..]), (0, &keepalive)]));

    // An errored PDU: a KEEPALIVE of 22 bytes, where RFC 4271 §4.4 has 19.
    let bytes = unhex(
        "03 00000050 06 01 80 0000fde900001234 20010db800bb00000000000000000002 fa56ea01 0a151617
         6553f9ae 00000007 0001 0002 0000 0000 0016 ffffffffffffffffffffffffffffffff001604aabbcc",
    );
    let (peer, tlvs) = mirrored(&bytes);
    let expected = BmpPeer {
        kind: BmpPeerType::VPN,
        flags: 0x80,
        distinguisher: 0x0000_fde9_0000_1234,
        address: "2001:db8:bb::2".parse().unwrap(),
        as_number: 4_200_000_001,
        identifier: [10, 21, 22, 23].into(),
        time: (1_700_002_222, 7),
    };
    let pdu = unhex("ffffffffffffffffffffffffffffffff001604aabbcc");
    assert_eq!((peer, tlvs), (expected, vec![(1, &[0, 0][..]), (0, &pdu)]));
    let error = Framer::new().next(&mut &pdu[..]).unwrap_err();
    assert_eq!(error.code, NotificationCode::BAD_LENGTH);

    // Alone; the L flag means nothing here (§4.2) and is no fault.
    let bytes = unhex(
        "03 00000047 06 00 40 0000000000000000 000000000000000000000000c0000271 0000fde7 0a1f2021
         6553fe05 000f423f 0000 0013 ffffffffffffffffffffffffffffffff001304",
    );
    let (peer, tlvs) = mirrored(&bytes);
    let expected = BmpPeer {
        kind: BmpPeerType::GLOBAL,
        flags: 0x40,
        distinguisher: 0,
        address: [192, 0, 2, 113].into(),
        as_number: 64_999,
        identifier: [10, 31, 32, 33].into(),
        time: (1_700_003_333, 999_999),
    };
    assert_eq!((peer, &tlvs[..]), (expected, &[(0, &keepalive[..])][..]));
    assert_eq!(Framer::new().next(&mut &keepalive[..]).unwrap().unwrap().kind(), MessageType::KEEPALIVE);
}

/// 11.4, 11.5: RFC 7854 §4.5. The order is free.
#[test]
fn terminations() {
    //= RFC 7854 §4.5/reason
    for (bytes, expected) in [
        (
            "03 00000021 05 0000 0011 6279652c20636f6c6c6563746f7220c3a9 0001 0002 0001",
            [(0, "bye, collector é".as_bytes()), (1, &[0, 1])],
        ),
        ("03 00000014 05 0001 0002 0001 0000 0004 73746f70", [(1, &[0, 1][..]), (0, b"stop")]),
    ] {
        let bytes = unhex(bytes);
        let message = message(&bytes);
        assert_eq!((message.kind.0, message.kind, message.check()), (5, BmpType::TERMINATION, Ok(())));
        let BmpBody::Information(told) = message.parse().unwrap() else { panic!("no information") };
        written_back(&message);
        assert_eq!(told.tlvs().map(|tlv| (tlv.kind, tlv.value)).collect::<Vec<_>>(), expected);
    }
}

/// W11.1 to W11.7. What can be read is read, and `check` tells what the RFC has otherwise.
#[test]
fn messages_that_may_not_be() {
    let header = "0600000000000000000000000000000000000000000000c000026f0000fdf20a0b0c0d6553f5570003647d";
    let malformed = |field, value, rule| Err(FieldError::Malformed { layer: BMP, field, value, rule });
    let mirror = |len: &str, tlvs: &str| unhex(&["03", len, header, tlvs].concat());
    for (bytes, expected) in [
        // W11.1: the BGP message before the code.
        (
            mirror("0000004d", "00000013ffffffffffffffffffffffffffffffff001304000100020001"),
            malformed("whether the BGP message is the last TLV", 0, Rule::Exactly(1)),
        ),
        // W11.2: an errored PDU that is not there.
        (mirror("00000036", "000100020000"), malformed("number of BGP messages", 0, Rule::Exactly(1))),
        // A code of a byte (§4.7: "the 2-byte code"), in front of a KEEPALIVE.
        (
            mirror("0000004c", "000100010100000013ffffffffffffffffffffffffffffffff001304"),
            malformed("length of the code", 1, Rule::Exactly(2)),
        ),
        // W11.3, W11.4: no reason, and one of a byte.
        (unhex("030000000e050000000473746f70"), malformed("number of reasons", 0, Rule::AtLeast(1))),
        (unhex("030000000b050001000101"), malformed("length of the reason", 1, Rule::Exactly(2))),
    ] {
        let message = message(&bytes);
        assert_eq!((message.check(), message.parse().is_ok()), (expected, true));
    }
    // §4.3: an initiation needs no reason, and its first TLVs are others: 1 is sysDescr, of any length.
    let bytes = unhex("030000000d04000100037379730002000461626364");
    let bytes = [&[3, 0, 0, 0, bytes.len() as u8][..], &bytes[5..]].concat();
    assert_eq!((message(&bytes).kind, message(&bytes).check()), (BmpType::INITIATION, Ok(())));
    // W11.5: a TLV past the end.
    let bytes = mirror("0000004d", "00010002000100000017ffffffffffffffffffffffffffffffff001304");
    assert!(message(&bytes).parse().unwrap_err().is_truncated());
    assert!(message(&bytes).check().unwrap_err().is_truncated());
    // W11.6: version 2.
    let bytes = unhex("0200000014050001000200010000000473746f70");
    assert_eq!(BmpMessage::split(&bytes).map(drop), malformed("version", 2, Rule::Either(3, 4)));
    // W11.7: another message behind a termination: who reads the stream ends with it, here each is read by itself.
    let bytes = unhex("0300000014050001000200010000000473746f70030000000c05000100020001");
    let (message, rest) = BmpMessage::split(&bytes).unwrap().unwrap();
    assert_eq!((message.kind, message.check(), rest), (BmpType::TERMINATION, Ok(()), &bytes[20..]));
}
