"""What pods do in the doctor's labs: serve, and ask those who do.

usage: doctor_pods.py serve                            names on UDP 53, echoes on UDP 5002, bytes on TCP 5001 both ways
       doctor_pods.py resolve ADDRESS COUNT            asks for names, one after the other
       doctor_pods.py transfer ADDRESS BYTES           sends so many and gets as many back
       doctor_pods.py echo ADDRESS BYTES [COUNT]       datagrams that come back
       doctor_pods.py segments ADDRESS BYTES COUNT     so many of them as one, which a card takes apart, and what comes back
       doctor_pods.py connect ADDRESS PORT [SECONDS]   asks for a connection
       doctor_pods.py datagram ADDRESS PORT            sends one
       doctor_pods.py slow                             takes a connection on TCP 5003, and reads after 4 s
       doctor_pods.py push ADDRESS BYTES               sends so many to it
       doctor_pods.py frame DEVICE MAC HEX             an IP packet as it is
       doctor_pods.py replay DEVICE DEVICE PORT COUNT  sends so many of the datagrams to a port that one brings in again by the other, 1.5 s later
       doctor_pods.py wire DEVICE DEVICE               carries frames' bytes from one to the other, both ways, and nothing besides
"""

import select
import socket
import sys
import threading
import time


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def datagrams(port, answer):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.bind(("::", port))
    while True:
        data, peer = s.recvfrom(65536)
        s.sendto(answer(data), peer)


def named(question):
    end = question.index(b"\0", 12) + 5
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\x60\0\x01"
    return question[:2] + b"\x85\x80\0\1\0\1\0\0\0\0" + question[12:end] + record


def listening(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", port))
    s.listen()
    return s


def bytes_both_ways(s):
    while True:
        c, _ = s.accept()
        threading.Thread(target=give_back, args=(c,), daemon=True).start()


def give_back(c):
    try:
        count = int.from_bytes(exactly(c, 4), "big")
        exactly(c, count)
        c.sendall(bytes(count))
        c.close()
    except OSError:
        pass


def exactly(c, count):
    data = b""
    while len(data) < count:
        part = c.recv(min(count - len(data), 1 << 20))
        if not part:
            raise ConnectionError
        data += part
    return data


def serve():
    for port, answer in (53, named), (5002, bytes):
        threading.Thread(target=datagrams, args=(port, answer), daemon=True).start()
    s = listening(5001)
    time.sleep(0.2)
    print("ready", flush=True)
    bytes_both_ways(s)


unanswered = 0


def receive(s):
    global unanswered
    try:
        s.recv(65536)
    except OSError:
        unanswered += 1


def resolve(address, count):
    s = socket.socket(family(address), socket.SOCK_DGRAM)
    s.settimeout(1)
    s.connect((address, 53))
    for number in range(int(count)):
        s.send(bytes([0x12, number, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]) + b"\x03web\x07default\0\0\1\0\1")
        receive(s)


def transfer(address, count):
    s = socket.create_connection((address, 5001), 3)
    s.settimeout(8)
    s.sendall(int(count).to_bytes(4, "big") + bytes(int(count)))
    exactly(s, int(count))
    s.close()


def echo(address, length, count=3):
    s = socket.socket(family(address), socket.SOCK_DGRAM)
    s.settimeout(1)
    s.connect((address, 5002))
    for _ in range(int(count)):
        s.send(bytes(int(length)))
        receive(s)


def segments(address, length, count):
    s = socket.socket(family(address), socket.SOCK_DGRAM)
    s.settimeout(1)
    s.connect((address, 5002))
    s.setsockopt(socket.IPPROTO_UDP, 103, int(length))  # UDP_SEGMENT
    s.send(b"".join(bytes([number]) * int(length) for number in range(int(count))))
    for _ in range(int(count)):
        receive(s)


def connect(address, port, seconds=1):
    socket.create_connection((address, int(port)), float(seconds)).close()


def datagram(address, port):
    socket.socket(family(address), socket.SOCK_DGRAM).sendto(b"anyone?", (address, int(port)))


def slow():
    s = listening(5003)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    print("ready", flush=True)
    c, _ = s.accept()
    time.sleep(4)
    while c.recv(1 << 16):
        pass


def push(address, count):
    s = socket.create_connection((address, 5003), 3)
    s.settimeout(8)
    s.sendall(bytes(int(count)))
    s.close()
    time.sleep(0.3)


def frame(device, mac, packet):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((device, 0))
    own = s.getsockname()[4]
    s.send(bytes.fromhex(mac.replace(":", "")) + own + b"\x08\x00" + bytes.fromhex(packet))


def replay(one, other, port, count):
    ends = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) for _ in range(2)]
    for end, device in zip(ends, (one, other)):
        end.bind((device, 0))
    print("ready", flush=True)
    kept = []
    while len(kept) < int(count):
        data, (_, _, kind, *_) = ends[0].recvfrom(65536)
        # IPv4 without options, and UDP.
        if kind != 4 and data[12:14] == b"\x08\0" and data[23] == 17 and int.from_bytes(data[36:38], "big") == int(port):
            kept.append((time.monotonic(), data))
    for at, data in kept:
        time.sleep(max(0, at + 1.5 - time.monotonic()))
        ends[1].send(data)


def wire(one, other):
    ends = []
    for device in one, other:
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        s.bind((device, 0))
        ends.append(s)
    print("ready", flush=True)
    while True:
        for s in select.select(ends, [], [])[0]:
            data, (_, _, kind, *_) = s.recvfrom(65536)
            if kind != 4:  # PACKET_OUTGOING
                try:
                    ends[1 - ends.index(s)].send(data)
                except OSError:
                    pass


try:
    globals()[sys.argv[1]](*sys.argv[2:])
except OSError as error:
    sys.exit(str(error))
if unanswered:
    sys.exit(f"{unanswered} unanswered")
