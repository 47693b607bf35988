//! Who is shown what there is to show: a packet of a capture layer by layer, an entry of a dump.

use std::fmt;
use std::ops::Range;

use crate::bgp::streams::Skipped;
use crate::bgp::{BgpMessage, Inferred};
use crate::conversations::Standing;
use crate::fields::{self, Context, Field, FieldVisitor, TableRoute};
use crate::reassembly::{Fragment, Outcome, Refusal};
use crate::{Error, Layer, Packet, Record};
use bgp_codec::Negotiated;
use bgp_codec::bmp::{BmpBody, BmpMessage};
use ether_ip::sflow::{FlowSample, SampledHeader};
use weave_codec::SleeveFrame;

use super::checksums::Verdict;
use super::cluster::Way;
use super::conversation;
use super::hosts::Ends;
use super::network::Meaning;
use super::opened::Opening;

/// What can be shown, as often as somebody likes: it looks the same each time.
pub(super) trait Shown {
    /// The packet's record; `None`, as it is unless told otherwise, for what is no packet.
    fn record(&self) -> Option<&Record<'_>> {
        None
    }

    /// The packet as the library has it; `None` likewise.
    fn packet(&self) -> Option<Packet<'_>> {
        None
    }

    /// The fields of the capture's record, or the dump's entry, itself.
    fn record_fields(&self, v: &mut impl FieldVisitor);

    /// What it consists of.
    fn show(&self, listener: &mut impl Listener);

    /// What it is called, as the tree has it.
    fn heading(&self) -> String;

    /// It was shown, and not only asked about: the next one's time since then counts from it.
    fn was_shown(&self) {}

    /// How many of a packet's bytes on the wire were not captured.
    fn cut(&self) -> usize {
        self.record().map_or(0, Record::missing)
    }

    /// All fields.
    fn fields(&self, visitor: &mut impl FieldVisitor) {
        self.record_fields(visitor);
        self.show(&mut Fields { context: Context::new(self.cut()), visitor });
    }
}

/// Who is shown it.
pub(super) trait Listener {
    /// A layer, where it stands, and whether an ICMP error quotes it. A BGP layer is shown for its place; its messages are told by
    /// [`bgp`](Self::bgp).
    fn layer(&mut self, _: &Layer<'_>, _: Range<usize>, _: bool) {}

    /// The bytes of the layer shown last, with what it carries, and how many of them are its own.
    #[inline(always)]
    fn layer_bytes(&mut self, _own: usize, _bytes: &[u8]) {}

    /// Where the segment shown last stands in its conversation.
    fn standing(&mut self, _: &Standing) {}

    /// The number of the conversation that the datagram shown last is of.
    fn conversation(&mut self, _: u64) {}

    /// The packet with the echo request that the reply shown last answers, and the field that says so.
    fn answers(&mut self, _: Field, _: u64) {}

    /// Whether it wants to know of conversations.
    fn wants_conversations(&self) -> bool {
        false
    }

    /// A BGP message that ends in the segment shown last, and what its session agreed on.
    fn bgp(&mut self, _: &BgpMessage<'_>, _: &Negotiated) {}

    /// A BMP message that ends in the segment shown last, and its body; the BGP messages in it follow.
    fn bmp(&mut self, _: &BmpMessage<'_>, _: &BmpRead<'_>) {}

    /// As what the message shown last was read, though nobody told that it is so.
    fn inferred(&mut self, _: &Inferred) {}

    /// Where the IP packet shown last comes from and goes to, as leases have it.
    fn way(&mut self, _: &Way<'_>) {}

    /// What the two ends of the IP packet shown last are called.
    fn names(&mut self, _: &Ends<'_>) {}

    /// What the VNI shown last says, as the network has it.
    fn meaning(&mut self, _: &Meaning) {}

    /// A frame of the sleeve packet shown last, and whether it came sealed; if it is one between pods, its layers follow.
    fn sleeve_frame(&mut self, _: &SleeveFrame<'_>, _: bool) {}

    /// A packet that the sFlow datagram shown last samples, whose layers follow.
    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {}

    /// What is skipped of the stream of the segment shown last.
    fn skipped(&mut self, _: &Skipped) {}

    /// What was wrong: nothing follows of this packet, or of the sleeve's frame that was shown last.
    fn error(&mut self, _: &Error) {}

    /// What is odd about the checksum of the layer shown last, whose name is given.
    fn checksum(&mut self, _: &'static str, _: Verdict) {}

    /// Whether it wants to know that.
    fn wants_checksums(&self) -> bool {
        false
    }

    /// What came of the fragment shown last. If its packet is whole now, that is what follows.
    fn fragment(&mut self, _: &Fragment<'_>, _: &Outcome) {}

    /// What came of opening the layer shown last. If something stood in it, that is what follows.
    fn opened(&mut self, _: &Opening) {}

    /// What an entry of a dump says, in words, and when and of whom; what it consists of follows.
    fn entry(&mut self, _: &dyn fmt::Display) {}

    /// A route of a table, with its attributes.
    fn route(&mut self, _: &TableRoute<'_>) {}
}

/// What became of reading a BMP message.
pub(super) type BmpRead<'a> = Result<BmpBody<'a>, ether_ip::Error>;

/// The layer of BMP's messages.
pub(super) const BMP: &str = "bmp";

/// The layer of messages and routes, wherever they come from.
pub(super) const BGP: &str = "bgp";

/// Shows a visitor all fields.
struct Fields<'a, V> {
    context: Context,
    visitor: &'a mut V,
}

impl<V: FieldVisitor> Listener for Fields<'_, V> {
    #[inline]
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, is_quoted: bool) {
        self.visitor.layer(layer.name());
        if !matches!(layer, Layer::Bgp(_) | Layer::Bmp(_)) {
            fields::visit(layer, is_quoted, &mut self.context, self.visitor);
        }
    }

    #[inline(always)]
    fn layer_bytes(&mut self, own: usize, bytes: &[u8]) {
        self.visitor.layer_bytes(own, bytes);
    }

    fn wants_conversations(&self) -> bool {
        conversation::is_wanted(self.visitor)
    }

    fn standing(&mut self, standing: &Standing) {
        conversation::visit(standing, self.visitor);
    }

    fn conversation(&mut self, number: u64) {
        self.visitor.number(Field::UdpStream, number);
    }

    fn answers(&mut self, field: Field, packet: u64) {
        self.visitor.number(field, packet);
    }

    fn bgp(&mut self, message: &BgpMessage<'_>, session: &Negotiated) {
        self.visitor.layer(BGP);
        self.visitor.layer_bytes(message.body.len(), message.body);
        fields::bgp_message(message, session, self.visitor);
    }

    fn bmp(&mut self, message: &BmpMessage<'_>, body: &BmpRead<'_>) {
        self.visitor.layer(BMP);
        fields::bmp_message(message, body, self.visitor);
    }

    fn inferred(&mut self, inferred: &Inferred) {
        self.visitor.words(Field::BgpInferred, inferred);
    }

    fn way(&mut self, way: &Way<'_>) {
        way.visit(self.visitor);
    }

    fn names(&mut self, ends: &Ends<'_>) {
        ends.visit(self.visitor);
    }

    fn meaning(&mut self, meaning: &Meaning) {
        meaning.visit(self.visitor);
    }

    fn sleeve_frame(&mut self, frame: &SleeveFrame<'_>, is_sealed: bool) {
        fields::sleeve_frame(frame, is_sealed, self.visitor);
    }

    fn sample(&mut self, flow: &FlowSample<'_>, header: &SampledHeader<'_>) {
        self.context = Context::new(header.missing());
        fields::sampled_header(flow, header, self.visitor);
    }

    fn skipped(&mut self, skipped: &Skipped) {
        visit_skipped(skipped, self.visitor);
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, outcome: &Outcome) {
        if let Outcome::Whole(_) = outcome {
            self.context.behind_fragments();
        }
        visit_fragment(fragment, outcome, self.visitor);
    }

    fn opened(&mut self, opening: &Opening) {
        self.context.behind_fragments();
        opening.visit(self.visitor);
    }

    fn route(&mut self, of: &TableRoute<'_>) {
        self.visitor.layer(BGP);
        fields::bgp_route(of, self.visitor);
    }

    fn error(&mut self, error: &Error) {
        if self.visitor.wants(Field::FrameError) {
            self.visitor.text(Field::FrameError, &error.to_string());
        }
    }
}

/// What is skipped of a stream, as a field.
pub(super) fn visit_skipped(skipped: &Skipped, v: &mut impl FieldVisitor) {
    v.words(Field::BgpSkipped, skipped);
}

/// What came of a fragment, as fields.
pub(super) fn visit_fragment(fragment: &Fragment<'_>, outcome: &Outcome, v: &mut impl FieldVisitor) {
    let [error, count, length] = match fragment.of.protocol {
        Some(_) => [Field::IpFragmentError, Field::IpFragmentCount, Field::IpReassembledLength],
        None => [Field::Ipv6FragmentError, Field::Ipv6FragmentCount, Field::Ipv6ReassembledLength],
    };
    match outcome {
        Outcome::Whole(whole) => {
            v.size(count, whole.fragments);
            v.size(length, whole.payload.len());
        }
        // A capture that cuts packets is nobody's fault.
        Outcome::Refused(refusal) if *refusal != Refusal::NotCaptured => v.words(error, refusal),
        _ => {}
    }
}

/// The layers' names with colons between them, as `frame.protocols` has them.
#[derive(Default)]
pub(super) struct Protocols(pub(super) String);

impl Listener for Protocols {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, _: bool) {
        if !self.0.is_empty() {
            self.0.push(':');
        }
        self.0.push_str(layer.name());
    }
}
