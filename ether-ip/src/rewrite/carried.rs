//! What a packet carries, made longer or shorter where it stands; and of the headers in front of it what then is to be changed.
//!
//! ```text
//!            +----------+--------+--------+-------+-- … --+------------------
//!            | Ethernet | IPv4   | UDP    | VXLAN |       | what is carried
//!            +----------+--------+--------+-------+-- … --+------------------
//!                         length,  length,                <── grows
//!                         checksum checksum
//!       <── all of them move by as much
//! ```
//!
//! A [`Carried`] is a [`PacketBuffer`] itself: whatever changes a packet in one, a tag that is [pushed](super::push_tag), a
//! [`Translator`](super::nat64::Translator), changes one in a tunnel, and one in a tunnel in a tunnel.

use super::places::{Places, layer_of, read};
use super::rewriter::{Cover, ip_in, no_tunnel, patch, write};
use crate::checksum::Change;
use crate::ethernet::EtherType;
use crate::gre::GrePacket;
use crate::headroom::{check_room, insert_space, move_back, move_forward, remove_space};
use crate::ip::{IpProtocol, Version, version};
use crate::outer::OuterError;
use crate::udp::{self, UdpDatagram};
use crate::{Error, LayerName, PacketBuffer, Rule, ipv6};

/// A part of a packet, changed as if it stood alone. When it goes out of scope, the headers in front of it are brought up to date: the
/// lengths of IP and UDP, IPv4's checksum, the checksum of UDP or GRE, and what says whether IPv4 or IPv6 follows. A UDP checksum of
/// zero stays zero (RFC 768), and one that was wrong is wrong by the same difference.
///
/// It grows into the room in front of the packet, as far as the lengths in front can tell: what does not fit is refused as
/// [`Error::NoRoom`], and nothing is changed. Where a checksum is over it, of what is asked for with
/// [`front_mut`](PacketBuffer::front_mut) no more than that is read; and without one nothing is.
///
/// ```
/// use ether_ip::rewrite::{Carried, nat64::{Nat64Prefix, Translator}};
/// use ether_ip::{Headroom, ip::IpProtocol, ipv4::Ipv4Packet, ipv6::Ipv6Packet};
///
/// # let outer = *b"\x45\0\0\x35\0\0\x40\0\x40\x04\xc2\xc0\xcb\0\x71\x01\xcb\0\x71\x02";
/// # let inner = *b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
/// # let bytes = [&outer[..], &inner].concat();
/// let mut buffer = [0; 80];
/// let mut packet = Headroom::with_payload(&mut buffer, &bytes)?; // IPv4 in IPv4
/// let mut inner = Carried::in_ip(&mut packet, 0)?;
/// Translator::new().to_ipv6(&mut inner, |address| Some(Nat64Prefix::WELL_KNOWN.embed(address)))?;
/// drop(inner);
///
/// let outer = Ipv4Packet::parse(packet.packet())?;
/// assert_eq!((outer.total_length(), outer.protocol()), (73, IpProtocol::IPV6));
/// assert!(outer.checksum_is_valid());
/// assert_eq!(Ipv6Packet::parse(outer.payload())?.hop_limit(), 63);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// RFC 791 §3.1, RFC 8200 §3, RFC 768, RFC 2784 §2.1, RFC 2003 §3.1, RFC 4213 §3.5.
#[derive(Debug)]
pub struct Carried<'a, P: PacketBuffer> {
    packet: &'a mut P,
    /// How many bytes stand in front of it, and behind it.
    front: usize,
    behind: usize,
    /// How long it was, and how long it may become.
    found: usize,
    most: usize,
    /// Which version of IP it was, and where that is said.
    version: Option<Version>,
    named: Option<Named>,
    /// The IP header in front, with what stands behind it.
    ip: Option<Ip>,
    sum: Option<Sum>,
}

/// Where a header says which version of IP follows.
#[derive(Debug, Clone, Copy)]
enum Named {
    EtherType(usize),
    Protocol(usize),
}

/// The headers in front, from IP's on.
#[derive(Debug, Clone, Copy)]
struct Ip {
    version: Version,
    upper: usize,
    is_udp: bool,
}

impl Ip {
    /// How its length is called, where it stands, and how many bytes stand in front of what it counts.
    const fn length(version: Version) -> (LayerName, &'static str, usize, usize) {
        match version {
            Version::V4 => (LayerName::IPV4, "total length", 2, 0),
            Version::V6 => (LayerName::IPV6, "payload length", 4, ipv6::HEADER_LEN),
        }
    }
}

/// A checksum over what is carried. What it is over begins at a whole word of the packet: whether a byte stands at an odd place is the
/// same for both.
#[derive(Debug, Clone, Copy)]
struct Sum {
    cover: Cover,
    /// What is changed of what it covers, but for the first `open` bytes as they are now: the sum lacks those.
    change: Change,
    open: usize,
}

impl<'a, P: PacketBuffer> Carried<'a, P> {
    /// The IP packet in an Ethernet frame, behind any VLAN tags, and what stands behind it. The EtherType will say what it has become.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the frame carries something else.
    pub fn in_ethernet(frame: &'a mut P) -> Result<Self, Error> {
        let bytes = frame.packet();
        let front = ip_in(bytes)?;
        let version = bytes.get(front..).and_then(|bytes| version(bytes).ok());
        let found = bytes.len().saturating_sub(front);
        let named = Some(Named::EtherType(front.saturating_sub(2)));
        Ok(Self { packet: frame, front, behind: 0, found, most: usize::MAX, version, named, ip: None, sum: None })
    }

    /// What an IP packet carries `at` bytes behind the first one of its upper layer: the packet in IP in IP for 0, and the frame in VXLAN for
    /// 16, which is 8 bytes of UDP and 8 of its own; behind GRE's header, however long that is. The protocol, or GRE's protocol type, will
    /// say what it has become. What a tunnel over UDP says itself of length or version, as GTP-U does and VXLAN-GPE, is its own crate's or the
    /// caller's to change.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the packet is not all there; [`Error::NotWhole`] if it is a fragment; [`Error::Unbuildable`] if `at` is in UDP's
    /// or GRE's own header, or not 0 in IP in IP. [`Error::Malformed`] as [`GreHeader::check`](crate::gre::GreHeader::check); if the upper layer
    /// is none of UDP, GRE and IP, or behind an authentication header, which covers all that would be changed (RFC 4302 §3.3.3); or if the
    /// length is not told where it can be told anew: a jumbogram's, or that of what a network card is to segment.
    pub fn in_ip(packet: &'a mut P, at: usize) -> Result<Self, Error> {
        let bytes = packet.packet();
        let places = Places::find(bytes, 0, false)?;
        let told = told_length(&places, bytes)?;
        let Tunnel { named, len, rule } = Tunnel::read(&places, bytes)?;
        let layer = layer_of(places.protocol);
        layer.check("place of what is carried", at, &[rule])?;
        let truncated = Error::Truncated { layer, needed: at, available: len };
        let found = len.checked_sub(at).ok_or(truncated)?;
        let front = places.upper.saturating_add(at);
        let is_summed = |cover: &Cover| !(cover.zero_is_none && read(bytes, cover.field) == [0; 2]);
        let cover = places.upper_checksum().filter(is_summed);
        Ok(Self {
            version: bytes.get(front..).and_then(|bytes| version(bytes).ok()),
            behind: bytes.len().saturating_sub(front).saturating_sub(found),
            ip: Some(Ip { version: places.version, upper: places.upper, is_udp: places.protocol == IpProtocol::UDP }),
            sum: cover.map(|cover| Sum { cover, change: Change::new(), open: 0 }),
            most: found.saturating_add(usize::from(u16::MAX.saturating_sub(told))),
            packet,
            front,
            found,
            named,
        })
    }

    /// That an EtherType `at` bytes behind the first one of the upper layer says which version of IP is carried: 10 for Geneve that carries
    /// IP and no Ethernet, which is 8 bytes of UDP and 2 of its own.
    #[must_use]
    pub fn with_ether_type(mut self, at: usize) -> Self {
        let upper = self.ip.map_or(0, |ip| ip.upper);
        self.named = Some(Named::EtherType(upper.saturating_add(at)));
        self
    }

    fn carried(&self) -> &[u8] {
        let packet = self.packet.packet();
        packet.get(self.front..packet.len().saturating_sub(self.behind)).unwrap_or_default()
    }

    /// How much longer it may become.
    fn room(&self) -> usize {
        self.most.saturating_sub(self.len())
    }

    /// Takes the first `len` bytes out of the sum, before they change.
    fn open(&mut self, len: usize) {
        let Some(Sum { cover, change, open }) = self.sum else { return };
        let len = len.min(self.len());
        if let Some(bytes) = self.carried().get(open..len) {
            let at = self.front.saturating_add(open);
            self.sum = Some(Sum { cover, change: change.swapped(at, bytes, &[]), open: len });
        }
    }

    /// The same before what is behind them moves by so many bytes: by an odd number each stands in the other half of its word.
    fn open_to_move(&mut self, len: usize, by: usize) {
        self.open(if by % 2 == 1 { usize::MAX } else { len });
    }

    /// The first bytes have become so many.
    fn set_open(&mut self, open: impl Fn(usize) -> usize) {
        if let Some(sum) = &mut self.sum {
            sum.open = open(sum.open);
        }
    }

    /// What the checksum is to be patched by, all bytes as they are now.
    fn closed(&self) -> Option<(Cover, Change)> {
        let Sum { cover, change, open } = self.sum?;
        let bytes = self.carried();
        Some((cover, change.swapped(self.front, &[], bytes.get(..open).unwrap_or(bytes))))
    }

    /// Where a version is named that it no longer is.
    fn renamed(&self) -> Option<(Named, Version)> {
        let (was, is) = (self.version?, version(self.carried()).ok()?);
        self.named.filter(|_| was != is).map(|named| (named, is))
    }
}

/// What an upper layer says of what it carries.
struct Tunnel {
    named: Option<Named>,
    /// How long it is, with its own header.
    len: usize,
    /// How far behind its first byte that may begin which it carries.
    rule: Rule,
}

impl Tunnel {
    fn read(places: &Places, bytes: &[u8]) -> Result<Self, Error> {
        if places.left.authentication {
            return Err(no_tunnel(IpProtocol::AUTHENTICATION));
        }
        let upper = bytes.get(places.upper..places.end).unwrap_or_default();
        match places.protocol {
            IpProtocol::IPV4 | IpProtocol::IPV6 => {
                let named = Some(Named::Protocol(places.named));
                Ok(Self { named, len: upper.len(), rule: Rule::Exactly(0) })
            }
            IpProtocol::GRE => {
                let gre = GrePacket::parse(upper)?;
                gre.check()?;
                // Where it carries something else its type is no version's, and stays.
                let named = Some(Named::EtherType(places.upper.saturating_add(2)));
                Ok(Self { named, len: upper.len(), rule: Rule::AtLeast(gre.header_len() as u32) })
            }
            IpProtocol::UDP => {
                let len = upper.len().saturating_sub(UdpDatagram::parse(upper)?.trailer().len());
                Ok(Self { named: None, len, rule: Rule::AtLeast(udp::HEADER_LEN as u32) })
            }
            other => Err(no_tunnel(other)),
        }
    }
}

/// What an IP header says of its length, if that is so.
fn told_length(places: &Places, bytes: &[u8]) -> Result<u16, Error> {
    let (layer, field, at, ahead) = Ip::length(places.version);
    if places.fragment.is_some() {
        return Err(Error::NotWhole { layer });
    }
    let (told, available) = (u16::from_be_bytes(read(bytes, at)), places.end);
    let needed = usize::from(told).saturating_add(ahead);
    if needed > available {
        return Err(Error::Truncated { layer, needed, available });
    }
    if needed < available {
        let rule = Rule::Exactly(available.saturating_sub(ahead) as u32);
        return Err(Error::Malformed { layer, field, value: u32::from(told), rule });
    }
    Ok(told)
}

/// Adds to a length, and tells what that does to a checksum that is over it.
fn lengthen(header: &mut [u8], at: usize, by: u16) -> Change {
    let old = u16::from_be_bytes(read(header, at));
    let new = old.wrapping_add(by);
    write(header, at, &new.to_be_bytes(), &[]);
    Change::new().word(at, old, new)
}

/// Writes which version of IP follows, and tells what that does to a checksum that is over it.
fn rename(header: &mut [u8], named: Named, version: Version) -> Change {
    match named {
        Named::EtherType(at) => {
            exchange(header, at, [EtherType::IPV4, EtherType::IPV6].map(|name| name.0.to_be_bytes()), version)
        }
        Named::Protocol(at) => exchange(header, at, [IpProtocol::IPV4, IpProtocol::IPV6].map(|name| [name.0]), version),
    }
}

/// Writes one of two names where the other stands. What stands there for something else stays.
fn exchange<const N: usize>(header: &mut [u8], at: usize, [ipv4, ipv6]: [[u8; N]; 2], version: Version) -> Change {
    let (old, new) = match version {
        Version::V4 => (ipv6, ipv4),
        Version::V6 => (ipv4, ipv6),
    };
    if read(header, at) != old {
        return Change::new();
    }
    write(header, at, &new, &[]);
    Change::new().bytes(at, &old, &new)
}

impl<P: PacketBuffer> Drop for Carried<'_, P> {
    fn drop(&mut self) {
        let grown = self.len().wrapping_sub(self.found) as u16;
        let (renamed, closed) = (self.renamed(), self.closed());
        let header = self.packet.front_mut(self.front);
        let name = renamed.map_or(Change::new(), |(named, version)| rename(header, named, version));
        let Some(ip) = self.ip else { return };
        let length = lengthen(header, Ip::length(ip.version).2, grown);
        let in_header = if matches!(self.named, Some(Named::Protocol(_))) { length.and(name) } else { length };
        if ip.version == Version::V4 {
            patch_if(header, Cover { field: 10, from: 0, zero_is_none: false }, in_header);
        }
        // UDP's length is in its header, and in the pseudo-header too.
        let length = if ip.is_udp { lengthen(header, ip.upper.saturating_add(4), grown) } else { Change::new() };
        if let Some((cover, change)) = closed {
            patch_if(header, cover, change.and(length).and(length).and(name));
        }
    }
}

/// Patches a checksum, which stays the zero that it is where there is nothing to patch.
fn patch_if(header: &mut [u8], cover: Cover, change: Change) {
    if !change.is_none() {
        patch(header, cover, change, &[]);
    }
}

impl<P: PacketBuffer> PacketBuffer for Carried<'_, P> {
    fn packet(&self) -> &[u8] {
        self.carried()
    }

    fn packet_mut(&mut self) -> &mut [u8] {
        self.open(usize::MAX);
        let packet = self.packet.packet_mut();
        let end = packet.len().saturating_sub(self.behind);
        packet.get_mut(self.front..end).unwrap_or_default()
    }

    fn front_mut(&mut self, len: usize) -> &mut [u8] {
        let len = len.min(self.len());
        self.open(len);
        self.packet.front_mut(self.front.saturating_add(len)).get_mut(self.front..).unwrap_or_default()
    }

    fn headroom(&self) -> usize {
        self.packet.headroom().min(self.room())
    }

    fn tailroom(&self) -> usize {
        self.packet.tailroom().min(self.room())
    }

    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        check_room(layer, len, self.headroom())?;
        self.open_to_move(0, len);
        self.set_open(|open| open.saturating_add(len));
        insert_space(self.packet, layer, self.front, len)
    }

    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        check_room(layer, len, self.tailroom())?;
        self.open(usize::MAX);
        self.packet.append_space(layer, len)?;
        self.set_open(|open| open.saturating_add(len));
        let packet = self.packet.packet_mut();
        let end = packet.len().saturating_sub(self.behind.saturating_add(len));
        let space = packet.get_mut(end..).unwrap_or_default();
        move_back(space, len);
        Ok(space.get_mut(..len).unwrap_or_default())
    }

    fn trim_front(&mut self, len: usize) {
        let len = len.min(self.len());
        self.open_to_move(len, len);
        self.set_open(|open| open.saturating_sub(len));
        remove_space(self.packet, self.front, len);
    }

    fn trim_back(&mut self, len: usize) {
        let len = len.min(self.len());
        self.open(usize::MAX);
        self.set_open(|open| open.saturating_sub(len));
        let packet = self.packet.packet_mut();
        let end = packet.len().saturating_sub(self.behind.saturating_add(len));
        move_forward(packet.get_mut(end..).unwrap_or_default(), len);
        self.packet.trim_back(len);
    }

    fn len(&self) -> usize {
        self.packet.len().saturating_sub(self.front).saturating_sub(self.behind)
    }
}

/// What the UDP datagram to this port in an IP packet carries, as far as it is there: the header of a tunnel, which says how far behind
/// the UDP header that begins which is to be [changed](Carried::in_ip).
///
/// # Errors
/// [`OuterError::Fragment`] if this is a fragment that is not the first, [`OuterError::OtherProtocol`] if it is no UDP,
/// [`OuterError::OtherPort`] if it is for another port; [`OuterError::Packet`] as [`Rewriter::ip`](super::Rewriter::ip), and if the UDP
/// header is not there.
pub fn datagram_to(packet: &[u8], expected: u16) -> Result<&[u8], OuterError> {
    Places::find(packet, 0, false)?.datagram_to(packet, expected)
}
