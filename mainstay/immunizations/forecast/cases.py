"""Cases as JSON lines: one patient in, one answer out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from .engine import Forecast, forecast_person
from .explaining import explain_group, short_reasons
from .history import DoseGiven, Fact, Person
from .loading import other_vaccines
from .progress import Reason
from .results import dose_results
from .schedule import Gender, Schedule

Row = dict[str, Any]

_GENDERS = {"F": Gender.FEMALE, "FEMALE": Gender.FEMALE, "M": Gender.MALE, "MALE": Gender.MALE}
_SILENT = (Reason.NONE, Reason.GRACE, Reason.LOW_VOLUME)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


_JSON = json.JSONDecoder(parse_constant=_refuse)
_write = json.JSONEncoder(separators=(",", ":")).encode


class BadCase(Exception):
    """The line is not a case that can be forecast."""


def answer_lines(lines: Iterable[str], schedule: Schedule, depth: str = "short") -> Iterator[str]:
    """One JSON line for each line that is not blank; a bad line is answered with its error.

    `depth` "full" adds the explanation of each group.
    """
    for line in lines:
        if line.strip():
            yield _write(answer(line, schedule, depth))


def answer(line: str, schedule: Schedule, depth: str = "short") -> Row:
    """The answer to one line; never raises for what the line holds."""
    try:
        row = _JSON.decode(line.strip().removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(row, dict):
        return {"id": None, "error": "a case is a JSON object"}
    identity = row.get("id")
    try:
        person, assessed = read_case(row, schedule)
    except BadCase as error:
        return {"id": identity, "error": str(error)}
    return write_answer(identity, forecast_person(person, schedule, assessed), depth)


def read_case(row: Row, schedule: Schedule) -> tuple[Person, date]:
    """The person and the day of assessment in a case. Raises `BadCase` naming the field."""
    born = _date(row.get("dob"), "dob")
    assessed = _date(row.get("assessment_date"), "assessment_date")
    if born > assessed:
        raise BadCase("dob: born after the assessment date")
    sex = row.get("sex")
    if sex is not None and not isinstance(sex, str):
        raise BadCase("sex: must be text")
    return (
        Person(
            born=born,
            gender=_GENDERS.get((sex or "").strip().upper(), Gender.UNKNOWN),
            facts=tuple(_fact(item, schedule) for item in _rows(row, "observations")),
            doses=tuple(_dose(item, schedule, born, assessed) for item in _rows(row, "doses")),
            birth_country=str(row.get("birth_country") or ""),
        ),
        assessed,
    )


def _rows(row: Row, name: str) -> list[Row]:
    found = row.get(name) or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise BadCase(f"{name}: must be a list of objects")
    return found


def _date(value: object, name: str) -> date:
    if value is None or value == "":
        raise BadCase(f"{name}: missing")
    try:
        if isinstance(value, str) and len(value) == 10:
            found = date.fromisoformat(value)
            if 1850 <= found.year < 2200:
                return found
    except ValueError:
        pass
    raise BadCase(f"{name}: {value!r} is not a date (YYYY-MM-DD)")


def _fact(row: Row, schedule: Schedule) -> Fact:
    code, on = row.get("code"), row.get("date")
    if not isinstance(code, str | int) or isinstance(code, bool) or not str(code).strip():
        raise BadCase("observations.code: an observation needs a code")
    words = str(code).strip()
    known = _numbered(words, 3) if _numbered(words, 3) in schedule.observations else _by_term(schedule, words)
    if known is None:
        raise BadCase(f"observations.code: {code!r} is not an observation the schedule knows")
    return Fact(known, _date(on, "observations.date") if on else None)


def _by_term(schedule: Schedule, words: str) -> str | None:
    """The observation of that very term, for those who send words for the code."""
    plain = words.casefold()
    return next((code for code, item in schedule.observations.items() if item.term.strip().casefold() == plain), None)


def _numbered(text: str, width: int) -> str:
    """A number written with as many digits as its code has: "7" and "0007" are 007."""
    return str(int(text)).zfill(width) if text.isascii() and text.isdigit() else text


def _dose(row: Row, schedule: Schedule, born: date, assessed: date) -> DoseGiven:
    given = _date(row.get("date"), "doses.date")
    cvx, mvx = row.get("cvx"), row.get("mvx")
    if not isinstance(cvx, str | int) or isinstance(cvx, bool) or not str(cvx).strip():
        raise BadCase("doses.cvx: missing")
    code = _numbered(str(cvx).strip(), 2)
    if code not in schedule.vaccines and code not in other_vaccines():
        raise BadCase(f"doses.cvx: {cvx!r} is not a vaccine code the schedule knows")
    if mvx is not None and not isinstance(mvx, str):
        raise BadCase("doses.mvx: must be text")
    if given < born:
        raise BadCase(f"doses.date: {given} is before birth")
    if given > assessed:
        raise BadCase(f"doses.date: {given} is after the assessment date")
    return DoseGiven(given, code, (mvx or "").strip().upper())


def write_answer(identity: object, forecast: Forecast, depth: str = "short") -> Row:
    """The answer as plain values: groups, then every dose's evaluation."""
    groups = []
    for group in forecast.groups:
        row: Row = {
            "group": group.group.name,
            "status": group.status,
            "dose_number": group.number or None,
            "earliest": _iso(group.earliest),
            "recommended": _iso(group.recommended),
            "past_due": _iso(group.past_due),
            "reasons": short_reasons(group, forecast.patient),
        }
        if depth == "full":
            found = explain_group(group, forecast.patient)
            row["explanation"] = {
                "schedule": found.schedule,
                "series": found.series,
                "doses": found.doses,
                "dates": found.dates,
            }
        groups.append(row)
    evaluations = [
        {
            "date": _iso(result.record.day),
            "cvx": result.record.cvx,
            "antigen": result.antigen,
            "status": result.status,
            "reason": None if result.reason in _SILENT else result.reason,
        }
        for result in dose_results(forecast)
    ]
    return {"id": identity, "groups": groups, "evaluations": evaluations}


@lru_cache(maxsize=16_384)
def _iso(ordinal: int) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal else None
