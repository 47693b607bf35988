#!/usr/bin/env python3
"""Five fields of every packet of a capture: ours beside dpkt and Scapy, on the same file.

The capture is testdata's Ethernet packets, shuffled: 100 MB of them, and for Scapy a tenth. Fields: the outermost IPv4 header's source, destination and
protocol, and the ports behind it.

usage: python.py TESTDATA     rows `NAME ours peer ratio budget ok|SHORT`, in seconds; last line: N budgets, M short
"""
import glob
import os
import random
import struct
import sys
import tempfile
import time

import dpkt
import scapy.all as scapy

import container_codecs

FIELDS = ["ip.src", "ip.dst", "ip.proto", "udp.srcport", "udp.dstport"]
TESTDATA = sys.argv[1]


def packets():
    for path in sorted(glob.glob(os.path.join(TESTDATA, "*.pcap"))):
        for packet in container_codecs.Capture(path, ["frame.number"]):
            if packet.link_type == 1:
                yield bytes(packet)


def write(path, size):
    """As many packets as make so many bytes: how many those are."""
    of, chosen, count = list(packets()), random.Random(1), 0
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while file.tell() < size:
            data = chosen.choice(of)
            file.write(struct.pack("<IIII", count, 0, len(data), len(data)) + data)
            count += 1
    return count


def ours_columns(path):
    """Every value of every layer, as objects."""
    protocols = container_codecs.columns(path, FIELDS)["ip.proto"]
    return sum((of[0] if isinstance(of, list) else of) == 17 for of in protocols)


def ours_arrays(path):
    """The outermost, as numbers."""
    numbers, _ = container_codecs.arrays(path, FIELDS)["ip.proto"]
    return numbers.tolist().count(17)


def theirs_dpkt(path):
    """As its documentation has it: classes, and what they hold."""
    rows, udp = [], 0
    with open(path, "rb") as file:
        for _, data in dpkt.pcap.Reader(file):
            ip = dpkt.ethernet.Ethernet(data).data
            while isinstance(ip, dpkt.ethernet.VLANtag8021Q):
                ip = ip.data
            if isinstance(ip, dpkt.ip.IP):
                ports = (ip.data.sport, ip.data.dport) if isinstance(ip.data, dpkt.udp.UDP) else (None, None)
                rows.append((ip.src, ip.dst, ip.p, *ports))
                udp += ip.p == 17
    return udp


def theirs_scapy(path):
    rows, udp = [], 0
    for packet in scapy.PcapReader(path):
        ip = packet.getlayer(scapy.IP)
        if ip is not None:
            of = packet.getlayer(scapy.UDP)
            rows.append((ip.src, ip.dst, ip.proto, *((of.sport, of.dport) if of else (None, None))))
            udp += ip.proto == 17
    return udp


def seconds(work, path, rounds):
    """The least of some rounds, and what came out."""
    best, result = float("inf"), None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(path)
        best = min(best, time.perf_counter() - start)
    return best, result


def main():
    short = 0
    with tempfile.TemporaryDirectory() as folder:
        large, small = os.path.join(folder, "large.pcap"), os.path.join(folder, "small.pcap")
        counts = {large: write(large, 100_000_000), small: write(small, 10_000_000)}
        print(f"{'Python, five fields of ' + format(counts[large], ',') + ' packets (s)':<60} {'ours':>8} {'theirs':>8} {'ratio':>6} {'asked':>6}")
        rows = [
            ("arrays, beside dpkt", large, ours_arrays, theirs_dpkt, 20),
            ("columns (every layer's, as objects), beside dpkt", large, ours_columns, theirs_dpkt, None),
            (f"columns, beside Scapy, {counts[small]:,} packets", small, ours_columns, theirs_scapy, 100),
            (f"arrays, beside Scapy, {counts[small]:,} packets", small, ours_arrays, theirs_scapy, 100),
        ]
        told = {}
        for name, path, ours, theirs, budget in rows:
            got, found = seconds(ours, path, 5)
            if (path, theirs) not in told:
                told[path, theirs] = seconds(theirs, path, 1)
            want, expected = told[path, theirs]
            # Behind labels, service tags and the like ours finds IP where the others look no further.
            if abs(found - expected) > expected / 50:
                sys.exit(f"{name}: {found} packets of UDP, and {expected} by theirs")
            verdict = "-" if budget is None else "ok" if want / got >= budget else "SHORT"
            short += verdict == "SHORT"
            print(f"{name:<60} {got:>8.3f} {want:>8.2f} {want / got:>6.1f} {budget or '-':>6} {verdict}", flush=True)
    print(f"{sum(row[-1] is not None for row in rows)} budgets, {short} short")


main()
