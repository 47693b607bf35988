//! NOTIFICATION: why a session ends (RFC 4271 §4.5).

use bgp_codec::{Notification, NotificationCode};

use super::offset_in;

/// What a NOTIFICATION says (RFC 4271 §4.5), and where the data stands that it quotes.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpNotification {
    /// The error code; 0 if there is no NOTIFICATION.
    pub code: u8,
    /// The error subcode.
    pub subcode: u8,
    /// 1 if the data is `own`; else it is a part of the message.
    pub is_own: u8,
    /// The data that is no part of the message, as many bytes of it as `data_length` says.
    pub own: [u8; 2],
    /// Nothing yet.
    pub reserved: [u8; 3],
    /// Where the data begins, in bytes from the message's marker.
    pub data_offset: u32,
    /// How many bytes of data there are.
    pub data_length: u32,
}

impl BgpNotification {
    pub(crate) fn of(notification: &Notification<'_>, message: &[u8]) -> Self {
        let (NotificationCode { code, subcode }, data) = (notification.code, notification.data);
        let of = Self { code, subcode, data_length: data.len() as u32, ..Self::default() };
        match (data, offset_in(message, data)) {
            (&[one], None) => Self { is_own: 1, own: [one, 0], ..of },
            (&[one, two], None) => Self { is_own: 1, own: [one, two], ..of },
            (_, offset) => Self { data_offset: offset.unwrap_or_default() as u32, ..of },
        }
    }
}
