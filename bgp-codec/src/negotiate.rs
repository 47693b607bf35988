//! What two OPENs agree on.

use crate::capability::{Capability, CapabilityCode};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::family::{Afi, Family, FamilySet};
use crate::header::{MAX_LEN, MAX_LEN_EXTENDED};
use crate::message::open::Open;
use crate::session::{Negotiated, Peer};
use crate::value::role::Role;
use crate::value::route_format::LabelCounts;

impl Negotiated {
    /// What two OPENs agree on. `ours` was sent, `theirs` received.
    ///
    /// # Errors
    /// 2/3 if an internal peer has the same identifier (RFC 6286 §2.2); 2/11 if the roles do not fit, or the peer told
    /// two that differ (RFC 9234 §4.2).
    pub fn between(ours: &Open<'_>, theirs: &Open<'_>) -> Result<Self, Error> {
        let agreed = Self::of(ours, theirs);
        if agreed.peer == Peer::Internal && ours.identifier() == theirs.identifier() {
            let fault = Fault::Identifier(theirs.identifier());
            return Err(Error::new(fault, NotificationCode::BAD_IDENTIFIER, Data::None));
        }
        if agreed.peer == Peer::External {
            check_roles(agreed.local_role, theirs)?;
        }
        Ok(agreed)
    }

    /// What two OPENs agree on that a speaker took, whatever this crate would have said to them.
    pub(crate) fn of(ours: &Open<'_>, theirs: &Open<'_>) -> Self {
        let (local, remote) = (Offer::of(ours), Offer::of(theirs));
        let (local_as, peer_as) = (ours.as_number(), theirs.as_number());
        let peer = if local_as == peer_as { Peer::Internal } else { Peer::External };
        let max_len = |takes_extended| if takes_extended { MAX_LEN_EXTENDED } else { MAX_LEN };
        //= RFC 4760 §8/both
        let families = local.families().and(remote.families());
        let restart = local.restart.zip(remote.restart);
        Self {
            local_as,
            peer_as,
            peer,
            is_known: true,
            four_octet_as: ours.has(CapabilityCode::FOUR_OCTET_AS) && theirs.has(CapabilityCode::FOUR_OCTET_AS),
            families,
            add_path_receive: local.receives_paths.and(remote.sends_paths).and(families),
            //= RFC 7911 §4/direction
            add_path_send: local.sends_paths.and(remote.receives_paths).and(families),
            labels_receive: both_told(local.labels, remote.labels),
            labels_send: both_told(remote.labels, local.labels),
            // RFC 8950 §4, RFC 8654 §4, RFC 2918 §4: who tells of it takes it, whatever the other tells.
            extended_next_hop_receive: local.other_next_hops.and(families),
            extended_next_hop_send: remote.other_next_hops.and(families),
            max_len_receive: max_len(local.extended_message),
            max_len_send: max_len(remote.extended_message),
            //= RFC 4271 §4.2/hold-time-negotiated
            hold_time: ours.hold_time().min(theirs.hold_time()),
            route_refresh_receive: local.route_refresh,
            route_refresh_send: remote.route_refresh,
            enhanced_route_refresh: local.enhanced_route_refresh && remote.enhanced_route_refresh,
            graceful_restart: if restart.is_some() { remote.restart_families } else { FamilySet::EMPTY },
            // RFC 9494 §4.2: without graceful restart it is disregarded.
            long_lived_graceful_restart: if restart.is_some() {
                local.long_lived.and(remote.long_lived)
            } else {
                FamilySet::EMPTY
            },
            restart_time: restart.map_or(0, |(_, theirs)| theirs),
            local_role: local.role,
            peer_role: remote.role,
            may_disable_family: false,
            may_have_as_sets: false,
        }
    }

    /// Refuses an external peer that told no role, though the speaker told one: the strict mode of RFC 9234 §4.2, which is off
    /// unless an operator asks for it.
    ///
    /// # Errors
    /// 2/11.
    pub fn require_role(&self) -> Result<(), Error> {
        if self.peer == Peer::External && self.local_role.is_some() && self.peer_role.is_none() {
            return Err(Error::new(Fault::RoleMissing, NotificationCode::ROLE_MISMATCH, Data::None));
        }
        Ok(())
    }
}

/// How many labels are taken by one who tells of several, from one who does too (RFC 8277 §2.1).
fn both_told(taken: LabelCounts, other: LabelCounts) -> LabelCounts {
    //= RFC 8277 §2.1/both
    let both = LabelCounts::FAMILIES.iter().filter(|family| taken.of(**family) > 1 && other.of(**family) > 1);
    both.fold(LabelCounts::ONE, |counts, family| counts.with(*family, taken.of(*family)))
}

/// What one OPEN offers.
#[derive(Default)]
struct Offer {
    multiprotocol: Option<FamilySet>,
    receives_paths: FamilySet,
    sends_paths: FamilySet,
    labels: LabelCounts,
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
            //= RFC 8277 §2.1/first-counts
            Capability::MultipleLabels(entries) if self.labels == LabelCounts::ONE => {
                for entry in entries.iter().rev() {
                    self.labels = self.labels.with(entry.family(), entry.count().max(1));
                }
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

/// RFC 9234 §4.2: roles that do not fit, or several that differ, whatever the speaker told. A peer that tells none is taken as it is.
fn check_roles(ours: Option<Role>, theirs: &Open<'_>) -> Result<(), Error> {
    let mut first = None;
    for capability in theirs.capabilities() {
        let Capability::Role(role) = capability else {
            continue;
        };
        let mismatch = ours.filter(|ours| !ours.fits(role)).map(|ours| Fault::RoleMismatch { ours, theirs: role });
        let two = first.filter(|first| *first != role).map(|first| Fault::RolesDiffer(first, role));
        if let Some(fault) = mismatch.or(two) {
            return Err(Error::new(fault, NotificationCode::ROLE_MISMATCH, Data::None));
        }
        first = Some(role);
    }
    Ok(())
}
