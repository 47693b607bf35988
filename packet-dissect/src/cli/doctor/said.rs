//! What a BGP message says of its session.

use bgp_codec::{MessageType, Negotiated, Notification, Open, Update};

use crate::Outside;
use crate::bgp::BgpMessage;

use super::super::line::fault;

/// What one says of its session, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Open(String),
    /// It ends, by this code.
    Notification {
        code: u8,
        words: String,
    },
    Malformed(String),
    /// Routes come or go.
    Routes {
        announced: Vec<String>,
        withdrawn: Vec<String>,
    },
}

impl Said {
    /// `None` if it says nothing of that.
    pub(super) fn of(message: &BgpMessage<'_>, session: &Negotiated) -> Option<Self> {
        if let Some(fault) = fault(message, session) {
            return Some(Self::Malformed(fault));
        }
        match MessageType(message.kind) {
            MessageType::OPEN => Open::parse_lax(message.body).ok().map(|open| {
                let (number, hold, identifier) = (open.as_number(), open.hold_time(), open.identifier());
                Self::Open(format!("AS {number}, hold time {hold} s, identifier {identifier}"))
            }),
            MessageType::NOTIFICATION => Notification::parse(message.body).ok().map(|notification| {
                let inner = notification.hard_reset().and_then(Result::ok);
                let why = inner.as_ref().unwrap_or(&notification);
                let name = why.code.name().map_or_else(|| why.code.to_string(), str::to_owned);
                let text = why.text_bytes().map_or(String::new(), |text| format!(", \"{}\"", Outside(text)));
                Self::Notification { code: why.code.code, words: format!("{name}{text}") }
            }),
            MessageType::UPDATE => Update::parse(message.body, session).ok().map(|update| Self::Routes {
                announced: update.announced().map(|route| route.to_string()).collect(),
                withdrawn: update.withdrawn().map(|route| route.to_string()).collect(),
            }),
            _ => None,
        }
    }
}
