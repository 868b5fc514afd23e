"""What a message that can be read still lacks by the standard: segments, fields, values of the right kind.

These are remarks, not refusals: much of what is sent every day lacks something the receiver does not need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.tables import read_csv
from mainstay.interop.hl7.faults import Code, Fault
from mainstay.interop.hl7.message import Message, Segment
from mainstay.interop.hl7.values import is_time, number_of

_KINDS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "time": ("a date or time", is_time),
    "number": ("a number", lambda text: number_of(text) is not None),
}
_OBX_KINDS = {"NM": "number", "DT": "time", "TS": "time", "DTM": "time"}


@dataclass(frozen=True, slots=True)
class Required:
    """A field that must be there, and what kind of value it holds."""

    field: int
    name: str
    kind: str


def remarks_on(message: Message) -> list[Fault]:
    """Everything the standard requires that this message lacks, in the order of its segments."""
    there = Counter(one.name for one in message.segments)
    found = [
        Fault(name, 1, 0, Code.SEQUENCE, f"There is no {name} segment, which {message.kind} requires.")
        for name in _structures().get(message.header.text(9, 1), ())
        if not there[name]
    ]
    if message.codec != "ascii" and not message.mark and message.header.field(18) in ("", "ASCII"):
        words = (
            f"There are characters beyond ASCII and MSH-18 does not say so; they were read as {message.codec.upper()}."
        )
        found.append(Fault("MSH", 1, 18, Code.TYPE, words))
    seen: Counter[str] = Counter()
    for segment in message.segments:
        seen[segment.name] += 1
        found += _of_segment(segment, seen[segment.name])
    return found


def _of_segment(segment: Segment, number: int) -> Iterator[Fault]:
    for one in _required().get(segment.name, ()):
        if not segment.field(one.field):
            yield Fault(segment.name, number, one.field, Code.MISSING, f"The {one.name} is missing.")
        elif one.kind and (value := segment.text(one.field)):
            words, is_right = _KINDS[one.kind]
            if not is_right(value):
                yield Fault(segment.name, number, one.field, Code.TYPE, f"The {one.name} is not {words}.")
    if segment.name == "OBX":
        yield from _of_value(segment, number)


def _of_value(segment: Segment, number: int) -> Iterator[Fault]:
    if segment.field(5) and not segment.field(2):
        yield Fault("OBX", number, 2, Code.MISSING, "There is a value and no value type.")
    if kind := _OBX_KINDS.get(segment.text(2)):
        words, is_right = _KINDS[kind]
        value = segment.text(5)
        if value and not is_right(value):
            yield Fault("OBX", number, 5, Code.TYPE, f"The value is not {words}, as OBX-2 says ({segment.text(2)}).")


@cache
def _required() -> dict[str, tuple[Required, ...]]:
    found: dict[str, tuple[Required, ...]] = {}
    for row in read_csv("mainstay.interop", "hl7_required.csv"):
        one = Required(int(row["field"]), row["name"], row["type"])
        found[row["segment"]] = (*found.get(row["segment"], ()), one)
    return found


@cache
def _structures() -> dict[str, tuple[str, ...]]:
    return {
        row["message"]: tuple(row["segments"].split()) for row in read_csv("mainstay.interop", "hl7_structures.csv")
    }
