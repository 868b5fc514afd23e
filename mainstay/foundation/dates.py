"""Dates and times as people type them at a desk, and as we show them: read loosely, shown one way.

US order (month first) throughout. Nothing here knows what day it is: `today` is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Literal, NoReturn

from dateutil.relativedelta import relativedelta

from mainstay.foundation.errors import InvalidInput

Lean = Literal["past", "future"]
"""Which way an unfinished date falls: `3/5` typed in May is last March ("past") or next March ("future")."""

OLDEST_AGE = 130
EARLIEST_YEAR, LATEST_YEAR = 1850, 2199

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905 - reads as the year does
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_SHORT = {
    "mo": 0,
    "tu": 1,
    "tues": 1,
    "we": 2,
    "weds": 2,
    "th": 3,
    "thur": 3,
    "thurs": 3,
    "fr": 4,
    "sa": 5,
    "su": 6,
}
_NAMED = {
    "today": 0,
    "tod": 0,
    "now": 0,
    "tomorrow": 1,
    "tom": 1,
    "tmr": 1,
    "tmw": 1,
    "yesterday": -1,
    "yest": -1,
    "yes": -1,
}
_UNITS = {
    "d": "days",
    "w": "weeks",
    "wk": "weeks",
    "m": "months",
    "mo": "months",
    "mon": "months",
    "y": "years",
    "yr": "years",
}
_COUNT_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}

_OFFSET = re.compile(
    r"(?P<lead>in\s+|[+-])?\s*(?P<count>\d{1,4}|[a-z]+)\s*(?P<unit>[a-z]+)(?P<tail>\s+ago|\s+from\s+(?:now|today))?"
)
_NUMBERS = re.compile(r"(\d{1,4})\s*[/\-. ]\s*(\d{1,2})(?:\s*[/\-. ]\s*(\d{1,4}))?")
_WORDED = re.compile(r"[a-z]+|\d+")
_EXAMPLES = "Try 3/5/1984, 5 mar 1984, tom, next tue or +6w."


def read_date(text: str, *, today: date, prefer: Lean = "future") -> date:
    """The day meant by `text`: `tom`, `+6w`, `3/5`, `3/5/84`, `03051984`, `5 mar 1984`, `next tue`, `in 3 weeks`…

    `prefer` completes what was left out: the year of `3/5`, the week of `tue`, the century of `84`
    (leaning to the future, two-digit years reach 20 years ahead). A weekday alone is never today.
    Raises `InvalidInput` with one sentence that helps.
    """
    typed = _tidy(text)
    if not typed:
        raise InvalidInput("Type a date. " + _EXAMPLES)
    if typed in _NAMED:
        return today + timedelta(days=_NAMED[typed])
    for reading in (_read_weekday, _read_offset, _read_digits, _read_numbers, _read_words):
        if (found := reading(typed, today, prefer)) is not None:
            return found
    raise InvalidInput(f"“{text.strip()}” is not a date we can read. {_EXAMPLES}")


def read_birth_date(text: str, *, today: date) -> date:
    """A date of birth: two-digit years fall in the past, never after today, never over 130 years ago.

    Raises `InvalidInput`; a date without its year is refused, because a guess would be somebody else's birthday.
    """
    typed = _tidy(text)
    if _lacks_year(typed):
        raise InvalidInput("Type the year of birth too, for example 3/5/1984.")
    born = read_date(text, today=today, prefer="past")
    if born > today:
        raise InvalidInput(f"{spell_date(born)} has not come yet: a date of birth cannot be in the future.")
    if born < today - relativedelta(years=OLDEST_AGE):
        raise InvalidInput(f"{spell_date(born)} is more than {OLDEST_AGE} years ago. Check the year.")
    return born


def dob_forms(text: str, *, today: date) -> frozenset[date]:
    """Every date of birth `text` may mean, for searching: month first or day first, either century.

    Empty when it is not a whole date. Never in the future, never over 130 years ago, never raises.
    """
    typed = _tidy(text)
    oldest = today - relativedelta(years=OLDEST_AGE)
    return frozenset(day for day in _candidates(typed, today) if oldest <= day <= today)


def spell_date(day: date) -> str:
    """A day no one can misread: `Fri 5 Mar 2027`."""
    return f"{_DAYS[day.weekday()].title()} {day.day} {_MONTHS[day.month - 1].title()} {day.year}"


def spell_birth_date(day: date) -> str:
    """A date of birth as it is read aloud at the desk: `03/05/1984`."""
    return f"{day:%m/%d/%Y}"


def read_time(text: str) -> time:
    """A time of day: `230p`, `2:30 pm`, `14:30`, `1430`, `9`, `noon`.

    Without am or pm and without a leading zero, clinic hours are meant: 7 to 11 is morning, 12 to 6 is afternoon.
    Raises `InvalidInput`.
    """
    typed = re.sub(r"\s+", "", text.strip().lower().replace(".", ":"))
    if typed in ("noon", "12noon"):
        return time(12)
    if typed in ("midnight", "12midnight"):
        return time(0)
    shape = re.fullmatch(r"(\d{1,2}?):?(\d{2})?(?::00)?(?:h|hrs)?(a|p|am|pm|a:m:?|p:m:?)?", typed)
    if not shape:
        raise InvalidInput(f"“{text.strip()}” is not a time we can read. Try 9, 9:30, 230p or 14:30.")
    hour, minute, half = int(shape[1]), int(shape[2] or 0), (shape[3] or "")[:1]
    if half and not 1 <= hour <= 12 or hour > 23 or minute > 59:
        raise InvalidInput(f"There is no time {text.strip()}. Try 9:30, 230p or 14:30.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= 6 and not shape[1].startswith("0"):
        hour += 12
    return time(hour, minute)


def spell_time(moment: time) -> str:
    """A time of day in the American way: `2:30 pm`, `12:00 pm`."""
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02d} {'pm' if moment.hour >= 12 else 'am'}"


def age_on(born: date, day: date) -> int:
    """Whole years lived on `day`; somebody born on 29 February has the birthday on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def spell_age(born: date, day: date) -> str:
    """An age as clinicians say it: `9 days`, `7 weeks`, `14 months`, `34 years`."""
    days = (day - born).days
    if days < 0:
        return "not born yet"
    between = relativedelta(day, born)
    months = between.years * 12 + between.months
    if days < 28:
        return f"{days} day{'s' * (days != 1)}"
    if months < 3:
        return f"{days // 7} weeks"
    if months < 24:
        return f"{months} months"
    return f"{between.years} years"


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().lower().replace(",", " "))


def _weekday(word: str) -> int | None:
    if word in _DAY_SHORT:
        return _DAY_SHORT[word]
    if len(word) >= 3:
        for number, name in enumerate(_DAY_NAMES):
            if name.startswith(word):
                return number
    return None


def _month(word: str) -> int | None:
    if word == "sept":
        return 9
    if len(word) >= 3:
        for number, name in enumerate(_MONTH_NAMES, start=1):
            if name.startswith(word):
                return number
    return None


def _read_weekday(typed: str, today: date, prefer: Lean) -> date | None:
    words = typed.split(" ")
    lead = words[0] if len(words) == 2 else ""
    if len(words) > 2 or lead not in ("", "next", "this", "on", "last", "past", "coming"):
        return None
    if lead in ("next", "last") and words[-1] in ("week", "month", "year"):
        step = relativedelta(**{words[-1] + "s": 1 if lead == "next" else -1})
        return today + step
    if (wanted := _weekday(words[-1])) is None:
        return None
    backward = lead in ("last", "past") or (not lead and prefer == "past")
    if backward:
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _read_offset(typed: str, today: date, prefer: Lean) -> date | None:
    if not (shape := _OFFSET.fullmatch(typed)):
        return None
    unit = shape["unit"] if shape["unit"] in _UNITS else shape["unit"].rstrip("s")
    unit = _UNITS.get(unit) or {"day": "days", "week": "weeks", "month": "months", "year": "years"}.get(unit, "")
    count = int(shape["count"]) if shape["count"].isdigit() else _COUNT_WORDS.get(shape["count"], 0)
    if not unit or (not count and not shape["count"].isdigit()):
        return None
    lead, tail = (shape["lead"] or "").strip(), (shape["tail"] or "").strip()
    if tail == "ago" or lead == "-":
        count = -count
    elif not lead and not tail and prefer == "past":
        raise InvalidInput(f"Say which way: “{typed} ago” or “in {typed}”.")
    try:
        return today + relativedelta(**{unit: count})
    except (ValueError, OverflowError):
        raise InvalidInput(f"“{typed}” is too far away.") from None


def _read_digits(typed: str, today: date, prefer: Lean) -> date | None:
    if not typed.isascii() or not typed.isdigit() or len(typed) not in (6, 8):
        return None
    if len(typed) == 8 and typed[:2] in ("18", "19", "20", "21"):
        return _make(int(typed[:4]), int(typed[4:6]), int(typed[6:]))
    return _make(_year(typed[4:], int(typed[:2]), int(typed[2:4]), today, prefer), int(typed[:2]), int(typed[2:4]))


def _read_numbers(typed: str, today: date, prefer: Lean) -> date | None:
    if not (shape := _NUMBERS.fullmatch(typed)):
        return None
    first, second, third = shape.groups()
    if len(first) == 4:
        if third is None:
            raise InvalidInput(f"“{typed}” lacks the day. {_EXAMPLES}")
        return _make(int(first), int(second), int(third))
    if len(first) == 3:
        return None
    if third is None:
        return _nearest(int(first), int(second), today, prefer)
    return _make(_year(third, int(first), int(second), today, prefer), int(first), int(second))


def _read_words(typed: str, today: date, prefer: Lean) -> date | None:
    words = _WORDED.findall(re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", typed))
    if re.sub(r"[a-z0-9 .\-/']", "", typed) or not 2 <= len(words) <= 4:
        return None
    weekday = _weekday(words[0]) if len(words) > 2 else None
    rest = words[1:] if weekday is not None else words
    months = [(place, number) for place, word in enumerate(rest) if (number := _month(word)) is not None]
    if len(months) != 1 or not all(w.isdigit() for i, w in enumerate(rest) if i != months[0][0]):
        return None
    place, month = months[0]
    numbers = [w for i, w in enumerate(rest) if i != place]
    if len(numbers) == 1:
        if len(numbers[0]) > 2:
            raise InvalidInput(f"“{typed}” lacks the day. {_EXAMPLES}")
        found = _nearest(month, int(numbers[0]), today, prefer)
    elif len(numbers) == 2:
        year, day = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
        found = _make(_year(year, month, int(day), today, prefer), month, int(day))
    else:
        return None
    if weekday is not None and found.weekday() != weekday:
        raise InvalidInput(
            f"{spell_date(found)} is a {_DAY_NAMES[found.weekday()].title()}, not a {_DAY_NAMES[weekday].title()}."
        )
    return found


def _year(digits: str, month: int, day: int, today: date, prefer: Lean) -> int:
    if len(digits) == 4:
        return int(digits)
    if len(digits) != 2:
        raise InvalidInput(f"The year {digits} cannot be read. Type two or four digits.")
    year = today.year - today.year % 100 + int(digits)
    if prefer == "past":
        return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year
    return year - 100 if year > today.year + 20 else year


def _nearest(month: int, day: int, today: date, prefer: Lean) -> date:
    if (month, day) == (2, 29):
        step = 1 if prefer == "future" else -1
        for year in range(today.year, today.year + 9 * step, step):
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            if leap and (date(year, 2, 29) >= today if step == 1 else date(year, 2, 29) <= today):
                return date(year, 2, 29)
    found = _make(today.year, month, day)
    if prefer == "future" and found < today:
        return _make(today.year + 1, month, day)
    if prefer == "past" and found > today:
        return _make(today.year - 1, month, day)
    return found


def _make(year: int, month: int, day: int) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidInput(f"The year {year} cannot be right.")
    if not 1 <= month <= 12:
        if 1 <= day <= 12 and 1 <= month <= 31:
            raise InvalidInput(
                f"There is no month {month}. Dates are typed month first: did you mean {day}/{month}/{year}?"
            )
        raise InvalidInput(f"There is no month {month}.")
    try:
        return date(year, month, day)
    except ValueError:
        _no_such_day(year, month, day)


def _no_such_day(year: int, month: int, day: int) -> NoReturn:
    name = _MONTH_NAMES[month - 1].title()
    raise InvalidInput(f"{name} {year} has no day {day}.")


def _lacks_year(typed: str) -> bool:
    if (shape := _NUMBERS.fullmatch(typed)) is not None:
        return shape.group(3) is None
    words = _WORDED.findall(typed)
    return len(words) < 3 and not typed.isdigit() and any(_month(w) for w in words if w.isalpha())


def _candidates(typed: str, today: date) -> Iterator[date]:
    for year, month, day in _readings(typed):
        centuries = (year,) if year >= 1000 else (1900 + year, 2000 + year)
        for whole in centuries:
            try:
                yield date(whole, month, day)
            except ValueError:
                continue


def _readings(typed: str) -> Iterator[tuple[int, int, int]]:
    """(year, month, day) in every order the shape allows; a two-digit year stays below 100."""
    if typed.isascii() and typed.isdigit() and len(typed) in (6, 8):
        first, second, rest = int(typed[:2]), int(typed[2:4]), typed[4:]
        yield int(rest), first, second
        yield int(rest), second, first
        if len(typed) == 8:
            yield int(typed[:4]), int(typed[4:6]), int(typed[6:])
            yield int(typed[:4]), int(typed[6:]), int(typed[4:6])
        return
    if shape := _NUMBERS.fullmatch(typed):
        first_, second_, third_ = shape.groups()
        if third_ is None or len(third_) == 3 or len(first_) == 3:
            return
        if len(first_) == 4:
            yield int(first_), int(second_), int(third_)
            yield int(first_), int(third_), int(second_)
        elif len(third_) in (2, 4):
            yield int(third_), int(first_), int(second_)
            yield int(third_), int(second_), int(first_)
        return
    words = _WORDED.findall(re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", typed))
    months = [m for w in words if w.isalpha() and (m := _month(w)) is not None]
    numbers = [w for w in words if w.isdigit()]
    if len(months) == 1 and len(numbers) == 2:
        year, day = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
        if len(year) in (2, 4):
            yield int(year), months[0], int(day)
