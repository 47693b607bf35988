"""What crosses the wire while a test runs: packets are taken from a network namespace's interfaces, and held against what should have crossed.

    from container_codecs.wire import capture

    def test_pods_reach_each_other(ping):
        with capture("node-a", "eth0") as seen:
            ping("10.244.1.2", "10.244.2.3")
        seen.expect_tunnel("10.244.1.2", "10.244.2.3", vni=1, nodes=("192.0.2.1", "192.0.2.2"))

Linux, and root, or what else may open packet sockets there. The fixture `wire` of pytest is `capture`, and skips a test where packets may not be taken.
"""
import ctypes
import errno
import ipaddress
import os
import select
import socket
import struct
import threading
import time

from ._native import Dissector

# linux/if_packet.h, linux/if_ether.h, linux/if_arp.h, sched.h
SOL_PACKET, PACKET_STATISTICS, PACKET_AUXDATA = 263, 6, 8
ETH_P_ALL = 3
TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 1 << 4, 1 << 6
CLONE_NEWNET = 0x40000000
SO_ATTACH_FILTER, SO_RCVBUFFORCE = 26, 33
PACKET_OUTGOING = 4
# What begins with an Ethernet header: Ethernet, and loopback, where each packet is handed out as it goes and as it comes.
ETHERNET, LOOPBACK = 1, 772
# How long packets are waited for that were sent before the end.
SETTLE = 0.2

# A tunnel's layer, and the field with its network's number.
TUNNELS = {"vxlan": "vxlan.vni", "vxlan_gpe": "vxlan.vni", "geneve": "geneve.vni", "gre": "gre.key", "gtp": "gtp.teid"}


def in_namespace(namespace, work):
    """What `work` gives in a network namespace: of a name, a path or a process. A thread of its own goes there, so that nobody else does."""
    if namespace is None:
        return work()
    path = str(namespace)
    if isinstance(namespace, int):
        path = f"/proc/{namespace}/ns/net"
    elif os.sep not in path:
        path = f"/var/run/netns/{path}"
    done = {}

    def go():
        try:
            with open(path, "rb") as place:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(place.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
                done["result"] = work()
        except BaseException as error:
            done["error"] = error

    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    if "error" in done:
        raise done["error"]
    return done["result"]


def listen(interface):
    """A packet socket for all packets of an interface, or of all."""
    # Of one interface nothing comes before it is named.
    listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0 if interface else socket.htons(ETH_P_ALL))
    try:
        try:
            listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        except PermissionError:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        listener.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        if interface:
            listener.bind((interface, ETH_P_ALL))
    except BaseException:
        listener.close()
        raise
    return listener


def deafen(listener):
    """Nothing comes any more: a filter lets no packet in, so that a busy link has an end."""
    nothing = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0))
    listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", 1, ctypes.addressof(nothing)))


def with_tag(data, ancillary):
    """The frame with its VLAN tag, which Linux hands out beside it."""
    for level, kind, aux in ancillary:
        if level == SOL_PACKET and kind == PACKET_AUXDATA and len(aux) >= 20:
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", aux[:20])
            if status & TP_STATUS_VLAN_VALID:
                tpid = tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100
                return data[:12] + struct.pack("!HH", tpid, tci) + data[12:]
    return data


class capture:
    """Takes packets of an interface, or of all, in a network namespace (a name, a path, a process' number), while the `with` runs."""

    def __init__(self, namespace=None, interface=None):
        self._listener = in_namespace(namespace, lambda: listen(interface))
        self._dissector = Dissector()
        self._taken = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._take, daemon=True)
        self.dropped = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        time.sleep(SETTLE)
        deafen(self._listener)
        self._stopped.set()
        self._thread.join()
        statistics = self._listener.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        self.dropped = struct.unpack("=II", statistics)[1]
        self._listener.close()

    def _take(self):
        while True:
            ready, _, _ = select.select([self._listener], [], [], 0.05)
            if not ready:
                if self._stopped.is_set():
                    return
                continue
            try:
                data, ancillary, _, (_, _, direction, kind, _) = self._listener.recvmsg(1 << 18, 256)
            except OSError as error:
                # The interface went down, or away: what was taken stays.
                if error.errno == errno.ENETDOWN:
                    continue
                raise
            if kind == LOOPBACK and direction == PACKET_OUTGOING:
                continue
            link_type = 1 if kind in (ETHERNET, LOOPBACK) else 101
            if link_type == 1:
                data = with_tag(data, ancillary)
            self._taken.append(self._dissector.take(data, link_type, time.time_ns()))

    @property
    def packets(self):
        """Those that crossed, in their order."""
        return list(self._taken)

    def between(self, one, other):
        """Those between two addresses, either way: the innermost, whatever carries them."""
        pair = {ipaddress.ip_address(one), ipaddress.ip_address(other)}
        return [packet for packet in self._taken if set(ends(packet) or ()) == pair]

    def expect_tunnel(self, one, other, *, vni=None, nodes=None, tunnel="vxlan"):
        """Every packet between two pods crossed in a tunnel, of a network, between two nodes; and there was one. Raises AssertionError, which says
        what crossed instead."""
        found = self._between(one, other)
        for packet in found:
            layers = packet.layers_
            if tunnel not in layers:
                raise AssertionError(f"{what(packet)} crossed without {tunnel}: {':'.join(layers)}")
            number = packet[TUNNELS[tunnel]] if TUNNELS.get(tunnel) and TUNNELS[tunnel] in packet else None
            if vni is not None and number != vni:
                raise AssertionError(f"{what(packet)} crossed in network {number}, not {vni}")
            outer = carriers(packet)
            if nodes is not None and set(outer) != {ipaddress.ip_address(node) for node in nodes}:
                raise AssertionError(f"{what(packet)} crossed between {outer[0]} and {outer[1]}, not {' and '.join(map(str, nodes))}")
        return found

    def expect_plain(self, one, other):
        """Every packet between two addresses crossed without a tunnel; and there was one."""
        found = self._between(one, other)
        for packet in found:
            if carriers(packet) != ends(packet) or not TUNNELS.keys().isdisjoint(packet.layers_):
                raise AssertionError(f"{what(packet)} crossed in a tunnel: {':'.join(packet.layers_)}")
        return found

    def expect_nothing(self, one, other):
        """No packet between two addresses crossed."""
        self._whole()
        for packet in self.between(one, other):
            raise AssertionError(f"{what(packet)} crossed: {':'.join(packet.layers_)}")

    def _between(self, one, other):
        self._whole()
        found = self.between(one, other)
        if not found:
            seen = sorted({" and ".join(sorted(map(str, pair))) for pair in map(ends, self._taken) if pair})
            others = f"; there were packets between {', '.join(seen[:5])}" if seen else ""
            raise AssertionError(f"no packet between {one} and {other} crossed, of {len(self._taken)}{others}")
        return found

    def _whole(self):
        if self.dropped:
            raise AssertionError(f"{self.dropped} packets came faster than they were taken: nothing can be said of all")


def _pair(packet, which):
    for version in ("ip", "ipv6"):
        source = f"{which}.{version}.src"
        if source in packet:
            return packet[source], packet[f"{which}.{version}.dst"]
    return None


def ends(packet):
    """The innermost packet's source and destination, or None. What an ICMP error quotes is not of the packet."""
    return _pair(packet, "inner")


def carriers(packet):
    """The outermost packet's source and destination, or None."""
    return _pair(packet, "outer")


def what(packet):
    source, destination = ends(packet)
    return f"packet {packet.number} from {source} to {destination}"
