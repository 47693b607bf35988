//! A segment's place in its conversation, as fields.

use crate::Layer;
use crate::conversations::{Analysis, Standing};
use crate::fields::{Field, FieldVisitor};

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

/// The fields that are of conversations.
const OTHERS: [Field; 10] = [
    Field::IcmpResponseTo,
    Field::Icmpv6ResponseTo,
    Field::UdpStream,
    Field::TcpStream,
    Field::TcpRelativeSequence,
    Field::TcpNextSequence,
    Field::TcpRelativeAck,
    Field::TcpScaledWindow,
    Field::TcpAnalysis,
    Field::TcpDuplicateAckNumber,
];

/// Whether a visitor wants any of them.
pub(super) fn is_wanted(visitor: &impl FieldVisitor) -> bool {
    let fields = FIELDS.iter().map(|(_, field)| field).chain(&OTHERS);
    fields.into_iter().any(|field| visitor.wants(*field))
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
