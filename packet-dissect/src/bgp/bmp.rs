//! BMP messages in TCP's segments: where they begin and end (RFC 7854 §4.1). What is in one [`bgp_codec::bmp`] reads.

use bgp_codec::bmp::BmpMessage;

/// The longest message that is believed: a mirrored message of 65535 bytes (RFC 8654) with all that is told of it is half as long.
const MAX_LEN: u32 = 1 << 17;

/// BMP messages back to back. An iterator over those that are whole.
#[derive(Debug, Clone, Copy)]
pub struct BmpMessages<'a> {
    rest: &'a [u8],
}

impl<'a> BmpMessages<'a> {
    /// Messages, if the bytes begin with a message's header: version 3, a length that is believed, a type that there is.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        is_header(bytes.first_chunk()?).then_some(Self { rest: bytes })
    }

    /// How many bytes stand before the first that can be a message's first: a header's, or as much of one as there is.
    #[must_use]
    pub fn before(bytes: &[u8]) -> usize {
        let can_begin = |at: &usize| match bytes.get(*at..) {
            Some(rest) => rest.first_chunk().map_or(rest.first() == Some(&3), is_header),
            None => false,
        };
        (0..bytes.len()).find(can_begin).unwrap_or(bytes.len())
    }

    /// What is behind the last whole message: the start of the next one, or something else.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

fn is_header([version, a, b, c, d, kind]: &[u8; 6]) -> bool {
    *version == 3 && (6..=MAX_LEN).contains(&u32::from_be_bytes([*a, *b, *c, *d])) && *kind <= 6
}

impl<'a> Iterator for BmpMessages<'a> {
    type Item = BmpMessage<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = Self::parse(self.rest)?;
        let (message, rest) = BmpMessage::split(next.rest).ok()??;
        self.rest = rest;
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7854 §4.1, §4.3: an initiation that tells a name, and the beginning of the next message.
    #[test]
    fn whole_messages_and_a_rest() {
        let initiation = [3, 0, 0, 0, 13, 4, 0, 2, 0, 3, b'r', b't', b'r'];
        let bytes = [&initiation[..], &initiation, &[3, 0, 0]].concat();
        let mut messages = BmpMessages::parse(&bytes).unwrap();
        assert_eq!(messages.by_ref().map(|message| message.kind.0).collect::<Vec<_>>(), [4, 4]);
        assert_eq!(messages.rest(), [3, 0, 0]);
        for (at, byte) in [(0, 4), (1, 1), (4, 5), (5, 7)] {
            let mut wrong = initiation;
            wrong[at] = byte;
            assert!(BmpMessages::parse(&wrong).is_none(), "{at}");
        }
        assert_eq!(BmpMessages::before(&[&[7; 9], &initiation[..]].concat()), 9);
        assert_eq!(BmpMessages::before(&[&[7; 9], &initiation[..4]].concat()), 9);
        // What looks like a version, and is none.
        assert_eq!(BmpMessages::before(&[&[3; 9], &initiation[..]].concat()), 9);
        assert_eq!((BmpMessages::before(&[]), BmpMessages::before(&[7; 9])), (0, 9));
    }
}
