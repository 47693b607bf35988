//! Tells what is wrong with a packet as `packet-dissect` would, counts it by kind, and hands samples of such packets to user space.
//!
//! It goes as far as the cursor's layers do: through Ethernet, VLAN tags, IP and what stands behind it, and through the same once more in a
//! tunnel. What it does not know it takes for good. What ICMP quotes, and jumbograms, it leaves alone; and the checksums of UDP and TCP, which
//! on a link between namespaces are still to be filled in.
#![no_std]
#![no_main]

use core::hint::black_box;

use aya_ebpf::bindings::xdp_action::XDP_PASS;
use aya_ebpf::helpers::{bpf_ktime_get_ns, bpf_xdp_load_bytes};
use aya_ebpf::macros::{map, xdp};
use aya_ebpf::maps::{Array, PerCpuArray, RingBuf};
use aya_ebpf::programs::XdpContext;
use ether_ip::ethernet::{EtherType, EthernetHeader};
use ether_ip::icmpv4::Icmpv4Header;
use ether_ip::icmpv6::Icmpv6Header;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::tcp::TcpHeader;
use ether_ip::udp::UdpHeader;
use ether_ip::vlan::VlanHeader;
use geneve_codec::GeneveHeader;
use packet_cursor::{Cursor, Header, MAX_EXTENSIONS, MAX_TAGS};
use vxlan_codec::VxlanHeader;
use xdp_maps::{KINDS, Kind, MAX_SAMPLED, Sample, Settings, Tally};
use xdp_programs as _;

#[map]
static TALLIES: PerCpuArray<Tally> = PerCpuArray::with_max_entries(KINDS as u32, 0);

#[map]
static SETTINGS: Array<Settings> = Array::with_max_entries(1, 0);

/// Room for 900 samples: what comes while there is none is counted alone.
#[map]
static SAMPLES: RingBuf = RingBuf::with_byte_size(1 << 18, 0);

#[xdp]
fn drops(mut context: XdpContext) -> u32 {
    let cursor = Cursor::of(&mut context);
    let len = cursor.left();
    // Nothing, in a way that the verifier does not see.
    let at = len.wrapping_sub(cursor.left());
    let kind = Walk { cursor, at, end: len, in_fragment: false, is_odd: false }.told();
    tell(&context, kind, len).unwrap_or(XDP_PASS)
}

/// Counts a packet, and samples it if it is its turn. What becomes of it; none, if it is good.
#[inline(always)]
fn tell(context: &XdpContext, kind: Kind, len: usize) -> Option<u32> {
    let tally = TALLIES.get_ptr_mut(kind as u32)?;
    // SAFETY: the value is this processor's own, and no other program runs on it meanwhile.
    let tally = unsafe { &mut *tally };
    let turn = tally.packets;
    tally.packets += 1;
    tally.bytes += len as u64;
    if kind == Kind::Good {
        return None;
    }
    let settings = SETTINGS.get(0)?;
    if turn.checked_rem(u64::from(settings.every)) == Some(0) && sample(context, kind, len).is_none() {
        tally.lost += 1;
    }
    Some(settings.verdict)
}

/// Hands a packet's first bytes to user space, if there is room.
#[inline(always)]
fn sample(context: &XdpContext, kind: Kind, len: usize) -> Option<()> {
    let mut entry = SAMPLES.reserve::<Sample>(0)?;
    let sample = entry.as_mut_ptr();
    // SAFETY: the kernel has reserved as many bytes as a sample has, for nobody else; any bytes are one.
    let sample = unsafe { &mut *sample };
    // SAFETY: it takes nothing.
    sample.time = unsafe { bpf_ktime_get_ns() };
    (sample.kind, sample.len) = (kind as u32, len as u32);
    // A packet has a byte at least: what the verifier sees of this number is that it is 1 to `MAX_SAMPLED`.
    let kept = (black_box(len.min(MAX_SAMPLED).wrapping_sub(1)) & (MAX_SAMPLED - 1)) + 1;
    // SAFETY: there are so many bytes in the packet, and room for them.
    unsafe { bpf_xdp_load_bytes(context.ctx, 0, sample.bytes.as_mut_ptr().cast(), kept as u32) };
    entry.submit(0);
    Some(())
}

/// A walk through a packet's layers, to the first error.
///
/// The cursor stays at the packet's front, and where the walk is are numbers of which the verifier knows nothing: whichever way led to a
/// layer, it is one state for it. Pointers that were moved would be as many as there are ways, and those behind two frames are too many.
struct Walk<'a> {
    cursor: Cursor<'a>,
    /// So many bytes were passed.
    at: usize,
    /// Here what carries the next layer ends: what stands behind it is padding.
    end: usize,
    /// A fragment was passed: what is cut off may be in another one.
    in_fragment: bool,
    /// A wrong header checksum was seen.
    is_odd: bool,
}

/// What is carried where nothing is read any further.
const NOTHING: IpProtocol = IpProtocol::NO_NEXT_HEADER;

impl Walk<'_> {
    #[inline(always)]
    fn told(mut self) -> Kind {
        let error = self.walk().err();
        match error.filter(|kind| !(self.in_fragment && kind.is_of_a_part())) {
            Some(kind) => kind,
            None if self.is_odd => Kind::Ipv4Checksum,
            None => Kind::Good,
        }
    }

    /// A packet, and the one in it.
    #[inline(always)]
    fn walk(&mut self) -> Result<(), Kind> {
        let mut carried = EtherType::TRANSPARENT_ETHERNET;
        for _ in 0..black_box(2) {
            if carried == EtherType::TRANSPARENT_ETHERNET {
                carried = self.ethernet()?;
            }
            let protocol = match self.tags(carried)? {
                EtherType::IPV4 => self.ipv4()?,
                EtherType::IPV6 => self.ipv6()?,
                _ => break,
            };
            let protocol = self.extensions(protocol)?;
            let Some(inside) = self.transport(protocol)? else { break };
            carried = inside;
        }
        Ok(())
    }

    #[inline(always)]
    fn ethernet(&mut self) -> Result<EtherType, Kind> {
        let header = self.take::<EthernetHeader>(Kind::EthernetTruncated)?;
        self.typed(header.ether_type(), Kind::EthernetTruncated)
    }

    #[inline(always)]
    fn tags(&mut self, of: EtherType) -> Result<EtherType, Kind> {
        let mut ether_type = of;
        for _ in 0..black_box(MAX_TAGS) {
            if !ether_type.is_vlan() {
                break;
            }
            let header = self.take::<VlanHeader>(Kind::VlanTruncated)?;
            ether_type = self.typed(header.ether_type(), Kind::VlanTruncated)?;
        }
        Ok(ether_type)
    }

    /// A type, or a length (IEEE 802.3 §3.2.6), of which there are so many bytes.
    #[inline(always)]
    fn typed(&self, ether_type: EtherType, truncated: Kind) -> Result<EtherType, Kind> {
        match ether_type.as_length() {
            Some(length) if usize::from(length) > self.carried() => Err(truncated),
            _ => Ok(ether_type),
        }
    }

    #[inline(always)]
    fn ipv4(&mut self) -> Result<IpProtocol, Kind> {
        let (whole, is_summed) = (self.carried(), self.is_summed());
        let header = self.take::<Ipv4Header>(Kind::Ipv4Truncated)?;
        if header.version() != 4 {
            return Err(Kind::Ipv4Version);
        }
        let header_len = header.header_len();
        let options = header_len.checked_sub(size_of::<Ipv4Header>()).ok_or(Kind::Ipv4HeaderLength)?;
        self.skip(options, Kind::Ipv4Truncated)?;
        // A length of 0 stands for all bytes: what a network card was to segment.
        let total = match usize::from(header.total_length()) {
            0 => whole,
            said => said,
        };
        let len = total.checked_sub(header_len).ok_or(Kind::Ipv4TotalLength)?;
        let offset = header.fragment_offset();
        if offset > 0 && offset + total > 65_535 {
            return Err(Kind::Ipv4FragmentEnd);
        }
        self.carries(len, Kind::Ipv4Truncated)?;
        self.in_fragment |= header.is_fragment();
        self.is_odd |= !is_summed;
        Ok(if offset > 0 { NOTHING } else { header.protocol() })
    }

    /// Whether the words of the IPv4 header that comes next have the sum that they should (RFC 1071): a multiple of 65535, in any order of
    /// bytes, and of words of 32 bits as of 16.
    #[inline(always)]
    fn is_summed(&self) -> bool {
        let len = self.peek::<[u8; 1]>(0).map_or(0, |[first]| usize::from(first & 0xf) * 4);
        let (mut at, mut sum) = (0, 0);
        while at < len {
            let Some(word) = self.peek::<[u8; 4]>(at) else { break };
            sum += u64::from(u32::from_ne_bytes(word));
            at += 4;
        }
        sum % 65_535 == 0
    }

    #[inline(always)]
    fn ipv6(&mut self) -> Result<IpProtocol, Kind> {
        let header = self.take::<Ipv6Header>(Kind::Ipv6Truncated)?;
        if header.version() != 6 {
            return Err(Kind::Ipv6Version);
        }
        let protocol = header.next_header();
        let len = match usize::from(header.payload_length()) {
            // As above; or there is nothing, and nothing is read.
            0 => self.carried(),
            said => said,
        };
        self.carries(len, Kind::Ipv6Truncated)?;
        Ok(protocol)
    }

    /// Extension headers, behind IP of either version. What follows them.
    #[inline(always)]
    fn extensions(&mut self, of: IpProtocol) -> Result<IpProtocol, Kind> {
        let mut protocol = of;
        for _ in 0..black_box(MAX_EXTENSIONS) {
            #[allow(clippy::indexing_slicing, reason = "a byte is less than 256")]
            let kind = &EXTENSIONS[usize::from(protocol.0)];
            let least = usize::from(kind.least);
            if least == 0 {
                break;
            }
            let [next, length, high, low] = self.peek::<[u8; 4]>(0).ok_or(kind.truncated)?;
            if self.carried() < least {
                return Err(kind.truncated);
            }
            let len = 8 + usize::from(length) * usize::from(kind.unit);
            if len < least {
                return Err(Kind::AuthenticationHeaderLength);
            }
            self.skip(len, kind.truncated)?;
            let place = u16::from_be_bytes([high, low]) & kind.place;
            let offset = usize::from(place & OFFSET);
            if offset + self.carried() > 65_535 {
                return Err(Kind::FragmentEnd);
            }
            self.in_fragment |= place != 0;
            protocol = if offset > 0 { NOTHING } else { IpProtocol(next) };
        }
        Ok(protocol)
    }

    /// What IP carries, and what is in that, if it is a tunnel.
    #[inline(always)]
    fn transport(&mut self, protocol: IpProtocol) -> Result<Option<EtherType>, Kind> {
        match protocol {
            IpProtocol::UDP => return self.udp(),
            IpProtocol::TCP => self.tcp()?,
            IpProtocol::ICMP => self.skip(size_of::<Icmpv4Header>(), Kind::Icmpv4Truncated)?,
            IpProtocol::ICMPV6 => self.icmpv6()?,
            _ => {}
        }
        Ok(None)
    }

    #[inline(always)]
    fn udp(&mut self) -> Result<Option<EtherType>, Kind> {
        let header = self.take::<UdpHeader>(Kind::UdpTruncated)?;
        let len = usize::from(header.length()).checked_sub(size_of::<UdpHeader>()).ok_or(Kind::UdpLength)?;
        self.carries(len, Kind::UdpTruncated)?;
        // The destination's port tells, or else the source's.
        match Behind::port(header.destination_port()).or(Behind::port(header.source_port())) {
            Some(Behind::Vxlan) => {
                self.skip(size_of::<VxlanHeader>(), Kind::VxlanTruncated)?;
                Ok(Some(EtherType::TRANSPARENT_ETHERNET))
            }
            Some(Behind::Geneve) => self.geneve().map(Some),
            _ => Ok(None),
        }
    }

    #[inline(always)]
    fn geneve(&mut self) -> Result<EtherType, Kind> {
        let header = self.take::<GeneveHeader>(Kind::GeneveTruncated)?;
        if header.version() != 0 {
            return Err(Kind::GeneveVersion);
        }
        self.skip(header.header_len() - size_of::<GeneveHeader>(), Kind::GeneveTruncated)?;
        Ok(header.protocol_type())
    }

    #[inline(always)]
    fn tcp(&mut self) -> Result<(), Kind> {
        let header = self.take::<TcpHeader>(Kind::TcpTruncated)?;
        let options = header.header_len().checked_sub(size_of::<TcpHeader>()).ok_or(Kind::TcpHeaderLength)?;
        self.carries(options, Kind::TcpTruncated)
    }

    #[inline(always)]
    fn icmpv6(&mut self) -> Result<(), Kind> {
        let header = self.take::<Icmpv6Header>(Kind::Icmpv6Truncated)?;
        let behind = match header.kind().0 {
            // RFC 4443: errors and echoes; RFC 3810 §5.2: reports.
            1..=4 | 128 | 129 | 143 => 4,
            // RFC 2710 §3: what else listeners and routers say.
            130..=132 => 20,
            _ => 0,
        };
        self.carries(behind, Kind::Icmpv6Truncated)
    }

    /// So many bytes are left of what carries the next layer.
    #[inline(always)]
    fn carried(&self) -> usize {
        self.end.wrapping_sub(self.at)
    }

    /// What stands so many bytes ahead.
    #[inline(always)]
    fn peek<T: Header>(&self, ahead: usize) -> Option<T> {
        self.cursor.peek(self.at.wrapping_add(ahead) & MOST)
    }

    /// The next header, if it is there.
    #[inline(always)]
    fn take<T: Header>(&mut self, truncated: Kind) -> Result<T, Kind> {
        let header = self.peek(0);
        self.skip(size_of::<T>(), truncated)?;
        header.ok_or(truncated)
    }

    /// Passes so many bytes, if they are there.
    #[inline(always)]
    fn skip(&mut self, len: usize, truncated: Kind) -> Result<(), Kind> {
        if len > self.carried() {
            return Err(truncated);
        }
        self.at = self.at.wrapping_add(len);
        Ok(())
    }

    /// Goes on with the next `len` bytes, if they are there.
    #[inline(always)]
    fn carries(&mut self, len: usize, truncated: Kind) -> Result<(), Kind> {
        if len > self.carried() {
            return Err(truncated);
        }
        self.end = self.at.wrapping_add(len);
        Ok(())
    }
}

/// No packet that XDP sees is longer than a page, or a few.
const MOST: usize = 0x7fff;

/// What is behind a UDP port.
#[derive(Clone, Copy)]
enum Behind {
    Vxlan,
    Geneve,
    /// What `packet-dissect` opens, and this program does not.
    Another,
}

impl Behind {
    // A function of its own: both ports are asked for.
    #[inline(never)]
    fn port(port: u16) -> Option<Self> {
        match port {
            vxlan_codec::PORT | vxlan_codec::PORT_LINUX | weave_codec::FAST_DATAPATH_PORT => Some(Self::Vxlan),
            geneve_codec::PORT => Some(Self::Geneve),
            // VXLAN-GPE, MPLS, GRE, WireGuard, ESP, GTP-U, Flannel, sFlow and Weave's sleeve.
            4790 | 6635 | 4754 | 51_820 | 51_821 | 51_871 | 4500 | 2152 | 8285 | 6343 | 6783 => Some(Self::Another),
            _ => None,
        }
    }
}

/// A kind of extension headers, by numbers: each branch in a loop would be a state more for the verifier.
#[derive(Clone, Copy)]
struct Extension {
    truncated: Kind,
    /// It has so many bytes at the least; 0 if it is none.
    least: u8,
    /// So many are what its length field counts, beyond 8.
    unit: u8,
    /// What of its second half tells a fragment's place, and whether more follow (RFC 8200 §4.5).
    place: u16,
}

const OFFSET: u16 = 0xfff8;
const MORE: u16 = 1;

impl Extension {
    const fn of(protocol: IpProtocol) -> Self {
        let none = Self { truncated: Kind::Good, least: 0, unit: 0, place: 0 };
        let usual = Self { least: 8, unit: 8, ..none };
        match protocol {
            IpProtocol::HOP_BY_HOP => Self { truncated: Kind::HopByHopTruncated, ..usual },
            IpProtocol::DESTINATION_OPTIONS => Self { truncated: Kind::DestinationOptionsTruncated, ..usual },
            IpProtocol::ROUTING => Self { truncated: Kind::RoutingTruncated, ..usual },
            IpProtocol::FRAGMENT => {
                Self { truncated: Kind::FragmentTruncated, least: 8, unit: 0, place: OFFSET | MORE }
            }
            // RFC 4302 §2.2: in units of 4 bytes, and 12 of them are always there.
            IpProtocol::AUTHENTICATION => {
                Self { truncated: Kind::AuthenticationTruncated, least: 12, unit: 4, place: 0 }
            }
            _ => none,
        }
    }
}

/// By protocol number.
#[allow(clippy::indexing_slicing, reason = "a byte is less than 256")]
static EXTENSIONS: [Extension; 256] = {
    let mut all = [Extension::of(NOTHING); 256];
    let mut number = 0_u8;
    loop {
        all[number as usize] = Extension::of(IpProtocol(number));
        if number == u8::MAX {
            break all;
        }
        number += 1;
    }
};
