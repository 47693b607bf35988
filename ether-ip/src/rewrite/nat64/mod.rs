//! IPv4 made IPv6 and back: what a NAT64, a stateless translator or a customer's CLAT does to a packet.
//!
//! ```text
//!            +-----------+-----+--------                        +-----------+------+-----------+-----+--------
//!            | IPv4      | TCP | data …                         | IPv4      | ICMP | IPv4      | UDP | data …
//!            +-----------+-----+--------                        +-----------+------+-----------+-----+--------
//!    +-------------------+-----+--------    +-------------------+--------+-------------------+-----+--------
//!    | IPv6              | TCP | data …     | IPv6              | ICMPv6 | IPv6              | UDP | data …
//!    +-------------------+-----+--------    +-------------------+--------+-------------------+-----+--------
//! ```
//!
//! A [`Translator`] takes the IP header off, puts the other one in front, and patches the checksum of what is carried by the difference of
//! the addresses: no payload is read or moved. IPv6 needs 20 bytes more, 28 in a fragment, and as many again for the packet that an ICMP
//! error quotes: they are taken from the space in front of the packet.
//!
//! Which address stands for which, the caller's mapping says: a [`Nat64Prefix`], a [`Host`] behind one, any table. It is asked for all four
//! addresses of an ICMP error. Ports are not its business: those of a stateful NAT64 (RFC 6146) are changed by a
//! [`Rewriter`], before or after.
//!
//! A signature of a TCP segment (RFC 2385, RFC 5925), which is over the addresses, does not survive it: [`Rewriter::left`] tells.
//!
//! As of any router, more is asked of who calls: to look at the checksum of an IPv4 header before (RFC 1812 §5.2.2), to fragment an IPv4
//! packet that its link does not take after, and to [answer](Refusal) what was refused.
//!
//! [`Rewriter`]: super::Rewriter
//! [`Rewriter::left`]: super::Rewriter::left
//!
//! RFC 7915 (the translation), RFC 6052 (the addresses), RFC 4884 (what stands behind a quoted packet).

mod header;
mod message;
mod prefix;
mod refusal;

use core::net::{Ipv4Addr, Ipv6Addr};

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, IntoBytes};

use crate::headroom::{check_room, insert_space};
use crate::icmpv4::Icmpv4Packet;
use crate::icmpv6::Icmpv6Packet;
use crate::ip::Version;
use crate::ipv6_extension::FragmentHeader;
use crate::{Error, LayerName, PacketBuffer, ipv4, ipv6};
pub use header::ZeroChecksum;
use header::{Header, Part};
use message::{About, FRAGMENT_GROWTH, GROWTH, Message};
pub use prefix::{Host, Nat64Prefix};
pub use refusal::Refusal;

/// What a translator is set to. [`new`](Self::new) is what RFC 7915 has as defaults, with links that take anything.
///
/// ```
/// use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
/// use ether_ip::{Headroom, ipv6::Ipv6Packet, udp::UdpDatagram, ip::IpProtocol};
///
/// # let bytes = b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x28\x29hello";
/// let mut buffer = [0; 64];
/// let mut packet = Headroom::with_payload(&mut buffer, bytes)?; // IPv4 and UDP from 192.0.2.1 to 192.0.2.2
/// let prefix = Nat64Prefix::WELL_KNOWN;
/// Translator::new().to_ipv6(&mut packet, |address| Some(prefix.embed(address)))?;
///
/// let ip = Ipv6Packet::parse(packet.packet())?;
/// assert_eq!(ip.source(), "64:ff9b::192.0.2.1".parse::<std::net::Ipv6Addr>()?);
/// let udp = UdpDatagram::parse(ip.payload())?;
/// assert!(udp.checksum_is_valid(&ip.pseudo_header(IpProtocol::UDP)));
///
/// Translator::new().to_ipv4(&mut packet, 1, |address| prefix.extract(address))?;
/// assert_eq!((packet.packet()[0], packet.packet()[8]), (0x45, 62)); // two hops
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Translator {
    /// What all of IPv6's links take, in bytes: no longer than this is what may be fragmented made (RFC 7915 §4). 1280, if nothing else
    /// is known.
    pub lowest_ipv6_mtu: u32,
    /// What the next IPv6 link takes, in bytes.
    pub ipv6_mtu: u32,
    /// What the next IPv4 link takes, in bytes.
    pub ipv4_mtu: u32,
    /// What becomes of UDP without a checksum.
    pub zero_checksum: ZeroChecksum,
}

impl Default for Translator {
    fn default() -> Self {
        Self::new()
    }
}

impl Translator {
    /// Links that take anything, UDP given a checksum.
    #[must_use]
    pub const fn new() -> Self {
        let (ipv6_mtu, ipv4_mtu) = (u32::MAX, u32::MAX);
        Self { lowest_ipv6_mtu: ipv6::MIN_MTU, ipv6_mtu, ipv4_mtu, zero_checksum: ZeroChecksum::Computed }
    }

    /// Makes an IPv4 packet an IPv6 one (RFC 7915 §4). Options are left out. What stands behind the packet, as Ethernet's padding does,
    /// stays there; and so does what an ICMP error has no room for: the end of a packet that it quotes, so that it is not longer than
    /// 1280 bytes, and extensions (RFC 4884) where the IPv6 message has none.
    ///
    /// # Errors
    /// A [`Refusal`]. The packet is as it was then.
    #[inline]
    pub fn to_ipv6(
        &self,
        packet: &mut impl PacketBuffer,
        mapping: impl Fn(Ipv4Addr) -> Option<Ipv6Addr>,
    ) -> Result<(), Refusal> {
        let outer = Header::to_ipv6(packet.packet(), false, &mapping)?;
        if outer.is_error(packet.packet()) {
            return self.translate_error(packet, |bytes, is_quoted| Header::to_ipv6(bytes, is_quoted, &mapping));
        }
        self.translate(packet, &outer)
    }

    /// Makes an IPv6 packet an IPv4 one (RFC 7915 §5). Extension headers are left out. `identification` is that of a packet without a
    /// fragment header, which must not be the same in two packets between the same ends for as long as fragments of one may be on their
    /// way (RFC 6864 §4.3). What stands behind the packet stays there, as in [`to_ipv6`](Self::to_ipv6).
    ///
    /// # Errors
    /// A [`Refusal`]. The packet is as it was then.
    #[inline]
    pub fn to_ipv4(
        &self,
        packet: &mut impl PacketBuffer,
        identification: u16,
        mapping: impl Fn(Ipv6Addr) -> Option<Ipv4Addr>,
    ) -> Result<(), Refusal> {
        let outer = Header::to_ipv4(packet.packet(), false, identification, &mapping)?;
        if outer.is_error(packet.packet()) {
            let header = |bytes: &[u8], is_quoted| Header::to_ipv4(bytes, is_quoted, identification, &mapping);
            return self.translate_error(packet, header);
        }
        self.translate(packet, &outer)
    }

    /// What is no ICMP error, either way.
    #[inline(always)]
    fn translate(&self, packet: &mut impl PacketBuffer, outer: &Header) -> Result<(), Refusal> {
        self.check_length(outer)?;
        let edits = outer.edits(outer.upper(packet.packet()), Some(self.zero_checksum))?;
        check_room(outer.new.layer(), outer.new.len().saturating_sub(outer.old_len), packet.headroom())?;
        edits.write(packet, outer.old_len);
        packet.trim_front(outer.old_len);
        Ok(outer.new.prepend(packet)?)
    }

    /// An ICMP error; `header` reads its header and that of the packet that it quotes, which of the two it is told.
    #[cold]
    #[inline(never)]
    fn translate_error(
        &self,
        packet: &mut impl PacketBuffer,
        header: impl Fn(&[u8], bool) -> Result<Header, Refusal>,
    ) -> Result<(), Refusal> {
        let outer = header(packet.packet(), false)?;
        let upper = outer.upper(packet.packet());
        let error = IcmpError::read(outer.new.to, upper)?;
        let inner = header(error.quoted(upper), true)?;
        self.translate_both(packet, &outer, &inner, error)
    }

    /// RFC 7915 §4, §5: what may not be fragmented on its way goes back if the next link does not take it; what may be, and is to be, to
    /// the caller.
    #[inline]
    fn check_length(&self, header: &Header) -> Result<(), Refusal> {
        let len = header.new.len().saturating_add(header.new.upper_len) as u32;
        let (most, refusal) = match (header.new.to, header.new.dont_fragment) {
            (Version::V6, true) => {
                let growth = if header.new.part == Part::Whole { GROWTH } else { FRAGMENT_GROWTH };
                (self.ipv6_mtu, Refusal::TooBig { mtu: self.ipv6_mtu.saturating_sub(growth) })
            }
            (Version::V6, false) => {
                let most = self.lowest_ipv6_mtu.min(self.ipv6_mtu);
                let headers = (ipv6::HEADER_LEN + size_of::<FragmentHeader>()) as u32;
                (most, Refusal::MustFragment { payload: most.saturating_sub(headers) & !7 })
            }
            // RFC 8200 §5: who is told less than 1280 sends 1280, which may be fragmented.
            (Version::V4, true) => {
                (self.ipv4_mtu, Refusal::TooBig { mtu: self.ipv4_mtu.saturating_add(GROWTH).max(ipv6::MIN_MTU) })
            }
            (Version::V4, false) => return Ok(()),
        };
        if len > most { Err(refusal) } else { Ok(()) }
    }

    /// An ICMP error, and the packet that it quotes (RFC 7915 §4.2, §4.3, §5.2, §5.3).
    fn translate_both(
        &self,
        packet: &mut impl PacketBuffer,
        outer: &Header,
        inner: &Header,
        error: IcmpError,
    ) -> Result<(), Refusal> {
        let upper = outer.upper(packet.packet());
        let quoted = error.quoted(upper);
        let edits = inner.edits(inner.upper(quoted), None)?;
        let about = About {
            total: inner.old_len.saturating_add(inner.new.upper_len),
            has_fragment_header: inner.has_fragment_header,
            ipv4_mtu: self.ipv4_mtu,
            ipv6_mtu: self.ipv6_mtu,
        };
        let mut message = error.message.counterpart(outer.new.to, &about)?;
        let fit = error.fit(inner, &mut message, outer.new.to);
        // The headers that go, and those that come.
        let old_len = outer.old_len.saturating_add(size_of::<Message>()).saturating_add(inner.old_len);
        let new_len = outer.new.len().saturating_add(size_of::<Message>()).saturating_add(inner.new.len());
        let mut outer_new = outer.new;
        outer_new.upper_len = fit.len;
        let outer_new = outer_new.checked()?;
        let growth = new_len.saturating_add(fit.padding).saturating_sub(old_len);
        check_room(outer.new.layer(), growth, packet.headroom())?;

        let ipv6_len = if outer.new.to == Version::V6 { fit.len } else { upper.len() };
        let change = edits.change(outer.icmp_pseudo(ipv6_len));
        let change = inner.new.instead_of(quoted.get(..inner.old_len).unwrap_or_default(), change)?;
        let change = change.swapped(fit.kept, upper.get(fit.kept..).unwrap_or_default(), &[]);
        let (old, new) = (Message { checksum: U16::ZERO, ..error.message }, message);
        let change = change.swapped(0, old.as_bytes(), new.as_bytes());
        message.checksum.set(change.apply(error.message.checksum.get()));

        edits.write(packet, old_len);
        packet.trim_front(old_len);
        if fit.padding > 0 {
            let quoted = error.quoted_len.saturating_sub(inner.old_len);
            insert_space(packet, LayerName::ICMPV6, quoted, fit.padding)?.fill(0);
        }
        inner.new.prepend(packet)?;
        packet.prepend(LayerName::ICMPV6, message)?;
        Ok(outer_new.prepend(packet)?)
    }
}

/// An ICMP error's header, and how many bytes it quotes.
#[derive(Debug, Clone, Copy)]
struct IcmpError {
    message: Message,
    quoted_len: usize,
    /// What stands behind that: extensions (RFC 4884).
    behind: usize,
}

/// How an ICMP error is made to fit, in bytes.
#[derive(Debug, Clone, Copy)]
struct Fit {
    /// The new message with its header.
    len: usize,
    /// Zeros between the quoted packet and the extensions.
    padding: usize,
    /// How much of the old message is taken over, its header and the quoted one's counted.
    kept: usize,
}

impl IcmpError {
    fn read(to: Version, upper: &[u8]) -> Result<Self, Refusal> {
        let quoted_len = match to {
            Version::V6 => Icmpv4Packet::parse(upper)?.quoted().map(<[u8]>::len),
            Version::V4 => Icmpv6Packet::parse(upper)?.quoted().map(<[u8]>::len),
        };
        let truncated = Error::Truncated { layer: LayerName::ICMPV6, needed: 8, available: upper.len() };
        let (message, body) = Message::read_from_prefix(upper).map_err(|_| truncated)?;
        let no_counterpart = Refusal::Icmp { kind: message.kind, code: message.code };
        let quoted_len = quoted_len.ok_or(no_counterpart)?;
        Ok(Self { message, quoted_len, behind: body.len().saturating_sub(quoted_len) })
    }

    /// What it quotes.
    fn quoted<'a>(&self, upper: &'a [u8]) -> &'a [u8] {
        let body = upper.get(size_of::<Message>()..).unwrap_or_default();
        body.get(..self.quoted_len).unwrap_or(body)
    }

    /// Extensions stay behind a quoted packet of at least 128 bytes, by whole words, whose number the new message can tell. Where it
    /// cannot, or they make it longer than an ICMPv6 error may be (RFC 4443 §2.4 (c)), they are left out; and then of the quoted packet
    /// what is too long still.
    fn fit(&self, inner: &Header, message: &mut Message, to: Version) -> Fit {
        let quoted = self.quoted_len.saturating_add(inner.new.len()).saturating_sub(inner.old_len);
        let most = match to {
            Version::V6 => ipv6::MIN_MTU as usize - ipv6::HEADER_LEN,
            Version::V4 => usize::from(u16::MAX) - ipv4::HEADER_LEN,
        };
        let header = size_of::<Message>();
        if let (Some(unit), true) = (message.quote_unit(to), self.behind > 0) {
            let padded = quoted.max(128).saturating_add(unit.saturating_sub(1)) & !unit.saturating_sub(1);
            let len = header.saturating_add(padded).saturating_add(self.behind);
            if let (Ok(units), true) = (u8::try_from(padded / unit), len <= most) {
                message.set_quote_units(to, units);
                let kept = header.saturating_add(self.quoted_len).saturating_add(self.behind);
                return Fit { len, padding: padded.saturating_sub(quoted), kept };
            }
        }
        let len = header.saturating_add(quoted);
        let over = len.saturating_sub(most);
        let kept = header.saturating_add(self.quoted_len).saturating_sub(over);
        Fit { len: len.min(most), padding: 0, kept }
    }
}
