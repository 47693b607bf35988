//! The messages (RFC 4271 §4).
//!
//! | type | message | file |
//! | --- | --- | --- |
//! | 1 | OPEN | [`open`] |
//! | 2 | UPDATE | [`update`] |
//! | 3 | NOTIFICATION | [`notification`] |
//! | 4 | KEEPALIVE | here: it is a header and no more |
//! | 5 | ROUTE-REFRESH | [`route_refresh`] |

use ether_ip::writer::Writer;
use ether_ip::{LayerName, open_set};
use zerocopy::IntoBytes;

use crate::error::Error;
use crate::framer::{HEADER_LEN, MessageHeader};
use crate::message::notification::Notification;
use crate::message::open::Open;
use crate::message::route_refresh::RouteRefresh;
use crate::message::update::Update;
use crate::session::Negotiated;

pub mod notification;
pub mod open;
pub mod route_refresh;
pub mod update;

/// A message, as a builder's error names it.
pub const MESSAGE: LayerName = LayerName::new("BGP message");

/// A KEEPALIVE, whole.
pub const KEEPALIVE: [u8; HEADER_LEN] =
    [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 19, 4];

open_set! {
    /// A message's type.
    pub struct MessageType(u8) {
        /// Begins a session.
        OPEN = 1, "OPEN";
        /// Withdraws and announces routes.
        UPDATE = 2, "UPDATE";
        /// Ends a session.
        NOTIFICATION = 3, "NOTIFICATION";
        /// Holds a session.
        KEEPALIVE = 4, "KEEPALIVE";
        /// Asks for routes again (RFC 2918).
        ROUTE_REFRESH = 5, "ROUTE-REFRESH";
    }
}

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
            MessageType::ROUTE_REFRESH => Self::RouteRefresh(RouteRefresh::parse(body)?),
            MessageType(other) => {
                let data = Data::Part { at: 18, len: 1 };
                return Err(Error::new(Fault::MessageType(other), NotificationCode::BAD_TYPE, data));
            }
        })
    }
}

/// Writes a message, header and all, to the start of `to`: counts it first, so that nothing is written if it does not
/// fit.
pub(crate) fn build(
    kind: MessageType,
    max_len: u16,
    to: &mut [u8],
    body: impl Fn(&mut Writer<'_>) -> Result<(), ether_ip::Error>,
) -> Result<&[u8], ether_ip::Error> {
    let mut count = Writer::count(MESSAGE);
    body(&mut count)?;
    let value = HEADER_LEN + count.len();
    let rule = ether_ip::Rule::AtMost(u32::from(max_len));
    let too_long = ether_ip::Error::Unbuildable { layer: MESSAGE, field: "length", value, rule };
    let length = u16::try_from(value).ok().filter(|length| *length <= max_len).ok_or(too_long)?;
    if to.len() < value {
        return Err(ether_ip::Error::NoRoom { layer: MESSAGE, needed: value, available: to.len() });
    }
    let mut writer = Writer::new(MESSAGE, to);
    writer.put(MessageHeader::new(kind, length).as_bytes())?;
    body(&mut writer)?;
    Ok(writer.into_written())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keepalive_is_its_header() {
        assert_eq!(MessageHeader::new(MessageType::KEEPALIVE, 19).as_bytes(), KEEPALIVE);
    }
}
