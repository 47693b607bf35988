//! What a packet is known by wherever it is captured: what no hop on its way changes.

use ether_ip::ip::IpProtocol;
use ether_ip::tcp::{TcpFlags, TcpOption, TcpSegment};

use super::super::packet::Addresses;
use super::bounded::fingerprint;

/// As much of a payload as tells packets apart, in bytes.
const TELLING: usize = 64;
/// So many bytes of a payload tell a packet from others by themselves.
const ENOUGH: usize = 16;

/// The same for payloads that begin alike.
pub(super) fn telling(bytes: &[u8]) -> u64 {
    fingerprint(&bytes.get(..TELLING).unwrap_or(bytes))
}

/// One direction of a conversation. Ports are zero where the protocol has none; an echo's identifier is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Flow {
    pub(super) addresses: Addresses,
    pub(super) ports: (u16, u16),
    pub(super) protocol: IpProtocol,
}

impl Flow {
    /// The other direction.
    pub(super) const fn back(self) -> Self {
        let Self { addresses: (from, to), ports: (port, other), protocol } = self;
        Self { addresses: (to, from), ports: (other, port), protocol }
    }
}

/// What an ICMP error shows of the packet that it quotes: its number, or else its ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Quote(Flow, u16);

impl Quote {
    pub(super) const fn new(flow: Flow, identification: u16) -> Self {
        match identification {
            0 => Self(flow, 0),
            _ => Self(Flow { ports: (0, 0), ..flow }, identification),
        }
    }
}

/// What a middlebox may change of a packet that stays the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Looks {
    pub(super) traffic_class: u8,
    pub(super) window: u16,
    pub(super) mss: Option<u16>,
    /// The same for the same payload; of TCP's segments, which say where theirs stands, none.
    pub(super) payload: u64,
}

/// A TCP segment's place in its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Stretch {
    pub(super) sequence: u32,
    /// How much data it has, in bytes.
    pub(super) len: u32,
    pub(super) acknowledgment: u32,
    pub(super) flags: TcpFlags,
    /// RFC 7323 §3: a segment sent again has later ones.
    stamps: Option<(u32, u32)>,
}

/// A packet on its way from a pod to another, without what is around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passage {
    pub(super) flow: Flow,
    /// The outermost header's, if a tunnel is around.
    pub(super) nodes: Option<Addresses>,
    /// What an ICMP error that quotes that header shows.
    pub(super) around: Option<Quote>,
    pub(super) hops: u8,
    pub(super) looks: Looks,
    /// How much stands behind its IP header, in bytes.
    pub(super) len: usize,
    pub(super) tcp: Option<Stretch>,
    /// It was sent because of what came from the other side.
    pub(super) is_answer: bool,
    /// It came in fragments.
    pub(super) is_fragment: bool,
    identification: u16,
    payload: u64,
    is_telling: bool,
}

impl Passage {
    pub(super) const fn new(flow: Flow, nodes: Option<Addresses>, hops: u8, class: u8, identification: u16) -> Self {
        let looks = Looks { traffic_class: class, window: 0, mss: None, payload: 0 };
        Self {
            flow,
            nodes,
            around: None,
            hops,
            looks,
            len: 0,
            tcp: None,
            is_answer: false,
            is_fragment: false,
            identification,
            payload: 0,
            is_telling: false,
        }
    }

    /// It is a TCP segment.
    pub(super) fn segment(&mut self, segment: &TcpSegment<&[u8]>) {
        self.flow.ports = (segment.source_port(), segment.destination_port());
        self.looks.window = segment.window();
        let mut stamps = None;
        for option in segment.options().flatten() {
            match option {
                TcpOption::MaximumSegmentSize(mss) => self.looks.mss = Some(mss),
                TcpOption::Timestamps { value, echo } => stamps = Some((value, echo)),
                _ => {}
            }
        }
        // What says that the path is congested is written on the way (RFC 3168 §6.1).
        let flags = TcpFlags(segment.flags().0 & 0x3f);
        self.is_answer = flags.contains(TcpFlags::ACK);
        let (sequence, acknowledgment) = (segment.sequence(), segment.acknowledgment());
        let len = u32::try_from(segment.payload().len()).unwrap_or(0);
        self.tcp = Some(Stretch { sequence, len, acknowledgment, flags, stamps });
    }

    /// What it carries, or what else tells it from others.
    pub(super) fn payload(&mut self, bytes: &[u8]) {
        self.payload = telling(bytes);
        self.is_telling = bytes.len() >= ENOUGH || (self.identification != 0 && !bytes.is_empty());
    }

    /// What carries the same and is a message of another type is another packet.
    pub(super) fn of_type(&mut self, kind: u8) {
        self.payload = fingerprint(&(self.payload, kind));
    }

    /// The same for the same packet, whatever its addresses are; without its payload where captures cut that.
    pub(super) fn identity(&self, is_cut: bool) -> u64 {
        let Self { tcp, identification, len, .. } = self;
        let payload = if is_cut { 0 } else { self.payload };
        let protocol = self.flow.protocol.0;
        match tcp {
            Some(stretch) => fingerprint(&(protocol, identification, stretch)),
            None => fingerprint(&(protocol, identification, len, payload)),
        }
    }

    /// How it looks; its payload counts where captures have it, and where its number tells what packet it is.
    pub(super) fn looks(&self, is_cut: bool) -> Looks {
        let is_known = self.number().is_some() && !is_cut;
        Looks { payload: if is_known { self.payload } else { 0 }, ..self.looks }
    }

    /// What tells it from others of its conversation whatever becomes of its payload: its number and how long it is.
    pub(super) fn number(&self) -> Option<(u16, usize)> {
        let is_numbered = self.tcp.is_none() && self.identification != 0 && !self.is_fragment;
        is_numbered.then_some((self.identification, self.len))
    }

    /// What an ICMP error that quotes it shows of it.
    pub(super) fn quote(&self) -> Quote {
        Quote::new(self.flow, self.identification)
    }

    /// Whether few packets have the same identity.
    pub(super) fn is_unique(&self, is_cut: bool) -> bool {
        self.tcp.is_some() || if is_cut { self.identification != 0 } else { self.is_telling }
    }

    /// Whether it has a number of its own: no other packet has its identity but by chance, whatever its addresses are.
    pub(super) fn is_numbered(&self) -> bool {
        self.tcp.is_some() || self.identification != 0
    }
}
