//! UDP: two ports, a length, and a checksum that also covers the addresses.
//!
//! ```text
//!  0                               16                              32
//!  +-------------------------------+-------------------------------+
//!  | source port                   | destination port              |
//!  +-------------------------------+-------------------------------+
//!  | length                        | checksum                      |
//!  +-------------------------------+-------------------------------+
//! ```
//!
//! RFC 768; RFC 8200 §8.1 (IPv6), RFC 6935 (zero checksums for tunnels over IPv6), RFC 2675 §4 (jumbograms).

use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::{Change, PseudoHeader};
use crate::view::{take, take_header, unlikely};
use crate::{Error, LayerName, PacketBuffer, Rule};

/// The header's length, in bytes.
pub const HEADER_LEN: usize = size_of::<UdpHeader>();

/// The 8 bytes in front of a datagram's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct UdpHeader {
    source_port: U16,
    destination_port: U16,
    length: U16,
    checksum: U16,
}

/// The checksum that a datagram is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UdpChecksum {
    /// None: over IPv4 always allowed, over IPv6 only to tunnels whose receiver agreed (RFC 6935, RFC 6936).
    Zero,
    /// Computed over the payload and this pseudo-header.
    Computed(PseudoHeader),
}

impl UdpHeader {
    /// A header whose length and checksum are filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(source_port: u16, destination_port: u16) -> Self {
        Self {
            source_port: U16::new(source_port),
            destination_port: U16::new(destination_port),
            length: U16::new(HEADER_LEN as u16),
            checksum: U16::new(0),
        }
    }

    /// Source port.
    #[inline]
    #[must_use]
    pub const fn source_port(&self) -> u16 {
        self.source_port.get()
    }

    /// Destination port.
    #[inline]
    #[must_use]
    pub const fn destination_port(&self) -> u16 {
        self.destination_port.get()
    }

    /// Length of header and payload, in bytes. 0 in a jumbogram (RFC 2675 §4).
    #[inline]
    #[must_use]
    pub const fn length(&self) -> u16 {
        self.length.get()
    }

    /// The checksum as it stands in the header; 0 is none.
    #[inline]
    #[must_use]
    pub const fn checksum(&self) -> u16 {
        self.checksum.get()
    }

    /// Sets the source port.
    #[inline]
    pub fn set_source_port(&mut self, port: u16) {
        self.source_port.set(port);
    }

    /// Sets the destination port.
    #[inline]
    pub fn set_destination_port(&mut self, port: u16) {
        self.destination_port.set(port);
    }

    /// Sets the length of header and payload, in bytes.
    #[inline]
    pub fn set_length(&mut self, bytes: u16) {
        self.length.set(bytes);
    }

    /// Sets the checksum; 0 is none.
    #[inline]
    pub fn set_checksum(&mut self, checksum: u16) {
        self.checksum.set(checksum);
    }

    /// Sets the source port and patches the checksum (RFC 1624), if there is one.
    #[inline]
    pub fn change_source_port(&mut self, port: u16) {
        self.change_checksum(Change::new().word(0, self.source_port(), port));
        self.set_source_port(port);
    }

    /// Sets the destination port and patches the checksum (RFC 1624), if there is one.
    #[inline]
    pub fn change_destination_port(&mut self, port: u16) {
        self.change_checksum(Change::new().word(2, self.destination_port(), port));
        self.set_destination_port(port);
    }

    /// Patches the checksum for a change of bytes that it covers, the pseudo-header's addresses too. None (0) stays none, and one that
    /// comes to 0 is 0xffff (RFC 768).
    #[inline]
    pub fn change_checksum(&mut self, change: Change) {
        self.set_checksum(patched(self.checksum(), change));
    }

    /// What the checksum must be, whatever stands in the field now. Never 0: RFC 768 has 0xffff sent instead.
    #[inline]
    #[must_use]
    pub fn compute_checksum(&self, pseudo: &PseudoHeader, payload: &[u8]) -> u16 {
        let header = Self { checksum: U16::new(0), ..*self };
        let sum = pseudo.with_length(payload.len().saturating_add(HEADER_LEN)).bytes(header.as_bytes()).bytes(payload);
        never_zero(sum.finish())
    }

    /// Puts the header in front of `packet`, the payload, with length and checksum filled.
    ///
    /// A payload longer than 65527 bytes can only be an IPv6 jumbogram's: with the pseudo-header of an IPv6 packet the
    /// length is 0 then (RFC 2675 §4).
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the datagram would be longer than 65535 bytes and no jumbogram; [`Error::NoRoom`].
    /// Nothing is written then.
    #[inline]
    pub fn prepend(mut self, packet: &mut impl PacketBuffer, checksum: UdpChecksum) -> Result<(), Error> {
        self.length.set(match (LayerName::UDP.fit_u16("length", packet.len().saturating_add(HEADER_LEN)), &checksum) {
            (Err(_), UdpChecksum::Computed(pseudo)) if pseudo.is_ipv6() => 0,
            (length, _) => length?,
        });
        self.checksum.set(match &checksum {
            UdpChecksum::Zero => 0,
            UdpChecksum::Computed(pseudo) => self.compute_checksum(pseudo, packet.packet()),
        });
        self.prepend_as_is(packet)
    }

    /// Puts the header in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::UDP, self)
    }
}

/// RFC 768: a computed checksum of 0 is sent as 0xffff, since 0 means none.
#[inline]
pub(crate) const fn never_zero(checksum: u16) -> u16 {
    if checksum == 0 { 0xffff } else { checksum }
}

/// A checksum after a change of what it covers: none (0) stays none, and one that comes to 0 is 0xffff (RFC 768).
#[inline(always)]
pub(crate) const fn patched(checksum: u16, change: Change) -> u16 {
    if checksum == 0 { 0 } else { never_zero(change.apply(checksum)) }
}

/// A UDP datagram, over the bytes `B`.
pub struct UdpDatagram<B> {
    header: Ref<B, UdpHeader>,
    payload: B,
    trailer: B,
}

crate::view!(
    UdpDatagram => UdpHeader { payload, trailer }
    payload "What the datagram carries, up to where its length says"
);

impl<B: SplitByteSlice> UdpDatagram<B> {
    /// Reads a datagram.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 8 bytes or where the length reaches past the end; [`Error::Malformed`] if the length
    /// is under 8. A length of 0 with more than 65535 bytes is a jumbogram (RFC 2675 §4), and all the bytes are it.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, false)
    }

    /// Reads a datagram that a capture, an ICMP error that quotes it, or fragmentation cut short behind its header:
    /// the payload is what is there, and [`missing`](Self::missing) says how much is not.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for a length past the end.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, true)
    }

    /// Reads a datagram in a jumbogram, whose length is 0 (RFC 2675 §4), and of which a capture may have but the first bytes: all of them
    /// are it.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header does not fit in the bytes; [`Error::Malformed`] for another length.
    pub fn parse_jumbo(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = Error::Truncated { layer: LayerName::UDP, needed: HEADER_LEN, available };
        let (header, rest) = take_header::<UdpHeader, _>(bytes).ok_or(truncated)?;
        if header.length() != 0 {
            let (value, rule) = (u32::from(header.length()), Rule::Exactly(0));
            return Err(Error::Malformed { layer: LayerName::UDP, field: "length", value, rule });
        }
        let len = rest.len();
        let (payload, trailer) = take(rest, len).ok_or(truncated)?;
        Ok(Self { header, payload, trailer })
    }

    /// Reads a datagram that is whole and no jumbogram. `None` for any other, which [`parse`](Self::parse) reads or refuses.
    #[inline(always)]
    pub fn parse_usual(bytes: B) -> Option<Self> {
        let (header, rest) = take_header::<UdpHeader, _>(bytes)?;
        let (payload, trailer) = take(rest, usize::from(header.length()).wrapping_sub(HEADER_LEN))?;
        Some(Self { header, payload, trailer })
    }

    /// `is_lax` is known where this is inlined, so that each reading has its own checks only.
    #[inline(always)]
    fn read(bytes: B, is_lax: bool) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::UDP, needed, available };
        let (header, rest) = take_header::<UdpHeader, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        // One comparison: a length under 8 is, less the header's, more than there can be.
        let (payload, trailer) = match rest.split_at(usize::from(header.length()).wrapping_sub(HEADER_LEN)) {
            Ok(parts) => parts,
            Err(rest) => {
                unlikely();
                let available = rest.len();
                let Some(len) = Self::unusual_len(&header, available) else { return Err(Self::bad_length(&header)) };
                let len = if is_lax { len.min(available) } else { len };
                take(rest, len).ok_or(truncated(len.saturating_add(HEADER_LEN)))?
            }
        };
        Ok(Self { header, payload, trailer })
    }

    /// The length of a payload that is cut, or a jumbogram's; none, if it is not what the length says.
    #[inline(always)]
    fn unusual_len(header: &UdpHeader, available: usize) -> Option<usize> {
        let is_jumbo = header.length() == 0 && available > 65_535 - HEADER_LEN;
        usize::from(header.length()).checked_sub(HEADER_LEN).or(if is_jumbo { Some(available) } else { None })
    }

    #[cold]
    fn bad_length(header: &UdpHeader) -> Error {
        let (value, rule) = (u32::from(header.length()), Rule::AtLeast(HEADER_LEN as u32));
        Error::Malformed { layer: LayerName::UDP, field: "length", value, rule }
    }
}

impl<B: ByteSlice> UdpDatagram<B> {
    /// What stands behind the datagram inside the IP packet: nothing, in most.
    #[inline]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// How many bytes of the payload are not there. Zero unless it was [`parse_lax`](Self::parse_lax).
    #[inline]
    pub fn missing(&self) -> usize {
        usize::from(self.header.length()).saturating_sub(HEADER_LEN).saturating_sub(self.payload.len())
    }

    /// Whether the checksum is right; a missing one (0) is right over IPv4, and odd over IPv6 (RFC 6935).
    pub fn checksum_is_valid(&self, pseudo: &PseudoHeader) -> bool {
        match self.header.checksum() {
            0 => !pseudo.is_ipv6(),
            checksum => checksum == self.header.compute_checksum(pseudo, &self.payload),
        }
    }
}

impl<B: ByteSliceMut> UdpDatagram<B> {
    /// Computes and sets the checksum.
    ///
    /// # Errors
    /// [`Error::NotWhole`] where some of it is [missing](Self::missing), or the pseudo-header is of a packet that is not whole. Nothing is
    /// written then.
    pub fn fill_checksum(&mut self, pseudo: &PseudoHeader) -> Result<(), Error> {
        if self.missing() > 0 || !pseudo.is_whole() {
            return Err(Error::NotWhole { layer: LayerName::UDP });
        }
        let checksum = self.header.compute_checksum(pseudo, &self.payload);
        self.header.set_checksum(checksum);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use crate::ip::IpProtocol;
    use core::net::{Ipv4Addr, Ipv6Addr};

    const HELLO: [u8; 13] = *b"\x0f\xa0\x00\x35\x00\x0d\x28\x29hello";

    fn pseudo() -> PseudoHeader {
        PseudoHeader::ipv4(Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2), IpProtocol::UDP)
    }

    #[test]
    fn reads_builds_and_checks() {
        let datagram = UdpDatagram::parse(&HELLO[..]).unwrap();
        assert_eq!((datagram.source_port(), datagram.destination_port(), datagram.length()), (4000, 53, 13));
        assert_eq!((datagram.payload(), datagram.checksum()), (&b"hello"[..], 0x2829));
        assert!(datagram.checksum_is_valid(&pseudo()));

        let mut buffer = [0; 13];
        let mut packet = Headroom::with_payload(&mut buffer, b"hello").unwrap();
        UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Computed(pseudo())).unwrap();
        assert_eq!(packet.packet(), HELLO);
    }

    #[test]
    fn cut_anywhere_is_truncated() {
        for available in 0..13 {
            let needed = if available < 8 { 8 } else { 13 };
            let error = UdpDatagram::parse(&HELLO[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::UDP, needed, available });
        }
        let lax = UdpDatagram::parse_lax(&HELLO[..10]).unwrap();
        assert_eq!((lax.payload(), lax.missing()), (&b"he"[..], 3));
    }

    #[test]
    fn lengths() {
        for length in 0..8 {
            let mut bytes = HELLO;
            bytes[5] = length;
            let error = UdpDatagram::parse(&bytes[..]).unwrap_err();
            let (value, rule) = (u32::from(length), Rule::AtLeast(8));
            assert_eq!(error, Error::Malformed { layer: LayerName::UDP, field: "length", value, rule });
        }
        let mut bytes = HELLO;
        bytes[5] = 10;
        let short = UdpDatagram::parse(&bytes[..]).unwrap();
        assert_eq!((short.payload(), short.trailer()), (&b"he"[..], &b"llo"[..]));
    }

    /// RFC 2675 §4: a length of 0 is legal in a jumbogram only.
    #[test]
    fn jumbograms() {
        let pseudo = PseudoHeader::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::UDP);
        let mut buffer = std::vec![0; 70_000];
        let mut packet = Headroom::new(&mut buffer, 65_528).unwrap();
        UdpHeader::new(1, 2).prepend(&mut packet, UdpChecksum::Computed(pseudo)).unwrap();
        let datagram = UdpDatagram::parse(packet.packet()).unwrap();
        assert_eq!((datagram.length(), datagram.payload().len()), (0, 65_528));
        assert!(datagram.checksum_is_valid(&pseudo));

        let mut packet = Headroom::new(&mut buffer, 65_528).unwrap();
        let refused =
            Error::Unbuildable { layer: LayerName::UDP, field: "length", value: 65_536, rule: Rule::AtMost(65_535) };
        assert_eq!(UdpHeader::new(1, 2).prepend(&mut packet, UdpChecksum::Zero), Err(refused));
        // What a length could say is no jumbogram, and neither is what says one that is too short.
        let lengths = |length, len: usize| {
            let mut bytes = std::vec![0; len];
            bytes[5] = length;
            UdpDatagram::parse(&bytes[..]).map(|datagram| datagram.payload().len())
        };
        let short = |value| {
            let (field, rule) = ("length", Rule::AtLeast(8));
            Err(Error::Malformed { layer: LayerName::UDP, field, value, rule })
        };
        assert_eq!([lengths(0, 65_535), lengths(0, 65_536), lengths(0, 65_537)], [short(0), Ok(65_528), Ok(65_529)]);
        assert_eq!([lengths(7, 65_535), lengths(7, 65_536)], [short(7), short(7)]);
    }

    #[test]
    fn zero_is_no_checksum_and_a_computed_zero_is_sent_as_ffff() {
        let mut bytes = HELLO;
        bytes[6..8].copy_from_slice(&[0, 0]);
        let datagram = UdpDatagram::parse(&bytes[..]).unwrap();
        assert!(datagram.checksum_is_valid(&pseudo()));
        let over_ipv6 = PseudoHeader::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::UDP);
        assert!(!datagram.checksum_is_valid(&over_ipv6));
        // The payload is the sum that is missing to ffff, so that the checksum would be 0.
        let mut buffer = [0; 10];
        let missing =
            UdpHeader { length: U16::new(10), ..UdpHeader::new(4000, 53) }.compute_checksum(&pseudo(), &[0; 2]);
        let mut packet = Headroom::with_payload(&mut buffer, &missing.to_be_bytes()).unwrap();
        UdpHeader::new(4000, 53).prepend(&mut packet, UdpChecksum::Computed(pseudo())).unwrap();
        let datagram = UdpDatagram::parse(packet.packet()).unwrap();
        assert_eq!(datagram.checksum(), 0xffff);
        assert!(datagram.checksum_is_valid(&pseudo()));
    }

    /// RFC 2675 §4, where a capture has the first bytes only.
    #[test]
    fn a_jumbogram_that_is_cut() {
        let bytes = [0, 1, 0, 2, 0, 0, 0, 0, 7];
        let datagram = UdpDatagram::parse_jumbo(&bytes[..]).unwrap();
        assert_eq!((datagram.length(), datagram.payload(), datagram.missing()), (0, &[7][..], 0));
        assert!(UdpDatagram::parse_lax(&bytes[..]).is_err());
        let truncated = Error::Truncated { layer: LayerName::UDP, needed: 8, available: 7 };
        assert_eq!(UdpDatagram::parse_jumbo(&bytes[..7]).unwrap_err(), truncated);
        let rule = Rule::Exactly(0);
        let other = Error::Malformed { layer: LayerName::UDP, field: "length", value: 9, rule };
        assert_eq!(UdpDatagram::parse_jumbo(&[0, 1, 0, 2, 0, 9, 0, 0, 7][..]).unwrap_err(), other);
    }
}
