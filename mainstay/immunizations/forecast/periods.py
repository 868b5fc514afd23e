"""Ages and intervals, and how they are added to a date (CDSi 4.6 §3.4, CALCDT-1 to CALCDT-6).

Dates inside the library are proleptic ordinals (`date.toordinal()`), so comparing and adding days is integer work.
"""

from __future__ import annotations

import re
from datetime import date

PAST = date(1900, 1, 1).toordinal()
FUTURE = date(2999, 12, 31).toordinal()

Period = tuple[int, int]
"""Months and days. Years are twelve months and weeks seven days; either may be negative ("12 months - 4 days")."""

_BASE_YEAR = 1700
_LAST_YEAR = 2400
_FIRST_OF_MONTH = [
    date(year, month, 1).toordinal() for year in range(_BASE_YEAR, _LAST_YEAR + 1) for month in range(1, 13)
]
_TERM = re.compile(r"([+-]?)\s*(\d+)\s*(year|month|week|day)s?", re.IGNORECASE)


def parse_period(text: str) -> Period:
    """The period written as "4 years - 4 days" or "5 months + 4 weeks". Raises ValueError when it is not one."""
    months = days = 0
    rest = _TERM.sub("", text).strip()
    terms = _TERM.findall(text)
    if rest or not terms:
        raise ValueError(f"not an age or interval: {text!r}")
    for sign, amount, unit in terms:
        number = -int(amount) if sign == "-" else int(amount)
        match unit.lower():
            case "year":
                months += 12 * number
            case "month":
                months += number
            case "week":
                days += 7 * number
            case _:
                days += number
    return months, days


def write_period(period: Period) -> str:
    """The period in words a person reads: "5 months and 4 weeks", "12 months less 4 days"."""
    months, days = period
    parts = []
    if months:
        parts.append(_counted(months // 12, "year") if months % 12 == 0 and months >= 24 else _counted(months, "month"))
    if days or not parts:
        size = abs(days)
        words = _counted(size // 7, "week") if size % 7 == 0 and size else _counted(size, "day")
        parts.append(words if days >= 0 else f"less {words}")
    return " ".join(parts) if days < 0 else " and ".join(parts)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def add_period(start: int, period: Period) -> int:
    """The date a period after `start`: months first, then days.

    A date that does not exist moves to the first of the next month (CALCDT-5).
    """
    months, days = period
    if not months:
        return start + days
    origin = date.fromordinal(start)
    month = (origin.year - _BASE_YEAR) * 12 + origin.month - 1 + months
    moved = _FIRST_OF_MONTH[month] + origin.day - 1
    following = _FIRST_OF_MONTH[month + 1]
    return (moved if moved < following else following) + days


def ages_of(birth: date, periods: tuple[Period, ...]) -> list[int]:
    """The dates on which somebody born on `birth` reaches each of many ages; as `add_period`, for all at once."""
    month = (birth.year - _BASE_YEAR) * 12 + birth.month - 1
    day = birth.day - 1
    first = _FIRST_OF_MONTH
    if day < 28:
        return [first[month + months] + day + days for months, days in periods]
    return [min(first[month + months] + day, first[month + months + 1]) + days for months, days in periods]
