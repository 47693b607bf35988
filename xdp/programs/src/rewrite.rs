//! One end of a flow made another's, in the packets of the flow and in the errors about them: numbers alone are added to checksums, as
//! `ether_ip::rewrite::Rewrite` has worked them out in user space.

use ether_ip::checksum::Change;
use ether_ip::ethernet::EtherType;
use ether_ip::icmpv4::Icmpv4Type;
use ether_ip::icmpv6::Icmpv6Type;
use ether_ip::ip::IpProtocol;
use packet_cursor::{Cursor, Ip, IpHeader};
use xdp_maps::{Address, Changes, End};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Which end of a packet becomes which, and what that adds to checksums.
#[derive(Clone, Copy)]
pub struct Rewrite {
    /// The end.
    pub side: Side,
    /// What it becomes.
    pub end: &'static End,
    /// What is added.
    pub changes: Changes,
}

/// One of a packet's ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where it comes from.
    Source,
    /// Where it goes.
    Destination,
}

impl Rewrite {
    /// The same in the packet that was sent the other way: what an error quotes.
    #[inline(always)]
    const fn of_answered(self) -> Self {
        let side = match self.side {
            Side::Source => Side::Destination,
            Side::Destination => Side::Source,
        };
        Self { side, ..self }
    }
}

/// What a number of a map adds.
#[inline(always)]
#[must_use]
pub const fn change(of: u16) -> Change {
    Change::of_difference(u16::from_be(of))
}

/// An IP packet without options or extension headers.
pub struct Packet<'a> {
    /// Its header.
    pub ip: Ip<'a>,
    /// How many bytes it has behind that.
    pub len: usize,
}

impl<'a> Packet<'a> {
    /// The one that begins here.
    #[inline(always)]
    pub fn read(cursor: &mut Cursor<'a>, of: EtherType) -> Option<Self> {
        let ip = cursor.ip(of)?;
        let len = ip.packet_len().checked_sub(ip.header_len())?;
        (ip.options == 0).then_some(Self { ip, len })
    }

    /// How many hops it may still go, this one included.
    #[inline(always)]
    #[must_use]
    pub fn hops(&self) -> u8 {
        match &self.ip.header {
            IpHeader::V4(header) => header.ttl(),
            IpHeader::V6(header) => header.hop_limit(),
        }
    }

    /// Takes one of them.
    #[inline(always)]
    pub fn take_hop(&mut self) {
        _ = match &mut self.ip.header {
            IpHeader::V4(header) => header.decrement_ttl(),
            IpHeader::V6(header) => header.decrement_hop_limit(),
        };
    }

    /// Writes the end's address. What that does to a checksum over the whole packet: with IPv4 nothing, as the header's own takes it back.
    #[inline(always)]
    pub fn rewrite(&mut self, rewrite: &Rewrite) -> Change {
        let (address, by) = (rewrite.end.address, change(rewrite.changes.address));
        match &mut self.ip.header {
            IpHeader::V4(header) => {
                match rewrite.side {
                    Side::Source => header.set_source(address.to_ipv4()),
                    Side::Destination => header.set_destination(address.to_ipv4()),
                }
                header.set_checksum(by.apply(header.checksum()));
                Change::new()
            }
            IpHeader::V6(header) => {
                match rewrite.side {
                    Side::Source => header.set_source(address.to_ipv6()),
                    Side::Destination => header.set_destination(address.to_ipv6()),
                }
                by
            }
        }
    }
}

/// What TCP and UDP have in common.
pub struct Transport<'a> {
    protocol: IpProtocol,
    ports: &'a mut [U16; 2],
    /// It may be left out of what is quoted.
    checksum: Option<&'a mut U16>,
}

/// Where the checksum stands behind the first byte (RFC 9293 §3.1, RFC 768).
#[inline(always)]
#[must_use]
pub const fn checksum_at(protocol: IpProtocol) -> Option<usize> {
    match protocol {
        IpProtocol::TCP => Some(16),
        IpProtocol::UDP => Some(6),
        _ => None,
    }
}

impl<'a> Transport<'a> {
    /// The one that begins here, behind a packet's header.
    #[inline(always)]
    pub fn read(cursor: &mut Cursor<'a>, packet: &Packet<'_>) -> Option<Self> {
        let protocol = packet.ip.protocol;
        let at = checksum_at(protocol)?;
        let ports = cursor.take::<[U16; 2]>().filter(|_| packet.len >= 4)?;
        let is_there = packet.len >= at + 2 && cursor.skip(at - 4).is_some();
        let checksum = if is_there { cursor.take::<U16>() } else { None };
        Some(Self { protocol, ports, checksum })
    }

    /// Whether the checksum is there.
    #[inline(always)]
    #[must_use]
    pub const fn has_checksum(&self) -> bool {
        self.checksum.is_some()
    }

    /// Writes the end's port.
    #[inline(always)]
    pub fn write(&mut self, rewrite: &Rewrite) {
        let [source, destination] = &mut *self.ports;
        match rewrite.side {
            Side::Source => source.set(rewrite.end.port as u16),
            Side::Destination => destination.set(rewrite.end.port as u16),
        }
    }

    /// Patches the checksum, which is over ports and addresses. What that, and the new port, does to a checksum over all of this.
    #[inline(always)]
    pub fn patch(&mut self, changes: Changes) -> Change {
        let port = change(changes.port);
        let Some(checksum) = &mut self.checksum else { return port };
        let before = checksum.get();
        let after = port.and(change(changes.address)).apply(before);
        // RFC 768: none stays none, and a sum of zero is written otherwise.
        let is_udp = self.protocol == IpProtocol::UDP;
        if is_udp && before == 0 {
            return port;
        }
        checksum.set(if is_udp && after == 0 { 0xffff } else { after });
        // The port's share it takes back, and the address's with it.
        change(!changes.address)
    }
}

/// An ICMP error, and the packet that it quotes.
pub struct Error<'a> {
    start: &'a mut ErrorStart,
    /// As far as it is quoted.
    pub quoted: Packet<'a>,
}

/// What an error begins with: RFC 792, RFC 4443 §2.1.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ErrorStart {
    kind: u8,
    code: u8,
    checksum: U16,
    rest: [u8; 4],
}

impl<'a> Error<'a> {
    /// The one that begins here, behind a packet's header.
    #[inline(always)]
    pub fn read(cursor: &mut Cursor<'a>, packet: &Packet<'_>, of: EtherType) -> Option<Self> {
        let start = match (&packet.ip.header, packet.ip.protocol) {
            (IpHeader::V4(_), IpProtocol::ICMP) => {
                cursor.take::<ErrorStart>().filter(|of| Icmpv4Type(of.kind).is_error())
            }
            (IpHeader::V6(_), IpProtocol::ICMPV6) => {
                cursor.take::<ErrorStart>().filter(|of| Icmpv6Type(of.kind).is_error())
            }
            _ => None,
        }?;
        let mut quoted = Packet::read(cursor, of)?;
        // What is not there of it, or is the frame's padding, is not quoted.
        let room = packet.len.checked_sub(size_of::<ErrorStart>() + quoted.ip.header_len())?;
        quoted.len = quoted.len.min(room);
        Some(Self { start, quoted })
    }

    /// Turns an error as an answer between these ends would be, and in what it quotes the end that is the other one there (RFC 5508 §4.2).
    /// `None`, and nothing is changed, if it is for somebody else.
    #[inline(always)]
    pub fn rewrite(
        &mut self,
        cursor: &mut Cursor<'a>,
        packet: &mut Packet<'_>,
        [from, to]: [Address; 2],
        rewrite: &Rewrite,
    ) -> Option<()> {
        let [sender, receiver] = packet.ip.ends::<Address>();
        if receiver != to {
            return None;
        }
        let mut transport = Transport::read(cursor, &self.quoted)?;
        let answered = rewrite.of_answered();
        transport.write(&answered);
        let quote = self.quoted.rewrite(&answered).and(transport.patch(rewrite.changes));
        // From the pod itself it is from whom the client knows; a router on the way stays who it is.
        let is_end = rewrite.side == Side::Destination || sender == from;
        let own = if is_end { packet.rewrite(rewrite) } else { Change::new() };
        let checksum = &mut self.start.checksum;
        checksum.set(quote.and(own).apply(checksum.get()));
        Some(())
    }
}
