"""The code tables as files: which edition there is of each system, and its rows. No database."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources

from mainstay.foundation.tables import read_csv, read_toml
from mainstay.terminology.codes import CodeSystem, icd10cm_from_typing
from mainstay.terminology.errors import CodeFileUnreadable
from mainstay.terminology.standing import standing

PACKAGE = "mainstay.terminology"
RENDERING = "2"
"""Raised when rows or search order are made differently from the same file, so that tables are loaded again."""

_ORDER_FILE_BILLABLE, _ORDER_FILE_LONG = 14, 77
"""Columns of the CMS order file: number 0-5, code 6-13, billable 14, short title 16-76, long title from 77."""


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """One concept as a file gives it; see `models.Concept` for the fields."""

    code: str
    display: str
    terms: str = ""
    status: str = "active"
    is_billable: bool = True
    valid_from: date | None = None
    standing: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one code system. `effective` is its first day; `sha256` that of the bytes it was read from."""

    system: CodeSystem
    edition: str
    effective: date
    sha256: str
    rows: tuple[ConceptRow, ...]


@dataclass(frozen=True, slots=True)
class SynonymRow:
    """One everyday name of one ICD-10-CM code; `place` 1 is the code meant most often."""

    term: str
    language: str
    code: str
    place: int


def shipped_fingerprint(system: CodeSystem) -> str:
    """The hash that tells whether the shipped file of a system is already loaded; reads bytes, parses nothing."""
    return _sha256(_bytes_of(_entry(system)["file"]))


def shipped_edition(system: CodeSystem) -> Edition:
    """The edition of a system that this version ships."""
    entry = _entry(system)
    raw = _bytes_of(entry["file"])
    text = (gzip.decompress(raw) if entry["file"].endswith(".gz") else raw).decode("utf-8")
    reader = csv.DictReader(io.StringIO(text))
    rows = _icd10cm_rows(reader) if system is CodeSystem.ICD10CM else _plain_rows(reader)
    return Edition(system, entry["edition"], entry["effective"], _sha256(raw), tuple(rows))


def icd10cm_order_file(raw: bytes, *, effective: date) -> Edition:
    """An ICD-10-CM edition from the order file CMS publishes every April and October ("icd10cm_order_2027.txt").

    Raises `CodeFileUnreadable` naming the first line that is not in that layout, or if hardly any codes are in it.
    """
    rows: list[ConceptRow] = []
    for number, line in enumerate(raw.decode("utf-8", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        code = icd10cm_from_typing(line[6:14])
        flag, display = line[_ORDER_FILE_BILLABLE : _ORDER_FILE_BILLABLE + 1], line[_ORDER_FILE_LONG:].strip()
        if code is None or flag not in ("0", "1") or not display:
            raise CodeFileUnreadable(f"Line {number} is not a line of a CMS order file.")
        is_billable = flag == "1"
        place = standing(code, display, is_billable=is_billable)
        rows.append(ConceptRow(code, display, is_billable=is_billable, standing=place))
    if len(rows) < 1000:
        raise CodeFileUnreadable(f"Only {len(rows)} codes: this is not a whole ICD-10-CM edition.")
    return Edition(CodeSystem.ICD10CM, effective.isoformat(), effective, _sha256(raw), tuple(rows))


def shipped_synonyms() -> tuple[SynonymRow, ...]:
    """Every row of our table of everyday names."""
    return tuple(
        SynonymRow(row["term"], row["language"], row["code"], int(row["place"]))
        for row in read_csv(PACKAGE, "synonyms.csv")
    )


def synonyms_fingerprint() -> str:
    """The hash of our table of everyday names."""
    return _sha256(_bytes_of("synonyms.csv"))


def _icd10cm_rows(reader: Iterable[dict[str, str]]) -> Iterator[ConceptRow]:
    for row in reader:
        is_billable = row["billable"] == "1"
        yield ConceptRow(
            code=row["code"],
            display=row["display"],
            terms=row["terms"],
            is_billable=is_billable,
            standing=standing(row["code"], row["display"], is_billable=is_billable),
        )


def _plain_rows(reader: Iterable[dict[str, str]]) -> Iterator[ConceptRow]:
    for row in reader:
        status = row.get("status", "active")
        begun = row.get("valid_from")
        yield ConceptRow(
            code=row["code"],
            display=row["display"],
            terms=row.get("terms", ""),
            status=status,
            is_billable=status == "active",
            valid_from=date.fromisoformat(begun) if begun else None,
        )


def _entry(system: CodeSystem) -> dict:
    return read_toml(PACKAGE, "editions.toml")[system.value]


def _bytes_of(name: str) -> bytes:
    return resources.files(PACKAGE).joinpath("tables", name).read_bytes()


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(RENDERING.encode() + raw).hexdigest()
