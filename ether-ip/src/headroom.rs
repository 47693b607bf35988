//! A packet grows forwards from its payload, and the payload stays where it is.
//!
//! ```text
//!  0            start                       end          end of the buffer
//!  +--------------+-------------------------+-------------+
//!  |  headroom    |  headers │ payload      |  tailroom   |
//!  +--------------+-------------------------+-------------+
//!            <── each header is prepended
//! ```
//!
//! All that is built here is built in a [`PacketBuffer`]: whoever has buffers of their own, a DPDK mbuf, a frame of an AF_XDP socket's
//! memory, implements its eight methods for them, and nothing is copied. For a slice there is [`Headroom`].

use core::ops::Range;

use crate::{Error, LayerName};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A packet in a buffer that has room around it.
///
/// The first eight methods are the buffer's own; the others are made of them. They are few on purpose, and those that a DPDK mbuf has:
/// prepend, append, and trim at either end. `Vec<u8>` (feature `alloc`) and `BytesMut` (feature `bytes`) have room as long as there
/// is memory, and no room in front: there each header moves the packet.
///
/// ```
/// use ether_ip::{Error, LayerName, PacketBuffer, udp::{UdpChecksum, UdpHeader}};
///
/// /// As a driver hands it out: a fixed area, and where in it the packet stands.
/// struct Mbuf {
///     area: [u8; 256],
///     start: usize,
///     end: usize,
/// }
///
/// impl PacketBuffer for Mbuf {
///     fn packet(&self) -> &[u8] {
///         self.area.get(self.start..self.end).unwrap_or_default()
///     }
///     fn packet_mut(&mut self) -> &mut [u8] {
///         self.area.get_mut(self.start..self.end).unwrap_or_default()
///     }
///     fn headroom(&self) -> usize {
///         self.start
///     }
///     fn tailroom(&self) -> usize {
///         self.area.len() - self.end
///     }
///     fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
///         let no_room = Error::NoRoom { layer, needed: len, available: self.start };
///         self.start = self.start.checked_sub(len).ok_or(no_room)?;
///         Ok(&mut self.area[self.start..self.start + len])
///     }
///     fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
///         let (end, available) = (self.end, self.tailroom());
///         let space = self.area[end..].get_mut(..len).ok_or(Error::NoRoom { layer, needed: len, available })?;
///         self.end += len;
///         Ok(space)
///     }
///     fn trim_front(&mut self, len: usize) {
///         self.start += len.min(self.end - self.start);
///     }
///     fn trim_back(&mut self, len: usize) {
///         self.end -= len.min(self.end - self.start);
///     }
/// }
///
/// let mut mbuf = Mbuf { area: [0; 256], start: 128, end: 128 };
/// mbuf.append_bytes(LayerName::PACKET, b"hello")?;
/// UdpHeader::new(4000, 53).prepend(&mut mbuf, UdpChecksum::Zero)?;
/// assert_eq!(mbuf.packet(), b"\x0f\xa0\x00\x35\x00\x0d\x00\x00hello");
/// # Ok::<(), Error>(())
/// ```
pub trait PacketBuffer {
    /// The packet so far.
    fn packet(&self) -> &[u8];

    /// The packet so far, to be changed.
    fn packet_mut(&mut self) -> &mut [u8];

    /// How many bytes can be put in front of the packet.
    fn headroom(&self) -> usize;

    /// How many bytes can be put behind the packet.
    fn tailroom(&self) -> usize;

    /// Takes `len` bytes in front of the packet, to be filled by the caller: they are its first then, and hold anything.
    ///
    /// # Errors
    /// [`Error::NoRoom`], naming `layer`, if there is too little free space. The packet is as it was then.
    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error>;

    /// Takes `len` bytes behind the packet, to be filled by the caller: they are its last then, and hold anything.
    ///
    /// # Errors
    /// [`Error::NoRoom`], naming `layer`, if there is too little free space. The packet is as it was then.
    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error>;

    /// Takes the first `len` bytes off the packet; all of them, if it has no more.
    fn trim_front(&mut self, len: usize);

    /// Takes the last `len` bytes off the packet; all of them, if it has no more.
    fn trim_back(&mut self, len: usize);

    /// The packet's first `len` bytes, to be changed; all of them, if it has no more. Who changes no others asks for no others: a packet
    /// [in another](crate::rewrite::Carried) need not be summed behind them.
    #[inline]
    fn front_mut(&mut self, len: usize) -> &mut [u8] {
        let packet = self.packet_mut();
        let len = len.min(packet.len());
        packet.get_mut(..len).unwrap_or_default()
    }

    /// The packet's length so far, in bytes.
    #[inline]
    fn len(&self) -> usize {
        self.packet().len()
    }

    /// Whether the packet has no bytes yet.
    #[inline]
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a header in front of the packet.
    ///
    /// # Errors
    /// As [`prepend_space`](Self::prepend_space).
    #[inline]
    fn prepend<H>(&mut self, layer: LayerName, header: H) -> Result<(), Error>
    where
        H: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned,
    {
        self.prepend_mut(layer, header)?;
        Ok(())
    }

    /// The same, and hands the header back to be changed where it stands.
    ///
    /// # Errors
    /// As [`prepend_space`](Self::prepend_space).
    #[inline]
    fn prepend_mut<H>(&mut self, layer: LayerName, header: H) -> Result<&mut H, Error>
    where
        H: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned,
    {
        let needed = size_of::<H>();
        let space = self.prepend_space(layer, needed)?;
        // A buffer that gives another length than it was asked for has no room either.
        let no_room = Error::NoRoom { layer, needed, available: space.len() };
        let slot = H::mut_from_bytes(space).map_err(|_| no_room)?;
        *slot = header;
        Ok(slot)
    }

    /// Puts a header in front of the packet, and between the two the header's `tail`: its options, its addresses.
    ///
    /// # Errors
    /// As [`prepend_space`](Self::prepend_space), for both together.
    #[inline]
    fn prepend_with<H>(&mut self, layer: LayerName, header: H, tail: &[u8]) -> Result<(), Error>
    where
        H: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned,
    {
        check_room(layer, tail.len().saturating_add(size_of::<H>()), self.headroom())?;
        self.prepend_bytes(layer, tail)?;
        self.prepend(layer, header)
    }

    /// Puts bytes in front of the packet.
    ///
    /// # Errors
    /// As [`prepend_space`](Self::prepend_space).
    #[inline]
    fn prepend_bytes(&mut self, layer: LayerName, bytes: &[u8]) -> Result<(), Error> {
        fill(self.prepend_space(layer, bytes.len())?, bytes);
        Ok(())
    }

    /// Puts bytes behind the packet.
    ///
    /// # Errors
    /// As [`append_space`](Self::append_space).
    #[inline]
    fn append_bytes(&mut self, layer: LayerName, bytes: &[u8]) -> Result<(), Error> {
        fill(self.append_space(layer, bytes.len())?, bytes);
        Ok(())
    }

    /// Takes back what was put in front of the packet's last `len` bytes. Nothing happens if it has no more than those.
    #[inline]
    fn take_back(&mut self, len: usize) {
        self.trim_front(self.len().saturating_sub(len));
    }
}

/// Whether there is the room for so many bytes.
#[inline]
pub(crate) const fn check_room(layer: LayerName, needed: usize, available: usize) -> Result<(), Error> {
    if needed > available { Err(Error::NoRoom { layer, needed, available }) } else { Ok(()) }
}

/// Takes `len` bytes of the packet's room behind its first `at`, which move forward by as much.
#[inline]
pub(crate) fn insert_space(
    packet: &mut impl PacketBuffer,
    layer: LayerName,
    at: usize,
    len: usize,
) -> Result<&mut [u8], Error> {
    packet.prepend_space(layer, len)?;
    let front = packet.front_mut(at.saturating_add(len));
    move_forward(front, len);
    Ok(front.get_mut(at..).unwrap_or_default())
}

/// Takes `len` bytes off the packet behind its first `at`, which move back by as much.
#[inline]
pub(crate) fn remove_space(packet: &mut impl PacketBuffer, at: usize, len: usize) {
    move_back(packet.front_mut(at.saturating_add(len)), len);
    packet.trim_front(len);
}

/// Moves bytes forward, over the first of them.
#[inline]
pub(crate) fn move_forward(bytes: &mut [u8], by: usize) {
    if by <= bytes.len() {
        bytes.copy_within(by.., 0);
    }
}

/// Moves bytes back, over the last of them.
#[inline]
pub(crate) fn move_back(bytes: &mut [u8], by: usize) {
    if let Some(kept) = bytes.len().checked_sub(by) {
        bytes.copy_within(..kept, by);
    }
}

/// Both are as long; a zip says so without a panic.
#[inline]
fn fill(space: &mut [u8], bytes: &[u8]) {
    space.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
}

/// A slice with a packet in it, and free space in front of it and behind it.
///
/// What it has of its own can be called without [`PacketBuffer`] in scope, so that who only puts headers together needs no more.
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
    end: usize,
}

impl<'a> Headroom<'a> {
    /// The last `len` bytes of `buffer` are the packet so far; all in front of them is free.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if the buffer is shorter than `len`.
    #[inline]
    pub fn new(buffer: &'a mut [u8], len: usize) -> Result<Self, Error> {
        let end = buffer.len();
        match end.checked_sub(len) {
            Some(start) => Ok(Self { buffer, start, end }),
            None => Err(Error::NoRoom { layer: LayerName::PACKET, needed: len, available: end }),
        }
    }

    /// The bytes of `buffer` in `range` are the packet so far; all in front of them and behind them is free.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if the range reaches past the buffer's end, or begins behind its own.
    #[inline]
    pub fn between(buffer: &'a mut [u8], range: Range<usize>) -> Result<Self, Error> {
        let Range { start, end } = range;
        let (needed, available) = (start.max(end), buffer.len());
        if start <= end && end <= available {
            Ok(Self { buffer, start, end })
        } else {
            Err(Error::NoRoom { layer: LayerName::PACKET, needed, available: available.min(end) })
        }
    }

    /// Copies `payload` to the end of `buffer`.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if the buffer is shorter than the payload.
    pub fn with_payload(buffer: &'a mut [u8], payload: &[u8]) -> Result<Self, Error> {
        let mut packet = Self::new(buffer, 0)?;
        packet.prepend_bytes(LayerName::PACKET, payload)?;
        Ok(packet)
    }

    /// The packet so far.
    #[inline]
    #[must_use]
    pub fn packet(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The packet so far, to be changed.
    #[inline]
    #[must_use]
    pub fn packet_mut(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// The packet, for as long as the buffer lives.
    #[inline]
    #[must_use]
    pub fn into_packet(self) -> &'a mut [u8] {
        self.buffer.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// The packet's length so far, in bytes.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the packet has no bytes yet.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The packet starts no later than it ends, and ends no later than the buffer.
impl PacketBuffer for Headroom<'_> {
    #[inline]
    fn packet(&self) -> &[u8] {
        Headroom::packet(self)
    }

    #[inline]
    fn packet_mut(&mut self) -> &mut [u8] {
        Headroom::packet_mut(self)
    }

    #[inline]
    fn headroom(&self) -> usize {
        self.start
    }

    #[inline]
    fn tailroom(&self) -> usize {
        self.buffer.len().saturating_sub(self.end)
    }

    #[inline]
    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let available = self.start;
        let no_room = Error::NoRoom { layer, needed: len, available };
        let start = available.checked_sub(len).ok_or(no_room)?;
        let space = self.buffer.get_mut(start..available).ok_or(no_room)?;
        self.start = start;
        Ok(space)
    }

    #[inline]
    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let no_room = Error::NoRoom { layer, needed: len, available: self.tailroom() };
        let end = self.end.checked_add(len).ok_or(no_room)?;
        let space = self.buffer.get_mut(self.end..end).ok_or(no_room)?;
        self.end = end;
        Ok(space)
    }

    #[inline]
    fn trim_front(&mut self, len: usize) {
        self.start = self.start.saturating_add(len).min(self.end);
    }

    #[inline]
    fn trim_back(&mut self, len: usize) {
        self.end = self.end.saturating_sub(len).max(self.start);
    }

    #[inline]
    fn len(&self) -> usize {
        Headroom::len(self)
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
        assert_eq!((packet.len(), packet.headroom()), (2, 2));
        let error = packet.prepend_with(LayerName::UDP, [1_u8; 2], &[2]).unwrap_err();
        assert_eq!(error, Error::NoRoom { layer: LayerName::UDP, needed: 3, available: 2 });
        assert_eq!((packet.packet(), packet.headroom()), (&[7, 7][..], 2));
        packet.prepend_bytes(LayerName::UDP, &[1, 2]).unwrap();
        packet.trim_front(1);
        assert_eq!((packet.packet(), packet.headroom()), (&[2, 7, 7][..], 1));
        packet.trim_front(usize::MAX);
        assert_eq!((packet.len(), packet.headroom()), (0, 4));
        packet.prepend_bytes(LayerName::UDP, &[1, 2, 3, 4]).unwrap();
        assert_eq!(packet.into_packet(), [1, 2, 3, 4]);
        assert!(Headroom::new(&mut buffer, 5).is_err());
    }

    /// A packet between two rooms grows and shrinks at either end; what takes off more than there is takes off all.
    #[test]
    fn room_at_both_ends() {
        let mut buffer = *b"..abc..";
        let mut packet = Headroom::between(&mut buffer, 2..5).unwrap();
        assert_eq!((packet.packet(), packet.headroom(), packet.tailroom()), (&b"abc"[..], 2, 2));
        packet.append_bytes(LayerName::PACKET, b"d").unwrap();
        packet.prepend_bytes(LayerName::PACKET, b"9").unwrap();
        assert_eq!((packet.packet(), packet.headroom(), packet.tailroom()), (&b"9abcd"[..], 1, 1));
        let no_room = Error::NoRoom { layer: LayerName::UDP, needed: 2, available: 1 };
        assert_eq!(packet.append_bytes(LayerName::UDP, b"ef"), Err(no_room));
        let no_room = Error::NoRoom { layer: LayerName::UDP, needed: usize::MAX, available: 1 };
        assert_eq!(packet.append_space(LayerName::UDP, usize::MAX).unwrap_err(), no_room);
        packet.trim_front(2);
        packet.trim_back(1);
        assert_eq!((packet.packet(), packet.headroom(), packet.tailroom()), (&b"bc"[..], 3, 2));
        packet.take_back(9);
        assert_eq!(packet.packet(), b"bc");
        packet.trim_back(usize::MAX);
        assert_eq!((packet.is_empty(), packet.headroom(), packet.tailroom()), (true, 3, 4));
        packet.trim_front(usize::MAX);
        assert_eq!((packet.is_empty(), packet.headroom(), packet.tailroom()), (true, 3, 4));
        assert_eq!(buffer, *b".9abcd.");
    }

    #[test]
    fn ranges_that_are_none() {
        let mut buffer = [0; 4];
        let no_room = |needed, available| Error::NoRoom { layer: LayerName::PACKET, needed, available };
        assert_eq!(Headroom::between(&mut buffer, 2..5).unwrap_err(), no_room(5, 4));
        let (start, end) = (3, 2);
        assert_eq!(Headroom::between(&mut buffer, start..end).unwrap_err(), no_room(3, 2));
        assert!(Headroom::between(&mut buffer, 4..4).is_ok());
    }
}
