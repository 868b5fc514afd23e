"""A CSV file as lines with known columns, whatever its headers, separator or byte order mark."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.tables import read_toml

KINDS: Mapping[str, str] = {
    "staff": "Staff",
    "rooms": "Rooms",
    "visit-types": "Kinds of visit",
    "patients": "Patients",
    "appointments": "Future appointments",
}
LONGEST = 8_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: whether every line needs it, and an example."""

    name: str
    is_needed: bool
    aliases: frozenset[str]
    example: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something: its number in the file, and its values by column, stripped."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file read: its lines, and the headers nobody knew."""

    lines: tuple[Line, ...]
    ignored: tuple[str, ...]


@cache
def columns_of(kind: str) -> Mapping[str, Column]:
    """The columns of one kind of list. Raises `InvalidInput` for a kind that does not exist."""
    if kind not in KINDS:
        raise InvalidInput(f"There is no list of {kind!r}. Use one of: {', '.join(KINDS)}.", field="kind")
    rows = read_toml("mainstay.config", "import_columns.toml")[kind]
    return {
        name: Column(name, row["needed"], frozenset({_fold(name), *map(_fold, row["aliases"])}), row["example"])
        for name, row in rows.items()
    }


def template_of(kind: str) -> str:
    """A file to fill in: the headers and one example line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns_of(kind))
    writer.writerow(column.example for column in columns_of(kind).values())
    return out.getvalue()


def text_of(raw: bytes) -> str:
    """The file's text: UTF-8, or what spreadsheets on Windows write when they are not asked for it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_sheet(kind: str, text: str) -> Sheet:
    """The lines of a file. Raises `InvalidInput` when it is no such list: empty, too long, a needed column missing."""
    columns = columns_of(kind)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InvalidInput("The file is empty.", field="file")
    if len(text) > LONGEST or "\0" in text:
        raise InvalidInput("This is not a list: it is too long, or not text.", field="file")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise InvalidInput(f"The file is no readable CSV: {fault}.", field="file") from fault
    start = next(n for n, row in enumerate(rows) if any(cell.strip() for cell in row))
    meant, ignored = _headers(rows[start], columns)
    missing = [c.name for c in columns.values() if c.is_needed and c.name not in meant]
    if missing:
        raise InvalidInput(
            f"The file lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.", field="file"
        )
    lines = []
    for number, row in enumerate(rows[start + 1 :], start + 2):
        values = {name: row[at].strip() if at < len(row) else "" for name, at in meant.items()}
        if any(values.values()):
            lines.append(Line(number, {**dict.fromkeys(columns, ""), **values}))
    return Sheet(tuple(lines), tuple(ignored))


def _headers(row: list[str], columns: Mapping[str, Column]) -> tuple[dict[str, int], list[str]]:
    meant: dict[str, int] = {}
    ignored = []
    for at, header in enumerate(row):
        name = next((c.name for c in columns.values() if _fold(header) in c.aliases), "")
        if name and name not in meant:
            meant[name] = at
        elif header.strip():
            ignored.append(header.strip())
    return meant, ignored


def _fold(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", header.lower()).strip()
