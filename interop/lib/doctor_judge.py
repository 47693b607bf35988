"""Holds what `packet-dissect diagnose` finds against a line of an expected.tsv, as testdata/doctor and testdata/doctor-bgp have them."""

import json
import subprocess
import sys

program, folder, captures, arguments, required, allowed, evidence = sys.argv[1:]


def words(text):
    return set() if text == "-" else set(text.split())


arguments = [] if arguments == "-" else arguments.split()
run = subprocess.run([program, "diagnose", "-T", "json", *arguments, *captures.split()], cwd=folder, stdout=subprocess.PIPE, text=True)
found = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
codes = {finding["code"] for finding in found}
for finding in found:
    print(finding["code"] + ": " + finding["sentence"])
assert words(required) <= codes, f"missing: {words(required) - codes}"
assert codes <= words(required) | words(allowed), f"not so: {codes - words(required) - words(allowed)}"
for code, text in (item.split(": ", 1) for item in ([] if evidence == "-" else evidence.split(" | "))):
    assert any(finding["code"] == code and text in finding["sentence"] for finding in found), f"no {code} with {text}"
assert run.returncode == (3 if found else 0), run.returncode
