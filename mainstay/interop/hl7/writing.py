"""Writing messages: values in, escaped segments and bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from mainstay.interop.hl7.delimiters import NULL, STANDARD, Delimiters, escape
from mainstay.interop.hl7.faults import Code, Fault, Malformed
from mainstay.interop.hl7.message import HEADERS, Message, Segment

Component: TypeAlias = str | Sequence[str]
Repetition: TypeAlias = str | tuple[Component, ...]
Value: TypeAlias = Repetition | list[Repetition]
"""What a field holds: text, a tuple of components (each text or a list of subcomponents), or a list of repetitions."""


def segment(name: str, fields: Mapping[int, Value], marks: Delimiters = STANDARD) -> Segment:
    """A segment with these fields, by their number; what is empty at the end is left out.

    MSH, BHS and FHS write their first two fields themselves.
    """
    last = max((number for number, value in fields.items() if value), default=0)
    raw = [written(fields.get(number, ""), marks) for number in range(1, last + 1)]
    if name in HEADERS:
        raw[:2] = [marks.field, marks.encoding]
    while raw and not raw[-1]:
        raw.pop()
    return Segment(name, raw, marks)


def written(value: Value, marks: Delimiters = STANDARD) -> str:
    """One field as it stands in a message; empty parts at the end are left out."""
    if isinstance(value, str):
        return _leaf(value, marks)
    if isinstance(value, list):
        return _joined([written(one, marks) for one in value], marks.repetition)
    return _joined([_component(one, marks) for one in value], marks.component)


def _component(value: Component, marks: Delimiters) -> str:
    if isinstance(value, str):
        return _leaf(value, marks)
    return _joined([_leaf(one, marks) for one in value], marks.subcomponent)


def _leaf(text: str, marks: Delimiters) -> str:
    return NULL if text == NULL else escape(text, marks)


def _joined(parts: list[str], mark: str) -> str:
    while parts and not parts[-1]:
        parts.pop()
    return mark.join(parts)


def write_text(message: Message) -> str:
    """The message as text, as it goes over the wire."""
    return "".join([one.line + one.end for one in message.segments])


def write_message(message: Message) -> bytes:
    """The message as bytes. Raises `Malformed` naming the field with a character its encoding does not have."""
    try:
        return message.mark + write_text(message).encode(message.codec)
    except UnicodeEncodeError:
        raise Malformed(_not_encodable(message)) from None


def _not_encodable(message: Message) -> Fault:
    seen: dict[str, int] = {}
    for one in message.segments:
        seen[one.name] = seen.get(one.name, 0) + 1
        for number, raw in enumerate(one.raw, start=1):
            try:
                raw.encode(message.codec)
            except UnicodeEncodeError as error:
                words = f"{raw[error.start]!r} cannot be written in {message.codec}, which MSH-18 declares."
                return Fault(one.name, seen[one.name], number, Code.TYPE, words)
    return Fault("MSH", 1, 18, Code.TYPE, f"The text cannot be written in {message.codec}.")


def new_message(segments: Sequence[Segment]) -> Message:
    """A message of our own: ASCII, or UTF-8 (which MSH-18 then says) where a name needs it."""
    plain = Message(tuple(segments))
    if write_text(plain).isascii():
        return plain
    header = segments[0]
    raw = [*header.raw, *[""] * (18 - len(header.raw))]
    raw[17] = "UNICODE UTF-8"
    return Message((Segment(header.name, raw, header.marks, header.end), *segments[1:]), "utf-8")
