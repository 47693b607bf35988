//! IPv6: addresses, a hop limit, and a chain of further headers. The headers of the chain are in
//! [`ipv6_extension`](crate::ipv6_extension).
//!
//! ```text
//!  0       4               12                                      32
//!  +-------+---------------+---------------------------------------+
//!  |version| traffic class | flow label                            |
//!  +-------+---------------+-------+---------------+---------------+
//!  | payload length                | next header   | hop limit     |
//!  +-------------------------------+---------------+---------------+
//!  | source address, 16 bytes                                      |
//!  +---------------------------------------------------------------+
//!  | destination address, 16 bytes                                 |
//!  +---------------------------------------------------------------+
//! ```
//!
//! RFC 8200 §3; RFC 2675 (jumbograms), RFC 6437 (flow label).

use core::net::Ipv6Addr;
use zerocopy::network_endian::{U16, U32};
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::{Change, PseudoHeader};
use crate::ip::{Ecn, IpProtocol};
use crate::ipv6_extension::{Extension, Extensions, Ipv6Option, Ipv6OptionsHeader, UpperLayer, is_extension};
use crate::view::{take, take_header, unlikely};
use crate::{Error, LayerName, PacketBuffer, Rule};

/// The fixed header's length, in bytes.
pub const HEADER_LEN: usize = size_of::<Ipv6Header>();
/// The longest packet that every link takes, in bytes (RFC 8200 §5).
pub const MIN_MTU: u32 = 1280;

/// The 40 bytes that every IPv6 packet starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Ipv6Header {
    version_class_flow: U32,
    payload_length: U16,
    next_header: u8,
    hop_limit: u8,
    source: [u8; 16],
    destination: [u8; 16],
}

impl Ipv6Header {
    /// Whether the length is the header's to say, and it does.
    #[inline(always)]
    const fn is_usual(&self) -> bool {
        self.version() == 6 && self.payload_length() != 0 && self.next_header != IpProtocol::HOP_BY_HOP.0
    }

    /// A header with a hop limit of 64. The payload length is filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(source: Ipv6Addr, destination: Ipv6Addr, next_header: IpProtocol) -> Self {
        Self {
            version_class_flow: U32::new(6 << 28),
            payload_length: U16::new(0),
            next_header: next_header.0,
            hop_limit: 64,
            source: source.octets(),
            destination: destination.octets(),
        }
    }

    /// Version: 6 in a packet that was parsed.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> u8 {
        (self.version_class_flow.get() >> 28) as u8
    }

    /// Traffic class: DSCP and ECN.
    #[inline]
    #[must_use]
    pub const fn traffic_class(&self) -> u8 {
        (self.version_class_flow.get() >> 20) as u8
    }

    /// Differentiated services code point, 6 bits.
    #[inline]
    #[must_use]
    pub const fn dscp(&self) -> u8 {
        self.traffic_class() >> 2
    }

    /// Explicit congestion notification.
    #[inline]
    #[must_use]
    pub const fn ecn(&self) -> Ecn {
        Ecn::from_bits(self.traffic_class())
    }

    /// Flow label, 20 bits.
    #[inline]
    #[must_use]
    pub const fn flow_label(&self) -> u32 {
        self.version_class_flow.get() & 0x000f_ffff
    }

    /// Length of all that follows this header, in bytes. 0 in a jumbogram, and in packets that a network card has yet
    /// to segment.
    #[inline]
    #[must_use]
    pub const fn payload_length(&self) -> u16 {
        self.payload_length.get()
    }

    /// What follows: an extension header or the upper layer.
    #[inline]
    #[must_use]
    pub const fn next_header(&self) -> IpProtocol {
        IpProtocol(self.next_header)
    }

    /// Hop limit.
    #[inline]
    #[must_use]
    pub const fn hop_limit(&self) -> u8 {
        self.hop_limit
    }

    /// Source address.
    #[inline]
    #[must_use]
    pub const fn source(&self) -> Ipv6Addr {
        Ipv6Addr::from_bits(u128::from_be_bytes(self.source))
    }

    /// Destination address; with a routing header, the next one to visit.
    #[inline]
    #[must_use]
    pub const fn destination(&self) -> Ipv6Addr {
        Ipv6Addr::from_bits(u128::from_be_bytes(self.destination))
    }

    /// What this header adds to the checksum of an upper layer of this protocol in its packet.
    #[inline]
    #[must_use]
    pub fn pseudo_header(&self, protocol: IpProtocol) -> PseudoHeader {
        PseudoHeader::ipv6(self.source(), self.destination(), protocol)
    }

    /// Sets the traffic class: DSCP and ECN.
    #[inline]
    pub fn set_traffic_class(&mut self, class: u8) {
        self.version_class_flow.set(self.version_class_flow.get() & !0x0ff0_0000 | u32::from(class) << 20);
    }

    /// Sets the differentiated services code point, the lower 6 bits of `dscp`.
    #[inline]
    pub fn set_dscp(&mut self, dscp: u8) {
        self.set_traffic_class(self.traffic_class() & 3 | dscp << 2);
    }

    /// Sets explicit congestion notification.
    #[inline]
    pub fn set_ecn(&mut self, ecn: Ecn) {
        self.set_traffic_class(self.traffic_class() & !3 | ecn as u8);
    }

    /// Sets the flow label, the lower 20 bits of `label`.
    #[inline]
    pub fn set_flow_label(&mut self, label: u32) {
        self.version_class_flow.set(self.version_class_flow.get() & !0x000f_ffff | label & 0x000f_ffff);
    }

    /// Sets the length of all that follows this header, in bytes.
    #[inline]
    pub fn set_payload_length(&mut self, bytes: u16) {
        self.payload_length.set(bytes);
    }

    /// Sets what follows.
    #[inline]
    pub fn set_next_header(&mut self, protocol: IpProtocol) {
        self.next_header = protocol.0;
    }

    /// Sets the hop limit.
    #[inline]
    pub fn set_hop_limit(&mut self, hops: u8) {
        self.hop_limit = hops;
    }

    /// Sets the source address.
    #[inline]
    pub fn set_source(&mut self, address: Ipv6Addr) {
        self.source = address.octets();
    }

    /// Sets the destination address.
    #[inline]
    pub fn set_destination(&mut self, address: Ipv6Addr) {
        self.destination = address.octets();
    }

    /// Sets the source address. UDP, TCP and ICMPv6 cover it: what changes is for their `change_checksum`, unless this is a later
    /// fragment, which holds none, or has a home address option, which they cover instead (RFC 6275 §11.3.1).
    ///
    /// ```
    /// use ether_ip::{icmpv6::Icmpv6Packet, ip::IpProtocol, ipv6::Ipv6Packet};
    ///
    /// # let mut bytes = [0; 50];
    /// # bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 10, 58, 64]);
    /// # (bytes[23], bytes[39]) = (1, 1);
    /// # bytes[40..].copy_from_slice(&[128, 0, 0x1e, 0x4f, 0, 7, 0, 1, b'a', b'b']);
    /// let mut ip = Ipv6Packet::parse(&mut bytes[..])?; // a ping
    /// let change = ip.change_source("2001:db8::7".parse().unwrap());
    /// Icmpv6Packet::parse(ip.upper_layer_mut()?.payload)?.change_checksum(change);
    /// let pseudo = ip.pseudo_header(IpProtocol::ICMPV6);
    /// assert!(Icmpv6Packet::parse(ip.payload())?.checksum_is_valid(&pseudo));
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[inline]
    #[must_use = "UDP, TCP and ICMPv6 cover the address: give it to their change_checksum"]
    pub fn change_source(&mut self, address: Ipv6Addr) -> Change {
        let change = Change::new().bytes(8, &self.source, &address.octets());
        self.set_source(address);
        change
    }

    /// Sets the destination address, as [`change_source`](Self::change_source) does the source. Where a routing header has segments
    /// left, they cover the final destination instead (RFC 8200 §8.1).
    #[inline]
    #[must_use = "UDP, TCP and ICMPv6 cover the address: give it to their change_checksum"]
    pub fn change_destination(&mut self, address: Ipv6Addr) -> Change {
        let change = Change::new().bytes(24, &self.destination, &address.octets());
        self.set_destination(address);
        change
    }

    /// Takes one hop off the hop limit. The new value; `None`, and nothing changed, if it was 0 already.
    #[inline]
    pub fn decrement_hop_limit(&mut self) -> Option<u8> {
        self.hop_limit = self.hop_limit.checked_sub(1)?;
        Some(self.hop_limit)
    }

    /// Puts the header in front of `packet`, which is the payload with its extension headers, with the payload length
    /// filled. A payload longer than 65535 is taken to start with the jumbo option's header (RFC 2675 §2).
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the payload is longer than 65535 bytes and no hop-by-hop options follow;
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend(mut self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.payload_length.set(match payload_length(packet.len()) {
            Err(_) if self.next_header() == IpProtocol::HOP_BY_HOP => 0,
            length => length?,
        });
        self.prepend_as_is(packet)
    }

    /// Puts the header in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(LayerName::IPV6, self)
    }
}

/// The payload length of a packet with so many bytes behind the fixed header, which it does not count (RFC 8200 §3).
#[inline]
pub(crate) fn payload_length(behind: usize) -> Result<u16, Error> {
    LayerName::IPV6.fit_u16("payload length", behind)
}

/// An IPv6 packet, over the bytes `B`.
///
/// ```
/// use ether_ip::{ip::IpProtocol, ipv6::Ipv6Packet};
///
/// let mut bytes = [0; 48];
/// bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 4, 17, 64]);
/// let packet = Ipv6Packet::parse(&bytes[..])?;
/// assert_eq!((packet.next_header(), packet.hop_limit()), (IpProtocol::UDP, 64));
/// assert_eq!(packet.payload().len(), 4); // ends where the header says
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct Ipv6Packet<B> {
    header: Ref<B, Ipv6Header>,
    payload: B,
    trailer: B,
    missing: usize,
}

crate::view!(
    Ipv6Packet => Ipv6Header { payload, trailer } plain { missing }
    payload "All that follows the header, extension headers first, up to where the payload length says"
);

impl<B: SplitByteSlice> Ipv6Packet<B> {
    /// Reads a packet. The payload's length is the header's; with a jumbo option (RFC 2675) that one's; and where both
    /// are missing the payload goes to the end of the bytes, as in what a network card was to segment.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header or the payload length reach past the end; [`Error::Malformed`] if the version
    /// is not 6, or a jumbo option contradicts RFC 2675 §3.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, false)
    }

    /// Reads a packet that is as most are: whole, its length in the header, and no hop-by-hop options in front. `None` for any other, which
    /// [`parse`](Self::parse) reads or refuses.
    #[inline(always)]
    pub fn parse_usual(bytes: B) -> Option<Self> {
        let (header, rest) = take_header::<Ipv6Header, _>(bytes)?;
        if !header.is_usual() {
            return None;
        }
        let (payload, trailer) = take(rest, header.payload_length().into())?;
        Some(Self { header, payload, trailer, missing: 0 })
    }

    /// Reads a packet that a capture, or an ICMPv6 error that quotes it, cut short behind its header: the payload is
    /// what is there, and [`missing`](Self::missing) says how much is not.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for a payload length past the end.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        Self::read(bytes, true)
    }

    #[inline(always)]
    fn read(bytes: B, is_lax: bool) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::IPV6, needed, available };
        let (header, rest) = take_header::<Ipv6Header, _>(bytes).ok_or(truncated(HEADER_LEN))?;
        // What most packets are runs straight through.
        let rest = if header.is_usual() {
            match rest.split_at(header.payload_length().into()) {
                Ok((payload, trailer)) => return Ok(Self { header, payload, trailer, missing: 0 }),
                Err(rest) => rest,
            }
        } else {
            rest
        };
        unlikely();
        let len = Self::payload_len(&header, &rest)?;
        let (missing, there) = (len.saturating_sub(rest.len()), len.min(rest.len()));
        if missing > 0 && !is_lax {
            // Where a usize has 32 bits a jumbogram may be longer than it can say.
            return Err(truncated(available.saturating_add(missing)));
        }
        let (payload, trailer) = take(rest, there).ok_or(truncated(HEADER_LEN))?;
        Ok(Self { header, payload, trailer, missing })
    }

    /// The payload's length as the header has it, or a jumbo option.
    #[cold]
    fn payload_len(header: &Ipv6Header, rest: &[u8]) -> Result<usize, Error> {
        if header.version() != 6 {
            let (value, rule) = (u32::from(header.version()), Rule::Exactly(6));
            return Err(Error::Malformed { layer: LayerName::IPV6, field: "version", value, rule });
        }
        let len = match usize::from(header.payload_length()) {
            0 => Self::unsaid_length(header, rest)?,
            said => said,
        };
        if header.next_header() == IpProtocol::HOP_BY_HOP && is_said_twice(header, rest) {
            let (value, rule) = (u32::from(header.payload_length()), Rule::Exactly(0));
            return Err(Error::Malformed { layer: LayerName::IPV6, field: "payload length", value, rule });
        }
        Ok(len)
    }

    /// The length of a payload whose header says 0.
    #[cold]
    fn unsaid_length(header: &Ipv6Header, rest: &[u8]) -> Result<usize, Error> {
        match header.next_header() {
            IpProtocol::NO_NEXT_HEADER => Ok(0),
            IpProtocol::HOP_BY_HOP => match jumbo_length(rest) {
                Some(length) => check_jumbo(length, rest),
                None => Ok(rest.len()),
            },
            _ => Ok(rest.len()),
        }
    }
}

/// Whether both the header and a jumbo option say a length (RFC 2675 §3).
#[cold]
fn is_said_twice(header: &Ipv6Header, rest: &[u8]) -> bool {
    let said = usize::from(header.payload_length());
    // Where it says 0 there is nothing to look into.
    jumbo_length(rest.get(..said).unwrap_or(rest)).is_some()
}

/// The jumbo payload length (RFC 2675 §2), if the hop-by-hop options at the start of `rest` hold one.
fn jumbo_length(rest: &[u8]) -> Option<u32> {
    let hop_by_hop = Ipv6OptionsHeader::parse(rest, LayerName::HOP_BY_HOP).ok()?;
    hop_by_hop.options().find_map(|option| match option {
        Ok(Ipv6Option::JumboPayload(length)) => Some(length),
        _ => None,
    })
}

/// RFC 2675 §3: a jumbogram is longer than the header's own field can say, and no fragment.
fn check_jumbo(length: u32, rest: &[u8]) -> Result<usize, Error> {
    let malformed = |layer, field, value, rule| Err(Error::Malformed { layer, field, value, rule });
    if length <= 65_535 {
        return malformed(LayerName::IPV6_OPTION, "jumbo payload length", length, Rule::AtLeast(65_536));
    }
    let mut extensions = Extensions::new(IpProtocol::HOP_BY_HOP, rest).map_while(Result::ok);
    if extensions.any(|extension| matches!(extension, Extension::Fragment(_))) {
        return malformed(LayerName::FRAGMENT, "number in a jumbogram", 1, Rule::Exactly(0));
    }
    Ok(length as usize)
}

impl<B: ByteSlice> Ipv6Packet<B> {
    /// The extension headers, one by one, ending with the upper layer.
    ///
    /// ```
    /// # use ether_ip::{ip::IpProtocol, ipv6::Ipv6Packet, ipv6_extension::Extension};
    /// # let mut bytes = [0; 56];
    /// # bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 16, 44, 64]);
    /// # bytes[40] = 17;
    /// let packet = Ipv6Packet::parse(&bytes[..])?;
    /// let upper = packet.extensions().upper_layer()?;
    /// assert_eq!((upper.protocol, upper.payload.len()), (IpProtocol::UDP, 8));
    /// assert!(!upper.is_later_fragment);
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[inline]
    pub fn extensions(&self) -> Extensions<'_> {
        Extensions::new(self.header.next_header(), &self.payload)
    }

    /// The tunnel encapsulation limit (RFC 2473 §4.1.1), if the destination options have one, and where in the packet it stands,
    /// counted in bytes from the first. Such a packet may enter so many tunnels more; at 0 it is discarded, and a parameter
    /// problem with code 0 points there.
    pub fn encapsulation_limit(&self) -> Option<(u8, usize)> {
        self.extensions().map_while(Result::ok).find_map(|extension| match extension {
            Extension::DestinationOptions(header) => {
                let (limit, behind) = header.encapsulation_limit()?;
                let before = self.payload.len().saturating_sub(header.payload().len());
                Some((limit, before.saturating_add(HEADER_LEN).saturating_sub(behind).saturating_sub(1)))
            }
            _ => None,
        })
    }

    /// What this packet adds to the checksum of an upper layer of this protocol in it. That of a packet which is not
    /// [whole](Self::is_whole) fills no checksum ([`Error::NotWhole`]).
    #[inline]
    pub fn pseudo_header(&self, protocol: IpProtocol) -> PseudoHeader {
        self.header.pseudo_header(protocol).of_whole(self.is_whole())
    }

    /// Whether all of what it carries is here: it is no fragment, and nothing is missing.
    #[inline]
    pub fn is_whole(&self) -> bool {
        self.missing == 0 && !(is_extension(self.header.next_header()) && self.is_fragment())
    }

    #[cold]
    fn is_fragment(&self) -> bool {
        let mut extensions = self.extensions().map_while(Result::ok);
        extensions.any(|extension| matches!(extension, Extension::Fragment(fragment) if !fragment.is_atomic()))
    }

    /// What stands behind the packet: Ethernet's padding.
    #[inline]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// How many bytes of the payload are not there. Zero unless it was [`parse_lax`](Self::parse_lax).
    #[inline]
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Whether the payload length is 0 though there is a payload, of no jumbogram: odd, what a network card had yet to
    /// segment.
    #[inline]
    pub fn is_unsegmented(&self) -> bool {
        self.header.payload_length() == 0
            && !self.payload.is_empty()
            && !(self.header.next_header() == IpProtocol::HOP_BY_HOP && jumbo_length(&self.payload).is_some())
    }
}

impl<B: ByteSliceMut> Ipv6Packet<B> {
    /// What stands behind the extension headers, to be changed.
    ///
    /// # Errors
    /// The first one of an extension header's.
    #[inline]
    pub fn upper_layer_mut(&mut self) -> Result<UpperLayer<&mut [u8]>, Error> {
        let UpperLayer { protocol, payload, is_fragment, is_later_fragment } = self.extensions().upper_layer()?;
        let at = self.payload.len().saturating_sub(payload.len());
        let payload = self.payload.get_mut(at..).unwrap_or_default();
        Ok(UpperLayer { protocol, payload, is_fragment, is_later_fragment })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;

    const PACKET: [u8; 44] = {
        let mut bytes = [0; 44];
        let start = [0x6b, 0xb1, 0x23, 0x45, 0, 4, 17, 63, 0x20, 0x01, 0x0d, 0xb8];
        let mut at = 0;
        while at < start.len() {
            bytes[at] = start[at];
            at += 1;
        }
        bytes[23] = 1;
        bytes[24] = 0xfd;
        bytes[39] = 2;
        bytes[43] = 9;
        bytes
    };

    #[test]
    fn reads_builds_and_changes() {
        let packet = Ipv6Packet::parse(&PACKET[..]).unwrap();
        assert_eq!((packet.version(), packet.traffic_class(), packet.flow_label()), (6, 0xbb, 0x12345));
        assert_eq!((packet.dscp(), packet.ecn()), (46, Ecn::CongestionExperienced));
        assert_eq!((packet.payload_length(), packet.next_header(), packet.hop_limit()), (4, IpProtocol::UDP, 63));
        assert_eq!(packet.source(), "2001:db8::1".parse::<Ipv6Addr>().unwrap());
        assert_eq!(packet.destination(), "fd00::2".parse::<Ipv6Addr>().unwrap());
        assert_eq!((packet.payload(), packet.is_unsegmented()), (&[0, 0, 0, 9][..], false));

        let mut buffer = [0; 44];
        let mut built = Headroom::with_payload(&mut buffer, packet.payload()).unwrap();
        let mut header = Ipv6Header::new(packet.source(), packet.destination(), IpProtocol::UDP);
        header.set_dscp(46);
        header.set_ecn(Ecn::CongestionExperienced);
        header.set_flow_label(0x12345);
        assert_eq!(header.decrement_hop_limit(), Some(63));
        header.prepend(&mut built).unwrap();
        assert_eq!(built.packet(), PACKET);

        let mut bytes = PACKET;
        let mut packet = Ipv6Packet::parse(&mut bytes[..]).unwrap();
        packet.set_hop_limit(0);
        packet.set_next_header(IpProtocol::TCP);
        packet.set_source(Ipv6Addr::LOCALHOST);
        packet.set_destination(Ipv6Addr::UNSPECIFIED);
        assert_eq!(packet.decrement_hop_limit(), None);
        assert_eq!((bytes[6], bytes[7], bytes[8], bytes[23], bytes[39]), (6, 0, 0, 1, 0));
    }

    #[test]
    fn cut_anywhere_is_truncated() {
        for available in 0..44 {
            let needed = if available < 40 { 40 } else { 44 };
            let error = Ipv6Packet::parse(&PACKET[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::IPV6, needed, available });
        }
        let lax = Ipv6Packet::parse_lax(&PACKET[..41]).unwrap();
        assert_eq!((lax.payload(), lax.missing()), (&[0][..], 3));
    }

    #[test]
    fn other_versions_are_malformed() {
        for version in (0..16).filter(|version| *version != 6) {
            let mut bytes = PACKET;
            bytes[0] = version << 4 | 0x0b;
            let error = Ipv6Packet::parse(&bytes[..]).unwrap_err();
            let (value, rule) = (u32::from(version), Rule::Exactly(6));
            assert_eq!(error, Error::Malformed { layer: LayerName::IPV6, field: "version", value, rule });
        }
    }

    /// RFC 2473 §4.1.1: the option's third byte, wherever it stands: here behind hop-by-hop options and padding, at 40 + 8 + 2 + 1 + 2.
    #[test]
    fn the_encapsulation_limit() {
        let mut bytes = [0; 57];
        bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 17, 0, 64]);
        bytes[40..56].copy_from_slice(&[60, 0, 1, 4, 0, 0, 0, 0, 41, 0, 0, 4, 1, 3, 1, 0]);
        assert_eq!(Ipv6Packet::parse(&bytes[..]).unwrap().encapsulation_limit(), Some((3, 53)));
        // Not in hop-by-hop options, not of another length, not behind a broken option.
        bytes[6] = 60;
        bytes[40] = 0;
        assert_eq!(Ipv6Packet::parse(&bytes[..]).unwrap().encapsulation_limit(), None);
        (bytes[6], bytes[40]) = (0, 60);
        for option in [[0, 4, 2, 3, 0, 0], [4, 0, 4, 1, 3, 0], [1, 9, 4, 1, 3, 0]] {
            bytes[50..56].copy_from_slice(&option);
            let expected = (option[2] == 4 && option[1] == 0).then_some((3, 54));
            assert_eq!(Ipv6Packet::parse(&bytes[..]).unwrap().encapsulation_limit(), expected);
        }
    }

    /// A payload length of 0 without a jumbo option: all of it (BIG TCP), but nothing behind "no next header".
    #[test]
    fn payload_length_zero() {
        let mut bytes = PACKET;
        bytes[5] = 0;
        let packet = Ipv6Packet::parse(&bytes[..]).unwrap();
        assert_eq!((packet.payload().len(), packet.is_unsegmented()), (4, true));
        bytes[6] = 59;
        let packet = Ipv6Packet::parse(&bytes[..]).unwrap();
        assert_eq!((packet.payload().len(), packet.trailer().len(), packet.is_unsegmented()), (0, 4, false));
    }

    /// RFC 2675 §2 and §3.
    #[test]
    fn jumbograms() {
        let mut bytes = std::vec![0; 40 + 65_544];
        bytes[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 0, 0, 64]);
        bytes[40..48].copy_from_slice(&[17, 0, 0xc2, 4, 0, 1, 0, 8]);
        let packet = Ipv6Packet::parse(&bytes[..]).unwrap();
        assert_eq!((packet.payload().len(), packet.is_unsegmented()), (65_544, false));
        let error = Ipv6Packet::parse(&bytes[..65_583]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::IPV6, needed: 65_584, available: 65_583 });
        // At most 65535 is what the header's own field is for.
        bytes[44..48].copy_from_slice(&[0, 0, 0xff, 0xff]);
        let error = Ipv6Packet::parse(&bytes[..]).unwrap_err();
        let (field, rule) = ("jumbo payload length", Rule::AtLeast(65_536));
        assert_eq!(error, Error::Malformed { layer: LayerName::IPV6_OPTION, field, value: 65_535, rule });

        // A fragment header has no place in one.
        bytes[44..48].copy_from_slice(&[0, 1, 0, 8]);
        bytes[40] = 44;
        let error = Ipv6Packet::parse(&bytes[..]).unwrap_err();
        let (field, rule) = ("number in a jumbogram", Rule::Exactly(0));
        assert_eq!(error, Error::Malformed { layer: LayerName::FRAGMENT, field, value: 1, rule });
        // Nor has the option where the header says a length, right or wrong.
        bytes[40] = 17;
        for length in [[0, 1, 0, 8], [0, 0, 0, 8]] {
            bytes[44..48].copy_from_slice(&length);
            bytes[5] = 8;
            let error = Ipv6Packet::parse(&bytes[..]).unwrap_err();
            let (field, rule) = ("payload length", Rule::Exactly(0));
            assert_eq!(error, Error::Malformed { layer: LayerName::IPV6, field, value: 8, rule });
        }
        bytes[42] = 1;
        assert_eq!(Ipv6Packet::parse(&bytes[..]).unwrap().payload().len(), 8, "another option");
        (bytes[5], bytes[42]) = (0, 0xc2);

        let header = Ipv6Header::new(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::HOP_BY_HOP);
        let mut packet = Headroom::new(&mut bytes, 65_544).unwrap();
        header.prepend(&mut packet).unwrap();
        assert_eq!(packet.packet()[4..6], [0, 0]);
        let mut packet = Headroom::new(&mut bytes, 65_544).unwrap();
        let (field, value, rule) = ("payload length", 65_544, Rule::AtMost(65_535));
        let refused = Err(Error::Unbuildable { layer: LayerName::IPV6, field, value, rule });
        let header = Ipv6Header::new(Ipv6Addr::LOCALHOST, Ipv6Addr::LOCALHOST, IpProtocol::UDP);
        assert_eq!(header.prepend(&mut packet), refused);
    }
}
