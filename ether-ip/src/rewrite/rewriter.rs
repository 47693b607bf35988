//! A packet changed in place, and every checksum that covers the change with it.

use core::mem;
use core::net::IpAddr;
use core::ops::Range;

use super::flow::{Flow, Ports};
use super::places::{Left, Places, PortsAt, layer_of, read};
use crate::checksum::Change;
use crate::ecn;
use crate::ethernet::EtherType;
use crate::icmpv4::Icmpv4Packet;
use crate::icmpv6::Icmpv6Packet;
use crate::ip::{Ecn, IpProtocol, Version};
use crate::outer::OuterError;
use crate::tcp::{self, TcpFlags, TcpOption, TcpOptionKind, TcpOptions};
use crate::udp;
use crate::vlan::VlanTags;
use crate::{Error, LayerName, Rule};

/// The subtype of Multipath TCP's option that has an address (RFC 8684 §8.2).
const ADD_ADDR: u8 = 3;

/// How many packets around one a rewriter keeps right: tunnels, and the ICMP error that quotes it.
pub const MAX_NESTED: usize = 4;

/// An IP packet whose headers were found, to be changed in place.
///
/// Only the headers need be in the buffer: of a packet in several pieces the first one is enough, as long as it holds them.
///
/// ```
/// use ether_ip::{ipv4::Ipv4Packet, rewrite::Rewriter, udp::UdpDatagram};
///
/// # let mut bytes = *b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
/// let mut packet = Rewriter::ip(&mut bytes)?;
/// packet.change_source([203, 0, 113, 7].into())?;
/// packet.change_source_port(61_000);
/// packet.decrement_ttl();
///
/// let ip = Ipv4Packet::parse(&bytes[..])?;
/// let udp = UdpDatagram::parse(ip.payload())?;
/// assert!(ip.checksum_is_valid() && udp.checksum_is_valid(&ip.pseudo_header()));
/// assert_eq!((ip.source().to_string(), udp.source_port(), ip.ttl()), ("203.0.113.7".into(), 61_000, 63));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug)]
pub struct Rewriter<'a> {
    bytes: &'a mut [u8],
    places: Places,
    around: Covers,
}

/// A checksum over a stretch of bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cover {
    /// Where the checksum stands.
    pub field: usize,
    /// The first byte that it is over. It is over the others up to the packet's end, or to its header's.
    pub from: usize,
    /// Whether 0 stands for none, and is never written for a sum.
    pub zero_is_none: bool,
}

/// The checksums around a packet, outermost first.
#[derive(Debug, Clone, Copy, Default)]
struct Covers {
    list: [Cover; MAX_NESTED],
    len: usize,
}

impl Covers {
    fn list(&self) -> &[Cover] {
        self.list.get(..self.len).unwrap_or_default()
    }

    fn and(mut self, inner: Cover) -> Result<Self, Error> {
        let rule = Rule::AtMost(MAX_NESTED as u32);
        let too_deep = Error::Malformed { layer: LayerName::IP, field: "nesting", value: MAX_NESTED as u32 + 1, rule };
        *self.list.get_mut(self.len).ok_or(too_deep)? = inner;
        self.len = self.len.saturating_add(1);
        Ok(self)
    }
}

/// Writes bytes, and patches the checksums around that cover them. A checksum that is patched is bytes too, which those further out
/// cover. Gives what was there, if it was something else.
pub(super) fn write<const N: usize>(bytes: &mut [u8], at: usize, new: &[u8; N], around: &[Cover]) -> Option<[u8; N]> {
    let place = bytes.get_mut(at..)?.first_chunk_mut::<N>()?;
    let old = mem::replace(place, *new);
    if old == *new {
        return None;
    }
    for (depth, cover) in around.iter().enumerate().rev() {
        let change = Change::new().bytes(at.wrapping_sub(cover.from), &old, new);
        patch(bytes, *cover, change, around.get(..depth).unwrap_or_default());
    }
    Some(old)
}

/// Patches a checksum by a change of what it covers.
pub(super) fn patch(bytes: &mut [u8], cover: Cover, change: Change, around: &[Cover]) {
    let old = u16::from_be_bytes(read(bytes, cover.field));
    let new = if cover.zero_is_none { udp::patched(old, change) } else { change.apply(old) };
    write(bytes, cover.field, &new.to_be_bytes(), around);
}

/// What a change is covered by, of the packet's own checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    /// The IP header.
    Ip,
    /// The IP header and the upper layer's pseudo-header.
    Pseudo,
    /// The upper layer.
    Upper,
}

impl<'a> Rewriter<'a> {
    /// Over an IP packet.
    ///
    /// # Errors
    /// [`Error::Truncated`] if a header is not there as far as its checksum, [`Error::Malformed`] as the headers' own views have it. The
    /// transport header of a fragment that is not the first is not missed (RFC 3022 §6.3); that of one cut so short that it has ports
    /// and no checksum is (RFC 1858 §3).
    pub fn ip(packet: &'a mut [u8]) -> Result<Self, Error> {
        let places = Places::find(packet, 0, false)?;
        Ok(Self { bytes: packet, places, around: Covers::default() })
    }

    /// Over the IP packet in an Ethernet frame, behind any VLAN tags.
    ///
    /// # Errors
    /// As [`ip`](Self::ip); [`Error::Malformed`] if the frame carries something else.
    pub fn ethernet(frame: &'a mut [u8]) -> Result<Self, Error> {
        let places = Places::find(frame, ip_in(frame)?, false)?;
        Ok(Self { bytes: frame, places, around: Covers::default() })
    }

    /// The IP packet in this one, `at` bytes behind the first byte of the upper layer: 0 for IP in IP, 16 for what VXLAN-GPE carries
    /// behind UDP. Its changes keep the outer checksums right too.
    ///
    /// # Errors
    /// As [`ip`](Self::ip); [`Error::Malformed`] in a fragment that is not the first, behind a checksum over part of the payload, or
    /// deeper than [`MAX_NESTED`].
    pub fn inside(&mut self, at: usize) -> Result<Rewriter<'_>, Error> {
        let (at, around) = (self.places.upper.saturating_add(at), self.around_payload()?);
        self.within(at, self.places.end, around, false)
    }

    /// The same in an Ethernet frame in this packet: 16 for VXLAN, say, which is 8 bytes of UDP and 8 of its own.
    ///
    /// # Errors
    /// As [`inside`](Self::inside) and [`ethernet`](Self::ethernet).
    pub fn inside_ethernet(&mut self, at: usize) -> Result<Rewriter<'_>, Error> {
        let (at, around) = (self.places.upper.saturating_add(at), self.around_payload()?);
        let frame = self.bytes.get(at..self.places.end).unwrap_or_default();
        let ip = at.saturating_add(ip_in(frame)?);
        self.within(ip, self.places.end, around, false)
    }

    /// The packet that this ICMP error quotes, as far as it is quoted: what is there of it can be changed (RFC 5508 §4.2). Of 8 bytes of
    /// TCP that is the ports, whose checksum is not there. `None` if it is no error, or nothing that is IP is quoted.
    pub fn quoted(&mut self) -> Option<Rewriter<'_>> {
        let Places { version, protocol, upper, end, is_later_fragment, .. } = self.places;
        let message = self.bytes.get(upper..end).filter(|_| !is_later_fragment)?;
        let len = match (version, protocol) {
            (Version::V4, IpProtocol::ICMP) => Icmpv4Packet::parse(message).ok()?.quoted()?.len(),
            (Version::V6, IpProtocol::ICMPV6) => Icmpv6Packet::parse(message).ok()?.quoted()?.len(),
            _ => return None,
        };
        let at = upper.saturating_add(8);
        let around = self.around_payload().ok()?;
        self.within(at, at.saturating_add(len), around, true).ok()
    }

    fn within(&mut self, ip: usize, end: usize, around: Covers, is_quoted: bool) -> Result<Rewriter<'_>, Error> {
        let bytes = self.bytes.get_mut(..end).unwrap_or_default();
        let places = Places::find(bytes, ip, is_quoted)?;
        Ok(Rewriter { bytes, places, around })
    }

    /// The checksums around what the upper layer carries.
    fn around_payload(&self) -> Result<Covers, Error> {
        let Places { transport, protocol, is_later_fragment, .. } = self.places;
        if is_later_fragment || !transport.covers_payload {
            return Err(no_tunnel(protocol));
        }
        match self.places.upper_checksum() {
            Some(cover) => self.around.and(cover),
            None => Ok(self.around),
        }
    }

    /// The packet's flow, as it is now.
    #[must_use]
    pub fn flow(&self) -> Flow {
        self.places.flow(self.bytes)
    }

    /// What the UDP datagram to this port carries, as far as it is there: the header of a tunnel, which says how far behind the UDP
    /// header a packet begins that is to be changed too ([`inside`](Self::inside)).
    ///
    /// # Errors
    /// [`OuterError::Fragment`] if this is a fragment that is not the first, [`OuterError::OtherProtocol`] if it is no UDP,
    /// [`OuterError::OtherPort`] if it is for another port; [`OuterError::Packet`] if the UDP header is not there.
    pub fn datagram_to(&self, expected: u16) -> Result<&[u8], OuterError> {
        self.places.datagram_to(self.bytes, expected)
    }

    /// Whether it is a fragment that is not the first: its ports are in another packet, and so is the checksum over them.
    #[must_use]
    pub const fn is_later_fragment(&self) -> bool {
        self.places.is_later_fragment
    }

    /// The identification that all fragments of its packet have, of 16 bits over IPv4 and 32 over IPv6; `None` if it is whole. By it, the
    /// addresses and the protocol a fragment that has no ports is told to be of the same flow as the one that has (RFC 3022 §6.3, RFC 6146
    /// §3.4).
    #[must_use]
    pub const fn fragment(&self) -> Option<u32> {
        self.places.fragment
    }

    /// What in this packet no change reaches.
    ///
    /// ```
    /// use ether_ip::rewrite::Rewriter;
    ///
    /// // RFC 9235 §4.1.1: a SYN with TCP-AO.
    /// # let mut bytes = *b"\x45\xe0\x00\x4c\xdd\x0f\x40\x00\xff\x06\xbf\x6b\x0a\x0b\x0c\x0d\xac\x1b\x1c\x1d\xe9\xd7\x00\xb3\xfb\xfb\xab\x5a\
    /// # \x00\x00\x00\x00\xe0\x02\xff\xff\xca\xc4\x00\x00\x02\x04\x05\xb4\x01\x03\x03\x08\x04\x02\x08\x0a\x00\x15\x5a\xb7\x00\x00\x00\x00\x1d\x10\
    /// # \x3d\x54\x2e\xe4\x37\xc6\xf8\xed\xe6\xd7\xc4\xd6\x02\xe7";
    /// let mut packet = Rewriter::ip(&mut bytes)?;
    /// packet.change_source([203, 0, 113, 7].into())?;
    /// assert!(packet.left().signature);
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[must_use]
    pub fn left(&self) -> Left {
        let mut left = self.places.left;
        let Ok(Some((_, options))) = self.tcp() else { return left };
        for option in TcpOptions::new(self.bytes.get(options).unwrap_or_default()).flatten() {
            match option {
                TcpOption::Other { kind: TcpOptionKind::MD5 | TcpOptionKind::AUTHENTICATION, .. } => {
                    left.signature = true;
                }
                TcpOption::Other { kind: TcpOptionKind::MULTIPATH, data: &[subtype, ..] } => {
                    left.addresses |= subtype >> 4 == ADD_ADDR;
                }
                _ => {}
            }
        }
        left
    }

    /// Changes the source address.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if it is of another family. Nothing is changed then.
    pub fn change_source(&mut self, address: IpAddr) -> Result<(), Error> {
        self.change_address(self.places.addresses().0, address, self.places.covers_source)
    }

    /// Changes the destination address. With a route in the packet that is the next stop, which no other checksum is over (RFC 8200
    /// §8.1); the route is [left](Self::left).
    ///
    /// # Errors
    /// As [`change_source`](Self::change_source).
    pub fn change_destination(&mut self, address: IpAddr) -> Result<(), Error> {
        self.change_address(self.places.addresses().1, address, self.places.covers_destination)
    }

    fn change_address(&mut self, at: usize, address: IpAddr, is_covered: bool) -> Result<(), Error> {
        let by = if is_covered { In::Pseudo } else { In::Ip };
        match (self.places.version, address) {
            (Version::V4, IpAddr::V4(address)) => self.change(at, &address.octets(), by),
            (Version::V6, IpAddr::V6(address)) => self.change(at, &address.octets(), by),
            (Version::V4, _) => return Err(other_family(LayerName::IPV4, 6, 4)),
            (Version::V6, _) => return Err(other_family(LayerName::IPV6, 4, 6)),
        }
        Ok(())
    }

    /// Changes the source port, or the identifier of an ICMP question or answer. The one before; `None`, and nothing is changed, if the
    /// packet has none, or one whose checksum cannot be patched: SCTP's.
    pub fn change_source_port(&mut self, port: u16) -> Option<u16> {
        self.change_port(port, 0)
    }

    /// The same for the destination port. A question's identifier and its answer's are the same field.
    pub fn change_destination_port(&mut self, port: u16) -> Option<u16> {
        self.change_port(port, 2)
    }

    fn change_port(&mut self, port: u16, behind: usize) -> Option<u16> {
        let at = match self.places.transport.ports {
            PortsAt::Pair => self.places.upper.saturating_add(behind),
            PortsAt::Identifier => self.places.upper.saturating_add(4),
            PortsAt::Nowhere | PortsAt::Fixed => return None,
        };
        let before = u16::from_be_bytes(read(self.bytes, at));
        self.change(at, &port.to_be_bytes(), In::Upper);
        Some(before)
    }

    /// Changes addresses and ports to those of a flow. A fragment that is not the first has no ports, and only its addresses change.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the flow is of another family or protocol, or other ports are asked for where there are none or they
    /// cannot be patched. Nothing is changed then.
    pub fn change_flow(&mut self, flow: &Flow) -> Result<(), Error> {
        let now = self.flow();
        let layer = layer_of(self.places.protocol);
        let value = usize::from(flow.protocol.0);
        if flow.protocol != now.protocol {
            let rule = Rule::Exactly(u32::from(now.protocol.0));
            return Err(Error::Unbuildable { layer: LayerName::IP, field: "protocol", value, rule });
        }
        if !is_possible(self.places.transport.ports, &now.ports, &flow.ports) && !self.places.is_later_fragment {
            return Err(Error::Unbuildable { layer, field: "protocol of other ports", value, rule: Rule::Known });
        }
        // If the first is of the right family and the second is not, the first is not changed either.
        if flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return Err(other_family(LayerName::IP, 6, 4));
        }
        self.change_source(flow.source)?;
        self.change_destination(flow.destination)?;
        match flow.ports {
            Ports::Pair { source, destination } => {
                self.change_source_port(source);
                self.change_destination_port(destination);
            }
            Ports::Identifier(identifier) => {
                self.change_source_port(identifier);
            }
            Ports::None => {}
        }
        Ok(())
    }

    /// Time to live, or hop limit.
    #[must_use]
    pub fn ttl(&self) -> u8 {
        let [ttl] = read(self.bytes, self.ttl_at());
        ttl
    }

    /// Changes the time to live, or the hop limit.
    pub fn change_ttl(&mut self, hops: u8) {
        self.change(self.ttl_at(), &[hops], In::Ip);
    }

    /// Takes one hop off the time to live, or the hop limit. The new value; `None`, and nothing changed, if it was 0 already.
    pub fn decrement_ttl(&mut self) -> Option<u8> {
        let hops = self.ttl().checked_sub(1)?;
        self.change_ttl(hops);
        Some(hops)
    }

    const fn ttl_at(&self) -> usize {
        match self.places.version {
            Version::V4 => self.places.ip.saturating_add(8),
            Version::V6 => self.places.ip.saturating_add(7),
        }
    }

    /// Traffic class: DSCP in the upper 6 bits, ECN in the lower 2.
    #[must_use]
    pub fn traffic_class(&self) -> u8 {
        self.bytes.get(self.places.ip..).and_then(ecn::ip_class).unwrap_or(0)
    }

    /// Changes the traffic class, DSCP and ECN.
    pub fn change_traffic_class(&mut self, class: u8) {
        let at = self.places.ip;
        match self.places.version {
            Version::V4 => self.change(at.saturating_add(1), &[class], In::Ip),
            Version::V6 => {
                let [first, second] = read(self.bytes, at);
                self.change(at, &[first & 0xf0 | class >> 4, class << 4 | second & 0x0f], In::Ip);
            }
        }
    }

    /// Changes the differentiated services code point, the lower 6 bits of `dscp`.
    pub fn change_dscp(&mut self, dscp: u8) {
        self.change_traffic_class(dscp << 2 | self.traffic_class() & 3);
    }

    /// Changes the congestion mark.
    pub fn change_ecn(&mut self, ecn: Ecn) {
        self.change_traffic_class(self.traffic_class() & !3 | ecn as u8);
    }

    /// Changes the flow label to the lower 20 bits of `label`. The one before; `None`, and nothing is changed, over IPv4, which has none.
    pub fn change_flow_label(&mut self, label: u32) -> Option<u32> {
        if self.places.version == Version::V4 {
            return None;
        }
        let before = u32::from_be_bytes(read(self.bytes, self.places.ip));
        let after = before & !0x000f_ffff | label & 0x000f_ffff;
        self.change(self.places.ip, &after.to_be_bytes(), In::Ip);
        Some(before & 0x000f_ffff)
    }

    /// Changes the identification, which a NAT that gives many hosts one address must keep unique (RFC 6864 §5.3.1, RFC 7857 §8). The one
    /// before; `None`, and nothing is changed, over IPv6.
    pub fn change_identification(&mut self, identification: u16) -> Option<u16> {
        if self.places.version == Version::V6 {
            return None;
        }
        let at = self.places.ip.saturating_add(4);
        let before = u16::from_be_bytes(read(self.bytes, at));
        self.change(at, &identification.to_be_bytes(), In::Ip);
        Some(before)
    }

    /// Lowers the largest segment size that a TCP SYN offers, so that what is sent back fits into a tunnel. The one before, in bytes of
    /// data; `None`, and nothing is changed, if it is no SYN, offers none or one as small.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the options are not all there.
    pub fn clamp_mss(&mut self, most: u16) -> Result<Option<u16>, Error> {
        let Some((_, options)) = self.tcp()?.filter(|(flags, _)| flags.contains(TcpFlags::SYN)) else {
            return Ok(None);
        };
        let Some(at) = option(self.bytes, options, TcpOptionKind::MAXIMUM_SEGMENT_SIZE, 4).map(|(at, _)| at) else {
            return Ok(None);
        };
        let before = u16::from_be_bytes(read(self.bytes, at));
        if before <= most {
            return Ok(None);
        }
        self.change(at, &most.to_be_bytes(), In::Upper);
        Ok(Some(before))
    }

    /// Adds to a TCP segment's sequence number, as a proxy does that has put bytes in front, or begun with a number of its own. Whether
    /// it is one.
    pub fn shift_sequence(&mut self, by: u32) -> bool {
        let is_tcp = self.has_tcp(8);
        if is_tcp {
            self.shift(self.places.upper.saturating_add(4), by);
        }
        is_tcp
    }

    /// Adds to what a TCP segment acknowledges, the edges of its SACK blocks among it: what the other direction's
    /// [`shift_sequence`](Self::shift_sequence) added is to be taken off here. Whether it acknowledges anything.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the options are not all there.
    pub fn shift_acknowledgment(&mut self, by: u32) -> Result<bool, Error> {
        let Some((_, options)) = self.tcp()?.filter(|(flags, _)| flags.contains(TcpFlags::ACK)) else {
            return Ok(false);
        };
        self.shift(self.places.upper.saturating_add(8), by);
        if let Some((at, len)) = option(self.bytes, options, TcpOptionKind::SACK, 10) {
            for edge in (0..len / 4).map(|edge| at.saturating_add(edge * 4)) {
                self.shift(edge, by);
            }
        }
        Ok(true)
    }

    fn shift(&mut self, at: usize, by: u32) {
        let number = u32::from_be_bytes(read(self.bytes, at)).wrapping_add(by);
        self.change(at, &number.to_be_bytes(), In::Upper);
    }

    /// Whether so many bytes of a TCP header are there.
    fn has_tcp(&self, len: usize) -> bool {
        let Places { protocol, is_later_fragment, upper, end, .. } = self.places;
        protocol == IpProtocol::TCP && !is_later_fragment && end.saturating_sub(upper) >= len
    }

    /// The flags of a TCP segment, and where its options begin and end.
    fn tcp(&self) -> Result<Option<(TcpFlags, Range<usize>)>, Error> {
        if !self.has_tcp(tcp::HEADER_LEN) {
            return Ok(None);
        }
        let (upper, available) = (self.places.upper, self.places.end.saturating_sub(self.places.upper));
        let [offset, flags] = read(self.bytes, upper.saturating_add(12));
        let needed = usize::from(offset >> 4) * 4;
        if needed > available {
            return Err(Error::Truncated { layer: LayerName::TCP, needed, available });
        }
        let flags = TcpFlags(u16::from_be_bytes([offset & 0x0f, flags]));
        Ok(Some((flags, upper.saturating_add(tcp::HEADER_LEN)..upper.saturating_add(needed))))
    }

    /// Writes bytes of the packet, and patches all that covers them: its own checksums, and those around.
    fn change<const N: usize>(&mut self, at: usize, new: &[u8; N], by: In) {
        let around = self.around.list();
        let Some(old) = write(self.bytes, at, new, around) else { return };
        let change = |from: usize| Change::new().bytes(at.wrapping_sub(from), &old, new);
        if let (Some(field), true) = (self.places.ip_checksum(), by != In::Upper) {
            let cover = Cover { field, from: self.places.ip, zero_is_none: false };
            patch(self.bytes, cover, change(self.places.ip), around);
        }
        if by == In::Ip || by == In::Pseudo && !self.places.transport.has_pseudo {
            return;
        }
        if let Some(cover) = self.places.upper_checksum() {
            patch(self.bytes, cover, change(cover.from), around);
        }
    }
}

/// Whether ports can become these.
fn is_possible(at: PortsAt, now: &Ports, new: &Ports) -> bool {
    match (now, new) {
        (Ports::Pair { .. }, Ports::Pair { .. }) => at == PortsAt::Pair || now == new,
        (Ports::Identifier(_), Ports::Identifier(_)) => true,
        (_, new) => *new == Ports::None,
    }
}

impl Places {
    /// The upper layer's checksum, if it has one that is there.
    pub(super) fn upper_checksum(&self) -> Option<Cover> {
        let Self { transport, upper, .. } = *self;
        let field = upper.saturating_add(transport.checksum?);
        Some(Cover { field, from: upper, zero_is_none: transport.zero_is_none })
    }
}

/// That packets of this protocol carry none.
pub(super) fn no_tunnel(protocol: IpProtocol) -> Error {
    let value = u32::from(protocol.0);
    Error::Malformed { layer: LayerName::IP, field: "protocol of a tunnel", value, rule: Rule::Known }
}

/// Where in a frame its IP packet begins.
pub(super) fn ip_in(frame: &[u8]) -> Result<usize, Error> {
    ecn::ip_in(frame).ok_or_else(|| {
        let announced = read(frame, 12);
        // What the last tag says, where there are tags.
        let tags = VlanTags::parse(EtherType(u16::from_be_bytes(announced)), frame.get(14..).unwrap_or_default());
        let value = tags.map_or(u16::from_be_bytes(announced), |tags| tags.ether_type().0);
        let rule = Rule::Either(0x0800, 0x86dd);
        Error::Malformed { layer: LayerName::ETHERNET, field: "EtherType", value: u32::from(value), rule }
    })
}

/// Where the value of an option stands that is at least `least` bytes long, and how long it is.
fn option(bytes: &[u8], options: Range<usize>, kind: TcpOptionKind, least: usize) -> Option<(usize, usize)> {
    let Range { start: mut at, end } = options;
    while at < end {
        let [this, len] = read(bytes, at);
        match TcpOptionKind(this) {
            TcpOptionKind::END_OF_LIST => return None,
            TcpOptionKind::NO_OPERATION => at = at.saturating_add(1),
            this => {
                let len = usize::from(len);
                if len < 2 || at.saturating_add(len) > end {
                    return None;
                }
                if this == kind && len >= least {
                    return Some((at.saturating_add(2), len.saturating_sub(2)));
                }
                at = at.saturating_add(len);
            }
        }
    }
    None
}

pub(super) fn other_family(layer: LayerName, value: usize, expected: u32) -> Error {
    Error::Unbuildable { layer, field: "version of the address", value, rule: Rule::Exactly(expected) }
}
