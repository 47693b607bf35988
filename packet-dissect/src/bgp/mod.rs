//! BGP messages in TCP's segments: where they begin and end (RFC 4271 §4.1), and as what session they are read.
//!
//! What is in a message [`bgp_codec`] reads. A message is framed here by its marker and length alone, so that one of a length or
//! type that no speaker takes is shown too.

use core::fmt;

use bgp_codec::{Action, FamilySet, Framer, MessageType, Negotiated, Route, Update};

mod bmp;
#[cfg(feature = "capture")]
pub mod sessions;
#[cfg(feature = "capture")]
pub mod streams;

pub use bmp::BmpMessages;

/// The length of a message's header, in bytes: marker, length, type.
pub const HEADER_LEN: usize = 19;
/// The TCP port of BGP.
pub const PORT: u16 = 179;

/// BGP messages back to back. An iterator over those that are whole.
#[derive(Debug, Clone, Copy)]
pub struct BgpMessages<'a> {
    rest: &'a [u8],
}

/// One BGP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BgpMessage<'a> {
    /// Its type: 1 OPEN, 2 UPDATE, 3 NOTIFICATION, 4 KEEPALIVE, 5 ROUTE-REFRESH.
    pub kind: u8,
    /// Its length with the header, in bytes.
    pub length: u16,
    /// What follows the header.
    pub body: &'a [u8],
}

impl BgpMessage<'_> {
    /// The type's name.
    #[must_use]
    pub const fn kind_name(&self) -> Option<&'static str> {
        MessageType(self.kind).name()
    }

    /// What is wrong with its header, if its length is one that no message has (RFC 4271 §6.1): nobody knows then where it ends.
    #[must_use]
    pub fn header_error(&self) -> Option<bgp_codec::Error> {
        if usize::from(self.length) >= HEADER_LEN {
            return None;
        }
        let [a, b] = self.length.to_be_bytes();
        let mut header = [0xff; HEADER_LEN];
        let [.., high, low, kind] = &mut header;
        (*high, *low, *kind) = (a, b, self.kind);
        Framer::with_max_len(u16::MAX).next(&mut &header[..]).err()
    }

    /// What its session agreed on, if one goes by the message alone: of AS numbers of four bytes and of two, without path
    /// identifiers and with them, the first by which least is wrong with an UPDATE.
    #[must_use]
    pub fn likeliest_session(&self) -> Negotiated {
        let mut two_octet = Negotiated::unknown();
        two_octet.four_octet_as = false;
        self.likeliest(&[Negotiated::unknown(), two_octet])
    }

    /// The session that somebody told of, if the message is good as one of it; else, if that is better, the same with path identifiers
    /// where it has none: a family of collectors left out to say that there are any.
    #[must_use]
    pub fn likeliest_of(&self, told: Negotiated) -> Negotiated {
        self.likeliest(&[told])
    }

    /// How a message is read of whose session somebody told: [`likeliest_of`](Self::likeliest_of), and what of that nobody told.
    #[must_use]
    pub fn read_as(&self, told: Negotiated) -> (Negotiated, Option<Inferred>) {
        let session = self.likeliest_of(told);
        (session, Inferred::beyond(&told, &session))
    }

    /// The first of sessions by which least is wrong with an UPDATE, each as it is and then with path identifiers. Nearly always that is
    /// the very first.
    fn likeliest(&self, sessions: &[Negotiated]) -> Negotiated {
        let first = sessions.first().copied().unwrap_or(Negotiated::unknown());
        if self.kind != MessageType::UPDATE.0 || self.doubt(&first) == NO_DOUBT {
            return first;
        }
        let with_path_ids = sessions.iter().map(|session| {
            let mut session = *session;
            session.add_path_receive = FamilySet::ALL;
            session
        });
        let all = sessions.iter().copied().chain(with_path_ids);
        all.min_by_key(|session| self.doubt(session)).unwrap_or(first)
    }

    /// How much is wrong with an UPDATE by a session. Several default routes are wrong as well: they are path identifiers, whose upper
    /// bytes are zero.
    fn doubt(&self, session: &Negotiated) -> (Action, usize) {
        let Ok(update) = Update::parse(self.body, session) else { return (Action::SessionReset, usize::MAX) };
        let mut findings = 0;
        let outcome = update.validate_each(|_| findings += 1);
        let is_default =
            |route: &Route<'_>| route.path_id.is_none() && route.nlri.prefix().is_some_and(|of| of.len() == 0);
        let defaults = update.announced().chain(update.withdrawn()).filter(is_default).count();
        (outcome.action(), findings + defaults.saturating_sub(1))
    }
}

/// What of a session nobody told of, and the message is read as if it had been: it is better so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inferred {
    /// AS numbers have two bytes.
    pub two_octet_as: bool,
    /// Routes have path identifiers.
    pub path_ids: bool,
}

impl Inferred {
    /// What a message was read as beyond what was told; `None` if that is nothing.
    #[must_use]
    pub fn beyond(told: &Negotiated, read: &Negotiated) -> Option<Self> {
        let two_octet_as = told.four_octet_as && !read.four_octet_as;
        let path_ids = told.add_path_receive.is_empty() && !read.add_path_receive.is_empty();
        (!read.is_known && (two_octet_as || path_ids)).then_some(Self { two_octet_as, path_ids })
    }
}

impl fmt::Display for Inferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.two_octet_as, self.path_ids) {
            (true, true) => "AS numbers of two bytes and path identifiers",
            (true, false) => "AS numbers of two bytes",
            (false, _) => "path identifiers",
        })
    }
}

/// Nothing is wrong.
const NO_DOUBT: (Action, usize) = (Action::Accept, 0);

impl<'a> BgpMessages<'a> {
    /// Messages, if the bytes begin with a message's header: its marker is all ones. A length below the header's own is a message's too,
    /// of which there is nothing but the header.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let messages = Self { rest: bytes };
        messages.header().map(|_| messages)
    }

    /// Length and type, if the rest begins with a header.
    fn header(&self) -> Option<(u16, u8)> {
        let (header, _) = self.rest.split_first_chunk::<HEADER_LEN>()?;
        let [marker @ .., a, b, kind] = header;
        (marker == &[0xff; 16]).then_some((u16::from_be_bytes([*a, *b]), *kind))
    }

    /// How many bytes stand before the first that can be a message's first: a header's, of a type and length that there is, or as much of
    /// it as there is.
    #[must_use]
    pub fn before(bytes: &[u8]) -> usize {
        let mut marker = 0;
        for (at, byte) in bytes.iter().enumerate() {
            // A marker of which the last byte is this one.
            if marker >= 16 {
                let can_be = match bytes.get(at..) {
                    Some(&[a, b, kind, ..]) => {
                        usize::from(u16::from_be_bytes([a, b])) >= HEADER_LEN && MessageType(kind).name().is_some()
                    }
                    _ => true,
                };
                if can_be {
                    return at - 16;
                }
            }
            marker = if *byte == 0xff { marker + 1 } else { 0 };
        }
        bytes.len() - marker.min(16)
    }

    /// What is behind the last whole message: the start of the next one, or something else.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for BgpMessages<'a> {
    type Item = BgpMessage<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (length, kind) = self.header()?;
        let (message, rest) = self.rest.split_at_checked(usize::from(length).max(HEADER_LEN))?;
        self.rest = rest;
        Some(BgpMessage { kind, length, body: message.get(HEADER_LEN..)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_messages_and_a_rest() {
        let mut bytes = [0xff; 19 + 21 + 18];
        bytes[16..19].copy_from_slice(&[0, 19, 4]);
        bytes[35..40].copy_from_slice(&[0, 21, 3, 6, 4]);
        let mut messages = BgpMessages::parse(&bytes).unwrap();
        assert_eq!(messages.next(), Some(BgpMessage { kind: 4, length: 19, body: &[] }));
        assert_eq!(messages.next(), Some(BgpMessage { kind: 3, length: 21, body: &[6, 4] }));
        assert_eq!((messages.next(), messages.rest().len()), (None, 18));
        assert!(BgpMessages::parse(&bytes[1..]).is_none());
        // RFC 4271 §6.1: a length below 19 is an error of a message, which ends nobody knows where.
        bytes[17] = 5;
        let mut messages = BgpMessages::parse(&bytes).unwrap();
        assert_eq!(messages.next(), Some(BgpMessage { kind: 4, length: 5, body: &[] }));
        assert_eq!(messages.rest().len(), 39);
    }

    #[test]
    fn where_a_message_can_begin() {
        let mut message = [0xff; 19];
        message[16..].copy_from_slice(&[0, 19, 4]);
        let before = |parts: &[&[u8]]| BgpMessages::before(&parts.concat());
        assert_eq!(before(&[]), 0);
        assert_eq!(before(&[&message]), 0);
        assert_eq!(before(&[&[7; 9], &message]), 9);
        // More ones than a marker has; a marker in front of what is no header, of no type and of no length.
        assert_eq!(before(&[&[0xff; 9], &message]), 9);
        assert_eq!(before(&[&[0xff; 16], &[0, 19, 6], &message]), 19);
        assert_eq!(before(&[&[0xff; 16], &[0, 18, 4], &message]), 19);
        // As much as there is.
        for len in 0..19 {
            assert_eq!(before(&[&[7; 9], &message[..len]]), 9, "{len}");
        }
        // Of more ones the last 18 may be a marker and a length.
        assert_eq!(before(&[&[7; 9], &[0xff; 40]]), 31);
    }

    /// RFC 7911 §3, where nobody told of it: 10.0.1.0/24 by path 8 can be read as three default routes, 24.0.0.0/8 and 0.0.0.0/10 too.
    #[test]
    fn paths_are_likelier_than_default_routes() {
        let withdraws = |routes: &[u8]| [&[0, routes.len() as u8], routes, &[0, 0]].concat();
        let inferred = |routes: &[u8]| {
            let body = withdraws(routes);
            let message = BgpMessage { kind: 2, length: 19 + body.len() as u16, body: &body };
            let told = Negotiated::unknown();
            Inferred::beyond(&told, &message.likeliest_of(told))
        };
        let path_ids = Some(Inferred { two_octet_as: false, path_ids: true });
        assert_eq!(inferred(&[0, 0, 0, 8, 24, 10, 0, 1]), path_ids);
        assert_eq!(inferred(&[0, 0, 0, 250, 24, 198, 51, 100, 0, 0, 0, 1, 24, 203, 0, 113]), path_ids);
        // One default route is one, and other routes are as they are.
        assert_eq!(inferred(&[0]), None);
        assert_eq!(inferred(&[0, 24, 10, 0, 1]), None);
        // Where path identifiers make it no better, it is read as told.
        assert_eq!(inferred(&[0, 0]), None);
    }
}
