"""Whether the packets that are said to be lost are those that were dropped.

usage: taps_judge.py FINDINGS DROPPED-THERE DROPPED-BACK
"""

import json
import sys

there, back = map(int, sys.argv[2:4])
objects = [json.loads(line) for line in open(sys.argv[1])]
lost = {}


def direction(pods):
    # A service's address, or the second node's, may stand for a pod's.
    names = {"10.244.1.2": 1, "10.244.2.1": 1, "10.244.2.2": 2, "10.96.0.10": 2}
    return tuple(names[pod] for pod in pods)


for finding in objects:
    if finding.get("code") == "lost-between":
        numbers = finding["evidence"]["numbers"]
        way = direction(finding["evidence"]["pods"])
        lost[way] = lost.get(way, 0) + numbers["lost"]
        print(finding["sentence"])
paths = [path for path in objects if "path" in path]
for path in paths:
    print(path["path"], path["pods"], path["counts"], path["one_way_ns"], path["round_trip_ns"])
    assert path["counts"]["unseen"] == path["counts"]["duplicated"] == 0, "some came from nowhere"
assert paths, "nothing was compared"
expected = {way: count for way, count in (((1, 2), there), ((2, 1), back)) if count}
assert lost == expected, (lost, expected)
