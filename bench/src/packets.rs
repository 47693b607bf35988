//! The packets that are measured with.

use ether_ip::Headroom;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::tcp::{TcpFlags, TcpHeader};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use vxlan_codec::{Vni, VxlanHeader};

/// A buffer that begins where a page does, so that where it lies makes no difference between the two of a comparison.
#[repr(align(4096))]
pub struct Page([u8; 4096], usize);

impl Page {
    /// With `room` bytes free in front of `packet`, and nothing behind it.
    pub fn with(room: usize, packet: &[u8]) -> Box<Self> {
        let mut page = Box::new(Self([0; 4096], room + packet.len()));
        page[room..].copy_from_slice(packet);
        page
    }
}

impl std::ops::Deref for Page {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

impl std::ops::DerefMut for Page {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0[..self.1]
    }
}

pub const MACS: [MacAddr; 2] = [MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2])];

/// Ethernet, IPv4, TCP with a timestamp option, 100 bytes of data.
pub fn tcp() -> Vec<u8> {
    tcp_with(100)
}

pub fn tcp_with(payload: usize) -> Vec<u8> {
    let mut buffer = vec![0x5a; 66 + payload];
    let mut packet = Headroom::new(&mut buffer, payload).unwrap();
    let ip = Ipv4Header::new([10, 244, 1, 2].into(), [10, 244, 2, 3].into(), IpProtocol::TCP);
    let options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
    TcpHeader::new(40_000, 80, 7, TcpFlags::ACK).prepend(&options, &ip.pseudo_header(), &mut packet).unwrap();
    ip.prepend(&[], &mut packet).unwrap();
    EthernetHeader::new(MACS[1], MACS[0], EtherType::IPV4).prepend(&mut packet).unwrap();
    buffer
}

/// The same in VXLAN in UDP in IPv4 in Ethernet.
pub fn vxlan() -> Vec<u8> {
    let inner = tcp();
    let mut buffer = [vec![0; 50], inner.clone()].concat();
    let mut packet = Headroom::new(&mut buffer, inner.len()).unwrap();
    VxlanHeader::new(Vni::from(1)).prepend(&mut packet).unwrap();
    UdpHeader::new(50_000, 4789).prepend(&mut packet, UdpChecksum::Zero).unwrap();
    let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    ip.prepend(&[], &mut packet).unwrap();
    EthernetHeader::new(MACS[1], MACS[0], EtherType::IPV4).prepend(&mut packet).unwrap();
    buffer
}
