#!/usr/bin/env python3
"""Clients and pods for the balancer's lab.

usage: balancer.py pod NAME                         answers by TCP and UDP at port 8080: TCP with what it got, UDP with its name
       balancer.py tcp SERVICE PORT BYTES           so many bytes there and back, compared by their digest
       balancer.py names SERVICE PORT COUNT         the names of the pods that answer so many sockets by UDP
       balancer.py refused SERVICE PORT             the error of a port that nobody listens at arrives at the socket
       balancer.py mute SERVICE PORT                asks, and is gone when the answer comes: the error about it arrives at the pod's socket
       balancer.py told DEVICE SERVICE PORT COUNT   so many datagrams or first segments arrive at a device with Cilium's option for the service
"""
import hashlib
import ipaddress
import os
import socket
import struct
import sys
import threading
import time

PORT = 8080


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def serve_tcp(listening):
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=give_back, args=(connection,), daemon=True).start()


def give_back(connection):
    with connection:
        pieces = []
        while piece := connection.recv(1 << 16):
            pieces.append(piece)
        connection.sendall(b"".join(pieces))


def serve_udp(asked, name):
    while True:
        data, client = asked.recvfrom(1 << 16)
        if data == b"mute":
            threading.Thread(target=answer_late, args=(asked, client, name), daemon=True).start()
        else:
            asked.sendto(name.encode(), client)


def answer_late(asked, client, name):
    """Answers when the client is gone: what a socket that is connected to it is told of that is written down."""
    with socket.socket(asked.family, socket.SOCK_DGRAM) as answering:
        answering.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        answering.bind(asked.getsockname())
        answering.connect(client)
        answering.settimeout(5)
        time.sleep(0.5)
        answering.send(name.encode())
        try:
            answering.recv(1)
            told = "nothing"
        except ConnectionRefusedError:
            told = "refused"
        except socket.timeout:
            told = "silence"
        print("mute", told, flush=True)


def pod(name):
    for of in (socket.AF_INET, socket.AF_INET6):
        listening = socket.socket(of)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        asked = socket.socket(of, socket.SOCK_DGRAM)
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for one in (listening, asked):
            if of == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(("", PORT))
        listening.listen(64)
        threading.Thread(target=serve_tcp, args=(listening,), daemon=True).start()
        threading.Thread(target=serve_udp, args=(asked, name), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


def tcp(service, port, count):
    data = os.urandom(int(count))
    with socket.create_connection((service, int(port)), 8) as connection:
        connection.settimeout(8)
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        pieces = []
        while piece := connection.recv(1 << 16):
            pieces.append(piece)
    back = b"".join(pieces)
    print(len(back), hashlib.sha256(back).hexdigest())
    assert hashlib.sha256(data).digest() == hashlib.sha256(back).digest()


def asking(service, port):
    asking = socket.socket(family(service), socket.SOCK_DGRAM)
    asking.settimeout(5)
    # The kernel gives such a socket what comes from the service alone.
    asking.connect((service, int(port)))
    return asking


def names(service, port, count):
    seen = {}
    for _ in range(int(count)):
        with asking(service, port) as one:
            answers = set()
            for _ in range(3):
                one.send(b"who")
                answers.add(one.recv(100).decode())
            # All packets of a flow go to the same one.
            assert len(answers) == 1, answers
            name = answers.pop()
            seen[name] = seen.get(name, 0) + 1
    print(" ".join(sorted(seen)))
    print(seen, file=sys.stderr)


def refused(service, port):
    with asking(service, port) as one:
        one.send(b"anybody")
        try:
            one.recv(100)
        except ConnectionRefusedError:
            return
    raise AssertionError("no error")


def mute(service, port):
    with asking(service, port) as one:
        one.send(b"mute")


def option(frame, service, port):
    """Whether a frame has Cilium's option for a service right behind its IP header."""
    if service.version == 4:
        little = struct.pack("<H", port) + service.packed[::-1]
        return frame[12:15] == b"\x08\x00\x47" and frame[34:42] == b"\x9a\x08" + little
    header = b"\x1b\x14" + service.packed + struct.pack(">HH", port, 0)
    return frame[12:14] == b"\x86\xdd" and frame[20] == 60 and frame[55] == 2 and frame[56:78] == header


def told(device, service, port, count):
    service, port, count = ipaddress.ip_address(service), int(port), int(count)
    seeing = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    seeing.bind((device, 0))
    seeing.settimeout(10)
    print("ready", flush=True)
    while count:
        count -= option(seeing.recv(1 << 16), service, port)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
