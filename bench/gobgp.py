#!/usr/bin/env python3
"""Link state beside GoBGP's packet library: both parse the same 1024 UPDATEs, in turns; times in nanoseconds a message.

usage: gobgp.py LINK_STATE GOBGP     the two programs
"""
import subprocess
import sys

ours, theirs = sys.argv[1:]
messages = subprocess.check_output([ours, "messages"])
best, found = [float("inf")] * 2, [None] * 2
for _ in range(5):
    for at, (command, given) in enumerate([([ours], b""), ([theirs], messages)]):
        took, count = subprocess.run(command, input=given, capture_output=True, check=True).stdout.split()
        best[at], found[at] = min(best[at], float(took)), int(count)
assert found[0] == found[1], f"{found[0]} TLVs, GoBGP finds {found[1]}"
ratio, least = best[1] / best[0], 5
print(f"{'link state, 1024 UPDATEs, GoBGP':<44} {best[0]:>9.1f} {best[1]:>9.1f} {ratio:>7.2f} {f'>={least}':>7} {'ok' if ratio >= least else 'SHORT'}")
print(f"1 budgets, {int(ratio < least)} short")
