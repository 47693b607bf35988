//! NOTIFICATION: why a session ends (RFC 4271 §4.5).
//!
//! ```text
//!  0       8       16
//!  +-------+-------+-----------------+
//!  | code  | subco.| data …          |
//!  +-------+-------+-----------------+
//! ```
//!
//! The data of 6/2 and 6/4 is a text behind its length (RFC 9003 §2); that of 6/9 is another NOTIFICATION, which says why
//! (RFC 8538 §3).

use core::str;

use ether_ip::LayerName;
use ether_ip::view::unlikely;

use crate::error::{Data, Error, Fault, NotificationCode};
use crate::header::{MAX_LEN_EXTENDED, MESSAGE, MessageType, build};

/// The data of a hard reset, as errors name it.
pub const HARD_RESET: LayerName = LayerName::new("BGP hard reset");

/// Why a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Notification<'a> {
    /// Code and subcode. What is not known here is a value too.
    pub code: NotificationCode,
    /// What the code asks to be quoted.
    pub data: &'a [u8],
}

impl<'a> Notification<'a> {
    /// A NOTIFICATION without data.
    #[must_use]
    pub const fn new(code: NotificationCode) -> Self {
        Self { code, data: &[] }
    }

    /// Reads a message's body.
    ///
    /// # Errors
    /// 1/2 if code and subcode are not there. An answer is not sent to a NOTIFICATION (RFC 4271 §6.4): it is for the log.
    #[inline]
    pub fn parse(body: &'a [u8]) -> Result<Self, Error> {
        //= RFC 4271 §6.4/no-answer
        let &[code, subcode, ref data @ ..] = body else {
            unlikely();
            let needed = 2;
            let truncated = ether_ip::Error::Truncated { layer: MESSAGE, needed, available: body.len() };
            let quoted = Data::Part { at: 16, len: 2 };
            return Err(Error::new(Fault::Field(truncated), NotificationCode::BAD_LENGTH, quoted));
        };
        Ok(Self { code: NotificationCode { code, subcode }, data })
    }

    /// The text of an administrative shutdown or reset (RFC 9003 §2), as bytes: UTF-8, if the peer keeps to it. `None`
    /// for other codes, without one, and when its length exceeds the data.
    #[must_use]
    pub fn text_bytes(&self) -> Option<&'a [u8]> {
        match (self.code, self.data) {
            (
                NotificationCode::ADMINISTRATIVE_SHUTDOWN | NotificationCode::ADMINISTRATIVE_RESET,
                &[len, ref text @ ..],
            ) if len > 0 => text.get(..usize::from(len)),
            _ => None,
        }
    }

    /// The text of an administrative shutdown or reset, if it is UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        str::from_utf8(self.text_bytes()?).ok()
    }

    /// The NOTIFICATION inside of a hard reset (RFC 8538 §3), which says why the session ends; `None` for other codes.
    ///
    /// ```
    /// use bgp_codec::{Notification, NotificationCode};
    ///
    /// let notification = Notification::parse(&[6, 9, 6, 3])?;
    /// let why = notification.hard_reset().transpose()?;
    /// assert_eq!(why, Some(Notification::new(NotificationCode::PEER_DECONFIGURED)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ether_ip::Error::Truncated`] if code and subcode are not there: the reset is malformed, and the session ends nevertheless.
    #[must_use]
    pub fn hard_reset(&self) -> Option<Result<Self, ether_ip::Error>> {
        if self.code != NotificationCode::HARD_RESET {
            return None;
        }
        Some(match *self.data {
            [code, subcode, ref data @ ..] => Ok(Self { code: NotificationCode { code, subcode }, data }),
            _ => Err(ether_ip::Error::Truncated { layer: HARD_RESET, needed: 2, available: self.data.len() }),
        })
    }

    /// Writes the message to the start of `to`. Data that would make it longer than `max_len` is cut off, as RFC 8654 §4
    /// asks for towards a peer that takes 4096 bytes.
    ///
    /// # Errors
    /// [`ether_ip::Error::NoRoom`] if `to` is too short. Nothing is written then.
    //= RFC 4271 §4.5/data
    pub fn build<'b>(&self, max_len: u16, to: &'b mut [u8]) -> Result<&'b [u8], ether_ip::Error> {
        let data = self.data.get(..usize::from(max_len).saturating_sub(21)).unwrap_or(self.data);
        build(MessageType::NOTIFICATION, MAX_LEN_EXTENDED, to, |to| {
            to.write_all(&[&[self.code.code, self.code.subcode], data])
        })
    }
}

impl Error {
    /// The NOTIFICATION to send. `message` is what was parsed, from its marker; what has to be quoted is taken from it.
    ///
    /// ```
    /// use bgp_codec::{Framer, NotificationCode};
    ///
    /// let mut bytes = [0xff; 19];
    /// bytes[16..].copy_from_slice(&[0, 18, 4]);
    /// let error = Framer::new().next(&mut &bytes[..]).unwrap_err();
    /// let notification = error.notification(&bytes);
    /// assert_eq!((notification.code, notification.data), (NotificationCode::BAD_LENGTH, &[0, 18][..]));
    /// ```
    #[must_use]
    pub fn notification<'a>(&'a self, message: &'a [u8]) -> Notification<'a> {
        let data = match &self.data {
            Data::None => &[],
            Data::Part { at, len } => message.get(*at..).and_then(|from| from.get(..*len)).unwrap_or_default(),
            Data::Inline(bytes, len) => bytes.get(..usize::from(*len)).unwrap_or_default(),
        };
        Notification { code: self.code, data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Notification<'_> {
        Notification::parse(body).unwrap()
    }

    #[test]
    fn codes_known_and_unknown() {
        //= RFC 4271 §6.4/no-answer
        let hold = read(&[4, 0]);
        assert_eq!((hold.code, hold.data), (NotificationCode::HOLD_TIMER_EXPIRED, &[][..]));
        assert_eq!(read(&[99, 7, 1]).code.name(), None);
        assert_eq!(read(&[3, 99]).code, NotificationCode { code: 3, subcode: 99 });
        assert_eq!(Notification::parse(&[6]).unwrap_err().code, NotificationCode::BAD_LENGTH);
    }

    /// RFC 9003 §2: a length and so many bytes of UTF-8, up to 255.
    #[test]
    fn shutdown_texts() {
        assert_eq!(read(&[6, 2, 3, b'b', b'y', b'e']).text(), Some("bye"));
        assert_eq!(read(&[6, 4, 3, b'b', b'y', b'e', b'!']).text(), Some("bye"));
        let past_the_end = read(&[6, 2, 4, b'b', b'y', b'e']);
        assert_eq!((past_the_end.text(), past_the_end.data.len()), (None, 4));
        let no_utf8 = read(&[6, 2, 2, 0xff, 0xfe]);
        assert_eq!((no_utf8.text(), no_utf8.text_bytes()), (None, Some(&[0xff, 0xfe][..])));
        let mut long = [b'x'; 258];
        long[..3].copy_from_slice(&[6, 2, 255]);
        assert_eq!(read(&long).text().map(str::len), Some(255));
        assert_eq!(read(&[6, 2]).text(), None);
        assert_eq!(read(&[6, 2, 0]).text(), None);
        assert_eq!(read(&[6, 5, 1, b'x']).text(), None);
    }

    /// RFC 8538 §3: around another NOTIFICATION; around one that is cut.
    #[test]
    fn hard_resets() {
        let inner = read(&[6, 9, 6, 2, 2, b'o', b'k']).hard_reset().unwrap().unwrap();
        assert_eq!((inner.code, inner.text()), (NotificationCode::ADMINISTRATIVE_SHUTDOWN, Some("ok")));
        let truncated = |available| Some(Err(ether_ip::Error::Truncated { layer: HARD_RESET, needed: 2, available }));
        assert_eq!(read(&[6, 9, 6]).hard_reset(), truncated(1));
        assert_eq!(read(&[6, 9]).hard_reset(), truncated(0));
        assert_eq!(read(&[6, 4, 6, 3]).hard_reset(), None);
    }

    #[test]
    fn is_built_and_cut_to_the_session() {
        //= RFC 4271 §4.5/data
        let mut buffer = [0; 5000];
        let long = Notification { code: NotificationCode::ROUTE_REFRESH_LENGTH, data: &[7; 4500] };
        let built = long.build(4096, &mut buffer).unwrap();
        assert_eq!((built.len(), &built[16..23]), (4096, &[0x10, 0, 3, 7, 1, 7, 7][..]));
        assert_eq!(long.build(65_535, &mut buffer).unwrap().len(), 4521);
        let error = long.build(65_535, &mut buffer[..4520]).unwrap_err();
        assert_eq!(error, ether_ip::Error::NoRoom { layer: MESSAGE, needed: 4521, available: 4520 });
    }
}
