//! A packet grows forwards from its payload, and the payload stays where it is.
//!
//! ```text
//!  0            start                      end of the buffer
//!  +--------------+------------------------+
//!  |  free space  |  headers │ payload     |
//!  +--------------+------------------------+
//!            <── each header is prepended
//! ```

use crate::{Error, LayerName};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A buffer with a packet at its end and free space in front of it.
///
/// ```
/// use ether_ip::{Headroom, udp::{UdpHeader, UdpChecksum}};
///
/// let mut buffer = [0; 64];
/// let mut packet = Headroom::with_payload(&mut buffer, b"hello")?;
/// UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Zero)?;
/// assert_eq!(packet.packet(), b"\x0f\xa0\x00\x35\x00\x0d\x00\x00hello");
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Headroom<'a> {
    buffer: &'a mut [u8],
    start: usize,
}

impl<'a> Headroom<'a> {
    /// The last `len` bytes of `buffer` are the packet so far; all in front of them is free.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if the buffer is shorter than `len`.
    #[inline]
    pub fn new(buffer: &'a mut [u8], len: usize) -> Result<Self, Error> {
        match buffer.len().checked_sub(len) {
            Some(start) => Ok(Self { buffer, start }),
            None => Err(Error::NoRoom { layer: LayerName::PACKET, needed: len, available: buffer.len() }),
        }
    }

    /// Copies `payload` to the end of `buffer`.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if the buffer is shorter than the payload.
    pub fn with_payload(buffer: &'a mut [u8], payload: &[u8]) -> Result<Self, Error> {
        let start = buffer.len();
        let mut packet = Self { buffer, start };
        packet.prepend_bytes(LayerName::PACKET, payload)?;
        Ok(packet)
    }

    /// Puts a header in front of the packet.
    ///
    /// # Errors
    /// [`Error::NoRoom`], naming `layer`, if there is too little free space. Nothing is written then.
    #[inline]
    pub fn prepend<H>(&mut self, layer: LayerName, header: H) -> Result<(), Error>
    where
        H: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned,
    {
        self.prepend_mut(layer, header)?;
        Ok(())
    }

    /// The same, and hands the header back to be changed where it stands.
    ///
    /// # Errors
    /// As [`prepend`](Self::prepend).
    #[inline]
    pub fn prepend_mut<H>(&mut self, layer: LayerName, header: H) -> Result<&mut H, Error>
    where
        H: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned,
    {
        let needed = size_of::<H>();
        let no_room = Error::NoRoom { layer, needed, available: self.start };
        let start = self.start.checked_sub(needed).ok_or(no_room)?;
        let (slot, _) = H::mut_from_prefix(self.buffer.get_mut(start..).ok_or(no_room)?).map_err(|_| no_room)?;
        *slot = header;
        self.start = start;
        Ok(slot)
    }

    /// Puts a header in front of the packet, and between the two the header's `tail`: its options, its addresses.
    ///
    /// # Errors
    /// [`Error::NoRoom`], naming `layer`, if there is too little free space for both. Nothing is written then.
    #[inline]
    pub fn prepend_with<H>(&mut self, layer: LayerName, header: H, tail: &[u8]) -> Result<(), Error>
    where
        H: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned,
    {
        let (needed, available) = (tail.len().saturating_add(size_of::<H>()), self.start);
        if needed > available {
            return Err(Error::NoRoom { layer, needed, available });
        }
        self.prepend_bytes(layer, tail)?;
        self.prepend(layer, header)
    }

    /// Puts bytes in front of the packet.
    ///
    /// # Errors
    /// [`Error::NoRoom`], naming `layer`, if there is too little free space. Nothing is written then.
    #[inline]
    pub fn prepend_bytes(&mut self, layer: LayerName, bytes: &[u8]) -> Result<(), Error> {
        let slot = self.prepend_space(layer, bytes.len())?;
        // Both are `bytes.len()` long; a zip says so without a panic.
        slot.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(())
    }

    /// Takes `len` bytes in front of the packet, to be filled by the caller. They hold whatever the buffer held.
    ///
    /// # Errors
    /// [`Error::NoRoom`], naming `layer`, if there is too little free space.
    #[inline]
    pub fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let available = self.start;
        let no_room = Error::NoRoom { layer, needed: len, available };
        let start = available.checked_sub(len).ok_or(no_room)?;
        let slot = self.buffer.get_mut(start..available).ok_or(no_room)?;
        self.start = start;
        Ok(slot)
    }

    /// The packet so far.
    #[inline]
    #[must_use]
    pub fn packet(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// The packet so far, to be changed.
    #[inline]
    pub fn packet_mut(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.start..).unwrap_or_default()
    }

    /// The packet, for as long as the buffer lives.
    #[inline]
    #[must_use]
    pub fn into_packet(self) -> &'a mut [u8] {
        self.buffer.get_mut(self.start..).unwrap_or_default()
    }

    /// Takes back what was put in front of the packet's last `len` bytes. Nothing happens if it has no more than those.
    #[inline]
    pub fn take_back(&mut self, len: usize) {
        self.start = self.start.max(self.buffer.len().saturating_sub(len));
    }

    /// Takes the first `len` bytes off the packet; all of them, if it has no more. They are free space then.
    #[inline]
    pub fn trim_front(&mut self, len: usize) {
        self.start = self.start.saturating_add(len).min(self.buffer.len());
    }

    /// The packet's length so far, in bytes.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len().saturating_sub(self.start)
    }

    /// Whether the packet has no bytes yet.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The free bytes in front of the packet.
    #[inline]
    #[must_use]
    pub fn room(&self) -> usize {
        self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_is_written() {
        let mut buffer = [7; 4];
        let mut packet = Headroom::new(&mut buffer, 2).unwrap();
        let error = packet.prepend_bytes(LayerName::UDP, &[1, 2, 3]).unwrap_err();
        assert_eq!(error, Error::NoRoom { layer: LayerName::UDP, needed: 3, available: 2 });
        assert_eq!((packet.len(), packet.room()), (2, 2));
        let error = packet.prepend_with(LayerName::UDP, [1_u8; 2], &[2]).unwrap_err();
        assert_eq!(error, Error::NoRoom { layer: LayerName::UDP, needed: 3, available: 2 });
        assert_eq!((packet.packet(), packet.room()), (&[7, 7][..], 2));
        packet.prepend_bytes(LayerName::UDP, &[1, 2]).unwrap();
        packet.trim_front(1);
        assert_eq!((packet.packet(), packet.room()), (&[2, 7, 7][..], 1));
        packet.trim_front(usize::MAX);
        assert_eq!((packet.len(), packet.room()), (0, 4));
        packet.prepend_bytes(LayerName::UDP, &[1, 2, 3, 4]).unwrap();
        assert_eq!(packet.into_packet(), [1, 2, 3, 4]);
        assert!(Headroom::new(&mut buffer, 5).is_err());
    }
}
