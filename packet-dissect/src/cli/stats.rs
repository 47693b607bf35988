//! `--stats`: packets, bytes and errors by protocols, by network and by tunnel, and what the tunnels cost; which pods lie
//! behind which node of a Flannel network, and how many hops they have gone.

use std::io::Write;
use std::net::IpAddr;
use std::ops::Range;

use crate::bgp::BgpMessage;
use crate::{Error, Layer};
use bgp_codec::Negotiated;
use bgp_codec::bmp::BmpMessage;
use ether_ip::sflow::{FlowSample, SampledHeader};
use flannel_udp_codec::ipnet::{IpNet, Ipv4Net};
use geneve_codec::OptionClass;
use serde_json::{Value as Json, json};
use weave_codec::sleeve::FRAME_OVERHEAD;

use super::cluster::{Place, Way};
use super::listener::{BmpRead, Listener, Shown};
use super::opened::Opening;
use super::packet::Addresses;
use super::palette::Palette;
use super::rows::{self, Key, Rows};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    packets: u64,
    bytes: u64,
    errors: u64,
    overhead: u64,
}

impl Count {
    fn add(&mut self, packet: Self) {
        self.packets += packet.packets;
        self.bytes += packet.bytes;
        self.errors += packet.errors;
        self.overhead += packet.overhead;
    }
}

impl Count {
    /// Added to what tells what is counted.
    fn json(&self, mut of: Json) -> Json {
        let Self { packets, bytes, errors, overhead } = *self;
        for (name, number) in [("packets", packets), ("bytes", bytes), ("errors", errors), ("overhead", overhead)] {
            of[name] = number.into();
        }
        of
    }
}

/// A table of counts.
type Table<K> = Rows<K, Count>;

impl Key for (&'static str, IpAddr, IpAddr) {}
impl Key for (IpAddr, IpNet) {}
impl Key for (IpAddr, IpAddr, u8) {}

impl<K: Key> Rows<K, Count> {
    fn add(&mut self, key: &K, packet: Count) {
        self.change(key, |row| row.add(packet));
    }

    /// An object a row; what is beyond those that are told apart last, as `others`.
    fn json(&self, name: impl Fn(&K) -> Json) -> Json {
        let mut rows: Vec<_> = self.sorted().into_iter().map(|(key, count)| count.json(name(key))).collect();
        rows.extend(self.others().map(|others| others.json(json!({ "others": true }))));
        rows.into()
    }

    /// The rows, those with most bytes first.
    fn sorted(&self) -> Vec<(&K, Count)> {
        let mut rows: Vec<_> = self.iter().map(|(key, count)| (key, *count)).collect();
        rows.sort_by(|a, b| b.1.bytes.cmp(&a.1.bytes).then_with(|| a.0.cmp(b.0)));
        rows
    }
}

/// What is counted of a capture.
#[derive(Debug, Default)]
pub(super) struct Stats {
    total: Count,
    stacks: Table<String>,
    networks: Table<String>,
    tunnels: Table<(&'static str, IpAddr, IpAddr)>,
    kinds: Table<&'static str>,
    pods: Table<(IpAddr, IpNet)>,
    hops: Table<(IpAddr, IpAddr, u8)>,
    /// Of what somebody else has counted.
    flows: Table<String>,
}

/// What a packet is, for the tables.
#[derive(Debug, Default)]
struct Seen {
    stack: String,
    addresses: Option<Addresses>,
    /// Each tunnel: its kind, the network's number where it has one, its ends, and the bytes up to what is inside.
    tunnels: Vec<(&'static str, Option<u32>, Option<Addresses>, usize)>,
    /// UDP's ports, of which the tunnel's is one.
    ports: [u16; 2],
    /// Whose network it seems to be.
    kind: Option<&'static str>,
    /// The ends of a tunnel of Flannel's UDP backend whose inner packet comes next.
    nodes: Option<(IpAddr, IpAddr)>,
    /// Pod networks, each with its node: by a lease, or by the tunnel that the packet came in.
    pods: Vec<(IpAddr, IpNet)>,
    /// The time to live with which a packet goes through such a tunnel.
    hops: Option<(IpAddr, IpAddr, u8)>,
    /// Where the layer seen last ends.
    end: usize,
    is_broken: bool,
    /// Sampled packets follow, which are not counted.
    is_sampled: bool,
}

impl Stats {
    /// Counts a packet; what is none is passed by.
    pub(super) fn add(&mut self, shown: &impl Shown) {
        let Some(record) = shown.record() else { return };
        let mut seen = Seen::default();
        shown.show(&mut seen);
        // The outermost tunnel's overhead lies within the inner ones': the innermost's is the packet's.
        let overhead = seen.tunnels.last().map_or(0, |tunnel| tunnel.3 as u64);
        let bytes = u64::from(record.original_len);
        let packet = Count { packets: 1, bytes, errors: u64::from(seen.is_broken), overhead };
        self.total.add(packet);
        self.stacks.add(&seen.stack, packet);
        seen.kind.iter().for_each(|kind| self.kinds.add(kind, packet));
        seen.pods.iter().for_each(|pods| self.pods.add(pods, packet));
        seen.hops.iter().for_each(|hops| self.hops.add(hops, packet));
        for (kind, number, ends, overhead) in seen.tunnels {
            let packet = Count { overhead: overhead as u64, ..packet };
            if let Some(number) = number {
                self.networks.add(&format!("{kind} {number}"), packet);
            }
            if let Some(ends) = ends {
                self.add_tunnel(kind, ends, packet);
            }
        }
    }

    /// Both ways are one tunnel.
    fn add_tunnel(&mut self, kind: &'static str, (source, destination): Addresses, packet: Count) {
        let (a, b) = if source <= destination { (source, destination) } else { (destination, source) };
        self.tunnels.add(&(kind, a, b), packet);
    }

    /// The same as one JSON object, every table under a name of its own.
    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        let mut tables = json!({
            "protocols": self.stacks.json(|stack| json!({ "protocols": stack })),
            "networks": self.networks.json(|network| json!({ "network": network })),
            "tunnels": self.tunnels.json(|(kind, a, b)| json!({ "tunnel": kind, "ends": [a, b] })),
            "kinds": self.kinds.json(|kind| json!({ "kind": kind })),
            "pods": self.pods.json(|(node, subnet)| json!({ "node": node, "subnet": subnet.to_string() })),
            "hops": self.hops.json(|(source, destination, ttl)| {
                json!({ "source": source, "destination": destination, "ttl": ttl })
            }),
            "total": self.total.json(json!({})),
        });
        if !self.flows.is_empty() {
            tables["flows"] = self.flows.json(|flow| json!({ "flow": flow }));
        }
        // Writing to a vector cannot fail.
        let _ = writeln!(out, "{tables}");
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, palette: &Palette) {
        // Which headers there were, only who reads the packets knows.
        if self.flows.is_empty() {
            heading(out, palette, "protocols");
            self.stacks.sorted().iter().for_each(|(stack, count)| row(out, *count, stack));
            others(out, self.stacks.others());
        } else {
            heading(out, palette, "flow");
            self.flows.sorted().iter().for_each(|(flow, count)| row(out, *count, flow));
            others(out, self.flows.others());
        }
        if !self.networks.is_empty() {
            heading(out, palette, "network");
            self.networks.sorted().iter().for_each(|(network, count)| row(out, *count, network));
            others(out, self.networks.others());
        }
        if !self.tunnels.is_empty() {
            heading(out, palette, "tunnel, both ways");
            for ((kind, a, b), count) in self.tunnels.sorted() {
                row(out, count, &format!("{kind} {a} - {b}"));
            }
            others(out, self.tunnels.others());
        }
        if !self.kinds.is_empty() {
            heading(out, palette, "container network, as it seems by port, VNI and option");
            self.kinds.sorted().iter().for_each(|(kind, count)| row(out, *count, kind));
        }
        if !self.pods.is_empty() {
            heading(out, palette, "pods behind a node, by lease or as /24");
            for ((node, subnet), count) in self.pods.sorted() {
                row(out, count, &format!("{subnet} behind {node}"));
            }
            others(out, self.pods.others());
        }
        if !self.hops.is_empty() {
            heading(out, palette, "time to live in the tunnel");
            for ((source, destination, ttl), count) in self.hops.sorted() {
                // Hosts begin with 64, 128 or 255.
                let start = [64, 128].into_iter().find(|start| ttl <= start).unwrap_or(255);
                row(out, count, &format!("{ttl}, {} of {start} gone, {source} > {destination}", start - ttl));
            }
            others(out, self.hops.others());
        }
        heading(out, palette, "");
        let percent = self.total.overhead as f64 * 100.0 / (self.total.bytes as f64).max(1.0);
        row(out, self.total, &format!("in all, {percent:.1} % of the bytes are encapsulation"));
    }
}

/// The same tables of what somebody else has counted, as a program in the kernel does.
#[derive(Debug, Default)]
pub struct CountedStats(Stats);

/// Packets of one flow that somebody else has counted.
#[derive(Debug)]
pub struct CountedFlow {
    /// Whose they are, in words.
    pub flow: String,
    /// The tunnel that they are in, as [`Layer::tunnel`] calls it, and between which nodes.
    pub tunnel: Option<(&'static str, u32, Addresses)>,
    /// How many.
    pub packets: u64,
    /// All their bytes.
    pub bytes: u64,
    /// Those that the tunnel costs.
    pub overhead: u64,
}

impl CountedStats {
    /// Adds those of a flow.
    pub fn add(&mut self, of: &CountedFlow) {
        let CountedFlow { packets, bytes, overhead, .. } = *of;
        let count = Count { packets, bytes, errors: 0, overhead };
        self.0.total.add(count);
        if let Some((kind, number, ends)) = of.tunnel {
            self.0.networks.add(&format!("{kind} {number}"), count);
            self.0.add_tunnel(kind, ends, count);
            self.0.flows.add(&format!("{}, {kind} {number}", of.flow), count);
        } else {
            self.0.flows.add(&of.flow, count);
        }
    }

    /// As `--stats` prints them.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.0.write(&mut out, &Palette::default());
        out
    }

    /// As `--stats -T json` does.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.0.write_json(&mut out);
        out
    }
}

fn heading(out: &mut Vec<u8>, palette: &Palette, what: &str) {
    let style = palette.heading;
    let [packets, bytes, errors, overhead] = ["packets", "bytes", "errors", "overhead"];
    // Writing to a vector cannot fail.
    let _ = writeln!(out, "{style}{packets:>10} {bytes:>14} {errors:>8} {overhead:>12}  {what}{style:#}");
}

fn row(out: &mut Vec<u8>, count: Count, what: &str) {
    let Count { packets, bytes, errors, overhead } = count;
    let _ = writeln!(out, "{packets:>10} {bytes:>14} {errors:>8} {overhead:>12}  {what}");
}

fn others(out: &mut Vec<u8>, count: Option<&Count>) {
    count.iter().for_each(|count| row(out, **count, rows::OTHERS));
}

impl Listener for Seen {
    fn layer(&mut self, layer: &Layer<'_>, range: Range<usize>, is_quoted: bool) {
        if is_quoted || self.is_sampled {
            return;
        }
        self.end = range.end;
        // An inner IP header behind an outer one: IP-in-IP, unless another tunnel's header stood between.
        let was_ip = self.stack.ends_with("ip") || self.stack.ends_with("ipv6");
        if matches!(layer, Layer::Ipv4(_) | Layer::Ipv6(_)) && was_ip {
            self.tunnels.push(("ipip", None, self.addresses, range.start));
            self.kind = Some("calico, IP in IP");
        }
        match layer {
            Layer::Ipv4(ip) if self.nodes.is_some() => {
                self.addresses = Some((ip.source().into(), ip.destination().into()));
                if let Some((from, to)) = self.nodes.take() {
                    self.hops = Some((from, to, ip.ttl()));
                    let net = |pod| Ipv4Net::new_assert(pod, 24).trunc();
                    self.pods.extend([(from, net(ip.source()).into()), (to, net(ip.destination()).into())]);
                }
            }
            Layer::FlannelUdp(_) => {
                self.nodes = self.addresses;
                self.tunnels.push(("flannel-udp", None, self.addresses, range.end));
                self.kind = Some("flannel, UDP");
            }
            Layer::Ipv4(ip) => self.addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Ipv6(ip) => self.addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Udp(datagram) => self.ports = [datagram.source_port(), datagram.destination_port()],
            Layer::Vxlan(packet) => {
                let is_on = |port| self.ports.contains(&port);
                self.kind = match packet.vni().get() {
                    _ if is_on(weave_codec::FAST_DATAPATH_PORT) => Some("weave, fast datapath"),
                    4096 if is_on(vxlan_codec::PORT) => Some("calico, VXLAN"),
                    1 if is_on(vxlan_codec::PORT_LINUX) => Some("flannel, VXLAN"),
                    _ if is_on(vxlan_codec::PORT_LINUX) => Some("cilium, VXLAN"),
                    _ => None,
                };
            }
            Layer::Sleeve(packet) => {
                // The inner frame's bytes begin behind the sender and the frame's own header.
                let overhead = (range.end + FRAME_OVERHEAD).saturating_sub(packet.body().len());
                self.tunnels.push(("sleeve", None, self.addresses, overhead));
                self.kind = Some("weave, sleeve");
            }
            Layer::Geneve(packet) => {
                let is_cilium = packet.options().flatten().any(|option| option.class == OptionClass::CILIUM);
                self.kind = if is_cilium { Some("cilium, Geneve") } else { None };
            }
            _ => {}
        }
        if let Some((name, number)) = layer.tunnel() {
            self.tunnels.push((name, number, self.addresses, range.end));
        }
        if !matches!(layer, Layer::Payload(_)) {
            if !self.stack.is_empty() {
                self.stack.push(':');
            }
            self.stack.push_str(layer.name());
        }
    }

    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {
        self.is_sampled = true;
    }

    fn way(&mut self, way: &Way<'_>) {
        for Place { node, subnet, .. } in [way.source, way.destination].into_iter().flatten() {
            let Some(subnet) = subnet else { continue };
            self.pods.retain(|(_, guessed)| !subnet.contains(&guessed.addr()));
            self.pods.push((node, subnet));
        }
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, _: &Negotiated) {
        self.is_broken |= message.header_error().is_some();
    }

    fn bmp(&mut self, _: &BmpMessage<'_>, body: &BmpRead<'_>) {
        self.is_broken |= body.is_err();
    }

    fn opened(&mut self, opening: &Opening) {
        if let (Some((name, _)), Some(len)) = (opening.tunnel(), opening.len()) {
            self.tunnels.push((name, None, self.addresses, self.end.saturating_sub(len)));
        }
        self.is_broken |= opening.refusal().is_some();
    }

    fn error(&mut self, _: &Error) {
        self.is_broken = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What somebody else has counted stands in the tables that packets' would, with one of flows in place of the protocols.
    #[test]
    fn counted() {
        let mut stats = CountedStats::default();
        let ends = ([192, 0, 2, 2].into(), [192, 0, 2, 1].into());
        let of = |flow: &str, tunnel, packets| CountedFlow {
            flow: flow.to_owned(),
            tunnel,
            packets,
            bytes: 100 * packets,
            overhead: 50,
        };
        stats.add(&of("a > b", Some(("vxlan", 7, ends)), 2));
        stats.add(&of("b > a", Some(("vxlan", 7, (ends.1, ends.0))), 1));
        let expected = "   packets          bytes   errors     overhead  flow
         2            200        0           50  a > b, vxlan 7
         1            100        0           50  b > a, vxlan 7
   packets          bytes   errors     overhead  network
         3            300        0          100  vxlan 7
   packets          bytes   errors     overhead  tunnel, both ways
         3            300        0          100  vxlan 192.0.2.1 - 192.0.2.2
   packets          bytes   errors     overhead  \n         3            300        0          100  in all, 33.3 % of the bytes are encapsulation
";
        assert_eq!(String::from_utf8(stats.text()).unwrap(), expected);
        let json: Json = serde_json::from_slice(&stats.json()).unwrap();
        let counts = json!({ "flow": "b > a, vxlan 7", "packets": 1, "bytes": 100, "errors": 0, "overhead": 50 });
        assert_eq!(json["flows"][1], counts);
    }
}
