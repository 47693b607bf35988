//! What two speakers agreed on, by their OPENs: what decides how the bytes of their messages are read and built.

use core::fmt;

use crate::capability::{Capability, CapabilityCode, Role};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::{Afi, Family, FamilySet};
use crate::framer::{MAX_LEN, MAX_LEN_EXTENDED};
use crate::message::open::Open;

/// What the peer is to the speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Peer {
    /// A speaker of the same AS.
    Internal,
    /// A speaker of another AS.
    #[default]
    External,
    /// A speaker of another member AS of the same confederation (RFC 5065).
    Confederation,
}

/// What a session may do, and how its bytes are read. Worked out from two OPENs with [`between`](Self::between), or, for
/// a capture that has none, [`assumed`](Self::assumed) and then set by hand.
///
/// ```
/// use bgp_codec::{Family, Negotiated};
///
/// let mut session = Negotiated::assumed();
/// session.add_path_receive = session.add_path_receive.with(Family::IPV4_UNICAST);
/// assert!(session.four_octet_as);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Negotiated {
    /// The speaker's own AS.
    pub local_as: u32,
    /// The peer's AS.
    pub peer_as: u32,
    /// What the peer is. [`between`](Self::between) cannot know of confederations: set it.
    pub peer: Peer,
    /// Whether AS numbers have four bytes (RFC 6793).
    pub four_octet_as: bool,
    /// The families that both can exchange. IPv4 unicast if neither told any (RFC 4760 §8).
    pub families: FamilySet,
    /// The families in which the peer's routes have a path identifier (RFC 7911).
    pub add_path_receive: FamilySet,
    /// The families in which the speaker's own routes have one.
    pub add_path_send: FamilySet,
    /// The families whose next hops may be addresses of the other IP version: IPv6 ones of IPv4 routes (RFC 8950), and the
    /// reverse, which some speakers tell of in the same capability.
    pub extended_next_hop: FamilySet,
    /// The most bytes of a message, either way (RFC 8654): 4096 or 65535.
    pub max_message_len: u16,
    /// The hold time, in seconds: the smaller of the two; 0 for none.
    pub hold_time: u16,
    /// Whether routes can be asked for again (RFC 2918).
    pub route_refresh: bool,
    /// Whether a refresh has a beginning and an end (RFC 7313).
    pub enhanced_route_refresh: bool,
    /// The families whose forwarding the peer keeps through a restart (RFC 4724), if both told of it.
    pub graceful_restart: FamilySet,
    /// The families whose routes are kept for long (RFC 9494), if both told of it.
    pub long_lived_graceful_restart: FamilySet,
    /// How long the peer's restart may take, in seconds.
    pub restart_time: u16,
    /// The speaker's role, if it told one (RFC 9234).
    pub local_role: Option<Role>,
    /// The peer's role, if it told one.
    pub peer_role: Option<Role>,
    /// Whether a broken MP_REACH_NLRI or MP_UNREACH_NLRI ends its family only (RFC 7606 §5.3, RFC 4760 §7) and not the
    /// session. Nobody negotiates that: set it.
    pub may_disable_family: bool,
}

impl Negotiated {
    /// The likeliest session, for captures: 4-octet AS numbers, no path identifiers, messages of any length, an external
    /// peer, all families.
    #[must_use]
    pub const fn assumed() -> Self {
        Self {
            local_as: 0,
            peer_as: 0,
            peer: Peer::External,
            four_octet_as: true,
            families: FamilySet::ALL,
            add_path_receive: FamilySet::EMPTY,
            add_path_send: FamilySet::EMPTY,
            extended_next_hop: FamilySet::ALL,
            max_message_len: MAX_LEN_EXTENDED,
            hold_time: 0,
            route_refresh: true,
            enhanced_route_refresh: true,
            graceful_restart: FamilySet::EMPTY,
            long_lived_graceful_restart: FamilySet::EMPTY,
            restart_time: 0,
            local_role: None,
            peer_role: None,
            may_disable_family: false,
        }
    }

    /// What two OPENs agree on. `ours` was sent, `theirs` received.
    ///
    /// # Errors
    /// 2/3 if an internal peer has the same identifier (RFC 6286 §2.2); 2/11 if the roles do not fit, or the peer told
    /// two that differ (RFC 9234 §4.2).
    pub fn between(ours: &Open<'_>, theirs: &Open<'_>) -> Result<Self, Error> {
        let (local, remote) = (Offer::of(ours), Offer::of(theirs));
        let (local_as, peer_as) = (ours.as_number(), theirs.as_number());
        let peer = if local_as == peer_as { Peer::Internal } else { Peer::External };
        if peer == Peer::Internal && ours.identifier() == theirs.identifier() {
            let fault = Fault::Identifier(theirs.identifier());
            return Err(Error::new(fault, NotificationCode::BAD_IDENTIFIER, Data::None));
        }
        if peer != Peer::Internal {
            check_roles(local.role, theirs)?;
        }
        //= RFC 4760 §8/both
        let families = local.families().and(remote.families());
        let extended_message = local.extended_message && remote.extended_message;
        let restart = local.restart.zip(remote.restart);
        Ok(Self {
            local_as,
            peer_as,
            peer,
            four_octet_as: ours.has(CapabilityCode::FOUR_OCTET_AS) && theirs.has(CapabilityCode::FOUR_OCTET_AS),
            families,
            add_path_receive: local.receives_paths.and(remote.sends_paths).and(families),
            //= RFC 7911 §4/direction
            add_path_send: local.sends_paths.and(remote.receives_paths).and(families),
            extended_next_hop: local.other_next_hops.and(remote.other_next_hops).and(families),
            max_message_len: if extended_message { MAX_LEN_EXTENDED } else { MAX_LEN },
            //= RFC 4271 §4.2/hold-time-negotiated
            hold_time: ours.hold_time().min(theirs.hold_time()),
            route_refresh: local.route_refresh && remote.route_refresh,
            enhanced_route_refresh: local.enhanced_route_refresh && remote.enhanced_route_refresh,
            graceful_restart: if restart.is_some() { remote.restart_families } else { FamilySet::EMPTY },
            long_lived_graceful_restart: local.long_lived.and(remote.long_lived),
            restart_time: restart.map_or(0, |(_, theirs)| theirs),
            local_role: local.role,
            peer_role: remote.role,
            may_disable_family: false,
        })
    }

    /// The same for the other direction: what the peer's [`between`](Self::between) gives, as far as it can be known
    /// here. For a capture, which holds both directions.
    #[must_use]
    pub const fn reversed(&self) -> Self {
        Self {
            local_as: self.peer_as,
            peer_as: self.local_as,
            add_path_receive: self.add_path_send,
            add_path_send: self.add_path_receive,
            local_role: self.peer_role,
            peer_role: self.local_role,
            ..*self
        }
    }

    /// How many bytes an AS number has.
    #[inline]
    #[must_use]
    //= RFC 6793 §3/octets
    pub const fn as_size(&self) -> AsSize {
        if self.four_octet_as { AsSize::Four } else { AsSize::Two }
    }
}

/// How many bytes an AS number has in AS_PATH and AGGREGATOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum AsSize {
    /// Two: at least one of the speakers does not know of more.
    Two,
    /// Four (RFC 6793).
    Four,
}

impl AsSize {
    /// In bytes.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Four => 4,
        }
    }
}

impl fmt::Display for AsSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.bytes())
    }
}

/// What one OPEN offers.
#[derive(Default)]
struct Offer {
    multiprotocol: Option<FamilySet>,
    receives_paths: FamilySet,
    sends_paths: FamilySet,
    other_next_hops: FamilySet,
    extended_message: bool,
    route_refresh: bool,
    enhanced_route_refresh: bool,
    restart: Option<u16>,
    restart_families: FamilySet,
    long_lived: FamilySet,
    role: Option<Role>,
}

impl Offer {
    fn of(open: &Open<'_>) -> Self {
        let mut offer = Self::default();
        for capability in open.capabilities() {
            offer.add(capability);
        }
        offer
    }

    fn add(&mut self, capability: Capability<'_>) {
        match capability {
            Capability::Multiprotocol { family, .. } => {
                self.multiprotocol = Some(self.multiprotocol.unwrap_or_default().with(family));
            }
            Capability::RouteRefresh => self.route_refresh = true,
            Capability::EnhancedRouteRefresh => self.enhanced_route_refresh = true,
            Capability::ExtendedMessage => self.extended_message = true,
            Capability::ExtendedNextHop(entries) => {
                let others = entries.iter().filter_map(|entry| {
                    entry
                        .family()
                        .filter(|of| matches!(entry.next_hop(), Afi::IPV4 | Afi::IPV6) && entry.next_hop() != of.afi)
                });
                self.other_next_hops = others.fold(self.other_next_hops, FamilySet::with);
            }
            Capability::AddPath(entries) => {
                for entry in entries {
                    // Of several entries for a family, the last counts.
                    self.receives_paths = set(self.receives_paths, entry.family(), entry.mode().receives());
                    self.sends_paths = set(self.sends_paths, entry.family(), entry.mode().sends());
                }
            }
            // RFC 4724 §3: of several, the last counts.
            Capability::GracefulRestart(restart) => {
                self.restart = Some(restart.restart_time());
                self.restart_families = restart.families.iter().map(|entry| entry.family()).collect();
            }
            Capability::LongLivedGracefulRestart(entries) => {
                self.long_lived = entries.iter().map(|entry| entry.family()).collect();
            }
            Capability::Role(role) => self.role = self.role.or(Some(role)),
            _ => {}
        }
    }

    fn families(&self) -> FamilySet {
        self.multiprotocol.unwrap_or(FamilySet::of(Family::IPV4_UNICAST))
    }
}

fn set(families: FamilySet, family: Family, is_in: bool) -> FamilySet {
    if is_in { families.with(family) } else { families.without(family) }
}

/// RFC 9234 §4.2: roles that do not fit, or several that differ. A peer that tells none is taken as it is.
fn check_roles(ours: Option<Role>, theirs: &Open<'_>) -> Result<(), Error> {
    let Some(ours) = ours else {
        return Ok(());
    };
    let mut first = None;
    for capability in theirs.capabilities() {
        let Capability::Role(role) = capability else {
            continue;
        };
        if !ours.fits(role) || first.is_some_and(|first| first != role) {
            let fault = Fault::RoleMismatch { ours, theirs: role };
            return Err(Error::new(fault, NotificationCode::ROLE_MISMATCH, Data::None));
        }
        first = Some(role);
    }
    Ok(())
}
