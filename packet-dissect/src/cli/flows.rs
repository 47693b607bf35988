//! What goes beyond a packet: fragments, and TCP's streams with the BGP sessions in them.

use crate::bgp::sessions::{Overrule, Sessions};
use crate::bgp::streams::{Segment, Skipped, StreamKey, Streams};
use crate::bgp::{BgpMessage, Inferred};
use crate::conversations::Conversations;
use crate::reassembly::{Fragment, Outcome, Reassembly, Unfinished};
use crate::{TcpProtocol, Timestamp};
use bgp_codec::Negotiated;

use super::opened::{Openers, Opening, Sealed};

/// What goes beyond a packet.
pub(super) struct Flows {
    openers: Openers,
    reassembly: Reassembly,
    streams: Streams,
    sessions: Sessions,
    pub(super) conversations: Conversations,
}

/// A message that was put together.
pub(super) struct Message {
    /// Which of the packet's segments it ends in.
    pub(super) segment: usize,
    pub(super) what: What,
}

/// What it is.
pub(super) enum What {
    Bgp {
        kind: u8,
        length: u16,
        body: Vec<u8>,
        session: Negotiated,
        /// What of the session nobody told.
        inferred: Option<Inferred>,
    },
    /// BMP's bytes, from the header on.
    Bmp(Vec<u8>),
}

impl Flows {
    pub(super) fn new(overrule: Overrule, openers: Openers) -> Self {
        let (reassembly, streams) = (Reassembly::default(), Streams::default());
        Self {
            openers,
            reassembly,
            streams,
            sessions: Sessions::new(overrule),
            conversations: Conversations::default(),
        }
    }

    /// Whether there may be a key for what is sealed.
    pub(super) fn may_open(&self, sealed: &Sealed<'_>) -> bool {
        self.openers.have(sealed)
    }

    /// Opens it.
    pub(super) fn open(&mut self, sealed: &Sealed<'_>) -> Option<Opening> {
        self.openers.open(sealed)
    }

    /// Takes a fragment in.
    pub(super) fn fragment(&mut self, fragment: &Fragment<'_>, at: Option<Timestamp>) -> Outcome {
        self.reassembly.add(fragment, at)
    }

    /// Of which packets not all fragments came.
    pub(super) fn unfinished(&self) -> Unfinished {
        self.reassembly.unfinished()
    }

    /// Takes a segment in, the packet's so many: the messages that end in it, and what of the stream is skipped.
    pub(super) fn segment(
        &mut self,
        protocol: TcpProtocol,
        key: StreamKey,
        segment: Segment<'_>,
        number: usize,
        messages: &mut Vec<Message>,
    ) -> Option<Skipped> {
        let Self { streams, sessions, .. } = self;
        if protocol == TcpProtocol::Bmp {
            return streams.push_of(protocol, key, segment, |bytes| {
                messages.push(Message { segment: number, what: What::Bmp(bytes.to_vec()) });
            });
        }
        streams.push(key, segment, |message| {
            let BgpMessage { kind, length, body } = message;
            let session = sessions.of(key, &message);
            let inferred = Inferred::beyond(&sessions.told(), &session);
            let what = What::Bgp { kind, length, body: body.to_vec(), session, inferred };
            messages.push(Message { segment: number, what });
        })
    }
}
