//! What two speakers agreed on, by their OPENs: what decides how the bytes of their messages are read and built.

use crate::family::{Family, FamilySet};
use crate::header::MAX_LEN_EXTENDED;
pub use crate::value::as_number::AsSize;
use crate::value::role::Role;
use crate::value::route_format::{LabelCounts, LabelFormat, RouteFormat};

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
    /// Not known: nobody saw the session begin. Nothing that depends on it is called wrong, and of two answers the weaker is given.
    Unknown,
}

/// What a session may do, and how its bytes are read. Worked out from two OPENs with [`between`](Self::between); taken for granted,
/// with [`assumed`](Self::assumed), and then set by hand; or, in a capture that has no OPENs, [`unknown`](Self::unknown).
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
    /// Whether what follows was agreed on or is taken for granted. If not, it is only the likeliest, and nothing that depends on it
    /// is called wrong.
    pub is_known: bool,
    /// Whether AS numbers have four bytes (RFC 6793).
    pub four_octet_as: bool,
    /// The families that both can exchange. IPv4 unicast if neither told any (RFC 4760 §8).
    pub families: FamilySet,
    /// The families in which the peer's routes have a path identifier (RFC 7911).
    pub add_path_receive: FamilySet,
    /// The families in which the speaker's own routes have one.
    pub add_path_send: FamilySet,
    /// How many labels the peer's routes may have (RFC 8277 §2.1).
    pub labels_receive: LabelCounts,
    /// How many labels the speaker's own routes may have.
    pub labels_send: LabelCounts,
    /// The families whose next hops may be addresses of the other IP version in what the peer sends, since the speaker told that it
    /// takes them: IPv6 ones of IPv4 routes (RFC 8950 §4), and the reverse, which some speakers tell of in the same capability.
    pub extended_next_hop_receive: FamilySet,
    /// The same in what the speaker sends, since the peer told it.
    pub extended_next_hop_send: FamilySet,
    /// The most bytes of a message that the peer sends: 4096, or 65535 if the speaker told that it takes them (RFC 8654 §4).
    pub max_len_receive: u16,
    /// The most bytes of a message that the speaker sends: 65535 if the peer told it.
    pub max_len_send: u16,
    /// The hold time, in seconds: the smaller of the two; 0 for none.
    pub hold_time: u16,
    /// Whether the peer may ask for routes again, since the speaker told that it answers (RFC 2918 §4).
    pub route_refresh_receive: bool,
    /// Whether the speaker may, since the peer told it.
    pub route_refresh_send: bool,
    /// Whether a refresh has a beginning and an end, if both told of it (RFC 7313 §4).
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
    /// Whether a path may have an AS_SET or an AS_CONFED_SET, which RFC 9774 §3 treats as withdrawn unless an operator says otherwise.
    /// Nobody negotiates that: set it.
    pub may_have_as_sets: bool,
}

impl Negotiated {
    /// A session that is taken for granted: 4-octet AS numbers, no path identifiers, messages of any length, an external
    /// peer, all families.
    #[must_use]
    pub const fn assumed() -> Self {
        Self {
            local_as: 0,
            peer_as: 0,
            peer: Peer::External,
            is_known: true,
            four_octet_as: true,
            families: FamilySet::ALL,
            add_path_receive: FamilySet::EMPTY,
            add_path_send: FamilySet::EMPTY,
            labels_receive: LabelCounts::ONE,
            labels_send: LabelCounts::ONE,
            extended_next_hop_receive: FamilySet::ALL,
            extended_next_hop_send: FamilySet::ALL,
            max_len_receive: MAX_LEN_EXTENDED,
            max_len_send: MAX_LEN_EXTENDED,
            hold_time: 0,
            route_refresh_receive: true,
            route_refresh_send: true,
            enhanced_route_refresh: true,
            graceful_restart: FamilySet::EMPTY,
            long_lived_graceful_restart: FamilySet::EMPTY,
            restart_time: 0,
            local_role: None,
            peer_role: None,
            may_disable_family: false,
            may_have_as_sets: false,
        }
    }

    /// A session that nobody saw begin: as [`assumed`](Self::assumed), but nothing of it is known.
    ///
    /// ```
    /// use bgp_codec::{Action, Negotiated, Update};
    ///
    /// // A LOCAL_PREF, which only an internal peer sends (RFC 7606 §7.5): this may be one.
    /// let body = [0, 0, 0, 7, 0x40, 5, 4, 0, 0, 0, 100];
    /// let action = |session| Update::parse(&body, &session).map(|update| update.validate().action());
    /// assert_eq!(action(Negotiated::assumed())?, Action::AttributeDiscard);
    /// assert_eq!(action(Negotiated::unknown())?, Action::Accept);
    /// # Ok::<(), bgp_codec::Error>(())
    /// ```
    #[must_use]
    pub const fn unknown() -> Self {
        Self { peer: Peer::Unknown, is_known: false, may_have_as_sets: true, ..Self::assumed() }
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
            labels_receive: self.labels_send,
            labels_send: self.labels_receive,
            extended_next_hop_receive: self.extended_next_hop_send,
            extended_next_hop_send: self.extended_next_hop_receive,
            max_len_receive: self.max_len_send,
            max_len_send: self.max_len_receive,
            route_refresh_receive: self.route_refresh_send,
            route_refresh_send: self.route_refresh_receive,
            local_role: self.peer_role,
            peer_role: self.local_role,
            ..*self
        }
    }

    /// The most bytes of a message that is built. RFC 8654 §4 allows 65535 as soon as the peer told that it takes them; BIRD 2 tells so
    /// and resets the session all the same unless both did, so that no longer one is built than both take.
    #[must_use]
    pub const fn max_len_built(&self) -> u16 {
        if self.max_len_send < self.max_len_receive { self.max_len_send } else { self.max_len_receive }
    }

    /// Whether routes of a family may be sent. One that has no name here is taken for agreed on only where all are.
    #[must_use]
    pub fn may_exchange(&self, family: Family) -> bool {
        self.families.contains(family) || self.families == FamilySet::ALL
    }

    /// How the routes of a family stand that the peer announces.
    #[inline]
    #[must_use]
    pub const fn received(&self, family: Family) -> RouteFormat {
        let labels = match self.labels_receive.of(family) {
            most @ 2.. => LabelFormat::Stack(most),
            _ if self.is_known => LabelFormat::One,
            _ => LabelFormat::Likely,
        };
        RouteFormat { family, has_path_ids: self.add_path_receive.contains(family), labels }
    }

    /// How those stand that it withdraws.
    #[inline]
    #[must_use]
    pub const fn received_withdrawn(&self, family: Family) -> RouteFormat {
        self.received(family).with_labels(LabelFormat::Withdrawn)
    }

    /// How the routes of a family stand that the speaker announces.
    #[inline]
    #[must_use]
    pub const fn sent(&self, family: Family) -> RouteFormat {
        let labels = match self.labels_send.of(family) {
            most @ 2.. => LabelFormat::Stack(most),
            _ => LabelFormat::One,
        };
        RouteFormat { family, has_path_ids: self.add_path_send.contains(family), labels }
    }

    /// How those stand that it withdraws.
    #[inline]
    #[must_use]
    pub const fn sent_withdrawn(&self, family: Family) -> RouteFormat {
        self.sent(family).with_labels(LabelFormat::Withdrawn)
    }

    /// How many bytes an AS number has.
    #[inline]
    #[must_use]
    //= RFC 6793 §3/octets
    pub const fn as_size(&self) -> AsSize {
        if self.four_octet_as { AsSize::Four } else { AsSize::Two }
    }
}
