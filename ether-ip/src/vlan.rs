//! VLAN tags: IEEE 802.1Q and 802.1ad, in any depth. A tag stands between an EtherType that announces it and the next.
//!
//! ```text
//!  0   1   2   3   4                          16
//!  +-----------+---+---------------------------+--------------------+
//!  | priority  |DEI| VLAN identifier           | EtherType (or      |
//!  | (PCP)     |   |                           | 802.3 length)      |
//!  +-----------+---+---------------------------+--------------------+
//! ```
//!
//! IEEE 802.1Q-2022 §9.3 and §9.6.

use core::fmt;
use core::ops::{Deref, DerefMut};
use zerocopy::network_endian::U16;
use zerocopy::{
    ByteSlice, ByteSliceMut, CopyableByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice,
    Unaligned,
};

use crate::ethernet::EtherType;
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer};

/// The 4 bytes of a tag behind the EtherType that announces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct VlanHeader {
    control: U16,
    type_or_length: U16,
}

impl VlanHeader {
    /// A tag with priority 0. Of `id`, the lower 12 bits count.
    #[inline]
    #[must_use]
    pub const fn new(id: u16, ether_type: EtherType) -> Self {
        Self { control: U16::new(id & 0x0fff), type_or_length: U16::new(ether_type.0) }
    }

    /// VLAN identifier, 0–4095. 0 is a priority tag, 4095 is reserved (IEEE 802.1Q table 9-2).
    #[inline]
    #[must_use]
    pub const fn id(&self) -> u16 {
        self.control.get() & 0x0fff
    }

    /// Priority code point, 0–7.
    #[inline]
    #[must_use]
    pub const fn priority(&self) -> u8 {
        (self.control.get() >> 13) as u8
    }

    /// Drop eligible indicator.
    #[inline]
    #[must_use]
    pub const fn drop_eligible(&self) -> bool {
        self.control.get() & 0x1000 != 0
    }

    /// What follows the tag; or its length, see [`EtherType::as_length`].
    #[inline]
    #[must_use]
    pub const fn ether_type(&self) -> EtherType {
        EtherType(self.type_or_length.get())
    }

    /// Sets the VLAN identifier, the lower 12 bits of `id`.
    #[inline]
    pub fn set_id(&mut self, id: u16) {
        self.control.set(self.control.get() & 0xf000 | id & 0x0fff);
    }

    /// Sets the priority code point, the lower 3 bits of `priority`.
    #[inline]
    pub fn set_priority(&mut self, priority: u8) {
        self.control.set(self.control.get() & 0x1fff | u16::from(priority) << 13);
    }

    /// Sets the drop eligible indicator.
    #[inline]
    pub fn set_drop_eligible(&mut self, drop_eligible: bool) {
        self.control.set(self.control.get() & 0xefff | u16::from(drop_eligible) << 12);
    }

    /// Sets what follows the tag.
    #[inline]
    pub fn set_ether_type(&mut self, ether_type: EtherType) {
        self.type_or_length.set(ether_type.0);
    }

    /// Puts the tag in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 4 bytes free.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::VLAN, self)
    }
}

/// A tag and what it tags, over the bytes `B` behind the EtherType that announced it.
pub struct VlanTag<B> {
    header: Ref<B, VlanHeader>,
    payload: B,
    trailer: B,
}

crate::view!(VlanTag => VlanHeader { payload, trailer } payload "What the tag is on");

impl<B: SplitByteSlice> VlanTag<B> {
    /// Reads a tag.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 4 bytes, or where an 802.3 length reaches past the end.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, false)
    }

    /// Reads a tag that a capture may have cut short behind its header: see [`missing`](Self::missing).
    ///
    /// # Errors
    /// [`Error::Truncated`] under 4 bytes.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, true)
    }

    /// `is_lax` is known where this is inlined, so that each reading has its own checks only.
    #[inline(always)]
    fn read(bytes: B, is_lax: bool) -> Result<Self, Error> {
        let (needed, available) = (size_of::<VlanHeader>(), bytes.len());
        let truncated = |needed| Error::Truncated { layer: LayerName::VLAN, needed, available };
        let (header, rest) = take_header::<VlanHeader, _>(bytes).ok_or(truncated(needed))?;
        let len = header.ether_type().payload_len(rest.len(), is_lax);
        let (payload, trailer) = take(rest, len).ok_or(truncated(needed + len))?;
        Ok(Self { header, payload, trailer })
    }
}

impl<B: ByteSlice> VlanTag<B> {
    /// What stands behind an 802.3 payload.
    #[inline]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// How many bytes of an 802.3 payload are not there. Zero unless it was [`parse_lax`](Self::parse_lax).
    #[inline]
    pub fn missing(&self) -> usize {
        self.header.ether_type().missing(self.payload.len())
    }
}

/// All the tags behind an EtherType, be there none or many, over the bytes `B`. It derefs to the slice of them, the outermost first.
///
/// ```
/// use ether_ip::{ethernet::EtherType, vlan::VlanTags};
///
/// let tags = VlanTags::parse(EtherType::SERVICE_VLAN, &[0, 7, 0x81, 0, 0, 9, 8, 0, 0x45][..])?;
/// assert_eq!((tags.len(), tags[0].id(), tags[1].id()), (2, 7, 9));
/// assert_eq!((tags.ether_type(), tags.payload()), (EtherType::IPV4, &[0x45][..]));
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct VlanTags<B> {
    /// A multiple of a tag's length.
    tags: B,
    announced: EtherType,
    payload: B,
    trailer: B,
}

impl<B: SplitByteSlice> VlanTags<B> {
    /// Reads the tags that begin where `announced` says that one does.
    ///
    /// # Errors
    /// As [`VlanTag::parse`].
    #[inline(always)]
    pub fn parse(announced: EtherType, bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let (len, payload_len) = if announced.is_vlan() { measure(&bytes)? } else { (0, available) };
        let truncated = Error::Truncated { layer: LayerName::VLAN, needed: len.saturating_add(payload_len), available };
        let (tags, rest) = take(bytes, len).ok_or(truncated)?;
        let (payload, trailer) = take(rest, payload_len).ok_or(truncated)?;
        Ok(Self { tags, announced, payload, trailer })
    }
}

/// How long the tags are, and what they are on.
#[inline]
fn measure(bytes: &[u8]) -> Result<(usize, usize), Error> {
    let mut rest = bytes;
    loop {
        let tag = VlanTag::parse(rest)?;
        let behind = tag.into_payload();
        if !tag.ether_type().is_vlan() {
            let len = bytes.len().saturating_sub(behind.len()).saturating_sub(tag.trailer().len());
            return Ok((len, behind.len()));
        }
        rest = behind;
    }
}

impl<B: ByteSlice> VlanTags<B> {
    /// What follows the last tag; what follows the EtherType that announced tags, if there are none.
    #[inline]
    pub fn ether_type(&self) -> EtherType {
        self.last().map_or(self.announced, VlanHeader::ether_type)
    }

    /// What the tags are on, up to where an 802.3 length in the last one says.
    #[inline]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The same, for as long as the bytes live.
    #[inline]
    pub fn into_payload(self) -> B {
        self.payload
    }

    /// What stands behind an 802.3 payload.
    #[inline]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }
}

impl<B: ByteSliceMut> VlanTags<B> {
    /// What the tags are on, to be changed.
    #[inline]
    pub fn payload_mut(&mut self) -> &mut [u8] {
        &mut self.payload
    }
}

impl<'a> VlanTags<&'a mut [u8]> {
    /// The tags and the payload, both to be changed for as long as the bytes live.
    #[inline]
    pub fn into_parts(self) -> (&'a mut [VlanHeader], &'a mut [u8]) {
        (<[VlanHeader]>::mut_from_bytes(self.tags).unwrap_or_default(), self.payload)
    }
}

impl<B: ByteSlice> Deref for VlanTags<B> {
    type Target = [VlanHeader];

    #[inline]
    fn deref(&self) -> &[VlanHeader] {
        <[VlanHeader]>::ref_from_bytes(&self.tags).unwrap_or_default()
    }
}

impl<B: ByteSliceMut> DerefMut for VlanTags<B> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [VlanHeader] {
        <[VlanHeader]>::mut_from_bytes(&mut self.tags).unwrap_or_default()
    }
}

impl<B: CopyableByteSlice> Copy for VlanTags<B> {}
impl<B: CopyableByteSlice> Clone for VlanTags<B> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<B: ByteSlice> fmt::Debug for VlanTags<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("VlanTags");
        text.field("tags", &&**self).field("announced", &self.announced);
        text.field("payload", &&*self.payload).field("trailer", &&*self.trailer).finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use std::vec::Vec;

    #[test]
    fn reads_builds_and_changes() {
        let mut bytes = [0xb0, 0x64, 0x08, 0x00, 0x45];
        let mut tag = VlanTag::parse(&mut bytes[..]).unwrap();
        assert_eq!((tag.id(), tag.priority(), tag.drop_eligible()), (100, 5, true));
        assert_eq!((tag.ether_type(), tag.payload()), (EtherType::IPV4, &[0x45][..]));
        tag.set_id(0xffff);
        tag.set_priority(1);
        tag.set_drop_eligible(false);
        assert_eq!(bytes, [0x2f, 0xff, 0x08, 0x00, 0x45]);

        let mut buffer = [0; 5];
        let mut packet = Headroom::with_payload(&mut buffer, &[0x45]).unwrap();
        let mut tag = VlanHeader::new(100, EtherType::IPV4);
        tag.set_priority(5);
        tag.set_drop_eligible(true);
        tag.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), [0xb0, 0x64, 0x08, 0x00, 0x45]);
    }

    #[test]
    fn a_tag_cut_in_half_is_truncated() {
        let error = VlanTag::parse(&[0, 1][..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::VLAN, needed: 4, available: 2 });
    }

    /// BAD-INPUTS: 0, 1, 2, 40 stacked tags with each of the three EtherTypes.
    #[test]
    fn stacked_tags() {
        for tag_type in [EtherType::VLAN, EtherType::SERVICE_VLAN, EtherType::OLD_SERVICE_VLAN] {
            for depth in [0_u16, 1, 2, 40] {
                let mut bytes = Vec::new();
                for id in 0..depth {
                    bytes.extend(id.to_be_bytes());
                    bytes.extend(if id + 1 == depth { EtherType::IPV4.0 } else { tag_type.0 }.to_be_bytes());
                }
                let mut next = if depth == 0 { EtherType::IPV4 } else { tag_type };
                let mut rest = &bytes[..];
                let mut ids = Vec::new();
                while next.is_vlan() {
                    let tag = VlanTag::parse(rest).unwrap();
                    ids.push(tag.id());
                    next = tag.ether_type();
                    rest = tag.into_payload();
                }
                assert_eq!((next, rest), (EtherType::IPV4, &[][..]));
                assert_eq!(ids, (0..depth).collect::<Vec<_>>());
            }
        }
    }
}
