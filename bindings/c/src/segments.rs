//! Packets in several pieces: outer headers in front of the first, whose lengths and checksums are over the others too.

use ether_ip::checksum::{Change, Checksum};
use ether_ip::gre::GrePacket;
use ether_ip::ip::{IpProtocol, Version, version};
use ether_ip::ipv4::{self, Ipv4Packet};
use ether_ip::ipv6::{self, Ipv6Packet};
use ether_ip::udp::UdpDatagram;
use ether_ip::{Error, LayerName};

use crate::border::Outcome;
use crate::checksum::add;
use crate::error::CodecError;
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
            IpProtocol::GRE => self.lengthen_gre(upper),
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
            // RFC 768: a 0 would mean none.
            udp.set_checksum(match self.appended(change, old.into()).apply(checksum) {
                0 => 0xffff,
                checksum => checksum,
            });
        }
        Ok(())
    }

    fn lengthen_gre(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let Some(old) = GrePacket::parse(&*bytes)?.checksum() else { return Ok(()) };
        let new = self.appended(Change::new(), bytes.len()).apply(old);
        // Behind flags and protocol type (RFC 2784 §2.1).
        bytes.iter_mut().skip(4).zip(new.to_be_bytes()).for_each(|(to, from)| *to = from);
        Ok(())
    }

    /// And what is behind the bytes that a checksum was over.
    fn appended(&self, change: Change, covered: usize) -> Change {
        // SAFETY: whoever made this promised that the bytes are there.
        let sum = unsafe { add(Checksum::new(), self.pieces) };
        change.word(covered, 0, sum.map_or(0, |sum| !sum.finish()))
    }
}
