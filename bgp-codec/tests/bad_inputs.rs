//! The BGP part of BAD-INPUTS.md, line by line: real bytes, the exact outcome, and the clause that asks for it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::net::Ipv4Addr;

use bgp_codec::attribute::{AsPath, Origin};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::message::open::OpenConfig;
use bgp_codec::session::AsSize;
use bgp_codec::{
    Action, AttributeValue, Capability, Family, FamilySet, Framer, Ipv4Prefix, Message, MessageType, Negotiated,
    NotificationCode, Open, Outcome, Peer, Update,
};

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = (19 + body.len()) as u16;
    [&[0xff; 16][..], &len.to_be_bytes(), &[kind], body].concat()
}

fn internal() -> Negotiated {
    let mut session = Negotiated::assumed();
    session.peer = Peer::Internal;
    session
}

/// Framing: RFC 4271 §6.1, RFC 8654 §4, RFC 7313 §5.
mod framing {
    use super::*;

    /// The NOTIFICATION that bytes get, its data, and how many bytes may be thrown away.
    fn error(bytes: &[u8], max_len: u16) -> (NotificationCode, Vec<u8>, usize) {
        let mut rest = bytes;
        let error = Framer::with_max_len(max_len).next(&mut rest).unwrap_err();
        assert_eq!(rest.len(), bytes.len(), "what is wrong is not taken");
        (error.code, error.notification(bytes).data.to_vec(), error.discard())
    }

    #[test]
    fn up_to_18_bytes_are_partial() {
        let keepalive = message(4, &[]);
        for len in 0..19 {
            let mut rest = &keepalive[..len];
            assert_eq!(Framer::new().next(&mut rest), Ok(None));
            assert_eq!(rest.len(), len);
        }
    }

    /// RFC 4271 §6.1: Connection Not Synchronized; as soon as it can be seen.
    #[test]
    fn marker() {
        //= RFC 4271 §4.1/marker, §6.1/marker
        for at in 0..16 {
            let mut bytes = message(4, &[]);
            bytes[at] = 0xfe;
            assert_eq!(error(&bytes, 4096), (NotificationCode::NOT_SYNCHRONIZED, vec![], 19));
            assert_eq!(error(&bytes[..=at], 4096), (NotificationCode::NOT_SYNCHRONIZED, vec![], at + 1));
        }
    }

    /// RFC 4271 §6.1: Bad Message Length, with the length as data.
    #[test]
    fn length() {
        //= RFC 4271 §4.1/length, §6.1/length
        let with_length = |kind, length: u16| {
            let mut bytes = message(kind, &[0; 10]);
            bytes[16..18].copy_from_slice(&length.to_be_bytes());
            bytes
        };
        let refused = |kind, length: u16, max_len| {
            let (code, data, _) = error(&with_length(kind, length), max_len);
            assert_eq!((code, data), (NotificationCode::BAD_LENGTH, length.to_be_bytes().to_vec()));
        };
        let taken = |kind, length: u16, max_len| {
            let bytes = with_length(kind, length);
            assert_eq!(
                Framer::with_max_len(max_len).next(&mut &bytes[..]),
                Ok(None),
                "{kind} {length}: the rest may come"
            );
        };
        for kind in 0..7 {
            refused(kind, 0, 4096);
            refused(kind, 18, 4096);
            refused(kind, 4097, 4096);
        }
        // OPEN, UPDATE, NOTIFICATION, KEEPALIVE (RFC 4271 §4.2–4.5).
        refused(1, 28, 4096);
        refused(2, 22, 4096);
        refused(3, 20, 4096);
        refused(4, 20, 4096);
        taken(2, 4096, 4096);
        // What may be thrown away: the message, or all if its length tells no end.
        for (kind, length, gone) in [(2, 0, 29), (2, 18, 29), (2, 19, 19), (2, 22, 22), (4, 20, 20), (2, 4097, 29)] {
            assert_eq!(error(&with_length(kind, length), 4096).2, gone, "{kind} {length}");
        }
        assert_eq!(
            Framer::new().next(&mut &with_length(1, 28)[..]).unwrap_err().to_string(),
            "OPEN is malformed: length is 28, it must be from 29 to 4096 (NOTIFICATION 1/2 Bad Message Length)"
        );
        // RFC 8654 §4: once agreed on, but never for OPEN and KEEPALIVE.
        for kind in [2, 3, 5] {
            taken(kind, 4097, 65_535);
            taken(kind, 65_535, 65_535);
        }
        refused(1, 4097, 65_535);
        refused(4, 4097, 65_535);
    }

    /// RFC 4271 §6.1: Bad Message Type, with the type as data.
    #[test]
    fn kind() {
        //= RFC 4271 §6.1/type
        for kind in [0, 6, 128, 255] {
            let bytes = [message(kind, &[1, 2, 3]), message(4, &[])].concat();
            assert_eq!(error(&bytes, 4096), (NotificationCode::BAD_TYPE, vec![kind], 22));
        }
    }

    /// What a frame is of.
    #[test]
    fn frames() {
        let bytes = message(3, &[6, 2]);
        let mut rest = &bytes[..];
        let frame = Framer::default().next(&mut rest).unwrap().unwrap();
        assert_eq!((frame.bytes(), frame.kind(), frame.body()), (&bytes[..], MessageType::NOTIFICATION, &[6, 2][..]));
        let header = bgp_codec::framer::MessageHeader::new(MessageType::UPDATE, 23);
        assert_eq!((header.marker(), header.length(), header.kind()), ([0xff; 16], 23, MessageType::UPDATE));
    }

    /// RFC 4271 §6.1, RFC 2918 §3: a ROUTE-REFRESH has 23 bytes at least. What a mark may have, the session says.
    #[test]
    fn route_refresh() {
        for body in [&[][..], &[0], &[0, 1], &[0, 1, 0]] {
            let bytes = message(5, body);
            let length = vec![0, bytes.len() as u8];
            assert_eq!(error(&bytes, 4096), (NotificationCode::BAD_LENGTH, length, bytes.len()));
        }
        for body in [&[0, 1, 1, 1][..], &[0, 1, 1, 1, 0], &[0, 1, 2, 1, 9, 9]] {
            assert!(Framer::new().next(&mut &message(5, body)[..]).unwrap().is_some());
        }
    }

    #[test]
    fn two_and_a_half_in_one_read_and_a_byte_at_a_time() {
        let stream = [message(4, &[]), message(3, &[6, 2]), message(2, &[0; 4])].concat();
        let kinds = |mut bytes: &[u8]| {
            let mut kinds = Vec::new();
            while let Some(frame) = Framer::new().next(&mut bytes).unwrap() {
                kinds.push(frame.kind());
            }
            (kinds, bytes.len())
        };
        let both = vec![MessageType::KEEPALIVE, MessageType::NOTIFICATION];
        assert_eq!(kinds(&stream[..52]), (both.clone(), 12));
        let (mut buffer, mut seen) = (Vec::new(), Vec::new());
        for byte in &stream {
            buffer.push(*byte);
            let (kinds, rest) = kinds(&buffer);
            seen.extend(kinds);
            buffer.drain(..buffer.len() - rest);
        }
        assert_eq!(seen, [both, vec![MessageType::UPDATE]].concat());
        // A good message before a bad one is handed out.
        let mut rest = &[message(4, &[]), vec![0; 19]].concat()[..];
        assert!(Framer::new().next(&mut rest).unwrap().is_some());
        assert!(Framer::new().next(&mut rest).is_err());
    }
}

/// OPEN: RFC 4271 §6.2 and what came after it.
mod open {
    use super::*;

    /// Version 4, AS 65000, hold time 90, identifier 192.0.2.1, these optional parameters.
    fn body(parameters: &[u8]) -> Vec<u8> {
        [&[4, 0xfd, 0xe8, 0, 90, 192, 0, 2, 1, parameters.len() as u8], parameters].concat()
    }

    fn error(body: &[u8]) -> (NotificationCode, Vec<u8>) {
        let error = Open::parse(body).unwrap_err();
        (error.code, error.notification(&message(1, body)).data.to_vec())
    }

    fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
        let mut body = body(&[]);
        body[at..at + bytes.len()].copy_from_slice(bytes);
        body
    }

    #[test]
    fn version() {
        //= RFC 4271 §4.2/version, §6.2/version
        for version in [0, 3, 5, 255] {
            assert_eq!(error(&with(0, &[version])), (NotificationCode::UNSUPPORTED_VERSION, vec![0, 4]));
        }
    }

    /// RFC 7607 §2; RFC 6793 §4.2.3.
    #[test]
    fn as_numbers() {
        //= RFC 4271 §6.2/peer-as
        let refused = (NotificationCode::BAD_PEER_AS, vec![]);
        assert_eq!(error(&with(1, &[0, 0])), refused);
        let four_octet = |as_number: u32| [&[2, 6, 65, 4][..], &as_number.to_be_bytes()].concat();
        assert_eq!(error(&body(&four_octet(0))), refused);
        assert_eq!(error(&body(&four_octet(23_456))), refused);
        assert_eq!(error(&body(&four_octet(65_001))), refused);
        assert_eq!(Open::parse(&body(&four_octet(65_000))).unwrap().as_number(), 65_000);
        // AS_TRANS, with the capability and without.
        let mut trans = body(&four_octet(4_200_000_000));
        trans[1..3].copy_from_slice(&[0x5b, 0xa0]);
        assert_eq!(Open::parse(&trans).unwrap().as_number(), 4_200_000_000);
        for as_number in [0, 23_456] {
            let mut trans = body(&four_octet(as_number));
            trans[1..3].copy_from_slice(&[0x5b, 0xa0]);
            assert_eq!(error(&trans), refused);
        }
        assert_eq!(Open::parse(&with(1, &[0x5b, 0xa0])).unwrap().as_number(), 23_456);
    }

    #[test]
    fn identifier_and_hold_time() {
        //= RFC 4271 §4.2/hold-time, §6.2/hold-time, §6.2/identifier
        assert_eq!(error(&with(5, &[0; 4])), (NotificationCode::BAD_IDENTIFIER, vec![]));
        for hold_time in [1, 2] {
            assert_eq!(error(&with(3, &[0, hold_time])), (NotificationCode::UNACCEPTABLE_HOLD_TIME, vec![]));
        }
        for hold_time in [0, 3, 255] {
            assert_eq!(Open::parse(&with(3, &[0, hold_time])).unwrap().hold_time(), u16::from(hold_time));
        }
    }

    #[test]
    fn parameters() {
        //= RFC 4271 §6.2/parameter, §6.2/parameter-malformed
        assert_eq!(error(&body(&[1, 0])), (NotificationCode::UNSUPPORTED_PARAMETER, vec![]));
        assert_eq!(error(&body(&[77, 1, 0])), (NotificationCode::UNSUPPORTED_PARAMETER, vec![]));
        let malformed = (NotificationCode::OPEN, vec![]);
        // A parameter, a capability, and all parameters past the end; bytes behind them.
        assert_eq!(error(&body(&[2, 3, 2, 0])), malformed);
        assert_eq!(error(&body(&[2])), malformed);
        assert_eq!(error(&body(&[2, 2, 2, 1])), malformed);
        assert_eq!(error(&body(&[2, 1, 2])), malformed);
        assert_eq!(error(&with(9, &[1])), malformed);
        assert_eq!(error(&[body(&[]), vec![0]].concat()), malformed);
        assert_eq!(error(&[4, 0xfd, 0xe8]).0, NotificationCode::BAD_LENGTH);
        let behind = Open::parse(&[&body(&[2, 2, 6, 0])[..], &[7]].concat()).unwrap_err();
        assert_eq!(behind.fault.to_string(), "OPEN is malformed: length is 5, it must be 4");
        // 127 empty parameters in the plain form's 255 bytes.
        assert_eq!(Open::parse(&body(&[2, 0].repeat(127))).unwrap().parameters().count(), 127);
    }

    /// RFC 9072 §2: with type 255, whatever the length that stands in its old place.
    #[test]
    fn extended_parameters() {
        //= RFC 9072 §2/short-received, §2/length-ignored, §2/type-decides, §3/other-length
        for length in [255, 1, 9] {
            let mut extended = body(&[]);
            extended[9] = length;
            extended.extend([255, 0, 6, 2, 0, 3, 6, 0, 99]);
            // The last capability goes past the end.
            assert_eq!(error(&extended), (NotificationCode::OPEN, vec![]));
            let end = extended.len();
            extended[end - 6..].copy_from_slice(&[2, 0, 3, 99, 1, 7]);
            let open = Open::parse(&extended).unwrap();
            assert!(open.is_extended());
            let capabilities: Vec<_> = open.capabilities().collect();
            assert!(matches!(capabilities[..], [Capability::Other { value: [7], .. }]));
        }
        // Length 0: there are no parameters, whatever follows.
        let mut none = body(&[]);
        none.extend([255, 0, 0]);
        assert_eq!(error(&none), (NotificationCode::OPEN, vec![]));
        // 255 in the plain form: the first parameter's type tells.
        let plain = body(&[2, 253].into_iter().chain([99, 251]).chain([0; 251]).collect::<Vec<_>>());
        assert!(!Open::parse(&plain).unwrap().is_extended());
    }

    /// RFC 9072 §3: 255 says what form it is where the first type stands, and is nobody's type elsewhere. In the extended form
    /// each length has two bytes: 00 03 is that of the three bytes of capability 99.
    #[test]
    fn type_255_elsewhere() {
        //= RFC 9072 §3/type-elsewhere, §2/parameter-length
        let unsupported = (NotificationCode::UNSUPPORTED_PARAMETER, vec![]);
        assert_eq!(error(&body(&[2, 3, 99, 1, 7, 255, 0])), unsupported);
        let extended =
            |parameters: &[u8]| [&body(&[])[..9], &[255, 255, 0, parameters.len() as u8], parameters].concat();
        let good = extended(&[2, 0, 3, 99, 1, 7]);
        assert_eq!(Open::parse(&good).unwrap().parameters().collect::<Vec<_>>(), [(2, &[99, 1, 7][..])]);
        assert_eq!(error(&extended(&[255, 0, 0])), unsupported);
        assert_eq!(error(&extended(&[2, 0, 3, 99, 1, 7, 255, 0, 0])), unsupported);
        // The extended form of no parameters.
        let none = Open::parse(&extended(&[])).map(|open| (open.is_extended(), open.parameters().count()));
        assert_eq!(none.unwrap(), (true, 0));
    }

    /// 255 parameters, and as many capabilities as a message of 4096 bytes has room for (RFC 8654 §4 keeps OPEN to that).
    #[test]
    fn many_capabilities() {
        let mut many = body(&[]);
        many[9] = 255;
        let parameters = [2, 0, 2, 70, 0].repeat(255);
        many.extend([255]);
        many.extend((parameters.len() as u16).to_be_bytes());
        many.extend(parameters);
        let open = Open::parse(&many).unwrap();
        assert_eq!((open.parameters().count(), open.capabilities().count()), (255, 255));
        let value = [0; 255];
        let capability = Capability::Other { code: 200.into(), value: &value };
        let config = |count: usize| {
            let capabilities = vec![capability; count];
            let identifier = [192, 0, 2, 1].into();
            let config = OpenConfig { as_number: 65_000, hold_time: 90, identifier, capabilities: &capabilities };
            config.build(&mut [0; 65_535]).map(<[u8]>::to_vec)
        };
        let most = config(15).unwrap();
        assert_eq!(Open::parse(&most[19..]).unwrap().capabilities().count(), 15);
        let error = config(16).unwrap_err();
        assert_eq!(error.to_string(), "OPEN cannot be built: length would be 4112, it must be at most 4096");
        assert!(config(256).is_err());
    }

    fn between(ours: &[u8], theirs: &[u8]) -> Result<Negotiated, bgp_codec::Error> {
        let ours = [body(ours), Vec::new()].concat();
        let mut theirs = body(theirs);
        // Another AS, another identifier.
        theirs[2] = 0xe9;
        theirs[8] = 2;
        Negotiated::between(&Open::parse(&ours).unwrap(), &Open::parse(&theirs).unwrap())
    }

    /// RFC 5492 §4: alike counts once; of different ones, the capability's own RFC tells.
    #[test]
    fn the_same_capability_twice() {
        let ipv6 = [2, 12, 1, 4, 0, 2, 0, 1, 1, 4, 0, 2, 0, 1];
        let both = [2, 12, 1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1];
        assert_eq!(between(&ipv6, &both).unwrap().families, FamilySet::of(Family::IPV6_UNICAST));
        // Graceful restart: the last (RFC 4724 §3). 120 s, then 30 s.
        let restart = [2, 8, 64, 2, 0, 120, 64, 2, 0, 30];
        assert_eq!(between(&restart, &restart).unwrap().restart_time, 30);
        // None told: IPv4 unicast.
        assert_eq!(between(&[], &[]).unwrap().families, FamilySet::of(Family::IPV4_UNICAST));
    }

    /// RFC 9234 §4.2.
    #[test]
    fn roles() {
        let role = |role| [2, 3, 9, 1, role];
        assert!(between(&role(0), &role(3)).is_ok());
        let error = between(&role(0), &role(0)).unwrap_err();
        assert_eq!(
            (error.code, error.to_string().as_str()),
            (
                NotificationCode::ROLE_MISMATCH,
                "OPEN is refused: role provider does not fit role provider (NOTIFICATION 2/11 Role Mismatch)"
            )
        );
        // Told twice, differing; not told; told by the peer alone.
        assert!(between(&role(0), &[2, 6, 9, 1, 3, 9, 1, 4]).is_err());
        assert!(between(&role(0), &[]).is_ok());
        assert!(between(&[], &role(0)).is_ok());
    }

    /// RFC 6286 §2.2: an internal peer with the speaker's own identifier.
    #[test]
    fn own_identifier() {
        let ours = body(&[]);
        let open = Open::parse(&ours).unwrap();
        assert_eq!(Negotiated::between(&open, &open).unwrap_err().code, NotificationCode::BAD_IDENTIFIER);
        // Another identifier of the same AS, and the same of another AS.
        let (internal, external) = (with(8, &[2]), with(2, &[0xe9]));
        let peer =
            |theirs: &[u8]| Negotiated::between(&open, &Open::parse(theirs).unwrap()).map(|session| session.peer);
        assert_eq!((peer(&internal), peer(&external)), (Ok(Peer::Internal), Ok(Peer::External)));
    }

    /// RFC 4271 §4.2: the smaller hold time; RFC 4760 §8: families that both told.
    #[test]
    fn what_both_offer() {
        //= RFC 4271 §4.2/hold-time-negotiated
        //= RFC 4760 §8/both
        let parameters = [2, 12, 1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1];
        let [mut ours, mut theirs] = [body(&parameters), body(&[2, 12, 1, 4, 0, 2, 9, 1, 1, 4, 0, 25, 0, 70])];
        (theirs[2], theirs[8]) = (0xe9, 2);
        for (a, b, agreed) in [(90, 30, 30), (30, 90, 30), (0, 90, 0), (u16::MAX, u16::MAX, u16::MAX)] {
            ours[3..5].copy_from_slice(&u16::to_be_bytes(a));
            theirs[3..5].copy_from_slice(&u16::to_be_bytes(b));
            let (ours, theirs) = (Open::parse(&ours).unwrap(), Open::parse(&theirs).unwrap());
            let session = Negotiated::between(&ours, &theirs).unwrap();
            assert_eq!((session.hold_time, session.families), (agreed, FamilySet::of(Family::IPV6_UNICAST)));
        }
    }

    /// RFC 7911 §4: an entry with another value than 1 to 3 is not understood; its neighbours are.
    #[test]
    fn add_path_with_another_value() {
        //= RFC 7911 §4/other-value
        let all = [2, 12, 1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1, 2, 10, 69, 8, 0, 1, 1, 3, 0, 2, 1, 3];
        let receive = between(&all, &all).unwrap().add_path_receive;
        assert_eq!(receive, FamilySet::of(Family::IPV4_UNICAST).with(Family::IPV6_UNICAST));
        for value in [0, 4, 255] {
            let mut odd = all;
            odd[21] = value;
            let session = between(&all, &odd).unwrap();
            assert_eq!(session.add_path_receive, FamilySet::of(Family::IPV6_UNICAST));
            assert_eq!(session.add_path_send, FamilySet::of(Family::IPV6_UNICAST));
        }
    }

    /// RFC 6793 §4.1: AS_TRANS stands for what two bytes cannot hold.
    #[test]
    fn as_trans() {
        //= RFC 6793 §4.1/as-trans
        for (as_number, my_as) in [(65_535, [0xff, 0xff]), (65_536, [0x5b, 0xa0]), (u32::MAX, [0x5b, 0xa0])] {
            let capabilities = [Capability::FourOctetAs(as_number)];
            let identifier = [192, 0, 2, 1].into();
            let config = OpenConfig { as_number, hold_time: 90, identifier, capabilities: &capabilities };
            let mut buffer = [0; 64];
            let built = config.build(&mut buffer).unwrap();
            assert_eq!(built[20..22], my_as);
            assert_eq!(Open::parse(&built[19..]).unwrap().as_number(), as_number);
        }
    }

    /// RFC 4271 §4.2, RFC 5492 §4, RFC 9072 §2: no parameters, one with up to 253 bytes of capabilities, the extended form.
    #[test]
    fn is_built() {
        //= RFC 9072 §2/long, §2/short, §2/length-255, §2/type-255, §2/parameter-length
        let built = |value: &[u8]| {
            let capabilities = [Capability::Other { code: 200.into(), value }];
            let capabilities = if value.is_empty() { &[][..] } else { &capabilities };
            let config =
                OpenConfig { as_number: 65_000, hold_time: 90, identifier: [192, 0, 2, 1].into(), capabilities };
            config.build(&mut [0; 4096]).unwrap().to_vec()
        };
        assert_eq!(built(&[]), message(1, &[4, 0xfd, 0xe8, 0, 90, 192, 0, 2, 1, 0]));
        let short = built(&[7]);
        assert_eq!(short, message(1, &[4, 0xfd, 0xe8, 0, 90, 192, 0, 2, 1, 5, 2, 3, 200, 1, 7]));
        let open = Open::parse(&short[19..]).unwrap();
        assert_eq!((open.version(), open.my_as(), open.as_number(), open.hold_time()), (4, 65_000, 65_000, 90));
        assert_eq!((open.four_octet_as(), open.identifier(), open.is_extended()), (None, [192, 0, 2, 1].into(), false));
        assert_eq!(open.parameters().collect::<Vec<_>>(), [(2, &[200, 1, 7][..])]);
        for (len, head) in [(251, &[255, 2, 253, 200, 251][..]), (252, &[255, 255, 1, 1, 2, 0, 254, 200, 252])] {
            let long = built(&vec![0; len]);
            assert_eq!(long[28..28 + head.len()], *head);
            let open = Open::parse(&long[19..]).unwrap();
            assert_eq!((open.capabilities().count(), open.is_extended()), (1, len == 252));
        }
        // What a peer would refuse is not built.
        let build = |as_number, hold_time, identifier: [u8; 4], capabilities: &[Capability<'_>]| {
            let config = OpenConfig { as_number, hold_time, identifier: identifier.into(), capabilities };
            config.build(&mut [0; 64]).map(<[u8]>::len).map_err(|error| error.to_string())
        };
        let (address, four) = ([192, 0, 2, 1], [Capability::FourOctetAs(70_000)]);
        assert_eq!(build(65_000, 90, address, &[]), Ok(29));
        assert_eq!((build(70_000, 0, address, &four), build(65_535, 3, address, &[])), (Ok(37), Ok(29)));
        for (refused, words) in [
            (build(0, 90, address, &[]), "AS number would be 0, it must be at least 1"),
            (build(23_456, 90, address, &[]), "AS number would be 23456, it must be one that is known"),
            (
                build(70_000, 90, address, &[]),
                "AS number without the 4-octet AS capability would be 70000, it must be at most 65535",
            ),
            (build(65_000, 90, address, &four), "4-octet AS number would be 70000, it must be 65000"),
            (build(65_000, 1, address, &[]), "hold time would be 1, it must be at least 3"),
            (build(65_000, 2, address, &[]), "hold time would be 2, it must be at least 3"),
            (build(65_000, 90, [0; 4], &[]), "identifier would be 0, it must be at least 1"),
        ] {
            assert_eq!(refused, Err(format!("OPEN cannot be built: {words}")));
        }
        // To the last byte of a message: 31 are around the capabilities.
        let value = [0; 255];
        let capability = Capability::Other { code: 200.into(), value: &value };
        let last = |len: usize| {
            let last = Capability::Other { code: 200.into(), value: &value[..len] };
            let capabilities = [&[capability; 15][..], &[last]].concat();
            let identifier = [192, 0, 2, 1].into();
            let config = OpenConfig { as_number: 65_000, hold_time: 90, identifier, capabilities: &capabilities };
            config.build(&mut [0; 65_535]).map(<[u8]>::len).map_err(|error| error.to_string())
        };
        assert_eq!(last(204), Ok(4096));
        assert_eq!(last(205), Err("BGP message cannot be built: length would be 4097, it must be at most 4096".into()));
    }

    /// A capability is told if its value can be read; what does not parse has no effect.
    #[test]
    fn capabilities_that_are_told() {
        use bgp_codec::capability::CapabilityCode;
        let broken = body(&[2, 6, 6, 0, 65, 2, 0, 1]);
        let open = Open::parse(&broken).unwrap();
        assert!(open.has(CapabilityCode::EXTENDED_MESSAGE) && !open.has(CapabilityCode::FOUR_OCTET_AS));
        assert!(!open.has(CapabilityCode::ROUTE_REFRESH));
        // Of what is not known here any value is good.
        let old = body(&[2, 7, 128, 0, 130, 3, 0, 1, 1]);
        let open = Open::parse(&old).unwrap();
        assert!(open.has(CapabilityCode::ROUTE_REFRESH_CISCO) && open.has(CapabilityCode::ORF_CISCO));
        assert!(!open.has(CapabilityCode::MULTISESSION_CISCO) && !open.has(CapabilityCode::ROUTE_REFRESH));
        // Without looking at what it tells: a version that is not known, and parameters that do not fit.
        let lax = |body: &[u8]| Open::parse_lax(body).map(|open| (open.version(), open.capabilities().count()));
        assert_eq!(lax(&with(0, &[3])), Ok((3, 0)));
        assert_eq!(lax(&[&body(&[2, 2, 6, 0])[..], &[7]].concat()), Ok((4, 1)));
        assert_eq!(lax(&body(&[])[..9]).unwrap_err().code, NotificationCode::BAD_LENGTH);
        let short = Open::parse(&[4, 0xfd]).unwrap_err();
        assert_eq!(short.fault.to_string(), "OPEN is truncated: 10 bytes are needed, 2 are there");
        assert_eq!(short.notification(&message(1, &[4, 0xfd])).data, [0, 21]);
    }

    /// What both have to tell, what a speaker tells that it takes, and what the peer tells that it takes.
    #[test]
    fn what_one_tells_alone() {
        let ipv4 = FamilySet::of(Family::IPV4_UNICAST);
        let told = |session: &Negotiated| {
            let both = [
                session.enhanced_route_refresh,
                session.four_octet_as,
                session.graceful_restart == ipv4 && session.restart_time == 120,
                session.labels_send.of(Family::IPV4_LABELED) == 9
                    && session.labels_receive.of(Family::IPV4_LABELED) == 3,
            ];
            let receive = [
                session.route_refresh_receive,
                session.max_len_receive == 65_535,
                session.extended_next_hop_receive == ipv4,
            ];
            let send =
                [session.route_refresh_send, session.max_len_send == 65_535, session.extended_next_hop_send == ipv4];
            (both, receive, send)
        };
        let parameter = |capability: &[u8]| [&[2, capability.len() as u8], capability].concat();
        for (n, (ours, theirs)) in [
            (&[70, 0][..], &[70, 0][..]),
            (&[65, 4, 0, 0, 0xfd, 0xe8], &[65, 4, 0, 0, 0xfd, 0xe9]),
            (&[64, 2, 0, 30], &[64, 6, 0, 120, 0, 1, 1, 0x80]),
            (&[8, 4, 0, 1, 4, 3], &[8, 4, 0, 1, 4, 9]),
        ]
        .into_iter()
        .enumerate()
        {
            let (ours, theirs) = (parameter(ours), parameter(theirs));
            let nothing = ([false; 4], [false; 3], [false; 3]);
            assert_eq!(told(&between(&ours, &[]).unwrap()), nothing, "{n}");
            assert_eq!(told(&between(&[], &theirs).unwrap()), nothing, "{n}");
            let both = between(&ours, &theirs).unwrap();
            assert_eq!(told(&both), (std::array::from_fn(|at| at == n), [false; 3], [false; 3]), "{n}");
            let turned = both.reversed();
            assert_eq!((turned.local_as, turned.peer_as), (both.peer_as, both.local_as));
            assert_eq!((turned.labels_send, turned.labels_receive), (both.labels_receive, both.labels_send));
        }
        // RFC 2918 §4, RFC 8654 §4, RFC 8950 §4: who tells of it takes it, whatever the other tells.
        for (n, capability) in [&[2, 0][..], &[6, 0], &[5, 6, 0, 1, 0, 1, 0, 2]].into_iter().enumerate() {
            let (one, none) = (std::array::from_fn(|at| at == n), [false; 3]);
            let (ours, theirs) = (parameter(capability), parameter(capability));
            let alone = between(&ours, &[]).unwrap();
            assert_eq!(told(&alone), ([false; 4], one, none), "{n}");
            assert_eq!(told(&between(&[], &theirs).unwrap()), ([false; 4], none, one), "{n}");
            assert_eq!(told(&alone.reversed()), ([false; 4], none, one), "{n}");
            assert_eq!(told(&between(&ours, &theirs).unwrap()), ([false; 4], one, one), "{n}");
        }
        // RFC 8950 §4: a next hop of the family's own kind is nothing to agree on, one of neither kind neither.
        for next_hop in [1, 25] {
            let own = [2, 8, 5, 6, 0, 1, 0, 1, 0, next_hop];
            assert_eq!(between(&own, &own).unwrap().extended_next_hop_receive, FamilySet::EMPTY);
        }
    }

    /// RFC 9494 §4.2: long-lived graceful restart without graceful restart is disregarded; §3.1: families that one keeps and the
    /// other does not.
    #[test]
    fn long_lived_graceful_restart() {
        let of = |ours: &[u8], theirs: &[u8]| between(ours, theirs).unwrap().long_lived_graceful_restart;
        let [ipv4, ipv6] = [1, 2].map(|afi| [2, 13, 64, 2, 0, 30, 71, 7, 0, afi, 1, 0x80, 0, 0, 9]);
        let alone = [2, 9, 71, 7, 0, 1, 1, 0x80, 0, 0, 9];
        assert_eq!(of(&ipv4, &ipv4), FamilySet::of(Family::IPV4_UNICAST));
        assert_eq!(of(&ipv4, &ipv6), FamilySet::EMPTY);
        for (ours, theirs) in [(&alone[..], &alone[..]), (&alone, &ipv4), (&ipv4, &alone)] {
            assert_eq!(of(ours, theirs), FamilySet::EMPTY);
        }
    }

    /// RFC 8277 §2.1: the first entry of a family counts, and says nothing with a count of 0 or 1; both have to tell of it.
    #[test]
    fn counts_of_labels() {
        //= RFC 8277 §2.1/first-counts, §2.1/both
        let counts = |ours: &[u8], theirs: &[u8]| {
            let parameter = |entries: &[u8]| [&[2, entries.len() as u8 + 2, 8, entries.len() as u8], entries].concat();
            let session = between(&parameter(ours), &parameter(theirs)).unwrap();
            let family = Family::IPV6_VPN;
            (session.labels_receive.of(family), session.labels_send.of(family))
        };
        let two = [0, 2, 128, 2];
        assert_eq!(counts(&two, &[0, 2, 128, 255]), (2, 255));
        assert_eq!(counts(&two, &[0, 2, 128, 5, 0, 2, 128, 6]), (2, 5));
        for nothing in [[0, 2, 128, 0], [0, 2, 128, 1], [0, 1, 128, 5]] {
            assert_eq!(counts(&two, &nothing), (1, 1));
            assert_eq!(counts(&nothing, &two), (1, 1));
        }
        assert_eq!(counts(&two, &[0, 2, 128, 1, 0, 2, 128, 5]), (1, 1));
        // A length that is no multiple of four has no effect.
        assert_eq!(counts(&two, &[0, 2, 128, 5, 0]), (1, 1));
    }

    /// RFC 7911 §4: of several entries for a family, the last counts.
    #[test]
    fn the_last_of_several_entries() {
        let [both, send] = [3, 2].map(|last| [2, 10, 69, 8, 0, 1, 1, 1, 0, 1, 1, last]);
        let session = between(&both, &send).unwrap();
        assert_eq!(session.add_path_receive, FamilySet::of(Family::IPV4_UNICAST));
        assert_eq!(session.add_path_send, FamilySet::EMPTY);
        let session = between(&send, &both).unwrap();
        assert_eq!(
            (session.add_path_receive, session.add_path_send),
            (FamilySet::EMPTY, FamilySet::of(Family::IPV4_UNICAST))
        );
    }

    /// What is told of roles is kept: RFC 9234 §4.2.
    #[test]
    fn roles_are_kept() {
        use bgp_codec::capability::Role;
        let session = between(&[2, 3, 9, 1, 3], &[2, 3, 9, 1, 0]).unwrap();
        assert_eq!((session.local_role, session.peer_role), (Some(Role::CUSTOMER), Some(Role::PROVIDER)));
        let turned = session.reversed();
        assert_eq!((turned.local_role, turned.peer_role), (Some(Role::PROVIDER), Some(Role::CUSTOMER)));
        // Two that differ are refused whatever was told here; one that is missing, where an operator asks for it.
        let differ = between(&[], &[2, 6, 9, 1, 3, 9, 1, 4]).unwrap_err();
        let words = "OPEN is refused: it tells the roles customer and peer (NOTIFICATION 2/11 Role Mismatch)";
        assert_eq!(differ.to_string(), words);
        let missing = between(&[2, 3, 9, 1, 3], &[]).unwrap();
        let words = "OPEN is refused: it tells no role (NOTIFICATION 2/11 Role Mismatch)";
        assert_eq!(missing.require_role().unwrap_err().to_string(), words);
        assert_eq!(session.require_role(), Ok(()));
        assert_eq!(between(&[], &[]).unwrap().require_role(), Ok(()));
        // The same twice is told once.
        assert!(between(&[2, 3, 9, 1, 3], &[2, 6, 9, 1, 0, 9, 1, 0]).is_ok());
        assert_eq!((session.local_as, session.peer_as, session.peer), (65_000, 65_001, Peer::External));
    }

    /// What two OPENs agree on: ADD-PATH by direction, sizes, hold time.
    #[test]
    fn negotiation_is_symmetric() {
        //= RFC 7911 §4/direction
        // Multiprotocol for both, ADD-PATH: we send and receive IPv4, they receive; extended message; 4-octet AS.
        let ours = [2, 20, 1, 4, 0, 1, 0, 1, 69, 4, 0, 1, 1, 3, 6, 0, 65, 4, 0, 0, 0xfd, 0xe8];
        let theirs = [2, 20, 1, 4, 0, 1, 0, 1, 69, 4, 0, 1, 1, 1, 6, 0, 65, 4, 0, 0, 0xfd, 0xe9];
        let session = between(&ours, &theirs).unwrap();
        let ipv4 = FamilySet::of(Family::IPV4_UNICAST);
        assert_eq!((session.add_path_send, session.add_path_receive), (ipv4, FamilySet::EMPTY));
        assert!(session.four_octet_as && session.max_len_send == 65_535 && session.peer == Peer::External);
        let reversed = session.reversed();
        assert_eq!((reversed.add_path_receive, reversed.local_as), (ipv4, 65_001));
    }
}

/// UPDATE: RFC 4271 §6.3 as revised by RFC 7606.
mod update {
    use super::*;

    const ORIGIN: &[u8] = &[0x40, 1, 1, 0];
    const AS_PATH: &[u8] = &[0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8];
    const NEXT_HOP: &[u8] = &[0x40, 3, 4, 192, 0, 2, 1];
    const NLRI: &[u8] = &[24, 192, 0, 2];
    /// 2001:db8::/32 behind 2001:db8::1.
    const MP_REACH: &[u8] = &[
        0x80, 14, 26, 0, 2, 1, 16, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 32, 0x20, 1, 0x0d, 0xb8,
    ];

    fn body(withdrawn: &[u8], attributes: &[u8], nlri: &[u8]) -> Vec<u8> {
        let len = |bytes: &[u8]| (bytes.len() as u16).to_be_bytes();
        [&len(withdrawn), withdrawn, &len(attributes), attributes, nlri].concat()
    }

    /// What a message gets: the outcome, and of each finding the attribute, its offset, its clause.
    fn judge(body: &[u8], session: &Negotiated) -> (Outcome, Vec<(u8, usize, Action, &'static str)>) {
        let update = Update::parse(body, session).unwrap();
        let mut findings = Vec::new();
        let outcome = update.validate_each(|finding| {
            let kind = finding.attribute.map_or(0, |kind| kind.0);
            findings.push((kind, finding.offset, finding.action, finding.clause));
        });
        assert_eq!(update.validate(), outcome);
        (outcome, findings)
    }

    /// The only family that is disabled.
    fn disabled(outcome: Outcome) -> Option<Family> {
        match outcome {
            Outcome::DisableFamily { families: [first, None], .. } => first,
            _ => None,
        }
    }

    /// The same for a message with one route and the mandatory attributes, and one attribute more.
    fn judge_attribute(attribute: &[u8], session: &Negotiated) -> (Action, Vec<(u8, Action, &'static str)>) {
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP, attribute].concat();
        let (outcome, findings) = judge(&body(&[], &attributes, NLRI), session);
        assert!(findings.iter().all(|(_, offset, ..)| *offset == 23 + 20), "{findings:?}");
        (outcome.action(), findings.into_iter().map(|(kind, _, action, clause)| (kind, action, clause)).collect())
    }

    #[track_caller]
    fn gets(attribute: &[u8], action: Action, clause: &'static str) {
        let expected = (action, vec![(attribute[1], action, clause)]);
        assert_eq!(judge_attribute(attribute, &internal()), expected, "{attribute:?}");
    }

    #[track_caller]
    fn is_good(attribute: &[u8]) {
        assert_eq!(judge_attribute(attribute, &internal()), (Action::Accept, vec![]), "{attribute:?}");
    }

    /// RFC 4271 §6.3: Malformed Attribute List.
    #[test]
    fn lengths_exceed_the_message() {
        //= RFC 4271 §6.3/lengths
        //= RFC 7606 §3.b
        for body in [&[][..], &[0], &[0, 0], &[0, 0, 0], &[0, 1, 0, 0], &[0, 0, 0, 1], &[0xff, 0xff, 0, 0]] {
            let session = internal();
            let error = Update::parse(body, &session).unwrap_err();
            assert_eq!(error.code, NotificationCode::MALFORMED_ATTRIBUTES);
        }
        let session = internal();
        let error = Update::parse(&[0, 1, 8, 0, 9, 1], &session).unwrap_err();
        assert_eq!(
            error.fault.to_string(),
            "UPDATE is malformed: 1 bytes of withdrawn routes and 9 of attributes do not fit into 6"
        );
    }

    /// RFC 7606 §4: the NLRI is found by the total length all the same.
    #[test]
    fn attributes_that_are_cut() {
        //= RFC 7606 §4/overrun
        let good = [ORIGIN, AS_PATH, NEXT_HOP].concat();
        for (last, kind) in
            [(&[0xc0, 8, 5, 0, 0][..], 8), (&[0xc0, 8], 0), (&[0xd0, 8, 0], 0), (&[0xd0, 8, 0, 9, 1], 8)]
        {
            let body = body(&[], &[&good, last].concat(), NLRI);
            let (outcome, findings) = judge(&body, &internal());
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(kind, 43, Action::TreatAsWithdraw, "RFC 7606 §4")]);
            let session = internal();
            let routes: Vec<_> =
                Update::parse(&body, &session).unwrap().announced().map(|route| route.to_string()).collect();
            assert_eq!(routes, ["192.0.2.0/24"]);
        }
    }

    /// How much is missing of an attribute that is cut, and of which.
    #[test]
    fn how_much_is_cut() {
        let cut = |rest: &[u8]| {
            let body = body(&[], &[ORIGIN, AS_PATH, NEXT_HOP, rest].concat(), NLRI);
            let session = internal();
            let mut told = Vec::new();
            let outcome =
                Update::parse(&body, &session).unwrap().validate_each(|of| told.push((of.code, of.fault.to_string())));
            assert_eq!((outcome, told.len()), (Outcome::TreatAsWithdraw, 1));
            assert_eq!(told[0].0, NotificationCode::MALFORMED_ATTRIBUTES);
            told[0].1.clone()
        };
        let is = |layer: &str, needed: usize, there: usize| {
            format!("{layer} is truncated: {needed} bytes are needed, {there} are there")
        };
        assert_eq!(cut(&[0xc0]), is("path attribute", 3, 1));
        assert_eq!(cut(&[0xd0]), is("path attribute", 4, 1));
        assert_eq!(cut(&[0xc0, 8]), is("path attribute", 3, 2));
        assert_eq!(cut(&[0xd0, 8, 0]), is("path attribute", 4, 3));
        assert_eq!(cut(&[0xc0, 8, 5, 0, 0]), is("COMMUNITIES", 8, 5));
        assert_eq!(cut(&[0xd0, 8, 1, 2]), is("COMMUNITIES", 262, 4));
        assert_eq!(cut(&[0xdf, 16, 0, 9, 1]), is("EXTENDED COMMUNITIES", 13, 5));
    }

    /// RFC 4271 §6.3, RFC 7606 §2: the NOTIFICATION's code, and the attribute as its data, where it comes to that: there are
    /// no routes to be treated as withdrawn.
    #[test]
    fn what_the_peer_is_told() {
        //= RFC 4271 §6.3/attribute-length, §6.3/flags, §6.3/origin, §6.3/as-path, §6.3/optional
        let told = |attribute: &[u8], session: &Negotiated| {
            let body = body(&[], attribute, &[]);
            let mut codes = Vec::new();
            let outcome = Update::parse(&body, session).unwrap().validate_each(|finding| codes.push(finding.code));
            let [code] = codes[..] else { panic!("{codes:?}") };
            match outcome {
                Outcome::SessionReset(error) => {
                    let bytes = message(2, &body);
                    assert_eq!(error.notification(&bytes), bgp_codec::Notification { code, data: attribute });
                }
                other => assert_eq!(other.action(), Action::AttributeDiscard),
            }
            code
        };
        let mut two = internal();
        two.four_octet_as = false;
        for attribute in [
            &[0x40, 1, 2, 0, 0][..],
            &[0x40, 1, 0],
            &[0x40, 3, 3, 1, 2, 3],
            &[0x80, 4, 3, 0, 0, 0],
            &[0x40, 5, 5, 0, 0, 0, 0, 0],
            &[0x40, 6, 1, 0],
            &[0xc0, 7, 7, 0, 1, 192, 0, 2, 1, 0],
            &[0xc0, 8, 3, 1, 2, 3],
            &[0x80, 9, 3, 1, 2, 3],
            &[0x80, 10, 3, 1, 2, 3],
            &[0xc0, 16, 3, 1, 2, 3],
            &[0xc0, 25, 3, 1, 2, 3],
            &[0xc0, 32, 3, 1, 2, 3],
            &[0xc0, 35, 3, 1, 2, 3],
        ] {
            assert_eq!(told(attribute, &internal()), NotificationCode::ATTRIBUTE_LENGTH, "{attribute:?}");
        }
        for attribute in [
            &[0x80, 14, 2, 0, 2][..],
            &[0x80, 15, 2, 0, 2],
            &[0xc0, 17, 2, 2, 0],
            &[0xc0, 18, 3, 0, 0, 0],
            &[0xc0, 22, 1, 0],
            &[0xc0, 23, 1, 0],
            &[0x80, 26, 1, 1],
            &[0x80, 29, 1, 0],
            &[0x80, 33, 1, 0],
            &[0xc0, 38, 1, 0],
            &[0xc0, 40, 1, 1],
            &[0xc0, 128, 1, 0],
        ] {
            assert_eq!(told(attribute, &two), NotificationCode::OPTIONAL_ATTRIBUTE, "{attribute:?}");
        }
        assert_eq!(told(&[0x40, 1, 1, 3], &internal()), NotificationCode::INVALID_ORIGIN);
        assert_eq!(told(&[0x40, 2, 2, 2, 0], &internal()), NotificationCode::MALFORMED_AS_PATH);
        assert_eq!(told(&[0x80, 1, 1, 0], &internal()), NotificationCode::ATTRIBUTE_FLAGS);
        assert_eq!(told(&[0x40, 99, 1, 0], &internal()), NotificationCode::UNRECOGNIZED_WELL_KNOWN);
        let external = Negotiated::assumed();
        assert_eq!(told(&[0x40, 5, 4, 0, 0, 0, 1], &external), NotificationCode::OPTIONAL_ATTRIBUTE);
        let confederation = [0x40, 2, 6, 3, 1, 0, 0, 0xfd, 0xe8];
        assert_eq!(told(&confederation, &external), NotificationCode::MALFORMED_AS_PATH);
        // Of two that are as strong the first is told.
        let both = body(&[], &[0x40, 1, 1, 3, 0x40, 2, 2, 2, 0], &[]);
        let session = internal();
        let Outcome::SessionReset(error) = Update::parse(&both, &session).unwrap().validate() else {
            panic!("accepted")
        };
        assert_eq!(error.code, NotificationCode::INVALID_ORIGIN);
        // Families that can be done without are told in the order in which they were found broken.
        let mut lenient = internal();
        lenient.may_disable_family = true;
        let both = body(&[], &[0x80, 15, 4, 0, 2, 1, 129, 0x80, 14, 4, 0, 1, 1, 4], &[]);
        let outcome = Update::parse(&both, &lenient).unwrap().validate();
        let Outcome::DisableFamily { families, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(families, [Some(Family::IPV6_UNICAST), Some(Family::IPV4_UNICAST)]);
        assert!(!outcome.is_accept() && Outcome::Accept.is_accept());
    }

    /// RFC 7606 §3 c.
    #[test]
    fn flags() {
        //= RFC 4271 §4.3/unused-flags-ignored, §6.3/flags
        //= RFC 7606 §3.c
        for (attribute, flags) in [(&[0, 6, 0][..], [0x00, 0x80, 0xc0]), (&[0, 4, 4, 0, 0, 0, 1], [0x00, 0x40, 0xc0])] {
            for flag in flags {
                let mut attribute = attribute.to_vec();
                attribute[0] = flag;
                gets(&attribute, Action::TreatAsWithdraw, "RFC 7606 §3 c");
            }
        }
        gets(&[0x80, 8, 4, 0, 1, 0, 1], Action::TreatAsWithdraw, "RFC 7606 §3 c");
        // Extended length on a short attribute is legal; Partial and the reserved bits do not count (RFC 4271 §4.3).
        is_good(&[0xd0, 8, 0, 4, 0, 1, 0, 1]);
        is_good(&[0xef, 8, 4, 0, 1, 0, 1]);
    }

    /// RFC 7606 §3 d.
    #[test]
    fn missing() {
        //= RFC 4271 §6.3/missing, §6.3/no-nlri
        //= RFC 4760 §3/mandatory, §3/next-hop-absent, §4/alone
        //= RFC 7606 §3.d
        let all = [ORIGIN, AS_PATH, NEXT_HOP];
        for n in 0..3 {
            let attributes: Vec<u8> = (0..3).filter(|of| *of != n).flat_map(|of| all[of].to_vec()).collect();
            let (outcome, findings) = judge(&body(&[], &attributes, NLRI), &internal());
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(n as u8 + 1, 23, Action::TreatAsWithdraw, "RFC 7606 §3 d")]);
        }
        let (outcome, findings) = judge(&body(&[], &[], NLRI), &internal());
        assert_eq!((outcome, findings.iter().map(|of| of.0).collect()), (Outcome::TreatAsWithdraw, vec![1, 2, 3]));
        // NEXT_HOP is not missed beside MP_REACH_NLRI alone (RFC 4760 §3).
        let multiprotocol = [MP_REACH, ORIGIN, AS_PATH].concat();
        assert_eq!(judge(&body(&[], &multiprotocol, &[]), &internal()).0, Outcome::Accept);
        let (outcome, findings) = judge(&body(&[], &[MP_REACH, ORIGIN].concat(), &[]), &internal());
        assert_eq!((outcome, findings.len()), (Outcome::TreatAsWithdraw, 1));
        // Only withdrawing; End-of-RIB of both kinds.
        assert_eq!(judge(&body(&[8, 10], &[], &[]), &internal()).0, Outcome::Accept);
        assert_eq!(judge(&body(&[], &[0x80, 15, 7, 0, 2, 1, 24, 0x20, 1, 0x0d], &[]), &internal()).0, Outcome::Accept);
        let session = internal();
        for (attributes, family) in [(&[][..], Family::IPV4_UNICAST), (&[0x80, 15, 3, 0, 2, 1], Family::IPV6_UNICAST)] {
            let body = body(&[], attributes, &[]);
            assert_eq!(judge(&body, &session).0, Outcome::Accept);
            assert_eq!(Update::parse(&body, &session).unwrap().end_of_rib(), Some(family));
        }
        assert_eq!(Update::parse(&body(&[8, 10], &[], &[]), &session).unwrap().end_of_rib(), None);
    }

    /// RFC 4271 §4.3: one prefix in both places is taken; the announcement comes last, so it counts.
    #[test]
    fn withdrawn_and_announced() {
        //= RFC 4271 §4.3/withdrawn-and-announced
        struct InOrder(Vec<String>);
        impl bgp_codec::validate::UpdateVisitor<'_> for InOrder {
            fn withdrawn(&mut self, _: Option<u32>, prefix: Ipv4Prefix) {
                self.0.push(format!("-{prefix}"));
            }

            fn announced(&mut self, _: Option<u32>, prefix: Ipv4Prefix) {
                self.0.push(format!("+{prefix}"));
            }
        }
        let (body, session) = (body(NLRI, &[ORIGIN, AS_PATH, NEXT_HOP].concat(), NLRI), internal());
        let mut order = InOrder(Vec::new());
        assert_eq!(Update::parse(&body, &session).unwrap().walk(&mut order), Outcome::Accept);
        assert_eq!(order.0, ["-192.0.2.0/24", "+192.0.2.0/24"]);
    }

    /// RFC 4760 §3: a reserved byte that is not zero, and a NEXT_HOP that has nothing to do there.
    #[test]
    fn what_mp_reach_ignores() {
        //= RFC 4760 §3/reserved-ignored, §3/next-hop-ignored
        let mut reach = MP_REACH.to_vec();
        reach[23] = 7;
        let (body, session) = (body(&[], &[&reach, ORIGIN, AS_PATH, NEXT_HOP].concat(), &[]), internal());
        assert_eq!(judge(&body, &session), (Outcome::Accept, vec![]));
        let update = Update::parse(&body, &session).unwrap();
        let next_hop = update.next_hop(Family::IPV6_UNICAST).unwrap();
        assert_eq!((next_hop.to_string().as_str(), update.mp_reach().unwrap().reserved), ("2001:db8::1", 7));
        let routes: Vec<_> = update.announced().map(|route| route.to_string()).collect();
        assert_eq!(routes, ["2001:db8::/32"]);
    }

    /// RFC 4724 §2: what is no End-of-RIB.
    #[test]
    fn ends_of_tables() {
        let session = internal();
        let end = |withdrawn: &[u8], attributes: &[u8], nlri: &[u8]| {
            Update::parse(&body(withdrawn, attributes, nlri), &session).unwrap().end_of_rib()
        };
        let alone = [0x80, 15, 3, 0, 25, 70];
        assert_eq!(end(&[], &alone, &[]), Some(Family::EVPN));
        assert_eq!(end(&[], &[0x90, 15, 0, 3, 0, 25, 70], &[]), Some(Family::EVPN));
        for (withdrawn, attributes, nlri) in [
            (&[8, 10][..], &[][..], &[][..]),
            (&[8, 10], &alone, &[]),
            (&[], &[], &[8, 10]),
            (&[], &alone, &[8, 10]),
            (&[], &[&alone, ORIGIN].concat(), &[]),
            (&[], &[ORIGIN, &alone].concat(), &[]),
            (&[], &[0x80, 15, 4, 0, 2, 1, 0], &[]),
            (&[], &[0x80, 15, 2, 0, 2], &[]),
            (&[], &[0xc0, 99, 3, 0, 25, 70], &[]),
            (&[], &[0x80, 15], &[]),
        ] {
            assert_eq!(end(withdrawn, attributes, nlri), None, "{withdrawn:?} {attributes:?} {nlri:?}");
        }
    }

    /// What is asked for by type: the first, if it can be read.
    #[test]
    fn what_is_asked_for() {
        use bgp_codec::AttributeType;
        let session = internal();
        let unreach = [0x80, 15, 5, 0, 2, 1, 8, 0x20];
        let attributes = [MP_REACH, &unreach, ORIGIN, AS_PATH, NEXT_HOP].concat();
        let body_of_all = body(&[8, 10], &attributes, NLRI);
        let update = Update::parse(&body_of_all, &session).unwrap();
        let at = |kind| update.attribute(kind).map(|of| (of.offset, of.wire_len()));
        assert_eq!((at(AttributeType::MP_REACH_NLRI), at(AttributeType::ORIGIN)), (Some((25, 29)), Some((62, 4))));
        assert_eq!(at(AttributeType::COMMUNITIES), None);
        assert_eq!(update.value(AttributeType::ORIGIN), Some(AttributeValue::Origin(Origin::Igp)));
        assert_eq!(update.plain_next_hop(), Some([192, 0, 2, 1].into()));
        let next_hop = |family| update.next_hop(family).map(|of| of.to_string());
        assert_eq!(next_hop(Family::IPV4_UNICAST).as_deref(), Some("192.0.2.1"));
        assert_eq!(next_hop(Family::IPV6_UNICAST).as_deref(), Some("2001:db8::1"));
        assert_eq!(next_hop(Family::EVPN), None);
        let all = |routes: &mut dyn Iterator<Item = bgp_codec::Route<'_>>| {
            routes.map(|of| of.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(all(&mut update.announced()), ["192.0.2.0/24", "2001:db8::/32"]);
        assert_eq!(all(&mut update.withdrawn()), ["10.0.0.0/8", "2000::/8"]);
        assert_eq!(update.mp_unreach().unwrap().family, Family::IPV6_UNICAST);
        assert_eq!(update.session().peer, Peer::Internal);
        let mut path = update.as_path().unwrap().map(|of| of.to_string());
        assert_eq!((path.next().as_deref(), path.next()), (Some("65000"), None));
        // What cannot be read is not there.
        let broken = [&[0x80, 14, 2, 0, 2][..], &[0x80, 15, 2, 0, 2], &[0x40, 2, 2, 2, 0], &[0x40, 3, 1, 1]].concat();
        let body_of_broken = body(&[], &broken, &[]);
        let update = Update::parse(&body_of_broken, &session).unwrap();
        assert!(update.mp_reach().is_none() && update.mp_unreach().is_none() && update.as_path().is_none());
        assert!(update.plain_next_hop().is_none() && update.next_hop(Family::IPV4_UNICAST).is_none());
        assert!(update.attribute(AttributeType::NEXT_HOP).is_some() && update.value(AttributeType::NEXT_HOP).is_none());
        assert_eq!((update.announced().count(), update.withdrawn().count()), (0, 0));
    }

    /// RFC 7606 §3 g.
    #[test]
    fn twice() {
        //= RFC 7606 §3.g/multiprotocol, §3.g/others
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP, &[0x40, 1, 1, 2]].concat();
        let twice = body(&[], &attributes, NLRI);
        let (outcome, findings) = judge(&twice, &internal());
        assert_eq!(findings, [(1, 43, Action::AttributeDiscard, "RFC 7606 §3 g")]);
        let session = internal();
        let update = Update::parse(&twice, &session).unwrap();
        let kept: Vec<_> = update.kept_attributes(&outcome).map(|of| (of.kind.0, of.value[0])).collect();
        assert_eq!(kept, [(1, 0), (2, 2), (3, 192)]);
        for (attribute, kind) in [(MP_REACH, 14), (&[0x80, 15, 3, 0, 2, 1], 15)] {
            let attributes = [attribute, attribute, ORIGIN, AS_PATH].concat();
            let (outcome, findings) = judge(&body(&[], &attributes, &[]), &internal());
            assert_eq!(findings[0], (kind, 23 + attribute.len(), Action::SessionReset, "RFC 7606 §3 g"));
            let Outcome::SessionReset(error) = outcome else { panic!("{outcome:?}") };
            let notification = error.notification(&[0xee; 200]);
            assert_eq!((notification.code, notification.data), (NotificationCode::MALFORMED_ATTRIBUTES, &[][..]));
        }
    }

    /// What is discarded is not among what is kept: all of its type, where its value is broken.
    #[test]
    fn what_is_kept() {
        let session = internal();
        let broken = body(&[], &[ORIGIN, AS_PATH, &[0x40, 6, 1, 0], NEXT_HOP].concat(), NLRI);
        let update = Update::parse(&broken, &session).unwrap();
        let kept = |outcome: &Outcome| update.kept_attributes(outcome).map(|of| of.kind.0).collect::<Vec<_>>();
        assert_eq!(kept(&update.validate()), [1, 2, 3]);
        assert_eq!(kept(&Outcome::Accept), [1, 2, 6, 3]);
        let Outcome::AttributeDiscard(discarded) = update.validate() else { panic!("kept") };
        assert!((0..=255).filter(|kind| discarded.contains((*kind).into())).eq([6_u8]));
    }

    /// RFC 4271 §5, §6.3.
    #[test]
    fn unknown() {
        //= RFC 4271 §6.3/unknown-well-known
        is_good(&[0xc0, 99, 2, 1, 2]);
        is_good(&[0x80, 99, 2, 1, 2]);
        gets(&[0x40, 99, 1, 7], Action::SessionReset, "RFC 4271 §6.3");
        gets(&[0x00, 99, 1, 7], Action::SessionReset, "RFC 4271 §6.3");
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP, &[0x40, 99, 1, 7]].concat();
        let body = body(&[], &attributes, NLRI);
        let (Outcome::SessionReset(error), _) = judge(&body, &internal()) else { panic!("accepted") };
        let bytes = message(2, &body);
        let notification = error.notification(&bytes);
        assert_eq!(
            (notification.code, notification.data),
            (NotificationCode::UNRECOGNIZED_WELL_KNOWN, &[0x40, 99, 1, 7][..])
        );
    }

    /// Passing on what is not known: with the Partial flag if it is transitive, else not at all (RFC 4271 §5).
    #[test]
    fn unknown_is_passed_on() {
        //= RFC 4271 §4.3/partial
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP, &[0xc0, 99, 1, 7, 0x80, 98, 1, 7]].concat();
        let (body, session) = (body(&[], &attributes, NLRI), internal());
        let update = Update::parse(&body, &session).unwrap();
        let change = bgp_codec::rewrite::Rewrite { mark_unknown: true, ..Default::default() };
        let mut buffer = [0; 4096];
        let sent = change.write(&update, &Outcome::Accept, &session, &mut buffer).unwrap();
        let sent = Update::parse(&sent[19..], &session).unwrap();
        let flags: Vec<_> = sent.attributes().map(|of| (of.kind.0, of.flags.0)).collect();
        assert_eq!(flags, [(1, 0x40), (2, 0x40), (3, 0x40), (99, 0xe0)]);
    }

    /// RFC 7606 §7.1 to §7.5.
    #[test]
    fn well_known_values() {
        //= RFC 4271 §6.3/attribute-length, §6.3/origin, §6.3/next-hop, §6.3/as-path
        //= RFC 7606 §3.e, §3.f, §7.1, §7.2, §7.3, §7.4, §7.5/internal, §7.6, §7.7
        let judged = |attributes: &[&[u8]]| judge(&body(&[], &attributes.concat(), NLRI), &internal());
        for origin in [&[0x40, 1, 0][..], &[0x40, 1, 2, 0, 0], &[0x40, 1, 1, 3], &[0x40, 1, 1, 255]] {
            let (outcome, findings) = judged(&[origin, AS_PATH, NEXT_HOP]);
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(1, 23, Action::TreatAsWithdraw, "RFC 7606 §7.1")]);
        }
        for path in [
            &[0x40, 2, 4, 5, 1, 0, 1][..], // a segment type that is not known
            &[0x40, 2, 2, 2, 0],           // no AS number
            &[0x40, 2, 5, 2, 1, 0, 0, 1],  // over the end
            &[0x40, 2, 7, 2, 1, 0, 0, 0, 1, 2],
        ] {
            let (outcome, findings) = judged(&[ORIGIN, path, NEXT_HOP]);
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(2, 27, Action::TreatAsWithdraw, "RFC 7606 §7.2")]);
        }
        for next_hop in [&[0x40, 3, 3, 1, 2, 3][..], &[0x40, 3, 5, 1, 2, 3, 4, 5], &[0x40, 3, 0]] {
            let (outcome, findings) = judged(&[ORIGIN, AS_PATH, next_hop]);
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(3, 36, Action::TreatAsWithdraw, "RFC 7606 §7.3")]);
        }
        gets(&[0x80, 4, 3, 0, 0, 0], Action::TreatAsWithdraw, "RFC 7606 §7.4");
        gets(&[0x40, 5, 5, 0, 0, 0, 0, 0], Action::TreatAsWithdraw, "RFC 7606 §7.5");
        gets(&[0x40, 6, 1, 0], Action::AttributeDiscard, "RFC 7606 §7.6");
        gets(&[0xc0, 7, 6, 0, 1, 192, 0, 2, 1], Action::AttributeDiscard, "RFC 7606 §7.7");
        is_good(&[0xc0, 7, 8, 0, 0, 0, 1, 192, 0, 2, 1]);
    }

    /// RFC 7606 §7.5, §7.9, §7.10: discarded unread from an external peer.
    #[test]
    fn from_an_external_peer() {
        //= RFC 7606 §7.5/external, §7.9/external, §7.10/external
        let external = Negotiated::assumed();
        for (attribute, clause) in [
            (&[0x40, 5, 1, 0][..], "RFC 7606 §7.5"),
            (&[0x80, 9, 4, 1, 2, 3, 4], "RFC 7606 §7.9"),
            (&[0x80, 10, 3, 1, 2, 3], "RFC 7606 §7.10"),
        ] {
            let expected = vec![(attribute[1], Action::AttributeDiscard, clause)];
            assert_eq!(judge_attribute(attribute, &external), (Action::AttributeDiscard, expected));
        }
        //= RFC 5065 §5/outside
        // A confederation's segment.
        let path = [0x40, 2, 6, 3, 1, 0, 0, 0xfd, 0xe8];
        let attributes = [ORIGIN, &path, NEXT_HOP].concat();
        let (outcome, findings) = judge(&body(&[], &attributes, NLRI), &external);
        assert_eq!(outcome, Outcome::TreatAsWithdraw);
        assert_eq!(findings, [(2, 27, Action::TreatAsWithdraw, "RFC 5065 §5")]);
        let mut member = external;
        member.peer = Peer::Confederation;
        assert_eq!(judge(&body(&[], &attributes, NLRI), &member).0, Outcome::Accept);
    }

    /// RFC 7606 §7.5, §7.9, §7.10; RFC 5065 §5; RFC 6793 §4.1: each is wrong from one peer and right from another, so that nothing is
    /// wrong where nobody saw which it is.
    #[test]
    fn from_a_peer_that_is_not_known() {
        let unknown = Negotiated::unknown();
        for attribute in [
            &[0x40, 5, 4, 0, 0, 0, 100][..],
            &[0x80, 9, 4, 192, 0, 2, 1],
            &[0x80, 10, 4, 192, 0, 2, 1],
            &[0xc0, 17, 6, 2, 1, 0, 1, 0, 0],
            &[0xc0, 18, 8, 0, 1, 0, 0, 192, 0, 2, 1],
        ] {
            assert_eq!(judge_attribute(attribute, &unknown), (Action::Accept, vec![]), "{attribute:?}");
            let assumed = judge_attribute(attribute, &Negotiated::assumed());
            assert_eq!(assumed.0, Action::AttributeDiscard, "{attribute:?}");
        }
        let path = [0x40, 2, 6, 3, 1, 0, 0, 0xfd, 0xe8];
        let attributes = [ORIGIN, &path, NEXT_HOP].concat();
        assert_eq!(judge(&body(&[], &attributes, NLRI), &unknown), (Outcome::Accept, vec![]));
        // A length that is wrong from either: discarded from the one, and the routes withdrawn from the other.
        for (attribute, clause) in [
            (&[0x40, 5, 1, 0][..], "RFC 7606 §7.5"),
            (&[0x80, 9, 1, 0], "RFC 7606 §7.9"),
            (&[0x80, 10, 1, 0], "RFC 7606 §7.10"),
        ] {
            let action = Action::AttributeDiscard;
            assert_eq!(judge_attribute(attribute, &unknown), (action, vec![(attribute[1], action, clause)]));
            assert_eq!(judge_attribute(attribute, &internal()).0, Action::TreatAsWithdraw);
        }
    }

    /// RFC 7606 §7.8, §7.14, §7.15; RFC 8092 §6; RFC 7606 §7.9, §7.10.
    #[test]
    fn lists() {
        //= RFC 8092 §6/length
        //= RFC 7606 §4/zero, §7.8, §7.9/internal, §7.10/internal, §7.14, §7.15
        for (kind, unit, clause) in
            [(8, 4, "RFC 7606 §7.8"), (16, 8, "RFC 7606 §7.14"), (25, 20, "RFC 7606 §7.15"), (32, 12, "RFC 8092 §6")]
        {
            for len in [0, 1, unit - 1, unit + 1] {
                gets(&[&[0xc0, kind, len][..], &vec![0; usize::from(len)]].concat(), Action::TreatAsWithdraw, clause);
            }
            for len in [unit, 2 * unit] {
                is_good(&[&[0xc0, kind, len][..], &vec![0; usize::from(len)]].concat());
            }
        }
        gets(&[0x80, 9, 3, 1, 2, 3], Action::TreatAsWithdraw, "RFC 7606 §7.9");
        gets(&[0x80, 10, 0], Action::TreatAsWithdraw, "RFC 7606 §7.10");
        gets(&[0x80, 10, 6, 1, 2, 3, 4, 5, 6], Action::TreatAsWithdraw, "RFC 7606 §7.10");
    }

    /// RFC 6793 §4.1, §6.
    #[test]
    fn as4_attributes() {
        //= RFC 6793 §4.1/discard, §4.2.3/aggregator, §6/malformed, §6/confederation, §6/aggregator-length
        let path = [0xc0, 17, 6, 2, 1, 0, 1, 0, 0];
        let aggregator = [0xc0, 18, 8, 0, 1, 0, 0, 192, 0, 2, 1];
        gets(&path, Action::AttributeDiscard, "RFC 6793 §4.1");
        gets(&aggregator, Action::AttributeDiscard, "RFC 6793 §4.1");
        let mut two = internal();
        two.four_octet_as = false;
        let judged = |attribute: &[u8]| {
            let path = [0x40, 2, 6, 2, 2, 0x5b, 0xa0, 0x5b, 0xa0];
            judge(&body(&[], &[ORIGIN, &path, NEXT_HOP, attribute].concat(), NLRI), &two)
        };
        assert_eq!(judged(&path).0, Outcome::Accept);
        assert_eq!(judged(&aggregator).0, Outcome::Accept);
        for broken in [&[0xc0, 17, 2, 2, 0][..], &[0xc0, 17, 3, 2, 1, 0], &[0xc0, 18, 6, 0, 1, 192, 0, 2, 1]] {
            let (outcome, findings) = judged(broken);
            assert_eq!(outcome.action(), Action::AttributeDiscard);
            assert_eq!(findings, [(broken[1], 43, Action::AttributeDiscard, "RFC 6793 §6")]);
        }
        // RFC 6793 §4.2.3: merged, unless an aggregator has dropped it.
        let merged = |attributes: &[&[u8]]| {
            let path = [0x40, 2, 6, 2, 2, 0, 9, 0x5b, 0xa0];
            let body = body(&[], &[&[ORIGIN, &path, NEXT_HOP], attributes].concat().concat(), NLRI);
            let update = Update::parse(&body, &two).unwrap();
            update.as_path().unwrap().map(|segment| segment.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(merged(&[&path]), "9 65536");
        assert_eq!(merged(&[&[0xc0, 7, 6, 0x5b, 0xa0, 192, 0, 2, 1], &path]), "9 65536");
        assert_eq!(merged(&[&[0xc0, 7, 6, 0, 9, 192, 0, 2, 1], &path]), "9 65536");
        assert_eq!(merged(&[&[0xc0, 7, 6, 0, 9, 192, 0, 2, 1], &path, &aggregator]), "9 23456");
        // RFC 6793 §6: segments of a confederation in AS4_PATH are passed over.
        let confederation = [0xc0, 17, 12, 3, 1, 0, 0, 0, 7, 2, 1, 0, 1, 0, 0];
        assert_eq!(judged(&confederation).0, Outcome::Accept);
        assert_eq!(merged(&[&confederation]), "9 65536");
    }

    /// RFC 4271 §6.3: a next hop is a host's address, where it counts.
    #[test]
    fn next_hops_that_are_no_hosts() {
        //= RFC 4271 §6.3/next-hop
        let judged = |first: u8, last: u8, front: &[u8], nlri: &[u8]| {
            let next_hop = [0x40, 3, 4, first, last, last, last];
            judge(&body(&[], &[front, ORIGIN, AS_PATH, &next_hop].concat(), nlri), &internal())
        };
        for (first, last) in [(0, 0), (0, 1), (224, 1), (239, 255), (255, 255)] {
            let (outcome, findings) = judged(first, last, &[], NLRI);
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(3, 36, Action::TreatAsWithdraw, "RFC 4271 §6.3")]);
            // Beside MP_REACH_NLRI alone it is ignored (RFC 4760 §3).
            assert_eq!(judged(first, last, MP_REACH, &[]).0, Outcome::Accept);
        }
        for (first, last) in [(1, 0), (10, 255), (127, 0), (223, 255), (240, 0), (255, 254)] {
            assert_eq!(judged(first, last, &[], NLRI).0, Outcome::Accept);
        }
        let (session, no_host) = (internal(), [ORIGIN, AS_PATH, &[0x40, 3, 4, 224, 0, 0, 1]].concat());
        let body = body(&[], &no_host, NLRI);
        let mut told = Vec::new();
        Update::parse(&body, &session).unwrap().validate_each(|of| told.push((of.code, of.fault.to_string())));
        assert_eq!(
            told,
            [(NotificationCode::INVALID_NEXT_HOP, "NEXT_HOP is malformed: 224.0.0.1 is no host's address".into())]
        );
    }

    /// RFC 7607 §2: nobody has AS number 0.
    #[test]
    fn as_zero() {
        //= RFC 7607 §2/path, §2/as4, §2/open
        for path in [
            &[0x40, 2, 6, 2, 1, 0, 0, 0, 0][..],
            &[0x40, 2, 10, 2, 2, 0, 0, 0xfd, 0xe8, 0, 0, 0, 0],
            &[0x40, 2, 12, 2, 1, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0],
            &[0x40, 2, 6, 3, 1, 0, 0, 0, 0],
        ] {
            let (outcome, findings) = judge(&body(&[], &[ORIGIN, path, NEXT_HOP].concat(), NLRI), &internal());
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            assert_eq!(findings, [(2, 27, Action::TreatAsWithdraw, "RFC 7607 §2")]);
        }
        // Bytes that are zero across two numbers are no number.
        let path = [0x40, 2, 10, 2, 2, 1, 0, 0, 0, 0, 0, 0, 1];
        assert_eq!(judge(&body(&[], &[ORIGIN, &path, NEXT_HOP].concat(), NLRI), &internal()).0, Outcome::Accept);
        gets(&[0xc0, 7, 8, 0, 0, 0, 0, 192, 0, 2, 1], Action::AttributeDiscard, "RFC 7607 §2");
        let mut two = internal();
        two.four_octet_as = false;
        let path = [0x40, 2, 6, 2, 2, 0, 9, 0x5b, 0xa0];
        for attribute in [&[0xc0, 17, 6, 2, 1, 0, 0, 0, 0][..], &[0xc0, 18, 8, 0, 0, 0, 0, 192, 0, 2, 1]] {
            let body = body(&[], &[ORIGIN, &path, NEXT_HOP, attribute].concat(), NLRI);
            let (outcome, findings) = judge(&body, &two);
            assert_eq!(outcome.action(), Action::AttributeDiscard);
            assert_eq!(findings, [(attribute[1], 43, Action::AttributeDiscard, "RFC 7607 §2")]);
            // What is discarded is not merged.
            let update = Update::parse(&body, &two).unwrap();
            assert!(update.as_path().unwrap().map(|segment| segment.to_string()).eq(["9 23456"]));
        }
        let zero = [0x40, 2, 4, 2, 1, 0, 0];
        let (outcome, _) = judge(&body(&[], &[ORIGIN, &zero, NEXT_HOP].concat(), NLRI), &two);
        assert_eq!(outcome, Outcome::TreatAsWithdraw);
        let session = internal();
        let body = body(&[], &[0x40, 2, 6, 2, 1, 0, 0, 0, 0], &[]);
        let Outcome::SessionReset(error) = Update::parse(&body, &session).unwrap().validate() else {
            panic!("accepted")
        };
        let words = "AS_PATH is malformed: it has AS number 0 (NOTIFICATION 3/11 Malformed AS_PATH)";
        assert_eq!(error.to_string(), words);
    }

    /// Each one's own RFC.
    #[test]
    fn what_came_later() {
        //= RFC 7606 §7.16
        for (attribute, action, clause) in [
            //= RFC 9234 §5/length
            (&[0xc0, 35, 3, 0, 0, 1][..], Action::TreatAsWithdraw, "RFC 9234 §5"),
            (&[0x80, 26, 3, 1, 0, 2], Action::AttributeDiscard, "RFC 7311 §3.2"),
            (&[0x80, 26, 10, 1, 0, 10, 0, 0, 0, 0, 0, 0, 1], Action::AttributeDiscard, "RFC 7311 §3.2"),
            //= RFC 6514 §5/malformed
            (&[0xc0, 22, 4, 0, 6, 0, 0], Action::TreatAsWithdraw, "RFC 6514 §5"),
            (&[0xc0, 22, 5, 0, 99, 0, 0, 0], Action::TreatAsWithdraw, "RFC 6514 §5"),
            (&[0xc0, 22, 8, 0, 6, 0, 0, 0, 1, 2, 3], Action::TreatAsWithdraw, "RFC 6514 §5"),
            (&[0xc0, 23, 5, 0, 8, 0, 2, 1], Action::TreatAsWithdraw, "RFC 9012 §13"),
            (&[0xc0, 23, 6, 0, 8, 0, 2, 1, 9], Action::TreatAsWithdraw, "RFC 9012 §13"),
            //= RFC 8669 §6/discard
            (&[0xc0, 40, 9, 1, 0, 6, 0, 0, 0, 0, 0, 1], Action::AttributeDiscard, "RFC 8669 §6"),
            //= RFC 9252 §7/withdraw
            (&[0xc0, 40, 4, 5, 0, 9, 0], Action::TreatAsWithdraw, "RFC 9252 §7"),
            (&[0xc0, 40, 7, 5, 0, 4, 0, 1, 0, 9], Action::TreatAsWithdraw, "RFC 9252 §7"),
            (&[0x80, 29, 5, 4, 2, 0, 9, 1], Action::AttributeDiscard, "RFC 9552 §8.2.2"),
            //= RFC 9026 §3.1.6/malformed
            (&[0xc0, 38, 4, 1, 0, 0, 0], Action::AttributeDiscard, "RFC 9026 §3.1.6"),
            (&[0xc0, 128, 6, 0, 0, 0, 1, 0x40, 1], Action::TreatAsWithdraw, "RFC 7606 §7.16"),
        ] {
            gets(attribute, action, clause);
        }
        is_good(&[0xc0, 35, 4, 0, 0, 0, 1]);
        is_good(&[0x80, 26, 11, 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 1]);
        is_good(&[0xc0, 22, 9, 0, 6, 0, 0, 0, 192, 0, 2, 1]);
        is_good(&[0x80, 29, 5, 4, 2, 0, 1, 1]);
        is_good(&[0xc0, 128, 8, 0, 0, 0, 1, 0x40, 1, 1, 0]);
    }

    /// RFC 7606 §5.3, §7.11, §7.12; RFC 4760 §7.
    #[test]
    fn routes_of_other_families() {
        //= RFC 4271 §6.3/optional
        //= RFC 4760 §3/next-hop-length, §7/disable, §7/reset
        //= RFC 7606 §3.j, §5.1/any-position, §7.11, §7.12, §6/findings
        let unreach = |value: &[u8]| [&[0x80, 15, value.len() as u8], value].concat();
        let reach = |value: &[u8]| [&[0x80, 14, value.len() as u8], value].concat();
        let broken = [
            (reach(&[0, 2, 1, 0]), "RFC 7606 §7.11"),                // under 5 bytes
            (reach(&[0, 2, 1, 4, 1, 2, 3, 4, 0]), "RFC 7606 §7.11"), // an IPv4 next hop
            (reach(&[&[0, 2, 1, 16][..], &[1; 16], &[0, 129, 0]].concat()), "RFC 7606 §7.11"), // a prefix length of 129
            (reach(&[&[0, 2, 1, 16][..], &[1; 16], &[0, 32, 1]].concat()), "RFC 7606 §7.11"), // a route past the end
            (reach(&[0, 2, 1, 99, 0]), "RFC 7606 §7.11"),            // a next hop past the end
            (unreach(&[0, 2]), "RFC 7606 §7.12"),                    // under 3 bytes
            (unreach(&[0, 1, 1, 33, 0, 0, 0, 0, 0]), "RFC 7606 §7.12"),
            (unreach(&[0, 25, 70, 2, 9, 0]), "RFC 7606 §7.12"), // an EVPN route past the end
        ];
        let mut strict = internal();
        (strict.extended_next_hop_receive, strict.extended_next_hop_send) = (FamilySet::EMPTY, FamilySet::EMPTY);
        let mut lenient = strict;
        lenient.may_disable_family = true;
        for (attribute, clause) in broken {
            let body = body(&[], &[&attribute, ORIGIN, AS_PATH].concat(), &[]);
            let (outcome, findings) = judge(&body, &strict);
            assert_eq!(findings[0], (attribute[1], 23, Action::SessionReset, clause));
            let Outcome::SessionReset(error) = outcome else { panic!("{outcome:?}") };
            let bytes = message(2, &body);
            let notification = error.notification(&bytes);
            assert_eq!((notification.code, notification.data), (NotificationCode::OPTIONAL_ATTRIBUTE, &attribute[..]));
            let (outcome, _) = judge(&body, &lenient);
            match attribute[2] {
                2 => assert_eq!(outcome.action(), Action::SessionReset, "the family is not told"),
                _ => assert_eq!(disabled(outcome), Some(Family::new(u16::from(attribute[4]), attribute[5]))),
            }
        }
        // Wrong flags.
        let mut attribute = MP_REACH.to_vec();
        attribute[0] = 0xc0;
        let body = body(&[], &[&attribute, ORIGIN, AS_PATH].concat(), &[]);
        assert_eq!(judge(&body, &strict).1, [(14, 23, Action::SessionReset, "RFC 4760 §7")]);
        assert_eq!(disabled(judge(&body, &lenient).0), Some(Family::IPV6_UNICAST));
    }

    /// RFC 8955 §10: a flow that cannot be read is treated as withdrawn, since its length tells where the next one is.
    #[test]
    fn flows_that_cannot_be_read() {
        let judged = |family: &[u8], flow: &[u8]| {
            let reach = [&[0x80, 14, (family.len() + 2 + flow.len()) as u8], family, &[0, 0], flow].concat();
            judge(&body(&[], &[&reach, ORIGIN, AS_PATH].concat(), &[]), &internal())
        };
        let with_distinguisher = [11, 0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 3, 0x81, 6];
        assert_eq!(judged(&[0, 1, 133], &[3, 3, 0x81, 6]).0, Outcome::Accept);
        assert_eq!(judged(&[0, 1, 134], &with_distinguisher).0, Outcome::Accept);
        let mut out_of_order = with_distinguisher;
        out_of_order[9] = 0;
        for (family, flow) in [([0, 1, 133], &[6, 3, 0x81, 6, 3, 0x81, 17][..]), ([0, 1, 134], &out_of_order)] {
            let (outcome, findings) = judged(&family, flow);
            assert_eq!(outcome, Outcome::TreatAsWithdraw);
            //= RFC 8955 §10/withdraw
            assert_eq!(findings, [(14, 23, Action::TreatAsWithdraw, "RFC 8955 §10")]);
        }
        // One whose length goes past the end hides where others are.
        assert_eq!(judged(&[0, 1, 133], &[4, 3, 0x81, 6]).0.action(), Action::SessionReset);
    }

    /// RFC 7606 §5.3: Invalid Network Field.
    #[test]
    fn plain_routes() {
        //= RFC 4271 §6.3/nlri
        //= RFC 7606 §3.i, §5.3/prefix-length, §5.3/plain
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP].concat();
        for routes in [&[33, 1, 2, 3, 4, 5][..], &[24, 1, 2], &[8, 10, 32, 1, 2, 3], &[255]] {
            for (body, offset) in [(body(routes, &[], &[]), 21), (body(&[], &attributes, routes), 43)] {
                let (outcome, findings) = judge(&body, &internal());
                assert_eq!(findings, [(0, offset, Action::SessionReset, "RFC 7606 §5.3")]);
                let Outcome::SessionReset(error) = outcome else { panic!("{outcome:?}") };
                assert_eq!(error.code, NotificationCode::INVALID_NETWORK_FIELD);
            }
        }
    }

    /// RFC 7606 §5.2, and routes that cannot be known for sure.
    #[test]
    fn errors_that_come_together() {
        //= RFC 7606 §2/strongest, §3.h, §5.2
        let bad_origin = [&[0x40, 1, 1, 9][..], AS_PATH, NEXT_HOP].concat();
        // Attributes, no routes: treating as withdrawn would withdraw nothing.
        let (outcome, _) = judge(&body(&[8, 10], &bad_origin, &[]), &internal());
        let Outcome::SessionReset(error) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.code, NotificationCode::INVALID_ORIGIN);
        // A discarded attribute is no reason.
        let discard = [ORIGIN, AS_PATH, NEXT_HOP, &[0x40, 6, 1, 0]].concat();
        assert_eq!(judge(&body(&[8, 10], &discard, &[]), &internal()).0.action(), Action::AttributeDiscard);
        // An attribute's error and routes that cannot be read.
        let (outcome, findings) = judge(&body(&[], &bad_origin, &[33]), &internal());
        assert_eq!((outcome.action(), findings.len()), (Action::SessionReset, 2));
        // The same where the routes stand in MP_REACH_NLRI, and the session could do without the family.
        let mut lenient = internal();
        lenient.may_disable_family = true;
        let broken = [0x80, 14, 6, 0, 1, 1, 0, 0, 33];
        let attributes = [&broken[..], &[0x40, 1, 1, 9], AS_PATH].concat();
        assert_eq!(judge(&body(&[], &attributes, &[]), &lenient).0.action(), Action::SessionReset);
    }

    /// RFC 4271 §4.3: bits behind the prefix length may have any value.
    #[test]
    fn bits_behind_the_prefix() {
        //= RFC 4271 §4.3/trailing-bits
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP].concat();
        let (body, session) = (body(&[], &attributes, &[20, 10, 1, 0xff]), internal());
        assert_eq!(judge(&body, &session).0, Outcome::Accept);
        let update = Update::parse(&body, &session).unwrap();
        assert_eq!(update.announced().next().unwrap().to_string(), "10.1.240.0/20");
        // Copied as they are.
        let mut buffer = [0; 4096];
        let copy =
            bgp_codec::rewrite::Rewrite::default().write(&update, &Outcome::Accept, &session, &mut buffer).unwrap();
        assert_eq!(copy[19..], body);
    }

    /// RFC 7911 §3: the session decides. 192.0.2.0/24 as path 7, read both ways.
    #[test]
    fn path_identifiers() {
        //= RFC 7911 §3/identifier
        let attributes = [ORIGIN, AS_PATH, NEXT_HOP].concat();
        let with_ids = body(&[], &attributes, &[0, 0, 0, 7, 24, 192, 0, 2]);
        let mut session = internal();
        // Sent and not agreed on: nonsense, and here an error too, since 192 is no length.
        assert_eq!(judge(&with_ids, &session).1, [(0, 43, Action::SessionReset, "RFC 7606 §5.3")]);
        let update = Update::parse(&with_ids, &session).unwrap();
        let routes: Vec<_> = update.announced().map(|route| route.to_string()).collect();
        assert_eq!(routes, ["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "24.0.0.0/7"]);
        session.add_path_receive = FamilySet::of(Family::IPV4_UNICAST);
        let update = Update::parse(&with_ids, &session).unwrap();
        assert_eq!(update.announced().next().unwrap().to_string(), "192.0.2.0/24 path 7");
        // Agreed on and not sent.
        let without = body(&[], &attributes, NLRI);
        assert_eq!(judge(&without, &session).1, [(0, 43, Action::SessionReset, "RFC 7606 §5.3")]);
    }

    /// RFC 7606 §5.4: what is unknown is kept.
    #[test]
    fn unknown_routes() {
        //= RFC 9552 §5.2/unknown
        //= RFC 7606 §5.4
        let judged = |value: &[u8]| {
            let attributes = [&[0x80, 14, value.len() as u8], value, ORIGIN, AS_PATH].concat();
            let (body, session) = (body(&[], &attributes, &[]), internal());
            let (outcome, _) = judge(&body, &session);
            let routes: Vec<_> =
                Update::parse(&body, &session).unwrap().announced().map(|route| format!("{:?}", route.nlri)).collect();
            (outcome.action(), routes)
        };
        assert_eq!(judged(&[0, 99, 9, 1, 7, 0, 1, 2, 3]), (Action::Accept, vec!["Other([1, 2, 3])".into()]));
        let next_hop = [4, 192, 0, 2, 1, 0];
        let of = |family: &[u8], route: &[u8]| judged(&[family, &next_hop, route].concat());
        let (action, routes) = of(&[0, 25, 70], &[99, 2, 1, 2, 98, 1, 9]);
        assert_eq!((action, routes.len()), (Action::Accept, 2));
        // One of a type that is known, and not as it says, is kept too.
        let (action, routes) = of(&[0, 25, 70], &[99, 2, 1, 2, 3, 1, 9]);
        assert_eq!((action, routes.len()), (Action::TreatAsWithdraw, 2));
        assert!(routes.iter().all(|route| route.starts_with("Evpn(Other")), "{routes:?}");
        let (action, routes) = of(&[0, 1, 5], &[99, 1, 7]);
        assert_eq!((action, routes[0].starts_with("McastVpn(Other")), (Action::Accept, true));
        let (action, routes) = of(&[0x40, 4, 71], &[0, 99, 0, 1, 7]);
        assert_eq!((action, routes[0].starts_with("LinkState(Other")), (Action::Accept, true));
    }
}

/// Reading and validating allocate nothing.
mod allocation {
    use super::*;
    #[test]
    fn nothing_is_allocated() {
        let update = [
            &[0, 2, 8, 10, 0, 49, 0x80, 14, 26, 0, 2, 1, 16][..],
            &[1; 16],
            &[0, 32, 0x20, 1, 0x0d, 0xb8],
            &[0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1, 24, 192, 0, 2],
        ];
        let stream = [
            message(1, &[4, 0xfd, 0xe8, 0, 90, 192, 0, 2, 1, 8, 2, 6, 65, 4, 0, 0, 0xfd, 0xe8]),
            message(2, &update.concat()),
            message(3, &[6, 2, 2, b'o', b'k']),
            message(5, &[0, 1, 0, 1]),
        ]
        .concat();
        let session = internal();
        let (mut rest, mut routes, mut messages) = (&stream[..], 0, 0);
        let info = allocation_counter::measure(|| {
            while let Ok(Some(frame)) = Framer::new().next(&mut rest) {
                messages += 1;
                match frame.parse(&session) {
                    Ok(Message::Update(update)) => {
                        assert!(update.validate().is_accept());
                        let values = update.attributes().filter(|of| of.parse(&session).is_ok()).count();
                        assert_eq!(values, 4);
                        routes += update
                            .announced()
                            .chain(update.withdrawn())
                            .filter(|of| of.nlri.prefix().is_some())
                            .count();
                    }
                    Ok(Message::Open(open)) => assert_eq!(open.capabilities().count(), 1),
                    Ok(_) => {}
                    Err(_) => panic!("all are good"),
                }
            }
        });
        assert_eq!((messages, routes, info.count_total), (4, 3, 0));
        assert_eq!(
            allocation_counter::measure(|| drop(std::hint::black_box(vec![1]))).count_total,
            1,
            "allocations are counted"
        );
    }

    /// A full table takes the memory of one message, however long it is: a million routes are built, framed from one buffer
    /// of 4096 bytes and validated, and nothing is allocated from the first to the last.
    #[test]
    fn a_full_table_takes_one_message() {
        let session = Negotiated::assumed();
        let (mut area, mut buffer, mut taken) = ([0; 64], [0; 4096], 0);
        let path = AsPath::parse(bgp_codec::LayerName::PACKET, AsSize::Four, &[2, 1, 0, 0, 0xfd, 0xe8]).unwrap();
        let values = [
            AttributeValue::Origin(Origin::Igp),
            AttributeValue::AsPath(path),
            AttributeValue::NextHop([192, 0, 2, 1].into()),
        ];
        let routes = (0..1_000_000).map(|n| Ipv4Prefix::new(Ipv4Addr::from_bits(0x0100_0000 + (n << 8)), 24).unwrap());
        let info = allocation_counter::measure(|| {
            let attributes = SharedAttributes::write(&values, &session, &mut area).unwrap();
            let mut updates = Updates::announce_ipv4(attributes, routes, &session).unwrap();
            while let Some(mut bytes) = updates.next(&mut buffer).unwrap() {
                let frame = Framer::new().next(&mut bytes).unwrap().unwrap();
                let update = Update::parse(frame.body(), &session).unwrap();
                assert!(update.validate().is_accept());
                taken += update.announced().count();
            }
        });
        assert_eq!((taken, info.count_total), (1_000_000, 0));
    }
}
