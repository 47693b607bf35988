//! ESP (RFC 4303 §2): what IPsec puts around what it seals; and ESP in UDP (RFC 3948 §2), beside which IKE and keepalives go.
//!
//! ```text
//!  0               4               8
//!  +---------------+---------------+----------------------- - -
//!  | SPI           | sequence      | sealed …
//!  +---------------+---------------+----------------------- - -
//!
//!  in UDP:    an ESP packet, whose SPI is not 0
//!             | 0 0 0 0 | an IKE message …
//!             | ff |    a keepalive
//! ```
//!
//! Where in what is sealed an initialization vector stands, and how long the check value at its end is, only the two ends know.

use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::view::take_header;
use crate::{Error, LayerName, PacketBuffer};

/// ESP, as [`Error`] names it.
pub const ESP: LayerName = LayerName::new("ESP");

/// The UDP port of ESP, IKE and keepalives (RFC 3948 §2).
pub const PORT: u16 = 4500;

/// The 8 bytes in front of what is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct EspHeader {
    spi: U32,
    sequence: U32,
}

impl EspHeader {
    /// A header. `sequence` is what goes on the wire: the lower half, where sequence numbers have 64 bits (RFC 4303 §2.2.1).
    #[must_use]
    pub const fn new(spi: u32, sequence: u32) -> Self {
        Self { spi: U32::new(spi), sequence: U32::new(sequence) }
    }

    /// Security parameters index: which association sealed it. 0 is never on the wire, 1 to 255 are reserved (RFC 4303 §2.1).
    #[must_use]
    pub const fn spi(&self) -> u32 {
        self.spi.get()
    }

    /// Sequence number, or its lower half.
    #[must_use]
    pub const fn sequence(&self) -> u32 {
        self.sequence.get()
    }

    /// Puts the header in front of what is sealed.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(ESP, self).map(|_| ())
    }
}

/// An ESP packet over the bytes `B`.
pub struct EspPacket<B> {
    header: Ref<B, EspHeader>,
    payload: B,
}

crate::view!(EspPacket => EspHeader { payload } payload "What is sealed, with what goes in front of it and behind");

impl<B: SplitByteSlice> EspPacket<B> {
    /// Reads a packet.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header does not fit in the bytes.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = Error::Truncated { layer: ESP, needed: size_of::<EspHeader>(), available };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

/// What goes over UDP's port 4500.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EspInUdp<'a> {
    /// An ESP packet, to be read with [`EspPacket::parse`].
    Esp(&'a [u8]),
    /// An IKE message, without the marker in front of it.
    Ike(&'a [u8]),
    /// What keeps an address translation alive: nothing.
    Keepalive,
}

impl<'a> EspInUdp<'a> {
    /// Tells what a datagram's payload is (RFC 3948 §2).
    ///
    /// ```
    /// use ether_ip::esp::EspInUdp;
    ///
    /// assert_eq!(EspInUdp::of(&[0xff]), EspInUdp::Keepalive);
    /// assert_eq!(EspInUdp::of(&[0, 0, 0, 0, 7, 7]), EspInUdp::Ike(&[7, 7]));
    /// assert_eq!(EspInUdp::of(&[0, 0, 1, 0, 0, 0, 0, 1]), EspInUdp::Esp(&[0, 0, 1, 0, 0, 0, 0, 1]));
    /// ```
    #[must_use]
    pub const fn of(payload: &'a [u8]) -> Self {
        match payload {
            [0xff] => Self::Keepalive,
            [0, 0, 0, 0, message @ ..] => Self::Ike(message),
            packet => Self::Esp(packet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    /// The first bytes of a packet as RFC 4303 §2 draws it.
    const PACKET: [u8; 10] = [0, 0, 1, 0, 0, 0, 2, 3, 0xaa, 0xbb];

    #[test]
    fn reads_and_builds() {
        let packet = EspPacket::parse(&PACKET[..]).unwrap();
        assert_eq!((packet.spi(), packet.sequence(), packet.payload()), (0x100, 0x203, &[0xaa, 0xbb][..]));
        let mut buffer = [0; 10];
        let mut built = Headroom::with_payload(&mut buffer, &PACKET[8..]).unwrap();
        EspHeader::new(0x100, 0x203).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), PACKET);
        for available in 0..8 {
            let error = EspPacket::parse(&PACKET[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: ESP, needed: 8, available });
        }
    }

    /// RFC 3948 §2.2, §2.3: four zero bytes, and one of ones alone.
    #[test]
    fn what_is_beside_it_in_udp() {
        assert_eq!(EspInUdp::of(&[0xff]), EspInUdp::Keepalive);
        assert_eq!(EspInUdp::of(&[0xff, 0xff]), EspInUdp::Esp(&[0xff, 0xff]));
        assert_eq!(EspInUdp::of(&[0; 4]), EspInUdp::Ike(&[]));
        assert_eq!(EspInUdp::of(&[0; 3]), EspInUdp::Esp(&[0; 3]));
        assert_eq!(EspInUdp::of(&[]), EspInUdp::Esp(&[]));
    }
}
