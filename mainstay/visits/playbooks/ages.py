"""Periods and age ranges as tables spell them: `6m`, `12y..17y`."""

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

    def __str__(self) -> str:
        word = {"d": "day", "w": "week", "m": "month", "y": "year"}[self.unit]
        return f"{self.count} {word}" + ("" if self.count == 1 else "s")


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
