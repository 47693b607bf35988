"""The same capture by another clock: 3 s ahead at its first packet, and 50 millionths faster.

usage: taps_clock.py CAPTURE CAPTURE
"""

import struct
import sys

data = open(sys.argv[1], "rb").read()
assert struct.unpack_from("<I", data)[0] == 0xA1B23C4D, "nanoseconds, in this machine's order"
out, at, first = [data[:24]], 24, None
while at + 16 <= len(data):
    seconds, nanoseconds, captured, length = struct.unpack_from("<IIII", data, at)
    time = seconds * 1_000_000_000 + nanoseconds
    first = time if first is None else first
    time += 3_000_000_000 + (time - first) * 50 // 1_000_000
    out.append(struct.pack("<IIII", time // 1_000_000_000, time % 1_000_000_000, captured, length))
    out.append(data[at + 16 : at + 16 + captured])
    at += 16 + captured
open(sys.argv[2], "wb").write(b"".join(out))
