//! A segment's place in its conversation, as fields.

use crate::Layer;
use crate::conversations::{Analysis, Standing};
use crate::fields::{Field, FieldVisitor, Group};

/// What each finding is as a field of its own.
const FIELDS: [(Analysis, Field); 15] = [
    (Analysis::RETRANSMISSION, Field::TcpRetransmission),
    (Analysis::FAST_RETRANSMISSION, Field::TcpFastRetransmission),
    (Analysis::SPURIOUS_RETRANSMISSION, Field::TcpSpuriousRetransmission),
    (Analysis::OUT_OF_ORDER, Field::TcpOutOfOrder),
    (Analysis::LOST_SEGMENT, Field::TcpLostSegment),
    (Analysis::ACKED_LOST_SEGMENT, Field::TcpAckLostSegment),
    (Analysis::DUPLICATE_ACK, Field::TcpDuplicateAck),
    (Analysis::ZERO_WINDOW, Field::TcpZeroWindow),
    (Analysis::ZERO_WINDOW_PROBE, Field::TcpZeroWindowProbe),
    (Analysis::ZERO_WINDOW_PROBE_ACK, Field::TcpZeroWindowProbeAck),
    (Analysis::KEEP_ALIVE, Field::TcpKeepAlive),
    (Analysis::KEEP_ALIVE_ACK, Field::TcpKeepAliveAck),
    (Analysis::WINDOW_UPDATE, Field::TcpWindowUpdate),
    (Analysis::WINDOW_FULL, Field::TcpWindowFull),
    (Analysis::REUSED_PORTS, Field::TcpReusedPorts),
];

/// Whether a visitor wants any of what is known of conversations.
pub(super) fn is_wanted(visitor: &impl FieldVisitor) -> bool {
    visitor.wants_any(Group::Conversation)
}

/// The field that says which request an echo reply answers.
pub(super) const fn echo_of(layer: &Layer<'_>) -> Field {
    match layer {
        Layer::Icmpv6(_) => Field::Icmpv6ResponseTo,
        _ => Field::IcmpResponseTo,
    }
}

/// Shows them.
pub(super) fn visit(standing: &Standing, v: &mut impl FieldVisitor) {
    v.number(Field::TcpStream, standing.number);
    v.number(Field::TcpRelativeSequence, standing.sequence);
    v.number(Field::TcpNextSequence, standing.next);
    v.number(Field::TcpRelativeAck, standing.acknowledgment);
    v.number(Field::TcpScaledWindow, standing.window);
    if standing.analysis.is_empty() {
        return;
    }
    v.words(Field::TcpAnalysis, &standing.analysis);
    for (finding, field) in FIELDS {
        if standing.analysis.has(finding) {
            v.flag(field, true);
        }
    }
    if standing.duplicate > 0 {
        v.number(Field::TcpDuplicateAckNumber, standing.duplicate);
    }
}
