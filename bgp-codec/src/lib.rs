#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary", feature = "tokio-util"))]
extern crate std;

// Floor 0: bytes, and the names of families.
pub mod family;
pub mod tlv;
mod tlv_value;
mod wire;

// Floor 1: what messages, capabilities, attributes and routes are made of.
pub mod link_state;
pub mod value;

// Floor 2: what each message begins with, what can be wrong, and what its bytes are read by.
pub mod error;
pub mod header;
pub mod session;

// Floor 3: a stream cut into messages; what an OPEN tells, what a route leads to.
pub mod capability;
pub mod framer;
pub mod nlri;

// Floor 4: what is told of routes.
pub mod attribute;

// Floor 5: messages, and what two OPENs agree on.
pub mod message;
mod negotiate;

// Floor 6: what is done with an UPDATE, and where else messages and routes are found.
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod bmp;
pub mod build;
#[cfg(feature = "bytes")]
pub mod codec;
pub mod mrt;
pub mod rewrite;
pub mod validate;

pub use attribute::{Attribute, AttributeFlags, AttributeType, AttributeValue};
pub use capability::Capability;
pub use error::{Error, Fault, NotificationCode};
/// What values are written with, and what can be wrong with a field: `ether_ip`'s, so that who embeds this crate needs no other.
pub use ether_ip::{Error as FieldError, LayerName, Rule, writer::Writer};
pub use family::{Afi, Family, FamilySet, Safi};
pub use framer::{Frame, Framer};
pub use header::MessageType;
pub use message::Message;
pub use message::notification::Notification;
pub use message::open::Open;
pub use message::route_refresh::RouteRefresh;
pub use message::update::Update;
pub use nlri::{Nlri, Route};
pub use session::{Negotiated, Peer};
pub use validate::{Action, Finding, Outcome};
pub use value::prefix::{self, IpPrefix, Ipv4Prefix, Ipv6Prefix};
