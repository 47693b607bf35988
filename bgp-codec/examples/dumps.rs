//! Dumps of routes and of sessions, read and written: what a collector does. `interop/run bgp` runs it on what daemons dump and tell, and
//! gives what it writes to other readers.
//!
//! ```text
//! dumps copy IN OUT       each record of MRT, or message of BMP, as what it holds, written back
//! dumps list IN           the routes that are announced or held, a line each: prefix, next hop, AS path
//! dumps table OUT N       TABLE_DUMP_V2: two peers, N routes of IPv4 from the first and half as many from the second, N of IPv6
//! dumps whole-table OUT N the same with the whole of MP_REACH_NLRI, as some readers expect it though RFC 6396 §4.3.4 has the next hop alone
//! dumps old-table OUT N   TABLE_DUMP: N routes of IPv4
//! dumps session OUT N     BGP4MP_ET: a session comes up and announces N routes of IPv4, an UPDATE each
//! ```
#![allow(clippy::unwrap_used, reason = "an example may fail loudly")]

use std::error::Error;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::{env, fs};

use bgp_codec::attribute::{Attribute, AttributeType, Attributes, NextHop, Origin, PathBuilder};
use bgp_codec::bmp::{BmpBody, BmpMessage, PeerSlot, Station};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::message::KEEPALIVE;
use bgp_codec::mrt::{
    Ends, MRT, MrtBody, MrtPeer, MrtRecord, PeerIndexTable, Rib, RibEntry, SessionMessage, StateChange, TableDump,
    write_next_hop,
};
use bgp_codec::{
    AttributeValue, Family, FieldError, Framer, Ipv4Prefix, Ipv6Prefix, LayerName, Message, Negotiated, Nlri, Route,
    Writer,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// When all that is written here was.
const TIME: u32 = 1_700_000_000;
const FIRST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const SECOND: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["copy", from, to] => fs::write(to, copy(&fs::read(from)?)?)?,
        ["list", from] => list(&fs::read(from)?)?,
        ["table", to, count] => write(to, |to| table(count.parse()?, false, to))?,
        ["whole-table", to, count] => write(to, |to| table(count.parse()?, true, to))?,
        ["old-table", to, count] => write(to, |to| old_table(count.parse()?, to))?,
        ["session", to, count] => write(to, |to| session(count.parse()?, to))?,
        _ => return Err("usage: dumps copy IN OUT | list IN | table|whole-table|old-table|session OUT N".into()),
    }
    Ok(())
}

/// What is said of a file by its first byte: BMP begins with its version, MRT with a time of many years.
fn is_bmp(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(3 | 4))
}

fn copy(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut buffer = vec![0; bytes.len()];
    let mut to = Writer::new(MRT, &mut buffer);
    let mut rest = bytes;
    if is_bmp(bytes) {
        while let Some((message, behind)) = BmpMessage::split(rest)? {
            message.parse()?.write(&message, &mut to)?;
            rest = behind;
        }
    } else {
        while let Some((record, behind)) = MrtRecord::split(rest)? {
            record.parse()?.write(&record, &mut to)?;
            rest = behind;
        }
    }
    // What a daemon has not written to its end yet.
    to.write_all(&[rest])?;
    Ok(to.written().to_vec())
}

fn list(bytes: &[u8]) -> Outcome<()> {
    let mut rest = bytes;
    if is_bmp(bytes) {
        let mut slots = [PeerSlot::FREE; 64];
        let mut station = Station::new(&mut slots);
        while let Some((message, behind)) = BmpMessage::split(rest)? {
            rest = behind;
            let heard = station.hear(&message)?;
            if let BmpBody::RouteMonitoring(peer, update) = heard.body {
                list_update(update, &heard.session, &format!("{peer}: "));
            }
        }
        return Ok(());
    }
    while let Some((record, behind)) = MrtRecord::split(rest)? {
        rest = behind;
        match record.parse()? {
            MrtBody::Rib(rib) => {
                for entry in rib {
                    let entry = entry?;
                    let next_hop = entry.next_hop().map(|of| of.to_string()).unwrap_or_default();
                    println!("{} {next_hop} {}", rib.nlri, path(entry.attributes, &rib.session()));
                }
            }
            MrtBody::Table(dump) => {
                let next_hop = dump.next_hop().map(|of| of.to_string()).unwrap_or_default();
                println!("{} {next_hop} {}", dump.route, path(dump.attributes, &dump.session()));
            }
            MrtBody::Message(message) => list_update(message.message, &message.session(), ""),
            _ => {}
        }
    }
    Ok(())
}

fn list_update(mut message: &[u8], session: &Negotiated, of: &str) {
    let Ok(Some(frame)) = Framer::with_max_len(65_535).next(&mut message) else { return };
    let Ok(Message::Update(update)) = frame.parse(session) else { return };
    for (route, next_hop) in update.announced_with_next_hops() {
        let next_hop = next_hop.map(|of| of.to_string()).unwrap_or_default();
        println!("{of}{} {next_hop} {}", route.nlri, path(update.attributes(), session));
    }
}

fn path(attributes: Attributes<'_>, session: &Negotiated) -> String {
    let of = attributes.into_iter().find(|attribute: &Attribute<'_>| attribute.kind == AttributeType::AS_PATH);
    of.and_then(|of| of.parse(session).ok()).map(|of| of.to_string()).unwrap_or_default()
}

/// A file that is written as its records come, in a buffer of a few of them.
struct Dump {
    file: fs::File,
    buffer: Vec<u8>,
    len: usize,
}

impl Dump {
    /// Writes what has to be together: behind what is there, or to the file first if there is no room.
    fn put(&mut self, write: impl Fn(&mut Writer<'_>) -> Result<(), FieldError>) -> Outcome<()> {
        loop {
            let mut to = Writer::new(MRT, self.buffer.get_mut(self.len..).unwrap_or_default());
            match write(&mut to) {
                Ok(()) => {
                    self.len += to.len();
                    return Ok(());
                }
                Err(FieldError::NoRoom { .. }) if self.len > 0 => self.flush()?,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn flush(&mut self) -> Outcome<()> {
        self.file.write_all(self.buffer.get(..self.len).unwrap_or_default())?;
        self.len = 0;
        Ok(())
    }
}

fn write(path: &str, fill: impl FnOnce(&mut Dump) -> Outcome<()>) -> Outcome<()> {
    let mut dump = Dump { file: fs::File::create(path)?, buffer: vec![0; 4096], len: 0 };
    fill(&mut dump)?;
    dump.flush()
}

fn ipv4(number: u32) -> Ipv4Prefix {
    Ipv4Prefix::new(Ipv4Addr::from_bits((10 << 24) + (number << 8)), 24).unwrap()
}

fn ipv6(number: u32) -> Ipv6Prefix {
    Ipv6Prefix::new(Ipv6Addr::from_bits((0x2001_0db8 << 96) + (u128::from(number) << 80)), 48).unwrap()
}

/// ORIGIN, an AS_PATH of the peer and one behind it, and a next hop of IPv4 if there is one.
fn attributes(peer_as: u32, number: u32, next_hop: Option<Ipv4Addr>, session: &Negotiated) -> Vec<u8> {
    let (mut area, mut buffer) = ([0; 64], [0; 128]);
    let numbers = [peer_as, 64_500 + number % 10];
    let path = PathBuilder::new(&mut area).sequence(&numbers).unwrap().build();
    let mut values = vec![AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(path)];
    values.extend(next_hop.map(AttributeValue::NextHop));
    values.push(AttributeValue::MultiExitDisc(number));
    let mut to = Writer::new(LayerName::new("attributes"), &mut buffer);
    values.iter().for_each(|value| value.write(session.as_size(), &mut to).unwrap());
    to.written().to_vec()
}

fn table(count: u32, is_whole: bool, to: &mut Dump) -> Outcome<()> {
    let session = Negotiated::assumed();
    let peers = [
        MrtPeer::new(FIRST, IpAddr::V4(FIRST), 65_001),
        MrtPeer::new([192, 0, 2, 2].into(), IpAddr::V6(SECOND), 4_200_000_001),
    ];
    to.put(|to| {
        let mut table = PeerIndexTable::new([192, 0, 2, 9].into(), b"ours").begin(TIME, to)?;
        peers.iter().try_for_each(|peer| table.push(peer))
    })?;
    for number in 0..count {
        let rib = Rib::new(number, Family::IPV4_UNICAST, Nlri::Ipv4(ipv4(number)));
        let second = Ipv4Addr::new(192, 0, 2, 2);
        let of = |peer_as, next_hop| attributes(peer_as, number, Some(next_hop), &session);
        let [first, second] = [of(65_001, FIRST), of(4_200_000_001, second)];
        to.put(|to| {
            let mut routes = rib.begin(TIME, to)?;
            let entry = RibEntry { peer: 0, originated: TIME, path_id: None, attributes: Attributes::new(&first, 0) };
            routes.push(&entry)?;
            match number % 2 {
                0 => routes.push(&RibEntry { peer: 1, attributes: Attributes::new(&second, 0), ..entry }),
                _ => Ok(()),
            }
        })?;
    }
    for number in 0..count {
        let rib = Rib::new(count + number, Family::IPV6_UNICAST, Nlri::Ipv6(ipv6(number)));
        let attributes = attributes(4_200_000_001, number, None, &session);
        to.put(|to| {
            let attributes = Attributes::new(&attributes, 0);
            let entry = RibEntry { peer: 1, originated: TIME, path_id: None, attributes };
            rib.begin(TIME, to)?.push_with(&entry, |to| match is_whole {
                true => write_mp_reach(ipv6(number), to),
                false => write_next_hop(&NextHop::Ipv6(SECOND), to),
            })
        })?;
    }
    Ok(())
}

/// MP_REACH_NLRI as an UPDATE has it (RFC 4760 §3): optional, type 14.
fn write_mp_reach(prefix: Ipv6Prefix, to: &mut Writer<'_>) -> Result<(), FieldError> {
    to.put(&[0x80, 14])?.with_len_u8(0, |to| {
        to.u16(2)?.u8(1)?.u8(16)?.put(&SECOND.octets())?.u8(0)?;
        prefix.write(to)
    })?;
    Ok(())
}

fn old_table(count: u32, to: &mut Dump) -> Outcome<()> {
    let mut session = Negotiated::assumed();
    session.four_octet_as = false;
    for number in 0..count {
        let attributes = attributes(65_001, number, Some(FIRST), &session);
        let dump = TableDump {
            view: 0,
            sequence: number as u16,
            route: Route { family: Family::IPV4_UNICAST, path_id: None, nlri: Nlri::Ipv4(ipv4(number)) },
            status: 1,
            originated: TIME,
            peer: IpAddr::V4(FIRST),
            peer_as: 65_001,
            attributes: Attributes::new(&attributes, 0),
        };
        to.put(|to| dump.write(TIME, to))?;
    }
    Ok(())
}

fn session(count: u32, to: &mut Dump) -> Outcome<()> {
    let session = Negotiated::assumed();
    let local = IpAddr::V4([192, 0, 2, 9].into());
    let ends = Ends { peer_as: 65_001, local_as: 4_200_000_009, interface: 0, peer: IpAddr::V4(FIRST), local };
    let change = StateChange { ends, four_octet_as: true, old: 5, new: 6 };
    to.put(|to| change.write(TIME, Some(1), to))?;
    let keepalive =
        SessionMessage { ends, is_local: false, four_octet_as: true, has_path_ids: false, message: &KEEPALIVE };
    to.put(|to| keepalive.write(TIME, Some(2), to))?;
    for number in 0..count {
        let (mut area, mut path, mut buffer) = ([0; 128], [0; 64], [0; 4096]);
        let path = PathBuilder::new(&mut path).sequence(&[65_001, 64_500 + number % 10])?.build();
        let values =
            [AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(path), AttributeValue::NextHop(FIRST)];
        let attributes = SharedAttributes::write(&values, &session, &mut area)?;
        let mut updates = Updates::announce_ipv4(attributes, [ipv4(number)].into_iter(), &session)?;
        while let Some(update) = updates.next(&mut buffer)? {
            let message = SessionMessage { message: update, ..keepalive };
            to.put(|to| message.write(TIME + number, Some(999_999), to))?;
        }
    }
    Ok(())
}
