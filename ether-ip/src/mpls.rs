//! MPLS label stacks: labels until one has the bottom bit.
//!
//! ```text
//!  0                                       20      23  24
//!  +---------------------------------------+-------+---+---------------+
//!  | label                                 | TC    | S | TTL           |
//!  +---------------------------------------+-------+---+---------------+
//! ```
//!
//! RFC 3032 §2.1; RFC 5462 names the traffic class. Nothing says what stands below the bottom label: see
//! [`guess_payload`].

use zerocopy::network_endian::U32;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, SplitByteSlice, Unaligned};

use crate::view::take;
use crate::{Error, LayerName, PacketBuffer};

/// One label stack entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct MplsLabel(U32);

impl MplsLabel {
    /// An entry. Of `label` the lower 20 bits count.
    #[inline]
    #[must_use]
    pub const fn new(label: u32, ttl: u8, bottom: bool) -> Self {
        Self(U32::new((label & 0x000f_ffff) << 12 | (bottom as u32) << 8 | ttl as u32))
    }

    /// The label, 20 bits. 0–15 are reserved (RFC 7274).
    #[inline]
    #[must_use]
    pub const fn label(&self) -> u32 {
        self.0.get() >> 12
    }

    /// Traffic class, 3 bits.
    #[inline]
    #[must_use]
    pub const fn traffic_class(&self) -> u8 {
        (self.0.get() >> 9) as u8 & 7
    }

    /// Whether it is the last entry of the stack.
    #[inline]
    #[must_use]
    pub const fn is_bottom(&self) -> bool {
        self.0.get() & 0x100 != 0
    }

    /// Time to live.
    #[inline]
    #[must_use]
    pub const fn ttl(&self) -> u8 {
        self.0.get() as u8
    }

    /// Sets the label, the lower 20 bits of `label`.
    #[inline]
    pub fn set_label(&mut self, label: u32) {
        self.0.set(self.0.get() & 0xfff | label << 12);
    }

    /// Sets the traffic class, the lower 3 bits of `class`.
    #[inline]
    pub fn set_traffic_class(&mut self, class: u8) {
        self.0.set(self.0.get() & !0xe00 | u32::from(class & 7) << 9);
    }

    /// Sets the bottom bit.
    #[inline]
    pub fn set_bottom(&mut self, bottom: bool) {
        self.0.set(self.0.get() & !0x100 | u32::from(bottom) << 8);
    }

    /// Sets the time to live.
    #[inline]
    pub fn set_ttl(&mut self, ttl: u8) {
        self.0.set(self.0.get() & !0xff | u32::from(ttl));
    }

    /// Puts the entry in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 4 bytes free.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::MPLS, self)
    }
}

/// A whole label stack and what is below it, over the bytes `B`.
pub struct MplsStack<B> {
    labels: B,
    payload: B,
}

impl<B: zerocopy::CopyableByteSlice> Copy for MplsStack<B> {}
impl<B: zerocopy::CopyableByteSlice> Clone for MplsStack<B> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<B: ByteSlice> core::fmt::Debug for MplsStack<B> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MplsStack").field("labels", &self.labels()).field("payload", &&*self.payload).finish()
    }
}

impl<B: SplitByteSlice> MplsStack<B> {
    /// Reads a stack, however deep.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the bytes end before a label has the bottom bit.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::MPLS, needed, available };
        let (labels, _) = <[MplsLabel]>::ref_from_prefix(&bytes).map_err(|_| truncated(4))?;
        let depth = labels.iter().position(MplsLabel::is_bottom).ok_or(truncated(4 * labels.len() + 4))? + 1;
        let (labels, payload) = take(bytes, 4 * depth).ok_or(truncated(4 * depth))?;
        Ok(Self { labels, payload })
    }

    /// The payload, for as long as the bytes live.
    #[inline]
    pub fn into_payload(self) -> B {
        self.payload
    }
}

impl<B: ByteSlice> MplsStack<B> {
    /// The labels, outermost first; only the last has the bottom bit.
    #[inline]
    pub fn labels(&self) -> &[MplsLabel] {
        <[MplsLabel]>::ref_from_bytes(&self.labels).unwrap_or(&[])
    }

    /// What is below the stack.
    #[inline]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
}

impl<B: zerocopy::ByteSliceMut> MplsStack<B> {
    /// The labels, to be changed: swap one, count down its TTL.
    #[inline]
    pub fn labels_mut(&mut self) -> &mut [MplsLabel] {
        <[MplsLabel]>::mut_from_bytes(&mut self.labels).unwrap_or(&mut [])
    }

    /// What is below the stack, to be changed.
    #[inline]
    pub fn payload_mut(&mut self) -> &mut [u8] {
        &mut self.payload
    }
}

/// What may stand below a label stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MplsPayload {
    /// An IPv4 packet.
    Ipv4,
    /// An IPv6 packet.
    Ipv6,
    /// Neither: a pseudowire, with or without a control word, or nothing.
    Other,
}

/// Guesses from the first nibble what stands below a stack, as routers do (RFC 4928 §3).
#[inline]
#[must_use]
pub fn guess_payload(payload: &[u8]) -> MplsPayload {
    match payload.first().map(|byte| byte >> 4) {
        Some(4) => MplsPayload::Ipv4,
        Some(6) => MplsPayload::Ipv6,
        _ => MplsPayload::Other,
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
        let mut bytes = [0x00, 0x01, 0x04, 0xff, 0x00, 0x02, 0x0b, 0x40, 0x45];
        let mut stack = MplsStack::parse(&mut bytes[..]).unwrap();
        let [first, second] = stack.labels() else { panic!("two labels") };
        assert_eq!((first.label(), first.traffic_class(), first.is_bottom(), first.ttl()), (16, 2, false, 255));
        assert_eq!((second.label(), second.traffic_class(), second.is_bottom(), second.ttl()), (32, 5, true, 64));
        assert_eq!(guess_payload(stack.payload()), MplsPayload::Ipv4);
        stack.labels_mut()[0].set_ttl(1);
        stack.labels_mut()[0].set_label(0xfffff);
        stack.labels_mut()[0].set_traffic_class(7);
        assert_eq!(bytes[..4], [0xff, 0xff, 0xfe, 0x01]);

        let mut buffer = [0; 4];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        let mut label = MplsLabel::new(32, 64, true);
        label.set_traffic_class(5);
        label.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), [0x00, 0x02, 0x0b, 0x40]);
    }

    #[test]
    fn a_stack_without_a_bottom_is_truncated() {
        let truncated = |needed, available| Error::Truncated { layer: LayerName::MPLS, needed, available };
        assert_eq!(MplsStack::parse(&[][..]).unwrap_err(), truncated(4, 0));
        assert_eq!(MplsStack::parse(&[0, 0, 0, 1, 0, 0, 1][..]).unwrap_err(), truncated(8, 7));
        assert_eq!(MplsStack::parse(&[0; 8][..]).unwrap_err(), truncated(12, 8));
    }

    #[test]
    fn labels_64_deep() {
        let mut bytes = Vec::new();
        for label in 0..64 {
            bytes.extend_from_slice(MplsLabel::new(label, 9, label == 63).as_bytes());
        }
        let stack = MplsStack::parse(&bytes[..]).unwrap();
        assert_eq!(stack.labels().iter().map(MplsLabel::label).collect::<Vec<_>>(), (0..64).collect::<Vec<_>>());
        assert_eq!(guess_payload(stack.payload()), MplsPayload::Other);
    }
}
