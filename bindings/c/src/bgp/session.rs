//! What two speakers agreed on, as a value.

use bgp_codec::capability::Role;
use bgp_codec::nlri::LabelCounts;
use bgp_codec::{Family, FamilySet, MessageType, Negotiated, Open, Peer};

use super::whole;
use crate::border::{Outcome, answer, owned, shared, slice};
use crate::error::{CodecError, Status};

/// No role was told.
const NO_ROLE: u8 = 255;

/// An address family with its subsequent one (RFC 4760 §3).
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpFamily {
    /// Address family: 1 IPv4, 2 IPv6, 25 layer 2 VPNs. 0 for none.
    pub afi: u16,
    /// Subsequent address family: 1 unicast, 4 with labels, 70 EVPN, 128 VPNs …
    pub safi: u8,
    /// Nothing yet.
    pub reserved: u8,
}

impl From<Family> for BgpFamily {
    fn from(family: Family) -> Self {
        Self { afi: family.afi.0, safi: family.safi.0, reserved: 0 }
    }
}

impl From<BgpFamily> for Family {
    fn from(family: BgpFamily) -> Self {
        Self::new(family.afi, family.safi)
    }
}

/// What a session may do, and how its bytes are read: of `cc_bgp_negotiate`, or of `cc_bgp_session_assumed` and then set by hand. A set of
/// families has a bit each, `cc_bgp_family_bit`'s. What is yes or no is 1 or 0.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BgpSession {
    /// The speaker's own AS.
    pub local_as: u32,
    /// The peer's AS.
    pub peer_as: u32,
    /// The families that both can exchange (RFC 4760 §8).
    pub families: u32,
    /// The families in which the peer's routes have a path identifier (RFC 7911).
    pub add_path_receive: u32,
    /// The families in which the speaker's own routes have one.
    pub add_path_send: u32,
    /// The families whose next hops may be of the other IP version in what the peer sends (RFC 8950 §4).
    pub extended_next_hop_receive: u32,
    /// The same in what the speaker sends.
    pub extended_next_hop_send: u32,
    /// The families whose forwarding the peer keeps through a restart (RFC 4724).
    pub graceful_restart: u32,
    /// The families whose routes are kept for long (RFC 9494).
    pub long_lived_graceful_restart: u32,
    /// The most bytes of a message that the peer sends: 4096 or 65535 (RFC 8654 §4).
    pub max_len_receive: u16,
    /// The most bytes of a message that the speaker sends.
    pub max_len_send: u16,
    /// The hold time, in seconds; 0 for none.
    pub hold_time: u16,
    /// How long the peer's restart may take, in seconds.
    pub restart_time: u16,
    /// How many labels the peer's routes may have (RFC 8277 §2.1): of IPv4 and of IPv6 with labels, of VPNv4, of VPNv6.
    pub labels_receive: [u8; 4],
    /// How many labels the speaker's own routes may have.
    pub labels_send: [u8; 4],
    /// What the peer is: 0 of the same AS, 1 of another, 2 of another member of the same confederation, which is not negotiated, 3 not known.
    pub peer: u8,
    /// Whether this was agreed on or is taken for granted; if not, nothing that depends on it is called wrong.
    pub is_known: u8,
    /// Whether AS numbers have four bytes (RFC 6793).
    pub four_octet_as: u8,
    /// Whether the peer may ask for routes again (RFC 2918 §4).
    pub route_refresh_receive: u8,
    /// Whether the speaker may.
    pub route_refresh_send: u8,
    /// Whether a refresh has a beginning and an end (RFC 7313 §4).
    pub enhanced_route_refresh: u8,
    /// Whether a broken MP_REACH_NLRI or MP_UNREACH_NLRI ends its family only (RFC 7606 §5.3). Not negotiated: set it.
    pub may_disable_family: u8,
    /// Whether a path may have an AS_SET (RFC 9774 §3). Not negotiated: set it.
    pub may_have_as_sets: u8,
    /// The speaker's role (RFC 9234 §4.1); 255 if it told none.
    pub local_role: u8,
    /// The peer's role; 255 if it told none.
    pub peer_role: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
}

impl From<&Negotiated> for BgpSession {
    fn from(of: &Negotiated) -> Self {
        let labels = |counts: LabelCounts| LabelCounts::FAMILIES.map(|family| counts.of(family));
        let role = |role: Option<Role>| role.map_or(NO_ROLE, |role| role.0);
        Self {
            local_as: of.local_as,
            peer_as: of.peer_as,
            families: bits(of.families),
            add_path_receive: bits(of.add_path_receive),
            add_path_send: bits(of.add_path_send),
            extended_next_hop_receive: bits(of.extended_next_hop_receive),
            extended_next_hop_send: bits(of.extended_next_hop_send),
            graceful_restart: bits(of.graceful_restart),
            long_lived_graceful_restart: bits(of.long_lived_graceful_restart),
            max_len_receive: of.max_len_receive,
            max_len_send: of.max_len_send,
            hold_time: of.hold_time,
            restart_time: of.restart_time,
            labels_receive: labels(of.labels_receive),
            labels_send: labels(of.labels_send),
            peer: match of.peer {
                Peer::Internal => 0,
                Peer::External => 1,
                Peer::Confederation => 2,
                Peer::Unknown => 3,
            },
            is_known: of.is_known.into(),
            four_octet_as: of.four_octet_as.into(),
            route_refresh_receive: of.route_refresh_receive.into(),
            route_refresh_send: of.route_refresh_send.into(),
            enhanced_route_refresh: of.enhanced_route_refresh.into(),
            may_disable_family: of.may_disable_family.into(),
            may_have_as_sets: of.may_have_as_sets.into(),
            local_role: role(of.local_role),
            peer_role: role(of.peer_role),
            reserved: [0; 2],
        }
    }
}

impl BgpSession {
    /// The same as the codec has it.
    pub(super) fn negotiated(&self) -> Outcome<Negotiated> {
        let labels = |counts: [u8; 4]| {
            let each = LabelCounts::FAMILIES.into_iter().zip(counts);
            each.fold(LabelCounts::ONE, |all, (family, count)| all.with(family, count.max(1)))
        };
        let role = |role: u8| (role != NO_ROLE).then_some(Role(role));
        let mut of = Negotiated::assumed();
        (of.local_as, of.peer_as) = (self.local_as, self.peer_as);
        of.families = set("families", self.families)?;
        of.add_path_receive = set("add_path_receive", self.add_path_receive)?;
        of.add_path_send = set("add_path_send", self.add_path_send)?;
        of.extended_next_hop_receive = set("extended_next_hop_receive", self.extended_next_hop_receive)?;
        of.extended_next_hop_send = set("extended_next_hop_send", self.extended_next_hop_send)?;
        of.graceful_restart = set("graceful_restart", self.graceful_restart)?;
        of.long_lived_graceful_restart = set("long_lived_graceful_restart", self.long_lived_graceful_restart)?;
        (of.max_len_receive, of.max_len_send) = (self.max_len_receive, self.max_len_send);
        (of.hold_time, of.restart_time) = (self.hold_time, self.restart_time);
        (of.labels_receive, of.labels_send) = (labels(self.labels_receive), labels(self.labels_send));
        of.peer = match self.peer {
            0 => Peer::Internal,
            1 => Peer::External,
            2 => Peer::Confederation,
            3 => Peer::Unknown,
            other => {
                return Err(CodecError::argument_in_words("peer", other.into(), "a session's peer is 0, 1, 2 or 3"));
            }
        };
        (of.is_known, of.four_octet_as) = (self.is_known != 0, self.four_octet_as != 0);
        of.route_refresh_receive = self.route_refresh_receive != 0;
        of.route_refresh_send = self.route_refresh_send != 0;
        of.enhanced_route_refresh = self.enhanced_route_refresh != 0;
        of.may_disable_family = self.may_disable_family != 0;
        of.may_have_as_sets = self.may_have_as_sets != 0;
        (of.local_role, of.peer_role) = (role(self.local_role), role(self.peer_role));
        Ok(of)
    }
}

fn bits(families: FamilySet) -> u32 {
    let known = Family::KNOWN.iter().enumerate();
    known.filter(|(_, family)| families.contains(**family)).fold(0, |bits, (at, _)| bits | 1 << at)
}

fn set(field: &'static str, bits: u32) -> Outcome<FamilySet> {
    // What most sessions have, without a look at each family.
    if bits == 0 {
        return Ok(FamilySet::EMPTY);
    }
    let known = u32::MAX >> 32_usize.saturating_sub(Family::KNOWN.len()).min(31);
    match bits & !known {
        0 if bits == known => Ok(FamilySet::ALL),
        0 => {
            let each = Family::KNOWN.iter().enumerate();
            Ok(each.filter(|(at, _)| bits >> at & 1 != 0).map(|(_, family)| *family).collect())
        }
        other => {
            Err(CodecError::argument_in_words(field, other.into(), "a set of families has bits that no family has"))
        }
    }
}

/// The bit of a family in a session's sets; 0 if the family is not known. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_bgp_family_bit(afi: u16, safi: u8) -> u32 {
    bits(FamilySet::of(Family::new(afi, safi)))
}

/// A session that is taken for granted: 4-octet AS numbers, no path identifiers, messages of up to 65535 bytes, a peer of another AS, all
/// families. `CC_STATUS_NULL` for null. Any number of threads may call it.
///
/// # Safety
/// `session` points to a place for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_session_assumed(session: *mut BgpSession) -> Status {
    // SAFETY: the caller's promise.
    unsafe { tell(session, &Negotiated::assumed()) }
}

/// A session that nobody saw begin: as `cc_bgp_session_assumed` has it, but nothing of it is known, and nothing that depends on it is called
/// wrong. `CC_STATUS_NULL` for null. Any number of threads may call it.
///
/// # Safety
/// `session` points to a place for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_session_unknown(session: *mut BgpSession) -> Status {
    // SAFETY: the caller's promise.
    unsafe { tell(session, &Negotiated::unknown()) }
}

/// # Safety
/// `to` is null or points to a place for a session.
unsafe fn tell(to: *mut BgpSession, session: &Negotiated) -> Status {
    let work = || {
        // SAFETY: the caller's promise.
        *unsafe { owned(to) }? = session.into();
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// What two OPENs agree on, whole messages both: `ours` was sent, `theirs` received. `CC_STATUS_BGP` for what RFC 4271 §6.2 refuses, with the
/// NOTIFICATION: what one of the two is, or 2/3 for two identifiers that are one (RFC 6286 §2.2), 2/11 for roles that do not fit (RFC 9234
/// §4.2). `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no whole OPEN. Any number of threads may call it. `error` may be null.
///
/// # Safety
/// `ours` and `theirs` point to as many bytes as are said, `session` to a place for one, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_negotiate(
    ours: *const u8,
    ours_len: usize,
    theirs: *const u8,
    theirs_len: usize,
    session: *mut BgpSession,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of what was sent.
        let ours = unsafe { slice(ours, ours_len) }?;
        // SAFETY: the caller's promise of what was received.
        let theirs = unsafe { slice(theirs, theirs_len) }?;
        // SAFETY: the caller's promise of the session.
        let session = unsafe { owned(session) }?;
        let agreed = Negotiated::between(&open(ours)?, &open(theirs)?);
        *session = (&agreed.map_err(|error| CodecError::of_bgp(&error, theirs))?).into();
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// The OPEN that a message is.
pub(super) fn open(message: &[u8]) -> Outcome<Open<'_>> {
    let frame = whole(message, bgp_codec::framer::MAX_LEN, MessageType::OPEN)?;
    Open::parse(frame.body()).map_err(|error| CodecError::of_bgp(&error, message))
}

/// The same session for the other direction, which the peer's `cc_bgp_negotiate` gives: for a capture, which holds both. `CC_STATUS_NULL` for
/// null, `CC_STATUS_ARGUMENT` for a session that can be none. `session` and `reversed` may be one. Any number of threads may call it.
///
/// # Safety
/// `session` points to one, `reversed` to a place for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_bgp_session_reversed(session: *const BgpSession, reversed: *mut BgpSession) -> Status {
    let work = || {
        // SAFETY: the caller's promise; it is copied before anything is written.
        let session = *unsafe { shared(session) }?;
        // SAFETY: the caller's promise.
        *unsafe { owned(reversed) }? = (&session.negotiated()?.reversed()).into();
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}
