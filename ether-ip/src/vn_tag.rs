//! VN-Tag: which virtual interface of a fabric extender or an adapter a frame comes from and goes to. It stands between an EtherType that
//! announces it (0x8926) and the next.
//!
//! ```text
//!  0   1   2                16  17  18      20               32                   48
//!  +---+---+-----------------+---+---+-------+----------------+--------------------+
//!  | d | p | destination     | l | r | ver.  | source         | EtherType (or      |
//!  |   |   | interface       |   |   |       | interface      | 802.3 length)      |
//!  +---+---+-----------------+---+---+-------+----------------+--------------------+
//! ```
//!
//! Cisco's proposal to IEEE 802.1Qbh (2009), as its adapters and switches speak it.

use zerocopy::network_endian::{U16, U32};
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::EtherType;
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer};

/// The tag, as [`Error`] names it.
pub const VN_TAG: LayerName = LayerName::new("VN-Tag");

/// The 6 bytes of a tag behind the EtherType that announces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct VnTagHeader {
    control: U32,
    type_or_length: U16,
}

impl VnTagHeader {
    /// A tag from one virtual interface to another, to the adapter. Of `destination` the lower 14 bits count, of `source` 12.
    #[must_use]
    pub const fn new(destination: u16, source: u16, ether_type: EtherType) -> Self {
        let control = (destination as u32 & 0x3fff) << 16 | source as u32 & 0x0fff;
        Self { control: U32::new(control), type_or_length: U16::new(ether_type.0) }
    }

    /// The direction bit: set from the bridge to the adapter.
    #[must_use]
    pub const fn is_from_bridge(&self) -> bool {
        self.control.get() >> 31 != 0
    }

    /// The pointer bit: the destination is a list of interfaces, for multicast.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        self.control.get() & 0x4000_0000 != 0
    }

    /// The destination interface, or the list, 14 bits.
    #[must_use]
    pub const fn destination_interface(&self) -> u16 {
        (self.control.get() >> 16 & 0x3fff) as u16
    }

    /// The looped bit: the frame goes back to where it came from.
    #[must_use]
    pub const fn is_looped(&self) -> bool {
        self.control.get() & 0x8000 != 0
    }

    /// The reserved bit.
    #[must_use]
    pub const fn reserved(&self) -> bool {
        self.control.get() & 0x4000 != 0
    }

    /// The version: 0.
    #[must_use]
    pub const fn version(&self) -> u8 {
        (self.control.get() >> 12 & 3) as u8
    }

    /// The source interface, 12 bits.
    #[must_use]
    pub const fn source_interface(&self) -> u16 {
        (self.control.get() & 0x0fff) as u16
    }

    /// What follows the tag; or its length, see [`EtherType::as_length`].
    #[must_use]
    pub const fn ether_type(&self) -> EtherType {
        EtherType(self.type_or_length.get())
    }

    /// Sets the direction, pointer and looped bits.
    pub fn set_flags(&mut self, is_from_bridge: bool, is_list: bool, is_looped: bool) {
        let flags = u32::from(is_from_bridge) << 31 | u32::from(is_list) << 30 | u32::from(is_looped) << 15;
        self.control.set(self.control.get() & 0x3fff_7fff | flags);
    }

    /// Puts the tag in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 6 bytes free.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(VN_TAG, self)
    }
}

/// A tag and what it tags, over the bytes `B` behind the EtherType that announced it.
pub struct VnTag<B> {
    header: Ref<B, VnTagHeader>,
    payload: B,
}

crate::view!(VnTag => VnTagHeader { payload } payload "What the tag is on");

impl<B: SplitByteSlice> VnTag<B> {
    /// Reads a tag. Of an 802.3 payload there may be less than its length: see [`missing`](Self::missing).
    ///
    /// # Errors
    /// [`Error::Truncated`] under 6 bytes.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = Error::Truncated { layer: VN_TAG, needed: size_of::<VnTagHeader>(), available };
        let (header, rest) = take_header::<VnTagHeader, _>(bytes).ok_or(truncated)?;
        let len = header.ether_type().payload_len(rest.len(), true);
        let (payload, _) = take(rest, len).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

impl<B: ByteSlice> VnTag<B> {
    /// How many bytes of an 802.3 payload are not there.
    pub fn missing(&self) -> usize {
        self.header.ether_type().missing(self.payload.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    /// The bits where Wireshark's dissector has them (`vntag.*`): d 31, p 30, destination 29 to 16, l 15, r 14, version 13 and 12, source.
    #[test]
    fn reads_and_builds() {
        let bytes = [0xc1, 0x23, 0xd4, 0x56, 0x08, 0x00, 0x45];
        let tag = VnTag::parse(&bytes[..]).unwrap();
        assert_eq!((tag.is_from_bridge(), tag.is_list(), tag.destination_interface()), (true, true, 0x123));
        assert_eq!((tag.is_looped(), tag.reserved(), tag.version(), tag.source_interface()), (true, true, 1, 0x456));
        assert_eq!((tag.ether_type(), tag.payload(), tag.missing()), (EtherType::IPV4, &[0x45][..], 0));

        let mut buffer = [0; 7];
        let mut packet = Headroom::with_payload(&mut buffer, &[0x45]).unwrap();
        let mut tag = VnTagHeader::new(0x123, 0x456, EtherType::IPV4);
        tag.set_flags(true, true, true);
        tag.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), [0xc1, 0x23, 0x84, 0x56, 0x08, 0x00, 0x45]);
    }

    #[test]
    fn what_is_cut() {
        for available in 0..6 {
            let error = VnTag::parse(&[0; 6][..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: VN_TAG, needed: 6, available });
        }
        let tag = VnTag::parse(&[0, 0, 0, 0, 0, 3, 0x42, 0x42][..]).unwrap();
        assert_eq!((tag.payload(), tag.missing()), (&[0x42, 0x42][..], 1));
    }
}
