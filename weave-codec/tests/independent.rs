//! The fast datapath's VNIs and heartbeats in bytes that were worked out from weave's router/fastdp.go and mesh/peer.go (at 8c847638)
//! and RFC 7348 apart from the code. Where one of them is wrong, it is mended by the source's words, never by what comes out here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

#[path = "../../testdata/unhex.rs"]
mod unhex;

use ether_ip::Headroom;
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::outer::{Inner, Outer, SourcePorts};
use ether_ip::udp::UdpDatagram;
use unhex::unhex;
use vxlan_codec::{Decapsulator, Reading, Vni, VxlanHeader, VxlanPacket, VxlanTunnel};
use weave_codec::peer::FAST_DATAPATH;
use weave_codec::{Error, FAST_DATAPATH_PORT, FastDatapathHeartbeat, FastDatapathPeers, ShortId};

fn peers(source: u16, destination: u16) -> FastDatapathPeers {
    FastDatapathPeers { source: ShortId::new(source).unwrap(), destination: ShortId::new(destination).unwrap() }
}

/// The table of 8: `tunnelIDFor` puts the destination above the source, `extractPeers` takes them out again. Its second row is 8.2, the
/// same peers the other way.
#[test]
fn vnis_of_two_peers() {
    for (source, destination, number, tunnel_id, header) in [
        (0x123, 0x456, 4_546_851, "0000000000456123", "0800000045612300"),
        (0x456, 0x123, 1_193_046, "0000000000123456", "0800000012345600"),
        (0xabc, 0x001, 6844, "0000000000001abc", "08000000001abc00"),
        (0x000, 0xfff, 16_773_120, "0000000000fff000", "08000000fff00000"),
        (0xfff, 0x000, 4095, "0000000000000fff", "08000000000fff00"),
    ] {
        let (peers, header) = (peers(source, destination), unhex(header));
        assert_eq!(peers.vni().get(), number);
        // Open vSwitch's tunnel id, of which the lower 24 bits become the VNI.
        assert_eq!(u64::from(peers.vni().get()).to_be_bytes()[..], unhex(tunnel_id));
        let packet = VxlanPacket::parse_as(&header[..], Reading::Linux).unwrap();
        assert_eq!(FastDatapathPeers::from(packet.header().vni()), peers);
        assert_eq!((packet.header().has_vni(), packet.header().flags(), packet.payload().len()), (true, 0x0800, 0));
        let mut buffer = [0; 8];
        let mut built = Headroom::new(&mut buffer, 0).unwrap();
        VxlanHeader::new(peers.vni()).prepend(&mut built).unwrap();
        assert_eq!(built.packet(), header);
    }
}

/// 8.1: a heartbeat, here of 64 bytes, from the outer IPv4 header on, as `Forward` has Open vSwitch send it: type of service 0, time
/// to live 64, not to be fragmented, no UDP checksum.
#[test]
fn a_heartbeat_in_its_packet() {
    let bytes = unhex(
        "45 00 0064 0000 4000 40 11 4db2 c0000251 c6336452 d431 1a80 0050 0000 08 000000 456123 00
         0000000000000000000000000000 1a2b3c4d5e6f7081 0040
         0000000000000000000000000000000000000000000000000000000000000000
         0000000000000000",
    );
    let ip = Ipv4Packet::parse(&bytes[..]).unwrap();
    let header = ip.header();
    assert_eq!((header.version(), header.header_len(), header.dscp(), header.ecn()), (4, 20, 0, Ecn::NotCapable));
    assert_eq!((header.total_length(), header.identification()), (100, 0));
    assert_eq!((header.dont_fragment(), header.more_fragments(), header.fragment_offset()), (true, false, 0));
    assert_eq!((header.ttl(), header.protocol(), header.checksum()), (64, IpProtocol::UDP, 0x4db2));
    assert!(ip.checksum_is_valid());
    assert_eq!((header.source(), header.destination()), ([192, 0, 2, 81].into(), [198, 51, 100, 82].into()));
    let udp = UdpDatagram::parse(ip.payload()).unwrap();
    let header = udp.header();
    assert_eq!((header.source_port(), header.destination_port(), FAST_DATAPATH_PORT), (0xd431, 6784, 6784));
    assert_eq!((header.length(), header.checksum()), (80, 0));

    let found = Decapsulator::new().port(FAST_DATAPATH_PORT).reading(Reading::Linux).decapsulate_ip(&bytes).unwrap();
    assert_eq!((found.header.flags(), found.header.group_id(), found.header.reserved()), (0x0800, 0, 0));
    assert_eq!(FastDatapathPeers::from(found.header.vni()), peers(0x123, 0x456));
    let frame = &bytes[found.inner];
    let heartbeat = FastDatapathHeartbeat { connection: 0x1a2b_3c4d_5e6f_7081, len: 64 };
    assert_eq!((FastDatapathHeartbeat::read(frame), frame.len()), (Some(heartbeat), 64));

    let mut buffer = [7; 100];
    FastDatapathHeartbeat::write(0x1a2b_3c4d_5e6f_7081, &mut buffer[36..]).unwrap();
    let outer = Outer::ipv4([192, 0, 2, 81].into(), [198, 51, 100, 82].into());
    let outer = outer.source_ports(SourcePorts::new(0xd431, 0xd431));
    let template = VxlanTunnel::new(peers(0x123, 0x456).vni(), outer).port(FAST_DATAPATH_PORT).template();
    let mut packet = Headroom::new(&mut buffer, 64).unwrap();
    template.encapsulate_with(&mut packet, Inner::from(0)).unwrap();
    assert_eq!(packet.packet(), bytes);
}

/// W8.1, W8.2: of another length than it says, which `handleVxlanSpecialPacket` leaves without an answer: `read` tells the length that
/// it says, and who answers compares it, as a capture may have cut the frame; and one byte shorter than a heartbeat can be.
#[test]
fn heartbeats_that_weave_ignores() {
    let frame = unhex(
        "00000000000000000000000000001a2b3c4d5e6f70810041000000000000000000000000000000000000000000000000
         00000000000000000000000000000000",
    );
    let heartbeat = FastDatapathHeartbeat { connection: 0x1a2b_3c4d_5e6f_7081, len: 65 };
    assert_eq!((FastDatapathHeartbeat::read(&frame), frame.len()), (Some(heartbeat), 64));
    let mut frame = unhex("00000000000000000000000000001a2b3c4d5e6f708100");
    assert_eq!((FastDatapathHeartbeat::read(&frame), frame.len()), (None, 23));
    let no_room = Error::NoRoom { layer: FAST_DATAPATH, needed: 24, available: 23 };
    assert_eq!(FastDatapathHeartbeat::write(heartbeat.connection, &mut frame), Err(no_room));
}

/// W8.3: a short id of 13 bits is none, and a VNI has none.
#[test]
fn a_short_id_of_13_bits() {
    assert!(matches!(ShortId::new(0x1000), Err(Error::Unbuildable { field: "short id", value: 0x1000, .. })));
    assert_eq!(FastDatapathPeers::from(Vni::MAX), peers(0xfff, 0xfff));
}
