//! Logical link control, and SNAP behind it: how an IEEE 802.3 frame, which has no EtherType, says what it carries.
//!
//! ```text
//!  0        1        2                 3                    6             8
//!  +--------+--------+--------+--------+--------------------+-------------+----------
//!  | DSAP   | SSAP   | control         | OUI                | protocol    | payload …
//!  |        |        | (1 or 2 bytes)  |                    | identifier  |
//!  +--------+--------+--------+--------+--------------------+-------------+----------
//!                                        only with SNAP: DSAP = SSAP = 0xaa, control = 3
//! ```
//!
//! IEEE 802.2 §3.2 and §5.4, IEEE 802-2014 §9.

use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::EtherType;
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer};

/// The service access point that means: a SNAP header follows.
pub const SNAP_SAP: u8 = 0xaa;

/// The three bytes that every LLC header has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LlcHeader {
    destination: u8,
    source: u8,
    control: u8,
}

impl LlcHeader {
    /// The header in front of SNAP: an unnumbered information frame between SAPs 0xaa.
    pub const SNAP: Self = Self { destination: SNAP_SAP, source: SNAP_SAP, control: 3 };

    /// An unnumbered information frame between two service access points.
    #[inline]
    #[must_use]
    pub const fn new(destination: u8, source: u8) -> Self {
        Self { destination, source, control: 3 }
    }

    /// Destination service access point.
    #[inline]
    #[must_use]
    pub const fn destination(&self) -> u8 {
        self.destination
    }

    /// Source service access point; the lowest bit says "response".
    #[inline]
    #[must_use]
    pub const fn source(&self) -> u8 {
        self.source
    }

    /// The first byte of the control field: the whole of it in unnumbered frames (the two lowest bits set).
    #[inline]
    #[must_use]
    pub const fn control(&self) -> u8 {
        self.control
    }

    /// Whether a SNAP header follows.
    #[inline]
    #[must_use]
    pub const fn is_snap(&self) -> bool {
        self.destination == SNAP_SAP && self.source & 0xfe == SNAP_SAP && self.control == 3
    }

    /// The length of the control field: 1 byte in unnumbered frames, else 2.
    #[inline]
    #[must_use]
    pub const fn control_len(&self) -> usize {
        if self.control & 3 == 3 { 1 } else { 2 }
    }

    /// Sets the first byte of the control field.
    #[inline]
    pub fn set_control(&mut self, control: u8) {
        self.control = control;
    }

    /// Puts the header in front of `packet` as it is. A control field of two bytes has its second byte at the start of
    /// `packet` already.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 3 bytes free.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::LLC, self)
    }
}

/// An LLC protocol data unit, over the bytes `B`.
pub struct LlcPdu<B> {
    header: Ref<B, LlcHeader>,
    control: B,
    payload: B,
}

crate::view!(LlcPdu => LlcHeader { control, payload } payload "What follows the control field");

impl<B: SplitByteSlice> LlcPdu<B> {
    /// Reads a PDU.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 3 bytes, or under 4 with a two-byte control field.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::LLC, needed, available };
        let (header, rest) = take_header::<LlcHeader, _>(bytes).ok_or(truncated(3))?;
        let second = header.control_len() - 1;
        let (control, payload) = take(rest, second).ok_or(truncated(4))?;
        Ok(Self { header, control, payload })
    }
}

impl<B: ByteSlice> LlcPdu<B> {
    /// The second byte of a two-byte control field.
    #[inline]
    pub fn second_control(&self) -> Option<u8> {
        self.control.first().copied()
    }
}

/// The five bytes of a SNAP header, behind LLC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct SnapHeader {
    oui: [u8; 3],
    protocol: U16,
}

impl SnapHeader {
    /// An EtherType in SNAP (RFC 1042): OUI 0.
    #[inline]
    #[must_use]
    pub const fn new(ether_type: EtherType) -> Self {
        Self { oui: [0; 3], protocol: U16::new(ether_type.0) }
    }

    /// A protocol of the organisation `oui`.
    #[inline]
    #[must_use]
    pub const fn with_oui(oui: [u8; 3], protocol: u16) -> Self {
        Self { oui, protocol: U16::new(protocol) }
    }

    /// The organisation that hands out the protocol identifier.
    #[inline]
    #[must_use]
    pub const fn oui(&self) -> [u8; 3] {
        self.oui
    }

    /// The protocol identifier.
    #[inline]
    #[must_use]
    pub const fn protocol(&self) -> u16 {
        self.protocol.get()
    }

    /// The EtherType, if the identifier is one: OUI 0 (RFC 1042) and 0x0000f8 (IEEE 802.1H).
    #[inline]
    #[must_use]
    pub const fn ether_type(&self) -> Option<EtherType> {
        match self.oui {
            [0, 0, 0] | [0, 0, 0xf8] => Some(EtherType(self.protocol.get())),
            _ => None,
        }
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 5 bytes free.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::SNAP, self)
    }
}

/// A SNAP header and what it carries, over the bytes `B`.
pub struct SnapPdu<B> {
    header: Ref<B, SnapHeader>,
    payload: B,
}

crate::view!(SnapPdu => SnapHeader { payload } payload "What follows the header");

impl<B: SplitByteSlice> SnapPdu<B> {
    /// Reads a SNAP header.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 5 bytes.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let truncated = Error::Truncated { layer: LayerName::SNAP, needed: 5, available: bytes.len() };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    #[test]
    fn snap_carries_an_ether_type() {
        let bytes = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45];
        let llc = LlcPdu::parse(&bytes[..]).unwrap();
        assert!(llc.is_snap());
        let snap = SnapPdu::parse(llc.payload()).unwrap();
        assert_eq!((snap.ether_type(), snap.payload()), (Some(EtherType::IPV4), &[0x45][..]));

        let mut buffer = [0; 9];
        let mut packet = Headroom::with_payload(&mut buffer, snap.payload()).unwrap();
        SnapHeader::new(EtherType::IPV4).prepend(&mut packet).unwrap();
        LlcHeader::SNAP.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);
    }

    #[test]
    fn control_field_of_one_or_two_bytes() {
        assert_eq!(LlcPdu::parse(&[0x42, 0x42, 3, 9][..]).unwrap().payload(), [9]);
        let numbered = LlcPdu::parse(&[0xf0, 0xf0, 2, 1, 9][..]).unwrap();
        assert_eq!((numbered.second_control(), numbered.payload()), (Some(1), &[9][..]));
        let error = LlcPdu::parse(&[0xf0, 0xf0, 2][..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::LLC, needed: 4, available: 3 });
        let error = LlcPdu::parse(&[0xf0][..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::LLC, needed: 3, available: 1 });
        let error = SnapPdu::parse(&[0, 0, 0, 8][..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::SNAP, needed: 5, available: 4 });
        assert_eq!(SnapHeader::with_oui([0, 0, 0x0c], 0x010b).ether_type(), None);
    }
}
