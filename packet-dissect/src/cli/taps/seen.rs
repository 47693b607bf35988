//! Who talks to whom in a packet: what the tables of conversations and of endpoints count.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use crate::Layer;
use crate::conversations::Standing;
use crate::reassembly::{Fragment, Outcome};
use ether_ip::ethernet::MacAddr;
use ether_ip::sflow::{FlowSample, SampledHeader};

use super::super::ends;
use super::super::listener::{Listener, Shown};

/// Between what a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Ethernet,
    Ipv4,
    Ipv6,
    Tcp,
    Udp,
    /// The innermost packet that none quotes, and the outermost.
    Pods,
    Nodes,
}

impl Of {
    /// All of them, as -z names them and as a heading does.
    pub(super) const ALL: [(&str, Self, &str); 7] = [
        ("eth", Self::Ethernet, "Ethernet"),
        ("ip", Self::Ipv4, "IPv4"),
        ("ipv6", Self::Ipv6, "IPv6"),
        ("tcp", Self::Tcp, "TCP"),
        ("udp", Self::Udp, "UDP"),
        ("pods", Self::Pods, "Pods'"),
        ("nodes", Self::Nodes, "Nodes'"),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, ..)| *known == name).map(|(_, of, _)| *of)
    }

    /// As -z names it, and as a heading does.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        Self::ALL.iter().find(|(_, of, _)| *of == self).map_or(("", ""), |(name, _, title)| (name, title))
    }

    pub(super) fn has_ports(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp)
    }
}

/// One end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum End {
    Mac(MacAddr),
    Ip(IpAddr),
    Port(IpAddr, u16),
}

impl End {
    pub(super) fn ip(self) -> Option<IpAddr> {
        match self {
            Self::Mac(_) => None,
            Self::Ip(address) | Self::Port(address, _) => Some(address),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Mac(address) => address.fmt(f),
            Self::Ip(address) => address.fmt(f),
            Self::Port(address, port) => SocketAddr::new(address, port).fmt(f),
        }
    }
}

/// A header, and between whom it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) of: Of,
    pub(super) source: End,
    pub(super) destination: End,
    /// The number of the stream: ports that are used again are another's.
    pub(super) stream: u64,
}

/// A packet with when it came, since the first, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) since_first: i64,
    pub(super) bytes: u64,
}

/// The headers of a packet, from the outermost in, as tshark counts them: each, however many there are; none that an ICMP error quotes or
/// that sFlow samples, and none in a fragment before its packet is whole.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pairs: Vec<Pair>,
    /// What is looked for.
    wants_layers: bool,
    wants_streams: bool,
    wants_ends: bool,
    addresses: Option<(IpAddr, IpAddr)>,
    /// A segment or datagram whose stream's number comes next, if it has a place in one.
    waiting: Option<Pair>,
    is_sampled: bool,
    in_fragment: bool,
}

impl Seen {
    /// Looks for what such tables count, too.
    pub(super) fn look_for(&mut self, of: Of) {
        match of {
            Of::Pods | Of::Nodes => self.wants_ends = true,
            Of::Ethernet | Of::Ipv4 | Of::Ipv6 => self.wants_layers = true,
            Of::Tcp | Of::Udp => (self.wants_layers, self.wants_streams) = (true, true),
        }
    }

    /// Looks at a packet.
    pub(super) fn take(&mut self, shown: &impl Shown) {
        self.pairs.clear();
        (self.addresses, self.waiting, self.is_sampled, self.in_fragment) = (None, None, false, false);
        if self.wants_layers {
            shown.show(self);
        }
        if self.wants_ends {
            let [pods, nodes] = ends::addresses(shown);
            pods.into_iter().for_each(|pods| self.ip(Of::Pods, pods));
            nodes.into_iter().for_each(|nodes| self.ip(Of::Nodes, nodes));
        }
    }

    pub(super) fn pairs(&self, of: Of) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| pair.of == of)
    }

    fn ip(&mut self, of: Of, (source, destination): (IpAddr, IpAddr)) {
        self.push(of, End::Ip(source), End::Ip(destination));
    }

    fn push(&mut self, of: Of, source: End, destination: End) {
        self.pairs.push(Pair { of, source, destination, stream: 0 });
    }

    fn wait(&mut self, of: Of, from: u16, to: u16) {
        self.waiting = self.addresses.map(|(source, destination)| {
            let (source, destination) = (End::Port(source, from), End::Port(destination, to));
            Pair { of, source, destination, stream: 0 }
        });
    }

    fn stream(&mut self, stream: u64) {
        self.pairs.extend(self.waiting.take().map(|pair| Pair { stream, ..pair }));
    }
}

impl Listener for Seen {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, is_quoted: bool) {
        self.waiting = None;
        if is_quoted || self.is_sampled || self.in_fragment {
            return;
        }
        match layer {
            Layer::Ethernet(frame) => {
                self.push(Of::Ethernet, End::Mac(frame.source()), End::Mac(frame.destination()));
            }
            Layer::Ipv4(ip) => {
                let addresses = (ip.source().into(), ip.destination().into());
                self.addresses = Some(addresses);
                self.ip(Of::Ipv4, addresses);
            }
            Layer::Ipv6(ip) => {
                let addresses = (ip.source().into(), ip.destination().into());
                self.addresses = Some(addresses);
                self.ip(Of::Ipv6, addresses);
            }
            Layer::Tcp(segment) => self.wait(Of::Tcp, segment.source_port(), segment.destination_port()),
            Layer::Udp(datagram) => self.wait(Of::Udp, datagram.source_port(), datagram.destination_port()),
            _ => {}
        }
    }

    fn wants_conversations(&self) -> bool {
        self.wants_streams
    }

    fn standing(&mut self, standing: &Standing) {
        self.stream(standing.number);
    }

    fn conversation(&mut self, number: u64) {
        self.stream(number);
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, outcome: &Outcome) {
        self.in_fragment = !matches!(outcome, Outcome::Whole(_));
        // tshark counts an IPv4 header as soon as it is read, an IPv6 header when the headers behind it are: not where the packet waits for
        // another fragment. An IPv6 fragment alone has no protocol of its own.
        if self.in_fragment && fragment.of.protocol.is_none() {
            self.pairs.pop();
        }
    }

    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {
        self.is_sampled = true;
    }
}
