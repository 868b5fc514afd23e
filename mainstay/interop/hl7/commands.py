"""`mainstay hl7 FILE…`: read HL7 version 2 files and say what is in them and what is wrong. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from errno import ENOENT
from pathlib import Path
from typing import Any

from mainstay.interop.hl7.faults import Fault
from mainstay.interop.hl7.files import FileRead, Reading, read_file
from mainstay.interop.hl7.judging import remarks_on

HELP = """\
Read HL7 version 2: single messages, files of many, batches (FHS, BHS), with or without MLLP framing; - is standard
input.

For each message one line: type, control id, version, segments. What cannot be read gets one line with segment and
field. What can be read but lacks something the standard requires is said with "note:"; --strict refuses that too.

Exit code 0 all could be read, 1 something was refused, 2 bad use.
"""


def hl7(argv: list[str]) -> int:
    """`mainstay hl7 FILE…`."""
    parser = argparse.ArgumentParser(
        "mainstay hl7", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder, or - for standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a file, one file a line")
    parser.add_argument("--strict", action="store_true", help="refuse what lacks a required segment or field")
    asked = parser.parse_args(argv)
    refused = 0
    for name, octets in _contents(asked.files):
        found = _Judged(name, read_file(octets), is_strict=asked.strict)
        refused += found.is_refused
        if asked.json:
            print(json.dumps(found.as_json()))
            continue
        for line in found.lines():
            print(line)
        for line in found.complaints():
            print(line, file=sys.stderr)
    return 1 if refused else 0


class _Judged:
    """One file, with what is refused in it and what is only noted."""

    def __init__(self, name: str, read: FileRead, *, is_strict: bool) -> None:
        self._name = name
        self._read = read
        self._notes = {one.number: remarks_on(one.message) if one.message else [] for one in read.messages}
        self._is_strict = is_strict

    @property
    def is_refused(self) -> bool:
        return bool(self._read.faults or any(self._faults(one) for one in self._read.messages))

    def _faults(self, one: Reading) -> list[Fault]:
        return [one.fault] if one.fault else (self._notes[one.number] if self._is_strict else [])

    def lines(self) -> Iterator[str]:
        for one in self._read.messages:
            message = one.message
            if message is None or self._faults(one):
                continue
            segments = " ".join(
                name if count == 1 else f"{name}×{count}"
                for name, count in Counter(s.name for s in message.segments).items()
            )
            known = message.control_id or "(no control id)"
            yield f"{self._place(one)}: {message.kind}  {known}  {message.version or '(no version)'}  {segments}"
            for note in self._notes[one.number]:
                yield f"  note: {note.line}"

    def complaints(self) -> Iterator[str]:
        for fault in self._read.faults:
            yield f"{self._name}: {fault.line}"
        for one in self._read.messages:
            for fault in self._faults(one):
                yield f"{self._place(one)}: {fault.line}"

    def _place(self, one: Reading) -> str:
        return self._name if len(self._read.messages) == 1 else f"{self._name}:{one.line}"

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self._name,
            "messages": [self._message_json(one) for one in self._read.messages],
            "envelope": [one.name for one in self._read.envelope],
            "faults": [_fault_json(fault) for fault in self._read.faults],
        }

    def _message_json(self, one: Reading) -> dict[str, Any]:
        faults = self._faults(one)
        told: dict[str, Any] = {"number": one.number, "line": one.line, "read": not faults}
        if one.message:
            told |= {
                "type": one.message.kind,
                "control_id": one.message.control_id,
                "version": one.message.version,
                "charset": one.message.codec,
                "segments": [segment.name for segment in one.message.segments],
            }
        return told | {
            "faults": [_fault_json(fault) for fault in faults],
            "notes": [_fault_json(note) for note in self._notes[one.number] if note not in faults],
        }


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "place": fault.place,
        "segment": fault.segment,
        "number": fault.number,
        "field": fault.field or None,
        "code": fault.code.value,
        "reason": fault.words,
    }


def _contents(names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        path = Path(name)
        if name == "-":
            yield "-", sys.stdin.buffer.read()
        elif path.is_dir():
            found = [o for o in sorted(path.rglob("*")) if o.suffix.lower() in (".hl7", ".txt", ".dat") and o.is_file()]
            if not found:
                raise FileNotFoundError(ENOENT, "No .hl7, .txt or .dat file is in it", name)
            for one in found:
                yield str(one), one.read_bytes()
        else:
            yield name, path.read_bytes()
