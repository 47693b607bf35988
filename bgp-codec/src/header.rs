//! The header that each message begins with, and what a builder does about it (RFC 4271 §4.1).
//!
//! ```text
//!  0                               16      18  19
//!  +-------------------------------+-------+---+
//!  | marker: all ones              | length|typ|
//!  +-------------------------------+-------+---+
//! ```

use ether_ip::writer::Writer;
use ether_ip::{LayerName, open_set};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The length of a message's header, in bytes.
pub const HEADER_LEN: usize = 19;
/// The most bytes that a message has (RFC 4271 §4.1).
pub const MAX_LEN: u16 = 4096;
/// The most bytes that a message has once both speakers can take them (RFC 8654 §4).
pub const MAX_LEN_EXTENDED: u16 = 65_535;

/// A message, as a builder's error names it.
pub const MESSAGE: LayerName = LayerName::new("BGP message");

/// A KEEPALIVE, whole.
pub const KEEPALIVE: [u8; HEADER_LEN] =
    [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 19, 4];

open_set! {
    /// A message's type.
    pub struct MessageType(u8) {
        /// Begins a session.
        OPEN = 1, "OPEN";
        /// Withdraws and announces routes.
        UPDATE = 2, "UPDATE";
        /// Ends a session.
        NOTIFICATION = 3, "NOTIFICATION";
        /// Holds a session.
        KEEPALIVE = 4, "KEEPALIVE";
        /// Asks for routes again (RFC 2918).
        ROUTE_REFRESH = 5, "ROUTE-REFRESH";
    }
}

/// The 19 bytes that each message begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct MessageHeader {
    marker: [u8; 16],
    length: U16,
    kind: u8,
}

impl MessageHeader {
    /// A header. `length` counts it too.
    #[inline]
    #[must_use]
    pub const fn new(kind: MessageType, length: u16) -> Self {
        //= RFC 4271 §4.1/marker
        Self { marker: [0xff; 16], length: U16::new(length), kind: kind.0 }
    }

    /// The marker: all ones.
    #[inline]
    #[must_use]
    pub const fn marker(&self) -> [u8; 16] {
        self.marker
    }

    /// The message's length in bytes, header included.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> u16 {
        self.length.get()
    }

    /// The message's type.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> MessageType {
        MessageType(self.kind)
    }
}

/// The lengths that a type's messages have (RFC 4271 §4.2–4.5, RFC 2918 §3, RFC 8654 §4).
//= RFC 4271 §4.1/length
pub(crate) const fn allowed(kind: MessageType, max_len: u16) -> (u16, u16) {
    match kind {
        MessageType::OPEN => (29, MAX_LEN),
        MessageType::UPDATE => (23, max_len),
        MessageType::NOTIFICATION => (21, max_len),
        MessageType::KEEPALIVE => (19, 19),
        MessageType::ROUTE_REFRESH => (23, max_len),
        _ => (19, max_len),
    }
}

#[inline]
pub(crate) const fn is_allowed(kind: MessageType, length: u16, max_len: u16) -> bool {
    let (least, most) = allowed(kind, max_len);
    least <= length && length <= most && 1 <= kind.0 && kind.0 <= 5
}

/// Writes a message, header and all, to the start of `to`: counts it first, so that nothing is written if it does not
/// fit.
pub(crate) fn build(
    kind: MessageType,
    max_len: u16,
    to: &mut [u8],
    body: impl Fn(&mut Writer<'_>) -> Result<(), ether_ip::Error>,
) -> Result<&[u8], ether_ip::Error> {
    let mut count = Writer::count(MESSAGE);
    body(&mut count)?;
    let value = count.len().saturating_add(HEADER_LEN);
    MESSAGE.check("length", value, &[ether_ip::Rule::AtMost(u32::from(max_len))])?;
    if to.len() < value {
        return Err(ether_ip::Error::NoRoom { layer: MESSAGE, needed: value, available: to.len() });
    }
    let mut writer = Writer::new(MESSAGE, to);
    writer.put(MessageHeader::new(kind, value as u16).as_bytes())?;
    body(&mut writer)?;
    Ok(writer.into_written())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keepalive_is_its_header() {
        assert_eq!(MessageHeader::new(MessageType::KEEPALIVE, 19).as_bytes(), KEEPALIVE);
    }
}
