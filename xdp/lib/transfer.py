#!/usr/bin/env python3
"""Sends so many random bytes over TCP from one namespace to another: what arrives has the same digest.

usage: transfer.py FROM TO ADDRESS BYTES        succeeds if all arrived as they were sent
"""
import hashlib
import os
import socket
import subprocess
import sys

PORT = 5001


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def receive(address):
    listening = socket.socket(family(address))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((address, PORT))
    listening.listen(1)
    listening.settimeout(30)
    print("listening", flush=True)
    connection, _ = listening.accept()
    connection.settimeout(30)
    digest, count = hashlib.sha256(), 0
    while piece := connection.recv(1 << 16):
        digest.update(piece)
        count += len(piece)
    print(count, digest.hexdigest())


def send(address, count):
    data = os.urandom(count)
    with socket.create_connection((address, PORT), 30) as connection:
        connection.settimeout(30)
        connection.sendall(data)
    print(count, hashlib.sha256(data).hexdigest())


def within(namespace, *arguments):
    command = ["ip", "netns", "exec", namespace, sys.executable, __file__, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def main():
    source, sink, address, count = sys.argv[1:]
    receiver = within(sink, "--receive", address)
    assert receiver.stdout.readline() == "listening\n"
    sent, _ = within(source, "--send", address, count).communicate(timeout=60)
    received, _ = receiver.communicate(timeout=60)
    assert sent and sent == received, (sent, received)


if __name__ == "__main__":
    if sys.argv[1] == "--receive":
        receive(sys.argv[2])
    elif sys.argv[1] == "--send":
        send(sys.argv[2], int(sys.argv[3]))
    else:
        main()
