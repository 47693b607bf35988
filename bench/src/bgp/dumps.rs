//! Tables in MRT: a full table written and read, a record a prefix (RFC 6396 §4.3).

use bgp_codec::attribute::Attributes;
use bgp_codec::mrt::{MRT, MrtBody, MrtPeer, MrtRecord, PeerIndexTable, Rib, RibEntry};
use bgp_codec::{AttributeValue, Family, Framer, Ipv4Prefix, Negotiated, Nlri, Update, Writer};
use bgpkit_parser::models::{MrtMessage, TableDumpV2Message};
use bgpkit_parser::parser::mrt::mrt_record::parse_mrt_record;

use super::Found;

const TIME: u32 = 1_700_000_000;

/// The routes of a table as a peer sends it, each with its attributes.
pub fn routes<'a>(mut stream: &'a [u8], session: &'a Negotiated) -> Vec<(Ipv4Prefix, Attributes<'a>)> {
    let (framer, mut routes) = (Framer::new(), Vec::new());
    while let Some(frame) = framer.next(&mut stream).unwrap() {
        let update = Update::parse(frame.body(), session).unwrap();
        for route in update.announced() {
            let Nlri::Ipv4(prefix) = route.nlri else { panic!("{route}") };
            routes.push((prefix, update.attributes()));
        }
    }
    routes
}

/// Writes them, a record each, to a buffer that is handed on whenever it is full. How many bytes it were.
pub fn write(
    routes: &[(Ipv4Prefix, Attributes<'_>)],
    buffer: &mut [u8],
    mut hand_on: impl FnMut(&[u8]),
) -> Option<usize> {
    let (mut to, mut total) = (Writer::new(MRT, buffer), 0);
    let mut peers = PeerIndexTable::new([192, 0, 2, 9].into(), b"").begin(TIME, &mut to).ok()?;
    peers.push(&MrtPeer::new([192, 0, 2, 1].into(), [192, 0, 2, 1].into(), 65_001)).ok()?;
    for (sequence, (prefix, attributes)) in routes.iter().enumerate() {
        // More than any of these records takes.
        if to.len() > 60_000 {
            hand_on(to.written());
            total += to.len();
            to.truncate(0);
        }
        let rib = Rib::new(sequence as u32, Family::IPV4_UNICAST, Nlri::Ipv4(*prefix));
        let entry = RibEntry { peer: 0, originated: TIME, path_id: None, attributes: *attributes };
        rib.begin(TIME, &mut to).ok()?.push(&entry).ok()?;
    }
    hand_on(to.written());
    Some(total + to.len())
}

/// Every route and every attribute of it, looked at.
pub fn read(mut dump: &[u8]) -> Option<Found> {
    let mut found = Found::default();
    while let Some((record, rest)) = MrtRecord::split(dump).ok()? {
        dump = rest;
        let MrtBody::Rib(rib) = record.parse().ok()? else { continue };
        let session = rib.session();
        let Nlri::Ipv4(prefix) = rib.nlri else { return None };
        for entry in rib {
            found.announced(prefix.address(), prefix.len());
            for attribute in entry.ok()?.attributes {
                if let AttributeValue::AsPath(path) = attribute.parse(&session).ok()? {
                    found.path += path.segments().flat_map(|of| of.as_numbers()).map(u64::from).sum::<u64>();
                }
            }
        }
    }
    Some(found)
}

pub fn bgpkit(mut dump: &[u8]) -> Option<Found> {
    let mut found = Found::default();
    while !dump.is_empty() {
        let record = parse_mrt_record(&mut dump).ok()?;
        let MrtMessage::TableDumpV2Message(TableDumpV2Message::RibAfi(rib)) = record.message else { continue };
        for entry in &rib.rib_entries {
            found.announced(rib.prefix.prefix.addr(), rib.prefix.prefix.prefix_len());
            std::hint::black_box(&entry.attributes);
        }
    }
    Some(found)
}
