//! What is kept from packet to packet, and changes with each that is taken in.

use std::cell::Cell;

use crate::bgp::BgpMessage;
use crate::bgp::sessions::{Overrule, Sessions};
use crate::bgp::streams::{Segment, StreamKey, Streams};
use crate::{Layer, Layers, Record, Timestamp};
use ether_ip::ip::IpProtocol;

use super::args::Cni;
use super::fragments::Fragments;
use super::listener::{Listener, Shown};
use super::network::Network;
use super::packet::{Message, Packet, Step, emptied, is_bgp};

/// What is kept from packet to packet.
pub(super) struct Session<'a> {
    network: Network<'a>,
    fragments: Option<Fragments>,
    streams: Streams,
    sessions: Sessions,
    first_time: Option<Timestamp>,
    /// Memory for layers, of the packet before: it need not be allocated again.
    spare: Cell<Vec<Step<'static>>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(network: Network<'a>, overrule: Overrule) -> Self {
        // Only a big sleeve packet comes in fragments that are needed whole.
        let needs_fragments = network.cni == Some(Cni::Weave) || network.key.is_some();
        Self {
            network,
            fragments: needs_fragments.then(Fragments::default),
            streams: Streams::default(),
            sessions: Sessions::new(overrule),
            first_time: None,
            spare: Cell::default(),
        }
    }

    /// Takes a packet in: it is walked, once, and streams and fragments go on by it. After that it shows itself as often as
    /// somebody likes.
    #[inline]
    pub(super) fn take<'p>(&'p mut self, record: &Record<'p>) -> Packet<'p> {
        let time = record.time.unwrap_or_default();
        let since_first = time.nanoseconds_since(*self.first_time.get_or_insert(time));
        let (mut steps, mut error) = (emptied(self.spare.take()), None);
        let mut layers = Layers::new(record.link_type, record.bytes, self.network.tunnels);
        let mut goes_on = false;
        while let Some(step) = Step::next(&mut layers) {
            match step {
                Ok(step) => {
                    goes_on |= goes_beyond(&step.layer);
                    steps.push(step);
                }
                Err(wrong) => error = Some(wrong),
            }
        }
        let Self { network, fragments, streams, sessions, spare, .. } = self;
        let (wholes, messages) = (Vec::new(), Vec::new());
        let mut packet = Packet { network, record: *record, since_first, steps, error, wholes, messages, spare };
        if goes_on {
            if let Some(fragments) = fragments {
                packet.wholes = put_together(&packet.steps, fragments);
            }
            let mut streams = Advance { streams, sessions, messages: Vec::new() };
            packet.show(&mut streams);
            packet.messages = streams.messages;
        }
        packet
    }
}

/// Whether a layer may belong to something that goes beyond its packet: a stream or a fragmented packet, itself or in what it carries.
#[inline(always)]
fn goes_beyond(layer: &Layer<'_>) -> bool {
    match layer {
        Layer::Tcp(segment) => is_bgp(segment),
        Layer::Ipv4(ip) => ip.is_fragment(),
        Layer::Sleeve(_) => true,
        _ => false,
    }
}

/// What the fragments among a packet's layers make whole, each with its layer's number.
fn put_together(steps: &[Step<'_>], fragments: &mut Fragments) -> Vec<(usize, Vec<u8>)> {
    let of = steps.iter().enumerate().filter_map(|(number, step)| match &step.layer {
        Layer::Ipv4(ip) if !step.is_quoted && ip.is_fragment() && ip.protocol() == IpProtocol::UDP => {
            Some((number, fragments.add(ip)?))
        }
        _ => None,
    });
    of.collect()
}

/// Hears of BGP's segments, and takes them into their streams.
struct Advance<'s> {
    streams: &'s mut Streams,
    sessions: &'s mut Sessions,
    messages: Vec<Message>,
}

impl Listener for Advance<'_> {
    fn segment(&mut self, key: StreamKey, segment: Segment<'_>, number: usize) {
        let Self { streams, sessions, messages } = self;
        streams.push(key, segment, |message| {
            let BgpMessage { kind, length, body } = message;
            let session = sessions.of(key, &message);
            messages.push(Message { segment: number, kind, length, body: body.to_vec(), session });
        });
    }
}
