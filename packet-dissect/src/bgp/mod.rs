//! Where BGP messages begin and end (RFC 4271 §4.1), until `bgp-codec` reads what is in them.

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
        Some(match self.kind {
            1 => "OPEN",
            2 => "UPDATE",
            3 => "NOTIFICATION",
            4 => "KEEPALIVE",
            5 => "ROUTE-REFRESH",
            _ => return None,
        })
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
