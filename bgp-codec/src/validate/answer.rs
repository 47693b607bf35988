//! What is to be done about each thing that is wrong, and who says so: RFC 7606 §7 and each attribute's own RFC.

use super::check::Wrong;
use super::finding::{Action, AttributeSet, Finding, UpdateVisitor, Verdict};
use crate::attribute::prefix_sid::is_service_cut;
use crate::attribute::{ATTRIBUTE, Attribute, AttributeType};
use crate::error::{Data, Fault, NotificationCode};
use crate::family::Family;
use crate::message::update::Update;
use crate::nlri::{NLRI, Routes};
use crate::session::Peer;

impl<'a> Update<'a> {
    /// What is to be done about what is wrong with an attribute, the NOTIFICATION, and who says so: a row each.
    #[cold]
    pub(super) fn finding(&self, attribute: Attribute<'_>, wrong: Wrong) -> Finding {
        use Action::{AttributeDiscard, RouteDiscard, SessionReset, TreatAsWithdraw};
        use {AttributeType as Type, NotificationCode as Code};
        let kind = attribute.kind;
        let (family, reset_or_disable) = (family_of(&attribute), self.reset_or_disable(&attribute));
        let (action, code, clause) = match (&wrong, kind) {
            //= RFC 7606 §3.g/multiprotocol
            (Wrong::Repeated, Type::MP_REACH_NLRI | Type::MP_UNREACH_NLRI) => {
                (SessionReset, Code::MALFORMED_ATTRIBUTES, "RFC 7606 §3 g")
            }
            //= RFC 7606 §3.g/others
            (Wrong::Repeated, _) => (AttributeDiscard, Code::MALFORMED_ATTRIBUTES, "RFC 7606 §3 g"),
            (Wrong::Unwanted, Type::LOCAL_PREF) => (AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, "RFC 7606 §7.5"),
            (Wrong::Unwanted, Type::ORIGINATOR_ID) => (AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, "RFC 7606 §7.9"),
            (Wrong::Unwanted, Type::CLUSTER_LIST) => (AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, "RFC 7606 §7.10"),
            (Wrong::Unwanted, _) => (AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, "RFC 6793 §4.1"),
            //= RFC 7311 §3.2/malformed
            (Wrong::Flags, Type::AIGP) => (AttributeDiscard, Code::ATTRIBUTE_FLAGS, "RFC 7311 §3.2"),
            // Which routes are meant is in doubt, so that RFC 7606 §5.3 counts.
            (Wrong::Flags, Type::MP_REACH_NLRI | Type::MP_UNREACH_NLRI) => {
                (reset_or_disable, Code::OPTIONAL_ATTRIBUTE, "RFC 4760 §7")
            }
            //= RFC 4271 §6.3/flags
            (Wrong::Flags, _) => (TreatAsWithdraw, Code::ATTRIBUTE_FLAGS, "RFC 7606 §3 c"),
            // RFC 7606 leaves it as it is.
            //= RFC 4271 §6.3/unknown-well-known
            (Wrong::UnknownWellKnown, _) => (SessionReset, Code::UNRECOGNIZED_WELL_KNOWN, "RFC 4271 §6.3"),
            // Read with RFC 7606 §7.2.
            (Wrong::Confederation | Wrong::ConfederationMissing, _) => {
                (TreatAsWithdraw, Code::MALFORMED_AS_PATH, "RFC 5065 §5")
            }
            //= RFC 9774 §3/received
            (Wrong::Set(_), _) => (TreatAsWithdraw, Code::MALFORMED_AS_PATH, "RFC 9774 §3"),
            // Malformed, as RFC 7606 §7.2 and §7.7 and RFC 6793 §6 have it.
            (Wrong::AsZero, Type::AS_PATH) => (TreatAsWithdraw, Code::MALFORMED_AS_PATH, "RFC 7607 §2"),
            (Wrong::AsZero, _) => (AttributeDiscard, Code::OPTIONAL_ATTRIBUTE, "RFC 7607 §2"),
            // Read with RFC 7606 §3 e.
            (Wrong::NextHop(_), _) => (TreatAsWithdraw, Code::INVALID_NEXT_HOP, "RFC 4271 §6.3"),
            //= RFC 9252 §7/withdraw
            (Wrong::Service(_), _) => (TreatAsWithdraw, Code::OPTIONAL_ATTRIBUTE, "RFC 9252 §7"),
            //= RFC 9552 §8.2.2/discard
            // A route that is withdrawn, or one that its RFC says so of, is left out; any other makes the UPDATE a withdrawal.
            (Wrong::Route(flaw), Type::MP_REACH_NLRI) if !flaw.is_alone => {
                (TreatAsWithdraw, Code::OPTIONAL_ATTRIBUTE, flaw.clause)
            }
            (Wrong::Route(flaw), _) => (RouteDiscard, Code::OPTIONAL_ATTRIBUTE, flaw.clause),
            (Wrong::Value(_), Type::PREFIX_SID) if is_service_cut(attribute.value) => {
                (TreatAsWithdraw, Code::OPTIONAL_ATTRIBUTE, "RFC 9252 §7")
            }
            (Wrong::Value(error), _) => {
                let (action, code, clause) = answer(kind, error, reset_or_disable);
                // From an external peer it would be discarded unread (RFC 7606 §7.5, §7.9, §7.10).
                let is_internal = matches!(kind, Type::LOCAL_PREF | Type::ORIGINATOR_ID | Type::CLUSTER_LIST);
                let may_be_unwanted = is_internal && self.session().peer == Peer::Unknown;
                (if may_be_unwanted { AttributeDiscard } else { action }, code, clause)
            }
        };
        let fault = wrong.fault(kind, attribute.flags);
        let data = match fault {
            Fault::Repeated(_) => Data::None,
            _ => Data::Part { at: attribute.offset, len: attribute.wire_len() },
        };
        Finding { attribute: Some(kind), family, offset: attribute.offset, fault, action, code, clause, data }
    }

    /// RFC 7606 §3 d.
    #[cold]
    pub(super) fn missing(
        &self,
        seen: &AttributeSet,
        has_nlri: bool,
        verdict: &mut Verdict,
        visit: &mut impl UpdateVisitor<'a>,
    ) {
        let mandatory = [AttributeType::ORIGIN, AttributeType::AS_PATH, AttributeType::NEXT_HOP];
        //= RFC 4760 §3/mandatory, §3/next-hop-absent
        let needed = if has_nlri { 3 } else { 2 };
        //= RFC 8205 §3/no-as-path
        let has_path = |kind| kind == AttributeType::AS_PATH && seen.contains(AttributeType::BGPSEC_PATH);
        let absent = |kind: &AttributeType| !seen.contains(*kind) && !has_path(*kind);
        for kind in mandatory.into_iter().take(needed).filter(absent) {
            let finding = Finding {
                attribute: Some(kind),
                family: None,
                offset: self.attributes_offset(),
                fault: Fault::Missing(kind.layer()),
                action: Action::TreatAsWithdraw,
                //= RFC 4271 §6.3/missing
                code: NotificationCode::MISSING_WELL_KNOWN,
                clause: "RFC 7606 §3 d",
                data: Data::Inline([kind.0, 0], 1),
            };
            verdict.add(finding, visit);
        }
    }

    /// RFC 8205 §5.2: a BGPsec path stands in AS_PATH's place.
    #[cold]
    pub(super) fn two_paths(&self, verdict: &mut Verdict, visit: &mut impl UpdateVisitor<'a>) {
        let finding = Finding {
            attribute: Some(AttributeType::BGPSEC_PATH),
            family: None,
            offset: self.attributes_offset(),
            fault: Fault::TwoPaths,
            action: Action::TreatAsWithdraw,
            code: NotificationCode::OPTIONAL_ATTRIBUTE,
            clause: "RFC 8205 §5.2",
            data: Data::None,
        };
        verdict.add(finding, visit);
    }

    /// Whether a broken attribute ends its family only: if the session may do without it, and the attribute tells which.
    //= RFC 4760 §7/reset
    fn reset_or_disable(&self, attribute: &Attribute<'_>) -> Action {
        //= RFC 4760 §7/disable
        let may_disable = self.session().may_disable_family && attribute.value.len() >= 3;
        if may_disable { Action::DisableFamily } else { Action::SessionReset }
    }
}

/// RFC 7606 §7 and each attribute's own RFC: what a value that cannot be read leads to. What is to be done if it has the routes of a
/// family is told.
fn answer(
    kind: AttributeType,
    error: &ether_ip::Error,
    reset_or_disable: Action,
) -> (Action, NotificationCode, &'static str) {
    use Action::{AttributeDiscard, TreatAsWithdraw};
    let is_length = matches!(error, ether_ip::Error::Malformed { field: "length", .. });
    //= RFC 4271 §6.3/attribute-length
    let length = NotificationCode::ATTRIBUTE_LENGTH;
    //= RFC 4271 §6.3/optional
    let optional = NotificationCode::OPTIONAL_ATTRIBUTE;
    match kind {
        //= RFC 7606 §3.e, §7.1
        AttributeType::ORIGIN if is_length => (TreatAsWithdraw, length, "RFC 7606 §7.1"),
        //= RFC 4271 §6.3/origin
        AttributeType::ORIGIN => (TreatAsWithdraw, NotificationCode::INVALID_ORIGIN, "RFC 7606 §7.1"),
        //= RFC 4271 §6.3/as-path
        //= RFC 7606 §7.2
        AttributeType::AS_PATH => (TreatAsWithdraw, NotificationCode::MALFORMED_AS_PATH, "RFC 7606 §7.2"),
        //= RFC 4271 §6.3/next-hop
        //= RFC 7606 §7.3
        AttributeType::NEXT_HOP => (TreatAsWithdraw, length, "RFC 7606 §7.3"),
        //= RFC 7606 §7.4
        AttributeType::MULTI_EXIT_DISC => (TreatAsWithdraw, length, "RFC 7606 §7.4"),
        //= RFC 7606 §7.5/internal
        AttributeType::LOCAL_PREF => (TreatAsWithdraw, length, "RFC 7606 §7.5"),
        //= RFC 7606 §3.f, §7.6
        AttributeType::ATOMIC_AGGREGATE => (AttributeDiscard, length, "RFC 7606 §7.6"),
        //= RFC 7606 §7.7
        AttributeType::AGGREGATOR => (AttributeDiscard, length, "RFC 7606 §7.7"),
        //= RFC 7606 §7.8
        AttributeType::COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.8"),
        //= RFC 7606 §7.9/internal
        AttributeType::ORIGINATOR_ID => (TreatAsWithdraw, length, "RFC 7606 §7.9"),
        //= RFC 7606 §7.10/internal
        AttributeType::CLUSTER_LIST => (TreatAsWithdraw, length, "RFC 7606 §7.10"),
        //= RFC 7606 §7.11
        AttributeType::MP_REACH_NLRI => (reset_or_disable, optional, "RFC 7606 §7.11"),
        //= RFC 7606 §7.12
        AttributeType::MP_UNREACH_NLRI => (reset_or_disable, optional, "RFC 7606 §7.12"),
        //= RFC 7606 §7.14
        AttributeType::EXTENDED_COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.14"),
        //= RFC 7606 §7.15
        AttributeType::IPV6_EXTENDED_COMMUNITIES => (TreatAsWithdraw, length, "RFC 7606 §7.15"),
        //= RFC 7606 §7.16
        AttributeType::ATTR_SET => (TreatAsWithdraw, optional, "RFC 7606 §7.16"),
        //= RFC 6793 §6/malformed, §6/aggregator-length
        AttributeType::AS4_PATH | AttributeType::AS4_AGGREGATOR => (AttributeDiscard, optional, "RFC 6793 §6"),
        //= RFC 6514 §5/malformed
        AttributeType::PMSI_TUNNEL => (TreatAsWithdraw, optional, "RFC 6514 §5"),
        AttributeType::TUNNEL_ENCAPSULATION => (TreatAsWithdraw, optional, "RFC 9012 §13"),
        AttributeType::AIGP => (AttributeDiscard, optional, "RFC 7311 §3.2"),
        //= RFC 9552 §8.2.2/attribute
        AttributeType::LINK_STATE => (AttributeDiscard, optional, "RFC 9552 §8.2.2"),
        //= RFC 8092 §6/length
        AttributeType::LARGE_COMMUNITY => (TreatAsWithdraw, length, "RFC 8092 §6"),
        //= RFC 8205 §5.2/syntax
        AttributeType::BGPSEC_PATH => (TreatAsWithdraw, optional, "RFC 8205 §5.2"),
        //= RFC 9234 §5/length
        AttributeType::ONLY_TO_CUSTOMER => (TreatAsWithdraw, length, "RFC 9234 §5"),
        //= RFC 9026 §3.1.6/malformed
        AttributeType::BFD_DISCRIMINATOR => (AttributeDiscard, optional, "RFC 9026 §3.1.6"),
        //= RFC 8669 §6/discard
        AttributeType::PREFIX_SID => (AttributeDiscard, optional, "RFC 8669 §6"),
        // One that is not known cannot be read wrongly.
        _ => (TreatAsWithdraw, optional, "RFC 7606 §2"),
    }
}

/// The family that an attribute with routes tells.
fn family_of(attribute: &Attribute<'_>) -> Option<Family> {
    match (attribute.kind, attribute.value) {
        (AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI, &[high, low, safi, ..]) => {
            Some(Family::new(u16::from_be_bytes([high, low]), safi))
        }
        _ => None,
    }
}

/// RFC 7606 §4: the last attribute goes past the end, or there are too few bytes for one.
#[cold]
pub(super) fn cut(rest: &[u8], offset: usize) -> Finding {
    let (attribute, needed) = match *rest {
        [flags, kind, high, low, ..] if flags & 0x10 != 0 => {
            (Some(AttributeType(kind)), 4 + usize::from(u16::from_be_bytes([high, low])))
        }
        [flags, kind, len, ..] if flags & 0x10 == 0 => (Some(AttributeType(kind)), 3 + usize::from(len)),
        [flags, ..] => (None, if flags & 0x10 == 0 { 3 } else { 4 }),
        [] => (None, 3),
    };
    let layer = attribute.map_or(ATTRIBUTE, AttributeType::layer);
    let fault = Fault::Field(ether_ip::Error::Truncated { layer, needed, available: rest.len() });
    Finding {
        attribute,
        family: None,
        offset,
        fault,
        action: Action::TreatAsWithdraw,
        code: NotificationCode::MALFORMED_ATTRIBUTES,
        clause: "RFC 7606 §4",
        data: Data::None,
    }
}

/// RFC 7606 §5.3: routes that cannot be read.
#[cold]
pub(super) fn network_field(routes: Routes<'_>, offset: usize) -> Finding {
    let error = routes.check().err();
    let len = routes.as_bytes().len();
    let truncated = ether_ip::Error::Truncated { layer: NLRI, needed: len, available: len };
    Finding {
        attribute: None,
        family: Some(Family::IPV4_UNICAST),
        offset,
        fault: Fault::Field(error.unwrap_or(truncated)),
        //= RFC 7606 §5.3/plain
        action: Action::SessionReset,
        //= RFC 4271 §6.3/nlri
        code: NotificationCode::INVALID_NETWORK_FIELD,
        clause: "RFC 7606 §5.3",
        data: Data::None,
    }
}
