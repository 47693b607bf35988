//! What is wrong with an UPDATE, one by one (RFC 7606).

use bgp_codec::{Action, Finding, MessageType, Update};
use core::ffi::c_char;
use core::mem::MaybeUninit;

use super::{BgpAction, BgpFamily, BgpSession, whole};
use crate::border::{Outcome, answer, owned, places, shared, slice};
use crate::error::{CodecError, Status, put};

/// One thing that is wrong with an UPDATE.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct BgpFinding {
    /// Where it is, in bytes from the message's marker.
    pub offset: u32,
    /// The family whose routes are meant, if it is about one.
    pub family: BgpFamily,
    /// The attribute's type; 0 if it is in the withdrawn routes or the NLRI.
    pub attribute: u8,
    /// What is to be done about it.
    pub action: BgpAction,
    /// The NOTIFICATION's code, should the session end.
    pub code: u8,
    /// Its subcode.
    pub subcode: u8,
    /// The RFC and section that say so. It ends with a zero.
    pub clause: [c_char; 28],
    /// What is wrong, as a sentence that ends with a zero, cut where it is too long.
    pub text: [c_char; 192],
}

impl From<Action> for BgpAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Accept => Self::Accept,
            Action::RouteDiscard => Self::RouteDiscard,
            Action::AttributeDiscard => Self::AttributeDiscard,
            Action::TreatAsWithdraw => Self::TreatAsWithdraw,
            Action::DisableFamily => Self::DisableFamily,
            Action::SessionReset => Self::SessionReset,
        }
    }
}

impl BgpFinding {
    fn of(finding: &Finding) -> Self {
        let mut of = Self {
            offset: finding.offset as u32,
            family: finding.family.map(Into::into).unwrap_or_default(),
            attribute: finding.attribute.map_or(0, |kind| kind.0),
            action: finding.action.into(),
            code: finding.code.code,
            subcode: finding.code.subcode,
            clause: [0; 28],
            text: [0; 192],
        };
        put(&mut of.clause, finding.clause);
        put(&mut of.text, finding.fault);
        of
    }
}

/// Tells what is wrong with an UPDATE, as many things as there is room for; `count` gets how many there are. For the log: what is to be done
/// `cc_bgp_decode` says. `CC_STATUS_BGP` for a message whose parts cannot be found, `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no
/// whole UPDATE, or for a session that can be none. Any number of threads may call it. `error` may be null.
///
/// # Safety
/// `session` points to one, `message` to `len` bytes, `findings` to `room` places, `count` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_findings(
    session: *const BgpSession,
    message: *const u8,
    len: usize,
    findings: *mut BgpFinding,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the session.
        let session = unsafe { shared(session) }?;
        // SAFETY: the caller's promise of the message.
        let message = unsafe { slice(message, len) }?;
        // SAFETY: the caller's promise of the findings.
        let places = unsafe { places(findings, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        find(session, message, places, count)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn find(
    session: &BgpSession,
    message: &[u8],
    places: &mut [MaybeUninit<BgpFinding>],
    count: &mut usize,
) -> Outcome<()> {
    let session = session.negotiated()?;
    let frame = whole(message, session.max_len_receive, MessageType::UPDATE)?;
    let update = Update::parse(frame.body(), &session).map_err(|error| CodecError::of_bgp(&error, message))?;
    *count = 0;
    let _ = update.validate_each(|finding| {
        if let Some(place) = places.get_mut(*count) {
            place.write(BgpFinding::of(finding));
        }
        *count += 1;
    });
    Ok(())
}
