"""Segments and messages as they were written, with readers that count from one as the standard does.

Everything is kept as it came: a message read and written again is the same to the byte. Parts are looked for
when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mainstay.interop.hl7.delimiters import NULL, STANDARD, Delimiters, unescape

HEADERS = ("MSH", "BHS", "FHS")
"""Segments whose first field is the field separator itself."""

_PATH = re.compile(r"([A-Z][A-Z0-9]{2})(?:\((\d+)\))?-(\d+)(?:\.(\d+))?(?:\.(\d+))?")


Tree = tuple[tuple[tuple[str, ...], ...], ...]
"""A field taken apart: repetitions of components of subcomponents. An empty field has no repetition."""


class Segment:
    """One line of a message. `raw` counts from 0; every reader counts from 1, and what is absent reads as empty."""

    __slots__ = ("end", "marks", "name", "raw")

    def __init__(self, name: str, raw: Sequence[str], marks: Delimiters = STANDARD, end: str = "\r") -> None:
        self.name = name
        self.raw = raw
        self.marks = marks
        self.end = end

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Segment):
            return NotImplemented
        return (self.name, list(self.raw), self.marks, self.end) == (
            other.name,
            list(other.raw),
            other.marks,
            other.end,
        )

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.raw), self.marks, self.end))

    def __repr__(self) -> str:
        return f"Segment({self.line!r})"

    @property
    def line(self) -> str:
        """The segment as it is written, without its end."""
        if self.name in HEADERS:
            return self.name + self.marks.field + self.marks.field.join(self.raw[1:])
        return self.marks.field.join((self.name, *self.raw))

    def field(self, number: int) -> str:
        """One field as it is written, with its repetitions."""
        return self.raw[number - 1] if 0 < number <= len(self.raw) else ""

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of a field as they are written; none for an empty field."""
        written = self.field(number)
        if not written:
            return []
        if number == 2 and self.name in HEADERS:
            return [written]
        return _split(written, self.marks.repetition)

    def text(self, number: int, component: int = 1, subcomponent: int = 1, *, repetition: int = 1) -> str:
        """One leaf as text, escapes resolved; the empty string where there is nothing or an explicit null."""
        written = self.field(number)
        if not written or written == NULL:
            return ""
        if number <= 2 and self.name in HEADERS:
            return written
        marks = self.marks
        if (marks.repetition and marks.repetition in written) or repetition != 1:
            written = _part(written, marks.repetition, repetition)
        if marks.component in written or component != 1:
            written = _part(written, marks.component, component)
        if (marks.subcomponent and marks.subcomponent in written) or subcomponent != 1:
            written = _part(written, marks.subcomponent, subcomponent)
        return "" if written == NULL else unescape(written, marks)

    def is_null(self, number: int) -> bool:
        """Whether a field says, in so many characters, that there is no value."""
        return self.field(number) == NULL

    def tree(self, number: int) -> Tree:
        """A field taken apart whole: repetitions of components of subcomponents, escapes resolved."""
        if number <= 2 and self.name in HEADERS:
            return (((self.field(number),),),)
        return _apart((self.field(number),), self.marks)[0]

    def trees(self) -> list[Tree]:
        """Every field taken apart whole, in order: as `tree` for each, in a quarter of the time."""
        if self.name in HEADERS:
            return [(((mark,),),) for mark in self.raw[:2]] + _apart(self.raw[2:], self.marks)
        return _apart(self.raw, self.marks)


def _apart(fields: Sequence[str], marks: Delimiters) -> list[Tree]:
    """Fields taken apart. Most are empty or hold one value, and tuples of text are cheap for the collector."""
    component, again, below, escape = marks.component, marks.repetition, marks.subcomponent, marks.escape
    found: list[Tree] = []
    for written in fields:
        tree: Tree
        if not written:
            tree = ()
        elif written.isalnum():
            tree = (((written,),),)
        else:
            if again and again in written:
                tree = tuple([tuple(zip(one.split(component))) for one in written.split(again)])
            elif component in written:
                tree = (tuple(zip(written.split(component))),)
            else:
                tree = (((written,),),)
            if below and below in written:
                tree = tuple([tuple([tuple(leaf.split(below)) for (leaf,) in one]) for one in tree])
            if escape and escape in written:
                tree = _unescaped(tree, marks)
        found.append(tree)
    return found


def _unescaped(tree: Tree, marks: Delimiters) -> Tree:
    escape = marks.escape
    return tuple(
        [
            tuple([tuple([unescape(leaf, marks) if escape in leaf else leaf for leaf in part]) for part in repetition])
            for repetition in tree
        ]
    )


def _part(written: str, mark: str, number: int) -> str:
    parts = _split(written, mark)
    return parts[number - 1] if 0 < number <= len(parts) else ""


def _split(written: str, mark: str) -> list[str]:
    return written.split(mark) if mark else [written]


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `codec` is how it was encoded, `mark` a byte-order mark before it."""

    segments: tuple[Segment, ...]
    codec: str = "ascii"
    mark: bytes = b""

    @property
    def header(self) -> Segment:
        """Its MSH."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """What it is: `VXU^V04`, `ACK`."""
        code, event = self.header.text(9, 1), self.header.text(9, 2)
        return f"{code}^{event}" if event else code

    @property
    def control_id(self) -> str:
        """MSH-10, by which it is answered and told from others."""
        return self.header.text(10)

    @property
    def version(self) -> str:
        """MSH-12."""
        return self.header.text(12)

    def first(self, name: str) -> Segment | None:
        """The first segment of that name."""
        return next((one for one in self.segments if one.name == name), None)

    def every(self, name: str) -> Iterator[Segment]:
        """All segments of that name, in order."""
        return (one for one in self.segments if one.name == name)

    def groups(self, name: str) -> Iterator[list[Segment]]:
        """Segments in groups that each begin with one of that name; what stands before the first is in none."""
        group: list[Segment] = []
        for one in self.segments:
            if one.name == name:
                if group:
                    yield group
                group = [one]
            elif group:
                group.append(one)
        if group:
            yield group

    def text(self, path: str) -> str:
        """The leaf at `PID-5.1` or `OBX(2)-5.1.2`; empty where there is nothing. Raises `ValueError` for no place."""
        found = _PATH.fullmatch(path)
        if not found:
            raise ValueError(f"{path!r} is not a place in a message")
        name, which, number, component, subcomponent = found.groups()
        wanted = list(self.every(name))[int(which or 1) - 1 : int(which or 1)]
        return wanted[0].text(int(number), int(component or 1), int(subcomponent or 1)) if wanted else ""
