//! Packets that are built and taken apart in a buffer of somebody else's, as a DPDK driver has it: nothing in it is moved.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::ethernet::{EthernetFrame, MacAddr};
use ether_ip::ip_tunnel::{IpDecapsulator, IpTemplate};
use ether_ip::outer::{Outer, UdpDecapsulator, UdpTemplate};
use ether_ip::udp::{UdpChecksum, UdpHeader};
use ether_ip::{Error, LayerName, PacketBuffer};

/// A fixed area, and where in it the packet stands: `rte_mbuf`'s `buf_addr`, `data_off` and `data_len`.
struct Mbuf {
    area: Box<[u8; 2176]>,
    data_off: usize,
    data_len: usize,
}

impl Mbuf {
    /// As a driver fills it: 128 bytes of headroom, then what came in.
    fn received(packet: &[u8]) -> Self {
        let mut mbuf = Self { area: Box::new([0xee; 2176]), data_off: 128, data_len: 0 };
        mbuf.append_bytes(LayerName::PACKET, packet).unwrap();
        mbuf
    }

    fn end(&self) -> usize {
        self.data_off + self.data_len
    }
}

impl PacketBuffer for Mbuf {
    fn packet(&self) -> &[u8] {
        &self.area[self.data_off..self.end()]
    }

    fn packet_mut(&mut self) -> &mut [u8] {
        let end = self.end();
        &mut self.area[self.data_off..end]
    }

    fn headroom(&self) -> usize {
        self.data_off
    }

    fn tailroom(&self) -> usize {
        self.area.len() - self.end()
    }

    fn prepend_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let no_room = Error::NoRoom { layer, needed: len, available: self.headroom() };
        self.data_off = self.data_off.checked_sub(len).ok_or(no_room)?;
        self.data_len += len;
        Ok(&mut self.area[self.data_off..][..len])
    }

    fn append_space(&mut self, layer: LayerName, len: usize) -> Result<&mut [u8], Error> {
        let (end, available) = (self.end(), self.tailroom());
        if len > available {
            return Err(Error::NoRoom { layer, needed: len, available });
        }
        self.data_len += len;
        Ok(&mut self.area[end..][..len])
    }

    fn trim_front(&mut self, len: usize) {
        let len = len.min(self.data_len);
        self.data_off += len;
        self.data_len -= len;
    }

    fn trim_back(&mut self, len: usize) {
        self.data_len -= len.min(self.data_len);
    }
}

/// RFC 7348 figure 1's layers around a frame, on and off again: the frame stays where the driver put it.
#[test]
fn nothing_is_copied() {
    let frame = [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5][..], b"hello"].concat();
    let mut mbuf = Mbuf::received(&frame);
    let at = mbuf.packet().as_ptr();
    let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let outer = outer.ethernet(MacAddr([2, 0, 0, 0, 0, 3]), MacAddr([2, 0, 0, 0, 0, 4]));
    let template = UdpTemplate::new(&outer, 4789, [8_u8, 0, 0, 0, 0, 0, 7, 0]);
    template.encapsulate_frame(&mut mbuf).unwrap();
    assert_eq!((mbuf.len(), mbuf.headroom(), mbuf.tailroom()), (69, 78, 2176 - 147));
    // Destination, source, IPv4; version and length, total length 55, not to be fragmented, 64 hops, UDP.
    assert_eq!(mbuf.packet()[..14], [2, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 3, 8, 0]);
    assert_eq!(mbuf.packet()[14..24], [0x45, 0, 0, 55, 0, 0, 0x40, 0, 64, 17]);
    assert_eq!(mbuf.packet()[36..50], [18, 181, 0, 35, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0]);
    assert_eq!(mbuf.packet()[50..].as_ptr(), at);

    let found = UdpDecapsulator::new(4789).decapsulate(mbuf.packet()).unwrap();
    let inner_len = found.payload.len() - 8;
    mbuf.take_back(inner_len);
    assert_eq!((mbuf.packet(), mbuf.packet().as_ptr()), (&frame[..], at));
    assert_eq!(EthernetFrame::parse(mbuf.packet()).unwrap().payload(), b"hello");
}

/// IP in IP (RFC 2003) around a packet, whose checksum is then filled for a payload that grew at its end.
#[test]
fn both_ends_of_a_buffer() {
    let mut mbuf = Mbuf::received(b"hel");
    let at = mbuf.packet().as_ptr();
    mbuf.append_bytes(LayerName::PACKET, b"lo!").unwrap();
    mbuf.trim_back(1);
    let ip = ether_ip::ipv4::Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), 17.into());
    UdpHeader::new(4000, 53).prepend(&mut mbuf, UdpChecksum::Computed(ip.pseudo_header())).unwrap();
    assert_eq!(mbuf.packet(), b"\x0f\xa0\x00\x35\x00\x0d\x28\x29hello");
    ip.prepend(&[], &mut mbuf).unwrap();
    IpTemplate::new(&Outer::ipv4([10, 0, 0, 1].into(), [10, 0, 0, 2].into())).encapsulate(&mut mbuf).unwrap();
    assert_eq!((mbuf.len(), mbuf.packet()[48..].as_ptr()), (53, at));
    let inner = IpDecapsulator::new().decapsulate_ip(mbuf.packet()).unwrap().inner;
    assert_eq!(inner, 20..53);

    let (needed, available) = (200, mbuf.headroom());
    let no_room = Error::NoRoom { layer: LayerName::UDP, needed, available };
    assert_eq!(mbuf.prepend_bytes(LayerName::UDP, &[0; 200]), Err(no_room));
    assert_eq!((mbuf.len(), available), (53, 80));
}
