"""Ages written in words, and whether somebody is that old on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from mainstay.immunizations.forecast.periods import Period, add_period, parse_period

_period = cache(parse_period)


@dataclass(frozen=True, slots=True)
class AgeWindow:
    """From an age (inclusive) to an age (exclusive), as written in the tables ("6 weeks"); empty means no limit."""

    low: str = ""
    high: str = ""

    def holds(self, born: date, on: date) -> bool:
        """Whether somebody born on a day is within the window on another."""
        return not self.is_too_young(born, on) and not self.is_too_old(born, on)

    def is_too_young(self, born: date, on: date) -> bool:
        """Whether the window has not opened yet."""
        return bool(self.low) and on < day_of_age(born, self.low)

    def is_too_old(self, born: date, on: date) -> bool:
        """Whether the window has closed."""
        return bool(self.high) and on >= day_of_age(born, self.high)

    def __str__(self) -> str:
        if self.low and self.high:
            return f"{self.low} to under {self.high}"
        return f"{self.low} and older" if self.low else f"under {self.high}" if self.high else "any age"


def day_of_age(born: date, age: str) -> date:
    """The day somebody reaches an age written as "6 weeks" or "12 months". Raises ValueError for anything else."""
    period: Period = _period(age)
    return date.fromordinal(add_period(born.toordinal(), period))


def years_old(born: date, on: date) -> int:
    """Completed years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
