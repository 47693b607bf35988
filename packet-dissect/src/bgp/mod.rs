//! BGP messages in TCP's segments: where they begin and end (RFC 4271 §4.1), and as what session they are read.
//!
//! What is in a message [`bgp_codec`] reads. A message is framed here by its marker and length alone, so that one of a length or
//! type that no speaker takes is shown too.

use bgp_codec::{Action, FamilySet, MessageType, Negotiated, Update};

#[cfg(feature = "capture")]
pub mod sessions;
#[cfg(feature = "capture")]
pub mod streams;

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

    /// What its session agreed on, if one goes by the message alone: of AS numbers of four bytes and of two, without path
    /// identifiers and with them, the first by which least is wrong with an UPDATE.
    #[must_use]
    pub fn likeliest_session(&self) -> Negotiated {
        let assumed = Negotiated::unknown();
        if self.kind != MessageType::UPDATE.0 {
            return assumed;
        }
        let sessions =
            [(true, FamilySet::EMPTY), (false, FamilySet::EMPTY), (true, FamilySet::ALL), (false, FamilySet::ALL)];
        let sessions = sessions.into_iter().map(|(four_octet_as, add_path)| {
            let mut session = assumed;
            session.four_octet_as = four_octet_as;
            session.add_path_receive = add_path;
            session
        });
        let wrong = |session: &Negotiated| match Update::parse(self.body, session) {
            Ok(update) => {
                let mut findings = 0;
                let outcome = update.validate_each(|_| findings += 1);
                (outcome.action(), findings)
            }
            Err(_) => (Action::SessionReset, usize::MAX),
        };
        // The first of those by which least is wrong; nearly always that is the very first.
        match wrong(&assumed) {
            (Action::Accept, _) => assumed,
            _ => sessions.min_by_key(wrong).unwrap_or(assumed),
        }
    }
}

impl<'a> BgpMessages<'a> {
    /// Messages, if the bytes begin with a message's header: its marker is all ones, its length 19 at least.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let messages = Self { rest: bytes };
        messages.header().map(|_| messages)
    }

    /// Length and type, if the rest begins with a header.
    fn header(&self) -> Option<(u16, u8)> {
        let (header, _) = self.rest.split_first_chunk::<HEADER_LEN>()?;
        let [marker @ .., a, b, kind] = header;
        let length = u16::from_be_bytes([*a, *b]);
        (marker == &[0xff; 16] && usize::from(length) >= HEADER_LEN).then_some((length, *kind))
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
        let (message, rest) = self.rest.split_at_checked(usize::from(length))?;
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
        bytes[17] = 18;
        assert!(BgpMessages::parse(&bytes).is_none());
    }
}
