"""Frames of captures, compared with what RFC 7348 has around them. Knows nothing of the library.

usage: forward_check.py around FRAMES PACKETS SOURCE DESTINATION
       forward_check.py inside PACKETS FRAMES
       forward_check.py same FRAMES FRAMES
       forward_check.py longer FRAMES LENGTH     prints how many are
"""

import ipaddress
import struct
import sys

MACS = bytes.fromhex("020000000022 020000000011")
VXLAN = bytes.fromhex("08000000 00100000")  # I, and VNI 4096


def frames(path):
    """Those of a capture in the machine's byte order."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = [], 24
    while at < len(data):
        captured, original = struct.unpack_from("<II", data, at + 8)
        assert captured == original, "a frame is cut"
        found.append(data[at + 16 : at + 16 + captured])
        at += 16 + captured
    return found


def checksum(data):
    """RFC 1071's."""
    words = struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2))
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def around(frame, source, destination, port, mark):
    """The whole outer packet: RFC 7348 §5, RFC 6040 §4.1, RFC 768."""
    source, destination = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    length = 8 + len(VXLAN) + len(frame)
    udp = struct.pack(">HHHH", port, 4789, length, 0)
    if source.version == 4:
        ip = struct.pack(">BBHHHBBH", 0x45, mark, 20 + length, 0, 0x4000, 64, 17, 0) + source.packed + destination.packed
        ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
        return MACS + b"\x08\x00" + ip + udp + VXLAN + frame
    ip = struct.pack(">IHBB", 6 << 28 | mark << 20, length, 17, 64) + source.packed + destination.packed
    pseudo = source.packed + destination.packed + struct.pack(">II", length, 17)
    sum_of = checksum(pseudo + udp + VXLAN + frame) or 0xFFFF
    return MACS + b"\x86\xdd" + ip + udp[:6] + struct.pack(">H", sum_of) + VXLAN + frame


def mark_of(frame):
    """The inner packet's ECN."""
    kind = frame[12:14]
    return frame[15] & 3 if kind == b"\x08\x00" else frame[15] >> 4 & 3 if kind == b"\x86\xdd" else 0


def is_vxlan(frame):
    """Ethernet, IPv4 without options, UDP to 4789 and VXLAN with VNI 4096: 50 bytes."""
    return frame[12:15] == b"\x08\x00\x45" and frame[23] == 17 and frame[36:38] == b"\x12\xb5" and frame[42:50] == VXLAN


def main(what, first, second, *ends):
    given, made = frames(first), frames(second)
    if what == "inside":
        given = list(filter(is_vxlan, given))
    assert len(given) == len(made) > 0, f"{len(given)} frames became {len(made)}"
    for number, (before, after) in enumerate(zip(given, made), 1):
        if what == "around":
            port_at = 34 if after[12:14] == b"\x08\x00" else 54
            (port,) = struct.unpack_from(">H", after, port_at)
            assert port >= 49152, f"frame {number}: the source port is {port}"
            before = around(before, *ends, port, mark_of(before))
        elif what == "inside":
            before = before[50 : 14 + struct.unpack_from(">H", before, 16)[0]]
        assert before == after, f"frame {number}:\n{before.hex()}\n{after.hex()}"


if sys.argv[1] == "longer":
    print(sum(len(frame) > int(sys.argv[3]) for frame in frames(sys.argv[2])))
else:
    main(*sys.argv[1:])
