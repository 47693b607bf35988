#!/usr/bin/env python3
"""The private key of a WireGuard handshake that is not answered yet, out of the memory of whoever began it: a process, or a virtual
machine's, whose memory is its process's. It is printed in base64.

usage: wireguard_key.py PID CAPTURE SOURCE PEER

The last initiation that CAPTURE has from the address SOURCE is waited for. The process is stopped then, while its memory is searched
for the public key of PEER (base64): both wireguard-go and Linux keep the handshake's private key shortly before it. Which 32 bytes they
are the initiation tells, which has their public half. The process goes on when the key was found, or was not.
"""
import base64
import os
import signal
import struct
import sys
import time

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BEFORE = 256


def initiations(capture, source):
    """The ephemeral keys of all initiations from there: UDP over IPv4 in Ethernet."""
    with open(capture, "rb") as file:
        data = file.read()
    at, found = 24, []
    while at + 16 <= len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        packet = data[at + 16 : at + 16 + length]
        at += 16 + length
        if len(packet) == 14 + 20 + 8 + 148 and packet[26:30] == source and packet[42:46] == b"\1\0\0\0":
            found.append(packet[50:82])
    return found


def public(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def search(pid, peer, ephemeral):
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(edge, 16) for edge in span.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue
            at = -1
            while (at := data.find(peer, at + 1)) >= 0:
                for begin in range(at - 32, max(at - BEFORE - 32, -1), -1):
                    private = data[begin : begin + 32]
                    if any(private) and public(private) == ephemeral:
                        return private
    return None


def main():
    pid, capture, source, peer = int(sys.argv[1]), sys.argv[2], bytes(map(int, sys.argv[3].split("."))), base64.b64decode(sys.argv[4])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not initiations(capture, source):
            time.sleep(0.05)
            continue
        os.kill(pid, signal.SIGSTOP)
        try:
            private = search(pid, peer, initiations(capture, source)[-1])
        finally:
            os.kill(pid, signal.SIGCONT)
        if private:
            print(base64.b64encode(private).decode())
            return 0
        time.sleep(0.2)
    print("no initiation's key was found", file=sys.stderr)
    return 1


sys.exit(main())
