"""Files as they come: bundles, single resources and NDJSON, gzipped or plain, in folders or on standard input."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mainstay.interop.fhir import exact

LINES_AT_ONCE = 2000
"""So many lines of an NDJSON file are taken in one transaction."""
ENDINGS = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Sent:
    """One resource as it stands in a file. `place` says where ("entry 3"), `full_url` is its address in a bundle."""

    place: str
    body: Any
    full_url: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be read, and why, in one line."""

    resource: str
    reason: str


@dataclass(slots=True)
class Sheet:
    """What one file holds, or one part of a long one."""

    file: str
    resources: list[Sent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_bundle: bool = False


def files_in(paths: Iterable[str]) -> Iterator[str]:
    """The files meant by paths: each file itself, of each folder all that look like FHIR, sorted; "-" stays."""
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            yield path
            continue
        yield from sorted(str(p) for p in Path(path).rglob("*") if p.is_file() and p.name.lower().endswith(ENDINGS))


def sheets_of(name: str) -> Iterator[Sheet]:
    """Read one file; whatever is wrong with it is told as faults, never raised."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        text = raw.decode("utf-8-sig")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield _unreadable(name, "the compressed file is cut off or damaged")
    except UnicodeDecodeError as wrong:
        yield _unreadable(name, f"it is not text in UTF-8 (byte {wrong.start})")
    except OSError as wrong:
        yield _unreadable(name, (wrong.strerror or "it cannot be opened").lower())
    else:
        yield from _sheets(name, text)


def _sheets(name: str, text: str) -> Iterator[Sheet]:
    if not text.strip():
        yield _unreadable(name, "the file is empty")
        return
    plain = name.lower().removesuffix(".gz")
    if plain.endswith((".ndjson", ".jsonl")) or _looks_like_lines(text):
        yield from _lines(name, text)
        return
    try:
        whole = exact.read(text)
    except RecursionError:
        yield _unreadable(name, "it is nested too deeply")
    except ValueError as wrong:
        yield _unreadable(name, _said(wrong, text))
    else:
        yield _sheet_of(name, whole)


def _sheet_of(name: str, whole: Any) -> Sheet:
    if isinstance(whole, list) and whole and all(isinstance(one, dict) and "resourceType" in one for one in whole):
        return Sheet(name, [Sent(f"item {number}", one) for number, one in enumerate(whole, start=1)])
    if not isinstance(whole, dict):
        return _unreadable(name, "it is JSON, but not a FHIR resource")
    if whole.get("resourceType") != "Bundle":
        return Sheet(name, [Sent("", whole)])
    sheet = Sheet(name, is_bundle=True)
    entries = whole.get("entry", [])
    if not isinstance(entries, list):
        return _unreadable(name, "the entries of the bundle are not a list")
    for number, entry in enumerate(entries, start=1):
        place = f"entry {number}"
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            sheet.faults.append(Fault(place, "the entry holds no resource"))
            continue
        full_url = entry.get("fullUrl")
        sheet.resources.append(Sent(place, resource, full_url if isinstance(full_url, str) else ""))
    return sheet


def _lines(name: str, text: str) -> Iterator[Sheet]:
    sheet = Sheet(name)
    # Not splitlines: a narrative may hold other line separators, and NDJSON knows only this one.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            body = exact.read(line)
        except RecursionError:
            sheet.faults.append(Fault(place, "it is nested too deeply"))
            continue
        except ValueError as wrong:
            sheet.faults.append(Fault(place, _said(wrong, line)))
            continue
        if isinstance(body, dict) and body.get("resourceType") == "Bundle":
            inner = _sheet_of(name, body)
            sheet.resources += [Sent(f"{place}, {sent.place}", sent.body, sent.full_url) for sent in inner.resources]
            sheet.faults += [Fault(f"{place}, {fault.resource}", fault.reason) for fault in inner.faults]
        else:
            sheet.resources.append(Sent(place, body))
        if len(sheet.resources) >= LINES_AT_ONCE:
            yield sheet
            sheet = Sheet(name)
    yield sheet


def _looks_like_lines(text: str) -> bool:
    first, _, rest = text.strip().partition("\n")
    return first.rstrip().endswith("}") and rest.lstrip().startswith("{")


def _said(wrong: ValueError, text: str) -> str:
    """Why a text is not JSON, in words; a text that ends too soon is told apart."""
    position = getattr(wrong, "pos", None)
    if position is None:
        return f"it is not JSON: {wrong}"
    if position >= len(text.rstrip()) or "Unterminated" in str(wrong):
        return "the file is cut off: the JSON ends too soon"
    return f"it is not JSON: {getattr(wrong, 'msg', 'broken')} in line {getattr(wrong, 'lineno', 1)}"


def _unreadable(name: str, reason: str) -> Sheet:
    return Sheet(name, faults=[Fault("", reason)])
