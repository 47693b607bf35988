"""The fields of a capture's packets: a line a packet, NAME=VALUE behind tabs, text in hexadecimal.

usage: fields.py KINDS CAPTURE     KINDS is what `packet-dissect fields` prints
"""
import ipaddress
import socket
import sys

from container_codecs import Capture, CodecError


def written(kind, value):
    if kind == "text":
        return value.encode().hex()
    if kind in ("seconds", "time"):
        sign, whole = ("-", -value) if value < 0 else ("", value)
        return f"{sign}{whole // 10**9}.{whole % 10**9:09d}"
    if kind.startswith("hex"):
        return hex(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, ipaddress.IPv6Address):
        # Not all versions of Python write an IPv4-mapped one as RFC 5952 §5 has it.
        return socket.inet_ntop(socket.AF_INET6, value.packed)
    return str(int(value)) if isinstance(value, bool) else str(value)


kinds = {line.split()[0]: line.split()[1] for line in open(sys.argv[1])}
try:
    for packet in Capture(sys.argv[2]):
        print(packet.number, *(f"{name}={written(kinds[name], value)}" for name, value in packet.fields), sep="\t")
except CodecError as error:
    sys.exit(str(error))
