//! Ethernet: two addresses and what follows. Ethernet II frames give the payload's type, IEEE 802.3 ones its length.
//!
//! ```text
//!  0                   6                   12        14
//!  +-------------------+-------------------+---------+------------
//!  | destination       | source            | type or | payload …
//!  |                   |                   | length  |
//!  +-------------------+-------------------+---------+------------
//! ```
//!
//! IEEE 802.3-2022 §3.1.1. A value up to 1500 is a length (and [LLC](crate::llc) follows), one from 1536 on an EtherType
//! (§3.2.6). The values between are not defined; they are handed back as an EtherType that nobody knows.

use core::fmt;
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::view::{take, take_header, unlikely};
use crate::{Error, LayerName, PacketBuffer};

crate::open_set! {
    /// What an Ethernet frame, a VLAN tag, a SNAP or GRE header carries (IANA's "IEEE 802 numbers").
    pub struct EtherType(u16) {
        /// Internet Protocol version 4.
        IPV4 = 0x0800, "IPv4";
        /// Address Resolution Protocol.
        ARP = 0x0806, "ARP";
        /// Reverse ARP (RFC 903).
        RARP = 0x8035, "RARP";
        /// Transparent Ethernet bridging: a whole Ethernet frame follows (NVGRE, Geneve).
        TRANSPARENT_ETHERNET = 0x6558, "Transparent Ethernet bridging";
        /// IEEE 802.1Q customer VLAN tag.
        VLAN = 0x8100, "802.1Q VLAN";
        /// Internet Protocol version 6.
        IPV6 = 0x86dd, "IPv6";
        /// PPP, in GRE version 1 (RFC 2637).
        PPP = 0x880b, "PPP";
        /// PPP over Ethernet, finding the other end (RFC 2516).
        PPPOE_DISCOVERY = 0x8863, "PPPoE discovery";
        /// PPP over Ethernet, a session's packets (RFC 2516).
        PPPOE = 0x8864, "PPPoE";
        /// IEEE 802.1ah backbone service instance tag.
        SERVICE_INSTANCE = 0x88e7, "802.1ah service instance";
        /// VN-Tag: virtual interfaces of an adapter.
        VN_TAG = 0x8926, "VN-Tag";
        /// MPLS with a downstream-assigned label (RFC 5332).
        MPLS = 0x8847, "MPLS";
        /// MPLS with an upstream-assigned label (RFC 5332).
        MPLS_UPSTREAM = 0x8848, "MPLS, upstream-assigned";
        /// IEEE 802.1ad service VLAN tag.
        SERVICE_VLAN = 0x88a8, "802.1ad VLAN";
        /// Link Layer Discovery Protocol.
        LLDP = 0x88cc, "LLDP";
        /// IEEE 802.1AE MAC security.
        MACSEC = 0x88e5, "MACsec";
        /// Arista's time stamps.
        ARISTA = 0xd28b, "Arista time stamp";
        /// The tag that was used for stacked VLANs before IEEE 802.1ad.
        OLD_SERVICE_VLAN = 0x9100, "802.1Q double tag (old)";
    }
}

impl EtherType {
    /// Whether a VLAN tag follows: 0x8100, 0x88a8 and the old 0x9100.
    #[inline]
    #[must_use]
    pub const fn is_vlan(self) -> bool {
        matches!(self, Self::VLAN | Self::SERVICE_VLAN | Self::OLD_SERVICE_VLAN)
    }

    /// The number as a length, if it is one (IEEE 802.3 §3.2.6: up to 1500).
    #[inline]
    #[must_use]
    pub const fn as_length(self) -> Option<u16> {
        if self.0 <= 1500 { Some(self.0) } else { None }
    }

    /// How many of the `available` bytes behind it are payload: all of them, unless it is a length. In a strict reading
    /// that is the length, whether there are so many bytes or not.
    #[inline(always)]
    pub(crate) fn payload_len(self, available: usize, is_lax: bool) -> usize {
        match self.as_length() {
            None => available,
            Some(length) => {
                unlikely();
                if is_lax { available.min(usize::from(length)) } else { usize::from(length) }
            }
        }
    }

    /// How many bytes of a payload are missing, of which `available` are there: none, unless it is a length.
    #[inline]
    pub(crate) fn missing(self, available: usize) -> usize {
        self.as_length().map_or(0, |length| usize::from(length).saturating_sub(available))
    }
}

/// A 48-bit MAC address.
///
/// ```
/// use ether_ip::ethernet::MacAddr;
/// assert_eq!(MacAddr([0x0a, 0, 0x5e, 0, 0x53, 1]).to_string(), "0a:00:5e:00:53:01");
/// assert_eq!("0A-00-5e-00-53-01".parse(), Ok(MacAddr([0x0a, 0, 0x5e, 0, 0x53, 1])));
/// ```
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct MacAddr(pub [u8; 6]);

impl MacAddr {
    /// ff:ff:ff:ff:ff:ff.
    pub const BROADCAST: Self = Self([0xff; 6]);
    /// All zero.
    pub const UNSPECIFIED: Self = Self([0; 6]);

    /// Whether the group bit is set: multicast, and broadcast too (IEEE 802 §8.2.2).
    #[inline]
    #[must_use]
    pub const fn is_multicast(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// Whether the address is locally administered.
    #[inline]
    #[must_use]
    pub const fn is_local(self) -> bool {
        self.0[0] & 2 == 2
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not a MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a MAC address is six pairs of hexadecimal digits with a colon or a hyphen between them")]
pub struct ParseMacAddrError;

impl core::str::FromStr for MacAddr {
    type Err = ParseMacAddrError;

    fn from_str(text: &str) -> Result<Self, ParseMacAddrError> {
        let mut address = [0; 6];
        let mut pairs = text.split([':', '-']);
        for byte in &mut address {
            let pair =
                pairs.next().filter(|pair| pair.len() == 2 && !pair.starts_with('+')).ok_or(ParseMacAddrError)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| ParseMacAddrError)?;
        }
        if pairs.next().is_some() { Err(ParseMacAddrError) } else { Ok(Self(address)) }
    }
}

/// The 14 bytes in front of an Ethernet payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct EthernetHeader {
    destination: MacAddr,
    source: MacAddr,
    type_or_length: U16,
}

impl EthernetHeader {
    /// A header for an Ethernet II frame.
    #[inline]
    #[must_use]
    pub const fn new(destination: MacAddr, source: MacAddr, ether_type: EtherType) -> Self {
        Self { destination, source, type_or_length: U16::new(ether_type.0) }
    }

    /// Destination address.
    #[inline]
    #[must_use]
    pub const fn destination(&self) -> MacAddr {
        self.destination
    }

    /// Source address.
    #[inline]
    #[must_use]
    pub const fn source(&self) -> MacAddr {
        self.source
    }

    /// The payload's type; or its length in an 802.3 frame, see [`EtherType::as_length`].
    #[inline]
    #[must_use]
    pub const fn ether_type(&self) -> EtherType {
        EtherType(self.type_or_length.get())
    }

    /// Sets the destination address.
    #[inline]
    pub fn set_destination(&mut self, address: MacAddr) {
        self.destination = address;
    }

    /// Sets the source address.
    #[inline]
    pub fn set_source(&mut self, address: MacAddr) {
        self.source = address;
    }

    /// Sets the payload's type (or an 802.3 length).
    #[inline]
    pub fn set_ether_type(&mut self, ether_type: EtherType) {
        self.type_or_length.set(ether_type.0);
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 14 bytes free.
    #[inline]
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::ETHERNET, self)
    }
}

/// An Ethernet frame without its check sequence, over the bytes `B`.
pub struct EthernetFrame<B> {
    header: Ref<B, EthernetHeader>,
    payload: B,
    trailer: B,
}

crate::view!(EthernetFrame => EthernetHeader { payload, trailer } payload "What the frame carries");

impl<B: SplitByteSlice> EthernetFrame<B> {
    /// Reads a frame.
    ///
    /// An Ethernet II frame's payload goes to the end of the bytes, padding included: only the payload's own length
    /// tells it apart. In an 802.3 frame the length field does, and what follows is the [trailer](Self::trailer).
    ///
    /// # Errors
    /// [`Error::Truncated`] under 14 bytes, or where an 802.3 length reaches past the end.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, false)
    }

    /// Reads a frame that a capture may have cut short behind its header: see [`missing`](Self::missing).
    ///
    /// # Errors
    /// [`Error::Truncated`] under 14 bytes.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, true)
    }

    /// `is_lax` is known where this is inlined, so that each reading has its own checks only.
    #[inline(always)]
    fn read(bytes: B, is_lax: bool) -> Result<Self, Error> {
        let (needed, available) = (size_of::<EthernetHeader>(), bytes.len());
        let truncated = |needed| Error::Truncated { layer: LayerName::ETHERNET, needed, available };
        let (header, rest) = take_header::<EthernetHeader, _>(bytes).ok_or(truncated(needed))?;
        let len = header.ether_type().payload_len(rest.len(), is_lax);
        let (payload, trailer) = take(rest, len).ok_or(truncated(needed + len))?;
        Ok(Self { header, payload, trailer })
    }
}

impl<B: ByteSlice> EthernetFrame<B> {
    /// What stands behind an 802.3 payload: padding up to the 60 bytes that a frame has at least.
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

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use std::string::ToString;

    /// The start of an ARP request, padded to 60 bytes by the sender.
    const ARP: [u8; 60] = {
        let mut frame = [0; 60];
        let start = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0a, 0, 0x5e, 0, 0x53, 1, 0x08, 0x06, 0, 1];
        let mut at = 0;
        while at < start.len() {
            frame[at] = start[at];
            at += 1;
        }
        frame
    };

    #[test]
    fn reads_and_builds() {
        let frame = EthernetFrame::parse(&ARP[..]).unwrap();
        assert!(frame.destination().is_multicast());
        assert_eq!(frame.source().to_string(), "0a:00:5e:00:53:01");
        assert_eq!(frame.ether_type(), EtherType::ARP);
        assert_eq!(frame.payload().len(), 46);
        assert_eq!(frame.trailer(), []);

        let mut buffer = [0; 60];
        let mut packet = Headroom::with_payload(&mut buffer, frame.payload()).unwrap();
        EthernetHeader::new(MacAddr::BROADCAST, frame.source(), EtherType::ARP).prepend(&mut packet).unwrap();
        assert_eq!(packet.packet(), ARP);
    }

    #[test]
    fn under_14_bytes_is_truncated() {
        for available in 0..14 {
            let error = EthernetFrame::parse(&ARP[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::ETHERNET, needed: 14, available });
        }
        assert_eq!(EthernetFrame::parse(&ARP[..14]).unwrap().payload(), []);
    }

    /// IEEE 802.3 §3.2.6: up to 1500 a length, from 1536 on a type, between them undefined.
    #[test]
    fn lengths_and_types() {
        let mut bytes = ARP;
        bytes[12..14].copy_from_slice(&[0, 3]);
        let frame = EthernetFrame::parse(&bytes[..]).unwrap();
        assert_eq!((frame.payload(), frame.trailer().len()), (&[0, 1, 0][..], 43));
        bytes[12..14].copy_from_slice(&1500_u16.to_be_bytes());
        let error = EthernetFrame::parse(&bytes[..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::ETHERNET, needed: 1514, available: 60 });
        assert_eq!(EthernetFrame::parse_lax(&bytes[..]).unwrap().missing(), 1454);
        for undefined in [1501_u16, 1535] {
            bytes[12..14].copy_from_slice(&undefined.to_be_bytes());
            let frame = EthernetFrame::parse(&bytes[..]).unwrap();
            assert_eq!((frame.ether_type().as_length(), frame.ether_type().name()), (None, None));
            assert_eq!(frame.payload().len(), 46);
        }
    }

    #[test]
    fn changes_in_place() {
        let mut bytes = ARP;
        let mut frame = EthernetFrame::parse(&mut bytes[..]).unwrap();
        frame.set_destination(MacAddr([2, 0, 0, 0, 0, 9]));
        frame.payload_mut()[0] = 7;
        assert_eq!(bytes[..6], [2, 0, 0, 0, 0, 9]);
        assert_eq!(bytes[14], 7);
    }

    #[test]
    fn texts_that_are_no_address() {
        for text in ["0a:00:5e:00:53:01", "0A-00-5E-00-53-01"] {
            assert_eq!(text.parse(), Ok(MacAddr([0x0a, 0, 0x5e, 0, 0x53, 1])));
        }
        for text in
            ["", "0a:00:5e:00:53", "0a:00:5e:00:53:01:02", "0a:0:5e:00:53:01", "0g:00:5e:00:53:01", "+a:00:5e:00:53:01"]
        {
            assert_eq!(text.parse::<MacAddr>(), Err(ParseMacAddrError), "{text:?}");
        }
    }
}
