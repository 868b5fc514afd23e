"""How warm a storage unit may be, and when it was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml

TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")


class Scale(StrEnum):
    """What a thermometer counts in."""

    CELSIUS = "C"
    FAHRENHEIT = "F"


@dataclass(frozen=True, slots=True)
class Range:
    """The temperatures a kind of unit may have, limits included, in both scales as the source prints them."""

    kind: str
    title: str
    lowest: Decimal
    highest: Decimal
    lowest_f: Decimal
    highest_f: Decimal
    aim: Decimal | None
    effective: date
    source: str
    reviewed_by: str

    def holds(self, celsius: Decimal, *, fahrenheit: Decimal | None = None) -> bool:
        """Whether a temperature is within; one read in °F is judged by the limits in °F (36-46 is not 2-8 exactly)."""
        if fahrenheit is not None:
            return self.lowest_f <= fahrenheit <= self.highest_f
        return self.lowest <= celsius <= self.highest

    @property
    def words(self) -> str:
        """`2 to 8 °C (36 to 46 °F)`."""
        low, high, low_f, high_f = (
            f"{value.normalize():f}" for value in (self.lowest, self.highest, self.lowest_f, self.highest_f)
        )
        return f"{low} to {high} °C ({low_f} to {high_f} °F)".replace("-", "−")


@cache
def _ranges() -> Mapping[str, tuple[Range, ...]]:
    table = read_toml("mainstay.inventory", "storage.toml")
    found: dict[str, list[Range]] = {}
    for row in table["range"]:
        found.setdefault(row["kind"], []).append(
            Range(
                row["kind"],
                row["title"],
                Decimal(row["lowest"]),
                Decimal(row["highest"]),
                Decimal(row["lowest_f"]),
                Decimal(row["highest_f"]),
                Decimal(row["aim"]) if "aim" in row else None,
                row["effective"],
                row["source"],
                row["reviewed_by"],
            )
        )
    return {kind: tuple(sorted(rows, key=lambda r: r.effective)) for kind, rows in found.items()}


def range_of(kind: str, *, on: date) -> Range:
    """The range of a kind of unit on a day (`tables/storage.toml`); raises `KeyError` before the first row."""
    for row in reversed(_ranges()[kind]):
        if row.effective <= on:
            return row
    raise KeyError(f"no range for {kind} on {on}")


def narrowed(limits: Range, lowest: Decimal | None, highest: Decimal | None) -> Range:
    """The range of a kind with a unit's own limits (°C): they only make it narrower; None leaves that side."""
    low = limits.lowest if lowest is None else max(limits.lowest, lowest)
    high = limits.highest if highest is None else min(limits.highest, highest)
    return replace(
        limits,
        lowest=low,
        highest=high,
        lowest_f=limits.lowest_f if low == limits.lowest else to_fahrenheit(low),
        highest_f=limits.highest_f if high == limits.highest else to_fahrenheit(high),
    )


@dataclass(frozen=True, slots=True)
class LimitsOverTime:
    """The limits a unit has now, and those it had, each until a moment, the oldest first.

    A reading keeps the limits of the moment it was taken at: what was in range then is not made an excursion later.
    """

    now: Range
    former: tuple[tuple[datetime, Range], ...] = ()

    def at(self, moment: datetime) -> Range:
        """The limits of a moment."""
        return next((limits for until, limits in self.former if moment < until), self.now)

    def between(self, begin: datetime, end: datetime) -> list[tuple[datetime, datetime, Range]]:
        """From when to when which limits held, within a stretch of time."""
        found, since = [], begin
        for until, limits in (*self.former, (end, self.now)):
            if until > since:
                found.append((since, min(until, end), limits))
                since = until
            if since >= end:
                break
        return found

    @property
    def since(self) -> datetime | None:
        """Since when those of now hold, None where there never were others."""
        return self.former[-1][0] if self.former else None

    @property
    def before(self) -> Range | None:
        """Those that held before those of now."""
        return self.former[-1][1] if self.former else None


def to_celsius(value: Decimal, scale: Scale | str) -> Decimal:
    """A temperature in °C, to the hundredth."""
    celsius = value if Scale(scale) is Scale.CELSIUS else (value - 32) * 5 / 9
    return celsius.quantize(HUNDREDTH)


def to_fahrenheit(celsius: Decimal) -> Decimal:
    """A temperature in °F, to the tenth."""
    return (celsius * 9 / 5 + 32).quantize(TENTH)


def spell_degrees(celsius: Decimal) -> str:
    """A temperature as people read it: `−18.5`."""
    return f"{celsius:.1f}".replace("-", "−")


def spell_span(lowest: Decimal, highest: Decimal) -> str:
    """Two temperatures as people read them: `between 4.0 and 11.0 °C`, or `at 11.1 °C`."""
    if lowest == highest:
        return f"at {spell_degrees(lowest)} °C"
    return f"between {spell_degrees(lowest)} and {spell_degrees(highest)} °C"


def read_degrees(text: str) -> Decimal:
    """A number of degrees as people and loggers write it: `5.2`, `5,2`, `−18.0`, `41.0 °F`; raises `InvalidInput`."""
    plain = text.strip().replace("−", "-").replace("–", "-").rstrip("°CFcf ").strip()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise InvalidInput(f"“{text.strip()}” is not a temperature.") from None
    if not value.is_finite() or not -200 <= value <= 200:
        raise InvalidInput(f"“{text.strip()}” is not a temperature a storage unit can have.")
    return value


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A stretch of time outside the range. `ended_at` is the first reading back inside, None if none came."""

    began_at: datetime
    ended_at: datetime | None
    last_at: datetime
    lowest: Decimal
    highest: Decimal
    readings: int

    @property
    def lasted(self) -> timedelta:
        """From the first reading outside to the first back inside, or the last there is."""
        return (self.ended_at or self.last_at) - self.began_at


@dataclass(frozen=True, slots=True)
class Taken:
    """One reading: when, in °C, and in °F where it was written so."""

    at: datetime
    celsius: Decimal
    fahrenheit: Decimal | None = None


def out_of_range(readings: Iterable[Taken], limits: LimitsOverTime) -> list[OutOfRange]:
    """Every stretch outside the range of its moment, oldest first. Any single reading outside is one (CDC toolkit)."""
    found: list[OutOfRange] = []
    run: list[Taken] = []
    for reading in sorted(readings, key=lambda r: r.at):
        if limits.at(reading.at).holds(reading.celsius, fahrenheit=reading.fahrenheit):
            if run:
                found.append(_stretch(run, reading.at))
            run = []
        else:
            run.append(reading)
    if run:
        found.append(_stretch(run, None))
    return found


def _stretch(run: list[Taken], ended_at: datetime | None) -> OutOfRange:
    warmth = [r.celsius for r in run]
    return OutOfRange(run[0].at, ended_at, run[-1].at, min(warmth), max(warmth), len(run))


def slot_of(now: datetime, zone: ZoneInfo) -> tuple[date, str]:
    """The day and half-day (`am` until noon, then `pm`) a reading taken now belongs to. No other can be written."""
    local = now.astimezone(zone)
    return local.date(), "am" if local.hour < 12 else "pm"


def judge_daily(
    lowest: Decimal, highest: Decimal, present: Decimal, scale: Scale | str, limits: Range
) -> tuple[Finding, ...]:
    """What is wrong with a reading of lowest, highest and present temperature, as read in `scale`."""
    if not lowest <= present <= highest:
        return (
            Finding(
                Severity.STOP,
                "out_of_order",
                "present",
                "The present temperature lies between the lowest and the highest. Read the display again.",
            ),
        )
    outside = [value for value in (lowest, present, highest) if not _is_inside(value, scale, limits)]
    if not outside:
        return ()
    worst = max(outside, key=lambda v: abs(to_celsius(v, scale) - (limits.lowest + limits.highest) / 2))
    return (
        Finding(
            Severity.CONFIRM,
            "out_of_range",
            "highest" if worst == highest else "lowest",
            f"{worst} °{Scale(scale)} is outside {limits.words}. Read it again. If it is right, what is inside is held "
            "and marked DO NOT USE: say what you did at once.",
        ),
    )


def _is_inside(value: Decimal, scale: Scale | str, limits: Range) -> bool:
    fahrenheit = value if Scale(scale) is Scale.FAHRENHEIT else None
    return limits.holds(to_celsius(value, scale), fahrenheit=fahrenheit)
