//! What can be wrong with a message, and the NOTIFICATION that says so.
//!
//! What is wrong with one field of one value is an [`ether_ip::Error`]: truncated, malformed, or, when building, no room
//! and unbuildable. What is wrong with a message is a [`Fault`], and an [`Error`] is a fault that ends the session, with
//! the NOTIFICATION to send. What an UPDATE's faults lead to is worked out in [`validate`](crate::validate).

use core::fmt;

use ether_ip::LayerName;

use crate::family::Family;
use crate::header::MessageType;
use crate::value::segment_type::SegmentType;

/// Code and subcode of a NOTIFICATION (RFC 4271 §4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct NotificationCode {
    /// Error code.
    pub code: u8,
    /// Error subcode.
    pub subcode: u8,
}

macro_rules! notification_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal / $subcode:literal, $text:literal;)*) => {
        impl NotificationCode {
            $($(#[$doc])* pub const $name: Self = Self { code: $code, subcode: $subcode };)*

            /// The pair's name, if it has one here.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

notification_codes! {
    /// RFC 4271 §6.1.
    HEADER = 1/0, "Message Header Error";
    /// RFC 4271 §6.1.
    NOT_SYNCHRONIZED = 1/1, "Connection Not Synchronized";
    /// RFC 4271 §6.1.
    BAD_LENGTH = 1/2, "Bad Message Length";
    /// RFC 4271 §6.1.
    BAD_TYPE = 1/3, "Bad Message Type";
    /// RFC 4271 §6.2.
    OPEN = 2/0, "OPEN Message Error";
    /// RFC 4271 §6.2.
    UNSUPPORTED_VERSION = 2/1, "Unsupported Version Number";
    /// RFC 4271 §6.2.
    BAD_PEER_AS = 2/2, "Bad Peer AS";
    /// RFC 4271 §6.2.
    BAD_IDENTIFIER = 2/3, "Bad BGP Identifier";
    /// RFC 4271 §6.2.
    UNSUPPORTED_PARAMETER = 2/4, "Unsupported Optional Parameter";
    /// RFC 4271 appendix A: no longer in use.
    AUTHENTICATION_FAILURE = 2/5, "Authentication Failure";
    /// RFC 4271 §6.2.
    UNACCEPTABLE_HOLD_TIME = 2/6, "Unacceptable Hold Time";
    /// RFC 5492 §5.
    UNSUPPORTED_CAPABILITY = 2/7, "Unsupported Capability";
    /// RFC 9234 §4.2.
    ROLE_MISMATCH = 2/11, "Role Mismatch";
    /// RFC 4271 §6.3.
    UPDATE = 3/0, "UPDATE Message Error";
    /// RFC 4271 §6.3.
    MALFORMED_ATTRIBUTES = 3/1, "Malformed Attribute List";
    /// RFC 4271 §6.3.
    UNRECOGNIZED_WELL_KNOWN = 3/2, "Unrecognized Well-known Attribute";
    /// RFC 4271 §6.3.
    MISSING_WELL_KNOWN = 3/3, "Missing Well-known Attribute";
    /// RFC 4271 §6.3.
    ATTRIBUTE_FLAGS = 3/4, "Attribute Flags Error";
    /// RFC 4271 §6.3.
    ATTRIBUTE_LENGTH = 3/5, "Attribute Length Error";
    /// RFC 4271 §6.3.
    INVALID_ORIGIN = 3/6, "Invalid ORIGIN Attribute";
    /// RFC 4271 appendix A: no longer in use.
    ROUTING_LOOP = 3/7, "AS Routing Loop";
    /// RFC 4271 §6.3.
    INVALID_NEXT_HOP = 3/8, "Invalid NEXT_HOP Attribute";
    /// RFC 4271 §6.3.
    OPTIONAL_ATTRIBUTE = 3/9, "Optional Attribute Error";
    /// RFC 4271 §6.3.
    INVALID_NETWORK_FIELD = 3/10, "Invalid Network Field";
    /// RFC 4271 §6.3.
    MALFORMED_AS_PATH = 3/11, "Malformed AS_PATH";
    /// RFC 4271 §6.5.
    HOLD_TIMER_EXPIRED = 4/0, "Hold Timer Expired";
    /// RFC 6608 §3.
    FSM = 5/0, "Finite State Machine Error";
    /// RFC 6608 §3.
    FSM_OPEN_SENT = 5/1, "Unexpected Message in OpenSent State";
    /// RFC 6608 §3.
    FSM_OPEN_CONFIRM = 5/2, "Unexpected Message in OpenConfirm State";
    /// RFC 6608 §3.
    FSM_ESTABLISHED = 5/3, "Unexpected Message in Established State";
    /// RFC 4486 §3.
    CEASE = 6/0, "Cease";
    /// RFC 4486 §3.
    MAXIMUM_PREFIXES = 6/1, "Maximum Number of Prefixes Reached";
    /// RFC 4486 §3, with a text (RFC 9003).
    ADMINISTRATIVE_SHUTDOWN = 6/2, "Administrative Shutdown";
    /// RFC 4486 §3.
    PEER_DECONFIGURED = 6/3, "Peer De-configured";
    /// RFC 4486 §3, with a text (RFC 9003).
    ADMINISTRATIVE_RESET = 6/4, "Administrative Reset";
    /// RFC 4486 §3.
    CONNECTION_REJECTED = 6/5, "Connection Rejected";
    /// RFC 4486 §3.
    OTHER_CONFIGURATION_CHANGE = 6/6, "Other Configuration Change";
    /// RFC 4486 §3.
    COLLISION = 6/7, "Connection Collision Resolution";
    /// RFC 4486 §3.
    OUT_OF_RESOURCES = 6/8, "Out of Resources";
    /// RFC 8538 §3.
    HARD_RESET = 6/9, "Hard Reset";
    /// RFC 9384 §3.
    BFD_DOWN = 6/10, "BFD Down";
    /// RFC 7313 §5.
    ROUTE_REFRESH_LENGTH = 7/1, "Invalid ROUTE-REFRESH Message Length";
    /// RFC 9687 §4.
    SEND_HOLD_TIMER_EXPIRED = 8/0, "Send Hold Timer Expired";
}

impl fmt::Display for NotificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, subcode } = self;
        match self.name() {
            Some(name) => write!(f, "{code}/{subcode} {name}"),
            None => write!(f, "{code}/{subcode}"),
        }
    }
}

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A field is truncated, or its value is not allowed.
    #[error(transparent)]
    Field(#[from] ether_ip::Error),
    /// The 16 bytes before a message's length are not all ones.
    #[error("BGP header is malformed: the marker is not all ones")]
    Marker,
    /// A message's length is not one that its type can have.
    #[error("{kind} is malformed: length is {length}, it must be from {least} to {most}")]
    MessageLength {
        /// The message's type.
        kind: MessageType,
        /// Its length, in bytes with the header.
        length: u16,
        /// The least that the type allows.
        least: u16,
        /// The most that the type, and the session, allow.
        most: u16,
    },
    /// A message's type is not known.
    #[error("BGP header is malformed: type {0} is not known")]
    MessageType(u8),
    /// The version is not 4.
    #[error("OPEN is refused: version is {0}, it must be 4")]
    Version(u8),
    /// An AS number that nobody can have, or not the one that was told elsewhere in the OPEN.
    #[error("OPEN is refused: AS {as_number} with 4-octet AS {four_octet}")]
    PeerAs {
        /// The AS in the fixed part.
        as_number: u16,
        /// The AS in the capability; the fixed part's where there is none.
        four_octet: u32,
    },
    /// The BGP identifier is zero, or the speaker's own.
    #[error("OPEN is refused: BGP identifier is {0}, it must be another speaker's and not 0")]
    Identifier(core::net::Ipv4Addr),
    /// The hold time is 1 or 2 seconds.
    #[error("OPEN is refused: hold time is {0} s, it must be 0 or at least 3")]
    HoldTime(u16),
    /// An optional parameter that is not known.
    #[error("OPEN is refused: optional parameter {0} is not known")]
    Parameter(u8),
    /// The two speakers' roles do not fit (RFC 9234 §4.2).
    #[error("OPEN is refused: role {theirs} does not fit role {ours}")]
    RoleMismatch {
        /// The role that was sent.
        ours: crate::value::role::Role,
        /// The role that was received.
        theirs: crate::value::role::Role,
    },
    /// The peer told two roles (RFC 9234 §4.2).
    #[error("OPEN is refused: it tells the roles {0} and {1}")]
    RolesDiffer(crate::value::role::Role, crate::value::role::Role),
    /// A role must be told, and none was (RFC 9234 §4.2, strict mode).
    #[error("OPEN is refused: it tells no role")]
    RoleMissing,
    /// The lengths in an UPDATE exceed it.
    #[error(
        "UPDATE is malformed: {withdrawn} bytes of withdrawn routes and {attributes} of attributes do not fit into {body}"
    )]
    UpdateLengths {
        /// Withdrawn routes length.
        withdrawn: usize,
        /// Total path attribute length, 0 if it was not reached.
        attributes: usize,
        /// The message's length without its header.
        body: usize,
    },
    /// An attribute's Optional or Transitive flag is not what its RFC says.
    #[error("{attribute} is malformed: flags are {flags:#04x}")]
    Flags {
        /// The attribute.
        attribute: LayerName,
        /// Its flags.
        flags: u8,
    },
    /// A family that the two speakers did not agree on.
    #[error("{0} was not agreed on")]
    FamilyNotAgreed(Family),
    /// Routes that stand on the wire in another way in one session than in the other: with path identifiers, or with more labels.
    #[error("routes of {0} stand there in another way: with path identifiers or labels that the other session has not")]
    OtherFormat(Family),
    /// A next hop of a length that a family does not have, or not without RFC 8950.
    #[error("a next hop of {len} bytes is not for routes of {family}")]
    NextHopLength {
        /// The routes' family.
        family: Family,
        /// The next hop's length, in bytes.
        len: usize,
    },
    /// Attributes that were written for another kind of session.
    #[error("the attributes are for a session with AS numbers of {0} bytes or with another kind of peer")]
    OtherSession(usize),
    /// An UPDATE that is not to be taken as it is, so that it cannot be passed on.
    #[error("the UPDATE is not to be passed on: {0}")]
    NotPassedOn(&'static str),
    /// An attribute stands there more than once.
    #[error("{0} stands there more than once")]
    Repeated(LayerName),
    /// An attribute that must be there is not.
    #[error("{0} is missing")]
    Missing(LayerName),
    /// An attribute that is well-known by its flags, and is not known.
    #[error("attribute {0} is well-known by its flags, and not known")]
    UnknownWellKnown(u8),
    /// An attribute that such a peer does not send.
    #[error("{0} is not for this peer to send")]
    NotFromThisPeer(LayerName),
    /// A confederation's segment in a path from outside of it.
    #[error("AS_PATH is malformed: it has confederation segments, and the peer is no member")]
    Confederation,
    /// A path from another member of the confederation that does not begin with its AS (RFC 5065 §5).
    #[error(
        "AS_PATH is malformed: the peer is a member of the confederation, and AS_CONFED_SEQUENCE does not stand first"
    )]
    ConfederationMissing,
    /// A set, which nobody is to send any more (RFC 9774 §3), in this attribute.
    #[error("{0} is malformed: it has an {1}")]
    AsSet(LayerName, SegmentType),
    /// A path in two attributes, of which there may be one (RFC 8205 §3).
    #[error("BGPsec_PATH stands there beside AS_PATH")]
    TwoPaths,
    /// A NEXT_HOP that is no host's address.
    #[error("NEXT_HOP is malformed: {0} is no host's address")]
    NextHop(core::net::Ipv4Addr),
    /// AS number 0, which nobody has (RFC 7607 §2), in this attribute.
    #[error("{0} is malformed: it has AS number 0")]
    AsZero(LayerName),
}

/// What ends a session: what is wrong, and the NOTIFICATION that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{fault} (NOTIFICATION {code})")]
pub struct Error {
    /// What is wrong.
    #[source]
    pub fault: Fault,
    /// The NOTIFICATION's code and subcode.
    pub code: NotificationCode,
    pub(crate) data: Data,
    pub(crate) discard: usize,
}

/// What a NOTIFICATION has to quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Data {
    None,
    /// These bytes of the message, counted from its marker.
    Part {
        at: usize,
        len: usize,
    },
    /// These many of these bytes.
    Inline([u8; 2], u8),
}

impl Error {
    pub(crate) const fn new(fault: Fault, code: NotificationCode, data: Data) -> Self {
        Self { fault, code, data, discard: 0 }
    }

    /// How many of the bytes that a [`Framer`](crate::Framer) was given may be thrown away: the bad message, where its
    /// length could be believed, or else all of them. Zero if it did not come from a framer.
    #[must_use]
    pub const fn discard(&self) -> usize {
        self.discard
    }
}
