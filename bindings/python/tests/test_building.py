"""Packets that are built, by the bytes that the RFCs have for them."""
import ipaddress

import pytest

from container_codecs import (
    ARP,
    GRE,
    TCP,
    UDP,
    VLAN,
    VXLAN,
    CodecError,
    Ethernet,
    Frame,
    Geneve,
    ICMPv4,
    ICMPv6,
    IPv4,
    IPv6,
    dissect,
)

MACS = {"dst": "02:00:00:00:00:02", "src": "02:00:00:00:00:01"}
# Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
HELLO = bytes.fromhex("020000000002020000000001080045000021000040004011b6c8c0000201c00002020fa00035000d2829") + b"hello"


def fields(packet, *names, link_type=1):
    of = dissect(packet, link_type)
    return tuple(of.all(name) if len(of.all(name)) > 1 else of[name] for name in names)


def test_udp_over_ethernet():
    frame = Frame(Ethernet(**MACS), IPv4(src="192.0.2.1", dst="192.0.2.2"), UDP(srcport=4000, dstport=53), b"hello")
    assert bytes(frame) == HELLO and len(frame) == 47
    address = ipaddress.ip_address
    frame = Frame(Ethernet(**MACS), IPv4(src=address("192.0.2.1"), dst=address("192.0.2.2")), UDP(srcport=4000, dstport=53), memoryview(b"hello"))
    assert bytes(frame) == HELLO


def test_udp_without_a_checksum_and_with_any():
    front = Ethernet(**MACS), IPv4(src="192.0.2.1", dst="192.0.2.2")
    assert bytes(Frame(*front, UDP(srcport=4000, dstport=53, checksum=0), b"hello"))[40:42] == b"\0\0"
    assert bytes(Frame(*front, UDP(srcport=4000, dstport=53, checksum=0x1234), b"hello"))[38:42] == b"\0\x0d\x12\x34"


def test_vxlan():
    inner = Frame(Ethernet(dst="02:00:00:00:01:02", src="02:00:00:00:01:01"), IPv4(src="10.0.0.1", dst="10.0.0.2"), TCP(srcport=1, dstport=80, flags="SA"))
    outer = bytes(Frame(Ethernet(**MACS), IPv4(src="192.0.2.1", dst="192.0.2.2"), UDP(checksum=0), VXLAN(vni=0x010203), bytes(inner)))
    # RFC 7348 §5: the I flag, three reserved bytes, the VNI, one more; §4.1: the destination port is 4789.
    assert outer[36:38] == (4789).to_bytes(2, "big") and outer[42:50] == bytes.fromhex("0800000001020300")
    assert outer[50:] == bytes(inner)
    whole = Frame(
        Ethernet(**MACS), IPv4(src="192.0.2.1", dst="192.0.2.2"), UDP(checksum=0), VXLAN(vni=0x010203), Ethernet(dst="02:00:00:00:01:02", src="02:00:00:00:01:01"),
        IPv4(src="10.0.0.1", dst="10.0.0.2"), TCP(srcport=1, dstport=80, flags="SA"),
    )
    assert bytes(whole) == outer
    assert fields(outer, "vxlan.vni", "tcp.flags", "ip.checksum.status", "tcp.checksum.status") == (0x010203, 0x12, [1, 1], 1)


def test_geneve_gre_and_ip_in_ip():
    ip = IPv4(src="192.0.2.1", dst="192.0.2.2")
    inner = IPv4(src="10.0.0.1", dst="10.0.0.2"), ICMPv4(ident=1, seq=2)
    # RFC 8926 §3.4: version 0, two words of options, C since an option's type has its highest bit (§3.5), protocol type 0x0800, the VNI; §3.3:
    # port 6081.
    geneve = bytes(Frame(ip, UDP(checksum=0), Geneve(vni=9, options=bytes.fromhex("0104800100000007")), *inner))
    assert geneve[22:24] == (6081).to_bytes(2, "big") and geneve[28:36] == bytes.fromhex("0240080000000900")
    # RFC 2890 §2: K and S, then key and sequence number.
    gre = bytes(Frame(ip, GRE(key=5, sequence_number=6), *inner))
    assert gre[9] == 47 and gre[20:32] == bytes.fromhex("300008000000000500000006")
    # RFC 2003 §3.1: protocol 4. A proto that is given is taken.
    assert bytes(Frame(ip, *inner))[9] == 4 and bytes(Frame(IPv4(src="192.0.2.1", dst="192.0.2.2", proto=94), *inner))[9] == 94
    assert fields(gre, "icmp.ident", "icmp.seq", "icmp.checksum.status", link_type=101) == (1, 2, 1)


def test_tags_arp_and_ipv6():
    # IEEE 802.1Q: priority 5, drop eligible, 12 bits of identifier.
    tagged = bytes(Frame(Ethernet(**MACS), VLAN(id=0x123, priority=5, dei=True), ARP(opcode=1, src_mac=MACS["src"], src_ip="192.0.2.1", dst_ip="192.0.2.2")))
    assert tagged[12:20] == bytes.fromhex("8100b1230806") + b"\0\1"
    # RFC 826: hardware 1, protocol 0x0800, 6 and 4, the operation, the sender's addresses, the target's.
    assert tagged[18:] == bytes.fromhex("0001080006040001020000000001c0000201000000000000c0000202")
    six = bytes(Frame(IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=3, tclass=0xB8, flow=0x12345), ICMPv6(), b"\0\1\0\2"))
    assert six[:8] == bytes.fromhex("6b812345") + b"\0\x08" + bytes([58, 3])
    assert fields(six, "icmpv6.checksum.status", "icmpv6.echo.sequence_number", link_type=101) == (1, 2)


def test_what_cannot_be_built():
    ip = IPv4(src="192.0.2.1", dst="192.0.2.2")
    with pytest.raises(ValueError, match="part 1 needs dstport"):
        Frame(ip, UDP(), b"")
    with pytest.raises(ValueError, match="part 0 needs an IP header in front of it"):
        Frame(TCP(srcport=1, dstport=2))
    with pytest.raises(ValueError, match="part 0 needs type"):
        Frame(Ethernet(**MACS), b"")
    with pytest.raises(TypeError, match="part 0 is no header, and not the last"):
        Frame(b"", ip)
    with pytest.raises(ValueError, match="a VNI is at most 16777215, not 16777216"):
        VXLAN(vni=1 << 24)
    with pytest.raises(ValueError, match="id is at most 4095, not 4096"):
        VLAN(id=4096)
    with pytest.raises(ValueError, match="no flag of TCP has the letter 'X'"):
        TCP(srcport=1, dstport=2, flags="SX")
    with pytest.raises(ValueError, match="2001:db8::1 is no IPv4 address"):
        IPv4(src="2001:db8::1", dst="192.0.2.2")
    with pytest.raises(ValueError, match='"02:00" is no MAC address'):
        Ethernet(dst="02:00", src="02:00:00:00:00:01")
    # RFC 791 §3.1: a total length has 16 bits.
    with pytest.raises(CodecError) as raised:
        Frame(ip, UDP(srcport=1, dstport=2), bytes(65_508))
    assert (raised.value.layer, raised.value.field) == ("IPv4", "total length") and raised.value.value == 65_536
    with pytest.raises(CodecError) as raised:
        Frame(IPv4(src="192.0.2.1", dst="192.0.2.2", options=b"\1"), b"")
    assert raised.value.layer == "IPv4" and raised.value.value == 1
    with pytest.raises(TypeError):
        UDP(4000, 53)
