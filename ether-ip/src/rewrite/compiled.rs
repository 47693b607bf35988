//! A rewrite of one flow's packets, worked out once: what it does to the checksums is the same for all of them.

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use core::net::IpAddr;

use super::flow::{Flow, Ports};
use super::rewriter::{Rewriter, other_family};
use crate::checksum::Change;
use crate::ip::IpProtocol;
use crate::udp;
use crate::{Error, LayerName, Rule};

/// What every packet of one flow becomes: another's ends.
///
/// The difference that it makes to the checksums is a constant, so that a packet costs a comparison, a few stores and two additions,
/// whatever its length.
///
/// ```
/// use ether_ip::rewrite::{Flow, Outcome, Rewrite};
///
/// # let mut bytes = *b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
/// let inside = Flow::of(&bytes)?;
/// let outside = Flow { source: [203, 0, 113, 7].into(), ..inside };
/// let out = Rewrite::between(&inside, &outside)?;
/// assert_eq!(out.apply(&mut bytes)?, Outcome::Rewritten);
/// assert_eq!(Flow::of(&bytes)?, outside);
/// // The same packet is no longer of the flow, and stays as it is.
/// assert_eq!(out.apply(&mut bytes)?, Outcome::OtherFlow);
/// // Answers go the other way.
/// let back = out.for_answers();
/// assert_eq!((back.before(), back.after()), (outside.reversed(), inside.reversed()));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewrite {
    old: Flow,
    new: Flow,
    plain: Plain,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub enum Outcome {
    /// It is of the new flow.
    Rewritten,
    /// It is a fragment that is not the first: the addresses are rewritten, ports it has none. That it is of this flow, and not of
    /// another between the two, the caller knows from the first fragment's identification (RFC 3022 §6.3).
    LaterFragment,
    /// It is of another flow, and as it was.
    OtherFlow,
}

/// The rewrite of what most packets are: TCP or UDP right behind an IP header without options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plain {
    V4 {
        old: Ends<8>,
        new: Ends<8>,
        header: Change,
        transport: Change,
    },
    V6 {
        old: Ends<32>,
        new: Ends<32>,
        transport: Change,
    },
    /// Others go the long way.
    None,
}

/// Both addresses, and both ports, as they stand in a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Ends<const N: usize> {
    addresses: [u8; N],
    ports: [u8; 4],
}

/// IPv4 without options, up to the transport's ports.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Ipv4Start {
    version_class: [u8; 2],
    total_length: U16,
    identification: [u8; 2],
    flags_offset: U16,
    time_to_live: u8,
    protocol: u8,
    checksum: U16,
    ends: Ends<8>,
}

/// IPv6 without extension headers, up to the transport's ports.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Ipv6Start {
    version_class_label: [u8; 4],
    payload_length: U16,
    next_header: u8,
    hop_limit: u8,
    ends: Ends<32>,
}

/// TCP behind its ports, up to the checksum.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct TcpRest {
    before: [u8; 12],
    checksum: U16,
}

/// UDP behind its ports.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct UdpRest {
    length: U16,
    checksum: U16,
}

/// Patches a transport's checksum.
trait Rest: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned {
    fn patch(&mut self, change: Change);
}

impl Rest for TcpRest {
    #[inline(always)]
    fn patch(&mut self, change: Change) {
        self.checksum.set(change.apply(self.checksum.get()));
    }
}

impl Rest for UdpRest {
    #[inline(always)]
    fn patch(&mut self, change: Change) {
        self.checksum.set(udp::patched(self.checksum.get(), change));
    }
}

/// The IP header and what of the transport's is touched, one behind the other.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Packet<I, R> {
    ip: I,
    rest: R,
}

impl Rewrite {
    /// What makes packets of one flow those of another.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the flows are of different families or protocols, or one has ports and the other an identifier, or none;
    /// or if ports are to change of a protocol whose checksum cannot be patched: SCTP's is a CRC.
    pub fn between(old: &Flow, new: &Flow) -> Result<Self, Error> {
        let families = [old.source, old.destination, new.source, new.destination].map(|address| address.is_ipv4());
        if families.iter().any(|is_v4| *is_v4 != old.source.is_ipv4()) {
            return Err(other_family(LayerName::IP, 6, 4));
        }
        let value = usize::from(new.protocol.0);
        let unbuildable = |field, rule| Error::Unbuildable { layer: LayerName::IP, field, value, rule };
        if old.protocol != new.protocol {
            return Err(unbuildable("protocol", Rule::Exactly(u32::from(old.protocol.0))));
        }
        let is_fixed = old.protocol == IpProtocol::SCTP && old.ports != new.ports;
        if core::mem::discriminant(&old.ports) != core::mem::discriminant(&new.ports) || is_fixed {
            return Err(unbuildable("protocol of other ports", Rule::Known));
        }
        Ok(Self { old: *old, new: *new, plain: Plain::between(old, new) })
    }

    /// The flow whose packets are rewritten.
    #[must_use]
    pub const fn before(&self) -> Flow {
        self.old
    }

    /// The flow that they are of afterwards.
    #[must_use]
    pub const fn after(&self) -> Flow {
        self.new
    }

    /// What the new addresses do to a checksum that is over them, as that of IPv4's header is, and what the new ports do: TCP's and UDP's are
    /// over both. It is for who has the packets where this crate's code does not run, as a program in the kernel that only adds numbers.
    /// `None` of a flow without ports, and where nothing changes.
    ///
    /// ```
    /// use ether_ip::rewrite::{Flow, Outcome, Rewrite};
    ///
    /// # let bytes = *b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
    /// let inside = Flow::of(&bytes)?; // from 192.0.2.1, port 4000
    /// let outside = Flow { source: [192, 0, 3, 2].into(), ports: inside.ports.with_source(4003).unwrap(), ..inside };
    /// let rewrite = Rewrite::between(&inside, &outside)?;
    /// let [addresses, ports] = rewrite.changes().unwrap();
    /// assert_eq!((addresses.difference(), ports.difference()), (0x0101, 0x0003));
    ///
    /// let mut apart = bytes;
    /// apart[10..12].copy_from_slice(&addresses.apply(0xb6c8).to_be_bytes());
    /// apart[26..28].copy_from_slice(&addresses.and(ports).apply(0x2829).to_be_bytes());
    /// let mut rewritten = bytes;
    /// assert_eq!(rewrite.apply(&mut rewritten)?, Outcome::Rewritten);
    /// assert_eq!((&apart[10..12], &apart[26..28]), (&rewritten[10..12], &rewritten[26..28]));
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[must_use]
    pub fn changes(&self) -> Option<[Change; 2]> {
        fn between<const N: usize>(old: &Ends<N>, new: &Ends<N>) -> [Change; 2] {
            let addresses = Change::new().bytes(0, &old.addresses, &new.addresses);
            [addresses, Change::new().bytes(0, &old.ports, &new.ports)]
        }
        match &self.plain {
            Plain::V4 { old, new, .. } => Some(between(old, new)),
            Plain::V6 { old, new, .. } => Some(between(old, new)),
            Plain::None => None,
        }
    }

    /// What gives the rewritten packets back as they were.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { old: self.new, new: self.old, plain: Plain::between(&self.new, &self.old) }
    }

    /// What is to be done to the answers, which come to the new flow's ends and go to the old one's.
    #[must_use]
    pub fn for_answers(&self) -> Self {
        let (old, new) = (self.new.reversed(), self.old.reversed());
        Self { old, new, plain: Plain::between(&old, &new) }
    }

    /// Rewrites an IP packet if it is of the old flow. Only its headers need be in `packet`.
    ///
    /// # Errors
    /// As [`Rewriter::ip`]. The packet is as it was then.
    #[inline]
    pub fn apply(&self, packet: &mut [u8]) -> Result<Outcome, Error> {
        let is_done = match (&self.plain, self.old.protocol) {
            (Plain::V4 { old, new, header, transport }, IpProtocol::TCP) => {
                plain_v4::<TcpRest>(packet, IpProtocol::TCP, (old, new), *header, *transport)
            }
            (Plain::V4 { old, new, header, transport }, _) => {
                plain_v4::<UdpRest>(packet, IpProtocol::UDP, (old, new), *header, *transport)
            }
            (Plain::V6 { old, new, transport }, IpProtocol::TCP) => {
                plain_v6::<TcpRest>(packet, IpProtocol::TCP, (old, new), *transport)
            }
            (Plain::V6 { old, new, transport }, _) => {
                plain_v6::<UdpRest>(packet, IpProtocol::UDP, (old, new), *transport)
            }
            (Plain::None, _) => false,
        };
        if is_done { Ok(Outcome::Rewritten) } else { self.apply_to(&mut Rewriter::ip(packet)?) }
    }

    /// The same to a packet whose headers were found: in an Ethernet frame, in a tunnel.
    ///
    /// # Errors
    /// None that the rewriter had not before.
    #[inline(never)]
    pub fn apply_to(&self, packet: &mut Rewriter<'_>) -> Result<Outcome, Error> {
        let (now, is_later) = (packet.flow(), packet.is_later_fragment());
        if now != if is_later { self.old.without_ports() } else { self.old } {
            return Ok(Outcome::OtherFlow);
        }
        packet.change_flow(&self.new)?;
        Ok(if is_later { Outcome::LaterFragment } else { Outcome::Rewritten })
    }

    /// Turns an ICMP error back that is about a packet of the new flow: what it quotes is made the old flow's, as far as it is quoted,
    /// and the error goes to whom the packet was from (RFC 5508 §4.2). If whom the packet went to sends it, and not a router on the way,
    /// the error is from whom the sender knows.
    ///
    /// # Errors
    /// As [`Rewriter::ip`]. The packet is as it was then.
    pub fn undo_in_error(&self, packet: &mut [u8]) -> Result<Outcome, Error> {
        self.undo_in_error_of(&mut Rewriter::ip(packet)?)
    }

    /// The same in a packet whose headers were found: in an Ethernet frame, in a tunnel.
    ///
    /// # Errors
    /// None that the rewriter had not before.
    pub fn undo_in_error_of(&self, packet: &mut Rewriter<'_>) -> Result<Outcome, Error> {
        let ends = packet.flow();
        let Some(mut quote) = packet.quoted() else { return Ok(Outcome::OtherFlow) };
        let is_later = quote.is_later_fragment();
        if quote.flow() != if is_later { self.new.without_ports() } else { self.new }
            || ends.destination != self.new.source
        {
            return Ok(Outcome::OtherFlow);
        }
        quote.change_flow(&self.old)?;
        packet.change_destination(self.old.source)?;
        if ends.source == self.new.destination {
            packet.change_source(self.old.destination)?;
        }
        Ok(if is_later { Outcome::LaterFragment } else { Outcome::Rewritten })
    }
}

impl Plain {
    fn between(old: &Flow, new: &Flow) -> Self {
        let (Ports::Pair { .. }, IpProtocol::TCP | IpProtocol::UDP) = (old.ports, old.protocol) else {
            return Self::None;
        };
        if old == new {
            return Self::None;
        }
        if let (Some(old), Some(new)) = (ends_v4(old), ends_v4(new)) {
            let header = Change::new().bytes(0, &old.addresses, &new.addresses);
            return Self::V4 { old, new, header, transport: header.bytes(0, &old.ports, &new.ports) };
        }
        match (ends_v6(old), ends_v6(new)) {
            (Some(old), Some(new)) => {
                let addresses = Change::new().bytes(0, &old.addresses, &new.addresses);
                Self::V6 { old, new, transport: addresses.bytes(0, &old.ports, &new.ports) }
            }
            _ => Self::None,
        }
    }
}

fn ends_v4(flow: &Flow) -> Option<Ends<8>> {
    let (IpAddr::V4(source), IpAddr::V4(destination)) = (flow.source, flow.destination) else { return None };
    let mut addresses = [0; 8];
    put(&mut addresses, &source.octets(), &destination.octets());
    Some(Ends { addresses, ports: ports(flow) })
}

fn ends_v6(flow: &Flow) -> Option<Ends<32>> {
    let (IpAddr::V6(source), IpAddr::V6(destination)) = (flow.source, flow.destination) else { return None };
    let mut addresses = [0; 32];
    put(&mut addresses, &source.octets(), &destination.octets());
    Some(Ends { addresses, ports: ports(flow) })
}

fn ports(flow: &Flow) -> [u8; 4] {
    let mut bytes = [0; 4];
    if let Ports::Pair { source, destination } = flow.ports {
        put(&mut bytes, &source.to_be_bytes(), &destination.to_be_bytes());
    }
    bytes
}

/// Two halves, one behind the other.
fn put(to: &mut [u8], first: &[u8], second: &[u8]) {
    to.iter_mut().zip(first.iter().chain(second)).for_each(|(to, from)| *to = *from);
}

/// Rewrites a packet that is plain and of the flow. Whether it was.
#[inline(always)]
fn plain_v4<R: Rest>(
    packet: &mut [u8],
    protocol: IpProtocol,
    (old, new): (&Ends<8>, &Ends<8>),
    header: Change,
    transport: Change,
) -> bool {
    let Ok((packet, _)) = Packet::<Ipv4Start, R>::mut_from_prefix(packet) else { return false };
    let Packet { ip, rest } = packet;
    let is_whole = usize::from(ip.total_length.get()) >= size_of::<Packet<Ipv4Start, R>>();
    let is_plain = ip.version_class[0] == 0x45 && ip.protocol == protocol.0 && ip.flags_offset.get() & 0x3fff == 0;
    if !(is_plain && is_whole && ip.ends == *old) {
        return false;
    }
    ip.ends = *new;
    ip.checksum.set(header.apply(ip.checksum.get()));
    rest.patch(transport);
    true
}

/// The same over IPv6.
#[inline(always)]
fn plain_v6<R: Rest>(
    packet: &mut [u8],
    protocol: IpProtocol,
    (old, new): (&Ends<32>, &Ends<32>),
    transport: Change,
) -> bool {
    let Ok((packet, _)) = Packet::<Ipv6Start, R>::mut_from_prefix(packet) else { return false };
    let Packet { ip, rest } = packet;
    let is_whole = usize::from(ip.payload_length.get()) >= size_of::<R>() + 4;
    let is_plain = ip.version_class_label[0] >> 4 == 6 && ip.next_header == protocol.0;
    if !(is_plain && is_whole && ip.ends == *old) {
        return false;
    }
    ip.ends = *new;
    rest.patch(transport);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(destination: &str, protocol: IpProtocol, port: u16) -> Flow {
        let destination: IpAddr = destination.parse().unwrap();
        let source = if destination.is_ipv4() { [192, 0, 2, 1].into() } else { [0xfd; 16].into() };
        Flow { source, destination, protocol, ports: Ports::Pair { source: 4000, destination: port } }
    }

    /// RFC 1624, equation 3: each word that changes adds the complement of what it was, and what it is; and the answers the other way round.
    #[test]
    fn what_checksums_change_by() {
        for (before, after, address) in [
            // ~0a60 + 0af4 and ~0001 + 0102: 0094 + 0101.
            ("10.96.0.1", "10.244.1.2", 0x0195),
            // ~0096 + 0244 and ~0001 + 0002: 01ae + 0001.
            ("fd00:96::1", "fd00:244::2", 0x01af),
        ] {
            let (before, after) = (flow(before, IpProtocol::TCP, 80), flow(after, IpProtocol::TCP, 8080));
            let rewrite = Rewrite::between(&before, &after).unwrap();
            // 8080 - 80 is 1f40.
            assert_eq!(rewrite.changes().unwrap().map(Change::difference), [address, 0x1f40]);
            assert_eq!(rewrite.for_answers().changes().unwrap().map(Change::difference), [!address, !0x1f40]);
        }
    }

    /// SCTP's checksum is a CRC (RFC 9260 §6.8), and where nothing changes there is nothing to add.
    #[test]
    fn no_changes() {
        let sctp = [flow("10.96.0.1", IpProtocol::SCTP, 80), flow("10.244.1.2", IpProtocol::SCTP, 80)];
        let same = [flow("10.96.0.1", IpProtocol::TCP, 80); 2];
        for [before, after] in [sctp, same] {
            assert_eq!(Rewrite::between(&before, &after).unwrap().changes(), None);
        }
    }
}
