"""BGP messages, by the bytes that the RFCs have for them, and of the sessions in testdata/."""
import ipaddress
import os

import pytest

from container_codecs import Capture, CodecError, bgp

MARKER = b"\xff" * 16
# RFC 4271 §4.3: no withdrawn routes; ORIGIN IGP, AS_PATH (65000), NEXT_HOP 192.0.2.1; 192.0.2.0/24.
UPDATE = MARKER + bytes.fromhex("002f 02 0000 0014 40010100 40020602010000fde8 400304c0000201 18c00002".replace(" ", ""))


def test_an_update():
    [message], length = bgp.read(UPDATE)
    assert (message.kind, length, message.data) == ("UPDATE", 47, UPDATE)
    assert message.attributes == {"ORIGIN": "igp", "AS_PATH": [("AS_SEQUENCE", [65000])], "NEXT_HOP": ipaddress.ip_address("192.0.2.1")}
    [route] = message.announced
    assert (route.prefix, route.family, route.path_id, str(route)) == ("192.0.2.0/24", "ipv4 unicast", None, "192.0.2.0/24")
    assert route.next_hop == ipaddress.ip_address("192.0.2.1") and message.withdrawn == []
    assert (message.outcome, message.findings, message.end_of_rib) == ("accept", [], None)


def test_a_stream_ends_anywhere():
    stream = UPDATE + bgp.keepalive() + UPDATE[:30]
    messages, length = bgp.read(memoryview(stream))
    assert [message.kind for message in messages] == ["UPDATE", "KEEPALIVE"] and length == 47 + 19
    assert bgp.read(b"") == ([], 0)


def test_built_as_the_rfc_has_it():
    assert bgp.keepalive() == MARKER + bytes.fromhex("001304")
    # RFC 4271 §4.5 and RFC 9003: Cease, administrative shutdown.
    assert bgp.notification(6, 2, b"\x02hi") == MARKER + bytes.fromhex("001803060202") + b"hi"
    assert bgp.update(announced=["192.0.2.0/24"], next_hop="192.0.2.1", as_path=[65000]) == [UPDATE]
    # RFC 4271 §4.3: withdrawn in front, no attributes.
    assert bgp.update(withdrawn=["192.0.2.0/24"]) == [MARKER + bytes.fromhex("001b 02 0004 18c00002 0000".replace(" ", ""))]


def test_built_is_read_back():
    built = bgp.update(
        announced=["2001:db8::/32", "198.51.100.0/24"], next_hop="2001:db8::1", as_path=[4_200_000_000, 7], origin="incomplete", med=5,
        communities=["65000:1", "65000:1:2"],
    )
    messages = [bgp.read(message)[0][0] for message in built]
    assert [[route.prefix for route in message.announced] for message in messages] == [["198.51.100.0/24"], ["2001:db8::/32"]]
    for message in messages:
        assert message.attributes["AS_PATH"] == [("AS_SEQUENCE", [4_200_000_000, 7])] and message.attributes["ORIGIN"] == "incomplete"
        assert message.attributes["COMMUNITIES"] == ["65000:1"] and message.attributes["LARGE_COMMUNITY"] == ["65000:1:2"]
        assert message.attributes["MULTI_EXIT_DISC"] == 5 and message.announced[0].next_hop == ipaddress.ip_address("2001:db8::1")
    # What does not fit in one message goes into several, each of 4096 bytes at most (RFC 4271 §4).
    many = bgp.update(announced=[f"10.{n // 256}.{n % 256}.0/24" for n in range(2000)], next_hop="192.0.2.1", as_path=[65000])
    assert len(many) > 1 and all(len(message) <= 4096 for message in many)
    routes = [route for message in many for route in bgp.read(message)[0][0].announced]
    assert len({route.prefix for route in routes}) == 2000


def test_two_opens_agree():
    ours = bgp.open(as_number=65001, identifier="192.0.2.1", families=["IPv4 unicast", "IPv6 unicast"])
    theirs = bgp.open(as_number=4_200_000_000, identifier="192.0.2.2", hold_time=30, families=["ipv6 unicast"])
    [message], _ = bgp.read(theirs)
    assert message.fields["as_number"] == 4_200_000_000 and message.fields["hold_time"] == 30
    assert message.fields["identifier"] == ipaddress.ip_address("192.0.2.2") and len(message.fields["capabilities"]) == 3
    session = bgp.Session.between(ours, theirs)
    assert (session.peer_as, session.hold_time, session.four_octet_as, session.families) == (4_200_000_000, 30, True, ["ipv6 unicast"])
    with pytest.raises(CodecError, match="ipv4 unicast"):
        bgp.update(announced=["192.0.2.0/24"], next_hop="192.0.2.1", as_path=[1], session=session)
    with pytest.raises(ValueError, match="no whole OPEN"):
        bgp.Session.between(ours, ours[:20])


def test_path_identifiers():
    session = bgp.Session(add_path=["IPv4 unicast"])
    # RFC 7911 §3: four bytes in front of the prefix.
    with_id = bytearray(UPDATE[:-4] + bytes.fromhex("00000007") + UPDATE[-4:])
    with_id[16:18] = len(with_id).to_bytes(2, "big")
    [message], _ = bgp.read(with_id, session)
    assert [(route.prefix, route.path_id) for route in message.announced] == [("192.0.2.0/24", 7)] and session.add_path == ["ipv4 unicast"]


def test_what_rfc_7606_does():
    # ORIGIN 9 is none: §7.1 treats the routes as withdrawn.
    wrong = bytearray(UPDATE)
    wrong[26] = 9
    [message], _ = bgp.read(wrong)
    assert message.outcome == "treat-as-withdraw" and message.announced == [] and [route.prefix for route in message.withdrawn] == ["192.0.2.0/24"]
    [(words, clause)] = message.findings
    assert "origin" in words.lower() and "7606" in clause


def test_what_ends_a_session():
    # RFC 4271 §6.1: Message Header Error, Connection Not Synchronized.
    with pytest.raises(CodecError, match="the marker is not all ones") as raised:
        bgp.read(b"\0" + UPDATE[1:])
    assert raised.value.notification == bgp.notification(1, 1)
    # Bad Message Length: the length is what is quoted.
    with pytest.raises(CodecError) as raised:
        bgp.read(MARKER + bytes.fromhex("001204"))
    assert raised.value.notification == bgp.notification(1, 2, b"\0\x12")


def test_what_cannot_be_built():
    for arguments, words in [
        ({"announced": ["192.0.2.0"]}, '"192.0.2.0" is no prefix'),
        ({"announced": ["192.0.2.0/24"]}, "needs a next_hop"),
        ({"announced": ["192.0.2.0/24"], "next_hop": "192.0.2.1", "origin": "X"}, 'not "X"'),
        ({"announced": ["192.0.2.0/24"], "next_hop": "192.0.2.1", "communities": ["1"]}, '"1" is no community'),
    ]:
        with pytest.raises(ValueError, match=words):
            bgp.update(**arguments)
    with pytest.raises(ValueError, match='there is no family "IPv5 unicast"'):
        bgp.Session(add_path=["IPv5 unicast"])
    with pytest.raises(CodecError) as raised:
        bgp.open(as_number=65001, identifier="192.0.2.1", hold_time=2)
    assert (raised.value.layer, raised.value.field, raised.value.value) == ("OPEN", "hold time", 2)


def test_real_sessions():
    """testdata/bgp-frr.pcap: what the dissector shows of a segment is what is read here of its bytes, by the OPENs of both."""
    testdata = os.path.join(os.path.dirname(__file__), "..", "..", "..", "testdata")
    packets = [packet for packet in Capture(os.path.join(testdata, "bgp-frr.pcap")) if "bgp.type" in packet]
    opens = [packet["tcp.payload"] for packet in packets if packet.all("bgp.type") == [1]]
    session = bgp.Session.between(opens[0], opens[1])
    seen = 0
    for packet in packets:
        prefixes = packet.all("bgp.nlri_prefix")
        if not prefixes:
            continue
        messages, length = bgp.read(packet["tcp.payload"], session)
        # What began in a segment before is another's.
        if length != len(packet["tcp.payload"]):
            continue
        assert all(message.outcome == "accept" for message in messages if message.kind == "UPDATE")
        announced = [route.prefix for message in messages for route in message.announced]
        assert [prefix.split("/")[0] for prefix in announced] == [str(prefix) for prefix in prefixes]
        seen += len(prefixes)
    assert seen >= 200
