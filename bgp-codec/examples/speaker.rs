//! A small BGP speaker: one session, a table of what was received, routes that it announces and withdraws. It shows how
//! `bgp-codec` is embedded, and `interop/run bgp` runs it against other implementations. It is no router: nothing is decided,
//! and nothing is forwarded.
//!
//! It reads commands from standard input, a line each:
//!
//! ```text
//! announce ipv4 N        N routes: 10.0.0.0/24, 10.0.1.0/24 …      (ipv6: 2001:db8:0::/48 …; blocks: 10.244.0.0/26 …)
//! withdraw ipv4 N        the first N of them
//! announce evpn|vpn|flow one route of the family
//! refresh                asks for all IPv4 routes again
//! dump FILE              writes what was received, a route a line
//! quit                   ends the session with a NOTIFICATION
//! ```
#![allow(clippy::unwrap_used, reason = "an example may fail loudly")]

use std::collections::BTreeMap;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bgp_codec::attribute::{Administrator, ExtendedCommunity, NextHop, Origin, PathBuilder};
use bgp_codec::build::{SharedAttributes, Updates, WriteRoute, end_of_rib};
use bgp_codec::capability::{AddPathFamily, AddPathMode, GracefulRestart, RestartFamily};
use bgp_codec::message::KEEPALIVE;
use bgp_codec::message::open::OpenConfig;
use bgp_codec::message::route_refresh::Subtype;
use bgp_codec::nlri::{EvpnRoute, FlowSpec, KnownEvpn, Label, RouteDistinguisher, Vpn};
use bgp_codec::{
    Afi, AttributeValue, Capability, Family, Framer, IpPrefix, Ipv4Prefix, Ipv6Prefix, Message, Negotiated, Nlri,
    Notification, NotificationCode, Open, Outcome, Route, RouteRefresh, Update,
};
use bytes::BytesMut;
use clap::Parser;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, interval, sleep, sleep_until};

#[derive(Debug, Parser)]
struct Options {
    /// The speaker's own address
    #[arg(long)]
    local: IpAddr,
    /// The peer's address
    #[arg(long)]
    peer: IpAddr,
    /// The speaker's AS
    #[arg(long = "as")]
    as_number: u32,
    /// The speaker's identifier, and the next hop of its IPv4 routes
    #[arg(long, default_value = "192.0.2.2")]
    identifier: Ipv4Addr,
    /// The next hop of its IPv6 routes
    #[arg(long, default_value = "2001:db8::2")]
    next_hop: Ipv6Addr,
    /// Families beside IPv4 unicast: ipv6, evpn, vpn, flow
    #[arg(long, value_delimiter = ',')]
    families: Vec<String>,
    /// Hold time, in seconds
    #[arg(long, default_value_t = 9)]
    hold_time: u16,
    /// Does not tell of 4-octet AS numbers
    #[arg(long)]
    two_octet: bool,
    /// Sends and takes several paths to a prefix
    #[arg(long)]
    add_path: bool,
    /// Sends and takes messages up to 65535 bytes
    #[arg(long)]
    extended: bool,
    /// Tells of graceful restart
    #[arg(long)]
    graceful: bool,
    /// How many paths to announce to each prefix, with --add-path
    #[arg(long, default_value_t = 1)]
    paths: u32,
}

const FAMILIES: [(&str, Family); 4] = [
    ("ipv6", Family::IPV6_UNICAST),
    ("evpn", Family::EVPN),
    ("vpn", Family::IPV4_VPN),
    ("flow", Family::IPV4_FLOW_SPEC),
];

impl Options {
    fn families(&self) -> Vec<Family> {
        let more = FAMILIES.iter().filter(|(name, _)| self.families.iter().any(|of| of == name));
        [Family::IPV4_UNICAST].into_iter().chain(more.map(|(_, family)| *family)).collect()
    }

    fn open(&self, buffer: &mut [u8]) -> Vec<u8> {
        let families = self.families();
        let paths: Vec<_> = families.iter().map(|family| AddPathFamily::new(*family, AddPathMode::BOTH)).collect();
        let restart: Vec<_> = families.iter().map(|family| RestartFamily::new(*family, false)).collect();
        let mut capabilities: Vec<_> =
            families.iter().map(|family| Capability::Multiprotocol { family: *family, reserved: 0 }).collect();
        capabilities.extend([Capability::RouteRefresh, Capability::EnhancedRouteRefresh]);
        capabilities.extend((!self.two_octet).then_some(Capability::FourOctetAs(self.as_number)));
        capabilities.extend(self.add_path.then_some(Capability::AddPath(&paths)));
        capabilities.extend(self.extended.then_some(Capability::ExtendedMessage));
        capabilities.extend(self.graceful.then_some(Capability::GracefulRestart(GracefulRestart::new(120, &restart))));
        let config = OpenConfig {
            as_number: self.as_number,
            hold_time: self.hold_time,
            identifier: self.identifier,
            capabilities: &capabilities,
        };
        config.build(buffer).unwrap().to_vec()
    }
}

/// What was received and not withdrawn: by family, route and path identifier the next hop and the path.
type Table = BTreeMap<String, String>;

struct Session {
    stream: TcpStream,
    received: BytesMut,
    framer: Framer,
    agreed: Negotiated,
    table: Table,
    options: Options,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let mut commands = BufReader::new(tokio::io::stdin()).lines();
    let mut session = begin(options).await?;
    println!("established {:?}", session.agreed);
    // RFC 4271 §4.2, §4.4: a hold time of 0 means that no KEEPALIVEs are sent and nothing expires. The timers run all the same, for
    // `select!` wants something to wait for, and nobody asks them.
    let is_held = session.agreed.hold_time > 0;
    let hold_time = Duration::from_secs(u64::from(session.agreed.hold_time.max(3)));
    let mut keepalive = interval(hold_time / 3);
    let mut hold = Instant::now() + hold_time;
    loop {
        tokio::select! {
            _ = keepalive.tick(), if is_held => session.stream.write_all(&KEEPALIVE).await?,
            () = sleep_until(hold), if is_held => return session.end(Notification::new(NotificationCode::HOLD_TIMER_EXPIRED)).await,
            line = commands.next_line() => match line?.as_deref() {
                Some("quit") | None => {
                    let data = b"\x03bye";
                    let code = NotificationCode::ADMINISTRATIVE_SHUTDOWN;
                    return session.end(Notification { code, data }).await;
                }
                Some(line) => session.command(line).await?,
            },
            read = session.stream.read_buf(&mut session.received) => {
                if read? == 0 {
                    println!("closed");
                    return Ok(());
                }
                hold = Instant::now() + hold_time;
                loop {
                    match session.framer.next_owned(&mut session.received) {
                        Ok(Some(frame)) => {
                            if !session.take(&frame).await? {
                                return Ok(());
                            }
                        }
                        Ok(None) => break,
                        // What is no BGP is answered, and then there is no telling where the next message begins.
                        Err(error) => {
                            println!("reset {error}");
                            let received = session.received.split();
                            return session.end(error.notification(&received)).await;
                        }
                    }
                }
            }
        }
    }
}

/// Connects, and goes through OPEN and KEEPALIVE.
async fn begin(options: Options) -> Result<Session, Box<dyn Error>> {
    let peer = SocketAddr::new(options.peer, 179);
    let mut tries = 0;
    let mut stream = loop {
        let socket = if options.peer.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(SocketAddr::new(options.local, 0))?;
        match socket.connect(peer).await {
            Ok(stream) => break stream,
            Err(error) if tries == 60 => return Err(error.into()),
            Err(_) => tries += 1,
        }
        sleep(Duration::from_millis(500)).await;
    };
    let mut received = BytesMut::with_capacity(1 << 16);
    let ours = options.open(&mut [0; 4096]);
    stream.write_all(&ours).await?;
    // An OPEN, and then a KEEPALIVE, in whatever pieces they come.
    let (framer, mut agreed) = (Framer::new(), None);
    loop {
        while let Some(frame) = framer.next_owned(&mut received)? {
            let assumed = Negotiated::assumed();
            match frame.parse(&assumed)? {
                Message::Open(theirs) => {
                    agreed = Some(Negotiated::between(&Open::parse(ours.get(19..).unwrap_or_default())?, &theirs)?);
                    stream.write_all(&KEEPALIVE).await?;
                }
                Message::Keepalive => {
                    let agreed = agreed.ok_or("a KEEPALIVE before the OPEN")?;
                    let framer = Framer::with_max_len(agreed.max_len_receive);
                    return Ok(Session { stream, received, framer, agreed, table: Table::new(), options });
                }
                Message::Notification(notification) => return Err(format!("refused: {}", notification.code).into()),
                other => return Err(format!("not expected: {other:?}").into()),
            }
        }
        if stream.read_buf(&mut received).await? == 0 {
            return Err("the peer closed the connection".into());
        }
    }
}

impl Session {
    /// Takes a message in; whether the session goes on.
    async fn take(&mut self, frame: &bgp_codec::codec::OwnedFrame) -> Result<bool, Box<dyn Error>> {
        let agreed = self.agreed;
        match frame.parse(&agreed) {
            Ok(Message::Update(update)) => match update.validate() {
                Outcome::SessionReset(error) => {
                    println!("reset {error}");
                    self.end(error.notification(frame.bytes())).await?;
                    return Ok(false);
                }
                outcome => {
                    if !outcome.is_accept() {
                        println!("odd {:?}", outcome.action());
                    }
                    self.update(&update, &outcome);
                }
            },
            Ok(Message::Notification(notification)) => {
                println!("notification {} {:?}", notification.code, notification.text().unwrap_or_default());
                return Ok(false);
            }
            Ok(Message::RouteRefresh(refresh)) => println!("refresh {} {}", refresh.family, refresh.subtype),
            Ok(_) => {}
            Err(error) => {
                println!("reset {error}");
                self.end(error.notification(frame.bytes())).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn update(&mut self, update: &Update<'_>, outcome: &Outcome) {
        if let Some(family) = update.end_of_rib() {
            println!("end-of-rib {family}");
        }
        let key =
            |route: &Route<'_>| format!("{} {}", route.family, Route { nlri: route.nlri.destination(), ..*route });
        for route in update.withdrawn() {
            self.table.remove(&key(&route));
        }
        // A path that leads back here is a loop (RFC 4271 §9.1.2).
        let mut hops = update.as_path().into_iter().flatten().flat_map(|segment| segment.as_numbers());
        let is_loop = hops.any(|of| of == self.options.as_number);
        let path: Vec<_> = update.as_path().into_iter().flatten().map(|segment| segment.to_string()).collect();
        for (route, next_hop) in update.announced_with_next_hops() {
            match outcome {
                Outcome::TreatAsWithdraw => drop(self.table.remove(&key(&route))),
                _ if is_loop => drop(self.table.remove(&key(&route))),
                _ => {
                    let next_hop = next_hop.map_or("none".to_owned(), |of| of.to_string());
                    self.table.insert(key(&route), format!("via {next_hop} path {}", path.join(" ")));
                }
            }
        }
    }

    async fn command(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        let words: Vec<_> = line.split_whitespace().collect();
        let count = |text: &str| text.parse::<u32>().unwrap_or(1);
        match words[..] {
            ["announce", "ipv4", n] => self.announce_ipv4(ipv4(count(n))).await?,
            ["announce", "blocks", n] => self.announce_ipv4(blocks(count(n))).await?,
            ["announce", "ipv6", n] => {
                let next_hop = NextHop::Ipv6(self.options.next_hop);
                self.announce(Family::IPV6_UNICAST, next_hop, &[], ipv6(count(n)).into_iter()).await?;
            }
            ["withdraw", "ipv4", n] => self.withdraw(Family::IPV4_UNICAST, ipv4(count(n)).into_iter()).await?,
            ["withdraw", "blocks", n] => self.withdraw(Family::IPV4_UNICAST, blocks(count(n)).into_iter()).await?,
            ["withdraw", "ipv6", n] => self.withdraw(Family::IPV6_UNICAST, ipv6(count(n)).into_iter()).await?,
            ["announce", name @ ("evpn" | "vpn" | "flow")] => self.announce_one(name).await?,
            ["end-of-rib"] => {
                for family in self.agreed.families.iter() {
                    self.stream.write_all(end_of_rib(family, &mut [0; 64])?).await?;
                }
            }
            ["refresh"] => {
                let refresh = RouteRefresh::new(Family::IPV4_UNICAST, Subtype::REQUEST);
                self.stream.write_all(refresh.build(4096, &mut [0; 64])?).await?;
            }
            ["dump", file] => {
                let lines: String = self.table.iter().map(|(route, how)| format!("{route} {how}\n")).collect();
                std::fs::write(format!("{file}.part"), lines)?;
                std::fs::rename(format!("{file}.part"), file)?;
            }
            _ => println!("unknown command {line:?}"),
        }
        Ok(())
    }

    async fn announce_ipv4(&mut self, routes: Vec<Ipv4Prefix>) -> Result<(), Box<dyn Error>> {
        let paths = if self.agreed.add_path_send.contains(Family::IPV4_UNICAST) { self.options.paths } else { 1 };
        for path_id in 1..=paths {
            let mut area = [0; 256];
            let next_hop = [AttributeValue::NextHop(self.options.identifier)];
            let attributes = self.attributes(&next_hop, path_id, &mut area)?;
            let routes = routes.iter().map(|prefix| (path_id, *prefix));
            let updates = Updates::announce_ipv4(attributes, routes, &self.agreed)?;
            send(&mut self.stream, updates).await?;
        }
        Ok(())
    }

    async fn announce<R: WriteRoute>(
        &mut self,
        family: Family,
        next_hop: NextHop<'_>,
        more: &[AttributeValue<'_>],
        routes: impl Iterator<Item = R>,
    ) -> Result<(), Box<dyn Error>> {
        let mut area = [0; 256];
        let attributes = self.attributes(more, 1, &mut area)?;
        let updates = Updates::announce(family, next_hop, attributes, routes, &self.agreed)?;
        send(&mut self.stream, updates).await
    }

    /// One route of a family, with what it needs.
    async fn announce_one(&mut self, name: &str) -> Result<(), Box<dyn Error>> {
        let number = (self.options.as_number & 0xffff) as u16;
        let distinguisher = RouteDistinguisher::of_address(self.options.identifier, 7);
        let target = ExtendedCommunity::route_target(Administrator::As(number, 7));
        let next_hop = NextHop::Ipv4(self.options.identifier);
        let (labels, components) = ([Label::new(100, true)], [1, 24, 192, 0, 2, 3, 0x81, 6]);
        let (family, nlri, next_hop, community) = match name {
            "evpn" => {
                let originator = Some(self.options.identifier.into());
                let route = KnownEvpn::InclusiveMulticast { ethernet_tag: 0, originator };
                (Family::EVPN, Nlri::Evpn(EvpnRoute::Known { distinguisher, route }), next_hop, target)
            }
            "vpn" => {
                let prefix = IpPrefix::V4("10.99.0.0/24".parse()?);
                let next_hop = NextHop::VpnIpv4(RouteDistinguisher([0; 8]), self.options.identifier);
                (Family::IPV4_VPN, Nlri::Vpn(Vpn { labels: &labels, distinguisher, prefix }), next_hop, target)
            }
            _ => {
                let flow = FlowSpec::new(Afi::IPV4, None, &components)?;
                let drop_all = ExtendedCommunity::traffic_rate(number, 0.0);
                (Family::IPV4_FLOW_SPEC, Nlri::FlowSpec(flow), NextHop::None, drop_all)
            }
        };
        let communities = [community];
        let route = Route { family, path_id: None, nlri };
        self.announce(family, next_hop, &[AttributeValue::ExtendedCommunities(&communities)], [route].into_iter()).await
    }

    async fn withdraw<R: WriteRoute>(
        &mut self,
        family: Family,
        routes: impl Iterator<Item = R>,
    ) -> Result<(), Box<dyn Error>> {
        let updates = Updates::withdraw(family, routes, &self.agreed)?;
        send(&mut self.stream, updates).await
    }

    /// ORIGIN and the path, and LOCAL_PREF for an internal peer. Of several paths the second is a hop longer, and so on.
    fn attributes<'b>(
        &self,
        more: &[AttributeValue<'_>],
        path_id: u32,
        area: &'b mut [u8],
    ) -> Result<SharedAttributes<'b>, Box<dyn Error>> {
        let hops = if self.agreed.peer == bgp_codec::Peer::Internal { path_id - 1 } else { path_id };
        let mut segments = [0; 2048];
        let path = PathBuilder::new(&mut segments);
        let path = path.sequence(&vec![self.options.as_number; hops as usize])?.build();
        let mut values = vec![AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(path)];
        values.extend((self.agreed.peer == bgp_codec::Peer::Internal).then_some(AttributeValue::LocalPref(100)));
        values.extend(more);
        Ok(SharedAttributes::write(&values, &self.agreed, area)?)
    }

    async fn end(&mut self, notification: Notification<'_>) -> Result<(), Box<dyn Error>> {
        let mut buffer = vec![0; 65_535];
        let message = notification.build(self.agreed.max_len_built(), &mut buffer)?;
        self.stream.write_all(message).await?;
        self.stream.shutdown().await?;
        println!("ended {}", notification.code);
        Ok(())
    }
}

async fn send<R: WriteRoute, I: Iterator<Item = R>>(
    stream: &mut TcpStream,
    mut updates: Updates<'_, I>,
) -> Result<(), Box<dyn Error>> {
    let mut buffer = vec![0; 65_535];
    while let Some(message) = updates.next(&mut buffer)? {
        stream.write_all(message).await?;
    }
    Ok(())
}

fn ipv4(count: u32) -> Vec<Ipv4Prefix> {
    (0..count).map(|n| Ipv4Prefix::new(Ipv4Addr::from_bits(0x0a00_0000 + (n << 8)), 24).unwrap()).collect()
}

/// As Calico hands them out: /26 of 10.244.0.0/16.
fn blocks(count: u32) -> Vec<Ipv4Prefix> {
    (0..count).map(|n| Ipv4Prefix::new(Ipv4Addr::from_bits(0x0af4_0000 + (n << 6)), 26).unwrap()).collect()
}

fn ipv6(count: u32) -> Vec<Ipv6Prefix> {
    let first = 0x2001_0db8_u128 << 96;
    (0..u128::from(count)).map(|n| Ipv6Prefix::new(Ipv6Addr::from_bits(first + (n << 80)), 48).unwrap()).collect()
}
