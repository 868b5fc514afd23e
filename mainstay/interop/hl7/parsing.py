"""Reading one message from its bytes (HL7 2.5.1 chapter 2): tolerant of what is legal, exact about what is not."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from mainstay.interop.hl7.charsets import UTF8_MARK, looks_like_windows, readings, wide_codec
from mainstay.interop.hl7.delimiters import Delimiters, delimiters_of
from mainstay.interop.hl7.faults import Code, Fault, Malformed
from mainstay.interop.hl7.message import HEADERS, Message, Segment

NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
VERSION = re.compile(r"2(\.\d){1,2}")
_STOPS = re.compile(r"[\r\n]+")


def parse_message(octets: bytes) -> Message:
    """One message: its MSH and everything after it. Line ends may be CR, LF or CRLF.

    Raises `Malformed`, which names segment and field.
    """
    mark = UTF8_MARK if octets.startswith(UTF8_MARK) else b""
    text, codec = _decoded(octets[len(mark) :], "utf-8" if mark else "")
    if text[:3] != "MSH":
        raise Malformed(Fault("MSH", 1, 0, Code.SEQUENCE, f"A message begins with MSH, not with {text[:3]!r}."))
    message = Message(tuple(segments_of(text)), codec, mark)
    _check_header(message.header)
    return message


def segments_of(text: str) -> list[Segment]:
    """The segments of a text that begins with MSH, BHS or FHS. Raises `Malformed`."""
    marks = declared_delimiters(text)
    separator = marks.field
    found: list[Segment] = []
    for line, end in _lines(text, separator):
        name, divided, rest = line[:3], line[3:4], line[4:]
        if not NAME.fullmatch(name) or (divided and divided != separator):
            raise Malformed(_not_a_segment(found, line, separator))
        fields = rest.split(separator) if divided else []
        if name in HEADERS:
            if name == "MSH" and found:
                raise Malformed(Fault("MSH", 2, 0, Code.SEQUENCE, "A second message begins inside this one."))
            fields.insert(0, separator)
        found.append(Segment(name, fields, marks, end))
    return found


def declared_delimiters(text: str) -> Delimiters:
    """The delimiters a text that begins with a header segment declares. Raises `Malformed`."""
    first = _STOPS.split(text, maxsplit=1)[0]
    if len(first) < 4:
        raise Malformed(Fault(first[:3], 1, 1, Code.MISSING, "The field separator is missing."))
    return delimiters_of(first[:3], first[3], first[4:].split(first[3], 1)[0])


def _lines(text: str, separator: str) -> list[tuple[str, str]]:
    """(segment, its end) for every segment; blank lines belong to the end of the segment before them.

    Where segments end with CR, as they should, an LF alone belongs to the text of a field unless a segment follows it.
    """
    if "\n" not in text:
        if "\r\r" not in text:
            lines = text.split("\r")
            last = lines.pop()
            return [(line, "\r") for line in lines] + ([(last, "")] if last else [])
        stops = _STOPS
    elif "\r" in text.replace("\r\n", ""):
        stops = _mixed(separator)
    else:
        stops = _STOPS
    found, begin = [], 0
    for stop in stops.finditer(text):
        found.append((text[begin : stop.start()], stop.group()))
        begin = stop.end()
    return found + ([(text[begin:], "")] if begin < len(text) else [])


@cache
def _mixed(separator: str) -> re.Pattern[str]:
    return re.compile(rf"\r[\r\n]*|\n+(?=[A-Z][A-Z0-9]{{2}}{re.escape(separator)}|\r|\Z)[\r\n]*")


def _not_a_segment(before: list[Segment], line: str, separator: str) -> Fault:
    last = before[-1].name
    count = Counter(one.name for one in before)[last]
    shown = line if len(line) <= 24 else line[:24] + "…"
    if NAME.match(line):
        return Fault(line[:3], 1, 0, Code.SEQUENCE, f"{shown!r} does not separate its fields with {separator!r}.")
    shape = f"three capital letters or digits, then {separator!r}"
    words = f"After segment {len(before)} stands {shown!r}, which is not a segment ({shape})."
    return Fault(last, count, len(before[-1].raw), Code.SEQUENCE, words)


def _decoded(octets: bytes, known: str) -> tuple[str, str]:
    """The text and the codec it was in."""
    if wide := wide_codec(octets):
        try:
            return octets.decode(wide), wide
        except UnicodeDecodeError:
            raise Malformed(Fault("MSH", 1, 18, Code.TYPE, f"These bytes are not {wide.upper()}.")) from None
    declared = declared_charset(octets)
    codecs = readings(declared)
    if not codecs:
        raise Malformed(Fault("MSH", 1, 18, Code.TABLE, f"{declared!r} is not a character set of HL7 table 0211."))
    if len(codecs) > 1 and not octets.isascii() and looks_like_windows(octets):
        codecs = (*codecs[:-1], "cp1252", codecs[-1])
    for codec in (known, *codecs) if known else codecs:
        try:
            return octets.decode(codec), codec
        except UnicodeDecodeError as error:
            trouble = error
    before = re.split(rb"[\r\n]+", octets[: trouble.start])
    raise Malformed(
        Fault(
            before[-1][:3].decode("ascii", "replace") or "MSH",
            max(1, sum(line[:3] == before[-1][:3] for line in before)),
            before[-1].count(octets[3:4]),
            Code.TYPE,
            f"Byte {trouble.start} is not {declared}, which MSH-18 declares.",
        )
    )


def declared_charset(octets: bytes) -> str:
    """The first repetition of MSH-18, as it stands in the bytes: how everything else is to be read."""
    first = re.split(rb"[\r\n]", octets, maxsplit=1)[0]
    fields = first.split(first[3:4], 18) if len(first) > 3 else []
    if len(fields) < 18 or not fields[17]:
        return ""
    value = fields[17].split(fields[1][1:2] or b"~")[0]
    return value.split(fields[1][:1])[0].decode("ascii", "replace")


def _check_header(header: Segment) -> None:
    """What has to be known to read and answer anything at all."""
    if not header.text(9, 1):
        raise Malformed(Fault("MSH", 1, 9, Code.MISSING, "The message type is missing."))
    if (version := header.text(12)) and not VERSION.fullmatch(version.strip()):
        raise Malformed(Fault("MSH", 1, 12, Code.VERSION, f"{version!r} is not a version of HL7 2."))
