"""Periods and age ranges as tables spell them (`6m`, `12y..17y`), and ages as people type them (`18`, `6 months`)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar length: `10d`, `2w`, `18m`, `1y`."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        """The day this long after another; a day its month lacks becomes that month's last."""
        if self.unit in "dw":
            return day + timedelta(days=self.count * (7 if self.unit == "w" else 1))
        months = day.year * 12 + day.month - 1 + self.count * (12 if self.unit == "y" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

    def before(self, day: date) -> date:
        """The day this long before another."""
        return Period(-self.count, self.unit).after(day)

    @property
    def spelled(self) -> str:
        """As tables spell it: `18m`."""
        return f"{self.count}{self.unit}"

    def __str__(self) -> str:
        word = {"d": "day", "w": "week", "m": "month", "y": "year"}[self.unit]
        return f"{self.count} {word}" + ("" if self.count == 1 else "s")


UNITS = {
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "w"),
    **dict.fromkeys(("m", "mo", "mos", "month", "months"), "m"),
    **dict.fromkeys(("", "y", "yr", "yrs", "year", "years"), "y"),
}
MOST_YEARS = 130


def read_age(text: str) -> Period:
    """An age as people type it: `18`, `18 years`, `6 mo`; raises `ValueError` for anything else."""
    found = re.fullmatch(r"(\d{1,4})\s*([a-z]*)\.?", text.strip().lower(), re.ASCII)
    if not found or found[2] not in UNITS:
        raise ValueError(f"{text.strip()!r} is no age. Type it like 18, 6 months or 28 days.")
    age = Period(int(found[1]), UNITS[found[2]])
    if age.count > MOST_YEARS * {"d": 366, "w": 53, "m": 12, "y": 1}[age.unit]:
        raise ValueError(f"Nobody is {age} old.")
    return age


def read_period(text: str) -> Period:
    """The period a table spells; raises `ValueError` for anything else."""
    found = re.fullmatch(r"(\d+)([dwmy])", text.strip())
    if not found:
        raise ValueError(f"not a period: {text!r}")
    return Period(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class AgeRange:
    """From a birthday to the day before a later one; `12y..17y` ends the day before the 18th birthday."""

    low: Period | None
    high: Period | None

    @property
    def is_empty(self) -> bool:
        """Whether nobody can be in it: the end comes before the beginning."""
        if not (self.low and self.high):
            return False
        born = date(2000, 1, 1)
        return Period(self.high.count + 1, self.high.unit).after(born) <= self.low.after(born)

    def holds(self, born: date, on: date) -> bool:
        """Whether somebody born then is in the range on that day."""
        if self.low and on < self.low.after(born):
            return False
        return not self.high or on < Period(self.high.count + 1, self.high.unit).after(born)

    def __str__(self) -> str:
        if self.low and self.high:
            return f"age {self.low} to {self.high}"
        if self.low:
            return f"age {self.low} and over"
        return f"age up to {self.high}"


def read_age_range(text: str) -> AgeRange:
    """The range a table spells: `65y..`, `..11y`, `18m..35m`; raises `ValueError` for anything else."""
    low, dots, high = text.partition("..")
    if not dots or not (low or high):
        raise ValueError(f"not an age range: {text!r}")
    return AgeRange(read_period(low) if low else None, read_period(high) if high else None)
