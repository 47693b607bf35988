//! Backbone service instance tags (I-TAG): a customer's frame carried in a provider's, MAC in MAC. The tag stands between an EtherType that
//! announces it (0x88e7), behind a backbone VLAN tag mostly, and the customer's own EtherType.
//!
//! ```text
//!  0        3   4   5        8                      32
//!  +--------+---+---+--------+----------------------+
//!  |priority|DEI|UCA|reserved| service instance     |
//!  +--------+---+---+--------+----------------------+----------------------+-----------+
//!  | customer's destination, 6 bytes                | customer's source, 6 | EtherType |
//!  +------------------------------------------------+----------------------+-----------+
//! ```
//!
//! IEEE 802.1Q-2022 §9.7 (IEEE 802.1ah).

use zerocopy::network_endian::{U16, U32};
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::{EtherType, MacAddr};
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer};

/// The tag, as [`Error`] names it.
pub const SERVICE_INSTANCE: LayerName = LayerName::new("802.1ah tag");

/// The 18 bytes of a tag behind the EtherType that announces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct ServiceInstanceHeader {
    control: U32,
    destination: MacAddr,
    source: MacAddr,
    type_or_length: U16,
}

impl ServiceInstanceHeader {
    /// A tag with priority 0. Of `id`, the lower 24 bits count.
    #[must_use]
    pub const fn new(id: u32, destination: MacAddr, source: MacAddr, ether_type: EtherType) -> Self {
        let control = U32::new(id & 0x00ff_ffff);
        Self { control, destination, source, type_or_length: U16::new(ether_type.0) }
    }

    /// Service instance identifier, 24 bits.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.control.get() & 0x00ff_ffff
    }

    /// Priority code point, 0–7.
    #[must_use]
    pub const fn priority(&self) -> u8 {
        (self.control.get() >> 29) as u8
    }

    /// Drop eligible indicator.
    #[must_use]
    pub const fn drop_eligible(&self) -> bool {
        self.control.get() & 0x1000_0000 != 0
    }

    /// Use customer addresses: the addresses are the customer's, even where the tag's service has none of its own.
    #[must_use]
    pub const fn use_customer_addresses(&self) -> bool {
        self.control.get() & 0x0800_0000 != 0
    }

    /// The reserved bits, 3 of them.
    #[must_use]
    pub const fn reserved(&self) -> u8 {
        (self.control.get() >> 24 & 7) as u8
    }

    /// The customer's destination.
    #[must_use]
    pub const fn destination(&self) -> MacAddr {
        self.destination
    }

    /// The customer's source.
    #[must_use]
    pub const fn source(&self) -> MacAddr {
        self.source
    }

    /// What the customer's frame carries; or its length, see [`EtherType::as_length`].
    #[must_use]
    pub const fn ether_type(&self) -> EtherType {
        EtherType(self.type_or_length.get())
    }

    /// Sets the priority code point, the lower 3 bits of `priority`, and the drop eligible indicator.
    pub fn set_priority(&mut self, priority: u8, drop_eligible: bool) {
        let bits = u32::from(priority) << 29 | u32::from(drop_eligible) << 28;
        self.control.set(self.control.get() & 0x0fff_ffff | bits);
    }

    /// Sets whether the addresses are the customer's.
    pub fn set_use_customer_addresses(&mut self, on: bool) {
        self.control.set(self.control.get() & 0xf7ff_ffff | u32::from(on) << 27);
    }

    /// Puts the tag in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 18 bytes free.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(SERVICE_INSTANCE, self)
    }
}

/// A tag and the customer's frame behind it, over the bytes `B` behind the EtherType that announced it.
pub struct ServiceInstanceTag<B> {
    header: Ref<B, ServiceInstanceHeader>,
    payload: B,
}

crate::view!(ServiceInstanceTag => ServiceInstanceHeader { payload } payload "What the customer's frame carries");

impl<B: SplitByteSlice> ServiceInstanceTag<B> {
    /// Reads a tag. Of an 802.3 payload there may be less than its length: see [`missing`](Self::missing).
    ///
    /// # Errors
    /// [`Error::Truncated`] under 18 bytes.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let (needed, available) = (size_of::<ServiceInstanceHeader>(), bytes.len());
        let truncated = Error::Truncated { layer: SERVICE_INSTANCE, needed, available };
        let (header, rest) = take_header::<ServiceInstanceHeader, _>(bytes).ok_or(truncated)?;
        let len = header.ether_type().payload_len(rest.len(), true);
        let (payload, _) = take(rest, len).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

impl<B: ByteSlice> ServiceInstanceTag<B> {
    /// How many bytes of an 802.3 payload are not there.
    pub fn missing(&self) -> usize {
        self.header.ether_type().missing(self.payload.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    /// IEEE 802.1Q-2022 §9.7, figure 9-3: priority 5, drop eligible, customer addresses, instance 0x012345.
    const TAG: [u8; 19] = [0xb8, 1, 0x23, 0x45, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45];

    #[test]
    fn reads_and_builds() {
        let tag = ServiceInstanceTag::parse(&TAG[..]).unwrap();
        assert_eq!((tag.id(), tag.priority(), tag.drop_eligible()), (0x01_2345, 5, true));
        assert_eq!((tag.use_customer_addresses(), tag.reserved()), (true, 0));
        let [destination, source] = [2, 1].map(|last| MacAddr([2, 0, 0, 0, 0, last]));
        assert_eq!((tag.destination(), tag.source()), (destination, source));
        assert_eq!((tag.ether_type(), tag.payload(), tag.missing()), (EtherType::IPV4, &[0x45][..], 0));

        let mut buffer = [0; 19];
        let mut packet = Headroom::with_payload(&mut buffer, &[0x45]).unwrap();
        let mut header = ServiceInstanceHeader::new(0xff01_2345, destination, source, EtherType::IPV4);
        header.set_priority(5, true);
        header.set_use_customer_addresses(true);
        header.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), TAG);
    }

    #[test]
    fn what_is_cut() {
        for available in 0..18 {
            let error = ServiceInstanceTag::parse(&TAG[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: SERVICE_INSTANCE, needed: 18, available });
        }
        let mut bytes = TAG;
        bytes[16..18].copy_from_slice(&[0, 4]);
        assert_eq!(ServiceInstanceTag::parse(&bytes[..]).unwrap().missing(), 3);
    }
}
