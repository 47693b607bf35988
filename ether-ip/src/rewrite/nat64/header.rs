//! An IP header on its way to the other family, and what that does to what it carries (RFC 7915 §4.1, §4.5, §5.1, §5.5).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use zerocopy::IntoBytes;

use super::message::Message;
use super::refusal::Refusal;
use crate::checksum::Change;
use crate::icmpv4::Icmpv4Type;
use crate::icmpv6::Icmpv6Type;
use crate::ip::{IpProtocol, Version};
use crate::ipv4::{self, Ipv4Header, Ipv4Option, Ipv4OptionKind, Ipv4Packet};
use crate::ipv6::{self, Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::{Extension, FragmentHeader, Ipv6Option, is_extension};
use crate::rewrite::places::{Transport, layer_of};
use crate::udp::{UdpDatagram, never_zero};
use crate::{Error, Headroom, LayerName, Rule};

/// The longest IPv4 packet of which an IPv6 link takes all fragments, however it was made: 1280 less what IPv6 has more (RFC 7915 §5.1).
const MAX_WITHOUT_DF: usize = 1260;

/// What becomes of a UDP datagram without a checksum on its way to IPv6, which asks for one (RFC 7915 §4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ZeroChecksum {
    /// It is given one, over all of its payload. Of a fragment none can be computed: it is refused.
    Computed,
    /// It is refused.
    Refused,
}

/// A header that was read, and the other family's that is to stand in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub to: Version,
    pub new: NewHeader,
    /// How many bytes the old one has, with options or extension headers.
    pub old_len: usize,
    /// How many bytes of the upper layer the old one tells of. Of a quoted packet not all are there.
    pub upper_len: usize,
    /// The upper layer's protocol as the old one has it.
    pub protocol: IpProtocol,
    pub part: Part,
    pub has_fragment_header: bool,
    pub dont_fragment: bool,
    /// Source and destination, as the upper layer's checksum is over them.
    ipv4: [[u8; 4]; 2],
    ipv6: [[u8; 16]; 2],
}

/// How much of what the upper layer has to say is in the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    First,
    Later,
}

impl Part {
    const fn new(is_fragment: bool, offset: usize) -> Self {
        match (is_fragment, offset) {
            (false, _) => Self::Whole,
            (true, 0) => Self::First,
            (true, _) => Self::Later,
        }
    }
}

/// A header of the family to which a packet goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum NewHeader {
    V4(Ipv4Header),
    V6(Ipv6Header, Option<FragmentHeader>),
}

impl NewHeader {
    #[inline]
    pub(super) const fn layer(&self) -> LayerName {
        match self {
            Self::V4(_) => LayerName::IPV4,
            Self::V6(..) => LayerName::IPV6,
        }
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::V4(_) => ipv4::HEADER_LEN,
            Self::V6(_, fragment) => {
                ipv6::HEADER_LEN + if fragment.is_some() { size_of::<FragmentHeader>() } else { 0 }
            }
        }
    }

    /// The same in front of so many bytes of an upper layer.
    #[inline]
    pub(super) fn with_upper_len(mut self, len: usize) -> Result<Self, Error> {
        match &mut self {
            Self::V4(header) => {
                let total = len.saturating_add(ipv4::HEADER_LEN);
                header.set_total_length(LayerName::IPV4.fit_u16("total length", total)?);
                header.set_checksum(header.compute_checksum(&[]));
            }
            Self::V6(header, fragment) => {
                let more = if fragment.is_some() { size_of::<FragmentHeader>() } else { 0 };
                header.set_payload_length(ipv6::payload_length(len.saturating_add(more))?);
            }
        }
        Ok(self)
    }

    /// What it does to a checksum that is over it that it comes in the place of other bytes.
    pub(super) fn instead_of(&self, old: &[u8], change: Change) -> Change {
        match self {
            Self::V4(header) => change.swapped(0, old, header.as_bytes()),
            Self::V6(header, fragment) => {
                let fragment = fragment.as_ref().map(IntoBytes::as_bytes).unwrap_or_default();
                change.swapped(0, old, header.as_bytes()).swapped(0, &[], fragment)
            }
        }
    }

    #[inline]
    pub(super) fn prepend(self, packet: &mut Headroom<'_>) -> Result<(), Error> {
        match self {
            Self::V4(header) => header.prepend_as_is(&[], packet),
            Self::V6(header, fragment) => {
                if let Some(fragment) = fragment {
                    fragment.prepend(packet)?;
                }
                header.prepend_as_is(packet)
            }
        }
    }
}

impl Header {
    /// Reads an IPv4 header. Of a quoted one no hop is taken, nor is it asked for the rest of its packet.
    #[inline(always)]
    pub(super) fn to_ipv6(
        bytes: &[u8],
        is_quoted: bool,
        mapping: &impl Fn(Ipv4Addr) -> Option<Ipv6Addr>,
    ) -> Result<Self, Refusal> {
        let ip = if is_quoted { Ipv4Packet::parse_lax(bytes)? } else { Ipv4Packet::parse(bytes)? };
        let protocol = ip.protocol();
        if is_extension(protocol) || matches!(protocol, IpProtocol::ICMPV6 | IpProtocol::IGMP) {
            return Err(Refusal::Protocol(protocol));
        }
        if !is_quoted && ip.header_len() > ipv4::HEADER_LEN && ip.options().any(is_unfinished_route) {
            return Err(Refusal::SourceRoute);
        }
        let hops = if is_quoted { ip.ttl() } else { one_less(ip.ttl())? };
        let address = |of: Ipv4Addr| mapping(of).ok_or(Refusal::NoAddress(IpAddr::V4(of)));
        let (source, destination) = (address(ip.source())?, address(ip.destination())?);
        let next = if protocol == IpProtocol::ICMP { IpProtocol::ICMPV6 } else { protocol };
        let fragment = ip.is_fragment().then(|| {
            let identification = u32::from(ip.identification());
            FragmentHeader::new(next, ip.fragment_offset() as u16, ip.more_fragments(), identification)
        });
        let next = if fragment.is_some() { IpProtocol::FRAGMENT } else { next };
        let mut header = Ipv6Header::new(source, destination, next);
        header.set_traffic_class(ip.traffic_class());
        header.set_hop_limit(hops);
        let upper_len = ip.payload().len().saturating_add(ip.missing());
        Ok(Self {
            to: Version::V6,
            new: NewHeader::V6(header, fragment).with_upper_len(upper_len)?,
            old_len: ip.header_len(),
            upper_len,
            protocol,
            part: Part::new(ip.is_fragment(), ip.fragment_offset()),
            has_fragment_header: false,
            dont_fragment: ip.dont_fragment(),
            ipv4: [ip.source().octets(), ip.destination().octets()],
            ipv6: [source.octets(), destination.octets()],
        })
    }

    /// Reads an IPv6 header and what stands between it and the upper layer.
    #[inline(always)]
    pub(super) fn to_ipv4(
        bytes: &[u8],
        is_quoted: bool,
        identification: u16,
        mapping: &impl Fn(Ipv6Addr) -> Option<Ipv4Addr>,
    ) -> Result<Self, Refusal> {
        let ip = if is_quoted { Ipv6Packet::parse_lax(bytes)? } else { Ipv6Packet::parse(bytes)? };
        let behind = Behind::read(&ip)?;
        let Behind { next: protocol, upper, fragment, covered } = behind;
        if matches!(protocol, IpProtocol::ICMP | IpProtocol::IGMP) {
            return Err(Refusal::Protocol(protocol));
        }
        let hops = if is_quoted { ip.hop_limit() } else { one_less(ip.hop_limit())? };
        let address = |of: Ipv6Addr| mapping(of).ok_or(Refusal::NoAddress(IpAddr::V6(of)));
        let (source, destination) = (address(ip.source())?, address(ip.destination())?);
        let upper_len = upper.len().saturating_add(ip.missing());
        let dont_fragment = fragment.is_none() && upper_len > MAX_WITHOUT_DF - ipv4::HEADER_LEN;
        let next = if protocol == IpProtocol::ICMPV6 { IpProtocol::ICMP } else { protocol };
        let mut header = Ipv4Header::new(source, destination, next);
        header.change_traffic_class(ip.traffic_class());
        header.set_ttl(hops);
        header.set_dont_fragment(dont_fragment);
        header.set_identification(identification);
        let mut part = Part::Whole;
        if let Some(fragment) = fragment {
            header.set_identification(fragment.identification() as u16);
            header.set_more_fragments(fragment.more_fragments());
            header.set_fragment_offset(fragment.fragment_offset() as u16);
            part = Part::new(!fragment.is_atomic(), fragment.fragment_offset());
        }
        Ok(Self {
            to: Version::V4,
            new: NewHeader::V4(header).with_upper_len(upper_len)?,
            old_len: (ipv6::HEADER_LEN + ip.payload().len()).saturating_sub(upper.len()),
            upper_len,
            protocol,
            part,
            has_fragment_header: fragment.is_some(),
            dont_fragment,
            ipv4: [source.octets(), destination.octets()],
            ipv6: [covered.octets(), ip.destination().octets()],
        })
    }

    /// What the packet that begins with the old header carries, as far as it is there.
    #[inline]
    pub(super) fn upper<'a>(&self, packet: &'a [u8]) -> &'a [u8] {
        let behind = packet.get(self.old_len..).unwrap_or_default();
        behind.get(..self.upper_len).unwrap_or(behind)
    }

    #[inline]
    fn is_icmp(&self) -> bool {
        self.protocol
            == match self.to {
                Version::V6 => IpProtocol::ICMP,
                Version::V4 => IpProtocol::ICMPV6,
            }
    }

    /// Whether what it carries is an ICMP error, which quotes a packet.
    #[inline]
    pub(super) fn is_error(&self, upper: &[u8]) -> bool {
        self.is_icmp()
            && self.part == Part::Whole
            && upper.first().is_some_and(|kind| match self.to {
                Version::V6 => Icmpv4Type(*kind).is_error(),
                Version::V4 => Icmpv6Type(*kind).is_error(),
            })
    }

    /// What the change of the addresses does to a checksum over both.
    #[inline]
    fn addresses(&self) -> Change {
        let (ipv4, ipv6) = (self.ipv4.as_flattened(), self.ipv6.as_flattened());
        match self.to {
            Version::V6 => Change::new().swapped(0, ipv4, ipv6),
            Version::V4 => Change::new().swapped(0, ipv6, ipv4),
        }
    }

    /// What it does to the checksum of an ICMP message that IPv6 has addresses, protocol and length under it, and IPv4 has not. The length
    /// is the IPv6 one's.
    pub(super) fn icmp_pseudo(&self, len: usize) -> Change {
        let (addresses, protocol) = (self.ipv6.as_flattened(), u16::from(IpProtocol::ICMPV6.0));
        let (high, low) = ((len >> 16) as u16, len as u16);
        match self.to {
            Version::V6 => {
                Change::new().swapped(0, &[], addresses).word(0, 0, protocol).word(0, 0, high).word(0, 0, low)
            }
            Version::V4 => {
                Change::new().swapped(0, addresses, &[]).word(0, protocol, 0).word(0, high, 0).word(0, low, 0)
            }
        }
    }

    /// What is to be changed in the upper layer. Of a quoted one as much as there is, and where it has no checksum it gets none:
    /// `zero_checksum` is `None`.
    #[inline(always)]
    pub(super) fn edits(&self, upper: &[u8], zero_checksum: Option<ZeroChecksum>) -> Result<Edits, Refusal> {
        if self.is_icmp() {
            return self.icmp_edits(upper, zero_checksum.is_none());
        }
        let Some(at) = self.checksum_at(upper).filter(|_| self.part != Part::Later) else { return Ok(Edits::NONE) };
        let Some((checksum, _)) = upper.get(at..).and_then(|bytes| bytes.split_first_chunk()) else {
            return self.unless_quoted(zero_checksum.is_none(), upper, at.saturating_add(2));
        };
        let old = u16::from_be_bytes(*checksum);
        let new = match (old, self.protocol) {
            (0, IpProtocol::UDP) => self.first_checksum(upper, zero_checksum)?,
            (0, IpProtocol::UDP_LITE) => 0,
            (_, IpProtocol::UDP | IpProtocol::UDP_LITE) => never_zero(self.addresses().apply(old)),
            _ => self.addresses().apply(old),
        };
        Ok(Edits { kind: None, checksum: Some((at, old, new)) })
    }

    /// Where a checksum stands that is over the addresses in both families; then it is the same place.
    #[inline]
    fn checksum_at(&self, upper: &[u8]) -> Option<usize> {
        match self.protocol {
            IpProtocol::TCP => Some(16),
            IpProtocol::UDP => Some(6),
            other => {
                let transport = Transport::of(other, Version::V4, upper);
                transport.checksum.filter(|_| transport.has_pseudo)
            }
        }
    }

    /// The checksum of a UDP datagram that has none.
    #[cold]
    fn first_checksum(&self, upper: &[u8], zero_checksum: Option<ZeroChecksum>) -> Result<u16, Refusal> {
        let (NewHeader::V6(header, _), Some(zero_checksum)) = (&self.new, zero_checksum) else { return Ok(0) };
        if self.part != Part::Whole || zero_checksum == ZeroChecksum::Refused {
            return Err(Refusal::ZeroChecksum);
        }
        let udp = UdpDatagram::parse(upper)?;
        Ok(udp.header().compute_checksum(&header.pseudo_header(IpProtocol::UDP), udp.payload()))
    }

    /// Of an echo, which changes its type. RFC 7915 §1.2: of a fragmented message the checksum is over a length that nobody here knows.
    fn icmp_edits(&self, upper: &[u8], is_quoted: bool) -> Result<Edits, Refusal> {
        if self.part != Part::Whole {
            return Err(Refusal::FragmentedIcmp);
        }
        let Some(([kind, code], behind)) = upper.split_first_chunk() else {
            return self.unless_quoted(is_quoted, upper, 4);
        };
        let Some(new_kind) = Message::echo(self.to, *kind) else {
            return Err(if self.is_error(upper) {
                Refusal::Nested
            } else {
                Refusal::Icmp { kind: *kind, code: *code }
            });
        };
        let kind = Some((*kind, new_kind));
        let Some((checksum, _)) = behind.split_first_chunk() else {
            let none = self.unless_quoted(is_quoted, upper, 4)?;
            return Ok(Edits { kind, ..none });
        };
        let checksum = u16::from_be_bytes(*checksum);
        let change = Edits { kind, checksum: None }.change(self.icmp_pseudo(self.upper_len));
        Ok(Edits { kind, checksum: Some((2, checksum, change.apply(checksum))) })
    }

    /// Nothing is to be changed in what is not there, if it is quoted.
    #[cold]
    fn unless_quoted(&self, is_quoted: bool, upper: &[u8], needed: usize) -> Result<Edits, Refusal> {
        let layer = layer_of(self.protocol);
        let truncated = Error::Truncated { layer, needed, available: upper.len() };
        if is_quoted { Ok(Edits::NONE) } else { Err(truncated.into()) }
    }
}

/// What is changed in an upper layer: its first byte, if it is ICMP's type, and its checksum. Each with what was there before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edits {
    kind: Option<(u8, u8)>,
    /// And where it stands.
    checksum: Option<(usize, u16, u16)>,
}

impl Edits {
    const NONE: Self = Self { kind: None, checksum: None };

    /// What they do to a checksum over them.
    pub(super) fn change(&self, mut change: Change) -> Change {
        if let Some((old, new)) = self.kind {
            change = change.word(0, u16::from_be_bytes([old, 0]), u16::from_be_bytes([new, 0]));
        }
        if let Some((at, old, new)) = self.checksum {
            change = change.word(at, old, new);
        }
        change
    }

    /// Makes them in the upper layer that begins at `upper`.
    #[inline]
    pub(super) fn write(&self, packet: &mut [u8], upper: usize) {
        let upper = packet.get_mut(upper..).unwrap_or_default();
        if let (Some((_, new)), Some(kind)) = (self.kind, upper.first_mut()) {
            *kind = new;
        }
        let Some((at, _, new)) = self.checksum else { return };
        if let Some(checksum) = upper.get_mut(at..).and_then(|bytes| bytes.first_chunk_mut()) {
            *checksum = new.to_be_bytes();
        }
    }
}

/// What stands behind an IPv6 header.
struct Behind<'a> {
    /// The upper layer's protocol, and its bytes.
    next: IpProtocol,
    upper: &'a [u8],
    fragment: Option<FragmentHeader>,
    /// The source that the upper layer's checksum is over.
    covered: Ipv6Addr,
}

impl<'a> Behind<'a> {
    #[inline]
    fn read(ip: &'a Ipv6Packet<&'a [u8]>) -> Result<Self, Refusal> {
        let mut behind = Self { next: ip.next_header(), upper: ip.payload(), fragment: None, covered: ip.source() };
        if is_extension(behind.next) {
            behind.skip_extensions(ip.payload().len())?;
        }
        Ok(behind)
    }

    /// RFC 7915 §5.1: options are left out, and routes that were gone to the end.
    #[cold]
    fn skip_extensions(&mut self, payload_len: usize) -> Result<(), Refusal> {
        while is_extension(self.next) {
            if self.next == IpProtocol::AUTHENTICATION {
                return Err(Refusal::Protocol(self.next));
            }
            let Some(extension) = Extension::parse(self.next, self.upper).transpose()? else { return Ok(()) };
            match &extension {
                Extension::Routing(routing) if routing.segments_left() > 0 => {
                    let at = (ipv6::HEADER_LEN + 3 + payload_len).saturating_sub(self.upper.len());
                    return Err(Refusal::SegmentsLeft { pointer: at as u32 });
                }
                Extension::Fragment(_) if self.fragment.is_some() => {
                    let (field, value, rule) = ("number of fragment headers", 2, Rule::AtMost(1));
                    return Err(Error::Malformed { layer: LayerName::IPV6, field, value, rule }.into());
                }
                Extension::Fragment(fragment) => self.fragment = Some(*fragment.header()),
                // RFC 6275 §9.3.1: the checksum is over the home address.
                Extension::DestinationOptions(header) => {
                    for option in header.options().map_while(Result::ok) {
                        if let Ipv6Option::HomeAddress(home) = option {
                            self.covered = home;
                        }
                    }
                }
                _ => {}
            }
            (self.next, self.upper) = (extension.next_header(), extension.into_payload());
            if self.fragment.is_some_and(|fragment| !fragment.is_atomic()) {
                return if is_extension(self.next) { Err(Refusal::FragmentedExtension) } else { Ok(()) };
            }
        }
        Ok(())
    }
}

/// RFC 1812 §5.3.1, RFC 8200 §3: what has no hop left is not sent on.
fn one_less(hops: u8) -> Result<u8, Refusal> {
    match hops {
        0 | 1 => Err(Refusal::HopLimit),
        hops => Ok(hops.saturating_sub(1)),
    }
}

/// Whether an option is a source route that goes on from here (RFC 791 §3.1).
fn is_unfinished_route(option: Result<Ipv4Option<'_>, Error>) -> bool {
    match option {
        Ok(Ipv4Option::Route { kind, pointer, addresses }) => {
            let is_left = usize::from(pointer) <= addresses.as_flattened().len().saturating_add(3);
            kind != Ipv4OptionKind::RECORD_ROUTE && is_left
        }
        _ => false,
    }
}
