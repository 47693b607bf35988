//! Geneve: any protocol in UDP, with a network's number and options.
//!
//! ```text
//!  0   2           8               16                              32
//!  +---+-----------+-+-+-----------+-------------------------------+
//!  |ver| opt. len. |O|C| reserved  | protocol type                 |
//!  +---+-----------+-+-+-----------+-------------------------------+
//!  | virtual network identifier (VNI)              | reserved      |
//!  +-----------------------------------------------+---------------+
//!  | option class                  | C, type       |R R R| length  |   an option; its length and
//!  +-------------------------------+---------------+---------------+   the options' in words of 4
//!  | data …                                                        |
//! ```
//!
//! RFC 8926 §3.4 and §3.5.

use core::ops::Div;

use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::{EtherType, EthernetHeader};
use ether_ip::headers::{Announces, Header, Headers};
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::stack::{Carrier, Ethernet, Follows, Ip, Ipv4, Ipv6, Layer, Next, Stack, Udp};
use ether_ip::udp::UdpHeader;
use ether_ip::view::{take, take_header};
use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, PacketBuffer, Rule, open_set, vni::Vni};
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

/// Geneve, as [`ether_ip::Error`] names it.
pub const GENEVE: LayerName = LayerName::new("Geneve");
/// A Geneve option, as [`ether_ip::Error`] names it.
pub const GENEVE_OPTION: LayerName = LayerName::new("Geneve option");
/// The header's length without options, in bytes.
pub const HEADER_LEN: usize = size_of::<GeneveHeader>();
/// The longest options, in bytes.
pub const MAX_OPTIONS_LEN: usize = 252;
/// The UDP port that IANA gave to Geneve.
pub const PORT: u16 = 6081;

const OAM: u8 = 0x80;
const CRITICAL: u8 = 0x40;

/// The 8 bytes that every Geneve packet starts with.
///
/// It stands in an expression of [headers](ether_ip::headers) too, without options, and says whether Ethernet, IPv4 or IPv6 follows. A UDP
/// destination port of 0 in front of it becomes [`PORT`]; another is what was agreed.
///
/// ```
/// use ether_ip::{Headroom, ethernet::EtherType, ip::IpProtocol, ipv4::Ipv4Header, ipv6::Ipv6Header, udp::UdpHeader};
/// use geneve_codec::{GeneveHeader, Vni};
///
/// let outer = Ipv6Header::new([0xfd; 16].into(), [0xfe; 16].into(), IpProtocol::UDP);
/// let inner = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
/// let geneve = GeneveHeader::new(Vni::new(7)?, EtherType(0));
/// let mut buffer = [0; 96];
/// let mut packet = Headroom::with_payload(&mut buffer, b"hello")?;
/// (outer / UdpHeader::new(49_152, 0) / geneve / inner / UdpHeader::new(4000, 53)).prepend(&mut packet)?;
/// assert_eq!(packet.packet()[4..6], [0, 49]);
/// assert_eq!(packet.packet()[40..56], *b"\xc0\x00\x17\xc1\x00\x31\xb5\x05\x00\x00\x08\x00\x00\x00\x07\x00");
/// # Ok::<(), geneve_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct GeneveHeader {
    version_length: u8,
    flags: u8,
    protocol_type: U16,
    vni: Vni,
    reserved: u8,
}

impl GeneveHeader {
    /// A header; length and critical flag are filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(vni: Vni, protocol_type: EtherType) -> Self {
        //= RFC 8926 §3.4/reserved-zero
        Self { version_length: 0, flags: 0, protocol_type: U16::new(protocol_type.0), vni, reserved: 0 }
    }

    /// Version: 0 in a packet that was parsed.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version_length >> 6
    }

    /// Length of the header with its options, in bytes.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        HEADER_LEN + (self.version_length & 0x3f) as usize * 4
    }

    /// Whether it is a control packet: the O flag.
    #[inline]
    #[must_use]
    pub const fn is_oam(&self) -> bool {
        self.flags & OAM != 0
    }

    /// Whether an option is critical, as the header has it: the C flag.
    #[inline]
    #[must_use]
    pub const fn has_critical_options(&self) -> bool {
        self.flags & CRITICAL != 0
    }

    /// What is carried.
    #[inline]
    #[must_use]
    pub const fn protocol_type(&self) -> EtherType {
        EtherType(self.protocol_type.get())
    }

    /// The virtual network's identifier.
    #[inline]
    #[must_use]
    pub const fn vni(&self) -> Vni {
        self.vni
    }

    /// The reserved bits: 6 of the flags, and the last byte.
    #[inline]
    #[must_use]
    //= RFC 8926 §3.4/reserved-ignored
    pub const fn reserved(&self) -> (u8, u8) {
        (self.flags & !(OAM | CRITICAL), self.reserved)
    }

    /// The header with the options' length and the critical flag filled, for options of so many bytes.
    #[inline]
    #[must_use]
    pub(crate) fn with_options(mut self, options: &[u8]) -> Self {
        self.version_length = (options.len() / 4) as u8 & 0x3f;
        //= RFC 8926 §3.5/critical-base
        let is_critical = GeneveOptions::new(options).flatten().any(|option| option.is_critical());
        self.flags = self.flags & !CRITICAL | if is_critical { CRITICAL } else { 0 };
        self
    }

    /// Sets whether it is a control packet.
    #[inline]
    pub fn set_oam(&mut self, on: bool) {
        self.flags = self.flags & !OAM | if on { OAM } else { 0 };
    }

    /// Sets the virtual network's identifier.
    #[inline]
    pub fn set_vni(&mut self, vni: Vni) {
        self.vni = vni;
    }

    /// Puts the header and `options` in front of `packet`, with the length and the critical flag filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the options are longer than 252 bytes or no multiple of 4; [`Error::NoRoom`]. Nothing
    /// is written then.
    pub fn prepend(self, options: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        check_options(options)?;
        self.with_options(options).prepend_as_is(options, packet)
    }

    /// Puts the header and `options` in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend_as_is(self, options: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend_with(GENEVE, self, options)
    }
}

impl Header for GeneveHeader {
    #[inline(always)]
    fn put(self, _: Option<PseudoHeader>, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.prepend(&[], packet)
    }
}

impl Announces<GeneveHeader> for UdpHeader {
    #[inline(always)]
    fn announce(&mut self) {
        if self.destination_port() == 0 {
            self.set_destination_port(PORT);
        }
    }
}

/// What the protocol type says of another header.
macro_rules! announces {
    ($($next:ident $value:ident;)*) => {$(
        impl Announces<$next> for GeneveHeader {
            #[inline(always)]
            fn announce(&mut self) {
                self.protocol_type.set(EtherType::$value.0);
            }
        }
    )*};
}

announces! {
    EthernetHeader TRANSPARENT_ETHERNET;
    Ipv4Header IPV4;
    Ipv6Header IPV6;
}

impl<R: Header> Div<R> for GeneveHeader
where
    GeneveHeader: Announces<R>,
{
    type Output = Headers<GeneveHeader, R>;

    #[inline(always)]
    fn div(mut self, behind: R) -> Headers<GeneveHeader, R> {
        self.announce();
        Headers::new(self, behind)
    }
}

/// Whether options have a length that the header can say.
pub(crate) fn check_options(options: &[u8]) -> Result<(), Error> {
    let rules = [Rule::AtMost(MAX_OPTIONS_LEN as u32), Rule::MultipleOf(4)];
    GENEVE.check("length of the options", options.len(), &rules)
}

/// A Geneve packet, a UDP datagram's payload, over the bytes `B`.
pub struct GenevePacket<B> {
    header: Ref<B, GeneveHeader>,
    options: B,
    payload: B,
}

ether_ip::view!(GenevePacket => GeneveHeader { options, payload } payload "The inner packet");

impl<B: SplitByteSlice> GenevePacket<B> {
    /// Reads a packet.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header or its options reach past the end; [`Error::Malformed`] in other versions than
    /// 0, which RFC 8926 §3.4 has dropped.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: GENEVE, needed, available };
        let (header, rest) = take_header::<GeneveHeader, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        //= RFC 8926 §3.4/version
        if header.version() != 0 {
            let (value, rule) = (u32::from(header.version()), Rule::Exactly(0));
            return Err(Error::Malformed { layer: GENEVE, field: "version", value, rule });
        }
        let header_len = header.header_len();
        let (options, payload) = take(rest, header_len - HEADER_LEN).ok_or(truncated(header_len))?;
        Ok(Self { header, options, payload })
    }
}

impl<B: ByteSlice> GenevePacket<B> {
    /// The options, one by one.
    #[inline]
    pub fn options(&self) -> GeneveOptions<'_> {
        GeneveOptions::new(&self.options)
    }

    /// The options' bytes, 0–252.
    #[inline]
    pub fn options_bytes(&self) -> &[u8] {
        &self.options
    }
}

/// Geneve as a layer of a [stack](ether_ip::stack): in UDP to this port, and behind it what its protocol type says. Whether a critical
/// option is known (RFC 8926 §3.5) is for the caller to look at.
///
/// ```
/// use ether_ip::stack::{Ip, Ipv4, Udp};
/// use geneve_codec::{Geneve, PORT};
///
/// # let bytes = [
/// #     0x45, 0, 0, 56, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, // IPv4
/// #     0xc0, 0, 23, 193, 0, 36, 0, 0, 0, 0, 8, 0, 0, 0, 7, 0, // UDP, Geneve
/// #     0x45, 0, 0, 20, 0, 0, 0x40, 0, 64, 59, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, // IPv4
/// # ];
/// let (_, _, geneve, inner) = (Ipv4 / Udp / Geneve(PORT) / Ip).parse(&bytes)?;
/// assert_eq!((geneve.vni().get(), inner.source().to_string()), (7, "10.0.0.1".to_owned()));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geneve(
    /// The UDP port: [`PORT`], or what was agreed.
    pub u16,
);

impl Layer for Geneve {
    type View<B: SplitByteSlice> = GenevePacket<B>;

    #[inline(always)]
    fn read<B: SplitByteSlice>(self, _: Option<Next>, bytes: B) -> Result<GenevePacket<B>, Error> {
        GenevePacket::parse(bytes)
    }
}

impl Carrier for Geneve {
    type Head<'a> = &'a mut GeneveHeader;

    #[inline(always)]
    fn next<'a>(view: &Self::View<&'a [u8]>) -> Result<(Next, &'a [u8]), Error> {
        Ok((protocol(view.header()), view.into_payload()))
    }

    #[inline(always)]
    fn split<'a>(view: Self::View<&'a mut [u8]>) -> Result<(Self::Head<'a>, Next, &'a mut [u8]), Error> {
        let next = protocol(view.header());
        let (header, payload) = view.into_parts();
        Ok((header, next, payload))
    }
}

#[inline(always)]
fn protocol(header: &GeneveHeader) -> Next {
    Next::new(GENEVE, "protocol type", header.protocol_type().0)
}

impl Follows<Udp> for Geneve {
    #[inline(always)]
    fn when(self) -> Rule {
        Rule::Exactly(u32::from(self.0))
    }
}

impl Follows<Geneve> for Ethernet {
    #[inline(always)]
    fn when(self) -> Rule {
        Rule::Exactly(u32::from(EtherType::TRANSPARENT_ETHERNET.0))
    }
}

/// IP without Ethernet says what it is as behind Ethernet.
macro_rules! as_behind_ethernet {
    ($($layer:ty)*) => {$(
        impl Follows<Geneve> for $layer {
            #[inline(always)]
            fn when(self) -> Rule {
                Follows::<Ethernet>::when(self)
            }
        }
    )*};
}

as_behind_ethernet!(Ipv4 Ipv6 Ip);

impl<R: Follows<Geneve>> Div<R> for Geneve {
    type Output = Stack<Geneve, R>;

    #[inline(always)]
    fn div(self, behind: R) -> Stack<Geneve, R> {
        Stack::new(self, behind)
    }
}

open_set! {
    /// Who defines an option (IANA's "Geneve Option Class").
    pub struct OptionClass(u16) {
        /// Linux.
        LINUX = 0x0100, "Linux";
        /// Open vSwitch.
        OPEN_VSWITCH = 0x0101, "Open vSwitch";
        /// Open Virtual Network.
        OVN = 0x0102, "OVN";
        /// In-band network telemetry.
        INT = 0x0103, "In-band Network Telemetry";
        /// VMware.
        VMWARE = 0x0104, "VMware";
        /// AWS Gateway Load Balancer.
        AWS_GATEWAY_LOAD_BALANCER = 0x0108, "AWS Gateway Load Balancer";
        /// Google Cloud.
        GOOGLE = 0x0132, "Google";
        /// Cilium.
        CILIUM = 0x014b, "Cilium";
    }
}

/// One option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct GeneveOption<'a> {
    /// Who defines it.
    pub class: OptionClass,
    /// Its type, the critical bit included.
    pub kind: u8,
    /// The three reserved bits above the length, in their place: 0xe0.
    pub reserved: u8,
    /// Its data: 0–124 bytes, a multiple of 4.
    pub data: &'a [u8],
}

impl GeneveOption<'_> {
    /// Whether a receiver that does not know the option must drop the packet (RFC 8926 §3.5).
    #[inline]
    #[must_use]
    pub const fn is_critical(&self) -> bool {
        self.kind & 0x80 != 0
    }

    /// Writes the option; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the data is longer than 124 bytes or no multiple of 4; [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let len = self.data.len();
        to.layer().check("length of the data", len, &[Rule::AtMost(124), Rule::MultipleOf(4)])?;
        let kind_and_length = [self.kind, self.reserved & 0xe0 | (len / 4) as u8];
        to.write_all(&[&self.class.0.to_be_bytes(), &kind_and_length, self.data])
    }
}

/// The options of a packet, lazily. An error ends it.
#[derive(Debug, Clone)]
pub struct GeneveOptions<'a> {
    rest: &'a [u8],
}

impl<'a> GeneveOptions<'a> {
    /// Over the bytes behind the fixed header.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for GeneveOptions<'a> {
    type Item = Result<GeneveOption<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let available = self.rest.len();
        let truncated = |needed| Error::Truncated { layer: GENEVE_OPTION, needed, available };
        let option = self.rest.split_first_chunk::<4>().ok_or(truncated(4)).and_then(|(&[a, b, kind, last], rest)| {
            let len = usize::from(last & 0x1f) * 4;
            let (data, rest) = rest.split_at_checked(len).ok_or(truncated(4 + len))?;
            let class = OptionClass(u16::from_be_bytes([a, b]));
            //= RFC 8926 §3.5/option-reserved-ignored
            Ok((GeneveOption { class, kind, reserved: last & 0xe0, data }, rest))
        });
        Some(match option {
            Ok((option, rest)) => {
                self.rest = rest;
                Ok(option)
            }
            Err(error) => {
                self.rest = &[];
                Err(error)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use ether_ip::Headroom;
    use std::vec::Vec;

    /// Cilium's DSR option for IPv4 as WIRE-FACTS has it: class 0x014b, type 0x81, two words.
    const DSR: [u8; 21] = [
        3, 0x40, 0x65, 0x58, 0, 0, 7, 0, // header: three words of options, C, Ethernet, VNI 7
        0x01, 0x4b, 0x81, 2, 10, 0, 0, 1, 0x1f, 0x90, 0, 0, // address, port, padding
        0xaa,
    ];

    #[test]
    fn reads_builds_and_changes() {
        //= RFC 8926 §3.4/reserved-zero, §3.5/critical-base
        let packet = GenevePacket::parse(&DSR[..]).unwrap();
        assert_eq!((packet.vni().get(), packet.protocol_type()), (7, EtherType::TRANSPARENT_ETHERNET));
        assert!(packet.has_critical_options() && !packet.is_oam());
        assert_eq!((packet.header_len(), packet.payload()), (20, &[0xaa][..]));
        let option = packet.options().next().unwrap().unwrap();
        assert_eq!((option.class, option.kind, option.is_critical()), (OptionClass::CILIUM, 0x81, true));
        assert_eq!(option.data, [10, 0, 0, 1, 0x1f, 0x90, 0, 0]);

        let mut options = [0; 12];
        let mut writer = Writer::new(GENEVE_OPTION, &mut options);
        assert_eq!(option.write(&mut writer).map(|()| writer.len()), Ok(12));
        let mut buffer = [0; 21];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        GeneveHeader::new(packet.vni(), packet.protocol_type()).prepend(&options, &mut built).unwrap();
        assert_eq!(built.packet(), DSR);
        let mut packet = GenevePacket::parse(built.into_packet()).unwrap();
        packet.set_oam(true);
        packet.set_vni(Vni::MAX);
        packet.payload_mut()[0] = 0xbb;
        assert_eq!((buffer[1], buffer[4..7].to_vec(), buffer[20]), (0xc0, Vec::from([0xff; 3]), 0xbb));
    }

    /// RFC 8926 §3.4: reserved bits are ignored, and can be looked at; what is set again stays.
    #[test]
    fn reserved_and_set_again() {
        //= RFC 8926 §3.4/reserved-ignored, §3.5/critical-base
        let mut bytes = [0, 0xbf, 0x65, 0x58, 0, 0, 7, 0x56];
        let mut packet = GenevePacket::parse(&mut bytes[..]).unwrap();
        assert_eq!((packet.reserved(), packet.is_oam(), packet.has_critical_options()), ((0x3f, 0x56), true, false));
        packet.set_oam(true);
        assert!(packet.is_oam());
        packet.set_oam(false);
        assert_eq!(bytes[1], 0x3f);
        // Options fill C as they are, over what it was, and leave the rest.
        let header = *GenevePacket::parse(&[0, 0xff, 0x65, 0x58, 0, 0, 7, 0][..]).unwrap().header();
        for (options, flags) in [(&[][..], 0xbf), (&[0, 1, 0x80, 0][..], 0xff), (&[0, 1, 0x7f, 0][..], 0xbf)] {
            let mut buffer = [0; 12];
            let mut packet = Headroom::new(&mut buffer, 0).unwrap();
            header.prepend(options, &mut packet).unwrap();
            assert_eq!(packet.packet()[1], flags, "{options:?}");
        }
    }

    /// RFC 8926 §3.4: six bits of words, and §3.5: five.
    #[test]
    fn the_longest_options() {
        let header = GeneveHeader::new(Vni::MAX, EtherType::IPV4);
        let mut buffer = [0; 300];
        assert!(header.prepend(&[0; 252], &mut Headroom::new(&mut buffer, 0).unwrap()).is_ok());
        let unbuildable =
            |value, rule| Error::Unbuildable { layer: GENEVE, field: "length of the options", value, rule };
        for (len, rule) in [(256, Rule::AtMost(252)), (250, Rule::MultipleOf(4)), (253, Rule::AtMost(252))] {
            let error = header.prepend(&[0; 256][..len], &mut Headroom::new(&mut buffer, 0).unwrap()).unwrap_err();
            assert_eq!(error, unbuildable(len, rule));
        }
        let option = |len, to: &mut [u8]| {
            let mut writer = Writer::new(GENEVE_OPTION, to);
            let option = GeneveOption { class: OptionClass(1), kind: 2, reserved: 0xff, data: &[9; 128][..len] };
            option.write(&mut writer).map(|()| writer.len())
        };
        let mut to = [0; 132];
        assert_eq!(option(124, &mut to), Ok(128));
        assert_eq!((&to[..5], to[127], to[128]), (&[0, 1, 2, 0xff, 9][..], 9, 0));
        assert_eq!(option(0, &mut to), Ok(4));
        assert_eq!(to[3], 0xe0);
        let field = "length of the data";
        for (value, rule) in [(128, Rule::AtMost(124)), (122, Rule::MultipleOf(4)), (125, Rule::AtMost(124))] {
            assert_eq!(option(value, &mut to), Err(Error::Unbuildable { layer: GENEVE_OPTION, field, value, rule }));
        }
    }

    #[test]
    fn cut_and_contradicting() {
        //= RFC 8926 §3.4/version
        for available in 0..20 {
            let needed = if available < 8 { 8 } else { 20 };
            let error = GenevePacket::parse(&DSR[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: GENEVE, needed, available });
        }
        for version in 1..4 {
            let mut bytes = DSR;
            bytes[0] |= version << 6;
            let (value, rule) = (u32::from(version), Rule::Exactly(0));
            let error = GenevePacket::parse(&bytes[..]).unwrap_err();
            assert_eq!(error, Error::Malformed { layer: GENEVE, field: "version", value, rule });
        }
    }

    #[test]
    fn options_past_the_area_and_not_filling_it() {
        //= RFC 8926 §3.5/length
        let truncated = |needed, available| Err(Error::Truncated { layer: GENEVE_OPTION, needed, available });
        assert_eq!(GeneveOptions::new(&DSR[8..16]).collect::<Vec<_>>(), [truncated(12, 8)]);
        //= RFC 8926 §3.5/option-reserved-ignored
        let reserved = GeneveOptions::new(&[1, 2, 3, 0xe1, 9, 9, 9, 9]).next().unwrap().unwrap();
        assert_eq!((reserved.reserved, reserved.data), (0xe0, &[9; 4][..]));
        let options: Vec<_> = GeneveOptions::new(&[1, 2, 3, 0, 9, 9]).collect();
        let first = GeneveOption { class: OptionClass::OVN, kind: 3, reserved: 0, data: &[] };
        assert_eq!(options, [Ok(first), truncated(4, 2)]);
    }

    #[test]
    fn builders_refuse() {
        let mut buffer = [0; 300];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        let header = GeneveHeader::new(Vni::MAX, EtherType::IPV4);
        let refused = |layer, field, value, rule| Error::Unbuildable { layer, field, value, rule };
        let field = "length of the options";
        assert_eq!(header.prepend(&[0; 256], &mut packet), Err(refused(GENEVE, field, 256, Rule::AtMost(252))));
        assert_eq!(header.prepend(&[0; 6], &mut packet), Err(refused(GENEVE, field, 6, Rule::MultipleOf(4))));
        assert_eq!(header.prepend(&[0; 252], &mut packet), Ok(()));
        let option = GeneveOption { class: OptionClass::OVN, kind: 1, reserved: 0, data: &[0; 128] };
        let field = "length of the data";
        let refused = Err(refused(GENEVE_OPTION, field, 128, Rule::AtMost(124)));
        assert_eq!(option.write(&mut Writer::new(GENEVE_OPTION, &mut [0; 200])), refused);
        let option = GeneveOption { data: &[0; 4], ..option };
        let no_room = Error::NoRoom { layer: GENEVE_OPTION, needed: 8, available: 7 };
        assert_eq!(option.write(&mut Writer::new(GENEVE_OPTION, &mut [0; 7])), Err(no_room));
    }
}
