//! WireGuard's four messages ("WireGuard: Next Generation Kernel Network Tunnel" §5.4), as they stand in UDP. Numbers are little-endian.
//!
//! ```text
//!  initiation   | 1 0 0 0 | sender | ephemeral 32 | static 48 | timestamp 28 | mac1 16 | mac2 16 |     148 bytes
//!  response     | 2 0 0 0 | sender | receiver | ephemeral 32 | empty 16 | mac1 16 | mac2 16 |           92 bytes
//!  cookie reply | 3 0 0 0 | receiver | nonce 24 | cookie 32 |                                           64 bytes
//!  data         | 4 0 0 0 | receiver | counter 8 | sealed, with a tag of 16 bytes … |
//! ```
//!
//! Sender and receiver are indexes that the two ends chose for the session. What is sealed these messages do not open.

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, Unaligned};

use crate::view::take_header;
use crate::{Error, LayerName, PacketBuffer, Rule};

/// WireGuard, as [`Error`] names it.
pub const WIREGUARD: LayerName = LayerName::new("WireGuard");

/// The length of what authenticates sealed bytes, at their end.
pub const TAG_LEN: usize = 16;

crate::open_set! {
    /// A message's type.
    pub struct MessageType(u8) {
        /// The first message of a handshake.
        INITIATION = 1, "handshake initiation";
        /// The answer to it.
        RESPONSE = 2, "handshake response";
        /// The answer of somebody who has too much to do.
        COOKIE_REPLY = 3, "cookie reply";
        /// A packet of the tunnel.
        DATA = 4, "data";
    }
}

/// The first message of a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Initiation {
    kind: [u8; 4],
    sender: U32,
    /// The initiator's ephemeral public key.
    pub ephemeral: [u8; 32],
    /// Its static public key, sealed.
    pub sealed_static: [u8; 48],
    /// A TAI64N time stamp, sealed.
    pub sealed_timestamp: [u8; 28],
    /// What shows that the sender knows the receiver's public key.
    pub mac1: [u8; 16],
    /// What shows that it got a cookie; zero if it has none.
    pub mac2: [u8; 16],
}

/// The answer to an initiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Response {
    kind: [u8; 4],
    sender: U32,
    receiver: U32,
    /// The responder's ephemeral public key.
    pub ephemeral: [u8; 32],
    /// Nothing, sealed.
    pub sealed_empty: [u8; 16],
    /// What shows that the sender knows the receiver's public key.
    pub mac1: [u8; 16],
    /// What shows that it got a cookie; zero if it has none.
    pub mac2: [u8; 16],
}

/// The answer of a responder under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct CookieReply {
    kind: [u8; 4],
    receiver: U32,
    /// The nonce of the seal.
    pub nonce: [u8; 24],
    /// The cookie, sealed.
    pub sealed_cookie: [u8; 32],
}

/// What stands in front of a sealed packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct DataHeader {
    kind: [u8; 4],
    receiver: U32,
    counter: U64,
}

impl Initiation {
    /// A message; its keys, seals and codes are still to be filled in.
    #[must_use]
    pub const fn new(sender: u32) -> Self {
        Self {
            kind: [MessageType::INITIATION.0, 0, 0, 0],
            sender: U32::new(sender),
            ephemeral: [0; 32],
            sealed_static: [0; 48],
            sealed_timestamp: [0; 28],
            mac1: [0; 16],
            mac2: [0; 16],
        }
    }

    /// The initiator's index.
    #[must_use]
    pub const fn sender(&self) -> u32 {
        self.sender.get()
    }
}

impl Response {
    /// A message; its keys, seals and codes are still to be filled in.
    #[must_use]
    pub const fn new(sender: u32, receiver: u32) -> Self {
        Self {
            kind: [MessageType::RESPONSE.0, 0, 0, 0],
            sender: U32::new(sender),
            receiver: U32::new(receiver),
            ephemeral: [0; 32],
            sealed_empty: [0; 16],
            mac1: [0; 16],
            mac2: [0; 16],
        }
    }

    /// The responder's index.
    #[must_use]
    pub const fn sender(&self) -> u32 {
        self.sender.get()
    }

    /// The initiator's index.
    #[must_use]
    pub const fn receiver(&self) -> u32 {
        self.receiver.get()
    }
}

impl CookieReply {
    /// A message; its nonce and seal are still to be filled in.
    #[must_use]
    pub const fn new(receiver: u32) -> Self {
        let kind = [MessageType::COOKIE_REPLY.0, 0, 0, 0];
        Self { kind, receiver: U32::new(receiver), nonce: [0; 24], sealed_cookie: [0; 32] }
    }

    /// The index of whom is answered.
    #[must_use]
    pub const fn receiver(&self) -> u32 {
        self.receiver.get()
    }
}

impl DataHeader {
    /// A header.
    #[must_use]
    pub const fn new(receiver: u32, counter: u64) -> Self {
        let kind = [MessageType::DATA.0, 0, 0, 0];
        Self { kind, receiver: U32::new(receiver), counter: U64::new(counter) }
    }

    /// The receiver's index.
    #[must_use]
    pub const fn receiver(&self) -> u32 {
        self.receiver.get()
    }

    /// The seal's nonce: how many packets were sealed before.
    #[must_use]
    pub const fn counter(&self) -> u64 {
        self.counter.get()
    }

    /// Puts the header in front of what is sealed.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(WIREGUARD, self).map(|_| ())
    }
}

/// A message, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WireGuardMessage<'a> {
    /// The first of a handshake.
    Initiation(&'a Initiation),
    /// The answer to it.
    Response(&'a Response),
    /// The answer under load.
    CookieReply(&'a CookieReply),
    /// A packet of the tunnel: its header, and what is sealed, tag included. A sealed nothing is a keepalive.
    Data(&'a DataHeader, &'a [u8]),
}

impl<'a> WireGuardMessage<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`Error::Malformed`] for another type, reserved bytes that are not zero (which Linux takes for another type), or a message of a
    /// handshake with bytes behind it; [`Error::Truncated`] if there are fewer bytes than the type has.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let message = Self::parse_lax(bytes)?;
        let available = bytes.len();
        let len = match message {
            Self::Initiation(_) => size_of::<Initiation>(),
            Self::Response(_) => size_of::<Response>(),
            Self::CookieReply(_) => size_of::<CookieReply>(),
            Self::Data(_, sealed) if sealed.len() < TAG_LEN => {
                let needed = size_of::<DataHeader>() + TAG_LEN;
                return Err(Error::Truncated { layer: WIREGUARD, needed, available });
            }
            Self::Data(..) => return Ok(message),
        };
        let (value, rule) = (available as u32, Rule::Exactly(len as u32));
        if available > len {
            return Err(Error::Malformed { layer: WIREGUARD, field: "length", value, rule });
        }
        Ok(message)
    }

    /// The same of bytes that a capture or a quote may have cut, or put something behind: what is sealed is what is there.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for the length of what is sealed and for bytes behind a message.
    pub fn parse_lax(bytes: &'a [u8]) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: WIREGUARD, needed, available };
        let (&[kind, reserved @ ..], _) = bytes.split_first_chunk::<4>().ok_or(truncated(4))?;
        let [a, b, c] = reserved;
        let value = u32::from_le_bytes([a, b, c, 0]);
        if value != 0 {
            return Err(Error::Malformed { layer: WIREGUARD, field: "reserved bytes", value, rule: Rule::Exactly(0) });
        }
        match MessageType(kind) {
            MessageType::INITIATION => header(bytes).map(|(header, _)| Self::Initiation(header)),
            MessageType::RESPONSE => header(bytes).map(|(header, _)| Self::Response(header)),
            MessageType::COOKIE_REPLY => header(bytes).map(|(header, _)| Self::CookieReply(header)),
            MessageType::DATA => header(bytes).map(|(header, sealed)| Self::Data(header, sealed)),
            MessageType(kind) => {
                let value = kind.into();
                Err(Error::Malformed { layer: WIREGUARD, field: "type", value, rule: Rule::Known })
            }
        }
    }

    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> MessageType {
        match self {
            Self::Initiation(_) => MessageType::INITIATION,
            Self::Response(_) => MessageType::RESPONSE,
            Self::CookieReply(_) => MessageType::COOKIE_REPLY,
            Self::Data(..) => MessageType::DATA,
        }
    }

    /// The index of whom it comes from, where it tells.
    #[must_use]
    pub const fn sender(&self) -> Option<u32> {
        match self {
            Self::Initiation(message) => Some(message.sender()),
            Self::Response(message) => Some(message.sender()),
            _ => None,
        }
    }

    /// The index of whom it goes to, where it tells.
    #[must_use]
    pub const fn receiver(&self) -> Option<u32> {
        match self {
            Self::Initiation(_) => None,
            Self::Response(message) => Some(message.receiver()),
            Self::CookieReply(message) => Some(message.receiver()),
            Self::Data(header, _) => Some(header.receiver()),
        }
    }
}

/// A message's fixed bytes, and what is behind them.
fn header<H: FromBytes + KnownLayout + Immutable + Unaligned>(bytes: &[u8]) -> Result<(&H, &[u8]), Error> {
    let truncated = Error::Truncated { layer: WIREGUARD, needed: size_of::<H>(), available: bytes.len() };
    let (header, rest) = take_header::<H, _>(bytes).ok_or(truncated)?;
    Ok((Ref::into_ref(header), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;
    use std::vec::Vec;

    fn parts(parts: &[(u8, usize)]) -> Vec<u8> {
        parts.iter().flat_map(|(byte, count)| std::iter::repeat_n(*byte, *count)).collect()
    }

    /// §5.4.2 to §5.4.7 of the paper: what stands where, a different byte in each field.
    #[test]
    fn reads_and_builds() {
        let bytes = [&[1, 0, 0, 0, 7, 0, 0, 0][..], &parts(&[(1, 32), (2, 48), (3, 28), (4, 16), (5, 16)])].concat();
        let message = WireGuardMessage::parse(&bytes).unwrap();
        let expected = Initiation {
            ephemeral: [1; 32],
            sealed_static: [2; 48],
            sealed_timestamp: [3; 28],
            mac1: [4; 16],
            mac2: [5; 16],
            ..Initiation::new(7)
        };
        assert_eq!((message, expected.as_bytes()), (WireGuardMessage::Initiation(&expected), &bytes[..]));
        assert_eq!((message.kind(), message.sender(), message.receiver()), (MessageType::INITIATION, Some(7), None));

        let bytes = [&[2, 0, 0, 0, 9, 0, 0, 0, 7, 0, 0, 0][..], &parts(&[(1, 32), (2, 16), (4, 16), (5, 16)])].concat();
        let message = WireGuardMessage::parse(&bytes).unwrap();
        let expected =
            Response { ephemeral: [1; 32], sealed_empty: [2; 16], mac1: [4; 16], mac2: [5; 16], ..Response::new(9, 7) };
        assert_eq!((message, expected.as_bytes()), (WireGuardMessage::Response(&expected), &bytes[..]));
        assert_eq!((message.kind(), message.sender(), message.receiver()), (MessageType::RESPONSE, Some(9), Some(7)));

        let bytes = [&[3, 0, 0, 0, 7, 0, 0, 0][..], &parts(&[(1, 24), (2, 32)])].concat();
        let message = WireGuardMessage::parse(&bytes).unwrap();
        let expected = CookieReply { nonce: [1; 24], sealed_cookie: [2; 32], ..CookieReply::new(7) };
        assert_eq!((message, expected.as_bytes()), (WireGuardMessage::CookieReply(&expected), &bytes[..]));
        assert_eq!((message.kind(), message.sender(), message.receiver()), (MessageType::COOKIE_REPLY, None, Some(7)));

        let bytes = [&[4, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0][..], &[6; 20]].concat();
        let message = WireGuardMessage::parse(&bytes).unwrap();
        let header = DataHeader::new(9, 5);
        assert_eq!(message, WireGuardMessage::Data(&header, &[6; 20]));
        assert_eq!((message.kind(), message.sender(), message.receiver()), (MessageType::DATA, None, Some(9)));
        assert_eq!((header.receiver(), header.counter()), (9, 5));
        let mut buffer = [0; 36];
        let mut packet = Headroom::with_payload(&mut buffer, &[6; 20]).unwrap();
        header.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);
    }

    #[test]
    fn cut_and_unknown() {
        for (kind, least, lax) in [(1, 148, 148), (2, 92, 92), (3, 64, 64), (4, 32, 16)] {
            let mut bytes = [0; 200];
            bytes[0] = kind;
            for available in 0..least {
                let needed = if available < 4 {
                    4
                } else if available < lax {
                    lax
                } else {
                    least
                };
                let error = Err(Error::Truncated { layer: WIREGUARD, needed, available });
                assert_eq!(WireGuardMessage::parse(&bytes[..available]), error, "{kind}");
            }
            assert!(WireGuardMessage::parse(&bytes[..least]).is_ok());
            assert!(WireGuardMessage::parse_lax(&bytes[..lax]).is_ok());
            assert!(WireGuardMessage::parse_lax(&bytes[..lax - 1]).is_err());
            let rule = Rule::Exactly(least as u32);
            let long = Err(Error::Malformed { layer: WIREGUARD, field: "length", value: least as u32 + 1, rule });
            let parsed = WireGuardMessage::parse(&bytes[..=least]);
            if kind == 4 { assert!(parsed.is_ok()) } else { assert_eq!(parsed, long) }
        }
        for kind in [0, 5, 255] {
            let error = Error::Malformed { layer: WIREGUARD, field: "type", value: kind.into(), rule: Rule::Known };
            assert_eq!(WireGuardMessage::parse(&[kind, 0, 0, 0]), Err(error));
        }
        let (field, rule) = ("reserved bytes", Rule::Exactly(0));
        let error = Error::Malformed { layer: WIREGUARD, field, value: 0x10000, rule };
        assert_eq!(WireGuardMessage::parse(&[4, 0, 0, 1]), Err(error));
    }
}
