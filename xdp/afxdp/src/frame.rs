//! Frames in the memory that is shared with the kernel.

use ether_ip::{Error, LayerName, PacketBuffer};
use xdp::Packet;

/// So much room the kernel leaves in front of what it receives: more than any tunnel's headers.
pub const HEADROOM: usize = 128;

/// A frame, and how much room is in front of it.
pub struct Frame {
    packet: Packet,
    headroom: usize,
}

impl Frame {
    /// As it was received.
    #[must_use]
    pub fn received(packet: Packet) -> Self {
        Self { packet, headroom: HEADROOM }
    }

    /// To be sent.
    #[must_use]
    pub fn into_packet(self) -> Packet {
        self.packet
    }
}

/// A length as the crate moves ends by.
fn distance(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}

impl PacketBuffer for Frame {
    fn packet(&self) -> &[u8] {
        &self.packet
    }

    fn packet_mut(&mut self) -> &mut [u8] {
        &mut self.packet
    }

    fn headroom(&self) -> usize {
        self.headroom
    }

    fn tailroom(&self) -> usize {
        self.packet.capacity() - self.headroom - self.packet.len()
    }

    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let no_room = Error::NoRoom { layer, needed: len, available: self.headroom };
        self.packet.adjust_head(-distance(len)).map_err(|_| no_room)?;
        self.headroom -= len;
        self.packet.get_mut(..len).ok_or(no_room)
    }

    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let (end, no_room) = (self.packet.len(), Error::NoRoom { layer, needed: len, available: self.tailroom() });
        self.packet.adjust_tail(distance(len)).map_err(|_| no_room)?;
        self.packet.get_mut(end..).ok_or(no_room)
    }

    fn trim_front(&mut self, len: usize) {
        let len = len.min(self.packet.len());
        // It has as many.
        if self.packet.adjust_head(distance(len)).is_ok() {
            self.headroom += len;
        }
    }

    fn trim_back(&mut self, len: usize) {
        // It has as many.
        let _ = self.packet.adjust_tail(-distance(len.min(self.packet.len())));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use xdp::Umem;
    use xdp::umem::{FrameSize, UmemCfgBuilder};

    #[test]
    fn a_packet_grows_into_its_room_and_no_further() {
        let head_room = u32::try_from(HEADROOM).unwrap();
        let config = UmemCfgBuilder { frame_size: FrameSize::TwoK, head_room, frame_count: 1, ..Default::default() };
        let mut umem = Umem::map(config.build().unwrap()).unwrap();
        // SAFETY: the memory is dropped last.
        let mut frame = Frame::received(unsafe { umem.alloc() }.unwrap());
        // The kernel has 256 bytes of each frame for itself.
        assert_eq!((frame.headroom(), frame.tailroom(), frame.len()), (128, 2048 - 256 - 128, 0));
        frame.append_space(LayerName::PACKET, 5).unwrap().copy_from_slice(b"hello");
        frame.prepend_space(LayerName::PACKET, 3).unwrap().copy_from_slice(b"oh ");
        assert_eq!((frame.packet(), frame.headroom(), frame.tailroom()), (&b"oh hello"[..], 125, 1659));
        let no_room = |needed, available| Error::NoRoom { layer: LayerName::PACKET, needed, available };
        assert_eq!(frame.prepend_space(LayerName::PACKET, 126), Err(no_room(126, 125)));
        assert_eq!(frame.append_space(LayerName::PACKET, 1660), Err(no_room(1660, 1659)));
        frame.trim_front(1);
        frame.trim_back(1);
        assert_eq!((frame.packet(), frame.headroom(), frame.tailroom()), (&b"h hell"[..], 126, 1660));
        frame.trim_back(7);
        assert_eq!((frame.packet(), frame.headroom(), frame.tailroom()), (&b""[..], 126, 1666));
        umem.free_packet(frame.into_packet());
        assert_eq!(umem.allocatable(), 1);
    }
}
