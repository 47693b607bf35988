"""Traffic between two pods, each a network namespace, whose packets are counted at taps between them.

usage: taps.py NAMESPACE NAMESPACE [ADDRESS]: the second one's pod is asked at that address
"""

import subprocess
import sys

one, other, *rest = sys.argv[1:]
address = rest[0] if rest else "10.244.2.2"

ANSWER = """
import socket, threading
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("0.0.0.0", 5000))
u.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
t = socket.socket(); t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); t.bind(("0.0.0.0", 5001)); t.listen(8)
def datagrams():
    while True:
        b, a = u.recvfrom(65536)
        if b[:1] == b"?": u.sendto(b, a)
threading.Thread(target=datagrams, daemon=True).start()
print("ready", flush=True)
for _ in range(2):
    c, _ = t.accept()
    n = 0
    while n < 4_000_000:
        b = c.recv(1 << 20)
        if not b: break
        n += len(b)
    c.sendall(bytes(range(256)) * 15625)
    c.shutdown(socket.SHUT_WR)
    while c.recv(65536): pass
    c.close()
"""
ASK = f"""
import os, socket, struct, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(({address!r}, 5000))
# The same in every field: identification 7, no checksum.
a = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
same = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 7, 0x4000, 64, 17, 0, socket.inet_aton("10.244.1.2"), socket.inet_aton({address!r}))
same += struct.pack("!HHHH", 4999, 5000, 20, 0) + b"twelve bytes"
for n in range(6000):
    # Some are answered; some are the same, byte for byte.
    if n % 60 == 3:
        a.sendto(same, ({address!r}, 0))
    u.send(b"same again" if n % 50 == 7 else (b"?" if n % 2 else b"!") + n.to_bytes(4, "big") + os.urandom(n % 1300))
    time.sleep(0.0002)
for _ in range(2):
    c = socket.create_connection(({address!r}, 5001), 60)
    c.settimeout(120)
    c.sendall(os.urandom(4_000_000))
    n = 0
    while True:
        b = c.recv(1 << 20)
        if not b: break
        n += len(b)
    assert n == 4_000_000, n
    c.close()
"""


def run(space, code, **kw):
    return subprocess.Popen(["ip", "netns", "exec", space, "python3", "-c", code], text=True, **kw)


answerer = run(other, ANSWER, stdout=subprocess.PIPE)
try:
    assert answerer.stdout.readline() == "ready\n"
    asker = run(one, ASK)
    assert asker.wait(timeout=300) == 0
    assert answerer.wait(timeout=60) == 0
finally:
    answerer.kill()
