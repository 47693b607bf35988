"""Each bad input of bindings/bad_inputs/cases.txt, whose columns are explained there, gets what it says."""
from collections import Counter
from pathlib import Path

import pytest

from container_codecs import Capture, CodecError, bgp, walk

TABLE = Path(__file__).parents[2] / "bad_inputs" / "cases.txt"
COLUMNS = "name", "interface", "bytes", "status", "layer", "field", "value", "limit", "offset", "notification", "text"
NUMBERS = "value", "limit", "offset"
# An exception says in words what kind of error it is.
KINDS = {"truncated": " is truncated: ", "malformed": " is malformed: ", "too-deep": ": nested too deep, ", "bgp": " (NOTIFICATION "}


class Case:
    def __init__(self, line):
        columns = dict(zip(COLUMNS, map(str.strip, line.split("|"))))
        assert len(columns) == len(COLUMNS) == line.count("|") + 1
        # Of what a column is empty there is none.
        self.__dict__ = {column: text or None for column, text in columns.items()}
        for column in NUMBERS:
            setattr(self, column, int(columns[column]) if columns[column] else None)
        self.interface, *self.parameters = columns["interface"].split()
        words = (word.partition("*") for word in columns["bytes"].split())
        self.bytes = b"".join(bytes.fromhex(digits) * int(times or 1) for digits, _, times in words)
        self.notification = columns["notification"]


def read_table():
    lines = TABLE.read_text().splitlines()
    cases = [Case(line) for line in lines if "|" in line and not line.startswith("#")]
    without = (line.split(maxsplit=4)[1:4] for line in lines if line.startswith("without "))
    return cases, {interface: int(count) for language, interface, count in without if language == "python"}


CASES, WITHOUT = read_table()


def told(notification):
    """A NOTIFICATION message as the table has it: what stands behind the 19 bytes of the header (RFC 4271 §4.5)."""
    return f"{notification[19]}/{notification[20]} {notification[21:].hex()}".strip() if notification else ""


def holds(raised, case, offset):
    error = raised.value
    assert (error.layer, error.field, error.value, error.limit) == (case.layer, case.field, case.value, case.limit)
    assert error.offset == offset
    assert KINDS[case.status] in str(error)
    assert case.text in (None, str(error))


def ends(raised, case):
    """What ends a session is of a message, and of no offset in a packet."""
    holds(raised, case, None)
    assert told(raised.value.notification) == case.notification


def try_walk(case):
    link_type = int(case.parameters[0])
    if case.status == "ok":
        names = [name for name, _, _ in walk(case.bytes, link_type)]
        assert len(names) == case.value
        assert case.text in (None, ":".join(names))
        return
    with pytest.raises(CodecError) as raised:
        walk(case.bytes, link_type)
    holds(raised, case, case.offset)


def try_frame(case):
    most, types = case.parameters
    session = bgp.Session(extended_messages=most == "65535")
    rest, kinds = case.bytes, []
    if types != "-":
        messages, length = bgp.read(rest, session)
        rest, kinds = rest[length:], [str(message.data[18]) for message in messages]
    assert ",".join(kinds) == types.strip("-")
    if case.status == "bgp":
        with pytest.raises(CodecError) as raised:
            bgp.read(rest, session)
        ends(raised, case)
    else:
        # What is partial is left.
        assert bgp.read(rest, session) == ([], 0)
        assert len(rest) == (case.value or 0)
        assert case.status == ("partial" if rest else "ok")


def try_open(case):
    if case.status == "bgp":
        with pytest.raises(CodecError) as raised:
            bgp.read(case.bytes)
        ends(raised, case)
    else:
        [message], _ = bgp.read(case.bytes)
        assert case.status == "ok"
        assert (message.fields["as_number"], message.fields["hold_time"]) == (case.value, case.limit)


def try_negotiate(case):
    # An OPEN's length stands behind its marker (RFC 4271 §4.1).
    length = int.from_bytes(case.bytes[16:18], "big")
    opens = case.bytes[:length], case.bytes[length:]
    if case.status == "bgp":
        with pytest.raises(CodecError) as raised:
            bgp.Session.between(*opens)
        ends(raised, case)
    else:
        session = bgp.Session.between(*opens)
        assert case.status == "ok"
        assert (session.peer_as, session.hold_time) == (case.value, case.limit)


def try_update(case):
    of = {"internal": {"internal": True}, "external": {}, "add-path": {"add_path": ["ipv4 unicast"]}}
    session = bgp.Session(**of[case.parameters[0]])
    if case.status == "bgp":
        with pytest.raises(CodecError) as raised:
            bgp.read(case.bytes, session)
        ends(raised, case)
        return
    [message], _ = bgp.read(case.bytes, session)
    assert message.outcome == case.status
    assert len(message.announced) + len(message.withdrawn) == case.limit
    assert told(message.notification) == case.notification
    assert bool(message.findings) == (case.status != "accept")
    if message.findings:
        text, clause = message.findings[0]
        assert clause == case.field
        assert case.text in (None, text)


def try_notification(case):
    [message], _ = bgp.read(case.bytes)
    assert case.status == "ok"
    assert (message.fields["code"], message.fields["subcode"]) == (case.value, case.limit)


def try_capture(case, path):
    path.write_bytes(case.bytes)
    packets = []
    if case.status == "ok":
        packets.extend(Capture(path))
    else:
        with pytest.raises(CodecError) as raised:
            packets.extend(Capture(path))
        error = raised.value
        assert case.status == "capture"
        assert (error.layer, error.field, error.value, error.limit, error.offset) == (None,) * 5
        assert case.text in (None, str(error).removeprefix(f"{path}: "))
    assert len(packets) == case.value


TRY = {
    "walk": try_walk, "frame": try_frame, "open": try_open, "negotiate": try_negotiate, "update": try_update,
    "notification": try_notification, "capture": try_capture,
}


@pytest.mark.parametrize("case", [case for case in CASES if case.interface in TRY], ids=lambda case: case.name)
def test_bad_input(case, tmp_path):
    TRY[case.interface](case, *([tmp_path / "capture"] if case.interface == "capture" else []))


def test_what_is_passed_over():
    """No more than the table says, which says why."""
    assert len(CASES) >= 150
    assert Counter(case.interface for case in CASES if case.interface not in TRY) == WITHOUT
