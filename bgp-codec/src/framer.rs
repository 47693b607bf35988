//! Where messages begin and end in what TCP delivers (RFC 4271 §4.1, §6.1; RFC 8654).

use ether_ip::view::unlikely;
use zerocopy::FromBytes;

use crate::error::{Data, Error, Fault, NotificationCode};
pub use crate::header::{HEADER_LEN, MAX_LEN, MAX_LEN_EXTENDED, MessageHeader};
use crate::header::{MessageType, allowed, is_allowed};

/// One whole message: its header was checked, its body not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame<'a> {
    bytes: &'a [u8],
    kind: MessageType,
    body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The whole message, from its marker.
    #[inline]
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its type.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> MessageType {
        self.kind
    }

    /// What follows the header.
    #[inline]
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }
}

/// Cuts a stream into messages. It holds no bytes: the caller keeps what it has received and hands it in again.
///
/// ```
/// use bgp_codec::{Framer, MessageType};
///
/// let mut stream = [0xff; 19 + 5];
/// stream[16..19].copy_from_slice(&[0, 19, 4]);
/// let mut received = &stream[..];
/// let framer = Framer::new();
/// let keepalive = framer.next(&mut received)?.unwrap();
/// assert_eq!(keepalive.kind(), MessageType::KEEPALIVE);
/// // Five bytes of the next message are there: not an error, and not a message yet.
/// assert_eq!(framer.next(&mut received)?, None);
/// assert_eq!(received.len(), 5);
/// # Ok::<(), bgp_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Framer {
    max_len: u16,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new()
    }
}

impl Framer {
    /// A framer for a session that has not agreed on extended messages: none is longer than 4096 bytes.
    #[must_use]
    pub const fn new() -> Self {
        Self { max_len: MAX_LEN }
    }

    /// A framer for messages up to the length that was agreed on
    /// ([`Negotiated::max_len_receive`](crate::Negotiated::max_len_receive)). OPEN and KEEPALIVE are held to 4096 in any case
    /// (RFC 8654 §4).
    #[must_use]
    pub const fn with_max_len(max_len: u16) -> Self {
        Self { max_len }
    }

    /// Takes the next whole message off the front of `bytes`. `None` when its end has not come yet.
    ///
    /// # Errors
    /// 1/1 if the marker is not all ones, as soon as one of its bytes is not; 1/2 if the length is under 19, above what
    /// was agreed on, or not one that the type can have; 1/3 for an unknown type. `bytes` is left as it was.
    #[inline]
    pub fn next<'a>(&self, bytes: &mut &'a [u8]) -> Result<Option<Frame<'a>>, Error> {
        let all: &'a [u8] = bytes;
        let Ok((header, _)) = MessageHeader::ref_from_prefix(all) else {
            return partial_marker(all);
        };
        let length = header.length();
        let kind = header.kind();
        if header.marker() != [0xff; 16] || !is_allowed(kind, length, self.max_len) {
            unlikely();
            //= RFC 4271 §6.1/length
            return Err(self.error(header, all));
        }
        let Some((message, rest)) = all.split_at_checked(usize::from(length)) else {
            return Ok(None);
        };
        let body = message.get(HEADER_LEN..).unwrap_or_default();
        *bytes = rest;
        Ok(Some(Frame { bytes: message, kind, body }))
    }

    #[cold]
    fn error(&self, header: &MessageHeader, all: &[u8]) -> Error {
        let (kind, length) = (header.kind(), header.length());
        let whole = usize::from(length).min(all.len());
        if header.marker() != [0xff; 16] {
            return Error { discard: all.len(), ..marker_error() };
        }
        let (least, most) = allowed(kind, self.max_len);
        // Below the header's own length no message of any type can be.
        let least = if usize::from(length) < HEADER_LEN { HEADER_LEN as u16 } else { least };
        let fault = Fault::MessageLength { kind, length, least, most };
        if (HEADER_LEN as u16..=self.max_len).contains(&length) && kind.name().is_none() {
            let data = Data::Part { at: 18, len: 1 };
            return Error {
                discard: whole,
                //= RFC 4271 §6.1/type
                ..Error::new(Fault::MessageType(kind.0), NotificationCode::BAD_TYPE, data)
            };
        }
        let data = Data::Part { at: 16, len: 2 };
        let discard = if usize::from(length) < HEADER_LEN { all.len() } else { whole };
        Error { discard, ..Error::new(fault, NotificationCode::BAD_LENGTH, data) }
    }
}

//= RFC 4271 §6.1/marker
const fn marker_error() -> Error {
    Error::new(Fault::Marker, NotificationCode::NOT_SYNCHRONIZED, Data::None)
}

/// A header that is not whole can be wrong already.
#[cold]
fn partial_marker<'a>(bytes: &'a [u8]) -> Result<Option<Frame<'a>>, Error> {
    match bytes.iter().take(16).all(|byte| *byte == 0xff) {
        true => Ok(None),
        false => Err(Error { discard: bytes.len(), ..marker_error() }),
    }
}
