//! Headers behind one another, as far as programs in the kernel go: all loops end.

use core::hint::black_box;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::{EtherType, EthernetHeader};
use ether_ip::icmpv4::Icmpv4Header;
use ether_ip::icmpv6::Icmpv6Header;
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::ipv6_extension;
use ether_ip::tcp::TcpHeader;
use ether_ip::udp::UdpHeader;
use geneve_codec::GeneveHeader;
use vxlan_codec::VxlanHeader;
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::Cursor;

/// So many VLAN tags are passed: QinQ's two, as cards take them.
pub const MAX_TAGS: usize = 2;
/// So many extension headers are passed: each kind that RFC 8200 §4.1 names, once, and destination options twice.
pub const MAX_EXTENSIONS: usize = 6;

/// An Ethernet header with the VLAN tags behind it.
#[derive(Debug)]
pub struct Ethernet<'a> {
    /// The header; its type is that of the first tag, if there is one.
    pub header: &'a mut EthernetHeader,
    /// What follows the tags.
    pub ether_type: EtherType,
    /// How many tags there are.
    pub tags: usize,
}

/// An IP header with the options or extension headers behind it.
#[derive(Debug)]
pub struct Ip<'a> {
    /// The header.
    pub header: IpHeader<'a>,
    /// What follows the options or extension headers.
    pub protocol: IpProtocol,
    /// So many bytes of options or extension headers there are.
    pub options: usize,
    /// It is a fragment, the first or a later one.
    pub is_fragment: bool,
    /// It is a fragment and not the first: what it carries begins in the middle.
    pub is_later_fragment: bool,
}

/// A header of either family.
#[derive(Debug)]
pub enum IpHeader<'a> {
    /// RFC 791.
    V4(&'a mut Ipv4Header),
    /// RFC 8200.
    V6(&'a mut Ipv6Header),
}

/// A Geneve header, behind which its options were passed.
#[derive(Debug)]
pub struct Geneve<'a> {
    /// The header.
    pub header: &'a mut GeneveHeader,
    /// There are options that whoever does not know them may not pass over: each says so itself. The header's flag is for who does not look at
    /// them (RFC 8926 §3.4), and Linux leaves it out.
    pub has_critical_options: bool,
}

/// As many options as there is room for: 252 bytes, in fours.
const MAX_OPTIONS: usize = 63;

/// What an option of Geneve begins with (RFC 8926 §3.5).
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct OptionStart {
    class: [u8; 2],
    kind: u8,
    /// In units of 4 bytes, without these.
    length: u8,
}

/// What all extension headers begin with (RFC 8200 §4, RFC 4302 §2).
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ExtensionStart {
    next_header: u8,
    length: u8,
    /// A fragment's place in its packet, and whether more follow (RFC 8200 §4.5); something else in others.
    more: U16,
    rest: [u8; 4],
}

/// How a kind of extension headers is passed, by numbers alone: each branch would be a state more for the verifier, in each turn of a loop.
#[derive(Clone, Copy)]
struct Extension {
    /// Its least length in bytes; 0 if it is none.
    least: u8,
    /// What its length field counts beyond 8 bytes, in bytes.
    unit: u8,
    /// What of it tells that it is of a fragment.
    fragment: u16,
}

/// One for a tag's type, and zero for others: without a branch, as above.
#[inline(always)]
fn is_tag(of: EtherType) -> usize {
    let differs = |kind: EtherType| u64::from(of.0 ^ kind.0);
    // Three numbers of 16 bits have a product of 48, which is zero if one of them is.
    let product = differs(EtherType::VLAN) * differs(EtherType::SERVICE_VLAN) * differs(EtherType::OLD_SERVICE_VLAN);
    (black_box(product).wrapping_sub(1) >> 63) as usize
}

const OFFSET: u16 = 0xfff8;
const MORE: u16 = 1;
/// As many bits as the length of an extension header has: 256 units of 8 bytes at the most.
const MOST: usize = 0xfff;

/// By protocol number.
#[allow(clippy::indexing_slicing, reason = "a byte is less than 256")]
static EXTENSIONS: [Extension; 256] = {
    let mut all = [Extension { least: 0, unit: 0, fragment: 0 }; 256];
    let mut number = 0_u8;
    loop {
        let protocol = IpProtocol(number);
        if ipv6_extension::is_extension(protocol) {
            all[number as usize] = match protocol {
                IpProtocol::FRAGMENT => Extension { least: 8, unit: 0, fragment: OFFSET | MORE },
                // RFC 4302 §2: in units of 4 bytes, of which there are three always.
                IpProtocol::AUTHENTICATION => Extension { least: 12, unit: 4, fragment: 0 },
                _ => Extension { least: 8, unit: 8, fragment: 0 },
            };
        }
        if number == u8::MAX {
            break all;
        }
        number += 1;
    }
};

impl Ip<'_> {
    /// From where to where it goes, as what a map has for addresses of either family: an `IpAddr` would be taken apart again byte by byte.
    #[inline(always)]
    #[must_use]
    pub fn ends<T: From<Ipv4Addr> + From<Ipv6Addr>>(&self) -> [T; 2] {
        match &self.header {
            IpHeader::V4(header) => [header.source().into(), header.destination().into()],
            IpHeader::V6(header) => [header.source().into(), header.destination().into()],
        }
    }

    /// How long the packet is, as its header says, in bytes: more than 65535 it does not say.
    #[inline(always)]
    #[must_use]
    pub fn packet_len(&self) -> usize {
        match &self.header {
            IpHeader::V4(header) => usize::from(header.total_length()),
            IpHeader::V6(header) => size_of::<Ipv6Header>() + usize::from(header.payload_length()),
        }
    }

    /// How long the header is, with options or extension headers, in bytes.
    #[inline(always)]
    #[must_use]
    pub fn header_len(&self) -> usize {
        self.options
            + match &self.header {
                IpHeader::V4(_) => size_of::<Ipv4Header>(),
                IpHeader::V6(_) => size_of::<Ipv6Header>(),
            }
    }

    /// Whether a router on its way was congested (RFC 3168).
    #[inline(always)]
    #[must_use]
    pub fn ecn(&self) -> Ecn {
        match &self.header {
            IpHeader::V4(header) => header.ecn(),
            IpHeader::V6(header) => header.ecn(),
        }
    }
}

impl<'a> Cursor<'a> {
    /// Ethernet, and the tags behind it.
    #[inline(always)]
    pub fn ethernet(&mut self) -> Option<Ethernet<'a>> {
        let (mut tags, mut ether_type) = (0, self.peek::<EthernetHeader>(0)?.ether_type());
        for _ in 0..black_box(MAX_TAGS) {
            // A header that stood a tag's length farther back would have the tag's own type.
            tags += is_tag(ether_type);
            ether_type = self.peek::<EthernetHeader>(4 * tags)?.ether_type();
        }
        let header = self.take::<EthernetHeader>()?;
        self.skip(4 * tags)?;
        Some(Ethernet { header, ether_type, tags })
    }

    /// An IP header of the version that the EtherType has, and what stands between it and its payload.
    #[inline(always)]
    pub fn ip(&mut self, of: EtherType) -> Option<Ip<'a>> {
        match of {
            EtherType::IPV4 => self.ipv4(),
            EtherType::IPV6 => self.ipv6(),
            _ => None,
        }
    }

    /// An IPv4 header and its options.
    #[inline(always)]
    pub fn ipv4(&mut self) -> Option<Ip<'a>> {
        let header = self.take::<Ipv4Header>()?;
        let options = header.header_len().checked_sub(size_of::<Ipv4Header>())?;
        if header.version() != 4 {
            return None;
        }
        self.skip(options)?;
        let (protocol, is_fragment) = (header.protocol(), header.is_fragment());
        let is_later_fragment = header.fragment_offset() > 0;
        Some(Ip { header: IpHeader::V4(header), protocol, options, is_fragment, is_later_fragment })
    }

    /// An IPv6 header and its extension headers. More of them than [`MAX_EXTENSIONS`] are what its payload is.
    #[inline(always)]
    pub fn ipv6(&mut self) -> Option<Ip<'a>> {
        let header = self.take::<Ipv6Header>()?;
        if header.version() != 6 {
            return None;
        }
        let (mut protocol, mut extensions, mut fragment) = (header.next_header(), 0, 0);
        for _ in 0..black_box(MAX_EXTENSIONS) {
            #[allow(clippy::indexing_slicing, reason = "a byte is less than 256")]
            let kind = &EXTENSIONS[usize::from(protocol.0)];
            // What follows a later fragment's header is no header.
            if kind.least == 0 || fragment & OFFSET != 0 {
                break;
            }
            let start = self.peek::<ExtensionStart>(0)?;
            let len = (size_of::<ExtensionStart>() + usize::from(start.length) * usize::from(kind.unit)) & MOST;
            if len < usize::from(kind.least) {
                return None;
            }
            self.skip(len)?;
            extensions += len;
            fragment |= start.more.get() & kind.fragment;
            protocol = IpProtocol(start.next_header);
        }
        let (is_fragment, is_later_fragment) = (fragment & (OFFSET | MORE) != 0, fragment & OFFSET != 0);
        Some(Ip { header: IpHeader::V6(header), protocol, options: extensions, is_fragment, is_later_fragment })
    }

    /// The IP header that a tunnel carries: behind Ethernet, if its type says so, or else by itself.
    #[inline(always)]
    pub fn inner(&mut self, of: EtherType) -> Option<Ip<'a>> {
        let of = if of == EtherType::TRANSPARENT_ETHERNET { self.ethernet()?.ether_type } else { of };
        self.ip(of)
    }

    /// UDP behind an IP header that says so.
    #[inline(always)]
    pub fn udp(&mut self, ip: &Ip<'_>) -> Option<&'a mut UdpHeader> {
        self.behind(ip, IpProtocol::UDP)
    }

    /// TCP; its options follow.
    #[inline(always)]
    pub fn tcp(&mut self, ip: &Ip<'_>) -> Option<&'a mut TcpHeader> {
        self.behind(ip, IpProtocol::TCP)
    }

    /// ICMP.
    #[inline(always)]
    pub fn icmpv4(&mut self, ip: &Ip<'_>) -> Option<&'a mut Icmpv4Header> {
        self.behind(ip, IpProtocol::ICMP)
    }

    /// ICMPv6.
    #[inline(always)]
    pub fn icmpv6(&mut self, ip: &Ip<'_>) -> Option<&'a mut Icmpv6Header> {
        self.behind(ip, IpProtocol::ICMPV6)
    }

    #[inline(always)]
    fn behind<T: crate::Header>(&mut self, ip: &Ip<'_>, protocol: IpProtocol) -> Option<&'a mut T> {
        if ip.protocol != protocol || ip.is_later_fragment {
            return None;
        }
        self.take()
    }

    /// VXLAN, behind UDP. Whether its number counts says [`VxlanHeader::has_vni`].
    #[inline(always)]
    pub fn vxlan(&mut self) -> Option<&'a mut VxlanHeader> {
        self.take()
    }

    /// Geneve, behind UDP, of the version that is known (RFC 8926 §3.4), and its options, unseen.
    #[inline(always)]
    pub fn geneve(&mut self) -> Option<&'a mut GeneveHeader> {
        let header = self.take::<GeneveHeader>().filter(|header| header.version() == 0)?;
        self.skip(header.header_len() - size_of::<GeneveHeader>())?;
        Some(header)
    }

    /// The same, its options looked at one by one. `None` if they are not together as long as it says.
    #[inline(always)]
    pub fn geneve_with_options(&mut self) -> Option<Geneve<'a>> {
        let header = self.take::<GeneveHeader>().filter(|header| header.version() == 0)?;
        let len = header.header_len() - size_of::<GeneveHeader>();
        // The cursor stays where it is meanwhile: for what comes behind it is one state, whatever options there were.
        let (mut at, mut kinds) = (0, 0);
        for _ in 0..black_box(MAX_OPTIONS) {
            if at >= len {
                break;
            }
            let option = self.peek::<OptionStart>(at & 0xff)?;
            kinds |= option.kind;
            at += size_of::<OptionStart>() + usize::from(option.length & 0x1f) * 4;
        }
        self.skip(len)?;
        let has_critical_options = kinds & 0x80 != 0;
        (at == len).then_some(Geneve { header, has_critical_options })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for number in 0..=u16::MAX {
            assert_eq!(is_tag(EtherType(number)) == 1, EtherType(number).is_vlan(), "{number:#06x}");
        }
    }
}
