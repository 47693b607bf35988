"""Frames of link layers and carriers that no kernel here sends, after the formats' own definitions: tshark reads them, and so does
packet-dissect. A folder is given, where a capture of each kind is written."""
import pathlib
import socket
import struct
import sys

IPV4, IPV6, VLAN, MPLS = 0x0800, 0x86DD, 0x8100, 0x8847
ETHERNET, PPP, PPP_HDLC, PPP_ETHER, C_HDLC = 1, 9, 50, 51, 104
CUSTOMER = bytes.fromhex("020000000004020000000003")


def capture(link, packets):
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, link)
    return header + b"".join(struct.pack("<IIII", n, 0, len(packet), len(packet)) + packet for n, packet in enumerate(packets))


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ipv4(payload, source="10.244.1.2", destination="10.244.2.2"):
    ends = socket.inet_aton(source) + socket.inet_aton(destination)
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, 17, 0) + ends
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(payload):
    ends = socket.inet_pton(socket.AF_INET6, "2001:db8::1") + socket.inet_pton(socket.AF_INET6, "2001:db8::2")
    return struct.pack("!IHBB", 0x60000000, len(payload), 17, 64) + ends + payload


def udp(source, destination, payload):
    return struct.pack("!HHHH", source, destination, 8 + len(payload), 0) + payload


def ethernet(kind, payload):
    return bytes.fromhex("020000000002020000000001") + struct.pack("!H", kind) + payload


FOUR, SIX = ipv4(udp(4000, 9999, b"hello")), ipv6(udp(4000, 9999, b"hello"))


def vn_tag(control, kind, payload):
    return struct.pack("!IH", control, kind) + payload


def service_instance(control, kind, payload):
    return struct.pack("!I", control) + CUSTOMER + struct.pack("!H", kind) + payload


def pppoe(code, payload):
    return struct.pack("!BBHH", 0x11, code, 0x1234, len(payload)) + payload


def sflow(frames, protocol=1, is_expanded=False):
    """A datagram of flow samples, each with the first 128 bytes of a frame and four stripped."""
    datagram = struct.pack("!IIIIIII", 5, 1, 0xC0000201, 0, 9, 1000, len(frames))
    for frame in frames:
        sampled = frame[:128]
        header = struct.pack("!IIII", protocol, len(frame) + 4, 4, len(sampled)) + sampled + bytes(-len(sampled) % 4)
        record = struct.pack("!II", 1, len(header)) + header
        numbers = (8, 0, 3, 256, 1000, 0, 0, 1, 0, 2, 1) if is_expanded else (7, 3, 256, 1000, 0, 1, 2, 1)
        sample = struct.pack(f"!{len(numbers)}I", *numbers) + record
        datagram += struct.pack("!II", 3 if is_expanded else 1, len(sample)) + sample
    return ethernet(IPV4, ipv4(udp(1000, 6343, datagram), "192.0.2.1", "192.0.2.2"))


LONG = ethernet(IPV4, ipv4(udp(4000, 9999, bytes(1000))))
TUNNELLED = ethernet(IPV4, ipv4(udp(49152, 4789, struct.pack("!II", 0x08000000, 7 << 8) + ethernet(IPV4, FOUR)), "192.0.2.1", "192.0.2.2"))

CAPTURES = {
    # Both directions' bits, a list of destinations, looped; in front of a VLAN tag; behind one.
    "vn-tag": (
        ETHERNET,
        [
            ethernet(0x8926, vn_tag(0xC1238456, IPV4, FOUR)),
            ethernet(0x8926, vn_tag(0x00010002, VLAN, struct.pack("!HH", 7, IPV6) + SIX)),
            ethernet(VLAN, struct.pack("!HH", 5, 0x8926) + vn_tag(0x00010002, IPV4, FOUR)),
        ],
    ),
    # Behind a backbone's tag, and with a customer's tag inside.
    "service-instance": (
        ETHERNET,
        [
            ethernet(0x88A8, struct.pack("!HH", 5, 0x88E7) + service_instance(0xB8012345, IPV4, FOUR)),
            ethernet(0x88E7, service_instance(7, VLAN, struct.pack("!HH", 9, IPV6) + SIX)),
        ],
    ),
    # RFC 1661: with address and control, without, and with a protocol of one byte; the link's own; Cisco's among them.
    "ppp": (PPP, [b"\xff\3\0\x21" + FOUR, b"\0\x57" + SIX, b"\x21" + FOUR, b"\xff\3\xc0\x21\1\1\0\4", b"\x0f\0\x08\0" + FOUR]),
    "ppp-hdlc": (PPP_HDLC, [b"\xff\3\0\x21" + FOUR, b"\x0f\0\x08\0" + FOUR]),
    "ppp-over-ethernet": (
        ETHERNET,
        [
            ethernet(0x8864, pppoe(0, b"\0\x21" + FOUR)),
            # With Ethernet's padding behind it.
            ethernet(0x8864, pppoe(0, b"\0\x57" + SIX) + bytes(4)),
            ethernet(0x8863, pppoe(9, struct.pack("!HH", 0x0101, 0))),
        ],
    ),
    "pppoe-link": (PPP_ETHER, [pppoe(0, b"\0\x21" + FOUR)]),
    "cisco-hdlc": (C_HDLC, [b"\x0f\0\x08\0" + FOUR, b"\x8f\0\x86\xdd" + SIX, b"\x0f\0\x88\x47" + struct.pack("!I", 0x00010140) + FOUR]),
    # Several samples in a datagram, one cut, one of a tunnel; the expanded form; a packet without Ethernet.
    "sflow": (ETHERNET, [sflow([ethernet(IPV4, FOUR), LONG, TUNNELLED]), sflow([ethernet(IPV6, SIX)], is_expanded=True), sflow([FOUR], 11)]),
}

folder = pathlib.Path(sys.argv[1])
for name, (link, packets) in CAPTURES.items():
    (folder / f"{name}.pcap").write_bytes(capture(link, packets))
