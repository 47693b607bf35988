//! MRT dumps (`rib.mrt`) and BMP streams: read record by record, and shown as captures are.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use crate::Outside;
use crate::bgp::{BgpMessage, BgpMessages, Inferred};
use crate::fields::{Field, FieldValue, FieldVisitor, TableRoute};
use bgp_codec::bmp::{BmpBody, BmpMessage, BmpPeer, PeerSlot, Station};
use bgp_codec::mrt::{MrtBody, MrtPeer, MrtRecord, RibEntry};
use bgp_codec::{AttributeValue, MessageType, Negotiated, Route, Update};

use super::clock::TimeForm;
use super::line::{Line, Look};
use super::listener::{Listener, Shown};
use super::output::Output;
use super::packet::each_bgp_message;
use super::streams::Stop;
use super::width;
use super::write;

/// The longest record that is believed: a table's routes to one prefix from thousands of peers stay far below.
const MAX_RECORD: usize = 1 << 21;
/// Of how many peers of a BMP stream it is kept what their sessions agreed on.
const MAX_PEERS: usize = 4096;

/// What a file is, if it is no capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dump {
    Mrt,
    Bmp,
}

impl Dump {
    /// By the first bytes of a file: neither kind has a magic number, but no capture begins like either.
    pub(super) fn of(path: &Path) -> Option<Self> {
        // What is no file is not even opened: a pipe's writer would see its reader go.
        if !path.metadata().is_ok_and(|of| of.is_file()) {
            return None;
        }
        let mut start = [0; 12];
        File::open(path).ok()?.read_exact(&mut start).ok()?;
        let [version, a, b, c, kind_high, kind_low, _, _, len @ ..] = start;
        let mrt_len = u32::from_be_bytes(len) as usize;
        let bmp_len = u32::from_be_bytes([a, b, c, kind_high]) as usize;
        if matches!([kind_high, kind_low], [0, 12 | 13 | 16 | 17]) && mrt_len <= MAX_RECORD {
            return Some(Self::Mrt);
        }
        (matches!(version, 3 | 4) && (6..=MAX_RECORD).contains(&bmp_len) && kind_low <= 6).then_some(Self::Bmp)
    }

    /// The bytes that tell a record's length, and the length of the whole from them.
    fn header_len(self) -> usize {
        match self {
            Self::Mrt => 12,
            Self::Bmp => 6,
        }
    }

    fn record_len(self, header: &[u8]) -> usize {
        let number =
            |at: usize| header.get(at..).and_then(|from| from.first_chunk()).map_or(0, |len| u32::from_be_bytes(*len));
        match self {
            Self::Mrt => 12 + number(8) as usize,
            Self::Bmp => number(1) as usize,
        }
    }
}

/// One thing to be shown: a message, a route, or something else in words.
struct Item<'a> {
    number: u64,
    time: (u32, u32),
    from: String,
    what: What<'a>,
}

enum What<'a> {
    /// As one of the session that it is likeliest one of, and what of that nobody told.
    Message(BgpMessage<'a>, Negotiated, Option<Inferred>),
    /// With its next hop in words.
    Route(TableRoute<'a>, String),
    Words(String),
}

impl Item<'_> {
    /// Since 1970.
    fn nanoseconds(&self) -> i128 {
        i128::from(self.time.0) * 1_000_000_000 + i128::from(self.time.1) * 1000
    }
}

impl<'a> What<'a> {
    fn message(message: BgpMessage<'a>, told: Negotiated) -> Self {
        let (session, inferred) = message.read_as(told);
        Self::Message(message, session, inferred)
    }
}

impl Shown for Item<'_> {
    fn record_fields(&self, v: &mut impl FieldVisitor) {
        v.number(Field::FrameNumber, self.number);
        for field in [Field::FrameTime, Field::FrameTimeEpoch] {
            if v.wants(field) {
                v.visit(field, FieldValue::Nanoseconds(self.nanoseconds()), None);
            }
        }
    }

    fn show(&self, listener: &mut impl Listener) {
        listener.entry(self);
        match &self.what {
            What::Message(message, session, inferred) => {
                listener.bgp(message, session);
                inferred.iter().for_each(|inferred| listener.inferred(inferred));
            }
            What::Route(route, _) => listener.route(route),
            What::Words(_) => {}
        }
    }

    fn heading(&self) -> String {
        format!("Record {} {}", self.number, self.from)
    }
}

impl Line for Item<'_> {
    /// What is recorded of days and years has its time since 1970, unless a time of day is asked for.
    fn line(&self, out: &mut Vec<u8>, look: &Look) {
        let time = match look.time {
            TimeForm::None => String::new(),
            form => form.text(self.nanoseconds()).unwrap_or_else(|| write::seconds(self.nanoseconds(), 6)) + " ",
        };
        let begin = out.len();
        // Writing to a vector cannot fail.
        let _ = write!(out, "{:>7} {time}{}  {self}", self.number, self.from);
        look.columns().into_iter().for_each(|columns| width::cut_line(out, begin, columns));
        out.push(b'\n');
    }
}

/// What it says, in words.
impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Message(message, session, _) => {
                let name = message.kind_name().unwrap_or("unknown type");
                match Update::parse(message.body, session) {
                    Ok(update) if message.kind == MessageType::UPDATE.0 => {
                        let (announced, withdrawn) = (update.announced().count(), update.withdrawn().count());
                        write!(f, "BGP {name}, {announced} announced, {withdrawn} withdrawn")?;
                        let first = update.announced().chain(update.withdrawn()).next();
                        first.map_or(Ok(()), |route| write!(f, ", first {route}"))
                    }
                    _ => write!(f, "BGP {name}"),
                }
            }
            What::Route(route, next_hop) => {
                let path = route.attributes.into_iter().find_map(|attribute| match attribute.parse(&route.session) {
                    Ok(AttributeValue::AsPath(path)) => Some(path),
                    _ => None,
                });
                write!(f, "{} via {next_hop} path ", route.words())?;
                path.map_or(Ok(()), |path| path.fmt(f))
            }
            What::Words(words) => f.write_str(words),
        }
    }
}

impl Dump {
    /// Hands out what a file has, until enough is shown.
    pub(super) fn read(self, path: &Path, output: &mut Output<'_>) -> Result<(), Stop> {
        let broken = |what: &dyn fmt::Display| Stop::Broken(format!("{}: {what}", path.display()));
        let mut file = BufReader::new(File::open(path).map_err(|error| broken(&error))?);
        let (mut record, mut peers, mut number, mut result) = (Vec::new(), Vec::new(), 0, Ok(()));
        let mut slots = vec![PeerSlot::FREE; if self == Self::Bmp { MAX_PEERS } else { 0 }];
        let mut station = Station::new(&mut slots);
        while !output.is_full() && next_record(self, &mut file, &mut record).map_err(|error| broken(&error))? {
            number += 1;
            let mut shown = Ok(());
            let mut show = |item: Item<'_>| {
                if shown.is_ok() {
                    shown = output.take(&item);
                }
            };
            let read = match self {
                Self::Mrt => show_mrt(number, &record, &mut peers, &mut show),
                Self::Bmp => show_bmp(number, &record, &mut station, &mut show),
            };
            shown?;
            if let Err(error) = read {
                result = Err(broken(&format_args!("record {number}: {error}")));
            }
        }
        result
    }
}

/// Reads a record; whether there was one.
fn next_record(dump: Dump, file: &mut impl Read, record: &mut Vec<u8>) -> Result<bool, io::Error> {
    let header_len = dump.header_len();
    record.clear();
    if file.by_ref().take(header_len as u64).read_to_end(record)? == 0 {
        return Ok(false);
    }
    let len = dump.record_len(record);
    if record.len() == header_len && !(header_len..=MAX_RECORD).contains(&len) {
        return Err(io::Error::other(format!("a record claims {len} bytes")));
    }
    let missing = len.saturating_sub(header_len) as u64;
    let read = file.by_ref().take(missing).read_to_end(record)? as u64;
    if record.len() < header_len || read < missing {
        return Err(io::Error::other("the last record is cut"));
    }
    Ok(true)
}

fn show_mrt(
    number: u64,
    bytes: &[u8],
    peers: &mut Vec<MrtPeer>,
    show: &mut impl FnMut(Item<'_>),
) -> Result<(), ether_ip::Error> {
    let Some((record, _)) = MrtRecord::split(bytes)? else {
        return Ok(());
    };
    let time = (record.timestamp, record.microseconds.unwrap_or(0));
    let words = |from: String, words: String| Item { number, time, from, what: What::Words(words) };
    match record.parse()? {
        MrtBody::Peers(table) => {
            peers.clear();
            for peer in table {
                peers.push(peer?);
            }
            show(words(table.collector.to_string(), format!("{} peers", peers.len())));
        }
        MrtBody::Rib(rib) => {
            for (number_of_entry, entry) in rib.enumerate() {
                let entry: RibEntry<'_> = entry?;
                let peer = peers.get(usize::from(entry.peer));
                let from =
                    peer.map_or(format!("peer {}", entry.peer), |of| format!("{} AS{}", of.address, of.as_number));
                let route = Route { family: rib.family, path_id: entry.path_id, nlri: rib.nlri };
                let next_hop = entry.next_hop().map_or("?".to_owned(), |next_hop| next_hop.to_string());
                let (attributes, session, is_again) = (entry.attributes, rib.session(), number_of_entry > 0);
                let route = TableRoute { route, attributes, session, is_again };
                show(Item { number, time, from, what: What::Route(route, next_hop) });
            }
        }
        MrtBody::Table(dump) => {
            let from = format!("{} AS{}", dump.peer, dump.peer_as);
            let next_hop = dump.next_hop().map_or("?".to_owned(), |next_hop| next_hop.to_string());
            let (route, attributes, session) = (dump.route, dump.attributes, dump.session());
            let route = TableRoute { route, attributes, session, is_again: false };
            show(Item { number, time, from, what: What::Route(route, next_hop) });
        }
        MrtBody::GeoPeers(table) => {
            show(words(table.collector.to_string(), format!("places of {} peers", table.count)));
        }
        MrtBody::Message(message) => {
            let ends = (message.ends.peer, message.ends.local);
            let (source, to) = if message.is_local { (ends.1, ends.0) } else { ends };
            for one in BgpMessages::parse(message.message).into_iter().flatten() {
                let from = format!("{source} > {to}");
                show(Item { number, time, from, what: What::message(one, message.session()) });
            }
        }
        MrtBody::StateChange(change) => {
            show(words(change.ends.peer.to_string(), format!("state {} to {}", change.old, change.new)));
        }
        _ => show(words(record.kind.to_string(), format!("subtype {}, {} bytes", record.subtype, record.body.len()))),
    }
    Ok(())
}

fn show_bmp(
    number: u64,
    bytes: &[u8],
    station: &mut Station<'_>,
    show: &mut impl FnMut(Item<'_>),
) -> Result<(), ether_ip::Error> {
    let Some((message, _)) = BmpMessage::split(bytes)? else {
        return Ok(());
    };
    let name = |peer: &BmpPeer| format!("{} AS{}", peer.address, peer.as_number);
    let heard = station.hear(&message)?;
    each_bgp_message(&heard.body, |peer, one| {
        show(Item { number, time: peer.time, from: name(peer), what: What::message(one, heard.session) });
    });
    let (peer, words) = match heard.body {
        BmpBody::RouteMonitoring(..) | BmpBody::RouteTlvs(..) | BmpBody::RouteMirroring(..) | BmpBody::PeerUp(..) => {
            return Ok(());
        }
        BmpBody::PeerDown(peer, down) => (Some(peer), format!("peer down, reason {}", down.reason.0)),
        BmpBody::Statistics(peer, statistics) => (Some(peer), format!("{} counters", statistics.count)),
        BmpBody::Information(told) => {
            let texts = told.tlvs().map(|tlv| Outside(tlv.value).to_string());
            (None, format!("{}: {}", message.kind, texts.collect::<Vec<_>>().join(", ")))
        }
        _ => (None, format!("type {}", message.kind)),
    };
    let (time, from) = peer.map_or(((0, 0), "router".to_owned()), |peer| (peer.time, name(&peer)));
    show(Item { number, time, from, what: What::Words(words) });
    Ok(())
}
