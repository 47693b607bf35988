"""Packets of a namespace that the test makes: two nodes, with a pod each, and Linux's VXLAN between them."""
import os
import socket
import subprocess
import time
import uuid

import pytest

from container_codecs import UDP, VLAN, Ethernet, Frame, IPv4
from container_codecs.wire import in_namespace

NODES = ("192.0.2.1", "192.0.2.2")
PODS = ("10.244.1.2", "10.244.2.3")


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def nodes():
    """The names of two namespaces: a veth between them, and a VXLAN device each, which has the pod's address."""
    if os.geteuid() != 0:
        pytest.skip("namespaces need root")
    number = uuid.uuid4().hex[:6]
    names = [f"cc-{number}-{side}" for side in "ab"]
    try:
        for name in names:
            ip("netns", "add", name)
        ip("-n", names[0], "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", names[1])
        for at, name in enumerate(names):
            def within(*words, name=name):
                ip("-n", name, *words)
            within("link", "set", "lo", "up")
            within("address", "add", f"{NODES[at]}/24", "dev", "eth0")
            within("link", "set", "eth0", "up")
            within("link", "add", "vxlan0", "type", "vxlan", "id", "7", "dstport", "4789", "local", NODES[at], "remote", NODES[1 - at])
            within("address", "add", f"{PODS[at]}/32", "dev", "vxlan0")
            within("link", "set", "vxlan0", "up")
            within("route", "add", PODS[1 - at], "dev", "vxlan0", "src", PODS[at])
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


def ping(namespace, address):
    subprocess.run(["ip", "netns", "exec", namespace, "ping", "-c", "2", "-i", "0.2", "-W", "3", address], check=True, capture_output=True)


def test_pods_reach_each_other_in_a_tunnel(wire, nodes):
    with wire(nodes[0], "eth0") as seen:
        ping(nodes[0], PODS[1])
    found = seen.expect_tunnel(*PODS, vni=7, nodes=NODES)
    # Two requests and two replies.
    assert [packet.icmp.type for packet in found] == [8, 0, 8, 0]
    assert seen.between(*reversed(PODS)) == found
    seen.expect_nothing("10.244.1.2", "10.244.9.9")


def test_what_did_not_cross_so(wire, nodes):
    with wire(nodes[0], "eth0") as seen:
        ping(nodes[0], PODS[1])
        ping(nodes[0], NODES[1])
    with pytest.raises(AssertionError, match=r"packet \d+ from 10.244.1.2 to 10.244.2.3 crossed in network 7, not 8"):
        seen.expect_tunnel(*PODS, vni=8)
    with pytest.raises(AssertionError, match="crossed between 192.0.2.1 and 192.0.2.2, not 192.0.2.1 and 192.0.2.3"):
        seen.expect_tunnel(*PODS, nodes=("192.0.2.1", "192.0.2.3"))
    with pytest.raises(AssertionError, match="crossed without geneve: eth:ip:udp:vxlan:eth:ip:icmp"):
        seen.expect_tunnel(*PODS, tunnel="geneve")
    with pytest.raises(AssertionError, match="crossed in a tunnel: eth:ip:udp:vxlan"):
        seen.expect_plain(*PODS)
    with pytest.raises(AssertionError, match="from 10.244.1.2 to 10.244.2.3 crossed: eth:ip:udp:vxlan"):
        seen.expect_nothing(*PODS)
    with pytest.raises(AssertionError, match="no packet between 10.244.1.2 and 10.244.9.9 crossed, of .*; there were packets between .*10.244.1.2 and 10.244.2.3"):
        seen.expect_tunnel("10.244.1.2", "10.244.9.9")
    assert len(seen.expect_plain(*NODES)) == 4


def test_every_interface(wire, nodes):
    with wire(nodes[0]) as seen:
        ping(nodes[0], PODS[1])
    # Within the tunnel's device they cross without it, on eth0 in it.
    inside = [packet for packet in seen.between(*PODS) if "vxlan" not in packet.layers_]
    assert len(inside) == 4 and len(seen.between(*PODS)) == 8


def test_no_such_place(wire):
    with pytest.raises(FileNotFoundError):
        wire("no-such-namespace")
    with pytest.raises(OSError):
        wire(None, "no-such-link")


def test_a_tag_is_where_it_was_on_the_wire(wire, nodes):
    mac = {"dst": "02:00:00:00:00:02", "src": "02:00:00:00:00:01"}
    ends = "198.51.100.1", "198.51.100.2"
    frame = bytes(Frame(Ethernet(**mac), VLAN(id=9, priority=3), IPv4(src=ends[0], dst=ends[1]), UDP(srcport=1, dstport=2), b"hello"))

    def send():
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
            sender.bind(("eth0", 0))
            sender.send(frame)

    with wire(nodes[0], "eth0") as seen:
        in_namespace(nodes[1], send)
    [packet] = seen.expect_plain(*ends)
    assert bytes(packet) == frame and (packet.vlan.id, packet.vlan.priority) == (9, 3)


def test_loopback_is_counted_once(wire, nodes):
    with wire(nodes[0], "lo") as seen:
        ping(nodes[0], "127.0.0.1")
    assert [packet.icmp.type for packet in seen.expect_plain("127.0.0.1", "127.0.0.1")] == [8, 0, 8, 0]


def test_a_busy_link_has_an_end(wire, nodes):
    flood = subprocess.Popen(["ip", "netns", "exec", nodes[0], "ping", "-q", "-f", "-w", "20", NODES[1]], stdout=subprocess.DEVNULL)
    try:
        start = time.monotonic()
        with wire(nodes[0], "eth0") as seen:
            time.sleep(0.3)
        assert time.monotonic() - start < 10 and seen.packets
    finally:
        flood.kill()
        flood.wait()


def test_an_interface_that_goes_away(wire, nodes):
    ip("-n", nodes[0], "link", "add", "gone", "type", "veth", "peer", "name", "gone-too")
    ip("-n", nodes[0], "link", "set", "gone", "up")
    with wire(nodes[0], "gone") as seen:
        ip("-n", nodes[0], "link", "delete", "gone")
    seen.expect_nothing(*PODS)
