"""Reading growth rows from CSV: id, sex, agedays, param, measurement and, for weight-for-length, cm."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mainstay.chart.growth.reference import Sex
from mainstay.chart.growth.scores import Measure, Measurement

COLUMNS = ("id", "sex", "agedays", "param", "measurement")
PARAMS = {measure.value: measure for measure in Measure}
WORDS = {"m": Sex.MALE, "male": Sex.MALE, "boy": Sex.MALE, "f": Sex.FEMALE, "female": Sex.FEMALE, "girl": Sex.FEMALE}
ONE_IS_MALE = {"1": Sex.MALE, "2": Sex.FEMALE}
ZERO_IS_MALE = {"0": Sex.MALE, "1": Sex.FEMALE}


class UnreadableFile(Exception):
    """The file as a whole cannot be read as growth rows."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be scored, and why."""

    line: int
    id: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.line} (id {self.id or 'missing'}): {self.reason}"


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that can be scored; `line` is its line in the file."""

    line: int
    id: str
    measurement: Measurement


def growth_rows(lines: Iterable[str]) -> Iterator[GoodRow | BadRow]:
    """Every row of a growth file, readable or not.

    Sex may be words (m, f, male, female, boy, girl) or digits. Digits follow WHO and CDC (1 male, 2 female)
    unless the file uses 0, which only the other custom does (0 male, 1 female). A weight with `cm` filled is
    weight-for-length. Raises `UnreadableFile` when a column is missing.
    """
    reader = csv.reader(lines)
    try:
        header = next(reader, None)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (csv.Error, UnicodeDecodeError) as broken:
        raise UnreadableFile(f"this is not CSV text: {broken}") from None
    if header is None:
        raise UnreadableFile("the file is empty")
    places = {name.strip().lstrip("\ufeff").lower(): place for place, name in enumerate(header)}
    if missing := [name for name in COLUMNS if name not in places]:
        raise UnreadableFile(f"the first line must name the columns; missing: {', '.join(missing)}")
    sexes = WORDS | _digits_of(row[places["sex"]].strip() for _, row in rows if len(row) > places["sex"])
    for line, row in rows:
        cells = {name: row[place].strip() for name, place in places.items() if place < len(row)}
        try:
            yield GoodRow(line, cells["id"], _measurement(cells, sexes))
        except KeyError as absent:
            yield BadRow(line, cells.get("id", ""), f"{absent.args[0]} is missing")
        except ValueError as wrong:
            yield BadRow(line, cells.get("id", ""), str(wrong))


def _digits_of(answers: Iterable[str]) -> dict[str, Sex]:
    """What the digits in a file's sex column mean; none of them when the file mixes two customs."""
    digits = {answer for answer in answers if answer in ("0", "1", "2")}
    if {"0", "2"} <= digits:
        return {}
    return ZERO_IS_MALE if "0" in digits else ONE_IS_MALE


def _measurement(cells: dict[str, str], sexes: dict[str, Sex]) -> Measurement:
    if not cells["id"]:
        raise KeyError("id")
    param = cells["param"].upper()
    measure = PARAMS.get(param)
    if measure is None:
        raise ValueError(f"param {cells['param']!r} is not one of {', '.join(PARAMS)}")
    sex = sexes.get(cells["sex"].lower())
    if sex is None:
        if cells["sex"] in ("0", "1", "2"):
            raise ValueError("sex digits 0, 1 and 2 in one file cannot be told apart: use m and f")
        raise ValueError(f"sex {cells['sex']!r} is not m, f, 1, 2 or 0")
    cm = cells.get("cm", "")
    if measure is Measure.WEIGHT and cm:
        measure = Measure.WEIGHT_FOR_LENGTH
    return Measurement(
        measure,
        sex,
        _number("agedays", cells["agedays"]),
        _number("measurement", cells["measurement"]),
        _number("cm", cm) if measure is Measure.WEIGHT_FOR_LENGTH and cm else None,
    )


def _number(name: str, text: str) -> float:
    if not text:
        raise ValueError(f"{name} is missing")
    try:
        if "_" in text:
            raise ValueError
        return float(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} is not a number") from None
