//! A small BGP router that joins several peers: a route server (RFC 7947) to those that want it transparent, a border router with itself
//! as next hop to the others. It shows how `bgp-codec` is embedded where routes are passed on, and `interop/run bgp` runs it between BIRD,
//! GoBGP and FRR. It decides by the first rules of RFC 4271 §9.1.2.2 alone, and forwards nothing.
//!
//! ```text
//!   peer ──> task: OPENs, timers, UPDATEs judged and read ──┐
//!   peer ──> task                                           ├──> one task with the table: decides, and builds what changes for whom
//!   peer ──> task <── a writer each, fed by a channel <─────┘
//! ```
//!
//! It waits for its peers at `--listen`, and reads commands from standard input, a line each:
//!
//! ```text
//! dump FILE      writes the table, a path a line, the best of a prefix first
//! quit           ends all sessions with a NOTIFICATION (RFC 8203), and ends when all is sent
//! ```
#![allow(clippy::unwrap_used, reason = "an example may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bgp_codec::attribute::{Aggregator, AsPath, Attributes, Community, NextHop, PathBuilder};
use bgp_codec::build::{SharedAttributes, Updates, end_of_rib};
use bgp_codec::codec::OwnedFrame;
use bgp_codec::message::KEEPALIVE;
use bgp_codec::message::open::OpenConfig;
use bgp_codec::message::route_refresh::Subtype;
use bgp_codec::{
    Attribute, AttributeType, AttributeValue, Capability, Family, Framer, IpPrefix, Ipv4Prefix, Ipv6Prefix, Message,
    Negotiated, Notification, NotificationCode, Open, Outcome, Peer, RouteRefresh, Update,
};
use bytes::{Bytes, BytesMut};
use clap::Parser;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, interval, sleep_until, timeout};

type Failure = Box<dyn Error + Send + Sync>;

const FAMILIES: [Family; 2] = [Family::IPV4_UNICAST, Family::IPV6_UNICAST];

#[derive(Debug, Parser)]
struct Options {
    /// The server's AS
    #[arg(long = "as")]
    as_number: u32,
    /// The server's identifier, and the next hop of IPv4 routes
    #[arg(long)]
    identifier: Ipv4Addr,
    /// The next hop of IPv6 routes
    #[arg(long)]
    next_hop: Ipv6Addr,
    /// Where peers come to
    #[arg(long, default_value = "0.0.0.0:179")]
    listen: SocketAddr,
    /// ADDRESS,AS and, behind commas, of: two-octet, transparent, prepend=N, deny=PREFIX, community=AS:NUMBER
    #[arg(long = "peer", required = true)]
    peers: Vec<Policy>,
    /// Hold time, in seconds; 0 for none
    #[arg(long, default_value_t = 9)]
    hold_time: u16,
}

/// A peer, and what is done for it.
#[derive(Debug, Clone)]
struct Policy {
    address: IpAddr,
    as_number: u32,
    /// It is not told of 4-octet AS numbers.
    two_octet: bool,
    /// Routes are passed on as they are, without the server's AS and next hop (RFC 7947 §2.2).
    is_transparent: bool,
    /// How often the server's AS stands in front of what it is told.
    prepend: usize,
    /// What it may not announce: this, and what is in it.
    deny: Vec<IpPrefix>,
    /// What its routes are marked with.
    communities: Vec<Community>,
}

impl FromStr for Policy {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let mut parts = text.split(',');
        let mut next = || parts.next().ok_or("an address and an AS are needed");
        let (address, as_number) = (next()?.parse()?, next()?.parse()?);
        let (two_octet, is_transparent, prepend) = (false, false, 1);
        let mut policy =
            Self { address, as_number, two_octet, is_transparent, prepend, deny: Vec::new(), communities: Vec::new() };
        for part in parts {
            match part.split_once('=') {
                None if part == "two-octet" => policy.two_octet = true,
                None if part == "transparent" => policy.is_transparent = true,
                Some(("prepend", count)) => policy.prepend = count.parse()?,
                Some(("deny", prefix)) => policy.deny.push(prefix_of(prefix)?),
                Some(("community", community)) => {
                    let (of, number) = community.split_once(':').ok_or("a community is AS:NUMBER")?;
                    policy.communities.push(Community::new(of.parse()?, number.parse()?));
                }
                _ => return Err(format!("{part:?} is no part of a policy").into()),
            }
        }
        Ok(policy)
    }
}

fn prefix_of(text: &str) -> Result<IpPrefix, Failure> {
    Ok(match text.contains(':') {
        true => IpPrefix::V6(text.parse()?),
        false => IpPrefix::V4(text.parse()?),
    })
}

impl Policy {
    fn denies(&self, prefix: IpPrefix) -> bool {
        self.deny.iter().any(|block| match (block, prefix) {
            (IpPrefix::V4(block), IpPrefix::V4(of)) => block.len() <= of.len() && block.contains(of.address()),
            (IpPrefix::V6(block), IpPrefix::V6(of)) => block.len() <= of.len() && block.contains(of.address()),
            _ => false,
        })
    }
}

/// What the table is told.
enum Event {
    /// A session stands; what is for the peer goes into the channel.
    Up { peer: usize, session: Negotiated, identifier: Ipv4Addr, to: UnboundedSender<Out> },
    /// Routes of a peer.
    Change { peer: usize, change: Change },
    /// A peer wants all routes of a family again.
    Refresh { peer: usize, family: Family },
    /// A session is over, the one with this channel: the peer may be back by then.
    Down { peer: usize, to: UnboundedSender<Out> },
    /// The table is written down.
    Dump(String),
    /// All sessions end.
    Quit,
}

/// What a writer writes.
enum Out {
    Message(Bytes),
    /// And nothing more: a NOTIFICATION.
    Last(Bytes),
}

/// What an UPDATE says, read and judged.
struct Change {
    withdrawn: Vec<IpPrefix>,
    announced: Vec<IpPrefix>,
    attributes: Arc<Shared>,
}

/// What is told of routes: the attributes that are passed on as they came, and those that are said anew.
#[derive(Debug)]
struct Shared {
    passed_on: Vec<u8>,
    /// The path, AS4_PATH merged in, with AS numbers of four bytes.
    path: Vec<u8>,
    aggregator: Option<Aggregator>,
    next_hops: (Option<Ipv4Addr>, Option<Ipv6Addr>),
    multi_exit_disc: Option<u32>,
    local_pref: Option<u32>,
    communities: Vec<Community>,
    /// Whether there is one among them that the server put there: then they are said anew.
    is_marked: bool,
    origin: u8,
}

impl Shared {
    fn of(update: &Update<'_>, outcome: &Outcome, marks: &[Community]) -> Result<Self, Failure> {
        // A path of two-octet numbers may become twice as long.
        let mut area = vec![0; 2 * update.attribute(AttributeType::AS_PATH).map_or(0, |of| of.value.len()) + 4096];
        let path = PathBuilder::new(&mut area).segments(update.as_path().into_iter().flatten())?.build();
        let path = path.as_bytes().to_vec();
        let mut shared = Self {
            passed_on: Vec::new(),
            path,
            aggregator: update.aggregator(),
            next_hops: (update.plain_next_hop(), None),
            multi_exit_disc: None,
            local_pref: None,
            communities: marks.to_vec(),
            is_marked: !marks.is_empty(),
            origin: 2,
        };
        if let Some(IpAddr::V6(address)) = update.mp_reach().and_then(|reach| reach.next_hop().address()) {
            shared.next_hops.1 = Some(address);
        }
        for attribute in update.kept_attributes(outcome).filter_map(Attribute::passed_on) {
            let value = attribute.parse(update.session())?;
            if let AttributeValue::Communities(all) = value {
                shared.communities.extend(all);
            }
            match value {
                AttributeValue::MultiExitDisc(value) => shared.multi_exit_disc = Some(value),
                AttributeValue::LocalPref(value) => shared.local_pref = Some(value),
                AttributeValue::Communities(_) if shared.is_marked => {}
                // Said anew, or the session's alone.
                AttributeValue::AsPath(_)
                | AttributeValue::As4Path(_)
                | AttributeValue::Aggregator(_)
                | AttributeValue::As4Aggregator(_)
                | AttributeValue::NextHop(_)
                | AttributeValue::MpReach(_)
                | AttributeValue::MpUnreach(_)
                | AttributeValue::OriginatorId(_)
                | AttributeValue::ClusterList(_) => {}
                value => {
                    if let AttributeValue::Origin(_) = value {
                        shared.origin = attribute.value.first().copied().unwrap_or(2);
                    }
                    let mut buffer = vec![0; attribute.wire_len() + 4];
                    let mut writer = bgp_codec::Writer::new(bgp_codec::LayerName::PACKET, &mut buffer);
                    attribute.write(&mut writer)?;
                    shared.passed_on.extend_from_slice(writer.written());
                }
            }
        }
        Ok(shared)
    }

    fn path(&self) -> AsPath<'_> {
        let four = bgp_codec::session::AsSize::Four;
        AsPath::parse(AttributeType::AS_PATH.layer(), four, &self.path).unwrap_or(AsPath::EMPTY)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let options = Arc::new(Options::parse());
    let listener = TcpListener::bind(options.listen).await?;
    let (events, mut received) = unbounded_channel();
    tokio::spawn(accept(listener, Arc::clone(&options), events.clone()));
    tokio::spawn(commands(events));
    let mut table = Table::new(options);
    while let Some(event) = received.recv().await {
        match event {
            Event::Up { peer, session, identifier, to } => {
                table.up(peer, Member { session, identifier, to, told: BTreeSet::new() })?;
            }
            Event::Change { peer, change } => table.change(peer, &change)?,
            Event::Refresh { peer, family } => table.refresh(peer, family)?,
            Event::Down { peer, to } => table.down(peer, &to)?,
            Event::Dump(file) => table.dump(&file)?,
            Event::Quit => {
                table.quit()?;
                break;
            }
        }
    }
    // The sessions end with what was written last.
    let all_down = async {
        while !table.members.is_empty() {
            match received.recv().await {
                Some(Event::Down { peer, .. }) => drop(table.members.remove(&peer)),
                Some(_) => {}
                None => break,
            }
        }
    };
    drop(timeout(Duration::from_secs(5), all_down).await);
    println!("ended");
    Ok(())
}

async fn commands(events: UnboundedSender<Event>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let event = match lines.next_line().await {
            Ok(Some(line)) => match line.split_once(' ') {
                Some(("dump", file)) => Event::Dump(file.to_owned()),
                _ if line == "quit" => Event::Quit,
                _ => {
                    println!("unknown command {line:?}");
                    continue;
                }
            },
            _ => Event::Quit,
        };
        let is_last = matches!(event, Event::Quit);
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}

/// A task for each peer that comes.
async fn accept(listener: TcpListener, options: Arc<Options>, events: UnboundedSender<Event>) {
    while let Ok((stream, from)) = listener.accept().await {
        let Some(peer) = options.peers.iter().position(|of| of.address == from.ip().to_canonical()) else {
            println!("{}: not a peer", from.ip());
            continue;
        };
        let (options, events) = (Arc::clone(&options), events.clone());
        tokio::spawn(async move {
            let address = options.peers.get(peer).map(|of| of.address.to_string()).unwrap_or_default();
            if let Err(error) = session(stream, peer, &options, &events).await {
                println!("{address}: {error}");
            }
            println!("{address}: down");
        });
    }
}

/// One session, from OPEN to its end.
async fn session(
    stream: TcpStream,
    peer: usize,
    options: &Options,
    events: &UnboundedSender<Event>,
) -> Result<(), Failure> {
    let policy = options.peers.get(peer).ok_or("no such peer")?;
    let (read, write) = stream.into_split();
    let (to, from) = unbounded_channel();
    let writer = tokio::spawn(write_all(write, from));
    let mut reader = Reader { read, framer: Framer::new(), received: BytesMut::with_capacity(1 << 16) };
    let ended = talk(&mut reader, peer, policy, options, events, &to).await;
    // What ends a session is told to the peer, and the connection closes behind it.
    match ended {
        Ok(()) => {}
        Err(End::Tell(message, why)) => {
            let _ = to.send(Out::Last(message));
            println!("{}: {why}", policy.address);
        }
        Err(End::Silently(error)) => println!("{}: {error}", policy.address),
    }
    // The table's end of the channel closes with the session: the writer ends when all is written.
    let _ = events.send(Event::Down { peer, to });
    timeout(Duration::from_secs(5), writer).await???;
    Ok(())
}

/// Why a session ends.
enum End {
    /// With a NOTIFICATION.
    Tell(Bytes, String),
    /// The peer ended it, or nobody can be told.
    Silently(Failure),
}

impl<E: Into<Failure>> From<E> for End {
    fn from(error: E) -> Self {
        Self::Silently(error.into())
    }
}

impl End {
    fn with(notification: Notification<'_>, why: String) -> Self {
        let mut buffer = [0; 4096];
        let message = notification.build(4096, &mut buffer).map(Bytes::copy_from_slice).unwrap_or_default();
        Self::Tell(message, why)
    }

    /// A broken message is answered with what it quotes (RFC 4271 §6).
    fn broken(error: &bgp_codec::Error, message: &[u8]) -> Self {
        Self::with(error.notification(message), error.to_string())
    }
}

struct Reader {
    read: OwnedReadHalf,
    framer: Framer,
    received: BytesMut,
}

impl Reader {
    /// The next message, in whatever pieces it comes.
    async fn next(&mut self) -> Result<OwnedFrame, End> {
        loop {
            match self.framer.next_owned(&mut self.received) {
                Ok(Some(frame)) => return Ok(frame),
                Ok(None) => {}
                Err(error) => return Err(End::broken(&error, &self.received)),
            }
            if self.read.read_buf(&mut self.received).await? == 0 {
                return Err(End::Silently("the peer closed the connection".into()));
            }
        }
    }
}

async fn talk(
    reader: &mut Reader,
    peer: usize,
    policy: &Policy,
    options: &Options,
    events: &UnboundedSender<Event>,
    to: &UnboundedSender<Out>,
) -> Result<(), End> {
    let ours = open(policy, options)?;
    to.send(Out::Message(ours.clone()))?;
    // RFC 4271 §8.2.2: a large hold time until the OPEN has come.
    let begun = timeout(Duration::from_secs(240), begin(reader, policy, &ours, to)).await;
    let (session, identifier) = begun.map_err(|_| End::Silently("no OPEN came".into()))??;
    reader.framer = Framer::with_max_len(session.max_len_receive);
    println!("{}: established {:?} {}", policy.address, session.peer, session.families.iter().count());
    events.send(Event::Up { peer, session, identifier, to: to.clone() }).map_err(|_| "the table is gone")?;
    // RFC 4271 §4.2: with a hold time of 0 no KEEPALIVEs are sent, and nothing expires.
    let is_held = session.hold_time > 0;
    let hold_time = Duration::from_secs(u64::from(session.hold_time.max(3)));
    let mut keepalive = interval(hold_time / 3);
    let mut hold = Instant::now() + hold_time;
    loop {
        let frame = tokio::select! {
            _ = keepalive.tick(), if is_held => {
                to.send(Out::Message(Bytes::from_static(&KEEPALIVE)))?;
                continue;
            }
            () = sleep_until(hold), if is_held => {
                let expired = Notification::new(NotificationCode::HOLD_TIMER_EXPIRED);
                return Err(End::with(expired, "the hold timer expired".to_owned()));
            }
            frame = reader.next() => frame?,
        };
        hold = Instant::now() + hold_time;
        let message = frame.parse(&session).map_err(|error| End::broken(&error, frame.bytes()))?;
        match message {
            Message::Update(update) => {
                let outcome = update.validate();
                if let Outcome::SessionReset(error) = outcome {
                    return Err(End::broken(&error, frame.bytes()));
                }
                let change = read(&update, &outcome, policy, options.as_number)?;
                events.send(Event::Change { peer, change }).map_err(|_| "the table is gone")?;
            }
            Message::RouteRefresh(RouteRefresh { family, subtype: Subtype::REQUEST, .. }) => {
                events.send(Event::Refresh { peer, family }).map_err(|_| "the table is gone")?;
            }
            Message::Notification(notification) => {
                let text = notification.text().unwrap_or_default();
                return Err(End::Silently(format!("notification {} {text:?}", notification.code).into()));
            }
            Message::Open(_) => {
                let code = NotificationCode { code: 5, subcode: 3 };
                return Err(End::with(Notification::new(code), "a second OPEN".to_owned()));
            }
            Message::Keepalive | Message::RouteRefresh(_) => {}
        }
    }
}

fn open(policy: &Policy, options: &Options) -> Result<Bytes, End> {
    let mut capabilities: Vec<_> =
        FAMILIES.into_iter().map(|family| Capability::Multiprotocol { family, reserved: 0 }).collect();
    capabilities.extend([Capability::RouteRefresh, Capability::EnhancedRouteRefresh, Capability::ExtendedMessage]);
    capabilities.extend((!policy.two_octet).then_some(Capability::FourOctetAs(options.as_number)));
    let (as_number, hold_time, identifier) = (options.as_number, options.hold_time, options.identifier);
    let config = OpenConfig { as_number, hold_time, identifier, capabilities: &capabilities };
    let mut buffer = [0; 512];
    Ok(Bytes::copy_from_slice(config.build(&mut buffer)?))
}

/// The peer's OPEN, and the KEEPALIVE behind it.
async fn begin(
    reader: &mut Reader,
    policy: &Policy,
    ours: &Bytes,
    to: &UnboundedSender<Out>,
) -> Result<(Negotiated, Ipv4Addr), End> {
    let mut agreed = None;
    loop {
        let (frame, assumed) = (reader.next().await?, Negotiated::assumed());
        match frame.parse(&assumed).map_err(|error| End::broken(&error, frame.bytes()))? {
            Message::Open(theirs) if agreed.is_none() => {
                if theirs.as_number() != policy.as_number {
                    let why = format!("AS {} and not {}", theirs.as_number(), policy.as_number);
                    return Err(End::with(Notification::new(NotificationCode::BAD_PEER_AS), why));
                }
                let ours = Open::parse(ours.get(19..).unwrap_or_default())?;
                let session =
                    Negotiated::between(&ours, &theirs).map_err(|error| End::broken(&error, frame.bytes()))?;
                agreed = Some((session, theirs.identifier()));
                to.send(Out::Message(Bytes::from_static(&KEEPALIVE)))?;
            }
            Message::Keepalive => return agreed.ok_or("a KEEPALIVE in front of the OPEN").map_err(End::from),
            Message::Notification(notification) => {
                return Err(End::Silently(format!("refused: {}", notification.code).into()));
            }
            _ => {
                let code = NotificationCode { code: 5, subcode: 1 };
                return Err(End::with(Notification::new(code), "no OPEN".to_owned()));
            }
        }
    }
}

/// What an UPDATE changes: RFC 7606's answer, and the peer's policy.
fn read(update: &Update<'_>, outcome: &Outcome, policy: &Policy, own: u32) -> Result<Change, End> {
    let prefixes = |route: bgp_codec::Route<'_>| route.nlri.prefix();
    let mut withdrawn: Vec<_> = update.withdrawn().filter_map(prefixes).collect();
    let mut announced: Vec<_> = update.announced().filter_map(prefixes).collect();
    // RFC 4271 §9.1.2: a path with the speaker's own AS is a loop.
    let is_loop = update.as_path().into_iter().flatten().any(|of| of.as_numbers().any(|number| number == own));
    if matches!(outcome, Outcome::TreatAsWithdraw) || is_loop {
        withdrawn.append(&mut announced);
    }
    // What is denied takes the place of what was there before.
    let (denied, announced): (Vec<_>, Vec<_>) = announced.into_iter().partition(|prefix| policy.denies(*prefix));
    withdrawn.extend(denied);
    let attributes = Arc::new(Shared::of(update, outcome, &policy.communities)?);
    Ok(Change { withdrawn, announced, attributes })
}

/// Writes what comes, until the last.
async fn write_all(mut write: OwnedWriteHalf, mut from: UnboundedReceiver<Out>) -> Result<(), Failure> {
    while let Some(out) = from.recv().await {
        let (Out::Message(message) | Out::Last(message)) = &out;
        // A peer that takes nothing for so long is gone; the queue behind it would only grow.
        timeout(Duration::from_secs(60), write.write_all(message)).await??;
        if matches!(out, Out::Last(_)) {
            break;
        }
    }
    Ok(write.shutdown().await?)
}

/// A peer whose session stands.
struct Member {
    session: Negotiated,
    identifier: Ipv4Addr,
    to: UnboundedSender<Out>,
    /// The prefixes that it was told.
    told: BTreeSet<IpPrefix>,
}

/// All paths, by prefix and peer.
struct Table {
    options: Arc<Options>,
    members: BTreeMap<usize, Member>,
    paths: BTreeMap<IpPrefix, BTreeMap<usize, Arc<Shared>>>,
}

impl Table {
    const fn new(options: Arc<Options>) -> Self {
        Self { options, members: BTreeMap::new(), paths: BTreeMap::new() }
    }

    fn up(&mut self, peer: usize, member: Member) -> Result<(), Failure> {
        // One that comes again has lost the session that it had (RFC 4271 §6.8 has more to say of two at a time).
        if let Some(before) = self.members.get(&peer).map(|before| before.to.clone()) {
            self.down(peer, &before)?;
        }
        self.members.insert(peer, member);
        FAMILIES.into_iter().try_for_each(|family| self.tell_all(peer, family))
    }

    fn change(&mut self, peer: usize, change: &Change) -> Result<(), Failure> {
        for prefix in &change.withdrawn {
            self.remove(*prefix, peer);
        }
        for prefix in &change.announced {
            self.paths.entry(*prefix).or_default().insert(peer, Arc::clone(&change.attributes));
        }
        self.tell(change.withdrawn.iter().chain(&change.announced).copied())
    }

    fn down(&mut self, peer: usize, to: &UnboundedSender<Out>) -> Result<(), Failure> {
        if !self.members.get(&peer).is_some_and(|member| member.to.same_channel(to)) {
            return Ok(());
        }
        self.members.remove(&peer);
        let of_peer = |(prefix, paths): (&IpPrefix, &BTreeMap<usize, _>)| paths.contains_key(&peer).then_some(*prefix);
        let gone: Vec<_> = self.paths.iter().filter_map(of_peer).collect();
        gone.iter().for_each(|prefix| self.remove(*prefix, peer));
        self.tell(gone.into_iter())
    }

    fn refresh(&mut self, peer: usize, family: Family) -> Result<(), Failure> {
        let Some(member) = self.members.get(&peer).filter(|member| member.session.may_exchange(family)) else {
            return Ok(());
        };
        let (to, has_marks) = (member.to.clone(), member.session.enhanced_route_refresh);
        let mark = |subtype| {
            let mut buffer = [0; 32];
            let message = RouteRefresh::new(family, subtype).build(4096, &mut buffer).map(Bytes::copy_from_slice);
            message.is_ok_and(|message| has_marks && to.send(Out::Message(message)).is_ok())
        };
        mark(Subtype::BEGIN);
        self.tell_all(peer, family)?;
        mark(Subtype::END);
        Ok(())
    }

    fn quit(&self) -> Result<(), Failure> {
        let mut buffer = [0; 64];
        let code = NotificationCode::ADMINISTRATIVE_SHUTDOWN;
        let message = Bytes::copy_from_slice(Notification { code, data: b"\x03bye" }.build(4096, &mut buffer)?);
        self.members.values().for_each(|member| drop(member.to.send(Out::Last(message.clone()))));
        Ok(())
    }

    fn remove(&mut self, prefix: IpPrefix, peer: usize) {
        if let Some(paths) = self.paths.get_mut(&prefix) {
            paths.remove(&peer);
            if paths.is_empty() {
                self.paths.remove(&prefix);
            }
        }
    }

    /// The peer with the best path: RFC 4271 §9.1.2.2, but that MULTI_EXIT_DISC is compared whichever AS told it.
    fn best(&self, prefix: IpPrefix) -> Option<(usize, &Arc<Shared>)> {
        let rank = |(peer, shared): &(&usize, &Arc<Shared>)| {
            let member = self.members.get(peer);
            let is_internal = member.is_some_and(|member| member.session.peer == Peer::Internal);
            let preference = shared.local_pref.unwrap_or(100);
            let length = shared.path().length();
            let med = shared.multi_exit_disc.unwrap_or(0);
            let identifier = member.map(|member| member.identifier);
            (std::cmp::Reverse(preference), length, shared.origin, med, is_internal, identifier)
        };
        self.paths.get(&prefix)?.iter().min_by_key(rank).map(|(peer, shared)| (*peer, shared))
    }

    /// Tells every peer what these prefixes have become. Prefixes whose best path has the same attributes share UPDATEs.
    fn tell(&mut self, prefixes: impl Iterator<Item = IpPrefix> + Clone) -> Result<(), Failure> {
        let peers: Vec<_> = self.members.keys().copied().collect();
        peers.into_iter().try_for_each(|peer| self.tell_peer(peer, prefixes.clone()))
    }

    fn tell_all(&mut self, peer: usize, family: Family) -> Result<(), Failure> {
        let is_of = |prefix: &&IpPrefix| matches!(prefix, IpPrefix::V4(_)) == (family == Family::IPV4_UNICAST);
        let prefixes: Vec<_> = self.paths.keys().filter(is_of).copied().collect();
        self.tell_peer(peer, prefixes.into_iter())?;
        if let Some(member) = self.members.get(&peer).filter(|member| member.session.may_exchange(family)) {
            let end = Bytes::copy_from_slice(end_of_rib(family, &mut [0; 64])?);
            let _ = member.to.send(Out::Message(end));
        }
        Ok(())
    }

    fn tell_peer(&mut self, peer: usize, prefixes: impl Iterator<Item = IpPrefix>) -> Result<(), Failure> {
        let Some(mut member) = self.members.remove(&peer) else {
            return Ok(());
        };
        let (mut gone, mut groups) = (Vec::new(), BTreeMap::<_, (usize, Arc<Shared>, Vec<IpPrefix>)>::new());
        for prefix in prefixes.collect::<BTreeSet<_>>() {
            match self.best(prefix).filter(|(from, shared)| self.goes_to(*from, shared, peer, &member)) {
                Some((from, shared)) => {
                    member.told.insert(prefix);
                    let group = groups.entry((from, Arc::as_ptr(shared)));
                    group.or_insert_with(|| (from, Arc::clone(shared), Vec::new())).2.push(prefix);
                }
                None if member.told.remove(&prefix) => gone.push(prefix),
                None => {}
            }
        }
        let mut messages = withdraw(&gone, &member.session)?;
        for (from, shared, prefixes) in groups.into_values() {
            messages.extend(self.announce(from, &shared, &prefixes, peer, &member.session)?);
        }
        for message in messages {
            // A writer that is gone takes its session with it.
            let _ = member.to.send(Out::Message(message));
        }
        self.members.insert(peer, member);
        Ok(())
    }

    /// Whether a peer is told of a path: not of its own, not inside an AS of what came from inside (RFC 4271 §9.2.1), not past what
    /// well-known communities say (RFC 1997).
    fn goes_to(&self, from: usize, shared: &Shared, peer: usize, member: &Member) -> bool {
        let is_internal = |peer: &usize| self.members.get(peer).is_some_and(|of| of.session.peer == Peer::Internal);
        let to_internal = member.session.peer == Peer::Internal;
        from != peer
            && !(to_internal && is_internal(&from))
            && !shared.communities.contains(&Community::NO_ADVERTISE)
            && (to_internal || !shared.communities.contains(&Community::NO_EXPORT))
    }

    fn announce(
        &self,
        from: usize,
        shared: &Shared,
        prefixes: &[IpPrefix],
        peer: usize,
        session: &Negotiated,
    ) -> Result<Vec<Bytes>, Failure> {
        let policy = self.options.peers.get(peer).ok_or("no such peer")?;
        let is_external = session.peer == Peer::External;
        let as_it_is = policy.is_transparent && is_external;
        let count = if is_external && !as_it_is { policy.prepend } else { 0 };
        let mut area = vec![0; shared.path.len() + 6 * count + 16];
        let own = vec![self.options.as_number; count];
        let path = PathBuilder::new(&mut area).sequence(&own)?.segments(shared.path().segments())?.build();
        let mut values = vec![AttributeValue::AsPath(path)];
        values.extend(shared.aggregator.map(AttributeValue::Aggregator));
        values.extend(shared.is_marked.then_some(AttributeValue::Communities(&shared.communities)));
        // RFC 4271 §5.1.4: what another AS told goes to no third, but through a route server (RFC 7947 §2.2.3).
        let is_own = self.options.peers.get(from).is_some_and(|of| of.as_number == self.options.as_number);
        let tells_med = !is_external || as_it_is || is_own && shared.path().length() == 0;
        values.extend(shared.multi_exit_disc.filter(|_| tells_med).map(AttributeValue::MultiExitDisc));
        let preference = shared.local_pref.unwrap_or(100);
        values.extend((!is_external).then_some(AttributeValue::LocalPref(preference)));
        let (four, six) = match as_it_is {
            true => (
                shared.next_hops.0.unwrap_or(self.options.identifier),
                shared.next_hops.1.unwrap_or(self.options.next_hop),
            ),
            false => (self.options.identifier, self.options.next_hop),
        };
        let (ipv4, ipv6) = split(prefixes);
        let passed_on = Attributes::new(&shared.passed_on, 0);
        let mut area = vec![0; shared.passed_on.len() + 2 * shared.path.len() + 4 * shared.communities.len() + 512];
        let mut messages = Vec::new();
        if !ipv6.is_empty() && session.may_exchange(Family::IPV6_UNICAST) {
            let attributes = SharedAttributes::write_with(&values, passed_on, session, &mut area)?;
            let next_hop = NextHop::Ipv6(six);
            let routes = ipv6.into_iter();
            collect(Updates::announce(Family::IPV6_UNICAST, next_hop, attributes, routes, session)?, &mut messages)?;
        }
        if !ipv4.is_empty() && session.may_exchange(Family::IPV4_UNICAST) {
            values.push(AttributeValue::NextHop(four));
            let attributes = SharedAttributes::write_with(&values, passed_on, session, &mut area)?;
            collect(Updates::announce_ipv4(attributes, ipv4.into_iter(), session)?, &mut messages)?;
        }
        Ok(messages)
    }

    fn dump(&self, file: &str) -> Result<(), Failure> {
        let mut text = String::new();
        for (prefix, paths) in &self.paths {
            let best = self.best(*prefix).map(|(peer, _)| peer);
            let prefix = match prefix {
                IpPrefix::V4(prefix) => prefix.to_string(),
                IpPrefix::V6(prefix) => prefix.to_string(),
            };
            let mut peers: Vec<_> = paths.keys().copied().collect();
            peers.sort_by_key(|peer| Some(*peer) != best);
            for peer in peers {
                let (Some(shared), Some(policy)) = (paths.get(&peer), self.options.peers.get(peer)) else { continue };
                writeln!(text, "{prefix} from {} path {}", policy.address, shared.path())?;
            }
        }
        // Whoever waits for the file finds it whole.
        std::fs::write(format!("{file}.part"), text)?;
        Ok(std::fs::rename(format!("{file}.part"), file)?)
    }
}

fn split(prefixes: &[IpPrefix]) -> (Vec<Ipv4Prefix>, Vec<Ipv6Prefix>) {
    let (mut four, mut six) = (Vec::new(), Vec::new());
    for prefix in prefixes {
        match prefix {
            IpPrefix::V4(prefix) => four.push(*prefix),
            IpPrefix::V6(prefix) => six.push(*prefix),
        }
    }
    (four, six)
}

fn withdraw(prefixes: &[IpPrefix], session: &Negotiated) -> Result<Vec<Bytes>, Failure> {
    let (four, six) = split(prefixes);
    let mut messages = Vec::new();
    if !four.is_empty() {
        collect(Updates::withdraw(Family::IPV4_UNICAST, four.into_iter(), session)?, &mut messages)?;
    }
    if !six.is_empty() {
        collect(Updates::withdraw(Family::IPV6_UNICAST, six.into_iter(), session)?, &mut messages)?;
    }
    Ok(messages)
}

fn collect<R: bgp_codec::build::WriteRoute>(
    mut updates: Updates<'_, impl Iterator<Item = R>>,
    messages: &mut Vec<Bytes>,
) -> Result<(), Failure> {
    let mut buffer = vec![0; 65_535];
    while let Some(message) = updates.next(&mut buffer)? {
        messages.push(Bytes::copy_from_slice(message));
    }
    Ok(())
}
