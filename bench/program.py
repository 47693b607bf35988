#!/usr/bin/env python3
"""The program beside tshark and tcpdump, on captures made by repeating testdata. Times in seconds, memory in MB.

usage: program.py PACKET-DISSECT TESTDATA
"""
import glob
import os
import resource
import subprocess
import sys
import tempfile
import time

binary, testdata = sys.argv[1:]
FIELDS = (
    "frame.number frame.len eth.src eth.dst eth.type vlan.id arp.opcode ip.src ip.dst ip.proto ip.ttl ip.len "
    "ip.frag_offset ip.checksum.status ipv6.src ipv6.dst ipv6.nxt ipv6.hlim ipv6.plen udp.srcport udp.dstport "
    "udp.length tcp.srcport tcp.dstport tcp.seq_raw tcp.flags icmp.type icmp.code icmpv6.type icmpv6.code "
    "gre.proto mpls.label vxlan.vni vxlan.flags geneve.vni bgp.type bgp.length"
).split()
# Fragments are left as they are, by all three.
ASKED = ["-T", "fields", "-o", "ip.defragment:false"] + [word for field in FIELDS for word in ("-e", field)]
budgets = short = 0


def row(name, ours, peer, ratio, budget, met):
    global budgets, short
    budgets += 1
    short += not met
    print(f"{name:<44} {ours:>9.2f} {peer:>9.2f} {ratio:>7.2f} {budget:>7} {'ok' if met else 'SHORT'}", flush=True)


def seconds(command, rounds):
    best = float("inf")
    for _ in range(rounds):
        start = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        best = min(best, time.monotonic() - start)
    return best


def peak(command):
    """The peak memory of one run, measured in a process of its own."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    return int(subprocess.run([sys.executable, "-c", code] + command, capture_output=True, text=True, check=True).stdout) / 1024


def repeat(target, size):
    """A capture of this size, out of the records of all captures in testdata."""
    records = b"".join(open(path, "rb").read()[24:] for path in sorted(glob.glob(os.path.join(testdata, "*.pcap"))))
    with open(sorted(glob.glob(os.path.join(testdata, "*.pcap")))[0], "rb") as first, open(target, "wb") as out:
        out.write(first.read(24))
        chunk = records * (1_000_000 // len(records) + 1)
        written = 0
        while written < size:
            out.write(chunk)
            written += len(chunk)


with tempfile.TemporaryDirectory() as folder:
    small, big = os.path.join(folder, "100MB.pcap"), os.path.join(folder, "1GB.pcap")
    repeat(small, 100_000_000)
    ours = [binary, "-r", small] + ASKED
    theirs = ["tshark", "-n", "-r", small, "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
              "-o", "ip.check_checksum:TRUE", "-d", "udp.port==8472,vxlan"] + ASKED
    a, b = seconds(ours, 5), seconds(theirs, 1)
    row("program: 37 fields of 100 MB, tshark", a, b, b / a, ">=50", b / a >= 50)
    b = seconds(["tcpdump", "-nr", small], 3)
    row("program: 37 fields of 100 MB, tcpdump -nr", a, b, b / a, ">=3", b / a >= 3)
    memory = peak(ours)
    row("program: peak memory at 100 MB, 32 MB", memory, 32, memory / 32, "<=1", memory <= 32)
    repeat(big, 1_000_000_000)
    memory = peak([binary, "-r", big] + ASKED)
    row("program: peak memory at 1 GB, 32 MB", memory, 32, memory / 32, "<=1", memory <= 32)
print(f"{budgets} budgets, {short} short")
