"""The five characters a message is written with, and how text hides them (HL7 2.5.1, 2.5.4 and 2.7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from mainstay.interop.hl7.faults import Code, Fault, Malformed

NULL = '""'
"""A field that says: there is no value; delete what you have. An empty field says nothing at all."""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Field separator and encoding characters; `escape`, `subcomponent` and `truncation` may be empty."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = ""

    @property
    def encoding(self) -> str:
        """The second field of MSH, BHS and FHS."""
        return self.component + self.repetition + self.escape + self.subcomponent + self.truncation


STANDARD = Delimiters()
_HEXADECIMAL = re.compile(r"X(?:[0-9A-Fa-f]{2})+")


@cache
def delimiters_of(header: str, field: str, encoding: str) -> Delimiters:
    """The delimiters a header segment declares. Raises `Malformed` if they cannot tell parts apart."""
    if not _is_mark(field):
        raise Malformed(Fault(header, 1, 1, Code.TYPE, f"{field!r} cannot separate fields."))
    if not encoding:
        raise Malformed(Fault(header, 1, 2, Code.MISSING, "The encoding characters are missing."))
    if len(encoding) > 5:
        raise Malformed(Fault(header, 1, 2, Code.TYPE, f"{encoding[:20]!r} are not four or five encoding characters."))
    for mark in encoding:
        if not _is_mark(mark):
            raise Malformed(Fault(header, 1, 2, Code.TYPE, f"{mark!r} cannot be an encoding character."))
        if (field + encoding).count(mark) > 1:
            raise Malformed(Fault(header, 1, 2, Code.TYPE, f"{mark!r} is declared for two things."))
    return Delimiters(field, encoding[:1], encoding[1:2], encoding[2:3], encoding[3:4], encoding[4:5])


def _is_mark(mark: str) -> bool:
    return mark.isprintable() and not mark.isalnum() and mark not in (" ", '"')


def unescape(raw: str, marks: Delimiters = STANDARD) -> str:
    """The text behind `raw`: delimiters, hexadecimal bytes and line breaks restored, unknown sequences kept."""
    if not marks.escape or marks.escape not in raw:
        return raw
    sequence, meaning = _sequences(marks)
    return sequence.sub(meaning, raw)


@cache
def _sequences(marks: Delimiters) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """What an escape sequence looks like, and what stands behind one that was found."""
    one = re.escape(marks.escape)
    words = {
        "F": marks.field,
        "S": marks.component,
        "R": marks.repetition,
        "E": marks.escape,
        "T": marks.subcomponent,
        "P": marks.truncation,
        ".br": "\n",
    }

    def meaning(found: re.Match[str]) -> str:
        return words.get(found[1]) or _octets(found[1]) or found[0]

    return re.compile(f"{one}([^{one}]+){one}"), meaning


def _octets(word: str) -> str:
    """The text of hexadecimal bytes (`X0D0A`); the empty string for any other word."""
    if not _HEXADECIMAL.fullmatch(word):
        return ""
    octets = bytes.fromhex(word[1:])
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def escape(text: str, marks: Delimiters = STANDARD) -> str:
    """`text` as it may stand in a message: `unescape` gives it back.

    Raises `Malformed` if the message has no escape character and needs one.
    """
    found = _special(marks).search(text)
    if not found:
        return text
    if not marks.escape:
        raise Malformed(
            Fault("MSH", 1, 2, Code.TYPE, f"Without an escape character {found.group()!r} cannot be written.")
        )
    return _special(marks).sub(lambda one: _hidden(one.group(), marks), text)


@cache
def _special(marks: Delimiters) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks.field + marks.encoding)}\x00-\x1f\x7f]")


def _hidden(mark: str, marks: Delimiters) -> str:
    word = {
        marks.field: "F",
        marks.component: "S",
        marks.repetition: "R",
        marks.escape: "E",
        marks.subcomponent or "": "T",
        marks.truncation or "": "P",
        "\n": ".br",
    }.get(mark)
    return f"{marks.escape}{word or f'X{ord(mark):02X}'}{marks.escape}"
