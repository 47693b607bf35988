//! Building UPDATEs: attributes that routes share are written once, the routes are packed into as few messages as hold them.
//!
//! The attributes stand in ascending order of their types, with MP_REACH_NLRI or MP_UNREACH_NLRI in front of all (RFC 7606
//! §5.1). A message is as long as the session allows (RFC 8654). To a peer that knows 2-octet AS numbers only, AS_TRANS and
//! AS4_PATH or AS4_AGGREGATOR are sent (RFC 6793 §4.2.2).
//!
//! What is built here and a peer would find fault with by [`Update::validate`](crate::Update::validate) is refused: a family that was not
//! agreed on, a next hop that is not for it, attributes that are missing or not for such a peer, values that no peer takes.

// Floor 0: the attributes, and what a route is to them.
mod attributes;
mod routes;

// Floor 1: messages.
mod updates;

pub use attributes::SharedAttributes;
pub use routes::WriteRoute;
pub use updates::{Updates, end_of_rib};
