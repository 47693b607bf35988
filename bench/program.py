#!/usr/bin/env python3
"""The program beside tshark and tcpdump, on a shuffled mix of packets and on testdata repeated. Times in seconds, memory in MB.

usage: program.py PACKET-DISSECT MIXED TESTDATA     MIXED is the program that writes the mix
"""
import glob
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time

binary, mixed, testdata = sys.argv[1:]
# What a time zone costs is no part of reading packets.
os.environ["TZ"] = "UTC"
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
    """A row that is not judged has no budget."""
    global budgets, short
    if budget is not None:
        budgets += 1
        short += not met
    verdict = "-" if budget is None else "ok" if met else "SHORT"
    print(f"{name:<44} {ours:>9.2f} {peer:>9.2f} {ratio:>7.2f} {budget or '-':>7} {verdict}", flush=True)


def seconds(rounds, *commands):
    """The best time of each: they take turns, as often the one as the other."""
    best = [float("inf")] * len(commands)
    for _ in range(rounds):
        for at, command in enumerate(commands):
            start = time.monotonic()
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            best[at] = min(best[at], time.monotonic() - start)
    return best


def beside(name, least, rounds, ours, theirs):
    """A row of times; the peer's may be no less than so many times ours."""
    a, b = seconds(rounds, ours, theirs)
    row(name, a, b, b / a, least and f">={least}", least and b / a >= least)


def peak(command):
    """The peak memory of one run, measured in a process of its own."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    return int(subprocess.run([sys.executable, "-c", code] + command, capture_output=True, text=True, check=True).stdout) / 1024


def repeat(target, size):
    """A capture of this size, out of the records of all captures of Ethernet in testdata."""
    whole = [open(path, "rb").read() for path in sorted(glob.glob(os.path.join(testdata, "*.pcap")))]
    ethernet = [capture for capture in whole if int.from_bytes(capture[20:24], "little") == 1]
    records = b"".join(capture[24:] for capture in ethernet)
    with open(target, "wb") as out:
        out.write(ethernet[0][:24])
        chunk = records * (1_000_000 // len(records) + 1)
        written = 0
        while written < size:
            out.write(chunk)
            written += len(chunk)


def goes_on(target, path, size):
    """A capture of this size: the records of one again and again, each time so many seconds later that time goes on."""
    with open(path, "rb") as source:
        header, records, data, at = source.read(24), [], source.read(), 0
    while at + 16 <= len(data):
        seconds, fraction, captured, length = struct.unpack_from("<IIII", data, at)
        records.append((seconds, struct.pack("<III", fraction, captured, length) + data[at + 16 : at + 16 + captured]))
        at += 16 + captured
    step, again = records[-1][0] - records[0][0] + 5, 0
    with open(target, "wb") as out:
        out.write(header)
        while out.tell() < size:
            out.write(b"".join(struct.pack("<I", seconds + again * step) + rest for seconds, rest in records))
            again += 1


def fields_of(path):
    return [binary, "-r", path] + ASKED


def tshark(path):
    return ["tshark", "-n", "-r", path, "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
            "-o", "ip.check_checksum:TRUE", "-d", "udp.port==8472,vxlan"] + ASKED


with tempfile.TemporaryDirectory() as folder:
    mix, repeated, big = (os.path.join(folder, name) for name in ("mix.pcap", "100MB.pcap", "1GB.pcap"))
    subprocess.run([mixed, mix, "100000000"], check=True)
    repeat(repeated, 100_000_000)
    beside("program: 37 fields of 100 MB mixed, tshark", 50, 3, fields_of(mix), tshark(mix))
    beside("program: 37 fields, testdata's, tshark", None, 3, fields_of(repeated), tshark(repeated))
    # Not the mix: tcpdump's table of names has one bucket for all of 10.244.0.0/16, and takes four seconds there.
    lines = ["tcpdump", "-nr", repeated]
    beside("program: 37 fields, testdata's, tcpdump -nr", 1.5, 7, fields_of(repeated), lines)
    beside("program: a line a packet, testdata's, tcpdump", None, 7, [binary, "-r", repeated], lines)
    memory = peak(fields_of(repeated))
    row("program: peak memory at 100 MB, 32 MB", memory, 32, memory / 32, "<=1", memory <= 32)
    repeat(big, 1_000_000_000)
    memory = peak(fields_of(big))
    row("program: peak memory at 1 GB, 32 MB", memory, 32, memory / 32, "<=1", memory <= 32)
    # 100 MB in which time goes on, so that all rules look at all packets.
    node = [os.path.join(testdata, "doctor", f"healthy-flannel-{number}.pcap") for number in (1, 2)]
    taps = [os.path.join(folder, f"node-{number}.pcap") for number in (1, 2)]
    for path, name in ((repeated, "testdata's"), (taps[0], "a node's")):
        if path != repeated:
            goes_on(path, node[0], 100_000_000)
        # What is found is no failure here.
        a, b = seconds(5, ["sh", "-c", '"$0" diagnose "$1" || [ $? = 3 ]', binary, path], [binary, "--stats", path])
        row(f"program: diagnose, 100 MB of {name}, --stats", a, b, a / b, "<=3", a / b <= 3)
    os.remove(big)
    for target, path in zip(taps, node):
        goes_on(target, path, 1_000_000_000)
    # What is repeated is no healthy network.
    memory = peak(["sh", "-c", '"$0" diagnose "$@" || [ $? = 3 ]', binary] + taps)
    row("program: peak memory, two of 1 GB, 200 MB", memory, 200, memory / 200, "<=1", memory <= 200)
print(f"{budgets} budgets, {short} short")
