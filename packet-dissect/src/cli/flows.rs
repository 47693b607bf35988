//! What goes beyond a packet: TCP's streams and the BGP sessions in them, and fragments.

use crate::bgp::sessions::{Overrule, Sessions};
use crate::bgp::streams::{Segment, Skipped, StreamKey, Streams};
use crate::bgp::{BgpMessage, Inferred};
use bgp_codec::Negotiated;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Packet;

use super::fragments::Fragments;

/// What goes beyond a packet.
pub(super) struct Flows {
    fragments: Fragments,
    streams: Streams,
    sessions: Sessions,
}

/// A BGP message that was put together.
pub(super) struct Message {
    /// Which of the packet's BGP segments it ends in.
    pub(super) segment: usize,
    pub(super) kind: u8,
    pub(super) length: u16,
    pub(super) body: Vec<u8>,
    pub(super) session: Negotiated,
    /// What of the session nobody told.
    pub(super) inferred: Option<Inferred>,
}

impl Flows {
    pub(super) fn new(overrule: Overrule) -> Self {
        let (fragments, streams) = (Fragments::default(), Streams::default());
        Self { fragments, streams, sessions: Sessions::new(overrule) }
    }

    /// Takes a fragment in: the whole payload, if this is the one that was missing. Only UDP's are kept.
    pub(super) fn fragment(&mut self, ip: &Ipv4Packet<&[u8]>) -> Option<Vec<u8>> {
        if ip.protocol() == IpProtocol::UDP { self.fragments.add(ip) } else { None }
    }

    /// Takes a segment in, the packet's so many: the messages that end in it, and what of the stream is skipped.
    pub(super) fn segment(
        &mut self,
        key: StreamKey,
        segment: Segment<'_>,
        number: usize,
        messages: &mut Vec<Message>,
    ) -> Option<Skipped> {
        let Self { streams, sessions, .. } = self;
        streams.push(key, segment, |message| {
            let BgpMessage { kind, length, body } = message;
            let session = sessions.of(key, &message);
            let inferred = Inferred::beyond(&sessions.told(), &session);
            messages.push(Message { segment: number, kind, length, body: body.to_vec(), session, inferred });
        })
    }
}
