"""Files of temperature data loggers, of whatever shape and however dirty, read into plain readings.

Pure: no Django, no clock. What cannot be read is reported by line, and the rest is kept; nothing is guessed at
that would move a temperature: a file that does not say °C or °F is refused until somebody says it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from mainstay.foundation.errors import InvalidInput
from mainstay.inventory.rules.temperatures import Scale, read_degrees, to_celsius


class DayOrder(StrEnum):
    """How a file writes its dates."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


@dataclass(frozen=True, slots=True)
class LoggerReading:
    """One line that could be read: `at` in UTC, the temperature in °C and as it was written."""

    line: int
    at: datetime
    celsius: Decimal
    as_written: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class Problem:
    """One line that could not be used, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class LoggerFile:
    """What a file says: readings oldest first, problems by line, and the logger's serial number if it names one."""

    readings: tuple[LoggerReading, ...]
    problems: tuple[Problem, ...]
    serial: str


@dataclass(frozen=True, slots=True)
class _Columns:
    when: int
    clock: int | None
    degrees: int
    scale: Scale | None
    header_line: int


LINES_ABOVE = 60
"""How many lines of a file may stand before its readings."""
WHEN = re.compile(r"date|time|stamp|fecha|hora", re.IGNORECASE)
DAY_ONLY = re.compile(r"^\W*(date|fecha|day)\W*(\(.*\))?$", re.IGNORECASE)
CLOCK_ONLY = re.compile(r"^\W*(time|hora|clock)\W*(\(.*\))?$", re.IGNORECASE)
DEGREES = re.compile(r"temp|°\s*[cf]|\bdeg|celsius|fahrenheit|probe|reading|value|^\W*ch(annel)?\s*1\W*", re.IGNORECASE)
NOT_DEGREES = re.compile(r"humid|\brh\b|dew|limit|alarm|min|max|high|low|battery|avg|average|mkt|status", re.IGNORECASE)
CELSIUS = re.compile(r"°\s*c\b|º\s*c\b|\bdeg\w*\.?\s*c\b|celsius|\(c\)|\[c\]|_c\b|\btemp\w*\s*c\b", re.IGNORECASE)
FAHRENHEIT = re.compile(r"°\s*f\b|º\s*f\b|\bdeg\w*\.?\s*f\b|fahrenheit|\(f\)|\[f\]|_f\b|\btemp\w*\s*f\b", re.IGNORECASE)
UNIT_LINE = re.compile(r"unit|scale|temperature", re.IGNORECASE)
SERIAL = re.compile(r"serial\s*(?:number|no\.?|#)?\W*[:,;\t=]?\W*([A-Za-z0-9][A-Za-z0-9\-]{3,38})", re.IGNORECASE)
NOTHING = {
    "",
    "-",
    "--",
    "---",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "err",
    "error",
    "no data",
    "invalid",
    "open",
    "lost",
}
CELL_SCALE = re.compile(r"[\d.,]\s*°?\s*([CF])$", re.IGNORECASE)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?$")
NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2,4})(?:[T ,]+(.*))?$")
WORDS = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ,]+(\d{2,4})(?:[T ,]+(.*))?$")
MONTH_WORD = re.compile(r"([A-Za-z]{3})[a-z]*\.?[- ](\d{1,2})[- ,]+(\d{4})(?:[T ,]+(.*))?$")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?\s*(Z|[+-]\d{2}:?\d{2})?$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def serial_in(content: bytes | str) -> str:
    """The serial number a file's lines before its readings name; empty where they name none."""
    return _serial(_text_of(content).splitlines()[:LINES_ABOVE])


def read_logger_file(
    content: bytes | str,
    *,
    zone: ZoneInfo,
    scale: Scale | str | None = None,
    now: datetime | None = None,
    column: str = "",
    days: DayOrder | str | None = None,
) -> LoggerFile:
    """The readings of a data logger's file, in the site's zone where the file names none.

    Reads comma, semicolon and tab separated files, with or without lines before the table, date and time in one
    column or two, decimal commas, °C, °F or both. `scale` is what somebody says it is where the file does not.
    `column` is the heading of the temperatures where there are several, `days` how days are written; both are found
    out where nobody says. Readings after `now` are problems. Raises `InvalidInput` (field `scale`) when nobody says,
    and (field `file`) when no table is found, or none with that column.
    """
    lines = _text_of(content).splitlines()
    rows = _rows(lines)
    columns = _columns_of(rows, column.strip().casefold())
    if columns is None and column.strip():
        raise InvalidInput(f"This file has no column “{column.strip()}” beside its times.", field="file")
    if columns is None:
        raise InvalidInput("This file has no table of times and temperatures.", field="file")
    said = columns.scale or _scale_said_above(lines[: columns.header_line]) or (Scale(scale) if scale else None)
    order = DayOrder(days) if days else _day_order(rows, columns)
    readings: dict[datetime, LoggerReading] = {}
    problems: list[Problem] = []
    last: datetime | None = None
    for line, cells in rows[columns.header_line :]:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            found = _reading(line, cells, columns, said, order, zone, last)
        except InvalidInput as error:
            if error.field == "scale":
                raise
            problems.append(Problem(line, error.message))
            continue
        last = found.at
        if now and found.at > now:
            problems.append(Problem(line, "It lies in the future: the logger's clock is wrong."))
        elif (known := readings.setdefault(found.at, found)) is not found and known.celsius != found.celsius:
            problems.append(
                Problem(line, "This time stands there twice with different temperatures; the first counts.")
            )
    if not readings and not problems:
        raise InvalidInput("This file has a heading and no readings.", field="file")
    return LoggerFile(
        tuple(sorted(readings.values(), key=lambda r: r.at)), tuple(problems), _serial(lines[: columns.header_line])
    )


def _text_of(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.lstrip("\ufeff")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(lines: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The cells of each line, parted by whatever parts most lines."""
    separator = max(("\t", ";", ","), key=lambda s: sum(1 for line in lines if line.count(s) >= 1))
    parsed = []
    for number, line in enumerate(lines, 1):
        cells = next(iter(csv.reader([line.replace("\x00", "")], delimiter=separator)), [])
        parsed.append((number, [cell.strip().strip('"') for cell in cells]))
    return parsed


def _columns_of(rows: Sequence[tuple[int, list[str]]], wanted: str) -> _Columns | None:
    for number, cells in rows:
        if (found := _from_heading(number, cells, wanted)) is not None:
            return found
    if wanted:
        return None
    for number, cells in rows:
        for at, cell in enumerate(cells):
            is_day = _reads_as_day(cell)
            clock = at + 1 if is_day and at + 1 < len(cells) and CLOCK.match(cells[at + 1]) else None
            after = (clock if clock is not None else at) + 1
            if is_day and after < len(cells):
                return _Columns(at, clock, after, None, number - 1)
    return None


def _from_heading(number: int, cells: Sequence[str], wanted: str) -> _Columns | None:
    if any(_reads_as_day(cell) for cell in cells) or len(cells) < 2:
        return None
    when = [at for at, cell in enumerate(cells) if WHEN.search(cell) and not DEGREES.search(cell)]
    if wanted:
        when = [at for at, cell in enumerate(cells) if WHEN.search(cell) and wanted not in cell.casefold()]
        warmth = [at for at, cell in enumerate(cells) if wanted in cell.casefold()]
    else:
        warmth = [
            at for at, c in enumerate(cells) if DEGREES.search(c) and not NOT_DEGREES.search(c) and at not in when
        ]
    if not when or not warmth:
        return None
    days = [at for at in when if DAY_ONLY.match(cells[at])]
    clocks = [at for at in when if CLOCK_ONLY.match(cells[at])]
    first = days[0] if days and clocks else when[0]
    best = min(warmth, key=lambda at: (CELSIUS.search(cells[at]) is None, at))
    return _Columns(first, clocks[0] if days and clocks else None, best, _scale_in(cells[best]), number)


def _scale_in(text: str) -> Scale | None:
    is_celsius, is_fahrenheit = bool(CELSIUS.search(text)), bool(FAHRENHEIT.search(text))
    if is_celsius == is_fahrenheit:
        return None
    return Scale.CELSIUS if is_celsius else Scale.FAHRENHEIT


def _scale_said_above(lines: Sequence[str]) -> Scale | None:
    """The scale the lines before the table name, if they agree."""
    said = set()
    for line in lines:
        if scale := _scale_in(line):
            said.add(scale)
        elif UNIT_LINE.search(line) and (bare := re.search(r"[:,;=\t ]\s*([CF])\W*$", line.strip())):
            said.add(Scale(bare[1]))
    return said.pop() if len(said) == 1 else None


def _serial(lines: Sequence[str]) -> str:
    for line in lines:
        if found := SERIAL.search(line):
            return found[1]
    return ""


def _reading(
    line: int,
    cells: Sequence[str],
    columns: _Columns,
    said: Scale | None,
    order: DayOrder,
    zone: ZoneInfo,
    last: datetime | None,
) -> LoggerReading:
    needed = max(columns.when, columns.degrees, columns.clock or 0)
    if len(cells) <= needed:
        raise InvalidInput("This line is cut short.")
    degrees = cells[columns.degrees]
    if degrees.lower() in NOTHING:
        raise InvalidInput("The logger has no temperature for this time.")
    own = CELL_SCALE.search(degrees)
    scale = Scale(own[1].upper()) if own else said
    value = read_degrees(degrees)
    if scale is None:
        raise InvalidInput("The file does not say whether it counts in °C or °F. Choose it.", field="scale")
    when = cells[columns.when] + (f" {cells[columns.clock]}" if columns.clock is not None else "")
    return LoggerReading(line, _moment(when, order, zone, last), to_celsius(value, scale), degrees[:16], scale)


def _day_order(rows: Sequence[tuple[int, list[str]]], columns: _Columns) -> DayOrder:
    """Month first, as here, unless a date of the file has no such month; a file that has both kinds is refused."""
    firsts, seconds = [0], [0]
    for _, cells in rows[columns.header_line :]:
        if len(cells) > columns.when and (found := NUMBERS.match(cells[columns.when])):
            firsts.append(int(found[1]))
            seconds.append(int(found[2]))
    if max(firsts) > 12 and max(seconds) <= 12:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST


def _reads_as_day(text: str) -> bool:
    return any(pattern.match(text) for pattern in (ISO, NUMBERS, WORDS, MONTH_WORD))


def _moment(text: str, order: DayOrder, zone: ZoneInfo, last: datetime | None) -> datetime:
    plain = re.sub(r"\s+", " ", text).strip()
    for year, month, day, clock in _parts(plain, order):
        try:
            local = datetime.combine(date(year, month, day), _clock(clock or "")[0])
        except ValueError:
            break
        return _in_zone(local, _clock(clock or "")[1], zone, last)
    raise InvalidInput(f"“{plain}” is not a date and time.")


def _parts(plain: str, order: DayOrder) -> Iterator[tuple[int, int, int, str | None]]:
    if found := ISO.match(plain):
        yield int(found[1]), int(found[2]), int(found[3]), found[4]
    elif found := NUMBERS.match(plain):
        month, day = int(found[1]), int(found[2])
        if order is DayOrder.DAY_FIRST:
            month, day = day, month
        yield _full_year(found[3]), month, day, found[4]
    elif (found := WORDS.match(plain)) and found[2].lower() in MONTHS:
        yield _full_year(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]), found[4]
    elif (found := MONTH_WORD.match(plain)) and found[1].lower() in MONTHS:
        yield int(found[3]), MONTHS.index(found[1].lower()) + 1, int(found[2]), found[4]


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) <= 2 else 0)


def _clock(text: str) -> tuple[time, str]:
    found = CLOCK.match(text.strip())
    if not found:
        raise InvalidInput(f"“{text.strip()}” is not a time of day." if text.strip() else "The time of day is missing.")
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise InvalidInput(f"“{text.strip()}” is not a time of day.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found[2]), int(found[3] or 0)), found[5] or ""
    except ValueError:
        raise InvalidInput(f"“{text.strip()}” is not a time of day.") from None


def _in_zone(local: datetime, offset: str, zone: ZoneInfo, last: datetime | None) -> datetime:
    """The moment in UTC. Of the hour that comes twice in autumn, the second one once the first has passed."""
    if offset:
        return datetime.fromisoformat(f"{local.isoformat()}{'+00:00' if offset == 'Z' else offset}").astimezone(UTC)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first < second and last is not None and first <= last < second else first
