"""What the package gives of real captures: testdata/, whose origin its README tells."""
import ipaddress
import os
import threading

import pytest

import container_codecs
from container_codecs import Capture, CodecError, Dissector, arrays, columns, dissect, walk

TESTDATA = os.path.join(os.path.dirname(__file__), "..", "..", "..", "testdata")
# Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
PACKET = bytes.fromhex("020000000002020000000001080045000021000040004011b6c8c0000201c00002020fa00035000d2829") + b"hello"


def capture(name, fields=None):
    return Capture(os.path.join(TESTDATA, name), fields)


def overlay():
    """flannel-vxlan-underlay.pcap: the first packet with IPv4 in the tunnel."""
    return next(packet for packet in capture("flannel-vxlan-underlay.pcap") if len(packet.all("ip.src")) == 2)


def test_layers_are_attributes():
    packet = overlay()
    assert packet.vxlan.vni == 1
    assert packet.layers_[:4] == ["eth", "ip", "udp", "vxlan"]
    assert len(packet.ip) == 2 and packet.ip[1].src == packet.ip[-1].src
    assert isinstance(packet.ip.src, ipaddress.IPv4Address)
    assert packet.ip.src == packet["ip.src"] == packet.all("ip.src")[0]
    assert packet.ip[1].dst in ipaddress.ip_network("10.244.0.0/16")
    assert packet.udp.dstport == 8472


def test_what_is_not_there():
    packet = overlay()
    with pytest.raises(AttributeError, match="the packet has no layer geneve"):
        packet.geneve
    with pytest.raises(AttributeError, match="there is no layer http"):
        packet.http
    with pytest.raises(AttributeError, match="vxlan has no colour"):
        packet.vxlan.colour
    with pytest.raises(IndexError):
        packet.ip[2]
    with pytest.raises(KeyError, match="there is no field"):
        packet["ip.sroc"]
    assert not hasattr(packet, "bgp") and "bgp.type" not in packet


def test_columns_of_a_capture():
    path = os.path.join(TESTDATA, "flannel-vxlan-underlay.pcap")
    found = columns(path, ["frame.number", "vxlan.vni", "ip.src"])
    packets = list(capture("flannel-vxlan-underlay.pcap"))
    assert found["frame.number"] == list(range(1, len(packets) + 1))
    for packet, vni, sources in zip(packets, found["vxlan.vni"], found["ip.src"]):
        assert vni == (packet["vxlan.vni"] if "vxlan.vni" in packet else None)
        all_sources = packet.all("ip.src")
        assert sources == (all_sources if len(all_sources) > 1 else all_sources[0] if all_sources else None)


def test_only_what_is_asked_for():
    packet = next(capture("flannel-vxlan-underlay.pcap", ["frame.number", "frame.len"]))
    assert [name for name, _ in packet.fields] == ["frame.number", "frame.len"]
    assert packet["frame.len"] == packet.length and len(bytes(packet)) == len(packet)


def test_values_have_the_types_of_python():
    packet = overlay()
    kinds = {name: type(value) for name, value in packet.fields}
    assert kinds["eth.src"] is str and kinds["ip.flags.df"] is bool and kinds["ip.ttl"] is int
    assert kinds["frame.protocols"] is str and kinds["frame.time_epoch"] is int
    assert packet["frame.time_epoch"] == packet.time


def test_bgp_over_several_segments():
    messages = [value for packet in capture("bgp-frr.pcap") for value in packet.all("bgp.type")]
    # OPEN (1) of both sides first, KEEPALIVE (4) and UPDATE (2) behind.
    assert messages[:2] == [1, 1] and {2, 4} <= set(messages)


def test_errors_say_where_and_why():
    assert walk(PACKET) == [("eth", 0, 14), ("ip", 14, 20), ("udp", 34, 8), ("data", 42, 5)]
    wrong = bytearray(PACKET)
    wrong[17] = 10
    with pytest.raises(CodecError) as raised:
        walk(bytes(wrong))
    error = raised.value
    assert str(error) == "at byte 14: IPv4 is malformed: total length is 10, it must be at least 20"
    assert (error.layer, error.field, error.value, error.limit, error.offset) == ("IPv4", "total length", 10, 20, 14)


def test_no_capture():
    with pytest.raises(FileNotFoundError):
        Capture("/no/such/file")
    with pytest.raises(CodecError, match="not a capture"):
        Capture(__file__)
    with pytest.raises(KeyError):
        Capture(__file__, ["no.field"])


def test_other_threads_go_on():
    path = os.path.join(TESTDATA, "flannel-vxlan-underlay.pcap")
    results = []
    threads = [threading.Thread(target=lambda: results.append(columns(path, ["ip.src"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and all(result == results[0] for result in results)


def test_names():
    names = dict(container_codecs.fields())
    assert names["vxlan.vni"] and len(names) > 500


def test_arrays_are_numbers_in_one_piece():
    path = os.path.join(TESTDATA, "flannel-vxlan-underlay.pcap")
    found = arrays(path, ["frame.number", "vxlan.vni", "ip.src", "frame.time_epoch"])
    packets = list(capture("flannel-vxlan-underlay.pcap"))
    numbers, present = found["frame.number"]
    assert numbers.tolist() == list(range(1, len(packets) + 1)) and all(present.tolist())
    for packet, vni, is_there in zip(packets, *found["vxlan.vni"]):
        assert (vni, is_there) == ((packet["vxlan.vni"], True) if "vxlan.vni" in packet else (0, False))
    for packet, source, is_there in zip(packets, *found["ip.src"]):
        assert is_there == ("ip.src" in packet) and (not is_there or source == int(packet["ip.src"]))
    assert found["frame.time_epoch"][0][0] == packets[0].time
    with pytest.raises(ValueError, match="frame.protocols is no number: columns has it"):
        arrays(path, ["frame.protocols"])
    with pytest.raises(KeyError, match="there is no field"):
        arrays(path, ["ip.sroc"])


def test_a_field_that_is_asked_for_twice():
    path = os.path.join(TESTDATA, "flannel-vxlan-underlay.pcap")
    assert columns(path, ["frame.number", "frame.number"]) == columns(path, ["frame.number"])


def test_bytes_of_any_kind():
    of = [("eth", 0, 14), ("ip", 14, 20), ("udp", 34, 8), ("data", 42, 5)]
    for data in (PACKET, bytearray(PACKET), memoryview(PACKET), memoryview(b"xx" + PACKET)[2:]):
        assert walk(data) == of
        assert dissect(data).udp.dstport == 53
    with pytest.raises(TypeError):
        walk("text")
    with pytest.raises(BufferError):
        walk(memoryview(PACKET + PACKET)[::2])
    numpy = pytest.importorskip("numpy")
    assert walk(numpy.frombuffer(PACKET, dtype=numpy.uint8)) == of
    # Whose bytes are looked at cannot grow meanwhile, and can afterwards.
    data = bytearray(PACKET)
    walk(data)
    data += b"more"


def test_packets_from_elsewhere():
    dissector = Dissector(["frame.number", "frame.time_epoch", "frame.len", "ip.src"])
    packet = dissector.take(PACKET, time=1_500_000_000_123_456_789, length=60)
    assert (packet.number, packet.time, packet.length, len(packet)) == (1, 1_500_000_000_123_456_789, 60, 47)
    assert packet["frame.time_epoch"] == 1_500_000_000_123_456_789 and packet["ip.src"] == ipaddress.ip_address("192.0.2.1")
    assert dissector.take(PACKET[14:], link_type=101, time=-1).time == -1
    assert dissector.take(b"").number == 3


def test_the_readme_runs(monkeypatch):
    root = os.path.join(TESTDATA, "..")
    monkeypatch.chdir(root)
    blocks = open(os.path.join("bindings", "python", "README.md")).read().split("```")[1::2]
    assert len(blocks) == 6
    for block in blocks:
        exec(block.removeprefix("python"), {})
