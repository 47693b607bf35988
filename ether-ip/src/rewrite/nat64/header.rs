//! An IP header on its way to the other family, and what that does to what it carries (RFC 7915 §4.1, §4.5, §5.1, §5.5).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::message::Message;
use super::refusal::Refusal;
use crate::checksum::{Change, words_of};
use crate::icmpv4::Icmpv4Type;
use crate::icmpv6::Icmpv6Type;
use crate::ip::{Ecn, IpProtocol, Version};
use crate::ipv4::{self, Ipv4Header, Ipv4Option, Ipv4OptionKind, Ipv4Options, Ipv4Packet};
use crate::ipv6::{self, Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::{Extension, FragmentHeader, Ipv6Option, is_extension};
use crate::rewrite::places::{Transport, layer_of};
use crate::udp::{self, UdpDatagram};
use crate::{Error, Headroom, LayerName, PacketBuffer, Rule};

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
    pub new: NewHeader,
    /// How many bytes the old one has, with options or extension headers.
    pub old_len: usize,
    /// The upper layer's protocol as the old one has it.
    pub protocol: IpProtocol,
    /// Whether an old one of IPv6 has a fragment header.
    pub has_fragment_header: bool,
    /// The sums of source and destination, as the upper layer's checksum is over them.
    ipv4_sum: u64,
    ipv6_sum: u64,
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

/// A header of the family to which a packet goes: numbers alone, of which it is made where it is to stand. So they stay in registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewHeader {
    pub to: Version,
    traffic_class: u8,
    hops: u8,
    /// The upper layer's protocol.
    next: IpProtocol,
    /// How many bytes of the upper layer are said to stand behind it. Of a quoted packet not all are there.
    pub upper_len: usize,
    /// IPv4's are the lower 32 bits.
    source: u128,
    destination: u128,
    pub dont_fragment: bool,
    /// Of what is not whole IPv6 has a fragment header.
    pub part: Part,
    fragment: Fragment,
}

/// What is said of a fragment.
#[derive(Debug, Clone, Copy)]
struct Fragment {
    identification: u32,
    offset: u16,
    more: bool,
}

impl Fragment {
    const NONE: Self = Self { identification: 0, offset: 0, more: false };

    #[cold]
    fn of(ip: &Ipv4Header) -> (Part, Self) {
        let (identification, offset) = (u32::from(ip.identification()), ip.fragment_offset());
        (Part::new(true, offset), Self { identification, offset: offset as u16, more: ip.more_fragments() })
    }
}

impl NewHeader {
    #[inline]
    pub(super) const fn layer(&self) -> LayerName {
        match self.to {
            Version::V4 => LayerName::IPV4,
            Version::V6 => LayerName::IPV6,
        }
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        match (self.to, self.part) {
            (Version::V4, _) => ipv4::HEADER_LEN,
            (Version::V6, Part::Whole) => ipv6::HEADER_LEN,
            (Version::V6, _) => ipv6::HEADER_LEN + size_of::<FragmentHeader>(),
        }
    }

    /// The same, if its length can be said.
    #[inline]
    pub(super) fn checked(self) -> Result<Self, Error> {
        let len = self.upper_len.saturating_add(self.len());
        match self.to {
            Version::V4 => LayerName::IPV4.fit_u16("total length", len)?,
            Version::V6 => ipv6::payload_length(len.saturating_sub(ipv6::HEADER_LEN))?,
        };
        Ok(self)
    }

    /// What it does to a checksum that is over it that it comes in the place of other bytes.
    pub(super) fn instead_of(&self, old: &[u8], change: Change) -> Result<Change, Error> {
        let mut bytes = [0; ipv6::HEADER_LEN + size_of::<FragmentHeader>()];
        let mut packet = Headroom::new(&mut bytes, 0)?;
        self.prepend(&mut packet)?;
        Ok(change.swapped(0, old, packet.packet()))
    }

    #[inline(always)]
    pub(super) fn prepend(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        match self.to {
            Version::V4 => self.ipv4().prepend_as_is(&[], packet),
            Version::V6 if self.part != Part::Whole => {
                let Fragment { offset, more, identification } = self.fragment;
                FragmentHeader::new(self.next, offset, more, identification).prepend(packet)?;
                self.ipv6(IpProtocol::FRAGMENT, size_of::<FragmentHeader>()).prepend_as_is(packet)
            }
            Version::V6 => self.ipv6(self.next, 0).prepend_as_is(packet),
        }
    }

    #[inline(always)]
    fn ipv4(&self) -> Ipv4Header {
        let (source, destination) =
            (Ipv4Addr::from_bits(self.source as u32), Ipv4Addr::from_bits(self.destination as u32));
        let mut header = Ipv4Header::new(source, destination, self.next);
        header.set_dscp(self.traffic_class >> 2);
        header.set_ecn(Ecn::from_bits(self.traffic_class));
        header.set_ttl(self.hops);
        header.set_total_length(self.upper_len.saturating_add(ipv4::HEADER_LEN) as u16);
        header.set_identification(self.fragment.identification as u16);
        header.set_dont_fragment(self.dont_fragment);
        header.set_more_fragments(self.fragment.more);
        header.set_fragment_offset(self.fragment.offset);
        header.set_checksum(header.compute_checksum(&[]));
        header
    }

    /// With so many bytes of a fragment header behind it.
    #[inline(always)]
    fn ipv6(&self, next: IpProtocol, behind: usize) -> Ipv6Header {
        let (source, destination) = (Ipv6Addr::from_bits(self.source), Ipv6Addr::from_bits(self.destination));
        let mut header = Ipv6Header::new(source, destination, next);
        header.set_traffic_class(self.traffic_class);
        header.set_hop_limit(self.hops);
        header.set_payload_length(self.upper_len.saturating_add(behind) as u16);
        header
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
        let ip = match Ipv4Packet::parse_usual(bytes) {
            Some(ip) => ip,
            None => Self::unusual_ipv4(bytes, is_quoted)?,
        };
        let protocol = ip.protocol();
        if is_extension(protocol) || matches!(protocol, IpProtocol::ICMPV6 | IpProtocol::IGMP) {
            return Err(Refusal::Protocol(protocol));
        }
        if !is_quoted && ip.header_len() > ipv4::HEADER_LEN && has_unfinished_route(ip.options()) {
            return Err(Refusal::SourceRoute);
        }
        let hops = if is_quoted { ip.ttl() } else { one_less(ip.ttl())? };
        let unknown = |of| Err(Refusal::NoAddress(IpAddr::V4(of)));
        let Some(source) = mapping(ip.source()) else { return unknown(ip.source()) };
        let Some(destination) = mapping(ip.destination()) else { return unknown(ip.destination()) };
        let next = if protocol == IpProtocol::ICMP { IpProtocol::ICMPV6 } else { protocol };
        let missing = if is_quoted { ip.missing() } else { 0 };
        let upper_len = ip.payload().len().saturating_add(missing);
        let (part, fragment) = if ip.is_fragment() { Fragment::of(&ip) } else { (Part::Whole, Fragment::NONE) };
        let new = NewHeader {
            to: Version::V6,
            traffic_class: ip.traffic_class(),
            hops,
            next,
            upper_len,
            source: source.to_bits(),
            destination: destination.to_bits(),
            dont_fragment: ip.dont_fragment(),
            part,
            fragment,
        };
        Ok(Self {
            new: new.checked()?,
            old_len: ip.header_len(),
            protocol,
            has_fragment_header: false,
            ipv4_sum: sum_v4(ip.source(), ip.destination()),
            ipv6_sum: sum_v6(source, destination),
        })
    }

    /// Out of line, so that the usual packet's parts stay in registers.
    #[cold]
    #[inline(never)]
    fn unusual_ipv4(bytes: &[u8], is_quoted: bool) -> Result<Ipv4Packet<&[u8]>, Error> {
        if is_quoted { Ipv4Packet::parse_lax(bytes) } else { Ipv4Packet::parse(bytes) }
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
        let unknown = |of| Err(Refusal::NoAddress(IpAddr::V6(of)));
        let Some(source) = mapping(ip.source()) else { return unknown(ip.source()) };
        let Some(destination) = mapping(ip.destination()) else { return unknown(ip.destination()) };
        let upper_len = upper.len().saturating_add(ip.missing());
        let has_fragment_header = fragment.is_some();
        let dont_fragment = !has_fragment_header && upper_len > MAX_WITHOUT_DF - ipv4::HEADER_LEN;
        let next = if protocol == IpProtocol::ICMPV6 { IpProtocol::ICMP } else { protocol };
        let part = fragment.map_or(Part::Whole, |of| Part::new(!of.is_atomic(), of.fragment_offset()));
        let fragment = fragment.unwrap_or(FragmentHeader::new(next, 0, false, u32::from(identification)));
        let new = NewHeader {
            to: Version::V4,
            traffic_class: ip.traffic_class(),
            hops,
            next,
            upper_len,
            source: u128::from(source.to_bits()),
            destination: u128::from(destination.to_bits()),
            dont_fragment,
            part,
            fragment: Fragment {
                identification: fragment.identification(),
                offset: fragment.fragment_offset() as u16,
                more: fragment.more_fragments(),
            },
        };
        Ok(Self {
            new: new.checked()?,
            old_len: ip.payload().len().saturating_sub(upper.len()).saturating_add(ipv6::HEADER_LEN),
            protocol,
            has_fragment_header,
            ipv4_sum: sum_v4(source, destination),
            ipv6_sum: sum_v6(covered, ip.destination()),
        })
    }

    /// What the packet that begins with the old header carries, as far as it is there.
    #[inline]
    pub(super) fn upper<'a>(&self, packet: &'a [u8]) -> &'a [u8] {
        let behind = packet.get(self.old_len..).unwrap_or_default();
        behind.get(..self.new.upper_len).unwrap_or(behind)
    }

    #[inline]
    fn is_icmp(&self) -> bool {
        self.protocol
            == match self.new.to {
                Version::V6 => IpProtocol::ICMP,
                Version::V4 => IpProtocol::ICMPV6,
            }
    }

    /// Whether the packet that begins with the old header is an ICMP error, which quotes another.
    #[inline]
    pub(super) fn is_error(&self, packet: &[u8]) -> bool {
        self.is_icmp() && self.has_error(self.upper(packet))
    }

    /// The same of the ICMP message that it carries.
    fn has_error(self, upper: &[u8]) -> bool {
        self.new.part == Part::Whole
            && upper.first().is_some_and(|kind| match self.new.to {
                Version::V6 => Icmpv4Type(*kind).is_error(),
                Version::V4 => Icmpv6Type(*kind).is_error(),
            })
    }

    /// What the change of the addresses does to a checksum over both.
    #[inline]
    fn addresses(&self) -> Change {
        match self.new.to {
            Version::V6 => Change::new().summed(self.ipv4_sum, self.ipv6_sum),
            Version::V4 => Change::new().summed(self.ipv6_sum, self.ipv4_sum),
        }
    }

    /// What it does to the checksum of an ICMP message that IPv6 has addresses, length and protocol under it, and IPv4 has not. The length
    /// is the IPv6 one's.
    pub(super) fn icmp_pseudo(&self, len: usize) -> Change {
        let (length, protocol) = (words_of(len as u128), u64::from(IpProtocol::ICMPV6.0));
        let pseudo = self.ipv6_sum.saturating_add(length).saturating_add(protocol);
        match self.new.to {
            Version::V6 => Change::new().summed(0, pseudo),
            Version::V4 => Change::new().summed(pseudo, 0),
        }
    }

    /// What is to be changed in the upper layer. Of a quoted one as much as there is, and where it has no checksum it gets none:
    /// `zero_checksum` is `None`.
    #[inline(always)]
    pub(super) fn edits(&self, upper: &[u8], zero_checksum: Option<ZeroChecksum>) -> Result<Edits, Refusal> {
        if self.is_icmp() {
            return self.icmp_edits(upper, zero_checksum.is_none());
        }
        let Some(at) = self.checksum_at(upper).filter(|_| self.new.part != Part::Later) else { return Ok(Edits::NONE) };
        let Some((checksum, _)) = upper.get(at..).and_then(|bytes| bytes.split_first_chunk()) else {
            return self.unless_quoted(zero_checksum.is_none(), upper, at.saturating_add(2));
        };
        let old = u16::from_be_bytes(*checksum);
        let new = match (old, self.protocol) {
            (0, IpProtocol::UDP) => self.first_checksum(upper, zero_checksum)?,
            (_, IpProtocol::UDP | IpProtocol::UDP_LITE) => udp::patched(old, self.addresses()),
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
    fn first_checksum(self, upper: &[u8], zero_checksum: Option<ZeroChecksum>) -> Result<u16, Refusal> {
        let (Version::V6, Some(zero_checksum)) = (self.new.to, zero_checksum) else { return Ok(0) };
        if self.new.part != Part::Whole || zero_checksum == ZeroChecksum::Refused {
            return Err(Refusal::ZeroChecksum);
        }
        let udp = UdpDatagram::parse(upper)?;
        let pseudo = self.new.ipv6(IpProtocol::UDP, 0).pseudo_header(IpProtocol::UDP);
        Ok(udp.header().compute_checksum(&pseudo, udp.payload()))
    }

    /// Of an echo, which changes its type. RFC 7915 §1.2: of a fragmented message the checksum is over a length that nobody here knows.
    #[inline(never)]
    fn icmp_edits(self, upper: &[u8], is_quoted: bool) -> Result<Edits, Refusal> {
        if self.new.part != Part::Whole {
            return Err(Refusal::FragmentedIcmp);
        }
        let Some(([kind, code], behind)) = upper.split_first_chunk() else {
            return self.unless_quoted(is_quoted, upper, 4);
        };
        let Some(new_kind) = Message::echo(self.new.to, *kind) else {
            return Err(if self.has_error(upper) {
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
        let change = Edits { kind, checksum: None }.change(self.icmp_pseudo(self.new.upper_len));
        Ok(Edits { kind, checksum: Some((2, checksum, change.apply(checksum))) })
    }

    /// Nothing is to be changed in what is not there, if it is quoted.
    #[cold]
    fn unless_quoted(self, is_quoted: bool, upper: &[u8], needed: usize) -> Result<Edits, Refusal> {
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

/// How far into an upper layer they reach: to the end of TCP's checksum, which stands last of all.
const EDITED: usize = 18;

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
    pub(super) fn write(&self, packet: &mut impl PacketBuffer, upper: usize) {
        let upper = packet.front_mut(upper.saturating_add(EDITED)).get_mut(upper..).unwrap_or_default();
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
                    let at = payload_len.saturating_sub(self.upper.len()).saturating_add(ipv6::HEADER_LEN + 3);
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

#[inline(always)]
fn sum_v4(source: Ipv4Addr, destination: Ipv4Addr) -> u64 {
    words_of(u128::from(source.to_bits()) << 32 | u128::from(destination.to_bits()))
}

#[inline(always)]
fn sum_v6(source: Ipv6Addr, destination: Ipv6Addr) -> u64 {
    words_of(source.to_bits()).saturating_add(words_of(destination.to_bits()))
}

/// RFC 1812 §5.3.1, RFC 8200 §3: what has no hop left is not sent on.
fn one_less(hops: u8) -> Result<u8, Refusal> {
    match hops {
        0 | 1 => Err(Refusal::HopLimit),
        hops => Ok(hops.saturating_sub(1)),
    }
}

/// Whether there is a source route that goes on from here (RFC 791 §3.1).
#[cold]
fn has_unfinished_route(mut options: Ipv4Options<'_>) -> bool {
    options.any(|option| match option {
        Ok(Ipv4Option::Route { kind, pointer, addresses }) => {
            let is_left = usize::from(pointer) <= addresses.as_flattened().len().saturating_add(3);
            kind != Ipv4OptionKind::RECORD_ROUTE && is_left
        }
        _ => false,
    })
}
