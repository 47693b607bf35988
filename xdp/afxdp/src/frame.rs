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
