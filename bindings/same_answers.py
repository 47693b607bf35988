#!/usr/bin/env python3
"""What a language gives of every frame, beside what `packet-dissect -T fields` writes.

usage: same_answers.py PACKET-DISSECT CAPTURE... -- COMMAND...

COMMAND CAPTURE prints a line a packet: its number, then NAME=VALUE behind tabs, texts in hexadecimal. A number in hexadecimal may have fewer
digits, where a language has numbers and no digits. Last line: N frames, M differ
"""
import subprocess
import sys

split = sys.argv.index("--")
program, captures, command = sys.argv[1], sys.argv[2:split], sys.argv[split + 1:]
# No value has such a byte: texts come escaped.
COLUMN, VALUE = "\x1f", "\x1e"
SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def table():
    """The fields and their kinds, but for those in words of a time zone."""
    listed = subprocess.run([program, "fields"], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split()[:2] for line in listed if line[:1].strip()]
    return {name: kind for name, kind in rows if kind != "time"}


def escaped(text):
    """As the program writes text from outside: nothing goes out that a terminal would act on."""
    def one(c):
        if c.isprintable():
            return c
        return SHORT.get(c) or (f"\\x{ord(c):02x}" if ord(c) < 128 else f"\\u{{{ord(c):x}}}")
    return "".join(map(one, text))


def expected(kinds, capture):
    asked = [word for name in kinds for word in ("-e", name)]
    form = ["-T", "fields", "-E", f"separator={COLUMN}", "-E", f"aggregator={VALUE}"]
    out = subprocess.run([program, "-r", capture, *form, *asked], capture_output=True, text=True).stdout
    for line in filter(None, out.split("\n")):
        yield {name: cell.split(VALUE) for name, cell in zip(kinds, line.split(COLUMN)) if cell}


def given(kinds, capture):
    out = subprocess.run([*command, capture], capture_output=True, text=True)
    if "Sanitizer" in out.stderr or "==ERROR" in out.stderr:
        sys.exit(out.stderr)
    for line in filter(None, out.stdout.split("\n")):
        row = {}
        for part in line.split("\t")[1:]:
            name, _, value = part.partition("=")
            if name not in kinds:
                continue
            if kinds[name] == "text":
                value = escaped(bytes.fromhex(value).decode())
            # An empty value is an empty cell, whoever has it.
            row.setdefault(name, []).append(value)
        yield {name: values for name, values in row.items() if values != [""]}


def same(kind, ours, theirs):
    if kind.startswith("hex") and ours and theirs:
        return [int(value, 16) for value in ours] == [int(value, 16) for value in theirs]
    return ours == theirs


def main():
    kinds = table()
    frames = differ = 0
    for capture in captures:
        ours, theirs = list(expected(kinds, capture)), list(given(kinds, capture))
        frames += len(ours)
        if len(ours) != len(theirs):
            differ += abs(len(ours) - len(theirs))
            print(f"{capture}: {len(theirs)} packets where there are {len(ours)}")
        for number, (a, b) in enumerate(zip(ours, theirs), 1):
            wrong = [name for name in kinds if not same(kinds[name], a.get(name), b.get(name))]
            if wrong:
                differ += 1
                if differ < 20:
                    print(f"{capture}: {number}: " + "; ".join(f"{name}: {a.get(name)} {b.get(name)}" for name in wrong[:3]))
    print(f"{frames} frames, {differ} differ")
    sys.exit(differ > 0 or frames == 0)


main()
