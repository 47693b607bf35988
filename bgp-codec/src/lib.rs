#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "arbitrary", feature = "tokio-util"))]
extern crate std;

mod wire;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod error;
pub mod family;
pub mod prefix;
pub mod session;
pub mod tlv;

// From the outside in: a stream's messages, what they are, and what is in them.
#[cfg(feature = "bytes")]
pub mod codec;
pub mod framer;
pub mod message;

pub mod capability;

pub mod attribute;
pub mod nlri;

// What is done with an UPDATE.
pub mod build;
pub mod rewrite;
pub mod validate;

// Where else messages and routes are found.
pub mod bmp;
pub mod mrt;

pub use attribute::{Attribute, AttributeFlags, AttributeType, AttributeValue};
pub use capability::Capability;
pub use error::{Error, Fault, NotificationCode};
pub use ether_ip::LayerName;
pub use family::{Afi, Family, FamilySet, Safi};
pub use framer::{Frame, Framer};
pub use message::notification::Notification;
pub use message::open::Open;
pub use message::route_refresh::RouteRefresh;
pub use message::update::Update;
pub use message::{Message, MessageType};
pub use nlri::{Nlri, Route};
pub use prefix::{IpPrefix, Ipv4Prefix, Ipv6Prefix};
pub use session::{Negotiated, Peer};
pub use validate::{Action, Finding, Outcome};
