"""Holds what `packet-dissect diagnose` says of delays against what the captures have of each packet. All taps of a lab are stamped by one
clock, so that the difference is the delay: to the nanosecond, and not only as netem was told, beside which an emulated machine takes some
tenths of a millisecond more.

usage: doctor_vm_delays.py PROGRAM FOLDER LAB THERE BACK     netem's delays in milliseconds; prints lines of a delays.tsv
"""

import ipaddress
import json
import struct
import subprocess
import sys

PODS = ("10.244.1.2", "10.244.2.2")
# How wrong a delay may be told, and how much longer than netem's the kernel may need, in nanoseconds.
NEAR, SLOW = 20_000, 1_000_000
ASSUMED = "Clocks and delays of one way are told as if the shortest delays were the same both ways."
UNKNOWN = "have packets of one direction alone in common: how far their clocks are apart and how long the packets took cannot be told"


def packets(path):
    """Who sends to whom, what tells a ping from others, and when it was captured."""
    data = open(path, "rb").read()
    assert struct.unpack_from("<I", data)[0] == 0xA1B23C4D, "nanoseconds, in this machine's order"
    at = 24
    while at + 16 <= len(data):
        seconds, nanoseconds, captured, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16 : at + 16 + captured]
        at += 16 + captured
        if frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[36:38] == struct.pack("!H", 8472):
            frame = frame[50:]
        if frame[12:14] != b"\x08\x00" or frame[23] != 1:
            continue
        addresses = tuple(str(ipaddress.ip_address(frame[of : of + 4])) for of in (26, 30))
        # Type, and identifier and sequence number (RFC 792).
        yield (addresses, frame[34], frame[38:42]), seconds * 1_000_000_000 + nanoseconds


def figures(times):
    times = sorted(times)
    # The first that 99 of 100 are not above.
    return [times[0], times[len(times) // 2], times[-(-len(times) * 99 // 100) - 1]]


def truth(one, other, is_assumed):
    """Of each way, and of there and back: the least, the median and the 99th percentile. If it is assumed that the shortest delays are the
    same, the other clock is believed to be ahead by half of what they differ."""
    here, there = dict(packets(one)), dict(packets(other))
    ways = [[there[key] - here[key] for key in here.keys() & there.keys() if (key[0] == PODS) == is_there] for is_there in (True, False)]
    ahead = (min(ways[0]) + max(ways[1])) // 2 if is_assumed else 0
    both = sorted((min(here[key], there[key] - ahead), key, there[key] - here[key] - ahead) for key in here.keys() & there.keys())
    # What a packet took, and what the last one before it on the way back did.
    one_way, round_trips, last = [[], []], [[], []], [None, None]
    for _, key, delay in both:
        way = 0 if key[0] == PODS else 1
        one_way[way].append(delay if way == 0 else -delay)
        if last[1 - way] is not None:
            round_trips[way].append(one_way[way][-1] + last[1 - way])
        last[way] = one_way[way][-1]
    return [figures(of) if of else None for of in one_way], [figures(of) if of else None for of in round_trips]


def told(program, folder, captures, arguments):
    run = lambda *form: subprocess.run([program, "diagnose", *form, *arguments, *captures], cwd=folder, stdout=subprocess.PIPE, text=True)
    text = run()
    assert text.returncode == 0, text.stdout
    rows = [json.loads(line) for line in run("-T", "json", "--paths").stdout.splitlines()]
    return {tuple(row["pods"]): row for row in rows}, " ".join(text.stdout.split())


def held(said, expected, what, is_drift_known=True):
    if expected is None:
        assert said is None, f"{what}: {said}, and nobody can know"
    else:
        said = [said["least"], said["median"], said["p99"]]
        # What a clock gains is told from delays that vary by more than it: of those of one way it takes part of that along.
        near = NEAR if is_drift_known else max(NEAR, (expected[2] - expected[0]) // 2)
        assert all(abs(one - other) <= near for one, other in zip(said, expected)), f"{what}: {said}, and it is {expected}"


def words(of):
    return "-" if of is None else " ".join(map(str, of))


def hold(program, folder, lab, there, back):
    netem = [int(there) * 1_000_000, int(back) * 1_000_000]
    names = lambda *taps: [f"{lab}-{tap}.pcap" for tap in taps]
    ahead = f"{lab}-2-shifted.pcap's clock is 3.000000 s ahead of that of {lab}-1.pcap, and gains 50.0 us a second, as is given."
    same = f"The clocks of {lab}-2.pcap and {lab}-1.pcap show the same, as is given."
    one_way = lambda of: names(f"there-{of}")[0]
    # Captures and those whose difference is the truth, arguments, whether the way is known (or assumed, or nothing is), what is said, what not.
    cases = [
        (names("1", "2"), None, [], "assumed", ASSUMED, "as is given"),
        (names("1", "2"), None, ["--clock", f"{lab}-2.pcap=0"], "known", same, ASSUMED),
        (names("1", "2"), None, ["--clock", f"{lab}-2.pcap=0,0"], "known", same, ASSUMED),
        # By this all of one way would come before it is sent.
        (names("1", "2"), None, ["--clock", f"{lab}-2.pcap=1,0"], "assumed", "cannot be, and is not heeded", "as is given"),
        (names("1", "2-shifted"), names("1", "2"), [], "assumed", ASSUMED, "as is given"),
        (names("1", "2-shifted"), names("1", "2"), ["--clock", f"{lab}-2-shifted.pcap=3,50"], "known", ahead, ASSUMED),
        (names("pod", "2"), None, ["--clock", f"{lab}-2.pcap=0,0"], "known", "as is given", ASSUMED),
        ([one_way(1), one_way(2)], None, [], "unknown", UNKNOWN, ASSUMED),
        ([one_way(1), one_way(2)], None, ["--clock", f"{one_way(2)}=0,0"], "known", "as is given", UNKNOWN),
    ]
    for captures, true, arguments, knowledge, said, unsaid in cases:
        files = [f"{folder}/{name}" for name in (true or captures)]
        for of, put_in in zip(truth(*files, False)[0], netem):
            assert of is None or put_in <= of[0] <= put_in + SLOW, f"netem put {put_in} in, and it took {of[0]}"
        ways, round_trips = truth(*files, knowledge == "assumed")
        rows, text = told(program, folder, captures, arguments)
        assert said in text and unsaid not in text, text
        for pods, way, round_trip in ((PODS, ways[0], round_trips[0]), (PODS[::-1], ways[1], round_trips[1])):
            if way is None:
                continue
            what = f"{captures} {arguments} {pods}"
            row = rows[pods]
            way = None if knowledge == "unknown" else way
            print("\t".join([" ".join(captures), " ".join(arguments) or "-", " ".join(pods), words(way), words(round_trip), said, unsaid]))
            assert row["counts"]["sent"] == row["counts"]["arrived"] > 50 and row["counts"]["lost"] == 0, (what, row)
            held(row["one_way_ns"], way, f"one way, {what}", any("," in of for of in arguments))
            held(row["round_trip_ns"], round_trip, f"round trip, {what}")


hold(*sys.argv[1:])
