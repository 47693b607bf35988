//! Buffers that grow as they need: packets in a `Vec<u8>` and in a `BytesMut`.
//!
//! Neither has bytes in front of its first one that could be had: to prepend moves the packet behind, and no headroom can be reserved.
//! Where that is too slow, the packet goes to the end of a slice, into a [`Headroom`](crate::Headroom).

use crate::{Error, LayerName, PacketBuffer};

/// The longest that anything in memory can be.
const LONGEST: usize = isize::MAX as usize;

/// Makes room behind the packet, and moves it there.
fn prepend_by_moving(packet: &mut impl PacketBuffer, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
    let moved = packet.len();
    packet.append_space(layer, len)?;
    let bytes = packet.packet_mut();
    bytes.copy_within(..moved, len);
    Ok(bytes.get_mut(..len).unwrap_or_default())
}

#[cfg(feature = "alloc")]
impl PacketBuffer for alloc::vec::Vec<u8> {
    fn packet(&self) -> &[u8] {
        self
    }

    fn packet_mut(&mut self) -> &mut [u8] {
        self
    }

    fn headroom(&self) -> usize {
        LONGEST - self.len()
    }

    fn tailroom(&self) -> usize {
        LONGEST - self.len()
    }

    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        prepend_by_moving(self, layer, len)
    }

    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let before = self.len();
        // Memory that cannot be had is room that is not there.
        let no_room = Error::NoRoom { layer, needed: len, available: self.capacity() - before };
        self.try_reserve(len).map_err(|_| no_room)?;
        self.resize(before + len, 0);
        Ok(self.get_mut(before..).unwrap_or_default())
    }

    fn trim_front(&mut self, len: usize) {
        self.drain(..len.min(self.len()));
    }

    fn trim_back(&mut self, len: usize) {
        self.truncate(self.len().saturating_sub(len));
    }
}

#[cfg(feature = "bytes")]
impl PacketBuffer for bytes::BytesMut {
    fn packet(&self) -> &[u8] {
        self
    }

    fn packet_mut(&mut self) -> &mut [u8] {
        self
    }

    fn headroom(&self) -> usize {
        LONGEST - self.len()
    }

    fn tailroom(&self) -> usize {
        LONGEST - self.len()
    }

    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        prepend_by_moving(self, layer, len)
    }

    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let (before, available) = (self.len(), self.tailroom());
        if len > available {
            return Err(Error::NoRoom { layer, needed: len, available });
        }
        self.resize(before + len, 0);
        Ok(self.get_mut(before..).unwrap_or_default())
    }

    fn trim_front(&mut self, len: usize) {
        bytes::Buf::advance(self, len.min(self.len()));
    }

    fn trim_back(&mut self, len: usize) {
        self.truncate(self.len().saturating_sub(len));
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::udp::{UdpChecksum, UdpHeader};
    use alloc::vec::Vec;

    #[test]
    fn a_vec_makes_room() {
        let mut packet = Vec::from(*b"hello");
        UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Zero).unwrap();
        assert_eq!(packet, b"\x0f\xa0\x00\x35\x00\x0d\x00\x00hello");
        assert_eq!([PacketBuffer::is_empty(&packet), PacketBuffer::is_empty(&Vec::new())], [false, true]);
        packet.trim_back(1);
        packet.trim_front(8);
        assert_eq!(packet, b"hell");
        packet.trim_front(5);
        packet.trim_back(1);
        assert_eq!(packet, b"");
    }

    /// isize::MAX bytes are the longest that anything is: with one there, there is room for all but one, on either side.
    #[test]
    fn room_as_long_as_there_is_memory() {
        fn room(packet: &impl PacketBuffer) -> [usize; 2] {
            [packet.headroom(), packet.tailroom()]
        }
        assert_eq!(room(&Vec::from(*b"a")), [isize::MAX as usize - 1; 2]);
        #[cfg(feature = "bytes")]
        {
            let mut packet = bytes::BytesMut::from(&b"a"[..]);
            assert_eq!(room(&packet), [isize::MAX as usize - 1; 2]);
            let needed = isize::MAX as usize;
            let no_room = Error::NoRoom { layer: LayerName::UDP, needed, available: needed - 1 };
            assert_eq!(packet.append_space(LayerName::UDP, needed), Err(no_room));
            assert_eq!(packet.prepend_space(LayerName::UDP, needed), Err(no_room));
            assert_eq!(&packet[..], b"a");
        }
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn a_bytes_mut_makes_room() {
        let mut packet = bytes::BytesMut::from(&b"hello"[..]);
        UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Zero).unwrap();
        assert_eq!(packet.packet(), b"\x0f\xa0\x00\x35\x00\x0d\x00\x00hello");
        packet.append_bytes(LayerName::PACKET, b"!").unwrap();
        packet.packet_mut()[8] = b'H';
        assert_eq!(packet.packet()[8..], *b"Hello!");
        packet.trim_back(2);
        packet.trim_front(8);
        assert_eq!(packet.packet(), b"Hell");
        packet.trim_front(5);
        packet.trim_back(1);
        assert_eq!(packet.packet(), b"");
    }

    /// No allocator has so much: nothing is taken, and nothing ends the process.
    #[test]
    fn memory_that_there_is_not() {
        let mut packet = Vec::from(*b"a");
        let available = packet.capacity() - 1;
        let no_room = Error::NoRoom { layer: LayerName::UDP, needed: usize::MAX / 2, available };
        assert_eq!(packet.prepend_space(LayerName::UDP, usize::MAX / 2).unwrap_err(), no_room);
        assert_eq!(packet, b"a");
    }
}
