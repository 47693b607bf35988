//! A segment's place in its conversation, as fields.

use crate::Layer;
use crate::conversations::{Analysis, Standing};
use crate::fields::{Field, FieldVisitor, Group};

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
    for (finding, field) in Analysis::ALL {
        if standing.analysis.has(*finding) {
            v.flag(*field, true);
        }
    }
    if standing.duplicate > 0 {
        v.number(Field::TcpDuplicateAckNumber, standing.duplicate);
    }
}
