//! The messages (RFC 4271 §4).
//!
//! | type | message | file |
//! | --- | --- | --- |
//! | 1 | OPEN | [`open`] |
//! | 2 | UPDATE | [`update`] |
//! | 3 | NOTIFICATION | [`notification`] |
//! | 4 | KEEPALIVE | here: it is a header and no more |
//! | 5 | ROUTE-REFRESH | [`route_refresh`] |

use crate::error::Error;
use crate::framer::Frame;
use crate::message::notification::Notification;
use crate::message::open::Open;
use crate::message::route_refresh::RouteRefresh;
use crate::message::update::Update;
use crate::session::Negotiated;

pub use crate::header::{KEEPALIVE, MESSAGE, MessageType};

pub mod notification;
pub mod open;
pub mod route_refresh;
pub mod update;

/// A message, read.
#[derive(Debug, Clone, Copy)]
pub enum Message<'a> {
    /// Begins a session.
    Open(Open<'a>),
    /// Withdraws and announces routes.
    Update(Update<'a>),
    /// Ends a session.
    Notification(Notification<'a>),
    /// Holds a session.
    Keepalive,
    /// Asks for routes again.
    RouteRefresh(RouteRefresh<'a>),
}

impl<'a> Message<'a> {
    /// Reads the body of a message whose header a [`Framer`](crate::Framer) has checked.
    ///
    /// # Errors
    /// What the type's own `parse` finds; 1/3 if the type is not known.
    #[inline]
    pub fn parse(kind: MessageType, body: &'a [u8], session: &'a Negotiated) -> Result<Self, Error> {
        use crate::error::{Data, Fault, NotificationCode};
        Ok(match kind {
            MessageType::UPDATE => Self::Update(Update::parse(body, session)?),
            MessageType::KEEPALIVE => Self::Keepalive,
            MessageType::OPEN => Self::Open(Open::parse(body)?),
            MessageType::NOTIFICATION => Self::Notification(Notification::parse(body)?),
            MessageType::ROUTE_REFRESH => Self::RouteRefresh(RouteRefresh::parse(body, session)?),
            MessageType(other) => {
                let data = Data::Part { at: 18, len: 1 };
                return Err(Error::new(Fault::MessageType(other), NotificationCode::BAD_TYPE, data));
            }
        })
    }
}

impl<'a> Frame<'a> {
    /// Reads the body.
    ///
    /// # Errors
    /// What the message's type finds: see [`Open::parse`](crate::Open::parse), [`Update::parse`](crate::Update::parse),
    /// [`Notification::parse`](crate::Notification::parse) and [`RouteRefresh::parse`](crate::RouteRefresh::parse).
    #[inline]
    pub fn parse(&self, session: &'a Negotiated) -> Result<Message<'a>, Error> {
        Message::parse(self.kind(), self.body(), session)
    }
}
