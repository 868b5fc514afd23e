"""Reading HL7: delimiters, escapes, repetitions, nulls, line ends, character sets, and what is refused."""

from __future__ import annotations

import pytest

from mainstay.interop.hl7 import (
    NULL,
    Delimiters,
    Malformed,
    escape,
    parse_message,
    remarks_on,
    unescape,
    write_message,
)

HEAD = "MSH|^~\\&|LAB|HERE|EHR|THERE|20260101080000-0500||ORU^R01^ORU_R01|17|P|2.5.1"


def read(*segments: str, head: str = HEAD, end: str = "\r", codec: str = "utf-8"):
    return parse_message((end.join((head, *segments)) + end).encode(codec))


def fault_of(octets: bytes):
    with pytest.raises(Malformed) as raised:
        parse_message(octets)
    return raised.value.fault


def test_a_message_says_what_it_is():
    message = read("PID|1||77^^^HERE^MR~9^^^SSA^SS||O'Neill^Ana&Maria^B")
    assert (message.kind, message.control_id, message.version) == ("ORU^R01", "17", "2.5.1")
    assert message.header.text(1) == "|"
    assert message.header.text(2) == "^~\\&"
    assert message.text("PID-3.5") == "MR"
    assert message.first("PID").text(3, 5, repetition=2) == "SS"
    assert message.text("PID-5.2.2") == "Maria"
    assert message.first("PID").tree(5) == ((("O'Neill",), ("Ana", "Maria"), ("B",)),)
    assert message.text("PID-40") == ""
    assert message.text("NK1-2") == ""


def test_delimiters_are_those_the_message_declares():
    message = parse_message(b"MSH#!*?%#A#B#C#D###ADT!A01#1#P#2.5\rPID#1##7!!!X*8##Lee%Ann!?E?!B\r")
    assert message.kind == "ADT^A01"
    assert message.first("PID").text(3, repetition=2) == "8"
    assert message.text("PID-5.1.2") == "Ann"
    assert message.text("PID-5.2") == "?"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"one\.br\two", "one\ntwo"),
        (r"\X0D\\X0A\x", "\r\nx"),
        (r"\XC3A9\t", "ét"),
        (r"\XE9\t", "ét"),
        (r"\H\loud\N\ \Zown\ \XG1\ \.sp3\ end\\", r"\H\loud\N\ \Zown\ \XG1\ \.sp3\ end\\"),
        (r"lonely \ mark", r"lonely \ mark"),
    ],
)
def test_escapes_are_resolved_and_unknown_ones_kept(raw, text):
    assert unescape(raw) == text


def test_the_truncation_mark_of_newer_versions_is_escaped_too():
    marks = Delimiters(truncation="#")
    assert escape("a#b", marks) == r"a\P\b"
    assert unescape(r"a\P\b", marks) == "a#b"


def test_null_and_empty_are_two_things():
    pid = read(f"PID|1|||{NULL}|{NULL}^x").first("PID")
    assert pid.is_null(4)
    assert not pid.is_null(3)
    assert pid.text(4) == ""
    assert pid.field(4) == NULL
    assert (pid.text(5), pid.text(5, 2)) == ("", "x")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_line_end_is_read_and_written_again(end):
    message = read("PID|1", "OBR|1", end=end)
    assert [one.name for one in message.segments] == ["MSH", "PID", "OBR"]
    assert write_message(message).decode() == end.join((HEAD, "PID|1", "OBR|1")) + end


def test_blank_lines_and_a_missing_last_end_are_kept():
    octets = f"{HEAD}\r\n\r\nPID|1\r\n\r\nOBR|1".encode()
    message = parse_message(octets)
    assert [one.name for one in message.segments] == ["MSH", "PID", "OBR"]
    assert write_message(message) == octets


def test_a_line_feed_alone_is_text_where_segments_end_with_carriage_returns():
    message = read("OBX|1|TX|1^A||first\nsecond||||||F", "OBX|2|TX|1^B||x||||||F")
    assert message.text("OBX-5") == "first\nsecond"
    assert message.text("OBX(2)-5") == "x"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("", "ascii"), ("ASCII", "ascii"), ("8859/1", "iso8859-1"), ("UNICODE UTF-8", "utf-8"), ("8859/15", "iso8859-15")],
)
def test_the_character_set_is_the_one_declared(declared, codec):
    head = HEAD + "||||||" + declared
    name = "Munoz" if codec == "ascii" else "Muñoz"
    message = read(f"PID|1||||{name}", head=head, codec=codec)
    assert message.text("PID-5") == name
    assert message.codec == codec
    assert write_message(message) == (head + f"\rPID|1||||{name}\r").encode(codec)


def test_utf_16_is_read_by_its_mark_and_by_its_look():
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        octets = f"{HEAD}\rPID|1||||Łukasz\r".encode(codec)
        message = parse_message(octets)
        assert message.text("PID-5").endswith("ukasz")


@pytest.mark.parametrize("codec", ["utf-8", "iso8859-1"])
def test_undeclared_characters_are_read_and_remarked(codec):
    message = read("PID|1||7||Muñoz", "OBR|1|||X", head=HEAD, codec=codec)
    assert message.text("PID-5") == "Muñoz"
    assert [note.place for note in remarks_on(message)] == ["MSH-18"]


def test_curly_quotes_from_windows_are_no_control_characters():
    octets = HEAD.encode() + b"\rPID|1||7||O\x92Brien\r"
    message = parse_message(octets)
    assert message.text("PID-5") == "O\u2019Brien"
    assert write_message(message) == octets
    assert parse_message(octets.replace(b"\x92", b"\x81")).codec == "iso8859-1"


def test_bytes_that_are_not_what_they_say_name_their_segment_and_field():
    octets = f"{HEAD}||||||UNICODE UTF-8\rPID|1|||".encode() + b"|Mu\xf1oz\r"
    fault = fault_of(octets)
    assert (fault.place, fault.code) == ("PID-5", "102")


@pytest.mark.parametrize(
    ("octets", "place"),
    [
        (b"", "MSH"),
        (b"PID|1\r", "MSH"),
        (b"MSH", "MSH-1"),
        (b"MSH|", "MSH-2"),
        (b"MSH|^~\\\\&|A|B||||||ADT^A01|1|P|2.5\r", "MSH-2"),
        (b"MSH|^~\\&#!|A|B||||||ADT^A01|1|P|2.5\r", "MSH-2"),
        (b"MSH|^~X&|A|B||||||ADT^A01|1|P|2.5\r", "MSH-2"),
        (b"MSH MSH:9,12\r", "MSH-1"),
        (b"MSH|^~\\&|A|B|||||||1|P|2.5\r", "MSH-9"),
        (b"MSH|^~\\&|A|B|||||ADT^A01|1|P|three\r", "MSH-12"),
        (b"MSH|^~\\&|A|B|||||ADT^A01|1|P|2.5||||||KLINGON\r", "MSH-18"),
        (HEAD.encode() + b"\rPID^1\r", "PID"),
        (HEAD.encode() + b"\rPID|1\rpid|2\r", "PID-1"),
        (HEAD.encode() + b"\rOBX|1\rOBX|2||x\rand more text\r", "OBX(2)-3"),
        (HEAD.encode() + b"\rMSH|^~\\&|A\r", "MSH(2)"),
    ],
)
def test_what_is_malformed_names_segment_and_field(octets, place):
    assert fault_of(octets).place == place


def test_what_the_standard_requires_is_remarked_with_its_place():
    message = read("PID|1||7||A", "OBR|1", "OBX|1|NM|1^A||high", "OBX|2||1^B||7||||||F")
    assert [note.place for note in remarks_on(message)] == ["OBR-4", "OBX-11", "OBX-5", "OBX(2)-2"]
    assert [note.place for note in remarks_on(read("NTE|1"))] == ["OBR"]
