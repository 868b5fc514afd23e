"""Cases as JSON lines: one patient in, one answer out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import orjson

from .engine import Forecast, forecast_person
from .explaining import explain_group, short_reasons
from .history import DoseGiven, Fact, Person
from .loading import other_vaccines
from .progress import Reason
from .results import judgements
from .schedule import Gender, Schedule

Row = dict[str, Any]

_GENDERS = {"F": Gender.FEMALE, "FEMALE": Gender.FEMALE, "M": Gender.MALE, "MALE": Gender.MALE}
_UNSAID = frozenset(("", "U", "UNK", "UNKNOWN", "O", "OTHER", "X"))
_TOLD = frozenset(Reason) - {Reason.NONE, Reason.GRACE, Reason.LOW_VOLUME}


class BadCase(Exception):
    """The line is not a case that can be forecast."""


class Case(NamedTuple):
    """A person, the day of assessment, and what the line said that the forecast could not use."""

    person: Person
    assessed: date
    notes: list[str]


def answers(lines: Iterable[str], schedule: Schedule, depth: str = "short") -> Iterator[Row]:
    """The answer to each line that is not blank, in their order; that to a bad line has an "error" and its number.

    `depth` "full" adds the explanation of each group.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = answer(line, schedule, depth)
            if "error" in row:
                row["line"] = number
            yield row


def answer(line: str, schedule: Schedule, depth: str = "short") -> Row:
    """The answer to one line; never raises for what the line holds."""
    text = line.strip().removeprefix("\ufeff")
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(row, dict):
        return {"id": None, "error": "a case is a JSON object"}
    identity = row.get("id")
    if isinstance(identity, float):
        identity = json.loads(text)["id"]  # a number too long for 64 bits is read without loss
    try:
        case = read_case(row, schedule)
    except BadCase as error:
        return {"id": identity, "error": str(error)}
    found = write_answer(identity, forecast_person(case.person, schedule, case.assessed), depth)
    found["schedule"] = schedule.header.title
    if case.notes:
        found["notes"] = case.notes
    return found


def read_case(row: Row, schedule: Schedule) -> Case:
    """The person and the day of assessment in a case. Raises `BadCase` naming the field.

    An observation nobody knows makes no indication apply and is told to the clinician instead (Table 5-4, rule 3); a
    dose dated after the day of assessment has not been given yet; a sex nobody knows counts as unknown. All are named
    in the notes.
    """
    born = _date(row.get("dob"), "dob")
    assessed = _date(row.get("assessment_date"), "assessment_date")
    if born > assessed:
        raise BadCase("dob: born after the assessment date")
    sex = row.get("sex")
    if sex is not None and not isinstance(sex, str):
        raise BadCase("sex: must be text")
    called = (sex or "").strip().upper()
    country = row.get("birth_country")
    notes = [] if called in _GENDERS or called in _UNSAID else [f"sex: {sex!r} is neither F nor M; read as unknown"]
    facts = [_fact(item, schedule, notes) for item in _rows(row, "observations")]
    doses = [_dose(item, schedule, born) for item in _rows(row, "doses")]
    given = [dose for dose in doses if dose.given <= assessed]
    if len(given) < len(doses):
        notes += [
            f"doses.date: {dose.given} (CVX {dose.cvx}) is after the assessment date; the dose was left out"
            for dose in doses
            if dose.given > assessed
        ]
    return Case(
        Person(
            born,
            _GENDERS.get(called, Gender.UNKNOWN),
            tuple([fact for fact in facts if fact is not None]),
            tuple(given),
            str(country) if country else "",
        ),
        assessed,
        notes,
    )


def _rows(row: Row, name: str) -> list[Row]:
    found = row.get(name) or []
    if not isinstance(found, list) or not all([isinstance(item, dict) for item in found]):
        raise BadCase(f"{name}: must be a list of objects")
    return found


def _date(value: object, name: str) -> date:
    found = _day(value.strip()) if isinstance(value, str) else None
    if found is None:
        problem = "missing" if value is None or value == "" else f"{value!r} is not a date (YYYY-MM-DD)"
        raise BadCase(f"{name}: {problem}")
    return found


def _day(text: str) -> date | None:
    """The day written as YYYY-MM-DD, between the years a patient may have lived in."""
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found is not None and 1850 <= found.year < 2200 else None


def _fact(row: Row, schedule: Schedule, notes: list[str]) -> Fact | None:
    code, on = _whole(row.get("code")), row.get("date")
    if not isinstance(code, str | int) or isinstance(code, bool) or not str(code).strip():
        raise BadCase("observations.code: an observation needs a code")
    words = str(code).strip()
    day = _date(on, "observations.date") if on else None
    known = _numbered(words, 3) if _numbered(words, 3) in schedule.observations else _by_term(schedule, words)
    if known is None:
        notes.append(
            f"observations.code: {code!r} is not an observation {schedule.header.title} knows; it was left out, and a"
            " clinician decides what it means"
        )
        return None
    return Fact(known, day)


def _whole(value: object) -> object:
    """A code that a spreadsheet made 20.0 of is 20."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _by_term(schedule: Schedule, words: str) -> str | None:
    """The observation of that very term, for those who send words for the code."""
    plain = words.casefold()
    return next((code for code, item in schedule.observations.items() if item.term.strip().casefold() == plain), None)


def _numbered(text: str, width: int) -> str:
    """A number written with as many digits as its code has: "7" and "0007" are 007."""
    return str(int(text)).zfill(width) if text.isascii() and text.isdigit() else text


def _dose(row: Row, schedule: Schedule, born: date) -> DoseGiven:
    given = _date(row.get("date"), "doses.date")
    cvx, mvx = row.get("cvx"), row.get("mvx")
    code = cvx if isinstance(cvx, str) and cvx in schedule.vaccines else _vaccine_code(cvx, schedule)
    if mvx is not None and not isinstance(mvx, str):
        raise BadCase("doses.mvx: must be text")
    if given < born:
        raise BadCase(f"doses.date: {given} is before birth")
    return DoseGiven(given, code, mvx.strip().upper() if mvx else "")


def _vaccine_code(value: object, schedule: Schedule) -> str:
    """The CVX code as the tables write it; it may lack leading zeros or come as a number."""
    value = _whole(value)
    if value is None or value == "":
        raise BadCase("doses.cvx: missing")
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise BadCase(f"doses.cvx: {value!r} is not a vaccine code")
    code = _numbered(str(value).strip(), 2)
    if code not in schedule.vaccines and code not in other_vaccines():
        raise BadCase(f"doses.cvx: {value!r} is not a vaccine code the schedule knows")
    return code


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
    days = [record.dose.given.isoformat() for record in forecast.patient.history]
    evaluations = [
        {
            "date": days[item.record.position],
            "cvx": item.record.cvx,
            "antigen": antigen,
            "status": item.status,
            "reason": item.reason if item.reason in _TOLD else None,
        }
        for antigen, item in judgements(forecast)
    ]
    return {"id": identity, "groups": groups, "evaluations": evaluations}


def _iso(ordinal: int) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal else None


def written(row: Row) -> str:
    """An answer as one line of JSON."""
    try:
        return orjson.dumps(row).decode()
    except TypeError:
        return json.dumps(row, separators=(",", ":"))
