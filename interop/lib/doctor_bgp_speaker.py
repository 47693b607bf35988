"""A BGP speaker that says what it is told to, whether that is right or not: AS 65002, from 192.0.2.NODE to 192.0.2.1.

usage: doctor_bgp_speaker.py NODE HOLD-TIME HEX …    the bodies of UPDATEs; then it says no more than KEEPALIVE, until the other goes away
"""

import socket
import struct
import sys
import time

node, hold, updates = sys.argv[1], int(sys.argv[2]), [bytes.fromhex(text) for text in sys.argv[3:]]


def message(kind, body=b""):
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


def heard():
    """The type of the next message, which is none of ours to read."""
    header = connection.recv(19, socket.MSG_WAITALL)
    if len(header) == 19:
        connection.recv(struct.unpack("!H", header[16:18])[0] - 19, socket.MSG_WAITALL)
        return header[18]
    raise SystemExit("it ends")


connection = socket.create_connection(("192.0.2.1", 179), 10, ("192.0.2." + node, 0))
# IPv4 and IPv6 unicast (RFC 4760), AS numbers of four octets (RFC 6793).
capabilities = bytes([1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1, 65, 4]) + struct.pack("!I", 65002)
parameters = bytes([2, len(capabilities)]) + capabilities
connection.sendall(message(1, struct.pack("!BHH4sB", 4, 65002, hold, socket.inet_aton("192.0.2." + node), len(parameters)) + parameters))
while heard() != 1:
    pass
connection.sendall(message(4))
while heard() != 4:
    pass
for update in updates:
    connection.sendall(message(2, update))
while True:
    connection.sendall(message(4))
    time.sleep(hold / 3)
