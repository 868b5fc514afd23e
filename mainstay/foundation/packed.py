"""Telling somebody who gives a verb a file that is no text what it is, and how to give it. No Django, no database."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from mainstay.foundation.errors import InvalidInput

LOOKED_AT = 4096
"""Bytes from the start of a file that tell what it is."""
UNPACKED_BY = {
    b"\x1f\x8b": ("gzip", "gunzip -c"),
    b"BZh": ("bzip2", "bunzip2 -c"),
    b"\xfd7zXZ\0": ("xz", "xz -dc"),
    b"\x28\xb5\x2f\xfd": ("zstd", "zstd -dc"),
}
"""How a compressed file begins, what made it, and what writes it out unpacked."""
NEVER_WRITTEN = tuple(bytes([one]) for one in range(32) if one not in b"\t\n\r\f\x1b")
"""Bytes that are in no text, unless by accident."""
STRAY = 0.05
"""The share of such bytes that is still an accident: the line they are in says so."""
IN_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff")
"""How text in UTF-16 begins, as some spreadsheets write it."""


def refuse_packed(name: str, *, verb: str) -> None:
    """Refuse a file (`-`: standard input) that is no text before a line of it is read; nothing is taken from a pipe.

    Raises `InvalidInput` that says what it is and how to give it to `verb`, and `OSError` where it cannot be opened.
    """
    if name == "-":
        peek = getattr(getattr(sys.stdin, "buffer", None), "peek", None)
        start = peek(LOOKED_AT)[:LOOKED_AT] if peek else b""
    else:
        with Path(name).open("rb") as file:
            start = file.read(LOOKED_AT)
    if said := what_it_is(start, name, verb=verb):
        raise InvalidInput(said)


def what_it_is(start: bytes, name: str, *, verb: str) -> str:
    """What a file beginning with `start` is and how to give it to `verb`, in one sentence; empty where it is text."""
    shown, file = ("Standard input", "FILE") if name == "-" else (name, shlex.quote(name))
    for beginning, (maker, unpacking) in UNPACKED_BY.items():
        if start.startswith(beginning):
            return f"{shown} is compressed ({maker}). Give it unpacked: {unpacking} {file} | ./run {verb} -"
    if start.startswith(b"PK\x03\x04"):
        if name.lower().endswith((".xlsx", ".ods")):
            return f"{shown} is a spreadsheet. Save it there as CSV (UTF-8) and give that file."
        return f"{shown} is a zip archive or a spreadsheet. Give what is in it: unzip -p {file} | ./run {verb} -"
    if start.startswith(IN_TWO_BYTES):
        return f"{shown} is text in UTF-16. Give it in UTF-8: iconv -f UTF-16 -t UTF-8 {file} | ./run {verb} -"
    unwritten = sum(start.count(byte) for byte in NEVER_WRITTEN)
    if unwritten > len(start) * STRAY or start.startswith(b"%PDF-"):
        return f"{shown} is not a text file and cannot be read here."
    return ""
