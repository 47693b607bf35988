//! What packets are handed over in: addresses, pieces of bytes, and buffers with room around a packet.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::Headroom;

use crate::border::{Outcome, slice, slice_mut};
use crate::error::CodecError;

/// An IPv4 or IPv6 address.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IpAddress {
    /// Its octets as they stand in a packet; of IPv4 the first four.
    pub octets: [u8; 16],
    /// 4 or 6. What is all zeros is no address.
    pub family: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

impl From<IpAddr> for IpAddress {
    fn from(address: IpAddr) -> Self {
        let (octets, family) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 4),
            IpAddr::V6(address) => (address.to_bits(), 6),
        };
        Self { octets: octets.to_be_bytes(), family, reserved: [0; 3] }
    }
}

impl IpAddress {
    /// The address, which must be one; `field` is what an error calls it.
    pub(crate) fn ip(&self, field: &'static str) -> Outcome<IpAddr> {
        let bits = u128::from_be_bytes(self.octets);
        match self.family {
            4 => Ok(Ipv4Addr::from_bits((bits >> 96) as u32).into()),
            6 => Ok(Ipv6Addr::from_bits(bits).into()),
            family => Err(CodecError::argument(field, family, 0)),
        }
    }
}

/// A piece of a packet that stands in several.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// Its bytes. Null only if there are none.
    pub bytes: *const u8,
    /// How many.
    pub length: usize,
}

impl Segment {
    /// Its bytes.
    ///
    /// # Safety
    /// They are there, as long as it says.
    pub(crate) unsafe fn get<'a>(&self) -> Outcome<&'a [u8]> {
        // SAFETY: the caller's promise.
        unsafe { slice(self.bytes, self.length) }
    }
}

/// A packet in a buffer, with free bytes in front of it and behind it, as a driver hands it out.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacketRoom {
    /// The buffer's first byte.
    pub bytes: *mut u8,
    /// The buffer's length.
    pub room: usize,
    /// Where in it the packet begins: as many bytes are free in front of it.
    pub start: usize,
    /// The packet's length.
    pub length: usize,
}

impl PacketRoom {
    /// The packet, with the room around it.
    ///
    /// # Safety
    /// The buffer is there, as long as it says, and nobody else looks at it meanwhile.
    pub(crate) unsafe fn open<'a>(&self) -> Outcome<Headroom<'a>> {
        // SAFETY: the caller's promise.
        let buffer = unsafe { slice_mut(self.bytes, self.room) }?;
        let end = self.start.saturating_add(self.length);
        Headroom::between(buffer, self.start..end).map_err(|error| CodecError::of_layer(0, &error, error))
    }

    /// The packet is where it is now.
    pub(crate) fn close(&mut self, packet: &Headroom<'_>) {
        self.start = ether_ip::PacketBuffer::headroom(packet);
        self.length = packet.len();
    }
}

/// Whether packets of a link type begin with Ethernet (1) or with IP (101), as captures number them.
pub(crate) fn is_ethernet(link_type: u32) -> Outcome<bool> {
    match link_type {
        1 => Ok(true),
        101 => Ok(false),
        _ => Err(CodecError::argument("link type", link_type, 0)),
    }
}
