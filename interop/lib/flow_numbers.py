"""The numbers in the datagrams of interop/lib/sender.c, of a pcap file of Ethernet on standard input, a line each."""
import struct
import sys

data = sys.stdin.buffer.read()
at = 24
out = []
while at + 16 <= len(data):
    captured, original = struct.unpack_from("<II", data, at + 8)
    # Ethernet, IPv4 without options, UDP: 42 bytes.
    assert captured == original == 128, (captured, original)
    out.append(struct.unpack_from(">Q", data, at + 16 + 42)[0])
    at += 16 + captured
print("\n".join(map(str, out)))
