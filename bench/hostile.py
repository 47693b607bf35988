#!/usr/bin/env python3
"""The program on captures that are made to hurt it: time is linear in their length, memory stays under 32 MB, and no packet is lost.

Each capture is run at two lengths, the second twice the first. "lines" are what the program printed: one a packet, or the table.

usage: hostile.py PACKET-DISSECT TESTDATA [--short]       last line: N runs, M failed
"""
import bz2
import glob
import gzip
import lzma
import os
import struct
import subprocess
import sys
import tempfile
import threading

binary, testdata = sys.argv[1:3]
SHORT = "--short" in sys.argv
MOST_MEMORY = 32.0
# Twice the input in 2 x the time; what varies from run to run on top. Where that is more, both are run again: of each the least time counts, since
# what else a machine does only adds, and what grows with the square does so each time.
MOST_RATIO = 2.6
MOST_TRIES = 4
failed = runs = 0

RAW_IP, ETHERNET = 101, 1


def pcap(link):
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, link)


def record(data, at=0):
    return struct.pack("<IIII", at // 1_000_000, at % 1_000_000, len(data), len(data)) + data


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ipv4(protocol, payload, source=0x0A000001, destination=0x0A000002, fragment=0, number=0):
    header = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(payload), number & 0xFFFF, fragment, 64, protocol, 0, source, destination)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def udp(source, destination, payload):
    return struct.pack("!HHHH", source, destination, 8 + len(payload), 0) + payload


def tcp(source, destination, sequence, payload, flags=0x18):
    return struct.pack("!HHIIBBHHH", source, destination, sequence & 0xFFFFFFFF, 0, 0x50, flags, 1024, 0, 0) + payload


def ethernet(kind, payload):
    return bytes.fromhex("020000000001020000000002") + struct.pack("!H", kind) + payload


# What each capture is made of: the header, then records for the numbers from 0 to N.


def traffic(count):
    """testdata's Ethernet captures over and over, some 4 MB a number."""
    records = b"".join(open(path, "rb").read()[24:] for path in ethernet_captures())
    packets, at = 0, 0
    while at < len(records):
        at += 16 + struct.unpack_from("<I", records, at + 8)[0]
        packets += 1
    times = max(1, 4_000_000 // len(records))
    yield pcap(ETHERNET), 0
    for _ in range(count):
        yield records * times, packets * times


def ethernet_captures():
    for path in sorted(glob.glob(os.path.join(testdata, "*.pcap"))):
        with open(path, "rb") as file:
            head = file.read(24)
        if head[:4] == b"\xd4\xc3\xb2\xa1" and struct.unpack_from("<I", head, 20)[0] == ETHERNET:
            yield path


def each(link, make):
    """A capture of one record a number."""

    def capture(count):
        yield pcap(link), 0
        for start in range(0, count, 10_000):
            numbers = range(start, min(start + 10_000, count))
            yield b"".join(record(make(n), n) for n in numbers), len(numbers)

    return capture


def each_alone(link, make):
    """The same for long ones, which are made one at a time."""

    def capture(count):
        yield pcap(link), 0
        for n in range(count):
            yield record(make(n), n), 1

    return capture


def flow(n):
    return ipv4(17, udp(n & 0xFFFF, 53, bytes(20)), source=0x0A000000 + (n >> 8), destination=0xC0000201)


def tunnel(n):
    inner = ethernet(0x0800, ipv4(17, udp(n & 0xFFFF, 53, bytes(20)), source=n))
    return ipv4(17, udp(49152, 4789, struct.pack("!II", 0x08000000, (n & 0xFFFFFF) << 8) + inner), source=n, destination=n ^ 0xFFFFFFFF)


def fragment(n):
    """The first fragment of a packet that never comes."""
    return ipv4(17, udp(1, 6783, bytes(1000)), fragment=0x2000, number=n, source=n >> 16)


def one_byte(n):
    """A last fragment at 8 000, and then one byte at 0 for ever."""
    return ipv4(17, bytes(8), fragment=1000) if n == 0 else ipv4(17, b"x", fragment=0x2000)


def endless_fragment(n):
    """One packet's fragments of eight bytes, the last of which never comes; then the next one's."""
    return ipv4(17, n.to_bytes(8, "big"), fragment=0x2000 | n % 8000, number=n // 8000)


def endless_ipv6_fragment(n):
    """A last fragment each, and nothing before it."""
    header = struct.pack("!IHBB", 0x60000000, 8 + 1000, 44, 64) + n.to_bytes(16, "big") + bytes(16)
    return header + struct.pack("!BBHI", 17, 0, 1000 << 3, n) + bytes(1000)


def whole_in_whole(n):
    """Two fragments make a packet whole, which is the second fragment of another: one in the other, as deep as 65 kB hold."""
    packet = bytes(8)
    for depth in range(100):
        packet = ipv4(4, packet, fragment=1, number=n // 2) if n % 2 else ipv4(4, packet, fragment=0x2000, number=n // 2)
    return packet


def bgp_hole(n):
    """A connection each: an UPDATE begins, and its second half comes, but not what is between."""
    message = b"\xff" * 16 + struct.pack("!HB", 4096, 2) + bytes(1200)
    connection, half = divmod(n, 2)
    source = 0x0A000000 + (connection >> 14)
    return ipv4(6, tcp(1024 + (connection & 0x3FFF), 179, 3000 * half, message if half == 0 else bytes(1000)), source=source)


def bgp_one_hole(n):
    """One connection, whose second segment never comes: all behind it waits."""
    update = b"\xff" * 16 + struct.pack("!HBHH", 23, 2, 0, 0)
    return ipv4(6, tcp(1024, 179, 1 if n == 0 else 1000 + 1150 * n, update * 50))


def bgp_backwards(n):
    """One connection, its segments from the last to the first: each fills no hole."""
    update = b"\xff" * 16 + struct.pack("!HBHH", 23, 2, 0, 0)
    return ipv4(6, tcp(1024, 179, 4_000_000_000 - 1150 * n, update * 50))


def nested(make, most=65_000):
    """One inside another until the packet is full."""

    def packet(_):
        inner = b""
        while True:
            outer = make(inner)
            if len(outer) > most:
                return inner
            inner = outer

    return packet


def vlans(_):
    return ethernet(0x8100, struct.pack("!HH", 1, 0x8100) * 16_000 + struct.pack("!HH", 1, 0x0800))


def deep_stack(n):
    """A stack of layers for each number: in IP and in GRE by turns, as its bits say, thousands deep."""
    packet = bytes([0x45]) + bytes(19)
    for depth in range(1500):
        is_gre = n >> depth % 20 & 1
        packet = ipv4(47, struct.pack("!HH", 0, 0x0800) + packet) if is_gre else ipv4(4, packet)
    return packet


def bgp_open(n):
    """A connection each, with an OPEN of 4 kB: half of the streams stop in the middle of it."""
    capabilities = b"\x02\xfc" + (b"\x41\x04\0\0\xfd\xe8" * 42)
    body = b"\4" + struct.pack("!HHI", 65000, 180, n + 1) + bytes([len(capabilities)]) + capabilities
    message = b"\xff" * 16 + struct.pack("!HB", 19 + len(body), 1) + body
    source = 0x0A000000 + (n >> 14)
    return ipv4(6, tcp(1024 + (n & 0x3FFF), 179, 1, message if n % 2 else message[:-1]), source=source)


def labels(_):
    return ethernet(0x8847, struct.pack("!I", 0x00001040) * 16_000)


def options(_):
    """Extension headers, each of eight bytes, as many as there is room for."""
    chain = struct.pack("!BB6x", 60, 0) * 8_000
    return struct.pack("!IHBB", 0x60000000, len(chain), 60, 64) + bytes(32) + chain


def geneve_options(_):
    return ipv4(17, udp(49152, 6081, struct.pack("!BBHI", 0x3F, 0, 0x6558, 256) + struct.pack("!HBB", 1, 2, 0) * 63))


def sizes(n):
    """Records of every length, the longest a quarter of a megabyte."""
    return bytes([0x45]) + bytes((n * 7919) % 262_143)


def large(_):
    """Records as long as is believed: 2 MiB."""
    return bytes([0x45]) + bytes((1 << 21) - 100)


def damaged(n):
    """A tunnelled packet cut anywhere, with a byte changed."""
    packet = bytearray(ethernet(0x0800, tunnel(n)))
    packet[(n * 31) % len(packet)] ^= 1 << n % 8
    return bytes(packet[: 1 + (n * 17) % len(packet)])


def pcapng(block):
    """A pcapng file of one kind of block, a section for every 10 000, which no packet follows but at the end."""

    def wrap(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))

    def capture(count):
        section = wrap(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + wrap(*interface(0))
        for start in range(0, count, 10_000):
            yield section + b"".join(wrap(*block(n)) for n in range(start, min(start + 10_000, count))), 0
        data = flow(0)
        yield wrap(6, struct.pack("<IIIII", 0, 0, 0, len(data), len(data)) + data), 1

    return capture


def interface(_):
    return 1, struct.pack("<HHI", RAW_IP, 0, 0)


def name(n):
    return 4, struct.pack("<HHI", 1, 12, n) + b"a.host\0\0" + bytes(4)


# Name, arguments, capture, its length in the short form and in the long one; whether a line a packet is printed.
FIELDS = "-T fields -e frame.number -e ip.src -e ip.dst -e udp.dstport -e vxlan.vni -e bgp.type".split()
MANY_TAPS = "-q -z conv,ip -z conv,udp -z conv,pods -z endpoints,ip -z endpoints,udp -z io,stat,1,udp".split()
NET = nested(lambda inner: ipv4(4, inner))
VXLAN = nested(lambda inner: ipv4(17, udp(49152, 4789, b"\x08\0\0\0\0\0\1\0" + ethernet(0x0800, inner))))
GRE = nested(lambda inner: ipv4(47, struct.pack("!HH", 0, 0x0800) + inner))
def dump(make):
    """An MRT dump: a file, since what the program is given is told by its first bytes."""

    def records(count):
        yield struct.pack(">IHHIIHH", 0, 13, 1, 8, 1, 0, 0), 0
        for n in range(count):
            kind, subtype, body, lines = make(n)
            yield struct.pack(">IHHI", 0, kind, subtype, len(body)) + body, lines

    records.is_file = True
    return records


def chosen_leases(count):
    """/31s whose places in a table hashed by the golden ratio follow each other: the multiples of a denominator that is nearly whole
    under the multiplier (one of its continued fraction's)."""
    bits = 48
    alpha = (512 * 0x9E3779B97F4A7C15) % (1 << bits)
    (a, b), (q, before) = (1 << bits, alpha), (1, 0)
    while b and q * (a // b) + before < (1 << 31) // (count + 1):
        (a, b), (q, before) = (b, a % b), (q * (a // b) + before, q)
    networks = (2 * q * n for n in range(1, count + 1))
    lease = '{"PublicIP": "192.0.2.1", "PublicIPv6": null, "BackendType": "udp"}'
    names = (".".join(str(network >> shift & 255) for shift in (24, 16, 8, 0)) for network in networks)
    return "{" + ", ".join(f'"/coreos.com/network/subnets/{name}-31": {lease}' for name in names) + "}"


def one_packet(_):
    yield pcap(RAW_IP), 0
    yield record(flow(0)), 1


def few_packets_many_leases(make):
    def capture(count):
        yield from one_packet(count)

    capture.leases = make
    return capture


def update(attributes, routes):
    body = struct.pack(">HH", 0, len(attributes)) + attributes + routes
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), 2) + body


def bgp4mp(messages):
    return 16, 4, struct.pack(">IIHH", 65000, 65001, 0, 1) + bytes(8) + b"".join(messages), len(messages)


def dense(n):
    """A record of 2 MB: 31 UPDATEs of 65 477 default routes each."""
    return bgp4mp([update(b"", bytes(65_477))] * 31)


def many_attributes(n):
    """An UPDATE of 10 800 empty attributes and 32 000 routes."""
    return bgp4mp([update(b"\xc0\xc8\0" * 10_800, bytes(32_000))])


def entries_and_nlri(n):
    """A table's record of one BGP-LS NLRI of 32 kB and 20 000 empty entries."""
    descriptor = b"\2\0\0\4\xff\xff\xff\xff" * 4000
    nlri = b"\2" + bytes(8) + struct.pack(">HH", 256, len(descriptor)) + descriptor
    body = struct.pack(">IHBHH", n, 16388, 71, 1, len(nlri)) + nlri + struct.pack(">H", 20_000) + bytes(8) * 20_000
    return 13, 6, body, 20_000


def nested_sets(n):
    """An UPDATE of one ATTR_SET (RFC 6368) in another, 8 000 of them."""
    attributes = b""
    for depth in range(8_000):
        attributes = struct.pack(">BBHI", 0xD0, 128, 4 + len(attributes), 65000) + attributes
    return bgp4mp([update(attributes, b"")])


def squeezed(compress, make):
    """A capture as a compressor made it: a member, or frame, for every 16 numbers."""

    def capture(count):
        yield compress(pcap(RAW_IP)), 0
        for start in range(0, count, 16):
            numbers = range(start, min(start + 16, count))
            yield compress(b"".join(record(make(n)) for n in numbers)), len(numbers)

    return capture


def zeros(_):
    """A record of zeros: hundreds of times as long as what it is squeezed to."""
    return bytes([0x45]) + bytes((1 << 18) - 100)


CASES = [
    ("MRT: 65 477 routes an UPDATE", [], dump(dense), 2, 8, True),
    ("MRT: 65 477 routes an UPDATE, -V", ["-V"], dump(dense), 1, 2, False),
    ("MRT: 65 477 routes an UPDATE, json", ["-T", "json"], dump(dense), 1, 2, True),
    ("MRT: 65 477 routes an UPDATE, fields", ["-T", "fields", "-e", "bgp.nlri_prefix"], dump(dense), 1, 4, True),
    ("MRT: 10 800 attributes, 32 000 routes, json", ["-T", "json"], dump(many_attributes), 10, 40, True),
    ("MRT: 20 000 entries x 32 kB of NLRI", [], dump(entries_and_nlri), 5, 40, True),
    ("MRT: 20 000 entries x 32 kB of NLRI, json", ["-T", "json"], dump(entries_and_nlri), 5, 40, True),
    ("MRT: 20 000 entries x 32 kB of NLRI, -V", ["-V"], dump(entries_and_nlri), 5, 20, False),
    ("traffic on stdin, a line each", [], traffic, 2, 250, True),
    ("traffic on stdin, fields", FIELDS, traffic, 2, 250, True),
    ("traffic on stdin, --stats", ["--stats"], traffic, 2, 250, False),
    ("traffic on stdin, json", ["-T", "json"], traffic, 1, 25, True),
    ("flows, a line each", [], each(RAW_IP, flow), 20_000, 500_000, True),
    ("flows, --stats", ["--stats"], each(RAW_IP, flow), 20_000, 500_000, False),
    ("tunnels of a VNI and ends each, --stats", ["--stats"], each(RAW_IP, tunnel), 20_000, 500_000, False),
    ("addresses without end, -z conv,ip", ["-q", "-z", "conv,ip"], each(RAW_IP, tunnel), 20_000, 500_000, False),
    ("addresses without end, many -z", MANY_TAPS, each(RAW_IP, tunnel), 20_000, 500_000, False),
    ("IP in IP, as deep as 65 kB hold, -z conv,ip", ["-q", "-z", "conv,ip"], each(RAW_IP, NET), 200, 2_000, False),
    ("an interval a packet, -z io,stat", ["-q", "-z", "io,stat,0.000001"], each(RAW_IP, flow), 20_000, 500_000, False),
    ("stacks of 1500 layers, each another, --stats", ["--stats"], each(RAW_IP, deep_stack), 200, 4_000, False),
    ("leases that were chosen to meet", [], few_packets_many_leases(chosen_leases), 5_000, 5_000, True),
    ("BGP connections with half an OPEN each", [], each(RAW_IP, bgp_open), 10_000, 200_000, True),
    ("fragments of a byte", [], each(RAW_IP, one_byte), 20_000, 400_000, True),
    ("first fragments alone", [], each(RAW_IP, fragment), 10_000, 200_000, True),
    ("fragments of eight bytes without end", [], each(RAW_IP, endless_fragment), 20_000, 400_000, True),
    ("last fragments alone, IPv6", [], each(RAW_IP, endless_ipv6_fragment), 10_000, 200_000, True),
    ("fragments in fragments, -V", ["-V"], each(RAW_IP, whole_in_whole), 200, 5_000, False),
    ("ATTR_SETs in ATTR_SETs, json", ["-T", "json"], dump(nested_sets), 5, 40, True),
    ("ATTR_SETs in ATTR_SETs, -V", ["-V"], dump(nested_sets), 5, 20, False),
    ("zeros, gzip", [], squeezed(gzip.compress, zeros), 160, 1_600, True),
    ("zeros, bzip2", [], squeezed(bz2.compress, zeros), 160, 1_600, True),
    ("zeros, xz", [], squeezed(lzma.compress, zeros), 160, 1_600, True),
    ("flows, gzip members of 16 packets", [], squeezed(gzip.compress, flow), 10_000, 100_000, True),
    ("BGP connections with a hole each", [], each(RAW_IP, bgp_hole), 10_000, 200_000, True),
    ("a BGP connection behind a hole", [], each(RAW_IP, bgp_one_hole), 10_000, 200_000, True),
    ("a BGP connection backwards", [], each(RAW_IP, bgp_backwards), 10_000, 200_000, True),
    ("IP in IP, as deep as 65 kB hold", [], each(RAW_IP, NET), 200, 2_000, True),
    ("VXLAN in VXLAN, as deep", ["-V"], each(RAW_IP, VXLAN), 100, 1_000, False),
    ("GRE in GRE, as deep", FIELDS, each(RAW_IP, GRE), 200, 2_000, True),
    ("16 000 VLAN tags", ["-V"], each(ETHERNET, vlans), 50, 1_000, False),
    ("16 000 MPLS labels", ["-V"], each(ETHERNET, labels), 50, 1_000, False),
    ("8 000 extension headers", [], each(RAW_IP, options), 200, 5_000, True),
    ("63 Geneve options", ["-V"], each(RAW_IP, geneve_options), 2_000, 50_000, False),
    ("records of every size to 262 143", [], each(RAW_IP, sizes), 500, 5_000, True),
    ("records of 2 MiB", [], each_alone(RAW_IP, large), 5, 100, True),
    ("records of 2 MiB, their bytes", ["-V", "-x", "--color", "always"], each_alone(RAW_IP, large), 1, 10, True),
    ("records of 2 MiB, json", ["-T", "json"], each_alone(RAW_IP, large), 1, 10, True),
    ("cut and damaged", [], each(ETHERNET, damaged), 20_000, 500_000, True),
    ("cut and damaged, json", ["-T", "json"], each(ETHERNET, damaged), 20_000, 200_000, True),
    ("interfaces without end (pcapng)", [], pcapng(interface), 20_000, 500_000, True),
    ("names without end (pcapng)", [], pcapng(name), 20_000, 500_000, True),
]


# What a process is measured by counts what its parent had when it began, so that the parent must be small.
RUNNER = (
    "import os, resource, subprocess, sys\n"
    "status = subprocess.run(sys.argv[2:], stderr=subprocess.DEVNULL).returncode\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "os.write(int(sys.argv[1]), f'{status} {used.ru_maxrss} {used.ru_utime + used.ru_stime}'.encode())\n"
)


def run(arguments, capture, count):
    """Seconds, megabytes, bytes in, packets in, lines out, status: the program reads standard input, a counter its output."""
    told, tell = os.pipe()
    is_file = getattr(capture, "is_file", False)
    file = tempfile.NamedTemporaryFile() if is_file else None
    path = file.name if is_file else "-"
    leases = tempfile.NamedTemporaryFile("w")
    if hasattr(capture, "leases"):
        leases.write(capture.leases(count))
        leases.flush()
        arguments = arguments + ["--leases", leases.name]
    command = [sys.executable, "-I", "-S", "-c", RUNNER, str(tell), binary, "-r", path] + arguments
    size = packets = lines = 0
    if is_file:
        for chunk, of in capture(count):
            size += len(chunk)
            packets += of
            file.write(chunk)
        file.flush()
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[tell])
    os.close(tell)

    def count_lines():
        nonlocal lines
        while chunk := program.stdout.read(1 << 20):
            lines += chunk.count(b"\n")

    counter = threading.Thread(target=count_lines)
    counter.start()
    try:
        for chunk, of in [] if is_file else capture(count):
            size += len(chunk)
            packets += of
            program.stdin.write(chunk)
        program.stdin.close()
    except BrokenPipeError:
        pass
    counter.join()
    program.wait()
    status, memory, spent = os.read(told, 100).split()
    os.close(told)
    # The program's own time: the maker's does not count.
    return float(spent), int(memory) / 1024, size, packets, lines, int(status)


print(f"{'capture':<42} {'MB':>7} {'packets':>9} {'seconds':>8} {'x half':>7} {'memory':>7} {'lines':>9}")
for title, arguments, capture, short, long, is_line_each in CASES:
    count = short if SHORT else long
    of_half = of_whole = float("inf")
    for _ in range(MOST_TRIES):
        of_half = min(of_half, run(arguments, capture, count)[0])
        spent, memory, size, packets, lines, status = run(arguments, capture, 2 * count)
        of_whole = min(of_whole, spent)
        ratio = of_whole / max(of_half, 0.001)
        # Under a fifth of a second it is the start that is measured.
        is_linear = ratio <= MOST_RATIO or of_whole <= 0.2
        if is_linear:
            break
    wrong = []
    if status not in (0, 1):
        wrong.append(f"status {status}")
    if memory > MOST_MEMORY:
        wrong.append(f"more than {MOST_MEMORY:.0f} MB")
    if not is_linear:
        wrong.append("not linear")
    if is_line_each and lines < packets:
        wrong.append(f"{packets - lines} packets lost")
    if lines == 0:
        wrong.append("no output")
    runs += 1
    failed += bool(wrong)
    print(
        f"{title:<42} {size / 1e6:>7.1f} {packets:>9} {of_whole:>8.2f} {ratio:>7.2f} {memory:>7.1f} {lines:>9} {', '.join(wrong) or 'ok'}",
        flush=True,
    )
print(f"{runs} runs, {failed} failed")
sys.exit(failed != 0)
