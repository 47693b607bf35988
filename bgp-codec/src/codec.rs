//! Messages out of a `BytesMut`, as `Bytes`: for speakers over tokio and the like. Feature `bytes`; with feature `tokio-util`
//! a [`Framer`] is a `tokio_util::codec::Decoder`, and a message's bytes are encoded: `&[u8]`, `Bytes`, or an [`OwnedFrame`].
//!
//! A stream that is no BGP is answered with a NOTIFICATION, which quotes what was wrong, and then closed (RFC 4271 §6):
//!
//! ```
//! # #[cfg(feature = "tokio-util")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use bgp_codec::Framer;
//! use bgp_codec::codec::CodecError;
//! use bytes::{Bytes, BytesMut};
//! use tokio_util::codec::{Decoder, Encoder};
//!
//! // What came: a marker, and a length of 18.
//! let mut received = BytesMut::from(&[&[0xff; 16][..], &[0, 18, 4]].concat()[..]);
//! let mut to_send = BytesMut::new();
//! let mut framer = Framer::new();
//! match framer.decode(&mut received) {
//!     Ok(Some(_frame)) => { /* a message */ }
//!     Ok(None) => { /* more is to come */ }
//!     Err(CodecError::Io(error)) => return Err(error.into()),
//!     Err(CodecError::Bgp(error)) => {
//!         // The bytes that could not be cut into messages still stand in `received`.
//!         let notification = error.notification(&received);
//!         let mut buffer = [0; 4096];
//!         let message = Bytes::copy_from_slice(notification.build(4096, &mut buffer)?);
//!         framer.encode(message, &mut to_send)?;
//!         // … and then the connection is closed.
//!     }
//! }
//! // 1/2, Bad Message Length, with the length that was wrong.
//! assert_eq!(to_send[16..], [0, 23, 3, 1, 2, 0, 18]);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "tokio-util"))]
//! # fn main() {}
//! ```

use bytes::{Bytes, BytesMut};

use crate::error::Error;
use crate::framer::Framer;
use crate::header::MessageType;
use crate::message::Message;
use crate::session::Negotiated;

/// One whole message, which holds its bytes without having copied them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OwnedFrame {
    bytes: Bytes,
}

impl OwnedFrame {
    /// The whole message, from its marker.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> MessageType {
        MessageType(self.bytes.get(18).copied().unwrap_or_default())
    }

    /// Reads the body.
    ///
    /// # Errors
    /// As [`Frame::parse`](crate::Frame::parse).
    pub fn parse<'a>(&'a self, session: &'a Negotiated) -> Result<Message<'a>, Error> {
        Message::parse(self.kind(), self.bytes.get(19..).unwrap_or_default(), session)
    }
}

impl Framer {
    /// Takes the next whole message off the front of `received`. `None` when its end has not come yet.
    ///
    /// ```
    /// use bgp_codec::{Framer, MessageType};
    /// use bytes::BytesMut;
    ///
    /// let mut received = BytesMut::from(&bgp_codec::message::KEEPALIVE[..]);
    /// let frame = Framer::new().next_owned(&mut received)?.unwrap();
    /// assert_eq!((frame.kind(), received.len()), (MessageType::KEEPALIVE, 0));
    /// # Ok::<(), bgp_codec::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`next`](Self::next). `received` is left as it was.
    pub fn next_owned(&self, received: &mut BytesMut) -> Result<Option<OwnedFrame>, Error> {
        let mut rest: &[u8] = received;
        let Some(frame) = self.next(&mut rest)? else {
            return Ok(None);
        };
        let len = frame.bytes().len();
        Ok(Some(OwnedFrame { bytes: received.split_to(len).freeze() }))
    }
}

impl From<OwnedFrame> for Bytes {
    fn from(frame: OwnedFrame) -> Self {
        frame.bytes
    }
}

/// Why a connection's messages end: as tokio has it, one type for what is read and what is wrong with it.
#[cfg(feature = "tokio-util")]
#[derive(Debug)]
pub enum CodecError {
    /// The connection failed.
    Io(std::io::Error),
    /// What came is no BGP: send [`Error::notification`].
    Bgp(Error),
}

#[cfg(feature = "tokio-util")]
mod tokio {
    use super::{CodecError, OwnedFrame};
    use crate::error::Error;
    use crate::framer::Framer;
    use bytes::{BufMut, Bytes, BytesMut};
    use std::fmt;
    use tokio_util::codec::{Decoder, Encoder};

    impl fmt::Display for CodecError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Io(error) => error.fmt(f),
                Self::Bgp(error) => error.fmt(f),
            }
        }
    }

    impl std::error::Error for CodecError {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(match self {
                Self::Io(error) => error,
                Self::Bgp(error) => error,
            })
        }
    }

    impl From<std::io::Error> for CodecError {
        fn from(error: std::io::Error) -> Self {
            Self::Io(error)
        }
    }

    impl From<Error> for CodecError {
        fn from(error: Error) -> Self {
            Self::Bgp(error)
        }
    }

    impl Decoder for Framer {
        type Item = OwnedFrame;
        type Error = CodecError;

        fn decode(&mut self, received: &mut BytesMut) -> Result<Option<OwnedFrame>, CodecError> {
            Ok(self.next_owned(received)?)
        }
    }

    /// A message as it was built.
    impl Encoder<&[u8]> for Framer {
        type Error = CodecError;

        fn encode(&mut self, message: &[u8], to: &mut BytesMut) -> Result<(), CodecError> {
            to.reserve(message.len());
            to.put_slice(message);
            Ok(())
        }
    }

    /// The same, owned: what a task that writes is sent through a channel.
    impl Encoder<Bytes> for Framer {
        type Error = CodecError;

        fn encode(&mut self, message: Bytes, to: &mut BytesMut) -> Result<(), CodecError> {
            self.encode(&*message, to)
        }
    }

    /// A message as it came, passed on.
    impl Encoder<OwnedFrame> for Framer {
        type Error = CodecError;

        fn encode(&mut self, frame: OwnedFrame, to: &mut BytesMut) -> Result<(), CodecError> {
            self.encode(&**frame.bytes(), to)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::KEEPALIVE;
    use std::vec::Vec;

    #[test]
    fn a_byte_at_a_time() {
        let stream = [&KEEPALIVE[..], &KEEPALIVE].concat();
        let (mut received, mut frames) = (BytesMut::new(), Vec::new());
        for byte in stream {
            received.extend_from_slice(&[byte]);
            frames.extend(Framer::new().next_owned(&mut received).unwrap());
        }
        assert!(frames.iter().map(|frame| &frame.bytes()[..]).eq([&KEEPALIVE[..]; 2]));
        assert!(matches!(frames[0].parse(&Negotiated::assumed()), Ok(Message::Keepalive)));
        let mut bad = BytesMut::from(&[0; 19][..]);
        assert!(Framer::new().next_owned(&mut bad).is_err());
        assert_eq!(bad.len(), 19);
    }

    #[cfg(feature = "tokio-util")]
    #[test]
    fn as_tokio_has_it() {
        use std::error::Error as _;
        use std::string::ToString;
        use tokio_util::codec::{Decoder, Encoder};
        let mut buffer = BytesMut::new();
        let mut framer = Framer::new();
        framer.encode(&KEEPALIVE[..], &mut buffer).unwrap();
        let frame = framer.decode(&mut buffer).unwrap().unwrap();
        assert_eq!(frame.kind(), MessageType::KEEPALIVE);
        assert_eq!(Bytes::from(frame.clone()), &KEEPALIVE[..]);
        framer.encode(frame, &mut buffer).unwrap();
        framer.encode(Bytes::from_static(&KEEPALIVE), &mut buffer).unwrap();
        assert_eq!(buffer, [KEEPALIVE, KEEPALIVE].concat());
        buffer.clear();
        buffer.extend_from_slice(&[0; 19]);
        let error = framer.decode(&mut buffer).unwrap_err();
        assert!(matches!(error, CodecError::Bgp(_)));
        let words =
            "BGP header is malformed: the marker is not all ones (NOTIFICATION 1/1 Connection Not Synchronized)";
        assert_eq!(
            (error.to_string().as_str(), error.source().map(ToString::to_string).as_deref()),
            (words, Some(words))
        );
        let error = CodecError::from(std::io::Error::other("no more"));
        assert_eq!((error.to_string().as_str(), error.source().is_some()), ("no more", true));
    }
}
