"""A peer of Weave as the doctor's labs need one: a TAP device's frames in the sleeve, on UDP port 6783, and heartbeats of the fast datapath.

usage: doctor_sleeve.py 1|2 plain|sealed [fast]     which of the two nodes; sealed by PyNaCl; fast tries the fast datapath

weave router/sleeve.go, frame_crypto.go, fastdp.go.
"""

import fcntl
import os
import select
import socket
import struct
import sys
import time

number = int(sys.argv[1])
is_sealed, is_fast = sys.argv[2] == "sealed", "fast" in sys.argv[3:]
names = {1: bytes.fromhex("1a0000000001"), 2: bytes.fromhex("1a0000000002")}
short = {1: 0x123, 2: 0xABC}
other = 3 - number
CONNECTION = 0xAABF_B606_0592_972F
KEY = bytes(range(32))

tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH", b"sleeve", 0x1002))  # TUNSETIFF, IFF_TAP | IFF_NO_PI
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((f"192.0.2.{number}", 6783))
udp.setsockopt(socket.IPPROTO_IP, 10, 2)  # IP_MTU_DISCOVER, IP_PMTUDISC_DO: the sleeve's packets are not to be fragmented.
there = (f"192.0.2.{other}", 6783)
beats = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

sent = 0
window = set()


def nonce(sequence, is_outbound):
    # The first node opened the connection.
    return bytes([0x80 if is_outbound else 0]) + bytes(15) + sequence


def send(frame):
    global sent
    body = names[number] + names[other] + struct.pack(">H", len(frame)) + frame
    if is_sealed:
        from nacl.bindings import crypto_secretbox

        sequence = struct.pack(">Q", sent | 1 << 63)
        body = sequence + crypto_secretbox(body, nonce(sequence, number == 1), KEY)
        sent += 1
    udp.sendto(names[number] + body, there)


def receive(packet):
    body = packet[6:]
    if packet[:6] != names[other]:
        return
    if is_sealed:
        from nacl.bindings import crypto_secretbox_open

        sequence, body = body[:8], crypto_secretbox_open(body[8:], nonce(body[:8], number == 2), KEY)
        if sequence in window:
            print("dropped: it came before", flush=True)
            return
        window.add(sequence)
    while body:
        (length,) = struct.unpack(">H", body[12:14])
        frame, body = body[14 : 14 + length], body[14 + length :]
        # What has no hardware addresses is between the two of us.
        if any(frame[:14]):
            os.write(tap, frame)


def beat():
    """A heartbeat of the fast datapath, as long as its frames may be."""
    frame = bytes(14) + struct.pack(">QH", CONNECTION, 14 + 1376)
    vni = short[other] << 12 | short[number]
    beats.sendto(struct.pack(">II", 0x0800_0000, vni << 8) + frame.ljust(14 + 1376, b"\0"), (there[0], 6784))


print("ready", flush=True)
next_slow = next_fast = time.monotonic() + 1
while True:
    now = time.monotonic()
    if now >= next_slow:
        send(bytes(14) + struct.pack(">Q", CONNECTION))
        next_slow = now + 5
    if is_fast and now >= next_fast:
        try:
            beat()
        except OSError:
            pass
        next_fast = now + 0.5
    for ready in select.select([tap, udp], [], [], 0.1)[0]:
        try:
            if ready is tap:
                send(os.read(tap, 65536))
            else:
                receive(udp.recv(65536))
        except OSError:
            # The TAP device is not up yet, or the other peer is not there.
            pass
