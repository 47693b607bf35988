//! What C is told of BGP is what the codec says, of good messages and of those that hostile peers send: each byte of each message takes other
//! values, in sessions of all kinds, and ExaBGP's vectors are read where the folder beside the project has them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::ffi::{CStr, c_char};
use std::path::Path;

use bgp_codec::nlri::RouteFormat;
use bgp_codec::{
    AttributeType, Error, Family, FamilySet, Finding, Framer, MessageType, Negotiated, Nlri, Open, Outcome, Peer,
    Route, Update,
};
use container_codecs::*;

/// What C has room for here.
struct Told {
    status: Status,
    error: CodecError,
    update: BgpUpdate,
    routes: Vec<BgpRoute>,
    attributes: Vec<BgpAttribute>,
    words: Vec<u32>,
}

fn zeroed() -> CodecError {
    CodecError {
        status: Status::Ok,
        offset: 0,
        value: 0,
        limit: 0,
        notification: BgpNotification::default(),
        layer: [0; 32],
        field: [0; 48],
        text: [0; 192],
    }
}

fn decode(session: &BgpSession, message: &[u8]) -> Told {
    let mut told = Told {
        status: Status::Ok,
        error: zeroed(),
        update: BgpUpdate::default(),
        routes: vec![BgpRoute::default(); 4096],
        attributes: vec![BgpAttribute::default(); 256],
        words: vec![0; 4096],
    };
    let frame = BgpFrame { offset: 0, length: message.len() as u32, kind: 2, reserved: [0; 3] };
    let mut room = BgpRoom {
        routes: told.routes.as_mut_ptr(),
        routes_room: told.routes.len(),
        routes_count: 0,
        attributes: told.attributes.as_mut_ptr(),
        attributes_room: told.attributes.len(),
        attributes_count: 0,
        words: told.words.as_mut_ptr(),
        words_room: told.words.len(),
        words_count: 0,
    };
    let mut done = 0;
    let (start, len) = (message.as_ptr(), message.len());
    let (update, error) = (&raw mut told.update, &raw mut told.error);
    // SAFETY: all of these are there, and the room is what it says.
    told.status = unsafe { cc_bgp_decode(session, start, len, &frame, update, 1, &mut room, &mut done, error) };
    told.routes.truncate(room.routes_count);
    told.attributes.truncate(room.attributes_count);
    told.words.truncate(room.words_count);
    told
}

/// The session as C has it: from two OPENs there is no way to most of these.
fn in_c(of: &Negotiated) -> BgpSession {
    BgpSession::from(of)
}

fn text(of: &[c_char]) -> String {
    // SAFETY: the library ends each text with a zero.
    unsafe { CStr::from_ptr(of.as_ptr()) }.to_string_lossy().into_owned()
}

fn cut(words: impl ToString, room: usize) -> String {
    let words = words.to_string();
    String::from_utf8_lossy(&words.as_bytes()[..words.len().min(room - 1)]).into_owned()
}

fn same_notification(told: &BgpNotification, error: &Error, message: &[u8]) {
    let expected = error.notification(message);
    let data = match told.is_own {
        0 => &message[told.data_offset as usize..][..told.data_length as usize],
        _ => &told.own[..told.data_length as usize],
    };
    assert_eq!((told.code, told.subcode, data), (expected.code.code, expected.code.subcode, expected.data));
}

fn same_error(told: &CodecError, status: Status, error: &Error, message: &[u8]) {
    assert_eq!(status, Status::Bgp, "{error}");
    same_notification(&told.notification, error, message);
    assert_eq!(text(&told.text), cut(error, 192));
}

/// A route in words, from its bytes, which say the same as its fields.
fn words(route: &BgpRoute, message: &[u8], session: &Negotiated) -> String {
    let family = Family::new(route.afi, route.safi);
    let is_withdrawn = matches!(route.place, 0 | 3);
    let format = if is_withdrawn { session.received_withdrawn(family) } else { session.received(family) };
    let bytes = &message[route.offset as usize..][..route.length as usize];
    let (nlri, rest) = Nlri::split(RouteFormat { has_path_ids: false, ..format }, bytes).unwrap();
    assert!(rest.is_empty());
    assert_eq!(nlri.prefix().is_some(), route.is_prefix != 0);
    if let Some(prefix) = nlri.prefix() {
        let address: std::net::IpAddr = match route.afi {
            2 => route.address.into(),
            _ => <[u8; 4]>::try_from(&route.address[..4]).unwrap().into(),
        };
        assert_eq!(prefix.to_string(), format!("{address}/{}", route.prefix_length));
    }
    let (labels, distinguisher) = match nlri {
        Nlri::Labeled(of) => (of.labels, [0; 8]),
        Nlri::Vpn(of) => (of.labels, of.distinguisher.0),
        _ => (&[][..], [0; 8]),
    };
    assert_eq!(usize::from(route.labels), labels.len());
    assert_eq!((route.label, route.distinguisher), (labels.first().map_or(0, |label| label.label()), distinguisher));
    let path_id = (route.has_path_id != 0).then_some(route.path_id);
    format!("{is_withdrawn} {} {}", family, Route { family, path_id, nlri })
}

fn same_findings(session: &BgpSession, update: &Update<'_>, message: &[u8]) {
    let mut expected: Vec<Finding> = Vec::new();
    let _ = update.validate_each(|finding| expected.push(*finding));
    let empty = BgpFinding {
        offset: 0,
        family: BgpFamily::default(),
        attribute: 0,
        action: BgpAction::Accept,
        code: 0,
        subcode: 0,
        clause: [0; 28],
        text: [0; 192],
    };
    let (mut found, mut count, mut error) = (vec![empty; 64], 0, zeroed());
    let (start, len) = (message.as_ptr(), message.len());
    let (places, room) = (found.as_mut_ptr(), found.len());
    // SAFETY: all of these are there, and there are so many places.
    let status = unsafe { cc_bgp_findings(session, start, len, places, room, &mut count, &mut error) };
    assert_eq!((status, count), (Status::Ok, expected.len()));
    for (told, finding) in found.iter().zip(&expected) {
        assert_eq!(
            (told.offset as usize, told.attribute),
            (finding.offset, finding.attribute.map_or(0, |kind| kind.0))
        );
        assert_eq!((told.code, told.subcode), (finding.code.code, finding.code.subcode));
        assert_eq!(
            (told.action, told.family),
            (finding.action.into(), finding.family.map(Into::into).unwrap_or_default())
        );
        assert_eq!(text(&told.clause), finding.clause);
        assert_eq!(text(&told.text), cut(finding.fault, 192));
    }
}

/// What is told of an UPDATE is what the codec says of it.
fn same_update(session: &Negotiated, message: &[u8]) {
    let of_c = in_c(session);
    let told = decode(&of_c, message);
    let mut rest = message;
    let frame = match Framer::with_max_len(session.max_len_receive).next(&mut rest) {
        Err(error) => {
            assert_eq!((told.status, told.update.action), (Status::Ok, BgpAction::SessionReset));
            return same_notification(&told.update.notification, &error, message);
        }
        Ok(Some(frame)) if rest.is_empty() => frame,
        Ok(_) => return assert_eq!(told.status, Status::Argument),
    };
    assert_eq!((told.status, told.update.kind), (Status::Ok, frame.kind().0), "{}", text(&told.error.text));
    if frame.kind() != MessageType::UPDATE {
        return assert_eq!((told.routes.len(), told.attributes.len()), (0, 0));
    }
    let update = match Update::parse(frame.body(), session) {
        Ok(update) => update,
        Err(error) => {
            assert_eq!(told.update.action, BgpAction::SessionReset);
            return same_notification(&told.update.notification, &error, message);
        }
    };
    same_findings(&of_c, &update, message);
    let outcome = update.validate();
    assert_eq!(told.update.action, outcome.action().into());
    if let Outcome::SessionReset(error) = outcome {
        assert_eq!((told.routes.len(), told.attributes.len()), (0, 0));
        return same_notification(&told.update.notification, &error, message);
    }
    let kept: Vec<_> = update.kept_attributes(&outcome).collect();
    for attribute in &told.attributes {
        let value = &message[attribute.offset as usize..][..attribute.length.into()];
        assert!(kept.iter().any(|of| (of.kind.0, of.value) == (attribute.kind, value)));
    }
    if outcome.is_accept() {
        assert_eq!(told.attributes.len(), kept.len());
    }
    let is_kept = |kind| kept.iter().any(|of| of.kind == kind);
    let mut expected: Vec<_> = [(true, update.withdrawn_routes().routes()), (false, update.nlri().routes())].into();
    expected
        .extend(update.mp_unreach().filter(|_| is_kept(AttributeType::MP_UNREACH_NLRI)).map(|of| (true, of.routes)));
    expected.extend(update.mp_reach().filter(|_| is_kept(AttributeType::MP_REACH_NLRI)).map(|of| (false, of.routes)));
    let each = expected.into_iter().flat_map(|(is_withdrawn, routes)| routes.map(move |route| (is_withdrawn, route)));
    let mut expected: Vec<_> =
        each.map(|(is_withdrawn, route)| format!("{is_withdrawn} {} {route}", route.family)).collect();
    let mut found: Vec<_> = told.routes.iter().map(|route| words(route, message, session)).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let end = update.end_of_rib().map(Into::into).unwrap_or_default();
    assert_eq!(told.update.end_of_rib, end);
    if let Some(path) = told.attributes.iter().find(|of| of.kind == 2) {
        let words = &told.words[path.words_start as usize..][..path.words_count as usize];
        let segments = update.as_path().unwrap();
        let expected: Vec<_> = segments
            .flat_map(|of| core::iter::once(u32::from(of.kind.0) << 8 | of.count() as u32).chain(of.as_numbers()))
            .collect();
        assert_eq!(words, expected);
    }
    if let (Some(reach), BgpAction::Accept) = (update.mp_reach(), told.update.action) {
        let address = reach.next_hop().address();
        let found = match told.update.next_hop_length {
            0 => None,
            4 => Some(<[u8; 4]>::try_from(&told.update.next_hop[..4]).unwrap().into()),
            _ => Some(told.update.next_hop.into()),
        };
        assert_eq!(found, address);
    }
}

fn same_open(message: &[u8]) {
    let (mut open, mut all, mut count) = (BgpOpen::default(), [BgpCapability::default(); 64], 0);
    let mut error = zeroed();
    let (start, len) = (message.as_ptr(), message.len());
    let (places, room) = (all.as_mut_ptr(), all.len());
    // SAFETY: all of these are there, and there are so many places.
    let status = unsafe { cc_bgp_open_read(start, len, &mut open, places, room, &mut count, &mut error) };
    let frame = match Framer::new().next(&mut &message[..]) {
        Err(expected) => return same_error(&error, status, &expected, message),
        Ok(None) => return assert_eq!(status, Status::Partial),
        Ok(Some(frame)) if frame.bytes().len() != len || frame.kind() != MessageType::OPEN => {
            return assert_eq!(status, Status::Argument);
        }
        Ok(Some(frame)) => frame,
    };
    let expected = match Open::parse(frame.body()) {
        Err(expected) => return same_error(&error, status, &expected, message),
        Ok(expected) => expected,
    };
    assert_eq!((status, open.as_number, open.hold_time), (Status::Ok, expected.as_number(), expected.hold_time()));
    let codes: Vec<_> = expected.capabilities().map(|of| of.code().0).collect();
    assert!(all[..count].iter().map(|of| of.code).eq(codes));
}

fn message(kind: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [&[0xff; 16][..], &(19 + body.len() as u16).to_be_bytes(), &[kind], &body].concat()
}

fn update(attributes: &[&[u8]], withdrawn: &[u8], nlri: &[u8]) -> Vec<u8> {
    let attributes = attributes.concat();
    let lengths = [withdrawn.len(), attributes.len()].map(|len| (len as u16).to_be_bytes());
    message(2, &[&lengths[0], withdrawn, &lengths[1], &attributes, nlri])
}

/// Messages that between them have every attribute whose value is told as numbers, and routes of every shape.
fn messages() -> Vec<Vec<u8>> {
    let origin = &[0x40, 1, 1, 0][..];
    let path = &[0x40, 2, 10, 2, 2, 0, 0, 0xfd, 0xe8, 0, 1, 0, 0][..];
    let two = &[0x40, 2, 6, 2, 2, 0xfd, 0xe8, 0x5b, 0xa0][..];
    let next_hop = &[0x40, 3, 4, 192, 0, 2, 1][..];
    let numbers = &[0x80, 4, 4, 0, 0, 0, 50, 0x40, 5, 4, 0, 0, 0, 200, 0x40, 6, 0, 0xc0, 35, 4, 0, 0, 0xfd, 0xe8][..];
    let reflected = &[0x80, 9, 4, 192, 0, 2, 3, 0x80, 10, 8, 0, 0, 0, 1, 0, 0, 0, 2][..];
    let aggregator = &[0xc0, 7, 8, 0, 1, 0, 0, 192, 0, 2, 9][..];
    let as4 =
        &[0xc0, 7, 6, 0x5b, 0xa0, 192, 0, 2, 9, 0xc0, 17, 6, 2, 1, 0, 1, 0, 0, 0xc0, 18, 8, 0, 1, 0, 0, 192, 0, 2, 9];
    let communities =
        &[0xc0, 8, 8, 0xfd, 0xe8, 0, 1, 0xff, 0xff, 0xff, 1, 0xc0, 16, 8, 0, 2, 0xfd, 0xe8, 0, 0, 0, 7][..];
    let large = &[0xc0, 32, 12, 0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 0, 0, 0, 2, 0xd0, 99, 0, 1, 5][..];
    let ipv6 = &[
        &[0x80, 14, 43, 0, 2, 1, 32, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1][..],
        &[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 32, 0x20, 1, 0x0d, 0xb8, 0],
        &[0x80, 15, 8, 0, 2, 1, 32, 0x20, 1, 0x0d, 0xb9],
    ]
    .concat();
    let vpn = &[
        &[0x80, 14, 31, 0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0][..],
        &[104, 0, 1, 1, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 10, 1, 0x80, 15, 8, 0, 1, 4, 32, 0x80, 0, 0, 10],
    ]
    .concat();
    let evpn = &[
        &[
            0x80, 14, 28, 0, 25, 70, 4, 192, 0, 2, 1, 0, 3, 17, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 0, 0, 0, 0, 32, 192, 0,
            2, 9,
        ][..],
        &[0x80, 15, 7, 0, 25, 70, 99, 2, 1, 2],
    ]
    .concat();
    let flow =
        &[0x80, 14, 14, 0, 1, 133, 0, 0, 8, 1, 24, 192, 0, 2, 3, 0x81, 6, 0x80, 15, 8, 0, 1, 133, 4, 1, 16, 10, 1][..];
    vec![
        update(
            &[origin, path, next_hop, numbers, aggregator, communities, reflected, large],
            &[8, 10],
            &[24, 192, 0, 2, 0],
        ),
        update(&[origin, two, next_hop, as4], &[], &[25, 198, 51, 100, 128]),
        update(&[ipv6, origin, path], &[], &[]),
        update(&[vpn, origin, path], &[], &[]),
        update(&[origin, path, evpn], &[16, 10, 1], &[]),
        update(&[origin, path, flow], &[], &[]),
        // With path identifiers, where the session has them.
        update(&[origin, path, next_hop], &[0, 0, 0, 9, 8, 10], &[0, 0, 0, 7, 24, 192, 0, 2]),
        update(&[], &[], &[]),
        update(&[&[0x80, 15, 3, 0, 2, 1]], &[], &[]),
    ]
}

fn sessions() -> Vec<Negotiated> {
    let assumed = Negotiated::assumed();
    let with = |change: fn(&mut Negotiated)| {
        let mut session = assumed;
        change(&mut session);
        session
    };
    vec![
        assumed,
        Negotiated::unknown(),
        with(|of| of.peer = Peer::Internal),
        with(|of| of.peer = Peer::Confederation),
        with(|of| (of.four_octet_as, of.peer) = (false, Peer::Internal)),
        with(|of| of.may_disable_family = true),
        with(|of| of.add_path_receive = FamilySet::ALL),
        with(|of| of.labels_receive = of.labels_receive.with(Family::IPV4_VPN, 2)),
        with(|of| of.extended_next_hop_receive = FamilySet::EMPTY),
        with(|of| (of.max_len_receive, of.may_have_as_sets) = (4096, true)),
    ]
}

#[test]
fn sessions_come_back() {
    for session in sessions() {
        let (of_c, mut back) = (in_c(&session), in_c(&session));
        // SAFETY: both are there.
        let status = unsafe { cc_bgp_session_reversed(&of_c, &mut back) };
        assert_eq!((status, back), (Status::Ok, in_c(&session.reversed())));
    }
}

/// Whole, cut, with each byte another, and with an attribute twice.
#[test]
fn updates() {
    let is_good = |message: &[u8], session: &Negotiated| {
        Update::parse(&message[19..], session).is_ok_and(|update| update.validate().is_accept())
    };
    for message in messages() {
        assert!(sessions().iter().any(|session| is_good(&message, session)), "{message:?}");
    }
    let mut count = 0_u32;
    for session in sessions() {
        for message in messages() {
            same_update(&session, &message);
            for at in 16..message.len() {
                for value in [
                    0,
                    1,
                    2,
                    33,
                    0xff,
                    message[at] ^ 0x80,
                    message[at] ^ 0x40,
                    message[at] ^ 0x10,
                    message[at].wrapping_add(1),
                ] {
                    let mut other = message.clone();
                    other[at] = value;
                    same_update(&session, &other);
                    count += 1;
                }
                let mut other = message[..at].to_vec();
                other[16..18.min(at)].copy_from_slice(&(at as u16).to_be_bytes()[..2.min(at - 16)]);
                same_update(&session, &other);
            }
        }
    }
    println!("{count} messages");
    assert!(count > 40_000);
}

#[test]
fn opens() {
    let capabilities = [
        &[2, 34, 1, 4, 0, 1, 0, 1, 65, 4, 0, 0, 0xfd, 0xe9, 69, 4, 0, 1, 1, 3, 64, 6, 0, 120, 0, 1, 1, 0x80][..],
        &[9, 1, 3, 6, 0, 2, 0, 99, 0, 0],
    ]
    .concat();
    assert_eq!(capabilities.len(), 38);
    let short = message(1, &[&[4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, 36], &capabilities[..36]]);
    let extended = message(1, &[&[4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, 255, 255, 0, 9, 2, 0, 6, 1, 4, 0, 2, 0, 1]]);
    for whole in [short, extended] {
        same_open(&whole);
        for at in 16..whole.len() {
            for value in 0..=255 {
                let mut other = whole.clone();
                other[at] = value;
                same_open(&other);
            }
            same_open(&whole[..at]);
        }
    }
}

#[test]
fn vectors() {
    let folder = Path::new("../../../shared/vectors/exabgp-encoding");
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return;
    }
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let lines = std::fs::read_to_string(&path).unwrap();
        for hex in lines.lines().filter_map(|line| line.split_once(":raw:")).map(|(_, hex)| hex.replace(':', "")) {
            let bytes = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap());
            let bytes: Vec<u8> = bytes.collect();
            if !matches!(Framer::new().next(&mut &bytes[..]), Ok(Some(_))) {
                continue;
            }
            sessions().iter().for_each(|session| same_update(session, &bytes));
            same_open(&bytes);
            count += 1;
        }
    }
    println!("{count} vectors");
    assert!(count > 100);
}
