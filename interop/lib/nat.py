"""A pod behind a NAT, and a host outside: what sockets see. Run by interop/run nat.

usage: nat.py POD FAR tcp|udp|gone|closed-udp|closed-tcp ADDRESS OUTSIDE    namespaces, the host's address, and the NAT's
"""
import subprocess, sys

pod, far, what, address, outside = sys.argv[1:]
FAMILY = "AF_INET6" if ":" in address else "AF_INET"

# Megabytes both ways at once, each answered with its digest.
SERVE_TCP = f"""
import hashlib, socket
s = socket.socket(socket.{FAMILY}); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(({address!r}, 5001)); s.listen(1); s.settimeout(20); print("listening", flush=True)
c, peer = s.accept(); c.settimeout(20); data = b""
while len(data) < 1 << 20: data += c.recv(65536)
c.sendall(hashlib.sha256(data).digest() + data[::-1]); c.close()
print(peer[0], len(data))
"""
ASK_TCP = f"""
import hashlib, os, socket
c = socket.create_connection(({address!r}, 5001), 20); data = os.urandom(1 << 20); c.sendall(data); back = b""
while True:
    more = c.recv(65536)
    if not more: break
    back += more
assert back == hashlib.sha256(data).digest() + data[::-1], len(back)
"""
SERVE_UDP = f"""
import socket
s = socket.socket(socket.{FAMILY}, socket.SOCK_DGRAM); s.bind(({address!r}, 5002)); s.settimeout(20); print("listening", flush=True)
for _ in range(4):
    data, peer = s.recvfrom(65536); s.sendto(data[::-1], peer)
print(peer[0], len(data))
"""
# Two sockets, so that there are two flows; of odd lengths too.
ASK_UDP = f"""
import os, socket
for length in (0, 1, 700, 1201):
    c = socket.socket(socket.{FAMILY}, socket.SOCK_DGRAM); c.connect(({address!r}, 5002)); c.settimeout(5)
    data = os.urandom(length); c.send(data); assert c.recv(65536) == data[::-1], length
"""
# Who asked is gone when the answer comes: the pod's error is for the host's socket.
SERVE_GONE = f"""
import socket, time
s = socket.socket(socket.{FAMILY}, socket.SOCK_DGRAM); s.bind(({address!r}, 5005)); s.settimeout(20); print("listening", flush=True)
data, peer = s.recvfrom(65536); s.connect(peer); time.sleep(0.5); s.send(b"are you there?"); s.settimeout(5)
try: s.recv(1)
except ConnectionRefusedError: print(peer[0], "refused")
"""
ASK_GONE = f"""
import socket
c = socket.socket(socket.{FAMILY}, socket.SOCK_DGRAM); c.connect(({address!r}, 5005)); c.send(b"hello"); c.close()
"""
CLOSED_UDP = f"""
import socket
c = socket.socket(socket.{FAMILY}, socket.SOCK_DGRAM); c.connect(({address!r}, 5003)); c.settimeout(5); c.send(b"is anyone there?")
try: c.recv(1)
except ConnectionRefusedError: print("refused")
"""
CLOSED_TCP = f"""
import socket
try: socket.create_connection(({address!r}, 5004), 5)
except ConnectionRefusedError: print("refused")
"""


def run(namespace, program):
    return subprocess.Popen(["ip", "netns", "exec", namespace, "python3", "-c", program], stdout=subprocess.PIPE, text=True)


def exchange(serve, ask, last):
    server = run(far, serve)
    try:
        assert server.stdout.readline() == "listening\n"
        client = run(pod, ask)
        client.communicate(timeout=40)
        assert client.returncode == 0
        got, _ = server.communicate(timeout=30)
    finally:
        server.kill()
    # The host sees the NAT's address.
    assert got == f"{outside} {last}\n", got


def refused(ask):
    got, _ = run(pod, ask).communicate(timeout=20)
    assert got == "refused\n", got


{
    "tcp": lambda: exchange(SERVE_TCP, ASK_TCP, 1 << 20),
    "udp": lambda: exchange(SERVE_UDP, ASK_UDP, 1201),
    "gone": lambda: exchange(SERVE_GONE, ASK_GONE, "refused"),
    "closed-udp": lambda: refused(CLOSED_UDP),
    "closed-tcp": lambda: refused(CLOSED_TCP),
}[what]()
