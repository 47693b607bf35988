//! Packets in several pieces: outer headers in the first, whose lengths and checksums are over the others too.

use ether_ip::checksum::{Change, Checksum};
use ether_ip::gre::GrePacket;
use ether_ip::ip::{IpProtocol, Version, version};
use ether_ip::ipv4::{self, Ipv4Packet};
use ether_ip::ipv6::{self, Ipv6Packet};
use ether_ip::udp::UdpDatagram;
use ether_ip::{Error, LayerName};

use crate::border::Outcome;
use crate::error::CodecError;
use crate::flow::ip_in;
use crate::memory::Segment;

/// The pieces behind a packet's first. They are read only where a checksum is over them.
#[derive(Debug)]
pub(crate) struct Behind<'s> {
    pieces: &'s [Segment],
    length: usize,
}

impl<'s> Behind<'s> {
    /// These pieces.
    ///
    /// # Safety
    /// Their bytes are there, and are not changed, for as long as this is used.
    pub(crate) unsafe fn new(pieces: &'s [Segment]) -> Outcome<Self> {
        if pieces.iter().any(|piece| piece.bytes.is_null() && piece.length > 0) {
            return Err(CodecError::null());
        }
        let length = pieces.iter().fold(0_usize, |sum, piece| sum.saturating_add(piece.length));
        Ok(Self { pieces, length })
    }

    /// Makes outer headers that were worked out over the first piece alone those of the whole packet.
    pub(crate) fn lengthen(&self, packet: &mut [u8], link_length: usize) -> Result<(), Error> {
        let outer = packet.get_mut(link_length..).unwrap_or_default();
        let (protocol, upper) = match version(outer)? {
            Version::V4 => self.lengthen_ipv4(outer)?,
            Version::V6 => self.lengthen_ipv6(outer)?,
        };
        let upper = outer.get_mut(upper..).unwrap_or_default();
        match protocol {
            IpProtocol::UDP => self.lengthen_udp(upper),
            IpProtocol::GRE => {
                let covered = upper.len();
                patch_gre(upper, self.appended(Change::new(), covered));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn longer(&self, length: u16) -> usize {
        self.length.saturating_add(length.into())
    }

    fn lengthen_ipv4(&self, outer: &mut [u8]) -> Result<(IpProtocol, usize), Error> {
        let mut ip = Ipv4Packet::parse_lax(outer)?;
        let length = LayerName::IPV4.fit_u16("total length", self.longer(ip.total_length()))?;
        ip.set_total_length(length);
        ip.fill_checksum();
        Ok((ip.protocol(), ipv4::HEADER_LEN))
    }

    fn lengthen_ipv6(&self, outer: &mut [u8]) -> Result<(IpProtocol, usize), Error> {
        let mut ip = Ipv6Packet::parse_lax(outer)?;
        let length = LayerName::IPV6.fit_u16("payload length", self.longer(ip.payload_length()))?;
        ip.set_payload_length(length);
        match (ip.next_header(), ip.payload().first()) {
            // The tunnel encapsulation limit's: 8 bytes.
            (IpProtocol::DESTINATION_OPTIONS, Some(&next)) => Ok((IpProtocol(next), ipv6::HEADER_LEN + 8)),
            (protocol, _) => Ok((protocol, ipv6::HEADER_LEN)),
        }
    }

    fn lengthen_udp(&self, datagram: &mut [u8]) -> Result<(), Error> {
        let mut udp = UdpDatagram::parse_lax(datagram)?;
        let (old, checksum) = (udp.length(), udp.checksum());
        let new = LayerName::UDP.fit_u16("length", self.longer(old))?;
        udp.set_length(new);
        if checksum != 0 {
            // The length stands in the pseudo-header too.
            let change = Change::new().word(4, old, new).word(0, old, new);
            udp.set_checksum(never_zero(self.appended(change, old.into()).apply(checksum)));
        }
        Ok(())
    }

    /// Makes outer headers that are the whole packet's those of its first piece, so that it can be taken apart alone, and says how to undo
    /// that. A checksum that is right stays right, one that is wrong stays wrong; where none is looked at, the others are not read.
    /// `None` if the outer packet ends in the first piece.
    pub(crate) fn shorten(
        &self,
        packet: &mut [u8],
        is_ethernet: bool,
        reads_sums: bool,
    ) -> Result<Option<Shortened>, Error> {
        let at = if is_ethernet { packet.len().saturating_sub(ip_in(packet)?.len()) } else { 0 };
        let outer = packet.get_mut(at..).unwrap_or_default();
        let (total, upper, protocol) = measure(outer)?;
        let Some(by) = total.checked_sub(outer.len()).filter(|by| *by > 0) else { return Ok(None) };
        if by > self.length {
            let available = outer.len().saturating_add(self.length);
            return Err(Error::Truncated { layer: LayerName::IP, needed: total, available });
        }
        let header = first_of(outer);
        let before = first_of(outer.get(upper..).unwrap_or_default());
        shorten_ip(outer, by)?;
        let upper_layer = outer.get_mut(upper..).unwrap_or_default();
        let by_upper = match protocol {
            IpProtocol::UDP => udp_behind(upper_layer).min(by),
            _ => by,
        };
        let sum = if reads_sums { self.sum(by_upper) } else { None };
        let removed = sum.map(|sum| Change::new().word(upper_layer.len(), sum, 0));
        match protocol {
            IpProtocol::UDP => shorten_udp(upper_layer, by_upper, removed),
            IpProtocol::GRE => patch_gre(upper_layer, removed.unwrap_or_default()),
            _ => {}
        }
        Ok(Some(Shortened { by, by_upper, at, header, upper, before }))
    }

    /// The sum of so many bytes.
    fn sum(&self, length: usize) -> Option<u16> {
        let mut left = length;
        let sum = self.pieces.iter().try_fold(Checksum::new(), |sum, piece| {
            // SAFETY: whoever made this promised that the bytes are there.
            let bytes = unsafe { piece.get() }.ok()?;
            let bytes = bytes.get(..left).unwrap_or(bytes);
            left = left.saturating_sub(bytes.len());
            Some(sum.bytes(bytes))
        });
        sum.map(|sum| !sum.finish())
    }

    /// And what is behind the bytes that a checksum was over.
    fn appended(&self, change: Change, covered: usize) -> Change {
        change.word(covered, 0, self.sum(self.length).unwrap_or(0))
    }
}

/// How outer headers were before they were shortened.
#[derive(Debug)]
pub(crate) struct Shortened {
    /// By how many bytes the outer packet was.
    pub(crate) by: usize,
    /// And what it carries.
    pub(crate) by_upper: usize,
    at: usize,
    /// The IP header as far as its length and checksum.
    header: [u8; 12],
    upper: usize,
    /// The upper layer's, likewise.
    before: [u8; 8],
}

impl Shortened {
    /// Puts back what was there.
    pub(crate) fn undo(&self, packet: &mut [u8]) {
        let outer = packet.get_mut(self.at..).unwrap_or_default();
        outer.iter_mut().zip(self.header).for_each(|(to, from)| *to = from);
        outer.iter_mut().skip(self.upper).zip(self.before).for_each(|(to, from)| *to = from);
    }
}

fn first_of<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut first = [0; N];
    first.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    first
}

/// How long an IP packet says it is, where its upper layer begins, and which that is.
fn measure(outer: &[u8]) -> Result<(usize, usize, IpProtocol), Error> {
    if version(outer)? == Version::V4 {
        let ip = Ipv4Packet::parse_lax(outer)?;
        return Ok((ip.total_length().into(), ip.header_len(), ip.protocol()));
    }
    let ip = Ipv6Packet::parse_lax(outer)?;
    let total = ipv6::HEADER_LEN.saturating_add(ip.payload_length().into());
    let mut extensions = ip.extensions();
    extensions.by_ref().try_for_each(|extension| extension.map(drop))?;
    let upper = extensions.upper_layer()?;
    Ok((total, outer.len().saturating_sub(upper.payload.len()), upper.protocol))
}

fn shorten_ip(outer: &mut [u8], by: usize) -> Result<(), Error> {
    let shorter = |length: u16| usize::from(length).saturating_sub(by) as u16;
    if version(outer)? == Version::V4 {
        let mut ip = Ipv4Packet::parse_lax(outer)?;
        let (old, checksum) = (ip.total_length(), ip.checksum());
        ip.set_total_length(shorter(old));
        ip.set_checksum(Change::new().word(2, old, shorter(old)).apply(checksum));
    } else {
        let mut ip = Ipv6Packet::parse_lax(outer)?;
        let length = shorter(ip.payload_length());
        ip.set_payload_length(length);
    }
    Ok(())
}

/// How far a datagram reaches behind the first piece. It may end before the IP packet does.
fn udp_behind(datagram: &[u8]) -> usize {
    UdpDatagram::parse_lax(datagram).map_or(0, |udp| usize::from(udp.length()).saturating_sub(datagram.len()))
}

/// What is no datagram is left to who takes it apart.
fn shorten_udp(datagram: &mut [u8], by: usize, removed: Option<Change>) {
    let Ok(mut udp) = UdpDatagram::parse_lax(datagram) else { return };
    let (old, checksum) = (udp.length(), udp.checksum());
    let new = usize::from(old).saturating_sub(by) as u16;
    udp.set_length(new);
    if let (Some(removed), true) = (removed, checksum != 0) {
        udp.set_checksum(never_zero(removed.word(4, old, new).word(0, old, new).apply(checksum)));
    }
}

fn patch_gre(bytes: &mut [u8], change: Change) {
    if let Ok(Some(old)) = GrePacket::parse(&*bytes).map(|gre| gre.checksum()) {
        // Behind flags and protocol type (RFC 2784 §2.1).
        bytes.iter_mut().skip(4).zip(change.apply(old).to_be_bytes()).for_each(|(to, from)| *to = from);
    }
}

/// RFC 768: a 0 would mean none.
fn never_zero(checksum: u16) -> u16 {
    if checksum == 0 { 0xffff } else { checksum }
}
