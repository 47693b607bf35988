//! PPP, and what puts IP on serial lines beside it: PPP over Ethernet, Cisco's HDLC.
//!
//! ```text
//!  PPP                                        PPP over Ethernet, session (EtherType 0x8864)
//!  0       1       2               4          0   4   8       16              32              48
//!  +-------+-------+---------------+          +---+---+-------+---------------+---------------+
//!  | 0xff  | 0x03  | protocol      |          |ver|typ| code  | session       | length        |
//!  +-------+-------+---------------+          +---+---+-------+---------------+---------------+
//!  the first two may be left out, and         a PPP packet without the first two follows
//!  the protocol's first byte if it is 0
//!
//!  Cisco's HDLC
//!  0       1       2               4
//!  +-------+-------+---------------+
//!  |address|control| EtherType     |          address 0x0f to one, 0x8f to all; control 0
//!  +-------+-------+---------------+
//! ```
//!
//! RFC 1661 §2, §6.5 and §6.6, RFC 1662 §3.1; RFC 2516 §4; Cisco's HDLC as RFC 1547 §4.3.1 tells of it.

use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::EtherType;
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer, Rule};

/// PPP, as [`Error`] names it.
pub const PPP: LayerName = LayerName::new("PPP");
/// PPP over Ethernet.
pub const PPPOE: LayerName = LayerName::new("PPPoE");
/// Cisco's HDLC.
pub const CISCO_HDLC: LayerName = LayerName::new("Cisco HDLC");

/// Address and control in front of a protocol (RFC 1662 §3.1).
const ALL_STATIONS: [u8; 2] = [0xff, 0x03];

crate::open_set! {
    /// What a PPP packet carries (IANA's "PPP Data Link Layer Protocol Numbers").
    pub struct PppProtocol(u16) {
        /// IPv4 (RFC 1332).
        IPV4 = 0x0021, "IPv4";
        /// IPv6 (RFC 5072).
        IPV6 = 0x0057, "IPv6";
        /// MPLS unicast (RFC 3032).
        MPLS = 0x0281, "MPLS";
        /// MPLS multicast (RFC 3032).
        MPLS_MULTICAST = 0x0283, "MPLS multicast";
        /// IPv4's control protocol (RFC 1332).
        IPCP = 0x8021, "IPCP";
        /// IPv6's control protocol (RFC 5072).
        IPV6CP = 0x8057, "IPv6CP";
        /// The link's control protocol (RFC 1661).
        LCP = 0xc021, "LCP";
        /// Password authentication (RFC 1334).
        PAP = 0xc023, "PAP";
        /// Challenge handshake authentication (RFC 1994).
        CHAP = 0xc223, "CHAP";
    }
}

impl PppProtocol {
    /// The EtherType of the same payload, if there is one.
    #[must_use]
    pub const fn ether_type(self) -> Option<EtherType> {
        Some(match self {
            Self::IPV4 => EtherType::IPV4,
            Self::IPV6 => EtherType::IPV6,
            Self::MPLS => EtherType::MPLS,
            Self::MPLS_MULTICAST => EtherType::MPLS_UPSTREAM,
            _ => return None,
        })
    }
}

/// What stands in front of what PPP carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct PppHeader {
    /// Whether address and control are there (RFC 1661 §6.6: the ends may agree to leave them out).
    pub has_address: bool,
    /// Whether the protocol has one byte (RFC 1661 §6.5: so too, where its first is 0).
    pub is_compressed: bool,
    /// What is carried.
    pub protocol: PppProtocol,
}

impl PppHeader {
    /// Puts the header in front of `packet`.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the protocol is no odd number below 256 and shall have one byte; [`Error::NoRoom`].
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let bytes = self.protocol.0.to_be_bytes();
        let [_, low] = bytes;
        if self.is_compressed {
            let rules = [Rule::AtMost(255), Rule::Modulo { rest: 1, unit: 2 }];
            PPP.check("protocol of one byte", self.protocol.0.into(), &rules)?;
        }
        match (self.has_address, self.is_compressed) {
            (false, true) => packet.prepend_bytes(PPP, &[low]),
            (false, false) => packet.prepend_bytes(PPP, &bytes),
            (true, true) => packet.prepend_with(PPP, ALL_STATIONS, &[low]),
            (true, false) => packet.prepend_with(PPP, ALL_STATIONS, &bytes),
        }
    }
}

/// A PPP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PppPacket<'a> {
    header: PppHeader,
    header_bytes: &'a [u8],
    payload: &'a [u8],
}

impl<'a> PppPacket<'a> {
    /// Reads a packet: with address and control or without, its protocol of two bytes or one.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header does not fit in the bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let (has_address, behind) = match bytes {
            [0xff, 0x03, behind @ ..] => (true, behind),
            behind => (false, behind),
        };
        let address_len = if has_address { ALL_STATIONS.len() } else { 0 };
        // All numbers are odd in their last byte and even in their first (RFC 1661 §2).
        let (protocol, is_compressed, payload) = match *behind {
            [low, ref payload @ ..] if low & 1 == 1 => (u16::from(low), true, payload),
            [high, low, ref payload @ ..] => (u16::from_be_bytes([high, low]), false, payload),
            _ => return Err(Error::Truncated { layer: PPP, needed: address_len + 2, available: bytes.len() }),
        };
        let header_len = address_len + if is_compressed { 1 } else { 2 };
        let header_bytes = bytes.get(..header_len).unwrap_or_default();
        let header = PppHeader { has_address, is_compressed, protocol: PppProtocol(protocol) };
        Ok(Self { header, header_bytes, payload })
    }

    /// What is carried.
    #[must_use]
    pub const fn protocol(&self) -> PppProtocol {
        self.header.protocol
    }

    /// The header, in values.
    #[must_use]
    pub const fn header(&self) -> PppHeader {
        self.header
    }

    /// The header's bytes, one to four.
    #[must_use]
    pub const fn header_bytes(&self) -> &'a [u8] {
        self.header_bytes
    }

    /// What follows the header.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

/// The 6 bytes of PPP over Ethernet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct PppoeHeader {
    version_type: u8,
    code: u8,
    session: U16,
    length: U16,
}

impl PppoeHeader {
    /// A header of a session's packet (RFC 2516 §4: version 1, type 1, code 0). [`prepend`](Self::prepend) sets the length.
    #[must_use]
    pub const fn new(session: u16) -> Self {
        Self { version_type: 0x11, code: 0, session: U16::new(session), length: U16::new(0) }
    }

    /// Version: 1.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version_type >> 4
    }

    /// Type: 1.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        self.version_type & 15
    }

    /// Code: 0 in a session.
    #[must_use]
    pub const fn code(&self) -> u8 {
        self.code
    }

    /// Session identifier.
    #[must_use]
    pub const fn session(&self) -> u16 {
        self.session.get()
    }

    /// Length of the payload, in bytes.
    #[must_use]
    pub const fn length(&self) -> u16 {
        self.length.get()
    }

    /// Puts the header in front of `packet`, whose length it tells.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] over 65535 bytes; [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(mut self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.length.set(PPPOE.fit_u16("length", packet.len())?);
        packet.prepend(PPPOE, self)
    }
}

/// A packet of PPP over Ethernet over the bytes `B`.
pub struct PppoePacket<B> {
    header: Ref<B, PppoeHeader>,
    payload: B,
}

crate::view!(PppoePacket => PppoeHeader { payload } payload "The PPP packet, or the tags of a discovery");

impl<B: SplitByteSlice> PppoePacket<B> {
    /// Reads a packet, of which there may be less than its length: see [`missing`](Self::missing). What is behind it is Ethernet's padding.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 6 bytes.
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = Error::Truncated { layer: PPPOE, needed: size_of::<PppoeHeader>(), available };
        let (header, rest) = take_header::<PppoeHeader, _>(bytes).ok_or(truncated)?;
        let len = rest.len().min(header.length().into());
        let (payload, _) = take(rest, len).ok_or(truncated)?;
        Ok(Self { header, payload })
    }

    /// Reads a packet.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 6 bytes, or where the length reaches past the end.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let packet = Self::parse_lax(bytes)?;
        let needed = available + packet.missing();
        if needed > available { Err(Error::Truncated { layer: PPPOE, needed, available }) } else { Ok(packet) }
    }
}

impl<B: ByteSlice> PppoePacket<B> {
    /// How many bytes of the payload are not there.
    pub fn missing(&self) -> usize {
        usize::from(self.header.length()).saturating_sub(self.payload.len())
    }
}

/// The 4 bytes of Cisco's HDLC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct CiscoHdlcHeader {
    address: u8,
    control: u8,
    protocol: U16,
}

impl CiscoHdlcHeader {
    /// Whether a packet can begin so: to one, or to all.
    #[must_use]
    pub const fn is_address(address: u8) -> bool {
        matches!(address, 0x0f | 0x8f)
    }

    /// A header of a packet to one.
    #[must_use]
    pub const fn new(protocol: EtherType) -> Self {
        Self { address: 0x0f, control: 0, protocol: U16::new(protocol.0) }
    }

    /// Address: 0x0f to one, 0x8f to all.
    #[must_use]
    pub const fn address(&self) -> u8 {
        self.address
    }

    /// Control: 0.
    #[must_use]
    pub const fn control(&self) -> u8 {
        self.control
    }

    /// The payload's type.
    #[must_use]
    pub const fn protocol(&self) -> EtherType {
        EtherType(self.protocol.get())
    }

    /// Puts the header in front of `packet` as it is.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 4 bytes free.
    pub fn prepend(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(CISCO_HDLC, self)
    }
}

/// A packet of Cisco's HDLC over the bytes `B`.
pub struct CiscoHdlcPacket<B> {
    header: Ref<B, CiscoHdlcHeader>,
    payload: B,
}

crate::view!(CiscoHdlcPacket => CiscoHdlcHeader { payload } payload "What follows the header");

impl<B: SplitByteSlice> CiscoHdlcPacket<B> {
    /// Reads a packet.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 4 bytes.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = Error::Truncated { layer: CISCO_HDLC, needed: size_of::<CiscoHdlcHeader>(), available };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    /// RFC 1661 §2, §6.5, §6.6: with address and control and without, the protocol whole and compressed.
    #[test]
    fn four_ways_to_begin() {
        let ways: [(&[u8], bool, bool); 4] = [
            (&[0xff, 0x03, 0x00, 0x21, 0x45], true, false),
            (&[0x00, 0x21, 0x45], false, false),
            (&[0xff, 0x03, 0x21, 0x45], true, true),
            (&[0x21, 0x45], false, true),
        ];
        for (bytes, has_address, is_compressed) in ways {
            let packet = PppPacket::parse(bytes).unwrap();
            let header = PppHeader { has_address, is_compressed, protocol: PppProtocol::IPV4 };
            assert_eq!((packet.header(), packet.payload()), (header, &[0x45][..]));
            assert_eq!(packet.header_bytes().len() + 1, bytes.len());
            let mut buffer = [0; 5];
            let mut built = Headroom::with_payload(&mut buffer, &[0x45]).unwrap();
            header.prepend(&mut built).unwrap();
            assert_eq!(built.packet(), bytes);
        }
        for (bytes, needed) in [(&[][..], 2), (&[0xc0], 2), (&[0xff, 0x03], 4), (&[0xff, 0x03, 0x80], 4)] {
            let error = PppPacket::parse(bytes).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: PPP, needed, available: bytes.len() });
        }
        // A number that one byte does not hold (RFC 1661 §6.5).
        for protocol in [0xc021, 0x20] {
            let header = PppHeader { has_address: false, is_compressed: true, protocol: PppProtocol(protocol) };
            assert!(header.prepend(&mut Headroom::new(&mut [0; 5], 0).unwrap()).is_err());
        }
    }

    /// RFC 2516 appendix B: the LCP packet in session 0x1234, and Ethernet's padding behind it.
    #[test]
    fn over_ethernet() {
        let bytes = [0x11, 0, 0x12, 0x34, 0, 4, 0xc0, 0x21, 1, 2, 0, 0];
        let packet = PppoePacket::parse(&bytes[..]).unwrap();
        assert_eq!((packet.version(), packet.kind(), packet.code()), (1, 1, 0));
        assert_eq!((packet.session(), packet.length(), packet.missing()), (0x1234, 4, 0));
        assert_eq!(PppPacket::parse(packet.payload()).unwrap().protocol(), PppProtocol::LCP);
        let mut buffer = [0; 10];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        PppoeHeader::new(0x1234).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), &bytes[..10]);
        assert_eq!(PppoePacket::parse_lax(&bytes[..9]).unwrap().missing(), 1);
        let cut = PppoePacket::parse(&bytes[..9]).map(|_| ());
        assert_eq!(cut, Err(Error::Truncated { layer: PPPOE, needed: 10, available: 9 }));
        for available in 0..6 {
            let error = PppoePacket::parse(&bytes[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: PPPOE, needed: 6, available });
        }
    }

    #[test]
    fn ciscos() {
        let bytes = [0x0f, 0, 8, 0, 0x45];
        let packet = CiscoHdlcPacket::parse(&bytes[..]).unwrap();
        assert_eq!((packet.address(), packet.control(), packet.protocol()), (0x0f, 0, EtherType::IPV4));
        let mut buffer = [0; 5];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        CiscoHdlcHeader::new(EtherType::IPV4).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), bytes);
        let error = CiscoHdlcPacket::parse(&bytes[..3]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: CISCO_HDLC, needed: 4, available: 3 });
    }
}
