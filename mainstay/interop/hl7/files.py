"""Files of messages: one, many, or batches in FHS/BHS … BTS/FTS (HL7 2.5.1, 2.10.3); MLLP framing is taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from mainstay.interop.hl7.charsets import UTF8_MARK, wide_codec
from mainstay.interop.hl7.faults import Code, Fault, Malformed
from mainstay.interop.hl7.message import Message, Segment
from mainstay.interop.hl7.parsing import parse_message, segments_of

_FRAMES = re.compile(rb"\x0b|\x1c\r?\n?")
_PIECE = re.compile(rb"(?:\A|(?<=[\r\n]))(?=(?:MSH|FHS|BHS|BTS|FTS)(?:[^A-Za-z0-9]|\Z))")
_END_OF_TAPE = b"\x1a"
"""What old systems put after the last byte of a file."""
_OPENS, _CLOSES = {"FTS": "FHS", "BTS": "BHS"}, {"FHS": "FTS", "BHS": "BTS"}
_CONTENT = {"FTS": "batches", "BTS": "messages"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One message of a file: read, or refused with its fault. `number` counts from 1, `line` is where it begins."""

    number: int
    line: int
    octets: bytes
    message: Message | None = None
    fault: Fault | None = None


@dataclass(slots=True)
class FileRead:
    """What a file holds: its messages, its envelope segments, and what is wrong with the envelope."""

    messages: list[Reading] = field(default_factory=list)
    envelope: list[Segment] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def parsed(self) -> list[Message]:
        """The messages that could be read."""
        return [one.message for one in self.messages if one.message]


def read_file(octets: bytes) -> FileRead:
    """Everything a file holds; a message that cannot be read leaves the others alone."""
    if wide := wide_codec(octets):
        octets = octets.decode(wide, "replace").lstrip("\ufeff").encode("utf-8")
    found = FileRead()
    envelope = _Envelope(found)
    for line, piece in _pieces(octets):
        name = piece.removeprefix(UTF8_MARK)[:3]
        if name == b"MSH":
            envelope.count_message()
            found.messages.append(_reading(len(found.messages) + 1, line, piece))
        elif name in (b"FHS", b"BHS", b"BTS", b"FTS"):
            envelope.take(piece)
        else:
            shown = piece[:24].decode("utf-8", "replace").strip()
            words = f"Line {line} begins with {shown!r}; a message begins with MSH, a file of them with FHS or BHS."
            found.faults.append(Fault("MSH", 1, 0, Code.SEQUENCE, words))
    envelope.end()
    if not found.messages and not found.envelope and not found.faults:
        found.faults.append(Fault("MSH", 1, 0, Code.SEQUENCE, "There is no message in it."))
    return found


def _pieces(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """(line number, bytes) of each message and each envelope segment, framing and blank lines before them taken off."""
    if b"\x0b" in octets or b"\x1c" in octets:
        octets = _FRAMES.sub(b"\r", octets)
    octets = octets.rstrip(_END_OF_TAPE)
    text = octets.removeprefix(UTF8_MARK)
    mark = octets[: len(octets) - len(text)]
    starts = [found.start() for found in _PIECE.finditer(text)]
    if text.strip() and (not starts or text[: starts[0]].strip()):
        starts.insert(0, 0)
    for begin, end in pairwise([*starts, len(text)]):
        piece = text[begin:end]
        bare = piece.lstrip(b"\r\n\t ") if begin == 0 else piece
        yield len(re.findall(rb"\r\n?|\n", text[:begin])) + 1, (mark + bare if begin == 0 else bare)


def _reading(number: int, line: int, octets: bytes) -> Reading:
    try:
        return Reading(number, line, octets, message=parse_message(octets))
    except Malformed as trouble:
        return Reading(number, line, octets, fault=trouble.fault)


class _Envelope:
    """The headers and trailers of a file, checked against what stands between them."""

    def __init__(self, found: FileRead) -> None:
        self._found = found
        self._open: dict[str, Segment] = {}
        self._counts = {"BTS": 0, "FTS": 0}
        self._seen: dict[str, int] = {}
        self._separator = "|"

    def count_message(self) -> None:
        self._counts["BTS"] += 1
        if "FHS" in self._open and "BHS" not in self._open and not self._counts["FTS"]:
            self._counts["FTS"] = 1

    def take(self, octets: bytes) -> None:
        text = octets.decode("utf-8", "replace")
        name = text[:3]
        self._seen[name] = self._seen.get(name, 0) + 1
        if name in _CLOSES:
            self._begin(name, text)
        else:
            self._finish(name, text)

    def end(self) -> None:
        for name in reversed(list(self._open)):
            self._fault(
                _CLOSES[name], 0, Code.SEQUENCE, f"{name} has no {_CLOSES[name]} after it: the file may be cut off."
            )

    def _begin(self, name: str, text: str) -> None:
        if name in self._open:
            self._fault(name, 0, Code.SEQUENCE, f"{name} comes again before {_CLOSES[name]}.")
        try:
            segment = segments_of(text.rstrip("\r\n"))[0]
        except Malformed as trouble:
            self._found.faults.append(trouble.fault)
            segment = Segment(name, [])
        self._separator = segment.marks.field
        self._found.envelope.append(segment)
        if name == "BHS":
            self._counts["FTS"] += 1
            if self._counts["BTS"] and not self._open.get("BHS"):
                self._loose()
        if name == "FHS":
            self._counts["FTS"] = 0
        self._counts["BTS"] = 0
        self._open[name] = segment

    def _finish(self, name: str, text: str) -> None:
        lines = [line for line in re.split(r"[\r\n]+", text) if line]
        fields = lines[0].split(self._separator)[1:]
        self._found.envelope.append(Segment(name, fields))
        opened = self._open.pop(_OPENS[name], None)
        if opened is None:
            self._fault(name, 0, Code.SEQUENCE, f"{name} has no {_OPENS[name]} before it.")
        else:
            self._compare(name, fields[0] if fields else "")
        self._counts[name] = 0
        if len(lines) > 1:
            self._fault(name, 0, Code.SEQUENCE, f"After {name} stands {lines[1][:24]!r}, which belongs to no message.")

    def _compare(self, name: str, told: str) -> None:
        count, told = self._counts[name], told.strip()
        if told and not told.isdecimal():
            self._fault(name, 1, Code.TYPE, f"{told!r} is not a count of {_CONTENT[name]}.")
        elif told and int(told) != count:
            self._fault(name, 1, Code.SEQUENCE, f"It counts {int(told)} {_CONTENT[name]}, and there are {count}.")

    def _loose(self) -> None:
        if "FHS" in self._open:
            self._fault("BHS", 0, Code.SEQUENCE, "Messages stand before it, outside any batch.")

    def _fault(self, segment: str, number: int, code: Code, words: str) -> None:
        self._found.faults.append(Fault(segment, max(1, self._seen.get(segment, 1)), number, code, words))
